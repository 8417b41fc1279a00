"""Random studies that are valid by construction, as plain tables: for every test that should hold for any study.

`studies()` draws all acquisitions and sizings, blanks beside given inputs, and the values where formulas break: zeros,
ones, whole lives, a price that falls, a peak above the mean. Keyword arguments narrow it down. Numbers stay within what
floats add and multiply exactly enough to compare costs, so a test need not allow for overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from models import schema

Draw = Callable[[st.SearchStrategy[Any]], Any]
Plain = dict[str, Any]


def _edges(*edges: float, low: float, high: float) -> st.SearchStrategy[float]:
    """Any number from low to high, and the edges more often than chance would have it."""
    return st.sampled_from(edges) | st.floats(low, high, allow_subnormal=False)


SHARE = _edges(0, 0.0, 1.0, 0.25, low=0, high=1)
POSITIVE_SHARE = _edges(1, 1.0, 0.5, 0.001, low=0.01, high=1)
SUCCESS = _edges(1, 0.8, 0.05, low=0.05, high=1)
GROWTH = _edges(0, 0.0, -0.1, 0.5, -0.5, low=-0.6, high=1)
RATE = _edges(0.0, 0.08, low=-0.05, high=0.3)
AMOUNT = _edges(0, 0.0, 1, 250_000.0, low=0, high=1e6)
PRICE = _edges(0, 0.1, low=0, high=50)
TOKENS = _edges(0, 1, 1000, low=0, high=20_000)
SOME_TOKENS = _edges(1, 500, low=1, high=8000)
REQUESTS = _edges(0, 0.01, 1000, 1e6, low=0, high=1e7)
SOME_REQUESTS = _edges(0.01, 1000, 1e6, low=0.01, high=1e7)
SPEED = _edges(1, 1000, 100_000.0, low=1, high=50_000)
YEARS = st.integers(1, 7)
POWER = _edges(0, 1000, 10_000.0, low=0, high=20_000)
PLAIN_NAMES = (
    "Own",
    "Rack A",
    "h200/8 & spare",
    'the "cheap" one',
    "=1+1",
    "Zürich – 東京",
    "x#2",
    "~quote~",
    "O'Neil",
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DATES = st.sampled_from(["2025-07", "2026"])

# Inputs of an option that any acquisition may carry or leave blank, whether it reads them or not.
_OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "vendor": st.sampled_from(["", "Contoso", "<b>bold</b>"]),
    "cache_hit_effort": SHARE,
    "serving_gain": _edges(0, 0.2, low=-0.3, high=0.5),
    "max_utilisation": POSITIVE_SHARE,
    "availability": POSITIVE_SHARE,
    "accelerators_per_system": st.sampled_from([1, 4, 8, 8.0, 72]),
    "accelerators_per_replica": st.sampled_from([1, 2, 3, 16]),
    "refresh": st.booleans(),
    "system_power_other_w": POWER,
    "power_method": st.sampled_from(["server", "gpu", "external", "tdp"]),
    "grid_efficiency": POSITIVE_SHARE,
    "psu_efficiency": POSITIVE_SHARE,
    "electricity_escalation": GROWTH,
    "demand_charge": PRICE,
    "carbon_intensity": SHARE,
    "carbon_intensity_change": GROWTH,
    "carbon_price": AMOUNT,
    "carbon_price_change": GROWTH,
    "carbon_price_is_paid": st.booleans(),
    "wue": PRICE,
    "water_price": PRICE,
}
_PUE_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "transformer_efficiency": POSITIVE_SHARE,
    "ups_efficiency": POSITIVE_SHARE,
    "distribution_efficiency": POSITIVE_SHARE,
    "cooling_overhead": SHARE,
    "other_overhead": SHARE,
}
_OVERRIDES: dict[str, st.SearchStrategy[Any]] = {
    "input_tokens": TOKENS,
    "output_tokens": SOME_TOKENS,
    "reasoning_tokens": TOKENS,
    "cached_input_share": SHARE,
    "success_rate": SUCCESS,
    "max_attempts": YEARS,
}
_MEASUREMENT: dict[str, st.SearchStrategy[Any]] = {
    "measured_input_tokens": TOKENS,
    "measured_output_tokens": TOKENS,
    "model": st.sampled_from(["Llama-3.3-70B", ""]),
    "precision": st.just("FP8"),
    "engine": st.just("vLLM 0.11"),
    "quality": SHARE,
    "quality_target": SHARE,
    "ttft_ms": AMOUNT,
    "ttft_target_ms": AMOUNT,
    "tpot_ms": PRICE,
    "tpot_target_ms": PRICE,
}
_DEMAND_SHAPE: dict[str, st.SearchStrategy[Any]] = {
    "demand_growth": GROWTH,
    "peak_to_average": _edges(1, 2.5, low=1, high=10),
    "deferrable_share": SHARE,
    "cached_input_share": SHARE,
    "success_rate": SUCCESS,
    "max_attempts": YEARS,
    "processing_tokens": TOKENS,
    "processing_price": PRICE,
    "processing_joules_per_token": PRICE,
    "escalation_cost": PRICE,
    "value_per_response": PRICE,
}
_SCHEDULES = st.sampled_from(
    [*schema.field("asset", "tax_schedule").choices, [0.5, 0.3, 0.2], [1], [0.0, 0.6], [0.1] * 10, [0]]
)
_TARIFF_SHARES = st.sampled_from([(1,), (0.5, 0.5), (0.3, 0.7), (0.1, 0.2, 0.7), (0.0, 1.0), (1 / 3, 1 / 3, 1 / 3)])


def _some(draw: Draw, optional: dict[str, st.SearchStrategy[Any]], at_most: int | None = None) -> Plain:
    """A few of the optional inputs, in no order; the rest stays blank."""
    names = draw(st.lists(st.sampled_from(list(optional)), unique=True, max_size=at_most or len(optional)))
    return {name: draw(optional[name]) for name in names}


def _names(draw: Draw, count: int, wild: bool) -> list[str]:
    """Names that are distinct; wild ones hold any character there is."""
    plain = draw(st.permutations(PLAIN_NAMES))[:count]
    return [f"{name} {draw(ANY_TEXT)}" if wild else name for name in plain]


@st.composite
def studies(
    draw: Draw,
    *,
    acquisitions: Sequence[str] = schema.ACQUISITIONS,
    sizings: Sequence[str] = ("demand", "fixed"),
    max_options: int = 3,
    max_workloads: int = 3,
    horizon: int | None = None,
    provenance: bool = True,
    wild_text: bool = False,
) -> Plain:
    """Plain tables of a valid study; `models.study.from_dict` takes them.

    `horizon` fixes the years. `provenance` gives some values a range or a source. `wild_text` puts any Unicode
    character, control characters included, into names and notes.
    """
    years = draw(st.integers(1, 15) if horizon is None else st.just(horizon))
    option_count = draw(st.integers(1, max_options))
    names = _names(draw, option_count, wild_text)
    workloads = [
        _workload(draw, name, index)
        for index, name in enumerate(_names(draw, draw(st.integers(1, max_workloads)), wild_text))
    ]
    options = [
        _option(draw, name, draw(st.sampled_from(acquisitions)), draw(st.sampled_from(sizings)), years, workloads)
        for name in names
    ]
    plain = {"study": _study(draw, years, names), "workload": workloads, "option": options}
    if wild_text:
        plain["study"]["note"] = draw(ANY_TEXT)
    return _with_provenance(draw, plain, wild_text) if provenance else plain


def _study(draw: Draw, years: int, option_names: list[str]) -> Plain:
    optional = {
        "title": st.sampled_from(["", "Study", 'A "quoted" title\nin two lines']),
        "currency": st.sampled_from(["USD", "EUR"]),
        "start_year": st.integers(2020, 2040),
        "reference_option": st.sampled_from(option_names),
        "interim_price": PRICE,
        "discount_rate": RATE,
        "inflation": RATE,
        "tax_rate": _edges(0, 0.21, low=0, high=0.9),
        "mid_year": st.booleans(),
    }
    return {"horizon_years": years, **_some(draw, optional)}


def _workload(draw: Draw, name: str, index: int) -> Plain:
    """A workload. The first one asks for something and writes something, so that fixed sizing has a mix to share."""
    tokens = {"input_tokens": draw(TOKENS), "output_tokens": draw(TOKENS if index else SOME_TOKENS)}
    if draw(st.booleans()):
        tokens["reasoning_tokens"] = draw(TOKENS)
    requests = draw(REQUESTS if index else SOME_REQUESTS)
    return {"name": name, "requests_per_day": requests, **tokens, **_some(draw, _DEMAND_SHAPE)}


def _option(draw: Draw, name: str, acquisition: str, sizing: str, years: int, workloads: list[Plain]) -> Plain:
    option: Plain = {"name": name, "acquisition": acquisition, **_some(draw, _OPTIONAL, at_most=10)}
    if draw(st.booleans()):
        option["months_to_production"] = draw(st.sampled_from([0, 3, 6.5, 12 * years - 1, 12 * years - 0.5]))
    held = acquisition in schema.HELD
    if acquisition != "api" or draw(st.booleans()):
        option |= {"sizing": sizing}
    if sizing == "fixed" or draw(st.booleans()):
        option |= {"systems": draw(st.sampled_from([1, 3, 40])), "utilisation": draw(POSITIVE_SHARE)}
    if held or draw(st.booleans()):
        option["equipment_life"] = draw(YEARS)
    if held:
        option |= _some(draw, {"facility_power_kw": SPEED, "cooling_capacity_kw": SPEED})
    option |= _energy(draw)
    if serving := _serving(draw, acquisition, workloads):
        option["serving"] = serving
    return option | _items(draw, acquisition, years) | _terms(draw, acquisition)


def _energy(draw: Draw) -> Plain:
    """Power, PUE or its parts, and a price or tariff bands; each may be blank."""
    energy: Plain = {}
    if draw(st.booleans()):
        load = draw(POWER)
        energy = {"system_power_load_w": load, "system_power_idle_w": draw(st.sampled_from([0, load, load / 3]))}
    pue = draw(st.sampled_from(["blank", "whole", "parts"]))
    if pue == "whole":
        energy["pue"] = draw(_edges(1, 1.3, low=1, high=3))
    elif pue == "parts":
        energy |= _some(draw, _PUE_PARTS)
    price = draw(st.sampled_from(["blank", "one", "tariff"]))
    if price == "one":
        energy["electricity_price"] = draw(PRICE)
    elif price == "tariff":
        shares = draw(_TARIFF_SHARES)
        energy["tariff"] = [{"name": f"band {i}", "share": s, "price": draw(PRICE)} for i, s in enumerate(shares)]
    return energy


def _serving(draw: Draw, acquisition: str, workloads: list[Plain]) -> list[Plain]:
    """Serving rates for every workload in any order; an API may do without rates or without the table."""
    rows = []
    for workload in draw(st.permutations(workloads)):
        if acquisition == "api" and draw(st.booleans()):
            continue
        row = {
            "workload": workload["name"],
            **_some(draw, _OVERRIDES, at_most=3),
            **_some(draw, _MEASUREMENT, at_most=3),
        }
        if acquisition != "api" or draw(st.booleans()):
            row["decode_rate"] = draw(SPEED)
            if _reads_alone(row, workload) or draw(st.booleans()):
                row["prefill_rate"] = draw(SPEED)
        rows.append(row)
    return rows


def _reads_alone(row: Plain, workload: Plain) -> bool:
    """Whether nothing is written, so that a reading speed is needed."""
    written = (row.get(name, workload.get(name, 0)) for name in ("output_tokens", "reasoning_tokens"))
    return sum(written) == 0


def _items(draw: Draw, acquisition: str, years: int) -> Plain:
    """Assets, purchase items and running costs; items may share a name."""
    own = draw(st.sampled_from([(), ("facility",), ("facility", "integration")]))
    assets = [{"name": name, "life": draw(YEARS)} for name in own]
    if draw(st.booleans()):
        assets.append({"name": "equipment"})
    optional = {"residual_share": SHARE, "tax_schedule": _SCHEDULES, "price_change": GROWTH}
    assets = [asset | _some(draw, optional) for asset in draw(st.permutations(assets))]
    capex = [_purchase(draw, acquisition, ("equipment", *own)) for _ in range(draw(st.integers(0, 4)))]
    opex = [_running(draw, years) for _ in range(draw(st.integers(0, 4)))]
    return {name: rows for name, rows in (("asset", assets), ("capex", capex), ("opex", opex)) if rows}


def _purchase(draw: Draw, acquisition: str, assets: tuple[str, ...]) -> Plain:
    asset = draw(st.sampled_from(assets))
    bases = ["fixed"] if acquisition == "api" and asset != "equipment" else list(schema.BASIS_UNITS["capex"])
    basis = draw(st.sampled_from(bases))
    item = {"name": draw(st.sampled_from(["servers", "network", "room/2"])), "asset": asset, "basis": basis}
    return item | _amount(draw, basis)


def _running(draw: Draw, years: int) -> Plain:
    basis = draw(st.sampled_from(list(schema.BASIS_UNITS["opex"])))
    item: Plain = {"name": draw(st.sampled_from(["team", "support", "space"])), "basis": basis} | _amount(draw, basis)
    optional = {
        "category": st.sampled_from([*schema.OPEX_CATEGORIES, "insurance"]),
        "escalation": GROWTH,
        "from_year": st.integers(1, years),
        "to_year": st.integers(years, years + 3),
    }
    return item | _some(draw, optional)


def _amount(draw: Draw, basis: str) -> Plain:
    return {"amount": draw(SHARE if basis == "pct_equipment" else AMOUNT)}


def _terms(draw: Draw, acquisition: str) -> Plain:
    """The table that the acquisition reads, and now and then one that it does not."""
    tables: dict[str, Callable[[], Plain]] = {
        "rental": lambda: _some(draw, _RENTAL),
        "lease": lambda: {"payment_per_system_month": draw(AMOUNT)},
        "loan": lambda: {"term_years": draw(YEARS), **_some(draw, {"debt_share": SHARE, "rate": RATE})},
        "api": lambda: _some(draw, _API),
    }
    wanted = {acquisition} & set(tables) | draw(st.sampled_from([set(), set(), set(), {"loan"}, {"rental"}]))
    return {name: tables[name]() for name in sorted(wanted)}


_RENTAL: dict[str, st.SearchStrategy[Any]] = {
    "committed_share": SHARE,
    "committed_price": PRICE,
    "commitment_years": st.integers(1, 4),
    "on_demand_price": PRICE,
    "price_change": GROWTH,
}
_API: dict[str, st.SearchStrategy[Any]] = {
    "price_input": PRICE,
    "price_cached_input": PRICE,
    "price_output": PRICE,
    "price_change": GROWTH,
    "batch_share": SHARE,
    "batch_discount": SHARE,
    "minimum_commitment": AMOUNT,
}


def _with_provenance(draw: Draw, plain: Plain, wild_text: bool) -> Plain:
    """The same study with a range or a source on a few of its values."""
    places = list(_inputs(plain))
    for _ in range(draw(st.integers(0, 3))):
        row, table, name = draw(st.sampled_from(places))
        row[name] = _described(draw, schema.field(table, name), row[name], wild_text)
    return plain


def _described(draw: Draw, entry: schema.Field, content: Any, wild_text: bool) -> Any:
    if isinstance(content, dict):
        return content
    described: Plain = {"value": content}
    if entry.kind in ("number", "whole") and draw(st.booleans()):
        described |= {"low": content, "high": content}
    optional = {
        "source": ANY_TEXT if wild_text else st.sampled_from(["Vendor quote 17", "Uptime 2025"]),
        "url": st.just("https://example.org/a?b=c&d"),
        "as_of": DATES,
        "confidence": st.sampled_from(schema.CONFIDENCES),
        "note": ANY_TEXT if wild_text else st.sampled_from(["", "said by phone"]),
    }
    return described | _some(draw, optional)


def _inputs(plain: Plain) -> list[tuple[Plain, str, str]]:
    """Every input that a study gives: its row, table and name."""
    rows = [(plain["study"], "study"), *((row, "workload") for row in plain["workload"])]
    for option in plain["option"]:
        rows.append((option, "option"))
        for table in schema.children("option"):
            held = option.get(table.name, [])
            rows += [(row, table.name) for row in (held if isinstance(held, list) else [held])]
    return [(row, table, name) for row, table in rows for name in row if name in schema.named(table)]
