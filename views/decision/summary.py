"""Decision: the options side by side, what is paid by when, why the recommended one, and what would change that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from charts import costs, decision
from models.analysis.decision.bridge import by_family
from models.analysis.decision.decision import (
    WEAK,
    Ranked,
    Recommendation,
    after_tax,
    called,
    ranking,
    recommendation,
)
from models.analysis.decision.side_by_side import footing
from models.analysis.metrics import palette
from models.analysis.metrics.coverage import by_confidence, rests
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import METRIC, TIE
from models.analysis.sensitivity.named_input import subject
from models.analysis.words import of_thousand
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult, Result
from views import pages, session
from views.decision import changes, outcomes
from views.figures import drawing, printed, simulated
from views.figures.printed import Column, Markup, Row, escaped

WIDTHS = (1.18, 1.0)
# Letters that fit above the ranges on a telephone, and what the marks of a range are.
_TICK_LETTERS = 18
_MARKS = ". Bar: 10th to 90th percentile; mark: base case"


def show() -> None:
    """Draw the view."""
    result = session.shown_result()
    found = recommendation(result)
    compared = footing(result).comparable
    unpriced = {each.name for each in ranking(result) if each.missing}
    paid = [name for name in compared if name not in unpriced]
    # Where nothing compares the table has the page to itself.
    left, right = st.columns(WIDTHS, gap="large") if len(paid) > 1 else (st.container(), None)
    with left:
        _options(result, found)
        ranges = st.empty()
        if len(result.options) == 1:
            st.page_link(pages.page(pages.INPUTS), label="Add an option to compare", icon=":material/add:")
    if right:
        with right:
            drawing.chart(costs.paid_by(result, paid, found.winner, found.runner_up))
    changed = None
    if found.winner is not None:
        left, right = st.columns(WIDTHS, gap="large")
        with left:
            _why(result, found, compared)
            _evidence(result.options[found.winner])
            _holds(found)
        with right:
            changed = changes.show(result, found)
    if len(result.options) > 1:
        with ranges.container():
            outcomes.unasked(result)
        if changed is not None:
            changes.unasked(result, found, changed)


# -------------------------------------------------------------------------------------------------------- the options


def _options(result: Result, found: Recommendation) -> None:
    """The options with what decides: by cost, those that may not be chosen last, each with the reason."""
    currency, after = result.study.currency or "no currency", session.after_tax()
    ranked = ranking(result)
    # What an option costs is not known while it lacks a price.
    priced = {each.name: result.options[each.name] for each in ranked if not each.missing}
    ranges = {name: each for name, each in simulated.ranges().items() if name in priced}
    axis = _Axis.of(ranges.values()) if ranges else None
    said = f"{currency} per 1,000 responses, present value basis, before tax{_MARKS if axis else ''}"
    printed.heading("Cost per meaningful response", said)
    totals = {name: _total(option, after) for name, option in priced.items()}
    cash = {name: cash_needed(option) for name, option in priced.items()}
    scale = writer.chart_scale([*totals.values(), *cash.values()])
    unit = f"{currency}\u00a0{scale.mark}".strip()  # one line on a telephone
    columns = (
        Column("Base case"),
        *([Column(axis.ticks(), kind="range")] if axis else []),
        Column("PV of cost", f"{unit}{', after tax' if after else ''}"),
        Column("Cash, year 1", unit, kind="wide"),
        *([Column("Probability", "cheapest")] if axis else []),
    )
    figures = writer.unit_costs([None if each.missing else of_thousand(each.figure) for each in ranked])
    rows = [
        Row(
            each.name,
            [
                figure,
                *([axis.drawn(ranges.get(each.name), each.figure)] if axis else []),
                scale.text(totals.get(each.name)),
                scale.text(cash.get(each.name)),
                *([_chance(ranges.get(each.name))] if axis else []),
            ],
            _beneath(each, found, ranked),
            "best" if each.name == found.winner else "" if each.qualifies else "barred",
        )
        for each, figure in zip(ranked, figures, strict=True)
    ]
    printed.table("Options", "Option", columns, rows)
    for remedy in dict.fromkeys(filter(None, map(_remedy, ranked))):
        st.caption(f"{remedy[:1].upper()}{remedy[1:]}.")
    if len(rows) > 1 and not axis:
        where = pages.DECISION.at("Risk")
        st.page_link(pages.page(pages.DECISION), label="Run the simulation for ranges", query_params=where)


@dataclass(frozen=True)
class _Axis:
    """One axis for the ranges of all options, in the unit of the table."""

    low: float
    high: float

    @staticmethod
    def of(ranges: Iterable[simulated.Range]) -> _Axis:
        ends = [end for each in ranges for end in (each.low, each.high)]
        room = 0.06 * (max(ends) - min(ends)) or 1.0
        return _Axis(min(ends) - room, max(ends) + room)

    def at(self, cost: float) -> float:
        """Where a cost lies along the axis, in percent, as a style is told."""
        return round(100 * min(1.0, max(0.0, (cost - self.low) / (self.high - self.low))), 1)

    def drawn(self, found: simulated.Range | None, figure: float | None) -> Markup:
        """The bar of a range, with a mark at the base case; nothing where there is none."""
        if found is None or figure is None:
            return Markup(writer.NONE)
        low, high, mark = (self.at(cost) for cost in (found.low, found.high, REQUESTS_PER_THOUSAND * figure))
        width = round(high - low, 1)
        return Markup(
            f'<span class="spread" role="img" aria-label="{found.span}">'
            f'<i style="left:{low}%;width:{width}%"></i><b style="left:{mark}%"></b></span>'
        )

    def _rounded(self, step: float) -> dict[str, float]:
        """The multiples of a round step along the axis, as they are written."""
        decimals = max(0, -math.floor(math.log10(step)))
        numbers = range(math.ceil(self.low / step), math.floor(self.high / step) + 1)
        return {writer.fixed(number * step, decimals): number * step for number in numbers}

    def ticks(self) -> Markup:
        """As many round costs along the axis, above the bars, as a telephone has room for."""
        exponent = math.floor(math.log10(self.high - self.low)) - 1
        steps = (times * 10.0**more for more in range(exponent, exponent + 3) for times in (1, 2, 5))
        shown = next(
            found for found in map(self._rounded, steps) if len(found) < 2 or len("  ".join(found)) <= _TICK_LETTERS
        )
        marks = "".join(f'<span style="left:{self.at(cost)}%">{text}</span>' for text, cost in shown.items())
        return Markup(f'<span class="axis">{marks}</span>')


def _chance(found: simulated.Range | None) -> str:
    return writer.NONE if found is None else writer.share(found.cheapest)


def _total(option: OptionResult, after: bool) -> float:
    return after_tax(option) if after else option.values[METRIC]


def _differ(figures: Sequence[float | None], n: int, m: int) -> bool:
    one, two = figures[n], figures[m]
    return one is not None and two is not None and abs(one - two) > TIE * abs(one)


def _beneath(each: Ranked, found: Recommendation, ranked: Sequence[Ranked]) -> str:
    """What stands beneath an option's name; what would make it comparable stands once, beneath the table."""
    if each.name == found.winner:
        return "recommended" if len(ranked) > 1 else ""
    if each.why_not:
        return each.comparability.found.removeprefix(f"{each.name} ") if _remedy(each) else each.why_not
    figures = {other.name: other.figure for other in ranked if other.qualifies and other is not each}
    twin = next((name for name, figure in figures.items() if figure and not _differ([figure, each.figure], 0, 1)), "")
    return f"same cost as {twin}" if twin else ""


def _remedy(each: Ranked) -> str:
    """What would make the totals of an option comparable."""
    barred = each.missing or each.capacity_view or each.comparability.holds
    return "" if barred else each.comparability.remedy


# -------------------------------------------------------------------------------------------------- why, and until when


def _why(result: Result, found: Recommendation, compared: Sequence[str]) -> None:
    """The bridge from the runner-up to the choice, by family of cost."""
    if found.winner is None or found.runner_up is None or not {found.winner, found.runner_up} <= set(compared):
        return
    held = by_family(result.options[found.winner], result.options[found.runner_up])
    scale = writer.chart_scale([held.start, held.end])
    unit = f"Present value of cost, {scale.unit(result.study.currency or 'money')}, before tax"
    title = f"Why {called(found.winner)} beats {called(found.runner_up)}"
    drawing.chart(decision.waterfall(held, title, unit, scale.text))


def _holds(found: Recommendation) -> None:
    """What is favourable to the choice and must be true."""
    # The first conditions are margins, which stand in a table of their own.
    favourable = [sentence for sentence in found.conditions if sentence not in found.margins]
    if favourable:
        printed.heading("What must hold")
        printed.listed(favourable)


def _evidence(winner: OptionResult) -> None:
    """On what the cost of the choice rests, as one bar and in words."""
    shares = by_confidence(winner)
    if not shares:
        return
    printed.heading("What the cost rests on", f"{winner.name}, share of the cost before resale")
    parts = [(palette.CONFIDENCES[name], share) for name, share in shares.items() if share > 0]
    widths = [(tone.colour, round(100 * share, 2)) for tone, share in parts]
    bars = "".join(f'<i style="width:{width}%;background:{colour}"></i>' for colour, width in widths)
    said = " · ".join(f"{writer.share(share)} {tone.label.lower()}" for tone, share in parts)
    weak = max((each for each in rests(winner) if each.confidence in WEAK), key=lambda each: each.amount, default=None)
    largest = ""
    if weak is not None:
        price = subject(winner.study, weak.path).label
        share = weak.amount / sum(each.amount for each in rests(winner))
        largest = f" Largest assumption: {price} ({writer.share(share)})."
    st.html(f'<div class="rests" aria-hidden="true">{bars}</div><p class="unit">{escaped(said)}.{escaped(largest)}</p>')
