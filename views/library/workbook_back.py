"""Reading an edited workbook back: what differs, cell by cell, then all of it applied or nothing."""

from __future__ import annotations

import streamlit as st

from files.limits import WORKBOOK
from models.analysis.reporting import record
from models.notation import writer
from models.studies.study import Study
from store import versions
from store.database import StoreError
from views import session
from views.figures import wording
from workbook.read import Change, Reading, WorkbookError, read
from workbook.verify import Verdict, held_against_anew, verify

MOST_CELLS = 30
OWN, SOURCED = "Your figures", "Still from this source"


def show() -> None:
    """Draw the upload, what it changes, and the button that applies it."""
    uploaded = st.file_uploader(
        f"Edited workbook (Excel, up to {WORKBOOK.megabytes} MB)",
        type="xlsx",
        max_upload_size=WORKBOOK.megabytes,
        key=session.seed("workbook back", None),
        help="A workbook downloaded here, with blue cells changed in Excel or LibreOffice.",
    )
    if uploaded is None:
        return
    content, study = uploaded.getvalue(), session.study()
    # Opened once for each file and study, not at every rerun.
    found = session.once(f"workbook {uploaded.file_id}", lambda: _read(content, study))
    _standing(uploaded.file_id, content)
    if isinstance(found, WorkbookError):
        st.error("The workbook was not imported. Your study is unchanged.", icon=":material/error:")
        st.markdown("\n".join(f"- {wording.escaped(problem)}" for problem in found.problems))
        return
    for warning in found.warnings:
        st.warning(wording.escaped(warning))
    if not found.changes:
        st.info("No changes found.")
        return
    st.dataframe(_table(found), hide_index=True, width="stretch", alt="Inputs that the workbook changes")
    answer = _still_sourced(found) if found.asked else OWN
    taken = found.sourced if answer == SOURCED else found.study
    count = len(found.changes)
    st.button(
        f"Apply {count} {'change' if count == 1 else 'changes'}",
        on_click=_apply,
        args=(taken, count),
        disabled=answer is None,
        help=None if answer else "Answer the question above first",
        type="primary",
    )


def _still_sourced(found: Reading) -> str | None:
    """Asks of the changed values beside which a source stands whether they are from there; None until answered."""
    named = "; ".join(wording.escaped(wording.place(path)) for path in found.asked)
    st.markdown(f"The workbook changes these values and leaves their sources as they were: {named}.")
    return st.radio(
        "Are they still from this source, or your figures?",
        (OWN, SOURCED),
        index=None,
        horizontal=True,
        key=session.seed("still sourced", found.asked),
        help="Your figures lose the old source. Either way the old range goes: it was that of the old value.",
    )


def _read(content: bytes, study: Study) -> Reading | WorkbookError:
    try:
        return read(content, study)
    except WorkbookError as error:
        return error


def _verdict(content: bytes) -> Verdict | None:
    """What differs from the export; None for a file that cannot say."""
    try:
        return verify(content)
    except WorkbookError:
        return None


def _standing(file: str, content: bytes) -> None:
    """Whether the file is an approved version, as the library has it, and which cells keep it from being one."""
    found = session.once(f"verdict {file}", lambda: _verdict(content))
    try:
        kept = found and versions.approved(session.library(), found.seal, found.study, session.owner())
    except StoreError as error:
        st.caption(wording.escaped(f"Whether it was approved cannot be told: {error}."))
        return
    if found is None or kept is None:
        st.caption("Not an approved version: the library has no approval of its seal.")
        return
    study, version = kept
    assert version.approved is not None
    named = record.approval(study, version, session.when(version.approved))
    with st.spinner("Writing the approved version anew, to hold each formula against it"):
        found = session.once(f"held against anew {file}", lambda: held_against_anew(content, found))
    if found.as_exported:
        st.success(wording.escaped(f"This is {named}."), icon=":material/verified:")
        if not found.anew:
            st.caption(
                "Another version of this app wrote it, so each formula was held against the mark that the file bears."
            )
        return
    st.warning(wording.escaped(f"It was {named}, and is no longer: these cells differ."), icon=":material/rule:")
    told = [f"{each.cell}: {each.path} was {each.old!r}, is {each.new!r}" for each in found.changes]
    told += [*map(str, found.formulas), *found.problems]
    more = [f"and {writer.count(len(told) - MOST_CELLS)} more"] if len(told) > MOST_CELLS else []
    st.markdown("\n".join(f"- {wording.escaped(line)}" for line in [*told[:MOST_CELLS], *more]))


def _table(found: Reading) -> list[dict[str, str]]:
    return [
        {
            "Input": change.path,
            "What": "" if change.what == "value" else change.what,
            "Now": _shown(change.old),
            "In the workbook": _shown(change.new),
            "Cell": change.cell,
        }
        for change in _in_order(found)
    ]


def _in_order(found: Reading) -> list[Change]:
    return sorted(found.changes, key=lambda change: (change.path, change.what != "value", change.what))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(writer.as_typed, value))
    return "blank" if value in (None, "") else str(value)


def _apply(taken: Study, count: int) -> None:
    if not session.replace_study(taken):
        session.renew("workbook back")
        session.renew("still sourced")
        st.toast(f"{count} changes taken from the workbook.")
