"""How one uncertain input is spread: the value at a given share of probability, cut to what the input allows.

A cut leaves out what lies beyond and keeps the proportions of the rest, which is what drawing again until a value is
allowed comes to; nothing is moved onto a bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.engine.arrays import Array
from models.studies.inputs.schema import Field

# Low and high of a normal and a lognormal are its 5th and 95th percentile: so many standard deviations off the middle.
NORMAL_95 = 1.6448536269514722
# PERT weighs the most likely value four times as much as either end (Malcolm et al., 1959).
PERT_WEIGHT = 4.0


@dataclass(frozen=True)
class Spread:
    """A distribution of one input, by `kind` one of `schema.DISTRIBUTIONS`, between `least` and `most` allowed values.

    `low` and `high` are its ends, or its 5th and 95th percentile; `mode` is the value as it stands. A discrete one
    takes `outcomes` with their `weights`. `open_least` and `open_most` tell that the bound itself is not allowed.
    """

    kind: str
    low: float
    mode: float
    high: float
    outcomes: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    open_least: bool = False
    open_most: bool = False

    @classmethod
    def of(cls, entry: Field, kind: str, low: float, mode: float, high: float) -> Spread:
        """The spread of an input over a range, cut to the input's bounds."""
        least = -math.inf if entry.minimum is None else entry.minimum
        most = math.inf if entry.maximum is None else entry.maximum
        bounds = (least, most, entry.exclusive_minimum, entry.exclusive_maximum)
        return cls(kind, low, mode, high, (), (), *bounds)

    def quantile(self, share: Array) -> Array:
        """The values below which these shares, between 0 and 1, of the cut distribution lie."""
        if self.low == self.high:
            return np.full(np.shape(share), self.low)
        if self.kind == "discrete":
            reached = np.cumsum(self.weights) / math.fsum(self.weights)
            return np.asarray(self.outcomes)[np.minimum(np.searchsorted(reached, share), len(reached) - 1)]
        below, above = self._below(self.least), self._below(self.most)
        values = self._uncut(below + share * (above - below) if below > 0 or above < 1 else share)
        # What rounding, or a bound that is not allowed itself, leaves at the bound is the next number inside.
        least = np.nextafter(self.least, math.inf) if self.open_least else self.least
        most = np.nextafter(self.most, -math.inf) if self.open_most else self.most
        return np.clip(values, least, most)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value that may be drawn; those of a distribution without ends lie far out."""
        found = self.quantile(np.array([1e-6, 1 - 1e-6]))
        if self.kind == "discrete":
            taken = [o for o, weight in zip(self.outcomes, self.weights, strict=True) if weight > 0]
            return min(taken), max(taken)
        return float(found[0]), float(found[1])

    @property
    def within(self) -> tuple[float, float]:
        """Low and high, brought inside what is allowed."""
        first, last = self.ends
        low = self.low if self.least < self.low or (self.least == self.low and not self.open_least) else first
        high = self.high if self.high < self.most or (self.high == self.most and not self.open_most) else last
        return low, high

    @property
    def mean(self) -> float:
        """The mean of what is drawn, from the middles of many equal shares of probability."""
        count = 20_000
        return float(self.quantile((np.arange(count) + 0.5) / count).mean())

    def _below(self, value: float) -> float:
        """The share of the uncut distribution below a bound."""
        if math.isinf(value):
            return 0.0 if value < 0 else 1.0
        if self.kind in ("normal", "lognormal"):
            if self.kind == "lognormal" and value <= 0:
                return 0.0
            from scipy.special import ndtr

            middle, sd = self._normal()
            return float(ndtr(((math.log(value) if self.kind == "lognormal" else value) - middle) / sd))
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        return self._below_inside(value)

    def _below_inside(self, value: float) -> float:
        width = self.high - self.low
        if self.kind == "uniform":
            return (value - self.low) / width
        if self.kind == "pert":
            from scipy.special import betainc

            return float(betainc(*self._beta(), (value - self.low) / width))
        if value <= self.mode:
            return (value - self.low) ** 2 / (width * (self.mode - self.low)) if self.mode > self.low else 0.0
        return 1 - (self.high - value) ** 2 / (width * (self.high - self.mode))

    def _uncut(self, share: Array) -> Array:
        width = self.high - self.low
        if self.kind == "uniform":
            return self.low + share * width
        if self.kind == "triangular":
            turn = (self.mode - self.low) / width
            rising = self.low + np.sqrt(share * width * (self.mode - self.low))
            falling = self.high - np.sqrt((1 - share) * width * (self.high - self.mode))
            return np.where(share < turn, rising, falling)
        if self.kind == "pert":
            from scipy.special import betaincinv

            return self.low + width * betaincinv(*self._beta(), share)
        from scipy.special import ndtri

        middle, sd = self._normal()
        values = middle + sd * ndtri(share)
        return np.exp(values) if self.kind == "lognormal" else values

    def _beta(self) -> tuple[float, float]:
        width = self.high - self.low
        return (
            1 + PERT_WEIGHT * (self.mode - self.low) / width,
            1 + PERT_WEIGHT * (self.high - self.mode) / width,
        )

    def _normal(self) -> tuple[float, float]:
        """Mean and standard deviation, of the logarithm for a lognormal."""
        low, high = (math.log(self.low), math.log(self.high)) if self.kind == "lognormal" else (self.low, self.high)
        return (low + high) / 2, (high - low) / (2 * NORMAL_95)
