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
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from store import drafts

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
STARTS_WITHIN_S = 20
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    """Returns when the server answers; fails with its exit code if it ends, or after a while."""
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer within {STARTS_WITHIN_S} s")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served for these tests only, with drafts in a folder of its own."""
    port = free_port()
    found = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {drafts.FOLDER_SETTING: str(tmp_path_factory.mktemp("data"))},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "install Debian's chromium: make test does"
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
            locale=locale,
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    """Waits until the page shows what the last edit led to."""
    page.wait_for_timeout(60)  # the edit must have reached the server before its end can be waited for
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
