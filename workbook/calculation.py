"""One sheet an option: every line of the model as a formula, chapters in reading order, a column a year."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from models.check import Input
from models.expression import Call, Node
from models.gather import INPUTS
from models.line import Line
from models.model import MODEL
from workbook import entries, layout
from workbook.book import Book, OptionSheet, cached
from workbook.formula import BEFORE, HERE, formula
from workbook.layout import CONSTANT, FIRST_YEAR, KEY, LABEL, OPENING, TOTAL, UNIT, CellAddress
from workbook.styles import number_format

_OPENINGS = layout.looked_back_at()


def write(book: Book, option: OptionSheet) -> None:
    """Write an option's sheet. Raises FormulaError for a line whose formula Excel could not hold."""
    sheet = book.sheet(option.sheet)
    _head(book, sheet, option)
    for heading in option.layout.headings:
        for column in range(FIRST_YEAR + option.layout.years):
            sheet.write_blank(heading.row - 1, column, None, book.styles.heading)
        sheet.write_string(heading.row - 1, LABEL, heading.title, book.styles.heading)
    for name in option.layout.blocks:
        _Block(book, sheet, option, name).write()
    _known(book, sheet, option)


def _head(book: Book, sheet: Worksheet, option: OptionSheet) -> None:
    years = option.layout.years
    sheet.write_string(0, LABEL, option.result.name, book.styles.title)
    for column, text in enumerate(("Line", "Unit", "Row", "Total", "Constant", "Opening")):
        sheet.write_string(layout.CALENDAR_ROW - 1, column, text, book.styles.column)
    sheet.write_string(
        layout.YEAR_ROW - 1, LABEL, "Model year, and age of a purchase in lines by age", book.styles.column
    )
    sheet.write_string(layout.YEAR_ROW - 1, UNIT, "yr", book.styles.column)
    plain = book.styles.get(bold=True, bottom=1, num_format="0")
    sheet.write_formula(layout.YEAR_ROW - 1, OPENING, "=0", plain, 0)
    calendar = option.layout.line("calendar_year").cell
    for year in range(1, years + 1):
        column = FIRST_YEAR + year - 1
        sheet.write_formula(
            layout.CALENDAR_ROW - 1,
            column,
            "=" + _at(calendar, column),
            plain,
            option.result.values["calendar_year"][year - 1],
        )
        sheet.write_formula(
            layout.YEAR_ROW - 1, column, f"={xl_col_to_name(column - 1)}{layout.YEAR_ROW}+1", plain, year
        )
    sheet.freeze_panes(layout.YEAR_ROW, LABEL + 1)
    sheet.set_column(LABEL, LABEL, 44)
    sheet.set_column(UNIT, KEY, 16)
    sheet.set_column(TOTAL, FIRST_YEAR + years - 1, 14)


def _at(text: str, column: int) -> str:
    return text.replace(HERE, xl_col_to_name(column)).replace(BEFORE, xl_col_to_name(column - 1))


class _Block:
    """Writes the rows of one line."""

    def __init__(self, book: Book, sheet: Worksheet, option: OptionSheet, name: str) -> None:
        self.book, self.sheet, self.option, self.name = book, sheet, option, name
        self.block = option.layout.blocks[name]
        self.line: Line | Input = MODEL.lines[name] if name in MODEL.lines else INPUTS[name]
        result = option.result
        self.values: Any = result.values[name] if name in result.values else result.gathered.values[name]

    def write(self) -> None:
        """Labels, keys, formulas and totals, row by row; a block without rows is only named."""
        if not self.block.rows:
            self._labels(self.block.first)
            self.sheet.write_string(self.block.first - 1, KEY, "none", self.book.styles.quiet)
        for row in range(self.block.rows):
            at = self.block.first + row
            self._labels(at)
            if self.block.by_row:
                self._key(at, row)
            values = self.values[row] if self.block.by_row else self.values
            years = values if self.block.by_year else [values]
            style = self.book.styles.get(num_format=number_format(self.line.unit, years))
            text = self._formula(row)
            if not self.block.by_year:
                self.book.formula(self.sheet, at, CONSTANT, text, style, values)
                continue
            if self.block.summed:
                self._total(at, sum(years), years)
            if self.name in _OPENINGS:
                self.book.formula(self.sheet, at, OPENING, "=0", style, 0.0)
            for column, value in enumerate(years, start=FIRST_YEAR):
                self.sheet.write_formula(at - 1, column, _at(text, column), style, cached(value))

    def _labels(self, at: int) -> None:
        self.sheet.write_string(at - 1, LABEL, self.line.label, self.book.styles.text)
        self.sheet.write_string(at - 1, UNIT, self.book.unit(self.line.unit), self.book.styles.quiet)

    def _key(self, at: int, row: int) -> None:
        dimension = self.line.shape.row
        assert dimension is not None
        key = self.option.result.keys(dimension)[row]
        number = 0 if dimension == "workload" else self.option.number
        typed = f"{entries.base(dimension, number, row + 1)}name" if dimension in entries.STRUCTURAL else ""
        if typed in self.option.layout.held:
            self.book.formula(self.sheet, at, KEY, f"={typed}", self.book.styles.quiet, key)
        else:
            self.sheet.write_string(at - 1, KEY, key, self.book.styles.quiet)

    def _total(self, at: int, total: float, years: list[float]) -> None:
        style = self.book.styles.get(num_format=number_format(self.line.unit, [total, *years]))
        series = f"$G{at}:${self.option.layout.last_column}{at}"
        self.book.formula(self.sheet, at, TOTAL, f"=SUM({series})", style, total)

    def _formula(self, row: int) -> str:
        if layout.is_structure(self.name):
            return layout.structure_formula(self.name, self.option.layout, row)
        assert isinstance(self.line, Line)
        node: Node = self.line.formula
        if isinstance(node, Call) and node.op == "stack":
            node = node.args[row]
        return formula(node, CellAddress(self.option.layout, row), f"{self.line.where}, {self.option.result.name}")


def _known(book: Book, sheet: Worksheet, option: OptionSheet) -> None:
    """Show n/a where a line has no figure; the figure beneath stays, so that formulas go on working."""
    hidden = book.file.add_format({"num_format": '"n/a";"n/a";"n/a"', "font_color": "#808080"})
    for name, block in option.layout.blocks.items():
        known = MODEL.lines[name].known if name in MODEL.lines else None
        if known is None or not block.rows:
            continue
        flag = option.layout.line(known).cell
        last = FIRST_YEAR + option.layout.years - 1 if block.by_year else CONSTANT
        start = FIRST_YEAR if block.by_year else CONSTANT
        sheet.conditional_format(
            block.first - 1, start, block.first + block.rows - 2, last,
            {"type": "formula", "criteria": f"={_at(flag, start)}=0", "format": hidden},
        )  # fmt: skip
        _check_rows(name, option)


def _check_rows(name: str, option: OptionSheet) -> None:
    known = MODEL.lines[name].known
    assert known is not None and not option.layout.blocks[known].by_row, f"{name}: {known} goes by rows"
