"""What must hold for any study: the identities of the contract, scaling, order, monotony, saving and loading.

Everything runs on random studies. Identities are lines of the model, each proved able to fail; a few that no line
states are stated here, from the results as a reader gets them.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.analysis.metrics.contract import BY_YEAR, ONCE, TABLES, option_results, study_results
from models.engine.expression import names
from models.engine.units import unit
from models.run.identities import checks
from models.run.model import MODEL, OptionResult
from models.studies.file.load import dumps, from_dict, loads
from models.studies.inputs import schema
from tests.models.run.counterexamples import TAMPERED, doubled, rich
from tests.soak import long, thorough
from tests.strategies import BLOCK_BYTES, studies, study_from

Plain = dict[str, Any]
RELATIVE = 1e-9
OVER_A_DIFFERENCE = ("tokens_per_dollar", "margin_on_cost")


def near(left: float, right: float, *scale: float) -> bool:
    return abs(left - right) <= RELATIVE * max(abs(left), abs(right), *map(abs, scale))


def total(values: list[float | None]) -> float:
    return math.fsum(value for value in values if value is not None)


def turnover(results: Mapping[str, Any]) -> float:
    """The money that moves in either direction: what sums of it may be rounded by."""
    return sum(map(abs, results["cost_tree"].values()))


# ---------------------------------------------------------------------------------------- what no line of it states

Identity = Callable[[Mapping[str, Any], Plain, Plain], Iterator[bool]]
STATED: list[Identity] = []


def stated(identity: Identity) -> Identity:
    """Register an identity: from the results of an option, the option and the study, whether each instance holds."""
    STATED.append(identity)
    return identity


def field(table: Mapping[str, Any], name: str, blank: Any = 0.0) -> Any:
    found = table.get(name)
    found = found["value"] if isinstance(found, dict) else found
    return blank if found is None else found


@stated
def costs_by_year_add_up(r: Mapping[str, Any], _option: Plain, _study: Plain) -> Iterator[bool]:
    last = len(r["capex"]) - 1
    for y in range(len(r["capex"])):
        sold = r["disposals"][y] + (r["disposals"][last + 1] if y == last else 0.0)
        yield near(r["cash_cost"][y], r["capex"][y] + r["operating"][y] - sold, r["capex"][y], sold)
        yield near(r["electricity"][y], r["energy_charge"][y] + r["demand_charge_cost"][y])


@stated
def the_production_function_gives_the_tokens(r: Mapping[str, Any], option: Plain, _study: Plain) -> Iterator[bool]:
    """min(compute ceiling, energy ceiling) x availability x utilisation, over the seconds in production."""
    if field(option, "acquisition") != "api":
        seconds = 31_536_000
        own = r["own_generated_in_year"]
        for rate, share, made in zip(r["tokens_per_second"], r["production_share"], own, strict=True):
            yield near(rate * seconds * share, made)


@stated
def resale_never_exceeds_the_price(r: Mapping[str, Any], _option: Plain, _study: Plain) -> Iterator[bool]:
    bought = sold = 0.0
    for y, amount in enumerate(r["disposals"]):
        sold += amount
        yield amount >= 0
        yield sold <= bought * (1 + RELATIVE)
        bought += r["purchased"][y] if y < len(r["purchased"]) else 0.0


@stated
def unit_costs_agree(r: Mapping[str, Any], _option: Plain, study: Plain) -> Iterator[bool]:
    own, compared = (r[f"{each}_cost_per_meaningful_response"] for each in ("levelised", "comparison"))
    if own is not None and (
        not study["study"].keys() & {"interim_price", "interim_from"} or not total(r["unmet_requests"])
    ):
        yield near(own, compared)
    yield near(
        r["infrastructure_cost"] + total(r["processing"]) + total(r["escalation"]), r["lifetime_cost"], turnover(r)
    )
    if r["margin"] is not None:
        yield near(r["margin"], total(r["revenue"]) - r["lifetime_cost"], turnover(r), r["margin"])
    loan = r["loan"]
    if loan is not None:
        yield near(total(loan["payment"]), total(loan["principal"]) + total(loan["interest"]), loan["draw"])


@stated
def no_hour_is_paid_that_is_not_there(r: Mapping[str, Any], option: Plain, _study: Plain) -> Iterator[bool]:
    highest = list(itertools.accumulate(r["installed"], max))
    yield total(r["paid_hours"]) <= 8760 * field(option, "accelerators_per_system", 1) * sum(highest) * (1 + RELATIVE)


def read(option: OptionResult) -> dict[str, Any]:
    """The results of an option that the identities speak of."""
    names = (
        *BY_YEAR,
        *ONCE,
        "purchased",
        "tokens_per_second",
        "production_share",
        "own_generated_in_year",
        "paid_hours",
    )
    return {name: option.figure(name) for name in names} | {name: table(option) for name, table in TABLES.items()}


@thorough(100, soak=400)
@given(studies())
def test_identities_hold(tables: Plain) -> None:
    result = MODEL.run(from_dict(tables))
    assert [check for check in result.checks if not check.holds] == []
    for option in tables["option"]:
        results = read(result.options[field(option, "name")])
        for identity in STATED:
            assert all(identity(results, option, tables)), identity.__name__


@thorough(60, soak=200)
@given(studies(acquisitions=("purchase", "loan", "lease"), sizings=("demand",), horizons=(8, 12, 15), max_options=1))
def test_identities_hold_over_long_horizons(tables: Plain) -> None:
    result = MODEL.run(from_dict(tables))
    assert [check for check in result.checks if not check.holds] == []


def test_what_is_stated_here_can_fail() -> None:
    """Each notices at least one wrong figure."""
    wrong = {
        costs_by_year_add_up: "operating",
        the_production_function_gives_the_tokens: "tokens_per_second",
        resale_never_exceeds_the_price: "disposals",
        unit_costs_agree: "infrastructure_cost",
        no_hour_is_paid_that_is_not_there: "paid_hours",
    }
    assert list(wrong) == STATED
    result = MODEL.run(from_dict(rich()))
    for identity, name in wrong.items():
        noticed = []
        for option in rich()["option"]:
            results = read(result.options[option["name"]])
            assert all(identity(results, option, rich()))
            noticed.append(not all(identity(results | {name: doubled(results[name])}, option, rich())))
        assert any(noticed), identity.__name__


# ------------------------------------------------------------------------------------------ each shown check can fail


def tampered(option: OptionResult, name: str, change: Callable[[Any], Any] = doubled) -> OptionResult:
    return dataclasses.replace(option, values={**option.values, name: change(option.values[name])})


def failing(option: OptionResult) -> set[str]:
    return {check.name for check in option.checks if not check.holds}


@pytest.mark.parametrize("name", TAMPERED)
def test_an_identity_can_fail(name: str) -> None:
    line, change = TAMPERED[name]
    held = [MODEL.lines[name]]
    options = MODEL.run(from_dict(rich())).options.values()
    assert all(check.holds for option in options for check in checks(held, option.raw))
    wrong = [tampered(option, line, change) for option in options]
    assert not all(check.holds for option in wrong for check in checks(held, option.raw))
    assert MODEL.lines[name].equality.check in set().union(*map(failing, wrong))  # type: ignore[union-attr]


def test_every_identity_has_its_counterexample() -> None:
    assert [name for name, each in MODEL.lines.items() if each.equality] == list(TAMPERED)


def test_results_rest_on_no_identity() -> None:
    """What states an identity is no result: it stands in no JSON, and no result reads it."""
    option = MODEL.run(from_dict(rich())).options["Own"]
    assert option.values.keys() == MODEL.results.keys() == option.everything().keys()
    stating = MODEL.lines.keys() - MODEL.results.keys()
    assert stating > TAMPERED.keys()
    assert not any(stating & {*names(each.formula), each.known} for each in MODEL.results.values())


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_check_of_no_number_fails(wrong: float) -> None:
    option = MODEL.run(from_dict(rich())).options["Own"]
    assert "Costs by kind add up to the total cost, undiscounted" in failing(
        tampered(option, "lifetime_cost", lambda _: wrong)
    )


@pytest.mark.parametrize("name", sorted(next(k for n, k in MODEL.plan.stacks.items() if n == "cost_flows")))
def test_a_cost_left_out_of_the_total_is_noticed(name: str) -> None:
    option = MODEL.run(from_dict(rich())).options["Own"]
    position = option.keys("cost").index(name)

    def more(tree: list[float]) -> list[float]:
        return [amount + 1e-3 * option.values["lifetime_cost"] * (i == position) for i, amount in enumerate(tree)]

    assert "Costs by kind add up to the total cost, undiscounted" in failing(tampered(option, "cost_tree", more))


def test_checks_name_their_option_where_there_are_several() -> None:
    result = MODEL.run(from_dict(rich()))
    assert {check.name.split(": ")[0] for check in result.checks} == {"Own", "API"}
    told = list(dict.fromkeys(each.equality.check for each in MODEL.lines.values() if each.equality))
    assert [check.name.split(": ")[1] for check in result.checks] == told * 2


# -------------------------------------------------------------------------------------- scaling: the units are carried

# Symbols that count the same thing, and by how much it is scaled. Powers of two keep every quotient exact, so that no
# fleet is rounded otherwise; money is not rounded, so any number does.
SCALINGS: dict[str, tuple[frozenset[str], float]] = {
    "prices x 7": (frozenset({"money"}), 7.0),
    "tokens counted eightfold": (frozenset({"token", "ktoken", "Mtoken"}), 8.0),
    "requests counted eightfold": (frozenset({"request", "krequest"}), 8.0),
    "power counted eightfold": (frozenset({"W", "kW", "MW"}), 8.0),
}


def power(of: str, symbols: frozenset[str]) -> int:
    """The power in which the symbols stand in a unit."""
    return sum(exponent for symbol, exponent in unit(of).powers if symbol in symbols)


def numbers(tables: Plain) -> Iterator[tuple[Plain, str, str]]:
    """Every row of a study with each of its numbers and that number's unit."""
    rows = [("study", tables["study"]), *(("workload", row) for row in tables["workload"])]
    for option in tables["option"]:
        rows.append(("option", option))
        for table in schema.children("option"):
            held = option.get(table.name, [])
            rows += [(table.name, row) for row in (held if isinstance(held, list) else [held])]
    for table, row in rows:
        for name, entry in schema.named(table).items():
            if name in row and entry.is_number:
                yield row, name, schema.unit(entry, row.get("basis"))


def scaled(tables: Plain, symbols: frozenset[str], factor: float) -> Plain:
    found = copy.deepcopy(tables)
    for row, name, measured in numbers(found):
        exponent = power(measured.replace("response", "request"), symbols) if measured else 0
        if exponent:
            held = row[name]
            row[name] = [n * factor**exponent for n in held] if isinstance(held, list) else held * factor**exponent
    return found


@pytest.mark.parametrize("scaling", SCALINGS)
@thorough(20, soak=100)
@given(st.data())
def test_figures_scale_with_their_unit(scaling: str, data: st.DataObject) -> None:
    symbols, factor = SCALINGS[scaling]
    tables = data.draw(studies(provenance=False, max_options=2))
    before = MODEL.run(from_dict(tables))
    after = MODEL.run(from_dict(scaled(tables, symbols, factor)))
    for name, option in before.options.items():
        scale = sum(abs(amount) for amount in option.values["cost_tree"])
        for line, each in MODEL.lines.items():
            if "@" in each.unit or line in OVER_A_DIFFERENCE:  # amounts by basis have a unit of their own in each row
                continue
            expected = times(option.figure(line), 1.0 if each.unit == "text" else factor ** power(each.unit, symbols))
            found = after.options[name].figure(line)
            slack = scale * factor if "money" in each.unit else 0.0
            assert alike(found, expected, slack), f"{line}: {found}, expected {expected}"


def times(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [times(part, factor) for part in value]
    return value * factor if isinstance(value, float | int) else value


def alike(one: Any, other: Any, scale: float = 0.0) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key], scale) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(alike(a, b, scale) for a, b in zip(one, other, strict=True))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= RELATIVE * max(abs(one), abs(other)) + 1e-12 * scale
    return one == other


def test_every_kind_of_quantity_is_scaled() -> None:
    """A scaling that moved no input would prove nothing."""
    sample = [study_from(random.Random(n).randbytes(BLOCK_BYTES), provenance=False) for n in range(40)]
    for symbols, factor in SCALINGS.values():
        assert any(scaled(tables, symbols, factor) != tables for tables in sample)


# ------------------------------------------------------------------------------------------ order does not matter


def shuffled(tables: Plain, chance: random.Random) -> Plain:
    """The study with the rows of every table in another order."""
    found = copy.deepcopy(tables)
    for table in ("workload", "option"):
        chance.shuffle(found[table])
    for option in found["option"]:
        for table in schema.children("option"):
            if isinstance(option.get(table.name), list):
                chance.shuffle(option[table.name])
    return found


@long
@thorough(60, soak=200)
@given(studies(), st.randoms(use_true_random=False))
def test_order_does_not_matter(tables: Plain, chance: random.Random) -> None:
    before, after = (MODEL.run(from_dict(t)) for t in (tables, shuffled(tables, chance)))
    assert before.options.keys() == after.options.keys()
    for name, option in before.options.items():
        one, other = (option_results(o) for o in (option, after.options[name]))
        for results in (one, other):
            del results["lines"]
            for noisy in (*OVER_A_DIFFERENCE, "margin_irr"):
                del results[noisy]
        scale = sum(abs(amount) for amount in one["cost_tree"].values())
        for key in one:
            assert alike(one[key], other[key], scale), key


# -------------------------------------------------------------------------------------------- dearer is never cheaper

MONEY = frozenset({"money"})
NOT_A_COST = {("workload", "value_per_response")}
COMPARED_ONLY = {("study", "interim_price")}
PRICES = [
    (entry.table, entry.name)
    for entry in schema.FIELDS
    if "money" in entry.unit or (entry.unit == "@basis" and entry.name == "amount")
]
ACQUIRED_BY = {"rental": ("rental",), "lease": ("lease",), "api": ("api",), "tier": ("api",), "tariff": schema.HELD}


@cache
def sample(acquisitions: tuple[str, ...], count: int = 40) -> tuple[Plain, ...]:
    chance = random.Random(5)
    blocks = (chance.randbytes(BLOCK_BYTES) for _ in range(count))
    return tuple(study_from(block, acquisitions=acquisitions, max_options=1, provenance=False) for block in blocks)


def raised(tables: Plain, table: str, name: str) -> Plain | None:
    """The study with every price of one kind a quarter dearer (a blank becomes a price); None where there is none."""
    found = copy.deepcopy(tables)
    rows = {"study": [found["study"]], "workload": found["workload"], "option": found["option"]}.get(table)
    if rows is None:
        held = found["option"][0].get(table, [])
        rows = held if isinstance(held, list) else [held]
    for row in rows:
        if name == "electricity_price" and "tariff" in row:
            continue
        if row.get(name, 0.0) < 0 or row.get("asset") == "grant":  # a credit or a grant: more of it is cheaper
            continue
        if (table == "serving" and name not in row) or (name == "interim_price" and "interim_from" in row):
            continue  # without a price of its own another one stands
        if name in ("price_cached_input", "price_cache_write") and name not in row:
            own = [serving.get("price_input", 0.0) for serving in found["option"][0].get("serving", [])]
            row[name] = max([row.get("price_input", 0.0), *own])  # a blank is paid at the price of input
        row[name] = 1.25 * row.get(name, 0.0) + 0.01
    return found if found != tables else None


@pytest.mark.parametrize(("table", "name"), PRICES)
def test_dearer_is_never_cheaper(table: str, name: str) -> None:
    metrics = ["lifetime_cost", "infrastructure_cost"]
    if (table, name) in NOT_A_COST:
        metrics = []
    differs = 0
    # Prices of a workload's own are few and far between.
    for tables in sample(("api",), 160) if table == "serving" else sample(ACQUIRED_BY.get(table, schema.ACQUISITIONS)):
        dearer = raised(tables, table, name)
        if dearer is None:
            continue
        before, after = (next(iter(MODEL.run(from_dict(t)).options.values())) for t in (tables, dearer))
        # Discounted at a negative rate, what is sold last weighs more than what was paid for it first.
        discounted = ["pv_cost", "comparison_pv_cost"] if field(tables["study"], "discount_rate") >= 0 else []
        scale = sum(abs(amount) for amount in after.values["cost_tree"])
        for metric in [*metrics, *discounted]:
            gap = after.values[metric] - before.values[metric]
            assert gap >= -1e-12 * scale, f"{metric} falls by {-gap}"
            differs += gap > 1e-12 * scale
        assert physics(before) == physics(after)
        if (table, name) in NOT_A_COST:
            assert after.values["lifetime_revenue"] >= before.values["lifetime_revenue"]
            differs += after.values["lifetime_revenue"] > before.values["lifetime_revenue"]
        if (table, name) in COMPARED_ONLY:
            assert after.values["lifetime_cost"] == before.values["lifetime_cost"]
    assert differs > 0, "no study pays this price"


def physics(option: OptionResult) -> list[Any]:
    """Everything without a price: a price must not move it."""
    left_out = (
        *PRICED_RATIOS,
        "unmet_responses",
        "pv_all_responses",
        "interim_priced",
    )  # counted where unmet has a price
    lines = (n for n, each in MODEL.results.items() if not power_of_money(each.unit) and n not in left_out)
    return [option.values[n] for n in lines if option.values[n] == option.values[n]]


def power_of_money(measured: str) -> bool:
    """Whether a unit holds money; amounts by basis, whose rows have units of their own, may."""
    return measured != "text" and ("@" in measured or power(measured, MONEY) != 0)


# Plain numbers that come from prices: shares by spend, margins, and what they rest on.
PRICED_RATIOS = {
    *("reading_share", "writing_share", "cost_share", "shares_known", "split_known", "workload_energy_known"),
    *("margin_on_revenue", "margin_on_cost", "value_set", "value_known", "interim_priced"),
}

# (what is raised, by how much, what must not fall or must not rise, and for which options it must not).
Moved = tuple[str, Callable[[float], float], str, int, Callable[[Plain], bool]]
ALWAYS: Callable[[Plain], bool] = lambda option: True  # noqa: E731
UNLIMITED: Callable[[Plain], bool] = lambda option: not option.keys() & {"facility_power_kw", "cooling_capacity_kw"}  # noqa: E731
MONOTONE: tuple[Moved, ...] = (
    ("pue", lambda pue: pue + 0.4, "lifetime_electricity", 1, UNLIMITED),
    ("pue", lambda pue: pue + 0.4, "lifetime_facility_energy", 1, UNLIMITED),
    ("pue", lambda pue: pue + 0.4, "lifetime_served_requests", -1, ALWAYS),
    ("facility_power_kw", lambda limit: 2 * limit, "lifetime_served_requests", 1, ALWAYS),
    ("cooling_capacity_kw", lambda limit: 2 * limit, "lifetime_served_requests", 1, ALWAYS),
    ("system_power_load_w", lambda load: load + 500, "lifetime_it_energy", 1, UNLIMITED),
    ("system_power_load_w", lambda load: load + 500, "lifetime_served_requests", -1, ALWAYS),
    ("carbon_intensity", lambda intensity: intensity + 0.1, "lifetime_carbon", 1, ALWAYS),
    ("wue", lambda wue: wue + 1, "lifetime_water", 1, ALWAYS),
    ("months_to_production", lambda months: months / 2, "lifetime_served_requests", 1, ALWAYS),
    ("months_to_production", lambda months: months / 2, "processing", 1, ALWAYS),
    ("serving_gain", lambda gain: gain + 0.2, "peak_accelerators", -1, ALWAYS),
    ("availability", lambda availability: availability / 2, "systems_for_demand", 1, ALWAYS),
    ("max_utilisation", lambda load: load / 2, "systems_for_demand", 1, ALWAYS),
    ("utilisation", lambda load: load / 2, "lifetime_served_requests", -1, ALWAYS),
    ("systems", lambda systems: systems + 7, "lifetime_served_requests", 1, ALWAYS),
)
BLANK = {"pue": 1.0, "months_to_production": 0.0, "serving_gain": 0.0, "availability": 1.0, "max_utilisation": 1.0}


@pytest.mark.parametrize(
    ("name", "move", "metric", "sign", "applies"), MONOTONE, ids=[f"{m[0]}: {m[2]}" for m in MONOTONE]
)
def test_more_is_never_less(
    name: str, move: Callable[[float], float], metric: str, sign: int, applies: Callable[[Plain], bool]
) -> None:
    moved = 0
    for tables in sample(("purchase", "lease", "rental")):
        changed = copy.deepcopy(tables)
        option = changed["option"][0]
        built_up = name == "pue" and option.keys() & set(schema.PUE_PARTS)
        if not applies(option) or built_up or (name not in option and name not in BLANK):
            continue
        option[name] = move(option.get(name, BLANK.get(name, 0.0)))
        before, after = (next(iter(MODEL.run(from_dict(t)).options.values())) for t in (tables, changed))
        one, other = (summed(result.values[metric]) for result in (before, after))
        assert sign * (other - one) >= -RELATIVE * max(abs(one), abs(other)), (one, other)
        moved += one != other
    assert moved > 0, "nothing moved in any study"


def summed(value: Any) -> float:
    return math.fsum(value) if isinstance(value, list) else value


# --------------------------------------------------------------------------------------------------- saved and loaded


@long
@thorough(50, soak=200)
@given(studies(wild_text=True))
def test_a_saved_study_gives_the_same_results(tables: Plain) -> None:
    study = from_dict(tables)
    again = loads(dumps(study))
    assert again == study
    assert study_results(MODEL.run(again)) == study_results(MODEL.run(study))


@thorough(20, soak=100)
@given(studies())
def test_a_run_is_repeatable_and_leaves_the_study_alone(tables: Plain) -> None:
    study, untouched = from_dict(tables), copy.deepcopy(tables)
    assert study_results(MODEL.run(study)) == study_results(MODEL.run(study))
    assert tables == untouched


@thorough(30, soak=200)
@given(studies(max_options=3))
def test_options_do_not_see_each_other(tables: Plain) -> None:
    together = MODEL.run(from_dict(tables))
    for option in tables["option"]:
        head = {name: content for name, content in tables["study"].items() if name != "reference_option"}
        name = field(option, "name")
        taken = {field(option, "overflow_to"), field(head, "interim_from")} - {name}
        others = [other for other in tables["option"] if field(other, "name") in taken]
        alone = MODEL.run(from_dict(tables | {"study": head, "option": [option, *others]}))
        assert option_results(alone.options[name]) == option_results(together.options[name])
