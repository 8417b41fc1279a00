"""Correlations on the page: set, changed, taken out, and the repair of those that contradict each other."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from models.analysis.risk.simulation import simulate
from models.studies.file.load import dumps
from models.studies.study import Study
from tests.models.analysis.risk.made import amount, api, study
from tests.views.reading import ran, texts

PATHS = [f"option/A/opex/cost {number}/amount" for number in (1, 2, 3)]


def held(*pairs: tuple[int, int, float]) -> Study:
    linked = [{"a": PATHS[one], "b": PATHS[two], "rho": rho} for one, two, rho in pairs]
    return study(api("A", *(amount(100, 80, 120) for _ in PATHS)), correlation=linked)


def script(toml: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.analysis.risk.inputs import uncertain_inputs
    from models.studies.file.load import loads
    from views import session
    from views.inputs.uncertainty import correlations

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
    correlations.show(session.study(), uncertain_inputs(session.study()))
    st.session_state["study"] = session.study()


def shown(*pairs: tuple[int, int, float]) -> AppTest:
    return ran(AppTest.from_function(script, args=(dumps(held(*pairs)),), default_timeout=30))


def pairs(app: AppTest) -> list[tuple[str, str, float]]:
    rows = app.session_state["study"].correlations
    return [(each.text("a"), each.text("b"), each.number("rho")) for each in rows]


def test_a_pair_is_set_changed_and_taken_out():
    app = shown()
    for rho in ("0.6", "-0.3"):
        app.text_input[0].set_value(rho).run()
        app.button(key="correlation set").click().run()
        assert pairs(app) == [(PATHS[0], PATHS[1], float(rho))]
    assert "cost 1 (A) and cost 2 (A): -0.3" in texts(app)
    app.button(key="correlation out 0").click().run()
    assert pairs(app) == []


def test_what_is_no_correlation_is_said():
    app = shown((0, 1, 0.5))
    for rho in ("", "2", "much"):
        app.text_input[0].set_value(rho).run()
        app.button(key="correlation set").click().run()
        assert app.markdown[-1].value.startswith(":red[")
    assert pairs(app) == [(PATHS[0], PATHS[1], 0.5)]


def test_contradictions_are_repaired_and_told_as_the_simulation_does():
    impossible = ((0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9))
    app = shown(*impossible)
    notices = [each for each in simulate(held(*impossible), 100).notices if "contradict" in each]
    assert notices and [each.value.replace("\\", "") for each in app.warning] == notices
