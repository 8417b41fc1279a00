"""Levers, waiting, four questions and the catalogue in a real browser: chosen, adopted, taken, by mouse and key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import click_in_grid, settled, violations
from tests.soak import long

Visit = Callable[..., Page]


def look_at(page: Page, view: str) -> None:
    page.get_by_role("tab", name=view).click()
    settled(page)


@long
def test_a_lever_pulled_by_keyboard_moves_the_sum_and_is_adopted(visit: Visit):
    page = visit("improve")
    told = page.get_by_text("levers take cost")
    before = told.inner_text()
    page.get_by_role("checkbox", name="Liquid cooling").focus()
    page.keyboard.press("Space")
    settled(page)
    expect(told).not_to_have_text(before)
    page.get_by_role("button", name="Save as a new option").click()
    settled(page)
    expect(page.get_by_text("Buy, colocation, improved").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    settled(page)
    expect(page.get_by_role("textbox", name="Name of the new option")).to_have_value("Buy, colocation, improved")


@long
def test_a_trend_is_typed_and_the_answer_follows(visit: Visit):
    page = visit("improve")
    look_at(page, "Buy now or wait")
    expect(page.get_by_text("Buying in two years costs least")).to_be_visible()
    price = page.get_by_role("textbox", name="Price of hardware for the same work, % p.a.")
    price.fill("20 %")
    price.press("Enter")
    settled(page)
    expect(page.get_by_text("Buying now costs least")).to_be_visible()


@long
def test_four_answers_become_the_study(visit: Visit):
    page = visit("library?library=New+study")
    answers = page.get_by_role("textbox", name="Responses per day")
    answers.fill("250k")
    answers.press("Enter")
    settled(page)
    page.get_by_role("button", name="Build study").click()
    settled(page)
    expect(page.locator(".st-key-bar")).to_contain_text("250,000 responses a day")
    expect(page.locator("table.printed").first).to_be_visible()


@long
def test_a_fact_is_found_chosen_and_taken(visit: Visit):
    page = visit("inputs")
    page.locator(".st-key-sections label").filter(has_text="Energy and facility").first.click()
    settled(page)
    page.get_by_role("button", name="Fill from catalogue").click()
    dialog = page.get_by_role("dialog")
    search = dialog.get_by_role("textbox", name="Search")
    search.fill("texas industrial")
    search.press("Enter")
    settled(page)
    rows = dialog.get_by_test_id("stDataFrame").first
    expect(rows.locator("#glide-cell-1-0")).to_be_attached()
    click_in_grid(rows, 16, 0)
    settled(page)
    dialog.get_by_role("button", name="Take").click()
    settled(page)
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Electricity price, USD/kWh")).to_have_value("0.0725")


@long
@pytest.mark.parametrize("view", ["Levers", "Bottlenecks", "Buy now or wait"])
@pytest.mark.parametrize("narrow", [True], ids=["narrow"])
def test_nobody_is_shut_out_and_nothing_is_wider_than_the_page(visit: Visit, view: str, narrow: bool):
    page = visit("improve", narrow=narrow, dark=narrow)
    look_at(page, view)
    page.mouse.move(0, 0)  # what the pointer is over looks different
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
