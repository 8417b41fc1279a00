"""Typing, pasting, undoing and reloading in a real browser: what keystrokes do, which no other test can tell."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file import load as studies
from store import library
from tests.browser.conftest import click_in_grid, free_port, served, settled, violations
from tests.soak import long

OWN = "Buy, colocation"
# The place of a column, and pixels from the grid's left edge to its middle.
COLUMNS = {"Item": (1, 100), "Amount": (2, 250), "Charged per": (3, 390)}
Visit = Callable[..., Page]


def field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def put(page: Page, label: str, text: str) -> None:
    field(page, label).fill(text)
    field(page, label).press("Enter")
    settled(page)


def pick(page: Page, label: str, choice: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=choice, exact=True).click()
    settled(page)


def section(page: Page, name: str) -> None:
    page.locator(".st-key-sections label").filter(has_text=name).first.click()
    settled(page)


def figures(page: Page) -> str:
    return page.locator("table.headline").inner_text()


def grid(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame").first


def click_cell(page: Page, column: str, row: int) -> None:
    place, middle = COLUMNS[column]
    click_in_grid(grid(page), middle, row)
    expect(cell(page, place, row)).to_have_attribute("aria-selected", "true")


def cell(page: Page, column: int, row: int) -> Locator:
    return grid(page).locator(f"#glide-cell-{column}-{row}")


@pytest.fixture
def purchases(visit: Visit) -> Page:
    """The grid of what the first option buys."""
    page = visit("inputs")
    section(page, "Capex")
    pick(page, "Show", OWN)
    expect(cell(page, 2, 0)).to_have_text("32,000")
    return page


def test_an_edit_moves_the_figures_and_undo_brings_them_back(visit: Visit):
    page = visit("inputs")
    expect(page.locator("table.headline td.figure").first).to_be_visible()
    before = figures(page)
    put(page, "Input tokens per request", "3k")
    expect(page.get_by_text("read as 3,000")).to_be_visible()
    assert figures(page) != before
    assert "%" in page.locator("table.headline td.change").first.inner_text()
    page.keyboard.press("Control+z")
    settled(page)
    expect(field(page, "Input tokens per request")).to_have_value("1,154.7")
    options = MODEL.run(library.first().study).options.values()
    costs = [REQUESTS_PER_THOUSAND * each.values["comparison_cost_per_meaningful_response"] for each in options]
    expect(page.locator("table.headline td.figure")).to_have_text(writer.unit_costs(costs))


@long
def test_wrong_entries_stay_with_their_reason_and_the_last_good_result(visit: Visit):
    page = visit("inputs")
    expect(page.locator("table.headline td.figure").first).to_be_visible()
    good = page.locator("table.headline td.figure").all_inner_texts()
    for text, reason in (("abc", "is not a number"), ("-5", "at least 0"), ("12%", "not a percentage")):
        put(page, "Answer tokens per request", text)
        expect(page.get_by_text(reason)).to_be_visible()
        expect(field(page, "Answer tokens per request")).to_have_value(text)
        expect(page.get_by_text("last valid state")).to_be_visible()
    assert page.locator("table.headline td.figure").all_inner_texts() == good


@long
def test_edits_survive_another_page_and_a_reload(visit: Visit):
    page = visit("inputs")
    put(page, "Answer tokens per request", "300")
    put(page, "Input tokens per request", "1,2,3")
    page.get_by_role("link", name="Decision").click()
    expect(page.get_by_text("last valid state: 1 entry needs attention")).to_be_visible()
    page.get_by_role("link", name="Inputs").click()
    expect(field(page, "Answer tokens per request")).to_have_value("300")
    expect(field(page, "Input tokens per request")).to_have_value("1,2,3")
    settled(page)
    page.reload()
    expect(field(page, "Answer tokens per request")).to_have_value("300")
    expect(page.get_by_text("was open before")).to_have_count(0)
    fresh = page.context.new_page()
    fresh.goto(page.url.split("?")[0])
    expect(fresh.get_by_text("was open before")).to_be_visible()
    expect(field(fresh, "Answer tokens per request")).to_have_value("211.1")
    fresh.get_by_role("button", name="Resume").click()
    expect(field(fresh, "Answer tokens per request")).to_have_value("300")
    expect(fresh.get_by_text("was open before")).to_have_count(0)


@long
def test_a_tab_that_lost_its_session_says_so_and_shows_the_study_as_it_was_saved(visit: Visit, tmp_path: Path):
    port = free_port()
    with served(port, tmp_path) as address:
        page = visit(f"{address}/inputs")
        put(page, "Answer tokens per request", "300")
        expect(page.get_by_text("The session of this tab ended")).to_have_count(0)
    with served(port, tmp_path):
        # The tab connects again by itself, and sends all that stands in it with the next edit.
        put(page, "Input tokens per request", "777")
        expect(page.get_by_text("The session of this tab ended")).to_be_visible()
        expect(field(page, "Answer tokens per request")).to_have_value("300")
        expect(field(page, "Input tokens per request")).not_to_have_value("777")
        put(page, "Input tokens per request", "900")
        expect(field(page, "Input tokens per request")).to_have_value("900")
        expect(page.get_by_text("The session of this tab ended")).to_be_visible()
        page.get_by_role("button", name="Go on with these").click()
        settled(page)
        expect(field(page, "Answer tokens per request")).to_have_value("300")
        expect(page.get_by_text("The session of this tab ended")).to_have_count(0)


@long
def test_cells_are_typed_one_after_another(purchases: Page):
    click_cell(purchases, "Item", 3)
    click_cell(purchases, "Amount", 0)
    for text in ("33000", "61,5", "13%"):
        purchases.keyboard.type(text)
        purchases.keyboard.press("Enter")
        settled(purchases)
    for row, text in enumerate(("33000", "61,5", "13%")):
        expect(cell(purchases, 2, row)).to_have_text(text)
    expect(purchases.get_by_text("Server chassis, excluding GPUs: Amount 60,000 → 61.5")).to_be_visible()
    click_cell(purchases, "Item", 3)
    click_cell(purchases, "Amount", 1)
    purchases.keyboard.type("1.9x")
    purchases.keyboard.press("Enter")
    expect(purchases.get_by_text("row 2, Server chassis, excluding GPUs: Amount")).to_be_visible()
    purchases.keyboard.press("Control+z")
    expect(purchases.get_by_text("row 2, Server chassis, excluding GPUs: Amount")).to_have_count(0)
    settled(purchases)
    purchases.keyboard.press("Control+z")
    expect(cell(purchases, 2, 2)).to_have_text("12.5%")


@long
def test_keys_that_come_before_the_grid_can_take_them_are_not_lost(purchases: Page):
    late: list[Route] = []
    purchases.route("**/data-grid-overlay-editor*.js", lambda route: late.append(route))
    click_cell(purchases, "Item", 3)
    click_cell(purchases, "Amount", 0)
    for key in ("3", "3", "5", "1", "8", "Backspace", "7", "Enter", *"61,5", "Enter"):
        purchases.keyboard.press(key)
    expect(purchases.locator(".gdg-clip-region")).to_have_count(0)
    assert len(late) == 1
    late[0].continue_()
    expect(cell(purchases, 2, 0)).to_have_text("33517")
    expect(cell(purchases, 2, 1)).to_have_text("61,5")
    expect(purchases.get_by_text("Server chassis, excluding GPUs: Amount 60,000 \u2192 61.5")).to_be_visible()
    click_cell(purchases, "Amount", 2)
    for key in (*"13%", "Enter"):
        purchases.keyboard.press(key)
    expect(cell(purchases, 2, 2)).to_have_text("13%")


@long
def test_a_block_from_a_spreadsheet_is_pasted_and_nothing_in_it_is_lost(purchases: Page):
    block = "1.234,5\tper system\n41000\tper lorry\n1e3\tonce"
    purchases.evaluate("text => navigator.clipboard.writeText(text)", block)
    click_cell(purchases, "Item", 4)
    click_cell(purchases, "Amount", 0)
    purchases.keyboard.press("Control+v")
    expect(purchases.get_by_text('"per lorry" is none of')).to_be_visible()
    expect(purchases.get_by_text("last valid state")).to_be_visible()
    purchases.keyboard.press("ArrowDown")  # the grid says what its cells hold when another one is chosen
    for row, texts in enumerate(line.split("\t") for line in block.split("\n")):
        expect(cell(purchases, 2, row)).to_have_text(texts[0])
        expect(cell(purchases, 3, row)).to_have_text(texts[1])


@long
def test_a_pasted_table_shows_what_it_changes_before_it_does(purchases: Page):
    purchases.get_by_text("Paste or upload a table").first.click()
    box = purchases.get_by_role("textbox", name="Cells copied from a spreadsheet")
    box.fill("Item\tAmount\nH200 SXM accelerators\t31.500,00\nSpare fans\t100")
    box.press("Control+Enter")
    purchases.locator("label").filter(has_text="1.234,5 (comma)").click()
    expect(purchases.get_by_role("button", name="Apply 3 changes")).to_be_visible()


@long
def test_a_study_is_opened_from_a_file(visit: Visit, tmp_path: Path):
    study = replace(library.template("deepseek_fleet").study, "study/title", "Our fleet")
    studies.save(study, tmp_path / "ours.toml")
    page = visit("library?library=New+study")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(tmp_path / "ours.toml")
    expect(page.locator(".st-key-bar").get_by_text("Our fleet")).to_be_visible()
    page.get_by_role("link", name="Decision").click()
    expect(page.locator("table.printed").first).to_contain_text("As disclosed")


@long
def test_where_the_browser_speaks_no_english_unclear_marks_are_asked_about(visit: Visit):
    page = visit("inputs", locale="de-DE")
    put(page, "Answer tokens per request", "1.234")
    expect(page.get_by_text("May be 1234 or 1.234")).to_be_visible()
    put(page, "Answer tokens per request", "1.234,5")
    expect(page.get_by_text("last valid state")).to_have_count(0)


@long
def test_an_open_source_stays_open_while_it_is_edited(visit: Visit):
    page = visit("inputs")
    page.locator("[class*='st-key-beneath-workload-Live-chat-demand_growth'] button").first.click()
    pick(page, "Confidence", "contracted")
    put(page, "Source", "Board plan")
    expect(field(page, "Source")).to_have_value("Board plan")
    expect(page.get_by_text("range 0% to 50% · contracted")).to_be_visible()


@long
@pytest.mark.parametrize("path", ["", "inputs"])
def test_pages_are_accessible_and_fit_a_telephone_in_both_themes(visit: Visit, path: str):
    page = visit(path, narrow=True, dark=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not violations(page)
    page.emulate_media(color_scheme="light")
    settled(page)
    assert not violations(page)


@long
def test_a_section_with_grids_and_errors_is_accessible(purchases: Page):
    put(purchases, "Equipment life, years", "5.5")
    expect(purchases.get_by_text("must be a whole number")).to_be_visible()
    assert not violations(purchases)


@long
def test_nothing_is_asked_of_another_host(visit: Visit, address: str):
    page = visit("inputs")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    section(page, "Capex")
    page.reload()
    settled(page)
    strangers = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert not [url for url in strangers if not re.match(r"ws://127\.0\.0\.1", url)]
