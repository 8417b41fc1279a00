"""The view of risk: the simulation's figures, run once for a study, stopped and told of when it cannot run."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.risk import summary, told, worth
from models.analysis.risk.simulation import Simulation, simulate
from models.notation import writer
from models.studies.file.load import dumps, load
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study
from tests.models.analysis.risk.made import amount, api, study
from tests.soak import long
from tests.views.reading import TEMPLATES, frames, ran, run, texts
from views import pages
from views.decision import outcomes


def script(toml: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.file.load import loads
    from views import session
    from views.decision import outcomes
    from views.figures import simulated

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
    outcomes.show(session.shown_result())
    st.caption(f"Sentence: {outcomes.sentence()}")
    st.caption(f"Ranges: {sorted(simulated.ranges())}")


def shown(held: Study) -> AppTest:
    return ran(AppTest.from_function(script, args=(dumps(held),), default_timeout=60))


def two() -> Study:
    return study(api("A", amount(100, 80, 120)), api("B", amount(110, 70, 150)), api("C", 180))


def test_it_shows_the_figures_of_the_simulation():
    app, made = shown(two()), simulate(two())
    said = told.sure(made)
    assert "cheapest of three options in " in said and said in texts(app)
    assert f"Sentence: {said}" in texts(app) and "Ranges: ['A', 'B', 'C']" in texts(app)
    table = frames(app)[0]
    assert table["Option"] == list(made.competing)
    assert table["Cheapest"] == [writer.share(p) for p in summary.cheapest(made).values()]
    matrix = frames(app)[1]
    assert matrix["B"][0] == writer.share(summary.beats(made)["A"]["B"])
    assert writer.money(worth.perfect(made), "USD") in texts(app)
    assert len(app.get("vega_lite_chart")) == 4


def test_a_rerun_costs_no_simulation(monkeypatch: pytest.MonkeyPatch):
    runs: list[int] = []

    def counted(*arguments: object, **more: object) -> Simulation:
        runs.append(1)
        return simulate(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(outcomes, "simulate", counted)
    app = shown(two())
    app.run()
    app.toggle(key=outcomes.LIST).set_value(True).run()
    assert not app.exception and runs == [1]
    assert "Triangular" in frames(app)[2]["Distribution"]


def test_a_stopped_simulation_is_run_when_asked_for(monkeypatch: pytest.MonkeyPatch):
    def stopped(*_: object, **__: object) -> Simulation:
        from views import session

        session.once(outcomes.STOPPED, lambda: True)
        raise _Stopped

    class _Stopped(Exception):
        pass

    monkeypatch.setattr(outcomes, "simulate", stopped)
    app = AppTest.from_function(script, args=(dumps(two()),), default_timeout=60).run()
    assert app.exception
    monkeypatch.undo()
    app.run()
    assert not app.exception and "was stopped" in texts(app)
    app.button(key="risk run").click().run()
    assert not app.exception and "simulated outcomes" in texts(app)


def test_one_option_has_nothing_to_be_sure_of():
    app = shown(study(api("A", amount(100, 80, 120))))
    assert "Fewer than two options compete" in texts(app)


def test_what_cannot_be_simulated_is_told():
    held = study(api("A", {"value": 100, "low": 110, "high": 120}), api("B", 1))
    app = shown(held)
    assert "lies outside the entered range" in texts(app)


@long
def test_the_largest_template_shows():
    app = shown(load(TEMPLATES / "customer_service.toml"))
    assert "does not compete" in texts(app) and "The base case is cheaper than" in texts(app)


@pytest.mark.simulates
def test_the_first_view_says_how_sure_it_is_without_being_asked():
    app = run("decision", dumps(two()))
    said = told.sure(simulate(two()))
    assert any(said in each.proto.body for each in app.get("html"))
    assert "10th to 90th percentile" in texts(app)


@pytest.mark.simulates
def test_the_first_view_leaves_it_where_it_cannot_be_run(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object, **__: object) -> Simulation:
        raise StudyError([Problem("", None, "no value in sight")])

    monkeypatch.setattr(outcomes, "simulate", refused)
    app = run("decision", dumps(two()))
    assert not app.error and "percentile" not in texts(app)


@pytest.mark.simulates
def test_the_first_view_leaves_an_open_export_open():
    app = run("decision", dumps(two()), address={pages.EXPORT: pages.OPEN})
    assert "percentile" not in texts(app), "the page drawn again would close it"
    assert "percentile" in texts(ran(app))
