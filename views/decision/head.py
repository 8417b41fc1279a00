"""Decision: the answer in one sentence, what it saves and needs, and what to be careful about."""

from __future__ import annotations

import datetime

import streamlit as st

from models.analysis.decision.verdict import Verdict, verdict
from views import session
from views.decision import outcomes
from views.figures import printed
from views.figures.printed import escaped


def show() -> None:
    """Draw the sentence, the line of money beneath it, and the gravest of what to be careful about."""
    today, after_tax = datetime.date.today(), session.after_tax()
    found: Verdict = session.once(
        f"verdict {today} {after_tax}",
        lambda: verdict(session.shown_result(), today, after_tax=after_tax),
    )
    st.html(f'<h1 class="verdict">{escaped(found.sentence)}</h1>{_under(found)}{printed.flagged(found.flags)}')


def _under(found: Verdict) -> str:
    """The line of money, with the amounts that decide in bold, and how sure the order is once that was simulated."""
    line = escaped(found.money)
    for amount in dict.fromkeys(map(escaped, found.amounts)):
        line = line.replace(amount, f"<b>{amount}</b>", 1)
    line = " ".join(filter(None, (line, escaped(outcomes.sentence()))))
    return f'<p class="under">{line}</p>' if line else ""
