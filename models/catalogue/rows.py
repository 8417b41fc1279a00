"""Rows of the catalogue: read from CSV, each cell checked, what is wrong told by file, row and column.

A file of one's own is not trusted: its size, rows and cells are bounded, and a cell becomes the number it plainly is or
an error, never another number.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from files import text
from files.limits import CATALOGUE, Fault, Refused
from models.catalogue.tables import ELECTRICITY_UNITS, SYSTEM_UNITS, TABLES, Column, Table
from models.notation import reader, writer
from models.studies.inputs import week
from models.studies.inputs.field import LARGEST
from models.studies.inputs.problem import Problem, shown_value
from models.studies.inputs.spelling import nearest_hint
from models.studies.inputs.value import Content, Value

LONGEST_CELL = CATALOGUE.cell
MOST_PROBLEMS = 20
WORDS: Mapping[Fault, str] = {
    "large": "is larger than {most} MB, and a few hundred facts take less: is it the right file?",
    "binary": "is not text; save the sheet as CSV (UTF-8)",
    "encoding": "is not UTF-8 text (row {line}); save the sheet as CSV (UTF-8)",
    "rows": f"has more than {writer.count(CATALOGUE.rows - 1)} rows; keep the rows you need",
    "csv": "is not sound CSV near row {line} ({error}); save the sheet as CSV again",
}
# The code of a currency at the start of a unit: "USD" in "USD/kWh".
CURRENCY = re.compile(r"^[A-Z]{3}(?=/|$)")

Cell = str | float | None


class CatalogueError(ValueError):
    """Rows that cannot be used. `problems` lists what is wrong, each with file, row and column."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems]
        super().__init__(lines[0] if len(lines) == 1 else "\n- ".join((f"{len(lines)} problems:", *lines)))

    def __reduce__(self) -> tuple[type[CatalogueError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


@dataclass(frozen=True)
class Entry:
    """One row: the table it is of, its line in the file, its cells by column (None = blank), and whether it is yours.

    `shares` holds the yearly shares of a tax schedule.
    """

    table: str
    row: int
    cells: Mapping[str, Cell]
    own: bool = False
    shares: tuple[float, ...] = ()

    def text(self, column: str) -> str:
        """A cell as text; "" if it is blank."""
        cell = self.cells[column]
        return cell if isinstance(cell, str) else "" if cell is None else writer.in_cell(cell)

    def number(self, column: str) -> float | None:
        """A number; None if it is blank."""
        cell = self.cells[column]
        assert cell is None or isinstance(cell, float)
        return cell

    def needed(self, column: str) -> float:
        """A number of a column that no row leaves blank."""
        number = self.number(column)
        assert number is not None
        return number

    @property
    def title(self) -> str:
        """What the row is about: "NVIDIA HGX H200, H200"."""
        table = TABLES[self.table]
        return ", ".join(filter(None, (self.text(column.name) for column in table.own_columns[: table.named_by])))

    def day(self, column: str) -> tuple[float, ...]:
        """The 24 loads of a column of days; empty if it is blank."""
        return tuple(load for part in self.text(column).split(";") if (load := reader.plain(part)) is not None)

    def value(self, content: Content, low: float | None = None, high: float | None = None) -> Value:
        """A value of a study with this row's provenance, set by the catalogue."""
        said: dict[str, Any] = {
            name: self.text(name) or None for name in ("source", "url", "as_of", "confidence", "note")
        }
        return replace(Value(content, low, high, set_by="catalogue"), **said)

    def ranged(self) -> Value | None:
        """The row's `value`, with its range if it has one; None where the source gives a range only."""
        low, value, high = (self.number(name) if name in self.cells else None for name in ("low", "value", "high"))
        return None if value is None else self.value(value, low, high)


def latest_day(as_of: str) -> datetime.date:
    """The last day that a date like 2026, 2026-07 or 2026-07-31 may mean. Raises ValueError for no date."""
    parts = [int(part) for part in as_of.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    if not 1 <= month <= 12:
        raise ValueError(f"{as_of} names no month")
    return datetime.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def read_rows(table: Table, content: bytes, file: str, *, own: bool) -> list[Entry]:
    """The entries in the text of a CSV file. Raises CatalogueError with (at most 20 of) what is wrong."""
    rows = _rows(content, file)
    names = _header(table, rows[0] if rows else [], file)
    errors: list[Problem] = []
    entries: list[Entry] = []
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells) and len(errors) < MOST_PROBLEMS:
            entry = _entry(table, names, cells, f"{file}, row {number}", number, own, errors)
            entries += [entry] if entry else []
    if errors:
        raise CatalogueError(errors[:MOST_PROBLEMS])
    if not entries:
        raise CatalogueError([Problem(file, None, "holds no rows below its header; add one row for each fact")])
    return entries


def _rows(content: bytes, file: str) -> list[list[str]]:
    """The cells of a CSV file, row by row, within the limits."""
    try:
        return list(text.rows(text.decoded(content, CATALOGUE)[0], CATALOGUE, strict=True))
    except Refused as refused:
        raise _refused(file, refused.told(WORDS)) from None


def _refused(place: str, message: str) -> CatalogueError:
    return CatalogueError([Problem(place, None, message)])


def _header(table: Table, cells: Sequence[str], file: str) -> list[str]:
    """The column each cell belongs to; one that is unknown, missing or there twice is refused."""
    names = [cell.strip() for cell in cells]
    known = {column.name: column for column in table.columns}
    place = f"{file}, row 1"
    if len(names) == 1 and ";" in names[0]:
        raise _refused(place, "separates its cells with semicolons; save the sheet as CSV with commas")
    errors = [
        Problem(place, name[:LONGEST_CELL], f"is no column of {table.name}{nearest_hint(name, known)}")
        for name in names[:MOST_PROBLEMS]
        if name not in known
    ]
    twice = [name for name in known if names.count(name) > 1]
    errors += [Problem(place, name, "names a column twice; keep one") for name in twice]
    missing = [name for name, column in known.items() if column.required and name not in names]
    errors += [Problem(place, None, f"the column {name} is missing; add it") for name in missing]
    if errors:
        raise CatalogueError(errors[:MOST_PROBLEMS])
    return names


def _entry(
    table: Table, names: Sequence[str], cells: Sequence[str], place: str, number: int, own: bool, errors: list[Problem]
) -> Entry | None:
    """The entry of one row; None, with the reasons in `errors`, where something is wrong with it."""
    before = len(errors)
    if len(cells) != len(names):
        message = f"has {len(cells)} cells, and the first row names {len(names)} columns; quote a cell that has commas"
        errors.append(Problem(place, None, message))
        return None
    raw = dict(zip(names, (cell.strip() for cell in cells), strict=True))
    read: dict[str, Cell] = {}
    for column in table.columns:
        cell = raw.get(column.name, "")
        if fault := _fault(column, cell):
            shown = cell[:LONGEST_CELL] or None
            errors.append(Problem(f"{place}, column {column.name}", shown, fault))
        read[column.name] = _content(column, cell) if not fault else None
    if len(errors) > before:
        return None
    entry = Entry(table.name, number, read, own, _shares(table, raw))
    errors += [Problem(f"{place}, column {name}", None, fault) for name, fault in _row_faults(entry)]
    return entry if len(errors) == before else None


def _content(column: Column, cell: str) -> Cell:
    if not cell:
        return None
    return reader.plain(cell) if column.kind in ("number", "whole") else cell


def _shares(table: Table, raw: Mapping[str, str]) -> tuple[float, ...]:
    return tuple(
        share
        for column in table.columns
        if column.kind == "schedule"
        for part in raw[column.name].split(";")
        if (share := reader.plain(part)) is not None
    )


# --------------------------------------------------------------------------------------------------- what is wrong

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_RANGE = ("low", "value", "high")


def _fault(column: Column, cell: str) -> str:
    """Why a cell cannot be read, with the remedy, or ""."""
    if len(cell) > LONGEST_CELL:
        return f"has more than {writer.count(LONGEST_CELL)} characters; shorten it"
    if not cell:
        return "is missing; fill it in" if column.required else ""
    if column.choices and cell not in column.choices:
        return f"must be one of {', '.join(column.choices)}{nearest_hint(cell, column.choices)}"
    if column.kind in ("number", "whole"):
        return _number_fault(column, cell)
    return _LIST_FAULTS[column.kind](cell) if column.kind in _LIST_FAULTS else ""


def _number_fault(column: Column, cell: str) -> str:
    number = reader.plain(cell)
    if number is None:
        share = reader.plain(cell.removesuffix("%"))
        if cell.endswith("%") and share is not None:
            return f"must be a fraction: write {writer.as_typed(share / 100)}"
        if reader.plain(cell.replace(",", ".", 1)) is not None:
            return "must be a number with a decimal point, not a comma, and without thousands separators"
        return "must be a number such as 0.12 or 32000, without unit or separators"
    if abs(number) > LARGEST:
        return "is far too large to be meant"
    if number < 0 and column.name not in (*_RANGE, "yearly_change"):
        return "must not be negative"
    return "must be a whole number" if column.kind == "whole" and number != int(number) else ""


def _schedule_fault(cell: str) -> str:
    parts = [reader.plain(part) for part in cell.split(";")]
    shares = [part for part in parts if part is not None and 0 <= part <= 1]
    if len(shares) < len(parts):
        return "must be yearly shares between 0 and 1, separated by semicolons, such as 0.5;0.3;0.2"
    total = math.fsum(shares)
    return "" if total <= 1 + 1e-9 else f"adds up to {writer.exact(total)}; together the shares must not exceed 1"


def _day_fault(cell: str) -> str:
    loads = [reader.plain(part) for part in cell.split(";")]
    if len(loads) != week.HOURS_PER_DAY or any(load is None or load < 0 for load in loads):
        return "must be 24 loads from 0:00, none below 0, separated by semicolons"
    return ""


def _windows_fault(cell: str) -> str:
    try:
        week.hours(cell)
    except ValueError as error:
        return str(error)
    return ""


_LIST_FAULTS: Mapping[str, Callable[[str], str]] = {
    "schedule": _schedule_fault,
    "day": _day_fault,
    "windows": _windows_fault,
}


def _row_faults(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is wrong with a row whose cells can be read, each with its column."""
    yield from _provenance_faults(entry)
    yield from _range_faults(entry)
    wanted = _unit_wanted(entry)
    if wanted and CURRENCY.sub("money", entry.text("unit")) != wanted:
        meant = wanted.replace("money", "USD")
        other = " (or another currency's code)" if "money" in wanted else ""
        yield "unit", f"must be {meant}{other} for {entry.text('quantity')}, not {shown_value(entry.text('unit'))}"


def _unit_wanted(entry: Entry) -> str:
    units = {"systems": SYSTEM_UNITS, "electricity": ELECTRICITY_UNITS}.get(entry.table)
    return units[entry.text("quantity")] if units else ""


def _range_faults(entry: Entry) -> Iterator[tuple[str, str]]:
    bounds = [(name, entry.number(name)) for name in _RANGE if name in entry.cells]
    known = [(name, number) for name, number in bounds if number is not None]
    if bounds and not known:
        yield "value", "is missing, and so are low and high; fill one in"
    if [number for _, number in known] != sorted(number for _, number in known):
        yield "value", "must lie between low and high; correct or exchange them"
    may_fall = "unit" in entry.cells and entry.text("unit") == "1/yr"
    for name, number in known:
        if number < 0 and not may_fall:
            yield name, "must not be negative"


def _provenance_faults(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every row says where it is from; an assumption may have no source, but then says what it rests on."""
    as_of, url = entry.text("as_of"), entry.text("url")
    if as_of and not (_DATE.fullmatch(as_of) and _is_date(as_of)):
        yield "as_of", f"must be a date like 2026, 2026-07 or 2026-07-31, not {shown_value(as_of)}"
    if url and not url.startswith("https://"):
        yield "url", "must begin with https://, or stay blank"
    assumed, source = entry.text("confidence") == "assumed", entry.text("source")
    if not source and not assumed:
        yield "source", "is missing: say where the figure is from, or set confidence to assumed and explain in note"
    if not source and assumed and not entry.text("note"):
        yield "note", "is missing: an assumption without a source says what it rests on"
    if not url and not entry.own and not assumed:
        yield "url", "is missing: a fact of the catalogue can be followed to its source"


def _is_date(as_of: str) -> bool:
    try:
        latest_day(as_of)
    except ValueError:
        return False
    return True
