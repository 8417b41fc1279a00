"""LLMPerf: `<name>_summary.json`, and a wrapper's summary keyed by concurrency.

Fields as in ray-project/llmperf `token_benchmark_ray.py`. Times are in seconds. `results_inter_token_latency_s` is the
whole request over all its tokens, the first included: our TPOT follows from E2E, TTFT and the length, as a mean only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import MS_PER_S, Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "LLMPerf"
TPOT_WARNING = "TPOT is (E2E - TTFT)/(output tokens - 1) of the means: LLMPerf's own includes the first token"


def recognises(row: Row) -> bool:
    """Result fields of the tool, or a wrapper's runs by concurrency."""
    return "results_ttft_s_mean" in row or "results_num_completed_requests" in row or _is_wrapped(row)


def _is_wrapped(row: Row) -> bool:
    return bool(row) and all(
        isinstance(run, Mapping) and "first-time-to-token_mean_in_ms" in run for run in row.values()
    )


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run of a summary, or every run of a wrapper's."""
    if _is_wrapped(row):
        for level, table in row.items():
            yield _wrapped(Fields(table, Findings(), f"{level[:20]}."), f"{run} concurrency {level[:20]}".strip())
        return
    findings = Findings()
    fields = Fields(row, findings)
    per_minute = fields.number("results_num_completed_requests_per_min")
    completed = fields.count("results_num_completed_requests")
    ttft, e2e = _latency(fields, "ttft_s"), _latency(fields, "end_to_end_latency_s")
    length = fields.number("results_number_output_tokens_mean")
    values: dict[str, Any] = {
        "tool": TOOL,
        "tool_version": fields.text("version"),
        "model": fields.text("model"),
        "engine": fields.text("framework"),
        "concurrency": fields.limit("num_concurrent_requests"),
        "duration_s": completed / per_minute * 60 if completed and per_minute else None,
        "successful_requests": completed,
        "failed_requests": fields.count("results_number_errors"),
        "input_tokens_mean": fields.number("results_number_input_tokens_mean"),
        "output_tokens_mean": length,
        "request_throughput_per_s": None if per_minute is None else per_minute / 60,
        "output_throughput_tok_s": fields.number("results_mean_output_throughput_token_per_s"),
        "ttft_ms": ttft,
        "tpot_ms": _tpot(e2e.mean, ttft.mean, length, findings),
        "e2e_ms": e2e,
    }
    yield Draft(run, findings, values)


def _latency(fields: Fields, metric: str) -> Latency:
    quantiles = {"median": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}
    names = {name: (f"results_{metric}_quantiles_{rank}",) for name, rank in quantiles.items()}
    return fields.latency({"mean": (f"results_{metric}_mean",), **names}, MS_PER_S)


def _tpot(whole: float | None, first: float | None, length: float | None, findings: Findings) -> Latency:
    if whole is None or first is None or not length or length <= 1 or whole < first:
        return Latency()
    findings.warn(TPOT_WARNING)
    return Latency(mean=(whole - first) / (length - 1))


def _wrapped(fields: Fields, run: str) -> Draft:
    findings = fields.findings
    findings.warn("lengths are those asked for, not those measured")
    first, length = fields.number("first-time-to-token_mean_in_ms"), fields.number("output_token_length")
    per_token = fields.number("latency_ms_per_token")
    whole = None if per_token is None or length is None else per_token * length
    values = {
        "tool": f"{TOOL} (wrapper)",
        "concurrency": fields.limit("concurrency"),
        "input_tokens_mean": fields.number("input_token_length"),
        "output_tokens_mean": length,
        "output_throughput_tok_s": (written := fields.number("throughput_token_per_s")),
        "request_throughput_per_s": written / length if written is not None and length else None,
        "ttft_ms": Latency(mean=first),
        "tpot_ms": _tpot(whole, first, length, findings),
        "e2e_ms": Latency(mean=whole),
    }
    return Draft(run, findings, values)


WORDS = "results_ttft_s results_num_completed_requests num_concurrent_requests results_error_rate"
FORMAT = Format(TOOL, "the `..._summary.json` of LLMPerf", "json", recognises, read, words=WORDS)
