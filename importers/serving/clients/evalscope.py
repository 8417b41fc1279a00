"""EvalScope `perf`: `benchmark_summary.json`, of versions that give seconds and of those that give milliseconds.

Names as in modelscope/evalscope `evalscope/perf/utils/benchmark_util.py`. Means only; percentiles are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "EvalScope perf"
_THROUGHPUT = ("Output token throughput (tok/s)", "Output Throughput (tok/s)")
# Of each latency the name with seconds and the one with milliseconds.
_MEANS = {
    "ttft_ms": ("Average time to first token (s)", "TTFT (ms)"),
    "tpot_ms": ("Average time per output token (s)", "TPOT (ms)"),
    "itl_ms": ("Average inter-token latency (s)", "ITL (ms)"),
}


def recognises(row: Row) -> bool:
    """A throughput and a number of concurrency under this tool's names."""
    return any(name in row for name in _THROUGHPUT) and any(
        name in row for name in ("Succeed requests", "Success Requests")
    )


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run of one summary."""
    findings = Findings()
    fields = Fields(row, findings)
    values: dict[str, Any] = {
        "tool": TOOL,
        "concurrency": _open(fields, "Number of concurrency", "Concurrency"),
        "request_rate_per_s": _open(fields, "Request rate (req/s)"),
        "duration_s": fields.number("Time taken for tests (s)", "Test Duration (s)"),
        "successful_requests": fields.count("Succeed requests", "Success Requests"),
        "failed_requests": fields.count("Failed requests", "Failed Requests"),
        "input_tokens_mean": fields.number("Average input tokens per request", "Avg Input Tokens"),
        "output_tokens_mean": fields.number("Average output tokens per request", "Avg Output Tokens"),
        "request_throughput_per_s": fields.number("Request throughput (req/s)", "Req Throughput (req/s)"),
        "output_throughput_tok_s": fields.number(*_THROUGHPUT),
        "total_throughput_tok_s": fields.number("Total token throughput (tok/s)", "Total Throughput (tok/s)"),
        "e2e_ms": fields.latency({"mean": ("Average latency (s)", "Avg Latency (s)")}, 1000.0),
        **{name: _mean(fields, *names) for name, names in _MEANS.items()},
    }
    findings.warn("means only: a target on a percentile cannot be judged (those are in benchmark_percentile.json)")
    yield Draft(run, findings, values)


def _open(fields: Fields, *names: str) -> float | None:
    """A limit of the client; -1 is how this tool writes that there is none."""
    return fields.limit(*(name for name in names if fields.table.get(name) not in (-1, "-1")))


def _mean(fields: Fields, in_s: str, in_ms: str) -> Latency:
    return fields.latency({"mean": (in_s,)}, 1000.0) if in_s in fields else fields.latency({"mean": (in_ms,)}, 1.0)


FORMAT = Format(TOOL, "`benchmark_summary.json` of `evalscope perf`", "json", recognises, read)
