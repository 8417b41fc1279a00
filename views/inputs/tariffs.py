"""A published tariff by the hour, taken from the catalogue into the options that pay for their power."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import streamlit as st

from models.catalogue.tariffs import Tariff, charged, tariff, tariffs
from models.notation import writer
from models.studies.inputs import schema
from views import session
from views.figures import drawing, typed, wording, written
from views.inputs import rows

KIND = "tariff"


def draw() -> None:
    """The menu, for the option in view or for all that hold hardware; nothing where none does."""
    chosen = rows.scope()
    held = [each for each in session.study().options if each.acquisition in schema.HELD and chosen in (None, each.name)]
    if held:
        rows.menu("Tariffs by the hour", KIND, lambda: _offer([each.name for each in held]))


def _offer(options: Sequence[str]) -> None:
    """The choice of a tariff, what it charges, and the button that takes it."""
    chosen = st.selectbox(
        "Tariff of the catalogue",
        tariffs(),
        index=None,
        placeholder="choose one",
        key="tariff to take",
        help="Prices of the seasons are averaged hour by hour over the year; hours of one price become one band.",
    )
    if chosen is None:
        return
    found = tariff(chosen)
    currency = session.study().currency
    _preview(found)
    is_other = bool(found.currency) and found.currency != currency
    if is_other:
        words = f"{found.name} is in {found.currency}, this study in {currency}: type its bands converted."
        drawing.error(wording.escaped(words))
    st.caption(
        wording.escaped(
            f"For {', '.join(options)}, in place of the price, the bands and the terms of demand that stand there."
        )
    )
    st.button("Apply", type="primary", key="take tariff", disabled=is_other, on_click=_taken, args=(options, found))


def _preview(found: Tariff) -> None:
    drawing.table(
        {
            "Hours": [str(band["hours"]) for band in found.bands],
            f"{found.currency} per kWh": [writer.unit_cost(band["price"]["value"]) for band in found.bands],
        },
        f"Bands of {found.name}",
        right=(f"{found.currency} per kWh",),
    )
    for name, value in found.inputs.items():
        entry = schema.field("option", name)
        unit = wording.unit(schema.unit(entry), found.currency)
        st.caption(wording.escaped(f"{entry.label}: {typed.spelt(entry, value.value)} {unit}"))
    for note in found.notes:
        drawing.warning(written.plain(f"{note[:1].upper()}{note[1:]}."))


def _taken(options: Sequence[str], found: Tariff) -> None:
    rows.taken(KIND, reduce(lambda held, option: charged(held, option, found), options, session.study()))
