"""The model: every line in order, checked when built; and a run of a study, frozen, with what each figure rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from models import chapters
from models.engine.check import Plan, plan
from models.engine.compute import Compiler, Program
from models.engine.line import HOURS, Line
from models.run.gather import ELSEWHERE, INPUTS, Gathered, gather, links
from models.run.identities import Check, checks
from models.studies.inputs import week
from models.studies.inputs.paths import distinct, joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Option, Study

INFINITE = (math.inf, -math.inf)


class Model:
    """The lines of the chapters, checked and compiled; ``results`` are those that state no identity.

    Raises FormulaError when built from a line that is wrong; the message names it and the remedy.
    """

    def __init__(self) -> None:
        found: list[Line] = []
        self.chapter_of: dict[str, str] = {}
        for chapter in chapters.CHAPTERS:
            for each in vars(chapter).values():
                if isinstance(each, Line):
                    found.append(each)
                    self.chapter_of[each.name] = chapters.title(chapter)
        self.plan: Plan = plan(found, INPUTS)
        self.lines: Mapping[str, Line] = self.plan.lines
        held = chapters.title(chapters.identities)
        self.results = {n: each for n, each in self.lines.items() if self.chapter_of[n] != held}
        self._identities = Compiler(self.plan, self.lines.keys() - self.results.keys(), False, self.results).program()
        self._every = frozenset(self.results)
        numbers = [each for each in self.results.values() if each.unit != "text"]
        self._by_depth = [
            [n.name for n in numbers if bool(n.shape.row) + bool(n.shape.column) == depth] for depth in range(3)
        ]
        self._programs: dict[tuple[frozenset[str], bool, frozenset[str] | None], Program] = {}

    def program(
        self, wanted: Iterable[str] | None = None, arrays: bool = False, moved: Iterable[str] | None = None
    ) -> Program:
        """The compiled program of the wanted lines (every result without), for floats or for arrays of draws.

        With `moved` it computes only those of the lines, and finds all others among its inputs.
        """
        names = self._every if wanted is None else frozenset(wanted)
        kept = None if moved is None else frozenset(moved)
        key = (names, arrays, kept)
        if key not in self._programs:
            given = () if kept is None else self.lines.keys() - kept
            self._programs[key] = Compiler(self.plan, names, arrays, given).program()
        return self._programs[key]

    def identities(self, gathered: Gathered, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The lines of the chapter of identities, from results as they stand."""
        return self._identities({**gathered.values, **values}, gathered.sizes)

    def gather(self, study: Study, option: Option, taken: dict[tuple[str, str], Any] | None = None) -> Gathered:
        """The inputs of one option, with what it takes from others: the prices of where its work goes.

        What `taken` holds, by link and option, is not computed again; what is computed is added to it.
        """
        gathered = gather(study, option)
        taken = {} if taken is None else taken
        for link in links(study, option).items():
            if link not in taken:
                to, name = link
                lines = {line: each.name for at, line, each in ELSEWHERE if at == to}
                other = study.option(name)
                found = self._computed(other, gather(study, other), lines)
                taken[link] = {lines[line]: found[line] for line in lines}
            gathered.values.update(taken[link])
        return gathered

    def run(self, study: Study) -> Result:
        """Every result of every option.

        Raises StudyError where a figure grows beyond what a number can hold, naming the option.
        """
        taken: dict[tuple[str, str], Any] = {}
        return Result(study, {o.name: self.run_option(study, o, taken) for o in study.options})

    def run_option(self, study: Study, option: Option, taken: dict[tuple[str, str], Any] | None = None) -> OptionResult:
        """Every result of one option, with what of other options is `taken` as in `gather`; raises StudyError as run
        does."""
        gathered = self.gather(study, option, taken)
        return OptionResult(self, study, option, gathered, self._computed(option, gathered, None))

    def figures(self, study: Study, option: Option, wanted: Iterable[str]) -> Mapping[str, Any]:
        """The raw values of the wanted lines of one option, with what they rest on; raises StudyError as run does."""
        return self._computed(option, self.gather(study, option), wanted)

    def _is_finite(self, values: Mapping[str, Any]) -> bool:
        """Whether no figure of all results is infinite: sums tell it of whole lists, but of those that hold a nan."""
        singles, series, tables = (map(values.__getitem__, names) for names in self._by_depth)
        rows = [*series, *chain.from_iterable(tables)]
        sums = list(map(sum, rows))
        held = sum(sums)
        unclear = (
            () if held - held == 0.0 else (row for row, each in zip(rows, sums, strict=True) if each - each != 0.0)
        )
        return not any(map(math.isinf, chain(singles, chain.from_iterable(unclear))))

    def _computed(self, option: Option, gathered: Gathered, wanted: Iterable[str] | None) -> Mapping[str, Any]:
        try:
            values = self.program(wanted)(gathered.values, gathered.sizes)
        except (OverflowError, ZeroDivisionError):
            raise _too_large(option, "") from None
        endless = None if wanted is None and self._is_finite(values) else _first_endless(values)
        if endless is not None:
            raise _too_large(option, f" ({self.lines[endless].label})")
        return values


def _first_endless(values: Mapping[str, Any]) -> str | None:
    """The first figure that is infinite anywhere."""
    return next((name for name, value in values.items() if _endless(value)), None)


def _endless(value: Any) -> bool:
    return any(map(_endless, value)) if value.__class__ is list else value in INFINITE


def _too_large(option: Option, what: str) -> StudyError:
    message = f"a figure grows beyond what can be computed{what}; look for a rate, price or volume far out of range"
    return StudyError([Problem(joined("option", option.name), None, message)])


@dataclass(frozen=True)
class OptionResult:
    """The figures of one option. ``values`` are the raw results; ``figure`` hides what is not known behind None."""

    model: Model
    study: Study
    option: Option
    gathered: Gathered
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.option.name

    @property
    def year_names(self) -> list[str]:
        """The years as columns are headed: calendar years where the study has a first year, else "Year 1"."""
        years = [int(year) for year in self.values["calendar_year"]]
        return [str(y) for y in years] if self.study.fields.given("start_year") else [f"Year {y}" for y in years]

    def figure(self, name: str) -> Any:
        """A line's figure: a number, a text, or a list by year or row; None where there is no figure."""
        each = self.model.lines[name]
        return _masked(self.raw(name), self.raw(each.known) if each.known else 1.0)

    @cached_property
    def _identities(self) -> Mapping[str, Any]:
        return self.model.identities(self.gathered, self.values)

    def raw(self, name: str) -> Any:
        """A line's value whether known or not; lines that state identities are computed when first asked for."""
        return self.values[name] if name in self.values else self._identities[name]

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The identities that must hold, each with what was found."""
        return checks(self.model.lines.values(), self.raw)

    def number(self, name: str) -> float | None:
        """A single figure of a line without dimensions."""
        figure = self.figure(name)
        assert figure is None or isinstance(figure, float | int)
        return figure

    def years(self, name: str) -> list[float | None]:
        """A line by year."""
        figure = self.figure(name)
        assert isinstance(figure, list)
        return figure

    def keys(self, row: str) -> tuple[str, ...]:
        """The names of the rows of a dimension: workloads, asset classes, items, kinds of cost."""
        if row in self.gathered.rows:
            return tuple(r.text("name") for r in self.gathered.rows[row])
        if row in HOURS:
            return tuple(map(week.spoken, range(self.gathered.sizes[row])))
        return next(k for n, k in self.model.plan.stacks.items() if self.model.lines[n].shape.row == row)

    def table(self, name: str) -> dict[str, Any]:
        """A line by rows, as a table by the rows' names."""
        line = self.model.lines[name]
        assert line.shape.row is not None
        return dict(zip(self.keys(line.shape.row), self.figure(name), strict=True))

    def everything(self) -> dict[str, Any]:
        """Every result by name, masked: a number, text, None, a list by year, or a table by row.

        Rows that share a name (items may) are told apart by their number.
        """
        return {n: self.shown(n) for n in self.model.results}

    def shown(self, name: str) -> Any:
        """A line as ``everything`` gives it."""
        row = self.model.lines[name].shape.row
        if row is None:
            return self.figure(name)
        return dict(zip(self._distinct_keys[row], self.figure(name), strict=True))

    @cached_property
    def _distinct_keys(self) -> Mapping[str, tuple[str, ...]]:
        rows = {line.shape.row for line in self.model.lines.values()}
        return {row: distinct(self.keys(row)) for row in rows if row is not None}


def _masked(value: Any, known: Any) -> Any:
    """A value, with None for each part that is not known (its flag is 0) or not a number (differs from itself)."""
    if value.__class__ is not list:
        return value if known and value == value else None
    if known.__class__ is list:
        return [_masked(each, flag) for each, flag in zip(value, known, strict=True)]
    return [_masked(each, known) for each in value]


@dataclass(frozen=True)
class Result:
    """A run: the study and the figures of each option, in the study's order."""

    study: Study
    options: Mapping[str, OptionResult]

    @property
    def checks(self) -> tuple[Check, ...]:
        """The identities of every option, named after it where there are several."""
        prefixes = {name: f"{name}: " if len(self.options) > 1 else "" for name in self.options}
        return tuple(
            replace(check, name=prefixes[name] + check.name)
            for name, option in self.options.items()
            for check in option.checks
        )


MODEL = Model()
