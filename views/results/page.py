"""Results: one option's headline figures, what drives them, and everything behind them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts import capacity, costs
from models.analysis.claims.quoted import Per, ladder
from models.analysis.metrics import palette
from models.analysis.metrics.chain import energy_chain
from models.analysis.metrics.contract import margin_irr
from models.analysis.metrics.headlines import Headline, drivers_in_words, has_staff, headlines
from models.analysis.metrics.idle import barely_used_in_words, idle, idle_in_words
from models.analysis.words import listing, unit_words
from models.notation import writer
from models.run.model import OptionResult, Result
from views import session
from views.figures import cards, drawing, opened, standing, written
from views.figures.opened import Row

PER_WORDS = {"response": "Per response", "Mtoken": "Per million generated tokens", "total": "In total"}


def show() -> None:
    """Draw the page."""
    result = session.shown_result()
    option = result.options[_chosen(list(result.options))]
    found = headlines(option)
    cards.draw(result, option.name, found[:5], "main figures")
    left, right = st.columns(2, gap="medium")
    with left:
        _cost_tree(option)
    with right:
        _further(result, option, found[5:])
    _cash(result, option)
    _workloads(result, option)
    _reading_and_writing(result, option)
    _quote(result, option)
    _idle(result, option)
    _energy(result, option)
    _loan(result, option)
    _checks(result, option)
    _advanced(result, option)


# ------------------------------------------------------------------------------------------------------- what is shown


def _chosen(names: list[str]) -> str:
    """The option and whether engineering time counts, and what is left out in words."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.title("Results", anchor=False, width="content")
        current = standing.pick_option("results option")
        if has_staff(session.study()):
            st.toggle(
                "Without engineering time",
                value=session.without_staff(),
                help="Runs the study without running costs of the category staff, as most published figures do.",
                **session.bound("results without staff", session.without_staff(), take=session.set_without_staff),
            )
    standing.told()
    return current


def _money(option: OptionResult) -> str:
    return option.study.currency or "money"


# --------------------------------------------------------------------------------------------------------------- costs


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


def _further(result: Result, option: OptionResult, found: Sequence[Headline]) -> None:
    """The other five headlines in a table."""
    rows: list[Row] = []
    for headline in found:
        shown = [headline.figure, *headline.beneath]
        for figure in shown:
            if figure.kind == "money" and isinstance(figure.value, float):
                cells, unit = written.row(figure.line, [figure.value], "money", option.study.currency)
            else:
                cells, unit = [written.figure(figure)], figure.unit
            rows.append(Row(figure.label, cells, figure.line, unit))
    opened.table("further figures", result, option.name, ["Lifetime"], rows, "Further headline figures")
    opened.finder(result, option.name, "results finder")
    if barely_used_in_words(option):
        st.warning(written.plain(barely_used_in_words(option)), icon=":material/hourglass_empty:")
    reasons = dict.fromkeys(h.missing for h in found if h.missing)
    boundary = "Energy is counted at the meter, idle time included. " if option.values["energy_known"] else ""
    st.caption(written.plain(boundary + (f"No figure (n/a): {listing(list(reasons))}." if reasons else "")))


def _line_rows(option: OptionResult, lines: Sequence[str]) -> list[Row]:
    """Lines by year as rows of a table; lines without any figure are left out. Money stands in one scale."""
    amounts = [v for name in lines if option.model.lines[name].unit == "money" for v in option.years(name)]
    money = writer.table_scale(amounts)
    rows = []
    for name in lines:
        values = option.years(name)
        if any(value is not None for value in values):
            line = option.model.lines[name]
            common = money if line.unit == "money" else None
            cells, unit = written.row(name, values, line.unit, option.study.currency, common)
            rows.append(Row(line.label, cells, name, unit))
    return rows


def _cash(result: Result, option: OptionResult) -> None:
    st.header("Cash by year", anchor=False)
    drawing.chart(costs.cash(option))
    rows = _line_rows(option, ["capex", "operating", "disposals_in_year", "cash_cost"])
    opened.table("cash table", result, option.name, option.year_names, rows, "Cash by year")


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
    rows = []
    for name in lines:
        values, line = option.figure(name), option.model.lines[name]
        if any(value is not None for value in values):
            cells, unit = written.across(name, values, line.unit, option.study.currency)
            rows.append(Row(line.label, cells, name, unit))
    opened.table("workload table", result, option.name, names, rows, "Workloads")


def _reading_and_writing(result: Result, option: OptionResult) -> None:
    st.header("Reading and writing", anchor=False)
    chart = costs.reading_and_writing(option)
    if chart is None:
        st.caption("Not told apart: a measured rate covers both, or nothing is served.")
        return
    drawing.chart(chart)
    lines = ("reading_cost", "writing_cost", "cost_per_million_input_tokens", "cost_per_million_generated_tokens")
    rows = [_single(option, name) for name in lines]
    opened.table("split table", result, option.name, ["Lifetime"], rows, "Reading and writing")


def _single(option: OptionResult, name: str) -> Row:
    """A line without dimensions as a row."""
    line, value = option.model.lines[name], option.number(name)
    cells, unit = written.across(name, [value], line.unit, option.study.currency)
    return Row(line.label, cells, name, unit)


def _quote(result: Result, option: OptionResult) -> None:
    st.header("From the quote to the all-in cost", anchor=False)
    per: Per = st.segmented_control(
        "The quote, per",
        ["Mtoken", "response"],
        default="Mtoken",
        required=True,
        format_func=PER_WORDS.__getitem__,
        label_visibility="collapsed",
        key="results quote",
    )  # type: ignore[assignment]
    found = ladder(option, per)
    if found is None:
        st.caption("Nothing is generated or accepted, so there is nothing to divide the cost by.")
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for quote in found.quotes:
            unit = unit_words(quote.unit, option.study.currency)
            shown = writer.quantity(writer.exact(quote.value), unit, option.study.currency)
            st.markdown(f"{quote.label}: **{written.plain(shown)}**")
            opened.button(result, option.name, quote.line, "How it is used", f"quote {quote.label}")
    drawing.chart(costs.ladder(option, found))
    opened.button(result, option.name, found.line, "How the all-in cost is made up", "open ladder")


# ----------------------------------------------------------------------------------------------------- fleet and energy


def _idle(result: Result, option: OptionResult) -> None:
    found = idle(option)
    if found is None:
        return
    st.header("Idle capacity", anchor=False)
    st.markdown(written.plain(idle_in_words(option)))
    chart = capacity.time_use(option)
    if chart is not None:
        drawing.chart(chart)
    scale = writer.table_scale([part.cost for part in found.parts])
    rows = [
        Row(
            palette.TIME[part.name].label,
            [writer.share(part.share), scale.text(part.cost) if part.name != "used" else ""],
            "used_share" if part.name == "used" else "idle_cost",
        )
        for part in found.parts
        if part.share > 0.0005
    ]
    opened.table(
        "idle table",
        result,
        option.name,
        ["Share of the time", f"Cost of idle capacity, {scale.unit(_money(option))}"],
        rows,
        "Idle capacity by reason",
    )


def _energy(result: Result, option: OptionResult) -> None:
    st.header("Energy and what limits output", anchor=False)
    stages = energy_chain(option)
    chart = capacity.energy(option)
    if chart is not None:
        drawing.chart(chart)
        columns = ["Energy, lifetime (kWh)", "Kept of the stage before", "J per generated token", "Tokens per kWh"]
        rows = [
            Row(
                f"{stage.label}: {stage.boundary}",
                [
                    writer.physical(stage.kwh),
                    writer.share(stage.kept) + (f" ({stage.by})" if stage.by else ""),
                    writer.physical(stage.joules_per_token),
                    writer.physical(3.6e6 / stage.joules_per_token if stage.joules_per_token else None),
                ],
                stage.line,
            )
            for stage in stages
        ]
        opened.table("energy table", result, option.name, columns, rows, "Energy chain")
    elif option.values["is_api"]:
        st.caption("An API states neither its energy nor its capacity: there are no figures.")
        return
    else:
        st.caption("The power of the rented systems is not given: their energy is not known, and part of the price.")
    lines = (
        *("installed", "binding", "utilisation", "power_share", "peak_served_share", "compute_ceiling"),
        *("energy_ceiling", "average_it_kw", "peak_kw", "facility_energy_kwh", "electricity", "carbon_t", "water_m3"),
    )
    rows = _line_rows(option, lines)
    opened.table("limits table", result, option.name, option.year_names, rows, "Fleet, limits and energy by year")


# ----------------------------------------------------------------------------------------------- loan, checks, advanced


def _loan(result: Result, option: OptionResult) -> None:
    if option.figure("loan_draw") is None:
        return
    st.header("Loan", anchor=False)
    st.caption("A view beside the project: it changes when cash is needed, not what the project costs.")
    lines = ("loan_opening", "loan_payment", "loan_interest", "loan_principal", "loan_closing")
    rows = _line_rows(option, lines)
    opened.table("loan table", result, option.name, option.year_names, rows, "Loan by year")


def _checks(result: Result, option: OptionResult) -> None:
    """The identities of this option; those of the others stand on their own pages."""
    prefix = f"{option.name}: " if len(result.options) > 1 else ""
    own = [check for check in result.checks if check.name.startswith(prefix)]
    failed = [check for check in own if not check.holds]
    st.header("Checks", anchor=False)
    if failed:
        for check in failed:
            st.error(f"{written.plain(check.name)} fails: {written.plain(check.detail)}")
    else:
        st.markdown(f":material/check_circle: All {len(own)} identities hold for this option.")
    with st.expander("What is checked"):
        listed = (f"- {written.plain(check.name.removeprefix(prefix))}: {written.plain(check.detail)}" for check in own)
        st.markdown("\n".join(listed))


ADVANCED: tuple[str, ...] = (
    *("pv_after_tax_cost", "levelised_after_tax", "levelised_real", "equivalent_annual_cost"),
    *("infrastructure_cost", "lifetime_cost_per_million_tokens", "cost_per_request", "cost_per_accelerator_hour"),
    *("margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax"),
    *("joules_per_output_token_it", "joules_per_output_token_facility", "energy_cost_per_million_output_tokens"),
    *("tokens_per_second_per_mw", "carbon_g_per_thousand_output_tokens", "water_l_per_thousand_output_tokens"),
    *("commitment_beyond_horizon", "served_share"),
)


def _advanced(result: Result, option: OptionResult) -> None:
    with st.expander("Advanced: tax, real prices, margin, carbon, water"):
        rows = [_single(option, name) for name in ADVANCED if option.number(name) is not None]
        opened.table("advanced table", result, option.name, ["Lifetime"], rows, "Advanced figures")
        roots = margin_irr(option)
        if roots is not None:
            text = listing([writer.rate(root) for root in roots]) or "none"
            st.markdown(f"Internal rate of return of the margin: {written.plain(text)}")
        yearly = _line_rows(option, ["carbon_cost", "carbon_charged", "water_cost"])
        if yearly:
            opened.table("shadow table", result, option.name, option.year_names, yearly, "Carbon and water cost")
            if not option.option.fields.flag("carbon_price_is_paid"):
                st.caption("The carbon price is a shadow price here: shown, not part of any cost.")
