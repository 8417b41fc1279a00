"""Break-evens in plain sentences: where two options tie, how far that is from now, and who is cheaper beyond."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.analysis.sensitivity.named_input import Subject
from models.analysis.sensitivity.targets import Crossing, Span, Target
from models.analysis.words import listing, named, sentence
from models.notation import writer

MOST_NAMED = 4


def in_words(found: Target, currency: str) -> list[str]:
    """Where the options tie, in plain sentences: none, one, several, or steps without a tie; then the range looked at.

    Money is in `currency`.
    """
    if found.fault:
        return [f"No search was possible: {found.fault}."]
    varied = found.subject
    span = sentence(f"Looked at from {varied.number(found.low)} to {varied.written(found.high, currency)}")
    if found.alike:
        return ["Both cost the same whatever it is.", span]
    if not found.crossings:
        return [_no_tie(found), span]
    if len(found.crossings) == 1:
        return [*_one(found, found.crossings[0], currency), span]
    return [*_several(found, currency), span]


def as_target(found: Target, currency: str) -> str:
    """The nearest break-even as something to ask for: "target price: USD 54,716 per accelerator, 71% above the quote".

    Where there is none, that no value does; where there was no search, nothing.
    """
    value, varied = found.value, found.subject
    if found.fault:
        return ""
    if value is None:
        return "same cost at any value" if found.alike else "no value does"
    word = "target price" if varied.is_price else "target"
    step = "" if found.nearest is None or found.nearest.tie else " (a step)"
    distance = varied.distance(value)
    quoted = varied.value.confidence in ("quoted", "contracted")
    against = "the quote" if quoted else "plan"
    way = "above" if varied.base is not None and value > varied.base else "below"
    far = (
        f", {distance} {against}"
        if distance.endswith(writer.TIMES)
        else f", {distance.lstrip('+' + writer.MINUS)} {way} {against}"
    )
    far = far if distance else ""
    return f"{word}: {varied.written(value, currency)}{far}{step}"


def condition(found: Target, currency: str) -> tuple[str, str]:
    """What an input must do for the order to change, and to what value: "PUE (Own) rises above", "1.41".

    For a target that has a break-even. A tie must be passed; at a step the order has changed.
    """
    value, varied = found.value, found.subject
    assert value is not None and found.nearest is not None
    upwards = varied.base is None or value > varied.base
    up, down = ("rises above", "falls below") if found.nearest.tie else ("rises to", "falls to")
    return f"{varied.name} {up if upwards else down}", varied.written(value, currency)


def _no_tie(found: Target) -> str:
    ahead = next((each.ahead for each in found.spans if each.ahead), None)
    if ahead is None:
        return "No figure can be compared anywhere in the range."
    why = (
        "it does not move the difference" if found.flat else f"{named([ahead])} stays cheaper at every value looked at"
    )
    return f"No break-even: {why}."


def _one(found: Target, crossing: Crossing, currency: str) -> Iterator[str]:
    varied = found.subject
    low, high = (named([each.ahead]) if each.ahead else "" for each in found.spans)
    value = crossing.value(crossing.low if varied.base is None else varied.base)
    now = _from_now(varied, value, currency)
    if crossing.tie:
        yield sentence(f"Break-even at {varied.written(value, currency)}{now}")
    else:
        near = varied.number(crossing.low) == varied.number(crossing.high)
        low_end = "at" if near else f"between {varied.number(crossing.low)} and"
        place = f"{low_end} {varied.written(value if near else crossing.high, currency)}"
        yield f"The cheaper option changes {place}{now} (a step; no exact break-even)."
    if low and high and low != high:
        yield f"Below it {low} is cheaper, above it {high}."
    elif low or high:
        where = "On either side" if low == high else "Below it" if low else "Above it"
        yield f"{where} {low or high} is cheaper."


def _from_now(varied: Subject, value: float, currency: str) -> str:
    """ " (plan 0.09, +37%)": how far a value is from plan."""
    if varied.base is None:
        return " (plan: blank)"
    distance = varied.distance(value)
    return f" (plan {varied.number(varied.base)}{f', {distance}' if distance else ''})"


def _several(found: Target, currency: str) -> Iterator[str]:
    varied = found.subject
    ties = sum(crossing.tie for crossing in found.crossings)
    counts = ((ties, "break-even"), (len(found.crossings) - ties, "step"))
    kinds = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n]
    yield f"The cheaper option changes at several values ({listing(kinds)})."
    value = found.value
    if value is not None:
        yield sentence(f"Nearest: {varied.written(value, currency)}{_from_now(varied, value, currency)}")
    shown = _around_now(found)
    more = "" if len(shown) == len(found.spans) else " The order reverses again further out."
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
