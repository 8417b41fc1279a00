"""What is wrong with, or doubtful in, a study: where, which value, and what to do about it."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.field import Field

LARGEST_EXACT_INTEGER = 2**53
LONGEST_SHOWN = 60
# The text of an error lists no more problems than this; its `problems` are complete.
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One thing that can be wrong or doubtful: what it is and what to do about it, as templates that a `Voice` fills.

    In a template {limit} is a field of the problem, {pue} an input that it names, {table:rental} a table. `joint`
    stands between fault and remedy. `page` says the fault where there are fields to type in and no file, if that is
    another sentence.
    """

    name: str
    fault: str
    remedy: str
    joint: str = "; "
    page: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as an input of this declaration holds it; None for an open end."""

    entry: Field
    value: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an input may be, from its least to its greatest; None for an end of which nothing is said."""

    entry: Field
    low: float | None
    high: float | None


class Inputs(tuple[str, ...]):
    """Inputs that a problem names, by their names."""


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


class Voice(string.Formatter):
    """Puts kinds into words, as a study file spells things; a page overrides how each thing is called."""

    def sentence(self, kind: ProblemKind, fields: Mapping[str, Any]) -> str:
        """Fault and remedy."""
        return self.vformat(f"{kind.fault}{kind.joint if kind.remedy else ''}{kind.remedy}", (), fields)

    def words(self, problem: Problem) -> str:
        """What is wrong and what to do about it."""
        said = problem.said
        sentence = said if isinstance(said, str) else self.sentence(said, problem.fields)
        return f"{problem.part} {sentence}" if problem.part else sentence

    def input(self, name: str) -> str:
        """An input by its name."""
        return name

    def table(self, name: str) -> str:
        """A table by its name."""
        return schema.heading(name)

    def amount(self, amount: Amount) -> str:
        """A number as its input holds it."""
        return "open" if amount.value is None else self.number(amount.value)

    def bounds(self, bounds: Bounds) -> str:
        """What an input may be."""
        entry, told = bounds.entry, []
        if bounds.low is not None:
            told.append(
                f"{'above' if entry.exclusive_minimum else 'at least'} {self.amount(Amount(entry, bounds.low))}"
            )
        if bounds.high is not None:
            told.append(
                f"{'below' if entry.exclusive_maximum else 'at most'} {self.amount(Amount(entry, bounds.high))}"
            )
        return " and ".join(told)

    def number(self, number: float) -> str:
        """Any other number, with all its digits."""
        return writer.in_cell(number)

    def get_value(self, key: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """A field of the problem; what is none names an input or, before a colon, says that a table is named."""
        return kwargs[key] if key in kwargs else _Named(key)

    def format_field(self, value: Any, format_spec: str) -> str:
        """A field in words."""
        if isinstance(value, _Named):
            return self.table(format_spec) if value.name == "table" else self.input(value.name)
        if isinstance(value, Inputs):
            return ", ".join(map(self.input, value))
        if isinstance(value, Amount):
            return self.amount(value)
        if isinstance(value, Bounds):
            return self.bounds(value)
        return self.number(value) if isinstance(value, float) and not format_spec else format(value, format_spec)


FILE = Voice()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or doubtful in a study: where (`path`), which value, of which kind, with what its words need.

    `said` is the kind; a sentence where nobody but its reader needs to know more. `part` is what the fault is in where
    that is not the value itself: "low", "source".
    """

    path: str
    value: Any
    said: ProblemKind | str
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    part: str = ""

    @property
    def kind(self) -> str:
        """The name of its kind; "" for a sentence."""
        return "" if isinstance(self.said, str) else self.said.name

    @property
    def remedy(self) -> str:
        """What to do about it, in the words of a file; "" for a sentence."""
        return "" if isinstance(self.said, str) else FILE.vformat(self.said.remedy, (), self.fields)

    @property
    def message(self) -> str:
        """What is wrong and what to do about it, in the words of a file."""
        return FILE.words(self)

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
