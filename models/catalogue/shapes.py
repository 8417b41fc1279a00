"""Shapes of the day that the catalogue offers, each as the `[[load_shape]]` table of a study.

For a page: `load_shapes()` lists what can be chosen where a study's load shape is, `shape_table(name)` is the table to
add to the study, spelt as in a study file with the source beside the hours; `load_shape` of the workload then names it.
A volume given as users times prompts a working day goes with the shape `OFFICE_DAY`, an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.catalogue.fill import Catalogue, load
from models.catalogue.rows import Entry
from models.studies.file.reading import plain_value, row
from models.studies.inputs import week
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Row

# What requests of people at work follow where nothing else is known: weekdays from 9 to 17 alike, else nothing.
OFFICE_DAY = "Office day"


@dataclass(frozen=True)
class Shape:
    """A shape on offer: its name, its busiest hour over the mean of the year, and the row it is from."""

    name: str
    peak_to_average: float
    entry: Entry


def load_shapes(catalogue: Catalogue | None = None) -> tuple[Shape, ...]:
    """Every shape of the catalogue, in its order."""
    entries = (catalogue or load()).table("load_shapes")
    return tuple(Shape(each.text("shape"), _peak_to_average(each), each) for each in entries)


def _peak_to_average(entry: Entry) -> float:
    hours, mean = week.loads(entry.day("weekday"), entry.day("weekend"))
    return max(hours) / mean


def shape_table(name: str, catalogue: Catalogue | None = None) -> dict[str, Any]:
    """A shape as the `[[load_shape]]` of a study file. Raises KeyError, naming the nearest, for an unknown one."""
    shapes = {shape.name: shape.entry for shape in load_shapes()}
    if name not in shapes:
        raise KeyError(f"the catalogue has no shape of the day {name!r}{did_you_mean(name, shapes)}")
    entry = shapes[name]
    days = {day: plain_value(entry.value(entry.day(day))) for day in ("weekday", "weekend") if entry.day(day)}
    return {"name": name, **days}


def shape_row(name: str) -> Row:
    """A shape as a row of a study. Raises KeyError as `shape_table` does."""
    return row("load_shape", shape_table(name), "catalogue")
