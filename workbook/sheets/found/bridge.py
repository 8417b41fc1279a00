"""Bridge: why one of the two options costs more than the other, bar by bar.

Kinds of cost stand in the model, so each of their bars is a live formula. What exchanging groups of inputs brings is
averaged over every order of exchange, which no formula of a sheet can tell: those bars are values of a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.bridge import Bridge
from models.analysis.metrics.measures import METRIC
from models.analysis.metrics.palette import COSTS
from models.analysis.reporting.brief import UNSERVED
from models.analysis.words import listing
from models.engine.constants import REQUESTS_PER_THOUSAND
from workbook.sheets.model.checks import TITLE as CHECKS
from workbook.sheets.model.checks import TOLERANCE_CELL
from workbook.writing import drawing, stamp, waterfall
from workbook.writing.book import Book, OptionSheet
from workbook.writing.entries import constant_name
from workbook.writing.formula import literal
from workbook.writing.page import BOLD, Page, address
from workbook.writing.styles import RULE, STATEMENT, STRUCTURAL, in_brackets, number_format
from workbook.writing.waterfall import Steps

TITLE = stamp.BRIDGE
LABEL, UNIT, THEIRS, OURS, AMOUNT, SHARE = range(6)
SPAN, DRAWN = 6, 7  # columns of the table, and the first of what the chart draws
WIDTHS = (46, 24, 18, 18, 18, 14, 3)
COVERED = THEIRS
# What stands in each group of inputs that is exchanged.
COVERS = {
    "hardware_price": "Equipment, rent, lease and token prices",
    "quantity": "Systems bought, their life and load",
    "serving_rate": "Input and output speed",
    "energy_price": "Electricity, demand, carbon, water",
    "power": "Power drawn, PUE, limits of the site",
    "facility": "Facility assets and colocation",
    "other_opex": "Staff, support, software and the rest",
    "quality": "Tokens, cache, success and attempts",
    "finance": "Acquisition, loan, tax depreciation",
}
OTHERS = "All other kinds of cost"
CHART, CHART_ROWS = (1000, 340), 21
SHARE_HEAD = "Share of start"
ADDS_UP = "Start and bars add up to the end."
IN_STEP = "Start and bars add up to the totals of this workbook."
OUT_OF_STEP = "Out of date: inputs changed since export."


def write(book: Book) -> None:
    """Write the sheet: the bars with their chart; beneath bars by input, the same difference by kind of cost."""
    found = book.findings.reasons if book.findings else None
    assert found is not None
    sheet = _Bridge(book, found)
    sheet.opening()
    if found.by_inputs:
        sheet.by_inputs()
    sheet.by_kind(drawn=not found.by_inputs)


@dataclass(frozen=True)
class _Kind:
    """A kind of cost: what both options pay for it, as formulas without equals signs and as values."""

    label: str
    texts: tuple[str, str]
    values: tuple[float, float]

    @property
    def amount(self) -> float:
        return self.values[1] - self.values[0]


class _Bridge:
    """The sheet, written from the top down. In every pair the option compared against comes first."""

    def __init__(self, book: Book, found: Bridge) -> None:
        self.book, self.found = book, found
        self.options: tuple[OptionSheet, OptionSheet] = (book.option(found.against), book.option(found.option))
        self.in_total = found.metric == METRIC
        heading = f"Bridge from {found.against} to {found.option}"
        self.page = Page(book, TITLE, heading, landscape=not found.by_inputs)
        self.page.sheet.fit_to_pages(1, 1)
        self.page.columns([*WIDTHS, *(waterfall.WIDTH,) * len(waterfall.COLUMNS)])
        self.row = stamp.ROW
        money = book.unit("money")
        self.unit = money if self.in_total else f"{money} per 1,000 responses"
        self.basis = (
            "in present value, unserved requests at the fallback price included"
            if self.in_total
            else "discounted, per 1,000 responses"
        )
        # Parts of a cost are told with a digit more than the cost.
        parts = [self._scaled(found.start) / 10]
        self.style = STATEMENT if self.in_total else in_brackets(number_format("money/response", parts))

    def _scaled(self, figure: float) -> float:
        return figure if self.in_total else figure * REQUESTS_PER_THOUSAND

    def opening(self) -> None:
        """Which run, and what the sheet shows."""
        contents = "Bars by input are values of" if self.found.by_inputs else "These two options are those of"
        self.row = stamp.stamp(self.page, SPAN, contents, "a new bridge")

    def _says(self, text: str, lines: int = 1) -> None:
        self.page.words(self.row, SPAN, text, None, lines, font_color=STRUCTURAL)
        self.row += 1

    # ------------------------------------------------------------------------------------------------- by input

    def by_inputs(self) -> None:
        """What exchanging each group of inputs brings, as found in the run, held against the live totals."""
        bars = [bar for bar in self.found.bars if bar.amount]
        self.page.heading(self.row, f"By input, {self.basis}", SPAN)
        self.row += 1
        self._says(
            "Contribution of each group of inputs (Shapley average); together they are the whole difference. Values "
            "of the run, typed in.",
            2,
        )
        still = [bar.label for bar in self.found.bars if not bar.amount]
        if still:
            self._says(f"The same in both, or without effect: {listing(still)}.", 2)
        self.page.heads(self.row, ("", "Unit", "What it covers", "", "Amount", SHARE_HEAD), (AMOUNT, SHARE))
        first = self.row + 1
        values = [self.found.start, *(bar.amount for bar in bars), self.found.end]
        labels = [None, *(bar.label for bar in bars), None]
        for row, bar in enumerate(bars, start=first + 1):
            self.page.text(row, COVERED, COVERS.get(bar.name, ""), self.page.styles.quiet)
        steps = Steps(first, LABEL, AMOUNT, [self._scaled(v) for v in values])
        for row, (label, value) in enumerate(zip(labels, steps.values, strict=True), start=first):
            self._label(row, label, row == first)
            self.page.value(row, AMOUNT, value, num_format=self.style, bold=label is None)
        self._shares(steps)
        self.row = steps.last + 1
        self._live_totals(steps)
        self._drawn(steps)

    def _label(self, row: int, label: str | None, is_start: bool) -> None:
        """A bar's label, or the name of the option where a total stands."""
        if label is None:
            option = self.options[0 if is_start else 1]
            self.page.formula(row, LABEL, f"={option.name}", option.result.name, bold=True)
        else:
            self.page.text(row, LABEL, label)
        self.page.text(row, UNIT, self.unit, self.page.styles.quiet)

    def _shares(self, steps: Steps) -> None:
        """Each bar as a share of what the option compared against costs."""
        column, start = xl_col_to_name(AMOUNT), steps.values[0]
        for row, value in enumerate(steps.values, start=steps.first):
            text = f"=IF(${column}${steps.first}=0,0,${column}{row}/${column}${steps.first})"
            self.page.formula(row, SHARE, text, value / start if start else 0.0, num_format="0.0%", align="right")

    def _live_totals(self, steps: Steps) -> None:
        """The totals as the workbook has them now, and whether the bars still lead from one to the other."""
        column = xl_col_to_name(AMOUNT)
        for option in self.options:
            self.page.formula(
                self.row,
                LABEL,
                f'={option.name}&", in this workbook now"',
                f"{option.result.name}, in this workbook now",
            )
            self.page.text(self.row, UNIT, self.unit, self.page.styles.quiet)
            value = self._scaled(option.result.values[self.found.metric])
            self.page.formula(self.row, AMOUNT, f"={self._total(option)}", value, num_format=self.style, align="right")
            self.row += 1
        theirs, ours = (f"${column}{r}" for r in (self.row - 2, self.row - 1))
        bars = f"${column}${steps.first + 1}:${column}${steps.last - 1}"
        whole = f"SUM({bars})" if len(steps.values) > 2 else "0"
        gap = f"ABS({theirs}+{whole}-{ours})+ABS({theirs}-${column}${steps.first})"
        self._told(gap, f"ABS({theirs})+ABS({ours})", IN_STEP, OUT_OF_STEP)

    def _told(self, gap: str, scale: str, holds: str, fails: str) -> None:
        """A live line that tells whether a gap is nothing against a scale."""
        limit = f"{address(CHECKS, TOLERANCE_CELL)}*({scale})"
        self.page.formula(self.row, LABEL, f"=IF({gap}<={limit},{literal(holds)},{literal(fails)})", holds, bold=True)
        self.row += 2

    def _total(self, option: OptionSheet) -> str:
        cell = option.at(self.found.metric)
        return cell if self.in_total else f"{constant_name('REQUESTS_PER_THOUSAND')}*SUM({cell})"

    # ---------------------------------------------------------------------------------------------- by kind of cost

    def by_kind(self, drawn: bool) -> None:
        """The difference by kind of cost, every figure live; kinds that neither option pays at export share a row."""
        kinds = self._kinds()
        paid = [kind for kind in kinds if any(kind.values)]
        unpaid = [kind for kind in kinds if not any(kind.values)]
        self.page.heading(self.row, f"By kind of cost, {self.basis}", SPAN)
        self.row += 1
        self._says("Every figure is a formula: it follows the inputs.")
        self._heads()
        first, total = self.row, [self._scaled(o.result.values[self.found.metric]) for o in self.options]
        steps = Steps(first, LABEL, AMOUNT, [total[0], *(k.amount for k in paid), 0.0, total[1]])
        rest = steps.last + 3 + (CHART_ROWS if drawn else 0)
        self._ends(steps, total)
        for row, kind in enumerate(paid, start=first + 1):
            self._kind(row, kind)
        self._others(steps.last - 1, rest + 1, len(unpaid))
        self._shares(steps)
        self.row = steps.last + 1
        self._adds_up(steps)
        if drawn:
            self._drawn(steps)
        assert self.row == rest
        self._unpaid(unpaid)
        self.page.sheet.print_area(0, 0, self.row, SPAN - 1)

    def _heads(self) -> None:
        self.page.heads(self.row, ("", "Unit", "", "", "Difference", SHARE_HEAD), (AMOUNT, SHARE))
        style: dict[str, Any] = {
            "bold": True,
            "bottom": 1,
            "border_color": RULE,
            "text_wrap": True,
            "align": "right",
            "valign": "top",
        }
        for column, option in zip((THEIRS, OURS), self.options, strict=True):
            self.page.formula(self.row, column, f"={option.name}", option.result.name, **style)
        self.page.fit(self.row, [(o.result.name, WIDTHS[THEIRS] * BOLD) for o in self.options])
        self.row += 1

    def _kinds(self) -> list[_Kind]:
        kinds = self.options[0].result.keys("cost")
        unserved = [option.at("pv_interim_cost") for option in self.options]
        amounts = [option.result.values["pv_interim_cost"] for option in self.options]
        return [*(self._of_tree(r, kind) for r, kind in enumerate(kinds)), self._of(UNSERVED, unserved, amounts)]

    def _of_tree(self, position: int, kind: str) -> _Kind:
        cells = [option.at("pv_cost_tree", position) for option in self.options]
        amounts = [option.result.values["pv_cost_tree"][position] for option in self.options]
        return self._of(COSTS[kind].label, cells, amounts)

    def _of(self, label: str, cells: Sequence[str], amounts: Sequence[float]) -> _Kind:
        """Money of both options, in total or per 1,000 responses of all that is asked for."""
        if self.in_total:
            return _Kind(label, (cells[0], cells[1]), (amounts[0], amounts[1]))
        counts = [option.at("pv_all_responses") for option in self.options]
        thousand = constant_name("REQUESTS_PER_THOUSAND")
        texts = [f"IF({n}=0,0,{thousand}*{c}/{n})" for n, c in zip(counts, cells, strict=True)]
        values = [
            REQUESTS_PER_THOUSAND * a / o.result.values["pv_all_responses"]
            for a, o in zip(amounts, self.options, strict=True)
        ]
        return _Kind(label, (texts[0], texts[1]), (values[0], values[1]))

    def _figure(self, row: int, column: int, text: str, value: float, **style: Any) -> None:
        self.page.formula(row, column, f"={text}", value, num_format=self.style, align="right", **style)

    def _kind(self, row: int, kind: _Kind) -> None:
        self._label(row, kind.label, False)
        for column, text, value in zip((THEIRS, OURS), kind.texts, kind.values, strict=True):
            self._figure(row, column, text, value)
        self._figure(row, AMOUNT, f"${xl_col_to_name(OURS)}{row}-${xl_col_to_name(THEIRS)}{row}", kind.amount)

    def _ends(self, steps: Steps, total: Sequence[float]) -> None:
        for row, column, option, value in zip(
            (steps.first, steps.last), (THEIRS, OURS), self.options, total, strict=True
        ):
            self._label(row, None, row == steps.first)
            self._figure(row, column, self._total(option), value, bold=True)
            self._figure(row, AMOUNT, f"${xl_col_to_name(column)}{row}", value, bold=True)

    def _others(self, row: int, first: int, count: int) -> None:
        """The row of the kinds listed beneath, which neither option pays at export."""
        self._label(row, OTHERS, False)
        for column in (THEIRS, OURS, AMOUNT):
            letters = xl_col_to_name(column)
            text = f"SUM(${letters}${first}:${letters}${first + count - 1})" if count else "0"
            self._figure(row, column, text, 0.0)

    def _unpaid(self, kinds: Sequence[_Kind]) -> None:
        if kinds:
            self.page.text(self.row, LABEL, f"{OTHERS}, of which", self.page.styles.column)
            for column in range(UNIT, SPAN):
                self.page.text(self.row, column, "", self.page.styles.column)
            self.row += 1
        for kind in kinds:
            self._kind(self.row, kind)
            self.row += 1

    def _adds_up(self, steps: Steps) -> None:
        column = xl_col_to_name(AMOUNT)
        start, end = f"${column}${steps.first}", f"${column}${steps.last}"
        bars = f"${column}${steps.first + 1}:${column}${steps.last - 1}"
        scale = f"ABS({start})+ABS({end})+MAX({bars})-MIN({bars})"
        self._told(f"ABS({start}+SUM({bars})-{end})", scale, ADDS_UP, f"A CHECK FAILS: {ADDS_UP}")

    # ------------------------------------------------------------------------------------------------------- chart

    def _drawn(self, steps: Steps) -> None:
        """The waterfall beneath its table, and beside the table what it draws."""
        waterfall.columns(self.page, steps, DRAWN, self.style)
        title = f"Bridge from {self.found.against} to {self.found.option}"
        axis = drawing.money_axis(self.book, steps.heights) if self.in_total else (self.unit, "#,##0.##")
        made = waterfall.chart(self.book, TITLE, steps, DRAWN, title, axis)
        drawing.place(self.book, TITLE, self.row, LABEL, made, CHART)
        self.row += CHART_ROWS
