"""Names as they stand in a path, and what addresses each row of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def segment(name: str) -> str:
    """A name as it stands in a path: "~" and "/" are escaped as in a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unsegment(text: str) -> str:
    """The name that stands in a path as ``text``."""
    return text.replace("~1", "/").replace("~0", "~")


def keys(names: Sequence[str]) -> tuple[str, ...]:
    """What addresses each row of a table, as a path segment: its name, or name#2 for the second of that name.

    A row without a name is #1, #2, ... by position. Keys are always distinct.
    """
    if all(names) and len(set(names)) == len(names):
        return tuple(map(segment, names))
    taken, seen, found = set(names), Counter[str](), []
    for position, name in enumerate(names, start=1):
        key = base = name or f"#{position}"
        seen[base] += 1
        number = seen[base]
        while number > 1 and (key := f"{base}#{number}") in taken:
            number += 1
        taken.add(key)
        found.append(segment(key))
    return tuple(found)


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names with the second and later of one name numbered, as in paths, but not escaped."""
    return tuple(unsegment(key) for key in keys(names))
