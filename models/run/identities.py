"""Identities that hold in every run, read from the lines that state them: whether each holds, and what was compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models.engine.line import Line
from models.notation import writer


@dataclass(frozen=True)
class Check:
    """One identity of one option: whether it holds, and the figures that are furthest apart."""

    name: str
    holds: bool
    detail: str


def checks(lines: Iterable[Line], raw: Callable[[str], Any]) -> tuple[Check, ...]:
    """Every identity among the lines, in their order; ``raw`` gives the figures of a line by name."""
    found: dict[str, list[Line]] = {}
    for each in lines:
        if each.equality:
            found.setdefault(each.equality.check, []).append(each)
    return tuple(_check(name, members, raw) for name, members in found.items())


def _check(name: str, members: Iterable[Line], raw: Callable[[str], Any]) -> Check:
    holds, worst, shown = True, 0.0, "nothing to compare"
    for each in members:
        assert each.equality is not None
        ordered = each.equality.relation == "<="
        for left, right, scale in _pairs(each, each.equality.scale, raw):
            gap = max(0.0, left - right) if ordered else abs(left - right)
            if not math.isfinite(gap):
                return Check(name, False, f"{left!r} against {right!r}")
            holds = holds and gap <= each.equality.tolerance * abs(scale)
            relative = gap / abs(scale) if scale else gap
            if relative >= worst:
                worst, shown = relative, f"{writer.exact(left)} {each.equality.relation} {writer.exact(right)}"
    return Check(name, holds, shown)


def _pairs(each: Line, scale: str, raw: Callable[[str], Any]) -> Iterator[tuple[float, float, float]]:
    """Both sides and their scale, for every year in which there is something to compare."""
    left, right = raw(each.name)
    columns = [left, right, raw(scale) if scale else right, raw(each.known) if each.known else 1.0]
    years = len(left) if isinstance(left, list) else 1
    for a, b, size, known in zip(*(c if isinstance(c, list) else [c] * years for c in columns), strict=True):
        if known:
            yield a, b, size
