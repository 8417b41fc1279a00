"""Results: the loan, and the figures after tax, in real prices and of the margin."""

from __future__ import annotations

import streamlit as st

from models.analysis.metrics.contract import margin_irr
from models.analysis.words import listing
from models.notation import writer
from models.run.model import OptionResult, Result
from views.figures import opened, written
from views.results.lines import by_year, chosen, singles

ADVANCED: tuple[str, ...] = (
    *("pv_after_tax_cost", "levelised_after_tax", "levelised_real", "equivalent_annual_cost"),
    *("infrastructure_cost", "lifetime_cost_per_million_tokens", "cost_per_request", "cost_per_accelerator_hour"),
    *("margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax"),
    *("joules_per_output_token_it", "joules_per_output_token_facility", "energy_cost_per_million_output_tokens"),
    *("tokens_per_second_per_mw", "carbon_g_per_thousand_output_tokens", "water_l_per_thousand_output_tokens"),
    *("commitment_beyond_horizon", "served_share"),
)


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _loan(result, option)
    _advanced(result, option)


def _loan(result: Result, option: OptionResult) -> None:
    if option.figure("loan_draw") is None:
        return
    st.header("Loan", anchor=False)
    st.caption("Financing view: changes the timing of cash, not project cost.")
    lines = ("loan_opening", "loan_payment", "loan_interest", "loan_principal", "loan_closing")
    rows = by_year(option, lines)
    opened.table("loan table", result, option.name, option.year_names, rows, "Loan by year")


def _advanced(result: Result, option: OptionResult) -> None:
    with st.expander("Advanced: tax, real prices, margin, carbon, water"):
        rows = singles(option, [name for name in ADVANCED if option.number(name) is not None])
        opened.table("advanced table", result, option.name, ["Whole period"], rows, "Advanced figures")
        roots = margin_irr(option)
        if roots is not None:
            text = listing([writer.rate(root) for root in roots]) or "none"
            st.markdown(f"Internal rate of return of the margin: {written.plain(text)}")
        yearly = by_year(option, ["carbon_cost", "carbon_charged", "water_cost"])
        if yearly:
            opened.table("shadow table", result, option.name, option.year_names, yearly, "Carbon and water cost")
            if not option.option.fields.flag("carbon_price_is_paid"):
                st.caption("The carbon price is a shadow price here: shown, not part of any cost.")
