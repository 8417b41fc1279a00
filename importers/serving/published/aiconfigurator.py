"""NVIDIA aiconfigurator: `best_config_topn.csv` and `pareto.csv`. Predictions of a performance model, not measurements.

Columns as in ai-dynamo/aiconfigurator `sdk/common.py`. Throughput, request rate, concurrency and number of GPUs are
those of one replica; `tokens/s` are output tokens. Times are in milliseconds. Columns of one role of a disaggregated
system begin with `(p)` or `(d)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records import rows
from importers.records.fields import Fields
from importers.records.format import Draft, Format, Table
from importers.records.record import Latency

TOOL = "aiconfigurator"
COLUMNS = frozenset(["tokens/s/gpu", "tokens/s/user", "num_total_gpus", "ttft", "tpot"])


def recognises(table: Table) -> bool:
    """The columns of a configuration."""
    return bool(table) and set(table[0]) >= COLUMNS


def read(table: Table, run: str) -> Iterator[Draft]:
    """Every configuration, one a row."""
    header = [cell.strip() for cell in table[0]]
    for place, fields in rows.below(header, table, first=2):
        yield _draft(fields, place)


def _draft(fields: Fields, run: str) -> Draft:
    fields.findings.warn("a prediction for one replica that nobody measured; it may miss the latency targets asked for")
    values: dict[str, Any] = {
        "tool": TOOL,
        "predicted": True,
        "model": fields.text("model"),
        "accelerator": fields.text("system", "(d)system"),
        "engine": fields.text("backend", "(d)backend"),
        "engine_version": fields.text("version", "(d)version"),
        "precision": fields.text("gemm", "(d)gemm"),
        "scenario": "disaggregated" if "(d)system" in fields else fields.text("parallel"),
        "concurrency": fields.limit("concurrency"),
        "input_tokens_mean": fields.number("isl"),
        "output_tokens_mean": fields.number("osl"),
        "request_throughput_per_s": fields.number("seq/s"),
        "output_throughput_tok_s": fields.number("tokens/s"),
        "ttft_ms": Latency(mean=fields.number("ttft")),
        "tpot_ms": Latency(mean=fields.number("tpot")),
        "e2e_ms": Latency(mean=fields.number("request_latency")),
    }
    return Draft(run, fields.findings, values, fields.count("num_total_gpus"))


WORDS = "tokens/s/gpu tokens/s/user num_total_gpus parallel pareto"
FORMAT = Format(TOOL, "`best_config_topn.csv` or `pareto.csv`", "table", recognises, read, words=WORDS)
