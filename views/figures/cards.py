"""The headline figures as cards: value, unit, basis, what stands beneath, and a button that opens the figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from models.analysis.metrics.headlines import Headline
from models.notation import writer
from models.run.model import Result
from views import session
from views.figures import opened, written

NARROWEST = 215


def draw(result: Result, option: str, shown: Sequence[Headline], key: str) -> None:
    """A card for each headline, as many side by side as there is room for."""
    before = session.before().get(option, {})
    grid = st.grid(len(shown), min_column_width=NARROWEST, border=True, gap="small", key=key)
    for headline in shown:
        with grid.cell():
            _card(result, option, headline, before)


def _card(result: Result, option: str, headline: Headline, before: Mapping[str, float | None]) -> None:
    now = headline.figure
    change = writer.moved(result.options[option].number(now.line), before.get(now.line))
    st.metric(
        written.plain(now.label),
        written.figure(now)[:1].upper() + written.figure(now)[1:],
        delta=change,
        delta_color="inverse",
        delta_description="since the last edit" if change else None,
        help=written.plain(f"{headline.boundary[:1].upper()}{headline.boundary[1:]}. Basis: {headline.basis}."),
    )
    st.caption(_beneath(headline, result.study.currency))
    opened.button(result, option, now.line, "How it is made up", f"open {headline.number} {now.line}")


def _beneath(headline: Headline, currency: str) -> str:
    """Unit, what stands beneath, and the basis; or why there is no figure."""
    if headline.missing:
        return written.plain(f"No figure: {headline.missing}.")
    lines = [f"**{written.plain(headline.figure.unit)}**"] if headline.figure.unit else []
    for figure in headline.beneath:
        if figure.value is not None:
            label = f"{figure.label}: " if figure.label else ""
            shown = writer.quantity(written.figure(figure), figure.unit, currency)
            lines.append(written.plain(f"{label}{shown}"))
    lines.append(written.plain(f"{headline.basis[:1].upper()}{headline.basis[1:]}"))
    return "  \n".join(lines)
