"""Results: what an option costs, kind by kind and year by year."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from charts import costs
from models.analysis.decision.side_by_side import footing
from models.analysis.metrics.headlines import drivers_in_words
from models.analysis.metrics.statement import Line, Statement, difference_of, statement
from models.notation import writer
from models.notation.writer import Scale
from models.run.model import OptionResult, Result
from views.fields.remembered import choice, switch
from views.figures import drawing, opened, printed, written
from views.figures.printed import Column, Markup, Row, escaped
from views.results.lines import PER_WORDS, by_year, chosen

ALONE = "This option"


def show() -> None:
    """Draw the view."""
    result, option = chosen()
    _cash(result, option)
    _cost_tree(option)


def _cash(result: Result, option: OptionResult) -> None:
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        drawing.chart(costs.cash(option))
    with right:
        _statement(result, option)
    printed.heading("Lines of the model", "Select a row for its formula, the values in it and their sources")
    rows = by_year(option, ["capex", "operating", "disposals_in_year", "cash_cost"])
    opened.table("cash table", result, option.name, option.year_names, rows, "Cash by year")


def _statement(result: Result, option: OptionResult) -> None:
    """The cash-flow statement of the option, or of what it saves against another, by year or by quarter."""
    others = [name for name in footing(result, option).comparable if name != option.name]
    with st.container(horizontal=True):
        quarterly = switch("statement periods", "Periods", {"year": "By year", "quarter": "By quarter"}, "year")
        against = choice("statement against", "Show", [ALONE, *others], ALONE, words=_against) if others else ALONE
    found = statement(option, quarterly=quarterly == "quarter")
    if against != ALONE:
        other = statement(result.options[against], quarterly=quarterly == "quarter")
        found = difference_of(found, other)
    lines = [*found.families, found.net, found.cumulative, *found.tax, *found.financing]
    scale = writer.statement_scale([amount for line in lines for amount in line.amounts])
    unit = f"{scale.unit(option.study.currency or 'money')}, nominal; fallback included"
    what = f"Saving of {option.name} against {against}" if against != ALONE else "Cash-flow statement"
    printed.heading(what, f"{unit}; positive: saved" if against != ALONE else unit)
    columns = [*(Column(period) for period in found.periods), Column("Total")]
    printed.table(what, "Cost", columns, list(_rows(found, scale)), "statement")


def _against(name: str) -> str:
    return name if name == ALONE else f"Saving against {name}"


def _rows(found: Statement, scale: Scale) -> Iterator[Row]:
    """Families, net and cumulative; then tax; then the loan, each part under its name."""

    def row(line: Line, kind: str = "", *, total: bool = True) -> Row:
        label = line.label
        if line.family is not None:
            label = Markup(f'<i class="swatch" style="background:{line.family.colour}"></i>{escaped(label)}')
        cells = [scale.statement(amount) for amount in line.amounts]
        return Row(label, [*cells, scale.statement(line.total) if total else ""], kind=kind)

    yield from map(row, found.families)
    yield row(found.net, "best")
    yield row(found.cumulative, total=False)
    for title, lines in (("After tax", found.tax), ("Financing by the loan", found.financing)):
        if lines:
            yield Row(title, [""] * (len(found.periods) + 1), kind="part")
            yield from map(row, lines[:-1])
            yield row(lines[-1], "best")


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
        st.caption("No cost, or no output to divide it by.")
        return
    drawing.chart(found)
