"""How far the answer swings when inputs move: the tornado of one input at a time, and the map over two."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from charts import decision, map
from charts.decision import Along, Swing
from charts.vocabulary import Chart
from models.analysis.metrics.headlines import PER
from models.analysis.metrics.measures import METRIC, RANKED_BY, sign
from models.analysis.sensitivity import tornado as tornados
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.map import WinMap
from models.analysis.sensitivity.map import win_map as computed_map
from models.analysis.sensitivity.named_input import Subject, decapitalised, subject
from models.analysis.sensitivity.tornado import Bar, End, Tornado
from models.analysis.words import listing, named, unit_words
from models.notation import writer
from models.notation.reader import Reading
from models.run.model import MODEL
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import StudyError
from views import session
from views.decision.case import BY_WORDS, Case, inputs
from views.fields import numbers
from views.fields.remembered import choice, switch
from views.figures import drawing, typed, wording, written

FIGURE, X, Y, AMONG = "decide tornado of", "decide map across", "decide map up", "decide map among"
TABLE, WINNER = "decide map table", "The cheapest option"
GAP = "gap"
SHOWN = 12
POINTS, TABLE_POINTS = 40, 7
# Figures that people look for first among all single figures of the model.
FIRST = tuple(
    dict.fromkeys((RANKED_BY, *PER.values(), "pv_cost", "comparison_pv_cost", "joules_per_meaningful_response"))
)
ALL, TWO = "All options", "These two"


# ------------------------------------------------------------------------------------------------------------- tornado


def tornado(case: Case) -> None:
    """Draw the tornado of the gap between the two, or of a single figure of the option."""
    metric = choice(FIGURE, "Sensitivity of", [GAP, *_figures()], GAP, words=lambda name: _figure_words(case, name))
    gap = metric == GAP
    line = case.metric if gap else metric
    try:
        with st.spinner("Running low and high for every input …", show_time=False):
            found = case.once(f"tornado {line} {gap}", lambda: _computed(case, line, gap))
    except StudyError as error:
        st.caption("; ".join(wording.problem(problem) for problem in error.problems))
        return
    if not found.bars:
        st.caption("No input with a range moves this figure.")
        return
    shown = found.bars[:SHOWN]
    drawing.chart(_tornado_chart(case, found, shown, gap, line))
    _tornado_words(found, gap)
    if st.toggle("Show all as a table", key="decide tornado table"):
        _tornado_table(case, found, gap, line)


def _computed(case: Case, line: str, gap: bool) -> Tornado:
    return tornados.tornado(case.study, case.option.name, line, case.against.name if gap else None)


def _figures() -> list[str]:
    """The single figures of the model, those that people look for first at the head."""
    lines = [
        n for n, each in MODEL.results.items() if not each.shape.row and not each.shape.column and each.unit != "text"
    ]
    rest = sorted((n for n in lines if n not in FIRST), key=lambda name: MODEL.lines[name].label)
    return [*FIRST, *rest]


def _figure_words(case: Case, name: str) -> str:
    if name == GAP:
        return f"Saving of {case.option.name} against {case.against.name} ({decapitalised(BY_WORDS[case.metric])})"
    unit = case.unit(name)
    return f"{case.option.name}: {MODEL.lines[name].label}{f', {unit}' if unit else ''}"


def _way(case: Case, gap: bool, line: str) -> float:
    """What figures are multiplied by to be shown: gaps as savings, where more is better for the option."""
    return case.times(line) * (-sign(line) if gap else 1.0)


def _tornado_chart(case: Case, found: Tornado, shown: Sequence[Bar], gap: bool, line: str) -> Chart:
    way = _way(case, gap, line)
    swings = [
        Swing(_named(case, bar), _end(case, bar, bar.low, way), _end(case, bar, bar.high, way), bar.changes_winner)
        for bar in shown
    ]
    one, two = case.names
    label = MODEL.lines[line].label
    title = f"Sensitivity of the saving of {one} against {two}" if gap else f"Sensitivity of {label}, {one}"
    return decision.tornado(swings, way * found.base, title, case.unit(line), tie=gap)


def _named(case: Case, bar: Bar) -> str:
    """The input with whose it is, its unit and its plan; both names where it moves in both options."""
    found, whose = subject(case.study, bar.path), _whose(case, bar)
    plan = found.written(bar.base, case.currency)
    return f"{found.label}{f' ({whose})' if whose else ''}, plan {plan}"


def _whose(case: Case, bar: Bar) -> str:
    """The options that hold the input, else what it belongs to; "" for the study's own."""
    homes = {address(path).option for path in bar.paths}
    owners = [name for name in case.names if name in homes]
    return "both" if len(owners) > 1 else (*owners, subject(case.study, bar.path).owner)[0]


def _end(case: Case, bar: Bar, end: End | None, way: float) -> tuple[float, str] | None:
    if end is None:
        return None
    return way * end.figure, subject(case.study, bar.path).number(end.value)


def _tornado_words(found: Tornado, gap: bool) -> None:
    """What the marks mean, how many inputs are beneath, and which were not run."""
    winners = "which of the two is cheaper" if gap else "which option is cheapest"
    turning = sum(bar.changes_winner for bar in found.bars)
    said = [f"{decision.CHANGES} {turning} of {len(found.bars)} inputs can change {winners} within their range."]
    if not turning:
        said = [f"No input changes {winners} anywhere at the ends of its range."]
    said.append(
        "The solid line is the figure as planned" + (", the dashed line where both cost the same." if gap else ".")
    )
    usual = sum(bar.range.origin == "usual" for bar in found.bars[:SHOWN])
    if usual:
        said.append(f"Without a range of their own, so with the typical one: {usual}.")
    proposed = sum(bar.range.origin == "proposed" for bar in found.bars[:SHOWN])
    if proposed:
        said.append(f"Your figures without a range, so with the one proposed: {proposed}.")
    said.append(f"{len(found.unmoved)} inputs have no effect; {len(found.skipped)} have no range or are not numbers.")
    st.caption(written.plain(" ".join(said)))


def _tornado_table(case: Case, found: Tornado, gap: bool, line: str) -> None:
    way = _way(case, gap, line)
    ends = [end.figure for bar in found.bars for end in (bar.low, bar.high) if end]
    scale = writer.table_scale([way * figure for figure in (found.base, *ends)])
    unit = scale.unit(case.unit(line))
    what = "Saved" if gap else "Figure"

    def figure(end: End | None) -> str:
        return writer.NONE if end is None else scale.text(way * end.figure)

    def value(bar: Bar, end: End | None) -> str:
        return writer.NONE if end is None else subject(case.study, bar.path).number(end.value)

    columns = {
        "Input": [subject(case.study, bar.path).label for bar in found.bars],
        "Low": [value(bar, bar.low) for bar in found.bars],
        "High": [value(bar, bar.high) for bar in found.bars],
        f"{what} at low, {unit}": [figure(bar.low) for bar in found.bars],
        f"{what} at high, {unit}": [figure(bar.high) for bar in found.bars],
        "Swing": [scale.text(abs(way) * bar.swing) for bar in found.bars],
        "Of": [_whose(case, bar) for bar in found.bars],
        "Changes the order": ["yes" if bar.changes_winner else "no" for bar in found.bars],
        "Range from": [bar.range.source or "entered range" for bar in found.bars],
    }
    configured = {"Input": st.column_config.TextColumn("Input", width=drawing.PINNED, pinned=True)}
    drawing.grid(columns, "Every input of the tornado", right=list(columns)[1:6], configured=configured, height=420)


# ----------------------------------------------------------------------------------------------------------------- map


@dataclass(frozen=True)
class _Side:
    """One axis of the map: its input, and from where to where."""

    subject: Subject
    low: float
    high: float


def win_map(case: Case) -> None:
    """Draw which option wins where, over two inputs that can be chosen, and the same as a table."""
    everybody = tuple(case.result.options)
    left, right = st.columns(2, gap="medium")
    offered = case.once("all inputs", lambda: inputs(case, *everybody))
    words = {each.path: each.words for each in offered}
    usual = _usual_axes(case)
    with left:
        across = choice(X, "X axis", list(words), usual[0], words=lambda path: words.get(path, path))
    with right:
        rest = [path for path in words if path != across]
        up = choice(
            Y,
            "Y axis",
            rest,
            next(path for path in (usual[1], *rest) if path != across),
            words=lambda p: words.get(p, p),
        )
    among = everybody
    if len(everybody) > 2 and switch(AMONG, "Options", {ALL: ALL, TWO: TWO}, ALL) == TWO:
        among = tuple(name for name in everybody if name in case.names)
    sides = _sides(case, across, up)
    if sides is None:
        st.caption("Enter a valid range to draw the map.")
        return
    x, y = sides
    what = f"map by {case.metric} {across} {x.low} {x.high} {up} {y.low} {y.high} {among}"
    try:
        with st.spinner("Computing every option at every point ...", show_time=False):
            found = case.once(what, lambda: _map(case, x, y, among))
    except StudyError as error:
        st.caption("; ".join(wording.problem(problem) for problem in error.problems))
        return
    _map_chart(case, found, x, y)


def _usual_axes(case: Case) -> tuple[str, str]:
    """How much is asked for, against the largest price of the option."""
    looked_at = candidates(case.option, case.against)
    price = next((path for path in looked_at if subject(case.study, path).is_price), looked_at[0])
    asked = next((path for path in looked_at if path.endswith("/requests_per_day")), "study/discount_rate")
    return (asked, price) if asked != price else ("study/discount_rate", price)


def _map(case: Case, x: _Side, y: _Side, among: tuple[str, ...]) -> WinMap:
    return computed_map(
        case.study,
        x.subject.path,
        y.subject.path,
        metric=case.metric,
        x_range=(x.low, x.high),
        y_range=(y.low, y.high),
        options=among,
        points=POINTS,
        borders=False,
        together=True,
    )


# -------------------------------------------------------------------------------------------------------- map: ranges


def _sides(case: Case, across: str, up: str) -> tuple[_Side, _Side] | None:
    """Both axes with their ranges, which can be typed; None while one of them cannot be read."""
    with st.popover("Ranges", icon=":material/straighten:"):
        x, y = _side(case, across), _side(case, up)
    return (x, y) if x and y else None


def _side(case: Case, path: str) -> _Side | None:
    varied = subject(case.study, path, together=True)
    usual = usual_span(varied)
    unit = "" if varied.in_percent else unit_words(varied.unit, case.currency)
    st.markdown(f"**{written.plain(varied.name)}**{written.plain(f', {unit}' if unit else '')}")
    with st.container(horizontal=True):
        ends = [_typed(case, varied, which, end) for which, end in zip(("From", "To"), usual, strict=True)]
    low, high = ends
    if low is None or high is None:
        return None
    if low >= high:
        fault = f"From ({varied.number(low)}) must be below To ({varied.number(high)})."
        drawing.error(written.plain(fault))
        return None
    return _Side(varied, low, high)


def _typed(case: Case, varied: Subject, which: str, usual: float) -> float | None:
    """An end of a range as it was typed; None, with the reason beside it, where it cannot be read."""

    def read(text: str) -> Reading:
        if not text.strip():
            return Reading(usual)
        return typed.read(varied.entry, text, session.policy(), basis=varied.basis, currency=case.currency)

    def write(value: float) -> str:
        return typed.spelt(varied.entry, value, varied.basis, session.marks())

    entry, label = f"decide {which} {varied.path} {write(usual)}", f"{which} ({written.plain(varied.label)})"
    return numbers.asked(entry, label, usual, read=read, write=write, width=220).value


def usual_span(varied: Subject) -> tuple[float, float]:
    """From where to where an input is mapped unless somebody says otherwise: its range, today included.

    Without a range from half to one and a half times what it is; around nothing, from nothing to 1 (or 50 %).
    """
    base, bounds = varied.base, varied.range
    ends = [] if base is None else [base]
    if bounds is not None:
        ends += [end for end in (bounds.low, bounds.high) if end is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 0.0)
    if low == high:
        reach = abs(low) / 2 or (0.5 if varied.in_percent else 1.0)
        low, high = (low - reach if low else 0.0), high + reach
    low, high = _inside(varied.entry, low), _inside(varied.entry, high)
    if varied.entry.kind == "whole":
        low = float(math.ceil(low))
        high = max(float(math.floor(high)), low + 1)
    return low, high


def _inside(entry: schema.Field, value: float) -> float:
    """A value moved to where the input may lie; a bound that is itself refused is left by a hair."""
    if entry.minimum is not None and value <= entry.minimum:
        return entry.minimum + (1e-3 * max(abs(entry.minimum), 1.0) if entry.exclusive_minimum else 0.0)
    if entry.maximum is not None and value >= entry.maximum:
        return entry.maximum - (1e-3 * max(abs(entry.maximum), 1.0) if entry.exclusive_maximum else 0.0)
    return value


# ------------------------------------------------------------------------------------------------------- map: drawing


def _map_chart(case: Case, found: WinMap, x: _Side, y: _Side) -> None:
    across, up = (Along.of(s.subject, axis.values, case.currency) for s, axis in ((x, found.x), (y, found.y)))
    title = f"Cheapest option, by {decapitalised(BY_WORDS[case.metric])}"
    places = [case.places[name] for name in found.options]
    st.markdown(written.plain(_map_words(found)))
    drawing.chart(map.win_map(found, across, up, places, title))
    _map_table(case, found, x, y)


def _map_words(found: WinMap) -> str:
    shares = sorted(((found.share(name), name) for name in found.options), reverse=True)
    ahead = [f"{named([name])} on {writer.share(share)}" for share, name in shares if share]
    now = (
        f"In the base case {named(list(found.base))} {'is' if len(found.base) == 1 else 'are'} cheapest."
        if found.base
        else ""
    )
    return f"Cheapest: {listing(ahead) or 'none'} of the map. {now}".strip()


def _map_table(case: Case, found: WinMap, x: _Side, y: _Side) -> None:
    """The winner, or an option's figure, at a few points of the map, computed, the highest upright value on top."""
    shown = choice(TABLE, "The table shows", [WINNER, *found.options], WINNER, words=lambda each: _told(case, each))
    columns_at = list(_spread(len(found.x.values)))
    rows_at = list(reversed(list(_spread(len(found.y.values)))))
    columns = {y.subject.label: [y.subject.number(found.y.values[row]) for row in rows_at]}
    for column in columns_at:
        cells = [_cell(case, found, shown, row, column) for row in rows_at]
        columns[x.subject.number(found.x.values[column])] = cells
    drawing.table(columns, "The map at some of its points", right=[] if shown == WINNER else list(columns)[1:])
    tied = " Where several cost the same, the map shows the first of them." if found.tied.any() else ""
    st.caption(written.plain(f"Across: {x.subject.name}. Down: {y.subject.name}.{tied}"))


def _told(case: Case, shown: str) -> str:
    return WINNER if shown == WINNER else f"{shown}: {decapitalised(BY_WORDS[case.metric])}, {case.unit(case.metric)}"


def _cell(case: Case, found: WinMap, shown: str, row: int, column: int) -> str:
    """Who is cheapest at a point, or what an option costs there."""
    if shown == WINNER:
        return _winners(found, row, column)
    figure = float(found.figures[shown][row, column]) * case.times(case.metric)
    if not math.isfinite(figure):
        return writer.NONE
    return writer.money(figure) if case.metric == METRIC else writer.unit_cost(figure)


def _spread(count: int) -> Iterator[int]:
    number = min(TABLE_POINTS, count)
    yield from dict.fromkeys(round(n * (count - 1) / (number - 1)) for n in range(number))


def _winners(found: WinMap, row: int, column: int) -> str:
    code = int(found.winner[row, column])
    return " = ".join(found.winners_at(row, column)) if code >= 0 else map.NO_FIELD[code].label
