"""The contract's result names: which line each is, and the tables that are put together from several lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.analysis.metrics.flags import flags
from models.finance import flows as measures
from models.run.model import OptionResult, Result

BY_YEAR: tuple[str, ...] = (
    *("installed", "purchases", "retired", "binding", "utilisation", "power_share", "peak_served_share"),
    *("served_requests", "unmet_requests", "capex", "operating", "cash_cost", "electricity", "energy_charge"),
    *("demand_charge_cost", "carbon_cost", "water_cost", "opex", "rental", "lease", "api", "processing", "escalation"),
    *("depreciation", "revenue", "it_energy_kwh", "facility_energy_kwh", "source_energy_kwh", "chip_energy_kwh"),
    *("average_it_kw", "peak_kw", "carbon_t", "water_m3", "output_tokens", "input_tokens", "interim_cost"),
)
ONCE: tuple[str, ...] = (
    *("lifetime_output_tokens", "lifetime_input_tokens", "lifetime_cost", "pv_cost", "pv_after_tax_cost"),
    *("equivalent_annual_cost", "infrastructure_cost", "lifetime_cost_per_million_output_tokens"),
    *("lifetime_cost_per_million_tokens", "levelised_cost_per_million_output_tokens", "levelised_after_tax"),
    *("levelised_real", "cost_per_million_input_tokens", "cost_per_million_generated_tokens"),
    *("meaningful_responses", "cost_per_meaningful_response", "cost_per_request"),
    *(
        "levelised_cost_per_meaningful_response",
        "comparison_pv_cost",
        "comparison_cost_per_meaningful_response",
        "tokens_per_dollar",
    ),
    *("cost_per_accelerator_hour", "joules_per_output_token_it", "joules_per_output_token_facility"),
    *("output_tokens_per_kwh", "joules_per_meaningful_response", "energy_cost_per_million_output_tokens"),
    *("tokens_per_second_per_mw", "carbon_g_per_thousand_output_tokens", "water_l_per_thousand_output_tokens"),
    *("idle_cost", "margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax"),
    *("commitment_beyond_horizon", "served_share"),
)
# Columns of the table `workloads` and the lines that hold them.
WORKLOAD_COLUMNS: Mapping[str, str] = {
    "attempts": "attempts",
    "accepted_share": "accepted_share",
    "cost_share": "cost_share",
    "infrastructure_cost": "workload_infrastructure_cost",
    "served_requests": "workload_served",
    "meaningful_responses": "workload_responses",
    "output_tokens": "workload_generated",
    "input_tokens": "workload_read",
    "cost_per_million_output_tokens": "workload_cost_per_million_output_tokens",
    "cost_per_meaningful_response": "workload_cost_per_meaningful_response",
    "cost_per_request": "workload_cost_per_request",
    "joules_per_meaningful_response": "workload_joules_per_meaningful_response",
}


def workloads(option: OptionResult) -> dict[str, dict[str, Any]]:
    """The table of workloads: what each takes, costs and yields over the life."""
    columns = {name: option.figure(line) for name, line in WORKLOAD_COLUMNS.items()}
    keys = option.keys("workload")
    return {key: {name: column[i] for name, column in columns.items()} for i, key in enumerate(keys)}


def _with_end(early: str, final: str) -> Callable[[OptionResult], list[Any]]:
    return lambda option: [*option.figure(early), option.figure(final)]


def loan(option: OptionResult) -> dict[str, Any] | None:
    """The loan view: what is drawn, and by year what is paid and owed; None without a loan."""
    if option.figure("loan_draw") is None:
        return None
    by_year = {n: option.figure(f"loan_{n}") for n in ("payment", "interest", "principal", "closing")}
    return {"draw": option.figure("loan_draw"), **by_year}


def margin_flows(option: OptionResult) -> list[measures.Flow] | None:
    """Dated flows of the margin: revenue and resale in, purchases and running costs out; None without a value."""
    revenue = option.figure("revenue")
    if not revenue or revenue[0] is None:
        return None
    raw = option.values
    starts = [e - c for e, c in zip(raw["early_disposals"], raw["capex"], strict=True)]
    running = [r - o for r, o in zip(revenue, raw["operating"], strict=True)]
    return measures.dated_flows(starts, running, raw["final_disposal"], mid_year=option.study.fields.flag("mid_year"))


def margin_irr(option: OptionResult) -> list[float] | None:
    """Every rate from -99 % to 10,000 % at which the margin's net present value is 0; an empty list where there is
    none."""
    flows = margin_flows(option)
    return None if flows is None else [rate for rate in measures.irr_roots(flows) if -0.99 <= rate <= 100]


TABLES: Mapping[str, Callable[[OptionResult], Any]] = {
    "disposals": _with_end("early_disposals", "final_disposal"),
    "taxable_gain": _with_end("early_taxable_gain", "final_taxable_gain"),
    "workloads": workloads,
    "cost_tree": lambda option: option.table("cost_tree"),
    "margin_irr": margin_irr,
    "loan": loan,
}
NAMES: tuple[str, ...] = (*BY_YEAR, *ONCE, *TABLES)


def option_results(option: OptionResult) -> dict[str, Any]:
    """Every result of the contract by name, and under ``lines`` every other line."""
    found: dict[str, Any] = {name: option.figure(name) for name in (*BY_YEAR, *ONCE)}
    found.update({name: read(option) for name, read in TABLES.items()})
    found["lines"] = {name: value for name, value in option.everything().items() if name not in found}
    return found


def study_results(result: Result) -> dict[str, Any]:
    """A run as plain data: title, currency, options, checks and warnings."""
    return {
        "title": result.study.fields.text("title"),
        "currency": result.study.currency,
        "options": {name: option_results(option) for name, option in result.options.items()},
        "checks": [{"name": c.name, "holds": c.holds, "detail": c.detail} for c in result.checks],
        "warnings": [str(w) for w in (*result.study.warnings, *flags(result))],
    }
