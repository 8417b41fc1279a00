"""How figures are written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.analysis.metrics.headlines import Figure
from models.run.model import MODEL
from views.figures import written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(0.0000836, "0.0000836"), (0.00091541, "0.000915"), (0.001, "0.00100"), (12.114, "12.1"), (1234.5, "1,230")],
        *[(9.996, "10.0"), (99.96, "100"), (0.99961, "1.00"), (0, "0"), (150, "150"), (-0.374, "-0.374")],
        *[(2.1e-12, "2.10e-12"), (None, "n/a")],
    ],
)
def test_unit_costs_have_three_significant_digits(value: float | None, text: str):
    assert written.unit_cost(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(2731310.77, "2.73 million"), (999600, "1.00 million"), (999400, "999,000"), (1.2e9, "1.20 billion")],
        *[(183000, "183,000"), (612.3, "612"), (4.5, "4.50"), (-373704, "-374,000"), (0, "0"), (None, "n/a")],
        *[(-2731310, "-2.73 million"), (4.1e13, "41.0 trillion")],
    ],
)
def test_money_is_rounded_to_what_matters(value: float | None, text: str):
    assert written.money(value) == text


@given(st.floats(min_value=1e-8, max_value=1e14))
def test_a_rounded_figure_is_within_half_a_percent(value: float):
    for write in (written.unit_cost, written.money, written.physical):
        number, _, word = write(value).partition(" ")
        size = {"": 1, "million": 1e6, "billion": 1e9, "trillion": 1e12}[word]
        assert float(number.replace(",", "")) * size == pytest.approx(value, rel=0.0051)


@given(st.floats(min_value=1e-8, max_value=1e14))
def test_an_opened_figure_keeps_seven_digits(value: float):
    assert float(written.exact(value).replace(",", "")) == pytest.approx(value, rel=5e-7, abs=0.5 if value > 1e7 else 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(2731310.7656, "2,731,311"), (355500.0, "355,500"), (0.72, "0.72"), (8.362045e-05, "0.00008362045")],
        *[(True, "yes"), (None, "n/a"), (float("nan"), "n/a"), ("demand", "demand"), (0.0, "0")],
    ],
)
def test_exact_figures(value: object, text: str):
    assert written.exact(value) == text


def test_a_headline_is_written_by_its_kind():
    assert written.figure(Figure("", 0.2941, "", "share", "used_share")) == "29 %"
    assert written.figure(Figure("", 958429.8, "", "physical", "output_tokens_per_kwh")) == "958,000"
    assert written.figure(Figure("", 2447131.0, "USD", "money", "pv_cost")) == "2.45 million"
    assert written.figure(Figure("", "demand", "", "text", "binding")) == "demand"
    assert written.figure(Figure("", None, "USD", "unit_cost", "pv_cost")) == "n/a"


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        *[(1.1, 1.0, "+10.0 %"), (0.9, 1.0, "-10.0 %"), (1.0, 1.0, None), (1.0001, 1.0, None)],
        *[(1.0, None, None), (None, 1.0, None), (1.0, 0.0, None)],
    ],
)
def test_the_change_since_an_edit(now: float | None, before: float | None, text: str | None):
    assert written.change(now, before) == text


# Tables


def test_a_row_has_one_scale():
    assert written.row("cash_cost", [1088378.5, 326092.0, 0.0], "money", "USD") == (
        ["1,088", "326", "0"],
        "thousand USD",
    )
    assert written.row("installed", [2.0, 3.0], "system", "USD") == (["2", "3"], "systems")
    assert written.row("facility_energy_kwh", [72551.0, 118000.0], "kWh", "USD") == (["73", "118"], "MWh")
    assert written.row("binding", ["demand", None], "text", "USD") == (["demand", "n/a"], "")
    assert written.row("utilisation", [0.29, None], "1", "USD") == (["29 %", "n/a"], "")
    assert written.row("average_it_kw", [8.123, 16.5], "kW", "USD") == (["8.1", "16.5"], "kW")


def test_a_table_may_have_one_scale_for_its_money():
    scale = written.scale([1088378.5, 264849.0])
    assert written.row("capex", [264849.0, 0.0], "money", "USD", scale) == (["265", "0"], "thousand USD")


def test_what_rounds_to_nothing_is_not_minus_nothing():
    assert written.scale([1e6]).text(-0.2) == "0"


def test_shares_are_lines_of_plain_numbers():
    for name in written.SHARES:
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
        *[("g/ktoken", "g per thousand tokens"), ("money/@opex", "USD per unit of its basis"), ("kWh", "kWh")],
    ],
)
def test_units_in_words(text: str, words: str):
    assert written.unit_words(text, "USD") == words


def test_every_unit_of_the_model_has_words():
    for line in MODEL.lines.values():
        words = written.unit_words(line.unit, "USD")
        assert not re.search(r"money|Mtoken|ktoken|@|\*|/", words), (line.name, words)
        assert bool(words) == (line.unit not in ("1", "text")), line.name


def test_a_study_without_a_currency_counts_money():
    assert written.unit_words("money/Mtoken", "") == "money per million tokens"


# Text from people


@pytest.mark.parametrize("mark", list("\\`*_{}[]()#+-.!|<>~$&"))
def test_no_mark_keeps_its_meaning(mark: str):
    assert written.plain(f"a{mark}b") == f"a\\{mark}b"


def test_icons_and_colours_are_taken_apart():
    for text in (":tada:", ":material/home:", ":red[x]", ":red-background[x]"):
        assert not re.search(r":[a-z]", written.plain(text)), text
    assert written.plain("at 10:30 now") == "at 10:30 now"


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
