"""The study's currency: a change of it asks whether amounts are converted, and at which rate, or only relabelled."""

from __future__ import annotations

import datetime

import streamlit as st

from models.notation import reader, writer
from models.studies import rewrite
from views import session
from views.fields import asking
from views.figures import wording

WANTED = "currency wanted"


def draw(label: str, help: str) -> None:
    """The field, and while another currency is wanted the question what becomes of the amounts."""
    held = session.study().currency
    wanted = session.kept(WANTED)
    key = session.seed("study/currency", held)
    st.text_input(label, value=wanted or held, key=key, help=help, on_change=_typed, args=(key,))
    if wanted and wanted != held:
        _question(held, wanted)


def _typed(key: str) -> None:
    wanted = str(session.entered(key) or "").strip()
    held = session.study().currency
    if wanted in ("", held):
        session.keep(WANTED, None)
        session.renew("study/currency")
    elif not held:
        session.replace_study(rewrite.in_currency(session.study(), wanted, None))
    else:
        session.keep(WANTED, wanted)


def _question(held: str, wanted: str) -> None:
    with st.container(border=True, key="currency question"):
        st.markdown(wording.escaped(f"Convert amounts from {held} to {wanted}?"))
        text = st.text_input(
            f"1 {wording.escaped(held)} is so many {wording.escaped(wanted)}", key=session.seed("exchange rate", wanted)
        )
        day = st.date_input("Rate of", value="today", max_value="today", format="YYYY-MM-DD", width=200, key="rate day")
        reading = reader.amount(text or "", session.policy(), what="the rate")
        fault = reading.fault or ("the rate must be above 0" if reading.value == 0 else "")
        if fault:
            asking.fault("exchange rate", reading, fault)
        elif reading.value:
            st.caption(wording.escaped(f"{held} 100 becomes {wanted} {writer.exact(100 * reading.value)}."))
        usable = bool(reading.value) and not fault
        with st.container(horizontal=True):
            st.button(
                "Convert all amounts",
                type="primary",
                disabled=not usable or day is None,
                on_click=_take,
                args=(wanted, reading.value, day),
                key="convert currency",
            )
            st.button("Label only", on_click=_take, args=(wanted, None), key="relabel currency")
            st.button("Keep as it is", on_click=_cancel, key="keep currency")


def _take(wanted: str, rate: float | None, day: datetime.date | None = None) -> None:
    problems = session.replace_study(rewrite.in_currency(session.study(), wanted, rate, day))
    if problems:
        st.toast(wording.problem(problems[0]), icon=":material/error:")
    _cancel()


def _cancel() -> None:
    session.keep(WANTED, None)
    session.renew("study/currency")
