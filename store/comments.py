"""Comments on a study: each at a place (an input, a figure, the study itself), settled once they are answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.database import StoreError, faults
from store.shelf import Gone, Shelf, name_of, text_of
from store.tables import COMMENT


@dataclass(frozen=True)
class Comment:
    """A comment: `place` is a path of an input, the name of a figure, or "" for the study; `settled` None while open.
    Moments are seconds since 1970."""

    id: str
    place: str
    text: str
    author: str
    at: float
    settled: float | None


_LISTED = tuple(COMMENT.c[name] for name in ("id", "place", "text", "author", "at", "settled"))


def comments(shelf: Shelf, study: str) -> tuple[Comment, ...]:
    """The comments on a study, open ones first, then the newest."""
    order = (COMMENT.c.settled.is_not(None), COMMENT.c.at.desc())
    query = sa.select(*_LISTED).where(COMMENT.c.study == study).order_by(*order)
    with faults(), shelf.engine.connect() as connection:
        return tuple(Comment(**row._asdict()) for row in connection.execute(query))


def add(shelf: Shelf, study: str, place: str, text: str, author: str) -> None:
    """Keep a comment. Raises StoreError where it says nothing, holds what cannot be shown, or names nobody."""
    said = text_of(text, "the comment")
    if not said:
        raise StoreError("the comment says nothing", "type what should be looked at")
    values: dict[str, Any] = {
        "id": secrets.token_hex(16),
        "study": study,
        "place": text_of(place, "the place"),
        "text": said,
    }
    values["author"] = name_of(shelf.person.called(author))
    shelf.entry(study)
    with faults(), shelf.engine.begin() as connection:
        connection.execute(sa.insert(COMMENT).values(**values, at=shelf.clock(), settled=None))


def settle(shelf: Shelf, id: str, settled: bool = True) -> None:
    """Mark a comment as answered, or open it again. Raises Gone where it was deleted with its study."""
    with faults(), shelf.engine.begin() as connection:
        values = {"settled": shelf.clock() if settled else None}
        if not connection.execute(sa.update(COMMENT).where(COMMENT.c.id == id).values(values)).rowcount:
            raise Gone
