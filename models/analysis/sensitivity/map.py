"""Which option wins where: a map over two inputs, with the lines along which the winner changes.

Every point of the grid is a full computation of every option, all points at once. Borders between neighbouring winners
are narrowed until they are break-even points, or prove to be steps (a fleet grows by a whole system).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.analysis.metrics.measures import METRIC, RANKED_BY, TIE, ahead, check_metric, is_total, sign
from models.analysis.metrics.same_work import WHOLE_DEMAND, same_work
from models.analysis.sensitivity.quantities import input_label, input_unit
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.sensitivity.vary import STRUCTURAL, Variation, engine_input, variation
from models.engine.arrays import Array
from models.run.draws import run_draws
from models.run.gather import gather
from models.run.model import MODEL
from models.studies.change import replace_all, with_equipment
from models.studies.inputs.problem import Problem, StudyError
from models.studies.prices import missing_prices, unmet_is_priced
from models.studies.ranges import input_range
from models.studies.study import Study

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
# What stands in `WinMap.winner` where no option wins.
NO_FIGURE, NOT_COMPARABLE = -1, -2
POINTS = 100
MOST_POINTS = 400
# A border is narrowed five times to one of 8 pieces, so to 1/32768 of a step of the grid, and twice more as a proof:
# across a tie the gap then shrinks as the span does, to 1/64; across a step of the fleet it stays.
PIECES, ROUNDS, PROOF = 8, 5, 2
STEP_SHARE = 1 / 8
SHARE = "served_share"


@dataclass(frozen=True)
class Axis:
    """One input of the map: where it stands now (`base`), its values, ascending, and its unit as the schema has it."""

    path: str
    label: str
    unit: str
    base: float
    values: tuple[float, ...]
    whole: bool


@dataclass(frozen=True)
class Border:
    """A point at which the winner changes: `options` are ahead before and after it, going right or up.

    `tie` tells that their figures meet there; otherwise a figure steps there, or an axis of whole numbers does.
    """

    x: float
    y: float
    options: tuple[str, str]
    tie: bool


@dataclass(frozen=True)
class WinMap:
    """Who is ahead at every point: `winner[row of y, column of x]` is the number of the option, or a code below 0.

    Where several tie (`tied`) it is the first of them in the study's order. `figures` by option are nan where it has
    none. `base` lists who is ahead now: nobody, one, or several in a tie.
    """

    metric: str
    x: Axis
    y: Axis
    options: tuple[str, ...]
    figures: Mapping[str, Array]
    winner: Numbers
    tied: Flags
    borders: tuple[Border, ...]
    base: tuple[str, ...]

    def winners_at(self, row: int, column: int) -> tuple[str, ...]:
        """Who is ahead at a point: nobody, one, or several in a tie."""
        if self.winner[row, column] < 0:
            return ()
        return ahead({n: float(f[row, column]) for n, f in self.figures.items()}, self.metric)

    def share(self, option: str) -> float:
        """The share of the points at which the option is ahead, alone or as the first of a tie."""
        return float(np.mean(self.winner == self.options.index(option)))


def win_map(
    study: Study,
    x: str,
    y: str,
    *,
    metric: str = RANKED_BY,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    options: Sequence[str] | None = None,
    points: int | tuple[int, int] = POINTS,
    borders: bool = True,
    together: bool = False,
) -> WinMap:
    """The map of `options` (all of them by default) over the inputs at the paths `x` and `y`, by `metric`.

    Costs are of the options that lack no price, but one that an axis gives.
    `together` moves an input in every option that holds it alike.

    An axis without a range takes the input's own low and high, else its usual range. Raises StudyError where a path
    leads to no number, a range is missing or reaches beyond what is valid, the metric is no single figure, or it is a
    total and some options have fixed systems while others are sized for the demand.
    """
    check_metric(metric)
    study = with_equipment(with_equipment(study, x), y)
    names = tuple(o.name for o in study.options) if options is None else tuple(study.option(n).name for n in options)
    if x == y or (together and y in alike(study, x)):
        raise StudyError([Problem(y, None, "stands on both axes; choose two inputs")])
    sides = points if isinstance(points, tuple) else (points, points)
    for side in sides:
        if not 2 <= side <= MOST_POINTS:
            raise StudyError([Problem("points", side, f"must be from 2 to {MOST_POINTS}")])
    names = _priced(study, metric, names, (x, y))
    _check_sizing(study, metric, names)
    varied = (_varied(study, x, x_range, together), _varied(study, y, y_range, together))
    across, up = (_axis(v, side) for v, side in zip(varied, sides, strict=True))
    grid = _Grid(study, metric, names, varied)
    grid.check_corners(across, up)
    columns, rows = np.meshgrid(across.values, up.values)
    found = grid.evaluate(columns.ravel(), rows.ravel())
    winner = found.winner.reshape(columns.shape)
    figures = {n: f.reshape(columns.shape) for n, f in zip(names, found.figures, strict=True)}
    lines = tuple(_borders(grid, across, up, winner)) if borders else ()
    return WinMap(
        metric, across, up, names, figures, winner, found.tied.reshape(columns.shape), lines, _now(study, metric, names)
    )


def _now(study: Study, metric: str, names: Sequence[str]) -> tuple[str, ...]:
    """Who is ahead in the study as it stands; nobody where totals do not compare."""
    options = {n: MODEL.run_option(study, study.option(n)) for n in names}
    figures = {n: o.number(metric) for n, o in options.items()}
    if is_total(metric):
        shares = np.array([[_number(o.number(SHARE))] for o in options.values()])
        held = np.array([[_number(f)] for f in figures.values()])
        if not _comparable(metric, unmet_is_priced(study), shares, held)[0]:
            return ()
    return ahead(figures, metric)


def _priced(study: Study, metric: str, names: tuple[str, ...], axes: tuple[str, str]) -> tuple[str, ...]:
    """The options that may be ahead: by a cost, those whose prices are given or on an axis."""
    if "money" not in MODEL.lines[metric].unit:
        return names
    found = tuple(name for name in names if set(missing_prices(study, study.option(name))) <= set(axes))
    if not found:
        raise StudyError([Problem(metric, None, "is a cost, and every option lacks a price: give the prices first")])
    return found


def _number(figure: float | None) -> float:
    return math.nan if figure is None else figure


def _check_sizing(study: Study, metric: str, names: Sequence[str]) -> None:
    if is_total(metric) and len({study.option(n).sizing for n in names} - {""}) > 1:
        message = "is a total, and some options have fixed systems while others are sized for the demand"
        raise StudyError([Problem(metric, None, f"{message}: map a unit cost, such as {RANKED_BY}")])


# ----------------------------------------------------------------------------------------------------------------- axes


def _varied(study: Study, path: str, span: tuple[float, float] | None, together: bool) -> Variation:
    if span is not None:
        return variation(study, path, *span, together=together)
    held = study.input(path)
    found = input_range(held.value, held.entry, study)
    if found is None or found.low is None or found.high is None:
        message = "has neither an entered nor a typical range: give a low and a high"
        raise StudyError([Problem(path, held.value.value, message)])
    return variation(study, path, found.low, found.high, together=together)


def _axis(varied: Variation, points: int) -> Axis:
    """The axis of one input, with evenly spaced values (whole ones where only they make sense)."""
    row = varied.study.input(varied.path).place.row
    values = np.linspace(varied.low, varied.high, points)
    if varied.whole:
        low, high = math.ceil(varied.low), math.floor(varied.high)
        values = np.unique(np.round(np.linspace(low, high, min(points, high - low + 1))))
    label, unit = input_label(row, varied.field), input_unit(row, varied.field)
    return Axis(varied.path, label, unit, varied.base, tuple(float(v) for v in values), varied.whole)


# ----------------------------------------------------------------------------------------------------------------- grid


@dataclass(frozen=True)
class _Points:
    """Every option's figure (option, point), who wins at each point, and whether others tie with it."""

    figures: Array
    winner: Numbers
    tied: Flags


@dataclass(frozen=True)
class _Grid:
    """The study, the result, the options that compete, and the two inputs that vary."""

    study: Study
    metric: str
    options: tuple[str, ...]
    varied: tuple[Variation, ...]

    def check_corners(self, x: Axis, y: Axis) -> None:
        """Raises StudyError where a corner is no valid study: what is refused inside is refused at a corner."""
        for right in (x.values[0], x.values[-1]):
            for top in (y.values[0], y.values[-1]):
                ends = zip(self.varied, (x, y), (right, top), strict=True)
                changes = {p: int(end) if a.whole else end for v, a, end in ends for p in (v.path, *v.also)}
                replace_all(self.study, changes)

    def evaluate(self, xs: Array, ys: Array) -> _Points:
        """Every option at every one of the points (xs[i], ys[i])."""
        total = is_total(self.metric)
        wanted = [self.metric, SHARE] if total else [self.metric]
        found = [self._figures(name, (xs, ys), wanted) for name in self.options]
        figures = np.array([np.broadcast_to(each[self.metric], xs.shape) for each in found])
        winner, tied = _winners(figures, self.metric)
        if total:
            served = np.array([np.broadcast_to(each[SHARE], xs.shape) for each in found])
            priced = unmet_is_priced(self.study) or "study/interim_price" in self._paths
            stands = _comparable(self.metric, priced, served, figures)
            winner = np.where((winner != NO_FIGURE) & ~stands, NOT_COMPARABLE, winner)
        return _Points(figures, winner, tied & (winner >= 0))

    @property
    def _paths(self) -> tuple[str, ...]:
        return tuple(v.path for v in self.varied)

    def _figures(self, option: str, values: Sequence[Array], wanted: Sequence[str]) -> dict[str, Array]:
        """Results of one option at the points; each value that shapes the study is a study of its own."""
        shaping = next((i for i, path in enumerate(self._paths) if path in STRUCTURAL), None)
        if shaping is None:
            return self._drawn(option, values, wanted)
        out = {n: np.empty(len(values[0])) for n in wanted}
        for value in np.unique(values[shaping]):
            at = values[shaping] == value
            study = replace_all(self.study, {self._paths[shaping]: round(float(value))})
            inner = replace(self, study=study, varied=(*self.varied[:shaping], *self.varied[shaping + 1 :]))
            others = [v[at] for i, v in enumerate(values) if i != shaping]
            for name, part in inner._figures(option, others, wanted).items():
                out[name][at] = part
        return out

    def _drawn(self, option: str, values: Sequence[Array], wanted: Sequence[str]) -> dict[str, Array]:
        """Results of one option with the inputs that touch it drawn; a single figure each where none does."""
        found = self.study.option(option)
        draws: dict[str, Array] = {}
        for varied, held in zip(self.varied, values, strict=True):
            path = varied.path_in(option)
            if path is None:
                continue
            name, row = engine_input(self.study, option, path)
            if row is None:
                draws[name] = held
            else:
                draws.setdefault(name, self._rows(option, name, len(held)))[row] = held
        if not draws:
            run = MODEL.run_option(self.study, found)
            return {n: np.array(_number(run.number(n))) for n in wanted}
        return run_draws(self.study, found, draws, wanted)

    def _rows(self, option: str, name: str, count: int) -> Array:
        held = np.asarray(gather(self.study, self.study.option(option)).values[name], dtype=float)
        return np.repeat(held[:, None], count, axis=1)


def _winners(figures: Array, metric: str) -> tuple[Numbers, Flags]:
    """Who is ahead at each point of (option, point), the first of a tie, or the code for no figure; and the ties."""
    known = np.isfinite(figures)
    cost = np.where(known, sign(metric) * figures, np.inf)
    best = cost.min(axis=0)
    with np.errstate(invalid="ignore"):
        near = known & (cost - best <= TIE * np.maximum(np.abs(cost), np.abs(best)))
    return np.where(known.any(axis=0), near.argmax(axis=0), NO_FIGURE), near.sum(axis=0) > 1


def _comparable(metric: str, priced: bool, shares: Array, figures: Array) -> Flags:
    """Where the totals of all options with a figure compare: equal work, or unmet work counted at its price."""
    known = np.isfinite(figures)
    most = np.where(known, shares, -np.inf).max(axis=0)
    least = np.where(known, shares, np.inf).min(axis=0)
    equal = same_work(most, least)
    return equal | (most <= WHOLE_DEMAND) if priced and metric == METRIC else equal


# -------------------------------------------------------------------------------------------------------------- borders


@dataclass(frozen=True)
class _Crossings:
    """Neighbouring points with different winners: from (x, y) to (x, y), and who is ahead at either."""

    start: Array
    end: Array
    before: Numbers
    after: Numbers


def _borders(grid: _Grid, x: Axis, y: Axis, winner: Numbers) -> Iterator[Border]:
    """The borders met going right along each row and up along each column."""
    xs, ys = np.array(x.values), np.array(y.values)
    for axis, upwards in ((x, False), (y, True)):
        found = _crossings(xs, ys, winner, upwards)
        if not len(found.before):
            continue
        if axis.whole:
            yield from (_border(grid, found, i, found.end[i], tie=False) for i in range(len(found.before)))
        else:
            yield from _narrowed(grid, found)


def _border(grid: _Grid, crossings: _Crossings, number: int, point: Array, *, tie: bool) -> Border:
    before, after = grid.options[int(crossings.before[number])], grid.options[int(crossings.after[number])]
    return Border(float(point[0]), float(point[1]), (before, after), tie)


def _crossings(xs: Array, ys: Array, winner: Numbers, upwards: bool) -> _Crossings:
    held = winner.T if upwards else winner
    rows, columns = np.nonzero((held[:, :-1] != held[:, 1:]) & (held[:, :-1] >= 0) & (held[:, 1:] >= 0))
    start, end = (
        np.stack([xs[rows], ys[at]] if upwards else [xs[at], ys[rows]], axis=1) for at in (columns, columns + 1)
    )
    return _Crossings(start, end, held[rows, columns], held[rows, columns + 1])


def _narrowed(grid: _Grid, found: _Crossings) -> Iterator[Border]:
    """Each crossing narrowed to where the first winner ends, told a tie or a step."""
    near = found
    for _ in range(ROUNDS):
        near = _round(grid, near)
    now = near
    for _ in range(PROOF):
        now = _round(grid, now)
    wide, narrow = _gaps(grid, near, now), _gaps(grid, now, now)
    for i, (left, right) in enumerate(narrow):
        tie = abs(left - right) <= STEP_SHARE * abs(wide[i][0] - wide[i][1])
        weight = left / (left - right) if tie and left != right else 0.5
        point = now.start[i] + min(max(weight, 0.0), 1.0) * (now.end[i] - now.start[i])
        yield _border(grid, now, i, point, tie=bool(tie))


def _round(grid: _Grid, now: _Crossings) -> _Crossings:
    """Each crossing in the one of its pieces in which the first winner ends."""
    parts = np.linspace(0.0, 1.0, PIECES + 1)
    points = now.start[:, None, :] + parts[None, :, None] * (now.end - now.start)[:, None, :]
    flat = points.reshape(-1, 2)
    winner = grid.evaluate(flat[:, 0], flat[:, 1]).winner.reshape(len(now.before), PIECES + 1)
    ended = winner != now.before[:, None]
    ended[:, 0], ended[:, -1] = False, True
    first = ended.argmax(axis=1)
    each = np.arange(len(first))
    met = winner[each, first]
    return _Crossings(points[each, first - 1], points[each, first], now.before, np.where(met >= 0, met, now.after))


def _gaps(grid: _Grid, ends: _Crossings, pair: _Crossings) -> Array:
    """The gap between each pair's figures at either end of a crossing: (crossing, end)."""
    each = np.arange(len(pair.before))
    found = []
    for points in (ends.start, ends.end):
        figures = grid.evaluate(points[:, 0], points[:, 1]).figures
        found.append(figures[pair.before, each] - figures[pair.after, each])
    return np.stack(found, axis=1)
