"""Two studies input by input: what is another in one than in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.studies.inputs.value import Value, same_content
from models.studies.study import Input, Place, Study


@dataclass(frozen=True)
class Changed:
    """An input that is another: its path, its place in the study that has it, and both values (None: not there)."""

    path: str
    place: Place
    name: str
    old: Value | None
    new: Value | None


def changed(then: Study, now: Study) -> tuple[Changed, ...]:
    """Every input whose value is another now, in their order; rows that came or went with all they give."""
    return tuple(_changed(then, now))


def _changed(then: Study, now: Study) -> Iterator[Changed]:
    for path, place in {**then.places, **now.places}.items():
        old, new = then.places.get(path), now.places.get(path)
        for name in place.row:
            pair = tuple(None if each is None else _given(each, name) for each in (old, new))
            if not _same(*pair):
                yield Changed(Input(place, name).path, place, name, *pair)


def _given(place: Place, name: str) -> Value | None:
    value = place.row[name]
    return value if place.row.given(name) and not value.blank else None


def _same(old: Value | None, new: Value | None) -> bool:
    if old is None or new is None:
        return old is new
    return same_content(old.value, new.value)
