"""Scenarios in the workbook: one cell chooses a case and every figure follows; what is typed there comes back."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pytest

from models.run.model import MODEL
from models.studies.load import from_dict as made
from models.studies.load import load, to_dict
from models.studies.scenarios import BASE, applied
from models.studies.study import Study, get
from tests.edits import typed_in
from tests.workbook import judge
from workbook.read import WorkbookError, read
from workbook.writing.cases import BASE_COLUMN, CHOSEN, CHOSEN_ROW, FIRST_ROW, TITLE, case_rows

RENT = "option/Rented fleet/rental/on_demand_price"
LOAD = "workload/Live chat/requests_per_day"
CHEAP, BUSY = "Cheap & easy", "Twice the load"


@cache
def study() -> Study:
    cheap = {"name": CHEAP, RENT: 2.0, "study/discount_rate": 0.1, "study/note": "Only in the app."}
    busy = {"name": BUSY, LOAD: 2_000_000}
    return made(to_dict(load("templates/customer_service.toml")) | {"scenario": [cheap, busy]})


@cache
def content() -> bytes:
    return judge.written(study()).content


def edited(**cells: float | str) -> bytes:
    """The workbook with cells of the sheet of cases typed into; a formula is left without its stored value."""

    def edit(book: Any) -> None:
        for cell, value in cells.items():
            book[TITLE][cell] = value

    return typed_in(content(), edit)


def test_the_base_case_agrees_with_the_engine():
    assert judge.verdict(study()) == []


@pytest.mark.parametrize("case", [CHEAP, BUSY])
def test_every_figure_follows_the_case_chosen(case: str):
    file = judge.opened(content())
    found = judge.recalculated(judge.with_inputs(file, {CHOSEN: case}))
    wanted = judge.written(applied(study(), case))
    lines = {key: v for key, v in wanted.values.items() if key[0] in {o.name for o in study().options}}
    assert len(lines) > 1000
    for key, value in lines.items():
        if isinstance(value, float) and isinstance(found.get(key), float | int):
            assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-6), key
    moved = [key for key, value in lines.items() if isinstance(value, float) and value != file.values[key]]
    assert len(moved) > 50


def test_what_nobody_changed_comes_back_as_it_was():
    found = read(content(), study())
    assert found.changes == () and found.study == study()


def test_values_typed_into_a_case_come_back():
    rows = case_rows(study())
    rent, load_row = rows.row(RENT), rows.row(LOAD)
    found = read(edited(**{f"E{rent}": 1.75, f"E{load_row}": 3_000_000}), study())
    assert {(c.path, c.what, c.new) for c in found.changes} == {
        (RENT, f"case {CHEAP}", 1.75),
        (LOAD, f"case {CHEAP}", 3_000_000.0),
    }
    assert get(applied(found.study, CHEAP), RENT).value == 1.75
    assert get(applied(found.study, CHEAP), LOAD).value == 3_000_000
    assert get(found.study, RENT) == get(study(), RENT)


def test_a_base_value_typed_there_is_the_study_s():
    row = case_rows(study()).row(RENT)
    found = read(edited(**{f"D{row}": 5.25}), study())
    assert [(c.path, c.what, c.new) for c in found.changes] == [(RENT, "value", 5.25)]
    assert get(found.study, RENT).value == 5.25


def test_a_case_left_chosen_changes_nothing():
    assert read(edited(**{f"C{CHOSEN_ROW}": BUSY}), study()).study == study()


def test_what_is_no_number_is_refused():
    with pytest.raises(WorkbookError, match=TITLE):
        read(edited(**{f"E{case_rows(study()).row(RENT)}": "cheap"}), study())


def test_changes_that_cells_cannot_follow_are_told():
    sheet = openpyxl.load_workbook(io.BytesIO(content()))[TITLE]
    said = [str(cell) for row in sheet.values for cell in row if cell]
    assert f"Changed in the app only, and not here: {CHEAP}: study/note." in said
    assert [sheet.cell(FIRST_ROW - 1, BASE_COLUMN + 1 + n).value for n in range(3)] == [BASE, CHEAP, BUSY]


def test_a_study_without_cases_has_no_such_sheet():
    held = judge.written(load("templates/deepseek_fleet.toml")).content
    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        assert TITLE not in archive.read("xl/workbook.xml").decode()
    assert MODEL.run(study()).study.scenarios
