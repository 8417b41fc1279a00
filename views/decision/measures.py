"""Head to head: what one option saves against another, measure by measure, before tax and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from models.analysis.decision.difference import Difference, difference
from models.analysis.metrics.headlines import cash_needed
from models.analysis.risk import summary
from models.analysis.words import listing, named
from models.finance.flows import Payback
from models.notation import writer
from views import session
from views.decision.case import Case
from views.figures import printed, simulated, written
from views.figures.printed import Column, Row

# An internal rate above this tells how little is invested, and no return that anybody earns on more.
MOST_PER_YEAR = 1.0


@dataclass(frozen=True)
class _Cell:
    """A measure as it is printed, and why it is no number, in one line."""

    text: str
    why: str = ""


def show(case: Case) -> None:
    """Draw the table: both sides of tax where there is one, that of the bar in bold; and why a cell has no number."""
    after = session.after_tax()
    bases = [False, True] if case.study.tax_rate else [False]
    found = [difference(case.option, case.against, after_tax=taxed) for taxed in bases]
    scale = writer.chart_scale([each.npv for each in found])
    money = scale.unit(case.money)
    rows = [
        ("Saving, present value", money, [_Cell(scale.text(each.npv)) for each in found]),
        (f"Share of the cost of {case.against.name}", "", [_Cell(writer.share(each.share)) for each in found]),
        *_ranges(case),
        _cash(case),
        ("Payback", "years", [_paid_back(each, each.payback) for each in found]),
        ("Discounted payback", "years", [_paid_back(each, each.discounted_payback) for each in found]),
        ("IRR", "% p.a.", [_rate(each) for each in found]),
    ]
    heads = {False: "Before tax", True: f"After tax, {writer.plain_rate(case.study.tax_rate)}"}
    kinds = {taxed: "chosen" if taxed == after else "" for taxed in bases}
    columns = [Column("Unit", words=True), *(Column(heads[taxed], kind=kinds[taxed]) for taxed in bases)]
    missing = [_Cell(writer.ZERO)] * len(bases)
    printed.heading(f"{case.option.name} against {case.against.name}", "A saving is positive")
    printed.table(
        "Measures of the saving",
        "Measure",
        columns,
        [Row(label, [unit, *(cell.text for cell in [*cells, *missing][: len(bases)])]) for label, unit, cells in rows],
    )
    notes = dict.fromkeys(cell.why for _, _, cells in rows for cell in cells if cell.why)
    if notes:
        st.caption(written.plain(" ".join(notes)))


def _ranges(case: Case) -> Iterator[tuple[str, str, list[_Cell]]]:
    """The middle 80% of the saving over the simulated outcomes, where they are at hand."""
    made = simulated.known()
    if made is None or not set(case.names) <= set(made.costs):
        return
    found = summary.summary(summary.saved(made, *case.names))
    if found is None:
        return
    low, high = found.percentiles[10], found.percentiles[90]
    scale = writer.chart_scale([low, high])
    yield "80% range of the saving", scale.unit(case.money), [_Cell(writer.span(scale.text(low), scale.text(high)))]


def _cash(case: Case) -> tuple[str, str, list[_Cell]]:
    """How much less, or more, has to be paid in the first year; loans counted as they are drawn and repaid."""
    less = cash_needed(case.against) - cash_needed(case.option)
    scale = writer.chart_scale([less])
    told = f"{scale.text(abs(less))} {'less' if less > 0 else 'more'}" if less else "the same"
    return "Cash needed in year 1", scale.unit(case.money), [_Cell(told)]


def _paid_back(found: Difference, paid: Payback) -> _Cell:
    told = found.paid_back(paid)
    if found.is_nothing:
        return _Cell(told, "The two have identical cash flows.")
    if found.rests_on_resale(paid):
        return _Cell(told, "Payback n/m, not meaningful: it rests on the resale at the end.")
    return _Cell(told, "After payback the cumulative saving turns negative again." if paid.turns_negative_again else "")


def _rate(found: Difference) -> _Cell:
    """The internal rate, where it is the return on what is laid out."""
    if found.is_nothing:
        return _Cell(writer.ZERO, "The two have identical cash flows.")
    told = listing([writer.rate(root) for root in found.irr])
    match found.irr:
        case ():
            why = f"{named([found.option if found.npv >= 0 else found.against])} is cheaper at every rate"
        case (only,) if found.saves_first:
            why = f"it saves first and pays later, which costs {writer.rate(only)}: worthwhile if capital costs more"
        case (only,) if only > MOST_PER_YEAR:
            why = "above 100% p.a. it only says how little is invested, so use the saving"
        case (only,):
            return _Cell(writer.plain_rate(only))
        case _:
            why = f"there are several ({told}), so use the saving"
    return _Cell(writer.NOT_MEANINGFUL, f"IRR n/m, not meaningful: {why}.")
