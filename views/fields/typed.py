"""What people type, read as the number they mean; what could mean two numbers is refused with both ways to write it.

Nothing here guesses, rounds or clamps: a `Reading` holds the value, or the fault and how to mend it. Numbers are read
digit by digit (`Decimal`), so that "7.23%" is exactly what 0.0723 is in a study file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from models.notation import writer
from models.studies import schema
from models.studies.field import LARGEST_YEARLY_CHANGE
from models.studies.schema import Field
from models.studies.spelling import nearest_hint
from views.figures import wording
from views.figures.wording import is_percent

# How "1,234" and "1.234" are read, which alone do not tell: as an English reader does, not at all, or by a mark that
# was chosen for the whole table.
Marks = Literal["english", "ask", "point", "comma"]

# A letter counts as it is written (a small m may be milli), a word in any case.
MULTIPLIERS: dict[str, int] = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
MULTIPLIER_WORDS: dict[str, int] = {"thousand": 10**3, "million": 10**6, "mio": 10**6, "bn": 10**9, "billion": 10**9}
CURRENCY_SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
}
YES, NO = ("yes", "true", "y", "1"), ("no", "false", "n", "0")
# A bare number between these may be a share or a percentage of a yearly change: 0.5 is 50 % or 0.5 %.
UNCLEAR_CHANGE = (Decimal("0.3"), Decimal(3))
# Behind a success rate; up to so many a bare number may be meant as tries.
TRIES = ("tries", "try", "tries per answer", "tries per good answer")
MOST_TRIES = 20
LONGEST_TEXT = 60
LARGEST_POWER_OF_TEN = 30

_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f"), " ")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<digits>[0-9][0-9 ,.'’]*|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]{1,3})?(?P<rest>.*)", re.DOTALL
)
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})+") for mark in (",", ".", " ", "'")}


@dataclass(frozen=True)
class Reading:
    """What was read: the content for the study (None is a blank), a remark on how it was understood, or the fault."""

    value: Any = None
    said: str = ""
    fault: str = ""


@dataclass(frozen=True)
class _Parts:
    """A number taken apart: its size, how else it might be meant, and what stands behind it."""

    number: Decimal
    other: Decimal | None
    rest: str
    plain: bool


class _Fault(ValueError):
    """A text that is not one number; the message is the remedy."""


def read(entry: Field, text: str, *, marks: Marks = "english", basis: str = "", currency: str = "") -> Reading:
    """The content that a text stands for, in the field's own unit and within its bounds; blank text is a blank."""
    tidy = " ".join(text.replace("\u2212", "-").translate(_SPACES).split())
    if not tidy:
        return Reading(fault="is required and cannot be blank") if entry.required else Reading()
    if entry.kind in ("number", "whole"):
        return _number(entry, tidy, marks, basis, currency)
    if entry.kind == "boolean":
        return _yes_or_no(tidy)
    if entry.kind == "choice":
        return _choice(entry, tidy)
    if entry.kind == "schedule":
        return _schedule(entry, tidy, marks)
    return Reading(text.strip())


def plain_number(text: str, *, marks: Marks = "english", what: str = "the number") -> Reading:
    """A number that belongs to no input, not below 0: a count of users, a rate as a benchmark prints it."""
    tidy = " ".join(text.replace("\u2212", "-").translate(_SPACES).split())
    if not tidy:
        return Reading()
    try:
        parts = _scaled(_parts(tidy))
        chosen = _settled(parts, marks, lambda number: number >= 0)
        if parts.rest:
            raise _Fault(f'"{_short(parts.rest)}" behind {what} is not understood; type the number alone')
    except _Fault as fault:
        return Reading(fault=str(fault))
    if chosen < 0:
        return Reading(fault=f"{what} cannot be negative")
    return Reading(_plain(chosen), said="" if parts.plain else spelt_number(_plain(chosen)))


# ------------------------------------------------------------------------------------------------------------- numbers


def _number(entry: Field, text: str, marks: Marks, basis: str, currency: str) -> Reading:
    percent = is_percent(entry, basis)
    try:
        bare = _without_currency(text, schema.unit(entry, basis), currency)
        parts = _scaled(_parts(bare))
        signed_percent = parts.rest in ("%", "% a year", "% per year", "%/yr") and percent
        if parts.rest and not signed_percent and not (entry.said_as == "tries" and parts.rest in TRIES):
            _unit_is_known(parts.rest, entry, basis, percent)
        scale = Decimal(100) if signed_percent else Decimal(1)
        chosen = _settled(parts, marks, lambda number: not _beyond(entry, number / scale))
        value = chosen / scale
        if percent and not signed_percent:
            value = _share_or_percent(entry, chosen, in_tries=parts.rest in TRIES)
    except _Fault as fault:
        return Reading(fault=str(fault))
    if fault := bounds_fault(entry, value, percent):
        return Reading(fault=fault)
    stored = _plain(value)
    said = "" if parts.plain and not (percent and value) else spelt(entry, stored, basis)
    return Reading(stored, said=f"read as {said}" if said and said != text else "")


def _without_currency(text: str, unit: str, currency: str) -> str:
    """The text without the currency it names, which must be that of the study and of this input."""
    code = currency.strip().upper()
    for sign, codes in CURRENCY_SIGNS.items():
        if sign in text:
            if not unit.startswith("money"):
                raise _Fault(f"is not an amount of money; leave out {sign}")
            if code and code not in codes:
                raise _Fault(f"is in {sign}, and this study counts in {code}; convert it first")
            return " ".join(text.replace(sign, "", 1).split())
    named = re.search(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])", text)
    if named and unit.startswith("money") and code:
        if named[1] != code:
            raise _Fault(f"is in {named[1]}, and this study counts in {code}; convert it first")
        return " ".join(text.replace(named[1], "", 1).split())
    return text


def _parts(text: str) -> _Parts:
    """The text taken apart; raises _Fault where it is not one number."""
    if text.startswith("="):
        raise _Fault("is a formula; type the number it gives")
    negative = text.startswith("(") and text.endswith(")")
    found = _NUMBER.fullmatch(text[1:-1].strip() if negative else text)
    if found is None or (negative and found["sign"]):
        raise _Fault(f'"{_short(text)}" is not a number; leave the field empty for a blank')
    digits = found["digits"].strip().replace("’", "'")
    sign = -1 if negative or found["sign"] == "-" else 1
    power = Decimal(10) ** int(found["power"][1:]) if _reasonable(found["power"]) else Decimal(1)
    number, other = _sizes(digits)
    factor = sign * power
    plain = not negative and found["power"] is None and not re.search(r"[ ,']", digits)
    return _Parts(number * factor, None if other is None else other * factor, found["rest"].strip(), plain)


def _reasonable(power: str | None) -> bool:
    if power is None:
        return False
    if abs(int(power[1:])) > LARGEST_POWER_OF_TEN:
        raise _Fault("is far too large or too small for any input")
    return True


def _sizes(digits: str) -> tuple[Decimal, Decimal | None]:
    """The size that digits with their marks stand for, a mark alone before three digits read as thousands; and where
    that mark may as well be the decimal mark, the other size."""
    if len(digits) > LONGEST_TEXT:
        raise _Fault("has far more digits than a number needs")
    used = [mark for mark in (",", ".", " ", "'") if mark in digits]
    points = [mark for mark in used if mark in ",."]
    if not used:
        return Decimal(digits), None
    if len(points) == 2 or (points and len(used) > 1):
        return _with_both(digits, used), None
    mark = used[0]
    if mark not in ",.":
        return _grouped(digits, mark), None
    if digits.count(mark) > 1:
        return _grouped(digits, mark), None
    as_decimal = Decimal(digits.replace(mark, ".").strip() if digits[-1] != mark else digits[:-1])
    if re.fullmatch(rf"[1-9][0-9]{{0,2}}{re.escape(mark)}[0-9]{{3}}", digits):
        return (_grouped(digits, mark), as_decimal) if mark == "," else (as_decimal, _grouped(digits, mark))
    return as_decimal, None


def _with_both(digits: str, used: list[str]) -> Decimal:
    """Digits with marks of thousands and one decimal mark, which is the last."""
    last = max(used, key=digits.rfind)
    whole, _, fraction = digits.rpartition(last)
    others = [mark for mark in used if mark != last]
    if last not in ",." or digits.count(last) > 1 or len(others) > 1 or not re.fullmatch(r"[0-9]+", fraction):
        raise _Fault(f'"{_short(digits)}" mixes marks of thousands and decimals; write it as 1234.5')
    return _grouped(whole, others[0]) + Decimal(f"0.{fraction}")


def _grouped(digits: str, mark: str) -> Decimal:
    if not _GROUPED[mark].fullmatch(digits):
        raise _Fault(f'"{_short(digits)}" is not grouped in thousands; write it without marks between the digits')
    return Decimal(digits.replace(mark, ""))


def _scaled(parts: _Parts) -> _Parts:
    """The number times the k, M or bn behind it, which may stand before the unit (kW)."""
    found = re.match(r"([kKMB])(?![a-z])|([A-Za-z]+)", parts.rest)
    if found is None:
        return parts
    letter, word = found[1], found[2]
    if word == "m":
        raise _Fault("ends in m, which may be milli or million; write M for million")
    factor = MULTIPLIERS[letter] if letter else MULTIPLIER_WORDS.get(word.casefold())
    if factor is None:
        return parts
    other = None if parts.other is None else parts.other * factor
    return _Parts(parts.number * factor, other, parts.rest[found.end() :].strip(), False)


def _unit_is_known(rest: str, entry: Field, basis: str, percent: bool) -> None:
    """Raises unless what stands behind the number is the input's own unit, or the start of it."""
    if rest == "%":
        raise _Fault(f"is not a percentage; type it in {_unit_word(entry, basis)}")
    unit = "%" if percent else schema.unit(entry, basis)
    counted, _, per = unit.partition("/")
    own = {unit, counted, f"{counted}s", f"{counted}s/{per}", f"{counted} per {per}", f"{counted}s per {per}"}
    own |= {per, f"/{per}", f"per {per}", f"per {per.replace('/', ' per ')}"}
    if rest.casefold() not in {word.casefold() for word in own if word}:
        raise _Fault(f'"{_short(rest)}" is not understood; type the number in {_unit_word(entry, basis)}')


def _unit_word(entry: Field, basis: str) -> str:
    return wording.unit(schema.unit(entry, basis), "", percent=is_percent(entry, basis)) or "plain digits"


def _settled(parts: _Parts, marks: Marks, is_possible: Any) -> Decimal:
    """The one size that a number can have: by the chosen marks, by what is possible, or as English reads it."""
    number, other = parts.number, parts.other
    if other is None:
        return number
    # The larger of the two takes the mark for one of thousands.
    decimal, thousands = sorted((number, other), key=abs)
    comma = number == thousands
    if marks in ("point", "comma"):
        return thousands if comma == (marks == "point") else decimal
    if is_possible(number) != is_possible(other):
        return number if is_possible(number) else other
    # Nobody types the zeros of 1.500 who means one and a half.
    by_hand = comma or _has_three_decimals(decimal)
    if marks == "english" and by_hand:
        return number
    sure = f"{_digits(decimal)}0" if _has_three_decimals(decimal) else _digits(decimal)
    raise _Fault(f"may be {_digits(thousands)} or {_digits(decimal)}; write {_digits(thousands)} or {sure}")


def _has_three_decimals(number: Decimal) -> bool:
    return number.normalize().as_tuple().exponent == -3


def _share_or_percent(entry: Field, number: Decimal, *, in_tries: bool = False) -> Decimal:
    """A number without a % sign as a share: 12 is 12 %, 0.12 as well; raises _Fault where both would make sense.

    A success rate may also be said as the tries that a good answer takes.
    """
    size = abs(number)
    if in_tries:
        if number < 1:
            raise _Fault("is less than one try; a good answer takes at least 1")
        return 1 / number
    if number == 0:
        return number
    if entry.said_as == "tries" and 1 < size <= MOST_TRIES:
        digits = _digits(number)
        raise _Fault(f"may be {digits}% or {digits} tries per good answer; write {digits}% or {digits} tries")
    if entry.unit == "1/yr":
        if UNCLEAR_CHANGE[0] <= size < UNCLEAR_CHANGE[1]:
            raise _Fault(_either_percent(number))
        return number if size < 1 else number / 100
    if size == 1:
        raise _Fault(_either_percent(number))
    return number if size < 1 else number / 100


def _either_percent(number: Decimal) -> str:
    digits = _digits(number)
    return f"may be {digits}% or {_digits(number * 100)}%; write the % sign"


def bounds_fault(entry: Field, value: Decimal, percent: bool) -> str:
    """Why a number cannot stand in the input, in its own notation; "" if it can."""
    if entry.kind == "whole" and value != value.to_integral_value():
        return f"must be a whole number, such as {_digits(value.to_integral_value())}"
    if not _beyond(entry, value):
        return ""
    show = partial(writer.as_typed, percent=percent)
    low, high = entry.minimum, entry.maximum
    parts = []
    if low is not None:
        parts.append(f"{'above' if entry.exclusive_minimum else 'at least'} {show(low)}")
    if high is not None and (high < LARGEST_YEARLY_CHANGE * 10 or value > Decimal(high)):
        parts.append(f"{'below' if entry.exclusive_maximum else 'at most'} {show(high)}")
    return f"must be {' and '.join(parts)}"


def _beyond(entry: Field, value: Decimal) -> bool:
    if entry.kind == "whole" and value != value.to_integral_value():
        return True
    low = None if entry.minimum is None else Decimal(entry.minimum)
    high = None if entry.maximum is None else Decimal(entry.maximum)
    if low is not None and (value < low or (entry.exclusive_minimum and value == low)):
        return True
    return high is not None and (value > high or (entry.exclusive_maximum and value == high))


# --------------------------------------------------------------------------------------------------------- other kinds


def _yes_or_no(text: str) -> Reading:
    if text.casefold() in YES:
        return Reading(True)
    if text.casefold() in NO:
        return Reading(False)
    return Reading(fault=f'"{_short(text)}" is neither yes nor no')


def _choice(entry: Field, text: str) -> Reading:
    by_word = {schema.choice_label(entry.name, choice).casefold(): choice for choice in entry.choices}
    by_word |= {choice.casefold(): choice for choice in entry.choices}
    if text.casefold() in by_word:
        return Reading(by_word[text.casefold()])
    words = [schema.choice_label(entry.name, choice) for choice in entry.choices]
    return Reading(fault=f'"{_short(text)}" is none of: {", ".join(words)}{nearest_hint(text, words)}')


def _schedule(entry: Field, text: str, marks: Marks) -> Reading:
    """A named schedule, or yearly shares: "50 %; 30 %; 20 %" or "0.5 0.3 0.2"."""
    named = _choice(entry, text)
    if not named.fault or not re.match(r"[0-9.,]", text):
        return named
    words = text.split(";") if ";" in text else re.findall(r"[^\s%]+(?:\s*%)?", text)
    share = schema.field("api", "batch_share")
    shares = [_number(share, word.strip().strip(","), marks, "", "") for word in words]
    if fault := next((each.fault for each in shares if each.fault), ""):
        return Reading(fault=f"yearly shares: {fault}")
    values = [each.value for each in shares]
    total = sum((Decimal(str(value)) for value in values), Decimal(0))
    if total > 1:
        return Reading(fault=f"the yearly shares add up to {_digits(total * 100)}%; together they must not exceed 100%")
    return Reading(values, said="read as " + ", ".join(_percent_text(value) for value in values))


# ------------------------------------------------------------------------------------------------------------- writing


def spelt(entry: Field, value: Any, basis: str = "", marks: Marks = "english") -> str:
    """A value as its field shows it, so that reading the text gives the value back; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return "; ".join(_percent_text(share, marks) for share in value)
    if isinstance(value, str):
        return schema.choice_label(entry.name, value) if entry.kind in ("choice", "schedule") else value
    if entry.is_year:
        return str(value)
    return _percent_text(value, marks) if is_percent(entry, basis) else spelt_number(value, marks)


def spelt_number(value: float, marks: Marks = "english") -> str:
    """A number as a field shows it, grouped by commas or, where a comma would not be clear, by spaces."""
    return writer.as_typed(value, english=marks == "english")


def _percent_text(value: float, marks: Marks = "english") -> str:
    return writer.as_typed(value, percent=True, english=marks == "english")


def _digits(number: Decimal) -> str:
    return writer.decimal_text(number, grouped=False)


def _plain(number: Decimal) -> float | int:
    whole = number == number.to_integral_value() and abs(number) < 2**53
    return int(number) if whole else float(number)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."
