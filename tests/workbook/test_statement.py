"""The statement's sheets are the engine's statement, follow what is typed in, and leave out nothing that wakes up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xlsxwriter.utility import xl_col_to_name

from models.analysis.metrics.statement import statement
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import load
from models.studies.study import Study
from tests.workbook import judge
from workbook.sheets.front.statement import FIRST, HEAD_ROW, LABEL, QUARTERLY, TITLE
from workbook.sheets.model import energy
from workbook.sheets.model.calculation import ASLEEP, AWAKE, GROUPED_ROW
from workbook.writing import side_by_side
from workbook.writing.page import FEW_OPTIONS, paper, rows_a_page

STUDY = Path(__file__).parent.parent / "cases" / "studies" / "rental_mixed.toml"

# Requests that fail, and what each then costs; at export none did.
FAILING = {"success_rate": 0.9, "max_attempts": 1, "escalation_cost": 2.0}


@pytest.fixture(scope="module")
def study() -> Study:
    return load(STUDY)


@pytest.fixture(scope="module")
def file(study: Study) -> judge.File:
    return judge.written(study)


def rows(file: judge.File, found: dict, sheet: str, columns: int) -> list[tuple[str, list[float]]]:
    """The rows of figures of a statement's sheet, from the top down."""
    labels = judge.labels(file.content, sheet)
    letters = [xl_col_to_name(FIRST + i) for i in range(columns)]
    return [
        (label, [found[sheet, c, row] for c in letters])
        for row, label in sorted(labels.items())
        if row > HEAD_ROW and (sheet, letters[0], row) in found
    ]


@pytest.mark.parametrize(("sheet", "quarterly"), [(TITLE, False), (QUARTERLY, True)])
def test_the_sheet_is_the_engines_statement(sheet: str, quarterly: bool, study: Study, file: judge.File) -> None:
    assert LABEL == 0
    recalculated = judge.recalculated(file.content)
    for option in MODEL.run(study).options.values():
        wanted = statement(option, quarterly=quarterly)
        held = rows(file, recalculated, sheet, len(wanted.periods))
        for line in (*wanted.families, wanted.net, wanted.cumulative, *wanted.tax, *wanted.financing):
            assert any(
                label == line.label and figures == pytest.approx(line.amounts, rel=1e-9, abs=1e-6)
                for label, figures in held
            ), f"{option.name}: {line.label}"


def test_a_typed_tax_rate_moves_what_is_paid_after_tax(study: Study, file: judge.File) -> None:
    assert not study.fields.number("tax_rate")
    taxed = MODEL.run(replace_all(study, {"study/tax_rate": 0.3}))
    wanted = [statement(option).tax[-1].amounts for option in taxed.options.values()]
    assert any(
        each != statement(option).net.amounts for each, option in zip(wanted, taxed.options.values(), strict=True)
    )
    found = judge.recalculated(judge.with_inputs(file, {"in_tax_rate": 0.3}))
    held = [
        figures for label, figures in rows(file, found, TITLE, len(wanted[0])) if label == "Net cash paid after tax"
    ]
    assert held == [pytest.approx(each, rel=1e-9) for each in wanted]


def test_what_wakes_up_is_told_and_counted(study: Study, file: judge.File) -> None:
    """A cost that was nothing at export: its rows are grouped away, its family is a row of dashes."""
    sheet = study.options[0].name
    assert file.values[sheet, "C", GROUPED_ROW] == ASLEEP
    found = judge.recalculated(judge.with_inputs(file, {f"in_w1_{name}": value for name, value in FAILING.items()}))
    assert found[sheet, "C", GROUPED_ROW] == AWAKE
    place = next(place for place in study.places if place.startswith("workload/"))
    option = next(
        iter(
            MODEL.run(
                replace_all(study, {f"{place}/{name}": value for name, value in FAILING.items()})
            ).options.values()
        )
    )
    wanted = statement(option).net.amounts
    held = next(each for label, each in rows(file, found, TITLE, len(wanted)) if label == "Net cash paid")
    assert held == pytest.approx(wanted, rel=1e-9)
    assert held != pytest.approx(statement(MODEL.run(study).options[option.name]).net.amounts, rel=1e-9)


def test_no_part_of_the_energy_sheet_is_torn_apart_in_print(file: judge.File) -> None:
    sheets: dict[str, str] = {}
    judge.rewritten(file.content, lambda title, xml: sheets.setdefault(title, xml))
    labels = judge.labels(file.content, energy.TITLE)
    begun = [labels[int(row) + 1] for row in re.findall(r'<brk id="(\d+)"', sheets[energy.TITLE])]
    assert begun
    assert all(label.startswith(("Disclosure", "Year by year", "Quality and latency")) for label in begun)


def test_no_heading_of_options_stands_alone_at_the_foot_of_a_page(study: Study, file: judge.File) -> None:
    sheets: dict[str, str] = {}
    judge.rewritten(file.content, lambda title, xml: sheets.setdefault(title, xml))
    labels = judge.labels(file.content, side_by_side.TITLE)
    ended = [int(row) for row in re.findall(r'<brk id="(\d+)"', sheets[side_by_side.TITLE])]
    headings = {block.heading for block in side_by_side.blocks(study)}
    assert ended
    assert headings <= set(labels.values())
    assert not headings & {labels.get(row) for row in ended}


def test_no_part_of_a_statement_is_torn_apart_in_print(study: Study, file: judge.File) -> None:
    sheets: dict[str, str] = {}
    judge.rewritten(file.content, lambda title, xml: sheets.setdefault(title, xml))
    width = sum(
        float(wide) * (int(last) - int(first) + 1)
        for first, last, wide in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheets[TITLE])
    )
    begun = [int(row) + 1 for row in re.findall(r'<brk id="(\d+)"', sheets[TITLE])]
    assert all((TITLE, "A", row) in file.formulas for row in begun), "a page begins with the name of a part"
    ends = [*begun, max(judge.labels(file.content, TITLE)) + 1]
    printed = [ends[0] - 1, *(HEAD_ROW + end - start for start, end in zip(begun, ends[1:], strict=True))]
    upright = len(study.options) > FEW_OPTIONS
    assert len(printed) > 1
    assert max(printed) <= rows_a_page(width, paper(study.currency), landscape=not upright)
