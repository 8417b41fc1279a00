"""How figures are written."""

import re

import pytest

from models.analysis.metrics.headlines import Figure
from models.analysis.words import SHARES, unit_words
from models.notation import writer
from models.run.model import MODEL
from views.figures import written


def test_a_headline_is_written_by_its_kind():
    assert written.figure(Figure("", 0.2941, "", "share", "used_share")) == "29%"
    assert written.figure(Figure("", 958429.8, "", "physical", "output_tokens_per_kwh")) == "958,000"
    assert written.figure(Figure("", 2447131.0, "USD", "money", "pv_cost")) == "2.45m"
    assert written.figure(Figure("", "demand", "", "text", "binding")) == "demand"
    assert written.figure(Figure("", None, "USD", "unit_cost", "pv_cost")) == "n/a"


# Tables


def test_a_row_has_one_scale():
    assert written.row("cash_cost", [1088378.5, 326092.0, 0.0], "money", "USD") == (
        ["1,088", "326", "\u2013"],
        "USD thousand",
    )
    assert written.row("installed", [2.0, 3.0], "system", "USD") == (["2", "3"], "systems")
    assert written.row("facility_energy_kwh", [72551.0, 118000.0], "kWh", "USD") == (["73", "118"], "MWh")
    assert written.row("binding", ["demand", None], "text", "USD") == (["demand", "n/a"], "")
    assert written.row("utilisation", [0.29, None], "1", "USD") == (["29%", "n/a"], "")
    assert written.row("average_it_kw", [8.123, 16.5], "kW", "USD") == (["8.1", "16.5"], "kW")


def test_a_table_may_have_one_scale_for_its_money():
    scale = writer.table_scale([1088378.5, 264849.0])
    assert written.row("capex", [264849.0, 0.0], "money", "USD", scale) == (["265", "\u2013"], "USD thousand")


def test_money_of_several_options_has_one_scale_and_a_response_is_told_for_1_000():
    texts = written.across("pv_cost", [2447131.0, 41842.0, None], "money", "USD")
    assert texts == (["2,447", "42", "n/a"], "USD thousand")
    cost = "cost_per_meaningful_response"
    assert written.across(cost, [0.000711, None], "money/response", "USD") == (
        ["0.71", "n/a"],
        "USD per 1,000 responses",
    )


def test_shares_are_lines_of_plain_numbers():
    for name in SHARES:
        assert MODEL.lines[name].unit in ("1", "response/request"), name


# Units


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *[("money/Mtoken", "USD per million tokens"), ("money/response", "USD per response"), ("money", "USD")],
        *[("money/accelerator/h", "USD per accelerator-hour"), ("money/kW/month", "USD per kW and month")],
        *[("token/s/accelerator", "tokens per second and accelerator"), ("1/yr", "per year"), ("1", ""), ("text", "")],
        *[("accelerator*s/request", "accelerator-seconds per request"), ("accelerator*h", "accelerator-hours")],
        *[("J/response", "J per response"), ("m3", "m³"), ("token/kWh", "tokens per kWh"), ("yr", "years")],
        *[("g/ktoken", "g per 1,000 tokens"), ("money/@opex", "USD per unit of its basis"), ("kWh", "kWh")],
    ],
)
def test_units_in_words(text: str, words: str):
    assert unit_words(text, "USD") == words


def test_every_unit_of_the_model_has_words():
    for line in MODEL.lines.values():
        words = unit_words(line.unit, "USD")
        assert not re.search(r"money|Mtoken|ktoken|@|\*|/", words), (line.name, words)
        assert bool(words) == (line.unit not in ("1", "text")), line.name


def test_a_study_without_a_currency_counts_money():
    assert unit_words("money/Mtoken", "") == "money per million tokens"


# Text from people


@pytest.mark.parametrize("mark", list("\\`*_{}[]()#+-.!|<>~$&"))
def test_no_mark_keeps_its_meaning(mark: str):
    assert written.plain(f"a{mark}b") == f"a\\{mark}b"


def test_icons_and_colours_are_taken_apart():
    for text in (":tada:", ":material/home:", ":red[x]", ":red-background[x]"):
        assert not re.search(r":[a-z]", written.plain(text)), text
    assert written.plain("at 10:30 now") == "at 10:30 now"


@pytest.mark.parametrize(
    "text", ["see https://example.org/a", "WWW.example.org", "ask ann@example.org", "HTTP://x.org"]
)
def test_a_bare_address_stays_text(text: str):
    shown = written.plain(text).replace("\\", "")
    assert not re.search(r"://\w|www\.|@\w", shown, re.IGNORECASE)
    assert shown.replace(written.WORD_JOINER, "") == text


def test_line_breaks_do_not_start_a_list():
    assert written.plain("a\n\n- b") == "a \\- b"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org", "http://example.org"),
        *[(bad, None) for bad in ("javascript:alert(1)", "data:text/html,x", "https://a b", "", None)],
        *[(bad, None) for bad in ('https://a"onclick=x', "https://a>b", "file:///etc/passwd", "//example.org")],
    ],
)
def test_only_web_pages_are_linked(url: str | None, kept: str | None):
    assert written.safe_link(url) == kept
