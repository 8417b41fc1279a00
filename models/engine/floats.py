"""Operations on plain floats and lists of years, for a single scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import Any

from models.engine.constants import ROUNDING_SLACK

SLACK = float(ROUNDING_SLACK)
Years = Sequence[float]


def fraction(top: float, bottom: float) -> float:
    """``top / bottom``; 0 where the bottom is 0."""
    return top / bottom if bottom else 0.0


def ratio(top: float, bottom: float) -> float:
    """``top / bottom``; no figure (nan) where the bottom is 0."""
    return top / bottom if bottom else math.nan


def ceiling(value: float) -> float:
    """The next whole number, a hair taken off first so that 3.0000000001 stays 3."""
    return float(-math.floor(-(value - SLACK)))


def level_payment(rate: float, term: float, amount: float) -> float:
    """The yearly payment at year ends that repays ``amount`` over ``term`` years at ``rate``."""
    if rate == 0:
        return amount / term
    return amount * rate / -math.expm1(-term * math.log1p(rate))


def previous(x: Years) -> Years:
    """Last year's figure; 0 in year 1."""
    return [0.0, *x[:-1]]


def lagged(x: Years, life: float) -> Years:
    """The figure ``life`` years before; 0 before the start."""
    n = min(int(life), len(x))
    return [0.0] * n + list(x[: len(x) - n])


def within_life(x: Years, life: float) -> Years:
    """The sum of the last ``life`` years."""
    n = int(life)
    return [sum(x[max(0, y + 1 - n) : y + 1]) for y in range(len(x))]


def highest(x: Years) -> Years:
    """The highest so far."""
    return list(accumulate(x, max))


def cumulative(x: Years) -> Years:
    """The sum so far."""
    return list(accumulate(x))


def total(x: Years) -> float:
    """The sum over the years."""
    return sum(x)


def first(x: Years) -> float:
    """The figure of year 1."""
    return x[0]


def present_value(x: Years, factor: Years) -> float:
    """The sum of each year times its factor."""
    return sum(map(mul, x, factor))


def npv(x: Years, rate: float) -> float:
    """The worth at the start of flows at the years' ends, brought back a year at a time."""
    worth = 0.0
    for flow in reversed(x):
        worth = (worth + flow) / (1.0 + rate)
    return worth


def by_vintage(x: Years, profile: Years) -> Years:
    """What the purchases of every year so far give at their age: a convolution."""
    return [sum(map(mul, x[: y + 1], profile[y::-1])) for y in range(len(x))]


def at_age(profile: Years, age: float | Years) -> float | Years:
    """The figure at an age; 0 outside the ages held."""
    if isinstance(age, float | int):
        return profile[int(age) - 1] if 1 <= age <= len(profile) else 0.0
    return [profile[int(a) - 1] if 1 <= a <= len(profile) else 0.0 for a in age]


def collect(x: Sequence[float], numbers: Sequence[float], own: Sequence[float]) -> list[float]:
    """For each of ``own``, the sum of the ``x`` whose number it is."""
    return [float(sum(v for v, k in zip(x, numbers, strict=True) if k == o)) for o in own]


def collect_years(x: Sequence[Years], numbers: Sequence[float], own: Sequence[float], years: int) -> list[list[float]]:
    """As collect, year by year."""
    return [[float(sum(v[y] for v, k in zip(x, numbers, strict=True) if k == o)) for y in range(years)] for o in own]


def pick(block: Sequence[Any], number: Sequence[float]) -> list[Any]:
    """The rows of ``block`` with the items' numbers, counted from 1."""
    return [block[int(n) - 1] for n in number]


def by_hour(x: Sequence[Years], load: Sequence[Sequence[float]], number: Sequence[float]) -> list[Years]:
    """For the hour of each number, the sum over the rows of ``x`` times their load in it, year by year."""
    hours = [int(n) - 1 for n in number]
    if len(x) == 1:
        return [[load[0][t] * a for a in x[0]] for t in hours]
    years = list(zip(*x, strict=True))
    loads = list(zip(*load, strict=True))
    return [[sum(map(mul, a, loads[t])) for a in years] for t in hours]


def topmost(x: Sequence[Years], load: Sequence[Sequence[float]], numbers: Sequence[float], own: float) -> Years:
    """The greatest, year by year, of what by_hour gives in the hours whose number is ``own``."""
    loads = list(zip(*load, strict=True))
    held = [loads[t] for t, number in enumerate(numbers) if number == own]
    return [max(sum(map(mul, a, each)) for each in held) for a in zip(*x, strict=True)] if held else []


def crest(x: Sequence[Years]) -> Years:
    """The greatest of the rows, year by year."""
    return [max(column) for column in zip(*x, strict=True)]


def busiest(x: Sequence[float]) -> float:
    """The greatest over the hours; 0 without any."""
    return max(x, default=0.0)


def capped_by(
    x: Sequence[Years], limit: Years, weight: Sequence[float], numbers: Sequence[float], own: Sequence[float]
) -> list[Years]:
    """For each of ``own``, as capped, over the rows whose number it is."""
    held = [[t for t, number in enumerate(numbers) if number == o] for o in own]
    return [capped([x[t] for t in rows], limit, [weight[t] for t in rows]) or [0.0] * len(limit) for rows in held]


def capped(x: Sequence[Years], limit: Years, weight: Sequence[float]) -> Years:
    """The sum over the rows of the lesser of figure and limit, each times its weight."""
    if not x:
        return []
    columns = zip(*x, strict=True)
    return [
        sum(w * (v if v <= most else most) for v, w in zip(column, weight, strict=True))
        for column, most in zip(columns, limit, strict=True)
    ]
