"""Titles and tables as they are printed: HTML, which costs a rerun nothing. What a user typed is escaped here.

Text stands left and figures right, under heads that hold the unit; no cell repeats it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from models.notation import writer

# A table made of columns of text, row by row, rather than laid out by hand.
PLAIN = "plain"
# A figure alone, whose decimals can stand beneath those of its neighbours, and the width of a decimal point, in digits.
_FIGURE = re.compile(r"[+\u2212]?[0-9,]+(?:\.([0-9]+))?")
_POINT = 0.5
_BLANKS = ("", writer.ZERO, writer.NONE, writer.NOT_MEANINGFUL)


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


def listed(sentences: Sequence[str]) -> None:
    """Sentences one beneath another, each with a dot."""
    items = "".join(f"<li>{escaped(each)}</li>" for each in sentences)
    st.html(f'<ul class="listed">{items}</ul>')


def flag(said: str) -> None:
    """What to be careful about, as a line of its own."""
    flags([said])


def flags(said: Sequence[str]) -> None:
    """What to be careful about: one line, where more is said the rest behind it."""
    if said:
        st.html(flagged(said))


def flagged(said: Sequence[str]) -> str:
    """What to be careful about as HTML: the first in sight, the others folded behind it."""
    if not said:
        return ""
    first, *rest = map(escaped, said)
    if not rest:
        return f'<p class="flag">⚠ {first}</p>'
    items = "".join(f"<li>{each}</li>" for each in rest)
    return f'<details class="flag"><summary>⚠ {first} And {len(rest)} more</summary><ul>{items}</ul></details>'


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
    places = [0 if column.words else _places(row.cells[n] for row in rows) for n, column in enumerate(columns)]
    body = "".join(_row(row, columns, places) for row in rows)
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


def _places(cells: Iterable[str]) -> int:
    """The most decimals of the figures of a column; 0 where it holds anything else, as amounts of several units."""
    found = [_FIGURE.fullmatch(cell) for cell in cells if cell not in _BLANKS]
    return max((len(figure[1] or "") if figure else 0 for figure in found), default=0) if all(found) else 0


def _cell(cell: str, places: int) -> str:
    """A cell; a figure of fewer decimals than its column has room for them at its right, so that the points align."""
    figure = _FIGURE.fullmatch(cell) if places else None
    own = len(figure[1] or "") if figure else places
    if own == places:
        return escaped(cell)
    room = places - own + (_POINT if own == 0 else 0)
    return f'<span style="margin-right:{room}ch">{escaped(cell)}</span>'


def _row(row: Row, columns: Sequence[Column], places: Sequence[int]) -> str:
    beneath = f"<small>{escaped(row.beneath)}</small>" if row.beneath else ""
    cells = "".join(
        f'<td class="{_kind(column)}">{_cell(cell, most)}</td>'
        for cell, column, most in zip(row.cells, columns, places, strict=True)
    )
    return f'<tr class="{row.kind}"><th scope="row">{escaped(row.label)}{beneath}</th>{cells}</tr>'
