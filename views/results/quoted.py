"""Results: from the quoted price to the cost of everything."""

from __future__ import annotations

import streamlit as st

from charts import costs
from models.analysis.claims.quoted import Per, ladder
from models.analysis.words import unit_words
from models.notation import writer
from models.run.model import OptionResult, Result
from views.figures import drawing, opened, written
from views.results.lines import PER_WORDS, chosen


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _quote(result, option)


def _quote(result: Result, option: OptionResult) -> None:
    st.header("Quote to all-in", anchor=False)
    per: Per = st.segmented_control(
        "The quote, per",
        ["Mtoken", "response"],
        default="Mtoken",
        required=True,
        format_func=PER_WORDS.__getitem__,
        label_visibility="collapsed",
        key="results quote",
    )  # type: ignore[assignment]
    found = ladder(option, per)
    if found is None:
        st.caption("Nothing is generated or accepted, so there is nothing to divide the cost by.")
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for quote in found.quotes:
            unit = unit_words(quote.unit, option.study.currency)
            shown = writer.quantity(writer.exact(quote.value), unit, option.study.currency)
            st.markdown(f"{quote.label}: **{written.plain(shown)}**")
            opened.button(result, option.name, quote.line, "Trace the price", f"quote {quote.label}")
    drawing.chart(costs.ladder(option, found))
    opened.button(result, option.name, found.line, "Trace the total cost", "open ladder")
