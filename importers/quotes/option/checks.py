"""What the terms of an offer mean for a study: dates, currency, quantity, support, and what the model does not hold."""

from __future__ import annotations

import dataclasses
import datetime
import math

from importers.quotes.cells.columns import BY_NAME
from importers.quotes.cells.findings import Finding, Severity
from importers.quotes.option.placing import Measure
from importers.quotes.option.scope import NEEDED
from importers.quotes.reading.parts import accelerators_named
from importers.quotes.reading.quote import Quote, Terms
from models.notation import writer
from models.notation.writer import as_typed, count
from models.studies.study import Option, Study

# A rate older than a quarter is no longer that of the day.
OLDEST_RATE_DAYS = 92


def about(message: str, column: str = "", severity: Severity = "refused") -> Finding:
    """A finding about the offer as a whole."""
    return Finding(None, BY_NAME[column].label if column else "", severity, message)


def standing(quote: Quote, leave_out_refused: bool) -> list[Finding]:
    """What the reading found; rows left out on purpose no longer stand in the way."""
    lines = quote.about_lines
    if leave_out_refused:
        lines = tuple(
            dataclasses.replace(f, severity="warning", message=f"left out, as you said: {f.message}")
            if f.severity == "refused"
            else f
            for f in lines
        )
    return sorted((*quote.about_terms, *lines), key=lambda f: (f.row or 0, f.column))


def check_dates(quote: Quote, today: datetime.date, findings: list[Finding]) -> None:
    """Whether the price still holds on the day of the study."""
    terms = quote.terms
    if terms.valid_until is None:
        findings.append(about("is not stated: ask for the validity date", "valid_until", "warning"))
    elif terms.valid_until < today:
        message = f"expired on {terms.valid_until}: ask for a new date before you decide on it"
        findings.append(about(message, "valid_until", "warning"))
    if terms.quote_date is not None and terms.quote_date > today:
        findings.append(about(f"lies in the future ({terms.quote_date}): check it", "quote_date", "warning"))


def check_exchange(quote: Quote, currency: str, today: datetime.date, findings: list[Finding]) -> None:
    """Whether the exchange rate is of a day that can be defended; it is read only for another currency."""
    terms = quote.terms
    if terms.fx_date is None or terms.currency in (None, currency.strip().upper()):
        return
    age = (today - terms.fx_date).days
    if age < 0:
        findings.append(about(f"lies in the future ({terms.fx_date}): check it", "fx_date", "warning"))
    elif age > OLDEST_RATE_DAYS:
        findings.append(about(f"is {count(age)} days ago ({terms.fx_date}): take a newer rate", "fx_date", "warning"))


def check_needed(quote: Quote, findings: list[Finding]) -> None:
    """What an offer of its kind cannot do without."""
    counted = {line.part for line in quote.counted}
    for group in NEEDED.get(quote.terms.acquisition or "", ()):
        if not counted.intersection(group):
            parts = " or ".join(f'"{part}"' for part in group)
            findings.append(about(f"{_offer(quote)} needs a line of the part {parts}, priced and in scope"))
    misplaced = [line for line in quote.counted if _belongs_to(line.part) not in (None, quote.terms.acquisition)]
    for line in misplaced:
        message = f"does not belong in a {quote.terms.acquisition}: exclude it"
        findings.append(Finding(line.row, BY_NAME["part"].label, "refused", message))


def _offer(quote: Quote) -> str:
    kind = quote.terms.acquisition or "offer"
    return f"an {kind.upper()}" if kind == "api" else f"a {kind}"


def _belongs_to(part: str) -> str | None:
    """The kind of offer that alone has such a part."""
    return next((kind for kind in ("lease", "rental", "api") if part.split()[0] == kind), None)


def check_terms(quote: Quote, measure: Measure, like: str, findings: list[Finding]) -> None:
    """What the offer's terms mean for the study, and what of them the model does not hold."""
    terms = quote.terms

    def warn(column: str, message: str) -> None:
        findings.append(about(message, column, "warning"))

    if terms.prepayment_share:
        said = f"{writer.share(terms.prepayment_share)} with the order: the model pays for purchases at the start"
        warn("prepayment_share", f"{said} of a year and for the rest as it runs; an advance before that is not in it")
    if terms.delivery_months is None and terms.delivery_weeks is None:
        warn("delivery_weeks", f"is not stated: the months to go-live are those of {like}")
    if terms.acquisition in ("purchase", "lease"):
        _check_cover(quote, measure, findings)
    claimed = terms.performance_source == "vendor claim" and terms.claimed_decode_rate is not None
    if terms.acquisition != "api":
        taken = "power is that" if claimed else "speed and power are those"
        warn("performance_source", f"{taken} of {like}: check that it is the same hardware, or set your own")
    if claimed:
        warn("claimed_decode_rate", "is one speed for every workload, as claimed by the vendor: have it measured")
    elif terms.claimed_decode_rate is not None:
        warn("claimed_decode_rate", f"is not used: the performance is said to be from a {terms.performance_source}")


def _check_cover(quote: Quote, measure: Measure, findings: list[Finding]) -> None:
    """Support and warranty against the years the systems are kept."""
    terms, life = quote.terms, measure.equipment_life
    lines = [line for line in quote.counted if line.part in ("support", "warranty")]
    yearly = any(not line.prepaid for line in lines)
    longest = max(terms.support_years or 0.0, terms.warranty_years or 0.0, *(line.years_covered or 0 for line in lines))
    if longest >= life or (yearly and terms.support_years is None):
        return
    said = f"cover {as_typed(longest)} years" if longest else "are not stated"
    after = "its price is extrapolated to the full term" if lines else "ask for the rest, or estimate it"
    message = f"support and warranty {said}, and the systems are kept {life}: {after}"
    findings.append(about(message, "support_years", "warning"))


def measure_of(study: Study, base: Option, quote: Quote, findings: list[Finding]) -> Measure:
    """What the amounts of a quote are measured against in a study; what is missing for it is told."""
    terms, fields = quote.terms, base.fields
    horizon = int(study.horizon)
    life = terms.term_years if terms.acquisition == "lease" else None
    _check_accelerators(quote, base, findings)
    held = fields.number("equipment_life")
    return Measure(
        terms=terms,
        currency=study.currency.strip().upper() or (terms.currency or ""),
        rate=_rate(study, terms, findings),
        systems=_systems(quote, terms, base, findings),
        accelerators_per_system=terms.accelerators_per_system or int(fields.number("accelerators_per_system")),
        equipment_life=life or (horizon if math.isnan(held) else int(held)),
        horizon=horizon,
    )


def _check_accelerators(quote: Quote, base: Option, findings: list[Finding]) -> None:
    """Machines of another size than those of the option that the offer is like, and machines sold in parts: asked."""
    lines = [line for line in quote.counted if line.part in ("systems", "lease")]
    held, said = base.fields.number("accelerators_per_system"), quote.terms.accelerators_per_system
    if said is not None and said != held and lines:
        message = f"is {said}, and {base.name} has {as_typed(held)}"
        message += ": power and speed of a system are another machine's, check them"
        findings.append(about(message, "accelerators_per_system", "warning"))
    if said is not None or not lines:
        return
    named = {accelerators_named(line.item) for line in lines if line.charged != "per accelerator"} - {None}
    if named and held not in named:
        words = ", ".join(map(str, sorted(number for number in named if number is not None)))
        message = f"is not stated; the systems name {words} accelerators each"
        message += f", and {base.name} has {as_typed(held)}: say which"
        findings.append(about(message, "accelerators_per_system"))
    if len({line.charged for line in lines}) > 1:
        rows = ", ".join(str(line.row) for line in lines)
        message = f"is taken as {as_typed(held)}: accelerators and their systems are lines of their own (rows {rows})"
        findings.append(about(message, "accelerators_per_system", "warning"))


def _rate(study: Study, terms: Terms, findings: list[Finding]) -> float:
    """What turns the quote's money into the study's; refused where it is not said, or said of one and the same."""
    if not study.currency.strip():
        findings.append(about("the study has no currency: give it one before quotes are added", "currency"))
    if not terms.currency or terms.currency == study.currency.strip().upper():
        if terms.fx_rate is not None and terms.fx_rate != 1.0:
            findings.append(
                about(f"is {as_typed(terms.fx_rate)}, and both are in {terms.currency}: take it out", "fx_rate")
            )
        return 1.0
    if terms.fx_rate is None:
        message = f"is missing: the quote is in {terms.currency}, the study in {study.currency}; give rate and date"
        findings.append(about(message, "fx_rate"))
    if terms.fx_date is None:
        findings.append(about("is missing: say of which day the exchange rate is", "fx_date"))
    return terms.fx_rate or 1.0


def _systems(quote: Quote, terms: Terms, base: Option, findings: list[Finding]) -> float | None:
    """How many systems the offer covers: as it says, or as its lines of systems agree."""
    per = terms.accelerators_per_system or base.fields.number("accelerators_per_system")
    told = {
        line.quantity / (per if line.charged == "per accelerator" else 1)
        for line in quote.counted
        if line.part in ("systems", "lease") and line.quantity and line.charged != "per month"
    }
    numbers = ", ".join(as_typed(number) for number in sorted(told))
    if any(number != int(number) for number in told):
        message = f"the accelerators offered do not fill systems of {as_typed(per)} ({numbers} systems)"
        remedy = "check the quantity, or accelerators per system"
        findings.append(about(f"{message}: {remedy}", "accelerators_per_system"))
        return None
    if terms.systems_quoted is not None:
        if told and told != {float(terms.systems_quoted)}:
            message = f"is {terms.systems_quoted}, and the lines of systems say {numbers}: check both"
            findings.append(about(message, "systems_quoted", "warning"))
        return float(terms.systems_quoted)
    if len(told) > 1:
        findings.append(about(f"is not stated, and the lines of systems differ ({numbers}): give it", "systems_quoted"))
    return told.pop() if len(told) == 1 else None
