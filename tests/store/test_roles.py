"""What each role may do is held by the library itself, whatever page asks; nobody acts under another's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from models.studies.change import replace
from store import comments, database, library, packs, versions
from store.database import StoreError
from store.desk import TEAM, Desk
from store.people import APPROVER, EDITOR, ROLES, VIEWER, Person, role_of
from store.shelf import Shelf

STUDY = library.template("deepseek_fleet").study
OTHER = replace(STUDY, "study/discount_rate", 0.0912)
CLEO, EVE, VIC = (Person(f"{n}@example.org", r) for n, r in (("cleo", APPROVER), ("eve", EDITOR), ("vic", VIEWER)))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    found = Shelf(database.of("sqlite://"))
    yield found
    found.engine.dispose()


JOBS: dict[str, tuple[str, Callable[[Shelf, str], object]]] = {
    "add": (EDITOR, lambda shelf, id: shelf.add(OTHER, owner=TEAM)),
    "save": (EDITOR, lambda shelf, id: shelf.save(id, 1, OTHER)),
    "rename": (EDITOR, lambda shelf, id: shelf.rename(id, "Another")),
    "tag": (EDITOR, lambda shelf, id: shelf.tag(id, ["board"])),
    "archive": (EDITOR, lambda shelf, id: shelf.archive(id)),
    "duplicate": (EDITOR, lambda shelf, id: shelf.duplicate(id)),
    "delete": (EDITOR, lambda shelf, id: shelf.delete(id)),
    "take in": (EDITOR, lambda shelf, id: _taken_in(shelf, id)),
    "keep": (EDITOR, lambda shelf, id: versions.keep(shelf, id, "Second", seal="s")),
    "ask for review": (EDITOR, lambda shelf, id: versions.ask_for_review(shelf, id)),
    "review": (EDITOR, lambda shelf, id: versions.review(shelf, id, 1, "Somebody")),
    "approve": (APPROVER, lambda shelf, id: versions.approve(shelf, id, 1, "s", "Somebody")),
    "comment": (VIEWER, lambda shelf, id: comments.add(shelf, id, "", "Why?", "Somebody")),
    "read": (VIEWER, lambda shelf, id: shelf.read(id)),
}


def _taken_in(shelf: Shelf, id: str) -> None:
    refused = packs.taken_in(shelf, packs.packed(shelf, [id]), TEAM).refused
    if refused:
        raise StoreError(refused[0], "")


@pytest.mark.parametrize("person", [CLEO, EVE, VIC], ids=lambda person: person.role)
@pytest.mark.parametrize("name", JOBS)
def test_a_role_may_do_what_it_may_and_nothing_more(shelf: Shelf, name: str, person: Person):
    entry = shelf.add(STUDY, owner=TEAM)
    versions.keep(shelf, entry.id, "First", seal="s")
    needed, job = JOBS[name]
    if ROLES.index(person.role) >= ROLES.index(needed):
        job(shelf.by(person), entry.id)
        return
    before = shelf.content(entry.id), versions.versions(shelf, entry.id), shelf.entries(TEAM)
    with pytest.raises(StoreError, match=rf"{person.name} is an? {person.role} and may not .*ask an {needed}"):
        job(shelf.by(person), entry.id)
    assert (shelf.content(entry.id), versions.versions(shelf, entry.id), shelf.entries(TEAM)) == before


def test_what_was_approved_is_deleted_by_an_approver_alone(shelf: Shelf):
    entry = shelf.add(STUDY, owner=TEAM)
    versions.keep(shelf, entry.id, "First", seal="s")
    versions.approve(shelf, entry.id, 1, "s", "Cleo")
    with pytest.raises(StoreError, match="may not delete a study with an approved version; ask an approver"):
        shelf.by(EVE).delete(entry.id)
    assert versions.versions(shelf, entry.id)[0].approver == "Cleo"
    shelf.by(CLEO).delete(entry.id)
    assert shelf.entries(TEAM) == ()


def test_nobody_acts_under_another_name(shelf: Shelf):
    entry = shelf.by(EVE).add(STUDY, owner=TEAM, author="Cleo")
    version = versions.keep(shelf.by(EVE), entry.id, "First", seal="s", author="Cleo")
    assert (entry.author, version.author) == (EVE.name, EVE.name)
    assert shelf.by(EVE).save(entry.id, 1, OTHER, author="Cleo").author == EVE.name
    assert versions.review(shelf.by(EVE), entry.id, 1, "Cleo").reviewer == EVE.name
    assert versions.approve(shelf.by(CLEO), entry.id, 1, "s", "Somebody").approver == CLEO.name
    comments.add(shelf.by(VIC), entry.id, "", "Why?", "Cleo")
    assert comments.comments(shelf, entry.id)[0].author == VIC.name


def test_nobody_is_offered_what_another_had_open(shelf: Shelf):
    eve, cleo = (Desk(TEAM, lambda who=who: shelf.by(who), who.name) for who in (EVE, CLEO))
    eve.keep(STUDY, "Template")
    assert cleo.last() is None, "it is offered to none but whoever had it open"
    assert eve.entry is not None and cleo.find(eve.entry.id).study == STUDY, "the team's list has it"
    again = Desk(TEAM, lambda: shelf.by(EVE), EVE.name).last()
    assert again is not None and again.id == eve.entry.id


def test_what_a_viewer_changes_is_told_as_not_saved(shelf: Shelf):
    desk = Desk(TEAM, lambda: shelf.by(VIC), VIC.name)
    desk.keep(OTHER, "Template")
    assert desk.entry is None and "may not keep a study" in str(desk.fault)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("Cleo@Example.org", APPROVER),
        ("ann@example.org", VIEWER),
        ("dan@example.org", EDITOR),
        ("x@elsewhere.org", None),
        ("x@example.org.evil.net", None),
        ("example.org", None),
    ],
)
def test_a_role_is_that_of_the_address_and_else_of_its_domain(address: str, role: str | None):
    roles = {APPROVER: ["cleo@example.org"], EDITOR: ["@example.org"], VIEWER: ["ann@example.org"]}
    assert role_of(address, roles) == role


def test_a_role_that_is_none_is_told():
    with pytest.raises(StoreError, match=r"'admin', which is none; choose from viewer, editor, approver"):
        role_of("ann@example.org", {"admin": ["ann@example.org"]})
