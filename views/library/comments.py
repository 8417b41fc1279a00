"""Comments on a study: what stands open, what was answered, and a new one on an input, a figure or the whole."""

from __future__ import annotations

import streamlit as st

from models.analysis.metrics.measures import METRIC, RANKED_BY, UNDISCOUNTED
from models.notation import writer
from models.run.model import MODEL
from store import comments
from store.comments import Comment
from store.database import StoreError
from store.shelf import Entry
from views import session
from views.fields import remembered
from views.figures import drawing, printed, wording

WHOLE = ""
# The figures that are commented on; what else is asked hangs on an input.
FIGURES = (RANKED_BY, UNDISCOUNTED, METRIC, "pv_cost", "served_share", "cash_cost")


def show(entry: Entry) -> None:
    """Draw the comments, and the field for another."""
    found = comments.comments(session.library(), entry.id)
    waiting = sum(each.settled is None for each in found)
    printed.heading("Comments", f"{writer.number_of(waiting, 'comment')} open" if found else "")
    for each in found:
        _comment(each)
    _add(entry)


def _comment(each: Comment) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"{wording.escaped(_place(each.place))}, {wording.escaped(each.author)}, "
        said += session.when(each.at)
        text = "  \n".join(map(wording.escaped, each.text.split("\n")))
        st.markdown(f"{text}  \n:small[{said}{'' if each.settled is None else ', settled'}]", width="stretch")
        label, settled = ("Settle", True) if each.settled is None else ("Open again", False)
        st.button(label, key=f"settle {each.id}", on_click=_settle, args=(each.id, settled))


def _place(place: str) -> str:
    if place in MODEL.lines:
        return MODEL.lines[place].label.capitalize()
    return wording.place(place) if place else "The study"


def _add(entry: Entry) -> None:
    box = st.popover("Add a comment", key="add comment", on_change="rerun")
    if box.open:
        with box:
            study = session.library().read(entry.id).study
            paths = [place.of(name) for place in study.places.values() for name in place.row if place.row.given(name)]
            place = remembered.choice("comment place", "On", [WHOLE, *FIGURES, *paths], WHOLE, words=_place)
            text = remembered.text("comment text", "Comment")
            by = remembered.by("comment author", "By", entry.author)
            if told := session.kept("comments told"):
                drawing.error(wording.escaped(told))
            st.button("Add", type="primary", key="add it", on_click=_added, args=(entry, place, text, by))


def _added(entry: Entry, place: str, text: str, by: str) -> None:
    try:
        comments.add(session.library(), entry.id, place, text, by)
    except StoreError as error:
        session.keep("comments told", str(error))
        return
    for field in ("comments told", "comment text"):
        session.keep(field, None)


def _settle(id: str, settled: bool) -> None:
    try:
        comments.settle(session.library(), id, settled)
    except StoreError as error:
        session.keep("comments told", str(error))
