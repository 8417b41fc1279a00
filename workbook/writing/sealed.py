"""What a workbook says of itself so that a change can be found later: its study, its seal, a mark for every formula.

They stand on the last sheet, which says that it is for the program. A mark is a digest of a formula as every
spreadsheet means it: what a program writes otherwise when it saves the file (spaces, quotes it does not need, forms of
one number) is left out. They find what was overwritten by accident; what was rewritten together with its mark is found
by writing the workbook anew. The seal, which the library holds too, is what proves an approval.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from workbook.writing.book import Book, Sheet
from workbook.writing.page import PAPERS, printed_on
from workbook.writing.side_by_side import followed
from workbook.writing.styles import STRUCTURAL

TITLE = "Sealed"
# The rows of the sheet: what a row holds, then its content.
SEAL, PROGRAM, STUDY, MARKS = "seal", "program", "study", "formulas"
COLUMNS = 3
ABOUT = "For the program that wrote this workbook: by this sheet it finds what was changed. Not to be read."
LONGEST_CELL = 30_000
# No sheet is wider: forty years and the columns before them leave ample room.
MOST_COLUMNS = 256
_TEXT = re.compile(r'("(?:[^"]|"")*")')
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.$])(\d+\.?\d*(?:E[+-]?\d+)?|\.\d+(?:E[+-]?\d+)?)(?![A-Za-z0-9_(:!.])", re.IGNORECASE
)
_CELL = re.compile(r"(?<![A-Z0-9_.$])(\$?)([A-Z]{1,3})(\$?)(\d+)(?![A-Z0-9_(.!])")
_PLAIN_SHEET = re.compile(r"'([A-Za-z_][A-Za-z0-9_.]*)'!")
_SPAN = re.compile(r"([A-Z]{1,3})(?:-([A-Z]{1,3}))?:([\w-]{4})", re.ASCII)
Place = tuple[int, int]


def mark(formula: str, place: Place) -> str:
    """The mark of a formula in the cell at a row and column, from 1: the same however a program spells it, and in each
    cell that it is copied to."""
    digest = hashlib.sha256(_meant(formula, place).encode()).digest()
    return base64.urlsafe_b64encode(digest[:3]).decode()


def _meant(formula: str, place: Place) -> str:
    def seen_from_here(found: re.Match[str]) -> str:
        column = found[2] if found[1] else f"[{_number(found[2]) - place[1]}]"
        return f"{column}${found[4] if found[3] else f'[{int(found[4]) - place[0]}]'}"

    parts = _TEXT.split(formula.removeprefix("="))
    for at in range(0, len(parts), 2):  # between them stand the quoted texts, which stay as they are
        part = _PLAIN_SHEET.sub(r"\1!", parts[at])
        part = part if "'" in part else re.sub(r"\s+", "", part)
        part = _NUMBER.sub(lambda found: repr(float(found[0])), part).upper().replace("_XLFN.", "")
        parts[at] = _CELL.sub(seen_from_here, part)
    return "".join(parts)


@cache
def _number(letters: str) -> int:
    return xl_cell_to_rowcol(f"{letters}1")[1] + 1


def marked(formulas: Mapping[Place, str]) -> dict[Place, str]:
    """The formulas that bear a mark: all but those of inputs that follow another, which may be typed over."""
    return {place: formula for place, formula in formulas.items() if followed(formula) is None}


def marks(formulas: Mapping[Place, str]) -> Iterator[tuple[int, str]]:
    """The marks of a sheet by row: columns and their mark, "G-K:a8Fz", several parted by a space."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), formula in sorted(marked(formulas).items()):
        rows.setdefault(row, []).append((column, mark(formula, (row, column))))
    for row, found in rows.items():
        runs = groupby(enumerate(found), key=lambda each: (each[1][0] - each[0], each[1][1]))
        yield row, " ".join(f"{_span([column for _, (column, _) in run])}:{same}" for (_, same), run in runs)


def _span(columns: Sequence[int]) -> str:
    first, last = (xl_col_to_name(column - 1) for column in (columns[0], columns[-1]))
    return first if first == last else f"{first}-{last}"


def read_marks(text: str) -> Iterator[tuple[Place, str]]:
    """The marks of a sheet by cell, from its rows as `write` keeps them.

    Raises ValueError for what `write` does not write, such as a column further out than any sheet goes.
    """
    for line in text.split("\n"):
        row, *spans = line.split(" ")
        for each in spans:
            found = _SPAN.fullmatch(each)
            end = _number(found[2] or found[1]) if found else 0
            if found is None or not row.isdecimal() or end > MOST_COLUMNS:
                raise ValueError(f"{line[:40]!r} marks no cells of a workbook of this app")
            for column in range(_number(found[1]), end + 1):
                yield (int(row), column), found[3]


@cache
def program() -> str:
    """The digest of all that decides on a formula: where it is the same, one study gives one workbook."""
    root = Path(__file__).parents[2]
    code = sorted(path for room in ("models", "workbook") for path in (root / room).rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()


def write(book: Book, study: str) -> None:
    """Write the sheet; after all others, since it marks what stands on them. `study` is the study's file."""
    sheet = book.file.add_worksheet(TITLE, Sheet)
    rows = [
        ("about", ABOUT, ""),
        (SEAL, book.seal, ""),
        (PROGRAM, program(), ""),
        *((STUDY, part, "") for part in _parts(study)),
    ]
    for title, held in book.sheets.items():
        assert isinstance(held, Sheet)
        text = "\n".join(f"{row} {found}" for row, found in marks(held.formulas()))
        rows += [(MARKS, title, part) for part in _parts(text)]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text)
    for number, cells in enumerate(book.written.values(), start=COLUMNS):
        for row, content in cells.items():
            sheet.write(row - 1, number, content)
    sheet.set_paper(PAPERS[printed_on(book)])
    sheet.print_area(0, 0, 0, 1)
    sheet.set_column(1, 1, len(ABOUT))  # so that the words are printed whole
    sheet.fit_to_pages(1, 1)
    sheet.set_tab_color(STRUCTURAL)
    sheet.protect("")


def keep(
    book: Book, title: str, written: Mapping[int, Mapping[int, float | str]], rows: tuple[int, int], holds: int
) -> None:
    """Keep what the cells of inputs hold at export, by column and row, and leave for Checks how to count what was
    changed since, and where stands whether they hold what they may."""
    at = COLUMNS + len(book.written)
    columns = range(min(written), max(written) + 1)
    book.written |= {(title, column): written.get(column, {}) for column in columns}

    def cells(sheet: str, first: int, last: int) -> str:
        return f"'{sheet}'!${xl_col_to_name(first)}${rows[0]}:${xl_col_to_name(last)}${rows[1]}"

    now, then = cells(title, columns[0], columns[-1]), cells(TITLE, at, at + len(columns) - 1)
    book.places[f"{title} changed"] = f"SUMPRODUCT(--({now}<>{then}))"
    book.places[f"{title} hold"] = cells(title, holds, holds)


def _parts(text: str) -> list[str]:
    """A text in parts that a cell takes."""
    return [text[at : at + LONGEST_CELL] for at in range(0, len(text), LONGEST_CELL)]
