"""The question that a text with two meanings brings up, and its answer, which holds for every number typed later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.notation.reader import Marks, Question, Reading
from views import session
from views.figures import drawing, wording


def fault(name: str, reading: Reading, words: str = "") -> None:
    """Why a text cannot be read, in red (in other `words` than the reading's, if given), and its question."""
    drawing.error(wording.escaped(words or reading.fault))
    question(name, reading.question)


def question(name: str, asked: Question | None, again: Callable[[], object] = lambda: None) -> None:
    """A button for each decimal mark where that is asked; then `again` reads the text once more.

    Other questions are answered in the field itself, with a % sign.
    """
    if asked is None or asked.about != "marks":
        return
    with st.container(horizontal=True, gap="small", key=f"ask {name}"):
        for written, answer in zip(asked.readings, asked.answers, strict=True):
            st.button(
                f"It is {wording.escaped(written)}",
                key=f"ask {name} {answer}",
                help="Applies to every number typed from here on",
                on_click=partial(_answered, answer, again),
            )


def _answered(answer: Marks, again: Callable[[], object]) -> None:
    session.settle_marks(answer)
    again()
