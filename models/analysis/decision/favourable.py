"""What is favourable to an option and rests on an assumption: said wherever it is recommended, each with its effect.

A machine that runs only while there is work, a price that falls, a price at the low end of its own range, money that is
received, a resale, a commitment that outlives the study, a latency that was not measured: each may be right, and each
must be true for the answer to stand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from models.analysis.decision.side_by_side import latency_met, more_or_less, quality_met
from models.analysis.metrics.coverage import rests
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import listing, of_thousand
from models.notation import writer
from models.run.model import MODEL, OptionResult
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.ranges import input_range
from models.studies.study import Option, Row, Study

# A price matters from this share of the cost before resale on; it is at the low end within this part of its range.
MATTERS, LOW_END = 0.05, 0.1
# Changes of price by year that a recommendation may rest on: table, input, what falls.
FALLING = (("rental", "price_change", "rental prices"), ("api", "price_change", "API prices"))
ELECTRICITY = ("electricity_escalation", "electricity prices")


def favourable(option: OptionResult) -> tuple[str, ...]:
    """A sentence for each favourable assumption of an option, with what it costs without; empty without any."""
    found = (_hours, _falling, _faster, _low_ends, _received, _resold, _committed, _unmeasured)
    return tuple(sentence for each in found for sentence in each(option))


def _hours(option: OptionResult) -> Iterator[str]:
    if not option.values["is_hourly"]:
        return
    unit = schema.choice_label("unit", option.option.rows("rental")[0].text("unit")).lower()
    more = _without(option, "rental/scaling", "always_on")
    yield (
        f"“{option.name}” starts and stops its machines with the load, a {unit} at a time, and pays only for the hours "
        f"they are on; paid round the clock it costs {more}."
    )


def _falling(option: OptionResult) -> Iterator[str]:
    held = option.option
    rows = [
        *((row, f"{table}/{name}", what) for table, name, what in FALLING for row in _read(held, table)),
        *([(held.fields, *ELECTRICITY)] if held.acquisition in schema.HELD else ()),
    ]
    for row, path, what in rows:
        name = path.rpartition("/")[2]
        listed = row.listed(name)
        if not listed and not row.number(name) < 0:
            continue
        if listed and listed[-1] >= 1:
            continue
        fall = f"fall {writer.rate(-row.number(name))}" if not listed else f"fall to {writer.share(listed[-1])}"
        more = _without(option, path, 0.0)
        yield f"“{option.name}” counts on {what} that {fall}; without that fall it costs {more}."


def _read(option: Option, table: str) -> Sequence[Row]:
    return option.rows(table) if schema.table(table).is_read_by(option.acquisition) else ()


def _faster(option: OptionResult) -> Iterator[str]:
    gain = option.option.fields.number("serving_gain")
    if option.values["has_fleet"] and gain > 0:
        more = _without(option, "serving_gain", 0.0)
        yield (
            f"“{option.name}” counts on software that makes the same hardware {writer.rate(gain)} faster; without that "
            f"it costs {more}."
        )


def _low_ends(option: OptionResult) -> Iterator[str]:
    found = rests(option)
    whole = sum(abs(each.amount) for each in found)
    for each in found:
        if not whole or each.amount < MATTERS * whole:
            continue
        place = option.study.input(each.path)
        held = input_range(each.value, place.entry, option.study)
        value = each.value.value
        if held is None or held.origin != "stated" or held.low is None or held.high is None:
            continue
        if not isinstance(value, int | float) or not value <= held.low + LOW_END * (held.high - held.low):
            continue
        middle = (held.low + held.high) / 2
        more = _with(option, each.path, middle)
        label = place.entry.label[0].lower() + place.entry.label[1:]
        of = f" of “{place.place.row.text('name')}”" if place.place.row.table in ("capex", "opex") else ""
        ends = f"{writer.as_typed(held.low)} to {writer.as_typed(held.high)}"
        yield (
            f"The {label}{of} ({writer.as_typed(float(value))}) is at the low end of the entered range, {ends}; at the "
            f"middle “{option.name}” costs {more}."
        )


def _received(option: OptionResult) -> Iterator[str]:
    """Credits and grants: of more than what they are set against nobody gives change."""
    tree = dict(zip(option.keys("cost"), option.values["pv_cost_tree"], strict=True))
    taken = -tree[schema.CREDIT] - tree[schema.GRANT]
    if taken <= 0:
        return
    position = option.study.position(option.name)
    names = [
        f"“{place.row.text('name')}”"
        for table, (field, word) in schema.RECEIVED.items()
        for place in option.study.rows(table, position)
        if place.row.text(field) == word and place.row.number("amount") < 0
    ]
    more = _dearer_by(option, taken)
    yield f"“{option.name}” counts on money received ({listing(names)}); without it, it costs {more}."


def _resold(option: OptionResult) -> Iterator[str]:
    """Resale is an assumption, not a receipt, and a horizon shorter than a life makes one that nobody typed."""
    taken, now = option.values["pv_disposals"], option.values["comparison_pv_cost"]
    if taken > 0 and (now <= 0 or taken >= MATTERS * now):
        sold = writer.money(sum(option.values["disposals_in_year"]), option.study.currency)
        yield f"“{option.name}” counts on {sold} from resale; without resale it costs {_dearer_by(option, taken)}."


def _committed(option: OptionResult) -> Iterator[str]:
    """What is still to run of a lease or a rental when the study ends, as far as no exit fee counts it."""
    if rent := option.values["commitment_beyond_horizon"]:
        owed = writer.money(rent, option.study.currency)
        more = _dearer_by(option, rent * option.values["end_factor"])
        yield f"“{option.name}” owes {owed} of lease payments after the study, not counted; paid, it costs {more}."
    if not option.values["is_rental"] or not option.values["commitment_owed"]:
        return
    left = option.values["commitment_owed"] - sum(option.values["exit_fee"])
    more = _without(option, "rental/exit_fee_share", 1.0)
    if left > 0:
        owed = writer.money(left, option.study.currency)
        yield f"“{option.name}” owes {owed} for commitments that outlive the study, not counted; paid, it costs {more}."


def _dearer_by(option: OptionResult, taken: float) -> str:
    """How much more an option costs for the same work by so much more present value."""
    now = option.values["comparison_pv_cost"]
    if now > 0:
        return f"{writer.share(taken / now)} more"
    each = of_thousand((now + taken) / option.values["pv_all_responses"])
    return f"{option.study.currency} {writer.unit_cost(each)} per 1,000 responses".strip()


def _unmeasured(option: OptionResult) -> Iterator[str]:
    for what, met in (("latency", latency_met(option)), ("quality", quality_met(option))):
        if met == "not measured":
            yield f"The {what} of “{option.name}” has a target and no measurement: it must be met all the same."


def _without(option: OptionResult, name: str, content: Any) -> str:
    return _with(option, f"{joined('option', option.name)}/{name}", content)


def _with(option: OptionResult, path: str, content: Any) -> str:
    """How much more or less the option costs for the same work with one input exchanged."""
    study = _exchanged(option.study, path, content)
    other = MODEL.figures(study, study.option(option.name), [RANKED_BY])[RANKED_BY]
    now = option.number(RANKED_BY)
    if now is None or now <= 0 or other != other:
        return "another amount"
    return more_or_less(other, now)


def _exchanged(study: Study, path: str, content: Any) -> Study:
    found = study.input(path)
    value = dataclasses.replace(found.value, value=content, low=None, high=None)
    return study.with_row(found.place, found.place.row.replaced(found.name, value))
