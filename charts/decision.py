"""Charts of a decision between two options: waterfall, balance by date, the gap along an input, tornado."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from charts.vocabulary import (
    AMOUNT,
    BEST,
    EDGE,
    HEIGHT,
    NEXT,
    Bar,
    Chart,
    Declared,
    Rows,
    Write,
    amounts,
    bars,
    colours,
    declared,
    ended,
    ink,
    key,
    lines,
    paper,
    rule,
    slot,
    spread,
    tips,
    zero,
)
from models.analysis.decision.bridge import Bridge
from models.analysis.metrics import palette
from models.analysis.metrics.palette import CHEAPER, DEARER, Tone
from models.analysis.reporting.brief import bar_label
from models.analysis.sensitivity.named_input import Subject
from models.analysis.words import unit_words
from models.finance.flows import Flow, Payback, discount_factor
from models.notation import writer

PLAIN, DISCOUNTED = "Nominal", "Discounted"
TODAY, TIE, STEP = "Base case", "Break-even", "Step"
POINTS = {TODAY: "circle", TIE: "diamond", STEP: "cross"}
CHANGES = "\u25c6"
_LINE = 15


# ---------------------------------------------------------------------------------------------------------- waterfall


def waterfall(found: Bridge, title: str, unit: str, write: Write) -> Chart:
    """From the option compared against, bar by bar, to the option; the amount of each stands at its right.

    Colours tell what makes it dearer or cheaper; the option itself is in the accent.
    """
    first, last = Tone(found.against, palette.OUTLINE), Tone(found.option, palette.ACCENT)
    drawn = [Bar(found.against, found.start, write(found.start), first)]
    reached = found.start
    for bar in (each for each in found.bars if each.amount):
        shown = f"{'+' if bar.amount > 0 else ''}{write(bar.amount)}"
        drawn.append(Bar(bar_label(bar), reached + bar.amount, shown, DEARER if bar.amount > 0 else CHEAPER, reached))
        reached += bar.amount
    drawn.append(Bar(found.option, found.end, write(found.end), last))
    return bars(title, unit, drawn, "Part")


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
    """The savings added up to each date, as paid and discounted, named at their ends; a dot where each has paid back.

    Purchases jump at a year's start, all else runs evenly. `first_year` names the dates, None counts them from 0.
    """
    corners = {PLAIN: list(saved.balance()), DISCOUNTED: list(saved.discounted().balance())}
    scale = writer.chart_scale([amount for points in corners.values() for _, amount in points])
    unit, zero, years = scale.unit(currency), first_year or 0, len(saved.starts)
    rows: Rows = [
        {
            "part": label,
            "role": NEXT if label == PLAIN else BEST,
            "at": zero + at,
            "order": n,
            "amount": amount / scale.divisor,
            "shown": scale.text(amount),
        }
        for label, points in corners.items()
        for n, (at, amount) in enumerate(points)
    ]
    paid: Rows = [
        {"part": label, "at": zero + found.years, "amount": 0.0, "shown": f"{writer.fixed(found.years, 1)} years"}
        for label, found in zip(corners, paybacks, strict=True)
        if found.years
    ]
    ends: Rows = [
        {**row, "text": f"{label} {row['shown']}"}
        for label in corners
        for row in [[each for each in rows if each["part"] == label][-1]]
    ]
    spread(ends, rows)
    spec = _balance().bound(
        {"rows": rows, "ends": ends, "paid": paid},
        unit=unit,
        lines="Cumulative saving",
        across="Start of the year" if zero else "Years from the start",
        dates=list(range(zero, zero + years + 1, 1 if years <= 8 else 2)),
        first=zero,
        years=years,
    )
    said = "; ".join(f"{label} {scale.text(points[-1][1])}" for label, points in corners.items())
    return Chart(title, unit, spec, f"{title}, {unit}. At the end: {said}")


@cache
def _balance() -> Declared:
    import altair as alt

    spans = [alt.param(name=name, value=slot(name)) for name in ("first", "years")]
    # Room for the labels at the right, more of it on a telephone.
    last = alt.ExprRef("first + years * (width < 360 ? 1.55 : 1.25)")
    scale = alt.Scale(domainMin=alt.ExprRef("first"), domainMax=last, nice=False, zero=False)
    axis = alt.Axis(title=slot("across"), format="d", values=[slot("dates")], labelAngle=0, grid=False, ticks=False)
    x = alt.X("at:Q", scale=scale, axis=axis)
    dot = alt.Chart(alt.NamedData("paid")).mark_point(
        filled=True, size=90, color=ink(), stroke=paper(), strokeWidth=1.2, opacity=1
    )
    dot = dot.encode(x=x, y=amounts(alt.Y), tooltip=tips(part="Paid back", shown="After"))
    layers = (zero(), *ended(x, amounts(alt.Y), label={"dy": -8}), dot)
    return declared(alt.layer(*layers).add_params(*spans).properties(height=HEIGHT - 60))


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
        return cls(scale.divisor, f"{subject.name}, {unit}" if unit else subject.name, AMOUNT)

    def words(self, name: str, low: float, high: float) -> dict[str, Any]:
        """What fills the slots of `along`, of the axis of this name from `low` to `high`."""
        domain = [low / self.divisor, high / self.divisor]
        return {f"{name} title": lines(self.title), f"{name} format": self.format, f"{name} domain": domain}


def along(channel: Any, field: str, *, titled: bool = True) -> Any:
    """An axis on which an input stands, of the name of its field; `Along.words` fills its slots."""
    import altair as alt

    title = [slot(f"{field} title")] if titled else None
    axis = alt.Axis(title=title, format=slot(f"{field} format"), tickCount=5, grid=False, ticks=False)
    scale = alt.Scale(domain=[slot(f"{field} domain")], nice=False, zero=False)
    return channel(f"{field}:Q", axis=axis, scale=scale)


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
    across: Along,
    names: tuple[str, str],
    title: str,
    unit: str,
) -> Chart:
    """What choosing one option saves along an input: where it is above 0 that option is cheaper, below 0 the other.

    `names` are those of the two options; the field between the line and 0 tells by its colour which is cheaper.
    """
    scale = writer.table_scale([amount for _, amount in points])
    said = scale.unit(unit)
    tones = zip(names, (CHEAPER, DEARER), strict=True)
    ahead = [Tone(f"{name} is cheaper", tone.colour) for name, tone in tones]
    rows: Rows = [
        {
            "x": at / across.divisor,
            "amount": amount / scale.divisor,
            "above": max(0.0, amount) / scale.divisor,
            "below": min(0.0, amount) / scale.divisor,
            "one": ahead[0].label,
            "other": ahead[1].label,
            "shown": scale.text(amount),
        }
        for at, amount in points
    ]
    marks: Rows = [
        {"kind": dot.kind, "x": dot.x / across.divisor, "amount": dot.y / scale.divisor, "shown": dot.shown}
        for dot in dots
    ]
    spec = _gap().bound(
        {"rows": rows, "marks": marks},
        unit=said,
        **across.words("x", points[0][0], points[-1][0]),
        **colours(ahead),
        **marked_words(marks),
    )
    words = "; ".join(f"{dot.kind}: {dot.shown}" for dot in dots)
    return Chart(title, said, spec, f"{title}, {said}. {words}")


@cache
def _gap() -> Declared:
    import altair as alt

    x = along(alt.X, "x")
    base = alt.Chart(alt.NamedData("rows")).encode(x=x)
    fields = [
        base.mark_area(opacity=0.7).encode(y=amounts(alt.Y, field, stack=None), color=key(whose, width=230))
        for field, whose in (("above", "one"), ("below", "other"))
    ]
    line = base.mark_line(strokeWidth=2, color=ink()).encode(y=amounts(alt.Y), tooltip=tips(shown=slot("unit")))
    layers = (*fields, zero(), line, marked(x, amounts(alt.Y)))
    return declared(alt.layer(*layers).properties(height=HEIGHT))


def marked(x: Any, y: Any) -> Any:
    """Points of the data `marks` for today and for ties, told apart by their shape, with a legend."""
    import altair as alt

    columns = alt.ExprRef("width < 420 ? 1 : 3")
    keys = alt.Legend(title=None, orient="bottom", symbolSize=110, columns=columns)
    shapes = alt.Scale(domain=[slot("kinds")], range=[slot("shapes")])
    base = alt.Chart(alt.NamedData("marks"))
    point = base.mark_point(filled=True, size=130, opacity=1, color=ink(), stroke=paper(), strokeWidth=1.5)
    shape = alt.Shape("kind:N", scale=shapes, legend=keys)
    return point.encode(x=x, y=y, shape=shape, tooltip=tips(kind="Point", shown="Value"))


def marked_words(marks: Rows) -> dict[str, list[str]]:
    """What fills the slots of `marked`."""
    kinds = [kind for kind in POINTS if any(row["kind"] == kind for row in marks)]
    return {"kinds": kinds, "shapes": [POINTS[kind] for kind in kinds]}


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

    @property
    def ends(self) -> list[tuple[float, str]]:
        """The ends that could be run, the low one first."""
        return [end for end in (self.low, self.high) if end]

    def drawn(self, base: float) -> Iterator[tuple[float, str, bool]]:
        """The ends as they are drawn: figure, value, and whether a longer bar to the same side holds it as a tick."""
        ends = sorted(self.ends, key=lambda end: abs(end[0] - base), reverse=True)
        together = len(ends) == 2 and (ends[0][0] - base) * (ends[1][0] - base) > 0
        for n, (figure, value) in enumerate(ends):
            yield figure, f"{value}; tick: {ends[1][1]}" if together and not n else value, together and bool(n)


def tornado(swings: Sequence[Swing], base: float, title: str, unit: str, *, tie: bool) -> Chart:
    """A row for each input: bars from the figure now to the figure at either end, with the input's value at the end.
    Where both ends lie on one side, one bar reaches to the farther, and a tick within it marks the nearer.

    The figure is a saving, of which more is better, with `tie`: then a dashed line stands where the two options cost
    the same, at 0. Else it is a cost.
    """
    reached = [base, *(figure for each in swings for figure, _ in each.ends)]
    scale = writer.table_scale(reached)
    said = scale.unit(unit)
    room = 0.16 * ((max(reached) - min(reached)) or abs(base) or 1.0)
    low, high = min(reached) - room, max(reached) + room
    ends: Rows = [
        {
            "row": n,
            "part": "bar",
            "colour": (CHEAPER if (figure > base) == tie else DEARER).colour,
            "from": base / scale.divisor,
            "to": figure / scale.divisor,
            "value": value,
            "name": each.name,
            "shown": scale.text(figure),
            "within": within,
        }
        for n, each in enumerate(swings)
        for figure, value, within in each.drawn(base)
    ]
    rows, ticks = ([row for row in ends if row["within"] == within] for within in (False, True))
    # The names stand in rows of their own, so that every one is drawn once.
    names: Rows = [
        {"row": n, "part": "name", "text": swing.name, "changes": swing.changes} for n, swing in enumerate(swings)
    ]
    ties = [{"x": 0.0}] if tie and low < 0 < high else []
    spec = _tornado().bound(
        {"rows": rows, "ticks": ticks, "names": names, "now": [{"x": base / scale.divisor}], "ties": ties},
        unit=said,
        domain=[low / scale.divisor, high / scale.divisor],
    )
    words = "; ".join(
        f"{swing.name} {' to '.join(f'{value}: {scale.text(figure)}' for figure, value in swing.ends)}"
        for swing in swings
    )
    return Chart(title, said, spec, f"{title}, {said}, plan {scale.text(base)}. {words}")


@cache
def _tornado() -> Declared:
    import altair as alt

    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.2))
    halves = alt.YOffset("part:N", scale=alt.Scale(domain=["name", "bar"]))
    x = amounts(alt.X, "to", scale=alt.Scale(domain=[slot("domain")], nice=False, zero=False))
    base = alt.Chart(alt.NamedData("rows")).encode(y=y, yOffset=halves, x=x)
    told = tips(name="Input", value="Set to", shown=slot("unit"))
    swing = base.mark_bar(height={"band": 0.86}, **EDGE).encode(
        x2="from:Q",
        color=alt.Color("colour:N", scale=None),
        tooltip=told,
    )
    tick = alt.Chart(alt.NamedData("ticks")).encode(y=y, yOffset=halves, x=x)
    tick = tick.mark_tick(orient="vertical", thickness=2, size=_LINE, color=ink(), opacity=1).encode(tooltip=told)
    value = base.encode(text="value:N")
    small: dict[str, Any] = {"baseline": "middle", "fontSize": 11, "color": ink()}
    above = value.mark_text(align="left", dx=4, **small).transform_filter("datum.to >= datum.from")
    below = value.mark_text(align="right", dx=-4, **small).transform_filter("datum.to < datum.from")
    named = alt.Chart(alt.NamedData("names")).encode(y=alt.Y("row:O", axis=None), yOffset=halves)
    label: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 12, "limit": alt.ExprRef("width")}
    at = {"x": alt.value(15), "text": "text:N"}
    # Beneath a name a wide edge in the colour of the page, so that no line runs through its letters.
    edge = named.mark_text(**label, stroke=alt.ExprRef("background"), strokeWidth=6, aria=False).encode(**at)
    name = named.mark_text(**label, color=ink()).encode(**at)
    changes = named.mark_point(shape="diamond", filled=True, size=70, opacity=1, color=ink(), aria=False)
    changes = changes.encode(x=alt.value(6)).transform_filter("datum.changes")
    now, ties = rule("now").encode(x="x:Q"), rule("ties", strokeDash=[5, 4]).encode(x="x:Q")
    layers = alt.layer(swing, tick, above, below, now, ties, edge, name, changes)
    return declared(layers.properties(height=alt.Step(2 * _LINE + 9, **{"for": "position"})))
