"""The benchmark report of llm-d, YAML or JSON, of both layouts ("0.1": `metrics`; "0.2": `results`).

Fields as in llm-d/llm-d-benchmark `benchmark_report/schema_v0_1.py` and `schema_v0_2.py`. Each latency names its unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "llm-d benchmark report"
_TO_MS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1000.0}
_STATISTICS = {"mean": ("mean",), "median": ("p50",), "p90": ("p90",), "p95": ("p95",), "p99": ("p99",)}
# The names of the throughputs in the first layout and in the second.
_RATES = {
    "input_throughput_tok_s": ("input_tokens_per_sec", "input_token_rate"),
    "output_throughput_tok_s": ("output_tokens_per_sec", "output_token_rate"),
    "total_throughput_tok_s": ("total_tokens_per_sec", "total_token_rate"),
    "request_throughput_per_s": ("requests_per_sec", "request_rate"),
}
_LATENCIES = {
    "ttft_ms": "time_to_first_token",
    "tpot_ms": "time_per_output_token",
    "itl_ms": "inter_token_latency",
    "e2e_ms": "request_latency",
}


def recognises(row: Row) -> bool:
    """A scenario, with metrics of requests or results of them."""
    metrics, results = row.get("metrics"), row.get("results")
    first = isinstance(metrics, Mapping) and {"latency", "throughput"} <= metrics.keys()
    second = isinstance(results, Mapping) and "request_performance" in results
    return "version" in row and (first or second)


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run of one report."""
    findings = Findings()
    fields = Fields(row, findings)
    is_first = "metrics" in fields
    told = fields.at("metrics") if is_first else fields.at("results", "request_performance", "aggregate")
    asked, rates = told.at("requests"), told.at("throughput")
    values: dict[str, Any] = {
        "duration_s": told.at("time").number("duration"),
        "input_tokens_mean": asked.at("input_length").number("mean"),
        "output_tokens_mean": asked.at("output_length").number("mean"),
        **_counts(asked),
        **{name: rates.number(old) or rates.at(new).number("mean") for name, (old, new) in _RATES.items()},
        **{name: _latency(told.at("latency"), each) for name, each in _LATENCIES.items()},
        **(_first_scenario(fields) if is_first else _second_scenario(fields)),
    }
    _fill_lengths(values)
    counts = _first_accelerators(row) if is_first else _second_accelerators(row)
    by_role = {f"{role}_accelerators": counts.get(role) for role in ("prefill", "decode")}
    yield Draft(run, findings, {"tool": TOOL, **values, **by_role}, sum(counts.values()) or None)


def _fill_lengths(values: dict[str, Any]) -> None:
    """Mean lengths from the rates: of a JSON report the details of requests, lengths among them, are never kept."""
    requests = values["request_throughput_per_s"]
    for side in ("input", "output"):
        rate = values[f"{side}_throughput_tok_s"]
        if values[f"{side}_tokens_mean"] is None and rate and requests:
            values[f"{side}_tokens_mean"] = rate / requests


def _counts(asked: Fields) -> dict[str, int | None]:
    total, failed = asked.count("total"), asked.count("failures")
    left = asked.count("incomplete") or 0
    good = None if total is None else max(0, total - (failed or 0) - left)
    if left:
        asked.findings.warn(f"{left} requests were cut off by the end of the run and count as none")
    return {"successful_requests": good, "failed_requests": failed}


def _latency(latency: Fields, name: str) -> Latency:
    found = latency.at(name)
    unit = (found.text("units") or "").partition("/")[0]
    if found.table and unit not in _TO_MS:
        found.findings.problems.append(f'field "latency.{name}.units" is "{unit}": give ns, us, ms or s')
    return found.latency(_STATISTICS, _TO_MS.get(unit, 1.0))


def _first_scenario(fields: Fields) -> dict[str, Any]:
    scenario = fields.at("scenario")
    engine = _first(_rows(scenario.at("platform").table.get("engine")), fields)
    return {
        "model": scenario.at("model").text("name"),
        "precision": scenario.at("model").text("quantization"),
        "engine": engine.text("name"),
        "engine_version": engine.text("version"),
        "accelerator": _one([each.get("model") for each in _rows(scenario.at("host").table.get("accelerator"))]),
        "scenario": scenario.at("load").text("type", "name"),
    }


def _second_scenario(fields: Fields) -> dict[str, Any]:
    load = fields.at("scenario", "load", "standardized")
    engines = _engines(fields.table)
    engine = _first(engines, fields)
    hardware = [_table(each, "accelerator") for each in engines]
    return {
        "model": engine.at("model").text("name"),
        "engine": engine.text("tool"),
        "engine_version": engine.text("tool_version"),
        "accelerator": _one([each.get("model") for each in hardware]),
        "concurrency": load.limit("concurrency"),
        "request_rate_per_s": load.limit("rate_qps"),
    }


def _first_accelerators(row: Mapping[str, Any]) -> dict[str, int]:
    host = _table(row, "scenario", "host")
    hardware, roles = _rows(host.get("accelerator")), host.get("type")
    named = roles if isinstance(roles, list) and len(roles) == len(hardware) else ["replica"] * len(hardware)
    return _summed((str(role), each.get("count")) for role, each in zip(named, hardware, strict=True))


def _second_accelerators(row: Mapping[str, Any]) -> dict[str, int]:
    found = []
    for each in _engines(row):
        count, copies = _table(each, "accelerator").get("count"), each.get("replicas", 1)
        whole = count * copies if isinstance(count, int) and isinstance(copies, int) else None
        found.append((str(each.get("role") or "replica"), whole))
    return _summed(found)


def _summed(found: Any) -> dict[str, int]:
    """Accelerators by what their server does; none at all where one of them is not said."""
    counts: dict[str, int] = {}
    for role, count in found:
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            return {}
        counts[role] = counts.get(role, 0) + count
    return counts


def _engines(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is said of each inference engine of the stack, in the report's standard terms."""
    stack = _rows(_table(row, "scenario").get("stack"))
    return [told for each in stack if "accelerator" in (told := _table(each, "standardized"))]


def _table(found: Any, *names: str) -> Mapping[str, Any]:
    """The table that the names lead to; an empty one where something else stands on the way."""
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _rows(found: Any) -> list[Mapping[str, Any]]:
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _first(found: list[Mapping[str, Any]], fields: Fields) -> Fields:
    return Fields(found[0] if found else {}, fields.findings)


def _one(names: list[Any]) -> str | None:
    """The one name that all have, or all different ones."""
    known = dict.fromkeys(str(name) for name in names if name)
    return " and ".join(known) or None


WORDS = "scenario metrics latency throughput version normalized_time_per_output_token platform"
FORMAT = Format(TOOL, "the YAML or JSON benchmark report of llm-d", "json", recognises, read, words=WORDS)
