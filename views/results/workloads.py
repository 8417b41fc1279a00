"""Results: what each workload costs, and input and output apart."""

from __future__ import annotations

import streamlit as st

from charts import costs
from models.run.model import OptionResult, Result
from views.figures import drawing, opened, printed, written
from views.figures.opened import Row
from views.results.lines import chosen, label, singles


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _workloads(result, option)
    _reading_and_writing(result, option)


def _workloads(result: Result, option: OptionResult) -> None:
    st.header("Workloads", anchor=False)
    names = list(option.keys("workload"))
    chart = costs.by_workload(option)
    if chart is not None:
        drawing.chart(chart)
    lines = (
        *("workload_cost_per_meaningful_response", "workload_cost_per_request"),
        *("workload_cost_per_million_output_tokens", "cost_share", "attempts", "accepted_share"),
        *("workload_responses", "workload_generated", "workload_read", "workload_joules_per_meaningful_response"),
    )
    printed.heading("By workload", "Whole period, undiscounted, before tax")
    rows = []
    for name in lines:
        values, line = option.figure(name), option.model.lines[name]
        if any(value is not None for value in values):
            cells, unit = written.across(name, values, line.unit, option.study.currency)
            rows.append(Row(label(option, name), cells, name, unit))
    opened.table("workload table", result, option.name, names, rows, "Workloads")


def _reading_and_writing(result: Result, option: OptionResult) -> None:
    st.header("Input and output cost", anchor=False)
    chart = costs.reading_and_writing(option)
    if chart is None:
        st.caption("Not split: the speed is blended, or nothing is served.")
        return
    drawing.chart(chart)
    lines = ("reading_cost", "writing_cost", "cost_per_million_input_tokens", "cost_per_million_generated_tokens")
    opened.table("split table", result, option.name, ["Whole period"], singles(option, lines), "Input and output cost")
