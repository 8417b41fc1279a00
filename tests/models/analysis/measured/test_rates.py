"""Two rates from shapes: the published example, the pathological set, and what is refused."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.analysis.measured.rates import Lengths, RatesError, Shape, fitted, rates

# B200, DeepSeek-R1-0528 fp8 at 42 tokens/s per user: 4,791.6 and 5,219.6 input + output tokens/s per GPU.
# https://inferencex.semianalysis.com/compare/deepseek-r1-b200
SHORT = Shape("1k/1k", 1024, 1024, 4791.6 / 2)
LONG = Shape("8k/1k", 8192, 1024, 5219.6 / 9)

# B200 TP1, Llama-3.3-70B fp4, offline maximum: output tokens/s of one GPU.
# https://github.com/NVIDIA/TensorRT-LLM/blob/main/docs/source/performance/perf-overview.md (v1.0)
LLAMA = {
    (128, 2048): 9922,
    (1000, 1000): 7007,
    (2048, 2048): 4783,
    (2048, 128): 1339,
    (5000, 500): 1459,
    (20000, 2000): 665,
}
LLAMA_SHAPES = [Shape(f"{i}/{o}", i, o, x) for (i, o), x in LLAMA.items()]


def test_the_published_example():
    assert (SHORT.seconds, LONG.seconds) == pytest.approx((0.4274, 1.7656), rel=1e-4)
    found = rates([SHORT, LONG])
    assert found.prefill_rate == pytest.approx(5360, rel=1e-3)
    assert found.decode_rate == pytest.approx(4340, rel=2e-3)
    assert found.confidence == "assumed"
    assert not found.blended
    assert "without residuals" in found.statement
    assert found.seconds(8192, 1024) == pytest.approx(LONG.seconds)


def test_of_fifteen_pairs_four_are_refused_and_the_rest_disagree():
    solved, refused = [], {}
    for left, right in combinations(LLAMA_SHAPES, 2):
        try:
            solved.append(rates([left, right]).prefill_rate)
        except RatesError as error:
            refused[left.name, right.name] = str(error)
    assert len(solved) == 11
    assert min(solved) == pytest.approx(6951, rel=1e-3)
    assert max(solved) == pytest.approx(97_680, rel=1e-3)
    assert {pair: words.split(" (")[0] for pair, words in refused.items()} == {
        ("1000/1000", "2048/2048"): "the shapes are too much alike",
        ("5000/500", "20000/2000"): "the shapes are too much alike",
        ("1000/1000", "20000/2000"): "the decode rate would be negative",
        ("2048/128", "20000/2000"): "the prefill rate would be negative",
    }


def test_the_fit_to_all_six_misses_and_says_by_how_much():
    found = rates(LLAMA_SHAPES)
    misses = {residual.name: round(residual.relative, 2) for residual in found.residuals}
    assert misses == {
        "128/2048": 0.07,
        "1000/1000": 0.10,
        "2048/2048": -0.25,
        "2048/128": 0.26,
        "5000/500": -0.08,
        "20000/2000": -0.58,
    }
    assert found.confidence == "assumed"
    assert any("miss a shape by 58%" in words for words in found.warnings)


def test_one_shape_gives_a_blended_rate_and_says_so():
    found = rates([LONG])
    assert found.blended
    assert (found.prefill_rate, found.decode_rate) == (None, LONG.output_tok_s_per_accelerator)
    assert (found.measured_input_tokens, found.measured_output_tokens) == (8192, 1024)
    assert "one blended rate" in found.statement


@given(
    st.floats(100, 1e6),
    st.floats(10, 1e5),
    st.lists(st.tuples(st.integers(100, 20_000), st.integers(100, 4_000)), min_size=2, max_size=6),
)
def test_shapes_made_from_two_rates_give_them_back(prefill: float, decode: float, lengths: list[tuple[int, int]]):
    shapes = [Shape(f"{n}", i, o, o / (i / prefill + o / decode)) for n, (i, o) in enumerate(lengths)]
    ratios = sorted(shape.ratio for shape in shapes)
    if ratios[-1] < 2 * ratios[0]:
        return
    try:
        found = rates(shapes)
    except RatesError as error:
        # One phase may be too small a part of all of them.
        assert "too much alike" in str(error)
        return
    assert (found.prefill_rate, found.decode_rate) == pytest.approx((prefill, decode), rel=1e-6)
    assert max(abs(residual.relative) for residual in found.residuals) < 1e-6
    assert found.confidence == ("measured" if len(shapes) > 2 else "assumed")


def test_scaling_all_throughputs_scales_both_rates():
    doubled = [
        Shape(s.name, s.input_tokens, s.output_tokens, 2 * s.output_tok_s_per_accelerator) for s in (SHORT, LONG)
    ]
    one, two = rates([SHORT, LONG]), rates(doubled)
    assert two.prefill_rate == pytest.approx(2 * (one.prefill_rate or 0))
    assert two.decode_rate == pytest.approx(2 * one.decode_rate)


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ([], "no shape"),
        ([SHORT, SHORT], "too much alike"),
        ([SHORT, Shape("again", 1100, 1024, 2300)], "too much alike"),
        ([Shape("nothing", 1000, 1000, 0), LONG], "nothing: output tokens/s per accelerator is 0"),
        ([Shape("empty", 1000, 0, 10), LONG], "empty: output tokens is 0"),
        ([Shape("lost", float("nan"), 10, 10), LONG], "lost: input tokens is NaN"),
        ([SHORT, Shape("idle", 8192, 1024, 500, saturated=False)], "served all that was offered: idle"),
        ([Shape("1/1000", 1, 1000, 717), Shape("1/250", 1, 250, 487)], "input is at most 0.4%"),
        ([Shape("5000/1", 5000, 1, 2), Shape("10000/1", 10000, 1, 1)], "output is at most <0.1%"),
    ],
)
def test_shapes_from_which_no_rates_follow_are_refused_with_the_reason(shapes: list[Shape], words: str):
    with pytest.raises(RatesError, match=words):
        rates(shapes)


def test_shapes_far_from_the_workload_are_flagged():
    assert rates([SHORT, LONG], Lengths(3000, 500)).warnings == ()
    far = rates([SHORT, LONG], Lengths(500, 500)).warnings
    assert far == (
        "8k/1k: more than 4 times as long or as short as the workload's requests (1,000 tokens); measure nearer",
    )
    [outside] = rates([SHORT, LONG], Lengths(500, 2000)).warnings
    assert "its rate is extrapolated" in outside
    with pytest.raises(RatesError, match="above 0"):
        rates([SHORT, LONG], Lengths(500, 0))


def test_reading_a_hundred_times_as_fast_as_writing_is_flagged():
    found = rates([Shape("5000/250", 5000, 250, 469.2), Shape("1/250", 1, 250, 486.6)])
    assert "times as fast as writing" in found.warnings[0]


def test_shapes_that_do_not_suit_are_left_out_by_name():
    idle = Shape("idle", 8192, 1024, 500, saturated=False)
    both = [SHORT, LONG, idle]
    assert fitted(both) == replace(rates([SHORT, LONG]), warnings=fitted(both).warnings)
    assert "left out: not saturated, the system served all that was offered: idle" in fitted(both).warnings
    assert fitted(both).shapes == (SHORT.name, LONG.name)
    with pytest.raises(RatesError, match="served all that was offered"):
        rates(both)


def test_where_no_two_rates_follow_the_shape_nearest_the_workload_is_taken():
    near = Shape("near", 1100, 1024, 2300)
    found = fitted([SHORT, near], Lengths(1100, 1024))
    assert found.blended and found.shapes == ("near",) and found.decode_rate == 2300
    assert "too much alike" in found.warnings[0] and "near is taken, nearest the workload" in found.warnings[0]
    with pytest.raises(RatesError, match="above 0"):
        fitted([Shape("none", 0, 10, 10)])


def test_a_large_miss_does_not_hold():
    exact = [Shape(name, i, o, o / (i / 10_000 + o / 1_000)) for name, i, o in (("a", 1000, 100), ("b", 100, 1000))]
    assert rates(exact).holds and rates(exact).largest_miss == pytest.approx(0, abs=1e-9)
    off = Shape("c", 1000, 1000, 1000 / (2 * (0.1 + 1.0)))
    assert not rates([*exact, off]).holds and rates([*exact, off]).largest_miss > 0.2
