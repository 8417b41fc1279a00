"""What counts as the same work: shares of the demand served, held against the larger of the two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.analysis.decision.bridge import bridge
from models.analysis.decision.decision import saving
from models.analysis.decision.difference import difference
from models.analysis.decision.side_by_side import footing
from models.analysis.metrics.flags import flags
from models.analysis.metrics.measures import comparable_by
from models.analysis.metrics.same_work import comparability, same_work
from models.analysis.words import line_text
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load

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


def test_a_fleet_that_can_do_more_than_is_asked_for_is_told_in_times() -> None:
    study = load(TEMPLATE)
    rows = study.rows("workload")
    asked = {p.of("requests_per_day"): p.row.number("requests_per_day") / 1000 for p in rows}
    a, b = list(MODEL.run(replace_all(study, asked)).options.values())[:2]
    shares = [a.number("served_share"), b.number("served_share")]
    assert all(share is not None and share > 1 for share in shares)
    assert all(line_text("served_share", share, "1", "USD")[0] == writer.of_demand(share) for share in shares)
    reason = comparability(a, b).reason
    assert f"{a.name} serves {writer.of_demand(shares[0])}, {b.name} {writer.of_demand(shares[1])}" in reason
    assert "%" not in reason


@pytest.mark.parametrize(("part", "nothing"), [(1e-10, True), (1e-8, False)])
def test_what_rounding_leaves_of_a_difference_is_nobodys_money(part: float, nothing: bool) -> None:
    prices = {"price_input": 1.0, "price_output": 4.0}
    dearer = {name: price * (1 + part) for name, price in prices.items()}
    workload = {"name": "chat", "requests_per_day": 1e6, "input_tokens": 500, "output_tokens": 200}
    held = {"horizon_years": 3, "discount_rate": 0.08, "currency": "USD", "reference_option": "A"}
    options = [{"name": n, "acquisition": "api", "api": p} for n, p in (("A", prices), ("B", dearer))]
    result = MODEL.run(from_dict({"study": held, "workload": [workload], "option": options}))
    found = difference(result.options["B"], result.options["A"])
    bars = [bar.amount for bar in bridge(result.options["B"], result.options["A"]).bars]
    for amount in (found.npv, saving(result, "B"), max(map(abs, bars))):
        assert (amount == 0) == nothing
    if nothing:
        assert writer.money(found.npv, "USD") == "USD 0"


def test_fleets_that_serve_next_to_nothing_do_not_do_the_same_work() -> None:
    options = list(crowded().options.values())
    a, b = options[:2]
    assert abs((a.number("served_share") or 0.0) - (b.number("served_share") or 0.0)) < 1e-3
    found = comparability(a, b)
    assert not found.holds and "0.013% of the demand" in found.reason and "0.023%" in found.reason
    assert not comparable_by("pv_cost", a, b).holds
    assert footing(crowded()).comparable == (footing(crowded()).against,)


def test_every_fleet_that_leaves_work_undone_is_flagged() -> None:
    result = crowded()
    assert sum("of what is asked for over the life" in problem.message for problem in flags(result)) == len(
        result.options
    )
