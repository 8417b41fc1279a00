"""Decision: the options side by side, what is paid by when, why the recommended one, and what would change that."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st

from charts import costs
from models.analysis.decision.decision import Recommendation, ranking, recommendation
from models.analysis.decision.side_by_side import footing
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.validity import expired
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import Result
from views import session
from views.decision import risk
from views.figures import drawing, printed, written
from views.figures.printed import Column, Row


def show() -> None:
    """Draw the view."""
    result = session.shown_result()
    found = recommendation(result)
    left, right = st.columns([1.18, 1], gap="large")
    with left:
        _options(result, found)
    with right:
        compared = footing(result).comparable
        if len(compared) > 1:
            drawing.chart(costs.paid_by(result, compared))
    left, right = st.columns([1.18, 1], gap="large")
    with left:
        _list("The recommendation holds if", found.conditions if found.winner else ())
    with right:
        _list("To know before using it", [*found.caveats, *map(str, expired(result.study, datetime.date.today()))])


def _options(result: Result, found: Recommendation) -> None:
    """The options with what decides: by cost, those that may not be chosen last, each with the reason."""
    money = result.study.currency or "no currency"
    printed.heading("Cost per meaningful response", f"{money} per 1,000 responses, present value basis")
    ranked = ranking(result)
    scale = writer.table_scale([result.options[each.name].number("comparison_pv_cost") for each in ranked])
    rows, spread = [], risk.ranges()
    for each in ranked:
        option = result.options[each.name]
        cost, total = option.number(RANKED_BY), option.number("comparison_pv_cost")
        beneath = "recommended" if each.name == found.winner else each.why_not
        cells = [
            writer.unit_cost(None if cost is None else REQUESTS_PER_THOUSAND * cost),
            scale.text(total),
            writer.share(option.number("used_share")) if option.values["has_fleet"] else writer.NONE,
            *(_sure(spread[each.name]) if each.name in spread else ([writer.NONE] * 2 if spread else [])),
        ]
        rows.append(Row(each.name, cells, beneath, "best" if each.name == found.winner else ""))
    columns = (
        Column("Cost", "per 1,000"),
        Column("PV of cost", scale.unit(money)),
        Column("Utilisation", "of paid capacity", kind="wide"),
        *(
            (Column("Range", "10th to 90th percentile"), Column("Cheapest", "of simulated outcomes", kind="wide"))
            if spread
            else ()
        ),
    )
    printed.table("Options", "Option", columns, rows)


def _sure(each: risk.Range) -> list[str]:
    """What an option may cost, and how often it is the cheapest."""
    return [writer.span(writer.unit_cost(each.low), writer.unit_cost(each.high)), writer.share(each.cheapest)]


def _list(title: str, sentences: Sequence[str]) -> None:
    if sentences:
        printed.heading(title)
        st.markdown("\n".join(f"- {written.plain(sentence)}" for sentence in sentences))
