"""Break-even: the values of an input at which two options tie, found by search, proved by feeding them back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.analysis.metrics.measures import METRIC, TIE
from models.analysis.sensitivity.vary import Variation, along
from models.engine.arrays import Array

Flags = NDArray[np.bool_]
Along = Callable[[Array], Array]
GapsAt = Callable[[Array], tuple[Array, Array]]
# Values looked at over the whole range, evenly and by size; cells in which a tie may hide are looked at closer.
POINTS = 1_500
CLOSER, MOST_CELLS, BESIDE = 16, 400, 6
MOST_WHOLE = 3_000
# The least step of the logarithmic scale as a share of the range; less where nothing is known of the input's size.
LEAST, LEAST_OF_NONE = 1e-9, 1e-15
# Changes of sign are narrowed to one of so many pieces, fewer where many are narrowed at once, to a share of the cell.
PIECES, FEWEST_PIECES, MOST_AT_ONCE = 256, 8, 16_384
SHRUNK = 1e-24
ROUNDS = 10
# No value lies between two that are this close together, against their size.
NARROW = 4e-16
# What rounding leaves of a gap where both options cost the same for the same reasons.
EXACT = 1e-13
# Roots this close together, against their size, are one: rounding makes a tie look like several.
SAME_ROOT = 1e-9
# A gap that is this share of the figures so close to a tie did not grow to it: a fleet stepped there.
STEPPED = 1e-6


@dataclass(frozen=True)
class BreakEven:
    """Where two options tie over a range of one input.

    ``roots`` are ties, of a stretch of them its ends; at ``jumps`` a fleet grows by a whole system, or a whole number
    steps, and with it the cheaper option changes, or a stretch of ties ends; each as values just below and above.
    ``always`` says that they are equal over the whole range. ``low`` to ``high`` is what was looked at: the range asked
    for as far as the study stays valid in it.
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
    answer. Raises StudyError as vary.results and Variation.valid_span do.
    """
    return of_sides(variation, [along(variation, name, metric) for name in (option, against)], metric)


def of_sides(variation: Variation, sides: Sequence[Along], metric: str) -> BreakEven:
    """`break_even` of two results that are at hand as functions of the input's values."""

    def gaps_at(values: Array) -> tuple[Array, Array]:
        ours, theirs = (np.where(np.isfinite(found), found, np.nan) for found in (side(values) for side in sides))
        return ours - theirs, np.maximum(np.abs(ours), np.abs(theirs))

    low, high = variation.valid_span()
    grid = _grid(variation, low, high)
    gaps, sizes = gaps_at(grid)
    if not variation.whole:
        grid, gaps, sizes = _closer(gaps_at, grid, gaps, sizes)
    tied = np.abs(gaps) <= TIE * sizes
    if bool(np.all(tied | np.isnan(gaps))) and bool(np.any(tied)):
        return BreakEven(metric, low, high, (), (), True)
    roots = list(_ties(gaps_at, grid, gaps, sizes, tied, variation.whole))
    narrowed, jumps = _narrowed(gaps_at, _crossings(grid, gaps, tied), variation.whole)
    valid = tuple(root for root in _merged([*roots, *narrowed]) if variation.accepts(root))
    if variation.whole:
        return BreakEven(metric, low, high, valid, tuple(sorted(jumps)), False)
    ties, ends = _at_steps(gaps_at, valid, low, high)
    return BreakEven(metric, low, high, ties, tuple(sorted([*_clear(gaps_at, jumps, low, high), *ends])), False)


class _Root(NamedTuple):
    """A tie, and the gap that is left when it is fed back."""

    value: float
    gap: float


def _merged(roots: Iterable[_Root]) -> tuple[float, ...]:
    """The roots in order; of those that rounding told apart the one with the least gap."""
    found: list[_Root] = []
    for root in sorted(roots):
        if found and root.value - found[-1].value <= SAME_ROOT * max(abs(root.value), abs(found[-1].value)):
            found[-1] = min(found[-1], root, key=attrgetter("gap"))
        else:
            found.append(root)
    return tuple(root.value for root in found)


def _grid(variation: Variation, low: float, high: float) -> Array:
    """Values to look at: evenly spaced, and evenly on a logarithmic scale, the present value among them."""
    inside = [variation.base] if low <= variation.base <= high else []
    if variation.whole:
        first, last = float(math.ceil(low)), float(math.floor(high))
        every = np.arange(first, min(last, first + MOST_WHOLE) + 1.0)
        wide = np.round(np.concatenate([np.geomspace(1.0, last - first + 1.0, POINTS) + first - 1.0, inside]))
        return np.unique(np.clip(np.concatenate([every, wide]), first, last))
    even = np.linspace(low, high, POINTS)
    reach = high - low
    by_size = low + np.geomspace(reach * (LEAST if variation.base else LEAST_OF_NONE), reach, POINTS)
    return np.unique(np.clip(np.concatenate([even, by_size, inside]), low, high))


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


def _ties(gaps_at: GapsAt, grid: Array, gaps: Array, sizes: Array, tied: Flags, whole: bool) -> Iterator[_Root]:
    """The ties met on the grid; of a stretch where both stay equal its ends, unless the range ends there."""
    edges = np.diff(np.concatenate([[False], tied, [False]]).astype(int))
    for first, last in zip(np.nonzero(edges > 0)[0], np.nonzero(edges < 0)[0] - 1, strict=True):
        left = np.abs(gaps[first : last + 1])
        if first == last or np.any(left > EXACT * sizes[first : last + 1]):
            best = first + int(np.argmin(left))
            yield _Root(float(grid[best]), float(abs(gaps[best])))
            continue
        for inside, outside in ((first, first - 1), (last, last + 1)):
            if 0 <= outside < len(grid):
                yield _end(gaps_at, float(grid[inside]), float(grid[outside]), whole)


def _end(gaps_at: GapsAt, inside: float, outside: float, whole: bool) -> _Root:
    """Where a stretch of ties that holds `inside` ends on the way to `outside`."""
    for _ in range(0 if whole else ROUNDS):
        values = np.linspace(inside, outside, PIECES + 1)
        gaps, sizes = gaps_at(values)
        beyond = int(np.argmin(np.abs(gaps) <= EXACT * sizes))
        inside, outside = float(values[beyond - 1]), float(values[beyond])
    return _Root(inside, float(abs(gaps_at(np.array([inside]))[0][0])))


def _crossings(grid: Array, gaps: Array, tied: Flags) -> list[tuple[float, float]]:
    sign = np.where(tied, 0.0, np.sign(gaps))
    across = np.nonzero(sign[:-1] * sign[1:] < 0)[0]
    return [(float(grid[i]), float(grid[i + 1])) for i in across]


def _narrowed(
    gaps_at: GapsAt, spans: list[tuple[float, float]], whole: bool
) -> tuple[list[_Root], list[tuple[float, float]]]:
    """The changes of sign within the spans, narrowed all together until each is a tie or proves to be a step."""
    roots: list[_Root] = []
    jumps: list[tuple[float, float]] = []
    shrunk, at_once = 1.0, MOST_AT_ONCE
    while spans:
        pieces = min(PIECES, max(FEWEST_PIECES, at_once // len(spans)))
        lefts, rights = np.transpose(spans)
        pieces = min(pieces, int(np.max(rights - lefts))) if whole else pieces
        shrunk, at_once = shrunk / pieces, MOST_AT_ONCE // 4
        grids: Array = np.linspace(lefts, rights, pieces + 1, axis=1)
        grids = np.round(grids) if whole else grids
        gaps, sizes = (found.reshape(grids.shape) for found in gaps_at(grids.ravel()))
        narrower: list[tuple[float, float]] = []
        for (left, right), grid, gap, size in zip(spans, grids, gaps, sizes, strict=True):
            within = _crossings(grid, gap, np.zeros(len(gap), dtype=bool))
            wide = right - left > (1.0 if whole else NARROW * max(abs(left), abs(right)))
            if within and wide and shrunk > SHRUNK:
                narrower += within
                continue
            best = int(np.nanargmin(np.abs(gap)))
            if abs(gap[best]) <= TIE * size[best]:
                roots.append(_Root(float(grid[best]), float(abs(gap[best]))))
            else:
                jumps.append(within[0] if within else (left, right))
        spans = narrower
    return roots, jumps


def _at_steps(
    gaps_at: GapsAt, roots: tuple[float, ...], low: float, high: float
) -> tuple[tuple[float, ...], list[tuple[float, float]]]:
    """The ties that are ties on both sides, and as steps those at which a fleet grows, so that one side is far off."""
    if not roots:
        return (), []
    at = np.array(roots)
    room = SAME_ROOT * np.abs(at)
    beside = np.maximum(low, at - room), np.minimum(high, at + room)
    gaps, sizes = (found.reshape(2, -1) for found in gaps_at(np.stack(beside).ravel()))
    far = np.abs(gaps) > STEPPED * sizes
    stepped = far[0] | far[1]
    ties = tuple(root for root, step in zip(roots, stepped, strict=True) if not step)
    ends = np.where(far[0], beside[0], at), np.where(far[1], beside[1], at)
    return ties, [(float(a), float(b)) for a, b, step in zip(*ends, stepped, strict=True) if step]


def _clear(gaps_at: GapsAt, jumps: list[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    """The steps with ends so far apart that rounding cannot put them on one side; as they are where another is near."""
    if not jumps:
        return []
    lefts, rights = np.transpose(jumps)
    room = SAME_ROOT * np.maximum(np.abs(lefts), np.abs(rights)) / 4
    wider = np.maximum(low, lefts - room), np.minimum(high, rights + room)
    before, after = np.sign(gaps_at(np.stack([lefts, rights]).ravel())[0]).reshape(2, -1)
    same = np.sign(gaps_at(np.stack(wider).ravel())[0]).reshape(2, -1) == np.stack([before, after])
    apart = same.all(axis=0)
    return [(float(a), float(b)) for a, b in np.where(apart, wider, (lefts, rights)).T]
