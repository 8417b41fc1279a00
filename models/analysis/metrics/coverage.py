"""What the cost rests on: each amount of money traced to the price input behind it, and that input's confidence.

A price input is what an amount is in proportion to: the amount of a purchase or running cost, a rental, list or energy
price, a lease payment, what a person costs. How much of it is needed (volumes, rates, lives) is not a price; such
inputs are listed beside, without a share. Resale is left out: an assumption that takes cost off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.run.model import OptionResult
from models.studies import schema
from models.studies.study import get, keyed, option_paths
from models.studies.value import Value


@dataclass(frozen=True)
class Rests:
    """Money over the life that rests on the price at `path`, whose value and provenance is `value`."""

    path: str
    value: Value
    amount: float

    @property
    def confidence(self) -> str:
        """One of `schema.CONFIDENCES`, or "" where none is stated."""
        return self.value.confidence or ""


def rests(option: OptionResult) -> tuple[Rests, ...]:
    """Every price with the money that rests on it; together the lifetime cost before resale."""
    places = dict(zip((o.name for o in option.study.options), option_paths(option.study.options), strict=True))
    base = places[option.name]
    found = (
        *_purchases(option, base),
        *_items(option, base, "opex", [sum(years) for years in option.values["opex_cost"]]),
        *_energy(option, base),
        *_usage(option, base),
        *_workloads(option),
    )
    return tuple(Rests(path, get(option.study, path), amount) for path, amount in found if amount)


Found = Iterator[tuple[str, float]]


def _items(option: OptionResult, base: str, table: str, amounts: Sequence[float]) -> Found:
    for (place, _), amount in zip(keyed(table, option.option.rows(table)), amounts, strict=True):
        yield f"{base}/{place}/amount", amount


def _purchases(option: OptionResult, base: str) -> Found:
    raw, given = option.values, option.gathered.values
    amounts = []
    for number, unit, once in zip(
        given["capex_asset_number"], raw["item_unit_price"], raw["item_fixed_price"], strict=True
    ):
        a = int(number) - 1
        years = zip(raw["units_bought"][a], raw["fixed_bought"][a], raw["asset_price_index"][a], strict=True)
        amounts.append(raw["asset_is_bought"][a] * sum((unit * n + once * m) * index for n, m, index in years))
    yield from _items(option, base, "capex", amounts)


def _energy(option: OptionResult, base: str) -> Found:
    raw = option.values
    charge = sum(raw["energy_charge"])
    tariffs = list(keyed("tariff", option.option.tariffs))
    if tariffs and raw["tariff_average"]:
        for (place, _), part in zip(tariffs, raw["tariff_part"], strict=True):
            yield f"{base}/{place}/price", charge * part / raw["tariff_average"]
    else:
        yield f"{base}/electricity_price", charge
    yield f"{base}/demand_charge", sum(raw["demand_charge_cost"])
    yield f"{base}/carbon_price", sum(raw["carbon_charged"])
    yield f"{base}/water_price", sum(raw["water_cost"])


def _usage(option: OptionResult, base: str) -> Found:
    """Rental, lease and API: nothing where the option has no such table, since nothing is paid then."""
    raw = option.values
    yield f"{base}/rental/committed_price", sum(raw["committed_rental"])
    yield f"{base}/rental/on_demand_price", sum(raw["on_demand_rental"])
    yield f"{base}/rental/exit_fee_share", sum(raw["exit_fee"])
    yield f"{base}/lease/payment_per_system_month", sum(raw["lease"])
    # What price tiers save is taken off every list price alike.
    spend = sum(raw["api_spend"])
    kept = sum(raw["tiered_spend"]) / spend if spend else 0.0
    reading = [kept * sum(years) for years in raw["reading_spend"]]
    cached = sum(paid * share for paid, share in zip(reading, _cached(option), strict=True))
    yield f"{base}/api/price_input", sum(reading) - cached
    yield f"{base}/api/{_cached_price(option)}", cached
    yield f"{base}/api/price_output", kept * sum(map(sum, raw["writing_spend"]))
    yield f"{base}/api/minimum_commitment", raw["lifetime_top_up"]


def _cached_price(option: OptionResult) -> str:
    api = option.option.api
    return "price_cached_input" if api and not api["price_cached_input"].blank else "price_input"


def _cached(option: OptionResult) -> list[float]:
    """The part of each workload's spend on reading that is paid at the price of cached input."""
    raw = option.values
    price, cached_price = raw["input_price"], raw["cached_input_price"]
    parts = []
    for share in raw["cached_share"]:
        whole = (1 - share) * price + share * cached_price
        parts.append(share * cached_price / whole if whole else 0.0)
    return parts


def _workloads(option: OptionResult) -> Found:
    raw = option.values
    for w, (place, _) in enumerate(keyed("workload", option.study.workloads)):
        yield f"{place}/processing_price", raw["workload_processing_cost"][w]
        yield f"{place}/escalation_cost", raw["workload_escalation_spend"][w]


def by_confidence(option: OptionResult) -> dict[str, float]:
    """The share of the lifetime cost before resale on each confidence ("" = not stated); empty without cost."""
    found = rests(option)
    whole = sum(each.amount for each in found)
    if not whole:
        return {}
    return {
        confidence: sum(each.amount for each in found if each.confidence == confidence) / whole
        for confidence in (*schema.CONFIDENCES, "")
    }
