"""What people type for an input, read as the content its `Field` wants: number, share, choice, yes or no, schedule.

The number itself is read by `models.notation.reader`; here stands what the input makes of it, its unit and its bounds.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from models.notation import reader, writer
from models.notation.reader import Figure, Marks, Policy, Reading, Unreadable, digits_of, short
from models.studies.inputs import schema
from models.studies.inputs import value as provenance
from models.studies.inputs.field import LARGEST_YEARLY_CHANGE
from models.studies.inputs.problem import Problem
from models.studies.inputs.schema import Field
from models.studies.inputs.spelling import nearest_hint
from views.figures import wording
from views.figures.wording import is_percent

# Behind a success rate; up to so many a bare number may be meant as tries.
TRIES = ("tries", "try", "attempts", "attempt", "tries per answer", "attempts per accepted response")
MOST_TRIES = 20
# Of the two readings of 5.123 % nobody means fifty-fold.
LARGEST_PLAUSIBLE_SHARE = 10


def read(entry: Field, text: str, policy: Policy, *, basis: str = "", currency: str = "") -> Reading:
    """The content that a text stands for, in the field's own unit and within its bounds; blank text is a blank."""
    tidy = reader.tidy(text)
    if not tidy:
        return Reading(fault="is required and cannot be blank") if entry.required else Reading()
    if entry.kind == "path" and ";" in text:
        return _numbers(entry, text.split(";"), policy, currency)
    if entry.is_number:
        return _number(entry, text, policy, basis, currency)
    if entry.kind == "day":
        # A space inside a number parts its thousands where semicolons part the numbers.
        return _numbers(entry, re.split(";" if ";" in tidy else r"\s+", tidy), policy, currency)
    if entry.kind == "boolean":
        return reader.yes_or_no(text)
    if entry.kind == "choice":
        return _choice(entry, tidy)
    if entry.kind == "schedule":
        return _schedule(entry, tidy, policy)
    return Reading(text.strip())


# ------------------------------------------------------------------------------------------------------------- numbers


def _number(entry: Field, text: str, policy: Policy, basis: str, currency: str) -> Reading:
    percent = is_percent(entry, basis)
    try:
        parts = reader.figure(text, currency.strip().upper())
        _money_is_known(parts, schema.unit(entry, basis), currency.strip().upper())
        in_tries = entry.said_as == "tries" and parts.rest in TRIES
        if parts.rest and not in_tries and not (percent and parts.rest in reader.PERCENT):
            _unit_is_known(parts.rest, entry, basis, percent)
        value = _share(entry, parts, policy) if percent else _settled(entry, parts, policy)
    except Unreadable as fault:
        return fault.reading
    if fault := bounds_fault(entry, value, percent):
        return Reading(fault=fault)
    stored = reader.content(value)
    said = "" if parts.plain and not (percent and value) else spelt(entry, stored, basis)
    return Reading(stored, said=f"read as {said}" if said and said != reader.tidy(text) else "")


def _settled(entry: Field, parts: Figure, policy: Policy) -> Decimal:
    return reader.settled(parts, policy, lambda size: not _beyond(entry, size))


def _share(entry: Field, parts: Figure, policy: Policy) -> Decimal:
    """A share, a yearly change, or a success rate, which may also be said as the attempts that a response takes."""
    if entry.said_as == "tries" and parts.rest not in reader.PERCENT:
        size = reader.settled(parts, policy, lambda size: size <= 100)
        if parts.rest in TRIES:
            if size < 1:
                raise Unreadable("must be at least 1 attempt")
            return 1 / size
        if 1 < abs(size) <= MOST_TRIES:
            digits = digits_of(size)
            raise Unreadable(
                f"may be {digits}% or {digits} attempts per accepted response; write {digits}% or {digits} attempts"
            )
    unclear = reader.UNCLEAR_CHANGE if entry.unit == "1/yr" else None
    # Where English is spoken, 1,123 % is what it says.
    is_said = parts.rest in reader.PERCENT and policy.marks == "english" and abs(parts.other or 0) < abs(parts.number)
    possible = _is_within if is_said else _is_share
    return reader.share(parts, policy, possible=partial(possible, entry), unclear=unclear)


def _is_share(entry: Field, part: Decimal) -> bool:
    """Whether one reading of a percentage can be meant."""
    return abs(part) < LARGEST_PLAUSIBLE_SHARE and _is_within(entry, part)


def _is_within(entry: Field, size: Decimal) -> bool:
    return not _beyond(entry, size)


def _money_is_known(parts: Figure, unit: str, code: str) -> None:
    """Raises unless a currency beside the number is that of the study, and the input an amount of it."""
    mark = parts.money
    if mark and not unit.startswith("money"):
        raise Unreadable(f"is not an amount of money: enter a plain number, without {mark}")
    if mark and code and not reader.is_money(mark, code):
        raise Unreadable(f"is in {mark}, but the study is in {code}: convert the amount first")


def _unit_is_known(rest: str, entry: Field, basis: str, percent: bool) -> None:
    """Raises unless what stands behind the number is the input's own unit, or the start of it."""
    if rest == "%":
        raise Unreadable(f"is not a percentage: enter it in {_unit_word(entry, basis)}")
    unit = "%" if percent else schema.unit(entry, basis)
    counted, _, per = unit.partition("/")
    own = {unit, counted, f"{counted}s", f"{counted}s/{per}", f"{counted} per {per}", f"{counted}s per {per}"}
    own |= {per, f"/{per}", f"per {per}", f"per {per.replace('/', ' per ')}"}
    if rest.casefold() not in {word.casefold() for word in own if word}:
        raise Unreadable(f'"{short(rest)}" is not understood; type the number in {_unit_word(entry, basis)}')


def _unit_word(entry: Field, basis: str) -> str:
    return wording.unit(schema.unit(entry, basis), "", percent=is_percent(entry, basis)) or "plain digits"


def bounds_fault(entry: Field, value: Decimal, percent: bool) -> str:
    """Why a number cannot stand in the input, in its own notation; "" if it can."""
    if entry.kind == "whole" and value != value.to_integral_value():
        return f"must be a whole number, such as {digits_of(value.to_integral_value())}"
    if not _beyond(entry, value):
        return ""
    show = partial(writer.as_typed, percent=percent)
    low, high = entry.minimum, entry.maximum
    parts = []
    if low is not None:
        parts.append(f"{'above' if entry.exclusive_minimum else 'at least'} {show(low)}")
    if high is not None and (high < LARGEST_YEARLY_CHANGE * 10 or value > Decimal(high)):
        parts.append(f"{'below' if entry.exclusive_maximum else 'at most'} {show(high)}")
    return f"must be {' and '.join(parts)}"


def _beyond(entry: Field, value: Decimal) -> bool:
    if entry.kind == "whole" and value != value.to_integral_value():
        return True
    low = None if entry.minimum is None else Decimal(entry.minimum)
    high = None if entry.maximum is None else Decimal(entry.maximum)
    if low is not None and (value < low or (entry.exclusive_minimum and value == low)):
        return True
    return high is not None and (value > high or (entry.exclusive_maximum and value == high))


# --------------------------------------------------------------------------------------------------------- other kinds


def _choice(entry: Field, text: str) -> Reading:
    if (found := schema.chosen(entry, text)) is not None:
        return Reading(found)
    words = list(schema.choice_words(entry).values())
    return Reading(fault=f'"{short(text)}" is none of: {", ".join(words)}{nearest_hint(text, words)}')


def _schedule(entry: Field, text: str, policy: Policy) -> Reading:
    """A named schedule, or yearly shares: "50 %; 30 %; 20 %" or "0.5 0.3 0.2"."""
    named = _choice(entry, text)
    if not named.fault or not re.match(r"[0-9.,]", text):
        return named
    words = text.split(";") if ";" in text else re.findall(r"[^\s%]+(?:\s*%)?", text)
    share = schema.field("api", "batch_share")
    shares = [_number(share, word.strip().strip(","), policy, "", "") for word in words]
    if fault := next((each.fault for each in shares if each.fault), ""):
        return Reading(fault=f"yearly shares: {fault}")
    values = [each.value for each in shares]
    total = sum((Decimal(str(value)) for value in values), Decimal(0))
    if total > 1:
        return Reading(
            fault=f"the yearly shares add up to {digits_of(total * 100)}%; together they must not exceed 100%"
        )
    return Reading(values, said="read as " + ", ".join(_percent_text(value) for value in values))


def _numbers(entry: Field, words: Sequence[str], policy: Policy, currency: str) -> Reading:
    """A list of numbers, by year, by try or by the hour; the schema says whether it may stand there."""
    plain = dataclasses.replace(entry, kind="number", unit="1" if entry.unit == "1" else "", minimum=0.0)
    read = [_number(plain, word.strip(" \t,"), policy, "", currency) for word in words if word.strip(" \t,")]
    if unread := next((each for each in read if each.fault or each.question), None):
        return unread
    values = [each.value for each in read]
    faults: list[Problem] = []
    found = provenance.read(entry, values, "", faults)
    return Reading(fault=faults[0].message) if found is None else Reading(values)


# ------------------------------------------------------------------------------------------------------------- writing


def spelt(entry: Field, value: Any, basis: str = "", marks: Marks = "point") -> str:
    """A value as its field shows it, so that reading the text by the same marks gives it back; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        if entry.kind == "schedule" or entry.unit == "1":
            return "; ".join(_percent_text(share, marks) for share in value)
        return "; ".join(spelt_number(number, marks) for number in value)
    if isinstance(value, str):
        return schema.choice_label(entry.name, value) if entry.kind in ("choice", "schedule") else value
    if entry.is_year:
        return str(value)
    if is_percent(entry, basis):
        return _percent_text(value, marks, lambda size: _is_share(entry, size / 100))
    return spelt_number(value, marks, lambda size: not _beyond(entry, size))


def spelt_number(value: float, marks: Marks = "point", possible: Callable[[Decimal], bool] = lambda _: True) -> str:
    """A number as a field shows it, grouped by commas or, where a comma would not be clear, by spaces.

    Three decimals have a zero behind them where they might be thousands, a size that is `possible`.
    """
    return _clear(writer.as_typed(value, english=marks in ("english", "point")), marks, possible)


def _percent_text(value: float, marks: Marks = "point", possible: Callable[[Decimal], bool] = lambda _: False) -> str:
    return _clear(writer.as_typed(value, percent=True, english=marks in ("english", "point")), marks, possible)


def _clear(text: str, marks: Marks, possible: Callable[[Decimal], bool]) -> str:
    lone = re.fullmatch(r"(-?[1-9][0-9]{0,2}\.[0-9]{3})(%?)", text) if marks == "english" else None
    return f"{lone[1]}0{lone[2]}" if lone and possible(Decimal(lone[1].replace(".", ""))) else text
