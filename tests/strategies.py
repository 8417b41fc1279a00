"""Random studies that are valid by construction, as plain tables: for every test that should hold for any study.

`studies()` covers all acquisitions and sizings, blanks beside given inputs, and the values at which formulas break:
zeros, ones, whole lives, falling prices, a peak above the mean. Numbers stay within what floats add and multiply
exactly enough to compare costs, so a test need not allow for overflow.

A study takes some three hundred choices. Drawing each from Hypothesis takes 12 ms a study, far longer than computing
it; so Hypothesis draws one block of bytes and `Choices` reads the choices off it. Zero is always the simplest choice,
hence a failing block still shrinks to a small study.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from tests.drawn import HOUR_BANDS, own_peak

Item = TypeVar("Item")
Plain = dict[str, Any]
BLOCK_BYTES = 1536
SIZINGS = ("demand", "fixed")
HORIZONS = tuple(range(1, schema.HORIZON_YEARS_MAXIMUM + 1))


class Choices:
    """Choices read off a block of bytes; past its end every choice is the simplest."""

    def __init__(self, block: bytes):
        self._bytes = iter(block)

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return next(self._bytes, 0) % count

    def flag(self) -> bool:
        return self.below(2) == 1

    def pick(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def fraction(self) -> float:
        """A number from 0 to 1, both possible."""
        return ((self.below(256) * 256 + self.below(256)) * 256 + self.below(256)) / (256**3 - 1)

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def some(self, inputs: Mapping[str, Maker]) -> Plain:
        """About half of the inputs, each with a value; the rest stays blank."""
        flags = [self.below(256) for _ in range(len(inputs) // 8 + 1)]
        wanted = (name for index, name in enumerate(inputs) if flags[index // 8] >> index % 8 & 1)
        return {name: inputs[name](self) for name in wanted}


Maker = Callable[[Choices], Any]


@dataclass(frozen=True)
class Number:
    """Makes any number from low to high, and the edges more often than chance would have it."""

    edges: tuple[float, ...]
    low: float
    high: float

    def __call__(self, choices: Choices) -> float:
        position = choices.below(len(self.edges) * 2)
        if position < len(self.edges):
            return self.edges[position]
        # Squared, so that small numbers are as usual as large ones.
        return self.low + (self.high - self.low) * choices.fraction() ** 2


def one_of(*items: Any) -> Maker:
    """Makes one of the items."""
    return lambda choices: choices.pick(items)


SHARE = Number((0, 0.0, 1.0, 0.25), 0, 1)
POSITIVE_SHARE = Number((1, 1.0, 0.5, 0.01), 0.01, 1)
SUCCESS = Number((1, 0.8, 0.05), 0.05, 1)
GROWTH = Number((0, 0.0, -0.1, 0.5, -0.5), -0.6, 1)
RATE = Number((0.0, 0.08), 0.01, 0.3)
RISE = Number((0.0, 0.03, -0.02), -0.05, 0.3)
AMOUNT = Number((0, 0.0, 1, 250_000.0), 0, 1e6)
PRICE = Number((0, 0.1), 0, 50)
TOKENS = Number((0, 1, 1000), 0, 20_000)
SOME_TOKENS = Number((1, 500), 1, 8000)
REQUESTS = Number((0, 0.01, 1000, 1e6), 0, 1e7)
SOME_REQUESTS = Number((1000, 0.01, 1e6), 0.01, 1e7)
SPEED = Number((1000, 1, 100_000.0), 1, 50_000)
POWER = Number((0, 1000, 10_000.0), 0, 20_000)
LIMIT = Number((1000, 0.5), 0.5, 5000)
MULTIPLIER = Number((1, 0.5), 0.4, 1.5)
YEARS = one_of(1, 2, 3, 4, 5.0, 7)
FLAG = one_of(False, True)


def listed(make: Maker, first: Any = None) -> Maker:
    """Makes a list of one to four; it starts with `first` where there is one."""

    def several(choices: Choices) -> list[Any]:
        drawn = [make(choices) for _ in range(1 + choices.below(4))]
        return drawn if first is None else [first, *drawn[1:]]

    return several


def or_else(usual: Maker, other: Maker) -> Maker:
    """Makes the usual most of the time."""
    return lambda choices: (other if choices.below(4) == 3 else usual)(choices)


PRICE_PATH = or_else(GROWTH, listed(MULTIPLIER, first=1))
CHANCES = or_else(SUCCESS, listed(SUCCESS))

NAMES = ("Own", "Rack A", "h200/8 & spare", 'the "cheap" one', "=1+1", "Zürich – 東京", "x#2", "~quote~", "O'Neil")
WILD_CHARACTERS = "a\"'\\\n\r\t\x7f\x85\u2028\ufeff\U0001f600é=#~/[]{},. "

# Inputs of [[option]] that any acquisition may carry or leave blank, whether it reads them or not.
_OPTION: dict[str, Maker] = {
    "vendor": one_of("", "Contoso", "<b>bold</b>"),
    "cache_hit_effort": SHARE,
    "serving_gain": Number((0, 0.2), -0.3, 0.5),
    "max_utilisation": POSITIVE_SHARE,
    "availability": POSITIVE_SHARE,
    "accelerators_per_system": one_of(8, 1, 4, 8.0, 72),
    "accelerators_per_replica": one_of(1, 2, 3, 16),
    "refresh": FLAG,
    "system_power_other_w": POWER,
    "power_method": one_of("server", "gpu", "external", "tdp"),
    "grid_efficiency": POSITIVE_SHARE,
    "psu_efficiency": POSITIVE_SHARE,
    "electricity_escalation": PRICE_PATH,
    "demand_charge": PRICE,
    "demand_minimum_kw": LIMIT,
    "demand_ratchet": SHARE,
    "carbon_intensity": SHARE,
    "carbon_intensity_change": GROWTH,
    "carbon_price": AMOUNT,
    "carbon_price_change": GROWTH,
    "carbon_price_is_paid": FLAG,
    "wue": PRICE,
    "water_price": PRICE,
}
_LIMITS: dict[str, Maker] = {"facility_power_kw": LIMIT, "cooling_capacity_kw": LIMIT}
_PUE_PARTS: dict[str, Maker] = {
    "transformer_efficiency": POSITIVE_SHARE,
    "ups_efficiency": POSITIVE_SHARE,
    "distribution_efficiency": POSITIVE_SHARE,
    "cooling_overhead": SHARE,
    "other_overhead": SHARE,
}
_OVERRIDES: dict[str, Maker] = {
    "input_tokens": TOKENS,
    "output_tokens": SOME_TOKENS,
    "reasoning_tokens": TOKENS,
    "cached_input_share": SHARE,
    "success_rate": CHANCES,
    "max_attempts": YEARS,
}
_MEASUREMENT: dict[str, Maker] = {
    "measured_input_tokens": TOKENS,
    "measured_output_tokens": TOKENS,
    "model": one_of("Llama-3.3-70B", ""),
    "precision": one_of("FP8"),
    "accelerator": one_of("H100 SXM"),
    "engine": one_of("vLLM 0.11"),
    "quality": SHARE,
    "quality_target": SHARE,
    "ttft_ms": AMOUNT,
    "ttft_target_ms": AMOUNT,
    "tpot_ms": PRICE,
    "tpot_target_ms": PRICE,
}
_WORKLOAD: dict[str, Maker] = {
    "demand_growth": GROWTH,
    "peak_to_average": Number((1, 2.5), 1, 10),
    "deferrable_share": SHARE,
    "reasoning_tokens": TOKENS,
    "cached_input_share": SHARE,
    "success_rate": CHANCES,
    "max_attempts": YEARS,
    "processing_tokens": TOKENS,
    "processing_price": PRICE,
    "processing_joules_per_token": PRICE,
    "escalation_cost": PRICE,
    "value_per_response": PRICE,
}
_STUDY: dict[str, Maker] = {
    "title": one_of("Study", "", 'A "quoted" title\nin two lines'),
    "currency": one_of("USD", "EUR"),
    "start_year": one_of(2026, 2030),
    "interim_price": PRICE,
    "discount_rate": RATE,
    "inflation": RISE,
    "tax_rate": Number((0, 0.21), 0, 0.9),
    "mid_year": FLAG,
    "strict_targets": FLAG,
    "after_tax": FLAG,
    "decision": one_of("Approve the purchase"),
    "prepared_by": one_of("A. Analyst"),
    "prepared_for": one_of("The board"),
    "status": one_of("draft"),
    "note": one_of("Read me first", ""),
}
_ASSET: dict[str, Maker] = {
    "residual_share": SHARE,
    "tax_schedule": one_of(
        *schema.field("asset", "tax_schedule").choices, [0.5, 0.3, 0.2], [1], [0.0, 0.6], [0.1] * 10, [0]
    ),
    "price_change": GROWTH,
}
_API_PRICES: dict[str, Maker] = {
    "price_input": PRICE,
    "price_cached_input": PRICE,
    "price_cache_write": PRICE,
    "price_output": PRICE,
}
_TERMS: dict[str, dict[str, Maker]] = {
    "rental": {
        "committed_share": SHARE,
        "committed_price": PRICE,
        "commitment_years": one_of(1, 2, 3, 4),
        "on_demand_price": PRICE,
        "price_change": PRICE_PATH,
        "scaling": one_of("always_on", "hourly"),
        "minimum_replicas": one_of(1, 0, 2, 5),
        "unit": one_of("replica", "system"),
        "true_up": SHARE,
        "exit_fee_share": SHARE,
    },
    "lease": {"payment_per_system_month": AMOUNT},
    "loan": {"debt_share": SHARE, "rate": RATE, "payments_per_year": one_of(1, 12)},
    "api": {
        **_API_PRICES,
        "price_change": PRICE_PATH,
        "batch_share": SHARE,
        "batch_discount": SHARE,
        "minimum_commitment": AMOUNT,
    },
}
# Discounts of price tiers add up to at most 1.
_TIER_DISCOUNT = Number((0, 0.1), 0, 0.3)
_TARIFF_SHARES = ((1,), (0.5, 0.5), (0.3, 0.7), (0.1, 0.2, 0.7), (0.0, 1.0), (1 / 3, 1 / 3, 1 / 3))


def studies(**wanted: Any) -> st.SearchStrategy[Plain]:
    """Plain tables of a valid study, as `study_from` makes them; `models.study.from_dict` takes them."""
    block = st.binary(min_size=BLOCK_BYTES, max_size=BLOCK_BYTES)
    return block.map(lambda drawn: study_from(drawn, **wanted))


def study_from(
    block: bytes,
    *,
    acquisitions: Sequence[str] = schema.ACQUISITIONS,
    sizings: Sequence[str] = SIZINGS,
    max_options: int = 3,
    max_workloads: int = 3,
    horizons: Sequence[int] = HORIZONS,
    provenance: bool = True,
    wild_text: bool = False,
) -> Plain:
    """The study that a block of bytes stands for; the same block always gives the same study.

    `provenance` gives a few values a range or a source. `wild_text` puts control characters, quotes and the like into
    names and notes.
    """
    choices = Choices(block)
    shape = _Shape(choices, choices.pick(horizons), acquisitions, sizings, wild_text)
    plain = shape.study(1 + choices.below(max_options), 1 + choices.below(max_workloads))
    if provenance:
        _describe_some(choices, plain, wild_text)
    return plain | _asked(choices, plain)


@dataclass
class _Shape:
    """Builds the tables of one study from its choices."""

    choices: Choices
    years: int
    acquisitions: Sequence[str]
    sizings: Sequence[str]
    wild_text: bool

    def study(self, option_count: int, workload_count: int) -> Plain:
        shapes = [self.load_shape(f"shape {number}") for number in range(self.choices.below(3))]
        workloads = [self.workload(name, index, shapes) for index, name in enumerate(self.names(workload_count))]
        options = [self.option(name, workloads) for name in self.names(option_count)]
        head: Plain = {"horizon_years": self.years, **self.choices.some(_STUDY)}
        if self.choices.flag():
            head["reference_option"] = self.choices.pick(options)["name"]
        self.send_unmet_work(head, options)
        tables: Plain = {"study": head, "workload": workloads, "option": options}
        return tables | ({"load_shape": shapes} if shapes else {})

    def send_unmet_work(self, head: Plain, options: list[Plain]) -> None:
        """Name an API of the study for what a fleet cannot take, and for what unmet work costs elsewhere."""
        choices = self.choices
        apis = [option["name"] for option in options if option["acquisition"] == "api"]
        if apis and "interim_price" not in head and choices.flag():
            head["interim_from"] = choices.pick(apis)
        for option in options:
            if option["acquisition"] != "api" and option["sizing"] == "demand":
                option |= choices.some({"base_share": POSITIVE_SHARE})
                option |= choices.some({"overflow_to": one_of(*apis)} if apis else {})

    def load_shape(self, name: str) -> Plain:
        """The hours of a day, and of the weekend where it is not the same."""
        days = ([1] * 24, [0] * 8 + [1] * 10 + [0] * 6, [5, 4, 3, 2] * 6, [0.2] * 12 + [1.5] * 12)
        shape: Plain = {"name": name, "weekday": self.choices.pick(days)}
        return shape | self.choices.some({"weekend": one_of(*days, [0] * 24)})

    def names(self, count: int) -> list[str]:
        first = self.choices.below(len(NAMES))
        names = [NAMES[(first + index) % len(NAMES)] for index in range(count)]
        return [name + _wild_text(self.choices) for name in names] if self.wild_text else names

    def workload(self, name: str, index: int, shapes: list[Plain]) -> Plain:
        """A workload. The first asks for something and writes something, so that fixed sizing has a mix to share."""
        choices = self.choices
        asked = REQUESTS if index else SOME_REQUESTS
        workload: Plain = {
            "name": name,
            "requests_per_day": or_else(asked, listed(asked))(choices),
            "input_tokens": TOKENS(choices),
            "output_tokens": (TOKENS if index else SOME_TOKENS)(choices),
            **choices.some(_WORKLOAD),
        }
        return workload | (self.shaped(workload, choices.pick(shapes)) if shapes and choices.flag() else {})

    def shaped(self, workload: Plain, shape: Plain) -> Plain:
        """A load shape, and bursts above its own peak where the workload has a peak."""
        bursts = self.choices.pick((1.01, 1.5, 3))
        peak = {"peak_to_average": own_peak(shape) * bursts} if "peak_to_average" in workload else {}
        return {"load_shape": shape["name"], **peak}

    def option(self, name: str, workloads: list[Plain]) -> Plain:
        choices = self.choices
        acquisition, sizing = choices.pick(self.acquisitions), choices.pick(self.sizings)
        held = acquisition in schema.HELD
        option: Plain = {"name": name, "acquisition": acquisition, **choices.some(_OPTION)}
        if choices.flag():
            months = (0, 3, 6.5, 12 * self.years - 1, 12 * self.years - 0.5)
            option["months_to_production"] = choices.pick(months)
        if acquisition != "api" or choices.flag():
            option["sizing"] = sizing
        if sizing == "fixed" or choices.flag():
            option |= {"systems": choices.pick((1, 3, 40)), "utilisation": POSITIVE_SHARE(choices)}
        if held or choices.flag():
            option["equipment_life"] = YEARS(choices)
        option |= choices.some(_LIMITS) if held else {}
        option |= self.energy()
        if serving := self.serving(acquisition, workloads):
            option["serving"] = serving
        return option | self.items(acquisition) | self.terms(acquisition)

    def energy(self) -> Plain:
        """Power, PUE or its parts, and a price or tariff bands; each may be blank."""
        choices = self.choices
        energy: Plain = {}
        if choices.flag():
            load = POWER(choices)
            energy = {"system_power_load_w": load, "system_power_idle_w": choices.pick((0, load, load / 3))}
        pue = choices.below(3)
        if pue:
            energy |= choices.some(_PUE_PARTS) if pue == 2 else {"pue": Number((1, 1.3), 1, 3)(choices)}
        price = choices.below(3)
        if price == 1:
            energy["electricity_price"] = PRICE(choices)
        elif price == 2:
            name, parts = choices.pick((("share", _TARIFF_SHARES), ("hours", HOUR_BANDS)))
            bands = enumerate(choices.pick(parts), start=1)
            energy["tariff"] = [{"name": f"band {n}", name: part, "price": PRICE(choices)} for n, part in bands]
        return energy

    def serving(self, acquisition: str, workloads: list[Plain]) -> list[Plain]:
        """Serving rates for every workload in any order; an API may do without rates or without the table."""
        choices, rows = self.choices, []
        for workload in choices.shuffled(workloads):
            if acquisition == "api" and choices.flag():
                continue
            row: Plain = {"workload": workload["name"]}
            row |= choices.some(_OVERRIDES) if choices.flag() else {}
            row |= choices.some(_MEASUREMENT) if choices.flag() else {}
            row |= self.own_prices(row, workload) if acquisition == "api" and choices.flag() else {}
            if acquisition != "api" or choices.flag():
                row["decode_rate"] = SPEED(choices)
                if _writes_nothing(row, workload) or choices.flag():
                    row["prefill_rate"] = SPEED(choices)
            rows.append(row)
        return rows

    def own_prices(self, row: Plain, workload: Plain) -> Plain:
        """Prices of its own for a workload, and a share of its input that is written to the provider's cache."""
        cached = row.get("cached_input_share", workload.get("cached_input_share", 0))
        return self.choices.some(_API_PRICES | {"cache_write_share": one_of(0, 1 - cached, (1 - cached) / 3)})

    def items(self, acquisition: str) -> Plain:
        """Assets, purchase items and running costs; items may share a name."""
        choices = self.choices
        own = choices.pick(((), ("facility",), ("facility", "integration/move")))
        assets: list[Plain] = [{"name": name, "life": YEARS(choices)} for name in own]
        if choices.flag():
            assets.append({"name": "equipment"})
        tables = {
            "asset": [asset | choices.some(_ASSET) for asset in choices.shuffled(assets)],
            "capex": [self.purchase(acquisition, ("equipment", *own)) for _ in range(choices.below(5))],
            "opex": [self.running_cost() for _ in range(choices.below(5))],
        }
        if choices.below(4) == 3:
            tables["capex"].append({"name": "aid", "asset": "grant", "basis": "fixed", "amount": -AMOUNT(choices)})
        return {name: rows for name, rows in tables.items() if rows}

    def purchase(self, acquisition: str, assets: tuple[str, ...]) -> Plain:
        asset = self.choices.pick(assets)
        once = acquisition == "api" and asset != "equipment"
        basis = "fixed" if once else self.choices.pick(list(schema.BASIS_UNITS["capex"]))
        name = self.choices.pick(("servers", "network", "room/2"))
        return {"name": name, "asset": asset, "basis": basis, **self.amount(basis)}

    def running_cost(self) -> Plain:
        choices = self.choices
        basis = choices.pick(list(schema.BASIS_UNITS["opex"]))
        first = 1 + choices.below(self.years)
        optional: dict[str, Maker] = {
            "category": one_of(*schema.OPEX_CATEGORIES, "insurance"),
            "escalation": GROWTH,
            "from_year": one_of(first),
            "to_year": one_of(first, self.years, self.years + 3),
        }
        name = choices.pick(("team", "support", "space"))
        item: Plain = {"name": name, "basis": basis, **self.amount(basis), **choices.some(optional)}
        if item.get("category") == schema.CREDIT:
            item |= {"category": "support"} if basis == "pct_equipment" else {"amount": -item["amount"]}
        return item

    def amount(self, basis: str) -> Plain:
        return {"amount": (SHARE if basis == "pct_equipment" else AMOUNT)(self.choices)}

    def terms(self, acquisition: str) -> Plain:
        """The table that the acquisition reads, and now and then one that it does not."""
        other = self.choices.pick((None, None, None, None, None, "loan", "rental", "api"))
        tables = {name: self.choices.some(_TERMS[name]) for name in _TERMS if name in (acquisition, other)}
        if "loan" in tables:
            tables["loan"]["term_years"] = YEARS(self.choices)
        return tables | (self.tiers() if "api" in tables else {})

    def tiers(self) -> Plain:
        """Price tiers of an API; now and then none."""
        count = self.choices.below(4)
        rows = [{"name": f"tier {number}"} for number in range(1, count + 1)]
        optional = {"from_spend": AMOUNT, "further_discount": _TIER_DISCOUNT}
        return {"tier": [row | self.choices.some(optional) for row in rows]} if rows else {}


def _writes_nothing(row: Plain, workload: Plain) -> bool:
    """Whether no token is generated, so that an input speed is needed."""
    return not any(row.get(name, workload.get(name, 0)) for name in ("output_tokens", "reasoning_tokens"))


def _wild_text(choices: Choices) -> str:
    return "".join(choices.pick(WILD_CHARACTERS) for _ in range(choices.below(8)))


def _asked(choices: Choices, plain: Plain) -> Plain:
    """What is asked of a study: its simulation, and two inputs that move together."""
    wanted: dict[str, Maker] = {
        "draws": one_of(1_000, 20_000),
        "seed": one_of(0, 17),
        "proposed_ranges": one_of(True, False),
    }
    risk = choices.some(wanted)
    workload = plain["workload"][0]
    named = workload["name"]["value"] if isinstance(workload["name"], dict) else workload["name"]
    path = joined("workload", named, "input_tokens")
    pair = {"a": "study/discount_rate", "b": path, "rho": choices.pick((-1.0, -0.3, 0.8))}
    return (
        ({"risk": risk} if risk else {}) | ({"correlation": [pair]} if choices.flag() else {}) | _scored(choices, plain)
    )


def _scored(choices: Choices, plain: Plain) -> Plain:
    """A criterion beside the cost, and now and then a score of the first option."""
    if not choices.flag():
        return {}
    if choices.flag():
        plain["option"][0]["score"] = [{"criterion": "service", "score": choices.pick((0, 2.5, 5))}]
    criterion = {"name": "service", "weight": choices.pick((0, 40))}
    return {"criterion": [criterion | choices.some({"least": one_of(2)})]}


def _describe_some(choices: Choices, plain: Plain, wild_text: bool) -> None:
    """Give a few of the values of a study a range or a source."""
    places = list(_inputs(plain))
    for _ in range(choices.below(4)):
        row, table, name = places[(choices.below(256) * 256 + choices.below(256)) % len(places)]
        if not isinstance(row[name], dict):
            row[name] = _described(choices, schema.field(table, name), row[name], wild_text)


def _described(choices: Choices, entry: schema.Field, content: Any, wild_text: bool) -> Plain:
    text: Maker = _wild_text if wild_text else one_of("Vendor quote 17", "Uptime 2025")
    optional: dict[str, Maker] = {
        "source": text,
        "url": one_of("https://example.org/a?b=c&d"),
        "as_of": one_of("2025-07", "2026"),
        "by": text,
        "confidence": one_of(*schema.CONFIDENCES),
        "note": text,
    }
    numeric = entry.kind in ("number", "whole") and choices.flag()
    return {"value": content, **({"low": content, "high": content} if numeric else {}), **choices.some(optional)}


def _inputs(plain: Plain) -> Iterable[tuple[Plain, str, str]]:
    """Every input that a study gives: its row, table and name."""
    rows = [(plain["study"], "study"), *((row, "workload") for row in plain["workload"])]
    for option in plain["option"]:
        rows.append((option, "option"))
        for table in schema.children("option"):
            held = option.get(table.name, [])
            rows += [(row, table.name) for row in (held if isinstance(held, list) else [held])]
    return ((row, table, name) for row, table in rows for name in row if name in schema.named(table))
