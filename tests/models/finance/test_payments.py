"""Level payments: right near a rate of 0, worth what they repay, closing at what is left, one rate and its way back."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.engine import floats
from models.finance import flows
from models.finance.payments import level_payment, rate_of, repayment, worth

quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("rate", [0.0, 5e-324, 1e-17, 1e-15, 1e-12, 1e-9, 4.9e-6, 5.1e-6])
def test_level_payment_is_right_at_and_near_a_rate_of_zero(rate: float) -> None:
    expected = 15_000 / math.fsum((1 + rate) ** -n for n in range(1, 61))
    assert level_payment(rate, 60, 15_000) == pytest.approx(expected, rel=1e-10)


@quick
@given(st.lists(st.just(0.0) | st.floats(1e-9, 0.5), min_size=1, max_size=8), st.integers(1, 40), st.floats(1, 1e9))
def test_draws_and_single_figures_agree(rates: list[float], years: int, amount: float) -> None:
    many = level_payment(np.array(rates), np.float64(years), amount)
    assert many == pytest.approx([floats.level_payment(rate, years, amount) for rate in rates], rel=1e-10)


@quick
@given(st.floats(1, 1e9), st.floats(0.0001, 0.03), st.integers(1, 10), st.floats(0, 0.9))
def test_a_debt_is_worth_what_was_drawn_and_closes_at_what_is_left(
    amount: float, rate: float, years: int, left: float
) -> None:
    found = repayment(rate, years, amount, last=left * amount)
    assert found.owed[-1] == pytest.approx(left * amount, abs=1e-7 * amount)
    assert found.payment == pytest.approx([i + p for i, p in zip(found.interest, found.principal, strict=True)])
    assert found.interest[0] == max(found.interest)
    monthly = found.payment[0] / 12
    assert worth(rate, 12 * years, monthly, left * amount) == pytest.approx(amount, rel=1e-7)
    assert flows.npv(rate, [(n, monthly) for n in range(1, 12 * years + 1)]) == pytest.approx(
        amount - left * amount * (1 + rate) ** (-12 * years), rel=1e-6, abs=1e-6 * amount
    )


@quick
@given(st.floats(0.0005, 0.05), st.integers(6, 120), st.floats(0, 0.5))
def test_the_rate_of_payments_is_found_again(rate: float, periods: int, left: float) -> None:
    payment = float(level_payment(rate, periods, 1000 - 1000 * left * (1 + rate) ** -periods))
    assert rate_of(periods, payment, 1000, 1000 * left) == pytest.approx(rate, rel=1e-8)


def test_payments_of_nothing_ask_no_rate() -> None:
    assert rate_of(60, 0.0, 1000.0) is None
    assert rate_of(60, 10.0, 0.0) is None


def test_a_lease_that_is_a_loan_has_the_loan_s_rate() -> None:
    rent = float(level_payment(0.07, 5, 1_000.0))
    lease = [(float(year), -rent) for year in range(1, 6)]
    assert flows.implicit_lease_rates([(0.0, -1_000.0)], lease) == pytest.approx([0.07], rel=1e-12)
