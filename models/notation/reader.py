"""What people and their files write, read as the number, share, amount of money or day that is meant.

The one reader of the house: form, grid, paste, quote, benchmark, catalogue, workbook and command line say in a `Policy`
how their texts are written and get the value, the fault with its remedy, or a question with both readings. Nothing here
guesses, rounds or clamps. Numbers are read digit by digit (`Decimal`), so that "7.23%" is exactly what 0.0723 is in a
study file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

# The decimal mark: not known ("ask"), known, or as English writes it: a comma parts thousands, while a lone point
# before three digits is still asked about, since a person with an English browser may type 410.959 and mean thousands.
Marks = Literal["english", "ask", "point", "comma"]
# What a share without a % sign is counted in: not known, parts of 1, or percent.
Shares = Literal["ask", "parts", "percent"]
# What stands first in 03/04/2026.
Days = Literal["ask", "day first", "month first"]

# A letter counts as it is written (a small m may be milli), a word in any case.
MULTIPLIERS: Mapping[str, int] = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
MULTIPLIER_WORDS: Mapping[str, int] = {
    **{"thousand": 10**3, "million": 10**6, "mio": 10**6, "bn": 10**9, "billion": 10**9}
}
# Which currencies a sign may stand for.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD"),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "円": ("JPY",),
}
# Codes that may stand beside a number; other capitals there (PCS, GPU) are no currency.
CODES = frozenset(
    "USD EUR GBP CHF JPY CNY INR KRW CAD AUD NZD SGD HKD TWD SEK NOK DKK PLN CZK HUF RON BGN TRY ILS AED SAR QAR "
    "ZAR EGP NGN KES BRL MXN ARS CLP COP PEN THB IDR MYR PHP VND PKR BDT RUB UAH KZT ISK".split()
)
PERCENT = ("%", "% p.a.", "% a year", "% per year", "%/yr")
YES, NO = ("yes", "true", "y", "1"), ("no", "false", "n", "0")
# A bare number between these may be a share or a percentage of a yearly change: 0.5 is 50 % or 0.5 %.
UNCLEAR_CHANGE = (Decimal("0.3"), Decimal(3))
LONGEST_TEXT = 60
LARGEST_POWER_OF_TEN = 30

_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc"), "'")
_MINUS = dict.fromkeys(map(ord, "\u2212\u2013"), "-")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<digits>[0-9][0-9 ,.']*|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]{1,3})?(?P<rest>.*)", re.DOTALL
)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PLAIN_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})+") for mark in (",", ".", " ", "'")}
_LAKHS = re.compile(r"[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}")
_LONE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
# The dash in place of cents: 450.-
_NO_CENTS = re.compile(r"(?<=[0-9])[.,]-+(?=$| )")
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_YEAR_SIGNS = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
# The beginnings of the names of the months in English, German and French, by which each is known.
_MONTHS: tuple[tuple[str, ...], ...] = (
    *(("jan", "jän"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr"), ("may", "mai"), ("jun", "juin")),
    *(("jul", "juil"), ("aug", "aoû", "aou"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "déc")),
)
_NAMED_DAY = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.)?[ -]?(?P<month>[^\W\d_]{3,9})\.?[ ,-]*(?P<year>[0-9]{4})"
)
_NAMED_MONTH = re.compile(r"(?P<month>[^\W\d_]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})")


@dataclass(frozen=True)
class Policy:
    """How the texts of one source are written, and so what has to be asked."""

    marks: Marks = "ask"
    shares: Shares = "ask"
    days: Days = "ask"


# Nothing is known; and: a point is the decimal mark.
ASK, POINT = Policy(), Policy("point")


@dataclass(frozen=True)
class Question:
    """Two things that a text may mean: how each is written so that it is clear, and the policy that settles it."""

    about: Literal["marks", "shares", "days", "tries"]
    readings: tuple[str, str]
    answers: tuple[Any, Any]
    meant: tuple[Any, Any]


@dataclass(frozen=True)
class Reading:
    """What was read: the content (None is a blank), a remark on how it was understood, or the fault with its remedy.

    A text with two meanings is a fault whose `question` holds both.
    """

    value: Any = None
    said: str = ""
    fault: str = ""
    question: Question | None = None


class Unreadable(ValueError):
    """A text that is not one number; the message is the remedy, `question` the two it may be."""

    def __init__(self, message: str, question: Question | None = None):
        super().__init__(message)
        self.question = question

    @property
    def reading(self) -> Reading:
        """The same as a reading without a value."""
        return Reading(fault=str(self), question=self.question)


@dataclass(frozen=True)
class Figure:
    """A number taken apart: its size, how else it might be meant, the currency beside it, and what stands behind it.

    `other` is the size in which the lone mark is taken the other way; `plain` tells that only digits and one decimal
    mark were written, `power` that a power of ten stands behind them.
    """

    number: Decimal
    other: Decimal | None = None
    money: str = ""
    rest: str = ""
    plain: bool = True
    power: bool = False


def tidy(text: str) -> str:
    """The text with single blanks, ASCII minus and straight apostrophes, whatever kinds of them it has."""
    return " ".join(text.translate(_MINUS).translate(_APOSTROPHES).split())


# ------------------------------------------------------------------------------------------------------------- numbers


def number(
    text: str,
    policy: Policy = ASK,
    *,
    possible: Callable[[Decimal], bool] = lambda _: True,
) -> Reading:
    """A number that stands alone, or beside a currency; `possible` says of a size whether it can be meant."""
    if not tidy(text):
        return Reading()
    try:
        parts = figure(text)
        if parts.rest:
            raise Unreadable(f'"{short(parts.rest)}" is not understood: enter the number only')
        chosen = settled(parts, policy, possible)
    except Unreadable as fault:
        return fault.reading
    return Reading(content(chosen), said="" if parts.plain else f"{chosen.normalize():,f}")


def amount(text: str, policy: Policy = ASK, *, what: str = "the number") -> Reading:
    """As `number`, of what cannot be negative: a count of users, a rate as a benchmark prints it."""
    found = number(text, policy, possible=lambda size: size >= 0)
    return Reading(fault=f"{what} cannot be negative") if (found.value or 0) < 0 else found


def figure(text: str, own_currency: str = "") -> Figure:
    """The text taken apart; `own_currency` is a code that counts as one even if it is not in use.

    Raises Unreadable where it is not one number.
    """
    held, money = _without_currency(tidy(text), own_currency)
    if held.startswith("="):
        raise Unreadable("is a formula; type the number it gives")
    held = _NO_CENTS.sub("", held)
    # Ledgers write what is taken off in brackets, or with the sign behind it.
    brackets, behind = held.startswith("(") and held.endswith(")"), held.endswith("-")
    negative = brackets or behind
    found = _NUMBER.fullmatch(held[brackets:-1].strip() if negative else held)
    if found is None or (negative and found["sign"]):
        raise Unreadable(f'"{short(tidy(text))}" is not a number; leave the field empty for a blank')
    digits, power = found["digits"].strip(), found["power"]
    if power and abs(int(power[1:])) > LARGEST_POWER_OF_TEN:
        raise Unreadable("is far too large or too small for any input")
    size, other = _sizes(digits)
    factor = (-1 if negative or found["sign"] == "-" else 1) * (Decimal(10) ** int(power[1:]) if power else Decimal(1))
    plain = not negative and power is None and not re.search(r"[ ,']", digits)
    sizes = size * factor, None if other is None else other * factor
    return _scaled(Figure(*sizes, money, found["rest"].strip(), plain, power is not None))


def _without_currency(text: str, own: str) -> tuple[str, str]:
    """The text without the sign or code of a currency, and what it was."""
    sign = next((each for each in SIGNS if each in text), "")
    codes = (found[0] for found in _CODE.finditer(text) if found[0] in CODES or found[0] == own)
    mark = sign or next(codes, "")
    return (" ".join(text.replace(mark, "", 1).split()), mark) if mark else (text, "")


def is_money(mark: str, currency: str) -> bool:
    """Whether a sign or code may stand for a currency."""
    return currency in SIGNS.get(mark, (mark,))


def _sizes(digits: str) -> tuple[Decimal, Decimal | None]:
    """The size that digits with their marks stand for; and where the only mark may be one of thousands or the decimal
    mark, both: as English has it first."""
    if len(digits) > LONGEST_TEXT:
        raise Unreadable("has far more digits than a number needs")
    used = [mark for mark in (",", ".", " ", "'") if mark in digits]
    points = [mark for mark in used if mark in ",."]
    if not used:
        return Decimal(digits), None
    if len(points) == 2 or (points and len(used) > 1):
        return _with_both(digits, used), None
    mark = used[0]
    if mark not in ",." or digits.count(mark) > 1:
        return _grouped(digits, mark), None
    as_decimal = Decimal(digits.replace(mark, ".") if digits[-1] != mark else digits[:-1])
    if _LONE.fullmatch(digits):
        return (_grouped(digits, mark), as_decimal) if mark == "," else (as_decimal, _grouped(digits, mark))
    return as_decimal, None


def _with_both(digits: str, used: list[str]) -> Decimal:
    """Digits with marks of thousands and one decimal mark, which is the last."""
    last = max(used, key=digits.rfind)
    whole, _, fraction = digits.rpartition(last)
    others = [mark for mark in used if mark != last]
    if last not in ",." or digits.count(last) > 1 or len(others) > 1 or not re.fullmatch(r"[0-9]+", fraction):
        raise Unreadable(f'"{short(digits)}" has unclear separators: write it as 1234.5')
    return _grouped(whole, others[0]) + Decimal(f"0.{fraction}")


def _grouped(digits: str, mark: str) -> Decimal:
    if not _GROUPED[mark].fullmatch(digits) and not (mark == "," and _LAKHS.fullmatch(digits)):
        raise Unreadable(f'"{short(digits)}" is not grouped in thousands; write it without marks between the digits')
    return Decimal(digits.replace(mark, ""))


def _scaled(parts: Figure) -> Figure:
    """The number times the k, M or bn behind it, which may stand before the unit (kW)."""
    found = re.match(r"([kKMB])(?![a-z])|([A-Za-z]+)", parts.rest)
    if found is None:
        return parts
    letter, word = found[1], found[2]
    if word == "m":
        raise Unreadable("ends in m: write M for million")
    factor = MULTIPLIERS[letter] if letter else MULTIPLIER_WORDS.get(word.casefold())
    if factor is None:
        return parts
    other = None if parts.other is None else parts.other * factor
    rest = parts.rest[found.end() :].strip()
    return replace(parts, number=parts.number * factor, other=other, rest=rest, plain=False)


def settled(parts: Figure, policy: Policy, possible: Callable[[Decimal], bool]) -> Decimal:
    """The one size that a number can have: by the known mark, or because the other is impossible.

    Raises Unreadable with the question where it may be either.
    """
    size, other = parts.number, parts.other
    if other is None:
        return size
    # The larger of the two takes the mark for one of thousands.
    decimal, thousands = sorted((size, other), key=abs)
    is_comma = size == thousands
    is_grouped = policy.marks in ("point", "english") if is_comma else policy.marks == "comma"
    if parts.power and not is_grouped:  # nobody groups the digits before a power of ten
        return decimal
    if not parts.power and policy.marks in ("point", "comma"):
        return thousands if is_grouped else decimal
    if not (possible(size) and possible(other)):
        return other if possible(other) else size
    if not parts.power and is_grouped:
        return thousands
    written = (digits_of(thousands), digits_of(decimal))
    sure = f"{written[1]}0" if decimal.normalize().as_tuple().exponent == -3 else written[1]
    raise Unreadable(
        f"may be {written[0]} or {written[1]}; write {written[0]} or {sure}",
        Question(
            "marks",
            (written[0], sure),
            ("point", "comma") if is_comma else ("comma", "point"),
            (content(thousands), content(decimal)),
        ),
    )


def marks_of(texts: Iterable[str]) -> Marks:
    """The decimal mark that the numbers of a file or column give away; "ask" if they say nothing or contradict."""
    told: set[Marks] = {mark for text in texts if (mark := _tells(text))}
    return told.pop() if len(told) == 1 else "ask"


def _tells(text: str) -> Marks | None:
    """The decimal mark without which a number makes no sense."""
    try:
        parts = figure(text)
    except Unreadable:
        return None
    used = re.findall(r"[.,]", tidy(text).removesuffix("."))
    if not used or parts.other is not None or parts.rest not in ("", *PERCENT):
        return None
    is_grouped = len(used) > 1 and len(set(used)) == 1
    return "point" if (used[-1] == ".") != is_grouped else "comma"


def plain(text: str, *, grouped: bool = False) -> float | None:
    """A number as programs write it: digits, a point, a power of ten; `grouped` takes commas between thousands, too.

    None for anything else. Beyond the largest float it is infinite.
    """
    held = text.strip()
    if _PLAIN.fullmatch(held) or (grouped and _PLAIN_GROUPED.fullmatch(held)):
        return float(held.replace(",", ""))
    return None


# -------------------------------------------------------------------------------------------------------------- shares


def share(
    parts: Figure,
    policy: Policy,
    *,
    possible: Callable[[Decimal], bool] = lambda part: 0 <= part <= 1,
    unclear: tuple[Decimal, Decimal] | None = None,
) -> Decimal:
    """A share or a yearly change as a part of 1, with or without its % sign: 12 is 12 %, 0.12 as well.

    Bare numbers within `unclear`, and 1, may be either, and so is a small number of a source that counts in percent.
    `possible` says of a part whether it can be meant. Raises Unreadable, with the question where it may be two shares.
    """
    if parts.rest in PERCENT:
        return settled(parts, policy, lambda size: possible(size / 100)) / 100
    size = settled(parts, policy, possible if policy.shares == "parts" else lambda size: possible(size / 100))
    if size == 0 or policy.shares == "parts":
        return size
    low, high = unclear or (Decimal(1), Decimal(1))
    if abs(size) == 1 or low <= abs(size) < high:
        if policy.shares == "percent":
            return size / 100
        raise either_share(size)
    return size if abs(size) < 1 and policy.shares == "ask" else size / 100


def either_share(size: Decimal) -> Unreadable:
    """The question whether a bare number is a percentage or a part of 1."""
    readings = (f"{digits_of(size)}%", f"{digits_of(size * 100)}%")
    meant = (content(size / 100), content(size))
    return Unreadable(
        f"may be {readings[0]} or {readings[1]}; write the % sign",
        Question("shares", readings, ("percent", "parts"), meant),
    )


# --------------------------------------------------------------------------------------------------------- other kinds


def day(text: str, policy: Policy = ASK) -> Reading:
    """A day as 2026-01-31, 31.1.2026, 31/01/2026, 31 January 2026 or January 31, 2026 (in German and French too).

    Where day and month may be exchanged, the question which it is.
    """
    held = text.strip()
    if found := _YEAR_FIRST.fullmatch(held):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_SIGNS.fullmatch(held):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if (found := _NAMED_DAY.fullmatch(held) or _NAMED_MONTH.fullmatch(held)) and (month := _month(found["month"])):
        return _day(int(found["year"]), month, int(found["day"]))
    found = _YEAR_LAST.fullmatch(held)
    if found is None:
        return Reading(fault="is no date; write it as 2026-01-31")
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    # With points the day stands first everywhere.
    if found[2] == "." or first > 12 or first == second or (policy.days == "day first" and second <= 12):
        return _day(year, second, first)
    if second > 12 or policy.days == "month first":
        return _day(year, first, second)
    both = (datetime.date(year, second, first), datetime.date(year, first, second))
    one, two = (each.isoformat() for each in both)
    fault = f"may be {one} or {two}; write the one that is meant"
    return Reading(fault=fault, question=Question("days", (one, two), ("day first", "month first"), both))


def days_of(texts: Iterable[str]) -> Days:
    """What stands first in the dates of a file, where they give it away; else "ask"."""
    told: set[Days] = set()
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip())
        if found and found[2] != "." and (int(found[1]) > 12) != (int(found[3]) > 12):
            told.add("day first" if int(found[1]) > 12 else "month first")
    return told.pop() if len(told) == 1 else "ask"


def _month(name: str) -> int | None:
    """The number of the month that a name begins like; None for any other word."""
    folded = name.casefold()
    starts = (max((len(start) for start in names if folded.startswith(start)), default=0) for names in _MONTHS)
    longest, number = max((length, -number) for number, length in enumerate(starts, start=1))
    return -number if longest else None


def _day(year: int, month: int, number: int) -> Reading:
    try:
        return Reading(datetime.date(year, month, number))
    except ValueError:
        return Reading(fault="is no day that exists; write it as 2026-01-31")


def yes_or_no(text: str) -> Reading:
    """Yes or no, in the words of forms and spreadsheets."""
    word = tidy(text).casefold()
    if word in YES or word in NO:
        return Reading(word in YES)
    return Reading(fault=f'"{short(tidy(text))}" is neither yes nor no')


# ------------------------------------------------------------------------------------------------------- for messages


def digits_of(size: Decimal) -> str:
    """All digits of a number, without marks of thousands or a power of ten."""
    return f"{size.normalize():f}"


def content(size: Decimal) -> float | int:
    """The number as a study holds it: whole where it is."""
    whole = size == size.to_integral_value() and abs(size) < 2**53
    return int(size) if whole else float(size)


def short(text: str) -> str:
    """A text as it may stand in a message."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."
