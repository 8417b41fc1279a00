"""Every input as the workbook holds it: its path in the study, its defined name, and whether Excel may change it.

Names begin with `in_`, because `h100` or `gpu1` would be cells; options, workloads, assets and items are numbered, so
that a name stays when something is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from models.finance import tax
from models.run.gather import BENDING, EQUIPMENT, Hours, asset_rows
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.prices import NEEDED
from models.studies.sections import applies
from models.studies.study import Option, Place, Study

PREFIX = "in_"
_NAME = re.compile(r"in_[a-z][a-z0-9_]{0,250}")


@dataclass(frozen=True)
class Entry:
    """One input: where it stands in the study (`path`), its name in the workbook, and what it is. A price that nobody
    gave is blank here, since a 0 would be a price."""

    path: str
    name: str
    field: Field
    value: Value
    unit: str
    structural: bool


@dataclass(frozen=True)
class Section:
    """Inputs that belong together, under one heading; `where` tells them apart from those of other options."""

    heading: str
    entries: tuple[Entry, ...]
    where: str


@dataclass(frozen=True)
class Schedule:
    """The tax schedule of an asset by age, as typed shares; a straight line has none."""

    name: str
    asset: str
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Listed:
    """An input that is a list, a cell each: its entry, the name of its cells, and what each stands for."""

    entry: Entry
    name: str
    labels: tuple[str, ...]
    numbers: tuple[float, ...]


def listed(section: Section) -> tuple[Listed, ...]:
    """The inputs of a section that are lists of numbers: by year, by attempt, or by the hour."""
    found: list[Listed] = []
    for entry in section.entries:
        content = entry.value.value
        if not (isinstance(content, tuple) and is_listed(entry)):
            continue
        each = "{}:00" if entry.field.kind == "day" else "attempt {}" if entry.field.said_as == "tries" else "year {}"
        first = 0 if entry.field.kind == "day" else 1
        labels = tuple(f"{entry.field.label}, {each.format(n)}" for n in range(first, len(content) + first))
        found.append(Listed(entry, list_name(entry.name), labels, tuple(float(number) for number in content)))
    return tuple(found)


def is_listed(entry: Entry) -> bool:
    """Whether the numbers of an input stand in cells of their own."""
    return isinstance(entry.value.value, tuple) and entry.field.kind != "schedule"


def shown(entry: Entry) -> float | str | None:
    """What the cell of an input shows: a choice in plain words, of a list how many numbers stand below it."""
    content = entry.value.value
    if isinstance(content, tuple):
        return list_text(content)
    if isinstance(content, str):
        return schema.choice_words(entry.field).get(content, content)
    return content


def shown_source(value: Value) -> str | None:
    """What stands in the source column: the source, or whose figure it is; None where neither is known."""
    is_default = value.set_by == "default" and not value.blank
    return value.source or value.by or ("Default of the model" if is_default else None)


def list_text(content: Sequence[float]) -> str:
    """A list as the cell of its input shows it: how many numbers stand below it."""
    return f"{len(content)} below"


def list_name(name: str) -> str:
    """The name of the cells that hold an input's list."""
    return f"{name}_list"


def constant_name(constant: str) -> str:
    """The defined name of a constant of the model."""
    return PREFIX + constant.lower()


def checked(name: str) -> str:
    """The name, if it is one that no spreadsheet can take for a cell. Raises ValueError otherwise."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a cell: in_ and small letters, digits and _ only, at most 255")
    return name


def base(table: str, option: int = 0, row: int = 0) -> str:
    """What the names of a row's inputs begin with; options and rows count from 1."""
    prefix = f"{PREFIX}o{option}_" if option else PREFIX
    if table in ("study", "option"):
        return prefix
    if table in ("workload", "serving"):
        return f"{prefix}w{row}_"
    if table == "load_shape":
        return f"{prefix}shape{row}_"
    return f"{prefix}{table}{row or ''}_"


def study_section(study: Study) -> Section:
    """The study's own inputs."""
    return Section("Study", _entries(study.places["study"], base("study")), "Study")


def workload_sections(study: Study) -> tuple[Section, ...]:
    """The inputs of each load shape and each workload."""
    sections = []
    for i, place in enumerate(study.rows("load_shape"), start=1):
        name = place.row.text("name")
        held = _entries(place, base("load_shape", row=i))
        sections.append(Section(f"Load shape {i}: {name}", held, f"Load shape {name}"))
    for i, place in enumerate(study.rows("workload"), start=1):
        name = place.row.text("name")
        sections.append(Section(f"Workload {i}: {name}", _entries(place, base("workload", row=i)), f"Workload {name}"))
    return tuple(sections)


def criterion_sections(study: Study) -> tuple[Section, ...]:
    """What offers are scored by beside their cost: each criterion, with its weight and least score."""
    return tuple(
        Section(f"Criterion {i}: {place.row.text('name')}", _entries(place, base("criterion", row=i)), "Criteria")
        for i, place in enumerate(study.rows("criterion"), start=1)
    )


def option_sections(study: Study, number: int) -> tuple[Section, ...]:
    """The inputs that option `number` (from 1) holds, a section a table row; what it does not read is left out."""
    option = study.options[number - 1]
    found = [Section(f"Option {number}: {option.name}", _option_entries(study, option, number), option.name)]
    for table in schema.children("option"):
        for label, place, prefix in _rows(study, option, number, table):
            held = _entries(place, prefix)
            heading = f"{table.label[0].upper()}{table.label[1:]}{label}"
            found.append(Section(heading, held, f"{option.name}, {table.label}{label}"))
    return tuple(found)


def _option_entries(study: Study, option: Option, number: int) -> tuple[Entry, ...]:
    every = _entries(study.places[joined("option", option.name)], base("option", number))
    held = tuple(e for e in every if applies(e.field, option) or option.fields.given(e.field.name))
    is_flat = option.sizing == "demand" and not Hours.of(study, option).load
    if not is_flat:
        return held
    # They would need hours that the sheets do not hold.
    return tuple(replace(e, structural=e.structural or e.field.name in BENDING) for e in held)


def _rows(study: Study, option: Option, number: int, table: schema.Table) -> Iterator[tuple[str, Place, str]]:
    """The rows of a table: what heads it, where it stands, and what its names begin with."""
    places = study.rows(table.name, number - 1)
    if not table.many:
        yield from (("", place, base(table.name, number)) for place in places)
        return
    for row, place in sorted(zip(_numbers(study, option, table.name), places, strict=True), key=lambda each: each[0]):
        yield f": {place.row.text(table.key)}", place, base(table.name, number, row)


def _numbers(study: Study, option: Option, table: str) -> list[int]:
    """The number of each row: its workload's for serving rates, the equipment first for assets, else its place."""
    rows = option.rows(table)
    if table == "serving":
        names = [w.text("name") for w in study.workloads]
    elif table == "asset":
        names = [a.text("name") for a in asset_rows(option)]
    else:
        return list(range(1, len(rows) + 1))
    return [names.index(row.text(schema.table(table).key)) + 1 for row in rows]


def _entries(place: Place, prefix: str) -> tuple[Entry, ...]:
    row = place.row
    key = schema.table(row.table).key
    return tuple(
        Entry(
            *(place.of(f.name), prefix + f.name, f, _held(f, row[f.name]), schema.unit(f, row.basis)),
            f.structural or f.name == key or f.kind in ("day", "hours") or isinstance(row[f.name].value, tuple),
        )
        for f in schema.fields(row.table)
    )


def _held(field: Field, value: Value) -> Value:
    lacks = value.set_by == "default" and (field.table, field.name) in NEEDED
    return replace(value, value=None) if lacks else value


def schedules(study: Study, number: int) -> tuple[Schedule, ...]:
    """The tax schedules of an option's assets that deduct by the year."""
    years = int(study.horizon)
    found: list[Schedule] = []
    for i, asset in enumerate(asset_rows(study.options[number - 1]), start=1):
        kind = asset["tax_schedule"].value
        shares = tax.schedule_shares("straight_line" if kind is None else kind, years)  # type: ignore[arg-type]
        if shares and any(shares):
            found.append(Schedule(base("asset", number, i) + "schedule", asset.text("name"), shares))
    return tuple(found)


def sections(study: Study) -> tuple[Section, ...]:
    """Every input of a study, in the order of the sheets."""
    options = (s for i in range(1, len(study.options) + 1) for s in option_sections(study, i))
    return (study_section(study), *criterion_sections(study), *workload_sections(study), *options)


@cache
def is_equipment(name: str) -> bool:
    """Whether an asset is the equipment, which stands first even where it is not described."""
    return name == EQUIPMENT


def names_of(found: Sequence[Section]) -> tuple[str, ...]:
    """The defined names of the sections' inputs."""
    return tuple(entry.name for section in found for entry in section.entries)
