"""Workloads: the mix of work that every option serves, in the same form as the inputs."""

from __future__ import annotations

from workbook.sheets.given.inputs import Rows
from workbook.writing import entries
from workbook.writing.book import Book

TITLE = "Workloads"


def write(book: Book) -> None:
    """The inputs of each workload."""
    rows = Rows(book, TITLE, "Workloads: the work that every option serves")
    for section in entries.workload_sections(book.study):
        rows.section(section)
    rows.close()
