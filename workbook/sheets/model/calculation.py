"""One sheet an option: every line of the model as a formula, chapters in reading order, a column a year.

Behind the years stands each formula in words. Rows of noughts, and the hours of the week but for the first, are grouped
away in an outline; the head warns once one of the noughts is none any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.chapters.money.costs import COSTS
from models.engine.check import Input
from models.engine.expression import Call, Node
from models.engine.line import HOURS, Line
from models.run.gather import INPUTS
from models.run.model import MODEL
from models.run.opened import in_words, label_of, line_in_words
from models.studies.inputs import schema
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
from workbook.writing.styles import FAILS, FAILS_FILL, SMALL, STRUCTURAL, line_format

WIDTHS = {LABEL: 52, UNIT: 25, KEY: 22, TOTAL: 15, CONSTANT: 13, OPENING: 8}
YEAR_WIDTH, WORDS_WIDTH, MARK_WIDTH = 14, 62, 8
NOUGHT, HOUR = "zero", "hour"
ASLEEP = "Rows of zeros are grouped: + shows them (unprotect the sheet first)"
AWAKE = "NOT ALL GROUPED ROWS ARE 0: show them with +"
TOP: dict[str, Any] = {"valign": "top"}
FIGURE: dict[str, Any] = {"align": "right", **TOP}
WORDS = {"font_color": STRUCTURAL, "font_size": SMALL, "text_wrap": True, "valign": "top", "align": "left", "indent": 2}
GROUPED_ROW = layout.YEAR_ROW - 1
TABLE_NAMES = frozenset(table.name for table in schema.TABLES)
# Dimensions whose rows are what an item may be charged per: a cell of Options names one of them.
DRIVERS = ("capex_driver", "opex_driver")
_OPENINGS = layout.looked_back_at()


def write(book: Book) -> None:
    """Write the sheet of each option. Raises FormulaError for a line whose formula Excel could not hold."""
    for option in book.options:
        page = Page(book, option.sheet, option.result.name, head=CALENDAR_ROW)
        _head(page, option)
        for heading in option.layout.headings:
            page.heading(heading.row, heading.title, FIRST_YEAR + option.layout.years)
        grouped: set[int] = set()
        for name in option.layout.blocks:
            grouped.update(_Block(page, option, name).write())
        _known(page, option)
        _outline(page, option, grouped)


def _head(page: Page, option: OptionSheet) -> None:
    years = option.layout.years
    bold = {"bold": True, "num_format": "0"}
    page.heads(CALENDAR_ROW, ("Line", "Unit", "Row", "Total", "Constant", "Opening"), (TOTAL, CONSTANT, OPENING))
    words = FIRST_YEAR + years
    page.text(CALENDAR_ROW, words, "Formula in words", page.styles.column_beside)
    page.text(CALENDAR_ROW, words + 1, "Grouped", page.styles.column)
    page.text(YEAR_ROW, LABEL, "Model year (age, in lines by age)", page.styles.get(bold=True))
    page.text(YEAR_ROW, UNIT, page.book.unit("yr"), page.styles.quiet)
    page.formula(YEAR_ROW, OPENING, "=0", 0.0, **bold)
    calendar = option.layout.line("calendar_year").cell
    for year, number in enumerate(option.result.values["calendar_year"], start=1):
        column = FIRST_YEAR + year - 1
        page.formula(YEAR_ROW, column, f"={xl_col_to_name(column - 1)}{YEAR_ROW}+1", float(year), **bold)
        page.formula(CALENDAR_ROW, column, "=" + _at(calendar, column), number, bottom=1, **bold)
    widths = (WIDTHS[column] for column in sorted(WIDTHS))
    page.columns([*widths, *(YEAR_WIDTH,) * years, WORDS_WIDTH, MARK_WIDTH])
    page.sheet.print_area(0, 0, option.layout.end - 1, words)


def _outline(page: Page, option: OptionSheet, grouped: set[int]) -> None:
    """Group the rows and fold them; the head warns once a nought among them is none any more."""
    sheet, end = page.sheet, option.layout.end
    sheet.outline_settings(symbols_below=False)
    for row in grouped:
        sheet.set_row(row - 1, None, None, {"level": 1, "hidden": True})
    for row in (row - 1 for row in grouped if row - 1 not in grouped):
        height = sheet.row_sizes.get(row - 1, [None])[0]
        sheet.set_row(row - 1, height, None, {"collapsed": True})
    mark = xl_col_to_name(FIRST_YEAR + option.layout.years + 1)
    noughts = f'(${mark}${layout.FIRST_ROW}:${mark}${end}="{NOUGHT}")'
    figures = f"$D${layout.FIRST_ROW}:${option.layout.last_column}${end}"
    text = f'=IF(SUMPRODUCT({noughts}*({figures}<>0))=0,"{ASLEEP}","{AWAKE}")'
    page.formula(GROUPED_ROW, KEY, text, ASLEEP)
    warned = page.book.file.add_format({"bg_color": FAILS_FILL, "font_color": FAILS})
    rule = {"type": "cell", "criteria": "==", "value": f'"{AWAKE}"', "format": warned}
    sheet.conditional_format(GROUPED_ROW - 1, KEY, GROUPED_ROW - 1, KEY, rule)


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

    def write(self) -> Iterator[int]:
        """Labels, keys, formulas and totals, row by row; a block without rows is only named. Yields the rows that are
        grouped away."""
        if not self.block.rows:
            self._labels(self.block.first)
            self._quiet(self.block.first, KEY, "none")
            yield self.block.first
        for row in range(self.block.rows):
            at, values = self.block.first + row, self._of(row)
            self._labels(at)
            if self.block.by_row:
                self._key(at, row)
            self._row(at, self._formula(row), values)
            if mark := self._mark(row, values):
                self._quiet(at, self.beside + 1, mark)
                yield at
        self._explain()

    @property
    def beside(self) -> int:
        """The column behind the years."""
        return FIRST_YEAR + self.option.layout.years

    def _mark(self, row: int, values: Any) -> str:
        """Why a row is grouped away; blank for one that is not."""
        if not any(values if self.block.by_year else (values,)):
            return NOUGHT
        return HOUR if row and self.line.shape.row in HOURS else ""

    def _explain(self) -> None:
        """The formula in words: of rows of one formula beside the first that is seen."""
        if not isinstance(self.line, Line):
            return
        folded = [bool(self._mark(row, self._of(row))) for row in range(self.block.rows)]
        one = self._node(0) is self.line.formula if self.block.rows else True
        first = [folded.index(False) if False in folded else 0] if self.block.rows else []
        for row in first if one else range(self.block.rows):
            self._words(self.block.first + row, row, folded=folded[row])

    def _of(self, row: int) -> Any:
        """The figures of a row."""
        return self.values[row] if self.block.by_row else self.values

    def _words(self, at: int, row: int, *, folded: bool) -> None:
        """The formula of a row in words, as the app tells it; a row that is seen is made as high as they need."""
        assert isinstance(self.line, Line)
        node = self._node(row)
        words = line_in_words(self.line, _label) if node is self.line.formula else in_words(node, _label)
        self.page.text(at, self.beside, words, self.page.styles.get(**WORDS))
        if not folded:
            self.page.fit(at, [(words, WORDS_WIDTH)], SMALL)

    def _row(self, at: int, text: str, values: Any) -> None:
        if not self.block.by_year:
            shown = line_format(self.line.label, self.line.unit, [values])
            self.page.formula(at, CONSTANT, text, values, num_format=shown, **FIGURE)
            return
        sized = [*values, sum(values)] if self.block.summed else values
        shown = "0" if self.name == "calendar_year" else line_format(self.line.label, self.line.unit, sized)
        style = {"num_format": shown, **FIGURE}
        if self.block.summed:
            series = f"$G{at}:${self.option.layout.last_column}{at}"
            self.page.formula(at, TOTAL, f"=SUM({series})", sum(values), **style)
        if self.name in _OPENINGS:
            self.page.formula(at, OPENING, "=0", 0.0, **style)
        text = self.page.book.cases.in_force(text)
        made, sheet = self.page.styles.get(font_color=colour(text), **style), self.page.sheet
        for column, value in enumerate(values, start=FIRST_YEAR):
            sheet.write_formula(at - 1, column, _at(text, column), made, cached(value))  # type: ignore[arg-type]

    def _labels(self, at: int) -> None:
        self.page.text(at, LABEL, self.line.label, self.page.styles.get(**TOP))
        unit = self.page.styles.get(font_color=STRUCTURAL, font_size=SMALL, **TOP)
        self.page.text(at, UNIT, self.page.book.unit(self.line.unit), unit)

    def _quiet(self, at: int, column: int, text: str) -> None:
        self.page.text(at, column, text, self.page.styles.get(font_color=STRUCTURAL, **TOP))

    def _key(self, at: int, row: int) -> None:
        dimension = self.line.shape.row
        assert dimension is not None
        key = self.option.result.keys(dimension)[row]
        if dimension in DRIVERS:
            key = schema.choice_label("basis", key)
        if dimension == "cost":
            key = COSTS[key].label
        number = 0 if dimension == "workload" else self.option.number
        typed = f"{entries.base(dimension, number, row + 1)}name" if dimension in TABLE_NAMES else ""
        if typed in self.option.layout.held:
            self.page.formula(at, KEY, f"={typed}", key, **TOP)
        else:
            self._quiet(at, KEY, key)

    def _formula(self, row: int) -> str:
        if layout.is_structure(self.name):
            return layout.structure_formula(self.name, self.option.layout, row)
        assert isinstance(self.line, Line)
        where = f"{self.line.where}, {self.option.result.name}"
        return formula(self._node(row), CellAddress(self.option.layout, row), where)

    def _node(self, row: int) -> Node:
        """The formula of a row: of a stack, the one that stands there."""
        assert isinstance(self.line, Line)
        node = self.line.formula
        return node.args[row] if isinstance(node, Call) and node.op == "stack" else node


def _label(name: str) -> str:
    return label_of(name, MODEL)


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
