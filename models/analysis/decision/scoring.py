"""Weighted scores of what is not money: beside the cost, and never mixed into it.

Each criterion has a weight and may have a gate, the least score that an offer needs to stay in. How sure the order is
shows in what wins when one weight moves by ten points of a hundred and the others make room in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models.notation import writer
from models.studies.inputs import schema
from models.studies.study import Study

BEST, WHOLE, POINTS = schema.BEST_SCORE, 100.0, 10.0
# Scores nearer than this are a tie.
TIE = 1e-9
Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Criterion:
    """What offers are scored by: its weight beside the others', and the least score that keeps an offer in, if any."""

    name: str
    weight: float
    gate: float | None = None


@dataclass(frozen=True)
class Standing:
    """An offer's weighted score, 0 to `BEST`; None while a score is missing (`unsaid`) or a gate is `failed`."""

    option: str
    score: float | None
    failed: tuple[str, ...]
    unsaid: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """What wins with one weight moved by so many points of a hundred; several where they tie, none where none is in."""

    criterion: str
    points: float
    winners: tuple[str, ...]


def of(study: Study) -> tuple[tuple[Criterion, ...], dict[str, dict[str, float]]]:
    """The criteria of a study, and the scores of its options that have any, as `standings` takes them."""
    criteria = tuple(
        Criterion(row.text("name"), row.number("weight"), None if row["least"].blank else row.number("least"))
        for row in study.criteria
    )
    scores = {
        option.name: {row.text("criterion"): row.number("score") for row in option.scores}
        for option in study.options
        if option.scores
    }
    return criteria, scores


def standings(criteria: Sequence[Criterion], scores: Scores) -> tuple[Standing, ...]:
    """Every offer as it stands, in its order. `scores` are by offer and criterion, 0 to `BEST`.

    Raises ValueError for a weight below 0, weights that come to nothing, and a score out of range.
    """
    whole = sum(criterion.weight for criterion in criteria)
    if any(criterion.weight < 0 for criterion in criteria) or whole <= 0:
        raise ValueError("weights must be 0 or more, and one of them above 0")
    for option, given in scores.items():
        if wrong := [name for name, score in given.items() if not 0 <= score <= BEST]:
            raise ValueError(f"{option}, {wrong[0]}: a score lies between 0 and {writer.exact(BEST)}")
    return tuple(_standing(option, criteria, given, whole) for option, given in scores.items())


def _standing(option: str, criteria: Sequence[Criterion], given: Mapping[str, float], whole: float) -> Standing:
    unsaid = tuple(each.name for each in criteria if each.name not in given and (each.weight or each.gate is not None))
    failed = tuple(
        each.name for each in criteria if each.gate is not None and given.get(each.name, each.gate) < each.gate
    )
    score = None if unsaid or failed else sum(each.weight * given.get(each.name, 0.0) for each in criteria) / whole
    return Standing(option, score, failed, unsaid)


def winners(found: Sequence[Standing]) -> tuple[str, ...]:
    """The offers with the highest score; several where they tie."""
    best = max((each.score for each in found if each.score is not None), default=None)
    return () if best is None else tuple(e.option for e in found if e.score is not None and best - e.score <= TIE)


def sensitivity(criteria: Sequence[Criterion], scores: Scores) -> Iterator[Moved]:
    """What wins with each weight ten points of a hundred lower and higher, where that leaves it between 0 and 100."""
    whole = sum(criterion.weight for criterion in criteria)
    for at, criterion in enumerate(criteria):
        own = WHOLE * criterion.weight / whole
        for points in (-POINTS, POINTS):
            if not 0 <= own + points <= WHOLE or own == WHOLE:
                continue
            room = (WHOLE - own - points) / (WHOLE - own)
            moved = [
                replace(each, weight=own + points if place == at else room * WHOLE * each.weight / whole)
                for place, each in enumerate(criteria)
            ]
            yield Moved(criterion.name, points, winners(standings(moved, scores)))
