"""From results to charts: Vega-Lite specifications as plain tables, each with the text that stands for it unseen.

Nothing here draws, and nothing here computes a cost. Every chart says what it shows and in which unit; colours come
from `models.palette`, one for each kind of cost, option, stage or confidence.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.analysis.claims.quoted import Step
from models.analysis.metrics import palette
from models.analysis.metrics.chain import Stage
from models.analysis.metrics.headlines import CostRow
from models.analysis.metrics.palette import Tone
from models.notation import writer

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
Write = Callable[[float | None], str]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_BAR_STEP, _LABEL_WIDTH, _COLUMN_HEIGHT = 24, 190, 350
_LINE_LENGTH, _TITLE_LENGTH = 28, 38
_EDGE: Spec = {"stroke": palette.OUTLINE, "strokeWidth": 0.6}


@dataclass(frozen=True)
class Chart:
    """A specification, and in `alt` what it says for those who do not see it."""

    spec: Spec
    alt: str


def _chart(title: str, unit: str, rows: Rows, body: Spec, alt: str) -> Chart:
    # Words stand only in titles, axes and legends: Streamlit colours those to suit the theme, and no other text.
    # The title breaks where a telephone does.
    texts = (title, unit)
    lines = [line for text in texts for line in textwrap.wrap(text, _TITLE_LENGTH, break_on_hyphens=False)]
    head: Spec = {"text": lines, "anchor": "start", "frame": "bounds", "offset": 8}
    return Chart({"$schema": _SCHEMA, "title": head, "data": {"values": rows}, **body}, alt)


def _colours(tones: Sequence[Tone], legend: bool = True) -> Spec:
    """The colour channel for rows whose `part` is the label of one of the tones, in their order."""
    scale = {"domain": [t.label for t in tones], "range": [t.colour for t in tones]}
    columns = {"expr": "max(1, floor((width + 60) / 170))"}
    keys = {"title": None, "orient": "bottom", "columns": columns, "labelLimit": 280, "symbolStrokeWidth": 0}
    return {"field": "part", "type": "nominal", "scale": scale, "legend": keys if legend else None}


def _present(tones: Mapping[str, Tone], shown: Sequence[str]) -> list[Tone]:
    """The tones of what is shown, in the palette's order."""
    return [tone for key, tone in tones.items() if key in set(shown)]


def _names(field: str, order: Sequence[str]) -> Spec:
    """A vertical axis of names, in the order given; long ones in several lines."""
    axis = {
        "title": None,
        "labelLimit": _LABEL_WIDTH,
        "labelExpr": "split(datum.label, '\\n')",
        "labelPadding": 6,
        "ticks": False,
        "domain": False,
    }
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis}


def _figures(field: str, rows: Rows) -> Spec:
    """A layer without marks whose axis, on the right, writes the figure of each row."""
    written = json.dumps({row[field]: row["shown"] for row in rows})
    axis = {
        "title": None,
        "orient": "right",
        "labelExpr": f"({written})[datum.value]",
        "labelLimit": _LABEL_WIDTH,
        "ticks": False,
        "domain": False,
    }
    names = {"field": field, "type": "nominal", "sort": [row[field] for row in rows], "axis": axis}
    return {"data": {"values": rows}, "mark": {"type": "tick", "opacity": 0}, "encoding": {"y": names}}


def _years(years: Sequence[str]) -> Spec:
    """A horizontal axis of years."""
    return {"field": "year", "type": "ordinal", "sort": list(years), "axis": {"title": None, "labelAngle": 0}}


def _amount(field: str = "amount", **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", "axis": {"title": None, "tickCount": 5, "format": ",.12~f"}, **more}


def _tips(**titles: str) -> list[Spec]:
    return [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]


def _in_words(title: str, unit: str, rows: Rows, name: str = "part") -> str:
    listed = "; ".join(f"{row[name]} {row['shown']}" for row in rows)
    return f"{title}, {unit}: {listed}" if unit else f"{title}: {listed}"


def _bars(title: str, unit: str, rows: Rows, tones: Sequence[Tone], tip: str, start: str = "") -> Chart:
    """Horizontal bars, each with its figure at the right; `start` is the field where a floating bar begins."""
    alt = _in_words(title, unit, rows)
    wrapped = {tone.label: Tone(_wrapped(tone.label), tone.colour) for tone in tones}
    for row in rows:
        row["name"], row["part"] = row["part"], _wrapped(row["part"])
    floating: Spec = {} if start else {"stack": None}
    bar: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, **_EDGE},
        "encoding": {
            "y": _names("part", [row["part"] for row in rows]),
            "x": _amount(axis=None, **floating),
            "color": _colours(list(wrapped.values()), legend=False),
            "tooltip": _tips(name=tip, shown=unit or title),
        },
    }
    if start:
        bar["encoding"]["x2"] = {"field": start}
    lines = max((row["part"].count("\n") for row in rows), default=0)
    body: Spec = {
        "height": {"step": _BAR_STEP + 8 * lines},
        "layer": [bar, _figures("part", rows)],
        "resolve": {"axis": {"y": "independent"}},
    }
    return _chart(title, unit, rows, body, alt)


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.wrap(label, _LINE_LENGTH)) or label


# ---------------------------------------------------------------------------------------------------------------- costs


def cost_tree(rows: Sequence[CostRow], title: str, unit: str, write: Write) -> Chart:
    """A bar for each kind of cost, largest first, resale last, with its share of the cost before resale."""
    positive = sum(row.amount for row in rows if row.amount > 0)
    table: Rows = []
    for row in sorted(rows, key=lambda each: each.amount, reverse=True):
        part = f"  ({writer.share(row.amount / positive)})" if row.amount > 0 else ""
        table.append({"part": row.label, "amount": row.amount, "shown": write(row.amount) + part})
    tones = _present(palette.COSTS, [row.kind for row in rows])
    return _bars(title, unit, table, tones, "Kind of cost")


def ladder(steps: Sequence[Step], title: str, unit: str, total: str, write: Write) -> Chart:
    """Floating bars from the quote to the all-in figure, the last one from zero."""
    table: Rows = []
    reached = 0.0
    for step in steps:
        sign = "+" if table and step.amount > 0 else ""
        shown = f"{sign}{write(step.amount)}"
        table.append({"part": step.label, "from": reached, "amount": reached + step.amount, "shown": shown})
        reached += step.amount
    table.append({"part": total, "from": 0.0, "amount": reached, "shown": write(reached)})
    tones = [Tone(s.label, palette.COSTS[s.kind].colour) for s in steps]
    return _bars(title, unit, table, [*tones, Tone(total, palette.OUTLINE)], "Step", start="from")


def cash(flows: Mapping[str, Sequence[float]], years: Sequence[str], title: str, currency: str, of: str = "") -> Chart:
    """Columns of each year's payments by kind of cost, resale below the line, and a mark at the sum."""
    kinds = [kind for kind, row in flows.items() if any(row)]
    totals = [sum(flows[kind][y] for kind in flows) for y in range(len(years))]
    scale = writer.table_scale([*totals, *(sum(max(0.0, flows[k][y]) for k in flows) for y in range(len(years)))])
    unit = scale.unit(currency)
    rows: Rows = [
        {
            "year": year,
            "part": palette.COSTS[kind].label,
            "order": position,
            "amount": flows[kind][y] / scale.divisor,
            "shown": scale.text(flows[kind][y]),
        }
        for position, kind in enumerate(palette.COSTS)
        if kind in kinds
        for y, year in enumerate(years)
        if flows[kind][y]
    ]
    sums: Rows = [
        {"year": y, "sum": t / scale.divisor, "shown": scale.text(t)} for y, t in zip(years, totals, strict=True)
    ]
    body = _columns(years, _present(palette.COSTS, kinds), "Kind of cost", unit, sums)
    return _chart(title, f"{of}{unit}; the mark is the year's sum", rows, body, _in_words(title, unit, sums, "year"))


def _columns(years: Sequence[str], tones: Sequence[Tone], tip: str, unit: str, sums: Rows | None = None) -> Spec:
    """Stacked columns by year, in the order of the field `order`, and marks at the sums if they are given."""
    bars: Spec = {
        "mark": {"type": "bar", "width": {"band": 0.7}, **_EDGE},
        "encoding": {
            "x": _years(years),
            "y": _amount(),
            "order": {"field": "order", "type": "quantitative"},
            "color": _colours(tones),
            "tooltip": _tips(year="Year", part=tip, shown=unit),
        },
    }
    if sums is None:
        return {"height": _COLUMN_HEIGHT, **bars}
    mark: Spec = {
        "data": {"values": sums},
        "mark": {"type": "tick", "thickness": 3, "width": {"band": 0.86}, "color": palette.OUTLINE},
        "encoding": {
            "x": _years(years),
            "y": _amount("sum"),
            "tooltip": _tips(year="Year", shown=f"Sum, {unit}"),
        },
    }
    return {"height": _COLUMN_HEIGHT, "layer": [bars, mark]}


def stacks(
    options: Mapping[str, Sequence[tuple[str, float]]],
    tones: Mapping[str, Tone],
    title: str,
    unit: str,
    write: Write,
    beside: Mapping[str, str] | None = None,
) -> Chart:
    """A stacked bar for each option, part by part, with the sum, or what `beside` says, at its right."""
    rows: Rows = []
    totals: Rows = []
    for name, parts in options.items():
        whole = sum(amount for _, amount in parts)
        amounts = dict(parts)
        for position, key in enumerate(tones):
            amount = amounts.get(key, 0.0)
            if amount:
                rows.append(
                    {
                        "option": name,
                        "part": tones[key].label,
                        "order": position,
                        "amount": amount,
                        "shown": write(amount),
                    }
                )
        totals.append({"option": name, "shown": beside[name] if beside else write(whole)})
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, **_EDGE},
        "encoding": {
            "y": _names("option", list(options)),
            "x": _amount(),
            "order": {"field": "order", "type": "quantitative"},
            "color": _colours(_present(tones, [key for parts in options.values() for key, amount in parts if amount])),
            "tooltip": _tips(option="Option", part="Part", shown=unit),
        },
    }
    body: Spec = {
        "height": {"step": 38},
        "layer": [bars, _figures("option", totals)],
        "resolve": {"axis": {"y": "independent"}},
    }
    return _chart(title, unit, rows, body, _in_words(title, unit, totals, "option"))


def by_option(values: Mapping[str, float | None], title: str, unit: str, write: Write) -> Chart:
    """A bar for each option in its own colour; options are in the study's order."""
    rows: Rows = [{"part": n, "amount": v, "shown": write(v)} for n, v in values.items() if v is not None]
    tones = [Tone(name, palette.option_colour(position)) for position, name in enumerate(values)]
    return _bars(title, unit, rows, tones, "Option")


def cumulative(
    flows: Mapping[str, Sequence[float]], years: Sequence[str], title: str, currency: str, places: Mapping[str, int]
) -> Chart:
    """A line for each option: what has been paid by the end of each year. Dashes tell them apart in a grey print.

    `places` are the options' places in the study, which choose their colours.
    """
    sums = {name: [sum(row[: y + 1]) for y in range(len(years))] for name, row in flows.items()}
    scale = writer.table_scale([value for row in sums.values() for value in row])
    unit = scale.unit(currency)
    rows: Rows = [
        {"part": name, "year": year, "amount": row[y] / scale.divisor, "shown": scale.text(row[y])}
        for name, row in sums.items()
        for y, year in enumerate(years)
    ]
    names = list(flows)
    dashes = {"domain": names, "range": [list(palette.option_dash(places[name])) for name in names]}
    colour = _colours([Tone(name, palette.option_colour(places[name])) for name in names])
    body: Spec = {
        "height": _COLUMN_HEIGHT,
        "mark": {"type": "line", "point": True, "strokeWidth": 2.5},
        "encoding": {
            "x": _years(years),
            "y": _amount(),
            "color": colour,
            "strokeDash": {"field": "part", "type": "nominal", "scale": dashes, "legend": colour["legend"]},
            "tooltip": _tips(part="Option", year="Year", shown=unit),
        },
    }
    last = [row for row in rows if row["year"] == years[-1]]
    return _chart(title, unit, rows, body, _in_words(f"{title}, at the end", unit, last))


# ------------------------------------------------------------------------------------ workloads, time, energy, evidence


def by_workload(values: Mapping[str, float | None], title: str, unit: str, write: Write) -> Chart:
    """A bar for each workload; one without a figure is left out."""
    rows: Rows = [{"part": n, "amount": v, "shown": write(v)} for n, v in values.items() if v is not None]
    return _bars(title, unit, rows, [Tone(row["part"], palette.ACCENT) for row in rows], "Workload")


def split(parts: Sequence[tuple[Tone, float]], title: str, unit: str, write: Write) -> Chart:
    """One bar cut into parts that add up."""
    rows: Rows = [
        {"whole": title, "part": tone.label, "order": position, "amount": amount, "shown": write(amount)}
        for position, (tone, amount) in enumerate(parts)
        if amount
    ]
    body: Spec = {
        "height": {"step": 40},
        "mark": {"type": "bar", **_EDGE},
        "encoding": {
            "y": {"field": "whole", "type": "nominal", "axis": None},
            "x": _amount(axis=None, stack="normalize"),
            "order": {"field": "order", "type": "quantitative"},
            "color": _colours([tone for tone, amount in parts if amount]),
            "tooltip": _tips(part="Part", shown=unit),
        },
    }
    return _chart(title, unit, rows, body, _in_words(title, unit, rows))


def time_use(hours: Sequence[Mapping[str, float]], years: Sequence[str], title: str, of: str = "") -> Chart:
    """Columns of where each year's accelerator time goes, as shares that add up to all of it."""
    rows: Rows = []
    for year, parts in zip(years, hours, strict=True):
        paid = sum(parts.values())
        for position, (key, amount) in enumerate(parts.items()):
            if paid and amount > 0:
                part = amount / paid
                rows.append(
                    {
                        "year": year,
                        "part": palette.TIME[key].label,
                        "order": position,
                        "amount": part,
                        "shown": writer.share(part),
                    }
                )
    kinds = [key for parts in hours for key, amount in parts.items() if amount > 0]
    body = _columns(years, _present(palette.TIME, kinds), "Use", "share of the time")
    body["encoding"]["y"]["axis"]["format"] = ".0%"
    body["encoding"]["y"]["scale"] = {"domain": [0, 1]}
    used: Rows = [row for row in rows if row["part"] == palette.TIME["used"].label]
    unit = f"{of}share of all accelerator time"
    return _chart(title, unit, rows, body, _in_words(f"{title}, serving", "", used, "year"))


def energy_chain(stages: Sequence[Stage], title: str, of: str = "") -> Chart:
    """A bar for each place where energy is counted, from the power station to the chip; `of` stands before the unit."""
    largest = max((stage.kwh for stage in stages), default=0.0)
    divisor, unit = (1e6, "GWh") if largest >= 1e7 else (1e3, "MWh") if largest >= 1e4 else (1.0, "kWh")
    rows: Rows = [
        {
            "part": palette.ENERGY[stage.line].label,
            "amount": stage.kwh / divisor,
            "shown": f"{writer.physical(stage.kwh / divisor)} {unit}"
            + (f"  ({writer.share(stage.share)})" if stage.share is not None else ""),
        }
        for stage in stages
    ]
    tones = [palette.ENERGY[stage.line] for stage in stages]
    return _bars(title, f"{of}{unit}, lifetime; share of generation", rows, tones, "Place")


def confidence(shares: Mapping[str, Mapping[str, float]], title: str) -> Chart:
    """For each option the share of cost whose price rests on each confidence; what is assumed is written beside."""
    parts = {name: list(found.items()) for name, found in shares.items()}
    beside = {name: f"{writer.share(found.get('assumed', 0.0))} assumed" for name, found in shares.items()}
    unit = "share of the cost before resale"
    found = stacks(parts, palette.CONFIDENCES, title, unit, writer.share, beside)
    axis = found.spec["layer"][0]["encoding"]["x"]
    axis["axis"]["format"] = ".0%"
    axis["scale"] = {"domain": [0, 1]}
    return found
