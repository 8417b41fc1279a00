"""Decision: one option against another, in money and in reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from charts import decision
from models.analysis.decision.bridge import Bridge
from models.analysis.decision.difference import Difference, difference
from models.analysis.decision.side_by_side import ALIKE, more_or_less
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.reporting.brief import bar_label
from models.analysis.sensitivity.named_input import decapitalised
from models.analysis.words import listing, named
from models.chapters.costs import COSTS
from models.finance import flows as measures
from models.notation import writer
from views import session
from views.decision.case import Case, chosen
from views.figures import drawing, opened, written
from views.figures.opened import Row

NARROWEST = 190


def show() -> None:
    """Draw the view."""
    case = chosen(session.shown_result())
    if case is None:
        st.caption("This study has one option. Add another in Inputs to compare two of them.")
        return
    _verdict(case)
    if case.footing.holds:
        _money(case)
    st.header("Why", anchor=False)
    _why(case)


def _verdict(case: Case) -> None:
    """How the two stand to each other, and whether their totals compare."""
    one, two = (f"**{written.plain(name)}**" for name in case.names)
    ours, theirs = (option.number(RANKED_BY) for option in (case.option, case.against))
    if ours is not None and theirs is not None:
        how = more_or_less(ours, theirs)
        how = f"costs {how} {'as' if how == ALIKE else 'than'}"
        times, unit = case.times(RANKED_BY), case.unit(RANKED_BY)
        one_cost = writer.quantity(writer.unit_cost(times * ours), unit, case.currency)
        shown = f"{one_cost} against {case.currency} {writer.unit_cost(times * theirs)}"
        st.markdown(f"{one} {written.plain(how)} {two}: {written.plain(shown)}, discounted, before tax.")
    else:
        st.markdown(
            written.plain("One of the two has no accepted response, so there is no cost per response to compare.")
        )
    if case.footing.holds:
        st.caption(f"Totals are comparable: {written.plain(case.footing.reason)}.")
    else:
        st.warning(f"Totals not comparable: {written.plain(case.footing.reason)}.", icon=":material/balance:")


# --------------------------------------------------------------------------------------------------------------- money


@dataclass(frozen=True)
class _Card:
    """A figure of the difference, what it means, what is odd about it, and the line that opens it."""

    label: str
    value: str
    beneath: str
    flagged: str = ""
    line: str = ""


def _money(case: Case) -> None:
    st.header("Money", anchor=False)
    found = difference(case.option, case.against, after_tax=session.after_tax())
    cards = list(_cards(case, found))
    grid = st.grid(len(cards), min_column_width=NARROWEST, border=True, gap="small", key="decide money")
    for card in cards:
        with grid.cell():
            st.metric(card.label, card.value)
            st.caption(card.beneath[:1].upper() + card.beneath[1:])
            if card.flagged:
                st.markdown(f":orange[:material/warning: {card.flagged}]")
            if card.line:
                opened.button(case.result, case.option.name, card.line, "Trace", f"decide {card.line}")
    _balance(case, found)


def _cards(case: Case, found: Difference) -> Iterator[_Card]:
    one, two = (written.plain(named([name])) for name in case.names)
    rate = case.study.fields.number("discount_rate")
    share = "" if found.share is None else f", {writer.share(abs(found.share))} of its cost"
    tax = "after tax" if found.after_tax else "before tax"
    verb = "saved" if found.npv >= 0 else "more spent"
    value = writer.money(found.npv, case.currency)
    beneath = f"{verb} by choosing {one} instead of {two}{written.plain(share)}, {tax}"
    yield _Card("Net present value", value, beneath, line="pv_after_tax_cost" if found.after_tax else METRIC)
    yield _Card("Internal rate of return", _rates(found.irr), _rate_in_words(found))
    at = written.plain(writer.rate(rate))
    no_mirr = "no outlay or no return" if found.mirr is None else ""
    beneath = f"finance and reinvestment rate {at}"
    yield _Card("Modified rate of return", _rates(() if found.mirr is None else (found.mirr,)), no_mirr or beneath)
    for label, paid, basis in (
        ("Payback", found.payback, "as paid"),
        ("Discounted payback", found.discounted_payback, f"discounted at {at}"),
    ):
        yield _Card(label, "None", "identical cash flows") if found.is_nothing else _paid_back(label, paid, basis)


def _rates(roots: tuple[float, ...]) -> str:
    """One rate, or how many there are."""
    return f"{len(roots)} rates" if len(roots) > 1 else listing([writer.rate(root) for root in roots]) or "None"


def _rate_in_words(found: Difference) -> str:
    """What the internal rates mean: an investment pays below its rate, a financing above it."""
    if not found.irr:
        if found.is_nothing:
            return "identical cash flows"
        ahead = found.option if found.npv >= 0 else found.against
        return f"no IRR: {written.plain(named([ahead]))} is cheaper at every rate"
    if len(found.irr) > 1:
        shown = written.plain(listing([writer.rate(root) for root in found.irr]))
        return f"multiple IRRs ({shown}): use the present value"
    if found.saves_first:
        return "saves first, pays later: worthwhile if the cost of capital is above this"
    return "worthwhile if the cost of capital is below this"


def _paid_back(label: str, found: measures.Payback, basis: str) -> _Card:
    flagged = "turns negative again later" if found.turns_negative_again else ""
    if found.years is None:
        return _Card(label, "Never", f"not within the study period, {basis}")
    if found.years == 0:
        return _Card(label, "Immediate", f"no extra outlay, {basis}", flagged)
    return _Card(label, writer.years(found.years), f"from the start, {basis}", flagged)


def _balance(case: Case, found: Difference) -> None:
    fields = case.study.fields
    saved = decision.Savings(
        found.starts, found.running, found.final, fields.number("discount_rate"), fields.flag("mid_year")
    )
    first = int(fields.number("start_year")) if fields.given("start_year") else None
    tax = "after tax" if found.after_tax else "before tax"
    title = f"Cumulative saving, {case.option.name} against {case.against.name}, {tax}"
    chart = decision.balance(saved, (found.payback, found.discounted_payback), first, title, case.money)
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        drawing.chart(chart)
    with right:
        _by_year(case, found, saved)


def _by_year(case: Case, found: Difference, saved: decision.Savings) -> None:
    """The savings of each year, and what they add up to."""
    years = case.option.year_names
    discounted = saved.discounted()
    flows = [
        [a + b for a, b in zip(each.starts, each.running, strict=True)] + [each.final] for each in (saved, discounted)
    ]
    sums = [[sum(row[: n + 1]) for n in range(len(row))] for row in flows]
    scale = writer.table_scale([*flows[0], *sums[0]])
    unit = scale.unit(case.money)
    columns = {
        "Year": [*years, "At the end"],
        f"Saved, {unit}": [scale.text(amount) for amount in flows[0]],
        "Cumulative": [scale.text(amount) for amount in sums[0]],
        "Cumulative, discounted": [scale.text(amount) for amount in sums[1]],
    }
    drawing.table(columns, f"Savings by year, {unit}", right=list(columns)[1:])
    st.caption("Negative: costs more that year. At the end: resale.")


# ----------------------------------------------------------------------------------------------------------------- why


def _why(case: Case) -> None:
    with st.spinner("Computing the bridge …", show_time=False):
        found = case.reasons()
    if found is None:
        st.caption("The options are not comparable, so there is no bridge.")
        return
    total = found.metric != RANKED_BY
    found = _times(found, case.times(found.metric))
    scale = writer.table_scale([found.start, found.end, *(bar.amount for bar in found.bars)])
    write = scale.text if total else writer.unit_cost
    unit = scale.unit(case.unit(found.metric)) if total else case.unit(found.metric)
    basis = f"{unit}, {'present value' if total else 'discounted'}, nominal, pre-tax"
    title = f"From {found.against} to {found.option}"
    left, right = st.columns([3, 2], gap="medium")
    with left:
        drawing.chart(decision.waterfall(found, title, basis, write))
    with right:
        _bars(case, found)
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
    if found.by_inputs:
        drawing.table({"Part": labels, unit: cells}, alt, right=[unit])
    else:
        lines = [found.metric, *(COSTS[bar.name].line if bar.name in COSTS else bar.name for bar in bars), found.metric]
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
