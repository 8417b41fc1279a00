"""Four questions: what work, which model, how many responses a day, which hardware; and the study they make.

Every value of it is shown before it is taken: given by the person, from a source, or assumed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from models.analysis.quickstart import quick_start
from models.analysis.quickstart.quick_start import Basis, Model, QuickStart, Shown
from models.catalogue import fill as catalogues
from models.notation.reader import Reading
from models.studies.inputs.paths import address
from models.studies.inputs.problem import StudyError
from views import pages, session
from views.fields import numbers
from views.fields import remembered as fields
from views.figures import drawing, opened, printed, wording, written

ANSWERS = 10_000
MODEL = "quick model"
BASES: dict[Basis, str] = {"yours": "Your figure", "sourced": "From a source", "assumed": "Assumed"}


def show() -> None:
    """Draw the questions, and what comes of the answers."""
    printed.heading(
        "Build a study from your numbers", "Four answers; the rest comes from the catalogue and is marked assumed"
    )
    answers, model, work, system = _questions()
    if answers is None:
        return
    try:
        found = session.once(
            f"quick start {answers!r} {model} {work} {system}",
            lambda: quick_start.quick_start(answers, model, work, system=system, on=datetime.date.today()),
        )
    except StudyError as error:
        for problem in error.problems:
            drawing.error(wording.problem(problem))
        return
    _found(found)


# ----------------------------------------------------------------------------------------------------------- questions


def _questions() -> tuple[float | None, str, str, str | None]:
    """The answers, a day's number None where it cannot be read; and the system, where there is a choice."""
    catalogue = catalogues.load()
    models = {model.name: model for model in quick_start.known_models(catalogue)}
    works = quick_start.known_works(catalogue)
    told = "Sets the input and answer tokens per request. You can change them later."
    work = fields.choice("quick work", "Type of work", works, works[0], help=told)
    name = fields.choice(
        MODEL,
        "Model",
        list(models),
        next(iter(models)),
        words=lambda each: f"{each} ({_kind(models[each])})",
        help="Models with a catalogue price or a measured speed.",
    )
    answers = _answers()
    return answers, name, work, _system(models[name])


def _kind(model: Model) -> str:
    """What can be done with a model, in two words."""
    if model.weights == "closed":
        return "closed, API only"
    return "open" if model.can_be_hosted else "open, API price only"


def _answers() -> float | None:
    def read(text: str) -> Reading:
        reading = numbers.plain(text)
        return reading if reading.fault or reading.value else Reading(fault="type a number above 0")

    def words(fault: str) -> str:
        return fault[:1].upper() + fault[1:]

    return numbers.asked("quick answers", "Responses per day", ANSWERS, read=read, words=words).value


def _system(model: Model) -> str | None:
    """The hardware, where the model has been measured on several systems."""
    if len(model.systems) < 2:
        return None
    return st.selectbox(
        "Hardware",
        model.systems,
        key=f"quick system {model.name}",
        help="Servers with a known price, power draw and rent, on which this model was measured.",
    )


# ------------------------------------------------------------------------------------------------------- what they give


def _found(found: QuickStart) -> None:
    for note in found.notes:
        st.caption(written.plain(note))
    if found.substitutes:
        _substitutes(found.substitutes)
    values = quick_start.shown(found.study)
    counts = Counter(value.basis for value in values)
    names = ", ".join(option.name for option in found.study.options)
    told = ", ".join(f"{counts[basis]} {word.lower()}" for basis, word in BASES.items() if counts[basis])
    st.markdown(written.plain(f"Compares {names}. {len(values)} inputs: {told}."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Build study", type="primary", key="quick use"):
            _use(found)
        st.caption("Replaces the open study. Undo restores it.")
    fault = session.kept("quick problem", "")
    if fault:
        drawing.error(fault)
    table = st.expander("All inputs and their evidence", key="quick figures", on_change="rerun")
    if table.open:
        with table:
            _table(values, found.study.currency)


def _substitutes(names: Sequence[str]) -> None:
    """What owning or renting hardware would take, where the model is closed: one click to an open one."""
    st.markdown("Try the same with an open-weights model:")
    with st.container(horizontal=True, gap="small"):
        for name in names:
            st.button(written.plain(name), key=f"substitute {name}", on_click=_instead, args=(name,))


def _instead(name: str) -> None:
    session.keep(MODEL, name)


def _use(found: QuickStart) -> None:
    title = found.study.fields.text("title")
    try:
        session.load(found.study, f"Your numbers: {title}")
    except StudyError as error:
        session.keep("quick problem", wording.problem(error.problems[0]))
        return
    session.keep("quick problem", "")
    pages.go(pages.DECISION)


def _table(values: Sequence[Shown], currency: str) -> None:
    drawing.grid(
        {
            "Figure": [wording.place(value.path) for value in values],
            "Value": [_written(value) for value in values],
            "Unit": [_unit(value, currency) for value in values],
            "Evidence": [BASES[value.basis] for value in values],
            "Source": [value.value.source or value.value.note or "" for value in values],
            "Date": [value.value.as_of or "" for value in values],
        },
        "All inputs of the study and their evidence",
        right=["Value"],
        height=420,
    )


def _written(value: Shown) -> str:
    entry = address(value.path).entry
    assert entry is not None
    return opened.written(entry, value.value.value, _basis(value))


def _unit(value: Shown, currency: str) -> str:
    return wording.unit(value.unit, currency)


def _basis(value: Shown) -> str:
    """The basis that gave the value its unit; needed only to tell percentages from amounts."""
    return "pct_equipment" if value.unit in ("1", "1/yr") and value.path.endswith("/amount") else ""
