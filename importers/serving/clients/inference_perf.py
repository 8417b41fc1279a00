"""inference-perf of Kubernetes: `stage_<n>_lifecycle_metrics.json` and `summary_lifecycle_metrics.json`.

Fields as in kubernetes-sigs/inference-perf `reportgen/base.py`. All times are in seconds. TPOT is
(last - first token)/(output tokens - 1); where a server streams two events a token, versions of 2025 halved it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import MS_PER_S, Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import STATISTICS, Latency
from models.notation import writer

TOOL = "inference-perf"
# The generator counts as late when it starts requests this much after their time (seconds, mean).
LATE_S = 1.0
HALVED = 0.7


def recognises(row: Row) -> bool:
    """A summary of the load and of the successes."""
    return isinstance(row.get("load_summary"), Mapping) and isinstance(row.get("successes"), Mapping)


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run of one file: one stage, or all stages together."""
    findings = Findings()
    fields = Fields(row, findings)
    load, good = fields.at("load_summary"), fields.at("successes")
    latency, throughput = good.at("latency"), good.at("throughput")
    if not latency.table:
        findings.problems.append(
            'field "successes.latency" is missing: this is the server\'s view; give stage_<n>_lifecycle_metrics.json'
        )
    values: dict[str, Any] = {
        "tool": TOOL,
        "concurrency": load.limit("concurrency"),
        "request_rate_per_s": load.limit("requested_rate"),
        "duration_s": fields.number("benchmark_time_seconds"),
        "successful_requests": good.count("count"),
        "failed_requests": fields.at("failures").count("count"),
        "input_tokens_mean": good.at("prompt_tokens").number("mean") or good.at("prompt_len").number("mean"),
        "output_tokens_mean": good.at("output_tokens").number("mean") or good.at("output_len").number("mean"),
        "cached_input_share": _cached(good.at("prompt_tokens")),
        "request_throughput_per_s": throughput.number("requests_per_sec"),
        "input_throughput_tok_s": throughput.number("input_tokens_per_sec"),
        "output_throughput_tok_s": throughput.number("output_tokens_per_sec"),
        "total_throughput_tok_s": throughput.number("total_tokens_per_sec"),
        "request_goodput_per_s": good.at("goodput_metrics").number("request_goodput"),
        "ttft_ms": _latency(latency.at("time_to_first_token")),
        "tpot_ms": _latency(latency.at("time_per_output_token")),
        "itl_ms": _latency(latency.at("inter_token_latency")),
        "e2e_ms": _latency(latency.at("request_latency")),
    }
    _mend(values, findings)
    _warn_of_load(load, findings)
    yield Draft(run, findings, values)


def _latency(summary: Fields) -> Latency:
    return summary.latency({name: (name, "p50") if name == "median" else (name,) for name in STATISTICS}, MS_PER_S)


def _cached(tokens: Fields) -> float | None:
    cached, total = tokens.number("cached"), tokens.number("total")
    return cached / total if cached and total and cached <= total else None


def _mend(values: dict[str, Any], findings: Findings) -> None:
    """The mean of TPOT from the whole request, where the file's own is far too short to fill it."""
    tpot, length = values["tpot_ms"], values["output_tokens_mean"]
    whole, first = values["e2e_ms"].mean, values["ttft_ms"].mean
    if tpot.mean is None or whole is None or first is None or not length or length <= 1 or whole <= first:
        return
    by_parts = (whole - first) / (length - 1)
    if tpot.mean >= HALVED * by_parts:
        return
    findings.warn(
        f"time_per_output_token is {writer.exact(tpot.mean)} ms, but (E2E - TTFT)/(output tokens - 1) is "
        f"{writer.exact(by_parts)} ms: the "
        "tool took every stream event for a token. The mean is the latter; its percentiles and the ITL are left out"
    )
    values["tpot_ms"], values["itl_ms"] = Latency(mean=by_parts), Latency()


def _warn_of_load(load: Fields, findings: Findings) -> None:
    if "requested_rate" not in load:
        findings.warn("a summary of all stages, whatever their rates: no operating point; give the files of the stages")
        return
    delay, asked = load.at("schedule_delay").number("mean"), load.number("requested_rate")
    achieved = load.number("achieved_rate")
    if delay is not None and delay > LATE_S and asked and achieved is not None:
        findings.warn(
            f"requests started {writer.physical(delay)} s late on average ({writer.exact(achieved)} of "
            f"{writer.exact(asked)} a second): TTFT does not "
            "contain that wait, so the load was above what the system serves"
        )


WORDS = "load_summary successes failures benchmark_time_seconds schedule_delay requested_rate"
FORMAT = Format(TOOL, "`stage_<n>_lifecycle_metrics.json`", "json", recognises, read, words=WORDS)
