"""Reading results in a real browser: opening figures, choosing, downloading; on a telephone, in both themes, unseen."""

import json
import re
import zipfile
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from models.analysis.metrics.headlines import without_staff
from models.analysis.metrics.measures import RANKED_BY
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.file.load import loads
from models.studies.study import Study
from store import library
from tests.browser.conftest import click_in_grid, settled, violations
from tests.soak import long, sampled
from views.pages import EXPORT, MOVED

PAGES = ("", "results", "compare", "evidence", "library", "export")
Visit = Callable[..., Page]


def metric(page: Page) -> Locator:
    return page.locator("div.figures b").first


def drawer(page: Page) -> Locator:
    found = page.get_by_role("dialog")
    expect(found).to_be_visible()
    return found


def drawn(page: Page) -> None:
    """Waits until all charts of the results are there, so that nothing moves any more."""
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg.marks, canvas.marks")).to_have_count(2)


def first_study() -> Study:
    return library.first().study


def of_thousand(result: Result) -> dict[str, str]:
    """What 1,000 responses cost with each option, as they are written side by side."""
    costs = [option.values[RANKED_BY] for option in result.options.values()]
    return dict(zip(result.options, writer.unit_costs([REQUESTS_PER_THOUSAND * c for c in costs]), strict=True))


def open_line(page: Page, label: str) -> Locator:
    """Opens a line of the model by its name, in the view of checks."""
    field = page.get_by_role("combobox", name="Open any figure by its name")
    field.click()
    field.press_sequentially(label, delay=30)
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_test_id("stBaseButton-secondary").filter(has_text="Open").click()
    return drawer(page)


@long
def test_a_line_opens_to_its_formula_and_on_to_its_parts(visit: Visit):
    page = visit("results?results=Checks")
    panel = open_line(page, "(cost_per_meaningful_response)")
    expect(panel).to_contain_text("Total cost, undiscounted / Accepted responses, life")
    panel.get_by_role("button", name="Total cost, undiscounted").click()
    expect(panel).to_contain_text("the sum over the years of Cash cost")
    panel.get_by_role("button", name="Cash cost").click()
    expect(panel).to_contain_text("Capex + Operating cost - Resale")
    panel.get_by_role("button", name="Cost per meaningful response").click()
    expect(panel).to_contain_text("Total cost, undiscounted / Accepted responses, life")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


@long
def test_a_row_of_a_table_opens_where_it_is_clicked(visit: Visit):
    page = visit("results")
    drawn(page)
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("#glide-cell-0-0")).to_contain_text("Capex")
    click_in_grid(table, 45, 0)
    expect(drawer(page)).to_contain_text("Purchases + Grants received")


@long
def test_another_option_and_the_basis_change_the_figures(visit: Visit):
    study = first_study()
    names = [option.name for option in study.options]
    page = visit("results")
    whole, bare = MODEL.run(study), MODEL.run(without_staff(study))
    expect(metric(page)).to_have_text(of_thousand(whole)[names[0]])
    page.get_by_role("radio", name=names[1]).click()
    page.get_by_role("radio", name=names[-1]).click()
    expect(metric(page)).to_have_text(of_thousand(whole)[names[-1]])
    page.get_by_test_id("stPopoverButton").filter(has_text="before tax").click()
    page.get_by_role("radio", name="Excluded").click()
    expect(metric(page)).to_have_text(of_thousand(bare)[names[-1]])
    page.get_by_role("link", name="Inputs").click()
    expect(page.get_by_role("button", name="staff excluded")).to_be_visible()


@long
def test_every_chart_is_drawn(visit: Visit):
    page = visit("results")
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.reload()
    drawn(page)
    assert not [text for text in errors if "Error" in text]
    expect(page.locator("[data-testid='stVegaLiteChart'][aria-label^='Cost by kind']")).to_be_visible()


@long
@sampled("path", ["results", "compare", "evidence"], lambda path: path == "compare")
def test_charts_are_told_in_words(visit: Visit, path: str):
    page = visit(path)
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("svg.marks, canvas.marks").first).to_be_visible()
    assert len(chart.get_attribute("aria-label") or "") > 40


@long
def test_evidence_is_found_by_its_words(visit: Visit):
    page = visit("evidence")
    page.get_by_role("textbox", name="Search").fill("uptime")
    page.get_by_role("textbox", name="Search").press("Enter")
    settled(page)
    count = page.get_by_text(re.compile(r"^\d+ inputs?$"))
    expect(count).to_be_visible()
    assert 0 < int(count.inner_text().split()[0]) < 20


@long
def test_files_come_when_they_are_asked_for(visit: Visit, tmp_path):
    page = visit("export")
    found = {}
    for label in ("Excel", "TOML", "JSON", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
        found[label] = tmp_path / download.value.suggested_filename
        download.value.save_as(found[label])
    assert "xl/workbook.xml" in zipfile.ZipFile(found["Excel"]).namelist()
    assert loads(found["TOML"].read_bytes()) == first_study()
    assert len(json.loads(found["JSON"].read_bytes())["options"]) == len(first_study().options)
    assert found["CSV"].read_bytes().startswith(b"option,workload,year,line,unit,value")


@sampled(
    ("path", "narrow", "dark"),
    [*((path, True, True) for path in PAGES), ("results", False, False)],
    lambda case: case[:2] == ("results", True),
)
def test_pages_are_accessible_and_fit_their_screen(visit: Visit, path: str, narrow: bool, dark: bool):
    page = visit(path, narrow=narrow, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if narrow else 1280)
    assert not violations(page)


@long
def test_the_drawer_is_accessible_and_fits_a_telephone(visit: Visit):
    page = visit("results?results=Checks", narrow=True, dark=True)
    box = open_line(page, "(pv_cost)").bounding_box()
    assert box and box["width"] <= 390
    settled(page)
    assert not violations(page)


@long
@sampled("address_of_old", sorted(MOVED), lambda old: old == "decide")
def test_an_address_of_an_earlier_version_leads_to_what_stood_there(visit: Visit, address_of_old: str):
    place, more = MOVED[address_of_old]
    page = visit(address_of_old)
    shown = more.get(place.word, next(iter(place.views)))
    expect(page.get_by_role("tab", name=shown)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("dialog")).to_have_count(1 if EXPORT in more else 0)
