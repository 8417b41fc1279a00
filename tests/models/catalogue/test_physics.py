"""Physics as a bound: what an accelerator can do at most, whether a model fits, and estimates that say they are one."""

import dataclasses
import tomllib
from pathlib import Path

import pytest

from models.analysis.metrics.flags import beyond_physics, flags
from models.catalogue import physics
from models.catalogue.fill import load
from models.catalogue.physics import Shape, ceiling, chip, estimate, is_impossible, model_row, reached_shares
from models.run.model import MODEL
from models.studies.file import load as studies

CATALOGUE = load()
TEMPLATES = sorted((Path(__file__).parents[3] / "templates").glob("*.toml"))


def bound(model: str, on: str, precision: str, copy: int = 1, shape: Shape | None = None) -> physics.Ceiling:
    row, part = model_row(CATALOGUE, model), chip(CATALOGUE, on)
    assert row is not None and part is not None
    return ceiling(row, part, precision, copy, shape)


def test_a_model_of_70_billion_reads_at_most_14_136_tokens_a_second_on_an_h200():
    """1,979 TFLOP/s dense FP8 over 2 operations for each of 70e9 parameters."""
    assert bound("Llama-3.3-70B-Instruct", "H200", "FP8").reading == pytest.approx(1979e12 / 140e9)
    assert bound("Llama-3.3-70B-Instruct", "H200", "BF16").reading == pytest.approx(989e12 / 140e9)


def test_only_active_parameters_count_and_a_format_without_a_peak_takes_the_next_wider():
    assert bound("DeepSeek-R1-0528", "B200", "FP8", 8).reading == pytest.approx(4500e12 / (2 * 37e9))
    assert bound("Llama-3.1-70B", "H200", "FP4").reading == bound("Llama-3.1-70B", "H200", "FP8").reading
    assert bound("Llama-3.1-70B", "B200", "").reading == pytest.approx(9000e12 / 140e9)


def test_writing_is_bounded_by_memory_at_the_stated_batch():
    """One request at a time reads 70 GB of weights and its context at 4.8 TB/s for each token."""
    alone = bound("Llama-3.1-70B", "H200", "FP8", shape=Shape(1000, 200, batch=1))
    assert alone.writing == pytest.approx(4.8e12 / (70e9 + 1100 * 163_840))
    full = bound("Llama-3.1-70B", "H200", "FP8", shape=Shape(1000, 200))
    batch = (141e9 - 70e9) / (1100 * 163_840)
    assert full.writing_memory == pytest.approx(batch * 4.8e12 / 141e9)


def test_a_model_that_is_larger_than_the_memory_does_not_fit():
    assert not bound("Llama-3.1-70B", "H200", "FP16").room < 140e9
    assert not bound("DeepSeek-R1", "H200", "FP8", 4).fits
    assert bound("DeepSeek-R1", "H200", "FP8", 8).fits


def test_no_run_of_the_catalogue_beats_physics():
    assert not [run for run in CATALOGUE.table("serving") if is_impossible(CATALOGUE, run)]
    shares = reached_shares(CATALOGUE)
    assert len(shares) > 100 and max(shares) < 1


def test_a_run_that_beats_physics_is_found():
    run = next(row for row in CATALOGUE.table("serving") if row.text("model") == "Llama-3.3-70B")
    fast = dataclasses.replace(run, cells={**run.cells, "output_tokens_per_s_per_accelerator": 1e6})
    assert is_impossible(CATALOGUE, fast)


@pytest.mark.parametrize(
    "name", ["Llama 3.1 70B", "meta-llama/Llama-3.1-70B-Instruct", "Meta-Llama-3.1-70B-Instruct", "llama_3.1_70b"]
)
def test_a_model_is_known_however_its_name_is_written(name: str):
    found = model_row(CATALOGUE, name)
    assert found is not None and found.text("model") == "Llama-3.1-70B"


def test_an_estimate_is_an_assumption_below_the_ceiling_with_its_range():
    found = estimate(CATALOGUE, "Qwen3-32B", "H200", "FP8", 1, Shape(1000, 500))
    for value, most in ((found.prefill, found.ceiling.reading), (found.decode, found.ceiling.writing)):
        assert value.confidence == "assumed" and value.note
        assert value.low is not None and value.high is not None and isinstance(value.value, float)
        assert 0 < value.low < value.value < value.high < most


@pytest.mark.parametrize(
    ("model", "on", "told"),
    [
        ("Llama-9", "H200", "the size of Llama-9"),
        ("Llama-3.1-70B", "VR200", "peak, memory and bandwidth of VR200"),
        ("DeepSeek-R1", "H200", "671 GB at FP8, and 1 H200 hold 141 GB"),
    ],
)
def test_what_cannot_be_estimated_says_why(model: str, on: str, told: str):
    with pytest.raises(ValueError, match=told):
        estimate(CATALOGUE, model, on, "FP8", 1, Shape(1000, 500))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_beats_physics(path: Path):
    study = studies.load(path)
    assert not [told for option in study.options for told in beyond_physics(option, CATALOGUE)]


def with_rates(**rates: float | str) -> list[str]:
    path = next(path for path in TEMPLATES if path.stem == "customer_service")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    tables["option"] = [option for option in tables["option"] if option["acquisition"] in ("purchase", "api")]
    bought = tables["option"][0]
    bought["serving"][0] |= rates
    if not bought["serving"][0]["accelerator"]:
        bought["serving"][0].pop("accelerator")
    return [problem.message for problem in flags(MODEL.run(studies.from_dict(tables)))]


@pytest.mark.parametrize("accelerator", ["H200", ""])
def test_a_typed_rate_above_the_ceiling_is_flagged_with_the_most_there_can_be(accelerator: str):
    """A thousand times too fast; with no accelerator named, the vendor is a system of the catalogue."""
    told = with_rates(prefill_rate=5_109_000, decode_rate=3_028_000, accelerator=accelerator)
    reading = next(each for each in told if "input speed (prefill)" in each)
    assert "5,109,000 tokens/s on one H200" in reading and "at most 14,136" in reading
    assert any("output speed (decode) of 3,028,000" in each for each in told)


def test_what_the_catalogue_does_not_know_has_no_bound():
    assert not [each for each in with_rates(prefill_rate=5_109_000, model="Our own") if "impossible" in each]
