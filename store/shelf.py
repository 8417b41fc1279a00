"""The studies that are kept: found, opened, saved, renamed, archived, taken out and in.

A save names the revision it was made from; where another was saved meanwhile it is refused (`Conflict`), so that no
edit is lost unseen. Everything is one transaction: a save is whole or not there.
"""

from __future__ import annotations

import json
import secrets
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.studies.file import load
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from store import database
from store.database import StoreError, faults
from store.people import ALONE, APPROVER, EDITOR, Person
from store.tables import OPENED, STEP, STUDY, VERSION

KEPT_STEPS = 100
LONGEST_NAME, LONGEST_TEXT = 200, 4_000
COPY = ", copy"
# The year 9000, in seconds since 1970.
LAST_MOMENT = 221_845_392_000
DRAFT, REVIEW, APPROVED = STATUSES = ("draft", "in review", "approved")

Headline = Mapping[str, Any]
NO_FIGURES: Headline = {}


@dataclass(frozen=True)
class Entry:
    """A study in the list: all but its content. Moments are seconds since 1970, None where the row
    is damaged. Only its owner finds it."""

    id: str
    name: str
    owner: str
    status: str
    tags: tuple[str, ...]
    archived: bool
    revision: int
    origin: str
    headline: Headline
    author: str
    created: float | None
    changed: float | None


@dataclass(frozen=True)
class Saved:
    """A study as it was kept."""

    entry: Entry
    study: Study


class Conflict(StoreError):
    """The study was saved elsewhere since this one was opened; `entry` is as it stands now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            f"{entry.name} was changed elsewhere{f' by {entry.author}' if entry.author else ''} meanwhile",
            "look at the difference, then keep yours, theirs or both",
        )
        self.entry = entry


class Gone(StoreError):
    """The study is no longer there."""

    def __init__(self) -> None:
        super().__init__("the study was deleted elsewhere", "save it under a new name to keep it")


class Shelf:
    """The library at one database, as a person may use it; `clock` gives the moment.

    What a person's role does not allow raises StoreError, whatever page or program asks for it.
    """

    def __init__(
        self, engine: sa.Engine | None = None, clock: Callable[[], float] = time.time, person: Person = ALONE
    ) -> None:
        self.engine, self.clock, self.person = engine or database.opened(), clock, person

    def by(self, person: Person) -> Shelf:
        """The same library in the hands of another person."""
        return Shelf(self.engine, self.clock, person)

    # --------------------------------------------------------------------------------------------------------- finding

    def entries(self, owner: str, search: str = "", *, archived: bool = False) -> tuple[Entry, ...]:
        """A person's studies whose name, tags, status or origin have all the words, the last changed first."""
        words = search.casefold().split()
        query = (
            sa.select(*_LISTED)
            .where(STUDY.c.owner == owner, STUDY.c.archived == archived)
            .order_by(STUDY.c.changed.desc(), STUDY.c.id)
        )
        with faults(), self.engine.connect() as connection:
            found = [_entry(row) for row in connection.execute(query)]
        return tuple(each for each in found if all(word in _searched(each) for word in words))

    def entry(self, id: str) -> Entry:
        """A study of the list. Raises Gone where there is none."""
        with faults(), self.engine.connect() as connection:
            return self._entry(connection, id)

    def _entry(self, connection: sa.Connection, id: str) -> Entry:
        row = connection.execute(sa.select(*_LISTED).where(STUDY.c.id == id)).one_or_none()
        if row is None:
            raise Gone
        return _entry(row)

    def read(self, id: str) -> Saved:
        """A study as it was kept. Raises Gone, and StoreError where what is kept can no longer be read."""
        entry, content = self.content(id)
        return Saved(entry, study_of(content, entry.name))

    def content(self, id: str) -> tuple[Entry, str]:
        """The file of a study as it is kept, whether it can be read or not. Raises Gone."""
        with faults(), self.engine.connect() as connection:
            entry = self._entry(connection, id)
            return entry, connection.execute(sa.select(STUDY.c.content).where(STUDY.c.id == id)).scalar_one()

    def steps(self, id: str) -> tuple[bytes, ...]:
        """The last saves of a study, the oldest first, without the present one; `unpacked` reads one."""
        with faults(), self.engine.connect() as connection:
            now = self._entry(connection, id).revision
            query = sa.select(STEP.c.content).where(STEP.c.study == id, STEP.c.revision < now).order_by(STEP.c.revision)
            return tuple(connection.execute(query).scalars())

    def step(self, id: str, revision: int) -> Study:
        """A study as it was saved at a revision. Raises StoreError where that save is no longer kept or readable."""
        with faults(), self.engine.connect() as connection:
            query = sa.select(STEP.c.content).where(STEP.c.study == id, STEP.c.revision == revision)
            content = connection.execute(query).scalar()
        found = None if content is None else unpacked(content)
        if found is None:
            raise StoreError("the save that both began with is no longer kept", "keep one of the two, or both")
        return found

    # ---------------------------------------------------------------------------------------------------------- saving

    def add(
        self,
        study: Study,
        name: str = "",
        *,
        owner: str,
        author: str = "",
        origin: str = "",
        headline: Headline = NO_FIGURES,
    ) -> Entry:
        """Keep a study under a name, its title without one; where that is taken, under the next that is free.

        A title that is too long for a name is cut, one that nobody can see is none.
        """
        self.person.must_be(EDITOR, "keep a study")
        author, origin = visible(self.person.called(author)), visible(origin)
        title = visible(study.fields.text("title"))[:LONGEST_NAME].rstrip()
        wanted = name_of(name or title or "Study")
        now, content = self.clock(), load.dumps(study)
        with faults(), self.engine.begin() as connection:
            taken = list(connection.execute(sa.select(STUDY.c.name).where(STUDY.c.owner == owner)).scalars())
            kept = free(wanted, taken)
            values = {
                **{"id": secrets.token_hex(16), "name": kept, "folded": folded(kept), "owner": owner},
                **{"status": DRAFT, "tags": "[]"},
                **{"archived": False, "revision": 1, "content": content, "origin": origin, "author": author},
                **{"headline": json.dumps(dict(headline)), "created": now, "changed": now},
            }
            connection.execute(sa.insert(STUDY).values(values))
            self._step(connection, values["id"], 1, content, author)
            return self._entry(connection, values["id"])

    def save(self, id: str, revision: int, study: Study, *, author: str = "", headline: Headline = NO_FIGURES) -> Entry:
        """Keep what a study became since the revision it was opened at.

        Raises Conflict where it was saved elsewhere meanwhile, Gone where it was deleted, StoreError where it cannot be
        kept; then nothing is changed.
        """
        self.person.must_be(EDITOR, "change a study")
        content, author = load.dumps(study), self.person.called(author)
        changed = sa.case((STUDY.c.changed > self.clock(), STUDY.c.changed), else_=self.clock())  # a clock set back
        values = {
            **{"content": content, "revision": revision + 1, "author": author, "changed": changed},
            **{"headline": json.dumps(dict(headline)), "status": _after_edit()},
        }
        with faults(), self.engine.begin() as connection:
            done = connection.execute(
                sa.update(STUDY).where(STUDY.c.id == id, STUDY.c.revision == revision).values(values)
            )
            if not done.rowcount:
                raise Conflict(self._entry(connection, id))
            self._step(connection, id, revision + 1, content, author)
            return self._entry(connection, id)

    def _step(self, connection: sa.Connection, id: str, revision: int, content: str, author: str) -> None:
        values = {"study": id, "revision": revision, "content": packed(content), "author": author, "at": self.clock()}
        connection.execute(sa.insert(STEP).values(values))
        connection.execute(sa.delete(STEP).where(STEP.c.study == id, STEP.c.revision <= revision - KEPT_STEPS))

    # -------------------------------------------------------------------------------------------------------- managing

    def rename(self, id: str, name: str) -> Entry:
        """Give a study another name. Raises StoreError where it is taken or cannot be one."""
        wanted = name_of(name)
        try:
            return self._set(id, name=wanted, folded=folded(wanted))
        except StoreError as error:
            if isinstance(error.__cause__, IntegrityError):
                raise StoreError(f"there is a study named {wanted} already", "choose another name") from None
            raise

    def tag(self, id: str, tags: Iterable[str]) -> Entry:
        """Give a study these tags."""
        return self._set(id, tags=json.dumps(list(dict.fromkeys(map(name_of, tags))), ensure_ascii=False))

    def archive(self, id: str, archived: bool = True) -> Entry:
        """Put a study out of the list, or back into it."""
        return self._set(id, archived=archived)

    def _set(self, id: str, **values: Any) -> Entry:
        self.person.must_be(EDITOR, "change a study")
        with faults(), self.engine.begin() as connection:
            connection.execute(sa.update(STUDY).where(STUDY.c.id == id).values(values))
            return self._entry(connection, id)

    def duplicate(self, id: str) -> Entry:
        """A copy of a study as it stands, a draft under a name of its own."""
        saved = self.read(id)
        name = f"{saved.entry.name[: LONGEST_NAME - len(COPY)]}{COPY}"
        held = saved.entry
        return self.add(saved.study, name, owner=held.owner, origin=held.origin, headline=held.headline)

    def delete(self, id: str) -> None:
        """Delete a study for good, with its steps, versions and comments; nothing where there is none."""
        self.person.must_be(EDITOR, "delete a study")
        signed = sa.select(VERSION.c.number).where(VERSION.c.study == id, VERSION.c.approved.is_not(None))
        with faults(), self.engine.begin() as connection:
            if connection.execute(signed).first() is not None:
                self.person.must_be(APPROVER, "delete a study with an approved version")
            connection.execute(sa.delete(STUDY).where(STUDY.c.id == id))

    # ---------------------------------------------------------------------------------------------------- opened last

    def open(self, who: str, id: str) -> None:
        """Remember which study somebody has open."""
        with faults(), self.engine.begin() as connection:
            connection.execute(sa.delete(OPENED).where(OPENED.c.who == who))
            connection.execute(sa.insert(OPENED).values(who=who, study=id, at=self.clock()))

    def last_opened(self, who: str) -> Entry | None:
        """The study that somebody had open last; None without one."""
        query = sa.select(*_LISTED).join(OPENED, OPENED.c.study == STUDY.c.id).where(OPENED.c.who == who)
        with faults(), self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _entry(row)


def _after_edit() -> sa.ColumnElement[str]:
    """What becomes of a study's status by an edit: what was approved is a draft again, with its version untouched."""
    return sa.case((STUDY.c.status == APPROVED, DRAFT), else_=STUDY.c.status)


_LISTED = tuple(column for column in STUDY.c if column.name not in ("content", "folded"))


def name_of(text: str) -> str:
    """A name as it is kept: one line, without what cannot be seen. Raises StoreError where nothing is left."""
    shown = visible(text)
    if not shown:
        raise StoreError("a name is missing", "type at least one letter")
    if len(shown) > LONGEST_NAME:
        raise StoreError(f"the name has {len(shown)} characters", f"shorten it to {LONGEST_NAME}")
    return shown


def visible(text: str) -> str:
    """A text as one line, without what cannot be seen."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cs")).split())


def text_of(text: str, what: str) -> str:
    """A text of several lines as it is kept. Raises StoreError, with the line, where it holds what cannot be shown."""
    said = text.strip()
    if len(said) > LONGEST_TEXT:
        raise StoreError(f"{what} has {len(said)} characters", f"shorten it to {LONGEST_TEXT}")
    for number, line in enumerate(said.split("\n"), start=1):
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in line.replace("\t", " ")):
            raise StoreError(f"line {number} of {what} holds a character that cannot be shown", "type it anew")
    return said


def folded(name: str) -> str:
    """A name as names are compared: upper and lower case, and ways to write a letter, alike."""
    return unicodedata.normalize("NFKC", name).casefold()


def free(wanted: str, taken: Iterable[str]) -> str:
    """The wanted name or the next that is free, "name (2)", upper and lower case alike."""
    held = {folded(name) for name in taken}
    names = chain([wanted], (f"{wanted} ({number})" for number in count(2)))
    return next(name for name in names if folded(name) not in held)


def _entry(row: Any) -> Entry:
    values: dict[str, Any] = {column.name: getattr(row, column.name) for column in _LISTED}
    tags = tuple(each for each in json_of(row.tags, []) if isinstance(each, str))
    values |= {"tags": tags, "headline": json_of(row.headline, {}), "name": str(row.name)}
    values |= {"created": _moment(row.created), "changed": _moment(row.changed)}
    return Entry(**values)


def _moment(held: Any) -> float | None:
    """A moment as a row keeps it; None where that is damaged and no calendar has it."""
    return held if isinstance(held, int | float) and 0 <= held < LAST_MOMENT else None


def json_of(text: str, otherwise: Any) -> Any:
    """What a row keeps as JSON; where it is damaged the row is listed without it."""
    try:
        found = json.loads(text)
    except ValueError:
        return otherwise
    return found if isinstance(found, type(otherwise)) else otherwise


def _searched(entry: Entry) -> str:
    return " ".join((entry.name, entry.status, entry.origin, *entry.tags)).casefold()


def study_of(content: str, name: str) -> Study:
    """A study from what is kept of it. Raises StoreError, with the reason, where it can no longer be read."""
    try:
        return load.loads(content)
    except StudyError as error:
        what = f"what is kept of {name} can no longer be read ({error.problems[0]})"
        remedy = "update the app if a newer version kept it, else take it out as a file and mend it there"
        raise StoreError(what, remedy) from None


def packed(content: str) -> bytes:
    """A study file as it is kept where there are many of them."""
    return zlib.compress(content.encode())


def unpacked(content: bytes) -> Study | None:
    """The study of such a file; None where it can no longer be read."""
    try:
        return load.loads(zlib.decompress(content).decode())
    except (StudyError, ValueError, zlib.error):
        return None
