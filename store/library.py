"""The templates: complete studies that come with the project, read once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models import study
from models.study import Study

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


@cache
def templates() -> tuple[Template, ...]:
    """Every template, the one shown first at the head. Raises StudyError for a faulty file."""
    found = [_template(path) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda each: each.name != FIRST))


def template(name: str) -> Template:
    """The template of that name. Raises KeyError if there is none."""
    return {each.name: each for each in templates()}[name]


def _template(path: Path) -> Template:
    read = study.load(path)
    return Template(path.stem, read.fields.text("title"), read.fields.text("decision"), read)
