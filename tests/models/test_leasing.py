"""Lease or buy: the net advantage agrees with the model's own present values, and the break-even payment closes it."""

from __future__ import annotations

import pytest

from models import measures
from models.analysis.compare import dated
from models.analysis.leasing import leasing
from models.analysis.report import comparison, comparison_text
from models.model import MODEL, Result
from models.study import load, replace

BUY, LOAN, LEASE = "Buy, colocation", "Buy on a loan", "Lease, colocation"


@pytest.fixture(scope="module")
def run() -> Result:
    return MODEL.run(load("templates/customer_service.toml"))


def test_after_tax_flows_are_the_models(run: Result) -> None:
    for option in run.options.values():
        rate, tax = (run.study.fields.number(n) for n in ("discount_rate", "tax_rate"))
        interim = (1 - tax) * option.values["pv_interim_cost"]
        expected = option.values["pv_after_tax_cost"] + interim
        assert -measures.npv(rate, dated(option, after_tax=True)) == pytest.approx(expected, rel=1e-12)


def test_the_advantage_is_the_gap_after_tax(run: Result) -> None:
    found = leasing(run.options[LEASE], run.options[BUY])
    assert found is not None
    bought, leased = (run.options[n].values["pv_after_tax_cost"] for n in (BUY, LEASE))
    assert found.rate == run.study.fields.number("discount_rate")
    assert found.advantage == pytest.approx(bought - leased, rel=1e-9)
    assert leasing(run.options[BUY], run.options[LEASE]) == found


def test_the_break_even_payment_closes_the_gap(run: Result) -> None:
    found = leasing(run.options[LOAN], run.options[LEASE])
    assert found is not None and found.break_even_payment is not None
    assert "after tax" in found.basis
    study = replace(run.study, f"option/{LEASE}/lease/payment_per_system_month", found.break_even_payment)
    again = MODEL.run(study)
    closed = leasing(again.options[LOAN], again.options[LEASE])
    assert closed is not None
    assert closed.advantage == pytest.approx(0, abs=1e-6 * abs(run.options[BUY].values["pv_cost"]))


def test_at_an_implicit_rate_both_cost_the_same(run: Result) -> None:
    found = leasing(run.options[LEASE], run.options[BUY])
    assert found is not None and found.implicit_rates
    for rate in found.implicit_rates:
        bought, leased = (measures.npv(rate, dated(run.options[n], after_tax=True)) for n in (BUY, LEASE))
        assert bought == pytest.approx(leased, rel=1e-6)


def test_only_a_lease_against_a_purchase_has_one(run: Result) -> None:
    assert leasing(run.options[BUY], run.options["Rented fleet"]) is None
    found = comparison(run.options[LEASE], run.options[BUY])
    assert "net advantage to leasing" in comparison_text(found)
    assert "leasing" not in comparison(run.options[BUY], run.options["API, same model"])
