"""The cash-flow statement of an option: what is paid when, family by family; then tax, then the loan.

It is the model's lines, pooled: a view that shows it computes nothing. Costs are positive, what comes in is negative.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.chapters.money.costs import AT_START, COSTS, FALLBACK, FAMILIES, RESALE, Family
from models.run.model import OptionResult

QUARTERS = 4


@dataclass(frozen=True)
class Line:
    """A row of a statement: what it is called, its amounts by period, and the family of cost it is, if it is one."""

    label: str
    amounts: tuple[float, ...]
    family: Family | None = None

    @property
    def total(self) -> float:
        return sum(self.amounts)


@dataclass(frozen=True)
class Statement:
    """Payments by period. `tax` is empty without a tax rate, `financing` without a loan or by quarter."""

    periods: tuple[str, ...]
    families: tuple[Line, ...]
    net: Line
    cumulative: Line
    tax: tuple[Line, ...]
    financing: tuple[Line, ...]

    @property
    def peak_funding(self) -> float:
        """The largest sum that is laid out at the end of any period."""
        return max(self.cumulative.amounts)


@dataclass(frozen=True)
class _Dated:
    """Amounts by year by when they fall: as it begins, evenly over it, or as it ends."""

    starts: Sequence[float] = ()
    running: Sequence[float] = ()
    ends: Sequence[float] = ()

    def by_year(self) -> tuple[float, ...]:
        return tuple(map(sum, itertools.zip_longest(self.starts, self.running, self.ends, fillvalue=0.0)))

    def by_quarter(self) -> tuple[float, ...]:
        """What falls as a year begins stands in its first quarter, what falls as it ends in its last."""
        years = itertools.zip_longest(self.starts, self.running, self.ends, fillvalue=0.0)
        return tuple(
            running / QUARTERS + start * (quarter == 0) + end * (quarter == QUARTERS - 1)
            for start, running, end in years
            for quarter in range(QUARTERS)
        )


def statement(option: OptionResult, *, quarterly: bool = False, taxed: bool = False) -> Statement:
    """The statement of one option, nominal; fallback counts where it has a price.

    `taxed` keeps the tax part without a tax rate, for whoever lets one be typed in beneath.
    """
    spread: Callable[[_Dated], tuple[float, ...]] = _Dated.by_quarter if quarterly else _Dated.by_year
    families = tuple(
        Line(family.label, spread(_of_family(option, family)), family)
        for family in FAMILIES
        if any(_of_family(option, family).by_year())
    )
    net = Line("Net cash paid", _added([line.amounts for line in families], option, quarterly))
    return Statement(
        periods=tuple(_quarters(option) if quarterly else option.year_names),
        families=families,
        net=net,
        cumulative=Line("Cumulative", tuple(itertools.accumulate(net.amounts))),
        tax=tuple(_tax(option, net, spread)) if taxed or option.study.tax_rate else (),
        financing=() if quarterly else tuple(_financing(option, net)),
    )


def difference_of(ours: Statement, theirs: Statement) -> Statement:
    """What one option pays less than another, period by period: savings are positive."""
    labels = {line.label: line for line in (*theirs.families, *ours.families)}
    families = tuple(
        Line(family.label, _less(_of(theirs, family.label, ours), _of(ours, family.label, theirs)), family)
        for family in FAMILIES
        if family.label in labels
    )
    net = Line("Net saving", _less(theirs.net.amounts, ours.net.amounts))
    taxed = [Line(a.label, _less(b.amounts, a.amounts)) for a, b in zip(ours.tax, theirs.tax, strict=True)]
    taxed[-1:] = [Line("Net saving after tax", each.amounts) for each in taxed[-1:]]
    cumulative = Line("Cumulative", tuple(itertools.accumulate(net.amounts)))
    return Statement(ours.periods, families, net, cumulative, tuple(taxed), ())


def _of(found: Statement, label: str, other: Statement) -> tuple[float, ...]:
    nothing = (0.0,) * len(other.periods)
    return next((line.amounts for line in found.families if line.label == label), nothing)


def _less(theirs: Sequence[float], ours: Sequence[float]) -> tuple[float, ...]:
    return tuple(a - b for a, b in zip(theirs, ours, strict=True))


def _quarters(option: OptionResult) -> list[str]:
    return [f"{year} Q{quarter + 1}" for year in option.year_names for quarter in range(QUARTERS)]


def _added(amounts: Sequence[Sequence[float]], option: OptionResult, quarterly: bool) -> tuple[float, ...]:
    periods = len(option.year_names) * (QUARTERS if quarterly else 1)
    return tuple(sum(each[period] for each in amounts) for period in range(periods))


def _of_family(option: OptionResult, family: Family) -> _Dated:
    """The payments of a family, each at the date at which the model discounts it."""
    values = option.values
    if family is FALLBACK:
        return _Dated(running=values["interim_cost"])
    flows = option.table("cost_flows")
    held = [COSTS[kind] for kind in family.kinds if kind in flows]
    years = range(len(option.year_names))
    starts = [sum(flows[cost.name][y] for cost in held if cost.dated == AT_START) for y in years]
    running = [sum(flows[c.name][y] for c in held if c.dated not in (AT_START, RESALE)) for y in years]
    if any(cost.dated == RESALE for cost in held):
        starts = [paid - early for paid, early in zip(starts, values["early_disposals"], strict=True)]
        return _Dated(starts, running, [-final for final in values["final_disposal_in_year"]])
    return _Dated(starts, running)


def _tax(option: OptionResult, net: Line, spread: Callable[[_Dated], tuple[float, ...]]) -> list[Line]:
    """From cash before tax to cash after it: costs and depreciation are deducted, gains on resale are taxed."""
    rate = option.study.tax_rate
    values, last = option.values, len(option.year_names) - 1
    running = zip(values["operating"], values["taxed_running"], strict=True)
    fallback = values["interim_cost"]
    saved = [paid - taxed + rate * unmet for (paid, taxed), unmet in zip(running, fallback, strict=True)]
    early = [rate * gain for gain in values["early_taxable_gain"]]
    final = [rate * values["final_taxable_gain"] * (year == last) for year in range(last + 1)]
    deduction = Line("Tax depreciation", spread(_Dated(running=values["depreciation"])))
    relief = Line("Tax relief on costs and depreciation", spread(_Dated(running=[-amount for amount in saved])))
    gains = Line("Tax on resale gains", spread(_Dated(early, (), final)))
    after = tuple(map(sum, zip(net.amounts, relief.amounts, gains.amounts, strict=True)))
    return [deduction, relief, gains, Line("Net cash paid after tax", after)]


def _financing(option: OptionResult, net: Line) -> list[Line]:
    """The loan beneath the project's cash: it moves when cash is needed, not what the project costs."""
    values = option.values
    if not values["is_loan"]:
        return []
    drawn = tuple(-values["loan_draw"] * (year == 0) for year in range(len(net.amounts)))
    interest, principal = tuple(values["loan_interest"]), tuple(values["loan_principal"])
    after = tuple(map(sum, zip(net.amounts, drawn, interest, principal, strict=True)))
    return [
        Line("Loan drawn", drawn),
        Line("Interest", interest),
        Line("Repayment", principal),
        Line("Cash after financing", after),
    ]
