"""The cases of the study side by side, where it has any: every option in each, or the main figures of one option."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from models.analysis.metrics import headlines as headline_figures
from models.analysis.reporting.cases import Case, cost_of
from models.analysis.reporting.cases import cases as computed
from models.run.model import OptionResult
from models.studies.inputs.problem import StudyError
from views import session
from views.figures import drawing, wording
from views.figures.printed import Figure


def of_options() -> None:
    """What each option costs in each case, and which is recommended; nothing for a study without cases."""
    found = _found()
    if not found:
        return
    names = list(found[0].result.options)
    columns: dict[str, list[str | None]] = {"Cost per 1,000 responses": [*names, "Recommended"]}
    for each in found:
        shown = [cost_of(each, name) for name in names]
        columns[each.name] = [*shown, each.winner or "none"]
    drawing.table(columns, "Cost per 1,000 responses by case", right=list(columns)[1:])


def of_option(name: str, figures: Callable[[OptionResult], Iterable[Figure]]) -> None:
    """The main figures of one option in each case; nothing for a study without cases."""
    found = _found()
    if not found:
        return
    by_name = {each.name: list(figures(each.result.options[name])) for each in found}
    first = next(iter(by_name.values()))
    columns: dict[str, list[str | None]] = {"By case": [each.label for each in first]}
    columns |= {case: [each.text for each in held] for case, held in by_name.items()}
    drawing.table(columns, f"Main figures of {name} by case", right=list(columns)[1:])


def _found() -> tuple[Case, ...]:
    """Every case run, the base case first; none where there is only that, or one cannot be run, which is said."""
    study = session.study()
    if not study.scenarios:
        return ()
    study = headline_figures.without_staff(study) if session.without_staff() else study
    try:
        return session.once("cases side by side", lambda: computed(study))
    except StudyError as error:
        for problem in error.problems:
            st.error(wording.problem(problem), icon=":material/error:")
        return ()
