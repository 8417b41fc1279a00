"""What a run shows that a reader should know before trusting a figure: missed peaks, unmet work, idle fleets."""

from __future__ import annotations

from collections.abc import Iterator

from models.analysis.metrics.same_work import same_work
from models.run.model import OptionResult, Result
from models.studies.paths import joined
from models.studies.problem import Problem

SLACK = 1e-9
HARDLY_USED = 0.1


def flags(result: Result) -> tuple[Problem, ...]:
    """Everything a run flags, each with the option it concerns; what the file itself shows is in study.warnings."""
    return tuple(
        Problem(joined("option", name), None, message)
        for name, option in result.options.items()
        for message in _of(option)
    )


def _of(o: OptionResult) -> Iterator[str]:
    missed = [y for y, share in enumerate(o.years("peak_served_share"), 1) if share is not None and share < 1 - SLACK]
    if missed:
        lowest = min(s for s in o.years("peak_served_share") if s is not None)
        yield (
            f"in model {_years(missed)} only {lowest:.1%} of the peak is served within the latency targets; "
            "raise the limit of power or cooling, or plan a higher load"
        )
    served = o.number("served_share")
    if served is not None and served < 1 and not same_work(served, 1.0):
        priced = (
            "the rest is valued at its price elsewhere"
            if o.values["interim_priced"]
            else "totals need a price for unmet requests"
        )
        yield f"serves {served:.1%} of what is asked for over the life; where options are compared, {priced}"
    used = o.figure("used_share")
    if used is not None and o.values["lifetime_held_hours"] and used < HARDLY_USED:
        yield f"the fleet is busy {used:.1%} of the time paid for; a smaller system or an API may serve the same work"


def _years(years: list[int]) -> str:
    if len(years) == 1:
        return f"year {years[0]}"
    return f"years {', '.join(str(y) for y in years)}"
