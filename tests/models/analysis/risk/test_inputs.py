"""The list of uncertain inputs: what is drawn, how, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.risk.inputs import uncertain_inputs
from models.studies.change import replace
from models.studies.file.load import dumps, from_dict, load, loads, to_dict
from models.studies.inputs.problem import StudyError
from models.studies.rewrite import in_currency, option_removed
from models.studies.study import Study, get
from tests.models.analysis.risk.made import amount, api, study

PATH = "option/A/opex/cost 1/amount"


def listed(given: Any, **rest: Any) -> dict[str, tuple[str, float, float, str]]:
    found = uncertain_inputs(study(api("A", given), **rest)).inputs
    return {each.path: (each.spread.kind, each.spread.low, each.spread.high, each.origin) for each in found}


def test_bare_figures_and_defaults_are_not_drawn():
    assert listed(100) == {}


def test_a_stated_range_is_a_triangle_unless_it_says_otherwise():
    assert listed({"value": 100, "low": 80, "high": 130}) == {PATH: ("triangular", 80, 130, "stated")}
    assert listed(amount(100, 80, 130, "pert")) == {PATH: ("pert", 80, 130, "stated")}


@pytest.mark.parametrize(
    ("confidence", "spread"),
    [("measured", 0.05), ("quoted", 0.05), ("published", 0.15), ("assumed", 0.3), ("own", 0.3)],
)
def test_without_a_range_the_kind_of_source_proposes_one(confidence: str, spread: float):
    found = listed({"value": 100, "confidence": confidence})[PATH]
    assert found == ("triangular", pytest.approx(100 - 100 * spread), pytest.approx(100 + 100 * spread), "proposed")


def test_what_a_contract_fixes_is_not_drawn():
    assert listed({"value": 100, "confidence": "contracted", "as_of": "2020"}) == {}


@pytest.mark.parametrize(
    ("as_of", "spread"), [("2026-06", 0.15), ("2025-01-01", 0.2), ("2025-02", 0.15), ("2022", 0.35), ("unknown", 0.15)]
)
def test_each_year_of_age_beyond_the_first_adds_five_points(as_of: str, spread: float):
    given = {"value": 100, "confidence": "published", "as_of": as_of}
    made = study(api("A", given))
    made = replace(made, "study/start_year", 2027)
    (found,) = uncertain_inputs(made).inputs
    assert found.spread.high == pytest.approx(100 + 100 * spread)
    assert ("for its age" in found.source) == (spread > 0.15)


def test_proposals_can_be_switched_off():
    assert listed({"value": 100, "confidence": "assumed"}, risk={"proposed_ranges": False}) == {}
    kept = listed({"value": 100, "low": 80, "high": 120}, risk={"proposed_ranges": False})
    assert kept == {PATH: ("triangular", 80, 120, "stated")}


def test_what_options_hold_alike_is_one_draw():
    given = {"value": 100, "low": 80, "high": 130, "source": "One contract"}
    (found,) = uncertain_inputs(study(api("A", given), api("B", given))).inputs
    assert found.paths == (PATH, PATH.replace("/A/", "/B/"))


def test_a_value_outside_its_range_is_refused():
    with pytest.raises(
        StudyError, match=r"cost 1/amount = 100: lies outside the entered range, 110 to 130; state a range"
    ):
        listed({"value": 100, "low": 110, "high": 130})


def test_held_inputs_say_why():
    given = {"value": 100, "low": 80}
    made = study(api("A", given))
    made = replace(made, "workload/chat/max_attempts", 2, low=1, high=3)
    reasons = {each.path: each.reason for each in uncertain_inputs(made).held}
    assert reasons[PATH] == "has one end of a range only: give the other"
    assert "whole numbers" in reasons["workload/chat/max_attempts"]


def test_shares_that_add_up_cannot_move_alone():
    made = load("templates/two_vendors.toml")
    base = next(option.name for option in made.options if option.acquisition == "purchase")
    tables = to_dict(made)
    option = next(each for each in tables["option"] if each["name"] == base)
    option.pop("electricity_price", None)
    spread = {"value": 0.4, "low": 0.3, "high": 0.5}
    option["tariff"] = [{"name": "day", "share": spread, "price": 0.1}, {"name": "night", "share": 0.6, "price": 0.1}]
    held = {each.path: each.reason for each in uncertain_inputs(from_dict(tables)).held}
    assert "cannot move alone" in held[f"option/{base}/tariff/day/share"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"value": 1, "low": 3, "high": 2}, "low is above high"),
        (amount(1, 0, 2, "bell"), "distribution must be one of triangular, pert"),
        ({"value": 1, "distribution": "normal"}, "give it a low and a high"),
        (amount(1, 0, 2, "lognormal"), "is spread above 0"),
        (amount(1, 0, 2, "discrete"), "give weights"),
        (amount(1, 0, 2, "discrete", weights=[1, 2]), "has 2 weights for 3 single values"),
        (amount(1, 0, 2, "discrete", weights=[0, 0, 0]), "add up to more than 0"),
        (amount(1, 0, 2, "discrete", weights=[1, -1, 1]), "numbers of 0 or more"),
        (amount(1, 0, 2, "discrete", weights="many"), "must be a list of numbers"),
        (amount(1, 0, 2, "uniform", weights=[1, 1, 1]), "belongs to a discrete distribution"),
    ],
)
def test_impossible_distributions_are_refused(given: Any, message: str):
    with pytest.raises(StudyError, match=message):
        study(api("A", given))


def test_a_text_and_a_whole_number_have_no_distribution_of_this_kind():
    made = study(api("A", 1))
    with pytest.raises(StudyError, match="is for numbers"):
        replace(made, "option/A/vendor", "X", distribution="normal")
    with pytest.raises(StudyError, match=r"outcomes must be at least 0\.000001 and at most 1"):
        weighed = {"distribution": "discrete", "weights": [1, 1], "outcomes": [0.5, 1.5]}
        replace(made, "workload/chat/success_rate", 0.9, **weighed)
    with pytest.raises(StudyError, match="takes single values only"):
        replace(made, "workload/chat/max_attempts", 2, low=1, high=3, distribution="triangular")


def described() -> Study:
    given = amount(5, 3, 6, "discrete", outcomes=[3, 5, 6], weights=[0.2, 0.5, 0.3], source="Us", note="n")
    pair = {"a": PATH, "b": PATH.replace("cost 1", "cost 2"), "rho": 0.4}
    return study(
        api("A", given, amount(5, 3, 6, "normal")), api("B", 5), risk={"draws": 2000, "seed": 9}, correlation=[pair]
    )


def test_it_is_saved_and_loaded():
    made = described()
    again = loads(dumps(made))
    assert again == made and get(again, PATH).weights == (0.2, 0.5, 0.3)
    assert again.risk.number("seed") == 9 and again.correlations[0].number("rho") == 0.4


def test_correlations_follow_a_renamed_option_and_go_with_a_removed_one():
    made = described()
    renamed = replace(made, "option/A/name", "Z/2")
    assert renamed.correlations[0].text("a") == "option/Z~12/opex/cost 1/amount"
    assert option_removed(made, "A").correlations == ()
    assert option_removed(made, "B").correlations == made.correlations


def test_single_values_change_with_the_currency():
    assert get(in_currency(described(), "EUR", 2.0), PATH).outcomes == (6, 10, 12)
