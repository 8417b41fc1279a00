"""Scenarios: named sets of changes to a study. `[[scenario]]` in a file, a case on screen and in the workbook.

A scenario says what is another in it, by path: `"option/Own/pue" = 1.2`. The study as it stands is the base case.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from models.studies.change import replace_all
from models.studies.inputs.paths import segment
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Scenario, Study

BASE = "Base"
# Technical limits, far above any real study.
MOST, MOST_CHANGES = 50, 500

NOT_A_TABLE = ProblemKind("not_a_scenario", "must be headed [[scenario]]", "with a name and inputs by path", joint=", ")
NAMELESS = ProblemKind("nameless_scenario", "needs", 'name = "..."', joint=" ")
TAKEN = ProblemKind("scenario_name_taken", "is the name of another case, or of the base case", "choose another")
UNCHANGED = ProblemKind("empty_scenario", "changes nothing", 'name an input by its path: "study/discount_rate" = 0.1')
TOO_MANY = ProblemKind("too_many_scenarios", "there are {count}", "at most {most} are read: is it the right file?")
NO_SUCH = ProblemKind("no_such_scenario", "is no case of this study", "{hint}", joint="")


def read(raw: Any, errors: list[Problem]) -> tuple[Scenario, ...]:
    """The scenarios that plain tables describe; what has not their form is told in `errors`."""
    if raw is None:
        return ()
    if not isinstance(raw, (list, tuple)) or not all(isinstance(each, Mapping) for each in raw):
        errors.append(Problem("scenario", None, NOT_A_TABLE))
        return ()
    if len(raw) > MOST or any(len(each) > MOST_CHANGES for each in raw):
        errors.append(Problem("scenario", None, TOO_MANY, {"count": len(raw), "most": MOST}))
        return ()
    found: list[Scenario] = []
    for number, each in enumerate(raw, start=1):
        name = each.get("name")
        place = f"scenario/{segment(name)}" if isinstance(name, str) and name else f"scenario/#{number}"
        changes = tuple((str(path), _content(part)) for path, part in each.items() if path != "name")
        if not isinstance(name, str) or not name.strip():
            errors.append(Problem(place, None, NAMELESS))
        elif name.casefold() in {BASE.casefold(), *(s.name.casefold() for s in found)}:
            errors.append(Problem(place, name, TAKEN))
        elif not changes:
            errors.append(Problem(place, None, UNCHANGED))
        else:
            found.append(Scenario(name, changes))
    return tuple(found)


def _content(part: Any) -> Any:
    """A change as a scenario holds it: only the value, whatever else stands beside it."""
    value = part.get("value") if isinstance(part, Mapping) else part
    return tuple(value) if isinstance(value, list) else value


def examine(study: Study) -> list[Problem]:
    """What is wrong with the scenarios of a study that holds as it stands: each must be a valid study, too."""
    problems: list[Problem] = []
    for each in study.scenarios:
        try:
            applied(study, each.name)
        except StudyError as error:
            problems += [
                dataclasses.replace(problem, path=f"scenario/{segment(each.name)}: {problem.path}")
                for problem in error.problems
            ]
    return problems


def named(study: Study, name: str) -> Scenario:
    """The scenario of that name. Raises StudyError, naming the nearest."""
    found = next((each for each in study.scenarios if each.name == name), None)
    if found is None:
        hint = did_you_mean(name, (BASE, *(each.name for each in study.scenarios)))
        raise StudyError([Problem("scenario", name, NO_SUCH, {"hint": hint})])
    return found


def applied(study: Study, name: str) -> Study:
    """The study in one of its cases; as it stands for the base case. Raises StudyError where that is no valid study."""
    if name == BASE:
        return study
    changes = {path: {"value": _plain(content), "set_by": "file"} for path, content in named(study, name).changes}
    return dataclasses.replace(replace_all(study, changes), scenarios=())


def _plain(content: Any) -> Any:
    return list(content) if isinstance(content, tuple) else content


def to_plain(found: Sequence[Scenario]) -> list[dict[str, Any]]:
    """The scenarios as a file holds them."""
    return [{"name": each.name, **{path: _plain(content) for path, content in each.changes}} for each in found]


def with_change(study: Study, name: str, path: str, content: Any) -> Study:
    """The study in which a case, new or not, holds another value of an input.

    Raises StudyError for a path that leads nowhere, a name that is taken, and a case that is no valid study.
    """
    study.input(path)
    held = next((each for each in study.scenarios if each.name == name), None)
    changes = dict(held.changes if held else ()) | {path: content}
    made = Scenario(name, tuple(changes.items()))
    others = tuple(made if each.name == name else each for each in study.scenarios)
    changed = dataclasses.replace(study, scenarios=others if held else (*others, made))
    errors: list[Problem] = []
    read(to_plain(changed.scenarios), errors)
    if errors or (errors := examine(changed)):
        raise StudyError(errors)
    return changed


def without(study: Study, name: str) -> Study:
    """The study without one of its cases."""
    return dataclasses.replace(study, scenarios=tuple(each for each in study.scenarios if each.name != name))


def paths_kept(found: Iterable[Scenario], keep: Callable[[str], str | None]) -> tuple[Scenario, ...]:
    """The scenarios with each path as `keep` has it, without the changes whose path it drops (None), and without those
    that then change nothing."""
    made = (
        Scenario(each.name, tuple((new, content) for path, content in each.changes if (new := keep(path)) is not None))
        for each in found
    )
    return tuple(each for each in made if each.changes)
