"""A value that a person changes is "your figure", through every door: its old range, source, date and note go."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace as with_parts
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.utility import xl_col_to_name

import cli
from models.analysis.quickstart.quick_start import known_models, known_works, quick_start
from models.analysis.sensitivity.tornado import tornado
from models.catalogue.fill import load as load_catalogue
from models.run.model import MODEL
from models.run.opened import provenance_text
from models.studies import change
from models.studies.file import load
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from models.studies.ranges import Range, input_range
from models.studies.study import Study, get
from store import library
from tests.edits import typed_in
from tests.soak import long
from views import session
from views.fields import forms
from views.figures import opened
from views.inputs.tables import grids, matrix, pasted, sheets
from workbook.read import Reading, read
from workbook.write import write
from workbook.writing.side_by_side import Columns

pytestmark = pytest.mark.usefixtures("session")

OWN, ITEM = "Buy, colocation", "H200 SXM accelerators"
ROW = f"option/{OWN}/capex/{ITEM}"
AMOUNT = f"{ROW}/amount"
ENTRY = schema.field("capex", "amount")


def two_options() -> Study:
    """A template with what is bought and what is leased, on one site: small workbooks, and prices held in common."""
    tables = load.to_dict(library.template("customer_service").study)
    tables["option"] = [option for option in tables["option"] if option["acquisition"] in ("purchase", "lease")]
    del tables["study"]["reference_option"], tables["study"]["interim_from"]
    return load.from_dict(tables)


STUDY = change.replace(two_options(), "study/prepared_by", "A. Analyst")
BEFORE = get(STUDY, AMOUNT)
NEW = 40_000


@pytest.fixture(autouse=True)
def template(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("session")  # the stand-in for a browser's, which keeps what is loaded
    session.load(STUDY, "Template", keep=False)


def target() -> grids.Target:
    return grids.of_option("capex", f"option/{OWN}", OWN, session.study().option(OWN).capex)


def by_form(text: str) -> Study:
    place = session.study().places[ROW]
    forms._take(ENTRY, [forms.Place(OWN, ROW, place.row)], text)
    return session.study()


def by_grid(text: str) -> Study:
    lines = sheets.lines("capex", target().rows, "english")
    lines[0] = with_parts(lines[0], cells={**lines[0].cells, "amount": text})
    grids.take(target(), lines)
    return session.study()


def by_paste(text: str) -> Study:
    standing = sheets.lines("capex", target().rows, "english")
    table = f"Item\tAmount\n{ITEM}\t{text}"
    found = pasted.preview(
        "capex", standing, table, "point", replace=False, marks="english", currency=session.study().currency
    )
    if found.differences:
        grids.take(target(), found.lines)
    return session.study()


def by_quotes_beside_each_other(text: str) -> Study:
    items = matrix.items(STUDY, "capex")
    row = next(index for index, item in enumerate(items) if item.name == ITEM)
    found = matrix.edited(session.study(), "capex", items, {row: {"0": text}}, "english")
    return matrix.put(session.study(), "capex", found.rows)


def by_command(text: str) -> Study:
    return change.replace(STUDY, AMOUNT, float(text.replace(",", "")))


@cache
def exported(text: str) -> bytes:
    """The workbook of the study in TOML text."""
    target = io.BytesIO()
    write(MODEL.run(load.loads(text)), target)
    return target.getvalue()


def typed_over(study: Study, cells: dict[str, object]) -> bytes:
    """A workbook of the study in which the item's value, or what describes it, was typed over."""
    columns = Columns(len(study.options))
    places = {"value": columns.value(1), **columns.described(1)}

    def edit(book: Any) -> None:
        sheet, cell = book.defined_names["in_o1_capex1_amount"].attr_text.replace("$", "").split("!")
        for what, content in cells.items():
            book[sheet.strip("'")][f"{xl_col_to_name(places[what])}{cell[1:]}"] = content

    return typed_in(exported(load.dumps(study)), edit)


def returned(study: Study, cells: dict[str, object]) -> Reading:
    """What that workbook says against the study."""
    return read(typed_over(study, cells), study)


def by_workbook(text: str) -> Study:
    return returned(STUDY, {"value": float(text.replace(",", ""))}).study


DOORS: tuple[Callable[[str], Study], ...] = (
    *(by_form, by_grid, by_paste, by_quotes_beside_each_other, by_command, by_workbook),
)


@pytest.mark.parametrize("door", DOORS)
def test_a_changed_value_is_your_figure(door: Callable[[str], Study]):
    changed = door("40,000")
    value = get(changed, AMOUNT)
    today = datetime.date.today().isoformat()
    assert value == Value(NEW, confidence="own", by="A. Analyst", as_of=today)
    assert input_range(value, ENTRY, STUDY) == Range(
        28_000, 52_000, "proposed", "proposed, 30% either side of the value"
    )
    assert load.loads(load.dumps(changed)) == changed


@pytest.mark.parametrize("door", DOORS)
def test_the_same_figure_typed_again_keeps_what_it_rests_on(door: Callable[[str], Study]):
    assert get(door("32,000.0"), AMOUNT) == BEFORE


def test_a_study_that_nobody_prepares_has_figures_of_nobody():
    changed = change.replace(change.replace(STUDY, "study/prepared_by", None), AMOUNT, NEW)
    assert (get(changed, AMOUNT).by, get(changed, AMOUNT).confidence) == (None, "own")


def test_what_says_its_source_is_not_your_figure():
    changed = change.replace(STUDY, AMOUNT, NEW, source="Offer 17")
    assert get(changed, AMOUNT) == Value(NEW, source="Offer 17")


def test_names_and_choices_are_nobodys_figure():
    changed = change.replace_all(STUDY, {f"option/{OWN}/vendor": "Acme", "study/title": "Ours"})
    assert get(changed, f"option/{OWN}/vendor") == Value("Acme")


@long
def test_a_question_of_a_workbook_is_asked_where_the_source_stood_still():
    found = returned(STUDY, {"value": NEW})
    assert found.asked == (AMOUNT,)
    assert get(found.study, AMOUNT).source is None
    kept = get(found.sourced, AMOUNT)
    assert kept == with_parts(BEFORE, value=NEW, low=None, high=None)
    assert returned(STUDY, {"value": NEW, "source": "Offer 17"}).asked == ()
    assert returned(STUDY, {"value": NEW, "confidence": "your figure"}).asked == ()
    assert returned(STUDY, {"note": "seen"}).asked == ()


@long
def test_what_a_workbook_shows_of_your_figure_comes_back_as_it_was():
    changed = by_command("40,000")
    assert returned(changed, {}).changes == ()
    assert get(returned(changed, {"low": 35_000}).study, AMOUNT) == with_parts(get(changed, AMOUNT), low=35_000)


@long
def test_the_command_line_asks_before_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    study, book, out = tmp_path / "study.toml", tmp_path / "book.xlsx", tmp_path / "new.toml"
    load.save(STUDY, study)
    book.write_bytes(typed_over(STUDY, {"value": NEW}))
    command = ["import-workbook", str(book), "--against", str(study), "--out", str(out)]
    assert cli.main(command) == 2
    assert AMOUNT in capsys.readouterr().err and not out.exists()
    assert cli.main([*command, "--changed", "sourced"]) == 0
    assert get(load.load(out), AMOUNT).source == BEFORE.source
    assert cli.main([*command, "--changed", "own"]) == 0
    assert get(load.load(out), AMOUNT).confidence == "own"


def test_the_volume_of_a_quick_start_is_your_figure():
    catalogue = load_catalogue()
    model, work = known_models(catalogue)[0].name, known_works(catalogue)[0]
    study = quick_start(287_671, model, work, catalogue=catalogue).study
    place = next(iter(study.rows("workload")))
    assert place.row["requests_per_day"].confidence == "own"


# ------------------------------------------------------------------------------------------------------ ranges


@pytest.mark.parametrize(
    ("path", "value", "low", "high"),
    [
        (f"option/{OWN}/availability", 0.9, 0.63, 1.0),
        (f"option/{OWN}/asset/equipment/residual_share", 0.9, 0.63, 1.0),
        ("study/tax_rate", 0.9, 0.63, None),
        (f"option/{OWN}/equipment_life", 4, 2, 6),
        (f"option/{OWN}/asset/equipment/price_change", -0.2, -0.26, -0.14),
        (f"option/{OWN}/pue", 1.2, 1.0, 1.56),
    ],
)
def test_a_proposed_range_is_cut_to_what_the_input_may_be(path: str, value: float, low: float, high: float | None):
    changed = change.replace(STUDY, path, value)
    found = input_range(get(changed, path), changed.input(path).entry, changed)
    assert found is not None and found.origin == "proposed"
    assert (found.low, found.high) == (pytest.approx(low), high if high is None else pytest.approx(high))


def test_zero_is_not_given_a_range_of_nothing():
    changed = change.replace(STUDY, AMOUNT, 0)
    assert input_range(get(changed, AMOUNT), ENTRY, STUDY) is None


def test_a_figure_outside_the_usual_range_is_still_warned_about():
    path = f"option/{OWN}/electricity_price"
    changed = change.replace(STUDY, path, 5.0)
    assert any(each.path == path and "typical range" in each.message for each in changed.warnings)


def test_what_opens_a_figure_calls_it_your_figure_once():
    changed = by_command("40,000")
    option = MODEL.run(load.loads(load.dumps(changed))).options[OWN]
    line = opened.source_line(option, AMOUNT, get(changed, AMOUNT))
    assert line.count("your figure") == 1 and r"A\. Analyst" in line
    assert "your figure" in provenance_text(get(changed, AMOUNT))


def test_the_tornado_moves_what_was_changed_between_its_own_ends():
    changed = change.replace(STUDY, AMOUNT, NEW)
    found = tornado(changed, OWN)
    bar = next(each for each in (*found.bars, *found.unmoved) if AMOUNT in each.paths)
    assert bar.range.origin == "proposed" and bar.low is not None and bar.high is not None
    assert (bar.low.value, bar.high.value) == (28_000, 52_000)


def test_what_was_set_for_all_options_at_once_moves_in_all():
    paths = [
        f"option/{option.name}/electricity_price"
        for option in STUDY.options
        if option.fields.given("electricity_price")
    ]
    changed = change.replace_all(STUDY, dict.fromkeys(paths, 0.11))
    found = tornado(changed, OWN)
    bar = next(each for each in found.bars if paths[0] in each.paths)
    assert set(bar.paths) == set(paths) and len(paths) > 1


def test_a_bare_volume_has_a_range_and_a_range_left_standing_is_none():
    """A study saved when an edit left the old range beside the new value: 250,000 a year, "50,000 to 200,000"."""
    tables = load.to_dict(STUDY)
    tables["workload"][0]["requests_per_day"] = 287_671
    staff = next(row for row in tables["option"][0]["opex"] if row["category"] == "staff")
    staff["amount"] = {"value": 250_000, "low": 50_000, "high": 200_000}
    study = load.from_dict(tables)
    found = {path: bar.range for bar in tornado(study, OWN).bars for path in bar.paths}
    volume = found[f"workload/{study.workloads[0].text('name')}/requests_per_day"]
    assert (volume.low, volume.high) == (pytest.approx(0.7 * 287_671), pytest.approx(1.3 * 287_671))
    amount = found[f"option/{OWN}/opex/{staff['name']}/amount"]
    assert (amount.low, amount.high, amount.origin) == (175_000, 325_000, "proposed")
