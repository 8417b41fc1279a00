"""What people type for an input: the content it wants, or a fault; never another number."""

import math
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.notation.reader import Marks, Policy
from models.studies.file import load
from models.studies.inputs import schema
from views.figures import typed

TOKENS = schema.field("workload", "input_tokens")
PRICE = schema.field("option", "electricity_price")
RATE = schema.field("study", "discount_rate")
GROWN = schema.field("workload", "demand_growth")
SUCCESS = schema.field("workload", "success_rate")
SHARE = schema.field("api", "batch_share")
SYSTEMS = schema.field("option", "systems")
PUE = schema.field("option", "pue")
POWER = schema.field("option", "system_power_load_w")
ITEM = schema.field("capex", "amount")
SCHEDULE = schema.field("asset", "tax_schedule")
STUDIES = sorted(Path(__file__).parents[3].glob("templates/*.toml"))


ENGLISH = Policy("english")


def value(entry: schema.Field, text: str, marks: Marks = "english", **how) -> object:
    """What is read, or the word "fault"."""
    found = typed.read(entry, text, Policy(marks), currency="USD", **how)
    return "fault" if found.fault else found.value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,234.5", 1234.5),
        ("312\u2019000.00", 312000),
        ("12,34,567", 1234567),
        ("300 tokens", 300),
        ("", None),
        ("  ", None),
    ],
)
def test_a_number_is_what_was_meant(text: str, meant: float | None):
    assert value(TOKENS, text) == value(TOKENS, text, "ask") == meant


@pytest.mark.parametrize("text", ["abc", "12%", "-5", "(5)", "\u22125", "12 apples", "1.2.3", "5 SEK"])
def test_what_is_no_number_is_refused_with_a_reason(text: str):
    found = typed.read(TOKENS, text, ENGLISH)
    assert found.value is None
    assert found.fault


def test_a_mark_before_three_digits_is_settled_by_language_bounds_or_choice():
    assert value(TOKENS, "1,234") == 1234
    assert value(TOKENS, "410.959") == "fault", "both are plausible"
    assert value(TOKENS, "1,234", marks="ask") == value(TOKENS, "1.234", marks="ask") == "fault"
    assert value(TOKENS, "1,234", marks="comma") == value(TOKENS, "1.234", marks="point") == 1.234
    assert value(TOKENS, "1.234", marks="comma") == value(TOKENS, "1,234", marks="point") == 1234
    assert value(PUE, "1,125") == value(PUE, "1.125", marks="ask") == 1.125, "a PUE of 1125 is impossible"
    assert value(SYSTEMS, "1.234") == 1234, "there are no fractions of a system"


def test_what_may_be_two_numbers_is_a_question_with_both():
    found = typed.read(TOKENS, "1.500", ENGLISH)
    assert found.fault == "may be 1500 or 1.5; write 1500 or 1.5"
    assert found.question is not None and found.question.meant == (1500, 1.5)


@pytest.mark.parametrize("text", ["1500", "1.5", "1234", "1.2340"])
def test_the_remedy_can_be_typed(text: str):
    assert value(TOKENS, text, marks="ask") == float(text)


@pytest.mark.parametrize(
    ("entry", "text", "meant"),
    [
        *[(RATE, "12", 0.12), (RATE, "12%", 0.12), (RATE, "0.12", 0.12), (RATE, "7.23 %", 0.0723), (RATE, "0", 0)],
        *[(RATE, "0.5", "fault"), (RATE, "1", "fault"), (RATE, "2.5", "fault"), (RATE, "0.5%", 0.005)],
        *[
            (GROWN, "-10 %", -0.1),
            (GROWN, "-0.1", -0.1),
            (GROWN, "-100 %", "fault"),
            (RATE, "5 % p.a.", 0.05),
            (RATE, "5 % a year", 0.05),
        ],
        *[(RATE, "-10 %", "fault"), (RATE, "0 %", 0.0)],
        *[(RATE, "5,123", 0.05123), (RATE, "5.123 %", 0.05123), (RATE, "1,123 %", 11.23), (RATE, "12.125", 0.12125)],
        *[(SUCCESS, "97", 0.97), (SUCCESS, "0.97", 0.97), (SUCCESS, "1", "fault"), (SUCCESS, "100%", 1)],
        *[(SUCCESS, "150%", "fault"), (SUCCESS, "0", "fault"), (SUCCESS, "1.25 tries", 0.8), (SUCCESS, "1.2", "fault")],
        *[(SUCCESS, "0.5 tries", "fault"), (PUE, "12%", "fault"), (PRICE, "12 %", "fault")],
    ],
)
def test_a_percentage_is_taken_only_where_it_is_clear(entry: schema.Field, text: str, meant: object):
    assert value(entry, text) == meant


def test_an_item_that_is_a_share_is_typed_in_percent():
    assert value(ITEM, "12.5 %", basis="pct_equipment") == 0.125
    assert value(ITEM, "5", basis="pct_equipment") == 0.05
    assert value(ITEM, "12.5 %", basis="per_system") == "fault"


def test_what_was_understood_is_said_where_it_is_not_what_was_typed():
    assert typed.read(RATE, "12", ENGLISH).said == "read as 12%"
    assert typed.read(TOKENS, "1.234,5", ENGLISH).said == "read as 1,234.5"
    assert typed.read(TOKENS, "3M", ENGLISH).said == "read as 3,000,000"
    assert typed.read(TOKENS, "1234", ENGLISH).said == typed.read(TOKENS, "1,234", ENGLISH).said == ""


@pytest.mark.parametrize("text", ["$0.10", "0.10 USD", "USD 0.10", "0.1 USD/kWh", "0.10 per kWh"])
def test_the_own_currency_and_unit_may_stand_with_a_price(text: str):
    assert value(PRICE, text) == 0.1


@pytest.mark.parametrize("text", ["€0.10", "0.10 EUR", "10 ct", "0.1 USD/MWh"])
def test_another_currency_or_unit_is_refused(text: str):
    assert value(PRICE, text) == "fault"


def test_a_k_may_stand_before_the_unit():
    assert value(POWER, "7.7 kW") == value(POWER, "7.7kW") == 7700
    assert value(TOKENS, "$5") == "fault"


def test_a_whole_number_is_never_cut():
    assert typed.read(SYSTEMS, "1.9", ENGLISH).fault == "must be a whole number, such as 2"
    assert value(SYSTEMS, "2.0") == 2


def test_a_required_input_cannot_be_blank():
    assert typed.read(schema.field("study", "horizon_years"), "", ENGLISH).fault


def test_choices_and_yes_or_no_are_read_as_they_are_shown():
    basis = schema.field("capex", "basis")
    assert (
        typed.read(basis, "Per system", ENGLISH).value == typed.read(basis, "per_system", ENGLISH).value == "per_system"
    )
    assert 'did you mean "per system"' in typed.read(basis, "per systm", ENGLISH).fault
    refresh = schema.field("option", "refresh")
    assert (typed.read(refresh, "Yes", ENGLISH).value, typed.read(refresh, "no", ENGLISH).value) == (True, False)
    assert typed.read(refresh, "maybe", ENGLISH).fault


@pytest.mark.parametrize("text", ["50 %; 30 %; 20 %", "0.5 0.3 0.2", "50% 30% 20%", "0.5, 0.3, 0.2"])
def test_yearly_shares_are_read_as_a_list(text: str):
    assert typed.read(SCHEDULE, text, ENGLISH).value == [0.5, 0.3, 0.2]


def test_a_schedule_beyond_the_whole_is_refused():
    assert "110%" in typed.read(SCHEDULE, "60 %; 50 %", ENGLISH).fault
    assert typed.read(SCHEDULE, "MACRS, 5 years", ENGLISH).value == "macrs_5"


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("marks", ["english", "ask", "point", "comma"])
def test_what_a_field_shows_reads_back_as_its_value(path: Path, marks: Marks):
    for place, row in ((place.path, place.row) for place in load.load(path).places.values()):
        basis = row.basis
        for name, held in row.items():
            entry = schema.field(row.table, name)
            if held.value is not None and entry.kind != "text":
                found = typed.read(entry, typed.spelt(entry, held.value, basis, marks), Policy(marks), basis=basis)
                assert not found.fault, f"{place}/{name}: {found.fault}"
                stands = list(held.value) if isinstance(held.value, tuple) else held.value
                assert found.value == (pytest.approx(stands) if isinstance(stands, float) else stands), (
                    f"{place}/{name}"
                )


@given(st.decimals(min_value=0, max_value=10**12, places=4), st.sampled_from(get_args(Marks)))
def test_any_number_as_the_fields_write_it_reads_back(number: Decimal, marks: Marks):
    for entry, size in ((TOKENS, number), (PRICE, number), (SHARE, number / 10**12)):
        found = typed.read(entry, typed.spelt(entry, float(size), "", marks), Policy(marks))
        assert not found.fault
        assert math.isclose(found.value, float(size), rel_tol=1e-6)


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_in_bounds_a_blank_or_a_fault(text: str):
    found = typed.read(TOKENS, text, ENGLISH)
    if not found.fault and found.value is not None:
        assert math.isfinite(found.value)
        assert found.value >= 0
        assert any(character.isdigit() for character in text)
