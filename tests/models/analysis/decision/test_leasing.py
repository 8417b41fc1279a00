"""Lease or buy: the net advantage agrees with the model's own present values, and the break-even payment closes it."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.decision.difference import dated
from models.analysis.decision.leasing import leasing
from models.analysis.reporting.report import comparison, comparison_text
from models.finance import flows
from models.run.model import MODEL, Result
from models.studies.change import replace
from models.studies.file.load import from_dict, load, to_dict

BUY, LEASE = "Buy, colocation", "Lease, colocation"


@pytest.fixture(scope="module")
def run() -> Result:
    return MODEL.run(load("templates/customer_service.toml"))


def without_loan(run: Result) -> Result:
    """The run of the same study, the purchase paid at once."""
    tables = to_dict(run.study)
    tables["option"][0].pop("loan")
    return MODEL.run(from_dict(tables))


def test_after_tax_flows_are_the_models(run: Result) -> None:
    for option in run.options.values():
        rate, tax = (run.study.fields.number(n) for n in ("discount_rate", "tax_rate"))
        interim = (1 - tax) * option.values["pv_interim_cost"]
        expected = option.values["pv_after_tax_cost"] + interim
        assert -flows.npv(rate, dated(option, after_tax=True)) == pytest.approx(expected, rel=1e-12)


def test_the_advantage_is_the_gap_after_tax(run: Result) -> None:
    options = without_loan(run).options
    found = leasing(options[LEASE], options[BUY])
    assert found is not None
    bought, leased = (options[n].values["pv_after_tax_cost"] for n in (BUY, LEASE))
    assert found.rate == run.study.fields.number("discount_rate")
    assert found.advantage == pytest.approx(bought - leased, rel=1e-9)
    assert leasing(options[BUY], options[LEASE]) == found


def test_the_break_even_payment_closes_the_gap(run: Result) -> None:
    found = leasing(run.options[BUY], run.options[LEASE])
    assert found is not None and found.break_even_payment is not None
    assert "after tax" in found.basis
    study = replace(run.study, f"option/{LEASE}/lease/payment_per_system_month", found.break_even_payment)
    again = MODEL.run(study)
    closed = leasing(again.options[BUY], again.options[LEASE])
    assert closed is not None
    assert closed.advantage == pytest.approx(0, abs=1e-6 * abs(run.options[BUY].values["pv_cost"]))


def test_at_an_implicit_rate_both_cost_the_same(run: Result) -> None:
    found = leasing(run.options[LEASE], run.options[BUY])
    assert found is not None and found.implicit_rates
    for rate in found.implicit_rates:
        bought, leased = (flows.npv(rate, dated(run.options[n], after_tax=True)) for n in (BUY, LEASE))
        assert bought == pytest.approx(leased, rel=1e-6)


def test_only_a_lease_against_a_purchase_has_one(run: Result) -> None:
    assert leasing(run.options[BUY], run.options["Rented fleet"]) is None
    found = comparison(run.options[LEASE], run.options[BUY])
    assert "net advantage to leasing" in comparison_text(found)
    assert "leasing" not in comparison(run.options[BUY], run.options["API, same model"])


def priced(buy: dict[str, Any], rent: float, years: int, horizon: int, **fields: Any) -> Result:
    """A server that is bought, on a loan where `buy` has one, and the same one leased at a rent paid at year ends."""

    def option(name: str, acquisition: str, **more: Any) -> dict[str, Any]:
        rows = {"serving": [{"workload": "chat", "decode_rate": 1e5}], "equipment_life": years, "sizing": "demand"}
        return {"name": name, "acquisition": acquisition, **rows, **more}

    workload = {"name": "chat", "requests_per_day": 1000, "output_tokens": 200}
    acquired = "loan" if "loan" in buy else "purchase"
    options = [option("Buy", acquired, **buy), option("Lease", "lease", lease={"payment_per_system_month": rent / 12})]
    study = {"horizon_years": horizon, "discount_rate": 0.08, "mid_year": False, **fields}
    return MODEL.run(from_dict({"study": study, "workload": [workload], "option": options}))


def server(price: float, schedule: Any, residual: float = 0.0) -> dict[str, Any]:
    return {
        "asset": [{"name": "equipment", "residual_share": residual, "tax_schedule": schedule}],
        "capex": [{"name": "Server", "asset": "equipment", "basis": "per_system", "amount": price}],
    }


def test_a_textbook_lease_is_reproduced() -> None:
    """Ross, Westerfield and Jordan: 10,000 over 5 years against 2,500 a year, tax 34 %, debt at 7.57575 %: -87.68."""
    loan = {"debt_share": 1.0, "rate": 0.05 / 0.66, "term_years": 5}
    run = priced(server(10_000, "straight_line") | {"loan": loan}, 2500, 5, 5, tax_rate=0.34)
    found = leasing(run.options["Lease"], run.options["Buy"])
    assert found is not None and found.owed_beyond_horizon == 0
    assert found.rate == pytest.approx(0.05)
    assert found.advantage == pytest.approx(-87.68, abs=0.005)
    annuity = sum(1.05**-year for year in range(1, 6))
    assert found.break_even_payment == pytest.approx((10_000 - 680 * annuity) / (0.66 * annuity) / 12)


def test_depreciation_maintenance_and_taxed_resale_enter_the_cost_of_owning() -> None:
    """Brigham and Daves, Dakota Trucking: owning costs 23,035.16 after tax; the rent here falls at year ends."""
    upkeep = {"name": "Upkeep", "category": "support", "basis": "per_year", "amount": 1000.0, "escalation": 0.0}
    more = {"loan": {"debt_share": 1.0, "rate": 0.1, "term_years": 4}, "opex": [upkeep]}
    run = priced(server(40_000, [0.33, 0.45, 0.15, 0.07], 0.25) | more, 10_000, 4, 4, tax_rate=0.4)
    found = leasing(run.options["Lease"], run.options["Buy"])
    assert found is not None and found.rate == pytest.approx(0.06)
    rent = sum(6000 * 1.06**-year for year in range(1, 5))
    assert found.advantage == pytest.approx(23_035.16 - rent, abs=0.01)


def test_rent_that_is_owed_beyond_the_horizon_is_told_where_it_is_not_counted() -> None:
    run = priced(server(10_000, "straight_line"), 2400, 5, 3)
    found = comparison(run.options["Lease"], run.options["Buy"])
    assert found["leasing"]["owed_beyond_horizon"] == pytest.approx(4800)
    assert "not counted, still owed when the horizon ends: 4,800" in comparison_text(found)


def test_no_advantage_is_told_of_unequal_work() -> None:
    run = priced(server(10_000, "straight_line") | {"months_to_production": 12}, 2400, 5, 5)
    assert leasing(run.options["Lease"], run.options["Buy"]) is None
    assert "leasing" not in comparison(run.options["Lease"], run.options["Buy"])


def test_the_quoted_rate_is_what_the_payments_ask_for_one_system(run: Result) -> None:
    """By discounting each monthly payment, and what the lessor gets back, at the rate found: the purchase price."""
    lease, buy = run.options[LEASE], run.options[BUY]
    found = leasing(lease, buy)
    assert found is not None and found.quoted_rate is not None and found.as_debt is not None
    months = 12 * int(lease.option.fields.number("equipment_life"))
    equipment = buy.option.asset("equipment")
    assert equipment is not None
    price = buy.everything()["asset_unit_price"]["equipment"]
    left = price * equipment.number("residual_share")
    flows_of_one = [(month / 12, found.payment) for month in range(1, months + 1)]
    worth = flows.npv(found.quoted_rate, [*flows_of_one, (months / 12, left)])
    assert worth == pytest.approx(price, rel=1e-8)
    debt = found.as_debt
    assert sum(debt.principal) == pytest.approx(price - left, rel=1e-9)
    assert sum(debt.payment) == pytest.approx(months * found.payment, rel=1e-9)
    assert debt.owed[-1] == pytest.approx(left, rel=1e-7)


def test_other_machines_are_no_lease_or_buy(run: Result) -> None:
    assert leasing(run.options[LEASE], run.options[BUY]) is not None
    other = MODEL.run(replace(run.study, f"option/{LEASE}/system_power_load_w", 9000.0))
    assert leasing(other.options[LEASE], other.options[BUY]) is None
