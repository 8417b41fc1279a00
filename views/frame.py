"""What stands above every page: the looks that the theme cannot say, and the offer of a draft after a reload."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from models.studies.compared import changed
from models.studies.inputs.problem import Problem
from store.shelf import Conflict, Entry
from views import session
from views.figures import differing, wording

# A picture of our own: named icons, also those of the pages where no other is given, come from another host.
ICON = Path(__file__).with_name("icon.svg")
# A grid takes no key that comes before its editor is drawn, so those keys are held until it is.
GRID_KEYS = Path(__file__).with_name("grid_keys.js").read_text(encoding="utf-8")
# Narrow screens: sections in a row, and the figures of the selected option stay in sight at the bottom.
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def head() -> None:
    """Draws what stands above every page."""
    st.html(f"<style>{STYLE}</style>")
    offered = session.offered()
    if session.lost():
        _lost(offered)
    elif offered is not None:
        with st.container(key="draft", horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f":material/history: {_named(offered)} was open before.")
            _answers(offered)
    for problem in session.unopened():
        st.warning(f"The study of this address is not open: {wording.problem(problem)}", icon=":material/link_off:")
    if isinstance(fault := session.fault(), Conflict):
        _two_at_once(fault)


def _lost(offered: Entry | None) -> None:
    """This tab outlived its session: whose figures these are, and the way back to one's own."""
    said = "The session of this tab ended: the server was started again, or the tab was away for too long. "
    if (kept := session.entry()) is not None:
        said += f"This is {_named(kept)} as it was saved; what you typed since is not taken."
    else:
        said += f"The figures are those of {wording.escaped(session.origin())}; what you typed since is not taken. "
        said += "Nothing was kept of it." if offered is None else f"Kept: {_named(offered)}."
    with st.container(key="draft"):
        st.warning(said, icon=":material/link_off:")
        with st.container(horizontal=True):
            _answers(offered)


def _named(entry: Entry) -> str:
    """A study of the library by its name and moment, ready for Markdown."""
    return f"**{wording.escaped(entry.name)}** ({session.when(entry.changed)})"


def _two_at_once(conflict: Conflict) -> None:
    """The study was saved elsewhere: what each choice does, and the three choices."""
    with st.container(key="conflict"):
        st.warning(
            f"{wording.escaped(conflict.what)}: {_named(conflict.entry)} is saved. Your figures here are not.",
            icon=":material/group:",
        )
        theirs = session.of_conflict()
        if theirs is not None:
            box = st.expander("What differs", key="conflict differences", on_change="rerun")
            if box.open:
                with box:
                    differing.show(changed(theirs, session.study()), "Saved elsewhere", "Here")
        choices = {
            "merged": (
                "Bring together",
                "Your changes are made in the other save; where both set an input yours stands.",
            ),
            "mine": ("Keep mine", "Yours takes the place of the other save, which stays among the study's steps."),
            "theirs": ("Take the other", "What you typed here since is dropped."),
            "both": ("Keep both", "Yours becomes a study of its own beside it."),
        }
        with st.container(horizontal=True):
            for choice, (label, help_text) in choices.items():
                st.button(label, key=f"conflict {choice}", help=help_text, on_click=_settle, args=(choice,))


def _settle(choice: Literal["merged", "mine", "theirs", "both"]) -> None:
    _tell(session.settle_conflict(choice))


def _tell(problems: Sequence[Problem]) -> None:
    for found in problems:
        st.toast(wording.problem(found), icon=":material/error:")


def _answers(offered: Entry | None) -> None:
    if offered is not None:
        st.button("Resume", type="primary", on_click=_accept)
    st.button("Start fresh" if offered else "Go on with these", on_click=session.answer_offer)


def foot() -> None:
    """What is left to do when the page is drawn."""
    st.html(f"<script>{GRID_KEYS}</script>", unsafe_allow_javascript=True)  # at the top it would leave a gap
    session.keep_study()


def _accept() -> None:
    _tell(session.accept_offer())
