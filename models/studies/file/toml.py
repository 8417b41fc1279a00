"""The study file: TOML text to plain tables and back, with limits on what is read."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from files.limits import STUDY, Fault, Refused, check_size, loaded
from files.text import decoded
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError

WORDS: Mapping[Fault, str] = {
    "large": "the file is larger than {most} MB, and a study takes a few kB: is it the right file?",
    "binary": "the file is not text; a study file is TOML text in UTF-8",
    "encoding": "the file is not UTF-8 text (line {line}); save it as UTF-8",
}
# A line longer than this is shown up to here.
LONGEST_QUOTED_LINE = 80
LONGEST_NAME = 60
# In a study no key has more than two parts, and tomllib takes the square of their number in time and memory.
DEEPEST_KEY = 30
KEY_TOKEN = re.compile(r"""(?P<part>"(?:[^"\\]|\\.)*+"?|'[^']*+'?|[\w-]++)|(?P<dot>\.)|(?P<space>[ \t]++)|.""")


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """What a study file holds. Raises StudyError for one that is missing or larger than 1 MB."""
    try:
        return loaded(path, STUDY)
    except OSError as error:
        raise _unreadable(f"{Path(path).name} cannot be read: {error.strerror or error}") from None
    except Refused as refused:
        raise _unreadable(refused.told(WORDS)) from None


def parsed(text: str | bytes) -> dict[str, Any]:
    """The plain tables of TOML text.

    Raises StudyError for more than 1 MB, for bytes that are not UTF-8 text, and for text that is not TOML (with line
    and column).
    """
    try:
        if isinstance(text, bytes):
            text, _ = decoded(text, STUDY)
        check_size(len(text.encode("utf-8", "replace")), STUDY)
    except Refused as refused:
        raise _unreadable(refused.told(WORDS)) from None
    if any(line.count(".") > DEEPEST_KEY and _key_parts(line) > DEEPEST_KEY for line in text.split("\n")):
        raise _too_deep()
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(f"the file is not valid TOML: {error}{_where(text, str(error))}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        # Integers of thousands of digits and impossible dates reach here as a plain ValueError.
        raise _unreadable(f"the file holds a value that cannot be read: {error}") from None


def _where(text: str, message: str) -> str:
    """What helps to find the fault: the offending line, or what usually reaches to the end of the document."""
    lines = text.split("\n")
    place = re.search(r"at line (\d+)", message)
    if place is None:
        return f", which has {len(lines)} lines: a quote or bracket is not closed" if "end of doc" in message else ""
    return f': "{lines[int(place[1]) - 1].strip()[:LONGEST_QUOTED_LINE]}"'


def _key_parts(line: str) -> int:
    """The number of parts of the longest dotted key in a line; every character is looked at once."""
    longest = parts = 0
    after_dot = False
    for token in KEY_TOKEN.finditer(line):
        if token.lastgroup == "part":
            parts = parts + 1 if after_dot else 1
            longest = max(longest, parts)
        if token.lastgroup != "space":
            after_dot = token.lastgroup == "dot"
    return longest


def _too_deep() -> StudyError:
    return _unreadable("the file nests keys, lists or tables far deeper than a study does; is it the right file?")


def _unreadable(message: str) -> StudyError:
    return StudyError([Problem("", None, message)])


def written(tables: Mapping[str, Any]) -> str:
    """Plain tables as TOML text: a heading for each table, a line for each input with its provenance in braces."""
    return "\n".join(_lines(tables)).lstrip("\n") + "\n"


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    for table in schema.children(""):
        for row in _rows(tables, table):
            yield from _row_lines(table, row)
            for inner in schema.children(table.name):
                for inner_row in _rows(row, inner):
                    yield from _row_lines(inner, inner_row)
    for changes in tables.get("scenario", []):
        yield from ("", "[[scenario]]")
        yield from (f"{_key(path)} = {_spelt(content)}" for path, content in changes.items())


def _key(path: str) -> str:
    """A path as a key, in quotes as TOML spells text."""
    return path if path == "name" else tomli_w.dumps({"x": path}).removeprefix("x = ").rstrip("\n")


def _rows(parent: Mapping[str, Any], table: schema.Table) -> list[Mapping[str, Any]]:
    held = parent.get(table.name, [])
    return held if isinstance(held, list) else [held]


def _row_lines(table: schema.Table, row: Mapping[str, Any]) -> Iterator[str]:
    inputs = schema.named(table.name)
    yield ""
    yield schema.heading(table.name)
    yield from (f"{name} = {_spelt(content)}" for name, content in row.items() if name in inputs)


def _spelt(content: Any) -> str:
    """One value in TOML: numbers and text are spelt (and escaped) by tomli_w, and only the layout is ours.

    On its own tomli_w writes a table inside a table under a heading, never in braces, which would turn each number that
    has a source into a section of its own. tomlkit writes braces, but it is a second and much slower parser to depend
    on for a file of three levels.
    """
    if isinstance(content, Mapping):
        return "{ " + ", ".join(f"{key} = {_spelt(part)}" for key, part in content.items()) + " }"
    if isinstance(content, list):
        return "[" + ", ".join(_spelt(part) for part in content) + "]"
    return tomli_w.dumps({"x": content}).removeprefix("x = ").rstrip("\n")


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file whole or not at all, with line feeds on every system. Raises OSError."""
    replaced(Path(path), text.encode("utf-8"))


def replaced(target: Path, content: bytes) -> None:
    """Write a file whole or not at all: until all is written, what stood there stays. Raises OSError."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def file_name(title: str) -> str:
    """A name for files from a study's title: letters, digits and hyphens, which every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:LONGEST_NAME].strip("-") or "study"
