"""Power from a benchmark file, brought to one system of the study; and what each way to measure it is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from importers.records.record import Record
from models.notation import writer
from models.studies.inputs import schema

# Best first. What each leaves out decides whether the energy, and so the cost, comes out too low.
METHODS: dict[str, str] = {
    "external": "A rack or room meter sees everything the servers draw, switches included. Best for the bill; divide "
    "by the systems behind the meter, and count no cooling in it that PUE counts again.",
    "server": "At the server's power supplies (BMC, PDU outlet, MLPerf power): host, fans and network cards are in it. "
    "What a cost per response should rest on.",
    "gpu": "Accelerator boards only (nvidia-smi, DCGM, rocm-smi), as most tools print it. Host, memory, fans and power "
    "supply losses are missing, often a quarter to a third of the server: give them below as the rest.",
    "tdp": "Nameplate rating: the maximum draw, not the actual. Suitable for sizing the feed; overstates energy.",
}
_SEEN = re.compile(r"the (\d+) accelerators")
_SYSTEM_SCOPE = "whole system"


@dataclass(frozen=True)
class Power:
    """IT power of one system while serving, in W; how it was measured (`power_method`) and the sum that led to it.

    `idle_w` is what it draws while it waits, where the same measurement shows it; `source` and `as_of` (2026-01-31)
    name a log of its own.
    """

    load_w: float
    method: str
    scope: str
    note: str
    idle_w: float | None = None
    source: str = ""
    as_of: str | None = None


def of_record(record: Record, accelerators_per_system: float) -> Power | None:
    """The power of a run as that of one system of the study; None where the file does not give it.

    A file gives the 90th percentile or the mean over the run, of the accelerators or of the whole measured system; the
    percentile comes first, for the study asks for it. It is divided by the accelerators it covers and multiplied by
    those of a system.
    """
    covered = _covered(record)
    if record.power_w is None or not covered:
        return None
    scope = record.power_scope or "accelerators, scope not said"
    measured, what = (record.power_w, "mean of the run")
    if record.power_p90_w is not None:
        measured, what = record.power_p90_w, f"P90 of the run; mean {writer.exact(record.power_w)} W"
    load = measured / covered * accelerators_per_system
    whole = f"{writer.exact(measured)} W ({scope}, {what})"
    per_system = writer.exact(accelerators_per_system)
    note = whole if covered == accelerators_per_system else f"{whole} / {covered} accelerators x {per_system} a system"
    return Power(load, "server" if _SYSTEM_SCOPE in scope else "gpu", scope, note)


def _covered(record: Record) -> int | None:
    """How many accelerators the power is of: telemetry may have seen fewer than served."""
    seen = _SEEN.search(record.power_scope or "")
    return int(seen[1]) if seen and int(seen[1]) else record.accelerators


def method_label(method: str) -> str:
    """A way to measure power, in the words of the forms."""
    return schema.choice_label("power_method", method)
