"""Puts charts and tables of text on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from charts import saved
from charts.vocabulary import Chart
from views.figures import printed
from views.figures.printed import Column

# The pinned first column of a table, and a column of numbers beside it, in pixels: on a telephone of 390 the name and
# two numbers stand whole in sight, and texts, which come after them, yield.
PINNED, NUMBER = 164, 92
# A text of more letters is a sentence rather than a name.
_SENTENCE = 40
MIME = {"svg": "image/svg+xml", "png": "image/png"}


def chart(found: Chart) -> None:
    """Draw a chart as wide as its place, with its description for screen readers; it can be saved as a picture."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        printed.heading(found.title, found.unit)
        _save(found)
    # Arrow is what the browser is sent: rows made into it here skip pandas, which takes several times as long.
    rows = {name: pa.Table.from_pylist(each) for name, each in found.spec["datasets"].items()}
    st.vega_lite_chart({**found.spec, "datasets": rows}, alt=found.alt)


def _save(found: Chart) -> None:
    """Offer the chart as a picture, which is made when it is asked for."""
    name = re.sub(r"\W+", "-", found.title).strip("-").lower()
    with st.popover(":material/download:", type="tertiary", help="Save this chart as a picture"):
        for form in saved.FORMATS:
            st.download_button(
                form.upper(),
                data=lambda form=form: saved.saved(found, form),
                file_name=f"{name}.{form}",
                mime=MIME[form],
                key=f"save {form} {found.title} {found.unit}",
                on_click="ignore",
                type="tertiary",
            )


# A digit of a table, a letter of its head, the room beside a cell's text, and the pencil of an editable column, in
# pixels.
_DIGIT, _LETTER, _ROOM, _PENCIL = 6.3, 6.5, 18, 20
# What the head of a column, and any of its cells, may take of a grid at most.
_WIDEST_HEAD, _WIDEST, _WIDEST_NAME = 140, 230, 210


def wide(cells: Sequence[str | None]) -> int:
    """Pixels for the longest of these figures; words among them yield."""
    return min(_WIDEST, max(NUMBER, round(_DIGIT * max((len(cell) for cell in cells if cell), default=0)) + _ROOM))


def _beneath(head: str, cells: Sequence[str | None]) -> int:
    """Pixels for the longest of these figures and for their head, where that is not long."""
    return max(wide(cells), min(_WIDEST_HEAD, round(_LETTER * len(head)) + _ROOM))


def named(labels: Sequence[str]) -> int:
    """Pixels for the pinned names of items, which leave room for one column of figures on a telephone."""
    return min(_WIDEST_NAME, max(PINNED, round(_DIGIT * max(map(len, labels), default=0)) + _ROOM))


def headed(name: str) -> int:
    """Pixels for a column of editable numbers beneath a name, an option's, that is read whole where it is not long."""
    return min(_WIDEST_HEAD, max(NUMBER, round(_LETTER * len(name)) + _ROOM + _PENCIL))


def table(columns: Mapping[str, Sequence[str | None]], alt: str, *, right: Sequence[str] = ()) -> None:
    """A table to read: words stand left and wrap, figures (the columns of `right`) stand right and never do.

    What is clicked in, searched or scrolled stands in a `grid`.
    """
    first, *others = columns
    heads = [Column(name, words=name not in right, kind="long" if _is_long(columns[name]) else "") for name in others]
    rows = [printed.Row(label, cells) for label, *cells in zip(*map(_said, columns.values()), strict=True)]
    printed.table(alt, first, heads, rows, printed.PLAIN)


def _is_long(cells: Sequence[str | None]) -> bool:
    """Whether a column holds sentences, which need more room on a telephone than its names do."""
    return max((len(cell) for cell in cells if cell), default=0) > _SENTENCE


def _said(cells: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in cells]


def grid(
    columns: Mapping[str, Sequence[str | None]],
    alt: str,
    *,
    configured: Mapping[str, Any] | None = None,
    right: Sequence[str] = (),
    height: int | Literal["stretch", "content"] = "content",
    key: str | None = None,
) -> None:
    """A table to click in or to scroll: no index, the columns of `right` aligned there, and `configured` as told.

    All grow to the width of the page; where that is narrow the figures stay whole and the words of the first yield.
    """
    column = st.column_config.TextColumn
    aligned = {next(iter(columns)): column(width=PINNED)}
    aligned |= {name: column(name, alignment="right", width=_beneath(name, columns[name])) for name in right}
    st.dataframe(
        pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}),
        hide_index=True,
        height=height,
        column_config={**aligned, **(configured or {})},
        placeholder="",
        key=key,
        alt=alt,
    )


def error(message: str) -> None:
    """Say what is wrong, in Markdown, where it is to be repaired."""
    st.markdown(f":red[:material/error: {message}]")


def warning(message: str) -> None:
    """Say what is doubtful, in Markdown, where it stands."""
    st.markdown(f":orange[:material/warning: {message}]")
