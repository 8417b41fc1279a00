"""Formulas of an exported workbook that are no longer those exported, by the marks that it bears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from files.limits import Refused
from files.xlsx import Archive
from workbook.writing import sealed
from workbook.writing.sealed import MARKS, PROGRAM, SEAL, STUDY, Place


@dataclass(frozen=True)
class Overwritten:
    """A cell whose formula is not the one exported: where, and what stands there now."""

    cell: str
    now: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.now}"


@dataclass(frozen=True)
class Sealed:
    """What a workbook says of itself: its seal, the program that wrote it, the file of its study, the mark of each
    formula by sheet and cell."""

    seal: str
    program: str
    study: str
    marks: Mapping[str, Mapping[Place, str]]


def of(archive: Archive) -> Sealed | None:
    """What a workbook says of itself; None where it bears no seal. Raises Refused where that is damaged."""
    if sealed.TITLE not in archive.sheets():
        return None
    texts: dict[tuple[str, str], str] = {}
    for row in archive.sheet(sealed.TITLE, sealed.COLUMNS).rows:
        kind, first, second = (str(cell.value or "") for cell in row)
        place, text = ((kind, first), second) if kind == MARKS else ((kind, ""), first)
        texts[place] = texts.get(place, "") + text
    try:
        marks = {name: dict(_bounded(text, archive)) for (kind, name), text in texts.items() if kind == MARKS}
    except ValueError as error:
        raise Refused("damaged", detail=f"{sealed.TITLE}: {error}", error="ValueError") from None
    seal, program, study = (texts.get((kind, ""), "") for kind in (SEAL, PROGRAM, STUDY))
    return Sealed(seal, program, study, marks)


def _bounded(text: str, archive: Archive) -> Iterator[tuple[Place, str]]:
    """The marks of a sheet, no more of them than a sheet may have cells."""
    for number, pair in enumerate(sealed.read_marks(text)):
        if number > archive.limits.cells:
            raise ValueError(f"marks more than {archive.limits.cells} cells")
        yield pair


def overwritten(archive: Archive, held: Sealed) -> Iterator[Overwritten]:
    """Each formula that was there and is another or gone, and each that was not there."""
    for sheet, wanted in held.marks.items():
        if sheet not in archive.sheets():
            yield Overwritten(sheet, "the sheet was removed or renamed")
            continue
        found = sealed.marked(archive.formulas(sheet))
        gone = wanted.keys() - found.keys()
        values = archive.sheet(sheet, max(column for _, column in gone)).rows if gone else ()
        for place in sorted(wanted.keys() | found.keys()):
            if place in gone:
                row, column = place
                cell = values[row - 1][column - 1].value if row <= len(values) else None
                now = "a formula was deleted" if cell is None else f"a formula was overwritten by {cell!r}"
                yield Overwritten(_at(sheet, place), now)
            elif place not in wanted:
                yield Overwritten(_at(sheet, place), f"a formula was added: {found[place]}")
            elif sealed.mark(found[place], place) != wanted[place]:
                yield Overwritten(_at(sheet, place), f"another formula: {found[place]}")


def _at(sheet: str, place: tuple[int, int]) -> str:
    return f"{sheet}!{get_column_letter(place[1])}{place[0]}"
