"""All options side by side in bands, the recommended first: cost, quotes, money, service, delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from charts import costs
from models.analysis.claims.quoted import quotes
from models.analysis.decision.decision import after_tax, ranking
from models.analysis.decision.side_by_side import (
    NOT_COMPARED,
    Footing,
    footing,
    latency_met,
    months_in_words,
    quality_met,
)
from models.analysis.metrics.headlines import cash_needed, limit_in_words
from models.analysis.metrics.measures import METRIC, RANKED_BY, UNDISCOUNTED
from models.analysis.words import named, of_thousand, unit_words
from models.notation import writer
from models.notation.writer import Scale
from models.run.model import OptionResult, Result
from views import session
from views.decision import differences, finance
from views.fields.remembered import switch
from views.figures import by_case, drawing, opened, printed, written
from views.figures.opened import Row

NOT_QUOTED = "–"
ALL, DIFFERING = "all rows", "only what differs"
# With more options than this the rows in which all are alike are left out at first.
FEW = 3
UNITS = {
    "Cost": "The first row ranks: present value basis, fallback included; the others are cross-checks. All before tax",
    "Money": "Before tax unless the row says otherwise; present values count each payment at its own date",
    "As quoted": "The prices of the offers, each in its own unit",
    "Service": "Over the years of the study",
    "Delivery": "",
}


def show() -> None:
    """Draw the view."""
    result = session.shown_result()
    if len(result.options) < 2:
        st.caption("This study has one option. Add another in Inputs to compare them.")
        return
    basis = footing(result)
    _table(result, basis)
    st.caption("  \n".join(map(written.plain, basis.sentences())))
    by_case.of_options()
    _stacks(result, basis)
    with st.expander("Savings against the reference", key="compare savings"):
        differences.draw(result)
    finance.draw(result)


# ---------------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class _Table:
    """The options of a run in the order of their columns, and which of their totals compare."""

    result: Result
    names: Sequence[str]
    basis: Footing
    unpriced: frozenset[str]

    @property
    def options(self) -> list[OptionResult]:
        return [self.result.options[name] for name in self.names]

    def line(
        self, label: str, name: str, common: Scale | None = None, *, total: bool = False, priced: bool = True
    ) -> Row:
        """A line of the model across the options; a total only where it compares, a cost only where it has prices."""
        values = [option.number(name) for option in self.options]
        unit = self.options[0].model.lines[name].unit
        texts, unit = written.across(name, values, unit, self.result.study.currency, common)
        hidden = [total and each not in self.basis.comparable for each in self.names]
        cells = [NOT_COMPARED if hide else text for hide, text in zip(hidden, texts, strict=True)]
        if priced:
            cells = [
                writer.NONE if each in self.unpriced else text for each, text in zip(self.names, cells, strict=True)
            ]
        return Row(label, cells, name, unit)

    def response(self, option: OptionResult) -> float | None:
        """What 1,000 responses cost; None where a price is missing."""
        return None if option.name in self.unpriced else of_thousand(option.number(RANKED_BY))

    def told(self, label: str, line: str, tell: Callable[[OptionResult], str]) -> Row:
        """Words about each option; the row opens the line they rest on."""
        return Row(label, [tell(option) for option in self.options], line)

    def counted(self, label: str, line: str, which: Callable[[list[float]], float]) -> Row:
        """A count from the years of a line; none for an API."""
        return self.told(
            label,
            line,
            lambda option: writer.exact(which(option.values[line])) if option.values["has_fleet"] else writer.NONE,
        )


def _table(result: Result, basis: Footing) -> None:
    ranked = ranking(result)
    unpriced = frozenset(each.name for each in ranked if each.missing)
    held = _Table(result, [each.name for each in ranked], basis, unpriced)
    barred = {each.name: each.why_not for each in ranked if each.why_not}
    many = len(held.names) > FEW
    only = switch(DIFFERING, "Show", {ALL: "All rows", DIFFERING: "Only what differs"}, DIFFERING if many else ALL)
    bands = {
        "Cost": _costs(held),
        "As quoted": _quoted(held),
        "Money": _money(held),
        "Service": [
            held.told("Eligible", RANKED_BY, lambda option: "yes" if option.name not in barred else "no"),
            held.line("Demand served", "served_share", priced=False),
            held.told("Quality target met", "served_share", quality_met),
            held.told("Latency target met", "peak_served_share", latency_met),
            held.told("Limiting factor", "binding", lambda option: limit_in_words(option) or writer.NONE),
        ],
        "Delivery": [
            held.told("Order to go-live", "production_share", months_in_words),
            held.counted("Servers, first year", "installed", lambda years: years[0]),
            held.counted("Peak servers", "installed", max),
            held.counted("Peak accelerators", "installed_accelerators", max),
        ],
    }
    if only == DIFFERING:
        bands = {title: [row for row in rows if len(set(row.cells)) > 1] for title, rows in bands.items()}
    every = [row for rows in bands.values() for row in rows]
    for title, rows in bands.items():
        if rows:
            printed.heading(title, UNITS[title])
            alt = f"The options side by side: {title.lower()}"
            opened.table(f"compare {title}", result, basis.against, held.names, rows, alt, like=every)
    reasons = [
        f"Not eligible: {named([name for name, each in barred.items() if each == why])}, {why}."
        for why in dict.fromkeys(barred.values())
    ]
    st.caption(written.plain(" ".join(["Select a row for its formula and sources.", *reasons])))
    opened.finder(result, basis.against, "compare finder")


def _costs(held: _Table) -> list[Row]:
    """The measure that ranks, and what checks it."""
    return [
        replace(held.line("Response", RANKED_BY), cells=writer.unit_costs(list(map(held.response, held.options)))),
        held.line("Response, undiscounted", UNDISCOUNTED),
        held.line("Tokens, levelised", "levelised_cost_per_million_output_tokens"),
        held.line("Tokens, undiscounted", "lifetime_cost_per_million_output_tokens"),
    ]


def _money(held: _Table) -> list[Row]:
    """The total that decides, its parts where it has two, after tax where that is the basis; cash of the first year."""
    cash = [None if each.name in held.unpriced else cash_needed(each) for each in held.options]
    scale = writer.table_scale([*(option.number(METRIC) for option in held.options), *cash])
    rows = [held.line("Present value of cost", METRIC, scale, total=True)]
    if session.after_tax():
        taxed = [scale.text(after_tax(o)) if o.name in held.basis.comparable else NOT_COMPARED for o in held.options]
        rows.insert(0, Row("Present value, after tax", taxed, "pv_after_tax_cost", rows[0].unit))
    if any(option.values["interim_priced"] for option in held.options):
        rows.append(held.line("of which own cost", "pv_cost", scale, total=True))
        rows.append(held.line("of which fallback", "pv_interim_cost", scale, total=True))
    return [*rows, Row("Cash needed in year 1", [scale.text(each) for each in cash], "cash_cost", rows[0].unit)]


def _quoted(held: _Table) -> list[Row]:
    """The prices of the offers, a row for each kind, in its own unit."""
    offers = [{(quote.label, quote.unit, quote.line): quote for quote in quotes(option)} for option in held.options]
    kinds = dict.fromkeys(kind for offer in offers for kind in offer)
    return [
        Row(
            kind[0],
            [writer.exact(offer[kind].value) if kind in offer else NOT_QUOTED for offer in offers],
            kind[2],
            unit_words(kind[1], held.result.study.currency),
        )
        for kind in kinds
    ]


# ---------------------------------------------------------------------------------------------------------- the charts


def _stacks(result: Result, basis: Footing) -> None:
    drawing.chart(costs.per_response(result))
    if len(basis.comparable) > 1:
        drawing.chart(costs.present_value(result, basis.comparable))
