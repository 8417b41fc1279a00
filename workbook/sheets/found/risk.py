"""Risk: what a simulation of the study found, with its seed, its draws and the list of what was drawn.

Values of the run that made them: a spreadsheet does not draw ten thousand outcomes.
"""

from __future__ import annotations

from typing import Any

from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.risk import drivers, summary, told, worth
from models.analysis.risk.inputs import Uncertain, level_text
from models.analysis.risk.simulation import Simulation
from models.analysis.sensitivity.named_input import subject
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from workbook.writing import stamp
from workbook.writing.book import Book
from workbook.writing.page import Page
from workbook.writing.styles import INDENTED, STRUCTURAL, input_format, number_format

TITLE = stamp.RISK
NAME_WIDTH, FIGURE_WIDTH, WORDS_WIDTH = 46, 16, 40
FEWEST_FIGURES = 6
UNIT = 5  # the column behind low, base and high
PERCENTILES = (10, 50, 90)
SHOWN = 10
INDENT = 2  # characters that an indented text keeps away


def write(book: Book) -> None:
    """Write the sheet: options, regret, what beats what, drivers, the worth of knowing, and the list."""
    assert book.findings is not None and book.findings.simulated is not None
    page = Page(book, TITLE, "Risk: how sure the recommendation is")
    _Risk(page, book.findings.simulated).write()


class _Risk:
    """The sheet, written from the top down."""

    def __init__(self, page: Page, made: Simulation) -> None:
        self.page, self.made, self.row = page, made, 0
        self.money = page.book.unit("money")
        # A column for each figure and for each option that competes; words stand in the one behind them.
        self.words = 1 + max(FEWEST_FIGURES, len(made.competing))
        self.span = self.words + 1
        self.widths = (NAME_WIDTH, *(FIGURE_WIDTH,) * (self.words - 1), WORDS_WIDTH)
        page.columns(self.widths)

    def write(self) -> None:
        """Everything, under the stamp of the run."""
        self.row = stamp.stamp(self.page, self.span, "Values of", "a new simulation")
        said = f"{writer.count(self.made.draws)} draws, seed {self.made.seed}: {told.method(self.made)}."
        for sentence in filter(None, (told.sure(self.made), said, *self.made.notices)):
            lines = 1 + len(sentence) // sum(self.widths)
            self.page.words(self.row, self.span, sentence, None, lines, font_color=STRUCTURAL)
            self.row += 1
        self._costs()
        self._beats()
        self._drivers()
        self._worth()
        self._inputs()
        self.page.sheet.print_area(0, 0, self.row - 1, self.span - 1)

    def _head(self, title: str, *heads: str, figures: range | None = None) -> None:
        self.row += 1
        self.page.heading(self.row, title, self.span)
        self.page.heads(self.row + 1, heads, figures or range(1, len(heads)))
        self.row += 2

    def _line(self, name: str, figures: list[float | None], shown: list[str]) -> None:
        self.page.text(self.row, 0, name, self.page.styles.wrapped)
        self.page.fit(self.row, [(name, NAME_WIDTH)])
        for column, (figure, form) in enumerate(zip(figures, shown, strict=True), start=1):
            self.page.value(self.row, column, figure, num_format=form)
        self.row += 1

    def _costs(self) -> None:
        made = self.made
        levels = [f"P{p}" for p in PERCENTILES]
        title = f"Cost per 1,000 responses, {self.money}: with 90% probability not above P90"
        self._head(title, "Option", *levels, "Cheapest", f"Regret, mean, {self.money}", f"Regret, P90, {self.money}")
        first, regrets = summary.cheapest(made), summary.regrets(made)
        found = {name: summary.summary(made.figures[name][RANKED_BY]) for name in made.base.options}
        costs = {
            name: [each.percentiles[p] * REQUESTS_PER_THOUSAND if each else None for p in PERCENTILES]
            for name, each in found.items()
        }
        cost = number_format("money/response", [f for figures in costs.values() for f in figures if f is not None])
        for name, figures in costs.items():
            regret = regrets.get(name)
            money = [regret.mean, regret.p90] if regret else [None, None]
            self._line(name, [*figures, first.get(name), *money], [cost] * 3 + ["0.0%"] + ["#,##0"] * 2)

    def _beats(self) -> None:
        made = self.made
        names = made.competing
        if len(names) < 2:
            return
        self._head("Probability that the option of the row costs less than the option of the column", "Option", *names)
        found = summary.beats(made)
        for name in names:
            figures = [None if other == name else found[name][other] for other in names]
            self._line(name, figures, ["0.0%"] * len(names))

    def _drivers(self) -> None:
        found = self.page.book.findings
        assert found is not None
        pair: tuple[Any, ...] = (found.option, found.against)
        told_of = f"what {found.option} saves against {found.against}, present value"
        shares = [each for each in drivers.drivers(self.made, METRIC, *pair)[:SHOWN] if each.share > 0]
        if shares:
            self._head(f"What drives {told_of}", "Input", "Share of the variance")
        for each in shares:
            self._line(each.name, [each.share], ["0.0%"])

    def _worth(self) -> None:
        whole = worth.perfect(self.made)
        self._head("Value of knowing an input before choosing, at most", "Input", f"Value, {self.money}")
        self._line("Everything", [whole], ["#,##0"])
        for each in [each for each in worth.worths(self.made) if each.worth > 0][:SHOWN]:
            self._line(each.name, [each.worth], ["#,##0"])

    def _inputs(self) -> None:
        heads = ["Input", "Distribution", "Low", "Base", "High", "Unit", *[""] * (self.words - 6), "Range"]
        self._head("Inputs that were drawn", *heads, figures=range(2, 5))
        self.page.sheet.repeat_rows(self.row - 2)  # the list goes on over pages
        for each in self.made.listed.inputs:
            self._input(each)
        if self.made.listed.held:
            self._head("Held, although they have a range", "Input")
        for held in self.made.listed.held:
            self.page.words(self.row, self.span, f"{held.label}: {held.reason}.", None, font_color=STRUCTURAL)
            self.row += 1

    def _input(self, each: Uncertain) -> None:
        """What was drawn, how, between which ends, and whose range that is."""
        page, study = self.page, self.page.book.study
        varied, levels = subject(study, each.path), (each.low, each.base, each.high)
        numbers = [level for level in levels if not isinstance(level, tuple)]
        # Levels by year of a price are factors, whatever the unit of its yearly change.
        shown = input_format(varied.entry, varied.unit, numbers)
        for column, level in enumerate(levels, start=2):
            if isinstance(level, tuple):
                page.text(self.row, column, level_text(level), page.styles.wrapped)
            else:
                page.value(self.row, column, level, num_format=shown)
        source = each.source if each.origin == "proposed" else "entered range"
        unit = "level by year" if each.years else varied.unit_said(study.currency) or "-"
        texts = {0: each.name, 1: told.distribution(each), UNIT: unit, self.words: source}
        for column, text in texts.items():
            page.text(
                self.row,
                column,
                text,
                page.styles.get(text_wrap=True, valign="top", **(INDENTED if column == UNIT else {})),
            )
        narrow = INDENT * 2  # what is indented wraps at words in a narrow column
        page.fit(self.row, [(text, self.widths[c] - narrow * (c == UNIT)) for c, text in texts.items()])
        self.row += 1
