"""What tells browsers apart, and drafts of an earlier version taken into the library, once and whole."""

from pathlib import Path

import pytest

from models.studies.file import load
from store import database, drafts, library, people
from store.desk import LOCAL, Desk
from store.folder import FOLDER_SETTING
from store.shelf import Shelf

STUDY = library.template("deepseek_fleet").study


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv(FOLDER_SETTING, str(tmp_path))
    return Shelf(database.of("sqlite://"))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    place = tmp_path / drafts.FOLDER / "c0ffee"
    place.mkdir(parents=True)
    load.save(STUDY, place / "one.toml")
    (place / "broken.toml").write_text("[study", encoding="utf-8")
    return place


def test_drafts_are_taken_over_once_and_the_files_are_kept(shelf: Shelf, draft: Path, tmp_path: Path):
    assert drafts.take_over(shelf, LOCAL) == 1
    assert [each.origin for each in shelf.entries(LOCAL)] == ["Draft of an earlier version"]
    assert shelf.read(shelf.entries(LOCAL)[0].id).study == STUDY
    assert (tmp_path / drafts.TAKEN / "c0ffee" / "one.toml").exists() and (draft / "broken.toml").exists()
    assert drafts.take_over(shelf, LOCAL) == 0


def test_a_browser_takes_over_its_own_alone(shelf: Shelf, draft: Path):
    assert drafts.take_over(shelf, "another", "another") == 0
    assert drafts.take_over(shelf, "c0ffee", "c0ffee") == 1
    assert [each.owner for each in shelf.entries("c0ffee")] == ["c0ffee"]


def test_a_desk_finds_them(shelf: Shelf, draft: Path):
    desk = Desk(LOCAL, lambda: shelf)
    assert desk.last() is None, "nothing was opened yet"
    assert len(shelf.entries(LOCAL)) == 1


def test_a_cookie_names_a_browser_and_does_not_give_itself_away():
    name = people.browser("2|00000000|c0ffee|1")
    assert name == people.browser("2|0f0f0f0f|cff0e1|99"), "the same token behind another mask"
    assert "c0ffee" not in name
    assert people.browser("../../x").isalnum()
    assert people.browser("") == ""
