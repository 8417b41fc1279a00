"""What a benchmark format is: how its files are recognised by content, and how a run in them is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from importers.records.fields import Findings

STATED = "stated in the file"

Row = dict[str, Any]
"""One JSON object."""
Table = list[list[str]]
"""The cells of a CSV file, row by row."""


@dataclass(slots=True)
class Draft:
    """One run as its format reads it, before what all formats share is done to it.

    `values` are fields of a Record. `accelerators` is the number of the whole system where the file says or shows it,
    with `accelerators_basis` = STATED, or the words that tell how it was inferred.
    """

    run: str
    findings: Findings
    values: dict[str, Any]
    accelerators: int | None = None
    accelerators_basis: str = STATED
    per_accelerator: dict[str, float] = field(default_factory=dict)
    """Throughputs that the file gives per accelerator only: field of a Record -> value."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `kind` says what `recognises` and `read` are given: a JSON object, the cells of a CSV, or lines."""

    name: str
    file: str
    """The file a person should give, as messages name it."""
    kind: Literal["json", "table", "text"]
    recognises: Callable[[Any], bool]
    read: Callable[[Any, str], Iterable[Draft]]
    """The runs in one object or file; the second argument says which run of the file it is ("" if the only one)."""
    words: str = ""
    """Words that only the fields of its files bring together, by which a file of no known format is told to be near."""
    whole: bool = False
    """Whether the JSON objects of a file are read together, as `read` is then given them, and not one by one."""
