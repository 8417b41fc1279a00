"""Targets: break-evens feed back to a tie, every stretch names who is ahead in it, and the words say what was found."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.named_input import subject
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.sensitivity.target_words import as_target, in_words
from models.analysis.sensitivity.targets import Crossing, Target, around, saved_along, target
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

SERVICE, VENDORS, SITE = (f"templates/{n}.toml" for n in ("customer_service", "two_vendors", "power_limited_site"))
OWN: dict[str, Any] = {
    "name": "Own",
    "acquisition": "purchase",
    "sizing": "fixed",
    "systems": 2,
    "utilisation": 0.5,
    "equipment_life": 4,
    "serving": [{"workload": "chat", "decode_rate": 500.0}],
    "capex": [{"name": "Servers", "asset": "equipment", "basis": "per_system", "amount": 100_000.0}],
}
OTHER = copy.deepcopy(OWN) | {
    "name": "Other",
    "capex": [
        {
            "name": "Servers",
            "asset": "equipment",
            "basis": "per_system",
            "amount": {"value": 120_000.0, "low": 90_000.0, "high": 150_000.0, "confidence": "quoted"},
        }
    ],
    "opex": [{"name": "Crew", "category": "staff", "basis": "per_year", "amount": 1_000.0}],
}
TABLES: dict[str, Any] = {
    "study": {"currency": "USD", "horizon_years": 4, "discount_rate": 0.08},
    "workload": [{"name": "chat", "requests_per_day": 2_000_000.0, "output_tokens": 200.0}],
    "option": [OWN, OTHER],
}
PRICE = "option/Other/capex/Servers/amount"


def small() -> Study:
    return from_dict(TABLES)


def pair(study: Study) -> tuple[str, str]:
    one, two, *_ = study.options
    return one.name, two.name


def gap(study: Study, found: Target, value: float) -> float:
    content = round(value) if found.subject.entry.kind == "whole" else value
    moved = (found.subject.path, *(alike(study, found.subject.path) if found.both else ()))
    changed = MODEL.run(replace_all(study, dict.fromkeys(moved, content)))
    ours, theirs = (changed.options[name].number(found.metric) for name in (found.option, found.against))
    assert ours is not None and theirs is not None
    return (ours - theirs) / max(abs(ours), abs(theirs))


@pytest.mark.parametrize("template", [SERVICE, VENDORS, SITE])
def test_ties_feed_back_and_each_side_is_told(template: str):
    study = load(template)
    one, two = pair(study)
    result = MODEL.run(study)
    for path in candidates(result.options[one], result.options[two])[:8]:
        found = target(study, path, one, two)
        assert not found.fault and len(found.spans) == len(found.crossings) + 1
        for crossing in found.crossings:
            if crossing.tie:
                assert gap(study, found, crossing.low) == pytest.approx(0, abs=1e-8)
        for span in found.spans:
            middle = (span.low + span.high) / 2
            if found.subject.entry.kind == "whole":
                middle = math.floor(middle)
            if span.ahead:
                assert (gap(study, found, middle) < 0) == (span.ahead == one)


def test_a_price_is_a_target_to_bargain_for():
    found = target(small(), PRICE, "Own", "Other", METRIC)
    assert found.value is not None and found.value < 100_000, "the crew must be made up for"
    assert found.now == "Own" and found.beyond == "Other"
    assert found.within_range and found.reach == pytest.approx(1 - found.value / 120_000)
    said = as_target(found, "USD")
    assert said.startswith("target price: USD 98,") and "per system, 18% below the quote" in said


def test_steps_name_both_sides_and_no_tie():
    study = load(SITE)
    found = target(study, "option/B200, liquid/equipment_life", "B200, liquid", "B200, air", together=False)
    (step,) = found.crossings
    assert (step.low, step.high, step.tie) == (5, 6, False) and found.value == 6
    said = " ".join(in_words(found, "USD"))
    assert "The cheaper option changes between 5 and 6" in said and "(plan 5, +1)" in said


def test_what_both_hold_alike_moves_in_both():
    study, path = load(VENDORS), "option/Vendor A, expensed/electricity_price"
    pair = "Vendor A, expensed", "Vendor B, expensed"
    together, alone = (target(study, path, *pair, together=t) for t in (True, False))
    assert together.both and together.subject.name == "Electricity price (both)"
    assert not alone.both and alone.subject.name == "Electricity price (Vendor A, expensed)"
    price = alone.value
    assert price is not None and abs(gap(study, alone, price)) < 1e-9
    both = dict.fromkeys((path, *alike(study, path)), price)
    options = MODEL.run(replace_all(study, both)).options
    assert options[pair[0]].number(RANKED_BY) != pytest.approx(options[pair[1]].number(RANKED_BY), rel=1e-6)
    assert all(abs(gap(study, together, c.low)) < 1e-9 for c in together.crossings if c.tie)
    found = candidates(*(MODEL.run(study).options[name] for name in pair))
    assert path in found and "option/Vendor B, expensed/electricity_price" not in found


def test_equal_by_chance_is_not_alike():
    study = from_dict({**TABLES, "option": [OWN, {**OWN, "name": "Other"}]})
    assert not target(study, "option/Own/capex/Servers/amount", "Own", "Other").both


def test_what_changes_nothing_is_told_apart():
    alike = from_dict({**TABLES, "option": [OWN, {**OWN, "name": "Other"}]})
    found = target(alike, "study/discount_rate", "Own", "Other")
    assert found.alike and in_words(found, "USD")[0] == "Both cost the same whatever it is."
    flat = target(small(), "option/Own/wue", "Own", "Other")
    assert flat.flat and not flat.crossings and "does not move the difference" in in_words(flat, "USD")[0]
    none = target(small(), "option/Other/opex/Crew/amount", "Own", "Other")
    assert not none.flat and not none.crossings and "Own stays cheaper" in in_words(none, "USD")[0]
    assert as_target(none, "USD") == "no value does" and math.isinf(none.reach)


def test_what_cannot_be_searched_says_why():
    found = target(small(), "option/Own/refresh", "Own", "Other")
    assert "is not a number" in found.fault and in_words(found, "USD")[0].startswith("No search was possible")
    with pytest.raises(StudyError, match='did you mean "pue"'):
        target(small(), "option/Own/pues", "Own", "Nobody")
    with pytest.raises(StudyError, match="Nobody"):
        target(small(), PRICE, "Own", "Nobody")


def test_several_are_counted_and_those_around_today_listed():
    found = target(load(VENDORS), "workload/Chat/requests_per_day", "Vendor A, expensed", "Vendor B, expensed")
    assert len(found.crossings) > 4
    said = in_words(found, "USD")
    assert said[0].startswith("The cheaper option changes at several values") and said[1].startswith("Nearest: ")
    assert said[2].count(";") == 3 and "further out" in said[2]
    assert found.nearest in found.crossings


def test_roots_that_rounding_split_are_one():
    found = target(load(VENDORS), "study/discount_rate", "Vendor A, expensed", "Vendor B, expensed")
    assert len(found.crossings) == 1


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e9))
@settings(max_examples=50)
def test_a_step_stands_for_its_far_side(low: float, base: float, width: float):
    crossing = Crossing(low, low + width, False)
    assert crossing.value(base) in (crossing.low, crossing.high)
    assert abs(crossing.value(base) - base) >= min(abs(crossing.low - base), abs(crossing.high - base))


def test_candidates_hold_what_people_bargain_over():
    result = MODEL.run(load(SERVICE))
    found = candidates(result.options["Rented fleet"], result.options["API, same model"])
    assert found[0] == "option/Rented fleet/rental/committed_price"
    assert "option/API, same model/api/price_input" in found
    assert {"workload/Live chat/requests_per_day", "workload/Live chat/success_rate"} <= set(found)
    assert {"study/discount_rate", "study/horizon_years"} <= set(found)
    bought = candidates(result.options["Buy, colocation"], result.options["API, same model"])
    own = "option/Buy, colocation"
    assert {f"{own}/equipment_life", f"{own}/asset/equipment/residual_share", f"{own}/electricity_price"} <= set(bought)
    assert len(set(bought)) == len(bought) <= 20


def test_the_line_passes_through_today_and_the_break_even():
    study = small()
    found = target(study, PRICE, "Own", "Other", METRIC)
    low, high = around(found)
    assert low < 90_000 and high > 150_000, "the whole range of the input"
    points = dict(saved_along(study, found, low, high))
    assert found.value is not None
    assert points[found.value] == pytest.approx(0, abs=1e-3)
    ours, theirs = (MODEL.run(study).options[name].values[METRIC] for name in ("Own", "Other"))
    assert points[120_000.0] == pytest.approx(theirs - ours)


def test_inputs_are_named_as_people_name_them():
    study = load(SERVICE)
    paths = {
        "option/Buy, colocation/electricity_price": "Electricity price (Buy, colocation)",
        "option/Buy, colocation/capex/H200 SXM accelerators/amount": "H200 SXM accelerators (Buy, colocation)",
        "workload/Live chat/requests_per_day": "Requests per day (Live chat)",
        "study/discount_rate": "Discount rate",
    }
    assert {path: subject(study, path).name for path in paths} == paths


def test_numbers_carry_their_unit():
    study = load(SERVICE)
    rate = subject(study, "study/discount_rate")
    assert rate.written(0.0723, "USD") == "7.23% p.a." and rate.distance(0.1) == "+2.8 points"
    staff = subject(study, "option/Buy, colocation/opex/On-call and platform staff/amount")
    assert staff.written(150_000.4, "USD") == "USD 150,000 p.a."
    years = subject(study, "study/horizon_years")
    assert years.written(1, "USD") == "1 year"
    assert years.distance(7) == "+2" and years.distance(5) == ""
    price = subject(study, "option/Buy, colocation/electricity_price")
    now = study.option("Buy, colocation").fields.number("electricity_price")
    assert price.distance(now * 20) == "20×" and price.distance(now * 1.37) == "+37%"
    assert price.number(0.12864) == "0.1286" and price.number(0.09) == "0.09"


def test_the_ranking_is_what_options_are_compared_by():
    assert target(small(), PRICE, "Own", "Other").metric == RANKED_BY
