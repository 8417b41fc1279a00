"""Figures of an offer that were probably read wrong: asked about, and in the way until a person explains them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from importers.quotes.cells.findings import Finding
from importers.quotes.option.checks import about
from importers.quotes.option.placing import Measure, Placed
from importers.quotes.option.scope import part_of
from importers.quotes.reading.lines import UNIT_PRICES
from importers.quotes.reading.quote import Quote
from models.studies.study import Option

# Totals are printed rounded.
ROUNDING = 1e-6
# Prices of like hardware differ by less than the first; a unit read wrong (an accelerator for a system of eight, a
# month for a year) is beyond the second.
ASKED_FACTOR, REFUSED_FACTOR = 2.0, 5.0
# The prices that are compared, in words, by the name under which the study counts them.
COMPARED: Mapping[str, str] = {
    "per_system": "a system",
    "payment_per_system_month": "a system leased for a month",
    "committed_price": "a committed accelerator-hour",
    "on_demand_price": "an accelerator-hour on demand",
}


@dataclass(frozen=True)
class Explained:
    """What a person says of figures that look wrong, "" while nothing is said; it stays with the option as a note.

    `total`: why the counted lines differ from the total of the file. `price`: why a price is so far from the like's.
    """

    total: str = ""
    price: str = ""

    @property
    def said(self) -> list[str]:
        """What was said, in words for a note."""
        told = (("counted lines that differ from the total stated", self.total), ("a price far off", self.price))
        return [f"{what} explained: {text}" for what, text in told if text]


def check_totals(quote: Quote, explained: Explained, findings: list[Finding]) -> None:
    """The counted lines against the totals that the file itself states; they agree with one of them, or it is asked.

    A total of a section stands above further lines: what agrees with it alone has lost those lines.
    """
    counted = [line for line in quote.counted if line.charged not in UNIT_PRICES]
    found = math.fsum((line.quantity or 0.0) * (line.net_price or 0.0) for line in counted)
    offered = [line.row for line in quote.lines if not line.aside and line.scope not in ("out", "optional")]
    last = [total for row, total in quote.totals if row > max(offered, default=0)]
    stated = last or [total for _, total in quote.totals]
    if not stated or any(abs(found - total) <= max(1.0, ROUNDING * abs(total)) for total in stated):
        return
    words = ", ".join(f"{total:,.10g} (row {row})" for row, total in quote.totals)
    message = f"the counted lines come to {found:,.10g} {quote.terms.currency or ''}, and the file states {words}"
    if explained.total:
        findings.append(about(f"{message}; explained: {explained.total}", "line_total", "warning"))
    else:
        findings.append(about(f"{message}: see which lines do not count, or say what explains it", "line_total"))


def check_price(
    base: Option, placed: Sequence[Placed], measure: Measure, explained: Explained, findings: list[Finding]
) -> None:
    """What a system, or an hour of an accelerator, costs against the option that the offer is like.

    Systems of more accelerators are compared at as many. Nothing is compared with an option that is paid for in
    another way.
    """
    per = measure.accelerators_per_system
    held, offered = _prices_of(base), _prices(((each.basis, each.amount) for each in _systems(placed)), per)
    scale = per / int(base.fields.number("accelerators_per_system")) if base.acquisition != "api" else 1.0
    for name, price in offered.items():
        other = held.get(name, 0.0) * (scale if "system" in name else 1.0)
        if price <= 0 or other <= 0 or (factor := max(price / other, other / price)) < ASKED_FACTOR:
            continue
        way = "more" if price > other else "less"
        said = (
            f"{COMPARED[name]} comes to {price:,.6g} {measure.currency}, {factor:,.3g} times {way} than in {base.name}"
        )
        said += f" ({other:,.6g}{_at(per, scale)})"
        if factor < REFUSED_FACTOR:
            findings.append(about(f"{said}: is the price for what it is charged for?", "net_price", "warning"))
        elif explained.price:
            findings.append(about(f"{said}; explained: {explained.price}", "net_price", "warning"))
        else:
            message = f"{said}: correct what the price is for, or say what explains it"
            findings.append(about(message, "net_price"))


def _at(accelerators: int, scale: float) -> str:
    return "" if scale == 1 else f" at {accelerators} accelerators"


def _systems(placed: Iterable[Placed]) -> Iterable[Placed]:
    """The amounts that are the price of the systems themselves."""
    return (each for each in placed if each.table in ("lease", "rental") or each.part == "systems")


def _prices_of(option: Option) -> dict[str, float]:
    """The prices of an option's systems, by the name under which the study counts them."""
    per = option.fields.number("accelerators_per_system")
    bought = [(row.text("basis"), row.number("amount")) for row in option.capex if part_of(row) == "systems"]
    terms = [
        (name, row.number(name))
        for row in (option.lease, option.rental)
        if row is not None
        for name in COMPARED
        if name in row
    ]
    return _prices((*bought, *terms), per)


def _prices(amounts: Iterable[tuple[str, float]], accelerators: float) -> dict[str, float]:
    """Amounts added up by name; what an accelerator costs is part of what its system costs."""
    found: dict[str, float] = {}
    for basis, amount in amounts:
        name = "per_system" if basis == "per_accelerator" else basis
        if name in COMPARED and math.isfinite(amount):
            found[name] = found.get(name, 0.0) + amount * (accelerators if basis == "per_accelerator" else 1.0)
    return found
