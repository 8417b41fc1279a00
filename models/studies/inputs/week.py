"""The hours of the week: 48 kinds of hour, 24 of a weekday and 24 of the weekend, and the windows that name them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

HOURS_PER_DAY = 24
HOURS = 2 * HOURS_PER_DAY
DAYS = {"weekday": (0,), "weekend": (1,), "daily": (0, 1)}
DAYS_OF_WEEK = (5, 2)
OFFICE = "weekday 9-17"
_WINDOW = re.compile(r"\s*(weekday|weekend|daily)\s+(\d{1,2})(?::00)?\s*-\s*(\d{1,2})(?::00)?\s*", re.IGNORECASE)


def share(hour: int) -> float:
    """Which share of the year a kind of hour is: 5/7/24 of a weekday, 2/7/24 of the weekend."""
    return DAYS_OF_WEEK[hour // HOURS_PER_DAY] / 7 / HOURS_PER_DAY


def loads(weekday: Sequence[float], weekend: Sequence[float] | None) -> tuple[tuple[float, ...], float]:
    """A shape by kind of hour, the weekend as weekdays where it is blank, and its mean over the year."""
    by_hour = (*weekday, *(weekend or weekday))
    return by_hour, math.fsum(share(hour) * load for hour, load in enumerate(by_hour))


def standing(by_hour: Sequence[float], mean: float) -> tuple[float, float, float]:
    """What a shape comes to: its peak and the mean of its office hours, both over its mean, and the share of the load
    outside office hours."""
    office = hours(OFFICE)
    within = math.fsum(share(hour) * by_hour[hour] for hour in office)
    return max(by_hour) / mean, within / math.fsum(map(share, office)) / mean, 1 - within / mean


def window(text: str) -> tuple[int, ...] | None:
    """The kinds of hour that a window names; one that wraps midnight stays in its kind of day. None for no window."""
    found = _WINDOW.fullmatch(text)
    if not found:
        return None
    begin, end = int(found[2]), int(found[3])
    if begin >= HOURS_PER_DAY or not 0 <= end <= HOURS_PER_DAY or begin == end:
        return None
    length = (end - begin) % HOURS_PER_DAY or HOURS_PER_DAY
    hours = [(begin + step) % HOURS_PER_DAY for step in range(length)]
    return tuple(sorted(day * HOURS_PER_DAY + hour for day in DAYS[found[1].lower()] for hour in hours))


def hours(text: str) -> tuple[int, ...]:
    """The kinds of hour that windows parted by commas name, in order; one named twice stands twice.

    Raises ValueError for what is no window.
    """
    named: list[int] = []
    for part in text.split(","):
        found = window(part)
        if found is None:
            raise ValueError(f"{part.strip()!r} is no window of the week, such as 'weekday 8-20'")
        named += found
    return tuple(sorted(named))


def spoken(hour: int) -> str:
    """A kind of hour in words: "weekday 14-15"."""
    return f"{'weekend' if hour >= HOURS_PER_DAY else 'weekday'} {hour % HOURS_PER_DAY}-{hour % HOURS_PER_DAY + 1}"
