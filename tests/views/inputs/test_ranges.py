"""The table of ranges: what is drawn, and what is typed into it taken or kept aside."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.risk.inputs import uncertain_inputs
from models.studies.file.load import dumps
from models.studies.study import Study
from tests.models.analysis.risk.made import api, study
from tests.views.reading import frames, ran, texts, work

SAME = {"value": 100, "low": 80, "high": 130, "source": "One contract"}


def script(toml: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.file.load import loads
    from views import session
    from views.inputs.uncertainty import ranges

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
    ranges.show()


def held() -> Study:
    return study(api("A", SAME, {"value": 50, "confidence": "published"}), api("B", SAME, 7))


def shown() -> AppTest:
    return ran(AppTest.from_function(script, args=(dumps(held()),), default_timeout=60))


def test_it_lists_what_is_drawn():
    table = frames(shown())[0]
    assert table["Input"] == ["cost 1", "cost 2"]
    assert (table["Unit"], table["Of"]) == (["USD"] * 2, ["2 options", "A"])
    assert (table["Low"], table["Base"], table["High"]) == (["80", "42.5"], ["100", "50"], ["130", "57.5"])
    assert table["Distribution"] == ["Triangular"] * 2 and table["Range"][0] == "stated"
    assert table["Range"][1] == "proposed: published, 15% either side"
    assert "2 inputs are drawn: 1 over a stated range, 1 over a range proposed" in texts(shown())


@pytest.mark.parametrize(
    ("cells", "kind", "low", "high"),
    [
        ({"Low": "70"}, "triangular", 70, 130),
        ({"Low": "70", "High": "1.5k", "Distribution": "Lognormal"}, "lognormal", 70, 1500),
        ({"Distribution": "PERT"}, "pert", 80, 130),
    ],
)
def test_what_is_typed_holds_in_every_option(cells: dict[str, str], kind: str, low: float, high: float):
    changed = changes(0, cells)
    found = uncertain_inputs(changed).inputs[0]
    assert (found.spread.kind, found.spread.low, found.spread.high) == (kind, low, high)
    assert len(found.paths) == 2


def test_a_proposed_range_that_is_typed_is_stated():
    found = uncertain_inputs(changes(1, {"High": "60"})).inputs[1]
    assert (found.origin, found.spread.low, found.spread.high) == ("stated", 42.5, 60)


def test_blanks_take_a_range_out():
    assert [each.path for each in uncertain_inputs(changes(0, {"Low": "", "High": ""})).inputs] == [
        "option/A/opex/cost 2/amount"
    ]


def test_what_cannot_be_read_is_told_and_changes_nothing():
    app = AppTest.from_function(typing, args=(dumps(held()), 0, {"Low": "eighty"}), default_timeout=60)
    app = ran(app)
    assert work(app).step.study == held() and app.session_state["problems"]
    app = AppTest.from_function(typing, args=(dumps(held()), 0, {"Low": "140"}), default_timeout=60)
    assert "low is above high" in str(ran(app).session_state["problems"][0])


def changes(row: int, cells: dict[str, str]) -> Study:
    """The study after the cells of a row were typed."""
    app = AppTest.from_function(typing, args=(dumps(held()), row, cells), default_timeout=60)
    return work(ran(app)).step.study


def typing(toml: str, row: int, cells: dict[str, str]) -> None:
    """Self-contained: loads the study, draws the table once and hands it what was typed."""
    import streamlit as st

    from models.analysis.risk.inputs import uncertain_inputs
    from models.studies.file.load import loads
    from views import session
    from views.inputs.uncertainty import ranges

    if "loaded" in st.session_state:
        return
    st.session_state["loaded"] = True
    session.load(loads(toml), "Test")
    study = session.study()
    line = list(ranges.lines(study, uncertain_inputs(study)))[row]
    st.session_state["problems"] = ranges.take([(line, {**line.cells, **cells})])
