"""The workbook keeps the rules of a financial model, and every rule is shown a defect that it must find."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from models.run.model import MODEL
from models.studies.file.load import from_dict, load, to_dict
from models.studies.study import Study
from tests.analysed import findings
from tests.soak import SOAKING, later, long, named, sampled
from tests.workbook import judge
from tests.workbook.rules import FIRST_SHEETS, FOLLOWS, LAST_SHEETS, OPTIONS, RULES, SHARED, Book, bare, cell_of
from workbook.write import write
from workbook.writing.book import sheet_names

ROOT = Path(__file__).parent.parent.parent
SMALL = ROOT / "tests" / "cases" / "studies" / "rental_mixed.toml"
STUDIES = [SMALL, *sorted((ROOT / "templates").glob("*.toml"))]
LARGEST_FILE = 1_000_000


@pytest.fixture(scope="module")
def small() -> bytes:
    return judge.written(load(SMALL), analysed=True).content


@pytest.mark.parametrize(
    "analysed", [True] if SOAKING else [False, pytest.param(True, marks=long)], ids="analysed={}".format
)
@sampled("path", STUDIES, named(SMALL.stem), ids=lambda path: path.stem)
def test_the_workbook_keeps_every_rule(path: Path, analysed: bool) -> None:
    content = judge.written(load(path), analysed).content
    assert len(content) < LARGEST_FILE
    book = Book(content)
    assert {name: found for name, each in RULES.items() if (found := list(each(book)))} == {}


# --------------------------------------------------------------------------------------------------- planted defects


def option(book: Workbook, position: int = 0) -> Worksheet:
    """An option's sheet."""
    return book[[name for name in book.sheetnames if name not in {*FIRST_SHEETS, *LAST_SHEETS}][position]]


def row_of(book: Workbook, label: str, sheet: str = "") -> int:
    found = book[sheet] if sheet else option(book)
    return next(r for r in range(1, found.max_row + 1) if cell_of(found, r, 1).value == label)


def moved(book: Workbook) -> None:
    book.move_sheet("Glossary", -3)


def link_outside(book: Workbook) -> None:
    option(book)["H20"] = "=[1]Sheet1!A1"


def hidden_row(book: Workbook) -> None:
    option(book).row_dimensions[row_of(book, "Total cost, undiscounted")].hidden = True


def folded_figures(book: Workbook) -> None:
    sheet = option(book)
    row = row_of(book, "Total cost, undiscounted")
    sheet.row_dimensions[row].hidden, sheet.row_dimensions[row].outlineLevel = True, 1
    sheet.row_dimensions[row - 1].collapsed = True


def no_way_to_unfold(book: Workbook) -> None:
    for row in option(book).row_dimensions.values():
        row.collapsed = False


def hidden_sheet(book: Workbook) -> None:
    book["Checks"].sheet_state = "veryHidden"


def hidden_column(book: Workbook) -> None:
    option(book).column_dimensions["H"].hidden = True


def thawed(book: Workbook) -> None:
    option(book).freeze_panes = None


def merged(book: Workbook) -> None:
    option(book).merge_cells("A20:B20")


def wider(book: Workbook) -> None:
    option(book, 1).column_dimensions["A"].width = 10


def unfitted(book: Workbook) -> None:
    book["Comparison"].sheet_properties.pageSetUpPr.fitToPage = False  # type: ignore[union-attr]


def sideless(book: Workbook) -> None:
    book["Cover"]["A1"].alignment = Alignment(indent=1)


def untitled(book: Workbook) -> None:
    option(book)._print_rows = None  # type: ignore[attr-defined]


def dead_link(book: Workbook) -> None:
    cell_of(book["Cover"], row_of(book, "Contents", "Cover") + 1, 1).hyperlink.location = "'Nowhere'!A1"  # type: ignore[union-attr]


def no_way_back(book: Workbook) -> None:
    book["Energy"]["A2"].hyperlink = None


def unchecked_sheet(book: Workbook) -> None:
    book["Energy"]["B2"] = "All checks hold"


def strange_name(book: Workbook) -> None:
    book.defined_names["gpu1"] = DefinedName("gpu1", attr_text="Inputs!$C$5")


def broken_name(book: Workbook) -> None:
    book.defined_names["in_currency"].attr_text = "#REF!"


def no_author(book: Workbook) -> None:
    book.properties.creator = None


def a_path(book: Workbook) -> None:
    book.properties.description = "C:\\Users\\someone\\study.xlsx"


def no_value(book: Workbook) -> None:
    cell_of(option(book), row_of(book, "Total cost, undiscounted"), 5).value = None


def an_error(book: Workbook) -> None:
    option(book)["E20"] = "#DIV/0!"


def volatile(book: Workbook) -> None:
    option(book)["E20"] = "=OFFSET(A1,1,1)"


def hides_errors(book: Workbook) -> None:
    option(book)["E20"] = "=IFERROR(1/0,0)"


def newer_function(book: Workbook) -> None:
    option(book)["E20"] = "=XLOOKUP(1,A1:A2,B1:B2)"


def nested(book: Workbook) -> None:
    option(book)["E20"] = "=IF(A1,IF(A2,1,0),0)"


def endless(book: Workbook) -> None:
    option(book)["E20"] = "=" + "+".join(["$E$21"] * 50)


def literal(book: Workbook) -> None:
    option(book)["E20"] = "=E21*365"


def odd_one_out(book: Workbook) -> None:
    sheet = option(book)
    row = row_of(book, "Cash cost")
    cell_of(sheet, row, 8).value = f"{cell_of(sheet, row, 8).value}+1"


def whole_column(book: Workbook) -> None:
    option(book)["E20"] = "=SUM(A:A)"


def typed_number(book: Workbook) -> None:
    option(book)["E20"] = 365


def typed_output(book: Workbook) -> None:
    book["Comparison"]["C12"] = 1.5


def typed_check(book: Workbook) -> None:
    book["Checks"]["C9"] = 1.0


def no_run(book: Workbook) -> None:
    book["Sensitivity"]["A3"] = "Values"


def not_told(book: Workbook) -> None:
    book["Brief"]["A4"] = "Current."


def typed_in_black(book: Workbook) -> None:
    sheet = book["Bridge"]
    sheet["E20"] = 12.5
    sheet["E20"].font = Font(color="FF000000")


def emptied(book: Workbook) -> None:
    book["Sensitivity"].delete_rows(3, 500)
    book["Sensitivity"]._charts = []  # type: ignore[attr-defined]


def number_as_text(book: Workbook) -> None:
    option(book)["E20"] = "12.5"


def gap(book: Workbook) -> None:
    cell_of(option(book), row_of(book, "Cash cost"), 8).value = None


def lost_year(book: Workbook) -> None:
    option(book)["H3"] = 5


def wrong_colour(book: Workbook) -> None:
    cell_of(option(book), row_of(book, "Total cost, undiscounted"), 5).font = Font(color="FFFF0000")


def black_input(book: Workbook) -> None:
    book["Inputs"]["C8"].font = Font(color="FF000000")


def formula_among_inputs(book: Workbook) -> None:
    book["Inputs"]["D10"] = "=1+1"


def typed_twice(book: Workbook) -> None:
    sheet = book[OPTIONS]
    cell = next(cell for row in sheet.iter_rows() for cell in row if FOLLOWS.fullmatch(str(cell.value)))
    sheet[str(cell.coordinate)] = cell_of(sheet, cell.row or 0, SHARED).value


def unguarded(book: Workbook) -> None:
    rules = book["Workloads"].data_validations.dataValidation
    rules.remove(rules[2])


def wrong_format(book: Workbook) -> None:
    cell_of(option(book), row_of(book, "Total cost, undiscounted"), 5).number_format = "0.0%"


def no_unit(book: Workbook) -> None:
    cell_of(option(book), row_of(book, "Total cost, undiscounted"), 2).value = None


def twice(book: Workbook) -> None:
    sheet = option(book)
    row = row_of(book, "Total cost, undiscounted")
    for column in (1, 2, 3):
        cell_of(sheet, row + 1, column).value = cell_of(sheet, row, column).value


def failing_check(book: Workbook) -> None:
    book["Checks"]["C4"] = 0


def pasted_check(book: Workbook) -> None:
    book["Checks"]["G9"] = 1


def pasted_headline(book: Workbook) -> None:
    cell_of(book["Summary"], row_of(book, "Figures for each option", "Summary") + 3, 2).value = 1.0


def silent_cover(book: Workbook) -> None:
    cell_of(book["Cover"], row_of(book, "Discount rate", "Cover"), 1).value = None


def unexplained(book: Workbook) -> None:
    cell_of(book["Decision"], row_of(book, "Currency", "Decision"), 2).value = None


def of_one_label(book: Workbook) -> None:
    cell_of(book["Decision"], row_of(book, "Currency", "Decision"), 1).value = "Study period"


def torn_year(book: Workbook) -> None:
    book["Statement by quarter"].col_breaks.append(Break(id=3))


def undated(book: Workbook) -> None:
    cell_of(book["Change log"], 5, 2).value = "yesterday"


def unused(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and "in_discount_rate" in str(cell.value):
                    text = str(cell.value).replace("in_discount_rate", "$E$6")
                    sheet[str(cell.coordinate)] = text


DEFECTS: dict[str, list[Callable[[Workbook], None]]] = {
    "sheets_stand_in_order": [moved],
    "no_sheet_is_empty": [emptied],
    "nothing_leads_outside": [link_outside],
    "nothing_is_hidden": [hidden_row, folded_figures, no_way_to_unfold, hidden_column, hidden_sheet],
    "panes_are_frozen": [thawed],
    "calculations_merge_nothing": [merged],
    "calculations_look_alike": [wider],
    "indents_have_a_side": [sideless],
    "pages_print": [unfitted, untitled],
    "links_lead_somewhere": [dead_link, no_way_back],
    "the_master_check_is_on_every_sheet": [unchecked_sheet],
    "names_are_declared": [strange_name, broken_name],
    "properties_are_set": [no_author, a_path],
    "formulas_hold_values": [no_value],
    "no_value_is_an_error": [an_error],
    "nothing_is_volatile": [volatile],
    "no_error_is_hidden": [hides_errors],
    "every_program_knows_the_functions": [newer_function],
    "formulas_can_be_explained": [nested, endless],
    "formulas_type_no_numbers": [literal],
    "a_row_has_one_formula": [odd_one_out],
    "no_range_is_a_whole_column": [whole_column],
    "calculations_hold_no_typed_numbers": [typed_number, typed_output],
    "analyses_name_their_run": [no_run, not_told],
    "analyses_type_in_grey": [typed_in_black],
    "checks_type_only_what_they_say": [typed_check],
    "no_number_is_a_text": [number_as_text],
    "years_have_no_gaps": [gap],
    "years_count_on": [lost_year],
    "colours_tell_where_from": [wrong_colour],
    "inputs_are_blue_and_structure_grey": [black_input],
    "inputs_hold_no_formulas": [formula_among_inputs],
    "no_input_stands_in_two_cells": [typed_twice],
    "inputs_are_guarded": [unguarded],
    "formats_fit_units": [wrong_format],
    "rows_have_labels_and_units": [no_unit],
    "rows_are_told_apart": [twice],
    "the_master_check_holds": [failing_check],
    "checks_are_live": [pasted_check],
    "headlines_are_formulas": [pasted_headline],
    "the_cover_says_what_it_must": [silent_cover],
    "the_decision_explains_its_rows": [unexplained, of_one_label],
    "the_quarters_of_a_year_are_on_one_page": [torn_year],
    "the_change_log_is_dated": [undated],
    "inputs_are_used": [unused],
}


# Rules on stored values, whose defects are therefore planted among these.
OF_VALUES = {
    *("years_count_on", "no_value_is_an_error", "the_master_check_holds", "formulas_hold_values"),
    *("the_cover_says_what_it_must", "rows_are_told_apart", "the_quarters_of_a_year_are_on_one_page"),
}


def test_every_rule_has_a_defect() -> None:
    assert DEFECTS.keys() == RULES.keys()


PLANTED = [(name, defect) for name, defects in DEFECTS.items() for defect in defects]


@pytest.mark.parametrize(("name", "defect"), later(PLANTED, lambda at: at % 12 == 0))
def test_a_planted_defect_is_found(name: str, defect: Callable[[Workbook], None], small: bytes) -> None:
    broken = Book(small)
    defect(broken.values if name in OF_VALUES else broken.formulas)
    assert list(RULES[name](broken))


# ------------------------------------------------------------------------------------------------- text from people

WILD = ('=HYPERLINK("http://x")', "+1-2", "@SUM(1)", "-5", "{=1}", "http://x.org", "'quoted'", "a*b?c~[d]:/\\", "12")


def wild_study() -> Study:
    tables = to_dict(load(SMALL))
    tables["study"] |= {"title": WILD[0], "decision": WILD[1], "prepared_by": WILD[2], "note": WILD[5]}
    for place, row in enumerate(tables["option"]):
        row["name"] = WILD[place]
        row["vendor"] = WILD[3]
    return from_dict(tables)


@long
def test_text_stays_text() -> None:
    study = wild_study()
    file = judge.written(study, analysed=True)
    assert judge.differences(judge.recalculated(file.content), file) == []
    book = Book(file.content)
    held = {str(cell.value) for cell in book.cells() if cell.data_type == "s"}
    assert set(WILD[:4]) | {WILD[5]} <= held
    assert not [cell for cell, text in book.with_formulas() if "http" in bare(text)]
    links = [cell.hyperlink.target for cell in book.cells() if cell.hyperlink]
    assert set(links) <= {None}


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        (["Own"], ("Own",)),
        (["a/b:c?d*[e]\\"], ("a b c d  e",)),
        (["'quoted'"], ("quoted",)),
        (["x" * 40, "x" * 40 + "y"], ("x" * 31, "x" * 26 + " (2)")),
        (["Own", "OWN"], ("Own", "OWN (2)")),
        (["Summary"], ("Summary (2)",)),
        (["History"], ("History (2)",)),
        (["..."], ("Option 1",)),
        (["SORT(x)"], ("SORT (x)",)),
    ],
)
def test_sheets_are_named_after_options(names: list[str], sheets: tuple[str, ...]) -> None:
    assert sheet_names(names, ["Summary", "Checks"]) == sheets


def test_names_stay_when_an_option_is_renamed() -> None:
    tables = to_dict(load(SMALL))
    before = judge.written(from_dict(tables)).names
    tables["option"][0]["name"] = "Another name"
    assert judge.written(from_dict(tables)).names == before


def test_assets_that_differ_in_capitals_only_are_refused() -> None:
    from models.studies.inputs.problem import StudyError

    tables = to_dict(load(ROOT / "tests" / "cases" / "studies" / "power_limited_site.toml"))
    asset = {"name": "racks", "life": 3}
    tables["option"][0].setdefault("asset", []).extend([asset, {**asset, "name": "Racks"}])
    with pytest.raises(StudyError, match="capitals only"):
        write(MODEL.run(from_dict(tables)), io.BytesIO())


@long
@pytest.mark.parametrize("analysed", [False, True], ids=["plain", "analysed"])
def test_the_same_run_on_the_same_day_gives_the_same_file(analysed: bool) -> None:
    from datetime import date

    result = MODEL.run(load(SMALL))
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write(result, file, date(2027, 1, 31), findings=findings(result) if analysed else None)
    assert files[0].getvalue() == files[1].getvalue()
