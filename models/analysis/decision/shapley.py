"""Shares of a joint effect that do not depend on the order in which its causes are taken."""

from __future__ import annotations

import math
from collections.abc import Sequence


def shapley(values: Sequence[float]) -> list[float]:
    """The Shapley value of each player from the worth of every coalition.

    `values[n]` is the worth of the players whose bits are set in n; its length is a power of 2. The shares add up to
    values[-1] - values[0]. Source: L. S. Shapley, A value for n-person games (1953).
    """
    count = len(values).bit_length() - 1
    weights = [math.factorial(k) * math.factorial(count - k - 1) / math.factorial(count) for k in range(count)]
    return [
        math.fsum(
            weights[rest.bit_count()] * (values[rest | 1 << place] - values[rest])
            for rest in range(len(values))
            if not rest >> place & 1
        )
        for place in range(count)
    ]
