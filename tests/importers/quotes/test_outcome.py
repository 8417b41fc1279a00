"""The reading of quotes as programs see it: what is taken is right, and what is not settled is asked."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import cli
import importers.quotes
from importers.quotes.option.prepare import prepare
from importers.quotes.outcome import answers, outcome
from importers.quotes.reading.words import hourly_of
from models.studies.file.load import load
from tests.importers.quotes.made_up import ASIDE, ASKED, QUOTES, MadeUp

ROOT = Path(__file__).parents[3]
TODAY = datetime.date(2026, 11, 29)
STUDY = load(ROOT / "templates" / "customer_service.toml")
SAID = {"performance_source": "catalogue"}


def read(text: str, **said: Any) -> dict[str, Any]:
    return outcome(STUDY, text.encode(), "quote.csv", answers(SAID | said), TODAY)


def asked(found: dict[str, Any]) -> str:
    return "\n".join(each["text"] for each in found["findings"] if each["severity"] == "refused")


@pytest.mark.parametrize("quote", QUOTES.values(), ids=list(QUOTES))
def test_a_line_is_read_right_or_asked_and_never_taken_wrong(quote: MadeUp):
    found = read(quote.text)
    assert not found["refused"] and quote.head.items() <= found["header"].items()
    for row, truth in quote.rows.items():
        lines = [line for line in found["lines"] if line["row"] == row]
        taken = [line for line in lines if line["state"] == "accepted" and line["scope"] == "in"]
        if truth == ASKED:
            assert lines and not taken, lines
        elif truth == ASIDE:
            assert all(line["state"] == "aside" for line in lines), lines
        else:
            part, charged, amount, scope = truth
            wanted = (part, charged, amount, {"optional": "option"}.get(scope, scope), "accepted")
            states = [(line["detail"], line["charged"], line["amount"], line["scope"], line["state"]) for line in lines]
            assert wanted in states, lines


@pytest.mark.parametrize(
    ("said", "charged"),
    [
        ("All prices per node-hour (8 GPUs) unless noted", "per system-hour"),
        ("price per hour per node of 8 GPUs", "per system-hour"),
        ("Preis je Knoten und Stunde (8 GPUs)", "per system-hour"),
        ("instance hour (8x GPU)", "per system-hour"),
        ("per GPU and hour, in servers of 8", "per accelerator-hour"),
        ("$/hr per GPU (8-GPU instance)", "per accelerator-hour"),
        ("EUR/GPU/h", "per accelerator-hour"),
        ("GPUh", "per accelerator-hour"),
        ("Hourly price of a node", "per system-hour"),
        ("per hour, server with 8 GPUs", ""),
        ("price of a GPU", ""),
    ],
)
def test_an_hour_is_of_what_stands_beside_it(said: str, charged: str):
    assert hourly_of(said) == charged


def test_a_row_that_departs_from_what_the_hours_are_of_is_asked():
    found = read(
        "All prices per node-hour (8 GPUs) unless noted,,\n"
        "Instance,On-demand,1-year reserved\nh100-8x (8x H100 SXM),10.92,8.40\nl40s-1x (per GPU),1.89,1.30\n"
    )
    lines = {(line["row"], line["state"], line["charged"], line["amount"]) for line in found["lines"]}
    assert (3, "accepted", "per system-hour", 10.92) in lines
    assert "accepted" not in {state for row, state, *_ in lines if row == 4}


def test_a_column_may_say_what_is_not_in_the_offer():
    found = read(
        "Section,Item,Qty,Unit price,Total\nCompute,HGX H100 8-GPU server,4,280000,1120000\n"
        "Services,On-site install,1,22000,22000\nNot included,Air handling upgrade,1,80000,80000\n"
        "Alternative 1,HGX B200 8-GPU server,4,430000,1720000\nnicht enthalten,Montage,1,3000,3000\n,Total,,,1142000\n"
    )
    scopes = {line["row"]: line["scope"] for line in found["lines"] if line["state"] != "aside"}
    assert scopes == {2: "in", 3: "in", 4: "excluded", 5: "option", 6: "excluded"}
    assert "the file states" not in asked(found), "what is in comes to the total"


def test_a_published_price_list_has_its_units_in_its_cells():
    found = read(
        "Model,Base Input Tokens,5m Cache Writes,1h Cache Writes,Cache Hits & Refreshes,Output Tokens\n"
        "Big 4,$5 / MTok,$6.25 / MTok,$10 / MTok,$0.50 / MTok,$25 per million tokens\n"
    )
    amounts = {line["item"].removeprefix("Big 4, "): line["amount"] for line in found["lines"]}
    assert amounts == {"input tokens": 5, "cached input tokens": 0.5, "cache write tokens": 6.25, "output tokens": 25}
    assert any("1h Cache Writes" in each["text"] for each in found["findings"]), "what is not read is told"
    found = read("Model,Input,Output\nBig 4,0.005 / M,0.025 / M\n")
    assert {line["state"] for line in found["lines"]} == {"refused"}
    found = read("Model,Input,Output\nBig 4,$0.005 / 1K tokens,$25 / MTok\n")
    assert [line["amount"] for line in found["lines"]] == [5, 25], "each by what stands beside it"
    said = [each["text"] for each in found["findings"] if "a thousand" in each["text"]]
    assert said == [
        'row 2, Net price: is 0.005 for a thousand tokens, as "per 1K tokens" says: read as 5 for a million'
    ]


def test_a_french_lease_in_pairs_of_a_workbook_is_read():
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [
        ["Proposition de location financière"],
        ["Bailleur", "Crédit Parc SAS"],
        ["Matériel", "2 serveurs HGX H200 avec 8 GPU H200"],
        ["Valeur d'achat du matériel", 560_000, "EUR"],
        ["Durée", "36 mois"],
        ["Loyer mensuel HT", 17_450, "EUR"],
        ["Frais de dossier", 600, "EUR"],
        ["Option d'achat en fin de contrat", "1 %"],
    ]:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    found = outcome(STUDY, target.getvalue(), "offre.xlsx", answers(SAID), TODAY)
    taken = {line["row"]: (line["detail"], line["amount"]) for line in found["lines"] if line["state"] == "accepted"}
    assert taken == {6: ("lease", 17_450), 7: ("other", 600)}
    said = {"acquisition": "lease", "term_months": 36, "currency": "EUR", "systems": 2}
    assert said.items() <= found["header"].items()


def test_a_rate_of_all_machines_is_spread_over_them():
    text = QUOTES["a lease in pairs"].text
    [quote] = importers.quotes.read(text.encode(), "a.csv", given=SAID, rows={9: {"scope": "out"}}).quotes
    made = prepare(STUDY, quote, STUDY.options[0].name, today=TODAY)
    amounts = {(each.row, each.basis): each.amount for each in made.placed}
    assert amounts[7, "payment_per_system_month"] == 36_900 / 4 and made.need is not None and made.need.quoted == 4
    assert amounts[8, "per_system"] == 2_100 * 12 / 4


def test_pairs_without_an_amount_are_no_offer():
    [line] = read("Offer;7\nVendor;Zeta\nTerm;36 months\nFee;1,000.00 USD\n")["lines"]
    assert line["row"] == 4, "what is a number of the offer is no line"
    found = read("Company;Zeta Systems Ltd\nPhone;020 7946 0000\nQuotation no.;Z-1\nDate;2026-11-02\n")
    assert "no pairs of a label and an amount of money" in found["refused"][0]


def test_a_price_on_request_puts_no_line_out_of_the_offer():
    for words in ("on request", "auf Anfrage", "sur demande"):
        found = read(f"Item,Qty,Unit price,Total\nHGX H100 8-GPU server,4,280000,1120000\nData migration,1,{words},\n")
        [line] = [line for line in found["lines"] if line["row"] == 3]
        assert line["scope"] == "in" and line["state"] == "refused"


def test_lines_on_several_sheets_and_a_total_on_the_cover_are_one_offer():
    book = Workbook()
    cover, hardware, services = book.active, book.create_sheet("Hardware"), book.create_sheet("Services")
    assert isinstance(cover, Worksheet)
    for row in [
        ["Vendor", "Multi Sheet GmbH"],
        ["Quote no.", "MS-7"],
        ["Date", datetime.date(2026, 11, 3)],
        ["Currency", "USD"],
        ["Total price excl. VAT", 1_290_000],
    ]:
        cover.append(row)
    hardware.append(["Pos", "Description", "Qty", "Unit price", "Total"])
    hardware.append([1, "GPU server 8x H200", 4, 260_000, 1_040_000])
    hardware.append([2, "Leaf switch 400G", 2, 25_000, 50_000])
    services.append(["Service", "Quantity", "Price each", "Amount"])
    services.append(["Support 5 years prepaid, per server", 4, 40_000, 160_000])
    services.append(["Works", 1, 40_000, 40_000])
    target = io.BytesIO()
    book.save(target)

    def outcome_of(**said: Any) -> dict[str, Any]:
        return outcome(STUDY, target.getvalue(), "quote.xlsx", answers(SAID | said), TODAY)

    found = outcome_of()
    assert found["header"]["vendor"] == "Multi Sheet GmbH" and found["unread"] == ["Sheet"]
    assert [(line["sheet"], line["row"], line["state"]) for line in found["lines"]] == [
        *(("Hardware", 2, "accepted"), ("Hardware", 3, "accepted")),
        *(("Services", 2, "accepted"), ("Services", 3, "refused")),
    ]
    assert "row 3 of Services, Part: is missing" in asked(found) and "1,290,000 (Total price excl. VAT" in asked(found)
    assert outcome_of(rows={"3 of Services": {"part": "installation", "charged": "once"}})["ready"]


def test_a_name_merged_over_the_prices_of_a_machine_is_that_of_each():
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [
        ["Instance", "GPU", "Commitment", "Price per GPU-hour (USD)"],
        ["h200.8", "8x H200", "On-demand", 3.5],
        [None, "8x H200", "1 year", 2.6],
        ["b200.8", "8x B200", "On-demand", 5.4],
        [None, "8x B200", "1 year", 4.1],
    ]:
        sheet.append(row)
    for merged in ("A2:A3", "A4:A5"):
        sheet.merge_cells(merged)
    target = io.BytesIO()
    book.save(target)
    found = outcome(STUDY, target.getvalue(), "rates.xlsx", answers(SAID), TODAY)
    assert found["products"] == ["h200.8", "b200.8"]
    assert [(line["item"], line["unit"], line["state"]) for line in found["lines"]] == [
        *(("h200.8, On-demand", 3.5, "accepted"), ("h200.8, 1 year", 2.6, "accepted")),
        *(("b200.8, On-demand", 5.4, "accepted"), ("b200.8, 1 year", 4.1, "accepted")),
    ]


BOUGHT = """Quote no;Q-77;;
Vendor;Examplar Systems Ltd;;
Date;14 Nov 2026;Currency;USD
Valid until;31 Dec 2026;Delivery;8-10 weeks
;;;
Description;Qty;Unit price;Total
GPU server 8x H200, NVMe storage;4;265000;1060000
Switch 64 ports for GPU servers;2;40000;80000
Support 3 years, per server;4;30000;120000
Discount;1;-10000;-10000
Total;;;1250000
Sales tax 8 %;;;100000
"""


def test_what_a_file_says_of_the_offer_is_read_from_its_labels():
    found = read(BOUGHT)
    assert found["header"] == {
        "vendor": "Examplar Systems Ltd",
        "number": "Q-77",
        "date": "2026-11-14",
        "valid_until": "2026-12-31",
        "currency": "USD",
        "acquisition": "purchase",
        "delivery_weeks": 10.0,
    }


def test_sure_lines_are_taken_and_a_sales_tax_is_asked():
    found = read(BOUGHT)
    lines = {line["row"]: (line["part"], line["basis"], line["state"]) for line in found["lines"]}
    assert lines[7] == ("system", "per system", "accepted") and lines[8] == ("network", "per system", "accepted")
    assert lines[9] == ("support", "per system", "accepted") and lines[11][2] == "aside"
    assert lines[12][2] == "refused" and 'row 12, Part: is a guess, "tax"' in asked(found) and not found["ready"]
    exempt = read(BOUGHT, rows={"12": {"scope": "out"}})
    assert exempt["ready"] and not asked(exempt)
    paid = read(BOUGHT, rows={"12": {"part": "tax", "charged": "once"}})
    assert paid["ready"] and next(line for line in paid["lines"] if line["row"] == 12)["amount"] == 100_000


RUPEES = (
    "Vendor,Bharat Systems\nCurrency,INR\nSr,Description,Qty,Rate,Amount\n"
    '1,GPU server 8x H200,2,"2,85,00,000.00","5,70,00,000.00"\n'
    '2,GST 18%,1,"1,02,60,000.00","1,02,60,000.00"\n,Grand Total,,,"6,72,60,000.00"\n'
)


def test_a_total_with_a_tax_that_is_set_aside_is_explained_by_it():
    """57,000,000 and 10,260,000 of tax are the 67,260,000 stated: nothing to ask; another total is asked."""
    assert "counted lines come to" not in asked(read(RUPEES))
    assert "counted lines come to" in asked(read(RUPEES.replace("6,72,60", "6,82,60")))


def test_prices_are_compared_only_in_the_money_of_the_study():
    """28,500,000 rupees were called dollars, and 71 times the dearest, before the exchange rate was known."""
    assert "a system comes to" not in asked(read(RUPEES))
    rated = {"fx_rate": 0.0114, "fx_date": "2026-11-28"}
    assert "a system comes to" not in asked(read(RUPEES, **rated))
    assert "a system comes to" in asked(read(RUPEES, **rated | {"fx_rate": 1.14}))


def test_an_hour_of_a_machine_that_does_not_say_so_is_guessed_as_that_of_the_machine():
    found = read("Provider: CloudX\nInstance,GPUs,Term,Price per hour (USD)\np5 (8x H100),8,3 year reserved,23.50\n")
    (line,) = found["lines"]
    assert found["header"]["acquisition"] == "rental" and line["state"] == "refused"
    assert line["guess"] == {"part": "rental committed", "charged": "per system-hour"}


def test_an_answer_to_nothing_that_is_asked_is_told_with_the_nearest_name():
    told = "\n".join(each["text"] for each in read(BOUGHT, curency="EUR")["findings"])
    assert "the answer 'curency' is to nothing that is asked; did you mean" in told and '"currency"' in told.replace(
        "'", '"'
    )


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_command_reads_a_quote(form: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, said = tmp_path / "q.csv", tmp_path / "answers.json"
    file.write_text(BOUGHT, encoding="utf-8")
    said.write_text(json.dumps({**SAID, "rows": {"12": {"scope": "out"}}}), encoding="utf-8")
    assert cli.main(["read-quote", str(file), "--answers", str(said), "--today", "2026-11-29", *form]) == 0
    shown = capsys.readouterr().out
    if form:
        assert json.loads(shown)["ready"]
    else:
        assert "vendor: Examplar Systems Ltd" in shown and "It can be added as it is." in shown


def test_the_command_refuses_what_is_no_quote_and_no_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, said = tmp_path / "q.csv", tmp_path / "answers.json"
    file.write_text("nothing of use", encoding="utf-8")
    said.write_text("[1", encoding="utf-8")
    assert cli.main(["read-quote", str(file)]) == 2
    assert "no row of headings" in capsys.readouterr().out
    assert cli.main(["read-quote", str(file), "--answers", str(said)]) == 2
    assert "is no JSON object" in capsys.readouterr().err
    assert cli.main(["read-quote", str(tmp_path / "none.csv")]) == 2
    assert "check the name" in capsys.readouterr().err
