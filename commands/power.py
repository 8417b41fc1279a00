"""Power logs beside a benchmark: what a system draws while it serves and while it waits."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from commands.given import BAD_INPUT, bound, count, unreadable
from models.notation import writer


def add(jobs: Any) -> None:
    """Declare `measure-power`."""
    power = jobs.add_parser("measure-power", help="read a power log: mean, 90th percentile and idle of the run in it")
    power.add_argument("file", metavar="FILE", help="log of nvidia-smi, amd-smi, DCGM, Prometheus, IPMI, or a CSV")
    power.add_argument("--from", dest="start", metavar="TIME", help="when the run began; without it the busy part")
    power.add_argument("--to", dest="end", metavar="TIME", help="when the run ended")
    power.add_argument("--interval", type=bound, metavar="SECONDS", help="between readings, for logs without times")
    power.add_argument("--accelerators-per-system", type=count, metavar="N", help="give the power of a system of N")
    power.add_argument("--json", action="store_true", help="print one JSON object")
    power.set_defaults(job=_measure_power)


def _measure_power(options: argparse.Namespace) -> int:
    from importers.power import PowerError, figures, read, when

    times = {
        name: None if said is None else when(said) for name, said in (("from", options.start), ("to", options.end))
    }
    for name, said in (("from", options.start), ("to", options.end)):
        if said is not None and times[name] is None:
            print(f"--{name} {said!r} is no time; write it as 2026-01-31 10:00:00", file=sys.stderr)
            return BAD_INPUT
    try:
        trace = read(Path(options.file).read_bytes(), Path(options.file).name, options.interval)
        found = figures(trace, times["from"], times["to"])
    except PowerError as error:
        print(str(error), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        return unreadable(options.file, error)
    scale = _scale(options.accelerators_per_system, trace.method, found.meters)
    if options.json:
        print(json.dumps(_plain(found, trace, scale), allow_nan=False))
        return 0
    meters = writer.number_of(found.meters, "meter")
    print(f"{trace.tool}, {meters} ({trace.boundary}), over {found.cropped}: {writer.exact(round(found.seconds))} s")
    print(f"mean {_watts(found.mean_w)}, P90 {_watts(found.p90_w)}, peak {_watts(found.peak_w)} of all meters together")
    print(f"idle {_watts(found.idle_w)}; energy of the run {writer.exact(round(found.energy_wh, 1))} Wh")
    if scale != 1:
        print(
            f"a system: {_watts(found.p90_w * scale)} while serving (P90), {_watts(_times(found.idle_w, scale))} idle"
        )
    for note in found.notes:
        print(f"note: {note}")
    return 0


def _scale(accelerators: int | None, method: str, meters: int) -> float:
    """What brings the power of all meters to that of a system: boards by their number, a server as it is."""
    return accelerators / meters if accelerators and method == "gpu" else 1 / meters


def _times(size: float | None, scale: float) -> float | None:
    return None if size is None else size * scale


def _watts(size: float | None) -> str:
    return "not in the log" if size is None else writer.watts(size)


def _plain(found: Any, trace: Any, scale: float) -> dict[str, Any]:
    return {
        "tool": trace.tool,
        "power_method": trace.method,
        "boundary": trace.boundary,
        "meters": found.meters,
        "cropped_to": found.cropped,
        "start": found.start,
        "end": found.end,
        "seconds": found.seconds,
        "mean_w": found.mean_w,
        "p90_w": found.p90_w,
        "peak_w": found.peak_w,
        "idle_w": found.idle_w,
        "energy_wh": found.energy_wh,
        "system_power_load_w": found.p90_w * scale,
        "system_power_mean_w": found.mean_w * scale,
        "system_power_idle_w": _times(found.idle_w, scale),
        "notes": list(found.notes),
    }
