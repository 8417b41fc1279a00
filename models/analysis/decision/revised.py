"""What the changes of a study did to its headline: from the figure of one version to that of another, in bars.

The headline is the figure that ranks of the option that is recommended. Where another one is recommended since, that is
a bar of its own, so that the others tell what the changes did to one and the same option.
"""

from __future__ import annotations

import dataclasses
import math

from models.analysis.decision.bridge import Bar, Bridge, bridge, by_tree
from models.analysis.decision.decision import contenders
from models.analysis.metrics.measures import RANKED_BY, gap
from models.run.model import OptionResult, Result
from models.studies.inputs.problem import StudyError

CHOICE = "choice"


def revised(now: Result, then: Result) -> Bridge | None:
    """The bridge from the headline of one version to that of another, in bars that add up; None where one of them
    recommends nothing, or they count in different money.

    Where the option is got in another way since, or the two cannot be mixed, the figure is its present value of cost
    and the bars are kinds of cost.
    """
    old, new = _chosen(then), _chosen(now)
    if old is None or new is None or now.study.currency != then.study.currency:
        return None
    if old.name in now.options:  # the option of before, as it is now; then the change of the recommendation
        found = _explained(now.options[old.name], old)
        step = _choice(found.metric, new, now.options[old.name])
    elif new.name in then.options:
        found = _explained(new, then.options[new.name])
        step = _choice(found.metric, then.options[new.name], old)
    else:
        return Bridge(new.name, old.name, RANKED_BY, _figure(old), _figure(new), (_choice(RANKED_BY, new, old),), False)
    bars = tuple(bar for bar in (*found.bars, step) if bar.amount)
    ends = old.values[found.metric], new.values[found.metric]
    return dataclasses.replace(found, option=new.name, against=old.name, start=ends[0], end=ends[1], bars=bars)


def _chosen(result: Result) -> OptionResult | None:
    best = contenders(result)[0]
    return None if best is None else result.options[best.name]


def _figure(option: OptionResult) -> float:
    return float(option.values[RANKED_BY])


def _explained(option: OptionResult, against: OptionResult) -> Bridge:
    """The bridge by inputs where it leads to the option as it is; where the two do not mix, by kinds of cost."""
    try:
        found = bridge(option, against, RANKED_BY)
    except StudyError:
        return by_tree(option, against)
    leads = math.isclose(found.end, option.values[found.metric], rel_tol=1e-9)
    return found if leads else by_tree(option, against)


def _choice(metric: str, new: OptionResult, old: OptionResult) -> Bar:
    return Bar(CHOICE, f"{new.name} instead of {old.name}", gap(new.values[metric], old.values[metric]))
