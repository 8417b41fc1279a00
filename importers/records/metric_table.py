"""The metrics of GenAI-Perf and its successor AIPerf, whose files have one shape: a metric, its unit, its statistics.

In JSON a metric is an object (`{"unit": "ms", "avg": 12.5, "p99": 20.1}`); in CSV a row of a block whose header names
the statistics, the unit in brackets behind the name ("Time to First Token (ms)"), or a row of a block `Metric,Value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from importers.records import rows
from importers.records.fields import Fields, Findings
from importers.records.format import Row, Table
from importers.records.record import Latency

TO_MS = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1.0, "s": 1e3, "sec": 1e3, "seconds": 1e3}
LATENCY = {"mean": ("avg",), "median": ("p50",), "p90": ("p90",), "p95": ("p95",), "p99": ("p99",)}
_HEADING = re.compile(r"(?P<name>.*?)\s*(?:\((?P<unit>[^()]*)\))?\s*\Z")


@dataclass(slots=True)
class Metrics:
    """The metrics of one run by name (`time_to_first_token`), and what stands beside them."""

    findings: Findings
    table: dict[str, Fields] = field(default_factory=dict)
    gpu_power_w: dict[str, float] = field(default_factory=dict)
    """Mean power of each accelerator that telemetry saw."""
    gpu_power_p90_w: dict[str, float] = field(default_factory=dict)
    """90th percentile of the power of each accelerator that telemetry gives one for."""
    gpus: dict[str, str | None] = field(default_factory=dict)
    """Model of each accelerator that telemetry saw."""

    def value(self, *names: str) -> float | None:
        """The average, or only value, of the first of the metrics that is there."""
        for name in names:
            if name in self.table and (value := self.table[name].number("avg")) is not None:
                return value
        return None

    def count(self, *names: str) -> int | None:
        """As `value`, for what is counted in whole numbers."""
        for name in names:
            if name in self.table and (value := self.table[name].count("avg")) is not None:
                return value
        return None

    def latency(self, name: str) -> Latency:
        """A latency in milliseconds, from whatever unit of time the file gives."""
        if name not in self.table:
            return Latency()
        metric = self.table[name]
        unit = (metric.text("unit") or "").lower()
        if unit not in TO_MS:
            self.findings.problems.append(
                f'metric "{name}" has the unit "{unit}": a unit of time belongs there ({", ".join(TO_MS)})'
            )
            return Latency()
        return metric.latency(LATENCY, TO_MS[unit])

    def power(self) -> dict[str, Any]:
        """Fields of a Record on power, if telemetry measured it."""
        if not self.gpu_power_w:
            return {}
        scope = f"the {len(self.gpu_power_w)} accelerators that telemetry saw, boards only"
        found = {"power_w": sum(self.gpu_power_w.values()), "power_scope": scope}
        # Of fewer accelerators the sum would be of another number of them than the mean.
        every = self.gpu_power_p90_w.keys() == self.gpu_power_w.keys()
        return found | ({"power_p90_w": sum(self.gpu_power_p90_w.values())} if every else {})

    def add_power(self, gpu: str, power: Fields) -> None:
        """Keep what telemetry says of the power of one accelerator, in W."""
        for kept, name in ((self.gpu_power_w, "avg"), (self.gpu_power_p90_w, "p90")):
            if (watts := power.number(name)) is not None:
                kept[gpu] = watts

    def accelerator(self) -> str | None:
        """Model of the accelerators, where telemetry names it."""
        return ", ".join(sorted({name for name in self.gpus.values() if name})) or None


def from_json(row: Row) -> Metrics:
    """The metrics of a JSON summary."""
    metrics = Metrics(Findings())
    # The first versions of AIPerf put them one level down.
    inner = row.get("records")
    for name, metric in (inner if isinstance(inner, Mapping) else row).items():
        if isinstance(metric, Mapping) and "unit" in metric:
            metrics.table[name] = Fields(metric, metrics.findings, f"{name}.")
    for gpu, name, power in _gpus(row):
        metrics.gpus[gpu] = name
        if power is not None:
            metrics.add_power(gpu, Fields(power, metrics.findings, "power_usage."))
    return metrics


def _gpus(row: Row) -> Iterator[tuple[str, str | None, Mapping[str, Any] | None]]:
    """Every accelerator in the telemetry: which, its model, its power in watts (AIPerf's shape, then GenAI-Perf's)."""
    for address, endpoint in _inside(_inside(row, "telemetry_data"), "endpoints").items():
        for key, gpu in _inside({address: endpoint}, address, "gpus").items():
            if isinstance(gpu, Mapping):
                measured = _inside(gpu, "metrics")
                power = next((metric for name, metric in measured.items() if name.endswith("power_usage")), None)
                yield f"{address} {key}", Fields(gpu, Findings()).text("gpu_name"), power if _is_watts(power) else None
    usage = _inside(row, "telemetry_stats", "gpu_power_usage")
    for key, power in usage.items():
        if isinstance(power, Mapping):
            yield key, None, power if _is_watts(usage) else None


def _inside(table: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object that the names lead to; empty if there is none."""
    for name in names:
        inner = table.get(name)
        table = inner if isinstance(inner, Mapping) else {}
    return table


def _is_watts(metric: Any) -> bool:
    return isinstance(metric, Mapping) and str(metric.get("unit")).strip().lower() in ("w", "watts")


def from_table(table: Table) -> Metrics:
    """The metrics of a CSV summary: blocks with a header each, empty rows between them."""
    metrics = Metrics(Findings())
    header: list[str] = []
    for row in table:
        if row and row[0].strip() in ("Metric", "Endpoint"):
            header = [cell.strip() for cell in row]
        elif header and header[0] == "Metric" and "GPU" not in header and any(row):
            _add_row(metrics, header, row)
        elif "GPU" in header or header[:1] == ["Endpoint"]:
            _add_gpu(metrics, dict(zip(header, row, strict=False)))
    return metrics


def _add_row(metrics: Metrics, header: list[str], row: list[str]) -> None:
    heading = _HEADING.match(row[0].strip())
    if not heading:
        return
    if mismatch := rows.wrong_length(len(row), len(header)):
        metrics.findings.problems.append(f'metric "{row[0].strip()[:60]}" {mismatch}')
    cells = {"avg" if key == "Value" else key: cell for key, cell in zip(header[1:], row[1:], strict=False)}
    # Drop a bracket that only explains: "HTTP Duration (excl. conn) (ms)".
    name = re.sub(r"\s*\(.*?\)", "", heading["name"]).strip().lower().replace(" ", "_")
    table = {"unit": heading["unit"] or "", **cells}
    metrics.table.setdefault(name, Fields(table, metrics.findings, f"{row[0].strip()}: ", words=True))


def _add_gpu(metrics: Metrics, cells: dict[str, str]) -> None:
    gpu = cells.get("GPU_UUID") or cells.get("GPU") or cells.get("GPU_Index")
    if not gpu:
        return
    metrics.gpus[gpu] = cells.get("GPU_Name") or None
    metric = cells.get("Metric", "").lower()
    if "power usage" in metric and "(w)" in metric:
        metrics.add_power(gpu, Fields(cells, metrics.findings, f"{cells.get('Metric')} of {gpu}: ", words=True))


def is_summary(row: Row) -> bool:
    """Whether a JSON object holds metrics of this shape: a throughput or a latency with its unit."""
    inner = row.get("records")
    metrics = inner if isinstance(inner, Mapping) else row
    names = ("request_throughput", "request_latency", "output_token_throughput", "time_to_first_token")
    return any(isinstance(metrics.get(name), Mapping) and "unit" in metrics[name] for name in names)


def header_of(table: Table) -> list[str]:
    """The first header of a CSV summary; empty if it is none."""
    first = next((row for row in table if any(row)), [])
    return [cell.strip() for cell in first] if first and first[0].strip() == "Metric" and "avg" in first else []
