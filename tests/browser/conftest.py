"""One server and one browser for all tests of the app as people see it; each test gets a page of its own.

The browser is Debian's Chromium: the one that Playwright would download is a second one, and needs the network.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, WebSocket, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from store import folder
from views.session import APART_SETTING

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
# Patience costs nothing where a page is quick; on a busy machine a page may take many times as long.
PATIENCE_MS = 60_000
ASKED_EVERY_S = 0.05
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
# Heights in a grid, in pixels.
HEADER, ROW = 36, 35


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when the server answers; fails with its exit code if it ends, or when patience does."""
    for _ in range(int(PATIENCE_MS / 1000 / ASKED_EVERY_S)):
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(ASKED_EVERY_S)
    raise AssertionError(f"the server did not answer in {PATIENCE_MS / 1000} s")


@contextmanager
def served(port: int, data: Path, *options: str) -> Generator[str]:
    """The address of a server with its library in a folder, each browser's apart; it ends with the block."""
    found = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options],
        cwd=ROOT,
        env=os.environ | {folder.FOLDER_SETTING: str(data), APART_SETTING: "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served for these tests only, with a library of its own."""
    with served(free_port(), tmp_path_factory.mktemp("data")) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "install Debian's chromium: make test does"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the app in a browser profile of its own: `visit("inputs", narrow=True, dark=True)`."""
    contexts = []

    def opened(path: str = "", *, narrow: bool = False, dark: bool = False, locale: str = "en-US") -> Page:
        context = browser.new_context(
            viewport=NARROW if narrow else WIDE,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",  # what moves while a page waits is painted by the processor that it waits for
            locale=locale,
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        RUNS[page] = Runs(page)
        page.goto(path if path.startswith("http") else f"{address}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def click_in_grid(grid: Locator, x: float, row: int) -> None:
    """Clicks into a row of a grid, so many pixels from its left edge, once the grid stands still."""
    grid.click(position={"x": x, "y": HEADER + ROW * (row + 0.5)})


class Runs:
    """Whether a page waits for the server: it has asked for a run that has not begun, or not ended."""

    def __init__(self, page: Page) -> None:
        self.asked = self.begun = False
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.asked, self.begun = True, False

    def _received(self, frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun = self.asked
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.asked = self.asked and not self.begun


RUNS: WeakKeyDictionary[Page, Runs] = WeakKeyDictionary()


def settled(page: Page) -> None:
    """Waits until the page shows what the last edit led to."""
    page.wait_for_timeout(60)  # in which a click or a key leads to a request, if it does
    for _ in range(PATIENCE_MS // 20):
        if not RUNS[page].asked:
            break
        page.wait_for_timeout(20)
    assert not RUNS[page].asked, "the server has not answered"
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


# Streamlit's own: the file uploader nests a button in a button's role, and a scrolling area has no tab stop.
KNOWN_TO_AXE = {"presentation-role-conflict", "scrollable-region-focusable"}


def violations(page: Page) -> dict[str, list[str]]:
    """What axe finds wrong with a page, by rule, beside what is known of Streamlit: the elements, cut short."""
    found = Axe().run(page).response["violations"]
    told = {each["id"]: [node["html"][:160] for node in each["nodes"]] for each in found}
    return {name: nodes for name, nodes in told.items() if name not in KNOWN_TO_AXE}
