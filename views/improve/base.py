"""Base and peaks: which share of the peak to hold machines for, while an API takes the rest."""

from __future__ import annotations

import streamlit as st

from charts import capacity
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.side_by_side import latency_met
from models.analysis.levers import base_load
from models.analysis.levers.base_load import Curve
from models.notation import writer
from models.studies.inputs.problem import StudyError
from views import session
from views.figures import drawing, printed, written


def show() -> None:
    """Draw the curve of one option, say the least, and offer to take it."""
    option = session.option_name()
    study = session.shown_result().study
    try:
        with st.spinner("Sizing the fleet for shares of the peak"):
            held = study.option(option)
            curve = session.once(f"base load {option}", lambda: base_load.least(study, held))
    except StudyError as error:
        for found in error.problems:
            printed.flag(f"{option}: {found.message}")
        return
    st.markdown(f"**{written.plain(in_words(curve, study.currency))}**")
    drawing.chart(capacity.base_and_peaks(curve, study.currency))
    st.caption(
        written.plain(
            f"In each hour the machines serve what they can, and “{curve.to}” the rest at its price per request. Each "
            "point is the study run anew with another share of the peak; whole machines make the steps."
        )
    )
    if latency_met(session.shown_result().options[curve.to]) == "not measured":
        st.caption(
            written.plain(f"The latency of “{curve.to}” has a target and no measurement: it must be met all the same.")
        )
    if curve.best.share != curve.now.share or study.option(option).fields.text("overflow_to") != curve.to:
        st.button("Apply this share", on_click=_take, args=(curve,), key="improve take base", type="primary")


def in_words(curve: Curve, currency: str) -> str:
    """What the least costs, and what it saves against the study as it stands."""
    least, now = per_thousand(curve.best.cost, currency), per_thousand(curve.now.cost, currency)
    if curve.best.share == 1:
        return f"Holding machines for the whole peak costs least: {least} per 1,000 responses."
    said = f"Machines for {writer.share(curve.best.share)} of the peak cost least: {least} per 1,000 responses"
    if curve.now.cost <= curve.best.cost:
        return f"{said}, as in the base case."
    saved = writer.share(1 - curve.best.cost / curve.now.cost)
    return f"{said}, {saved} less than the {now} at {writer.share(curve.now.share)}."


def _take(curve: Curve) -> None:
    session.change(base_load.changes(curve))
