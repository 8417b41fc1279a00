"""vLLM `bench serve` and its ancestor `benchmark_serving.py` with their forks: one JSON object a run, or one a line.

Fields as in vllm-project/vllm `vllm/benchmarks/serve.py`. Latencies are in milliseconds under `*_ms`; a fork of
InferenceX writes seconds under the same names without `_ms`. TPOT = (latency - TTFT)/(output tokens - 1), as ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import MS_PER_S, Fields, Findings
from importers.records.format import Draft, Format, Row, Table
from importers.records.record import Latency
from importers.records.rows import below
from models.notation import writer

MS = 1.0
METRICS = {"ttft_ms": ("ttft",), "tpot_ms": ("tpot",), "itl_ms": ("itl",), "e2e_ms": ("e2el", "latency")}
# What people write with --metadata KEY=VALUE.
METADATA_COUNTS = ("num_accelerators", "accelerators", "num_gpus", "n_gpus", "gpu_count", "gpus")
METADATA_HARDWARE = ("accelerator", "gpu_type", "gpu_name", "gpu", "hardware")
PROTOCOLS = ("openai", "openai-chat", "openai-completions", "openai-audio", "openai-responses")


def recognises(row: Row) -> bool:
    """A model under `model_id`, and a latency or a throughput under vLLM's name for it."""
    if "model_id" not in row:
        return False
    latencies = any(f"{statistic}_{metric}{unit}" in row for statistic in ("mean", "median") for metric, unit in _KEYS)
    return latencies or "output_throughput" in row or "total_token_throughput" in row


_KEYS = [("ttft", "_ms"), ("ttft", ""), ("tpot", "_ms"), ("e2el", "_ms"), ("e2el", ""), ("latency", "_ms")]


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in one object."""
    yield _draft(Fields(row, Findings()), run)


def _draft(fields: Fields, run: str) -> Draft:
    row, findings = fields.table, fields.findings
    if "total_input_sequences" in row or "input_sequence_throughput" in row:
        findings.problems.append("this run measured embeddings, which generate no tokens: give one of a text model")
    _say_what_is_special(fields, row, findings)
    completed = fields.count("completed")
    backend = fields.text("backend", "endpoint_type")
    values: dict[str, Any] = {
        "tool": "vLLM bench serve",
        "date": fields.text("date"),
        "model": fields.text("model_id"),
        "accelerator": fields.text(*METADATA_HARDWARE),
        "engine": None if backend in PROTOCOLS else backend,
        "engine_version": fields.text("vllm_version", "engine_version"),
        "precision": fields.text("precision", "quantization", "dtype"),
        "scenario": fields.text("label", "workload"),
        "concurrency": fields.limit("max_concurrency", "multi_turn_concurrency"),
        "request_rate_per_s": fields.limit("request_rate"),
        "duration_s": fields.number("duration"),
        "successful_requests": completed,
        "failed_requests": _failed(fields, completed, findings),
        "input_tokens_total": fields.number("total_input_tokens"),
        "output_tokens_total": fields.number("total_output_tokens"),
        "cached_input_share": _cached(fields, findings),
        "request_throughput_per_s": fields.number("request_throughput"),
        "input_throughput_tok_s": fields.number("input_throughput"),
        "output_throughput_tok_s": fields.number("output_throughput"),
        "total_throughput_tok_s": fields.number("total_token_throughput"),
        "request_goodput_per_s": fields.number("request_goodput", "request_goodput:"),
        "speculative": fields.accepted_ahead("spec_decode_acceptance_length"),
        **latencies(fields),
    }
    return Draft(run, findings, values, _from_metadata(row), "inferred from the metadata of the run")


def _cached(fields: Fields, findings: Findings) -> float | None:
    """Share of the input that the prefix cache held: hits over queries, both in tokens, or the rate where it stands."""
    hits, queries = fields.number("prefix_cache_hits"), fields.number("prefix_cache_queries")
    share = hits / queries if hits is not None and queries else fields.number("prefix_cache_hit_rate")
    if share is not None and share > 1:
        findings.warn(f"the prefix cache cannot have held {writer.digits(share, 4)} times the input: left out")
        return None
    return share


def _from_metadata(row: Mapping[str, Any]) -> int | None:
    """A number of accelerators that somebody noted; anything but a number there is a remark."""
    noted = (str(row[name]).strip() for name in METADATA_COUNTS if name in row)
    return next((int(words) for words in noted if re.fullmatch(r"[1-9]\d{0,5}", words)), None)


def _failed(fields: Fields, completed: int | None, findings: Findings) -> int | None:
    failed = fields.count("failed")
    asked = fields.count("num_prompts")
    if failed is not None or completed is None or asked is None or asked < completed:
        return failed
    if asked > completed:
        findings.warn(
            f"failed_requests is num_prompts ({asked}) less completed ({completed}): the file has no `failed`"
        )
    return asked - completed


def latencies(fields: Fields) -> dict[str, Latency]:
    """All four latencies, from names with `_ms` in milliseconds or without it in seconds."""
    found = {name: _latency(fields, metrics, "_ms", MS) for name, metrics in METRICS.items()}
    if any(latency.measured for latency in found.values()):
        return found
    found = {name: _latency(fields, metrics, "", MS_PER_S) for name, metrics in METRICS.items()}
    if any(latency.measured for latency in found.values()):
        fields.findings.warn("latencies without `_ms` in their names are read as seconds")
    return found


def _latency(fields: Fields, metrics: tuple[str, ...], unit: str, to_ms: float) -> Latency:
    def named(*statistics: str) -> list[str]:
        return [f"{statistic}_{metric}{unit}" for metric in metrics for statistic in statistics]

    names = {"mean": named("mean"), "median": named("median", "p50")}
    return fields.latency({**names, **{p: named(p, f"{p}.0") for p in ("p90", "p95", "p99")}}, to_ms)


def _say_what_is_special(fields: Fields, row: Mapping[str, Any], findings: Findings) -> None:
    lengths = row.get("output_lens")
    if isinstance(lengths, list) and (empty := sum(length == 0 for length in lengths)):
        findings.warn(
            f"{empty} of {len(lengths)} requests brought no output token; where they count as completed, with a TTFT "
            "of 0, they lower its mean: trust the median"
        )
    if row.get("mode") == "multi_turn" or "per_turn_metrics" in row:
        findings.warn("conversations of several turns: each turn reads the ones before, which a prefix cache may hold")
    if "ramp_up_strategy" in fields:
        findings.warn("the request rate rose during the run: its throughput is of no single load")


# ------------------------------------------------------------------------------------------- tables and printed blocks


def recognises_table(table: Table) -> bool:
    """The summary of a sweep: a row a run, under the names of the JSON."""
    return bool(table) and recognises(dict.fromkeys((cell.strip() for cell in table[0]), ""))


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """Every run of the summary, one a row."""
    header = [cell.strip() for cell in table[0]]
    for place, fields in below(header, table, first=2):
        yield _draft(fields, place)


SWEEP = Format("vLLM bench sweep", "`summary.csv` of `vllm bench sweep serve`", "table", recognises_table, read_table)
WORDS = "mean_ttft_ms tpot e2el model_id num_prompts request_rate max_concurrency burstiness completed"
FORMAT = Format(
    "vLLM bench serve", "the JSON of `vllm bench serve --save-result`", "json", recognises, read, words=WORDS
)
