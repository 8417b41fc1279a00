"""Every figure of a run as one long table: a row for each option, line, year and workload, ready for a pivot table.

The columns, in order, of the pandas DataFrame, the CSV and the Parquet file alike:

- ``option``: the option's name.
- ``workload``: the workload's name, "" for the whole mix.
- ``year``: the model year, counted from 1; missing for a figure of the whole life.
- ``line``: the line's name, as METHOD.md has it.
- ``unit``: the line's unit, money in the study's currency.
- ``value``: the figure; missing where the line has none for this option.
- ``item``: the asset class, purchase, running cost, tariff band or kind of cost where a line has such rows, "age 2"
  where a line is by age instead of by year, and "weekday 14-15" where it is by the hour.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from models.run.model import OptionResult, Result
from models.run.opened import unit_text
from models.studies.inputs import week

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet reads text that begins like this as a formula; a mark before it keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("option", "workload", "year", "line", "unit", "value", "item")
TYPES = {"year": "Int32", "value": "float64"}
Row = tuple[str, str, int | None, str, str, float | None, str]


def long_form(result: Result) -> pd.DataFrame:
    """Every line with numbers, of every option, in reading order; the columns are told above.

    What limits output is a text and stands here as its code, `binding_code`: 0 demand, 1 computing, 2 power, 3 cooling.
    """
    import pandas as pd

    table = pd.DataFrame(_rows(result), columns=list(COLUMNS))
    return table.astype({column: TYPES.get(column, "str") for column in COLUMNS})


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV with a header (RFC 4180). Text that a spreadsheet would read as a formula gets a ' before it."""
    texts = [column for column in COLUMNS if column not in TYPES]
    return table.assign(**{column: table[column].map(safe) for column in texts}).to_csv(
        index=False, lineterminator="\r\n"
    )


def parquet(table: pd.DataFrame) -> bytes:
    """The table as Parquet. Text is kept as it is: nothing reads it as a formula."""
    target = io.BytesIO()
    table.to_parquet(target, index=False)
    return target.getvalue()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(result: Result) -> Iterator[Row]:
    for option in result.options.values():
        for name, figure in option.everything().items():
            if option.model.lines[name].unit != "text":
                yield from _line(option, name, figure)


def _line(option: OptionResult, name: str, figure: Any) -> Iterator[Row]:
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
) -> Iterator[Row]:
    if column is None:
        yield option, workload, None, name, unit, figure, item
        return
    for number, value in enumerate(figure, start=1):
        if column == "year":
            yield option, workload, number, name, unit, value, item
        else:
            at = week.spoken(number - 1) if column == "hour" else f"{column} {number}"
            yield option, workload, None, name, unit, value, ", ".join(part for part in (item, at) if part)
