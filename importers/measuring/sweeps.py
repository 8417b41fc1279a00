"""From runs to an operating point and to speeds: sweeps, the level that meets the targets, and the fit over shapes.

The analyses themselves are in `models.analysis`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from importers.measuring.files import for_the_page
from importers.records.measurements import NotUsable, label, points, shape, sweeps
from importers.records.record import STATISTICS, Record
from models.analysis.measured.operating_point import (
    NoOperatingPoint,
    OperatingPoint,
    Point,
    Targets,
    operating_point,
)
from models.analysis.measured.rates import Lengths, Rates, RatesError, Shape, fitted
from models.notation import writer
from models.studies.inputs.paths import distinct
from models.studies.study import Row, effective, generated_tokens

# The statistic that is taken unless another is chosen: service levels are promised at the tail.
_PREFERRED = ("p99", "p95", "p90", "mean", "median")
# What must agree for runs to be of one system.
_SYSTEM = ("model", "accelerator", "accelerators", "engine", "engine_version", "precision", "predicted")


@dataclass(frozen=True)
class Level:
    """One run of a sweep, with what the analysis makes of it."""

    record: Record
    point: Point


@dataclass(frozen=True)
class Sweep:
    """Runs of one system at one shape of requests, and the reasons why others of it are left out."""

    name: str
    records: tuple[Record, ...]
    levels: tuple[Level, ...]
    left_out: tuple[str, ...]

    @property
    def first(self) -> Record:
        """A run that stands for what all have in common."""
        return self.records[0]

    def level(self, point: Point) -> Level:
        """The level of a point of this sweep."""
        return next(level for level in self.levels if level.point == point)


@dataclass(frozen=True)
class Chosen:
    """The operating point of a sweep, or why there is none."""

    sweep: Sweep
    found: OperatingPoint | None
    refused: str = ""

    @property
    def level(self) -> Level | None:
        """The level that was measured at the operating point."""
        return self.sweep.level(self.found.point) if self.found else None


def statistics(records: Sequence[Record]) -> tuple[list[str], str]:
    """The statistics of latency that any run has, and the one to begin with: the first that every run has."""
    offered = [name for name in STATISTICS if any(_has(record, name) for record in records)]
    everywhere = [name for name in _PREFERRED if all(_has(record, name) for record in records)]
    return offered or ["mean"], next(iter([*everywhere, *offered]), "mean")


def _has(record: Record, statistic: str) -> bool:
    return getattr(record.ttft_ms, statistic) is not None or getattr(record.tpot_ms, statistic) is not None


def found(records: Sequence[Record], statistic: str) -> list[Sweep]:
    """The sweeps in the runs of all files together, in the order in which they come."""
    groups = sweeps(records)
    names = distinct([_named(group) for group in groups])
    return [_sweep(name, group, statistic) for name, group in zip(names, groups, strict=True)]


def _sweep(name: str, group: Sequence[Record], statistic: str) -> Sweep:
    levels, left_out = list[Level](), list[str]()
    for record in group:
        try:
            point = _point(record, statistic, alone=len(group) == 1)
        except NotUsable as error:
            left_out.append(for_the_page(str(error)))
            continue
        if point.requests_per_s > 0 and point.output_tok_s > 0:
            levels.append(Level(record, point))
        else:
            left_out.append(f"{label(record)}: nothing was served, so that it is no level")
    return Sweep(name, tuple(group), tuple(levels), tuple(left_out))


def _point(record: Record, statistic: str, *, alone: bool) -> Point:
    """The point of a run. Its load only orders the levels, so that a run alone may do without."""
    try:
        return points([record], statistic)[0]
    except NotUsable:
        requests = record.request_throughput_per_s_per_accelerator
        output = record.output_throughput_tok_s_per_accelerator
        if not alone or requests is None or output is None:
            raise
    ttft, tpot = getattr(record.ttft_ms, statistic), getattr(record.tpot_ms, statistic)
    return Point(label(record), 1.0, requests, output, ttft, tpot, record.failed_share or 0.0)


def _named(group: Sequence[Record]) -> str:
    first = group[0]
    hardware = " ".join(part for part in (f"{first.accelerators or '?'} x", first.accelerator or "accelerators"))
    runs = f"{len(group)} {'level' if len(group) == 1 else 'levels'}"
    return f"{lengths(first)} tokens, {first.model or 'model not said'}, {hardware} ({runs})"


def lengths(record: Record) -> str:
    """The shape of a run's requests: "1,024 in / 256 out"."""
    return f"{_count(record.input_tokens_mean)} in / {_count(record.output_tokens_mean)} out"


def _count(value: float | None) -> str:
    return "?" if value is None else writer.count(value)


def chosen(sweep: Sweep, targets: Targets) -> Chosen:
    """The operating point of a sweep within the targets."""
    if not sweep.levels:
        return Chosen(sweep, None, " ".join(sweep.left_out[:3]) or "no run can be used")
    try:
        return Chosen(sweep, operating_point([level.point for level in sweep.levels], targets))
    except (NoOperatingPoint, ValueError) as error:
        return Chosen(sweep, None, str(error))


def same_system(left: Record, right: Record) -> bool:
    """Whether two runs are of one system and model, so that their shapes may be fitted together."""
    return all(getattr(left, name) == getattr(right, name) for name in _SYSTEM)


def system(record: Record) -> str:
    """What a run was measured on, in words."""
    told = (record.model or "model not said", f"{record.accelerators or '?'} x {record.accelerator or 'accelerators'}")
    return " on ".join(told)


def lengths_of(workload: Row, serving: Row | None) -> Lengths | None:
    """What a request of the workload takes with this option's model: tokens read and written; None if it does not."""
    read = effective(workload, serving, "input_tokens")
    written = generated_tokens(workload, serving)
    return Lengths(read, written) if read > 0 and written > 0 else None


def fit(shapes: Sequence[Chosen], workload: Lengths | None) -> Rates | str:
    """The speeds from the operating points of one shape or more, or the reason why there are none."""
    suit, left = list[Shape](), list[str]()
    for each in shapes:
        try:
            suit.extend(_shape(each))
        except NotUsable as error:
            left.append(f"left out: {error}")
    if not suit:
        return for_the_page(" ".join(left)) or "no shape has an operating point"
    try:
        found = fitted(suit, workload)
    except RatesError as error:
        return for_the_page(str(error))
    return dataclasses.replace(found, warnings=(*map(for_the_page, left), *found.warnings))


def used(shapes: Sequence[Chosen], found: Rates) -> list[Chosen]:
    """Those of the shapes that the speeds rest on."""
    return [each for each in shapes if each.level is not None and label(each.level.record) in found.shapes]


def _shape(each: Chosen) -> Iterator[Shape]:
    """The shape of an operating point; a heavier level that misses a target shows that it is the limit."""
    if each.found is None or (level := each.level) is None:
        return
    made = shape(level.record)
    yield dataclasses.replace(made, saturated=None) if each.found.reached else made
