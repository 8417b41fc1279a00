"""What every option costs beside the inputs, with its change against the last version."""

from __future__ import annotations

import html

import streamlit as st

from models.analysis.metrics.flags import doubts
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import of_thousand
from models.notation import writer
from views import session
from views.figures import drawing, wording

MEANING = (
    "Present value of all costs, fallback for unserved requests included, over the discounted number of accepted "
    "responses; before tax. It is the ranking measure."
)


def draw() -> None:
    """The panel: every option's cost and what is doubtful in the study."""
    with st.container(key="headline", gap="small"):
        st.html(_panel())
        _warnings()


def _warnings() -> None:
    """Everything wrong or doubtful in the study, wherever it was typed, and in what comes of it."""
    problems, warnings = session.problems(), (*session.study().warnings, *doubts(session.shown_result()))
    number = len(problems) + len(warnings)
    if not number:
        return
    box = st.expander(f"Warnings ({number})", icon=":material/warning:", key="study remarks", on_change="rerun")
    if box.open:
        with box:
            for found in problems:
                drawing.error(wording.problem(found))
            for found in warnings:
                drawing.warning(wording.problem(found))


def _panel() -> str:
    """A row for each option; on narrow screens the selected one alone is in sight."""
    currency = html.escape(session.study().currency or "no currency")
    selected = session.option_name()
    against, before = session.baseline()
    options = list(session.shown_result().options.values())
    costs = [option.number(RANKED_BY) for option in options]
    written = writer.unit_costs([*map(of_thousand, costs)])
    changes = [writer.moved(cost, before.get(each.name)) or "" for each, cost in zip(options, costs, strict=True)]
    rows = "".join(
        _row(option.name, text, change if any(changes) else None, option.name == selected)
        for option, text, change in zip(options, written, changes, strict=True)
    )
    head = f'<th scope="col">{against}</th>' if any(changes) else ""
    kind = " stale" if session.stale() else ""
    return (
        f'<table class="headline{kind}" title="{html.escape(MEANING)}">'
        f"<caption><b>Live result</b> {currency} per 1,000 responses, present value basis</caption>"
        '<thead><tr><th scope="col">Option</th><th scope="col">Now</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(option: str, cost: str, change: str | None, selected: bool) -> str:
    """An option with its cost and how far that moved; no cell for that where nothing did."""
    told = "" if change is None else f'<td class="change">{_moved(change)}</td>'
    return (
        f'<tr class="{"selected" if selected else "other"}"><th scope="row">{html.escape(option)}</th>'
        f'<td class="figure">{cost}</td>{told}</tr>'
    )


def _moved(change: str) -> str:
    way = "up" if change.startswith("+") else "down"
    return f'<span class="{way}">{html.escape(change)}</span>' if change else ""
