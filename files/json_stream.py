"""JSON as tools write it: several values in a file, NaN and Infinity, and detail arrays of hundreds of megabytes.

The detail arrays (one entry per request: prompts, answers, single token times) are cut out of the bytes before
anything is built from them: texts of users are never kept, and memory stays near the size of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from files.limits import DEEPEST_JSON, LARGEST_JSON_LIST_BYTES, MOST_JSON_VALUES, Limits, Refused

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


def values(data: bytes, limits: Limits, details: frozenset[bytes], lists: frozenset[bytes]) -> list[Any]:
    """Every JSON value in the bytes, one after the other, without the details.

    Takes one value, one a line, or several in a row. `details` are the names of what is never kept, however short;
    `lists` of the lists that are kept, however long. Raises Refused: "encoding" with the `line`; "cut off"; "json" with
    the `place` and the `error`; "twice" with the `name` of a field of two values; "deep"; "digits"; "values" with the
    `most` there may be; "kept" with the `most` that may remain, in megabytes.
    """
    summary, whole = without_details(data, limits, details, lists)
    try:
        text = summary.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("encoding", line=summary[: error.start].count(b"\n") + 1) from None
    try:
        return list(_decoded(text, whole))
    except RecursionError:
        raise Refused("deep") from None


def without_details(
    data: bytes, limits: Limits, details: frozenset[bytes], lists: frozenset[bytes]
) -> tuple[bytes, bool]:
    """The JSON text with an empty list in place of every detail, and whether nothing was cut.

    Raises Refused: "cut off" for a detail that does not end, "kept" where more than `limits.text` would remain.
    """
    most = limits.text
    kept: list[bytes] = []
    done = position = length = 0
    while found := _WORD.search(data, position):
        position = found.end()
        if found[1] is None:
            raise Refused("cut off")
        if length + position - done > most:
            break
        opening = data[position : position + 1]
        if not found[2] or opening not in (b"[", b"{"):
            continue
        name = found[1][1:-1]
        if name in lists or (opening == b"{" and name not in details):
            continue
        end = _end_of_value(data, position)
        if name in details or end - position > LARGEST_JSON_LIST_BYTES:
            kept += [data[done:position], b"[]"]
            length += position - done + 2
            done = end
        position = end
    if length + len(data) - done > most:
        raise Refused("kept", most=most // 1_000_000)
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
            raise Refused("cut off")
        if depth > DEEPEST_JSON:
            raise Refused("deep")
        run = _VALUES.match(data, position + 1)
        position = run.end() if run else position + 1


def _decoded(text: str, whole: bool) -> Iterator[Any]:
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    position, count = _skip_space(text, 0), 0
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise _complaint(text, error, whole) from None
        except Refused:
            raise
        except ValueError:
            raise Refused("digits") from None
        yield value
        count += 1
        if count > MOST_JSON_VALUES:
            raise Refused("values", most=MOST_JSON_VALUES)
        position = _skip_space(text, end)


def _skip_space(text: str, position: int) -> int:
    space = re.compile(r"\s*").match(text, position)
    return space.end() if space else position


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value and value == value:
            shown = name[:60].encode("unicode_escape").decode()
            raise Refused("twice", name=shown)
        found[name] = value
    return found


def _complaint(text: str, error: json.JSONDecodeError, whole: bool) -> Refused:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return Refused("cut off")
    place = f"line {error.lineno}, column {error.colno}" if whole else "outside its per-request details"
    return Refused("json", place=place, error=error.msg)
