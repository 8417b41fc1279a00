"""Paths: how an input is addressed. The only place where one is taken apart or put together.

"study/discount_rate", "workload/chat/input_tokens", "option/Own/pue", "option/Own/serving/chat/decode_rate",
"option/Own/rental/committed_share", "option/Own/capex/Servers/amount". The second item of one name is
"capex/Servers#2". A "/" inside a name is written "~1" and a "~" is written "~0".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.studies.inputs import schema

_TABLES = {table.name: table for table in schema.TABLES}


@dataclass(frozen=True, slots=True)
class Address:
    """What a path says by itself, whether or not a study has such a place.

    `table` is the table of the row, `owner` the workload or option that it is or belongs to ("" for the study), `key`
    the row inside its owner ("" where its table stands alone), `name` the input ("" where the path leads to a row).
    """

    table: str
    owner: str = ""
    key: str = ""
    name: str = ""

    @property
    def top(self) -> str:
        """The top-level table that the path begins with; also for one that no study has."""
        return (_TABLES[self.table].parent or self.table) if self.table in _TABLES else self.table

    @property
    def option(self) -> str:
        """The option that it is or belongs to; "" outside of options."""
        return self.owner if self.top == "option" else ""

    @property
    def path(self) -> str:
        """The path."""
        inner = self.table if self.table != self.top else ""
        return joined(*(part for part in (self.top, self.owner, inner, self.key, self.name) if part))

    @property
    def entry(self) -> schema.Field | None:
        """The declaration of the input; None for a row, and where no input has that name."""
        return schema.named(self.table).get(self.name) if self.table in _TABLES else None

    def at(self, name: str) -> str:
        """The path of another input of the same row."""
        return replace(self, name=name).path

    def of(self, owner: str) -> Address:
        """The same place in another option or workload."""
        return replace(self, owner=owner)


def address(path: str) -> Address:
    """A path taken apart. What is no path of any study gives an address without an `entry`."""
    top, *parts = (unsegment(part) for part in path.split("/"))
    if not (top in _TABLES and _TABLES[top].many) or (top != "option" and not parts):
        return Address(top, name="/".join(parts))
    if not parts:
        return Address(top)
    owner, *rest = parts
    table = next((each for each in schema.children(top) if rest and each.name == rest[0]), None)
    if table is None:
        return Address(top, owner, name="/".join(rest))
    key, name = (rest[1:2], rest[2:]) if table.many else ([], rest[1:])
    return Address(table.name, owner, "".join(key), "/".join(name))


def joined(*names: str) -> str:
    """The path that leads through these names, as in `joined("option", "Own", "capex", "Servers", "amount")`."""
    return "/".join(map(segment, names))


def parted(path: str) -> tuple[str, str]:
    """The path of the row, and the name of the input in it."""
    row, _, name = path.rpartition("/")
    return row, name


def is_within(path: str, place: str) -> bool:
    """Whether a path leads to a place or into it."""
    return path == place or path.startswith(f"{place}/")


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
