"""Scenarios: the cases of the study and those its ranges make, one of them chosen in a cell; every figure follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name

from models.studies.scenarios import BASE
from models.studies.study import Scenario
from workbook.sheets.given.inputs import holds, may_be_blank
from workbook.writing import cases, entries
from workbook.writing.book import Book
from workbook.writing.cases import (
    ALONE_NUMBER_ROW,
    ALONE_ROW,
    BASE_COLUMN,
    CHOSEN_COLUMN,
    CHOSEN_ROW,
    EVERY_INPUT,
    FIRST_ROW,
    HEAD_ROW,
    HEADS,
    NUMBER_ROW,
    TITLE,
)
from workbook.writing.entries import Entry
from workbook.writing.page import BACK_ROW, Page
from workbook.writing.side_by_side import BLANK
from workbook.writing.styles import INPUT, INPUT_FILL, STRUCTURAL, input_format

if TYPE_CHECKING:
    from models.analysis.reporting.findings import Findings

WIDTHS = (56, 20, 18)
CASE_WIDTH, ALONE_WIDTH, HOLDS_WIDTH = 14, 9, 8
BLUE: dict[str, Any] = {"font_color": INPUT, "bg_color": INPUT_FILL, "locked": False}
RIGHT: dict[str, Any] = {"align": "right", "valign": "top"}
OF_RANGES = (
    "Low and High are the ends of every range at once: those typed beside the inputs, followed live, and in grey those "
    "that the simulation proposed. To see one input at its low or high, choose it below the case. Inputs of the "
    "largest swings and of your own cases come first, and are printed."
)


def write(book: Book) -> None:
    """Write the two cells that choose, then a row for each input that a case changes, a column for each case."""
    _Cases(book).write()


class _Cases:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.cases, self.found = book, book.cases, book.findings
        self.page = Page(book, TITLE, "Scenarios: the cases of this study", head=HEAD_ROW, landscape=False)
        widths = [CASE_WIDTH] * len(self.cases.names)
        self.page.columns((*WIDTHS, *widths, ALONE_WIDTH, HOLDS_WIDTH))
        self.alone: dict[str, int] = {}
        study = entries.study_section(book.study)
        found = ((each.path, section) for section in entries.sections(book.study) for each in section.entries)
        self.where = {path: "" if section.where == study.where else section.where for path, section in found}

    def write(self) -> None:
        """The rows first, then what chooses among them."""
        found, page = self.found, self.page
        bars = found.largest if found else ()
        self.alone = {path: number for number, bar in enumerate(bars, start=1) for path in bar.paths}
        page.heads(
            HEAD_ROW,
            (*HEADS, *self.cases.names, "Alone", "Holds (1)"),
            range(CHOSEN_COLUMN, self.cases.alone_column + 2),
        )
        for row, entry in enumerate(self.cases.entries, start=FIRST_ROW):
            self._row(row, entry)
        holds = xl_col_to_name(self.cases.alone_column + 1)
        self.book.places[f"{TITLE} hold"] = f"'{TITLE}'!${holds}${FIRST_ROW}:${holds}${self.cases.last_row}"
        last = self._alone(found)
        self._choices(last)
        row = last + 2
        for told in self.cases.elsewhere:
            lines = 1 + len(told) // 120
            said = f"Changed in the app only, and not here: {told}."
            page.words(row, self.cases.last_column + 1, said, None, lines, font_color=STRUCTURAL)
            row += 1
        printed = FIRST_ROW + self.cases.first - 2 if self.cases.first else row - 1
        page.sheet.print_area(0, 0, printed, self.cases.last_column)

    def _row(self, row: int, entry: Entry) -> None:
        """An input: in force, as typed, and in each case."""
        page, typed = self.page, float(entry.value.value)  # type: ignore[arg-type]  # what a case changes is a number
        label = entry.field.label
        where = self.where[entry.path]
        page.named(row, f"{label} ({where})" if where else label, self.book.unit_of(entry.field, entry.unit))
        held = [dict(each.changes).get(entry.path) for each in self.cases.cases]
        shown = input_format(entry.field, entry.unit, [typed, *held])
        style = {"num_format": shown, **RIGHT}
        cells = self.cases.cells(row)
        number = f"INDEX({cells},1+($C${NUMBER_ROW}-1)*{self._moves(row)})"
        page.formula(row, CHOSEN_COLUMN, f"=IF(ISNUMBER({number}),{number},$D{row})", typed, **style)
        page.formula(
            row, BASE_COLUMN, f'=IF(ISBLANK({entry.name}),"{BLANK}",{entry.name})', typed, font_color="#008000", **style
        )
        for at, (case, content) in enumerate(zip(self.cases.cases, held, strict=True)):
            self._case(row, BASE_COLUMN + 1 + at, entry, (case, content), at < self.cases.made, shown)
        page.value(row, self.cases.alone_column, float(self.alone.get(entry.path, 0)), num_format='0;0;"-"')
        checked = holds(entry.field, f"$C{row}") + (f'+($C{row}="{BLANK}")' if may_be_blank(entry.field) else "")
        page.formula(row, self.cases.alone_column + 1, f"={checked}", 1.0, font_color=STRUCTURAL)
        self.book.define(cases.now(entry.name), TITLE, f"$C${row}")
        self.book.define(f"{cases.PREFIX}{entry.name}", TITLE, cells)

    def _moves(self, row: int) -> str:
        """1 where a row is in the case shown: all are, or it is the one that moves alone."""
        if not self.alone:
            return "1"
        return f"(($C${ALONE_NUMBER_ROW}=0)+($C${ALONE_NUMBER_ROW}=${xl_col_to_name(self.cases.alone_column)}{row})>0)"

    def _case(self, row: int, column: int, entry: Entry, held: tuple[Scenario, Any], made: bool, shown: str) -> None:
        """The value of an input in a case: typed, or as in the base case; of a range its end, read where it stands."""
        case, content = held
        style = {"num_format": shown, **RIGHT}
        what = case.name.casefold()
        if content is None:
            typed = float(entry.value.value)  # type: ignore[arg-type]
            self.page.formula(row, column, f"=$D${row}", typed, locked=made, **style)
        elif made and getattr(entry.value, what) == content:
            text = self.book.told[entry.path].formula(what, BLANK)
            self.page.formula(row, column, text, float(content), **style)
        elif made:
            self.page.value(row, column, float(content), num_format=shown)
        else:
            self.page.sheet.write_number(row - 1, column, float(content), self.page.styles.get(**style, **BLUE))

    def _alone(self, found: Findings | None) -> int:
        """The inputs that may move alone, by falling swing; the last row."""
        row = self.cases.last_row + 2
        if not self.alone:
            return self.cases.last_row
        assert found is not None
        self.page.heading(row, "One input alone: the ten that move the gap most", self.cases.last_column + 1)
        names = [EVERY_INPUT, *(found.named(self.book.study, bar) for bar in found.largest)]
        for number, name in enumerate(names):
            row += 1
            self.page.text(row, 0, name)
            self.page.value(row, 1, float(number), num_format="0")
        return row

    def _choices(self, last: int) -> None:
        """The cells that choose, and the numbers of what is in them."""
        page, heads = self.page, f"$D${HEAD_ROW}:{self.cases.cells(HEAD_ROW).split(':')[1]}"
        page.text(BACK_ROW, BASE_COLUMN, "Choose in the blue cells: every sheet follows.", page.styles.quiet)
        self._choice(CHOSEN_ROW, "Case shown", BASE, cases.CHOSEN, heads)
        page.text(NUMBER_ROW, 0, "Number of the case (1 = base case)", page.styles.quiet)
        page.formula(NUMBER_ROW, CHOSEN_COLUMN, f"=MATCH($C${CHOSEN_ROW},{heads},0)", 1.0, align="right")
        if not self.alone:
            page.text(ALONE_NUMBER_ROW, 0, "All inputs of the case move", page.styles.quiet)
            page.value(ALONE_NUMBER_ROW, CHOSEN_COLUMN, 0.0, num_format="0")
        else:
            listed = f"$A${self.cases.last_row + 3}:$A${last}"
            self._choice(ALONE_ROW, "Inputs that move in it", EVERY_INPUT, cases.ALONE, listed)
            page.text(ALONE_NUMBER_ROW, 0, "Number of the input that moves alone (0 = all move)", page.styles.quiet)
            page.formula(ALONE_NUMBER_ROW, CHOSEN_COLUMN, f"=MATCH($C${ALONE_ROW},{listed},0)-1", 0.0, align="right")
        if self.cases.made:
            page.words(HEAD_ROW - 1, self.cases.last_column + 1, OF_RANGES, None, 3, font_color=STRUCTURAL)

    def _choice(self, row: int, label: str, chosen: str, name: str, listed: str) -> None:
        self.page.text(row, 0, label, self.page.styles.get(bold=True))
        self.page.text(row, CHOSEN_COLUMN, chosen, self.page.styles.get(bold=True, **BLUE))
        self.book.define(name, TITLE, f"$C${row}")
        rule = {"validate": "list", "source": f"={listed}", "error_title": "Not taken", "error_message": "Choose one."}
        self.page.sheet.data_validation(row - 1, CHOSEN_COLUMN, row - 1, CHOSEN_COLUMN, rule)
