"""SGLang `bench_serving`: JSON lines, one run a line, appended run after run.

Fields as in sgl-project/sglang `python/sglang/benchmark/serving.py`, its ancestor `bench_serving.py` (which up to 2024
wrote medians only) and the short-lived `benchmark/metrics.py` (`total_input`, `total_output`). Milliseconds; TPOT is
(latency - TTFT)/(output tokens - 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.records.fields import Fields, Findings
from importers.records.format import Draft, Format, Row
from importers.records.record import STATISTICS, Latency
from models.notation import writer

ONLY_SGLANG = frozenset(
    "total_output_tokens_retokenized total_output_retokenized total_throughput_retokenized sharegpt_output_len"
    " mean_e2e_latency_ms median_e2e_latency_ms".split()
)
RETOKENIZED_CLOSE = 0.1


def recognises(row: Row) -> bool:
    """A name that only this tool uses, and an output throughput."""
    return bool(ONLY_SGLANG & row.keys()) and "output_throughput" in row


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in one object (one line of the file)."""
    findings = Findings()
    fields = Fields(row, findings)
    server = fields.at("server_info")
    count, basis = _accelerators(server)
    completed = fields.count("completed")
    values: dict[str, Any] = {
        "tool": "SGLang bench_serving",
        "model": server.text("served_model_name", "model_path"),
        "engine": fields.text("backend"),
        "engine_version": server.text("version"),
        "precision": _precision(server),
        "scenario": fields.text("tag", "dataset_name"),
        "concurrency": fields.limit("max_concurrency"),
        "achieved_concurrency": fields.number("concurrency"),
        "request_rate_per_s": fields.limit("request_rate"),
        "duration_s": fields.number("duration"),
        "successful_requests": completed,
        "failed_requests": _failed(row, completed),
        "input_tokens_total": fields.number("total_input_tokens", "total_input"),
        "output_tokens_total": fields.number("total_output_tokens", "total_output"),
        "cached_input_share": _cached(fields.at("cache_report")),
        "request_throughput_per_s": fields.number("request_throughput"),
        "input_throughput_tok_s": fields.number("input_throughput"),
        "output_throughput_tok_s": fields.number("output_throughput"),
        "total_throughput_tok_s": fields.number("total_throughput"),
        "ttft_ms": _latency(fields, "ttft"),
        "tpot_ms": _latency(fields, "tpot"),
        "itl_ms": _latency(fields, "itl"),
        "e2e_ms": _latency(fields, "e2e_latency"),
        "speculative": fields.accepted_ahead("accept_length"),
        **_power(fields),
    }
    _warn(fields, values, findings)
    yield Draft(run, findings, values, count, basis)


def _latency(fields: Fields, metric: str) -> Latency:
    return fields.latency({name: (f"{name}_{metric}_ms",) for name in STATISTICS}, 1.0)


def _accelerators(server: Fields) -> tuple[int | None, str]:
    """Ranks of one server: tensor x pipeline parallel, and its data parallel copies unless attention shares ranks.

    Behind a router (`prefill`, `decode`) the information shows one server of each kind, however many there are.
    """
    routed = "prefill" in server or "decode" in server
    tensor, pipeline, data = server.count("tp_size"), server.count("pp_size"), server.count("dp_size")
    if routed or not tensor:
        return None, ""
    copies = 1 if server.table.get("enable_dp_attention") else data or 1
    return tensor * (pipeline or 1) * copies, "inferred from server_info (tp_size x pp_size x dp_size of one server)"


def _precision(server: Fields) -> str | None:
    for name in ("quantization", "dtype"):
        precision = server.text(name)
        if precision and precision != "auto":
            return precision
    return None


def _failed(row: Row, completed: int | None) -> int | None:
    """Requests of which no answer came: with its details the file lists every request, and counts those completed."""
    asked = row.get("output_lens")
    if not isinstance(asked, list) or completed is None or len(asked) < completed:
        return None
    return len(asked) - completed


def _cached(report: Fields) -> float | None:
    cached = report.number("total_cached_tokens", "cached_tokens")
    prompt = report.number("total_prompt_tokens", "prompt_tokens")
    return cached / prompt if cached is not None and prompt and cached <= prompt else None


def _power(fields: Fields) -> dict[str, Any]:
    power = fields.number("mean_power_w", "median_power_w")
    if power is None and isinstance(stats := fields.table.get("power_stats"), Mapping):
        power = Fields(stats, fields.findings, "power_stats.").number("mean_power_w", "median_power_w")
    return {"power_w": power, "power_scope": None if power is None else "all accelerators of the run, boards only"}


def _warn(fields: Fields, values: dict[str, Any], findings: Findings) -> None:
    asked = fields.number("random_input_len")
    read, requests = values["input_tokens_total"], values["successful_requests"]
    if asked and read and requests and read / requests < 0.9 * asked:
        findings.warn(
            f"the mean input is {writer.count(read / requests)} tokens, not the {writer.count(asked)} of "
            "random_input_len "
            f"(random_range_ratio {fields.table.get('random_range_ratio')}): the mean is used"
        )
    again = fields.number("total_output_tokens_retokenized", "total_output_retokenized")
    written = values["output_tokens_total"]
    if again is not None and written and abs(again / written - 1) > RETOKENIZED_CLOSE:
        findings.warn(
            f"the text holds {writer.count(again)} output tokens when counted again, the server counted "
            f"{writer.count(written)}"
        )
    if values["ttft_ms"].median is not None and values["ttft_ms"].mean is None:
        findings.warn("an old file with medians only: latency targets on a mean or a percentile cannot be judged")


WORDS = "sharegpt random_input_len retokenized server_info cache_report"
FORMAT = Format(
    "SGLang bench_serving", "the JSON lines of `sglang.bench_serving`", "json", recognises, read, words=WORDS
)
