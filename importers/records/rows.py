"""Rows of a table below one row of headings, each as the fields of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importers.records.fields import Fields, Findings
from importers.records.format import Table


def below(header: Sequence[str], table: Table, first: int) -> Iterator[tuple[str, Fields]]:
    """Where it is, and the cells by heading, of every row from number `first` (from 1) on that is not empty.

    A row of another length than the headings becomes a problem: the file was cut off, or edited.
    """
    for number, cells in enumerate(table[first - 1 :], start=first):
        if not any(cells) or cells[0].startswith("#"):
            continue
        findings = Findings()
        if mismatch := wrong_length(len(cells), len(header)):
            findings.problems.append(mismatch)
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        yield f"row {number}", Fields(row, findings, words=True)


def wrong_length(cells: int, headings: int) -> str | None:
    """The complaint about a row of another length than its headings."""
    if cells == headings:
        return None
    return f"has {cells} cells below {headings} headings: the file was cut off or edited; let the tool write it again"
