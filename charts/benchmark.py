"""The chart of a measured sweep: throughput against a latency, its target, and the operating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from charts.vocabulary import (
    AMOUNT,
    BESIDE,
    HEIGHT,
    Chart,
    Declared,
    Rows,
    amounts,
    colours,
    declared,
    key,
    present,
    rule,
    slot,
    tips,
)
from models.analysis.metrics import palette
from models.analysis.metrics.palette import Tone
from models.notation import writer

LEVEL, POINT = Tone("Measured level", palette.OUTLINE), Tone("Operating point", palette.ACCENT)
BETWEEN = Tone("Interpolated", BESIDE)
_SHAPES = {LEVEL: "circle", POINT: "square", BETWEEN: "diamond"}
_SIZES = {LEVEL: 60, POINT: 190, BETWEEN: 150}
_SAID = {LEVEL: "", POINT: " (operating point)", BETWEEN: " (interpolated)"}
# Latencies that differ by more than this squeeze the levels that matter into a corner, unless the scale is a log one.
WIDE = 20


@dataclass(frozen=True)
class Level:
    """A load level: tokens/s per accelerator at a latency in ms; one that is interpolated is not on the curve."""

    name: str
    latency_ms: float
    tokens_s: float
    part: Tone = LEVEL

    @property
    def shown(self) -> str:
        """Both figures in words."""
        rate, latency = (writer.digits(value, 4) for value in (self.tokens_s, self.latency_ms))
        return f"{rate} tokens/s at {latency} ms"


def curve(levels: Sequence[Level], latency: str, statistic: str, counted: str, target: float | None) -> Chart:
    """Throughput against a latency ("TTFT" or "TPOT"), with a dashed line at its target in ms, if there is one.

    `counted` is whose tokens: "output" or "total".
    """
    rows: Rows = [
        {
            "part": level.part.label,
            "x": level.latency_ms,
            "y": level.tokens_s,
            "order": place,
            "name": level.name,
            "shown": level.shown,
        }
        for place, level in enumerate(levels)
    ]
    xs = [level.latency_ms for level in levels]
    wide = min(xs) > 0 and max(xs) > WIDE * min(xs)
    tones = present((LEVEL, POINT, BETWEEN), rows)
    up = f"{counted} tokens/s per accelerator"
    spec = _curve(wide).bound(
        {"rows": rows, "target": [{"x": target}] if target else []},
        across=f"{latency}, {statistic}, ms{', log scale' if wide else ''}",
        up=up,
        shapes=[_SHAPES[tone] for tone in tones],
        sizes=[_SIZES[tone] for tone in tones],
        **colours(tones),
    )
    title = f"{counted.capitalize()} tokens/s per accelerator against {latency}"
    listed = "; ".join(f"{level.name}{_SAID[level.part]} {level.shown}" for level in levels)
    if not target:
        return Chart(title, f"No target for {latency}", spec, f"{title}, {up}: {listed}")
    told = writer.trimmed(writer.fixed(target, 6))
    limit = f"target {latency} {told} ms"
    return Chart(title, f"Dashed: target {told} ms, {statistic}", spec, f"{title}, {up}: {listed}; {limit}")


@cache
def _curve(wide: bool) -> Declared:
    import altair as alt

    across = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", nice=True) if wide else alt.Scale(zero=True, nice=True),
        axis=alt.Axis(title=slot("across"), tickCount=5, format=AMOUNT, ticks=False),
    )
    up = amounts(alt.Y, "y", scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(alt.NamedData("rows")).encode(x=across, y=up)
    line = base.mark_line(color=LEVEL.colour, strokeWidth=2).encode(order="order:Q")
    parts = [slot("part labels")]
    shapes, sizes = (alt.Scale(domain=parts, range=[slot(name)]) for name in ("shapes", "sizes"))
    keys = key(symbolStrokeWidth=0.6)
    marks = base.mark_point(filled=True, opacity=1, stroke=palette.OUTLINE, strokeWidth=0.6).encode(
        color=keys,
        shape=alt.Shape("part:N", scale=shapes, legend=keys["legend"]),
        size=alt.Size("part:N", scale=sizes, legend=None),
        tooltip=tips(name="Level", shown=slot("up")),
    )
    target = rule("target", strokeDash=[6, 4]).encode(x="x:Q")
    on_curve = line.transform_filter(f"datum.part !== '{BETWEEN.label}'")
    return declared(alt.layer(target, on_curve, marks).properties(height=HEIGHT))
