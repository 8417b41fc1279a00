"""Which option wins where: every point is what a run gives, borders are ties or steps, and gaps are told apart."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from models.analysis.metrics.measures import METRIC, RANKED_BY, ahead
from models.analysis.sensitivity.map import NO_FIGURE, NOT_COMPARABLE, WinMap, win_map
from models.analysis.sensitivity.shared_inputs import alike
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from tests.models.analysis.sensitivity.test_tornado import OWN, RENTED, TABLES
from tests.soak import long

RENT, VOLUME = "option/Rented/rental/on_demand_price", "workload/chat/requests_per_day"
VENDORS = "templates/two_vendors.toml"


def study(**changes: Any) -> Study:
    return replace_all(from_dict(TABLES), changes)


def mapped(made: Study | None = None, **asked: Any) -> WinMap:
    given: dict[str, Any] = {"x": RENT, "y": VOLUME, "x_range": (0.2, 2.0), "y_range": (1e5, 4e6), "points": 12}
    return win_map(made or study(), **(given | asked))


def test_every_point_is_the_run_of_that_study():
    found = mapped()
    for row in (0, 5, 11):
        for column in (0, 6, 11):
            values = {RENT: found.x.values[column], VOLUME: found.y.values[row]}
            run = MODEL.run(study(**values)).options
            for name in found.options:
                assert found.figures[name][row, column] == pytest.approx(run[name].number(RANKED_BY), rel=1e-12)
            best = ahead({n: o.number(RANKED_BY) for n, o in run.items()}, RANKED_BY)
            assert found.winners_at(row, column) == best
            assert found.options[found.winner[row, column]] == best[0]


def test_axes_say_what_they_are_and_where_the_study_stands():
    found = mapped()
    assert (found.x.label, found.x.unit, found.x.base) == ("On-demand price", "money/accelerator/h", 1.0)
    assert found.y.label == "Requests per day, chat"
    assert found.base == ("Own",)
    assert sum(found.share(n) for n in found.options) == pytest.approx(1)


@pytest.mark.parametrize("points", [2, 5, 12])
def test_borders_are_ties_that_feed_back(points: int):
    """However coarse the map: a step of the fleet within a wide cell is never called a tie."""
    found = mapped(points=points, y_range=(1e3, 4e6))
    ties = [b for b in found.borders if b.tie]
    assert ties
    for border in ties:
        run = MODEL.run(study(**{RENT: border.x, VOLUME: border.y})).options
        one, two = (run[n].number(RANKED_BY) for n in border.options)
        assert one == pytest.approx(two, rel=1e-5)


def test_a_border_where_the_fleet_steps_is_no_tie():
    found = win_map(study(), VOLUME, RENT, x_range=(1e5, 2e6), y_range=(0.5, 0.9), points=30)
    steps = [b for b in found.borders if not b.tie]
    assert steps
    for border in steps[:5]:
        hair = (found.x.values[1] - found.x.values[0]) / 400, (found.y.values[1] - found.y.values[0]) / 400
        winners = set()
        for sign in (-1, 1):
            values = {VOLUME: border.x + sign * hair[0], RENT: border.y + sign * hair[1]}
            run = MODEL.run(study(**values)).options
            winners |= set(ahead({n: o.number(RANKED_BY) for n, o in run.items()}, RANKED_BY))
        assert winners == set(border.options)


def test_whole_numbers_stay_whole_and_are_not_narrowed():
    found = win_map(study(), "option/Own/equipment_life", RENT, y_range=(0.3, 1.5), points=20)
    assert found.x.whole and found.x.values == (2, 3, 4, 5, 6)
    assert {b.x for b in found.borders} <= {2, 3, 4, 5, 6}
    for column, life in enumerate(found.x.values):
        run = MODEL.run(study(**{"option/Own/equipment_life": int(life), RENT: found.y.values[3]})).options
        assert found.figures["Own"][3, column] == pytest.approx(run["Own"].number(RANKED_BY), rel=1e-12)


def test_years_covered_are_a_study_each():
    found = win_map(study(), "study/horizon_years", VOLUME, x_range=(2, 6), y_range=(1e5, 2e6), points=8)
    assert found.x.values == (2, 3, 4, 5, 6)
    run = MODEL.run(study(**{"study/horizon_years": 5, VOLUME: found.y.values[2]})).options
    assert found.figures["Own"][2, 3] == pytest.approx(run["Own"].number(RANKED_BY), rel=1e-12)
    both = win_map(study(), "study/horizon_years", "study/start_year", x_range=(2, 4), y_range=(2026, 2028), points=8)
    assert both.winner.shape == (3, 3)


def test_two_rows_of_one_table_vary_together():
    tables = copy.deepcopy(TABLES)
    tables["option"][0]["capex"].append(
        {"name": "Network", "asset": "equipment", "basis": "per_system", "amount": 5000.0}
    )
    made = from_dict(tables)
    one, two = (f"option/Own/capex/{name}/amount" for name in ("Servers", "Network"))
    found = win_map(made, one, two, y_range=(0.0, 50_000.0), points=5)
    run = MODEL.run(replace_all(made, {one: found.x.values[1], two: found.y.values[3]})).options
    assert found.figures["Own"][3, 1] == pytest.approx(run["Own"].number(RANKED_BY), rel=1e-12)
    assert np.ptp(found.figures["Rented"]) == 0


def twin_study() -> Study:
    tables = copy.deepcopy(TABLES)
    tables["option"] = [copy.deepcopy(OWN) | {"name": "Twin"}, OWN, RENTED]
    return from_dict(tables)


@long
def test_ties_name_everybody_and_borders_are_still_found():
    found = mapped(twin_study(), x="study/inflation", y=RENT, x_range=(0.0, 0.05), y_range=(0.2, 2.0))
    row, column = np.argwhere(found.tied)[0]
    assert found.winners_at(row, column) == ("Twin", "Own")
    assert found.options[found.winner[row, column]] == "Twin"
    assert {frozenset(b.options) for b in found.borders} == {frozenset(("Twin", "Rented"))}
    alone = mapped(twin_study(), options=("Own", "Rented"))
    assert alone.options == ("Own", "Rented") and not alone.tied.any()


def test_an_option_without_a_figure_does_not_compete():
    found = mapped(metric="output_tokens_per_kwh")
    assert np.isnan(found.figures["Rented"]).all()
    assert found.share("Own") == 1 and found.base == ("Own",)
    nobody = mapped(metric="margin")
    assert (nobody.winner == NO_FIGURE).all() and nobody.base == () and nobody.winners_at(0, 0) == ()
    assert nobody.borders == ()


@long
def test_totals_compare_only_where_the_same_work_is_done():
    months = "option/Own/months_to_production"
    found = mapped(x=months, x_range=(0.0, 12.0), metric="pv_cost")
    assert (found.winner[:, 0] >= 0).all()
    assert (found.winner[:, 1:] == NOT_COMPARABLE).all()
    assert found.base
    late = replace(study(), months, 6)
    assert mapped(late, metric="pv_cost").base == ()
    priced = mapped(replace(late, "study/interim_price", 0.001), metric=METRIC)
    assert (priced.winner >= 0).all() and priced.base
    assert (mapped(late, x="study/interim_price", x_range=(0.0, 0.01), metric=METRIC).winner >= 0).all()


def test_less_is_not_always_better():
    worth = replace(study(), "workload/chat/value_per_response", 0.01)
    cost, margin = mapped(worth, metric="lifetime_cost"), mapped(worth, metric="margin")
    assert (cost.winner == margin.winner).all()


def fixed_and_demand() -> Study:
    changes = {"option/Own/sizing": "fixed", "option/Own/systems": 2, "option/Own/utilisation": 0.5}
    return replace_all(from_dict(TABLES), changes)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"y": RENT}, "both axes"),
        ({"points": 1}, "from 2 to"),
        ({"x": "option/Own/vendor", "x_range": None}, "give a low and a high"),
        ({"x": "option/Own/vendor"}, "not a number"),
        ({"x": "option/Own/puee"}, "pue"),
        ({"x": "study/inflation", "x_range": None}, "give a low and a high"),
        ({"x": "option/Own/pue", "x_range": (0.5, 1.5)}, "at least 1"),
        ({"x": "option/Own/system_power_idle_w", "x_range": (0, 9000)}, "must not exceed"),
        ({"x": "option/Own/equipment_life", "x_range": (3.1, 3.9)}, "fewer than two"),
        ({"x_range": (2.0, 1.0)}, "empty"),
        ({"metric": "installed"}, "no single figure"),
        ({"options": ("Own", "Nobody")}, "no option"),
    ],
)
def test_what_cannot_be_mapped_is_refused(asked: dict[str, Any], words: str):
    with pytest.raises(StudyError, match=words):
        mapped(**asked)


def test_totals_never_compare_across_sizings():
    with pytest.raises(StudyError, match="fixed systems"):
        mapped(fixed_and_demand(), metric="pv_cost")
    assert (mapped(fixed_and_demand()).winner >= 0).all()


@long
def test_a_template_is_mapped_over_its_own_ranges():
    found = win_map(
        load(VENDORS), "option/Vendor B, expensed/capex/MI325X accelerators/amount", "study/discount_rate", points=40
    )
    assert (found.x.values[0], found.x.values[-1]) == (15000, 25000)
    assert {"Vendor A, expensed", "Vendor B, expensed"} <= {o for b in found.borders for o in b.options}


@long
def test_what_options_hold_alike_moves_in_all_of_them() -> None:
    study = load("templates/two_vendors.toml")
    price = "option/Vendor A, expensed/electricity_price"
    axes = {"x": price, "y": "study/discount_rate", "x_range": (0.02, 0.5), "y_range": (0.02, 0.2), "points": 3}
    found = win_map(study, **axes, together=True)
    moved = (price, *alike(study, price))
    assert len(moved) > 1
    for column, x in enumerate(found.x.values):
        for row, y in enumerate(found.y.values):
            changed = MODEL.run(replace_all(study, {**dict.fromkeys(moved, x), "study/discount_rate": y}))
            for name, option in changed.options.items():
                assert found.figures[name][row, column] == pytest.approx(option.number(RANKED_BY), rel=1e-12)
    with pytest.raises(StudyError, match="both axes"):
        win_map(study, **{**axes, "y": moved[1]}, together=True)
