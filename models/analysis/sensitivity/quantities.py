"""The numbers of a study, each quantity of the world once, and the range that each may lie in: the one list of them.

Whatever moves inputs over their ranges reads this list: the tornado one at a time, a simulation all at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from models.analysis.sensitivity.shared_inputs import groups
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from models.studies.ranges import Range, input_range
from models.studies.study import Row, Study


@dataclass(frozen=True)
class Quantity:
    """One quantity: every path at which the study holds it (several where options hold it alike), and what it is."""

    paths: tuple[str, ...]
    entry: schema.Field
    value: Value


def quantities(study: Study, *, together: bool = True) -> Iterator[Quantity]:
    """Every input of the study and its options, in the order of the file; what several options hold alike once.

    With `together=False` each option's inputs stand alone.
    """
    held_alike = groups(study) if together else {}
    moved: set[str] = set()
    for place in study.places.values():
        if not schema.table(place.row.table).modelled:
            continue
        for entry in schema.fields(place.row.table):
            path = place.of(entry.name)
            if path not in moved:
                alike = held_alike.get(path, ())
                moved.update(alike)
                yield Quantity((path, *alike), entry, place.row[entry.name])


def input_label(row: Row, entry: schema.Field) -> str:
    """What an input is called among others: "PUE", "Requests per day, chat"; an amount as its item: "Servers"."""
    key = schema.table(row.table).key
    name = row.text(key) if key and row.table != "option" else ""
    if name and entry.name == "amount":
        return name
    return f"{entry.label}, {name}" if name else entry.label


def input_unit(row: Row, entry: schema.Field) -> str:
    """The unit of an input in the schema's symbols, the basis of its item looked up."""
    return schema.unit(entry, row.text("basis") if "basis" in row else None)


def range_or_reason(value: Value, entry: schema.Field, study: Study) -> Range | str:
    """The range of an input, whole numbers rounded inward, or why it has none."""
    if not entry.is_number:
        return "is not a number"
    if value.blank:
        return "is blank"
    found = input_range(value, entry, study)
    if found is None:
        return "has no entered range, and no typical range is known"
    if entry.kind != "whole":
        return found
    low = None if found.low is None else float(math.ceil(found.low))
    high = None if found.high is None else float(math.floor(found.high))
    if low is not None and high is not None and low > high:
        return f"takes whole numbers, and none lies between {writer.exact(found.low)} and {writer.exact(found.high)}"
    return Range(low, high, found.origin, found.source)
