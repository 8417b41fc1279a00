"""What is favourable to an option is said where it is recommended, each with what the option costs without."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.decision.decision import recommendation
from models.analysis.decision.favourable import favourable
from models.notation import writer
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file.load import from_dict
from models.studies.study import Study

RANKED = "comparison_cost_per_meaningful_response"


def study(rental: dict[str, Any] | None = None, **option: Any) -> Study:
    """A rented fleet for a day of which a third is busy, and an API that costs ten times as much."""
    terms = {"on_demand_price": 2.0} | (rental or {})
    serving = [{"workload": "chat", "prefill_rate": 1e4, "decode_rate": 1e3}]
    rent = {"name": "Rent", "acquisition": "rental", "sizing": "demand", "serving": serving, "rental": terms} | option
    api = {"name": "API", "acquisition": "api", "api": {"price_input": 5.0, "price_output": 50.0}}
    chat = {"name": "chat", "requests_per_day": 1e6, "input_tokens": 1000, "output_tokens": 200, "load_shape": "day"}
    shape = {"name": "day", "weekday": [0] * 8 + [1] * 8 + [0] * 8}
    return from_dict({
        "study": {"horizon_years": 3, "discount_rate": 0.08, "inflation": 0.0},
        "load_shape": [shape], "workload": [chat], "option": [rent, api],
    })  # fmt: skip


def said(of: Study) -> tuple[str, ...]:
    return favourable(MODEL.run(of).options["Rent"])


def dearer(of: Study, path: str, content: Any) -> str:
    """How much more the option costs with one input exchanged, run anew and written as a share."""
    now, then = (MODEL.run(each).options["Rent"].number(RANKED) for each in (of, replace(of, path, content)))
    assert now is not None and then is not None
    return writer.share(then / now - 1)


def test_nothing_favourable_is_said_of_what_assumes_nothing():
    assert said(study()) == ()


def test_hours_that_follow_the_load_are_said_with_what_the_clock_round_costs():
    hourly = study({"scaling": "hourly"})
    (sentence,) = said(hourly)
    assert "pays only for the hours they are on" in sentence
    assert f"paid round the clock it costs {dearer(hourly, 'option/Rent/rental/scaling', 'always_on')} more" in sentence


@pytest.mark.parametrize("change", [-0.2, [1.0, 0.7, 0.5]])
def test_prices_that_fall_are_said_with_what_todays_cost(change: float | list[float]):
    falling = study({"price_change": change})
    (sentence,) = said(falling)
    assert "fall 20% p.a." in sentence or "fall to 50%" in sentence
    assert f"without that fall it costs {dearer(falling, 'option/Rent/rental/price_change', 0.0)} more" in sentence


def test_electricity_that_falls_is_said_of_who_pays_for_it():
    power: dict[str, Any] = {"system_power_load_w": 9e6, "electricity_price": 0.1, "electricity_escalation": -0.1}
    server = {"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 1000}
    falling = study(acquisition="purchase", equipment_life=3, capex=[server], **power)
    (sentence,) = said(falling)
    more = dearer(falling, "option/Rent/electricity_escalation", 0.0)
    assert f"counts on electricity prices that fall 10% p.a.; without that fall it costs {more} more" in sentence


def test_prices_that_rise_are_not_favourable():
    assert said(study({"price_change": 0.1})) == said(study({"price_change": [1.0, 1.2]})) == ()


@pytest.mark.parametrize(("price", "speaks"), [(2.0, True), (2.04, True), (2.3, False)])
def test_a_price_at_the_low_end_of_its_own_range_is_said(price: float, speaks: bool):
    low = study({"on_demand_price": {"value": price, "low": 2.0, "high": 3.0, "source": "three quotes"}})
    sentences = said(low)
    assert bool(sentences) == speaks
    if speaks:
        more = dearer(low, "option/Rent/rental/on_demand_price", 2.5)
        assert "2 to 3" in sentences[0]
        assert f"at the middle “Rent” costs {more} more" in sentences[0]


def test_what_is_favourable_to_the_option_chosen_stands_among_what_must_be_true():
    found = recommendation(MODEL.run(study({"scaling": "hourly"})))
    assert found.winner == "Rent"
    assert any("round the clock" in sentence for sentence in found.conditions)


def test_a_latency_without_a_measurement_is_said_where_it_may_be_chosen():
    serving = [{"workload": "chat", "prefill_rate": 1e4, "decode_rate": 1e3, "ttft_target_ms": 500}]
    strict = study(serving=serving)
    assert recommendation(MODEL.run(strict)).winner == "API"
    lenient = replace(strict, "study/strict_targets", False)
    assert recommendation(MODEL.run(lenient)).winner == "Rent"
    assert any("no measurement" in each for each in recommendation(MODEL.run(lenient)).conditions)
