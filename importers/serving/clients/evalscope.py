"""EvalScope `perf`: `benchmark_summary.json`, of versions that give seconds and of those that give milliseconds.

Names as in modelscope/evalscope `evalscope/perf/utils/benchmark_util.py`, of percentiles in `db_util.py`. It writes
means and percentiles in two files; `joined` makes one of them.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from importers.records.document import Unreadable, parsed
from importers.records.fields import MS_PER_S, Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "EvalScope perf"
_THROUGHPUT = ("Output token throughput (tok/s)", "Output Throughput (tok/s)")
SUMMARY, PERCENTILES = "benchmark_summary.json", "benchmark_percentile.json"
# What a row of percentiles is of, and its rows that a record keeps.
_ROW = "Percentiles"
_KEPT = {"median": "50%", "p90": "90%", "p95": "95%", "p99": "99%"}
# Of each latency the name with seconds and the one with milliseconds.
_MEANS = {
    "ttft_ms": ("Average time to first token (s)", "TTFT (ms)"),
    "tpot_ms": ("Average time per output token (s)", "TPOT (ms)"),
    "itl_ms": ("Average inter-token latency (s)", "ITL (ms)"),
}


def joined(summary: bytes, percentiles: bytes) -> bytes | None:
    """The summary with the percentiles of its run in it; None where either is something else."""
    try:
        (run,), rows = parsed(summary).rows, parsed(percentiles).rows
    except (Unreadable, ValueError):
        return None
    apart = {f"{name}, {row[_ROW]}": value for row in rows if _ROW in row for name, value in row.items()}
    return json.dumps(run | apart).encode() if apart and recognises(run) else None


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
        "e2e_ms": _with_percentiles(
            fields, "Latency", fields.latency({"mean": ("Average latency (s)", "Avg Latency (s)")}, MS_PER_S)
        ),
        **{name: _latency(fields, *names) for name, names in _MEANS.items()},
    }
    if not any(name.endswith(_KEPT["p99"]) for name in row):
        findings.warn(
            f"means only: a target on a percentile cannot be judged; give {PERCENTILES} with it, in one folder or zip"
        )
    yield Draft(run, findings, values)


def _open(fields: Fields, *names: str) -> float | None:
    """A limit of the client; -1 is how this tool writes that there is none."""
    return fields.limit(*(name for name in names if fields.table.get(name) not in (-1, "-1")))


def _latency(fields: Fields, in_s: str, in_ms: str) -> Latency:
    mean = fields.latency({"mean": (in_s,)}, MS_PER_S) if in_s in fields else fields.latency({"mean": (in_ms,)}, 1.0)
    return _with_percentiles(fields, in_ms.removesuffix(" (ms)"), mean)


def _with_percentiles(fields: Fields, name: str, mean: Latency) -> Latency:
    """A latency with its percentiles, where they were joined to the summary."""
    for unit, to_ms in (("s", MS_PER_S), ("ms", 1.0)):
        names = {kept: (f"{name} ({unit}), {row}",) for kept, row in _KEPT.items()}
        if any(each in fields for (each,) in names.values()):
            return dataclasses.replace(fields.latency(names, to_ms), mean=mean.mean)
    return mean


WORDS = "concurrency succeed requests expected percentiles parallel"
FORMAT = Format(TOOL, "`benchmark_summary.json` of `evalscope perf`", "json", recognises, read, words=WORDS)
