"""What stands above every page: the looks that the theme cannot say, and the offer of a draft after a reload."""

from __future__ import annotations

import datetime
from pathlib import Path

import streamlit as st

from models.notation import writer
from store.drafts import Draft
from views import session
from views.figures import wording

# A picture of our own: named icons, also those of the pages where no other is given, come from another host.
ICON = Path(__file__).with_name("icon.svg")
# A grid takes no key that comes before its editor is drawn, so those keys are held until it is.
GRID_KEYS = Path(__file__).with_name("grid_keys.js").read_text(encoding="utf-8")
# Narrow screens: sections in a row, and the figures of the selected option stay in sight at the bottom.
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def head() -> None:
    """Draws what stands above every page."""
    st.html(f"<style>{STYLE}</style>")
    offered = session.offered_draft()
    if session.lost():
        _lost(offered)
    elif offered is not None:
        with st.container(key="draft", horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f":material/history: You were working on {_named(offered)}.")
            _answers(offered)


def _lost(offered: Draft | None) -> None:
    """This tab outlived its session: whose figures these are, and the way back to one's own."""
    said = "The session of this tab ended: the server was started again, or the tab was away for too long. "
    said += f"The figures are those of {wording.escaped(session.origin())}; what you typed since is not taken."
    back = "Nothing was kept of it." if offered is None else f"Kept: {_named(offered)}."
    with st.container(key="draft"):
        st.warning(f"{said} {back}", icon=":material/link_off:")
        with st.container(horizontal=True):
            _answers(offered)


def _named(offered: Draft) -> str:
    """A draft by its title and moment, ready for Markdown."""
    written = writer.moment(datetime.datetime.fromtimestamp(offered.written))
    return f"**{wording.escaped(offered.title or 'without a title')}** ({written})"


def _answers(offered: Draft | None) -> None:
    if offered is not None:
        st.button("Go on with it", type="primary", on_click=_accept)
    st.button("Not now" if offered else "Go on with these", on_click=session.answer_offer)


def foot() -> None:
    """What is left to do when the page is drawn."""
    st.html(f"<script>{GRID_KEYS}</script>", unsafe_allow_javascript=True)  # at the top it would leave a gap
    session.keep_draft()


def _accept() -> None:
    for found in session.accept_draft():
        st.toast(wording.problem(found), icon=":material/error:")
