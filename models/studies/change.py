"""A study with inputs set: changed by path, and only then checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from models.studies import rules, schema
from models.studies import value as provenance
from models.studies.problem import Problem, StudyError
from models.studies.spelling import did_you_mean
from models.studies.study import (
    ATTRIBUTES,
    EQUIPMENT,
    Row,
    Study,
    defaults,
    equipment,
    find,
    keyed,
    option_paths,
)
from models.studies.value import Value


def replace(study: Study, path: str, value: Any, **description: Any) -> Study:
    """The study with one input set by the user; None makes it blank again.

    `description` (low, high, source, url, as_of, confidence, note) changes what it names; the rest stays, None takes it
    out. `set_by="catalogue"` marks a value taken from there. Raises StudyError if the value, or the study that would
    result, is refused; the given study is never touched.
    """
    return replace_all(study, {path: {"value": value, **description}})


def replace_all(study: Study, changes: Mapping[str, Any]) -> Study:
    """Several inputs set at once and only then checked together, since some must change together.

    A change is a bare value, None, or a table with provenance as in `replace`. Whatever refers to a workload, an asset
    or an option that is renamed follows. A table that stands alone (rental, lease, loan, api) is added where one of its
    inputs is set.
    """
    errors: list[Problem] = []
    changed = study
    for path, change in changes.items():
        changed = _changed(changed, path, change if isinstance(change, Mapping) else {"value": change}, errors)
    refused, flagged = rules.examine(changed, errors)
    if errors or refused:
        raise StudyError([*errors, *refused])
    return dataclasses.replace(changed, warnings=tuple(flagged))


def _changed(study: Study, path: str, change: Mapping[str, Any], errors: list[Problem]) -> Study:
    """The study with one input set, unchecked; as it was, with the reason in `errors`, if the value is refused."""
    study = _with_table(study, path)
    row_path, row, name = find(study, path)
    value = _new_value(schema.field(row.table, name), row[name], change, path, errors)
    if value is None:
        return study
    changed = _with_row(study, row_path, row.replaced(name, value))
    return _with_references(changed, row_path, row, str(value.value)) if name == "name" else changed


def _new_value(
    entry: schema.Field, old: Value, change: Mapping[str, Any], path: str, errors: list[Problem]
) -> Value | None:
    given = dict(change)
    set_by = given.pop("set_by", "you")
    if set_by not in provenance.SETTERS:
        hint = did_you_mean(str(set_by), provenance.SETTERS)
        errors.append(Problem(path, set_by, f"set_by does not know this{hint}"))
        return None
    if given.get("value") is None:
        if entry.required:
            errors.append(Problem(path, None, f"is required and cannot be blank ({entry.label.lower()})"))
            return None
        return defaults(entry.table)[entry.name]
    kept = {key: getattr(old, key) for key in provenance.DESCRIPTION_KEYS}
    described = {key: part for key, part in (kept | given).items() if part is not None}
    return provenance.read(entry, described if len(described) > 1 else given["value"], path, errors, set_by)


def with_equipment(study: Study, path: str) -> Study:
    """The study with the asset class of the equipment, which every option has, written out if `path` leads into it."""
    option_path, found, _ = path.rpartition(f"/asset/{EQUIPMENT}/")
    if not found or option_path not in option_paths(study.options):
        return study
    index = option_paths(study.options).index(option_path)
    option = study.options[index]
    return study if option.asset(EQUIPMENT) else _with_option(study, index, {"assets": (equipment(), *option.assets)})


def _with_table(study: Study, path: str) -> Study:
    """The study with what an option may leave out and `path` leads into ("option/Own/loan/rate"), if missing."""
    option_path, _, rest = path.rpartition("/")[0].rpartition("/")
    if rest == EQUIPMENT:
        return with_equipment(study, path)
    if rest not in ATTRIBUTES or schema.table(rest).many or option_path not in option_paths(study.options):
        return study
    index = option_paths(study.options).index(option_path)
    option = study.options[index]
    return study if option.rows(rest) else _with_option(study, index, {ATTRIBUTES[rest]: Row(rest)})


def _with_option(study: Study, index: int, parts: Mapping[str, Any]) -> Study:
    option = dataclasses.replace(study.options[index], **parts)
    return dataclasses.replace(study, options=(*study.options[:index], option, *study.options[index + 1 :]))


def _with_row(study: Study, row_path: str, row: Row) -> Study:
    """The study with the row at `row_path` exchanged."""
    if row.table == "study":
        return dataclasses.replace(study, fields=row)
    if row.table == "workload":
        return dataclasses.replace(study, workloads=_with_exchanged("workload", study.workloads, row_path, row))
    index, option_path = next(
        (index, path)
        for index, path in enumerate(option_paths(study.options))
        if row_path == path or row_path.startswith(f"{path}/")
    )
    if row.table == "option":
        return _with_option(study, index, {"fields": row})
    place, held = row_path.removeprefix(f"{option_path}/"), study.options[index].rows(row.table)
    many = schema.table(row.table).many
    return _with_option(
        study, index, {ATTRIBUTES[row.table]: _with_exchanged(row.table, held, place, row) if many else row}
    )


def _with_exchanged(table: str, rows: tuple[Row, ...], place: str, row: Row) -> tuple[Row, ...]:
    return tuple(row if there == place else held for there, held in keyed(table, rows))


def _with_references(study: Study, row_path: str, row: Row, new: str) -> Study:
    """The study in which whatever refers to a renamed workload, asset or option uses its new name."""
    old = row.text("name")
    if row.table == "option" and study.fields.text("reference_option") == old:
        return dataclasses.replace(study, fields=_renamed(study.fields, "reference_option", old, new))
    if row.table == "workload":
        options = tuple(
            dataclasses.replace(option, serving=tuple(_renamed(held, "workload", old, new) for held in option.serving))
            for option in study.options
        )
        return dataclasses.replace(study, options=options)
    if row.table == "asset":
        index = option_paths(study.options).index(row_path.rpartition("/asset/")[0])
        capex = tuple(_renamed(held, "asset", old, new) for held in study.options[index].capex)
        return _with_option(study, index, {"capex": capex})
    return study


def _renamed(row: Row, name: str, old: str, new: str) -> Row:
    return row.replaced(name, dataclasses.replace(row[name], value=new)) if row.text(name) == old else row
