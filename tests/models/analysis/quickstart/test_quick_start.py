"""Quick start: four answers give a whole study, each value sourced or said to be assumed; rates follow from runs."""

import dataclasses
import datetime
import math

import pytest

from models.analysis.measured import quick_rates
from models.analysis.measured.quick_rates import Shape, rates_for, solve
from models.analysis.metrics.same_work import comparability
from models.analysis.quickstart.quick_start import (
    API,
    BUY,
    RENT,
    basis_of,
    known_models,
    known_works,
    quick_start,
    shown,
)
from models.catalogue.fill import load
from models.catalogue.rows import Entry
from models.notation import writer
from models.run.model import MODEL
from models.studies.file import load as studies
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value
from models.studies.study import Study, get
from tests.soak import long

CATALOGUE = load()
LLAMA = quick_start(100_000, "Llama-3.3-70B", "Chat")
HOSTED = [model for model in known_models(CATALOGUE) if model.can_be_hosted]


def content(study: Study, path: str) -> float:
    found = get(study, path).value
    assert isinstance(found, int | float)
    return float(found)


# ------------------------------------------------------------------------------------------------------ the study


def test_three_answers_give_buy_rent_and_api_that_compare():
    assert [option.name for option in LLAMA.study.options] == [BUY, RENT, API]
    assert not LLAMA.study.warnings
    options = MODEL.run(LLAMA.study).options
    assert all(check.holds for check in MODEL.run(LLAMA.study).checks)
    assert comparability(options[BUY], options[API]).holds
    assert studies.from_dict(studies.to_dict(LLAMA.study)) == LLAMA.study


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("workload/Chat/requests_per_day", 100_000),
        ("workload/Chat/input_tokens", 1154.7),
        ("workload/Chat/output_tokens", 211.1),
        ("workload/Chat/success_rate", 1 / 1.2),
        ("option/Buy/pue", 1.54),
        ("option/Buy/electricity_price", 0.1301),
        ("option/Buy/opex/Colocation/amount", 184.06),
        ("option/Buy/availability", 0.99),
        ("option/Buy/max_utilisation", 0.7),
        ("option/Buy/months_to_production", 4),
        ("option/Rent/months_to_production", 1),
        ("option/API/months_to_production", 0),
        ("option/Buy/opex/Staff/amount", 100_000),
        ("option/Rent/opex/Staff/amount", 100_000),
        ("option/API/opex/Staff/amount", 100_000),
        ("option/Buy/capex/H200 accelerators/amount", 32_000),
        ("option/Buy/system_power_load_w", 7752),
        ("option/Rent/rental/committed_price", 3.67),
        ("option/Rent/rental/on_demand_price", 4.59),
        ("option/API/api/price_input", 0.72),
    ],
)
def test_what_nobody_answered_is_a_stated_default(path: str, value: float):
    assert content(LLAMA.study, path) == pytest.approx(value)


def test_what_is_not_served_goes_to_the_api_at_its_price():
    """1.2 tries x (1154.7 + 211.1) tokens at 0.72 USD per million, a tenth less each year."""
    assert LLAMA.study.fields.text("interim_from") == API and LLAMA.study.fields["interim_price"].blank
    bought = MODEL.run(LLAMA.study).options[BUY].values
    unmet = bought["unmet_requests"][0]
    assert unmet > 0
    assert bought["interim_cost"][0] == pytest.approx(unmet * 1.2 * (1154.7 + 211.1) * 0.72e-6, rel=1e-5)


def test_only_hardware_is_resold_and_supported():
    """A network and putting up are gone at the end; support is a share of accelerators and servers alone."""
    option = LLAMA.study.option(BUY)
    assert [asset.text("name") for asset in option.assets if asset.number("residual_share")] == ["equipment"]
    year = MODEL.run(LLAMA.study).options[BUY].values
    hardware = 8 * 32_000 + 60_000
    support = next(row for row in option.opex if row.text("category") == "support").number("amount")
    assert year["support"][0] == pytest.approx(support * hardware * year["installed"][0])


def test_every_number_is_yours_sourced_or_assumed_and_says_on_what_it_rests():
    found = shown(LLAMA.study)
    assert [each.path for each in found if each.basis == "yours"] == ["workload/Chat/requests_per_day"]
    for each in found:
        value = each.value
        if each.basis == "sourced":
            assert value.source and value.url and value.confidence in ("published", "measured"), each.path
        elif each.basis == "assumed":
            assert value.confidence == "assumed" and value.note, each.path
            assert value.set_by == "catalogue"
        low = value.low if value.low is not None else -math.inf
        high = value.high if value.high is not None else math.inf
        assert low <= float(value.value) <= high, each.path  # type: ignore[arg-type]


def test_an_assumption_with_a_source_stays_an_assumption():
    assert basis_of(Value(1.0, source="a report", confidence="assumed")) == "assumed"
    assert basis_of(Value(1.0, source="a report", confidence="published")) == "sourced"
    assert basis_of(Value(1.0, set_by="you")) == "yours"


def test_a_closed_model_offers_the_api_only_and_names_open_substitutes():
    found = quick_start(1000, "gpt-5.4", "Chat")
    assert [option.name for option in found.study.options] == [API]
    assert "Llama-3.3-70B" in found.substitutes and "gpt-5.4" not in found.substitutes
    assert set(found.substitutes) == {model.name for model in HOSTED}
    assert "through an API only" in found.notes[0]
    assert MODEL.run(found.study).options[API].number("pv_cost")


def test_an_open_model_without_a_price_by_the_token_is_bought_or_rented():
    found = quick_start(50_000, "Llama-3.1-405B", "Chat")
    assert [option.name for option in found.study.options] == [BUY, RENT]
    assert found.study.fields["interim_price"].blank
    assert any("no API price" in note for note in found.notes)


@long
@pytest.mark.parametrize("model", HOSTED, ids=lambda model: model.name)
def test_every_model_that_can_be_hosted_gives_a_sound_study(model):
    for work, system in zip(known_works(CATALOGUE), model.systems * 7, strict=False):
        found = quick_start(20_000, model.name, work, system=system)
        result = MODEL.run(found.study)
        assert all(check.holds for check in result.checks)
        assert all((option.number("pv_cost") or 0) > 0 for option in result.options.values())
        assert {warning.path.rsplit("/", 1)[1] for warning in found.study.warnings} <= {"ttft_ms", "power_method"}


def test_a_rack_is_bought_whole_and_its_rating_is_flagged():
    found = quick_start(1e7, "Llama-3.3-70B", "Chat", system="NVIDIA GB200 NVL72", start_year=2027)
    assert content(found.study, "option/Buy/capex/NVIDIA GB200 NVL72/amount") == 3_400_000
    assert content(found.study, "option/Buy/accelerators_per_system") == 72
    assert content(found.study, "study/start_year") == 2027
    assert any(warning.path.endswith("power_method") for warning in found.study.warnings)


def test_a_price_is_told_to_be_old_from_the_day_its_kind_is():
    def old(day: datetime.date) -> list[str]:
        found = quick_start(1000, "Llama-3.3-70B", "Chat", on=day)
        return [note for note in found.notes if "ask for today's" in note]

    assert old(datetime.date(2020, 1, 1)) == []
    late = old(datetime.date(2040, 1, 1))
    assert len(late) >= 3 and all(" old (20" in note for note in late)


def test_requests_far_longer_than_any_run_are_told():
    assert any("the longest run" in note for note in quick_start(100, "Llama-3.3-70B", "Coding agent").notes)


@pytest.mark.parametrize(
    ("answers", "model", "work", "system", "told"),
    [
        (0, "Llama-3.3-70B", "Chat", None, "above 0"),
        (math.nan, "Llama-3.3-70B", "Chat", None, "above 0"),
        (1, "llama 3.3 70b", "Chat", None, 'did you mean "Llama-3.3-70B"?'),
        (1, "Llama-3.3-70B", "chats", None, 'did you mean "Chat"?'),
        (1, "Llama-3.3-70B", "Chat", "HGX H200", 'did you mean "NVIDIA HGX H200"?'),
    ],
)
def test_an_answer_that_cannot_be_used_is_met_with_the_nearest(answers, model, work, system, told):
    with pytest.raises(StudyError) as caught:
        quick_start(answers, model, work, system=system)
    assert told in str(caught.value)


# ----------------------------------------------------------------------------------------- from runs to rates


def run(read: float, written: float, rate: float) -> quick_rates.Run:
    return quick_rates.Run(CATALOGUE.table("serving")[0], read, written, rate)


def test_two_runs_give_two_rates():
    """Published example: 4,791.6 and 5,219.6 total tokens/s per GPU at 1k/1k and 8k/1k give about 5,360 and 4,340."""
    solved = solve(run(1024, 1024, 4791.6 / 2), run(8192, 1024, 5219.6 / 9))
    assert solved is not None
    assert solved == pytest.approx((5360, 4340), rel=2e-3)
    assert 1024 / solved[0] + 1024 / solved[1] == pytest.approx(0.4274, abs=5e-5)


def test_runs_that_are_too_alike_or_contradict_each_other_give_none():
    assert solve(run(1000, 1000, 100), run(1200, 1000, 90)) is None
    assert solve(run(1000, 1000, 100), run(2000, 1000, 400)) is None


def test_rates_inside_the_latency_limit_follow_from_the_runs_the_note_names():
    """H200, 1000/1000 at 2,909 and 2048/128 at 442: 7,818 and 4,633, times 23,079.9 / 35,316.7."""
    found = rates_for(CATALOGUE, "Llama-3.3-70B", "H200", Shape(1154.7, 211.1))
    assert found is not None and found.method == "two runs"
    assert found.prefill.value == pytest.approx(5109, abs=0.5)
    assert found.decode.value == pytest.approx(3028, abs=0.5)
    assert found.prefill.high == pytest.approx(7818, abs=0.5)
    note = str(found.prefill.note)
    for written in ("2,909", "442", "0.6535", "7,818", "4,633", f"{writer.MINUS}15%"):
        assert written in note
    assert found.decode.confidence == "assumed" and found.decode.source


def test_a_run_of_about_the_same_ratio_gives_a_blended_rate_as_measured():
    found = rates_for(CATALOGUE, "gpt-oss-120b", "H200", Shape(1154.7, 211.1))
    assert found is not None and found.method == "blended"
    assert found.prefill.blank and found.decode.value == 1212
    assert found.decode.confidence == "measured"
    assert found.entry.number("tpot_ms") == 25.0


def test_with_a_cache_a_blended_rate_will_not_do():
    found = rates_for(CATALOGUE, "gpt-oss-120b", "H200", Shape(8000, 1000, cached=0.5))
    assert found is not None and found.method == "total"
    assert found.prefill.value == found.decode.value == pytest.approx(1212 * 9216 / 1024)


def test_only_runs_quick_enough_for_a_person_count():
    slow = list(CATALOGUE.find("serving", model="gpt-oss-120b", accelerator="H200"))
    assert max(row.needed("output_tokens_per_s_per_accelerator") for row in slow) > 1212
    assert rates_for(CATALOGUE, "gpt-oss-120b", "A100", Shape(1000, 100)) is None


def test_a_fit_that_misses_the_next_run_is_not_used():
    """Of three runs no pair foretells the third: one total rate stands in."""
    rows = [("100", "100", 100.0), ("1000", "100", 50.0), ("10000", "100", 0.5)]
    like = next(CATALOGUE.find("serving", model="Llama-3.3-70B", accelerator="H200"))
    found = rates_for(dataclasses.replace(CATALOGUE, entries=tuple(_runs(like, rows))), "x", "y", Shape(900, 100))
    assert found is not None and found.method in ("blended", "total")


def _runs(like: Entry, rows: list[tuple[str, str, float]]) -> list[Entry]:
    return [
        dataclasses.replace(
            like,
            cells={
                **like.cells,
                "model": "x",
                "accelerator": "y",
                "input_tokens": float(read),
                "output_tokens": float(written),
                "output_tokens_per_s_per_accelerator": rate,
            },
        )
        for read, written, rate in rows
    ]
