"""Two versions of a study side by side: input by input, and what the changes did to the headline."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from models.analysis.decision.bridge import Bridge
from models.analysis.decision.revised import revised
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.brief import bar_label
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import MODEL
from models.studies.compared import changed
from models.studies.study import Study
from views import session
from views.figures import differing, drawing

Named = tuple[str, Study]


def show(then: Named, now: Named) -> None:
    """Draw what is another in the second than in the first, each with what it is called."""
    found = changed(then[1], now[1])
    if not found:
        st.caption("No input differs.")
        return
    _effect(then, now)
    differing.show(found, then[0], now[0])


def _effect(then: Named, now: Named) -> None:
    """The bridge from the one headline to the other, as a table whose rows add up."""
    with st.spinner("Computing the effect of the changes ...", show_time=False):
        found = session.once(f"effect {hash(then)} {hash(now)}", lambda: revised(MODEL.run(now[1]), MODEL.run(then[1])))
    if found is None:
        st.caption("No effect on the headline: one of the two recommends no option, or they count in different money.")
        return
    unit, cells = _written(found, now[1].currency)
    labels = [f"{then[0]}: {found.against}", *map(bar_label, found.bars), f"{now[0]}: {found.option}"]
    drawing.table({"Effect on the headline": labels, unit: cells}, "From one headline to the other", right=[unit])


def _written(found: Bridge, currency: str) -> tuple[str, list[str]]:
    """The unit, and where it starts, each bar with its sign and where it ends."""
    money, amounts = currency or "money", [found.start, *(bar.amount for bar in found.bars), found.end]
    if found.metric == RANKED_BY:
        amounts = [REQUESTS_PER_THOUSAND * amount for amount in amounts]
    scale = writer.table_scale(amounts)
    # Bars are small beside the ends: of a figure with decimals two more are shown.
    scale = replace(scale, decimals=scale.decimals + 2) if scale.decimals else scale
    told = "per 1,000 responses, discounted" if found.metric == RANKED_BY else "present value, incl. fallback"
    middle = [scale.signed(amount) for amount in amounts[1:-1]]
    return f"{scale.unit(money)} {told}", [scale.text(amounts[0]), *middle, scale.text(amounts[-1])]
