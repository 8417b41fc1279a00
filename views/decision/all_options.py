"""Compare: the options side by side, ranked, each against the reference."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from charts import costs
from models.analysis.claims.quoted import quotes
from models.analysis.decision.side_by_side import Footing, footing, latency_met, months_in_words, quality_met
from models.analysis.metrics.headlines import limit_in_words
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import unit_words
from models.notation import writer
from models.notation.writer import Scale
from models.run.model import OptionResult, Result
from views import session
from views.decision import differences, finance
from views.decision.differences import NOT_COMPARED
from views.figures import by_case, drawing, opened, written
from views.figures.opened import Row

NOT_QUOTED = "-"


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
    differences.draw(result)
    finance.draw(result)


def _priced(result: Result) -> bool:
    """Whether requests that are not served have a price elsewhere."""
    return any(option.values["interim_priced"] for option in result.options.values())


# ---------------------------------------------------------------------------------------------------------- the table


def _table(result: Result, basis: Footing) -> None:
    rows = [
        *_quoted(result),
        _line(result, "Cost per 1,000 responses", RANKED_BY),
        _line(result, "Cost per 1,000 responses, undiscounted", "cost_per_meaningful_response"),
        _line(result, "All-in cost, lifetime", "lifetime_cost_per_million_output_tokens"),
        _line(result, "Cost per million generated tokens, levelised", "levelised_cost_per_million_output_tokens"),
        *_totals(result, basis),
        _line(result, "Share of the demand served", "served_share"),
        _told(result, "Quality target met", "served_share", quality_met),
        _told(result, "Latency target met", "peak_served_share", latency_met),
        _told(result, "Order to go-live", "production_share", months_in_words),
        _counted(result, "Systems, first year", "installed", lambda years: years[0]),
        _counted(result, "Peak servers", "installed", max),
        _counted(result, "Peak accelerators", "installed_accelerators", max),
        _told(result, "Limiting factor", "binding", lambda option: limit_in_words(option) or writer.NONE),
    ]
    first = basis.against
    elsewhere = "; unserved requests at the fallback price" if _priced(result) else ""
    opened.table("compare table", result, first, list(result.options), rows, "The options side by side")
    st.caption(
        written.plain(
            "Nominal, before tax; the all-in cost is for generated tokens. Present values count each payment at its "
            f"own date{elsewhere}. Select a row for its formula and sources."
        )
    )
    opened.finder(result, first, "compare finder")


def _line(
    result: Result, label: str, name: str, hide: Callable[[str], bool] | None = None, common: Scale | None = None
) -> Row:
    """A line of the model across the options."""
    line = next(iter(result.options.values())).model.lines[name]
    values = [option.number(name) for option in result.options.values()]
    texts, unit = written.across(name, values, line.unit, result.study.currency, common)
    cells = [NOT_COMPARED if hide and hide(n) else text for n, text in zip(result.options, texts, strict=True)]
    return Row(label, cells, name, unit)


def _told(result: Result, label: str, line: str, tell: Callable[[OptionResult], str]) -> Row:
    """Words about each option; the row opens the line they rest on."""
    return Row(label, [tell(option) for option in result.options.values()], line)


def _totals(result: Result, basis: Footing) -> list[Row]:
    def hidden(name: str) -> bool:
        return name not in basis.comparable

    scale = writer.table_scale([option.number("pv_cost") for option in result.options.values()])
    rows = [_line(result, "Present value of cost", "pv_cost", hidden, scale)]
    if _priced(result):
        rows.append(_line(result, "Fallback for unserved requests", "pv_interim_cost", hidden, scale))
        rows.append(_line(result, "Present value of cost, incl. fallback", "comparison_pv_cost", hidden, scale))
    return rows


def _quoted(result: Result) -> list[Row]:
    """The prices of the offers, a row for each kind, in its own unit."""
    offers = {name: {(q.label, q.unit, q.line): q for q in quotes(option)} for name, option in result.options.items()}
    kinds = dict.fromkeys(kind for offer in offers.values() for kind in offer)
    rows = []
    for label, unit, line in kinds:
        cells = [
            writer.exact(offer[label, unit, line].value) if (label, unit, line) in offer else NOT_QUOTED
            for offer in offers.values()
        ]
        rows.append(Row(f"As quoted: {label.lower()}", cells, line, unit_words(unit, result.study.currency)))
    return rows


def _counted(result: Result, label: str, line: str, which: Callable[[list[float]], float]) -> Row:
    """A count from the years of a line; none for an API."""
    cells = [
        writer.exact(which(option.values[line])) if option.values["has_fleet"] else writer.NONE
        for option in result.options.values()
    ]
    return Row(label, cells, line)


# ---------------------------------------------------------------------------------------------------------- the charts


def _stacks(result: Result, basis: Footing) -> None:
    drawing.chart(costs.per_response(result))
    if len(basis.comparable) > 1:
        drawing.chart(costs.present_value(result, basis.comparable))
