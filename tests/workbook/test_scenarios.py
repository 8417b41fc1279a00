"""Scenarios in the workbook: one cell chooses a case and every figure follows; what is typed there comes back."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pytest
from xlsxwriter.utility import xl_col_to_name

from models.analysis.reporting.findings import Findings, findings
from models.analysis.risk.ends import HIGH, LOW, with_ends
from models.run.model import MODEL
from models.studies.file.load import from_dict as made
from models.studies.file.load import load, to_dict
from models.studies.scenarios import BASE, applied
from models.studies.study import Study, get
from tests.edits import typed_in
from tests.models.analysis.risk.made import amount, api
from tests.models.analysis.risk.made import study as small
from tests.soak import long
from tests.workbook import judge
from workbook.read import WorkbookError, read
from workbook.write import write
from workbook.writing.cases import ALONE, BASE_COLUMN, CHOSEN, CHOSEN_ROW, HEAD_ROW, TITLE, case_rows
from workbook.writing.side_by_side import Columns

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


@long
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


@long
def test_what_nobody_changed_comes_back_as_it_was():
    found = read(content(), study())
    assert found.changes == () and found.study == study()


@long
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


@long
def test_a_base_value_is_typed_on_the_sheet_of_the_input():
    file = judge.opened(content())
    name = next(e.name for e in case_rows(study()).entries if e.path == RENT)
    found = read(judge.with_inputs(file, {name: 5.25}), study())
    assert [(c.path, c.what, c.new) for c in found.changes] == [(RENT, "value", 5.25)]
    moved = judge.recalculated(judge.with_inputs(file, {name: 5.25}))
    row = case_rows(study()).row(RENT) or 0
    assert moved[TITLE, "C", row] == moved[TITLE, "D", row] == 5.25


@long
def test_a_base_value_that_an_earlier_version_kept_there_comes_back():
    """Before there was a column of what is in force, base values were typed here and the inputs followed."""
    row = case_rows(study()).row(RENT)

    def earlier(book: Any) -> None:
        book[TITLE][f"C{HEAD_ROW}"] = None
        for entry in case_rows(study()).entries:
            at, kept = case_rows(study()).row(entry.path), get(study(), entry.path).value
            book[TITLE][f"D{at}"] = 5.25 if at == row else kept
            sheet, _, cell = book.defined_names[entry.name].attr_text.rpartition("!")
            book[sheet.strip("'")][cell.replace("$", "")] = f"=INDEX('{TITLE}'!$D$9:$F$9,'{TITLE}'!$C$6)"

    found = read(typed_in(content(), earlier), study())
    assert [(c.path, c.what, c.new) for c in found.changes] == [(RENT, "value", 5.25)]


@long
def test_a_value_typed_into_a_case_for_an_input_it_left_alone_comes_back():
    found = read(edited(**{f"F{case_rows(study()).row(RENT)}": 1.5}), study())
    assert [(c.path, c.what, c.new) for c in found.changes] == [(RENT, f"case {BUSY}", 1.5)]


@long
def test_a_case_left_chosen_changes_nothing():
    assert read(edited(**{f"C{CHOSEN_ROW}": BUSY}), study()).study == study()


@long
def test_what_is_no_number_is_refused():
    with pytest.raises(WorkbookError, match=TITLE):
        read(edited(**{f"E{case_rows(study()).row(RENT)}": "cheap"}), study())


@long
def test_changes_that_cells_cannot_follow_are_told():
    sheet = openpyxl.load_workbook(io.BytesIO(content()))[TITLE]
    said = [str(cell) for row in sheet.values for cell in row if cell]
    assert f"Changed in the app only, and not here: {CHEAP}: study/note." in said
    assert [sheet.cell(HEAD_ROW, BASE_COLUMN + 1 + n).value for n in range(3)] == [BASE, CHEAP, BUSY]


def test_a_study_without_cases_has_no_such_sheet():
    held = judge.written(load("templates/deepseek_fleet.toml")).content
    with zipfile.ZipFile(io.BytesIO(held)) as archive:
        assert TITLE not in archive.read("xl/workbook.xml").decode()
    assert MODEL.run(study()).study.scenarios


# ------------------------------------------------------------------------------------------- the cases that ranges make


@cache
def ranged() -> tuple[Study, Findings]:
    held = from_two(risk={"seed": 5, "draws": 500})
    found = findings(MODEL.run(held))
    assert found is not None
    return held, found


def from_two(**more: Any) -> Study:
    return small(api("A", amount(100, 80, 120), amount(30, 25, 40)), api("B", amount(110, 70, 150)), **more)


@cache
def with_ranges() -> judge.File:
    held, found = ranged()
    target = io.BytesIO()
    write(MODEL.run(held), target, findings=found)
    return judge.opened(target.getvalue())


@long
def test_the_base_case_agrees_where_ranges_make_cases():
    assert judge.differences(judge.recalculated(with_ranges().content), with_ranges()) == []


@long
@pytest.mark.parametrize("case", [LOW, HIGH])
def test_the_ends_of_all_ranges_are_cases_without_being_made_first(case: str):
    held, _ = ranged()
    found = judge.recalculated(judge.with_inputs(with_ranges(), {CHOSEN: case}))
    wanted = MODEL.run(applied(with_ends(held), case))
    label = MODEL.lines["pv_cost"].label
    names = [option.name for option in held.options]
    row = next(r for r, text in judge.labels(with_ranges().content, "Comparison").items() if text.startswith(label))
    for column, name in zip("CD", names, strict=True):
        assert found["Comparison", column, row] == pytest.approx(wanted.options[name].number("pv_cost"), rel=1e-9)
    assert found["Checks", "C", 4] == 1
    assert found["Cover", "B", 6] == f"All checks hold; case: {case}"


@long
def test_each_end_of_the_largest_swings_can_be_gone_through_live():
    held, found = ranged()
    formulas = with_ranges().formulas
    live = next(k for k, text in formulas.items() if k[:2] == ("Sensitivity", "D") and "in_requests" in text)
    assert found.largest
    for bar in found.largest:
        for case, end in ((LOW, bar.low), (HIGH, bar.high)):
            chosen = {CHOSEN: case, ALONE: found.named(held, bar)}
            saved = judge.recalculated(judge.with_inputs(with_ranges(), chosen))[live]
            assert end is not None and saved == pytest.approx(-1000 * end.figure, rel=1e-9)


@long
def test_a_low_typed_beside_an_input_is_that_of_the_case():
    held, found = ranged()
    path = "option/A/opex/cost 1/amount"

    rows = case_rows(held, found.ends, [path for bar in found.largest for path in bar.paths])
    entry = next(each for each in rows.entries if each.path == path)
    place = with_ranges().names[entry.name].rpartition("$")[2]
    low = xl_col_to_name(Columns(len(held.options)).described(1)["low"])

    def lower(book: Any) -> None:
        book["Options"][f"{low}{place}"] = 60

    row = rows.row(path) or 0
    assert judge.recalculated(typed_in(with_ranges().content, lower), poison=False)[TITLE, "E", row] == 60


@long
def test_a_workbook_with_the_cases_of_ranges_comes_back_as_it_was():
    held, _ = ranged()
    assert read(with_ranges().content, held).changes == ()


@long
@pytest.mark.parametrize("name", [CHOSEN, ALONE])
def test_a_case_that_is_none_fails_a_check_and_nothing_is_recommended(name: str):
    found = judge.recalculated(judge.with_inputs(with_ranges(), {name: "nonsense"}))
    assert found["Checks", "C", 4] == 0
    assert found["Cover", "B", 5] == "No recommendation: a check fails, see Checks."


@long
def test_cases_of_one_s_own_of_these_names_stand_instead():
    held = with_ends(ranged()[0])
    found = findings(MODEL.run(held))
    assert found is not None and found.ends == ()
