"""A prepared quote in words and figures, as tables: its lines, terms, totals and gaps. Nothing here draws."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence

from importers.quotes import Estimate, Finding, Line, PartScope, Placed, Prepared, Terms
from importers.quotes.cells.columns import CHARGED, PARTS
from importers.quotes.reading.lines import ONE_OFF, UNIT_PRICES
from models.analysis.words import unit_words
from models.notation import writer
from models.studies.inputs import schema
from models.studies.study import Study
from views.figures import wording

Columns = dict[str, list[str]]
STATUSES: Mapping[str, str] = {
    "included": "in the offer",
    "estimated": "estimated, marked assumed",
    "out": "excluded by you",
    "optional": "optional: priced, not counted",
    "refused": "refused: mend the row",
    "not mentioned": "not mentioned",
}
NOT_SAID = "not stated"
# Figures of a line, as they are named where the cells are shown.
WRITTEN: Mapping[str, str] = {
    "quantity": "quantity",
    "list_price": "list",
    "discount": "discount",
    "net_price": "net",
    "line_total": "total",
    "years_covered": "years",
}


def by_message(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Place and message of each finding, in their order; what holds for several rows stands once, with all of them."""
    rows: dict[tuple[str, str], list[int]] = {}
    for each in findings:
        held = rows.setdefault((each.column, each.message), [])
        if each.row is not None and each.row not in held:
            held.append(each.row)
    return [
        (", ".join(part for part in (rows_in_words(held), column) if part) or "the offer", message)
        for (column, message), held in rows.items()
    ]


def rows_in_words(rows: Sequence[int]) -> str:
    """Rows as people list them: "row 3", "rows 3, 5 to 8"."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]} {'to' if len(run) > 2 else 'and'} {run[-1]}" for run in runs]
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(parts)}" if parts else ""


def day(date: datetime.date | None) -> str:
    """A date as people write it."""
    return NOT_SAID if date is None else writer.date(date)


def years(number: float | None) -> str:
    """A length of time in years."""
    return NOT_SAID if number is None else writer.years(number)


# ---------------------------------------------------------------------------------------------------------- the lines


def line_rows(prepared: Prepared, currency: str) -> Columns:
    """Each line as the file has it, beside what was understood, where it goes, and how its amount came about."""
    by_line = {(each.row, each.item): each for each in prepared.placed if each.row is not None}
    rows = [_line(line, by_line.get((line.row, line.item)), prepared, currency) for line in prepared.quote.lines]
    rows += [_estimate(each, currency) for each in prepared.placed if each.row is None]
    names = ("Row", "Item", "In the file", "Interpreted as", "Counted", "In the study", "Calculation")
    return {name: [row[position] for row in rows] for position, name in enumerate(names)}


def _line(line: Line, placed: Placed | None, prepared: Prepared, currency: str) -> tuple[str, ...]:
    stands = ("", "") if placed is None else (_in_study(placed, currency), str(placed.value.get("note", "")))
    return (
        str(line.row),
        line.item or "(no item)",
        _as_written(line),
        _understood(line, prepared),
        counted(line),
        *stands,
    )


def _estimate(placed: Placed, currency: str) -> tuple[str, ...]:
    understood = f"estimate for {PARTS.get(placed.part, placed.part).lower()}"
    note = str(placed.value.get("note", ""))
    return "-", placed.item, "not in the quote", understood, "yes, assumed", _in_study(placed, currency), note


def counted(line: Line) -> str:
    """Whether a line is part of what is computed, and why not."""
    if line.counts:
        return "yes"
    if line.aside:
        return f"no: {line.aside}"
    return "no: refused" if line.refused else f"no: {'optional' if line.scope == 'optional' else 'left out'}"


def _as_written(line: Line) -> str:
    """Quantity and prices as they stand in the cells."""
    held = {name: text.removesuffix(".0") for name, text in line.cells.items() if text and name not in line.typed}
    return ", ".join(f"{word} {held[name]}" for name, word in WRITTEN.items() if name in held)


def _understood(line: Line, prepared: Prepared) -> str:
    """Number, price and meaning, as read."""
    money = prepared.quote.terms.currency or ""
    parts = []
    if line.net_price is not None:
        times = "" if line.quantity is None or line.charged in UNIT_PRICES else f"{writer.exact(line.quantity)} × "
        parts.append(f"{times}{money} {writer.as_typed(line.net_price)}".strip())
    if line.part:
        parts.append(line.part)
    if line.charged:
        parts.append(CHARGED[line.charged])
    if "part" in line.inferred and line.why:
        parts.append(f"since {line.why}")
    return ", ".join(parts)


def _in_study(placed: Placed, currency: str) -> str:
    """Where an amount goes, with its unit."""
    if placed.table in ("capex", "opex"):
        return wording.amount_words(placed.table, placed.basis, placed.amount, currency)
    entry = schema.field(placed.table, placed.basis)
    return f"{entry.label}: {writer.quantity(writer.exact(placed.amount), unit_words(entry.unit, currency), currency)}"


def estimate_words(estimates: Sequence[Estimate], currency: str) -> str:
    """What estimates come to: item and amount of each."""
    return "; ".join(
        f"{each.item}, {wording.amount_words(each.table, each.basis, each.amount, currency)}" for each in estimates
    )


# ---------------------------------------------------------------------------------------------------------- the terms


def term_rows(prepared: Prepared, study: Study, today: datetime.date) -> Columns:
    """What the offer says of itself, beside what the study needs or makes of it."""
    terms = prepared.quote.terms
    held = prepared.study.option(prepared.name) if prepared.study else None
    life = "" if held is None else _life(held.fields.number("equipment_life"), study)
    months = "" if held is None else _months(held.fields.number("months_to_production"))
    own = f"as in {prepared.like}"
    speed = "for all workloads, as claimed" if _claims_speed(terms) else own
    rows = [
        ("Price holds until", day(terms.valid_until), _standing(terms, today)),
        ("Quoted on", day(terms.quote_date), f"today is {day(today)}"),
        ("Delivery", _delivery(terms), months if _is_said(terms) else f"{months} ({own})" if months else own),
    ]
    if terms.acquisition != "api":
        rows += [
            ("Systems", _systems(prepared), _needed(prepared)),
            ("Speed known from", terms.performance_source or NOT_SAID, speed),
        ]
    if terms.acquisition in ("purchase", "lease"):
        rows.append(("Support and warranty", _cover(terms), f"systems are kept {life}" if life else ""))
    if terms.prepayment_share:
        rows.append(("Prepayment", writer.share(terms.prepayment_share), "not in the model"))
    return {
        "Term": [row[0] for row in rows],
        "Offered": [row[1] for row in rows],
        "Required": [row[2] for row in rows],
    }


def _is_said(terms: Terms) -> bool:
    return terms.delivery_weeks is not None or terms.delivery_months is not None


def _claims_speed(terms: Terms) -> bool:
    return terms.performance_source == "vendor claim" and terms.claimed_decode_rate is not None


def _standing(terms: Terms, today: datetime.date) -> str:
    if terms.valid_until is None:
        return "ask the vendor"
    days = (terms.valid_until - today).days
    return f"expired {writer.number_of(-days, 'day')} ago" if days < 0 else f"{writer.count(days)} days from today"


def _delivery(terms: Terms) -> str:
    if terms.delivery_months is not None:
        return writer.months(terms.delivery_months)
    return NOT_SAID if terms.delivery_weeks is None else f"{writer.as_typed(terms.delivery_weeks)} weeks"


def _months(number: float) -> str:
    return "immediate go-live" if number == 0 else f"{writer.months(number)} to go-live"


def _life(number: float, study: Study) -> str:
    return years(study.horizon if math.isnan(number) else number)


def _systems(prepared: Prepared) -> str:
    quoted = prepared.need.quoted if prepared.need else prepared.quote.terms.systems_quoted
    per = prepared.quote.terms.accelerators_per_system
    each = f", of {per} accelerators each" if per else ""
    return NOT_SAID if quoted is None else f"{writer.as_typed(quoted)}{each}"


def _needed(prepared: Prepared) -> str:
    need = prepared.need
    if need is None:
        return ""
    most = "" if need.most == need.first_year else f", {writer.count(need.most)} at the most"
    short = ": the offer is short" if need.short else ""
    return f"{writer.count(need.first_year)} needed in year 1{most}{short}"


def _cover(terms: Terms) -> str:
    return f"support {years(terms.support_years)}, warranty {years(terms.warranty_years)}"


# ---------------------------------------------------------------------------------------------------------- the totals


def total_rows(prepared: Prepared, study: Study) -> Columns:
    """From list to net to the study's money, quoted and counted lines only; empty where nothing adds up."""
    found, terms = prepared.totals, prepared.quote.terms
    if not (found.list_once or found.yearly):
        return {}
    off = found.list_once - found.net_once
    part = f" ({writer.share(off / found.list_once)})" if off and found.list_once else ""
    amounts = [
        ("Paid once, at list price", found.list_once),
        (f"Discount{part}", -off if off else 0.0),
        ("Paid once, net", found.net_once),
        ("Paid each year, net", found.yearly),
    ]
    here, there = study.currency, terms.currency or ""
    columns: Columns = {"Counted lines": [label for label, _ in amounts]}
    if there != here.strip().upper() and terms.fx_rate:
        columns[f"As quoted, {there}"] = [writer.exact(round(amount / terms.fx_rate, 2)) for _, amount in amounts]
    columns[f"In the study, {here}"] = [writer.exact(round(amount, 2)) for _, amount in amounts]
    return columns


def total_notes(prepared: Prepared, study: Study) -> list[str]:
    """Exchange rate with its date, and what the totals do not hold."""
    terms, notes = prepared.quote.terms, []
    if terms.currency and terms.fx_rate and terms.currency != study.currency.strip().upper():
        notes.append(
            f"1 {terms.currency} = {writer.as_typed(terms.fx_rate)} {study.currency}, rate of {day(terms.fx_date)}."
        )
    if any(line.list_price is None and line.charged in ONE_OFF for line in prepared.quote.counted):
        notes.append("Lines without a list price count at their net price in both.")
    apart = [line.item for line in prepared.quote.counted if line.charged in UNIT_PRICES]
    if apart:
        notes.append(f"Usage-based or a share of the price, not in the totals: {', '.join(apart)}.")
    return notes


# ---------------------------------------------------------------------------------------------------------- the scope


def scope_rows(scope: Sequence[PartScope]) -> Columns:
    """Every part that a complete offer has, and how it stands."""
    return {
        "Part": [each.label for each in scope],
        "Stands": [STATUSES[each.status] for each in scope],
        "Rows": [", ".join(map(str, each.rows)) for each in scope],
    }
