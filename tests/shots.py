"""Pictures of every view in both themes and widths, into shots/; the README's picture is shots/summary-1280-light.png.

``python -m tests.shots`` starts the app on a free port, looks at each view and stops it again.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from views.pages import PLACES

TARGET = Path("shots")
SIZES = ((1280, 900), (390, 844))
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
CHROMIUM = "/usr/bin/chromium"
READY = "[data-testid='stApp'][data-test-script-state='notRunning']"


def main() -> None:
    """Take every picture."""
    TARGET.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    app = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            for scheme in ("light", "dark"):
                for size in SIZES:
                    _pages(browser, f"http://127.0.0.1:{port}", scheme, size)
    finally:
        app.terminate()


def _pages(browser: Browser, base: str, scheme: str, size: tuple[int, int]) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for place, view in ((each, view) for each in PLACES for view in each.views):
        root = place is PLACES[0]  # the first place stands at the root
        page.goto(f"{base}/{'' if root else place.address}?{urlencode(place.at(view))}")
        page.wait_for_selector(READY, timeout=30_000)
        page.wait_for_timeout(800)
        name = view.lower().replace(" ", "-")
        page.screenshot(path=TARGET / f"{name}-{size[0]}-{scheme}.png")
    context.close()


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the app does not start; run make run to see why")


if __name__ == "__main__":
    main()
