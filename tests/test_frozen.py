"""Files that people kept from November 2026: a draft and a workbook of one template, which must open as they did."""

import io
from pathlib import Path

import openpyxl
import pytest

from models.run.model import MODEL
from models.studies.file.load import load
from workbook.read import read

FROZEN = Path(__file__).parent / "frozen"
# Undiscounted lifetime cost of each option when the files were written.
LIFETIME_COST = {
    "As disclosed": 95_343_840.0,
    "Peak fleet with staff": 133_809_377.5,
    "API at list prices": 615_499_500.0,
}


def test_a_draft_opens_and_gives_the_same_figures():
    found = MODEL.run(load(FROZEN / "draft.toml"))
    costs = {name: option.number("lifetime_cost") for name, option in found.options.items()}
    assert costs == {name: pytest.approx(cost, rel=1e-12) for name, cost in LIFETIME_COST.items()}


def test_a_workbook_comes_back_without_a_change():
    study, content = load(FROZEN / "draft.toml"), (FROZEN / "workbook.xlsx").read_bytes()
    assert read(content, study).changes == ()


def test_a_value_changed_in_an_old_workbook_is_taken():
    study = load(FROZEN / "draft.toml")
    book = openpyxl.load_workbook(FROZEN / "workbook.xlsx")
    sheet, cell = (book.defined_names["in_discount_rate"].attr_text or "").replace("$", "").split("!")
    book[sheet.strip("'")][cell] = 0.123
    edited = io.BytesIO()
    book.save(edited)
    taken = read(edited.getvalue(), study).study.fields["discount_rate"]
    assert (taken.value, taken.confidence) == (0.123, "own")
