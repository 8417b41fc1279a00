"""The headline figures of every option beside the inputs, with their change since the last edit."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import OptionResult
from views import session
from views.figures import wording


def _of_thousand(cost: float | None) -> str:
    return writer.unit_cost(None if cost is None else REQUESTS_PER_THOUSAND * cost)


# Line, words, and how the figure is written.
SHOWN = (
    ("cost_per_meaningful_response", "per 1,000 meaningful responses", _of_thousand),
    ("lifetime_cost_per_million_output_tokens", "all-in, per million tokens", writer.unit_cost),
    ("pv_cost", "present value", writer.money),
)
MEANING = (
    "Cost per meaningful response: everything over the years covered, escalation to staff included, for each "
    "accepted answer. All-in cost per million tokens: infrastructure over everything generated, reading included. "
    "Both over the lifetime, not discounted. Present value: all costs, each at its own date, before tax."
)


def draw() -> None:
    """The panel: every option's figures and what is doubtful in the study."""
    with st.container(key="headline", gap="small"):
        st.html(_panel())
        _remarks()


def _remarks() -> None:
    """Everything wrong or doubtful in the study, wherever it was typed."""
    problems, warnings = session.problems(), session.study().warnings
    if not problems and not warnings:
        return
    box = st.expander("Remarks", icon=":material/warning:", key="study remarks", on_change="rerun")
    if box.open:
        with box:
            for found in problems:
                st.markdown(f":red[:material/error: {wording.problem(found)}]")
            for found in warnings:
                st.markdown(f":orange[:material/warning: {wording.problem(found)}]")


def _panel() -> str:
    """The figures as a table: a group of rows for each option, the selected one first for narrow screens."""
    currency = html.escape(session.study().currency or "no currency")
    selected = session.option_name()
    groups = "".join(_group(option, option.name == selected) for option in session.shown_result().options.values())
    kind = " stale" if session.stale() else ""
    caption = f"{currency}, {wording.years(session.study())}"
    return (
        f'<table class="headline{kind}" title="{html.escape(MEANING)}"><caption>Cost, {caption}</caption>'
        f'<thead class="unseen"><tr><th scope="col">Figure</th><th scope="col">Value</th>'
        f'<th scope="col">Change since the last edit</th></tr></thead>{groups}</table>'
    )


def _group(option: OptionResult, selected: bool) -> str:
    before = session.before().get(option.name, {})
    rows = "".join(_row(option.number(line), before.get(line), words, write) for line, words, write in SHOWN)
    kind = "selected" if selected else "other"
    name = f'<th class="option" colspan="3" scope="rowgroup">{html.escape(option.name)}</th>'
    return f'<tbody class="{kind}"><tr>{name}</tr>{rows}</tbody>'


def _row(now: float | None, before: float | None, words: str, write: Callable[[float | None], str]) -> str:
    change = writer.moved(now, before) or ""
    way = "" if not change else "up" if change.startswith("+") else "down"
    told = f'<span class="{way}">{html.escape(change)}</span>' if change else ""
    return f'<tr><th scope="row">{words}</th><td class="figure">{write(now)}</td><td class="change">{told}</td></tr>'
