"""What counts as the same work: shares of the demand served, held against the larger of the two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.analysis.decision.side_by_side import footing
from models.analysis.metrics.flags import flags
from models.analysis.metrics.measures import footing as footing_of
from models.analysis.metrics.same_work import comparability, same_work
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.load import load

TEMPLATE = Path(__file__).parents[4] / "templates" / "power_limited_site.toml"
CASES = [
    *[(0.0002, 0.0006, False), (0.0002, 0.0002001, True), (0.0, 0.0, True), (0.0, 0.0005, False)],
    *[(1.0, 0.9995, True), (1.0, 0.998, False), (2.0, 2.001, True), (0.67, 1.0, False)],
]


@pytest.mark.parametrize(("one", "two", "same"), CASES)
def test_shares_are_held_against_the_larger(one: float, two: float, same: bool) -> None:
    assert same_work(one, two) is same
    assert same_work(two, one) is same


def test_many_shares_at_once_are_told_as_one_by_one() -> None:
    ones, twos, wanted = (np.array(column) for column in zip(*CASES, strict=True))
    assert (same_work(ones, twos) == wanted).all()


def crowded() -> Result:
    """Fixed fleets against so much demand that each serves a few hundredths of a per cent of it."""
    study = load(TEMPLATE)
    rows = study.rows("workload")
    return MODEL.run(
        replace_all(study, {p.of("requests_per_day"): 3000 * p.row.number("requests_per_day") for p in rows})
    )


def test_fleets_that_serve_next_to_nothing_do_not_do_the_same_work() -> None:
    options = list(crowded().options.values())
    a, b = options[:2]
    assert abs((a.number("served_share") or 0.0) - (b.number("served_share") or 0.0)) < 1e-3
    found = comparability(a, b)
    assert not found.holds and "0.013% of the demand" in found.reason and "0.023%" in found.reason
    assert not footing_of("pv_cost", a, b).holds
    assert footing(crowded()).comparable == (footing(crowded()).against,)


def test_every_fleet_that_leaves_work_undone_is_flagged() -> None:
    result = crowded()
    assert sum("of what is asked for over the life" in problem.message for problem in flags(result)) == len(
        result.options
    )
