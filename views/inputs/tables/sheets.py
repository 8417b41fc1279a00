"""The rows of a table as text cells, and back: what a grid shows, and what was typed or pasted into it.

A cell that stands as it was keeps its value with its source; every other cell is read by `views.typed`, and what cannot
be read is told with its row and column. Nothing is dropped: a row counts as empty only if all its cells are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from models.notation.reader import Marks, Policy
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.study import Row, Study
from views.figures import typed, wording

Cells = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One row of a grid: the row of the study it shows (None for a new one) and its cells as text."""

    source: Row | None
    cells: Mapping[str, str]


@dataclass
class Read:
    """What the lines of a grid say: each row with the one it was made from, what is wrong, and remarks."""

    pairs: list[tuple[Row | None, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@cache
def columns(table: str) -> tuple[Field, ...]:
    """The inputs that the grid of a table shows: its key, the amount and what it is charged per, then other numbers;
    texts, which may be cut, come last."""
    key = schema.table(table).key
    first = (key, "amount", "basis")
    shown = [entry for entry in schema.fields(table) if entry.name == key or entry.basic or table != "workload"]

    def place(entry: Field) -> int:
        return first.index(entry.name) if entry.name in first else len(first) + (not entry.is_number)

    return tuple(sorted(shown, key=place))


def heading(entry: Field, currency: str) -> str:
    """The heading of a column, with the unit that all its cells have."""
    unit = "" if entry.unit == "@basis" else wording.unit(entry.unit, currency, percent=wording.is_percent(entry))
    return wording.with_unit(entry.label, unit) if unit and entry.kind != "schedule" else entry.label


def lines(table: str, rows: Sequence[Row], marks: Marks) -> list[Line]:
    """The rows as text; a default that nobody set stands as a blank cell."""
    return [Line(row, {entry.name: _cell(row, entry, marks) for entry in columns(table)}) for row in rows]


def _cell(row: Row, entry: Field, marks: Marks) -> str:
    return typed.spelt(entry, row[entry.name].value, basis_of(row), marks) if row.given(entry.name) else ""


def basis_of(row: Row) -> str:
    """The basis of an item; "" for rows without one."""
    return row.basis


def read(table: str, given: Sequence[Line], place: str, marks: Marks, study: Study) -> Read:
    """The rows that lines of cells stand for; `place` is the path of the table in the study.

    A cell that holds another value than before is "your figure".
    """
    found = Read()
    for number, line in enumerate(given, start=1):
        if any(text.strip() for text in line.cells.values()):
            name = line.cells.get(schema.table(table).key) or "no name"
            path = f"{place}/{joined(f'row {number}, {name}')}"
            row = _row(table, line, path, marks, study, found)
            found.pairs.append((line.source, row))
    return found


def _row(table: str, line: Line, path: str, marks: Marks, study: Study, found: Read) -> Row:
    shown = lines(table, [line.source], marks)[0].cells if line.source is not None else {}
    basis = basis_in(table, line.cells)
    turned = line.source is not None and basis != basis_of(line.source)
    values: dict[str, Value] = dict(line.source) if line.source is not None else {}
    for entry in columns(table):
        text = line.cells.get(entry.name) or ""
        stands = line.source is not None and text == shown[entry.name]
        if stands and not (turned and entry.unit == "@basis"):
            continue
        value, fault = _value(entry, text, values.get(entry.name), basis, stands, marks, study)
        if fault:
            found.problems.append(Problem(f"{path}/{entry.name}", None, fault))
            values[entry.name] = Value(set_by="default")
            continue
        values[entry.name] = value or Value(entry.default, set_by="default")
        if line.source is not None:
            now = typed.spelt(entry, values[entry.name].value, basis, marks) if value else "blank"
            name = line.source.text(schema.table(table).key)
            found.remarks.append(f"{name}: {entry.label} {shown[entry.name] or 'blank'} \u2192 {now}")
    return Row(table, values)


def basis_in(table: str, cells: Mapping[str, str]) -> str:
    """The basis that the cells of a row name; "" if they name none, or the table has none."""
    if "basis" not in schema.named(table):
        return ""
    reading = typed.read(schema.field(table, "basis"), cells.get("basis") or "", Policy())
    return reading.value if isinstance(reading.value, str) else ""


def _value(
    entry: Field, text: str, old: Value | None, basis: str, stands: bool, marks: Marks, study: Study
) -> tuple[Value | None, str]:
    """The value of a changed cell (None for a blank), or why it cannot be one."""
    if stands and wording.is_percent(entry, basis) and "%" not in text and text:
        return None, "is now a share of the equipment price; type it with a % sign"
    reading = typed.read(entry, text, Policy(marks), basis=basis, currency=study.currency)
    if reading.fault or reading.value is None:
        return None, reading.fault
    if old is not None and not stands and provenance.same_content(old.value, reading.value):
        return old, ""
    errors: list[Problem] = []
    value = provenance.read(entry, reading.value, "", errors, set_by="you")
    return value and provenance.signed(entry, value, study.author), "; ".join(map(wording.said, errors))
