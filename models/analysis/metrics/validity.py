"""Quoted prices that hold no longer: a study outlives the quotes it was made from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from models.analysis.words import named
from models.notation import writer
from models.studies.inputs.value import Value, holds_until
from models.studies.study import Study


@dataclass(frozen=True)
class Expired:
    """Prices of one option from one source that held until a day now past; `count` says how many."""

    option: str
    source: str
    until: datetime.date
    count: int

    def __str__(self) -> str:
        prices = writer.number_of(self.count, "price")
        source = f" from {self.source}" if self.source else ""
        return f"{named([self.option])}: {prices}{source} expired on {writer.date(self.until)}. Ask for an extension."


def expired(study: Study, today: datetime.date) -> tuple[Expired, ...]:
    """What has expired by `today`, in the order of the options, by source and day."""
    found: dict[tuple[str, str, datetime.date], int] = {}
    for option, value in _quoted(study):
        until = holds_until(value)
        if until is not None and until < today:
            key = option, value.source or "", until
            found[key] = found.get(key, 0) + 1
    return tuple(Expired(*key, count) for key, count in found.items())


def _quoted(study: Study) -> Iterator[tuple[str, Value]]:
    """The numbers of every option, with the option's name."""
    for place in study.places.values():
        if place.option is not None:
            owner, numbers = study.options[place.option].name, (int, float)
            yield from ((owner, value) for value in place.row.values() if isinstance(value.value, numbers))
