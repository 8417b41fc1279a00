"""GuideLLM: `benchmarks.json` (reports of versions 1 and 2) and `benchmarks.csv`, with several runs in a file.

Fields as in vllm-project/guidellm `benchmark/schemas` and `benchmark/outputs/csv.py`. Of every metric the successful
requests are read. `request_latency` is in seconds. `time_per_output_token_ms` includes the first token and is not read;
`inter_token_latency_ms`, (last - first token)/(output tokens - 1), is our TPOT. Means of TPOT weigh every token alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from importers.records import rows
from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row, Table
from importers.records.record import Latency
from models.notation import writer

TOOL = "GuideLLM"
# The limit of these is only how many requests the client could hold, not a load anybody chose.
OPEN_LOOP = ("constant", "poisson", "async", "trace", "replay")
PERCENTILES = ("p001", "p01", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "p999")
TPOT_WARNING = "TPOT is GuideLLM's inter-token latency; its own TPOT includes the first token and is left out"


def recognises(row: Row) -> bool:
    """A report with a list of benchmarks that have metrics."""
    runs = row.get("benchmarks")
    return isinstance(runs, list) and (not runs or any(isinstance(run, dict) and "metrics" in run for run in runs))


def recognises_table(table: Table) -> bool:
    """Three rows of headings: group, status with unit, statistic."""
    return len(table) > 3 and "Server Throughput" in table[0] and "Successful" in table[1]


def read(row: Row, run: str) -> Iterator[Draft]:
    """Every benchmark of a report."""
    findings = Findings()
    report = Fields(row, findings)
    version = report.at("metadata").text("guidellm_version")
    if not row["benchmarks"]:
        findings.problems.append('the list "benchmarks" is empty: give the report of a run that was measured')
        yield Draft(run, findings, {"tool": TOOL})
    for number, benchmark in enumerate(row["benchmarks"]):
        place = f"benchmarks[{number}]"
        findings = Findings()
        if not isinstance(benchmark, dict) or not isinstance(benchmark.get("metrics"), dict):
            findings.problems.append(f"{place} has no metrics: give the report as GuideLLM wrote it")
            yield Draft(place, findings, {"tool": TOOL})
            continue
        if benchmark.get("type_", "generative_benchmark") != "generative_benchmark":
            findings.problems.append(f"{place} is of type {str(benchmark['type_'])[:60]}: only text generation is read")
        fields = Fields(benchmark, findings, f"{place}.")
        places = (fields.at("config"), report.at("args"), report.at("config", "spec"), fields.at("worker"))
        model = next((found for place in places if (found := _model(place))), None)
        values = _values(fields) | {"tool_version": version, "model": model}
        yield Draft(f"{run} {place}".strip(), findings, values)


def _values(fields: Fields) -> dict[str, Any]:
    findings = fields.findings
    metrics = fields.at("metrics")

    def mean(name: str) -> float | None:
        return metrics.at(name, "successful").number("mean")

    findings.warn(TPOT_WARNING)
    requests = next((counts for counts in _counts(fields, metrics) if "successful" in counts), Fields({}, findings))
    _warn_of_incomplete(requests.count("incomplete"), findings)
    return {
        "tool": TOOL,
        "scenario": _strategy(fields).text("type_"),
        **_load(_strategy(fields)),
        "achieved_concurrency": mean("request_concurrency"),
        "duration_s": _duration(fields),
        "successful_requests": requests.count("successful"),
        "failed_requests": requests.count("errored"),
        "input_tokens_mean": mean("prompt_token_count"),
        "output_tokens_mean": mean("output_token_count"),
        "request_throughput_per_s": mean("requests_per_second"),
        "input_throughput_tok_s": mean("prompt_tokens_per_second"),
        "output_throughput_tok_s": mean("output_tokens_per_second"),
        "request_goodput_per_s": _goodput(metrics),
        "ttft_ms": _latency(metrics.at("time_to_first_token_ms", "successful"), 1.0),
        "tpot_ms": _latency(metrics.at("inter_token_latency_ms", "successful"), 1.0),
        "e2e_ms": _latency(metrics.at("request_latency", "successful"), 1000.0),
    }


def _counts(fields: Fields, metrics: Fields) -> Iterator[Fields]:
    """Requests by status: of the measured window, else of all that were made (older reports, `run_stats`)."""
    yield metrics.at("request_totals")
    yield fields.at("request_totals")
    yield fields.at("scheduler_metrics", "requests_made")
    yield fields.at("run_stats", "requests_made")


def _strategy(fields: Fields) -> Fields:
    new = fields.at("config", "strategy")
    return new if new.table else fields.at("args", "strategy")


def _load(strategy: Fields) -> dict[str, Any]:
    kind = strategy.text("type_") or ""
    if kind == "synchronous":
        return {"concurrency": 1.0, "request_rate_per_s": None}
    limit = None if kind in OPEN_LOOP else strategy.limit("streams", "max_concurrency")
    return {"concurrency": limit, "request_rate_per_s": strategy.limit("rate")}


def _latency(summary: Fields, to_ms: float) -> Latency:
    percentiles = summary.at("percentiles")
    table = {"mean": summary.number("mean"), "median": summary.number("median") or percentiles.number("p50")}
    table |= {name: percentiles.number(name) for name in ("p90", "p95", "p99")}
    # A summary of nothing is full of zeros.
    if summary.number("count") == 0:
        return Latency()
    return Fields(table, summary.findings).latency({name: (name,) for name in table}, to_ms)


def _goodput(metrics: Fields) -> float | None:
    if isinstance(metrics.table.get("request_goodput"), Mapping):
        inner = metrics.at("request_goodput")
        return inner.at("successful").number("mean") or inner.number("mean")
    return metrics.number("request_goodput")


def _duration(fields: Fields) -> float | None:
    """Seconds of the measured window."""
    if (duration := fields.number("duration")) is not None:
        return duration
    scheduler = fields.at("scheduler_metrics")
    start = fields.number("start_time") or scheduler.number("measure_start_time")
    end = fields.number("end_time") or scheduler.number("measure_end_time")
    return None if start is None or end is None or end <= start else end - start


def _model(config: Fields) -> str | None:
    return config.text("model", "backend_model") or config.at("backend").text("model")


def _warn_of_incomplete(incomplete: float | None, findings: Findings) -> None:
    if incomplete:
        findings.warn(
            f"{writer.exact(incomplete)} requests were still under way when the run ended: they count nowhere"
        )


# ---------------------------------------------------------------------------------------------------------------- CSV


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """Every benchmark of a CSV report: one row each below the three rows of headings."""
    columns: dict[tuple[str, ...], int] = {}
    for number, heading in enumerate(zip(*table[:3], strict=False)):
        # The same heading comes again with confidence intervals; the first is the figure itself.
        columns.setdefault(tuple(cell.strip() for cell in heading), number)
    for number, cells in enumerate(table[3:], start=4):
        if any(cells):
            yield _draft_of_row(columns, cells, number, len(table[0]))


def _draft_of_row(columns: dict[tuple[str, ...], int], cells: list[str], number: int, headings: int) -> Draft:
    findings = Findings()
    findings.warn(TPOT_WARNING)
    if mismatch := rows.wrong_length(len(cells), headings):
        findings.problems.append(mismatch)

    def cell(group: str, name: str, statistic: str = "") -> str | None:
        place = columns.get((group, name, statistic))
        return cells[place] if place is not None and place < len(cells) else None

    def figure(group: str, name: str, statistic: str = "Mean") -> float | None:
        heading = f"{group} / {name} / {statistic}"
        return Fields({heading: cell(group, name, statistic)}, findings, words=True).number(heading)

    def latency(group: str, unit: str, to_ms: float) -> Latency:
        names = (group, f"Successful {unit}")
        found = {"mean": cell(*names, "Mean"), "median": cell(*names, "Median")}
        found |= _percentiles(cell(*names, "Percentiles"))
        fields = Fields(found, findings, f"{group} ", words=True)
        return fields.latency({name: (name,) for name in found}, to_ms)

    _warn_of_incomplete(figure("Request Counts", "Incomplete", ""), findings)
    values = {
        "tool": TOOL,
        "tool_version": _inside(cell("Runtime Info", "Metadata"), "guidellm_version", findings),
        "model": _inside(cell("Run Info", "Backend"), "model", findings),
        "date": Fields({"start": cell("Timings", "Start Time")}, findings).text("start"),
        **_load_by_name(cell("Benchmark", "Strategy"), findings),
        "achieved_concurrency": figure("Server Throughput", "Successful Concurrency"),
        "duration_s": figure("Timings", "Duration", "Sec"),
        "successful_requests": _whole(figure("Request Counts", "Successful", "")),
        "failed_requests": _whole(figure("Request Counts", "Errored", "")),
        "input_tokens_mean": figure("Token Metrics", "Successful Input Tokens"),
        "output_tokens_mean": figure("Token Metrics", "Successful Output Tokens"),
        "request_throughput_per_s": figure("Server Throughput", "Successful Requests/Sec"),
        "input_throughput_tok_s": figure("Token Throughput", "Successful Input Tokens/Sec"),
        "output_throughput_tok_s": figure("Token Throughput", "Successful Output Tokens/Sec"),
        "ttft_ms": latency("Time to First Token", "ms", 1.0),
        "tpot_ms": latency("Inter Token Latency", "ms", 1.0),
        "e2e_ms": latency("Request Latency", "Sec", 1000.0),
    }
    return Draft(f"row {number}", findings, values)


def _percentiles(cell: str | None) -> dict[str, str]:
    """The percentiles that stand as one bracketed list in a cell."""
    found = [word.strip() for word in (cell or "").strip("[] ").split(",")]
    by_name = dict(zip(PERCENTILES, found, strict=False)) if len(found) == len(PERCENTILES) else {}
    return {name: by_name[name] for name in ("p90", "p95", "p99") if name in by_name}


def _load_by_name(strategy: str | None, findings: Findings) -> dict[str, Any]:
    """The load from a name such as "concurrent@16", "constant@2.00" or "synchronous"."""
    kind, _, amount = (strategy or "").partition("@")
    rate = {"limit": amount if re.fullmatch(r"[\d.]+", amount) else None}
    value = Fields(rate, findings, "Strategy ", words=True).limit("limit")
    return {"scenario": kind or None, **_load(Fields({"type_": kind, _LOADS.get(kind, "rate"): value}, findings))}


_LOADS = {"concurrent": "streams", "throughput": "max_concurrency"}


def _inside(cell: str | None, name: str, findings: Findings) -> str | None:
    try:
        table = json.loads(cell or "{}")
    except (ValueError, RecursionError):
        return None
    return Fields(table, findings).text(name) if isinstance(table, dict) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


WORDS = "guidellm guidellm_version benchmarks scheduler_metrics request_concurrency"
FORMAT = Format(TOOL, "`benchmarks.json`", "json", recognises, read, words=WORDS)
TABLE = Format(TOOL, "`benchmarks.csv`", "table", recognises_table, read_table)
