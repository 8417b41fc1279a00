"""What is wrong with, or doubtful in, a study: where, which value, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LARGEST_EXACT_INTEGER = 2**53
LONGEST_SHOWN = 60
# The text of an error lists no more problems than this; its `problems` are complete.
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or doubtful in a study: where (`path`), which value, and what to do about it."""

    path: str
    value: Any
    message: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f" = {shown_value(self.value)}"
        return f"{self.path}{shown}: {self.message}" if self.path else self.message


class StudyError(ValueError):
    """A study, or a change to one, that cannot be used. `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:MOST_TOLD]]
        if len(self.problems) > MOST_TOLD:
            lines.append(f"and {len(self.problems) - MOST_TOLD} more")
        super().__init__(lines[0] if len(lines) == 1 else "\n- ".join((f"{len(self.problems)} problems:", *lines)))

    def __reduce__(self) -> tuple[type[StudyError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def shown_value(raw: Any) -> str:
    """A value as it may stand in a message: short, on one line, spelt as in a study file."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int) and abs(raw) > LARGEST_EXACT_INTEGER:
        return "a very large number"
    shown = repr(raw) if isinstance(raw, str) else " ".join(str(raw).split())
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 3] + "..."
