"""Demand: what is asked for, the same for every option, and the accelerator time it needs."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import DAYS_PER_YEAR, SECONDS_PER_DAY
from models.engine.line import line


@line("Requests asked for", "request", by="workload year")
def requests_asked(workload_requests_per_day, workload_demand_growth, year):
    """requests_per_day x 365, grown each year."""
    return workload_requests_per_day * DAYS_PER_YEAR * ops.escalate(workload_demand_growth, year)


@line("Requests asked for, whole mix", "request", by="year")
def asked_requests(requests_asked):
    """All workloads."""
    return ops.across(requests_asked)


@line("Requests asked for once in production", "request", by="workload year")
def demanded_requests(requests_asked, production_share):
    """Months before production cannot be served."""
    return requests_asked * production_share


@line("Accelerator time asked for", "accelerator*s", by="year")
def asked_seconds(requests_asked, request_seconds):
    """What serving everything asked for would take."""
    return ops.across(requests_asked * request_seconds)


@line("Accelerator time demanded in production", "accelerator*s", by="year")
def demanded_seconds(demanded_requests, request_seconds):
    """What serving everything demanded takes."""
    return ops.across(demanded_requests * request_seconds)


@line("Peak over mean of the work that cannot wait", "1", by="workload")
def urgent_peak(workload_peak_to_average, workload_deferrable_share):
    """peak_to_average x (1 - deferrable_share): batch work waits for the quiet hours."""
    return workload_peak_to_average * (1 - workload_deferrable_share)


@line("Accelerator time at the peak's pace", "accelerator*s", by="year", adds="none")
def peak_seconds(requests_asked, request_seconds, urgent_peak):
    """The year's time if every hour were the busiest one, work that can wait left out."""
    return ops.across(requests_asked * request_seconds * urgent_peak)


@line("Accelerators busy on average", "accelerator", by="year", adds="none")
def mean_accelerators(asked_seconds):
    """Accelerator-seconds asked for over the seconds of a year."""
    return asked_seconds / (DAYS_PER_YEAR * SECONDS_PER_DAY)


@line("Accelerators needed at the peak", "accelerator", by="year", adds="none")
def peak_accelerators(mean_accelerators, peak_seconds):
    """The busiest hour's load without what can wait, but never below the mean."""
    return ops.maximum(mean_accelerators, peak_seconds / (DAYS_PER_YEAR * SECONDS_PER_DAY))
