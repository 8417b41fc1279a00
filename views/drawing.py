"""Puts charts on a page."""

from __future__ import annotations

import streamlit as st

from views.charts import Chart


def chart(found: Chart) -> None:
    """Draw a chart as wide as its place, with its description for screen readers."""
    st.vega_lite_chart(found.spec, alt=found.alt)
