"""Random studies that draw on everything a study may hold, as plain tables of bare numbers.

Magnitudes are those of real studies: fleets of a handful to some hundred accelerators, lives of a few years, prices
that somebody might quote; beside them, often, the values at which formulas break: zeros, ones, whole lives, lists of
one, a start after a year and a half. Whatever `study_table` gives is valid under the contract, so a test need not ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Plain = dict[str, Any]
Maker = Callable[[Random], Any]

ACQUISITIONS = ("purchase", "loan", "lease", "rental", "api")
HELD = ("purchase", "loan", "lease")
SCHEDULES = ("straight_line", "macrs_3", "macrs_5", "macrs_7", "macrs_15", "bonus_100", "none", [0.5, 0.3, 0.2], [0.6])
# Each covers every hour of the week once.
HOUR_BANDS = (
    (["weekday 8-20"], ["weekday 20-8", "weekend 0-24"]),
    (["daily 22-6"], ["daily 6-22"]),
    (["weekday 7-11", "weekday 17-21"], ["weekday 11-17"], ["weekday 21-7", "weekend 0-12", "weekend 12-24"]),
    (["daily 0-24"],),
)
SHARE_BANDS = ((1.0,), (0.3, 0.7), (0.0, 0.25, 0.75))


def study_table(rng: Random) -> Plain:
    """A random valid study, as `tomllib` would load its file."""
    years = rng.choice((1, 2, 3, 3, 4, 5, 5, 6, 10))
    shapes = [_shape(rng, f"shape {n}") for n in range(rng.randint(0, 2))]
    workloads = [_workload(rng, f"work {n}", years, shapes) for n in range(rng.randint(1, 3))]
    ways = [rng.choice(ACQUISITIONS) for _ in range(rng.randint(1, 3))]
    options = [_option(rng, f"{way} {n}", way, years, workloads) for n, way in enumerate(ways)]
    apis = [each["name"] for each in options if each["acquisition"] == "api"]
    for option in options:
        if option.get("sizing") == "demand" and apis and rng.random() < 0.6:
            option["overflow_to"] = rng.choice(apis)
    table: Plain = {"study": _head(rng, years, apis), "workload": workloads, "option": options}
    return table | ({"load_shape": shapes} if shapes else {})


# --- Numbers ---------------------------------------------------------------------------------------------------------


def number(low: float, high: float, *edges: float) -> Maker:
    """Any number between two, small ones as usual as large; now and then one of the edges."""

    def make(rng: Random) -> float:
        if edges and rng.random() < 0.3:
            return rng.choice(edges)
        return low + (high - low) * rng.random() ** 2

    return make


def one_of(*items: Any) -> Maker:
    """One of the items."""
    return lambda rng: rng.choice(items)


def path_or(rate: Maker) -> Maker:
    """A yearly rate, or a list of multipliers by year."""

    def make(rng: Random) -> Any:
        if rng.random() < 0.5:
            return rate(rng)
        return [1.0, *(rng.uniform(0.4, 1.5) for _ in range(rng.randint(0, 5)))]

    return make


SHARE = number(0.0, 1.0, 0.0, 1.0, 0.5)
POSITIVE_SHARE = number(0.3, 1.0, 1.0, 0.8)
GROWTH = number(-0.3, 0.6, 0.0, -0.1)
YEARS = one_of(1, 2, 3, 4, 5, 7)
FLAG = one_of(True, False)
TOKEN_PRICE = number(0.02, 20.0, 0.0)
HOUR_PRICE = number(0.5, 10.0, 0.0)
POWER_PRICE = number(0.03, 0.4, 0.0)


def some(rng: Random, makers: Mapping[str, Maker], part: float = 0.5) -> Plain:
    """About a part of the inputs, each with a value; the rest stays blank."""
    return {name: make(rng) for name, make in makers.items() if rng.random() < part}


# --- The demand ------------------------------------------------------------------------------------------------------

_HEAD: Mapping[str, Maker] = {
    "discount_rate": number(0.01, 0.2, 0.0, 0.1),
    "inflation": number(-0.01, 0.1, 0.0, 0.03),
    "tax_rate": number(0.0, 0.5, 0.0, 0.25),
    "mid_year": FLAG,
}
_WORKLOAD: Mapping[str, Maker] = {
    "demand_growth": GROWTH,
    "deferrable_share": SHARE,
    "reasoning_tokens": number(0, 3000, 0),
    "max_attempts": one_of(1, 2, 3, 6),
    "processing_tokens": number(0, 2000, 0),
    "processing_price": number(0, 2, 0),
    "processing_joules_per_token": number(0, 1, 0),
    "escalation_cost": number(0, 5, 0),
    "value_per_response": number(0, 0.5, 0),
}


def _head(rng: Random, years: int, apis: list[str]) -> Plain:
    head: Plain = {"horizon_years": years, **some(rng, _HEAD, 0.8)}
    way = rng.choice(("none", "price", "option"))
    if way == "price":
        head["interim_price"] = number(0, 0.05, 0)(rng)
    elif way == "option" and apis:
        head["interim_from"] = rng.choice(apis)
    return head


def _shape(rng: Random, name: str) -> Plain:
    def day() -> list[float]:
        quiet = rng.choice((0.0, 0.2, 1.0))
        return [quiet + (rng.random() if 6 <= hour < 20 else 0.0) for hour in range(24)]

    weekday = rng.choice((day(), [0] * 6 + [1] * 12 + [0] * 6, [5] * 24))
    weekend = rng.choice((None, day(), [0] * 24))
    return {"name": name, "weekday": weekday} | ({} if weekend is None else {"weekend": weekend})


def own_peak(shape: Plain) -> float:
    """Busiest hour of a load shape over its mean hour."""
    weekday = shape["weekday"]
    weekend = shape.get("weekend", weekday)
    return max(*weekday, *weekend) / ((5 * sum(weekday) + 2 * sum(weekend)) / 7 / 24)


def _success(rng: Random) -> Any:
    if rng.random() < 0.6:
        return number(0.2, 1.0, 1.0, 0.8)(rng)
    return [number(0.1, 1.0, 1.0, 0.5)(rng) for _ in range(rng.randint(1, 4))]


def _workload(rng: Random, name: str, years: int, shapes: list[Plain]) -> Plain:
    asked = number(500, 500_000, 1000)
    table: Plain = {
        "name": name,
        "requests_per_day": asked(rng),
        "input_tokens": number(0, 8000, 0, 1000)(rng),
        "output_tokens": number(20, 1500, 500)(rng),
        **some(rng, _WORKLOAD),
    }
    if rng.random() < 0.3:
        # A ramp; it may start at nothing or stop.
        table["requests_per_day"] = [asked(rng) * rng.choice((0, 1, 1, 1)) for _ in range(rng.randint(1, years))]
        table["requests_per_day"][0] = asked(rng)
    if rng.random() < 0.5:
        table["success_rate"] = _success(rng)
    if rng.random() < 0.4:
        table["cached_input_share"] = SHARE(rng)
    if shapes and rng.random() < 0.7:
        shape = rng.choice(shapes)
        table["load_shape"] = shape["name"]
        if rng.random() < 0.4:
            table["peak_to_average"] = own_peak(shape) * rng.choice((1.01, 1.1, 1.8))
    elif rng.random() < 0.7:
        table["peak_to_average"] = number(1, 12, 1, 2.5, 20)(rng)
    return table


# --- An option -------------------------------------------------------------------------------------------------------

_FLEET: Mapping[str, Maker] = {
    "cache_hit_effort": SHARE,
    "serving_gain": number(-0.1, 0.4, 0.0),
    "max_utilisation": POSITIVE_SHARE,
    "availability": POSITIVE_SHARE,
    "accelerators_per_system": one_of(1, 4, 8, 72),
    "accelerators_per_replica": one_of(1, 2, 3, 16),
}
_SITE: Mapping[str, Maker] = {
    "system_power_other_w": number(0, 2000, 0),
    "grid_efficiency": POSITIVE_SHARE,
    "psu_efficiency": POSITIVE_SHARE,
    "carbon_intensity": number(0, 0.8, 0),
    "carbon_intensity_change": GROWTH,
    "carbon_price": number(0, 150, 0),
    "carbon_price_change": GROWTH,
    "carbon_price_is_paid": FLAG,
    "wue": number(0, 2, 0),
}
_BILL: Mapping[str, Maker] = {
    "electricity_escalation": path_or(GROWTH),
    "demand_charge": number(0, 30, 0),
    "demand_minimum_kw": number(0, 400, 0),
    "demand_ratchet": SHARE,
    "water_price": number(0, 5, 0),
    "facility_power_kw": number(2, 400, 20),
    "cooling_capacity_kw": number(2, 400, 20),
}
_PUE_PARTS: Mapping[str, Maker] = {
    "transformer_efficiency": number(0.9, 1.0, 1.0),
    "ups_efficiency": number(0.8, 1.0, 1.0),
    "distribution_efficiency": number(0.9, 1.0, 1.0),
    "cooling_overhead": number(0, 0.6, 0),
    "other_overhead": number(0, 0.1, 0),
}
_OVERRIDES: Mapping[str, Maker] = {
    "input_tokens": number(1, 8000, 1000),
    "output_tokens": number(20, 1500, 500),
    "reasoning_tokens": number(0, 3000, 0),
    "success_rate": _success,
    "max_attempts": one_of(1, 2, 3, 6),
}
_API_PRICES: Mapping[str, Maker] = {
    "price_input": TOKEN_PRICE,
    "price_cached_input": TOKEN_PRICE,
    "price_cache_write": TOKEN_PRICE,
    "price_output": TOKEN_PRICE,
}


def _option(rng: Random, name: str, way: str, years: int, workloads: list[Plain]) -> Plain:
    option: Plain = {"name": name, "vendor": "v", "acquisition": way}
    if rng.random() < 0.5:
        option["months_to_production"] = rng.choice([m for m in (0, 3, 6.5, 12, 17.5) if m < 12 * years])
    if way != "api":
        option |= some(rng, _FLEET, 0.7) | _sizing(rng, way) | _energy(rng, way)
    if serving := [row for each in workloads if (row := _serving(rng, way, each))]:
        option["serving"] = serving
    return option | _items(rng, way, years) | _contract(rng, way)


def _sizing(rng: Random, way: str) -> Plain:
    table: Plain = {"sizing": "demand"} | some(rng, {"base_share": number(0.1, 1.0, 1.0, 0.5)})
    if rng.random() < 0.3:
        table = {"sizing": "fixed", "systems": rng.randint(1, 20), "utilisation": POSITIVE_SHARE(rng)}
        table |= some(rng, {"refresh": FLAG}) if way in HELD else {}
    return table | ({"equipment_life": YEARS(rng)} if way in HELD else {})


def _energy(rng: Random, way: str) -> Plain:
    """Power, PUE or its parts, and one price or bands by share or by hours; power or price may be blank."""
    table: Plain = {}
    if rng.random() < 0.85:
        load = number(300, 12_000, 10_000)(rng)
        table = {"system_power_load_w": load, "system_power_idle_w": load * rng.choice((0.0, 0.3, 1.0))}
        table |= some(rng, _SITE, 0.6)
    pue = rng.choice(("blank", "given", "parts"))
    table |= {"pue": number(1, 2, 1, 1.3)(rng)} if pue == "given" else {}
    table |= some(rng, _PUE_PARTS) if pue == "parts" else {}
    if way not in HELD:
        return table
    return table | some(rng, _BILL) | _power_price(rng)


def _power_price(rng: Random) -> Plain:
    kind = rng.choice(("blank", "price", "share", "hours", "hours"))
    if kind in ("blank", "price"):
        return {"electricity_price": POWER_PRICE(rng)} if kind == "price" else {}
    name, parts = ("share", rng.choice(SHARE_BANDS)) if kind == "share" else ("hours", rng.choice(HOUR_BANDS))
    return {"tariff": [{"name": f"band {n}", name: part, "price": POWER_PRICE(rng)} for n, part in enumerate(parts)]}


def _serving(rng: Random, way: str, workload: Plain) -> Plain | None:
    """Rates and overrides for a workload; an API has overrides, prices of its own, or nothing."""
    row: Plain = {"workload": workload["name"]} | (some(rng, _OVERRIDES) if rng.random() < 0.4 else {})
    cached = workload.get("cached_input_share", 0.0)
    if rng.random() < 0.3:
        cached = row["cached_input_share"] = SHARE(rng)
    if way == "api":
        row |= some(rng, _API_PRICES, 0.3) | some(rng, {"cache_write_share": number(0, 1 - cached, 0, 1 - cached)}, 0.4)
        return row if len(row) > 1 or rng.random() < 0.3 else None
    if rng.random() < 0.8:
        row["prefill_rate"] = number(500, 30_000, 5000)(rng)
    return row | {"decode_rate": number(100, 6000, 1000)(rng)}


_ASSET: Mapping[str, Maker] = {
    "residual_share": number(0, 1, 0, 0.1),
    "tax_schedule": one_of(*SCHEDULES),
    "price_change": GROWTH,
}
_CAPEX_AMOUNTS: Mapping[str, Maker] = {
    "per_system": number(1000, 400_000, 0),
    "per_accelerator": number(500, 40_000, 0),
    "per_kw": number(100, 12_000, 0),
    "pct_equipment": number(0, 0.3, 0),
    "fixed": number(1000, 500_000, 0),
}
_OPEX_AMOUNTS: Mapping[str, Maker] = {
    "per_year": number(1000, 300_000, 0),
    "per_system": number(100, 20_000, 0),
    "per_accelerator": number(10, 5000, 0),
    "per_kw_month": number(50, 300, 0),
    "pct_equipment": number(0, 0.15, 0),
    "per_million_tokens": number(0.001, 1, 0),
    "per_thousand_requests": number(0.001, 1, 0),
}
_CATEGORIES = ("staff", "colocation", "support", "software", "other", "insurance", "credit")


def _items(rng: Random, way: str, years: int) -> Plain:
    """Assets, purchase items, running costs, grants and credits."""
    own = rng.choice(((), ("facility",), ("facility", "migration")))
    assets = [{"name": name, "life": YEARS(rng), **some(rng, _ASSET)} for name in own]
    if way != "api" and rng.random() < 0.7:
        assets.append({"name": "equipment", **some(rng, _ASSET)})
    rng.shuffle(assets)
    capex = [_purchase(rng, way, own) for _ in range(rng.randint(0, 4))] if own or way != "api" else []
    if way in ("purchase", "loan"):
        capex.append(_item(rng, "servers", "equipment", "per_system"))
    if rng.random() < 0.2:
        capex.append({"name": "aid", "asset": "grant", "basis": "fixed", "amount": -number(1000, 300_000, 0)(rng)})
    opex = [_running_cost(rng, years) for _ in range(rng.randint(0, 4))]
    tables = {"asset": assets, "capex": capex, "opex": opex}
    return {name: rows for name, rows in tables.items() if rows}


def _item(rng: Random, name: str, asset: str, basis: str) -> Plain:
    return {"name": name, "asset": asset, "basis": basis, "amount": _CAPEX_AMOUNTS[basis](rng)}


def _purchase(rng: Random, way: str, own: tuple[str, ...]) -> Plain:
    if way == "api":
        return _item(rng, "integration", rng.choice(own), "fixed")
    return _item(rng, "item", rng.choice(("equipment", *own)), rng.choice(tuple(_CAPEX_AMOUNTS)))


def _running_cost(rng: Random, years: int) -> Plain:
    basis, category = rng.choice(tuple(_OPEX_AMOUNTS)), rng.choice(_CATEGORIES)
    if category == "credit" and basis == "pct_equipment":
        basis = "per_year"
    amount = _OPEX_AMOUNTS[basis](rng) * (-1 if category == "credit" else 1)
    first = rng.randint(1, years)
    optional: Mapping[str, Maker] = {
        "escalation": GROWTH,
        "from_year": one_of(first),
        "to_year": one_of(first, years, years + 3),
    }
    return {"name": "item", "category": category, "basis": basis, "amount": amount, **some(rng, optional)}


_RENTAL: Mapping[str, Maker] = {
    "committed_share": SHARE,
    "commitment_years": one_of(1, 2, 3, 5),
    "price_change": path_or(GROWTH),
    "scaling": one_of("hourly", "hourly", "always_on"),
    "minimum_replicas": one_of(0, 0, 1, 2, 5),
    "unit": one_of("replica", "system"),
    "true_up": SHARE,
    "exit_fee_share": SHARE,
}
_LOAN: Mapping[str, Maker] = {
    "debt_share": SHARE,
    "rate": number(0.01, 0.15, 0, 0.09),
    "payments_per_year": one_of(1, 12),
}
_API: Mapping[str, Maker] = {
    "price_cached_input": TOKEN_PRICE,
    "price_cache_write": TOKEN_PRICE,
    "price_change": path_or(GROWTH),
    "batch_share": SHARE,
    "batch_discount": SHARE,
    "minimum_commitment": number(1000, 500_000, 0),
}


def _contract(rng: Random, way: str) -> Plain:
    """The table that the acquisition reads, with every price it cannot do without."""
    if way == "rental":
        prices = {"committed_price": HOUR_PRICE(rng), "on_demand_price": HOUR_PRICE(rng)}
        return {"rental": prices | some(rng, _RENTAL, 0.7)}
    if way == "lease":
        return {"lease": {"payment_per_system_month": number(100, 15_000, 0)(rng)}}
    if way == "api":
        prices = {"price_input": TOKEN_PRICE(rng), "price_output": TOKEN_PRICE(rng)}
        return {"api": prices | some(rng, _API)} | _tiers(rng)
    if way == "loan" or rng.random() < 0.3:
        return {"loan": {"term_years": YEARS(rng), **some(rng, _LOAN, 0.8)}}
    return {}


def _tiers(rng: Random) -> Plain:
    """Price tiers of an API in any order; their discounts stay below 1 in total."""
    spend, discount = number(0, 200_000, 0), number(0, 0.3, 0)
    count = rng.choice((0, 0, 1, 2, 3))
    rows = [{"name": f"tier {n}", "from_spend": spend(rng), "further_discount": discount(rng)} for n in range(count)]
    return {"tier": rows} if rows else {}
