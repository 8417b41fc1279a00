"""JSON as benchmarks write it: several values in a file, NaN and Infinity, and detail arrays of hundreds of megabytes.

The detail arrays (one entry per request: prompts, answers, single token times) are cut out of the bytes before
anything is built from them: texts of users are never kept, and memory stays near the size of the file. What remains
may be `LARGEST_SUMMARY_BYTES`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LARGEST_SUMMARY_BYTES = 16_000_000
# Longer lists than this are per-request details, whatever their name; tool configurations stay far below.
LARGEST_LIST_BYTES = 64_000
MOST_VALUES = 10_000
DEEPEST = 200

# Never kept, however short: texts, error messages that quote them, and per-request records.
DETAILS = frozenset(
    b"generated_texts generated_text errors prompts prompt responses texts itls requests experiments"
    b" request_list individual_responses".split()
)
# Lists of runs: these are what a file is read for.
RUN_LISTS = frozenset([b"benchmarks"])


class NotJson(ValueError):
    """Text that is not JSON, or more of it than a benchmark's summary holds; the message says where and what to do."""


_CUT_OFF = "ends in the middle of a value: it was cut off; copy it again, or let the tool write it again"
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# A string, and the colon that makes it a name; or the quote of one that never ends.
_WORD = re.compile(rb"(" + _STRING + rb')(\s*+:\s*+)?|"', re.DOTALL)


def _run_of_values(nested: int) -> bytes:
    """A pattern for everything up to a bracket that does not close, with `nested` levels of closed ones inside."""
    parts = [rb'[^"\[\]{}]++', _STRING]
    if nested:
        inner = _run_of_values(nested - 1)
        parts += [rb"\[" + inner + rb"\]", rb"\{" + inner + rb"\}"]
    return rb"(?:" + rb"|".join(parts) + rb")*+"


# Five levels swallow a whole per-request record in one match: 100 to 400 MB a second instead of 10.
_VALUES = re.compile(_run_of_values(5), re.DOTALL)


def values(data: bytes) -> list[Any]:
    """Every JSON value in the bytes, one after the other, without the per-request details.

    Takes one value, one a line, or several in a row. Raises NotJson for text that is cut off, is not JSON, names a
    field twice with two values, or holds more than the limits above.
    """
    summary, whole = without_details(data)
    try:
        text = summary.decode("utf-8")
    except UnicodeDecodeError as error:
        line = summary[: error.start].count(b"\n") + 1
        raise NotJson(f"is not UTF-8 text (line {line}); save it as UTF-8") from None
    try:
        return list(_decoded(text, whole))
    except RecursionError:
        raise NotJson("nests lists or objects far deeper than a benchmark does; is it the right file?") from None


def without_details(data: bytes) -> tuple[bytes, bool]:
    """The JSON text with an empty list in place of every per-request detail, and whether nothing was cut.

    Raises NotJson for a detail that does not end, and where more than `LARGEST_SUMMARY_BYTES` would remain.
    """
    kept: list[bytes] = []
    done = position = length = 0
    while found := _WORD.search(data, position):
        position = found.end()
        if found[1] is None:
            raise NotJson(_CUT_OFF)
        if length + position - done > LARGEST_SUMMARY_BYTES:
            break
        opening = data[position : position + 1]
        if not found[2] or opening not in (b"[", b"{"):
            continue
        name = found[1][1:-1]
        if name in RUN_LISTS or (opening == b"{" and name not in DETAILS):
            continue
        end = _end_of_value(data, position)
        if name in DETAILS or end - position > LARGEST_LIST_BYTES:
            kept += [data[done:position], b"[]"]
            length += position - done + 2
            done = end
        position = end
    if length + len(data) - done > LARGEST_SUMMARY_BYTES:
        raise NotJson(
            f"holds more than {LARGEST_SUMMARY_BYTES // 1_000_000} MB beside its per-request details, and the summary "
            "of a benchmark takes a few kB: give the tool's summary file"
        )
    return b"".join([*kept, data[done:]]), not kept


def _end_of_value(data: bytes, start: int) -> int:
    """Where the list or object that opens at `start` ends."""
    depth, position = 0, start
    while True:
        bracket = data[position : position + 1]
        if bracket in (b"[", b"{"):
            depth += 1
        elif bracket in (b"]", b"}"):
            depth -= 1
            if not depth:
                return position + 1
        else:
            raise NotJson(_CUT_OFF)
        if depth > DEEPEST:
            raise NotJson("nests lists or objects far deeper than a benchmark does; is it the right file?")
        run = _VALUES.match(data, position + 1)
        position = run.end() if run else position + 1


def _decoded(text: str, whole: bool) -> Iterator[Any]:
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    position, count = _skip_space(text, 0), 0
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise NotJson(_complaint(text, error, whole)) from None
        except ValueError as error:
            if isinstance(error, NotJson):
                raise
            raise NotJson("holds a number with thousands of digits; is it the right file?") from None
        yield value
        count += 1
        if count > MOST_VALUES:
            raise NotJson(f"holds more than {MOST_VALUES:,} values: per-request records? Give the tool's summary file")
        position = _skip_space(text, end)


def _skip_space(text: str, position: int) -> int:
    space = re.compile(r"\s*").match(text, position)
    return space.end() if space else position


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value and value == value:
            shown = name[:60].encode("unicode_escape").decode()
            raise NotJson(f'names "{shown}" twice with two values; remove the wrong one')
        found[name] = value
    return found


def _complaint(text: str, error: json.JSONDecodeError, whole: bool) -> str:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return _CUT_OFF
    place = f"line {error.lineno}, column {error.colno}" if whole else "outside its per-request details"
    return f"is not valid JSON ({place}: {error.msg}); let the tool write it again rather than edit it by hand"
