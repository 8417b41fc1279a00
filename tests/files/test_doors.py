"""The one door for bytes of strangers: nobody opens them beside it, and whoever uses it has words for each refusal."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

import openpyxl
import pytest

from files import text, xlsx
from files.limits import (
    STUDY,
    WORKBOOK,
    ArchiveFault,
    Fault,
    JsonFault,
    Limits,
    Refused,
    SheetFault,
    TableFault,
    TextFault,
    YamlFault,
    file_name,
    loaded,
)
from importers.quotes.cells import sheet as quotes
from importers.records import document
from models.catalogue import rows as catalogue
from models.studies.file import toml
from tests.cpu import cpu_below
from views.inputs.tables import pasted
from workbook import read as workbook

ROOT = Path(__file__).parents[2]
PRODUCT = [
    path for path in ROOT.glob("*/**/*.py") if path.relative_to(ROOT).parts[0] not in {"tests", ".venv", "bench"}
]
# What opens, unpacks, decodes or bounds bytes; what is read there was written by the project itself.
OPENS = re.compile(
    r"zipfile|defusedxml|load_workbook|csv\.reader|\.decode\(\"utf|json\.JSONDecoder|LARGEST_\w*(BYTES|FILE|TEXT|MB|RATIO)\b"
)
OWN = {"models/analysis/measured/rates.py"}


def test_only_the_door_opens_bytes():
    found = {
        str(path.relative_to(ROOT)): sorted(set(OPENS.findall(path.read_text(encoding="utf-8"))))
        for path in PRODUCT
        if OPENS.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith("files/")} <= OWN, found
    assert any(name.startswith("files/") for name in found)


def faults(*kinds: object) -> set[Fault]:
    return {fault for kind in kinds for fault in get_args(kind)}


# A kind without a limit of its own cannot be refused for it.
UNBOUNDED: Mapping[str, set[Fault]] = {
    "study": {"long"},
    "catalogue": {"long", "columns"},
    "pasted": {"long", "rows", "columns"},
    "quote": {"long"},
    "benchmark": {"columns"},
    "workbook": {"merged"},
}


@pytest.mark.parametrize(
    ("kind", "words", "met"),
    [
        ("study", toml.WORDS, faults(TextFault)),
        ("catalogue", catalogue.WORDS, faults(TextFault, TableFault)),
        ("pasted", pasted.WORDS, faults(TextFault, TableFault)),
        ("quote", quotes.WORDS, faults(TextFault, TableFault, ArchiveFault, SheetFault)),
        ("benchmark", document.WORDS, faults(TextFault, TableFault, JsonFault, YamlFault)),
        ("workbook", workbook.WORDS, faults(ArchiveFault, SheetFault)),
    ],
)
def test_there_are_words_for_every_refusal(kind: str, words: Mapping[Fault, str], met: set[Fault]):
    assert set(words) == met - UNBOUNDED[kind]


def refused(job: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        job()
    return caught.value.fault


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.json", "x.json"),
        ("a\x00b\n\u202ec.json", "a b c.json"),
        ("..", "file"),
        ("", "file"),
        ("n" * 500, "n" * 80),
    ],
)
def test_a_name_is_never_a_path(name: str, clean: str):
    assert file_name(name) == clean


def test_a_file_above_its_limit_is_not_loaded(tmp_path: Path):
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(STUDY.bytes)
    assert len(loaded(path, STUDY)) == STUDY.bytes
    with path.open("ab") as file:
        file.write(b"x")
    assert refused(lambda: loaded(path, STUDY)) == "large"


def test_text_is_decoded_as_it_was_written_or_refused():
    accented = "Größe, Müller"
    for encoding in text.OF_SPREADSHEETS:
        assert text.decoded(accented.encode(encoding), STUDY, text.OF_SPREADSHEETS) == (accented, encoding)
    assert refused(lambda: text.decoded(accented.encode("cp1252"), STUDY)) == "encoding"
    assert refused(lambda: text.decoded(accented.encode("utf-16"), STUDY)) == "binary"
    with pytest.raises(Refused) as caught:
        text.decoded(b"a\nb\n\xff", STUDY)
    assert caught.value.figures == {"line": 3}


def test_a_table_is_bounded():
    limits = Limits(100, rows=2, columns=2)
    assert list(text.rows("a;b\nc;d\n", limits, ";")) == [["a", "b"], ["c", "d"]]
    assert refused(lambda: list(text.rows("a\nb\nc\n", limits))) == "rows"
    assert refused(lambda: list(text.rows("a,b,c\n", limits))) == "columns"
    assert refused(lambda: list(text.rows('a\n"b', limits, strict=True))) == "csv"


def book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    made, target = openpyxl.Workbook(), io.BytesIO()
    change(made)
    made.save(target)
    return target.getvalue()


def with_sheet(old: bytes, new: bytes) -> bytes:
    """A workbook of one sheet with a part of its XML exchanged."""
    source, target = zipfile.ZipFile(io.BytesIO(book(lambda _: None))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name)
            assert not name.endswith("sheet1.xml") or old in part
            made.writestr(name, part.replace(old, new) if name.endswith("sheet1.xml") else part)
    return target.getvalue()


def sheet(content: bytes, limits: Limits = WORKBOOK) -> xlsx.Sheet:
    archive = xlsx.opened(content, limits)
    return archive.sheet(next(iter(archive.sheets())), 3)


def test_formulas_stand_beside_the_values_that_were_left_and_a_shared_one_in_each_cell():
    cells = (
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B2" si="0">A1*2</f><v>2</v></c>'
        b'</row><row r="2"><c r="A2"><v>3</v></c><c r="B2"><f t="shared" si="0"/><v>6</v></c></row></sheetData>'
    )
    found = sheet(with_sheet(b"<sheetData></sheetData>", cells))
    assert [[(cell.value, cell.formula) for cell in row] for row in found.rows] == [
        [(1, None), (2, "=A1*2"), (None, None)],
        [(3, None), (6, "=A2*2"), (None, None)],
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>', "filled"),
        (b"<sheetData>" + b'<row><c r="A1"/></row>' * 501 + b"</sheetData>", "cells"),
        (b"<sheetData>" + b"<row/>" * 1_001 + b"</sheetData>", "cells"),
        (b'<sheetData /><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "merged"),
        (b"<sheetData>", "damaged"),
    ],
)
def test_a_sheet_is_bounded(cells: bytes, fault: Fault):
    limits = Limits(100_000, rows=1_000, columns=10, cells=1_000, merged=100)
    with cpu_below(5):
        assert refused(lambda: sheet(with_sheet(b"<sheetData></sheetData>", cells), limits)) == fault


def test_the_sheets_of_a_workbook_are_bounded_together_and_each_is_walked_once(monkeypatch: pytest.MonkeyPatch):
    def filled(made: openpyxl.Workbook) -> None:
        made["Sheet"]["A1"], made.create_sheet("Other")["A1"] = 1, 1

    content, walked = book(filled), []
    walk = xlsx._Survey.walk
    monkeypatch.setattr(xlsx._Survey, "walk", lambda survey, events: walked.append(survey) or walk(survey, events))
    archive = xlsx.opened(content, Limits(100_000, cells=4))
    for name in ("Sheet", "Other", "Sheet"):
        assert archive.sheet(name, 1).rows[0][0].value == 1 and archive.formulas(name) == {}
    assert len(walked) == 2
    archive = xlsx.opened(content, Limits(100_000, cells=3))
    archive.sheet("Sheet", 1)
    assert refused(lambda: archive.sheet("Other", 1)) == "cells"


def test_a_sheet_that_is_not_there_is_refused():
    archive = xlsx.opened(book(lambda made: setattr(made.create_sheet("Hidden"), "sheet_state", "hidden")), WORKBOOK)
    assert archive.sheets() == {"Sheet": True, "Hidden": False}
    assert refused(lambda: archive.sheet("Other")) == "no such sheet"
