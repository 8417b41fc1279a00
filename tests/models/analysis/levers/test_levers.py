"""Levers: stacked in any order they do the same, and their bars add up to what they do together."""

import dataclasses
import itertools
from pathlib import Path

import pytest

from models.analysis.decision.shapley import shapley
from models.analysis.levers.levers import Lever, adopted, applied, levers, stack, with_value
from models.analysis.quickstart.quick_start import quick_start
from models.catalogue.fill import load
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file import load as studies
from models.studies.inputs.paths import segment
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value
from models.studies.study import Study, effective, get

TEMPLATES = Path(__file__).parents[4] / "templates"
LEVERS = {lever.name: lever for lever in levers(load())}
COST, ENERGY = "comparison_cost_per_meaningful_response", "joules_per_meaningful_response"
STUDY = quick_start(3_000_000, "Llama-3.3-70B", "Chat over long documents").study
REASONING = studies.load(TEMPLATES / "reasoning_agent.toml")
BUY = "Buy"


def chosen(*names: str) -> list[Lever]:
    return [LEVERS[name] for name in names]


def amounts(found, metric: str = COST) -> dict[str, float]:
    waterfall = found.waterfalls[metric]
    assert waterfall is not None
    return {bar.name: bar.amount for bar in waterfall.bars}


def figure(study: Study, option: str, metric: str = COST) -> float:
    found = MODEL.run_option(study, study.option(option)).number(metric)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------- Shapley values


def test_shares_of_a_game_worked_out_by_hand():
    """Two players worth 10 and 20 alone and 50 together share the 20 they gain together."""
    assert shapley([0, 10, 20, 50]) == pytest.approx([20, 30])
    assert shapley([7]) == []
    assert shapley([1, 3]) == [2]


def test_shares_are_the_mean_over_every_order():
    worth = [0.0, 5.0, 3.0, 9.0, 1.0, 2.0, 8.0, 20.0]
    mean = [0.0, 0.0, 0.0]
    for order in itertools.permutations(range(3)):
        done = 0
        for player in order:
            mean[player] += (worth[done | 1 << player] - worth[done]) / 6
            done |= 1 << player
    assert shapley(worth) == pytest.approx(mean)
    assert sum(shapley(worth)) == pytest.approx(worth[-1] - worth[0])


# ------------------------------------------------------------------------------------------------------- waterfalls

SIX = ("speculative_decoding", "prefix_caching", "routing", "liquid_cooling", "dc_800v", "higher_utilisation")


def test_bars_add_up_to_a_full_run_with_all_levers_and_each_bar_says_so():
    found = stack(STUDY, BUY, chosen(*SIX))
    for metric in (COST, ENERGY):
        waterfall = found.waterfalls[metric]
        assert waterfall is not None
        assert waterfall.start == pytest.approx(figure(STUDY, BUY, metric), rel=1e-12)
        assert waterfall.end == pytest.approx(figure(found.study, BUY, metric), rel=1e-12)
        total = sum(bar.amount for bar in waterfall.bars)
        assert waterfall.start + total == pytest.approx(waterfall.end, rel=1e-12)
        assert waterfall.end < waterfall.start


def test_the_order_of_choosing_changes_nothing():
    forwards, backwards = stack(STUDY, BUY, chosen(*SIX)), stack(STUDY, BUY, chosen(*reversed(SIX)))
    assert forwards.waterfalls == backwards.waterfalls
    assert forwards.study == backwards.study
    twice = stack(STUDY, BUY, chosen(*SIX, *SIX))
    assert twice.waterfalls == forwards.waterfalls


def test_one_lever_alone_brings_what_two_full_runs_differ_by():
    found = stack(STUDY, BUY, chosen("speculative_decoding"))
    by_hand = STUDY
    for row in STUDY.option(BUY).serving:
        path = f"option/{BUY}/serving/{segment(row.text('workload'))}/decode_rate"
        by_hand = replace(by_hand, path, row.number("decode_rate") * 1.38)
    gap = figure(by_hand, BUY) - figure(STUDY, BUY)
    assert amounts(found)["speculative_decoding"] == pytest.approx(gap, rel=1e-9)


def test_floors_come_before_factors_whatever_is_chosen_first():
    half = dataclasses.replace(
        LEVERS["prefix_caching"],
        name="half",
        effects=(dataclasses.replace(LEVERS["prefix_caching"].effects[0], operation="multiply", value=0.5),),
    )
    for order in itertools.permutations([half, LEVERS["prefix_caching"]]):
        serving = applied(STUDY, STUDY.option(BUY), order).serving[0]
        assert serving.number("cached_input_share") == pytest.approx(0.563 * 0.5)


def test_a_lever_that_changes_nothing_owes_nothing_and_says_why():
    found = stack(STUDY, BUY, chosen("quantisation", "standardised_design", "adaptive_reasoning", "routing"))
    waterfall = found.waterfalls[COST]
    assert waterfall is not None
    notes = {bar.name: (bar.amount, bar.note) for bar in waterfall.bars}
    assert notes["quantisation"] == (0, "the rates are measured at FP8, and it starts from BF16 or FP16")
    assert notes["standardised_design"] == (0, "this option has no facility cost")
    assert notes["adaptive_reasoning"][0] == 0
    assert notes["routing"][0] == pytest.approx(waterfall.end - waterfall.start)


def test_the_api_gains_from_what_it_charges_for_only():
    found = stack(REASONING, "API, maker", chosen("prefix_caching", "adaptive_reasoning", "liquid_cooling"))
    bars = amounts(found)
    assert bars["adaptive_reasoning"] < 0 and bars["liquid_cooling"] == 0
    assert found.waterfalls[ENERGY] is None


def test_reasoning_is_cut_for_the_option_alone():
    name = "B200 servers, owned"
    found = stack(REASONING, name, chosen("adaptive_reasoning"))
    for workload in REASONING.workloads:
        before = workload.number("reasoning_tokens")
        row = found.study.option(name).serving_for(workload.text("name"))
        assert effective(workload, row, "reasoning_tokens") == pytest.approx(0.7 * before)
    assert found.study.workloads == REASONING.workloads
    assert found.study.option("API, maker") == REASONING.option("API, maker")


def test_sparse_attention_needs_long_prompts_and_four_bits_need_the_hardware():
    short = quick_start(1_000_000, "Llama-3.3-70B", "Chat").study
    assert applied(short, short.option(BUY), chosen("sparse_attention")) == short.option(BUY)
    assert applied(STUDY, STUDY.option(BUY), chosen("sparse_attention")) != STUDY.option(BUY)
    assert applied(STUDY, STUDY.option(BUY), chosen("quantisation_4_bit")) == STUDY.option(BUY)
    name = "B200 servers, owned"
    assert applied(REASONING, REASONING.option(name), chosen("quantisation_4_bit")) != REASONING.option(name)


def test_a_blended_rate_is_named_where_it_makes_a_bar_too_large():
    waterfall = stack(REASONING, "GB200 NVL72, owned", chosen("speculative_decoding")).waterfalls[COST]
    assert waterfall is not None and "blended" in waterfall.bars[0].note


# ----------------------------------------------------------------------------------------- what a lever does to inputs


def test_an_input_that_a_lever_changed_tells_its_story():
    kept = adopted(STUDY, BUY, chosen("liquid_cooling"))
    pue = get(kept, "option/Buy/pue")
    assert pue.value == pytest.approx(1 + 0.54 * 0.882)
    assert pue.set_by == "catalogue" and pue.confidence == "assumed"
    assert "Liquid cooling" in str(pue.note) and "Vertiv" in str(pue.note)
    assert get(STUDY, "option/Buy/pue").value == 1.54
    colocation = get(kept, "option/Buy/opex/Colocation/amount")
    assert colocation.value == pytest.approx(184.06 * 1.085)
    assert studies.from_dict(studies.to_dict(kept)) == kept


def test_a_pue_never_falls_below_one():
    best = replace(STUDY, "option/Buy/pue", 1.0)
    assert adopted(best, BUY, chosen("liquid_cooling")).option(BUY).fields.number("pue") == 1.0


def test_blanks_stay_blank():
    option = applied(STUDY, STUDY.option("Rent"), LEVERS.values())
    assert option.fields["system_power_load_w"].blank and option.fields["pue"].blank


def test_every_lever_keeps_its_value_inside_its_range_and_says_what_it_rests_on():
    for lever in LEVERS.values():
        for effect in lever.effects:
            low = effect.value if effect.low is None else effect.low
            high = effect.value if effect.high is None else effect.high
            assert low <= effect.value <= high, lever.name
            assert effect.entry.text("source") or effect.entry.text("note")
    assert {"quantisation", "kv_cache_compression", "speculative_decoding", "sparse_attention"} <= set(LEVERS)
    assert {"serving_software", "prefix_caching", "smaller_model", "mixture_of_experts", "routing"} <= set(LEVERS)
    assert {"adaptive_reasoning", "liquid_cooling", "dc_800v", "standardised_design"} <= set(LEVERS)
    assert LEVERS["higher_utilisation"].assumed and not LEVERS["adaptive_reasoning"].assumed


def test_a_person_may_think_otherwise_of_a_lever():
    bold = with_value(LEVERS["speculative_decoding"], "decode_rate", 2.0)
    mild = stack(STUDY, BUY, chosen("speculative_decoding")).waterfalls[COST]
    more = stack(STUDY, BUY, [bold]).waterfalls[COST]
    assert mild is not None and more is not None and more.end < mild.end


# ------------------------------------------------------------------------------------------------------------ refusals


def test_levers_that_replace_the_model_exclude_each_other():
    with pytest.raises(StudyError, match="choose one of the two"):
        stack(STUDY, BUY, chosen("smaller_model", "routing"))


def test_more_than_ten_that_work_are_refused():
    like = LEVERS["dc_800v"]
    many = [dataclasses.replace(like, name=f"lever {n}") for n in range(11)]
    with pytest.raises(StudyError, match="11 levers"):
        stack(STUDY, BUY, many)


def test_an_unknown_option_is_met_with_the_nearest():
    with pytest.raises(StudyError, match="did you mean"):
        stack(STUDY, "Bye", [])


def test_no_lever_is_a_waterfall_too():
    found = stack(STUDY, BUY, [])
    waterfall = found.waterfalls[COST]
    assert waterfall is not None and waterfall.start == waterfall.end and not waterfall.bars
    assert found.study.option(BUY) == STUDY.option(BUY)


def test_a_value_that_a_lever_leaves_alone_is_the_same_object():
    value = STUDY.option(BUY).fields["pue"]
    assert isinstance(value, Value)
    assert applied(STUDY, STUDY.option(BUY), chosen("routing")).fields["pue"] is value


# ------------------------------------------------------------------------------------- near the ceiling of a site

BOUND = "B200, liquid"


def crowded_site() -> Study:
    """A site with twice the systems that its connection feeds."""
    site = studies.load(TEMPLATES / "power_limited_site.toml")
    return replace(site, f"option/{BOUND}/systems", int(2 * site.option(BOUND).fields.number("systems")))


@pytest.mark.parametrize("name", ["power_cap", "power_oversubscription"])
def test_where_power_binds_it_feeds_more_systems(name: str):
    site = crowded_site()
    before = MODEL.run_option(site, site.option(BOUND)).values
    after = MODEL.run_option(site, applied(site, site.option(BOUND), chosen(name))).values
    assert before["power_share"][0] < after["power_share"][0] < 1
    assert after["meaningful_responses"] > before["meaningful_responses"]


def test_a_cap_on_a_fleet_that_is_fed_anyway_makes_fewer_answers():
    before = MODEL.run_option(STUDY, STUDY.option(BUY)).values
    after = MODEL.run_option(STUDY, applied(STUDY, STUDY.option(BUY), chosen("power_cap"))).values
    assert after["peak_accelerators"][0] > before["peak_accelerators"][0]


def test_a_cap_slows_reading_more_than_writing_and_never_below_its_source():
    by_field = {effect.field: effect.value for effect in LEVERS["power_cap"].effects}
    assert 0.92 <= by_field["prefill_rate"] < by_field["decode_rate"] < 1
    assert 0.857 <= by_field["system_power_load_w"] < 1


def test_without_a_limit_of_power_there_is_nothing_to_oversubscribe():
    found = stack(STUDY, BUY, chosen("power_oversubscription")).waterfalls[COST]
    assert found is not None
    (bar,) = found.bars
    assert bar.amount == 0 and bar.note
