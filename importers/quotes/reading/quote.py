"""Quotes as a file gives them: terms of the offer and its lines, with everything that is wrong told by row.

Rows that cannot be used are refused and named; the others are read. Nothing of a study is needed here.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from importers.quotes.cells import columns
from importers.quotes.cells.columns import BY_NAME, COLUMNS, TOKEN_PRICES, Column
from importers.quotes.cells.findings import Finding, refusal, shown
from importers.quotes.cells.sheet import EMPTY, Cell, Sheet, in_sheet
from importers.quotes.reading.entries import (
    Choice,
    Entry,
    Table,
    check_headings,
    check_money,
    check_tokens,
    entries,
    policy_of,
    typed_faults,
)
from importers.quotes.reading.head import Said, doubts_of_prices, said_of_offer, totals_of
from importers.quotes.reading.headings import (
    Found,
    TierColumn,
    check_columns,
    hourly_unit,
    not_read,
    places,
    proposed,
    tables_beside,
    tiers_of,
    visible_sheets,
)
from importers.quotes.reading.lines import Line, check_lines, read_line
from importers.quotes.reading.proposals import entry_text, kind_of, propose
from importers.quotes.reading.survey import located
from importers.quotes.reading.words import MONTHS_A_YEAR
from models.notation.reader import ASK, POINT, Policy
from models.notation.writer import as_typed
from models.studies.inputs.spelling import did_you_mean

NO_COMMITMENT = "none"


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
    chosen_commitment: str | None = None
    product: str = ""

    @property
    def source(self) -> str:
        """How the offer is named as a source; of a price list with the product that is chosen."""
        return f"{self.vendor}, quote {self.quote_number}" + (f", {self.product}" if self.product else "")


@dataclass(frozen=True)
class Total:
    """A total that the file states: its row (0 outside the table), its figure in the quote's money, and its words."""

    row: int
    amount: float
    words: str


@dataclass(frozen=True)
class Quote:
    """One offer: its terms, its lines in the order of the file (refused ones included), and what is wrong with each.

    `totals` are the totals that the file states: they count nowhere, and are there to compare with; so is
    `refunded_tax`, the tax that the study leaves out.
    """

    terms: Terms
    lines: tuple[Line, ...]
    about_terms: tuple[Finding, ...]
    about_lines: tuple[Finding, ...]
    totals: tuple[Total, ...] = ()
    refunded_tax: float = 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong or doubtful, by row."""
        return tuple(sorted((*self.about_terms, *self.about_lines), key=lambda f: (f.row or 0, f.column)))

    @property
    def commitments(self) -> tuple[str, ...]:
        """The names of the commitments of which one may be chosen, and of none; empty where there is no choice."""
        found = [line.choice.tier for line in self.lines if line.part == "rental committed" and line.choice]
        return (*found, NO_COMMITMENT) if len(found) > 1 else ()

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines that are part of what is computed."""
        return tuple(line for line in self.lines if line.counts)


@dataclass(frozen=True)
class Reading:
    """What a file holds: quotes, and findings about rows that belong to none. Nothing is applied to a study.

    `mapping` are the letters of its columns, `head` what it says of the offer outside its table, and where, `of_file`
    what of the terms the file itself says. `unread` are the sheets from which no lines are read.
    """

    file: str
    sheet: str
    header_row: int
    mapping: Mapping[str, str]
    head: Mapping[str, Said]
    unread: tuple[str, ...]
    of_file: Terms
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
    held, at = located(content, name, sheet, header_row)
    if at is None:
        remedy = "use the template's, or say in which row they stand"
        raise refusal(f"{held.file} has no row of headings, and no pairs of a label and an amount of money: {remedy}")
    found = places(at, mapping)
    sheets = visible_sheets(content, name, held) if len(held.visible) > 1 else [held]
    others: list[Found] = []
    if "part" not in found and at.pairs is None:
        at, others = tables_beside(at, sheets)
    tiers = () if "net_price" in (mapping or {}) else [tier for tier in tiers_of(at) if tier.at not in found.values()]
    table = Table(
        found=at,
        places=found,
        tiers=tiers,
        head={},
        given=_said(given or {}),
        said={number: _said(texts) for number, texts in (rows or {}).items()},
        policy=policy_of(at, found, policy, by_use=_is_by_use(at, found, tiers)),
        typed=typed,
    )
    check_columns(at, {*table.places, *table.given}, tiers)
    tables = [table, *(_beside(table, other, policy) for other in others)]
    tables, head, told = _with_head(tables, sheets)
    quotes, findings = _quotes(tables, sheets)
    read_sheets = tuple(dict.fromkeys(each.sheet.name for each in tables))
    letters = {key: get_column_letter(index + 1) for key, index in found.items()}
    unread = tuple(each for each in held.names if each not in read_sheets)
    told = [*_encoding(held), *(finding for each in tables for finding in _not_read(each)), *told, *findings]
    of_file = _of_file(tables[0], head)
    return Reading(held.file, at.sheet.name, at.header_row, letters, head, unread, of_file, quotes, tuple(told))


def _beside(first: Table, found: Found, policy: Policy) -> Table:
    """Another table of the offer, its columns as proposed; what was said of all rows holds for its rows too."""
    own = proposed(found)
    tiers = [tier for tier in tiers_of(found) if tier.at not in own.values()]
    return dataclasses.replace(
        first,
        found=found,
        places=own,
        tiers=tiers,
        policy=policy_of(found, own, policy, by_use=_is_by_use(found, own, tiers)),
    )


def _not_read(table: Table) -> Iterator[Finding]:
    """Says which columns of prices are not read, since another is read as theirs."""
    for heading in () if table.has_parts else not_read(table.found, table.places):
        message = f"the prices of column {heading} are not read: see whether they count"
        yield Finding(table.header_row, "", "warning", message)


def _is_by_use(at: Found, places: Mapping[str, int], tiers: Sequence[TierColumn]) -> bool:
    """Whether a table has prices by the hour or by the token."""
    return bool(tiers or hourly_unit(at, places.get("net_price")) or any(name in places for name in TOKEN_PRICES))


def _of_file(table: Table, head: Mapping[str, Said]) -> Terms:
    """The terms as the file alone says them, whatever was answered."""
    alone = dataclasses.replace(table, head={name: said.cell for name, said in head.items()}, given={}, said={})
    found = entries(alone)
    keys = [_key(entry) for entry in found]
    first = [next((key[at] for key in keys if key[at]), "") for at in (0, 1)]
    return _terms((first[0], first[1]), found, "")


def _with_head(tables: list[Table], sheets: Sequence[Sheet]) -> tuple[list[Table], Mapping[str, Said], list[Finding]]:
    """The tables with what the file says of the offer outside them; a template says all in its columns."""
    first = tables[0]
    if first.has_parts:
        return tables, {}, []
    taken: dict[str, set[int]] = {}
    for table in tables:
        lines = [in_sheet(row.number) for row in table.rows() if not row.aside]
        apart = table.found.pairs is not None
        own = lines if apart else range(table.header_row, max(lines, default=table.header_row) + 1)
        taken.setdefault(table.sheet.name, set()).update(own)
    head, told = said_of_offer(sheets, taken)
    if first.found.pairs is not None:
        head |= {name: said for name, said in first.found.pairs.said.items() if name not in head}
    kind = kind_of(first)
    if kind:
        head["acquisition"] = Said(Cell(kind), "by its columns and words")
    if kind != "lease":
        head.pop("term_years", None)
    kept = {name: said for name, said in head.items() if name not in first.places and name not in first.given}
    cells = {name: said.cell for name, said in kept.items()}
    asked = [each for each in told if each.column not in {BY_NAME[name].label for name in (*first.given, *kept)}]
    return [dataclasses.replace(table, head=cells) for table in tables], head, asked


def _encoding(sheet: Sheet) -> Iterator[Finding]:
    """Says how a text was read that is not UTF-8: figures are safe, letters with accents may not be."""
    if sheet.encoding:
        message = f"the file is not UTF-8 and was read as {sheet.encoding}: look at names with accents"
        yield Finding(None, "", "warning", message)


def _said(texts: Mapping[str, str]) -> dict[str, Cell]:
    """What a person said, as cells; empty text says nothing."""
    return {columns.named(name).name: Cell(text.strip()) for name, text in texts.items() if text.strip()}


def _quotes(tables: Sequence[Table], sheets: Sequence[Sheet]) -> tuple[tuple[Quote, ...], tuple[Finding, ...]]:
    table, parts = tables[0], [(each, entries(each)) for each in tables]
    found = [entry for _, part in parts for entry in part]
    if not found:
        raise refusal(f"{table.sheet.file} has headings in row {table.header_row} and no line below them")
    outside: list[Total] = []
    if not table.has_parts:
        propose(parts, kind_of(table))
        outside = [Total(0, size, said) for said, size in totals_of(sheets, {each.sheet.name for each in tables})]
        for doubt in doubts_of_prices(sheets):
            _tell_doubt(found, doubt)
    keys = [_key(entry) for entry in found]
    known = list(dict.fromkeys(key for key in keys if all(key)))
    if not known and not any(any(key) for key in keys):
        known = [("", "")]
    elif not known and not table.has_parts:
        known = [(next((k for k, _ in keys if k), ""), next((n for _, n in keys if n), ""))]
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
    made = [_quote(table, key, part, name, outside) for key, group in groups.items() for name, part in _products(group)]
    return tuple(made), tuple(strays)


def _tell_doubt(found: Sequence[Entry], doubt: str) -> None:
    """Prices that may be other than they look are asked, each unless it was said of its row."""
    for entry in found:
        priced = any(entry.cells.get(name, EMPTY).value is not None for name in ("net_price", "line_total"))
        if not entry.aside and "net_price" not in entry.said and priced:
            entry.tell("net_price", doubt)


def _products(found: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """The products of a price list, each an offer of its own with what holds for all of them."""
    names = list(dict.fromkeys(entry.choice.product for entry in found if entry.choice is not None))
    if len(names) < 2:
        yield "", list(found)
        return
    for name in names:
        yield name, [copy.deepcopy(entry) for entry in found if entry.choice is None or entry.choice.product == name]


def _key(entry: Entry) -> tuple[str, str]:
    return str(entry.found.get("vendor", "")), str(entry.found.get("quote_number", ""))


def _quote(table: Table, key: tuple[str, str], found: Sequence[Entry], product: str, outside: Sequence[Total]) -> Quote:
    terms = _terms(key, found, product)
    findings: list[Finding] = []
    _check_terms(terms, found[0].row, {*table.given, *table.head}, findings)
    check_headings(table, terms.currency, findings)
    for entry in found:
        check_tokens(table, entry, terms.currency)
    faults = typed_faults(table)
    unread = {fault.column for fault in faults}
    findings = [each for each in findings if not (each.column in unread and "is not stated" in each.message)]
    for entry in found:
        check_money(entry, terms.currency)
    lines = [read_line(entry) for entry in found]
    told = [finding for entry in found for finding in entry.findings]
    checked = check_lines(lines, told)
    totals = tuple(Total(entry.row, entry.total, entry_text(entry)) for entry in found if entry.total is not None)
    tax = math.fsum(entry.refunded_tax for entry in found)
    return Quote(*chosen(terms, checked, findings), (*findings, *faults), tuple(told), (*outside, *totals), tax)


def _terms(key: tuple[str, str], found: Sequence[Entry], product: str) -> Terms:
    """The terms of an offer, each from the first line that says it; a line that says otherwise is refused."""
    said: dict[str, Any] = {}
    for column in (c for c in COLUMNS if c.level == "quote" and c.name not in ("vendor", "quote_number")):
        for entry in found:
            content = entry.found.get(column.name)
            if content is None:
                continue
            if said.setdefault(column.name, content) != content:
                entry.tell(column.name, _contradiction(column, content, said[column.name]))
    return Terms(vendor=key[0], quote_number=key[1], product=product, **said)


def _contradiction(column: Column, said: Any, first: Any) -> str:
    if column.name == "currency":
        return f"is {said}, and the quote is in {first}: convert the line, or give it as a quote of its own"
    return f"is {said}, and another line of the quote says {first}: one offer has one {column.label.lower()}"


def _check_terms(terms: Terms, first: int, given: Collection[str], findings: list[Finding]) -> None:
    """What the offer as a whole lacks or contradicts: told of its first row, unless it was said of all rows."""

    def tell(column: str, message: str, severity: Any = "refused") -> None:
        row = None if column in given or getattr(terms, column) in (None, "") else first
        findings.append(Finding(row, BY_NAME[column].label, severity, message))

    for column in COLUMNS:
        if column.level == "quote" and column.required and getattr(terms, column.name) in (None, ""):
            choices = f": one of {', '.join(column.choices)}" if column.choices else ""
            tell(column.name, f"is not stated on any line of the quote{choices}")
    if terms.valid_until and terms.quote_date and terms.valid_until < terms.quote_date:
        tell("valid_until", f"is {terms.valid_until}, before the date of the quote: check both")
    if terms.delivery_weeks is not None and terms.delivery_months is not None:
        tell("delivery_weeks", "is given in weeks and in months: give one")
    for name in ("fx_rate", "claimed_decode_rate", "claimed_prefill_rate"):
        if (number := getattr(terms, name)) is not None and number <= 0:
            tell(name, f"is {as_typed(number)}: it must be above 0")
    for name in ("delivery_weeks", "delivery_months", "warranty_years", "support_years"):
        if (number := getattr(terms, name)) is not None and number < 0:
            tell(name, f"is {as_typed(number)}: it must not be negative")
    if terms.acquisition == "lease" and terms.term_years is None:
        tell("term_years", "is missing: a lease runs for a number of years")
    if terms.claimed_prefill_rate is not None and terms.claimed_decode_rate is None:
        tell("claimed_prefill_rate", "is given without a output speed: give both, or neither")


def chosen(terms: Terms, lines: tuple[Line, ...], findings: list[Finding]) -> tuple[Terms, tuple[Line, ...]]:
    """Of several commitments to the same machine the one that was chosen; the others are priced and not counted.

    Where none was chosen, all are options, and it is asked which one is taken.
    """
    committed = [
        line for line in lines if line.part == "rental committed" and line.choice is not None and not line.aside
    ]
    if len(committed) < 2:
        taken = committed[0].choice if committed and committed[0].counts else None
        return _with_term(terms, taken), lines
    label = BY_NAME["chosen_commitment"].label
    names = [line.choice.tier for line in committed if line.choice is not None]
    wanted = (terms.chosen_commitment or "").strip().casefold()
    taken = next((line.choice for line in committed if line.choice and line.choice.tier.casefold() == wanted), None)
    if wanted and taken is None and wanted != NO_COMMITMENT:
        hint = did_you_mean(terms.chosen_commitment or "", names) or f"; one of {'; '.join((*names, NO_COMMITMENT))}"
        findings.append(
            Finding(None, label, "refused", f"is {shown(terms.chosen_commitment)}, which is not offered{hint}")
        )
    elif not wanted:
        message = f"several are offered ({'; '.join(names)}): choose one, or {NO_COMMITMENT!r} for on demand alone"
        findings.append(Finding(None, label, "refused", message))
    left = {id(line) for line in committed if line.choice is not taken}
    kept = tuple(dataclasses.replace(line, scope="optional") if id(line) in left else line for line in lines)
    return _with_term(terms, taken), kept


def _with_term(terms: Terms, taken: Choice | None) -> Terms:
    """The terms with the years of the commitment that is taken, where it runs for whole years."""
    if taken is None or not taken.months or taken.months % MONTHS_A_YEAR or terms.term_years is not None:
        return terms
    return dataclasses.replace(terms, term_years=taken.months // MONTHS_A_YEAR)
