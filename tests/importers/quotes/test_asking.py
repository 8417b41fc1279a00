"""What vendors are asked for: prices at which a bid ties with its best rival, proved by feeding them back."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from docx import Document

import cli
from importers.quotes import asking, confirm, prepare, read
from models.analysis.decision.negotiation import Negotiation, lapsed, negotiations, quoted_lines
from models.analysis.metrics.measures import RANKED_BY
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import load, save
from models.studies.study import Study
from tests.importers.quotes.made_up import bought

TODAY = datetime.date(2026, 11, 29)
LIKE = "Buy, colocation"
LINES = """8x H200 GPU server;4;480000;1920000
Switch;2;36000;72000
Support 5 years, per server;4;45000;180000
Total;;;2172000
"""


@pytest.fixture(scope="module")
def bid() -> Study:
    given = {"performance_source": "catalogue", "valid_until": "2026-12-31"}
    quote = read(bought(LINES).encode(), "q.csv", given=given).quotes[0]
    return confirm(base := load(Path("templates/customer_service.toml")), prepare(base, quote, LIKE, today=TODAY))


@pytest.fixture(scope="module")
def found(bid: Study) -> tuple[Result, Negotiation]:
    result = MODEL.run(bid)
    (only,) = negotiations(result)
    return result, only


def test_the_target_ties_with_the_best_rival(bid: Study, found: tuple[Result, Negotiation]):
    result, asked = found
    assert not asked.leads and asked.rival_figure == min(
        figure for name in result.options if name != asked.option and (figure := result.options[name].number(RANKED_BY))
    )
    lines = {line.label: line for line in quoted_lines(bid.option(asked.option))}
    wholes = {line.path: line.amount * asked.whole.share for line in lines.values() if asked.whole.share}
    singles = [{lines[t.label].path: t.amount} for t in asked.lines if t.amount is not None]
    assert wholes and singles
    for changes in (wholes, *singles):
        changed = replace_all(bid, changes)
        figure = MODEL.run_option(changed, changed.option(asked.option)).number(RANKED_BY)
        assert figure == pytest.approx(asked.rival_figure, rel=1e-8)


def test_a_line_that_cannot_win_is_said_to(bid: Study, found: tuple[Result, Negotiation]):
    asked = found[1]
    switch = next(target for target in asked.lines if target.label == "Switch")
    assert switch.share is None and not switch.wins_at_zero
    assert asking.wish(switch, "USD") == "Switch: even at 0 the bid does not win"
    path = next(line.path for line in quoted_lines(bid.option(asked.option)) if line.label == "Switch")
    free = replace_all(bid, {path: 0.0})
    figure = MODEL.run_option(free, free.option(asked.option)).number(RANKED_BY)
    assert figure is not None and figure >= asked.rival_figure


def test_the_page_of_a_vendor_names_no_rival_and_asks_what_is_open(found: tuple[Result, Negotiation]):
    result, asked = found
    page = asking.page(result, asked, datetime.date(2027, 1, 20))
    assert asked.rival not in page and "# Questions to Examplar Systems Inc." in page
    assert "All quoted prices by one share: " in page and "even at 0" not in page
    assert "- Storage: included, or at which price?" in page and "- Support and maintenance" not in page
    assert "- Switch: held until 31 Dec 2026" in page
    assert "held until" not in asking.page(result, asked, TODAY)
    option = result.options[asked.option].option
    assert len(lapsed(option, datetime.date(2027, 1, 1))) == 3 and not lapsed(option, datetime.date(2026, 12, 31))


def test_the_command_writes_a_page_for_each_vendor(bid: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "study.toml"
    save(bid, file)
    assert cli.main(["negotiate", str(file), "--out", str(tmp_path / "pages")]) == 0
    shown = capsys.readouterr().out
    assert "All quoted prices by one share" in shown and "Switch: even at 0" in shown
    (page,) = (tmp_path / "pages").iterdir()
    assert page.read_text(encoding="utf-8").startswith("# Questions to Examplar Systems Inc.")
    assert cli.main(["negotiate", str(file), "--word", "--out", str(tmp_path / "word")]) == 0
    (page,) = (tmp_path / "word").iterdir()
    assert page.suffix == ".docx" and Document(str(page)).paragraphs[0].text.startswith("Questions to Examplar")
    capsys.readouterr()
    assert cli.main(["negotiate", "templates/customer_service.toml"]) == 0
    assert "No option with quoted prices" in capsys.readouterr().out
