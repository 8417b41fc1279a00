"""Puts charts and tables of text on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from views.figures.charts import Chart


def chart(found: Chart) -> None:
    """Draw a chart as wide as its place, with its description for screen readers."""
    # Arrow is what the browser is sent: rows made into it here skip pandas, which takes several times as long.
    rows = pa.Table.from_pylist(found.spec["data"]["values"])
    st.vega_lite_chart({**found.spec, "data": {"values": rows}}, alt=found.alt)


def table(
    columns: Mapping[str, Sequence[str | None]],
    alt: str,
    *,
    configured: Mapping[str, Any] | None = None,
    right: Sequence[str] = (),
    height: int | str = "content",
    key: str | None = None,
) -> None:
    """A table of written figures: no index, the columns of `right` aligned there, and those of `configured` as told."""
    aligned = {name: st.column_config.TextColumn(name, alignment="right") for name in right}
    st.dataframe(
        pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}),
        hide_index=True,
        height=height,  # type: ignore[arg-type]
        column_config={**aligned, **(configured or {})},
        placeholder="",
        key=key,
        alt=alt,
    )
