"""Tornado: each end is a run of its own, ranges are the input's own or the usual ones, and nothing goes missing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from models.analysis.metrics.measures import HIGHER_IS_BETTER, RANKED_BY, ahead, comparable_by, is_total
from models.analysis.sensitivity.shared_inputs import groups
from models.analysis.sensitivity.tornado import Bar, Tornado, tornado
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.soak import long
from tests.strategies import studies

VENDORS = "templates/two_vendors.toml"
PRICE = {"value": 100_000.0, "low": 80_000.0, "high": 130_000.0, "note": "offer"}
OWN: dict[str, Any] = {
    "name": "Own",
    "acquisition": "purchase",
    "sizing": "demand",
    "equipment_life": 4,
    "accelerators_per_system": {"value": 8, "low": 4, "high": 16, "note": "half or twice"},
    "pue": 1.3,
    "electricity_price": {"value": 0.1, "low": 0.05, "high": 0.2, "source": "grid"},
    "system_power_load_w": {"value": 8000.0, "low": 1000.0, "high": 9000.0, "note": "meter"},
    "system_power_idle_w": 2000.0,
    "serving": [{"workload": "chat", "decode_rate": {"value": 500.0, "low": 400.0, "note": "run"}}],
    "capex": [{"name": "Servers", "asset": "equipment", "basis": "per_system", "amount": PRICE}],
}
RENTED: dict[str, Any] = {
    "name": "Rented",
    "acquisition": "rental",
    "sizing": "demand",
    "accelerators_per_system": 8,
    "serving": [{"workload": "chat", "decode_rate": 500.0}],
    "rental": {"on_demand_price": 1.0},
}
TABLES: dict[str, Any] = {
    "study": {"currency": "USD", "horizon_years": 4, "discount_rate": {"value": 0.08, "low": 0.05, "high": 0.1}},
    "workload": [{"name": "chat", "requests_per_day": 2_000_000.0, "output_tokens": 200.0}],
    "option": [OWN, RENTED],
}


def study(**changes: Any) -> Study:
    return replace_all(from_dict(TABLES), changes)


def bar(found: Tornado, path: str) -> Bar:
    return next(b for b in (*found.bars, *found.unmoved) if path in b.paths)


def reasons(found: Tornado) -> dict[str, str]:
    return {entry.path: entry.reason for entry in found.skipped}


def test_each_end_is_the_run_of_the_changed_study():
    found = tornado(study(), "Own")
    for each in (*found.bars, *found.unmoved):
        for end in (each.low, each.high):
            if end is not None:
                changed = MODEL.run(replace(study(), each.path, end.value))
                assert end.figure == changed.options["Own"].number(RANKED_BY)
                assert end.winners == ahead({n: o.number(RANKED_BY) for n, o in changed.options.items()}, RANKED_BY)


def test_bars_stand_in_order_of_their_swing_and_span_the_figures():
    found = tornado(study(), "Own")
    assert [b.swing for b in found.bars] == sorted((b.swing for b in found.bars), reverse=True)
    price = bar(found, "option/Own/electricity_price")
    assert price.low is not None and price.high is not None
    assert (price.low.value, price.base, price.high.value) == (0.05, 0.1, 0.2)
    assert price.swing == pytest.approx(price.high.figure - price.low.figure)
    assert price.unit == "money/kWh" and price.range.origin == "stated" and price.range.source == "grid"
    assert found.base == MODEL.run(study()).options["Own"].number(RANKED_BY)


def test_an_input_without_a_range_takes_the_usual_one_and_says_whose():
    pue = bar(tornado(study(), "Own"), "option/Own/pue")
    entry = schema.field("option", "pue")
    assert pue.range.origin == "usual" and pue.range.source == entry.usual_source
    assert (pue.range.low, pue.range.high) == entry.usual


def test_usual_prices_are_in_dollars_and_say_nothing_of_other_money():
    tables = copy.deepcopy(TABLES)
    tables["study"]["currency"] = "EUR"
    found = tornado(from_dict(tables), "Rented")
    assert "no typical range" in reasons(found)["option/Rented/rental/on_demand_price"]
    assert bar(tornado(study(), "Rented"), "option/Rented/rental/on_demand_price").range.origin == "usual"


def test_whole_numbers_are_rounded_inward():
    found = tornado(study(), "Own")
    life = bar(found, "option/Own/equipment_life")
    assert life.low is not None and life.high is not None
    assert (life.low.value, life.high.value) == (2, 6)


def test_whole_numbers_with_none_between_low_and_high_are_listed(monkeypatch: pytest.MonkeyPatch):
    from models.analysis.sensitivity import quantities as module

    narrow = module.Range(4.2, 4.8, "stated", "")
    monkeypatch.setattr(module, "input_range", lambda *_: narrow)
    assert (
        "whole numbers, and none lies between 4.2 and 4.8"
        in reasons(tornado(study(), "Own"))["option/Own/equipment_life"]
    )


def test_an_end_that_is_no_valid_study_is_dropped_with_the_reason():
    power = bar(tornado(study(), "Own"), "option/Own/system_power_load_w")
    assert power.low is None and power.high is not None
    assert "low 1,000" in power.dropped[0] and "system_power_idle_w" in power.dropped[0]
    assert "must not exceed" in power.dropped[0]


def test_a_range_with_one_end_has_one_end():
    rate = bar(tornado(study(), "Own"), "option/Own/serving/chat/decode_rate")
    assert rate.high is None and rate.dropped == ("no high is given",)
    assert rate.swing > 0


def test_what_is_blank_or_no_number_is_skipped_and_listed():
    found = reasons(tornado(study(), "Own"))
    assert found["option/Own/demand_charge"] == "has no entered range, and no typical range is known"
    assert found["option/Own/facility_power_kw"] == "is blank"
    assert found["option/Own/name"] == found["option/Own/refresh"] == "is not a number"


def test_every_input_concerned_is_a_bar_or_is_listed_once():
    found = tornado(study(), "Own")
    told = [p for b in (*found.bars, *found.unmoved) for p in b.paths] + [entry.path for entry in found.skipped]
    own = {
        place.of(name)
        for path, place in study().places.items()
        for name in place.row
        if path.startswith(("study/", "study", "load_shape/", "workload/", "option/Own"))
    }
    assert own <= set(told) and len(told) == len(set(told))


def test_inputs_that_move_nothing_stand_apart():
    found = tornado(study(), "Own")
    assert "option/Own/serving/chat/decode_rate" not in {b.path for b in found.unmoved}
    assert {b.path for b in found.unmoved} >= {"option/Own/carbon_intensity", "option/Own/wue"}


def test_the_inputs_that_change_the_winner_are_marked():
    found = tornado(study(**{"option/Rented/rental/on_demand_price": 0.55}), "Own")
    assert found.winners == ("Own",)
    marked = {b.path for b in found.bars if b.changes_winner}
    for each in found.bars:
        ends = [end for end in (each.low, each.high) if end is not None]
        assert (each.path in marked) == any(end.winners != ("Own",) for end in ends)
    assert "option/Own/capex/Servers/amount" in marked
    dear = tornado(study(**{"option/Rented/rental/on_demand_price": 1.5}), "Own")
    assert not any(b.changes_winner for b in dear.bars)


def test_a_gap_is_the_difference_of_two_figures():
    found = tornado(study(), "Own", against="Rented")
    run = MODEL.run(study()).options
    one, two = (run[n].number(RANKED_BY) for n in ("Own", "Rented"))
    assert one is not None and two is not None
    assert found.base == one - two
    rental = bar(found, "option/Rented/rental/on_demand_price")
    assert rental.changes_winner == (rental.low is not None and rental.low.winners != found.winners)
    assert rental.label == "On-demand price, Rented"
    assert bar(found, "study/discount_rate").label == "Discount rate"


def twins() -> Study:
    tables = copy.deepcopy(TABLES)
    tables["option"].append(copy.deepcopy(OWN) | {"name": "Twin"})
    return from_dict(tables)


def test_what_two_options_hold_alike_moves_in_both():
    found = tornado(twins(), "Own", against="Twin")
    price = bar(found, "option/Own/electricity_price")
    assert price.paths == ("option/Own/electricity_price", "option/Twin/electricity_price")
    assert price.label == "Electricity price"
    assert price.swing == 0
    assert {b.label for b in found.bars} == {"Equipment life, Own", "Equipment life, Twin", "PUE, Own", "PUE, Twin"}


def test_bare_numbers_that_happen_to_be_equal_move_alone():
    assert bar(tornado(twins(), "Own", against="Twin"), "option/Own/pue").paths == ("option/Own/pue",)


def test_a_bare_number_equal_to_a_default_moves_nothing_else():
    """Whichever of the two is written first, nothing moves in two bars."""
    tables = copy.deepcopy(TABLES)
    tables["option"] = [copy.deepcopy(OWN) | {"name": "Typed", "max_utilisation": 1.0}, copy.deepcopy(OWN)]
    for options in (tables["option"], tables["option"][::-1]):
        made = from_dict({**tables, "option": options})
        found = tornado(made, "Own")
        moved = [path for b in (*found.bars, *found.unmoved) for path in b.paths]
        assert len(moved) == len(set(moved))
        assert groups(made).keys().isdisjoint({"option/Typed/max_utilisation", "option/Own/max_utilisation"})


def test_totals_do_not_stand_side_by_side_without_the_same_work():
    late = study(**{"option/Own/months_to_production": 6})
    with pytest.raises(StudyError, match="does not compare"):
        tornado(late, "Own", "comparison_pv_cost", against="Rented")
    priced = replace(late, "study/interim_price", 0.001)
    assert tornado(priced, "Own", "comparison_pv_cost", against="Rented").bars
    with pytest.raises(StudyError, match="unequal shares"):
        tornado(priced, "Own", "pv_cost", against="Rented")


def test_an_end_at_which_totals_do_not_compare_is_dropped():
    ranged = replace(study(), "option/Own/months_to_production", 0, low=0, high=6)
    months = bar(tornado(ranged, "Own", "pv_cost", against="Rented"), "option/Own/months_to_production")
    assert months.high is None and "does not compare" in months.dropped[0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"option": "Owm"}, "did you mean"),
        ({"option": "Own", "against": "Rent"}, "did you mean"),
        ({"option": "Own", "metric": "pv_kost"}, "pv_cost"),
        ({"option": "Own", "metric": "capex"}, "no single figure"),
        ({"option": "Own", "metric": "margin"}, "has no figure for Own"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked: dict[str, Any], words: str):
    with pytest.raises(StudyError, match=words):
        tornado(study(), **asked)


def test_directions_name_single_figures():
    assert set(MODEL.lines) >= HIGHER_IS_BETTER
    assert is_total("pv_cost") and is_total("lifetime_carbon")
    assert not is_total(RANKED_BY) and not is_total("served_share")


def test_ties_and_missing_figures_are_told():
    assert ahead({"a": 1.0, "b": 1.0 + 1e-12, "c": 2.0}, RANKED_BY) == ("a", "b")
    assert ahead({"a": None, "b": 3.0}, RANKED_BY) == ("b",)
    assert ahead({"a": None}, RANKED_BY) == ()
    assert ahead({"a": 1.0, "b": 2.0}, "margin") == ("b",)


def test_unit_costs_stand_side_by_side_at_any_volume():
    options = MODEL.run(study(**{"option/Own/months_to_production": 6})).options
    assert comparable_by(RANKED_BY, options["Own"], options["Rented"]).holds
    assert not comparable_by("pv_cost", options["Own"], options["Rented"]).holds


@given(studies())
@settings(max_examples=10)
def test_any_study_has_a_tornado_or_a_reason(tables: dict[str, Any]):
    made = from_dict(tables)
    name = made.options[0].name
    if MODEL.run(made).options[name].number(RANKED_BY) is None:
        with pytest.raises(StudyError, match="no figure"):
            tornado(made, name)
        return
    for each in tornado(made, name).bars:
        assert each.low or each.high
        assert each.swing > 0


@long
def test_a_template_has_a_full_tornado():
    found = tornado(load(VENDORS), "Vendor A, expensed")
    assert len(found.bars) > 30 and any(b.changes_winner for b in found.bars)
