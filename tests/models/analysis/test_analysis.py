"""Comparisons, bridges and break-evens: they add up, agree with the run, and feed back to a gap of zero."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.analysis.decision.bridge import GROUPS, _mixed, bridge
from models.analysis.decision.difference import difference, unit_saving
from models.analysis.decision.shapley import shapley
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.metrics.same_work import Comparability, comparability
from models.analysis.reporting.report import break_even_json, break_even_text, comparison, comparison_text
from models.analysis.sensitivity.breakeven import _merged, _Root, break_even
from models.analysis.sensitivity.shared_inputs import alike
from models.analysis.sensitivity.vary import results, variation
from models.finance import flows
from models.run.draws import run_draws
from models.run.model import MODEL, OptionResult, Result
from models.studies.change import replace, replace_all
from models.studies.file.load import dumps, from_dict, load, loads, to_dict
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value
from models.studies.study import Row, Study
from tests.soak import long
from tests.strategies import studies

TEMPLATE = "templates/customer_service.toml"
VENDORS = "templates/two_vendors.toml"


@pytest.fixture(scope="module")
def run() -> Result:
    return MODEL.run(load(TEMPLATE))


def pairs(result: Result) -> list[tuple[str, str]]:
    return list(pairwise(result.options))


def scale(*options) -> float:
    """The most that is paid for one of the options, unmet work included: what rounding is measured by."""
    lines = ("capex", "operating", "interim_cost")
    return max(sum(abs(figure) for line in lines for figure in o.values[line]) for o in options) + 1e-9


@given(studies())
@settings(max_examples=30)
def test_the_difference_is_the_gap_in_present_value(tables: dict) -> None:
    result = MODEL.run(from_dict(tables))
    for one, two in pairs(result):
        a, b = result.options[one], result.options[two]
        gap = difference(a, b)
        expected = b.values[METRIC] - a.values[METRIC]
        assert gap.npv == pytest.approx(expected, abs=1e-9 * scale(a, b))
        for root in (r for r in gap.irr if r > -0.999):
            size = sum(abs(amount) * (1 + root) ** -time for time, amount in gap.flows)
            # A root is a number of so many digits: where the worth is steep, its last one moves it.
            steep = sum(abs(amount) * time * (1 + root) ** (-time - 1) for time, amount in gap.flows)
            assert flows.npv(root, gap.flows) == pytest.approx(0, abs=1e-9 * size + 1e-12 * steep)
        assert difference(b, a).npv == pytest.approx(-gap.npv, abs=1e-9 * scale(a, b))


@given(studies())
@settings(max_examples=25)
def test_the_bars_of_a_bridge_add_up(tables: dict) -> None:
    result = MODEL.run(from_dict(tables))
    for one, two in pairs(result)[:1]:
        a, b = result.options[one], result.options[two]
        found = bridge(a, b)
        # What exchanging a group moves on the way may be far more than either option costs, and rounds as it is.
        size = max(scale(a, b), *(abs(bar.amount) for bar in found.bars))
        assert found.start + math.fsum(bar.amount for bar in found.bars) == pytest.approx(found.end, abs=1e-8 * size)
        # Items may stand in another order in the exchanged option, so that a sum rounds differently.
        assert (found.start, found.end) == pytest.approx((b.values[METRIC], a.values[METRIC]), rel=1e-12)


def test_an_option_without_serving_rows_stands_for_what_the_workload_says() -> None:
    """An exchange between one that overrides a workload's tokens and one that does not ends at the other's figure."""
    api = {"acquisition": "api", "api": {"price_input": 1.0, "price_output": 2.0}}
    serving = [{"workload": "w", "output_tokens": 50.0, "success_rate": 0.5}]
    options = [{"name": "as asked", **api}, {"name": "its own way", **api, "serving": serving}]
    workload = {"name": "w", "requests_per_day": 1e4, "input_tokens": 10.0, "output_tokens": 100.0, "max_attempts": 3}
    study = {"study": {"horizon_years": 2}, "workload": [workload], "option": options}
    a, b = MODEL.run(from_dict(study)).options.values()
    for one, two in ((a, b), (b, a)):
        found = bridge(one, two)
        assert (found.start, found.end) == (two.values[METRIC], one.values[METRIC])
        assert [bar.name for bar in found.bars if bar.amount] == ["quality"]


@long
@given(studies())
@settings(max_examples=5)
def test_groups_left_out_of_a_bridge_explain_nothing(tables: dict) -> None:
    """The shares are those of the exchange of every group, also of those that hold the same in both."""
    result = MODEL.run(from_dict(tables))
    for one, two in pairs(result)[:1]:
        a, b = result.options[one], result.options[two]
        found = bridge(a, b)
        assume(found.by_inputs)
        every = shapley([_mixed(a, b, GROUPS, chosen, METRIC) for chosen in range(1 << len(GROUPS))])
        assert [bar.amount for bar in found.bars] == pytest.approx(every, abs=1e-9 * scale(a, b))


def test_a_bridge_names_the_driver_that_alone_differs() -> None:
    study = load(VENDORS)
    name = study.options[0].name
    base = MODEL.run_option(study, study.option(name))
    for path, group in (("electricity_price", "energy_price"), ("pue", "power"), ("availability", "quantity")):
        old = study.option(name).fields.number(path)
        changed = replace(study, f"option/{name}/{path}", old * 0.9 if path == "availability" else old * 1.2)
        bars = {b.name: b.amount for b in bridge(MODEL.run_option(changed, changed.option(name)), base).bars}
        assert {n for n, amount in bars.items() if abs(amount) > 1e-6} == {group}


def test_a_bar_names_the_purchases_and_running_costs_that_differ_by_what_they_are() -> None:
    study = load(VENDORS)
    name = study.options[0].name
    base, option = MODEL.run_option(study, study.option(name)), f"option/{name}"

    def labels(changes: dict[str, float]) -> dict[str, str]:
        changed = replace_all(study, {f"{option}/{path}/amount": value for path, value in changes.items()})
        found = bridge(MODEL.run_option(changed, changed.option(name)), base)
        return {bar.name: bar.label for bar in found.bars if bar.amount}

    support = {"opex/Hardware support": 1.0}
    assert labels(support) == {"other_opex": "Support"}
    software = support | {"opex/Monitoring and cluster software": 1.0}
    assert labels(software) == {"other_opex": "Support, software"}
    fixed = {"capex/Installation and acceptance": 1.0, "opex/Colocation": 1.0}
    assert labels(fixed) == {"facility": "Installation and acceptance, colocation"}
    many = {f"capex/{each}": 1.0 for each in ("Network, cabling, insurance", "Integration and migration")} | fixed
    assert labels(many)["facility"] == "Site, installation and other purchases"


def test_every_table_of_an_option_is_taken_by_a_driver() -> None:
    """All groups together turn one option into another of its kind, whatever its tables hold."""
    for acquisition in ("purchase", "api"):
        found = [o for path in (TEMPLATE, VENDORS) for o in load(path).options if o.acquisition == acquisition]
        tier = Row("tier").replaced("name", Value("volume")).replaced("further_discount", Value(0.1))
        a, b = found[0], dataclasses.replace(found[-1], tiers=(tier,))
        mixed = a
        for group in GROUPS:
            mixed = group.take(mixed, b)
        for table in ("capex", "opex", "tariffs", "tiers", "rental", "lease", "loan", "api"):
            ours, theirs = getattr(mixed, table), getattr(b, table)
            same = Counter(ours) == Counter(theirs) if isinstance(theirs, tuple) else ours == theirs
            assert same, table
        apart = {"name", "vendor"}
        assert {n for n in b.fields if mixed.fields[n] != b.fields[n]} <= apart


def test_every_input_of_an_option_belongs_to_one_driver() -> None:
    study = load(VENDORS)
    options = [o for o in study.options if o.acquisition == "purchase"]
    a, b = options[0], options[-1]
    mixed = a
    for group in GROUPS:
        mixed = group.take(mixed, b)
    given_result, mixed_result = (MODEL.run_option(study, o).values["comparison_pv_cost"] for o in (b, mixed))
    assert mixed_result == pytest.approx(given_result, rel=1e-12)


@pytest.mark.parametrize(
    "path",
    [
        "option/Buy, colocation/pue",
        "workload/Live chat/requests_per_day",
        "study/discount_rate",
        "option/Buy, colocation/capex/H200 SXM accelerators/amount",
        "option/Buy, colocation/electricity_price",
    ],
)
def test_feeding_a_tie_back_closes_the_gap(run: Result, path: str) -> None:
    study = run.study
    found = break_even(variation(study, path), "Buy, colocation", "API, same model")
    assert found.roots
    for root in found.roots:
        again = MODEL.run(replace(study, path, root))
        gap = again.options["Buy, colocation"].values[METRIC] - again.options["API, same model"].values[METRIC]
        assert gap == pytest.approx(0, abs=1e-8 * scale(*again.options.values()))


def test_a_step_of_the_fleet_is_no_tie() -> None:
    study = load(TEMPLATE)
    found = break_even(variation(study, "option/Buy, colocation/equipment_life"), "Buy, colocation", "API, same model")
    assert found.roots == ()
    assert found.jumps == ((2.0, 3.0),)
    stand = Comparability(True, "")
    assert "changes in a step" in break_even_text(
        found, variation(study, "option/Buy, colocation/equipment_life"), stand
    )


def test_the_same_option_ties_everywhere(run: Result) -> None:
    tables = to_dict(run.study)
    tables["option"].append({**tables["option"][0], "name": "Buy again"})
    found = break_even(variation(from_dict(tables), "study/inflation"), "Buy, colocation", "Buy again")
    assert found.always
    assert found.roots == ()
    assert break_even_json(found, Comparability(True, ""))["always"]


def test_many_values_at_once_agree_with_single_runs(run: Result) -> None:
    varied = variation(run.study, "option/Buy, colocation/availability")
    values = np.array([0.9, 0.95, 1.0])
    found = results(varied, "Buy, colocation", values, METRIC)
    for value, figure in zip(values, found, strict=True):
        study = replace(run.study, varied.path, float(value))
        assert figure == pytest.approx(
            MODEL.run_option(study, study.option("Buy, colocation")).values[METRIC], rel=1e-12
        )


@pytest.mark.parametrize(
    ("path", "metric", "words"),
    [
        ("option/Buy, colocation/puee", METRIC, "pue"),
        ("option/Nobody/pue", METRIC, "leads to no input"),
        ("option/Buy, colocation/vendor", METRIC, "not a number"),
        ("option/Buy, colocation/pue", "pv_kost", "pv_cost"),
        ("option/Buy, colocation/pue", "installed", "no single figure"),
    ],
)
def test_what_cannot_be_searched_is_refused(run: Result, path: str, metric: str, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        break_even(variation(run.study, path), "Buy, colocation", "API, same model", metric)


def test_draws_refuse_unknown_inputs_and_lengths(run: Result) -> None:
    option = run.study.options[0]
    with pytest.raises(ValueError, match="no input"):
        run_draws(run.study, option, {"option_pueh": np.ones(3)}, ["pv_cost"])
    with pytest.raises(ValueError, match="same number of draws"):
        run_draws(run.study, option, {"option_pue": np.ones(3), "option_availability": np.ones(4)}, ["pv_cost"])


def test_totals_never_compare_across_sizings(run: Result) -> None:
    study = run.study
    name = "Buy, colocation"
    changes = {f"option/{name}/sizing": "fixed", f"option/{name}/systems": 4, f"option/{name}/utilisation": 0.3}
    result = MODEL.run(replace_all(study, changes))
    footing = comparability(result.options[name], result.options["Rented fleet"])
    assert not footing.holds
    found = comparison(result.options[name], result.options["Rented fleet"])
    assert found["npv"] is None and found["bridge"] is None
    assert "only unit costs are comparable" in comparison_text(found)


def without_interim(study: Study) -> Study:
    return replace(study, "study/interim_from", None)


def test_a_break_even_moves_together_what_is_held_alike() -> None:
    study, path = load("templates/two_vendors.toml"), "option/Vendor A, expensed/electricity_price"
    pair = "Vendor A, expensed", "Vendor B, expensed"
    alone, together = (break_even(variation(study, path, together=t), *pair) for t in (False, True))
    assert variation(study, path, together=True).also == alike(study, path) != ()
    assert alone.roots != together.roots
    for found, moved in ((alone, (path,)), (together, (path, *alike(study, path)))):
        for root in found.roots:
            options = MODEL.run(replace_all(study, dict.fromkeys(moved, root))).options
            one, two = (options[name].values[METRIC] for name in pair)
            assert one == pytest.approx(two, rel=1e-9)


def test_a_value_that_the_study_refuses_is_no_answer() -> None:
    """Without requests both cost the same, yet a fixed fleet with nothing to do is refused."""
    row = {"acquisition": "purchase", "sizing": "fixed", "systems": 1, "utilisation": 0.5, "equipment_life": 3}
    serving = [{"workload": "w", "decode_rate": 100.0}]
    options = [
        {
            "name": name,
            **row,
            "serving": serving,
            "opex": [{"name": "x", "basis": "per_million_tokens", "amount": paid}],
        }
        for name, paid in (("A", 1.0), ("B", 2.0))
    ]
    tables = {
        "study": {"horizon_years": 3},
        "workload": [{"name": "w", "requests_per_day": 10.0, "output_tokens": 100.0}],
        "option": options,
    }
    varied = variation(from_dict(tables), "workload/w/requests_per_day")
    assert not varied.accepts(0.0) and varied.accepts(1.0)
    assert break_even(varied, "A", "B").roots == ()


def test_equipment_that_a_study_does_not_describe_has_a_residual_all_the_same() -> None:
    row = {"acquisition": "purchase", "sizing": "fixed", "systems": 1, "utilisation": 0.5, "equipment_life": 3}
    serving = [{"workload": "w", "decode_rate": 100.0}]
    item = {"name": "x", "asset": "equipment", "basis": "per_system"}
    options = [
        {"name": name, **row, "serving": serving, "capex": [{**item, "amount": paid}]}
        for name, paid in (("A", 120.0), ("B", 100.0))
    ]
    workload = {"name": "w", "requests_per_day": 10.0, "output_tokens": 100.0}
    study = from_dict({"study": {"horizon_years": 3}, "workload": [workload], "option": options})
    path = "option/A/asset/equipment/residual_share"
    (root,) = break_even(variation(study, path), "A", "B").roots
    assert root == pytest.approx(20 / 120), "at no discount rate the resale makes up for the price"
    assert loads(dumps(replace(study, path, root))).option("A").assets[0].number("residual_share") == root
    with pytest.raises(StudyError, match="leads to no input"):
        variation(study, "option/C/asset/equipment/residual_share")


def test_of_several_close_roots_one_is_named() -> None:
    """Rounding makes a tie look like several; what is fed back is the one with the least gap."""
    roots = [_Root(2.0, 5.0), _Root(2.0 + 1e-12, 1.0), _Root(3.0, 0.0), _Root(2.0 - 1e-12, 7.0)]
    assert _merged(roots) == (2.0 + 1e-12, 3.0)


def test_unmet_work_without_a_price_stops_totals(run: Result) -> None:
    result = MODEL.run(without_interim(run.study))
    footing = comparability(result.options["Buy, colocation"], result.options["API, same model"])
    assert not footing.holds
    assert (
        "give unserved requests a fallback price"
        not in comparability(*[run.options[n] for n in ("Buy, colocation", "API, same model")]).reason
    )
    assert comparability(result.options["Buy, colocation"], result.options["Lease, colocation"]).holds


def test_a_comparison_is_plain_data(run: Result) -> None:
    found = comparison(run.options["Buy, colocation"], run.options["API, same model"])
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again["npv"] > 0
    assert again["payback_years"] < again["discounted_payback_years"]
    assert sum(again["bridge"]["bars"].values()) == pytest.approx(again["bridge"]["end"] - again["bridge"]["start"])
    assert "payback" in comparison_text(found)


@given(studies(), st.sampled_from(("study/discount_rate", "study/inflation", "study/tax_rate")))
@settings(max_examples=15)
def test_ties_of_random_studies_feed_back(tables: dict, path: str) -> None:
    study = from_dict(tables)
    assume(len(study.options) > 1)
    one, two = (o.name for o in study.options[:2])
    metric = "levelised_cost_per_meaningful_response"
    for root in break_even(variation(study, path), one, two, metric).roots:
        again = MODEL.run(replace(study, path, root))
        left, right = (again.options[n].number(metric) for n in (one, two))
        assert left == pytest.approx(right, rel=1e-7)


def paying(*amounts: float, name: str, first: float = 1000.0) -> dict:
    """An API that costs `first` at the start and these amounts at the ends of the years, and nothing by the token."""
    item = {"category": "support", "basis": "per_year", "escalation": 0.0}
    years = [
        {**item, "name": f"Year {year}", "amount": amount, "from_year": year, "to_year": year}
        for year, amount in enumerate(amounts, start=1)
    ]
    start = {"name": "Start", "asset": "work", "basis": "fixed", "amount": first}
    return {
        **{"name": name, "acquisition": "api", "api": {"price_output": 0.0}, "opex": years, "capex": [start]},
        "asset": [{"name": "work", "life": 15, "residual_share": 0.0, "price_change": -0.999}],
    }


def both(one: dict, two: dict, **fields: object) -> tuple[OptionResult, OptionResult]:
    workload = {"name": "chat", "requests_per_day": 100, "output_tokens": 200}
    study = {"horizon_years": 2, "discount_rate": 0.1, "mid_year": False, **fields}
    result = MODEL.run(from_dict({"study": study, "workload": [workload], "option": [one, two]}))
    return result.options[one["name"]], result.options[two["name"]]


def test_every_internal_rate_of_a_known_stream_is_found() -> None:
    """-1,600, 10,000 and -10,000 a year apart are worth nothing at 25 % and at 400 %."""
    one, two = both(paying(0, 10_000, name="A", first=1600), paying(10_000, 0, name="B", first=0))
    found = comparison(one, two)
    assert found["irr"] == pytest.approx([0.25, 4.0], rel=1e-3)
    assert found["npv"] == pytest.approx(-1600 + 10_000 / 1.1 - 10_000 / 1.21, rel=1e-3)
    assert found["payback_years"] == pytest.approx(0.16) and found["turns_negative_again"]
    assert not found["saves_first"], "of two rates neither is a return or a cost"


def test_a_payback_by_the_resale_at_the_end_is_told_as_no_payback() -> None:
    """1,000 laid out, 300 saved in each of two years, 500 from the resale: it is paid back by the resale alone."""
    buys, rents = paying(0, 0, name="A"), paying(300, 300, name="B", first=0)
    buys["asset"] = [{"name": "work", "life": 2, "residual_share": 0.5}]
    one, two = both(buys, rents)
    found = difference(one, two)
    assert found.final == pytest.approx(500) and found.payback == flows.Payback(2, False)
    assert found.discounted_payback.years is None, "520.66 saved and 413.22 resold, discounted"
    assert (found.paid_back(found.payback), found.paid_back(found.discounted_payback)) == ("n/m", "never")
    told = comparison(one, two)
    assert told["payback_rests_on_resale"] and not told["discounted_payback_rests_on_resale"]
    assert "  payback: not meaningful, it rests on the resale at the end" in comparison_text(told).splitlines()
    earlier = difference(*both(buys, paying(600, 600, name="B", first=0)))
    assert earlier.paid_back(earlier.payback) == "1.7" and not earlier.rests_on_resale(earlier.payback)


def test_a_rate_that_is_the_cost_of_saving_first_is_told_as_such() -> None:
    early, late = both(paying(0, 1210, name="A", first=0), paying(0, 0, name="B"))
    saves, pays = comparison(early, late), comparison(late, early)
    assert saves["irr"] == pytest.approx([0.1], rel=1e-2) and saves["saves_first"] and not pays["saves_first"]
    said = comparison_text(saves)
    assert "what saving first and paying later costs" in said and "payback: immediate" in said
    assert "what saving first" not in comparison_text(pays)


def test_text_names_units_and_tells_taxes_only_where_there_are_any() -> None:
    one, two = both(paying(10, 10, name="A"), paying(20, 10, name="B"))
    said = comparison_text(comparison(one, two))
    assert "per 1,000 responses" in said and "before tax" in said and "after tax" not in said
    taxed = comparison_text(comparison(*both(paying(10, 10, name="A"), paying(20, 10, name="B"), tax_rate=0.25)))
    assert "after tax at 25%" in taxed and not any(line.endswith(" ") for line in taxed.splitlines())
    alike = comparison_text(comparison(*both(paying(10, 10, name="A"), paying(10, 10, name="B"))))
    assert "identical cash flows" in alike and "never" not in alike


def test_a_share_is_of_what_costs_something() -> None:
    free, dear = both(paying(0, 0, name="A", first=0), paying(10, 10, name="B"))
    assert difference(free, dear).share == pytest.approx(1) and difference(dear, free).share is None
    saved = unit_saving(dear, free, RANKED_BY)
    assert saved is not None and saved.share is None and saved.amount < 0
