"""How much a file of each kind may hold, and what is raised for one that is not opened: the only limits there are."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file of one kind may hold; what is not said is bounded by the rest.

    `bytes`, `text` and `unpacked` count bytes: of the file, of what is taken in where a file may hold more, and of all
    parts of an archive together; `parts` counts those, or the files of a page. `cell` counts the characters of a cell,
    `cells` the cells and rows of all sheets of a workbook that are read, empty ones too, `merged` the cells that the
    merged ranges of a sheet take in together.
    """

    bytes: int
    text: int = sys.maxsize
    rows: int = sys.maxsize
    columns: int = sys.maxsize
    cell: int = sys.maxsize
    unpacked: int = sys.maxsize
    cells: int = sys.maxsize
    parts: int = 200
    merged: int = sys.maxsize

    @property
    def megabytes(self) -> int:
        """`bytes` as people are told; at least 1."""
        return max(self.bytes // 1_000_000, 1)


STUDY = Limits(1_000_000)
STUDIES = Limits(20_000_000, unpacked=100_000_000)
# A row of headings and 2,000 more.
CATALOGUE = Limits(1_000_000, rows=2_001, cell=1_000)
PASTED = Limits(500_000, cell=500)
QUOTE = Limits(5_000_000, rows=2_000, columns=60, unpacked=20_000_000, cells=100_000, merged=10_000)
WORKBOOK = Limits(10_000_000, rows=50_000, columns=16_384, unpacked=60_000_000, cells=500_000)
POWER = Limits(100_000_000)
BENCHMARK = Limits(512_000_000, text=16_000_000, rows=20_000)
# On a page a file is held in memory as long as the session lasts.
BENCHMARK_ON_A_PAGE = Limits(10_000_000)
BENCHMARKS_ON_A_PAGE = Limits(20_000_000, parts=500)
# A sweep as an archive.
BENCHMARKS = Limits(50_000_000, unpacked=200_000_000, parts=2_000)

LARGEST_RATIO = 100
# Small parts of an archive are repetitive by nature and harmless whatever their ratio.
RATIO_COUNTS_FROM_BYTES = 1_000_000
MOST_JSON_VALUES = 10_000
DEEPEST_JSON = 200
# Longer lists than this are details, whatever their name; tool configurations stay far below.
LARGEST_JSON_LIST_BYTES = 64_000

TextFault = Literal["large", "long", "binary", "encoding"]
TableFault = Literal["rows", "columns", "csv"]
ArchiveFault = Literal[
    "large", "damaged", "doubled parts", "parts", "unpacked", "ratio",
    "encrypted", "macros", "binary workbook", "open document", "archive",
]  # fmt: skip
SheetFault = Literal["damaged", "entities", "no sheets", "no such sheet", "cells", "filled", "merged"]
YamlFault = Literal["yaml", "deep", "digits", "values", "twice"]
JsonFault = Literal["encoding", "cut off", "json", "twice", "deep", "digits", "values", "kept"]
Fault = TextFault | TableFault | JsonFault | YamlFault | ArchiveFault | SheetFault


class Refused(ValueError):
    """Bytes that are not opened: the kind of fault, and the figures that tell it."""

    def __init__(self, fault: Fault, **figures: Any) -> None:
        super().__init__(fault, figures)
        self.fault: Fault = fault
        self.figures = figures

    def told(self, words: Mapping[Fault, str]) -> str:
        """The refusal in the words of whoever asked; each may name figures in braces."""
        return words[self.fault].format(**self.figures)


def check_size(size: int, limits: Limits) -> None:
    """Raises Refused ("large", with `megabytes` and the `most`) for more bytes than a file of this kind may have."""
    if size > limits.bytes:
        raise Refused("large", megabytes=size / 1e6, most=limits.megabytes)


def loaded(path: str | os.PathLike[str], limits: Limits) -> bytes:
    """What a file on disk holds. One above the limit is not loaded: raises Refused. Raises OSError."""
    with Path(path).open("rb") as file:
        check_size(os.fstat(file.fileno()).st_size, limits)
        # A pipe has no size to check first.
        found = file.read(limits.bytes + 1)
    check_size(len(found), limits)
    return found


_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "ole",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"(\xb5/\xfd": "zstd",
    b"\xfd7zXZ": "xz",
    b"BZh": "bzip2",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def kind(content: bytes) -> str:
    """What the first bytes show a file to be, whatever its name says; "" for text and anything else.

    "ole" is an old or an encrypted document of an office program.
    """
    return next((name for mark, name in _SIGNATURES.items() if content.startswith(mark)), "")


def file_name(given: str, otherwise: str = "file") -> str:
    """A file's own name as it may be shown: no folders, control characters or excess length. It never is a path."""
    last = re.split(r"[\\/]", given)[-1][:1_000]
    printable = " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())
    return printable[:LONGEST_NAME].strip(". ") or otherwise
