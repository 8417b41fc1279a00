"""Quotes: every fault is named by row with its remedy, amounts keep their source, and nothing is applied unasked."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from files.limits import QUOTE
from importers.quotes import (
    Estimate,
    Explained,
    Finding,
    Line,
    Prepared,
    Quote,
    QuoteError,
    Reading,
    confirm,
    estimates_from,
    prepare,
    read,
    survey,
    template_csv,
    template_xlsx,
)
from importers.quotes.cells.columns import CHARGED, COLUMNS, PARTS, exact, suggested
from importers.quotes.cells.sheet import Cell
from importers.quotes.cells.values import date, money_of, number, share
from importers.quotes.option.placing import ONE_OFF_BASIS, YEARLY_BASIS
from importers.quotes.option.questions import published
from importers.quotes.option.scope import EXPECTED, NEEDED, part_of
from importers.quotes.reading.lines import ALLOWED
from models.notation.reader import Policy
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.cpu import cpu_below

TODAY = datetime.date(2026, 3, 1)
LABELS = {column.name: column.label for column in COLUMNS if column.template}
TERMS: dict[str, Any] = {
    "vendor": "Acme",
    "quote_number": "Q-7",
    "quote_date": "2026-02-01",
    "valid_until": "2026-04-30",
    "currency": "USD",
    "acquisition": "purchase",
    "delivery_weeks": 16,
    "support_years": 5,
    "accelerators_per_system": 8,
    "performance_source": "benchmark",
    "performance_reference": "MLPerf v5.1",
}
SERVER: dict[str, Any] = {
    "item": "Server, 8 accelerators",
    "part": "systems",
    "charged": "per system",
    "scope": "in",
    "quantity": 10,
    "list_price": 450_000,
    "net_price": 400_000,
}
SWITCH: dict[str, Any] = {
    "item": "Switch",
    "part": "network",
    "charged": "per system",
    "scope": "in",
    "quantity": 4,
    "net_price": 20_000,
}
SUPPORT: dict[str, Any] = {
    "item": "Care pack",
    "part": "support",
    "charged": "per system and year",
    "scope": "in",
    "quantity": 10,
    "net_price": 12_000,
}
BASE: dict[str, Any] = {
    "name": "Own",
    "acquisition": "purchase",
    "sizing": "demand",
    "equipment_life": 5,
    "max_utilisation": 0.7,
    "accelerators_per_system": 8,
    "months_to_production": 3,
    "system_power_load_w": 8000.0,
    "system_power_idle_w": 2000.0,
    "electricity_price": 0.1,
    "serving": [{"workload": "chat", "prefill_rate": 5000.0, "decode_rate": 1000.0}],
    "asset": [{"name": "equipment", "residual_share": 0.1}, {"name": "installation", "life": 5}],
    "capex": [
        {"name": "Old servers", "asset": "equipment", "basis": "per_system", "amount": 300_000.0},
        {"name": "Network, cabling", "asset": "equipment", "basis": "pct_equipment", "amount": 0.1},
        {"name": "Racking", "asset": "installation", "basis": "per_system", "amount": 4000.0},
        {"name": "Installation and acceptance", "asset": "installation", "basis": "per_system", "amount": 9000.0},
    ],
    "opex": [
        {"name": "People", "category": "staff", "basis": "per_year", "amount": 200_000.0},
        {
            "name": "Old support",
            "category": "support",
            "basis": "pct_equipment",
            "amount": {"value": 0.05, "low": 0.03, "high": 0.1, "confidence": "assumed", "note": "a rule of thumb"},
        },
        {"name": "Space", "category": "colocation", "basis": "per_kw_month", "amount": 150.0},
    ],
}
STUDY: dict[str, Any] = {
    "study": {"currency": "USD", "horizon_years": 5, "discount_rate": 0.08},
    "workload": [
        {"name": "chat", "requests_per_day": 30_000_000.0, "input_tokens": 400.0, "output_tokens": 300.0}
        | {"demand_growth": 0.2}
    ],
    "option": [BASE],
}


def study(**fields: Any) -> Study:
    return from_dict({**STUDY, "study": STUDY["study"] | fields})


def rows_of(*lines: Mapping[str, Any], **terms: Any) -> list[dict[str, Any]]:
    """Lines with the terms of the quote on the first; a term set to None is not said."""
    said = {key: part for key, part in (TERMS | terms).items() if part is not None}
    return [dict(line) | (said if index == 0 else {}) for index, line in enumerate(lines)]


def as_csv(rows: Sequence[Mapping[str, Any]], separator: str = ",") -> bytes:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(LABELS), restval="", delimiter=separator)
    writer.writerow(LABELS)
    writer.writerows(rows)
    return target.getvalue().encode()


def as_xlsx(rows: Sequence[Mapping[str, Any]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(list(LABELS.values()))
    for row in rows:
        sheet.append([_typed(row.get(name)) for name in LABELS])
    if change:
        change(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _typed(value: Any) -> Any:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def place(sheet: Worksheet, name: str, row: int) -> Any:
    return sheet.cell(row=row, column=list(LABELS).index(name) + 1)


def one(*lines: Mapping[str, Any], **terms: Any) -> Quote:
    (quote,) = read(as_csv(rows_of(*lines, **terms)), "offer.csv").quotes
    return quote


def told(findings: Sequence[Finding], row: int | None = None) -> str:
    return "\n".join(str(finding) for finding in findings if row is None or finding.row == row)


def refusals(findings: Sequence[Finding]) -> list[str]:
    return [str(finding) for finding in findings if finding.severity == "refused"]


def prepared(quote: Quote, made: Study | None = None, **asked: Any) -> Prepared:
    return prepare(made or study(), quote, "Own", today=TODAY, **asked)


def amounts(found: Prepared, table: str) -> dict[str, tuple[str, float]]:
    return {each.item: (each.basis, each.amount) for each in found.placed if each.table == table}


# ------------------------------------------------------------------------------------------------------------- template


def test_the_blank_template_has_every_column_and_reads_back():
    assert next(csv.reader([template_csv()])) == list(LABELS.values())
    filled = template_csv().encode() + as_csv(rows_of(SERVER)).split(b"\r\n", 1)[1]
    assert read(filled, "t.csv").quotes[0].lines[0].net_price == 400_000


def test_the_blank_workbook_offers_the_choices_and_explains_itself():
    book = load_workbook(io.BytesIO(template_xlsx()))
    assert book.sheetnames[0] == "Quotes"
    sheet = book["Quotes"]
    assert [cell.value for cell in sheet[1]] == list(LABELS.values())
    assert len(sheet.data_validations.dataValidation) == sum(bool(column.choices) for column in COLUMNS)
    explained = {str(row[0].value) for row in book["How to fill it in"].iter_rows()}
    assert {*LABELS.values(), *PARTS, *CHARGED} <= explained
    for index, column in enumerate((c for c in COLUMNS if c.template), start=1):
        value = TERMS.get(column.name, SERVER.get(column.name))
        sheet.cell(row=2, column=index, value=_typed(value))
    target = io.BytesIO()
    book.save(target)
    assert refusals(read(target.getvalue(), "t.xlsx").quotes[0].findings) == []


def test_columns_are_declared_consistently():
    assert all(exact(column.label) == exact(column.name) == column.name for column in COLUMNS)
    assert set(ALLOWED) == set(PARTS)
    assert {charged for each in ALLOWED.values() for charged in each} <= set(CHARGED)
    assert set(ONE_OFF_BASIS.values()) <= set(schema.BASIS_UNITS["capex"])
    assert set(YEARLY_BASIS.values()) <= set(schema.BASIS_UNITS["opex"])
    assert {part for parts in EXPECTED.values() for part in parts} <= set(PARTS)
    assert {part for groups in NEEDED.values() for group in groups for part in group} <= set(PARTS)


# -------------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("write", [as_csv, as_xlsx, lambda rows: as_csv(rows, ";"), lambda rows: as_csv(rows, "\t")])
def test_a_quote_is_read_alike_from_every_form(write: Callable[[list[dict[str, Any]]], bytes]):
    name = "offer.xlsx" if write is as_xlsx else "offer.csv"
    found = read(write(rows_of(SERVER, SWITCH, SUPPORT)), name)
    (quote,) = found.quotes
    assert found.findings == () and refusals(quote.findings) == []
    assert quote.terms.quote_date == datetime.date(2026, 2, 1)
    assert quote.terms.delivery_weeks == 16 and quote.terms.accelerators_per_system == 8
    assert [line.net_price for line in quote.lines] == [400_000, 20_000, 12_000]
    assert [line.row for line in quote.lines] == [2, 3, 4]
    assert quote.terms.source == "Acme, quote Q-7"


def test_one_file_may_hold_several_quotes():
    other = rows_of(SERVER | {"net_price": 1.0}, vendor="Bull", quote_number="B1")
    found = read(as_csv([*rows_of(SERVER), *other]), "offers.csv")
    assert [quote.terms.vendor for quote in found.quotes] == ["Acme", "Bull"]
    stray = read(as_csv([*rows_of(SERVER), *other, SWITCH]), "offers.csv")
    assert [finding.row for finding in stray.findings] == [4]
    assert "give vendor and quote number on every line" in told(stray.findings)


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"net_price": "on request"}, 'Net price: is "on request", no price: ask for it'),
    ({"net_price": "TBD"}, 'Net price: is "TBD", no price: ask for it'),
    ({"net_price": "four hundred"}, 'Net price: is "four hundred", no number: write the number alone'),
    ({"net_price": None}, "Net price: is missing: ask for it"),
    ({"net_price": -5}, "Net price: is negative (-5)"),
    ({"list_price": -5}, "List price: is negative"),
    ({"net_price": "=A1*2"}, "is the formula"),
    ({"net_price": "10%"}, "write a share as 0.1"),
    ({"quantity": None}, "Quantity: is missing: give how many"),
    ({"quantity": 0}, "Quantity: is 0: it must be above 0"),
    ({"quantity": 2.5}, "counted whole"),
    ({"quantity": "ten"}, 'Quantity: is "ten", no number'),
    ({"part": "sistems"}, 'did you mean "systems"'),
    ({"part": None}, "Part: is missing: one of systems"),
    ({"charged": "per year"}, 'systems is charged "per system", "per accelerator"'),
    ({"scope": None}, "Scope: is missing: one of in, out, optional"),
    ({"item": None}, "Item: is missing"),
    ({"item": "Subtotal"}, "looks like a total"),
    ({"item": "x" * 300}, "300 characters long"),
    ({"net_price": "€ 400000"}, "is shown in €, and the quote is in USD"),
    ({"net_price": 1e15}, "far too large"),
    ({"currency": "EUR"}, "is EUR, and the quote is in USD: convert the line"),
    ({"delivery_weeks": 3}, "another line of the quote says 16"),
]


@pytest.mark.parametrize(("change", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_a_fault_is_named_by_row_and_the_rest_is_read(change: dict[str, Any], words: str):
    faulty = SERVER | {"item": "Other server"} | change
    quote = one(SERVER, faulty, SWITCH)
    assert words in told(quote.findings, row=3)
    assert [line.refused for line in quote.lines] == [False, True, False]
    assert [line.row for line in quote.counted] == [2, 4]
    assert refusals(quote.about_terms) == []


def test_merged_cells_are_named_by_row():
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("V3:V4")

    quote = read(as_xlsx(rows_of(SERVER, SWITCH, SUPPORT), merge), "offer.xlsx").quotes[0]
    assert [line.refused for line in quote.lines] == [False, True, True]
    assert "row 3: cells V3:V4 are merged: take the merging off and fill each cell" in told(quote.findings)


def test_a_merged_title_above_the_headings_is_no_fault():
    def title(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Offer of Acme"
        sheet.merge_cells("A1:F1")

    found = read(as_xlsx(rows_of(SERVER), title), "offer.xlsx")
    assert found.header_row == 3 and refusals(found.quotes[0].findings) == []


def test_duplicate_lines_are_named():
    quote = one(SERVER, SWITCH, SWITCH)
    assert "row 4, Item: is row 3 again" in told(quote.findings)
    assert len(quote.counted) == 2


def test_hidden_rows_and_formulas_are_said():
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True
        place(sheet, "net_price", 3).value = "=2*10000"

    quote = read(as_xlsx(rows_of(SERVER, SWITCH), change), "offer.xlsx").quotes[0]
    assert "row 2: is hidden in the file" in told(quote.findings)
    assert "row 3, Net price: is a formula without a stored value" in told(quote.findings)
    assert quote.lines[1].refused


def with_stored_value(content: bytes, formula: str, value: str) -> bytes:
    """A workbook in which a formula has the value beside it that a spreadsheet leaves there."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            text = source.read(name)
            bare = f"<f>{formula}</f><v></v>".encode(), f"<f>{formula}</f><v/>".encode()
            for form in (*bare, f"<f>{formula}</f><v />".encode()):
                text = text.replace(form, f"<f>{formula}</f><v>{value}</v>".encode())
            made.writestr(name, text)
    return target.getvalue()


def test_the_value_stored_with_a_formula_is_read_with_a_warning():
    def change(sheet: Worksheet) -> None:
        place(sheet, "net_price", 2).value = "=2*10000"

    content = with_stored_value(as_xlsx(rows_of(SWITCH), change), "2*10000", "20000")
    quote = read(content, "offer.xlsx").quotes[0]
    assert quote.lines[0].net_price == 20_000 and not quote.lines[0].refused
    assert 'is a formula: the value stored with it, "20000.0", is read' in told(quote.findings)


def test_a_currency_hidden_in_the_number_format_is_found():
    def change(sheet: Worksheet) -> None:
        place(sheet, "net_price", 2).number_format = "#,##0.00 [$€-407]"

    quote = read(as_xlsx(rows_of(SERVER), change), "offer.xlsx").quotes[0]
    assert "is shown in €, and the quote is in USD" in told(quote.findings)


def test_lines_out_of_scope_need_no_price_nor_part():
    bare = {"item": "Credit", "scope": "out", "net_price": -5}
    assert refusals(one(SERVER, bare).findings) == []
    quote = one(
        SERVER, SWITCH | {"scope": "out", "net_price": "n/a", "quantity": None}, SUPPORT | {"scope": "optional"}
    )
    assert refusals(quote.findings) == [] and len(quote.counted) == 1


def test_prices_that_look_exchanged_or_free_are_flagged():
    quote = one(SERVER | {"list_price": 1, "net_price": 2}, SWITCH | {"net_price": 0})
    assert "are they swapped?" in told(quote.findings, 2)
    assert "counted as contained in another price" in told(quote.findings, 3)
    assert refusals(quote.findings) == []


TERM_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"quote_date": None}, "Quote date: is not stated on any line"),
    ({"performance_source": None}, "one of benchmark, catalogue, vendor claim"),
    ({"acquisition": "buy"}, "none of its choices"),
    ({"quote_date": "03/04/2026"}, "which may be 2026-04-03 or 2026-03-04: write it as"),
    ({"quote_date": "31.02.2026"}, "is no day that exists; write it as 2026-01-31"),
    ({"quote_date": "soon"}, "no date"),
    ({"valid_until": "2026-01-01"}, "before the date of the quote"),
    ({"currency": "$"}, "give the code"),
    ({"delivery_months": 3}, "in weeks and in months"),
    ({"prepayment_share": 1}, "may be 1% or 100%: write the % sign"),
    ({"prepayment_share": 300}, "a share lies between 0 and 1"),
    ({"accelerators_per_system": 7.5}, "whole number"),
    ({"acquisition": "lease"}, "a lease runs for a number of years"),
    ({"fx_rate": -1}, "must be above 0"),
    ({"claimed_prefill_rate": 10}, "without a output speed"),
]


@pytest.mark.parametrize(("change", "words"), TERM_FAULTS, ids=[words for _, words in TERM_FAULTS])
def test_faulty_terms_stand_in_the_way(change: dict[str, Any], words: str):
    quote = one(SERVER, **change)
    assert words in "\n".join(refusals(quote.findings))


# ---------------------------------------------------------------------------------------------------- numbers and dates


@pytest.mark.parametrize("text", ["1,234", "1.234", "1.2.3", "twelve", "12 PCS", "--5", "1,23,4.5", "5 %", "=A1"])
def test_a_number_that_may_be_another_is_refused(text: str):
    found, fault = number(Cell(text), Policy())
    assert found is None and fault


def test_a_number_of_a_cell_is_the_number_meant():
    assert number(Cell("312\u2019000.00"), Policy()) == number(Cell(312_000.0), Policy()) == (312_000, "")
    assert number(Cell("1.234"), Policy(), whole=True) == (1234, "")
    assert number(Cell("1e13"), Policy())[1] == number(Cell(1e13), Policy())[1] == "is far too large: check the number"


def test_the_decimal_separator_follows_from_other_numbers_of_the_file():
    quote = one(SERVER | {"net_price": "400.000", "list_price": "450.000,50"})
    assert quote.lines[0].net_price == 400_000
    plain = rows_of(SERVER | {"net_price": "400,000", "list_price": None})
    asked = read(as_csv(plain), "offer.csv").quotes[0]
    assert "may be 400000 or 400: say which decimal separator" in told(asked.findings)
    assert read(as_csv(plain), "offer.csv", policy=Policy("point")).quotes[0].lines[0].net_price == 400_000


def test_dates_and_shares_are_those_meant():
    assert date(Cell("31.12.2026"), Policy())[0] == date(Cell("12/31/2026"), Policy())[0] == datetime.date(2026, 12, 31)
    assert date(Cell(46022.0), Policy())[0] is None and date(Cell("1926-01-01"), Policy())[0] is None
    assert share(Cell("30 %"), Policy()) == share(Cell(0.3), Policy()) == share(Cell("30"), Policy()) == (0.3, "")
    assert share(Cell(1.0, number_format="0 %"), Policy()) == (1, "") and share(Cell("three"), Policy())[1]
    assert "no share" in share(Cell("1 EUR"), Policy())[1] and "no share" in share(Cell("3 years"), Policy())[1]
    assert money_of(Cell(5.0, number_format='0 "PCS"')) == "" and money_of(Cell(5.0, number_format='"CHF" 0')) == "CHF"


# ------------------------------------------------------------------------------------------------------ free-form files


FREE = """Offer of Acme;;;
Pos;Description;Qty;Unit price
1;Server;10;400.000,00
2;Switch;4;20.000,00
"""
GIVEN = {"vendor": "Acme", "quote_number": "Q-7", "quote_date": "2026-02-01", "currency": "USD"} | {
    "acquisition": "purchase",
    "performance_source": "catalogue",
    "scope": "in",
    "charged": "per system",
    "part": "systems",
}


def test_a_free_form_file_is_surveyed_and_mapped():
    seen = survey(FREE.encode(), "offer.csv", header_row=2)
    assert [heading.heading for heading in seen.headings] == ["Pos", "Description", "Qty", "Unit price"]
    assert [heading.suggested for heading in seen.headings] == [None, "item", "quantity", "net_price"]
    assert seen.headings[1].letter == "B" and seen.headings[1].samples == ('"Server"', '"Switch"')
    assert survey(FREE.encode(), "offer.csv").header_row == 2
    mapping = {"item": "description", "quantity": "C", "net_price": "Unit price"}
    found = read(FREE.encode(), "offer.csv", mapping=mapping, given=GIVEN, header_row=2)
    assert found.mapping == {"item": "B", "quantity": "C", "net_price": "D"}
    assert [line.net_price for line in found.quotes[0].lines] == [400_000, 20_000]
    assert found.quotes[0].terms.acquisition == "purchase"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"mapping": {"quantity": "Qty"}}, "lacks Item, Net price"),
        ({"mapping": {"item": "Article"}, "given": GIVEN}, 'no column "Article"; it has "Pos"'),
        (
            {"mapping": {"item": "Description"}, "given": GIVEN},
            'lacks Net price: map .*"Unit price" may',
        ),
        ({"header_row": 99}, "no row 99"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(asked: dict[str, Any], words: str):
    with pytest.raises(QuoteError, match=words):
        read(FREE.encode(), "offer.csv", **(dict[str, Any](header_row=2) | asked))


def test_an_unknown_column_is_refused_by_name():
    with pytest.raises(KeyError, match="net_price"):
        read(FREE.encode(), "offer.csv", mapping={"netprice": "D"}, header_row=2)


def test_headings_that_stand_twice_are_refused():
    doubled = as_csv(rows_of(SERVER)).replace(b"Exchange rate date", b"Currency")
    with pytest.raises(QuoteError, match="two columns"):
        read(doubled, "offer.csv")
    with pytest.raises(QuoteError, match="name the one by its letter"):
        read(b"a,a\n1,2\n", "x.csv", mapping={"item": "a"}, header_row=1)


# ------------------------------------------------------------------------------------- as vendors really send a table

OFFER = [
    ["Müller Systeme GmbH"],
    ["Angebot 2026-0815 vom 01.02.2026"],
    [],
    ["Pos.", "Artikel", "Beschreibung", "Menge", "Listenpreis EUR", "Rabatt %", "Netto EUR", "Summe EUR"],
    ["1", "Hardware"],
    ["1.1", "SRV-8", "GPU-Server", 10, "450.000,00", "12,5 %", "393.750,00", "3.937.500,00"],
    ["1.2", "SW-400", "Switch 400G", 4, "25.000,00", "10 %", "22.500,00", "90.000,00"],
    [None, None, "Zwischensumme Hardware", None, None, None, None, "4.027.500,00"],
    ["2.1", "INST", "Installation und Abnahme", 1, "inklusive", None, "inklusive"],
    ["2.2", "SUP5", "Support 5 Jahre", 10, "60.000,00", "0 %", "60.000,00", "600.000,00"],
    [None, None, "Gesamtsumme netto", None, None, None, None, "4.627.500,00"],
    [None, None, "Zzgl. 19 % MwSt.", None, None, None, "879.225,00", "879.225,00"],
    [None, None, "Alle Preise gelten frei Haus."],
]
OFFER_PLACES = {"item": "C", "quantity": "D", "list_price": "E", "discount": "F", "net_price": "G", "line_total": "H"}
OFFER_TERMS = {key: GIVEN[key] for key in ("quote_date", "acquisition", "performance_source")} | {
    "vendor": "Müller",
    "quote_number": "2026-0815",
    "currency": "EUR",
    "fx_rate": "1.085",
    "fx_date": "2026-02-27",
    "valid_until": "2026-04-30",
    "delivery_weeks": "16",
    "accelerators_per_system": "8",
    "support_years": "5",
    "scope": "in",
    "part": "systems",
    "charged": "per system",
}
OFFER_ROWS = {
    7: {"part": "network"},
    9: {"part": "installation", "charged": "once"},
    10: {"part": "support", "years_covered": "5"},
}


def offer_file(change: Callable[[Worksheet], None] | None = None) -> bytes:
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover["A1"] = "Angebot"
    cover.merge_cells("A1:F3")
    sheet = book.create_sheet("Preise")
    for row in OFFER:
        sheet.append(row)
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("C13:H13")
    if change:
        change(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def offered(change: Callable[[Worksheet], None] | None = None, **asked: Any) -> Quote:
    wanted: dict[str, Any] = {"mapping": OFFER_PLACES, "given": OFFER_TERMS, "rows": OFFER_ROWS} | asked
    return read(offer_file(change), "angebot.xlsx", **wanted).quotes[0]


def test_the_table_is_found_below_a_title_and_on_another_sheet():
    seen = survey(offer_file(), "angebot.xlsx")
    assert (seen.sheet, seen.sheets, seen.header_row) == ("Preise", ("Sheet", "Preise"), 4)
    assert {heading.letter: heading.suggested for heading in seen.headings} == {
        **{letter: name for name, letter in OFFER_PLACES.items()},
        **{"A": None, "B": "item"},
    }


def test_a_vendors_own_table_enters_the_study_to_the_cent():
    quote = offered()
    assert refusals(quote.findings) == []
    assert [line.row for line in quote.counted] == [6, 7, 9, 10]
    found = prepared(quote)
    assert found.ready, told(found.findings)
    rate = 1.085
    assert amounts(found, "capex") == {
        "GPU-Server": ("per_system", pytest.approx(393_750 * rate)),
        "Switch 400G": ("per_system", pytest.approx(4 * 22_500 * rate / 10)),
        "Installation und Abnahme": ("fixed", 0),
        "Support 5 Jahre": ("per_system", pytest.approx(60_000 * rate)),
    }
    assert found.placed[0].value["note"] == (
        "10 x 393,750 EUR net (list 450,000), x 1.085 USD/EUR of 2026-02-27, over 10 systems; row 6; "
        "holds until 2026-04-30; said on import, not in the file: currency, part, charged"
    )
    assert found.placed[0].value["source"] == "Müller, quote 2026-0815"
    assert found.totals.net_once == pytest.approx(4_627_500 * rate)


def test_totals_taxes_headings_and_notes_are_set_aside_by_row():
    quote = offered()
    aside = {line.row: line.aside for line in quote.lines if line.aside}
    assert aside == {8: "a total", 11: "a total", 12: "a tax", 13: "a heading or note"}
    assert "looks like a total (4,627,500): set aside, or it would count twice" in told(quote.findings, 11)
    assert "looks like a tax" in told(quote.findings, 12)
    assert '"Alle Preise gelten frei Haus." has no figure beside it' in told(quote.findings, 13)
    assert [(total.row, total.amount) for total in quote.totals] == [(8, 4_027_500), (11, 4_627_500)]
    assert "the file states" not in told(prepared(quote).findings)


@pytest.mark.parametrize(
    "label",
    [
        *("Subtotal Hardware", "Sub-Total", "Grand total (excl. VAT)", "Total:", "TOTAL EUR", "Total for section A"),
        *("Hardware total", "Zwischensumme", "Gesamtbetrag netto", "Summe", "Übertrag", "Carried forward"),
    ],
)
def test_a_total_never_counts_twice_even_with_a_quantity_said_for_all(label: str):
    text = f"Description;Net price\nServer;400\n{label};400\n"
    found = read(
        text.encode(), "a.csv", mapping={"item": "A", "net_price": "B"}, given={**GIVEN, "quantity": "1"}, header_row=1
    )
    assert [line.row for line in found.quotes[0].counted] == [2]
    assert "row 3, Item: looks like a total (400)" in told(found.quotes[0].findings)


@pytest.mark.parametrize("label", ["Totally managed server", "Server, 2 TB total memory option", "Consumables"])
def test_a_line_is_no_total_for_a_word_in_it(label: str):
    text = f"Description;Qty;Net price\n{label};1;400\n"
    found = read(
        text.encode(), "a.csv", mapping={"item": "A", "quantity": "B", "net_price": "C"}, given=GIVEN, header_row=1
    )
    assert len(found.quotes[0].counted) == 1


@pytest.mark.parametrize("label", ["VAT 19 %", "plus 19,5 % VAT", "Zzgl. gesetzlicher MwSt.", "MWST 8.1%"])
def test_a_tax_that_is_refunded_is_set_aside(label: str):
    text = f"Description;Net price\nServer;400\n{label};76\n"
    places, given = {"item": "A", "net_price": "B"}, {**GIVEN, "quantity": "1"}
    found = read(text.encode(), "a.csv", mapping=places, given=given, header_row=1).quotes[0]
    assert [line.aside for line in found.lines] == ["", "a tax"] and len(found.counted) == 1


def test_long_odd_labels_take_no_time():
    for label in ("1." * 10_000, "total " * 5_000 + "x", "1 % " * 8_000, "sub" + " " * 20_000 + "x"):
        text = f"Description;Net price\n{label};400\n"
        places = {"item": "A", "net_price": "B"}
        with cpu_below(1):
            read(text.encode(), "a.csv", mapping=places, given=GIVEN, header_row=1)


def test_counted_lines_that_miss_the_stated_totals_stand_in_the_way():
    quote = offered(rows={**OFFER_ROWS, 7: {"part": "network", "scope": "out"}})
    said = "the counted lines come to 4,537,500 EUR, and the file states 4,027,500 (row 8), 4,627,500 (row 11)"
    found = prepared(quote)
    assert not found.ready and any(said in each for each in refusals(found.findings))


def test_quantity_times_price_must_be_the_line_total():
    def wrong(sheet: Worksheet) -> None:
        sheet["H7"] = "81.000,00"

    quote = offered(wrong)
    assert "row 7, Line total: is 81,000, and 4 x 22,500 is 90,000: ask which holds" in told(quote.findings)
    assert 7 not in [line.row for line in quote.counted]


def test_a_discount_that_does_not_lead_to_the_net_price_is_told():
    def other(sheet: Worksheet) -> None:
        sheet["F7"] = "20 %"

    said = told(offered(other).findings, 7)
    assert "Discount: is 20%, which makes 20,000 of the list price, not 22,500: the net price counts" in said


def test_the_net_price_follows_from_line_total_or_discount():
    without = {key: place for key, place in OFFER_PLACES.items() if key != "net_price"}
    by_total = offered(mapping=without).lines
    assert by_total[0].net_price == 393_750
    only_discount = {key: place for key, place in without.items() if key != "line_total"}
    line = offered(mapping=only_discount).lines[0]
    assert (line.net_price, line.worked_out) == (393_750, "list 450,000 less 12.5%")
    text, places = b"Description;Qty;List price\nServer;2;1000\n", {"item": "A", "quantity": "B", "list_price": "C"}
    alike = read(text, "a.csv", mapping=places, given={**GIVEN, "discount": "20 %"}, header_row=1)
    assert alike.quotes[0].lines[0].net_price == 800
    note = prepared(alike.quotes[0]).placed[0].value["note"]
    assert "(list 1,000 less 20%)" in note and note.endswith("not in the file: currency, part, charged, discount")


def test_a_discount_under_a_heading_in_percent_is_one():
    text = "Description;Qty;List price;Discount %\nServer;2;1000;20\nSwitch;1;100;0,5\n"
    places = {"item": "A", "quantity": "B", "list_price": "C", "discount": "D"}
    found = read(text.encode(), "a.csv", mapping=places, given=GIVEN, header_row=1).quotes[0]
    assert found.lines[0].net_price == 800
    assert 'Discount: is "0,5", which may be 0.5% or 50%: write the % sign' in told(found.findings, 3)


def discounted(*discounts: str, **how: Any) -> tuple[list[float | None], str]:
    """The net prices of servers of 1,000 less a discount each, and what is told of them."""
    text = "Description;Qty;List price;Discount\n" + "".join(f"Server {each};2;1000;{each}\n" for each in discounts)
    places = {"item": "A", "quantity": "B", "list_price": "C", "discount": "D"}
    quote = read(text.encode(), "a.csv", mapping=places, given=GIVEN, header_row=1, **how).quotes[0]
    return [None if line.refused else line.net_price for line in quote.lines], told(quote.findings)


@pytest.mark.parametrize(("discount", "percent", "parts"), [("1", 990, 0), ("0.5", 995, 500)])
def test_a_discount_that_may_be_two_is_asked_for_and_never_free(discount: str, percent: float, parts: float):
    found, said = discounted(discount)
    assert found == [None] and f"or {float(discount) * 100:g}%: write the % sign, or say how the file counts" in said
    assert discounted(discount, policy=Policy(shares="percent"))[0] == [percent]
    assert discounted(discount, policy=Policy(shares="parts"))[0] == [parts]


def test_other_discounts_of_the_column_say_how_it_counts():
    assert discounted("0.5", "0.25")[0] == [500, 750]
    assert discounted("20", "7,5", "10 %")[0] == [800, 925, 900]
    assert discounted("20", "0,5")[0] == [800, None]
    assert discounted("100 %", "1 %")[0] == [0, 990]


def test_a_date_is_asked_for_unless_others_of_the_file_show_its_order():
    asked = one(SERVER, quote_date="03/04/2026")
    assert asked.terms.quote_date is None
    assert 'is "03/04/2026", which may be 2026-04-03 or 2026-03-04: write it as 2026-01-31' in told(asked.findings)
    assert one(SERVER, quote_date="03/04/2026", valid_until="31/12/2026").terms.quote_date == datetime.date(2026, 4, 3)


def test_words_in_place_of_a_price():
    for word in ("included", "Incl.", "inklusive", "free"):
        quote = one(SERVER, SWITCH | {"net_price": word})
        assert quote.lines[1].net_price == 0 and not quote.lines[1].refused
        assert f'is 0 ("{word}"): counted as contained in another price' in told(quote.findings, 3)
    for word in ("TBD", "n/a", "on request", "auf Anfrage", "-"):
        quote = one(SERVER, SWITCH | {"net_price": word, "list_price": word})
        assert quote.lines[1].refused and "List price" not in told(quote.findings, 3)
        assert "no price: ask for it, enter 0 if included elsewhere, or exclude the line" in told(quote.findings)


def test_what_is_typed_is_not_read_by_the_marks_of_the_file():
    assert offered().terms.fx_rate == 1.085
    unclear = offered(typed=Policy())
    assert unclear.terms.fx_rate is None
    assert 'Exchange rate: is "1.085", which may be 1085 or 1.085: type it without' in told(unclear.findings)
    assert offered(given={**OFFER_TERMS, "fx_rate": "1,08"}).terms.fx_rate == 1.08
    assert [finding.row for finding in unclear.findings if finding.column == "Exchange rate"] == [None]
    row = offered(rows={**OFFER_ROWS, 6: {"net_price": "390.000"}})
    assert 'Net price: is "390.000", which may be 390000 or 390: type it without' in told(row.findings, 6)
    clear = offered(rows={**OFFER_ROWS, 6: {"net_price": "390.000,00", "quantity": "9"}}, mapping=OFFER_PLACES)
    assert "Line total: is 3,937,500, and 9 x 390,000 is 3,510,000" in told(clear.findings, 6)


def test_a_row_may_be_said_otherwise_than_for_all_and_it_stays_known():
    rows = {**OFFER_ROWS, 12: {"part": "other", "quantity": "1", "charged": "once"}, 13: {"part": "delivery"}}
    quote = offered(rows=rows)
    assert {line.row for line in quote.lines if line.aside} == {8, 11}
    assert quote.lines[6].typed >= {"part", "quantity", "charged", "scope"}
    assert "Net price: is missing" in told(quote.findings, 13)
    unsaid = offered(given={**OFFER_TERMS, "part": "", "charged": "", "scope": ""}, rows={})
    assert [(line.part, line.charged) for line in unsaid.lines[:2]] == [
        ("systems", "per system"),
        ("network", "per system"),
    ]
    assert {"part", "charged", "scope"} <= unsaid.lines[0].inferred and not unsaid.lines[0].typed & {"part", "charged"}
    wrong = offered(rows={**OFFER_ROWS, 7: {"part": "netwok"}})
    assert 'is "netwok", which is none of its choices; did you mean "network"' in told(wrong.findings, 7)


def test_a_heading_in_another_currency_is_refused():
    quote = offered(given={**OFFER_TERMS, "currency": "USD", "fx_rate": "", "fx_date": ""})
    assert 'row 4, Net price: stands under "Netto EUR", and the quote is said to be in USD' in told(quote.findings)
    assert not prepared(quote, leave_out_refused=True).ready


def test_merged_cells_that_hold_one_of_our_columns_are_only_told():
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A6:B6")
        sheet.insert_cols(9)
        sheet.merge_cells("H7:I7")
        sheet.merge_cells("G9:G10")

    quote = offered(merge)
    assert told(quote.findings, 6) == ""
    assert "cells H7:I7 are merged: their one value is read" in told(quote.findings, 7)
    assert [line.row for line in quote.lines if line.refused] == [9, 10]


def test_an_auxiliary_formula_without_a_value_is_no_hindrance():
    def change(sheet: Worksheet) -> None:
        sheet["H7"] = "=D7*G7"

    quote = offered(change)
    assert "row 7, Line total: is a formula without a stored value: it is not compared" in told(quote.findings)
    assert 7 in [line.row for line in quote.counted]


def test_an_old_rate_of_exchange_is_told():
    old = prepared(one(SERVER, currency="EUR", fx_rate=1.25, fx_date="2025-06-30"))
    assert old.ready and "Exchange rate date: is 244 days ago (2025-06-30)" in told(old.findings)
    ahead = prepared(one(SERVER, currency="EUR", fx_rate=1.25, fx_date="2026-06-30"))
    assert "Exchange rate date: lies in the future" in told(ahead.findings)


PRICES = "Model;Input $/1M tokens;Cached input;Output $/1M tokens\nbig;3,00;0,30;15,00\nsmall;0,25;;1,25\n"
API_PLACES = {"item": "A", "input_price": "B", "cached_input_price": "C", "output_price": "D"}
API_TERMS = {key: GIVEN[key] for key in ("vendor", "quote_number", "quote_date", "performance_source", "currency")} | {
    "acquisition": "api",
    "scope": "in",
}


def test_a_price_list_of_an_api_has_a_line_for_each_price():
    seen = survey(PRICES.encode(), "prices.csv")
    assert [heading.suggested for heading in seen.headings] == list(API_PLACES)
    asked: dict[str, Any] = {"mapping": API_PLACES, "given": API_TERMS}
    large, small = read(PRICES.encode(), "prices.csv", **asked).quotes
    assert [(line.row, line.part, line.net_price) for line in large.lines] == [
        *((2, "api input", 3), (2, "api cached input", 0.3), (2, "api output", 15))
    ]
    assert [(line.row, line.part, line.net_price) for line in small.lines] == [
        *((3, "api input", 0.25), (3, "api output", 1.25))
    ]
    assert large.terms.source != small.terms.source and small.terms.product in small.terms.source
    option = confirm(study(), prepared(large)).options[1]
    assert option.api is not None
    prices = [option.api.number(name) for name in ("price_input", "price_cached_input", "price_output")]
    assert prices == [3, 0.3, 15]


def test_prices_of_a_thousand_tokens_that_would_be_too_dear_are_asked():
    found = read(PRICES.replace("$/1M", "per 1K").encode(), "p.csv", mapping=API_PLACES, given=API_TERMS, header_row=1)
    asked = (
        'is 3 for a thousand tokens, as "Input per 1K tokens" says, and a million would cost 3,000: say the price of a'
    )
    assert asked in told(found.quotes[0].findings)


def test_semicolons_separate_though_prices_have_commas():
    seen = survey(b"Description;Qty;Unit price\nServer;2;1,5\nSwitch;1;2,5\n", "a.csv")
    assert [heading.letter for heading in seen.headings] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Unit Price (USD)", "net_price"),
        ("Netto EUR", "net_price"),
        ("Amount", "line_total"),
        ("Ext. Price", "line_total"),
        ("Rabatt %", "discount"),
        ("Menge", "quantity"),
        ("Reference", None),
        ("Delivery date", None),
    ],
)
def test_headings_are_proposed_for_what_they_mean(heading: str, meant: str | None):
    assert suggested(heading) == meant


@pytest.mark.parametrize(
    ("item", "part", "charged", "scope"),
    [
        ("8-GPU server HGX", "systems", "per system", "in"),
        ("10U server, 8 GPUs, 8x NVMe, 8x ConnectX", "systems", "per system", "in"),
        ("HGX H200 GPU, priced per GPU", "systems", "per accelerator", "in"),
        ("NVMe storage for servers", "storage", "per system", "in"),
        ("Option: spare GPU baseboard", "spares", "per system", "optional"),
        ("Import duty on servers", "delivery", "once", "in"),
        ("Ethernet switch 400G", "network", "per system", "in"),
        ("Rack installation", "installation", "once", "in"),
        ("Support 24x7, 5 years", "support", "per system", "in"),
        ("Wartung pro Jahr", "support", "per system and year", "in"),
    ],
)
def test_the_words_of_an_item_say_its_part(item: str, part: str, charged: str, scope: str):
    line = beside(item)
    assert (line.part, line.charged, line.scope) == (part, charged, scope) and not line.refused and line.why


@pytest.mark.parametrize(
    ("item", "guess"),
    [
        ("Software subscription", {"part": "software", "charged": "per system"}),  # for how long is not said
        ("Installation and training", {"part": "installation", "charged": "once"}),
        ("Software maintenance, 3 years", {"part": "software", "charged": "per system"}),
        ("NVMe disks", {"part": "storage", "charged": "per system"}),
        ("Project credit", {"part": "discount", "charged": "once"}),  # whose amount is not taken off
        ("Whatever it takes", {}),
    ],
)
def test_a_line_that_its_words_do_not_settle_is_asked(item: str, guess: dict[str, str]):
    line = beside(item)
    assert line.refused and line.guess == guess


def beside(item: str) -> Line:
    """A line of that item beside the machines of an offer that says the part of none; or the machine itself."""
    price = 400_000 if ("8" in item and "server" in item.casefold()) or item.startswith("HGX") else 2_000
    rows = [f"{item};2;{price};{2 * price}", "GPU server 8x H200;2;300000;600000"]
    text = "\n".join(["Description;Qty;Unit price;Total", *rows])
    of_offer = {name: said for name, said in GIVEN.items() if name not in ("part", "charged", "scope")}
    return read(text.encode(), "a.csv", given=of_offer).quotes[0].lines[0]


def test_a_guess_is_asked_about_and_never_counts():
    guess = {7: {"part": "network?"}}
    quote = offered(rows=OFFER_ROWS | guess)
    line = next(line for line in quote.lines if line.row == 7)
    assert line.refused and not line.counts
    assert 'row 7, Part: is a guess, "network": look at the line' in told(quote.findings)
    for leave_out in (False, True):
        # Left out, the lines no longer come to the total of the file.
        assert not prepared(quote, leave_out_refused=leave_out).ready
    assert prepared(offered(rows=OFFER_ROWS | {7: {"part": "network"}})).ready


@pytest.mark.parametrize("factor", [1.9, 2.1, 4.9, 5.1, 1 / 1.9, 1 / 2.1, 1 / 4.9, 1 / 5.1])
def test_a_price_far_from_the_like_options_is_asked_and_beyond_a_factor_of_five_refused(factor: float):
    own = study().option("Own")
    held = next(row for row in own.capex if part_of(row) == "systems")
    assert held.text("basis") == "per_system"
    quote = one(SERVER | {"list_price": "", "discount": "", "net_price": factor * held.number("amount")})
    found = prepared(quote)
    far = max(factor, 1 / factor)
    about_price = [str(each) for each in found.findings if "a system comes to" in each.message]
    assert bool(about_price) == (far >= 2)
    assert found.ready == (far < 5)
    explained = prepared(quote, explained=Explained(price="a rack without its boards"))
    assert explained.ready
    assert "a rack without its boards" in explained.option["vendor"]["note"]


@pytest.mark.parametrize(("share", "told_of", "ready"), [(1.0, False, True), (2.5, True, True), (6.0, True, False)])
def test_a_price_far_from_the_catalogues_is_asked_whatever_the_like_option_costs(
    share: float, told_of: bool, ready: bool
):
    """Of an accelerator that the line names; the like option's own price is as far off, so that it says nothing."""
    span = published("per_system", "H200", 8)
    assert span is not None
    made = study()
    place = next(at for at, row in enumerate(made.option("Own").capex) if part_of(row) == "systems")
    key = made.option("Own").capex[place].text("name")
    like = replace_all(made, {f"option/Own/capex/{key}/amount": span[1] * share})
    line = SERVER | {"item": "NR-8000 with 8x H200", "list_price": "", "discount": "", "net_price": span[1] * share}
    found = prepared(one(line, accelerators_per_system=8), like)
    assert ("the catalogue has of H200" in told(found.findings)) == told_of
    assert found.ready == ready


@pytest.mark.parametrize(("years", "words", "ready"), [(3, "", True), (12, "in months", True), (36, "months", False)])
def test_the_term_of_a_lease_stands_against_the_life_of_the_systems(years: int, words: str, ready: bool):
    assert study().option("Own").fields.number("equipment_life") == 5
    found = prepared(one(LEASE | {"net_price": 7_000}, acquisition="lease", term_years=years, systems_quoted=10))
    assert ("are kept 5" in told(found.findings)) == bool(words) and words in told(found.findings)
    assert found.ready == ready


def test_an_amount_per_accelerator_is_compared_as_that_of_its_system():
    own = study().option("Own")
    held = next(row for row in own.capex if part_of(row) == "systems").number("amount")
    per = own.fields.number("accelerators_per_system")
    line = SERVER | {"list_price": "", "discount": "", "net_price": held / per, "quantity": 4 * per}
    right = prepared(one(line | {"charged": "per accelerator"}, accelerators_per_system=int(per)))
    assert "a system comes to" not in told(right.findings)


def test_a_total_is_compared_whatever_column_is_the_items():
    """The total's row fills none of the columns that were chosen."""
    text = "Pos;Description;Quantity;Net price;Extended\n1;Server;1;400;400\n2;Switch;1;90;90\nSubtotal;;;;590\n"
    rows = {2: {"part": "systems"}, 3: {"part": "network"}}
    places = {"item": "B", "quantity": "C", "net_price": "D"}
    quote = read(text.encode(), "a.csv", mapping=places, given=GIVEN, rows=rows, header_row=1).quotes[0]
    assert [(total.row, total.amount) for total in quote.totals] == [(4, 590.0)]
    found = prepared(quote)
    assert not found.ready and any("and the file states 590 (row 4)" in each for each in refusals(found.findings))


def test_a_total_of_a_section_is_none_of_the_offer():
    text = "Description;Quantity;Net price;Extended\nServer;1;400;400\nSubtotal;;;400\nSwitch;1;90;90\nTotal;;;490\n"
    places = {"item": "A", "quantity": "B", "net_price": "C", "line_total": "D"}
    rows = {2: {"part": "systems"}, 4: {"part": "network?"}}
    quote = read(text.encode(), "a.csv", mapping=places, given=GIVEN, rows=rows, header_row=1).quotes[0]
    left = prepared(quote, leave_out_refused=True)
    assert any("the counted lines come to 400" in each for each in refusals(left.findings))
    explained = prepared(quote, leave_out_refused=True, explained=Explained(total="network is bought elsewhere"))
    assert "the counted lines come to" not in "".join(refusals(explained.findings))
    assert "network is bought elsewhere" in explained.option["vendor"]["note"]


# -------------------------------------------------------------------------------------------------------- hostile files


def archive(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """A workbook with its parts rewritten, and others added."""
    source = zipfile.ZipFile(io.BytesIO(content))
    return archive({name: change(name, source.read(name)) for name in source.namelist()} | more)


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, text: text.replace(old, new) if name.endswith("sheet1.xml") else text


GOOD = as_xlsx(rows_of(SERVER))
SAME: Callable[[str, bytes], bytes] = lambda _, text: text  # noqa: E731
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(("encoding", "told"), (("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-8-sig", "")))
def test_other_encodings_are_read_and_told(encoding: str, told: str) -> None:
    """What spreadsheets under Windows save as "CSV" and as "Unicode text"."""
    terms = {**rows_of(SERVER)[0], "vendor": "Müller & Söhne"}
    plain = as_csv([terms]).decode()
    found = read(plain.encode(encoding), "offer.csv")
    (quote,) = found.quotes
    assert quote.terms.vendor == "Müller & Söhne"
    assert [str(each) for each in found.findings] == (
        [f"the file is not UTF-8 and was read as {told}: look at names with accents"] if told else []
    )


FAR = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
MERGED = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
HOSTILE: list[tuple[str, bytes, str]] = [
    ("a.csv", b"", "is empty"),
    ("a.csv", b" \n ", "is empty"),
    ("a.csv", b"x" * (QUOTE.bytes + 1), "larger than 5 MB"),
    ("a.csv", GOOD, "named .csv, but holds a workbook"),
    ("a.xlsx", b"Vendor,Item\n", "named .xlsx, but is no workbook"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0 and so on", "encrypted or an old .xls"),
    ("a.xlsx", b"%PDF-1.7", "is a PDF"),
    ("a.csv", b"<html><table>", "web page"),
    ("a.csv", b"\xff\xfeV\x00e\x00\xd8", "in no encoding that is known"),
    ("a.csv", b"Vendor;Pr\x81fung", "in no encoding that is known"),
    ("a.csv", b"Vendor\0Item", "neither a workbook nor text"),
    ("a.csv", b"a,b\n" * (QUOTE.rows + 1), "more than 2,000 rows"),
    ("a.csv", b"a" + b",a" * QUOTE.columns, "60 columns"),
    ("a.csv", b'"' + b"a" * 200_000 + b'"', "no CSV file that can be read"),
    ("a.csv", b"Vendor,Item\n", "no row of headings"),
    ("a.xlsx", archive({"readme.txt": b"hello"}), "an archive, but no workbook"),
    ("a.ods", archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "save it as .xlsx"),
    ("a.xlsb", archive({"xl/workbook.bin": b"x"}), "save it as .xlsx"),
    ("a.xlsx", changed(GOOD, SAME, **{"xl/vbaProject.bin": b"x"}), "macros"),
    ("a.xlsx", changed(GOOD, SAME, **{"xl/media/big": b"\0" * 2_000_000}), "over 100 times its size"),
    ("a.xlsx", changed(GOOD, SAME, **{f"m{i}": b"" for i in range(300)}), r"in 3\d\d parts"),
    ("a.xlsx", GOOD[: len(GOOD) // 2], "damaged"),
    ("a.xlsx", changed(GOOD, in_sheet(b"<sheetData>", b"<sheetData")), "damaged"),
    ("a.xlsx", changed(GOOD, lambda n, t: t.replace(b"<workbook", ENTITIES + b"<workbook")), "XML entities|damaged"),
    ("a.xlsx", changed(GOOD, in_sheet(b"</sheetData>", FAR)), "filled beyond 2,000 rows"),
    (
        "a.xlsx",
        changed(
            GOOD, in_sheet(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
        ),
        "merges more than 10,000 cells",
    ),
    ("a.xlsx", changed(GOOD, lambda n, t: b"" if n == "xl/workbook.xml" else t), "damaged"),
    ("a.xlsx", changed(GOOD, lambda n, t: t.replace(b"worksheets/sheet1.xml", b"nothing.xml")), "no sheet with cells"),
]


@pytest.mark.parametrize(("name", "content", "words"), HOSTILE, ids=[f"{w}-{i}" for i, (_, _, w) in enumerate(HOSTILE)])
def test_what_is_no_quote_is_refused_with_the_remedy(name: str, content: bytes, words: str):
    with pytest.raises(QuoteError, match=words):
        read(content, name)


def test_encrypted_members_are_refused():
    content = bytearray(GOOD)
    # Bit 0 of the flags of every entry in the central directory: encrypted.
    at = content.find(b"PK\x01\x02")
    while at != -1:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    with pytest.raises(QuoteError, match="encrypted: take the password off"):
        read(bytes(content), "a.xlsx")


def test_a_name_is_shown_and_never_opened():
    with pytest.raises(QuoteError, match=r"^passwd\.csv is empty") as caught:
        read(b"", "../../../etc/passwd.csv")
    assert ".." not in str(caught.value)
    with pytest.raises(QuoteError, match=r"^a\.csv is empty"):
        read(b"", "C:\\quotes\\a.csv")


def test_many_empty_rows_take_little():
    rows = b"<row></row>" * 80_000 + b"</sheetData>"
    found = read(changed(GOOD, in_sheet(b"</sheetData>", rows)), "a.xlsx")
    assert len(found.quotes[0].lines) == 1


def test_sheets_are_chosen_by_name_and_hidden_ones_are_not_the_first():
    book = load_workbook(io.BytesIO(as_xlsx(rows_of(SERVER))))
    notes = book.create_sheet("Notes", 0)
    notes.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue(), "a.xlsx").sheet == "Sheet"
    assert survey(target.getvalue(), "a.xlsx").sheets == ("Notes", "Sheet")
    with pytest.raises(QuoteError, match='no sheet "Offers"; it has "Notes", "Sheet"'):
        read(target.getvalue(), "a.xlsx", sheet="Offers")
    with pytest.raises(QuoteError, match="no row of headings"):
        read(target.getvalue(), "a.xlsx", sheet="Notes")


# --------------------------------------------------------------------------------------------------------- into a study


def test_a_confirmed_quote_is_an_option_with_the_quote_as_its_source():
    before = study()
    found = prepared(one(SERVER, SWITCH, SUPPORT), before)
    assert found.ready and refusals(found.findings) == []
    after = confirm(before, found)
    assert [option.name for option in after.options] == ["Own", "Acme, quote Q-7"]
    assert [option.name for option in before.options] == ["Own"]
    option = after.option("Acme, quote Q-7")
    server = next(row for row in option.capex if row.text("name").startswith("Server"))["amount"]
    assert (server.value, server.source, server.as_of, server.confidence) == (
        *(400_000, "Acme, quote Q-7", "2026-02-01"),
        "quoted",
    )
    assert server.note == "10 x 400,000 USD net (list 450,000), over 10 systems; row 2; holds until 2026-04-30"
    vendor = option.fields["vendor"]
    assert (vendor.value, vendor.source, vendor.confidence) == ("Acme", "Acme, quote Q-7", "quoted")
    assert vendor.note == (
        "performance known from benchmark: MLPerf v5.1; speed and power as in Own; prices hold until 2026-04-30; "
        "support for 5 years"
    )
    assert MODEL.run(after).options["Acme, quote Q-7"].number("pv_cost")


def test_amounts_are_spread_over_what_is_offered():
    spares = {"item": "Spare GPU", "part": "spares", "charged": "per accelerator", "scope": "in"}
    once = {"item": "Cabling", "part": "network", "charged": "once", "scope": "in", "quantity": 2, "net_price": 500}
    found = prepared(one(SERVER, SWITCH, SUPPORT, spares | {"quantity": 4, "net_price": 2_000}, once))
    assert amounts(found, "capex") == {
        "Server, 8 accelerators": ("per_system", 400_000),
        "Switch": ("per_system", 8_000),
        "Spare GPU": ("per_accelerator", 100),
        "Cabling": ("fixed", 1_000),
    }
    assert amounts(found, "opex") == {"Care pack": ("per_system", 12_000)}
    assert found.totals.list_once == 4_500_000 + 80_000 + 8_000 + 1_000
    assert found.totals.net_once == 4_000_000 + 80_000 + 8_000 + 1_000
    assert found.totals.yearly == 120_000


def test_money_is_converted_with_rate_and_date_in_the_note():
    found = prepared(one(SERVER, currency="EUR", fx_rate=1.25, fx_date="2026-01-30"))
    placed = found.placed[0]
    assert placed.amount == 500_000
    assert "x 1.25 USD/EUR of 2026-01-30" in placed.value["note"]
    missing = prepared(one(SERVER, currency="EUR"))
    assert not missing.ready and "give rate and date" in told(missing.findings)
    undated = prepared(one(SERVER, currency="EUR", fx_rate=1.25))
    assert not undated.ready and "Exchange rate date: is missing: say of which day" in told(undated.findings)
    same = prepared(one(SERVER, fx_rate=1.25))
    assert "both are in USD: take it out" in told(same.findings)
    nameless = prepared(one(SERVER), study(currency=" "))
    assert "the study has no currency" in told(nameless.findings)


def test_what_a_bid_leaves_out_is_listed_and_may_be_estimated():
    quote = one(SERVER, SWITCH | {"scope": "out"}, SUPPORT | {"scope": "optional"})
    found = prepared(quote)
    status = {entry.part: entry.status for entry in found.scope}
    assert (status["systems"], status["network"], status["support"]) == ("included", "out", "optional")
    assert status["installation"] == status["software"] == "not mentioned"
    assert {"Old servers", "Network, cabling", "Old support", "Installation and acceptance"} == set(found.dropped)
    assert set(found.taken_over) == {"Racking", "People", "Space"}
    assert [line.row for line in found.left_out] == [3, 4]
    missing = [entry.part for entry in found.scope if entry.missing]
    filled = prepared(quote, estimates=estimates_from(study(), "Own", missing))
    status = {entry.part: entry.status for entry in filled.scope}
    assert status["support"] == status["network"] == status["installation"] == "estimated"
    support = next(each for each in filled.placed if each.part == "support")
    assert support.row is None and support.value["confidence"] == "assumed"
    assert support.value["note"] == "Estimate, not in the quote: as in Own (a rule of thumb)"
    assert (support.value["low"], support.value["high"]) == (0.03, 0.1)
    option = confirm(study(), filled).option("Acme, quote Q-7")
    assert {"Network, cabling", "Installation and acceptance"} <= {row.text("name") for row in option.capex}


def test_an_estimate_is_marked_whatever_it_says():
    estimate = Estimate("software", "Licences", "opex", "per_accelerator", 4_500, "list price of another vendor")
    found = prepared(one(SERVER), estimates=[estimate])
    row = next(row for row in confirm(study(), found).options[1].opex if row.text("name") == "Licences")
    assert row["amount"].confidence == "assumed" and row.text("category") == "software"
    wrong = prepared(one(SERVER), estimates=[Estimate("software", "x", "opex", "per_gpu", 1, "y")])
    assert not wrong.ready and "in the study:" in told(wrong.findings)


def test_expired_quotes_are_flagged_and_may_still_be_studied():
    found = prepared(one(SERVER, valid_until="2026-02-28"))
    assert "Valid until: expired on 2026-02-28: ask for a new date" in told(found.findings)
    assert found.ready
    assert "ask for the validity date" in told(prepared(one(SERVER, valid_until=None)).findings)
    assert "expired" not in told(prepared(one(SERVER)).findings)
    assert "future" in told(prepared(one(SERVER, quote_date="2026-03-02")).findings)


def test_delivery_becomes_months_to_production():
    option = confirm(study(), prepared(one(SERVER))).options[1]
    assert option.fields.number("months_to_production") == pytest.approx(16 * 7 * 12 / 365)
    assert option.fields["months_to_production"].confidence == "quoted"
    months = confirm(study(), prepared(one(SERVER, delivery_weeks=None, delivery_months=4))).options[1]
    assert months.fields.number("months_to_production") == 4
    unsaid = prepared(one(SERVER, delivery_weeks=None))
    assert "the months to go-live are those of Own" in told(unsaid.findings)
    assert confirm(study(), unsaid).options[1].fields.number("months_to_production") == 3


def test_quantity_offered_stands_against_quantity_needed():
    found = prepared(one(SERVER | {"quantity": 4}))
    assert found.need is not None and found.study is not None
    installed = MODEL.run(found.study).options["Acme, quote Q-7"].values["installed"]
    assert (found.need.quoted, found.need.first_year, found.need.most) == (4, installed[0], max(installed))
    assert found.need.short and "the offer covers 4 systems, the study needs" in told(found.findings)
    assert not prepared(one(SERVER | {"quantity": 500})).need.short  # type: ignore[union-attr]


def test_a_fixed_fleet_takes_the_quantity_offered():
    fixed = replace_many(study(), {"sizing": "fixed", "systems": 3, "utilisation": 0.5})
    found = prepared(one(SERVER), fixed)
    option = confirm(fixed, found).options[1]
    assert option.fields.number("systems") == 10 and option.fields["systems"].confidence == "quoted"
    assert found.need is not None and found.need.most > 10


def replace_many(made: Study, changes: Mapping[str, Any]) -> Study:
    from models.studies.change import replace_all

    return replace_all(made, {f"option/Own/{name}": value for name, value in changes.items()})


def test_support_stands_against_the_life_of_the_systems():
    assert "support and warranty" not in told(prepared(one(SERVER, SUPPORT)).findings)
    short = told(prepared(one(SERVER, SUPPORT, support_years=3)).findings)
    assert "cover 3 years, and the systems are kept 5: its price is extrapolated" in short
    none = told(prepared(one(SERVER, support_years=None)).findings)
    assert "are not stated, and the systems are kept 5: ask for the rest" in none
    assert "cover 2 years" in told(prepared(one(SERVER, support_years=None, warranty_years=2)).findings)
    assert "support and" not in told(prepared(one(SERVER, SUPPORT, support_years=None)).findings)


def test_support_paid_once_is_bought_again_when_it_ends():
    pack = SUPPORT | {"charged": "per system", "years_covered": 3, "net_price": 30_000}
    found = prepared(one(SERVER, pack, support_years=None))
    option = confirm(study(), found).options[1]
    asset = option.asset("Prepaid support, 3 years")
    assert asset is not None and asset.number("life") == 3
    result = MODEL.run(confirm(study(), found)).options["Acme, quote Q-7"]
    lasting = confirm(study(), prepared(one(SERVER, pack | {"years_covered": 9})))
    once = MODEL.run(lasting).options["Acme, quote Q-7"]
    again = result.values["other_capex"][3] - once.values["other_capex"][3]
    assert again == pytest.approx(result.values["installed"][0] * 30_000)
    unsaid = one(SERVER, pack | {"years_covered": None})
    assert "say for how many years" in told(unsaid.findings)


def test_advance_payments_are_said_not_to_be_in_the_model():
    assert "30% with the order" in told(prepared(one(SERVER, prepayment_share=0.3)).findings)


def test_egress_and_storage_are_counted():
    egress = {
        "item": "Egress",
        "part": "egress",
        "charged": "per month",
        "scope": "in",
        "quantity": 40,
        "net_price": 90,
    }
    storage = {"item": "Disks", "part": "storage", "charged": "per system", "scope": "in", "quantity": 10}
    found = prepared(one(SERVER, egress, storage | {"net_price": 5_000}))
    assert amounts(found, "opex")["Egress"] == ("per_year", 40 * 90 * 12)
    assert amounts(found, "capex")["Disks"] == ("per_system", 5_000)
    per_tb = one(SERVER, egress | {"charged": "per system"})
    assert 'egress is charged "per year", "per month"' in told(per_tb.findings)


def test_the_source_of_the_performance_is_named():
    found = prepared(one(SERVER))
    assert "speed and power are those of Own" in told(found.findings)
    claim = prepared(one(SERVER, performance_source="vendor claim", claimed_decode_rate=2500))
    option = confirm(study(), claim).options[1]
    rate = option.serving[0]["decode_rate"]
    assert (rate.value, rate.confidence, rate.note) == (2500, "quoted", "vendor's claim: MLPerf v5.1")
    assert option.serving[0]["prefill_rate"].blank
    assert "have it measured" in told(claim.findings)
    both = prepared(one(SERVER, performance_source="vendor claim", claimed_decode_rate=2500, claimed_prefill_rate=9000))
    assert confirm(study(), both).options[1].serving[0].number("prefill_rate") == 9000
    unused = prepared(one(SERVER, claimed_decode_rate=2500))
    assert "is not used: the performance is said to be from a benchmark" in told(unused.findings)
    assert confirm(study(), unused).options[1].serving[0].number("decode_rate") == 1000


LEASE = {"item": "Lease of a server", "part": "lease", "charged": "per system and month", "scope": "in", "quantity": 10}
RENT = {"item": "GPU hour", "part": "rental committed", "charged": "per accelerator-hour", "scope": "in"}
TOKENS = {"item": "Input", "part": "api input", "charged": "per million tokens", "scope": "in", "net_price": 2}


def test_a_lease_becomes_a_lease():
    switch = LEASE | {"item": "Lease of switches", "quantity": 5, "net_price": 200}
    found = prepared(one(LEASE | {"net_price": 7_000}, switch, acquisition="lease", term_years=3, systems_quoted=10))
    option = confirm(study(), found).options[1]
    assert option.acquisition == "lease" and option.lease is not None
    assert option.lease.number("payment_per_system_month") == 7_000 + 5 * 200 / 10
    assert option.fields.number("equipment_life") == 3
    assert "row 3" in str(option.lease["payment_per_system_month"].note)
    assert not any(row.text("asset") == "equipment" for row in option.capex)


def test_a_rental_becomes_a_rental():
    made = replace(study(), "option/Own/facility_power_kw", 100_000)
    demand = RENT | {"item": "On demand", "part": "rental on demand", "charged": "per system-hour", "net_price": 32}
    quote = one(RENT | {"net_price": 2.5}, demand, acquisition="rental", term_years=2, committed_share=0.6)
    found = prepared(quote, made)
    option = confirm(made, found).options[1]
    assert option.rental is not None
    assert {name: option.rental.number(name) for name in ("committed_price", "on_demand_price", "committed_share")} == {
        "committed_price": 2.5,
        "on_demand_price": 4,
        "committed_share": 0.6,
    }
    assert option.rental.number("commitment_years") == 2
    assert option.fields["facility_power_kw"].blank
    unsaid = prepared(one(RENT | {"net_price": 2.5}, acquisition="rental"))
    assert "say which share of the hours is committed to" in told(unsaid.findings)
    only = prepared(one(demand, acquisition="rental"))
    assert only.ready and "rental committed" not in {entry.part for entry in only.scope}
    twice = prepared(
        one(RENT | {"net_price": 2.5}, RENT | {"net_price": 3}, acquisition="rental", committed_share="100 %")
    )
    assert "a second price of the same kind" in told(twice.findings, row=3)


def test_an_api_becomes_an_api():
    output = TOKENS | {"item": "Output", "part": "api output", "net_price": 8}
    least = TOKENS | {"item": "Least", "part": "api minimum", "charged": "per month", "quantity": 1, "net_price": 1_000}
    made = replace(study(), "option/Own/pue", 1.2)
    option = confirm(made, prepared(one(TOKENS, output, least, acquisition="api"), made)).options[1]
    assert option.api is not None
    assert (option.api.number("price_input"), option.api.number("price_output")) == (2, 8)
    assert option.api.number("minimum_commitment") == 12_000
    assert option.fields["pue"].blank and option.fields["sizing"].blank
    half = prepared(one(TOKENS, acquisition="api"))
    assert 'needs a line of the part "api output"' in told(half.findings)


def test_parts_of_another_kind_of_offer_are_refused():
    found = prepared(one(SERVER, RENT | {"net_price": 2.5}))
    assert "does not belong in a purchase: exclude it" in told(found.findings, row=3)
    assert not found.ready
    assert 'needs a line of the part "systems"' in told(prepared(one(SWITCH)).findings)


def test_how_many_systems_are_offered_must_be_known():
    two = prepared(one(SERVER, SERVER | {"item": "Chassis", "quantity": 20}))
    assert "the lines of systems differ (10, 20): give it" in told(two.findings)
    stated = prepared(one(SERVER, SERVER | {"item": "Board", "quantity": 20, "net_price": 1_000}, systems_quoted=10))
    assert amounts(stated, "capex")["Board"] == ("per_system", 2_000)
    assert "check both" in told(stated.findings)
    cards = {"item": "Cards", "part": "systems", "charged": "per accelerator", "scope": "in", "net_price": 30_000}
    assert amounts(prepared(one(cards | {"quantity": 80})), "capex")["Cards"] == ("per_accelerator", 30_000)
    assert "do not fill systems of 8" in told(prepared(one(cards | {"quantity": 81})).findings)
    unknown = prepared(one(RENT | {"net_price": 2}, SUPPORT, acquisition="rental", committed_share="100 %"))
    assert "how many systems the offer covers is not known" in told(unknown.findings, row=3)


def test_shares_and_unit_prices_are_not_multiplied():
    care = {
        "item": "Care",
        "part": "support",
        "charged": "share of hardware and year",
        "scope": "in",
        "net_price": 0.08,
    }
    found = prepared(one(SERVER, care, currency="EUR", fx_rate=2, fx_date="2026-01-30"))
    assert amounts(found, "opex")["Care"] == ("pct_equipment", 0.08)
    assert "write 8% as 0.08" in told(one(SERVER, care | {"net_price": 8}).findings)
    space = {"item": "Rack", "part": "hosting", "charged": "per kW and month", "scope": "in", "net_price": 150}
    hosted = prepared(one(SERVER, space))
    assert amounts(hosted, "opex")["Rack"] == ("per_kw_month", 150)
    assert "Space" in hosted.dropped


def test_nothing_is_applied_while_a_row_is_refused_unless_it_is_left_out_on_purpose():
    quote = one(SERVER, SWITCH | {"net_price": "on request"})
    found = prepared(quote)
    assert not found.ready and found.study is None
    with pytest.raises(QuoteError, match="on request"):
        confirm(study(), found)
    without = prepared(quote, leave_out_refused=True)
    assert without.ready and "left out, as you said" in told(without.findings, row=3)
    assert "Switch" not in amounts(without, "capex")
    assert {entry.part: entry.status for entry in without.scope}["network"] == "refused"
    faulty = prepared(one(SERVER, quote_date=None), leave_out_refused=True)
    assert not faulty.ready


def test_names_are_unique_and_given():
    found = prepared(one(SERVER), name="Acme")
    after = confirm(study(), found)
    assert after.options[1].name == "Acme"
    again = prepare(after, one(SERVER), "Own", today=TODAY, name="Acme")
    assert not again.ready and "has an option 'Acme' already" in told(again.findings)
    with pytest.raises(StudyError, match="name of another option"):
        confirm(after, found)
    with pytest.raises(StudyError, match="no option"):
        prepare(study(), one(SERVER), "Nobody", today=TODAY)


def test_confirming_leaves_the_others_as_they_were():
    before = replace(study(), "option/Own/pue", 1.3)
    after = confirm(before, prepared(one(SERVER), before))
    assert after.options[0] is before.options[0]
    assert after.option("Own").fields["pue"].set_by == "you"
    assert after.fields is before.fields


def test_a_study_that_cannot_take_the_option_says_why():
    tables = {**STUDY, "option": [{"name": "Own", "acquisition": "api", "api": {"price_input": 1, "price_output": 2}}]}
    found = prepared(one(SERVER), from_dict(tables))
    assert (not found.ready and "decode_rate" in told(found.findings)) or "serving" in told(found.findings)
    assert found.need is None


def test_own_items_are_told_apart():
    option = load("templates/customer_service.toml").options[0]
    parts = {row.text("name"): part_of(row) for row in (*option.capex, *option.opex)}
    assert parts["H200 SXM accelerators"] == parts["Server chassis, excluding GPUs"] == "systems"
    assert parts["Network, cabling, insurance"] == "network"
    assert parts["Hardware support"] == "support"
    assert parts["On-call and platform staff"] is None


def test_a_quote_enters_a_template():
    made = load("templates/two_vendors.toml")
    found = prepare(made, one(SERVER, SWITCH, SUPPORT), "Vendor B, expensed", today=TODAY)
    assert found.ready, told(found.findings)
    result = MODEL.run(confirm(made, found))
    assert all(check.holds for check in result.checks)


def test_readings_can_be_kept_between_pages():
    import pickle

    found = read(as_csv(rows_of(SERVER)), "a.csv")
    assert isinstance(pickle.loads(pickle.dumps(found)), Reading)
    with pytest.raises(QuoteError) as caught:
        read(b"", "a.csv")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
