"""Improve: which option is improved, above every view."""

from __future__ import annotations

import streamlit as st

from views.figures import standing


def show() -> None:
    """Draw the choice of an option."""
    st.html('<h1 class="unseen">Improve</h1>')
    standing.pick_option("improve option")
