"""Finance measures on dated flows: value, every internal rate, payback, lease or buy.

Plain functions of plain numbers: nothing here knows a study, an option or a year's lines. Conventions:

- A flow is (time, amount): time in years from the start of the study, fractions welcome (0.5 = middle of year 1);
  amount in money, inflow +, outflow -. Months or quarters serve as well, with a rate per month or quarter.
- Rates are fractions a year (0.08 = 8 %), effective, and above -1.
- What has no answer is None or an empty list, never 0. What makes no sense raises ValueError and says what to give.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Flow = tuple[float, float]

# A flow this small beside the largest one is what a subtraction of equal floats leaves behind, not money.
_RESIDUE = 1e-12
_EPSILON = 2.0**-52


# ---------------------------------------------------------------------------------------------------- present value


def discount_factor(rate: float, time: float) -> float:
    """Value today of one unit of money at `time` (years): (1 + rate)^-time.

    Raises ValueError for a rate of -1 or less, and where the factor is beyond the range of a number.
    """
    _check_rate("rate", rate)
    try:
        return math.exp(-time * math.log1p(rate))
    except OverflowError:
        raise ValueError(
            f"a rate of {rate!r} gives a flow at {time!r} years no finite present value: give a rate further above -1"
        ) from None


def npv(rate: float, flows: Iterable[Flow]) -> float:
    """Net present value at time 0, in money: the sum of amount x (1 + rate)^-time.

    The first flow is discounted from its own date (a flow at time 0 not at all), unlike a spreadsheet's NPV(), which
    puts its first argument one period away. Raises ValueError for a rate of -1 or less or a flow that is not finite.
    """
    return math.fsum(amount * discount_factor(rate, time) for time, amount in _checked(flows))


def dated_flows(starts: Sequence[float], running: Sequence[float], final: float, *, mid_year: bool) -> list[Flow]:
    """The yearly lines of a comparison as dated flows.

    `starts[y-1]` (purchases and mid-life disposals) falls at y-1, `running[y-1]` at y-0.5, or at y without `mid_year`,
    `final` (what is left at the horizon) at N; all in money, inflow +. Raises ValueError if the lengths differ.
    """
    _check_same_years(starts, running)
    shift = 0.5 if mid_year else 1.0
    lumps = [(float(year), float(amount)) for year, amount in enumerate(starts)]
    spread = [(year + shift, float(amount)) for year, amount in enumerate(running)]
    return [*lumps, *spread, (float(len(starts)), float(final))]


# ----------------------------------------------------------------------------------------------- internal rates


def irr_roots(flows: Iterable[Flow]) -> list[float]:
    """Every rate above -1 at which the net present value is zero, ascending, annual effective; none gives [].

    With s = log(1 + rate) the present value is a sum of exponentials, amount x e^(-time s). Laguerre's proof of
    Descartes' rule for such sums isolates the roots: multiply the sum by e^(tau s), tau between two neighbouring dates
    whose amounts differ in sign; its derivative has exactly one change of sign less, and by Rolle's theorem at most
    one root lies between neighbouring zeros of that derivative. So the recursion ends with no change of sign and no
    root, no root escapes on the way, and there are never more roots than changes of sign. No guess, no grid.
    (E. Laguerre, Sur la theorie des equations numeriques, 1883.)

    Limits of 53-bit numbers: two roots closer than about 1e-7 count as one, as does a rate where the value touches
    zero without crossing it; an amount below 1e-12 of the largest is a residue of rounding and left out; so is a root
    that no float holds (1 + rate below 1e-16 or above 1e308). Raises ValueError for a flow that is not finite.
    """
    # A zero is exact to about _EPSILON: nearer to 0 than that it is 0, and no minus sign is shown before it.
    zeros = [0.0 if abs(s) < _EPSILON else s for s in _zeros(_merged(flows))]
    # Beyond these bounds expm1 would give -1, a rate without a present value, or overflow.
    return [math.expm1(s) for s in zeros if math.log(_EPSILON / 2) < s < math.log(1.7e308)]


def mirr(flows: Iterable[Flow], finance_rate: float, reinvest_rate: float) -> float | None:
    """Modified internal rate of return, a year: inflows grow at `reinvest_rate` to the last date T, outflows are
    discounted at `finance_rate` to time 0; (future value / present value)^(1/T) - 1.

    T is the last date given, a zero amount there included. None without an inflow, without an outflow, or when
    everything falls at time 0. Raises ValueError for a rate of -1 or less or a flow that is not finite.
    """
    stream = _checked(flows)
    last = max((time for time, _ in stream), default=0.0)
    inflows = [(last - time, amount) for time, amount in stream if amount > 0]
    outflows = [(time, -amount) for time, amount in stream if amount < 0]
    if not inflows or not outflows or last == 0:
        return None
    future_value = math.fsum(amount / discount_factor(reinvest_rate, ahead) for ahead, amount in inflows)
    return math.expm1(math.log(future_value / npv(finance_rate, outflows)) / last)


def _merged(flows: Iterable[Flow]) -> list[Flow]:
    """The flows in order of time, one a date, without zeros and residues of rounding."""
    stream = _checked(flows)
    by_time: dict[float, list[float]] = {}
    for time, amount in stream:
        by_time.setdefault(time, []).append(amount)
    residue = _RESIDUE * max((abs(amount) for _, amount in stream), default=0.0)
    totals = [(time, math.fsum(amounts)) for time, amounts in sorted(by_time.items())]
    return [(time, amount) for time, amount in totals if abs(amount) > residue]


def _zeros(terms: list[Flow]) -> list[float]:
    """All zeros, ascending, of the sum of amount x e^(-time s); `terms` in order of time, no amount 0.

    The derivative's zeros cut the line into pieces on which the (multiplied) sum is monotone; a piece holds a root
    when the signs at its ends differ. A zero of both, told by its size against rounding, is a multiple root.
    """
    changes = (left + right for (left, a), (right, b) in pairwise(terms) if (a < 0) != (b < 0))
    twice_tau = next(changes, None)
    if twice_tau is None:
        return []
    turning = _zeros([(time, amount * (twice_tau / 2 - time)) for time, amount in terms])
    low, high = _outer_bounds(terms)
    # At and beyond the bounds the last flow (low rates) or the first (high rates) outweighs all others together, so a
    # turning point out there has the sign of its end, and the piece between them holds no root.
    ends = [
        (low, _sign(terms[-1][1])),
        *((s, _sign_beyond_rounding(terms, s)) for s in turning),
        (high, _sign(terms[0][1])),
    ]
    zeros: list[float] = []
    for (left, sign_left), (right, sign_right) in pairwise(ends):
        if sign_left * sign_right < 0:
            zeros.append(_bisect(terms, left, right))
        elif sign_right == 0 and sign_left != 0:
            zeros.append(right)
    return zeros


def _outer_bounds(terms: list[Flow]) -> tuple[float, float]:
    """Two numbers that enclose every zero: beyond them one outer term exceeds n-1 others, each below its n-th part."""
    count = len(terms)
    (first, opening), (last, closing) = terms[0], terms[-1]
    high = max(math.log(count * abs(amount / opening)) / (time - first) for time, amount in terms[1:])
    low = -max(math.log(count * abs(amount / closing)) / (last - time) for time, amount in terms[:-1])
    return low, high


def _balance(terms: list[Flow], s: float) -> float:
    """The sum over its own sum of magnitudes: the sum's sign and zeros, but between -1 and 1 and safe from overflow."""
    anchor = terms[0][0] if s > 0 else terms[-1][0]
    values = [amount * math.exp((anchor - time) * s) for time, amount in terms]
    return math.fsum(values) / math.fsum(map(abs, values))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _sign_beyond_rounding(terms: list[Flow], s: float) -> int:
    """Sign of the sum at s; 0 where it is no larger than the rounding of its terms (amounts, exponents)."""
    balance = _balance(terms, s)
    span = terms[-1][0] - terms[0][0]
    return 0 if abs(balance) <= _EPSILON * (16 + 4 * span * abs(s)) else _sign(balance)


def _bisect(terms: list[Flow], left: float, right: float) -> float:
    """The one zero between two points of different sign, to the last bit of 1 + rate (about 60 halvings)."""
    rising = _balance(terms, right) > 0
    while True:
        middle = (left + right) / 2
        if right - left <= _EPSILON / 4 or middle in (left, right):
            return middle
        if (_balance(terms, middle) > 0) == rising:
            right = middle
        else:
            left = middle


# ------------------------------------------------------------------------------------------------------- payback


@dataclass(frozen=True, slots=True)
class Payback:
    """When the cumulated flows reach zero: `years` from the start, None for never.

    `turns_negative_again`: later on, a new purchase or a bad year takes them below zero once more.
    """

    years: float | None
    turns_negative_again: bool


def payback(starts: Sequence[float], running: Sequence[float], final: float) -> Payback:
    """First time the cumulated flows return to zero, in years, linear inside a year, purchases first.

    `starts[y-1]` falls at y-1 as a lump, `running[y-1]` runs evenly from y-1 to y, `final` falls at N; money, inflow +.
    A stream that is ahead from its first flow needs no paying back: 0 years (flagged if it falls behind later). One
    without any flow has nothing to pay back: None. Raises ValueError if the lengths differ or a number is not finite.
    """
    _check_same_years(starts, running)
    lumps_and_years = [
        move
        for year, (lump, amount) in enumerate(zip(starts, running, strict=True))
        for move in ((float(year), 0.0, float(lump)), (float(year), 1.0, float(amount)))
    ]
    return _first_return([*lumps_and_years, (float(len(starts)), 0.0, float(final))])


def discounted_payback(
    rate: float, starts: Sequence[float], running: Sequence[float], final: float, *, mid_year: bool
) -> Payback:
    """Payback of the discounted flows: each amount times its factor first (running ones at y-0.5, or y without
    `mid_year`), then as `payback`. The rate is a year's; errors as `payback`, and a rate of -1 or less.
    """
    _check_same_years(starts, running)
    shift = 0.5 if mid_year else 1.0
    return payback(
        [amount * discount_factor(rate, year) for year, amount in enumerate(starts)],
        [amount * discount_factor(rate, year + shift) for year, amount in enumerate(running)],
        final * discount_factor(rate, len(starts)),
    )


def _first_return(moves: list[tuple[float, float, float]]) -> Payback:
    """Walks moves of (begin, duration, amount) in order of time; see `payback`."""
    _checked((begin, amount) for begin, _, amount in moves)
    noise = _RESIDUE * math.fsum(abs(amount) for _, _, amount in moves)
    years: float | None = None
    negative_again = False
    balance = 0.0
    for begin, duration, amount in moves:
        before, balance = balance, balance + amount
        if years is not None:
            negative_again = negative_again or balance < -noise
        elif before < -noise <= balance:
            years = begin + duration * min(1.0, -before / amount)
        elif before >= -noise and balance > noise:  # never behind so far, and now ahead
            years = 0.0
    return Payback(years, negative_again)


# -------------------------------------------------------------------------------------------------- lease or buy


def net_advantage_to_leasing(rate: float, buy: Iterable[Flow], lease: Iterable[Flow]) -> float:
    """What leasing saves against buying, as present value in money (positive: lease): npv(lease) - npv(buy).

    Both streams after tax (or both before), outflow -; `rate` is usually the after-tax cost of debt,
    cost_of_debt x (1 - tax). Errors: as `npv`. Source: Ross, Westerfield and Jordan, chapter on leasing.
    """
    return npv(rate, lease) - npv(rate, buy)


def implicit_lease_rates(buy: Iterable[Flow], lease: Iterable[Flow]) -> list[float]:
    """The interest hidden in a lease, a year: every rate at which leasing and buying are worth the same, or [].

    A lease is a loan of the price; it is cheap where this rate is below what a loan costs, on the same side of tax as
    the streams given. Errors: as `irr_roots`.
    """
    return irr_roots([*lease, *((time, -amount) for time, amount in buy)])


# -------------------------------------------------------------------------------------------------------- checks


def _checked(flows: Iterable[Flow]) -> list[Flow]:
    stream = [(float(time), float(amount)) for time, amount in flows]
    for position, (time, amount) in enumerate(stream, start=1):
        if not (math.isfinite(time) and time >= 0):
            raise ValueError(f"flow {position} falls at {time!r}: give its time in years from the start, 0 or more")
        if not math.isfinite(amount):
            raise ValueError(f"flow {position} (at {time!r} years) is {amount!r}: give an amount of money, 0 for none")
    return stream


def _check_rate(name: str, rate: float) -> None:
    if not (math.isfinite(rate) and rate > -1):
        raise ValueError(f"{name} is {rate!r}: give a rate above -1 as a fraction (0.08 for 8%)")


def _check_same_years(starts: Sequence[float], running: Sequence[float]) -> None:
    if len(starts) != len(running) or not len(starts):
        raise ValueError(
            f"{len(starts)} yearly starts but {len(running)} years of running flows: give one of each for every year"
        )
