"""Targets: the value of an input at which two options tie, with what it is now, how far that is, and who wins beyond.

`models.analysis.breakeven` finds where the figures meet; here each stretch between gets the option that is ahead in it,
and a handful of inputs is named that people bargain over or doubt: prices, use, lives, volumes, rates. One input moves
at a time; what two options hold alike (an electricity price of the same site) moves in both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models import schema
from models.analysis.alike import alike
from models.analysis.breakeven import SAME_ROOT, TIE, BreakEven, break_even
from models.analysis.coverage import rests
from models.analysis.tornado import NUMBERS, Range, input_label, input_range
from models.analysis.vary import Variation, results, variation
from models.analysis.winner import RANKING, sign
from models.analysis.words import listing, named, percent, unit_words
from models.model import OptionResult
from models.provenance import StudyError, Value
from models.rules import unread_inputs
from models.schema import Field
from models.study import Option, Study, with_equipment
from models.tables import Row, find, keyed, option_paths, unsegment

DIGITS = 4
# Whose an input is that moves in both options.
BOTH = "both"
# The largest prices of an option that are looked at, and the least share of its cost that makes one worth it.
MOST_PRICES, WORTH_LOOKING = 3, 0.02
MOST_NAMED = 4
# Points of a line that is drawn.
DRAWN = 161
# Nobody keeps or covers anything for longer.
MOST_YEARS = 30.0


@dataclass(frozen=True)
class Subject:
    """An input as people name it: `label`, whose it is (`owner`, "" for the study), and what it is now (None: blank).

    `unit` is the schema's, looked up by the item's `basis` ("" without one); `range` is its own or the usual one.
    """

    path: str
    label: str
    owner: str
    entry: Field
    basis: str
    unit: str
    value: Value
    range: Range | None

    @property
    def name(self) -> str:
        """The label with its owner: "Electricity price (Own)"."""
        return f"{self.label} ({self.owner})" if self.owner else self.label

    @property
    def plain_label(self) -> str:
        """The label inside a sentence: "electricity price", but "PUE" and the names of items as they are."""
        return decapitalised(self.label) if self.label.startswith(self.entry.label) else self.label

    @property
    def is_price(self) -> bool:
        """Whether it is what somebody asks for: an amount of money, or the amount of an item."""
        return self.unit.startswith("money") or (self.entry.table in ("capex", "opex") and self.entry.name == "amount")

    @property
    def base(self) -> float | None:
        """What the input is now."""
        content = self.value.value
        return float(content) if isinstance(content, int | float) else None

    @property
    def in_percent(self) -> bool:
        """Whether people read it in per cent: shares, rates, and amounts that are a share of a price."""
        if self.unit == "1/yr":
            return True
        bounded = self.entry.unit == "@basis" or self.entry.maximum == 1.0
        return self.unit == "1" and self.entry.kind == "number" and bounded

    def number(self, value: float) -> str:
        """A value without its unit: "12.5 %", "54,716", "0.1286"; four digits, whole above a thousand."""
        return f"{_digits(100 * value)} %" if self.in_percent else _digits(value)

    def written(self, value: float, currency: str) -> str:
        """A value with its unit in words."""
        unit = "" if self.in_percent else unit_words(self.unit, currency)
        unit = {"years": "year"}.get(unit, unit) if value == 1 else {"month": "months"}.get(unit, unit)
        return " ".join(part for part in (self.number(value), unit, "a year" if self._is_yearly else "") if part)

    @property
    def _is_yearly(self) -> bool:
        """Whether it is paid, or changes, so much each year, which the unit of a running cost does not say."""
        timeless = not any(part in self.unit for part in ("month", "token", "request"))
        return self.unit == "1/yr" or (self.entry.table == "opex" and self.entry.name == "amount" and timeless)

    def distance(self, value: float) -> str:
        """How far a value is from now: "+37 %", "+12 points" of a percentage, "+1" year; "" from 0 or a blank."""
        if self.base is None or value == self.base:
            return ""
        if self.entry.kind == "whole":
            return f"{value - self.base:+,.0f}"
        if self.in_percent:
            return f"{_signed(100 * (value - self.base))} points"
        if self.base == 0:
            return ""
        change = value / self.base - 1
        return (
            f"{'+' if change > 0 else ''}{percent(change)}"
            if abs(change) < 10
            else f"{_digits(value / self.base)} times"
        )


def decapitalised(label: str) -> str:
    """A label inside a sentence: without its capital, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _digits(value: float) -> str:
    """Four significant digits, all of those before the point, no trailing zeros."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(points: float) -> str:
    decimals = 0 if abs(points) >= 10 else 1 if abs(points) >= 0.1 else 2
    return f"{points:+,.{decimals}f}"


def subject(study: Study, path: str, *, together: bool = False) -> Subject:
    """The input at a path, named; with `together` as that of all options that hold it alike.

    Raises StudyError where the path leads nowhere.
    """
    row_path, row, name = find(study, path)
    found = described(study, row_path, row, name)
    also = alike(study, path) if together else ()
    return replace(found, owner=f"{1 + len(also)} options") if also else found


def described(study: Study, row_path: str, row: Row, name: str) -> Subject:
    """The input `name` of a row of the study that stands at `row_path`, named."""
    entry = schema.field(row.table, name)
    parts = row_path.split("/")
    owner = unsegment(parts[1]) if parts[0] in ("option", "workload") else ""
    label = entry.label
    if row.table not in ("option", "workload"):
        # An item's amount is named by the item: "Servers", not "Amount, Servers".
        label = row.text("name") if name == "amount" and row.text("name") else input_label(row, entry)
    basis = row.text("basis") if row.table in schema.BASIS_UNITS else ""
    found = input_range(row[name], entry, study.currency) if entry.kind in NUMBERS else None
    return Subject(f"{row_path}/{name}", label, owner, entry, basis, schema.unit(entry, basis), row[name], found)


# ------------------------------------------------------------------------------------------------------------- search


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
    study: Study, path: str, option: str, against: str, metric: str = RANKING, *, together: bool = True
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
        found = break_even(varied, option, against, metric)
    except StudyError as error:
        reason = "; ".join(dict.fromkeys(problem.message for problem in error.problems))
        return Target(named, option, against, metric, math.nan, math.nan, (), (), False, False, both, reason)
    crossings = tuple(_crossings(found))
    varied = replace(varied, low=found.low, high=found.high)
    spans, flat = _spans(varied, option, against, metric, crossings)
    return Target(named, option, against, metric, found.low, found.high, crossings, spans, found.always, flat, both, "")


def is_shared(study: Study, path: str, option: str, against: str) -> bool:
    """Whether `path` is an input of one of the two that the other holds alike and reads as well."""
    places = dict(zip(option_paths(study.options), study.options, strict=True))
    held = [path, *alike(study, path)]
    names = {o.name for place, o in places.items() for p in held if p.startswith(f"{place}/") and _reads(o, p, place)}
    return {option, against} <= names


def _reads(option: Option, path: str, place: str) -> bool:
    return path.removeprefix(f"{place}/") not in unread_inputs(option.acquisition)


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
    varied: Variation, option: str, against: str, metric: str, crossings: Sequence[Crossing]
) -> tuple[tuple[Span, ...], bool]:
    """Who is ahead between the crossings, and whether the gap is the same at every value looked at."""
    starts = [varied.low, *(c.high for c in crossings)]
    ends = [*(c.low for c in crossings), varied.high]
    middles = [_between(varied, low, high) for low, high in zip(starts, ends, strict=True)]
    looked_at = np.array([*middles, *_probes(varied)])
    ours, theirs = (results(varied, name, looked_at, metric) for name in (option, against))
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
    values = np.linspace(low, high, DRAWN)
    known = [found.subject.base, *(v for c in found.crossings for v in (c.low, c.high))]
    values = np.unique(np.concatenate([values, [v for v in known if v is not None and low <= v <= high]]))
    values = np.unique(np.round(values)) if varied.whole else values
    ours, theirs = (results(varied, name, values, found.metric) for name in (found.option, found.against))
    saved = sign(found.metric) * (theirs - ours)
    return [(float(v), float(s)) for v, s in zip(values, saved, strict=True) if math.isfinite(s)]


# ---------------------------------------------------------------------------------------------------- worth looking at


def candidates(option: OptionResult, against: OptionResult) -> tuple[str, ...]:
    """The paths of the inputs that people bargain over or doubt when they choose between two options of one study.

    Each option's largest prices, then what decides how much of its hardware is needed and kept, named once where both
    hold it alike; then what both share: requests, success, years covered and the discount rate.
    """
    study, own = option.study, list(_of_option(option))
    told = {p for path in own if is_shared(study, path, option.name, against.name) for p in alike(study, path)}
    theirs = [path for path in _of_option(against) if path not in told]
    return tuple(dict.fromkeys((*own, *theirs, *_shared(option, against))))


def _of_option(option: OptionResult) -> Iterator[str]:
    places = dict(zip((o.name for o in option.study.options), option_paths(option.study.options), strict=True))
    base, held = places[option.name], option.option
    amounts: dict[str, float] = {}
    for each in rests(option):
        if each.path.startswith(f"{base}/"):
            amounts[each.path] = amounts.get(each.path, 0.0) + each.amount
    whole = sum(amounts.values())
    largest = sorted(amounts, key=lambda path: amounts[path], reverse=True)
    yield from (path for path in largest[:MOST_PRICES] if amounts[path] >= WORTH_LOOKING * whole)
    unread = unread_inputs(held.acquisition)
    names = ["electricity_price", "equipment_life", "utilisation" if held.sizing == "fixed" else "max_utilisation"]
    for name in names:
        if name not in unread and not held.fields[name].blank:
            yield f"{base}/{name}"
    for place, row in keyed("asset", held.assets):
        if held.acquisition in schema.OWNED and row.text("name") == "equipment":
            yield f"{base}/{place}/residual_share"
    if held.acquisition == "api" and held.api is not None:
        yield f"{base}/api/batch_discount"
    for place, row in keyed("serving", held.serving):
        if row.text("workload") == _largest_workload(option) and not row["decode_rate"].blank:
            yield f"{base}/{place}/decode_rate"


def _shared(option: OptionResult, against: OptionResult) -> Iterator[str]:
    places = {row.text("name"): place for place, row in keyed("workload", option.study.workloads)}
    largest = _largest_workload(option) or _largest_workload(against)
    if largest:
        yield f"{places[largest]}/requests_per_day"
        yield f"{places[largest]}/success_rate"
    yield "study/horizon_years"
    yield "study/discount_rate"


def _largest_workload(option: OptionResult) -> str:
    """The workload that takes the largest part of the option's cost; the first without a cost."""
    shares = {name: share or 0.0 for name, share in option.table("cost_share").items()}
    return max(shares, key=lambda name: shares[name], default="")


# -------------------------------------------------------------------------------------------------------------- words


def in_words(found: Target, currency: str) -> list[str]:
    """Where the options tie, in plain sentences: none, one, several, or steps without a tie; then the range looked at.

    Money is in `currency`.
    """
    if found.fault:
        return [f"No search was possible: {found.fault}."]
    varied = found.subject
    span = f"Looked at from {varied.number(found.low)} to {varied.written(found.high, currency)}."
    if found.alike:
        return ["Both cost the same whatever it is.", span]
    if not found.crossings:
        return [_no_tie(found), span]
    if len(found.crossings) == 1:
        return [*_one(found, found.crossings[0], currency), span]
    return [*_several(found, currency), span]


def as_target(found: Target, currency: str) -> str:
    """The nearest break-even as something to ask for: "target price: 54,716 USD per accelerator, 71 % above the quote".

    Where there is none, that no value does; where there was no search, nothing.
    """
    value, varied = found.value, found.subject
    if found.fault:
        return ""
    if value is None:
        return "any value: they cost the same" if found.alike else "no value does"
    word = "target price" if varied.is_price else "target"
    step = "" if found.nearest is None or found.nearest.tie else " (a step)"
    distance = varied.distance(value)
    quoted = varied.value.confidence in ("quoted", "contracted")
    today = "the quote" if quoted else "today's price" if varied.is_price else "today's"
    way = "above" if varied.base is not None and value > varied.base else "below"
    far = f", {distance} {today}" if distance.endswith("times") else f", {distance.lstrip('+-')} {way} {today}"
    far = far if distance else ""
    return f"{word}: {varied.written(value, currency)}{far}{step}"


def _no_tie(found: Target) -> str:
    ahead = next((each.ahead for each in found.spans if each.ahead), None)
    if ahead is None:
        return "No figure can be compared anywhere in the range."
    why = (
        "it does not move the difference" if found.flat else f"{named([ahead])} stays cheaper at every value looked at"
    )
    return f"No value makes the two tie: {why}."


def _one(found: Target, crossing: Crossing, currency: str) -> Iterator[str]:
    varied = found.subject
    low, high = (named([each.ahead]) if each.ahead else "" for each in found.spans)
    value = crossing.value(crossing.low if varied.base is None else varied.base)
    now = _from_now(varied, value, currency)
    if crossing.tie:
        yield f"They tie at {varied.written(value, currency)}{now}."
    else:
        near = varied.number(crossing.low) == varied.number(crossing.high)
        low_end = "at" if near else f"between {varied.number(crossing.low)} and"
        place = f"{low_end} {varied.written(value if near else crossing.high, currency)}"
        yield f"The cheaper one changes in a step {place}{now}; they do not tie there."
    if low and high and low != high:
        yield f"Below it {low} is cheaper, above it {high}."
    elif low or high:
        where = "On either side" if low == high else "Below it" if low else "Above it"
        yield f"{where} {low or high} is cheaper."


def _from_now(varied: Subject, value: float, currency: str) -> str:
    """ ", +37 % from today's 0.09": how far a value is from now."""
    if varied.base is None:
        return ", and today it is blank"
    distance, today = varied.distance(value), varied.number(varied.base)
    return f", {distance} from today's {today}" if distance else f", and today it is {today}"


def _several(found: Target, currency: str) -> Iterator[str]:
    varied = found.subject
    ties = sum(crossing.tie for crossing in found.crossings)
    steps = len(found.crossings) - ties
    kinds = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((ties, "tie"), (steps, "step")) if n]
    what = "they tie" if not steps else "the cheaper one changes" if not ties else "they tie or change places"
    yield f"At several values {what} ({listing(kinds)})."
    value = found.value
    if value is not None:
        yield f"Nearest: {varied.written(value, currency)}{_from_now(varied, value, currency)}."
    shown = _around_now(found)
    more = "" if len(shown) == len(found.spans) else " Further out they change places again."
    yield f"Cheaper: {'; '.join(_span(found, span) for span in shown)}.{more}"


def _around_now(found: Target) -> Sequence[Span]:
    """The few stretches around what the input is now."""
    base = found.subject.base
    here = next((i for i, s in enumerate(found.spans) if base is not None and s.low <= base <= s.high), 0)
    start = max(0, min(here - 1, len(found.spans) - MOST_NAMED))
    return found.spans[start : start + MOST_NAMED]


def _span(found: Target, span: Span) -> str:
    varied, ahead = found.subject, named([span.ahead]) if span.ahead else "neither"
    if span.low == found.low:
        return f"{ahead} up to {varied.number(span.high)}"
    if span.high == found.high:
        return f"{ahead} from {varied.number(span.low)}"
    if varied.number(span.low) == varied.number(span.high):
        return f"{ahead} at {varied.number(span.low)}"
    return f"{ahead} from {varied.number(span.low)} to {varied.number(span.high)}"
