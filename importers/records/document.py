"""A file as text: whether JSON, a table or lines, with limits on what is read, and a clear word for anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from files import json_stream, text, yaml_text
from files.limits import BENCHMARK, Fault, Refused, check_size, kind
from importers.records.format import Row, Table

# Never kept, however short: texts, error messages that quote them, and per-request records.
DETAILS = frozenset(
    b"generated_texts generated_text errors prompts prompt responses texts itls requests experiments"
    b" request_list individual_responses".split()
)
# Lists of runs: these are what a file is read for.
RUN_LISTS = frozenset([b"benchmarks"])
WORDS: Mapping[Fault, str] = {
    "large": "is larger than {most} MB; let the tool write its result without per-request details (vLLM: without "
    "--save-detailed)",
    "long": "is a text of more than {most} MB; give the tool's summary file",
    "binary": "is not text; give the JSON, CSV or log that the tool wrote",
    "encoding": "is not UTF-8 text (line {line}); save it as UTF-8",
    "rows": "has more than {most:,} rows: per-request records? Give the tool's summary file",
    "csv": "is not a valid CSV (row {row}: {error}); let the tool write it again",
    "cut off": "ends in the middle of a value: it was cut off; copy it again, or let the tool write it again",
    "json": "is not valid JSON ({place}: {error}); let the tool write it again rather than edit it by hand",
    "yaml": "is not valid YAML ({place}: {error}); let the tool write it again rather than edit it by hand",
    "twice": 'names "{name}" twice with two values; remove the wrong one',
    "deep": "nests lists or objects far deeper than a benchmark does; is it the right file?",
    "digits": "holds a number with thousands of digits; is it the right file?",
    "values": "holds more than {most:,} values: per-request records? Give the tool's summary file",
    "kept": "holds more than {most} MB beside its per-request details, and the summary of a benchmark takes a few kB: "
    "give the tool's summary file",
}
_COMPRESSED = {"zip", "gzip", "zstd", "xz", "bzip2"}
# What a text that is no JSON, table or YAML must hold to be read line by line.
PRINTED, PRINTED_BY_TRTLLM, PRINTED_METRICS = "Serving Benchmark Result", "= PERFORMANCE OVERVIEW", "| LLM Metrics"
_PRINTED = (PRINTED, PRINTED_BY_TRTLLM, PRINTED_METRICS)
_THROUGHPUT = re.compile(r"^Throughput: [\d.]+ requests/s, [\d.]+ total tokens/s", re.MULTILINE)
_RULE = re.compile(r"\|(?: ?:?-+:? ?\|)+")
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
    try:
        return _document(data)
    except Refused as refused:
        raise Unreadable(refused.told(WORDS)) from None


def _document(data: bytes) -> Document:
    check_size(len(data), BENCHMARK)
    if not data or data.isspace():
        raise Unreadable("is empty; let the tool write it again")
    if (found := kind(data)) in _COMPRESSED:
        raise Unreadable(f"is compressed ({found}); unpack it first")
    if found == "utf-16":
        raise Unreadable("is UTF-16 text; save it as UTF-8")
    start = data[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    # A log begins with a bracket too: "[2026-11-29 10:00:00] INFO".
    is_log = start[:1] == b"[" and any(mark.encode() in data for mark in _PRINTED)
    if start[:1] in (b"{", b"[") and not is_log:
        return Document("json", rows=_json_rows(data))
    words, _ = text.decoded(data, BENCHMARK)
    head = words[:4_000].lstrip()
    if head.startswith(":::MLLOG") or "MLPerf" in head[:2_000] or any(mark in words for mark in _PRINTED):
        return Document("text", text=words)
    if _THROUGHPUT.search(words):
        raise Unreadable(
            "is what `vllm bench throughput` prints, which has no latencies; give the result of `vllm bench serve`"
        )
    if table := _markdown(words):
        return Document("table", table=table)
    if head.startswith("<"):
        raise Unreadable("is HTML or XML, a report to look at; give the JSON that the tool wrote beside it")
    # A comment may stand before both; a table has several cells in its first line.
    first = next((line for line in head.splitlines() if line.strip() and not line.startswith("#")), "")
    if _YAML.match(first + "\n") and "," not in first.partition(":")[0]:
        return Document("json", rows=_objects(yaml_text.values(words)))
    if "," in first:
        return Document("table", table=list(text.rows(words, BENCHMARK, strict=True)))
    raise Unreadable(
        "is neither JSON, nor CSV, nor YAML, nor a log of MLPerf or a printed result; "
        "give the result file of a serving benchmark"
    )


def _markdown(words: str) -> Table:
    """The cells of a table in Markdown, as tools print it among other lines; none where there is no such table."""
    lines = [line.strip() for line in words.splitlines() if line.lstrip().startswith("|")]
    if not any(map(_RULE.fullmatch, lines[1:2])):
        return []
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not _RULE.fullmatch(line)]


def _json_rows(data: bytes) -> tuple[Row, ...]:
    found = json_stream.values(data.removeprefix(b"\xef\xbb\xbf"), BENCHMARK, DETAILS, RUN_LISTS)
    return _objects(found)


def _objects(found: Sequence[Any]) -> tuple[Row, ...]:
    """The runs in the values of a file, lists of them laid out."""
    rows = [row for value in found for row in (value if isinstance(value, list) else [value])]
    if not rows:
        raise Unreadable("holds an empty list; let the tool write it again")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise Unreadable(f"holds a {type(row).__name__} where run {number} should be; give the tool's own file")
    return tuple(rows)
