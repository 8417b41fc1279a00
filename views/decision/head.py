"""Decision: the answer in one sentence, above every view."""

from __future__ import annotations

import streamlit as st

from models.analysis.decision.decision import per_thousand, recommendation
from models.analysis.metrics.measures import RANKED_BY
from models.notation import writer
from models.run.model import Result
from views import session
from views.decision import risk
from views.figures.printed import escaped


def show() -> None:
    """Draw the answer: the choice as the head of the place, and beneath it how sure that is and what comes next."""
    first, *rest = answer(session.shown_result())
    beneath = " ".join(filter(None, (risk.sentence(), *rest)))
    st.html(f'<h1 class="verdict">{escaped(first)}</h1><p class="under">{escaped(beneath)}</p>')


def answer(result: Result) -> tuple[str, ...]:
    """What to choose and what comes next, by the rule that holds everywhere; the cost alone of a single option."""
    if len(result.options) > 1:
        return recommendation(result).answer
    option = next(iter(result.options.values()))
    cost = per_thousand(option.number(RANKED_BY), option.study.currency)
    years = writer.years(option.study.fields.number("horizon_years"))
    return f"{option.name}: {cost} per 1,000 responses over {years}.", "Add an option to compare."
