"""Reads the fields of one run: a number is the number meant, missing, or a problem that names the field."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importers.records.record import STATISTICS, Latency
from models.notation import reader, writer

# Tools write these for "no limit": vLLM a thousand million, others the largest 64-bit integer.
NO_LIMIT = 1e9
# No time in nanoseconds, count of tokens or energy of a benchmark comes near.
LARGEST = 1e18
MS_PER_S = 1000.0
LONGEST_TEXT = 200
_NOTHING = frozenset(["", "n/a", "na", "none", "null", "-"])
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+"
)


@dataclass(slots=True)
class Findings:
    """What reading a run brought up: `problems` refuse the file, `warnings` stay with the record."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, message: str) -> None:
        """Keep a warning, once."""
        if message not in self.warnings:
            self.warnings.append(message)


class Fields:
    """The fields of one run, or of one object inside it. Names are tried in turn; the first that is filled counts."""

    def __init__(self, table: Mapping[str, Any], findings: Findings, path: str = "", *, words: bool = False) -> None:
        """`path` stands before the names in messages; `words` = a table of text (CSV), where numbers are words."""
        self.table = table
        self.findings = findings
        self._path = path
        self._words = words

    def __contains__(self, name: str) -> bool:
        return self.table.get(name) is not None

    def at(self, *names: str) -> Fields:
        """The object inside, by the names that lead to it; empty if there is none."""
        inner: Any = self.table
        for name in names:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        path = f"{self._path}{'.'.join(names)}."
        return Fields(inner if isinstance(inner, Mapping) else {}, self.findings, path, words=self._words)

    def number(self, *names: str) -> float | None:
        """A measured quantity, not negative. NaN and infinite ones are missing, with a warning."""
        for name in names:
            value = self._parsed(name)
            if value is None:
                continue
            if not math.isfinite(value):
                self.findings.warn(f'field "{self._path}{name}" is {value}: not measured, left out')
                continue
            if value < 0 or value > LARGEST:
                told = "is not negative" if value < 0 else f"is not above {writer.as_typed(LARGEST)}"
                self._refuse(name, value, f"a measurement {told}; let the tool write the file again")
                continue
            return value
        return None

    def count(self, *names: str) -> int | None:
        """A number of requests: whole, not negative."""
        for name in names:
            value = self.number(name)
            if value is None:
                continue
            if value != int(value):
                self._refuse(name, value, "requests are counted in whole numbers; let the tool write the file again")
                continue
            return int(value)
        return None

    def limit(self, *names: str) -> float | None:
        """A setting of the client (concurrency, request rate); None = no limit: "inf", Infinity, 1e9 and more, "trace".

        What cannot be read is left out with a warning: a setting describes a run, it measures nothing.
        """
        for name in names:
            value = self.table.get(name)
            words = str(value).strip().lower()
            if value is None or words in {"inf", "infinity", "trace", "nan", *_NOTHING}:
                continue
            limit = None if isinstance(value, (bool, list, Mapping)) else reader.plain(words)
            if limit is None or limit <= 0:
                self.findings.warn(
                    f'field "{self._path}{name}" is "{one_line(words)[:60]}": no limit or rate, left out'
                )
                continue
            return limit if limit < NO_LIMIT else None
        return None

    def text(self, *names: str) -> str | None:
        """A short text on one line, without control characters; the texts of a list with commas between."""
        for name in names:
            value = self.table.get(name)
            if isinstance(value, list):
                value = ", ".join(word for word in value[:10] if isinstance(word, str))
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = str(value)
            if isinstance(value, str) and (cleaned := one_line(value)):
                if len(value) > LONGEST_TEXT:
                    self.findings.warn(f'field "{self._path}{name}" is {writer.count(len(value))} characters long: cut')
                return cleaned
        return None

    def latency(self, names: Mapping[str, Sequence[str]], to_ms: float) -> Latency:
        """A latency in milliseconds: the names of each statistic, and the factor from the file's unit.

        Zero for every statistic is how tools write "not measured" (no stream, or one output token).
        """
        unmeasured = [key for name in STATISTICS for key in names.get(name, ()) if self._is_unmeasured(key)]
        if unmeasured:
            self.findings.warn(f'field "{self._path}{unmeasured[0]}" or its like is NaN or infinite: left out')
        rest = {key: value for key, value in self.table.items() if key not in unmeasured}
        left = Fields(rest, self.findings, self._path, words=self._words)
        found = {name: left.number(*names[name]) for name in STATISTICS if name in names}
        read = [value for value in found.values() if value is not None]
        if read and not any(read):
            first = next(name for group in names.values() for name in group if name in self)
            self.findings.warn(f'field "{self._path}{first}" and its like are all 0: not measured, left out')
            return Latency()
        return Latency(**{name: _scaled(value, to_ms) for name, value in found.items()})

    def accepted_ahead(self, *names: str) -> str | None:
        """How many tokens a step of speculative decoding accepted, in words; its rate is of no other text."""
        length = self.number(*names)
        if length is None:
            return None
        self.findings.warn("measured with speculative decoding: the rate depends on how predictable the text is")
        return f"{writer.digits(length, 3)} tokens accepted a step"

    def _is_unmeasured(self, name: str) -> bool:
        value = self.table.get(name)
        return isinstance(value, float) and not math.isfinite(value)

    def _parsed(self, name: str) -> float | None:
        value = self.table.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self._refuse(name, value, "a number belongs here; let the tool write the file again")
            return None
        if isinstance(value, str):
            return self._from_words(name, value)
        try:
            return float(value)
        except OverflowError:
            self._refuse(name, "a number of hundreds of digits", "let the tool write the file again")
            return None

    def _from_words(self, name: str, words: str) -> float | None:
        bare = words.strip()
        if bare.lower() in _NOTHING:
            return None
        if bare.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            return float(bare)
        if (number := reader.plain(bare, grouped=self._words)) is not None:
            return number
        remedy = "write it with a decimal point" if self._words else "a plain number belongs here, without separators"
        self._refuse(name, words, remedy)
        return None

    def _refuse(self, name: str, value: Any, remedy: str) -> None:
        shown = one_line(str(value))[:60]
        self.findings.problems.append(f'field "{self._path}{name}" is "{shown}": {remedy}')


def _scaled(value: float | None, factor: float) -> float | None:
    """In another unit, without the digits that binary fractions of the factor add."""
    return value if value is None or factor == 1.0 else writer.rounded(value * factor, 15)


def one_line(words: str) -> str:
    """Text as it may be shown anywhere: control and direction characters are blanks, 200 characters at most."""
    # Cut first: a megabyte of text is not worth cleaning.
    return _UNPRINTABLE.sub(" ", words[: 4 * LONGEST_TEXT]).strip()[:LONGEST_TEXT]
