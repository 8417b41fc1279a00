"""Each distribution against scipy's own, and cut ones against drawing again and again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from models.analysis.risk.distributions import NORMAL_95, Spread

SHARES = np.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])


@pytest.mark.parametrize(
    ("kind", "judge"),
    [
        ("triangular", stats.triang(c=0.25, loc=2, scale=4)),
        ("uniform", stats.uniform(loc=2, scale=4)),
        ("pert", stats.beta(2, 4, loc=2, scale=4)),
        ("normal", stats.norm(loc=4, scale=2 / NORMAL_95)),
        ("lognormal", stats.lognorm(s=np.log(3) / (2 * NORMAL_95), scale=np.sqrt(12))),
    ],
)
def test_quantiles_are_those_of_another_program(kind: str, judge: stats.rv_continuous):
    spread = Spread(kind, 2.0, 3.0, 6.0)
    assert spread.quantile(SHARES) == pytest.approx(judge.ppf(SHARES), rel=1e-12)
    assert spread.mean == pytest.approx(judge.mean(), rel=2e-4)


@pytest.mark.parametrize("kind", ["triangular", "uniform", "pert", "normal", "lognormal"])
def test_a_cut_is_what_drawing_again_gives(kind: str):
    whole = Spread(kind, 2.0, 3.0, 6.0)
    cut = dataclasses.replace(whole, least=2.5, most=4.0)
    drawn = whole.quantile(np.random.default_rng(3).random(400_000))
    kept = drawn[(drawn >= 2.5) & (drawn <= 4.0)]
    found = cut.quantile(SHARES)
    assert found.min() > 2.5 and found.max() < 4.0
    assert found == pytest.approx(np.quantile(kept, SHARES), rel=4e-3)


def test_a_bound_that_is_not_allowed_is_never_drawn():
    spread = Spread("uniform", 0.0, 0.5, 1.0, least=0.0, most=1.0, open_least=True, open_most=True)
    found = spread.quantile(np.array([0.0, 1.0]))
    assert 0 < found[0] < 1e-300 and 1 - 1e-12 < found[1] < 1


def test_low_and_high_of_a_normal_are_its_5th_and_95th_percentile():
    for kind in ("normal", "lognormal"):
        assert Spread(kind, 2.0, 3.0, 6.0).quantile(np.array([0.05, 0.95])) == pytest.approx([2.0, 6.0])


def test_single_values_come_by_their_weights():
    spread = Spread("discrete", 3, 5, 6, (3, 5, 6), (1, 2, 1))
    drawn = spread.quantile((np.arange(4000) + 0.5) / 4000)
    assert [int(np.sum(drawn == value)) for value in (3, 5, 6)] == [1000, 2000, 1000]
    assert dataclasses.replace(spread, weights=(0, 2, 1)).ends == (5, 6)
