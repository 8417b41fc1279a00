"""A measurement put into a study: for which options and workloads, from which files, and what it changes there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from importers.measuring import change, sweeps
from importers.measuring.change import Measured
from importers.measuring.sweeps import Chosen
from importers.records.record import Record
from models.analysis.measured.operating_point import Targets
from models.analysis.measured.rates import Lengths, Rates
from models.analysis.words import listing
from models.notation import writer
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.spelling import did_you_mean
from models.studies.study import Row, Study

FOR = "--for"


@dataclass(frozen=True)
class Aim:
    """An option and a workload that a measurement is for, and the pattern of the names of its files."""

    option: str
    workload: str
    pattern: str = "*"


@dataclass(frozen=True)
class Applied:
    """What was measured for an aim, and the inputs that it sets, by path."""

    aim: Aim
    measured: Measured
    changes: dict[str, Any]
    notes: tuple[str, ...]


def aims(study: Study, said: Sequence[str]) -> list[Aim]:
    """What "OPTION", "OPTION/WORKLOAD" and "OPTION/WORKLOAD=PATTERN" mean; without a word the one option with hardware.

    An option alone stands for each of its workloads. Raises StudyError for names that the study does not have, and
    where nothing is said and several options have hardware.
    """
    hardware = [option.name for option in study.options if option.acquisition != "api"]
    if not said:
        if len(hardware) != 1:
            told = f"the study has {len(hardware)} options with hardware ({listing(hardware)}): say which, {FOR} OPTION"
            raise StudyError([Problem(FOR, None, told)])
        said = hardware
    return [aim for each in said for aim in _aims(study, each, hardware)]


def _aims(study: Study, said: str, hardware: Sequence[str]) -> Iterator[Aim]:
    names, _, pattern = said.partition("=")
    workloads = [row.text("name") for row in study.workloads]
    # A name may hold a slash: the longest option that begins the words is meant.
    option = max((name for name in hardware if names == name or names.startswith(f"{name}/")), key=len, default=None)
    if option is None:
        first = names.partition("/")[0]
        told = f"is no option with hardware of this study{did_you_mean(first, hardware)}"
        raise StudyError([Problem(FOR, first, told)])
    workload = names.removeprefix(option).removeprefix("/")
    if workload and workload not in workloads:
        raise StudyError([Problem(FOR, workload, f"is no workload of this study{did_you_mean(workload, workloads)}")])
    yield from (Aim(option, name, pattern or "*") for name in ([workload] if workload else workloads))


def applied(
    study: Study,
    aim: Aim,
    records: Sequence[Record],
    targets: Targets | None,
    statistic: str | None = None,
    *,
    takes_miss: bool = False,
) -> Applied:
    """What the runs set for an aim; the targets and the statistic are the serving row's and the files' unless given.

    Raises StudyError where the files are of several systems, none meets the targets, or the two speeds miss a shape by
    more than may be taken without saying so.
    """
    serving = study.option(aim.option).serving_for(aim.workload) or Row("serving")
    named = [each for each in records if fnmatch(each.source, aim.pattern)]
    chosen = [each for each in named if each.accelerators is not None]
    where = f"{aim.option}/{aim.workload}"
    if not chosen:
        files = ", ".join(dict.fromkeys(each.source for each in records))
        unnamed = (
            f'no file is named "{aim.pattern}"; a pattern is of the whole name, as "*{aim.pattern}*": there are {files}'
        )
        told = "no run says how many accelerators served (--accelerators N)" if named else unnamed
        raise StudyError([Problem(FOR, where, told)])
    limits = targets or _own_targets(serving)
    taken = statistic or sweeps.statistics(chosen)[1]
    lengths = sweeps.lengths_of(study.workload(aim.workload), serving)
    usable = _usable([sweeps.chosen(sweep, limits) for sweep in sweeps.found(chosen, taken)], where, lengths)
    rates, notes = _rates(usable, lengths, where, takes_miss)
    levels = [level for each in sweeps.used(usable, rates) if (level := each.level) is not None]
    measured = Measured(levels, rates, limits, taken)
    wanted = change.changes(study, aim.option, aim.workload, measured, None)
    wanted |= change.targets_changed(study, aim.option, aim.workload, limits)
    return Applied(aim, measured, wanted, (*notes, *rates.warnings))


def _own_targets(serving: Row) -> Targets:
    found = (serving[name].value for name in ("ttft_target_ms", "tpot_target_ms"))
    ttft, tpot = (float(each) if isinstance(each, (int, float)) and each > 0 else None for each in found)
    return Targets(ttft, tpot)


def _usable(chosen: Sequence[Chosen], where: str, lengths: Lengths | None) -> list[Chosen]:
    """The sweeps with an operating point, the shape nearest the workload first; all must be of one system."""
    usable = [each for each in chosen if each.found]
    if not usable:
        told = "; ".join(f"{each.sweep.name}: {each.refused}" for each in chosen[:3])
        raise StudyError([Problem(FOR, where, f"has no operating point: {told}")])
    if not all(sweeps.same_system(each.sweep.first, usable[0].sweep.first) for each in usable):
        systems = listing(list(dict.fromkeys(sweeps.system(each.sweep.first) for each in usable)))
        told = f"the files are of several systems ({systems}): say which, {FOR} OPTION/WORKLOAD=PATTERN of their names"
        raise StudyError([Problem(FOR, where, told)])
    return sorted(usable, key=lambda each: _distance(each.sweep.first, lengths))


def _distance(record: Record, lengths: Lengths | None) -> float:
    """How far a shape is from the workload's own, in powers of e of its two lengths."""
    read, written = record.input_tokens_mean, record.output_tokens_mean
    if lengths is None or not read or not written:
        return math.inf
    return abs(math.log(read / lengths.input_tokens)) + abs(math.log(written / lengths.output_tokens))


def _rates(
    usable: Sequence[Chosen], lengths: Lengths | None, where: str, takes_miss: bool
) -> tuple[Rates, tuple[str, ...]]:
    """The speeds from all shapes, else from the nearest alone; with what must be said of that."""
    found, notes = sweeps.fit(usable, lengths), ()
    if isinstance(found, str) and len(usable) > 1:
        notes = (f"all shapes together give no two speeds ({found}); the nearest alone: {usable[0].sweep.name}",)
        found = sweeps.fit(usable[:1], lengths)
    if isinstance(found, str):
        raise StudyError([Problem(FOR, where, found)])
    if not found.holds and not takes_miss:
        miss = writer.share(found.largest_miss)
        told = f"the two speeds miss a shape by {miss}: give files nearer the workload, or add --take-miss"
        raise StudyError([Problem(FOR, where, told)])
    return found, notes
