"""Wait or buy now: the same work on hardware bought now, in one year, in two; and the trends that waiting bets on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from charts import costs
from models.analysis.levers import waiting
from models.analysis.levers.waiting import Start, Trends, Waiting
from models.analysis.words import named, unit_words
from models.catalogue import fill as catalogues
from models.catalogue.fill import Catalogue, Entry
from models.notation import writer
from models.run.model import Result
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, StudyError
from views import session
from views.fields import numbers
from views.figures import drawing, printed, wording, written

PV = "present value, before tax"
NEVER = "Never buy (fallback only)"


def show() -> None:
    """Draw the starts of one option side by side."""
    option = session.option_name()
    catalogue = catalogues.load()
    expected = _trends(catalogue)
    study = session.shown_result().study
    try:
        with st.spinner("Running the study from each start"):
            name = f"waiting {option} {expected!r}"
            found = session.once(name, lambda: waiting.wait_or_buy(study, option, expected))
    except StudyError as error:
        _refused(error)
        _history(catalogue)
        return
    st.markdown(f"**{written.plain(in_words(found))}**")
    _chart(found)
    _table(found)
    st.markdown("\n".join(f"- {written.plain(note)}" for note in found.notes))
    st.caption(
        "Every start does the same work over the same years; until the purchase, requests go to the fallback at the "
        "fallback price. A better model or a cheaper fallback is not in it."
    )
    _history(catalogue)


def _trends(catalogue: Catalogue) -> Trends:
    """The two yearly changes, to be changed, each with the source of its default."""
    default = waiting.trends(catalogue)
    rows = {row.text("trend"): row for row in catalogue.find("trends", use="default")}
    left, right = st.columns(2, gap="medium")
    with left:
        price = numbers.number(
            "improve trend price",
            "Price of hardware for the same work, % p.a.",
            default.price,
            read=numbers.change,
            write=numbers.change_text,
            help="-30% means that the same performance costs 30% less each year. Left blank, the trend stands.",
        )
        st.markdown(_source(rows[waiting.HARDWARE_PRICE]))
    with right:
        efficiency = numbers.number(
            "improve trend efficiency",
            "Energy-efficiency gain, % p.a.",
            default.efficiency,
            read=numbers.change,
            write=numbers.change_text,
            help="40% means that the same energy does 1.4 times the work each year. Left blank, the trend stands.",
        )
        st.markdown(_source(rows[waiting.ENERGY_EFFICIENCY]))
    return Trends(price, efficiency)


def _source(row: Entry) -> str:
    link, source = written.safe_link(row.text("url")), written.plain(row.text("source"))
    told = f"[{source}](<{link}>)" if link else source
    change = row.number("yearly_change")
    figure = f"Trend {writer.change(change)} p.a.:" if change is not None else ""
    words = f"{row.text('as_of')}, {row.text('confidence')}. {row.text('note')}"
    return f"{written.plain(figure)} {told}, {written.plain(words)}".strip()


def _refused(error: StudyError) -> None:
    """Why this option cannot wait, what to do about it, and which options can."""
    for found in error.problems:
        printed.flag(_reason(session.shown_result(), found))


def _reason(result: Result, found: Problem) -> str:
    said = f"{wording.place(found.path)} {wording.said(found)}."
    if found.path == "study/interim_price":
        said += " It is in Inputs, section Finance."
    elif address(found.path).option:
        able = [
            each.name for each in result.study.options if each.acquisition in schema.HELD and each.sizing != "fixed"
        ]
        said += f" Options that could wait: {named(able)}." if able else " No option of this study could wait."
    return said


def _name(years: int) -> str:
    return {0: "Now", 1: "In one year", 2: "In two years"}.get(years, f"In {years} years")


def in_words(found: Waiting) -> str:
    """Which start costs least, and by how much against buying now."""
    now, best = found.starts[0], found.starts[found.best]
    if best is now:
        others = min((start.total for start in found.starts[1:]), default=None)
        gap = "" if others is None or not now.total else f", {writer.share(others / now.total - 1)} less than waiting"
        said = f"Buying now costs least{gap}."
    else:
        saved = writer.share(1 - best.total / now.total) if now.total else writer.NONE
        said = f"Buying {_name(best.years).lower()} costs least, {saved} below buying now."
    return f"{said} Never buying costs less still." if found.never < best.total else said


def _chart(found: Waiting) -> None:
    names = {start.years: _name(start.years) for start in found.starts}
    drawing.chart(costs.waiting(found, names, session.study().currency, PV))


def _table(found: Waiting) -> None:
    starts = found.starts
    scale = writer.table_scale([*(start.total for start in starts), found.never])
    money = scale.unit(session.study().currency or "money")
    now = starts[0].total
    factor = partial(writer.fixed, decimals=2)
    columns: dict[str, list[str]] = {
        "Buy": [*(_name(start.years) for start in starts), NEVER],
        "Price ×": [*(factor(start.price_factor) for start in starts), ""],
        "Power ×": [*(factor(start.power_factor) for start in starts), ""],
        "Bought": [*(scale.statement(start.own) for start in starts), writer.ZERO],
        "Fallback": [*(scale.statement(start.interim) for start in starts), scale.statement(found.never)],
        "Total": [*(scale.statement(start.total) for start in starts), scale.statement(found.never)],
        "Against buying now": [*(_against(start.total, now) for start in starts), _against(found.never, now)],
        "J per response": [*(writer.physical(start.joules) for start in starts), writer.NONE],
        "Break-even": [*(_tie(start) for start in starts), ""],
    }
    printed.heading("Buying now and later", f"{money}, {PV}; price and power as multiples of today's")
    drawing.table(columns, "Purchase now and later", right=list(columns)[1:])
    st.caption(
        written.plain(
            "Break-even: the yearly change of the hardware price at which waiting "
            "costs as much as buying now; prices that fall faster favour waiting, where the price matters at all."
        )
    )


def _against(total: float, now: float) -> str:
    return writer.change(total / now - 1 if now else 0.0)


def _tie(start: Start) -> str:
    if not start.years:
        return ""
    return "at no price" if start.break_even is None else f"{writer.change(start.break_even)} p.a."


def _history(catalogue: Catalogue) -> None:
    with st.expander("Background trends (not used in the calculation)"):
        for row in waiting.history(catalogue):
            unit = unit_words(row.text("unit").replace("USD", "money"), "USD")
            ends = [row.number("from_value"), row.number("to_value")]
            told = [writer.share(end) if row.text("unit") == "1" else writer.exact(end) for end in ends]
            figures = writer.quantity(writer.span(*told, sentence=True), unit, "USD")
            span = f"{row.text('label')}: {figures}, {row.text('period')}."
            st.markdown(f"- {written.plain(span)} {_source(row)}")
