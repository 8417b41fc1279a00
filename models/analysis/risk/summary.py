"""What a simulation says: percentiles, who is cheapest and how surely, and what a choice costs where it was wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.analysis.metrics.measures import RANKED_BY, TIE
from models.analysis.risk.simulation import METRICS, Simulation
from models.engine.arrays import Array

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True)
class Summary:
    """A result over the draws in which it has a figure: percentiles by number, mean, standard deviation, and the
    standard errors of the 50th and the 90th percentile. None where there are too few draws to tell."""

    percentiles: Mapping[int, float]
    mean: float
    sd: float | None
    se_p50: float | None
    se_p90: float | None


@dataclass(frozen=True)
class Regret:
    """What an option costs above the cheapest of each draw: the mean, and the 90th percentile."""

    mean: float
    p90: float


def summary(figures: Array) -> Summary | None:
    """The summary of one figure a draw; None where none has a figure."""
    known = np.sort(figures[np.isfinite(figures)])
    if not len(known):
        return None
    found = np.percentile(known, PERCENTILES)
    return Summary(
        {p: float(q) for p, q in zip(PERCENTILES, found, strict=True)},
        float(known.mean()),
        float(known.std(ddof=1)) if len(known) > 1 else None,
        _standard_error(known, 0.5),
        _standard_error(known, 0.9),
    )


def _standard_error(ordered: Array, share: float) -> float | None:
    """Half the span of the order statistics one standard deviation of their count to either side of a percentile.

    The count of draws below a percentile is binomial, whatever the distribution (David and Nagaraja, Order Statistics,
    2003, section 7.1). That holds for independent draws; of a Latin hypercube it is on the large side. None where the
    draws do not reach so far.
    """
    count = len(ordered)
    off = math.sqrt(count * share * (1 - share))
    low, high = count * share - off, count * share + off
    if low < 0 or high > count - 1:
        return None
    below, above = np.interp([low, high], np.arange(count), ordered)
    return float(above - below) / 2


def summaries(made: Simulation, option: str) -> dict[str, Summary | None]:
    """The summary of every simulated result of an option."""
    return {metric: summary(made.figures[option][metric]) for metric in METRICS}


def cheapest(made: Simulation) -> dict[str, float]:
    """With what probability each competing option costs least for the same work; options that tie share a draw."""
    if not made.competing:
        return {}
    cost = np.array([np.where(made.stands[n], made.costs[n], np.inf) for n in made.competing])
    best = cost.min(axis=0)
    ahead = np.isfinite(cost) & (cost - best <= TIE * np.abs(best))
    shared = ahead / np.maximum(1, ahead.sum(axis=0))
    return {n: float(s) for n, s in zip(made.competing, shared.mean(axis=1), strict=True)}


def tied(made: Simulation, option: str) -> tuple[str, ...]:
    """The competing options that cost the same as one in every draw, itself among them: they share its probability."""
    own = made.costs[option]
    near = lambda other: bool(np.all(np.abs(other - own) <= TIE * np.maximum(np.abs(other), np.abs(own))))  # noqa: E731
    return tuple(name for name in made.competing if near(made.costs[name]))


def beats(made: Simulation) -> dict[str, dict[str, float]]:
    """With what probability each competing option costs less than each other for the same work; a tie is neither's."""
    return {a: {b: float(np.mean(_less(made, a, b))) for b in made.competing if b != a} for a in made.competing}


def _less(made: Simulation, a: str, b: str) -> NDArray[np.bool_]:
    ours, theirs = made.costs[a], made.costs[b]
    less = theirs - ours > TIE * np.maximum(np.abs(ours), np.abs(theirs))
    return made.stands[a] & (less | ~made.stands[b])


def saved(made: Simulation, option: str, against: str) -> Array:
    """How much less an option costs than another in each draw, in present value for the same responses."""
    return made.costs[against] - made.costs[option]


def regrets(made: Simulation) -> dict[str, Regret]:
    """What the choice of each competing option costs against the cheapest of each draw, in present value."""
    if not made.competing:
        return {}
    best = np.min([made.costs[n] for n in made.competing], axis=0)
    found = {}
    for name in made.competing:
        above = made.costs[name] - best
        above = above[np.isfinite(above)]
        found[name] = Regret(float(above.mean()), float(np.percentile(above, 90)))
    return found


def at_most(made: Simulation, option: str) -> float | None:
    """The ranking figure that is not exceeded with 90 % probability: of a cost the high side."""
    found = summary(made.figures[option][RANKED_BY])
    return None if found is None else found.percentiles[90]


def standing(made: Simulation, option: str) -> float | None:
    """The share of the draws in which an option's ranking figure is below that of the study as it stands.

    Far from one half, the ranges lean to one side of what was planned.
    """
    planned, figures = made.base.options[option].number(RANKED_BY), made.figures[option][RANKED_BY]
    known = figures[np.isfinite(figures)]
    return None if planned is None or not len(known) else float(np.mean(known < planned))
