"""The workbook's looks: one palette, number formats that fit unit and size, cell formats made once each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from models.notation.writer import CENTS_FROM, SMALLEST, SMALLEST_SHARE, ZERO, costs_decimals
from models.studies.inputs import schema
from models.studies.inputs.schema import Field

INPUT, LINK, STRUCTURAL, BLACK = "#0000FF", "#008000", "#808080", "#000000"
INPUT_FILL, HEADING_FILL, ACCENT, RULE = "#FFFFE5", "#EAF0F6", "#1F4E79", "#BFBFBF"
FOUND = "#D1700B"
CHOSEN_FILL = "#E3F1E3"
FAILS, FAILS_FILL = "#9C0006", "#FFC7CE"
ASSUMED_FILL = "#FBE3CF"
DIFFERS_FILL = "#FFDC8C"
# What a plain number is to be read as a percentage for, by how it is labelled.
SHARE = re.compile(
    r"^(Share|Chance|Utilisation|Efficiency|Margin on|Depreciated|Success rate|Interest of|Resale value|Worth at|"
    r"Claimed by)\b|share of|share$"
)
# Whole amounts as statements have them: (369) below nothing, a dash for nothing.
STATEMENT = f'#,##0_);(#,##0);"{ZERO}"_)'
FONT, SIZE, SMALL = "Arial", 10, 8
# A part below its whole, or words at the right of a figure; without a side given, spreadsheets leave an indent out.
INDENTED: dict[str, Any] = {"align": "left", "indent": 1}
PERIODS = ("yr", "month")
LARGE, SIGNIFICANT, MOST_DECIMALS, TYPED_DIGITS = 1e3, 3, 11, 4
# A row with a figure of more digits than its column holds is told in billions, from one billion on.
LONG, BILLION = "10000000000", "1000000000"
# Negative figures with decimals, as statements have them.
_NEGATIVE = f'{{0}}_);({{0}});"{ZERO}"_)'


class Styles:
    """Cell formats by their properties, each made once."""

    def __init__(self, file: Workbook) -> None:
        self._file = file
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._file.add_format({"font_name": FONT, "font_size": SIZE, **properties})
        return self._made[key]

    @property
    def title(self) -> Format:
        return self.get(bold=True, font_size=16, font_color=ACCENT)

    @property
    def heading(self) -> Format:
        return self.get(bold=True, bg_color=HEADING_FILL, font_color=ACCENT)

    @property
    def column(self) -> Format:
        return self.get(bold=True, bottom=1, border_color=RULE, text_wrap=True, valign="top")

    @property
    def column_of_figures(self) -> Format:
        return self.get(bold=True, bottom=1, border_color=RULE, text_wrap=True, valign="top", align="right")

    @property
    def column_beside(self) -> Format:
        return self.get(bold=True, bottom=1, border_color=RULE, text_wrap=True, valign="top", **INDENTED)

    @property
    def text(self) -> Format:
        return self.get()

    @property
    def wrapped(self) -> Format:
        return self.get(text_wrap=True, valign="top")

    @property
    def quiet(self) -> Format:
        return self.get(font_color=STRUCTURAL)

    @property
    def link(self) -> Format:
        return self.get(font_color=ACCENT, underline=1)


def line_format(label: str, unit: str, values: Iterable[Any]) -> str:
    """`number_format` for a line of the model, which is a share where its label says so."""
    values = list(values)
    return number_format("1/yr" if unit == "1" and SHARE.search(label) else unit, values)


def number_format(unit: str, values: Iterable[Any]) -> str:
    """How figures of a unit and size are shown: rates in per cent, thousands apart, costs with cents, others
    with about three significant digits."""
    numbers = [abs(float(v)) for v in values if isinstance(v, int | float) and math.isfinite(v)]
    largest = max(numbers, default=0.0)
    smallest = min((n for n in numbers if n), default=largest)
    if unit == "1/yr":
        return "0.0%" if largest == 0 or largest >= SMALLEST_SHARE / 100 else f"0.{'0' * _decimals(100 * largest)}%"
    if unit in PERIODS:
        return "0" if all(n == int(n) for n in numbers) else "0.0"
    if largest >= LARGE or largest < SMALLEST or all(n == int(n) for n in numbers):
        whole = STATEMENT if unit == "money" else "#,##0"
        return whole if largest < float(LONG) else f'[>={BILLION}]#,##0.0,,," bn";{whole.split(";")[0]}'
    if unit.startswith("money") and smallest >= CENTS_FROM:
        return "#,##0.00"
    return "#,##0." + "0" * min(MOST_DECIMALS, _decimals(smallest if largest < 10 * smallest else 10 * smallest))


def costs_format(costs: Sequence[float | None]) -> str:
    """How unit costs side by side are shown: those that differ do not look alike."""
    places = max(costs_decimals(costs), default=0)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def in_brackets(shown: str) -> str:
    """A number format whose negative figures stand in brackets, as in statements."""
    return _NEGATIVE.format(shown)


def percent_format(values: Iterable[Any]) -> str:
    """How shares that somebody typed are shown: in per cent, with the decimals they were typed with, at least one."""
    shares = [100 * abs(float(v)) for v in values if isinstance(v, int | float) and v and math.isfinite(v)]
    return f"0.{'0' * max((_typed_decimals(share) for share in shares), default=1)}%"


def _typed_decimals(share: float) -> int:
    """The decimals of a percentage: no more than four digits of it."""
    most = max(1, TYPED_DIGITS - 1 - math.floor(math.log10(share)))
    return next((n for n in range(1, most) if math.isclose(share, round(share, n), rel_tol=1e-9)), most)


def input_format(field: Field, unit: str, values: Iterable[Any]) -> str:
    """How values of an input are shown; `unit` is the input's, by the basis where that decides."""
    if field.is_year:
        return "0"
    return percent_format(values) if schema.in_percent(field, unit) else number_format(unit, values)


def _decimals(value: float) -> int:
    return max(1, SIGNIFICANT - 1 - math.floor(math.log10(value)))
