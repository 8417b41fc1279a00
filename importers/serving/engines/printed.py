"""What vLLM and SGLang print at the end of a run, as people paste it or keep it in a log: one block a run.

Labels as in vllm-project/vllm `vllm/benchmarks/serve.py` and sgl-project/sglang `bench_serving.py`; only the second
prints its backend. The block names no model and rounds to two decimals: the JSON is better. What a terminal or a log
adds to its lines (colours, carriage returns, a time, the name of a pod, a mark of quotation) is taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.records.document import PRINTED
from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format
from importers.records.record import STATISTICS, Latency

_BLOCK = re.compile(r"=+ Serving Benchmark Result =+[ \t]*\n(.*?)(?:\n=+[ \t]*(?:\n|\Z)|\Z)", re.DOTALL)
_LINE = re.compile(r"^[ \t]*([A-Za-z][^:\n]*):[ \t]+(\S[^\n]*)$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# SGLang's label, and as its versions up to 0.4 spell it.
_MISSPELT = ("max request concurrency", "max reqeuest concurrency")
# A mark before every line is no longer than this.
LONGEST_MARK = 200
_LATENCIES = {
    "ttft_ms": ("ttft",),
    "tpot_ms": ("tpot",),
    "itl_ms": ("itl",),
    "e2e_ms": ("e2el", "e2e latency"),
}


def recognises(text: str) -> bool:
    """The head of a block."""
    return PRINTED in text


def read(text: str, run: str) -> Iterator[Draft]:
    """Every block of the text."""
    blocks = [_fields(body) for body in _BLOCK.findall(_bare(text))]
    for number, fields in enumerate(blocks, start=1):
        yield _draft(fields, f"block {number}" if len(blocks) > 1 else "")


def _bare(text: str) -> str:
    """The text without what a terminal or a log adds: what stands before a block's head stands before its lines too,
    with other digits where it is a time."""
    bare: list[str] = []
    mark: re.Pattern[str] | None = None
    for line in _COLOUR.sub("", text).splitlines():
        if PRINTED in line:
            before = line[: line.index(PRINTED)].rstrip(" ").rstrip("=")
            mark = _like(before) if before.strip() and len(before) <= LONGEST_MARK else None
        bare.append(mark.sub("", line, count=1) if mark else line)
    return "\n".join(bare)


def _like(mark: str) -> re.Pattern[str]:
    """What a line begins with that is marked so, whatever its digits."""
    return re.compile("^" + r"\d+".join(map(re.escape, re.split(r"\d+", mark.rstrip()))) + " ?")


def _fields(body: str) -> Fields:
    """The lines of a block by label, in small letters."""
    return Fields({label.lower(): value.rstrip() for label, value in _LINE.findall(body)}, Findings(), words=True)


def _draft(fields: Fields, run: str) -> Draft:
    backend = fields.text("backend")
    values: dict[str, Any] = {
        "tool": "SGLang bench_serving" if backend else "vLLM bench serve",
        "engine": backend,
        "concurrency": _limit(fields, "maximum request concurrency", *_MISSPELT, "max concurrency"),
        "achieved_concurrency": fields.number("concurrency"),
        "request_rate_per_s": _limit(fields, "request rate configured (rps)", "traffic request rate"),
        "duration_s": fields.number("benchmark duration (s)"),
        "successful_requests": fields.count("successful requests"),
        "failed_requests": fields.count("failed requests"),
        "input_tokens_total": fields.number("total input tokens"),
        "output_tokens_total": fields.number("total generated tokens"),
        "request_throughput_per_s": fields.number("request throughput (req/s)"),
        "input_throughput_tok_s": fields.number("input token throughput (tok/s)"),
        "output_throughput_tok_s": fields.number("output token throughput (tok/s)"),
        "total_throughput_tok_s": fields.number("total token throughput (tok/s)"),
        "request_goodput_per_s": fields.number("request goodput (req/s)"),
        "speculative": fields.accepted_ahead("acceptance length", "accept length"),
        **{name: _latency(fields, metrics) for name, metrics in _LATENCIES.items()},
    }
    if values["request_throughput_per_s"] is None and values["output_throughput_tok_s"] is None:
        fields.findings.problems.append(
            "the block gives no throughput that can be read: give it as the tool printed it, or the file that it saves"
        )
    fields.findings.warn("a printed block: two decimals, and no model; the file that the tool saves is better")
    return Draft(run, fields.findings, values)


def _limit(fields: Fields, *names: str) -> float | None:
    return fields.limit(*(name for name in names if str(fields.table.get(name)).lower() != "not set"))


def _latency(fields: Fields, metrics: tuple[str, ...]) -> Latency:
    def named(statistic: str) -> list[str]:
        words = ("median", "p50") if statistic == "median" else (statistic,)
        return [f"{word} {metric} (ms)" for word in words for metric in metrics]

    return fields.latency({statistic: named(statistic) for statistic in STATISTICS}, 1.0)


FORMAT = Format("printed result of a serving benchmark", "the block that the tool prints", "text", recognises, read)
