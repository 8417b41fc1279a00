"""The rows below the headings: each cell read by the kind of its column, and what is wrong with the row told.

What a person says of single rows, or of all of them, stands beside what the file says, and it stays known which is
which. A file of no template has rows that are no lines of the offer: titles, notes, totals, taxes. They are set aside,
each with the reason, so that nothing counts twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from files.xlsx import Merge
from importers.quotes.cells import values
from importers.quotes.cells.columns import BY_NAME, TOKEN_PRICES, Column, folded
from importers.quotes.cells.findings import Finding, shown
from importers.quotes.cells.sheet import EMPTY, Cell, Sheet
from models.notation import reader
from models.notation.reader import Policy

# Columns that make a row a line of an offer, if any of them says anything.
FIGURES = ("quantity", "list_price", "discount", "net_price", "line_total", "years_covered")
AMOUNTS = ("list_price", "net_price", "line_total")
# Figures that only check others, or stand in for them.
TO_COMPARE = ("list_price", "discount", "line_total")
NUMBERS = ("number", "whole", "share")
_TOTAL = re.compile(
    r"(sub|grand|zwischen|gesamt)[\s-]*(total|sum|summe|betrag)\b.*"
    r"|(total|totale|sum|summe|gesamt|übertrag|carried forward)"
    r"(\W+(net|netto|gross|brutto|price|preis|amount|betrag|value|excl?|incl?|inkl|exkl|before|after|usd|eur)\b.*)?\W*",
    re.IGNORECASE,
)
# Beside no quantity, any words with the total.
_TOTAL_OF = re.compile(rf"{_TOTAL.pattern}|(.*\W)?(total|totale|summe)(\W.*)?", re.IGNORECASE)
# Words of a tax, and those that may stand before it: "plus 19 % VAT".
_TAXES = ("vat", "mwst", "ust", "mehrwertsteuer", "umsatzsteuer", "gst", "sales tax", "value added tax")
_BEFORE_TAXES = frozenset("plus zzgl incl inkl excl exkl gesetzl gesetzliche gesetzlicher statutory".split())
_PER_THOUSAND = re.compile(r"\b(1\s?k|1[.,]?000(?![.,]?\d)|thousand|tausend)\b", re.IGNORECASE)
IS_TOTAL, IS_TAX, IS_TEXT = "a total", "a tax", "a heading or note"


@dataclass(frozen=True)
class Table:
    """A sheet with its columns found. `given` holds for every row, `said` for single ones, by row.

    `policy` is how the file writes numbers, dates and shares, `typed` how what was said of all rows does: a rate of
    1.085 typed beside a file that writes 1.085,00 is not a thousand.
    """

    sheet: Sheet
    header_row: int
    places: Mapping[str, int]
    given: Mapping[str, Cell]
    said: Mapping[int, Mapping[str, Cell]]
    policy: Policy
    typed: Policy

    def heading(self, column: str) -> str:
        """What stands above a column of ours in the file, "" if the file lacks it."""
        heads, at = self.sheet.rows[self.header_row - 1], self.places.get(column)
        return "" if at is None or at >= len(heads) or heads[at].value is None else str(heads[at].value)


@dataclass
class Entry:
    """One row: its cells by column, what they hold, and what is wrong with it.

    `constant` are the columns whose content a person said for all rows, `said` those said for this one. `aside` says
    what the row is if it is no line of the offer, `total` the figure of a row that is a total.
    """

    row: int
    cells: dict[str, Cell]
    constant: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    aside: str = ""
    total: float | None = None
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


def policy_of(sheet: Sheet, header_row: int, places: Mapping[str, int], said: Policy) -> Policy:
    """How a file writes what may be read in two ways: as was said, else as its other cells give away.

    A column of numbers of articles says nothing.
    """

    def texts(kinds: Collection[str]) -> Iterator[str]:
        taken = [at for name, at in places.items() if BY_NAME[name].kind in kinds]
        cells = (row[at].value for row in sheet.rows[header_row:] for at in taken if at < len(row))
        yield from (text for text in cells if isinstance(text, str))

    return Policy(
        said.marks if said.marks != "ask" else reader.marks_of(texts(NUMBERS)),
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
    return values.counts_in_percent(row[at] for row in table.sheet.rows[table.header_row :] if at < len(row))


def entries(table: Table) -> Iterator[Entry]:
    """Every row below the headings that holds anything, each cell read."""
    for number, line in enumerate(table.sheet.rows[table.header_row :], start=table.header_row + 1):
        own = {name: line[at] if at < len(line) else EMPTY for name, at in table.places.items()}
        # Whoever says its part says that it is a line.
        aside = "" if "part" in table.said.get(number, {}) else _aside(table, line, own)
        # The total is compared even where its row fills none of the columns that were chosen.
        if aside != IS_TOTAL and not any(map(_is_filled, own.values())):
            continue
        for cells in [own] if aside else _lines(own):
            yield _entry(table, number, line, cells, aside)


def _is_filled(cell: Cell) -> bool:
    return cell.value is not None or cell.formula


def _lines(own: Mapping[str, Cell]) -> Iterator[Mapping[str, Cell]]:
    """The lines of a row: one, or one for each price of tokens, as the price list of an API has them side by side."""
    rest = {name: cell for name, cell in own.items() if name not in TOKEN_PRICES}
    prices = {name: cell for name, cell in own.items() if name in TOKEN_PRICES and _is_filled(cell)}
    for name, cell in prices.items():
        part = TOKEN_PRICES[name]
        named = f"{own.get('item', EMPTY).value or ''}, {part.removeprefix('api ')} tokens".lstrip(", ")
        fixed = {"item": Cell(named), "part": Cell(part), "charged": Cell("per million tokens"), "net_price": cell}
        yield {**rest, **fixed}
    if not prices:
        yield rest


def _entry(table: Table, number: int, line: Sequence[Cell], own: Mapping[str, Cell], aside: str) -> Entry:
    """One line of a row, each cell read."""
    said = table.said.get(number, {})
    constant = table.given.keys() - own.keys() - said.keys()
    entry = Entry(number, {**table.given, **own, **said}, frozenset(constant), frozenset(said), aside)
    if entry.aside == IS_TOTAL and own.get("quantity", EMPTY).value is not None:
        entry.aside = ""
        entry.tell("item", "looks like a total, which would count twice: leave it out, or name what it is")
    if entry.aside:
        _set_aside(table, entry, line)
    else:
        _tell_about_cells(table, entry)
    _read_cells(table, entry)
    return entry


# ---------------------------------------------------------------------------------------------- rows that are no lines


def _aside(table: Table, line: Sequence[Cell], own: Mapping[str, Cell]) -> str:
    """What a row is that is no line of the offer, "" for a line."""
    label = _label(line, own)[: values.LONGEST_TEXT]
    counted = own.get("quantity", EMPTY).value is not None
    if (_TOTAL if counted else _TOTAL_OF).fullmatch(label.strip()):
        return IS_TOTAL
    if _is_tax(label):
        return IS_TAX
    filled = {name for name, cell in own.items() if _is_filled(cell)}
    return IS_TEXT if "part" not in table.places and filled <= {"item"} else ""


def _is_tax(label: str) -> bool:
    """Whether a row is called a tax on the price."""
    words = [word for word in folded(label).split() if not word.isdigit()]
    while words and words[0] in _BEFORE_TAXES:
        words.pop(0)
    text = " ".join(words)
    return any(text == tax or text.startswith(f"{tax} ") for tax in _TAXES)


def _label(line: Sequence[Cell], own: Mapping[str, Cell]) -> str:
    """What a row is called: its item, else the first text in it."""
    item = own.get("item", EMPTY).value
    texts = (cell.value for cell in line if isinstance(cell.value, str))
    return item if isinstance(item, str) else next(texts, "")


def _set_aside(table: Table, entry: Entry, line: Sequence[Cell]) -> None:
    """Say why the row does not count, and keep the figure of a total to compare with."""
    entry.cells["item"] = Cell(_label(line, entry.cells))
    if entry.aside == IS_TOTAL:
        entry.total = _last_number(table, line)
        said = "" if entry.total is None else f" ({entry.total:,.10g})"
        entry.tell("item", f"looks like a total{said}: set aside, or it would count twice", "warning")
    elif entry.aside == IS_TAX:
        entry.tell("item", "looks like a tax on the price, which the study leaves out: set aside", "warning")
    else:
        words = shown(entry.cells.get("item", EMPTY).value)
        message = f"{words} has no figure beside it: taken as a heading or note; if it is offered, say its part"
        entry.tell("item", message, "warning")


def _last_number(table: Table, line: Sequence[Cell]) -> float | None:
    """The figure at the end of a row."""
    found = (values.number(cell, table.policy)[0] for cell in reversed(line) if cell.value is not None)
    return next((number for number in found if number is not None), None)


# ---------------------------------------------------------------------------------------------------------------- cells


def _tell_about_cells(table: Table, entry: Entry) -> None:
    """What stands around the values: merged and hidden cells, formulas."""
    for merge in table.sheet.merged:
        if merge.rows[0] <= entry.row <= merge.rows[1]:
            _tell_about_merge(table, entry, merge)
    if entry.row in table.sheet.hidden_rows:
        entry.tell("", "is hidden in the file, and is read all the same: delete it if it is not meant", "warning")
    for name, cell in entry.cells.items():
        if cell.formula and cell.value is None and name in TO_COMPARE:
            entry.tell(name, "is a formula without a stored value: it is not compared with the net price", "warning")
        elif cell.formula and cell.value is None:
            entry.tell(name, "is a formula without a stored value: open the file, save it, or put the value in")
        elif cell.formula:
            message = f"is a formula: the value stored with it, {shown(cell.value)}, is read"
            entry.tell(name, message, "warning")


def _tell_about_merge(table: Table, entry: Entry, merge: Merge) -> None:
    """Merged cells are refused where it is unclear which of them the one value is meant for."""
    left, right = merge.columns
    taken = [name for name, at in table.places.items() if left <= at + 1 <= right and name not in entry.typed]
    first = [name for name in taken if table.places[name] + 1 == left]
    if taken and taken == first and merge.rows[0] == merge.rows[1]:
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
    elif column.name not in entry.constant:
        entry.tell(column.name, fault)


def _policy(table: Table, entry: Entry, column: Column) -> Policy:
    """How a cell is read: as the file is, as what is typed, or only where it is clear beside the file's own cells."""
    if column.name in entry.said:
        return Policy()
    if column.name in entry.constant:
        return table.typed
    return table.policy if column.kind != "share" else _policy_of_shares(table, column)


def _policy_of_shares(table: Table, column: Column) -> Policy:
    """A share that may be a percentage is a part where the column's others are, unless the file's was said."""
    are_parts = "%" not in table.heading(column.name) and _counts_in_percent(table, column) is False
    return replace(table.policy, shares="parts") if are_parts and table.policy.shares == "ask" else table.policy


def typed_faults(table: Table) -> list[Finding]:
    """What is wrong with what was said of all rows, told once."""
    given = table.given
    told = [(BY_NAME[name], content(table, BY_NAME[name], cell, table.typed, True)[1]) for name, cell in given.items()]
    quiet = {column.name for column, _ in told if column.level == "line" and column.kind in NUMBERS}
    return [Finding(None, c.label, "refused", fault) for c, fault in told if fault and c.name not in quiet]


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


def check_headings(table: Table, currency: str | None, findings: list[Finding]) -> None:
    """Refuses a heading that names another currency than that of the quote: "Net price EUR" in a quote in USD.

    A price of a thousand tokens is none of a million, and is refused too.
    """
    for name in TOKEN_PRICES:
        if _PER_THOUSAND.search(table.heading(name)):
            message = f"stands under {shown(table.heading(name))}: give prices of a million tokens"
            findings.append(Finding(table.header_row, BY_NAME[name].label, "refused", message))
    for name in (*AMOUNTS, *TOKEN_PRICES):
        mark = values.money_in(table.heading(name))
        if mark and currency and not reader.is_money(mark, currency):
            head = shown(table.heading(name))
            message = f"stands under {head}, and the quote is said to be in {currency}: correct one of them"
            findings.append(Finding(table.header_row, BY_NAME[name].label, "refused", message))
