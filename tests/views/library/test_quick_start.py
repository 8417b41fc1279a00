"""A study from four answers: what they make, what each input rests on, and closed models."""

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from tests.views.reading import Unfolded, frames, put, run, study_of, texts


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(streamlit, "expander", Unfolded)
    monkeypatch.setattr(streamlit, "switch_page", lambda *page, **query: streamlit.rerun())
    return run("library", view="New study")


def test_four_answers_make_a_study_and_undo_comes_back(app: AppTest):
    title = study_of(app).fields.text("title")
    app.text_input(key="quick answers 1").set_value("250k").run()
    put(app, "Model", "Llama-3.3-70B")
    put(app, "Type of work", "Chat over long documents")
    app.button(key="quick use").click().run()
    assert study_of(app).workloads[0].number("requests_per_day") == 250_000
    assert [option.name for option in study_of(app).options] == ["Buy", "Rent", "API"]
    assert study_of(app).fields.text("title").startswith("Llama-3.3-70B: 250,000 responses a day")
    app.button(key="undo").click().run()
    assert study_of(app).fields.text("title") == title


def test_every_figure_says_what_it_rests_on(app: AppTest):
    table = next(frame for frame in frames(app) if "Evidence" in frame)
    rests = dict(zip(table["Figure"], table["Evidence"], strict=True))
    assert rests["Chat: Requests per day"] == "Your figure"
    assert {"Your figure", "From a source", "Assumed"} == set(rests.values())
    sources = dict(zip(table["Figure"], table["Source"], strict=True))
    assert all(sources[figure] for figure, basis in rests.items() if basis == "From a source")
    assert f"{len(rests)} inputs: " in texts(app)


def test_a_closed_model_is_explained_and_an_open_one_offered(app: AppTest):
    put(app, "Model", "gpt-5")
    assert "is available through an API only" in texts(app)
    app.button(key="substitute Llama-3.3-70B").click().run()
    assert next(each for each in app.selectbox if each.label == "Model").value == "Llama-3.3-70B"
    assert "Buy, Rent, API" in texts(app)


@pytest.mark.parametrize("text", ["", "0", "-3", "many", "1.2.3"])
def test_a_number_that_is_none_is_refused_beside_its_field(app: AppTest, text: str):
    app.text_input(key="quick answers 1").set_value(text).run()
    assert ":material/error:" in texts(app)
    assert not [button for button in app.button if button.key == "quick use"]


def test_the_hardware_can_be_chosen_where_several_are_known(app: AppTest):
    put(app, "Model", "Llama-3.3-70B")
    hardware = next(each for each in app.selectbox if each.label == "Hardware")
    chosen = hardware.options[-1]
    put(app, "Hardware", chosen)
    app.button(key="quick use").click().run()
    assert study_of(app).option("Buy").fields.text("vendor") == chosen
