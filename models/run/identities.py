"""Identities that hold in every run: shown in the app, on the Checks sheet, and tested on random studies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from models.run.model import OptionResult, Result

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Check:
    """One identity of one option: whether it holds, and the figures compared."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Identity:
    """What must agree: ``sides`` gives pairs (left, right, scale) that must be equal within TOLERANCE x scale,
    or for ``bounds`` pairs (lower, upper) with lower <= upper."""

    name: str
    pairs: Callable[[OptionResult], Iterator[tuple[float, float, float]]]
    ordered: bool = False


Pairs = Iterator[tuple[float, float, float]]
IDENTITIES: list[Identity] = []


def identity(name: str, ordered: bool = False) -> Callable[[Callable[[OptionResult], Pairs]], Any]:
    """Register a function that yields the pairs an identity compares."""

    def register(function: Callable[[OptionResult], Pairs]) -> Callable[[OptionResult], Pairs]:
        IDENTITIES.append(Identity(name, function, ordered))
        return function

    return register


def checks(result: Result) -> tuple[Check, ...]:
    """Every identity of every option of a run."""
    many = len(result.options) > 1
    found: list[Check] = []
    for option in result.options.values():
        for each in IDENTITIES:
            prefix = f"{option.name}: " if many else ""
            found.append(_check(each, option, prefix))
    return tuple(found)


def _check(each: Identity, option: OptionResult, prefix: str) -> Check:
    worst, shown = 0.0, "nothing to compare"
    for left, right, scale in each.pairs(option):
        gap = max(0.0, left - right) if each.ordered else abs(left - right)
        relative = gap / scale if scale else gap
        if not math.isfinite(gap):
            return Check(prefix + each.name, False, f"{left!r} against {right!r}")
        if relative >= worst:
            worst, shown = relative, f"{left:.10g} {'<=' if each.ordered else '='} {right:.10g}"
    return Check(prefix + each.name, worst <= TOLERANCE, shown)


def _equal(left: float, right: float, *scale: float) -> tuple[float, float, float]:
    return left, right, max(abs(left), abs(right), *(abs(s) for s in scale), 1e-12)


def _cost_scale(o: OptionResult) -> float:
    raw = o.values
    return sum(raw["capex"]) + sum(raw["operating"])


@identity("cost tree = lifetime cost")
def _tree(o: OptionResult) -> Pairs:
    yield _equal(sum(o.values["cost_tree"]), o.values["lifetime_cost"], _cost_scale(o))


@identity("sum over years = lifetime cost")
def _years(o: OptionResult) -> Pairs:
    yield _equal(sum(o.values["cash_cost"]), o.values["lifetime_cost"], _cost_scale(o))


@identity("present value by kind of cost = present value")
def _pv_tree(o: OptionResult) -> Pairs:
    yield _equal(sum(o.values["pv_cost_tree"]), o.values["pv_cost"], _cost_scale(o))


@identity("costs of the workloads = infrastructure cost")
def _workloads(o: OptionResult) -> Pairs:
    if o.values["shares_known"]:
        yield _equal(sum(o.values["workload_infrastructure_cost"]), o.values["infrastructure_cost"], _cost_scale(o))


@identity("shares of the workloads add up to 1")
def _shares(o: OptionResult) -> Pairs:
    if o.values["shares_known"]:
        yield _equal(sum(o.values["cost_share"]), 1.0)


@identity("reading + writing = infrastructure cost")
def _split(o: OptionResult) -> Pairs:
    if o.values["split_known"]:
        both = o.values["reading_cost"] + o.values["writing_cost"]
        yield _equal(both, o.values["infrastructure_cost"], _cost_scale(o))


@identity("tokens by workload = tokens by year")
def _tokens(o: OptionResult) -> Pairs:
    yield _equal(sum(o.values["workload_generated"]), o.values["lifetime_output_tokens"])
    yield _equal(sum(o.values["workload_read"]), o.values["lifetime_input_tokens"])


@identity("opening + bought - retired = closing fleet")
def _fleet(o: OptionResult) -> Pairs:
    if o.values["is_held"]:
        opening = 0.0
        for bought, gone, closing in zip(*(o.values[n] for n in ("purchases", "retired", "installed")), strict=True):
            yield _equal(opening + bought - gone, closing, bought)
            opening = closing


@identity("depreciation + basis left = capex")
def _basis(o: OptionResult) -> Pairs:
    raw = o.values
    left = sum(raw["end_basis_by_asset"]) + sum(sum(row) for row in raw["retired_basis"])
    yield _equal(sum(raw["depreciation"]) + left, sum(raw["capex"]))


@identity("served + unmet = asked")
def _served(o: OptionResult) -> Pairs:
    if not o.values["is_fixed"]:
        for served, unmet, asked in _columns(o, "served_requests", "unmet_requests", "asked_requests"):
            yield _equal(served + unmet, asked)


@identity("capacity in use lies between 0 and 1", ordered=True)
def _utilisation(o: OptionResult) -> Pairs:
    for name in ("utilisation", "power_share", "peak_served_share"):
        for value in o.figure(name):
            if value is not None:
                yield 0.0, value, 1.0
                yield value, 1.0, 1.0


@identity("mean power <= peak <= limits of the site", ordered=True)
def _power(o: OptionResult) -> Pairs:
    if not o.values["energy_known"]:
        return
    fields = o.option.fields
    for mean, peak, share, load in _columns(o, "average_it_kw", "peak_kw", "power_share", "installed_load_kw"):
        yield mean * o.values["pue"], peak, max(peak, 1e-9)
        if fields.given("facility_power_kw"):
            yield peak, fields.number("facility_power_kw"), max(peak, 1e-9)
        if fields.given("cooling_capacity_kw"):
            yield load * share, fields.number("cooling_capacity_kw"), max(load, 1e-9)
            yield mean, fields.number("cooling_capacity_kw"), max(load, 1e-9)


@identity("source >= facility >= IT >= chip energy", ordered=True)
def _chain(o: OptionResult) -> Pairs:
    names = ("chip_energy_kwh", "it_energy_kwh", "facility_energy_kwh", "source_energy_kwh")
    for year in _columns(o, *names):
        for lower, upper in pairwise(year):
            yield lower, upper, max(upper, 1e-9)


@identity("without discounting present value = sum")
def _undiscounted(o: OptionResult) -> Pairs:
    if o.study.fields.number("discount_rate") == 0:
        yield _equal(o.values["pv_cost"], o.values["lifetime_cost"], _cost_scale(o))


@identity("without tax after-tax = pre-tax")
def _untaxed(o: OptionResult) -> Pairs:
    if o.study.fields.number("tax_rate") == 0:
        yield _equal(o.values["pv_after_tax_cost"], o.values["pv_cost"], _cost_scale(o))


@identity("an API without capex has the same levelised cost after tax")
def _api_tax(o: OptionResult) -> Pairs:
    after, before = o.figure("levelised_after_tax"), o.figure("levelised_cost_per_million_output_tokens")
    if o.values["is_api"] and not sum(o.values["capex"]) and after is not None and before is not None:
        yield _equal(after, before)


@identity("NPV function = sum of discounted flows")
def _npv(o: OptionResult) -> Pairs:
    from models.finance import flows as measures

    raw, fields = o.values, o.study.fields
    starts = [c - e for c, e in zip(raw["capex"], raw["early_disposals"], strict=True)]
    flows = measures.dated_flows(starts, raw["operating"], -raw["final_disposal"], mid_year=fields.flag("mid_year"))
    yield _equal(measures.npv(fields.number("discount_rate"), flows), raw["pv_cost"], _cost_scale(o))


@identity("the loan closes at 0")
def _loan(o: OptionResult) -> Pairs:
    if o.values["is_loan"]:
        yield _equal(o.values["loan_closing"][-1], 0.0, o.values["loan_draw"])
        yield _equal(sum(o.values["loan_principal"]), o.values["loan_draw"])


@identity("idle cost lies between 0 and infrastructure cost", ordered=True)
def _idle(o: OptionResult) -> Pairs:
    yield 0.0, o.values["idle_cost"], max(_cost_scale(o), 1e-12)
    yield o.values["idle_cost"], o.values["infrastructure_cost"], max(_cost_scale(o), 1e-12)


def _columns(o: OptionResult, *names: str) -> Iterator[Sequence[float]]:
    return iter(zip(*(o.values[n] for n in names), strict=True))
