"""Results: the option that is looked at, and its five main figures above every view."""

from __future__ import annotations

import streamlit as st

from models.analysis.metrics.headlines import headlines
from views import session
from views.figures import cards, standing


def show() -> None:
    """Draw the choice of an option and its main figures."""
    st.html('<h1 class="unseen">Results</h1>')
    result = session.shown_result()
    option = result.options[standing.pick_option("results option")]
    cards.draw(result, option.name, headlines(option)[:5], "main figures")
