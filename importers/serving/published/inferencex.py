"""InferenceX (before: InferenceMAX): aggregate rows, the rows as its interface serves them, and the dashboard's CSV.

Fields as in SemiAnalysisAI/InferenceX `utils/process_result.py`, `utils/aggregate_power.py` and `docs`. Throughputs are
per GPU: of a disaggregated system the total over all GPUs, the input over those that read, the output over those that
write. Latencies stand in seconds without saying so (the CSV even says milliseconds): which it is shows in the
interactivity, 1 / TPOT in tokens per second. Lengths are those asked for, and the real ones may be 10 % shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from importers.records import rows
from importers.records.fields import MS_PER_S, Fields, Findings
from importers.records.format import Draft, Format, Row, Table
from importers.records.record import Latency
from models.notation import writer

TOOL = "InferenceX"
MS = 1.0
POWER_SCHEMA = 2
# The median of TPOT times the median of 1 / TPOT is 1 s; of quotients of means it may be some times that.
UNIT_CLEAR = 30.0


def recognises(row: Row) -> bool:
    """Throughput per GPU beside a concurrency, flat or under `metrics`, or a nested agentic row."""
    metrics = row.get("metrics")
    flat = "tput_per_gpu" in row or (isinstance(metrics, Mapping) and "tput_per_gpu" in metrics)
    return flat or (isinstance(row.get("request_metrics"), Mapping) and "hw" in row)


def recognises_table(table: Table) -> bool:
    """The dashboard's headings."""
    header = {_key(cell) for cell in _header(table)}
    return {"tput_per_gpu", "output_tput_per_gpu", "conc"} <= header


def read(row: Row, run: str) -> Iterator[Draft]:
    """The run in one row."""
    findings = Findings()
    if isinstance(row.get("request_metrics"), Mapping):
        yield _agentic(Fields(row, findings), run)
        return
    metrics = row.get("metrics")
    flat = {**{k: v for k, v in row.items() if k != "metrics"}, **(metrics if isinstance(metrics, Mapping) else {})}
    yield _draft(Fields(flat, findings), run)


def read_table(table: Table, run: str) -> Iterator[Draft]:
    """Every row of the dashboard's CSV."""
    header = _header(table)
    for place, fields in rows.below([_key(cell) for cell in header], table, first=table.index(header) + 2):
        yield _draft(fields, place)


@dataclass(frozen=True, slots=True)
class Gpus:
    """GPUs that read (prefill), that write (decode), and all of them: one number thrice unless disaggregated."""

    reading: int
    writing: int
    all: int

    @property
    def apart(self) -> dict[str, int]:
        """Those that read and those that write, as fields of a record."""
        return {"prefill_accelerators": self.reading, "decode_accelerators": self.writing}


def _draft(fields: Fields, run: str) -> Draft:
    """A flat row."""
    gpus = _gpus(fields)
    to_ms = _to_ms(fields, gpus)
    successes, total = fields.count("num_requests_successful"), fields.count("num_requests_total")
    values: dict[str, Any] = _system(fields) | {
        "duration_s": fields.number("duration_seconds"),
        "successful_requests": successes,
        "failed_requests": None if successes is None or total is None else max(total - successes, 0),
        "input_tokens_total": fields.number("total_prompt_tokens"),
        "output_tokens_total": fields.number("total_generation_tokens"),
        "input_tokens_mean": fields.number("mean_input_tokens", "isl"),
        "output_tokens_mean": fields.number("mean_output_tokens_actual", "osl"),
        **{name: _latency(fields, metric, to_ms) for name, metric in _METRICS.items()},
        **_power(fields),
        **({} if gpus is None or not _disaggregated(fields) else gpus.apart),
    }
    theory = fields.number("theoretical_cache_hit_rate")
    values["cached_input_share"] = _cached(fields.number("server_gpu_cache_hit_rate"), theory, fields.findings)
    draft = Draft(run, fields.findings, values, None if gpus is None else gpus.all)
    _throughputs(fields, draft, gpus)
    return draft


_METRICS = {"ttft_ms": "ttft", "tpot_ms": "tpot", "itl_ms": "itl", "e2e_ms": "e2el"}


def _system(fields: Fields) -> dict[str, Any]:
    """What was measured, and under which load."""
    scenario = [fields.text("scenario_type"), "disaggregated" if _disaggregated(fields) else None]
    speculation = fields.text("spec_decoding", "spec_method")
    return {
        "tool": TOOL,
        "date": fields.text("date"),
        "model": fields.text("model"),
        "accelerator": fields.text("hw", "hardware"),
        "engine": fields.text("framework"),
        "engine_version": fields.text("image"),
        "precision": fields.text("precision"),
        "scenario": ", ".join(word for word in scenario if word) or None,
        "speculative": None if speculation == "none" else speculation,
        "concurrency": fields.limit("conc"),
    }


def _disaggregated(fields: Fields) -> bool:
    return str(fields.table.get("disagg")).strip().lower() in ("true", "1")


def _gpus(fields: Fields) -> Gpus | None:
    prefill, decode = fields.count("num_prefill_gpu") or 0, fields.count("num_decode_gpu") or 0
    if _disaggregated(fields):
        return Gpus(prefill, decode, prefill + decode) if prefill and decode else None
    together = fields.count("num_gpus") or max(prefill, decode)
    if not together and (tensor := fields.count("tp")):
        together = tensor * (fields.count("pp") or 1) * (fields.count("pcp_size") or 1)
    return Gpus(together, together, together) if together else None


def _throughputs(fields: Fields, draft: Draft, gpus: Gpus | None) -> None:
    """Throughputs of the system: each times the GPUs it was divided by."""
    total, written = fields.number("tput_per_gpu"), fields.number("output_tput_per_gpu")
    read = fields.number("input_tput_per_gpu")
    if read is None and total is not None and written is not None and not _disaggregated(fields):
        read = max(total - written, 0.0)
    named = {"input": read, "output": written, "total": total}
    if gpus is None:
        if _disaggregated(fields):
            draft.findings.problems.append(
                'a disaggregated row without "num_prefill_gpu" and "num_decode_gpu": its throughputs were divided by '
                "these numbers, so add them"
            )
        draft.per_accelerator = {
            f"{name}_throughput_tok_s": value for name, value in named.items() if value is not None
        }
        return
    shares = {"input": gpus.reading, "output": gpus.writing, "total": gpus.all}
    values = draft.values
    values |= {f"{k}_throughput_tok_s": None if v is None else v * shares[k] for k, v in named.items()}
    length = values["output_tokens_mean"]
    if values["successful_requests"] is None and written is not None and length:
        values["request_throughput_per_s"] = written * gpus.writing / length
        draft.findings.warn("request_throughput_per_s is output throughput / osl, the length asked for: rows lack it")


def _to_ms(fields: Fields, gpus: Gpus | None) -> float:
    """Milliseconds in the unit of a row's latencies: by its interactivity, else by Little's law, else seconds."""
    for statistic in ("median", "p50", "mean", "p90"):
        tpot, interactivity = fields.number(f"{statistic}_tpot"), fields.number(f"{statistic}_intvty")
        if tpot and interactivity and (to_ms := _clear_unit(tpot * interactivity)):
            return to_ms
    limit, length = fields.limit("conc"), fields.number("osl")
    rate, whole = fields.number("output_tput_per_gpu"), fields.number("mean_e2el", "median_e2el")
    if limit and length and gpus and rate and whole:
        in_flight = rate * gpus.writing / length * whole
        if to_ms := _clear_unit(in_flight / limit):
            return to_ms
    fields.findings.warn("latencies are read as seconds, as InferenceX writes them; no other figure confirms it")
    return MS_PER_S


def _clear_unit(product: float) -> float | None:
    """The unit that makes a product of times and rates, 1 in seconds and 1000 in milliseconds, near what it must be."""
    for to_ms, expected in ((MS_PER_S, 1.0), (MS, 1000.0)):
        if expected / UNIT_CLEAR < product < expected * UNIT_CLEAR:
            return to_ms
    return None


def _latency(fields: Fields, metric: str, to_ms: float) -> Latency:
    names = {"mean": [f"mean_{metric}"], "median": [f"median_{metric}", f"p50_{metric}"]}
    return fields.latency({**names, **{p: [f"{p}_{metric}"] for p in ("p90", "p95", "p99")}}, to_ms)


def _power(fields: Fields) -> dict[str, Any]:
    """Power of the boards, only where the row says that the measurement is valid and of the current schema."""
    if fields.number("power_valid") != 1 or fields.number("power_metric_schema_version") != POWER_SCHEMA:
        if any(name in fields for name in ("avg_power_w", "avg_total_gpu_power_w", "total_gpu_energy_j")):
            fields.findings.warn("power is left out: the row does not say power_valid 1 and schema version 2")
        return {}
    return {
        "power_w": fields.number("avg_total_gpu_power_w"),
        "energy_j": fields.number("total_gpu_energy_j"),
        "power_scope": "all accelerators of the deployment, boards only",
    }


# ------------------------------------------------------------------------------------------------------- agentic rows


def _agentic(fields: Fields, run: str) -> Draft:
    """A row of the agentic scenario, whose metrics are nested and of the whole system."""
    metrics = fields.at("request_metrics")
    throughput, gpus = metrics.at("throughput"), _gpus(fields)
    successes, duration = fields.count("num_requests_successful"), throughput.number("duration_seconds")
    held = fields.at("server_metrics", "cache").number("overall_cache_hit_rate", "gpu_cache_hit_rate")
    theory = metrics.at("cache").number("theoretical_cache_hit_rate")
    names = {"mean": ["mean"], "median": ["median", "p50"], "p90": ["p90"], "p95": ["p95"], "p99": ["p99"]}
    values = _system(fields) | {
        "duration_s": duration,
        "successful_requests": successes,
        # Dropped records are warm-up, errors or both: only the errors failed.
        "failed_requests": fields.at("request_accounting").count("records_error_dropped"),
        "input_tokens_mean": metrics.at("tokens", "input").number("mean"),
        "output_tokens_mean": metrics.at("tokens", "output_actual").number("mean"),
        "cached_input_share": _cached(held, theory, fields.findings),
        "input_throughput_tok_s": throughput.at("input").number("tokens_per_second"),
        "output_throughput_tok_s": throughput.at("output").number("tokens_per_second"),
        "total_throughput_tok_s": throughput.at("total").number("tokens_per_second"),
        **{name: metrics.at("latency", metric).latency(names, MS_PER_S) for name, metric in _METRICS.items()},
        **_power(fields),
    }
    return Draft(run, fields.findings, values, None if gpus is None else gpus.all)


def _cached(held: float | None, theory: float | None, findings: Findings) -> float | None:
    """Share of the input that the prefix cache held, as measured; in theory is only worth a warning."""
    measured = held if held is not None and held <= 1 else None
    if measured is not None or theory is not None:
        share = (
            f"{writer.share(measured)} measured" if measured is not None else f"up to {writer.share(theory)} in theory"
        )
        findings.warn(
            f"the same text is read again and again, {share} of the input from the prefix cache: the input throughput "
            "is no reading rate"
        )
    return measured


# ---------------------------------------------------------------------------------------------------------------- CSV

_HEADINGS = {
    "throughput/gpu": "tput_per_gpu",
    "output throughput/gpu": "output_tput_per_gpu",
    "input throughput/gpu": "input_tput_per_gpu",
    "concurrency": "conc",
    "hardware": "hw",
    "disaggregated": "disagg",
    "is multinode": "is_multinode",
    "num prefill gpus": "num_prefill_gpu",
    "num decode gpus": "num_decode_gpu",
    "spec decoding": "spec_decoding",
}
_STATISTIC = re.compile(r"(mean|median|p\d+|std) (ttft|tpot|itl|interactivity|e2e latency)\Z")
_WORDS = {"interactivity": "intvty", "e2e latency": "e2el"}


def _header(table: Table) -> list[str]:
    """The first row that is no licence comment."""
    return next((row for row in table if any(row) and not row[0].startswith("#")), [])


def _key(heading: str) -> str:
    """The name that a row of JSON has for a heading: "Median TPOT (ms)" is `median_tpot`, whatever its unit says."""
    plain = re.sub(r"\s*\(.*\)", "", heading).strip().lower().replace("chip", "gpu")
    if found := _STATISTIC.match(plain):
        return f"{found[1]}_{_WORDS.get(found[2], found[2])}"
    return _HEADINGS.get(plain, plain.replace(" ", "_"))


WORDS = "hw infmax_model_prefix conc isl osl tput_per_gpu framework disagg intvty"
FORMAT = Format(TOOL, "`agg_<name>.json` or `agg_bmk.json`", "json", recognises, read, words=WORDS)
TABLE = Format(TOOL, "the CSV of the dashboard", "table", recognises_table, read_table)
