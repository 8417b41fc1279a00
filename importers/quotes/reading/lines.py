"""The lines of a quote: what each is part of, what its price is for, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from importers.quotes.cells.columns import BY_NAME, CHARGED
from importers.quotes.cells.findings import Finding, shown
from importers.quotes.cells.sheet import Cell
from importers.quotes.reading.entries import Choice, Entry
from importers.quotes.reading.words import is_perpetual
from importers.records.fields import one_line
from models.notation.writer import as_typed, rounded

ONE_OFF = ("once", "per system", "per accelerator")
YEARLY = (
    *("per year", "per system and year", "per accelerator and year", "per month", "per system and month"),
    *("per kW and month", "share of hardware and year", "per million tokens", "per thousand requests"),
)
HOURLY = ("per accelerator-hour", "per system-hour")
MONTHLY = ("per month", "per system and month")
EVERYTHING = (*ONE_OFF, *YEARLY)
# What the price of each part may be for.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "systems": ("per system", "per accelerator"),
    "network": (*ONE_OFF, *MONTHLY),
    "storage": EVERYTHING,
    "spares": (*ONE_OFF, *MONTHLY),
    "installation": ONE_OFF,
    "delivery": ONE_OFF,
    "training": ("once", "per year"),
    "migration": ("once",),
    "support": EVERYTHING,
    "warranty": EVERYTHING,
    "software": EVERYTHING,
    "hosting": YEARLY,
    "egress": ("per year", "per month", "per million tokens", "per thousand requests"),
    "lease": MONTHLY,
    "rental committed": HOURLY,
    "rental on demand": HOURLY,
    "api input": ("per million tokens",),
    "api cached input": ("per million tokens",),
    "api output": ("per million tokens",),
    "api cache write": ("per million tokens",),
    "api batch input": ("per million tokens",),
    "api batch output": ("per million tokens",),
    "tax": ("once", "per month"),
    "discount": ("once", "per month", "per year"),
    "api minimum": ("per year", "per month"),
    "other": EVERYTHING,
}
# Paid once for several years: what they cover has to be said.
PREPAID = ("support", "warranty", "software")
SHARE = "share of hardware and year"
# A price of one such thing, whatever the number of them: it is not multiplied by a quantity.
UNIT_PRICES = (*HOURLY, "per million tokens", "per thousand requests", "per kW and month", SHARE)
# Prices are rounded to the cent before they are multiplied, discounts to a tenth of a percent.
CENT, ROUNDING, DISCOUNT_ROUNDING = 0.01, 1e-9, 0.0006


@dataclass(frozen=True)
class Line:
    """One line: `net_price` is the price of one, in the quote's currency, `quantity` how many. Refused ones lack parts.

    `cells` are the cells as they stand, by column, for a preview. `aside` says what a row is that is no line of the
    offer; it counts nowhere. `typed` are the columns that a person said, not the file; `worked_out` is how the net
    price came about where the file gives another figure in its place. `also` are rows joined to it, `choice` says which
    of several prices of the same thing it is. `inferred` are the columns that its words fill, `why` what that rests on,
    and `guess` what they point to without being sure.
    """

    row: int
    item: str
    part: str
    charged: str
    scope: str
    quantity: float | None
    list_price: float | None
    net_price: float | None
    years_covered: int | None
    refused: bool
    cells: Mapping[str, str]
    aside: str = ""
    typed: frozenset[str] = frozenset()
    worked_out: str = ""
    also: tuple[int, ...] = ()
    choice: Choice | None = None
    inferred: frozenset[str] = frozenset()
    why: str = ""
    guess: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether the line is part of what is computed."""
        return self.scope == "in" and not self.refused and not self.aside

    @property
    def prepaid(self) -> bool:
        """Whether one payment covers several years; a licence for good, and what another price contains, covers all."""
        endless = self.years_covered is None and (self.net_price == 0 or is_perpetual(self.item))
        return self.part in PREPAID and self.charged in ONE_OFF and not endless


def read_line(entry: Entry) -> Line:
    """The line that the cells of a row hold; what is wrong with it is added to the row's findings."""
    found, cells = entry.found, {name: _seen(cell) for name, cell in entry.cells.items()}
    net, worked_out = _net_price(found)
    if entry.aside:
        item = found.get("item", "")
        return Line(entry.row, item, "", "", "", None, None, None, None, False, cells, entry.aside)
    line = Line(
        row=entry.row,
        item=found.get("item", ""),
        part=found.get("part", ""),
        charged=found.get("charged", ""),
        scope=found.get("scope", ""),
        quantity=found.get("quantity"),
        list_price=found.get("list_price"),
        net_price=net,
        years_covered=found.get("years_covered"),
        refused=False,
        cells=cells,
        typed=entry.typed,
        worked_out=worked_out,
        also=entry.also,
        choice=entry.choice,
        inferred=frozenset(entry.inferred),
        why=entry.why,
        guess=dict(entry.guess),
    )
    told = {finding.column for finding in entry.findings if finding.severity == "refused"}
    faults = _Faults(entry.row, entry.findings)
    # What does not count needs no more than a name; what a price is for depends on what it is part of.
    needed = ("item", "scope") if line.scope in ("out", "optional") else ("item", "part", "charged", "scope")
    for name in needed if line.part or told else tuple(each for each in needed if each != "charged"):
        if not getattr(line, name) and name not in entry.guess and BY_NAME[name].label not in told:
            choices = f": one of {', '.join(BY_NAME[name].choices)}" if BY_NAME[name].choices else ""
            faults.tell(name, f"is missing{choices}")
    if line.scope in ("in", ""):
        _check_counted(line, found, faults)
    return replace(line, refused=any(finding.severity == "refused" for finding in entry.findings))


def _seen(cell: Cell) -> str:
    return "" if cell.value is None else one_line(str(cell.value))


def _net_price(found: Mapping[str, Any]) -> tuple[float | None, str]:
    """The price of one: as it stands, else from the line total, else from list price and discount; and how."""
    net, total, quantity = found.get("net_price"), found.get("line_total"), found.get("quantity")
    if net is not None or "net_price fault" in found:
        return net, ""
    listed, discount = found.get("list_price"), found.get("discount")
    if total is not None and quantity:
        return total / quantity, f"line total {as_typed(total)} over {as_typed(quantity)}"
    if listed is not None and discount is not None:
        return rounded(listed * (1 - discount), 12), f"list {as_typed(listed)} less {as_typed(discount, percent=True)}"
    return None, ""


@dataclass(frozen=True)
class _Faults:
    """Collects what is wrong with a row."""

    row: int
    findings: list[Finding]

    def tell(self, column: str, message: str, severity: Any = "refused") -> None:
        self.findings.append(Finding(self.row, BY_NAME[column].label, severity, message))


def _check_counted(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    """A line that is part of the offer needs a price, a quantity and a use of both."""
    for name in ("quantity", "list_price", "net_price", "line_total", "years_covered"):
        if fault := found.get(f"{name} fault"):
            faults.tell(name, fault)
    if line.net_price is None and "net_price fault" not in found:
        if fault := found.get("discount fault"):
            faults.tell("discount", fault)
        faults.tell("net_price", "is missing: ask for it, enter 0 if included elsewhere, or exclude the line")
    for name in ("list_price", "net_price"):
        if (price := getattr(line, name)) is not None and price < 0 and line.part != "discount":
            faults.tell(
                name,
                f"is negative ({as_typed(price)}): take it off the net price of what it is for, and exclude the line",
            )
    if line.charged and line.part and line.charged not in ALLOWED[line.part]:
        allowed = ", ".join(f'"{each}"' for each in ALLOWED[line.part])
        faults.tell("charged", f'is "{line.charged}", and {line.part} is charged {allowed}: choose one')
        return
    _check_quantity(line, found, faults)
    _check_years(line, found, faults)
    _check_price(line, found, faults)


def _check_quantity(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    if line.quantity is None:
        if line.charged not in UNIT_PRICES and "quantity fault" not in found:
            faults.tell("quantity", "is missing: give how many, 1 for a lump sum")
    elif line.quantity <= 0:
        faults.tell(
            "quantity", f"is {as_typed(line.quantity)}: it must be above 0; a line that does not count goes out"
        )
    elif line.part == "systems" and line.quantity != int(line.quantity):
        faults.tell("quantity", f"is {as_typed(line.quantity)}: systems and accelerators are counted whole")


def _check_years(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    if line.prepaid and line.years_covered is None and "years_covered fault" not in found:
        faults.tell("years_covered", f"is missing: {line.part} is paid {CHARGED[line.charged]}; say for how many years")
    elif line.years_covered is not None and not line.prepaid:
        faults.tell("years_covered", "is not read here: only for support, warranty and software paid once", "warning")


def _check_price(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    net, listed = line.net_price, line.list_price
    if net is None:
        return
    if line.charged == SHARE and net > 1:
        faults.tell("net_price", f"is {as_typed(net)} times the hardware price each year: write 8% as 0.08")
    if listed is not None and net > listed:
        faults.tell(
            "net_price",
            f"is above the list price ({as_typed(net)} over {as_typed(listed)}): are they swapped?",
            "warning",
        )
    if net == 0:
        word = "" if line.cells.get("net_price", "0")[:1].isdigit() else f" ({shown(line.cells['net_price'])})"
        faults.tell("net_price", f"is 0{word}: counted as contained in another price", "warning")
    _check_arithmetic(line, net, found, faults)


def _check_arithmetic(line: Line, net: float, found: Mapping[str, Any], faults: _Faults) -> None:
    """Quantity x price against the line's total, list price less discount against the net price; to the cent."""
    total, discount = found.get("line_total"), found.get("discount")
    if total is not None and line.quantity and line.charged not in UNIT_PRICES:
        product = line.quantity * net
        if abs(product - total) > CENT * max(line.quantity, 1) + ROUNDING * abs(total):
            said = f"is {as_typed(total)}, and {as_typed(line.quantity)} x {as_typed(net)} is {as_typed(product)}"
            faults.tell("line_total", f"{said}: ask which holds, and correct the other")
    if discount is not None and line.list_price is not None:
        reduced = line.list_price * (1 - discount)
        if abs(reduced - net) > max(CENT, DISCOUNT_ROUNDING * line.list_price):
            said = f"is {as_typed(discount, percent=True)}, which makes {as_typed(reduced)} of the list price"
            faults.tell("discount", f"{said}, not {as_typed(net)}: the net price counts; ask which holds", "warning")


def check_lines(lines: Sequence[Line], findings: list[Finding]) -> tuple[Line, ...]:
    """The lines, those refused that stand twice; what is wrong is added to the findings."""
    seen: dict[tuple[Any, ...], int] = {}
    checked = []
    for line in lines:
        key = (line.item.casefold(), line.part, line.charged, line.quantity, line.net_price, line.years_covered)
        if line.counts and key in seen:
            message = f"is row {seen[key]} again: put one out, or both into one quantity"
            findings.append(Finding(line.row, BY_NAME["item"].label, "refused", message))
            line = replace(line, refused=True)
        elif line.counts:
            seen[key] = line.row
        checked.append(line)
    return tuple(checked)
