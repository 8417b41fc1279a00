"""A session without a browser, and pages run as Streamlit runs them."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from store import folder
from views import session as state


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes a person's drafts."""
    monkeypatch.setenv(folder.FOLDER_SETTING, str(tmp_path / "data"))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A session of its own for `views.state`: its keys, its cookies and its language."""
    cookies = {"_streamlit_xsrf": "2|00000000|c0ffee|1"}
    context = SimpleNamespace(cookies=cookies, locale="en-US", headers={"Host": "tco.example.org"}, timezone="UTC")
    stand_in = SimpleNamespace(session_state={}, context=context, query_params={})
    monkeypatch.setattr(state, "st", stand_in)
    yield stand_in
