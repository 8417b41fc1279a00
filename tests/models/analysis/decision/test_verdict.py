"""The first lines of a decision: its sentence, what it saves and needs, and what to be careful about."""

import datetime

import pytest

from models.analysis.decision.bridge import OTHER, by_family
from models.analysis.decision.decision import NOTHING, recommendation, slots
from models.analysis.decision.difference import difference
from models.analysis.decision.verdict import verdict
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.record import headline
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace, replace_all
from models.studies.file.load import load
from tests.models.analysis.decision.test_decision import TEMPLATES, api, late, run

TODAY = datetime.date(2026, 11, 29)
SERVICE = TEMPLATES[0]


def service() -> Result:
    return MODEL.run(load(SERVICE))


def recommended(result: Result) -> float | None:
    """The figure that ranks the option recommended."""
    return result.options[recommendation(result).winner or ""].number(RANKED_BY)


def test_it_says_what_is_saved_and_needed() -> None:
    result = service()
    found, chosen = verdict(result, TODAY), recommendation(result)
    assert found.sentence == chosen.sentence and chosen.winner and chosen.runner_up
    ours, theirs = (result.options[name] for name in (chosen.winner, chosen.runner_up))
    saved, cash, against = writer.amounts([difference(ours, theirs).npv, cash_needed(ours), cash_needed(theirs)], "USD")
    assert chosen.is_close
    assert found.money.startswith(
        f"“Buy, colocation” saves {saved} in present value over five years and needs {cash} of cash in year 1"
    )
    assert found.money.endswith(f"needs {against}.") and found.amounts == (saved, cash)


def test_after_tax_it_says_so() -> None:
    found = verdict(service(), TODAY, after_tax=True)
    assert "in present value after tax over" in found.money
    assert found.amounts != verdict(service(), TODAY).amounts


def test_where_none_is_recommended_none_is_said_to_cost_least() -> None:
    result = run(api("A", 1.2), late("B", 1.0))
    found = verdict(result, TODAY)
    assert found.sentence.startswith("No recommendation: ")
    assert (found.money, found.amounts) == ("", ())
    assert slots(result)["cheapest"] == NOTHING
    assert "cheapest" not in " ".join(recommendation(result).caveats)
    assert headline(result)["figure"] is None and headline(service())["figure"] == recommended(service())


def test_one_option_has_nothing_to_be_saved_against() -> None:
    found = verdict(run(api("A")), TODAY)
    assert found.money == f"Needs {found.amounts[0]} of cash in year 1."


def test_what_to_be_careful_about_stands_gravest_first() -> None:
    study = load(SERVICE)
    price = "option/Buy, colocation/capex/H200 SXM accelerators/amount"
    past = replace(study, price, 30_000.0, source="Offer 7", note="Net; holds until 2026-01-31")
    flags = verdict(MODEL.run(past), TODAY).flags
    assert any("rests on assumptions" in flag for flag in flags)
    assert any("Offer 7" in flag for flag in flags)
    bare = replace_all(study, {"option/API, same model/api/price_output": None})
    assert "price missing" in verdict(MODEL.run(bare), TODAY).flags[0]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_bridge_by_family_adds_up_and_saves_first(path) -> None:
    options = list(MODEL.run(load(path)).options.values())
    for option in options[1:]:
        found = by_family(option, options[0])
        steps = [bar.amount for bar in found.bars if bar.name != OTHER]
        assert steps == sorted(steps)
        end = found.start + sum(bar.amount for bar in found.bars)
        assert end == pytest.approx(found.end, rel=1e-9, abs=1e-9 * abs(found.start))
