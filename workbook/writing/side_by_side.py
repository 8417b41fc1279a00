"""The options' inputs side by side: which stand in one row, and which cells follow another.

What several options hold alike is typed once, in the column Shared, and what two hold that the others do not, with the
first of the two; the other cells follow by a formula, which may be typed over. So no input stands in two cells.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from models.studies.inputs import schema
from models.studies.inputs.schema import Field, confidence_label
from models.studies.inputs.value import Content, Value
from models.studies.study import Study
from workbook.writing import entries
from workbook.writing.entries import Entry, Listed, Section

TITLE = "Options"
SHARED = 2
# What describes a value, a column each: in a block of columns for what is shared, then one for each option.
DESCRIBED = ("low", "high", "source", "as_of", "confidence", "note")
# What a cell shows that follows a blank one: a formula cannot be blank, and a 0 would be a figure.
BLANK = "-"
# What heads the options' own inputs.
OF_OPTIONS = "The option itself"
# What stands where an option has no such input.
NOT_READ = "n/a"
_TABLES = [table.name for table in schema.TABLES]
_FOLLOWS = re.compile(r'=?\s*IF\(\s*ISBLANK\(\$?([A-Z]+)\$?(\d+)\)\s*[,;]\s*"-"\s*[,;]\s*\$?\1\$?\2\s*\)')


@dataclass(frozen=True)
class Columns:
    """Where everything stands in a row, columns from 0; options count from 1, and 0 is what they share."""

    options: int

    def value(self, number: int) -> int:
        """The column of a value."""
        return SHARED + number

    @property
    def name(self) -> int:
        """The column of the names in formulas; beside it stands whether the cells hold what they may."""
        return SHARED + self.options + 1

    @property
    def holds(self) -> int:
        """The column of the checks."""
        return self.name + 1

    def block(self, number: int) -> int:
        """The first of the columns that describe a value."""
        return self.holds + 1 + len(DESCRIBED) * number

    def described(self, number: int) -> dict[str, int]:
        """The columns that describe a value, by what they say."""
        return {what: self.block(number) + at for at, what in enumerate(DESCRIBED)}

    @property
    def count(self) -> int:
        """How many columns there are."""
        return self.block(self.options + 1)


@dataclass(frozen=True)
class Held:
    """What an option holds in a row: its content, the name of its cell or cells, and what describes it, if anything."""

    name: str
    content: Content
    structural: bool
    value: Value | None = None
    path: str = ""

    @property
    def follows(self) -> bool:
        """Whether it may follow another cell: what is blank and cannot be typed here stays blank."""
        return not (self.structural and self.content is None)


@dataclass(frozen=True)
class Row:
    """A row of the sheet: what each option holds; `field` is None where the numbers are no input of their own."""

    label: str
    unit: str
    field: Field | None
    held: tuple[Held | None, ...]

    @cached_property
    def shared(self) -> Held | None:
        """What is typed once: what most options hold alike, at least two of them."""
        alike = Counter((each.content,) for each in self.held if each and each.follows)
        content, count = max(alike.items(), key=lambda pair: pair[1], default=((None,), 0))
        if count < 2:
            return None
        return next(each for each in self.held if each and each.follows and (each.content,) == content)

    @cached_property
    def followed(self) -> tuple[int | None, ...]:
        """The column that each option's cell follows: 0 what is shared, else an option; None for one of its own."""
        found: list[int | None] = []
        for held in self.held:
            found.append(None if held is None or not held.follows else self._followed(held, found))
        return tuple(found)

    def _followed(self, held: Held, before: Sequence[int | None]) -> int | None:
        if self.shared and held.content == self.shared.content:
            return 0
        for number, (other, follows) in enumerate(zip(self.held, before, strict=False), start=1):
            if other and other.follows and follows is None and other.content == held.content:
                return number
        return None

    @cached_property
    def describing(self) -> tuple[tuple[object, ...], ...]:
        """What stands in each block of columns, what is shared first: nothing where an option relies on the block of
        the cell that it follows. Where options give one value several sources, each says its own."""
        told = [described(held.value) if held and held.value else () for held in self.held]
        alike = {each for each, at in zip(told, self.followed, strict=True) if at == 0}
        found: list[tuple[object, ...]] = [alike.pop() if len(alike) == 1 else ()]
        for each, at in zip(told, self.followed, strict=True):
            found.append(() if at is not None and each == found[at] else each)
        return tuple(found)

    def relies(self, number: int) -> int | None:
        """On whose description an option relies for what it says nothing of itself."""
        return None if self.describing[number] else self.followed[number - 1]


@dataclass(frozen=True)
class Block:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


def follow(column: int, row: int) -> str:
    """The formula of a cell that follows another in its row."""
    cell = f"${xl_col_to_name(column)}{row}"
    return f'=IF(ISBLANK({cell}),"{BLANK}",{cell})'


def followed(formula: str | None) -> tuple[int, int] | None:
    """The column (from 0) and the row (from 1) of the cell that a formula follows; None for any other formula."""
    found = _FOLLOWS.fullmatch(formula or "")
    return None if found is None else (xl_cell_to_rowcol(f"{found[1]}1")[1], int(found[2]))


def described(value: Value) -> tuple[object, ...]:
    """What stands in the columns that describe a value."""
    return (
        *(value.low, value.high, entries.shown_source(value), value.as_of),
        *(confidence_label(value.confidence), value.note),
    )


def blocks(study: Study) -> Iterator[Block]:
    """Every row of the sheet, under its heading: rows of a table that bear one name stand in one, and where an option
    has several of that name, the first with the others' first, the second with their second."""
    count = len(study.options)
    found: defaultdict[tuple[int, str, int], list[Section | None]] = defaultdict(lambda: [None] * count)
    for at in range(count):
        met: Counter[str] = Counter()
        for number, section in enumerate(entries.option_sections(study, at + 1)):
            heading = section.heading if number else OF_OPTIONS
            key = (_TABLES.index(section.entries[0].field.table), heading, met[heading])
            met[heading] += 1
            found[key][at] = section
    for (_, heading, _), sections in sorted(found.items(), key=lambda each: each[0][0]):
        yield Block(heading, (*_entries(sections), *_lists(sections)))
    yield from _schedules(study)


def _entries(sections: Sequence[Section | None]) -> Iterator[Row]:
    """A row for each input; one that is charged per something else is another input."""
    found: defaultdict[tuple[str, str], list[Entry | None]] = defaultdict(lambda: [None] * len(sections))
    for at, section in enumerate(sections):
        for entry in section.entries if section else ():
            found[(entry.field.name, entry.unit)][at] = entry
    first = next(entry for each in found.values() for entry in each if entry)
    order = [field.name for field in schema.fields(first.field.table)]
    for (name, unit), each in sorted(found.items(), key=lambda pair: order.index(pair[0][0])):
        field = schema.named(first.field.table)[name]
        yield Row(field.label, unit, field, tuple(_of_entry(entry) if entry else None for entry in each))


def _of_entry(entry: Entry) -> Held:
    shown = entries.shown(entry)
    content = None if shown == "" else shown
    return Held(entry.name, content, entry.structural, entry.value, entry.path)


def _lists(sections: Sequence[Section | None]) -> Iterator[Row]:
    """A row for each number of an input that is a list."""
    found: defaultdict[str, list[Listed | None]] = defaultdict(lambda: [None] * len(sections))
    for at, section in enumerate(sections):
        for listed in entries.listed(section) if section else ():
            found[listed.entry.field.name][at] = listed
    for each in found.values():
        longest = max((listed for listed in each if listed), key=lambda listed: len(listed.numbers))
        yield from _numbers(
            longest.labels, longest.entry.unit, longest.entry.field, [(e.name, e.numbers) if e else None for e in each]
        )


def _schedules(study: Study) -> Iterator[Block]:
    """The tax schedules of assets, a row an age."""
    count = len(study.options)
    found: defaultdict[str, list[tuple[str, tuple[float, ...]] | None]] = defaultdict(lambda: [None] * count)
    for at in range(count):
        for each in entries.schedules(study, at + 1):
            found[each.asset][at] = (each.name, each.shares)
    for asset, held in found.items():
        ages = max(len(each[1]) for each in held if each)
        labels = [f"Deducted at age {age}" for age in range(1, ages + 1)]
        yield Block(f"Tax depreciation: {asset}", tuple(_numbers(labels, "", None, held)))


def _numbers(
    labels: Sequence[str], unit: str, field: Field | None, held: Sequence[tuple[str, tuple[float, ...]] | None]
) -> Iterator[Row]:
    """A row for each number of lists, by option; nothing where an option's list is shorter."""
    for at, label in enumerate(labels):
        cells = (Held(each[0], each[1][at], field is None) if each and at < len(each[1]) else None for each in held)
        yield Row(label, unit, field, tuple(cells))
