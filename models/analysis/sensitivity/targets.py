"""Targets: the value of an input at which two options tie, how far that is from now, and who wins beyond.

`models.analysis.breakeven` finds where the figures meet; here each stretch between gets the option that is ahead in it.
One input moves at a time; what two options hold alike (an electricity price of the same site) moves in both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.analysis.metrics.measures import RANKED_BY, TIE, sign
from models.analysis.sensitivity.breakeven import SAME_ROOT, Along, BreakEven, of_sides
from models.analysis.sensitivity.named_input import Subject, subject
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.sensitivity.vary import Variation, along, results, variation
from models.engine.arrays import Array
from models.studies.change import with_equipment
from models.studies.inputs.paths import Address, address
from models.studies.inputs.problem import StudyError
from models.studies.rules import unread_inputs
from models.studies.study import Option, Study

# Whose an input is that moves in both options.
BOTH = "both"
# Points of a line that is drawn.
DRAWN = 161
# Nobody keeps or covers anything for longer.
MOST_YEARS = 30.0


@dataclass(frozen=True)
class Crossing:
    """Where the options tie (`tie`, `low` = `high`), or the values beside a step at which the cheaper one changes."""

    low: float
    high: float
    tie: bool

    def value(self, base: float) -> float:
        """The one value that stands for it: of a step the side that is further from `base`."""
        return self.high if self.low >= base else self.low


@dataclass(frozen=True)
class Span:
    """A stretch of values and the option ahead in it; None where both cost the same or one has no figure."""

    low: float
    high: float
    ahead: str | None


@dataclass(frozen=True)
class Target:
    """Where two options tie over one input. `fault` says why there was no search.

    `alike` tells that they cost the same over the whole range, `flat` that the input does not move the gap at all,
    `both` that it moved in both options, since they hold it alike.
    """

    subject: Subject
    option: str
    against: str
    metric: str
    low: float
    high: float
    crossings: tuple[Crossing, ...]
    spans: tuple[Span, ...]
    alike: bool
    flat: bool
    both: bool
    fault: str

    @property
    def nearest(self) -> Crossing | None:
        """The crossing nearest to what the input is now; None without one."""
        return min(self.crossings, key=self._distance, default=None)

    def _distance(self, crossing: Crossing) -> float:
        base = self.subject.base
        return abs(crossing.value(base) - base) if base is not None else crossing.low

    @property
    def value(self) -> float | None:
        """The break-even value nearest to now."""
        nearest, base = self.nearest, self.subject.base
        return None if nearest is None else nearest.value(nearest.low if base is None else base)

    @property
    def reach(self) -> float:
        """How far the nearest break-even is, as a share of what the input is now; endless without one."""
        value, base = self.value, self.subject.base
        if value is None or base is None:
            return math.inf
        return abs(value - base) / abs(base) if base else math.inf if value else 0.0

    @property
    def within_range(self) -> bool:
        """Whether the break-even lies where the input may defensibly be: within its own, or the usual, range."""
        value, bounds = self.value, self.subject.range
        if value is None or bounds is None:
            return False
        return (bounds.low is None or value >= bounds.low) and (bounds.high is None or value <= bounds.high)

    @property
    def rank(self) -> tuple[bool, float]:
        """By what the likeliest break-even comes first: one within the range of its input, then the nearest."""
        return not self.within_range, self.reach

    @property
    def beyond(self) -> str | None:
        """Who is ahead beyond the break-even, seen from now; None without one, or where nobody is."""
        value, nearest = self.value, self.nearest
        if value is None or nearest is None:
            return None
        base = self.subject.base
        upwards = base is None or nearest.low >= base
        position = self.crossings.index(nearest)
        return self.spans[position + 1 if upwards else position].ahead

    @property
    def now(self) -> str | None:
        """Who is ahead now; None in a tie, without a figure, and for a blank."""
        base = self.subject.base
        if base is None:
            return None
        return next((span.ahead for span in self.spans if span.low <= base <= span.high), None)


def target(
    study: Study, path: str, option: str, against: str, metric: str = RANKED_BY, *, together: bool = True
) -> Target:
    """Where `option` and `against` tie in `metric` over the input at `path`, and who is ahead between.

    What both hold alike moves in both, unless `together` is False. A search that cannot be made is no error: its reason
    stands in `fault`. Raises StudyError where the path leads nowhere or an option is unknown.
    """
    study = with_equipment(study, path)
    named = subject(study, path)
    for name in (option, against):
        study.option(name)
    both = together and is_shared(study, path, option, against)
    if both:
        named = replace(named, owner=BOTH)
    try:
        varied = _varied(study, path, both)
        sides = [along(varied, name, metric) for name in (option, against)]
        found = of_sides(varied, sides, metric)
    except StudyError as error:
        reason = "; ".join(dict.fromkeys(problem.message for problem in error.problems))
        return Target(named, option, against, metric, math.nan, math.nan, (), (), False, False, both, reason)
    crossings = tuple(_crossings(found))
    varied = replace(varied, low=found.low, high=found.high)
    spans, flat = _spans(varied, dict(zip((option, against), sides, strict=True)), metric, crossings)
    return Target(named, option, against, metric, found.low, found.high, crossings, spans, found.always, flat, both, "")


def is_shared(study: Study, path: str, option: str, against: str) -> bool:
    """Whether `path` is an input of one of the two that the other holds alike and reads as well."""
    held = {address(p).option: address(p) for p in (path, *alike(study, path))}
    return all(name in held and _reads(study.option(name), held[name]) for name in (option, against))


def _reads(option: Option, at: Address) -> bool:
    return at.table != "option" or at.name not in unread_inputs(option.acquisition)


def _varied(study: Study, path: str, both: bool) -> Variation:
    """The input over the whole range in which it makes sense; years only as far as anybody plans."""
    varied = variation(study, path, together=both)
    if varied.field.unit != "yr" or varied.high <= MOST_YEARS:
        return varied
    return variation(study, path, varied.low, max(MOST_YEARS, varied.base), together=both)


def _crossings(found: BreakEven) -> Iterator[Crossing]:
    """Ties and steps in order, those that rounding told apart as one."""
    ties = [Crossing(root, root, True) for root in found.roots]
    steps = [Crossing(low, high, False) for low, high in found.jumps]
    last: Crossing | None = None
    for crossing in sorted((*ties, *steps), key=lambda each: each.low):
        if last is None or abs(crossing.low - last.low) > SAME_ROOT * max(abs(crossing.low), abs(last.low)):
            yield crossing
            last = crossing


def _spans(
    varied: Variation, sides: Mapping[str, Along], metric: str, crossings: Sequence[Crossing]
) -> tuple[tuple[Span, ...], bool]:
    """Who is ahead between the crossings, and whether the gap is the same at every value looked at."""
    starts = [varied.low, *(c.high for c in crossings)]
    ends = [*(c.low for c in crossings), varied.high]
    middles = [_between(varied, low, high) for low, high in zip(starts, ends, strict=True)]
    looked_at = np.array([*middles, *_probes(varied)])
    (option, ours), (against, theirs) = ((name, side(looked_at)) for name, side in sides.items())
    sizes, gaps = np.maximum(np.abs(ours), np.abs(theirs)), sign(metric) * (ours - theirs)
    spans = []
    for low, high, gap, size in zip(starts, ends, gaps, sizes, strict=False):
        known = math.isfinite(gap) and abs(gap) > TIE * size
        spans.append(Span(low, high, (option if gap < 0 else against) if known else None))
    flat = bool(np.all(np.isfinite(gaps)) and np.ptp(gaps) <= TIE * float(np.max(sizes)))
    return tuple(spans), flat


def _between(varied: Variation, low: float, high: float) -> float:
    return float(math.floor((low + high) / 2)) if varied.whole else (low + high) / 2


def _probes(varied: Variation) -> list[float]:
    """A few values around now and over the whole range, which tell whether the input moves anything."""
    near = [varied.base * factor for factor in (0.5, 0.9, 1.0, 1.1, 2.0)]
    inside = [v for v in (*near, varied.low, varied.high) if varied.low <= v <= varied.high]
    return [float(round(v)) for v in inside] if varied.whole else inside


# ------------------------------------------------------------------------------------------------ along one input


def around(found: Target) -> tuple[float, float]:
    """The stretch of values worth drawing: now, the nearest break-even, the input's range, and room at both ends."""
    base, value, bounds = found.subject.base, found.value, found.subject.range
    ends = [v for v in (base, value) if v is not None]
    if bounds is not None:
        ends += [v for v in (bounds.low, bounds.high) if v is not None]
    low, high = min(ends, default=found.low), max(ends, default=found.high)
    if high <= low:
        half = abs(low) / 2 or 0.5 * min(1.0, found.high - found.low)
        low, high = low - half, high + half
    room = 0.15 * (high - low)
    return max(found.low, low - room), min(found.high, high + room)


def saved_along(study: Study, found: Target, low: float, high: float) -> list[tuple[float, float]]:
    """What the option saves against the other along the input from `low` to `high`, today and crossings included.

    Values at which one of them has no figure are left out.
    """
    varied = variation(study, found.subject.path, together=found.both)
    drawn = np.linspace(low, high, DRAWN)
    known = [found.subject.base, *(v for c in found.crossings for v in (c.low, c.high))]
    values: Array = np.unique(np.concatenate([drawn, [v for v in known if v is not None and low <= v <= high]]))
    if varied.whole:
        values = np.unique(np.round(values))
    ours, theirs = (results(varied, name, values, found.metric) for name in (found.option, found.against))
    saved = sign(found.metric) * (theirs - ours)
    return [(float(v), float(s)) for v, s in zip(values, saved, strict=True) if math.isfinite(s)]
