"""One input over many values: a path of the study as an input of the engine, and results at every value of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import schema
from models.analysis.alike import alike
from models.draws import run_draws
from models.gather import gather, rows_of
from models.model import MODEL
from models.provenance import Problem, StudyError
from models.study import Study, replace, replace_all, with_equipment
from models.tables import find, option_paths

Array = NDArray[np.float64]
# Inputs that shape the study itself (years, kinds): every value is a run of its own.
STRUCTURAL = frozenset({"study/horizon_years", "study/start_year"})


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
        if not self.path.startswith("option/"):
            return self.path
        places = dict(zip((o.name for o in self.study.options), option_paths(self.study.options), strict=True))
        return next((p for p in (self.path, *self.also) if p.startswith(f"{places[option]}/")), None)

    def accepts(self, value: float) -> bool:
        """Whether the study stays valid with the input at a value."""
        try:
            replace_all(self.study, dict.fromkeys((self.path, *self.also), _whole(self.field, value)))
        except StudyError:
            return False
        return True


def variation(
    study: Study, path: str, low: float | None = None, high: float | None = None, *, together: bool = False
) -> Variation:
    """The number that a path names, ready to be varied; `together` moves it in every option that holds it alike.

    Raises StudyError where the path names nothing, or something that is not a number, or the range is no range.
    """
    study = with_equipment(study, path)
    _, row, name = find(study, path)
    value, field = row[name], schema.field(row.table, name)
    if field.kind not in ("number", "whole"):
        raise StudyError([Problem(path, value.value, "is not a number, so it has no break-even; name a number")])
    base = value.value if isinstance(value.value, int | float) else _stand_in(field)
    bottom, top = _range(field, float(base))
    low, high = bottom if low is None else low, top if high is None else high
    if not low < high:
        raise StudyError([Problem(path, None, f"the range {low:g} to {high:g} is empty; give a low below the high")])
    replace(study, path, _whole(field, float(base)))
    return Variation(study, path, field, float(base), low, high, alike(study, path) if together else ())


def _stand_in(field: schema.Field) -> float:
    """Where to start with an input left blank: the middle of its usual range, or its least value."""
    if field.usual:
        return sum(field.usual) / 2
    return field.minimum if field.minimum is not None else 0.0


def _whole(field: schema.Field, value: float) -> float | int:
    return round(value) if field.kind == "whole" else value


def _range(field: schema.Field, base: float) -> tuple[float, float]:
    """The field's bounds where they are bounds of meaning; else from its least to 100 times what is known of it."""
    known = max(abs(base), *(abs(u) for u in field.usual or (0.0,)), 1.0 if base == 0 else 0.0)
    bottom = field.minimum if field.minimum is not None else -100 * known
    top = field.maximum if field.maximum is not None else 100 * known
    top = min(top, max(100 * known, bottom + 1.0)) if field.unit != "1" or top > 10 else top
    if field.unit == "1/yr":
        bottom, top = max(bottom, -0.99), min(top, max(1.0, 2 * base))
    hair = 1e-6 * (top - bottom)
    return (
        bottom + hair if field.exclusive_minimum else bottom,
        top - hair if field.exclusive_maximum else top,
    )


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

    def drawn(values: Array) -> Array:
        draws = values if row is None else _one_row(study, option, name, row, values)
        return run_draws(study, found, {name: draws}, [metric])[metric]

    return drawn


def _check_metric(metric: str) -> None:
    line = MODEL.lines.get(metric)
    if line is None or line.shape.row or line.shape.column:
        single = [n for n, each in MODEL.lines.items() if not each.shape.row and not each.shape.column]
        near = schema.nearest(metric, single)
        hint = f"; did you mean {near}?" if near else ""
        raise StudyError([Problem(metric, None, f"is no single figure of the model{hint}")])


def _single(study: Study, path: str, value: float, option: str, metric: str) -> float:
    changed = replace(study, path, round(value))
    figure = MODEL.run_option(changed, changed.option(option)).number(metric)
    return float("nan") if figure is None else figure


def engine_input(study: Study, option: str, path: str) -> tuple[str, int | None]:
    """The engine's name of an input and, where it goes by rows, the number of its row in that option."""
    _, row, name = find(study, path)
    rows = rows_of(study, study.option(option)).get(row.table)
    return f"{row.table}_{name}", None if rows is None else next(i for i, r in enumerate(rows) if r is row)


def _one_row(study: Study, option: str, name: str, row: int, values: Array) -> Array:
    held = np.asarray(gather(study, study.option(option)).values[name], dtype=float)
    drawn = np.repeat(held[:, None], len(values), axis=1)
    drawn[row] = values
    return drawn
