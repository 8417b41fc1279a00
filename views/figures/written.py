"""How figures are written: three significant digits for unit costs, money rounded to what matters, units in words.

Nothing here draws. Text that a user typed goes through `plain` before it stands in markdown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.analysis.metrics.headlines import Figure
from models.analysis.words import listing, percent, unit_words

NONE = "n/a"
UNIT_COST_DIGITS, PHYSICAL_DIGITS, MONEY_DIGITS, EXACT_DIGITS = 3, 3, 3, 7
# A rate of return above this says that hardly anything is laid out first.
LARGEST_RATE = 10.0
# Below this a decimal fraction has more zeros than anybody counts.
SMALLEST_DECIMAL = 1e-9
_LARGE: tuple[tuple[float, str], ...] = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def significant(value: float, digits: int) -> str:
    """A number with that many significant digits, thousands separators and no exponent: 0.0000836, 12.1, 1,230.

    Digits that say nothing are not shown as zeros after the point (0.5, not 0.500); whole numbers keep their place.
    """
    if value == 0:
        return "0"
    if abs(value) < SMALLEST_DECIMAL:
        return f"{value:.{digits - 1}e}"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    # Rounding may carry into another digit (9.996 to 10.0): the number of decimals follows the rounded value.
    decimals = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, decimals)}f}"


def unit_cost(value: float | None) -> str:
    """A price of something small: three significant digits, trailing zeros kept, so that prices line up in meaning."""
    return NONE if value is None else significant(value, UNIT_COST_DIGITS)


def physical(value: float | None) -> str:
    """A quantity: three significant digits, large ones as millions or billions."""
    return NONE if value is None else _large(value, PHYSICAL_DIGITS) or significant(value, PHYSICAL_DIGITS)


def money(value: float | None) -> str:
    """An amount of money, rounded to what matters: 2.73 million, 183,000, 612, 4.50."""
    if value is None:
        return NONE
    return _large(value, MONEY_DIGITS) or significant(value, MONEY_DIGITS)


def _large(value: float, digits: int) -> str:
    for size, name in _LARGE:
        # What would round up to the next name belongs to it: 999,600 is 1.00 million.
        if float(f"{abs(value):.{digits - 1}e}") >= size:
            return f"{significant(value / size, digits)} {name}"
    return ""


def share(value: float | None) -> str:
    """A share as a percentage; see `models.analysis.words.percent`."""
    return NONE if value is None else percent(value)


def rates(roots: Sequence[float]) -> str:
    """Rates of return, every one of them: "9.1 %", "9.1 % and 45.6 %"; "" without any."""
    return listing([f"{100 * root:.1f} %" if root <= LARGEST_RATE else "above 1,000 %" for root in roots])


def exact(value: Any) -> str:
    """A figure as it went into a formula: seven digits, so that a person can compute it again."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if value == int(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    if SMALLEST_DECIMAL <= abs(value) < 1e7:
        decimals = EXACT_DIGITS - 1 - math.floor(math.log10(abs(value)))
        return f"{value:,.{max(0, decimals)}f}".rstrip("0").rstrip(".")
    return f"{value:,.0f}" if 1e7 <= abs(value) < 1e15 else f"{value:.{EXACT_DIGITS - 1}e}"


def figure(found: Figure) -> str:
    """A headline's figure without its unit."""
    if found.value is None:
        return NONE
    if isinstance(found.value, str):
        return found.value
    return {"unit_cost": unit_cost, "money": money, "share": share, "physical": physical}[found.kind](found.value)


def of_line(value: Any, unit: str) -> str:
    """A figure of a line, by the line's unit as the model writes it."""
    if value is None or isinstance(value, str):
        return value or NONE
    if unit == "money":
        return money(value)
    return unit_cost(value) if unit.startswith("money") else physical(value)


def change(now: float | None, before: float | None) -> str | None:
    """What an edit did to a figure, "+3.2 %", or None where it did nothing that can be seen."""
    if now is None or not before:
        return None
    points = 100 * (now / before - 1)
    return None if abs(points) < 0.05 else f"{points:+,.1f} %"


# -------------------------------------------------------------------------------------------------------- table columns


@dataclass(frozen=True)
class Scale:
    """A divisor for a whole table, so that its figures line up: `word` is "", "thousand" or "million"."""

    divisor: float
    word: str
    decimals: int

    def text(self, value: float | None) -> str:
        """The value in this scale."""
        if value is None:
            return NONE
        shown = f"{value / self.divisor:,.{self.decimals}f}"
        return shown.removeprefix("-") if float(shown.replace(",", "")) == 0 else shown


def scale(values: Iterable[float | None]) -> Scale:
    """The scale in which the largest of the values has three to six digits before the point; counts stay whole."""
    known = [v for v in values if v is not None]
    largest = max(map(abs, known), default=0.0)
    if largest >= 1e9:
        return Scale(1e6, "million", 0)
    if largest >= 1e6:
        return Scale(1e3, "thousand", 0)
    if largest >= 1e3 or all(v == int(v) for v in known):
        return Scale(1.0, "", 0)
    decimals = UNIT_COST_DIGITS - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    return Scale(1.0, "", min(max(0, decimals), 12))


# Lines of plain numbers that are shares of something; other plain numbers are counts or factors.
SHARES = frozenset(
    "utilisation power_share peak_served_share production_share busy_share used_share served_share served_fraction "
    "accepted_share cost_share cached_share margin_on_revenue margin_on_cost".split()
)
# Units that change their name, not their word, when they grow.
_LARGER: Mapping[str, tuple[tuple[float, str], ...]] = {"kWh": ((1e6, "GWh"), (1e3, "MWh")), "kW": ((1e3, "MW"),)}


def row(
    name: str, values: Sequence[Any], unit: str, currency: str, common: Scale | None = None
) -> tuple[list[str], str]:
    """The figures of a line as they stand side by side in a table, and their unit: one scale, so that they line up.

    `common` is the scale of several lines of a table; without it the line has its own.
    """
    if any(isinstance(value, str) for value in values):
        return [str(value) if value else NONE for value in values], ""
    if name in SHARES:
        return [share(value) for value in values], ""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    for size, larger in _LARGER.get(unit, ()):
        if largest >= 10 * size:
            fit = scale(v / size for v in values if v is not None)
            return [NONE if v is None else fit.text(v / size) for v in values], larger
    fit = common or scale(values)
    return [fit.text(value) for value in values], f"{fit.word} {unit_words(unit, currency)}".strip()


# ----------------------------------------------------------------------------------------------------------------- text

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")
# Streamlit turns :name: and :name[...] into icons and colours after markdown has been read, so that a backslash does
# not help: the colon stays, and a joiner without width keeps it from meaning anything.
_COLON = re.compile(r":(?=[A-Za-z]|[\w+/-]+:)")
WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text for markdown in which nothing is a mark: no link, no HTML, no formula between dollar signs, no icon."""
    return _MARKS.sub(r"\\\1", _COLON.sub(f":{WORD_JOINER}", " ".join(text.split())))


def safe_link(url: str | None) -> str | None:
    """The address if it leads to a web page, else None: an address from a file may be a script."""
    found = (url or "").strip()
    return found if re.match(r"https?://[^\s<>\"']+$", found) else None
