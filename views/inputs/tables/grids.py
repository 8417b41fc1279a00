"""Editable grids: workloads, purchase items, running costs, assets and tariff bands, as tables of text cells.

A grid shows a frozen copy of its rows; what is typed lives in the widget until the copy is made anew, which happens
when the page is entered, or the study changed elsewhere. So no edit is lost and the cursor stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas
import streamlit as st

from models.studies import rewrite
from models.studies.file.reading import MOST_ROWS
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem
from models.studies.rewrite import Pairs
from models.studies.study import Row, Study
from views import session
from views.figures import drawing, wording
from views.inputs.tables import sheets
from views.inputs.tables.sheets import Cells, Line, Read

MOST_REMARKS = 6
# Of a column of words, in pixels.
WORDS = 150


@dataclass(frozen=True)
class Target:
    """What a grid edits: the name it is kept under (a path), its table, its rows now, and how rows are put back."""

    name: str
    table: str
    rows: tuple[Row, ...]
    put: Callable[[Study, Pairs], Study]

    def taken(self, pairs: Pairs) -> Callable[[Study], Study]:
        """From a study to the one that holds these rows here."""
        return lambda study: self.put(study, pairs)


def of_option(table: str, path: str, option: str, rows: tuple[Row, ...]) -> Target:
    """The grid of one of an option's tables."""
    if table == "asset":
        return Target(f"{path}/asset", table, rows, lambda study, pairs: rewrite.with_assets(study, option, pairs))
    return Target(
        f"{path}/{table}",
        table,
        rows,
        lambda study, pairs: rewrite.with_rows(study, option, table, [row for _, row in pairs]),
    )


def of_workloads(study: Study) -> Target:
    """The grid of the mix."""
    return Target("workload", "workload", study.workloads, rewrite.with_workloads)


def draw(target: Target, alt: str) -> None:
    """The grid and, beneath it, what is wrong with its cells, and how those that changed were read."""
    key, base = _frozen(target)
    st.data_editor(
        _frame(target.table, base),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config=_columns(target.table),
        on_change=_edited,
        args=(target, key, base),
        alt=alt,
        placeholder="",
    )
    for entry in sheets.columns(target.table):
        if entry.choices:
            words = ", ".join(schema.choice_words(entry).values())
            own = "" if entry.kind == "choice" else ", or your own"
            st.caption(wording.escaped(f"{entry.label}: {words}{own}."))
    _remarks(target)


def _frozen(target: Target) -> tuple[str, list[Line]]:
    """The grid's key and the lines it started from."""

    def lines() -> list[Line]:
        waiting = session.aside(target.name)
        return list(waiting.typed) if waiting else sheets.lines(target.table, target.rows, session.marks())

    return session.frozen(target.name, target.rows, lines)


def _frame(table: str, base: Sequence[Line]) -> pandas.DataFrame:
    names = [entry.name for entry in sheets.columns(table)]
    return pandas.DataFrame([[line.cells[name] for name in names] for line in base], columns=names, dtype="str")


def _columns(table: str) -> dict[str, Any]:
    """Every column is text: number columns alter what is typed, and choices drop what is pasted, without a word."""
    currency = session.study().currency
    found: dict[str, Any] = {}
    for entry in sheets.columns(table):
        is_key = entry.name == schema.table(table).key
        found[entry.name] = st.column_config.TextColumn(
            sheets.heading(entry, currency),
            help=wording.help_text(entry),
            width=drawing.PINNED if is_key else drawing.NUMBER if entry.is_number else WORDS,
            alignment="right" if entry.is_number else "left",
            pinned=is_key,
            default="",
        )
    return found


def edited_lines(base: Sequence[Line], edits: Mapping[str, Any], names: Sequence[str]) -> list[Line]:
    """The lines as they stand after what was typed, added and deleted in the widget."""
    deleted = set(edits.get("deleted_rows", ()))
    found = []
    for index, line in enumerate(base):
        if index not in deleted:
            typed_cells = edits.get("edited_rows", {}).get(index, {})
            found.append(Line(line.source, {**line.cells, **_texts(typed_cells)}))
    blank = dict.fromkeys(names, "")
    found += [Line(None, {**blank, **_texts(added)}) for added in edits.get("added_rows", ())]
    return found


def _texts(cells: Mapping[str, Any]) -> Cells:
    own = ((name, content) for name, content in cells.items() if not name.startswith("_"))
    return {name: "" if content is None else str(content) for name, content in own}


def _edited(target: Target, key: str, base: Sequence[Line]) -> None:
    names = [entry.name for entry in sheets.columns(target.table)]
    take(target, edited_lines(base, session.entered(key) or {}, names))


def take(target: Target, given: Sequence[Line]) -> Read:
    """Put the lines into the study, or keep them aside with everything that is wrong."""
    if len(given) > MOST_ROWS:
        session.reject(target.name, tuple(given), Problem(target.name, None, f"holds at most {MOST_ROWS} rows"))
        return Read()
    found = sheets.read(target.table, given, target.name, session.marks(), session.study())
    session.withdraw(target.name)
    if target.table == "workload":
        found.remarks += [
            f"{row.text('name')} uses the first workload's speeds until you set its own in Serving."
            for source, row in found.pairs
            if source is None
        ]
    session.keep(f"remarks {target.name}", tuple(found.remarks))
    rows = tuple(row for _, row in found.pairs)
    if found.problems:
        session.reject(target.name, tuple(given), tuple(found.problems))
    elif rows != target.rows:
        problems = session.rewrite(target.taken(found.pairs), entry=target.name, typed=tuple(given))
        if not problems:
            session.settle(target.name, _rows_now(target))
    return found


def _rows_now(target: Target) -> tuple[Row, ...]:
    """The rows that the target's place in the study holds after an edit."""
    study = session.study()
    if target.table == "workload":
        return study.workloads
    return study.option(address(target.name).option).rows(target.table)


def _remarks(target: Target) -> None:
    with st.container(key=f"remarks {target.name}", gap=None):
        _remark_lines(target)


def _remark_lines(target: Target) -> None:
    waiting = session.aside(target.name)
    for found in waiting.problems if waiting else ():
        drawing.error(wording.problem(found))
    flagged = [each for each in session.study().warnings if each.path.startswith(f"{target.name}/")]
    for each in flagged:
        drawing.warning(wording.problem(each))
    remarks = () if waiting else session.kept(f"remarks {target.name}", ())
    for remark in remarks[-MOST_REMARKS:]:
        st.caption(wording.escaped(remark))
    if len(remarks) > MOST_REMARKS:
        st.caption(f"and {len(remarks) - MOST_REMARKS} more")
