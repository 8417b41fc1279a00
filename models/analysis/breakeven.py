"""Break-even: the values of an input at which two options tie, found by search, proved by feeding them back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.analysis.vary import Variation, results

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
METRIC = "comparison_pv_cost"
POINTS = 6_000
PIECES = 64
ROUNDS = 12
# A gap this small against the figures compared is a tie; across a step of the fleet the gap stays far larger.
TIE = 1e-9


@dataclass(frozen=True)
class BreakEven:
    """Where two options tie over a range of one input.

    ``roots`` are ties; at ``jumps`` the cheaper option changes without a tie (a fleet grows by a whole system, or a
    whole number steps), each as the values just below and above; ``always`` says that they are equal over the whole
    range.
    """

    metric: str
    low: float
    high: float
    roots: tuple[float, ...]
    jumps: tuple[tuple[float, float], ...]
    always: bool


def break_even(variation: Variation, option: str, against: str, metric: str = METRIC) -> BreakEven:
    """Every value of the input, within its range, at which a result of two options is the same.

    Raises StudyError as vary.results does.
    """
    grid = _grid(variation)
    gaps, sizes = _gaps(variation, option, against, metric, grid)
    tied = np.abs(gaps) <= TIE * sizes
    if bool(np.all(tied | np.isnan(gaps))) and bool(np.any(tied)):
        return BreakEven(metric, variation.low, variation.high, (), (), True)
    roots = [float(v) for v, t, b in zip(grid, tied, _beside(tied), strict=True) if t and not b]
    jumps: list[tuple[float, float]] = []
    for left, right in _crossings(grid, gaps, tied):
        if variation.whole:
            jumps.append((left, right))
        else:
            _refine(variation, option, against, metric, (left, right), roots, jumps)
    return BreakEven(metric, variation.low, variation.high, tuple(sorted(roots)), tuple(sorted(jumps)), False)


def _grid(variation: Variation) -> Array:
    """Values to look at: evenly spaced, and evenly on a logarithmic scale, the present value among them."""
    low, high = variation.low, variation.high
    if variation.whole:
        return np.arange(np.ceil(low), min(np.floor(high), np.ceil(low) + POINTS) + 1.0)
    even = np.linspace(low, high, POINTS)
    reach = high - low
    by_size = low + np.geomspace(reach * 1e-9, reach, POINTS)
    inside = [variation.base] if low <= variation.base <= high else []
    return np.unique(np.concatenate([even, by_size, inside]))


def _gaps(variation: Variation, option: str, against: str, metric: str, values: Array) -> tuple[Array, Array]:
    ours = results(variation, option, values, metric)
    theirs = results(variation, against, values, metric)
    return ours - theirs, np.maximum(np.abs(ours), np.abs(theirs))


def _beside(tied: Flags) -> Flags:
    """Ties that continue a tie: of a stretch where both are equal only its first value is named."""
    return np.concatenate([np.array([False]), tied[:-1]])


def _crossings(grid: Array, gaps: Array, tied: Flags) -> list[tuple[float, float]]:
    sign = np.where(tied, 0.0, np.sign(gaps))
    across = np.nonzero(sign[:-1] * sign[1:] < 0)[0]
    return [(float(grid[i]), float(grid[i + 1])) for i in across]


def _refine(
    variation: Variation,
    option: str,
    against: str,
    metric: str,
    span: tuple[float, float],
    roots: list[float],
    jumps: list[tuple[float, float]],
) -> None:
    """Narrow a change of sign, a few dozen pieces at a time, until it is a tie or proves to be a step."""
    left, right = span
    for _ in range(ROUNDS):
        grid = np.linspace(left, right, PIECES + 1)
        gaps, sizes = _gaps(variation, option, against, metric, grid)
        best = int(np.nanargmin(np.abs(gaps)))
        crossings = _crossings(grid, gaps, np.zeros(len(gaps), dtype=bool))
        if not crossings or right - left <= 4e-16 * max(abs(left), abs(right)):
            break
        (left, right), *others = crossings
        for other in others:
            _refine(variation, option, against, metric, other, roots, jumps)
    if abs(gaps[best]) <= TIE * sizes[best]:
        roots.append(float(grid[best]))
    else:
        jumps.append((left, right))
