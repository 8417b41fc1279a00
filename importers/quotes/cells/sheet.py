"""From the bytes of an upload to the cells of one sheet of a quote. The file's name is only shown, never opened."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from files import text, xlsx
from files.limits import QUOTE, Fault, Limits, Refused, check_size, file_name, kind
from files.xlsx import Merge
from importers.quotes.cells.findings import refusal, shown
from models.notation.writer import count

Content = str | float | bool | datetime.date | None

TEXT_ENDINGS, WORKBOOK_ENDINGS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
UNUSUAL = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}
DELIMITERS = ("\t", ";", ",")
SEND_LESS = "send the price table only"
_UNPACKS = f"unpacks to {{megabytes:,.0f}} MB in {{parts}} parts: {SEND_LESS}"
_ANOTHER_KIND = "is an .ods or .xlsb workbook: save it as .xlsx"
_TOO_MANY = f"has more than {count(QUOTE.rows)} rows or {QUOTE.columns} columns (row {{row:,}}): {SEND_LESS}"
WORDS: Mapping[Fault, str] = {
    "large": f"is larger than {{most}} MB: {SEND_LESS}",
    "binary": "is neither a workbook nor text: send .xlsx or .csv",
    "encoding": 'is in no encoding that is known: save it as "CSV UTF-8"',
    "rows": _TOO_MANY,
    "columns": _TOO_MANY,
    "csv": "is no CSV file that can be read: {error}",
    "encrypted": "is encrypted: take the password off and save it as .xlsx",
    "open document": _ANOTHER_KIND,
    "binary workbook": _ANOTHER_KIND,
    "archive": "is an archive, but no workbook: send the .xlsx or .csv inside",
    "macros": "contains macros, which are never needed here: save it as .xlsx",
    "parts": _UNPACKS,
    "unpacked": _UNPACKS,
    "ratio": f"unpacks to over {{most}} times its size: {SEND_LESS}",
    "damaged": "is damaged ({error}): open it, save it as .xlsx, try again",
    "doubled parts": "is damaged (two parts of one name): open it, save it as .xlsx, try again",
    "entities": "defines XML entities, as no quote needs: save it anew from a spreadsheet",
    "no sheets": "holds no sheet with cells",
    "no such sheet": "has no sheet {name}: choose another",
    "cells": f"has more than {{most:,}} cells and rows: {SEND_LESS}",
    "filled": "is filled beyond {rows:,} rows and {columns} columns (row {row:,}, column {column:,}): " + SEND_LESS,
    "merged": "merges more than {most:,} cells: take the merging off, fill each cell",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its value (None = empty), whether it is what a formula left, and what its number format shows."""

    value: Content = None
    formula: bool = False
    number_format: str = ""


EMPTY = Cell()
# More rows than any sheet of a quote has.
_SHEETS_APART = 1_000_000


class SheetRow(int):
    """A row of a sheet beside the first that is read: it sorts behind the first's rows, and is shown with its sheet."""

    sheet: str
    of_sheet: int

    def __new__(cls, of_sheet: int, position: int, sheet: str) -> SheetRow:
        made = int.__new__(cls, position * _SHEETS_APART + of_sheet)
        made.of_sheet, made.sheet = of_sheet, sheet
        return made

    def __getnewargs__(self) -> tuple[int, int, str]:  # type: ignore[override]
        return self.of_sheet, int(self) // _SHEETS_APART, self.sheet

    def __str__(self) -> str:
        return f"{self.of_sheet} of {self.sheet}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def in_sheet(row: int) -> int:
    """The number of a row in its own sheet."""
    return row.of_sheet if isinstance(row, SheetRow) else row


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet by row; row 1 of the sheet is `rows[0]`.

    `names` are all sheets of the file, `visible` those that are not hidden. `encoding` is named if it is not UTF-8.
    """

    file: str
    name: str
    names: tuple[str, ...]
    visible: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merge, ...]
    hidden_rows: frozenset[int]
    encoding: str = ""


def open_sheet(content: bytes, name: str, sheet: str | None = None) -> Sheet:
    """The cells of a workbook's sheet (the first visible one unless named) or of a CSV file.

    Raises QuoteError for anything else, and for files beyond the limits, each with the remedy.
    """
    label = file_name(name, "the file")
    try:
        return _opened(content, label, sheet)
    except Refused as refused:
        raise refusal(f"{label} {refused.told(WORDS)}") from None


def _opened(content: bytes, label: str, sheet: str | None) -> Sheet:
    ending = label[label.rfind(".") :].lower() if "." in label else ""
    if not content.strip():
        raise refusal(f"{label} is empty")
    check_size(len(content), QUOTE)
    found = kind(content)
    if found == "ole":
        raise refusal(f"{label} is encrypted or an old .xls: open it, take the password off, save it as .xlsx")
    if found == "pdf":
        raise refusal(f"{label} is a PDF: copy its table into the template")
    if found == "zip":
        if ending in TEXT_ENDINGS:
            raise refusal(f"{label} is named {ending}, but holds a workbook or archive: give it its own ending")
        return _workbook(content, label, sheet)
    if ending in WORKBOOK_ENDINGS:
        raise refusal(f"{label} is named {ending}, but is no workbook: if it is text, name it .csv")
    return _text(content, label)


def _workbook(content: bytes, label: str, wanted: str | None) -> Sheet:
    archive = xlsx.opened(content, QUOTE)
    sheets = archive.sheets()
    visible = tuple(name for name, shows in sheets.items() if shows)
    if wanted is not None and wanted not in sheets:
        raise refusal(f"{label} has no sheet {shown(wanted)}; it has {', '.join(map(shown, sheets))}")
    name = wanted or next(iter((*visible, *sheets)))
    found = archive.sheet(name)
    rows = tuple(tuple(map(_cell, row)) for row in found.rows)
    return Sheet(label, name, tuple(sheets), visible, rows, found.merged, found.hidden_rows)


def _cell(each: xlsx.Cell) -> Cell:
    value: Any = each.value
    formula = each.formula is not None
    if isinstance(value, str):
        value = value.strip() or None
    elif isinstance(value, datetime.datetime):
        value = value.date()
    elif isinstance(value, datetime.time | datetime.timedelta):
        value = str(value)
    if value is None and not formula:
        return EMPTY
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(float(value), formula, each.number_format)
    return Cell(value, formula)


def _text(content: bytes, label: str) -> Sheet:
    # Digits are alike in all encodings; other characters are not, so that an unusual one is told.
    words, encoding = text.decoded(content, QUOTE, text.OF_SPREADSHEETS)
    if words.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<?xml", "<table", "{\\rtf")):
        raise refusal(f"{label} is a web page or document under another name: open it and save it as .xlsx")
    rows = tuple(
        tuple(Cell(cell.strip()) if cell.strip() else EMPTY for cell in line)
        for line in text.rows(words, QUOTE, _separator(words))
    )
    return Sheet(label, "", (), (), rows, (), frozenset(), UNUSUAL.get(encoding, ""))


def _separator(words: str) -> str:
    """What separates the cells: what splits most of the first lines alike, and into most of them.

    The commas of 1.234,50 split the prices of a file too, but not its headings.
    """
    head = words[:20_000]

    def alike(separator: str) -> tuple[int, int]:
        try:
            lines = islice(text.rows(head, Limits(QUOTE.bytes), separator), 20)
            widths = Counter(len(line) for line in lines if len(line) > 1)
        except Refused:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=alike)
