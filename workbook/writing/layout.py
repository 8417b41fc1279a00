"""Where every line of the model stands on an option's sheet, and where its names stand seen from each cell.

Columns: A label, B unit, C row (workload, item, kind of cost), D total of the years, E figure of a line without years,
F opening (zero, so that "the year before" exists in year 1), G and on the years. Row 3 counts the years; lines by age
of a purchase read the same columns as ages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from models import chapters
from models.engine.check import Input
from models.engine.constants import CONSTANTS
from models.engine.expression import Call, Name, walk
from models.engine.line import HOURS, Line
from models.run.gather import ELSEWHERE, HOURLY, INPUTS, LINKED, PATHS, STRUCTURE, links, plain
from models.run.model import MODEL, OptionResult
from models.studies.inputs import schema, week
from models.studies.prices import NEEDED
from models.studies.study import Study
from workbook.writing import entries
from workbook.writing.formula import BEFORE, HERE, Absent, Place, literal

LABEL, UNIT, KEY, TOTAL, CONSTANT, OPENING, FIRST_YEAR = range(7)
YEAR_ROW, CALENDAR_ROW, FIRST_ROW = 3, 4, 6
STRUCTURE_HEADING = "What follows from the tables of the study"
LOAD_SHEET = "Load"
STATEMENTS = ("Statement", "Statement by quarter")
LOAD_CHAPTER = chapters.title(chapters.load)
_STRUCTURE = {i.name: i for i in (*STRUCTURE, *LINKED) if i.name not in HOURLY}
_LINKED = {i.name: (link, line) for link, line, i in ELSEWHERE}


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
        self.lists = {
            each.entry.name: each
            for section in (*found, *entries.workload_sections(result.study))
            for each in entries.listed(section)
        }
        self.load: LoadLayout | None = None
        self.others: dict[str, tuple[str, Layout]] = {}
        self.schedules = frozenset(s.name for s in entries.schedules(result.study, number))
        self.end = self._place_all()

    def _place_all(self) -> int:
        row = FIRST_ROW
        for title, members in _chapters():
            self.headings.append(Heading(row, title))
            row += 1
            for each in members:
                if self.constant(each.name) is not None:
                    continue
                size = self.size(each.shape.row)
                adds = isinstance(each, Line) and each.adds == "sum" and each.shape.column == "year"
                self.blocks[each.name] = Block(
                    row, size, each.shape.row is not None, each.shape.column is not None, adds
                )
                row += max(size, 1)
            row += 1
        return row - 1

    def constant(self, name: str) -> float | None:
        """What a figure that follows from the tables counts as throughout, where that is 0 or 1 and needs no cells."""
        if (
            name not in _STRUCTURE
            or name.startswith(("asset_", "capex_", "tariff_", "band_"))
            or self._follows_list(name)
        ):
            return None
        held = self.result.gathered.values[name]
        numbers = (
            {float(n) for row in held for n in (row if isinstance(row, list) else [row])}
            if isinstance(held, list)
            else {held}
        )
        return numbers.pop() if numbers in ({0.0}, {1.0}) and name != "mix_success_rate" else None

    def _follows_list(self, name: str) -> bool:
        """Whether a figure follows from a list, whose cells may be changed."""
        fields = {source.partition("_")[2] for source in _LISTS.get(name, ())}
        return any(each.entry.field.name in fields for each in self.lists.values())

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
            cells=tuple(f"{column}{row}" for row in range(first, last + 1)),
        )

    def of_load(self, name: str, row: int) -> Place:
        """Where a name of the load's sheet stands; an option without hours reads what it counts as there."""
        each = MODEL.lines[name] if name in MODEL.lines else INPUTS[name]
        counted = self.size(each.shape.row) if each.shape.row in HOURS else self.size("hour")
        if self.load is None or not counted:
            return Place("1" if name == "burst" else "0")
        return self.load.line(name, row, f"{LOAD_SHEET}!")

    def years_place(self) -> Place:
        """The row that counts the years."""
        row = YEAR_ROW
        series = f"$G${row}:${self.last_column}${row}"
        before, so_far = f"$F${row}:{BEFORE}${row}", f"$G${row}:{HERE}${row}"
        return Place(cell=f"{HERE}${row}", series=series, so_far=so_far, before=before)


class LoadLayout:
    """The sheet of the load: hours along columns E and on, then the hours again as rows.

    Columns: A label, B unit, C workload, D figure; rows 5 to 9 the hours of the week; then a row for each workload of
    each line; then a row for each hour.
    """

    HOUR_ROW, FIRST_HOUR = 5, 4

    def __init__(self, study: Study) -> None:
        self.study = study
        self.columns = ("hour_number", "hour_weight", "weekday_weight", "weekend_weight", "day_base")
        self.first: dict[str, int] = {name: self.HOUR_ROW + at for at, name in enumerate(self.columns)}
        row = self.HOUR_ROW + len(self.columns) + 1
        lines = [n for n in MODEL.lines if MODEL.chapter_of[n] == LOAD_CHAPTER]
        self.lines = ("workload_has_shape", "workload_shape_at", *lines)
        for name in self.lines:
            self.first[name] = row
            row += len(study.workloads)
        self.hours_heading = row + 1
        self.first_hour_row = row + 2
        self.last_column = xl_col_to_name(self.FIRST_HOUR + week.HOURS - 1)
        starts = range(self.FIRST_HOUR, self.FIRST_HOUR + week.HOURS, week.HOURS_PER_DAY)
        self.days = [(xl_col_to_name(at), xl_col_to_name(at + week.HOURS_PER_DAY - 1)) for at in starts]

    def line(self, name: str, row: int, sheet: str = "") -> Place:
        """Where a name stands; `sheet` is put before addresses from other sheets."""
        first = xl_col_to_name(self.FIRST_HOUR)
        if name in _BY_HOUR_ROW:
            column, top = _BY_HOUR_ROW[name], self.first_hour_row
            cells = f"{sheet}${column}${top}:${column}${top + week.HOURS - 1}"
            return Place(f"{sheet}${column}{top + row}", rows=cells)
        top = self.first[name]
        last = top + len(self.study.workloads) - 1
        at = top if name in self.columns else top + row
        each = MODEL.lines[name] if name in MODEL.lines else INPUTS[name]
        if each.shape.column is None:
            return Place(f"{sheet}$D{at}", rows=f"{sheet}$D${top}:$D${last}")
        series = f"{sheet}${first}${at}:${self.last_column}${at}"
        matrix = f"{sheet}${first}${top}:${self.last_column}${last}"
        days = tuple(
            tuple(f"{sheet}${first_hour}${row}:${last_hour}${row}" for row in range(top, last + 1))
            for first_hour, last_hour in self.days
        )
        cell = f"{HERE}${at}" if name in self.columns else f"{HERE}{at}"
        return Place(cell, series=series, matrix=matrix, days=days)


# The hours as rows: their number, kind of day and share of the year, whichever lines go by them.
_BY_HOUR_ROW = {
    **{f"{hours}_number": "D" for hours in ("hour", "paid")},
    "hour_day": "E",
    **{f"{hours}_share": "F" for hours in ("hour", "paid")},
}


class LoadAddress:
    """Answers for the cells of one workload on the sheet of the load."""

    def __init__(self, layout: Layout, load: LoadLayout, row: int) -> None:
        self.options, self.load, self.row = CellAddress(layout, row), load, row

    @property
    def years(self) -> Place:
        return self.options.years

    def place(self, name: str) -> Place | Absent:
        """Where the name stands: here, or among the inputs."""
        return self.load.line(name, self.row) if is_of_load(name) else self.options.place(name)


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
        if is_of_load(name):
            return self.layout.of_load(name, self.row)
        if name in _STRUCTURE:
            return Absent(self.layout.constant(name))
        if name in _LINKED:
            return self._elsewhere(*_LINKED[name])
        if name in ("year", "age"):
            return self.years
        if name in CONSTANTS:
            return Place(entries.constant_name(name))
        return self._input(name)

    def _elsewhere(self, link: str, line: str) -> Place | Absent:
        """The figure of another option, on its own sheet."""
        named = links(self.layout.result.study, self.layout.result.option).get(link)
        if named is None:
            return Absent(0)
        sheet, other = self.layout.others[named]
        return Place(f"{sheet}!{other.line(line, self.row).cell}")

    def _input(self, name: str) -> Place | Absent:
        table, _, field = name.partition("_")
        number = 0 if table in ("study", "workload") else self.layout.number
        many = table not in ("study", "option") and schema.table(table).many
        typed = entries.base(table, number, self.row + 1 if many else 0) + field
        if typed in self.layout.lists:
            return self._listed(name, self.layout.lists[typed].name)
        if typed in self.layout.held:
            # A price that nobody gave counts as 0, also where its cell follows a blank one.
            needed = (table, field) in NEEDED and not INPUTS[name].blank
            entry = schema.field(table, field)
            words = schema.choice_words(entry) if entry.kind == "choice" else {}
            return Place(f"MAX({typed})" if needed else typed, words=words)
        if name == "asset_name":  # a class that the study does not describe: the equipment, or a grant
            return Absent(self.layout.result.keys("asset")[self.row])
        default = plain(schema.field(table, field).default)
        return Absent(None if default != default else default)

    def _listed(self, name: str, cells: str) -> Place | Absent:
        """What stands for an input that is a list: of requests the first year's, of tries the last that counts."""
        if name == "workload_requests_per_day":
            return Place(f"INDEX({cells},1)")
        if name in ("workload_success_rate", "serving_success_rate"):
            return Place(f"INDEX({cells},{self.layout.line('tries_before', self.row).cell}+1)")
        return Absent(0)


def _chapters() -> Iterator[tuple[str, list[Line | Input]]]:
    yield STRUCTURE_HEADING, list(_STRUCTURE.values())
    members: dict[str, list[Line | Input]] = {}
    for each in MODEL.lines.values():
        if is_of_load(each.name):
            continue
        members.setdefault(MODEL.chapter_of[each.name], []).append(each)
    yield from members.items()


def structure_formula(name: str, layout: Layout, row: int) -> str:
    """The formula of a figure that follows from the study's tables rather than from a line."""
    if name.startswith(("asset_", "capex_")):
        return _asset_formula(name, layout, row)
    if name == "tariff_number":
        first = layout.blocks[name].first
        return f"=ROWS($C${first}:$C{first + row})"
    if name == "tariff_hours_share" and layout.size("band"):
        bands, share = layout.line("band_tariff"), layout.of_load("hour_share", 0)
        return f"=SUMPRODUCT(({bands.rows}={layout.line('tariff_number', row).cell})*{share.rows})"
    if name in _LISTS:
        return _list_formula(name, layout, row)
    value = layout.result.gathered.values[name]
    return f"={value[row] if isinstance(value, list) else value:.17g}"


def _asset_formula(name: str, layout: Layout, row: int) -> str:
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
        words = schema.choice_label("tax_schedule", "straight_line")
        return f"=({kind}={literal(words)})*1" if kind in layout.held else "=1"
    schedule = f"{prefix}schedule"
    return f"=INDEX({schedule},{layout.years_place()})" if schedule in layout.schedules else "=0"


# Figures that follow from inputs that may be lists, by the inputs.
_LISTS: dict[str, tuple[str, ...]] = {
    "workload_requests_by_year": ("workload_requests_per_day",),
    "workload_years_beyond": ("workload_requests_per_day",),
    **dict.fromkeys(
        ("tries_before", "attempts_before", "missed_before"), ("serving_success_rate", "workload_success_rate")
    ),
    "mix_success_rate": ("workload_success_rate",),
    "mix_tries_before": ("workload_success_rate",),
    "mix_missed_before": ("workload_success_rate",),
    **{f"{table}_{name}_path": (f"{table}_{name}",) for table, name in PATHS},
}


def _list_formula(name: str, layout: Layout, row: int) -> str:
    typed = [_typed(source, layout, row) for source in _LISTS[name]]
    # An option's own chances of success come before the workload's.
    given = next((each for each in typed if each in layout.lists), typed[-1])
    if _LISTS[name][-1] == "workload_success_rate":
        return "=" + _tries(name, typed, given, layout, row)
    if given not in layout.lists:
        return "=0"
    cells, year = layout.lists[given].name, layout.years_place()
    if name == "workload_years_beyond":
        return f"=MAX(0,{year}-ROWS({cells}))"
    return f"=INDEX({cells},MIN({year},ROWS({cells})))"


def _typed(name: str, layout: Layout, row: int) -> str:
    table, _, field = name.partition("_")
    number = 0 if table in ("study", "workload") else layout.number
    many = table not in ("study", "option") and schema.table(table).many
    return entries.base(table, number, row + 1 if many else 0) + field


def _tries(name: str, typed: Sequence[str], given: str, layout: Layout, row: int) -> str:
    """What stands before the last listed try that counts: how many, their mean number, the chance that none succeeds.

    A limit on the attempts may cut the list, and a success rate typed for the option comes before the workload's list.
    """
    listed = layout.lists.get(given)
    if name == "mix_success_rate":
        return f"INDEX({listed.name},{layout.line('mix_tries_before', row).cell}+1)" if listed else given
    if listed is None:
        return "1" if name.endswith("missed_before") else "0"
    if name.endswith("tries_before"):
        return _tries_before(name, typed, listed, layout, row)
    tries = layout.line("mix_tries_before" if name.startswith("mix") else "tries_before", row).cell
    failed = [f"(1-INDEX({listed.name},{n}))" for n in range(1, len(listed.numbers))]
    if name.endswith("missed_before"):
        return "*".join(f"(1-INDEX({listed.name},{n})*({tries}>={n}))" for n in range(1, len(listed.numbers))) or "1"
    return "+".join("*".join([f"({tries}>={n})*1", *failed[: n - 1]]) for n in range(1, len(listed.numbers))) or "0"


def _tries_before(name: str, typed: Sequence[str], listed: entries.Listed, layout: Layout, row: int) -> str:
    """One less than the listed tries, as far as the limit admits them."""
    limit = _typed("workload_max_attempts", layout, row)
    every = f"ROWS({listed.name})"
    if name == "mix_tries_before":
        return f"IF(ISBLANK({limit}),{every},MIN({every},{limit}))-1"
    limited, limit = (layout.line(each, row).cell for each in ("attempts_limited", "attempt_limit"))
    before = f"IF({limited}=1,MIN({every},{limit}),{every})-1"
    own = typed[0]
    return before if listed.entry.name == own or own not in layout.held else f"(1-ISNUMBER({own}))*({before})"


def is_of_load(name: str) -> bool:
    """Whether a name stands on the sheet of the load, the same for every option."""
    return name in HOURLY or MODEL.chapter_of.get(name) == LOAD_CHAPTER


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
