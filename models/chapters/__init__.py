"""The lines of the model, one subject a chapter, in reading order: the work asked for, the capacity that does it, the
money. A chapter imports no other chapter."""

from __future__ import annotations

from types import ModuleType

from models.chapters import identities, kinds, timeline
from models.chapters.capacity import energy, fleet, idle, production
from models.chapters.money import capex, finance, margin, running, unit_cost
from models.chapters.work import day, demand, load, response, serving

CHAPTERS: tuple[ModuleType, ...] = (
    *(kinds, timeline, response, serving, demand, load, day, fleet, production, energy, capex, running, finance),
    *(unit_cost, idle, margin, identities),
)


def title(chapter: ModuleType) -> str:
    """The chapter's name: the first words of its docstring, up to the colon."""
    return (chapter.__doc__ or "").split(":")[0].strip()
