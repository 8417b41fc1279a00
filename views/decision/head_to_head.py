"""Decision: one option against another, in money and in reasons."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from charts import decision
from models.analysis.decision.bridge import Bridge, by_family
from models.analysis.decision.difference import Difference, difference
from models.analysis.decision.side_by_side import ALIKE, more_or_less
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.metrics.same_work import without_price
from models.analysis.reporting.brief import bar_label
from models.analysis.sensitivity.named_input import decapitalised
from models.chapters.money.costs import COSTS
from models.notation import writer
from views import session
from views.decision import measures
from views.decision.case import Case, chosen
from views.fields.remembered import switch
from views.figures import drawing, opened, printed, written
from views.figures.opened import Row
from views.figures.printed import Column

FAMILY, DETAIL = "family", "detail"


def show() -> None:
    """Draw the view."""
    case = chosen(session.shown_result())
    if case is None:
        st.caption("This study has one option. Add another in Inputs to compare two of them.")
        return
    _verdict(case)
    if case.footing.holds:
        _money(case)
    _why(case)


def _verdict(case: Case) -> None:
    """How the two stand to each other, and whether their totals compare."""
    one, two = (f"**{written.plain(name)}**" for name in case.names)
    ours, theirs = (option.number(RANKED_BY) for option in (case.option, case.against))
    if without_price(case.option, case.against):
        st.markdown(written.plain("The two do not compare while a price is missing."))
    elif ours is not None and theirs is not None:
        how = more_or_less(ours, theirs)
        how = f"costs {how} {'as' if how == ALIKE else 'than'}"
        times, unit = case.times(RANKED_BY), case.unit(RANKED_BY)
        costs = writer.unit_costs([times * ours, times * theirs])
        shown = f"{writer.quantity(costs[0], unit, case.currency)} against {case.currency} {costs[1]}"
        st.markdown(f"{one} {written.plain(how)} {two}: {written.plain(shown)}, discounted, before tax.")
    else:
        st.markdown(
            written.plain(
                "One of the two has no accepted response, so there is no cost per meaningful response to compare."
            )
        )
    if not case.footing.holds:
        printed.flag(f"Totals not comparable: {case.footing.reason}.")


# --------------------------------------------------------------------------------------------------------------- money


def _money(case: Case) -> None:
    """The measures beside the cumulative saving, and the savings by year beneath."""
    found = difference(case.option, case.against, after_tax=session.after_tax())
    mid_year = case.study.fields.flag("mid_year")
    saved = decision.Savings(found.starts, found.running, found.final, case.study.discount_rate, mid_year)
    left, right = st.columns(2, gap="large")
    with left:
        measures.show(case)
        line = "pv_after_tax_cost" if found.after_tax else METRIC
        opened.button(case.result, case.option.name, line, "Trace the present value", "decide present value")
    with right:
        _balance(case, found, saved)
    _by_year(case, found, saved)


def _balance(case: Case, found: Difference, saved: decision.Savings) -> None:
    fields = case.study.fields
    first = int(fields.number("start_year")) if fields.given("start_year") else None
    paybacks = (found.payback, found.discounted_payback)
    drawing.chart(decision.balance(saved, paybacks, first, f"Cumulative saving, {_tax(found)}", case.money))


def _tax(found: Difference) -> str:
    return "after tax" if found.after_tax else "before tax"


def _by_year(case: Case, found: Difference, saved: decision.Savings) -> None:
    """The savings of each year, and what they add up to."""
    years = case.option.year_names
    discounted = saved.discounted()
    flows = [
        [a + b for a, b in zip(each.starts, each.running, strict=True)] + [each.final] for each in (saved, discounted)
    ]
    sums = [[sum(row[: n + 1]) for n in range(len(row))] for row in flows]
    scale = writer.statement_scale([*flows[0], *sums[0]])
    unit = scale.unit(case.money)
    lines = {"Saved": flows[0], "Cumulative": sums[0], "Cumulative, discounted": sums[1]}
    printed.heading("Saving by year", f"{unit}, {_tax(found)}. Negative: costs more that year. At the end: resale")
    printed.table(
        "Savings by year",
        "Saving",
        [Column(year) for year in (*years, "At the end")],
        [printed.Row(label, [scale.text(amount) for amount in amounts]) for label, amounts in lines.items()],
        "statement",
    )


# ----------------------------------------------------------------------------------------------------------------- why


def _why(case: Case) -> None:
    """The bridge between the two, by family of cost where totals compare, or in detail."""
    with st.spinner("Computing the bridge …", show_time=False):
        found = case.reasons()
    if found is None:
        st.caption("The options are not comparable, so there is no bridge.")
        return
    if case.footing.holds:
        detail = "Group of inputs" if found.by_inputs else "Kind of cost"
        by = switch("decide bridge", "Bridge by", {FAMILY: "Family of cost", DETAIL: detail}, FAMILY)
        found = by_family(case.option, case.against) if by == FAMILY else found
    else:
        by = DETAIL
    total = found.metric != RANKED_BY
    found = _times(found, case.times(found.metric))
    scale = writer.table_scale([found.start, found.end, *(bar.amount for bar in found.bars)])
    write = scale.text if total else writer.unit_cost
    unit = scale.unit(case.unit(found.metric)) if total else case.unit(found.metric)
    basis = f"{unit}, present value{'' if total else ' basis'}, before tax"
    title = f"Bridge from {found.against} to {found.option}"
    left, right = st.columns([3, 2], gap="medium")
    with left:
        drawing.chart(decision.waterfall(found, title, basis, write))
    with right:
        _bars(case, found)
    if by == DETAIL:
        st.caption(written.plain(_kind_in_words(found)))


def _times(found: Bridge, factor: float) -> Bridge:
    """The bridge in the unit that it is shown in."""
    bars = tuple(replace(bar, amount=factor * bar.amount) for bar in found.bars)
    return replace(found, start=factor * found.start, end=factor * found.end, bars=bars)


def _bars(case: Case, found: Bridge) -> None:
    bars = [bar for bar in found.bars if bar.amount]
    amounts = [found.start, *(bar.amount for bar in bars), found.end]
    scale = writer.table_scale(amounts)
    # Bars are small beside the ends: of a figure with decimals two more are shown.
    scale = replace(scale, decimals=scale.decimals + 2) if scale.decimals else scale
    unit = scale.unit(case.unit(found.metric))
    labels = [found.against, *(bar_label(bar) for bar in bars), found.option]
    cells = [scale.text(amounts[0]), *(scale.signed(amount) for amount in amounts[1:-1]), scale.text(amounts[-1])]
    alt = f"From {found.against} to {found.option}"
    lines = [COSTS[bar.name].line if bar.name in COSTS else bar.name for bar in bars]
    if not set(lines) <= set(case.option.model.lines):
        drawing.table({"Part": labels, unit: cells}, alt, right=[unit])
    else:
        lines = [found.metric, *lines, found.metric]
        owners = [found.against, *(found.option for _ in bars), found.option]
        parts = zip(labels, cells, lines, owners, strict=True)
        rows = [Row(label, [cell], line, option=owner) for label, cell, line, owner in parts]
        opened.table("decide bars", case.result, found.option, [unit], rows, alt)
    none = [decapitalised(bar_label(bar)) for bar in found.bars if not bar.amount]
    if none:
        st.caption(written.plain(f"Equal: {'; '.join(none)}."))


def _kind_in_words(found: Bridge) -> str:
    if found.by_inputs:
        return "Same acquisition: each bar is a group of inputs (Shapley average). Bars add up exactly."
    why = "Acquired differently"
    if found.metric == RANKED_BY:
        why = "Totals are not comparable, so costs are per response"
    return f"{why}: each bar is one kind of cost. Bars add up exactly."
