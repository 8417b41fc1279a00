"""The library where things go wrong: killed while it saves, full, locked, damaged, read-only, two people at once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from models.studies.change import replace
from store import database, desk, library
from store.database import StoreError
from store.shelf import Conflict, Shelf, unpacked
from tests.soak import SOAKING, TIMES, thorough

STUDY = library.template("deepseek_fleet").study
ME = "local"
ROOT = Path(__file__).parents[2]
KILLS = 100 * TIMES if SOAKING else 6


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "library.sqlite"
    monkeypatch.setenv(database.DATABASE_SETTING, f"sqlite:///{path}")
    return path


# For each line that it is sent a child that saves until it is killed, and says which; then that it is gone.
SAVER = """
import os, sys
from models.studies.change import replace
from store.shelf import Shelf

def tell(what):
    os.write(1, f"{what}\\n".encode())  # at once, so that no kill comes between a line and its end

def save(id):
    shelf = Shelf()
    saved = shelf.read(id)
    revision = saved.entry.revision
    tell(os.getpid())
    while True:
        study = replace(saved.study, "study/discount_rate", 0.01 + revision / 1e6)
        revision = shelf.save(id, revision, study).revision
        tell(revision)

for line in sys.stdin:
    child = os.fork()
    if not child:
        save(line.strip())
    os.waitpid(child, 0)
    tell("gone")
"""


@pytest.mark.soak
def test_nothing_that_was_saved_is_lost_by_a_kill(file: Path):
    id = Shelf().add(STUDY, owner=ME).id
    chance = random.Random(1)
    command = [sys.executable, "-c", SAVER]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as saver:
        assert saver.stdin is not None and saver.stdout is not None
        for _ in range(KILLS):
            print(id, file=saver.stdin, flush=True)
            child, told = (int(saver.stdout.readline()) for _ in range(2))
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            for line in iter(saver.stdout.readline, "gone\n"):
                told = int(line)
            saved = Shelf().read(id)
            assert saved.entry.revision >= told, "a save that was told is there"
            assert saved.study == replace(STUDY, "study/discount_rate", 0.01 + (saved.entry.revision - 1) / 1e6)
            with sqlite3.connect(file) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_is_told_and_nothing_is_lost(file: Path):
    shelf = Shelf()
    entry = shelf.add(STUDY, owner=ME)
    full = sa.create_engine(f"sqlite:///{file}")
    event.listen(full, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(StoreError, match="the disk is full; make room"):
        Shelf(full).add(STUDY, owner=ME)
    assert [each.id for each in shelf.entries(ME)] == [entry.id]


def test_a_library_in_use_is_told_and_works_again_after(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    shelf = Shelf()
    entry = shelf.add(STUDY, owner=ME)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="in use by another program"):
        shelf.save(entry.id, 1, STUDY)
    assert shelf.read(entry.id).study == STUDY, "reading goes on"
    other.execute("ROLLBACK")
    assert shelf.save(entry.id, 1, STUDY).revision == 2


def test_a_library_that_may_only_be_read_is_read(file: Path):
    entry = Shelf().add(STUDY, owner=ME)
    only_read = Shelf(sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true"))
    assert only_read.read(entry.id).study == STUDY
    with pytest.raises(StoreError, match="may not be written to; allow writing"):
        only_read.rename(entry.id, "Another")


@pytest.mark.parametrize(
    "content", [b"no database at all, whatever it says " * 100, b"SQLite format 3\x00" + b"\x07" * 4096]
)
def test_a_damaged_file_is_told_with_the_remedy(file: Path, content: bytes):
    file.write_bytes(content)
    with pytest.raises(StoreError, match="put back its last backup"):
        Shelf()
    assert file.read_bytes() == content, "it is left as it is"


def test_a_file_that_was_deleted_is_not_saved_into_and_one_put_back_goes_on(file: Path, tmp_path: Path):
    mine = desk.Desk(ME)
    mine.keep(STUDY, "a test")
    kept = tmp_path / "kept.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("VACUUM INTO ?", (str(kept),))
    connection.close()
    for each in tmp_path.glob("library.sqlite*"):
        each.unlink()
    mine.keep(STUDY, "a test")
    assert mine.fault is not None and "was deleted elsewhere" in str(mine.fault)
    mine.keep(STUDY, "a test")
    assert mine.fault is None and mine.entry is not None
    assert Shelf().read(mine.entry.id).study == STUDY, "the next edit is in the file that is there"
    kept.replace(file)
    assert [each.revision for each in desk.shelf().entries(ME)] == [1], (
        "a backup put in its place is the one that is read"
    )


@pytest.mark.parametrize("damage", ["name = CAST(X'42FF' AS TEXT)", "changed = 1e300", "tags = '[null]'"])
def test_a_row_that_is_damaged_on_the_disk_hides_no_other(file: Path, damage: str):
    shelf = Shelf()
    bad, good = shelf.add(STUDY, "Bad", owner=ME), shelf.add(STUDY, "Good", owner=ME)
    with sqlite3.connect(file) as connection:
        connection.execute(f"UPDATE study SET {damage} WHERE id = ?", (bad.id,))
    connection.close()
    found = {each.id: each for each in shelf.entries(ME, "")}
    assert found[good.id].name == "Good" and found[bad.id].name.startswith("B")
    assert found[bad.id].tags == () and time.gmtime(found[bad.id].changed)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.delenv(database.DATABASE_SETTING, raising=False)
    monkeypatch.setenv("INFERENCE_TCO_DATA", str(tmp_path / "file" / "folder"))
    with pytest.raises(StoreError, match="cannot be opened"):
        Shelf()


def test_an_account_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch):
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in (database.DATABASE_SETTING, "INFERENCE_TCO_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", none)
    with pytest.raises(StoreError, match="no home folder; name one in INFERENCE_TCO_DATA"):
        Shelf()


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_url_that_leads_nowhere_is_told(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(database.DATABASE_SETTING, url)
    with pytest.raises(StoreError):
        Shelf()


STEPS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["save", "save", "reload"])), max_size=12)


@thorough(15, soak=100)
@given(steps=STEPS)
def test_no_interleaving_of_two_people_loses_an_update(steps: list[tuple[str, str]]):
    shelf = Shelf(database.of("sqlite://"))
    entry = shelf.add(STUDY, owner=ME)
    seen = {"A": 1, "B": 1}
    accepted = []
    for number, (who, what) in enumerate(steps):
        if what == "reload":
            seen[who] = shelf.entry(entry.id).revision
            continue
        mine = replace(STUDY, "study/discount_rate", 0.05 + number / 1000)
        try:
            seen[who] = shelf.save(entry.id, seen[who], mine, author=who).revision
            accepted.append(mine)
        except Conflict as conflict:
            assert conflict.entry.revision > seen[who], "only what another saved is in the way"
    kept = [unpacked(each) for each in shelf.steps(entry.id)] + [shelf.read(entry.id).study]
    assert kept == [STUDY, *accepted], "every save that was taken is there, in order"
    shelf.engine.dispose()
