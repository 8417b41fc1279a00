"""Workbooks (.xlsx) from the bytes of a stranger: what the archive holds, its XML, and the cells of its sheets.

Everything is read in memory and within limits. Formulas are never computed: the value that the program which saved the
file left beside one is taken.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from string import digits
from typing import IO, Any
from xml.parsers import expat

from defusedxml import DefusedXmlException, ElementTree
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import column_index_from_string

from files import zips
from files.limits import Limits, Refused, check_size

BOOK = "xl/workbook.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _FORMULA, _MERGED = (f"{MAIN[1:]}{name}" for name in ("row", "c", "f", "mergeCell"))
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its value (None = empty), the formula that left it there, if any, and its number format."""

    value: Any = None
    formula: str | None = None
    number_format: str = ""


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: its name as a spreadsheet shows it, and its first and last rows and columns, from 1."""

    ref: str
    rows: tuple[int, int]
    columns: tuple[int, int]

    @property
    def area(self) -> int:
        """How many cells it takes in, at least 1."""
        height, width = (last - first + 1 for first, last in (self.rows, self.columns))
        return max(height * width, 1)


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet by row, as far as they are filled (`rows[0]` is row 1), and what stands around them."""

    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merge, ...]
    hidden_rows: frozenset[int]


@dataclass(frozen=True)
class Archive:
    """A workbook whose archive passed; its parts by name."""

    file: zipfile.ZipFile
    content: bytes
    names: frozenset[str]
    limits: Limits

    def xml(self, part: str) -> Any:
        """The XML of a part. Raises Refused: "entities", "damaged"."""
        with _reading(lambda error: f"{part}: {error}"):
            return ElementTree.fromstring(self.file.read(part), forbid_dtd=True)

    def sheets(self) -> dict[str, bool]:
        """The names of the sheets with cells, and whether each is visible. Raises Refused, also for "no sheets"."""
        return {name: visible for name, (_, visible) in self._listed.items()}

    def sheet(self, name: str, columns: int | None = None) -> Sheet:
        """One sheet, with no more than the first `columns`. Its XML is walked once, however often it is asked for.

        Raises Refused: "no such sheet", with its `name`; "filled", with the `row` and `column` that lie too far out;
        "cells"; "merged"; "entities"; "damaged".
        """
        survey = self._surveyed(name)
        with _reading(lambda error: type(error).__name__):
            rows = self._values(name, columns or self.limits.columns, survey.formulas)
        return Sheet(rows, tuple(survey.merged), frozenset(survey.hidden))

    def formulas(self, name: str) -> Mapping[tuple[int, int], str]:
        """The formulas of one sheet by row and column, both from 1, without the values; raises Refused as `sheet`."""
        return self._surveyed(name).formulas

    def _surveyed(self, name: str) -> _Survey:
        if name not in self._listed:
            raise Refused("no such sheet", name=name)
        if name not in self._surveys:
            self._surveys[name] = self._walked(name)
        return self._surveys[name]

    @cached_property
    def _surveys(self) -> dict[str, _Survey]:
        return {}

    def _walked(self, name: str) -> _Survey:
        survey = _Survey(self.limits, sum(each.elements for each in self._surveys.values()))
        with _reading(lambda error: type(error).__name__), self.file.open(self._listed[name][0]) as part:
            survey.walk(part)
        return survey

    @cached_property
    def _listed(self) -> dict[str, tuple[str, bool]]:
        """The part that holds each sheet, and whether it is visible; chart sheets are left out."""
        targets = {each.get("Id"): str(each.get("Target")) for each in self.xml("xl/_rels/workbook.xml.rels")}
        found = {}
        for each in self.xml(BOOK).iter(f"{MAIN}sheet"):
            path = posixpath.normpath(posixpath.join("/xl", targets.get(each.get(_RELATION), ""))).lstrip("/")
            if path in self.names and "worksheets" in path:
                found[str(each.get("name"))] = (path, each.get("state", "visible") == "visible")
        if not found:
            raise Refused("no sheets")
        return found

    @cached_property
    def _book(self) -> Any:
        return load_workbook(io.BytesIO(self.content), read_only=True, data_only=True, keep_links=False)

    def _values(self, name: str, columns: int, formulas: Mapping[tuple[int, int], str]) -> tuple[tuple[Cell, ...], ...]:
        # What the file says of a sheet's size may be wrong, and is not needed.
        sheet = self._book[name]
        sheet.reset_dimensions()
        return tuple(
            tuple(_cell(each, formulas.get((y, x))) for x, each in enumerate(row, start=1))
            for y, row in enumerate(sheet.iter_rows(max_row=self.limits.rows, max_col=columns), start=1)
        )


def _cell(each: Any, formula: str | None) -> Cell:
    return EMPTY if each.value is None and formula is None else Cell(each.value, formula, str(each.number_format))


def opened(content: bytes, limits: Limits) -> Archive:
    """The archive of an .xlsx file.

    Raises Refused for what is no plain workbook ("encrypted", "macros", "binary workbook", "open document", "archive",
    "damaged", "doubled parts") and for what is larger than its kind may be ("large", "parts", "unpacked", "ratio").
    """
    check_size(len(content), limits)
    with _reading(str):
        file = zipfile.ZipFile(io.BytesIO(content))
        members = file.infolist()
    zips.check(members, limits)
    names = frozenset(each.filename for each in members)
    _check_names(names)
    if len(names) != len(members):
        raise Refused("doubled parts")
    return Archive(file, content, names, limits)


def _check_names(names: frozenset[str]) -> None:
    if any(name.endswith(".bin") and "vba" in name.lower() for name in names):
        raise Refused("macros")
    if "xl/workbook.bin" in names:
        raise Refused("binary workbook")
    if "mimetype" in names:
        raise Refused("open document")
    if BOOK not in names:
        raise Refused("archive")


@contextmanager
def _reading(detail: Callable[[Exception], str]) -> Generator[None]:
    """Whatever a damaged file makes the libraries stumble over is Refused as such, with what `detail` tells of it."""
    try:
        yield
    except Refused:
        raise
    except DefusedXmlException:
        raise Refused("entities") from None
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged file runs into
        raise Refused("damaged", detail=detail(error), error=type(error).__name__) from None


class _Survey:
    """What the values of a sheet alone do not tell: found by walking its XML once, within the limits.

    The parser tells of each element as it comes and keeps none: a sheet has some hundred thousand.
    """

    def __init__(self, limits: Limits, before: int) -> None:
        self.limits, self.elements, self._before = limits, 0, before
        self.merged: list[Merge] = []
        self.hidden: set[int] = set()
        self.formulas: dict[tuple[int, int], str] = {}
        self._shared: dict[str, Translator] = {}
        self._merged_cells = self._row = self._column = 0
        self._depth, self._cell_at = 0, 0
        self._formula: Mapping[str, str] | None = None
        self._text: list[str] = []

    def walk(self, part: IO[bytes]) -> None:
        """Takes in what the elements of the sheet tell. Raises Refused."""
        parser = self._parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.ParseFile(part)

    def _start(self, name: str, told: Mapping[str, str]) -> None:
        self._depth += 1
        if name == _CELL:
            self._column = _column(told.get("r"), self._column)
            self._cell_at = self._depth
            self._count()
        elif name == _ROW:
            self._row, self._column = int(told.get("r", self._row + 1)), 0
            self._count()
            if told.get("hidden") in ("1", "true"):
                self.hidden.add(self._row)
        elif name == _MERGED:
            self._merge(str(told.get("ref")).strip())
        elif self._cell_at and self._depth == self._cell_at + 1:
            self._check_place()
            if name == _FORMULA and self._formula is None:
                self._formula, self._text = told, []
                self._parser.CharacterDataHandler = self._text.append

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == _FORMULA:
            self._parser.CharacterDataHandler = None
        elif name == _CELL:
            if self._formula is not None:
                place = self._row, self._column
                self.formulas[place] = self._written(self._formula, "".join(self._text), place)
            self._cell_at, self._formula = 0, None

    def _count(self) -> None:
        self.elements += 1
        if self._before + self.elements > self.limits.cells:
            raise Refused("cells", most=self.limits.cells)

    def _check_place(self) -> None:
        """A cell with anything in it stands within the limits."""
        limits = self.limits
        if self._row > limits.rows or self._column > limits.columns:
            place = {"row": self._row, "column": self._column}
            raise Refused("filled", **place, rows=limits.rows, columns=limits.columns)

    def _written(self, told: Mapping[str, str], text: str, place: tuple[int, int]) -> str:
        """A formula as it stands in its cell: one that is shared is written in its first cell only."""
        cell, text = f"{get_column_letter(place[1])}{place[0]}", f"={text}"
        shared = told.get("si") if told.get("t") == "shared" else None
        if shared in self._shared:
            return self._shared[shared].translate_formula(cell)
        if shared is not None:
            self._shared[shared] = Translator(text, cell)
        return text

    def _merge(self, ref: str) -> None:
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(ref))
        self.merged.append(Merge(ref, (top, bottom), (left, right)))
        self._merged_cells += self.merged[-1].area
        if self._merged_cells > self.limits.merged:
            raise Refused("merged", most=self.limits.merged)


def _column(place: str | None, before: int) -> int:
    return before + 1 if place is None else column_index_from_string(place.rstrip(digits))


def _no_doctype(name: str, system: str | None, public: str | None, internal: bool) -> None:
    """No spreadsheet needs one, and entities are declared in it."""
    raise Refused("entities")
