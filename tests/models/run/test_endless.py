"""A figure beyond what a number can hold is found wherever it stands, also beside one that is not known."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.run import model
from models.run.model import MODEL
from models.studies.file.load import load
from models.studies.inputs.problem import StudyError

STUDY = load(Path(__file__).parents[3] / "templates" / "ecommerce_bot.toml")
# A figure of its own, one by year beside years without a figure, and one by workload and year.
PLACES: dict[str, Callable[[Any], Any]] = {
    "pv_cost": lambda _: math.inf,
    "utilisation": lambda years: [math.nan, -math.inf, *years[2:]],
    "daily_requests": lambda rows: [*rows[:-1], [*rows[-1][:-1], math.inf]],
}


@pytest.mark.parametrize("name", PLACES)
def test_an_endless_figure_is_refused_by_the_name_of_its_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    option = STUDY.options[0]
    computed = MODEL.run_option(STUDY, option).values
    assert any(map(math.isnan, computed["utilisation"])), "an API has no utilisation"
    changed = {**computed, name: PLACES[name](computed[name])}
    monkeypatch.setattr(model.Model, "program", lambda *_: lambda *_: changed)
    with pytest.raises(StudyError, match=f"{MODEL.lines[name].label}"):
        MODEL.run_option(STUDY, option)
