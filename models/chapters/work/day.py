"""The day: how busy the fleet is in each of 48 kinds of hour, and the peak that it is sized for."""

from __future__ import annotations

from models.engine import ops
from models.engine.constants import ROUNDING_SLACK, WEEKDAY, WEEKEND
from models.engine.line import line


@line("Peak over mean", "1", by="workload")
def peak_ratio(workload_peak_to_average):
    """Peak-to-average load as given; blank counts as 1, or as the load shape's own."""
    return ops.default(workload_peak_to_average, 1)


@line("Accelerators busy with work that cannot wait", "accelerator", by="workload year", adds="none")
def firm_accelerators(busy_accelerators, workload_deferrable_share):
    """On average over the year."""
    return busy_accelerators * (1 - workload_deferrable_share)


@line("Accelerators busy with work that can wait", "accelerator", by="workload year", adds="none")
def deferred_accelerators(busy_accelerators, workload_deferrable_share):
    """On average over the year: batch work, which fills the quiet hours of its day."""
    return busy_accelerators * workload_deferrable_share


@line("Accelerators busy with work that cannot wait, bursts", "accelerator", by="workload year", adds="none")
def burst_accelerators(firm_accelerators, burst):
    """As in the busiest minutes of an hour."""
    return firm_accelerators * burst


@line("Work that cannot wait, mean of the day", "accelerator", by="day year", adds="none")
def firm_mean(by_the_hour, firm_accelerators, weekday_load, weekend_load):
    """F: over the 24 hours of each kind of day."""
    return ops.stack(
        weekday=by_the_hour * ops.across(firm_accelerators * weekday_load),
        weekend=by_the_hour * ops.across(firm_accelerators * weekend_load),
    )


@line("Work that cannot wait, busiest hour of the day", "accelerator", by="day year", adds="none")
def firm_peak(firm_accelerators, load, hour_day):
    """Fm: of each kind of day."""
    return ops.stack(
        weekday=ops.topmost(firm_accelerators, load, hour_day, WEEKDAY),
        weekend=ops.topmost(firm_accelerators, load, hour_day, WEEKEND),
    )


@line("Work that can wait, mean of the day", "accelerator", by="day year", adds="none")
def deferred_mean(by_the_hour, deferred_accelerators, weekday_load, weekend_load):
    """D: over the 24 hours of each kind of day."""
    return ops.stack(
        weekday=by_the_hour * ops.across(deferred_accelerators * weekday_load),
        weekend=by_the_hour * ops.across(deferred_accelerators * weekend_load),
    )


@line("Swing of the day that is left", "1", by="day year", adds="none")
def swing_left(firm_peak, firm_mean, deferred_mean):
    """1 - D/(Fm - F), at least 0: work that can wait fills the valleys of its kind of day; 0 where the day is flat."""
    return ops.where(
        firm_peak > firm_mean * (1 + ROUNDING_SLACK), ops.maximum(0, 1 - deferred_mean / (firm_peak - firm_mean)), 0
    )


@line("Mean of the day", "accelerator", by="day year", adds="none")
def day_mean(firm_mean, deferred_mean):
    """F + D."""
    return firm_mean + deferred_mean


@line("Accelerators busy, by the hour", "accelerator", by="hour year", adds="none")
def busy_at(day_mean, hour_day, swing_left, firm_accelerators, load, hour_number, firm_mean):
    """F + D + s (firm - F): what cannot wait at its hour, what can in the valleys: the peak is max(F + D, Fm)."""
    return ops.pick(day_mean, hour_day) + ops.pick(swing_left, hour_day) * (
        ops.by_hour(firm_accelerators, load, hour_number) - ops.pick(firm_mean, hour_day)
    )


@line("Accelerators at the peak's pace, smooth days", "accelerator", by="year", adds="none")
def smooth_peak(firm_accelerators, peak_ratio):
    """Where nothing follows a load shape all workloads peak together at 14:00."""
    return ops.across(firm_accelerators * peak_ratio)


@line("Accelerators at the peak, by the hour", "accelerator", by="year", adds="none")
def hourly_peak(day_mean, burst_accelerators, load, hour_day):
    """The largest of F + D of both kinds of day and of the work that cannot wait, with bursts."""
    return ops.maximum(
        ops.crest(day_mean),
        ops.topmost(burst_accelerators, load, hour_day, WEEKDAY),
        ops.topmost(burst_accelerators, load, hour_day, WEEKEND),
    )


@line("Accelerators needed at the peak", "accelerator", by="year", adds="none", known="is_sized")
def peak_accelerators(by_the_hour, hourly_peak, mean_accelerators, smooth_peak):
    """The busiest hour's load without what can wait, but never below the mean; no figure for a given number of systems,
    which no peak sizes."""
    return ops.where(by_the_hour, hourly_peak, ops.maximum(mean_accelerators, smooth_peak))


@line("Accelerators busy in the busiest hour", "accelerator", by="year", adds="none")
def most_busy(busy_at):
    """Without bursts."""
    return ops.crest(busy_at)


@line("Peak over busiest hour", "1", by="year", adds="none")
def swell(most_busy, peak_accelerators):
    """How far bursts exceed the busiest hour; 1 without load."""
    return ops.where(most_busy > 0, peak_accelerators / most_busy, 1)
