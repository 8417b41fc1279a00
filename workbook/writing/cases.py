"""Cases in the workbook: one cell chooses, and every formula of the model reads its inputs as that case has them.

Inputs are typed on their own sheets. On Scenarios an input that some case changes has a row: its base value, which is
read from there, its value in each case, and the value in force, which bears a name of its own for the model to read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from models.studies.inputs.value import is_number
from models.studies.scenarios import BASE
from models.studies.study import Scenario, Study
from workbook.writing import entries
from workbook.writing.entries import Entry

TITLE = "Scenarios"
# Rows from 1, columns from 0: the chosen case, its number, the input that moves alone, its number, the heads, the first
# input; the columns of what is in force and of base values.
CHOSEN_ROW, NUMBER_ROW, ALONE_ROW, ALONE_NUMBER_ROW, HEAD_ROW, FIRST_ROW = 5, 6, 7, 8, 10, 11
CHOSEN_COLUMN, BASE_COLUMN = 2, 3
# What the name of an input's cells begins with, a cell for each case, and of the cell in force.
PREFIX, NOW = "case_", "now_"
# The name of the cell that chooses the case, of the one that chooses what moves alone; the cells of their numbers.
CHOSEN, ALONE = "case_shown", "case_alone"
NUMBER, ALONE_NUMBER = (f"'{TITLE}'!$C${row}" for row in (NUMBER_ROW, ALONE_NUMBER_ROW))
EVERY_INPUT = "All of them"
HEADS = ("Input", "Unit", "In force")
_TYPED = re.compile(rf"\b{entries.PREFIX}[a-z0-9_]+\b")


@dataclass(frozen=True)
class CaseRows:
    """The inputs that some case changes to another number, and the cases. Those that stand out, `first` in number, come
    before the others, both in the order of the sheets.

    The first `made` of the cases are not the study's: the ranges make them, and nobody types them here. ``elsewhere``
    are changes that a spreadsheet cannot follow: of texts, lists, blanks and of what decides which rows there are.
    """

    entries: tuple[Entry, ...]
    cases: tuple[Scenario, ...]
    made: int
    first: int
    elsewhere: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the cases, the base case first."""
        return (BASE, *(each.name for each in self.cases))

    @property
    def last_column(self) -> int:
        """The column of the last case."""
        return BASE_COLUMN + len(self.cases)

    @property
    def alone_column(self) -> int:
        """The column of the numbers of the inputs that may move alone; beside it stands whether a row holds."""
        return self.last_column + 1

    @property
    def last_row(self) -> int:
        """The row of the last input."""
        return FIRST_ROW + len(self.entries) - 1

    def row(self, path: str) -> int | None:
        """The row of an input; None for one that no case changes."""
        return next((FIRST_ROW + n for n, each in enumerate(self.entries) if each.path == path), None)

    def cells(self, row: int) -> str:
        """The cells of a row's cases."""
        return f"$D${row}:${xl_col_to_name(self.last_column)}${row}"

    @property
    def told(self) -> str:
        """What a formula that says how the workbook stands adds: the case, where it is not the base case."""
        return f"""&IF({NUMBER}=1,"","; case: "&'{TITLE}'!$C${CHOSEN_ROW})""" if self.entries else ""

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.entries)

    def in_force(self, text: str) -> str:
        """A formula in which the names of these inputs are those of their cells in force, for the case shown."""

        def named(found: re.Match[str]) -> str:
            return now(found[0]) if found[0] in self._names else found[0]

        return _TYPED.sub(named, text) if self.entries else text


def now(name: str) -> str:
    """The name of an input's cell in force."""
    return NOW + name.removeprefix(entries.PREFIX)


def case_rows(study: Study, made: Sequence[Scenario] = (), largest: Collection[str] = ()) -> CaseRows:
    """The rows of a study's cases and of those `made` from its ranges; no rows where no case changes a number.

    What the study's own cases change comes first, with the inputs at the paths `largest`.
    """
    cases = (*made, *study.scenarios)
    changed = {path: None for each in cases for path, _ in each.changes}
    every = {entry.path: entry for section in entries.sections(study) for entry in section.entries}
    live = {path for path in changed if path in every and _is_live(cases, every[path])}
    out = {path for each in study.scenarios for path, _ in each.changes} | set(largest)
    first = [entry for path, entry in every.items() if path in live and path in out]
    others = [entry for path, entry in every.items() if path in live and path not in out]
    return CaseRows((*first, *others), cases, len(made), len(first), tuple(_elsewhere(cases, live)))


def _is_live(cases: Sequence[Scenario], entry: Entry) -> bool:
    contents = [content for each in cases for path, content in each.changes if path == entry.path]
    number = is_number(entry.value.value) and not entry.structural
    return number and entry.field.is_number and all(is_number(content) for content in contents)


def _elsewhere(cases: Sequence[Scenario], live: set[str]) -> Iterator[str]:
    for each in cases:
        paths = [path for path, _ in each.changes if path not in live]
        if paths:
            yield f"{each.name}: {', '.join(paths)}"
