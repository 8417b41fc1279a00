"""The uncertain inputs of a study: one list, read from the study, of what is drawn and how, and of what is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.analysis.risk.distributions import Spread
from models.analysis.sensitivity.quantities import Quantity, input_label, input_unit, quantities
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, ProblemKind, StudyError
from models.studies.inputs.value import Value, is_number
from models.studies.ranges import has_stated_paths, has_stated_range, holds, input_range, spread
from models.studies.rules import refusals, unread_inputs
from models.studies.sections import applies
from models.studies.study import Study

OUTSIDE = ProblemKind(
    "outside_its_range",
    "lies outside the entered range, {low} to {high}",
    "state a range that holds it, or take the range out",
)


# A number, or the level of a price in each year.
Level = float | tuple[float, ...]
# Where a price path lies between its low and its high: one share of probability for all years.
PLACE = Spread("uniform", 0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Uncertain:
    """One quantity that is drawn: where the study holds it, what it is, how it is spread, and whose range that is.

    `origin` is "stated" or "proposed", `source` says by whom or by what rule. A price given by year has a spread for
    each of its `years`, and `spread` is that of its place between low and high, one draw for all years.
    """

    paths: tuple[str, ...]
    label: str
    unit: str
    spread: Spread
    origin: str
    source: str
    years: tuple[Spread, ...] = ()

    @property
    def low(self) -> Level:
        """Its low end, by year where it is given so."""
        return tuple(each.low for each in self.years) or self.spread.low

    @property
    def base(self) -> Level:
        """What the study holds."""
        return tuple(each.mode for each in self.years) or self.spread.mode

    @property
    def high(self) -> Level:
        """Its high end."""
        return tuple(each.high for each in self.years) or self.spread.high

    @property
    def kind(self) -> str:
        """How it is spread, one of `schema.DISTRIBUTIONS`."""
        return self.years[0].kind if self.years else self.spread.kind

    def levels(self, places: NDArray[np.float64], years: int) -> NDArray[np.float64]:
        """Of a price given by year its levels (year, draw) at places between low and high; the last holds on."""
        listed = [each.quantile(places) for each in self.years]
        return np.array([listed[min(year, len(listed) - 1)] for year in range(years)])

    @property
    def path(self) -> str:
        """The first of the places that hold it."""
        return self.paths[0]

    @property
    def name(self) -> str:
        """The label, with whose it is, which tells it from others of the label: "PUE (Own)", "PUE (Own and 2 more)"."""
        of, more = address(self.path).option, len(self.paths) - 1
        whose = f"{of} and {more} more" if of and more else self.owner
        return f"{self.label} ({whose})" if whose else self.label

    @property
    def owner(self) -> str:
        """The option it belongs to, or how many it does; "" for what is of none."""
        return f"{len(self.paths)} options" if len(self.paths) > 1 else address(self.path).option or ""


def level_text(level: Level) -> str:
    """A number as it is typed; the levels of a price by year with semicolons between them."""
    return "; ".join(map(writer.as_typed, level)) if isinstance(level, tuple) else writer.as_typed(level)


@dataclass(frozen=True)
class Held:
    """A number that is not drawn, and why."""

    path: str
    label: str
    reason: str


@dataclass(frozen=True)
class Listed:
    """The list: what is drawn, in the order of the study, and what is held at its value although it is a number."""

    inputs: tuple[Uncertain, ...]
    held: tuple[Held, ...]


def uncertain_inputs(study: Study) -> Listed:
    """What a simulation of the study draws, and what it holds.

    Whole numbers and figures without a range of their own are held. So is what the study's rules keep from moving alone
    to an end of its range, such as the share of a tariff band. Raises StudyError for a value that lies outside the
    range stated for it: which of the two holds is not ours to say.
    """
    found: list[Uncertain] = []
    held: list[Held] = []
    outside: list[Problem] = []
    for each in quantities(study):
        if not _concerns(study, each):
            continue
        what = _uncertain(study, each, outside)
        if isinstance(what, Uncertain):
            reason = _cannot_move(study, what)
            what = Held(what.path, what.name, reason) if reason else what
        if isinstance(what, Held):
            held.append(what)
        elif what is not None:
            found.append(what)
    if outside:
        raise StudyError(outside)
    return Listed(tuple(found), tuple(held))


def _concerns(study: Study, each: Quantity) -> bool:
    """Whether it is a number that one of its options reads."""
    if not each.entry.is_number or each.value.blank or each.entry.is_year:
        return False
    return any(_is_read(study, path) for path in each.paths)


def _is_read(study: Study, path: str) -> bool:
    at = address(path)
    if not at.option:
        return True
    option = study.option(at.option)
    own = at.table == "option"
    return applies(study.input(path).entry, option) and not (own and at.name in unread_inputs(option.acquisition))


def _uncertain(study: Study, each: Quantity, outside: list[Problem]) -> Uncertain | Held | None:
    """It as it is drawn, or held with the reason; None for what nobody calls uncertain: bare figures and defaults."""
    value, path = each.value, each.paths[0]
    row = study.input(path).place.row
    label, unit = input_label(row, each.entry), input_unit(row, each.entry)
    if isinstance(value.value, tuple):
        if has_stated_paths(value):
            source = value.source or value.note or ""
            return Uncertain(each.paths, label, unit, PLACE, "stated", source, _by_year(each.entry, value))
        if value.low_by_year or value.high_by_year:
            return Held(path, label, "has one side of its path only: give low and high by year")
        return Held(path, label, "is a list, which holds as it is") if has_stated_range(value) else None
    assert is_number(value.value)
    if has_stated_range(value) and not holds(value):
        outside.append(_outside(path, value))
        return None
    made = _spread(study, each)
    if isinstance(made, str):
        return Held(path, label, made) if made else None
    stated = has_stated_range(value) or value.distribution is not None
    source = (value.source or value.note or "") if stated else _rule(study, value)
    return Uncertain(each.paths, label, unit, made, "stated" if stated else "proposed", source)


def _by_year(entry: schema.Field, value: Value) -> tuple[Spread, ...]:
    """The spread of each year of a price path. Its levels are multipliers, 0 and more, whatever a change may be."""
    assert isinstance(value.value, tuple) and value.low_by_year is not None and value.high_by_year is not None
    level = replace(entry, minimum=0.0, exclusive_minimum=False)
    listed = zip(value.low_by_year, value.value, value.high_by_year, strict=True)
    kind = value.distribution or "triangular"
    return tuple(Spread.of(level, kind, low, base, high) for low, base, high in listed)


def _outside(path: str, value: Value) -> Problem:
    low, high = ("open" if end is None else writer.as_typed(end) for end in (value.low, value.high))
    return Problem(path, value.value, OUTSIDE, {"low": low, "high": high})


def _spread(study: Study, each: Quantity) -> Spread | str:
    """How an input is spread; a sentence on why it is not, "" where nothing speaks for a spread."""
    value = each.value
    number = value.value
    assert is_number(number)
    entry = _without_sign(study, each)
    if value.distribution == "discrete":
        assert value.weights is not None
        outcomes = value.outcomes or (float(value.low or 0.0), float(number), float(value.high or 0.0))
        if entry.structural:
            return "shapes the study, so that each of its values is a study of its own: make a case of each"
        return Spread("discrete", min(outcomes), float(number), max(outcomes), outcomes, value.weights)
    if entry.kind == "whole":
        if not has_stated_range(value):
            return ""
        return "takes whole numbers, which are drawn where the study file gives them weights"
    if has_stated_range(value):
        if value.low is None or value.high is None:
            return "has one end of a range only: give the other"
        if value.low == value.high:
            return "has a range without width"
        return Spread.of(entry, value.distribution or "triangular", value.low, number, value.high)
    return _proposed(study, each, entry, float(number))


def _without_sign(study: Study, each: Quantity) -> schema.Field:
    """What the input is, an amount of an item that is no credit or grant being 0 or more."""
    row = study.input(each.paths[0]).place.row
    received = row.table in schema.RECEIVED and row.text(schema.RECEIVED[row.table][0]) == schema.RECEIVED[row.table][1]
    if row.table not in schema.RECEIVED or each.entry.name != "amount" or received:
        return each.entry
    return replace(each.entry, minimum=0.0)


def _proposed(study: Study, each: Quantity, entry: schema.Field, number: float) -> Spread | str:
    """The triangle that the kind of source and its age propose; a bare figure has none."""
    found = input_range(each.value, each.entry, study)
    if found is None or found.origin == "usual" or not each.value.confidence:
        return ""
    share = spread(each.value, each.value.confidence, study)
    low, high = sorted((number * (1 - share), number * (1 + share)))
    return Spread.of(entry, "triangular", low, number, high)


def _rule(study: Study, value: Value) -> str:
    assert value.confidence
    share = spread(value, value.confidence, study)
    aged = share - schema.CONFIDENCES[value.confidence].spread
    age = f", {writer.share(aged)} of it for its age" if aged else ""
    return f"proposed: {schema.confidence_label(value.confidence)}, {writer.share(share)} either side{age}"


def _cannot_move(study: Study, each: Uncertain) -> str:
    """Why the study is refused at an end of the range; "" where it holds at both."""
    ends: tuple[Level, ...] = (each.low, each.high) if each.years else each.spread.ends
    for end in ends:
        moved = study
        for path in each.paths:
            at = moved.input(path)
            content = round(end) if at.entry.kind == "whole" and not isinstance(end, tuple) else end
            moved = moved.with_row(at.place, at.place.row.replaced(at.name, replace(at.value, value=content)))
        if problems := refusals(moved):
            reasons = "; ".join(dict.fromkeys(problem.message for problem in problems))
            return f"cannot move alone to {level_text(end)}: {reasons}"
    return ""


def correlated(study: Study, listed: Listed) -> Iterator[tuple[int, int, float]]:
    """The correlated pairs, as positions in the list, with their correlation.

    Raises StudyError for one whose input is not drawn, or is drawn as one with the other.
    """
    where = {path: number for number, each in enumerate(listed.inputs) for path in each.paths}
    held = {each.path: each.reason for each in listed.held}
    problems: list[Problem] = []
    for place in study.rows("correlation"):
        ends = [place.row.text(end) for end in schema.CORRELATED]
        for end, path in zip(schema.CORRELATED, ends, strict=True):
            if path not in where:
                reason = held.get(path, "has no range: give it a low and a high")
                problems.append(
                    Problem(place.of(end), path, f"is not drawn, so it correlates with nothing; it {reason}")
                )
        if not all(path in where for path in ends):
            continue
        one, two = (where[path] for path in ends)
        if one == two:
            problems.append(Problem(place.of("b"), ends[1], "is held alike with the other, and so is one draw with it"))
        else:
            yield one, two, place.row.number("rho")
    if problems:
        raise StudyError(problems)
