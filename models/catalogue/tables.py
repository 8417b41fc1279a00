"""The tables of the catalogue: their columns, what a cell may hold, and what a quantity is counted in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from models.studies.inputs import schema

Kind = Literal["text", "number", "whole", "schedule", "day", "windows"]


@dataclass(frozen=True)
class Column:
    """A column: its name (with the unit where it always has the same), and whether a row may leave it blank.

    A `schedule` is yearly shares, a `day` 24 loads from 0:00, both parted by semicolons; `windows` are hours of a week.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


def _texts(names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names.split())


def _numbers(names: str, kind: Kind = "number") -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name in names.split())


def _required(names: str, kind: Kind = "text") -> tuple[Column, ...]:
    return tuple(Column(name, kind, True) for name in names.split())


_RANGE = _numbers("low value high")
TAIL: tuple[Column, ...] = (
    *_texts("source url as_of"),
    Column("confidence", required=True, choices=tuple(schema.CONFIDENCES)),
    Column("note"),
)


@dataclass(frozen=True)
class Table:
    """A table of the catalogue: its file name, what it holds, and its own columns, those that name a row first."""

    name: str
    label: str
    own_columns: tuple[Column, ...]
    named_by: int = 2

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the order of the file."""
        return (*self.own_columns, *TAIL)


# What a quantity of a system is counted in; "money" stands for the code of a currency.
SYSTEM_UNITS: Mapping[str, str] = {
    "price_per_accelerator": "money/accelerator",
    "price_of_server": "money/system",
    "price_per_system": "money/system",
    "power_load": "W/system",
    "power_idle": "W/system",
    "power_rating": "W/system",
    "power_rating_of_accelerator": "W/accelerator",
    "power_provisioned": "kW/accelerator",
    "memory_of_accelerator": "GB/accelerator",
    "memory_bandwidth": "TB/s/accelerator",
    "peak_bf16": "TFLOP/s/accelerator",
    "peak_fp8": "TFLOP/s/accelerator",
    "peak_fp4": "TFLOP/s/accelerator",
    "cost_of_owning": "money/accelerator/h",
}
ELECTRICITY_UNITS: Mapping[str, str] = {
    "price": "money/kWh",
    "demand_charge": "money/kW/month",
    "carbon_intensity": "kg/kWh",
}
# The prices that a study gives by year, by the input that holds their change; and for how many years one is published.
PRICE_PATHS: Mapping[str, tuple[str, str]] = {
    "rent": ("rental", "price_change"),
    "api": ("api", "price_change"),
    "electricity": ("option", "electricity_escalation"),
}
MOST_YEARS = 5
TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "systems",
            "accelerators and systems",
            (
                *_required("system accelerator"),
                *_required("accelerators_per_system", "whole"),
                Column("quantity", required=True, choices=tuple(SYSTEM_UNITS)),
                *_RANGE,
                Column("unit", required=True),
                Column("method", choices=schema.field("option", "power_method").choices),
            ),
        ),
        Table(
            "serving",
            "serving rates",
            (
                *_required("model"),
                *_texts("precision"),
                *_required("accelerator"),
                *_numbers("accelerators_per_replica", "whole"),
                *_texts("engine scenario latency_limit"),
                *_numbers("input_tokens output_tokens concurrency"),
                *_required("output_tokens_per_s_per_accelerator", "number"),
                *_numbers("ttft_ms tpot_ms"),
            ),
            named_by=3,
        ),
        Table(
            "latency_factors",
            "rates inside latency limits over rates without",
            (
                *_required("accelerator model"),
                *_required("interactive_tokens_per_s offline_tokens_per_s factor", "number"),
            ),
        ),
        Table(
            "rental_prices",
            "rental prices",
            (
                *_required("provider accelerator"),
                *_numbers("accelerators_per_instance", "whole"),
                Column("terms", required=True, choices=("on demand", "reserved", "spot")),
                *_numbers("commitment_years", "whole"),
                *_required("usd_per_accelerator_hour", "number"),
                *_texts("region"),
            ),
        ),
        Table(
            "api_prices",
            "API prices",
            (
                *_required("model"),
                Column("weights", choices=("open", "closed")),
                *_required("provider"),
                *_texts("listed_as"),
                *_required("input_usd_per_mtoken", "number"),
                *_numbers("cached_input_usd_per_mtoken"),
                *_required("output_usd_per_mtoken", "number"),
                *_numbers("batch_input_usd_per_mtoken batch_output_usd_per_mtoken cache_write_usd_per_mtoken"),
                *_numbers("long_context_tokens long_input_usd_per_mtoken long_output_usd_per_mtoken"),
            ),
            named_by=3,
        ),
        Table(
            "electricity",
            "electricity and its carbon",
            (
                *_required("region"),
                *_texts("region_kind"),
                Column("quantity", required=True, choices=tuple(ELECTRICITY_UNITS)),
                *_texts("customer"),
                *_required("value", "number"),
                *_required("unit"),
            ),
            named_by=4,
        ),
        Table(
            "tariffs",
            "electricity by the hour",
            (
                *_required("tariff"),
                *_texts("utility region"),
                *_required("season"),
                *_required("months", "whole"),
                *_required("hours", "windows"),
                *_required("price in_period_demand_charge demand_charge", "number"),
                *_numbers("ratchet minimum_kw"),
                *_required("unit"),
            ),
            named_by=1,
        ),
        Table(
            "load_shapes",
            "shapes of the day",
            (*_required("shape"), *_required("weekday", "day"), Column("weekend", "day"), *_texts("time_zone")),
            named_by=1,
        ),
        Table(
            "models",
            "models and their size",
            (
                *_required("model repository"),
                *_required("total_params_b active_params_b", "number"),
                *_texts("params_basis attention"),
                *_numbers("layers max_context_tokens", "whole"),
                *_required("kv_bytes_per_token_fp16 kv_bytes_per_token_fp8", "number"),
                *_texts("licence"),
            ),
            named_by=1,
        ),
        Table(
            "facility",
            "PUE, colocation and building",
            (*_required("category item"), *_texts("scope"), *_RANGE, *_required("unit")),
        ),
        Table(
            "finance",
            "discount rates, lives, resale",
            (*_required("category item"), *_texts("condition"), *_RANGE, *_required("unit")),
        ),
        Table(
            "tax_schedules",
            "tax depreciation",
            (*_required("schedule"), *_texts("known_as"), *_required("shares", "schedule")),
            named_by=1,
        ),
        Table(
            "workloads",
            "typical workloads",
            (
                *_required("work dataset"),
                *_numbers("requests input_tokens input_median input_p90 output_tokens output_median output_p90"),
                *_numbers("reasoning_tokens cached_input_share"),
            ),
            named_by=1,
        ),
        Table(
            "latency_targets",
            "latency targets",
            (*_required("test"), *_required("ttft_ms tpot_ms", "number")),
            named_by=1,
        ),
        Table(
            "levers",
            "levers on cost and energy",
            (
                *_required("lever label"),
                Column("kind", required=True, choices=("software", "model", "site", "capex", "operation")),
                *_texts("not_on not_with"),
                Column("table", required=True, choices=("serving", "option", "api", "capex", "opex")),
                *_texts("rows"),
                *_required("field"),
                Column("operation", required=True, choices=("multiply", "at_least", "overhead")),
                *_required("value", "number"),
                *_numbers("low high above_input_tokens"),
                *_texts("only_precision"),
            ),
        ),
        Table(
            "trends",
            "trends",
            (
                *_required("trend label"),
                *_numbers("yearly_change from_value to_value"),
                *_required("unit"),
                *_texts("period"),
                Column("use", required=True, choices=("default", "history")),
            ),
        ),
        Table(
            "price_paths",
            "price paths",
            (
                *_required("path"),
                Column("price", required=True, choices=tuple(PRICE_PATHS)),
                *_texts("accelerator"),
                Column("basis", required=True, choices=("implied", "observed")),
                *_numbers(" ".join(f"price_{year}" for year in range(1, MOST_YEARS + 1))),
                *_required("unit"),
            ),
            named_by=1,
        ),
        Table(
            "defaults",
            "what a quick start assumes",
            (
                Column(
                    "applies", required=True, choices=("study", "workload", "any", "hardware", "buy", "rent", "api")
                ),
                *_required("name"),
                *_RANGE,
                *_required("unit"),
            ),
        ),
    )
}
# A person's own facts go into these; the others steer analyses and are changed in their files, or are typed into the
# study itself (a shape of the day, a tariff).
_NOT_OWN = ("latency_factors", "levers", "trends", "price_paths", "defaults", "load_shapes", "tariffs", "models")
OWN_TABLES: tuple[str, ...] = tuple(name for name in TABLES if name not in _NOT_OWN)


class Age(NamedTuple):
    """How old a fact may be before it is flagged where it is chosen."""

    days: int
    words: str


_YEAR = Age(365, "a year")
_TWO_YEARS = Age(731, "two years")
_THREE_YEARS = Age(1096, "three years")
# Rents and list prices moved by tens of percent within months of 2026; a tariff is set for a year; a trace or a survey
# tells of habits, and what a standard asks for changes slowly.
AGES: Mapping[str, Age] = {
    **dict.fromkeys(("rental_prices", "api_prices", "price_paths"), Age(183, "half a year")),
    **dict.fromkeys(("systems", "serving", "tariffs", "electricity"), _YEAR),
    **dict.fromkeys(("facility", "finance", "tax_schedules", "trends", "levers", "defaults"), _TWO_YEARS),
    **dict.fromkeys(("workloads", "load_shapes", "models", "latency_targets", "latency_factors"), _THREE_YEARS),
}
