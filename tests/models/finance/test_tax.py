"""Depreciation schedules against the printed table."""

import math
from fractions import Fraction

import pytest

from models.finance.tax import SCHEDULES, schedule_shares
from models.studies.inputs import schema

NAMED = [name for name in schema.field("asset", "tax_schedule").choices if name != "straight_line"]


def test_every_schedule_of_the_schema_has_its_shares():
    assert set(NAMED) == set(SCHEDULES)


@pytest.mark.parametrize("name", ["macrs_3", "macrs_5", "macrs_7", "macrs_15", "bonus_100"])
def test_a_schedule_deducts_the_whole_cost(name: str):
    shares = schedule_shares(name, 30)
    assert shares is not None
    assert math.fsum(shares) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("name", "years"), [("macrs_3", 4), ("macrs_5", 6), ("macrs_7", 8), ("macrs_15", 16)])
def test_the_half_year_convention_takes_one_year_more(name: str, years: int):
    assert len(SCHEDULES[name]) == years


def test_five_year_property_is_as_printed():
    assert schedule_shares("macrs_5", 6) == (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576)


def test_shares_are_cut_or_filled_to_the_ages_asked_for():
    assert schedule_shares("bonus_100", 3) == (1.0, 0.0, 0.0)
    assert schedule_shares("none", 2) == (0.0, 0.0)
    assert schedule_shares([0.5, 0.3, 0.2], 2) == (0.5, 0.3)
    assert schedule_shares((0.5,), 0) == ()


def test_straight_line_is_not_a_table():
    assert schedule_shares("straight_line", 5) is None


def by_the_rule(recovery_years: int) -> list[float]:
    """MACRS half-year shares by IRS Publication 946, chapter 4: declining balance, then straight line, each rounded."""
    left, years_left, part = Fraction(1), Fraction(recovery_years), Fraction(1, 2)
    shares: list[float] = []
    while years_left > 0:
        speed = Fraction(3, 2) if recovery_years == 15 else Fraction(2)
        yearly = max(left * speed / recovery_years, left / max(years_left, 1))
        share = Fraction(math.floor(yearly * part * 10_000 + Fraction(1, 2)), 10_000)
        shares.append(float(share))
        left, years_left, part = left - share, years_left - part, Fraction(1)
    return shares


@pytest.mark.parametrize("recovery_years", [3, 5, 7, 15])
def test_the_rule_gives_the_tables_the_model_uses(recovery_years: int):
    assert by_the_rule(recovery_years) == pytest.approx(SCHEDULES[f"macrs_{recovery_years}"], abs=1e-12)
