"""The seal of a study: the same for the same, another where an input, a formula or a figure is another."""

import dataclasses
import re

import pytest

from models.analysis.reporting import seal as sealing
from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file import load
from store import library

STUDY = library.template("deepseek_fleet").study
RESULT = MODEL.run(STUDY)


def test_the_same_study_has_the_same_seal_also_read_back():
    assert re.fullmatch("[0-9a-f]{64}", seal(RESULT))
    assert seal(MODEL.run(load.loads(load.dumps(STUDY)))) == seal(RESULT)


@pytest.mark.parametrize("change", ["value", "source"])
def test_another_input_is_another_seal(change: str):
    path = "study/discount_rate"
    other = replace(STUDY, path, 0.0801) if change == "value" else replace(STUDY, path, 0.08, source="Ours")
    assert seal(MODEL.run(other)) != seal(RESULT)


def test_another_formula_is_another_seal(monkeypatch: pytest.MonkeyPatch):
    before = seal(RESULT)
    monkeypatch.setattr(sealing, "formulas", lambda: "another model")
    assert seal(RESULT) != before


def test_another_figure_is_another_seal():
    name, option = next(iter(RESULT.options.items()))
    moved = dataclasses.replace(option, values={**option.values, "pv_cost": option.values["pv_cost"] * (1 + 1e-9)})
    assert seal(dataclasses.replace(RESULT, options={**RESULT.options, name: moved})) != seal(RESULT)
