"""Many draws of one option at once: some inputs vary, everything that rests on them is computed for all draws."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.engine.arrays import Array
from models.engine.compute import Program
from models.run.gather import ELSEWHERE, TRIES, Gathered, gather, links, tries
from models.run.model import MODEL
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Option, Row, Study

# Fresh memory, not arithmetic, is the limit: a chunk's arrays should stay in the caches. A line by the hour has 48
# figures for each year and draw, so that fewer draws make a chunk.
CHUNK, CHUNK_BYTES, FEWEST = 10_000, 3_200_000, 100


def run_draws(
    study: Study,
    option: Option,
    draws: Mapping[str, Array],
    wanted: Sequence[str],
    workers: int = 2,
    elsewhere: Mapping[str, Mapping[str, Array]] | None = None,
) -> dict[str, Array]:
    """The wanted lines without rows for every draw: arrays indexed (draw) or (draw, year), nan for no figure.

    ``draws`` gives inputs by engine name (``option_pue``, ``workload_success_rate``): one figure a draw, or for inputs
    by row an array (row, draw), by year an array (year, draw). ``elsewhere`` gives those of every option by name: where
    this one's work goes to one of them, its prices vary with it. Memory is bounded by chunks.
    Raises ValueError for an unknown input or line, an input that shapes the study or is a text, and wrong lengths.
    """
    return Drawn(study, option, draws, wanted, elsewhere)(draws, workers)


class Drawn:
    """The wanted lines of an option, ready to be computed for draws of some inputs as often as asked.

    Only the lines that these inputs move are computed for each draw; the others once. Raises as `run_draws`.
    """

    def __init__(
        self,
        study: Study,
        option: Option,
        varied: Collection[str],
        wanted: Sequence[str],
        elsewhere: Mapping[str, Mapping[str, Array]] | None = None,
    ) -> None:
        self.wanted = wanted
        _check_varied(varied)
        _check_wanted(wanted)
        self.linked = tuple(_linked(study, option, varied, elsewhere or {}))
        flags = [known for n in wanted if (known := MODEL.lines[n].known)]
        moving = {*varied, *(name for each in self.linked for name in each.names.values())}
        self.moving = _moving(study, option, MODEL.gather(study, option), [*wanted, *flags], moving)
        self.sizes = self.moving.sizes

    def __call__(self, draws: Mapping[str, Array], workers: int = 2) -> dict[str, Array]:
        """The wanted lines under draws of the inputs that vary."""
        count = _count(draws, self.sizes)
        chunks = list(_chunks(count, chunk_of(self.sizes)))
        if len(chunks) == 1:  # starting threads would take longer than the figures
            return self._chunk(draws, chunks[0])
        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(lambda at: self._chunk(draws, at), chunks))
        return {n: np.concatenate([p[n] for p in parts]) for n in self.wanted}

    def _chunk(self, draws: Mapping[str, Array], at: slice) -> dict[str, Array]:
        varied: dict[str, Any] = {n: _varied(n, np.asarray(v, dtype=float)[..., at]) for n, v in draws.items()}
        with np.errstate(all="ignore"):
            for each in self.linked:  # what all options share varies in those that take this one's work, too
                varied |= each.prices(varied, at)
            values = self.moving.lines(varied)
        return {n: _by_draw(values, at.stop - at.start, n) for n in self.wanted}


@dataclass(frozen=True)
class _Moving:
    """The lines that move with some inputs, and what holds still: other inputs, and the lines that rest on those."""

    study: Study
    option: Option
    still: Mapping[str, Any]
    sizes: Mapping[str, int]
    program: Program

    def lines(self, varied: Mapping[str, Any]) -> Mapping[str, Any]:
        """Every line and input under one choice of the inputs that vary."""
        given = {**self.still, **varied, **_followers(self.still, varied)}
        if not LIMITS.isdisjoint(varied):
            given |= _tried(self.study, self.option, given)
        return {**given, **self.program(given, self.sizes)}


def _moving(
    study: Study, option: Option, gathered: Gathered, wanted: Sequence[str], varied: Collection[str]
) -> _Moving:
    plan = MODEL.plan
    base = {name: as_array(name, value) for name, value in gathered.values.items()}
    followers = ["mix_success_rate"] if "workload_success_rate" in varied else []
    followers += TRIES if not LIMITS.isdisjoint(varied) else ()
    moved = plan.moved([*varied, *followers]) & {name for group in plan.needed(wanted) for name in group}
    read = {*wanted, *(plan.read(moved) & plan.lines.keys())}
    with np.errstate(all="ignore"):
        still = MODEL.program(read - moved, arrays=True)(base, gathered.sizes)
    return _Moving(study, option, {**base, **still}, gathered.sizes, MODEL.program(wanted, arrays=True, moved=moved))


def _check_varied(varied: Iterable[str]) -> None:
    for name in varied:
        each = MODEL.plan.inputs.get(name)
        if each is None:
            raise ValueError(f"{name} is no input of the model{did_you_mean(name, MODEL.plan.inputs)}")
        if each.text or name == "study_horizon_years" or (each.shape.column and not name.endswith(LISTED)):
            raise ValueError(
                f"{name} shapes the study, so it cannot vary by draw; run a study of its own for each value"
            )


def _count(draws: Mapping[str, Array], sizes: Mapping[str, int]) -> int:
    for name, values in draws.items():
        each = MODEL.plan.inputs[name]
        along = each.shape.row or each.shape.column
        rows = () if along is None else (sizes[along],)
        if np.shape(values)[:-1] != rows or not np.ndim(values):
            wanted = "one figure a draw" if not rows else f"an array of {rows[0]} {along}s by draws"
            raise ValueError(f"{name} needs {wanted}, not the shape {np.shape(values)}")
    counts = {np.shape(v)[-1] for v in draws.values()}
    if len(counts) != 1 or counts == {0}:
        raise ValueError(f"every input needs the same number of draws, at least one; found {sorted(counts)}")
    return counts.pop()


def _check_wanted(wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in MODEL.lines:
            raise ValueError(f"there is no line {name}{did_you_mean(name, MODEL.lines)}")
        if MODEL.lines[name].unit == "text":
            raise ValueError(
                f"{name} is a text; read the code it is chosen by, {' '.join(MODEL.lines[name].parameters)}"
            )
        if MODEL.lines[name].shape.row:
            raise ValueError(f"{name} goes by {MODEL.lines[name].shape.row}; name a line without rows")


def chunk_of(sizes: Mapping[str, int]) -> int:
    """How many draws are computed at once, by the bytes of the largest line."""
    rows = max(size for dimension, size in sizes.items() if dimension != "year")
    figures = max(1, rows) * sizes["year"]
    return max(FEWEST, min(CHUNK, CHUNK_BYTES // (8 * figures)))


def _chunks(count: int, size: int) -> Iterator[slice]:
    return (slice(at, min(at + size, count)) for at in range(0, count, size))


# How the inputs are named that hold a price of every year: the only ones by year that may vary.
LISTED = "_path"
# The tables whose inputs all options share.
SHARED = ("study_", "workload_")


@dataclass(frozen=True)
class _Linked:
    """Another option whose figures this one takes: what of its inputs varies, its lines, and their names here."""

    own: Mapping[str, Array]
    shared: frozenset[str]
    moving: _Moving
    names: Mapping[str, str]

    def prices(self, varied: Mapping[str, Any], at: slice) -> dict[str, Any]:
        """Its figures under the draws of its own and of what all options share."""
        moved = {name: varied[name] for name in self.shared}
        moved |= {name: _varied(name, values[..., at]) for name, values in self.own.items()}
        values = self.moving.lines(moved)
        return {own: values[line] for line, own in self.names.items()}


def _linked(
    study: Study, option: Option, varied: Collection[str], elsewhere: Mapping[str, Mapping[str, Array]]
) -> Iterator[_Linked]:
    """The options whose figures this one takes, of those in which anything varies."""
    shared = frozenset(name for name in varied if name.startswith(SHARED))
    for link, name in links(study, option).items():
        names = {line: each.name for to, line, each in ELSEWHERE if to == link}
        own = {each: np.asarray(values, dtype=float) for each, values in elsewhere.get(name, {}).items()}
        if shared or own:
            other = study.option(name)
            moving = _moving(study, other, gather(study, other), list(names), shared | own.keys())
            yield _Linked(own, shared, moving, names)


def _followers(base: Mapping[str, Any], varied: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs that are gathered from one that varies: what a workload says of its success, without the option's rates.

    Where a workload's rate does not vary its own stands, which of a list is the last.
    """
    rates = varied.get("workload_success_rate")
    if rates is None:
        return {}
    moved = rates != base["workload_success_rate"]
    return {"mix_success_rate": np.where(moved, rates, base["mix_success_rate"])}


# How many tries there are at most, by the option and by the workload: how many of a list of chances count.
LIMITS = {"serving_max_attempts", "workload_max_attempts"}


def _tried(study: Study, option: Option, given: Mapping[str, Any]) -> dict[str, Array]:
    """What is gathered from a list of tries, under drawn limits: each limit is gathered once, as a study of its own."""
    found = {name: np.asarray(given[name]) for name in TRIES}
    for at, workload in enumerate(study.workloads):
        serving = option.serving_for(workload.text("name")) or Row("serving")
        most = max(len(row.listed("success_rate") or ()) for row in (workload, serving))
        if most < 2:
            continue
        limits = np.broadcast_arrays(
            *(given[name][at, 0] for name in ("serving_max_attempts", "workload_max_attempts"))
        )
        # Beyond the list no limit counts; what is no number is no limit and is told apart by a mark of its own.
        kinds, of = np.unique(np.nan_to_num(np.minimum(limits, most), nan=-1.0), axis=1, return_inverse=True)
        figures = np.array([tries(workload, serving, *np.where(pair < 0, np.nan, pair)) for pair in kinds.T])
        for name, values in zip(TRIES, figures.T[:, of.ravel()], strict=True):
            shape = (*found[name].shape[:2], max(found[name].shape[2], len(values)))
            found[name] = np.broadcast_to(found[name], shape).copy()
            found[name][at, 0] = values
    return found


def as_array(name: str, value: Any) -> Any:
    """The values of an input as arrays read them: by row, column and draw, 1 where it does not vary; a text as is."""
    if isinstance(value, str):
        return value
    array, shape = np.asarray(value), MODEL.plan.inputs[name].shape
    rows = array.shape[:1] if shape.row else (1,)
    columns = array.shape[-1:] if shape.column else (1,)
    return array.reshape(*rows, *columns, 1)


def _varied(name: str, values: Array) -> Array:
    """The draws of an input as arrays read them: by row, column and draw."""
    if values.ndim == 1:
        return values.reshape(1, 1, -1)
    return values[None] if MODEL.plan.inputs[name].shape.column else values[:, None, :]


def _by_draw(values: Mapping[str, Array], count: int, name: str) -> Array:
    line = MODEL.lines[name]
    value = np.asarray(values[name])
    value = value if value.ndim == 3 else value.reshape(1, 1, 1)
    figures = np.broadcast_to(value, (*value.shape[:2], count))
    if line.known:
        figures = np.where(values[line.known] != 0, figures, np.nan)
    years = figures[0].T
    return years if line.shape.column else years[:, 0]
