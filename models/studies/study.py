"""What a study is made of: rows of inputs, options, the study itself, and the place of each row by its path."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from models.studies.inputs import schema
from models.studies.inputs.paths import keys, parted
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.spelling import did_you_mean, nearest_hint
from models.studies.inputs.value import Value

NAN = float("nan")

LEADS_NOWHERE = ProblemKind("leads_nowhere", "leads to no input of this study", "{hint}", joint="")
NO_INPUT = ProblemKind("no_input", "{table:{home}} has no input {name!r}", "{hint}", joint="")
NO_SUCH_ROW = ProblemKind("no_such_row", "there is no {home} of this name", "{hint}", joint="")


class Row(Mapping[str, Value]):
    """One row of a table: every input of the table is a key, blanks and defaults included. Immutable."""

    __slots__ = ("_values", "table")

    table: str
    _values: dict[str, Value]

    def __init__(self, table: str, values: Mapping[str, Value] | None = None):
        """The row of `table` that holds `values`, and the defaults for the rest."""
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "_values", {**defaults(table), **(values or {})})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a row cannot be changed; replaced() makes another (tried to set {name})")

    def __getitem__(self, name: str) -> Value:
        try:
            return self._values[name]
        except KeyError:
            hint = did_you_mean(name, self._values)
            raise KeyError(f"{schema.heading(self.table)} has no input {name!r}{hint}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.table == other.table and self._values == other._values

    def __hash__(self) -> int:
        return hash((self.table, *self._values.values()))

    def __reduce__(self) -> tuple[type[Row], tuple[str, dict[str, Value]]]:
        return Row, (self.table, self._values)

    def __repr__(self) -> str:
        given = (f"{name}={value.value!r}" for name, value in self._values.items() if self.given(name))
        return f"Row({self.table}: {', '.join(given)})"

    def number(self, name: str) -> float:
        """The input as a float; nan if it is blank, and of a list (by year, by try) the first."""
        content = self[name].value
        if isinstance(content, tuple):
            return float(content[0])
        return NAN if content is None else float(content)

    def text(self, name: str) -> str:
        """The input as text; "" if it is blank."""
        content = self[name].value
        return "" if content is None else str(content)

    @property
    def basis(self) -> str:
        """What the row's amount is counted by; "" for one without a choice of that, or before it is chosen."""
        return self.text("basis") if self.table in schema.BASIS_UNITS else ""

    def flag(self, name: str) -> bool:
        """A yes-or-no input."""
        return bool(self[name].value)

    def listed(self, name: str) -> tuple[float, ...]:
        """The numbers of an input that is a list; none of one that is a single number."""
        content = self[name].value
        return tuple(float(part) for part in content) if isinstance(content, tuple) else ()

    def given(self, name: str) -> bool:
        """Whether somebody set the input; otherwise its default stands there."""
        return self[name].set_by != "default"

    def replaced(self, name: str, value: Value) -> Row:
        """The same row with one input exchanged."""
        return Row(self.table, {**self._values, name: value})


def effective(workload: Row, serving: Row | None, name: str) -> float:
    """An input of a workload as an option serves it: its override if it has one."""
    if serving is not None and not serving[name].blank:
        return serving.number(name)
    return workload.number(name)


def generated_tokens(workload: Row, serving: Row | None) -> float:
    """Output tokens per request and attempt: answer and thinking."""
    return effective(workload, serving, "output_tokens") + effective(workload, serving, "reasoning_tokens")


@cache
def defaults(table: str) -> Mapping[str, Value]:
    """What stands in a row of a table before anybody sets anything."""
    return {entry.name: Value(entry.default, set_by="default") for entry in schema.fields(table)}


# The asset class that every option has, described or not.
EQUIPMENT = "equipment"


def equipment() -> Row:
    """The asset class of the equipment as it stands where an option does not describe it."""
    return Row("asset", {"name": Value(EQUIPMENT)})


@dataclass(frozen=True)
class Option:
    """One way to serve the demand: its own inputs, and the tables that belong to it in the order of the file."""

    fields: Row
    serving: tuple[Row, ...] = ()
    assets: tuple[Row, ...] = ()
    capex: tuple[Row, ...] = ()
    opex: tuple[Row, ...] = ()
    tariffs: tuple[Row, ...] = ()
    tiers: tuple[Row, ...] = ()
    rental: Row | None = None
    lease: Row | None = None
    loan: Row | None = None
    api: Row | None = None
    scores: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        return self.fields.text("name")

    @property
    def acquisition(self) -> str:
        """One of `schema.ACQUISITIONS`."""
        return self.fields.text("acquisition")

    @property
    def sizing(self) -> str:
        """How the fleet is sized, "demand" or "fixed"; "" for an API, which may do without."""
        return self.fields.text("sizing")

    def serving_for(self, workload_name: str) -> Row | None:
        """The serving rates and overrides for a workload, or None (an API may do without)."""
        return next((row for row in self.serving if row.text("workload") == workload_name), None)

    def asset(self, name: str) -> Row | None:
        """The asset of that name, or None if the option does not describe it."""
        return next((row for row in self.assets if row.text("name") == name), None)

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of one of its tables; a table that stands alone gives one row or none."""
        held = getattr(self, ATTRIBUTES[table])
        if isinstance(held, tuple):
            return held
        return () if held is None else (held,)


# The attribute of `Option` that holds each of its tables.
ATTRIBUTES: dict[str, str] = {
    table.name: {"asset": "assets", "tariff": "tariffs", "tier": "tiers", "score": "scores"}.get(table.name, table.name)
    for table in schema.children("option")
}


# The attribute of `Study` that holds each table outside of the options.
OF_A_STUDY: dict[str, str] = {
    "study": "fields",
    "load_shape": "load_shapes",
    "workload": "workloads",
    "risk": "risk",
    "correlation": "correlations",
    "criterion": "criteria",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row where it stands: the path that leads to it, the position of its option (None outside of options), and its
    own position in its table."""

    path: str
    row: Row
    option: int | None = None
    position: int = 0

    def of(self, name: str) -> str:
        """The path of one of its inputs."""
        return f"{self.path}/{name}"


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a study where it stands."""

    place: Place
    name: str

    @property
    def path(self) -> str:
        """The path that leads to it."""
        return self.place.of(self.name)

    @property
    def value(self) -> Value:
        """What it holds, with its provenance."""
        return self.place.row[self.name]

    @property
    def entry(self) -> schema.Field:
        """Its declaration."""
        return schema.field(self.place.row.table, self.name)

    @property
    def unit(self) -> str:
        """Its unit, looked up by its row's basis where that decides."""
        return schema.unit(self.entry, self.place.row.basis)


@dataclass(frozen=True)
class Scenario:
    """A named set of changes: inputs by path, each with the value that it has in this case."""

    name: str
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Study:
    """One demand, one set of finance assumptions, several options. `warnings` follow from the rest: not compared."""

    fields: Row
    workloads: tuple[Row, ...]
    options: tuple[Option, ...]
    load_shapes: tuple[Row, ...] = ()
    risk: Row = field(default_factory=lambda: Row("risk"))
    correlations: tuple[Row, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    criteria: tuple[Row, ...] = ()
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every row by the path that leads to it, in the order of the file."""
        return {place.path: place for place in self._places()}

    def _places(self) -> Iterator[Place]:
        yield Place("study", self.fields)
        yield from _placed("load_shape", "load_shape", self.load_shapes, None)
        yield from _placed("workload", "workload", self.workloads, None)
        for number, (base, option) in enumerate(zip(option_paths(self.options), self.options, strict=True)):
            yield Place(base, option.fields, number, number)
            for table in schema.children("option"):
                rows = option.rows(table.name)
                if rows and table.many:
                    yield from _placed(f"{base}/{table.name}", table.name, rows, number)
                elif rows:
                    yield Place(f"{base}/{table.name}", rows[0], number)
        yield Place("risk", self.risk)
        yield from _placed("correlation", "correlation", self.correlations, None)
        yield from _placed("criterion", "criterion", self.criteria, None)

    def rows(self, table: str, option: int | None = None) -> tuple[Place, ...]:
        """The rows of a table, of one option if its position is given, in the order of the file."""
        return self._rows.get((table, option), ())

    @cached_property
    def _rows(self) -> Mapping[tuple[str, int | None], tuple[Place, ...]]:
        found: dict[tuple[str, int | None], list[Place]] = {}
        for place in self.places.values():
            for option in {None, place.option}:
                found.setdefault((place.row.table, option), []).append(place)
        return {key: tuple(places) for key, places in found.items()}

    def input(self, path: str) -> Input:
        """The input that a path leads to. Raises StudyError, naming the nearest, for a path that leads nowhere."""
        row_path, name = parted(path)
        if row_path not in self.places:
            hint = "; add the name of one" if path in self.places else nearest_hint(row_path, self.places)
            raise StudyError([Problem(path, None, LEADS_NOWHERE, {"hint": hint})])
        place = self.places[row_path]
        if name not in place.row:
            hint = did_you_mean(name, place.row)
            raise StudyError([Problem(path, None, NO_INPUT, {"home": place.row.table, "name": name, "hint": hint})])
        return Input(place, name)

    def with_option(self, position: int, **parts: Any) -> Study:
        """The study with parts of one of its options exchanged."""
        option = dataclasses.replace(self.options[position], **parts)
        options = (*self.options[:position], option, *self.options[position + 1 :])
        return dataclasses.replace(self, options=options)

    def with_row(self, place: Place, row: Row) -> Study:
        """The study with the row at a place exchanged."""
        changed = self._with_row(place, row)
        key = schema.table(row.table).key
        if row.text(key) == place.row.text(key) if key in row else True:
            # No path is another one: what is known of the places stands, but for this row.
            moved = dataclasses.replace(place, row=row)
            rows = {
                at: tuple(moved if each.path == place.path else each for each in self._rows[at])
                for at in {(row.table, None), (row.table, place.option)}
            }
            changed._know({**self.places, place.path: moved}, {**self._rows, **rows})
        return changed

    def with_warnings(self, warnings: Iterable[Problem]) -> Study:
        """The study with what is doubtful in it."""
        changed = dataclasses.replace(self, warnings=tuple(warnings))
        changed._know(self.places, self._rows)
        return changed

    def _know(self, places: Mapping[str, Place], rows: Mapping[tuple[str, int | None], tuple[Place, ...]]) -> None:
        """Keep what would be found anew: searches change one input of a study thousands of times."""
        vars(self).update(places=places, _rows=rows)

    def _with_row(self, place: Place, row: Row) -> Study:
        if row.table in OF_A_STUDY:
            attribute = OF_A_STUDY[row.table]
            held = getattr(self, attribute)
            changed = row if isinstance(held, Row) else _exchanged(held, place.position, row)
            return dataclasses.replace(self, **{attribute: changed})
        assert place.option is not None
        if row.table == "option":
            return self.with_option(place.option, fields=row)
        held = self.options[place.option].rows(row.table)
        rows = _exchanged(held, place.position, row) if schema.table(row.table).many else row
        return self.with_option(place.option, **{ATTRIBUTES[row.table]: rows})

    @property
    def horizon(self) -> float:
        """How many years it covers: a whole number; nan of a study that is not to be calculated."""
        return self.fields.number("horizon_years")

    @property
    def discount_rate(self) -> float:
        """At what its money is discounted, a year."""
        return self.fields.number("discount_rate")

    @property
    def tax_rate(self) -> float:
        """What profits are taxed at; 0 where no tax is counted."""
        return self.fields.number("tax_rate")

    @property
    def author(self) -> str:
        """Whose figures are those that are typed: who prepares the study; "" where nobody is named."""
        return self.fields.text("prepared_by")

    @property
    def currency(self) -> str:
        """The label of its money; "" if it gives none."""
        return self.fields.text("currency")

    def option(self, name: str) -> Option:
        """The option of that name. Raises StudyError, naming the nearest, if there is none."""
        return self.options[self.position(name)]

    def position(self, option: str) -> int:
        """Which of the options has that name. Raises StudyError, naming the nearest, if there is none."""
        return _position("option", option, [each.name for each in self.options])

    def load_shape(self, name: str) -> Row | None:
        """The load shape of that name, or None."""
        return next((row for row in self.load_shapes if row.text("name") == name), None)

    def workload(self, name: str) -> Row:
        """The workload of that name. Raises StudyError, naming the nearest, if there is none."""
        names = [row.text("name") for row in self.workloads]
        return self.workloads[_position("workload", name, names)]


def _position(table: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        hint = did_you_mean(name, names)
        raise StudyError([Problem(table, name, NO_SUCH_ROW, {"home": schema.table(table).label, "hint": hint})])
    return names.index(name)


def _exchanged(rows: tuple[Row, ...], position: int, row: Row) -> tuple[Row, ...]:
    return (*rows[:position], row, *rows[position + 1 :])


def _placed(base: str, table: str, rows: Sequence[Row], option: int | None) -> Iterator[Place]:
    """The rows of a repeated table, each at its place."""
    name = schema.table(table).key
    for position, key in enumerate(keys([row.text(name) for row in rows])):
        yield Place(f"{base}/{key}", rows[position], option, position)


def option_paths(options: Sequence[Option]) -> tuple[str, ...]:
    """The path of each option: "option/Own"."""
    return tuple(f"option/{key}" for key in keys([option.name for option in options]))


def get(study: Study, path: str) -> Value:
    """The input at a path such as "option/Own/pue". Raises StudyError, naming the nearest, if it leads nowhere."""
    return study.input(path).value
