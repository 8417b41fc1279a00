"""What keeps a library from saving is told on the page with the remedy, and the next edit tries again."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from models.studies.change import replace
from store import database, desk, library
from store.database import StoreError
from store.folder import FOLDER_SETTING
from tests.views.reading import frames, ran
from views import session


def page() -> None:
    import streamlit as st

    from views import bar, frame, session

    frame.head()
    if "rate" in st.session_state:
        session.change({"study/discount_rate": st.session_state.pop("rate")})
    bar.draw()
    frame.foot()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the library is."""
    monkeypatch.setattr(session, "_owner", lambda: "ann")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    found = tmp_path / "library.sqlite"
    monkeypatch.setenv(database.DATABASE_SETTING, f"sqlite:///{found}")
    return found


Meanwhile = Callable[[Path, pytest.MonkeyPatch], Callable[[], object]]


def _locked(file: Path, _: pytest.MonkeyPatch) -> Callable[[], object]:
    desk.shelf()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return lambda: other.execute("ROLLBACK")


def _with(pragma: str) -> Meanwhile:
    """A library whose connections SQLite holds to something."""

    def meanwhile(_: Path, __: pytest.MonkeyPatch) -> Callable[[], object]:
        engine = desk.shelf().engine

        def held(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA {pragma}")

        event.listen(engine, "connect", held)
        engine.dispose()
        return lambda: (event.remove(engine, "connect", held), engine.dispose())

    return meanwhile


def _newer(file: Path, _: pytest.MonkeyPatch) -> Callable[[], object]:
    database.of(f"sqlite:///{file}").dispose()
    kept = file.read_bytes()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return lambda: file.write_bytes(kept)


def _damaged(file: Path, _: pytest.MonkeyPatch) -> Callable[[], object]:
    file.write_bytes(b"no database at all, whatever it says " * 100)
    return file.unlink


def _gone(file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    monkeypatch.setenv(database.DATABASE_SETTING, "postgresql://nobody@127.0.0.1:1/none")
    return lambda: monkeypatch.setenv(database.DATABASE_SETTING, f"sqlite:///{file}")


def _homeless(_: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """As `folder` answers there: Streamlit asks for a home as well, so that it cannot be taken from all."""
    held, found = os.environ[database.DATABASE_SETTING], database.folder

    def none() -> Path:
        raise OSError(f"this account has no home folder; name one in {FOLDER_SETTING}")

    monkeypatch.delenv(database.DATABASE_SETTING)
    monkeypatch.setattr(database, "folder", none)
    return lambda: (
        monkeypatch.setattr(database, "folder", found),
        monkeypatch.setenv(database.DATABASE_SETTING, held),
    )


CONDITIONS: dict[str, tuple[Meanwhile, str, str]] = {
    "locked": (_locked, "in use by another program", "tried again with the next edit"),
    "full": (_with("max_page_count = 1"), "the disk is full", "make room"),
    "read-only": (_with("query_only = ON"), "may not be written to", "allow writing"),
    "newer": (_newer, "made by a newer version", "update the app"),
    "damaged": (_damaged, "is no database", "put back its last backup"),
    "gone": (_gone, "does not answer", "check that it runs"),
    "no home": (_homeless, "has no place", "INFERENCE_TCO_DATA"),
}


def edited(app: AppTest, rate: float) -> AppTest:
    """The page after an edit, and after what its save came to is shown."""
    app.session_state["rate"] = rate
    return ran(ran(app))


def bar(app: AppTest) -> tuple[str, str]:
    """What the bar says of saving, and what to do about it."""
    found = next((each for each in app.markdown if "Not saved" in each.value), None)
    if found is None:
        return " ".join(each.value for each in app.caption if each.value.startswith("Saved")), ""
    return found.value, found.proto.help.replace("\\", "")


@pytest.mark.parametrize("name", CONDITIONS)
def test_it_is_told_with_the_remedy_and_the_next_edit_is_saved_once_it_is_over(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    begin, what, remedy = CONDITIONS[name]
    over = begin(file, monkeypatch)
    app = edited(AppTest.from_function(page, default_timeout=60), 0.0912)
    said, help_text = bar(app)
    assert what in said.replace("\\", "") and remedy in help_text
    over()
    said, _ = bar(edited(app, 0.0913))
    assert said.startswith("Saved")
    (kept,) = desk.shelf().entries("ann")
    assert desk.shelf().read(kept.id).study.fields.number("discount_rate") == 0.0913


def test_a_save_made_elsewhere_shows_what_differs_and_is_brought_together(file: Path):
    app = edited(AppTest.from_function(page, default_timeout=60), 0.0912)
    (kept,) = desk.shelf().entries("ann")
    theirs = replace(desk.shelf().read(kept.id).study, "study/title", "Theirs")
    desk.shelf().save(kept.id, kept.revision, theirs)
    edited(app, 0.0913)
    app.session_state["conflict differences"] = True
    ran(app)
    table = frames(app)[0]
    assert set(table) == {"Input", "Saved elsewhere", "Here"}
    assert {"Theirs", "9.13%"} <= {*table["Saved elsewhere"], *table["Here"]}
    next(each for each in app.button if each.label == "Bring together").click()
    ran(ran(app))
    assert bar(app)[0].startswith("Saved")
    assert desk.shelf().read(kept.id).study == replace(theirs, "study/discount_rate", 0.0913)


def test_of_several_who_save_at_the_same_moment_one_is_taken_and_the_others_are_told(file: Path):
    shelf, study = desk.shelf(), library.first().study
    entry, start = shelf.add(study, owner="ann"), threading.Barrier(4)
    saved: list[str] = []

    def save(who: str) -> None:
        start.wait()
        try:
            shelf.save(entry.id, 1, study, author=who)
            saved.append(who)
        except StoreError as error:  # a Conflict, or it had to wait for too long
            refused.append(error)

    refused: list[StoreError] = []
    people = [threading.Thread(target=save, args=(str(number),)) for number in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(saved) == 1 and len(refused) == 3
    assert (shelf.entry(entry.id).author, shelf.entry(entry.id).revision) == (saved[0], 2)
