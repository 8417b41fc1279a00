"""The lines of a quote: what each is part of, what its price is for, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from importers.quotes.columns import BY_NAME, CHARGED
from importers.quotes.findings import Finding

ONE_OFF = ("once", "per system", "per accelerator")
YEARLY = (
    *("per year", "per system and year", "per accelerator and year", "per month", "per system and month"),
    *("per kW and month", "share of hardware and year", "per million tokens", "per thousand requests"),
)
HOURLY = ("per accelerator-hour", "per system-hour")
EVERYTHING = (*ONE_OFF, *YEARLY)
# What the price of each part may be for.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "systems": ("per system", "per accelerator"),
    "network": ONE_OFF,
    "storage": EVERYTHING,
    "spares": ONE_OFF,
    "installation": ONE_OFF,
    "delivery": ONE_OFF,
    "training": ("once", "per year"),
    "migration": ("once",),
    "support": EVERYTHING,
    "warranty": EVERYTHING,
    "software": EVERYTHING,
    "hosting": YEARLY,
    "egress": ("per year", "per month", "per million tokens", "per thousand requests"),
    "lease": ("per system and month",),
    "rental committed": HOURLY,
    "rental on demand": HOURLY,
    "api input": ("per million tokens",),
    "api cached input": ("per million tokens",),
    "api output": ("per million tokens",),
    "api minimum": ("per year", "per month"),
    "other": EVERYTHING,
}
# Paid once for several years: what they cover has to be said.
PREPAID = ("support", "warranty", "software")
SHARE = "share of hardware and year"
# A price of one such thing, whatever the number of them: it is not multiplied by a quantity.
UNIT_PRICES = (*HOURLY, "per million tokens", "per thousand requests", "per kW and month", SHARE)
_TOTAL = re.compile(
    r"((sub|grand)[\s-]*)?(total|totale|sum|summe|gesamt\w*|zwischensumme)(\s+(net|gross|price|amount|value|ex|in)\w*.*)?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One line: `net_price` is the price of one, in the quote's currency, `quantity` how many. Refused ones lack parts.

    `cells` are the cells as they stand, by column, for a preview.
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

    @property
    def counts(self) -> bool:
        """Whether the line is part of what is computed."""
        return self.scope == "in" and not self.refused

    @property
    def prepaid(self) -> bool:
        """Whether one payment covers several years."""
        return self.part in PREPAID and self.charged in ONE_OFF


def read_line(row: int, found: Mapping[str, Any], cells: Mapping[str, str], findings: list[Finding]) -> Line:
    """The line that the cells of a row hold; what is wrong with it is added to the row's findings."""
    line = Line(
        row=row,
        item=found.get("item", ""),
        part=found.get("part", ""),
        charged=found.get("charged", ""),
        scope=found.get("scope", ""),
        quantity=found.get("quantity"),
        list_price=found.get("list_price"),
        net_price=found.get("net_price"),
        years_covered=found.get("years_covered"),
        refused=False,
        cells=cells,
    )
    told = {finding.column for finding in findings if finding.severity == "refused"}
    faults = _Faults(row, findings)
    for name in ("item", "part", "charged", "scope"):
        if not getattr(line, name) and BY_NAME[name].label not in told:
            choices = f": one of {', '.join(BY_NAME[name].choices)}" if BY_NAME[name].choices else ""
            faults.tell(name, f"is missing{choices}")
    if line.scope == "in" or line.scope == "":
        _check_counted(line, found, faults)
    if _TOTAL.fullmatch(line.item.strip()):
        faults.tell("item", "looks like a total, which would count twice: leave it out, or name what it is")
    return replace(line, refused=any(finding.severity == "refused" for finding in findings))


@dataclass(frozen=True)
class _Faults:
    """Collects what is wrong with a row."""

    row: int
    findings: list[Finding]

    def tell(self, column: str, message: str, severity: Any = "refused") -> None:
        self.findings.append(Finding(self.row, BY_NAME[column].label, severity, message))


def _check_counted(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    """A line that is part of the offer needs a price, a quantity and a use of both."""
    for name in ("quantity", "list_price", "net_price", "years_covered"):
        if fault := found.get(f"{name} fault"):
            faults.tell(name, fault)
    if line.net_price is None and "net_price fault" not in found:
        faults.tell("net_price", "is missing: ask for it, write 0 if another price contains it, or put the line out")
    for name in ("list_price", "net_price"):
        if (price := getattr(line, name)) is not None and price < 0:
            faults.tell(name, f"is negative ({price:g}): take a discount off the net price of what it is for")
    if line.charged and line.part and line.charged not in ALLOWED[line.part]:
        allowed = ", ".join(f'"{each}"' for each in ALLOWED[line.part])
        faults.tell("charged", f'is "{line.charged}", and {line.part} is charged {allowed}: choose one')
        return
    _check_quantity(line, found, faults)
    _check_years(line, found, faults)
    _check_price(line, faults)


def _check_quantity(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    if line.quantity is None:
        if line.charged not in UNIT_PRICES and "quantity fault" not in found:
            faults.tell("quantity", "is missing: give how many, 1 for a lump sum")
    elif line.quantity <= 0:
        faults.tell("quantity", f"is {line.quantity:g}: it must be above 0; a line that does not count goes out")
    elif line.part == "systems" and line.quantity != int(line.quantity):
        faults.tell("quantity", f"is {line.quantity:g}: systems and accelerators are counted whole")


def _check_years(line: Line, found: Mapping[str, Any], faults: _Faults) -> None:
    if line.prepaid and line.years_covered is None and "years_covered fault" not in found:
        faults.tell("years_covered", f"is missing: {line.part} is paid {CHARGED[line.charged]}; say for how many years")
    elif line.years_covered is not None and not line.prepaid:
        faults.tell("years_covered", "is not read here: only for support, warranty and software paid once", "warning")


def _check_price(line: Line, faults: _Faults) -> None:
    net, listed = line.net_price, line.list_price
    if net is None:
        return
    if line.charged == SHARE and net > 1:
        faults.tell("net_price", f"is {net:g} times the hardware price each year: write 8 % as 0.08")
    if listed is not None and net > listed:
        faults.tell("net_price", f"is above the list price ({net:g} over {listed:g}): are they exchanged?", "warning")
    if net == 0:
        faults.tell("net_price", "is 0: counted as contained in another price", "warning")


def check_lines(lines: Sequence[Line], findings: list[Finding]) -> tuple[Line, ...]:
    """The lines, those refused that stand twice; what is wrong is added to the findings."""
    seen: dict[tuple[Any, ...], int] = {}
    checked = []
    for line in lines:
        key = (line.item.casefold(), line.part, line.charged, line.quantity, line.net_price, line.years_covered)
        if line.counts and key in seen:
            message = f"is row {seen[key]} again: delete one, or put both into one quantity"
            findings.append(Finding(line.row, BY_NAME["item"].label, "refused", message))
            line = replace(line, refused=True)
        elif line.counts:
            seen[key] = line.row
        checked.append(line)
    return tuple(checked)
