"""Plain tables, as TOML gives them, to a study, telling everything that is wrong with their form; and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.studies import scenarios
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.paths import keys, segment
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.spelling import did_you_mean, nearest, nearest_hint
from models.studies.inputs.value import Objection, SetBy, Value
from models.studies.study import ATTRIBUTES, NAN, Option, Row, Study

Plain = Mapping[str, Any]
# Stands for a number that could not be read: no comparison holds for it, so that no rule builds on it.
UNREAD_NUMBER = Value(NAN)
# Technical limits, far above any real study, that keep a hostile file from taking minutes.
MOST_ROWS = 200
# The table of scenarios, whose keys are paths.
SCENARIO = "scenario"
MOST_UNKNOWN_TOLD = 20

NO_STUDY = ProblemKind("no_study", "the table {table:study} is missing", "add it, with {horizon_years}")
MISSING = ProblemKind("missing", "is missing", "{table:{home}} needs {name} = ... ({label}{choices})", joint=": ")
MISPLACED = ProblemKind("misplaced", "{table:{home}} has no such input", "it belongs in {elsewhere}")
UNKNOWN = ProblemKind("unknown", "{table:{home}} has no such input", "{hint}", joint="")
MORE_UNKNOWN = ProblemKind("more_unknown", "{count} more unknown entries", "is it the right file?")
NESTED = ProblemKind(
    "nested", "a study has no such table", "write {table:{name}} below the {table:option} it belongs to"
)
HOMELESS = ProblemKind("homeless", "belongs", "in {homes}", joint=" ")
NO_TABLE = ProblemKind("no_table", "a study has no such table", "{hint}", joint="")
ONE_TABLE = ProblemKind("one_table", "must be one table", "headed {table:{home}}", joint=", ")
SEVERAL_TABLES = ProblemKind(
    "several_tables",
    "must be headed {table:{home}}",
    "in double brackets and below what it belongs to: there may be several",
    joint=", ",
)
TOO_MANY_ROWS = ProblemKind("too_many_rows", "has {count} rows", "at most {most} are read: is it the right file?")
TABLES_ONLY = ProblemKind("tables_only", "must hold tables only", "each headed {table:{home}}", joint=", ")


def read_study(tables: Plain, errors: list[Problem]) -> Study:
    """The study that plain tables describe, each input within its own bounds.

    What cannot be read is told in `errors`, and the study is then only good for finding what else is wrong.
    """
    _check_top(tables, errors)
    _check_forms("", "", tables, errors)
    head = tables.get("study")
    if head is None:
        errors.append(Problem("study", None, NO_STUDY))
    fields = _read_row("study", head if isinstance(head, Mapping) else {}, "study", errors)
    options = tuple(_read_option(raw, path, errors) for path, raw in _raw_rows("option", tables, ""))
    shapes = _read_rows("load_shape", tables, "", errors)
    held = tables.get("risk")
    risk = _read_row("risk", held if isinstance(held, Mapping) else {}, "risk", errors)
    correlations = _read_rows("correlation", tables, "", errors)
    workloads, cases = _read_rows("workload", tables, "", errors), scenarios.read(tables.get(SCENARIO), errors)
    criteria = _read_rows("criterion", tables, "", errors)
    return Study(fields, workloads, options, shapes, risk, correlations, cases, criteria)


def row(table: str, raw: Plain, set_by: SetBy) -> Row:
    """A row of a table as a study file spells it. Raises StudyError, with all that is wrong."""
    errors: list[Problem] = []
    found = _read_row(table, raw, table, errors, set_by)
    if errors:
        raise StudyError(errors)
    return found


def _read_option(raw: Plain, path: str, errors: list[Problem]) -> Option:
    _check_forms("option", path, raw, errors)
    parts: dict[str, Any] = {"fields": _read_row("option", raw, path, errors)}
    for table in schema.children("option"):
        if table.many:
            parts[ATTRIBUTES[table.name]] = _read_rows(table.name, raw, path, errors)
        elif isinstance(raw.get(table.name), Mapping):
            parts[ATTRIBUTES[table.name]] = _read_row(table.name, raw[table.name], f"{path}/{table.name}", errors)
    return Option(**parts)


def _read_rows(table: str, parent: Plain, base: str, errors: list[Problem]) -> tuple[Row, ...]:
    return tuple(_read_row(table, raw, path, errors) for path, raw in _raw_rows(table, parent, base))


def _raw_rows(table: str, parent: Plain, base: str) -> list[tuple[str, Plain]]:
    """The rows of a repeated table that are tables at all, each with its path; `_check_form` speaks of the others."""
    found = parent.get(table)
    listed = found[:MOST_ROWS] if isinstance(found, (list, tuple)) else ()
    rows = [row for row in listed if isinstance(row, Mapping)]
    prefix = f"{base}/{table}" if base else table
    names = [_raw_name(row.get(schema.table(table).key)) for row in rows]
    return [(f"{prefix}/{key}", row) for key, row in zip(keys(names), rows, strict=True)]


def _raw_name(raw: Any) -> str:
    name = raw.get("value") if isinstance(raw, Mapping) else raw
    return name if isinstance(name, str) else ""


def _read_row(table: str, raw: Plain, path: str, errors: list[Problem], set_by: SetBy = "file") -> Row:
    entries = schema.named(table)
    values: dict[str, Value] = {}
    for name, entry in entries.items():
        content = raw.get(name)
        if content is not None:  # a form may hand in None for a blank, which TOML cannot write
            value = provenance.read(entry, content, f"{path}/{name}", errors, set_by)
            values[name] = value or (UNREAD_NUMBER if entry.is_number else Value())
        elif entry.required:
            choices = f"; one of {', '.join(entry.choices)}" if entry.choices else ""
            needs = {"home": table, "name": name, "label": entry.label.lower(), "choices": choices}
            errors.append(Problem(f"{path}/{name}", None, MISSING, needs))
    known = {*entries, *(child.name for child in schema.children(table))}
    _tell_unknown(raw, known, path, lambda name, _: _unknown_input(table, name), errors)
    return Row(table, values)


def _tell_unknown(
    raw: Plain, known: set[str], path: str, reason: Callable[[str, Any], Objection], errors: list[Problem]
) -> None:
    """Tell each key of a table that is not known there, and why; a great many are only counted."""
    unknown = [str(name) for name in raw if name not in known]
    for name in unknown[:MOST_UNKNOWN_TOLD]:
        place = f"{path}/{segment(name)}" if path else segment(name)
        fault = reason(name, raw.get(name))
        errors.append(Problem(place, _plain(raw.get(name)), fault.kind, fault.fields))
    if len(unknown) > MOST_UNKNOWN_TOLD:
        errors.append(Problem(path, None, MORE_UNKNOWN, {"count": len(unknown) - MOST_UNKNOWN_TOLD}))


def _plain(content: Any) -> Any:
    """A faulty value as a message may show it: tables and lists are left out."""
    return None if isinstance(content, (Mapping, list, tuple)) else content


def _unknown_input(table: str, name: str) -> Objection:
    """Why a key is not known in a table: where it belongs instead, or the nearest name."""
    if elsewhere := _homes(name):
        return Objection(MISPLACED, {"home": table, "elsewhere": elsewhere})
    known = [*schema.named(table), *(child.name for child in schema.children(table))]
    return Objection(UNKNOWN, {"home": table, "hint": nearest_hint(name, known)})


def _homes(name: str) -> str:
    """The headings of the tables that have an input of this name, or ""."""
    return " or ".join(schema.heading(table.name) for table in schema.TABLES if name in schema.named(table.name))


def _check_top(tables: Plain, errors: list[Problem]) -> None:
    """Tell what stands at the top level and does not belong there."""
    known = [*(table.name for table in schema.children("")), SCENARIO]
    nested = {table.name for table in schema.children("option")}

    def reason(name: str, content: Any) -> Objection:
        if name in nested and isinstance(content, (Mapping, list)):
            return Objection(NESTED, {"name": name})
        if homes := _homes(name):
            return Objection(HOMELESS, {"homes": homes})
        newer = "" if nearest(name, known) else "; or update the app, if a newer version wrote the file"
        return Objection(NO_TABLE, {"hint": f"{did_you_mean(name, known)}{newer}"})

    _tell_unknown(tables, set(known), "", reason, errors)


def _check_forms(parent: str, path: str, raw: Plain, errors: list[Problem]) -> None:
    """Tell which tables inside `raw` are of the wrong form: one where there may be several, or the reverse."""
    for table in schema.children(parent):
        if raw.get(table.name) is not None:
            place = f"{path}/{table.name}" if path else table.name
            if fault := _form_fault(table, raw[table.name]):
                errors.append(Problem(place, _plain(raw[table.name]), fault.kind, fault.fields))


def _form_fault(table: schema.Table, raw: Any) -> Objection | None:
    fields = {"home": table.name}
    if not table.many:
        return None if isinstance(raw, Mapping) else Objection(ONE_TABLE, fields)
    if not isinstance(raw, (list, tuple)):
        return Objection(SEVERAL_TABLES, fields)
    if len(raw) > MOST_ROWS:
        return Objection(TOO_MANY_ROWS, {"count": len(raw), "most": MOST_ROWS})
    return None if all(isinstance(row, Mapping) for row in raw) else Objection(TABLES_ONLY, fields)


# --------------------------------------------------------------------------------------------------------------- back


def to_plain(study: Study) -> dict[str, Any]:
    """The study as plain tables: only what somebody set, with its provenance, in the order people read it."""
    shapes = {"load_shape": _plain_rows(study.load_shapes)} if study.load_shapes else {}
    risk = {"risk": plain} if (plain := _plain_row(study.risk)) else {}
    return {
        "study": _plain_row(study.fields),
        **shapes,
        "workload": _plain_rows(study.workloads),
        "option": [_plain_option(option) for option in study.options],
        **risk,
        **({"correlation": _plain_rows(study.correlations)} if study.correlations else {}),
        **({"criterion": _plain_rows(study.criteria)} if study.criteria else {}),
        **({SCENARIO: scenarios.to_plain(study.scenarios)} if study.scenarios else {}),
    }


def _plain_option(option: Option) -> dict[str, Any]:
    plain = _plain_row(option.fields)
    for table in schema.children("option"):
        if rows := _plain_rows(option.rows(table.name)):
            plain[table.name] = rows if table.many else rows[0]
    return plain


def _plain_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [_plain_row(row) for row in rows]


def _plain_row(row: Row) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in row.items() if row.given(name) and not value.blank}


def plain_value(value: Value) -> Any:
    """An input as a study file holds it: bare, or as a table if it has a range or a source."""
    description = {key: _listed(getattr(value, key)) for key in provenance.DESCRIPTION_KEYS}
    description = {key: part for key, part in description.items() if part is not None}
    content = _listed(value.value)
    return {"value": content, **description} if description else content


def _listed(part: Any) -> Any:
    """A part of a value as a file holds it: numbers in a list."""
    return list(part) if isinstance(part, tuple) else part
