"""What knowing more before choosing is worth, in money of the comparison's present value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.analysis.risk.inputs import Uncertain
from models.analysis.risk.simulation import Simulation
from models.engine.arrays import Array
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.spelling import did_you_mean

# An input of so few values is looked at value by value; others by a polynomial of this degree in their ranks.
FEW_VALUES, DEGREE = 12, 4
# A fit counts where chance would explain as much as rarely as this.
CHANCE = 1e-3
NOT_DRAWN = ProblemKind(
    "not_drawn", "is not drawn, so there is nothing to find out", "name an input that is{hint}", joint=": "
)


@dataclass(frozen=True)
class Worth:
    """What it is worth at most to know an input before choosing, by its path and name in the list."""

    path: str
    name: str
    worth: float


def perfect(made: Simulation) -> float:
    """The expected value of perfect information: how much less it costs on average to choose in each draw the option
    that is cheapest there than to choose once the one that is cheapest on average. 0 with one option to choose from."""
    if len(made.competing) < 2:
        return 0.0
    costs = np.array([made.costs[name] for name in made.competing])
    costs = costs[:, np.isfinite(costs).all(axis=0)]
    if not costs.size:
        return 0.0
    return max(0.0, float(costs.mean(axis=1).min() - costs.min(axis=0).mean()))


def worths(made: Simulation) -> tuple[Worth, ...]:
    """What perfect information on each input alone is worth (EVPPI), by falling worth."""
    if len(made.competing) < 2:
        return tuple(Worth(each.path, each.name, 0.0) for each in made.listed.inputs)
    known, most = made.listed.inputs, perfect(made)
    costs, moved = _known(made)
    found = [Worth(each.path, each.name, _partial(costs, moved[[n]], most)) for n, each in enumerate(known)]
    return tuple(sorted(found, key=lambda each: -each.worth))


@dataclass(frozen=True)
class Group:
    """What it is worth at most to know several inputs before choosing, each by its path and name in the list."""

    paths: tuple[str, ...]
    names: tuple[str, ...]
    worth: float


def together(made: Simulation, wanted: Sequence[str]) -> Group:
    """What perfect information on a group of inputs at once is worth.

    An input is named by its path, or all of one kind by its last part, such as `decode_rate`. Raises StudyError for
    what is not drawn, naming the nearest.
    """
    listed = made.listed.inputs
    numbers = sorted({number for each in wanted for number in _positions(listed, each)})
    found = tuple(listed[number] for number in numbers)
    figure = 0.0
    if len(made.competing) > 1 and numbers:
        costs, moved = _known(made)
        figure = _partial(costs, moved[numbers], perfect(made))
    return Group(tuple(each.path for each in found), tuple(each.name for each in found), figure)


def kinds(made: Simulation) -> tuple[tuple[str, ...], ...]:
    """The inputs of one kind, by path, that stand in several places: what one measurement or one talk may settle."""
    found: dict[str, list[str]] = {}
    for each in made.listed.inputs:
        at = address(each.path)
        if at.table not in ("capex", "opex"):
            found.setdefault(f"{at.table}/{at.name}", []).append(each.path)
    return tuple(tuple(paths) for paths in found.values() if len(paths) > 1)


def _positions(listed: Sequence[Uncertain], wanted: str) -> list[int]:
    """The positions in the list of what is meant: the input of that path, else all of that name."""
    by_path = [number for number, each in enumerate(listed) if wanted in each.paths]
    found = by_path or [number for number, each in enumerate(listed) if address(each.path).name == wanted]
    if not found:
        known = [*(path for each in listed for path in each.paths), *(address(each.path).name for each in listed)]
        raise StudyError([Problem(wanted, None, NOT_DRAWN, {"hint": did_you_mean(wanted, known)})])
    return found


def _known(made: Simulation) -> tuple[Array, Array]:
    """What each competing option costs (option, draw) and the inputs (input, draw), of those draws of the first block
    in which every option has a figure."""
    costs = np.array([made.costs[name][made.blocked] for name in made.competing])
    known = np.isfinite(costs).all(axis=0)
    return costs[:, known], made.values[:, known]


def _partial(costs: Array, moved: Array, most: float) -> float:
    """The worth of knowing some inputs: the choice by what each option costs on average at their values.

    Those averages are fitted to the draws (M. Strong, J. E. Oakley, A. Brennan, Estimating multiparameter partial
    expected value of perfect information from a probabilistic sensitivity analysis sample, Med. Decis. Making 34
    (2014)). It is never below 0 nor above the worth of knowing everything, and 0 where chance would fit as well.
    """
    terms = np.vstack([np.ones(moved.shape[1]), *(_terms(each) for each in moved)]).T
    gaps = (costs[1:] - costs[0]).T
    fitted, explained = _fit(terms, gaps)
    if not explained.any():
        return 0.0
    fitted = np.where(explained, fitted, gaps.mean(axis=0))
    chosen = np.minimum(0.0, fitted.min(axis=1)).mean()
    once = min(0.0, float(gaps.mean(axis=0).min()))
    return float(min(max(0.0, once - chosen), most))


def _terms(values: Array) -> Array:
    """What an average may depend on: each value of an input of few, else powers of its rank."""
    distinct = np.unique(values)
    if len(distinct) <= FEW_VALUES:
        return np.array([(values == value).astype(float) for value in distinct[1:]]).reshape(-1, len(values))
    ranks = values.argsort(kind="stable").argsort(kind="stable") / (len(values) - 1) * 2 - 1
    return np.asarray(np.polynomial.legendre.legvander(ranks, DEGREE)[:, 1:].T, dtype=np.float64)


def _fit(terms: Array, gaps: Array) -> tuple[Array, NDArray[np.bool_]]:
    """The least-squares fit of each column, and whether it explains more than chance (an F test)."""
    from scipy.stats import f

    count, free = len(gaps), terms.shape[1] - 1
    if count <= 10 * (free + 1) or not free:
        return np.repeat(gaps.mean(axis=0)[None, :], count, axis=0), np.zeros(gaps.shape[1], dtype=bool)
    fitted = terms @ np.linalg.lstsq(terms, gaps, rcond=None)[0]
    left, whole = ((gaps - fitted) ** 2).sum(axis=0), ((gaps - gaps.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = ((whole - left) / free) / (left / (count - free - 1))
    bound = f.isf(CHANCE, free, count - free - 1)
    return fitted, np.asarray((ratio > bound) & (whole > 0))
