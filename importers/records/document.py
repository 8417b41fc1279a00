"""A file as text: whether JSON, a table or lines, with limits on what is read, and a clear word for anything else."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Literal

from importers.records import json_stream
from importers.records.format import Row, Table

LARGEST_FILE_BYTES = 512_000_000
LARGEST_TEXT_BYTES = 16_000_000
MOST_ROWS = 20_000
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_COMPRESSED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"(\xb5/\xfd": "zstd", b"\xfd7zXZ": "xz", b"BZh": "bzip2"}
_YAML = re.compile(r"(?:---\s*\n|[A-Za-z_][\w.-]*:(?:\s*\n|\s+\S))")


class Unreadable(ValueError):
    """A file that cannot be a benchmark's result; the message says why and what to give instead."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds: `rows` of JSON objects, the cells of a `table`, or `text`, as `kind` says."""

    kind: Literal["json", "table", "text"]
    rows: tuple[Row, ...] = ()
    table: Table = field(default_factory=list)
    text: str = ""


def parsed(data: bytes) -> Document:
    """The document in a file's bytes. Raises Unreadable for one that is empty, too large, or of no kind we read."""
    _check(data)
    start = data[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return Document("json", rows=_json_rows(data))
    text = _decoded(data)
    head = text[:4_000].lstrip()
    if head.startswith(":::MLLOG") or "MLPerf" in head[:2_000]:
        return Document("text", text=text)
    if head.startswith("<"):
        raise Unreadable("is HTML or XML, a report to look at; give the JSON that the tool wrote beside it")
    # A comment may stand before both; a table has several cells in its first line.
    first = next((line for line in head.splitlines() if line.strip() and not line.startswith("#")), "")
    if _YAML.match(first + "\n") and "," not in first.partition(":")[0]:
        raise Unreadable(
            "is YAML, which is not read; let the tool write JSON (GuideLLM and inference-perf do by default)"
        )
    if "," in first:
        return Document("table", table=_cells(text))
    raise Unreadable("is neither JSON, nor CSV, nor a log of MLPerf; give the result file of a serving benchmark")


def check_size(size: int) -> None:
    """Raises Unreadable for more bytes than are read."""
    if size > LARGEST_FILE_BYTES:
        raise Unreadable(
            f"is larger than {LARGEST_FILE_BYTES // 1_000_000} MB; let the tool write its result without per-request "
            "details (vLLM: without --save-detailed)"
        )


def _check(data: bytes) -> None:
    check_size(len(data))
    if not data or data.isspace():
        raise Unreadable("is empty; let the tool write it again")
    for mark, name in _COMPRESSED.items():
        if data.startswith(mark):
            raise Unreadable(f"is compressed ({name}); unpack it first")
    if data.startswith(_BYTE_ORDER_MARKS):
        raise Unreadable("is UTF-16 text; save it as UTF-8")
    if b"\0" in data[:4_000]:
        raise Unreadable("is not text; give the JSON, CSV or log that the tool wrote")


def _json_rows(data: bytes) -> tuple[Row, ...]:
    try:
        found = json_stream.values(data.removeprefix(b"\xef\xbb\xbf"))
    except json_stream.NotJson as error:
        raise Unreadable(str(error)) from None
    rows = [row for value in found for row in (value if isinstance(value, list) else [value])]
    if not rows:
        raise Unreadable("holds an empty list; let the tool write it again")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise Unreadable(f"holds a {type(row).__name__} where run {number} should be; give the tool's own file")
    return tuple(rows)


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_TEXT_BYTES:
        raise Unreadable(f"is a text of more than {LARGEST_TEXT_BYTES // 1_000_000} MB; give the tool's summary file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"is not UTF-8 text (line {line}); save it as UTF-8") from None


def _cells(text: str) -> Table:
    rows: Table = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unreadable(f"has more than {MOST_ROWS:,} rows: per-request records? Give the tool's summary file")
    except csv.Error as error:
        raise Unreadable(f"is not a valid CSV (row {len(rows) + 1}: {error}); let the tool write it again") from None
    return rows
