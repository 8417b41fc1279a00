"""MLPerf Inference: LoadGen's `mlperf_log_summary.txt` and `mlperf_log_detail.txt`, a round's `summary_results.json`.

Labels as in mlcommons/inference `loadgen/results.cc` (TPOT is "Time to Output Token" in logs up to v5.1, "Time per
Output Token" later). Latencies are in nanoseconds. Throughput is output tokens of the whole system; input tokens are
not reported. A VALID run of the Server scenario met the limits on TTFT and TPOT at the 99th percentile; the result of
an INVALID run is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import Latency

TOOL = "MLPerf LoadGen"
NS = 1e-6
LOG_MARK = ":::MLLOG"
LAST_SECTION = "Test Parameters Used"
SERVER = ("Server", "Interactive")
PERCENTILES = {"median": "50.00", "p90": "90.00", "p95": "95.00", "p99": "99.00"}
TPOT_WORDS = ("to", "per")


def recognises(text: str) -> bool:
    """The heading of the summary, or lines of the detailed log."""
    return "MLPerf Results Summary" in text[:2_000] or text.lstrip().startswith(LOG_MARK)


def read(text: str, run: str) -> Iterator[Draft]:
    """The run of a summary or a detailed log."""
    findings = Findings()
    logged = text.lstrip().startswith(LOG_MARK)
    fields = Fields(_from_log(text) if logged else _from_summary(text), findings, words=True)
    _refuse_invalid(fields)
    if not logged and LAST_SECTION not in text:
        findings.problems.append(f'the section "{LAST_SECTION}" is missing: the log is cut off; copy it again')
    scenario = fields.text("scenario")
    values = {
        "tool": TOOL,
        "scenario": scenario,
        "date": fields.text("power_begin", "submission_date"),
        "concurrency": 1.0 if scenario == "SingleStream" else None,
        "request_rate_per_s": fields.number("scheduled samples per second") if scenario in SERVER else None,
        "request_throughput_per_s": fields.number(*_both("samples per second"), "qps w/ loadgen overhead"),
        "output_throughput_tok_s": fields.number(*_both("tokens per second"), "tps w/ loadgen overhead"),
        "goodput_targets": _targets(fields, scenario),
        "ttft_ms": _latency(fields, "mean first token latency", "{} percentile first token latency"),
        "tpot_ms": _tpot(fields),
        "e2e_ms": _latency(fields, "mean latency", "{} percentile latency"),
    }
    if scenario == "Offline" and values["e2e_ms"].measured:
        values["e2e_ms"] = Latency()
        findings.warn("latencies are left out: offline, a sample's latency is its wait in the one batch of all samples")
    if any(name in fields for name in ("tokens per second (inferred)", "completed tokens per second (inferred)")):
        findings.warn("tokens per second are inferred by LoadGen from a mean length, not counted")
    requests, tokens = values["request_throughput_per_s"], values["output_throughput_tok_s"]
    if requests and tokens:
        values["output_tokens_mean"] = tokens / requests
    findings.warn("MLPerf counts output tokens only: no input lengths, so the output rate has the reading in it")
    yield Draft(run, findings, values)


def _both(name: str) -> tuple[str, ...]:
    """A throughput as the scenarios name it: completed (server), plain (offline), inferred."""
    return tuple(f"{completed}{name}{inferred}" for completed in ("completed ", "") for inferred in ("", " (inferred)"))


def _refuse_invalid(fields: Fields) -> None:
    problems = fields.findings.problems
    if (mode := fields.text("mode")) and mode != "PerformanceOnly":
        problems.append(f'field "Mode" is {mode}: give the log of the performance run, which measures')
    result = fields.text("result is")
    if result != "VALID":
        told = "is missing (the log is cut off)" if result is None else f'is "{result}"'
        problems.append(f'field "Result is" {told}: only a VALID run met its limits; give the log of one')


def _from_summary(text: str) -> dict[str, str]:
    """Label -> value, lower case and without the unit; the first of a label counts."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        label, colon, value = line.rpartition(":")
        if colon and value.strip():
            found.setdefault(_label(label), value.strip())
    return found


def _label(words: str) -> str:
    return re.sub(r"\s+", " ", words.replace("(ns)", " ").replace("(ms)", " ")).strip().lower()


_LOG_KEYS = {
    "effective_scenario": "scenario",
    "effective_test_mode": "mode",
    "result_validity": "result is",
    "result_samples_per_second": "samples per second",
    "result_completed_samples_per_sec": "completed samples per second",
    "result_scheduled_samples_per_sec": "scheduled samples per second",
    "result_tokens_per_second": "tokens per second",
    "result_inferred_tokens_per_second": "tokens per second (inferred)",
    "result_completed_tokens_per_second": "completed tokens per second",
    "result_inferred_completed_tokens_per_second": "completed tokens per second (inferred)",
    "result_mean_latency_ns": "mean latency",
    "result_first_token_mean_latency_ns": "mean first token latency",
    "result_time_to_output_token_mean": "mean time to output token",
    "result_time_per_output_token_mean": "mean time per output token",
    "requested_ttft_latency": "ttft_latency",
    "requested_tpot_latency": "tpot_latency",
    "effective_ttft_latency": "ttft_latency",
    "effective_tpot_latency": "tpot_latency",
}
_LOG_PERCENTILE = re.compile(
    r"result_(first_token_|time_(?:per|to)_output_token_)?(\d\d\.\d\d)_percentile_(?:latency_)?ns\Z"
)
_LOG_WORDS = {None: "latency", "first_token_": "first token latency"}


def _from_log(text: str) -> dict[str, str]:
    """As `_from_summary`, from the lines `:::MLLOG {"key": ..., "value": ...}` of the detailed log."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        mark, _, body = line.partition(LOG_MARK)
        if mark.strip() or not body:
            continue
        try:
            entry = json.loads(body)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, Mapping) and isinstance(key := entry.get("key"), str):
            label = _LOG_KEYS.get(key)
            if percentile := _LOG_PERCENTILE.match(key):
                words = _LOG_WORDS.get(percentile[1]) or (percentile[1] or "").replace("_", " ").strip()
                label = f"{percentile[2]} percentile {words}"
            if label:
                found.setdefault(label, str(entry.get("value")))
    return found


def _latency(fields: Fields, mean: str, percentile: str) -> Latency:
    names = {"mean": [mean], **{name: [percentile.format(rank)] for name, rank in PERCENTILES.items()}}
    return fields.latency(names, NS)


def _tpot(fields: Fields) -> Latency:
    for word in TPOT_WORDS:
        found = _latency(fields, f"mean time {word} output token", "{} percentile time " + word + " output token")
        if found.measured:
            return found
    return Latency()


def _targets(fields: Fields, scenario: str | None) -> str | None:
    """The limits of the Server scenario, which a VALID run met."""
    ttft, tpot = fields.number("ttft_latency"), fields.number("tpot_latency")
    if scenario not in SERVER or not ttft or not tpot:
        return None
    return f"TTFT p99 <= {ttft * NS:g} ms, TPOT p99 <= {tpot * NS:g} ms (met: the run is VALID)"


# ----------------------------------------------------------------------------------------------- results of a round


def recognises_row(row: Row) -> bool:
    """A row of `summary_results.json`."""
    return "Performance_Result" in row and "Performance_Units" in row


def read_row(row: Row, run: str) -> Iterator[Draft]:
    """One published result: nodes x accelerators a node, output tokens per second of the system."""
    findings = Findings()
    fields = Fields(row, findings)
    unit, scenario = fields.text("Performance_Units"), fields.text("Scenario")
    result = fields.number("Performance_Result")
    length = re.search(r"TOKENS_PER_SAMPLE:\s*([\d.]+)", fields.text("Accuracy") or "")
    tokens = result if unit == "Tokens/s" else None
    mean = float(length[1]) if length and re.fullmatch(r"\d+(\.\d+)?", length[1]) else None
    if unit == "Queries/s":
        findings.warn('the unit "Queries/s" is left out: rounds used it for tokens per second too; read the run\'s log')
    elif unit not in ("Tokens/s", "Samples/s"):
        findings.warn(f'the unit "{unit}" is no throughput of tokens: left out')
    requests = tokens / mean if tokens and mean else result if unit == "Samples/s" else None
    power = fields.number("Power_Result") if fields.text("Power_Units") == "Watts" else None
    nodes, each = fields.count("Nodes"), row.get("a#")
    values = {
        "tool": "MLPerf results",
        "tool_version": fields.text("version"),
        "model": fields.text("Model", "UsedModel"),
        "accelerator": fields.text("Accelerator"),
        "engine": fields.text("Software"),
        "precision": fields.text("weight_data_types"),
        "scenario": scenario,
        "submission": _submission(fields),
        "output_tokens_mean": mean,
        "output_throughput_tok_s": tokens,
        "request_throughput_per_s": requests,
        "power_w": power,
        "power_scope": None if power is None else "whole system at the wall",
    }
    findings.warn("MLPerf counts output tokens only: no input lengths, so the output rate has the reading in it")
    if fields.text("Availability") not in (None, "available"):
        findings.warn(f"availability of the system: {fields.text('Availability')}")
    # A mixed system lists its kinds in words; one of CPUs has an empty text.
    count = nodes * each if nodes and isinstance(each, int) and not isinstance(each, bool) else None
    yield Draft(run, findings, values, count)


def _submission(fields: Fields) -> str | None:
    parts = (fields.text("Submitter"), fields.text("System", "Platform"), fields.text("ID", "Location"))
    return ", ".join(part for part in parts if part) or None


FORMAT = Format(TOOL, "`mlperf_log_summary.txt`", "text", recognises, read)
WORDS = "submitter platform scenario performance_result performance_units accelerator nodes"
RESULTS = Format("MLPerf results", "`summary_results.json`", "json", recognises_row, read_row, words=WORDS)
