"""Load: the shape of the day, 48 kinds of hour of a weekday and the weekend, the same for every option."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Mean of the load shape", "1", by="workload")
def shape_mean(workload_shape_at, hour_weight):
    """Over the year, a weekday's hours 5/7 of it."""
    return ops.present_value(workload_shape_at, hour_weight)


@line("Smooth day, as steep as its peak", "1", by="workload hour", adds="none")
def bump(day_base, workload_peak_to_average):
    """((1 + cos(2 pi (t - 14)/24))/2)^(p^2/2): 1 at 14:00, the narrower the higher the peak."""
    return day_base ** (ops.default(workload_peak_to_average, 1) * ops.default(workload_peak_to_average, 1) / 2)


@line("Mean of the smooth day", "1", by="workload")
def bump_mean(bump, hour_weight):
    """Over its 24 hours."""
    return ops.present_value(bump, hour_weight)


@line("Load by the hour", "1", by="workload hour", adds="none")
def load(workload_has_shape, workload_shape_at, shape_mean, workload_peak_to_average, bump, bump_mean):
    """Over the mean of the year: the load shape over its own mean, or a smooth day that is p at 14:00."""
    return ops.where(
        workload_has_shape,
        workload_shape_at / shape_mean,
        1 + (ops.default(workload_peak_to_average, 1) - 1) * (bump - bump_mean) / (1 - bump_mean),
    )


@line("Mean load of a weekday", "1", by="workload")
def weekday_load(load, weekday_weight):
    """Over its 24 hours."""
    return ops.present_value(load, weekday_weight)


@line("Mean load of a day of the weekend", "1", by="workload")
def weekend_load(load, weekend_weight):
    """Over its 24 hours."""
    return ops.present_value(load, weekend_weight)


@line("Busiest hour of the load", "1", by="workload")
def load_peak(load):
    """The load shape's own peak over its mean."""
    return ops.busiest(load)


@line("Bursts inside the busiest hour", "1", by="workload")
def burst(workload_has_shape, workload_peak_to_average, load_peak):
    """What the peak-to-average load exceeds the load shape's own peak by, at least 1: for sizing only."""
    return ops.where(workload_has_shape, ops.maximum(1, ops.default(workload_peak_to_average, 1) / load_peak), 1)
