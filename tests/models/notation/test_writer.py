"""How figures are written: a table for each form, and what holds for every figure."""

import datetime
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.notation import writer
from models.notation.writer import MINUS


def number(text: str) -> float:
    """What a written figure says, in its own scale."""
    found = re.search(r"[0-9][0-9,]*(\.[0-9]+)?", text)
    assert found, text
    size = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    times = size.get(text[found.end() :].strip(), 1.0)
    return float(found[0].replace(",", "")) * times * (-1 if MINUS in text else 1)


# ---------------------------------------------------------------------------------------------------------- the digits


def test_halves_are_rounded_away_from_zero_as_spreadsheets_do() -> None:
    assert [writer.fixed(v, 0) for v in (2.5, -2.5, 1234.5)] == ["3", f"{MINUS}3", "1,235"]
    assert writer.fixed(1.005, 2) == "1.01" and writer.fixed(-0.4, 0) == "0"
    assert [writer.fixed(v, 1) for v in (math.inf, math.nan)] == ["n/a", "n/a"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.0000836, "0.0000836"), (0.001, "0.00100"), (12.114, "12.1"), (1234.5, "1,230"), (9.996, "10.0")],
        *[(99.96, "100"), (0.99961, "1.00"), (0, "0"), (150, "150"), (-0.374, f"{MINUS}0.374"), (2.1e-12, "2.10e-12")],
    ],
)
def test_significant_digits(value: float, text: str) -> None:
    assert writer.digits(value, 3) == text


@given(st.floats(min_value=1e-6, allow_infinity=False))
def test_no_figure_is_longer_than_anybody_reads(value: float) -> None:
    """Neither endless digits nor an exponent, in any form that stands in a sentence."""
    forms = (writer.unit_cost, writer.money, writer.physical, writer.count, writer.share, writer.change, writer.ratio)
    for write in forms:
        for text in (write(value), write(-value)):
            assert len(text) <= 23 and "e" not in text, (write, text)


# --------------------------------------------------------------------------------------------------------------- costs


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.7113, "0.71"), (3.9, "3.90"), (12.114, "12.11"), (0.1866, "0.19"), (0.0836, "0.0836"), (0.09996, "0.10")],
        *[(999.99, "999.99"), (999.996, "1,000"), (1234.5, "1,235"), (150, "150.00"), (0, "0"), (1e-12, "0")],
        *[(-0.374, f"{MINUS}0.37"), (None, "n/a"), (1e15, "1,000,000,000,000,000"), (1.1e15, ">1,000 trillion")],
    ],
)
def test_unit_costs(value: float | None, text: str) -> None:
    assert writer.unit_cost(value) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.9868, 0.9921, 1.4], ["0.987", "0.992", "1.40"]),
        ([0.00012341, 0.00012343], ["0.00012341", "0.00012343"]),
        ([1235.2, 1235.4, None], ["1,235.2", "1,235.4", "n/a"]),
        ([1.0, 1.0 + 1e-12], ["1.00", "1.00"]),
    ],
)
def test_unit_costs_that_differ_do_not_look_alike(values: list[float | None], texts: list[str]) -> None:
    assert writer.unit_costs(values) == texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.0956, 0.19], ["0.096", "0.190"]),
        ([3.4213, 0.0125, -0.45, None], ["3.42", "0.01", f"{MINUS}0.45", "n/a"]),
        ([0.9, 1.69], ["0.90", "1.69"]),
        ([250.0, 12.114], ["250.00", "12.11"]),
        ([1234.5, 0.2], ["1,235", "<1"]),
        ([5.0, 0.0004, 0.0], ["5.00", "<0.01", "0.00"]),
        ([0.0], ["0"]),
    ],
)
def test_unit_costs_of_one_sum_or_span_have_the_same_decimals(values: list[float | None], texts: list[str]) -> None:
    assert writer.even_costs(values) == texts


def test_both_ends_of_a_span_of_costs_have_the_same_decimals() -> None:
    assert writer.cost_span(0.0956, 0.19, sentence=True) == "0.096 to 0.190"


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        *[("USD per 1,000 responses", "USD 0.71 per 1,000 responses"), ("USD", "USD 0.71"), ("kW", "0.71 kW")],
        *[("USD-years", "USD 0.71-years"), ("", "0.71"), ("USDC per day", "0.71 USDC per day")],
    ],
)
def test_a_currency_stands_before_its_figure(unit: str, text: str) -> None:
    assert writer.quantity("0.71", unit, "USD") == text


def test_without_a_currency_a_cost_has_none() -> None:
    assert writer.quantity("0.71", "money per response", "") == "0.71 per response"


# --------------------------------------------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[
            (769_322, "USD 0.77m"),
            (2_731_310.77, "USD 2.73m"),
            (-2_731_310, f"USD {MINUS}2.73m"),
            (1.2e9, "USD 1.20bn"),
        ],
        *[(4.5e12, "USD 4.50tn"), (1e15, "USD 1,000.00tn"), (1e24, "USD >1,000tn"), (-1e24, f"USD <{MINUS}1,000tn")],
        *[(999_600, "USD 1.00m"), (999_995_000, "USD 1.00bn"), (999_994_999, "USD 999.99m"), (0, "USD 0")],
        *[(100_000, "USD 100k"), (99_999.4, "USD 99,999"), (54_716, "USD 54,716"), (612.3, "USD 612")],
        *[(99.994, "USD 99.99"), (99.996, "USD 100"), (4.5, "USD 4.50"), (0.0123, "USD 0.0123"), (None, "n/a")],
    ],
)
def test_money_alone(value: float | None, text: str) -> None:
    # Alone, what is below 1m is in thousands: the largest amount decides.
    wanted = {"USD 0.77m": "USD 769k"}.get(text, text)
    assert writer.money(value, "USD") == wanted


def test_the_amounts_of_a_sentence_have_one_scale() -> None:
    assert writer.amounts([769_322, 1_350_000, -269_000], "USD") == ["USD 0.77m", "USD 1.35m", f"USD {MINUS}0.27m"]
    assert writer.amounts([405_200, 98_000], "EUR") == ["EUR 405k", "EUR 98k"]
    assert writer.amounts([2e6, 400, -400, 0], "") == ["2.00m", "<0.01m", f"{MINUS}<0.01m", "0.00m"]
    assert writer.amounts([], "USD") == []


def test_the_amounts_of_a_table_have_one_scale_in_its_unit() -> None:
    scale = writer.table_scale([1_088_378.5, None, -368_955.0])
    assert [scale.statement(v) for v in (1_088_378.5, None, 0.0, -368_955.0, -0.2)] == [
        *("1,088", "n/a", "\u2013", "(369)", "0"),
    ]
    assert [scale.text(v) for v in (-368_955.0, -0.2)] == [f"{MINUS}369", "0"]
    assert scale.unit("USD") == "USD thousand" and scale.unit("kWh") == "thousand kWh"
    assert [scale.signed(v) for v in (779_900.0, -12_000.0, 0.0)] == ["+780", f"{MINUS}12", "0"]
    millions = writer.table_scale([2.5e9])
    assert (millions.text(2.5e9), millions.unit("USD")) == ("2,500.00", "USD m")


# -------------------------------------------------------------------------------------------- shares, changes and rates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.2941, "29%"), (0.083, "8.3%"), (0.0995, "10%"), (0.0994, "9.9%"), (0.0004, "<0.1%"), (0.9996, ">99.9%")],
        *[(0.999, "99.9%"), (0.9949, "99.5%"), (0.99, "99.0%"), (0.985, "99%"), (1, "100%"), (0, "0%"), (None, "n/a")],
        *[(1.0004, ">100%"), (1.004, "100.4%"), (1.5, "150%"), (12.34, "1,234%"), (-0.05, f"{MINUS}5.0%")],
        *[(-0.0001, f">{MINUS}0.1%"), (math.nan, "n/a"), (1 / 3 + 2 / 3 - 1e-16, "100%")],
    ],
)
def test_shares(value: float | None, text: str) -> None:
    assert writer.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(3.2, "3.2 times the demand"), (1.03, "1.03 times the demand"), (12.0, "12 times the demand")],
        *[(1.0, "100%"), (1 + 1e-12, "100%"), (0.45, "45%"), (None, "n/a")],
    ],
)
def test_more_than_all_of_a_demand_is_no_share(value: float | None, text: str) -> None:
    assert writer.of_demand(value) == text


@given(st.floats(min_value=-2, max_value=3))
def test_a_share_is_never_rounded_to_a_bound(value: float) -> None:
    text = writer.share(value)
    assert (text == "0%") == (value == 0)
    assert (number(text) == 100 and ">" not in text) == (abs(value - 1) < 1e-10)


@given(st.lists(st.floats(min_value=-2, max_value=3), min_size=2, max_size=2).map(sorted))
def test_a_larger_share_is_not_written_as_a_smaller_one(values: list[float]) -> None:
    low, high = (number(writer.share(value)) for value in values)
    assert low <= high


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.0312, "+3.1%"), (-0.0312, f"{MINUS}3.1%"), (0.37, "+37%"), (12.0, "+1,200%"), (0, "0%"), (None, "n/a")],
        *[(-0.0004, f"{MINUS}<0.1%"), (0.0006, "+0.1%")],
    ],
)
def test_changes(value: float | None, text: str) -> None:
    assert writer.change(value) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        *[(1.1, 1.0, "+10%"), (0.9, 1.0, f"{MINUS}10%"), (1.012, 1.0, "+1.2%"), (1.0, 1.0, None), (1.0001, 1.0, None)],
        *[(1.0, None, None), (None, 1.0, None), (1.0, 0.0, None)],
    ],
)
def test_what_an_edit_did(now: float | None, before: float | None, text: str | None) -> None:
    assert writer.moved(now, before) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.0723, "7.23% p.a."), (0.08, "8% p.a."), (0.075, "7.5% p.a."), (-0.02, f"{MINUS}2% p.a."), (0, "0% p.a.")],
        *[(0.00001, "<0.01% p.a."), (11.0, "n/m: above 1,000% p.a."), (None, "n/a"), (0.1, "10% p.a.")],
    ],
)
def test_rates(value: float | None, text: str) -> None:
    assert writer.rate(value) == text


def test_points() -> None:
    assert [writer.points(v) for v in (0.12, -0.005, 0.0001)] == ["+12 points", f"{MINUS}0.5 points", "+0.01 points"]


# ---------------------------------------------------------------------------------------------- physical and plain ones


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(958_429.8, "958,000"), (2_731_310.77, "2.73 million"), (999_600, "1.00 million"), (999_400, "999,000")],
        *[
            (1.2e9, "1.20 billion"),
            (4.1e13, "41.0 trillion"),
            (-2e15, f"<{MINUS}1,000 trillion"),
            (4.5, "4.50"),
            (0, "0"),
            (None, "n/a"),
        ],
    ],
)
def test_quantities(value: float | None, text: str) -> None:
    assert writer.physical(value) == text


@given(st.floats(min_value=1e-8, max_value=1e12))
def test_a_rounded_figure_is_near_what_it_says(value: float) -> None:
    assert number(writer.physical(value)) == pytest.approx(value, rel=0.0051)
    assert number(writer.money(value)) == pytest.approx(value, rel=0.0051, abs=0.0051 if value >= 0.1 else 0)
    assert number(writer.unit_cost(value)) == pytest.approx(value, rel=0.0051, abs=0.0051 if value >= 0.1 else 0)


FIGURES = st.one_of(*(st.floats(min_value=least, max_value=most) for least, most in ((-1e12, -1e-6), (1e-6, 1e12))))


@given(st.lists(FIGURES, min_size=2, max_size=2).map(sorted))
def test_a_larger_figure_is_not_written_as_a_smaller_one(values: list[float]) -> None:
    low, high = values
    for write in (writer.unit_cost, writer.money, writer.physical, writer.exact):
        assert number(write(low)) <= number(write(high)) + 1e-9 * abs(high), write


@given(st.floats(min_value=1e-8, max_value=1e14))
def test_an_opened_figure_keeps_seven_digits(value: float) -> None:
    assert number(writer.exact(value)) == pytest.approx(value, rel=5.1e-7, abs=0.5 if value > 1e6 else 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(2_731_310.7656, "2,731,311"), (355_500.0, "355,500"), (0.72, "0.72"), (8.362045e-05, "0.00008362045")],
        *[(True, "yes"), (None, "n/a"), (math.nan, "n/a"), ("demand", "demand"), (0.0, "0"), (3e20, "3.000000e+20")],
    ],
)
def test_figures_of_a_formula(value: object, text: str) -> None:
    assert writer.exact(value) == text


def test_figures_as_people_type_them() -> None:
    assert writer.as_typed(1_234_567.89) == "1,234,567.89" and writer.as_typed(1 / 1.2) == "0.8333333"
    assert writer.as_typed(0.0723, percent=True) == "7.23%" and writer.as_typed(-5) == "-5"
    assert (
        writer.as_typed(12_500.0, english=False) == "12\u00a0500" and writer.as_typed(1.234, english=False) == "1.2340"
    )


def test_ratios_parts_and_ranges() -> None:
    assert [writer.ratio(v) for v in (2.0, 12.34, 345.6, 0.25)] == ["2.0×", "12×", "346×", "0.25×"]
    assert [writer.part(v) for v in (1 / 6, 0.5, 1 / 667_000, 0.4)] == ["one sixth", "one half", "1/667,000", "1/2.50"]
    assert writer.span("0.26", "1.80") == "0.26 \u2013 1.80"
    assert writer.span("0.26m", "1.80m", sentence=True) == "0.26m to 1.80m"


# ------------------------------------------------------------------------------------------------------------ of time


def test_spans_of_time() -> None:
    assert [writer.years(v) for v in (1, 5, 10, 12, 2.53)] == [
        "one year",
        "five years",
        "ten years",
        "12 years",
        "2.5 years",
    ]
    assert [writer.months(v) for v in (1, 6, 2.53151)] == ["1 month", "6 months", "2.5 months"]
    assert writer.number_of(1, "system") == "1 system" and writer.number_of(1200, "system") == "1,200 systems"


def test_dates_and_times_do_not_follow_the_machine() -> None:
    at = datetime.datetime(2026, 11, 9, 9, 4)
    assert writer.date(at) == "9 Nov 2026" and writer.moment(at) == "9 Nov 2026, 09:04"
