"""Results: the option that is looked at, and its five main figures above every view."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from models.analysis.decision.decision import after_tax
from models.analysis.metrics.measures import METRIC
from models.analysis.metrics.statement import statement
from models.notation import writer
from models.run.model import OptionResult
from views import session
from views.figures import by_case, printed, simulated, standing
from views.figures.printed import Figure
from views.figures.simulated import Range
from views.results.lines import response


def show() -> None:
    """Draw the choice of an option and its main figures."""
    st.html('<h1 class="unseen">Results</h1>')
    option = session.shown_result().options[standing.pick_option("results option")]
    printed.figures(list(_figures(option, simulated.ranges().get(option.name))))
    by_case.of_option(option.name, _figures)


def _figures(option: OptionResult, spread: Range | None = None) -> Iterator[Figure]:
    currency, after = option.study.currency or "money", session.after_tax()
    basis = f"80% range {spread.span}" if spread else "present value basis"
    yield Figure("Cost per 1,000 responses", response(option), f"{currency}, {basis}, before tax")
    tokens = writer.unit_cost(option.number("levelised_cost_per_million_output_tokens"))
    yield Figure("Per million generated tokens", tokens, f"{currency}, levelised, before tax")
    total = after_tax(option) if after else option.values[METRIC]
    unmet = option.values["pv_interim_cost"]
    beside = f", incl. {writer.money(unmet)} fallback" if unmet else ""
    yield Figure("PV of cost", writer.money(total), f"{currency}, {'after' if after else 'before'} tax{beside}")
    paid = statement(option)
    peak = max(range(len(paid.periods)), key=lambda period: paid.cumulative.amounts[period])
    yield Figure("Peak funding", writer.money(paid.peak_funding), f"{currency}, end of {paid.periods[peak]}")
    if option.values["has_fleet"]:
        idle = f"idle capacity costs {writer.money(option.values['idle_cost'], currency)}"
        yield Figure("Utilisation of paid capacity", writer.share(option.number("used_share")), idle)
    else:
        yield Figure("Utilisation of paid capacity", writer.NONE, "the provider's capacity")
