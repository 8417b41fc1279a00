"""The quotes page: files read as meant, faults told by row, nothing applied unasked, claims computed again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from streamlit.testing.v1 import AppTest

from files.limits import QUOTE
from importers.quotes import Finding, template_csv, template_xlsx
from importers.quotes.cells.columns import BY_NAME, COLUMNS
from models.analysis.claims import claims
from models.notation import writer
from models.studies.study import Study, get
from tests.cpu import least_cpu
from tests.importers.quotes.made_up import QUOTES
from tests.soak import long
from tests.views.reading import frames, press, put, run, study_of, table, texts
from views import session
from views.inputs.quotes import file, scoring, words
from views.library import claims as quotes_claims

LIKE, NEW = "Buy, colocation", "Acme, quote Q-7"
LIMIT_S = 0.3
TERMS: dict[str, Any] = {
    "vendor": "Acme",
    "quote_number": "Q-7",
    "quote_date": "2026-02-01",
    "valid_until": "2099-04-30",
    "currency": "USD",
    "acquisition": "purchase",
    "delivery_weeks": 16,
    "support_years": 5,
    "accelerators_per_system": 8,
    "performance_source": "benchmark",
    "performance_reference": "MLPerf v5.1",
}
SERVER = {
    "item": "Server $x$ [a](b)",
    "part": "systems",
    "charged": "per system",
    "scope": "in",
    "quantity": 4,
    "list_price": 450_000,
    "net_price": 400_000,
}
SUPPORT = {
    "item": "Care pack",
    "part": "support",
    "charged": "per system and year",
    "scope": "in",
    "quantity": 4,
    "net_price": 12_000,
}


def as_csv(*lines: Mapping[str, Any], **terms: Any) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([column.label for column in COLUMNS])
    for position, line in enumerate(lines):
        row = dict(line) | (TERMS | terms if position == 0 else {})
        writer.writerow([row.get(column.name, "") for column in COLUMNS])
    return target.getvalue().encode()


def uploaded(content: bytes, name: str = "../../offer.csv", study: str = "customer_service") -> AppTest:
    app = run("inputs", study, view="Quotes")
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception, app.exception
    return app


def options(app: AppTest) -> list[str]:
    return [option.name for option in study_of(app).options]


def lines(app: AppTest) -> dict[str, list[str]]:
    return next(columns for columns in frames(app) if "Interpreted as" in columns)


def facts(app: AppTest, column: str) -> dict[str, list[str]]:
    """The small table that has such a column, row by row."""
    found = next(each for each in frames(app) if column in each)
    return {label: cells for label, *cells in zip(*found.values(), strict=True)}


# -------------------------------------------------------------------------------------------------------------- upload


def test_before_an_upload_it_says_what_to_do_and_what_to_ask_for():
    app = run("inputs", view="Quotes")
    assert "Send vendors the template" in texts(app)
    assert [each.proto.label for each in app.get("download_button")] == [
        "Blank template (Excel)",
        "Blank template (CSV)",
    ]
    assert "Systems; Network and cabling" in facts(app, "Ask for")["Buy"][0].replace("\\", "")
    assert least_cpu(app.run, attempts=3) < LIMIT_S


def test_the_blank_template_is_told_to_have_no_lines():
    for content, name in ((template_csv().encode(), "t.csv"), (template_xlsx(), "t.xlsx")):
        assert "no line below them" in texts(uploaded(content, name))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7", "copy its table into the template"),
        (b"\xd0\xcf\x11\xe0 old", "save it as .xlsx"),
        (b"x" * (QUOTE.bytes + 1), "is larger than 5 MB"),
        (b"nothing of use", "No header row found"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, told: str):
    app = uploaded(content)
    assert told in texts(app) and "../" not in texts(app)
    assert NEW not in options(app)


def test_what_was_understood_stands_beside_what_the_file_says():
    app = uploaded(as_csv(SERVER, SUPPORT | {"scope": "optional"}))
    shown = lines(app)
    assert shown["Row"] == ["2", "3"] and shown["Item"][0] == SERVER["item"]
    assert shown["In the file"][0] == "quantity 4, list 450000, net 400000"
    assert shown["Interpreted as"][0] == "4 × USD 400,000, systems, once for each system"
    assert shown["Counted"] == ["yes", "no: optional"]
    assert shown["In the study"] == ["USD 400,000 per system", ""]
    assert NEW not in options(app)


def test_terms_stand_against_the_study():
    found = facts(uploaded(as_csv(SERVER, SUPPORT)), "Required")
    assert found["Delivery"] == ["16 weeks", "3.7 months to go-live"]
    assert found["Systems"][0] == "4, of 8 accelerators each" and "needed in year 1" in found["Systems"][1]
    assert found["Support and warranty"][1] == "systems are kept five years"
    assert found["Speed known from"] == ["benchmark", f"as in {LIKE}"]


def test_list_price_net_price_and_exchange_rate_lead_to_the_study():
    app = uploaded(as_csv(SERVER, SUPPORT, currency="EUR", fx_rate=1.1, fx_date="2026-01-31"))
    totals = next(each for each in frames(app) if "As quoted, EUR" in each)
    assert totals["As quoted, EUR"] == ["1,800,000", f"{writer.MINUS}200,000", "1,600,000", "48,000"]
    assert totals["In the study, USD"] == ["1,980,000", f"{writer.MINUS}220,000", "1,760,000", "52,800"]
    assert "1 EUR = 1.1 USD, rate of 31 Jan 2026" in texts(app)


def test_another_encoding_is_told_and_nothing_else_is_wrong():
    app = uploaded(as_csv(SERVER, vendor="Müller").decode().encode("cp1252"))
    assert "The file is not UTF-8 and was read as Windows-1252" in texts(app)
    assert "Some rows belong to no quote" not in texts(app)


def test_an_expired_offer_is_flagged():
    app = uploaded(as_csv(SERVER, valid_until="2026-02-02"))
    assert "expired on 2 Feb 2026" in texts(app)
    assert app.button("confirm quote").disabled is False


# ------------------------------------------------------------------------------------------------------------ findings


def test_faults_are_told_by_row_and_bar_the_way():
    app = uploaded(as_csv(SERVER, SUPPORT | {"net_price": "on request"}))
    assert '**row 3, Net price**: is "on request", no price: ask for it' in texts(app)
    assert lines(app)["Counted"] == ["yes", "no: refused"]
    assert app.button("confirm quote").disabled
    next(box for box in app.checkbox if "rejected row" in box.label).check().run()
    assert "left out, as you said" in texts(app)
    assert not app.button("confirm quote").disabled


def test_rows_of_no_quote_are_told():
    other = as_csv(SERVER, vendor="Bull", quote_number="B1").split(b"\r\n", 1)[1]
    stray = as_csv({}, SUPPORT).split(b"\r\n")[2]
    app = uploaded(as_csv(SERVER) + other + stray)
    assert "row 4: belongs to no quote" in texts(app)
    put(app, "Quote in the file (2)", "2. Bull, quote B1")
    assert [each.value for each in app.header] == ["Bull, quote B1"]


def test_a_missing_exchange_rate_is_asked_for_and_can_be_typed():
    app = uploaded(as_csv(SERVER, currency="EUR"))
    assert "give rate and date" in texts(app) and app.button("confirm quote").disabled
    put(app, "Exchange rate", "1.1")
    app.session_state[held(app).entry("more")] = True
    app.run()
    put(app, "Exchange rate date", "2026-01-31")
    assert lines(app)["In the study"] == ["USD 440,000 per system"]
    assert not app.button("confirm quote").disabled


def held(app: AppTest) -> file.Upload:
    return app.session_state[session.WORK].kept[file.HELD]


# ---------------------------------------------------------------------------------------------------------- free forms

FREE = "Offer;;;;\n;;;;\nDescription;Qty;List;Unit price;Type\nServer;4;500.000,00;420.000,00;systems\n"


def free(app: AppTest) -> None:
    for label, text in (("Vendor", "Gamma"), ("Quote number", "G1"), ("Quote date", "2026-02-01"), ("Currency", "USD")):
        put(app, f"{label} (needed)", text)
    for label, text in (
        ("Acquisition", "purchase"),
        ("Performance from", "catalogue"),
        ("Charged", "per system"),
        ("Scope", "in"),
    ):
        put(app, f"{label} (needed)", text)


def test_a_table_of_another_form_is_mapped_and_the_rest_is_said():
    app = uploaded(FREE.encode())
    chosen = {box.label: box.value for box in app.selectbox}
    assert (chosen["Header row"], chosen["Item"], chosen["Net price"]) == ("3", "A", "D")
    assert "**Vendor**: is not stated" in texts(app)
    free(app)
    assert lines(app)["Interpreted as"] == ["4 × USD 420,000, systems, once for each system"]
    press(app, "confirm quote")
    assert "Gamma, quote G1" in options(app)


def test_pairs_of_a_label_and_a_value_are_read_without_a_table():
    app = uploaded(QUOTES["a lease in pairs"].text.replace("Insurance", "Insurance, once").encode())
    shown = {box.label: box.value for box in app.selectbox}
    assert shown["Header row"] == "" and "Item" not in shown, "there is no table to map"
    assert "Systems quoted: 4 (row 4)" in texts(app)
    put(app, "Performance from (needed)", "catalogue")
    press(app, "confirm quote")
    option = study_of(app).options[-1]
    assert option.lease is not None and option.lease.number("payment_per_system_month") == 36_900 / 4


def test_an_unclear_number_asks_for_the_decimal_mark():
    app = uploaded(FREE.replace("500.000,00;420.000,00", ";420.000").encode())
    free(app)
    assert "say which decimal separator" in texts(app)
    put(app, "Decimal mark in numbers written as text", "comma")
    assert lines(app)["Interpreted as"] == ["4 × USD 420,000, systems, once for each system"]


def test_another_column_can_be_chosen():
    app = uploaded(FREE.encode())
    free(app)
    put(app, "Net price", "C")
    assert lines(app)["Interpreted as"][0].startswith("4 × USD 500,000")


def own_table() -> bytes:
    lines = [
        "Offer of Gamma, 2026-02-01;;;;",
        "Description;Qty;Unit price;Total",
        "GPU server;4;400000;1600000",
        "Switch 400G;2;20000;40000",
        "Support, 5 years;4;30000;120000",
        "Software;4;TBD;",
        "Subtotal;;;1760000",
        "Prices are net of VAT.;;;",
    ]
    return "\n".join(lines).encode()


def said_of_the_offer(app: AppTest) -> None:
    for label, text in (("Vendor", "Gamma"), ("Quote number", "G1"), ("Quote date", "2026-02-01"), ("Currency", "USD")):
        put(app, f"{label} (needed)", text)
    put(app, "Performance from (needed)", "catalogue")


@long
def test_lines_of_different_parts_are_said_row_by_row():
    app = uploaded(own_table())
    assert "Above its table it says: Offer of Gamma, 2026-02-01" in texts(app)
    said_of_the_offer(app)
    assert "The file says: Acquisition: purchase" in texts(app)
    grid = next(frame.value for frame in app.dataframe if "part" in frame.value).to_dict("list")
    assert grid["part"] == ["systems", "network", "support", "software?", "", ""]
    assert 'is a guess, "software"' in texts(app) and "since its words name network" in lines(app)["Interpreted as"][1]
    confirm_guesses(app)
    assert grid["years_covered"][2] == "5"
    assert lines(app)["Counted"] == ["yes", "yes", "yes", "no: refused", "no: a total", "no: a heading or note"]
    assert lines(app)["In the study"][:3] == [
        "USD 400,000 per system",
        "USD 10,000 per system",
        "USD 30,000 per system",
    ]
    assert "said on import, not in the file: currency; read from its words: part" in lines(app)["Calculation"][0]
    assert "the file states" not in texts(app)
    assert app.button("confirm quote").disabled
    next(box for box in app.checkbox if "rejected row" in box.label).check().run()
    press(app, "confirm quote")
    value = get(study_of(app), "option/Gamma, quote G1/capex/Switch 400G/amount")
    assert (value.value, value.source, value.as_of) == (10_000, "Gamma, quote G1", "2026-02-01")
    press(app, "undo")
    assert "Gamma, quote G1" not in options(app)


def test_a_grid_cell_stands_in_for_the_file_until_it_is_emptied():
    app = uploaded(own_table())
    said_of_the_offer(app)
    confirm_guesses(app)
    rows = grid_rows(app)
    edited(app, rows, {3: {"scope": "out"}, 0: {"net_price": "390000"}})
    assert lines(app)["Counted"][3] == "no: left out"
    assert "**row 3, Line total**: is 1,600,000, and 4 x 390,000 is 1,560,000" in texts(app)
    edited(app, rows, {0: {"net_price": ""}})
    assert lines(app)["Interpreted as"][0].startswith("4 × USD 400,000")
    assert not app.button("confirm quote").disabled
    press(app, "forget rows")
    assert 'is a guess, "software"' in texts(app)


def confirm_guesses(app: AppTest) -> None:
    """Say of every guess that it is so."""
    while any(button.key == "confirm guess 0" for button in app.button):
        press(app, "confirm guess 0")


def grid_rows(app: AppTest) -> list[int]:
    frame = next(frame.value for frame in app.dataframe if "part" in frame.value)
    return [int(row) for row in frame["Row"]]


def edited(app: AppTest, rows: Sequence[int], edits: Mapping[int, Mapping[str, str]]) -> None:
    """What the grid remembers when cells are typed into it."""
    kept = app.session_state[session.WORK].kept
    name = next(key for key in kept if key.startswith(f"quote {held(app).digest} rows"))
    found = {row: dict(cells) for row, cells in kept[name].items()}
    for index, cells in edits.items():
        own = {**found.get(rows[index], {}), **cells}
        found[rows[index]] = {column: text for column, text in own.items() if text}
    kept[name] = found
    app.run()
    assert not app.exception, app.exception


def test_a_constant_holds_for_every_line():
    app = uploaded(b"Description;List price;Type\nServer;1000;systems\nCables;200;network\n")
    said_of_the_offer(app)
    open_more(app)
    put(app, "Discount", "10 %")
    put(app, "Charged (needed)", "per system")
    put(app, "Scope (needed)", "in")
    put(app, "Quantity", "1")
    assert [each.split(",")[0] for each in lines(app)["Interpreted as"]] == ["1 × USD 900", "1 × USD 180"]
    put(app, "Quantity", "none")
    assert '**rows 2 and 3, Quantity**: is "none", no number' in texts(app)


def open_more(app: AppTest) -> None:
    app.session_state[held(app).entry("more")] = True
    app.run()


def test_validity_delivery_and_rate_can_be_said_where_the_file_is_silent():
    app = uploaded(as_csv(SERVER, currency="EUR", valid_until="", delivery_weeks=""))
    put(app, "Exchange rate", "1.085")
    assert 'is "1.085", which may be 1085 or 1.085: type it without a mark' in texts(app)
    put(app, "Exchange rate", "1.0850")
    put(app, "Exchange rate date", "2026-11-01")
    put(app, "Valid until", "2026-02-02")
    put(app, "Delivery, weeks", "8")
    assert "expired on 2 Feb 2026" in texts(app)
    assert facts(app, "Required")["Delivery"][0] == "8 weeks"
    assert lines(app)["In the study"] == ["USD 434,000 per system"]
    press(app, "confirm quote")
    note = get(study_of(app), f"option/{NEW}/capex/{SERVER['item']}/amount").note
    assert "x 1.085 USD/EUR of 2026-11-01" in (note or "")


def test_sheets_that_are_not_read_are_named():
    book = load_workbook(io.BytesIO(template_xlsx()))
    assert not uploaded(filled(book), "offer.xlsx").info
    book.create_sheet("Services")
    said = uploaded(filled(book), "offer.xlsx").info[0].value.replace("\\", "")
    assert said.startswith("Lines are read from the sheet Quotes, not from Services.")


def filled(book: Workbook) -> bytes:
    row = TERMS | SERVER
    for column, label in enumerate((c for c in COLUMNS if c.template), start=1):
        book["Quotes"].cell(row=2, column=column, value=row.get(label.name))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_findings_of_several_rows_are_told_once():
    found = [Finding(row, "Part", "refused", "is missing") for row in (3, 4, 5, 8)] + [
        Finding(None, "", "warning", "x")
    ]
    assert words.by_message(found) == [("rows 3 to 5, 8, Part", "is missing"), ("the offer", "x")]


# ------------------------------------------------------------------------------------------------------------ estimates


def test_gaps_are_listed_and_filled_with_estimates_marked_assumed():
    app = uploaded(as_csv(SERVER, SUPPORT))
    assert facts(app, "Stands")["Software licences"][0] == "not mentioned"
    press(app, "fill all gaps")
    assert facts(app, "Stands")["Software licences"][0] == "estimated, marked assumed"
    assert "yes, assumed" in lines(app)["Counted"]
    put(app, "Storage", "once")
    assert "type an amount for Storage" in texts(app) and app.button("confirm quote").disabled
    put(app, "Amount, USD once: Storage", "50k")
    put(app, "Basis of the estimate: Storage", "Last year's invoice")
    press(app, "confirm quote")
    found = get(study_of(app), f"option/{NEW}/capex/Storage, estimated/amount")
    assert (found.value, found.confidence) == (50_000, "assumed")
    assert "Last year's invoice" in (found.note or "")


def test_a_quote_may_start_from_another_option():
    app = uploaded(as_csv(SERVER))
    put(app, "Based on option", "Lease, colocation")
    put(app, "Name of the new option", "Acme, leased")
    press(app, "confirm quote")
    assert "Acme, leased" in options(app)


# ------------------------------------------------------------------------------------------------------------- confirm


def test_confirming_adds_the_option_shows_its_cost_and_can_be_undone():
    app = uploaded(as_csv(SERVER, SUPPORT))
    before = options(app)
    press(app, "confirm quote")
    assert options(app) == [*before, NEW]
    result = app.session_state[session.WORK].step.result
    assert table(app, "Cost per 1,000 responses")[NEW] != "n/a"
    assert "per 1,000 responses**" in texts(app)
    assert "Present value of its cost: " in texts(app)
    assert "It is in the study as" in app.success[0].value
    assert table(app, "Present value of cost")[NEW] not in ("", "n/a")
    assert app.get("page_link")[0].proto.query_string == "view=All+options"
    assert NEW in result.options and app.session_state[session.WORK].option == NEW
    app.session_state["negotiation"] = True
    app.run()
    asked = facts(app, "To cost as much as the rival")
    assert len(asked) == 3 and asked["All quoted prices by one share"][0] == ""
    assert app.get("download_button")
    press(app, "undo")
    assert options(app) == before
    assert app.button("confirm quote")


def test_models_of_a_price_list_become_options_one_by_one_or_together() -> None:
    head = ["Vendor,Halvorne Models AG", "Price list no,PL-7", "Date,2026-11-02"]
    rows = ["Model,Input (USD per 1M tokens),Output (USD per 1M tokens)", "Small,0.2,0.8", "Middle,0.5,2", "Large,2,8"]
    app = uploaded("\n".join([*head, *rows]).encode(), "list.csv")
    before, name = options(app), "Halvorne Models AG, quote PL-7, {}".format
    put(app, "Performance from (needed)", "benchmark")
    press(app, "confirm quote")
    assert options(app) == [*before, name("Small")]
    assert [each.value.replace("\\", "") for each in app.success] == [f"It is in the study as {name('Small')}."]
    put(app, "Quote in the file (3)", f"2. {name('Middle')}")
    others = next(each for each in app.multiselect if each.label == "Add with it")
    assert others.options == [name("Large")], "what is in the study already is not offered again"
    others.select(name("Large")).run()
    assert app.button("confirm quote").label == "Add all 2 to the study"
    press(app, "confirm quote")
    assert options(app) == [*before, *map(name, ("Small", "Middle", "Large"))]
    study = study_of(app)
    paths = (f"option/{name(each)}/api/price_output" for each in ("Middle", "Large"))
    assert [get(study, path).value for path in paths] == [2.0, 8.0]


def scoring_page() -> None:
    import streamlit as st

    from models.run.model import MODEL
    from views import session
    from views.inputs.quotes import scoring

    if edits := st.session_state.pop("edits", None):
        scoring.take(session.study(), edits)
    scoring.draw(MODEL.run(session.study()))
    st.session_state["shown study"] = session.study()


def test_scores_are_kept_in_the_study_and_the_better_offer_is_first():
    app = AppTest.from_function(scoring_page, default_timeout=60)
    app.session_state["bid scoring"] = True
    best, other = LIKE, "Rented fleet"
    row = {"Criterion": "Delivery", "Weight": "60", f"{best}: score": "4", f"{other}: score": "3"}
    row[f"{best}: evidence"] = "Letter of 3 May"
    second = {"Criterion": "Service", "Weight": "40", "Least score": "2", f"{best}: score": "3", f"{other}: score": "1"}

    def typed(edits: dict[str, Any]) -> Study:
        app.session_state["edits"] = edits
        app.run()
        assert not app.exception, app.exception
        return app.session_state["shown study"]

    study = typed({"deleted_rows": list(range(len(scoring.USUAL))), "added_rows": [row, second]})
    assert [each.text("name") for each in study.criteria] == ["Delivery", "Service"]
    assert study.option(best).scores[0]["score"].source == "Letter of 3 May"
    found = facts(app, "Score, of 5")
    said = {name.replace("\\", ""): [cell.replace("\\", "") for cell in cells] for name, cells in found.items()}
    assert said[best][0] == "3.60" and said[other][0] == "out: Service"
    assert f"Highest: {best}. It stays so" in texts(app)
    for cells, fault in (
        ({"Weight": "many"}, "Delivery, Weight"),
        ({"Weight": ""}, "Delivery, Weight: is missing; give it"),
        ({"Weight": "60", "Criterion": ""}, "row 1, Criterion: is missing"),
        ({"Criterion": "Delivery", f"{best}: score": "6"}, "at most 5"),
        ({f"{best}: score": ""}, "has evidence and no score"),
        ({f"{best}: score": "4", "Criterion": "Service"}, "another criterion"),
    ):
        assert typed({"edited_rows": {"0": cells}}) == study, "what is faulty waits as it is typed"
        assert any(fault in each.value.replace("\\", "") for each in app.error), (fault, [e.value for e in app.error])
    changed = typed({"edited_rows": {"0": {"Criterion": "Delivery date"}}})
    assert not app.error
    assert changed.option(best).scores[0]["score"].source == "Letter of 3 May"
    assert typed({"edited_rows": {"0": {"Weight": "0"}, "1": {"Weight": "0"}}}).criteria and app.error


@pytest.mark.parametrize(
    ("kind", "parts", "said", "like"),
    [
        ("api", {"api input": 0.5, "api output": 2.0}, "USD 2 per million tokens", "API, same model"),
        ("rental", {"rental on demand": 3.5}, "USD 3.5 per accelerator-hour", "Rented fleet"),
    ],
)
def test_offers_by_the_token_and_by_the_hour_are_added(kind: str, parts: dict[str, float], said: str, like: str):
    charged = "per million tokens" if kind == "api" else "per accelerator-hour"
    rows = [
        {"item": part, "part": part, "charged": charged, "scope": "in", "net_price": price}
        for part, price in parts.items()
    ]
    app = uploaded(as_csv(*rows, acquisition=kind))
    assert next(box.value for box in app.selectbox if box.label.startswith("Based on option")) == like
    assert said in lines(app)["In the study"][-1]
    assert "not in the totals" in texts(app)
    press(app, "confirm quote")
    assert NEW in options(app)


RATES = """Provider,Nimbus Inc.,,,
Price list,NL-4,,,
Date,2026-11-03,,,
Instance,GPU,On-demand (USD/GPU-hour),1 year (USD/GPU-hour),3 years (USD/GPU-hour)
h200.8,8x H200,3.50,2.60,2.10
b200.8,8x B200,5.40,4.00,3.20
"""


def test_a_rate_card_is_an_offer_a_machine_of_which_the_commitment_is_chosen():
    app = uploaded(RATES.encode())
    put(app, "Quote in the file (2)", "2. Nimbus Inc., quote NL-4, b200.8")
    put(app, "Performance from (needed)", "catalogue")
    assert "several are offered (1 year; 3 years)" in texts(app)
    put(app, "Chosen commitment", "3 years")
    put(app, "Committed share", "0.8")
    assert [line.split(",")[0] for line in lines(app)["Counted"]] == ["yes", "no: optional", "yes"]
    press(app, "confirm quote")
    rental = study_of(app).option("Nimbus Inc., quote NL-4, b200.8").rental
    assert rental is not None
    names = ("on_demand_price", "committed_price", "commitment_years", "committed_share")
    assert [rental.number(name) for name in names] == [5.4, 3.2, 3, 0.8]


def test_a_name_that_is_taken_is_refused():
    app = uploaded(as_csv(SERVER))
    put(app, "Name of the new option", LIKE)
    assert "give this one another name" in texts(app) and app.button("confirm quote").disabled


def test_another_file_takes_the_place_of_the_first():
    app = uploaded(as_csv(SERVER))
    press(app, "another file")
    assert "Send vendors the template" in texts(app)


def test_text_of_a_file_is_no_markup():
    app = uploaded(as_csv(SERVER, vendor="**B** $x$ [a](b)", quote_number=":red[1]"))
    said = [each.value for each in (*app.markdown, *app.caption, *app.header, *app.success)]
    assert not any("$x$" in each or "[a](b)" in each for each in said)


# -------------------------------------------------------------------------------------------------------------- claims


def claimed(which: str) -> AppTest:
    app = run("library", view="Published claims")
    if which != claims.names()[0]:
        put(app, "Published claim", which)
    return app


@pytest.mark.parametrize("which", claims.names())
def test_a_claim_is_reproduced_and_its_steps_are_shown(which: str):
    app = claimed(which)
    claim, steps = claims.load(which), claims.table(claims.load(which))
    assert claim.claim in texts(app)
    printed, taken = frames(app)
    assert "no" not in printed["Reproduced, within rounding"]
    assert [text.split(". ", 1)[1] for text in taken["Step"]] == [row.step.title for row in steps]
    after = next(column for column in taken if column.startswith("After"))
    assert taken[after] == [quotes_claims.written(claim.figures[0], row.after[0]) for row in steps]
    assert all(taken["Source"]) and all(taken["Confidence"])


@pytest.mark.parametrize("which", claims.names())
def test_a_claim_is_loaded_as_a_study(which: str):
    app = claimed(which)
    press(app, "load claim")
    assert study_of(app) == claims.table(claims.load(which))[-1].study
    assert "The study is now: Published claim" in texts(app)
    press(app, "undo claim")
    assert LIKE in [option.name for option in study_of(app).options]


def test_every_column_has_its_own_name():
    assert len({column.label for column in COLUMNS}) == len(BY_NAME)
