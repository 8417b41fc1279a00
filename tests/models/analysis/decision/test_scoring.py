"""Scores of what is not money: weighted by hand, kept out by gates, and told how far the order holds."""

import pytest

from models.analysis.decision.scoring import Criterion, Moved, Standing, of, sensitivity, standings, winners
from models.studies.change import replace, replace_all
from models.studies.file.load import dumps, loads
from models.studies.inputs.problem import StudyError
from models.studies.rewrite import option_removed
from store import library

CRITERIA = [Criterion("Delivery", 50), Criterion("Service", 30, gate=2), Criterion("Security", 20)]
SCORES = {
    "A": {"Delivery": 4.0, "Service": 2.0, "Security": 3.0},
    "B": {"Delivery": 2.0, "Service": 5.0, "Security": 4.0},
}


def test_scores_are_weighted_and_the_highest_wins():
    found = standings(CRITERIA, SCORES)
    assert [each.score for each in found] == pytest.approx([3.2, 3.3])
    assert winners(found) == ("B",)
    # Weights need not come to a hundred.
    tenth = [Criterion(each.name, each.weight / 10, each.gate) for each in CRITERIA]
    assert [each.score for each in standings(tenth, SCORES)] == pytest.approx([3.2, 3.3])


def test_a_gate_keeps_an_offer_out_and_a_missing_score_is_said():
    scores = {**SCORES, "B": {**SCORES["B"], "Service": 1.0}, "C": {"Delivery": 5.0, "Security": 5.0}}
    found = standings(CRITERIA, scores)
    assert found[1:] == (Standing("B", None, ("Service",), ()), Standing("C", None, (), ("Service",)))
    assert winners(found) == ("A",) and winners(found[1:]) == ()


def test_the_winner_is_told_for_each_weight_ten_points_lower_and_higher():
    moved = list(sensitivity(CRITERIA, SCORES))
    assert [(each.criterion, each.points) for each in moved] == [
        (name, points) for name in ("Delivery", "Service", "Security") for points in (-10, 10)
    ]
    # Delivery at 60: A 0.6 x 4 + 0.24 x 2 + 0.16 x 3 = 3.36, B 0.6 x 2 + 0.24 x 5 + 0.16 x 4 = 3.04.
    assert moved[1] == Moved("Delivery", 10, ("A",)) and moved[0].winners == ("B",)
    assert not list(sensitivity([Criterion("Only", 1)], {"A": {"Only": 1.0}}))


@pytest.mark.parametrize(
    ("criteria", "scores", "words"),
    [
        ([Criterion("x", 0)], {"A": {"x": 1.0}}, "one of them above 0"),
        ([Criterion("x", -1), Criterion("y", 2)], {}, "0 or more"),
        ([Criterion("x", 1)], {"A": {"x": 6.0}}, "A, x: a score lies between 0 and 5"),
    ],
)
def test_what_makes_no_sense_is_refused(criteria: list[Criterion], scores: dict[str, dict[str, float]], words: str):
    with pytest.raises(ValueError, match=words):
        standings(criteria, scores)


def test_equal_scores_tie():
    assert winners(standings([Criterion("x", 1)], {"A": {"x": 3.0}, "B": {"x": 3.0}})) == ("A", "B")


# ------------------------------------------------------------------------------------------------------- in the study

SCORED = """
[[criterion]]
name = "Delivery"
weight = 60

[[criterion]]
name = "Service"
weight = 40
least = 2
"""
OF_OPTION = """
[[option.score]]
criterion = "Service"
score = { value = 3.5, source = "Contract draft, section 4" }
"""


def test_scores_last_in_the_study_file_and_follow_a_criterion_under_its_new_name():
    study = loads(dumps(library.template("deepseek_fleet").study) + OF_OPTION + SCORED)
    last = study.options[-1].name
    assert of(study) == ((Criterion("Delivery", 60), Criterion("Service", 40, 2)), {last: {"Service": 3.5}})
    assert loads(dumps(study)) == study
    place = f"option/{last}/score/Service/score"
    assert study.input(place).value.source == "Contract draft, section 4"
    renamed = replace(study, "criterion/Service/name", "Response")
    assert of(renamed)[1] == {last: {"Response": 3.5}}
    assert of(replace_all(renamed, {f"option/{last}/name": "Another"}))[1] == {"Another": {"Response": 3.5}}
    assert of(option_removed(study, last))[1] == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('criterion = "Service"', 'criterion = "Servise"', "not a criterion of this study.*Service"),
        ("value = 3.5", "value = 5.5", "at most 5"),
        ("weight = 60", "weight = -1", "weight"),
        ('name = "Delivery"', 'name = "Service"', "another criterion"),
    ],
)
def test_a_study_file_with_senseless_scores_is_refused(old: str, new: str, words: str):
    text = dumps(library.template("deepseek_fleet").study) + OF_OPTION + SCORED
    with pytest.raises(StudyError, match=words):
        loads(text.replace(old, new))
