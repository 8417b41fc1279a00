"""One input over many values: a path of the study as an input of the engine, and results at every value of it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from models.analysis.sensitivity.shared_inputs import alike
from models.engine.arrays import Array
from models.notation import writer
from models.run.draws import Drawn
from models.run.gather import gather, rows_of
from models.run.model import MODEL
from models.studies.change import is_refused_by, refusing, replace, replace_all, valid, with_equipment
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.field import SMALLEST_DIVISOR
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import nearest
from models.studies.rules import Rule
from models.studies.study import Study

# Inputs that shape the study itself: every value is a run of its own.
STRUCTURAL = frozenset(f"study/{e.name}" for e in schema.fields("study") if e.structural and e.kind == "whole")
# Inputs that have a natural size: ratios, changes a year, years and months.
PLAIN_UNITS = frozenset({"1", "1/yr", "yr", "month", ""})
SIZE_UNKNOWN = 1e7
# A value this close to an end of the range, as a share of it, stands for the end; halvings that find a last value.
HAIR, HALVINGS = 1e-9, 60


@dataclass(frozen=True)
class Variation:
    """An input that can be varied: where it stands, what it is now, and the range it is varied over.

    `also` names the inputs of other options that move with it.
    """

    study: Study
    path: str
    field: schema.Field
    base: float
    low: float
    high: float
    also: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.field.kind == "whole"

    def path_in(self, option: str) -> str | None:
        """Where the input stands for an option; None where it belongs to others."""
        return next((p for p in (self.path, *self.also) if address(p).option in ("", option)), None)

    def accepts(self, value: float) -> bool:
        """Whether the study stays valid with the input at a value."""
        return valid(self.study, self._changes(value)) is not None

    def valid_span(self) -> tuple[float, float]:
        """The range as far as the study stays valid in it, found by search; a single value at an end is no matter.

        Raises StudyError, with what speaks against another value, where it stays so nowhere, or only at one.
        """
        middle = (self.low + self.high) / 2
        start = next((v for v in (self.base, self.low, self.high, middle) if self._holds(v) and self.accepts(v)), None)
        if start is None:
            self._check(self.low)
            return self.low, self.high
        low, high = (self._last_valid(start, end) for end in (self.low, self.high))
        if high - low <= 10 * HAIR * (self.high - self.low) and not self.whole:
            self._stay_put(self.high if start < self.high else self.low)
        return low, high

    def _stay_put(self, value: float) -> None:
        """Raises StudyError with what keeps the input from moving to a value."""
        try:
            self._check(value)
        except StudyError as error:
            reasons = [Problem(self.path, None, p.said, p.fields, "cannot move alone:") for p in error.problems]
            raise StudyError(reasons) from None

    def _holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def _check(self, value: float) -> None:
        """Raises StudyError where the study refuses the value."""
        replace_all(self.study, self._changes(value))

    def _changes(self, value: float) -> dict[str, float]:
        return dict.fromkeys((self.path, *self.also), _whole(self.field, value))

    def _last_valid(self, inside: float, end: float) -> float:
        """`end`, or the last value before it, seen from `inside`, at which the study is valid."""
        outside = (math.ceil(end) if end < inside else math.floor(end)) if self.whole else end
        step = 0.0 if self.whole else math.copysign(HAIR * (self.high - self.low), inside - end)
        if self.accepts(outside) or self.accepts(outside + step):
            return end
        while True:  # one rule after the other: what the first leaves, the next may refuse
            rule = refusing(self.study, self._changes(outside))
            outside = self._last_passing(rule, inside, outside)
            if rule is None or outside == inside or self.accepts(outside):
                return outside

    def _last_passing(self, rule: Rule | None, inside: float, outside: float) -> float:
        """The last value, seen from `inside`, that a rule lets pass; without one, at which the study is valid."""
        for _ in range(HALVINGS):
            middle = round((inside + outside) / 2) if self.whole else (inside + outside) / 2
            if middle in (inside, outside):
                break
            passes = self.accepts(middle) if rule is None else self._passes(rule, middle)
            inside, outside = (middle, outside) if passes else (inside, middle)
        return inside

    def _passes(self, rule: Rule, value: float) -> bool:
        return not is_refused_by(rule, self.study, self._changes(value))


def variation(
    study: Study, path: str, low: float | None = None, high: float | None = None, *, together: bool = False
) -> Variation:
    """The number that a path names, ready to be varied; `together` moves it in every option that holds it alike.

    Raises StudyError where the path names nothing, or something that is not a number, or the range is no range or
    reaches beyond what the input may be.
    """
    study = with_equipment(study, path)
    found = study.input(path)
    value, field = found.value, found.entry
    if not field.is_number:
        raise StudyError([Problem(path, value.value, "is not a number, so it has no break-even; name a number")])
    content = value.value if isinstance(value.value, int | float) else None
    bottom, top = _range(field, content)
    _check_ends(field, path, {"low": low, "high": high})
    low, high = bottom if low is None else low, top if high is None else high
    if not low < high:
        raise StudyError(
            [
                Problem(
                    path,
                    None,
                    f"the range {writer.as_typed(low)} to {writer.as_typed(high)} is empty; give a low below the high",
                )
            ]
        )
    if field.kind == "whole" and math.ceil(low) >= math.floor(high):
        message = (
            f"takes whole numbers, and fewer than two lie between {writer.as_typed(low)} and "
            f"{writer.as_typed(high)}: give a wider range"
        )
        raise StudyError([Problem(path, None, message)])
    base = _stand_in(study, path, field, top) if content is None else float(content)
    return Variation(study, path, field, base, low, high, alike(study, path) if together else ())


def _check_ends(field: schema.Field, path: str, ends: Mapping[str, float | None]) -> None:
    """Raises StudyError where a given end is no number or beyond the input's bounds; an open bound may be an end."""
    least = 0.0 if field.minimum == SMALLEST_DIVISOR else field.minimum
    closed = {"exclusive_minimum": False, "exclusive_maximum": False}
    bounds = dataclasses.replace(field, kind="number", minimum=least, **closed)
    errors: list[Problem] = []
    for end, value in ends.items():
        faults: list[Problem] = []
        if value is not None and not math.isfinite(value):
            faults.append(Problem(path, value, provenance.NOT_FINITE))
        elif value is not None:
            provenance.read(bounds, value, path, faults)
        part = f"as the {end} of the range"
        errors += [Problem(path, value, fault.said, fault.fields, part) for fault in faults]
    if errors:
        raise StudyError(errors)


def _stand_in(study: Study, path: str, field: schema.Field, top: float) -> float:
    """Where to start with an input left blank: the middle of its usual range, or its least or greatest value.

    Raises StudyError, with what speaks against the first, where the study takes none of them.
    """
    floor = -1.0 if field.minimum is None else field.minimum
    least = 0.0 if floor < 0 else floor + 1.0 if field.exclusive_minimum else floor
    starts = [_whole(field, start) for start in (sum(field.usual) / 2 if field.usual else least, top)]
    for start in starts:
        if valid(study, {path: start}) is not None:
            return float(start)
    replace(study, path, starts[0])
    return float(starts[0])


def _whole(field: schema.Field, value: float) -> float | int:
    return round(value) if field.kind == "whole" else value


def _range(field: schema.Field, content: float | None) -> tuple[float, float]:
    """The field's bounds where they are bounds of meaning; else from its least to 100 times what is known of it."""
    known = max(abs(content or 0.0), *(abs(u) for u in field.usual or (0.0,)), 0.0 if content else _unknown(field))
    bottom = field.minimum if field.minimum is not None else -100 * known
    top = field.maximum if field.maximum is not None else 100 * known
    top = min(top, max(100 * known, bottom + 1.0)) if field.unit != "1" or top > 10 else top
    if field.unit == "1/yr":
        bottom, top = max(bottom, -0.99), min(top, max(1.0, 2 * (content or 0.0)))
    hair = (1e-6 if content else 1e-9) * (top - bottom)
    return (
        bottom + hair if field.exclusive_minimum else bottom,
        top - hair if field.exclusive_maximum else top,
    )


def _unknown(field: schema.Field) -> float:
    """What stands for the size of an input that is 0 or blank: any amount of money or work may be the answer."""
    return 1.0 if field.usual or field.unit in PLAIN_UNITS or field.kind == "whole" else SIZE_UNKNOWN


def results(variation: Variation, option: str, values: Array, metric: str) -> Array:
    """A result of one option at every value of the input; nan where it has no figure.

    Raises StudyError where the metric is no single figure of the model, naming the nearest.
    """
    return along(variation, option, metric)(values)


def along(variation: Variation, option: str, metric: str) -> Callable[[Array], Array]:
    """`results` as a function of the values, for searches that ask many times; raises StudyError as that does."""
    _check_metric(metric)
    study = variation.study
    found, path = study.option(option), variation.path_in(option)
    if path is None:
        figure = MODEL.run_option(study, found).number(metric)
        held = np.nan if figure is None else figure
        return lambda values: np.full(len(values), held)
    if path in STRUCTURAL:
        return lambda values: np.array([_single(study, path, v, option, metric) for v in values])
    name, row = engine_input(study, option, path)
    held = None if row is None else np.asarray(gather(study, found).values[name], dtype=float)
    lines = Drawn(study, found, [name], [metric])

    def drawn(values: Array) -> Array:
        return lines({name: values if held is None else _one_row(held, row, values)})[metric]

    return drawn


def _check_metric(metric: str) -> None:
    line = MODEL.results.get(metric)
    if line is None or line.shape.row or line.shape.column:
        single = [n for n, each in MODEL.results.items() if not each.shape.row and not each.shape.column]
        near = nearest(metric, single)
        hint = f"; did you mean {near}?" if near else ""
        raise StudyError([Problem(metric, None, f"is no single figure of the model{hint}")])


def _single(study: Study, path: str, value: float, option: str, metric: str) -> float:
    """The figure of a study of its own; nan where the study refuses the value or has no figure there."""
    changed = valid(study, {path: round(value)})
    if changed is None:
        return math.nan
    try:
        figure = MODEL.run_option(changed, changed.option(option)).number(metric)
    except StudyError:
        return math.nan
    return math.nan if figure is None else figure


def engine_input(study: Study, option: str, path: str) -> tuple[str, int | None]:
    """The engine's name of an input and, where it goes by rows, the number of its row in that option."""
    found = study.input(path)
    row = found.place.row
    rows = rows_of(study, study.option(option)).get(row.table)
    return f"{row.table}_{found.name}", None if rows is None else next(i for i, r in enumerate(rows) if r is row)


def _one_row(held: Array, row: int | None, values: Array) -> Array:
    drawn = np.repeat(held[:, None], len(values), axis=1)
    drawn[row] = values
    return drawn
