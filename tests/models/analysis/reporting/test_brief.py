"""The decision brief: its sentences hold the figures of the run, and nothing a user typed acts as a mark."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models.analysis.decision.decision import recommendation
from models.analysis.decision.difference import after, difference
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import comparability
from models.analysis.reporting.brief import Brief, as_markdown, bar_label, brief, escaped, explained, pair
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.targets import target
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load, to_dict
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.soak import long

LEASE = "Lease, colocation"
NEXT_TWO = ("Buy, colocation", "API, same model")
NAMES = ("customer_service", "power_limited_site")
PARTS = ("recommendation", "why", "conditions", "flips", "assumptions", "caveats")


@pytest.fixture(scope="module")
def service() -> Result:
    return MODEL.run(load("templates/customer_service.toml"))


@pytest.fixture(scope="module")
def written(service: Result) -> Brief:
    return brief(service)


def said(found: Brief) -> str:
    return "\n".join(sentence for name in PARTS for sentence in getattr(found, name))


def one_option() -> Study:
    option: dict[str, Any] = {"name": "API", "acquisition": "api", "api": {"price_output": 2.0}}
    return from_dict(
        {
            "study": {"title": "Alone", "horizon_years": 2},
            "workload": [{"name": "chat", "requests_per_day": 1000.0, "output_tokens": 200.0}],
            "option": [option],
        }
    )


@long
def test_it_recommends_what_the_rule_recommends(service: Result, written: Brief):
    found = recommendation(service)
    assert pair(service) == (found.winner, found.runner_up)
    assert written.recommendation[: len(found.reasons)] == found.reasons
    assert set(found.conditions) <= set(written.conditions) and set(found.caveats) <= set(written.caveats)
    assert written.title == "Customer-service assistant: own, rent or API" and written.decision


@long
def test_the_money_is_that_of_the_difference(service: Result, written: Brief):
    ours, theirs = (service.options[name] for name in NEXT_TWO)
    between = difference(ours, theirs)
    saved, against = between.npv, theirs.number("comparison_pv_cost")
    assert saved and against
    found = said(brief(service, *NEXT_TWO))
    told = f"saves {writer.money(saved, 'USD')} ({writer.share(saved / against)}) against “{NEXT_TWO[1]}”"
    assert f"“{NEXT_TWO[0]}” {told}" in found
    paid = after(between.payback.years, rests_on_resale=between.rests_on_resale(between.payback))
    assert f"Payback: {paid}" in found and ", before tax." in found


@long
def test_it_says_why_in_bars_that_add_up(service: Result, written: Brief):
    ours, theirs = (service.options[name] for name in pair(service) or ())
    found = explained(ours, theirs)
    assert sum(bar.amount for bar in found.bars) == pytest.approx(found.end - found.start)
    largest = max(found.bars, key=lambda bar: abs(bar.amount))
    words = "costs less for" if largest.amount < 0 else "costs more for"
    assert any(bar_label(largest) in sentence and words in sentence for sentence in written.why)


def test_flips_are_break_evens_nearest_first(service: Result, written: Brief):
    payment = f"option/{LEASE}/lease/payment_per_system_month"
    found = target(service.study, payment, "Buy, colocation", LEASE)
    assert isinstance(found.value, float)
    assert written.flips[0].startswith(
        f"Lease payment ({LEASE}) at USD {found.value:,.0f} per system and month (plan 5,805, −"
    )
    assert written.flips[0].endswith("Within the range given for it.")
    assert any(sentence.startswith("No value of these alone changes it") for sentence in written.flips)


@long
def test_targets_and_reasons_at_hand_give_the_same_brief(service: Result, written: Brief):
    names = pair(service) or ("", "")
    ours, theirs = (service.options[name] for name in names)
    targets = [target(service.study, path, *names, RANKED_BY) for path in candidates(ours, theirs)]
    assert brief(service, targets=targets, reasons=explained(ours, theirs)) == written


def test_assumptions_name_the_largest_prices(written: Brief):
    assert written.assumptions[0].startswith("53% of the cost of “Buy, colocation”, before resale, rests on")
    assert "On-call and platform staff at USD 200,000 p.a." in written.assumptions[1]
    assert any("Requests per day (Live chat) 1,000,000" in sentence for sentence in written.assumptions)
    assert not any("Study period" in sentence for sentence in written.assumptions), "a choice, not an assumption"


def test_totals_that_do_not_compare_are_not_told():
    result = MODEL.run(load("templates/power_limited_site.toml"))
    found = brief(result)
    assert pair(result) == ("B200, air", "GB200 NVL72, liquid"), "nobody is recommended: the two that cost least"
    assert "No recommendation" in found.recommendation[0]
    assert "are not comparable" in said(found)
    assert "In present value" not in said(found) and "Payback" not in said(found)
    assert found.why[0].startswith("Discounted, per 1,000 responses")
    ours, theirs = (result.options[name] for name in ("B200, air", "GB200 NVL72, liquid"))
    assert not comparability(ours, theirs).holds
    bridged = explained(ours, theirs)
    assert bridged.metric == RANKED_BY and bridged.end == ours.number(RANKED_BY)
    assert sum(bar.amount for bar in bridged.bars) == pytest.approx(bridged.end - bridged.start, rel=1e-9)


@long
def test_any_two_options_may_be_held_against_each_other(service: Result):
    found = brief(service, "API, same model", "Lease, colocation")
    assert "This brief compares “API, same model” with “Lease, colocation”" in said(found)
    assert "costs USD 422k (17%) more" in said(found)
    with pytest.raises(StudyError, match="Buy, colocaton"):
        brief(service, "Buy, colocaton")


def test_one_option_has_nothing_to_be_held_against():
    result = MODEL.run(one_option())
    assert pair(result) is None
    found = brief(result)
    assert not found.why and "no other option" in found.flips[0]
    assert found.recommendation and found.conditions and as_markdown(found).startswith("# Alone\n")


def test_a_study_without_any_response_says_so():
    study = one_option()
    twice = dataclasses.replace(study, options=(*study.options, _named(study, "Again")))
    silent = MODEL.run(replace_all(twice, {"workload/chat/requests_per_day": 0.0}))
    found = brief(silent)
    assert "no option produces an accepted response" in found.recommendation[0] and not found.why
    options = list(silent.options.values())
    with pytest.raises(ValueError, match="no accepted response"):
        explained(*options)


def _named(study: Study, name: str) -> Any:
    option = study.options[0]
    value = dataclasses.replace(option.fields["name"], value=name)
    return dataclasses.replace(option, fields=option.fields.replaced("name", value))


@long
@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_plain_and_complete(name: str):
    found = brief(MODEL.run(load(f"templates/{name}.toml")))
    for part in PARTS:
        for sentence in getattr(found, part):
            assert sentence.endswith((".", "!", "?")) and "  " not in sentence
            assert not {"None", "nan", "inf"} & set(sentence.rstrip(".").split()) or sentence.startswith("None is")


def test_markdown_holds_every_part_in_order(written: Brief):
    text = as_markdown(written)
    places = [text.index(f"## {heading}\n") for heading in ("Recommendation", "Why", "What must hold")]
    assert places == sorted(places) and text.startswith("# Customer-service assistant: own, rent or API\n")
    assert "**Decision:** How to serve the assistant" in text and text.endswith("\n")
    assert text.count("\n- ") == sum(len(getattr(written, part)) for part in PARTS)


def test_what_a_user_typed_is_no_mark():
    evil = "*x* [a](javascript:1) <script> $5 `c` # | & ~"
    option = one_option()
    found = brief(
        MODEL.run(replace_all(option, {"study/title": evil, "option/API/name": evil, "study/note": "1. $x$"}))
    )
    text = as_markdown(found)
    assert "<script>" not in text.replace("\\<script\\>", "") and "[a]" not in text.replace("\\[a\\]", "")
    assert "\\$5" in text and "\\`c\\`" in text and "\\*x\\*" in text
    assert escaped("- a") == "\\- a" and escaped("1. a") == "1\\. a" and escaped("6.1 % a") == "6.1 % a"
    assert escaped("a\n# b") == "a \\# b"


def priced(**prices: float) -> Result:
    """APIs by name at a price of what they write."""
    options = [{"name": name, "acquisition": "api", "api": {"price_output": price}} for name, price in prices.items()]
    workload = {"name": "chat", "requests_per_day": 1000.0, "output_tokens": 200.0}
    return MODEL.run(from_dict({"study": {"horizon_years": 2}, "workload": [workload], "option": options}))


def test_what_costs_nothing_is_written_as_nothing():
    run = priced(Free=0.0, Paid=2.0)
    assert "“Free” costs 0" in said(brief(run)) and "n/a" not in said(brief(run))
    found = brief(run, "Paid", "Free")
    assert "“Paid” with “Free”: more per 1,000 responses." in said(found)
    assert "has no cost per response" not in said(found)


def test_two_that_cost_the_same_are_told_apart_from_none():
    found = brief(priced(One=2.0, Two=2.0))
    assert "have the same cash flows" in said(found) and "add up" not in said(found)


@long
def test_bars_left_out_are_told(service: Result):
    tables = to_dict(service.study)
    tables["option"].append({**tables["option"][0], "name": "Buy again"})
    found = brief(MODEL.run(from_dict(tables)), "Buy, colocation", "Buy again")
    assert "add up" not in said(found), "nothing differs"
    assert "together they add up to the difference." in said(brief(priced(One=2.0, Two=3.0)))


@long
def test_what_the_other_still_owes_is_told_too(service: Result):
    found = brief(service, "Buy, colocation", "Lease, colocation")
    owed = service.options["Lease, colocation"].number("commitment_beyond_horizon")
    assert owed and "“Lease, colocation” leaves USD 209k of obligations after the study period" in said(found)


def test_every_other_option_is_searched_for_what_turns_the_order():
    """The next best never wins, at any price of its own; the third does when less of its fleet is committed."""
    found = brief(MODEL.run(three_ways()))
    assert pair(MODEL.run(three_ways())) == ("API", "Dear API")
    assert any(sentence.startswith("Committed share (Rented)") for sentence in found.flips), found.flips


def three_ways() -> Study:
    """Two APIs, one twice as dear, and a fleet that costs three times as much while all of it is committed."""
    day = {"name": "day", "weekday": [0] * 23 + [1]}
    work = {"name": "w", "requests_per_day": 1e6, "output_tokens": 1000, "load_shape": "day"}
    rental = {"committed_share": 1.0, "committed_price": 4.0, "on_demand_price": 4.0, "scaling": "hourly"}
    fleet = {
        "name": "Rented",
        "acquisition": "rental",
        "sizing": "demand",
        "rental": rental | {"minimum_replicas": 0},
        "serving": [{"workload": "w", "decode_rate": 1000.0}],
    }
    apis = [
        {"name": name, "acquisition": "api", "api": {"price_input": 0.0, "price_output": price}}
        for name, price in (("API", 8.0), ("Dear API", 16.0))
    ]
    tables = {"study": {"horizon_years": 1}, "load_shape": [day], "workload": [work], "option": [*apis, fleet]}
    return from_dict(tables)
