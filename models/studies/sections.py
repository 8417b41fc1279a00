"""The sections of the inputs: which input belongs where, whether an option reads it, and how well each is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from models.studies.inputs import schema
from models.studies.inputs.schema import HELD, Field
from models.studies.study import Option, Row, Study


@dataclass(frozen=True)
class Section:
    """One section: its name in the schema, its title, and whether its inputs belong to the options."""

    name: str
    title: str
    of_options: bool


SECTIONS: tuple[Section, ...] = (
    Section("workload", "Workload mix", False),
    Section("serving", "Serving", True),
    Section("capex", "Capex", True),
    Section("opex", "Opex", True),
    Section("energy", "Energy and facility", True),
    Section("finance", "Finance", False),
    Section("about", "About the study", False),
)
WHO: tuple[str, ...] = ("finance", "procurement", "engineering")


@dataclass(frozen=True)
class Tally:
    """How many inputs of a section rest on an assumption, and how many that matter are blank."""

    assumed: int
    missing: int


def section(name: str) -> Section:
    """The section of that name. Raises KeyError if there is none."""
    return {each.name: each for each in SECTIONS}[name]


@cache
def fields(name: str, table: str) -> tuple[Field, ...]:
    """The inputs of a table that stand in a section, but not the names, which are changed where rows are managed, nor
    what is chosen in the bar."""
    key = schema.table(table).key
    # The terms of a way to get an option stand together wherever they are shown.
    stands_alone = not schema.table(table).many and table != "study"
    return tuple(
        entry
        for entry in schema.fields(table)
        if (stands_alone or entry.section == name) and entry.name != key and not entry.in_bar
    )


def applies(entry: Field, option: Option, acquisition: str = "") -> bool:
    """Whether an option, or the option if it were acquired otherwise, reads an input."""
    acquisition = acquisition or option.acquisition
    if not (has_table(entry.table, acquisition) and entry.is_read_by(acquisition)):
        return False
    return not entry.fixed_only or option.sizing == "fixed"


def has_table(table: str, acquisition: str) -> bool:
    """Whether an option that is acquired so reads a table of its own."""
    return schema.table(table).is_read_by(acquisition)


def tallies(study: Study) -> dict[str, Tally]:
    """Each section's tally over the whole study."""
    counts = {each.name: [0, 0] for each in SECTIONS}
    for option, row in _rows(study):
        for entry in _numbers(row.table):
            if option is not None and not applies(entry, option):
                continue
            value = row[entry.name]
            if value.blank:
                counts[entry.section][1] += _is_missed(entry, option)
            elif row.given(entry.name) and value.confidence in (None, "assumed"):
                counts[entry.section][0] += 1
    return {name: Tally(*count) for name, count in counts.items()}


def _is_missed(entry: Field, option: Option | None) -> bool:
    """Whether a blank leaves something out of the figures that belongs there."""
    if entry.section == "energy" and option is not None and option.acquisition not in HELD:
        return False
    return entry.basic and not entry.blank


def _rows(study: Study) -> Iterator[tuple[Option | None, Row]]:
    """Every row, with the option it belongs to."""
    for place in study.places.values():
        yield None if place.option is None else study.options[place.option], place.row


@cache
def _numbers(table: str) -> tuple[Field, ...]:
    return tuple(entry for entry in schema.fields(table) if entry.is_number and entry.section != "about")
