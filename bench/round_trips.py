"""Break-evens fed back: random studies around the templates, every tie put into the study, the gap that is left.

A tie across a step of a fleet of millions of systems is as exact as one system in them, so the largest gap is not the
rounding of the search alone. Run it with `make bench`.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.sensitivity.breakeven import break_even
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.vary import variation
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file.load import load
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

ROOT = Path(__file__).parents[1]
STUDIES_EACH, MOVED, SPREAD = 4, 12, 0.4
METRICS = (RANKED_BY, "comparison_pv_cost")


@dataclass
class Found:
    """What the searches found: how many, how many ties and steps, and the relative gaps that ties leave."""

    searches: int = 0
    steps: int = 0
    gaps: list[float] = field(default_factory=list)


def disturbed(study: Study, chance: random.Random) -> Study:
    """The study with some of its numbers moved at random; as it was where what results is refused."""
    numbers = [
        (place.of(name), value.value)
        for place in study.places.values()
        for name, value in place.row.items()
        if isinstance(value.value, float) and value.value
    ]
    moved = chance.sample(numbers, min(MOVED, len(numbers)))
    try:
        return replace_all(study, {path: value * chance.uniform(1 - SPREAD, 1 + SPREAD) for path, value in moved})
    except StudyError:
        return study


def studies(chance: random.Random) -> Iterator[Study]:
    for path in sorted((ROOT / "templates").glob("*.toml")):
        held = load(path)
        yield from (disturbed(held, chance) for _ in range(STUDIES_EACH))


def fed_back(study: Study, path: str, root: float, pair: tuple[str, str], metric: str) -> float:
    """The gap, relative to the larger figure, with the tie put into the study."""
    again = MODEL.run(replace(study, path, root))
    one, two = (again.options[name].number(metric) or 0.0 for name in pair)
    return abs(one - two) / (max(abs(one), abs(two)) or 1.0)


def search(study: Study, found: Found) -> None:
    """Every candidate of two neighbouring pairs of options, in both figures."""
    result = MODEL.run(study)
    for a, b in itertools.islice(itertools.pairwise(result.options.values()), 2):
        for path, metric in itertools.product(candidates(a, b), METRICS):
            try:
                varied = variation(study, path)
                tie = break_even(varied, a.name, b.name, metric)
            except StudyError:
                continue
            found.searches += 1
            found.steps += len(tie.jumps)
            if not varied.whole:
                found.gaps += [fed_back(study, path, root, (a.name, b.name), metric) for root in tie.roots]


def measure() -> tuple[Found, float]:
    """All searches, and the seconds they took."""
    found, start = Found(), time.perf_counter()
    for study in studies(random.Random(1)):
        search(study, found)
    return found, time.perf_counter() - start
