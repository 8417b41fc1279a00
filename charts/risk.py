"""Charts of a simulation: what each option may cost, what one may save against another, and what drives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from charts.vocabulary import (
    AMOUNT,
    BESIDE,
    EDGE,
    Bar,
    Chart,
    Declared,
    Rows,
    amounts,
    bars,
    declared,
    ink,
    paper,
    rule,
    slot,
    tips,
)
from models.analysis.metrics import palette
from models.analysis.metrics.palette import CHEAPER, DEARER, Tone
from models.engine.arrays import Array
from models.notation import writer
from models.notation.writer import Scale

# Bins of the costs of all options on one axis, and of a saving; the axis leaves out this share of what is far off.
BINS, SAVING_BINS, LEFT_OUT = 70, 48, 0.005
DRIVES = Tone("Share of the variance", palette.ACCENT)
WORTH = Tone("Worth of knowing", palette.ACCENT)
# Where the name of the base case stands at its line: to its right, or to its left where that is nearer the middle.
_SIDES: tuple[tuple[Literal["left", "right"], int, str], ...] = (
    ("left", 5, "!datum.left"),
    ("right", -5, "datum.left"),
)
# How much of its row the hill of an option takes, and where its bar from the 10th to the 90th percentile stands.
HILL, BELOW = 0.56, 0.1
_ROW, _HEIGHT, _SMALL = 84, 240, 12


@dataclass(frozen=True)
class Spread:
    """What an option may cost, one figure a draw, and what it costs as planned; `note` stands behind its name."""

    name: str
    figures: Array
    planned: float | None
    note: str = ""


def costs(spreads: Sequence[Spread], best: str | None, title: str, unit: str) -> Chart:
    """A hill for each option on one axis of cost: its height tells how likely each cost is. Beneath stands a bar from
    the 10th to the 90th percentile with a line at the 50th, and a diamond at what is planned. `best` has the accent."""
    known = [each.figures[np.isfinite(each.figures)] for each in spreads]
    low = min(float(figures.min()) for figures in known)
    high = max(float(np.quantile(figures, 1 - LEFT_OUT)) for figures in known)
    edges = np.linspace(low, high if high > low else low + (abs(low) or 1.0), BINS + 1)
    hills: Rows = []
    ranges: Rows = []
    for row, (each, figures) in enumerate(zip(spreads, known, strict=True)):
        base = float(len(spreads) - 1 - row)
        colour = palette.ACCENT if each.name == best else BESIDE
        hills += _hill(each.name, figures, edges, base, colour)
        ranges.append(_range(each, figures, base, colour))
    spec = _costs(len(spreads)).bound(
        {"rows": hills, "ranges": ranges},
        unit=unit,
        domain=[float(edges[0]), float(edges[-1])],
        heights=[-0.05, float(len(spreads))],
    )
    words = "; ".join(f"{row['name']} {row['shown']}" for row in ranges)
    return Chart(title, unit, spec, f"{title}, {unit}. {words}")


def _hill(name: str, figures: Array, edges: Array, base: float, colour: str) -> Rows:
    """The outline of an option's distribution: its histogram, smoothed over neighbouring bins."""
    counts = np.convolve(np.histogram(figures, edges)[0], [0.25, 0.5, 0.25], mode="same")
    heights = HILL * counts / max(1.0, float(counts.max()))
    middles = (edges[1:] + edges[:-1]) / 2
    foot = base + 0.2
    return [
        {"name": name, "x": float(x), "foot": foot, "top": foot + float(h), "colour": colour}
        for x, h in zip(middles, heights, strict=True)
    ]


def _range(each: Spread, figures: Array, base: float, colour: str) -> dict[str, Any]:
    low, middle, high = (float(q) for q in np.quantile(figures, (0.1, 0.5, 0.9)))
    shown = writer.even_costs([low, middle, high])
    return {
        "name": each.name,
        "text": f"{each.name}{f', {each.note}' if each.note else ''}",
        "colour": colour,
        "y": base + BELOW,
        "above": base + 0.88,
        "low": low,
        "middle": middle,
        "high": high,
        "planned": each.planned,
        "shown": f"{shown[1]} ({writer.span(shown[0], shown[2])})",
        "as_planned": writer.unit_cost(each.planned),
    }


@cache
def _costs(count: int) -> Declared:
    import altair as alt

    scale = alt.Scale(domain=[slot("domain")], nice=False, zero=False)
    y = alt.Y("foot:Q", axis=None, scale=alt.Scale(domain=[slot("heights")], nice=False))
    colour = alt.Color("colour:N", scale=None)
    x = amounts(alt.X, "x", scale=scale)
    hill = alt.Chart(alt.NamedData("rows")).mark_area(opacity=0.75, interpolate="monotone", clip=True, **EDGE)
    ranges = alt.Chart(alt.NamedData("ranges"))
    told = tips(name="Option", shown=slot("unit"), as_planned="Base case")
    bar = ranges.mark_bar(height=7, clip=True, **EDGE).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y="y:Q", color=colour, tooltip=told
    )
    middle = ranges.mark_tick(orient="vertical", thickness=2.5, size=15, color=ink(), opacity=1)
    planned = ranges.mark_point(
        shape="diamond", filled=True, size=90, opacity=1, color=ink(), stroke=paper(), clip=True
    )
    name = ranges.mark_text(align="left", baseline="middle", fontSize=_SMALL, color=ink(), limit=alt.ExprRef("width"))
    layers = alt.layer(
        hill.encode(x=x, y=y, y2="top:Q", color=colour, detail="name:N"),
        bar,
        middle.encode(x="middle:Q", y="y:Q"),
        planned.encode(x="planned:Q", y="y:Q", tooltip=told),
        name.encode(x=alt.value(2), y="above:Q", text="text:N"),
    )
    return declared(layers.properties(height=_ROW * count + 20))


def saving(figures: Array, planned: float | None, title: str, currency: str, other: str) -> Chart:
    """How much one option may save against another: 48 bins, those below zero in another colour and counted, a line at
    what is planned and, beneath, a bar from the 10th to the 90th percentile."""
    known = figures[np.isfinite(figures)]
    low, high = (float(q) for q in np.quantile(known, (LEFT_OUT, 1 - LEFT_OUT)))
    edges = np.linspace(low, high if high > low else low + (abs(low) or 1.0), SAVING_BINS + 1)
    if edges[0] < 0 < edges[-1]:  # no bin stands to both sides of zero
        edges = edges - edges[np.abs(edges).argmin()]
    counts = np.histogram(known, edges)[0] / len(known)
    scale = writer.table_scale([float(edges[0]), float(edges[-1])])
    unit = f"{scale.unit(currency)}, present value. Line: base case. Bar: 10th to 90th percentile"
    rows: Rows = [
        {
            "from": float(edges[n]) / scale.divisor,
            "to": float(edges[n + 1]) / scale.divisor,
            "share": float(share),
            "colour": (CHEAPER if edges[n] + edges[n + 1] > 0 else DEARER).colour,
            "shown": f"{scale.text(float(edges[n]))} to {scale.text(float(edges[n + 1]))}",
            "of": writer.share(float(share)),
        }
        for n, share in enumerate(counts)
    ]
    ends = [float(q) for q in np.quantile(known, (0.1, 0.9))]
    lost = float(np.mean(known < 0))
    words = f"{writer.share(lost)}: {other} is cheaper" if lost else ""
    spec = _saving().bound(
        {
            "rows": rows,
            "now": _planned(planned, scale, edges),
            "range": [
                {"from": ends[0] / scale.divisor, "to": ends[1] / scale.divisor, "y": -0.06 * float(counts.max())}
            ],
            "words": [{"text": words}],
        },
        domain=[float(edges[0]) / scale.divisor, float(edges[-1]) / scale.divisor],
        heights=[-0.1 * float(counts.max()), 1.12 * float(counts.max())],
    )
    told = f"10th to 90th percentile {scale.text(ends[0])} to {scale.text(ends[1])}. {words}"
    return Chart(title, unit, spec, f"{title}, {unit}. {told}")


def _planned(planned: float | None, scale: Scale, edges: Array) -> Rows:
    """The line at what is planned, named on its side with more room; none where nothing is."""
    if planned is None:
        return []
    left = bool(planned > (edges[0] + edges[-1]) / 2)
    return [{"x": planned / scale.divisor, "text": f"base case {scale.text(planned)}", "left": left}]


@cache
def _saving() -> Declared:
    import altair as alt

    scale = alt.Scale(domain=[slot("domain")], nice=False, zero=False)
    heights = alt.Scale(domain=[slot("heights")], nice=False, zero=False)
    y = alt.Y("share:Q", axis=None, scale=heights)
    x = alt.X("from:Q", scale=scale, axis=alt.Axis(title=None, tickCount=6, format=AMOUNT, ticks=False, grid=False))
    base = alt.Chart(alt.NamedData("rows"))
    told = tips(shown="Saved", of="Share of the outcomes")
    bar = base.mark_bar(clip=True, **EDGE).encode(
        x=x, x2="to:Q", y=y, y2=alt.datum(0), color=alt.Color("colour:N", scale=None), tooltip=told
    )
    middle = alt.Chart(alt.NamedData("range"))
    ends = middle.mark_rule(strokeWidth=6, color=palette.ACCENT).encode(
        x="from:Q", x2="to:Q", y=alt.Y("y:Q", axis=None, scale=heights)
    )
    now = rule("now", color=ink(), strokeWidth=2).encode(x="x:Q")
    named = alt.Chart(alt.NamedData("now")).encode(x="x:Q", y=alt.value(2), text="text:N")
    named = [
        named.mark_text(
            align=side, dx=away, baseline="top", fontSize=_SMALL, fontWeight="bold", color=ink()
        ).transform_filter(test)
        for side, away, test in _SIDES
    ]
    words = alt.Chart(alt.NamedData("words")).mark_text(
        align="left", baseline="top", fontSize=_SMALL, color=ink(), limit=alt.ExprRef("width")
    )
    layers = alt.layer(bar, now, *named, ends, words.encode(x=alt.value(4), y=alt.value(20), text="text:N"))
    return declared(layers.properties(height=_HEIGHT))


def drivers(shares: Sequence[tuple[str, float]], title: str) -> Chart:
    """The share of the variance that each input explains, the largest first."""
    drawn = [Bar(name, share, writer.share(share), DRIVES) for name, share in shares]
    return bars(title, "share of the variance", drawn, "Input")


def worths(found: Sequence[tuple[str, float]], title: str, currency: str) -> Chart:
    """What it is worth at most to know each input before choosing, the largest first."""
    scale = writer.table_scale([worth for _, worth in found])
    drawn = [Bar(name, worth / scale.divisor, scale.text(worth), WORTH) for name, worth in found]
    return bars(title, scale.unit(currency), drawn, "Input")
