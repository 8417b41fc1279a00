"""Many draws of one option at once: some inputs vary, everything that rests on them is computed for all draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.gather import gather
from models.model import MODEL, Model
from models.study import Option, Study

Array = NDArray[np.float64]
# Fresh memory, not arithmetic, is the limit: a chunk's arrays should stay in the caches.
CHUNK = 10_000


def run_draws(
    study: Study,
    option: Option,
    draws: Mapping[str, Array],
    wanted: Sequence[str],
    model: Model = MODEL,
    workers: int = 2,
) -> dict[str, Array]:
    """The wanted lines without rows for every draw: arrays indexed (draw) or (draw, year).

    ``draws`` gives inputs by engine name (``option_pue``, ``workload_success_rate``): one figure a draw, or for inputs
    by row an array (row, draw). Memory is bounded by chunks.
    Raises ValueError where lengths differ or an input is unknown.
    """
    count = _count(draws, model)
    gathered = gather(study, option)
    base = {name: _array(value) for name, value in gathered.values.items()}
    program = model.program(wanted, arrays=True)

    def chunk(at: slice) -> dict[str, Array]:
        varied = {n: _varied(np.asarray(v, dtype=float)[..., at]) for n, v in draws.items()}
        with np.errstate(all="ignore"):
            values = program({**base, **varied}, gathered.sizes)
        return {n: _by_draw(values[n], at.stop - at.start, model, n) for n in wanted}

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(chunk, _chunks(count)))
    return {n: np.concatenate([p[n] for p in parts]) for n in wanted}


def _count(draws: Mapping[str, Array], model: Model) -> int:
    counts = {np.shape(v)[-1] for v in draws.values()}
    unknown = [n for n in draws if n not in model.plan.inputs]
    if unknown:
        raise ValueError(f"{unknown[0]} is no input of the model; inputs are named like option_pue")
    if len(counts) != 1:
        raise ValueError(f"every input needs the same number of draws, found {sorted(counts)}")
    return counts.pop()


def _chunks(count: int) -> Iterator[slice]:
    return (slice(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK))


def _array(value: Any) -> Any:
    """An input as (row, year, draw)."""
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    return array.reshape(array.shape + (1,) * (3 - array.ndim)) if array.ndim else array.reshape(1, 1, 1)


def _varied(values: Array) -> Array:
    return values.reshape(1, 1, -1) if values.ndim == 1 else values[:, None, :]


def _by_draw(value: Array, count: int, model: Model, name: str) -> Array:
    years = np.broadcast_to(value, (*np.shape(value)[:2], count))[0].T
    return years if model.lines[name].shape.column else years[:, 0]
