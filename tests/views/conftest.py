"""A session without a browser, and pages run as Streamlit runs them."""

import functools
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit.components.v2 import manifest_scanner

from store import folder
from views import session as state
from views import sign_in
from views.decision import changes, outcomes


@pytest.fixture(autouse=True, scope="session")
def installed_packages_are_read_once() -> Iterator[None]:
    """AppTest looks through every installed package for components at each run, a quarter of a second: once will do."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(scan))
        yield


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes a person's drafts."""
    monkeypatch.setenv(folder.FOLDER_SETTING, str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def simulated_when_asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first view simulates and searches once it stands, which takes seconds: only tests marked so wait for it."""
    if "simulates" not in request.keywords:
        monkeypatch.setattr(outcomes, "unasked", lambda result: None)
        monkeypatch.setattr(changes, "unasked", lambda result, found, place: None)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A session of its own for `views.state`: its keys, its cookies and its language; each browser's studies apart."""
    cookies = {"_streamlit_xsrf": "2|00000000|c0ffee|1"}
    context = SimpleNamespace(cookies=cookies, locale="en-US", headers={"Host": "localhost:8501"}, timezone="UTC")
    secrets = SimpleNamespace(load_if_toml_exists=lambda: False)
    stand_in = SimpleNamespace(session_state={}, context=context, query_params={}, secrets=secrets)
    monkeypatch.setenv(state.APART_SETTING, "1")
    for module in (state, sign_in):
        monkeypatch.setattr(module, "st", stand_in)
    yield stand_in
