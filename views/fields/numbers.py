"""Numbers of an analysis that are no inputs of the study: typed as any number, remembered, a wrong one said at once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from models.notation import reader
from models.notation.reader import Reading
from models.studies import schema
from models.studies.schema import Field
from views import session
from views.fields import asking, typed

YEARLY_CHANGE: Field = schema.field("asset", "price_change")


def number(
    name: str,
    label: str,
    default: float,
    *,
    read: Callable[[str], Reading],
    write: Callable[[float], str] | None = None,
    help: str = "",
) -> float:
    """Draws the field and gives its number: the last one that could be read. Left blank, the default stands again.

    `write` spells a number so that `read` reads it back; without one, as a plain number.
    """
    key, spell = f"improve {name}", write or plain_text
    text = st.text_input(label, value=spell(default), key=key, help=help or None, persist_state="session")
    reading = read(text or "")
    if reading.fault:
        stays = held(name, default)
        asking.fault(name, reading, f"{reading.fault}; {spell(stays)} stays")
        return stays
    found = default if reading.value is None else float(reading.value)
    session.keep(key, found)
    return found


def held(name: str, default: float) -> float:
    """The number of a field that is not drawn now."""
    return float(session.kept(f"improve {name}", default))


def plain(text: str) -> Reading:
    """A number that is not below 0."""
    return reader.amount(text, session.policy(), what="the number")


def plain_text(value: float) -> str:
    """A number as its field shows it: clear to a reader of any language."""
    return typed.spelt_number(value, session.marks())


def change(text: str) -> Reading:
    """A yearly change: -30 % or -0.3."""
    return typed.read(YEARLY_CHANGE, text, session.policy())


def change_text(value: float) -> str:
    """A yearly change as its field shows it."""
    return typed.spelt(YEARLY_CHANGE, value, marks=session.marks())
