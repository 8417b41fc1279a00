"""The box beneath a grid for a pasted table or a file: decimal mark, preview of every cell that changes, then taken."""

from __future__ import annotations

import pandas
import streamlit as st

from files.limits import PASTED
from views import session
from views.figures import drawing, wording
from views.inputs.tables import grids, pasted, sheets
from views.inputs.tables.grids import Target

DECIMALS = {"point": "1,234.5 (point)", "comma": "1.234,5 (comma)"}


def draw(target: Target) -> None:
    """The folded box; drawn only while it is open."""
    name = f"paste {target.name}"
    box = st.expander("Paste or upload a table", icon=":material/content_paste:", key=name, on_change="rerun")
    if not box.open:
        return
    with box:
        headings = ", ".join(entry.label for entry in sheets.columns(target.table))
        st.caption(wording.escaped(f"Columns: {headings}. With headings in any order, without them in this one."))
        key = session.seed(name, None)
        text = st.text_area("Cells copied from a spreadsheet", key=f"{key} text", height=120)
        uploaded = st.file_uploader(
            "Or upload a file", type=["csv", "tsv", "txt"], key=f"{key} file", max_upload_size=PASTED.megabytes
        )
        decimals = st.radio(
            "Decimal separator",
            list(DECIMALS),
            index=None,
            format_func=DECIMALS.get,
            horizontal=True,
            key=f"{name} marks",
        )
        replace = st.checkbox("Delete rows missing from the pasted table", key=f"{name} replace")
        if uploaded is not None:
            try:
                text = pasted.decoded(uploaded.getvalue())
            except ValueError as error:
                drawing.error(wording.escaped(str(error)))
                return
        if text and text.strip():
            _preview(target, text, decimals, replace)


def _preview(target: Target, text: str, decimals: str | None, replace: bool) -> None:
    if decimals not in ("point", "comma"):
        st.markdown(":material/arrow_upward: Choose the decimal separator.")
        return
    marks, currency = session.marks(), session.study().currency
    standing = sheets.lines(target.table, target.rows, marks)
    found = pasted.preview(target.table, standing, text, decimals, replace=replace, marks=marks, currency=currency)
    for fault in found.faults:
        drawing.error(wording.escaped(fault))
    for each in found.differences:
        if each.fault:
            drawing.error(pasted.fault_text(each))
    for remark in found.remarks:
        st.caption(wording.escaped(remark))
    if not found.differences and not found.faults:
        st.markdown("No changes: the table matches the grid.")
    elif found.differences:
        _differences(found)
    number = len(found.differences)
    st.button(
        f"Apply {number} change{'' if number == 1 else 's'}",
        type="primary",
        key=f"paste {target.name} take",
        disabled=not found.can_be_taken,
        on_click=_taken,
        args=(target, found),
    )


def _differences(found: pasted.Preview) -> None:
    rows = [
        (each.row, each.column, each.now, each.pasted, each.read_as or "cannot be read") for each in found.differences
    ]
    frame = pandas.DataFrame(rows, columns=["Row", "Column", "Now", "Pasted", "Read as"], dtype="str")
    st.dataframe(frame, hide_index=True, alt="Every cell that would change")


def _taken(target: Target, found: pasted.Preview) -> None:
    grids.take(target, found.lines)
    if session.aside(target.name) is None:
        session.renew(f"paste {target.name}")
    session.renew(target.name)
