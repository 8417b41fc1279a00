"""What a cell means: the number, date or choice that was plainly meant, or a fault with its remedy. Never a guess.

A CSV file writes 1,234 for a thousand in one country and for one and a bit in another. Which it is follows from other
numbers of the same file, or is asked; so are days that may be months, and shares that may be percentages.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from importers.quotes.cells.columns import Column, folded, nearest_choice
from importers.quotes.cells.findings import shown
from importers.quotes.cells.sheet import Cell
from importers.quotes.cells.vocabulary import FURTHER
from importers.records.fields import one_line
from models.notation import reader
from models.notation.reader import CODES, SIGNS, Figure, Policy, Question, Unreadable
from models.notation.writer import as_typed, count, in_cell, rounded
from models.studies.inputs.spelling import did_you_mean

LONGEST_TEXT = 200
# Ends a choice that nobody said yet: "storage?" is asked about, "storage" is taken.
GUESS = "?"
LARGEST = 1e12
TOO_LARGE = "is far too large: check the number"
# What to do about a text of the file that may mean two things, and about one that a person typed.
UNCLEAR: Mapping[str, str] = {
    "marks": "say which decimal separator the file uses",
    "shares": "write the % sign, or say how the file counts shares",
    "days": "write it as 2026-01-31, or say how the file writes dates",
}
TYPED: Mapping[str, str] = {
    "marks": "type it without a mark of thousands, or with one more decimal",
    "shares": "type the % sign",
    "days": "type it as 2026-01-31",
}
EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)
# Bare discounts between these may be a part of the price or a percentage of it; nobody offers less than half a percent.
UNCLEAR_DISCOUNT = (Decimal("0.5"), Decimal(1))
UNCLEAR_PERCENT = (Decimal(0), Decimal(1))
_CODE = re.compile(r"[A-Z]{3}")
# Words in place of a price: that another price contains it, and that there is none.
CONTAINED_WORDS, UNPRICED_WORDS = frozenset(FURTHER["contained"]), frozenset(FURTHER["unpriced"])
# "/ MTok", "per million tokens", "/1M tokens", "je 1M": of money by the month or the metre it is not said so.
_OF_A_MILLION = re.compile(
    r"(?<!\s)\s*(?:/|\b(?:per|je|pro|par)\b)\s*(?:m(?:tok(?:en)?s?|illion(?:en)? (?:tokens?|jetons))"
    r"|1\s?m(?:io)?(?:\s+(?:tok(?:en)?s?|jetons))?|m (?:tokens?|jetons)|1[.,]?000[.,]?000 tokens?)\s*$",
    re.IGNORECASE,
)
_OF_A_THOUSAND = re.compile(
    r"(?<!\s)\s*(?:/|\b(?:per|je|pro|par|pour)\b)\s*(?:k(?:tok(?:en)?s?)|(?:1\s?k|1[., ]?000|thousand|tausend"
    r"|mille|millier de)"
    r"\s+(?:tok(?:en)?s?|jetons))\s*$",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"(?<=\d) ?(?:x|pcs?\.?|pieces?|units?|ea\.?|each|st\.?|stk\.?|stück|pièces?|unités?|台|個|式)$", re.IGNORECASE
)
_IN_FORMAT = re.compile(r"\[\$([^\]-]*)|\"([^\"]*)\"|([€£¥₹₩円])")


def money_of(cell: Cell) -> str:
    """The sign or code of a currency that a cell shows beside its number, "" if none."""
    if isinstance(cell.value, str):
        try:
            return reader.figure(cell.value).money
        except Unreadable:
            return ""
    for found in _IN_FORMAT.finditer(cell.number_format):
        mark = (found[1] or found[2] or found[3] or "").strip()
        if mark in SIGNS or mark in CODES:
            return mark
    return ""


def money_in(heading: str) -> str:
    """The sign or code of a currency that a heading names, "" if none or several: "Net price (EUR)" names EUR."""
    found = {word for word in re.findall(r"\b[A-Z]{3}\b|[€£$¥₹₩円]", heading) if word in SIGNS or word in CODES}
    return found.pop() if len(found) == 1 else ""


def number(
    cell: Cell, policy: Policy, *, whole: bool = False, asks: Mapping[str, str] = UNCLEAR
) -> tuple[float | None, str]:
    """The number a cell holds, or None and what to do about it; `asks` is what to do where it may be two."""
    value = cell.value
    if isinstance(value, bool | datetime.date):
        return None, f"is {shown(value)}, no number: type the number"
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > LARGEST:
            return None, TOO_LARGE
        return value, ""
    text = str(value)
    if text.startswith("="):
        return None, f"is the formula {shown(text)}: put its result in"
    try:
        parts = reader.figure(text)
        if parts.rest in reader.PERCENT:
            return None, f"is {shown(text)}: write a share as {as_typed(float(parts.number / 100))}"
        possible: Callable[[Decimal], bool] = lambda size: not whole or size == size.to_integral_value()  # noqa: E731
        found = float(reader.settled(parts, policy, possible))
    except Unreadable as fault:
        return None, _unclear(text, fault.question, asks) or f"is {shown(text)}, no number: write the number alone"
    if parts.rest:
        return None, f"is {shown(text)}, no number: write the number alone"
    return (None, TOO_LARGE) if abs(found) > LARGEST else (found, "")


def _unclear(value: Any, question: Question | None, asks: Mapping[str, str]) -> str:
    """What a cell may mean, and how to say which; "" where there is no question."""
    if question is None:
        return ""
    if question.about == "marks":
        one, two = (in_cell(each) for each in question.meant)
    else:
        one, two = question.readings
    return f"is {shown(value)}, which may be {one} or {two}: {asks[question.about]}"


def of_a_million(cell: Cell) -> Cell:
    """A price without the words beside it that say that it is of a million tokens: "$5 / MTok" holds "$5"."""
    if not isinstance(cell.value, str):
        return cell
    return replace(cell, value=_OF_A_MILLION.sub("", cell.value))


def of_a_thousand(cell: Cell) -> Cell | None:
    """A price without the words beside it that say that it is of a thousand tokens; None where none do."""
    found = _OF_A_THOUSAND.search(cell.value) if isinstance(cell.value, str) else None
    return None if found is None else replace(cell, value=found.string[: found.start()])


def of_pieces(cell: Cell) -> Cell:
    """A quantity without the words beside it that say that it is of pieces: "4 pcs" holds "4"."""
    return replace(cell, value=_PIECES.sub("", cell.value)) if isinstance(cell.value, str) else cell


def is_contained(cell: Cell) -> bool:
    """Whether a cell says that another price contains what it is the price of."""
    return isinstance(cell.value, str) and folded(cell.value) in CONTAINED_WORDS


def is_no_price(cell: Cell) -> bool:
    """Whether a cell holds words in place of a price."""
    word = folded(cell.value) if isinstance(cell.value, str) and not cell.value.startswith("=") else None
    return word in CONTAINED_WORDS or word in UNPRICED_WORDS


def price(cell: Cell, policy: Policy, *, asks: Mapping[str, str] = UNCLEAR) -> tuple[float | None, str]:
    """A price as `number` reads it; "included" is 0, and what is no price yet says so."""
    if is_contained(cell):
        return 0.0, ""
    if is_no_price(cell):
        remedy = "ask for it, enter 0 if included elsewhere, or exclude the line"
        return None, f"is {shown(cell.value)}, no price: {remedy}"
    return number(cell, policy, asks=asks)


def date(cell: Cell, policy: Policy, *, asks: Mapping[str, str] = UNCLEAR) -> tuple[datetime.date | None, str]:
    """The date a cell holds, or None and what to do about it."""
    value = cell.value
    if not isinstance(value, str | datetime.date):
        return None, f"is {shown(value)}, no date: write it as 2026-01-31"
    read = reader.day(value, policy) if isinstance(value, str) else reader.Reading(value)
    if read.fault:
        fault = _unclear(value, read.question, asks)
        return None, fault or f"is {shown(value)}, which {read.fault}"
    return (read.value, "") if EARLIEST <= read.value < LATEST else (None, f"is {shown(value)}: check the year")


def text(cell: Cell) -> tuple[str | None, str]:
    """The text a cell holds, on one line, or None and what to do about it."""
    value = cell.value
    if isinstance(value, float):
        value = in_cell(value)
    found = one_line(str(value))
    if len(str(value)) > LONGEST_TEXT:
        return None, f"is {count(len(str(value)))} characters long: keep it below {LONGEST_TEXT}"
    return (found, "") if found else (None, "holds nothing that can be shown: type it again")


def choice(cell: Cell, column: Column) -> tuple[str | None, str]:
    """One of a column's choices, or None and what to do about it. A choice with a question mark is a guess: asked."""
    text = str(cell.value).strip()
    found = nearest_choice(text.removesuffix(GUESS), column.choices)
    if found is not None and text.endswith(GUESS):
        return None, f'is a guess, "{found}": look at the line, then confirm the guess or say otherwise'
    if found is None:
        hint = did_you_mean(str(cell.value), column.choices) or f"; one of {', '.join(column.choices)}"
        return None, f"is {shown(cell.value)}, which is none of its choices{hint}"
    return found, ""


def currency(cell: Cell) -> tuple[str | None, str]:
    """The code of a currency, or None and what to do about it."""
    found = str(cell.value).strip().upper()
    if _CODE.fullmatch(found):
        return found, ""
    only = SIGNS.get(found, ())
    return (only[0], "") if len(only) == 1 else (None, f"is {shown(cell.value)}: give the code, such as USD or EUR")


def share(
    cell: Cell, policy: Policy, unclear: tuple[Decimal, Decimal] | None = None, *, asks: Mapping[str, str] = UNCLEAR
) -> tuple[float | None, str]:
    """A fraction from 0 to 1, with or without its % sign; a bare number within `unclear` is asked about, as 1 is."""
    held = str(cell.value).strip()
    if isinstance(cell.value, float) and "%" in cell.number_format:
        return _fraction(cell.value, held)
    try:
        parts = reader.figure(held) if isinstance(cell.value, str) else Figure(Decimal(repr(cell.value)))
        if parts.money or (parts.rest and parts.rest not in reader.PERCENT):
            return None, f"is {shown(held)}, no share: write it as 30% or 0.3"
        found = float(reader.share(parts, policy, unclear=unclear))
    except (Unreadable, ArithmeticError) as fault:
        asked = _unclear(held, fault.question if isinstance(fault, Unreadable) else None, asks)
        return (None, asked) if asked else number(cell, policy, asks=asks)
    return _fraction(found, held)


def counts_in_percent(cells: Iterable[Cell]) -> bool | None:
    """Whether the bare shares of a column are percentages, as one of them gives away; None where none does."""
    bare = [_bare_share(cell) for cell in cells]
    if any(size is not None and 1 < size <= 100 for size in bare):
        return True
    return False if any(size is not None and 0 < size < UNCLEAR_DISCOUNT[0] for size in bare) else None


def _bare_share(cell: Cell) -> Decimal | None:
    """A share without a % sign in or beside it, None for anything else."""
    if isinstance(cell.value, float) and math.isfinite(cell.value) and "%" not in cell.number_format:
        return Decimal(repr(cell.value))
    try:
        parts = reader.figure(cell.value) if isinstance(cell.value, str) else None
    except Unreadable:
        return None
    return None if parts is None or parts.rest or parts.other is not None else parts.number


def _fraction(found: float, held: str) -> tuple[float | None, str]:
    if 0 <= found <= 1:
        return rounded(found, 12), ""
    return None, f"is {shown(held)}: a share lies between 0 and 1 (write 30% as 0.3)"
