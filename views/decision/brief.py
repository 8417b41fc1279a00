"""The decision brief on the page, and as a file."""

from __future__ import annotations

import datetime

import streamlit as st

from documents.word import DOCX, brief_as_word
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import beside
from models.analysis.reporting.brief import Brief, as_markdown, brief, pair
from models.analysis.reporting.record import Record
from models.analysis.reporting.seal import seal
from models.studies.file.toml import file_name
from store import versions
from store.database import StoreError
from views import session
from views.decision import outcomes
from views.decision.case import Case, chosen
from views.decision.ties import searched
from views.fields.remembered import switch
from views.figures import drawing, printed, written

ABOUT = "decide brief about"
RECOMMENDED, THESE = "Recommendation", "This pair"


def show() -> None:
    """Draw the brief, the buttons that download it, and who signed the study."""
    _brief()
    _sign_off()


def _sign_off() -> None:
    """Who prepared, reviewed and approved the study as it stands, by the version that it is."""
    printed.heading("Sign-off", "Of the version in the library that the study is")
    kept = session.entry()
    try:
        found = () if kept is None else versions.versions(session.library(), kept.id)
    except StoreError as error:
        st.caption(written.plain(f"Who signed cannot be told: {error}."))
        return
    sealed = session.once("seal", lambda: seal(session.result()))
    signed = Record(found[::-1], 0).standing(sealed)
    if signed is None:
        st.caption("Not kept as a version: keep one in Library, My studies, then ask for its review and approval.")
        return
    approved = signed.approved is not None
    drawing.table(
        {
            "": ["Prepared", "Reviewed", "Approved"],
            "By": [signed.author or "–", signed.reviewer or "–", signed.approver if approved else "–"],
            "On": [session.when(signed.at), "–", session.when(signed.approved)],
        },
        "Who signed the study",
    )
    st.caption(written.plain(f"Version {signed.number}, {signed.name}. Seal {sealed}."))


def _brief() -> None:
    case = chosen(session.shown_result())
    if case is None:
        st.caption("This study has one option. A brief recommends one of several: add another in Inputs.")
        return
    usual = pair(case.result) or case.names
    about = case
    if usual != case.names:
        words = {word: word for word in (RECOMMENDED, THESE)}
        about = _of(case, usual) if switch(ABOUT, "Brief on", words, RECOMMENDED) == RECOMMENDED else case
    found = _written(about)
    name = file_name(case.study.fields.text("title"))
    with st.container(horizontal=True):
        st.download_button(
            "Download the brief (Word)",
            data=lambda: brief_as_word(found, about.result, about.names, datetime.date.today()),
            file_name=f"{name}-brief.docx",
            mime=DOCX,
            on_click="ignore",
            icon=":material/description:",
        )
        st.download_button(
            "Download the brief (Markdown)",
            data=as_markdown(found),
            file_name=f"{name}-brief.md",
            mime="text/markdown",
            on_click="ignore",
            type="tertiary",
        )
    _shown(found)


def _of(case: Case, names: tuple[str, str]) -> Case:
    option, against = (case.result.options[name] for name in names)
    return Case(case.result, option, against, beside(option, against), RANKED_BY)


def _written(case: Case) -> Brief:
    """The brief of a case, with the searches it needs made once and told as they go."""
    found = searched(case, RANKED_BY)
    with st.spinner("Computing the bridge …", show_time=False):
        reasons = case.reasons()
    with st.spinner("Simulating ...", show_time=False):
        made = outcomes.run(case.result)
    return case.once(
        "brief",
        lambda: brief(case.result, *case.names, targets=found, reasons=reasons, simulated=made),
    )


def _shown(found: Brief) -> None:
    """The brief as it will be printed; whatever a user typed is shown as typed."""
    with st.container(border=True, key="decide brief"):
        st.markdown(f"## {written.plain(found.title)}")
        if found.decision:
            st.markdown(f"**Decision:** {written.plain(found.decision)}")
        for heading, sentences in found.sections():
            st.markdown(f"**{heading}**\n\n" + "\n".join(f"- {written.plain(each)}" for each in sentences))
