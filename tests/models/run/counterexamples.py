"""For every identity a figure that breaks it, in a study in which every identity has something to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]


def doubled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: doubled(part) for key, part in value.items()} | {"closing": [1.0]}
    if isinstance(value, list):
        return [doubled(part) for part in value]
    return None if value is None else 2 * value + 1


def grown(value: Any) -> Any:
    """A thousand times as much, and 1 more."""
    return [grown(part) for part in value] if isinstance(value, list) else 1000 * value + 1


def below_0(value: Any) -> Any:
    """Less than nothing."""
    return [below_0(part) for part in value] if isinstance(value, list) else -1 - abs(value)


# For each identity a result, and what must not become of it.
TAMPERED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "cost_tree_adds_up": ("cost_tree", grown),
    "parts_add_up": ("lifetime_cost", grown),
    "years_add_up": ("lifetime_cost", grown),
    "pv_cost_tree_adds_up": ("pv_cost_tree", grown),
    "workload_costs_add_up": ("workload_infrastructure_cost", grown),
    "workload_shares_add_up": ("cost_share", grown),
    "reading_and_writing_add_up": ("reading_cost", grown),
    "generated_tokens_add_up": ("workload_generated", grown),
    "read_tokens_add_up": ("workload_read", grown),
    "fleet_is_carried_over": ("installed", grown),
    "purchases_are_written_off": ("depreciation", grown),
    "requests_are_accounted_for": ("served_requests", grown),
    "use_is_not_below_0": ("utilisation_used", below_0),
    "use_is_not_above_1": ("utilisation_used", grown),
    "power_share_is_not_below_0": ("power_share", below_0),
    "power_share_is_not_above_1": ("power_share", grown),
    "peak_served_is_not_below_0": ("peak_served_share", below_0),
    "peak_served_is_not_above_1": ("peak_served_share", grown),
    "mean_power_is_not_above_peak": ("average_it_kw", grown),
    "peak_is_within_the_meter": ("peak_kw", grown),
    "load_is_within_the_cooling": ("delivered_it_kw", grown),
    "mean_heat_is_within_the_cooling": ("average_it_kw", grown),
    "chip_energy_is_within_it": ("it_energy_kwh", below_0),
    "it_energy_is_within_facility": ("facility_energy_kwh", below_0),
    "facility_energy_is_within_source": ("source_energy_kwh", below_0),
    "undiscounted_value_is_the_sum": ("pv_cost", grown),
    "untaxed_value_is_before_tax": ("pv_after_tax_cost", grown),
    "api_costs_the_same_after_tax": ("levelised_after_tax", grown),
    "npv_is_the_present_value": ("pv_cost", grown),
    "loan_closes_at_0": ("loan_closing", grown),
    "loan_is_repaid": ("loan_principal", grown),
    "idle_cost_is_not_below_0": ("idle_cost", below_0),
    "idle_cost_is_part_of_the_cost": ("idle_cost", grown),
}


def rich() -> Plain:
    """A study in which every identity has something to compare: nothing discounted, nothing taxed."""
    own: Plain = {
        "name": "Own",
        "acquisition": "loan",
        "sizing": "demand",
        "equipment_life": 2,
        "max_utilisation": 0.7,
        "system_power_load_w": 10_000.0,
        "system_power_idle_w": 4_000.0,
        "pue": 1.3,
        "psu_efficiency": 0.94,
        "grid_efficiency": 0.93,
        "electricity_price": 0.1,
        "demand_charge": 12.0,
        "facility_power_kw": 200.0,
        "cooling_capacity_kw": 150.0,
        "serving": [
            {"workload": "chat", "prefill_rate": 8_000.0, "decode_rate": 900.0},
            {"workload": "batch", "prefill_rate": 9_000.0, "decode_rate": 1_100.0},
        ],
        "asset": [{"name": "equipment", "residual_share": 0.2}],
        "capex": [{"name": "system", "asset": "equipment", "basis": "per_system", "amount": 200_000.0}],
        "opex": [{"name": "team", "category": "staff", "basis": "per_year", "amount": 90_000.0}],
        "loan": {"debt_share": 0.6, "rate": 0.07, "term_years": 5},
    }
    api = {"name": "API", "acquisition": "api", "api": {"price_input": 0.5, "price_output": 2.0}}
    workloads = [
        {"name": "chat", "requests_per_day": 40_000.0, "input_tokens": 900, "output_tokens": 300, "demand_growth": 0.3},
        {"name": "batch", "requests_per_day": 9_000.0, "input_tokens": 4_000, "output_tokens": 200},
    ]
    return {"study": {"horizon_years": 3}, "workload": workloads, "option": [own, api]}
