"""What a power trace says of a run: the mean for energy, the 90th percentile for limits, and what an idle system draws.

Each reading holds until the next one of its meter; meters are added up from the moment all of them have been read. The
run is cropped by its times, or to its busy part: from the first to the last moment above the middle between the level
of waiting and that of work.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from importers.power.trace import PowerError, Trace, moment
from models.notation import writer

LOW, HIGH, PEAK = 0.05, 0.95, 0.9
# Work draws at least so many times what waiting does; less tells no two levels apart.
LEAST_RATIO = 1.3
# What counts as waiting: up to this share of the way from the lower level to the upper one.
NEAR_IDLE = 0.2
LEAST_IDLE_READINGS = 5
# A gap of so many times the usual distance between readings is no reading that holds.
LONGEST_GAP = 10.0


@dataclass(frozen=True)
class Step:
    """The power of all meters together from a moment on, for some seconds."""

    at: float
    watts: float
    seconds: float


@dataclass(frozen=True)
class Figures:
    """A trace cropped to a run: W of all meters together, seconds, and Wh.

    `idle_w` is None where the trace shows no waiting. `cropped` says how the run was found; `notes` is what to know.
    """

    start: float
    end: float
    seconds: float
    mean_w: float
    p90_w: float
    peak_w: float
    energy_wh: float
    idle_w: float | None
    meters: int
    cropped: str
    notes: tuple[str, ...]


def steps(trace: Trace) -> list[Step]:
    """The trace as the power of all meters together, moment by moment."""
    held: dict[str, float] = {}
    moments: list[tuple[float, float]] = []
    number = len(trace.devices)
    for sample in trace.samples:
        held[sample.device] = sample.watts
        if len(held) < number:
            continue
        total = sum(held.values())
        if moments and moments[-1][0] == sample.at:
            moments[-1] = (sample.at, total)
        else:
            moments.append((sample.at, total))
    if len(moments) < 2:
        raise PowerError("the meters of the trace were never read together: give one log of all of them")
    gaps = [after[0] - before[0] for before, after in pairwise(moments)]
    usual = _usual(trace)
    lengths = [min(gap, LONGEST_GAP * usual) for gap in gaps] + [usual]
    return [Step(at, total, length) for (at, total), length in zip(moments, lengths, strict=True)]


def _usual(trace: Trace) -> float:
    """The seconds that usually lie between two readings of one meter."""
    device = trace.samples[0].device
    times = [sample.at for sample in trace.samples if sample.device == device]
    return statistics.median(after - before for before, after in pairwise(times)) if len(times) > 1 else 1.0


def figures(trace: Trace, start: float | None = None, end: float | None = None) -> Figures:
    """What a trace says of the run between two moments, or of its busy part.

    `start` and `end` are seconds of the trace's own clock. Raises PowerError where nothing of the trace lies between.
    """
    every = steps(trace)
    low, high = _level(every, LOW), _level(every, HIGH)
    two = high >= LEAST_RATIO * low and high > 0
    first, last = _busy(every, (low + high) / 2) if two else (every[0].at, every[-1].at)
    chosen = (first if start is None else start, last if end is None else end)
    run = [step for step in every if chosen[0] <= step.at <= chosen[1]]
    if not run:
        held = f"{moment(every[0].at)} to {moment(every[-1].at)}" if trace.dated else f"{writer.exact(every[-1].at)} s"
        raise PowerError(f"nothing of the trace lies between the times given; it holds {held}")
    idle = [
        step for step in every if two and step.watts <= low + NEAR_IDLE * (high - low) and not _within(step, chosen)
    ]
    seconds = sum(step.seconds for step in run)
    enough = len(idle) >= LEAST_IDLE_READINGS
    return Figures(
        start=run[0].at,
        end=run[-1].at,
        seconds=seconds,
        mean_w=_mean(run),
        p90_w=_level(run, PEAK),
        peak_w=max(step.watts for step in run),
        energy_wh=_mean(run) * seconds / 3600,
        idle_w=_mean(idle) if enough else None,
        meters=len(trace.devices),
        cropped="its times" if start is not None or end is not None else "its busy part" if two else "the whole trace",
        notes=tuple(_notes(trace, every, two, enough)),
    )


def _within(step: Step, times: tuple[float, float]) -> bool:
    return times[0] <= step.at <= times[1]


def _mean(run: Sequence[Step]) -> float:
    return sum(step.watts * step.seconds for step in run) / sum(step.seconds for step in run)


def _level(run: Sequence[Step], share: float) -> float:
    """The least power that holds for at least this share of the time."""
    ordered = sorted(run, key=lambda step: step.watts)
    whole, passed = sum(step.seconds for step in run), 0.0
    for step in ordered:
        passed += step.seconds
        if passed >= share * whole - 1e-9:
            return step.watts
    return ordered[-1].watts


def _busy(every: Sequence[Step], middle: float) -> tuple[float, float]:
    above = [step.at for step in every if step.watts > middle]
    return above[0], above[-1]


def _notes(trace: Trace, every: Sequence[Step], two: bool, enough: bool) -> Iterator[str]:
    if not two:
        yield "the trace shows one level only: the whole of it is taken, and no idle power follows from it"
    elif not enough:
        yield "no waiting is in the trace: measure an idle system too"
    if trace.left_out:
        yield f"{trace.left_out} readings say no power and are left out"
    usual = _usual(trace)
    if any(after.at - before.at > LONGEST_GAP * usual for before, after in pairwise(every)):
        longest, often = writer.exact(LONGEST_GAP), writer.exact(round(usual, 3))
        yield f"readings are missing for a time: each is held {longest} times the usual {often} s at most"
    if trace.method == "gpu":
        yield f"{trace.boundary}: host, fans and losses of the power supplies are not in it"
