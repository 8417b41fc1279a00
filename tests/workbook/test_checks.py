"""The identities in the workbook: each stands there as its line has it, holds, and can fail."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.utility import xl_col_to_name

from models.run.model import MODEL, Result
from models.studies.file.load import from_dict
from tests.models.run.counterexamples import TAMPERED, rich
from tests.workbook import judge
from workbook.writing.book import sheet_names
from workbook.writing.layout import CONSTANT, FIRST_YEAR, Layout

CHECKS = "Checks"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def held() -> tuple[Result, judge.File]:
    result = MODEL.run(from_dict(rich()))
    return result, judge.written_from(result)


def cells(result: Result, name: str) -> dict[tuple[str, str], Any]:
    """Where a line stands in the workbook, by sheet and cell, with the engine's figures."""
    found: dict[tuple[str, str], Any] = {}
    names = sheet_names(list(result.options), [])
    for number, (sheet, option) in enumerate(zip(names, result.options.values(), strict=True), start=1):
        block = Layout(option, number).blocks[name]
        value = option.raw(name)
        for row, figures in enumerate(value if block.by_row else [value]):
            columns = figures if block.by_year else [figures]
            for column, figure in enumerate(columns, start=FIRST_YEAR if block.by_year else CONSTANT):
                found[sheet, f"{xl_col_to_name(column)}{block.first + row}"] = figure
    return found


def typed_over(content: bytes, figures: dict[tuple[str, str], float]) -> bytes:
    """A copy in which these figures are typed over the formulas of their cells."""

    def change(sheet: str, xml: str) -> str:
        for (title, cell), figure in figures.items():
            if title == sheet:
                xml, count = re.subn(rf'(<c r="{cell}"[^>]*>)<f>.*?</f>', rf"\g<1><f>{figure!r}</f>", xml)
                assert count == 1, f"{sheet}!{cell}"
        return xml

    return judge.rewritten(content, change)


def failing(content: bytes, file: judge.File) -> set[str]:
    """The labels of the checks that another program finds to fail."""
    found = judge.recalculated(content)
    rows = {row for sheet, column, row in file.formulas if sheet == CHECKS and column == "G"}
    labels = judge.labels(content, CHECKS)
    return {labels[row].removesuffix(", years failing") for row in rows if found[CHECKS, "G", row] != 1}


BATCHES = 5  # figures that would hide each other are never typed over together


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_identity_fails_in_the_workbook(batch: int, held: tuple[Result, judge.File]) -> None:
    result, file = held
    broken = list(TAMPERED)[batch::BATCHES]
    figures: dict[tuple[str, str], float] = {}
    for line, change in (TAMPERED[name] for name in broken):
        for place, figure in cells(result, line).items():
            figures[place] = change(figure if figure == figure else 0.0)
    assert {MODEL.lines[name].label for name in broken} <= failing(typed_over(file.content, figures), file)


def test_every_identity_holds_in_the_workbook(held: tuple[Result, judge.File]) -> None:
    _, file = held
    assert failing(file.content, file) == set()


@pytest.fixture(scope="module")
def unlike() -> judge.File:
    """An option without a price of what it generates, and one that receives more than it pays."""
    received = {"name": "Start-up credits", "category": "credit", "basis": "per_year", "amount": -1e6}
    tables = tomllib.loads((ROOT / "tests/cases/reported/c52_price_left_blank.toml").read_text(encoding="utf-8"))
    tables["option"][-1]["opex"] = [received]
    return judge.written(from_dict(tables))


def test_a_scale_is_positive_where_credits_outweigh_costs(unlike: judge.File) -> None:
    scales = [unlike.values[cell] for cell in unlike.formulas if cell[:2] == (CHECKS, "F")]
    assert all(isinstance(scale, float) and scale >= 0 for scale in scales)


def test_a_price_that_nobody_gave_is_no_default_in_the_evidence(unlike: judge.File) -> None:
    price = "in_o1_api_price_output"
    [row] = [cell[2] for cell, text in unlike.formulas.items() if cell[0] == "Evidence" and price in text]
    assert [unlike.values["Evidence", column, row] for column in "DF"] == ["blank", "no source"]
