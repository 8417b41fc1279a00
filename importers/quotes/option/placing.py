"""Where the lines of a quote go in a study: items, lease, rental or API prices, each amount with how it came about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importers.quotes.cells.columns import BY_NAME
from importers.quotes.cells.findings import Finding
from importers.quotes.option.scope import Estimate
from importers.quotes.reading.lines import MONTHLY, SHARE, UNIT_PRICES, Line
from importers.quotes.reading.parts import parts_named
from importers.quotes.reading.quote import Terms
from models.engine.constants import MONTHS_PER_YEAR
from models.notation.writer import as_typed, rounded
from models.studies.inputs.value import HOLDS_UNTIL

# Batch prices are rounded to a tenth of a percent of the full ones.
BATCH_ROUNDING = 0.005
# How the study counts what the quote charges, for purchases and for running costs.
ONE_OFF_BASIS: Mapping[str, str] = {
    "once": "fixed",
    "per system": "per_system",
    "per accelerator": "per_accelerator",
}
YEARLY_BASIS: Mapping[str, str] = {
    "per year": "per_year",
    "per month": "per_year",
    "per system and year": "per_system",
    "per system and month": "per_system",
    "per accelerator and year": "per_accelerator",
    "per kW and month": "per_kw_month",
    SHARE: "pct_equipment",
    "per million tokens": "per_million_tokens",
    "per thousand requests": "per_thousand_requests",
}
EQUIPMENT_PARTS = ("systems", "network", "storage", "spares")
INSTALLED_PARTS = ("installation", "delivery", "tax")
CATEGORIES: Mapping[str, str] = {
    "support": "support",
    "warranty": "support",
    "software": "software",
    "hosting": "colocation",
}
API_FIELDS: Mapping[str, str] = {
    "api input": "price_input",
    "api cached input": "price_cached_input",
    "api output": "price_output",
    "api cache write": "price_cache_write",
    "api minimum": "minimum_commitment",
}
# What an amount in the study follows from.
BEHIND_AMOUNTS = ("currency", "part", "charged", "quantity", "list_price", "discount", "net_price", "line_total")
INSTALLATION, SETUP = "Quoted installation", "Quoted set-up"


@dataclass(frozen=True)
class Measure:
    """What amounts are measured against: `rate` is the study's money for one of the quote's; lives are in years."""

    terms: Terms
    currency: str
    rate: float
    systems: float | None
    accelerators_per_system: int
    equipment_life: int
    horizon: int

    @property
    def over(self) -> dict[str, float | None]:
        """By what the total of a line is divided, by basis."""
        accelerators = None if self.systems is None else self.systems * self.accelerators_per_system
        return {"per_system": self.systems, "per_accelerator": accelerators}


@dataclass(frozen=True)
class Placed:
    """One amount of the study that a quote or an estimate gives: where it stands and how it came about.

    `row` is the line's row, None for an estimate. `value` is ready for a study file, with provenance.
    """

    row: int | None
    item: str
    part: str
    table: str
    basis: str
    value: Mapping[str, Any]

    @property
    def amount(self) -> float:
        return float(self.value["value"])


def placed_lines(lines: Sequence[Line], measure: Measure, findings: list[Finding]) -> Iterator[Placed]:
    """Where each counted line goes. Lines that cannot be placed are refused, with the reason.

    A discount goes nowhere by itself: it is taken off the lines that it is for.
    """
    off = _discounts(lines, findings)
    for line in lines:
        if line.part == "discount" or line.part in BATCH:
            continue
        table, basis = _target(line, measure)
        amount, words = _amount(line, basis, measure, off.get(id(line), 0.0))
        if amount is None:
            findings.append(_unmeasured(line))
        else:
            said = quoted(measure.terms, amount, words + _holds_until(measure.terms) + _not_in_file(line))
            yield Placed(line.row, line.item, line.part, table, basis, said)
    yield from _batches(lines, measure, findings)


def _discounts(lines: Sequence[Line], findings: list[Finding]) -> dict[int, float]:
    """The share that discounts take off each line, by its identity: of those paid in the same way that they are for,
    all by one share."""
    left = {id(line): 1.0 for line in lines}
    for discount in (line for line in lines if line.part == "discount"):
        named = [part for part in parts_named(discount.item) if part not in ("other", "migration")]
        alike = [line for line in lines if line.part not in ("discount", "tax") and paid(line) == paid(discount)]
        meant = [line for line in alike if line.part in named] or alike
        whole = sum((line.quantity or 1.0) * (line.net_price or 0.0) * left[id(line)] for line in meant)
        size = -(discount.quantity or 1.0) * (discount.net_price or 0.0)
        if not 0 <= size < whole:
            message = f"takes off {as_typed(size)}, and what it may be for comes to {as_typed(whole)}"
            message += ": see what it is for"
            findings.append(Finding(discount.row, BY_NAME["net_price"].label, "refused", message))
            continue
        for line in meant:
            left[id(line)] *= 1 - size / whole
    return {key: 1 - share for key, share in left.items() if share != 1}


def paid(line: Line) -> str:
    """How often a line is paid: "once", "month", "year", or by what it is used."""
    if line.charged in ONE_OFF_BASIS:
        return "once"
    return "month" if line.charged in MONTHLY else line.charged if line.charged in UNIT_PRICES else "year"


# The prices of what is sent as batch, each beside the full one.
BATCH: Mapping[str, str] = {"api batch input": "api input", "api batch output": "api output"}


def _batches(lines: Sequence[Line], measure: Measure, findings: list[Finding]) -> Iterator[Placed]:
    """The discount on batches, from their prices: the study holds one share for input and output."""
    prices = {line.part: line for line in lines if line.net_price is not None}
    found = {part: prices[part] for part in BATCH if part in prices and prices.get(BATCH[part])}
    shares = {
        part: 1 - (line.net_price or 0.0) / (prices[BATCH[part]].net_price or math.inf) for part, line in found.items()
    }
    if not shares:
        return
    if max(shares.values()) - min(shares.values()) > BATCH_ROUNDING or not 0 <= min(shares.values()) < 1:
        said = " and ".join(
            f"{part.removeprefix('api ')} {as_typed(share, percent=True)}" for part, share in shares.items()
        )
        message = f"is {said} off: the study holds one share for both; put one of them out"
        findings.append(Finding(next(iter(found.values())).row, BY_NAME["part"].label, "refused", message))
        return
    first = next(iter(found.values()))
    share = rounded(sum(shares.values()) / len(shares), 6)
    words = f"batch prices over the full ones; row {first.row}{_holds_until(measure.terms)}"
    yield Placed(first.row, first.item, first.part, "api", "batch_discount", quoted(measure.terms, share, words))


def _holds_until(terms: Terms) -> str:
    """Until when a price holds: a study outlives its quotes, and the date goes with the amount."""
    return "" if terms.valid_until is None else f"; {HOLDS_UNTIL} {terms.valid_until}"


def _not_in_file(line: Line) -> str:
    """What of an amount was said on import, or follows from words and figures of the file."""
    of_each = (("said on import, not in the file", line.typed), ("read from its words", line.inferred - line.typed))
    told = ""
    for words, names in of_each:
        labels = [BY_NAME[name].label.lower() for name in BEHIND_AMOUNTS if name in names and line.cells.get(name)]
        told += f"; {words}: {', '.join(labels)}" if labels else ""
    return told


def placed_estimate(estimate: Estimate) -> Placed:
    """Where an estimate goes: nothing of it is quoted, and it says so."""
    value: dict[str, Any] = {"value": estimate.amount, "low": estimate.low, "high": estimate.high}
    value |= {"confidence": "assumed", "note": f"Estimate, not in the quote: {estimate.note}"}
    held = {key: part for key, part in value.items() if part is not None}
    return Placed(None, estimate.item, estimate.part, estimate.table, estimate.basis, held)


def quoted(terms: Terms, content: Any, note: str) -> dict[str, Any]:
    """A value with the quote as its source."""
    value = {"value": content, "source": terms.source, "confidence": "quoted", "note": note}
    return value if terms.quote_date is None else value | {"as_of": terms.quote_date.isoformat()}


def _target(line: Line, measure: Measure) -> tuple[str, str]:
    """The table a line goes into, and its basis there or the name of the input.

    Equipment that is paid for by the month with leased systems is part of what they cost a month.
    """
    by_month = measure.terms.acquisition == "lease" and line.charged in MONTHLY and line.part in EQUIPMENT_PARTS
    if line.part == "lease" or by_month:
        return "lease", "payment_per_system_month"
    if line.part.startswith("rental"):
        return "rental", "committed_price" if line.part == "rental committed" else "on_demand_price"
    if line.part in API_FIELDS:
        return "api", API_FIELDS[line.part]
    if line.charged in ONE_OFF_BASIS:
        return "capex", ONE_OFF_BASIS[line.charged]
    return "opex", YEARLY_BASIS[line.charged]


def _amount(line: Line, basis: str, measure: Measure, off: float) -> tuple[float | None, str]:
    """The amount in the study's money and how it came about; None where the machines it is spread over are unknown."""
    assert line.net_price is not None
    if line.charged == SHARE:
        share = as_typed(line.net_price, percent=True)
        return line.net_price, f"{share} of the hardware price a year; row {line.row}"
    total, words = _total(line, measure)
    if off:
        total *= 1 - off
        words += f", less {as_typed(off, percent=True)} of discounts on several lines"
    months = float(MONTHS_PER_YEAR) if line.charged in MONTHLY and basis != "payment_per_system_month" else 1.0
    spread = "per_system" if basis == "payment_per_system_month" else basis
    if months > 1:
        words += f", x {as_typed(months)} months"
    if line.charged == "per system-hour":
        per = measure.accelerators_per_system
        return total / per, f"{words}, over {per} accelerators; row {line.row}"
    if spread not in measure.over or line.charged in UNIT_PRICES:
        return total * months, f"{words}; row {line.row}"
    machines = measure.over[spread]
    if not machines:
        return None, ""
    kind = "systems" if spread == "per_system" else "accelerators"
    return total * months / machines, f"{words}, over {as_typed(machines)} {kind}; row {line.row}"


def _total(line: Line, measure: Measure) -> tuple[float, str]:
    """Quantity x net price in the study's money, in words too."""
    assert line.net_price is not None
    money = measure.terms.currency or ""
    quantity = 1.0 if line.charged in UNIT_PRICES or line.quantity is None else line.quantity
    words = f"{as_typed(quantity)} x " if quantity != 1 else ""
    words += f"{as_typed(line.net_price)} {money} net"
    if line.worked_out:
        words += f" ({line.worked_out})"
    elif line.list_price is not None and line.list_price != line.net_price:
        words += f" (list {as_typed(line.list_price)})"
    if measure.currency != money:
        words += f", x {as_typed(measure.rate)} {measure.currency}/{money} of {measure.terms.fx_date}"
    return quantity * line.net_price * measure.rate, words


def _unmeasured(line: Line) -> Finding:
    message = f'is charged "{line.charged}", and how many systems the offer covers is not known: give systems quoted'
    return Finding(line.row, BY_NAME["charged"].label, "refused", message)


# --------------------------------------------------------------------------------------------------------- plain tables


def write_items(option: dict[str, Any], placed: Sequence[Placed], lines: Sequence[Line], measure: Measure) -> None:
    """Put purchases and running costs, quoted or estimated, into an option's plain tables."""
    years = {line.row: line.years_covered for line in lines}
    for each in placed:
        if each.table == "capex":
            asset = _asset(each, years.get(each.row or 0), measure)
            _add_asset(option, asset)
            row = {"name": each.item, "asset": asset["name"], "basis": each.basis, "amount": dict(each.value)}
            option.setdefault("capex", []).append(row)
        elif each.table == "opex":
            category = CATEGORIES.get(each.part, "other")
            row = {"name": each.item, "category": category, "basis": each.basis, "amount": dict(each.value)}
            option.setdefault("opex", []).append(row)


def _asset(each: Placed, years: int | None, measure: Measure) -> dict[str, Any]:
    """The asset class of a purchase: what is paid once for years is bought again when they are over."""
    if each.part in EQUIPMENT_PARTS:
        return {"name": "equipment"}
    if years is not None:
        note = f"What is paid once covers {years} years and is bought again after them."
        life = quoted(measure.terms, years, note)
        return {"name": f"Prepaid {each.part}, {years} years", "life": life}
    if each.part in INSTALLED_PARTS:
        note = "Needed again with new systems."
        return {"name": INSTALLATION, "life": _assumed(measure.equipment_life, note)}
    return {"name": SETUP, "life": _assumed(measure.horizon, "Done once in the years covered.")}


def _assumed(years: int, note: str) -> dict[str, Any]:
    return {"value": years, "confidence": "assumed", "note": note}


def _add_asset(option: dict[str, Any], asset: dict[str, Any]) -> None:
    held = option.setdefault("asset", [])
    if not any(_name(row) == asset["name"] for row in held) and asset["name"] != "equipment":
        held.append(asset)


def _name(row: Mapping[str, Any]) -> Any:
    name = row.get("name")
    return name.get("value") if isinstance(name, Mapping) else name


def write_prices(option: dict[str, Any], placed: Sequence[Placed], measure: Measure, findings: list[Finding]) -> None:
    """Put lease, rental and API prices into an option's plain tables. A second price of one kind is refused."""
    for each in placed:
        if each.table not in ("lease", "rental", "api"):
            continue
        held = option.setdefault(each.table, {})
        if each.basis not in held:
            held[each.basis] = dict(each.value)
        elif each.table == "lease":
            first = held[each.basis]
            total = first["value"] + each.amount
            held[each.basis] = quoted(measure.terms, total, f"{first['note']}; and {each.value['note']}")
        else:
            message = f"is a second price of the same kind ({each.part}): the model takes one; leave the other out"
            findings.append(Finding(each.row, BY_NAME["part"].label, "refused", message))
