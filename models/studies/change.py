"""A study with inputs set: changed by path, and only then checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from models.studies import rules
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.paths import Address, address, is_within, joined, parted, segment
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.inputs.value import Value
from models.studies.study import ATTRIBUTES, EQUIPMENT, Place, Row, Scenario, Study, defaults, equipment

UNKNOWN_SETTER = ProblemKind("unknown_setter", "set_by does not know this", "{hint}", joint="")
REQUIRED = ProblemKind("required", "is required and cannot be blank", "({label})", joint=" ")


def replace(study: Study, path: str, value: Any, **description: Any) -> Study:
    """The study with one input set by the user; None makes it blank again.

    `description` (low, high, source, url, as_of, by, confidence, note) changes what it names. While the value stays as
    it is (to 15 digits), so does the rest, and None takes out what it names. What described another value goes with
    that; a new one that says neither source nor confidence is "your figure" of today, by who prepares the study.
    `set_by="catalogue"` marks a value taken from there. Raises StudyError if the value, or the study that would
    result, is refused; the given study is never touched.
    """
    return replace_all(study, {path: {"value": value, **description}})


def replace_all(study: Study, changes: Mapping[str, Any]) -> Study:
    """Several inputs set at once and only then checked together, since some must change together.

    A change is a bare value, None, or a table with provenance as in `replace`. Whatever refers to a workload, an asset
    or an option that is renamed follows. A table that stands alone (rental, lease, loan, api) is added where one of its
    inputs is set.
    """
    changed, errors = _unchecked(study, changes)
    refused, flagged = rules.examine(changed, errors)
    if errors or refused:
        raise StudyError([*errors, *refused])
    return changed.with_warnings(flagged)


def valid(study: Study, changes: Mapping[str, Any]) -> Study | None:
    """What `replace_all` gives, or None where that is refused: for searches that ask often and read no warnings."""
    changed, errors = _unchecked(study, changes)
    return None if errors or any(True for _ in rules.refusing(changed)) else changed.with_warnings(())


def refusing(study: Study, changes: Mapping[str, Any]) -> rules.Rule | None:
    """The first rule that refuses the changes; None where none does, or an input itself may not be so."""
    changed, errors = _unchecked(study, changes)
    return None if errors else next(rules.refusing(changed), None)


def is_refused_by(rule: rules.Rule, study: Study, changes: Mapping[str, Any]) -> bool:
    """Whether this one rule refuses the changes, or an input itself may not be so."""
    changed, errors = _unchecked(study, changes)
    return bool(errors) or rule in rules.refusing(changed, [rule])


def _unchecked(study: Study, changes: Mapping[str, Any]) -> tuple[Study, list[Problem]]:
    errors: list[Problem] = []
    for path, change in changes.items():
        study = _changed(study, path, change if isinstance(change, Mapping) else {"value": change}, errors)
    return study, errors


def _changed(study: Study, path: str, change: Mapping[str, Any], errors: list[Problem]) -> Study:
    """The study with one input set, unchecked; as it was, with the reason in `errors`, if the value is refused."""
    study = _with_table(study, path)
    found = study.input(path)
    value = _new_value(found.entry, found.value, change, path, study.author, errors)
    if value is None:
        return study
    changed = study.with_row(found.place, found.place.row.replaced(found.name, value))
    return _with_references(changed, found.place, str(value.value)) if found.name == "name" else changed


def _new_value(
    entry: schema.Field, old: Value, change: Mapping[str, Any], path: str, by: str, errors: list[Problem]
) -> Value | None:
    given = dict(change)
    set_by = given.pop("set_by", "you")
    if set_by not in provenance.SETTERS:
        hint = did_you_mean(str(set_by), provenance.SETTERS)
        errors.append(Problem(path, set_by, UNKNOWN_SETTER, {"hint": hint}))
        return None
    if given.get("value") is None:
        if entry.required:
            errors.append(Problem(path, None, REQUIRED, {"label": entry.label.lower()}))
            return None
        return defaults(entry.table)[entry.name]
    stands = provenance.same_content(old.value, given["value"])
    if stands:
        given = {key: getattr(old, key) for key in provenance.DESCRIPTION_KEYS} | given | {"value": old.value}
    described = {key: part for key, part in given.items() if part is not None}
    value = provenance.read(entry, described if len(described) > 1 else given["value"], path, errors, set_by)
    return value if stands or value is None or set_by != "you" else provenance.signed(entry, value, by)


def with_equipment(study: Study, path: str) -> Study:
    """The study with the asset class of the equipment, which every option has, written out if `path` leads into it."""
    at = address(path)
    position = _option_at(study, at)
    if (at.table, at.key) != ("asset", EQUIPMENT) or position is None or study.options[position].asset(EQUIPMENT):
        return study
    return study.with_option(position, assets=(equipment(), *study.options[position].assets))


def _with_table(study: Study, path: str) -> Study:
    """The study with what an option may leave out and `path` leads into ("option/Own/loan/rate"), if missing."""
    at = address(path)
    position = _option_at(study, at)
    if at.table not in ATTRIBUTES or position is None:
        return study
    if schema.table(at.table).many:
        return with_equipment(study, path)
    held = study.options[position].rows(at.table)
    return study if held else study.with_option(position, **{ATTRIBUTES[at.table]: Row(at.table)})


def _option_at(study: Study, at: Address) -> int | None:
    place = study.places.get(joined("option", at.option))
    return place.option if place else None


def _with_references(study: Study, place: Place, new: str) -> Study:
    """The study in which whatever refers to a renamed row uses its new name."""
    table, names = place.row.table, {place.row.text("name"): new}
    study = _with_paths(study, place, new)
    if table == "option":
        for name in schema.NAMES_OPTION:
            study = dataclasses.replace(study, fields=renamed(study.fields, name, names))
        options = (dataclasses.replace(o, fields=renamed(o.fields, schema.OVERFLOW, names)) for o in study.options)
        return dataclasses.replace(study, options=tuple(options))
    if table == "load_shape":
        return dataclasses.replace(study, workloads=tuple(renamed(w, "load_shape", names) for w in study.workloads))
    if table == "workload":
        return with_renamed(study, range(len(study.options)), "serving", "workload", names)
    if table == "criterion":
        return with_renamed(study, range(len(study.options)), "score", "criterion", names)
    if table == "asset" and place.option is not None:
        return with_renamed(study, (place.option,), "capex", "asset", names)
    return study


def _with_paths(study: Study, place: Place, new: str) -> Study:
    """The study in which correlations and scenarios lead through a row under its new name."""
    old, moved = place.path, f"{parted(place.path)[0]}/{segment(new)}"

    def followed(row: Row) -> Row:
        for end in schema.CORRELATED:
            row = row.replaced(end, dataclasses.replace(row[end], value=_moved(row.text(end), old, moved)))
        return row

    scenarios = tuple(
        Scenario(each.name, tuple((_moved(path, old, moved), content) for path, content in each.changes))
        for each in study.scenarios
    )
    return dataclasses.replace(study, correlations=tuple(map(followed, study.correlations)), scenarios=scenarios)


def _moved(path: str, old: str, new: str) -> str:
    """A path that leads through a place under its new path."""
    return new + path.removeprefix(old) if is_within(path, old) else path


def with_renamed(study: Study, options: Iterable[int], table: str, name: str, names: Mapping[str, str]) -> Study:
    """The study in which the rows of a table of some options, by position, refer to other things under new names."""
    for position in options:
        rows = tuple(renamed(row, name, names) for row in study.options[position].rows(table))
        study = study.with_option(position, **{ATTRIBUTES[table]: rows})
    return study


def renamed(row: Row, name: str, names: Mapping[str, str]) -> Row:
    """The row in which the input `name` refers to something by its new name, if that has one."""
    old = row.text(name)
    new = names.get(old, old)
    return row if new == old else row.replaced(name, dataclasses.replace(row[name], value=new))
