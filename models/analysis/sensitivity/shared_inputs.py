"""What several options hold alike: one quantity of the world, such as the electricity price of a shared site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.studies.study import Row, Study, option_paths, paths
from models.studies.value import Value


def alike(study: Study, path: str) -> tuple[str, ...]:
    """The paths at which other options hold the same quantity as `path`: equal value, range and source.

    None for what does not belong to an option, for a blank, and for a value of which nobody said where it is from:
    bare numbers may be equal by chance.
    """
    return _alike(dict(paths(study)), option_paths(study.options), path)


def groups(study: Study) -> dict[str, tuple[str, ...]]:
    """`alike` of every input of an option that has any, by its path."""
    rows, places = dict(paths(study)), option_paths(study.options)
    every = (f"{place}/{name}" for place, row in rows.items() for name in row)
    found = ((path, _alike(rows, places, path)) for path in every)
    return {path: others for path, others in found if others}


def _alike(rows: Mapping[str, Row], places: Sequence[str], path: str) -> tuple[str, ...]:
    row_path, _, name = path.rpartition("/")
    home = next((p for p in places if row_path == p or row_path.startswith(f"{p}/")), None)
    if home is None or row_path not in rows or name not in rows[row_path]:
        return ()
    value = rows[row_path][name]
    if value.blank or not _described(value):
        return ()
    there = (f"{other}{row_path.removeprefix(home)}" for other in places if other != home)
    held = ((at, rows[at][name]) for at in there if at in rows and name in rows[at])
    return tuple(f"{at}/{name}" for at, other in held if other == value and _described(other))


def _described(value: Value) -> bool:
    """Whether somebody said where a value is from; defaults are the schema's."""
    said = (value.low, value.high, value.source, value.url, value.note)
    return value.set_by == "default" or any(part is not None for part in said)
