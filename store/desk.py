"""The study that somebody has open: saved after each edit, what hinders it told, found again after a reload."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models.studies.study import Study
from store import database, drafts
from store.database import StoreError
from store.shelf import NO_FIGURES, Conflict, Entry, Gone, Headline, Saved, Shelf

# The one owner of all studies on one's own machine, and of those that a team signs in for.
LOCAL, TEAM = "local", "team"


def shelf() -> Shelf:
    """The library, opened once a process. Raises StoreError where it cannot be; it is tried again then.

    Where its file was deleted, or another put in its place, that is opened: a save into the old one would be lost.
    """
    address = database.address()
    held = _OPENED.get(address)
    if held is not None and held[0] == database.identity(address):
        return held[1]
    if held is not None:
        held[1].engine.dispose()
    found = Shelf(database.of(address))
    _OPENED[address] = database.identity(address), found
    return found


# The library that is open at an address, and the file that it is in.
_OPENED: dict[sa.URL, tuple[object, Shelf]] = {}


class Desk:
    """What one person has open in one tab, of the studies of an owner. Without an owner nothing is kept.

    `who` tells a person from others who work on the same owner's studies: nobody is offered what another had open.
    `entry` is the study in the library as it was saved last, None for one that is not there yet; `fault` why the last
    save failed, None where it did not; a `Conflict` waits for the person's decision, and until then nothing is saved.
    """

    def __init__(self, owner: str, library: Callable[[], Shelf] = shelf, who: str = "") -> None:
        self.owner, self.library, self.who = owner, library, who or owner
        self.entry: Entry | None = None
        self.fault: StoreError | None = None

    def keep(self, study: Study, origin: str, headline: Headline = NO_FIGURES) -> None:
        """Save the study as it is now: under its title the first time, then in its place."""
        if not self.owner or isinstance(self.fault, Conflict):
            return
        try:
            if self.entry is None:
                self._add(study, origin, headline)
            else:
                kept = self.entry
                self.entry = self.library().save(kept.id, kept.revision, study, author=kept.author, headline=headline)
            self.fault = None
        except Gone as gone:
            self.entry, self.fault = None, gone  # the next save keeps it as a new one
        except StoreError as error:
            self.fault = error

    def _add(self, study: Study, origin: str, headline: Headline) -> None:
        library = self.library()
        self.entry = library.add(study, owner=self.owner, author=study.author, origin=origin, headline=headline)
        library.open(self.who, self.entry.id)

    def find(self, id: str) -> Saved:
        """A study of this person's; what is open stays open. Raises StoreError."""
        saved = self.library().read(id)
        if saved.entry.owner != self.owner:
            raise Gone
        return saved

    def go_on(self, saved: Saved) -> None:
        """What is saved from now on takes the place of this study: call it once the study is the one on screen."""
        self.entry, self.fault = saved.entry, None
        try:
            self.library().open(self.who, saved.entry.id)
        except StoreError as error:  # a library that may only be read is still read
            self.fault = error

    def steps(self, id: str) -> tuple[bytes, ...]:
        """The saves of a study before its present one, the oldest first. Raises StoreError."""
        return self.library().steps(id)

    def close(self) -> None:
        """What is open from now on is another study, not in the library yet."""
        self.entry = self.fault = None

    def last(self) -> Entry | None:
        """What this person had open last, if it is not what is open now."""
        if not self.owner:
            return None
        try:
            if self.owner != TEAM:
                drafts.take_over(self.library(), self.owner, "" if self.owner == LOCAL else self.owner)
            found = self.library().last_opened(self.who)
        except StoreError as error:
            self.fault = error
            return None
        return None if found is None or (self.entry is not None and found.id == self.entry.id) else found

    # ------------------------------------------------------------------------------------------------- two at one study

    def keep_mine(self, study: Study, origin: str, headline: Headline = NO_FIGURES) -> None:
        """Of two saves made at once take one's own; the other stays among the study's steps."""
        if isinstance(self.fault, Conflict):
            self.entry, self.fault = self.fault.entry, None
            self.keep(study, origin, headline)

    def keep_both(self, study: Study, origin: str, headline: Headline = NO_FIGURES) -> None:
        """Leave the other save in its place and keep one's own as a study beside it."""
        if isinstance(self.fault, Conflict):
            self.close()
            self.keep(study, origin, headline)
