"""The sheet Risk: the figures of the simulation, its seed, draws and list, and no sheet where nothing is uncertain."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import openpyxl
import pytest

from models.analysis.reporting.findings import findings
from models.analysis.risk import summary, worth
from models.analysis.risk.simulation import simulate
from models.run.model import MODEL
from models.studies.study import Study
from tests.models.analysis.risk.made import amount, api, study
from tests.soak import long
from workbook.write import write


def two() -> Study:
    return study(
        api("A", amount(100, 80, 120)), api("B", amount(110, 70, 150, "pert")), risk={"seed": 5, "draws": 2000}
    )


@cache
def rows() -> list[list[Any]]:
    return [[cell for cell in row if cell not in (None, "")] for row in sheets(two())["Risk"].values]


def sheets(held: Study) -> Any:
    result, content = MODEL.run(held), io.BytesIO()
    write(result, content, findings=findings(result))
    return openpyxl.load_workbook(content)


def row(first: str) -> list[Any]:
    return next(each for each in rows() if each and each[0] == first)


def test_it_holds_the_figures_of_the_simulation():
    made = simulate(two())
    for name in made.competing:
        found = summary.summary(made.figures[name]["comparison_cost_per_meaningful_response"])
        assert found is not None
        regret = summary.regrets(made)[name]
        figures = [*(1000 * found.percentiles[p] for p in (10, 50, 90)), summary.cheapest(made)[name]]
        assert row(name)[1:] == pytest.approx([*figures, regret.mean, regret.p90])
    assert row("Everything")[1] == pytest.approx(worth.perfect(made))
    assert any("2,000 draws, seed 5" in str(each[0]) for each in rows() if each)


def test_it_lists_what_was_drawn():
    listed = [each for each in rows() if each and each[0] == "cost 1 (B)" and "PERT" in each]
    assert listed == [["cost 1 (B)", "PERT", 70, 110, 150, "USD p.a.", "entered range"]]


@long
def test_the_summary_says_how_sure_it_is():
    book = sheets(two())
    said = [str(cell) for line in book["Summary"].values for cell in line if "How sure it is" in str(cell)]
    assert len(said) == 1 and "“A” is cheapest of two options in " in said[0] and "(seed 5)" in said[0]


@long
def test_a_study_without_ranges_has_no_such_sheet():
    assert "Risk" not in sheets(study(api("A", 1), api("B", 2))).sheetnames
