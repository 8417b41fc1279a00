"""The sheets in tab order; to add one, write its file and name it here.

Those of an analysis stand only in a workbook that holds its findings, and only with something to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbook.decision import choice
from workbook.sheets.front import change_log, charts, comparison, cover, glossary, statement, summary
from workbook.sheets.given import evidence, inputs, options, workloads
from workbook.sheets.model import calculation, checks, energy
from workbook.writing import cases, stamp
from workbook.writing.book import OPTIONS, Book
from workbook.writing.layout import LOAD_SHEET, STATEMENTS
from workbook.writing.styles import ACCENT, FOUND, INPUT, STRUCTURAL

if TYPE_CHECKING:
    from models.analysis.reporting.findings import Findings


def _load(book: Book) -> None:
    from workbook.sheets.given import load

    load.write(book)


def _brief(book: Book) -> None:
    from workbook.sheets.found import brief

    brief.write(book)


def _bridge(book: Book) -> None:
    from workbook.sheets.found import bridge

    bridge.write(book)


def _sensitivity(book: Book) -> None:
    from workbook.sheets.found import sensitivity

    sensitivity.write(book)


def _scenarios(book: Book) -> None:
    from workbook.sheets.given import scenarios

    scenarios.write(book)


def _risk(book: Book) -> None:
    from workbook.sheets.found import risk

    risk.write(book)


SHEETS: dict[str, Callable[[Book], None]] = {
    cover.TITLE: cover.write,
    summary.TITLE: summary.write,
    stamp.BRIEF: _brief,
    charts.TITLE: charts.write,
    comparison.TITLE: comparison.write,
    statement.TITLE: statement.write,
    statement.QUARTERLY: statement.write_quarters,
    stamp.BRIDGE: _bridge,
    choice.TITLE: choice.write,
    inputs.TITLE: inputs.write,
    cases.TITLE: _scenarios,
    workloads.TITLE: workloads.write,
    options.TITLE: options.write,
    LOAD_SHEET: _load,
    OPTIONS: calculation.write,
    energy.TITLE: energy.write,
    stamp.SENSITIVITY: _sensitivity,
    stamp.RISK: _risk,
    evidence.TITLE: evidence.write,
    checks.TITLE: checks.write,
    change_log.TITLE: change_log.write,
    glossary.TITLE: glossary.write,
}
# A sheet is written after those whose addresses it reads.
_ANALYSIS = (stamp.BRIEF, stamp.BRIDGE, stamp.SENSITIVITY, stamp.RISK)
_READ_LAST = (
    cases.TITLE,
    choice.TITLE,
    *STATEMENTS,
    checks.TITLE,
    comparison.TITLE,
    charts.TITLE,
    *_ANALYSIS,
    change_log.TITLE,
    summary.TITLE,
    cover.TITLE,
)
# The colours of the tabs: what is typed, what an analysis found, the model; all others are read first.
_COLOURS = {
    INPUT: (inputs.TITLE, options.TITLE, cases.TITLE, workloads.TITLE, LOAD_SHEET, evidence.TITLE),
    FOUND: _ANALYSIS,
    STRUCTURAL: (choice.TITLE, energy.TITLE, checks.TITLE),
}
ORDER: tuple[str, ...] = (*(title for title in SHEETS if title not in _READ_LAST), *_READ_LAST)


def colour(title: str) -> str:
    """The colour of a sheet's tab, which tells its kind."""
    of_option = title not in SHEETS
    return next((tone for tone, titles in _COLOURS.items() if title in titles), STRUCTURAL if of_option else ACCENT)


def tabs(found: Findings | None, by_the_hour: bool = False, scenarios: bool = False) -> tuple[str, ...]:
    """The titles that a workbook with these findings has, in tab order; the load only where anything goes by it, the
    scenarios only where a case changes an input of a sheet."""
    has = {
        LOAD_SHEET: by_the_hour,
        cases.TITLE: scenarios,
        stamp.BRIEF: found is not None,
        stamp.BRIDGE: found is not None and found.reasons is not None,
        stamp.SENSITIVITY: found is not None and found.sensitive,
        stamp.RISK: found is not None and found.simulated is not None,
    }
    return tuple(title for title in SHEETS if has.get(title, True))
