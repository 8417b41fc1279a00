"""A study that is open: saved after each edit, found again after a reload, two people told of each other."""

import pytest

from models.studies.change import replace
from models.studies.study import Study
from store import database, library
from store.database import StoreError
from store.desk import Desk
from store.shelf import Conflict, Gone, Shelf, unpacked

STUDY = library.template("deepseek_fleet").study


def at(rate: float) -> Study:
    return replace(STUDY, "study/discount_rate", rate)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(database.of("sqlite://"))


def test_the_first_save_adds_the_study_and_later_ones_take_its_place(shelf: Shelf):
    desk = Desk("ann", lambda: shelf)
    desk.keep(at(0.08), "Template")
    desk.keep(at(0.09), "Template")
    assert desk.entry is not None and desk.entry.revision == 2
    again = Desk("ann", lambda: shelf)
    found = again.last()
    assert found is not None and again.find(found.id).study == at(0.09)
    assert again.entry is None, "it is only looked at"
    again.go_on(again.find(found.id))
    assert [unpacked(each) for each in again.steps(found.id)] == [at(0.08)]
    assert again.last() is None, "it is open"


def test_nobody_else_opens_it_or_finds_it(shelf: Shelf):
    desk, other = Desk("ann", lambda: shelf), Desk("ben", lambda: shelf)
    desk.keep(at(0.08), "Template")
    assert desk.entry is not None and other.last() is None
    with pytest.raises(Gone):
        other.find(desk.entry.id)


def test_without_an_owner_nothing_is_kept(shelf: Shelf):
    desk = Desk("", lambda: shelf)
    desk.keep(at(0.08), "Template")
    assert desk.entry is None and desk.fault is None and desk.last() is None


def test_a_library_that_fails_is_told_and_the_next_edit_tries_again(shelf: Shelf):
    def fails() -> Shelf:
        raise StoreError("the disk is full", "make room")

    desk = Desk("ann", fails)
    desk.keep(at(0.08), "Template")
    assert desk.fault is not None and desk.entry is None
    desk.library = lambda: shelf
    desk.keep(at(0.09), "Template")
    assert desk.fault is None and desk.entry is not None


def test_a_study_deleted_elsewhere_is_kept_anew_by_the_next_edit(shelf: Shelf):
    desk = Desk("ann", lambda: shelf)
    desk.keep(at(0.08), "Template")
    assert desk.entry is not None
    shelf.delete(desk.entry.id)
    desk.keep(at(0.09), "Template")
    assert isinstance(desk.fault, Gone)
    desk.keep(at(0.09), "Template")
    assert desk.fault is None and shelf.read(desk.entry.id).study == at(0.09)


@pytest.fixture
def two(shelf: Shelf) -> tuple[Desk, Desk]:
    """Two tabs of one person on one study; the second saved after both had opened it, and so did the first."""
    one, two = Desk("ann", lambda: shelf), Desk("ann", lambda: shelf)
    one.keep(at(0.08), "Template")
    assert one.entry is not None
    two.go_on(two.find(one.entry.id))
    two.keep(at(0.12), "Template")
    one.keep(at(0.10), "Template")
    return one, two


def test_two_saves_at_once_wait_for_a_decision(two: tuple[Desk, Desk], shelf: Shelf):
    one, _ = two
    assert isinstance(one.fault, Conflict)
    one.keep(at(0.11), "Template")
    assert isinstance(one.fault, Conflict), "nothing is saved until it is decided"
    assert one.entry is not None and shelf.read(one.entry.id).study == at(0.12)


@pytest.mark.parametrize(("choice", "names", "rate"), [("mine", 1, 0.10), ("theirs", 1, 0.12), ("both", 2, 0.10)])
def test_each_decision_does_what_it_says(two: tuple[Desk, Desk], shelf: Shelf, choice: str, names: int, rate: float):
    one, _ = two
    if choice == "theirs":
        assert isinstance(one.fault, Conflict)
        one.go_on(one.find(one.fault.entry.id))
    else:
        (one.keep_mine if choice == "mine" else one.keep_both)(at(0.10), "Template")
    assert one.fault is None and one.entry is not None
    assert len(shelf.entries("ann")) == names
    assert shelf.read(one.entry.id).study == at(rate)
    if choice == "mine":
        assert at(0.12) in [unpacked(each) for each in one.steps(one.entry.id)], "the other save is among the steps"


def test_a_library_that_may_only_be_read_still_opens_a_study(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    desk = Desk("ann", lambda: shelf)
    desk.keep(at(0.08), "Template")
    assert desk.entry is not None

    def refuses(who: str, id: str) -> None:
        raise StoreError("the library may not be written to", "allow writing")

    monkeypatch.setattr(shelf, "open", refuses)
    again = Desk("ann", lambda: shelf)
    again.go_on(again.find(desk.entry.id))
    assert again.entry == desk.entry and again.fault is not None
