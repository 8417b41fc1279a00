"""Library: the studies that are kept, to open, rename, copy, tag, put away, take out and delete; and their versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from files.limits import STUDIES
from store import database, packs
from store.database import StoreError
from store.shelf import Entry, Shelf
from views import pages, session
from views.fields import remembered
from views.figures import drawing, printed, wording
from views.library import comments, versions

# So many rows are shown whole; more scroll.
SHORT = 10
KEY = "my studies"


def show() -> None:
    """The list, and beneath it what can be done with the study that is chosen in it."""
    if not session.owner():
        st.info("Nothing is kept for this browser, which sends no cookie. Export the study as a file to keep it.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = remembered.text("studies search", "Search", placeholder="name, tag or status", width=320)
        archived = remembered.tick("studies archived", "Archived", help="Show archived studies.")
    try:
        found = session.library().entries(session.owner(), words, archived=archived)
        chosen = _list(found)
        _told()
        if chosen is not None:
            _chosen(chosen)
        _files(found)
        st.caption(wording.escaped(f"Saved after each edit in {database.place()}."))
    except StoreError as error:
        drawing.error(wording.escaped(str(error)))


def _list(found: Sequence[Entry]) -> Entry | None:
    """The studies as a table; the one that is chosen."""
    if not found:
        st.caption("No study yet: what you change is kept here by itself.")
        return None
    columns = {
        "Study": [each.name for each in found],
        "Status": [each.status.capitalize() for each in found],
        "Last change": [session.when(each.changed) for each in found],
        "Recommendation": [str(each.headline.get("answer", "")) for each in found],
        "Tags": [", ".join(each.tags) for each in found],
    }
    event: Any = st.dataframe(
        pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}),
        hide_index=True,
        height=380 if len(found) > SHORT else "content",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Recommendation": st.column_config.TextColumn(width="large")},
        key=session.seed(KEY, tuple(each.id for each in found)),
        alt="My studies, the last changed first",
    )
    rows = event["selection"]["rows"]
    if not rows:
        st.caption("Select a study by the mark at its left to open, rename, archive or version it.")
    return found[rows[0]] if rows and rows[0] < len(found) else None


# ---------------------------------------------------------------------------------------------------------- the chosen


def _chosen(entry: Entry) -> None:
    printed.heading(entry.name, f"{entry.origin}. Created {session.when(entry.created)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Open", type="primary", key="open study"):
            problems = session.open_study(entry.id)
            if not problems:
                pages.go(pages.DECISION)
            for found in problems:
                drawing.error(wording.problem(found))
        st.button("Duplicate", key="copy study", on_click=_do, args=(lambda shelf: shelf.duplicate(entry.id),))
        label, away = ("Unarchive", False) if entry.archived else ("Archive", True)
        st.button(label, key="archive study", on_click=_do, args=(lambda shelf: shelf.archive(entry.id, away),))
        _delete(entry)
    left, right = st.columns(2, gap="medium")
    with left:
        _field("Name", "study new name", entry.name, lambda shelf, text: shelf.rename(entry.id, text), entry)
    with right:
        _field("Tags, separated by commas", "study tags", ", ".join(entry.tags), _tags(entry), entry)
    versions.show(entry)
    comments.show(entry)


def _tags(entry: Entry) -> Callable[[Shelf, str], object]:
    return lambda shelf, text: shelf.tag(entry.id, [part for part in text.split(",") if part.strip()])


def _field(label: str, name: str, value: str, take: Callable[[Shelf, str], object], entry: Entry) -> None:
    def taken(text: Any) -> None:
        _do(lambda shelf: take(shelf, str(text or "")))

    st.text_input(label, value=value, **session.bound(name, value, entry.id, taken))


def _delete(entry: Entry) -> None:
    """Deleting for good is asked twice."""
    box = st.popover("Delete", key="delete study", on_change="rerun")
    if box.open:
        with box:
            st.markdown(
                f"Delete **{wording.escaped(entry.name)}** for good, with its versions? Nothing brings it back."
            )
            sure = st.checkbox("I no longer need it", key=f"sure {entry.id}")
            job = (lambda shelf: shelf.delete(entry.id),)
            st.button("Delete for good", key="delete for good", disabled=not sure, on_click=_do, args=job)


def _do(job: Callable[[Shelf], object]) -> None:
    """Do something in the library, and keep what went wrong to be told."""
    try:
        job(session.library())
        session.keep("studies told", None)
    except StoreError as error:
        session.keep("studies told", str(error))


def _told() -> None:
    if told := session.kept("studies told"):
        drawing.error(wording.escaped(told))


# ----------------------------------------------------------------------------------------------------------- out and in


def _files(found: Sequence[Entry]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ids, library = [each.id for each in found], session.library()
        st.download_button(
            "Export these studies",
            lambda: packs.packed(library, ids),
            "studies.zip",
            "application/zip",
            disabled=not ids,
            on_click="ignore",
            help="All studies in the list as one file, to import elsewhere or to keep as a backup.",
        )
        box = st.popover("Import studies", key="take in", on_change="rerun")
    if box.open:
        with box:
            key = session.seed("studies file", None)
            st.file_uploader(
                f"Exported studies (.zip, up to {STUDIES.megabytes} MB)",
                type="zip",
                key=key,
                max_upload_size=STUDIES.megabytes,
                on_change=_take_in,
                args=(key,),
            )
            for line in session.kept("studies taken in", ()):
                st.markdown(f"- {wording.escaped(line)}")


def _take_in(key: str) -> None:
    uploaded = session.entered(key)
    if uploaded is None:
        return
    try:
        taken = packs.taken_in(session.library(), uploaded.getvalue(), session.owner())
        told = [f"Taken in: {each.name}" for each in taken.entries] + [f"Left out: {each}" for each in taken.refused]
    except StoreError as error:
        told = [str(error)]
    session.keep("studies taken in", tuple(told))
    session.renew("studies file")
