"""Which of several options is ahead by a result of the model: direction, ties, and whether the figures compare."""

from __future__ import annotations

import math
from collections.abc import Mapping

from models.analysis.metrics.same_work import Comparability, comparability, same_work, without_price
from models.run.model import MODEL, OptionResult
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import nearest_hint

# The figure that ranks options, and the one that a reader would rank them by without discounting.
RANKED_BY, UNDISCOUNTED = "comparison_cost_per_meaningful_response", "cost_per_meaningful_response"
SAME_WORK_UNDISCOUNTED = "comparison_undiscounted_cost"
# The total that options are compared by: unmet work counts in it at its interim price.
METRIC = "comparison_pv_cost"
# A gap this small against the figures compared is a tie; across a step of the fleet the gap stays far larger.
TIE = 1e-9
HIGHER_IS_BETTER = frozenset(
    (
        *("tokens_per_dollar", "output_tokens_per_kwh", "tokens_per_second_per_mw", "first_throughput"),
        *("served_share", "used_share", "meaningful_responses", "pv_responses", "lifetime_served_requests"),
        *("margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax"),
        *("lifetime_revenue", "pv_revenue", "lifetime_output_tokens", "lifetime_input_tokens", "pv_output_tokens"),
    )
)


def check_metric(metric: str) -> None:
    """Raises StudyError, naming the nearest, where `metric` is no single figure of the model."""
    line = MODEL.results.get(metric)
    if line is None or line.shape.row or line.shape.column or line.unit == "text":
        single = [n for n, each in MODEL.results.items() if not each.shape.row and not each.shape.column]
        hint = nearest_hint(metric, single)
        raise StudyError([Problem(metric, None, f"is no single figure of the model{hint}")])


def beyond_rounding(gap: float, *of: float) -> float:
    """A difference of the figures `of`, in their unit; 0 where only their rounding is left, which is nobody's money."""
    return gap if abs(gap) > TIE * max(map(abs, of)) else 0.0


def gap(one: float, other: float) -> float:
    """One figure less another, in their unit, 0 where only rounding is left."""
    return beyond_rounding(one - other, one, other)


def sign(metric: str) -> float:
    """What a figure is multiplied by so that less is better: -1 where higher is better, else 1."""
    return -1.0 if metric in HIGHER_IS_BETTER else 1.0


def is_total(metric: str) -> bool:
    """Whether a result grows with the work done, so that it says nothing between options that do unequal work.

    Figures per token, response, hour or kWh are no totals, nor are shares.
    """
    unit = MODEL.lines[metric].unit
    return "/" not in unit and unit != "1"


def ahead(figures: Mapping[str, float | None], metric: str) -> tuple[str, ...]:
    """The options with the best figure, in the order given: one, several in a tie, or none without a figure."""
    known = {name: sign(metric) * f for name, f in figures.items() if f is not None and math.isfinite(f)}
    if not known:
        return ()
    best = min(known.values())
    return tuple(name for name, figure in known.items() if figure - best <= TIE * max(abs(figure), abs(best)))


def comparable_by(metric: str, a: OptionResult, b: OptionResult) -> Comparability:
    """Whether two options' figures compare: costs with all prices, totals for the same work or with unmet work priced.

    The interim price stands in `comparison_pv_cost` alone, so no other total may rest on it.
    """
    if "money" in MODEL.lines[metric].unit and (lacking := without_price(a, b)):
        return Comparability(False, lacking)
    if not is_total(metric):
        return Comparability(True, "unit costs are comparable at any volume")
    found = comparability(a, b)
    shares = [o.number("served_share") for o in (a, b)]
    if not found.holds or metric == METRIC or None in shares:
        return found
    one, two = (s for s in shares if s is not None)
    if same_work(one, two):
        return found
    return Comparability(False, "they serve unequal shares of the demand", f"compare {METRIC} or a unit cost")
