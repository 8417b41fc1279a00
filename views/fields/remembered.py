"""Fields that remember what was chosen or typed over reruns and page switches, under one name (entry) each.

Where what was chosen is no longer offered, a field falls back to what is usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal, TypeVar

import streamlit as st

from views import session
from views.figures import written

T = TypeVar("T")
LONGEST_TEXT = 200


def kept(entry: str, options: Sequence[T], usual: T) -> T:
    """What was chosen under this name, or what is usual."""
    found = session.kept(entry, usual)
    return found if found in options else usual


def choice(
    entry: str,
    label: str,
    options: Sequence[T],
    usual: T,
    *,
    words: Callable[[T], str] = str,
    help: str | None = None,
) -> T:
    """One of the options, from a searchable list that shows them as `words` put them."""
    offered = tuple(options)
    current = kept(entry, offered, usual)
    st.selectbox(
        label,
        offered,
        index=offered.index(current),
        format_func=words,
        help=help,
        **session.bound(entry, current, offered),
    )
    return current


def switch(entry: str, label: str, options: Mapping[str, str], usual: str, help: str | None = None) -> str:
    """One of a few choices side by side, given with their words."""
    offered = tuple(options)
    current = kept(entry, offered, usual)
    st.segmented_control(
        label,
        offered,
        default=current,
        required=True,
        format_func=options.__getitem__,
        help=help,
        **session.bound(entry, current, offered),
    )
    return current


def several(
    entry: str,
    label: str,
    options: Sequence[str],
    usual: Sequence[str],
    help: str,
    *,
    words: Callable[[str], str] = str,
) -> list[str]:
    """Some of the options; what is usual until others are chosen, and again where what is offered changes."""
    offered = tuple(options)
    held, found = session.kept(entry, (None, ()))
    current = tuple(each for each in (found if held == offered else usual) if each in offered)
    take = partial(_several, entry, offered)
    bound = session.bound(entry, current, offered, take)
    st.multiselect(label, offered, default=current, format_func=words, help=help, **bound)
    return list(current)


def text(
    entry: str,
    label: str,
    usual: str = "",
    *,
    help: str | None = None,
    placeholder: str = "",
    longest: int | None = LONGEST_TEXT,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """A line of text, kept as it was typed."""
    current = session.kept(entry, usual)
    st.text_input(
        label,
        value=current,
        max_chars=longest,
        help=help,
        placeholder=placeholder or None,
        width=width,
        **session.bound(entry, current),
    )
    return current


def tick(entry: str, label: str, *, help: str | None = None) -> bool:
    """Whether a box is ticked."""
    current = bool(session.kept(entry, False))
    st.checkbox(label, value=current, help=help, **session.bound(entry, current))
    return current


def _several(entry: str, offered: tuple[str, ...], found: tuple[str, ...]) -> None:
    session.keep(entry, (offered, found))


def by(entry: str, label: str, usual: str = "") -> str:
    """Who is named for something: whoever signed in, which nobody can type otherwise; else the name that is typed."""
    if signed := session.person():
        st.caption(written.plain(f"{label} {signed}"))
        return signed
    return text(entry, label, usual)
