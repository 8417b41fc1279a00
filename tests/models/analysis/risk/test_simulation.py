"""Simulations against closed forms, an independent loop and cases made by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from models.analysis.risk import drivers, sampling, summary, told, worth
from models.analysis.risk.distributions import NORMAL_95
from models.analysis.risk.inputs import uncertain_inputs
from models.analysis.risk.simulation import Simulation, simulate
from models.analysis.sensitivity.tornado import tornado
from models.notation import writer
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file.load import dumps, load, loads
from models.studies.inputs.problem import StudyError
from tests.models.analysis.risk.made import REQUESTS, amount, api, owned, study

PV = "pv_cost"


def pv(made: Simulation, option: str = "A") -> summary.Summary:
    found = summary.summary(made.figures[option][PV])
    assert found is not None
    return found


def closed(made: Simulation, judge: Any) -> None:
    """Holds every percentile against a closed form, within three of its standard errors."""
    found = pv(made)
    for percent, value in found.percentiles.items():
        share, exact = percent / 100, judge.ppf(percent / 100)
        error = math.sqrt(share * (1 - share) / made.draws) / judge.pdf(exact)
        assert abs(value - exact) < 3 * error, percent
    assert found.mean == pytest.approx(judge.mean(), abs=3 * float(judge.std()) / math.sqrt(made.draws))
    assert found.sd == pytest.approx(judge.std(), rel=0.03)


# -------------------------------------------------------------------------------------------------------- closed forms


def test_a_sum_of_normals_is_normal():
    made = simulate(study(api("A", amount(100, 80, 120, "normal"), amount(200, 150, 250, "normal"))))
    sd = math.hypot(20, 50) / NORMAL_95
    closed(made, stats.norm(300, sd))
    found = pv(made)
    for share, error in ((0.5, found.se_p50), (0.9, found.se_p90)):
        judge: Any = stats.norm(300, sd)
        exact = math.sqrt(share * (1 - share) / made.draws) / judge.pdf(judge.ppf(share))
        assert error == pytest.approx(exact, rel=0.25)


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.6, 1.0])
def test_a_sum_of_correlated_normals_has_their_covariance(rho: float):
    pair = {"a": "option/A/opex/cost 1/amount", "b": "option/A/opex/cost 2/amount", "rho": rho}
    option = api("A", amount(100, 80, 120, "normal"), amount(200, 150, 250, "normal"))
    made = simulate(study(option, correlation=[pair]))
    variance = (20**2 + 50**2 + 2 * rho * 20 * 50) / NORMAL_95**2
    assert pv(made).sd == pytest.approx(math.sqrt(variance), rel=0.02)
    # Each input keeps its own distribution.
    assert np.quantile(made.values[0], 0.95) == pytest.approx(120, rel=1e-3)


def test_a_triangle_and_a_lognormal_are_themselves():
    closed(simulate(study(api("A", amount(100, 80, 160)))), stats.triang(c=0.25, loc=80, scale=80))
    made = simulate(study(api("A", amount(100, 50, 200, "lognormal"))))
    closed(made, stats.lognorm(s=math.log(2) / NORMAL_95, scale=100))


def test_the_chance_that_one_beats_another_is_that_of_two_normals():
    made = simulate(study(api("A", amount(100, 80, 120, "normal")), api("B", amount(110, 95, 125, "normal"))))
    exact = stats.norm.cdf(10 / (math.hypot(20, 15) / NORMAL_95))
    found = summary.beats(made)
    assert found["A"]["B"] == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / made.draws))
    assert found["A"]["B"] + found["B"]["A"] == pytest.approx(1)
    assert summary.cheapest(made) == pytest.approx({"A": found["A"]["B"], "B": found["B"]["A"]})
    # Mean regret of normals: sd x (phi(z) - z (1 - Phi(z))), z the gap in standard deviations.
    sd = math.hypot(20, 15) / NORMAL_95
    z = 10 / sd
    regret = sd * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    assert summary.regrets(made)["A"].mean == pytest.approx(regret, rel=0.06)
    assert worth.perfect(made) == pytest.approx(summary.regrets(made)["A"].mean)


def test_shares_of_the_variance_are_those_of_a_sum():
    option = api("A", amount(100, 80, 120, "normal"), amount(200, 150, 250, "normal"), amount(9, 8, 10))
    made = simulate(study(option))
    found = {each.path.split("/")[-2]: each.share for each in drivers.drivers(made, PV, "A")}
    whole = 20**2 + 50**2
    assert found == pytest.approx({"cost 2": 50**2 / whole, "cost 1": 20**2 / whole, "cost 3": 0.0}, abs=0.02)


def test_correlated_inputs_part_what_they_explain():
    pair = {"a": "option/A/opex/cost 1/amount", "b": "option/A/opex/cost 2/amount", "rho": 0.7}
    option = api("A", amount(100, 80, 120, "normal"), amount(100, 80, 120, "normal"), amount(50, 30, 70, "normal"))
    made = simulate(study(option, correlation=[pair]))
    found = drivers.drivers(made, PV, "A")
    shares = {each.path.split("/")[-2]: each.share for each in found}
    # Two alike, correlated 0.7, one independent: 2 (1 + 0.7) against 1 part of the variance.
    assert shares == pytest.approx({"cost 1": 1.7 / 4.4, "cost 2": 1.7 / 4.4, "cost 3": 1 / 4.4}, abs=0.03)
    assert "Johnson" in told.method(made)


def test_the_gap_of_two_options_has_drivers_of_its_own():
    shared = amount(500, 400, 600, source="the same")
    made = simulate(study(api("A", shared, amount(100, 80, 120)), api("B", shared, 100)))
    assert drivers.drivers(made, PV, "A")[0].path.endswith("cost 1/amount")
    gap = drivers.drivers(made, PV, "A", "B")
    assert gap[0].path.endswith("cost 2/amount") and gap[0].share == pytest.approx(1, abs=0.01)


# ---------------------------------------------------------------------------------------------- the worth of knowing


def two_states(**rest: object) -> Simulation:
    """A costs 110, give or take; B costs 60 or 160, each with one chance in two."""
    state = {"value": 60, "distribution": "discrete", "outcomes": [60, 160], "weights": [1, 1]}
    idle = amount(10, 5, 15)
    return simulate(study(api("A", 100, idle), api("B", state), **rest))


def test_the_worth_of_knowing_one_of_two_states():
    """Chosen once, A costs 110 and so does B on average; known before, 60 or 110: worth 25."""
    made = two_states()
    assert worth.perfect(made) == pytest.approx(25, rel=0.02)
    found = {each.path.split("/")[1]: each.worth for each in worth.worths(made)}
    assert found["B"] == pytest.approx(25, rel=0.02) and found["B"] <= worth.perfect(made)
    # What lies beside changes the choice while nobody knows the state: half its mean distance from 10.
    assert found["A"] == pytest.approx(5 / 6, rel=0.1)
    both = worth.together(made, ["amount"])
    assert both.paths == tuple(each.path for each in made.listed.inputs)
    assert both.worth == pytest.approx(25, rel=0.02)
    assert told.known_before(both, "USD").endswith("before choosing: worth at most USD 25.00 together.")


def test_a_group_of_what_is_not_drawn_names_the_nearest():
    with pytest.raises(StudyError, match=r"not drawn.*did you mean \"amount\"") as raised:
        worth.together(two_states(), ["amounts"])
    assert raised.value.problems[0].path == "amounts"


def test_inputs_of_one_kind_are_offered_together():
    fleet = owned("A", serving=[{"workload": "chat", "decode_rate": amount(5, 4, 6)}])
    other = owned("B", serving=[{"workload": "chat", "decode_rate": amount(6, 4, 8)}])
    made = simulate(study(fleet, other))
    assert worth.kinds(made) == (("option/A/serving/chat/decode_rate", "option/B/serving/chat/decode_rate"),)


def test_knowing_what_changes_no_choice_is_worth_nothing():
    made = simulate(study(api("A", amount(100, 80, 120)), api("B", amount(200, 180, 220))))
    assert worth.perfect(made) == 0
    assert {each.worth for each in worth.worths(made)} == {0.0}


def test_knowing_one_of_two_normals_is_worth_its_part():
    """Two options alike: knowing X of X - Y is worth sd(X) x phi(0)."""
    made = simulate(study(api("A", amount(100, 80, 120, "normal")), api("B", amount(100, 90, 110, "normal"))))
    found = {each.path.split("/")[1]: each.worth for each in worth.worths(made)}
    unit = stats.norm.pdf(0) / NORMAL_95
    assert found["A"] == pytest.approx(20 * unit, rel=0.05)
    assert found["B"] == pytest.approx(10 * unit, rel=0.12)
    assert worth.perfect(made) == pytest.approx(math.hypot(20, 10) * unit, rel=0.03)


# --------------------------------------------------------------------------------------------- an independent loop


def test_a_plain_loop_over_whole_studies_gives_the_same_draw_by_draw():
    """Each draw is set into the study by path and run alone: the vector engine must give the same figures."""
    held = load("templates/customer_service.toml")
    made = simulate(held, draws=12, seed=4)
    for draw in range(made.draws):
        changes = {
            path: float(made.values[n, draw]) for n, each in enumerate(made.listed.inputs) for path in each.paths
        }
        alone = MODEL.run(replace_all(held, changes))
        for name, option in alone.options.items():
            for metric in made.figures[name]:
                assert made.figures[name][metric][draw] == pytest.approx(option.number(metric), rel=1e-9), (
                    name,
                    metric,
                )


def test_percentiles_agree_with_independent_draws():
    """Ranges and distributions read from the study by this test, drawn without stratification, costs by hand."""
    given = [amount(100, 80, 160), amount(50, 40, 70, "uniform"), amount(30, 10, 90, "pert")]
    made = simulate(study(api("A", *given)), draws=10_000)
    rng = np.random.default_rng(99)
    count = 200_000
    pert = 10 + 80 * rng.beta(2, 4, count)
    total = rng.triangular(80, 100, 160, count) + rng.uniform(40, 70, count) + pert
    found = pv(made)
    for percent, error in ((50, found.se_p50), (90, found.se_p90)):
        assert error is not None
        assert abs(found.percentiles[percent] - np.quantile(total, percent / 100)) < 3 * error * math.sqrt(1.05)


# ------------------------------------------------------------------------------------------------- what may be chosen


def test_only_options_that_may_be_chosen_compete():
    served = {"serving": [{"workload": "chat", "ttft_target_ms": 100}]}
    made = simulate(study(api("A", amount(100, 80, 120)), api("B", 90), api("C", 1) | served))
    assert made.competing == ("B", "A")
    assert set(summary.cheapest(made)) == {"A", "B"} and sum(summary.cheapest(made).values()) == pytest.approx(1)
    assert any("“C” does not compete" in notice for notice in made.notices)


def test_options_that_tie_in_every_draw_share_one_probability():
    same = amount(100, 80, 120, source="one")
    made = simulate(study(api("A", same), api("B", same), api("C", 130)))
    assert summary.cheapest(made) == pytest.approx({"A": 0.5, "B": 0.5, "C": 0})
    assert set(summary.tied(made, "A")) == {"A", "B"}
    assert summary.beats(made)["A"]["B"] == 0
    assert (
        told.sure(made)
        == "A is cheapest of three options, at the same cost as B, in 100% of 10,000 simulated outcomes."
    )


def test_work_left_undone_without_a_price_cannot_win():
    """A site that cannot feed the fleet in draws of much load serves less, and so does not compare there."""
    limited = owned("Limited", facility_power_kw=2.0)
    made = study(owned("Free"), limited)
    made = replace(made, "workload/chat/requests_per_day", 5000, low=1000, high=30_000)
    found, name = simulate(made, draws=500), "Limited"
    short = ~found.stands[name]
    assert short.any() and not short.all()
    assert any(name in notice and "leaves work undone" in notice for notice in found.notices)
    others = [each for each in found.competing if each != name]
    assert all(found.stands[other].all() for other in others)
    assert all(summary.beats(found)[other][name] >= short.mean() for other in others)


def test_without_competitors_there_is_nothing_to_choose_and_no_error():
    target = {"serving": [{"workload": "chat", "ttft_target_ms": 100}]}
    for options in ([api("A", amount(100, 80, 120))], [api(n, amount(100, 80, 120)) | target for n in "AB"]):
        found = told.as_json(simulate(study(*options), draws=300), "A")
        assert found["evpi"] == 0 and set(found["evppi"].values()) == {0.0}
        assert sum(found["cheapest"].values()) in (0, 1)


def test_regret_is_never_below_zero_and_zero_for_what_is_always_cheapest():
    made = simulate(study(api("A", amount(100, 80, 120)), api("B", amount(200, 150, 220))))
    found = summary.regrets(made)
    assert found["A"] == summary.Regret(0.0, 0.0)
    assert found["B"].mean > 0


def test_what_the_same_responses_cost_is_the_present_value_for_comparison():
    made = simulate(study(api("A", amount(100, 80, 120)), api("B", 110)))
    for name in made.competing:
        assert made.costs[name] == pytest.approx(made.figures[name]["comparison_pv_cost"], rel=1e-12)
    assert made.figures["A"]["cost_per_meaningful_response"] == pytest.approx(made.values[0] / REQUESTS)


def test_prices_of_where_work_goes_move_those_who_send_it():
    tables = load("templates/customer_service.toml")
    api_option = next(o for o in tables.options if o.acquisition == "api")
    made = replace(tables, "study/interim_price", None) if tables.fields.given("interim_price") else tables
    made = replace(made, "study/interim_from", api_option.name)
    price = f"option/{api_option.name}/api/price_output"
    held = replace_all(made, {p: made.input(p).value.value for p in [price]})
    found = simulate(held, draws=6, seed=2)
    inputs = found.listed.inputs
    for draw in range(3):
        changes = {path: float(found.values[n, draw]) for n, each in enumerate(inputs) for path in each.paths}
        alone = MODEL.run(replace_all(held, changes))
        for name, option in alone.options.items():
            assert found.figures[name]["comparison_pv_cost"][draw] == pytest.approx(
                option.number("comparison_pv_cost"), rel=1e-9
            )


# -------------------------------------------------------------------------------------------------- draws and blocks


def test_the_same_seed_gives_the_same_and_another_does_not():
    held = study(api("A", amount(100, 80, 120)), api("B", amount(100, 90, 130)))
    one, two, other = (told.as_json(simulate(held, 3000, seed), "A") for seed in (5, 5, 6))
    assert one == two and one["options"] != other["options"]


def test_draws_are_stratified_and_blocks_join():
    made = simulate(study(api("A", amount(100, 80, 120, "uniform"))), draws=12_000)
    assert made.values.shape == (1, sampling.BLOCK) and len(made.figures["A"][PV]) == 12_000
    strata = np.floor((np.sort(made.values[0]) - 80) / 40 * sampling.BLOCK)
    assert strata.tolist() == list(range(sampling.BLOCK))
    first = simulate(made.study, draws=sampling.BLOCK)
    assert np.array_equal(made.figures["A"][PV][: sampling.BLOCK], first.figures["A"][PV])


def test_progress_is_told_and_may_stop_it():
    class Stopped(Exception):
        pass

    seen: list[float] = []

    def stop(done: float) -> None:
        seen.append(done)
        if done >= 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        simulate(study(api("A", amount(100, 80, 120))), draws=10_000, progress=stop)
    assert seen == [0.25, 0.5]


@pytest.mark.parametrize("draws", [0, -1, 10**9])
def test_numbers_of_draws_that_cannot_be(draws: int):
    with pytest.raises(StudyError, match=r"risk/draws = .*: must be a whole number from 1 to 1,000,000"):
        simulate(study(api("A", amount(100, 80, 120))), draws=draws)


def test_one_draw_tells_no_spread():
    found = told.as_json(simulate(study(api("A", amount(100, 80, 120))), draws=1), "A")["options"]["A"][PV]
    assert found["sd"] is None and found["se_p50"] is None and 80 < found["p50"] < 120


def test_nothing_uncertain_is_one_outcome():
    made = simulate(study(api("A", 100), api("B", 110)), draws=100)
    assert pv(made).sd == 0 and summary.cheapest(made) == {"A": 1.0, "B": 0.0}
    assert drivers.drivers(made, PV, "A") == () and worth.worths(made) == ()


# ---------------------------------------------------------------------------------------------------- correlations


def test_contradicting_correlations_are_repaired_with_a_notice():
    paths = [f"option/A/opex/cost {n}/amount" for n in (1, 2, 3)]
    rows = [
        {"a": paths[0], "b": paths[1], "rho": 0.9},
        {"a": paths[1], "b": paths[2], "rho": 0.9},
        {"a": paths[0], "b": paths[2], "rho": -0.9},
    ]
    option = api("A", *[amount(100, 80, 120, "normal")] * 3)
    made = simulate(study(option, correlation=rows))
    assert len([n for n in made.notices if "nearest possible" in n]) == 3
    matrix = np.asarray(np.corrcoef(made.values))
    assert np.linalg.eigvalsh(matrix)[0] > -1e-9 and matrix[0, 1] == pytest.approx(0.5, abs=0.02)


def test_the_nearest_matrix_is_higham_s():
    """The example of Higham (2002), section 4: for this tridiagonal matrix the nearest is known to four digits."""
    held = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=float)
    found = sampling.nearest(held)
    assert found == pytest.approx(np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]), abs=5e-5)


def test_correlations_of_what_is_not_drawn_are_refused():
    pair = {"a": "option/A/opex/cost 1/amount", "b": "study/discount_rate", "rho": 0.5}
    with pytest.raises(StudyError, match=r"study/discount_rate.*is not drawn"):
        simulate(study(api("A", amount(100, 80, 120)), correlation=[pair]))
    alike = {"a": "option/A/opex/cost 1/amount", "b": "option/B/opex/cost 1/amount", "rho": 0.5}
    same = amount(100, 80, 120, source="one")
    with pytest.raises(StudyError, match="one draw"):
        simulate(study(api("A", same), api("B", same), correlation=[alike]))


def test_draws_that_the_rules_refuse_together_are_drawn_again():
    made = load("templates/two_vendors.toml")
    name = next(o.name for o in made.options if o.acquisition == "purchase")
    idle, load_w = (f"option/{name}/system_power_{each}_w" for each in ("idle", "load"))
    full = made.input(load_w).place.row.number("system_power_load_w")
    made = replace_all(
        made,
        {
            idle: {"value": 0.8 * full, "low": 0.5 * full, "high": 0.99 * full},
            load_w: {"value": full, "low": 0.99 * full, "high": 1.01 * full},
        },
    )
    found = simulate(made, draws=500)
    where = {path: n for n, each in enumerate(found.listed.inputs) for path in each.paths}
    assert (found.values[where[idle]] <= found.values[where[load_w]]).all()


def test_the_list_is_that_of_the_tornado():
    held = load("templates/two_vendors.toml")
    drawn = {path: each for each in uncertain_inputs(held).inputs for path in each.paths}
    shown = tornado(held, held.options[0].name)
    bars = [bar for bar in (*shown.bars, *shown.unmoved) if bar.path in drawn and bar.range.origin == "stated"]
    assert len(bars) > 20
    for bar in bars:
        each = drawn[bar.path]
        assert set(each.paths) == set(bar.paths)
        assert (bar.range.low, bar.range.high) == (each.spread.low, each.spread.high)


# -------------------------------------------------------------------------------------------------------- price paths


def rented(**change: Any) -> Any:
    """Two years of rent of a fleet that never changes, the second at a level between 0.5 and 1.5 of the first."""
    path = {"value": [1.0, 1.0], "low_by_year": [1.0, 0.5], "high_by_year": [1.0, 1.5], "distribution": "uniform"}
    fleet = owned("A", acquisition="rental", capex=[], rental={"on_demand_price": 1.0, "price_change": path | change})
    del fleet["equipment_life"]
    made = study(fleet)
    return replace(made, "study/horizon_years", 2)


def test_a_price_path_is_drawn_between_its_low_and_its_high_one_place_for_all_years():
    made = simulate(rented())
    (drawn,) = made.listed.inputs
    assert (drawn.low, drawn.base, drawn.high) == ((1.0, 0.5), (1.0, 1.0), (1.0, 1.5))
    found = summary.summary(made.figures["A"][PV])
    base = made.base.options["A"].number(PV)
    assert found is not None and base is not None
    # The first year's rent is half of both at the base; the second moves it by half of that either way, uniformly.
    assert found.percentiles[50] == pytest.approx(base, rel=1e-3)
    assert found.percentiles[90] == pytest.approx(base * 1.2, rel=2e-3)
    assert found.percentiles[10] == pytest.approx(base * 0.8, rel=2e-3)
    ends = [list(end) for end in (drawn.low, drawn.high) if isinstance(end, tuple)]
    low, high = (MODEL.run(replace(rented(), PATH, end)).options["A"].number(PV) for end in ends)
    assert low is not None and high is not None
    assert float(made.figures["A"][PV].min()) >= low - 1e-9 and float(made.figures["A"][PV].max()) <= high + 1e-9
    assert told.as_json(made, "A")["inputs"][0]["low"] == [1.0, 0.5]
    assert drivers.drivers(made, PV, "A")[0].share == pytest.approx(1, abs=0.02)


PATH = "option/A/rental/price_change"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low_by_year": [1.0]}, "low_by_year has 1 years, and the value 2"),
        ({"low_by_year": [1.0, 1.2]}, "low_by_year does not hold the value in year 2"),
        ({"high_by_year": 2.0}, "high_by_year must be a list of numbers"),
        ({"high_by_year": [1.0, -1.0]}, "high_by_year"),
        ({"value": 0.1}, "low_by_year is for a price given by year"),
        ({"low": [1.0, 0.5]}, "low is one number: write the list as low_by_year"),
        ({"low_by_year": [0.0, 0.0], "distribution": "lognormal"}, "is spread above 0"),
    ],
)
def test_a_path_that_cannot_be_is_refused(change: dict[str, Any], message: str):
    with pytest.raises(StudyError, match=message):
        rented(**change)


def test_a_path_with_one_side_is_held_and_says_so():
    held = rented()
    one = {"value": [1.0, 1.0], "low_by_year": [1.0, 0.5], "set_by": "file"}
    listed = uncertain_inputs(replace_all(replace(held, PATH, 0.0), {PATH: one}))
    assert not listed.inputs and "one side of its path only" in listed.held[0].reason


def test_a_path_survives_its_file():
    held = rented()
    assert loads(dumps(held)) == held


def test_another_option_is_named_where_it_is_cheapest_more_often_with_those_of_its_cost():
    often = amount(90, 20, 130, source="one")
    made = simulate(study(api("A", 88), api("B", often), api("C", often)))
    assert told.chosen(made) == "A"
    share = summary.cheapest(made)
    both = writer.share(share["B"] + share["C"])
    assert share["B"] + share["C"] > share["A"] > share["B"]
    assert told.sure(made).endswith(f"simulated outcomes, B in {both}.")
