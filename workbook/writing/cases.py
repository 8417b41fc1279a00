"""Cases in the workbook: which inputs a case changes, and where their values stand, a column a case.

One cell chooses the case; the cell of such an input on its own sheet then reads the column of that case, so that every
figure follows. Its base value is typed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from models.studies.scenarios import BASE
from models.studies.study import Scenario, Study
from models.studies.value import is_number
from workbook.writing import entries
from workbook.writing.entries import Entry

TITLE = "Scenarios"
# Rows from 1, columns from 0: the chosen case, its number, the heads, the first input; the column of base values.
CHOSEN_ROW, NUMBER_ROW, HEAD_ROW, FIRST_ROW = 5, 6, 8, 9
CHOSEN_COLUMN, BASE_COLUMN = 2, 3
# What the name of an input's cells begins with: a cell for each case.
PREFIX = "case_"
# The name of the cell that chooses.
CHOSEN = "case_shown"


@dataclass(frozen=True)
class CaseRows:
    """The inputs that some case changes to another number, in the order of the sheets, and the cases.

    ``elsewhere`` are changes that a spreadsheet cannot follow: of texts, lists, blanks and of what decides which rows
    there are.
    """

    entries: tuple[Entry, ...]
    cases: tuple[Scenario, ...]
    elsewhere: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the cases, the base case first."""
        return (BASE, *(each.name for each in self.cases))

    @property
    def last_column(self) -> int:
        """The column of the last case."""
        return BASE_COLUMN + len(self.cases)

    def row(self, path: str) -> int | None:
        """The row of an input; None for one that no case changes."""
        return next((FIRST_ROW + n for n, each in enumerate(self.entries) if each.path == path), None)

    def cells(self, row: int) -> str:
        """The cells of a row's cases."""
        return f"$D${row}:${xl_col_to_name(self.last_column)}${row}"

    def formula(self, path: str) -> str:
        """What stands in the cell of an input; "" for one that no case changes."""
        row = self.row(path)
        chosen = f"'{TITLE}'!$C${NUMBER_ROW}"
        return f"=INDEX('{TITLE}'!{self.cells(row)},{chosen})" if row else ""


def case_rows(study: Study) -> CaseRows:
    """The rows of a study's cases; no rows where no case changes a number."""
    changed = {path: None for each in study.scenarios for path, _ in each.changes}
    every = {entry.path: entry for section in entries.sections(study) for entry in section.entries}
    live = {path for path in changed if path in every and _is_live(study, every[path])}
    held = tuple(entry for path, entry in every.items() if path in live)
    return CaseRows(held, study.scenarios, tuple(_elsewhere(study, live)))


def _is_live(study: Study, entry: Entry) -> bool:
    contents = [content for each in study.scenarios for path, content in each.changes if path == entry.path]
    number = is_number(entry.value.value) and not entry.structural
    return number and entry.field.is_number and all(is_number(content) for content in contents)


def _elsewhere(study: Study, live: set[str]) -> Iterator[str]:
    for each in study.scenarios:
        paths = [path for path, _ in each.changes if path not in live]
        if paths:
            yield f"{each.name}: {', '.join(paths)}"
