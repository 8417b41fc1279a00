"""The operating point of a sweep: measured, interpolated where the sweep reaches its targets, never extrapolated."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.analysis.measured.operating_point import NoOperatingPoint, Point, Targets, operating_point

# A sweep of one system: heavier loads serve more, later.
SWEEP = [
    Point("8", 8, 1.0, 200, 100, 10),
    Point("16", 16, 1.8, 360, 200, 14),
    Point("32", 32, 2.8, 560, 600, 20),
    Point("64", 64, 3.2, 640, 2600, 30),
]


def test_the_level_with_the_most_requests_within_the_targets():
    found = operating_point(SWEEP, Targets(1000, 25))
    assert found.point.name == "32"
    assert found.reached
    assert found.warnings == ()


def test_between_two_levels_latency_is_linear_in_throughput_and_the_first_target_ends_it():
    between = operating_point(SWEEP, Targets(1000, 25)).between
    assert between is not None
    # TTFT reaches 1000 ms after (1000 - 600)/(2600 - 600) = 0.2 of the way, TPOT 25 ms after 0.5.
    assert (between.lower.name, between.upper.name, between.limit) == ("32", "64", "TTFT")
    assert between.share == pytest.approx(0.2)
    assert between.requests_per_s == pytest.approx(2.8 + 0.2 * 0.4)
    assert between.output_tok_s == pytest.approx(560 + 0.2 * 80)
    statement = operating_point(SWEEP, Targets(1000, 25)).statement
    assert all(words in statement for words in ("32 is the measured level", "and 64", "linear in throughput", "TTFT"))
    tpot = operating_point(SWEEP, Targets(3000, 22)).between
    assert tpot is not None
    assert (tpot.limit, tpot.share) == ("TPOT", pytest.approx(0.2))


def test_a_sweep_that_never_misses_is_not_extrapolated():
    found = operating_point(SWEEP[:2], Targets(1000, 25))
    assert (found.point.name, found.between, found.reached) == ("16", None, False)
    assert "nothing is extrapolated" in found.statement
    assert "may do more" in found.warnings[0]


def test_no_level_that_meets_the_targets_is_said_with_every_reason():
    with pytest.raises(NoOperatingPoint) as caught:
        operating_point(SWEEP, Targets(50, 12))
    assert str(caught.value).startswith(
        "no load level meets TTFT <= 50 ms and TPOT <= 12 ms (8: TTFT 100.0 ms; 16: TTFT"
    )
    assert "16: TTFT 200.0 ms, TPOT 14.00 ms" in str(caught.value)


def test_a_latency_that_was_not_measured_meets_no_target():
    unmeasured = [dataclasses.replace(point, tpot_ms=None) for point in SWEEP]
    with pytest.raises(NoOperatingPoint, match="TPOT not measured"):
        operating_point(unmeasured, Targets(1000, 25))
    assert operating_point(unmeasured, Targets(ttft_ms=1000)).point.name == "32"
    mixed = [*SWEEP[:3], unmeasured[3]]
    found = operating_point(mixed, Targets(1000, 25))
    assert found.between is None
    assert "not measured: 64" in found.warnings[0]


def test_a_level_whose_requests_fail_is_no_service():
    failing = [*SWEEP[:2], dataclasses.replace(SWEEP[2], failed_share=0.2), SWEEP[3]]
    found = operating_point(failing, Targets(1000, 25))
    assert (found.point.name, found.between) == ("16", None)
    tolerable = [dataclasses.replace(point, failed_share=min(point.failed_share, 0.005)) for point in failing]
    assert operating_point(tolerable, Targets(1000, 25)).point.name == "32"


def test_a_curve_that_turns_back_is_told():
    turned = [SWEEP[0], dataclasses.replace(SWEEP[1], ttft_ms=2080), *SWEEP[2:]]
    found = operating_point(turned, Targets(1000, 25))
    assert found.point.name == "32"
    assert "lighter levels than the one chosen miss the targets (16: TTFT 2,080 ms)" in found.warnings[0]


def test_a_heavier_level_that_serves_less_gives_no_interpolation():
    collapsed = [*SWEEP[:3], dataclasses.replace(SWEEP[3], requests_per_s=2.5, output_tok_s=500)]
    found = operating_point(collapsed, Targets(1000, 25))
    assert (found.point.name, found.between, found.reached) == ("32", None, True)
    assert "misses without serving more" in found.statement


def test_without_targets_the_most_requests_count():
    assert operating_point(SWEEP, Targets()).point.name == "64"


@pytest.mark.parametrize(
    ("points", "targets", "words"),
    [
        ([], Targets(1000), "at least one load level"),
        (SWEEP, Targets(0), "TTFT target of 0 ms"),
        (SWEEP, Targets(tpot_ms=float("nan")), "TPOT target"),
        ([SWEEP[0], SWEEP[0]], Targets(1000), "one name"),
        ([dataclasses.replace(SWEEP[0], load=0)], Targets(1000), "must be above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(points: list[Point], targets: Targets, words: str):
    with pytest.raises(ValueError, match=words):
        operating_point(points, targets)


@given(st.permutations(SWEEP), st.floats(50, 4000), st.floats(5, 40))
def test_the_order_of_levels_does_not_matter_and_the_targets_hold(points: list[Point], ttft: float, tpot: float):
    targets = Targets(ttft, tpot)
    try:
        found = operating_point(points, targets)
    except NoOperatingPoint:
        assert ttft < 100 or tpot < 10
        return
    assert found == operating_point(SWEEP, targets)
    assert (found.point.ttft_ms or 0) <= ttft
    assert (found.point.tpot_ms or 0) <= tpot
    if found.between is not None:
        assert found.point.requests_per_s <= found.between.requests_per_s <= found.between.upper.requests_per_s
