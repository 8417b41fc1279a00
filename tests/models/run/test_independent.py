"""The model against a second one, written from the contract alone in plain loops (`plain_loops`).

Two programs by two routes seldom make the same mistake. They are compared on random studies, on the templates and on
the published cases, for every result; and the comparison is itself tested: each sentence of the contract that could be
read otherwise is read otherwise, one at a time, and must be noticed.
"""

from __future__ import annotations

import math
import random
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given

from models.analysis.metrics.contract import NAMES, option_results
from models.run.model import MODEL
from models.studies.load import from_dict
from tests.models.run import plain_loops
from tests.models.run.plain_loops import ByHand, Plain
from tests.soak import thorough
from tests.strategies import BLOCK_BYTES, studies, study_from

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "templates").glob("*.toml"), *(ROOT / "tests/cases/studies").glob("*.toml")])
RELATIVE = 1e-8
# Money left over when equal sums are subtracted, beside the sums themselves.
RESIDUE = 1e-11
# Ratios over a difference of sums, which may be nothing but residue: looked at only where it is more.
OVER_A_DIFFERENCE = {
    "tokens_per_dollar": "infrastructure_cost",
    "margin_on_cost": "lifetime_cost",
}
# What only the model states: a list of roots is tested by what it means, below.
NOT_COMPARED = {"margin_irr"}


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


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(part is None for part in value))


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """Where the second model's results and the model's do not agree, in words."""
    money = sum(abs(part) for part in mine["cost_tree"].values())
    for name, value in mine.items():
        if name in OVER_A_DIFFERENCE and abs(mine[OVER_A_DIFFERENCE[name]]) <= 1e-6 * money:
            continue
        if value is None:
            if not is_empty(theirs[name]):
                yield f"{name}: no figure by hand, {theirs[name]!r} from the model"
            continue
        told = theirs[name]
        if isinstance(value, dict) and name == "lines":
            told = {line: told[line] for line in value}
        found = dict(flat(told, name))
        for path, figure in flat(value, name):
            if not agrees(figure, found.get(path, "missing"), money):
                yield f"{path}: {figure!r} by hand, {found.get(path, 'missing')!r} from the model"


def compared(plain: Plain, second: type[ByHand] = ByHand) -> list[str]:
    """Every difference between the two models in a study."""
    result = MODEL.run(from_dict(plain))
    return [
        f"{option_name(option)}: {difference}"
        for option in plain["option"]
        for difference in differences(
            second(plain, option).results(), option_results(result.options[option_name(option)])
        )
    ]


def option_name(option: Plain) -> str:
    return plain_loops.read(option, "name")


# --------------------------------------------------------------------------------------------------- the two agree


@thorough(60, soak=10_000)
@given(studies())
def test_random_studies_agree(plain: Plain) -> None:
    assert compared(plain) == []


@thorough(40, soak=2_000)
@given(studies(acquisitions=("purchase", "lease"), sizings=("demand",), horizons=range(6, 16), max_options=1))
def test_long_studies_with_several_vintages_agree(plain: Plain) -> None:
    assert compared(plain) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_studies_on_file_agree(path: Path) -> None:
    assert compared(tomllib.loads(path.read_text(encoding="utf-8"))) == []


def test_every_result_of_the_contract_is_compared() -> None:
    covered: set[str] = set(NOT_COMPARED)
    for plain in sample():
        for option in plain["option"]:
            covered |= ByHand(plain, option).results().keys()
    assert covered == {*NAMES, "lines"}


@thorough(40, soak=1_000)
@given(studies(max_options=1))
def test_every_margin_rate_makes_the_margin_worth_nothing(plain: Plain) -> None:
    by_hand = ByHand(plain, plain["option"][0])
    roots = option_results(MODEL.run(from_dict(plain)).options[option_name(plain["option"][0])])["margin_irr"]
    assert (roots is None) == (not by_hand.priced())
    for rate in roots or []:
        by_hand.r = rate
        by_hand.timeline()
        by_hand.finance()
        turnover = by_hand.present(by_hand.revenue) + by_hand.present(by_hand.operating)
        turnover += sum(by_hand.capex[y] * by_hand.start_factor[y] for y in by_hand.years)
        # Next to -1 a rate is only known to the last digits that 1 + rate has left; and payments below 1e-12 of the
        # largest count as residue of rounding, whatever a rate far from 0 makes of them.
        precision = 1e-9 + by_hand.N * sys.float_info.epsilon / (1 + rate)
        residue = 1e-12 * max([*by_hand.revenue, *by_hand.operating, *by_hand.capex])
        factors = sum(by_hand.start_factor[y] + by_hand.flow_factor[y] for y in by_hand.years)
        assert abs(by_hand.present(by_hand.revenue) - by_hand.pv) <= precision * turnover + residue * factors


# ------------------------------------------------------------------------------- and would not if the contract changed


def misreadings() -> Iterator[tuple[str, str, str]]:
    """Title, sentence and other reading of every block of the file."""
    text = Path(__file__).with_name("misreadings.txt").read_text(encoding="utf-8")
    for block in text.strip().split("\n\n")[1:]:
        title, *lines = block.split("\n")
        sentence, otherwise = ("\n".join(line[2:] for line in lines if line[0] == sign) for sign in "-+")
        yield title, sentence, otherwise


MISREADINGS = tuple(misreadings())
# Readings that cannot differ, and why; listed so that nobody wonders whether they were forgotten.
SAME_BY_CONSTRUCTION = {
    # Every workload is cut by the same factor in a year, so all are short or none is.
    "a surplus of one workload serves another",
}
SAMPLE_SIZE = 200


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


@cache
def sample() -> tuple[Plain, ...]:
    """Studies that are the same in every run, and some that chance hardly draws."""
    chance = random.Random(2026)
    drawn = (study_from(chance.randbytes(BLOCK_BYTES), provenance=False) for _ in range(SAMPLE_SIZE))
    return (falling_then_rising(), cut_alike(), left_early(), *drawn)


@cache
def answers(position: int) -> dict[str, dict[str, Any]]:
    """What the model makes of a study of the sample."""
    result = MODEL.run(from_dict(sample()[position]))
    return {name: option_results(option) for name, option in result.options.items()}


def misread(sentence: str, otherwise: str) -> type[ByHand]:
    """The second model with one sentence read otherwise."""
    source = Path(plain_loops.__file__).read_text(encoding="utf-8")
    assert source.count(sentence) == 1, f"{sentence!r} must stand exactly once in plain_loops.py"
    module = ModuleType("misread_loops")
    sys.modules[module.__name__] = module
    exec(compile(source.replace(sentence, otherwise), "misread_loops", "exec"), vars(module))
    return module.ByHand


def is_noticed(second: type[ByHand]) -> bool:
    for position, plain in enumerate(sample()):
        for option in plain["option"]:
            try:
                mine = second(plain, option).results()
            except (ArithmeticError, ValueError):
                continue
            if next(differences(mine, answers(position)[option["name"]]), None) is not None:
                return True
    return False


@pytest.mark.parametrize(("sentence", "otherwise"), [m[1:] for m in MISREADINGS], ids=[m[0] for m in MISREADINGS])
def test_another_reading_is_noticed(sentence: str, otherwise: str, request: pytest.FixtureRequest) -> None:
    expected = request.node.callspec.id not in SAME_BY_CONSTRUCTION
    assert is_noticed(misread(sentence, otherwise)) == expected


def test_the_sample_agrees_as_it_stands() -> None:
    for position, plain in enumerate(sample()):
        for option in plain["option"]:
            assert list(differences(ByHand(plain, option).results(), answers(position)[option["name"]])) == []


def test_a_small_difference_is_noticed() -> None:
    results = answers(0)[sample()[0]["option"][0]["name"]]
    assert list(differences(results, results)) == []
    tampered = results | {"lifetime_cost": math.nextafter(results["lifetime_cost"], math.inf) * (1 + 1e-7)}
    assert [d.split(":")[0] for d in differences(tampered, results)] == ["lifetime_cost"]
