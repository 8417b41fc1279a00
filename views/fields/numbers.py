"""Numbers that are no inputs of the study: typed as any number, remembered, a wrong one said at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from models.notation import reader, writer
from models.notation.reader import Reading
from models.studies.inputs import schema
from models.studies.inputs.schema import Field
from views import session
from views.fields import asking, remembered
from views.figures import typed

YEARLY_CHANGE: Field = schema.field("asset", "price_change")


def plain(text: str) -> Reading:
    """A number that is not below 0."""
    return reader.amount(text, session.policy(), what="the number")


def plain_text(value: float) -> str:
    """A number as its field shows it: clear to a reader of any language."""
    return typed.spelt_number(value, session.marks())


def above_zero(text: str, *, whole: bool = False, most: float = 1e9) -> Reading:
    """A number above 0 and up to `most`, or a blank."""
    reading = plain(text)
    if reading.fault or reading.value is None:
        return reading
    if not 0 < reading.value <= most:
        return Reading(fault=f"give a number above 0 and up to {writer.count(most)}, or leave the field empty")
    if whole and reading.value != int(reading.value):
        return Reading(fault="give a whole number")
    return Reading(int(reading.value) if whole else float(reading.value))


def change(text: str) -> Reading:
    """A yearly change: -30 % or -0.3."""
    return typed.read(YEARLY_CHANGE, text, session.policy())


def change_text(value: float) -> str:
    """A yearly change as its field shows it."""
    return typed.spelt(YEARLY_CHANGE, value, marks=session.marks())


def asked(
    entry: str,
    label: str,
    standing: float | None,
    *,
    read: Callable[[str], Reading] = above_zero,
    write: Callable[[float], str] = plain_text,
    words: Callable[[str], str] = str,
    help: str = "",
    placeholder: str = "",
    width: int | Literal["stretch"] = "stretch",
) -> Reading:
    """Draws the field and reads it: the `standing` number until another is typed.

    `write` spells a number so that `read` reads it back. What cannot be read stays as it was typed, with the reason
    beneath as `words` put it.
    """
    shown = "" if standing is None else write(standing)
    text = remembered.text(entry, label, shown, help=help or None, placeholder=placeholder, longest=None, width=width)
    reading = Reading(standing) if text == shown else read(text)
    if reading.fault:
        asking.fault(entry, reading, words(reading.fault))
    return reading


def number(
    entry: str,
    label: str,
    default: float,
    *,
    read: Callable[[str], Reading] = plain,
    write: Callable[[float], str] = plain_text,
    help: str = "",
) -> float:
    """As `asked`, for its number: the last one that could be read. Left blank, the default stands again."""
    stays = held(entry, default)
    reading = asked(
        entry, label, default, read=read, write=write, words=lambda fault: f"{fault}; {write(stays)} stays", help=help
    )
    if reading.fault:
        return stays
    found = default if reading.value is None else float(reading.value)
    session.keep(_last(entry), found)
    return found


def held(entry: str, default: float) -> float:
    """The number of a field that is not drawn now."""
    return float(session.kept(_last(entry), default))


def _last(entry: str) -> str:
    """Under which name the last number that could be read is kept."""
    return f"{entry} number"
