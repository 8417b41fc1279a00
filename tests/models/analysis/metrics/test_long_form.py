"""The long form: every figure once, as the run has it; no cell that a spreadsheet takes for a formula."""

import csv
import io
from pathlib import Path

import pytest

from models.analysis.metrics.long_form import COLUMNS, Figure, csv_text, long_form, safe
from models.run.model import MODEL, Result
from models.studies.load import load, loads

TEMPLATES = Path(__file__).parents[4] / "templates"
RESULT = MODEL.run(load(TEMPLATES / "customer_service.toml"))


def test_columns_are_those_of_the_contract():
    assert COLUMNS[:6] == ("option", "workload", "year", "line", "unit", "value")


def test_every_line_of_every_option_is_there_once():
    rows = list(long_form(RESULT))
    keys = [(row.option, row.workload, row.year, row.line, row.item) for row in rows]
    assert len(set(keys)) == len(keys)
    lines = {name for name, line in MODEL.lines.items() if line.unit != "text"}
    for name, option in RESULT.options.items():
        empty = {line for line in lines if MODEL.lines[line].shape.row and not option.everything()[line]}
        assert {row.line for row in rows if row.option == name} == lines - empty


def found(line: str, option: str = "Buy, colocation") -> list[Figure]:
    return [row for row in long_form(RESULT) if (row.option, row.line) == (option, line)]


def test_a_single_figure_has_no_year_and_no_workload():
    (row,) = found("pv_cost")
    assert row == Figure(
        "Buy, colocation", "", None, "pv_cost", "USD", RESULT.options["Buy, colocation"].values["pv_cost"], ""
    )


def test_a_line_by_year_has_a_row_a_year():
    option = RESULT.options["Buy, colocation"]
    assert [(row.year, row.value) for row in found("capex")] == list(enumerate(option.values["capex"], start=1))


def test_workloads_have_their_column_and_other_rows_are_items():
    assert {row.workload for row in found("served")} == {"Live chat", "Nightly summaries"}
    assert {row.item for row in found("served")} == {""}
    assert "staff" in {row.item for row in found("cost_tree")}
    assert {row.year for row in found("tax_share")} == {None}
    assert "equipment, age 1" in {row.item for row in found("tax_share")}


def test_what_has_no_figure_is_empty_not_0():
    assert [row.value for row in found("output_tokens_per_kwh", "API, same model")] == [None]


def test_units_carry_the_currency():
    (row,) = found("lifetime_cost_per_million_output_tokens")
    assert row.unit == "USD/Mtoken"


def test_the_csv_reads_back():
    text = csv_text(long_form(RESULT))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(list(long_form(RESULT)))
    pv = next(row for row in rows if row["option"] == "Buy, colocation" and row["line"] == "pv_cost")
    assert float(pv["value"]) == RESULT.options["Buy, colocation"].values["pv_cost"]
    assert pv["year"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_begins_like_a_formula_is_marked(start: str):
    assert safe(f"{start}1+2") == f"'{start}1+2"
    assert safe(f"1{start}2") == f"1{start}2"


def test_names_of_options_cannot_become_formulas():
    toml = (TEMPLATES / "ecommerce_bot.toml").read_text(encoding="utf-8").replace("Rented GPUs", "=cmd|' /C calc'!A0")
    result: Result = MODEL.run(loads(toml))
    options = {row[0] for row in csv.reader(io.StringIO(csv_text(long_form(result))))}
    assert "'=cmd|' /C calc'!A0" in options
    assert not [name for name in options if name.startswith("=")]


def test_negative_figures_stay_numbers():
    values = [row.value for row in found("cost_tree") if row.item == "disposals"]
    assert values[0] is not None and values[0] < 0
    assert f",{values[0]}," in csv_text(iter(found("cost_tree")))
