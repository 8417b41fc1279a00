"""Figures of an offer that were probably read wrong: asked about, and in the way until a person explains them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from importers.quotes.cells.columns import period_named
from importers.quotes.cells.findings import Finding
from importers.quotes.option.checks import about
from importers.quotes.option.placing import Measure, Placed, paid
from importers.quotes.option.scope import part_of
from importers.quotes.reading.lines import UNIT_PRICES, Line
from importers.quotes.reading.quote import Quote, Total
from importers.quotes.reading.words import MONTHS_A_YEAR
from models.catalogue.fill import load
from models.catalogue.rows import Entry
from models.notation.writer import as_typed, exact, rounded
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
    """The counted lines against the totals that the file states; they agree with one of each kind, or it is asked.

    A total of a section stands above further lines: what agrees with it alone has lost those lines. A monthly total is
    compared with what is paid by the month, a yearly one by the year, one over the term with all of its months.
    """
    sums = _sums(quote)
    kinds = {_kind(total) for total in quote.totals}
    if all(_agrees(kind, sums, quote) for kind in kinds):
        return
    words = ", ".join(f"{as_typed(total.amount)} ({_where(total)})" for total in quote.totals)
    found = "; ".join(f"{_PERIODS[name]} {as_typed(size)}" for name, size in sums.items()) if len(sums) > 1 else ""
    whole = f"{as_typed(math.fsum(sums.values()))} {quote.terms.currency or ''}"
    message = f"the counted lines come to {whole}{f' ({found})' if found else ''}, and the file states {words}"
    if explained.total:
        findings.append(about(f"{message}; explained: {explained.total}", "line_total", "warning"))
    else:
        findings.append(about(f"{message}: see which lines do not count, or say what explains it", "line_total"))


def _where(total: Total) -> str:
    return f"row {total.row}" if total.row else total.words


def _kind(total: Total) -> str:
    """What a total is of by its words: what is paid by the month, by the year, or "once" for anything else."""
    named = period_named(total.words)
    return named if named in ("month", "year") else "once"


def _agrees(kind: str, sums: Mapping[str, float], quote: Quote) -> bool:
    """Whether what the counted lines come to is one of the totals of a kind that no line of the kind stands below."""
    offered = [line for line in quote.lines if not line.aside and line.scope == "in" and not _is_tax(line)]
    like = [line.row for line in offered if not line.charged or len(sums) < 2 or paid(line) == kind]
    totals = [total for total in quote.totals if _kind(total) == kind]
    last = [total for total in totals if total.row > max(like, default=0) or not total.row] or totals
    return any(abs(size - total.amount) <= _near(total) for total in last for size in _like(kind, sums, quote))


_PERIODS: Mapping[str, str] = {"once": "once", "year": "each year", "month": "each month"}


def _is_tax(line: Line) -> bool:
    """Whether a line is a tax, said or guessed, which stands among the totals."""
    return "tax" in (line.part, line.guess.get("part"))


def _near(total: Total) -> float:
    return max(1.0, ROUNDING * abs(total.amount))


def _sums(quote: Quote) -> dict[str, float]:
    """What the counted lines come to, by how often they are paid."""
    found: dict[str, float] = {}
    for line in quote.counted:
        if line.charged in UNIT_PRICES:
            continue
        found[paid(line)] = found.get(paid(line), 0.0) + (line.quantity or 0.0) * (line.net_price or 0.0)
    return found


def _like(kind: str, sums: Mapping[str, float], quote: Quote) -> list[float]:
    """The sums that a total of a kind may be of; with and without a sales tax that counts, or one that is set aside."""
    years, by_month, once = quote.terms.term_years, sums.get("month", 0.0), sums.get("once", 0.0)
    if kind == "month":
        found = [by_month]
    else:
        a_year = MONTHS_A_YEAR * by_month
        found = [math.fsum(sums.values()), once if kind == "once" else sums.get("year", 0.0) + a_year]
        found += [years * a_year, years * a_year + once] if years and by_month else []
    taxes = math.fsum(line.net_price or 0.0 for line in quote.counted if line.part == "tax")
    found += [size - taxes for size in found] if taxes else []
    return found + ([size + quote.refunded_tax for size in found] if quote.refunded_tax else [])


def check_price(
    base: Option, placed: Sequence[Placed], measure: Measure, explained: Explained, findings: list[Finding]
) -> None:
    """What a system, or an hour of an accelerator, costs against the option that the offer is like.

    Systems of more accelerators are compared at as many. Nothing is compared with an option that is paid for in
    another way, and nothing while the rate is missing that turns the offer's money into the study's.
    """
    if measure.terms.currency not in (None, measure.currency) and measure.terms.fx_rate is None:
        return
    per = measure.accelerators_per_system
    held, offered = _prices_of(base), _prices(((each.basis, each.amount) for each in _systems(placed)), per)
    _check_published(offered, _accelerator(placed, base), measure, explained, findings)
    scale = per / int(base.fields.number("accelerators_per_system")) if base.acquisition != "api" else 1.0
    for name, price in offered.items():
        other = held.get(name, 0.0) * (scale if "system" in name else 1.0)
        if price <= 0 or other <= 0 or (factor := max(price / other, other / price)) < ASKED_FACTOR:
            continue
        way = "more" if price > other else "less"
        said = f"{COMPARED[name]} comes to {exact(price)} {measure.currency}, {exact(rounded(factor, 3))} times {way}"
        said += f" than in {base.name} ({exact(other)}{_at(per, scale)})"
        _asked(said, factor, explained, findings)


def _asked(said: str, factor: float, explained: Explained, findings: list[Finding]) -> None:
    """Ask about a price that is so far off; refuse it beyond the larger factor until it is explained."""
    if factor < REFUSED_FACTOR:
        findings.append(about(f"{said}: is the price for what it is charged for?", "net_price", "warning"))
    elif explained.price:
        findings.append(about(f"{said}; explained: {explained.price}", "net_price", "warning"))
    else:
        message = f"{said}: correct what the price is for, or say what explains it"
        findings.append(about(message, "net_price"))


def _check_published(
    offered: Mapping[str, float], accelerator: str, measure: Measure, explained: Explained, findings: list[Finding]
) -> None:
    """The prices offered against those that the catalogue has of the same accelerator, which are in US dollars."""
    if measure.currency != "USD" or not accelerator:
        return
    for name, price in offered.items():
        span = published(name, accelerator, measure.accelerators_per_system)
        if span is None or price <= 0:
            continue
        factor = max(price / span[1], span[0] / price)
        if factor >= ASKED_FACTOR:
            way, end = ("more", "highest") if price > span[1] else ("less", "lowest")
            said = f"{COMPARED[name]} comes to {exact(price)} {measure.currency}, {exact(rounded(factor, 3))} times"
            said += f" {way} than the {end}"
            figures = f"{exact(span[0])} to {exact(span[1])}"
            _asked(f"{said} the catalogue has of {accelerator} ({figures})", factor, explained, findings)


def _accelerator(placed: Sequence[Placed], base: Option) -> str:
    """The accelerator of the catalogue that the systems offered name, else that of the like option; "" for none."""
    known = dict.fromkeys(entry.text("accelerator") for entry in load().table("systems"))
    words = " ".join(each.item for each in _systems(placed)).casefold()
    named = [name for name in known if re.search(rf"(?<![\w]){re.escape(name.casefold())}(?![\w])", words)]
    held = next((row.text("accelerator") for row in base.serving if row.text("accelerator")), "")
    return max(named, key=len, default=held)


def published(name: str, accelerator: str, per: int) -> tuple[float, float] | None:
    """The lowest and the highest price of the catalogue of a system of so many accelerators, or of an hour of one."""
    if name == "per_system":
        single, server, whole = (
            _span(load().find("systems", accelerator=accelerator, quantity=quantity), ("low", "value", "high"))
            for quantity in ("price_per_accelerator", "price_of_server", "price_per_system")
        )
        sizes = {e.number("accelerators_per_system") for e in load().find("systems", accelerator=accelerator)}
        ends = [per * each for each in single] + [per * each + more for each in single for more in server]
        # What is only sold as a whole is compared with as many.
        ends += [each * per / size for each in whole for size in sizes if size and len(sizes) == 1]
    elif name in ("committed_price", "on_demand_price"):
        rows = load().find("rental_prices", accelerator=accelerator)
        wanted = [row for row in rows if (row.number("commitment_years") is not None) == (name == "committed_price")]
        ends = _span(wanted, ("usd_per_accelerator_hour",))
    else:
        return None
    return (min(ends), max(ends)) if ends else None


def _span(rows: Iterable[Entry], columns: Sequence[str]) -> list[float]:
    return [figure for row in rows for name in columns if (figure := row.number(name)) is not None]


def check_term(base: Option, quote: Quote, horizon: int, findings: list[Finding]) -> None:
    """The years of a lease against those that the systems are kept and that the study covers."""
    term = quote.terms.term_years
    if quote.terms.acquisition != "lease" or not term:
        return
    held = base.fields.number("equipment_life")
    life = horizon if math.isnan(held) else held
    factor = max(term / life, life / term)
    if factor >= ASKED_FACTOR:
        said = f"is {as_typed(term)} years, and the systems of {base.name} are kept {as_typed(life)}"
        remedy = "is it in months, or of a part of the systems?"
        findings.append(about(f"{said}: {remedy}", "term_years", "warning" if factor < REFUSED_FACTOR else "refused"))
    if term > horizon:
        message = f"is {as_typed(term)} years, and the study covers {horizon}"
        message += ": what is paid after that is beyond the horizon"
        findings.append(about(message, "term_years", "warning"))


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
