"""The operating point: the highest throughput of a sweep that still meets the latency targets (goodput).

A sweep is a curve: throughput per accelerator against latency, one point a load level. The point chosen is one that
was measured; where the next heavier level misses a target, the throughput at which it would just be met is given
beside it, by linear interpolation between the two. Nothing is extrapolated: a sweep that never reaches its targets
says only that the system can do at least so much.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.notation import writer

# Requests that failed count in no latency: a level with more of them is no service.
LARGEST_FAILED_SHARE = 0.01


class NoOperatingPoint(ValueError):
    """No load level meets the targets; the message says how each level fares."""


@dataclass(frozen=True)
class Point:
    """One load level of one system at one shape of requests.

    `load` orders the levels (requests in flight or offered per second). Throughputs are per accelerator. Latencies are
    of one statistic for all points, which the caller chooses and names; None = not measured, which meets no target.
    """

    name: str
    load: float
    requests_per_s: float
    output_tok_s: float
    ttft_ms: float | None
    tpot_ms: float | None
    failed_share: float = 0.0


@dataclass(frozen=True)
class Targets:
    """Latency targets in milliseconds; None = no target."""

    ttft_ms: float | None = None
    tpot_ms: float | None = None


@dataclass(frozen=True)
class Between:
    """Where a target would just be met: between two measured levels, latency linear in the throughput.

    `share` is the way from the lower level (0) to the upper (1); `limit` is the latency that ends it, "TTFT" or "TPOT".
    """

    lower: Point
    upper: Point
    share: float
    limit: str

    @property
    def requests_per_s(self) -> float:
        """Requests/s per accelerator at that place."""
        return self.lower.requests_per_s + self.share * (self.upper.requests_per_s - self.lower.requests_per_s)

    @property
    def output_tok_s(self) -> float:
        """Output tokens/s per accelerator at that place."""
        return self.lower.output_tok_s + self.share * (self.upper.output_tok_s - self.lower.output_tok_s)


@dataclass(frozen=True)
class OperatingPoint:
    """The measured level that was chosen, and what is known of the way to its limit.

    `between` is None where no heavier level misses a target with a higher throughput. `reached` tells whether the sweep
    went on to a level that misses: if not, the system may do more than was measured.
    """

    point: Point
    targets: Targets
    between: Between | None
    reached: bool
    statement: str
    warnings: tuple[str, ...] = ()


def operating_point(points: Sequence[Point], targets: Targets) -> OperatingPoint:
    """The level with the most requests per second among those that meet every target.

    Raises NoOperatingPoint where none does, and ValueError for targets or points that make no sense.
    """
    _check(points, targets)
    levels = sorted(points, key=lambda point: point.load)
    misses = {point.name: tuple(_misses(point, targets)) for point in levels}
    good = [point for point in levels if not misses[point.name]]
    if not good:
        fares = "; ".join(f"{point.name}: {', '.join(misses[point.name])}" for point in levels)
        raise NoOperatingPoint(
            f"no load level meets {_words(targets)} ({fares}). Measure lighter loads or relax a target"
        )
    chosen = max(good, key=lambda point: (point.requests_per_s, -point.load))
    heavier = [point for point in levels if point.load > chosen.load]
    reached = any(misses[point.name] for point in heavier)
    between = _between(chosen, heavier[0], targets) if heavier and misses[heavier[0].name] else None
    warnings = _warnings(levels, chosen, misses, reached)
    return OperatingPoint(chosen, targets, between, reached, _statement(chosen, between, targets, reached), warnings)


def _check(points: Sequence[Point], targets: Targets) -> None:
    if not points:
        raise ValueError("a sweep needs at least one load level")
    for words, target in (("TTFT", targets.ttft_ms), ("TPOT", targets.tpot_ms)):
        if target is not None and not (math.isfinite(target) and target > 0):
            raise ValueError(f"a {words} target of {writer.as_typed(target)} ms: give milliseconds above 0, or none")
    names = [point.name for point in points]
    if len(set(names)) < len(names):
        raise ValueError("two load levels have one name: name each, so that messages can tell them apart")
    for point in points:
        figures = (point.load, point.requests_per_s, point.output_tok_s)
        if not all(math.isfinite(figure) and figure > 0 for figure in figures):
            raise ValueError(f"{point.name}: load and throughputs must be above 0")


def _misses(point: Point, targets: Targets) -> Iterator[str]:
    """Why a level does not count, in words; nothing if it does."""
    for words, target, latency in (
        ("TTFT", targets.ttft_ms, point.ttft_ms),
        ("TPOT", targets.tpot_ms, point.tpot_ms),
    ):
        if target is not None and latency is None:
            yield f"{words} not measured"
        elif target is not None and latency is not None and latency > target:
            yield f"{words} {writer.digits(latency, 4)} ms"
    if point.failed_share > LARGEST_FAILED_SHARE:
        yield f"{writer.share(point.failed_share)} of the requests failed"


def _between(lower: Point, upper: Point, targets: Targets) -> Between | None:
    """The first target to be reached on the straight way from a level that meets them to the next, which does not."""
    if upper.requests_per_s <= lower.requests_per_s:
        return None
    ends: list[tuple[float, str]] = []
    for words, target, low, high in (
        ("TTFT", targets.ttft_ms, lower.ttft_ms, upper.ttft_ms),
        ("TPOT", targets.tpot_ms, lower.tpot_ms, upper.tpot_ms),
    ):
        if target is None or low is None:
            continue
        if high is None:
            return None
        if high > target:
            ends.append(((target - low) / (high - low), words))
    # A level that only loses requests gives no latency to go by.
    return Between(lower, upper, *min(ends)) if ends else None


def _warnings(
    levels: Sequence[Point], chosen: Point, misses: dict[str, tuple[str, ...]], reached: bool
) -> tuple[str, ...]:
    told: list[str] = []
    if lighter := [point for point in levels if point.load < chosen.load and misses[point.name]]:
        fares = "; ".join(f"{point.name}: {', '.join(misses[point.name])}" for point in lighter)
        told.append(f"lighter levels than the one chosen miss the targets ({fares}): measure again, and longer")
    if unknown := [p.name for p in levels if any("not measured" in miss for miss in misses[p.name])]:
        told.append(f"left out, a latency with a target was not measured: {', '.join(unknown)}")
    if not reached:
        told.append("the sweep ends before a target is missed: the system may do more than was measured")
    return tuple(told)


def _statement(chosen: Point, between: Between | None, targets: Targets, reached: bool) -> str:
    told = (
        f"{chosen.name} is the measured level with the most requests within {_words(targets)}: "
        f"{writer.digits(chosen.requests_per_s, 4)} requests/s and {writer.digits(chosen.output_tok_s, 4)} "
        "output tokens/s per accelerator"
    )
    if between is not None:
        return (
            f"{told}. Between it and {between.upper.name}, with latency linear in throughput, {between.limit} reaches "
            f"its target at {writer.digits(between.requests_per_s, 4)} requests/s and "
            f"{writer.digits(between.output_tok_s, 4)} output tokens/s"
        )
    return f"{told}. " + (
        "The next level misses without serving more: nothing to interpolate"
        if reached
        else "No heavier level that misses was measured: nothing is extrapolated"
    )


def _words(targets: Targets) -> str:
    told = [
        f"{words} <= {writer.as_typed(value)} ms"
        for words, value in (("TTFT", targets.ttft_ms), ("TPOT", targets.tpot_ms))
        if value
    ]
    return " and ".join(told) or "no target"
