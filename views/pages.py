"""The pages in the order of the navigation."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import NamedTuple


class Page(NamedTuple):
    """One page: what the navigation shows, what draws it, and its address."""

    title: str
    icon: str
    show: Callable[[], None]
    url_path: str


def _drawn_by(module: str) -> Callable[[], None]:
    """Draws a page, importing it the first time it is opened: the first page does not wait for all the others."""

    def show() -> None:
        importlib.import_module(f"views.{module}").show()

    return show


PAGES: tuple[Page, ...] = (
    Page("Start", ":material/home:", _drawn_by("library.start"), "start"),
    Page("Inputs", ":material/edit_note:", _drawn_by("inputs.page"), "inputs"),
    Page("Measure", ":material/speed:", _drawn_by("inputs.benchmarks.page"), "measure"),
    Page("Results", ":material/monitoring:", _drawn_by("results.page"), "results"),
    Page("Quotes", ":material/request_quote:", _drawn_by("inputs.quotes.page"), "quotes"),
    Page("Compare", ":material/compare_arrows:", _drawn_by("decision.compare"), "compare"),
    Page("Decide", ":material/gavel:", _drawn_by("decision.decide"), "decide"),
    Page("Improve", ":material/trending_down:", _drawn_by("improve.page"), "improve"),
    Page("Evidence", ":material/fact_check:", _drawn_by("inputs.evidence"), "evidence"),
    Page("Export", ":material/download:", _drawn_by("library.export"), "export"),
)
