"""How figures are written for people: one function a form, the same on a page, in a brief, a workbook and a terminal.

A figure has one text in each form. Halves are rounded away from zero, as spreadsheets do; a negative figure has a true
minus; a share that is not a bound is never written as one. Nothing here knows a study or a page.
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

# No figure, with the reason beside it; a figure that would say nothing; a zero in a table.
NONE, NOT_MEANINGFUL, ZERO = "n/a", "n/m", "\u2013"
MINUS, TIMES = "\u2212", "\u00d7"
# Below this an amount is the rest of a sum that cancels, and a decimal fraction has more zeros than anybody counts.
SMALLEST = 1e-9
SMALLEST_SHARE, LARGEST_SHARE, WHOLE_SHARE = 0.1, 99.9, 9.95
# A rate of return above this says that there is hardly any outlay.
# A rate beyond this says nothing: next to nothing was paid for it.
LARGEST_RATE = 10.0
# A figure beyond this is told as that: a float no longer holds its units, and nobody counts its digits.
LARGEST = 1e15
BEYOND = ">1,000 trillion", f"<{MINUS}1,000 trillion"
# From here on two digits tell how many times.
TWICE = 1.95
PHYSICAL_DIGITS, EXACT_DIGITS = 3, 7
# A number with more digits than anybody types is the outcome of a division; it is shown shorter.
TYPED_DIGITS = 12
CELL_DIGITS = 15
# A unit cost has cents between these, three significant digits below, and is whole above: what it is when rounded.
CENTS_FROM, WHOLE_FROM = 0.09995, 999.995
WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_EXACTLY = Context(prec=700, Emax=999999, Emin=-999999)


# ---------------------------------------------------------------------------------------------------------- the digits


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals, thousands apart; "n/a" for what is not finite, ">1,000 trillion" beyond that."""
    if not math.isfinite(value):
        return NONE
    if abs(value) > LARGEST:
        return BEYOND[value < 0]
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACTLY)
    return f"{MINUS}{-rounded:,f}" if rounded < 0 else f"{abs(rounded):,f}"


def decimals(value: float, digits: int) -> int:
    """How many decimals show so many significant digits, of the number as it is then written: 1 for 9.996 and 3."""
    if value == 0 or not math.isfinite(value):
        return 0
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(repr(abs(float(value)))))
    return digits - 1 - rounded.adjusted()


def digits(value: float | None, number: int, *, whole: bool = False) -> str:
    """A number with so many significant digits: 0.0000836, 12.1, 1,230; with `whole` all of those before the point."""
    if value is None or not math.isfinite(value):
        return NONE
    if 0 < abs(value) < SMALLEST:
        return f"{value:.{number - 1}e}".replace("-", MINUS, 1) if value < 0 else f"{value:.{number - 1}e}"
    places = decimals(value, number)
    if places >= 0 or whole:
        return fixed(value, max(0, places))
    size = Decimal(1).scaleb(-places)
    rounded = (Decimal(repr(float(value))) / size).quantize(Decimal(1), ROUND_HALF_UP, _EXACTLY) * size
    return fixed(float(rounded), 0)


def rounded(value: float, number: int) -> float:
    """A number to so many significant digits, for what is compared or kept rather than read."""
    return float(f"{value:.{number}g}")


def trimmed(text: str) -> str:
    """A number without the zeros that end its decimals."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float, text: str) -> str:
    """The written step with a plus where it is one."""
    return f"+{text}" if value > 0 else text


# --------------------------------------------------------------------------------------------------------------- costs


def cost_decimals(value: float) -> int:
    """How many decimals a unit cost has: none for nothing and from 1,000 up, two for cents, more for less."""
    size = abs(value)
    if size < SMALLEST or size >= WHOLE_FROM:
        return 0
    return 2 if size >= CENTS_FROM else decimals(value, 3)


def unit_cost(value: float | None) -> str:
    """What one of many costs, in its unit (USD per 1,000 responses, per million tokens): 0.71, 3.90, 0.0836, 1,235."""
    return NONE if value is None else fixed(value, cost_decimals(value))


def quantity(text: str, unit: str, currency: str) -> str:
    """A written figure with its unit in words, a currency before the figure: "USD 0.71 per 1,000 responses", "5 kW"."""
    word = currency or "money"
    if unit == word or unit.startswith((f"{word} ", f"{word}-", f"{word}/")):
        return f"{currency} {text}{unit[len(word) :]}".strip()
    return f"{text} {unit}".strip()


# --------------------------------------------------------------------------------------------------------------- money


@dataclass(frozen=True)
class Scale:
    """How large amounts are told: what they are divided by, how many decimals, and the scale's name.

    `mark` stands behind a figure in a sentence ("m"), `word` in the unit line of a table ("thousand").
    """

    divisor: float
    mark: str
    word: str
    decimals: int

    def text(self, value: float | None) -> str:
        """A figure of a chart or a table of differences, with a true minus; "n/a" without one."""
        return NONE if value is None else fixed(value / self.divisor, self.decimals)

    def signed(self, value: float) -> str:
        """A step: "+780", "−12"."""
        return signed(value, self.text(value))

    def statement(self, value: float | None) -> str:
        """A cell of a statement: "–" for nothing, (369) for a negative one."""
        if not value:
            return NONE if value is None else ZERO
        return f"({self.text(-value)})" if self.text(value).startswith(MINUS) else self.text(value)

    def amount(self, value: float, currency: str = "") -> str:
        """Money in a sentence: "USD 0.77m", "USD −0.27m"; "USD <0.01m" for what is little and not nothing.

        What is beyond a thousand trillion is told as that: "USD >1,000tn".
        """
        if SMALLEST <= abs(value) < self.divisor * 10.0**-self.decimals / 2:
            text = f"{MINUS if value < 0 else ''}<{fixed(10.0**-self.decimals, self.decimals)}"
        elif abs(value) > LARGEST:
            text = f"{f'<{MINUS}' if value < 0 else '>'}{fixed(LARGEST / self.divisor, 0)}"
        else:
            text = self.text(value)
        return f"{currency} {text}{self.mark}".strip()

    def unit(self, words: str) -> str:
        """The unit line of a table: "USD thousand"; the word stands before a unit that is no currency."""
        if not self.word:
            return words
        return f"{words} {self.word}" if re.fullmatch(r"[A-Z]{3}|money", words) else f"{self.word} {words}"


_THOUSANDS = Scale(1e3, "k", "thousand", 0)
# The scales of a sentence, each with the largest amount from which it is taken: what would be written as 1,000 of one
# is 1 of the next. The workbook writes the same table as formulas.
SENTENCE: tuple[tuple[float, Scale], ...] = (
    (999_995_000_000.0, Scale(1e12, "tn", "tn", 2)),
    (999_995_000.0, Scale(1e9, "bn", "bn", 2)),
    (999_500.0, Scale(1e6, "m", "m", 2)),
    (99_999.5, _THOUSANDS),
    (99.995, Scale(1.0, "", "", 0)),
)


def sentence_scale(amounts: Iterable[float]) -> Scale:
    """The one scale of a sentence's amounts, by the largest: millions, thousands below 1m, and whole below 100k."""
    largest = max(map(abs, amounts), default=0.0)
    found = next((scale for least, scale in SENTENCE if largest >= least), None)
    return found or Scale(1.0, "", "", cost_decimals(largest))


def amounts(values: Sequence[float], currency: str) -> list[str]:
    """The amounts of one sentence, all in one scale: ["USD 0.77m", "USD 1.35m"]."""
    scale = sentence_scale(values)
    return [scale.amount(value, currency) for value in values]


def money(value: float | None, currency: str = "") -> str:
    """An amount that stands alone: "USD 2.73m", "405k", "612", "4.50"."""
    return NONE if value is None else amounts([value], currency)[0]


def table_scale(values: Iterable[float | None]) -> Scale:
    """The scale of a table, in which the largest figure has three to six digits before the point; counts stay whole."""
    known = [v for v in values if v is not None]
    largest = max(map(abs, known), default=0.0)
    if largest >= 1e9:
        return Scale(1e6, "m", "m", 2)
    if largest >= 1e6:
        return _THOUSANDS
    if largest >= 1e3 or all(v == int(v) for v in known):
        return Scale(1.0, "", "", 0)
    return Scale(1.0, "", "", min(max(0, decimals(largest, 3)), 12))


def statement_scale(values: Iterable[float | None]) -> Scale:
    """The scale of a statement, whose years stand side by side: thousands from 10,000 on, above a table's."""
    known = [v for v in values if v is not None]
    return _THOUSANDS if 1e4 <= max(map(abs, known), default=0.0) < 1e6 else table_scale(known)


def chart_scale(values: Iterable[float | None]) -> Scale:
    """The scale of a chart or a table of few figures: millions with two decimals, else as a table's."""
    known = [v for v in values if v is not None]
    if max(map(abs, known), default=0.0) >= 1e6:
        return Scale(1e6, "m", "million", 2)
    return table_scale(known)


# -------------------------------------------------------------------------------------------- shares, changes and rates


def unit_costs(values: Sequence[float | None]) -> list[str]:
    """Unit costs side by side: with a decimal more, and if need be another, where two that differ would look alike."""
    return [
        NONE if value is None else fixed(value, places)
        for value, places in zip(values, costs_decimals(values), strict=True)
    ]


def costs_decimals(values: Sequence[float | None]) -> list[int]:
    """How many decimals each of several unit costs has beside the others; 0 for None."""
    found = [0 if value is None else cost_decimals(value) for value in values]
    for _ in range(2):
        told = [(fixed(v, places), v) for v, places in zip(values, found, strict=True) if v is not None]
        pairs = itertools.combinations(told, 2)
        alike = {text for (text, one), (other, two) in pairs if text == other and _differ(one, two)}
        found = [
            places + (value is not None and fixed(value, places) in alike)
            for value, places in zip(values, found, strict=True)
        ]
    return found


def even_decimals(values: Iterable[float | None]) -> int:
    """The decimals of unit costs that add up, or are ends of one span: three digits of the largest, or its cents."""
    largest = max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0)
    return max(0, decimals(largest, 3), cost_decimals(largest)) if largest >= SMALLEST else 0


def even_costs(values: Sequence[float | None]) -> list[str]:
    """Unit costs of one form: ["0.096", "0.190"]; what is little and not nothing is "<0.01", not 0.00."""
    scale = Scale(1.0, "", "", even_decimals(values))
    return [NONE if value is None else scale.amount(value) for value in values]


def cost_span(low: float, high: float, *, sentence: bool = False) -> str:
    """A range of unit costs, both ends with the same decimals: "0.096 to 0.190"."""
    return span(*even_costs([low, high]), sentence=sentence)


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > SMALLEST * abs(one)


def share(value: float | None) -> str:
    """A share: 29%, one decimal below 10% and beside 100%; what is not 0 or 1 is "<0.1%" or ">99.9%", not a bound."""
    if value is None or not math.isfinite(value):
        return NONE
    points = 100 * value
    size, beside = abs(points), abs(points - 100)
    if points == 0 or beside < SMALLEST:
        return f"{fixed(points, 0)}%"
    if size < SMALLEST_SHARE:
        return f"<{SMALLEST_SHARE}%" if points > 0 else f">{MINUS}{SMALLEST_SHARE}%"
    if LARGEST_SHARE < points < 100:
        return f">{LARGEST_SHARE}%"
    if 100 < points < 100 + SMALLEST_SHARE:
        return ">100%"
    return f"{fixed(points, 1 if size < WHOLE_SHARE or beside <= 1 else 0)}%"


def of_demand(value: float | None) -> str:
    """What is served of a demand: a share of it, and beyond all of it how many times: "45%", "3.2 times the demand"."""
    if value is None or not math.isfinite(value) or value <= 1 + SMALLEST:
        return share(value)
    return f"{digits(value, 2 if value >= TWICE else 3)} times the demand"


def change(value: float | None) -> str:
    """How far something moved, as a part of what it was: "+3.1%", "−12%", "0%"."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0:
        return "0%"
    sign = "+" if value > 0 else MINUS
    size = 100 * abs(value)
    shown = f"<{SMALLEST_SHARE}" if size < SMALLEST_SHARE / 2 else fixed(size, 1 if size < WHOLE_SHARE else 0)
    return f"{sign}{shown}%"


def points(value: float) -> str:
    """How far a percentage moved: "+12 points", "−0.5 points" for 0.12 and -0.005."""
    size = 100 * value
    return f"{signed(size, fixed(size, 0 if abs(size) >= 10 else 1 if abs(size) >= 0.1 else 2))} points"


def moved(now: float | None, before: float | None) -> str | None:
    """What an edit did to a figure, "+3.2%"; None where it did nothing that can be seen."""
    if now is None or not before:
        return None
    found = now / before - 1
    return None if abs(found) < SMALLEST_SHARE / 200 else change(found)


def plain_rate(value: float | None) -> str:
    """A rate without its period: "7.23%", "8%"; two decimals at the most, and not meaningful above 1,000%."""
    if value is None or not math.isfinite(value):
        return NONE
    if value > LARGEST_RATE:
        return "n/m: above 1,000%"
    text = trimmed(fixed(100 * value, 2))
    if text == "0" and value:
        return "<0.01%" if value > 0 else f">{MINUS}0.01%"
    return f"{text}%"


def rate(value: float | None) -> str:
    """A rate a year: "7.23% p.a."."""
    return NONE if value is None else f"{plain_rate(value)} p.a."


# ---------------------------------------------------------------------------------------------- physical and plain ones


def physical(value: float | None) -> str:
    """A quantity: three significant digits, large ones in words: 958,000, 2.73 million; ">1,000 trillion" beyond."""
    if value is None or not math.isfinite(value):
        return NONE
    if abs(value) > LARGEST:
        return BEYOND[value < 0]
    for size, name in _LARGE:
        # What would round up to the next name belongs to it: 999,600 is 1.00 million.
        if float(f"{abs(value):.{PHYSICAL_DIGITS - 1}e}") >= size:
            return f"{digits(value / size, PHYSICAL_DIGITS)} {name}"
    return digits(value, PHYSICAL_DIGITS)


def watts(value: float) -> str:
    """A power: whole watts, as no meter tells them closer."""
    return f"{exact(round(value))} W"


def count(value: float) -> str:
    """A whole number, thousands apart: 1,234."""
    return fixed(value, 0)


def ratio(value: float) -> str:
    """How many times: "2.0×", "12×", "0.25×"."""
    return f"{digits(value, 2, whole=True)}{TIMES}"


def part(value: float) -> str:
    """A small part of a whole in words or as a fraction of one: "one sixth", "1/667,000"; below 1."""
    whole = 1 / value
    names = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth"}
    near = round(whole)
    return f"one {names[near]}" if near in names and abs(whole - near) < 0.05 else f"1/{digits(whole, 3)}"


def span(low: str, high: str, *, sentence: bool = False) -> str:
    """A range of written figures: "0.26 – 1.80" in a table, "0.26 to 1.80" in a sentence."""
    return f"{low} to {high}" if sentence else f"{low} {ZERO} {high}"


def exact(value: Any) -> str:
    """A figure as it went into a formula: seven digits, so that a person can compute it again; text as it is."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if SMALLEST <= abs(value) < LARGEST:
        return trimmed(fixed(value, 0) if value == int(value) else digits(value, EXACT_DIGITS, whole=True))
    return "0" if value == 0 else f"{value:.{EXACT_DIGITS - 1}e}"


def as_typed(value: float, *, percent: bool = False, english: bool = True) -> str:
    """A number with all its digits as a person types it: "12,500", "7.23%"; what nobody typed so (1/1.2) with seven.

    Not `english`, its thousands stand apart by spaces, where a comma would not be clear, and its minus is a hyphen
    either way: the text is read back.
    """
    number = Decimal(repr(value if isinstance(value, int) else float(value)))
    if len(number.as_tuple().digits) > TYPED_DIGITS:
        number = Context(prec=EXACT_DIGITS).create_decimal(number)
    text = decimal_text(number * 100 if percent else number, english=english)
    return f"{text}%" if percent else text


def decimal_text(number: Decimal, *, english: bool = True, grouped: bool = True) -> str:
    """All the digits of a decimal number, thousands apart unless not `grouped`."""
    text = f"{number.normalize():,f}" if grouped else f"{number.normalize():f}"
    if english or not grouped:
        return text
    text = text.replace(",", "\u00a0")
    # Three decimals behind a lone point might be thousands to another reader: a fourth says that they are not.
    return f"{text}0" if re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", text) else text


def in_cell(value: float) -> str:
    """A number as a cell holds it, for what reads it back: 15 digits at the most, no marks between them."""
    return decimal_text(Context(prec=CELL_DIGITS).create_decimal(Decimal(repr(value))), grouped=False)


# ------------------------------------------------------------------------------------------------------------ of time


def number_of(value: float, noun: str) -> str:
    """A count with its noun: "1 month", "1,200 systems"."""
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def in_words(value: float) -> str:
    """A count in words up to ten: "five", "12"."""
    return WORDS[int(value)] if value == int(value) and 1 <= value <= 10 else count(value)


def years(value: float) -> str:
    """A span of years: "five years" up to ten, "12 years", "2.5 years"."""
    if value == int(value) and 1 <= value <= 10:
        return f"{in_words(value)} year{'' if value == 1 else 's'}"
    text = count(value) if value == int(value) else fixed(value, 1)
    return f"{text} years"


def months(value: float) -> str:
    """A span of months: "6 months", "2.5 months"."""
    text = trimmed(fixed(value, 1))
    return f"{text} month{'' if text == '1' else 's'}"


def date(value: datetime.date) -> str:
    """A day: "29 Nov 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime.datetime) -> str:
    """A day and time: "29 Nov 2026, 09:14"."""
    return f"{date(value)}, {value.hour:02}:{value.minute:02}"
