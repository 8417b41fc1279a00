"""The rows below the headings: each cell read by the kind of its column, and what is wrong with the row told.

What a person says of single rows, or of all of them, stands beside what the file says, and it stays known which is
which. A row of a price list holds several prices, and each is a line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from files.xlsx import Merge
from importers.quotes.cells import values
from importers.quotes.cells.columns import BY_NAME, TOKEN_PRICES, Column
from importers.quotes.cells.findings import Finding, shown
from importers.quotes.cells.sheet import EMPTY, Cell, Sheet, in_sheet
from importers.quotes.reading import words
from importers.quotes.reading.headings import Found, TierColumn, hourly_unit
from importers.quotes.reading.parts import names_accelerators
from importers.quotes.reading.rows import (
    AMOUNTS,
    IS_HEADINGS,
    IS_JOINED,
    IS_TAX,
    IS_TEXT,
    IS_TOTAL,
    Row,
    figures_of,
    is_filled,
    label_of,
    names_tax_inside,
    rows_of,
    tax_named,
)
from models.notation import reader
from models.notation.reader import Marks, Policy
from models.notation.writer import as_typed, rounded

# Figures that only check others, or stand in for them.
TO_COMPARE = ("list_price", "discount", "line_total")
NUMBERS = ("number", "whole", "share")
# What prices of use may be for besides tokens.
_NO_TOKENS = re.compile(
    r"\b(characters?|chars?|zeichen|caract\w*|words?|requests?|anfragen|images?|pages?|minutes?)\b", re.IGNORECASE
)
THOUSAND, MILLION = 1_000, 1_000_000
# No list asks more for a million tokens, but in money of little worth: what does is hardly of a thousand.
DEAREST_MILLION = 1_000.0
OF_LITTLE_WORTH = frozenset("JPY KRW INR TWD THB PHP HUF ISK CLP COP ARS IDR VND PKR BDT RUB KZT NGN KES EGP".split())


@dataclass(frozen=True)
class Table:
    """A sheet with its columns found. `head` is what the file says outside the table, `given` what a person said of
    every row, `said` of single ones, by row.

    `tiers` are columns of prices under several commitments. `policy` is how the file writes numbers, dates and shares,
    `typed` how what was said of all rows does: a rate of 1.085 typed beside a file that writes 1.085,00 is not a
    thousand.
    """

    found: Found
    places: Mapping[str, int]
    tiers: Sequence[TierColumn]
    head: Mapping[str, Cell]
    given: Mapping[str, Cell]
    said: Mapping[int, Mapping[str, Cell]]
    policy: Policy
    typed: Policy

    @property
    def sheet(self) -> Sheet:
        return self.found.sheet

    @property
    def header_row(self) -> int:
        return self.found.header_row

    @property
    def has_parts(self) -> bool:
        """Whether the file itself says of each line what it is part of."""
        return "part" in self.places

    def heading(self, column: str) -> str:
        """What stands above a column of ours in the file, "" if the file lacks it."""
        at = self.places.get(column)
        return "" if at is None or at >= len(self.found.headings) else self.found.headings[at]

    @property
    def notes(self) -> list[str]:
        """The words above the headings, and those that stand alone in a row below them."""
        alone = ([cell for cell in row if cell.value is not None] for row in self.found.below)
        below = (row[0].value for row in alone if len(row) == 1)
        return [*self.found.above, *(text for text in below if isinstance(text, str))]

    def rows(self) -> list[Row]:
        """The rows below the headings, as their author meant them."""
        first, below = self.found.first_row, self.found.below
        if not self.has_parts and self.found.pairs is None:
            below = self._filled_down(below)
        lines = [(self.found.number(row), line) for row, line in enumerate(below, start=first)]
        told = [number for number, texts in self.said.items() if "part" in texts]
        return rows_of(lines, self.places, self.found.headings, [tier.at for tier in self.tiers], told)

    def _filled_down(self, below: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
        """The rows with what is written once for several: a name merged over them, or left out below itself where the
        rows are prices of one machine under several commitments."""
        ditto = "commitment" in self.places or "months_covered" in self.places
        ditto = ditto and bool(hourly_unit(self.found, self.places.get("net_price")))
        found: list[Sequence[Cell]] = []
        for number, line in enumerate(below, start=self.found.first_row):
            made = list(line)
            for at in (self.places[name] for name in NAMES if name in self.places):
                priced = any(is_filled(cell) for cell in line)
                merged = any(
                    m.columns == (at + 1, at + 1) and m.rows[0] < number <= m.rows[1] for m in self.sheet.merged
                )
                if found and at < len(made) and not is_filled(made[at]) and priced and (merged or ditto):
                    made[at] = found[-1][at] if at < len(found[-1]) else EMPTY
            found.append(made)
        return found


# Columns of words that may be written once for several rows.
NAMES = ("item", "vendor", "commitment", "unit")


@dataclass(frozen=True)
class Choice:
    """One of several prices of the same thing: of which product, under which commitment, in months (0 on demand)."""

    product: str
    tier: str
    months: int | None


@dataclass
class Entry:
    """One row: its cells by column and as a whole, what they hold, and what is wrong with it.

    `constant` are the columns whose content a person said for all rows, `said` those said for this one. `aside` says
    what the row is if it is no line of the offer, `total` the figure of a row that is a total. `section` is the heading
    above it, `scope` what that or its words say of its scope, `also` the rows joined to it, `choice` which of several
    prices it is. `guess` is what its words point to without being sure, `why` what they point to it by, `inferred` the
    columns that they fill. `after_total` tells that a total stands above it. `billed` is how often it is paid by the
    words of a column of its own, `refunded_tax` the figure of a tax that the study leaves out.
    """

    row: int
    cells: dict[str, Cell]
    line: Sequence[Cell]
    constant: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    aside: str = ""
    section: str = ""
    scope: str = ""
    also: tuple[int, ...] = ()
    choice: Choice | None = None
    guess: dict[str, str] = field(default_factory=dict)
    why: str = ""
    after_total: bool = False
    inferred: set[str] = field(default_factory=set)
    total: float | None = None
    billed: str | None = None
    refunded_tax: float = 0.0
    found: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def typed(self) -> frozenset[str]:
        """The columns whose content a person said, not the file."""
        return self.constant | self.said

    def tell(self, column: str, message: str, severity: Any = "refused") -> None:
        """Keep something that is wrong or doubtful about the row."""
        label = BY_NAME[column].label if column else ""
        self.findings.append(Finding(self.row, label, severity, message))


# As many amounts that all have three digits behind their one mark have thousands there: no list of prices has three
# decimals in each.
LEAST_ALIKE = 3
_THREE_BEHIND = re.compile(r"\d{1,3}([.,])\d{3}")


def _marks_of_amounts(texts: Iterator[str]) -> Marks:
    """The decimal mark where all amounts with a mark have three digits behind it; "ask" where that tells nothing."""
    held = {text.strip() for text in texts if re.search(r"\d[.,]\d", text)}
    found = [_THREE_BEHIND.search(re.sub(r"[^\d.,]", "", text)) for text in held]
    marks = {each[1] for each in found if each is not None}
    if len(held) < LEAST_ALIKE or None in found or len(marks) != 1:
        return "ask"
    return "point" if marks == {","} else "comma"


def policy_of(found: Found, places: Mapping[str, int], said: Policy, *, by_use: bool) -> Policy:
    """How a file writes what may be read in two ways: as was said, else as its other cells give away.

    A column of numbers of articles says nothing, and prices by the hour or token (`by_use`) may have three decimals.
    """

    def texts(kinds: Collection[str]) -> Iterator[str]:
        taken = [at for name, at in places.items() if BY_NAME[name].kind in kinds]
        cells = (row[at].value for row in found.below for at in taken if at < len(row))
        yield from (text for text in cells if isinstance(text, str))

    marks = said.marks if said.marks != "ask" else reader.marks_of(texts(NUMBERS))
    if marks == "ask" and found.pairs is not None:
        marks = found.pairs.marks
    if marks == "ask" and not by_use:
        marks = _marks_of_amounts(texts(("number",)))
    return Policy(
        marks,
        said.shares,
        said.days if said.days != "ask" else reader.days_of(texts(("date",))),
    )


def _unclear(table: Table, column: Column, is_typed: bool) -> tuple[Decimal, Decimal] | None:
    """Which bare shares of a column may be percentages as well as parts: small ones where it counts in percent, as its
    heading or one of its cells says, and of discounts the large ones."""
    if not is_typed and ("%" in table.heading(column.name) or _counts_in_percent(table, column)):
        return values.UNCLEAR_PERCENT
    return values.UNCLEAR_DISCOUNT if column.name == "discount" else None


def _counts_in_percent(table: Table, column: Column) -> bool | None:
    at = table.places.get(column.name)
    if at is None:
        return None
    return values.counts_in_percent(row[at] for row in table.found.below if at < len(row))


def entries(table: Table) -> list[Entry]:
    """Every row below the headings that holds anything, each cell read."""
    return [entry for row in table.rows() if not _is_silent(row) for entry in _entries(table, row)]


def _is_silent(row: Row) -> bool:
    """Whether a row need not be told of: joined to another, headings again, or words beside the columns."""
    quiet = row.aside == IS_TEXT and not any(map(is_filled, row.cells.values()))
    return quiet or row.aside in (IS_JOINED, IS_HEADINGS)


def _entries(table: Table, row: Row) -> Iterator[Entry]:
    """The lines of a row: one, or one for each price that stands in it."""
    if row.aside:
        yield _entry(table, row, row.cells)
        return
    rest = {name: cell for name, cell in row.cells.items() if name not in OF_LISTS}
    for priced in (*_tokens(row), *_tiers(table, row)) or (Priced(rest),):
        entry = _entry(table, row, {**rest, **priced.cells})
        entry.choice = priced.choice
        yield entry


def _entry(table: Table, row: Row, own: Mapping[str, Cell]) -> Entry:
    """One line of a row, each cell read."""
    said = table.said.get(row.number, {})
    constant = table.given.keys() - own.keys() - said.keys()
    cells = {**table.head, **table.given, **own, **said}
    entry = Entry(
        row.number, cells, row.line, frozenset(constant), frozenset(said), row.aside, row.section, row.scope, row.also
    )
    billing = str(own.get("charged", EMPTY).value or "")
    if not table.has_parts and values.nearest_choice(billing, BY_NAME["charged"].choices) is None:
        entry.billed = words.period(billing)
        if entry.billed and "charged" not in said:
            entry.cells.pop("charged", None)
    if entry.aside == IS_TOTAL and own.get("quantity", EMPTY).value is not None:
        entry.aside = ""
        entry.tell("item", "looks like a total, which would count twice: leave it out, or name what it is")
    if entry.aside:
        _set_aside(table, entry, row)
    else:
        _tell_about_cells(table, entry)
    _read_cells(table, entry)
    return entry


# ------------------------------------------------------------------------------------------------ several prices a row


@dataclass(frozen=True)
class Priced:
    """The cells of one of the prices of a row, and which of them it is."""

    cells: Mapping[str, Cell]
    choice: Choice | None = None


# Columns of price lists, whose cells become lines of their own.
OF_LISTS = frozenset((*TOKEN_PRICES, "batch_discount", "minimum_spend"))
_BATCH = (("batch_input_price", "input_price"), ("batch_output_price", "output_price"))


def _tokens(row: Row) -> Iterator[Priced]:
    """The lines of a model in the price list of an API: one for each kind of token, and the least that is spent.

    Words for "no price" in a column of cached tokens or batches say that the model has none. A discount on batches
    makes two prices, worked out from it.
    """
    prices = {name: values.of_a_million(row.cells.get(name, EMPTY)) for name in TOKEN_PRICES}
    units = {name: bare for name, cell in prices.items() if (bare := values.of_a_thousand(cell)) is not None}
    prices |= units
    product = str(row.cells.get("item", EMPTY).value or "")
    for name, cell in prices.items():
        needed = name in ("input_price", "output_price")
        if is_filled(cell) and (needed or not values.is_no_price(cell)):
            yield _token(product, name, {"net_price": cell, **({"unit": OF_A_THOUSAND} if name in units else {})})
    discount = row.cells.get("batch_discount", EMPTY)
    for name, full in _BATCH if is_filled(discount) and not values.is_no_price(discount) else ():
        if is_filled(prices[full]) and not values.is_no_price(prices[full]) and not is_filled(prices[name]):
            yield _token(product, name, {"list_price": prices[full], "discount": discount})
    least = row.cells.get("minimum_spend", EMPTY)
    if is_filled(least) and not values.is_no_price(least):
        cells = {"part": Cell("api minimum"), "charged": Cell("per month"), "net_price": least, "quantity": Cell(1.0)}
        yield Priced({"item": Cell(f"{product}, minimum spend".lstrip(", ")), **cells}, Choice(product, "", None))


# What the words beside a price said, where a column of units would say it.
OF_A_THOUSAND = Cell("per 1K tokens")


def _token(product: str, name: str, price: Mapping[str, Cell]) -> Priced:
    part = TOKEN_PRICES[name]
    named = f"{product}, {part.removeprefix('api ')} tokens".lstrip(", ")
    fixed = {"item": Cell(named), "part": Cell(part), "charged": Cell("per million tokens")}
    return Priced({**fixed, **price}, Choice(product, "", None))


def _tiers(table: Table, row: Row) -> Iterator[Priced]:
    """The lines of a row with prices under several commitments side by side."""
    item = str(row.cells.get("item", EMPTY).value or "")
    filled = [tier for tier in table.tiers if tier.at < len(row.line) and is_filled(row.line[tier.at])]
    alone = len(filled) == 1 and len(table.tiers) > 1
    for tier in filled:
        cell = row.line[tier.at]
        if alone and not names_accelerators(" ".join(str(c.value) for c in row.line if isinstance(c.value, str))):
            # What is no machine (storage, support) has one price, under whatever commitment it stands.
            yield Priced({"net_price": cell})
        elif not values.is_no_price(cell):
            named = f"{item}, {tier.tier.label}"
            yield Priced({"item": Cell(named), "net_price": cell}, Choice(item, tier.tier.label, tier.tier.months))


# ---------------------------------------------------------------------------------------------- rows that are no lines


def _set_aside(table: Table, entry: Entry, row: Row) -> None:
    """Say why the row does not count, and keep the figure of a total to compare with."""
    entry.cells["item"] = Cell(label_of(row))
    if entry.aside == IS_TOTAL:
        entry.total = _last_number(table, row.line)
        said = "" if entry.total is None else f" ({as_typed(entry.total)})"
        entry.tell("item", f"looks like a total{said}: set aside, or it would count twice", "warning")
    elif entry.aside == IS_TAX:
        _tax(table, entry, row)
    elif entry.aside == IS_TEXT:
        message = "has no figure beside it: taken as a heading or note; if it is offered, say its part"
        entry.tell("item", f"{shown(label_of(row))} {message}", "warning")
    else:
        entry.tell("item", f"{shown(label_of(row))} is taken as {entry.aside}: set aside", "warning")


def _tax(table: Table, entry: Entry, row: Row) -> None:
    """A tax that a business has refunded is set aside; one that it pays is a cost, unless it is exempt: asked."""
    if tax_named(label_of(row)) != "paid":
        entry.refunded_tax = _last_number(table, row.line) or 0.0
        entry.tell("item", "looks like a tax on the price, which the study leaves out: set aside", "warning")
        return
    entry.aside = ""
    amount = next((cell for cell in figures_of(row.line) if values.number(cell, table.policy)[0] is not None), EMPTY)
    entry.cells |= {"net_price": amount, "quantity": Cell(1.0)}
    entry.cells.pop("line_total", None)
    entry.guess = {"part": "tax", "charged": "once"}
    entry.why = "a sales tax is a cost unless the buyer is exempt"


def _last_number(table: Table, line: Sequence[Cell]) -> float | None:
    """The figure at the end of a row."""
    found = (values.number(cell, table.policy)[0] for cell in figures_of(line))
    return next((number for number in found if number is not None), None)


# ---------------------------------------------------------------------------------------------------------------- cells


def _tell_about_cells(table: Table, entry: Entry) -> None:
    """What stands around the values: merged and hidden cells, formulas."""
    if not table.has_parts and "net_price" not in entry.said and names_tax_inside(str(entry.cells["item"].value or "")):
        entry.tell("net_price", "has tax in it, as its words say: say the price without it, or exclude the line")
    if not table.has_parts and "net_price" not in entry.said and (cut := _cut_number(table, entry)):
        entry.tell("net_price", f"may be cut at its mark of thousands ({cut}): say the price in full")
    for merge in table.sheet.merged:
        if merge.rows[0] <= in_sheet(entry.row) <= merge.rows[1]:
            _tell_about_merge(table, entry, merge)
    if in_sheet(entry.row) in table.sheet.hidden_rows:
        entry.tell("", "is hidden in the file, and is read all the same: delete it if it is not meant", "warning")
    for name, cell in entry.cells.items():
        if cell.formula and cell.value is None and name in TO_COMPARE:
            entry.tell(name, "is a formula without a stored value: it is not compared with the net price", "warning")
        elif cell.formula and cell.value is None:
            entry.tell(name, "is a formula without a stored value: open the file, save it, or put the value in")
        elif cell.formula:
            message = f"is a formula: the value stored with it, {shown(cell.value)}, is read"
            entry.tell(name, message, "warning")


_HEAD_OF_NUMBER, _TAIL_OF_NUMBER = re.compile(r"(?:.*[:=])?\s*-?\d{1,3}"), re.compile(r"\d{3}(?:[.,]\d{1,2})?")


def _cut_number(table: Table, entry: Entry) -> str:
    """Two cells that were one number, "5" and "000.00" of 5,000.00 without quotation marks: where a row has more cells
    than there are headings, or a label ends in the first of them; "" where there are none."""
    longer = any(map(is_filled, entry.line[len(table.found.headings) :]))
    texts = [cell.value if isinstance(cell.value, str) else "" for cell in entry.line if is_filled(cell)]
    for first, second in reversed([*pairwise(texts)]):
        told = _HEAD_OF_NUMBER.fullmatch(first) and _TAIL_OF_NUMBER.fullmatch(second)
        if told and (longer or not first.strip().lstrip("-").isdigit()):
            return f"{shown(first[-40:])}, {shown(second)}"
    return ""


def _tell_about_merge(table: Table, entry: Entry, merge: Merge) -> None:
    """Merged cells are refused where it is unclear which of them the one value is meant for."""
    left, right = merge.columns
    taken = [name for name, at in table.places.items() if left <= at + 1 <= right and name not in entry.typed]
    first = [name for name in taken if table.places[name] + 1 == left]
    names = not table.has_parts and merge.columns[0] == merge.columns[1] and set(taken) <= set(NAMES)
    if taken and taken == first and (merge.rows[0] == merge.rows[1] or names):
        entry.tell(taken[0], f"cells {merge.ref} are merged: their one value is read", "warning")
    elif taken:
        entry.tell("", f"cells {merge.ref} are merged: take the merging off and fill each cell")


def _read_cells(table: Table, entry: Entry) -> None:
    """Every cell of a row; of a row that is no line only what it says of the offer as a whole."""
    for name, cell in entry.cells.items():
        column = BY_NAME[name]
        if cell.value is not None and (not entry.aside or column.level == "quote" or name == "item"):
            _read_cell(table, entry, column, cell)


def _read_cell(table: Table, entry: Entry, column: Column, cell: Cell) -> None:
    """One cell by the kind of its column; the prices of a line wait until its scope is known."""
    found, fault = content(table, column, cell, _policy(table, entry, column), column.name in entry.typed)
    if column.level == "line" and column.kind in NUMBERS and fault:
        entry.found[f"{column.name} fault"] = fault
    elif not fault:
        entry.found[column.name] = found
    elif column.name not in entry.constant and column.name not in table.head:
        entry.tell(column.name, fault)


def _policy(table: Table, entry: Entry, column: Column) -> Policy:
    """How a cell is read: as the file is, as what is typed, or only where it is clear beside the file's own cells."""
    if column.name in entry.said:
        return Policy()
    if column.name in entry.constant:
        return table.typed
    if column.level == "quote" and column.name in table.head and column.name not in table.given:
        return _of_head(table)
    return table.policy if column.kind != "share" else _policy_of_shares(table, column)


def _policy_of_shares(table: Table, column: Column) -> Policy:
    """A share that may be a percentage is a part where the column's others are, unless the file's was said."""
    are_parts = "%" not in table.heading(column.name) and _counts_in_percent(table, column) is False
    return replace(table.policy, shares="parts") if are_parts and table.policy.shares == "ask" else table.policy


def typed_faults(table: Table) -> list[Finding]:
    """What is wrong with what was said of all rows, by a person or outside the table, told once."""
    said = [(name, cell, table.typed, True) for name, cell in table.given.items()]
    said += [(name, cell, _of_head(table), False) for name, cell in table.head.items() if name not in table.given]
    told = [(BY_NAME[name], content(table, BY_NAME[name], cell, how, typed)[1]) for name, cell, how, typed in said]
    quiet = {column.name for column, _ in told if column.level == "line" and column.kind in NUMBERS}
    return [Finding(None, c.label, "refused", fault) for c, fault in told if fault and c.name not in quiet]


def _of_head(table: Table) -> Policy:
    """How what stands outside the table is read: its numbers are taken apart already, its dates may be two."""
    return Policy("point", days=table.policy.days)


def content(table: Table, column: Column, cell: Cell, policy: Policy, is_typed: bool) -> tuple[Any, str]:
    """What a cell holds, or None and what to do about it; `is_typed` tells that a person said it, not the file."""
    asks = values.TYPED if is_typed else values.UNCLEAR
    if column.kind == "choice":
        return values.choice(cell, column)
    if column.kind == "currency":
        return values.currency(cell)
    if column.kind == "date":
        return values.date(cell, policy, asks=asks)
    if column.kind == "text":
        return values.text(cell)
    if column.kind == "share" and values.is_no_price(cell):
        return None, ""
    if column.kind == "share":
        return values.share(cell, policy, _unclear(table, column, is_typed), asks=asks)
    if column.name in TO_COMPARE and values.is_no_price(cell):
        return None, ""
    if column.name == "net_price":
        return values.price(cell, policy, asks=asks)
    if column.name == "quantity":
        cell = values.of_pieces(cell)
    found, fault = values.number(cell, policy, whole=column.kind == "whole", asks=asks)
    if column.kind != "whole" or found is None:
        return found, fault
    if found != int(found) or found < 1:
        return None, f"is {shown(cell.value)}: give a whole number, 1 or more"
    return int(found), ""


def check_money(entry: Entry, currency: str | None) -> None:
    """Refuses a sign or code beside a price that is not the currency of the quote."""
    for name in AMOUNTS:
        mark = values.money_of(entry.cells.get(name, EMPTY))
        if mark and currency and not reader.is_money(mark, currency):
            message = f"is shown in {mark}, and the quote is in {currency}: convert it, or correct the currency"
            entry.tell(name, message)


def check_tokens(table: Table, entry: Entry, currency: str | None) -> None:
    """Makes a price of a thousand tokens that of a million, and says so; asks where words disagree."""
    part = str(entry.cells.get("part", EMPTY).value)
    if part not in TOKEN_PRICES.values() or entry.aside:
        return
    name = next((name for name, of in TOKEN_PRICES.items() if of == part and name in table.places), "net_price")
    heading, unit = table.heading(name), str(entry.cells.get("unit", EMPTY).value or "")
    if _NO_TOKENS.search(heading):
        entry.tell("net_price", f"stands under {shown(heading)}: give prices of a million tokens")
        return
    notes = [text for text in table.notes if words.tokens_counted(text)]
    of_heading = words.tokens_counted(heading, of_tokens=name != "net_price")
    own = words.tokens_counted(unit) or of_heading
    said = [text for text in notes if words.tokens_counted(text) != own and words.is_price_of(text)]
    if THOUSAND not in own and not any(THOUSAND in words.tokens_counted(text) for text in notes):
        return
    where = unit if words.tokens_counted(unit) else heading if own else notes[0]
    clear = len(own) == 1 and (bool(words.tokens_counted(unit)) or not said)
    clear = clear or (
        not own and len(said) == len(notes) and {words.tokens_counted(n) for n in notes} == {_THOUSAND_ALONE}
    )
    if not clear:
        entry.tell(
            "net_price",
            f"is of a thousand tokens or of a million, as {shown(where)} leaves open: say the price of a million",
        )
    elif THOUSAND in (own or _THOUSAND_ALONE):
        _to_a_million(entry, where, currency)


_THOUSAND_ALONE = frozenset({THOUSAND})


def _to_a_million(entry: Entry, where: str, currency: str | None) -> None:
    """The prices of a thousand tokens times a thousand, unless that is more than tokens cost."""
    held = {name: entry.found[name] for name in ("list_price", "net_price") if entry.found.get(name) is not None}
    if "net_price" in entry.said or not held:
        return
    made = {name: rounded(price * (MILLION // THOUSAND), 12) for name, price in held.items()}
    of_one, of_all = (as_typed(next(reversed(prices.values()))) for prices in (held, made))
    told = f"is {of_one} for a thousand tokens, as {shown(where)} says"
    if currency not in OF_LITTLE_WORTH and max(made.values()) > DEAREST_MILLION:
        entry.tell("net_price", f"{told}, and a million would cost {of_all}: say the price of a million")
        return
    entry.found |= made
    entry.tell("net_price", f"{told}: read as {of_all} for a million", "warning")


def check_headings(table: Table, currency: str | None, findings: list[Finding]) -> None:
    """Refuses a heading that names another currency than that of the quote: "Net price EUR" in a quote in USD."""
    for name in (*AMOUNTS, *TOKEN_PRICES):
        mark = values.money_in(table.heading(name))
        if mark and currency and not reader.is_money(mark, currency):
            head = shown(table.heading(name))
            message = f"stands under {head}, and the quote is said to be in {currency}: correct one of them"
            findings.append(Finding(table.header_row, BY_NAME[name].label, "refused", message))
