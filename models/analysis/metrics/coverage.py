"""What the cost rests on: each amount of money traced to the price input behind it, and that input's confidence.

A price input is what an amount is in proportion to: the amount of a purchase or running cost, a rental, list or energy
price, a lease payment, what a person costs. How much of it is needed (volumes, rates, lives) is not a price; such
inputs are listed beside, without a share. Resale is left out: an assumption that takes cost off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.chapters.money.costs import COSTS
from models.run.model import OptionResult
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.value import Value
from models.studies.study import Place, get


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
    base = joined("option", option.name)
    found = (
        *_purchases(option),
        *_items(option, "opex", [sum(years) for years in option.values["opex_cost"]]),
        *_tariffs(option),
        *_terms(option, base),
        *_tokens(option),
        *_workloads(option),
    )
    amounts: dict[str, float] = {}
    for path, amount in found:
        amounts[path] = amounts.get(path, 0.0) + amount
    return tuple(Rests(path, get(option.study, path), amount) for path, amount in amounts.items() if amount)


Found = Iterator[tuple[str, float]]


def _items(option: OptionResult, table: str, amounts: Sequence[float]) -> Found:
    for place, amount in zip(_rows(option, table), amounts, strict=True):
        yield place.of("amount"), amount


def _rows(option: OptionResult, table: str) -> tuple[Place, ...]:
    return option.study.rows(table, option.study.position(option.name))


def _purchases(option: OptionResult) -> Found:
    raw, given = option.values, option.gathered.values
    amounts = []
    for number, unit, once in zip(
        given["capex_asset_number"], raw["item_unit_price"], raw["item_fixed_price"], strict=True
    ):
        a = int(number) - 1
        years = zip(raw["units_bought"][a], raw["fixed_bought"][a], raw["asset_price_index"][a], strict=True)
        bought = raw["asset_is_bought"][a] * sum((unit * n + once * m) * index for n, m, index in years)
        amounts.append(once if raw["is_grant"][a] else bought)
    yield from _items(option, "capex", amounts)


def prices(of_workloads: bool) -> Iterator[tuple[str, str, str]]:
    """The inputs that money is in proportion to, of the workloads or of an option: table, name, line of that money."""
    for cost in COSTS.values():
        for place, line in cost.prices.items():
            table, _, name = place.partition("/")
            if (table == "workload") == of_workloads:
                yield table, name, line


def _tariffs(option: OptionResult) -> Found:
    raw = option.values
    years = list(zip(raw["energy_charge"], raw["tariff_average"], strict=True))
    for place, parts in zip(_rows(option, "tariff"), raw["tariff_part"], strict=True):
        paid = (charge * part / mean for (charge, mean), part in zip(years, parts, strict=True) if mean)
        yield place.of("price"), sum(paid)


def _terms(option: OptionResult, base: str) -> Found:
    """Single prices: nothing where the option has no such table, since nothing is paid then."""
    by_tariffs = option.option.tariffs and any(option.values["tariff_average"])
    for table, name, line in prices(of_workloads=False):
        if not (by_tariffs and line == "energy_charge"):
            money = option.values[line]
            path = f"{base}/{name}" if table == "option" else f"{base}/{table}/{name}"
            yield path, sum(money) if isinstance(money, list) else money


def _tokens(option: OptionResult) -> Found:
    """List prices of an API's tokens. What price tiers save is taken off every one alike."""
    raw = option.values
    spend = sum(raw["api_spend"])
    kept = sum(raw["tiered_spend"]) / spend if spend else 0.0
    for w, (reading, writing) in enumerate(zip(raw["reading_spend"], raw["writing_spend"], strict=True)):
        paid, parts = kept * sum(reading), reading_parts(option, w)
        yield price_path(option, w, "price_input"), paid * (1 - sum(parts.values()))
        for name, part in parts.items():
            yield price_path(option, w, name), paid * part
        yield price_path(option, w, "price_output"), kept * sum(writing)
    if other := option.option.fields.text("overflow_to"):
        yield joined("option", other, "api", "price_input"), sum(map(sum, raw["overflow_reading"]))
        yield joined("option", other, "api", "price_output"), sum(map(sum, raw["overflow_writing"]))


def price_path(option: OptionResult, workload: int, name: str) -> str:
    """The path of the price that a workload's tokens are paid at: its own where it has one, else the option's; the
    price of input stands for what has none."""
    api = option.option.api
    serving = option.option.serving_for(option.keys("workload")[workload])
    for each in dict.fromkeys((name, "price_output" if name == "price_output" else "price_input")):
        if serving is not None and not serving[each].blank:
            return joined("option", option.name, "serving", option.keys("workload")[workload], each)
        if api is not None and not api[each].blank:
            return joined("option", option.name, "api", each)
    return joined("option", option.name, "api", name)


def reading_parts(option: OptionResult, workload: int) -> dict[str, float]:
    """The parts of a workload's spend on reading that are paid at the prices of the cache, by the price."""
    raw, w = option.values, workload
    cached, write = raw["cached_share"][w], option.gathered.values["serving_cache_write_share"][w]
    spent = {
        "price_cached_input": cached * raw["cached_input_price"][w],
        "price_cache_write": write * raw["cache_write_price"][w],
    }
    whole = (1 - cached - write) * raw["input_price"][w] + sum(spent.values())
    return {name: part / whole if raw["list_reading"][w] else 0.0 for name, part in spent.items()}


def _workloads(option: OptionResult) -> Found:
    for w, place in enumerate(option.study.rows("workload")):
        for _, name, line in prices(of_workloads=True):
            yield place.of(name), option.values[line][w]


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
