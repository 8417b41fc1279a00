"""Quoted prices that hold no longer are flagged, whoever wrote the note; a day that does not exist is none."""

from __future__ import annotations

import datetime

import pytest

from models.analysis.decision.negotiation import expired
from models.studies.change import replace
from models.studies.file.load import load
from models.studies.inputs.value import Value, holds_until

PRICE = "option/Buy, colocation/capex/H200 SXM accelerators/amount"
TODAY = datetime.date(2026, 11, 1)


def quoted(until: str):
    return replace(load("templates/customer_service.toml"), PRICE, 30_000, source="Vendor", note=f"Net; {until}")


@pytest.mark.parametrize(
    ("until", "count"),
    (("holds until 2026-10-31", 1), ("holds until 2026-11-01", 0), ("holds until 2026-02-31", 0), ("holds", 0)),
)
def test_a_price_expires_the_day_after_its_last(until: str, count: int):
    found = expired(quoted(until), TODAY)
    assert len(found) == count
    for each in found:
        assert str(each) == "“Buy, colocation”: 1 price from Vendor expired on 31 Oct 2026. Ask for an extension."


def test_prices_of_one_quote_are_told_once():
    study = replace(quoted("holds until 2026-01-31"), "option/Buy, colocation/electricity_price", 0.1, source="Vendor")
    study = replace(study, "option/Buy, colocation/electricity_price", 0.1, note="holds until 2026-01-31")
    (found,) = expired(study, TODAY)
    assert found.count == 2 and "2 prices from Vendor" in str(found)


def test_a_note_without_a_day_says_nothing():
    assert holds_until(Value(1.0)) is None
