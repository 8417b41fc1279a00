"""What several options hold alike: one quantity of the world, such as the electricity price of a shared site."""

from __future__ import annotations

from collections.abc import Sequence

from models.studies.inputs import schema
from models.studies.inputs.paths import address, parted
from models.studies.inputs.value import Value
from models.studies.study import Place, Study


def alike(study: Study, path: str) -> tuple[str, ...]:
    """The paths at which other options hold the same quantity as `path`: equal value, range and source.

    None for what does not belong to an option, for a blank, and for a value of which nobody said where it is from:
    bare numbers may be equal by chance.
    """
    row_path, name = parted(path)
    place = study.places.get(row_path)
    return () if place is None or name not in place.row else _alike(place, name, _peers(study, place))


def groups(study: Study) -> dict[str, tuple[str, ...]]:
    """`alike` of every input of an option that has any, by its path."""
    found = ((place, _peers(study, place)) for place in study.places.values())
    every = ((place.of(name), _alike(place, name, peers)) for place, peers in found if peers for name in place.row)
    return {path: others for path, others in every if others}


def _peers(study: Study, place: Place) -> tuple[Place, ...]:
    """The same row in the other options that have it."""
    if place.option is None:
        return ()
    own = address(place.path)
    paths = (own.of(option.name).path for option in study.options if option.name != own.option)
    return tuple(study.places[path] for path in paths if path in study.places)


def _alike(place: Place, name: str, peers: Sequence[Place]) -> tuple[str, ...]:
    value = place.row[name]
    if value.blank or not _described(value):
        return ()
    return tuple(p.of(name) for p in peers if p.row[name] == value and _described(p.row[name]))


def _described(value: Value) -> bool:
    """Whether somebody said where a value is from, or whose figure it is; defaults are the schema's."""
    said = (value.low, value.high, value.source, value.url, value.note)
    return value.set_by == "default" or value.confidence == schema.OWN or any(part is not None for part in said)
