"""Break-even: the values of an input at which two options tie, found by search, proved by feeding them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.analysis.vary import Variation, along

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
GapsAt = Callable[[Array], tuple[Array, Array]]
METRIC = "comparison_pv_cost"
# Values looked at over the whole range, evenly and by size; cells in which a tie may hide are looked at closer.
POINTS = 1_500
CLOSER, MOST_CELLS, BESIDE = 16, 400, 6
MOST_WHOLE = 6_000
PIECES = 256
ROUNDS = 10
# No value lies between two that are this close together, against their size.
NARROW = 4e-16
# A gap this small against the figures compared is a tie; across a step of the fleet the gap stays far larger.
TIE = 1e-9
# Roots this close together, against their size, are one: rounding makes a tie look like several.
SAME_ROOT = 1e-9


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

    A value that the study refuses, such as a workload without requests that a fixed fleet has nothing to do for, is no
    answer. Raises StudyError as vary.results does.
    """
    sides = [along(variation, name, metric) for name in (option, against)]

    def gaps_at(values: Array) -> tuple[Array, Array]:
        ours, theirs = (side(values) for side in sides)
        return ours - theirs, np.maximum(np.abs(ours), np.abs(theirs))

    grid = _grid(variation)
    gaps, sizes = gaps_at(grid)
    if not variation.whole:
        grid, gaps, sizes = _closer(gaps_at, grid, gaps, sizes)
    tied = np.abs(gaps) <= TIE * sizes
    if bool(np.all(tied | np.isnan(gaps))) and bool(np.any(tied)):
        return BreakEven(metric, variation.low, variation.high, (), (), True)
    firsts = np.nonzero(tied & ~_beside(tied))[0]
    roots = [_Root(float(grid[i]), float(abs(gaps[i]))) for i in firsts]
    jumps = _crossings(grid, gaps, tied)
    if not variation.whole:
        narrowed, jumps = _narrowed(gaps_at, jumps)
        roots += narrowed
    valid = tuple(root for root in _merged(roots) if variation.accepts(root))
    return BreakEven(metric, variation.low, variation.high, valid, tuple(sorted(jumps)), False)


class _Root(NamedTuple):
    """A tie, and the gap that is left when it is fed back."""

    value: float
    gap: float


def _merged(roots: Iterable[_Root]) -> tuple[float, ...]:
    """The roots in order; of those that rounding told apart the one with the least gap."""
    found: list[_Root] = []
    for root in sorted(roots):
        if found and root.value - found[-1].value <= SAME_ROOT * max(abs(root.value), abs(found[-1].value)):
            found[-1] = min(found[-1], root, key=_gap_left)
        else:
            found.append(root)
    return tuple(root.value for root in found)


def _gap_left(root: _Root) -> float:
    return root.gap


def _grid(variation: Variation) -> Array:
    """Values to look at: evenly spaced, and evenly on a logarithmic scale, the present value among them."""
    low, high = variation.low, variation.high
    if variation.whole:
        return np.arange(np.ceil(low), min(np.floor(high), np.ceil(low) + MOST_WHOLE) + 1.0)
    even = np.linspace(low, high, POINTS)
    reach = high - low
    by_size = low + np.geomspace(reach * 1e-9, reach, POINTS)
    inside = [variation.base] if low <= variation.base <= high else []
    return np.unique(np.concatenate([even, by_size, inside]))


def _closer(gaps_at: GapsAt, grid: Array, gaps: Array, sizes: Array) -> tuple[Array, Array, Array]:
    """The grid with more values where the gap is no larger than its moves nearby, so that it may come and go unseen.

    A fleet that grows in steps makes the gap jump to and fro; two changes of sign within a cell would leave no trace.
    """
    moves = np.abs(np.diff(gaps))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(np.nan_to_num(moves), BESIDE), 2 * BESIDE + 1)
    least = np.minimum(np.abs(gaps[:-1]), np.abs(gaps[1:]))
    room = least - around.max(axis=1)
    cells = np.nonzero(room < 0)[0]
    cells = np.sort(cells[np.argsort(room[cells])[:MOST_CELLS]])
    if not len(cells):
        return grid, gaps, sizes
    inner = np.linspace(grid[cells], grid[cells + 1], CLOSER + 1, axis=1)[:, 1:-1].ravel()
    found, scale = gaps_at(inner)
    order = np.argsort(values := np.concatenate([grid, inner]))
    return values[order], np.concatenate([gaps, found])[order], np.concatenate([sizes, scale])[order]


def _beside(tied: Flags) -> Flags:
    """Ties that continue a tie: of a stretch where both are equal only its first value is named."""
    return np.concatenate([np.array([False]), tied[:-1]])


def _crossings(grid: Array, gaps: Array, tied: Flags) -> list[tuple[float, float]]:
    sign = np.where(tied, 0.0, np.sign(gaps))
    across = np.nonzero(sign[:-1] * sign[1:] < 0)[0]
    return [(float(grid[i]), float(grid[i + 1])) for i in across]


def _narrowed(gaps_at: GapsAt, spans: list[tuple[float, float]]) -> tuple[list[_Root], list[tuple[float, float]]]:
    """The changes of sign within the spans, narrowed all together until each is a tie or proves to be a step."""
    roots: list[_Root] = []
    jumps: list[tuple[float, float]] = []
    for round_ in range(ROUNDS):
        if not spans:
            break
        lefts, rights = np.transpose(spans)
        grids = np.linspace(lefts, rights, PIECES + 1, axis=1)
        gaps, sizes = (found.reshape(grids.shape) for found in gaps_at(grids.ravel()))
        narrower: list[tuple[float, float]] = []
        for (left, right), grid, gap, size in zip(spans, grids, gaps, sizes, strict=True):
            within = _crossings(grid, gap, np.zeros(len(gap), dtype=bool))
            if within and right - left > NARROW * max(abs(left), abs(right)) and round_ < ROUNDS - 1:
                narrower += within
                continue
            best = int(np.nanargmin(np.abs(gap)))
            if abs(gap[best]) <= TIE * size[best]:
                roots.append(_Root(float(grid[best]), float(abs(gap[best]))))
            else:
                jumps.append(within[0] if within else (left, right))
        spans = narrower
    return roots, jumps
