"""The cases that the list of ranges makes by itself: every uncertain input at its low, and every one at its high."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from models.analysis.risk.inputs import Level, Uncertain, uncertain_inputs
from models.studies import scenarios
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.study import Scenario, Study

LOW, HIGH = "Low", "High"
NO_RANGES = ProblemKind("no_ranges", "no input has a range", "give one a low and a high")


def made(study: Study) -> tuple[Scenario, ...]:
    """The two cases as the ranges stand now. Raises StudyError as `uncertain_inputs` does, and without any range."""
    inputs = uncertain_inputs(study).inputs
    if not inputs:
        raise StudyError([Problem("scenario", None, NO_RANGES)])
    return of(inputs)


def of(inputs: Sequence[Uncertain]) -> tuple[Scenario, ...]:
    """The two cases of a list of uncertain inputs."""
    return tuple(
        Scenario(name, tuple((path, end) for each in inputs for path, end in _ends(each, name))) for name in (LOW, HIGH)
    )


def unmade(study: Study, inputs: Sequence[Uncertain]) -> tuple[Scenario, ...]:
    """The two cases for a study that has none of these names; none where it refuses all ends at once."""
    if not inputs or any(each.name in (LOW, HIGH) for each in study.scenarios):
        return ()
    found = of(inputs)
    return () if scenarios.examine(dataclasses.replace(study, scenarios=found)) else found


def with_ends(study: Study) -> Study:
    """The study with both cases before the person's own, in place of those of their names.

    Raises StudyError as `made` does, and where the study refuses all ends at once.
    """
    own = tuple(each for each in study.scenarios if each.name not in (LOW, HIGH))
    changed = dataclasses.replace(study, scenarios=(*made(study), *own))
    if problems := scenarios.examine(changed):
        raise StudyError(problems)
    return changed


def are_stale(study: Study) -> bool:
    """Whether the study holds cases of these names that its ranges would now make otherwise."""
    held = tuple(each for each in study.scenarios if each.name in (LOW, HIGH))
    try:
        return bool(held) and set(held) != set(made(study))
    except StudyError:
        return True


def _ends(each: Uncertain, name: str) -> list[tuple[str, Level]]:
    low, high = (each.low, each.high) if each.years else each.spread.within
    return [(path, low if name == LOW else high) for path in each.paths]
