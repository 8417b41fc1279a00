"""The cases of a study side by side: each scenario with the figures of every option, and what is recommended in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.analysis.decision.decision import recommendation
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import lacks
from models.analysis.risk.simulation import METRICS
from models.analysis.words import of_thousand
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.scenarios import BASE, applied
from models.studies.study import Study


@dataclass(frozen=True)
class Case:
    """A case: its name, the study in it, its run, and the option that is recommended in it (None: none is)."""

    name: str
    study: Study
    result: Result
    winner: str | None


def cases(study: Study) -> tuple[Case, ...]:
    """The base case and every scenario, each run."""
    found = []
    for name in (BASE, *(each.name for each in study.scenarios)):
        held = applied(study, name)
        result = MODEL.run(held)
        found.append(Case(name, held, result, recommendation(result).winner))
    return tuple(found)


def as_json(found: tuple[Case, ...]) -> dict[str, Any]:
    """By case: what is recommended, and the figures of every option."""
    return {
        each.name: {
            "recommended": each.winner,
            "options": {
                name: {figure: option.number(figure) for figure in METRICS}
                for name, option in each.result.options.items()
            },
        }
        for each in found
    }


def text(found: tuple[Case, ...]) -> str:
    """A table: cases across, cost per 1,000 responses of each option down."""
    return "\n".join(_lines(found))


def cost_of(case: Case, name: str) -> str:
    """What 1,000 responses cost with an option in a case; the word where it lacks a price and is not ranked."""
    option = case.result.options[name]
    if lacks(option):
        return "price missing"
    return writer.unit_cost(of_thousand(option.number(RANKED_BY)))


def _lines(found: tuple[Case, ...]) -> Iterator[str]:
    currency = found[0].study.currency
    yield f"Cost per 1,000 responses, {currency or 'money'}, present value; * is recommended"
    yield " " * 32 + "".join(f"{each.name[:18]:>20}" for each in found)
    for name in found[0].result.options:
        cells = []
        for each in found:
            shown = cost_of(each, name)
            cells.append(f"{shown}{'*' if each.winner == name else ' '}")
        yield f"{name[:32]:32}" + "".join(f"{cell:>20}" for cell in cells)
