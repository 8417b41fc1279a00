"""Grids as text: rows to cells and back, quotes side by side, pasted tables."""

import datetime

import pytest

from models.studies import rewrite
from models.studies.change import replace_all
from models.studies.inputs import schema
from models.studies.study import Row, Study
from store import library
from views.inputs.tables import grids, matrix, pasted, sheets
from views.inputs.tables.sheets import Line

STUDY = library.template("customer_service").study
OWN = STUDY.option("Buy, colocation")
PLACE = "option/Buy, colocation/capex"


def lines(table: str = "capex", rows: tuple[Row, ...] = OWN.capex) -> list[Line]:
    return sheets.lines(table, rows, "english")


def with_cell(given: list[Line], index: int, **cells: str) -> list[Line]:
    changed = Line(given[index].source, {**given[index].cells, **cells})
    return [*given[:index], changed, *given[index + 1 :]]


def read(given: list[Line], table: str = "capex") -> sheets.Read:
    return sheets.read(table, given, PLACE, "english", STUDY)


@pytest.mark.parametrize(
    ("table", "rows"),
    [("capex", OWN.capex), ("opex", OWN.opex), ("asset", OWN.assets), ("workload", STUDY.workloads)],
)
def test_untouched_cells_give_the_same_rows(table: str, rows: tuple[Row, ...]):
    found = read(lines(table, rows), table)
    assert not found.problems
    assert tuple(row for _, row in found.pairs) == rows


def test_a_typed_amount_loses_the_old_source_and_range():
    found = read(with_cell(lines(), 0, amount="33,000"))
    value = found.pairs[0][1]["amount"]
    assert (value.value, value.source, value.set_by) == (33_000, None, "you")
    assert (value.low, value.high) == (None, None)


def test_a_cell_that_cannot_be_read_is_told_with_row_and_column():
    found = read(with_cell(lines(), 1, amount="abc"))
    assert [problem.path for problem in found.problems] == [f"{PLACE}/row 2, Server chassis, excluding GPUs/amount"]


def test_another_basis_does_not_reread_an_amount_in_silence():
    share = read(with_cell(lines(), 0, basis="share of the equipment price"))
    assert "%" in share.problems[0].message
    money = read(with_cell(lines(), 2, basis="per system"))
    assert "not a percentage" in money.problems[0].message
    both = read(with_cell(lines(), 2, basis="per system", amount="900"))
    assert not both.problems


def test_empty_rows_are_passed_over_and_half_empty_ones_are_not():
    blank = dict.fromkeys(lines()[0].cells, "")
    found = read([*lines(), Line(None, blank), Line(None, {**blank, "amount": "5"})])
    assert len(found.pairs) == len(OWN.capex) + 1
    assert {problem.path.rpartition("/")[2] for problem in found.problems} == {"name", "asset", "basis"}


def test_edits_of_the_widget_are_laid_over_the_frozen_rows():
    names = [entry.name for entry in sheets.columns("capex")]
    edits = {"edited_rows": {1: {"amount": "5"}}, "deleted_rows": [0], "added_rows": [{"name": "Spare"}, {}]}
    found = grids.edited_lines(lines(), edits, names)
    assert [line.cells["name"] for line in found][:1] == ["Server chassis, excluding GPUs"]
    assert found[0].cells["amount"] == "5"
    assert [line.cells["name"] for line in found][-2:] == ["Spare", ""]
    assert found[-1].cells["amount"] == ""


# ------------------------------------------------------------------------------------------------------------- matrix


def edit(study: Study, table: str, edits: dict[int, dict[str, str]]) -> Study:
    found = matrix.edited(study, table, matrix.items(study, table), edits, "english")
    assert not found.problems
    return replace_all(matrix.put(study, table, found.rows), {})


def test_quotes_stand_side_by_side():
    cells = matrix.cells(STUDY, "opex", "english")
    staff = next(line for line in cells if "staff" in line["name"])
    amounts = [staff[str(number)] for number in range(len(STUDY.options))]
    assert len(cells) == len(set(matrix.items(STUDY, "opex")))
    assert amounts[0] == "200,000"


def test_an_amount_is_changed_added_and_removed_by_cell():
    names = [item.name for item in matrix.items(STUDY, "capex")]
    changed = edit(STUDY, "capex", {0: {"0": "40k", "2": "1000", "1": ""}})
    assert changed.option("Buy, colocation").capex[0].number("amount") == 40_000
    added = changed.option("Rented fleet").capex[-1]
    assert (added.text("name"), added.number("amount")) == (names[0], 1000)
    assert names[0] not in [row.text("name") for row in changed.option("Lease, colocation").capex]


def test_an_item_brings_the_asset_that_an_option_lacks():
    number = next(i for i, item in enumerate(matrix.items(STUDY, "capex")) if item.kind == "installation")
    changed = edit(STUDY, "capex", {number: {"2": "500"}})
    assert changed.option("Rented fleet").asset("installation") is not None


def test_a_cell_that_cannot_be_read_names_its_option():
    found = matrix.edited(STUDY, "capex", matrix.items(STUDY, "capex"), {0: {"1": "12,34"}, 1: {"0": "x"}}, "english")
    assert [problem.path for problem in found.problems] == [
        "option/Buy, colocation/capex/Server chassis, excluding GPUs/amount"
    ]
    assert found.rows["Lease, colocation"][0].number("amount") == 12.34


# -------------------------------------------------------------------------------------------------------------- pasted


def paste(text: str, decimals: pasted.Decimals = "point", *, table: str = "capex", replace: bool = False):
    return pasted.preview(table, lines(table), text, decimals, replace=replace, marks="english", currency="USD")


def test_a_table_with_headings_in_any_order():
    found = paste("Amount\tItem\n35000\tH200 SXM accelerators\n")
    assert [(each.row, each.now, each.read_as) for each in found.differences] == [
        ("H200 SXM accelerators", "32,000", "35,000")
    ]
    assert found.can_be_taken
    assert len(found.lines) == len(OWN.capex)


@pytest.mark.parametrize("table", ["workload", "capex", "asset", "opex", "tier", "tariff"])
def test_every_heading_is_known_as_it_stands_and_as_it_was(table: str):
    headed = [sheets.heading(entry, "USD") for entry in sheets.columns(table)]
    assert [pasted._entry_of(sheets.columns(table), each) for each in headed] == list(sheets.columns(table))
    for entry in sheets.columns(table):
        if entry.formerly:
            assert pasted._entry_of(sheets.columns(table), entry.formerly) is entry
            assert pasted._entry_of(sheets.columns(table), f"{entry.formerly}, % a year") is entry


def test_a_table_copied_from_an_earlier_version_is_read():
    found = paste("Item\tCounted\tAmount\nH200 SXM accelerators\tper system\t7000\n")
    assert not found.remarks, "every column is known"
    assert [each.column for each in found.differences] == ["Charged per", "Amount"]


def test_a_table_without_headings_is_read_in_the_order_of_the_grid():
    found = paste("Spare fans\t1,5\tper system\tequipment\n", "comma")
    assert found.lines[-1].cells["amount"] == "1.5"
    assert "No headings" in found.remarks[0]


@pytest.mark.parametrize(("decimals", "read_as"), [("point", "1.2340"), ("comma", "1,234")])
def test_the_decimal_mark_is_what_the_person_says(decimals: pasted.Decimals, read_as: str):
    found = paste("Item;Amount\nH200 SXM accelerators;1.234\n", decimals)
    assert found.differences[0].read_as == read_as


def test_a_cell_that_cannot_be_read_stops_the_whole_paste():
    found = paste("Item\tAmount\nServer chassis, excluding GPUs\t61000\nH200 SXM accelerators\tabout 30k\n")
    assert not found.can_be_taken
    assert [each.row for each in found.differences if each.fault] == ["H200 SXM accelerators"]


def test_rows_that_are_not_pasted_go_only_if_asked():
    text = "Item\tAmount\nServer chassis, excluding GPUs\t61000\n"
    assert len(paste(text).lines) == len(OWN.capex)
    gone = paste(text, replace=True)
    assert len(gone.lines) == 1
    assert sum(each.read_as == "removed" for each in gone.differences) == len(OWN.capex) - 1


@pytest.mark.parametrize(
    ("text", "decimals", "reason"),
    [
        ("", "point", "no table"),
        ("a,b\n1,5,2\n", "comma", "use tabs or semicolons"),
        ("Amount\tCharged per\n1\tonce\n", "point", "headed Item"),
        ("Item\tItem\tAmount\na\tb\t1\n", "point", "two columns"),
        ("Item\tAmount\na\t1\nA\t2\n", "point", "twice"),
        ("Item\tAmount\n\t1\n", "point", "no name"),
        ("\t".join("abcdefgh"), "point", "columns"),
        ("x\n" * 300, "point", "too many"),
        ("x" * 600, "point", "characters"),
        ("x" * 600_000, "point", "characters"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(text: str, decimals: pasted.Decimals, reason: str):
    found = paste(text, decimals)
    assert not found.can_be_taken
    assert any(reason in fault for fault in found.faults)


def test_an_unknown_column_is_left_out_and_said():
    found = paste("Item\tAmount\tColour\nServer chassis, excluding GPUs\t61000\tred\n")
    assert found.can_be_taken
    assert "Colour" in found.remarks[0]


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xff\xfe\x00", b"a\0b", b"x" * 600_000])
def test_a_file_that_is_no_table_is_refused(content: bytes):
    with pytest.raises(ValueError, match=r"workbook|UTF-8|not text|larger"):
        pasted.decoded(content)


def test_a_file_of_cells_is_read():
    assert pasted.decoded("\ufeffItem;Amount".encode()) == "Item;Amount"


# ----------------------------------------------------------------------------------------------------------- structure


def test_an_option_of_another_study_serves_the_workloads_of_this_one():
    other = library.template("deepseek_fleet").study.options[0]
    changed = replace_all(rewrite.option_added(STUDY, other, "Theirs"), {})
    rates = changed.option("Theirs").serving
    assert [row.text("workload") for row in rates] == [row.text("name") for row in STUDY.workloads]
    assert rates[0]["decode_rate"].confidence == "assumed"
    assert "not measured" in (rates[0]["decode_rate"].note or "")


def test_what_refers_to_a_renamed_asset_follows():
    pairs = [(row, rewrite.named(row, "fitting") if row.text("name") == "installation" else row) for row in OWN.assets]
    changed = replace_all(rewrite.with_assets(STUDY, OWN.name, pairs), {})
    assert "fitting" in [row.text("asset") for row in changed.option(OWN.name).capex]


def test_a_new_workload_starts_with_known_rates_and_says_so():
    fresh = rewrite.named(STUDY.workloads[0], "Search")
    changed = replace_all(
        rewrite.with_workloads(STUDY, [*zip(STUDY.workloads, STUDY.workloads, strict=True), (None, fresh)]), {}
    )
    rates = changed.option(OWN.name).serving_for("Search")
    assert rates is not None
    assert rates["decode_rate"].confidence == "assumed"
    fewer = replace_all(rewrite.workload_removed(changed, "Live chat"), {})
    assert [row.text("name") for row in fewer.workloads] == ["Nightly summaries", "Search"]


def test_removing_the_option_compared_with_ends_the_comparison():
    name = STUDY.fields.text("reference_option")
    changed = replace_all(rewrite.option_removed(STUDY, name), {})
    assert changed.fields["reference_option"].blank and changed.fields["interim_from"].blank


def test_another_currency_changes_every_amount_or_only_the_label():
    half = replace_all(rewrite.in_currency(STUDY, "EUR", 0.5), {})
    assert half.currency == "EUR"
    own = half.option(OWN.name)
    assert own.fields.number("electricity_price") == OWN.fields.number("electricity_price") / 2
    assert own.capex[0].number("amount") == OWN.capex[0].number("amount") / 2
    assert own.capex[2].number("amount") == OWN.capex[2].number("amount"), "a share is no amount of money"
    (prices,) = half.option("API, same model").rows("api")
    assert prices.number("price_output") == 0.36
    label = replace_all(rewrite.in_currency(STUDY, "EUR", None), {})
    assert label.option(OWN.name) == OWN


def test_every_amount_of_money_is_converted_and_nothing_else():
    half = rewrite.in_currency(STUDY, "EUR", 0.5, datetime.date(2026, 11, 2))
    for (path, old), (_, new) in zip(_rows(STUDY), _rows(half), strict=True):
        basis = old.text("basis") if "basis" in old else ""
        for entry in schema.fields(old.table):
            if entry.name != "currency" and old.given(entry.name) and not old[entry.name].blank:
                is_money = schema.unit(entry, basis).startswith("money")
                wanted = old.number(entry.name) / 2 if is_money else old[entry.name].value
                assert new[entry.name].value == wanted, f"{path}/{entry.name}"
                if is_money:
                    assert "Converted from USD at 0.5 EUR, rate of 2026-11-02." in (new[entry.name].note or "")


def _rows(study: Study):
    return [(place.path, place.row) for place in study.places.values()]
