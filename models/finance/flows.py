"""Finance measures on dated flows: value, every internal rate, payback, loans, lease or buy, tax depreciation.

Plain functions of plain numbers: nothing here knows a study, an option or a year's lines. Conventions:

- A flow is (time, amount): time in years from the start of the study, fractions welcome (0.5 = middle of year 1);
  amount in money, inflow +, outflow -. Months or quarters serve as well, with a rate per month or quarter.
- Rates are fractions a year (0.08 = 8 %), effective, and above -1.
- What has no answer is None or an empty list, never 0. What makes no sense raises ValueError and says what to give.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise

from models.finance.tax import SCHEDULES

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


def flows_by_date(dates: Sequence[date], amounts: Sequence[float]) -> list[Flow]:
    """Calendar dates as times: days since the first date / 365, the convention of a spreadsheet's XNPV and XIRR.

    Raises ValueError if the lengths differ or a date lies before the first.
    """
    if len(dates) != len(amounts):
        raise ValueError(f"{len(dates)} dates but {len(amounts)} amounts: give one amount for each date")
    for position, day in enumerate(dates):
        if day < dates[0]:
            raise ValueError(f"date {position + 1} ({day}) lies before the first ({dates[0]}): put the earliest first")
    return [((day - dates[0]).days / 365.0, amount) for day, amount in zip(dates, amounts, strict=True)]


def xnpv(rate: float, dates: Sequence[date], amounts: Sequence[float]) -> float:
    """Net present value in money at the first of the calendar dates, actual days over 365. Errors: as its parts."""
    return npv(rate, flows_by_date(dates, amounts))


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


def xirr_roots(dates: Sequence[date], amounts: Sequence[float]) -> list[float]:
    """Every internal rate of flows on calendar dates, actual days over 365: `irr_roots` of `flows_by_date`."""
    return irr_roots(flows_by_date(dates, amounts))


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


# ------------------------------------------------------------------------------------------- annuities and loans


def annuity_factor(rate: float, years: float) -> float:
    """Present value of 1 at the end of each of `years` years: (1 - (1 + rate)^-years)/rate, `years` at rate 0.

    Exact for tiny rates too, where the textbook form cancels. Raises ValueError for years <= 0 or a rate <= -1.
    """
    _check_rate("rate", rate)
    if not (math.isfinite(years) and years > 0):
        raise ValueError(f"years is {years!r}: give a number of years above 0")
    return float(years) if rate == 0 else -math.expm1(-years * math.log1p(rate)) / rate


def level_payment(rate: float, years: float, amount: float) -> float:
    """Equal payment at the end of each year (money a year, positive) that repays `amount` over `years`.

    With a monthly rate and a number of months: the monthly payment. Errors: as `annuity_factor`.
    """
    return amount / annuity_factor(rate, years)


def equivalent_annual_cost(pv_cost: float, rate: float, years: float) -> float:
    """The level yearly cost (money a year, at year ends) whose present value over `years` is `pv_cost`.

    For options of unequal lives it assumes that each is replaced by its like. Errors: as `annuity_factor`.
    """
    return level_payment(rate, years, pv_cost)


@dataclass(frozen=True, slots=True)
class LoanYear:
    """One year of a loan, in money: `payment` = `interest` + `principal` at the year's end; `closing` is still owed."""

    payment: float
    interest: float
    principal: float
    closing: float


def loan_schedule(amount: float, rate: float, term_years: int, horizon_years: int) -> tuple[LoanYear, ...]:
    """A loan drawn at the start, level payments at year ends; one row for each year of the horizon.

    What is owed at the end of the horizon is repaid there, inside that year's payment; years after the term are 0. The
    last repayment is the balance itself, so the loan closes at exactly 0. Raises ValueError for a negative amount,
    a rate <= -1, and a term or horizon that is not a whole number of at least 1.
    """
    _check_rate("rate", rate)
    term, horizon = _whole("term_years", term_years), _whole("horizon_years", horizon_years)
    if not (math.isfinite(amount) and amount >= 0):
        raise ValueError(f"the loan's amount is {amount!r}: give the sum drawn, 0 or more")
    level = level_payment(rate, term, amount)
    owed = float(amount)
    rows: list[LoanYear] = []
    for year in range(1, horizon + 1):
        interest = owed * rate
        principal = owed if year >= min(term, horizon) else level - interest
        owed -= principal
        rows.append(LoanYear(interest + principal, interest, principal, owed))
    return tuple(rows)


# ------------------------------------------------------------------------------------------------- rates and tax


def wacc(debt_share: float, cost_of_debt: float, cost_of_equity: float, tax_rate: float = 0.0) -> float:
    """Weighted average cost of capital, a year: debt_share x cost_of_debt x (1 - tax) + (1 - debt_share) x equity.

    `cost_of_debt` is before tax; leave `tax_rate` at 0 if it is after tax already. Raises ValueError for a share
    outside [0, 1] or a tax rate outside [0, 1).
    """
    if not 0 <= debt_share <= 1:
        raise ValueError(f"debt_share is {debt_share!r}: give a share between 0 and 1 (0.4 for 40 %)")
    _check_tax_rate("tax_rate", tax_rate)
    return debt_share * cost_of_debt * (1 - tax_rate) + (1 - debt_share) * cost_of_equity


def nominal_rate(real: float, inflation: float) -> float:
    """Fisher: (1 + real)(1 + inflation) - 1, rates a year. Raises ValueError for a rate <= -1."""
    _check_rate("real", real)
    _check_rate("inflation", inflation)
    return real + inflation + real * inflation


def real_rate(nominal: float, inflation: float) -> float:
    """Fisher: (1 + nominal)/(1 + inflation) - 1, rates a year. Raises ValueError for a rate <= -1."""
    _check_rate("nominal", nominal)
    _check_rate("inflation", inflation)
    return (nominal - inflation) / (1 + inflation)


def combined_tax_rate(federal: float, state: float) -> float:
    """One rate for two income taxes when the state's is deductible federally: state + federal x (1 - state).

    Raises ValueError for a rate outside [0, 1). Source: NREL System Advisor Model, effective tax rate.
    """
    _check_tax_rate("federal", federal)
    _check_tax_rate("state", state)
    return state + federal * (1 - state)


# ---------------------------------------------------------------------------------------------- tax depreciation

_MACRS_FACTORS = {3: Fraction(2), 5: Fraction(2), 7: Fraction(2), 15: Fraction(3, 2)}


def depreciation_shares(schedule: str | Sequence[float], life: int) -> tuple[float, ...]:
    """Share of the cost that tax deducts in each year of age, first year first; `none` (at disposal only) gives ().

    `schedule`: straight_line (to zero over `life` years), a name of `tax.SCHEDULES`, or a list of yearly shares.
    Raises ValueError for an unknown name, and for a list with a share outside [0, 1] or above 1 in total.
    """
    if not isinstance(schedule, str):
        return _checked_shares(schedule)
    if schedule == "straight_line":
        years = _whole("life", life)
        return (1 / years,) * years
    if schedule in SCHEDULES:
        return SCHEDULES[schedule]
    known = ["straight_line", *SCHEDULES]
    nearest = get_close_matches(schedule, known, n=1, cutoff=0.0)[0]
    raise ValueError(
        f"tax schedule {schedule!r} is unknown, did you mean {nearest!r}? "
        f"Known: {', '.join(known)}, or a list of yearly shares"
    )


def macrs_shares(recovery_years: int, *, first_year_share: float = 0.5, rounded: bool = True) -> tuple[float, ...]:
    """US federal tax depreciation (MACRS, general system) of property of 3, 5, 7 or 15 years, by year of age.

    Declining balance on what is left (200 %, for 15 years 150 %), straight line over the remaining life once that is
    larger, no salvage. `first_year_share` of a year counts in year 1: 0.5 (half-year convention), or 0.875, 0.625,
    0.375, 0.125 (mid-quarter, bought in quarter 1 to 4). `rounded` rounds each year to 0.01 % of the cost as the
    published tables do; without it, the rule itself. For a schedule to type where `tax.SCHEDULES` (half-year) does not
    fit. Raises ValueError for other recovery periods or shares.
    Source: IRS Publication 946, chapter 4 and appendix A (tables A-1 to A-5).
    """
    if recovery_years not in _MACRS_FACTORS:
        raise ValueError(f"MACRS recovery period is {recovery_years!r}: give one of {sorted(_MACRS_FACTORS)} years")
    if not 0 < first_year_share < 1:
        raise ValueError(f"first_year_share is {first_year_share!r}: give 0.5, or 0.875, 0.625, 0.375 or 0.125")
    left, years_left, part = Fraction(1), Fraction(recovery_years), Fraction(first_year_share)
    shares: list[float] = []
    while years_left > 0:
        yearly = max(left * _MACRS_FACTORS[recovery_years] / recovery_years, left / max(years_left, 1))
        share = yearly * part
        if rounded:
            share = Fraction(math.floor(share * 10_000 + Fraction(1, 2)), 10_000)
        shares.append(float(share))
        left, years_left, part = left - share, years_left - part, Fraction(1)
    return tuple(shares)


# -------------------------------------------------------------------------------------------------- lease or buy


def ownership_flows(
    cost: float,
    shares: Sequence[float],
    years: int,
    tax_rate: float,
    *,
    running_cost: float = 0.0,
    resale: float = 0.0,
) -> list[Flow]:
    """After-tax flows of buying something at time 0 and keeping it `years` years: the side that a lease replaces.

    `cost` in money; `shares` from `depreciation_shares`; `running_cost` in money a year, at year ends, only what the
    owner alone pays; `resale` in money at the end, taxed on its gain over the basis left (a loss is deducted). Raises
    ValueError for years that are not whole and at least 1, shares that do not fit, a tax rate outside [0, 1).
    """
    last = _whole("years", years)
    _check_tax_rate("tax_rate", tax_rate)
    claimed = (*_checked_shares(shares), *(0.0,) * last)[:last]
    yearly = [
        (float(year), tax_rate * cost * share - (1 - tax_rate) * running_cost)
        for year, share in enumerate(claimed, start=1)
    ]
    basis_left = cost * (1 - math.fsum(claimed))
    return [(0.0, -cost), *yearly, (float(last), resale - tax_rate * (resale - basis_left))]


def rent_flows(rent: float, years: int, tax_rate: float, *, in_advance: bool) -> list[Flow]:
    """After-tax flows of a yearly `rent` (money, positive), at the start of each year if `in_advance`, else at its end.

    The deduction falls with the payment. Raises ValueError for years that are not whole and at least 1, or a tax rate
    outside [0, 1).
    """
    _check_tax_rate("tax_rate", tax_rate)
    first = 0 if in_advance else 1
    return [(float(first + passed), -rent * (1 - tax_rate)) for passed in range(_whole("years", years))]


def net_advantage_to_leasing(rate: float, buy: Iterable[Flow], lease: Iterable[Flow]) -> float:
    """What leasing saves against buying, as present value in money (positive: lease): npv(lease) - npv(buy).

    Both streams after tax (or both before), outflow -; `rate` is usually the after-tax cost of debt,
    cost_of_debt x (1 - tax). Errors: as `npv`. Source: Ross, Westerfield and Jordan, chapter on leasing.
    """
    return npv(rate, lease) - npv(rate, buy)


def break_even_rent(
    rate: float, buy: Iterable[Flow], rent_of_one: Iterable[Flow], other_lease_flows: Iterable[Flow] = ()
) -> float:
    """The rent, in money a period, at which the net advantage to leasing is zero; above it, buying is cheaper.

    `rent_of_one`: the flows of a rent of 1 at its dates and after its tax, such as `rent_flows(1.0, ...)`;
    `other_lease_flows`: what leasing costs besides the rent. Raises ValueError if a rent of 1 is worth nothing.
    """
    worth_of_one = npv(rate, rent_of_one)
    if worth_of_one == 0:
        raise ValueError("rent_of_one has a present value of 0: give the flows of a rent of 1, such as -1 a year")
    return (npv(rate, buy) - npv(rate, other_lease_flows)) / worth_of_one


def implicit_lease_rates(buy: Iterable[Flow], lease: Iterable[Flow]) -> list[float]:
    """The interest hidden in a lease, a year: every rate at which leasing and buying are worth the same, or [].

    A lease is a loan of the price; it is cheap where this rate is below what a loan costs, on the same side of tax as
    the streams given. Errors: as `irr_roots`.
    """
    return irr_roots([*lease, *((time, -amount) for time, amount in buy)])


# ------------------------------------------------------------------------------------------------ levelised cost


def levelised_cost(
    rate: float, costs: Iterable[Flow], quantities: Iterable[Flow], quantity_rate: float | None = None
) -> float | None:
    """Present value of `costs` (here positive, money) over that of `quantities` (units): money per unit.

    With `quantity_rate` blank both are discounted at `rate`: a flat nominal price. With the real rate there: a price
    in money of time 0 that rises with inflation. None where the quantities are worth nothing. Errors: as `npv`.
    Source: NREL System Advisor Model, levelized cost of energy, nominal and real.
    """
    discounted_quantity = npv(rate if quantity_rate is None else quantity_rate, quantities)
    return npv(rate, costs) / discounted_quantity if discounted_quantity else None


def fixed_charge_levelised_cost(
    capital_cost: float, fixed_operating_cost: float, variable_cost: float, fixed_charge_rate: float, quantity: float
) -> float | None:
    """Levelised cost by the fixed-charge method: (charge rate x capital + fixed cost a year)/quantity + variable cost.

    `capital_cost` in money, `fixed_operating_cost` in money a year, `variable_cost` in money per unit,
    `fixed_charge_rate` a year (`level_payment(rate, years, 1.0)` without tax), `quantity` in units a year; the result
    in money per unit, None without a quantity. Source: NREL System Advisor Model, LCOE calculator.
    """
    if not quantity:
        return None
    return (fixed_charge_rate * capital_cost + fixed_operating_cost) / quantity + variable_cost


# -------------------------------------------------------------------------------------------------------- checks


def _checked(flows: Iterable[Flow]) -> list[Flow]:
    stream = [(float(time), float(amount)) for time, amount in flows]
    for position, (time, amount) in enumerate(stream, start=1):
        if not (math.isfinite(time) and time >= 0):
            raise ValueError(f"flow {position} falls at {time!r}: give its time in years from the start, 0 or more")
        if not math.isfinite(amount):
            raise ValueError(f"flow {position} (at {time:g} years) is {amount!r}: give an amount of money, 0 for none")
    return stream


def _checked_shares(shares: Sequence[float]) -> tuple[float, ...]:
    for age, share in enumerate(shares, start=1):
        if not 0 <= share <= 1:
            raise ValueError(f"depreciation share of year {age} is {share!r}: give a share between 0 and 1")
    total = math.fsum(shares)
    if total > 1 + 1e-9:
        raise ValueError(f"depreciation shares add up to {total:g}: they may not exceed 1")
    return tuple(float(share) for share in shares)


def _check_rate(name: str, rate: float) -> None:
    if not (math.isfinite(rate) and rate > -1):
        raise ValueError(f"{name} is {rate!r}: give a rate above -1 as a fraction (0.08 for 8 %)")


def _check_tax_rate(name: str, rate: float) -> None:
    if not 0 <= rate < 1:
        raise ValueError(f"{name} is {rate!r}: give a tax rate from 0 to below 1 as a fraction (0.25 for 25 %)")


def _whole(name: str, years: float) -> int:
    if not (math.isfinite(years) and years >= 1 and years == int(years)):
        raise ValueError(f"{name} is {years!r}: give a whole number of years, 1 or more")
    return int(years)


def _check_same_years(starts: Sequence[float], running: Sequence[float]) -> None:
    if len(starts) != len(running) or not len(starts):
        raise ValueError(
            f"{len(starts)} yearly starts but {len(running)} years of running flows: give one of each for every year"
        )
