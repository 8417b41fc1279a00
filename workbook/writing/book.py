"""A workbook under way: the run it shows, where everything stands, and the few ways in which sheets write cells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from models.analysis.reporting.record import Record, version_of
from models.analysis.reporting.seal import seal
from models.analysis.words import unit_words
from models.run.model import MODEL, OptionResult, Result
from models.studies.inputs.field import Field
from workbook.writing.cases import case_rows
from workbook.writing.entries import base
from workbook.writing.formula import HERE
from workbook.writing.layout import FIRST_YEAR, Layout, LoadLayout
from workbook.writing.styles import Styles

if TYPE_CHECKING:  # the analyses load more than a workbook without them needs
    from models.analysis.reporting.findings import Findings

NO_FIGURE = "n/a"
YEARLY, YES = "p.a.", "1 = yes"
LONGEST_SHEET_NAME = 31
OPTIONS = ""  # stands for the sheets of the options among the tabs


@dataclass(frozen=True)
class OptionSheet:
    """An option, its sheet's name and where its lines stand."""

    number: int
    sheet: str
    layout: Layout
    result: OptionResult

    @property
    def name(self) -> str:
        """The defined name of the cell that holds the option's name."""
        return f"{base('option', self.number)}name"

    def at(self, name: str, row: int = 0, year: int | None = None) -> str:
        """The address of a figure from another sheet; `year` counts from 1 where the line goes by year."""
        text = self.layout.line(name, row).cell
        if year is not None:
            text = text.replace(HERE, "$" + xl_col_to_name(FIRST_YEAR + year - 1))
        return f"{quoted(self.sheet)}!{text}"

    def series(self, name: str, row: int = 0) -> str:
        """The address of a line's years from another sheet."""
        return f"{quoted(self.sheet)}!{self.layout.line(name, row).series}"

    def rows(self, name: str) -> str:
        """The address of the rows of a line without years from another sheet."""
        return f"{quoted(self.sheet)}!{self.layout.line(name).rows}"

    def block(self, name: str) -> str:
        """The address of all rows and years of a line from another sheet."""
        block, last = self.layout.blocks[name], self.layout.last_column
        return f"{quoted(self.sheet)}!$G${block.first}:${last}${block.first + block.rows - 1}"

    def totals(self, name: str) -> str:
        """The address of the totals of all rows of a line by year from another sheet."""
        block = self.layout.blocks[name]
        return f"{quoted(self.sheet)}!$D{block.first}:$D{block.first + block.rows - 1}"

    def total(self, name: str, row: int = 0) -> str:
        """The address of the total of a line's years from another sheet."""
        return f"{quoted(self.sheet)}!{self.layout.line(name, row).total}"


@dataclass(frozen=True)
class Told:
    """The cells that describe an input, by what they say: its own and, as long as its value is the same (a test) as
    that of the cell that it follows, those beside that one."""

    own: Mapping[str, str]
    followed: Mapping[str, str] = field(default_factory=dict)
    same: str = ""

    def formula(self, what: str, otherwise: str) -> str:
        """The formula, from its equals sign on, that shows what stands there."""
        own = self.own[what]
        if not self.followed:
            return f'=IF(ISBLANK({own}),"{otherwise}",{own})'
        other = self.followed[what]
        chosen = f"ISBLANK({own})*(1+(1-ISBLANK({other}))*({self.same}))"
        return f'=CHOOSE(1+{chosen},{own},"{otherwise}",{other})'


class Sheet(Worksheet):
    """A sheet whose formulas use no function that Excel knows only by a prefix (`_xlfn.`).

    The writer would look for thirty of them in every formula, also inside the quoted names of sheets: a third of the
    time of an export, and an option named "SORT(x)" would break it.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def formulas(self) -> dict[tuple[int, int], str]:
        """The formulas written so far by row and column, both from 1."""
        return {
            (row + 1, column + 1): cell.formula
            for row, cells in self.table.items()
            for column, cell in cells.items()
            if hasattr(cell, "formula")
        }


class Book:
    """What every sheet needs to know, and where it writes; `places` holds addresses that sheets leave for others,
    `said` the sentences that stand there, `figures` rows of the comparison,
    `written` what the cells of inputs hold, by sheet and column, then row, and `told` where it stands what describes
    them, by path."""

    def __init__(
        self,
        result: Result,
        file: Workbook,
        tabs: Sequence[str],
        today: date,
        found: Findings | None = None,
        record: Record | None = None,
        paper: str | None = None,
    ) -> None:
        """`tabs` are the titles in order; OPTIONS stands for the sheets of the options. `found` is of the same run,
        `record` the history of its study: `signed` is the version that this export is, None where it is none. `paper`
        is what it is printed on, None where the currency tells."""
        self.paper = paper
        self.result, self.file, self.today, self.findings, self.record = result, file, today, found, record
        self.study, self.seal = result.study, seal(result)
        self.version = version_of(self.seal, record)
        self.signed = None if record is None else record.standing(self.seal)
        self.styles = Styles(file)
        self.places: dict[str, str] = {}
        self.written: dict[tuple[str, int], Mapping[int, float | str]] = {}
        self.told: dict[str, Told] = {}
        self.said: dict[str, str] = {}
        self.figures: dict[str, list[Any]] = {}
        self._units: dict[str, str] = {}
        self.load: LoadLayout | None = None
        largest = [path for bar in found.largest for path in bar.paths] if found else []
        self.cases = case_rows(result.study, found.ends if found else (), largest)
        names = sheet_names([o.name for o in result.options.values()], tabs)
        self.options = tuple(
            OptionSheet(i, name, Layout(option, i), option)
            for i, (name, option) in enumerate(zip(names, result.options.values(), strict=True), start=1)
        )
        if any(option.layout.size("hour") for option in self.options):
            self.load = LoadLayout(result.study)
        for option in self.options:
            option.layout.load = self.load
            option.layout.others = {o.result.name: (quoted(o.sheet), o.layout) for o in self.options}
        titles = [title for tab in tabs for title in (names if tab == OPTIONS else (tab,))]
        self.sheets: dict[str, Worksheet] = {title: file.add_worksheet(title, Sheet) for title in titles}

    def unit(self, unit: str) -> str:
        """A unit of the model in words, with the study's currency; "p.a." for a rate, a dash for a plain number."""
        if unit not in self._units:
            said = YEARLY if unit == "1/yr" else unit_words(unit, self.study.currency)
            self._units[unit] = said or "-"
        return self._units[unit]

    def unit_of(self, field: Field | None, unit: str) -> str:
        """The unit of an input: its own, or what a number says of a yes or no."""
        return YES if field and field.kind == "boolean" else self.unit(unit or "1")

    def cell(self, place: str, position: int) -> str:
        """One cell of a row of cells that a sheet left, counted from 0."""
        sheet, _, cells = self.places[place].rpartition("!")
        first, row = cells.split(":")[0].lstrip("$").split("$")
        return f"{sheet}!${xl_col_to_name(xl_cell_to_rowcol(first + row)[1] + position)}${row}"

    def option(self, name: str) -> OptionSheet:
        """The option of this name."""
        return next(option for option in self.options if option.result.name == name)

    def define(self, name: str, sheet: str, cells: str) -> None:
        """Give cells a name. Raises ValueError where the spreadsheet would not take it."""
        if self.file.define_name(name, f"={quoted(sheet)}!{cells}") != 0:
            raise ValueError(f"{name} cannot name {sheet}!{cells}")


def cached(value: Any) -> float | str:
    """A figure as a formula's stored value: n/a where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NO_FIGURE
    return value if isinstance(value, str) else float(value)


def shown(option: OptionSheet, name: str, row: int = 0) -> str:
    """The formula that shows a figure on another sheet, or n/a where the line has none."""
    known = MODEL.lines[name].known
    cell = option.at(name, row)
    return f'=IF({option.at(known)}=0,"n/a",{cell})' if known else f"={cell}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def sheet_names(names: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """A sheet name for each option name: without what Excel refuses, at most 31 characters, all different."""
    used = {name.casefold() for name in (*taken, "History")}
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        clean = "".join(" " if c in "[]:*?/\\" or ord(c) < 32 else c for c in name)
        clean = re.sub(r"(\w)\(", r"\1 (", clean)  # "SORT(x" would look like a function to the writer
        clean = clean.strip(" '.")[:LONGEST_SHEET_NAME].strip(" '.") or f"Option {number}"
        unique, again = clean, 2
        while unique.casefold() in used:
            unique, again = f"{clean[: LONGEST_SHEET_NAME - 5].strip()} ({again})", again + 1
        used.add(unique.casefold())
        found.append(unique)
    return tuple(found)
