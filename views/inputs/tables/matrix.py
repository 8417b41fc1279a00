"""The items of all options side by side: one row an item, one column an option, as quotes are compared.

A blank cell means that the option does without the item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas
import streamlit as st

from models.notation.reader import Marks, Policy
from models.studies import rewrite
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.paths import address, joined
from models.studies.inputs.problem import Problem
from models.studies.inputs.value import Value
from models.studies.study import Row, Study
from views import session
from views.figures import drawing, typed, wording
from views.inputs.tables import grids


@dataclass(frozen=True)
class Item:
    """What options have in common: an item's name, what it is counted by, and its asset or category."""

    name: str
    basis: str
    kind: str


@dataclass(frozen=True)
class Edited:
    """The rows of each changed option, and what is wrong with the cells that changed."""

    rows: Mapping[str, tuple[Row, ...]]
    problems: tuple[Problem, ...]


def item_of(row: Row) -> Item:
    """What an item is, whatever it costs."""
    return Item(row.text("name"), row.text("basis"), row.text(_kind(row.table)))


def _kind(table: str) -> str:
    return "asset" if table == "capex" else "category"


def items(study: Study, table: str) -> list[Item]:
    """Every item of any option, once, in the order of first mention."""
    return list(dict.fromkeys(item_of(row) for option in study.options for row in option.rows(table)))


def cells(study: Study, table: str, marks: Marks) -> list[dict[str, str]]:
    """The grid as text: a row an item, a column for each option by its number."""
    entry = schema.field(table, "amount")
    found = []
    for item in items(study, table):
        held = [[row for row in option.rows(table) if item_of(row) == item] for option in study.options]
        texts = [_amounts(entry, rows, item.basis, marks) for rows in held]
        line = {"name": item.name, "basis": schema.choice_label("basis", item.basis)}
        found.append(line | {str(number): text for number, text in enumerate(texts)})
    return found


def _amounts(entry: schema.Field, rows: Sequence[Row], basis: str, marks: Marks) -> str:
    """The amount of an item in one option; two items of one name stand as "a + b"."""
    return " + ".join(typed.spelt(entry, row["amount"].value, basis, marks) for row in rows)


def edited(
    study: Study, table: str, found: Sequence[Item], edits: Mapping[int, Mapping[str, str]], marks: Marks
) -> Edited:
    """What edits by row (one of `found`) and column (an option's number) make of the options' items."""
    rows: dict[str, tuple[Row, ...]] = {}
    problems: list[Problem] = []
    for index, columns in sorted(edits.items()):
        for column, text in columns.items():
            option = study.options[int(column)]
            held = rows.get(option.name, option.rows(table))
            new, fault = _with_amount(held, table, found[index], text, marks, study)
            if fault:
                problems.append(Problem(joined("option", option.name, table, found[index].name, "amount"), None, fault))
            else:
                rows[option.name] = new
    return Edited(rows, tuple(problems))


def _with_amount(
    rows: tuple[Row, ...], table: str, item: Item, text: str, marks: Marks, study: Study
) -> tuple[tuple[Row, ...], str]:
    """An option's rows with the amount of one item as typed, or the reason why it cannot be."""
    entry = schema.field(table, "amount")
    own = [row for row in rows if item_of(row) == item]
    if len(own) > 1:
        return rows, "is listed twice in this option: pick the option above to edit one"
    if not text.strip():
        return tuple(row for row in rows if row not in own), ""
    reading = typed.read(entry, text, Policy(marks), basis=item.basis, currency=study.currency)
    if reading.fault:
        return rows, reading.fault
    if own and provenance.same_content(own[0]["amount"].value, reading.value):
        return rows, ""
    errors: list[Problem] = []
    value = provenance.read(entry, reading.value, "", errors, set_by="you")
    if value is None:
        return rows, "; ".join(map(wording.said, errors))
    value = provenance.signed(entry, value, study.author)
    if not own:
        said = {"name": item.name, "basis": item.basis, _kind(table): item.kind}
        fresh = {name: Value(content, set_by="you") for name, content in said.items()}
        return (*rows, Row(table, {**fresh, "amount": value})), ""
    return tuple(row.replaced("amount", value) if row is own[0] else row for row in rows), ""


def put(study: Study, table: str, rows: Mapping[str, tuple[Row, ...]]) -> Study:
    """The study with these items; an asset that an option lacks is taken from one that has it."""
    for name, held in rows.items():
        if table == "capex":
            option = study.option(name)
            wanted = {row.text("asset") for row in held} - {row.text("name") for row in option.assets} - {"equipment"}
            assets = {row.text("name"): row for each in study.options for row in each.assets}
            added = [assets[asset] for asset in sorted(wanted) if asset in assets]
            study = rewrite.with_rows(study, name, "asset", (*option.assets, *added))
        study = rewrite.with_rows(study, name, table, held)
    return study


# ---------------------------------------------------------------------------------------------------------- the widget


def draw(table: str, alt: str) -> None:
    """The grid, and what is wrong with its cells."""
    study = session.study()
    name = joined("option", "*", table)
    now = tuple(option.rows(table) for option in study.options)
    key, (base, shown) = session.frozen(name, now, partial(_begin, name, table))
    if not base:
        st.caption("No items yet. Pick an option to add one.")
        return
    names = ["name", *(str(number) for number in range(len(study.options))), "basis"]
    st.data_editor(
        pandas.DataFrame(base, columns=names, dtype="str"),
        key=key,
        num_rows="fixed",
        hide_index=True,
        disabled=["name", "basis"],
        column_config=_columns(study, table),
        on_change=_edited,
        args=(name, table, key, shown),
        alt=alt,
        placeholder="",
    )
    waiting = session.aside(name)
    for found in waiting.problems if waiting else ():
        drawing.error(wording.problem(found))
    for each in study.warnings:
        if address(each.path).table == table:
            drawing.warning(wording.problem(each))


def _begin(name: str, table: str) -> tuple[list[dict[str, str]], list[Item]]:
    """The cells that the grid starts from, and the items they stand for."""
    waiting = session.aside(name)
    base = cells(session.study(), table, session.marks())
    for index, columns in (waiting.typed if waiting else {}).items():
        base[index] |= columns
    return base, items(session.study(), table)


def _columns(study: Study, table: str) -> dict[str, Any]:
    column = st.column_config.TextColumn
    entry = schema.field("capex", "name")
    found: dict[str, Any] = {
        "name": column(entry.label, width=drawing.named([item.name for item in items(study, table)]), pinned=True),
        "basis": column(schema.field("capex", "basis").label, width=grids.WORDS),
    }
    for number, option in enumerate(study.options):
        found[str(number)] = column(option.name, width=drawing.headed(option.name), alignment="right")
    return found


def _edited(name: str, table: str, key: str, shown: Sequence[Item]) -> None:
    raw = (session.entered(key) or {}).get("edited_rows", {})
    waiting = session.aside(name)
    edits: dict[int, dict[str, str]] = dict(waiting.typed) if waiting else {}
    for index, line in raw.items():
        texts = {column: str(text or "") for column, text in line.items()}
        edits[int(index)] = {**edits.get(int(index), {}), **texts}
    session.withdraw(name)
    found = edited(session.study(), table, shown, edits, session.marks())
    if found.problems:
        session.reject(name, edits, found.problems)
    elif not session.rewrite(lambda study: put(study, table, found.rows), entry=name, typed=edits):
        session.settle(name, tuple(option.rows(table) for option in session.study().options))
