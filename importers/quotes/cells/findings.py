"""What reading a quote brings up: which row and column, what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from importers.records.fields import one_line

Severity = Literal["refused", "warning"]
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful. `row` is the row of the sheet, None for the quote or the file as a whole.

    A refused row does not count until it is mended; a warning is only to be read.
    """

    row: int | None
    column: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{place}: {self.message}" if place else self.message


class QuoteError(ValueError):
    """A file, or a quote, that cannot be used. `findings` lists everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        lines = [str(finding) for finding in self.findings]
        super().__init__(lines[0] if len(lines) == 1 else "\n- ".join((f"{len(lines)} problems:", *lines)))

    def __reduce__(self) -> tuple[type[QuoteError], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


def refusal(message: str) -> QuoteError:
    """The error for a file that is refused as a whole."""
    return QuoteError([Finding(None, "", "refused", message)])


def refused(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that stand in the way."""
    return tuple(finding for finding in findings if finding.severity == "refused")


def shown(value: Any) -> str:
    """What stood in a cell, in quotes, short, on one line."""
    text = one_line(str(value))
    return f'"{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."}"'
