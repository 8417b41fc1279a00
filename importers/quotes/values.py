"""What a cell means: the number, date or choice that was plainly meant, or a fault with its remedy. Never a guess.

A CSV file writes 1,234 for a thousand in one country and for one and a bit in another. Which it is follows from other
numbers of the same file, or is asked.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from typing import Literal

from importers.quotes.columns import CODES, SIGNS, Column, folded, nearest_choice
from importers.quotes.findings import shown
from importers.quotes.sheet import Cell
from importers.records.fields import one_line
from models.studies.spelling import did_you_mean

Decimal = Literal[".", ","]
LONGEST_TEXT = 200
LARGEST = 1e12
TOO_LARGE = "is far too large: check the number"
UNCLEAR = "say which decimal separator the file uses"
EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_PLAIN = re.compile(r"-?\d+")
_GROUPED = {
    ",": re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?"),
    ".": re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?"),
}
_DECIMAL = {".": re.compile(r"-?\d*\.\d+"), ",": re.compile(r"-?\d*,\d+")}
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_CODE = re.compile(r"[A-Z]{3}")
# Words in place of a price: that another price contains it, and that there is none.
CONTAINED_WORDS = frozenset("included incl inclusive inkl inklusive enthalten free foc kostenlos gratis".split())
UNPRICED_WORDS = frozenset(
    ("tbd", "tba", "tbc", "n a", "na", "none", "on request", "upon request", "poa", "auf anfrage", "a a", "k a", "")
)
_IN_FORMAT = re.compile(r"\[\$([^\]-]*)|\"([^\"]*)\"|([€£¥₹₩])")


def decimal_of(texts: Iterable[str]) -> Decimal | None:
    """The decimal separator that a file's numbers give away; None if they say nothing, or contradict each other."""
    told = {mark for text in texts if (mark := _tells(_bare(text)[0]))}
    return told.pop() if len(told) == 1 else None  # type: ignore[return-value]


def _tells(text: str) -> str | None:
    """The separator without which a number makes no sense."""
    fits = {mark for mark in (".", ",") if _parsed(text, mark) is not None}
    return fits.pop() if len(fits) == 1 and not _PLAIN.fullmatch(text) else None


def _parsed(text: str, decimal: str) -> float | None:
    group = "," if decimal == "." else "."
    if _PLAIN.fullmatch(text):
        return float(text)
    if _DECIMAL[decimal].fullmatch(text) or _GROUPED[group].fullmatch(text):
        return float(text.replace(group, "").replace(decimal, "."))
    return None


def _bare(text: str) -> tuple[str, str]:
    """A number without blanks and currency, and the sign or code that stood beside it."""
    held = _SPACES.sub("", text)
    found = re.fullmatch(r"([A-Z]{3}|[€£$¥₹₩])?(-?[\d.,]*\d)([A-Z]{3}|[€£$¥₹₩])?", held)
    if found is None or (found[1] and found[3]):
        return held, ""
    mark = found[1] or found[3] or ""
    return (found[2], mark) if not mark or mark in SIGNS or mark in CODES else (held, "")


def money_of(cell: Cell) -> str:
    """The sign or code of a currency that a cell shows beside its number, "" if none."""
    if isinstance(cell.value, str):
        return _bare(cell.value)[1]
    for found in _IN_FORMAT.finditer(cell.number_format):
        mark = (found[1] or found[2] or found[3] or "").strip()
        if mark in SIGNS or mark in CODES:
            return mark
    return ""


def money_in(heading: str) -> str:
    """The sign or code of a currency that a heading names, "" if none or several: "Net price (EUR)" names EUR."""
    found = {word for word in re.findall(r"\b[A-Z]{3}\b|[€£$¥₹₩]", heading) if word in SIGNS or word in CODES}
    return found.pop() if len(found) == 1 else ""


def is_money(mark: str, currency: str) -> bool:
    """Whether a sign or code may stand for a currency."""
    return currency in SIGNS.get(mark, (mark,))


def number(cell: Cell, decimal: Decimal | None) -> tuple[float | None, str]:
    """The number a cell holds, or None and what to do about it. `decimal` is what text uses, None where unknown."""
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
    bare, _ = _bare(text)
    if bare.endswith("%") and (share := _parsed(bare[:-1], decimal or ".")) is not None:
        return None, f"is {shown(text)}: write a share as {share / 100:g}"
    if decimal is None and _AMBIGUOUS.fullmatch(bare):
        low, high = float(bare.replace(",", ".")), float(re.sub(r"[.,]", "", bare))
        return None, f"is {shown(text)}, which may be {high:.15g} or {low:g}: {UNCLEAR}"
    found = next((n for mark in ([decimal] if decimal else [".", ","]) if (n := _parsed(bare, mark)) is not None), None)
    if found is None:
        return None, f"is {shown(text)}, no number: write the number alone"
    return (None, TOO_LARGE) if abs(found) > LARGEST else (found, "")


def is_no_price(cell: Cell) -> bool:
    """Whether a cell holds words in place of a price."""
    word = folded(cell.value) if isinstance(cell.value, str) and not cell.value.startswith("=") else None
    return word in CONTAINED_WORDS or word in UNPRICED_WORDS


def price(cell: Cell, decimal: Decimal | None) -> tuple[float | None, str]:
    """A price as `number` reads it; "included" is 0, and what is no price yet says so."""
    word = folded(cell.value) if isinstance(cell.value, str) else None
    if word in CONTAINED_WORDS:
        return 0.0, ""
    if is_no_price(cell):
        remedy = "ask for it, write 0 if another price contains it, or put the line out"
        return None, f"is {shown(cell.value)}, no price: {remedy}"
    return number(cell, decimal)


def date(cell: Cell) -> tuple[datetime.date | None, str]:
    """The date a cell holds, or None and what to do about it."""
    value = cell.value
    if isinstance(value, datetime.date):
        return (value, "") if EARLIEST <= value < LATEST else (None, f"is {value}: check the year")
    if not isinstance(value, str):
        return None, f"is {shown(value)}, no date: write it as 2026-01-31"
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (2, 1, 0)),
    ):
        if found := re.fullmatch(pattern, value):
            year, month, day = (int(found[i + 1]) for i in order)
            return _day(year, month, day, value)
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value):
        one, two, year = (int(part) for part in found.groups())
        if one <= 12 and two <= 12 and one != two:
            return None, f"is {shown(value)}, which may be two days: write it as 2026-01-31"
        return _day(year, one, two, value) if two > 12 else _day(year, two, one, value)
    return None, f"is {shown(value)}, no date: write it as 2026-01-31"


def _day(year: int, month: int, day: int, text: str) -> tuple[datetime.date | None, str]:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None, f"is {shown(text)}, and there is no such day: write it as 2026-01-31"
    return (found, "") if EARLIEST <= found < LATEST else (None, f"is {shown(text)}: check the year")


def text(cell: Cell) -> tuple[str | None, str]:
    """The text a cell holds, on one line, or None and what to do about it."""
    value = cell.value
    if isinstance(value, float):
        value = f"{value:.15g}"
    found = one_line(str(value))
    if len(str(value)) > LONGEST_TEXT:
        return None, f"is {len(str(value)):,} characters long: keep it below {LONGEST_TEXT}"
    return (found, "") if found else (None, "holds nothing that can be shown: type it again")


def choice(cell: Cell, column: Column) -> tuple[str | None, str]:
    """One of a column's choices, or None and what to do about it."""
    found = nearest_choice(str(cell.value), column.choices)
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


def share(cell: Cell, decimal: Decimal | None, *, in_percent: bool = False) -> tuple[float | None, str]:
    """A fraction from 0 to 1; a percentage only where it is written as one, or stands under a heading in percent."""
    held = str(cell.value).strip()
    if isinstance(cell.value, str) and held.endswith("%"):
        found, fault = number(Cell(held[:-1]), decimal)
        return (None, fault) if found is None else _fraction(found / 100, held)
    found, fault = number(cell, decimal)
    if found is None or not in_percent or "%" in cell.number_format:
        return (None, fault) if found is None else _fraction(found, held)
    if 0 < found <= 1:
        return None, f"is {shown(held)} under a heading in percent: write {found:g} % or {100 * found:g} %"
    return _fraction(found / 100, held)


def _fraction(found: float, held: str) -> tuple[float | None, str]:
    if 0 <= found <= 1:
        return float(f"{found:.12g}"), ""
    return None, f"is {shown(held)}: a share lies between 0 and 1 (write 30 % as 0.3)"
