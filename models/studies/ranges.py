"""The range in which an input may lie: stated for its value, proposed by its confidence, or usual for such inputs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value, is_number
from models.studies.study import Study

_YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
Origin = Literal["stated", "proposed", "usual"]


@dataclass(frozen=True)
class Range:
    """The ends between which an input may lie; None for an end that nobody gives. `source` says whose range it is."""

    low: float | None
    high: float | None
    origin: Origin
    source: str


def input_range(value: Value, entry: Field, study: Study) -> Range | None:
    """The range of an input: the one stated for its value, else the proposed, else the usual one of the schema.

    What was stated for another value is no range of this one. A range is proposed by the kind of source and its age,
    or by a range that was stated for another value; none where the study wants only what somebody stated.
    """
    if holds(value):
        return Range(value.low, value.high, "stated", value.source or value.note or "")
    if not study.risk.flag("proposed_ranges"):
        return None
    said = value.confidence or (schema.OWN if has_stated_range(value) else "")
    usual = schema.usual_range(entry, study.currency)
    if not said and usual is not None:
        return Range(*usual, "usual", entry.usual_source)
    return _proposed(value, entry, spread(value, said or schema.OWN, study)) if said or entry.ranged else None


def spread(value: Value, confidence: str, study: Study) -> float:
    """The share of a value that its range lies to either side of it, by the kind of its source and its age.

    Age is counted in whole years from the date of the value to the first year of the study; a study without one, and a
    value without a date, has none.
    """
    known = schema.CONFIDENCES[confidence]
    return known.spread + (schema.SPREAD_BY_YEAR * max(0, _age(value, study) - 1) if known.ages else 0.0)


def _age(value: Value, study: Study) -> int:
    """Whole years from the date of a value to the first of January of the study's first year."""
    first, dated = study.fields["start_year"].value, _YEAR_MONTH_DAY.match(value.as_of or "")
    if not is_number(first) or dated is None:
        return 0
    year, *rest = (int(part) if part else 1 for part in dated.groups())
    return int(first) - year - (1 if rest > [1, 1] else 0)


def has_stated_range(value: Value) -> bool:
    """Whether somebody stated a range beside the value, be it for this one or for an earlier one."""
    return value.low is not None or value.high is not None


def has_stated_paths(value: Value) -> bool:
    """Whether somebody stated the paths on either side of a price that is given by year."""
    return value.low_by_year is not None and value.high_by_year is not None


def holds(value: Value) -> bool:
    """Whether the stated range holds the value. One that does not was left standing when the value was changed."""
    number = value.value
    if not has_stated_range(value) or not is_number(number):
        return False
    return (value.low is None or value.low <= number) and (value.high is None or number <= value.high)


def _proposed(value: Value, entry: Field, spread: float) -> Range | None:
    """So far to either side as the value may be off, cut to what the input allows; None for a blank, for 0, and for
    what is as good as known.

    An end that would reach a bound which the input may only come near to is left open. A whole number goes at least one
    to either side.
    """
    number = value.value
    if not is_number(number) or not number or not spread:
        return None
    low, high = sorted((number * (1 - spread), number * (1 + spread)))
    if entry.kind == "whole":
        low, high = math.floor(low), math.ceil(high)
    source = f"proposed, {writer.share(spread)} either side of the value"
    return Range(_above(entry, low), _below(entry, high), "proposed", source)


def _above(entry: Field, low: float) -> float | None:
    if entry.minimum is None or low > entry.minimum:
        return low
    return None if entry.exclusive_minimum else entry.minimum


def _below(entry: Field, high: float) -> float | None:
    if entry.maximum is None or high < entry.maximum:
        return high
    return None if entry.exclusive_maximum else entry.maximum


def defensible_range(entry: Field, value: Value, currency: str | None) -> tuple[float | None, float | None]:
    """The range outside of which an input is warned about.

    The low and high stated beside it; an end that they leave open is the schema's usual one, where that has one and
    they agree. `currency` is the study's: usual prices are in US dollars.
    """
    usual = schema.usual_range(entry, currency) or (None, None)
    low = usual[0] if value.low is None else value.low
    high = usual[1] if value.high is None else value.high
    return (low, high) if low is None or high is None or low <= high else (value.low, value.high)
