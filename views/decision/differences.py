"""Compare: what each option saves against one of them, in money, in per cent, per response and per million tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from models.analysis.decision.difference import Difference, difference, unit_saving
from models.analysis.decision.side_by_side import NOT_COMPARED, footing, reference
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import without_price
from models.analysis.words import line_text, listing, named
from models.notation import writer
from models.run.model import OptionResult, Result
from views import session
from views.fields.remembered import choice
from views.figures import opened
from views.figures import written as figures
from views.figures.opened import Row

AGAINST = "compare against"
UNIT_SAVINGS: Mapping[str, str] = {
    RANKED_BY: "Per response",
    "cost_per_meaningful_response": "Per response, undiscounted",
    "levelised_cost_per_million_output_tokens": "Per million, levelised",
    "lifetime_cost_per_million_output_tokens": "Per million, undiscounted",
}
AFTER_TAX_SAVINGS: Mapping[str, str] = {"levelised_after_tax": "Per million, pre-tax equivalent"}


@st.fragment
def draw(result: Result) -> None:
    """Draw the section, which reruns alone when another reference is chosen."""
    usual = reference(result).name
    name = choice(AGAINST, "Against", list(result.options), usual, words=lambda n: _told(n, usual))
    after_tax = session.after_tax()
    against = result.options[name]
    others = [other for other in result.options if other != name]
    basis = footing(result, against)
    found = {
        other: difference(result.options[other], against, after_tax=after_tax)
        for other in others
        if other in basis.comparable and not without_price(against, result.options[other])
    }
    rows = [*_unit_rows(result, against, others, after_tax), *_total_rows(result, found, others, after_tax)]
    opened.table("difference table", result, others[0], others, rows, f"Differences to {name}")
    lacking = without_price(against, *(result.options[other] for other in others))
    st.caption(figures.plain(" ".join((*_notes(result, found, after_tax), *([f"{lacking}."] if lacking else [])))))
    if name != usual:
        st.caption("  \n".join(map(figures.plain, basis.sentences())))


def _with_share(amount: str, share: float | None) -> str:
    return amount if share is None else f"{amount} ({writer.share(share)})"


def _told(name: str, usual: str) -> str:
    return f"{name} (reference)" if name == usual else name


def _unit_rows(result: Result, against: OptionResult, others: Sequence[str], after_tax: bool) -> list[Row]:
    """Unit costs compare whatever each option serves; those on the other side of tax stand in another table."""
    rows, tax = [], "after tax" if after_tax else "before tax"
    for line, label in (AFTER_TAX_SAVINGS if after_tax else UNIT_SAVINGS).items():
        found = [
            None if without_price(result.options[other], against) else unit_saving(result.options[other], against, line)
            for other in others
        ]
        told = [
            line_text(line, f.amount if f else None, against.model.lines[line].unit, result.study.currency)
            for f in found
        ]
        unit = told[0][1]
        cells = [text if f is None else _with_share(text, f.share) for (text, _), f in zip(told, found, strict=True)]
        rows.append(Row(label, cells, line, f"{unit}, {tax}"))
    return rows


def _total_rows(result: Result, found: Mapping[str, Difference], others: Sequence[str], after_tax: bool) -> list[Row]:
    """Totals and what an investor asks of them, where they compare."""
    line = "pv_after_tax_cost" if after_tax else "comparison_pv_cost"
    tax, later = "after tax" if after_tax else "before tax", "years from the start"

    def row(label: str, line: str, unit: str, written: Mapping[str, str]) -> Row:
        return Row(label, [written.get(other, NOT_COMPARED) for other in others], line, unit)

    if not found:
        return []
    each = found.items()
    scale = writer.table_scale([f.npv for f in found.values()])
    saved = {n: _with_share(scale.text(f.npv), f.share) for n, f in each}
    return [
        row("Present value", line, f"{scale.unit(result.study.currency or 'money')}, {tax}", saved),
        row("Internal rate of return", "cash_cost", tax, {n: _rates(f.irr) for n, f in each}),
        row("Modified rate of return", "cash_cost", tax, {n: _mirr(f) for n, f in each}),
        row("Payback", "cash_cost", later, {n: f.paid_back(f.payback) for n, f in each}),
        row("Discounted payback", "cash_cost", later, {n: f.paid_back(f.discounted_payback) for n, f in each}),
    ]


def _notes(result: Result, found: Mapping[str, Difference], after_tax: bool) -> list[str]:
    notes = ["Saving and share of the reference's cost. Negative: costs more."]
    notes.append(
        "After tax: costs and depreciation deducted, resale gains taxed. Pre-tax equivalent: the pre-tax price with "
        "the same after-tax cost."
        if after_tax
        else "All of it before tax."
    )
    if not found:
        return [*notes, "No other option's total is comparable; only unit costs are."]
    if any(option.values["interim_priced"] for option in result.options.values()):
        notes.append("Money, rates and payback count unserved requests at the fallback price.")
    without = [name for name, f in found.items() if not f.irr and not f.is_nothing]
    if without:
        notes.append(f"No IRR for {named(without)}: one option is cheaper at every rate.")
    first = [name for name, f in found.items() if f.saves_first]
    if first:
        notes.append(
            f"For {named(first)} the rate is a cost of finance: worthwhile if the cost of capital is above it."
        )
    several = [name for name, f in found.items() if len(f.irr) > 1]
    if several:
        notes.append(f"Multiple IRRs for {named(several)}: use the present value.")
    return [*notes, *_again(found)]


def _again(found: Mapping[str, Difference]) -> list[str]:
    """Where a balance that was paid back turns negative once more, as paid or only when discounted."""
    paid = [name for name, f in found.items() if f.payback.turns_negative_again]
    discounted = [name for name, f in found.items() if f.discounted_payback.turns_negative_again and name not in paid]
    said = (
        f"After payback the balance of {named(names)}{how} turns negative again."
        for names, how in ((paid, ""), (discounted, ", discounted,"))
        if names
    )
    return list(said)


def _rates(roots: Sequence[float]) -> str:
    return listing([writer.rate(root) for root in roots]) or "none"


def _mirr(found: Difference) -> str:
    return _rates(() if found.mirr is None else (found.mirr,))
