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
    field = session.bound(entry, current, names, session.set_option)
    if len(names) <= MOST_BESIDE:
        st.segmented_control(
            "Option",
            names,
            default=current,
            required=True,
            format_func=written.plain,
            **field,
        )
    else:
        st.selectbox("Option", names, index=names.index(current), width=400, **field)
    return current


def told() -> None:
    """Say what the page's figures leave out, and whether they are the last good ones."""
    if session.without_staff():
        st.info("Every figure on this page leaves engineering time out.", icon=":material/engineering:")
    if session.stale():
        st.warning("These are the last good figures: some entries on the inputs page stand in error.")
