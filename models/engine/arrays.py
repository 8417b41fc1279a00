"""Operations on arrays indexed (row, year, draw), for many draws at once."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from models.engine.floats import SLACK
from models.finance.payments import Array
from models.finance.payments import level_payment as level_payment


def least(*values: Array) -> Array:
    """The least of its arguments, figure by figure."""
    return reduce(np.minimum, values)


def greatest(*values: Array) -> Array:
    """The greatest of its arguments, figure by figure."""
    return reduce(np.maximum, values)


def _over(top: Array, bottom: Array, empty: float) -> Array:
    bottom = np.asarray(bottom, dtype=float)
    safe = np.where(bottom == 0, 1.0, bottom)
    return np.where(bottom == 0, empty, top / safe)


def fraction(top: Array, bottom: Array) -> Array:
    """``top / bottom``; 0 where the bottom is 0."""
    return _over(top, bottom, 0.0)


def ratio(top: Array, bottom: Array) -> Array:
    """``top / bottom``; nan where the bottom is 0."""
    return _over(top, bottom, np.nan)


def over_given(top: Array, bottom: Array) -> Array:
    """``top / bottom``; 0 where the bottom is blank (nan)."""
    blank = np.isnan(bottom)
    return np.where(blank, 0.0, top / np.where(blank, 1.0, bottom))


def ceiling(value: Array) -> Array:
    """The next whole number, a hair taken off first."""
    return -np.floor(-(value - SLACK))


def at_year(x: Array, y: int) -> Array:
    """One year of an array, kept as a column."""
    return x[:, y : y + 1, :]


def joined(columns: list[Array]) -> Array:
    """The columns of a recurrence as one array."""
    shape = np.broadcast_shapes(*(np.shape(c) for c in columns))
    full = (shape[0], 1, shape[2]) if len(shape) == 3 else (1, 1, 1)
    return np.concatenate([np.broadcast_to(c, full) for c in columns], axis=1)


def previous_in_loop(x: list[Array], y: int) -> Array:
    """Last year's column of a recurrence under way."""
    return x[y - 1] if y else np.zeros((1, 1, 1))


def lagged_in_loop(x: list[Array], y: int, life: Array) -> Array:
    """The column ``life`` years before, where the life may differ by row and draw."""
    found = np.zeros((1, 1, 1))
    for v in range(y):
        due = life == y - v
        if np.any(due):
            found = found + x[v] * due
    return found


def _columns(x: Array) -> list[Array]:
    return [at_year(x, y) for y in range(x.shape[1])]


def previous(x: Array) -> Array:
    """Last year's figure; 0 in year 1."""
    return np.concatenate([np.zeros_like(x[:, :1, :]), x[:, :-1, :]], axis=1)


def lagged(x: Array, life: Array) -> Array:
    """The figure ``life`` years before; 0 before the start."""
    columns = _columns(x)
    return joined([lagged_in_loop(columns, y, life) for y in range(len(columns))])


def within_life(x: Array, life: Array) -> Array:
    """The sum of the last ``life`` years."""
    columns = _columns(x)
    zero = np.zeros((1, 1, 1))
    return joined([sum((columns[v] * (life > y - v) for v in range(y + 1)), zero) for y in range(len(columns))])


def highest(x: Array) -> Array:
    """The highest so far."""
    return np.maximum.accumulate(x, axis=1)


def cumulative(x: Array) -> Array:
    """The sum so far."""
    return np.cumsum(x, axis=1)


def total(x: Array) -> Array:
    """The sum over the years."""
    return x.sum(axis=1, keepdims=True)


def first(x: Array) -> Array:
    """The figure of year 1."""
    return x[:, :1, :]


def across(x: Array) -> Array:
    """The sum over the rows."""
    return x.sum(axis=0, keepdims=True)


def present_value(x: Array, factor: Array) -> Array:
    """The sum of each year times its factor."""
    return (x * factor).sum(axis=1, keepdims=True)


def npv(x: Array, rate: Array) -> Array:
    """The worth at the start of flows at the years' ends, brought back a year at a time."""
    worth = np.zeros((1, 1, 1))
    for flow in reversed(_columns(x)):
        worth = (worth + flow) / (1.0 + rate)
    return worth


def by_vintage(x: Array, profile: Array) -> Array:
    """What the purchases of every year so far give at their age: a convolution."""
    bought, ages = _columns(x), _columns(profile)
    zero = np.zeros((1, 1, 1))
    return joined([sum((bought[v] * ages[y - v] for v in range(y + 1)), zero) for y in range(len(bought))])


def at_age(profile: Array, age: Array) -> Array:
    """The figure at an age; 0 outside the ages held."""
    zero = np.zeros((1, 1, 1))
    return sum(((age == a + 1) * column for a, column in enumerate(_columns(profile))), zero)


def collect(x: Array, numbers: Array, own: Array) -> Array:
    """For each of ``own``, the sum of the ``x`` whose number it is."""
    rows = [np.where(numbers == o, x, 0.0).sum(axis=0, keepdims=True) for o in own.reshape(-1)]
    return np.concatenate(rows, axis=0) if rows else np.zeros((0, *x.shape[1:]))


def stack(*rows: Array | float) -> Array:
    """Lines without rows as the rows of one."""
    full = [np.asarray(r, dtype=float).reshape(np.shape(r) or (1, 1, 1)) for r in rows]
    shape = np.broadcast_shapes(*(f.shape for f in full))
    return np.concatenate([np.broadcast_to(f, shape) for f in full], axis=0)


def pick(block: Array, number: Array) -> Array:
    """The rows of ``block`` with the items' numbers, counted from 1."""
    return block[number.reshape(-1).astype(int) - 1]


def position(texts: NDArray[np.str_], keys: tuple[str, ...]) -> Array:
    """The number of each text among ``keys``, counted from 1."""
    found = [float(keys.index(str(t)) + 1) for t in texts.reshape(-1)]
    return np.array(found, dtype=float).reshape(-1, 1, 1)


def by_hour(x: Array, load: Array, number: Array) -> Array:
    """For the hour of each number, the sum over the rows of ``x`` times their load in it."""
    hours = number.reshape(-1).astype(int) - 1
    return (x[:, None] * load[:, hours][:, :, None]).sum(axis=0)


def topmost(x: Array, load: Array, numbers: Array, own: float) -> Array:
    """The greatest of what by_hour gives in the hours whose number is ``own``; 0 without any."""
    return crest(by_hour(x, load, np.flatnonzero(numbers == own).astype(float) + 1))


def crest(x: Array) -> Array:
    """The greatest of the rows; 0 without any."""
    return x.max(axis=0, keepdims=True, initial=0.0)


def busiest(x: Array) -> Array:
    """The greatest over the hours; 0 without any."""
    return x.max(axis=1, keepdims=True, initial=0.0)


def capped(x: Array, limit: Array, weight: Array) -> Array:
    """The sum over the rows of the lesser of figure and limit, each times its weight."""
    return (np.minimum(x, limit) * weight).sum(axis=0, keepdims=True)


def capped_by(x: Array, limit: Array, weight: Array, numbers: Array, own: Array) -> Array:
    """For each of ``own``, as capped, over the rows whose number it is."""
    held = [np.flatnonzero(numbers == each) for each in own.reshape(-1)]
    return np.concatenate([capped(x[rows], limit, weight[rows]) for rows in held]) if held else x[:0]
