"""Where a table stands in a file: its sheet, its row of headings, and which of its columns is which of ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string, get_column_letter

from importers.quotes.cells import columns
from importers.quotes.cells.columns import BY_NAME, exact, folded, suggested
from importers.quotes.cells.findings import QuoteError, refusal, shown
from importers.quotes.cells.sheet import Cell, Sheet, open_sheet

HEADER_SEARCHED_ROWS = 40
LEAST_HEADINGS = 3
SAMPLES = 3
# A workbook with more sheets than this is asked which one it is.
MOST_SHEETS_SEARCHED = 8
# A price may be said by others: the first of ours that stand for the second.
STANDS_FOR_PRICE = (("line_total",), ("list_price", "discount"), ("input_price",), ("output_price",))
# Without these nothing can be read: whose offer it is, and for what. All else that is missing is told of what was read.
ESSENTIAL = ("vendor", "quote_number", "item", "net_price")


@dataclass(frozen=True)
class Heading:
    """A column of a file: its letter, its heading, the first things below it, and the column it probably is."""

    letter: str
    heading: str
    samples: tuple[str, ...]
    suggested: str | None


@dataclass(frozen=True)
class Survey:
    """What a file looks like before it is read: its sheets, the row of headings found (None if none), its columns."""

    file: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int | None
    headings: tuple[Heading, ...]


def survey(content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None) -> Survey:
    """The columns of a file, to map them by hand. Raises QuoteError as `open_sheet` does."""
    held, row = find_table(content, name, sheet, header_row)
    headings = () if row is None else tuple(_headings(held, row))
    return Survey(held.file, held.name, held.names, row, headings)


def find_table(content: bytes, name: str, sheet: str | None, header_row: int | None) -> tuple[Sheet, int | None]:
    """The sheet and its row of headings, None if none is found.

    Unless a sheet is named, it is the visible one with the most headings that are known, the first of those alike.
    """
    held = open_sheet(content, name, sheet)
    if sheet is None and len(held.visible) > 1:
        others = [each for each in held.visible if each != held.name][: MOST_SHEETS_SEARCHED - 1]
        opened = [held, *_opened(content, name, others)]
        held = max(opened, key=lambda each: max(_known_headings(each), default=0))
    return held, header_row or _header_row(held)


def _opened(content: bytes, name: str, sheets: Sequence[str]) -> Iterator[Sheet]:
    """Those of the sheets that can be read; what is wrong with another sheet is not in the way of this one."""
    for each in sheets:
        with contextlib.suppress(QuoteError):
            yield open_sheet(content, name, each)


def _header_row(sheet: Sheet) -> int | None:
    """The row with the most headings that are known, if there are a few."""
    known = _known_headings(sheet)
    best = max(known, default=0)
    return known.index(best) + 1 if best >= LEAST_HEADINGS else None


def _known_headings(sheet: Sheet) -> list[int]:
    """How many headings that are known stand in each of the first rows."""
    rows = sheet.rows[:HEADER_SEARCHED_ROWS]
    return [len({s for cell in row if (s := _suggestion(cell))}) for row in rows]


def _suggestion(cell: Cell) -> str | None:
    return suggested(cell.value) if isinstance(cell.value, str) else None


def _headings(sheet: Sheet, row: int) -> Iterator[Heading]:
    below = sheet.rows[row:]
    for index, cell in enumerate(sheet.rows[row - 1] if row <= len(sheet.rows) else ()):
        samples = [each[index].value for each in below if index < len(each) and each[index].value is not None]
        if cell.value is not None or samples:
            seen = tuple(shown(sample) for sample in samples[:SAMPLES])
            heading = "" if cell.value is None else str(cell.value)
            yield Heading(get_column_letter(index + 1), heading, seen, _suggestion(cell))


def places(sheet: Sheet, row: int, mapping: Mapping[str, str] | None) -> dict[str, int]:
    """The position of each of our columns in the file."""
    if row > len(sheet.rows):
        raise refusal(f"{sheet.file} has no row {row}: it ends in row {len(sheet.rows)}")
    heads = sheet.rows[row - 1]
    if mapping is None:
        found: dict[str, int] = {}
        for index, cell in enumerate(heads):
            name = exact(cell.value) if isinstance(cell.value, str) else None
            if name is not None and name in found:
                raise refusal(f"{sheet.file} has two columns {shown(cell.value)} (row {row}): rename one")
            if name is not None:
                found[name] = index
        return found
    return {columns.named(name).name: _position(sheet, heads, place) for name, place in mapping.items() if place}


def _position(sheet: Sheet, heads: Sequence[Cell], place: str) -> int:
    """Where a heading, or else a letter, stands."""
    matching = [i for i, cell in enumerate(heads) if cell.value is not None and folded(cell.value) == folded(place)]
    if len(matching) > 1:
        raise refusal(f"{sheet.file} has {len(matching)} columns headed {shown(place)}: name the one by its letter")
    if matching:
        return matching[0]
    if place.isascii() and place.isalpha() and len(place) <= 2:
        return column_index_from_string(place.upper()) - 1
    known = ", ".join(shown(cell.value) for cell in heads if cell.value is not None)
    raise refusal(f"{sheet.file} has no column {shown(place)}; it has {known}")


def check_columns(sheet: Sheet, row: int, known: set[str]) -> None:
    """Refuses a file that lacks what its rows cannot be read without."""
    priced = any(known.issuperset(names) for names in STANDS_FOR_PRICE)
    needed = [name for name in ESSENTIAL if name not in known and (name != "net_price" or not priced)]
    missing = [BY_NAME[name] for name in needed]
    if not missing:
        return
    proposed = [
        f"{shown(cell.value)} may be {BY_NAME[name].label}"
        for cell in sheet.rows[row - 1]
        if isinstance(cell.value, str) and (name := suggested(cell.value)) and name in {c.name for c in missing}
    ]
    hint = f" ({'; '.join(proposed)})" if proposed else ""
    labels = ", ".join(column.label for column in missing)
    raise refusal(f"{sheet.file} lacks {labels}: map a column to each, or say what holds for all lines{hint}")
