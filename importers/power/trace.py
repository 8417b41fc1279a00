"""A power trace: what meters showed, moment by moment, whatever wrote it down."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading: seconds since the epoch (or since the first one, where a log has no times), device, and W."""

    at: float
    device: str
    watts: float


@dataclass(frozen=True)
class Trace:
    """The readings of a file in their order. `method` is the study's `power_method`, `boundary` what the meter saw.

    `dated` tells whether the times are those of a clock; `left_out` counts readings that say no power.
    """

    tool: str
    method: str
    boundary: str
    samples: Sequence[Sample]
    dated: bool = True
    left_out: int = 0

    @property
    def devices(self) -> tuple[str, ...]:
        """The meters or accelerators that were read."""
        return tuple(dict.fromkeys(sample.device for sample in self.samples))

    @property
    def start(self) -> float:
        """When the first reading was taken."""
        return self.samples[0].at


class PowerError(ValueError):
    """A file that is no power trace, or one that cannot be used; the message is one line with the remedy."""


def moment(at: float) -> str:
    """A time of a trace as people write it, in UTC."""
    return datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
