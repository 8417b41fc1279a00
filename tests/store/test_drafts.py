"""Drafts on disk: one folder a browser, whole files, few of them, and a disk that refuses stops nobody."""

import os
from pathlib import Path

import pytest

from models.studies.load import load
from store import drafts, library


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(drafts.FOLDER_SETTING, str(tmp_path))
    return tmp_path


STUDY = library.template("deepseek_fleet").study


def test_a_draft_reads_back_as_the_study():
    drafts.keep("browser", "one", STUDY)
    found = drafts.newest("browser", besides="two")
    assert found is not None
    assert drafts.read(found) == STUDY
    assert found.title == STUDY.fields.text("title")


def test_the_newest_of_another_session_is_found(data: Path):
    for age, name in enumerate(["new", "old"]):
        drafts.keep("browser", name, STUDY)
        path = data / "drafts" / "browser" / f"{name}.toml"
        written = path.stat().st_mtime - age * 60
        os.utime(path, (written, written))
    newest, before_it = drafts.newest("browser", besides=""), drafts.newest("browser", besides="new")
    assert newest
    assert before_it
    assert (newest.path.stem, before_it.path.stem) == ("new", "old")
    assert drafts.newest("another", besides="") is None


def test_few_and_recent_drafts_are_kept(data: Path):
    folder = data / "drafts" / "browser"
    for number in range(drafts.KEPT_DRAFTS + 3):
        drafts.keep("browser", f"d{number}", STUDY)
    assert len(list(folder.glob("*.toml"))) == drafts.KEPT_DRAFTS
    for path in folder.glob("*.toml"):
        os.utime(path, (0, 0))
    assert drafts.newest("browser", besides="") is None
    drafts.keep("browser", "fresh", STUDY)
    assert [path.stem for path in folder.glob("*.toml")] == ["fresh"]


def test_without_a_cookie_nothing_is_kept(data: Path):
    assert drafts.browser("") == ""
    drafts.keep("", "one", STUDY)
    assert not (data / "drafts").exists()


def test_a_cookie_names_a_folder_that_does_not_give_it_away():
    name = drafts.browser("2|00000000|c0ffee|1")
    assert name == drafts.browser("2|0f0f0f0f|cff0e1|99"), "the same token behind another mask"
    assert "c0ffee" not in name
    assert drafts.browser("../../x").isalnum()


def test_a_disk_that_refuses_is_only_logged(data: Path, caplog: pytest.LogCaptureFixture):
    (data / "drafts").write_text("in the way", encoding="utf-8")
    drafts.keep("browser", "one", STUDY)
    assert "could not be kept" in caplog.text
    assert drafts.newest("browser", besides="") is None


def test_a_damaged_draft_is_not_offered(data: Path):
    drafts.keep("browser", "one", STUDY)
    (data / "drafts" / "browser" / "one.toml").write_text("[study", encoding="utf-8")
    assert drafts.newest("browser", besides="") is None


@pytest.mark.parametrize(
    ("platform", "variable", "tail"),
    [("linux", "XDG_DATA_HOME", "inference-tco"), ("win32", "LOCALAPPDATA", "inference-tco")],
)
def test_data_is_kept_where_each_system_keeps_it(
    platform: str, variable: str, tail: str, monkeypatch: pytest.MonkeyPatch, data: Path
):
    monkeypatch.delenv(drafts.FOLDER_SETTING)
    monkeypatch.setattr(drafts.sys, "platform", platform)
    monkeypatch.setenv(variable, str(data / "base"))
    assert drafts.folder() == data / "base" / tail


def test_templates_are_read_once_and_the_first_shows_every_way_to_buy():
    names = library.names()
    assert names[0] == library.FIRST
    assert library.template(names[0]) is library.template(names[0])
    options = library.first().study.options
    assert {option.acquisition for option in options} == {"purchase", "lease", "rental", "api"}
    assert any(option.loan is not None for option in options if option.acquisition == "purchase")
    assert all(load(library.FOLDER / f"{name}.toml") == library.template(name).study for name in names)
