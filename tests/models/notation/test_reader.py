"""What people and files write: the number, share, amount or day they mean, or a fault, or a question; never another."""

import datetime
import math
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.notation import reader
from models.notation.reader import Days, Marks, Policy, Shares

FAULT, ASKED = "fault", "asked"
MARKS = get_args(Marks)


def outcome(found: reader.Reading) -> object:
    """What was read, or that it was asked about, or refused."""
    assert bool(found.fault) or found.question is None
    return ASKED if found.question else FAULT if found.fault else found.value


def number(text: str, marks: Marks = "ask") -> object:
    return outcome(reader.number(text, Policy(marks)))


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[("1234.5", 1234.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1'234.5", 1234.5)],
        *[("1,5", 1.5), ("0,075", 0.075), ("0.925", 0.925), (".07", 0.07), ("5.", 5), ("1234.567", 1234.567)],
        *[("1e3", 1000), ("1,5e3", 1500), ("2E-2", 0.02), ("3.12E+05", 312000), ("3,12E+05", 312000)],
        *[("1,234,567", 1234567), ("1.234.567", 1234567), ("12,34,567", 1234567), ("1,23,45,678.9", 12345678.9)],
        *[
            ("312’000.00", 312000),
            ("312'000", 312000),
            ("312‘000", 312000),
            ("1’234,5", 1234.5),
            ("CHF 312'000.-", 312000),
        ],
        *[(f"1{blank}234{blank}567,5", 1234567.5) for blank in "   \u2007\u2008\u205f\u3000"],
        *[
            ("(45,000.00)", -45000),
            ("($45,000.00)", -45000),
            ("$(5)", -5),
            ("−5", -5),
            ("–5", -5),
            ("- 5", -5),
            ("-3", -3),
        ],
        *[("12.5k", 12500), ("3M", 3e6), ("3 million", 3e6), ("2 bn", 2e9), ("2B", 2e9), ("1.2345M", 1234500)],
        *[
            ("USD 1200", 1200),
            ("1200 €", 1200),
            ("$1,234.50", 1234.5),
            ("1.5 Mio CHF", 1.5e6),
            ("  42 ", 42),
            ("+42", 42),
        ],
        *[("", None), ("   ", None)],
    ],
)
def test_a_number_is_what_was_meant_by_whatever_marks(text: str, meant: float | None, marks: Marks):
    assert number(text, marks) == meant


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize(
    "text",
    [
        *["abc", "nan", "inf", "1e400", "12%", "3m", "=1+2", "1/3", "1-2", "1–2", "--5", "(-5)", "1.2.3", "e5", "∞"],
        *["1,23,4567", "1,23,4.5", "12.34.567", "1.234,5,6", "1,234.5.6", "1'23", "1 2", "12 apples", "12 PCS"],
        *["5 %%", "0x10", "1_000", "٣", "2 5 USD", "US$", "1" * 70, "1,234'567", "5\u200b5"],
    ],
)
def test_what_is_no_number_is_refused_with_a_reason(text: str, marks: Marks):
    found = reader.number(text, Policy(marks))
    assert found.value is None and found.fault and found.question is None


@pytest.mark.parametrize(
    ("text", "english", "point", "comma"),
    [
        ("1,234", 1234, 1234, 1.234),
        ("410.959", ASKED, 410.959, 410959),
        ("1.500", ASKED, 1.5, 1500),
        ("-1,234 €", -1234, -1234, -1.234),
        ("$1.234", ASKED, 1.234, 1234),
        ("1.125k", ASKED, 1125, 1125000),
        ("3.125E+05", 312500, 312500, ASKED),
        ("3,125E+05", ASKED, ASKED, 312500),
        ("(1.234)", ASKED, -1.234, -1234),
    ],
)
def test_a_lone_mark_before_three_digits_is_asked_about_until_the_mark_is_known(
    text: str, english: object, point: object, comma: object
):
    assert number(text) == (312500 if "E" in text else ASKED)
    assert (number(text, "english"), number(text, "point"), number(text, "comma")) == (english, point, comma)


def test_a_question_holds_both_readings_how_each_is_written_and_what_settles_it():
    for text, first in (("410.959", "comma"), ("410,959", "point")):
        found = reader.number(text)
        assert found.fault == "may be 410959 or 410.959; write 410959 or 410.9590"
        assert found.question is not None and found.question.answers[0] == first
        assert [number(written) for written in found.question.readings] == [410959, 410.959]
        settled = [number(text, "point" if each == "point" else "comma") for each in found.question.answers]
        assert settled == list(found.question.meant) == [410959, 410.959]


def test_no_question_where_only_one_reading_is_possible():
    whole = reader.number("1.234", possible=lambda size: size == size.to_integral_value())
    small = reader.number("1,125", possible=lambda size: size < 10)
    neither = reader.number("1.125", possible=lambda size: size < 0)
    assert (whole.value, small.value, neither.value) == (1234, 1.125, 1.125)


def test_an_amount_is_not_negative():
    assert reader.amount("3M").value == 3_000_000 and reader.amount("").value is None
    assert reader.amount("-1", what="the rate").fault == "the rate cannot be negative"
    assert reader.amount("12 %").fault and reader.amount("1.234").question


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1,234", "12,5"], "comma"),
        (["1.234", "1,234.50"], "point"),
        (["1.234", "1.234.567"], "comma"),
        (["1.234", "12,34,567"], "point"),
        (["1.234", "1234", "words", ""], "ask"),
        (["12,5", "12.5"], "ask"),
        (["7,5 %"], "comma"),
        (["1.234", "1'234.5 CHF"], "point"),
    ],
)
def test_the_decimal_mark_follows_from_other_numbers_of_the_file(texts: list[str], told: Marks):
    assert reader.marks_of(texts) == told


def test_a_currency_beside_a_number_is_told():
    marks = [reader.figure(text).money for text in ("$5", "5 EUR", "CHF 5", "5 PCS", "5")]
    assert marks == ["$", "EUR", "CHF", "", ""]
    assert reader.figure("5 XAU", "XAU").money == "XAU"
    assert reader.is_money("$", "CAD") and reader.is_money("EUR", "EUR") and not reader.is_money("€", "USD")


@pytest.mark.parametrize("text", ["1234", "1234.5", "-.5", "1e-3", "+2.", "1E400"])
def test_what_programs_write_is_read_as_they_mean_it(text: str):
    assert reader.plain(text) == reader.plain(text, grouped=True) == float(text)


@pytest.mark.parametrize("text", ["1.234,5", "1 234", "$5", "5k", "(5)", "1_000", "nan", "0x1", "", "12,34,567", "１"])
def test_programs_write_nothing_else(text: str):
    assert reader.plain(text) is None and reader.plain(text, grouped=True) is None


def test_programs_that_group_thousands_use_commas():
    assert reader.plain("1,234,567.89", grouped=True) == 1234567.89
    assert reader.plain("1,234") is None


# -------------------------------------------------------------------------------------------------------------- shares


def share(text: str, shares: Shares = "ask", marks: Marks = "ask", **how) -> object:
    try:
        return float(reader.share(reader.figure(text), Policy(marks, shares), **how))
    except reader.Unreadable as fault:
        return outcome(fault.reading)


@pytest.mark.parametrize(
    ("text", "asked", "parts", "percent"),
    [
        ("1", ASKED, 1.0, 0.01),
        ("-1", ASKED, -1.0, -0.01),
        ("1.0", ASKED, 1.0, 0.01),
        ("0.12", 0.12, 0.12, 0.0012),
        ("12", 0.12, 12.0, 0.12),
        ("0", 0.0, 0.0, 0.0),
        *[("1 %", 0.01, 0.01, 0.01), ("100%", 1.0, 1.0, 1.0), ("(5%)", *[-0.05] * 3), ("7,23 %", *[0.0723] * 3)],
        ("12.125", *[0.12125] * 1, 12.125, 0.12125),
        ("12.125 %", *[0.12125] * 3),
    ],
)
def test_a_bare_share_is_asked_about_where_it_may_be_two(text: str, asked: object, parts: object, percent: object):
    marks: Marks = "point" if parts == 12.125 else "ask"
    assert (share(text, marks=marks), share(text, "parts", marks), share(text, "percent", marks)) == (
        asked,
        parts,
        percent,
    )


@pytest.mark.parametrize(
    ("text", "meant"), [("0.29", 0.29), ("0.3", ASKED), ("2.9", ASKED), ("3", 0.03), ("-0.5", ASKED)]
)
def test_a_small_yearly_change_may_be_a_percentage(text: str, meant: object):
    assert share(text, unclear=reader.UNCLEAR_CHANGE) == meant


def test_the_question_of_a_share_says_both():
    with pytest.raises(reader.Unreadable, match="may be 1% or 100%; write the % sign") as found:
        reader.share(reader.figure("1"), Policy())
    question = found.value.question
    assert question is not None
    assert (question.readings, question.answers, question.meant) == (("1%", "100%"), ("percent", "parts"), (0.01, 1))
    assert [share(each) for each in question.readings] == list(question.meant)


# ---------------------------------------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("text", "asked", "day_first", "month_first"),
    [
        ("03/04/2026", ASKED, (4, 3), (3, 4)),
        ("3-4-2026", ASKED, (4, 3), (3, 4)),
        *[(text, *[(12, 31)] * 3) for text in ("2026-12-31", "2026/12/31", "31.12.2026", "31/12/2026", "12/31/2026")],
        *[(text, *[(4, 4)] * 3) for text in ("04/04/2026", "4.4.2026", " 2026-4-4 ")],
        ("3.4.2026", *[(4, 3)] * 3),
        *[
            (text, *[FAULT] * 3)
            for text in ("31.02.2026", "2026-13-01", "46022", "tomorrow", "1/2/26", "2026-01/31", "")
        ],
    ],
)
def test_a_day_is_the_day_meant(text: str, asked: object, day_first: object, month_first: object):
    policies: list[Days] = ["ask", "day first", "month first"]
    found = [outcome(reader.day(text, Policy(days=days))) for days in policies]
    wanted = [
        datetime.date(2026, *each) if isinstance(each, tuple) else each for each in (asked, day_first, month_first)
    ]
    assert found == wanted


def test_the_question_of_a_day_says_both_and_other_dates_settle_it():
    found = reader.day("03/04/2026")
    assert found.fault == "may be 2026-04-03 or 2026-03-04; write the one that is meant"
    assert found.question is not None
    assert [reader.day(each).value for each in found.question.readings] == list(found.question.meant)
    assert reader.days_of(["03/04/2026", "31/12/2026"]) == "day first"
    assert reader.days_of(["03/04/2026", "12/31/2026"]) == "month first"
    assert reader.days_of(["03/04/2026", "31.12.2026", "x"]) == "ask"
    assert reader.days_of(["12/31/2026", "31/12/2026"]) == "ask"


def test_yes_and_no_in_words_and_figures():
    found = [reader.yes_or_no(text).value for text in ("Yes", "no", "TRUE", "0", "1")]
    assert found == [True, False, True, False, True]
    assert reader.yes_or_no("maybe").fault


# ---------------------------------------------------------------------------------------------------------- properties


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=4),
    st.sampled_from(["point", "comma"]),
    st.sampled_from(["", ",", "'", "’", " ", "\u00a0", "\u202f", "\u2009"]),
    st.sampled_from(["", "USD ", "€"]),
)
def test_a_number_spelled_by_known_marks_reads_back(size: Decimal, marks: Marks, group: str, money: str):
    spelt = f"{size:,f}".replace(",", "_").replace(".", "." if marks == "point" else ",")
    spelt = spelt.replace("_", {",": "," if marks == "point" else "."}.get(group, group))
    for text in (money + spelt, spelt.replace("-", "\u2212") + f" {money}"):
        assert Decimal(repr(number(text, marks))) == size.normalize() or math.isclose(number(text, marks), size)  # type: ignore[arg-type]
        # Four decimals say which mark is which, so that nothing needs to be known.
        assert number(text, "ask") == number(text, marks)


@given(st.text(max_size=20), st.sampled_from(MARKS))
def test_any_text_is_a_finite_number_a_blank_a_question_or_a_fault(text: str, marks: Marks):
    found = reader.number(text, Policy(marks))
    assert (found.value is None) or not found.fault
    if found.value is not None:
        assert math.isfinite(found.value) and any(character.isdigit() for character in text)


@given(st.from_regex(r"-?[0-9]{1,4}([.,'][0-9]{1,4}){0,3}(e[0-9])?", fullmatch=True))
def test_what_is_read_without_a_mark_being_known_is_read_so_by_one_of_them(text: str):
    found = reader.number(text)
    by_marks = [number(text, "point"), number(text, "comma")]
    if found.question:
        assert sorted(map(float, by_marks)) == sorted(map(float, found.question.meant)) and by_marks[0] != by_marks[1]  # type: ignore[arg-type]
    else:
        # Thousands before a power of ten, which nobody writes, are asked about where the mark is known to part them.
        assert set(by_marks) in ({outcome(found)}, {outcome(found), ASKED} if "e" in text else set())
