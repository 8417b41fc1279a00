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
from hypothesis import example, given, settings

from models.model import MODEL
from models.results import NAMES, option_results
from models.study import from_dict
from tests.models import plain_loops
from tests.models.plain_loops import ByHand, Plain
from tests.strategies import BLOCK_BYTES, studies, study_from

ROOT = Path(__file__).parents[2]
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
        if value is None:
            if not is_empty(theirs[name]):
                yield f"{name}: no figure by hand, {theirs[name]!r} from the model"
            continue
        if name in OVER_A_DIFFERENCE and abs(mine[OVER_A_DIFFERENCE[name]]) <= 1e-6 * money:
            continue
        found = dict(flat(theirs[name], name))
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


@settings(max_examples=300)
@given(studies())
def test_random_studies_agree(plain: Plain) -> None:
    assert compared(plain) == []


@settings(max_examples=100)
@given(studies(acquisitions=("purchase", "lease"), sizings=("demand",), horizons=range(6, 16), max_options=1))
def test_long_studies_with_several_vintages_agree(plain: Plain) -> None:
    assert compared(plain) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_studies_on_file_agree(path: Path) -> None:
    assert compared(tomllib.loads(path.read_text(encoding="utf-8"))) == []


def test_every_result_of_the_contract_is_compared() -> None:
    plain = sample()[0]
    covered: set[str] = set(NOT_COMPARED)
    for plain in sample():
        for option in plain["option"]:
            covered |= ByHand(plain, option).results().keys()
    assert covered == set(NAMES)


@settings(max_examples=100)
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
        assert abs(by_hand.present(by_hand.revenue) - by_hand.pv) <= 1e-6 * turnover


# ------------------------------------------------------------------------------- and would not if the contract changed

# (what is misread, the sentence in `plain_loops`, the other reading). Each must show on some of the sample.
MISREADINGS = (
    ("retries go on whatever the limit", "attempts = 1 / p if k is None else (1 - (1 - p) ** k) / p", "attempts = 1 / p"),
    ("handed-over requests count as responses", "1.0 if k is None else 1 - (1 - p) ** k", "1.0"),
    ("an override does not count", "read(serving, name, read(table, name, blank))", "read(table, name, blank)"),
    ("cache hits cost nothing", "read_tokens * (1 - cached * (1 - effort))", "read_tokens * (1 - cached)"),
    ("software gains nothing", 'return self.prefill(work, year) + decode', 'return work["prefill_seconds"] + work["decode_seconds"]'),
    ("thinking is free", 'own("output_tokens", 0.0) + own("reasoning_tokens", 0.0)', 'own("output_tokens", 0.0)'),
    ("months before production are not asked for", 'work["asked"] = [0.0] + [per_day * 365 * esc(growth, y)', 'work["asked"] = [0.0] + [self.production_share[y] * per_day * 365 * esc(growth, y)'),
    ("batch work does not wait", '* (1 - read(table, "deferrable_share"))', ""),
    ("the peak may fall below the mean", "return max(mean, at_peak)", "return at_peak"),
    ("no headroom", "planned = self.max_utilisation * self.availability * replica", "planned = self.availability * replica"),
    ("downtime is not planned for", "planned = self.max_utilisation * self.availability * replica", "planned = self.max_utilisation * replica"),
    ("replicas are not rounded", "replicas = math.ceil(self.peak(year) / planned - 1e-9)", "replicas = self.peak(year) / planned"),
    ("a fixed fleet is always renewed", 'if self.sizing == "demand" or refresh or y == 1:', "if True:"),
    ("refresh holds for a fleet sized for demand", 'if self.sizing == "demand" or refresh or y == 1:', "if refresh or y == 1:"),
    ("a life ends a year late", "if y - self.equipment_life >= 1:\n                self.retired[y] = self.purchases[y - self.equipment_life]", "if y - self.equipment_life >= 2:\n                self.retired[y] = self.purchases[y - self.equipment_life - 1]"),
    ("the site's limit is IT power", "facility / self.pue", "facility"),
    ("cooling does not bind", "math.inf if cooling is None else cooling", "math.inf"),
    ("cooling binds where both cut alike", '"cooling" if by_cooling < by_power', '"cooling" if by_cooling <= by_power and by_cooling < math.inf'),
    ("other power is not idle power", '(read(option, "system_power_idle_w") + other)', '(read(option, "system_power_idle_w"))'),
    ("overheads multiply", '1 / product + read(option, "cooling_overhead")', '(1 / product) * (1 + read(option, "cooling_overhead"))'),
    ("the headroom is served away", "self.capacity[y] * self.max_utilisation / wanted", "self.capacity[y] / wanted"),
    ("a peak is served without headroom", "up * self.max_utilisation / self.peak(y)", "up / self.peak(y)"),
    ("downtime draws no idle power", "busy = self.used[y] / seconds", "busy = self.used[y] / (seconds * self.availability)"),
    ("switched-off systems idle", "self.power_share[y] * idle +", "idle +"),
    ("PUE enters twice in the peak", "load * self.power_share[y] * self.pue", "load * self.power_share[y] * self.pue * self.pue"),
    ("the demand charge starts with the study", 'months = 12 * self.production_share[y]\n', "months = 12\n"),
    ("the demand charge stays flat", 'months * kw["peak_kw"][y] * rise', 'months * kw["peak_kw"][y]'),
    ("electricity without a rise stays flat", 'read(option, "electricity_escalation", self.inflation)', 'read(option, "electricity_escalation", 0.0)'),
    ("the carbon price stays flat", 'read(option, "carbon_price_change", self.inflation)', 'read(option, "carbon_price_change", 0.0)'),
    ("the grid stays as it is", '* esc(read(option, "carbon_intensity_change"), y)', ""),
    ("a shadow price is paid", 'or (name == "carbon" and not read(self.option, "carbon_price_is_paid", True))', ""),
    ("a rental pays its power again", "if not self.held or (", "if not self.metered or ("),
    ("water is counted at the meter", 'kw["water_m3"][y] = kw["it"][y]', 'kw["water_m3"][y] = kw["facility"][y]'),
    ("water stays flat", '* read(option, "water_price") * esc(self.inflation, y)', '* read(option, "water_price")'),
    ("a percentage counts kW items too", '            if read(item, "asset") == "equipment":\n                if read(item, "basis") == "per_system"', '            if read(item, "asset") == "equipment":\n                if read(item, "basis") == "per_kw":\n                    total += self.unit_price(item)\n                if read(item, "basis") == "per_system"'),
    ("a percentage counts items of other assets", '            if read(item, "asset") == "equipment":\n                if', '            if True:\n                if'),
    ("rooms follow every purchase", "bought[y] = max(0.0, self.installed[y] - highest)", "bought[y] = self.purchases[y]"),
    ("rooms follow every rise, not the highest", "highest = max(highest, self.installed[y])", "highest = self.installed[y]"),
    ("what is worn out is not bought again", "bought[y] += bought[y - self.life(name)]", "bought[y] += 0.0"),
    ("it is bought again out of service", "if y - self.life(name) >= 1 and in_service:", "if y - self.life(name) >= 1:"),
    ("an API is never in service", "in_service = self.api or self.installed[y] > 0", "in_service = self.installed[y] > 0"),
    ("leased equipment is bought", 'if name == "equipment" and not self.owned:', 'if name == "equipment" and not self.held:'),
    ("later purchases cost the same", "cost = quantity * unit * esc(change, v)", "cost = quantity * unit"),
    ("a used system sells above a new one", "cost * min(1 - (1 - residual) * age / life, (1 + change) ** age)", "cost * (1 - (1 - residual) * age / life)"),
    ("it is worth its residual from the first day", "1 - (1 - residual) * age / life, ", "residual, "),
    ("nothing is left at the end", "self.disposals[sold] += worth", "self.disposals[sold] += worth if sold <= self.N else 0.0"),
    ("a loss on resale is not deducted", "self.gain[sold] += worth - basis", "self.gain[sold] += max(0.0, worth - basis)"),
    ("MACRS runs on after the sale", "for y in range(bought, sold):", "for y in range(bought, self.N + 1):"),
    ("a rental counts each vintage's price", "if self.rental:\n            return self.installed[y] * self.system_price()", "if self.rental:\n            return 0.0"),
    ("all systems count at the year's price", "self.purchases[v] * self.system_price() * esc(change, v) for v in alive", "self.purchases[v] * self.system_price() * esc(change, y) for v in alive"),
    ("a percentage of equipment rises with inflation", 'blank = 0.0 if basis == "pct_equipment" else self.inflation', "blank = self.inflation"),
    ("opex rises from its own first year", 'esc(read(item, "escalation", blank), y)', 'esc(read(item, "escalation", blank), y - read(item, "from_year", 1) + 1)'),
    ("opex starts with production", "return amount * count *", "return self.production_share[y] * amount * count *"),
    ("a price per token counts generated ones", '(self.tokens("read", y) + self.tokens("generated", y)) / 1e6', 'self.tokens("generated", y) / 1e6'),
    ("the committed price moves every year", 'signed = y - (y - 1) % int(read(terms, "commitment_years", 1))', "signed = y"),
    ("rental is paid before production", "hours = self.installed[y] * self.per_system * HOURS * self.production_share[y]\n        committed", "hours = self.installed[y] * self.per_system * HOURS\n        committed"),
    ("headroom is not rented", "self.used[y] / 3600 / (self.max_utilisation * self.availability)", "self.used[y] / 3600"),
    ("hours on demand come on top", "max(0.0, run - committed)", "run"),
    ("a lease costs the same later", "paid = self.purchases[v] * payment * 12 * esc(change, v)", "paid = self.purchases[v] * payment * 12"),
    ("what is owed on leases is charged", "if y <= self.N:\n                    self.cost", "if True:\n                    y = min(y, self.N)\n                    self.cost"),
    ("cached input costs the full price", 'work["cached"] * price_cached', 'work["cached"] * price_in'),
    ("cached input without a price is free", 'read(terms, "price_cached_input", price_in)', 'read(terms, "price_cached_input", 0.0)'),
    ("nothing is sent as batch by itself", 'read(terms, "batch_share", read(work["table"], "deferrable_share"))', 'read(terms, "batch_share")'),
    ("a full year's minimum is owed at once", 'read(terms, "minimum_commitment") * self.production_share[y]', 'read(terms, "minimum_commitment")'),
    ("every attempt is processed", "per_request = read(", 'per_request = work["attempts"] * read('),
    ("people stay as cheap", "served * by_hand * rise", "served * by_hand"),
    ("processing stays as cheap", "served * per_request * rise", "served * per_request"),
    ("purchases fall mid-year", "self.start_factor = [0.0] + [(1 + self.r) ** -(y - 1)", "self.start_factor = [0.0] + [(1 + self.r) ** -(y - 0.5)"),
    ("flows always fall mid-year", "shift = 0.5 if self.mid_year else 0", "shift = 0.5"),
    ("the end is the last middle", "self.end_factor = (1 + self.r) ** -self.N", "self.end_factor = (1 + self.r) ** -(self.N - 0.5)"),
    ("real quantities discount nominally", "real = (1 + self.r) / (1 + self.inflation)", "real = 1 + self.r"),
    ("depreciation falls at the start of the year", "(self.operating[y] * (1 - self.tax) - self.tax * self.depreciation[y]) * flow", "self.operating[y] * (1 - self.tax) * flow - self.tax * self.depreciation[y] * start"),
    ("gains are not taxed", "self.disposals[y] + self.tax * self.gain[y]", "self.disposals[y]"),
    ("after-tax prices are not grossed up", "(self.after_tax - (1 - self.tax) * beside) / (1 - self.tax)", "(self.after_tax - (1 - self.tax) * beside)"),
    ("processing is not taxed", "(self.after_tax - (1 - self.tax) * beside) / (1 - self.tax)", "(self.after_tax - beside) / (1 - self.tax)"),
    ("the loan runs on past the horizon", "if y == self.N and term > self.N:", "if False:"),
    ("all purchases are financed", 'read(terms, "debt_share") * self.capex[1]', 'read(terms, "debt_share") * sum(self.capex)'),
    ("cost is shared year by year", '"weight": spend if self.api else seconds,', '"weight": served,'),
    ("joules leave processing out", "share * sum(self.kw[\"facility\"]) * 3.6e6 + life[\"joules\"]", "share * sum(self.kw[\"facility\"]) * 3.6e6"),
    ("idle cost counts capacity, not all hours", "31_536_000 * part", "31_536_000 * part * self.availability"),
    ("a rental idles before it starts", "part = self.production_share[y] if self.rental else 1.0", "part = 1.0"),
    ("hours on demand stand by", 'for name in ("lease", "committed", "standing_opex"):', 'for name in ("lease", "rental", "standing_opex"):'),
    ("opex by volume stands by", 'for name in ("lease", "committed", "standing_opex"):', 'for name in ("lease", "committed", "opex"):'),
    ("revenue counts every request", 'read(work["table"], "value_per_response") * work["accepted"]', 'read(work["table"], "value_per_response")'),
    ("what waits elsewhere stays as cheap", "self.interim_price * esc(self.inflation, y)", "self.interim_price"),
    ("a surplus of one workload serves another", 'sum(max(0.0, w["asked"][y] - w["served"][y]) for w in self.workloads)', 'max(0.0, sum(w["asked"][y] - w["served"][y] for w in self.workloads))'),
)  # fmt: skip
# Readings that cannot differ, and why; listed so that nobody wonders whether they were forgotten.
SAME_BY_CONSTRUCTION = {
    # Every workload is cut by the same factor in a year, so all are short or none is.
    "a surplus of one workload serves another",
}
SAMPLE_SIZE = 120


@cache
def sample() -> tuple[Plain, ...]:
    """Studies that are the same in every run."""
    chance = random.Random(2026)
    return tuple(study_from(chance.randbytes(BLOCK_BYTES), provenance=False) for _ in range(SAMPLE_SIZE))


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
