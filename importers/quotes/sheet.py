"""From the bytes of an upload to the cells of one sheet. Uploads are hostile until they are read.

Everything is read in memory and within limits; the file's name is only shown, never opened. Formulas are never
computed: the value that the program which saved the file left beside them is taken, and each such cell is known.
"""

from __future__ import annotations

import csv
import datetime
import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from importers.quotes.findings import QuoteError, refusal, shown
from importers.records.fields import one_line

Content = str | float | bool | datetime.date | None

LARGEST_FILE_BYTES = 5_000_000
LARGEST_UNPACKED_BYTES = 20_000_000
LARGEST_RATIO = 100
# Small members of a workbook are repetitive by nature and harmless whatever their ratio.
RATIO_COUNTS_FROM_BYTES = 1_000_000
MOST_MEMBERS = 200
MOST_ROWS, MOST_COLUMNS = 2_000, 60
MOST_CELLS = 100_000
MOST_MERGED_CELLS = 10_000
LONGEST_NAME = 80
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
TEXT_ENDINGS, WORKBOOK_ENDINGS = (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
UNUSUAL = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}
DELIMITERS = ("\t", ";", ",")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its value (None = empty), whether it is what a formula left, and what its number format shows."""

    value: Content = None
    formula: bool = False
    number_format: str = ""


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: its name as a spreadsheet shows it, and its first and last rows and columns, from 1."""

    ref: str
    rows: tuple[int, int]
    columns: tuple[int, int]


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


def file_label(name: str) -> str:
    """The last part of a file's name, as it may be shown."""
    return one_line(re.split(r"[\\/]", name)[-1])[:LONGEST_NAME] or "the file"


def open_sheet(content: bytes, name: str, sheet: str | None = None) -> Sheet:
    """The cells of a workbook's sheet (the first visible one unless named) or of a CSV file.

    Raises QuoteError for anything else, and for files beyond the limits, each with the remedy.
    """
    label = file_label(name)
    ending = label[label.rfind(".") :].lower() if "." in label else ""
    if not content.strip():
        raise refusal(f"{label} is empty")
    if len(content) > LARGEST_FILE_BYTES:
        raise refusal(f"{label} is larger than {LARGEST_FILE_BYTES // 1_000_000} MB: send the price table only")
    if content.startswith(OLE):
        raise refusal(f"{label} is encrypted or an old .xls: open it, take the password off, save it as .xlsx")
    if content.startswith(PDF):
        raise refusal(f"{label} is a PDF: copy its table into the template")
    if content.startswith(ZIP):
        if ending in TEXT_ENDINGS:
            raise refusal(f"{label} is named {ending}, but holds a workbook or archive: give it its own ending")
        return _workbook(content, label, sheet)
    if ending in WORKBOOK_ENDINGS:
        raise refusal(f"{label} is named {ending}, but is no workbook: if it is text, name it .csv")
    return _text(content, label)


# ------------------------------------------------------------------------------------------------------------ workbooks


@dataclass(frozen=True)
class _Survey:
    """What stands around the values of a sheet."""

    merged: tuple[Merge, ...]
    hidden_rows: frozenset[int]
    formulas: frozenset[tuple[int, int]]


def _workbook(content: bytes, label: str, wanted: str | None) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, label)
            paths = _sheet_paths(archive, label)
            name = _chosen(paths, wanted, label)
            survey = _surveyed(archive, paths[name][0], label)
        rows = _values(content, name, survey)
    except QuoteError:
        raise
    except DefusedXmlException:
        raise refusal(f"{label} defines XML entities, as no quote needs: save it anew from a spreadsheet") from None
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged file runs into
        raise refusal(f"{label} is damaged ({type(error).__name__}): open it, save it as .xlsx, try again") from None
    visible = tuple(each for each, (_, shows) in paths.items() if shows)
    return Sheet(label, name, tuple(paths), visible, rows, survey.merged, survey.hidden_rows)


def _check_archive(archive: zipfile.ZipFile, label: str) -> None:
    """Refuse what is no plain workbook, or unpacks to more than a quote ever takes."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise refusal(f"{label} is encrypted: take the password off and save it as .xlsx")
    if "mimetype" in names or "xl/workbook.bin" in names:
        raise refusal(f"{label} is an .ods or .xlsb workbook: save it as .xlsx")
    if "xl/workbook.xml" not in names:
        raise refusal(f"{label} is an archive, but no workbook: send the .xlsx or .csv inside")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refusal(f"{label} contains macros, which are never needed here: save it as .xlsx")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED_BYTES:
        raise refusal(f"{label} unpacks to {unpacked / 1e6:,.0f} MB in {len(members)} parts: send the price table only")
    for member in members:
        large = member.file_size >= RATIO_COUNTS_FROM_BYTES
        if large and member.file_size > LARGEST_RATIO * max(member.compress_size, 1):
            raise refusal(f"{label} unpacks to over {LARGEST_RATIO} times its size: send the price table only")


def _sheet_paths(archive: zipfile.ZipFile, label: str) -> dict[str, tuple[str, bool]]:
    """The part that holds each sheet, by name, and whether the sheet is visible; chart sheets are left out."""
    with archive.open("xl/_rels/workbook.xml.rels") as file:
        targets = {each.get("Id"): str(each.get("Target")) for each in _root(file)}
    with archive.open("xl/workbook.xml") as file:
        sheets = list(_root(file).iter(f"{MAIN}sheet"))
    known = set(archive.namelist())
    found = {}
    for each in sheets:
        path = posixpath.normpath(posixpath.join("/xl", targets.get(each.get(RELATION), ""))).lstrip("/")
        if path in known and "worksheets" in path:
            found[str(each.get("name"))] = (path, each.get("state", "visible") == "visible")
    if not found:
        raise refusal(f"{label} holds no sheet with cells")
    return found


def _root(file: IO[bytes]) -> Any:
    return ElementTree.parse(file).getroot()


def _chosen(paths: dict[str, tuple[str, bool]], wanted: str | None, label: str) -> str:
    if wanted is None:
        return next((name for name, (_, visible) in paths.items() if visible), next(iter(paths)))
    if wanted not in paths:
        raise refusal(f"{label} has no sheet {shown(wanted)}; it has {', '.join(shown(name) for name in paths)}")
    return wanted


def _surveyed(archive: zipfile.ZipFile, path: str, label: str) -> _Survey:
    """Walks the sheet's XML once, within limits, for what the values alone do not tell."""
    merged, hidden, formulas = [], set(), set()
    row = column = cells = 0
    data = None
    with archive.open(path) as file:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            if event == "start" and element.tag == f"{MAIN}sheetData":
                data = element
            elif event == "start" and element.tag == f"{MAIN}row":
                row, column = int(element.get("r", row + 1)), 0
                if element.get("hidden") in ("1", "true"):
                    hidden.add(row)
            elif event == "end" and element.tag == f"{MAIN}row" and data is not None:
                data.clear()  # or a million empty rows would be kept
            elif event == "end" and element.tag == f"{MAIN}c":
                column = _column(element, column)
                cells += 1
                _check_cell(element, row, column, cells, label)
                if element.find(f"{MAIN}f") is not None:
                    formulas.add((row, column))
                element.clear()
            elif event == "end" and element.tag == f"{MAIN}mergeCell":
                merged.append(_merge(str(element.get("ref"))))
                element.clear()
                if len(merged) > MOST_MERGED_CELLS:
                    break
    if sum(map(_area, merged)) > MOST_MERGED_CELLS:
        raise refusal(f"{label} merges more than {MOST_MERGED_CELLS:,} cells: take the merging off, fill each cell")
    return _Survey(tuple(merged), frozenset(hidden), frozenset(formulas))


def _column(element: Any, before: int) -> int:
    place = element.get("r")
    return before + 1 if place is None else column_index_from_string(coordinate_from_string(place)[0])


def _check_cell(element: Any, row: int, column: int, cells: int, label: str) -> None:
    if cells > MOST_CELLS:
        raise refusal(f"{label} has more than {MOST_CELLS:,} cells: send the price table only")
    if len(element) and (row > MOST_ROWS or column > MOST_COLUMNS):
        limit = f"{MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        raise refusal(f"{label} is filled beyond {limit} (row {row:,}, column {column:,}): send the price table only")


def _merge(ref: str) -> Merge:
    left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(ref))
    return Merge(one_line(ref), (top, bottom), (left, right))


def _area(merge: Merge) -> int:
    """How many cells a range takes in, at least 1."""
    height, width = (last - first + 1 for first, last in (merge.rows, merge.columns))
    return max(height * width, 1)


def _values(content: bytes, name: str, survey: _Survey) -> tuple[tuple[Cell, ...], ...]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        # What the file says of its own size may be wrong, and is not needed.
        sheet = book[name]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        return tuple(
            tuple(_cell(each, (y, x) in survey.formulas) for x, each in enumerate(row, start=1))
            for y, row in enumerate(rows, start=1)
        )
    finally:
        book.close()


def _cell(each: Any, formula: bool) -> Cell:
    value = each.value
    if isinstance(value, str):
        value = value.strip() or None
    elif isinstance(value, datetime.datetime):
        value = value.date()
    elif isinstance(value, datetime.time | datetime.timedelta):
        value = str(value)
    if value is None and not formula:
        return EMPTY
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(float(value), formula, str(each.number_format))
    return Cell(value, formula)


# ----------------------------------------------------------------------------------------------------------------- text


def _text(content: bytes, label: str) -> Sheet:
    text, encoding = _decoded(content, label)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<html", "<!doctype", "<?xml", "<table", "{\\rtf")):
        raise refusal(f"{label} is a web page or document under another name: open it and save it as .xlsx")
    separator = _separator(text)
    try:
        rows = tuple(_text_rows(io.StringIO(text, newline=""), separator, label))
    except csv.Error as error:
        raise refusal(f"{label} is no CSV file that can be read: {error}") from None
    return Sheet(label, "", (), (), rows, (), frozenset(), encoding)


def _decoded(content: bytes, label: str) -> tuple[str, str]:
    """The text, and the encoding where it is not the one to expect: digits are alike in all, other characters not.

    Spreadsheets under Windows save "CSV" in the code page of the machine, and "Unicode text" as UTF-16.
    """
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    if encodings[0] != "utf-16" and b"\0" in content:
        raise refusal(f"{label} is neither a workbook nor text: send .xlsx or .csv")
    for encoding in encodings:
        try:
            return content.decode(encoding), UNUSUAL.get(encoding, "")
        except UnicodeDecodeError:
            continue
    raise refusal(f'{label} is in no encoding that is known: save it as "CSV UTF-8"')


def _separator(text: str) -> str:
    """What separates the cells: what splits most of the first lines alike, and into most of them.

    The commas of 1.234,50 split the prices of a file too, but not its headings.
    """
    head = text[:20_000]

    def alike(separator: str) -> tuple[int, int]:
        lines = islice(csv.reader(io.StringIO(head, newline=""), delimiter=separator), 20)
        try:
            widths = Counter(len(line) for line in lines if len(line) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=alike)


def _text_rows(file: IO[str], separator: str, label: str) -> Iterator[tuple[Cell, ...]]:
    for number, line in enumerate(csv.reader(file, delimiter=separator), start=1):
        if number > MOST_ROWS or len(line) > MOST_COLUMNS:
            limit = f"{MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
            raise refusal(f"{label} has more than {limit} (row {number:,}): send the price table only")
        yield tuple(Cell(cell.strip()) if cell.strip() else EMPTY for cell in line)
