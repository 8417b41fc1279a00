"""The plan of a sweep: a study, axes whose points change its inputs, and how many outcomes are simulated at each.

    [sweep]
    study = "customer_service.toml"      # beside the plan
    draws = 10000                        # at each cell; 1 or more, the study's unless given
    seed = 1
    chunk = 4                            # cells that are computed and kept together

    [[axis]]
    name = "site"
    [[axis.point]]
    name = "Texas"
    "option/Buy, colocation/electricity_price" = 0.0864

    [[axis]]                             # or an input over a list of values
    name = "load"
    path = "workload/Live chat/requests_per_day"
    values = [500000, 1000000, 2000000]

A cell is one point of every axis; cells are numbered with the last axis moving fastest.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.studies.change import replace_all
from models.studies.file import toml
from models.studies.file.load import dumps, load
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Study

KEYS = ("study", "draws", "seed", "chunk")
AXIS_KEYS = ("name", "path", "values", "point")
MOST_CELLS, MOST_CHUNK, CHUNK = 10_000_000, 10_000, 4


@dataclass(frozen=True)
class Point:
    """A point of an axis: its name, and the inputs that it changes."""

    name: str
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Axis:
    """One direction of a sweep."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Plan:
    """What is swept: small enough to be sent to every worker."""

    study: Study
    axes: tuple[Axis, ...]
    draws: int
    seed: int
    chunk: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return math.prod(len(axis.points) for axis in self.axes)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.cells // self.chunk)

    def within(self, chunk: int) -> range:
        """The cells of a chunk."""
        return range(chunk * self.chunk, min((chunk + 1) * self.chunk, self.cells))

    def points(self, cell: int) -> tuple[Point, ...]:
        """The point of each axis at a cell."""
        found: list[Point] = []
        for axis in reversed(self.axes):
            cell, at = divmod(cell, len(axis.points))
            found.append(axis.points[at])
        return tuple(reversed(found))

    def at(self, cell: int) -> Study:
        """The study at a cell. Raises StudyError where it is none."""
        changes = {path: {"value": content, "set_by": "file"} for p in self.points(cell) for path, content in p.changes}
        return replace_all(self.study, changes)

    @property
    def mark(self) -> str:
        """A mark of everything that decides the figures: the same for the same plan, another for any other."""
        told = [dumps(self.study), [(a.name, [(p.name, p.changes) for p in a.points]) for a in self.axes]]
        return hashlib.sha256(json.dumps([told, self.draws, self.seed, self.chunk]).encode()).hexdigest()


def read(path: Path) -> Plan:
    """The plan in a file. Raises StudyError with everything that is wrong, OSError where the study cannot be read."""
    tables = toml.parsed(toml.read_bytes(path))
    problems: list[Problem] = []
    head = tables.get("sweep")
    if not isinstance(head, Mapping) or not isinstance(head.get("study"), str):
        raise StudyError([Problem("sweep", None, 'the table [sweep] needs study = "FILE.toml", beside the plan')])
    for key in (*(k for k in head if k not in KEYS), *(k for k in tables if k not in ("sweep", "axis"))):
        problems.append(Problem(f"sweep/{key}", None, f"is not known{did_you_mean(key, (*KEYS, 'axis'))}"))
    study = load(path.parent / str(head["study"]))
    most = int(schema.field("risk", "draws").maximum or 0)
    draws = _whole(head, "draws", int(study.risk.number("draws")), 1, most, problems)
    seed = _whole(
        head, "seed", int(study.risk.number("seed")), 0, int(schema.field("risk", "seed").maximum or 0), problems
    )
    chunk = _whole(head, "chunk", CHUNK, 1, MOST_CHUNK, problems)
    axes = tuple(_axis(raw, f"axis/{n}", problems) for n, raw in enumerate(_listed(tables.get("axis")), start=1))
    plan = Plan(study, axes, draws, seed, chunk)
    if not axes or not all(axis.points for axis in axes):
        problems.append(Problem("axis", None, "a plan needs [[axis]] tables, each with points or with path and values"))
    elif plan.cells > MOST_CELLS:
        problems.append(Problem("axis", plan.cells, f"makes more cells than {MOST_CELLS}; take points out"))
    if not problems:
        problems += _alone(plan)
    if problems:
        raise StudyError(problems)
    return plan


def _whole(head: Mapping[str, Any], name: str, usual: int, least: int, most: int, problems: list[Problem]) -> int:
    found = head.get(name, usual)
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        problems.append(Problem(f"sweep/{name}", found, f"must be a whole number from {least} to {most}"))
        return usual
    return found


def _listed(raw: Any) -> Sequence[Mapping[str, Any]]:
    return [each for each in raw if isinstance(each, Mapping)] if isinstance(raw, list) else []


def _axis(raw: Mapping[str, Any], place: str, problems: list[Problem]) -> Axis:
    for key in raw:
        if key not in AXIS_KEYS:
            problems.append(Problem(f"{place}/{key}", None, f"is not known{did_you_mean(key, AXIS_KEYS)}"))
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        problems.append(Problem(place, None, 'needs name = "..."'))
        name = place
    if "path" in raw:
        values = raw.get("values")
        if not isinstance(values, list) or not values:
            problems.append(Problem(place, None, "needs values = [...] beside its path"))
            values = []
        return Axis(name, tuple(Point(str(value), ((str(raw["path"]), value),)) for value in values))
    points = []
    for number, each in enumerate(_listed(raw.get("point")), start=1):
        changes = tuple((path, content) for path, content in each.items() if path != "name")
        points.append(Point(str(each.get("name", number)), changes))
    return Axis(name, tuple(points))


def _alone(plan: Plan) -> list[Problem]:
    """What is wrong with each point alone: found before hours of work, not in the middle of them."""
    problems: list[Problem] = []
    for axis in plan.axes:
        for point in axis.points:
            changes = {path: {"value": content, "set_by": "file"} for path, content in point.changes}
            try:
                replace_all(plan.study, changes)
            except StudyError as error:
                problems += [
                    Problem(f"{axis.name} = {point.name}: {p.path}", p.value, p.message) for p in error.problems
                ]
    return problems
