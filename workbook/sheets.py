"""The sheets in tab order; to add one, write its file and name it here."""

from __future__ import annotations

from collections.abc import Callable

from workbook import (
    calculation,
    change_log,
    charts,
    checks,
    choice,
    comparison,
    cover,
    energy,
    evidence,
    glossary,
    inputs,
    summary,
    workloads,
)
from workbook.book import OPTIONS, Book

SHEETS: dict[str, Callable[[Book], None]] = {
    cover.TITLE: cover.write,
    summary.TITLE: summary.write,
    charts.TITLE: charts.write,
    comparison.TITLE: comparison.write,
    choice.TITLE: choice.write,
    inputs.TITLE: inputs.write,
    workloads.TITLE: workloads.write,
    OPTIONS: calculation.write,
    energy.TITLE: energy.write,
    evidence.TITLE: evidence.write,
    checks.TITLE: checks.write,
    change_log.TITLE: change_log.write,
    glossary.TITLE: glossary.write,
}
# A sheet is written after those whose addresses it reads.
_READ_LAST = (choice.TITLE, comparison.TITLE, charts.TITLE, change_log.TITLE, summary.TITLE, cover.TITLE)
ORDER: tuple[str, ...] = (*(title for title in SHEETS if title not in _READ_LAST), *_READ_LAST)
