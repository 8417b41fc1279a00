"""Cases that people who do this job reported in public: small studies, each with the figure that is right."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from models.analysis.decision.decision import ranking, recommendation
from models.analysis.decision.difference import difference
from models.analysis.metrics.contract import option_results
from models.analysis.reporting.brief import brief
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import load
from models.studies.inputs.problem import StudyError
from tests.models.run.test_cases import at

CASES = Path(__file__).parents[2] / "cases" / "reported"
# A node running round the clock makes 100 output tokens a second: a year of it in million tokens.
MILLION_TOKENS_A_YEAR = 3153.6


@cache
def run(name: str) -> Result:
    return MODEL.run(load(CASES / f"{name}.toml"))


@pytest.mark.parametrize(
    ("case", "option", "path", "right"),
    [
        # A commitment below the peak: 5 x 8,760 h x 2.00 and 5 x 4,380 h x 3.50.
        ("c63_commit_below_peak", "A", "rental[1]", 164_250),
        # A rented machine is paid for while it idles, committed or not.
        ("c13_idle_rented_gpu", "on demand 10", "lifetime_cost_per_million_output_tokens", 9.9206349206),
        ("c13_idle_rented_gpu", "committed 10", "lifetime_cost_per_million_output_tokens", 9.9206349206),
        ("c13_idle_rented_gpu", "on demand 10", "idle_cost", 0.9 * 21_900),
        ("c13_idle_rented_gpu", "on demand 10", "utilisation[1]", 0.1),
        ("c13_idle_rented_gpu", "on demand 10", "cost_per_accelerator_hour", 2.5),
        ("c13_idle_rented_gpu", "on demand 100", "idle_cost", 0),
        # Writing to a provider's cache has its own price; so have two models behind one API.
        ("c06_cache_write", "A", "cost_per_request", 0.054399),
        ("c08_two_models_one_option", "routed", "api[1]", 365 * 0.5723),
        ("c01_cached_long_prompt", "A", "cost_per_request", 0.184918125),
        ("c03_reasoning_inside_output", "A", "cost_per_request", 0.0473475),
        # Grants and credits come in as cash.
        ("c20_tax_credit", "A", "capex[1]", 700_000),
        ("c20_tax_credit", "A", "cost_tree.grant", -300_000),
        ("c20b_credits", "A", "cost_tree.credit", -100_000),
        # Paid at once, whatever it is spread over.
        ("c24_prepaid_reservation", "prepaid", "pv_cost", 87_600),
        # Second tries succeed less often.
        ("c36_dependent_retries", "A", "workloads.w.attempts", 1.7324263),
        ("c36_dependent_retries", "A", "workloads.w.accepted_share", 0.6887188),
        ("c36_dependent_retries", "A", "cost_per_meaningful_response", 0.02515433),
        ("c43_co2_per_mtoken", "A", "carbon_t[1]", 1028.544 * MILLION_TOKENS_A_YEAR / 1e6),
        ("c45_node_three_years", "buy", "lifetime_cost", 325_065.04),
        ("c61_real_levelised", "A", "levelised_cost_per_million_output_tokens", 4.436726),
        ("c61_real_levelised", "A", "levelised_real", 3.749733),
    ],
)
def test_the_right_figure(case: str, option: str, path: str, right: float) -> None:
    assert at(option_results(run(case).options[option]), path) == pytest.approx(right, rel=1e-6)


def test_monthly_instalments_bear_less_interest() -> None:
    interest = option_results(run("c54_monthly_loan").options["A"])["loan"]["interest"]
    assert sum(interest) == pytest.approx(43_437.11, abs=0.005)


def test_the_node_pays_back() -> None:
    options = run("c45_node_three_years").options
    found = difference(options["buy"], options["cloud"])
    assert found.payback.years == pytest.approx(1.41134, abs=5e-6)


def test_an_option_without_a_price_is_not_ranked_and_that_is_said_first() -> None:
    result = run("c52_price_left_blank")
    assert recommendation(result).winner == "both"
    assert {each.name for each in ranking(result) if each.missing} == {"in only", "none"}
    assert all("is not ranked, price missing" in sentence for sentence in brief(result).recommendation[:2])


def test_a_fleet_that_counts_all_it_can_produce_does_not_win_over_one_that_does_the_work() -> None:
    result = run("fixed_oversell")
    assert recommendation(result).winner is None
    [view] = [each for each in ranking(result) if not each.qualifies]
    assert view.name == "Fixed 100 systems" and "asked for or not" in view.why_not


def test_the_order_turns_where_the_third_option_overtakes() -> None:
    """The next best never overtakes; a fleet further behind does, at another price on demand."""
    assert any("(Rent)" in sentence for sentence in brief(run("f02_on_demand_fleet")).flips)


def test_what_unmet_work_costs_follows_the_option_it_is_taken_from() -> None:
    """A price typed once stays when the API's prices change; one that is taken from the API moves along."""
    study = load(CASES / "f02_on_demand_fleet.toml")
    dear = {"option/API/api/price_input": 1.2, "option/API/api/price_output": 1.8}
    typed = MODEL.run(replace_all(study, dear)).options["Buy"]
    assert typed.figure("interim_cost") == MODEL.run(study).options["Buy"].figure("interim_cost")
    follows = replace_all(study, {"study/interim_price": None, "study/interim_from": "API"})
    before, after = (MODEL.run(each).options["Buy"] for each in (follows, replace_all(follows, dear)))
    first = before.figure("interim_cost")[0]
    assert first > 0 and after.figure("interim_cost")[0] == pytest.approx(2 * first)


def test_text_that_a_workbook_cannot_hold_is_refused_with_its_place() -> None:
    with pytest.raises(StudyError, match=r"option.*name.*control character"):
        load(CASES / "vertical_tab.toml")


def test_absurd_figures_end_in_sentences() -> None:
    assert brief(run("brief_crash")).recommendation[0].startswith("Choose API 2")
