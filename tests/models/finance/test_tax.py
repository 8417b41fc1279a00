"""Depreciation schedules against the printed table."""

import math

import pytest

from models.finance.tax import SCHEDULES, schedule_shares
from models.studies import schema

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
