"""The library: studies kept, found, opened and changed, on both databases; no save is lost unseen."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import sqlalchemy as sa

from models.studies.change import replace
from models.studies.study import Study
from store import comments, database, library, packs, versions
from store.database import StoreError
from store.shelf import APPROVED, DRAFT, Conflict, Gone, Shelf, name_of, unpacked
from store.tables import NAMED, STUDY
from tests.store.conftest import Clock

FIRST = library.template("two_vendors").study
SECOND = library.template("deepseek_fleet").study
ME = "local"


def changed(study: Study, rate: float) -> Study:
    return replace(study, "study/discount_rate", rate)


def test_a_study_is_kept_under_its_title_and_reads_back_equal(shelf: Shelf):
    entry = shelf.add(FIRST, author="Ann", origin="Template: two vendors", headline={"Buy": 0.71}, owner=ME)
    assert entry.name == FIRST.fields.text("title")
    assert (entry.status, entry.revision, entry.author, entry.headline) == (DRAFT, 1, "Ann", {"Buy": 0.71})
    assert shelf.read(entry.id).study == FIRST
    assert [each.id for each in shelf.entries(ME)] == [entry.id]


def test_a_name_that_is_taken_gets_a_number_and_a_typed_one_is_refused(shelf: Shelf):
    one, two = shelf.add(FIRST, "Chat", owner=ME), shelf.add(FIRST, "CHAT", owner=ME)
    assert [one.name, two.name] == ["Chat", "CHAT (2)"]
    with pytest.raises(StoreError, match="a study named chat already; choose another"):
        shelf.rename(two.id, "chat")
    assert shelf.entry(two.id).name == "CHAT (2)"
    assert shelf.rename(two.id, "Search").name == "Search"
    assert shelf.rename(one.id, "chat").name == "chat", "its own name in other letters"


def test_the_last_changed_comes_first_and_is_found_by_name_tag_and_status(shelf: Shelf):
    one, two = shelf.add(FIRST, "Chat, Berlin", owner=ME), shelf.add(SECOND, "Search", owner=ME)
    shelf.tag(two.id, ["board", "2027", "board"])
    assert [each.name for each in shelf.entries(ME)] == ["Search", "Chat, Berlin"]
    shelf.save(one.id, 1, changed(FIRST, 0.09))
    assert [each.name for each in shelf.entries(ME)] == ["Chat, Berlin", "Search"]
    assert [each.name for each in shelf.entries(ME, "BOARD search")] == ["Search"]
    assert [each.name for each in shelf.entries(ME, "berlin draft")] == ["Chat, Berlin"]
    shelf.archive(one.id)
    assert [each.name for each in shelf.entries(ME)] == ["Search"]
    assert [each.name for each in shelf.entries(ME, archived=True)] == ["Chat, Berlin"]


def test_a_save_from_an_older_revision_is_refused_and_changes_nothing(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    shelf.save(entry.id, 1, changed(FIRST, 0.08), author="Ann")
    with pytest.raises(Conflict, match="changed elsewhere by Ann meanwhile") as told:
        shelf.save(entry.id, 1, changed(FIRST, 0.12), author="Ben")
    assert told.value.entry.revision == 2
    assert shelf.read(entry.id).study == changed(FIRST, 0.08)
    assert len(shelf.steps(entry.id)) == 1


def test_what_was_deleted_elsewhere_is_told(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    versions.keep(shelf, entry.id, "To the board", seal="s")
    shelf.delete(entry.id)
    for job in (shelf.read, shelf.entry, shelf.duplicate):
        with pytest.raises(Gone, match="deleted elsewhere"):
            job(entry.id)
    with pytest.raises(Gone):
        shelf.save(entry.id, 1, FIRST)
    for job in (lambda id: versions.ask_for_review(shelf, id), lambda id: shelf.open(ME, id)):
        with pytest.raises(StoreError, match="deleted elsewhere"):
            job(entry.id)
    assert versions.versions(shelf, entry.id) == ()
    shelf.delete(entry.id)


def test_steps_are_the_saves_before_the_present_one_and_are_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("store.shelf.KEPT_STEPS", 5)
    entry = shelf.add(FIRST, owner=ME)
    for revision in range(1, 9):
        shelf.save(entry.id, revision, changed(FIRST, 0.01 + revision / 10_000))
    steps = shelf.steps(entry.id)
    assert len(steps) == 4
    assert unpacked(steps[-1]) == changed(FIRST, 0.01 + 7 / 10_000)


def test_a_clock_set_back_never_makes_a_save_older(shelf: Shelf, clock: Clock):
    entry = shelf.add(FIRST, owner=ME)
    clock.now -= 1_000_000
    later = shelf.save(entry.id, 1, changed(FIRST, 0.08)).changed
    assert entry.changed is not None and later is not None and later >= entry.changed


def test_one_row_that_is_damaged_hides_no_other(shelf: Shelf):
    bad, good = shelf.add(FIRST, "Bad", owner=ME), shelf.add(SECOND, "Good", owner=ME)
    with shelf.engine.begin() as connection:
        damage = {"content": "[newer]", "headline": "{", "tags": "1"}
        connection.execute(sa.update(STUDY).where(STUDY.c.id == bad.id).values(damage))
    assert {each.name for each in shelf.entries(ME)} == {"Bad", "Good"}
    assert shelf.read(good.id).study == SECOND
    with pytest.raises(StoreError, match=r"what is kept of Bad can no longer be read .*; update the app if a newer"):
        shelf.read(bad.id)


def test_what_was_open_last_is_found_again_for_each_person(shelf: Shelf):
    one, two = shelf.add(FIRST, owner=ME), shelf.add(SECOND, owner=ME)
    assert shelf.last_opened("ann") is None
    shelf.open("ann", one.id)
    shelf.open("ben", one.id)
    shelf.open("ann", two.id)
    found = shelf.last_opened("ann")
    assert found is not None and found.id == two.id
    shelf.delete(two.id)
    assert shelf.last_opened("ann") is None


def test_a_copy_is_a_draft_of_its_own(shelf: Shelf):
    entry = shelf.add(FIRST, "Chat", owner=ME)
    copy = shelf.duplicate(entry.id)
    assert (copy.name, copy.status, copy.author) == ("Chat, copy", DRAFT, "")
    shelf.save(copy.id, 1, changed(FIRST, 0.2))
    assert shelf.read(entry.id).study == FIRST


@pytest.mark.parametrize(
    ("text", "name"),
    [(" Chat \t 2027\n", "Chat 2027"), ("Ch\x00at\u202e", "Ch at"), ("Zürich\ud800", "Zürich"), ("名前", "名前")],
)
def test_a_name_is_one_line_of_what_can_be_seen(text: str, name: str):
    assert name_of(text) == name


@pytest.mark.parametrize("text", ["", "  ", "\u200b\x07", "x" * 201])
def test_what_can_be_no_name_is_refused(text: str):
    with pytest.raises(StoreError):
        name_of(text)


@pytest.mark.parametrize(("title", "name"), [("x" * 300, "x" * 200), ("\u200b", "Study"), ("  ", "Study")])
def test_a_title_that_is_no_name_hinders_no_save_and_no_copy(shelf: Shelf, title: str, name: str):
    entry = shelf.add(replace(FIRST, "study/title", title), owner=ME, origin="File: a\x00b\ud800.toml")
    assert (entry.name, entry.origin) == (name, "File: a b.toml")
    assert shelf.duplicate(entry.id).name.endswith(", copy")


# ------------------------------------------------------------------------------------------------------------ versions


def test_versions_are_kept_whatever_becomes_of_the_study(shelf: Shelf):
    entry = shelf.add(FIRST, headline={"Buy": 1.0}, owner=ME)
    first = versions.keep(shelf, entry.id, "To the board", seal="one", note="As sent", author="Ann")
    shelf.save(entry.id, 1, changed(FIRST, 0.2), headline={"Buy": 2.0})
    versions.keep(shelf, entry.id, "After the meeting", seal="two")
    assert [each.name for each in versions.versions(shelf, entry.id)] == ["After the meeting", "To the board"]
    assert versions.read(shelf, entry.id, 1) == FIRST
    assert (first.number, first.note, first.headline) == (1, "As sent", {"Buy": 1.0})
    with pytest.raises(StoreError, match="a version To the board of this study already"):
        versions.keep(shelf, entry.id, "To the board", seal="three")
    with pytest.raises(Gone):
        versions.read(shelf, entry.id, 9)


def test_an_approved_version_is_locked_and_an_edit_makes_a_draft_of_the_study(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    versions.keep(shelf, entry.id, "To the board", seal="one")
    versions.ask_for_review(shelf, entry.id)
    with pytest.raises(StoreError, match="computes to other figures"):
        versions.approve(shelf, entry.id, 1, "another", "Cleo")
    assert versions.review(shelf, entry.id, 1, "Ben").approved is None
    approved = versions.approve(shelf, entry.id, 1, "one", "Cleo")
    assert (approved.approver, approved.reviewer) == ("Cleo", "Ben") and approved.approved is not None
    assert shelf.entry(entry.id).status == APPROVED
    for late in (
        lambda: versions.approve(shelf, entry.id, 1, "one", "Dora"),
        lambda: versions.review(shelf, entry.id, 1, "Dora"),
    ):
        with pytest.raises(StoreError, match="was approved by Cleo"):
            late()
    shelf.save(entry.id, 1, changed(FIRST, 0.2))
    assert shelf.entry(entry.id).status == DRAFT
    assert versions.versions(shelf, entry.id)[0] == approved


def test_a_study_changed_since_is_not_approved_with_its_version(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    versions.keep(shelf, entry.id, "To the board", seal="one")
    shelf.save(entry.id, 1, changed(FIRST, 0.2))
    versions.approve(shelf, entry.id, 1, "one", "Cleo")
    assert shelf.entry(entry.id).status == DRAFT


@pytest.mark.parametrize("bad", ["a\nb\x00", "\ud800", "\x1b[2J", "x" * 4001])
def test_what_cannot_be_shown_is_refused_in_any_text_of_a_version(shelf: Shelf, bad: str):
    entry = shelf.add(FIRST, owner=ME)
    for given in ({"note": bad}, {"author": bad}):
        with pytest.raises(StoreError, match=r"cannot be shown; type it anew|shorten"):
            versions.keep(shelf, entry.id, "To the board", seal="s", **given)


def test_a_review_names_somebody(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    versions.keep(shelf, entry.id, "To the board", seal="s")
    with pytest.raises(StoreError, match="a name is missing"):
        versions.review(shelf, entry.id, 1, " \x00")
    assert versions.review(shelf, entry.id, 1, "Be\u200bn\nB.").reviewer == "Ben B."
    with pytest.raises(Gone):
        versions.review(shelf, entry.id, 2, "Ben")


def test_a_file_is_the_approved_version_by_its_seal_and_by_its_study(shelf: Shelf):
    entry = shelf.add(FIRST, "Chat", owner=ME)
    versions.keep(shelf, entry.id, "To the board", seal="one")
    assert versions.approved(shelf, "one", FIRST) is None, "kept, not approved"
    version = versions.approve(shelf, entry.id, 1, "one", "Cleo")
    assert versions.approved(shelf, "one", FIRST) == versions.approved(shelf, "one", FIRST, ME) == ("Chat", version)
    assert versions.approved(shelf, "one", changed(FIRST, 0.2)) is None, "another study under a seal that was copied"
    assert versions.approved(shelf, "two", FIRST) is None
    assert versions.approved(shelf, "one", FIRST, "another person") is None


# ------------------------------------------------------------------------------------------------------------ comments


def test_comments_stand_at_a_place_until_they_are_settled_and_go_with_their_study(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    comments.add(shelf, entry.id, "study/discount_rate", "Why 9%?", "Ben")
    comments.add(shelf, entry.id, "", "Ready", "Ann")
    newest, first = comments.comments(shelf, entry.id)
    assert (newest.text, first.place, first.author) == ("Ready", "study/discount_rate", "Ben")
    comments.settle(shelf, newest.id)
    assert [each.text for each in comments.comments(shelf, entry.id)] == ["Why 9%?", "Ready"], "open ones first"
    comments.settle(shelf, newest.id, settled=False)
    assert comments.comments(shelf, entry.id)[0].settled is None
    shelf.delete(entry.id)
    assert comments.comments(shelf, entry.id) == ()
    with pytest.raises(Gone):
        comments.settle(shelf, newest.id)
    with pytest.raises(Gone):
        comments.add(shelf, entry.id, "", "Late", "Ann")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" ", "says nothing"),
        ("one\ntwo\x00", "line 2 .* cannot be shown"),
        ("\ud800", "line 1"),
        ("x" * 4001, "shorten"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused_with_its_place(shelf: Shelf, text: str, words: str):
    entry = shelf.add(FIRST, owner=ME)
    with pytest.raises(StoreError, match=words):
        comments.add(shelf, entry.id, "", text, "Ben")
    assert comments.comments(shelf, entry.id) == ()


# ----------------------------------------------------------------------------------------------------------- out and in


def test_studies_go_out_and_come_in_as_one_file(shelf: Shelf):
    one, two = shelf.add(FIRST, "Chat", owner=ME), shelf.add(SECOND, "Search", owner=ME)
    shelf.tag(one.id, ["board"])
    found = packs.taken_in(shelf, packs.packed(shelf, [one.id, two.id]), ME)
    assert [each.name for each in found.entries] == ["Chat (2)", "Search (2)"]
    assert found.refused == () and found.entries[0].tags == ("board",)
    assert shelf.read(found.entries[0].id).study == FIRST


def test_two_of_one_id_and_a_damaged_one_are_told_and_the_others_come_in(shelf: Shelf):
    one, two = shelf.add(FIRST, "Chat", owner=ME), shelf.add(SECOND, "Search", owner=ME)
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        listed = [("a.toml", "1", "A"), ("a.toml", "1", "Again"), ("b.toml", "2", "B"), ("c.toml", "3", "C")]
        rows = [f'{{"file": "{file}", "id": "{id}", "name": "{name}"}}' for file, id, name in listed]
        archive.writestr(packs.LIST, f'{{"format": 1, "studies": [{", ".join(rows)}]}}')
        archive.writestr("a.toml", shelf.content(one.id)[1])
        archive.writestr("b.toml", "[study")
        archive.writestr("c.toml", shelf.content(two.id)[1])
    found = packs.taken_in(shelf, target.getvalue(), ME)
    assert [each.name for each in found.entries] == ["C"]
    assert [each.split(":")[0] for each in found.refused] == ["A", "Again", "B"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"PK", "no archive of studies"), (b"", "no archive of studies")],
)
def test_a_file_that_holds_no_studies_is_refused(shelf: Shelf, content: bytes, words: str):
    with pytest.raises(StoreError, match=words):
        packs.taken_in(shelf, content, ME)


# --------------------------------------------------------------------------------------------------------- the database


def test_the_migrations_make_the_tables_that_are_declared(shelf: Shelf):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with shelf.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), NAMED) == []
    last = max(path.name for path in (database.MIGRATIONS / "versions").glob("*.py"))
    assert last.startswith(f"{database.PRESENT}_")


def test_a_library_of_a_newer_version_is_left_alone(shelf: Shelf):
    with shelf.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="made by a newer version"):
        Shelf()


def test_opened_again_everything_is_there(shelf: Shelf):
    entry = shelf.add(FIRST, owner=ME)
    assert Shelf().read(entry.id).study == FIRST
