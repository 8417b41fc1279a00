"""Two studies input by input: every one that differs, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.notation import writer
from models.studies.compared import Changed
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from views.figures import drawing, opened, wording

MOST_SHOWN = 200


def show(found: Sequence[Changed], then: str, now: str) -> None:
    """Draw what differs, under what the two studies are called."""
    shown = found[:MOST_SHOWN]
    drawing.table(
        {
            "Input": [wording.place(each.path) for each in shown],
            then: [_text(each, each.old) for each in shown],
            now: [_text(each, each.new) for each in shown],
        },
        "Every input that differs",
    )
    if len(found) > len(shown):
        st.caption(f"and {writer.count(len(found) - len(shown))} more")


def _text(found: Changed, value: Value | None) -> str:
    return "–" if value is None else opened.written(schema.field(found.place.row.table, found.name), value.value)
