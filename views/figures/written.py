"""Figures of headlines and lines as pages show them, by `models.notation.writer`.

Nothing here draws. Text that a user typed goes through `plain` before it stands in markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from models.analysis.metrics.headlines import Figure
from models.analysis.words import SHARES, line_text, line_texts, unit_words
from models.notation.writer import NONE, Scale, money, physical, share, unit_cost
from models.notation.writer import table_scale as scale


def figure(found: Figure) -> str:
    """A headline's figure without its unit."""
    if found.value is None:
        return NONE
    if isinstance(found.value, str):
        return found.value
    return {"unit_cost": unit_cost, "money": money, "share": share, "physical": physical}[found.kind](found.value)


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
        return [line_text(name, value, unit, currency)[0] for value in values], ""
    largest = max((abs(v) for v in values if v is not None), default=0.0)
    for size, larger in _LARGER.get(unit, ()):
        if largest >= 10 * size:
            fit = scale(v / size for v in values if v is not None)
            return [NONE if v is None else fit.text(v / size) for v in values], larger
    fit = common or scale(values)
    write = fit.statement if unit == "money" else fit.text
    return [write(value) for value in values], fit.unit(unit_words(unit, currency))


def across(
    name: str, values: Sequence[float | None], unit: str, currency: str, common: Scale | None = None
) -> tuple[list[str], str]:
    """A line's figures side by side, and their unit: money in one scale, which stands in the unit; others as alone.

    `common` is the scale of several lines of money, so that they compare at a glance.
    """
    if unit == "money":
        return row(name, values, unit, currency, common)
    return line_texts(name, values, unit, currency)


# ----------------------------------------------------------------------------------------------------------------- text

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")
# Streamlit turns :name: and :name[...] into icons and colours after markdown has been read, so that a backslash does
# not help: the colon stays, and a joiner without width keeps it from meaning anything.
_COLON = re.compile(r":(?=[A-Za-z]|[\w+/-]+:)")
WORD_JOINER = "\u2060"
# An address becomes a link after the backslashes are gone, too: where it would begin to be one it is taken apart.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text for markdown in which nothing is a mark: no link, no HTML, no formula between dollar signs, no icon."""
    apart = _ADDRESS.sub(WORD_JOINER, _COLON.sub(f":{WORD_JOINER}", " ".join(text.split())))
    return _MARKS.sub(r"\\\1", apart)


def safe_link(url: str | None) -> str | None:
    """The address if it leads to a web page, else None: an address from a file may be a script."""
    found = (url or "").strip()
    return found if re.match(r"https?://[^\s<>\"']+$", found) else None
