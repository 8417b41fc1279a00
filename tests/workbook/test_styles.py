"""How figures are shown: shares that somebody typed as percentages, with the digits they were typed with."""

from __future__ import annotations

import pytest

from models.studies.inputs import schema
from workbook.writing.styles import input_format, percent_format


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((0.9,), "0.0%"),
        ((0.0723,), "0.00%"),
        ((0.0723, 0.05, None), "0.00%"),
        ((1 / 3,), "0.00%"),
        ((0.00012,), "0.000%"),
        ((0.99995,), "0.00%"),
        ((), "0.0%"),
        ((0.0,), "0.0%"),
    ],
)
def test_percentages_keep_what_was_typed(values: tuple[float | None, ...], shown: str):
    assert percent_format(values) == shown


@pytest.mark.parametrize(
    ("table", "field", "unit", "shown"),
    [
        ("option", "availability", "1", "0.0%"),
        ("option", "pue", "1", "#,##0.00"),
        ("capex", "amount", "1", "0.0%"),
        ("capex", "amount", "money/system", "#,##0.00"),
        ("study", "discount_rate", "1/yr", "0.0%"),
        ("study", "start_year", "", "0"),
    ],
)
def test_an_input_is_shown_as_people_read_it(table: str, field: str, unit: str, shown: str):
    assert input_format(schema.named(table)[field], unit, [0.5]).startswith(shown)
