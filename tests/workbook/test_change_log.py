"""The change log of a workbook is the history of its study, and no two studies bear one version."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.analysis.reporting.record import Record, headline
from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file.load import load
from models.studies.study import Study
from store import database, versions
from store.shelf import Shelf
from tests.soak import long
from workbook.sheets.front.change_log import FIRST_ROW, TITLE
from workbook.sheets.front.cover import SIGNED, TO_SIGN
from workbook.write import write

STUDY = load(Path(__file__).parents[1] / "cases" / "studies" / "growth_refresh.toml")
OTHER = replace(STUDY, "study/discount_rate", 0.0912)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    found = Shelf(database.of("sqlite://"))
    yield found
    found.engine.dispose()


def log(study: Study, record: Record | None) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    """What the cover says, and the rows of the change log."""
    target = io.BytesIO()
    write(MODEL.run(study), target, record=record)
    book = load_workbook(target, data_only=True)
    cover = {str(label): str(told) for label, told in book["Cover"].iter_rows(max_col=2, values_only=True)}
    rows = book[TITLE].iter_rows(min_row=FIRST_ROW, max_col=8, values_only=True)
    return cover, [tuple(map(str, row)) for row in rows if row[0] is not None]


@long
def test_it_has_the_versions_and_an_unkept_study_is_another_version(shelf: Shelf):
    result = MODEL.run(STUDY)
    entry = shelf.add(STUDY, owner="ann", headline=headline(result))
    versions.keep(shelf, entry.id, "To the board", seal=seal(result), note="As sent", author="Ann")
    told, rows = log(STUDY, versions.record(shelf, entry.id, STUDY))
    assert told["Version"] == "1" and [row[0] for row in rows] == ["1"], "an export of a version is that version"
    assert rows[0][2:5] == ("Ann", "Kept as To the board", "As sent")

    shelf.save(entry.id, 1, OTHER, headline=headline(MODEL.run(OTHER)))
    told, rows = log(OTHER, versions.record(shelf, entry.id, OTHER))
    assert told["Version"] == "1.2" and [row[0] for row in rows] == ["1", "1.2"]
    assert "Inputs changed: study/discount_rate" in rows[1][3] and "the last is To the board" in rows[1][4]
    assert float(rows[1][5]) == pytest.approx(1000 * headline(result)["figure"], rel=1e-14) and rows[1][6] != rows[1][5]


def test_an_approval_stands_in_it(shelf: Shelf):
    sealed = seal(MODEL.run(STUDY))
    entry = shelf.add(STUDY, owner="ann")
    versions.keep(shelf, entry.id, "To the board", seal=sealed)
    versions.review(shelf, entry.id, 1, "Ben")
    versions.approve(shelf, entry.id, 1, sealed, "Cleo")
    record = versions.record(shelf, entry.id, STUDY)
    cover, rows = log(STUDY, record)
    assert "reviewed by Ben, approved by Cleo" in rows[0][3]
    assert cover["Reviewed by"] == "Ben" and re.fullmatch(r"Cleo, \d{1,2} \w{3} \d{4}", cover["Approved by"])
    assert cover["Signed for"] == SIGNED
    unsigned, _ = log(OTHER, record)
    assert unsigned["Approved by"] == TO_SIGN and "Signed for" not in unsigned
    standing = record.standing(sealed)
    assert standing is not None and standing.approver == "Cleo"


@long
def test_without_a_history_a_changed_study_is_another_version_too():
    (one, rows), (other, _) = log(STUDY, None), log(OTHER, None)
    assert one["Version"] != other["Version"] and seal(MODEL.run(STUDY)).startswith(one["Version"])
    assert rows[0][4] == "Exported without a history of the study"
