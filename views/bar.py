"""The bar above every place: which study, on what basis its figures stand, whether it is kept; undo and export.

It is the only place where tax and staff are chosen, so that no two figures of the app stand on different bases.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Literal

import streamlit as st

from models.analysis.metrics.headlines import has_staff
from models.analysis.words import basis_words
from models.notation import writer
from models.studies.scenarios import BASE
from store.shelf import APPROVED, DRAFT, REVIEW
from views import pages, session
from views.fields.remembered import text
from views.figures import drawing, written

UNTITLED = "Untitled study"
COLOURS: dict[str, Literal["orange", "green"]] = {REVIEW: "orange", APPROVED: "green"}
# The steps of an edit: the keys of each, what it does and whether it can.
HISTORY: dict[str, tuple[str, Callable[[], None], Callable[[], bool]]] = {
    "Undo": ("Ctrl+Z", session.undo, session.can_undo),
    "Redo": ("Ctrl+Y", session.redo, session.can_redo),
}
BEFORE, AFTER, INCLUDED, EXCLUDED = "before", "after", "included", "excluded"


def draw() -> None:
    """Draw the bar, and beneath it what keeps the figures from being those of the entries."""
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        _study()
        _status()
        _case()
        _basis()
        st.space("stretch")
        with st.container(width="content", key="bar-saved"):
            _saved()
        for label in HISTORY:
            with st.container(width="content", key=f"bar-{label.lower()}"):
                _step(label, shortcut=True)
        with st.container(width="content", key="bar-export"):
            asked = st.button("Export", icon=":material/ios_share:", type="primary", key="export")
    opened = asked or st.query_params.get(pages.EXPORT) == pages.OPEN
    session.keep(pages.EXPORT, opened)
    if opened:
        st.query_params.pop(pages.EXPORT, None)
        _export()
    if session.stale():
        with st.container(horizontal=True, vertical_alignment="center", key="bar-stale"):
            drawing.error(f"Figures are from the last valid state: {_entries()} attention.")
            st.page_link(pages.page(pages.INPUTS), label="Show")


def _entries() -> str:
    number = len(session.problems())
    return "1 entry needs" if number == 1 else f"{writer.count(number)} entries need"


def _study() -> None:
    """The study's name, and beneath it what can be done with the study as a whole."""
    name = session.study().fields.text("title") or UNTITLED
    box = st.popover(written.plain(name), type="tertiary", key="bar-study", on_change="rerun")
    if box.open:
        with box:
            found = text("study name", "Study name", name)
            if found.strip() and found != name:
                session.change({"study/title": found.strip()})
                st.rerun()
            st.caption(written.plain(f"Opened from {session.origin()}."))
            st.page_link(pages.page(pages.LIBRARY), label="Open another study", icon=":material/folder_open:")
            with st.container(horizontal=True, vertical_alignment="center", key="bar-narrow"):
                # What the bar has no room for on a telephone.
                _saved()
                for label in HISTORY:
                    _step(label, shortcut=False)


def _status() -> None:
    kept = session.entry()
    told = kept.status.capitalize() if kept else session.study().fields.text("status").strip() or DRAFT.capitalize()
    with st.container(width="content", key="bar-status"):
        st.badge(written.plain(told), color=COLOURS.get(kept.status, "gray") if kept else "gray")


def _case() -> None:
    """Which of the study's cases is shown, where it has any: every figure of every place follows."""
    offered, chosen = session.cases(), session.case()
    if len(offered) < 2:
        return
    told = written.plain(f"{chosen} case")
    box = st.popover(told if chosen == BASE else f":orange[{told}]", type="tertiary", key="bar-case", on_change="rerun")
    if box.open:
        with box:
            at = offered.index(chosen)
            st.radio("Case", offered, index=at, **session.bound("case", chosen, offered, session.set_case))
            where = pages.INPUTS.at("Cases and ranges")
            st.page_link(pages.page(pages.INPUTS), label="Manage cases", query_params=where)


def _basis() -> None:
    """On what basis all figures stand, in words made of what is chosen here and in the study."""
    study, after, without = session.study(), session.after_tax(), session.without_staff()
    told = basis_words(study, after_tax=after, without_staff=without)
    box = st.popover(written.plain(told), type="tertiary", key="bar-basis", on_change="rerun")
    if not box.open:
        return
    with box:
        rate = study.tax_rate
        if rate:
            words = {BEFORE: "Before tax", AFTER: f"After tax ({writer.plain_rate(rate)})"}
            _choose("Tax", words, AFTER if after else BEFORE, lambda found: session.set_after_tax(found == AFTER))
            st.caption("Totals, savings and rates of return follow this. The ranking is before tax.")
        else:
            st.caption("The study has no tax rate, so there are no figures after tax.")
        if has_staff(study):
            words = {INCLUDED: "Included", EXCLUDED: "Excluded"}
            chosen = EXCLUDED if without else INCLUDED
            _choose("Staff cost", words, chosen, lambda found: session.set_without_staff(found == EXCLUDED))
        st.caption(written.plain(_conventions()))


def _choose(label: str, words: dict[str, str], chosen: str, take: Callable[[str], None]) -> None:
    st.segmented_control(
        label,
        list(words),
        default=chosen,
        required=True,
        format_func=words.__getitem__,
        **session.bound(f"basis {label}", chosen, take=take),
    )


def _conventions() -> str:
    """What is read here and changed in Inputs, and what a response is."""
    fields = session.study().fields
    when = "the middle" if fields.flag("mid_year") else "the end"
    return (
        f"Prices are nominal. Present values discount at {writer.rate(fields.number('discount_rate'))}, running costs "
        f"from {when} of their year: change both in Inputs, Finance and tax. A response is a request that was answered "
        "and accepted."
    )


def _saved() -> None:
    """Whether the study is kept, and since when."""
    if session.stale():
        number = len(session.problems())
        st.markdown(f":red[Not saved: {number} {'entry' if number == 1 else 'entries'} in error]")
    elif (fault := session.fault()) is not None:
        st.markdown(f":red[Not saved: {written.plain(fault.what)}]", help=written.plain(fault.remedy))
    elif (saved := session.saved()) is not None:
        st.caption(f"Saved {saved:%H:%M}")


def _step(label: str, *, shortcut: bool) -> None:
    """A step back or forward; the one with a shortcut is the bar's own."""
    keys, job, possible = HISTORY[label]
    st.button(
        label,
        icon=f":material/{label.lower()}:",
        type="tertiary",
        on_click=job,
        disabled=not possible(),
        shortcut=keys if shortcut else None,
        help=f"{label} ({keys})",
        key=label.lower() if shortcut else f"narrow {label.lower()}",
    )


def _export() -> None:
    # What files are made with is loaded when somebody asks for one.
    importlib.import_module("views.library.export").show()
