"""Signing in with a real provider in a real browser: who has a role goes on under the name vouched for, nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import free_port, served
from tests.browser.provider import CLIENT, SECRET, Provider, provider
from tests.soak import later


@dataclass(frozen=True)
class Case:
    """Somebody, whether the provider vouches for the address, and what the page says then."""

    email: str
    verified: bool
    says: str


CASES = [
    Case("cleo@example.org", True, "Customer-service assistant"),
    Case("vic@example.org", True, "Customer-service assistant"),
    Case("eve@elsewhere.org", True, "has no role here"),
    Case("cleo@example.org", False, "does not vouch for an email address"),
]
NAMED = [f"{case.email}-{case.verified}" for case in CASES]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Provider]]:
    """The app of a team with two roles, and its provider."""
    folder, port = tmp_path_factory.mktemp("team"), free_port()
    with provider(free_port()) as found:
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://localhost:{port}/oauth2callback"
            cookie_secret = "a secret of these tests that is long enough"
            client_id = "{CLIENT}"
            client_secret = "{SECRET}"
            server_metadata_url = "{found.address}/.well-known/openid-configuration"
            [roles]
            approver = ["cleo@example.org"]
            viewer = ["@example.org"]
            """
        )
        with served(port, Path(folder), "--secrets.files", str(secrets)):
            yield f"http://localhost:{port}", found


@pytest.mark.parametrize("case", later([(each,) for each in CASES], lambda at: at == 0), ids=NAMED)
def test_who_has_a_role_goes_on_and_the_others_are_told(browser: Browser, team: tuple[str, Provider], case: Case):
    address, found = team
    found.email, found.verified = case.email, case.verified
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("Customer-service assistant")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(case.says).first).to_be_visible()
    context.close()
