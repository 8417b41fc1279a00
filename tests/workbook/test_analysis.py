"""The sheets of the analysis: what was found in the run, word for word and figure for figure, and live where it can be.

What follows the inputs must follow them to the engine's new answer; what cannot must say that it is of another run.
"""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

import cli
from models.analysis.decision.bridge import GROUPS
from models.analysis.reporting.brief import HEADINGS, bar_label, explained
from models.analysis.reporting.findings import Findings
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load, save, to_dict
from models.studies.inputs.paths import segment
from models.studies.study import Study
from tests.analysed import findings
from tests.soak import long
from tests.workbook import judge
from tests.workbook.rules import ANALYSIS_SHEETS
from workbook.sheets.found import bridge, sensitivity
from workbook.write import write
from workbook.writing import stamp, waterfall
from workbook.writing.book import Book
from workbook.writing.page import Page
from workbook.writing.waterfall import Steps

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
# Bars by kind of cost in total, by kind for each response, and by groups of inputs.
IN_TOTAL, BY_RESPONSE, BY_INPUTS = "customer_service", "power_limited_site", "two_vendors"
BOUGHT = ("Vendor A, expensed", "Vendor B, expensed", "API, Llama 70B")
SMALL = ROOT / "tests" / "cases" / "studies" / "rental_mixed.toml"
Rows = list[tuple[Any, ...]]


@dataclasses.dataclass(frozen=True)
class Case:
    """A run, what was found in it, and its workbook."""

    result: Result
    found: Findings
    file: judge.File

    @cached_property
    def book(self) -> openpyxl.Workbook:
        return load_workbook(io.BytesIO(self.file.content), data_only=True)

    def rows(self, sheet: str) -> Rows:
        return list(self.book[sheet].iter_rows(values_only=True))


class Cases(dict[str, Case]):
    """The cases, each made when a test first asks for it."""

    def __missing__(self, name: str) -> Case:
        result = MODEL.run(load(TEMPLATES / f"{name}.toml") if name != BY_INPUTS else vendors())
        found = findings(result)
        assert found is not None
        target = io.BytesIO()
        write(result, target, date(2027, 3, 12), findings=found)
        return self.setdefault(name, Case(result, found, judge.opened(target.getvalue())))


def vendors() -> Study:
    """The study of two vendors, with one way to buy from each."""
    tables = to_dict(load(TEMPLATES / f"{BY_INPUTS}.toml"))
    tables["option"] = [each for each in tables["option"] if each["name"] in BOUGHT]
    return from_dict(tables)


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases()


# ------------------------------------------------------------------------------------------------------ which sheets


def sheets(result: Result, found: Findings | None) -> set[str]:
    target = io.BytesIO()
    write(result, target, findings=found)
    return set(load_workbook(target, read_only=True).sheetnames) & set(ANALYSIS_SHEETS)


@long
def test_sheets_stand_only_with_something_to_show(cases: Cases) -> None:
    case = cases[BY_INPUTS]
    assert sheets(case.result, None) == set()
    assert sheets(case.result, case.found) == set(ANALYSIS_SHEETS)
    bare = dataclasses.replace(case.found, reasons=None, targets=(), tornado=None)
    assert sheets(case.result, bare) == {"Brief"}
    assert sheets(case.result, dataclasses.replace(bare, tornado=case.found.tornado)) == {"Brief", "Sensitivity"}


@long
def test_a_study_in_which_nothing_is_asked_for_is_written() -> None:
    tables = to_dict(vendors())
    for row in tables["workload"]:
        row["requests_per_day"] = 0
    assert judge.verdict(from_dict(tables), analysed=True) == []


@long
def test_the_grid_of_two_inputs_is_that_of_the_command_line(
    cases: Cases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = cases[BY_INPUTS]
    grid = case.found.grid
    assert grid is not None
    axes = [f"{axis.path}={axis.values[0]!r}:{axis.values[-1]!r}:{len(axis.values)}" for axis in (grid.x, grid.y)]
    study = str(tmp_path / "vendors.toml")
    save(case.result.study, Path(study))
    assert cli.main(["grid", study, "--x", axes[0], "--y", axes[1], "--together", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = case.rows("Sensitivity")
    for name in (case.found.option, case.found.against):
        head = max(number for number, row in enumerate(rows) if row[0] == name)
        assert list(rows[head][2 : 2 + len(grid.x.values)]) == pytest.approx(told["x"]["values"])
        for down, (y, figures) in enumerate(zip(told["y"]["values"], told["options"][name], strict=True), start=1):
            cells = rows[head + down]
            assert cells[1] == pytest.approx(y)
            assert list(cells[2 : 2 + len(figures)]) == pytest.approx([1000 * figure for figure in figures])


@long
def test_findings_of_another_run_are_refused(cases: Cases) -> None:
    with pytest.raises(ValueError, match="find them anew"):
        write(cases[IN_TOTAL].result, io.BytesIO(), findings=cases[BY_INPUTS].found)


@long
def test_the_contents_list_the_sheets(cases: Cases) -> None:
    listed = {row[0] for row in cases[IN_TOTAL].rows("Cover")}
    assert set(ANALYSIS_SHEETS) <= listed


# ------------------------------------------------------------------------------------------------------------- figures


@long
@pytest.mark.parametrize("name", [IN_TOTAL, BY_RESPONSE, BY_INPUTS])
def test_the_brief_stands_word_for_word(name: str, cases: Cases) -> None:
    case = cases[name]
    lines = [str(row[0]) for row in case.rows("Brief")]
    said = [f"\u2022 {s}" for part, _ in HEADINGS for s in getattr(case.found.brief, part)]
    assert [line for line in lines if line.startswith("\u2022")] == said


@long
@pytest.mark.parametrize("name", [IN_TOTAL, BY_RESPONSE, BY_INPUTS])
def test_every_bar_of_the_bridge_stands_there(name: str, cases: Cases) -> None:
    found = cases[name].found.reasons
    assert found is not None
    held = amounts(cases[name].rows("Bridge"), found.by_inputs)
    times = 1 if found.metric == "comparison_pv_cost" else 1000
    wanted = {bar_label(bar): bar.amount * times for bar in found.bars if bar.amount}
    assert {label: held[label] for label in wanted} == pytest.approx(wanted, rel=1e-9)
    assert (held[found.against], held[found.option]) == pytest.approx((times * found.start, times * found.end))


def amounts(rows: Rows, by_inputs: bool) -> dict[str, float]:
    """The amounts of the first table of the bridge by label; by input they end where the workbook's totals begin."""
    first = next(i for i, row in enumerate(rows) if str(row[0]).startswith("By "))
    last = next(i for i, row in enumerate(rows) if i > first and str(row[0]).startswith("Start and bars"))
    return {row[0]: row[4] for row in rows[first + 2 : last] if isinstance(row[4], int | float)}


def test_what_each_group_of_inputs_covers_is_told() -> None:
    assert set(bridge.COVERS) == {group.name for group in GROUPS}


@long
def test_the_tornado_stands_by_falling_swing(cases: Cases) -> None:
    case = cases[BY_INPUTS]
    found, rows = case.found.tornado, case.rows("Sensitivity")
    assert found is not None
    head = next(i for i, row in enumerate(rows) if row[7] and str(row[7]).startswith("Swing"))
    table = rows[head + 1 : head + 1 + len(found.bars)]
    assert [row[7] for row in table] == pytest.approx([1000 * bar.swing for bar in found.bars])
    assert [row[2] for row in table] == [bar.low.value if bar.low else "-" for bar in found.bars]
    assert [row[5] for row in table] == [
        pytest.approx(-1000 * bar.low.figure) if bar.low else "-" for bar in found.bars
    ]
    assert [row[8] for row in table] == ["yes" if bar.changes_winner else "no" for bar in found.bars]
    changes = [(row[11], row[12]) for row in table]
    wanted = [tuple(1000 * (found.base - e.figure) if e else 0 for e in (bar.low, bar.high)) for bar in found.bars]
    assert changes == [pytest.approx(each, abs=1e-9) for each in wanted]


@long
def test_break_evens_within_their_range_come_first(cases: Cases) -> None:
    case = cases[BY_RESPONSE]
    rows = case.rows("Sensitivity")
    head = next(i for i, row in enumerate(rows) if row[0] == sensitivity.TIES[0])
    table = rows[head + 1 : head + 1 + len(case.found.targets)]
    by_name = {target.subject.name: target for target in case.found.targets}
    assert {row[0] for row in table} == by_name.keys()
    for row in table:
        target = by_name[row[0]]
        assert row[2] == target.subject.base
        assert row[3] == ("-" if target.value is None else pytest.approx(target.value))
        assert row[8] == (target.beyond or "-")
    within = [by_name[row[0]].within_range for row in table]
    assert within == sorted(within, reverse=True) and any(within)


# -------------------------------------------------------------------------------------------------- after a change


def changed(case: Case, inputs: dict[str, float]) -> dict[judge.Cell, Any]:
    return dict(judge.recalculated(judge.with_inputs(case.file, inputs)))


@long
@pytest.mark.parametrize("name", [IN_TOTAL, BY_RESPONSE])
def test_bars_by_kind_of_cost_follow_the_inputs(name: str, cases: Cases) -> None:
    case = cases[name]
    inputs = {"in_discount_rate": 0.15, "in_w1_requests_per_day": 700_000.0, "in_o1_electricity_price": 0.2}
    paths = {"study/discount_rate": 0.15, f"{first_workload(case.result.study)}/requests_per_day": 700_000}
    paths[f"option/{segment(case.result.study.options[0].name)}/electricity_price"] = 0.2
    result = MODEL.run(replace_all(case.result.study, paths))
    now = explained(result.options[case.found.option], result.options[case.found.against])
    cells = changed(case, inputs)
    held = {
        row[0]: i for i, row in enumerate(case.rows("Bridge"), start=1) if row[0] and isinstance(row[4], int | float)
    }
    times = 1 if now.metric == "comparison_pv_cost" else 1000
    scale = max(abs(now.start), abs(now.end)) * times
    for bar in now.bars:
        row = held[bar_label(bar)]
        assert cells["Bridge", "E", row] == pytest.approx(times * bar.amount, rel=1e-9, abs=1e-9 * scale)
    assert [v for v in cells.values() if isinstance(v, str) and v == bridge.ADDS_UP] == [bridge.ADDS_UP]
    assert cells["Bridge", "A", stamp.ROW + 1] == f"{stamp.CHANGED} a new bridge."


def first_workload(study: Study) -> str:
    return study.rows("workload")[0].path


@long
@pytest.mark.parametrize("inputs", [{"in_discount_rate": 0.2}, {"in_inflation": 0.1}, {"in_tax_rate": 0.4}])
def test_every_sheet_tells_that_it_is_of_another_run(inputs: dict[str, float], cases: Cases) -> None:
    case, last = cases[BY_INPUTS], stamp.ROW + 1
    told = {sheet: case.file.values[sheet, "A", last] for sheet in ANALYSIS_SHEETS}
    assert set(told.values()) == {stamp.SAME}
    cells = changed(case, inputs)
    assert all(str(cells[sheet, "A", last]).startswith(stamp.CHANGED) for sheet in ANALYSIS_SHEETS)
    turning = [v for c, v in cells.items() if c[0] == "Summary" and "change the recommendation" in str(v)]
    assert len(turning) == 1 and "export again" in str(turning[0])


@long
def test_bars_by_input_tell_that_they_no_longer_add_up(cases: Cases) -> None:
    case = cases[BY_INPUTS]
    row = next(cell for cell, value in case.file.values.items() if value == bridge.IN_STEP)
    assert changed(case, {"in_discount_rate": 0.2})[row] == bridge.OUT_OF_STEP


# ----------------------------------------------------------------------------------------------------------- waterfall


CROSSING = ([5.0, -8.0, -2.0, 6.0, 3.0, 4.0], [-3.0, 5.0, 1.0, -6.0, -3.0], [2.0, -2.0, 0.0, 0.0], [1.0, 1.0])


@long
@pytest.mark.parametrize("values", CROSSING)
def test_a_waterfall_is_drawn_right_across_zero(values: list[float], cases: Cases) -> None:
    """What is stacked above and below zero covers exactly the way from one height to the next, visibly."""
    target = io.BytesIO()
    file = Workbook(target, {"in_memory": True})
    book = Book(cases[IN_TOTAL].result, file, ("Steps", "Checks"), date(2027, 3, 12))
    book.sheets["Checks"].write_number("C4", 1)
    page, steps = Page(book, "Steps", "Steps"), Steps(6, 0, 1, values)
    for row, value in enumerate(values, start=steps.first):
        page.value(row, 1, value)
    waterfall.columns(page, steps, 3, "0.0")
    file.close()
    found = judge.recalculated(target.getvalue())
    for row, value in enumerate(values, start=steps.first):
        figures = [found["Steps", letters, row] for letters in "DEFGHIJ"]
        height, base, whole, more, more_below, less, less_below = (float(v) for v in figures)  # type: ignore[arg-type]
        total = row in (steps.first, steps.last)
        before = 0.0 if total else float(found["Steps", "D", row - 1])  # type: ignore[arg-type]
        assert height == pytest.approx(value if total else before + value)
        low, high = min(before, height), max(before, height)
        up = max(base, 0.0), max(base, 0.0) + max(whole, 0.0) + more + less
        down = min(base, 0.0), min(base, 0.0) + min(whole, 0.0) + more_below + less_below
        assert up == pytest.approx((max(low, 0.0), max(high, 0.0)))
        assert down == pytest.approx((min(high, 0.0), min(low, 0.0)))
        assert min(more, less) >= 0 >= max(more_below, less_below)
        assert not (more or more_below) if value < 0 or total else not (less or less_below)


# ------------------------------------------------------------------------------------------------------- the command


@long
def test_the_command_exports_the_analysis_unless_told_not_to(tmp_path: Path) -> None:
    study, target = tmp_path / "study.toml", tmp_path / "out.xlsx"
    save(load(SMALL), study)
    assert cli.main(["export", str(study), str(target)]) == 0
    assert set(ANALYSIS_SHEETS) <= set(load_workbook(target, read_only=True).sheetnames)
    assert cli.main(["export", str(study), str(target), "--without-analysis"]) == 0
    assert not set(ANALYSIS_SHEETS) & set(load_workbook(target, read_only=True).sheetnames)
