"""Which uncertain inputs make a result uncertain: the share of its variance that each explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.analysis.risk.simulation import Simulation
from models.engine.arrays import Array

INDEPENDENT = "RBD-FAST first-order shares of the variance (SALib)"
CORRELATED = "relative weights of a regression on ranks (Johnson 2000), since inputs are correlated"
# Fewer draws than this per input say nothing of it.
FEWEST = 200
# Harmonics of the random balance design, the method's own choice.
HARMONICS = 10
# A result that varies less than this against its mean does not vary.
STILL = 1e-12


@dataclass(frozen=True)
class Driver:
    """An input, by the path and name in the list, and the share of a result's variance that it explains."""

    path: str
    name: str
    share: float


def method(made: Simulation) -> str:
    """How the shares are found."""
    return CORRELATED if made.correlated else INDEPENDENT


def drivers(made: Simulation, metric: str, option: str, against: str | None = None) -> tuple[Driver, ...]:
    """The inputs by falling share of the variance of an option's result, or of its gap to another option's.

    A share is the first-order effect of the input alone; an estimate below 0, which rounding of the method gives for an
    input without effect, counts as 0. Empty where the result does not vary or the draws are too few. The first block of
    draws is used.
    """
    figures = made.figures[option][metric][made.blocked]
    if against is not None:
        figures = figures - made.figures[against][metric][made.blocked]
    known = np.isfinite(figures)
    found, moved = figures[known], made.values[:, known].T
    varied = np.flatnonzero(np.ptp(moved, axis=0) > 0) if len(found) else np.array([], dtype=int)
    still = not len(found) or float(np.ptp(found)) <= STILL * float(np.abs(found).max())
    if still or len(found) < FEWEST or not len(varied):
        return ()
    shares = _relative_weights(moved[:, varied], found) if made.correlated else _first_order(moved[:, varied], found)
    inputs = [made.listed.inputs[number] for number in varied]
    told = [Driver(each.path, each.name, max(0.0, float(s))) for each, s in zip(inputs, shares, strict=True)]
    return tuple(sorted(told, key=lambda driver: -driver.share))


def _first_order(moved: Array, figures: Array) -> Array:
    """First-order indices from the draws at hand. Source: Tissot and Prieur, Bias correction for the estimation of
    sensitivity indices based on random balance designs, Reliab. Eng. Syst. Saf. 107 (2012)."""
    from SALib.analyze.rbd_fast import compute_first_order, permute_outputs, unskew_S1

    # Confidence intervals by resampling, which `analyze` adds, take most of its time and are not asked for.
    shares = (compute_first_order(permute_outputs(column, figures), HARMONICS) for column in moved.T)
    return np.array([unskew_S1(share, HARMONICS, len(figures)) for share in shares])


def _relative_weights(moved: Array, figures: Array) -> Array:
    """Shares that add up to what a regression on ranks explains, correlated inputs parted between each other.

    Source: J. W. Johnson, A heuristic method for estimating the relative weight of predictor variables in multiple
    regression, Multivar. Behav. Res. 35 (2000).
    """
    ranks, ranked = _standard(_ranked(moved)), _standard(_ranked(figures[:, None]))[:, 0]
    count = len(ranked)
    values, vectors = np.linalg.eigh(ranks.T @ ranks / count)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    beta = np.linalg.lstsq(root, ranks.T @ ranked / count, rcond=1e-10)[0]
    return np.asarray(root**2 @ beta**2, dtype=np.float64)


def _ranked(values: Array) -> Array:
    return values.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(float)


def _standard(values: Array) -> Array:
    return (values - values.mean(axis=0)) / values.std(axis=0)
