"""Cases in the app: side by side, chosen for every place, added and taken out."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from models.studies.load import dumps
from models.studies.study import Study
from tests.models.analysis.risk.made import api, study
from tests.views.reading import frames, ran, texts, work

PATH = "option/A/opex/cost 1/amount"


def held() -> Study:
    return study(api("A", 100), api("B", 80), scenario=[{"name": "Cheap", PATH: 50}])


def script(toml: str, case: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.load import loads
    from views import bar, session
    from views.inputs import cases

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
