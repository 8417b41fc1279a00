"""The long form: every figure once, as the run has it; no cell that a spreadsheet takes for a formula."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from models.analysis.metrics.long_form import COLUMNS, csv_text, long_form, parquet, safe
from models.run.model import MODEL, Result
from models.studies.file.load import load, loads

TEMPLATES = Path(__file__).parents[4] / "templates"
RESULT = MODEL.run(load(TEMPLATES / "customer_service.toml"))


def test_columns_are_those_of_the_contract():
    assert COLUMNS[:6] == ("option", "workload", "year", "line", "unit", "value")


def test_every_line_of_every_option_is_there_once():
    table = long_form(RESULT)
    assert not table.duplicated(["option", "workload", "year", "line", "item"]).any()
    lines = {name for name, line in MODEL.results.items() if line.unit != "text"}
    for name, option in RESULT.options.items():
        rows = {line: figure for line, figure in option.everything().items() if MODEL.lines[line].shape.row}
        empty = {line for line in lines & rows.keys() if not any(row != [] for row in rows[line].values())}
        assert set(table[table["option"] == name]["line"]) == lines - empty


def found(line: str, option: str = "Buy, colocation") -> pd.DataFrame:
    table = long_form(RESULT)
    return table.loc[(table["option"] == option) & (table["line"] == line)]


def test_a_single_figure_has_no_year_and_no_workload():
    (row,) = found("pv_cost").to_dict("records")
    assert pd.isna(row.pop("year"))
    value = RESULT.options["Buy, colocation"].values["pv_cost"]
    named = {"option": "Buy, colocation", "workload": "", "line": "pv_cost", "unit": "USD", "value": value, "item": ""}
    assert row == named


def test_a_line_by_year_has_a_row_a_year():
    option = RESULT.options["Buy, colocation"]
    table = found("capex")
    assert list(zip(table["year"], table["value"], strict=True)) == list(enumerate(option.values["capex"], start=1))


def test_workloads_have_their_column_and_other_rows_are_items():
    assert set(found("served")["workload"]) == {"Live chat", "Nightly summaries"}
    assert set(found("served")["item"]) == {""}
    assert "staff" in set(found("cost_tree")["item"])
    assert set(found("tax_share")["year"].isna()) == {True}
    assert "equipment, age 1" in set(found("tax_share")["item"])


def test_what_has_no_figure_is_empty_not_0():
    assert set(found("output_tokens_per_kwh", "API, same model")["value"].isna()) == {True}


def test_units_carry_the_currency():
    assert list(found("lifetime_cost_per_million_output_tokens")["unit"]) == ["USD/Mtoken"]


def test_the_sum_by_option_is_the_model_s_own_sum():
    table = long_form(RESULT)
    kinds = table.loc[table["line"] == "cost_tree"]
    by_option = kinds.groupby("option")["value"].sum().to_dict()
    for name, option in RESULT.options.items():
        assert by_option[name] == pytest.approx(option.values["lifetime_cost"], rel=1e-12)


def test_the_csv_reads_back():
    text = csv_text(long_form(RESULT))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(long_form(RESULT))
    pv = next(row for row in rows if row["option"] == "Buy, colocation" and row["line"] == "pv_cost")
    assert float(pv["value"]) == RESULT.options["Buy, colocation"].values["pv_cost"]
    assert pv["year"] == ""


def test_parquet_reads_back_as_it_was():
    table = long_form(RESULT)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(parquet(table))), table)


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
    table = found("cost_tree")
    (value,) = table[table["item"] == "disposals"]["value"]
    assert value < 0
    assert f",{value}," in csv_text(table)
