"""What a study is made of: rows of inputs, options, the study itself, and the paths that lead to each input.

An input is addressed by path: "study/discount_rate", "workload/chat/input_tokens", "option/Own/pue",
"option/Own/serving/chat/decode_rate", "option/Own/rental/committed_share", "option/Own/capex/Servers/amount". The
second item of one name is "capex/Servers#2". A "/" inside a name is written "~1" and a "~" is written "~0".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from models.studies import schema
from models.studies.paths import keys
from models.studies.problem import Problem, StudyError
from models.studies.spelling import did_you_mean, nearest_hint
from models.studies.value import Value

NAN = float("nan")


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
        """The input as a float; nan if it is blank."""
        content = self[name].value
        return NAN if content is None else float(content)  # type: ignore[arg-type]

    def text(self, name: str) -> str:
        """The input as text; "" if it is blank."""
        content = self[name].value
        return "" if content is None else str(content)

    def flag(self, name: str) -> bool:
        """A yes-or-no input."""
        return bool(self[name].value)

    def given(self, name: str) -> bool:
        """Whether somebody set the input; otherwise its default stands there."""
        return self[name].set_by != "default"

    def replaced(self, name: str, value: Value) -> Row:
        """The same row with one input exchanged."""
        return Row(self.table, {**self._values, name: value})


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
    table.name: {"asset": "assets", "tariff": "tariffs", "tier": "tiers"}.get(table.name, table.name)
    for table in schema.children("option")
}


@dataclass(frozen=True)
class Study:
    """One demand, one set of finance assumptions, several options. `warnings` follow from the rest: not compared."""

    fields: Row
    workloads: tuple[Row, ...]
    options: tuple[Option, ...]
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    @cached_property
    def places(self) -> Mapping[str, Row]:
        """Every row by the path that leads to it, in the order of the file."""
        return dict(self._places())

    def _places(self) -> Iterator[tuple[str, Row]]:
        yield "study", self.fields
        yield from keyed("workload", self.workloads)
        for base, option in zip(option_paths(self.options), self.options, strict=True):
            yield base, option.fields
            for table in schema.children("option"):
                rows = option.rows(table.name)
                found = keyed(table.name, rows) if table.many else ((table.name, row) for row in rows)
                yield from ((f"{base}/{place}", row) for place, row in found)

    @property
    def currency(self) -> str:
        """The label of its money; "" if it gives none."""
        return self.fields.text("currency")

    def option(self, name: str) -> Option:
        """The option of that name. Raises StudyError, naming the nearest, if there is none."""
        names = [option.name for option in self.options]
        return self.options[_position("option", name, names)]

    def workload(self, name: str) -> Row:
        """The workload of that name. Raises StudyError, naming the nearest, if there is none."""
        names = [row.text("name") for row in self.workloads]
        return self.workloads[_position("workload", name, names)]


def _position(table: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        hint = did_you_mean(name, names)
        raise StudyError([Problem(table, name, f"there is no {schema.table(table).label} of this name{hint}")])
    return names.index(name)


# ---------------------------------------------------------------------------------------------------------------- paths


def keyed(table: str, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """The rows of a repeated table, each with its place: "capex/Servers"."""
    name = schema.table(table).key
    names = keys([row.text(name) for row in rows])
    return ((f"{table}/{key}", row) for key, row in zip(names, rows, strict=True))


def option_paths(options: Sequence[Option]) -> tuple[str, ...]:
    """The path of each option: "option/Own"."""
    return tuple(f"option/{key}" for key in keys([option.name for option in options]))


def paths(study: Study) -> Iterator[tuple[str, Row]]:
    """Every row of a study with the path that leads to it, in the order of the file."""
    return iter(study.places.items())


def find(study: Study, path: str) -> tuple[str, Row, str]:
    """The path of the row, the row, and the name of the input that `path` leads to.

    Raises StudyError, naming the nearest, for a path that leads nowhere.
    """
    row_path, _, name = path.rpartition("/")
    rows = study.places
    if row_path not in rows:
        hint = "; add the name of one" if path in rows else nearest_hint(row_path, rows)
        raise StudyError([Problem(path, None, f"leads to no input of this study{hint}")])
    row = rows[row_path]
    if name not in row:
        hint = did_you_mean(name, row)
        raise StudyError([Problem(path, None, f"{schema.heading(row.table)} has no input {name!r}{hint}")])
    return row_path, row, name


def get(study: Study, path: str) -> Value:
    """The input at a path such as "option/Own/pue". Raises StudyError, naming the nearest, if it leads nowhere."""
    _, row, name = find(study, path)
    return row[name]
