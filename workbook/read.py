"""The way back: an edited workbook as changes to a study. All inputs are found by name; nothing is half-applied."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from files import xlsx
from files.limits import WORKBOOK, Fault, Refused, kind, loaded
from files.xlsx import Archive, Cell
from models.engine.constants import CONSTANTS
from models.notation import reader, writer
from models.studies.change import replace_all
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.inputs.schema import CONFIDENCES, OWN
from models.studies.inputs.value import RANGE_KEYS, TEXT_KEYS, Value, same_content
from models.studies.scenarios import BASE, MOST, with_change
from models.studies.study import Study, get
from workbook.overwritten import of, overwritten
from workbook.sheets.given.inputs import DESCRIPTION, NOTE, VALUE
from workbook.writing import entries, side_by_side
from workbook.writing.cases import BASE_COLUMN, CHOSEN_COLUMN, HEADS
from workbook.writing.cases import PREFIX as CASE_PREFIX
from workbook.writing.cases import TITLE as CASES
from workbook.writing.entries import Entry, Listed
from workbook.writing.side_by_side import NOT_READ, SHARED, Columns

# 1: the options' inputs one below the other, with those of the study; 2: side by side; 3: typed there in every case;
# 4: choices in plain words.
FORMAT = 4
FORMAT_PROPERTY = "Inference TCO workbook format"
MOST_NAMED = 8
# Cells that follow one another: no more than a study has options.
MOST_FOLLOWED = 100
# How a change in the column of a case says what it changes.
CASE = "case"
_CELL = re.compile(r"^'?(?P<sheet>(?:[^']|'')+?)'?!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]+)$")
_RANGE = re.compile(
    r"^'?(?P<sheet>(?:[^']|'')+?)'?!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]+):\$?[A-Z]{1,3}\$?(?P<last>[0-9]+)$"
)
_TRUTH = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
_CONFIDENCES = {confidence.label: name for name, confidence in CONFIDENCES.items()}


_UNPACKS = "the file unpacks to {megabytes:,.0f} MB, far more than a workbook of a study; export it anew"
WORDS: Mapping[Fault, str] = {
    "large": "the file has {megabytes:,.0f} MB; a workbook of a study stays far below {most} MB",
    "parts": "the file holds {parts} parts, more than any workbook of a study; export it anew",
    "unpacked": _UNPACKS,
    "ratio": _UNPACKS,
    "doubled parts": "the file holds two parts of one name, which no spreadsheet writes; save it again as .xlsx",
    "encrypted": "the file is encrypted; save it without a password",
    "macros": "the workbook holds macros; save it as .xlsx without them",
    "binary workbook": "the workbook is in the binary .xlsb format; save it as .xlsx",
    "open document": "the file is an OpenDocument file; save it as .xlsx",
    "archive": "the file is a ZIP archive, but no workbook; choose the workbook exported here",
    "damaged": "the file is damaged ({detail}); save it again and retry",
    "entities": "the workbook declares XML entities, which no spreadsheet writes; export it anew",
    "no sheets": "the workbook holds no sheet with cells; choose the workbook exported here",
    "no such sheet": "the sheet {name} is missing; export the workbook anew",
    "cells": "its sheets have more than {most:,} cells and rows, more than any workbook of a study; export it anew",
    "filled": "a sheet is filled down to row {row:,}, further than any workbook of a study; export it anew",
}


class WorkbookError(ValueError):
    """A workbook that cannot be taken; ``problems`` names each cell or reason with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Change:
    """One input that differs: its path, its name in the workbook, its cell, and both values (None = blank)."""

    path: str
    name: str
    cell: str
    what: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Reading:
    """What an edited workbook changes, and what was noticed.

    ``study`` is the study with every change applied, each changed value being "your figure" unless the workbook says
    another source of it. ``asked`` are the paths of changed values beside which the source stands as it was: a person
    must say whether they are still from there, as they are in ``sourced``.
    """

    study: Study
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    asked: tuple[str, ...]
    sourced: Study


Sheets = Mapping[str, Mapping[int, Mapping[int, Cell]]]


def read(content: bytes, study: Study) -> Reading:
    """The changes that a workbook exported from ``study`` holds against it.

    Raises WorkbookError naming each cell that cannot be taken, with what to do; the study is never touched.
    """
    try:
        return read_archive(opened(content), study)
    except Refused as refused:
        raise WorkbookError([refused.told(WORDS)]) from None


def opened(content: bytes) -> Archive:
    """The archive of a workbook. Raises WorkbookError for what is none, Refused for what is too large or damaged."""
    found = kind(content)
    if found == "ole":
        raise WorkbookError(["the file is encrypted or in the old .xls format; save it without a password as .xlsx"])
    if found != "zip":
        raise WorkbookError(
            ["the file is no .xlsx workbook, whatever its name says; choose the workbook exported here"]
        )
    return xlsx.opened(content, WORKBOOK)


def read_file(path: str | os.PathLike[str], study: Study) -> Reading:
    """`read` for a file on disk; one above the limit is not loaded. Raises OSError for one that cannot be read."""
    try:
        held = loaded(path, WORKBOOK)
    except Refused as refused:
        raise WorkbookError([refused.told(WORDS)]) from None
    return read(held, study)


def read_archive(archive: Archive, study: Study) -> Reading:
    """`read` for a workbook that is open already. Raises Refused, too."""
    if any(name.startswith("xl/externalLinks/") for name in archive.names):
        raise WorkbookError(["the workbook links to other files; replace the links by values and save it again"])
    _check_format(archive)
    names = _names(archive)
    wanted = [e for section in entries.sections(study) for e in section.entries]
    later = [e for e in wanted if e.name not in names and e.value.set_by == "default"]
    wanted = [e for e in wanted if e not in later]
    places = _places(names, wanted)
    sides = _Sides.of(study)
    sheets = {title: _cells(archive.sheet(title, sides.width(title))) for title in {p.sheet for p in places.values()}}
    problems: list[str] = []
    warnings = [f"not in the workbook, and left at their defaults: {', '.join(e.name for e in later)}"] if later else []
    changes: list[Change] = []
    cased = _Cases.of(archive, study, _names(archive, CASE_PREFIX))
    for entry in wanted:
        changes += _changed(entry, places[entry.name], sheets, sides, problems, warnings, cased.base(entry.name))
    in_cases = list(cased.changes(study, wanted, problems, warnings))
    for listed in (each for section in entries.sections(study) for each in entries.listed(section)):
        changes += _changed_list(listed, names.get(listed.name, ""), sheets, problems, warnings)
    problems += _fixed_numbers(study, names, sheets)
    problems += _strays(names, sheets, sides)
    if problems:
        raise WorkbookError(list(dict.fromkeys(problems)))
    warnings += _other_formulas(archive)
    asked = _asked(study, changes)
    applied, sourced = (
        _with_cases(found, in_cases) for found in (_applied(study, changes), _applied(study, changes, sourced=asked))
    )
    return Reading(applied, (*changes, *in_cases), tuple(dict.fromkeys(warnings)), asked, sourced)


@dataclass(frozen=True)
class _Place:
    """A cell: its sheet, its column (from 0) and its row (from 1)."""

    sheet: str
    column: int
    row: int

    def __str__(self) -> str:
        return f"{self.sheet}!{xl_col_to_name(self.column)}{self.row}"

    def cell(self, sheets: Sheets) -> Cell | None:
        """What stands there."""
        return sheets.get(self.sheet, {}).get(self.row, {}).get(self.column)

    def standing(self, sheets: Sheets) -> _Place:
        """The cell that a value is typed in: this one, or the one it follows."""
        place = self
        for _ in range(MOST_FOLLOWED):
            cell = place.cell(sheets)
            to = side_by_side.followed(cell.formula if cell else None)
            if to is None:
                break
            place = _Place(place.sheet, *to)
        return place


@dataclass(frozen=True)
class _Sides:
    """The sheet on which the options' inputs stand side by side: its columns, the names of the cells that follow what
    is shared, and whose description an input relies on."""

    columns: Columns
    shared: frozenset[str]
    relies: Mapping[str, int]

    @classmethod
    def of(cls, study: Study) -> _Sides:
        """As a workbook of the study has it."""
        shared: set[str] = set()
        relies: dict[str, int] = {}
        for row in (row for block in side_by_side.blocks(study) for row in block.rows):
            for number, (held, at) in enumerate(zip(row.held, row.followed, strict=True), start=1):
                if held and at == 0:
                    shared.add(held.name)
                if held and (other := row.relies(number)) is not None:
                    relies[held.name] = other
        return cls(Columns(len(study.options)), frozenset(shared), relies)

    def width(self, sheet: str) -> int:
        """How many columns of a sheet are read."""
        return self.columns.count if sheet == side_by_side.TITLE else NOTE + 1

    def values(self, sheet: str) -> range:
        """The columns of a sheet in which values are typed."""
        return range(SHARED, self.columns.name) if sheet == side_by_side.TITLE else range(VALUE, VALUE + 1)

    def described(self, entry: Entry, place: _Place, cells: Mapping[int, Cell]) -> Mapping[str, int]:
        """The columns that describe an input: its own, or those it relies on where they say nothing."""
        if place.sheet != side_by_side.TITLE:
            return DESCRIPTION
        own = self.columns.described(place.column - SHARED)
        if entry.name not in self.relies:
            return own
        other = self.columns.described(self.relies[entry.name])
        return {what: column if column in cells else other[what] for what, column in own.items()}


@dataclass(frozen=True)
class _Cases:
    """The sheet of the cases as it was read: the row of each input that has one there, the column of each case of the
    study, whether base values are typed there, as they were before there was a column in force, and the cells."""

    rows: Mapping[str, int]
    columns: Mapping[str, int]
    typed: bool
    cells: Mapping[int, Mapping[int, Cell]]

    @classmethod
    def of(cls, archive: Archive, study: Study, names: Mapping[str, str]) -> _Cases:
        """As the workbook holds it; rows are found by the names of their cells, cases by the heads."""
        if CASES not in archive.sheets():
            return cls({}, {}, False, {})
        cells = _cells(archive.sheet(CASES, BASE_COLUMN + 1 + len(HEADS) + MOST))
        head: Mapping[int, Cell] = next((row for row in cells.values() if _is_head(row)), {})
        heads = {str(cell.value): column for column, cell in head.items() if column > BASE_COLUMN}
        rows = {name: place.row for name, cells in names.items() for place in _places_of(cells.split(":")[0])}
        typed = CHOSEN_COLUMN not in head
        return cls(rows, {c.name: heads[c.name] for c in study.scenarios if c.name in heads}, typed, cells)

    def base(self, name: str) -> tuple[str, Cell | None] | None:
        """The cell of an input's base value and where it stands, where it is typed here."""
        row = self.rows.get(name) if self.typed else None
        return None if row is None else (f"{CASES}!D{row}", self.cells.get(row, {}).get(BASE_COLUMN))

    def changes(
        self, study: Study, wanted: Sequence[Entry], problems: list[str], warnings: list[str]
    ) -> Iterator[Change]:
        """What differs in the columns of the study's cases; what follows the base case is a formula there."""
        for entry in (each for each in wanted if each.name in self.rows):
            row = self.rows[entry.name]
            for case in (each for each in study.scenarios if each.name in self.columns):
                column = self.columns[case.name]
                cell, at = self.cells.get(row, {}).get(column), f"{CASES}!{xl_col_to_name(column)}{row}"
                old = dict(case.changes).get(entry.path)
                if cell is None or (old is None and cell.formula is not None):
                    continue
                new = _value(entry, cell, at, problems, warnings, f"{entry.field.label}, {case.name}")
                if new is not _REFUSED and not _same(old, new):
                    yield Change(entry.path, entry.name, at, f"{CASE} {case.name}", old, new)


def _is_head(row: Mapping[int, Cell]) -> bool:
    """Whether a row of the sheet of the cases is the one of its heads."""
    return [row[column].value if column in row else None for column in (0, BASE_COLUMN)] == ["Input", BASE]


def _with_cases(study: Study, changes: Sequence[Change]) -> Study:
    """The study with what was typed into the columns of its cases."""
    try:
        for change in changes:
            study = with_change(study, change.what.removeprefix(f"{CASE} "), change.path, change.new)
    except StudyError as error:
        raise WorkbookError([str(problem) for problem in error.problems]) from None
    return study


def _other_formulas(archive: Archive) -> list[str]:
    """The cells whose formula is not the one exported: only inputs come back, so the app's figures are without them."""
    held = of(archive)
    found = [] if held is None else list(overwritten(archive, held))
    told = [f"{each}; it is not taken: inputs alone come back" for each in found[:MOST_NAMED]]
    rest = len(found) - len(told)
    return [*told, *([f"{writer.number_of(rest, 'more cell')} hold other formulas than exported"] if rest else [])]


def _cells(sheet: xlsx.Sheet) -> dict[int, dict[int, Cell]]:
    """The cells that hold something, by row (from 1) and column (from 0)."""
    filled = {
        y: {x: cell for x, cell in enumerate(row) if cell is not xlsx.EMPTY} for y, row in enumerate(sheet.rows, 1)
    }
    return {y: row for y, row in filled.items() if row}


def _asked(study: Study, changes: Sequence[Change]) -> tuple[str, ...]:
    """The paths of changed values that had a source, and beside which nobody typed another one."""
    typed = {(change.path, change.what): change.new for change in changes}
    found = (change.path for change in changes if change.what == "value" and change.new is not None)
    return tuple(
        path
        for path in found
        if get(study, path).source and (path, "source") not in typed and typed.get((path, "confidence")) != OWN
    )


def _applied(study: Study, changes: Sequence[Change], sourced: Sequence[str] = ()) -> Study:
    """The study with the changes; values at the paths ``sourced`` keep what described the old ones, but no range."""
    edits: dict[str, dict[str, Any]] = {}
    for path in sourced:
        edits[path] = {key: getattr(get(study, path), key) for key in TEXT_KEYS}
    for change in changes:
        edits.setdefault(change.path, {}).setdefault("value", get(study, change.path).value)
        edits[change.path][change.what] = change.new
    try:
        return replace_all(study, edits) if edits else study
    except StudyError as error:
        cells = {c.path: c.cell for c in changes}
        found = [f"{cells[p.path]}: {p}" if p.path in cells else str(p) for p in error.problems]
        raise WorkbookError(found) from None


def _check_format(archive: Archive) -> None:
    """Refuses a newer format. A program that drops the property is no reason to refuse: names are checked anyway."""
    if "docProps/custom.xml" not in archive.names:
        return
    for each in archive.xml("docProps/custom.xml"):
        text = "".join(each.itertext()).strip()
        if each.get("name") == FORMAT_PROPERTY and (reader.plain(text) or 0) > FORMAT:
            message = (
                f"the workbook has format {text}, this version reads up to {FORMAT}; open it with the newer version"
            )
            raise WorkbookError([message])


def _names(archive: Archive, prefix: str = "") -> dict[str, str]:
    """Defined names of inputs, without the `prefix` that theirs have, and what they refer to; the same name twice is
    refused."""
    found: list[tuple[str, str]] = []
    for each in archive.xml(xlsx.BOOK).iter(f"{xlsx.MAIN}definedName"):
        if (each.get("name") or "").startswith(prefix + entries.PREFIX):
            found.append(((each.get("name") or "").removeprefix(prefix), (each.text or "").strip()))
    twice = [name for name, count in Counter(n for n, _ in found).items() if count > 1]
    if twice:
        raise WorkbookError([f"the name {n} is defined twice; delete one in the name manager" for n in twice])
    if not found and not prefix:
        raise WorkbookError(["the workbook holds none of this app's inputs; choose one exported here"])
    return dict(found)


def _places(names: Mapping[str, str], wanted: Sequence[Entry]) -> dict[str, _Place]:
    """The cell of each input. Refuses a workbook that has other inputs than the study."""
    labels = {e.name: e.field.label for e in wanted}
    constants = {entries.constant_name(c) for c in CONSTANTS}
    missing = [n for n in labels if n not in names]
    strange = sorted(n for n in names.keys() - labels.keys() - constants if not n.endswith(("_schedule", "_list")))
    if len(missing) + len(strange) > MOST_NAMED:
        few = ", ".join([*missing, *strange][:3])
        raise WorkbookError(
            [
                "this is the workbook of another study, or of an earlier state of this one: "
                f"{len(missing)} inputs are missing and {len(strange)} are unknown ({few} ...); "
                "import it against the study it was exported from"
            ]
        )
    problems = [f"{n} ({labels[n]}) is missing: its row or name was deleted; export the workbook anew" for n in missing]
    problems += [f"{n} is no input of this study; rows are added and removed in the app" for n in strange]
    places: dict[str, _Place] = {}
    for name in labels.keys() & names.keys():
        found = _CELL.match(names[name])
        if found is None:
            problems.append(f"{name} refers to {names[name] or 'nothing'}, not to one cell; export the workbook anew")
        else:
            places[name] = _place_of(found)
    if problems:
        raise WorkbookError(sorted(problems))
    return places


def _changed(
    entry: Entry,
    place: _Place,
    sheets: Sheets,
    sides: _Sides,
    problems: list[str],
    warnings: list[str],
    base: tuple[str, Cell | None] | None = None,
) -> Iterator[Change]:
    """The changes of one row: its value, and what describes it. `base` is the cell of its base value and where that
    stands, where the row reads the column of a case."""
    cells, standing = sheets[place.sheet].get(place.row, {}), place.standing(sheets)
    at, cell = base or (str(standing), standing.cell(sheets))
    old = entry.value.value
    counted = entries.is_listed(entry)
    # Beside a list stands how many numbers it has; a number typed there instead is not one of them.
    new = (cell and cell.value) if counted else _value(entry, cell, at, problems, warnings)
    if new is not _REFUSED and not _same(old, new):
        if entry.structural:
            problems.append(
                f"{at}: {entry.field.label} is {new!r} here and {old!r} in the study; it is changed in the app only, "
                "or this is another study's workbook"
            )
        else:
            yield Change(entry.path, entry.name, at, "value", old, new)
    if counted or not entry.structural:
        yield from _description_changes(entry, cells, sides.described(entry, place, cells), place, problems)


def _changed_list(
    listed: Listed, place: str, sheets: Sheets, problems: list[str], warnings: list[str]
) -> Iterator[Change]:
    """The change of an input that is a list: all its numbers, if one of them differs."""
    cells = _places_of(place)
    if len(cells) != len(listed.numbers):
        problems.append(
            f"{listed.name} ({listed.entry.field.label}) has {len(cells)} rows here and {len(listed.numbers)} in the "
            "study; rows of a list are added and removed in the app"
        )
        return
    found: list[Any] = []
    for each, label in zip(cells, listed.labels, strict=True):
        at = each.standing(sheets)
        cell = at.cell(sheets)
        if cell is None:
            problems.append(f"{at}: {label} is blank; type a number")
            return
        found.append(_value(listed.entry, cell, str(at), problems, warnings, label))
    if _REFUSED not in found and not same_content(listed.numbers, tuple(found)):
        at = f"{cells[0]}:{str(cells[-1]).rpartition('!')[2]}"
        yield Change(listed.entry.path, listed.name, at, "value", listed.numbers, tuple(found))


def _places_of(text: str) -> list[_Place]:
    """The cells that a name refers to; none where it is neither a cell nor cells of one column."""
    if one := _CELL.match(text):
        return [_place_of(one)]
    if many := _RANGE.match(text):
        first = _place_of(many)
        return [_Place(first.sheet, first.column, row) for row in range(first.row, int(many["last"]) + 1)]
    return []


def _place_of(found: re.Match[str]) -> _Place:
    """The cell that a name refers to, or its first."""
    column = xl_cell_to_rowcol(f"{found['column']}1")[1]
    return _Place(found["sheet"].replace("''", "'"), column, int(found["row"]))


_REFUSED = object()


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, tuple):
        return new is None or new in (entries.list_text(old), ", ".join(f"{share:g}" for share in old))
    if isinstance(old, bool) or isinstance(new, bool):
        return old is not None and new is not None and bool(old) == bool(new)
    return same_content(old, new) or (old in (None, "") and new in (None, ""))


def _value(entry: Entry, cell: Cell | None, at: str, problems: list[str], warnings: list[str], label: str = "") -> Any:
    if cell is None:
        return None
    value, label = cell.value, label or entry.field.label
    if cell.formula is not None:
        truth = _TRUTH.get(cell.formula.upper())
        if truth is not None:
            return truth
        if value is None:
            problems.append(f"{at}: {label} holds the formula {cell.formula} without a value; type the number")
            return _REFUSED
        warnings.append(f"{at}: {label} holds the formula {cell.formula}; its value {value!r} is taken")
    if isinstance(value, str) and value.startswith("#"):
        problems.append(f"{at}: {label} is the error {value}; type a value")
        return _REFUSED
    return _typed(entry, value, at, problems, label)


def _typed(entry: Entry, value: Any, at: str, problems: list[str], label: str) -> Any:
    """The value as its field wants it; text where a number belongs is refused, never guessed."""
    kind = entry.field.kind
    if kind in ("text", "choice", "schedule", "hours"):
        text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
        # Formats before 4 held the model's own words.
        return text if kind == "text" else schema.chosen(entry.field, text) or text
    if kind == "boolean":
        if value in (0, 1):
            return bool(value)
        problems.append(f"{at}: {label} is {value!r}; type 1 for yes or 0 for no")
        return _REFUSED
    if isinstance(value, bool) or not isinstance(value, int | float):
        what = "a text" if isinstance(value, str) else f"a {type(value).__name__}"
        problems.append(f"{at}: {label} is {what} ({value!r}); type a number, in a cell formatted as a number")
        return _REFUSED
    if kind == "whole" and float(value).is_integer():
        return int(value)
    return float(value)


def _description_changes(
    entry: Entry, cells: Mapping[int, Cell], columns: Mapping[str, int], place: _Place, problems: list[str]
) -> Iterator[Change]:
    for what, column in columns.items():
        held = cells.get(column)
        new = None if held is None else held.value
        old = _shown(entry.value, what)
        at = f"{place.sheet}!{xl_col_to_name(column)}{place.row}"
        if what in RANGE_KEYS:
            if new is not None and (isinstance(new, bool) or not isinstance(new, int | float)):
                problems.append(f"{at}: the {what} of {entry.field.label} is {new!r}; type a number or leave it blank")
                continue
        else:
            new = None if new is None else str(new)
        if not _same(old, new):
            new = _CONFIDENCES.get(str(new), new) if what == "confidence" else new
            yield Change(entry.path, entry.name, at, what, getattr(entry.value, what), new)


def _shown(value: Value, what: str) -> Any:
    """What the workbook shows of a description."""
    if what == "source":
        return entries.shown_source(value)
    return CONFIDENCES[value.confidence].label if what == "confidence" and value.confidence else getattr(value, what)


def _fixed_numbers(study: Study, names: Mapping[str, str], sheets: Sheets) -> Iterator[str]:
    """Constants and tax schedules stand in the workbook to be read; changing them there has no way back."""
    for name, constant in CONSTANTS.items():
        found = _places_of(names.get(entries.constant_name(name), ""))
        cell = found[0].cell(sheets) if found else None
        if cell and cell.value != float(constant):
            yield (
                f"{names[entries.constant_name(name)]}: {constant.label} is fixed at "
                f"{writer.exact(float(constant))}; put it back"
            )
    for number in range(1, len(study.options) + 1):
        for schedule in entries.schedules(study, number):
            places = _places_of(names.get(schedule.name, ""))
            held = [each.standing(sheets).cell(sheets) for each in places]
            if places and tuple(c.value if c else None for c in held) != schedule.shares:
                place = names[schedule.name]
                yield f"{place}: the tax schedule of {schedule.asset} is changed in the app only; put it back"


def _strays(names: Mapping[str, str], sheets: Sheets, sides: _Sides) -> Iterator[str]:
    """Values in cells that belong to no input: an added row would otherwise be lost without a word."""
    known = {place for text in names.values() for place in _places_of(text)}
    known |= {
        _Place(place.sheet, SHARED, place.row)
        for name, text in names.items()
        for place in _places_of(text)
        if name in sides.shared
    }
    for sheet, rows in sheets.items():
        first = min((place.row for place in known if place.sheet == sheet), default=0)
        for row, cells in rows.items():
            for column in sides.values(sheet) if row >= first else ():
                place, cell, label = _Place(sheet, column, row), cells.get(column), cells.get(0)
                if cell and cell.value != NOT_READ and place not in known:
                    what = f" ({label.value})" if label and label.value else ""
                    yield f"{place}{what}: a value in a cell that is no input; add rows in the app and delete it"
