"""A sheet as people meet it: title, way back, master check, print set-up; and the ways in which cells are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from models.notation import writer
from workbook.writing import cases
from workbook.writing.book import Book, cached, quoted
from workbook.writing.formula import check
from workbook.writing.styles import ASSUMED_FILL, BLACK, LINK, SIZE, STRUCTURAL

CONTENTS = "Cover"
CHECKS, MASTER_CELL = "Checks", "$C$4"
BACK_ROW = 2
ALL_HOLD = "All checks hold"
CHECKED = f'IF({quoted(CHECKS)}!{MASTER_CELL}=1,"{ALL_HOLD}","A CHECK FAILS: see Checks")'
# Papers by what people call them, and as the file counts them.
A4, LETTER = "A4", "Letter"
PAPERS = {A4: 9, LETTER: 1}
# Width and height of the papers in points, upright, and the margins in inches.
SIDES = {A4: (595.3, 841.9), LETTER: (612.0, 792.0)}
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.75, "bottom": 0.7}
# Countries that print on Letter write their money so; everybody else prints on A4.
_LETTER_CURRENCIES = frozenset({"USD", "CAD", "MXN"})
# Points of a column a character, in the spreadsheet that makes columns narrowest: its pages hold the fewest rows.
CHARACTER = 5.4
# And in the one that makes them widest.
WIDEST_CHARACTER = 6.8
# What holds more options is better printed upright.
FEW_OPTIONS = 4
_LONGEST_HEADER = 120
# Characters that a line of text holds, in digits of the column's width; points from line to line per point of type.
FULLNESS, LEADING, LEAST_HEIGHT = 1.08, 1.25, 12.75
BOLD = 0.8  # bold letters are wide and wrap at words, so not every character of the width is used
POINTS = 72  # an inch
# Rows of a block that are not torn apart: its first, and its last.
FEW_ROWS, LAST_ROWS = 9, 3
GREATEST_HEIGHT = 409.0  # of a row, in points: what spreadsheets take
_ONE_NAME = re.compile(r"=(in|now)_[a-z0-9_]+")
# The sheets on which inputs are typed.
TYPED = ("Inputs", "Workloads", "Options", cases.TITLE)


def paper(currency: str) -> str:
    """The paper that the readers of a study in this currency have, as far as it tells."""
    return LETTER if currency.strip().upper() in _LETTER_CURRENCIES else A4


def printed_on(book: Book) -> str:
    """The paper that a workbook prints on: as chosen, else as the currency tells."""
    return book.paper or paper(book.study.currency)


def rows_a_page(width: float, size: str, *, landscape: bool = True) -> int:
    """How many rows of a sheet so many characters wide every spreadsheet gets onto a page of the paper `size`, when it
    is fitted to its width; a sheet that is narrower is not enlarged."""
    across = SIDES[size][1 if landscape else 0] - POINTS * (MARGINS["left"] + MARGINS["right"])
    return rows_at(100 * min(1.0, across / (width * CHARACTER)), size, landscape=landscape)


def rows_at(scale: float, size: str, *, landscape: bool = True) -> int:
    """How many rows get onto a page of the paper `size` that is printed at so many per cent."""
    down = SIDES[size][0 if landscape else 1] - POINTS * (MARGINS["top"] + MARGINS["bottom"])
    return int(100 * down / (scale * LEAST_HEIGHT))


def print_scale(width: float, size: str) -> int:
    """At how many per cent so many characters go across a page that lies, in every spreadsheet."""
    across = SIDES[size][1] - POINTS * (MARGINS["left"] + MARGINS["right"])
    return max(10, min(100, int(100 * across / (width * WIDEST_CHARACTER))))


def colour(formula: str) -> str:
    """Green for what is read from another sheet, black for what is calculated."""
    return LINK if "!" in formula or _ONE_NAME.fullmatch(formula) else BLACK


class Page:
    """A sheet and its place in the book; rows count from 1 as in formulas, columns from 0 as in the writer."""

    def __init__(self, book: Book, title: str, heading: str, *, landscape: bool = True, head: int = 0) -> None:
        """Title, way back and check in the first rows; `head` is the last of the rows that stay and repeat in print."""
        self.book, self.title = book, title
        self.sheet: Worksheet = book.sheets[title]
        self.styles = book.styles
        self._widths: list[float] = []
        self._heights: dict[int, float] = {}
        self._head, self._breaks = head, list[int]()
        self.sheet.write_string(0, 0, heading, self.styles.title)
        if title != CONTENTS:
            self.sheet.write_url(BACK_ROW - 1, 0, f"internal:{quoted(CONTENTS)}!A1", self.styles.link, "Contents")
            self.formula(BACK_ROW, 1, f"={CHECKED}{book.cases.told}", ALL_HOLD)
        self._print(landscape, head)
        if head:
            self.sheet.freeze_panes(head, 1)

    @property
    def paper(self) -> str:
        """What it prints on."""
        return printed_on(self.book)

    def _print(self, landscape: bool, head: int) -> None:
        sheet = self.sheet
        sheet.set_paper(PAPERS[self.paper])
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(**MARGINS)
        sheet.fit_to_pages(1, 0)
        if head:
            sheet.repeat_rows(0, head - 1)
        name = (self.book.study.fields.text("title") or "Inference TCO")[:_LONGEST_HEADER].replace("&", "&&")
        sheet.set_header(f"&L&8{name}&R&8&A")
        sheet.set_footer(f"&L&8&F&C&8Version {self.book.version}, {writer.date(self.book.today)}&R&8Page &P of &N")
        sheet.hide_gridlines(2)

    def columns(self, widths: Sequence[float]) -> None:
        """Column widths, from the first column on."""
        self._widths = list(widths)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """Text that stays text, whatever it looks like."""
        self.sheet.write_string(row - 1, column, text, style or self.styles.text)

    def heading(self, row: int, text: str, span: int) -> None:
        """A heading across `span` columns."""
        for column in range(1, span):
            self.sheet.write_blank(row - 1, column, None, self.styles.heading)
        self.text(row, 0, text, self.styles.heading)

    def heads(self, row: int, texts: Sequence[str], figures: Sequence[int] = ()) -> None:
        """Column heads, from the first column on, in a row high enough; those over `figures` stand at the right, and
        words right beside them keep away."""
        for column, text in enumerate(texts):
            beside = self.styles.column_beside if column - 1 in figures else self.styles.column
            self.text(row, column, text, self.styles.column_of_figures if column in figures else beside)
        self.fit(row, ((text, width * BOLD) for text, width in zip(texts, self._widths, strict=False)))

    def named(self, row: int, label: str, unit: str) -> None:
        """What a row holds and its unit, in the first two columns, in a row high enough for both."""
        self.text(row, 0, label, self.styles.wrapped)
        self.text(row, 1, unit, self.styles.get(font_color=STRUCTURAL, text_wrap=True, valign="top"))
        self.fit(row, zip((label, unit), self._widths, strict=False))

    def formula(self, row: int, column: int, text: str, value: Any, **style: Any) -> None:
        """A formula, from its equals sign on, with the value it has. Raises FormulaError as formula.check does."""
        text = self._read(text)
        check(text, f"{self.title} row {row}")
        made = self.styles.get(**{"font_color": colour(text), **style})
        self.sheet.write_formula(row - 1, column, text, made, cached(value))  # type: ignore[arg-type]

    def _read(self, text: str) -> str:
        """A formula that reads inputs as they are in force; those of the inputs' own sheets read what is typed."""
        return text if self.title in TYPED else self.book.cases.in_force(text)

    def value(self, row: int, column: int, value: float | None, **style: Any) -> None:
        """A figure of a run, typed in: grey, since it is changed in the app only; a dash without one."""
        made = self.styles.get(**{"font_color": STRUCTURAL, "align": "right", "valign": "top", **style})
        if value is None:
            self.sheet.write_string(row - 1, column, "-", made)
        else:
            self.sheet.write_number(row - 1, column, value, made)

    def fit(self, row: int, texts: Iterable[tuple[str | None, float]], size: int = SIZE) -> None:
        """Make a row high enough for wrapped texts, each with the width of its column in characters of full size, and
        for those fitted into it before."""
        lines = max((-(-len(text) // int(width * FULLNESS * SIZE / size)) for text, width in texts if text), default=1)
        height = min(GREATEST_HEIGHT, max(LEAST_HEIGHT, lines * size * LEADING + 2))
        if lines > 1 and height > self._heights.get(row, 0.0):
            self._heights[row] = height
            self.sheet.set_row(row - 1, height)

    def together(self, row: int, lines: int, rows: int) -> None:
        """Do not tear so many lines from `row` on apart in print: begin a page where this one, of `rows`, has no room.

        The head of the sheet stands on every page; rows made higher so far take more room.
        """
        start, end = self._breaks[-1] if self._breaks else self._head, row + lines
        printed = {at for at in self._heights if at <= self._head or start < at < end}
        higher = sum(self._heights[at] / LEAST_HEIGHT - 1 for at in printed)
        if row - 1 > start and self._head + end - 1 - start + higher > rows:
            self._breaks.append(row - 1)
            self.sheet.set_h_pagebreaks(self._breaks)

    def paged(self, first: int, end: int, rows: int) -> None:
        """Print a block of rows, `end` not among them, on pages of `rows`, so that neither its heading and a few rows
        nor its last few stand alone."""
        self.together(first, min(end - first, FEW_ROWS), rows)
        for row in range(first + FEW_ROWS, end):
            self.together(row, LAST_ROWS if end - row == LAST_ROWS else 1, rows)

    def marking(self, word: str) -> dict[str, Any]:
        """A conditional format that marks cells with the word: what is assumed should be seen."""
        fill = self.book.file.add_format({"bg_color": ASSUMED_FILL})
        return {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": fill}

    def words(self, row: int, span: int, text: str, value: str | None, lines: int = 1, **style: Any) -> None:
        """A sentence across `span` columns, wrapped: a formula where it has a `value`, else plain text."""
        made = self.styles.get(text_wrap=True, valign="top", **style)
        if span > 1:
            self.sheet.merge_range(row - 1, 0, row - 1, span - 1, "", made)
        self.sheet.set_row(row - 1, min(GREATEST_HEIGHT, (style.get("font_size", SIZE) + 3) * lines + 1))
        if value is None:
            self.sheet.write_string(row - 1, 0, text, made)
        else:
            text = self._read(text)
            check(text, f"{self.title} row {row}")
            self.sheet.write_formula(row - 1, 0, text, made, value)  # type: ignore[arg-type]


def address(title: str, cell: str) -> str:
    """A cell of another sheet as formulas write it."""
    return f"{quoted(title)}!{cell}"
