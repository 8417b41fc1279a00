"""The way back: an edited workbook as changes to a study. All inputs are found by name; nothing is half-applied."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.engine.constants import CONSTANTS
from models.studies.change import replace_all
from models.studies.problem import StudyError
from models.studies.study import Study, get
from workbook.archive import Archive, WorkbookError, opened
from workbook.sheets.inputs import CONFIDENCE, DATE, HIGH, LOW, NOTE, SOURCE, VALUE
from workbook.writing import entries
from workbook.writing.entries import Entry

FORMAT = 1
FORMAT_PROPERTY = "Inference TCO workbook format"
MOST_NAMED = 8
_CELL = re.compile(r"^'?(?P<sheet>(?:[^']|'')+?)'?!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[0-9]+)$")
_RANGE = re.compile(
    r"^'?(?P<sheet>(?:[^']|'')+?)'?!\$?[A-Z]{1,3}\$?(?P<first>[0-9]+):\$?[A-Z]{1,3}\$?(?P<last>[0-9]+)$"
)
_DESCRIPTION = {"low": LOW, "high": HIGH, "source": SOURCE, "as_of": DATE, "confidence": CONFIDENCE, "note": NOTE}
_TRUTH = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
_SHEET_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DEFAULT_SOURCE = "Default of the model"


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
    """What an edited workbook changes, and what was noticed; ``study`` is the study with every change applied."""

    study: Study
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    """A cell as it stands: the formula typed there, if any, and its (stored) value."""

    formula: str | None
    value: Any


Sheets = Mapping[str, Mapping[int, Mapping[int, _Cell]]]


def read(content: bytes, study: Study) -> Reading:
    """The changes that a workbook exported from ``study`` holds against it.

    Raises WorkbookError naming each cell that cannot be taken, with what to do; the study is never touched.
    """
    archive = opened(content)
    _check_format(archive)
    names = _names(archive)
    wanted = [e for section in entries.sections(study) for e in section.entries]
    places = _places(names, wanted)
    sheets = _sheets(content, {sheet for sheet, _ in places.values()})
    problems: list[str] = []
    warnings: list[str] = []
    changes: list[Change] = []
    for entry in wanted:
        changes += _changed(entry, places[entry.name], sheets, problems, warnings)
    problems += _fixed_numbers(study, names, sheets)
    problems += _strays(names, sheets)
    if problems:
        raise WorkbookError(problems)
    return Reading(_applied(study, changes), tuple(changes), tuple(warnings))


def _applied(study: Study, changes: Sequence[Change]) -> Study:
    edits: dict[str, dict[str, Any]] = {}
    for change in changes:
        edits.setdefault(change.path, {"value": get(study, change.path).value})[change.what] = change.new
    try:
        return replace_all(study, edits) if edits else study
    except StudyError as error:
        cells = {c.path: c.cell for c in changes}
        found = [f"{cells[p.path]}: {p}" if p.path in cells else str(p) for p in error.problems]
        raise WorkbookError(found) from None


def _xml(archive: Archive, part: str) -> Any:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(archive.part(part), forbid_dtd=True)
    except DefusedXmlException:
        raise WorkbookError(
            ["the workbook declares XML entities, which no spreadsheet writes; export it anew"]
        ) from None
    except ParseError as error:
        raise WorkbookError([f"the file is damaged ({part}: {error}); save it again and retry"]) from None


def _check_format(archive: Archive) -> None:
    """Refuses a newer format. A program that drops the property is no reason to refuse: names are checked anyway."""
    if "docProps/custom.xml" not in archive.names:
        return
    for each in _xml(archive, "docProps/custom.xml"):
        text = "".join(each.itertext()).strip()
        if each.get("name") == FORMAT_PROPERTY and text.replace(".", "", 1).isdigit() and float(text) > FORMAT:
            message = (
                f"the workbook has format {text}, this version reads up to {FORMAT}; open it with the newer version"
            )
            raise WorkbookError([message])


def _names(archive: Archive) -> dict[str, str]:
    """Defined names of inputs and what they refer to; the same name twice is refused."""
    found: list[tuple[str, str]] = []
    for each in _xml(archive, "xl/workbook.xml").iter(f"{_SHEET_XML}definedName"):
        if (each.get("name") or "").startswith(entries.PREFIX):
            found.append((each.get("name") or "", (each.text or "").strip()))
    twice = [name for name, count in Counter(n for n, _ in found).items() if count > 1]
    if twice:
        raise WorkbookError([f"the name {n} is defined twice; delete one in the name manager" for n in twice])
    if not found:
        raise WorkbookError(["the workbook holds none of this app's inputs; choose one exported here"])
    return dict(found)


def _places(names: Mapping[str, str], wanted: Sequence[Entry]) -> dict[str, tuple[str, int]]:
    """Sheet and row of each input. Refuses a workbook that has other inputs than the study."""
    labels = {e.name: e.field.label for e in wanted}
    constants = {entries.constant_name(c) for c in CONSTANTS}
    missing = [n for n in labels if n not in names]
    strange = sorted(n for n in names.keys() - labels.keys() - constants if not n.endswith("_schedule"))
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
    places: dict[str, tuple[str, int]] = {}
    for name in labels.keys() & names.keys():
        found = _CELL.match(names[name])
        if found is None:
            problems.append(f"{name} refers to {names[name] or 'nothing'}, not to one cell; export the workbook anew")
        else:
            places[name] = (found["sheet"].replace("''", "'"), int(found["row"]))
    if problems:
        raise WorkbookError(sorted(problems))
    return places


def _sheets(content: bytes, wanted: set[str]) -> Sheets:
    """The cells of the input sheets, formulas and stored values side by side."""
    from openpyxl import load_workbook

    try:
        typed, stored = (
            load_workbook(io.BytesIO(content), read_only=True, data_only=d, keep_links=False) for d in (False, True)
        )
        return {sheet: _cells(typed[sheet], stored[sheet]) for sheet in wanted}
    except Exception as error:  # noqa: BLE001  openpyxl raises whatever a malformed part makes it stumble over
        raise WorkbookError([f"the file is damaged ({type(error).__name__}); save it again and retry"]) from None


def _cells(typed: Any, stored: Any) -> dict[int, dict[int, _Cell]]:
    found: dict[int, dict[int, _Cell]] = {}
    for rows in zip(typed.iter_rows(max_col=NOTE + 1), stored.iter_rows(max_col=NOTE + 1), strict=False):
        for formula, value in zip(*rows, strict=False):
            if formula.value is None:
                continue
            is_formula = formula.data_type == "f"
            cell = _Cell(str(formula.value) if is_formula else None, value.value)
            found.setdefault(formula.row, {})[formula.column - 1] = cell
    return found


def _changed(
    entry: Entry, place: tuple[str, int], sheets: Sheets, problems: list[str], warnings: list[str]
) -> Iterator[Change]:
    """The changes of one row: its value, and what describes it."""
    sheet, row = place
    cells = sheets[sheet].get(row, {})
    at = f"{sheet}!C{row}"
    old = entry.value.value
    new = _value(entry, cells.get(VALUE), at, problems, warnings)
    if new is not _REFUSED and not _same(old, new):
        if entry.structural:
            problems.append(
                f"{at}: {entry.field.label} is {new!r} here and {old!r} in the study; it is changed in the app only, "
                "or this is another study's workbook"
            )
        else:
            yield Change(entry.path, entry.name, at, "value", old, new)
    if not entry.structural:
        yield from _description_changes(entry, cells, sheet, row, problems)


_REFUSED = object()


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, tuple):
        return new is None or new == ", ".join(f"{share:g}" for share in old)
    if isinstance(old, bool) or isinstance(new, bool):
        return old is not None and new is not None and bool(old) == bool(new)
    return old == new or (old in (None, "") and new in (None, ""))


def _value(entry: Entry, cell: _Cell | None, at: str, problems: list[str], warnings: list[str]) -> Any:
    if cell is None:
        return None
    value = cell.value
    if cell.formula is not None:
        truth = _TRUTH.get(cell.formula.upper())
        if truth is not None:
            return truth
        if value is None:
            problems.append(
                f"{at}: {entry.field.label} holds the formula {cell.formula} without a value; type the number"
            )
            return _REFUSED
        warnings.append(f"{at}: {entry.field.label} holds the formula {cell.formula}; its value {value!r} is taken")
    if isinstance(value, str) and value.startswith("#"):
        problems.append(f"{at}: {entry.field.label} is the error {value}; type a value")
        return _REFUSED
    return _typed(entry, value, at, problems)


def _typed(entry: Entry, value: Any, at: str, problems: list[str]) -> Any:
    """The value as its field wants it; text where a number belongs is refused, never guessed."""
    label, kind = entry.field.label, entry.field.kind
    if kind in ("text", "choice", "schedule"):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value)
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
    entry: Entry, cells: Mapping[int, _Cell], sheet: str, row: int, problems: list[str]
) -> Iterator[Change]:
    for what, column in _DESCRIPTION.items():
        held = cells.get(column)
        new = None if held is None else held.value
        old = getattr(entry.value, what)
        at = f"{sheet}!{'ABCDEFGHI'[column]}{row}"
        if what in ("low", "high"):
            if new is not None and (isinstance(new, bool) or not isinstance(new, int | float)):
                problems.append(f"{at}: the {what} of {entry.field.label} is {new!r}; type a number or leave it blank")
                continue
        else:
            new = None if new is None else str(new)
            if what == "source" and new == _DEFAULT_SOURCE:
                continue
        if not _same(old, new):
            yield Change(entry.path, entry.name, at, what, old, new)


def _fixed_numbers(study: Study, names: Mapping[str, str], sheets: Sheets) -> Iterator[str]:
    """Constants and tax schedules stand in the workbook to be read; changing them there has no way back."""
    for name, constant in CONSTANTS.items():
        found = _CELL.match(names.get(entries.constant_name(name), ""))
        cell = found and sheets.get(found["sheet"], {}).get(int(found["row"]), {}).get(VALUE)
        if cell and cell.value != float(constant):
            yield f"{names[entries.constant_name(name)]}: {constant.label} is fixed at {float(constant):g}; put it back"
    for number in range(1, len(study.options) + 1):
        for schedule in entries.schedules(study, number):
            found = _RANGE.match(names.get(schedule.name, ""))
            if found is None:
                continue
            rows = range(int(found["first"]), int(found["last"]) + 1)
            held = [sheets[found["sheet"]].get(r, {}).get(VALUE) for r in rows]
            if tuple(c.value if c else None for c in held) != schedule.shares:
                place = names[schedule.name]
                yield f"{place}: the tax schedule of {schedule.asset} is changed in the app only; put it back"


def _strays(names: Mapping[str, str], sheets: Sheets) -> Iterator[str]:
    """Values in rows that belong to no input: an added row would otherwise be lost without a word."""
    known: dict[str, set[int]] = {sheet: set() for sheet in sheets}
    for text in names.values():
        one, many = _CELL.match(text), _RANGE.match(text)
        if one:
            known.setdefault(one["sheet"].replace("''", "'"), set()).add(int(one["row"]))
        elif many:
            known.setdefault(many["sheet"].replace("''", "'"), set()).update(
                range(int(many["first"]), int(many["last"]) + 1)
            )
    for sheet, rows in sheets.items():
        heading = min((r for r, cells in rows.items() if VALUE in cells), default=0)
        for row, cells in rows.items():
            if VALUE in cells and row not in known[sheet] and row != heading:
                label = cells.get(0)
                what = f" ({label.value})" if label and label.value else ""
                yield f"{sheet}!C{row}{what}: a value in a row that is no input; add rows in the app and delete it"
