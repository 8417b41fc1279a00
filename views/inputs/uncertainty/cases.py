"""Cases: named sets of changes to the study, their values beside the base case, and what each of them costs."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from models.analysis.risk import ends
from models.analysis.sensitivity.named_input import subject
from models.studies import scenarios
from models.studies.inputs.paths import parted
from models.studies.inputs.problem import Problem, StudyError
from models.studies.scenarios import BASE
from models.studies.study import Study
from views import session
from views.fields.remembered import choice, text
from views.figures import by_case, drawing, typed, wording

# More rows than this scroll.
MOST_OPEN = 10
NAME, INPUT, VALUE, FAULT = "case name", "case input", "case value", "case fault"


def show() -> None:
    """Draw the cases: their values, their results, and the fields to add a change or to take a case out."""
    study = session.study()
    st.header("Cases", anchor=False)
    if study.scenarios:
        _values(study)
        by_case.of_options()
    else:
        st.caption("A case is a named set of changes to the study, such as a low price of rent. There is none yet.")
    st.button(
        "Make Low and High from the ranges",
        key="cases from ranges",
        on_click=_from_ranges,
        help="Two cases: every uncertain input at its low end, and every one at its high. They take the place of cases "
        "of these names. Neither is the cheap one: a low speed costs more.",
    )
    if ends.are_stale(study):
        st.caption("The ranges have changed since Low and High were made: make them again.")
    _add(study)


def _values(study: Study) -> None:
    """The inputs that any case changes, the base case and each case as columns; a dash follows the base."""
    paths = tuple(dict.fromkeys(path for each in study.scenarios for path, _ in each.changes))
    columns: dict[str, list[str | None]] = {"Input": [subject(study, path).name for path in paths]}
    columns[BASE] = [_spelt(study, path, study.input(path).value.value) for path in paths]
    for each in study.scenarios:
        held = dict(each.changes)
        columns[each.name] = [_spelt(study, path, held[path]) if path in held else "–" for path in paths]
    height = "content" if len(paths) <= MOST_OPEN else 400
    drawing.grid(columns, "Inputs by case", right=list(columns)[1:], height=height)


def _spelt(study: Study, path: str, content: Any) -> str:
    found = study.input(path)
    return typed.spelt(found.entry, content, found.place.row.basis)


def _add(study: Study) -> None:
    """A name, an input and its value in that case; a case that has the name takes the value too."""
    every = (place.of(name) for place in study.places.values() for name in place.row)
    paths = [path for path in every if _may_change(study, path)]
    left, middle, right = st.columns([1, 2, 1], gap="medium", vertical_alignment="bottom")
    with left:
        name = text(NAME, "Case", "", placeholder="Low price of rent")
    with middle:
        path = choice(INPUT, "Input", paths, paths[0], words=lambda each: subject(study, each).name)
    with right:
        value = text(VALUE, "Value in this case", "")
    st.button("Set in this case", key="case set", on_click=partial(_set, name, path, value))
    for problem in session.kept(FAULT, ()):
        drawing.error(wording.problem(problem))
    for each in study.scenarios:
        label = f"Remove {each.name}"
        st.button(label, type="tertiary", key=f"case out {each.name}", on_click=partial(_take_out, each.name))


def _may_change(study: Study, path: str) -> bool:
    found = study.input(path)
    return found.entry.is_number and not found.value.blank and parted(path)[0] != "risk"


def _set(name: str, path: str, value: str) -> None:
    study = session.study()
    found = study.input(path)
    reading = typed.read(found.entry, value, session.policy(), basis=found.place.row.basis, currency=study.currency)
    problems: list[Problem] = []
    if reading.fault or reading.value is None:
        problems = [Problem(path, None, reading.fault or "needs a value")]
    else:
        try:
            changed = scenarios.with_change(study, name.strip(), path, reading.value)
            problems = session.replace_study(changed)
        except StudyError as error:
            problems = list(error.problems)
    session.keep(FAULT, tuple(problems))


def _from_ranges() -> None:
    try:
        problems = session.replace_study(ends.with_ends(session.study()))
    except StudyError as error:
        problems = list(error.problems)
    session.keep(FAULT, tuple(problems))


def _take_out(name: str) -> None:
    session.replace_study(scenarios.without(session.study(), name))
