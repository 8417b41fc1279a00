"""Library: a new study from four questions, from a template or from a file."""

from __future__ import annotations

import streamlit as st

from files.limits import STUDY, file_name
from models.notation import writer
from models.studies.file import load as studies
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study
from store import library
from store.library import Template
from views import pages, session
from views.figures import drawing, printed, wording
from views.library import quick_start

# Beyond these a file is no comparison that a person made, and would hold up everybody else's work.
MOST_OPTIONS, MOST_WORKLOADS, MOST_ROWS = 30, 50, 2000
MOST_PROBLEMS_SHOWN = 12


def show() -> None:
    """Draw the questions at the left, and what is ready made at the right."""
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        quick_start.show()
    with right:
        printed.heading("Start from a template", "Worked examples, every figure with its source")
        _templates()
        printed.heading("Open a study file", "")
        _open()


# ----------------------------------------------------------------------------------------------------------- templates


def _templates() -> None:
    """The templates in rows, each with the button that opens it."""
    for name in library.names():
        with st.container(horizontal=True, vertical_alignment="center"):
            try:
                template = library.template(name)
            except StudyError as error:
                st.markdown(f"**{wording.escaped(name)}** :red[:material/error: {wording.problem(error.problems[0])}]")
                continue
            st.markdown(
                f"**{wording.escaped(template.title)}**  \n:small[{wording.escaped(template.decision)}]",
                width="stretch",
            )
            if st.button("Open", key=f"template {name}", help=f"Open {wording.escaped(template.title)}"):
                _use(template)


def _use(template: Template) -> None:
    session.load(template.study, f"Template: {template.title}", keep=False)
    pages.go(pages.DECISION)


# ---------------------------------------------------------------------------------------------------------------- files


def _open() -> None:
    key = session.seed("study file", None)
    st.file_uploader(
        f"Study file (TOML, up to {STUDY.megabytes} MB)",
        type="toml",
        key=key,
        max_upload_size=STUDY.megabytes,
        on_change=_opened,
        args=(key,),
        help="A study file exported from this app, or written by hand.",
    )
    name, problems = session.kept("file problems", ("", ()))
    if not problems:
        return
    drawing.error(f"**{wording.escaped(name)}** could not be opened. Your study is unchanged.")
    for found in problems[:MOST_PROBLEMS_SHOWN]:
        st.markdown(f"- {wording.problem(found)}")
    if len(problems) > MOST_PROBLEMS_SHOWN:
        st.markdown(f"- and {len(problems) - MOST_PROBLEMS_SHOWN} more")


def _opened(key: str) -> None:
    """Reads an uploaded file; a faulty one leaves everything as it is and says why."""
    uploaded = session.entered(key)
    if uploaded is None:
        session.keep("file problems", ("", ()))
        return
    name = file_name(uploaded.name)
    try:
        session.load(_bounded(studies.loads(uploaded.getvalue())), f"File: {name}")
    except StudyError as error:
        session.keep("file problems", (name, error.problems))
        return
    session.keep("file problems", ("", ()))
    session.renew("study file")


def _bounded(study: Study) -> Study:
    """The study, if it is of a size that people compare. Raises StudyError for a larger one."""
    rows = len(study.places)
    counts = (
        (len(study.options), MOST_OPTIONS, "options"),
        (len(study.workloads), MOST_WORKLOADS, "workloads"),
        (rows, MOST_ROWS, "rows in all its tables"),
    )
    for number, most, what in counts:
        if number > most:
            raise StudyError(
                [
                    Problem(
                        "",
                        None,
                        f"the file has {writer.count(number)} {what}; the limit is {writer.count(most)}",
                    )
                ]
            )
    return study
