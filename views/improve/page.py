"""Improve: levers on cost and energy, what limits the tokens made, which part to own, and when to buy."""

from __future__ import annotations

import streamlit as st

from views import session
from views.fields.remembered import switch
from views.figures import standing
from views.improve import base, levers, tokens, waiting

VIEWS = {
    "Levers": levers.show,
    "Token production": tokens.show,
    "Base and peaks": base.show,
    "Wait or buy now": waiting.show,
}


def show() -> None:
    """Draw the page: only the chosen view is computed."""
    st.title("Improve", anchor=False)
    view = _top()
    standing.told()
    VIEWS[view](session.option_name())


def _top() -> str:
    """The choice of a view and of the option, and undo."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = switch("improve view", "Look at", {name: name for name in VIEWS}, next(iter(VIEWS)))
        standing.pick_option("improve option")
        if session.can_undo():
            st.button("Undo", icon=":material/undo:", on_click=session.undo, shortcut="Ctrl+Z", key="undo")
    return view
