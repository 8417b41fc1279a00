"""The charts that a study alone decides, by the names that the command line knows them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from charts import capacity, costs
from charts.vocabulary import Chart
from models.analysis.claims.quoted import ladder
from models.analysis.decision.decision import recommendation
from models.analysis.decision.side_by_side import footing
from models.analysis.levers import base_load
from models.analysis.metrics.coverage import by_confidence
from models.run.model import MODEL, OptionResult, Result
from models.studies.inputs.problem import StudyError
from models.studies.study import Study


@dataclass(frozen=True)
class OfOption:
    """A chart of one option, None where it has nothing to show."""

    drawn: Callable[[OptionResult], Chart | None]


@dataclass(frozen=True)
class OfStudy:
    """A chart of all options side by side, None where there is nothing to show."""

    drawn: Callable[[Result], Chart | None]


def _quote(option: OptionResult) -> Chart | None:
    found = ladder(option)
    return costs.ladder(option, found) if found else None


def _evidence(result: Result) -> Chart | None:
    shares = {name: found for name, option in result.options.items() if (found := by_confidence(option))}
    return costs.confidence(shares) if shares else None


def _totals(drawn: Callable[[Result, tuple[str, ...]], Chart]) -> Callable[[Result], Chart | None]:
    """A chart of totals, of the options whose totals compare; None of fewer than two."""

    def of_comparable(result: Result) -> Chart | None:
        names = tuple(footing(result).comparable)
        return drawn(result, names) if len(names) > 1 else None

    return of_comparable


def _base_and_peaks(option: OptionResult) -> Chart | None:
    try:
        curve = base_load.least(option.study, option.option)
    except StudyError:  # no fleet sized for the demand, or no API that could take the rest
        return None
    return capacity.base_and_peaks(curve, option.study.currency)


def chart(study: Study, name: str, option: str | None = None) -> Chart | None:
    """The chart of this name, a key of `CHARTS`; None where it has nothing to show.

    A chart of one option is of the recommended one unless another is named. Raises StudyError for an option that is
    not in the study.
    """
    which = CHARTS[name]
    if isinstance(which, OfStudy):
        return which.drawn(MODEL.run(study))
    if option is None:
        result = MODEL.run(study)
        return which.drawn(result.options[recommendation(result).winner or study.options[0].name])
    return which.drawn(MODEL.run_option(study, study.option(option)))


CHARTS: Mapping[str, OfOption | OfStudy] = {
    "cost": OfOption(costs.cost_tree),
    "cash": OfOption(costs.cash),
    "quote": OfOption(_quote),
    "workloads": OfOption(costs.by_workload),
    "reading-writing": OfOption(costs.reading_and_writing),
    "time": OfOption(capacity.time_use),
    "energy": OfOption(capacity.energy),
    "base-and-peaks": OfOption(_base_and_peaks),
    "options": OfStudy(costs.per_response),
    "present-value": OfStudy(_totals(costs.present_value)),
    "paid": OfStudy(_totals(costs.paid_by)),
    "evidence": OfStudy(_evidence),
}
