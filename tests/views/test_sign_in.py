"""Who may see the app: this machine without sign-in; elsewhere those who signed in and have a role."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from store import desk
from tests.views.reading import ran
from views import session as state
from views import sign_in

ASKED = {"auth": {"client_id": "tco"}, "roles": {"viewer": ["@example.org"], "approver": ["cleo@example.org"]}}


class User(dict[str, Any]):
    """Who signed in, as the framework tells it."""

    is_logged_in = True


def page() -> None:
    import streamlit as st

    from views import sign_in

    st.write("shown" if sign_in.passed() else "stopped")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(sign_in, "is_near", lambda: False)
    return AppTest.from_function(page)


def told(app: AppTest) -> str:
    ran(app)
    return " ".join(each.value for each in [*app.markdown, *app.error])


def signed(monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    monkeypatch.setattr(sign_in, "_secret", ASKED.get)
    monkeypatch.setattr(sign_in.st, "user", user)


def test_this_machine_needs_no_sign_in(app: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sign_in, "is_near", lambda: True)
    assert told(app) == "shown"


def test_served_to_others_without_sign_in_it_shows_nothing(app: AppTest):
    assert "served to others without sign-in" in told(app) and "stopped" in told(app)


def test_whoever_has_not_signed_in_is_asked_to_on_this_machine_too(app: AppTest, monkeypatch: pytest.MonkeyPatch):
    user = User()
    user.is_logged_in = False
    signed(monkeypatch, user)
    monkeypatch.setattr(sign_in, "is_near", lambda: True)
    assert told(app) == "stopped"
    assert [each.label for each in app.button] == ["Sign in"]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({"email": "ann@example.org", "email_verified": True}, "shown"),
        ({"email": "ann@elsewhere.org", "email_verified": True}, "has no role here: ask whoever runs this app"),
        ({"email": "ann@example.org"}, "does not vouch for an email address"),
        ({"email_verified": True}, "does not vouch"),
    ],
)
def test_those_with_a_role_go_on_and_the_others_are_told(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, user: dict[str, Any], words: str
):
    signed(monkeypatch, User(user))
    assert words in told(app)


def test_what_one_person_types_is_the_teams_and_offered_to_nobody_else(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sign_in, "_secret", ASKED.get)
    session.user = User(email="cleo@example.org", email_verified=True)
    state.change({"study/discount_rate": 0.0912})
    state.keep_study()
    kept = state.entry()
    assert kept is not None and (kept.owner, kept.author) == (desk.TEAM, "cleo@example.org")
    assert state.person() == "cleo@example.org"
    for again in (session.session_state, session.query_params):
        again.clear()
    session.user = User(email="ann@example.org", email_verified=True)
    assert state.offered() is None and state.person() == "ann@example.org"
    state.change({"study/discount_rate": 0.0913})
    state.keep_study()
    assert state.entry() is None and "may not keep a study" in str(state.fault())
