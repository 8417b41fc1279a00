"""What is favourable to an option is said where it is recommended, each with what the option costs without."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.decision.decision import recommendation
from models.analysis.decision.favourable import favourable
from models.analysis.metrics.flags import flags
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


def bought(**option: Any) -> Study:
    """The fleet bought for 1,000 a system, kept five years in a study of three."""
    server = {"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 1000}
    held: dict[str, Any] = {"acquisition": "purchase", "equipment_life": 5, "capex": [server]} | option
    return study(**held)


def test_a_resale_that_nobody_typed_is_said_with_what_the_option_costs_without():
    """Of five years three are over: two fifths of the price come back, though no resale value was given."""
    (sentence,) = said(bought())
    result = MODEL.run(bought()).options["Rent"]
    back = sum(result.values["capex"]) * 0.4
    more = writer.share(back / 1.08**3 / result.values["pv_cost"])
    assert f"counts on {writer.money(back, '')} from resale; without resale it costs {more} more" in sentence
    assert said(bought(equipment_life=3)) == ()


def test_money_received_is_said_with_what_the_option_costs_without():
    rebate = {"name": "Rebate", "category": "credit", "basis": "per_year", "amount": -20.0, "escalation": 0.0}
    grant = {"name": "Subsidy", "asset": "grant", "basis": "fixed", "amount": -100.0}
    server = {"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 1000}
    paid = bought(equipment_life=3, opex=[rebate], capex=[server, grant])
    (sentence,) = said(paid)
    taken = 100 + sum(20 / 1.08 ** (y - 0.5) for y in (1, 2, 3))
    more = writer.share(taken / MODEL.run(paid).options["Rent"].values["pv_cost"])
    assert sentence == f"“Rent” counts on money received (“Rebate” and “Subsidy”); without it, it costs {more} more."


def test_money_received_beyond_what_is_paid_is_told_and_its_want_is_told_in_money():
    """A credit does not pay out what it is not set against: the option costs less than nothing only if it does."""
    credit = {"name": "Start-up credit", "category": "credit", "basis": "per_year", "amount": -1e9, "escalation": 0.0}
    paid = study(opex=[credit])
    (sentence,) = said(paid)
    free = MODEL.run(study()).options["Rent"].number(RANKED)
    assert free is not None and f"without it, it costs {writer.unit_cost(1000 * free)} per 1,000" in sentence
    told = [each.message for each in flags(MODEL.run(paid)) if "credits and grants are more" in each.message]
    assert len(told) == 1 and told[0].startswith("in model years 1, 2, 3 ")
    assert not any("credits and grants" in each.message for each in flags(MODEL.run(study())))


def test_a_commitment_that_outlives_the_study_is_said_with_what_it_costs_paid():
    owed = study({"committed_share": 1.0, "committed_price": 2.0, "commitment_years": 5})
    (sentence,) = said(owed)
    left = MODEL.run(owed).options["Rent"].values["commitment_owed"]
    assert f"owes {writer.money(left, '')} for commitments that outlive the study, not counted" in sentence
    assert f"paid, it costs {dearer(owed, 'option/Rent/rental/exit_fee_share', 1.0)} more" in sentence
    assert said(replace(owed, "option/Rent/rental/exit_fee_share", 1.0)) == ()
    assert said(replace(owed, "option/Rent/rental/commitment_years", 3)) == ()


def test_lease_payments_after_the_study_are_said_with_what_they_cost_paid_at_its_end():
    held = study(acquisition="lease", equipment_life=5, lease={"payment_per_system_month": 100.0})
    (sentence,) = said(held)
    result = MODEL.run(held).options["Rent"]
    owed = result.values["installed"][0] * 100 * 12 * 2
    more = writer.share(owed / 1.08**3 / result.values["pv_cost"])
    assert f"owes {writer.money(owed, '')} of lease payments after the study, not counted" in sentence
    assert f"paid, it costs {more} more" in sentence
    assert said(replace(held, "option/Rent/equipment_life", 3)) == ()


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
