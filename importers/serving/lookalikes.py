"""Files that stand beside a benchmark's result and are often given for it: what they are, and which to give instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from importers.records.format import Row

_LOOKALIKES: tuple[tuple[Callable[[Row], bool], str], ...] = (
    (
        lambda row: {"benchmark", "metric", "model"} <= row.keys() and isinstance(row["metric"], dict),
        "the copy of a result that vLLM writes for PyTorch's dashboard; give the .json beside the .pytorch.json",
    ),
    (
        lambda row: {"elapsed_time", "num_requests", "total_num_tokens"} <= row.keys(),
        "a result of `vllm bench throughput`, which has no latencies; give one of `vllm bench serve`",
    ),
    (
        lambda row: {"avg_latency", "percentiles"} <= row.keys(),
        "a result of `vllm bench latency`, one batch at a time; give one of `vllm bench serve`",
    ),
    (
        lambda row: "experiments" in row and "service_kind" in row,
        "GenAI-Perf's raw requests; give profile_export_genai_perf.json",
    ),
    (
        lambda row: isinstance(row.get("metadata"), dict) and "request_start_ns" in row["metadata"],
        "AIPerf's per-request records; give profile_export_aiperf.json",
    ),
    (
        lambda row: isinstance(row.get("metrics"), dict) and "endpoints_configured" in (row.get("summary") or {}),
        "AIPerf's metrics of the server; give profile_export_aiperf.json",
    ),
    (
        lambda row: {"start_time", "end_time", "info"} <= row.keys(),
        "inference-perf's per-request records; give stage_<n>_lifecycle_metrics.json",
    ),
    (
        lambda row: "Percentiles" in row and any(name.startswith("TTFT") for name in row),
        "the percentiles of EvalScope without a throughput; give benchmark_summary.json with it, in one folder or zip",
    ),
    (
        lambda row: {"error_code", "ttft_s"} <= row.keys(),
        "LLMPerf's individual responses; give the file that ends in _summary.json",
    ),
)


_POWER = re.compile(r"power|watt|\bpwr\b", re.IGNORECASE)
_TIME = re.compile(r"time|date", re.IGNORECASE)


def told_of_table(headings: Sequence[str]) -> str | None:
    """The same of a table, by its headings: a power log is read elsewhere."""
    if any(map(_POWER.search, headings)) and any(map(_TIME.search, headings)):
        return (
            "a power log, which `measure-power` and Benchmarks, Power read; give the result of the benchmark beside it"
        )
    return None


def told(row: Row) -> str | None:
    """What a JSON object is that is no result, and what to give instead; None if it is unknown."""
    return next((message for is_it, message in _LOOKALIKES if is_it(row)), None)
