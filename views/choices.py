"""Fields to choose from that remember their choice when the page is left, and fall back when it is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from views import state

T = TypeVar("T")


def select(
    entry: str,
    label: str,
    options: Sequence[T],
    usual: T,
    words: Callable[[T], str] = str,
    help: str | None = None,
) -> T:
    """A field with a searchable list that remembers its choice; `usual` while none was made, or it is gone."""
    held = state.kept(entry, usual)
    current = held if held in options else usual
    key = state.seed(entry, current)
    st.selectbox(
        label,
        list(options),
        index=list(options).index(current),
        format_func=words,
        key=key,
        help=help,
        on_change=_remember,
        args=(entry, key),
    )
    return current


def switch(entry: str, label: str, options: Mapping[str, str], usual: str, help: str | None = None) -> str:
    """A switch between a few choices, given with their words, that remembers its choice."""
    held = state.kept(entry, usual)
    current = held if held in options else usual
    key = state.seed(entry, current)
    st.segmented_control(
        label,
        list(options),
        default=current,
        required=True,
        format_func=options.__getitem__,
        key=key,
        help=help,
        on_change=_remember,
        args=(entry, key),
    )
    return current


def _remember(entry: str, key: str) -> None:
    value = state.entered(key)
    state.keep(entry, value)
    state.settle(entry, value)
