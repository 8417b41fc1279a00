"""A waterfall as a native chart: stacked columns on an invisible base, right below and across zero as well.

Each step from one height to the next is cut at zero: what lies above is stacked upwards from the base, what lies below
downwards, so no part is ever drawn on the wrong side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_col_to_name

from models.analysis.metrics.palette import ACCENT, CHEAPER, DEARER, Tone
from workbook.writing import drawing
from workbook.writing.book import Book
from workbook.writing.page import Page, address

TOTALS = Tone("The two options", ACCENT)
COLUMNS = ("Height", "Base", TOTALS.label, DEARER.label, "Of it below 0", CHEAPER.label, "Of it below 0")
HEIGHT, BASE, WHOLE, MORE, MORE_BELOW, LESS, LESS_BELOW = range(len(COLUMNS))
WIDTH = 14


@dataclass(frozen=True)
class Steps:
    """Consecutive rows of a sheet: the first and last are totals, those between move from one to the other.

    `labels` and `amounts` are columns, counted from 0; `values` are what stands in `amounts`.
    """

    first: int
    labels: int
    amounts: int
    values: Sequence[float]

    @property
    def last(self) -> int:
        return self.first + len(self.values) - 1

    @property
    def heights(self) -> list[float]:
        """How high each step ends; the last is a height of its own."""
        found = [self.values[0]]
        for amount in self.values[1:-1]:
            found.append(found[-1] + amount)
        return [*found, self.values[-1]]


def columns(page: Page, steps: Steps, start: int, style: str) -> None:
    """Write what the chart draws, as formulas beside the rows, from the column `start` on; heads in the row above."""
    for i, text in enumerate(COLUMNS):
        page.text(steps.first - 1, start + i, text, page.styles.column_of_figures)
    heights = steps.heights
    for i, amount in enumerate(steps.values):
        row, total = steps.first + i, i in (0, len(steps.values) - 1)
        cell = f"${xl_col_to_name(steps.amounts)}{row}"
        now, before = (f"${xl_col_to_name(start + HEIGHT)}{r}" for r in (row, row - 1))
        texts = _total(cell) if total else _step(cell, now, before)
        values = _total_values(amount) if total else _step_values(heights[i - 1], heights[i])
        for j, (text, value) in enumerate(zip(texts, values, strict=True)):
            page.formula(row, start + j, f"={text}", value, num_format=style, align="right")


def _total(cell: str) -> tuple[str, ...]:
    return (cell, "0", cell, "0", "0", "0", "0")


def _total_values(amount: float) -> tuple[float, ...]:
    return (amount, 0.0, amount, 0.0, 0.0, 0.0, 0.0)


def _step(cell: str, now: str, before: str) -> tuple[str, ...]:
    """The height, the base, and the parts above and below zero of a step up or down."""
    up, down = f"({now}>{before})", f"({now}<{before})"
    return (
        f"{before}+{cell}",
        f"MAX(0,MIN({before},{now}))+MIN(0,MAX({before},{now}))",
        "0",
        f"{up}*(MAX(0,{now})-MAX(0,{before}))",
        f"{up}*(MIN(0,{before})-MIN(0,{now}))",
        f"{down}*(MAX(0,{before})-MAX(0,{now}))",
        f"{down}*(MIN(0,{now})-MIN(0,{before}))",
    )


def _step_values(before: float, now: float) -> tuple[float, ...]:
    up, down = now > before, now < before
    return (
        now,
        max(0.0, min(before, now)) + min(0.0, max(before, now)),
        0.0,
        up * (max(0.0, now) - max(0.0, before)),
        up * (min(0.0, before) - min(0.0, now)),
        down * (max(0.0, before) - max(0.0, now)),
        down * (min(0.0, now) - min(0.0, before)),
    )


def chart(book: Book, sheet: str, steps: Steps, start: int, title: str, axis: tuple[str, str]) -> Chart:
    """The chart over columns that `columns` wrote; `axis` is its unit and number format."""
    unit, shown = axis
    made = drawing.chart(book, "column", title, unit, subtype="stacked", shown=shown)

    def cells(column: int) -> str:
        letters = xl_col_to_name(column)
        return address(sheet, f"${letters}${steps.first}:${letters}${steps.last}")

    names = cells(steps.labels)
    made.add_series(
        {
            "name": COLUMNS[BASE],
            "categories": f"={names}",
            "values": f"={cells(start + BASE)}",
            "fill": {"none": True},
            "border": {"none": True},
            "gap": 40,
        }
    )
    for column, tone in ((WHOLE, TOTALS), (MORE, DEARER), (MORE_BELOW, DEARER), (LESS, CHEAPER), (LESS_BELOW, CHEAPER)):
        drawing.filled(made, COLUMNS[column], names, cells(start + column), tone.colour)
    # The base and the parts below zero are no kinds of their own.
    made.set_legend({"position": "bottom", "delete_series": [0, 3, 5]})
    return made
