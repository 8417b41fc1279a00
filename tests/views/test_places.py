"""The five places and their addresses, and the bar: one basis for every figure of the app."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.words import basis_words
from models.studies.change import replace
from models.studies.file.load import dumps, loads
from store import library
from tests.soak import later, long
from tests.views.reading import ran, run, texts, work
from views import pages, session, sign_in

# The addresses of the ten pages of the first version, and what stood there.
TITLES = [place.title for place in pages.PLACES]
TEN = {
    **{"start": "Summary", "inputs": "Values", "measure": "Benchmarks", "results": "Cost and cash", "quotes": "Quotes"},
    **{"compare": "All options", "decide": "Head to head", "improve": "Levers", "evidence": "Evidence"},
    "export": "Summary",
}


def first_view(place: pages.Place) -> str:
    return next(iter(place.views))


def test_every_earlier_address_leads_to_what_stood_there():
    stand = {place.address: first_view(place) for place in pages.PLACES}
    moved = {address: more.get(place.word, first_view(place)) for address, (place, more) in pages.MOVED.items()}
    assert {address: (stand | moved)[address] for address in TEN} == TEN


def test_a_view_has_one_name_and_place():
    named = [view for place in pages.PLACES for view in place.views]
    assert len(named) == len(set(named))
    addresses = [*(place.address for place in pages.PLACES), *pages.MOVED]
    assert len(addresses) == len(set(addresses))
    assert len({place.word for place in pages.PLACES}) == len(pages.PLACES)
    for place, more in pages.MOVED.values():
        assert place in pages.PLACES and more.get(place.word, first_view(place)) in place.views


@pytest.mark.parametrize("place", later([(each,) for each in pages.PLACES], lambda at: at > 0), ids=TITLES)
def test_every_view_opens(place: pages.Place):
    for view in place.views:
        app = run(place.address, view=view)
        assert [tab.label for tab in app.tabs if tab.label in place.views] == list(place.views)
        assert sum("<h1" in each.proto.body for each in app.get("html")) == 1


def test_only_the_view_that_is_open_is_computed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("views.decision.head_to_head.show", lambda: pytest.fail("not open"))
    run("decision")


def test_the_app_starts_with_the_decision(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sign_in, "is_near", lambda: True)
    app = ran(AppTest.from_file("../../app.py", default_timeout=30))
    assert app.tabs[0].label == "Summary"


# ------------------------------------------------------------------------------------------------------------- the bar


def bases(app: AppTest) -> list[Any]:
    """Every field of the app by which money could be put on another basis."""
    fields = [*app.segmented_control, *app.toggle, *app.selectbox, *app.radio, *app.checkbox]
    return [each for each in fields if re.search(r"\btax\b|staff|engineering time", each.label, re.IGNORECASE)]


@pytest.mark.parametrize("place", later([(each,) for each in pages.PLACES], lambda at: at == 1), ids=TITLES)
def test_no_place_has_a_basis_of_its_own(place: pages.Place):
    for view in place.views:
        assert not bases(run(place.address, view=view))


def test_the_basis_says_what_it_is():
    study = library.first().study
    assert basis_words(study) == "USD · before tax · PV at 7.23% · 2027–2031 · per 1,000 responses"
    told = basis_words(replace(study, "study/start_year", None), after_tax=True, without_staff=True)
    assert told == "USD · after tax · PV at 7.23% · five years · staff excluded · per 1,000 responses"
    assert basis_words(replace(study, "study/horizon_years", 1)).split(" · ")[3] == "2027"


def test_without_a_tax_rate_no_figure_is_after_tax(session_of: AppTest):
    assert "not taxed" in texts(session_of)


@pytest.fixture
def session_of() -> AppTest:
    def script() -> None:
        import streamlit as st

        from models.studies.change import replace
        from store import library
        from views import session

        if "loaded" not in st.session_state:
            st.session_state["loaded"] = True
            taxed = replace(library.first().study, "study/after_tax", True)
            session.load(replace(taxed, "study/tax_rate", 0.0), "Test")
        st.markdown("taxed" if session.after_tax() else "not taxed")

    return ran(AppTest.from_function(script, default_timeout=30))


def test_the_basis_belongs_to_the_study_and_is_kept_with_it():
    held = work(run("library", after_tax=True)).step.study
    assert loads(dumps(held)).fields.flag("after_tax")
    labels = [each.proto.popover.label for each in run("library", dumps(held)).get("popover")]
    assert any("after tax" in label for label in labels)
    assert not library.first().study.fields.flag("after_tax")


@long
def test_entries_in_error_are_told_on_every_place():
    for place in pages.PLACES:
        app = run(place.address)
        assert "last valid state" not in texts(app)
        work(app).aside = {"x": session.Entry("abc", problems=(session.Problem("study/x", None, "no number"),))}
        assert "Figures are from the last valid state: 1 entry needs attention." in texts(ran(app))
        assert "Not saved: 1 entry in error" in texts(app)
