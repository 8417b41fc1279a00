"""The templates: complete studies that come with the project, read once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.studies.file import load as study
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study

FOLDER = Path(__file__).parent.parent / "templates"
# Shown before anybody picks one: it holds every way to get the hardware.
FIRST = "customer_service"


@dataclass(frozen=True)
class Template:
    """A complete study to start from; `name` is its file without the ending."""

    name: str
    title: str
    decision: str
    study: Study


def names() -> tuple[str, ...]:
    """The names of all templates, the one shown first at the head."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != FIRST))


@cache
def template(name: str) -> Template:
    """The template of that name, one of `names`. Raises StudyError if its file is faulty."""
    read = study.load(FOLDER / f"{name}.toml")
    return Template(name, read.fields.text("title"), read.fields.text("decision"), read)


def templates() -> tuple[Template, ...]:
    """All templates, the one shown first at the head. Raises StudyError if a file is faulty."""
    return tuple(template(name) for name in names())


def first() -> Template:
    """The template shown before anybody picks one: the first that can be read.

    Raises StudyError, with the fault of the last, if none can.
    """
    fault: StudyError | None = None
    for name in names():
        try:
            return template(name)
        except StudyError as error:
            fault = error
    raise fault or StudyError([Problem("", None, f"there are no templates in {FOLDER.name}/")])
