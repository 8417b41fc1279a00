"""Common random numbers: a Latin hypercube over the uncertain inputs, with the correlations the study states.

Draws come in blocks, each a Latin hypercube of its own from its own stream of the seed, so that what is drawn depends
neither on the number of workers nor on where a run was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.analysis.risk.inputs import Uncertain
from models.engine.arrays import Array
from models.notation import writer

Pairs = Sequence[tuple[int, int, float]]
# How many draws make one Latin hypercube.
BLOCK = 10_000
# Alternating projections to the nearest correlation matrix, and how close two rounds are where they end.
ROUNDS, CLOSE = 1_000, 1e-12
# An eigenvalue below this is what rounding leaves of 0.
NO_VARIANCE = -1e-10


@dataclass(frozen=True)
class Repaired:
    """A correlation as stated and as used: no set of numbers can have all of those stated."""

    one: int
    two: int
    stated: float
    used: float


@dataclass(frozen=True)
class Correlations:
    """The inputs that are correlated, by position, their matrix, and what was repaired in it."""

    columns: tuple[int, ...]
    matrix: Array
    repaired: tuple[Repaired, ...]


def correlations(pairs: Pairs) -> Correlations:
    """The matrix of the stated pairs, others uncorrelated; the nearest possible where they contradict each other."""
    columns = tuple(sorted({column for one, two, _ in pairs for column in (one, two)}))
    at = {column: number for number, column in enumerate(columns)}
    matrix = np.eye(len(columns))
    for one, two, rho in pairs:
        matrix[at[one], at[two]] = matrix[at[two], at[one]] = rho
    if not columns or np.linalg.eigvalsh(matrix)[0] >= NO_VARIANCE:
        return Correlations(columns, matrix, ())
    used = nearest(matrix)
    repaired = (Repaired(one, two, rho, float(used[at[one], at[two]])) for one, two, rho in pairs)
    return Correlations(columns, used, tuple(each for each in repaired if abs(each.stated - each.used) > 5e-4))


def repairs(inputs: Sequence[Uncertain], linked: Correlations) -> Iterator[str]:
    """What is repaired, in a sentence for each pair."""
    for each in linked.repaired:
        one, two = inputs[each.one].name, inputs[each.two].name
        yield (
            f"The correlations contradict each other; the nearest possible are used: {one} with {two} "
            f"{writer.exact(each.used)}, not {writer.exact(each.stated)}."
        )


def nearest(matrix: Array) -> Array:
    """The correlation matrix that is nearest to a symmetric one in the Frobenius norm.

    Source: N. J. Higham, Computing the nearest correlation matrix, IMA J. Numer. Anal. 22 (2002), algorithm 3.3.
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        before = found.copy()
        shifted = found - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = projected - shifted
        found = projected.copy()
        np.fill_diagonal(found, 1.0)
        if float(np.abs(found - before).max()) < CLOSE:
            break
    return found


def block_sizes(draws: int) -> list[int]:
    """The draws of each block."""
    whole, rest = divmod(draws, BLOCK)
    return [BLOCK] * whole + ([rest] if rest else [])


def shares(count: int, inputs: int, seed: int, block: int, linked: Correlations, extra: int = 0) -> Array:
    """Shares of probability (draw, input) of one block: a Latin hypercube; `extra` numbers further ones of it."""
    from scipy.stats.qmc import LatinHypercube

    stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block, extra)))
    found = LatinHypercube(max(1, inputs), rng=stream).random(count)[:, :inputs]
    return _together(found, linked, stream) if linked.columns and count > 1 else found


def _together(found: Array, linked: Correlations, stream: np.random.Generator) -> Array:
    """The shares with those of correlated inputs put into another order: a Gaussian copula on ranks.

    Each input keeps its Latin hypercube; only which of its values meet changes. Source: R. L. Iman and W. J. Conover, A
    distribution-free approach to inducing rank correlation, Commun. Stat. B 11 (1982), on normal scores.
    """
    from scipy.special import ndtri

    columns = list(linked.columns)
    scores = ndtri(found[:, columns])
    if len(scores) > len(columns) + 1:
        held = np.corrcoef(scores, rowvar=False)
        scores = scores @ np.linalg.inv(np.linalg.cholesky(held)).T
    values, vectors = np.linalg.eigh(linked.matrix)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    ranks = (scores @ root).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    ordered = np.sort(found[:, columns], axis=0)
    moved = found.copy()
    moved[:, columns] = np.take_along_axis(ordered, ranks, axis=0)
    return moved


def values(inputs: Sequence[Uncertain], shares: Array) -> Array:
    """The inputs' values (input, draw) at shares of probability (draw, input)."""
    return np.array([each.spread.quantile(shares[:, number]) for number, each in enumerate(inputs)]).reshape(
        len(inputs), len(shares)
    )
