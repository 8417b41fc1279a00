"""Sensitivity: at which value of an input the two options tie, and how far the gap swings over each input's range.

Values of the run that made them, since every one of them takes full runs of changed studies.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.palette import Tone
from models.analysis.reporting.findings import Findings
from models.analysis.sensitivity.named_input import Subject, subject
from models.analysis.sensitivity.target_words import in_words
from models.analysis.sensitivity.targets import Target
from models.analysis.sensitivity.tornado import Bar, Tornado
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.run.model import MODEL
from workbook.sheets.found import grid
from workbook.writing import drawing, stamp
from workbook.writing.book import Book
from workbook.writing.entries import constant_name
from workbook.writing.page import Page, address
from workbook.writing.styles import INDENTED, STRUCTURAL, in_brackets, input_format, number_format

TITLE = stamp.SENSITIVITY
# Columns of both tables; beside the tornado stands what its chart draws.
INPUT, UNIT, FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, WHO, WORDS = range(10)
SPAN, DRAWN = 10, 11
WIDTHS = (46, 22, 11, 11, 11, 11, 11, 11, 20, 40, 3, 14, 14)
FIGURES = (FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH)
TIES = (
    "Input",
    "Unit",
    "Plan",
    "Break-even",
    "Change",
    "Range from",
    "Range to",
    "Within range",
    "Then cheapest",
    "In words",
)
SWINGS = ("Input", "Unit", "Low", "Plan", "High", "Saved at low", "Saved at high", "Swing", "Cheaper option changes")
AT_LOW, AT_HIGH = Tone("At the low end of its range", "#7fb5a4"), Tone("At the high end of its range", "#3f7fb8")
HOW_LIVE = (
    "The table holds values of the run: each end is a run of its own, and a workbook is calculated for one set of "
    "inputs at a time. To go through a bar live, choose Low or High on Scenarios and one of the ten inputs there."
)
SHOWN, CHART, BAR_PIXELS, ROW_PIXELS, FRAME = 12, 1150, 26, 17, 110


def write(book: Book) -> None:
    """Write the sheet: break-evens first, which turn the decision, then two inputs at once, and last the tornado on
    pages of its own, which bear the heads of its table."""
    found = book.findings
    assert found is not None
    page = Page(book, TITLE, f"Sensitivity of {found.option} against {found.against}")
    page.columns(WIDTHS)
    row = stamp.stamp(page, SPAN, "Values of", "a new search")
    if found.targets:
        row = _break_evens(page, row, found)
    if found.grid:
        row = grid.write(page, row, SPAN, found, found.grid)
    last = row
    if found.tornado and found.tornado.bars:
        if found.targets or found.grid:
            page.sheet.set_h_pagebreaks([row])
        last = _Swings(page, row + 1, found, found.tornado).write()
    page.sheet.print_area(0, 0, last - 1, SPAN - 1)


# --------------------------------------------------------------------------------------------------------- break-evens


def _break_evens(page: Page, row: int, found: Findings) -> int:
    page.heading(row, f"Break-even: where {found.option} and {found.against} cost the same per response", SPAN)
    page.words(
        row + 1,
        SPAN,
        "One input moves at a time; what both options hold alike moves in both. First the inputs whose break-even lies "
        "within their range, then those whose break-even is near plan.",
        None,
        font_color=STRUCTURAL,
    )
    row += 2
    page.heads(row, TIES, FIGURES)
    for each in sorted(found.targets, key=_likely):
        row += 1
        _break_even(page, row, each)
    return row + 2


def _likely(found: Target) -> tuple[bool, bool, float]:
    return found.value is None, not found.within_range, found.reach


def _break_even(page: Page, row: int, found: Target) -> None:
    varied, bounds = found.subject, found.subject.range
    low, high = (bounds.low, bounds.high) if bounds else (None, None)
    _input(page, row, varied, varied.name)
    _figures(page, row, varied, {FIRST: varied.base, SECOND: found.value, FOURTH: low, FIFTH: high})
    change = "" if found.value is None else varied.distance(found.value)
    right = page.styles.get(align="right", valign="top", font_color=STRUCTURAL)
    page.text(row, THIRD, change or "-", right)
    page.text(row, SIXTH, "-" if found.value is None or bounds is None else _yes(found.within_range), right)
    page.text(row, WHO, found.beyond or "-", page.styles.get(text_wrap=True, valign="top", **INDENTED))
    words = in_words(found, page.book.study.currency)[0]
    page.text(row, WORDS, words, page.styles.wrapped)
    _fit(page, row, varied.name, found.beyond, words)


def _input(page: Page, row: int, varied: Subject, name: str) -> None:
    """The input's name, and its unit as it is written after a value."""
    page.text(row, INPUT, name, page.styles.wrapped)
    unit = varied.unit_said(page.book.study.currency)
    style = page.styles.get(font_color=STRUCTURAL, text_wrap=True, valign="top")
    page.text(row, UNIT, unit or ("share" if varied.in_percent else "-"), style)


def _fit(page: Page, row: int, name: str, who: str | None, words: str) -> None:
    """Make a row high enough for its words, which take less room than figures."""
    page.fit(row, [(name, WIDTHS[INPUT]), (who, WIDTHS[WHO] - 2), (words, WIDTHS[WORDS] * 1.1)])


def _figures(page: Page, row: int, varied: Subject, values: dict[int, float | None]) -> None:
    """Values of one input, all shown alike."""
    shown = input_format(varied.entry, varied.unit, [v for v in values.values() if v is not None])
    for column, value in values.items():
        page.value(row, column, value, num_format=shown)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


# ------------------------------------------------------------------------------------------------------------- tornado


class _Swings:
    """The tornado: a chart of the largest swings, and every input that moves the gap. What is saved counts upwards."""

    def __init__(self, page: Page, row: int, found: Findings, swings: Tornado) -> None:
        self.page, self.row, self.found, self.swings = page, row, found, swings
        self.study = page.book.study
        self.money = page.book.unit("money")
        bars = swings.bars
        ends = [end.figure for bar in bars for end in (bar.low, bar.high) if end]
        largest = max(abs(self._saved(f)) for f in (swings.base, *ends))
        self.style = number_format("", [largest, largest / 10])

    def _saved(self, gap: float) -> float:
        return -REQUESTS_PER_THOUSAND * gap

    def write(self) -> int:
        """Heading and words, the chart, the table; returns the last row."""
        one, two = self.found.option, self.found.against
        page, title = self.page, f"Tornado: what {one} saves against {two}, per 1,000 responses, discounted"
        page.heading(self.row, title, SPAN)
        self.row += 1
        self._opening()
        shown = self.swings.bars[:SHOWN]
        height = FRAME + BAR_PIXELS * len(shown)
        chart_row = self.row
        self.row += height // ROW_PIXELS + 2
        first = self.row + 1
        self._table()
        self._chart(chart_row, first, len(shown), height)
        return self.row

    def _opening(self) -> None:
        unmoved, skipped = len(self.swings.unmoved), len(self.swings.skipped)
        said = (
            "Each input goes to the low and to the high end of its range, one at a time; shared inputs move together. "
            f"{unmoved} more inputs with a range move nothing; {skipped} have no range, are blank or "
            "are no numbers."
        )
        self.page.words(self.row, SPAN, said, None, 2, font_color=STRUCTURAL)
        self.page.text(self.row + 1, INPUT, "Saved as planned", self.page.styles.get(bold=True))
        self.page.text(self.row + 1, UNIT, f"{self.money} per 1,000 responses", self.page.styles.quiet)
        self.page.value(self.row + 1, SECOND, self._saved(self.swings.base), num_format=self.style, bold=True)
        self.row += 2
        self._live()
        self.row += 1

    def _live(self) -> None:
        """What the workbook itself saves in the case shown: each bar of the largest can be gone through live."""
        book, number = self.page.book, MODEL.lines[RANKED_BY]
        pair = [book.option(name) for name in (self.found.against, self.found.option)]
        known = "*".join(each.at(number.known) for each in pair) if number.known else "1"
        theirs, ours = (each.at(RANKED_BY) for each in pair)
        text = f'=IF({known}=0,"n/a",({theirs}-{ours})*{constant_name("REQUESTS_PER_THOUSAND")})'
        bold = self.page.styles.get(bold=True)
        self.page.text(self.row, INPUT, "Saved in this workbook, live", bold)
        self.page.text(self.row, UNIT, f"{self.money} per 1,000 responses", self.page.styles.quiet)
        value = self._saved(self.swings.base)
        self.page.formula(self.row, SECOND, text, value, num_format=self.style, bold=True, align="right")
        if self.found.largest:
            self.row += 1
            self.page.words(self.row, SPAN, HOW_LIVE, None, 2, font_color=STRUCTURAL)
        self.row += 1

    def _table(self) -> None:
        page = self.page
        heads = (*SWINGS[:FOURTH], *(f"{text}, {self.money}" for text in SWINGS[FOURTH:WHO]), SWINGS[WHO], "Range from")
        page.heads(self.row, heads, FIGURES)
        page.sheet.repeat_rows(self.row - 1)  # the table goes on over pages
        for i, text in enumerate(("Change at low", "Change at high")):
            page.text(self.row, DRAWN + i, text, page.styles.column_of_figures)
        for bar in self.swings.bars:
            self.row += 1
            self._bar(bar)

    def _bar(self, bar: Bar) -> None:
        page, row, varied = self.page, self.row, subject(self.study, bar.path)
        name = self.found.named(self.study, bar)
        _input(page, row, varied, name)
        low, high = (end.value if end else None for end in (bar.low, bar.high))
        _figures(page, row, varied, {FIRST: low, SECOND: bar.base, THIRD: high})
        for column, end in ((FOURTH, bar.low), (FIFTH, bar.high)):
            shown = in_brackets(self.style)
            page.value(row, column, self._saved(end.figure) if end else None, num_format=shown)
        page.value(row, SIXTH, abs(self._saved(bar.swing)), num_format=self.style)
        page.text(row, WHO, _yes(bar.changes_winner), page.styles.get(valign="top", **INDENTED))
        origin = bar.range.source or "entered range"
        page.text(row, WORDS, origin, page.styles.wrapped)
        _fit(page, row, name, None, origin)
        for i, end in enumerate((bar.low, bar.high)):
            change = end.figure - self.swings.base if end else 0.0  # an end that is not given draws no bar
            page.value(row, DRAWN + i, self._saved(change), num_format=self.style)

    def _chart(self, row: int, first: int, count: int, height: int) -> None:
        book = self.page.book
        title = f"How far an input moves what {self.found.option} saves, from low to high"
        unit = f"Change of the savings, {self.money} per 1,000 responses"
        made = drawing.chart(book, "bar", title, unit, shown=self.style)
        names = _down(INPUT, first, count)
        for i, tone in enumerate((AT_LOW, AT_HIGH)):
            more: dict[str, Any] = {"overlap": 100, "gap": 40}
            drawing.filled(made, tone.label, names, _down(DRAWN + i, first, count), tone.colour, **more)
        drawing.place(book, TITLE, row, INPUT, made, (CHART, height))


def _down(column: int, first: int, count: int) -> str:
    letters = xl_col_to_name(column)
    return address(TITLE, f"${letters}${first}:${letters}${first + count - 1}")
