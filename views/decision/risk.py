"""Decision: how sure the answer is, and what would change it between two options: the simulation, break-evens, target
prices, the tornado, the map."""

from __future__ import annotations

import streamlit as st

from views import session
from views.decision import outcomes, swings, ties
from views.decision.case import by, chosen
from views.fields.remembered import switch

PARTS = {
    "Simulation": lambda case: outcomes.show(case.result, case.names),
    "Break-even": ties.one,
    "Target prices": ties.several,
    "Sensitivity": swings.tornado,
    "Cheapest-option map": swings.win_map,
}


@st.fragment
def show() -> None:
    """Draw the two options and of the parts the one that is chosen, which alone is computed."""
    case = chosen(session.shown_result())
    if case is None:
        st.caption("This study has one option. Add another in Inputs to see what would change the choice.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        part = switch("risk part", "Show", {name: name for name in PARTS}, next(iter(PARTS)))
    with right:
        by(case)
    PARTS[part](case)
