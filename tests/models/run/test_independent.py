"""The model against a second one, written from the contract alone in plain loops (`tests/oracle.py`).

Two programs by two routes seldom make the same mistake. They are compared on random studies, on the templates and on
the published cases, for every result; and the comparison is itself tested: each sentence of the contract that could be
read otherwise is read otherwise, one at a time, and must be noticed.
"""

from __future__ import annotations

import math
import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given

from models.analysis.metrics.contract import NAMES, option_results
from models.run.model import MODEL
from models.studies.file.load import from_dict
from tests import oracle
from tests.drawn import study_table
from tests.soak import SOAKING, TIMES, long, sampled, thorough
from tests.strategies import studies

Plain = dict[str, Any]
Solve = Callable[[Plain], dict[str, dict[str, Any]]]
ROOT = Path(__file__).parents[3]
REFUSED = {"vertical_tab"}
FILES = sorted(
    path
    for path in (*(ROOT / "templates").glob("*.toml"), *(ROOT / "tests/cases").glob("*/*.toml"))
    if path.stem not in REFUSED
)
RELATIVE = 1e-8
# Money left over when equal sums are subtracted, beside the sums themselves.
RESIDUE = 1e-11
# Ratios over a difference of sums, which may be nothing but residue: looked at only where it is more.
OVER_A_DIFFERENCE = {
    "tokens_per_dollar": "infrastructure_cost",
    "margin_on_cost": "lifetime_cost",
}
FLOWS = ("revenue", "operating", "capex")
# A list of roots is tested by what it means, below: the second model finds them by scanning, and may miss two at once.
COMPARED = {*NAMES, "paid_hours", "taken_share"} - {"margin_irr"}


def flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every figure in a result, with the path that leads to it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for position, part in enumerate(value, start=1):
            yield from flat(part, f"{path}[{position}]")
    else:
        yield path, value


def agrees(mine: Any, theirs: Any, money: float) -> bool:
    if isinstance(mine, str) or mine is None or theirs is None or isinstance(theirs, str):
        return mine == theirs
    gap = abs(mine - theirs)
    return gap <= RELATIVE * max(abs(mine), abs(theirs)) or gap <= RESIDUE * money


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """Where the second model's results and the model's do not agree, in words."""
    money = sum(abs(part) for part in mine["cost_tree"].values())
    told = theirs["lines"] | theirs
    for name in mine.keys() & COMPARED:
        if name in OVER_A_DIFFERENCE and abs(mine[OVER_A_DIFFERENCE[name]]) <= 1e-6 * money:
            continue
        found = dict(flat(told[name], name))
        for path, figure in flat(mine[name], name):
            if not agrees(figure, found.get(path, "missing"), money):
                yield f"{path}: {figure!r} by hand, {found.get(path, 'missing')!r} from the model"


def answers(plain: Plain) -> dict[str, dict[str, Any]]:
    """What the model makes of every option of a study."""
    result = MODEL.run(from_dict(plain))
    return {name: option_results(option) for name, option in result.options.items()}


def compared(plain: Plain, model: Mapping[str, Any] | None = None, solve: Solve = oracle.solve) -> Iterator[str]:
    """Every difference between the two models in a study."""
    by_hand = solve(plain)
    for name, told in (answers(plain) if model is None else model).items():
        yield from (f"{name}: {difference}" for difference in differences(by_hand[name], told))


# --------------------------------------------------------------------------------------------------- the two agree


@thorough(60, soak=500)
@given(studies())
def test_random_studies_agree(plain: Plain) -> None:
    assert list(compared(plain)) == []


# So many studies in each block; a soak's blocks, 10,000 studies in all, are others than that of a quick run.
BLOCK = 1250 * TIMES if SOAKING else 60
BLOCKS = range(1, 9) if SOAKING else range(1)


@pytest.mark.soak
@pytest.mark.parametrize("block", BLOCKS)
def test_random_studies_of_real_size_agree(block: int) -> None:
    for seed in range(BLOCK * block, BLOCK * (block + 1)):
        assert list(compared(study_table(random.Random(seed)))) == [], seed


@thorough(40, soak=300)
@given(studies(acquisitions=("purchase", "lease"), sizings=("demand",), horizons=range(6, 16), max_options=1))
def test_long_studies_with_several_vintages_agree(plain: Plain) -> None:
    assert list(compared(plain)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_studies_on_file_agree(path: Path) -> None:
    assert list(compared(tomllib.loads(path.read_text(encoding="utf-8")))) == []


@long
def test_every_result_of_the_contract_is_compared() -> None:
    results = [mine for plain, _ in sample() for mine in oracle.solve(plain).values()]
    assert set().union(*results) >= COMPARED


@thorough(40, soak=500)
@given(studies(max_options=1))
def test_every_margin_rate_makes_the_margin_worth_nothing(plain: Plain) -> None:
    [told] = answers(plain).values()
    assert (told["margin_irr"] is None) == (told["margin"] is None)
    years = plain["study"]["horizon_years"]
    mid_year = oracle.given(oracle.bare(plain["study"]), "mid_year", True)
    for rate in told["margin_irr"] or []:
        terms = oracle.Terms(oracle.bare(years), rate, 0.0, 0.0, mid_year)
        earned, paid = terms.pv(told["revenue"]), terms.pv(told["operating"]) + terms.pv_starts(told["capex"])
        sold = terms.pv_starts(told["disposals"])
        # Next to -1 a rate is only known to the last digits that 1 + rate has left; and payments below 1e-12 of the
        # largest count as residue of rounding, whatever a rate far from 0 makes of them.
        precision = 1e-9 + terms.years * sys.float_info.epsilon / (1 + rate)
        turnover = sum(abs(terms.worth(terms.moment(y)) * told[name][y - 1]) for name in FLOWS for y in terms.all)
        residue = 1e-12 * max(abs(flow) for name in FLOWS for flow in told[name])
        factors = sum(terms.worth(y - 1) + terms.worth(terms.moment(y)) for y in terms.all)
        slack = precision * (turnover + terms.pv_starts([abs(flow) for flow in told["capex"]])) + residue * factors
        assert abs(earned + sold - paid) <= slack


# ------------------------------------------------------------------------------- and would not if the contract changed


def misreadings() -> Iterator[tuple[str, str, str]]:
    """Title, sentence and other reading of every block of the file."""
    text = Path(__file__).with_name("misreadings.txt").read_text(encoding="utf-8")
    for block in text.strip().split("\n\n")[1:]:
        title, *lines = block.split("\n")
        sentence, otherwise = ("\n".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
        yield title, sentence, otherwise


MISREADINGS = tuple(misreadings())
# How the titles of those begin that are tried where somebody waits: one in six.
QUICK_TITLES = ("a rental", "the overflow", "a list", "waiting work", "hours switched", "unmet work", "the ratchet")
SAMPLE_SIZE = 150


def falling_then_rising() -> Plain:
    """A fleet that shrinks and grows again below its first size, in a room paid for by its highest."""
    workloads = [
        {"name": "old", "requests_per_day": 8.64e6, "output_tokens": 1000, "demand_growth": -0.5},
        {"name": "new", "requests_per_day": 8.64e5, "output_tokens": 1000, "demand_growth": 0.5},
    ]
    option = {
        "name": "Own",
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 2,
        "serving": [{"workload": work["name"], "decode_rate": 1000.0} for work in workloads],
        "asset": [{"name": "facility", "life": 9}],
        "capex": [{"name": "room", "asset": "facility", "basis": "per_system", "amount": 1000}],
    }
    return {"study": {"horizon_years": 6}, "workload": workloads, "option": [option]}


def cut_alike() -> Plain:
    """A site whose meter and cooling let exactly the same IT load through."""
    option = {
        "name": "Own",
        "acquisition": "purchase",
        "sizing": "fixed",
        "systems": 10,
        "utilisation": 0.5,
        "equipment_life": 1,
        "pue": 1.25,
        "system_power_load_w": 1000,
        "facility_power_kw": 6.25,
        "cooling_capacity_kw": 5,
        "serving": [{"workload": "w", "decode_rate": 1000.0}],
    }
    workloads = [{"name": "w", "requests_per_day": 1000, "output_tokens": 100}]
    return {"study": {"horizon_years": 1}, "workload": workloads, "option": [option]}


def left_early() -> Plain:
    """A commitment of three years that begins in year 4 and is left at its end, with an exit fee."""
    terms = {
        "committed_share": 0.9,
        "committed_price": 2.0,
        "commitment_years": 3,
        "on_demand_price": 3.0,
        "price_change": -0.1,
        "true_up": 0.5,
        "exit_fee_share": 0.4,
    }
    option = {
        "name": "Rented",
        "acquisition": "rental",
        "sizing": "fixed",
        "systems": 3,
        "utilisation": 0.5,
        "rental": terms,
        "serving": [{"workload": "w", "decode_rate": 1000.0}],
    }
    workloads = [{"name": "w", "requests_per_day": 1000, "output_tokens": 100}]
    return {"study": {"horizon_years": 4}, "workload": workloads, "option": [option]}


def billed_by_an_old_peak() -> Plain:
    """A fleet sized before its first year of production, in which more was asked than ever after."""
    option = {
        "name": "Own",
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 1,
        "months_to_production": 12,
        "system_power_load_w": 1000,
        "demand_charge": 10.0,
        "demand_ratchet": 1.0,
        "serving": [{"workload": "w", "decode_rate": 1000.0}],
    }
    workloads = [{"name": "w", "requests_per_day": [8.64e6, 8.64e5], "output_tokens": 1000}]
    return {"study": {"horizon_years": 2}, "workload": workloads, "option": [option]}


def helped_out() -> Plain:
    """Fleets that an API helps out: with a grant above what they cost, asleep at night, with batch work elsewhere."""
    own = {
        "name": "Own",
        "acquisition": "loan",
        "sizing": "demand",
        "base_share": 0.5,
        "overflow_to": "API",
        "equipment_life": 2,
        "months_to_production": 6,
        "loan": {"debt_share": 0.5, "term_years": 2},
        "capex": [
            {"name": "server", "asset": "equipment", "basis": "per_system", "amount": 1000},
            {"name": "aid", "asset": "grant", "basis": "fixed", "amount": -90_000},
        ],
        "opex": [{"name": "gateway", "basis": "per_thousand_requests", "amount": 0.1}],
    }
    rented: dict[str, Any] = {
        "name": "Rented",
        "acquisition": "rental",
        "sizing": "demand",
        "rental": {"on_demand_price": 3.0, "scaling": "hourly"},
    }
    api = {
        "name": "API",
        "acquisition": "api",
        "api": {"price_input": 1.0, "price_output": 5.0, "batch_discount": 0.5},
    }
    for fleet in (own, rented):
        fleet["serving"] = [{"workload": "w", "decode_rate": 1000.0}]
    work = {"requests_per_day": 1e6, "output_tokens": 1000, "load_shape": "day", "deferrable_share": 0.1}
    return {
        "study": {"horizon_years": 2, "interim_from": "API"},
        "load_shape": [{"name": "day", "weekday": [0] * 8 + [1] * 10 + [0] * 6, "weekend": [1] * 12 + [2] * 12}],
        "workload": [{"name": "w", **work}],
        "option": [own, rented, api],
    }


def asleep_at_night() -> Plain:
    """A rented fleet that nobody asks for at night."""
    option = {
        "name": "Rented",
        "acquisition": "rental",
        "sizing": "demand",
        "rental": {"on_demand_price": 3.0, "scaling": "hourly"},
        "serving": [{"workload": "w", "decode_rate": 1000.0}],
    }
    work = {"name": "w", "requests_per_day": 1e6, "output_tokens": 1000, "load_shape": "day"}
    shape = {"name": "day", "weekday": [0] * 8 + [1] * 10 + [0] * 6}
    return {"study": {"horizon_years": 1}, "load_shape": [shape], "workload": [work], "option": [option]}


@cache
def sample() -> tuple[tuple[Plain, dict[str, dict[str, Any]]], ...]:
    """Studies that are the same in every run, and some that chance hardly draws, with what the model makes of them."""
    rare = (falling_then_rising(), cut_alike(), left_early(), billed_by_an_old_peak(), helped_out(), asleep_at_night())
    drawn = (study_table(random.Random(seed)) for seed in range(SAMPLE_SIZE))
    return tuple((plain, answers(plain)) for plain in (*rare, *drawn))


def misread(sentence: str, otherwise: str) -> Solve:
    """The second model with one sentence read otherwise."""
    source = Path(oracle.__file__).read_text(encoding="utf-8")
    assert source.count(sentence) == 1, f"{sentence!r} must stand exactly once in oracle.py"
    module = ModuleType("misread_oracle")
    sys.modules[module.__name__] = module
    exec(compile(source.replace(sentence, otherwise), "misread_oracle", "exec"), vars(module))
    return module.solve


def is_noticed(solve: Solve) -> bool:
    for plain, model in sample():
        try:
            if next(compared(plain, model, solve), None) is not None:
                return True
        except (ArithmeticError, ValueError):
            continue
    return False


@sampled(
    ("sentence", "otherwise"),
    [pytest.param(*rest, id=title) for title, *rest in MISREADINGS],
    quick=lambda reading: str(reading.id).startswith(QUICK_TITLES),
)
def test_another_reading_is_noticed(sentence: str, otherwise: str) -> None:
    assert is_noticed(misread(sentence, otherwise))


def test_the_sample_agrees_as_it_stands() -> None:
    assert [found for plain, model in sample() for found in compared(plain, model)] == []


def test_a_small_difference_is_noticed() -> None:
    [results] = sample()[0][1].values()
    assert list(differences(results, results)) == []
    tampered = results | {"lifetime_cost": math.nextafter(results["lifetime_cost"], math.inf) * (1 + 1e-7)}
    assert [d.split(":")[0] for d in differences(tampered, results)] == ["lifetime_cost"]
