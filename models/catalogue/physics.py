"""What physics allows: ceilings of reading and output speed, whether a model fits, an estimate where nothing was run.

A token read or written takes two operations for each active parameter, so no accelerator does more tokens than its peak
over that (the "roofline" of Williams, Waterman and Patterson, 2009, CACM 52(4)). Writing also reads, at each step, the
active weights once and the context of every request in the batch: as many as fit beside the weights, or as stated.
Attention's own operations, other experts read and all waiting come on top, so a real speed is always lower; only a step
that yields several tokens (speculative decoding) beats the bound of the memory, never that of the operations.

Peaks are dense, by number format; an unknown format takes the highest, so that a bound never accuses wrongly.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.catalogue.fill import Catalogue
from models.catalogue.rows import Entry
from models.notation import writer
from models.studies.inputs.value import Value

FLOP_PER_PARAMETER = 2.0
TERA, GIGA = 1e12, 1e9
# Bytes of one weight by number format; the first that the format's name contains.
WEIGHT_BYTES: Mapping[str, float] = {"FP4": 0.5, "INT4": 0.5, "FP8": 1.0, "INT8": 1.0, "BF16": 2.0, "FP16": 2.0}
# The peak that a format computes at; hardware without it computes at the next wider one.
PEAKS: Mapping[str, tuple[str, ...]] = {
    "FP4": ("peak_fp4", "peak_fp8", "peak_bf16"),
    "FP8": ("peak_fp8", "peak_bf16"),
    "BF16": ("peak_bf16",),
    "FP16": ("peak_bf16",),
}
ENDINGS = ("-instruct", "-chat", "-it", "-0528", "-0324")
MAKERS = ("meta-", "nvidia-", "openai-")
LOW_DECILE, HIGH_DECILE = 0, 8


@dataclass(frozen=True)
class Chip:
    """An accelerator: memory in bytes, its bandwidth in bytes/s, and peaks in FLOP/s by quantity ("peak_fp8")."""

    name: str
    memory: float
    bandwidth: float
    peaks: Mapping[str, float]

    def peak(self, precision: str) -> float:
        """The dense peak at a number format; the highest there is for a format that is not known."""
        known = next((names for each, names in PEAKS.items() if each in precision.upper()), tuple(self.peaks))
        found = [self.peaks[name] for name in known if name in self.peaks]
        return found[0] if known != tuple(self.peaks) and found else max(self.peaks.values())


@dataclass(frozen=True)
class Shape:
    """What a request reads and writes, in tokens, and how many requests run at once on a copy (None: what fits)."""

    read: float
    written: float
    batch: float | None = None

    @property
    def context(self) -> float:
        """Tokens held for a request, mean over its writing."""
        return self.read + self.written / 2


@dataclass(frozen=True)
class Ceiling:
    """The most that one accelerator does, in tokens/s: reading, and writing by operations and by memory.

    `writing_memory` is None where no shape is known or the model does not fit; `weights` and `room` are bytes of the
    weights and of the memory of a copy.
    """

    reading: float
    writing_operations: float
    writing_memory: float | None
    weights: float
    room: float

    @property
    def writing(self) -> float:
        """The lower of the two bounds."""
        return min(self.writing_operations, self.writing_memory or math.inf)

    @property
    def fits(self) -> bool:
        """Whether the memory of a copy holds the weights."""
        return self.weights < self.room


def chip(catalogue: Catalogue, name: str) -> Chip | None:
    """An accelerator of the catalogue; None where a peak, its memory or its bandwidth is not known."""
    rows = {row.text("quantity"): row for row in reversed(list(catalogue.find("systems", accelerator=name)))}
    figures = {quantity: row.number("value") for quantity, row in rows.items()}
    peaks = {quantity: value * TERA for quantity, value in figures.items() if quantity.startswith("peak_") and value}
    memory, bandwidth = figures.get("memory_of_accelerator"), figures.get("memory_bandwidth")
    if not peaks or memory is None or bandwidth is None:
        return None
    return Chip(name, memory * GIGA, bandwidth * TERA, peaks)


def chip_of_system(catalogue: Catalogue, system: str) -> str:
    """The accelerator of a system of the catalogue, by its exact name; "" for another name."""
    row = next(catalogue.find("systems", system=system), None)
    return row.text("accelerator") if row else ""


def model_row(catalogue: Catalogue, name: str) -> Entry | None:
    """The row of a model by its name, however spaced, with or without its maker and an ending such as -Instruct; None
    for another."""
    wanted = _plain(name)
    rows = catalogue.table("models")
    return next((row for row in rows if wanted in (_plain(row.text("model")), _plain(row.text("repository")))), None)


def same_model(one: str, other: str) -> bool:
    """Whether two names are of one model, however spaced, with or without maker and ending."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    name = re.sub(r"[\s_]+", "-", name.casefold().rsplit("/", 1)[-1].strip())
    for maker in MAKERS:
        name = name.removeprefix(maker)
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def ceiling(model: Entry, on: Chip, precision: str, copy: int, shape: Shape | None = None) -> Ceiling:
    """The ceiling of a model (a row of `models`) on `copy` accelerators of a kind that hold one copy of it."""
    active, total = (model.needed(f"{kind}_params_b") * GIGA for kind in ("active", "total"))
    width = next((size for each, size in WEIGHT_BYTES.items() if each in precision.upper()), min(WEIGHT_BYTES.values()))
    operations = on.peak(precision) / (FLOP_PER_PARAMETER * active)
    weights, room = total * width, on.memory * copy
    memory = None
    if shape is not None and weights < room:
        held = shape.context * model.needed(f"kv_bytes_per_token_{'fp16' if width > 1 else 'fp8'}")
        batch = (room - weights) / held if shape.batch is None else shape.batch
        memory = batch * on.bandwidth / (active * width + batch * held)
    return Ceiling(operations, operations, memory, weights, room)


# --------------------------------------------------------------------------------------- estimates where nothing is run


@dataclass(frozen=True)
class Estimate:
    """Rates of a model nobody has measured there: reading and writing in tokens/s per accelerator, as assumptions."""

    prefill: Value
    decode: Value
    ceiling: Ceiling


def estimate(catalogue: Catalogue, model: str, accelerator: str, precision: str, copy: int, shape: Shape) -> Estimate:
    """The ceiling times the share of it that the runs of the catalogue reach: their median, with the deciles as range.

    Raises ValueError, with what is missing, for a model or an accelerator whose figures the catalogue has not, and for
    a model that does not fit.
    """
    row, on = model_row(catalogue, model), chip(catalogue, accelerator)
    if row is None or on is None:
        missing = f"the size of {model}" if row is None else f"peak, memory and bandwidth of {accelerator}"
        raise ValueError(f"the catalogue does not have {missing}: no speed can be estimated")
    found = ceiling(row, on, precision, copy, shape)
    if not found.fits:
        raise ValueError(
            f"{model} takes {writer.count(found.weights / GIGA)} GB at {precision}, and {copy} {accelerator} hold "
            f"{writer.count(found.room / GIGA)} GB: give a copy more accelerators"
        )
    reached = reached_shares(catalogue)
    deciles = statistics.quantiles(reached, n=10)
    spread = (deciles[LOW_DECILE], statistics.median(reached), deciles[HIGH_DECILE])
    low, middle, high = (writer.digits(share, 2) for share in spread)
    note = (
        f"No run of {model} on {accelerator}: the ceiling of physics times {middle}, the median of {len(reached)} runs "
        f"of the catalogue ({low} to {high} in eight of ten)."
    )
    prefill, decode = (_estimated(speed, spread, note, row) for speed in (found.reading, found.writing))
    return Estimate(prefill, decode, found)


def _estimated(speed: float, spread: tuple[float, float, float], note: str, row: Entry) -> Value:
    low, middle, high = (round(speed * share, 1) for share in spread)
    found = row.value(middle, low, high)
    return replace(found, confidence="assumed", note=note)


def reached_shares(catalogue: Catalogue) -> tuple[float, ...]:
    """Which share of its ceiling each run of the catalogue reached, where model, chip and lengths are known."""
    return tuple(share for row in catalogue.table("serving") if (share := reached(catalogue, row)) is not None)


def reached(catalogue: Catalogue, run: Entry) -> float | None:
    """The least time a request of a run could take over the time it took; None where something is not known."""
    model, on = model_row(catalogue, run.text("model")), chip(catalogue, run.text("accelerator"))
    read, written, copy = (run.number(name) for name in ("input_tokens", "output_tokens", "accelerators_per_replica"))
    if model is None or on is None or not read or not written or copy is None:
        return None
    most = ceiling(model, on, run.text("precision"), int(copy), Shape(read, written))
    if not most.fits:
        return None
    least = read / most.reading + written / most.writing
    return least * run.needed("output_tokens_per_s_per_accelerator") / written


def is_impossible(catalogue: Catalogue, run: Entry) -> bool:
    """Whether a run of the catalogue generates more than the operations of its chip allow."""
    model, on = model_row(catalogue, run.text("model")), chip(catalogue, run.text("accelerator"))
    if model is None or on is None:
        return False
    most = ceiling(model, on, run.text("precision"), 1)
    return run.needed("output_tokens_per_s_per_accelerator") > most.writing_operations
