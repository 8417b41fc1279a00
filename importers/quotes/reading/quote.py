"""Quotes as a file gives them: terms of the offer and its lines, with everything that is wrong told by row.

Rows that cannot be used are refused and named; the others are read. Nothing of a study is needed here.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from importers.quotes.cells import columns
from importers.quotes.cells.columns import BY_NAME, COLUMNS, Column
from importers.quotes.cells.findings import Finding, refusal
from importers.quotes.cells.sheet import Cell, Sheet
from importers.quotes.reading.entries import Entry, Table, check_headings, check_money, entries, policy_of, typed_faults
from importers.quotes.reading.headings import check_columns, find_table, places
from importers.quotes.reading.lines import Line, check_lines, read_line
from models.notation.reader import ASK, POINT, Policy


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
    """One offer: its terms, its lines in the order of the file (refused ones included), and what is wrong with each.

    `totals` are the totals that the file states, by row: they count nowhere, and are there to compare with.
    """

    terms: Terms
    lines: tuple[Line, ...]
    about_terms: tuple[Finding, ...]
    about_lines: tuple[Finding, ...]
    totals: tuple[tuple[int, float], ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong or doubtful, by row."""
        return tuple(sorted((*self.about_terms, *self.about_lines), key=lambda f: (f.row or 0, f.column)))

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines that are part of what is computed."""
        return tuple(line for line in self.lines if line.counts)


@dataclass(frozen=True)
class Reading:
    """What a file holds: quotes, and findings about rows that belong to none. Nothing is applied to a study."""

    file: str
    sheet: str
    header_row: int
    mapping: Mapping[str, str]
    quotes: tuple[Quote, ...]
    findings: tuple[Finding, ...]


def read(
    content: bytes,
    name: str,
    *,
    mapping: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    rows: Mapping[int, Mapping[str, str]] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    policy: Policy = ASK,
    typed: Policy = POINT,
) -> Reading:
    """The quotes in a file of the template's form, or in any table once its columns are mapped.

    `mapping` leads from our column names to the file's headings or letters; without it the headings must be those of
    the template. `given` says what the file does not (column name to text), the same for every line; `rows` says of
    single rows, by number, what the file does not say or says otherwise. `policy` is how the file writes what
    may be read in two ways, where its cells do not show it, `typed` how `given` does; `rows` must be clear. Raises
    QuoteError for a file that cannot be read or lacks a column.
    """
    held, row = find_table(content, name, sheet, header_row)
    if row is None:
        raise refusal(f"{held.file} has no row of headings: use the template's, or say in which row they stand")
    found = places(held, row, mapping)
    table = Table(
        sheet=held,
        header_row=row,
        places=found,
        given=_said(given or {}),
        said={number: _said(texts) for number, texts in (rows or {}).items()},
        policy=policy_of(held, row, found, policy),
        typed=typed,
    )
    check_columns(held, row, {*table.places, *table.given})
    quotes, findings = _quotes(table)
    letters = {key: get_column_letter(index + 1) for key, index in found.items()}
    return Reading(held.file, held.name, row, letters, quotes, (*_encoding(held), *findings))


def _encoding(sheet: Sheet) -> Iterator[Finding]:
    """Says how a text was read that is not UTF-8: figures are safe, letters with accents may not be."""
    if sheet.encoding:
        message = f"the file is not UTF-8 and was read as {sheet.encoding}: look at names with accents"
        yield Finding(None, "", "warning", message)


def _said(texts: Mapping[str, str]) -> dict[str, Cell]:
    """What a person said, as cells; empty text says nothing."""
    return {columns.named(name).name: Cell(text.strip()) for name, text in texts.items() if text.strip()}


def _quotes(table: Table) -> tuple[tuple[Quote, ...], tuple[Finding, ...]]:
    found = list(entries(table))
    if not found:
        raise refusal(f"{table.sheet.file} has headings in row {table.header_row} and no line below them")
    keys = [_key(entry) for entry in found]
    known = list(dict.fromkeys(key for key in keys if all(key)))
    groups: dict[tuple[str, str], list[Entry]] = {key: [] for key in known}
    strays: list[Finding] = []
    for entry, key in zip(found, keys, strict=True):
        fitting = [each for each in known if all(not k or k == e for k, e in zip(key, each, strict=True))]
        if len(fitting) == 1:
            groups[fitting[0]].append(entry)
        else:
            strays += entry.findings
            message = "belongs to no quote: give vendor and quote number" + (" on every line" if known else "")
            strays.append(Finding(entry.row, "", "refused", message))
    return tuple(_quote(table, key, group) for key, group in groups.items()), tuple(strays)


def _key(entry: Entry) -> tuple[str, str]:
    return str(entry.found.get("vendor", "")), str(entry.found.get("quote_number", ""))


def _quote(table: Table, key: tuple[str, str], found: Sequence[Entry]) -> Quote:
    terms = _terms(key, found)
    findings: list[Finding] = []
    _check_terms(terms, found[0].row, table.given, findings)
    check_headings(table, terms.currency, findings)
    faults = typed_faults(table)
    for entry in found:
        check_money(entry, terms.currency)
    lines = [read_line(entry) for entry in found]
    told = [finding for entry in found for finding in entry.findings]
    checked = check_lines(lines, told)
    totals = tuple((entry.row, entry.total) for entry in found if entry.total is not None)
    return Quote(terms, checked, (*findings, *faults), tuple(told), totals)


def _terms(key: tuple[str, str], found: Sequence[Entry]) -> Terms:
    """The terms of an offer, each from the first line that says it; a line that says otherwise is refused."""
    said: dict[str, Any] = {}
    for column in (c for c in COLUMNS if c.level == "quote" and c.name not in ("vendor", "quote_number")):
        for entry in found:
            content = entry.found.get(column.name)
            if content is None:
                continue
            if said.setdefault(column.name, content) != content:
                entry.tell(column.name, _contradiction(column, content, said[column.name]))
    return Terms(vendor=key[0], quote_number=key[1], **said)


def _contradiction(column: Column, said: Any, first: Any) -> str:
    if column.name == "currency":
        return f"is {said}, and the quote is in {first}: convert the line, or give it as a quote of its own"
    return f"is {said}, and another line of the quote says {first}: one offer has one {column.label.lower()}"


def _check_terms(terms: Terms, first: int, given: Collection[str], findings: list[Finding]) -> None:
    """What the offer as a whole lacks or contradicts: told of its first row, unless it was said of all rows."""

    def tell(column: str, message: str, severity: Any = "refused") -> None:
        row = None if column in given or getattr(terms, column) is None else first
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
