"""NVIDIA trtllm-bench: the JSON of `trtllm-bench ... --report_json`.

Fields as in NVIDIA/TensorRT-LLM `tensorrt_llm/bench/dataclasses/reporting.py`. Times are in milliseconds; TPOT leaves
the first token out, as ours. Without `--streaming` there is neither TTFT nor TPOT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "trtllm-bench"
_STATISTICS = {"mean": ("average",), "median": ("p50",), "p90": ("p90",), "p95": ("p95",), "p99": ("p99",)}


def recognises(row: Row) -> bool:
    """The world it ran in, what was asked, and how it performed."""
    return {"world_info", "request_info", "performance"} <= row.keys()


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run of one report."""
    findings = Findings()
    fields = Fields(row, findings)
    engine, world = fields.at("engine"), fields.at("world_info")
    asked, found, streamed = fields.at("request_info"), fields.at("performance"), fields.at("streaming_metrics")
    duration = found.number("total_latency_ms")
    values: dict[str, Any] = {
        "tool": TOOL,
        "model": engine.text("model", "model_path"),
        "engine": "TensorRT-LLM",
        "engine_version": engine.text("version"),
        "precision": engine.text("quantization", "dtype"),
        "achieved_concurrency": asked.number("avg_num_concurrent_requests"),
        "duration_s": None if duration is None else duration / 1000,
        "successful_requests": asked.count("num_requests"),
        "input_tokens_mean": asked.number("avg_input_length"),
        "output_tokens_mean": asked.number("avg_output_length"),
        "request_throughput_per_s": found.number("request_throughput_req_s"),
        "output_throughput_tok_s": found.number("system_output_throughput_tok_s"),
        "total_throughput_tok_s": found.number("system_total_throughput_tok_s"),
        "ttft_ms": _latency(streamed, "ttft_percentiles", "avg_ttft_ms"),
        "tpot_ms": _latency(streamed, "tpot_percentiles", "avg_tpot_ms"),
        "e2e_ms": _latency(found, "request_latency_percentiles_ms", "avg_request_latency_ms"),
        "speculative": _speculative(fields.at("decoding_stats")),
    }
    if not streamed.table:
        findings.warn("measured without --streaming: no TTFT and no TPOT, so no latency target can be judged")
    yield Draft(run, findings, values, world.count("world_size"))


def _latency(fields: Fields, percentiles: str, mean: str) -> Latency:
    """Mean and percentiles; older reports give the mean alone."""
    found = fields.at(percentiles)
    return found.latency(_STATISTICS, 1.0) if found.table else fields.latency({"mean": (mean,)}, 1.0)


def _speculative(stats: Fields) -> str | None:
    mode = stats.text("mode")
    length = stats.at("acceptance_length_percentiles").text("average")
    return mode and (f"{mode}, {length[:6]} tokens accepted a step" if length else mode)


FORMAT = Format(TOOL, "the JSON of `trtllm-bench --report_json`", "json", recognises, read)
