"""Options: the inputs of the options side by side, what they share in a column before them; blue may be changed.

What describes a value stands at the right, a block of columns for what is shared and one for each option.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.studies.inputs.schema import Field
from workbook.sheets.given.inputs import (
    APP_ONLY,
    HEAD_ROW,
    counted,
    described_style,
    guard,
    typed_style,
)
from workbook.writing import entries, sealed, side_by_side
from workbook.writing.book import Book, Told
from workbook.writing.page import BACK_ROW, BOLD, Page, rows_a_page
from workbook.writing.side_by_side import BLANK, DESCRIBED, NOT_READ, SHARED, Columns, Held, Row
from workbook.writing.styles import BLACK, DIFFERS_FILL, INPUT_FILL, STRUCTURAL, input_format, percent_format

TITLE = side_by_side.TITLE
LABEL, UNIT = range(2)
LABEL_WIDTH, UNIT_WIDTH, VALUE_WIDTH, NAME_WIDTH, HOLDS_WIDTH = 40, 24, 18, 30, 8
HEADS = ("Low", "High", "Source", "Date", "Confidence", "Note")
DESCRIBED_WIDTHS = (9, 9, 30, 9, 11, 30)
HOW = "Blue is typed. Black on yellow follows what is shared; type over it to depart. Orange differs from it."


def write(book: Book) -> None:
    """Every input of every option, a row each."""
    sheet = _Options(book)
    for block in side_by_side.blocks(book.study):
        first = sheet.row
        sheet.page.heading(sheet.row, block.heading, sheet.columns.holds + 1)
        sheet.row += 1
        for row in block.rows:
            sheet.write(row)
        sheet.paged(first)
        sheet.row += 1
    sheet.close()


class _Options:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.styles = book, book.styles
        self.columns = Columns(len(book.options))
        self.page = Page(book, TITLE, "Options: their inputs side by side", head=HEAD_ROW)
        self.sheet = self.page.sheet
        self.row = HEAD_ROW + 1
        self.first, self.last = (xl_col_to_name(self.columns.value(n)) for n in (1, len(book.options)))
        self.named: dict[str, tuple[int, int, int, bool]] = {}
        self.compared: list[int] = []
        self.written: dict[int, dict[int, float | str]] = defaultdict(dict)
        self._heads()

    def _heads(self) -> None:
        columns, count = self.columns, len(self.book.options)
        heads = ["Input", "Unit", "Shared", *[""] * count, "Name in formulas", "Holds (1)", *HEADS * (count + 1)]
        blocks = DESCRIBED_WIDTHS * (count + 1)
        values = [VALUE_WIDTH] * (count + 1)
        self.page.columns([LABEL_WIDTH, UNIT_WIDTH, *values, NAME_WIDTH, HOLDS_WIDTH, *blocks])
        quiet = self.styles.get(font_color=STRUCTURAL, text_wrap=True, valign="top")
        for row, text in ((BACK_ROW, HOW), (BACK_ROW + 1, APP_ONLY)):
            self.sheet.merge_range(row - 1, SHARED, row - 1, columns.value(count), text, quiet)
            self.page.fit(row, [(text, VALUE_WIDTH * (count + 1))])
        self.page.heads(HEAD_ROW, heads, (SHARED,))
        self.page.text(HEAD_ROW - 1, columns.block(0), "What is shared: range and source", self.styles.get(bold=True))
        head = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "top"}
        for option in self.book.options:
            name = option.result.name
            self.page.formula(HEAD_ROW, columns.value(option.number), f"={option.name}", name, **head)
            self.page.formula(HEAD_ROW - 1, columns.block(option.number), f"={option.name}", name, bold=True)
        self.page.fit(HEAD_ROW, [(option.result.name, VALUE_WIDTH * BOLD) for option in self.book.options])

    def paged(self, first: int) -> None:
        """Print the block that began at a row with no few rows of it alone."""
        rows = rows_a_page(LABEL_WIDTH + UNIT_WIDTH + VALUE_WIDTH * (len(self.book.options) + 1), self.page.paper)
        self.page.paged(first, self.row, rows)

    def write(self, row: Row) -> None:
        """A row: what is shared, each option's cell, what describes them, and whether the cells hold what they may."""
        held = [each for each in row.held if each]
        numbers = [v for each in held for v in _figures(each)]
        unit = self.book.unit_of(row.field, row.unit)
        shown = input_format(row.field, row.unit, numbers) if row.field else percent_format(numbers)
        self.page.named(self.row, row.label, unit)
        texts = [(str(each.content), VALUE_WIDTH - 1) for each in held if isinstance(each.content, str)]
        self.page.fit(self.row, texts)
        quiet = self.styles.get(font_color=STRUCTURAL, valign="top")
        self.page.text(self.row, self.columns.name, _named(held), quiet)
        if row.shared:
            self._typed(SHARED, row.shared, shown)
        for number, (each, at) in enumerate(zip(row.held, row.followed, strict=True), start=1):
            self._cell(self.columns.value(number), each, at, shown)
        self._describe(row, shown)
        if row.field:
            self._guard(row, row.field)
        if len(held) > 1 and not any(each.structural for each in held):
            self.compared.append(self.row)
        self.row += 1

    def _cell(self, column: int, held: Held | None, at: int | None, shown: str) -> None:
        if held is None:
            grey = self.styles.get(font_color=STRUCTURAL, align="right", valign="top")
            self.page.text(self.row, column, NOT_READ, grey)
            self.written[column][self.row] = NOT_READ
            return
        first = self.named[held.name][1] if held.name in self.named else self.row
        self.named[held.name] = (column, first, self.row, not held.path)
        if at is None:
            self._typed(column, held, shown)
        else:
            value = BLANK if held.content is None else held.content
            content = value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
            style = {"num_format": shown, "font_color": BLACK, **_set(content)}
            style |= {} if held.structural else {"bg_color": INPUT_FILL, "locked": False}
            self.page.formula(self.row, column, side_by_side.follow(self.columns.value(at), self.row), content, **style)
            self.written[column][self.row] = content

    def _typed(self, column: int, held: Held, shown: str) -> None:
        style = typed_style(self.styles, held.structural, shown, **_set(held.content))
        content = held.content
        if content is None:
            self.sheet.write_blank(self.row - 1, column, None, style)
            return
        written = content if isinstance(content, str) else float(content)  # type: ignore[arg-type]
        self.written[column][self.row] = written
        if isinstance(written, str):
            self.sheet.write_string(self.row - 1, column, written, style)
        else:
            self.sheet.write_number(self.row - 1, column, written, style)

    def _describe(self, row: Row, shown: str) -> None:
        """What describes the values, each in its block; Evidence reads it there."""
        for number, told in enumerate(row.describing):
            held = row.shared if number == 0 else row.held[number - 1]
            if held is None or held.value is None:
                continue
            columns = self.columns.described(number)
            for what, content in zip(DESCRIBED, told or [None] * len(DESCRIBED), strict=True):
                style = described_style(self.styles, shown if what in ("low", "high") else "@")
                self.sheet.write(
                    self.row - 1, columns[what], content or None if isinstance(content, str) else content, style
                )
            if number:
                self.book.told[held.path] = self._told(number, row.relies(number))

    def _told(self, number: int, at: int | None) -> Told:
        own = self._cells(number)
        if at is None:
            return Told(own)
        one, two = (xl_col_to_name(self.columns.value(n)) for n in (number, at))
        return Told(own, self._cells(at), f"'{TITLE}'!${one}${self.row}='{TITLE}'!${two}${self.row}")

    def _cells(self, number: int) -> dict[str, str]:
        columns = self.columns.described(number)
        return {what: f"'{TITLE}'!${xl_col_to_name(column)}${self.row}" for what, column in columns.items()}

    def _guard(self, row: Row, field: Field) -> None:
        """What may be typed, and whether it stands there: a count of the cells that hold, against those there are."""
        at = self.row
        for number, each in enumerate((row.shared, *row.held)):
            if each:
                guard(self.sheet, at, self.columns.value(number), field, each.structural)
        wanted = [each for each in row.held if each and not (isinstance(each.content, str) and each.structural)]
        if not (field.is_number or field.kind in ("boolean", "choice")) or not wanted:
            return
        cells = f"${self.first}{at}:${self.last}{at}"
        text = f"=({counted(field, cells)}={len(wanted)})*1"
        self.page.formula(at, self.columns.holds, text, 1.0, font_color=STRUCTURAL)

    def close(self) -> None:
        """Names, marks, and the addresses of what Checks reads."""
        for name, (column, first, last, ranged) in self.named.items():
            letter = xl_col_to_name(column)
            # A range even of one number: INDEX of a name for a single cell is an error to some programs.
            cells = f"${letter}${first}:${letter}${last}" if ranged else f"${letter}${first}"
            self.book.define(entries.checked(name), TITLE, cells)
        self._mark()
        for number in range(len(self.book.options) + 1):
            column = self.columns.described(number)["confidence"]
            self.sheet.conditional_format(HEAD_ROW, column, self.row - 1, column, self.page.marking("assumed"))
        self.sheet.print_area(0, 0, self.row - 1, self.columns.value(len(self.book.options)))
        sealed.keep(self.book, TITLE, self.written, (HEAD_ROW + 1, self.row), self.columns.holds)

    def _mark(self) -> None:
        """Mark what is not shared."""
        runs = groupby(enumerate(self.compared), key=lambda each: each[1] - each[0])
        spans = [[row for _, row in run] for _, run in runs]
        if not spans:
            return
        cell, shared = f"{self.first}{spans[0][0]}", f"${xl_col_to_name(SHARED)}{spans[0][0]}"
        fill = self.book.file.add_format({"bg_color": DIFFERS_FILL})
        test = f'=AND({cell}<>"{NOT_READ}",{cell}<>"{BLANK}",{cell}&""<>{shared}&"")'
        everywhere = " ".join(f"{self.first}{rows[0]}:{self.last}{rows[-1]}" for rows in spans)
        rule = {"type": "formula", "criteria": test, "format": fill, "multi_range": everywhere}
        first, last = self.columns.value(1), self.columns.value(len(self.book.options))
        self.sheet.conditional_format(spans[0][0] - 1, first, spans[-1][-1] - 1, last, rule)


def _figures(held: Held) -> list[float]:
    """The numbers that a row shows of an option."""
    described = (held.value.low, held.value.high) if held.value else ()
    return [v for v in (held.content, *described) if isinstance(v, int | float)]


def _set(content: Any) -> dict[str, Any]:
    """How a cell is set: at the right, texts wrapped."""
    return {"align": "right", "valign": "top", **({"text_wrap": True} if isinstance(content, str) else {})}


def _named(held: list[Held]) -> str:
    """The names of a row's cells: one, in which # stands for the number of the option, where they differ in it only."""
    return ", ".join(dict.fromkeys(re.sub(r"^in_o\d+_", "in_o#_", each.name) for each in held))
