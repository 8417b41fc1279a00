"""Cases and ranges: every uncertain input with low, base, high and distribution, in one table that can be edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas
import streamlit as st

from models.analysis.risk import told
from models.analysis.risk.distributions import Spread
from models.analysis.risk.inputs import Listed, Uncertain, uncertain_inputs
from models.analysis.sensitivity.named_input import subject
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study
from views import session
from views.fields import forms
from views.fields.forms import Place
from views.figures import drawing, typed, wording, written
from views.inputs.uncertainty import cases, correlations, price_paths

ENTRY = "ranges"
INPUT, LOW, BASE, HIGH, UNIT, OF = "Input", "Low", "Base", "High", "Unit", "Of"
HOW, WHOSE = "Distribution", "Range"
# Pixels for "USD per million tokens", which is the longest of the usual units.
UNIT_WIDTH = 165
COLUMNS = (INPUT, LOW, BASE, HIGH, UNIT, OF, HOW, WHOSE)
EDITABLE = (LOW, HIGH, HOW)
HEIGHT = 560


@dataclass(frozen=True)
class Line:
    """One quantity of the table: the places that hold it, and its cells as text."""

    paths: tuple[str, ...]
    cells: Mapping[str, str]


def show() -> None:
    """Draw the settings of the simulation, the table, and what is held although it has a range."""
    study = session.study()
    where = (Place("", "risk", study.risk),)
    with st.container(gap="xsmall"):
        for name in ("draws", "seed", "proposed_ranges"):
            forms.draw(schema.field("risk", name), where)
    try:
        listed = uncertain_inputs(study)
    except StudyError as error:
        for problem in error.problems:
            st.error(wording.problem(problem), icon=":material/error:")
        return
    stated = sum(each.origin == "stated" for each in listed.inputs)
    st.caption(
        written.plain(
            f"{len(listed.inputs)} inputs are drawn: {stated} over a stated range, {len(listed.inputs) - stated} over "
            "a range proposed from the kind and age of their source. Low and high are the ends of a triangular, PERT "
            "or uniform distribution, or the 5th and 95th percentiles of a normal or lognormal one. Typing a range "
            "states it; clearing both ends removes it. An input that several options share is drawn once."
        )
    )
    _table(study, listed)
    if listed.held:
        held = "; ".join(f"{each.label} {each.reason}" for each in listed.held)
        st.caption(written.plain(f"Not drawn: {held}."))
    correlations.show(study, listed)
    price_paths.show()
    cases.show()


# --------------------------------------------------------------------------------------------------------------- table


def _table(study: Study, listed: Listed) -> None:
    key, drawn = session.frozen(ENTRY, _contents(listed), lambda: list(lines(study, listed)))
    frame = pandas.DataFrame([[line.cells[c] for c in COLUMNS] for line in drawn], columns=list(COLUMNS), dtype="str")
    number = partial(st.column_config.TextColumn, alignment="right", width=drawing.NUMBER)
    aligned = {name: number(name) for name in (LOW, BASE, HIGH)}
    labels = [label for kind, label in schema.DISTRIBUTIONS.items() if kind != "discrete"]
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=[name for name in COLUMNS if name not in EDITABLE],
        column_config={
            **aligned,
            INPUT: st.column_config.TextColumn(
                INPUT, width=drawing.named([line.cells[INPUT] for line in drawn]), pinned=True
            ),
            UNIT: st.column_config.TextColumn(UNIT, width=UNIT_WIDTH),
            HOW: st.column_config.SelectboxColumn(HOW, options=labels, required=True, width=130),
        },
        height=min(HEIGHT, 37 + 35 * max(1, len(drawn))),
        on_change=_edited,
        args=(key, tuple(drawn)),
        alt="Uncertain inputs with low, base, high and distribution",
        placeholder="",
    )
    waiting = session.aside(ENTRY)
    for found in waiting.problems if waiting else ():
        drawing.error(wording.problem(found))


def _contents(listed: Listed) -> tuple[tuple[tuple[str, ...], tuple[Spread, ...], str], ...]:
    return tuple((each.paths, (each.spread, *each.years), each.origin) for each in listed.inputs)


def lines(study: Study, listed: Listed) -> Iterator[Line]:
    """The lines of the table as the study stands."""
    for each in listed.inputs:
        yield Line(each.paths, _cells(study, each))


def _cells(study: Study, each: Uncertain) -> dict[str, str]:
    found = study.input(each.path)
    spell = lambda number: typed.spelt(found.entry, number, found.place.row.basis)  # noqa: E731
    named = subject(study, each.path)
    unit = wording.unit(each.unit, study.currency, percent=named.in_percent)
    whose = each.source if each.origin == "proposed" else "stated"
    return {
        INPUT: named.label,
        LOW: spell(each.low),
        BASE: spell(each.base),
        HIGH: spell(each.high),
        UNIT: unit,
        OF: each.owner or named.owner,
        HOW: told.distribution(each),
        WHOSE: whose,
    }


def _edited(key: str, drawn: Sequence[Line]) -> None:
    edits = (session.entered(key) or {}).get("edited_rows", {})
    take([(line, {**line.cells, **edits[index]}) for index, line in enumerate(drawn) if index in edits])


def take(typed_lines: Sequence[tuple[Line, Mapping[str, Any]]]) -> list[Problem]:
    """Put the cells of lines into the study, or keep them aside with what is wrong, which is returned."""
    changes: dict[str, Any] = {}
    faults: list[Problem] = []
    for line, cells in typed_lines:
        changes |= _changes(line, cells, faults)
    session.withdraw(ENTRY)
    if faults:
        session.reject(ENTRY, None, tuple(faults))
        return faults
    problems = session.change(changes, entry=ENTRY)
    if not problems:
        session.settle(ENTRY, _contents(uncertain_inputs(session.study())))
    return problems


def _changes(line: Line, cells: Mapping[str, Any], faults: list[Problem]) -> dict[str, Any]:
    """The changes of one line: its ends and its distribution at every place that holds it."""
    study = session.study()
    found = study.input(line.paths[0])
    ends: dict[str, Any] = {}
    for name, column in (("low", LOW), ("high", HIGH)):
        text = str(cells[column] or "").strip()
        reading = typed.read(found.entry, text, session.policy(), basis=found.place.row.basis, currency=study.currency)
        if text and reading.fault:
            faults.append(Problem(line.paths[0], None, reading.fault, part=name))
        ends[name] = reading.value if text else None
    kinds = {label: kind for kind, label in schema.DISTRIBUTIONS.items()}
    kind = kinds.get(str(cells[HOW]))
    if ends["low"] is None and ends["high"] is None:
        kind = None
    if isinstance(found.value.value, tuple):
        ends = {"low_by_year": ends["low"], "high_by_year": ends["high"]}
    described = {**ends, "distribution": kind, "outcomes": None, "weights": None}
    if found.value.distribution == "discrete" and cells[HOW] == line.cells[HOW]:
        described = ends
    return {path: {"value": study.input(path).value.value, **described} for path in line.paths}
