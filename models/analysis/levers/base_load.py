"""Base and peaks: which share of the peak to hold machines for while an API takes the rest, and what that costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from models.analysis.metrics.measures import RANKED_BY, TIE
from models.run.model import MODEL
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.prices import missing_prices
from models.studies.study import Option, Study

# Shares looked at first, and how often the best neighbourhood is divided again: whole machines make steps, no curve.
STEPS, FINER, ROUNDS = 20, 10, 3


@dataclass(frozen=True)
class Point:
    """One share of the peak: what a response costs then, and how much of the work the option serves itself."""

    share: float
    cost: float
    own: float


@dataclass(frozen=True)
class Curve:
    """The cost per response (same work for all, money/response) over the share of the peak that is held, ascending.

    `best` costs least, of several the largest share; `now` is the study as it stands; `to` is the API that takes the
    rest.
    """

    option: str
    to: str
    points: tuple[Point, ...]
    best: Point
    now: Point


def least(study: Study, option: Option) -> Curve:
    """The shares of the peak from 5 % to all of it, closer together around the least cost.

    Raises StudyError where the option is no fleet sized for the demand, or no API could take the rest.
    """
    to = _target(study, option)
    now = _point(study, option, option.fields.number("base_share"), to)
    points = {now.share: now} if option.fields.text("overflow_to") else {}
    for step in range(1, STEPS + 1):
        _look(study, option, step / STEPS, to, points)
    width = 1 / STEPS
    for _ in range(ROUNDS):
        middle = _best(points.values()).share
        for step in range(-FINER, FINER + 1):
            _look(study, option, middle + step * width / FINER, to, points)
        width /= FINER / 2
    in_order = tuple(points[share] for share in sorted(points))
    return Curve(option.name, to, in_order, _best(in_order), now)


def changes(curve: Curve) -> dict[str, object]:
    """The inputs that make the study that of the best point."""
    base = joined("option", curve.option)
    return {f"{base}/base_share": curve.best.share, f"{base}/overflow_to": curve.to}


def _look(study: Study, option: Option, share: float, to: str, points: dict[float, Point]) -> None:
    share = round(share, 6)
    if 0 < share <= 1 and share not in points:
        points[share] = _point(study, option, share, to)


def _point(study: Study, option: Option, share: float, to: str) -> Point:
    position = study.position(option.name)
    fields = option.fields.replaced("base_share", Value(share)).replaced("overflow_to", Value(to))
    moved = study.with_option(position, fields=fields)
    wanted = [RANKED_BY, "own_requests", "served_requests"]
    found = MODEL.figures(moved, dataclasses.replace(option, fields=fields), wanted)
    served = sum(found["served_requests"])
    return Point(share, found[RANKED_BY], sum(found["own_requests"]) / served if served else 0.0)


def _best(points: Iterable[Point]) -> Point:
    points = tuple(points)
    cheapest = min(point.cost for point in points)
    return max((p for p in points if p.cost <= cheapest + TIE * abs(cheapest)), key=lambda point: point.share)


def _target(study: Study, option: Option) -> str:
    """The API that takes what the fleet cannot: the one named, or the first that has all its prices."""

    def refuse(name: str, message: str) -> StudyError:
        return StudyError([Problem(f"{joined('option', option.name)}/{name}", None, message)])

    if option.acquisition == "api":
        raise refuse("acquisition", "is an API: it has no fleet to size; choose an option with machines")
    if option.sizing != "demand":
        raise refuse("sizing", "takes given systems: only a fleet sized for the demand can be sized for a share of it")
    named = option.fields.text("overflow_to")
    if named:
        return named
    for other in study.options:
        if other.acquisition == "api" and not missing_prices(study, other):
            return other.name
    raise refuse(
        "overflow_to", "names no API, and the study has none with all its prices: add one that takes the peaks"
    )
