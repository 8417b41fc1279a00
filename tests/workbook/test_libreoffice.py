"""The second judge: LibreOffice recalculates poisoned workbooks from nothing, and finds what the engine found.

Without the setting that makes it recalculate it keeps every stored value: the control shows that this would be seen.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.studies.change import replace_all
from models.studies.file.load import load
from models.studies.inputs.value import same_content
from models.studies.study import get
from tests.soak import long
from tests.workbook import judge, test_sentences
from tests.workbook.judge import Cell, File
from workbook.decision import choice
from workbook.read import read

ROOT = Path(__file__).parent.parent.parent
# Explained by kind of cost, and by groups of inputs.
WIDE = [ROOT / "templates" / f"{name}.toml" for name in ("power_limited_site", "two_vendors")]
BY_THE_HOUR = Path(__file__).parent / "by_the_hour.toml"
TAX = ROOT / "tests" / "cases" / "studies" / "tax_year_end.toml"
ALWAYS, NEVER = 0, 1
SECONDS = 180
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>{mode}</value></prop></item>
</oor:items>
"""


def converted(folder: Path, contents: Mapping[str, bytes], mode: int) -> dict[str, Path]:
    """The workbooks as LibreOffice saves them, from a profile of its own that recalculates always or never."""
    profile, saved = folder / "profile", folder / "saved"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS.format(mode=mode), encoding="utf-8")
    sources: list[str] = []
    for name, content in contents.items():
        (folder / f"{name}.xlsx").write_bytes(content)
        sources.append(str(folder / f"{name}.xlsx"))
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(saved), *sources], check=True, capture_output=True, timeout=SECONDS)
    return {name: saved / f"{name}.xlsx" for name in contents}


def found_in(path: Path, cells: Sequence[Cell]) -> dict[Cell, object]:
    """What a saved workbook holds in the cells."""
    book = load_workbook(path, data_only=True)
    found: dict[Cell, object] = {}
    for sheet, column, row in cells:
        value = book[sheet][f"{column}{row}"].value
        found[sheet, column, row] = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return found


@pytest.fixture(scope="module")
def tax() -> File:
    """The smallest workbook in which every kind of line is at work."""
    return judge.written(load(TAX))


@pytest.fixture(scope="module")
def hours() -> File:
    """One with blocks by the hour, lists and bands."""
    return judge.written(load(BY_THE_HOUR))


@long
def test_libreoffice_finds_the_same(tax: File, hours: File, saved: dict[str, Path]) -> None:
    changed = judge.written(replace_all(load(TAX), {"study/discount_rate": 0.13, "study/tax_rate": 0.31}))
    for name, wanted in {"tax": tax, "by the hour": hours, "changed": changed}.items():
        assert judge.departures(found_in(saved[name], list(wanted.formulas)), wanted) == [], name


@long
@pytest.mark.parametrize("path", WIDE, ids=lambda path: path.stem)
def test_libreoffice_finds_the_same_in_what_was_analysed(path: Path, tmp_path: Path) -> None:
    wanted = judge.written(load(path), analysed=True)
    [found] = converted(tmp_path, {path.stem: judge.poisoned(wanted.content)}, ALWAYS).values()
    assert judge.departures(found_in(found, list(wanted.formulas)), wanted) == []


REQUESTS = (1000.0, 2000.0, 1000 / 3)


@pytest.fixture(scope="module")
def saved(tax: File, hours: File, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Workbooks as they are, and some in which numbers, the numbers of a list, or a text in place of one were typed."""
    contents = {
        "tax": judge.poisoned(tax.content),
        "by the hour": judge.poisoned(hours.content),
        "changed": judge.poisoned(judge.with_inputs(tax, {"in_discount_rate": 0.13, "in_tax_rate": 0.31})),
        "lists": judge.with_inputs(hours, {"in_w1_requests_per_day_list": REQUESTS}),
        "text": judge.poisoned(judge.with_inputs(tax, {"in_discount_rate": "low"})),
    }
    return converted(tmp_path_factory.mktemp("saved"), contents, ALWAYS)


@long
def test_lists_saved_by_libreoffice_come_back(saved: dict[str, Path]) -> None:
    study, path = load(BY_THE_HOUR), "workload/chat/requests_per_day"
    found = read(saved["lists"].read_bytes(), study)
    assert {change.path for change in found.changes} == {path}
    assert same_content(REQUESTS, get(found.study, path).value)


@long
def test_a_text_in_a_blue_cell_is_a_check_that_fails(tax: File, saved: dict[str, Path]) -> None:
    found = found_in(saved["text"], [cell for cell in tax.formulas if cell[0] in ("Cover", "Summary", "Checks")])
    said = [str(value) for cell, value in found.items() if cell[0] != "Checks"]
    assert [text for text in said if text.startswith("#")] == []
    assert (found["Checks", "C", 4], said.count(choice.WITHHELD)) == (0, 2)


def test_figures_in_live_sentences_are_written_as_the_writer_does(tmp_path: Path) -> None:
    forms, values = test_sentences.FORMS, test_sentences.VALUES
    contents = {name: test_sentences.written(texts) for name, (texts, _) in forms.items()}
    for name, path in converted(tmp_path, contents, ALWAYS).items():
        texts, wanted = forms[name]
        cells = [("S", "ABCDEF"[len(texts)], row) for row in range(1, 1 + len(values))]
        found = list(found_in(path, cells).values())
        assert test_sentences.departures(found, [wanted(v) for v in values]) == []


@long
def test_a_program_that_does_not_recalculate_is_found_out(tax: File, tmp_path: Path) -> None:
    path = converted(tmp_path, {"tax": judge.poisoned(tax.content)}, NEVER)["tax"]
    found = found_in(path, list(tax.formulas))
    assert len(judge.differences(found, tax)) > 0.9 * len(tax.formulas)
