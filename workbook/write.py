"""Writes the workbook of a run: the model itself as live formulas, with the value that the engine found in every cell."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

from models.model import Result
from workbook.book import Book
from workbook.read import FORMAT, FORMAT_PROPERTY
from workbook.sheets import SHEETS, TITLES

# Text from people stays text: nothing they type becomes a formula, a link or a number.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(result: Result, target: Path | BinaryIO) -> None:
    """Write the workbook of a run to a path or an open binary file.

    Raises FormulaError for a line that Excel could not hold, and OSError where the file cannot be written.
    """
    file = Workbook(str(target) if isinstance(target, Path) else target, {**_OPTIONS, "in_memory": True})
    file.set_custom_property(FORMAT_PROPERTY, FORMAT)
    book = Book(result, file, TITLES)
    for sheet in SHEETS:
        sheet(book)
    file.close()
