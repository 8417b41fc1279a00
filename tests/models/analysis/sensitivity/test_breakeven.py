"""Break-even: ties feed back, steps lie between values, ranges are what the study allows, bad input is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cli
from models.analysis.metrics.measures import METRIC
from models.analysis.metrics.same_work import Comparability
from models.analysis.reporting.report import break_even_json
from models.analysis.sensitivity.breakeven import BreakEven, break_even
from models.analysis.sensitivity.vary import results, variation
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file.load import dumps, from_dict
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

Tables = dict[str, Any]


def tables(*options: Tables, requests: float = 1e5, **study: Any) -> Tables:
    workload = {"name": "chat", "requests_per_day": requests, "input_tokens": 500, "output_tokens": 200}
    return {"study": {"horizon_years": 3, **study}, "workload": [workload], "option": list(options)}


def own(name: str = "Own", **inputs: Any) -> Tables:
    return {
        "name": name,
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 3,
        "system_power_load_w": 1000.0,
        "system_power_idle_w": 400.0,
        "electricity_price": 0.1,
        "serving": [{"workload": "chat", "decode_rate": 100.0}],
        "capex": [{"name": "Servers", "asset": "equipment", "basis": "per_system", "amount": 20_000.0}],
        **inputs,
    }


def api(name: str = "API", **prices: float) -> Tables:
    return {"name": name, "acquisition": "api", "api": {"price_input": 0.5, "price_output": 2.0, **prices}}


def search(study: Study, path: str, *ends: float, one: str = "Own", two: str = "API") -> BreakEven:
    return break_even(variation(study, path, *ends), one, two)


def gap(study: Study, path: str, value: float, one: str = "Own", two: str = "API") -> float:
    """The gap of single runs with the value in the study, relative to the larger figure."""
    options = MODEL.run(replace(study, path, value)).options
    ours, theirs = options[one].values[METRIC], options[two].values[METRIC]
    return (ours - theirs) / (max(abs(ours), abs(theirs)) or 1.0)


# ------------------------------------------------------------------------------------------------------------- ranges


def test_only_values_that_leave_the_study_valid_are_looked_at() -> None:
    study = from_dict(tables(own(months_to_production=20), api()))
    assert search(study, "study/horizon_years").low == 2, "production must start inside the horizon"
    assert search(study, "option/Own/months_to_production").high == pytest.approx(36)
    assert search(study, "option/Own/system_power_load_w").low == pytest.approx(400), "idle may not exceed it"


@pytest.mark.parametrize("name", ["facility_power_kw", "electricity_escalation", "demand_charge", "pue"])
def test_an_input_left_blank_can_be_varied(name: str) -> None:
    study = from_dict(tables(own(capex=[{**own()["capex"][0], "amount": 200.0}]), api()))
    found = search(study, f"option/Own/{name}")
    assert found.high > found.low
    for root in found.roots:
        assert abs(gap(study, f"option/Own/{name}", root)) < 1e-8


def test_an_amount_of_nothing_may_become_any_amount() -> None:
    """What something free may cost is found, however far from nothing."""
    item = {"name": "Move", "asset": "room", "basis": "fixed", "amount": 0.0}
    option = own(capex=[*own(capex=[])["capex"], item], asset=[{"name": "room", "life": 9}])
    study = from_dict(tables(option, api(), requests=1e7))
    path = "option/Own/capex/Move/amount"
    (root,) = search(study, path).roots
    assert root > 1e6
    assert abs(gap(study, path, root)) < 1e-8


def test_counts_far_beyond_those_looked_at_one_by_one() -> None:
    fleet = own(sizing="fixed", systems=40_000, utilisation=0.5)
    other = own("Other", sizing="fixed", systems=45_000, utilisation=0.5)
    found = search(from_dict(tables(fleet, other)), "option/Own/systems", two="Other")
    assert found.roots == (45_000,)
    assert found.jumps == ()


def test_a_value_that_cannot_move_alone_says_why() -> None:
    bands = [{"name": n, "share": 0.5, "price": p} for n, p in (("day", 0.2), ("night", 0.1))]
    option = {k: v for k, v in own(tariff=bands).items() if k != "electricity_price"}
    with pytest.raises(StudyError, match="must add up to 1"):
        search(from_dict(tables(option, api())), "option/Own/tariff/day/share")


@pytest.mark.parametrize(
    ("path", "ends", "words"),
    [
        ("option/Own/pue", (-5.0, 0.5), "low of the range must be at least 1"),
        ("option/Own/pue", (1.0, float("inf")), "high of the range must be a finite number"),
        ("option/Own/pue", (float("nan"), 2.0), "low of the range must be a finite number"),
        ("option/Own/pue", (2.0, 1.0), "empty"),
        ("study/discount_rate", (-0.5, 200.0), "at most 100"),
        ("option/Own/equipment_life", (2.2, 2.8), "whole numbers"),
        ("study/horizon_years", (10, 30), "at most 15"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(path: str, ends: tuple[float, float], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        search(from_dict(tables(own(), api())), path, *ends)


@pytest.mark.parametrize("path", ["option/Own/availability", "workload/chat/success_rate", "study/tax_rate"])
def test_shares_may_be_looked_at_from_0_to_1(path: str) -> None:
    study = from_dict(tables(own(), api()))
    found = search(study, path, 0.0, 1.0)
    for root in found.roots:
        assert abs(gap(study, path, root)) < 1e-8


# ------------------------------------------------------------------------------------------------------ ties and steps


def test_of_a_stretch_of_ties_its_end_is_found() -> None:
    """A minimum spend that both pay: they tie up to the volume at which the first outgrows it."""
    study = from_dict(tables(api("A", minimum_commitment=50_000), api("B", minimum_commitment=50_000, price_output=1)))
    path = "workload/chat/requests_per_day"
    price = 500 * 0.5 + 200 * 2.0
    (end,) = search(study, path, 1.0, 1e6, one="A", two="B").roots
    assert end == pytest.approx(50_000 / 365 / price * 1e6, rel=1e-9)
    assert gap(study, path, end, "A", "B") == pytest.approx(0, abs=1e-8)
    assert gap(study, path, end * 1.01, "A", "B") > 1e-3


def test_either_side_of_a_step_is_ahead_in_single_runs() -> None:
    """Volume ties come in steps; what is said of them holds where the study is run with the values."""
    study = from_dict(tables(own(serving_gain=0.05, capex=[{**own()["capex"][0], "amount": 60_000.0}]), api()))
    seen = 0
    for path in ("workload/chat/requests_per_day", "option/Own/serving_gain", "option/Own/serving/chat/decode_rate"):
        found = search(study, path)
        for root in found.roots:
            assert abs(gap(study, path, root)) < 1e-8
        for low, high in found.jumps:
            assert gap(study, path, low) * gap(study, path, high) < 0
            assert high - low < 1e-8 * high
        seen += len(found.jumps)
    assert seen


def test_a_stretch_of_ties_that_ends_where_a_fleet_grows_ends_in_a_step() -> None:
    """Two fleets that differ in one input: the same number of systems over a stretch of it, one more beyond."""
    study = from_dict(tables(own(availability=0.9), own("Other", availability=0.9)))
    path = "option/Own/availability"
    found = search(study, path, two="Other")
    assert found.roots == ()
    ((low, high),) = found.jumps
    assert side(study, path, low) == 1 and side(study, path, high) == 0 == side(study, path, 1.0)
    assert high < 0.9 and high - low < 1e-8 * high


def side(study: Study, path: str, value: float) -> float:
    """The sign of the gap to the other fleet."""
    return float(np.sign(gap(study, path, value, two="Other")))


def test_what_is_too_large_to_compute_is_no_tie() -> None:
    study = from_dict(tables(own(), own("Other"), horizon_years=15))
    path = "workload/chat/demand_growth"
    varied = variation(study, path, 0.0, 100.0)
    found = break_even(varied, "Own", "Other")
    assert json.dumps(break_even_json(found, Comparability(True, "")), allow_nan=False)


def test_every_year_covered_that_is_refused_has_no_figure() -> None:
    study = from_dict(tables(own(months_to_production=20), api()))
    found = results(variation(study, "study/horizon_years"), "Own", np.array([1.0, 2.0]), METRIC)
    assert np.isnan(found[0])
    assert np.isfinite(found[1])


def test_names_of_all_kinds_are_paths() -> None:
    names = ("h200/8 & spare", "~quote~#2", 'the "cheap" 東京')
    items = [{"name": "x/y", "category": "staff", "basis": "per_year", "amount": a} for a in (4000.0, 5000.0)]
    study = from_dict(tables(*(own(n, opex=items) for n in names[:2]), api(names[2])))
    path = "option/h200~18 & spare/opex/x~1y#2/amount"
    (root,) = search(study, path, one=names[0], two=names[1]).roots
    assert root == pytest.approx(5000)
    assert search(study, "option/~0quote~0#2/pue", one=names[0], two=names[2]).roots == (), "of a third option"


# ----------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    study = from_dict(tables(own("a/b"), api()))
    target = tmp_path / "study.toml"
    target.write_text(dumps(study), encoding="utf-8")
    return target


def asked(file: Path, *more: str) -> int:
    return cli.main(["breakeven", str(file), "--option", "a/b", "--against", "API", "--json", *more])


def test_the_command_line_answers_in_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(file, "--input", "option/a~1b/capex/Servers/amount") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["roots"] and answer["metric"] == METRIC and len(answer["range"]) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--input", "option/a~1b/pue", "--high", "inf"), "is not a number"),
        (("--input", "option/a~1b/pue", "--low=nan"), "is not a number"),
        (("--input", "option/a~1b/equipment_life", "--low", "2.2", "--high", "2.8"), "whole numbers"),
        (("--input", "option/a/b/pue"), 'did you mean "option/a~1b"'),
        (("--input", "option/a~1b/refresh"), "not a number"),
        (("--input", "option/a~1b/pue", "--metric", "binding"), "no single figure"),
        (("--input", "option/a~1b/pue", "--metric", "pv_cots"), "pv_cost"),
    ],
)
def test_bad_input_ends_in_words_and_code_2(
    file: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], words: str
) -> None:
    try:
        code = asked(file, *more)
    except SystemExit as stop:
        code = stop.code
    assert code == cli.BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
