"""Where the inputs of a section stand in the study, for the options and the workload in view."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from models.studies import sections
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.schema import Field
from models.studies.study import Option, Row, Study
from views import session
from views.fields.forms import Place

# Tables that stand alone: the terms of a way to get an option.
# The tables of a section whose inputs are fields; those that repeat are grids.
FIELD_TABLES: dict[str, tuple[str, ...]] = {
    "workload": ("workload", "load_shape"),
    "serving": ("serving", "option"),
    "capex": ("option",),
    "opex": ("rental", "lease", "api"),
    "energy": ("option",),
    "finance": ("study", "loan"),
    "about": ("study",),
}


@dataclass(frozen=True)
class Spot:
    """A place with the option it belongs to (None outside of options) and the way it would be acquired."""

    place: Place
    option: Option | None = None
    acquisition: str = ""

    def reads(self, entry: Field) -> bool:
        """Whether the option reads an input here."""
        return self.option is None or sections.applies(entry, self.option, self.acquisition)


def acquisition(option: Option) -> str:
    """How an option is acquired, or would be: a choice that waits for its terms counts as made."""
    waiting = session.aside(joined("option", option.name, "acquisition"))
    return waiting.typed if waiting else option.acquisition


def tables_of(section: str, chosen: str | None) -> tuple[str, ...]:
    """The tables whose inputs stand as fields in a section; terms that a new way to get an option waits for stand
    beneath that choice."""
    found = FIELD_TABLES[section]
    if section != "capex" or chosen is None:
        return found
    waiting = session.aside(joined("option", chosen, "acquisition"))
    return (*found, waiting.typed) if waiting and waiting.typed in schema.TERMS else found


def spots(table: str, study: Study, workload: str) -> list[Spot]:
    """Where the inputs of a table stand: in the study, in a workload, or in each option."""
    if table == "study":
        return [Spot(Place("", "study", study.fields))]
    if table == "workload":
        return [Spot(Place("", joined("workload", workload), study.workload(workload)))]
    if table == "load_shape":
        shape = study.load_shape(study.workload(workload).text("load_shape"))
        return [Spot(Place("", joined("load_shape", shape.text("name")), shape))] if shape else []
    found = []
    for option in study.options:
        way = acquisition(option)
        found += [Spot(place, option, way) for place in _in_option(table, option, way, workload)]
    return found


def _in_option(table: str, option: Option, way: str, workload: str) -> list[Place]:
    path = joined("option", option.name)
    if table == "option":
        return [Place(option.name, path, option.fields)]
    if table == "serving":
        rates = option.serving_for(workload)
        return [Place(option.name, joined("option", option.name, table, workload), rates)] if rates else []
    if table != way:
        return []
    held = option.rows(table)
    return [Place(option.name, f"{path}/{table}", held[0] if held else Row(table))]


def of_entry(entry: Field, found: Sequence[Spot], chosen: str | None) -> list[Place]:
    """The places at which an input is read and shown; for a chosen option its own, with the others as its peers."""
    read = [spot for spot in found if spot.reads(entry)]
    if entry.table in ("study", "workload", "load_shape"):
        return [spot.place for spot in read]
    shared = [spot.place for spot in read if not _left_out(entry, spot)]
    # Each option has its own; setting it for all at once makes no sense.
    is_own = not entry.alike
    if chosen is None:
        return [] if is_own else shared or [spot.place for spot in read]
    peers = () if is_own else tuple(place for place in shared if place.owner != chosen)
    return [dataclasses.replace(spot.place, peers=peers) for spot in read if spot.place.owner == chosen]


def _left_out(entry: Field, spot: Spot) -> bool:
    """Whether an option may do without the input and does: a rental price contains the energy."""
    return entry.section == "energy" and spot.acquisition == "rental" and not spot.place.row.given(entry.name)
