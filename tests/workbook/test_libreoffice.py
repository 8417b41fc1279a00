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
from models.studies.load import load
from tests.workbook import judge, test_sentences
from tests.workbook.judge import Cell, File

ROOT = Path(__file__).parent.parent.parent
STUDIES = {
    "wide": ROOT / "templates" / "two_vendors.toml",
    "site": ROOT / "templates" / "power_limited_site.toml",
    "tax": ROOT / "tests" / "cases" / "studies" / "tax_year_end.toml",
}
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
def files() -> dict[str, File]:
    return {name: judge.written(load(path)) for name, path in STUDIES.items()} | {
        "analysed": judge.written(load(STUDIES["wide"]), analysed=True),
        "by kind of cost": judge.written(load(STUDIES["site"]), analysed=True),
    }


def test_libreoffice_finds_the_same(files: dict[str, File], tmp_path: Path) -> None:
    study = load(STUDIES["wide"])
    changed = replace_all(study, {"study/discount_rate": 0.13, "study/tax_rate": 0.31})
    edited = judge.with_inputs(files["wide"], {"in_discount_rate": 0.13, "in_tax_rate": 0.31})
    expected = {**files, "changed": judge.written(changed)}
    contents = {name: judge.poisoned(file.content) for name, file in files.items()}
    contents["changed"] = judge.poisoned(edited)
    for name, path in converted(tmp_path, contents, ALWAYS).items():
        wanted = expected[name]
        assert judge.departures(found_in(path, list(wanted.formulas)), wanted) == []


def test_figures_in_live_sentences_are_written_as_the_writer_does(tmp_path: Path) -> None:
    forms, values = test_sentences.FORMS, test_sentences.VALUES
    contents = {name: test_sentences.written(texts) for name, (texts, _) in forms.items()}
    for name, path in converted(tmp_path, contents, ALWAYS).items():
        texts, wanted = forms[name]
        cells = [("S", "ABCDEF"[len(texts)], row) for row in range(1, 1 + len(values))]
        found = list(found_in(path, cells).values())
        assert test_sentences.departures(found, [wanted(v) for v in values]) == []


def test_a_program_that_does_not_recalculate_is_found_out(files: dict[str, File], tmp_path: Path) -> None:
    file = files["tax"]
    path = converted(tmp_path, {"tax": judge.poisoned(file.content)}, NEVER)["tax"]
    found = found_in(path, list(file.formulas))
    assert len(judge.differences(found, file)) > 0.9 * len(file.formulas)
