"""Summary: the one page that a committee reads, and charts behind it. Sentences are live; see Comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis import decision
from models.analysis.decision import RULE, WORDS
from models.analysis.side_by_side import RANKED_BY, latency_met, quality_met
from models.model import MODEL
from models.palette import COSTS, INTERIM, option_colour
from workbook import charts
from workbook.book import Book
from workbook.comparison import TITLE as FIGURES
from workbook.entries import constant_name
from workbook.page import MASTER_CELL, Page
from workbook.styles import number_format

TITLE = "Summary"
# Pixels of a printed page at full scale, margins off; portrait up to so many options.
PORTRAIT_WIDTH, LANDSCAPE_WIDTH, PORTRAIT_OPTIONS = 700, 1010, 4
LABEL_SHARE, LARGEST_COLUMN = 0.34, 170
PIXELS_A_CHARACTER, LINE_CHARACTERS_A_PIXEL = 7.0, 0.155
CHART_HEIGHT = 205


def write(book: Book) -> None:
    """Write the page and its charts."""
    summary = _Summary(book)
    summary.opening()
    summary.recommendation()
    summary.figures()
    summary.conditions()
    summary.basis()
    summary.first_chart()
    summary.more_charts()


class _Summary:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.options = book, book.options
        fields = book.study.fields
        self.landscape = len(book.options) > PORTRAIT_OPTIONS
        self.width = LANDSCAPE_WIDTH if self.landscape else PORTRAIT_WIDTH
        heading = fields.text("title") or "Summary"
        self.page = Page(book, TITLE, heading, landscape=self.landscape)
        # A page at full size, so that its breaks stand where they are put.
        self.page.sheet.set_print_scale(100)
        self.span = 1 + len(book.options)
        label = max(int(LABEL_SHARE * self.width), self.width - LARGEST_COLUMN * len(book.options))
        each = (self.width - label) // len(book.options)
        self.page.columns([w / PIXELS_A_CHARACTER - 0.7 for w in (label, *(each,) * len(book.options))])
        self.row = 3

    def said(self, key: str, *, bold: bool = False) -> None:
        """A sentence of the decision, read from Comparison, if the study gives it a meaning."""
        cell = self.book.places[f"say {key}"]
        text = WORDS[key].format(**decision.slots(self.book.result))
        self._words(f"={cell}", text, bold=bold)

    def _words(self, text: str, value: str | None, **style: Any) -> None:
        length = len(value if value is not None else text) * (1.12 if style.get("bold") else 1.0)
        lines = max(1, -(-int(length) // int(self.width * LINE_CHARACTERS_A_PIXEL)))
        self.page.words(self.row, self.span, text, value, lines, **style)
        self.row += 1

    def heading(self, text: str) -> None:
        self.page.heading(self.row, text, self.span)
        self.row += 1

    def opening(self) -> None:
        """Who made it for whom, and the decision asked for."""
        fields = self.book.study.fields
        parts = [f"Prepared by {fields.text('prepared_by')}" if fields.text("prepared_by") else ""]
        parts += [f"for {fields.text('prepared_for')}" if fields.text("prepared_for") else "", fields.text("status")]
        parts += [f"{self.book.today:%d %B %Y}"]
        self._words(" · ".join(p for p in parts if p), None, font_color="#808080")
        self.heading("Decision asked for")
        self._words(fields.text("decision") or "The study states no decision.", None)

    def recommendation(self) -> None:
        """The option to choose, the runner-up, the amount and what is saved, or that nothing can be recommended."""
        self.heading("Recommendation")
        cells = {key: self.book.places[f"say {key}"] for key in WORDS}
        place, second = self.book.places["place winner"], self.book.places["place runner_up"]
        found = decision.slots(self.book.result)
        best, after = decision.contenders(self.book.result)
        lowest = self.book.places["slot lowest"]
        otherwise = f'=IF({lowest}="n/a",{cells["nothing"]},{cells["nobody"]})'
        self._choice(f"ISNUMBER({place})", cells["chosen"], otherwise, best is not None, found)
        said = WORDS["next" if after else "alone"].format(**found) if best else " "
        text = f'=IF(ISNUMBER({second}),{cells["next"]},CHOOSE(1+ISNUMBER({place})," ",{cells["alone"]}))'
        self._words(text, said)
        amount = WORDS["amount"].format(**found) if best else " "
        self._words(f'=IF(ISNUMBER({place}),{cells["amount"]}," ")', amount)
        if self.book.study.fields.text("reference_option"):
            flag = self.book.places["saving counts"]
            shown = WORDS["against"].format(**found) if found["saving"] != decision.NOTHING else " "
            self._words(f'=IF({flag}=1,{cells["against"]}," ")', shown)

    def _choice(self, test: str, chosen: str, otherwise: str, holds: bool, found: dict[str, str]) -> None:
        """The sentence of the choice; what is said instead stands in a cell of its own, so that no IF is inside another."""
        nobody = WORDS["nobody" if found["lowest"] != decision.NOTHING else "nothing"].format(**found)
        value = WORDS["chosen"].format(**found) if holds else nobody
        spare = 60
        self.page.formula(spare, self.span + 1, otherwise, nobody, font_color="#FFFFFF")
        cell = f"${xl_col_to_name(self.span + 1)}${spare}"
        self._words(f"=IF({test},{chosen},{cell})", value, bold=True)
