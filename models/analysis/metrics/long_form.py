"""Every figure of a run as one long table: a row for each option, line, year and workload, ready for a pivot table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from models.run.model import OptionResult, Result
from models.run.opened import unit_text

# A spreadsheet reads text that begins like this as a formula; a mark before it keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Figure:
    """One figure. `workload` is "" for the whole mix, `year` None for the whole life, `value` None without a figure.

    `item` names the asset class, purchase, running cost, tariff band or kind of cost where a line has such rows, and
    "age 2" where a line is by age instead of by year.
    """

    option: str
    workload: str
    year: int | None
    line: str
    unit: str
    value: float | None
    item: str


COLUMNS: tuple[str, ...] = tuple(entry.name for entry in fields(Figure))


def long_form(result: Result) -> Iterator[Figure]:
    """Every line with numbers, of every option, in reading order. Money is in the study's currency.

    What limits output is a text and stands here as its code, `binding_code`: 0 demand, 1 computing, 2 power, 3 cooling.
    """
    for option in result.options.values():
        for name, figure in option.everything().items():
            if option.model.lines[name].unit != "text":
                yield from _line(option, name, figure)


def _line(option: OptionResult, name: str, figure: Any) -> Iterator[Figure]:
    line = option.model.lines[name]
    unit, shape = unit_text(line.unit, option.study.currency), line.shape
    if shape.row is None:
        yield from _columns(option.name, "", "", name, unit, shape.column, figure)
        return
    for key, row in figure.items():
        workload, item = (key, "") if shape.row == "workload" else ("", key)
        yield from _columns(option.name, workload, item, name, unit, shape.column, row)


def _columns(
    option: str, workload: str, item: str, name: str, unit: str, column: str | None, figure: Any
) -> Iterator[Figure]:
    if column is None:
        yield Figure(option, workload, None, name, unit, figure, item)
        return
    for number, value in enumerate(figure, start=1):
        if column == "year":
            yield Figure(option, workload, number, name, unit, value, item)
        else:
            aged = ", ".join(part for part in (item, f"{column} {number}") if part)
            yield Figure(option, workload, None, name, unit, value, aged)


def csv_text(figures: Iterator[Figure]) -> str:
    """The table as CSV with a header (RFC 4180). Text that a spreadsheet would read as a formula gets a ' before it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(astuple(figure)) for figure in figures)
    return target.getvalue()


def _cells(row: Sequence[Any]) -> list[Any]:
    return [safe(cell) if isinstance(cell, str) else cell for cell in row]


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
