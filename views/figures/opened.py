"""A figure opened: what it means, its formula in words and in figures, what goes into it, and where that comes from.

A drawer beside the page; each line a formula reads can be opened in turn, and the way back stands above. The drawer
reruns alone: the trail of opened lines is a list that it is given and keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from models.analysis.words import unit_words
from models.engine.expression import Name, Node, children
from models.notation import writer
from models.run import opened as explain
from models.run.model import OptionResult, Result
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from views import session
from views.figures import drawing, printed, typed, wording
from views.figures import written as figures

NAME_COLUMN = "Figure"
UNIT_COLUMN = "Unit"
LONGEST_ROW = 12
# Up to so many columns of figures stand beside their names on a telephone; of more the names stay where they scroll,
# no wider than leaves room for one whole column, in pixels.
FEW, WIDEST = 2, 250
OPEN, DEEPER = ":material/search_insights:", ":material/chevron_right:"


@dataclass(frozen=True)
class Row:
    """A row of a table of figures: clicking its label opens `line` (of `option`, where it is not the table's own)."""

    label: str
    cells: Sequence[str]
    line: str
    unit: str = ""
    option: str = ""


def button(result: Result, option: str, line: str, label: str, key: str) -> None:
    """A button that opens a line."""
    if st.button(label, key=key, type="tertiary", icon=OPEN):
        show(result, option, line)


def table(
    key: str,
    result: Result,
    option: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    alt: str,
    *,
    like: Sequence[Row] = (),
) -> None:
    """A table of written figures; the label of each row opens it.

    Tables that stand one beneath another have the columns of the rows of all, which are `like`.
    """
    every = like or rows
    with_units = any(row.unit for row in every)
    widths = {name: drawing.wide([row.cells[n] for row in every]) for n, name in enumerate(columns)}
    frame: dict[str, list[str]] = {NAME_COLUMN: [f"{DEEPER} {row.label}" for row in rows]}
    for position, column in enumerate(columns):
        frame[column] = [row.cells[position] for row in rows]
    if with_units:
        frame[UNIT_COLUMN] = [row.unit for row in rows]
    clicks = f"{key} clicked"
    names = st.column_config.ButtonColumn(
        "Figure (click to open)",
        type="tertiary",
        alignment="left",
        pinned=len(columns) > FEW,
        key=clicks,
        width=drawing.PINNED if 1 < len(columns) <= FEW else _width(every),
    )
    figures = {name: st.column_config.TextColumn(name, alignment="right", width=wide) for name, wide in widths.items()}
    units = st.column_config.TextColumn(UNIT_COLUMN, width=drawing.wide([row.unit for row in every]))
    drawing.grid(frame, alt, configured={NAME_COLUMN: names, **figures, UNIT_COLUMN: units}, key=key)
    click = session.entered(clicks)
    if click is not None and 0 <= click["row"] < len(rows):
        row = rows[click["row"]]
        show(result, row.option or option, row.line)


def finder(result: Result, option: str, key: str) -> None:
    """Any line of the model by its name: also the way to open a table's line without a mouse."""
    lines = result.options[option].model.lines
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox(
            "Open any figure by its name",
            list(lines),
            index=None,
            format_func=lambda line: f"{lines[line].label} ({line})",
            placeholder="Type a few letters",
            key=key,
        )
        if st.button("Open", icon=OPEN, key=f"{key} open") and name is not None:
            show(result, option, name)


def _width(rows: Sequence[Row]) -> int:
    """Pixels for the longest label, within what a telephone can spare."""
    longest = max((len(row.label) for row in rows), default=0)
    return min(WIDEST, 7 * longest + 60)


def show(result: Result, option: str, line: str) -> None:
    """Open a line of an option in the drawer."""
    _drawer(result, option, [line])


@st.dialog("Trace", width="medium", position="right", icon=OPEN)
def _drawer(result: Result, option: str, trail: list[str]) -> None:
    body(result, option, trail)


def body(result: Result, option: str, trail: list[str]) -> None:
    """What stands in the drawer: the last line of the trail, opened."""
    names = list(result.options)
    if len(names) > 1:
        chosen = st.selectbox("Option", names, index=names.index(option), key=f"drawer option {option}")
        option = chosen if chosen in names else option
    found = result.options[option]
    _way_back(found, trail)
    _line(found, trail[-1])
    _parts(found, trail)


def _way_back(option: OptionResult, trail: list[str]) -> None:
    if len(trail) < 2:
        return
    with st.container(horizontal=True, gap="small"):
        for position, name in enumerate(trail[:-1]):
            label = figures.plain(explain.label_of(name, option.model))
            st.button(
                label, icon=":material/arrow_back:", key=f"back {position}", on_click=_cut, args=(trail, position + 1)
            )


def _cut(trail: list[str], length: int) -> None:
    del trail[length:]


def _go(trail: list[str], name: str) -> None:
    trail.append(name)


def _line(option: OptionResult, name: str) -> None:
    """Meaning, figure and formula of a line."""
    opened = explain.opened(option, name)
    line = option.model.lines[name]
    unit = unit_words(line.unit, option.study.currency)
    st.header(figures.plain(opened.label), anchor=False)
    if isinstance(opened.figure, list):
        st.markdown(figures.plain(unit))
        _series(option, name, opened.figure)
    else:
        shown = writer.quantity(writer.exact(opened.figure), unit, option.study.currency)
        st.markdown(f"**{figures.plain(shown)}**")
    if opened.figure is None and line.known:
        label = explain.label_of(line.known, option.model)
        printed.flag(f"Not applicable: “{label}” does not hold.")
    st.markdown(figures.plain(opened.meaning))
    with st.container(gap="small"):
        st.caption("Formula")
        st.markdown(f"= {figures.plain(opened.formula)}")
        worked = in_figures(option, name)
        if worked:
            st.markdown(f"= {figures.plain(worked)}")
    st.caption(f"Chapter: {figures.plain(opened.chapter)}. Name in files and in the workbook: `{name}`")


def in_figures(option: OptionResult, name: str) -> str:
    """A formula with figures in place of names; "" where it reads years, rows or a text."""
    line = option.model.lines[name]
    read = {leaf: _value(option, leaf) for leaf in _read(line.formula)}
    if any(isinstance(value, list | str) or value is None for value in read.values()):
        return ""
    return explain.line_in_words(line, lambda leaf: writer.exact(read[leaf]))


def _read(node: Node) -> list[str]:
    if isinstance(node, Name):
        return [node.name]
    return [name for child in children(node) for name in _read(child)]


def _value(option: OptionResult, name: str) -> Any:
    if name in option.model.lines:
        return option.figure(name)
    return explain.CONSTANTS.get(name, option.gathered.values.get(name))


def _series(option: OptionResult, name: str, figure: Sequence[Any]) -> None:
    """A figure by year, by row, or by row and year."""
    shape = option.model.lines[name].shape
    columns = _column_names(option, shape.column, len(figure if shape.row is None else figure[0]) if figure else 0)
    if shape.row is None:
        rows = {"": figure}
    else:
        rows = {key: row if shape.column else [row] for key, row in option.shown(name).items()}
    frame: dict[str, list[str]] = {} if shape.row is None else {shape.row.capitalize(): list(rows)}
    for position, column in enumerate(columns):
        frame[column] = [writer.exact(row[position]) for row in rows.values()]
    drawing.table(frame, option.model.lines[name].label, right=columns)


def _column_names(option: OptionResult, column: str | None, count: int) -> list[str]:
    if column is None:
        return ["Figure"]
    if column == "year":
        return option.year_names
    return [f"{column} {number}" for number in range(1, count + 1)]


def _parts(option: OptionResult, trail: list[str]) -> None:
    """What the formula reads: lines that can be opened, inputs with their sources, constants."""
    parts = [part for part in explain.opened(option, trail[-1]).parts if part.kind != "index"]
    if not parts:
        return
    st.markdown("**Made of**")
    for part in parts:
        name, value = st.columns([3, 2], vertical_alignment="center")
        unit = unit_words(_unit(option, part.name), option.study.currency)
        label = figures.plain(part.label)
        if part.kind == "line":
            key = f"part {len(trail)} {part.name}"
            name.button(label, key=key, type="tertiary", icon=DEEPER, on_click=_go, args=(trail, part.name))
        else:
            name.markdown(label + ("" if part.kind == "input" else " (fixed)"))
        shown, currency = brief(part.figure), option.study.currency
        is_figure = isinstance(part.figure, int | float)
        value.markdown(figures.plain(writer.quantity(shown, unit, currency) if is_figure else f"{shown} {unit}"))
        for path, source in part.sources:
            st.markdown(source_line(option, path, source))


def _unit(option: OptionResult, name: str) -> str:
    model = option.model
    if name in model.lines:
        return model.lines[name].unit
    return model.plan.inputs[name].unit if name in model.plan.inputs else explain.CONSTANTS[name].unit


def brief(figure: Any) -> str:
    """A part's figure in one line; tables only by their size."""
    if not isinstance(figure, list):
        return _or_blank(figure, writer.exact)
    if not figure:
        return "no rows"
    if isinstance(figure[0], list):
        return f"{len(figure)} rows by {len(figure[0])} columns"
    shown = [_or_blank(value, writer.physical) for value in figure[:LONGEST_ROW]]
    return "; ".join(shown) + (" ..." if len(figure) > LONGEST_ROW else "")


def _or_blank(value: Any, write: Callable[[Any], str]) -> str:
    """A figure or text; "blank" where an input holds nothing."""
    if value is None or value != value:
        return "blank"
    return value if isinstance(value, str) else write(value)


def source_line(option: OptionResult, path: str, value: Value) -> str:
    """One input in a line: where it stands, its value and range, confidence, source, date and note."""
    each, at = option.study.input(path), address(path)
    entry, basis = each.entry, each.place.row.basis
    currency = option.study.currency
    unit = wording.unit(each.unit, currency)
    where = at.owner if at.table == "workload" else at.key or (at.table if at.table not in ("study", "option") else "")
    shown = ["blank" if value.blank else writer.quantity(written(entry, value.value, basis), unit, currency)]
    if value.low is not None and value.high is not None:
        shown.append(f"range {written(entry, value.low, basis)} to {written(entry, value.high, basis)}")
    source, confidence = source_text(value), schema.confidence_label(value.confidence)
    shown += [text for text in (confidence, value.as_of, value.by) if text and text != source]
    line = f"{figures.plain(where)}: " if where else ""
    line += figures.plain(", ".join(shown))
    return f"- {line}; {source}" + (f" ({figures.plain(value.note)})" if value.note else "")


def written(entry: Field, value: Any, basis: str = "") -> str:
    """An input's value as its field shows it; a calendar year without a comma."""
    if entry.kind == "whole" and not entry.unit and value is not None:
        return str(int(value))
    return typed.spelt(entry, value, basis)


def source_text(value: Value) -> str:
    """Where a value comes from, linked if it leads to a web page, ready for markdown."""
    link = figures.safe_link(value.url)
    if value.source or link:
        label = figures.plain(value.source or "source")
        return f"[{label}](<{link}>)" if link else label
    if value.set_by == "default":
        return "default"
    is_yours = value.set_by == "you" or value.confidence == schema.OWN
    return schema.confidence_label(schema.OWN) if is_yours else "no source"
