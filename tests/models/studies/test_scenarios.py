"""Scenarios: read, written, applied, and what becomes of them when rows are renamed, removed or converted."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.reporting.cases import as_json, cases, text
from models.studies import scenarios
from models.studies.change import replace
from models.studies.file.load import dumps, from_dict, loads, to_dict
from models.studies.inputs.problem import StudyError
from models.studies.rewrite import in_currency, option_removed
from models.studies.scenarios import BASE, applied
from models.studies.study import Study, get
from tests.models.analysis.risk.made import api, study

PATH = "option/A/opex/cost 1/amount"


def held(*more: dict[str, Any]) -> Study:
    cheap = {"name": "Cheap", PATH: 50, "study/discount_rate": 0.1}
    return study(api("A", 100), api("B", 80), scenario=[cheap, *more])


def test_a_case_is_the_study_with_its_changes():
    made = applied(held(), "Cheap")
    assert (get(made, PATH).value, get(made, "study/discount_rate").value) == (50, 0.1)
    assert made.scenarios == () and get(held(), PATH).value == 100
    assert applied(held(), BASE) == held()


def test_it_is_saved_and_loaded():
    made = held({"name": 'A "quoted" one', "workload/chat/requests_per_day": [1000.0, 2000.0]})
    assert loads(dumps(made)) == made
    assert from_dict(to_dict(made)) == made


def test_cases_stand_side_by_side():
    found = cases(held())
    assert [(each.name, each.winner) for each in found] == [(BASE, "B"), ("Cheap", "A")]
    assert as_json(found)["Cheap"]["options"]["A"]["pv_cost"] < as_json(found)[BASE]["options"]["A"]["pv_cost"]
    assert "*" in text(found) and "Cheap" in text(found)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({PATH: 1}, "needs name"),
        ({"name": "cheap", PATH: 1}, "is the name of another case"),
        ({"name": "Base", PATH: 1}, "or of the base case"),
        ({"name": "Empty"}, "changes nothing"),
        ({"name": "Odd", "option/A/opex/cost 1/amuont": 1}, "did you mean"),
        ({"name": "Odd", PATH: "dear"}, "must be a number"),
        ({"name": "Odd", "option/A/api/batch_discount": 2}, "at most 1"),
        ({"name": "Odd", "study/reference_option": "Nobody"}, "Nobody"),
        ("wrong", "must be headed"),
    ],
)
def test_what_is_no_case_is_refused(given: Any, message: str):
    with pytest.raises(StudyError, match=message):
        held(given)


def test_too_many_are_refused():
    with pytest.raises(StudyError, match="at most 50"):
        held(*({"name": f"case {n}", PATH: n} for n in range(60)))


def test_an_unknown_case_is_answered_with_the_nearest():
    with pytest.raises(StudyError, match='did you mean "Cheap"'):
        applied(held(), "Cheep")


def test_paths_follow_names_and_go_with_rows():
    renamed = replace(held(), "option/A/name", "Own")
    assert renamed.scenarios[0].changes[0] == (PATH.replace("/A/", "/Own/"), 50)
    assert option_removed(held(), "A").scenarios[0].changes == (("study/discount_rate", 0.1),)
    assert option_removed(held({"name": "Other", PATH: 1}), "A").scenarios[-1].name == "Cheap"


def test_amounts_change_with_the_currency():
    assert in_currency(held(), "EUR", 2.0).scenarios[0].changes == ((PATH, 100.0), ("study/discount_rate", 0.1))


def test_a_case_takes_a_change_and_is_taken_out():
    made = scenarios.with_change(held(), "Cheap", PATH, 40)
    made = scenarios.with_change(made, "Dear", PATH, 400)
    assert [dict(each.changes)[PATH] for each in made.scenarios] == [40, 400]
    assert scenarios.without(made, "Cheap").scenarios == made.scenarios[1:]
    with pytest.raises(StudyError, match="base case"):
        scenarios.with_change(made, "Base", PATH, 1)
