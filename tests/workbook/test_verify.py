"""Whether a workbook is as exported: untouched and saved by other programs it is; every change is named by its cell."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

import cli
from models.analysis.reporting.record import Record, Version
from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from models.studies.file.load import load
from models.studies.study import Study
from store import database, desk, library, versions
from tests.edits import saved_elsewhere
from tests.models.analysis.risk.made import api, study
from tests.soak import later, long
from tests.workbook import judge
from tests.workbook.test_read import typed
from workbook.read import WorkbookError, read
from workbook.verify import RESEALED, held_against_anew, verify
from workbook.write import write
from workbook.writing import sealed
from workbook.writing.sealed import mark, marks, read_marks

STUDY = library.template("deepseek_fleet").study
SMALL = study(api("Here", 5))


@pytest.fixture(scope="module")
def content() -> bytes:
    target = io.BytesIO()
    write(MODEL.run(STUDY), target)
    return target.getvalue()


def of(content: bytes, path: Path) -> str:
    path.write_bytes(content)
    return str(path)


def line_sheet(book: object) -> object:
    """The sheet of the first option, and a cell of it with a formula."""
    sheet = book[STUDY.options[0].name]  # type: ignore[index]
    cell = next(c for row in sheet.iter_rows(min_row=40) for c in row if str(c.value).startswith("="))
    return cell


def test_an_export_is_as_exported_and_bears_the_seal_of_its_run(content: bytes):
    found = verify(content)
    assert found.as_exported and found.study == STUDY
    assert found.seal == seal(MODEL.run(STUDY))


@long
def test_saved_by_another_program_it_is_still_as_exported(content: bytes):
    assert verify(saved_elsewhere(content, lambda book: None)).as_exported


def test_a_changed_input_is_named(content: bytes):
    found = verify(saved_elsewhere(content, typed("in_discount_rate", 0.0912)))
    assert [(each.path, each.new) for each in found.changes] == [("study/discount_rate", 0.0912)]
    assert found.formulas == () and not found.as_exported


NOW = [(5, "overwritten by 5"), ("=1+1", "another formula: =1+1"), (None, "deleted"), ("text", "overwritten by 'text'")]


@pytest.mark.parametrize(("now", "words"), later(NOW, lambda at: at == 0))
def test_an_overwritten_formula_is_named_with_what_stands_there(content: bytes, now: object, words: str):
    places = []

    def edit(book: object) -> None:
        cell = line_sheet(book)
        cell.value = now  # type: ignore[attr-defined]
        places.append(f"{STUDY.options[0].name}!{cell.coordinate}")  # type: ignore[attr-defined]

    changed = saved_elsewhere(content, edit)
    found = verify(changed)
    assert [each.cell for each in found.formulas] == places
    assert words in found.formulas[0].now
    warnings = read(changed, STUDY).warnings
    assert any(places[0] in warning and "inputs alone come back" in warning for warning in warnings)


@long
def test_an_added_formula_and_a_removed_sheet_are_named(content: bytes):
    def edit(book: object) -> None:
        book["Summary"]["Z99"] = "=1"  # type: ignore[index]
        del book["Evidence"]  # type: ignore[attr-defined]

    told = [str(each) for each in verify(saved_elsewhere(content, edit)).formulas]
    assert "Summary!Z99: a formula was added: =1" in told
    assert "Evidence: the sheet was removed or renamed" in told


@long
def test_an_input_that_cannot_be_read_is_told(content: bytes):
    found = verify(saved_elsewhere(content, typed("in_discount_rate", "many")))
    assert not found.as_exported and "many" in found.problems[0]


@long
def test_without_a_seal_it_cannot_be_verified(content: bytes):
    def edit(book: object) -> None:
        del book[sealed.TITLE]  # type: ignore[attr-defined]

    with pytest.raises(WorkbookError, match="bears no seal"):
        verify(saved_elsewhere(content, edit))


@long
def test_a_formula_typed_over_fails_the_master_check_in_the_workbook():
    file = judge.written(STUDY)
    option = STUDY.options[0].name
    labels = judge.labels(file.content, option)
    row = next(number for number, label in labels.items() if label == MODEL.lines["pv_cost"].label)
    column = next(c for (sheet, c, number) in file.formulas if sheet == option and number == row)

    def change(sheet: str, xml: str) -> str:
        return re.sub(rf'(<c r="{column}{row}"[^>]*>)<f>.*?</f>', r"\g<1><f>0.5</f>", xml) if sheet == option else xml

    assert judge.recalculated(file.content)["Checks", "C", 4] == 1
    assert judge.recalculated(judge.rewritten(file.content, change))["Checks", "C", 4] == 0


TAMPERED = ["12 ?:abcd", "x A:abcd", "1 A-XFD:abcd", "1 A", "1 :abcd", "1 A1B:abcd"]


@pytest.mark.parametrize("text", later([(each,) for each in TAMPERED], lambda at: at == 0))
def test_marks_that_were_tampered_with_are_refused(content: bytes, text: str):
    def edit(book: object) -> None:
        sheet = book[sealed.TITLE]  # type: ignore[index]
        row = next(row for row in sheet.iter_rows() if row[0].value == sealed.MARKS)
        row[2].value = text

    changed = saved_elsewhere(content, edit)
    for job in (verify, lambda found: read(found, STUDY)):
        with pytest.raises(WorkbookError, match="damaged"):
            job(changed)


# ---------------------------------------------------------------------------------------------- held against one anew


def small(record: Record | None = None) -> bytes:
    target = io.BytesIO()
    write(MODEL.run(SMALL), target, record=record)
    return target.getvalue()


def kept(book: object, kind: str) -> object:
    """The cell of the last sheet that holds something of a kind."""
    sheet = book[sealed.TITLE]  # type: ignore[index]
    return next(row[2 if kind == sealed.MARKS else 1] for row in sheet.iter_rows() if row[0].value == kind)


@long
def test_a_formula_rewritten_together_with_its_mark_is_named():
    def edit(book: object) -> None:
        cover, marked = book["Cover"], kept(book, sealed.MARKS)  # type: ignore[index]
        cell = next(c for row in cover.iter_rows() for c in row if str(c.value).startswith("="))
        place = (cell.row, cell.column)
        cell.value, old = '="approved"', mark(cell.value, place)
        assert old in marked.value  # type: ignore[attr-defined]
        marked.value = marked.value.replace(old, mark(cell.value, place), 1)  # type: ignore[attr-defined]

    forged = saved_elsewhere(small(), edit)
    found = verify(forged)
    assert found.as_exported, "by its own marks"
    held = held_against_anew(forged, found)
    assert held.anew and [each.now for each in held.formulas] == ['another formula: ="approved"']


@long
@pytest.mark.parametrize("signed", [False, True])
def test_an_untouched_one_is_as_it_is_written_anew_whatever_its_history(signed: bool):
    this = seal(MODEL.run(SMALL))
    history = [Version(n, f"v{n}", "", "", n * 1e8, {}, this if signed else "", "", "", None) for n in (1, 2, 3)]
    content = small(Record(tuple(history), 7))
    held = held_against_anew(content, verify(content))
    assert held.anew and held.as_exported


@long
def test_a_seal_that_is_not_that_of_its_study_is_told_and_another_versions_workbook_is_left_to_its_marks():
    def reseal(book: object) -> None:
        kept(book, sealed.SEAL).value = "0" * 64  # type: ignore[attr-defined]

    resealed = saved_elsewhere(small(), reseal)
    assert held_against_anew(resealed, verify(resealed)).problems == (RESEALED,)

    def elsewhere(book: object) -> None:
        kept(book, sealed.PROGRAM).value = "another"  # type: ignore[attr-defined]

    foreign = saved_elsewhere(small(), elsewhere)
    assert held_against_anew(foreign, verify(foreign)) == verify(foreign), "and says that it is not held against anew"


# --------------------------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=SUM(A1:B2)*1E-09", "=sum( A1:B2 ) * 0.000000001"),
        ("='Inputs'!$C$5+2", "=Inputs!$C$5 + 2.0"),
        ("=_xlfn.CONCAT(A1)", "=CONCAT(A1)"),
    ],
)
def test_one_formula_spelt_otherwise_has_one_mark(one: str, other: str):
    assert mark(one, (3, 3)) == mark(other, (3, 3))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=A1+B1", "=A1-B1"),
        ("=A1", "=$A$1"),
        ("=A1", "=A2"),
        ('="a b"', '="ab"'),
        ('="x"', '="X"'),
        ("='Option 1'!A1", "='Option1'!A1"),
        ("=1.5*A1", "=1.51*A1"),
    ],
)
def test_another_formula_has_another_mark(one: str, other: str):
    assert mark(one, (3, 3)) != mark(other, (3, 3))


def test_a_formula_copied_along_a_row_has_one_mark_and_reads_back():
    formulas = {(4, 7): "=G3*$B4", (4, 8): "=H3*$B4", (4, 9): "=I3*2", (5, 1): "=1"}
    lines = list(marks(formulas))
    assert [line.split(" ")[0].split(":")[0] for _, line in lines] == ["G-H", "A"]
    text = "\n".join(f"{row} {found}" for row, found in lines)
    assert dict(read_marks(text)) == {place: mark(formula, place) for place, formula in formulas.items()}


# ---------------------------------------------------------------------------------------------------------- the command


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "library.sqlite"
    monkeypatch.setenv(database.DATABASE_SETTING, f"sqlite:///{place}")
    return place


@long
def test_the_command_asks_the_library_whether_it_was_approved(
    tmp_path: Path,
    own_library: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    def said(content: bytes) -> str:
        cli.main(["verify", of(content, tmp_path / "a.xlsx")])
        return capsys.readouterr().out.splitlines()[-1]

    monkeypatch.setattr("workbook.verify.held_against_anew", lambda _, found: found)
    content = small()
    assert said(content) == f"whether it was approved cannot be told: there is no library at {own_library}"
    assert not own_library.exists(), "asking makes none"
    shelf, sealed = desk.shelf(), seal(MODEL.run(SMALL))
    entry = shelf.add(SMALL, "Chat", owner="ann")
    versions.keep(shelf, entry.id, "To the board", seal=sealed)
    assert said(content).startswith("not an approved version")
    versions.approve(shelf, entry.id, 1, sealed, "Cleo")
    assert said(content).startswith("exported from version 1, To the board, of Chat, approved by Cleo, ")
    changed = saved_elsewhere(content, typed("in_discount_rate", 0.0912))
    assert said(changed).startswith("exported from version 1"), "the line before says that it differs"
    assert cli.main(["verify", str(tmp_path / "a.xlsx"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["approved"]["name"] == "To the board"
    monkeypatch.setenv(database.DATABASE_SETTING, "nonsense")
    assert "cannot be told: INFERENCE_TCO_DATABASE is no database URL" in said(content)


@long
def test_the_command_answers_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = small()
    assert cli.main(["verify", of(content, tmp_path / "a.xlsx")]) == 0
    assert capsys.readouterr().out.startswith("as exported\nseal ")
    changed = of(saved_elsewhere(content, typed("in_discount_rate", 0.0912)), tmp_path / "b.xlsx")
    assert cli.main(["verify", changed]) == 1
    assert "input study/discount_rate" in capsys.readouterr().out
    assert cli.main(["verify", changed, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["seal_recomputed"] is told["held_against_anew"] is True
    assert told["inputs"][0]["path"] == "study/discount_rate"
    assert cli.main(["verify", of(b"no workbook", tmp_path / "c.xlsx")]) == 2
    assert cli.main(["verify", str(tmp_path / "none.xlsx")]) == 2
    assert "no .xlsx workbook" in capsys.readouterr().err


def test_a_workbook_of_an_earlier_version_comes_back_but_cannot_be_verified(capsys: pytest.CaptureFixture[str]):
    frozen = Path(__file__).parents[1] / "frozen"
    assert cli.main(["verify", str(frozen / "workbook.xlsx")]) == 2
    assert "bears no seal" in capsys.readouterr().err
    study: Study = load(frozen / "draft.toml")
    assert study.options
