"""From records to what the model's analyses take: the points of a sweep, and the shapes of a fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from importers.records.record import STATISTICS, Record
from models.analysis.measured.operating_point import Point
from models.analysis.measured.rates import Shape
from models.notation import writer

# Lengths within this are one shape: tools draw them at random.
SAME_LENGTH = 0.05
# An open-loop run that serves this share of what is offered could have done more.
SERVED_ALL = 0.95


class NotUsable(ValueError):
    """A record that lacks what an analysis needs; the message says what, and how to supply it."""


def sweeps(records: Iterable[Record]) -> list[list[Record]]:
    """Records put together by system, model and shape of requests: each group is a curve over the load, lightest first.

    Runs of one tool belong together where model, accelerators and their number, engine, precision and scenario agree
    and the mean lengths differ by less than 5 %.
    """
    groups: list[list[Record]] = []
    for record in records:
        group = next((group for group in groups if _alike(group[0], record)), None)
        if group is None:
            groups.append([record])
        else:
            group.append(record)
    return [sorted(group, key=lambda record: _load(record) or 0.0) for group in groups]


_SYSTEM = ("tool", "model", "accelerator", "accelerators", "engine", "engine_version", "precision", "predicted")


def _alike(left: Record, right: Record) -> bool:
    if any(getattr(left, name) != getattr(right, name) for name in _SYSTEM):
        return False
    for name in ("input_tokens_mean", "output_tokens_mean"):
        one, other = getattr(left, name), getattr(right, name)
        if (one is None) != (other is None):
            return False
        if one is not None and abs(one - other) > SAME_LENGTH * max(one, other):
            return False
    return True


def _load(record: Record) -> float | None:
    """What orders the levels: the client's limit, or the rate it offers."""
    return record.concurrency or record.request_rate_per_s or record.achieved_concurrency


def label(record: Record) -> str:
    """A run as messages name it."""
    told = f"{record.source} {record.run}".strip()
    if record.concurrency is not None:
        return f"{told} (concurrency {writer.exact(record.concurrency)})"
    return (
        told if record.request_rate_per_s is None else f"{told} ({writer.exact(record.request_rate_per_s)} requests/s)"
    )


def points(records: Sequence[Record], statistic: str = "p99") -> list[Point]:
    """The levels of a sweep, throughput per accelerator, latencies of the statistic (mean, median, p90, p95, p99).

    A latency that lacks the statistic is not measured. Raises NotUsable for a record without throughput, load or number
    of accelerators, and ValueError for an unknown statistic.
    """
    if statistic not in STATISTICS:
        raise ValueError(f'"{statistic}" is no statistic; choose one of {", ".join(STATISTICS)}')
    return [
        Point(
            name=label(record),
            load=_needed(record, _load(record), "its load: concurrency or request rate"),
            requests_per_s=_per_accelerator(record, record.request_throughput_per_s_per_accelerator),
            output_tok_s=_per_accelerator(record, record.output_throughput_tok_s_per_accelerator),
            ttft_ms=getattr(record.ttft_ms, statistic),
            tpot_ms=getattr(record.tpot_ms, statistic),
            failed_share=record.failed_share or 0.0,
        )
        for record in records
    ]


def shape(record: Record) -> Shape:
    """A record as one shape of a fit of two rates.

    Saturation shows only where requests were offered at a rate: the system that serves all of them could do more.
    Raises NotUsable for a record without lengths, throughput or number of accelerators, and where the prefix cache held
    part of the input, which then was not read.
    """
    if record.cached_input_share:
        raise NotUsable(
            f"{label(record)}: the prefix cache held {writer.share(record.cached_input_share)} of the input, "
            "which was not read; "
            "measure with the cache off or with unlike prompts"
        )
    served, offered = record.request_throughput_per_s, record.request_rate_per_s
    saturated = None if served is None or offered is None or served < SERVED_ALL * offered else False
    return Shape(
        name=label(record),
        input_tokens=_needed(record, record.input_tokens_mean, "input lengths"),
        output_tokens=_needed(record, record.output_tokens_mean, "output lengths"),
        output_tok_s_per_accelerator=_per_accelerator(record, record.output_throughput_tok_s_per_accelerator),
        saturated=saturated,
    )


def _per_accelerator(record: Record, value: float | None) -> float:
    if record.accelerators is None:
        raise NotUsable(f"{label(record)}: the number of accelerators is not known; state it (--accelerators N)")
    return _needed(record, value, "throughput")


def _needed(record: Record, value: float | None, what: str) -> float:
    if value is None:
        raise NotUsable(f"{label(record)}: the file does not give {what}; measure with a tool or an option that does")
    return value
