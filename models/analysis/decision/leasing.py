"""Lease or buy, two options of one study: net advantage to leasing, the rate hidden in the lease, the break-even rent.

All flows are after tax and dated as the model dates them. The rate is the after-tax cost of debt where the option that
buys has a loan, since a lease takes the place of one; otherwise the study's discount rate, which is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.analysis.decision.difference import dated
from models.analysis.metrics.same_work import comparability
from models.engine.constants import MONTHS_PER_YEAR
from models.finance import flows
from models.finance.payments import Repayment, rate_of, repayment
from models.run.model import OptionResult
from models.studies.inputs import schema
from models.studies.study import Option


@dataclass(frozen=True)
class Leasing:
    """What leasing instead of buying brings.

    ``advantage`` (money, present value at ``rate``; positive: lease), ``implicit_rates`` (a year, after tax; every
    root), ``break_even_payment`` (money per system and month at which both cost the same; None where nothing is
    leased), ``payment``, what is asked, and ``owed_beyond_horizon``: rent (money, before tax, not discounted) that the
    lease still owes when the years covered end, and that none of these figures counts.

    The lease as a debt on one system, before tax: ``quoted_rate`` (a year, effective) is what its monthly payments ask
    for the purchase price and the value that stays with the lessor, None where they ask none; ``as_debt`` splits the
    payments at that rate into interest and principal by year.
    """

    rate: float
    basis: str
    advantage: float
    implicit_rates: tuple[float, ...]
    break_even_payment: float | None
    payment: float
    owed_beyond_horizon: float
    quoted_rate: float | None
    as_debt: Repayment | None


def leasing(one: OptionResult, two: OptionResult) -> Leasing | None:
    """Lease against purchase, whichever way round they are given.

    None unless one is leased, the other bought, both of the same machines, and their totals compare: an advantage that
    comes from doing less work, or from other equipment, is none of the lease.
    """
    lease, buy = (one, two) if one.values["is_lease"] else (two, one)
    if not (lease.values["is_lease"] and buy.values["is_owned"] and comparability(lease, buy).holds):
        return None
    if not same_machines(lease.option, buy.option):
        return None
    rate, basis = _rate(buy)
    leased, bought = (dated(option, after_tax=True) for option in (lease, buy))
    payment = lease.option.rows("lease")[0].number("payment_per_system_month")
    monthly, debt = _as_debt(buy, lease, payment)
    return Leasing(
        rate=rate,
        basis=basis,
        advantage=flows.net_advantage_to_leasing(rate, bought, leased),
        implicit_rates=tuple(flows.implicit_lease_rates(bought, leased)),
        break_even_payment=_break_even(rate, bought, leased, lease, payment),
        payment=payment,
        owed_beyond_horizon=lease.values["commitment_beyond_horizon"],
        quoted_rate=None if monthly is None else (1 + monthly) ** MONTHS_PER_YEAR - 1,
        as_debt=debt,
    )


def same_machines(one: Option, other: Option) -> bool:
    """Whether two options run the same machines: as many accelerators in each, at the same speeds and power."""
    fields = ("accelerators_per_system", "system_power_load_w", "system_power_idle_w")
    speeds = [
        {row.text("workload"): tuple(row[name].value for name in schema.RATES) for row in each.serving}
        for each in (one, other)
    ]
    return speeds[0] == speeds[1] and all(one.fields[name].value == other.fields[name].value for name in fields)


def _as_debt(buy: OptionResult, lease: OptionResult, payment: float) -> tuple[float | None, Repayment | None]:
    """The rate a month that the lease of one system asks, and its payments split at that rate."""
    years = int(lease.option.fields.number("equipment_life"))
    price = buy.everything()["asset_unit_price"]["equipment"]
    kept = price * buy.everything()["worth_at_life"]["equipment"]
    monthly = rate_of(years * int(MONTHS_PER_YEAR), payment, price, kept)
    if monthly is None:
        return None, None
    return monthly, repayment(monthly, years, price, per_year=int(MONTHS_PER_YEAR), last=kept)


def _rate(buy: OptionResult) -> tuple[float, str]:
    if buy.values["is_loan"]:
        after_tax = buy.option.rows("loan")[0].number("rate") * (1 - buy.study.tax_rate)
        return after_tax, "the loan's rate after tax"
    return buy.study.discount_rate, "the study's discount rate, since no loan states the cost of debt"


def _break_even(
    rate: float,
    bought: list[flows.Flow],
    leased: list[flows.Flow],
    lease: OptionResult,
    payment: float,
) -> float | None:
    """The lease is in proportion to its payment, so one division finds the payment at which both cost the same."""
    fields = lease.study.fields
    kept = 1 - lease.study.tax_rate
    rent = [-kept * paid for paid in lease.values["lease"]]
    nothing = [0.0] * len(rent)
    rents = flows.dated_flows(nothing, rent, 0.0, mid_year=fields.flag("mid_year"))
    worth = flows.npv(rate, rents)
    if worth == 0 or payment == 0:
        return None
    return payment * (flows.npv(rate, bought) - flows.npv(rate, leased) + worth) / worth
