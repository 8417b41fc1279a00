"""Row by row: what a file does not say of a line, or says otherwise, typed beside it; the file itself stays as it is.

The grid is text in every cell, as it is pasted from a spreadsheet; what cannot be read is told with the findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas
import streamlit as st

from importers.quotes import Line, Survey
from importers.quotes.cells.columns import BY_NAME, CHARGED, PARTS
from views import session
from views.figures import wording
from views.inputs.quotes import file as quotes_file
from views.inputs.quotes.file import Upload

COLUMNS = ("part", "charged", "scope", "quantity", "net_price", "years_covered")
WIDTHS: Mapping[str, int] = {"part": 130, "charged": 210, "scope": 90, "quantity": 100, "net_price": 130}
# Pixels, for grids of more rows than fit a screen.
MOST_SHOWN, SHOWN_HEIGHT = 20, 740
ROW, ITEM = "Row", "Item"
Said = dict[int, dict[str, str]]


@dataclass(frozen=True)
class Rows:
    """The lines of a quote in a file, and what was said of them."""

    file: Upload
    survey: Survey
    lines: Sequence[Line]

    @property
    def said(self) -> Said:
        """What was said of single rows of the file, other quotes' rows included."""
        return quotes_file.said(self.file, self.survey)

    @property
    def entry(self) -> str:
        """The name under which the grid is known."""
        first = self.lines[0].row if self.lines else 0
        return f"grid {quotes_file.said_entry(self.file, self.survey)} {first}"

    @property
    def now(self) -> Any:
        """What the grid stands for: what was said of rows, and how the file is read."""
        file, survey = self.file, self.survey
        return quotes_file.said(file, survey), quotes_file.given(file, survey), quotes_file.mapped(file, survey)

    def say(self, found: Said) -> None:
        """Remember what is said of rows."""
        quotes_file.say(self.file, self.survey, found)

    def cell(self, line: Line, column: str) -> str:
        """What stands for a line: as said of the row, else as in the file or said of all rows."""
        own = self.said.get(line.row, {}).get(column)
        held = "" if line.aside else line.cells.get(column, "").removesuffix(".0")
        return held if own is None else own


def draw(rows: Rows, *, opened: bool) -> None:
    """The folded grid, with proposals; drawn only while it is open."""
    count = sum(line.row in rows.said for line in rows.lines)
    label = "Edit lines" + (f" ({count} edited)" if count else "")
    key = rows.file.entry("row by row", rows.survey.sheet)
    box = st.expander(label, opened, icon=":material/edit:", key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        st.caption(
            "Your entry replaces the cell and is marked as your figure. Clear a cell to go back to the file's content."
        )
        with st.container(horizontal=True):
            st.button("Reset to the file", on_click=forget, args=(rows,), key="forget rows", disabled=not count)
        _guesses(rows)
        _grid(rows)
        for name in ("part", "charged", "scope"):
            column = BY_NAME[name]
            st.caption(wording.escaped(f"{column.label}: {', '.join(column.choices)}."))


def _guesses(rows: Rows) -> None:
    """What the words of unsure lines point to, line by line of the same guess, each to be confirmed on its own."""
    alike: dict[tuple[tuple[str, str], ...], list[Line]] = {}
    for line in rows.lines:
        if line.guess and line.refused:
            alike.setdefault(tuple(line.guess.items()), []).append(line)
    for position, (said, lines) in enumerate(alike.items()):
        texts = dict(said)
        meant = ", ".join((PARTS[texts["part"]], *(CHARGED[texts[name]] for name in ("charged",) if name in texts)))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(wording.escaped(f"Guessed as {meant}: {'; '.join(map(_doubt, lines))}."))
            st.button("Confirm", on_click=confirm, args=(rows, lines), key=f"confirm guess {position}")
            st.button("Exclude", on_click=leave_out, args=(rows, lines), key=f"leave out guess {position}")


def _doubt(line: Line) -> str:
    """A line by its row and item, with what the guess rests on."""
    return f"row {line.row} {line.item}" + (f" ({line.why})" if line.why else "")


def _grid(rows: Rows) -> None:
    key, base = session.frozen(rows.entry, rows.now, partial(_begin, rows))
    names = [ROW, ITEM, *COLUMNS]
    st.data_editor(
        pandas.DataFrame(base, columns=names, dtype="str"),
        key=key,
        num_rows="fixed",
        hide_index=True,
        disabled=[ROW, ITEM],
        column_config=_columns(),
        height="content" if len(base) <= MOST_SHOWN else SHOWN_HEIGHT,
        on_change=_edited,
        args=(rows, key),
        alt="What is said of each row",
        placeholder="",
    )


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    found: dict[str, Any] = {
        ROW: text(ROW, width=60, alignment="right", pinned=True),
        ITEM: text(ITEM, width=215),
    }
    for name in COLUMNS:
        column = BY_NAME[name]
        side = "left" if column.choices else "right"
        help_text = wording.escaped(column.help)
        found[name] = text(column.label, width=WIDTHS.get(name, 110), alignment=side, help=help_text)
    return found


def _begin(rows: Rows) -> list[list[str]]:
    """The cells that the grid starts from."""
    return [[str(line.row), line.item, *(rows.cell(line, name) for name in COLUMNS)] for line in rows.lines]


def _edited(rows: Rows, key: str) -> None:
    take(rows, (session.entered(key) or {}).get("edited_rows", {}))
    session.settle(rows.entry, rows.now)


def take(rows: Rows, edits: Mapping[Any, Mapping[str, Any]]) -> None:
    """Remember the edits of the grid, by its lines; a cell that is as before is not said."""
    found: Said = {row: dict(texts) for row, texts in rows.said.items()}
    for index, texts in edits.items():
        line = rows.lines[int(index)]
        own = found.setdefault(line.row, {})
        for name, text in texts.items():
            own[name] = str(text or "").strip()
    rows.say(found)


def confirm(rows: Rows, lines: Sequence[Line]) -> None:
    """Take the guesses of some lines as said."""
    rows.say(rows.said | {line.row: {**rows.said.get(line.row, {}), **line.guess} for line in lines})


def leave_out(rows: Rows, lines: Sequence[Line]) -> None:
    """Put some lines out of the offer."""
    rows.say(rows.said | {line.row: {**rows.said.get(line.row, {}), "scope": "out"} for line in lines})


def forget(rows: Rows) -> None:
    """Nothing is said of these rows any more."""
    own = {line.row for line in rows.lines}
    rows.say({row: texts for row, texts in rows.said.items() if row not in own})


def wants_rows(rows: Rows) -> bool:
    """Whether something is asked that differs from line to line, or was said of one."""
    asked = any(line.guess or not line.part for line in rows.lines if line.refused)
    return asked or any(line.row in rows.said for line in rows.lines)
