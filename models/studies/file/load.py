"""Studies: load, validate, save. A study is one demand, one set of finance assumptions, and several options.

A study comes from a TOML file (`load`, `loads`) or from plain tables of the same shape (`from_dict`), goes back to
either (`save`, `dumps`, `to_dict`). What cannot be computed is refused, with every reason at once (`StudyError`); what
is doubtful is kept in `Study.warnings`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import Any

from models.studies import rules, scenarios
from models.studies.file import toml
from models.studies.file.reading import read_study, to_plain
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.study import Study

NOT_TABLES = ProblemKind(
    "not_tables", "a study is a set of tables", "{table:study}, {table:workload}, {table:option}", joint=": "
)


def loads(text: str | bytes) -> Study:
    """The study in TOML text (bytes are taken as UTF-8). Raises StudyError with everything that is wrong."""
    return from_dict(toml.parsed(text))


def load(path: str | os.PathLike[str]) -> Study:
    """The study in a TOML file. Raises StudyError, also for a file that cannot be read."""
    return loads(toml.read_bytes(path))


def dumps(study: Study) -> str:
    """The study as TOML text, from which `loads` makes an equal one."""
    return toml.written(to_dict(study))


def save(study: Study, path: str | os.PathLike[str]) -> None:
    """Write the study to a TOML file, whole or not at all. Raises OSError where it cannot be written."""
    toml.write_text(path, dumps(study))


def from_dict(tables: Mapping[str, Any]) -> Study:
    """The study that plain tables, as read from TOML, describe; None in them is a blank.

    Raises StudyError with everything that is wrong.
    """
    study, errors, warnings = _examined(tables)
    if errors:
        raise StudyError(errors)
    return dataclasses.replace(study, warnings=tuple(warnings))


def to_dict(study: Study) -> dict[str, Any]:
    """The study as plain tables: only what somebody set, with its provenance, ready for TOML."""
    return to_plain(study)


def problems(tables: Mapping[str, Any]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Everything that is wrong with, and everything doubtful in, the study that plain tables describe."""
    _, errors, warnings = _examined(tables)
    return tuple(errors), tuple(warnings)


def _examined(tables: Mapping[str, Any]) -> tuple[Study, list[Problem], list[Problem]]:
    errors: list[Problem] = []
    if not isinstance(tables, Mapping):
        errors.append(Problem("", None, NOT_TABLES))
        return read_study({}, []), errors, []
    study = read_study(tables, errors)
    refused, flagged = rules.examine(study, errors)
    if not errors and not refused:
        refused = scenarios.examine(study)
    return study, [*errors, *refused], flagged
