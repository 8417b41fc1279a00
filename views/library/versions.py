"""Versions of a study: kept by name, compared, restored, reviewed and approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from models.analysis.reporting.record import Version, headline
from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from models.studies.inputs.problem import StudyError
from store import versions as kept
from store.database import StoreError
from store.shelf import DRAFT, REVIEW, Entry
from views import session
from views.fields import remembered
from views.figures import drawing, printed, wording
from views.library import compared

# Stands for the study as it is, among the numbers of its versions.
NOW = 0


def show(entry: Entry) -> None:
    """The versions of a study, keeping one, and what can be done with the one that is chosen."""
    printed.heading("Versions", "Kept by name; nothing of a version is overwritten")
    found = kept.versions(session.library(), entry.id)
    _keep(entry)
    if told := session.kept("versions told"):
        drawing.error(wording.escaped(told))
    if not found:
        st.caption("No version yet.")
        return
    drawing.table(
        {
            "Version": [_title(each) for each in found],
            "Kept": [session.when(each.at) for each in found],
            "By": [each.author or "–" for each in found],
            "Note": [each.note or "–" for each in found],
            "Reviewed": [each.reviewer or "–" for each in found],
            "Approved": [_approved(each) for each in found],
            "Seal": [each.seal[:12] for each in found],
        },
        "Versions of the study, the newest first",
    )
    names = {each.number: _title(each) for each in found}
    number = remembered.choice(f"version {entry.id}", "Version", list(names), found[0].number, words=names.__getitem__)
    version = next(each for each in found if each.number == number)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Restore", key="restore version", on_click=_restore, args=(entry, version), help="As the newest step."
        )
        label, wanted = ("Ask for review", True) if entry.status == DRAFT else ("Back to draft", False)
        if entry.status in (DRAFT, REVIEW):
            st.button(label, key="ask for review", on_click=_ask, args=(entry, wanted))
        _review(entry, version)
        _approve(entry, version)
    _compare(entry, found, version)


def _approved(version: Version) -> str:
    if version.approved is None:
        return "–"
    return f"{version.approver}, {session.when(version.approved)}"


def _keep(entry: Entry) -> None:
    box = st.popover("Keep a version", key="keep version", on_change="rerun")
    if box.open:
        with box:
            name = remembered.text("version name", "Name of the version", placeholder="To the board")
            note = remembered.text("version note", "What changed, and why")
            by = remembered.by("version author", "Kept by", entry.author)
            st.button(
                "Keep", type="primary", key="keep it", disabled=not name, on_click=_kept, args=(entry, name, note, by)
            )


def _kept(entry: Entry, name: str, note: str, by: str) -> None:
    def job() -> None:
        saved = session.library().read(entry.id)
        kept.keep(session.library(), entry.id, name, seal=seal(MODEL.run(saved.study)), note=note, author=by)
        for field in ("version name", "version note"):
            session.keep(field, None)

    _do(job)


def _restore(entry: Entry, version: Version) -> None:
    def job() -> None:
        study = kept.read(session.library(), entry.id, version.number)
        now = session.library().entry(entry.id)
        session.library().save(entry.id, now.revision, study, author=now.author, headline=headline(MODEL.run(study)))
        present = session.entry()
        if present is not None and present.id == entry.id:
            session.open_study(entry.id)

    _do(job)


def _ask(entry: Entry, wanted: bool) -> None:
    _do(lambda: kept.ask_for_review(session.library(), entry.id, wanted))


def _review(entry: Entry, version: Version) -> None:
    """Whoever went through a version says so; signed in, under the account's name alone."""
    if version.approved is not None:
        return
    box = st.popover("Review", key="review version", on_change="rerun")
    if box.open:
        with box:
            by = remembered.by("reviewed by", "Reviewed by")
            args = (entry, version, by)
            st.button("Record the review", key="reviewed it", disabled=not by, on_click=_looked, args=args)


def _looked(entry: Entry, version: Version, by: str) -> None:
    _do(lambda: kept.review(session.library(), entry.id, version.number, by))


def _approve(entry: Entry, version: Version) -> None:
    """Approval names who approves, and is of the seal that the version computes to now."""
    if version.approved is not None:
        return
    box = st.popover("Approve", key="approve version", on_change="rerun")
    if box.open:
        with box:
            by = remembered.by("approved by", "Approved by")
            st.caption(wording.escaped(f"Approves inputs, formulas and figures of {version.name}: seal {version.seal}"))
            args = (entry, version, by)
            st.button("Approve for good", type="primary", key="approve it", disabled=not by, on_click=_yes, args=args)


def _yes(entry: Entry, version: Version, by: str) -> None:
    def job() -> None:
        now = seal(MODEL.run(kept.read(session.library(), entry.id, version.number)))
        kept.approve(session.library(), entry.id, version.number, now, by)

    _do(job)


def _compare(entry: Entry, versions: Sequence[Version], version: Version) -> None:
    """The version beside the study as it stands now, or beside another version."""
    box = st.expander("What changed since", key="version differences", on_change="rerun")
    if not box.open:
        return
    with box:
        names = {NOW: "Now"} | {each.number: _title(each) for each in versions if each is not version}
        other = remembered.choice(
            f"version against {entry.id}", "Compared with", list(names), NOW, words=names.__getitem__
        )
        library = session.library()
        one = version.name, kept.read(library, entry.id, version.number)
        two = names[other], library.read(entry.id).study if other == NOW else kept.read(library, entry.id, other)
        compared.show(*((two, one) if NOW < other < version.number else (one, two)))


def _title(version: Version) -> str:
    return f"{version.number}. {version.name}"


def _do(job: Callable[[], object]) -> None:
    try:
        job()
        session.keep("versions told", None)
    except (StoreError, StudyError) as error:
        session.keep("versions told", str(error))
