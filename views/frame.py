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
STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-left: 2rem; padding-right: 2rem; max-width: 100rem; }
[data-testid="stHeading"] h2 { font-size: 1.125rem; }
[data-testid^="stBaseButton-primary"],
[data-testid="stMultiSelect"] span[title] { color: light-dark(#ffffff, #11181d); }
table.headline { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.875rem; }
table.headline caption { text-align: left; opacity: 0.75; padding-bottom: 0.25rem; }
table.headline th { font-weight: 400; text-align: left; padding: 0.05rem 0; border: 0; }
table.headline td { text-align: right; padding: 0.05rem 0 0.05rem 0.5rem; border: 0; white-space: nowrap; }
table.headline th.option { font-weight: 600; padding-top: 0.5rem; }
table.headline td.figure { font-weight: 600; }
table.headline td.change { min-width: 3.6rem; }
table.headline.stale td.figure { font-weight: 400; opacity: 0.7; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
table.answers { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.answers th, table.answers td { padding: 0.35rem 0.6rem; border: 0; border-bottom: 1px solid #8884; }
table.answers th { text-align: left; font-weight: 400; }
table.answers thead th { font-size: 0.875rem; opacity: 0.8; vertical-align: bottom; }
table.answers th.figure, table.answers td { text-align: right; }
table.answers tr.best th, table.answers tr.best td { font-weight: 600; }
div.scrolled { overflow-x: auto; }
[class*="st-key-beneath-"] { row-gap: 0 !important; column-gap: 0.6rem !important; align-items: baseline; }
[class*="st-key-beneath-"] button { min-height: 1.6rem; padding: 0; }
[class*="st-key-beneath-"] button p { font-size: 0.8125rem; opacity: 0.85; white-space: normal; text-align: left; }
[class*="st-key-field-"] [data-testid="stMarkdownContainer"] p,
[class*="st-key-remarks-"] [data-testid="stMarkdownContainer"] p,
.st-key-study-remarks [data-testid="stMarkdownContainer"] p { font-size: 0.875rem; }
@media (min-width: 641px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-headline),
  [data-testid="stLayoutWrapper"]:has(> .st-key-sections) { position: sticky; top: 4rem; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; padding-bottom: 9rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-headline) {
    position: fixed; bottom: 0; left: 0; right: 0; z-index: 90; padding: 0.4rem 1rem; width: 100%;
    background: Canvas; background: light-dark(#f3f6f8, #172027); border-top: 1px solid #8886;
  }
  .st-key-headline table.headline tbody.other, .st-key-headline [data-testid="stCheckbox"],
  .st-key-headline .st-key-study-remarks, .st-key-headline caption { display: none; }
  .st-key-headline { gap: 0 !important; }
  table.headline th.option { padding-top: 0; }
  table.headline td.change:empty { display: none; }
  table.answers { font-size: 0.875rem; }
  table.answers th, table.answers td { padding: 0.3rem 0.25rem; }
  table.answers thead th { font-size: 0.75rem; }
  .st-key-sections [role="radiogroup"] { flex-direction: row !important; flex-wrap: wrap; gap: 0 0.75rem; }
  .st-key-sections [data-testid="stCaptionContainer"] { display: none; }
}
</style>
"""


def head() -> None:
    """Draws what stands above every page."""
    st.html(STYLE)
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
