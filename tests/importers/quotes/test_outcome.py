"""The reading of quotes as programs see it: what is taken is right, and what is not settled is asked."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

import cli
from importers.quotes.outcome import answers, outcome
from models.studies.load import load

ROOT = Path(__file__).parents[3]
TODAY = datetime.date(2026, 11, 29)
STUDY = load(ROOT / "templates" / "customer_service.toml")
SAID = {"performance_source": "catalogue"}


def read(text: str, **said: Any) -> dict[str, Any]:
    return outcome(STUDY, text.encode(), "quote.csv", answers(SAID | said), TODAY)


def asked(found: dict[str, Any]) -> str:
    return "\n".join(each["text"] for each in found["findings"] if each["severity"] == "refused")


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
