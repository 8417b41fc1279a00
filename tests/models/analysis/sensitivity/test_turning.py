"""What makes another option cheaper: the nearest of the searched inputs, and every other option in its place."""

from __future__ import annotations

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.sensitivity.target_words import condition
from models.analysis.sensitivity.targets import Target, target
from models.analysis.sensitivity.turning import Rivals, nearest, rivals
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import from_dict, to_dict
from tests.models.analysis.risk.made import amount, api, owned, study

A, B = (f"option/{name}/opex/cost 1/amount" for name in "AB")


def found(*paths: str, of_b: object = 110) -> list[Target]:
    held = study(api("A", amount(100, 80, 150)), api("B", of_b))
    return [target(held, path, "A", "B", RANKED_BY) for path in paths]


def test_the_nearest_turns_the_order_and_one_that_turns_nothing_is_none():
    best = nearest(found(B, A, "workload/chat/requests_per_day", of_b=amount(110, 70, 150)))
    assert best is not None and best.subject.path == B and best.value is not None
    assert condition(best, "USD") == ("cost 1 (B) falls below", "USD 100 p.a.")
    changed = replace_all(study(api("A", 100), api("B", 110)), {B: 0.999 * best.value})
    figures = {name: option.number(RANKED_BY) or 0.0 for name, option in MODEL.run(changed).options.items()}
    assert figures["B"] < figures["A"]
    assert nearest(found("workload/chat/requests_per_day")) is None


def test_what_lies_within_its_range_goes_before_what_is_nearer():
    within, nearer = found(A, B)
    assert within.within_range and not nearer.within_range and nearer.reach < within.reach
    assert nearest((nearer, within)) is within
    assert condition(within, "USD")[0] == "cost 1 (A) rises above"


def test_a_step_is_a_value_to_reach():
    held = to_dict(study(owned("A", equipment_life=3), api("B", 600)))
    held["study"]["horizon_years"] = 4
    step = target(from_dict(held), "option/A/equipment_life", "A", "B", RANKED_BY)
    assert step.nearest is not None and not step.nearest.tie
    assert condition(step, "USD") == ("Equipment life (A) falls to", "1 year")


def test_every_other_option_has_its_place():
    unpriced = api("Unpriced") | {"api": {"price_input": 1.0}}
    missed = {"serving": [{"workload": "chat", "quality": 0.7, "quality_target": 0.8}]}
    missing = (api("Dear", 120, **missed), api("Cheap", 90, **missed))
    held = study(api("A", 100), api("Twin", 100), api("B", 110), api("C", 180), unpriced, *missing)
    bars = {"B": "", "C": "", "Dear": "misses its quality target"}
    assert rivals(MODEL.run(held)) == Rivals("A", bars, ("Twin",), ("Unpriced", "Cheap"))
    alone = rivals(MODEL.run(study(api("A", 100))))
    assert alone == Rivals("A", {}, (), ())
    assert rivals(MODEL.run(study(unpriced))) is None
