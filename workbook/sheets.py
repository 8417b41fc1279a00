"""The sheets in tab order; to add one, write its file and name it here."""

from __future__ import annotations

from collections.abc import Callable

from workbook import calculation, checks, comparison, inputs, summary
from workbook.book import Book


def _options(book: Book) -> None:
    for option in book.options:
        calculation.write(book, option)


SHEETS: tuple[Callable[[Book], None], ...] = (
    summary.write,
    comparison.write,
    inputs.write_inputs,
    inputs.write_workloads,
    _options,
    checks.write,
)
TITLES: tuple[str, ...] = (summary.TITLE, comparison.TITLE, inputs.TITLE, inputs.WORKLOADS_TITLE, checks.TITLE)
