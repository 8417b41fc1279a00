"""What the changes of a study did to its headline: bars that add up, whatever was changed."""

from __future__ import annotations

import dataclasses
import math

from models.analysis.decision.decision import contenders
from models.analysis.decision.revised import CHOICE, revised
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.study import Study
from store import library

STUDY = library.template("customer_service").study
WINNER = contenders(MODEL.run(STUDY))[0].name  # type: ignore[union-attr]


def bars(now: Study, then: Study) -> dict[str, float]:
    """The bars by name; they lead from the one figure to the other."""
    found = revised(MODEL.run(now), MODEL.run(then))
    assert found is not None
    assert math.isclose(found.start + math.fsum(b.amount for b in found.bars), found.end, rel_tol=1e-9)
    assert found.end == MODEL.run(now).options[found.option].values[found.metric]
    assert found.start == MODEL.run(then).options[found.against].values[found.metric]
    return {bar.name: bar.amount for bar in found.bars}


def at(name: str) -> str:
    return f"option/{WINNER}/{name}"


def test_one_change_is_one_bar_and_none_is_none():
    assert bars(STUDY, STUDY) == {}
    assert bars(replace(STUDY, "study/discount_rate", 0.065), STUDY).keys() == {"terms"}
    path = next(p for p in STUDY.places if p.startswith("workload/"))
    volume = 2 * STUDY.places[path].row.number("requests_per_day")
    assert bars(replace(STUDY, f"{path}/requests_per_day", volume), STUDY).keys() == {"demand"}


def test_changes_that_act_on_each_other_still_add_up():
    option = STUDY.option(WINNER)
    place = next(p for p in STUDY.places if p.startswith(f"option/{WINNER}/capex/"))
    price = 3 * STUDY.places[place].row.number("amount")
    now = replace_all(STUDY, {"study/discount_rate": 0.12, at("pue"): 1.9, f"{place}/amount": price})
    assert option.acquisition == now.option(WINNER).acquisition
    found = bars(now, STUDY)
    assert {"terms", "power"} <= found.keys() and found.keys() & {"hardware_price", "facility"}


def test_another_recommendation_is_a_bar_of_its_own():
    items = [p for p in STUDY.places if p.startswith(f"option/{WINNER}/capex/")]
    dearer = {f"{p}/amount": 20 * STUDY.places[p].row.number("amount") for p in items}
    now = replace_all(STUDY, dearer)
    assert contenders(MODEL.run(now))[0].name != WINNER  # type: ignore[union-attr]
    found = bars(now, STUDY)
    assert found[CHOICE] < 0 < found["hardware_price"] + found.get("facility", 0)


def without(name: str) -> Study:
    kept = tuple(o for o in STUDY.options if o.name != name)
    return dataclasses.replace(STUDY, options=kept)


def test_an_option_that_came_or_went_is_the_change_of_the_recommendation():
    assert bars(without(WINNER), STUDY)[CHOICE] > 0
    assert bars(STUDY, without(WINNER))[CHOICE] < 0


def test_got_in_another_way_the_bars_are_kinds_of_cost_in_present_value():
    rented = next(o for o in STUDY.options if o.acquisition == "rental")
    renamed = dataclasses.replace(rented, fields=rented.fields.replaced("name", STUDY.option(WINNER).fields["name"]))
    kept = [o for o in STUDY.options if o.name not in (WINNER, rented.name)]
    now = dataclasses.replace(STUDY, options=(*kept, renamed))
    found = revised(MODEL.run(now), MODEL.run(STUDY))
    assert found is not None and found.metric == METRIC and not found.by_inputs
    assert bars(now, STUDY).keys() > {CHOICE}


def test_in_other_money_there_is_none():
    assert revised(MODEL.run(replace(STUDY, "study/currency", "CHF")), MODEL.run(STUDY)) is None


def test_the_headline_is_the_figure_that_ranks():
    found = revised(MODEL.run(replace(STUDY, "study/discount_rate", 0.065)), MODEL.run(STUDY))
    assert found is not None and found.metric == RANKED_BY
