"""Charts of what an option costs, and of what the options of a study cost side by side."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

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
    Write,
    amounts,
    bars,
    colours,
    declared,
    ended,
    in_words,
    ink,
    key,
    money,
    numbered,
    of,
    paper,
    present,
    slot,
    spread,
    tips,
    years,
)
from models.analysis.claims.quoted import Ladder
from models.analysis.decision.bridge import families as by_family
from models.analysis.decision.decision import ranking
from models.analysis.decision.side_by_side import reference
from models.analysis.levers.levers import Waterfall
from models.analysis.levers.waiting import Waiting
from models.analysis.metrics import palette
from models.analysis.metrics.headlines import cost_rows
from models.analysis.metrics.measures import METRIC
from models.analysis.metrics.palette import DEARER, Tone
from models.analysis.metrics.statement import statement
from models.analysis.words import of_thousand
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult, Result

# A response costs so little that it is drawn by the thousand.
TIMES = {"total": 1.0, "response": float(REQUESTS_PER_THOUSAND), "Mtoken": 1.0}
PER = {"total": "", "response": " per 1,000 responses", "Mtoken": " per million generated tokens"}
PUBLISHED = Tone("As published", palette.OUTLINE)
MOVED = Tone("The step moves it", palette.ACCENT)
UNMOVED = Tone("The step leaves it", "#c9d3da")
STANDS, ALL = "Without levers", "With all levers"
TOTAL = Tone("Total cost", palette.OUTLINE)
WHOLE = Tone("Before and after", palette.OUTLINE)
LOWERS = Tone("Saves", palette.ACCENT)
ASSUMED = Tone("Saves (assumed)", "#8cbcbc")
RAISES = Tone("Adds", DEARER.colour)
WAITING = {"own": Tone("Bought hardware: buying and running it", palette.ACCENT), "interim": palette.INTERIM}
NEVER = "Never"
# Letters that have room at the end of a line.
_AT_END = 24


# ----------------------------------------------------------------------------------------------------------- an option


def cost_tree(option: OptionResult, per: str = "response") -> Chart | None:
    """A bar for each kind of cost, largest first, with its share of the cost before resale; None if nothing is paid.

    `per` is a key of `PER`.
    """
    rows = sorted(cost_rows(option, per), key=lambda each: each.amount, reverse=True)
    if not rows:
        return None
    figures = [row.amount for row in rows]
    scale = writer.chart_scale(figures)
    shown = [scale.text(figure) for figure in figures] if per == "total" else writer.even_costs(figures)
    positive = sum(figure for figure in figures if figure > 0)
    drawn = []
    for row, text in zip(rows, shown, strict=True):
        part = f"  ({writer.share(row.amount / positive)})" if row.amount > 0 else ""
        drawn.append(Bar(row.label, row.amount, text + part, palette.COSTS[row.kind]))
    currency = scale.unit(money(option)) if per == "total" else money(option)
    unit = of(option, f"{currency}{PER[per]}, undiscounted, before tax")
    return bars("Cost by kind", unit, drawn, "Kind of cost")


def ladder(option: OptionResult, found: Ladder) -> Chart:
    """Floating bars from the quote to the all-in figure, the last one from zero."""
    drawn: list[Bar] = []
    per = "Mtoken" if found.per == "Mtoken" else "response"
    amounts_of = [TIMES[per] * step.amount for step in found.steps]
    *shown, total = writer.even_costs([*amounts_of, sum(amounts_of)])
    reached = 0.0
    for step, amount, text in zip(found.steps, amounts_of, shown, strict=True):
        told = writer.signed(amount, text) if drawn else text
        drawn.append(Bar(step.label, reached + amount, told, palette.COSTS[step.kind], reached))
        reached += amount
    drawn.append(Bar(TOTAL.label, reached, total, TOTAL))
    unit = of(option, f"{money(option)}{PER[per]}, undiscounted, before tax")
    return bars("What the quote leaves out", unit, drawn, "Step")


def by_workload(option: OptionResult) -> Chart | None:
    """A bar for each workload, one without a figure left out; None if all are."""
    names, costs = option.keys("workload"), option.figure("workload_cost_per_meaningful_response")
    known = [(name, TIMES["response"] * cost) for name, cost in zip(names, costs, strict=True) if cost is not None]
    shown = writer.unit_costs([cost for _, cost in known])
    drawn = [Bar(name, cost, text, Tone(name, palette.ACCENT)) for (name, cost), text in zip(known, shown, strict=True)]
    unit = of(option, f"{money(option)}{PER['response']}, undiscounted, before tax")
    return bars("Cost per meaningful response by workload", unit, drawn, "Workload") if drawn else None


def cash(option: OptionResult) -> Chart:
    """Columns of each year's payments by family of cost, resale below the line, and the net of the year above."""
    paid, names = statement(option), option.year_names
    above = [sum(max(0.0, line.amounts[y]) for line in paid.families) for y in range(len(names))]
    scale = writer.table_scale([*paid.net.amounts, *above])
    unit = scale.unit(money(option))
    rows: Rows = [
        {
            "year": name,
            "part": line.label,
            "order": position,
            "amount": line.amounts[y] / scale.divisor,
            "shown": scale.text(line.amounts[y]),
        }
        for position, line in enumerate(paid.families)
        for y, name in enumerate(names)
        if line.amounts[y]
    ]
    sums: Rows = [
        {
            "year": name,
            "amount": net / scale.divisor,
            "top": top / scale.divisor,
            "shown": scale.text(net),
            "text": f"{scale.text(net)}{' net' if top - net > abs(net) / 1000 else ''}",
        }
        for name, net, top in zip(names, paid.net.amounts, above, strict=True)
    ]
    tones = [*palette.FAMILIES.values()]
    spec = _cash().bound(
        {"rows": rows, "sums": sums}, years=names, unit=unit, sum=f"Net, {unit}", **colours(present(tones, rows))
    )
    told = of(option, f"{unit}, nominal, before tax; fallback included")
    return Chart("Cash paid by year", told, spec, in_words("Cash paid by year, net", unit, sums, "year"))


@cache
def _cash() -> Declared:
    import altair as alt

    base = alt.Chart(alt.NamedData("sums"))
    tick = base.mark_tick(thickness=3, width={"band": 0.86}, color=palette.OUTLINE)
    tick = tick.encode(x=years(), y=amounts(alt.Y), tooltip=tips(year="Year", shown=slot("sum")))
    label = base.mark_text(dy=-8, fontSize=12, fontWeight=600, color=ink())
    label = label.encode(x=years(), y=amounts(alt.Y, "top"), text="text:N")
    return declared(alt.layer(columns("Family of cost"), tick, label).properties(height=HEIGHT))


def columns(what: str, form: str = "", **more: Any) -> Any:
    """Stacked columns by year of the data `rows`, in the order of the field `order`."""
    import altair as alt

    base = alt.Chart(alt.NamedData("rows")).mark_bar(width={"band": 0.7}, **EDGE)
    return base.encode(
        x=years(),
        y=amounts(alt.Y, **({"form": form} if form else {}), **more),
        order="order:Q",
        color=key(width=230),
        tooltip=tips(year="Year", part=what, shown=slot("unit")),
    )


def reading_and_writing(option: OptionResult) -> Chart | None:
    """One bar cut into what reading and what writing costs; None where they are not told apart."""
    parts = [(palette.READING, option.number("reading_cost")), (palette.WRITING, option.number("writing_cost"))]
    if any(amount is None for _, amount in parts):
        return None
    rows: Rows = [
        {"row": 0, "part": tone.label, "order": position, "amount": amount, "shown": writer.money(amount)}
        for position, (tone, amount) in enumerate(parts)
        if amount
    ]
    title, unit = "Infrastructure cost of input and output", of(option, f"{money(option)}, undiscounted, before tax")
    spec = _split().bound({"rows": rows}, unit=unit, **colours(present([tone for tone, _ in parts], rows)))
    return Chart(title, unit, spec, in_words(title, unit, rows))


@cache
def _split() -> Declared:
    import altair as alt

    base = alt.Chart(alt.NamedData("rows")).mark_bar(**EDGE)
    bar = base.encode(
        y=alt.Y("row:O", axis=None),
        x=alt.X("amount:Q", axis=None, stack="normalize"),
        order="order:Q",
        color=key(),
        tooltip=tips(part="Part", shown=slot("unit")),
    )
    # A step, since a height in pixels is that of bar and legend together on a page.
    return declared(bar.properties(height=alt.Step(40)))


# ------------------------------------------------------------------------------------------------ options side by side


def per_response(result: Result) -> Chart:
    """What the measure that ranks is made of with each option, by family; one without a figure has no bar."""
    parts, figures = {}, {each.name: each.figure for each in ranking(result) if not each.missing}
    for name, figure in figures.items():
        option = result.options[name]
        total = option.values[METRIC]
        times = figure * REQUESTS_PER_THOUSAND / total if figure and total else 0.0
        parts[name] = [(family, times * amount) for family, amount in by_family(option).items()]
    unit = f"{money(reference(result))}{PER['response']}, present value basis, before tax, fallback included"
    sums = dict(zip(parts, writer.unit_costs([of_thousand(figure) for figure in figures.values()]), strict=True))
    return stacks(parts, palette.FAMILIES, "Cost per meaningful response by family", unit, writer.unit_cost, sums)


def present_value(result: Result, names: Sequence[str]) -> Chart:
    """The present value of cost of the options of these names, by family, unserved requests at the fallback price."""
    held = {
        each.name: by_family(result.options[each.name])
        for each in ranking(result)
        if each.name in names and not each.missing
    }
    scale = writer.chart_scale([sum(each.values()) for each in held.values()])
    parts = {name: [(family, amount / scale.divisor) for family, amount in each.items()] for name, each in held.items()}
    unit = f"{scale.unit(money(reference(result)))}, before tax, fallback included"
    return stacks(parts, palette.FAMILIES, "Present value of cost by family", unit, replace(scale, divisor=1.0).text)


def confidence(shares: Mapping[str, Mapping[str, float]]) -> Chart:
    """For each option the share of cost whose price rests on each confidence; what is assumed is written beside."""
    parts = {name: list(found.items()) for name, found in shares.items()}
    beside = {name: f"{writer.share(found.get('assumed', 0.0))} assumed" for name, found in shares.items()}
    title, unit = "Cost by the evidence for its prices", "share of the cost before resale"
    return stacks(parts, palette.CONFIDENCES, title, unit, writer.share, beside, shares=True)


def waiting(found: Waiting, name: Mapping[int, str], currency: str, basis: str) -> Chart:
    """The cost of the whole horizon for each time of purchase, `name` by years from now; the last buys nothing."""
    scale = writer.chart_scale([*(start.total for start in found.starts), found.never])
    parts = {
        name[start.years]: [("own", start.own / scale.divisor), ("interim", start.interim / scale.divisor)]
        for start in found.starts
    }
    parts[NEVER] = [("interim", found.never / scale.divisor)]
    unit = f"{found.option}: {scale.unit(currency or 'money')}, {basis}"
    return stacks(
        parts, WAITING, "Cost of the whole period by year of purchase", unit, replace(scale, divisor=1.0).text
    )


def stacks(
    options: Mapping[str, Sequence[tuple[str, float]]],
    tones: Mapping[str, Tone],
    title: str,
    unit: str,
    write: Write,
    beside: Mapping[str, str] | None = None,
    *,
    shares: bool = False,
) -> Chart:
    """A stacked bar for each option, part by part, with the sum at its right, or what `beside` says instead.

    `shares` are parts of one whole.
    """
    rows: Rows = []
    totals: Rows = []
    for number, (name, parts) in enumerate(options.items()):
        amounts_of = dict(parts)
        rows += [
            {
                "row": number,
                "option": name,
                "part": tone.label,
                "order": position,
                "amount": amounts_of[each],
                "shown": write(amounts_of[each]),
            }
            for position, (each, tone) in enumerate(tones.items())
            if amounts_of.get(each)
        ]
        shown = beside[name] if beside else write(sum(amount for _, amount in parts))
        totals.append({"row": number, "option": name, "shown": shown})
    spec = _stacks(shares).bound(
        {"rows": rows, "totals": totals},
        names=list(options),
        shown=[row["shown"] for row in totals],
        unit=unit,
        **colours(present([*tones.values()], rows)),
    )
    return Chart(title, unit, spec, in_words(title, unit, totals, "option"))


@cache
def _stacks(shares: bool) -> Declared:
    import altair as alt

    across = amounts(alt.X, form=".0%", scale=alt.Scale(domain=[0, 1])) if shares else amounts(alt.X)
    parts = alt.Chart(alt.NamedData("rows")).mark_bar(height={"band": 0.72}, **EDGE)
    parts = parts.encode(
        y=numbered("left", "names"),
        x=across,
        order="order:Q",
        color=key(),
        tooltip=tips(option="Option", part="Part", shown=slot("unit")),
    )
    totals = alt.Chart(alt.NamedData("totals")).mark_tick(opacity=0).encode(y=numbered("right", "shown"))
    params = [alt.param(name=name, value=[slot(name)]) for name in ("names", "shown")]
    layers = alt.layer(parts, totals).resolve_axis(y="independent").add_params(*params)
    return declared(layers.properties(height=alt.Step(38)))


def paid_by(result: Result, names: Sequence[str], best: str | None = None, second: str | None = None) -> Chart:
    """A line for each option of these names: what has been paid by the end of each year, unserved requests included.

    The recommended option and the next best stand out, the others are dashed; each line is labelled at its end, and
    options that pay alike share one.
    """
    year_names = reference(result).year_names
    sums: dict[str, tuple[float, ...]] = {
        name: statement(result.options[name]).cumulative.amounts for name in result.options if name in names
    }
    scale = writer.chart_scale([value for row in sums.values() for value in row])
    rows: Rows = []
    ends: Rows = []
    for name, amounts_paid in sums.items():
        alike = [other for other in sums if sums[other] == amounts_paid]
        role = BEST if best in alike else NEXT if second in alike else OTHER
        if name != next((other for other in (best, second) if other in alike), alike[0]):
            continue
        points = [0.0, *amounts_paid]
        rows += [
            {
                "part": name,
                "role": role,
                "order": at,
                "at": at,
                "amount": paid / scale.divisor,
                "shown": scale.text(paid),
            }
            for at, paid in enumerate(points)
        ]
        last = amounts_paid[-1]
        ends.append(
            {
                "part": _named_alike(name, len(alike) - 1, scale.text(last)),
                "role": role,
                "at": len(amounts_paid),
                "amount": last / scale.divisor,
                "shown": scale.text(last),
            }
        )
    unit = f"{scale.unit(money(reference(result)))}, by year end, fallback included"
    spread(ends, rows)
    crossed = _crossing(best, second, sums, year_names) if best in sums and second in sums else None
    spec = _paid_by().bound(
        {
            "rows": rows,
            "ends": [end | {"text": f"{end['part']} {end['shown']}"} for end in ends],
            "crossings": [{**crossed, "amount": crossed["amount"] / scale.divisor}] if crossed else [],
        },
        years=year_names,
        unit=unit,
        lines="Option",
    )
    return Chart("Cumulative cash paid", unit, spec, in_words("Cumulative cash paid, at the end", unit, ends))


def _named_alike(name: str, others: int, figure: str) -> str:
    """An option at the end of its line, with how many others pay alike: the figure behind it must stay in sight."""
    more = f" (+{others})" if others else ""
    room = _AT_END - len(f"{more} {figure}")
    short = name if len(name) <= room else name[: room - 1].rstrip() + "\u2026"
    return f"{short}{more}"


def _crossing(
    best: str, second: str, sums: Mapping[str, Sequence[float]], years: Sequence[str]
) -> dict[str, Any] | None:
    """Where of the two one has first been paid more than the other after having been paid less; None where never."""
    gaps = [0.0, *(ours - theirs for ours, theirs in zip(sums[best], sums[second], strict=True))]
    for at, (before, after) in enumerate(itertools.pairwise(gaps)):
        if before * after < 0:
            part = before / (before - after)
            start = sums[best][at - 1]
            return {
                "at": at + part,
                "amount": start + part * (sums[best][at] - start),
                "text": f"{best if after > 0 else second} overtakes, {years[at]}",
                "early": at + part < len(years) / 2,
            }
    return None


@cache
def _paid_by() -> Declared:
    import altair as alt

    years_of = alt.param(name="years", value=[slot("years")])
    # Room for the labels at the right, more of it on a telephone.
    span = alt.Scale(domainMin=0, domainMax=alt.ExprRef("length(years) * (width < 360 ? 1.75 : 1.45)"), nice=False)
    axis = alt.Axis(
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        values=alt.ExprRef("sequence(1, length(years) + 1)"),
        labelExpr="years[datum.value - 1]",
    )
    x = alt.X("at:Q", scale=span, axis=axis)
    crossing = alt.Chart(alt.NamedData("crossings")).encode(x=x, y=amounts(alt.Y))
    ring = crossing.mark_point(size=90, filled=False, strokeWidth=1.6, opacity=1, color=ink())
    # The words stand where there is room for them; the lines beneath end at a rim around them.
    side, away, down = (
        alt.ExprRef(f"datum.early ? {early} : {late}") for early, late in (("'left'", "'right'"), (8, -8), (16, -12))
    )
    rim: dict[str, Any] = {"stroke": paper(), "strokeWidth": 4, "strokeJoin": "round", "aria": False}
    shown: dict[str, Any] = {"color": ink()}
    told = [
        crossing.mark_text(fontSize=12, align=side, dx=away, dy=down, **tone).encode(text="text:N")
        for tone in (rim, shown)
    ]
    layers = [*ended(x, amounts(alt.Y), points=True), ring, *told]
    return declared(alt.layer(*layers).add_params(years_of).properties(height=HEIGHT - 60))


# -------------------------------------------------------------------------------------------------------- step by step


def levers(found: Waterfall, title: str, unit: str, write: Write) -> Chart:
    """Floating bars from the figure as it stands to the one with all levers; levers that bring nothing are left out."""
    drawn = [Bar(STANDS, found.start, write(found.start), WHOLE)]
    reached = found.start
    for bar in (each for each in found.bars if each.amount):
        tone = RAISES if bar.amount > 0 else ASSUMED if bar.assumed else LOWERS
        sign = "+" if bar.amount > 0 else ""
        shown = f"{sign}{write(bar.amount)}  ({_part(bar.amount, found.start)})"
        drawn.append(Bar(bar.label, reached + bar.amount, shown, tone, reached))
        reached += bar.amount
    change = _part(found.end - found.start, found.start)
    drawn.append(Bar(ALL, found.end, f"{write(found.end)}  ({change})", WHOLE))
    return bars(title, unit, drawn, "Lever", (WHOLE, LOWERS, ASSUMED, RAISES))


def _part(amount: float, whole: float) -> str:
    return writer.change(amount / whole if whole else None)


def claim_steps(
    reached: Sequence[tuple[str, float | None, bool]], title: str, unit: str, write: Write, nothing: str
) -> Chart:
    """A bar for the figure as published and after each step; `nothing` is written where a step leaves no figure.

    Each of `reached` is a name, the figure, and whether the step moved it; the first stands for the publication.
    """
    drawn = []
    for position, (name, value, moves) in enumerate(reached):
        tone = PUBLISHED if position == 0 else MOVED if moves else UNMOVED
        shown = nothing if value is None else write(value)
        drawn.append(Bar(f"{position}. {name}" if position else name, value or 0.0, shown, tone))
    return bars(title, unit, drawn, "Step", (PUBLISHED, MOVED, UNMOVED))
