"""One input with its provenance: its value, range, source and who set it; and how one is read from a study file."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any, Literal, TypeGuard, get_args

from models.notation import reader, writer
from models.studies.inputs import schema, week
from models.studies.inputs.problem import LARGEST_EXACT_INTEGER, Bounds, Problem, ProblemKind, shown_value
from models.studies.inputs.schema import Field
from models.studies.inputs.spelling import did_you_mean, nearest_hint

SetBy = Literal["default", "file", "you", "catalogue"]
Content = float | int | bool | str | tuple[float, ...] | None

# What may stand beside `value` in `pue = { value = 1.3, low = 1.15, source = "..." }`.
RANGE_KEYS = ("low", "high")
SPREAD_KEYS = ("distribution", "outcomes", "weights")
PATH_KEYS = ("low_by_year", "high_by_year")
TEXT_KEYS = ("source", "url", "as_of", "by", "confidence", "note")
DESCRIPTION_KEYS = (*RANGE_KEYS, *PATH_KEYS, *SPREAD_KEYS, *TEXT_KEYS)
VALUE_KEYS = ("value", *DESCRIPTION_KEYS)
SETTERS: tuple[SetBy, ...] = get_args(SetBy)

SCHEDULE_TOLERANCE = 1e-9
# What spreadsheets keep of a number.
SAME_DIGITS = 15
# A bound beyond this is technical; a message leaves it out unless it is the one that was crossed.
LARGEST_NATURAL_BOUND = 100.0
# Plain numbers that nobody gives in per cent.
NO_PERCENT = frozenset(("pue", "rho"))


@dataclass(frozen=True, slots=True)
class Value:
    """One input as it stands: `value` (None = blank), its defensible range, its source, and who set it.

    `low` and `high` are stated for this value and no other; `by` names the person whose figure it is. `distribution`
    is one of `schema.DISTRIBUTIONS` (None: triangular where both ends are given); a discrete one takes `outcomes`
    (None: low, value and high), each with its weight in `weights`. Of a price given by year, `low_by_year` and
    `high_by_year` are the paths on either side, year by year. `set_by` is not compared: it tells how this session
    came by the value. What was saved reads back as "file".
    """

    value: Content = None
    low: float | None = None
    high: float | None = None
    low_by_year: tuple[float, ...] | None = None
    high_by_year: tuple[float, ...] | None = None
    distribution: str | None = None
    outcomes: tuple[float, ...] | None = None
    weights: tuple[float, ...] | None = None
    source: str | None = None
    url: str | None = None
    as_of: str | None = None
    by: str | None = None
    confidence: str | None = None
    note: str | None = None
    set_by: SetBy = field(default="file", compare=False)

    @property
    def blank(self) -> bool:
        """Whether the input holds nothing, not even a default."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a value cannot be one of an input: the kind, and what its words need."""

    kind: ProblemKind
    fields: Mapping[str, Any] = field(default_factory=dict)


NO_VALUE = ProblemKind("no_value", "a table that describes an input needs", "value = ...", joint=" ")
UNKNOWN_KEY = ProblemKind("unknown_key", '"{key}" does not describe an input', "{hint}", joint="")
BOUNDS_CROSSED = ProblemKind("bounds_crossed", "low is above high ({high})", "exchange them")
NO_RANGE = ProblemKind("no_range", "is for numbers, and this input is none", "leave it out")
NOT_TEXT = ProblemKind("not_text", "must be text", "put it in quotes", joint=": ")
UNWRITABLE = ProblemKind(
    "unwritable", "contains a control character, or one that is not valid Unicode", "type it again without it"
)
NOT_FINITE = ProblemKind("not_finite", "must be a finite number", "leave the input out for a blank")
NO_NUMBER = ProblemKind("no_number", "must be a number, not {found}", "write it in digits")
QUOTED_NUMBER = ProblemKind("quoted_number", "must be a number", "write {meant} without quotes", joint=": ")
BEYOND_BOUNDS = ProblemKind("beyond_bounds", "must be", "{allowed}", joint=" ")
A_PERCENTAGE = ProblemKind("a_percentage", "must be {allowed}", "write {typed} % as {meant}")
NOT_WHOLE = ProblemKind("not_whole", "must be a whole number", "such as {near}", joint=", ")
NOT_BOOLEAN = ProblemKind("not_boolean", "must be true or false", "without quotes", joint=", ")
EMPTY = ProblemKind("empty", "must not be empty", "give it a name")
NO_CHOICE = ProblemKind("no_choice", "must be", "one of {choices}{hint}", joint=" ")
NO_SCHEDULE = ProblemKind(
    "no_schedule",
    "must be one of {choices}{hint}",
    "(or a list of yearly shares, such as [0.5, 0.3, 0.2])",
    joint=" ",
)
EMPTY_SCHEDULE = ProblemKind("empty_schedule", "is an empty list", 'write "none" to deduct nothing before disposal')
NO_SHARE = ProblemKind(
    "no_share", "each yearly share must be a number", "between 0 and 1 (0.2 for 20 %), and {share} is not", joint=" "
)
SHARES_ABOVE_ONE = ProblemKind(
    "shares_above_one", "the yearly shares add up to {total:.6g}", "together they must not exceed 1"
)
NO_DAY = ProblemKind("no_day", "must be 24 numbers, the load in each hour from 0:00", "{fault}", joint=": ")
EMPTY_PATH = ProblemKind("empty_path", "is an empty list", "give a number, or one for each year or attempt")
NO_RANDOM = ProblemKind("no_random", "is for numbers, and this input is none", "leave it out")
NO_SPREAD = ProblemKind("no_spread", "is spread over a range", "give it a low and a high, low below high", joint=": ")
NO_CHANCE = ProblemKind(
    "no_chance",
    "takes single values",
    "give weights, one for each of low, value and high, or for each of outcomes",
    joint=": ",
)
NOT_DISCRETE = ProblemKind(
    "not_discrete", "an input in whole numbers takes single values only", 'write distribution = "discrete" with weights'
)
NOT_POSITIVE = ProblemKind("not_positive", "is spread above 0, and its low is {low}", "give a low above 0, or normal")
ONLY_DISCRETE = ProblemKind(
    "only_discrete", "belongs to a discrete distribution", 'write distribution = "discrete"', joint=": "
)
NO_PATH = ProblemKind("no_path", "is for a price given by year", "write the value as a list, year 1 = 1", joint=": ")
UNEVEN_PATH = ProblemKind("uneven_path", "has {count} years, and the value {years}", "give one for each")
CROSSED_PATH = ProblemKind("crossed_path", "does not hold the value in year {year}", "move that side")
A_PATH = ProblemKind("a_path", "is one number", "write the list as {key}_by_year", joint=": ")
NO_LIST = ProblemKind("no_list", "must be a list of numbers", "such as {example}", joint=", ")
NO_WEIGHT = ProblemKind(
    "no_weight", "must be numbers of 0 or more that add up to more than 0", "{found} are none", joint="; "
)
UNEVEN = ProblemKind("uneven", "has {count} weights for {outcomes} single values", "give one for each")
NO_WINDOW = ProblemKind(
    "no_window", "must be windows of the week", 'such as "weekday 8-20" or "daily 22-6"; {part} is none', joint=", "
)


# How the note on a quoted price says until when it holds.
HOLDS_UNTIL = "holds until"
_HOLDS_UNTIL = re.compile(rf"{HOLDS_UNTIL} (\d{{4}}-\d{{2}}-\d{{2}})\b")


def holds_until(value: Value) -> datetime.date | None:
    """The day until which a quoted price holds, as its note says; None where it says none that exists."""
    found = _HOLDS_UNTIL.search(value.note or "")
    try:
        return datetime.date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def is_number(content: Any) -> TypeGuard[float]:
    """Whether a value is a number, and no yes or no."""
    return isinstance(content, (int, float)) and not isinstance(content, bool)


def same_content(old: Content, new: Any) -> bool:
    """Whether two values are one: numbers to the digits that spreadsheets keep of them."""
    if is_number(old) and is_number(new):
        return writer.rounded(old, SAME_DIGITS) == writer.rounded(new, SAME_DIGITS)
    if isinstance(old, tuple) and isinstance(new, (tuple, list)):
        return len(old) == len(new) and all(map(same_content, old, new))
    return old == new


def signed(entry: Field, value: Value, by: str, day: datetime.date | None = None) -> Value:
    """A value that a person set: "your figure" of that day (today), by that person where a name is known.

    As it was where it says itself what it rests on, and for what nothing can stand behind, such as a name or a choice.
    """
    speaks = value.confidence or value.source or value.url
    if value.blank or speaks or not entry.sourced or not entry.is_figure:
        return value
    as_of = value.as_of or (day or datetime.date.today()).isoformat()
    return replace(value, as_of=as_of, by=value.by or by or None, confidence=schema.OWN)


def read(entry: Field, raw: Any, path: str, errors: list[Problem], set_by: SetBy = "file") -> Value | None:
    """The `Value` that `raw`, bare or as a table with provenance, stands for.

    None if it cannot be read; the reasons are appended to `errors`, each with its remedy.
    """
    before = len(errors)
    if not isinstance(raw, Mapping):
        content = _content(entry, raw, path, errors)
        return Value(content, set_by=set_by) if len(errors) == before else None
    if "value" not in raw:
        errors.append(Problem(path, None, NO_VALUE))
    for key in raw:
        if key not in VALUE_KEYS:
            hint = did_you_mean(key, VALUE_KEYS)
            errors.append(Problem(path, None, UNKNOWN_KEY, {"key": key, "hint": hint}))
    content = _content(entry, raw["value"], path, errors) if "value" in raw else None
    low, high = (_bound(entry, key, raw[key], path, errors) if key in raw else None for key in RANGE_KEYS)
    texts: dict[str, Any] = {key: _description(key, raw[key], path, errors) for key in TEXT_KEYS if key in raw}
    if low is not None and high is not None and low > high:
        errors.append(Problem(path, low, BOUNDS_CROSSED, {"high": high}))
    value = replace(Value(content, low=low, high=high, set_by=set_by), **texts)
    if any(key in raw for key in PATH_KEYS):
        value = _with_paths(entry, value, raw, path, errors)
    if any(key in raw for key in SPREAD_KEYS):
        value = _with_spread(entry, value, raw, path, errors)
    return value if len(errors) == before else None


def _content(entry: Field, raw: Any, path: str, errors: list[Problem]) -> Content:
    content, fault = _READERS[entry.kind](entry, raw)
    if fault:
        errors.append(Problem(path, raw, fault.kind, fault.fields))
    return content


def _bound(entry: Field, key: str, raw: Any, path: str, errors: list[Problem]) -> float | None:
    if not entry.is_number:
        errors.append(Problem(path, raw, NO_RANGE, part=key))
        return None
    if isinstance(raw, (list, tuple)) and entry.is_price_path:
        errors.append(Problem(path, None, A_PATH, {"key": key}, part=key))
        return None
    bound, fault = _read_whole(entry, raw) if entry.kind == "whole" else _read_number(entry, raw)
    if fault:
        errors.append(Problem(path, raw, fault.kind, fault.fields, part=key))
    return bound


def _with_paths(entry: Field, value: Value, raw: Mapping[str, Any], path: str, errors: list[Problem]) -> Value:
    """The value with the paths on either side of it, which hold it in every year."""
    if not entry.is_price_path or not isinstance(value.value, tuple):
        errors += [Problem(path, None, NO_PATH, part=key) for key in PATH_KEYS if key in raw]
        return value
    found: dict[str, Any] = {}
    for key in (key for key in PATH_KEYS if key in raw):
        listed, fault = _read_path(entry, raw[key]) if isinstance(raw[key], (list, tuple)) else (None, None)
        if fault or not isinstance(listed, tuple):
            kind, fields = (fault.kind, fault.fields) if fault else (NO_LIST, {"example": "[1, 0.9, 0.8]"})
            errors.append(Problem(path, raw[key], kind, fields, part=key))
        elif len(listed) != len(value.value):
            errors.append(Problem(path, None, UNEVEN_PATH, {"count": len(listed), "years": len(value.value)}, part=key))
        elif year := _crossed(listed, value.value, key == "low_by_year"):
            errors.append(Problem(path, None, CROSSED_PATH, {"year": year}, part=key))
        else:
            found[key] = listed
    return replace(value, **found)


def _crossed(bounds: Sequence[float], values: Sequence[float], low: bool) -> int:
    """The first year in which a path does not hold the value on its side; 0 for none."""
    pairs = enumerate(zip(bounds, values, strict=True), start=1)
    return next((year for year, (bound, value) in pairs if (bound > value if low else bound < value)), 0)


def _with_spread(entry: Field, value: Value, raw: Mapping[str, Any], path: str, errors: list[Problem]) -> Value:
    """The value with its distribution; what is wrong with that is told in `errors`."""
    if not entry.is_number:
        errors += [Problem(path, None, NO_RANDOM, part=key) for key in SPREAD_KEYS if key in raw]
        return value
    named = raw.get("distribution")
    if named is not None and named not in schema.DISTRIBUTIONS:
        fault = _no_choice(named, tuple(schema.DISTRIBUTIONS))
        errors.append(Problem(path, named, fault.kind, fault.fields, part="distribution"))
        return value
    if named == "discrete":
        return _with_chances(entry, value, raw, path, errors)
    errors += [Problem(path, None, ONLY_DISCRETE, part=key) for key in ("outcomes", "weights") if key in raw]
    if entry.kind == "whole":
        errors.append(Problem(path, named, NOT_DISCRETE, part="distribution"))
    elif value.low_by_year is not None and value.high_by_year is not None:
        if named == "lognormal" and min(value.low_by_year) <= 0:
            errors.append(Problem(path, named, NOT_POSITIVE, {"low": min(value.low_by_year)}, part="distribution"))
    elif value.low is None or value.high is None or value.low >= value.high:
        errors.append(Problem(path, named, NO_SPREAD, part="distribution"))
    elif named == "lognormal" and value.low <= 0:
        errors.append(Problem(path, named, NOT_POSITIVE, {"low": value.low}, part="distribution"))
    return replace(value, distribution=named)


def _with_chances(entry: Field, value: Value, raw: Mapping[str, Any], path: str, errors: list[Problem]) -> Value:
    """The value with the single values that it may take and their weights."""
    weights = _numbers(raw["weights"]) if "weights" in raw else None
    if "weights" not in raw:
        errors.append(Problem(path, "discrete", NO_CHANCE, part="distribution"))
    elif weights is None:
        errors.append(Problem(path, None, NO_LIST, {"example": "[0.3, 0.5, 0.2]"}, part="weights"))
    elif min(weights) < 0 or not 0 < math.fsum(weights) < math.inf:
        found = ", ".join(map(writer.exact, weights))
        errors.append(Problem(path, None, NO_WEIGHT, {"found": found}, part="weights"))
    outcomes = _outcomes(entry, raw["outcomes"], path, errors) if "outcomes" in raw else None
    if "outcomes" not in raw and (value.low is None or value.high is None or value.blank):
        errors.append(Problem(path, "discrete", NO_CHANCE, part="distribution"))
    count = 3 if outcomes is None else len(outcomes)
    if weights and (outcomes or "outcomes" not in raw) and len(weights) != count:
        errors.append(Problem(path, None, UNEVEN, {"count": len(weights), "outcomes": count}))
    return replace(value, distribution="discrete", outcomes=outcomes, weights=weights)


def _outcomes(entry: Field, raw: Any, path: str, errors: list[Problem]) -> tuple[float, ...] | None:
    """The single values, each of which the input must allow."""
    numbers = _numbers(raw)
    if numbers is None:
        errors.append(Problem(path, None, NO_LIST, {"example": "[3, 5, 6]"}, part="outcomes"))
        return None
    for number in numbers:
        _bound(entry, "outcomes", number, path, errors)
    return numbers


def _numbers(raw: Any) -> tuple[float, ...] | None:
    """A list of finite numbers; None for anything else, and for an empty one."""
    if not isinstance(raw, (list, tuple)) or not raw:
        return None
    if not all(is_number(one) and math.isfinite(one) for one in raw):
        return None
    return tuple(raw)


def _description(key: str, raw: Any, path: str, errors: list[Problem]) -> str | None:
    """The text of one provenance key; `as_of` may also be a TOML date."""
    if key == "as_of" and isinstance(raw, datetime.date):
        return raw.isoformat()
    if not isinstance(raw, str):
        errors.append(Problem(path, raw, NOT_TEXT, part=key))
        return None
    if _unwritable(raw):
        errors.append(Problem(path, None, UNWRITABLE, part=key))
    if key == "confidence" and raw not in schema.CONFIDENCES:
        fault = _no_choice(raw, tuple(schema.CONFIDENCES))
        errors.append(Problem(path, raw, fault.kind, fault.fields, part=key))
    return raw


# ----------------------------------------------------------------------- kinds: each gives the content, or None and why


def _read_number(entry: Field, raw: Any) -> tuple[float | int | None, Objection | None]:
    if type(raw) is not float and type(raw) is not int:
        if isinstance(raw, bool) or not isinstance(raw, Real):
            return None, _not_a_number(raw)
        raw = int(raw) if isinstance(raw, Integral) else float(raw)
    if isinstance(raw, int) and abs(raw) > LARGEST_EXACT_INTEGER:
        # Beyond this a float cannot hold every digit, and far beyond it holds none.
        raw = float(raw) if abs(raw) < LARGEST_EXACT_INTEGER**2 else math.inf * (1 if raw > 0 else -1)
    if math.isnan(raw) or (math.isinf(raw) and entry.maximum is None):
        return None, Objection(NOT_FINITE)
    fault = _beyond_bounds(entry, raw)
    return (None, fault) if fault else (raw, None)


def _beyond_bounds(entry: Field, number: float) -> Objection | None:
    """What the bounds allow and how to write what was probably meant; None for a number inside them."""
    low, high = entry.minimum, entry.maximum
    too_low = low is not None and (number < low or (entry.exclusive_minimum and number == low))
    too_high = high is not None and (number > high or (entry.exclusive_maximum and number == high))
    if not too_low and not too_high:
        return None
    far = too_low and high is not None and high >= LARGEST_NATURAL_BOUND
    allowed = Bounds(entry, low, None if far else high)
    is_fraction = entry.unit in ("1", "1/yr") and entry.kind in ("number", "path") and entry.name not in NO_PERCENT
    if is_fraction and 1 <= abs(number) <= 100:
        # Probably a percentage was typed.
        return Objection(A_PERCENTAGE, {"allowed": allowed, "typed": float(number), "meant": number / 100})
    return Objection(BEYOND_BOUNDS, {"allowed": allowed})


def _read_whole(entry: Field, raw: Any) -> tuple[int | None, Objection | None]:
    number, fault = _read_number(entry, raw)
    if number is None:
        return None, fault
    if number != int(number):
        return None, Objection(NOT_WHOLE, {"near": int(number)})
    return int(number), None


def _read_boolean(entry: Field, raw: Any) -> tuple[bool | None, Objection | None]:
    return (raw, None) if isinstance(raw, bool) else (None, Objection(NOT_BOOLEAN))


def _read_text(entry: Field, raw: Any) -> tuple[str | None, Objection | None]:
    if not isinstance(raw, str):
        return None, Objection(NOT_TEXT)
    if _unwritable(raw):
        return None, Objection(UNWRITABLE)
    if entry.required and not raw.strip():
        return None, Objection(EMPTY)
    return raw, None


def _read_choice(entry: Field, raw: Any) -> tuple[str | None, Objection | None]:
    return (raw, None) if isinstance(raw, str) and raw in entry.choices else (None, _no_choice(raw, entry.choices))


def _no_choice(raw: Any, choices: Sequence[str]) -> Objection:
    hint = nearest_hint(raw, choices) if isinstance(raw, str) else ""
    return Objection(NO_CHOICE, {"choices": ", ".join(choices), "hint": hint})


def _read_schedule(entry: Field, raw: Any) -> tuple[str | tuple[float, ...] | None, Objection | None]:
    if not isinstance(raw, (list, tuple)):
        content, fault = _read_choice(entry, raw)
        return content, fault and Objection(NO_SCHEDULE, fault.fields)
    if not raw:
        return None, Objection(EMPTY_SCHEDULE)
    for share in raw:
        if isinstance(share, bool) or not isinstance(share, Real) or not 0 <= float(share) <= 1:
            return None, Objection(NO_SHARE, {"share": shown_value(share)})
    if math.fsum(raw) > 1 + SCHEDULE_TOLERANCE:
        return None, Objection(SHARES_ABOVE_ONE, {"total": math.fsum(raw)})
    return tuple(float(share) for share in raw), None


def _read_path(entry: Field, raw: Any) -> tuple[float | int | tuple[float, ...] | None, Objection | None]:
    """A number, or a list of them; every one within the bounds."""
    if not isinstance(raw, (list, tuple)):
        return _read_number(entry, raw)
    if not raw:
        return None, Objection(EMPTY_PATH)
    # Multipliers of a yearly change are levels, not changes: 0 and more.
    each = replace(entry, unit="", minimum=0.0, exclusive_minimum=False) if entry.unit == "1/yr" else entry
    read = [_read_number(each, one) for one in raw]
    if fault := next((fault for _, fault in read if fault), None):
        return None, fault
    return tuple(float(number) for number, _ in read if number is not None), None


def _read_day(entry: Field, raw: Any) -> tuple[tuple[float, ...] | None, Objection | None]:
    if not isinstance(raw, (list, tuple)):
        return None, Objection(NO_DAY, {"fault": "write them as a list"})
    read = [_read_number(entry, one) for one in raw]
    wrong = next((at for at, (_, fault) in enumerate(read) if fault), None)
    if wrong is not None:
        return None, Objection(
            NO_DAY, {"fault": f"{shown_value(raw[wrong])} at {wrong}:00 is not a number of 0 or more"}
        )
    if len(raw) != week.HOURS_PER_DAY:
        return None, Objection(NO_DAY, {"fault": f"there are {len(raw)}"})
    return tuple(float(number) for number, _ in read if number is not None), None


def _read_hours(entry: Field, raw: Any) -> tuple[str | None, Objection | None]:
    parts = (raw or [""]) if isinstance(raw, (list, tuple)) else raw.split(",") if isinstance(raw, str) else [raw]
    if wrong := [part for part in parts if not isinstance(part, str) or week.window(part) is None]:
        return None, Objection(NO_WINDOW, {"part": shown_value(wrong[0])})
    return ", ".join(" ".join(part.split()) for part in parts), None


_READERS = {
    "path": _read_path,
    "day": _read_day,
    "hours": _read_hours,
    "number": _read_number,
    "whole": _read_whole,
    "boolean": _read_boolean,
    "text": _read_text,
    "choice": _read_choice,
    "schedule": _read_schedule,
}


def _not_a_number(raw: Any) -> Objection:
    meant = _number_spelt(raw) if isinstance(raw, str) else None
    if meant is not None:
        return Objection(QUOTED_NUMBER, {"meant": meant})
    return Objection(
        NO_NUMBER,
        {"found": "true or false" if isinstance(raw, bool) else "text" if isinstance(raw, str) else "something else"},
    )


def _number_spelt(text: str) -> float | None:
    """The number that quoted text plainly spells (`"0.12"`, `"12 %"`): to propose it, never to use it."""
    try:
        parts = reader.figure(text)
    except reader.Unreadable:
        return None
    if parts.other is not None or parts.money or parts.rest not in ("", "%"):
        return None
    return float(parts.number / 100 if parts.rest else parts.number)


def _unwritable(text: str) -> bool:
    """Whether text cannot be written everywhere: half a surrogate pair has no UTF-8 form, and what XML 1.0 leaves out
    (control characters but tab and line ends, two that are no characters) would break a workbook."""
    return _NO_XML.search(text) is not None


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
