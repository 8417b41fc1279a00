"""The oracle against figures worked out elsewhere, and the studies that are drawn for it.

What must hold for any study is asked of the model, which agrees with it: `tests/models/run/test_identities.py`.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.drawn import study_table
from tests.oracle import HOUR_SHARE, Response, annuity, day_of, load_of, rates_of_return, solve, tries, window
from tests.soak import SOAKING, TIMES

PUBLISHED = Path(__file__).parent / "cases" / "studies"
SEEDS = range(1000 * TIMES if SOAKING else 100)
# Rounding of sums of large amounts, by size of the largest.
CLOSE = 1e-9
Results = Mapping[str, Any]


@cache
def drawn(seed: int) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A random study and what the oracle makes of it; read, never changed."""
    table = study_table(Random(seed))
    return table, solve(table)


def same(one: float, other: float, size: float = 0.0) -> bool:
    """Whether two figures agree but for rounding, of amounts as large as `size`."""
    return abs(one - other) <= CLOSE * max(1.0, abs(one), abs(other), size)


# --- The day ---------------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_a_day_keeps_the_work_and_lowers_no_peak_below_the_mean() -> None:
    for seed in SEEDS:
        study, _ = drawn(seed)
        shapes = {each["name"]: each for each in study.get("load_shape", [])}
        loads = [load_of(each, shapes) for each in study["workload"]]
        for load, burst in loads:
            assert same(sum(share * each for share, each in zip(HOUR_SHARE, load, strict=True)), 1.0), seed
            assert min(load) >= 0 and burst >= 1, seed
        work = [
            (3.0, each.get("deferrable_share", 0.0), *load) for each, load in zip(study["workload"], loads, strict=True)
        ]
        day = day_of(work)
        assert same(day.mean, 3.0 * len(work)), seed
        assert day.swell >= 1 - CLOSE and day.peak >= day.mean - CLOSE, seed


def test_the_default_day_has_its_peak_at_two() -> None:
    load, _ = load_of({"peak_to_average": 3.0}, {})
    assert same(max(load), 3.0) and load.index(max(load)) == 14


def test_deferred_work_fills_the_valley_and_no_more() -> None:
    load = [0.0] * 12 + [2.0] * 12
    assert day_of([(6.0, 0.25, load * 2, 1.0)]).busy_at[:24:23] == pytest.approx([3.0, 9.0])
    assert set(day_of([(6.0, 0.75, load * 2, 1.0)]).busy_at) == {6.0}


def test_windows_wrap_within_their_kind_of_day() -> None:
    assert window("weekday 22-2") == {22, 23, 0, 1}
    assert window("daily 22-2") == {22, 23, 0, 1, 46, 47, 24, 25}
    assert window("weekend 0-24") == set(range(24, 48))


# --- Figures worked out elsewhere ------------------------------------------------------------------------------------


def figure(result: Any, path: str) -> Any:
    """The figure of an option that a path such as "workloads.w.attempts" or "capex[2]" leads to."""
    for part in path.split("."):
        name, year = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", part).groups()  # type: ignore[union-attr]
        result = result[name] if year is None else result[name][int(year) - 1]
    return result


def published() -> Iterator[Any]:
    for study, options in json.loads((PUBLISHED / "expected.json").read_text("utf-8")).items():
        if not study.startswith("_"):
            checks = [(each["option"], check) for each in options for check in each["checks"]]
            yield pytest.param(study, [each for each in checks if not each[1]["path"].startswith("lines.")], id=study)


@pytest.mark.parametrize(("study", "checks"), list(published()))
def test_published_studies(study: str, checks: list[tuple[str, dict[str, Any]]]) -> None:
    results = solve(tomllib.loads((PUBLISHED / f"{study}.toml").read_text("utf-8")))
    for option, check in checks:
        found, expected = figure(results[option], check["path"]), check["expected"]
        if isinstance(expected, str | None):
            assert found == expected, (option, check)
        else:
            slack = check["rel_tol"] * abs(expected) if expected else 1e-6
            assert abs(found - expected) <= slack, (option, check, found)


def option_of(way: str, **inputs: Any) -> dict[str, Any]:
    serving = {"workload": "w", "decode_rate": 100.0}
    return {"name": "A", "acquisition": way, "serving": [serving]} | inputs


def alone(workload: dict[str, Any], option: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The results of one option for one workload over one year."""
    asked = {"name": "w", "requests_per_day": 1000, "input_tokens": 0, "output_tokens": 100}
    return solve({"study": {"horizon_years": 1}, "workload": [asked | workload], "option": [option], **more})["A"]


def test_a_commitment_below_the_peak_pays_on_demand_for_the_busy_hours_only() -> None:
    shape = {"name": "half a day", "weekday": [0] * 6 + [1] * 12 + [0] * 6}
    terms = {"committed_share": 0.5, "committed_price": 2.0, "on_demand_price": 3.5, "scaling": "hourly"}
    option = option_of("rental", sizing="demand", rental=terms | {"minimum_replicas": 0})
    result = alone({"requests_per_day": 432_000, "load_shape": "half a day"}, option, load_shape=[shape])
    assert result["rental"] == pytest.approx([5 * 8760 * 2.0 + 5 * 4380 * 3.5])


def test_idle_time_of_a_rented_machine_is_paid_and_told() -> None:
    option = option_of("rental", sizing="fixed", systems=1, utilisation=0.1, rental={"on_demand_price": 2.5})
    result = alone({}, option)
    assert result["lifetime_cost"] == pytest.approx(21_900) and result["idle_cost"] == pytest.approx(0.9 * 21_900)


def test_what_is_written_to_a_cache_has_its_own_price() -> None:
    api = {"price_input": 3.0, "price_cache_write": 3.75, "price_output": 15.0}
    option = option_of("api", api=api, serving=[{"workload": "w", "cache_write_share": 0.9997562363}])
    result = alone({"input_tokens": 12_307, "output_tokens": 550}, option)
    assert result["cost_per_request"] == pytest.approx(0.054399, rel=1e-9)


def test_second_tries_succeed_less_often() -> None:
    attempts, failed = tries([0.5952380952380952, 0.19047619047619047, 0.05], 3)
    assert (attempts, failed) == pytest.approx((1.7324263, 1 - 0.6887188), abs=1e-7)
    # Without a limit: 1 + 0.5 + 0.5 x 0.75 / 0.25 tries.
    assert tries([0.5, 0.25], None) == pytest.approx((1 + 0.5 / 0.25, 0.0))


def test_monthly_instalments_bear_interest_on_what_is_left() -> None:
    loan = {"debt_share": 1.0, "rate": 0.09, "payments_per_year": 12, "term_years": 3}
    item = {"name": "n", "asset": "equipment", "basis": "per_system", "amount": 300_000.0}
    option = option_of("loan", sizing="fixed", systems=1, utilisation=1.0, equipment_life=3, loan=loan, capex=[item])
    years = {"study": {"horizon_years": 3}, "option": [option]}
    asked = [{"name": "w", "requests_per_day": 1000, "output_tokens": 100}]
    assert sum(solve(years | {"workload": asked})["A"]["loan"]["interest"]) == pytest.approx(43_437.11, abs=0.005)


def test_the_smallest_rate_is_no_rate() -> None:
    assert annuity(1e-17, 60) == pytest.approx(60, rel=1e-15) and annuity(0.0, 60) == 60
    assert 15_000 / annuity(0.08 / 12, 60) == pytest.approx(304.145914, abs=1e-6)


def test_a_price_of_its_own_for_a_workload() -> None:
    workload = {"name": "w", "input_tokens": 500, "output_tokens": 200}
    row = {"workload": "w", "price_input": 0.05, "price_output": 0.08}
    option = {"serving": [row], "api": {"price_input": 0.59, "price_output": 0.79}}
    assert sum(Response.of(workload, option).api_prices()) == pytest.approx((500 * 0.05 + 200 * 0.08) / 1e6)


def test_rates_of_return() -> None:
    assert rates_of_return(enumerate([-200, 80, 80, 80, 80])) == pytest.approx([0.21862269609834])
    assert rates_of_return(enumerate([-100, 230, -132])) == pytest.approx([0.1, 0.2])
    assert rates_of_return([(0, -100.0), (0.5, 110.0)]) == pytest.approx([0.21])


# --- What is drawn ---------------------------------------------------------------------------------------------------


def test_the_draw_reaches_every_part_of_the_model() -> None:
    """Each of these must turn up, and matter, in a good number of studies, or the oracle is asked too little."""
    matters: dict[str, Callable[[Results, Results], bool]] = {
        "overflow": lambda option, result: result["cost_tree"]["overflow"] > 0,
        "unmet work": lambda option, result: sum(each or 0.0 for each in result["interim_cost"]) > 0,
        "part of the peak not served": lambda option, result: 0 < min(result.get("taken_share", [1])) < 1 - CLOSE,
        "bursts": lambda option, result: max(result.get("swell", [1])) > 1.01,
        "power or cooling binds": lambda option, result: bool({"power", "cooling"} & set(result["binding"])),
        "fleet switched off at night": lambda option, result: (
            option.get("rental", {}).get("scaling") == "hourly"
            and sum(result["paid_hours"])
            < 0.9 * 8760 * option.get("accelerators_per_system", 1) * sum(result["installed"])
        ),
        "bands by hours": lambda option, result: (
            "hours" in option.get("tariff", [{}])[0] and sum(result["energy_charge"]) > 0
        ),
        "demand charge": lambda option, result: result["cost_tree"]["demand_charge"] > 0,
        "tiers": lambda option, result: bool(option.get("tier")) and result["cost_tree"]["api"] > 0,
        "minimum spend": lambda option, result: option["acquisition"] == "api" and result["idle_cost"] > 0,
        "lease beyond the horizon": lambda option, result: result["commitment_beyond_horizon"] > 0,
        "credit": lambda option, result: result["cost_tree"]["credit"] < 0,
        "grant": lambda option, result: result["cost_tree"]["grant"] < 0,
        "monthly loan": lambda option, result: (
            option.get("loan", {}).get("payments_per_year") == 12 and result["loan"]["draw"] > 0
        ),
        "exit fee": lambda option, result: option.get("rental", {}).get("exit_fee_share", 0) > 0,
        "rates of return": lambda option, result: bool(result["margin_irr"]),
    }
    seen = dict.fromkeys(matters, 0)
    for seed in range(100):
        study, results = drawn(seed)
        for option in study["option"]:
            for name, test in matters.items():
                seen[name] += test(option, results[option["name"]])
    assert min(seen.values()) >= 3, seen


def test_a_value_with_its_provenance_counts_as_the_value() -> None:
    study, results = drawn(3)
    described = copy.deepcopy(study)
    for row in (described["study"], *described["workload"], *described["option"]):
        row |= {n: {"value": held, "source": "a quote", "low": 0.0} for n, held in row.items() if type(held) is float}
    assert described != study
    assert solve(described) == results
