"""Level payments on what is borrowed or leased: the payment, its interest and principal, its rate, its worth.

numpy-financial computes them, for one set of figures or for arrays of draws; its sign rule (money out is negative) is
turned here, so that every figure is positive. Rates are fractions a period, payments fall at the ends of periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy_financial
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# Its own types take whole numbers only where money stands.
npf: Any = numpy_financial

# Below this rate x periods numpy-financial's (1 + rate)^n - 1 has lost digits (some 1e-11 of them here), and what the
# series leaves out is smaller.
NEAR_ZERO = 3e-4
# How close the payments' worth must come to the amount for a rate to be an answer; the search can end elsewhere.
FOUND = 1e-9


def level_payment(rate: ArrayLike, periods: ArrayLike, amount: ArrayLike) -> Array:
    """The equal payment at the end of each period that repays `amount` (money) over `periods`, 1 or more.

    `rate` is a fraction a period, above -1. Source: the annuity formula, as PMT of spreadsheets.
    """
    rates, n = np.asarray(rate, dtype=float), np.asarray(periods, dtype=float)
    series = (1 + rates * (n + 1) / 2 + rates**2 * (n**2 - 1) / 12) / n
    near = np.abs(rates) * n < NEAR_ZERO
    exact = -npf.pmt(np.where(near, 1.0, rates), n, 1.0)
    return np.asarray(amount, dtype=float) * np.where(near, series, exact)


def worth(rate: float, periods: int, payment: float, last: float = 0.0) -> float:
    """What `periods` payments at period ends, and `last` with the last of them, are worth at the start (money)."""
    return -float(npf.pv(rate, periods, payment, last))


def rate_of(periods: int, payment: float, amount: float, last: float = 0.0) -> float | None:
    """The rate a period at which payments, and `last` at the end, are worth `amount`: the rate a lease or loan asks.

    None where none is found above -1, such as for payments of 0.
    """
    if amount <= 0 or payment <= 0:
        return None
    # Simple interest lies above the rate, from where the search goes straight down; from below it can run past -1.
    guess = 2 * (periods * payment + last - amount) / (amount * (periods + 1))
    found = float(npf.rate(periods, payment, -amount, last, guess=guess, tol=1e-9, maxiter=100))
    if not (np.isfinite(found) and found > -1):
        return None
    return found if abs(worth(found, periods, payment, last) - amount) <= FOUND * amount else None


@dataclass(frozen=True)
class Repayment:
    """A debt by year, in money: what is paid, the interest and principal in it, what is owed at the year's end."""

    payment: tuple[float, ...]
    interest: tuple[float, ...]
    principal: tuple[float, ...]
    owed: tuple[float, ...]


def repayment(rate: float, years: int, amount: float, *, per_year: int = 12, last: float = 0.0) -> Repayment:
    """How level payments, `per_year` a year at `rate` a period, bring `amount` (money) down to `last` over `years`.

    Source: interest on what is owed, the rest of the payment repays (IPMT and PPMT of spreadsheets).
    """
    periods = np.arange(1, years * per_year + 1)
    interest = -npf.ipmt(rate, periods, len(periods), amount, -last)
    principal = -npf.ppmt(rate, periods, len(periods), amount, -last)
    interest, principal = (part.reshape(years, per_year).sum(axis=1) for part in (interest, principal))
    owed = amount - np.cumsum(principal)
    return Repayment(*(tuple(map(float, part)) for part in (interest + principal, interest, principal, owed)))
