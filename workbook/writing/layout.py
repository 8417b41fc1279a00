"""Where every line of the model stands on an option's sheet, and where its names stand seen from each cell.

Columns: A label, B unit, C row (workload, item, kind of cost), D total of the years, E figure of a line without years,
F opening (zero, so that "the year before" exists in year 1), G and on the years. Row 3 counts the years; lines by age
of a purchase read the same columns as ages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from models.engine.check import Input
from models.engine.constants import CONSTANTS
from models.engine.expression import Call, Name, walk
from models.engine.line import Line
from models.run.gather import INPUTS, STRUCTURE, plain
from models.run.model import MODEL, OptionResult
from models.studies import schema
from workbook.writing import entries
from workbook.writing.formula import BEFORE, HERE, Absent, Place

LABEL, UNIT, KEY, TOTAL, CONSTANT, OPENING, FIRST_YEAR = range(7)
YEAR_ROW, CALENDAR_ROW, FIRST_ROW = 3, 4, 6
STRUCTURE_HEADING = "Asset classes"
_STRUCTURE = {i.name: i for i in STRUCTURE}


@dataclass(frozen=True)
class Block:
    """The rows of one line: the first (as the sheet counts them, from 1), how many, and whether it goes by year."""

    first: int
    rows: int
    by_row: bool
    by_year: bool
    summed: bool


@dataclass(frozen=True)
class Heading:
    """A chapter's title and the row it stands in."""

    row: int
    title: str


class Layout:
    """The rows of one option's sheet: chapters in the model's order, every line in it, blocks contiguous."""

    def __init__(self, result: OptionResult, number: int) -> None:
        self.result, self.number = result, number
        self.years = int(result.gathered.sizes["year"])
        self.blocks: dict[str, Block] = {}
        self.headings: list[Heading] = []
        found = entries.option_sections(result.study, number)
        self.held = frozenset(entries.names_of((entries.study_section(result.study), *found))) | frozenset(
            entries.names_of(entries.workload_sections(result.study))
        )
        self.schedules = frozenset(s.name for s in entries.schedules(result.study, number))
        self.end = self._place_all()

    def _place_all(self) -> int:
        row = FIRST_ROW
        for title, members in _chapters():
            self.headings.append(Heading(row, title))
            row += 1
            for each in members:
                size = self.size(each.shape.row)
                adds = isinstance(each, Line) and each.adds == "sum" and each.shape.column == "year"
                self.blocks[each.name] = Block(
                    row, size, each.shape.row is not None, each.shape.column is not None, adds
                )
                row += max(size, 1)
            row += 1
        return row - 1

    def size(self, row: str | None) -> int:
        """How many rows a line by `row` has."""
        if row is None:
            return 1
        sizes = self.result.gathered.sizes
        return int(sizes[row]) if row in sizes else len(self.result.keys(row))

    @cached_property
    def last_column(self) -> str:
        """The letters of the last year's column."""
        return xl_col_to_name(FIRST_YEAR + self.years - 1)

    def line(self, name: str, row: int = 0) -> Place:
        """Where a line stands, seen from the cell whose own place among its rows is `row` (from 0)."""
        block = self.blocks[name]
        at = block.first + (row if block.by_row else 0)
        first, last = block.first, block.first + block.rows - 1
        column = HERE if block.by_year else "$E"
        series = f"$G{at}:${self.last_column}{at}"
        return Place(
            cell=f"{column}{at}",
            left=f"{BEFORE}{at}",
            series=series,
            so_far=f"$G{at}:{HERE}{at}",
            before=f"$F{at}:{BEFORE}{at}",
            first=f"$G{at}",
            total=f"$D{at}" if block.summed else f"SUM({series})",
            rows=f"{column}{first}:{column}{last}" if block.rows else "",
            keys=f"$C{first}:$C{last}",
        )

    def years_place(self) -> Place:
        """The row that counts the years."""
        row = YEAR_ROW
        series = f"$G${row}:${self.last_column}${row}"
        before, so_far = f"$F${row}:{BEFORE}${row}", f"$G${row}:{HERE}${row}"
        return Place(cell=f"{HERE}${row}", series=series, so_far=so_far, before=before)


class CellAddress:
    """Answers for the cells of one row of a layout."""

    def __init__(self, layout: Layout, row: int = 0) -> None:
        self.layout, self.row = layout, row

    @property
    def years(self) -> Place:
        return self.layout.years_place()

    def place(self, name: str) -> Place | Absent:
        """Where the name stands, or what it counts as where the workbook does not hold it."""
        if name in self.layout.blocks:
            return self.layout.line(name, self.row)
        if name in ("year", "age"):
            return self.years
        if name in CONSTANTS:
            return Place(entries.constant_name(name))
        return self._input(name)

    def _input(self, name: str) -> Place | Absent:
        table, _, field = name.partition("_")
        number = 0 if table in ("study", "workload") else self.layout.number
        many = table not in ("study", "option") and schema.table(table).many
        typed = entries.base(table, number, self.row + 1 if many else 0) + field
        if typed in self.layout.held:
            return Place(typed, blank=INPUTS[name].blank)
        default = plain(schema.field(table, field).default)
        return Absent(None if default != default else default)


def _chapters() -> Iterator[tuple[str, list[Line | Input]]]:
    yield STRUCTURE_HEADING, list(STRUCTURE)
    members: dict[str, list[Line | Input]] = {}
    for each in MODEL.lines.values():
        members.setdefault(MODEL.chapter_of[each.name], []).append(each)
    yield from members.items()


def structure_formula(name: str, layout: Layout, row: int) -> str:
    """The formula of a figure that follows from the study's tables rather than from a line."""
    prefix = entries.base("asset", layout.number, row + 1)
    numbers = layout.line("asset_number", row)
    if name == "asset_number":
        first = layout.blocks["asset_number"].first
        return f"=ROWS($C${first}:$C{first + row})"
    if name == "capex_asset_number":
        item = entries.base("capex", layout.number, row + 1) + "asset"
        return f"=SUMPRODUCT(({numbers.keys}={item})*{numbers.rows})"
    if name == "asset_straight_line":
        kind = f"{prefix}tax_schedule"
        return f'=EXACT({kind},"straight_line")*1' if kind in layout.held else "=1"
    schedule = f"{prefix}schedule"
    return f"=INDEX({schedule},{layout.years_place()})" if schedule in layout.schedules else "=0"


def is_structure(name: str) -> bool:
    """Whether a name is an input that the sheet derives from the study's tables."""
    return name in _STRUCTURE


def looked_back_at() -> frozenset[str]:
    """The lines whose year before is read, so that they need an opening."""
    return frozenset(
        node.args[0].name
        for each in MODEL.lines.values()
        for node in walk(each.formula)
        if isinstance(node, Call) and node.op in ("previous", "lagged") and isinstance(node.args[0], Name)
    )
