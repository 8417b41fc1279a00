"""What would change the recommendation: a row for every other option, searched once all else on the page stands."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.studies.file.load import dumps
from tests.models.analysis.risk.made import amount, api, study
from tests.views.reading import run, texts
from views.decision import outcomes

TITLE = "What would change the recommendation"


def conditions(app: AppTest) -> str:
    """The table as it is printed."""
    return next(each.proto.body for each in app.get("html") if TITLE in each.proto.body)


def held() -> str:
    unpriced = api("Unpriced") | {"api": {"price_input": 1.0}}
    missed = api("D", 120, serving=[{"workload": "chat", "quality": 0.7, "quality_target": 0.8}])
    competing = (api("A", 100), api("Twin", 100), api("B", amount(110, 70, 150)), api("C", 180))
    return dumps(study(*competing, unpriced, missed))


def test_before_the_search_every_other_option_has_its_row():
    said = conditions(run("decision", held()))
    assert said.count("break-even not searched yet") == 3 and "Twin costs the same" in said


@pytest.mark.simulates
def test_the_nearest_break_even_of_every_other_option_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outcomes, "unasked", lambda result: None)
    app = run("decision", held())
    said = conditions(app)
    assert "not searched" not in said and "Twin costs the same" in said
    assert "cost 1 (B) falls below <b>USD 100 p.a.</b><small>then B is cheaper</small>" in said
    assert (
        "cost 1 (C) falls below <b>USD 100 p.a.</b><small>then C is cheaper; no range is given for it</small>" in said
    )
    assert "then D is cheaper; no range is given for it; not eligible: misses its quality target" in said
    assert "−9.1%" in said and "−44%" in said
    assert "Not eligible, so not searched: Unpriced." in texts(app)


@pytest.mark.simulates
def test_where_no_input_makes_it_cheaper_that_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outcomes, "unasked", lambda result: None)
    monkeypatch.setattr("views.decision.ties.candidates", lambda option, against: ["workload/chat/requests_per_day"])
    said = conditions(run("decision", held()))
    assert "No single input makes B cheaper<small>1 input searched over all that it may be" in said
