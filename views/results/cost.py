"""Results: what an option costs, kind by kind and year by year."""

from __future__ import annotations

import streamlit as st

from charts import costs
from models.analysis.metrics.headlines import drivers_in_words
from models.run.model import OptionResult, Result
from views.figures import drawing, opened, written
from views.results.lines import PER_WORDS, by_year, chosen


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _cash(result, option)
    _cost_tree(option)


def _cash(result: Result, option: OptionResult) -> None:
    st.header("Cash by year", anchor=False)
    drawing.chart(costs.cash(option))
    rows = by_year(option, ["capex", "operating", "disposals_in_year", "cash_cost"])
    opened.table("cash table", result, option.name, option.year_names, rows, "Cash by year")


def _cost_tree(option: OptionResult) -> None:
    st.markdown(f"**{written.plain(drivers_in_words(option))}**")
    per = st.segmented_control(
        "The cost",
        list(PER_WORDS),
        default="response",
        required=True,
        format_func=PER_WORDS.__getitem__,
        label_visibility="collapsed",
        key="results per",
    )
    found = costs.cost_tree(option, str(per))
    if found is None:
        st.caption("Nothing is paid for, or there is nothing to divide the cost by.")
        return
    drawing.chart(found)
