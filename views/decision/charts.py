"""The charts of the page Decide: waterfall, balance by date, the gap along an input, tornado.

As in `views.charts`, nothing here draws or computes a cost: figures go in, a Vega-Lite specification and its words come
out. The map of winners has a module of its own, `views.decision.map`.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.analysis.decision.bridge import INTERIM, Bridge
from models.analysis.metrics import palette
from models.analysis.metrics.palette import Tone
from models.analysis.reporting.brief import bar_label
from models.analysis.sensitivity.named_input import Subject
from models.analysis.words import unit_words
from models.finance.flows import Flow, Payback, discount_factor
from models.notation import writer
from views.figures.charts import Chart, Rows, Spec, Write

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HEIGHT, BAR_STEP, LABEL_WIDTH, LINE = 370, 24, 190, 15
TITLE_LENGTH, NAME_LENGTH = 40, 28
# Words inside a chart are coloured as the theme colours axes: dark on a light page, light on a dark one.
INK: Spec = {"expr": "luminance(background) > 0.4 ? '#0c171e' : '#e6edf1'"}
PAPER: Spec = {"expr": "luminance(background) > 0.4 ? 'white' : '#0c171e'"}
EDGE: Spec = {"stroke": palette.OUTLINE, "strokeWidth": 0.6}
DEARER, CHEAPER = Tone("Costs more", "#d1700b"), Tone("Costs less", "#459cf4")
AT_LOW, AT_HIGH = Tone("At the low end of its range", "#7fb5a4"), Tone("At the high end", "#3f7fb8")
PLAIN, DISCOUNTED = Tone("Not discounted", "#3f7fb8"), Tone("Discounted", "#d1700b")
TODAY, TIE, STEP = "Today", "They tie", "Changes in a step"
POINTS = {TODAY: "circle", TIE: "diamond", STEP: "cross"}
CHANGES = "\u25c6"


def framed(title: str, unit: str, rows: Rows, body: Spec, alt: str) -> Chart:
    """A chart with its title and unit above it, broken where a telephone needs it."""
    lines = [line for text in (title, unit) for line in textwrap.wrap(text, TITLE_LENGTH, break_on_hyphens=False)]
    head: Spec = {"text": lines, "anchor": "start", "frame": "bounds", "offset": 8}
    return Chart({"$schema": SCHEMA, "title": head, "data": {"values": rows}, **body}, alt)


def legend(tones: Sequence[Tone], field: str = "part") -> Spec:
    """The colour channel of a field that holds the label of one of the tones; the legend stands beneath."""
    columns = {"expr": "max(1, floor((width + 60) / 230))"}
    keys = {"title": None, "orient": "bottom", "columns": columns, "labelLimit": 300, "symbolOpacity": 1}
    scale = {"domain": [tone.label for tone in tones], "range": [tone.colour for tone in tones]}
    return {"field": field, "type": "nominal", "scale": scale, "legend": keys}


def amounts(field: str = "amount", title: str | None = None, **more: object) -> Spec:
    """A channel of amounts, its axis with thousands separators."""
    axis = {"title": title, "tickCount": 5, "format": ",.12~f"}
    return {"field": field, "type": "quantitative", "axis": axis, **more}


def tips(**titles: str) -> list[Spec]:
    """What shows at the pointer: fields with their titles."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]


def rule(channel: str, value: float, **mark: object) -> Spec:
    """A line across the chart at a value of one axis."""
    drawn = {"type": "rule", "color": palette.OUTLINE, "strokeWidth": 1.2, "aria": False, **mark}
    return {"data": {"values": [{}]}, "mark": drawn, "encoding": {channel: {"datum": value}}}


# ---------------------------------------------------------------------------------------------------------- waterfall


def waterfall(found: Bridge, title: str, unit: str, write: Write, places: Mapping[str, int]) -> Chart:
    """From the option compared against, bar by bar, to the option; the amount of each stands at its right.

    Bars of the cost tree keep its colours; groups of inputs show by colour whether they make it dearer or cheaper.
    `places` are the options' places in the study.
    """
    rows: Rows = [_floating(found.against, 0.0, found.start, write(found.start), _option(found.against, places))]
    reached = found.start
    for bar in found.bars:
        if bar.amount:
            shown = f"{'+' if bar.amount > 0 else ''}{write(bar.amount)}"
            rows.append(_floating(bar_label(bar), reached, bar.amount, shown, _bar_colour(bar.name, bar.amount)))
            reached += bar.amount
    rows.append(_floating(found.option, 0.0, found.end, write(found.end), _option(found.option, places)))
    for position, row in enumerate(rows):
        row["row"] = position
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, **EDGE},
        "encoding": {
            "y": _rows_axis([_wrapped(row["name"]) for row in rows], "left"),
            "x": amounts("to", axis=None),
            "x2": {"field": "from"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "tooltip": tips(name="Part", shown=unit),
        },
    }
    written = {
        "mark": {"type": "tick", "opacity": 0},
        "encoding": {"y": _rows_axis([r["shown"] for r in rows], "right")},
    }
    lines = max(_wrapped(row["name"]).count("\n") for row in rows)
    body: Spec = {
        "height": {"step": BAR_STEP + 8 * lines},
        "layer": [bars, written],
        "resolve": {"axis": {"y": "independent"}},
    }
    said = "; ".join(f"{row['name']} {row['shown']}" for row in rows)
    return framed(title, unit, rows, body, f"{title}, {unit}: {said}")


def _floating(name: str, start: float, amount: float, shown: str, colour: str) -> dict[str, object]:
    return {"name": name, "from": start, "to": start + amount, "shown": shown, "colour": colour}


def _option(name: str, places: Mapping[str, int]) -> str:
    return palette.option_colour(places[name])


def _bar_colour(name: str, amount: float) -> str:
    if name == INTERIM:
        return palette.INTERIM.colour
    if name in palette.COSTS:
        return palette.COSTS[name].colour
    return (DEARER if amount > 0 else CHEAPER).colour


def _wrapped(label: object) -> str:
    return "\n".join(textwrap.wrap(str(label), NAME_LENGTH)) or str(label)


def _rows_axis(labels: Sequence[object], side: str) -> Spec:
    """An axis of numbered rows that writes a label for each; they are told apart by number, as names may be alike."""
    axis = {
        "title": None,
        "orient": side,
        "labelExpr": f"split({json.dumps([str(label) for label in labels])}[datum.value], '\\n')",
        "labelLimit": LABEL_WIDTH,
        "labelPadding": 6,
        "ticks": False,
        "domain": False,
    }
    return {"field": "row", "type": "ordinal", "axis": axis}


# --------------------------------------------------------------------------------------------------- balance by date


@dataclass(frozen=True)
class Savings:
    """What is saved: at each year's start, during each year, and at the end; and how it is discounted."""

    starts: Sequence[float]
    running: Sequence[float]
    final: float
    rate: float
    mid_year: bool

    def discounted(self) -> Savings:
        """The same, each amount at its value today."""
        shift = 0.5 if self.mid_year else 1.0
        factor = [discount_factor(self.rate, year) for year in range(len(self.starts) + 1)]
        during = [discount_factor(self.rate, year + shift) for year in range(len(self.running))]
        return Savings(
            [amount * by for amount, by in zip(self.starts, factor, strict=False)],
            [amount * by for amount, by in zip(self.running, during, strict=True)],
            self.final * factor[-1],
            0.0,
            self.mid_year,
        )

    def balance(self) -> Iterator[Flow]:
        """The corners of the balance: years from the start, and what has been saved by then."""
        reached = 0.0
        yield 0.0, reached
        for year, (lump, amount) in enumerate(zip(self.starts, self.running, strict=True)):
            if lump:
                reached += lump
                yield float(year), reached
            reached += amount
            yield year + 1.0, reached
        if self.final:
            yield float(len(self.starts)), reached + self.final


def balance(
    saved: Savings, paybacks: tuple[Payback, Payback], first_year: int | None, title: str, currency: str
) -> Chart:
    """The savings added up to each date, as paid and discounted; a dot stands where each has paid back.

    Purchases jump at a year's start, all else runs evenly. `first_year` names the dates, None counts them from 0.
    """
    lines = {PLAIN.label: list(saved.balance()), DISCOUNTED.label: list(saved.discounted().balance())}
    scale = writer.table_scale([amount for points in lines.values() for _, amount in points])
    unit, zero = scale.unit(currency), first_year or 0
    rows: Rows = [
        {"part": label, "at": zero + at, "order": n, "amount": amount / scale.divisor, "shown": scale.text(amount)}
        for label, points in lines.items()
        for n, (at, amount) in enumerate(points)
    ]
    paid: Rows = [
        {"part": label, "at": zero + found.years, "amount": 0.0, "shown": writer.years(found.years)}
        for label, found in zip(lines, paybacks, strict=True)
        if found.years
    ]
    body: Spec = {"height": HEIGHT, "layer": list(_balance_layers(zero, len(saved.starts), unit, paid))}
    said = "; ".join(f"{label} {scale.text(points[-1][1])}" for label, points in lines.items())
    return framed(title, unit, rows, body, f"{title}, {unit}. At the end: {said}")


def _balance_layers(zero: int, years: int, unit: str, paid: Rows) -> Iterator[Spec]:
    tones = (PLAIN, DISCOUNTED)
    dashes = {"domain": [tone.label for tone in tones], "range": [[1, 0], [6, 3]]}
    title = "Start of the year" if zero else "Years from the start"
    every = 1 if years <= 8 else 2
    axis = {"title": title, "format": "d", "values": list(range(zero, zero + years + 1, every)), "labelAngle": 0}
    domain = {"domain": [zero, zero + years], "nice": False, "zero": False}
    x: Spec = {"field": "at", "type": "quantitative", "scale": domain, "axis": {**axis, "grid": False}}
    colour = legend(tones)
    colour["legend"]["symbolType"] = "stroke"
    yield rule("y", 0.0)
    yield {
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": x,
            "y": amounts(),
            "order": {"field": "order", "type": "quantitative"},
            "color": colour,
            "strokeDash": {"field": "part", "type": "nominal", "scale": dashes, "legend": colour["legend"]},
            "tooltip": tips(part="Balance", shown=unit),
        },
    }
    if paid:
        dot = {"type": "point", "filled": True, "size": 110, "stroke": PAPER, "strokeWidth": 1.2, "opacity": 1}
        yield {
            "data": {"values": paid},
            "mark": dot,
            "encoding": {"x": x, "y": amounts(), "color": colour, "tooltip": tips(part="Paid back", shown="After")},
        }


# ---------------------------------------------------------------------------------------------- the gap along an input


@dataclass(frozen=True)
class Along:
    """How an input stands on an axis: divided by what, under which title, in which number format."""

    divisor: float
    title: str
    format: str

    @classmethod
    def of(cls, subject: Subject, values: Sequence[float], currency: str) -> Along:
        """The axis that suits these values of an input."""
        if subject.in_percent:
            return cls(1.0, subject.name, ".4~%")
        scale = writer.table_scale(values)
        unit = scale.unit(unit_words(subject.unit, currency))
        return cls(scale.divisor, f"{subject.name}, {unit}" if unit else subject.name, ",.12~f")

    def channel(self, field: str, low: float, high: float, *, titled: bool = True) -> Spec:
        """The channel from `low` to `high`; the title, if any, breaks where a telephone needs it."""
        title = textwrap.wrap(self.title, TITLE_LENGTH, break_on_hyphens=False) if titled else None
        axis = {"title": title, "format": self.format, "tickCount": 5, "grid": False}
        scale = {"domain": [low / self.divisor, high / self.divisor], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


@dataclass(frozen=True)
class Dot:
    """A point to be seen on a line or a map: what it is (a key of `POINTS`), where, and its words."""

    kind: str
    x: float
    y: float
    shown: str


def gap(
    points: Sequence[tuple[float, float]],
    dots: Sequence[Dot],
    along: Along,
    tones: tuple[Tone, Tone],
    title: str,
    unit: str,
) -> Chart:
    """What choosing one option saves along an input: where it is above 0 that option is cheaper, below 0 the other.

    `tones` are the two options; the field between the line and 0 takes the colour of the cheaper one.
    """
    scale = writer.table_scale([amount for _, amount in points])
    said = scale.unit(unit)
    ahead = [Tone(f"{tone.label} is cheaper", tone.colour) for tone in tones]
    rows: Rows = [
        {
            "at": at / along.divisor,
            "amount": amount / scale.divisor,
            "above": max(0.0, amount) / scale.divisor,
            "below": min(0.0, amount) / scale.divisor,
            "one": ahead[0].label,
            "other": ahead[1].label,
            "shown": scale.text(amount),
        }
        for at, amount in points
    ]
    x = along.channel("at", points[0][0], points[-1][0])
    fields: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.7},
            "encoding": {"x": x, "y": amounts(field, stack=None), "color": legend(ahead, whose)},
        }
        for field, whose in (("above", "one"), ("below", "other"))
    ]
    line: Spec = {
        "mark": {"type": "line", "strokeWidth": 2, "color": INK},
        "encoding": {"x": x, "y": amounts(), "tooltip": tips(shown=said)},
    }
    marks: Rows = [
        {"kind": dot.kind, "at": dot.x / along.divisor, "amount": dot.y / scale.divisor, "shown": dot.shown}
        for dot in dots
    ]
    body: Spec = {"height": HEIGHT, "layer": [*fields, rule("y", 0.0), line, marked(marks, x, amounts())]}
    words = "; ".join(f"{dot.kind}: {dot.shown}" for dot in dots)
    return framed(title, said, rows, body, f"{title}, {said}. {words}")


def marked(rows: Rows, x: Spec, y: Spec) -> Spec:
    """Points for today and for ties, told apart by their shape, with a legend."""
    kinds = [kind for kind in POINTS if any(row["kind"] == kind for row in rows)]
    keys = {"title": None, "orient": "bottom", "symbolSize": 110, "columns": {"expr": "width < 420 ? 1 : 3"}}
    scale = {"domain": kinds, "range": [POINTS[kind] for kind in kinds]}
    mark = {"type": "point", "filled": True, "size": 130, "opacity": 1, "color": INK, "stroke": PAPER}
    return {
        "data": {"values": rows},
        "mark": {**mark, "strokeWidth": 1.5},
        "encoding": {
            "x": x,
            "y": y,
            "shape": {"field": "kind", "type": "nominal", "scale": scale, "legend": keys},
            "tooltip": tips(kind="Point", shown="Value"),
        },
    }


# ------------------------------------------------------------------------------------------------------------- tornado


@dataclass(frozen=True)
class Swing:
    """One input of a tornado as it is drawn: its words, and at either end the figure and the input's value.

    An end is None where it could not be run. `changes` tells that an end puts another option ahead.
    """

    name: str
    low: tuple[float, str] | None
    high: tuple[float, str] | None
    changes: bool


def tornado(swings: Sequence[Swing], base: float, title: str, unit: str, *, tie: bool) -> Chart:
    """Two bars for each input, from the figure now to the figure at either end, with the input's value at the end.

    With `tie` a dashed line stands where the two options cost the same, at 0.
    """
    ends = [(n, tone, end) for n, s in enumerate(swings) for tone, end in ((AT_LOW, s.low), (AT_HIGH, s.high)) if end]
    reached = [base, *(figure for _, _, (figure, _) in ends)]
    scale = writer.table_scale(reached)
    said = scale.unit(unit)
    room = 0.16 * ((max(reached) - min(reached)) or abs(base) or 1.0)
    low, high = min(reached) - room, max(reached) + room
    bars: Rows = [
        {
            "row": n,
            "part": tone.label,
            "from": base / scale.divisor,
            "to": figure / scale.divisor,
            "value": value,
            "name": swings[n].name,
            "shown": scale.text(figure),
        }
        for n, tone, (figure, value) in ends
    ]
    x = amounts("to", scale={"domain": [low / scale.divisor, high / scale.divisor], "nice": False, "zero": False})
    # The names stand in the figure's own data, so that every row is drawn once.
    names: Rows = [
        {"row": n, "part": "name", "text": f"{CHANGES} {swing.name}" if swing.changes else swing.name}
        for n, swing in enumerate(swings)
    ]
    layers = [*_tornado_layers(bars, x, said), _tornado_names(names), rule("x", base / scale.divisor)]
    if tie and low < 0 < high:
        layers.append(rule("x", 0.0, strokeDash=[5, 4]))
    body: Spec = {"height": {"step": 3 * LINE + 9, "for": "position"}, "layer": layers}
    words = "; ".join(
        f"{swing.name} {' to '.join(f'{end[1]}: {scale.text(end[0])}' for end in (swing.low, swing.high) if end)}"
        for swing in swings
    )
    return framed(title, said, bars, body, f"{title}, {said}, now {scale.text(base)}. {words}")


def _tornado_layers(bars: Rows, x: Spec, unit: str) -> Iterator[Spec]:
    y: Spec = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.2}}
    halves: Spec = {"field": "part", "type": "nominal", "scale": {"domain": ["name", AT_LOW.label, AT_HIGH.label]}}
    tooltip = tips(name="Input", value="Set to", shown=unit)
    yield {
        "mark": {"type": "bar", "height": {"band": 0.86}, **EDGE},
        "encoding": {
            "y": y,
            "yOffset": halves,
            "x": x,
            "x2": {"field": "from"},
            "color": legend((AT_LOW, AT_HIGH)),
            "tooltip": tooltip,
        },
    }
    for align, dx, test in (("left", 4, "datum.to >= datum.from"), ("right", -4, "datum.to < datum.from")):
        yield {
            "transform": [{"filter": test}],
            "mark": {"type": "text", "align": align, "dx": dx, "baseline": "middle", "fontSize": 11, "color": INK},
            "encoding": {"y": y, "yOffset": halves, "x": x, "text": {"field": "value", "type": "nominal"}},
        }


def _tornado_names(names: Rows) -> Spec:
    halves: Spec = {"field": "part", "type": "nominal"}
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12, "color": INK}
    return {
        "data": {"values": names},
        "mark": {**mark, "limit": {"expr": "width"}},
        "encoding": {
            "y": {"field": "row", "type": "ordinal", "axis": None},
            "yOffset": halves,
            "x": {"value": 0},
            "text": {"field": "text", "type": "nominal"},
        },
    }
