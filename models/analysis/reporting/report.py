"""Comparisons and break-evens as plain data and as text, for the command line."""

from __future__ import annotations

import dataclasses
from typing import Any

from models.analysis.decision.bridge import bridge
from models.analysis.decision.difference import Difference, after, difference, unit_saving
from models.analysis.decision.leasing import leasing
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import Comparability, beside, without_price
from models.analysis.sensitivity.breakeven import BreakEven
from models.analysis.sensitivity.named_input import subject
from models.analysis.sensitivity.vary import Variation
from models.analysis.words import line_text, unit_words
from models.notation import writer
from models.run.model import MODEL, OptionResult

# Unit costs whose differences are told beside those of totals; they compare even where totals do not.
UNIT_COSTS = (
    *(RANKED_BY, "cost_per_meaningful_response"),
    *("levelised_cost_per_million_output_tokens", "lifetime_cost_per_million_output_tokens"),
)
_MEASURES = (
    *("npv", "irr", "saves_first", "mirr", "payback_years", "payback_rests_on_resale"),
    *("discounted_payback_years", "discounted_payback_rests_on_resale", "turns_negative_again", "flows"),
)


def comparison(option: OptionResult, against: OptionResult) -> dict[str, Any]:
    """``option`` against ``against``: measures of the dated differences and the bridge.

    Savings of choosing ``option`` are positive; the measures are before tax, and again in ``after_tax``. Where totals
    do not compare, the measures and the bridge are None and ``comparable`` says why; ``unit_costs`` are told all the
    same, but where a price is missing.
    """
    footing = beside(option, against)
    lacking = without_price(option, against)
    found: dict[str, Any] = {
        "option": option.name,
        "against": against.name,
        "currency": option.study.currency,
        "tax_rate": option.study.tax_rate,
        "comparable": {"holds": footing.holds, "reason": footing.reason},
        "unit_costs": {name: None if lacking else _unit_saving(option, against, name) for name in UNIT_COSTS},
    }
    if lease := leasing(option, against):
        found["leasing"] = dataclasses.asdict(lease)
    if not footing.holds:
        return found | dict.fromkeys((*_MEASURES, "share", "after_tax", "bridge"))
    why = bridge(option, against)
    return {
        **found,
        **_measures(difference(option, against)),
        "after_tax": _measures(difference(option, against, after_tax=True)),
        "bridge": {
            "metric": why.metric,
            "start": why.start,
            "end": why.end,
            "by": "inputs" if why.by_inputs else "cost_tree",
            "bars": {bar.name: bar.amount for bar in why.bars},
            "labels": {bar.name: bar.label for bar in why.bars},
        },
    }


def _unit_saving(option: OptionResult, against: OptionResult, line: str) -> dict[str, float | None] | None:
    found = unit_saving(option, against, line)
    return None if found is None else {"saved": found.amount, "share": found.share}


def _measures(gap: Difference) -> dict[str, Any]:
    return {
        "npv": gap.npv,
        "share": gap.share,
        "irr": list(gap.irr),
        "saves_first": gap.saves_first,
        "mirr": gap.mirr,
        "payback_years": gap.payback.years,
        "payback_rests_on_resale": gap.rests_on_resale(gap.payback),
        "discounted_payback_years": gap.discounted_payback.years,
        "discounted_payback_rests_on_resale": gap.rests_on_resale(gap.discounted_payback),
        "turns_negative_again": gap.payback.turns_negative_again or gap.discounted_payback.turns_negative_again,
        "flows": [[time, amount] for time, amount in gap.flows],
    }


def comparison_text(found: dict[str, Any]) -> str:
    """A comparison as a few readable lines."""
    money = found["currency"] or "money"
    lines = [f"{found['option']} against {found['against']}: {found['comparable']['reason']}"]
    lines += [
        f"saved, {name.replace('_', ' ')}: {_unit_cost(gap['saved'], name, found['currency'])}"
        + ("" if gap["share"] is None else f" ({writer.share(gap['share'])})")
        + ", before tax"
        for name, gap in found["unit_costs"].items()
        if gap is not None
    ]
    if lease := found.get("leasing"):
        lines += _leased(lease, found["currency"])
    if found["npv"] is None:
        return "\n".join(lines)
    lines += ["before tax:", *_measured(found, found["currency"])]
    if found["tax_rate"]:
        lines += [
            f"after tax at {writer.plain_rate(found['tax_rate'])}:",
            *_measured(found["after_tax"], found["currency"]),
        ]
    start, end = (found["bridge"][side] for side in ("start", "end"))
    was, becomes = writer.amounts([start, end], found["currency"])
    lines.append(f"bridge, present value before tax: {was} becomes {becomes}")
    bars = {name: amount for name, amount in found["bridge"]["bars"].items() if amount}
    scale = writer.table_scale([start, end])
    lines += [
        f"  {found['bridge']['labels'][name]}, {scale.unit(money)}: {scale.signed(amount)}"
        for name, amount in bars.items()
    ]
    return "\n".join(lines)


def _unit_cost(value: float, line: str, currency: str) -> str:
    text, unit = line_text(line, value, MODEL.lines[line].unit, currency)
    return writer.quantity(text, unit, currency)


def _leased(lease: dict[str, Any], currency: str) -> list[str]:
    """Lease or buy, and what the lease still owes afterwards."""
    rates = ", ".join(map(writer.rate, lease["implicit_rates"])) or "none"
    even, rent, quoted = lease["break_even_payment"], "per system and month", lease["quoted_rate"]
    lines = [
        f"net advantage to leasing at {writer.rate(lease['rate'])} ({lease['basis']}): "
        f"{writer.money(lease['advantage'], currency)} after tax",
        f"implicit lease rate: {rates} after tax",
        f"rate the payments ask for one system: {'none' if quoted is None else writer.rate(quoted)} before tax",
        f"break-even payment: {'none' if even is None else f'{currency} {writer.fixed(even, 2)} {rent}'.strip()}; "
        f"asked: {writer.fixed(lease['payment'], 2)}",
    ]
    if lease["owed_beyond_horizon"]:
        lines.append(
            f"not counted, still owed when the horizon ends: {writer.money(lease['owed_beyond_horizon'], currency)}"
        )
    return lines


def _measured(found: dict[str, Any], currency: str) -> list[str]:
    """The measures on one tax basis, indented below its name."""
    if not any(amount for _, amount in found["flows"]):
        return ["  identical cash flows"]
    share = "" if found["share"] is None else f" ({writer.share(found['share'])} of the other's cost)"
    rates = ", ".join(map(writer.rate, found["irr"])) or "none"
    meaning = ", what saving first and paying later costs" if found["saves_first"] else ""
    lines = [
        f"  saving in present value: {writer.money(found['npv'], currency)}{share}",
        f"  IRR: {rates}{meaning}",
        "  MIRR: " + ("none" if found["mirr"] is None else writer.rate(found["mirr"])),
    ]
    for name in ("payback", "discounted_payback"):
        told = after(found[f"{name}_years"], rests_on_resale=found[f"{name}_rests_on_resale"])
        lines.append(f"  {name.replace('_', ' ')}: {told}")
    if found["turns_negative_again"]:
        lines.append("  the cumulated difference turns negative again after payback")
    return lines


def break_even_json(found: BreakEven, footing: Comparability) -> dict[str, Any]:
    """A break-even as plain data: ``roots``, the ``metric`` and the ``range`` looked at; ``jumps`` are no ties.

    ``comparable`` says whether the two options' figures may stand side by side as the study is now.
    """
    return {
        "roots": list(found.roots),
        "metric": found.metric,
        "range": [found.low, found.high],
        "jumps": [list(j) for j in found.jumps],
        "always": found.always,
        "comparable": {"holds": footing.holds, "reason": footing.reason},
    }


def break_even_text(found: BreakEven, varied: Variation, footing: Comparability) -> str:
    """A break-even as a few readable lines, values in the input's unit."""
    named, money = subject(varied.study, varied.path), varied.study.currency

    def written(value: float) -> str:
        return writer.quantity(writer.as_typed(value), unit, money)

    unit = unit_words(named.unit, money)
    span = f"from {writer.as_typed(found.low)} to {writer.as_typed(found.high)}"
    now = "blank" if named.base is None else written(named.base)
    line = f"{named.name} ({varied.path}), plan {now}, {span}: {found.metric}"
    caution = [] if footing.holds else [f"  note: not comparable on this measure: {footing.reason}"]
    if found.always:
        return "\n".join([line + " is the same over the whole range", *caution])
    lines = [line, *caution, *(f"  breaks even at {written(root)}" for root in found.roots)]
    lines += [] if found.roots else ["  no break-even"]
    lines += [
        f"  which one is cheaper changes in a step between {writer.as_typed(low)} and {written(high)}"
        for low, high in found.jumps
    ]
    return "\n".join(lines)
