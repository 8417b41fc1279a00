"""Workloads: the mix of work that every option serves, in the same form as the inputs."""

from __future__ import annotations

from workbook import entries
from workbook.book import Book
from workbook.inputs import Rows

TITLE = "Workloads"


def write(book: Book) -> None:
    """The inputs of each workload."""
    rows = Rows(book, TITLE, "Workloads: the work that every option serves")
    for section in entries.workload_sections(book.study):
        rows.section(section)
    rows.close()
