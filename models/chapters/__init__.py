"""The lines of the model, one subject a chapter, in reading order. A chapter imports no other chapter."""

from __future__ import annotations

from types import ModuleType

from models.chapters import (
    capex,
    day,
    demand,
    energy,
    finance,
    fleet,
    identities,
    idle,
    kinds,
    load,
    margin,
    production,
    response,
    running,
    serving,
    timeline,
    unit_cost,
)

CHAPTERS: tuple[ModuleType, ...] = (
    *(kinds, timeline, response, serving, demand, load, day, fleet, production, energy, capex, running, finance),
    *(unit_cost, idle, margin, identities),
)


def title(chapter: ModuleType) -> str:
    """The chapter's name: the first words of its docstring, up to the colon."""
    return (chapter.__doc__ or "").split(":")[0].strip()
