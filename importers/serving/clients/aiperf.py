"""NVIDIA AIPerf: `profile_export_aiperf.json` and `.csv`, and the CSV of a sweep.

Fields as in ai-dynamo/aiperf `common/models/export_models.py`, `metrics/types` and `exporters` (schemas 1.0 to 1.3).
`inter_token_latency` is (request latency - TTFT)/(output tokens - 1), our TPOT; `inter_chunk_latency` is what vLLM and
we call ITL. `output_sequence_length` includes reasoning tokens. `request_count` leaves failed requests out, and a run
in which all failed lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importers.records import metric_table, rows
from importers.records.fields import Fields
from importers.records.format import Draft, Format, Row, Table
from importers.records.metric_table import Metrics
from importers.records.record import Latency
from importers.serving.clients import genai_perf

TOOL = "AIPerf"
MARKS = frozenset(["aiperf_version", "schema_version", "was_cancelled"])
TELEMETRY = "inferred from the telemetry"


def recognises(row: Row) -> bool:
    """AIPerf's marks beside metrics with units; a run in which everything failed still counts its errors."""
    return bool(MARKS & row.keys()) and (metric_table.is_summary(row) or "error_request_count" in row)


def recognises_table(table: Table) -> bool:
    """Statistics with the lowest percentile first."""
    header = metric_table.header_of(table)
    return "p99" in header and "p50" in header and header.index("p50") < header.index("p99")


def recognises_sweep(table: Table) -> bool:
    """Columns that are means over repeats of a metric's average."""
    return bool(table) and "output_token_throughput_mean" in table[0] and "request_throughput_mean" in table[0]


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in a JSON summary."""
    metrics = metric_table.from_json(row)
    fields = Fields(row, metrics.findings)
    config = fields.at("input_config")
    if row.get("was_cancelled") is True:
        metrics.findings.warn("the run was cancelled before its end")
    values = _values(metrics) | {
        "tool_version": fields.text("aiperf_version"),
        "date": fields.text("start_time"),
        "model": _model(config),
        "concurrency": _load(config, "limit"),
        "request_rate_per_s": _load(config, "rate"),
        "goodput_targets": genai_perf.targets(config.table.get("slos") or config.at("input").table.get("goodput")),
    }
    yield Draft(run, metrics.findings, values, len(metrics.gpus) or None, TELEMETRY)


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """The run in a CSV summary, whose rates have two decimals: counts over the duration are better."""
    metrics = metric_table.from_table(table)
    metrics.findings.warn("the CSV names neither the model nor the load: the JSON beside it is better")
    values = _values(metrics)
    duration = values["duration_s"]
    if duration:
        for rate, count in (
            ("request_throughput_per_s", values["successful_requests"]),
            ("output_throughput_tok_s", values["output_tokens_total"]),
            ("input_throughput_tok_s", values["input_tokens_total"]),
        ):
            values[rate] = values.get(rate) if count is None else count / duration
    yield Draft(run, metrics.findings, values, len(metrics.gpus) or None, TELEMETRY)


def read_sweep(table: Table, run: str) -> Iterator[Draft]:
    """Every level of a sweep; latencies are means only."""
    header = [cell.strip() for cell in table[0]]
    for place, fields in rows.below(header, table, first=2):
        findings = fields.findings
        findings.warn("means over repeats, without percentiles: latency targets on a percentile cannot be judged")

        def mean(name: str, fields: Fields = fields) -> float | None:
            return fields.number(f"{name}_mean")

        values = {
            "tool": f"{TOOL} sweep",
            "concurrency": fields.limit("concurrency", "concurrency_mean"),
            "request_rate_per_s": fields.limit("request_rate"),
            "duration_s": mean("benchmark_duration"),
            "successful_requests": fields.count("request_count_mean"),
            "failed_requests": fields.count("error_request_count_mean"),
            "input_tokens_mean": mean("input_sequence_length"),
            "output_tokens_mean": mean("output_sequence_length"),
            "request_throughput_per_s": mean("request_throughput"),
            "output_throughput_tok_s": mean("output_token_throughput"),
            "request_goodput_per_s": mean("goodput"),
            "ttft_ms": Latency(mean=mean("time_to_first_token")),
            "tpot_ms": Latency(mean=mean("inter_token_latency")),
            "itl_ms": Latency(mean=mean("inter_chunk_latency")),
            "e2e_ms": Latency(mean=mean("request_latency")),
        }
        yield Draft(place, findings, values)


def _values(metrics: Metrics) -> dict[str, Any]:
    successes, failures = metrics.count("request_count"), metrics.count("error_request_count")
    if successes is None and failures:
        successes = 0
    written = metrics.value("total_osl", "total_output_sequence_length", "total_output_tokens")
    read = metrics.value("total_isl", "total_input_sequence_length")
    if read is None and metrics.value("input_sequence_length") is None:
        metrics.findings.warn("the file holds no input lengths, and so no input throughput")
    return genai_perf.run_values(metrics) | {
        "tool": TOOL,
        "duration_s": _seconds(metrics),
        "successful_requests": successes,
        "failed_requests": failures,
        "input_tokens_total": read,
        "output_tokens_total": written,
        "request_goodput_per_s": metrics.value("goodput", "request_goodput"),
        "itl_ms": metrics.latency("inter_chunk_latency"),
    }


def _seconds(metrics: Metrics) -> float | None:
    duration = metrics.latency("benchmark_duration").mean
    return None if duration is None else duration / metric_table.TO_MS["s"]


def _model(config: Fields) -> str | None:
    endpoint = config.at("endpoint").text("model_names") or config.text("model_names", "model")
    if endpoint:
        return endpoint
    items = config.at("models").table.get("items")
    names = [item.get("name") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return Fields({"models": names}, config.findings).text("models")


def _load(config: Fields, kind: str) -> float | None:
    """The client's limit or rate: of the phase that is measured (schema 1.3), before that of the load generator."""
    phases = config.table.get("phases")
    measured = [
        Fields(phase, config.findings, "input_config.phases.")
        for phase in (phases if isinstance(phases, list) else [])
        if isinstance(phase, dict) and not phase.get("exclude_from_results")
    ]
    names = ("concurrency",) if kind == "limit" else ("request_rate", "rate")
    for fields in [*measured, config.at("loadgen")]:
        if (value := fields.limit(*names)) is not None:
            return value
    return None


WORDS = "aiperf schema_version benchmark_id good_request_count inter_chunk_latency telemetry_data"
FORMAT = Format(TOOL, "`profile_export_aiperf.json`", "json", recognises, read, words=WORDS)
TABLE = Format(TOOL, "`profile_export_aiperf.csv`", "table", recognises_table, read_table)
SWEEP = Format(f"{TOOL} sweep", "`profile_export_aiperf_sweep.csv`", "table", recognises_sweep, read_sweep)
