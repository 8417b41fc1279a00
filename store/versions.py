"""Named versions of a study: kept for good, reviewed, approved. Nothing of a version is overwritten.

An approval is of the version's seal, which the caller gives (`models.analysis.reporting.seal`): the store keeps it and
never makes one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from models.analysis.reporting.record import Record, Version
from models.studies.compared import changed
from models.studies.study import Study
from store.database import StoreError, faults
from store.people import APPROVER, EDITOR
from store.shelf import APPROVED, DRAFT, REVIEW, Gone, Shelf, json_of, name_of, packed, text_of, unpacked
from store.tables import STUDY, VERSION

_LISTED = tuple(column for column in VERSION.c if column.name not in ("study", "content"))


def versions(shelf: Shelf, study: str) -> tuple[Version, ...]:
    """The versions of a study, the newest first."""
    query = sa.select(*_LISTED).where(VERSION.c.study == study).order_by(VERSION.c.number.desc())
    with faults(), shelf.engine.connect() as connection:
        return tuple(_version(row) for row in connection.execute(query))


def record(shelf: Shelf, study: str, now: Study) -> Record:
    """The history of a study, which stands as `now`; a version that cannot be read is in it without its changes."""
    found = versions(shelf, study)[::-1]
    with faults(), shelf.engine.connect() as connection:
        query = sa.select(VERSION.c.number, VERSION.c.content).where(VERSION.c.study == study)
        held = {number: unpacked(content) for number, content in connection.execute(query)}
    kept = [held.get(each.number) for each in found]
    changes = {after.number: _paths(*pair) for after, pair in zip(found[1:], pairwise(kept), strict=True)}
    return Record(found, shelf.entry(study).revision, changes, _paths(kept[-1], now) if kept else ())


def _paths(then: Study | None, now: Study | None) -> tuple[str, ...]:
    return () if then is None or now is None else tuple(each.path for each in changed(then, now))


def keep(shelf: Shelf, study: str, name: str, *, seal: str, note: str = "", author: str = "") -> Version:
    """Keep a study as it stands as a version.

    Raises StoreError where the name is taken, Gone where there is no study.
    """
    shelf.person.must_be(EDITOR, "keep a version")
    wanted, note = name_of(name), text_of(note, "the note")
    author = text_of(shelf.person.called(author), "the author")
    entry, content = shelf.content(study)
    with faults(), shelf.engine.begin() as connection:
        held = connection.execute(sa.select(VERSION.c.number, VERSION.c.name).where(VERSION.c.study == study)).all()
        if wanted in {row.name for row in held}:
            raise StoreError(f"there is a version {wanted} of this study already", "choose another name")
        number = max((row.number for row in held), default=0) + 1
        values: dict[str, Any] = {
            **{"study": study, "number": number, "name": wanted, "note": note, "author": author, "at": shelf.clock()},
            **{"content": packed(content), "headline": json.dumps(dict(entry.headline)), "seal": seal},
            **{"reviewer": "", "approver": "", "approved": None},
        }
        connection.execute(sa.insert(VERSION).values(values))
        return _one(connection, study, number)


def approved(shelf: Shelf, seal: str, content: Study, owner: str | None = None) -> tuple[str, Version] | None:
    """The approved version that has a seal and holds this study, and the name it goes by; None where there is none.

    What a file says of its own seal proves nothing: the study in it is held against the one that the library has.
    Without an `owner` the whole library is asked.
    """
    query = (
        sa.select(STUDY.c.name.label("of"), VERSION.c.content, *_LISTED)
        .join(STUDY, STUDY.c.id == VERSION.c.study)
        .where(
            VERSION.c.seal == seal,
            VERSION.c.approved.is_not(None),
            sa.true() if owner is None else STUDY.c.owner == owner,
        )
        .order_by(VERSION.c.approved)
    )
    with faults(), shelf.engine.connect() as connection:
        rows = connection.execute(query).all()
    return next(((row.of, _version(row)) for row in rows if unpacked(row.content) == content), None)


def read(shelf: Shelf, study: str, number: int) -> Study:
    """The study as a version holds it. Raises Gone where it is not there, StoreError where it cannot be read."""
    with faults(), shelf.engine.connect() as connection:
        content = connection.execute(_content(study, number)).scalar()
    if content is None:
        raise Gone
    found = unpacked(content)
    if found is None:
        raise StoreError(f"version {number} can no longer be read", "restore it from a backup of the library")
    return found


def ask_for_review(shelf: Shelf, study: str, wanted: bool = True) -> None:
    """Put a draft in review, or back. Raises Gone where there is no study."""
    shelf.person.must_be(EDITOR, "ask for a review")
    shelf.entry(study)
    with faults(), shelf.engine.begin() as connection:
        values = {"status": REVIEW if wanted else DRAFT}
        connection.execute(sa.update(STUDY).where(STUDY.c.id == study, STUDY.c.status != APPROVED).values(values))


def review(shelf: Shelf, study: str, number: int, by: str) -> Version:
    """Name who went through a version; another name takes the place of the one before.

    Raises StoreError where it is approved already, or where nobody is named.
    """
    shelf.person.must_be(EDITOR, "review a version")
    reviewer = name_of(shelf.person.called(by))
    with faults(), shelf.engine.begin() as connection:
        _not_approved(_one(connection, study, number))
        _set(connection, study, number, {"reviewer": reviewer})
        return _one(connection, study, number)


def approve(shelf: Shelf, study: str, number: int, seal: str, by: str) -> Version:
    """Approve a version, once. `seal` is that of the version computed now.

    Raises StoreError where the seal is not the one it was kept with (inputs, formulas or figures are others), where it
    is approved already, or where nobody is named.
    """
    shelf.person.must_be(APPROVER, "approve a version")
    approver = name_of(shelf.person.called(by))
    with faults(), shelf.engine.begin() as connection:
        version = _one(connection, study, number)
        _not_approved(version)
        if version.seal != seal:
            raise StoreError(
                f"{version.name} computes to other figures than when it was kept", "keep it again as a new version"
            )
        _set(connection, study, number, {"approver": approver, "approved": shelf.clock()})
        present = connection.execute(sa.select(STUDY.c.content).where(STUDY.c.id == study)).scalar_one()
        if packed(present) == connection.execute(_content(study, number)).scalar():
            connection.execute(sa.update(STUDY).where(STUDY.c.id == study).values(status=APPROVED))
        return _one(connection, study, number)


def _not_approved(version: Version) -> None:
    if version.approved is not None:
        raise StoreError(f"{version.name} was approved by {version.approver}", "keep a new version to approve")


def _set(connection: sa.Connection, study: str, number: int, values: Mapping[str, Any]) -> None:
    """Set what is told of a version while nobody has approved it."""
    this = VERSION.c.study == study, VERSION.c.number == number, VERSION.c.approved.is_(None)
    connection.execute(sa.update(VERSION).where(*this).values(**values))


def _content(study: str, number: int) -> sa.Select[bytes]:
    return sa.select(VERSION.c.content).where(VERSION.c.study == study, VERSION.c.number == number)


def _one(connection: sa.Connection, study: str, number: int) -> Version:
    query = sa.select(*_LISTED).where(VERSION.c.study == study, VERSION.c.number == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Gone
    return _version(row)


def _version(row: Any) -> Version:
    values = {column.name: getattr(row, column.name) for column in _LISTED}
    return Version(**values | {"headline": json_of(row.headline, {})})
