"""Correlations: which uncertain inputs move together, each pair with its own number, and what is repaired in them."""

from __future__ import annotations

import dataclasses
from functools import partial

import streamlit as st

from models.analysis.risk.inputs import Listed, Uncertain, correlated
from models.analysis.risk.sampling import correlations, repairs
from models.notation import writer
from models.studies.file.reading import row
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Row, Study
from views import session
from views.fields.remembered import choice, text
from views.figures import drawing, typed, wording, written

ONE, OTHER, RHO, FAULT = "correlation one", "correlation other", "correlation rho", "correlation fault"
LABELS = {entry.name: entry.label for entry in schema.fields("correlation")}


def show(study: Study, listed: Listed) -> None:
    """Draw the pairs with the fields to add, change or take one out, and what is repaired in them."""
    inputs = {each.path: each for each in listed.inputs}
    if len(inputs) < 2:
        return
    st.header("Correlations", anchor=False)
    st.caption(
        "Inputs that are not named here move independently of each other. 1: always together, -1: always opposite, on "
        "the ranks of their values."
    )
    _held(study, inputs)
    for told in _repairs(study, listed):
        st.warning(written.plain(told), icon=":material/build:")
    _add(inputs)


def _held(study: Study, inputs: dict[str, Uncertain]) -> None:
    for number, each in enumerate(study.correlations):
        ends = " and ".join(_name(inputs, each.text(end)) for end in schema.CORRELATED)
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(written.plain(f"{ends}: {writer.as_typed(each.number('rho'))}"))
        right.button("Remove", key=f"correlation out {number}", type="tertiary", on_click=_take_out, args=(number,))


def _name(inputs: dict[str, Uncertain], path: str) -> str:
    """The input as the list names it, also where another of its places is given; the path of one that is not drawn."""
    return next((each.name for each in inputs.values() if path in each.paths), path)


def _repairs(study: Study, listed: Listed) -> list[str]:
    try:
        return list(repairs(listed.inputs, correlations(list(correlated(study, listed)))))
    except StudyError as error:
        return [wording.problem(problem) for problem in error.problems]


def _add(inputs: dict[str, Uncertain]) -> None:
    paths = list(inputs)
    left, middle, right = st.columns([2, 2, 1], gap="medium", vertical_alignment="bottom")
    with left:
        one = choice(ONE, LABELS["a"], paths, paths[0], words=lambda path: inputs[path].name)
    with middle:
        others = [path for path in paths if path != one]
        other = choice(OTHER, LABELS["b"], others, others[0], words=lambda path: inputs[path].name)
    with right:
        rho = text(RHO, LABELS["rho"], "", placeholder="0.5")
    st.button("Set correlation", key="correlation set", on_click=partial(_set, one, other, rho))
    for problem in session.kept(FAULT, ()):
        drawing.error(wording.problem(problem))


def _set(one: str, other: str, rho: str) -> None:
    """Put the pair into the study, in place of what stands for it."""
    # Nobody means 2 % by a correlation of 2.
    plain = dataclasses.replace(schema.field("correlation", "rho"), unit="")
    reading = typed.read(plain, rho, session.policy())
    if reading.fault or reading.value is None:
        session.keep(FAULT, (Problem("correlation", None, reading.fault or "needs a number from -1 to 1"),))
        return
    study = session.study()
    others = tuple(each for each in study.correlations if _ends(each) != frozenset((one, other)))
    made = row("correlation", {"a": one, "b": other, "rho": reading.value}, "you")
    changed = dataclasses.replace(study, correlations=(*others, made))
    session.keep(FAULT, tuple(session.replace_study(changed)))


def _take_out(number: int) -> None:
    study = session.study()
    left = tuple(each for at, each in enumerate(study.correlations) if at != number)
    session.replace_study(dataclasses.replace(study, correlations=left))


def _ends(each: Row) -> frozenset[str]:
    return frozenset(each.text(end) for end in schema.CORRELATED)
