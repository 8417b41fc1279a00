"""The way back: an edited workbook becomes changes to the study, all or none; hostile files get their own message."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

import cli
from files.limits import WORKBOOK
from models.run.model import MODEL
from models.studies import change
from models.studies.file.load import dumps, from_dict, load, loads, save, to_dict
from models.studies.study import Study, get
from tests.analysed import findings
from tests.cpu import cpu_below
from tests.edits import saved_elsewhere, typed_in
from tests.soak import long, named, sampled
from tests.workbook import judge
from workbook.read import FORMAT, FORMAT_PROPERTY, WorkbookError, read
from workbook.sheets.given.inputs import SOURCE, VALUE, WIDTHS
from workbook.verify import verify
from workbook.write import write
from workbook.writing.side_by_side import SHARED, Columns

TEMPLATES = sorted(Path("templates").glob("*.toml"))
STUDY = Path("templates/two_vendors.toml")
BY_THE_HOUR = Path(__file__).parent / "by_the_hour.toml"


def exported(study: Study, analysed: bool = False) -> bytes:
    target, result = io.BytesIO(), MODEL.run(study)
    write(result, target, findings=findings(result) if analysed else None)
    return target.getvalue()


@pytest.fixture(scope="module")
def study() -> Study:
    """Two of the template's options: enough to edit, and read in half the time."""
    tables = to_dict(load(STUDY))
    tables["option"] = tables["option"][:4:2]
    tables["study"] = {**tables["study"], "interim_price": 0.0004}
    tables["study"].pop("interim_from")
    return from_dict(tables)


@pytest.fixture(scope="module")
def content(study: Study) -> bytes:
    return exported(study)


def typed(name: str, value: Any) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        sheet, cell = book.defined_names[name].attr_text.replace("$", "").split("!")
        book[sheet.strip("'")][cell] = value

    return edit


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return target.getvalue()


@long
def test_scores_and_weights_typed_in_the_workbook_come_back() -> None:
    tables = to_dict(load(TEMPLATES[0]))
    tables["criterion"] = [{"name": "Delivery", "weight": 60}, {"name": "Service", "weight": 40, "least": 2}]
    scored = {"criterion": "Service", "score": {"value": 3.5, "source": "Contract draft"}}
    tables["option"][1]["score"] = [scored]
    study = from_dict(tables)
    content = exported(study)
    assert read(content, study).changes == ()

    def edit(book: Any) -> None:
        typed("in_criterion1_weight", 30)(book)
        typed("in_o2_score1_score", 1.5)(book)

    found = read(saved_elsewhere(content, edit), study).study
    assert found.criteria[0].number("weight") == 30
    assert found.options[1].scores[0].number("score") == 1.5


@pytest.mark.parametrize("analysed", [False, pytest.param(True, marks=long)], ids=["plain", "analysed"])
@sampled("path", TEMPLATES, named("deepseek_fleet"), ids=lambda p: p.stem)
def test_an_untouched_workbook_changes_nothing(path: Path, analysed: bool) -> None:
    study = load(path)
    found = read(exported(study, analysed), study)
    assert (found.changes, found.warnings) == ((), ())
    assert found.study == study


@long
def test_typed_values_come_back_and_the_model_follows(study: Study, content: bytes) -> None:
    def edit(book: Any) -> None:
        typed("in_o1_pue", 1.33)(book)
        typed("in_discount_rate", 0.11)(book)
        typed("in_w1_requests_per_day", 123456)(book)
        typed("in_title", "Another title")(book)

    found = read(saved_elsewhere(content, edit), study)
    assert {c.name: c.new for c in found.changes} == {
        "in_o1_pue": 1.33,
        "in_discount_rate": 0.11,
        "in_w1_requests_per_day": 123456,
        "in_title": "Another title",
    }
    assert found.study.fields.number("discount_rate") == 0.11
    assert found.study.options[0].fields.number("pue") == 1.33
    assert loads(dumps(found.study)) == found.study
    old, new = (MODEL.run(s).options[study.options[0].name].values["pv_cost"] for s in (study, found.study))
    assert old != new


@pytest.mark.parametrize("word", ["per kW of IT load", "Per KW of IT load", "per_kw"])
def test_a_choice_comes_back_by_its_words_and_by_those_of_earlier_exports(
    word: str, study: Study, content: bytes
) -> None:
    found = read(saved_elsewhere(content, typed("in_o1_capex1_basis", word)), study)
    assert [(c.name, c.new) for c in found.changes] == [("in_o1_capex1_basis", "per_kw")]


def test_a_blanked_cell_is_a_blank(study: Study, content: bytes) -> None:
    found = read(typed_in(content, typed("in_interim_price", None)), study)
    assert [(c.path, c.new) for c in found.changes] == [("study/interim_price", None)]


def test_ranges_and_sources_come_back(study: Study, content: bytes) -> None:
    def edit(book: Any) -> None:
        for what, value in (("low", 1.2), ("source", "measured by us")):
            beside("in_o1_pue", what, 1, study, value)(book)

    found = read(typed_in(content, edit), study)
    assert {(c.name, c.what, c.new) for c in found.changes} == {
        ("in_o1_pue", "low", 1.2),
        ("in_o1_pue", "source", "measured by us"),
    }
    assert found.study.options[0].fields["pue"].source == "measured by us"


def in_the_row_of(name: str, column: int, value: Any) -> Callable[[Any], None]:
    """Types into a column (from 0) of the row in which an input stands."""

    def edit(book: Any) -> None:
        sheet, cell = book.defined_names[name].attr_text.replace("$", "").split("!")
        book[sheet.strip("'")][f"{xl_col_to_name(column)}{re.sub('[A-Z]', '', cell)}"] = value

    return edit


def beside(name: str, what: str, block: int, study: Study, value: Any) -> Callable[[Any], None]:
    """Types what describes an option's input, in the block of an option, or 0 of what is shared."""
    return in_the_row_of(name, Columns(len(study.options)).described(block)[what], value)


def shared(name: str, value: Any) -> Callable[[Any], None]:
    """Types into the column of what is shared, in the row of an option's input."""
    return in_the_row_of(name, SHARED, value)


def test_what_is_shared_is_typed_once_and_changes_every_option_that_follows(study: Study, content: bytes) -> None:
    def edit(book: Any) -> None:
        shared("in_o1_pue", 1.33)(book)
        beside("in_o1_pue", "source", 0, study, "Bill of May")(book)

    found = read(typed_in(content, edit), study)
    assert {(c.name, c.what, c.new) for c in found.changes} == {
        (f"in_o{n}_pue", *change) for n in (1, 2) for change in (("value", 1.33), ("source", "Bill of May"))
    }
    assert [get(found.study, f"option/{o.name}/pue").source for o in study.options] == ["Bill of May"] * 2


@long
def test_an_option_departs_where_it_is_typed_over_and_follows_again_with_the_formula(
    study: Study, content: bytes
) -> None:
    departed = read(typed_in(content, typed("in_o2_pue", 1.2)), study)
    assert [(c.name, c.new, c.cell[:9]) for c in departed.changes] == [("in_o2_pue", 1.2, "Options!E")]
    assert departed.warnings == () and departed.asked == (departed.changes[0].path,)
    row = departed.changes[0].cell.removeprefix("Options!E")
    again = typed_in(exported(departed.study), typed("in_o2_pue", f'=IF(ISBLANK($D{row}),"-",$D{row})'))
    found = read(again, departed.study)
    assert [(c.name, c.what, c.new) for c in found.changes if c.what == "value"] == [("in_o2_pue", "value", 1.54)]


@long
def test_what_is_shared_and_blank_is_blank_for_all(study: Study, content: bytes) -> None:
    found = read(typed_in(content, shared("in_o1_grid_efficiency", None)), study)
    assert [(c.name, c.new) for c in found.changes] == [(f"in_o{n}_grid_efficiency", None) for n in (1, 2)]
    filled = read(typed_in(content, shared("in_o1_w1_success_rate", 0.9)), study)
    assert [(c.name, c.old, c.new) for c in filled.changes] == [(f"in_o{n}_w1_success_rate", None, 0.9) for n in (1, 2)]


def test_a_value_in_a_cell_that_is_no_input_is_named(study: Study, content: bytes) -> None:
    with pytest.raises(WorkbookError, match=r"Options!C\d+ \(Option\): a value in a cell that is no input"):
        read(typed_in(content, shared("in_o1_name", "Both")), study)


@pytest.fixture(scope="module")
def by_the_hour() -> Study:
    """A study whose load, requests, tries and prices are lists."""
    return load(BY_THE_HOUR)


@pytest.fixture(scope="module")
def lists(by_the_hour: Study) -> bytes:
    return exported(by_the_hour)


def cell_of(name: str, position: int, value: Any) -> Callable[[Any], None]:
    """Types into one cell of a list, the first being 0."""

    def edit(book: Any) -> None:
        sheet, cells = book.defined_names[name].attr_text.replace("$", "").split("!")
        first = cells.split(":")[0]
        book[sheet.strip("'")][f"{first[0]}{int(first[1:]) + position}"] = value

    return edit


LISTED = {
    "in_shape1_weekday_list": ("load_shape/office/weekday", 8),
    "in_shape2_weekday_list": ("load_shape/night/weekday", 23),
    "in_w1_requests_per_day_list": ("workload/chat/requests_per_day", 2),
    "in_w1_success_rate_list": ("workload/chat/success_rate", 1),
    "in_o1_electricity_escalation_list": ("option/Own/electricity_escalation", 1),
    "in_o2_rental_price_change_list": ("option/Rented/rental/price_change", 0),
}


def together(*edits: Callable[[Any], None]) -> Callable[[Any], None]:
    """One edit after the other."""

    def edit(book: Any) -> None:
        for each in edits:
            each(book)

    return edit


@long
def test_a_changed_cell_of_a_list_is_a_change_of_that_input(by_the_hour: Study, lists: bytes) -> None:
    edits = [cell_of(name, position, 0.625) for name, (_, position) in LISTED.items()]
    found = read(typed_in(lists, together(*edits)), by_the_hour)
    wanted = {}
    for name, (path, position) in LISTED.items():
        old = get(by_the_hour, path).value
        assert isinstance(old, tuple)
        wanted[name] = (path, "value", old, (*old[:position], 0.625, *old[position + 1 :]))
    assert {c.name: (c.path, c.what, c.old, c.new) for c in found.changes} == wanted
    assert [get(found.study, path).value for path, *_ in wanted.values()] == [new for *_, new in wanted.values()]
    assert loads(dumps(found.study)) == found.study


@long
def test_a_changed_list_is_your_figure_unless_its_source_still_holds(by_the_hour: Study, lists: bytes) -> None:
    found = read(typed_in(lists, cell_of("in_shape1_weekday_list", 8, 9)), by_the_hour)
    path = "load_shape/office/weekday"
    assert found.asked == (path,)
    assert (get(found.study, path).source, get(found.sourced, path).source) == (None, "Gateway log")
    changed = read(typed_in(lists, cell_of("in_w1_requests_per_day_list", 0, 5)), by_the_hour).study
    requests = get(changed, "workload/chat/requests_per_day")
    assert (requests.confidence, requests.low, requests.source) == ("own", None, None)


@long
def test_what_describes_a_list_comes_back(by_the_hour: Study, lists: bytes) -> None:
    def edit(book: Any) -> None:
        sheet, cell = book.defined_names["in_w1_requests_per_day"].attr_text.replace("$", "").split("!")
        book[sheet.strip("'")][f"F{cell[1:]}"] = "Plan of May"

    found = read(typed_in(lists, edit), by_the_hour)
    assert [(c.path, c.what, c.new) for c in found.changes] == [
        ("workload/chat/requests_per_day", "source", "Plan of May")
    ]
    assert get(found.study, "workload/chat/requests_per_day").value == (100_000.0, 250_000.0, 400_000.0)


def test_a_source_can_be_typed_beside_a_long_text(study: Study, content: bytes) -> None:
    assert len(study.fields.text("note")) > WIDTHS[VALUE]
    sheets: dict[str, str] = {}
    judge.rewritten(content, lambda title, xml: sheets.setdefault(title, xml))
    merged = re.findall(r'<mergeCell ref="([A-Z]+)\d+:([A-Z]+)\d+"', sheets["Inputs"])
    assert merged and {xl_cell_to_rowcol(f"{last}1")[1] for _, last in merged} == {SOURCE - 1}

    def edit(book: Any) -> None:
        sheet, cell = book.defined_names["in_note"].attr_text.replace("$", "").split("!")
        book[sheet.strip("'")][f"{xl_col_to_name(SOURCE)}{cell[1:]}"] = "Minutes of 3 May"

    found = read(typed_in(content, edit), study)
    assert [(each.path, each.what, each.new) for each in found.changes] == [
        ("study/note", "source", "Minutes of 3 May")
    ]


@long
def test_an_untouched_workbook_of_lists_changes_nothing(by_the_hour: Study, lists: bytes) -> None:
    assert read(lists, by_the_hour).changes == ()
    # A program that keeps 15 digits has changed nothing either.
    third = change.replace(by_the_hour, "workload/chat/success_rate", [0.8, 1 / 3, 0.3])
    written = typed_in(exported(third), cell_of("in_w1_success_rate_list", 1, float(f"{1 / 3:.15g}")))
    assert read(written, third).changes == ()


@long
@pytest.mark.parametrize(
    "faults",
    [
        {
            "Load on a weekday, 3:00 is blank; type a number": cell_of("in_shape1_weekday_list", 3, None),
            "Load on a weekday, 4:00 is a text ('many'); type a number": cell_of("in_shape2_weekday_list", 4, "many"),
            "Requests per day is 5 here": typed("in_w1_requests_per_day", 5),
            "Hours of the week is 'daily 0-24' here": typed("in_o1_tariff1_hours", "daily 0-24"),
        },
        {
            "-1.0 at 3:00 is not a number of 0 or more": cell_of("in_shape1_weekday_list", 3, -1),
            "success_rate": cell_of("in_w1_success_rate_list", 1, 1.5),
        },
    ],
    ids=["no lists", "out of bounds"],
)
def test_a_list_that_cannot_be_is_named_by_cell(
    faults: dict[str, Callable[[Any], None]], by_the_hour: Study, lists: bytes
) -> None:
    with pytest.raises(WorkbookError) as error:
        read(typed_in(lists, together(*faults.values())), by_the_hour)
    assert [words for words in faults if words not in str(error.value)] == []
    assert all(problem.startswith(("Workloads!C", "Options!D")) for problem in error.value.problems)
    assert len(error.value.problems) == len(faults)


@long
@pytest.mark.parametrize("cells", ["Workloads!$C$8:$C$9", "Workloads!#REF!"])
def test_rows_of_a_list_are_added_in_the_app(cells: str, by_the_hour: Study, lists: bytes) -> None:
    def edit(book: Any) -> None:
        book.defined_names["in_shape1_weekday_list"].attr_text = cells

    with pytest.raises(
        WorkbookError, match=r"in_shape1_weekday_list .* rows of a list are added and removed in the app"
    ):
        read(saved_elsewhere(lists, edit), by_the_hour)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("in_o1_pue", "1,3", "is a text ('1,3'); type a number"),
        ("in_o1_pue", "#REF!", "error #REF!"),
        ("in_o1_pue", True, "type a number"),
        ("in_o1_pue", 0.5, "pue = 0.5"),
        ("in_o1_pue", "=1+1/3", "formula =1+1/3 without a value"),
        ("in_o1_name", "Somebody else", "changed in the app only"),
        ("in_horizon_years", 9, "changed in the app only"),
        ("in_hours_per_year", 8766, "is fixed at 8,760"),
        ("in_mid_year", 2, "1 for yes or 0 for no"),
        ("in_o1_availability", 1.5, "availability"),
    ],
)
def test_what_cannot_be_taken_is_named_by_cell(study: Study, content: bytes, name: str, value: Any, words: str) -> None:
    with pytest.raises(WorkbookError) as error:
        read(typed_in(content, typed(name, value)), study)
    assert words in str(error.value)
    assert str(error.value).startswith(("Inputs!C", "'Inputs'!", "Options!D"))


def test_all_problems_are_named_and_nothing_is_applied(study: Study, content: bytes) -> None:
    def edit(book: Any) -> None:
        typed("in_o1_pue", "x")(book)
        typed("in_o2_pue", "y")(book)
        typed("in_discount_rate", 0.2)(book)

    before = dumps(study)
    with pytest.raises(WorkbookError) as error:
        read(typed_in(content, edit), study)
    assert len(error.value.problems) == 2
    assert dumps(study) == before


def test_a_formula_is_taken_at_its_value_and_said(study: Study, content: bytes) -> None:
    sheet = next(n for n, xml in parts(content).items() if n.startswith("xl/worksheets/") and b'"><v>1.54</v>' in xml)
    changed = repacked(
        content, lambda n, p: p.replace(b"<v>1.54</v>", b"<f>1+0.6</f><v>1.6</v>", 1) if n == sheet else p
    )
    found = read(changed, study)
    assert [c.new for c in found.changes] == [1.6, 1.6]  # both options follow what is shared
    assert "holds the formula =1+0.6; its value 1.6 is taken" in found.warnings[0]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


@long
def test_rows_are_refused_by_name(study: Study, content: bytes) -> None:
    def add(book: Any) -> None:
        sheet = book["Inputs"]
        sheet.cell(row=sheet.max_row + 3, column=1, value="Extra server")
        sheet.cell(row=sheet.max_row, column=3, value=5)

    with pytest.raises(WorkbookError, match=r"Extra server.*add rows in the app"):
        read(saved_elsewhere(content, add), study)

    def delete(book: Any) -> None:
        del book.defined_names["in_o1_capex1_amount"]

    with pytest.raises(WorkbookError, match=r"in_o1_capex1_amount .* is missing"):
        read(saved_elsewhere(content, delete), study)

    def break_reference(book: Any) -> None:
        book.defined_names["in_o1_pue"].attr_text = "Inputs!#REF!"

    with pytest.raises(WorkbookError, match="in_o1_pue refers to"):
        read(saved_elsewhere(content, break_reference), study)


def test_another_study_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(WorkbookError, match="workbook of another study") as error:
        read(content, load("templates/customer_service.toml"))
    assert len(error.value.problems) == 1


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(100)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80_000_000))
    return target.getvalue()


def packed(names: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in names.items():
            archive.writestr(name, part)
    return target.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><definedNames>'
    b'<definedName name="in_x">&b;</definedName></definedNames></workbook>'
)
HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "picture": (lambda _: png(), "no .xlsx workbook"),
    "empty": (lambda _: b"", "no .xlsx workbook"),
    "text": (lambda _: b"name,value\n", "no .xlsx workbook"),
    "old or encrypted": (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "encrypted or in the old .xls"),
    "too large": (lambda _: b"PK\x03\x04" + bytes(WORKBOOK.bytes), "MB"),
    "bomb": (lambda _: bomb(), "unpacks to"),
    "truncated": (lambda c: c[: len(c) // 2], "damaged"),
    "many parts": (lambda _: packed({f"xl/{i}.xml": b"" for i in range(500)}), "500 parts"),
    "archive": (lambda _: packed({"a.txt": b"a"}), "no workbook"),
    "opendocument": (lambda _: packed({"mimetype": b"x", "content.xml": b""}), "OpenDocument"),
    "binary": (lambda _: packed({"xl/workbook.bin": b"x"}), ".xlsb"),
    "macros": (lambda c: repacked(c, lambda _, p: p, {"xl/vbaProject.bin": b"x"}), "macros"),
    "links": (lambda c: repacked(c, lambda _, p: p, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "links to other"),
    "entities": (lambda c: repacked(c, lambda n, p: ENTITIES if n == "xl/workbook.xml" else p), "XML entities"),
    "broken xml": (lambda c: repacked(c, lambda n, p: p[:200] if n == "xl/workbook.xml" else p), "damaged"),
    "broken sheet": (
        lambda c: repacked(c, lambda n, p: b"<x" if n.startswith("xl/worksheets/sheet") else p),
        "damaged",
    ),
    "newer": (
        lambda c: repacked(
            c, lambda n, p: p.replace(b">%d<" % FORMAT, b">%d<" % (FORMAT + 1)) if n == "docProps/custom.xml" else p
        ),
        "newer version",
    ),
    "other workbook": (lambda _: exported_elsewhere(), "none of this app's inputs"),
    "doubled name": (
        lambda c: repacked(
            c,
            lambda n, p: (
                p.replace(b"</definedNames>", b'<definedName name="in_o1_pue">Inputs!$C$9</definedName></definedNames>')
                if n == "xl/workbook.xml"
                else p
            ),
        ),
        "in_o1_pue is defined twice",
    ),
}


def exported_elsewhere() -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = 1  # type: ignore[index]
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_get_their_own_message_quickly(study: Study, content: bytes, kind: str) -> None:
    make, words = HOSTILE[kind]
    hostile = make(content)
    with cpu_below(5), pytest.raises(WorkbookError, match=words.replace(".", r"\.")):
        read(hostile, study)


@long
@pytest.mark.parametrize("job", [read, lambda content, _: verify(content)], ids=["read", "verify"])
def test_a_million_rows_in_ten_megabytes_take_seconds(study: Study, content: bytes, job: Callable[..., object]) -> None:
    """Without a cell in them, in one sheet or in all, beside everything that an export holds."""

    def filled(name: str, part: bytes) -> bytes:
        more = "".join(f'<row r="{row}"/>' for row in range(2_000, 2_000 + 1_000_000 // 16))
        return part.replace(b"</sheetData>", more.encode() + b"</sheetData>") if "worksheets/sheet" in name else part

    hostile = repacked(content, filled)
    assert len(hostile) < WORKBOOK.bytes
    with cpu_below(20), pytest.raises(WorkbookError, match="more than 500,000 cells and rows"):
        job(hostile, study)


def test_the_format_is_written_where_it_is_read(content: bytes) -> None:
    assert FORMAT_PROPERTY.encode() in parts(content)["docProps/custom.xml"]


@long
def test_texts_that_look_like_formulas_stay_texts(study: Study, content: bytes) -> None:
    for text in ('=HYPERLINK("http://x")', "+1-2", "@SUM(A1)", "-5"):
        from models.studies.change import replace

        odd = replace(study, "study/title", text)
        assert read(exported(odd), odd).changes == ()


@long
def test_the_command_lists_and_applies(
    tmp_path: Path, study: Study, content: bytes, capsys: pytest.CaptureFixture
) -> None:
    path, book, out = tmp_path / "study.toml", tmp_path / "edited.xlsx", tmp_path / "new.toml"
    save(study, path)
    book.write_bytes(typed_in(content, typed("in_o1_pue", 1.33)))
    assert cli.main(["import-workbook", str(book), "--against", str(path), "--json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["name"], change["old"], change["new"]) == ("in_o1_pue", study.options[0].fields.number("pue"), 1.33)
    taken = ["import-workbook", str(book), "--against", str(path), "--changed", "own", "--out", str(out)]
    assert cli.main(taken) == 0
    assert load(out).options[0].fields.number("pue") == 1.33
    book.write_bytes(png())
    assert cli.main(["import-workbook", str(book), "--against", str(path)]) == 2
    assert "no .xlsx workbook" in capsys.readouterr().err
    assert cli.main(["import-workbook", str(tmp_path / "none.xlsx"), "--against", str(path)]) == 2
