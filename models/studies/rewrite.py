"""A study with rows added, removed or rewritten: plain functions from study to study.

What they give is not checked; `state.rewrite` checks it before it is taken.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from typing import Any

from models.notation import writer
from models.studies.change import renamed, with_renamed
from models.studies.inputs import schema, week
from models.studies.inputs.paths import is_within, joined
from models.studies.inputs.value import Value, is_number
from models.studies.scenarios import paths_kept
from models.studies.study import ATTRIBUTES, Option, Row, Scenario, Study

# A row as it is to stand, and the row it was made from (None for a new one).
Pairs = Sequence[tuple[Row | None, Row]]


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """The wanted name, or "name (2)", "name (3)" if it is taken."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted} ({number})", number + 1
    return found


def named(row: Row, name: str) -> Row:
    """The row under another name."""
    key = schema.table(row.table).key
    return row.replaced(key, dataclasses.replace(row[key], value=name, set_by="you"))


# ------------------------------------------------------------------------------------------------------------- options


def option_added(study: Study, added: Option, name: str) -> Study:
    """The study with an option, taken from here or from another study, at its end under a new name.

    It serves this study's workloads: with its own rates for workloads it knows, else with those of its first.
    """
    serving = [row for each in study.workloads if (row := _rates_for(added, each.text("name"))) is not None]
    option = dataclasses.replace(added, fields=named(added.fields, name), serving=tuple(serving))
    return dataclasses.replace(study, options=(*study.options, option))


def _rates_for(option: Option, workload: str) -> Row | None:
    own = option.serving_for(workload)
    if own is not None or not option.serving:
        return own
    return _copied_rates(option.serving[0], workload)


def _copied_rates(row: Row, workload: str) -> Row:
    """The rates measured for one workload, taken for another: an assumption, and marked as one."""
    note = f"Copied from {row.text('workload')}; not measured for this workload."
    values = {"workload": Value(workload, set_by="you")}
    for entry in schema.fields("serving"):
        value = row[entry.name]
        if entry.name != "workload" and row.given(entry.name) and not value.blank:
            is_number = entry.is_number
            values[entry.name] = dataclasses.replace(value, confidence="assumed", note=note) if is_number else value
    return Row("serving", values)


def option_removed(study: Study, name: str) -> Study:
    """The study without an option; a comparison with it falls away, and so does the work that would go to it."""
    fields = study.fields
    for reference in schema.NAMES_OPTION:
        fields = _without_name(fields, reference, name)
    options = tuple(
        dataclasses.replace(option, fields=_without_name(option.fields, schema.OVERFLOW, name))
        for option in study.options
        if option.name != name
    )
    return _without_paths(dataclasses.replace(study, fields=fields, options=options), joined("option", name))


def _without_paths(study: Study, place: str) -> Study:
    """The study without the correlations, and the changes of scenarios, of inputs at or inside a place."""
    ends = schema.CORRELATED
    kept = tuple(row for row in study.correlations if not any(is_within(row.text(end), place) for end in ends))
    cases = paths_kept(study.scenarios, lambda path: None if is_within(path, place) else path)
    return dataclasses.replace(study, correlations=kept, scenarios=cases)


def _without_name(row: Row, reference: str, name: str) -> Row:
    return row.replaced(reference, Value(set_by="default")) if row.text(reference) == name else row


def with_rows(study: Study, option: str, table: str, rows: Sequence[Row]) -> Study:
    """The study in which an option holds these rows of one of its tables."""
    return study.with_option(study.position(option), **{ATTRIBUTES[table]: tuple(rows)})


def with_assets(study: Study, option: str, pairs: Pairs) -> Study:
    """The study in which an option holds these assets; items of a renamed asset follow."""
    held = with_rows(study, option, "asset", [row for _, row in pairs])
    return with_renamed(held, (study.position(option),), "capex", "asset", _new_names(pairs))


# ----------------------------------------------------------------------------------------------------------- workloads


def with_workloads(study: Study, pairs: Pairs) -> Study:
    """The study with these workloads. Rates follow a renamed workload and go with a removed one; a new one starts with
    those of the first, marked as assumed."""
    names = _new_names(pairs)
    kept = {source.text("name") for source, _ in pairs if source is not None}
    added = [row.text("name") for source, row in pairs if source is None]

    def serving(option: Option) -> tuple[Row, ...]:
        rows = [renamed(row, "workload", names) for row in option.serving if row.text("workload") in kept]
        copied = [_copied_rates(option.serving[0], name) for name in added] if option.serving else []
        return (*rows, *copied)

    options = tuple(dataclasses.replace(option, serving=serving(option)) for option in study.options)
    return dataclasses.replace(study, workloads=tuple(row for _, row in pairs), options=options)


def workload_copied(study: Study, name: str, new_name: str) -> Study:
    """The study with a second workload like the one of that name, with the same rates."""
    copy = named(study.workload(name), new_name)

    def serving(option: Option) -> tuple[Row, ...]:
        own = option.serving_for(name)
        return option.serving if own is None else (*option.serving, named(own, new_name))

    options = tuple(dataclasses.replace(option, serving=serving(option)) for option in study.options)
    return dataclasses.replace(study, workloads=(*study.workloads, copy), options=options)


def workload_removed(study: Study, name: str) -> Study:
    """The study without a workload and its rates."""
    held = with_workloads(study, [(row, row) for row in study.workloads if row.text("name") != name])
    return _without_paths(held, joined("workload", name))


def shape_added(study: Study, shape: Row, workload: str) -> Study:
    """The study with one more load shape, which a workload follows; its peak is then the shape's own."""
    held = dataclasses.replace(study, load_shapes=(*study.load_shapes, shape))
    return _following(held, shape.text("name"), workload)


def shape_followed(study: Study, shape: Row, workload: str) -> Study:
    """The study in which a workload follows a shape: the one it holds already under that name, or else added."""
    name = shape.text("name")
    held = study.load_shape(name)
    if held is None:
        return shape_added(study, shape, workload)
    if _hours(held) == _hours(shape):
        return _following(study, name, workload)
    return shape_added(study, named(shape, free_name(name, [row.text("name") for row in study.load_shapes])), workload)


def _hours(shape: Row) -> tuple[float, ...]:
    return week.loads(shape.listed("weekday"), shape.listed("weekend"))[0]


def _following(study: Study, shape: str, workload: str) -> Study:
    place = next(each for each in study.rows("workload") if each.row.text("name") == workload)
    row = place.row.replaced("load_shape", Value(shape, set_by="you"))
    return study.with_row(place, row.replaced("peak_to_average", Value(set_by="default")))


def shape_removed(study: Study, name: str) -> Study:
    """The study without a load shape; workloads that followed it go back to the smooth day."""
    none = Value(set_by="default")
    workloads = (w.replaced("load_shape", none) if w.text("load_shape") == name else w for w in study.workloads)
    shapes = tuple(row for row in study.load_shapes if row.text("name") != name)
    return dataclasses.replace(study, load_shapes=shapes, workloads=tuple(workloads))


def _new_names(pairs: Pairs) -> dict[str, str]:
    return {source.text("name"): row.text("name") for source, row in pairs if source is not None}


# ------------------------------------------------------------------------------------------------------------ currency


def in_currency(study: Study, code: str, rate: float | None, day: datetime.date | None = None) -> Study:
    """The study in another currency: every amount times `rate` (new money for one of the old), or only relabelled.

    The note on each amount keeps the rate and its day.
    """
    if rate is None:
        converted = study
    else:
        convert = _converter(study.currency, code, rate, day)
        options = tuple(_each_row(option, convert) for option in study.options)
        workloads = tuple(convert(row) for row in study.workloads)
        cases = tuple(_in_currency(study, each, rate) for each in study.scenarios)
        converted = dataclasses.replace(
            study, fields=convert(study.fields), workloads=workloads, options=options, scenarios=cases
        )
    label = dataclasses.replace(converted.fields["currency"], value=code, set_by="you")
    return dataclasses.replace(converted, fields=converted.fields.replaced("currency", label))


def _in_currency(study: Study, case: Scenario, rate: float) -> Scenario:
    """A scenario in which every amount of money is in the new currency."""
    changes = (
        (path, content * rate if is_number(content) and study.input(path).unit.startswith("money") else content)
        for path, content in case.changes
    )
    return Scenario(case.name, tuple(changes))


def _converter(old: str, new: str, rate: float, day: datetime.date | None) -> Callable[[Row], Row]:
    remark = f"Converted from {old} at {writer.as_typed(rate)} {new}{f', rate of {day}' if day else ''}."

    def convert(row: Row) -> Row:
        for entry in schema.fields(row.table):
            value = row[entry.name]
            if row.given(entry.name) and not value.blank and schema.unit(entry, row.basis).startswith("money"):
                row = row.replaced(entry.name, _converted(value, rate, remark))
        return row

    return convert


def _converted(value: Value, rate: float, remark: str) -> Value:
    assert isinstance(value.value, (int, float))
    low, high = (None if bound is None else bound * rate for bound in (value.low, value.high))
    outcomes = None if value.outcomes is None else tuple(outcome * rate for outcome in value.outcomes)
    note = f"{value.note} {remark}" if value.note else remark
    return dataclasses.replace(value, value=value.value * rate, low=low, high=high, outcomes=outcomes, note=note)


def _each_row(option: Option, convert: Callable[[Row], Row]) -> Option:
    parts: dict[str, Any] = {"fields": convert(option.fields)}
    for attribute in ATTRIBUTES.values():
        held = getattr(option, attribute)
        if isinstance(held, tuple):
            parts[attribute] = tuple(convert(row) for row in held)
        elif held is not None:
            parts[attribute] = convert(held)
    return dataclasses.replace(option, **parts)
