"""The curve of a sweep: throughput against a latency, with its target and the operating point."""

from __future__ import annotations

from collections.abc import Iterator

from charts import benchmark
from charts.benchmark import BETWEEN, LEVEL, POINT
from charts.vocabulary import Chart
from importers.measuring.sweeps import Chosen, Level
from models.analysis.measured.operating_point import Between


def curve(found: Chosen, latency: str, target: float | None, counted: str, statistic: str) -> Chart | None:
    """Throughput against `latency` ("ttft_ms" or "tpot_ms"), with its target; None where it was not measured."""
    levels = list(_levels(found, latency, counted))
    words = "TTFT" if latency == "ttft_ms" else "TPOT"
    return benchmark.curve(levels, words, statistic, counted, target) if levels else None


def _levels(found: Chosen, latency: str, counted: str) -> Iterator[benchmark.Level]:
    for level in found.sweep.levels:
        x, y = getattr(level.point, latency), _throughput(level, counted)
        if x is not None and y is not None:
            is_chosen = found.found is not None and level.point == found.found.point
            yield benchmark.Level(level.point.name, x, y, POINT if is_chosen else LEVEL)
    between = found.found.between if found.found else None
    if between is not None:
        x = _on_the_way(between, *(getattr(point, latency) for point in (between.lower, between.upper)))
        ends = (found.sweep.level(point) for point in (between.lower, between.upper))
        y = _on_the_way(between, *(_throughput(level, counted) for level in ends))
        if x is not None and y is not None:
            yield benchmark.Level(f"{between.limit} at its target", x, y, BETWEEN)


def _throughput(level: Level, counted: str) -> float | None:
    """Tokens/s per accelerator of a level, output alone or with input."""
    if counted == "total":
        return level.record.total_throughput_tok_s_per_accelerator
    return level.point.output_tok_s


def _on_the_way(between: Between, low: float | None, high: float | None) -> float | None:
    """A figure where the target would just be met, on the straight way between two levels."""
    return None if low is None or high is None else low + between.share * (high - low)
