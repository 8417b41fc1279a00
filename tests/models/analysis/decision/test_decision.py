"""The recommendation: by the stated rule, in words that fill themselves from figures."""

from __future__ import annotations

import math
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings

from models.analysis.decision import decision
from models.analysis.decision.decision import (
    VERBS,
    WORDS,
    contenders,
    ranking,
    recommendation,
    slots,
)
from models.analysis.metrics.coverage import rests
from models.analysis.metrics.measures import RANKED_BY
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs import schema
from models.studies.study import Study
from tests.strategies import studies

TEMPLATES = sorted((Path(__file__).parents[4] / "templates").glob("*.toml"))
API: dict[str, Any] = {"acquisition": "api", "api": {"price_input": 1.0, "price_output": 4.0}}


def study(*options: dict[str, Any], **fields: Any) -> Study:
    workload = {"name": "chat", "requests_per_day": 1000, "input_tokens": 500, "output_tokens": 200}
    return from_dict(
        {
            "study": {"horizon_years": 3, "discount_rate": 0.08, "currency": "USD", **fields},
            "workload": [workload],
            "option": list(options),
        }
    )


def api(name: str, factor: float = 1.0, **fields: Any) -> dict[str, Any]:
    prices = {key: price * factor for key, price in API["api"].items()}
    return {"name": name, "acquisition": "api", "api": prices, **fields}


def run(*options: dict[str, Any], **fields: Any) -> Result:
    return MODEL.run(study(*options, **fields))


def test_the_cheapest_is_chosen_and_the_next_follows() -> None:
    found = recommendation(run(api("A", 1.2), api("B", 1.0), api("C", 1.5)))
    assert (found.winner, found.runner_up) == ("B", "A")
    assert found.gap == pytest.approx(0.2)
    assert found.fall == pytest.approx(1 - 1 / 1.2)
    assert found.sentence == "Choose B: USD 1.30 per 1,000 responses, 17% less than A, the next-best option."
    assert found.reasons[1].startswith("A is next best at ") and "20% more" in found.reasons[1]
    assert len(found.conditions) == 3


def test_a_runner_up_that_is_close_is_said_to_be() -> None:
    found = recommendation(run(api("A", 1.02), api("B", 1.0)))
    assert found.sentence == "B and A are within 2.0% of each other: decide on cash and risk, not on cost."
    assert recommendation(run(api("A", 1.04), api("B", 1.0))).sentence.startswith("Choose B: ")


def test_the_only_option_of_its_kind_is_told_by_what_one_does() -> None:
    assert VERBS.keys() == set(schema.ACQUISITIONS)
    apis = study(api("A"), api("B, late"))
    assert [decision.phrase(apis, option.name) for option in apis.options] == ["Choose A", "Choose “B, late”"]
    service = load(TEMPLATES[0])
    told = {option.name: decision.phrase(service, option.name) for option in service.options}
    assert told == {
        **{"Buy, colocation": "Buy", "Lease, colocation": "Lease"},
        **{"Rented fleet": "Rent", "API, same model": "Use the API"},
    }
    assert decision.phrase(study(api("A")), "A") == "Choose A", "nothing else is there to tell it from"


def test_the_runner_up_fallen_by_what_is_said_costs_the_same() -> None:
    found = recommendation(run(api("A", 1.2), api("B", 1.0)))
    assert found.fall is not None
    figures = [o.number(RANKED_BY) for o in run(api("A", 1.2 * (1 - found.fall)), api("B", 1.0)).options.values()]
    assert figures[0] == pytest.approx(figures[1])


def test_the_largest_cost_risen_by_what_is_said_costs_as_much_as_the_runner_up() -> None:
    found = recommendation(run(api("A", 1.2), api("B", 1.0)))
    assert found.driver == "API" and found.rise is not None
    figures = [o.number(RANKED_BY) for o in run(api("A", 1.2), api("B", 1 + found.rise)).options.values()]
    assert figures[0] == pytest.approx(figures[1])


def test_a_missed_target_keeps_an_option_from_being_chosen() -> None:
    missed = {"serving": [{"workload": "chat", "quality": 0.7, "quality_target": 0.8}]}
    result = run(api("A", 1.2), api("B", 1.0, **missed))
    assert recommendation(result).winner == "A"
    assert [r.why_not for r in ranking(result)] == ["", "misses its quality target"]


def test_a_target_that_was_not_measured_is_not_met_unless_it_may_be() -> None:
    unknown = {"serving": [{"workload": "chat", "ttft_target_ms": 300}]}
    options = api("A", 1.2), api("B", 1.0, **unknown)
    strict = recommendation(run(*options))
    assert strict.winner == "A"
    lenient = recommendation(run(*options, strict_targets=False))
    assert lenient.winner == "B"
    assert all(any("no measurement" in caveat for caveat in found.caveats) for found in (strict, lenient))


def late(name: str, factor: float) -> dict[str, Any]:
    return api(name, factor, months_to_production=12)


def test_unequal_work_is_not_compared_unless_it_has_a_price_elsewhere() -> None:
    found = recommendation(run(api("A", 1.2), late("B", 1.0)))
    assert found.winner is None and found.runner_up is None
    assert "no two options do the same work" in found.reasons[0]
    assert "lowest" not in " ".join(found.reasons)
    # What the late option cannot serve counts at its price elsewhere, in the figure that ranks: cheap there, or dear.
    assert recommendation(run(api("A", 1.2), late("B", 1.0), interim_price=1e-6)).winner == "B"
    assert recommendation(run(api("A", 1.2), late("B", 1.0), interim_price=0.01)).winner == "A"


def test_one_option_alone_is_chosen_without_a_runner_up() -> None:
    found = recommendation(run(api("A")))
    assert (found.winner, found.runner_up, found.gap) == ("A", None, None)
    assert WORDS["alone"] in found.reasons and WORDS["no_turn"] in found.conditions


def test_equal_costs_before_tax_are_told_apart_after_tax() -> None:
    capex = {"asset": [{"name": "integration", "life": 3}], "capex": []}

    def option(name: str, schedule: str) -> dict[str, Any]:
        asset = {"name": "integration", "life": 3, "tax_schedule": schedule}
        item = {"name": "work", "asset": "integration", "basis": "fixed", "amount": 1000.0}
        return api(name, 1.0, **{**capex, "asset": [asset], "capex": [item]})

    result = run(option("slow", "straight_line"), option("fast", "bonus_100"), api("dear", 9.0), tax_rate=0.25)
    best, second = contenders(result)
    assert best is not None and second is not None
    assert (best.name, second.name) == ("fast", "dear")


def test_nothing_served_recommends_nothing() -> None:
    found = recommendation(MODEL.run(replace_all(study(api("A")), {"workload/chat/requests_per_day": 0})))
    assert found.reasons == (WORDS["nothing"],)


def test_the_reference_is_named_where_the_study_names_one() -> None:
    found = recommendation(run(api("A", 1.2), api("B"), reference_option="A"))
    assert any(" less than A over" in reason or " less than A (" in reason for reason in found.reasons)
    assert not any(
        "(present value, incl. fallback)" in reason for reason in recommendation(run(api("A", 1.2), api("B"))).reasons
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_share_on_assumptions_is_what_no_stated_confidence_holds(path: Path) -> None:
    for option in MODEL.run(load(path)).options.values():
        found = rests(option)
        firm = sum(each.amount for each in found if each.confidence not in ("assumed", ""))
        share = decision.assumption_share(option)
        assert share is not None
        assert math.isclose(share, 1 - firm / sum(each.amount for each in found), abs_tol=1e-12)


def test_nothing_rests_on_assumptions_where_nothing_is_paid() -> None:
    assert decision.assumption_share(run(api("Free", 0.0)).options["Free"]) is None


@settings(max_examples=40)
@given(studies())
def test_any_study_gets_sentences_without_gaps(tables: dict[str, Any]) -> None:
    result = MODEL.run(from_dict(tables))
    found = recommendation(result)
    texts = [*found.reasons, *found.conditions, *found.caveats]
    assert texts and not any("{" in text.replace("{", "", 0) and "n/a" in text for text in texts if found.winner)
    named = {n for words in WORDS.values() for _, n, _, _ in Formatter().parse(words) if n}
    assert set(slots(result)) == named | {"lowest"}
    if found.winner and found.runner_up:
        figures = {name: option.number(RANKED_BY) for name, option in result.options.items()}
        assert (figures[found.winner] or 0.0) <= (figures[found.runner_up] or 0.0)


def test_a_free_option_is_chosen_without_figures_that_do_not_exist() -> None:
    found = recommendation(run(api("Free", 0.0), api("Paid")))
    assert (found.winner, found.runner_up, found.gap) == ("Free", "Paid", None)
    assert "n/a" not in " ".join((*found.reasons, *found.conditions))
    assert any(reason.startswith("Paid is next best at ") for reason in found.reasons)


def test_a_tie_is_not_told_as_an_order_that_nothing_turns() -> None:
    said = " ".join(recommendation(run(api("A"), api("B"))).conditions)
    assert "No other eligible option" in said and "Nothing else" not in said


def taxed(name: str, work: float, factor: float, schedule: str) -> dict[str, Any]:
    """An API with a piece of work paid at the start that tax lets be deducted soon or late."""
    asset = {"name": "work", "life": 3, "tax_schedule": schedule}
    item = {"name": "work", "asset": "work", "basis": "fixed", "amount": work}
    return api(name, factor, asset=[asset], capex=[item])


def test_tax_that_turns_the_order_is_told() -> None:
    slow, fast = taxed("slow", 3000.0, 1.0, "none"), taxed("fast", 3000.0, 1.01, "bonus_100")
    result = run(slow, fast, tax_rate=0.25)
    found = recommendation(result)
    assert found.winner == "slow"
    costs = {name: o.values["pv_after_tax_cost"] / o.values["pv_responses"] for name, o in result.options.items()}
    share = writer.share(1 - costs["fast"] / costs["slow"])
    assert f"After tax, fast is {share} cheaper than slow." in found.caveats
    assert not any("After tax" in caveat for caveat in recommendation(run(slow, fast)).caveats)


def test_an_option_without_the_targets_of_the_others_is_flagged() -> None:
    held = {"serving": [{"workload": "chat", "quality": 0.9, "quality_target": 0.9}]}
    found = recommendation(run(api("A", 1.2, **held), api("B")))
    assert any(caveat.startswith("B has no quality target, unlike the others") for caveat in found.caveats)
    assert not any("unlike the others" in caveat for caveat in recommendation(run(api("A", 1.2), api("B"))).caveats)
