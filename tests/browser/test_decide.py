"""Deciding in a real browser: choosing by keyboard, opening the slow parts, the brief as a file, on a telephone too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models.analysis.reporting.brief import as_markdown, brief
from models.analysis.reporting.findings import simulated
from models.analysis.sensitivity.targets import target
from models.run.model import MODEL
from store import library
from tests.browser.conftest import settled, violations
from tests.soak import long
from views.decision.risk import PARTS
from views.pages import DECISION

Visit = Callable[..., Page]


def opened(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click()
    settled(page)


def part(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    page.mouse.move(0, 0)  # what the pointer is over looks different
    settled(page)


def choose(page: Page, label: str, typed: str, option: str) -> None:
    """Finds an option by typing and takes it with Enter."""
    field = page.get_by_role("combobox", name=label)
    field.click()
    field.press_sequentially(typed, delay=30)
    expect(page.get_by_role("option").first).to_contain_text(option)
    page.keyboard.press("Enter")
    settled(page)


@long
def test_an_input_is_found_by_typing_and_its_tie_is_the_models(visit: Visit):
    page = visit("?view=Risk")
    path = "option/API, same model/api/price_input"
    found = target(library.first().study, path, "Buy, colocation", "API, same model")
    assert found.value is not None
    choose(page, "Compared with", "API", "API, same model")
    part(page, list(PARTS)[1])
    choose(page, "Input", "price of input", "Price of input (API, same model)")
    expect(
        page.get_by_text(f"Break-even at USD {found.subject.number(found.value)} per million tokens")
    ).to_be_visible()
    drawn = page.locator("[data-testid='stVegaLiteChart'][aria-label*='by price of input']")
    expect(drawn.locator("svg.marks, canvas.marks")).to_be_visible()


@long
def test_another_pair_is_chosen_and_kept_over_a_page_switch(visit: Visit):
    page = visit("decide")
    choose(page, "Compared with", "rented", "Rented fleet")
    expect(page.get_by_text("less than Rented fleet")).to_be_visible()
    page.get_by_role("link", name="Results").click()
    settled(page)
    page.get_by_role("link", name="Decision").click()
    opened(page, "Head to head")
    expect(page.get_by_text("less than Rented fleet")).to_be_visible()


@long
def test_every_part_opens_and_every_chart_is_drawn(visit: Visit):
    page = visit("decide")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    expect(page.get_by_role("region", name="Measures of the saving")).to_be_visible()
    opened(page, "Risk")
    _, _, several, tornado, win_map = PARTS
    part(page, several)
    expect(page.get_by_text("One input moves at a time")).to_be_visible()
    for name, words in ((tornado, "Sensitivity of the saving"), (win_map, "Cheapest option")):
        part(page, name)
        drawn = page.locator(f"[data-testid='stVegaLiteChart'][aria-label^='{words}']")
        expect(drawn.locator("svg.marks, canvas.marks")).to_be_visible()
    assert not [text for text in errors if "Error" in text]


@long
def test_the_brief_comes_as_a_file(visit: Visit, tmp_path):
    page = visit("decide")
    opened(page, "Brief and sign-off")
    button = page.get_by_role("button", name="Download the brief (Markdown)")
    expect(button).to_be_visible()
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.endswith("-brief.md")
    target_file = tmp_path / "brief.md"
    download.value.save_as(target_file)
    expected = as_markdown(brief(MODEL.run(library.first().study), simulated=simulated(library.first().study)))
    assert target_file.read_text(encoding="utf-8") == expected
    expect(page.get_by_text("What would change the recommendation")).to_be_visible()


@long
@pytest.mark.parametrize(("narrow", "dark"), [(True, True)])
def test_the_page_is_accessible_and_fits_its_screen(visit: Visit, narrow: bool, dark: bool):
    page = visit(narrow=narrow, dark=dark)
    for view in DECISION.views:
        opened(page, view)
        for name in PARTS if view == "Risk" else (None,):
            if name:
                part(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= (390 if narrow else 1280)
            assert not violations(page), (view, name)
