"""Units of measure as exponents of symbols, exact: no conversion ever happens in silence.

A general unit library would take watts for kilowatts and hours for seconds, since they differ only by a factor; the
model computes with plain numbers, so here a kilowatt is not a thousand watts until a line multiplies by ``W_PER_KW``.
Currency, token, request, system and accelerator are units like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

SYMBOLS = frozenset(
    "money token ktoken Mtoken request krequest system accelerator replica".split()
    + "ms s h day month W kW MW kg t g L m3 @capex @opex".split()
)
# A model year is the period of the model, so counts of years and rates per year are plain numbers.
ALIASES: dict[str, str] = {
    "1": "",
    "": "",
    "yr": "",
    "text": "",
    "response": "request",
    "kWh": "kW*h",
    "J": "W*s",
    "@basis": "@basis",
}


class UnitError(ValueError):
    """Two quantities that cannot be added or compared, or an unknown unit symbol."""


@dataclass(frozen=True)
class Unit:
    """A product of powers of symbols, held sorted so that equal units compare equal."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return self._combine(other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return self._combine(other, -1)

    def _combine(self, other: Unit, sign: int) -> Unit:
        powers = dict(self.powers)
        for symbol, power in other.powers:
            powers[symbol] = powers.get(symbol, 0) + sign * power
        return Unit(tuple(sorted((s, p) for s, p in powers.items() if p)))

    def __str__(self) -> str:
        over = "*".join(s if p == 1 else f"{s}^{p}" for s, p in self.powers if p > 0)
        under = "".join(f"/{s}" * -p for s, p in self.powers if p < 0)
        return (over or "1") + under


ONE = Unit()


@cache
def unit(text: str) -> Unit:
    """The unit that ``text`` writes, such as ``"money/kW/month"`` or ``"token*h"``.

    Raises UnitError for a symbol that is not in SYMBOLS or ALIASES.
    """
    total, sign = ONE, 1
    for part in re.split(r"([*/])", text.replace(" ", "")):
        if part in "*/" and part:
            sign = 1 if part == "*" else -1
            continue
        factor = _symbol(part, text)
        total = total * factor if sign > 0 else total / factor
    return total


def _symbol(part: str, text: str) -> Unit:
    if part in SYMBOLS:
        return Unit(((part, 1),))
    if part in ALIASES and part != "@basis":
        return unit(ALIASES[part]) if ALIASES[part] else ONE
    raise UnitError(f"unknown unit {part!r} in {text!r}; known are {', '.join(sorted(SYMBOLS | ALIASES.keys()))}")
