"""Who signed in, where the app asks for it; and who may not go on, told with the remedy.

Sign-in is on where the secrets of the app have `[auth]` (Streamlit's own, OpenID Connect); `[roles]` there says who may
do what. Without it the app serves one person on one machine.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from store.database import StoreError
from store.people import Person, role_of

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
AUTH, ROLES = "auth", "roles"


def is_asked() -> bool:
    """Whether this app asks people to sign in."""
    return bool(_secret(AUTH))


def _secret(section: str) -> Any:
    return st.secrets.get(section) if st.secrets.load_if_toml_exists() else None


def is_near() -> bool:
    """Whether the page is asked for by this machine itself: whoever comes through a proxy may name any host."""
    headers = st.context.headers
    host = urlsplit(f"//{headers.get('Host') or ''}").hostname
    return host in LOOPBACK and not any(headers.get(name) for name in PASSED_ON)


def person() -> Person | None:
    """Who signed in, with a role; None for nobody, and for one who has none."""
    try:
        return _person()
    except StoreError:
        return None


def _person() -> Person | None:
    if not is_asked() or not st.user.is_logged_in:
        return None
    address = str(st.user.get("email") or "")
    if not address or not st.user.get("email_verified", False):
        raise StoreError("your sign-in does not vouch for an email address", "let the provider confirm it")
    role = role_of(address, _secret(ROLES) or {})
    if role is None:
        raise StoreError(f"{address} has no role here", "ask whoever runs this app to name it under [roles]")
    return Person(address, role)


def passed() -> bool:
    """Whether whoever asks for the page may see it; otherwise what to do is drawn instead."""
    if not is_asked():
        if is_near():
            return True
        st.error("This app is served to others without sign-in, so it shows nothing. Set one up: docs/team.md.")
        return False
    if not st.user.is_logged_in:
        st.title("Inference TCO", anchor=False)
        st.button("Sign in", type="primary", on_click=st.login, key="sign in")
        return False
    try:
        return _person() is not None
    except StoreError as error:
        st.error(f"{error.what[:1].upper()}{error.what[1:]}: {error.remedy}.")
        st.button("Sign out", on_click=st.logout, key="sign out")
        return False
