"""The choice of the option that is looked at, the same on every place that shows one."""

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
