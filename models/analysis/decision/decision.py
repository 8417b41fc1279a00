"""Which option to choose, by one stated rule, and what must hold for that: the same on every page and in the workbook.

The words are templates with named slots. Here the slots are filled with figures; the workbook fills them with cells, so
that its sentences move when an input is changed there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from models.analysis.decision.favourable import favourable
from models.analysis.decision.side_by_side import (
    Met,
    cautions,
    footing,
    latency_met,
    order,
    quality_met,
    reference,
    tied,
)
from models.analysis.metrics.coverage import by_confidence
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import RANKED_BY, SAME_WORK_UNDISCOUNTED, TIE, beyond_rounding
from models.analysis.metrics.palette import COSTS
from models.analysis.metrics.same_work import NOT_RANKED, WHOLE_DEMAND, Comparability, lacks
from models.analysis.words import listing, named, of_thousand
from models.notation import writer
from models.run.model import OptionResult, Result
from models.studies.study import Option, Study

RULE = (
    "Lowest discounted cost per meaningful response for the same work, before tax, among the options that serve the "
    "same share of the demand as the reference (within 0.1% of the larger, or with a fallback price), "
    "are sized the same way, lack no price, and meet their quality and latency targets. Given systems that count all "
    "they can produce are not chosen over options sized for the demand. Where the cost is the same, the lower cost "
    "after tax decides."
)
# Costs are for 1,000 responses, with their currency. `phrase` is what one does ("Rent", "Choose Offer B"); a name
# stands in quotation marks where a comma in it would tear the sentence apart.
WORDS: Mapping[str, str] = {
    "chosen": "{phrase}: {cost} per 1,000 responses, {fall} less than {runner_up}, the next-best option.",
    "close": "{winner} and {runner_up} are within {fall} of each other: decide on cash and risk, not on cost.",
    "only": "{phrase}: {cost} per 1,000 responses.",
    "next": "{runner_up} is next best at {next_cost}, {gap} more.",
    "next_close": "{winner} costs {cost} per 1,000 responses, {runner_up} {next_cost}.",
    "next_only": "{runner_up} is next best at {next_cost}.",
    "alone": "No other eligible option to compare with.",
    "nobody": "No recommendation: no two options do the same work, have all their prices and meet their targets.",
    "nothing": "No recommendation: no option produces an accepted response.",
    "undiscounted": "Undiscounted, {cheapest} is cheapest at {cheapest_cost} per 1,000 responses.",
    "driver": "The largest cost of {winner} ({driver}) stays less than {rise} above plan.",
    "cut": "{runner_up} does not become {fall} cheaper, and {winner} does not lose {fall} of its responses.",
    "targets": "Quality and latency in production meet plan (targets met: quality {quality}, latency {latency}).",
    "no_choice": "No recommendation, so no conditions.",
    "no_turn": "No other eligible option, so no margin between two.",
    "amount": "Cash needed in year 1: {cash}. Present value of cost over {years}, incl. fallback, net of resale: {pv}.",
    "against": "Over {years} {winner} costs {saving} {direction} than {reference} (present value, incl. fallback).",
    "assumed": "{assumed} of the cost of {winner}, before resale, rests on assumptions.",
}
# Said first, of each option that lacks a price.
UNPRICED = f"{{unpriced}} {NOT_RANKED}: {{missing}}."
# A runner-up that is less than so much dearer is as good a choice.
CLOSE = 0.03
# What one does with the only option of its kind, by acquisition; else an option is chosen by its name.
VERBS: Mapping[str, str] = {"purchase": "Buy", "loan": "Buy", "lease": "Lease", "rental": "Rent", "api": "Use the API"}
# Confidences on which nothing can be built: assumed, and not stated.
WEAK = ("assumed", "")
LESS, MORE, NOTHING = "less", "more", writer.NONE


@dataclass(frozen=True)
class Ranked:
    """An option, the figure that ranks it, and whether it may be recommended."""

    name: str
    figure: float | None
    comparability: Comparability
    quality: Met
    latency: Met
    missing: tuple[str, ...] = ()
    capacity_view: str = ""
    strict: bool = True

    @property
    def qualifies(self) -> bool:
        """Whether the option may be recommended."""
        return not self.why_not

    @property
    def compares(self) -> bool:
        """Whether its figure is that of the same work at known prices, eligible or not."""
        return self.figure is not None and self.comparability.holds and not (self.missing or self.capacity_view)

    @property
    def why_not(self) -> str:
        """What keeps the option from being recommended, or ""."""
        if self.missing:
            return f"price missing: {listing(self.missing)}"
        if self.capacity_view:
            return f"its systems are given and all they can produce counts, asked for or not{self.capacity_view}"
        if not self.comparability.holds:
            return self.comparability.reason
        if "no" in (self.quality, self.latency):
            return f"misses its {'quality' if self.quality == 'no' else 'latency'} target"
        if self.strict and "not measured" in (self.quality, self.latency):
            return f"its {'quality' if self.quality == 'not measured' else 'latency'} is not measured"
        return "no response is accepted" if self.figure is None else ""


@dataclass(frozen=True)
class Recommendation:
    """The option to choose and the one after it, with the figures that decide; None where no option qualifies.

    `gap` is how much more the runner-up costs; `rise` how much the winner's largest kind of cost (`driver`) may rise,
    `fall` how much the runner-up may fall, before the order turns: shares, in present value. None without a runner-up.
    `margins` are the conditions that say so in words.
    """

    winner: str | None
    runner_up: str | None
    gap: float | None
    driver: str | None
    rise: float | None
    fall: float | None
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    caveats: tuple[str, ...]
    unpriced: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()

    @property
    def is_close(self) -> bool:
        """Whether the runner-up is as good a choice."""
        return self.fall is not None and self.fall < CLOSE

    @property
    def sentence(self) -> str:
        """The decision in one sentence, the same in app, brief, workbook and command line."""
        return self.reasons[len(self.unpriced)]


def comparable(result: Result) -> Mapping[str, Comparability]:
    """Whether each option's totals stand beside the reference's, and why not."""
    return footing(result, basis(result)).by_option


def ranking(result: Result) -> tuple[Ranked, ...]:
    """The options that may be recommended, cheapest first, then the others in the study's order."""
    footings, strict = comparable(result), result.study.fields.flag("strict_targets")
    views = capacity_views(result)
    found = [
        Ranked(
            *(name, option.number(RANKED_BY), footings[name], quality_met(option), latency_met(option)),
            *(lacks(option), _view(option) if name in views else "", strict),
        )
        for name, option in result.options.items()
    ]
    return (*sorted((r for r in found if r.qualifies), key=_figure), *(r for r in found if not r.qualifies))


def _view(option: OptionResult) -> str:
    cost = per_thousand(at_the_demand(option), option.study.currency)
    return f"; at the demand asked for it costs {cost} per 1,000 responses"


def capacity_views(result: Result) -> frozenset[str]:
    """Options whose systems are given and that count all they can produce, where others are sized for what is asked, or
    where that is more than is asked."""
    sized = any(o.acquisition != "api" and o.sizing == "demand" for o in result.study.options)
    return frozenset(
        o.name
        for o in result.options.values()
        if o.values["is_fixed"]
        and len(result.options) > 1
        and (sized or (o.number("served_share") or 0) > WHOLE_DEMAND)
    )


def basis(result: Result) -> OptionResult:
    """The option whose work the others must do: the reference, or the first that is sized for what is asked."""
    against, views = reference(result), capacity_views(result)
    if against.name not in views:
        return against
    return next((o for name, o in result.options.items() if name not in views), against)


def at_the_demand(option: OptionResult) -> float | None:
    """Present value of cost over the responses of all that is asked for: what a capacity view costs at that demand."""
    served, all_of_it = option.number("served_share"), option.values["pv_responses"]
    return option.values["pv_cost"] * served / all_of_it if served and all_of_it else None


def _figure(ranked: Ranked) -> float:
    return math.inf if ranked.figure is None else ranked.figure


def recommendation(result: Result) -> Recommendation:
    """The option that `RULE` chooses, the runner-up, why, what must hold, and what a reader must know.

    With several options of which only one does the reference's work, none is recommended: there was no choice by cost.
    """
    best, second = contenders(result)
    caveats = (*cautions(result), *_order_undiscounted(result, best), *_order_after_tax(result, best))
    found = slots(result)
    unpriced = tuple(
        UNPRICED.format(unpriced=named([ranked.name]), missing=listing(ranked.missing))
        for ranked in ranking(result)
        if ranked.missing
    )
    if best is None:
        said = WORDS["nobody" if found["lowest"] != NOTHING else "nothing"].format(**found)
        return Recommendation(
            None, None, None, None, None, None, (*unpriced, said), (WORDS["no_choice"],), caveats, unpriced
        )
    winner = result.options[best.name]
    other = second.figure if second else None
    rise, (gap, fall) = room(winner, other), margins(best.figure, other)
    reasons = [*_opening(second is not None, fall), "amount", *(["against"] if found["saving"] != NOTHING else [])]
    held = [
        WORDS[key].format(**found)
        for key in (("driver", "cut") if second else ("no_turn",))
        if NOTHING not in map(found.get, _slots_of(key))
    ]
    return Recommendation(
        winner=best.name,
        runner_up=second.name if second else None,
        gap=gap,
        driver=driver(winner)[0],
        rise=rise,
        fall=fall,
        reasons=(*unpriced, *(WORDS[key].format(**found) for key in reasons)),
        conditions=(*held, WORDS["targets"].format(**found), *favourable(winner)),
        caveats=caveats,
        unpriced=unpriced,
        margins=tuple(held),
    )


def _opening(follows: bool, fall: float | None) -> tuple[str, str]:
    """The sentences that say what to choose and what comes next, by whether anything does and how far behind."""
    if not follows:
        return "only", "alone"
    if fall is None:
        return "only", "next_only"
    return ("close", "next_close") if fall < CLOSE else ("chosen", "next")


def called(name: str) -> str:
    """An option's name in a sentence."""
    return named([name])


def phrase(study: Study, name: str) -> str:
    """What one does by choosing an option: the verb of its kind where it is the only one of it, else its name."""
    verb = verb_of(study, study.option(name))
    return verb or f"Choose {called(name)}"


def verb_of(study: Study, option: Option) -> str:
    """The verb of an option that is the only one of its kind among several, else ""."""
    verb = VERBS.get(option.acquisition, "")
    alone = sum(VERBS.get(each.acquisition) == verb for each in study.options) == 1
    return verb if alone and len(study.options) > 1 else ""


def told(result: Result) -> dict[str, Any]:
    """The recommendation as plain data: winner, runner-up, reasons, what must be true, what bars each other option."""
    found = recommendation(result)
    return {
        "winner": found.winner,
        "runner_up": found.runner_up,
        "ranked_by": RANKED_BY,
        "reasons": list(found.reasons),
        "conditions": list(found.conditions),
        "not_to_be_chosen": {each.name: each.why_not for each in ranking(result) if each.why_not},
    }


def eligible(result: Result, line: str) -> list[tuple[str, float]]:
    """The options that may be recommended with a figure, cheapest first."""
    names = {ranked.name for ranked in ranking(result) if ranked.qualifies}
    return [(name, figure) for name, figure in order(result, line) if name in names]


def _order_undiscounted(result: Result, best: Ranked | None) -> Iterator[str]:
    """Where discounting turns the order of the options that qualify."""
    if best is None:
        return
    ranked, plain = (tied(eligible(result, line)) for line in (RANKED_BY, SAME_WORK_UNDISCOUNTED))
    if plain != ranked:
        names = [name for group in plain for name in group]
        yield f"Undiscounted, the order is: {named(names)}, cheapest first."


def _order_after_tax(result: Result, best: Ranked | None) -> Iterator[str]:
    """Where tax turns the order: the options that qualify by present value after tax over that of responses."""
    if best is None or not result.study.tax_rate:
        return
    options = (result.options[ranked.name] for ranked in ranking(result) if ranked.qualifies)
    figures = {o.name: after_tax(o) / o.values["pv_all_responses"] for o in options}
    least = min(figures, key=lambda name: figures[name])
    ours, theirs = figures[best.name], figures[least]
    if not same(ours, theirs):
        share = f" {writer.share(1 - theirs / ours)}" if ours > 0 else ""
        yield f"After tax, {called(least)} is{share} cheaper than {called(best.name)}."


def after_tax(option: OptionResult) -> float:
    """Present value of cost after tax, with what unserved requests cost elsewhere after tax."""
    kept = 1 - option.study.tax_rate
    return option.values["pv_after_tax_cost"] + kept * option.values["pv_interim_cost"]


def slots(result: Result) -> dict[str, str]:
    """What fills the slots of `WORDS`; n/a where there is nothing to say."""
    best, second = contenders(result)
    found = dict.fromkeys((*_slots_named(), "lowest"), NOTHING)
    years = writer.years(result.study.horizon)
    found |= {"years": years, "reference": called(reference(result).name)}
    currency = result.study.currency
    if ranked := order(result):
        found |= {"lowest": called(ranked[0][0])}
    if best is None:
        return found
    if plain := eligible(result, SAME_WORK_UNDISCOUNTED):
        found |= {"cheapest": called(plain[0][0]), "cheapest_cost": per_thousand(plain[0][1], currency)}
    winner = result.options[best.name]
    found |= {"winner": called(best.name), "phrase": phrase(result.study, best.name)}
    figures = [None if each is None else each.figure for each in (best, second)]
    cost, next_cost = (_priced(text, currency) for text in writer.unit_costs([*map(of_thousand, figures)]))
    found |= {"cost": cost, "driver": driver(winner)[0]}
    found |= {
        "quality": best.quality,
        "latency": best.latency,
        "assumed": writer.share(assumption_share(winner)),
    }
    cash, pv = writer.amounts([cash_needed(winner), winner.values["comparison_pv_cost"]], currency)
    found |= {"cash": cash, "pv": pv}
    saved = saving(result, best.name)
    if saved is not None:
        found |= {"saving": writer.money(abs(saved), currency), "direction": LESS if saved >= 0 else MORE}
    if second is not None:
        gap, fall = margins(best.figure, second.figure)
        found |= {"runner_up": called(second.name), "next_cost": next_cost}
        found |= {
            "rise": writer.share(room(winner, second.figure)),
            "fall": writer.share(fall),
            "gap": writer.share(gap),
        }
    return found


def per_thousand(figure: float | None, currency: str) -> str:
    """A cost per response as the cost of 1,000, with its currency; n/a without one."""
    return _priced(writer.unit_cost(of_thousand(figure)), currency)


def _priced(text: str, currency: str) -> str:
    return text if text == NOTHING else f"{currency} {text}".strip()


def _slots_named() -> Iterator[str]:
    for key in WORDS:
        yield from _slots_of(key)


def _slots_of(key: str) -> Iterator[str]:
    yield from (name for _, name, _, _ in Formatter().parse(WORDS[key]) if name)


def saving(result: Result, name: str) -> float | None:
    """How much less an option costs than the reference, present value with unmet work; None where that says nothing."""
    against = reference(result)
    if not result.study.fields.text("reference_option") or against.name == name or not comparable(result)[name].holds:
        return None
    ours, theirs = (option.values["comparison_pv_cost"] for option in (result.options[name], against))
    return beyond_rounding(theirs - ours, ours, theirs)


def money(result: Result) -> str:
    """The study's currency, or the word where it gives none."""
    return result.study.currency or "money"


def contenders(result: Result) -> tuple[Ranked | None, Ranked | None]:
    """The option to choose and the runner-up, the first whose cost differs; None where there is none."""
    ranked = [r for r in ranking(result) if r.qualifies]
    alike = sum(footing.holds for footing in comparable(result).values())
    if not ranked or (alike == 1 and len(result.options) > 1):
        return None, None
    tied = [r for r in ranked if same(r.figure, ranked[0].figure)]
    least = min(after_tax(result.options[r.name]) for r in tied)
    in_order = [r for name in result.options for r in tied if r.name == name]
    best = next(r for r in in_order if same(after_tax(result.options[r.name]), least))
    others = [r for r in ranked if r not in tied]
    close = [r.name for r in others if same(r.figure, others[0].figure)]
    second = next((r for name in result.options for r in others if r.name == name and name in close), None)
    return best, second


def same(figure: float | None, least: float | None) -> bool:
    """Whether a figure is the least one, but for the last digits."""
    return figure is not None and least is not None and figure <= least + TIE * abs(least)


def margins(best: float | None, second: float | None) -> tuple[float | None, float | None]:
    """How much dearer the second is than the best, and how much the second may fall; None where nothing is paid."""
    if best is None or second is None or best <= 0:
        return None, None
    return second / best - 1, 1 - best / second


def driver(option: OptionResult) -> tuple[str, float]:
    """The largest kind of cost of an option in plain words, and its present value."""
    tree = dict(zip(option.keys("cost"), option.values["pv_cost_tree"], strict=True))
    kind = max(tree, key=lambda name: tree[name])
    return COSTS[kind].label, tree[kind]


def room(option: OptionResult, second: float | None) -> float | None:
    """The share by which the option's largest kind of cost may rise until it costs as much as the second per response.

    Present value is linear in a price, so this is exact for what the kind's prices bring.
    """
    figure, largest = option.number(RANKED_BY), driver(option)[1]
    if figure is None or second is None or largest <= 0:
        return None
    return (second - figure) * option.values["pv_all_responses"] / largest


def assumption_share(option: OptionResult) -> float | None:
    """The share of the lifetime cost before resale on prices that are assumed or of unstated confidence; None without.

    Each amount of money is attributed whole to the price input it is in proportion to (the price of an item, an hour, a
    token, a kWh), and so to that input's confidence; volumes and rates have no share. See models.analysis.coverage.
    """
    shares = by_confidence(option)
    return sum(shares[confidence] for confidence in WEAK) if shares else None
