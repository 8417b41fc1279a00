"""Tornado: how far a result moves when one input at a time goes to its own low and to its own high.

Every end is a full run of a changed study. An input without a stated range takes the one that is proposed for your own
figures, or the usual range of the schema, and says so. What two options hold alike (same value, range and source) is
one quantity and moves in both at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from models.analysis.metrics.measures import RANKED_BY, ahead, check_metric, comparable_by
from models.analysis.metrics.same_work import lacks
from models.analysis.sensitivity.quantities import input_label, input_unit, quantities, range_or_reason
from models.notation import writer
from models.run.model import MODEL, OptionResult
from models.studies.change import replace_all, valid
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.ranges import Range
from models.studies.study import Study

# A swing this small against the figure is what rounding leaves of an input that changes nothing.
RESIDUE = 1e-12


@dataclass(frozen=True)
class End:
    """One end of a bar: what the input is there, what the result is, and which options are then ahead."""

    value: float
    figure: float
    winners: tuple[str, ...]


@dataclass(frozen=True)
class Bar:
    """One input: where it stands now, its ends (None where one is dropped, with the reason in `dropped`), its swing.

    `paths` are the places that move together; `unit` is the schema's. `swing` spans the figures at both ends and now.
    """

    paths: tuple[str, ...]
    label: str
    unit: str
    base: float
    range: Range
    low: End | None
    high: End | None
    swing: float
    changes_winner: bool
    dropped: tuple[str, ...]

    @property
    def path(self) -> str:
        """The first of its places."""
        return self.paths[0]


@dataclass(frozen=True)
class Skipped:
    """An input without a bar, and why."""

    path: str
    label: str
    reason: str


@dataclass(frozen=True)
class Tornado:
    """The bars by falling swing. With `against`, figures are gaps: the option's result less the other's.

    `winners` are ahead now. `unmoved` hold the inputs that do not move the result, `skipped` those that were not run.
    """

    metric: str
    option: str
    against: str | None
    base: float
    winners: tuple[str, ...]
    bars: tuple[Bar, ...]
    unmoved: tuple[Bar, ...]
    skipped: tuple[Skipped, ...]


def tornado(study: Study, option: str, metric: str = RANKED_BY, against: str | None = None) -> Tornado:
    """The tornado of a single figure of `option`, or of the gap to `against` in that figure.

    An input changes the winner where one end puts another option ahead: of all options by `RANKED_BY`, or with
    `against` of the two by `metric`. Raises StudyError where the metric is no single figure, has none for this study,
    or is a total that does not compare between the two.
    """
    check_metric(metric)
    case = _Case(study, option, metric, against)
    now = case.outcome(study, changed=())
    bars: list[Bar] = []
    skipped: list[Skipped] = []
    for each in _inputs(case):
        found = range_or_reason(each.value, each.entry, study)
        bar = found if isinstance(found, str) else _bar(case, each, found, now)
        if isinstance(bar, Bar) and (bar.low or bar.high):
            bars.append(bar)
        else:
            reason = bar if isinstance(bar, str) else "; ".join(bar.dropped)
            skipped.append(Skipped(each.paths[0], each.label, reason))
    noise = RESIDUE * max(abs(now.size), abs(now.figure))
    moving = sorted((b for b in bars if b.swing > noise), key=lambda b: -b.swing)
    unmoved = tuple(b for b in bars if b.swing <= noise)
    return Tornado(metric, option, against, now.figure, now.winners, tuple(moving), unmoved, tuple(skipped))


# --------------------------------------------------------------------------------------------------------------- inputs


@dataclass(frozen=True)
class _Input:
    """An input of the study as it stands, with every path that moves with it."""

    paths: tuple[str, ...]
    entry: schema.Field
    value: Value
    label: str
    unit: str


def _inputs(case: _Case) -> Iterator[_Input]:
    """Every input that the result may rest on: the study's, the workloads', and those of the options concerned."""
    for each in quantities(case.study):
        homes = {address(path).option for path in each.paths}
        ours = next((name for name in ("", case.option, case.against) if name in homes), None)
        if ours is None:
            continue
        paths = tuple(sorted(each.paths, key=lambda path: address(path).option != ours))
        # Where two options are compared, what moves in one of them only says in which.
        only = [ours] if ours and case.against is not None and not {case.option, case.against} <= homes else []
        row = case.study.input(paths[0]).place.row
        yield _Input(
            paths, each.entry, each.value, ", ".join((input_label(row, each.entry), *only)), input_unit(row, each.entry)
        )


# ----------------------------------------------------------------------------------------------------------------- runs


@dataclass(frozen=True)
class _Outcome:
    """What a run gives: the figure or gap, the size of what was subtracted, and who is ahead."""

    figure: float
    size: float
    winners: tuple[str, ...]


@dataclass(frozen=True)
class _Case:
    """What is asked: of which study, which result, of which option, against which."""

    study: Study
    option: str
    metric: str
    against: str | None

    def __post_init__(self) -> None:
        for name in (self.option, *([self.against] if self.against is not None else [])):
            self.study.option(name)

    @cached_property
    def contestants(self) -> tuple[str, ...]:
        """Whose figures decide who is ahead."""
        return tuple(o.name for o in self.study.options) if self.against is None else (self.option, self.against)

    @cached_property
    def _now(self) -> dict[str, OptionResult]:
        return {n: MODEL.run_option(self.study, self.study.option(n)) for n in self.contestants}

    def outcome(self, study: Study, changed: tuple[str, ...]) -> _Outcome:
        """A run of a study in which the inputs at the paths `changed` differ.

        Options that none of them touches are not run again. Raises StudyError where there is no figure.
        """
        runs = {n: self._run(study, n, changed) for n in self.contestants}
        ours = _figure(runs[self.option], self.metric)
        if self.against is None:
            priced = (run for run in runs.values() if not lacks(run))
            ranks = {run.name: run.number(RANKED_BY) for run in priced}
            return _Outcome(ours, abs(ours), ahead(ranks, RANKED_BY))
        stands = comparable_by(self.metric, runs[self.option], runs[self.against])
        if not stands.holds:
            raise StudyError([Problem(self.metric, None, f"does not compare: {stands.reason}")])
        theirs = _figure(runs[self.against], self.metric)
        figures = {self.option: ours, self.against: theirs}
        return _Outcome(ours - theirs, max(abs(ours), abs(theirs)), ahead(figures, self.metric))

    def _run(self, study: Study, name: str, changed: tuple[str, ...]) -> OptionResult:
        if all(address(path).option not in ("", name) for path in changed):
            return self._now[name]
        return MODEL.run_option(study, study.option(name))


def _figure(run: OptionResult, metric: str) -> float:
    found = run.number(metric)
    if found is None or not math.isfinite(found):
        raise StudyError([Problem(metric, None, f"has no figure for {run.name}")])
    return found


def _bar(case: _Case, each: _Input, range: Range, now: _Outcome) -> Bar:
    dropped: list[str] = []
    ends = [_end(case, each, number, name, dropped) for name, number in (("low", range.low), ("high", range.high))]
    figures = [now.figure, *(end.figure for end in ends if end)]
    moves = any(end is not None and set(end.winners) != set(now.winners) for end in ends)
    swing = max(figures) - min(figures)
    base = float(each.value.value)  # type: ignore[arg-type]
    return Bar(each.paths, each.label, each.unit, base, range, ends[0], ends[1], swing, moves, tuple(dropped))


def _end(case: _Case, each: _Input, number: float | None, name: str, dropped: list[str]) -> End | None:
    """The result at one end; None, with the reason in `dropped`, where there is none."""
    if number is None:
        dropped.append(f"no {name} is given")
        return None
    content = int(number) if each.entry.kind == "whole" else number
    changes = dict.fromkeys(each.paths, content)
    try:
        # The second tells why the first finds no study.
        found = case.outcome(valid(case.study, changes) or replace_all(case.study, changes), each.paths)
    except StudyError as error:
        dropped.append(f"{name} {writer.as_typed(number)} {'; '.join(_reasons(error, each))}")
        return None
    return End(number, found.figure, found.winners)


def _reasons(error: StudyError, each: _Input) -> list[str]:
    """Each reason once; one about another place names it."""
    return list(dict.fromkeys(p.message if p.path in each.paths else str(p) for p in error.problems))
