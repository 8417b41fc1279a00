"""From records to the points of a sweep and the shapes of a fit."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from importers.records.measurements import NotUsable, label, points, shape, sweeps
from importers.serving import Record, read, read_file

FIXTURES = Path(__file__).parent / "fixtures"
[RECORD] = read_file(FIXTURES / "vllm.json", 8)


def other(**changes: Any) -> Record:
    return dataclasses.replace(RECORD, **changes)


def test_runs_of_one_system_and_shape_are_one_curve_lightest_first():
    heavy, light = other(concurrency=64), other(concurrency=4, input_tokens_mean=1040.0)
    longer, elsewhere = other(input_tokens_mean=2000.0), other(accelerator="other")
    found = sweeps([heavy, light, longer, elsewhere])
    assert [[record.concurrency for record in group] for group in found] == [[4, 64], [17], [17]]


def test_a_point_is_per_accelerator_and_of_one_statistic():
    [point] = points([RECORD], "p90")
    assert (point.load, point.requests_per_s, point.output_tok_s) == (17, 0.5, 100)
    assert (point.ttft_ms, point.tpot_ms, point.failed_share) == (400, 22, 0)
    assert point.name == "vllm.json (concurrency 17)"
    with pytest.raises(ValueError, match="choose one of mean, median"):
        points([RECORD], "p50")


def test_a_latency_without_the_statistic_is_not_measured():
    [record] = read_file(FIXTURES / "llmperf.json", 8)
    assert points([record])[0].tpot_ms is None


def test_a_shape_has_the_measured_lengths_and_knows_whether_it_was_saturated():
    assert dataclasses.astuple(shape(RECORD)) == (label(RECORD), 1000, 200, 100, None)
    assert shape(other(request_rate_per_s=4.1)).saturated is False
    assert shape(other(request_rate_per_s=8.0)).saturated is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"accelerators": None}, r"\(--accelerators N\)"),
        ({"input_tokens_mean": None}, "input lengths"),
        ({"output_throughput_tok_s": None}, "throughput"),
        ({"cached_input_share": 0.96}, "was not read"),
    ],
)
def test_a_record_that_lacks_what_is_needed_says_so(changes: dict[str, object], words: str):
    with pytest.raises(NotUsable, match=words):
        shape(other(**changes))


def test_a_run_without_a_load_is_no_point_of_a_sweep():
    row = json.loads((FIXTURES / "inference_perf.json").read_text())
    del row["load_summary"]["requested_rate"]
    with pytest.raises(NotUsable, match="its load"):
        points(read(json.dumps(row).encode(), "summary.json", 8))
