"""Where the lines of an offer stand in a file: under headings, or as pairs of a label and a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from importers.quotes.cells.columns import suggested
from importers.quotes.cells.findings import shown
from importers.quotes.cells.sheet import Sheet
from importers.quotes.reading.headings import Found, find_table, proposed, table_at, visible_sheets
from importers.quotes.reading.pairs import is_of_pairs, table_of_pairs

SAMPLES = 3


@dataclass(frozen=True)
class Heading:
    """A column of a file: its letter, its heading, the first things below it, and the column it probably is."""

    letter: str
    heading: str
    samples: tuple[str, ...]
    suggested: str | None


@dataclass(frozen=True)
class Survey:
    """What a file looks like before it is read: its sheets, the row of headings found (None if none), its columns.

    `header_row` is 0 for pairs of a label and a value, which have columns of ours. `proposed` is the letter of the
    file's column for each of ours that is probably there.
    """

    file: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int | None
    headings: tuple[Heading, ...]
    proposed: Mapping[str, str]


def survey(content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None) -> Survey:
    """The columns of a file, to map them by hand. Raises QuoteError as `open_sheet` does."""
    held, found = located(content, name, sheet, header_row)
    if found is None:
        return Survey(held.file, held.name, held.names, None, (), {})
    letters = {key: get_column_letter(at + 1) for key, at in proposed(found).items()}
    return Survey(held.file, found.sheet.name, held.names, found.header_row, tuple(_headings(found)), letters)


def located(content: bytes, name: str, sheet: str | None, header_row: int | None) -> tuple[Sheet, Found | None]:
    """The sheet, and the lines of the offer in it: a table, or pairs where it has none; None where neither is found.

    A row of headings that was said is taken; 0 says that there is none.
    """
    held, row = find_table(content, name, sheet, header_row)
    table = None if row is None else table_at(held, row)
    if header_row or (table is not None and not is_of_pairs(table)):
        return held, table
    sheets = [held] if sheet is not None else visible_sheets(content, name, held)
    return held, table_of_pairs(sheets) or table


def _headings(found: Found) -> Iterator[Heading]:
    width = max((len(row) for row in (found.headings, *found.below)), default=0)
    for at in range(width):
        samples, heading = found.column(at), found.headings[at] if at < len(found.headings) else ""
        if heading or samples:
            seen = tuple(shown(sample.value) for sample in samples[:SAMPLES])
            yield Heading(get_column_letter(at + 1), heading, seen, suggested(heading) if heading else None)
