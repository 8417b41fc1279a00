"""NVIDIA trtllm-bench: the JSON of `trtllm-bench ... --report_json`, and what it prints.

Fields and labels as in NVIDIA/TensorRT-LLM `tensorrt_llm/bench/dataclasses/reporting.py`. Times are in milliseconds;
TPOT leaves the first token out, as ours. Without `--streaming` there is neither TTFT nor TPOT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.records.document import PRINTED_BY_TRTLLM
from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "trtllm-bench"
UNSTREAMED = "measured without --streaming: no TTFT and no TPOT, so no latency target can be judged"
_BEGINS = re.compile(r"^= (?:\w+ BACKEND|ENGINE DETAILS)[ \t\r]*$", re.MULTILINE)
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
        findings.warn(UNSTREAMED)
    yield Draft(run, findings, values, world.count("world_size"))


def recognises_printed(text: str) -> bool:
    """The heading of its figures."""
    return PRINTED_BY_TRTLLM in text


def read_printed(text: str, run: str) -> Iterator[Draft]:
    """Every report of a log; one begins with what served."""
    reports = [report for report in _BEGINS.split(text) if PRINTED_BY_TRTLLM in report]
    for number, report in enumerate(reports, start=1):
        yield _printed(_labels(report), f"report {number}" if len(reports) > 1 else "")


def _labels(report: str) -> Fields:
    """The lines of a report by label, in small letters; the first of a label counts."""
    found: dict[str, str] = {}
    for line in report.splitlines():
        label, colon, value = line.partition(": ")
        if colon and value.strip():
            found.setdefault(" ".join(label.lower().split()), value.strip())
    return Fields(found, Findings(), words=True)


def _printed(fields: Fields, run: str) -> Draft:
    duration, tensor = fields.number("total latency (ms)"), fields.count("tp size")
    pipeline = fields.count("pp size") or 1
    values: dict[str, Any] = {
        "tool": TOOL,
        "model": fields.text("model", "model path"),
        "engine": "TensorRT-LLM",
        "engine_version": fields.text("tensorrt-llm version", "tensorrt llm version"),
        "precision": fields.text("quantization", "dtype"),
        "achieved_concurrency": fields.number("number of concurrent requests"),
        "duration_s": None if duration is None else duration / 1000,
        "successful_requests": fields.count("number of requests"),
        "input_tokens_mean": fields.number("average input length (tokens)"),
        "output_tokens_mean": fields.number("average output length (tokens)"),
        "request_throughput_per_s": fields.number("request throughput (req/sec)"),
        "output_throughput_tok_s": fields.number("total output throughput (tokens/sec)"),
        "total_throughput_tok_s": fields.number("total token throughput (tokens/sec)"),
        "ttft_ms": _breakdown(fields, "ttft", "average time-to-first-token [ttft] (ms)"),
        "tpot_ms": _breakdown(fields, "tpot", "average time-per-output-token [tpot] (ms)"),
        "e2e_ms": _breakdown(fields, "latency", "average request latency (ms)"),
    }
    if not values["ttft_ms"].measured:
        fields.findings.warn(UNSTREAMED)
    return Draft(
        *(run, fields.findings, values, tensor and tensor * pipeline),
        "inferred from what it prints (TP size x PP size)",
    )


def _breakdown(fields: Fields, name: str, mean: str) -> Latency:
    """The percentiles of a latency ("[TTFT] P99"), and its mean where only that is printed."""
    names = {statistic: (f"[{name}] {labels[0]}",) for statistic, labels in _STATISTICS.items()}
    return fields.latency({**names, "mean": (*names["mean"], mean)}, 1.0)


def _latency(fields: Fields, percentiles: str, mean: str) -> Latency:
    """Mean and percentiles; older reports give the mean alone."""
    found = fields.at(percentiles)
    return found.latency(_STATISTICS, 1.0) if found.table else fields.latency({"mean": (mean,)}, 1.0)


def _speculative(stats: Fields) -> str | None:
    mode = stats.text("mode")
    length = stats.at("acceptance_length_percentiles").text("average")
    return mode and (f"{mode}, {length[:6]} tokens accepted a step" if length else mode)


PRINTED = Format(TOOL, "the report that trtllm-bench prints", "text", recognises_printed, read_printed)
WORDS = "engine_dir world_info request_info streaming_metrics tp_size pp_size kv_cache_dtype"
FORMAT = Format(TOOL, "the JSON of `trtllm-bench --report_json`", "json", recognises, read, words=WORDS)
