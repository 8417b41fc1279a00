"""Fields of the measure page: they keep what was chosen or typed over page switches, and say what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from models.notation import reader, writer
from models.notation.reader import Question, Reading
from views import session
from views.fields import asking, remembered, typed


@dataclass(frozen=True)
class Typed:
    """A number that was typed: its value (None = blank), or that it cannot be read."""

    value: float | None = None
    fault: str = ""
    question: Question | None = None


def choice(name: str, label: str, options: Sequence[str], usual: str, help: str | None = None) -> str:
    """One of the options, remembered for this page."""
    return remembered.choice(_entry(name), label, options, usual, help=help)


def several(name: str, label: str, options: Sequence[str], usual: Sequence[str], help: str) -> list[str]:
    """Some of the options, remembered for this page."""
    return remembered.several(_entry(name), label, options, usual, help)


def _entry(name: str) -> str:
    """Under which name a field of this page is remembered."""
    return f"measure {name}"


def number(
    name: str, label: str, default: float | None, help_text: str, *, whole: bool = False, placeholder: str = ""
) -> Typed:
    """A number above 0 or a blank; what cannot be read stays as it was typed, with the reason beneath."""
    entry = _entry(name)
    standing = "" if default is None else typed.spelt_number(default, session.marks())
    text = session.kept(entry)
    shown = standing if text is None else text
    key = session.seed(entry, shown)
    st.text_input(
        label,
        value=shown,
        key=key,
        help=help_text,
        placeholder=placeholder or None,
        on_change=_typed,
        args=(entry, key),
    )
    found = Typed(default) if text is None else read(text, whole=whole)
    if found.fault:
        asking.fault(entry, Reading(fault=found.fault, question=found.question))
    return found


def _typed(entry: str, key: str) -> None:
    text = str(session.entered(key) or "")
    session.keep(entry, text)
    session.settle(entry, text)


def read(text: str, *, whole: bool = False, most: float = 1e9) -> Typed:
    """A number above 0 as it was meant, or why it is none; a blank is no number."""
    reading = reader.amount(text, session.policy())
    if reading.fault:
        return Typed(fault=reading.fault, question=reading.question)
    value: Any = reading.value
    if value is None:
        return Typed()
    if not 0 < value <= most:
        return Typed(fault=f"give a number above 0 and up to {writer.count(most)}, or leave the field empty")
    if whole and value != int(value):
        return Typed(fault="give a whole number")
    return Typed(int(value) if whole else float(value))
