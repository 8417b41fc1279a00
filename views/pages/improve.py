"""Improve: levers on cost and energy, what limits the tokens made, and whether to wait with buying."""

from __future__ import annotations

import streamlit as st

from views import figures, improve_levers, improve_tokens, improve_waiting, state

VIEWS = {
    "Levers": improve_levers.show,
    "Token production": improve_tokens.show,
    "Wait or buy now": improve_waiting.show,
}
# So many options stand beside each other; more are a list.
MOST_BESIDE = 6


def show() -> None:
    """Draw the page: only the chosen view is computed."""
    st.title("Improve", anchor=False)
    view = _top()
    if state.without_staff():
        st.info("Every figure on this page leaves engineering time out.", icon=":material/engineering:")
    if state.stale():
        st.warning("These are the last good figures: some entries on the inputs page stand in error.")
    VIEWS[view](state.option_name())


def _top() -> str:
    """The choice of a view and of the option, and undo."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = st.segmented_control(
            "Look at",
            list(VIEWS),
            default=next(iter(VIEWS)),
            required=True,
            key="improve view",
            persist_state="session",
        )
        _option()
        if state.can_undo():
            st.button("Undo", icon=":material/undo:", on_click=state.undo, shortcut="Ctrl+Z", key="undo")
    return str(view)


def _option() -> None:
    current = state.option_name()
    names = [option.name for option in state.study().options]
    key = state.seed("improve option", (current, *names))
    if len(names) <= MOST_BESIDE:
        st.segmented_control(
            "Option",
            names,
            default=current,
            required=True,
            format_func=figures.plain,
            key=key,
            on_change=_chosen,
            args=(key,),
        )
    else:
        place = names.index(current)
        st.selectbox("Option", names, index=place, key=key, width=400, on_change=_chosen, args=(key,))


def _chosen(key: str) -> None:
    chosen = str(state.entered(key))
    state.set_option(chosen)
    state.settle("improve option", (chosen, *(option.name for option in state.study().options)))
