"""Lines of one option as rows of a table, and which option is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from models.notation import writer
from models.run.model import OptionResult, Result
from views import session
from views.figures import written
from views.figures.opened import Row

PER_WORDS = {"response": "Per response", "Mtoken": "Per million generated tokens", "total": "In total"}


def chosen() -> tuple[Result, OptionResult]:
    """The figures of the study, and those of the option that is looked at."""
    result = session.shown_result()
    return result, result.options[session.option_name()]


def money(option: OptionResult) -> str:
    """The currency, or the word where the study gives none."""
    return option.study.currency or "money"


def by_year(option: OptionResult, lines: Sequence[str]) -> list[Row]:
    """Lines by year as rows of a table; lines without any figure are left out. Money stands in one scale."""
    amounts = [v for name in lines if option.model.lines[name].unit == "money" for v in option.years(name)]
    money = writer.table_scale(amounts)
    rows = []
    for name in lines:
        values = option.years(name)
        if any(value is not None for value in values):
            line = option.model.lines[name]
            common = money if line.unit == "money" else None
            cells, unit = written.row(name, values, line.unit, option.study.currency, common)
            rows.append(Row(line.label, cells, name, unit))
    return rows


def single(option: OptionResult, name: str) -> Row:
    """A line without dimensions as a row."""
    line, value = option.model.lines[name], option.number(name)
    cells, unit = written.across(name, [value], line.unit, option.study.currency)
    return Row(line.label, cells, name, unit)
