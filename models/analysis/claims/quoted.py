"""From the price as quoted to the all-in figure: what the price of a server, an hour or a token leaves out.

A quote is in its own unit (money a system, a system-month, an accelerator-hour, a million tokens). The first step turns
it into the price of a million generated tokens, or of a meaningful response, under the conditions that flatter it:
always busy, every first try accepted, nothing around it. Each further step adds one thing that was left out. The steps
add up to the all-in figure over the life.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from models.analysis.metrics.idle import PARTS, hours_by_year
from models.chapters.money.costs import COSTS
from models.engine.constants import MONTHS_PER_YEAR, SECONDS_PER_HOUR, TOKENS_PER_MILLION
from models.run.model import OptionResult

Per = Literal["Mtoken", "response"]
# A step below this share of the total is rounding, not something to show.
RESIDUE = 1e-12
# The row of the cost tree that the quote is a part of, by acquisition.
_QUOTED_KIND = {acquisition: cost.name for cost in COSTS.values() for acquisition in cost.offers}


@dataclass(frozen=True)
class Quote:
    """A price as it stands in an offer, in its own unit (`money` is the study's currency); `line` opens it."""

    label: str
    value: float
    unit: str
    line: str


@dataclass(frozen=True)
class Step:
    """What one thing adds to (or takes off) the figure. `kind` is the row of the cost tree that it belongs to."""

    name: str
    label: str
    amount: float
    kind: str


@dataclass(frozen=True)
class Ladder:
    """The steps from the quote to the figure of `line`; `total` is the sum of the steps, in `unit`."""

    per: Per
    line: str
    unit: str
    quotes: tuple[Quote, ...]
    steps: tuple[Step, ...]
    total: float


def quotes(option: OptionResult) -> tuple[Quote, ...]:
    """The prices that an offer for this option shows; empty where none is given."""
    given = option.gathered.values
    acquisition = option.option.acquisition
    if acquisition in ("purchase", "loan"):
        found = [Quote("Price of one system", option.values["system_price"], "money/system", "system_price")]
    elif acquisition == "lease":
        payment = _or_zero(given["lease_payment_per_system_month"])
        found = [Quote("Lease of one system", payment, "money/system/month", "new_lease")]
    elif acquisition == "rental":
        found = _rental_quotes(option)
    else:
        found = [
            Quote("List price, input", _or_zero(given["api_price_input"]), "money/Mtoken", "api_reading"),
            Quote("List price, output", _or_zero(given["api_price_output"]), "money/Mtoken", "api_writing"),
        ]
    return tuple(q for q in found if q.value)


def _rental_quotes(option: OptionResult) -> list[Quote]:
    given = option.gathered.values
    committed, on_demand = (_or_zero(given[f"rental_{name}_price"]) for name in ("committed", "on_demand"))
    unit, share = "money/accelerator/h", given["rental_committed_share"]
    found = []
    if share:
        found.append(Quote("Committed rental", committed, unit, "committed_rental"))
    if share < 1:
        found.append(Quote("On-demand rental", on_demand, unit, "on_demand_rental"))
    return found


def ladder(option: OptionResult, per: Per = "Mtoken") -> Ladder | None:
    """The steps from the quote to the all-in figure; None where nothing is generated, or no response accepted."""
    line = "lifetime_cost_per_million_output_tokens" if per == "Mtoken" else "cost_per_meaningful_response"
    quantity = option.values["lifetime_output_tokens" if per == "Mtoken" else "meaningful_responses"]
    total = option.values[line]
    if not quantity or math.isnan(total):
        return None
    scale = (TOKENS_PER_MILLION if per == "Mtoken" else 1.0) / quantity
    money = list(_quoted_part(option, per)) + list(_rest(option, per))
    noise = RESIDUE * sum(abs(step.amount) for step in money)
    steps = tuple(Step(s.name, s.label, s.amount * scale, s.kind) for s in money if abs(s.amount) > noise)
    return Ladder(per, line, f"money/{per}", quotes(option), steps, math.fsum(s.amount for s in steps))


def _rest(option: OptionResult, per: Per) -> Iterator[Step]:
    """Every cost that the quote says nothing of, from the cost tree."""
    quoted = _QUOTED_KIND[option.option.acquisition]
    for kind, amount in option.table("cost_tree").items():
        if kind != quoted and (per == "response" or COSTS[kind].makes_tokens):
            yield Step(kind, COSTS[kind].label, amount, kind)


def _quoted_part(option: OptionResult, per: Per) -> Iterator[Step]:
    acquisition = option.option.acquisition
    kind = _QUOTED_KIND[acquisition]
    if acquisition == "api":
        yield from _listed(option, per)
        return
    parts = _rented(option) if acquisition == "rental" else _acquired(option)
    used = next(parts)
    first = _first_tries(option) if per == "response" else 1.0
    yield Step("quote", "As quoted, at 100% utilisation", used.amount * first, kind)
    if per == "response":
        yield Step("retries", "Rejected attempts", used.amount * (1 - first), kind)
    yield from parts


def _first_tries(option: OptionResult) -> float:
    """The share of the accelerator time used that one try for each accepted response would take."""
    raw = option.values
    used = sum(raw["used_seconds"])
    if not used:
        return 1.0
    needed = sum(
        accepted * seconds / attempts
        for by_year, times, attempts in zip(raw["accepted"], raw["request_seconds"], raw["attempts"], strict=True)
        for accepted, seconds in zip(by_year, times, strict=True)
    )
    return needed / used


def _acquired(option: OptionResult) -> Iterator[Step]:
    """Bought or leased systems at the price of year 1: first the busy time, then the idle, then other prices."""
    raw = option.values
    kind = _QUOTED_KIND[option.option.acquisition]
    if kind == "lease":
        payment = _or_zero(option.gathered.values["lease_payment_per_system_month"])
        at_quote, actual = payment * MONTHS_PER_YEAR * sum(raw["installed"]), sum(raw["lease"])
        label = "Repriced later leases"
    else:
        at_quote, actual = raw["system_price"] * sum(raw["purchases"]), sum(raw["equipment_capex"])
        label = "Later purchases at another price, and items bought once"
    years = hours_by_year(option)
    paid = raw["lifetime_held_hours"]
    for name, part in PARTS.items():
        hours = sum(year[name] for year in years)
        yield Step(name, part[0].upper() + part[1:], at_quote * hours / paid if paid else 0.0, kind)
    unplaced = 0.0 if paid else at_quote
    yield Step("other_price", label, actual - at_quote + unplaced, kind)


def _rented(option: OptionResult) -> Iterator[Step]:
    """Rented hours: the busy ones as quoted, the idle ones, the dearer ones on demand, later prices, the exit fee."""
    raw, offered = option.values, quotes(option)
    quoted = offered[0].value if offered else 0.0
    on_demand_price = _or_zero(option.gathered.values["rental_on_demand_price"])
    # Of the committed hours that are not used, only the share that the contract trues up is billed.
    forgiven = (1 - option.gathered.values["rental_true_up"]) * sum(raw["unused_commitment"])
    committed = sum(raw["committed_hours"]) - forgiven
    on_demand = sum(raw["on_demand_hours"])
    used = sum(raw["used_seconds"]) / SECONDS_PER_HOUR
    premium = on_demand * (on_demand_price - quoted)
    leaving = sum(raw["exit_fee"])
    rest = sum(raw["rental"]) - (committed + on_demand) * quoted - premium - leaving
    yield Step("used", "Hours in use", used * quoted, "rental")
    yield Step("unused", "Paid but unused hours", (committed + on_demand - used) * quoted, "rental")
    yield Step("on_demand", "Hours on demand at their own price", premium, "rental")
    yield Step("price_change", "Price changes in later years", rest, "rental")
    yield Step("exit_fee", "Early-termination fee", leaving, "rental")


def _listed(option: OptionResult, per: Per) -> Iterator[Step]:
    """An API's list prices: output, input, tries, cache, batch, later prices, price tiers, minimum commitment."""
    raw, given = option.values, option.gathered.values
    out = inn = tries = cache = batch = 0.0
    for w, served_by_year in enumerate(raw["served"]):
        served = sum(served_by_year)
        read = served * raw["read_per_request"][w] / TOKENS_PER_MILLION
        written = served * raw["generated_per_request"][w] / TOKENS_PER_MILLION
        first = raw["accepted_share"][w] / raw["attempts"][w] if per == "response" else 1.0
        price_in, price_out = raw["input_price"][w], raw["output_price"][w]
        saved = read * raw["cached_share"][w] * (price_in - raw["cached_input_price"][w])
        saved += read * given["serving_cache_write_share"][w] * (price_in - raw["cache_write_price"][w])
        out, inn = out + written * price_out * first, inn + read * price_in * first
        tries += (written * price_out + read * price_in) * (1 - first)
        cache -= saved
        batch -= (written * price_out + read * price_in - saved) * (1 - raw["batch_factor"][w])
    later = sum(raw["api_spend"]) - (out + inn + tries + cache + batch)
    yield Step("quote", "As quoted: list price of output", out, "api")
    yield Step("input", "List price of the input tokens", inn, "api")
    yield Step("retries", "Rejected attempts", tries, "api")
    yield Step("cache", "Cached input at its own price", cache, "api")
    yield Step("batch", "Batch discount", batch, "api")
    yield Step("price_change", "Price changes in later years", later, "api")
    yield Step("tiers", "Price tiers", -sum(map(sum, raw["tier_saving"])), "api")
    yield Step("top_up", "Minimum commitment", raw["lifetime_top_up"], "api")


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
