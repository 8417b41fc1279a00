"""The door of the app: what is refused before any of it runs, what every answer bears, where it does not start."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit import net_util
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server import server_util
from streamlit.web.server.app_discovery import discover_asgi_app

from serving import memory, uploads
from serving.door import HEADERS, METRICS, READY, Door, refusal
from store import database
from views.sign_in import LOOPBACK

ROOT = Path(__file__).parents[1]
HOST = "tco.example.org"


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Stands for the app: it asks of a connection's origin as Streamlit does, then answers."""
    origin = dict(scope["headers"]).get(b"origin", f"https://{HOST}".encode()).decode()
    assert urlsplit(origin).netloc.casefold() == HOST or server_util.is_url_from_allowed_origins(origin)
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"kept")]})
        await send({"type": "http.response.body", "body": b"page"})


def asked(kind: str, path: str = "/", method: str = "GET", **headers: str) -> list[MutableMapping[str, Any]]:
    """What the door answers to a request."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    given = [(name.encode(), value.encode()) for name, value in {"host": HOST, **headers}.items()]
    answering = Door(_app)({"type": kind, "path": path, "method": method, "headers": given}, receive, send)
    with ThreadPoolExecutor(1) as pool:  # a browser's tests leave a loop running in the thread of the tests
        pool.submit(asyncio.run, answering).result()
    return sent


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(database.DATABASE_SETTING, f"sqlite:///{tmp_path / 'library.sqlite'}")


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions after this machine's address that were put to others."""
    found: list[str] = []
    for name in ("get_external_ip", "get_internal_ip"):
        monkeypatch.setattr(net_util, name, lambda name=name: found.append(name))
    return found


FOREIGN = ["http://evil.example", "https://tco.example.org.evil.example", "null", "http://tco.example.org:9999"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_connection_from_a_page_elsewhere_is_refused_and_nobody_is_asked(origin: str, looked_up: list[str]):
    assert asked("websocket", origin=origin) == [{"type": "websocket.close", "code": 1008}]
    assert asked("http", origin=origin)[0]["status"] == 403
    assert looked_up == []


def test_no_start_leaves_the_door_out():
    """Streamlit serves what a file assigns: the app behind its door, in the one file there is."""
    started = {path.name for path in ROOT.glob("*.py") if discover_asgi_app(path).is_asgi_app}
    drawn = {path.name for path in ROOT.glob("*.py") if "set_page_config" in path.read_text(encoding="utf-8")}
    assert started == drawn == {"app.py"}


def test_without_the_door_it_would_be_looked_up(looked_up: list[str]):
    assert not server_util.is_url_from_allowed_origins("http://evil.example")
    assert "get_external_ip" in looked_up


@pytest.mark.parametrize("headers", [{}, {"origin": f"https://{HOST}"}, {"origin": "https://TCO.example.org"}])
def test_its_own_pages_and_programs_come_in(headers: dict[str, str]):
    assert asked("websocket", **headers) == [{"type": "websocket.accept"}]
    start, body = asked("http", **headers)
    assert (start["status"], body["body"]) == (200, b"page")
    assert (b"x-own", b"kept") in start["headers"] and set(HEADERS) <= set(start["headers"])


def test_metrics_are_closed():
    assert asked("http", METRICS)[0]["status"] == 404


def test_it_is_ready_while_the_library_answers(monkeypatch: pytest.MonkeyPatch):
    assert asked("http", READY)[0]["status"] == 200
    monkeypatch.setenv(database.DATABASE_SETTING, "postgresql://nobody@127.0.0.1:1/secret")
    start, body = asked("http", READY)
    assert start["status"] == 503 and b"secret" not in body["body"]


def test_files_that_no_page_took_are_bounded_by_session(monkeypatch: pytest.MonkeyPatch):
    manager = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(uploads, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))

    def sent(session: str, length: int) -> int:
        path = f"/_stcore/upload_file/{session}/new"
        return asked("http", path, "PUT", **{"content-length": str(length)})[0]["status"]

    manager.add_file("full", UploadedFileRec("one", "a.csv", "text/csv", b"x" * 1_000))
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_500)
    assert (sent("full", 600), sent("full", 400), sent("other", 600)) == (413, 200, 200)
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    assert (sent("full", 1), sent("other", 1)) == (413, 200)
    manager.remove_file("full", "one")
    assert sent("full", 600) == 200


@pytest.mark.parametrize(
    ("address", "hosts", "signs_in", "starts"),
    [
        ("127.0.0.1", ["127.0.0.1", "localhost"], False, True),
        ("localhost", [], False, True),
        ("0.0.0.0", ["localhost"], False, False),
        (None, [], False, False),
        ("127.0.0.1", ["localhost", HOST], False, False),
        ("127.0.0.1", ["localhost", HOST], True, True),
        ("0.0.0.0", [], True, True),
    ],
)
def test_it_starts_for_this_machine_and_for_others_only_with_sign_in(
    address: str | None, hosts: list[str], signs_in: bool, starts: bool
):
    told = refusal(address, hosts, signs_in, LOOPBACK)
    assert (told is None) == starts
    assert told is None or "without sign-in. Set up [auth]" in told


def test_the_server_leaves_what_it_imported_out_of_what_it_looks_through() -> None:
    """In a process of its own: it holds for the whole program."""
    seen = "import app, gc; print(gc.get_freeze_count(), len(gc.get_objects()), gc.get_threshold())"
    told = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)
    frozen, rest, *threshold = re.findall(r"\d+", told.stdout)
    assert int(frozen) > 10 * int(rest)
    assert tuple(map(int, threshold)) == (memory.YOUNGEST, memory.YOUNGER, memory.OLDEST)
