"""Tax depreciation schedules: which share of a cost is deducted in each year of an asset's age.

The MACRS percentages are those of the US Internal Revenue Service, Publication 946, Appendix A, Table A-1 (general
depreciation system, half-year convention), in full as printed there.
"""

from __future__ import annotations

from collections.abc import Sequence

MACRS_HALF_YEAR: dict[str, tuple[float, ...]] = {
    "macrs_3": (0.3333, 0.4445, 0.1481, 0.0741),
    "macrs_5": (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576),
    "macrs_7": (0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446),
    "macrs_15": (
        *(0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059),
        *(0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295),
    ),
}

# Deducted by age, first year first; after the last entry nothing is left to deduct by the year.
SCHEDULES: dict[str, tuple[float, ...]] = {**MACRS_HALF_YEAR, "bonus_100": (1.0,), "none": ()}


def schedule_shares(kind_or_list: str | Sequence[float], ages: int) -> tuple[float, ...] | None:
    """Shares of the cost deducted at ages 1 to `ages`, or None for `straight_line` (the life decides, not a table).

    A typed list is taken as it stands, zero beyond its end. Raises KeyError for a schedule that does not exist.
    """
    if kind_or_list == "straight_line":
        return None
    shares = SCHEDULES[kind_or_list] if isinstance(kind_or_list, str) else tuple(kind_or_list)
    return (*shares, *(0.0,) * ages)[:ages]
