"""One sheet an option: every line of the model as a formula, chapters in reading order, a column a year."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.engine.check import Input
from models.engine.expression import Call, Node
from models.engine.line import Line
from models.run.gather import INPUTS
from models.run.model import MODEL
from models.studies import schema
from workbook.writing import entries, layout
from workbook.writing.book import Book, OptionSheet, cached
from workbook.writing.formula import BEFORE, HERE, formula
from workbook.writing.layout import (
    CALENDAR_ROW,
    CONSTANT,
    FIRST_YEAR,
    KEY,
    LABEL,
    OPENING,
    TOTAL,
    UNIT,
    YEAR_ROW,
    CellAddress,
)
from workbook.writing.page import Page, colour
from workbook.writing.styles import STRUCTURAL, number_format

WIDTHS = {LABEL: 46, UNIT: 17, KEY: 20, TOTAL: 19, CONSTANT: 19, OPENING: 9}
YEAR_WIDTH = 17
TABLE_NAMES = frozenset(table.name for table in schema.TABLES)
_OPENINGS = layout.looked_back_at()


def write(book: Book) -> None:
    """Write the sheet of each option. Raises FormulaError for a line whose formula Excel could not hold."""
    for option in book.options:
        page = Page(book, option.sheet, option.result.name, head=CALENDAR_ROW)
        _head(page, option)
        for heading in option.layout.headings:
            page.heading(heading.row, heading.title, FIRST_YEAR + option.layout.years)
        for name in option.layout.blocks:
            _Block(page, option, name).write()
        _known(page, option)


def _head(page: Page, option: OptionSheet) -> None:
    years = option.layout.years
    bold = {"bold": True, "num_format": "0"}
    page.heads(CALENDAR_ROW, ("Line", "Unit", "Row", "Total", "Constant", "Opening"), (TOTAL, CONSTANT, OPENING))
    page.text(YEAR_ROW, LABEL, "Model year; age in lines by age", page.styles.get(bold=True))
    page.text(YEAR_ROW, UNIT, "yr", page.styles.quiet)
    page.formula(YEAR_ROW, OPENING, "=0", 0.0, **bold)
    calendar = option.layout.line("calendar_year").cell
    for year, number in enumerate(option.result.values["calendar_year"], start=1):
        column = FIRST_YEAR + year - 1
        page.formula(YEAR_ROW, column, f"={xl_col_to_name(column - 1)}{YEAR_ROW}+1", float(year), **bold)
        page.formula(CALENDAR_ROW, column, "=" + _at(calendar, column), number, bottom=1, **bold)
    page.columns([*(WIDTHS[column] for column in sorted(WIDTHS)), *(YEAR_WIDTH,) * years])


def _at(text: str, column: int) -> str:
    return text.replace(HERE, xl_col_to_name(column)).replace(BEFORE, xl_col_to_name(column - 1))


class _Block:
    """Writes the rows of one line."""

    def __init__(self, page: Page, option: OptionSheet, name: str) -> None:
        self.page, self.option, self.name = page, option, name
        self.block = option.layout.blocks[name]
        self.line: Line | Input = MODEL.lines[name] if name in MODEL.lines else INPUTS[name]
        result = option.result
        self.values: Any = result.raw(name) if name in MODEL.lines else result.gathered.values[name]

    def write(self) -> None:
        """Labels, keys, formulas and totals, row by row; a block without rows is only named."""
        if not self.block.rows:
            self._labels(self.block.first)
            self.page.text(self.block.first, KEY, "none", self.page.styles.quiet)
        for row in range(self.block.rows):
            at = self.block.first + row
            self._labels(at)
            if self.block.by_row:
                self._key(at, row)
            self._row(at, self._formula(row), self.values[row] if self.block.by_row else self.values)

    def _row(self, at: int, text: str, values: Any) -> None:
        if not self.block.by_year:
            shown = number_format(self.line.unit, [values])
            self.page.formula(at, CONSTANT, text, values, num_format=shown, align="right")
            return
        shown = "0" if self.name == "calendar_year" else number_format(self.line.unit, values)
        style = {"num_format": shown, "align": "right"}
        if self.block.summed:
            series = f"$G{at}:${self.option.layout.last_column}{at}"
            self.page.formula(at, TOTAL, f"=SUM({series})", sum(values), **style)
        if self.name in _OPENINGS:
            self.page.formula(at, OPENING, "=0", 0.0, **style)
        made, sheet = self.page.styles.get(font_color=colour(text), **style), self.page.sheet
        for column, value in enumerate(values, start=FIRST_YEAR):
            sheet.write_formula(at - 1, column, _at(text, column), made, cached(value))  # type: ignore[arg-type]

    def _labels(self, at: int) -> None:
        self.page.text(at, LABEL, self.line.label)
        self.page.text(at, UNIT, self.page.book.unit(self.line.unit), self.page.styles.quiet)

    def _key(self, at: int, row: int) -> None:
        dimension = self.line.shape.row
        assert dimension is not None
        key = self.option.result.keys(dimension)[row]
        number = 0 if dimension == "workload" else self.option.number
        typed = f"{entries.base(dimension, number, row + 1)}name" if dimension in TABLE_NAMES else ""
        if typed in self.option.layout.held:
            self.page.formula(at, KEY, f"={typed}", key)
        else:
            self.page.text(at, KEY, key, self.page.styles.quiet)

    def _formula(self, row: int) -> str:
        if layout.is_structure(self.name):
            return layout.structure_formula(self.name, self.option.layout, row)
        assert isinstance(self.line, Line)
        node: Node = self.line.formula
        if isinstance(node, Call) and node.op == "stack":
            node = node.args[row]
        return formula(node, CellAddress(self.option.layout, row), f"{self.line.where}, {self.option.result.name}")


def _known(page: Page, option: OptionSheet) -> None:
    """Show n/a where a line has no figure; the figure beneath stays, so that formulas go on working."""
    hidden = page.book.file.add_format({"num_format": '"n/a";"n/a";"n/a"', "font_color": STRUCTURAL})
    for name, block in option.layout.blocks.items():
        known = MODEL.lines[name].known if name in MODEL.lines else None
        if known is None or not block.rows:
            continue
        assert not option.layout.blocks[known].by_row, f"{name}: {known} goes by rows"
        start = FIRST_YEAR if block.by_year else CONSTANT
        last = FIRST_YEAR + option.layout.years - 1 if block.by_year else CONSTANT
        rule = {"type": "formula", "criteria": f"={_at(option.layout.line(known).cell, start)}=0", "format": hidden}
        page.sheet.conditional_format(block.first - 1, start, block.first + block.rows - 2, last, rule)
