"""A result of every option over a grid of two inputs, as the command line prints it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from models.analysis.sensitivity.map import Axis, WinMap
from models.notation import writer

WIDTH = 14


def as_json(found: WinMap) -> dict[str, Any]:
    """The axes, each option's figures in rows of rising y by rising x (null where there is none), and who is ahead."""
    return {
        "metric": found.metric,
        "x": _axis(found.x),
        "y": _axis(found.y),
        "options": {
            name: [[_known(figure) for figure in row] for row in figures.tolist()]
            for name, figures in found.figures.items()
        },
        "ahead": [[_ahead(found, number) for number in row] for row in found.winner.tolist()],
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {"path": axis.path, "label": axis.label, "unit": axis.unit, "now": axis.base, "values": list(axis.values)}


def _known(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def _ahead(found: WinMap, number: int) -> str | None:
    """The option ahead at a point, the first of a tie; None where nobody is."""
    return found.options[number] if number >= 0 else None


def text(found: WinMap) -> str:
    """A table for each option: y down, x across."""
    return "\n".join(_lines(found))


def _lines(found: WinMap) -> Iterator[str]:
    yield f"{found.metric}: {found.x.label} across, {found.y.label} down"
    for name, figures in found.figures.items():
        yield f"\n{name}"
        yield " " * WIDTH + "".join(f"{writer.as_typed(x):>{WIDTH}}" for x in found.x.values)
        for y, row in zip(found.y.values, figures.tolist(), strict=True):
            yield f"{writer.as_typed(y):>{WIDTH}}" + "".join(f"{_figure(figure):>{WIDTH}}" for figure in row)


def _figure(figure: float) -> str:
    return writer.exact(figure)
