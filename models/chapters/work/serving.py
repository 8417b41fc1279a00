"""Serving: the accelerator time that one request takes, reading (prefill) and writing (decode)."""

from __future__ import annotations

from models.engine import ops
from models.engine.line import line


@line("Blended rate", "1", by="workload")
def is_blended(serving_prefill_rate, has_fleet):
    """1 where only one measured rate is given, output tokens per second with reading included."""
    return (1 - ops.given(serving_prefill_rate)) * has_fleet


@line("Input time of a request in year 1", "accelerator*s/request", by="workload")
def prefill_seconds_at_start(attempts, effective_input, serving_prefill_rate):
    """Attempts x input to compute / input speed; 0 with a blended rate."""
    return ops.over_given(attempts * effective_input, serving_prefill_rate)


@line("Output time of a request in year 1", "accelerator*s/request", by="workload")
def decode_seconds_at_start(generated_per_request, serving_decode_rate):
    """Attempts x generated tokens / output speed."""
    return ops.over_given(generated_per_request, serving_decode_rate)


@line("Speed-up of the same hardware by software", "1", by="year", adds="none")
def serving_speed(option_serving_gain, year):
    """Throughput as a multiple of year 1's."""
    return ops.escalate(option_serving_gain, year)


@line("Input time of a request", "accelerator*s/request", by="workload year", adds="none")
def prefill_seconds(prefill_seconds_at_start, serving_speed):
    """Prefill accelerator-seconds, all attempts."""
    return prefill_seconds_at_start / serving_speed


@line("Output time of a request", "accelerator*s/request", by="workload year", adds="none")
def decode_seconds(decode_seconds_at_start, serving_speed):
    """Decode accelerator-seconds, all attempts."""
    return decode_seconds_at_start / serving_speed


@line("Accelerator time of a request", "accelerator*s/request", by="workload year", adds="none")
def request_seconds(prefill_seconds, decode_seconds):
    """Reading + writing: a mix's throughput is its tokens over its seconds, a harmonic mean."""
    return prefill_seconds + decode_seconds
