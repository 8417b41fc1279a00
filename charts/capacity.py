"""Charts of what is paid for and used: accelerator time, energy, and what limits output."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from charts.costs import columns
from charts.vocabulary import (
    BEST,
    EDGE,
    HEIGHT,
    NEXT,
    OTHER,
    Bar,
    Chart,
    Declared,
    Rows,
    amounts,
    bars,
    colours,
    declared,
    ended,
    in_words,
    ink,
    of,
    present,
    spread,
    tips,
    years,
)
from models.analysis.levers.base_load import Curve, Point
from models.analysis.metrics import chain, idle, palette
from models.analysis.metrics.ceilings import Year
from models.analysis.metrics.palette import Tone
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult
from models.studies.inputs import week

OUTPUT = "Output"
# The lines above the output, by their role.
CEILINGS = {"Compute ceiling": NEXT, "Energy ceiling": OTHER}


def time_use(option: OptionResult) -> Chart | None:
    """Columns of where each year's accelerator time goes, as shares that add up to all of it; None without a fleet."""
    if not option.values["has_fleet"]:
        return None
    rows: Rows = []
    for year, parts in zip(option.year_names, idle.hours_by_year(option), strict=True):
        paid = sum(parts.values())
        rows += [
            {
                "year": year,
                "part": palette.TIME[key].label,
                "order": position,
                "amount": amount / paid,
                "shown": writer.share(amount / paid),
            }
            for position, (key, amount) in enumerate(parts.items())
            if paid and amount > 0
        ]
    used: Rows = [row for row in rows if row["part"] == palette.TIME["used"].label]
    tones = present([*palette.TIME.values()], rows)
    spec = _time_use().bound({"rows": rows}, years=option.year_names, unit="share of the time", **colours(tones))
    title = "Use of paid accelerator time"
    alt = in_words(f"{title}, serving", "", used, "year")
    return Chart(title, of(option, "share of all accelerator time"), spec, alt)


@cache
def _time_use() -> Declared:
    import altair as alt

    return declared(columns("Use", ".0%", scale=alt.Scale(domain=[0, 1])).properties(height=HEIGHT))


def energy_scale(stages: Sequence[chain.Stage]) -> tuple[float, str]:
    """By what the energies of a chain are divided from kWh, and the unit that they then have."""
    largest = max(stage.kwh for stage in stages)
    return (1e6, "GWh") if largest >= 1e7 else (1e3, "MWh") if largest >= 1e4 else (1.0, "kWh")


def energy(option: OptionResult) -> Chart | None:
    """A bar for each place where energy is counted, from the power station to the chip; None where it is not known."""
    stages = chain.energy_chain(option)
    if not stages:
        return None
    divisor, unit = energy_scale(stages)
    drawn = []
    for stage in stages:
        tone, amount = Tone(palette.ENERGY[stage.line].label, palette.ACCENT), stage.kwh / divisor
        part = f"  ({writer.share(stage.share)})" if stage.share is not None else ""
        drawn.append(Bar(tone.label, amount, f"{writer.physical(amount)} {unit}{part}", tone))
    basis = of(option, f"{unit}, whole period; share of generation")
    return bars("Energy from generation to chip", basis, drawn, "Place")


def ceilings(option: OptionResult, found: Sequence[Year]) -> Chart:
    """Columns of what is generated each year, under the lines of what computing and energy would allow."""
    rows: Rows = []
    for year, name in zip(found, option.year_names, strict=True):
        rates = (year.output, year.compute_ceiling, year.energy_ceiling)
        for part, rate in zip((OUTPUT, *CEILINGS), rates, strict=True):
            if rate is not None:
                shown = f"{writer.physical(rate)} tokens/s"
                role = CEILINGS.get(part, OUTPUT)
                rows.append({"year": name, "order": name, "part": part, "role": role, "amount": rate, "shown": shown})
    outputs: Rows = [row for row in rows if row["part"] == OUTPUT]
    ends: Rows = [
        {**[row for row in rows if row["part"] == part][-1], "text": part}
        for part in CEILINGS
        if any(row["part"] == part for row in rows)
    ]
    spec = _ceilings().bound({"rows": rows, "ends": ends}, years=option.year_names, lines="What", unit="Rate")
    title = "Output and its ceilings"
    unit = of(option, "generated tokens per second while in production. Columns: output")
    return Chart(title, unit, spec, in_words(f"{title}, output", unit, outputs, "year"))


@cache
def _ceilings() -> Declared:
    import altair as alt

    y = amounts(alt.Y)
    column = alt.Chart(alt.NamedData("rows")).mark_bar(width={"band": 0.6}, color=palette.ACCENT, **EDGE)
    column = column.transform_filter(f"datum.part === '{OUTPUT}'")
    column = column.encode(x=years(), y=y, tooltip=tips(year="Year", part="What", shown="Rate"))
    above = ended(years(), y, label={"align": "right", "dx": 30, "dy": -10})
    return declared(alt.layer(column, *above).properties(height=HEIGHT))


def base_and_peaks(curve: Curve, currency: str) -> Chart:
    """A line of the cost per 1,000 responses over the share of the peak that is held, with the least and today's."""
    rows: Rows = [_share_row(point) for point in curve.points]
    marks: Rows = [_share_row(point) | {"part": part} for part, point in ((LEAST, curve.best), (TODAY, curve.now))]
    title = f"What a response costs when “{curve.to}” takes the peaks"
    unit = f"{currency} per 1,000 responses, discounted, over the share of the peak held".strip()
    spec = _base_and_peaks().bound({"rows": rows, "marks": marks})
    return Chart(title, unit, spec, in_words(title, unit, marks))


LEAST, TODAY = "Least", "Base case"


def _share_row(point: Point) -> dict[str, Any]:
    cost = point.cost * REQUESTS_PER_THOUSAND
    shown = f"{writer.unit_cost(cost)} at {writer.share(point.share)} of the peak"
    return {"share": point.share, "amount": cost, "shown": shown, "own": writer.share(point.own)}


@cache
def _base_and_peaks() -> Declared:
    import altair as alt

    x = alt.X(
        "share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5, grid=False), scale=alt.Scale(domain=[0, 1])
    )
    hints = tips(shown="Cost", own="Served by itself")
    y = amounts(alt.Y, scale=alt.Scale(zero=False))
    line = alt.Chart(alt.NamedData("rows")).encode(x=x, y=y, tooltip=hints)
    line = line.mark_line(strokeWidth=2.5, color=palette.ACCENT, interpolate="step-before")
    dots = alt.Chart(alt.NamedData("marks")).encode(x=x, y=y, tooltip=hints)
    words = dots.mark_text(dy=18, align="right", color=ink()).encode(text="part:N")
    points = dots.mark_point(size=110, filled=True, opacity=1, color=ink())
    return declared(alt.layer(line, points, words).properties(height=HEIGHT))


DAYS = {"Weekday": BEST, "Weekend": OTHER}


def day(name: str, by_hour: Sequence[float], mean: float) -> Chart:
    """Steps of the load in each hour of a weekday and of the weekend, over the mean of the year."""
    length = week.HOURS_PER_DAY
    rows: Rows = [
        {
            "part": part,
            "role": role,
            "order": hour,
            "hour": hour,
            "amount": load / mean,
            "shown": _load_at(hour, load / mean),
        }
        for (part, role), loads in zip(DAYS.items(), (by_hour[:length], by_hour[length:]), strict=True)
        # The last hour lasts until midnight.
        for hour, load in enumerate((*loads, loads[-1]))
    ]
    title, unit = f"Load of “{name}” by the hour", "times the mean of the year"
    of_day = [[row for row in rows if row["part"] == part] for part in DAYS]
    peaks = [max(day, key=lambda row: row["amount"]) for day in of_day]
    ends: Rows = [{**day[-1], "text": day[-1]["part"]} for day in of_day]
    spread(ends, rows)
    spec = _day().bound({"rows": rows, "ends": ends}, lines="Day", unit="Load")
    return Chart(title, unit, spec, in_words(f"{title}, busiest hours", unit, peaks))


def _load_at(hour: int, load: float) -> str:
    return f"{writer.ratio(load)} at {min(hour, week.HOURS_PER_DAY - 1)}:00"


@cache
def _day() -> Declared:
    import altair as alt

    axis = alt.Axis(title=None, values=list(range(0, 25, 4)), labelExpr="datum.label + ':00'", grid=False)
    last = alt.ExprRef(f"{week.HOURS_PER_DAY} * (width < 360 ? 1.28 : 1.14)")
    x = alt.X("hour:Q", axis=axis, scale=alt.Scale(domainMin=0, domainMax=last, nice=False))
    layers = ended(x, amounts(alt.Y), interpolate="step-after")
    return declared(alt.layer(*layers).properties(height=240))
