"""Comparison: every single figure of the options side by side."""

from __future__ import annotations

from models.results import ONCE
from workbook.book import Book
from workbook.summary import table

TITLE = "Comparison"


def write(book: Book) -> None:
    """Write the sheet."""
    table(book, TITLE, ONCE)
