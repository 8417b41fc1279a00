"""Prices by year: typed or taken from the catalogue, with the paths on either side, and drawn by the simulation."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from models.analysis.risk.inputs import uncertain_inputs
from models.catalogue.price_paths import price_paths
from models.studies.change import replace
from models.studies.file.load import dumps
from tests.models.analysis.risk.test_simulation import PATH, rented
from tests.views.reading import ran, texts


def script(toml: str) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.file.load import loads
    from views import session
    from views.inputs.uncertainty import price_paths

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
    price_paths.show()
    st.session_state["study"] = session.study()


def test_a_path_is_typed_and_its_sides_are_taken_from_the_catalogue():
    app = ran(AppTest.from_function(script, args=(dumps(rented()),), default_timeout=30))
    low, base, high = app.text_input
    assert [each.value for each in (low, base, high)] == ["1; 0.5", "1; 1", "1; 1.5"]
    civo = price_paths("rent")[0]
    assert civo.levels == (1.0, 0.9257, 0.8513)
    base.set_value("1; 0.95").run()
    next(each for each in app.selectbox if each.label == "Low path from").set_value(civo.name).run()
    assert "a lower bound, no forecast" in texts(app)
    next(each for each in app.button if each.label == "Set the path").click().run()
    value = app.session_state["study"].input(PATH).value
    assert value.value == (1.0, 0.95, 0.95)
    assert value.low_by_year == civo.levels and value.high_by_year == (1.0, 1.5, 1.5)
    assert "Civo" in value.source
    (drawn,) = uncertain_inputs(app.session_state["study"]).inputs
    assert drawn.low == civo.levels


def test_what_does_not_hold_the_path_is_said():
    app = ran(AppTest.from_function(script, args=(dumps(rented()),), default_timeout=30))
    app.text_input[2].set_value("1; 0.9").run()
    next(each for each in app.button if each.label == "Set the path").click().run()
    assert "does not hold the value in year 2" in texts(app)
    assert app.session_state["study"].input(PATH).value.high_by_year == (1.0, 1.5)


def test_without_a_path_nothing_is_set_and_a_yearly_change_is_the_path_between():
    app = ran(AppTest.from_function(script, args=(dumps(replace(rented(), PATH, -0.1)),), default_timeout=30))
    next(each for each in app.button if each.label == "Set the path").click().run()
    assert "has no path yet" in texts(app)
    assert app.session_state["study"].input(PATH).value.value == -0.1
    for field, words in zip((app.text_input[0], app.text_input[2]), ("1; 0.8", "1; 1.2"), strict=True):
        field.set_value(words).run()
    next(each for each in app.button if each.label == "Set the path").click().run()
    value = app.session_state["study"].input(PATH).value
    assert (value.low_by_year, value.value, value.high_by_year) == ((1.0, 0.8), (1.0, 0.9), (1.0, 1.2))
