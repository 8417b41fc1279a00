"""Cases in the app: side by side, chosen for every place, added and taken out."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.reporting.cases import cases
from models.analysis.risk import ends
from models.studies.change import replace_all
from models.studies.file.load import dumps
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.models.analysis.risk.made import amount, api, study
from tests.views.reading import frames, ran, texts, work

PATH = "option/A/opex/cost 1/amount"


def held() -> Study:
    return study(api("A", 100), api("B", 80), scenario=[{"name": "Cheap", PATH: 50}])


def script(toml: str, case: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.file.load import loads
    from views import bar, session
    from views.inputs.uncertainty import cases

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
    session.set_case(case)
    bar._case()
    shown = session.shown_result().options["A"].number("pv_cost")
    st.caption(f"Shown {session.case()}: {shown}")
    cases.show()


def shown(case: str = "Base") -> AppTest:
    return ran(AppTest.from_function(script, args=(dumps(held()), case), default_timeout=60))


def test_values_and_results_stand_side_by_side():
    values, results = frames(shown())
    assert values["Base"] == ["100"] and values["Cheap"] == ["50"]
    assert results["Base"][-1] == "B" and results["Cheap"][-1] == "A"


def test_every_figure_follows_the_case():
    assert "Shown Base: 100.0" in texts(shown()) and "Shown Cheap: 50.0" in texts(shown("Cheap"))
    assert "Shown Base: 100.0" in texts(shown("Gone"))


def test_a_change_is_added_and_a_case_taken_out():
    app = shown()
    fields = {each.label: each for each in app.text_input}
    fields["Case"].set_value("Dear").run()
    next(each for each in app.selectbox if each.label == "Input").set_value(PATH).run()
    {each.label: each for each in app.text_input}["Value in this case"].set_value("1.2k").run()
    app.button(key="case set").click().run()
    assert not app.exception
    assert [each.name for each in work(app).step.study.scenarios] == ["Cheap", "Dear"]
    assert dict(work(app).step.study.scenarios[1].changes) == {PATH: 1200}
    app.button(key="case out Cheap").click().run()
    assert [each.name for each in work(app).step.study.scenarios] == ["Dear"]


def test_what_cannot_be_is_told():
    app = shown()
    app.button(key="case set").click().run()
    assert "cannot be blank" in texts(app) and work(app).step.study == held()


def ranged() -> Study:
    """One input with a range for each option, and a case of the person's own."""
    return study(
        api("A", amount(100, 80, 130)), api("B", amount(90, 70, 95, "uniform")), scenario=[{"name": "Own", PATH: 50}]
    )


def test_low_and_high_are_made_from_the_ranges_beside_the_persons_own():
    made = ends.with_ends(ranged())
    assert [each.name for each in made.scenarios] == ["Low", "High", "Own"]
    assert dict(made.scenarios[0].changes) == {PATH: 80, "option/B/opex/cost 1/amount": 70}
    assert dict(made.scenarios[1].changes) == {PATH: 130, "option/B/opex/cost 1/amount": 95}
    assert not ends.are_stale(made) and not ends.are_stale(ranged())
    moved = replace_all(made, {PATH: {"value": 100, "low": 60, "high": 130}})
    assert ends.are_stale(moved) and not ends.are_stale(ends.with_ends(moved))
    by_name = {each.name: each.result.options["A"].number("pv_cost") for each in cases(made)}
    assert [by_name[name] for name in ("Base", "Low", "High", "Own")] == pytest.approx([100, 80, 130, 50])


def test_without_a_range_there_is_no_low():
    with pytest.raises(StudyError, match="no input has a range"):
        ends.with_ends(held())


def test_the_page_makes_them_and_says_when_they_no_longer_fit():
    app = ran(AppTest.from_function(script, args=(dumps(ranged()), "Base"), default_timeout=60))
    app.button(key="cases from ranges").click().run()
    assert list(frames(app)[1]) == ["Cost per 1,000 responses", "Base", "Low", "High", "Own"]
    assert "The ranges have changed" not in texts(app)
