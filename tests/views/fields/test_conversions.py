"""Other ways to say an input, each with the sum that led to it."""

import pytest

from views.fields import conversions
from views.fields.conversions import Printed


def test_volume_by_month_week_and_working_day():
    month = conversions.requests_per_day(3_000_000, "month")
    assert month.value == pytest.approx(36_000_000 / 365)
    assert month.note == "3,000,000 a month x 12 / 365"
    assert conversions.requests_per_day(7, "week").value == pytest.approx(1)
    assert conversions.requests_per_day(365, "working day", 250).value == pytest.approx(250)
    assert conversions.requests_per_day(365, "year").value == 1


def test_volume_by_users():
    found = conversions.requests_of_users(1000, 20, "working day", 250)
    assert found.value == pytest.approx(20_000 * 250 / 365)
    assert "1,000 users x 20 prompts" in found.note


def test_tries_and_words():
    assert conversions.success_rate(1.25).value == 0.8
    with pytest.raises(ValueError, match="at least one"):
        conversions.success_rate(0.9)
    assert conversions.tokens(750).value == 1000
    with pytest.raises(ValueError, match="above 0"):
        conversions.tokens(750, 0)


@pytest.mark.parametrize(
    ("printed", "rate"),
    [
        (Printed(24_000, "system", "output", 1000, 200), 3000),
        (Printed(3000, "accelerator", "output", 1000, 200), 3000),
        (Printed(144_000, "system", "total", 1000, 200), 3000),
        (Printed(15_000, "accelerator", "input", 1000, 200), 3000),
    ],
)
def test_throughput_as_a_benchmark_prints_it(printed: Printed, rate: float):
    found = conversions.model_speed([printed], 8)
    assert found.decode_rate == pytest.approx(rate)
    assert found.blended
    assert (found.measured_input_tokens, found.measured_output_tokens) == (1000, 200)


def test_two_measurements_tell_reading_from_writing():
    # B200, DeepSeek-R1: 1k/1k at 4,791.6 and 8k/1k at 5,219.6 total tokens/s per accelerator.
    shapes = [Printed(4791.6, "accelerator", "total", 1024, 1024), Printed(5219.6, "accelerator", "total", 8192, 1024)]
    found = conversions.model_speed(shapes, 8)
    assert found.prefill_rate == pytest.approx(5360, rel=0.01)
    assert found.decode_rate == pytest.approx(4340, rel=0.01)


def test_measurements_that_give_no_rate_are_refused():
    with pytest.raises(ValueError, match="lengths"):
        conversions.model_speed([Printed(100, "accelerator", "output", 100, 0)], 8)
    with pytest.raises(ValueError, match="at least one"):
        conversions.model_speed([], 8)


def test_a_rate_is_echoed_for_system_and_joules():
    assert conversions.echo(3000, 8, 7752) == (
        "3,000 tokens/s per accelerator, 24,000 per system of 8, 0.323 J per token at 7,752 W"
    )
    assert "J per token" not in conversions.echo(3000, 8, None)
