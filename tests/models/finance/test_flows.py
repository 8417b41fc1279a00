"""The finance measures against published cases, exact root counts, another library, and their own identities."""

import json
import math
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models.finance import flows as measures
from models.finance import payments
from models.finance.flows import Flow, Payback
from models.finance.tax import SCHEDULES

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[2] / "cases" / "finance_cases.json").read_text(encoding="utf-8"))
}
quick = settings(max_examples=60, deadline=None)


def yearly(amounts: Sequence[float], first: int = 0) -> list[Flow]:
    return [(float(time), float(amount)) for time, amount in enumerate(amounts, start=first)]


# ------------------------------------------------------------------------------------------------ published cases


def npv_case(i: dict[str, Any]) -> float:
    rate = i["rate"] if "rate" in i else i["rate_annual"] / 12
    return measures.npv(rate, yearly(i["cashflows"], i["first_flow_period"]))


def irr_case(i: dict[str, Any]) -> float:
    (root,) = measures.irr_roots(yearly(i["cashflows"]))
    return root


def mirr_case(i: dict[str, Any]) -> float | None:
    return measures.mirr(yearly(i["cashflows"]), i["finance_rate"], i["reinvest_rate"])


def by_date(i: dict[str, Any]) -> list[Flow]:
    """Dated amounts as flows, a year being 365 days as spreadsheets have it."""
    days = [date.fromisoformat(day) for day in i["dates"]]
    return [((day - days[0]).days / 365, amount) for day, amount in zip(days, i["values"], strict=True)]


def xirr_case(i: dict[str, Any]) -> float:
    (root,) = measures.irr_roots(by_date(i))
    return root


def payback_case(i: dict[str, Any]) -> float | None:
    outlay, *running = i["cashflows"]
    starts = [outlay] + [0.0] * (len(running) - 1)
    return measures.discounted_payback(i["rate"], starts, running, 0.0, mid_year=False).years


def debt(i: dict[str, Any], amount: str = "pv", rate: str = "rate", periods: str = "nper") -> payments.Repayment:
    return payments.repayment(i[rate], i[periods], i[amount], per_year=1)


def owned(i: dict[str, Any], shares: Sequence[float], maintenance: float = 0.0) -> list[Flow]:
    """After-tax flows of buying: depreciation and maintenance at year ends, resale taxed on its gain over the basis."""
    years, tax, cost = i["n"], i["tax"], i["cost"]
    claimed = (*shares, *(0.0,) * years)[:years]
    yearly_flows = [
        (float(year), tax * cost * share - (1 - tax) * maintenance) for year, share in enumerate(claimed, start=1)
    ]
    gain = i["residual"] - cost * (1 - math.fsum(claimed))
    return [(0.0, -cost), *yearly_flows, (float(years), i["residual"] - tax * gain)]


def rented(i: dict[str, Any], first: int) -> list[Flow]:
    return [(float(first + passed), -i["lease"] * (1 - i["tax"])) for passed in range(i["n"])]


def tasha_streams(i: dict[str, Any]) -> tuple[float, list[Flow], list[Flow]]:
    return i["kd_pretax"] * (1 - i["tax"]), owned(i, (1 / i["n"],) * i["n"]), rented(i, first=1)


def dakota_streams(i: dict[str, Any]) -> tuple[float, list[Flow], list[Flow]]:
    return i["kd_pretax"] * (1 - i["tax"]), owned(i, i["macrs"], i["maintenance_end"]), rented(i, first=0)


def lease_liability_case(i: dict[str, Any]) -> list[float]:
    liability = measures.npv(i["ibr"], yearly(i["payments"], first=1))
    return [liability, liability + i["direct_costs"]]


def sam_levelised_case(i: dict[str, Any]) -> list[float | None]:
    """NREL's residential loan case: down payment, loan, escalating costs, interest and property tax deducted."""
    tax = i["state_tax"] + i["fed_tax"] * (1 - i["state_tax"])
    draw = i["installed_cost"] * i["debt_fraction"]
    loan = payments.repayment(i["loan_rate"], i["loan_term"], draw, per_year=1)
    assert i["loan_term"] == i["analysis_years"]
    costs: list[Flow] = [(0.0, i["installed_cost"] - draw)]
    for year, (payment, interest) in enumerate(zip(loan.payment, loan.interest, strict=True), start=1):
        escalating = i["om_capacity_year1"] + i["fuel_year1"] + i["insurance_year1"]
        running = escalating * (1 + i["escalation_om_fuel_insurance"]) ** (year - 1)
        deducted = interest + i["property_tax"]
        costs.append((float(year), running + i["property_tax"] + payment - tax * deducted))
    energy = [(float(year), i["energy_kwh"] / 100) for year in range(1, i["analysis_years"] + 1)]
    real = i["real_discount"]
    nominal = (1 + real) * (1 + i["inflation"]) - 1
    return [measures.npv(nominal, costs) / measures.npv(rate, energy) for rate in (nominal, real)]


IN_SCOPE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "npv_t0_npf_doc": npv_case,
    "npv_end_adobe_monthly": npv_case,
    "npv_end_rust_doc": npv_case,
    "npv_bmm_A_11": npv_case,
    "npv_bmm_A_16": npv_case,
    "irr_bmm_A": irr_case,
    "irr_ms_5y": irr_case,
    "irr_ms_2y_guess": irr_case,
    "irr_neg_gh98": irr_case,
    "mirr_ms_5y": mirr_case,
    "mirr_npf_doc": mirr_case,
    "xnpv_ms": lambda i: measures.npv(i["rate"], by_date(i)),
    "xirr_ms": xirr_case,
    "payback_simple_A": payback_case,
    "payback_disc_14_10400": payback_case,
    "payback_disc_14_13000": payback_case,
    "eac_5000_8y": lambda i: payments.level_payment(i["rate"], i["years"], i["pv_cost"]),
    "eac_unequal_lives_M1": lambda i: payments.level_payment(i["rate"], i["life"], i["capex"]) + i["opex"],
    "pmt_npf_test": lambda i: -payments.level_payment(i["rate"], i["nper"], i["pv"]),
    "pmt_zero_rate": lambda i: -payments.level_payment(i["rate"], i["nper"], i["pv"]),
    "ipmt_ms_y3": lambda i: -debt(i).interest[i["per"] - 1],
    "ppmt_ms_y10": lambda i: -debt(i).principal[i["per"] - 1],
    "sam_loan_last_interest": lambda i: debt(i, "loan", periods="n").interest[i["period"] - 1],
    "macrs_5y_hy": lambda i: list(SCHEDULES["macrs_5"]),
    "macrs_15y_hy": lambda i: list(SCHEDULES["macrs_15"]),
    "macrs_pub946_1000": lambda i: [i["basis"] * share for share in SCHEDULES["macrs_5"]],
    "nal_tasha": lambda i: measures.net_advantage_to_leasing(*tasha_streams(i)),
    "nal_dakota": lambda i: measures.net_advantage_to_leasing(*dakota_streams(i)),
    "ifrs16_sbr_liability": lease_liability_case,
    "mid_year_factor": lambda i: [measures.npv(i["rate"], [(time, i["cf"])]) for time in (i["year"], i["year"] - 0.5)],
    "lcoe_sam_after_tax": sam_levelised_case,
}

OUT_OF_SCOPE = {
    "sln_ms": "book value down to a salvage value; the model's straight line goes to zero for tax, a line of its own",
    "macrs_7y_120000": "the rule without the rounding of the printed table, which is what the model deducts",
    "wacc_debt10": "composes a discount rate; the study is given one",
    "wacc_debt60": "composes a discount rate; the study is given one",
    "fisher_sam": "composes a nominal rate; the study is given one (its real levelised cost is a line, tested there)",
    "sam_effective_tax": "composes a tax rate; the study is given one",
    "lcoe_fcr_wind": "the fixed-charge method; the model discounts each year's flow",
    "db_ms_7m": "book method with part years; the model's tax schedules are straight line, MACRS, bonus or a list",
    "vdb_ms": "book method; the model's tax schedules are straight line, MACRS, bonus or a list",
    "db_openoffice": "book method; the model's tax schedules are straight line, MACRS, bonus or a list",
    "s179_2026_zero_point": "a yearly legal limit; immediate deduction is the bonus_100 schedule or a typed list",
    "pf_norris": "power-factor billing: the model's demand charge is on peak kW, an adjusted price can be typed",
    "load_factor_forum": "a utility's load factor: the model reports mean and peak kW, not their ratio",
    "aws_sp_hourly": "list price less a discount: the model takes the committed price itself",
    "sobol_ishigami": "variance shares: belongs to the analysis of uncertainty, not to a finance measure",
    "error_probability_panko": "how often spreadsheets err: quality assurance, not a finance measure",
}


def test_every_published_case_is_computed_or_declared_out_of_scope() -> None:
    assert IN_SCOPE.keys() | OUT_OF_SCOPE.keys() == CASES.keys()
    assert not IN_SCOPE.keys() & OUT_OF_SCOPE.keys()


@pytest.mark.parametrize("identifier", IN_SCOPE)
def test_published_case(identifier: str) -> None:
    case = CASES[identifier]
    result = IN_SCOPE[identifier](case["inputs"])
    assert result == pytest.approx(case["expected"], rel=0, abs=case["tolerance"])
    assert result == pytest.approx(case["recomputed"], rel=1e-10, abs=1e-12)


# ------------------------------------------------------------------------------------------------- present value


def test_npv_agrees_with_numpy_financial() -> None:
    amounts = [-10_000.0, 3_000.0, 4_200.0, 6_800.0]
    assert measures.npv(0.1, yearly(amounts)) == pytest.approx(float(npf.npv(0.1, amounts)), rel=1e-13)


def test_dated_flows_follow_the_model_s_calendar() -> None:
    assert measures.dated_flows([-5, 1], [2, 3], 4, mid_year=True) == [(0, -5), (1, 1), (0.5, 2), (1.5, 3), (2, 4)]
    assert measures.dated_flows([-5, 1], [2, 3], 4, mid_year=False) == [(0, -5), (1, 1), (1, 2), (2, 3), (2, 4)]


@pytest.mark.parametrize("rate", [-1.0, -1.5, math.nan, math.inf])
def test_a_rate_without_a_present_value_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="give a rate above -1"):
        measures.npv(rate, [(0.0, 1.0)])


def test_a_factor_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="give a rate further above -1"):
        measures.discount_factor(-1 + 1e-15, 40)


@pytest.mark.parametrize("flow", [(-1.0, 5.0), (math.nan, 5.0), (1.0, math.nan), (1.0, math.inf)])
def test_a_flow_that_is_no_flow_is_refused_by_position(flow: Flow) -> None:
    with pytest.raises(ValueError, match="flow 2"):
        measures.npv(0.1, [(0.0, 1.0), flow])


# ------------------------------------------------------------------------------------------------ internal rates


def sign_changes(amounts: Sequence[float | Fraction]) -> int:
    signs = [amount > 0 for amount in amounts if amount]
    return sum(left != right for left, right in pairwise(signs))


def distinct_positive_roots(coefficients: list[int]) -> int:
    """Exact count by Sturm's theorem in rational arithmetic, lowest power first: an independent judge."""
    polynomial = [Fraction(c) for c in np.trim_zeros(coefficients)]
    if len(polynomial) < 2:
        return 0
    chain = [polynomial, [power * c for power, c in enumerate(polynomial)][1:]]
    while len(chain[-1]) > 1:
        remainder = list(chain[-2])
        divisor = chain[-1]
        while len(remainder) >= len(divisor):
            quotient, shift = remainder[-1] / divisor[-1], len(remainder) - len(divisor)
            remainder = [c - (quotient * divisor[k - shift] if k >= shift else 0) for k, c in enumerate(remainder)]
            remainder.pop()
        while remainder and remainder[-1] == 0:
            remainder.pop()
        if not remainder:
            break
        chain.append([-c for c in remainder])
    return sign_changes([p[0] for p in chain]) - sign_changes([p[-1] for p in chain])


def test_the_judge_counts_right() -> None:
    assert distinct_positive_roots([-1, 2, -1]) == 1  # (x - 1)^2
    assert distinct_positive_roots([6, -5, 1]) == 2  # (x - 2)(x - 3)
    assert distinct_positive_roots([0, 6, 5, 1]) == 0
    assert distinct_positive_roots([-6, 11, -6, 1]) == 3


def rates_by_polynomial(amounts: list[int]) -> list[float]:
    """numpy.roots of the flows as a polynomial in 1/(1 + rate)."""
    roots = np.roots(np.trim_zeros(amounts)[::-1])
    real = roots[(abs(roots.imag) < 1e-9 * abs(roots)) & (roots.real > 0)].real
    return sorted(1 / x - 1 for x in real)


@quick
@given(st.lists(st.integers(-30, 30), min_size=2, max_size=9))
@example([-1, 2, -1])
@example([-50, -100, 600, 300, -100])
@example([0, 0, 3, -7, 4, 0])
def test_every_root_is_found_and_none_is_invented(amounts: list[int]) -> None:
    assume(any(amounts))
    roots = measures.irr_roots(yearly(amounts))
    assert len(roots) == distinct_positive_roots(amounts)
    for root in roots:
        scale = measures.npv(root, [(t, abs(a)) for t, a in yearly(amounts)])
        assert abs(measures.npv(root, yearly(amounts))) <= 1e-12 * scale


def test_roots_equal_those_of_the_polynomial() -> None:
    generator = np.random.default_rng(7)
    found = 0
    for _ in range(300):
        amounts = [int(a) for a in generator.integers(-1000, 1001, size=generator.integers(2, 14))]
        roots = measures.irr_roots(yearly(amounts))
        assert roots == pytest.approx(rates_by_polynomial(amounts), rel=1e-8, abs=1e-10)
        found += len(roots) > 1
    assert found > 50  # several roots at once were really compared


@quick
@given(
    st.dictionaries(
        st.sampled_from([Fraction(1, 50), Fraction(1, 4), Fraction(1, 2), Fraction(4, 5), 1, Fraction(5, 4), 2, 20]),
        st.integers(1, 2),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([1.0, 0.5]),
)
def test_known_roots_come_back(multiplicities: dict[Fraction, int], spacing: float) -> None:
    """Flows built from chosen factors: simple and touching roots, 50-fold and near total loss, at half years too."""
    polynomial = [Fraction(1)]
    for root, times in multiplicities.items():
        for _ in range(times):
            below, above = [Fraction(0), *polynomial], [*polynomial, Fraction(0)]
            polynomial = [b - root * a for b, a in zip(below, above, strict=True)]
    flows = [(power * spacing, float(c)) for power, c in enumerate(polynomial)]
    expected = sorted((1 / float(x)) ** (1 / spacing) - 1 for x in multiplicities)
    assert measures.irr_roots(flows) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@quick
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.floats(-1e6, 1e6).filter(lambda a: a == 0 or abs(a) > 1e-3)),
        min_size=1,
        max_size=40,
    )
)
def test_roots_of_dated_flows_are_sorted_few_and_have_no_value(dated: list[tuple[int, float]]) -> None:
    flows = [(half_years / 2, amount) for half_years, amount in dated]
    roots = measures.irr_roots(flows)
    merged = {time: math.fsum(a for t, a in flows if t == time) for time in sorted({t for t, _ in flows})}
    assert roots == sorted(set(roots))
    assert len(roots) <= sign_changes(list(merged.values()))
    for root in roots:
        assert root > -1
        # The rate as a float moves the value by a bit of 1 + rate, times the years: much near -1, nothing elsewhere.
        discounted = [(t, a * measures.discount_factor(root, t)) for t, a in flows]
        slack = sum(abs(a) * (1 + t / (1 + root)) for t, a in discounted)
        assert abs(math.fsum(a for _, a in discounted)) <= 1e-13 * slack


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([], []),
        ([0, 0, 0], []),
        ([-100, 0, 0], []),
        ([5, 5, 5], []),
        ([1, -2, 2], []),
        ([-100, 110], [0.1]),
        ([-100, 100], [0.0]),
        ([-1, 2, -1], [0.0]),
        ([-1, 3, -3, 1], [0.0]),
        ([-100, 230, -132], [0.1, 0.2]),
        ([-1, 51], [50.0]),
        ([-1e6, 1], [-1 + 1e-6]),
    ],
)
def test_roots_by_hand(amounts: list[float], expected: list[float]) -> None:
    assert measures.irr_roots(yearly(amounts)) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_roots_that_a_single_answer_library_hides() -> None:
    """numpy-financial reports one of the two (1.0.0 the negative, 1.1.0 the other)."""
    amounts = [-50, -100, 600, 300, -100]
    roots = measures.irr_roots(yearly(amounts))
    assert roots == pytest.approx([-0.7688954706807807, 1.8544178284561778], rel=1e-12)
    assert any(root == pytest.approx(float(npf.irr(amounts))) for root in roots)


def test_a_residue_of_rounding_makes_no_root_and_an_unrepresentable_root_is_left_out() -> None:
    assert measures.irr_roots([(0, 0.1 + 0.2 - 0.3), (1, -5.0), (2, -3.0)]) == []
    assert measures.irr_roots([(0, -1.0), (0.001, 1e9)]) == []
    assert measures.irr_roots([(0, -1e9), (0.5, 1.0)]) == []


def test_the_order_and_splitting_of_flows_do_not_matter() -> None:
    flows = [(0.5, 30.0), (0.0, -100.0), (2.0, 20.0), (1.5, 80.0)]
    split = [*flows[1:], (0.5, 10.0), (0.5, 20.0)]
    assert measures.irr_roots(flows) == measures.irr_roots(sorted(flows)) == measures.irr_roots(split)


def test_mirr_of_half_year_flows_by_hand() -> None:
    flows = [(0.0, -100.0), (0.5, 60.0), (1.5, 70.0), (2.0, 0.0)]
    future_value = 60 * 1.12**1.5 + 70 * 1.12**0.5
    assert measures.mirr(flows, 0.1, 0.12) == pytest.approx((future_value / 100) ** 0.5 - 1, rel=1e-12)


@quick
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=9), st.floats(-0.3, 1.0), st.floats(-0.3, 1.0))
def test_mirr_agrees_with_numpy_financial(amounts: list[int], finance_rate: float, reinvest_rate: float) -> None:
    assume(min(amounts) < 0 < max(amounts))
    expected = float(npf.mirr(amounts, finance_rate, reinvest_rate))
    assert measures.mirr(yearly(amounts), finance_rate, reinvest_rate) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("flows", [[], [(0, -1.0), (1, -2.0)], [(0, 1.0), (1, 0.0)], [(0, -1.0), (0, 2.0)]])
def test_mirr_without_two_sides_or_time_is_none(flows: list[Flow]) -> None:
    assert measures.mirr(flows, 0.1, 0.1) is None


# ------------------------------------------------------------------------------------------------------- payback


@pytest.mark.parametrize(
    ("starts", "running", "final", "expected"),
    [
        pytest.param([-100, 0], [50, 50], 0, Payback(2.0, False), id="at the very end"),
        pytest.param(
            [-1, 0, 0], [1 / 3, 1 / 3, 1 / 3], 0, Payback(3.0, False), id="thirds that do not add up in floats"
        ),
        pytest.param([-100, 0], [40, 40], 0, Payback(None, False), id="never"),
        pytest.param([-100, 0], [40, 40], 20, Payback(2.0, False), id="by the resale at the horizon"),
        pytest.param([-100, -50, 0], [120, 20, 40], 0, Payback(5 / 6, True), id="a second purchase undoes it"),
        pytest.param([-100, -50, 0], [80, 50, 40], 0, Payback(2.5, False), id="purchases first"),
        pytest.param([-100, 60], [50, 0], 0, Payback(1.0, False), id="by a disposal within the horizon"),
        pytest.param([0, 0], [-10, 30], 0, Payback(4 / 3, False), id="behind by running costs alone"),
        pytest.param([100, 0], [-60, -60], 0, Payback(0.0, True), id="ahead at first, behind later"),
        pytest.param([0, 0], [5, 5], 0, Payback(0.0, False), id="nothing laid out"),
        pytest.param([0, 0], [0, 0], 0, Payback(None, False), id="no difference at all"),
        pytest.param([-100, 0], [150, 0], -80, Payback(2 / 3, True), id="a cost at the horizon undoes it"),
    ],
)
def test_payback_by_hand(starts: list[float], running: list[float], final: float, expected: Payback) -> None:
    result = measures.payback(starts, running, final)
    assert result.turns_negative_again is expected.turns_negative_again
    assert (result.years is None) == (expected.years is None)
    assert (result.years or 0.0) == pytest.approx(expected.years or 0.0, rel=1e-12)


amounts_by_year = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=15)


@quick
@given(amounts_by_year, st.floats(-1e6, 1e6), st.floats(0, 0.5), st.booleans())
def test_payback_lies_in_the_horizon_and_discounting_at_zero_changes_nothing(
    pairs: list[tuple[float, float]], final: float, rate: float, mid_year: bool
) -> None:
    starts, running = [s for s, _ in pairs], [r for _, r in pairs]
    plain = measures.payback(starts, running, final)
    discounted = measures.discounted_payback(rate, starts, running, final, mid_year=mid_year)
    for result in (plain, discounted):
        assert result.years is None or 0 <= result.years <= len(pairs)
        assert result.years is not None or not result.turns_negative_again
    assert measures.discounted_payback(0.0, starts, running, final, mid_year=mid_year) == plain
    if sum(starts) + sum(running) + final > 1:  # ends ahead: it did pay back
        assert plain.years is not None


@quick
@given(st.floats(1, 1e6), st.lists(st.floats(0, 1e6), min_size=1, max_size=15), st.floats(0, 0.5))
def test_discounting_never_pays_back_sooner(outlay: float, running: list[float], rate: float) -> None:
    starts = [-outlay] + [0.0] * (len(running) - 1)
    plain = measures.payback(starts, running, 0.0)
    discounted = measures.discounted_payback(rate, starts, running, 0.0, mid_year=True)
    if discounted.years is not None:
        assert plain.years is not None
        assert plain.years <= discounted.years + 1e-9


def test_rows_of_an_array_give_plain_numbers() -> None:
    starts, running = np.array([-100.0, 0.0]), np.array([80.0, 60.0])
    result = measures.discounted_payback(0.1, list(starts), list(running), np.float64(1.0), mid_year=True)
    assert type(result.years) is float
    assert type(result.turns_negative_again) is bool
    flows = measures.dated_flows(list(starts), list(running), np.float64(1.0), mid_year=True)
    assert {type(amount) for _, amount in flows} == {float}
    assert [type(root) for root in measures.irr_roots(flows)] == [float]


def test_payback_refuses_years_that_do_not_match() -> None:
    for call in (
        lambda: measures.payback([1.0], [1.0, 2.0], 0.0),
        lambda: measures.payback([], [], 0.0),
        lambda: measures.discounted_payback(0.1, [1.0], [], 0.0, mid_year=True),
        lambda: measures.dated_flows([1.0], [], 0.0, mid_year=True),
    ):
        with pytest.raises(ValueError, match="give one of each for every year"):
            call()
    with pytest.raises(ValueError, match="give an amount of money"):
        measures.payback([math.nan], [1.0], 0.0)


# ------------------------------------------------------------------------------------------------ rates and tax


# -------------------------------------------------------------------------------------------------- lease or buy


def test_dakota_s_two_sides() -> None:
    """The published present values of owning and leasing."""
    rate, buy, lease = dakota_streams(CASES["nal_dakota"]["inputs"])
    assert -measures.npv(rate, buy) == pytest.approx(23_035.16, abs=0.01)
    assert -measures.npv(rate, lease) == pytest.approx(22_038.07, abs=0.01)
