"""NVIDIA GenAI-Perf: `profile_export_genai_perf.json` and `.csv`.

Fields as in triton-inference-server/perf_analyzer `genai-perf/genai_perf/metrics` and `export_data`. Its
`inter_token_latency` is (request latency - TTFT)/(output tokens - 1): what we call TPOT. The CSV prints thousands
commas and two decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records import metric_table
from importers.records.fields import LARGEST, Fields
from importers.records.format import Draft, Format, Row, Table
from importers.records.metric_table import Metrics

TOOL = "GenAI-Perf"


def recognises(row: Row) -> bool:
    """Metrics with units, and none of the marks of AIPerf."""
    return metric_table.is_summary(row) and not {"aiperf_version", "schema_version", "was_cancelled"} & row.keys()


def recognises_table(table: Table) -> bool:
    """Statistics with the highest percentile first (AIPerf has the lowest first)."""
    header = metric_table.header_of(table)
    return "p99" in header and "p50" in header and header.index("p99") < header.index("p50")


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in a JSON summary."""
    metrics = metric_table.from_json(row)
    config = Fields(row, metrics.findings).at("input_config")
    load = config.at("perf_analyzer", "stimulus")
    values = run_values(metrics)
    values |= {
        "model": config.text("model_names"),
        "concurrency": load.limit("concurrency"),
        "request_rate_per_s": load.limit("request_rate"),
        "goodput_targets": targets(config.at("input").table.get("goodput")),
    }
    yield Draft(run, metrics.findings, values, len(metrics.gpus) or None, "inferred from the telemetry")


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """The run in a CSV summary, which names neither the model nor the load."""
    metrics = metric_table.from_table(table)
    metrics.findings.warn("the CSV prints two decimals and names neither model nor load: the JSON beside it is better")
    yield Draft(run, metrics.findings, run_values(metrics), len(metrics.gpus) or None, "inferred from the telemetry")


def run_values(metrics: Metrics) -> dict[str, Any]:
    """Fields of a Record that GenAI-Perf and AIPerf name alike."""
    return {
        "tool": TOOL,
        "accelerator": metrics.accelerator(),
        "successful_requests": metrics.count("request_count"),
        "input_tokens_mean": metrics.value("input_sequence_length"),
        "output_tokens_mean": metrics.value("output_sequence_length", "num_output_token"),
        "request_throughput_per_s": metrics.value("request_throughput"),
        "output_throughput_tok_s": metrics.value("output_token_throughput"),
        "request_goodput_per_s": metrics.value("request_goodput"),
        "ttft_ms": metrics.latency("time_to_first_token"),
        "tpot_ms": metrics.latency("inter_token_latency"),
        "e2e_ms": metrics.latency("request_latency"),
        **metrics.power(),
    }


def targets(table: Any) -> str | None:
    """Latency targets (milliseconds) of a goodput, in words."""
    if not isinstance(table, dict) or not table:
        return None
    return ", ".join(f"{str(name)[:60]} <= {value:g} ms" for name, value in table.items() if _is_number(value)) or None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST


WORDS = "request_latency time_to_first_token inter_token_latency output_sequence_length"
FORMAT = Format(TOOL, "`profile_export_genai_perf.json`", "json", recognises, read, words=WORDS)
TABLE = Format(TOOL, "`profile_export_genai_perf.csv`", "table", recognises_table, read_table)
