"""The app as a newcomer meets it: clicks and seconds to an answer, a workbook, a target price; bytes, heights, axe.

Run it with `python -m bench.app`, where Debian's Chromium is installed. A click is a click, a field that is typed in
counts as one; seconds are those of this machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.browser.conftest import FLAGS, NARROW, PATIENCE_MS, RUNS, WIDE, Runs, free_port, served, settled
from tests.shots import CHROMIUM
from tests.views.reading import run
from views import pages

RERUNS = 40
RESPONSES = "25,000"
VERDICT = "h1.verdict"


def say(line: str) -> None:
    """One line of the report, as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass
class Newcomer:
    """Somebody at a page: what was clicked or typed, and what came down to the browser."""

    page: Page
    acts: int = 0
    received: int = 0
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        self.received += len(frame)

    def click(self, role: str, name: str) -> None:
        """One click on what has this role and name."""
        self.acts += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        settled(self.page)

    def type(self, label: str, text: str) -> None:
        """One field filled in."""
        self.acts += 1
        box = self.page.get_by_role("textbox", name=label).first
        box.fill(text)
        box.press("Enter")
        settled(self.page)

    def told(self, what: str) -> None:
        """Prints what was reached since the last time."""
        say(f"{what:44} {self.acts:3d} acts  {time.perf_counter() - self.started:6.1f} s")
        self.acts, self.started = 0, time.perf_counter()


def main() -> None:
    """Measure and print everything."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        started = time.perf_counter()
        with served(free_port(), Path(data)) as address:
            say(f"{'the server answers':44}           {time.perf_counter() - started:6.1f} s")
            journey(browser, address)
            weight(browser, address)
            heights(browser, address)
            faults(browser, address)
        browser.close()
    reruns()


@contextmanager
def opened(browser: Browser, address: str, *, narrow: bool = False, dark: bool = False) -> Generator[Newcomer]:
    """A page in a browser profile of its own."""
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport=NARROW if narrow else WIDE, color_scheme=scheme, locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    RUNS[page] = Runs(page)
    visitor = Newcomer(page)
    page.goto(address)
    page.get_by_role("heading", level=1).first.wait_for()
    settled(page)
    yield visitor
    context.close()


def journey(browser: Browser, address: str) -> None:
    """From the first screen to an answer of one's own, its workbook and a target price."""
    with opened(browser, address) as visitor:
        visitor.page.locator(VERDICT).wait_for()
        visitor.told("an answer (of a template)")
        visitor.click("link", "Library")
        visitor.click("tab", "New study")
        visitor.type("Responses per day", RESPONSES)
        visitor.click("button", "Build study")
        visitor.page.locator(VERDICT).wait_for()
        visitor.told("an answer for one's own case")
        visitor.click("button", "Export")
        with visitor.page.expect_download() as download:
            visitor.click("button", "Excel")
        download.value.path()
        visitor.told("a downloaded workbook")
        visitor.click("button", "Close")
        visitor.click("tab", "Risk")
        visitor.click("radio", "Target prices")
        visitor.page.get_by_role("region", name="Target prices and other break-evens").wait_for()
        visitor.told("a target price")


def weight(browser: Browser, address: str) -> None:
    """What one rerun sends to the browser."""
    with opened(browser, address) as visitor:
        visitor.page.locator(VERDICT).wait_for()
        for what, act in _reruns(visitor).items():
            visitor.page.wait_for_timeout(500)
            before = visitor.received
            act()
            visitor.page.wait_for_timeout(500)
            say(f"{what:44} {(visitor.received - before) / 1000:7.1f} kB")


def _reruns(visitor: Newcomer) -> dict[str, Callable[[], None]]:
    def place(name: str) -> Callable[[], None]:
        return lambda: visitor.click("link", name)

    return {
        "Inputs, opened": place("Inputs"),
        "Inputs, a value typed": lambda: visitor.type("Requests per day", "900,000"),
        "Decision, opened": place("Decision"),
        "Decision, undone": lambda: visitor.click("button", "Undo"),
    }


def heights(browser: Browser, address: str) -> None:
    """How long the page of every first view is on a telephone."""
    with opened(browser, address, narrow=True) as visitor:
        for place in pages.PLACES:
            view = next(iter(place.views))
            visitor.page.goto(_at(address, place, view))
            settled(visitor.page)
            visitor.page.wait_for_timeout(1500)
            tall = visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            say(f"{place.title + ', ' + view + ' at 390 px':44} {tall:7d} px")


def faults(browser: Browser, address: str) -> None:
    """Violations that axe finds, over all views and both themes."""
    found = 0
    for dark in (False, True):
        with opened(browser, address, dark=dark) as visitor:
            for place in pages.PLACES:
                for view in place.views:
                    visitor.page.goto(_at(address, place, view))
                    settled(visitor.page)
                    visitor.page.wait_for_timeout(800)
                    results = Axe().run(visitor.page)
                    for each in results.response["violations"]:
                        say(f"  {view}, {'dark' if dark else 'light'}: {each['id']} ({len(each['nodes'])})")
                    found += results.violations_count
    say(f"{'axe violations, all views, both themes':44} {found:7d}")


def _at(address: str, place: pages.Place, view: str) -> str:
    root = place is pages.PLACES[0]
    return f"{address}/{'' if root else place.address}?{urlencode(place.at(view))}"


def reruns() -> None:
    """How long the server computes a rerun in which nothing changed."""
    for place in ("decision", "inputs"):
        app = run(place)
        taken = []
        for _ in range(RERUNS):
            started = time.perf_counter()
            app.run()
            taken.append(1000 * (time.perf_counter() - started))
        cuts = statistics.quantiles(taken, n=20)
        say(f"{place.capitalize() + ', rerun':44} {cuts[9]:7.1f} ms at the median, p95 {cuts[18]:.1f} ms")


if __name__ == "__main__":
    main()
