"""Hugging Face inference-benchmarker: its JSON report, the levels of a sweep with a warm-up before them.

Fields as in huggingface/inference-benchmarker `src/writers.rs`. Milliseconds; `total_tokens` are those generated, and
the inter-token latency is the mean of each response between its tokens: our TPOT where an event carries one token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row

TOOL = "inference-benchmarker"
WARM_UP = "warmup"
_STATISTICS = {"mean": ("avg",), "median": ("p50",), "p90": ("p90",), "p95": ("p95",), "p99": ("p99",)}


def recognises(row: Row) -> bool:
    """A list of results under this tool's name of throughput."""
    results = row.get("results")
    return isinstance(results, list) and any(
        isinstance(each, Mapping) and "token_throughput_secs" in each for each in results
    )


def read(row: Row, run: str) -> Iterator[Draft]:
    """Every level but the warm-up."""
    config = row.get("config")
    for number, each in enumerate(row["results"]):
        if isinstance(each, Mapping) and each.get("id") != WARM_UP:
            findings = Findings()
            about = Fields(config if isinstance(config, Mapping) else {}, findings, "config.")
            fields = Fields(each, findings, f"results[{number}].")
            yield _level(fields, about, str(each.get("id") or f"results[{number}]")[:60])


def _level(fields: Fields, about: Fields, name: str) -> Draft:
    load = fields.at("config")
    duration, rate = fields.number("duration_ms"), load.limit("rate")
    values: dict[str, Any] = {
        "tool": TOOL,
        "model": about.text("model_name", "tokenizer"),
        "scenario": about.text("profile", "benchmark_kind"),
        # Behind a rate, the number of virtual users only bounds what is in flight.
        "concurrency": None if rate else load.limit("max_vus"),
        "request_rate_per_s": rate,
        "duration_s": None if duration is None else duration / 1000,
        "successful_requests": fields.count("successful_requests"),
        "failed_requests": fields.count("failed_requests"),
        "input_tokens_total": fields.number("total_tokens_sent"),
        "output_tokens_total": fields.number("total_tokens"),
        "request_throughput_per_s": fields.number("request_rate"),
        "output_throughput_tok_s": fields.number("token_throughput_secs"),
        "ttft_ms": fields.at("time_to_first_token_ms").latency(_STATISTICS, 1.0),
        "tpot_ms": fields.at("inter_token_latency_ms").latency(_STATISTICS, 1.0),
        "e2e_ms": fields.at("e2e_latency_ms").latency(_STATISTICS, 1.0),
    }
    return Draft(name, fields.findings, values)


WORDS = "token_throughput_secs max_vus executor_type total_tokens_sent benchmark_kind"
FORMAT = Format(TOOL, "the JSON report of inference-benchmarker", "json", recognises, read, words=WORDS)
