"""A sweep as a curve: throughput against a latency, its target, and the operating point."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from models.analysis.measured.operating_point import Between
from models.analysis.metrics import palette
from models.notation import writer
from views.figures.charts import Chart, Rows, Spec
from views.inputs.benchmarks.sweeps import Chosen, Level

CURVE = "Measured level"
POINT = "Operating point"
BETWEEN = "Interpolated"
_COLOURS = {CURVE: palette.option_colour(0), POINT: palette.option_colour(1), BETWEEN: palette.option_colour(2)}
_SHAPES = {CURVE: "circle", POINT: "square", BETWEEN: "diamond"}
_SIZES = {CURVE: 60, POINT: 190, BETWEEN: 150}
_TITLE_LENGTH, _HEIGHT = 46, 380
# Latencies that differ by more than this squeeze the levels that matter into a corner, unless the scale is a log one.
WIDE = 20
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def throughput(level: Level, counted: str) -> float | None:
    """Tokens/s per accelerator of a level, output alone or with input."""
    if counted == "total":
        return level.record.total_throughput_tok_s_per_accelerator
    return level.point.output_tok_s


def curve(found: Chosen, latency: str, target: float | None, counted: str, statistic: str) -> Chart | None:
    """Throughput against `latency` ("ttft_ms" or "tpot_ms"); None where it was not measured."""
    rows = _rows(found, latency, counted)
    if not rows:
        return None
    words = "TTFT" if latency == "ttft_ms" else "TPOT"
    across, up = f"{words}, {statistic}, ms", f"{counted} tokens/s per accelerator"
    title = f"{counted.capitalize()} tokens/s per accelerator against {words}"
    told = f"Dashed: target {writer.exact(target)} ms, {statistic}" if target else f"No target for {words}"
    lines = [*textwrap.wrap(title, _TITLE_LENGTH), told]
    spec: Spec = {
        "$schema": _SCHEMA,
        "title": {"text": lines, "anchor": "start", "frame": "bounds", "offset": 8},
        "data": {"values": rows},
        "height": _HEIGHT,
        "layer": _layers(rows, target, across, up),
    }
    return Chart(spec, _in_words(title, rows, words, target, up))


def _rows(found: Chosen, latency: str, counted: str) -> Rows:
    rows: Rows = []
    for order, level in enumerate(found.sweep.levels):
        x, y = getattr(level.point, latency), throughput(level, counted)
        if x is not None and y is not None:
            part = POINT if found.found and level.point == found.found.point else CURVE
            rows.append(_row(part, x, y, order, level.point.name))
    between = found.found.between if found.found else None
    if between is not None:
        x = _on_the_way(between, *(getattr(point, latency) for point in (between.lower, between.upper)))
        ends = (found.sweep.level(point) for point in (between.lower, between.upper))
        y = _on_the_way(between, *(throughput(level, counted) for level in ends))
        if x is not None and y is not None:
            rows.append(_row(BETWEEN, x, y, -1, f"{between.limit} at its target"))
    return rows


def _on_the_way(between: Between, low: float | None, high: float | None) -> float | None:
    """A figure where the target would just be met, on the straight way between two levels."""
    return None if low is None or high is None else low + between.share * (high - low)


def _row(part: str, x: float, y: float, order: int, name: str) -> dict[str, object]:
    shown = f"{writer.digits(y, 4)} tokens/s at {writer.digits(x, 4)} ms"
    return {"part": part, "x": x, "y": y, "order": order, "name": name, "shown": shown}


def _layers(rows: Rows, target: float | None, across: str, up: str) -> list[Spec]:
    xs = [row["x"] for row in rows]
    wide = min(xs) > 0 and max(xs) > WIDE * min(xs)
    place: Spec = {
        "x": _axis("x", f"{across}, log scale" if wide else across, log=wide),
        "y": _axis("y", "tokens/s per accelerator"),
    }
    line: Spec = {
        "transform": [{"filter": "datum.order >= 0"}],
        "mark": {"type": "line", "color": _COLOURS[CURVE], "strokeWidth": 2},
        "encoding": {**place, "order": {"field": "order", "type": "quantitative"}},
    }
    parts = [part for part in _COLOURS if any(row["part"] == part for row in rows)]
    columns = {"signal": "max(1, floor((width + 60) / 190))"}
    legend = {"title": None, "orient": "bottom", "columns": columns, "labelLimit": 280}
    marks: Spec = {
        "mark": {"type": "point", "filled": True, "opacity": 1, "stroke": palette.OUTLINE, "strokeWidth": 0.6},
        "encoding": {
            **place,
            "color": _channel(parts, _COLOURS, legend),
            "shape": _channel(parts, _SHAPES, legend),
            "size": _channel(parts, _SIZES, None),
            "tooltip": [{"field": "name", "title": "Level"}, {"field": "shown", "title": up}],
        },
    }
    rule: Spec = {
        "data": {"values": [{"x": target}]},
        "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5, "color": palette.OUTLINE},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
    return [*([rule] if target else []), line, marks]


def _axis(field: str, title: str, *, log: bool = False) -> Spec:
    scale: Spec = {"type": "log", "nice": True} if log else {"zero": True, "nice": True}
    axis = {"title": title, "tickCount": 5, "format": ",.12~f"}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _channel(parts: Sequence[str], values: dict[str, str] | dict[str, int], legend: Spec | None) -> Spec:
    scale = {"domain": list(parts), "range": [values[part] for part in parts]}
    return {"field": "part", "type": "nominal", "scale": scale, "legend": legend}


def _in_words(title: str, rows: Rows, words: str, target: float | None, up: str) -> str:
    parts = {CURVE: "", POINT: " (operating point)", BETWEEN: " (interpolated)"}
    told = "; ".join(f"{row['name']}{parts[row['part']]} {row['shown']}" for row in rows)
    limit = f"; target {words} {writer.exact(target)} ms" if target else ""
    return f"{title}, {up}: {told}{limit}"
