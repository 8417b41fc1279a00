"""Comparisons and break-evens as plain data and as text, for the command line."""

from __future__ import annotations

import dataclasses
from typing import Any

from models.analysis.breakeven import BreakEven
from models.analysis.bridge import bridge
from models.analysis.compare import comparability, difference
from models.analysis.leasing import leasing
from models.analysis.vary import Variation
from models.model import OptionResult


def comparison(option: OptionResult, against: OptionResult) -> dict[str, Any]:
    """``option`` against ``against``: measures of the dated differences and the bridge.

    Savings of choosing ``option`` are positive. Where totals do not compare, the measures and the bridge are None and
    ``comparable`` says why.
    """
    footing = comparability(option, against)
    found: dict[str, Any] = {
        "option": option.name,
        "against": against.name,
        "currency": option.study.currency,
        "comparable": {"holds": footing.holds, "reason": footing.reason},
    }
    if lease := leasing(option, against):
        found["leasing"] = dataclasses.asdict(lease)
    names = (
        "npv",
        "irr",
        "mirr",
        "payback_years",
        "discounted_payback_years",
        "turns_negative_again",
        "flows",
        "bridge",
    )
    if not footing.holds:
        return found | dict.fromkeys(names)
    gap, why = difference(option, against), bridge(option, against)
    return found | {
        "npv": gap.npv,
        "irr": list(gap.irr),
        "mirr": gap.mirr,
        "payback_years": gap.payback.years,
        "discounted_payback_years": gap.discounted_payback.years,
        "turns_negative_again": gap.payback.turns_negative_again or gap.discounted_payback.turns_negative_again,
        "flows": [[time, amount] for time, amount in gap.flows],
        "bridge": {
            "metric": why.metric,
            "start": why.start,
            "end": why.end,
            "by": "inputs" if why.by_inputs else "cost_tree",
            "bars": {bar.name: bar.amount for bar in why.bars},
        },
    }


def comparison_text(found: dict[str, Any]) -> str:
    """A comparison as a few readable lines."""
    lines = [f"{found['option']} against {found['against']}: {found['comparable']['reason']}"]
    if found["npv"] is None:
        return lines[0]
    money = found["currency"]
    if lease := found.get("leasing"):
        rates = ", ".join(f"{r:.2%}" for r in lease["implicit_rates"]) or "none"
        lines.append(f"net advantage to leasing at {lease['rate']:.2%}: {lease['advantage']:,.0f} {money} after tax")
        lines.append(f"rate hidden in the lease: {rates}; break-even payment: {lease['break_even_payment']:,.2f}")
    lines.append(f"net present value of choosing it: {found['npv']:,.0f} {money}")
    lines.append("IRR: " + (", ".join(f"{r:.2%}" for r in found["irr"]) or "none"))
    lines.append("MIRR: " + ("none" if found["mirr"] is None else f"{found['mirr']:.2%}"))
    for name in ("payback_years", "discounted_payback_years"):
        years = found[name]
        lines.append(f"{name.replace('_', ' ')}: " + ("never" if years is None else f"{years:.2f}"))
    if found["turns_negative_again"]:
        lines.append("the cumulated difference turns negative again after payback")
    lines.append(f"why: {found['bridge']['start']:,.0f} becomes {found['bridge']['end']:,.0f} {money}")
    lines += [
        f"  {name.replace('_', ' ')}: {amount:+,.0f}" for name, amount in found["bridge"]["bars"].items() if amount
    ]
    return "\n".join(lines)


def break_even_json(found: BreakEven) -> dict[str, Any]:
    """A break-even as plain data: ``roots``, the ``metric`` and the ``range`` looked at; ``jumps`` are no ties."""
    return {
        "roots": list(found.roots),
        "metric": found.metric,
        "range": [found.low, found.high],
        "jumps": [list(j) for j in found.jumps],
        "always": found.always,
    }


def break_even_text(found: BreakEven, varied: Variation) -> str:
    """A break-even as a few readable lines."""
    lines = [f"{varied.path}, now {varied.base:g}, from {found.low:g} to {found.high:g}: {found.metric}"]
    if found.always:
        return lines[0] + " is the same over the whole range"
    lines += [f"  ties at {root:.10g}" for root in found.roots] or ["  no tie"]
    lines += [
        f"  the cheaper one changes between {low:.10g} and {high:.10g}, without a tie" for low, high in found.jumps
    ]
    return "\n".join(lines)
