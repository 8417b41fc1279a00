"""SGLang `bench_offline_throughput`: JSON lines, one run a line; throughput of a batch, without latencies.

Fields as in sgl-project/sglang `python/sglang/bench_offline_throughput.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row

TOOL = "SGLang offline throughput"


def recognises(row: Row) -> bool:
    """A total latency beside counts of tokens and requests that succeeded."""
    return {"total_latency", "successful_requests", "total_input_tokens", "total_output_tokens"} <= row.keys()


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in one object (one line of the file)."""
    findings = Findings()
    fields = Fields(row, findings)
    values: dict[str, Any] = {
        "tool": TOOL,
        "engine": "SGLang",
        "scenario": "offline",
        "duration_s": fields.number("total_latency"),
        "successful_requests": fields.count("successful_requests"),
        "input_tokens_total": fields.number("total_input_tokens"),
        "output_tokens_total": fields.number("total_output_tokens"),
        "request_throughput_per_s": fields.number("request_throughput"),
        "input_throughput_tok_s": fields.number("input_throughput"),
        "output_throughput_tok_s": fields.number("output_throughput"),
        "total_throughput_tok_s": fields.number("total_throughput"),
    }
    findings.warn("an offline run: all requests at once and no latencies, so no latency target can be judged")
    yield Draft(run, findings, values)


WORDS = "total_latency last_gen_throughput successful_requests"
FORMAT = Format(TOOL, "the JSON lines of `sglang.bench_offline_throughput`", "json", recognises, read, words=WORDS)
