"""Titles and tables as they are printed: HTML, which costs a rerun nothing. What a user typed is escaped here.

Text stands left and figures right, under heads that hold the unit; no cell repeats it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st


class Markup(str):
    """HTML made by the app itself, not escaped again."""


@dataclass(frozen=True)
class Row:
    """A row of a table: its label, its cells, a second line beneath the label, and a class of the style."""

    label: str
    cells: Sequence[str]
    beneath: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its head, the unit beneath it, whether its cells are words, and a class of the style for both."""

    head: str
    unit: str = ""
    words: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Figure:
    """A main figure: what it is, its text, and unit and basis beneath it."""

    label: str
    text: str
    beneath: str


def figures(shown: Sequence[Figure]) -> None:
    """The main figures in a strip, as many a line as there is room for."""
    cells = "".join(
        f"<div><span>{escaped(each.label)}</span><b>{escaped(each.text)}</b><small>{escaped(each.beneath)}</small></div>"
        for each in shown
    )
    st.html(f'<div class="figures">{cells}</div>')


def escaped(text: str) -> str:
    """Text as HTML, unless it is HTML already."""
    return text if isinstance(text, Markup) else html.escape(text)


def heading(title: str, unit: str = "") -> None:
    """The title of a chart or table, with its unit and basis beneath."""
    beneath = f'<p class="unit">{escaped(unit)}</p>' if unit else ""
    st.html(f'<h2 class="block">{escaped(title)}</h2>{beneath}', width="stretch")


def flag(said: str) -> None:
    """What to be careful about, as a line of its own."""
    st.html(f'<p class="flag">⚠ {escaped(said)}</p>')


def steps(alt: str, names: Sequence[str], reached: int) -> None:
    """Steps in their order: those before the one that is reached are done."""
    kinds = ["done" if n < reached else "here" if n == reached else "" for n in range(len(names))]
    items = "".join(
        f'<li class="{kind}"{" aria-current=step" if kind == "here" else ""}>{escaped(name)}</li>'
        for name, kind in zip(names, kinds, strict=True)
    )
    st.html(f'<ol class="steps" aria-label="{html.escape(alt)}">{items}</ol>')


def table(alt: str, first: str, columns: Sequence[Column], rows: Sequence[Row], kind: str = "") -> None:
    """A table; `alt` says what it is to those who do not see it, `first` heads the labels."""
    heads = "".join(_head(column) for column in columns)
    body = "".join(_row(row, columns) for row in rows)
    st.html(
        f'<div class="scrolled" tabindex="0" role="region" aria-label="{html.escape(alt)}">'
        f'<table class="printed {kind}"><thead><tr><th scope="col">{escaped(first)}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _head(column: Column) -> str:
    unit = f"<br>{escaped(column.unit)}" if column.unit else ""
    return f'<th scope="col" class="{_kind(column)}">{escaped(column.head)}{unit}</th>'


def _kind(column: Column) -> str:
    return f"{'words' if column.words else 'figure'} {column.kind}".strip()


def _row(row: Row, columns: Sequence[Column]) -> str:
    beneath = f"<small>{escaped(row.beneath)}</small>" if row.beneath else ""
    cells = "".join(
        f'<td class="{_kind(column)}">{escaped(cell)}</td>' for cell, column in zip(row.cells, columns, strict=True)
    )
    return f'<tr class="{row.kind}"><th scope="row">{escaped(row.label)}{beneath}</th>{cells}</tr>'
