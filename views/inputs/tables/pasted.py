"""A pasted or uploaded table, read into the rows of a grid: which column and row is which, and what would change.

Nothing is taken before the differences were seen. The decimal mark is said by the person, not found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from files import text as texts
from files.limits import PASTED, Fault, Refused, kind
from models.notation import writer
from models.notation.reader import Marks, Policy
from models.studies.file.reading import MOST_ROWS
from models.studies.inputs import schema
from models.studies.inputs.schema import Field
from views.figures import typed, wording
from views.inputs.tables import sheets
from views.inputs.tables.sheets import Line

WORDS: Mapping[Fault, str] = {
    "large": f"the file is larger than {PASTED.bytes // 1000} kB; a table of inputs is far smaller",
    "binary": "the file is not text; save the sheet as CSV, or paste the cells",
    "encoding": "the file is not UTF-8 text; save it as CSV UTF-8, or paste the cells",
    "csv": "the table cannot be read: {error}",
}
Decimals = Literal["point", "comma"]


@dataclass(frozen=True)
class Difference:
    """One cell that would change: its row and column, what stands there, what was pasted, and how it is read."""

    row: str
    column: str
    now: str
    pasted: str
    read_as: str
    fault: str = ""


@dataclass
class Preview:
    """What a pasted table would make of a grid: its lines, the cells that change, and why it cannot be taken."""

    lines: list[Line] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def can_be_taken(self) -> bool:
        """Whether something would change and nothing is wrong."""
        return bool(self.differences) and not self.faults and not any(each.fault for each in self.differences)


def decoded(content: bytes) -> str:
    """The text of an uploaded file. Raises ValueError for what is no text of reasonable size."""
    if kind(content) == "zip":
        raise ValueError("this is a workbook: copy the cells and paste them here, or save the sheet as CSV")
    try:
        return texts.decoded(content, PASTED)[0]
    except Refused as refused:
        raise ValueError(refused.told(WORDS)) from None


def cells_of(text: str, decimals: Decimals) -> list[list[str]]:
    """The text as a table: tabs as spreadsheets copy them, else semicolons, else commas. Raises ValueError."""
    if len(text) > PASTED.bytes:
        raise ValueError(f"more than {writer.count(PASTED.bytes)} characters; a table of inputs is far smaller")
    mark = next((each for each in ("\t", ";", ",") if each in text), "\t")
    if mark == "," and decimals == "comma":
        raise ValueError("commas cannot be both column and decimal separators: use tabs or semicolons")
    try:
        rows = [[cell.strip() for cell in row] for row in texts.rows(text, PASTED, mark)]
    except Refused as refused:
        raise ValueError(refused.told(WORDS)) from None
    rows = [row for row in rows if any(row)]
    if len(rows) > MOST_ROWS:
        raise ValueError(f"{writer.count(len(rows))} rows are too many; a grid holds at most {MOST_ROWS}")
    if any(len(cell) > PASTED.cell for row in rows for cell in row):
        raise ValueError(f"a cell holds more than {PASTED.cell} characters")
    return rows


def preview(
    table: str, standing: Sequence[Line], text: str, decimals: Decimals, *, replace: bool, marks: Marks, currency: str
) -> Preview:
    """What the pasted text would make of the lines that stand in a grid.

    A row of a known name changes that row's cells, any other is added; with `replace`, rows not pasted go.
    """
    found = Preview()
    try:
        rows = cells_of(text, decimals)
    except ValueError as error:
        found.faults.append(str(error))
        return found
    columns, body = _columns(table, rows, found)
    if found.faults:
        return found
    by_name = {line.cells[_key(table)].casefold(): line for line in standing}
    taken: dict[str, Line] = {}
    for number, row in enumerate(body, start=1):
        cells = {entry.name: text for entry, text in zip(columns, row, strict=False) if entry is not None}
        name = cells.get(_key(table), "")
        if not name:
            found.faults.append(f"row {number} has no name in the column {columns_name(table)}")
        elif name.casefold() in taken:
            found.faults.append(f"row {number}: {name} stands twice in what was pasted")
        else:
            line = _merged(table, by_name.get(name.casefold()), cells, decimals, marks, currency, found)
            taken[name.casefold()] = line
    kept = [taken.pop(key, None if replace else line) for key, line in by_name.items()]
    found.lines = [line for line in kept if line is not None] + list(taken.values())
    gone = [line.cells[_key(table)] for line, now in zip(by_name.values(), kept, strict=True) if now is None]
    found.differences += [Difference(name, "whole row", "stands", "", "removed") for name in gone]
    return found


def columns_name(table: str) -> str:
    """The heading of the column that names a row."""
    return schema.field(table, _key(table)).label


def _key(table: str) -> str:
    return schema.table(table).key


def _columns(
    table: str, rows: Sequence[Sequence[str]], found: Preview
) -> tuple[list[Field | None], Sequence[Sequence[str]]]:
    """Which input each column is: by the headings in the first row, else in the order of the grid."""
    if not rows:
        found.faults.append("there is no table in the text")
        return [], []
    entries = sheets.columns(table)
    headed = [_entry_of(entries, cell) for cell in rows[0]]
    if headed and sum(entry is not None for entry in headed) * 2 > len(headed):
        return _by_heading(table, headed, rows, found)
    widest = max(len(row) for row in rows)
    if widest > len(entries):
        order = ", ".join(entry.label for entry in entries)
        found.faults.append(f"{widest} columns, and the grid has {len(entries)}: head them, or keep to {order}")
    found.remarks.append(f"No headings: read in the order {', '.join(entry.label for entry in entries[:widest])}.")
    return list(entries[:widest]), rows


def _by_heading(
    table: str, headed: list[Field | None], rows: Sequence[Sequence[str]], found: Preview
) -> tuple[list[Field | None], Sequence[Sequence[str]]]:
    names = [entry.name for entry in headed if entry is not None]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.faults.append(f"two columns are called {schema.field(table, name).label}: keep one")
    if _key(table) not in names:
        found.faults.append(f"no column is headed {columns_name(table)}, so that no row can be told from another")
    unknown = [cell for cell, entry in zip(rows[0], headed, strict=True) if entry is None and cell]
    if unknown:
        found.remarks.append(f"Not known and left out: {', '.join(unknown)}.")
    return headed, rows[1:]


def _entry_of(entries: Sequence[Field], heading: str) -> Field | None:
    """The input that a heading names: by its label, now or formerly, with or without unit, or its name in files."""
    wanted = heading.casefold().strip()
    for entry in entries:
        labels = {entry.label, entry.formerly or entry.label}
        labels |= {label.removesuffix(wording.YEARLY) for label in labels}
        known = {*map(str.casefold, labels), entry.name.casefold(), entry.name.replace("_", " ")}
        if wanted in known or wanted.partition(",")[0].strip() in known or wanted.partition("(")[0].strip() in known:
            return entry
    return None


def _merged(
    table: str,
    standing: Line | None,
    cells: dict[str, str],
    decimals: Decimals,
    marks: Marks,
    currency: str,
    found: Preview,
) -> Line:
    """The line with the pasted cells in it, written as the grid writes them; each change is noted."""
    blank = {entry.name: "" for entry in sheets.columns(table)}
    before = dict(standing.cells) if standing is not None else blank
    after = dict(before)
    name = before[_key(table)] or cells[_key(table)]
    basis = sheets.basis_in(table, {**before, **cells})
    for column, text in cells.items():
        entry = schema.field(table, column)
        reading = typed.read(entry, text, Policy(decimals), basis=basis, currency=currency)
        spelt = text if reading.fault else typed.spelt(entry, reading.value, basis, marks)
        if column == _key(table) and standing is not None:
            continue
        after[column] = spelt
        if spelt != before[column] or reading.fault:
            label = sheets.heading(entry, currency)
            found.differences.append(
                Difference(name, label, before[column], text, "" if reading.fault else spelt or "blank", reading.fault)
            )
    return Line(standing.source if standing is not None else None, after)


def fault_text(each: Difference) -> str:
    """A cell that cannot be read, as one sentence for Markdown."""
    return wording.escaped(f"{each.row}, {each.column}: {each.pasted} {each.fault}")
