"""Findings: what the analyses found about the two options that a decision is between, and of which run.

For places that keep an analysis beside a study (the workbook): a brief, a bridge, break-evens and a tornado are values
of one run, so whoever shows them must say which, and must not show them beside the figures of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from models.analysis.decision.bridge import Bridge
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.brief import Brief, brief, can_explain, explained, pair, searched
from models.analysis.risk import ends
from models.analysis.risk.simulation import Simulation, simulate
from models.analysis.sensitivity.map import WinMap, win_map
from models.analysis.sensitivity.named_input import subject
from models.analysis.sensitivity.targets import Target
from models.analysis.sensitivity.tornado import Bar, End, Tornado, tornado
from models.analysis.words import named
from models.run.model import OptionResult, Result
from models.studies.file.load import dumps
from models.studies.inputs.paths import address
from models.studies.inputs.problem import StudyError
from models.studies.study import Scenario, Study

RUN_DIGITS = 8
# Values along each side of the grid.
GRID = 5
# How many inputs the workbook moves alone.
LARGEST = 10


@dataclass(frozen=True)
class Findings:
    """What was found about `option` against `against` in the run of the study that `run` marks.

    `reasons` (the bridge) and `tornado` (of the gap in the figure that ranks) are None where they may not be shown:
    there is no cost per response, or totals do not compare. `targets` are the break-evens in the figure that ranks,
    `grid` has the figures of every option over the two inputs of the largest swings, `simulated` how sure it all is,
    `ends` are the cases that the ranges make where the study has none of their names.
    """

    run: str
    option: str
    against: str
    brief: Brief
    reasons: Bridge | None
    targets: tuple[Target, ...]
    tornado: Tornado | None
    grid: WinMap | None
    simulated: Simulation | None
    ends: tuple[Scenario, ...] = ()

    @cached_property
    def largest(self) -> tuple[Bar, ...]:
        """The bars of the largest swings of which both ends are those of the cases that the ranges make."""
        if self.tornado is None or not self.ends:
            return ()
        low, high = (dict(each.changes) for each in self.ends)
        found = (bar for bar in self.tornado.bars if _ends_at(bar, bar.low, low) and _ends_at(bar, bar.high, high))
        return tuple(islice(found, LARGEST))

    def named(self, study: Study, bar: Bar) -> str:
        """The input of a bar with whose it is; both names where it moves in both options."""
        varied, homes = subject(study, bar.path), {address(path).option for path in bar.paths}
        owners = [name for name in (self.option, self.against) if name in homes]
        return f"{varied.label} ({named(owners)})" if len(owners) > 1 else varied.name

    @property
    def sensitive(self) -> bool:
        """Whether any input was searched for a break-even, or moves the gap."""
        return bool(self.targets) or bool(self.tornado and self.tornado.bars)


def run_of(study: Study) -> str:
    """A mark that tells runs apart: the same for the same inputs with the same sources, another for any other."""
    return hashlib.sha256(dumps(study).encode()).hexdigest()[:RUN_DIGITS]


def findings(result: Result) -> Findings | None:
    """What the analyses find about the recommended option against the next best; None for a single option.

    Takes a few seconds.
    """
    names = pair(result)
    if names is None:
        return None
    option, against = (result.options[name] for name in names)
    reasons = explained(option, against) if can_explain(option, against) else None
    targets = searched(option, against)
    made = simulated(result.study)
    written = brief(result, *names, targets=targets, reasons=reasons, simulated=made)
    swings = _tornado(option, against)
    grid = _grid(result.study, swings) if swings else None
    made_cases = ends.unmade(result.study, made.listed.inputs) if made else ()
    return Findings(run_of(result.study), *names, written, reasons, targets, swings, grid, made, made_cases)


def _ends_at(bar: Bar, end: End | None, case: Mapping[str, object]) -> bool:
    """Whether a bar ends where a case has all its places."""
    return end is not None and all(case.get(path) == end.value for path in bar.paths)


def simulated(study: Study) -> Simulation | None:
    """The simulation that a study asks for; None where nothing is uncertain, or its ranges contradict its values."""
    try:
        made = simulate(study)
    except StudyError:
        return None
    return made if made.listed.inputs else None


def _grid(study: Study, swings: Tornado) -> WinMap | None:
    """Every option over the two inputs of the largest swings; None where fewer than two have both ends of a range."""
    axes = [
        (bar.path, (bar.range.low, bar.range.high))
        for bar in swings.bars
        if bar.range.low is not None and bar.range.high is not None
    ]
    if len(axes) < 2:
        return None
    (x, across), (y, up) = axes[:2]
    try:
        return win_map(study, x, y, x_range=across, y_range=up, points=GRID, borders=False, together=True)
    except StudyError:
        return None


def _tornado(option: OptionResult, against: OptionResult) -> Tornado | None:
    """The tornado of the gap in the figure that ranks; None where one of the two has no such figure."""
    try:
        return tornado(option.study, option.name, RANKED_BY, against.name)
    except StudyError:
        return None
