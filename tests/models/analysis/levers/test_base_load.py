"""The share of the peak to hold machines for: every point is a run of the study, and the least is the least."""

from __future__ import annotations

import pytest

from charts.capacity import LEAST, TODAY, base_and_peaks
from models.analysis.levers import base_load
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import from_dict
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.oracle import solve

RANKED = "comparison_cost_per_meaningful_response"


def tables(api_price: float = 8.0, **own) -> dict:
    """Two peaks a day on own machines, and an API."""
    serving = [{"workload": "chat", "prefill_rate": 1e4, "decode_rate": 500}]
    buy = {
        **{"name": "Buy", "acquisition": "purchase", "sizing": "demand", "equipment_life": 3, "serving": serving},
        "capex": [{"name": "system", "asset": "equipment", "basis": "per_system", "amount": 30000.0}],
    } | own
    api = {"name": "API", "acquisition": "api", "api": {"price_input": 1.0, "price_output": api_price}}
    chat = {"name": "chat", "requests_per_day": 4e5, "input_tokens": 500, "output_tokens": 400, "load_shape": "day"}
    shape = {"name": "day", "weekday": [1] * 9 + [9, 3] + [3] * 6 + [8] + [2] * 6, "weekend": [1] * 24}
    return {
        "study": {"horizon_years": 3, "discount_rate": 0.08, "inflation": 0.0},
        "load_shape": [shape], "workload": [chat], "option": [buy, api],
    }  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return from_dict(tables())


@pytest.fixture(scope="module")
def curve(study: Study) -> base_load.Curve:
    return base_load.least(study, study.option("Buy"))


def test_the_least_lies_between_all_and_nothing_and_no_share_looked_at_costs_less(curve: base_load.Curve):
    assert 0.1 < curve.best.share < 1
    assert curve.best.cost == min(point.cost for point in curve.points)
    assert curve.best.cost < curve.now.cost
    assert [point.share for point in curve.points] == sorted(point.share for point in curve.points)


def test_each_point_is_what_the_second_account_of_the_model_finds(curve: base_load.Curve):
    for point in (curve.points[0], curve.best, curve.points[-1]):
        found = solve(tables(base_share=point.share, overflow_to="API"))["Buy"]
        assert point.cost == pytest.approx(found[RANKED], rel=1e-9)


def test_taking_it_makes_the_study_that_of_the_best_point(study: Study, curve: base_load.Curve):
    taken = replace_all(study, base_load.changes(curve))
    assert MODEL.run(taken).options["Buy"].number(RANKED) == curve.best.cost
    assert base_load.least(taken, taken.option("Buy")).now == curve.best


def test_an_api_that_costs_more_than_idle_machines_takes_nothing():
    dear = from_dict(tables(api_price=1e5))
    assert base_load.least(dear, dear.option("Buy")).best.share == 1.0


@pytest.mark.parametrize(
    ("option", "change", "reason"),
    [
        ("API", {}, "has no fleet to size"),
        ("Buy", {"sizing": "fixed", "systems": 3, "utilisation": 0.5}, "takes given systems"),
    ],
)
def test_an_option_that_cannot_be_sized_for_a_share_says_why(option: str, change: dict, reason: str):
    other = from_dict(tables(**change))
    with pytest.raises(StudyError, match=reason):
        base_load.least(other, other.option(option))


def test_without_an_api_nothing_could_take_the_peaks():
    alone = tables()
    alone["option"].pop()
    with pytest.raises(StudyError, match="add one that takes the peaks"):
        base_load.least(from_dict(alone), from_dict(alone).option("Buy"))


def test_the_picture_marks_the_least_and_the_study_as_it_stands(curve: base_load.Curve):
    drawn = base_and_peaks(curve, "USD")
    assert LEAST in drawn.alt
    assert TODAY in drawn.alt
