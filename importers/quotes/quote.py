"""Quotes as a file gives them: terms of the offer and its lines, with everything that is wrong told by row.

Rows that cannot be used are refused and named; the others are read. Nothing of a study is needed here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import column_index_from_string, get_column_letter

from importers.quotes import columns, values
from importers.quotes.columns import BY_NAME, COLUMNS, Column, exact, folded, suggested
from importers.quotes.findings import Finding, refusal, shown
from importers.quotes.lines import Line, check_lines, read_line
from importers.quotes.sheet import EMPTY, Cell, Sheet, open_sheet
from importers.quotes.values import Decimal

HEADER_SEARCHED_ROWS = 40
LEAST_HEADINGS = 3
SAMPLES = 3


@dataclass(frozen=True)
class Terms:
    """What an offer says of itself as a whole; None where it says nothing. Shares are fractions, times years or months.

    `delivery_months` is the delivery in months, given so or in weeks.
    """

    vendor: str
    quote_number: str
    quote_date: datetime.date | None = None
    valid_until: datetime.date | None = None
    currency: str | None = None
    fx_rate: float | None = None
    fx_date: datetime.date | None = None
    acquisition: str | None = None
    delivery_weeks: float | None = None
    delivery_months: float | None = None
    warranty_years: float | None = None
    support_years: float | None = None
    systems_quoted: int | None = None
    accelerators_per_system: int | None = None
    term_years: int | None = None
    committed_share: float | None = None
    prepayment_share: float | None = None
    performance_source: str | None = None
    performance_reference: str | None = None
    claimed_decode_rate: float | None = None
    claimed_prefill_rate: float | None = None

    @property
    def source(self) -> str:
        """How the offer is named as a source."""
        return f"{self.vendor}, quote {self.quote_number}"


@dataclass(frozen=True)
class Quote:
    """One offer: its terms, its lines in the order of the file (refused ones included), and what is wrong with each."""

    terms: Terms
    lines: tuple[Line, ...]
    about_terms: tuple[Finding, ...]
    about_lines: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong or doubtful, by row."""
        return tuple(sorted((*self.about_terms, *self.about_lines), key=lambda f: (f.row or 0, f.column)))

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines that are part of what is computed."""
        return tuple(line for line in self.lines if line.counts)


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


@dataclass(frozen=True)
class Reading:
    """What a file holds: quotes, and findings about rows that belong to none. Nothing is applied to a study."""

    file: str
    sheet: str
    header_row: int
    mapping: Mapping[str, str]
    quotes: tuple[Quote, ...]
    findings: tuple[Finding, ...]


def survey(content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None) -> Survey:
    """The columns of a file, to map them by hand. Raises QuoteError as `open_sheet` does."""
    held = open_sheet(content, name, sheet)
    row = header_row or _header_row(held)
    headings = () if row is None else tuple(_headings(held, row))
    return Survey(held.file, held.name, held.names, row, headings)


def read(
    content: bytes,
    name: str,
    *,
    mapping: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal: Decimal | None = None,
) -> Reading:
    """The quotes in a file of the template's form, or in any table once its columns are mapped.

    `mapping` leads from our column names to the file's headings or letters; without it the headings must be those of
    the template. `given` says what the file does not (column name to text), the same for every line. `decimal` is the
    separator that numbers written as text use. Raises QuoteError for a file that cannot be read or lacks a column.
    """
    held = open_sheet(content, name, sheet)
    row = header_row or _header_row(held)
    if row is None:
        raise refusal(f"{held.file} has no row of headings: use the template's, or say in which row they stand")
    places = _places(held, row, mapping)
    constants = {columns.named(key).name: Cell(text) for key, text in (given or {}).items() if text.strip()}
    _check_columns(held, row, {*places, *constants})
    table = _Table(held, row, places, constants, decimal or _decimal(held, row))
    quotes, findings = _quotes(table)
    letters = {key: get_column_letter(index + 1) for key, index in places.items()}
    return Reading(held.file, held.name, row, letters, quotes, findings)


def _header_row(sheet: Sheet) -> int | None:
    """The row with the most headings that are known, if there are a few."""
    rows = sheet.rows[:HEADER_SEARCHED_ROWS]
    known = [len({s for cell in row if (s := _suggestion(cell))}) for row in rows]
    best = max(known, default=0)
    return known.index(best) + 1 if best >= LEAST_HEADINGS else None


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


def _places(sheet: Sheet, row: int, mapping: Mapping[str, str] | None) -> dict[str, int]:
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


def _check_columns(sheet: Sheet, row: int, known: set[str]) -> None:
    missing = [column for column in COLUMNS if column.required and column.name not in known]
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


def _decimal(sheet: Sheet, row: int) -> Decimal | None:
    texts = (cell.value for line in sheet.rows[row:] for cell in line if isinstance(cell.value, str))
    return values.decimal_of(texts)


# ----------------------------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True)
class _Table:
    """A sheet with its columns found."""

    sheet: Sheet
    header_row: int
    places: Mapping[str, int]
    given: Mapping[str, Cell]
    decimal: Decimal | None


@dataclass
class _Entry:
    """One row: its cells by column, what they hold, and what is wrong with it."""

    row: int
    cells: dict[str, Cell]
    found: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def tell(self, column: str, message: str, severity: Any = "refused") -> None:
        label = BY_NAME[column].label if column else ""
        self.findings.append(Finding(self.row, label, severity, message))


def _entries(table: _Table) -> Iterator[_Entry]:
    """Every row below the headings that holds anything, each cell read."""
    for number, line in enumerate(table.sheet.rows[table.header_row :], start=table.header_row + 1):
        own = {name: line[at] if at < len(line) else EMPTY for name, at in table.places.items()}
        if all(cell.value is None and not cell.formula for cell in own.values()):
            continue
        entry = _Entry(number, {**table.given, **own})
        _tell_about_cells(table, entry)
        for name, cell in entry.cells.items():
            if cell.value is not None:
                _read_cell(table, entry, BY_NAME[name], cell)
        yield entry


def _tell_about_cells(table: _Table, entry: _Entry) -> None:
    """What stands around the values: merged and hidden cells, formulas."""
    taken = {at + 1 for at in table.places.values()}
    for merge in table.sheet.merged:
        (top, bottom), (left, right) = merge.rows, merge.columns
        if top <= entry.row <= bottom and any(left <= at <= right for at in taken):
            entry.tell("", f"cells {merge.ref} are merged: take the merging off and fill each cell")
    if entry.row in table.sheet.hidden_rows:
        entry.tell("", "is hidden in the file, and is read all the same: delete it if it is not meant", "warning")
    for name, cell in entry.cells.items():
        if cell.formula and cell.value is None:
            entry.tell(name, "is a formula without a stored value: open the file, save it, or put the value in")
        elif cell.formula:
            message = f"is a formula: the value stored with it, {shown(cell.value)}, is read"
            entry.tell(name, message, "warning")


def _read_cell(table: _Table, entry: _Entry, column: Column, cell: Cell) -> None:
    """One cell by the kind of its column; the prices of a line wait until its scope is known."""
    if column.kind == "choice":
        found, fault = values.choice(cell, column)
    elif column.kind == "currency":
        found, fault = values.currency(cell)
    elif column.kind == "date":
        found, fault = values.date(cell)
    elif column.kind == "text":
        found, fault = values.text(cell)
    elif column.kind == "share":
        found, fault = values.share(cell, table.decimal)
    else:
        found, fault = values.number(cell, table.decimal)
        if found is not None and column.kind == "whole" and (found != int(found) or found < 1):
            found, fault = None, f"is {shown(cell.value)}: give a whole number, 1 or more"
    if column.level == "line" and column.kind in ("number", "whole") and fault:
        entry.found[f"{column.name} fault"] = fault
    elif fault:
        entry.tell(column.name, fault)
    else:
        entry.found[column.name] = int(found) if column.kind == "whole" else found  # type: ignore[arg-type]


def _quotes(table: _Table) -> tuple[tuple[Quote, ...], tuple[Finding, ...]]:
    entries = list(_entries(table))
    if not entries:
        raise refusal(f"{table.sheet.file} has headings in row {table.header_row} and no line below them")
    keys = [_key(entry) for entry in entries]
    known = list(dict.fromkeys(key for key in keys if all(key)))
    groups: dict[tuple[str, str], list[_Entry]] = {key: [] for key in known}
    strays: list[Finding] = []
    for entry, key in zip(entries, keys, strict=True):
        fitting = [each for each in known if all(not k or k == e for k, e in zip(key, each, strict=True))]
        if len(fitting) == 1:
            groups[fitting[0]].append(entry)
        else:
            strays += entry.findings
            message = "belongs to no quote: give vendor and quote number" + (" on every line" if known else "")
            strays.append(Finding(entry.row, "", "refused", message))
    return tuple(_quote(key, group) for key, group in groups.items()), tuple(strays)


def _key(entry: _Entry) -> tuple[str, str]:
    return str(entry.found.get("vendor", "")), str(entry.found.get("quote_number", ""))


def _quote(key: tuple[str, str], entries: Sequence[_Entry]) -> Quote:
    terms = _terms(key, entries)
    findings: list[Finding] = []
    _check_terms(terms, entries[0].row, findings)
    for entry in entries:
        _check_money(entry, terms)
    lines = [
        read_line(entry.row, entry.found, {n: _seen(c) for n, c in entry.cells.items()}, entry.findings)
        for entry in entries
    ]
    told = [finding for entry in entries for finding in entry.findings]
    checked = check_lines(lines, told)
    return Quote(terms, checked, tuple(findings), tuple(told))


def _seen(cell: Cell) -> str:
    return "" if cell.value is None else values.one_line(str(cell.value))


def _terms(key: tuple[str, str], entries: Sequence[_Entry]) -> Terms:
    """The terms of an offer, each from the first line that says it; a line that says otherwise is refused."""
    found: dict[str, Any] = {}
    for column in (c for c in COLUMNS if c.level == "quote" and c.name not in ("vendor", "quote_number")):
        for entry in entries:
            said = entry.found.get(column.name)
            if said is None:
                continue
            if found.setdefault(column.name, said) != said:
                entry.tell(column.name, _contradiction(column, said, found[column.name]))
    return Terms(vendor=key[0], quote_number=key[1], **found)


def _contradiction(column: Column, said: Any, first: Any) -> str:
    if column.name == "currency":
        return f"is {said}, and the quote is in {first}: convert the line, or give it as a quote of its own"
    return f"is {said}, and another line of the quote says {first}: one offer has one {column.label.lower()}"


def _check_terms(terms: Terms, row: int, findings: list[Finding]) -> None:
    """What the offer as a whole lacks or contradicts."""

    def tell(column: str, message: str, severity: Any = "refused") -> None:
        findings.append(Finding(row, BY_NAME[column].label, severity, message))

    for column in COLUMNS:
        if column.level == "quote" and column.required and getattr(terms, column.name) is None:
            choices = f": one of {', '.join(column.choices)}" if column.choices else ""
            tell(column.name, f"is not said on any line of the quote{choices}")
    if terms.valid_until and terms.quote_date and terms.valid_until < terms.quote_date:
        tell("valid_until", f"is {terms.valid_until}, before the date of the quote: check both")
    if terms.delivery_weeks is not None and terms.delivery_months is not None:
        tell("delivery_weeks", "is given in weeks and in months: give one")
    for name in ("fx_rate", "claimed_decode_rate", "claimed_prefill_rate"):
        if (number := getattr(terms, name)) is not None and number <= 0:
            tell(name, f"is {number:g}: it must be above 0")
    for name in ("delivery_weeks", "delivery_months", "warranty_years", "support_years"):
        if (number := getattr(terms, name)) is not None and number < 0:
            tell(name, f"is {number:g}: it must not be negative")
    if terms.acquisition == "lease" and terms.term_years is None:
        tell("term_years", "is missing: a lease runs for a number of years")
    if terms.claimed_prefill_rate is not None and terms.claimed_decode_rate is None:
        tell("claimed_prefill_rate", "is given without a writing speed: give both, or neither")


def _check_money(entry: _Entry, terms: Terms) -> None:
    """A sign or code beside a price that is not the currency of the quote."""
    for name in ("list_price", "net_price"):
        cell = entry.cells.get(name, EMPTY)
        mark = values.money_of(cell)
        if mark and terms.currency and not values.is_money(mark, terms.currency):
            message = f"is shown in {mark}, and the quote is in {terms.currency}: convert it, or correct the currency"
            entry.tell(name, message)
