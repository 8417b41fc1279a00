"""Fields of the quotes page: what was chosen or typed stays over reruns and page switches, under one name each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from views import state

LONGEST_TEXT = 200


def kept(name: str, options: Sequence[str], default: str) -> str:
    """What was chosen under this name, or the default, also where the chosen one is no longer offered."""
    found = state.kept(name, default)
    return found if found in options else default


def choice(
    name: str,
    label: str,
    options: Sequence[str],
    default: str,
    *,
    words: Callable[[str], str] = str,
    help_text: str | None = None,
    disabled: bool = False,
) -> str:
    """One of the options, as `words` show it."""
    current = kept(name, options, default)
    key = state.seed(name, (current, tuple(options)))
    st.selectbox(
        label,
        options,
        index=list(options).index(current),
        format_func=words,
        key=key,
        help=help_text,
        disabled=disabled,
        on_change=_chosen,
        args=(name, key, tuple(options)),
    )
    return current


def _chosen(name: str, key: str, options: tuple[str, ...]) -> None:
    found = state.entered(key)
    state.keep(name, found)
    state.settle(name, (found, options))


def text(name: str, label: str, default: str = "", *, help_text: str | None = None, placeholder: str = "") -> str:
    """A line of text, kept as it was typed."""
    current = state.kept(name, default)
    key = state.seed(name, current)
    st.text_input(
        label,
        value=current,
        max_chars=LONGEST_TEXT,
        key=key,
        help=help_text,
        placeholder=placeholder,
        on_change=_typed,
        args=(name, key),
    )
    return current


def tick(name: str, label: str, *, help_text: str | None = None) -> bool:
    """Whether a box is ticked."""
    current = bool(state.kept(name, False))
    key = state.seed(name, current)
    st.checkbox(label, value=current, key=key, help=help_text, on_change=_typed, args=(name, key))
    return current


def _typed(name: str, key: str) -> None:
    found = state.entered(key)
    state.keep(name, found)
    state.settle(name, found)
