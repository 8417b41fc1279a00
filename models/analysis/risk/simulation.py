"""A simulation of a study: every option under the same draws of its uncertain inputs, and what each costs then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.analysis.decision.decision import basis, ranking
from models.analysis.metrics.measures import METRIC, RANKED_BY, UNDISCOUNTED
from models.analysis.metrics.same_work import WHOLE_DEMAND, same_work
from models.analysis.risk import sampling
from models.analysis.risk.inputs import Listed, correlated, uncertain_inputs
from models.analysis.sensitivity.vary import engine_input
from models.engine.arrays import Array
from models.notation import writer
from models.run.draws import run_draws
from models.run.gather import gather
from models.run.model import MODEL, Result
from models.studies import rules
from models.studies.inputs import schema
from models.studies.inputs.paths import address, joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import is_number
from models.studies.study import Study

Flags = NDArray[np.bool_]
# The results that are simulated, the one that ranks first.
METRICS = (RANKED_BY, UNDISCOUNTED, "lifetime_cost_per_million_output_tokens", "pv_cost", METRIC)
SERVED, RESPONSES = "served_share", "pv_all_responses"
WANTED = (*METRICS, SERVED, RESPONSES)
# Draws computed in one go between two reports of progress.
SLICE = 2_500
# A draw that the study's rules refuse is drawn again, at most so often, before the ranges are called impossible.
MOST_REDRAWN = 50
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Simulation:
    """The draws of a study's uncertain inputs and the results of every option in each of them.

    ``figures`` are by option and line, one figure a draw, nan where there is none. ``values`` (input, draw) are those
    of the first block of draws, which is what drivers and the worth of information are found from. ``competing`` are
    the options of which one may be chosen, ``notices`` what a reader must know.
    """

    study: Study
    draws: int
    seed: int
    listed: Listed
    values: Array
    figures: Mapping[str, Mapping[str, Array]]
    competing: tuple[str, ...]
    base: Result
    correlated: bool
    notices: tuple[str, ...]

    @cached_property
    def costs(self) -> Mapping[str, Array]:
        """What each competing option costs for the same responses in each draw, in present value.

        That is its cost per response, by which options are ranked, times the responses of the option that the others
        are held against. Where all accept the same share it is the present value of cost, fallback included.
        """
        responses = self.figures[basis(self.base).name][RESPONSES]
        return {name: self.figures[name][RANKED_BY] * responses for name in self.competing}

    @cached_property
    def planned(self) -> Mapping[str, float]:
        """What each competing option costs for the same responses in the study as it stands."""
        responses = basis(self.base).values[RESPONSES]
        figures = {name: self.base.options[name].number(RANKED_BY) for name in self.competing}
        return {name: figure * responses for name, figure in figures.items() if figure is not None}

    @cached_property
    def stands(self) -> Mapping[str, Flags]:
        """In which draws each competing option does the work that the others do, so that it may be the cheapest."""
        return _stands(self)

    @cached_property
    def blocked(self) -> slice:
        """The draws of the first block, for which ``values`` are kept."""
        return slice(0, self.values.shape[1])


def simulate(
    study: Study,
    draws: int | None = None,
    seed: int | None = None,
    progress: Progress = lambda done: None,
    *,
    workers: int = 2,
) -> Simulation:
    """Simulate a study: as many draws and the seed that it states, unless others are given.

    ``progress`` is told the share done, now and then; what it raises ends the simulation. Raises StudyError for a
    number of draws or a seed that is none, a value outside its own range, and correlations of inputs not drawn.
    """
    count, start = _asked(study, "draws", draws), _asked(study, "seed", seed)
    listed = uncertain_inputs(study)
    linked = sampling.correlations(list(correlated(study, listed)))
    base = MODEL.run(study)
    joint = _joint(study, listed)
    parts: dict[str, dict[str, list[Array]]] = {name: {n: [] for n in WANTED} for name in base.options}
    first = np.empty((len(listed.inputs), 0))
    redrawn = 0
    for number, size in enumerate(sampling.block_sizes(count)):
        values, again = _allowed(listed, size, start, number, linked, joint)
        redrawn += again
        first = first if number else values
        for at in _slices(size):
            for name, found in _results(study, listed, base, values[:, at], workers).items():
                for line, figures in found.items():
                    parts[name][line].append(figures)
            progress((number * sampling.BLOCK + at.stop) / count)
    figures = {name: {line: np.concatenate(p) for line, p in lines.items()} for name, lines in parts.items()}
    competing = tuple(each.name for each in ranking(base) if each.qualifies)
    made = Simulation(study, count, start, listed, first, figures, competing, base, bool(linked.columns), ())
    notices = (*sampling.repairs(listed.inputs, linked), *_redrawn(redrawn, count), *_of_results(made))
    return Simulation(study, count, start, listed, first, figures, competing, base, bool(linked.columns), notices)


def _asked(study: Study, name: str, given: int | None) -> int:
    """The number given, else the study's. Raises StudyError for one that cannot be."""
    entry = schema.field("risk", name)
    found = study.risk[name].value if given is None else given
    least, most = int(entry.minimum or 0), int(entry.maximum or 0)
    if not is_number(found) or not least <= found <= most:
        more = "; more go through sweep, in parts" if name == "draws" and is_number(found) and found > most else ""
        said = f"must be a whole number from {least} to {writer.count(most)}{more}"
        raise StudyError([Problem(joined("risk", name), found, said)])
    return int(found)


def _slices(count: int) -> Iterator[slice]:
    return (slice(at, min(at + SLICE, count)) for at in range(0, count, SLICE))


# ------------------------------------------------------------------------------------------------------ draws allowed


def _joint(study: Study, listed: Listed) -> list[rules.Limit]:
    """The limits of a study that two draws can break together, each allowed alone."""
    drawn = {path for each in listed.inputs for path in each.paths}
    return [each for each in rules.limits(study) if drawn & {path for path, _ in (*each.parts, each.most)}]


def _broken(limit: rules.Limit, listed: Listed, values: Array) -> Flags:
    """In which draws (input, draw) a limit is broken."""
    where = {path: number for number, each in enumerate(listed.inputs) for path in each.paths}
    total, most = (
        sum(values[where[path]] if path in where else number for path, number in parts)
        for parts in (limit.parts, (limit.most,))
    )
    return np.asarray(rules.beyond(total, most))


def _allowed(
    listed: Listed, size: int, seed: int, block: int, linked: sampling.Correlations, joint: Sequence[rules.Limit]
) -> tuple[Array, int]:
    """The values (input, draw) of a block, those draws replaced by further ones that the rules refuse; and how many."""
    inputs = listed.inputs
    values = sampling.values(inputs, sampling.shares(size, len(inputs), seed, block, linked))
    redrawn = 0
    for extra in range(1, MOST_REDRAWN + 1):
        refused = np.zeros(size, dtype=bool)
        for limit in joint:
            refused |= _broken(limit, listed, values)
        if not refused.any():
            return values, redrawn
        redrawn += int(refused.sum()) if extra == 1 else 0
        further = sampling.values(inputs, sampling.shares(size, len(inputs), seed, block, linked, extra))
        values[:, refused] = further[:, refused]
    message = "two inputs contradict each other in most draws (idle power above full power, or shares above 1 together)"
    raise StudyError([Problem("risk", None, f"{message}: narrow their ranges")])


# ------------------------------------------------------------------------------------------------------------- results


def _results(study: Study, listed: Listed, base: Result, values: Array, workers: int) -> dict[str, dict[str, Array]]:
    """The wanted lines of every option at draws of the inputs (input, draw)."""
    count = values.shape[1]
    draws = {option.name: _engine_draws(study, listed, option.name, values) for option in study.options}
    elsewhere = {name: _of_options(own) for name, own in draws.items()}
    found: dict[str, dict[str, Array]] = {}
    for option in study.options:
        own = draws[option.name]
        if own or any(elsewhere.values()):
            moved = own or _unmoved(study, option.name, count)
            found[option.name] = run_draws(study, option, moved, WANTED, workers=workers, elsewhere=elsewhere)
        else:
            held = {line: base.options[option.name].number(line) for line in WANTED}
            found[option.name] = {line: np.full(count, np.nan if each is None else each) for line, each in held.items()}
    return found


def _of_options(draws: Mapping[str, Array]) -> dict[str, Array]:
    """Those draws that belong to an option, not to what all share."""
    return {name: values for name, values in draws.items() if not name.startswith(("study_", "workload_"))}


def _unmoved(study: Study, option: str, count: int) -> dict[str, Array]:
    """A draw of something that does not vary, for an option that varies only through another."""
    held = gather(study, study.option(option)).values["study_discount_rate"]
    return {"study_discount_rate": np.full(count, float(held))}


def _engine_draws(study: Study, listed: Listed, option: str, values: Array) -> dict[str, Array]:
    """The draws of the inputs that an option reads, by engine name: one figure a draw, or (row, draw)."""
    held = gather(study, study.option(option)).values
    found: dict[str, Array] = {}
    for number, each in enumerate(listed.inputs):
        for path in each.paths:
            if address(path).option not in ("", option):
                continue
            name, row = engine_input(study, option, path)
            if each.years:
                by_year = f"{name}_path"
                found[by_year] = each.levels(values[number], len(held[by_year]))
                continue
            if row is None:
                found[name] = values[number]
                continue
            if name not in found:
                found[name] = np.repeat(np.asarray(held[name], dtype=float)[:, None], values.shape[1], axis=1)
            found[name][row] = values[number]
    return found


# ----------------------------------------------------------------------------------------------------- what compares


def _stands(made: Simulation) -> dict[str, Flags]:
    fixed = any(made.base.options[name].values["is_fixed"] for name in made.competing)
    served = {name: made.figures[name][SERVED] for name in made.competing}
    known = {name: np.isfinite(made.figures[name][RANKED_BY]) for name in made.competing}
    if fixed or len(made.competing) < 2:
        return known
    most = np.max([np.where(known[name], served[name], -np.inf) for name in made.competing], axis=0)
    priced = bool(made.base.options[made.competing[0]].values["interim_priced"])
    counted = np.full(made.draws, priced) & (most <= WHOLE_DEMAND)
    return {name: known[name] & (counted | same_work(served[name], most)) for name in made.competing}


# ------------------------------------------------------------------------------------------------------------- notices


def _redrawn(count: int, draws: int) -> Iterator[str]:
    if count:
        yield (
            f"{writer.share(count / draws)} of the draws were drawn again, since the study allows no such pair of "
            "values (idle power above full power, or shares above 1 together)."
        )


def _of_results(made: Simulation) -> Iterator[str]:
    for name in made.base.options:
        missing = np.mean(~np.isfinite(made.figures[name][RANKED_BY]))
        if missing:
            share = writer.share(float(missing))
            yield f"“{name}” has no cost per meaningful response in {share} of the draws; they are left out."
    if len(made.base.options) > 1:
        for each in ranking(made.base):
            if each.why_not:
                yield f"“{each.name}” does not compete: {each.why_not}."
    for name, stands in made.stands.items():
        short = float(np.mean(~stands))
        if short:
            yield (
                f"“{name}” leaves work undone that others do in {writer.share(short)} of the draws, where it cannot be "
                "the cheapest. Give unserved requests a fallback price to count them."
            )
