"""What pages of figures share at their top: the option that is looked at, and how the figures stand."""

from __future__ import annotations

import streamlit as st

from views import session
from views.figures import written

# So many options stand beside each other; more are a list.
MOST_BESIDE = 6


def pick_option(entry: str) -> str:
    """The option that is looked at, drawn with the field to choose another: beside each other, or in a list."""
    current = session.option_name()
    names = [option.name for option in session.study().options]
    key = session.seed(entry, (current, *names))
    if len(names) <= MOST_BESIDE:
        st.segmented_control(
            "Option",
            names,
            default=current,
            required=True,
            format_func=written.plain,
            key=key,
            on_change=_picked,
            args=(entry, key),
        )
    else:
        place = names.index(current)
        st.selectbox("Option", names, index=place, key=key, width=400, on_change=_picked, args=(entry, key))
    return current


def _picked(entry: str, key: str) -> None:
    chosen = str(session.entered(key))
    session.set_option(chosen)
    session.settle(entry, (chosen, *(option.name for option in session.study().options)))


def told() -> None:
    """Say what the page's figures leave out, and whether they are the last good ones."""
    if session.without_staff():
        st.info("Every figure on this page leaves engineering time out.", icon=":material/engineering:")
    if session.stale():
        st.warning("These are the last good figures: some entries on the inputs page stand in error.")
