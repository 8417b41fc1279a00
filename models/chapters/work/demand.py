"""Demand: what is asked for, the same for every option, and the accelerator time it needs."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from models.engine.line import line


@line("Requests per day of the year", "request/day", by="workload year", adds="none")
def daily_requests(
    workload_requests_listed,
    workload_requests_by_year,
    workload_demand_growth,
    workload_years_beyond,
    workload_requests_per_day,
    year,
):
    """Requests per day, grown each year; of a list its entry, grown after the last."""
    return ops.where(
        workload_requests_listed,
        workload_requests_by_year * (1 + workload_demand_growth) ** workload_years_beyond,
        workload_requests_per_day * ops.escalate(workload_demand_growth, year),
    )


@line("Requests demanded", "request", by="workload year")
def requests_asked(daily_requests):
    """Requests per day x 365, the same for every option."""
    return daily_requests * DAYS_PER_YEAR


@line("Requests demanded, whole mix", "request", by="year")
def asked_requests(requests_asked):
    """All workloads."""
    return ops.across(requests_asked)


@line("Requests demanded once in production", "request", by="workload year")
def demanded_requests(requests_asked, production_share):
    """Months before production cannot be served."""
    return requests_asked * production_share


@line("Accelerator time asked for", "accelerator*s", by="year")
def asked_seconds(requests_asked, request_seconds):
    """What serving everything asked for would take."""
    return ops.across(requests_asked * request_seconds)


@line("Accelerators busy, by workload", "accelerator", by="workload year", adds="none")
def busy_accelerators(requests_asked, request_seconds):
    """On average over the year."""
    return requests_asked * request_seconds / (DAYS_PER_YEAR * SECONDS_PER_DAY)


@line("Accelerators busy on average", "accelerator", by="year", adds="none")
def mean_accelerators(busy_accelerators):
    """Accelerator-seconds asked for over the seconds of a year."""
    return ops.across(busy_accelerators)
