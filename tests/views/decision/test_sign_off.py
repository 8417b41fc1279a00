"""Decision > Brief and sign-off says who signed the study as it stands, and nothing of one that was changed since."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from store import desk, library, versions
from tests.views.reading import frames, ran
from views import session


def page() -> None:
    import streamlit as st

    from views import session
    from views.decision import brief

    if "rate" in st.session_state:
        session.change({"study/discount_rate": st.session_state.pop("rate")})
    brief._sign_off()
    session.keep_study()


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_owner", lambda: "ann")


def opened(id: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["study"] = id
    return ran(app)


def test_it_names_who_signed_until_the_study_is_changed():
    shelf, study = desk.shelf(), library.template("deepseek_fleet").study
    entry, sealed = shelf.add(study, owner="ann"), seal(MODEL.run(study))
    assert "Not kept as a version" in opened(entry.id).caption[0].value
    versions.keep(shelf, entry.id, "To the board", seal=sealed, author="Ann")
    assert frames(opened(entry.id))[0]["By"] == ["Ann", "–", "–"]
    versions.review(shelf, entry.id, 1, "Ben")
    versions.approve(shelf, entry.id, 1, sealed, "Cleo")
    app = opened(entry.id)
    assert frames(app)[0]["By"] == ["Ann", "Ben", "Cleo"]
    assert sealed in app.caption[0].value
    app.session_state["rate"] = 0.0912
    assert "Not kept as a version" in ran(app).caption[0].value
