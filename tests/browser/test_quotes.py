"""A quote from its file to the study in a real browser: upload, estimates, confirming, undo, and the claims."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from importers.quotes import template_csv
from importers.quotes.cells.columns import COLUMNS
from tests.browser.conftest import click_in_grid, settled, violations
from tests.soak import long

Visit = Callable[..., Page]
SERVER: dict[str, Any] = {
    "vendor": "Acme",
    "quote_number": "Q-7",
    "quote_date": "2026-02-01",
    "valid_until": "2099-04-30",
    "currency": "USD",
    "acquisition": "purchase",
    "performance_source": "benchmark",
    "item": "Server, 8 accelerators",
    "part": "systems",
    "charged": "per system",
    "scope": "in",
    "quantity": 4,
    "net_price": 400_000,
}


def content(row: Mapping[str, Any]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([column.label for column in COLUMNS])
    writer.writerow([row.get(column.name, "") for column in COLUMNS])
    return target.getvalue().encode()


def upload(page: Page, row: Mapping[str, Any] = SERVER) -> None:
    file = {"name": "offer.csv", "mimeType": "text/csv", "buffer": content(row)}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files=[file])  # type: ignore[list-item]
    expect(page.get_by_role("button", name="Add it to the study")).to_be_visible()
    settled(page)


def fits_and_is_accessible(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not violations(page)


@long
def test_a_quote_is_added_and_taken_back_and_leads_to_compare(visit: Visit):
    page = visit("quotes")
    upload(page)
    page.get_by_role("button", name=re.compile(r"Fill \d as in")).click()
    expect(page.get_by_text("estimated, marked assumed").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Add it to the study").click()
    expect(page.get_by_role("heading", name="Added to the study")).to_be_visible()
    settled(page)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Add it to the study")).to_be_enabled()
    settled(page)
    page.get_by_role("button", name="Add it to the study").click()
    page.get_by_role("link", name="Compare all options").click()
    expect(page.get_by_role("tab", name="All options")).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="Inputs").click()
    page.get_by_role("tab", name="Quotes").click()
    expect(page.get_by_text("It is in the study as Acme, quote Q-7")).to_be_visible()


OWN_TABLE = """Offer of Gamma, 2026-02-01;;;
Description;Qty;Unit price;Total
GPU server;4;400000;1600000
Switch 400G;2;20000;40000
Software;4;TBD;
Total;;;1640000
"""


def say(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Enter")
    settled(page)


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label, exact=True)
    # A list that opens at the edge of the window scrolls it, and closes again.
    box.evaluate("field => field.scrollIntoView({block: 'center'})")
    box.click()
    page.get_by_role("option", name=text, exact=True).click()
    settled(page)


def own_table(page: Page) -> Locator:
    """The grid of what is said row by row of a vendor's own table."""
    file = {"name": "offer.csv", "mimeType": "text/csv", "buffer": OWN_TABLE.encode()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files=[file])  # type: ignore[list-item]
    for label, text in (("Vendor", "Gamma"), ("Quote number", "G1"), ("Quote date", "2026-02-01"), ("Currency", "USD")):
        say(page, f"{label} (needed)", text)
    choose(page, "Performance from (needed)", "catalogue")
    return page.get_by_test_id("stDataFrame").first


@long
def test_a_vendors_own_table_is_said_row_by_row(visit: Visit):
    page = visit("quotes")
    grid = own_table(page)
    expect(grid.locator("#glide-cell-2-2")).to_have_text("software?")
    expect(page.get_by_text("looks like a total (1,640,000)")).to_be_visible()
    click_in_grid(grid, 715, 2)  # the scope of the third row
    expect(grid.locator("#glide-cell-4-2")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("out")
    page.keyboard.press("Enter")
    settled(page)
    expect(grid.locator("#glide-cell-4-2")).to_have_text("out")
    # What is out of the offer is no longer asked about, and the other lines are sure.
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    expect(page.get_by_text("stand in the way")).to_have_count(0)
    page.get_by_role("button", name="Add it to the study").click()
    expect(page.get_by_text("It is in the study as Gamma, quote G1")).to_be_visible()


@long
def test_the_grid_of_rows_is_accessible_and_fits_a_telephone(visit: Visit):
    page = visit("quotes", narrow=True)
    expect(own_table(page)).to_be_visible()
    fits_and_is_accessible(page)


@long
def test_the_blank_template_is_downloaded_and_has_the_columns(visit: Visit):
    page = visit("quotes")
    with page.expect_download() as download:
        page.get_by_role("button", name="Blank template (CSV)").click()
    assert download.value.path().read_bytes() == template_csv().encode()
    with page.expect_download() as download:
        page.get_by_role("button", name="Blank template (Excel)").click()
    assert download.value.path().read_bytes().startswith(b"PK")


@long
def test_what_was_said_of_a_file_survives_another_page(visit: Visit):
    page = visit("quotes")
    upload(page, SERVER | {"currency": "EUR"})
    rate = page.get_by_role("textbox", name="Exchange rate", exact=True)
    rate.fill("1.1")
    rate.press("Enter")
    settled(page)
    page.get_by_role("link", name="Decision").click()
    settled(page)
    page.get_by_role("link", name="Inputs").click()
    page.get_by_role("tab", name="Quotes").click()
    expect(page.get_by_role("textbox", name="Exchange rate", exact=True)).to_have_value("1.1")


@long
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_is_accessible_and_fits_a_telephone(visit: Visit, dark: bool):
    page = visit("quotes", narrow=True, dark=dark)
    fits_and_is_accessible(page)
    upload(page)
    fits_and_is_accessible(page)
    page.goto(page.url.split("/inputs")[0] + "/library?library=Published+claims")
    expect(page.get_by_role("button", name="Open as study")).to_be_visible()
    settled(page)
    fits_and_is_accessible(page)
