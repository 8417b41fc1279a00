"""What a study may not combine, and what is doubtful: each rule finds what it is for, and nothing in a sound study."""

import copy
import re
from typing import Any

import pytest

from models.studies import rules
from models.studies.file import load
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from views.figures import wording
from views.figures.written import plain as escaped

Plain = dict[str, Any]

SOUND: Plain = {
    "study": {"currency": "USD", "horizon_years": 4, "discount_rate": 0.08, "inflation": 0.02},
    "workload": [
        {"name": "chat", "requests_per_day": 1000, "input_tokens": 900, "output_tokens": 300},
        {"name": "search", "requests_per_day": 500, "input_tokens": 2000, "output_tokens": 100},
    ],
    "option": [
        {
            "name": "Own",
            "acquisition": "purchase",
            "sizing": "demand",
            "accelerators_per_system": 8,
            "equipment_life": 4,
            "system_power_load_w": 9000,
            "system_power_idle_w": 2500,
            "power_method": "server",
            "pue": 1.2,
            "electricity_price": 0.09,
            "serving": [
                {"workload": "chat", "prefill_rate": 5000, "decode_rate": 1000},
                {"workload": "search", "prefill_rate": 6000, "decode_rate": 900},
            ],
            "asset": [{"name": "equipment", "residual_share": 0.1}, {"name": "room", "life": 10}],
            "capex": [
                {"name": "Servers", "asset": "equipment", "basis": "per_system", "amount": 250_000},
                {"name": "Racks", "asset": "room", "basis": "per_kw", "amount": 900},
            ],
            "opex": [{"name": "Team", "category": "staff", "basis": "per_year", "amount": 90_000}],
        },
        {
            "name": "Rented",
            "acquisition": "rental",
            "sizing": "fixed",
            "systems": 2,
            "utilisation": 0.4,
            "accelerators_per_system": 8,
            "serving": [
                {"workload": "search", "prefill_rate": 6000, "decode_rate": 900},
                {"workload": "chat", "prefill_rate": 5000, "decode_rate": 1000},
            ],
            "rental": {"committed_share": 0.5, "committed_price": 2.1, "on_demand_price": 3.2},
        },
        {"name": "Tokens", "acquisition": "api", "api": {"price_input": 0.5, "price_output": 2}},
    ],
}
OWN, RENTED, TOKENS = range(3)
# Names that stand in files and formulas: of inputs, and headings of tables.
NAMES_OF_A_FILE = re.compile(
    "|".join(rf"\b{entry.name}\b" for entry in schema.FIELDS if "_" in entry.name) + r"|\[\[?(?:option|workload|study)"
)
FIXED: Plain = {"sizing": "fixed", "systems": 1, "utilisation": 0.5}
LEASED = {"acquisition": "lease", "lease": {"payment_per_system_month": 5000}}


def sound() -> Plain:
    return copy.deepcopy(SOUND)


def found(tables: Plain) -> tuple[dict[str, str], dict[str, str]]:
    """Errors and warnings as messages by path."""
    errors, warnings = load.problems(tables)
    return {p.path: p.message for p in errors}, {p.path: p.message for p in warnings}


def with_option(index: int, *changes: Plain) -> Plain:
    """The sound study with an option's inputs and tables exchanged; a change to None takes one out."""
    tables = sound()
    for change in changes:
        tables["option"][index] |= change
    return tables


def with_row(index: int, table: str, position: int, **changes: Any) -> Plain:
    """The sound study with one row of an option's table changed."""
    tables = sound()
    tables["option"][index][table][position] |= changes
    return tables


def item(asset: str, basis: str, amount: float = 1) -> Plain:
    return {"name": "Item", "asset": asset, "basis": basis, "amount": amount}


def cost(basis: str, amount: float = 0.5, **rest: Any) -> Plain:
    return {"name": "Cost", "basis": basis, "amount": amount, **rest}


def band(share: float | None, price: float | None = 0.1) -> Plain:
    return {"name": "band", "share": share, "price": price}


def with_study(**changes: Any) -> Plain:
    """The sound study with something else about the study."""
    tables = sound()
    tables["study"] |= changes
    return tables


def with_workload(**changes: Any) -> Plain:
    """The sound study with its first workload changed."""
    tables = sound()
    tables["workload"][0] |= changes
    return tables


def correlated(**changes: Any) -> Plain:
    """The sound study in which two inputs move together."""
    pair = {"a": "option/Own/pue", "b": "study/discount_rate", "rho": 0.5}
    return sound() | {"correlation": [pair | changes]}


def office(**changes: Any) -> Plain:
    return {"name": "office", "weekday": [0] * 6 + [1] * 12 + [0] * 6} | changes


def with_shapes(*shapes: Plain, **changes: Any) -> Plain:
    """The sound study with load shapes, and its first workload following the one called office."""
    return with_workload(load_shape="office", **changes) | {"load_shape": list(shapes)}


def bands(*hours: list[str] | None) -> Plain:
    """The sound study with tariff bands by the hours they cover; None for one without."""
    tariff = [{"name": f"band {n}", "hours": held, "price": 0.1} for n, held in enumerate(hours)]
    return with_option(OWN, {"electricity_price": None, "tariff": tariff})


def blended(**measured: float) -> Plain:
    return with_row(OWN, "serving", 0, prefill_rate=None, **measured)


def cached(**prices: float) -> Plain:
    """The sound study with half of the first workload's input in the provider's cache, at the API's further prices."""
    tables = with_workload(cached_input_share=0.5)
    tables["option"][TOKENS]["api"] |= {"price_cached_input": 0.05} | prices
    return tables


def of_its_own(**prices: float) -> Plain:
    """The same, with prices of the first workload's own."""
    tables = cached()
    tables["option"][TOKENS]["serving"] = [{"workload": "chat"} | prices]
    return tables


def test_a_sound_study_has_no_fault_and_no_doubt():
    assert found(sound()) == ({}, {})


def test_every_rule_is_registered_once():
    assert len({rule.kind.name for rule in rules.RULES}) == len(rules.RULES) > 50


# ------------------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("tables", "path", "message"),
    [
        (sound() | {"workload": []}, "workload", "at least one [[workload]]"),
        (sound() | {"option": []}, "option", "at least one [[option]]"),
        (
            sound() | {"study": SOUND["study"] | {"reference_option": "Tokns"}},
            "study/reference_option",
            'did you mean "Tokens"',
        ),
        (sound() | {"workload": SOUND["workload"] + SOUND["workload"][:1]}, "workload/chat#2/name", "another workload"),
        (sound() | {"option": SOUND["option"] + SOUND["option"][:1]}, "option/Own#2/name", "another option"),
        (
            with_option(OWN, {"asset": [*SOUND["option"][OWN]["asset"], {"name": "room", "life": 3}]}),
            "option/Own/asset/room#2/name",
            "another asset",
        ),
        (
            with_option(OWN, {"serving": SOUND["option"][OWN]["serving"] * 2}),
            "option/Own/serving/chat#2/workload",
            "another serving rates",
        ),
        (with_option(OWN, {"acquisition": "lease"}), "option/Own/lease", "needs the table [option.lease]"),
        (with_option(OWN, {"acquisition": "loan"}), "option/Own/loan", "needs the table [option.loan]"),
        (with_option(RENTED, {"rental": None}), "option/Rented/rental", "needs the table [option.rental]"),
        (with_option(TOKENS, {"api": None}), "option/Tokens/api", "needs the table [option.api]"),
        (with_row(OWN, "serving", 0, workload="chatt"), "option/Own/serving/chatt/workload", 'did you mean "chat"'),
        (with_row(OWN, "serving", 0, workload="chatt"), "option/Own/serving/chat", 'workload = "chat"'),
        (
            with_option(TOKENS, {"serving": [{"workload": "x"}]}),
            "option/Tokens/serving/x/workload",
            "is not a workload",
        ),
        (with_option(OWN, {"score": [{"criterion": "x", "score": 1}]}), "option/Own/score/x/criterion", "criteria"),
        (with_row(OWN, "serving", 0, decode_rate=None), "option/Own/serving/chat/decode_rate", "output speed"),
        (
            with_row(RENTED, "serving", 1, decode_rate=None, output_tokens=0, reasoning_tokens=5),
            "option/Rented/serving/chat/decode_rate",
            "output speed",
        ),
        (
            with_row(OWN, "serving", 0, prefill_rate=None, output_tokens=0),
            "option/Own/serving/chat/prefill_rate",
            "only reads",
        ),
        (with_option(OWN, {"sizing": None}), "option/Own/sizing", "is missing"),
        (with_option(RENTED, {"sizing": None}), "option/Rented/sizing", "is missing"),
        (with_option(RENTED, {"systems": None}), "option/Rented/systems", "needs systems and utilisation"),
        (with_option(RENTED, {"utilisation": None}), "option/Rented/utilisation", "needs systems and utilisation"),
        (with_option(OWN, {"equipment_life": None}), "option/Own/equipment_life", "is missing"),
        (with_option(OWN, LEASED, {"equipment_life": None}), "option/Own/equipment_life", "is missing"),
        (with_row(OWN, "asset", 0, life=4), "option/Own/asset/equipment/life", "not for equipment"),
        (with_row(OWN, "asset", 1, life=None), "option/Own/asset/room/life", 'items of "room"'),
        (with_row(OWN, "capex", 1, asset="rom"), "option/Own/capex/Racks/asset", 'did you mean "room"'),
        (with_option(TOKENS, {"capex": [item("facility", "fixed")]}), "option/Tokens/capex/Item/asset", "its life"),
        (
            with_option(TOKENS, {"asset": [{"name": "move", "life": 3}], "capex": [item("move", "per_system")]}),
            "option/Tokens/capex/Item/basis",
            'only "fixed"',
        ),
        (with_option(OWN, {"ups_efficiency": 0.95}), "option/Own/pue", "its parts (ups_efficiency)"),
        (with_option(OWN, {"cooling_overhead": 0}), "option/Own/pue", "its parts (cooling_overhead)"),
        (with_option(OWN, {"tariff": [band(1)]}), "option/Own/electricity_price", "together with tariff bands"),
        (
            with_option(OWN, {"electricity_price": None, "tariff": [band(0.3), band(0.6)]}),
            "option/Own/tariff",
            "add up to 0.9;",
        ),
        (
            with_option(OWN, {"electricity_price": None, "tariff": [band(0.5), band(0.5 + 2e-9)]}),
            "option/Own/tariff",
            "add up to 1.000000002;",
        ),
        (with_option(OWN, {"system_power_idle_w": 9001}), "option/Own/system_power_idle_w", "(9,000 W)"),
        (with_option(OWN, {"system_power_load_w": None}), "option/Own/system_power_idle_w", "(blank)"),
        (with_option(RENTED, {"facility_power_kw": 5}), "option/Rented/facility_power_kw", "your own site"),
        (with_option(TOKENS, {"cooling_capacity_kw": 5}), "option/Tokens/cooling_capacity_kw", "your own site"),
        (with_option(TOKENS, {"months_to_production": 48}), "option/Tokens/months_to_production", "the 48 months"),
        (with_row(OWN, "opex", 0, from_year=3, to_year=2), "option/Own/opex/Team/from_year", "after to_year (2)"),
        # What is sent elsewhere, and what that costs.
        (with_option(OWN, {"overflow_to": "Rented"}), "option/Own/overflow_to", "is not an API option"),
        (with_option(TOKENS, {"overflow_to": "Tokens"}), "option/Tokens/overflow_to", "sized for the demand"),
        (with_option(OWN, FIXED, {"base_share": 0.5}), "option/Own/base_share", "sized for the demand"),
        (with_study(interim_from="Tokenz"), "study/interim_from", "Tokens"),
        (with_study(interim_from="Tokens", interim_price=0.1), "study/interim_price", "together with interim_from"),
        # Money that comes in.
        (with_option(OWN, {"opex": [cost("per_year", -1)]}), "option/Own/opex/Cost/amount", "credit"),
        (with_row(OWN, "capex", 0, amount=-1), "option/Own/capex/Servers/amount", "grant"),
        (
            with_option(OWN, {"opex": [cost("pct_equipment", -0.1, category="credit")]}),
            "option/Own/opex/Cost/basis",
            "is not for a credit",
        ),
        (with_option(OWN, {"capex": [item("grant", "fixed", 5)]}), "option/Own/capex/Item/basis", "negative"),
        (with_option(OWN, {"capex": [item("grant", "per_system", -5)]}), "option/Own/capex/Item/basis", "fixed"),
        (
            with_option(OWN, {"loan": {"term_years": 2, "payments_per_year": 4}}),
            "option/Own/loan/payments_per_year",
            "by the year or by the month",
        ),
        (
            with_option(
                TOKENS, {"serving": [{"workload": "chat", "cache_write_share": 0.6, "cached_input_share": 0.5}]}
            ),
            "option/Tokens/serving/chat/cache_write_share",
            "1.1",
        ),
        # The day.
        (with_shapes(), "workload/chat/load_shape", "is no load shape"),
        (with_shapes(office(weekday=[0] * 24)), "load_shape/office/weekday", "load"),
        (with_shapes(office(), office()), "load_shape/office#2/name", "another load shape"),
        (with_shapes(office(), peak_to_average=1.5), "workload/chat/peak_to_average", "2"),
        (with_workload(peak_to_average=21), "workload/chat/peak_to_average", "20"),
        # Tariff bands by hours.
        (bands(["weekday 0-24"]), "option/Own/tariff", "weekend"),
        (bands(["daily 0-24"], ["weekend 3-4"]), "option/Own/tariff", "weekend 3-4"),
        (bands(["daily 0-24"], None), "option/Own/tariff/band 1/hours", "has no hours"),
        (
            with_option(OWN, {"electricity_price": None, "tariff": [band(1.0) | {"hours": ["daily 0-24"]}]}),
            "option/Own/tariff/band/share",
            "together with hours",
        ),
        (correlated(a="option/Own/pu"), "correlation/option~1Own~1pu/a", "did you mean"),
        (correlated(a="option/Owm/pue"), "correlation/option~1Owm~1pue/a", "option/Own"),
        (correlated(b="option/Own/vendor"), "correlation/option~1Own~1pue/b", "is no number of this study"),
        (correlated(b="option/Own/pue"), "correlation/option~1Own~1pue/b", "name two inputs"),
        (
            correlated() | {"correlation": [correlated()["correlation"][0]] * 2},
            "correlation/option~1Own~1pue#2/rho",
            "stands twice, with 0.5 before",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused(tables: Plain, path: str, message: str):
    errors, _ = found(tables)
    assert path in errors, errors
    assert message in errors[path]
    with pytest.raises(StudyError):
        load.from_dict(tables)


def test_everything_that_is_wrong_with_the_day_is_told_at_once():
    """What cannot be read is told as such, and no rule stumbles over it or speaks of it again."""
    shapes = {"short": [1] * 23, "long": [1] * 25, "negative": [1] * 23 + [-1], "none": [0] * 24, "text": ["a"] * 24}
    tables = with_shapes(office(), *(office(name=name, weekday=day) for name, day in shapes.items()), peak_to_average=1)
    tables["option"][OWN] |= bands(["weekday 8-25"], ["daily 0-24"])["option"][OWN] | {"overflow_to": "Own"}
    tables["option"][RENTED] |= {"rental": {"committed_price": -1}}
    errors, _ = found(tables)
    assert errors.keys() == {
        *(f"load_shape/{name}/weekday" for name in shapes),
        "workload/chat/peak_to_average",
        "option/Own/tariff/band 0/hours",
        "option/Own/overflow_to",
        "option/Rented/rental/committed_price",
    }
    assert "there are 23" in errors["load_shape/short/weekday"]
    assert "'weekday 8-25' is none" in errors["option/Own/tariff/band 0/hours"]


@pytest.mark.parametrize("hours", [[], [""], "", "weekday 8", "weekday 8-8", "mon 8-20", 5])
def test_what_is_no_window_of_the_week_is_refused(hours: Any):
    errors, _ = found(bands(hours, ["daily 0-24"]))
    assert errors.keys() == {"option/Own/tariff/band 0/hours"}
    assert 'such as "weekday 8-20"' in errors["option/Own/tariff/band 0/hours"]


@pytest.mark.parametrize(
    "changes",
    [
        {"requests_per_day": 0},
        {"input_tokens": 0, "output_tokens": 0},
        {"output_tokens": 0, "cached_input_share": 1},
    ],
)
def test_fixed_sizing_needs_a_mix(changes: Plain):
    tables = sound()
    for workload in tables["workload"]:
        workload |= changes
    errors, _ = found(tables)
    assert list(errors) == ["option/Rented/sizing"]
    assert "give requests and tokens" in errors["option/Rented/sizing"]
    tables["option"][RENTED]["sizing"] = "demand"
    assert found(tables)[0] == {}


def test_a_cached_token_that_costs_effort_is_a_mix():
    tables = with_option(RENTED, {"cache_hit_effort": 0.1})
    for workload in tables["workload"]:
        workload |= {"output_tokens": 0, "cached_input_share": 1}
    assert found(tables)[0] == {}


@pytest.mark.parametrize(
    "tables",
    [
        with_option(TOKENS, {"serving": [{"workload": "chat", "input_tokens": 700}]}),
        with_option(TOKENS, {"capex": [item("move", "fixed")], "asset": [{"name": "move", "life": 3}]}),
        with_option(TOKENS, {"months_to_production": 47.9}),
        with_option(RENTED, {"capex": [item("equipment", "per_system")], "equipment_life": 3}),
        with_option(OWN, {"electricity_price": None, "tariff": [band(1 / 3)] * 3}),
        with_option(OWN, {"electricity_price": None, "tariff": [band(1)]}),
        with_option(OWN, {"pue": None, "ups_efficiency": 0.95, "other_overhead": 0.1}),
        with_option(OWN, {"capex": SOUND["option"][OWN]["capex"] + SOUND["option"][OWN]["capex"]}),
        with_row(OWN, "opex", 0, from_year=2, to_year=2),
        with_row(OWN, "opex", 0, to_year=1),
        with_option(OWN, {"facility_power_kw": 500, "cooling_capacity_kw": 300}),
    ],
)
def test_what_can_be_computed_is_not_refused(tables: Plain):
    assert found(tables)[0] == {}


# ------------------------------------------------------------------------------------------------------------- flagged


@pytest.mark.parametrize(
    ("tables", "path", "message"),
    [
        (sound() | {"study": {"horizon_years": 4}}, "study/currency", "carry no currency"),
        (with_option(OWN, {"lease": {}}), "option/Own/lease", 'with acquisition "purchase"'),
        (with_option(TOKENS, {"rental": {}}), "option/Tokens/rental", 'with acquisition "api"'),
        (with_option(RENTED, {"tariff": [band(1)]}), "option/Rented/tariff", "contains the electricity"),
        (with_option(OWN, {"power_method": "tdp"}), "option/Own/power_method", "not a measurement"),
        (with_option(OWN, {"power_method": "gpu"}), "option/Own/power_method", "too low"),
        (with_option(OWN, {"power_method": "external"}), "option/Own/power_method", "set pue to 1"),
        (
            with_option(OWN, {"power_method": "external", "pue": None, "ups_efficiency": 0.9}),
            "option/Own/power_method",
            "set pue to 1",
        ),
        (
            with_option(OWN, {"system_power_load_w": None, "system_power_idle_w": None}),
            "option/Own/system_power_load_w",
            "counted as zero",
        ),
        (with_option(OWN, {"system_power_idle_w": None}), "option/Own/system_power_idle_w", "counted at 0 W"),
        (with_option(OWN, {"electricity_price": None}), "option/Own/electricity_price", "counted as free"),
        (with_option(OWN, {"pue": None}), "option/Own/pue", "counted as 1"),
        (
            with_option(OWN, {"system_power_load_w": 0, "system_power_idle_w": 0}),
            "option/Own/capex/Racks/basis",
            "gives no power",
        ),
        (
            with_option(RENTED, {"opex": [cost("per_kw_month")]}),
            "option/Rented/opex/Cost/basis",
            "gives no power",
        ),
        (
            with_option(OWN, {"system_power_load_w": 0, "system_power_idle_w": 0, "facility_power_kw": 5}),
            "option/Own/facility_power_kw",
            "limits nothing",
        ),
        (with_option(RENTED, {"opex": [cost("pct_equipment")]}), "option/Rented/opex/Cost/basis", "no equipment item"),
        (
            with_option(OWN, {"opex": [cost("pct_equipment", 5)]}),
            "option/Own/opex/Cost/amount",
            "500 % of the equipment price",
        ),
        (with_option(OWN, {"capex": None}), "option/Own/capex", "not ranked"),
        (with_option(TOKENS, {"capex": [item("equipment", "fixed")]}), "option/Tokens/capex/Item", "not charged"),
        (with_option(TOKENS, {"opex": [cost("per_system")]}), "option/Tokens/opex/Cost/basis", "costs nothing"),
        (with_option(TOKENS, {"api": {"price_output": 1}}), "option/Tokens/api/price_input", "not ranked"),
        (with_option(OWN, LEASED, {"lease": {}}), "option/Own/lease/payment_per_system_month", "not ranked"),
        (with_option(RENTED, {"rental": {}}), "option/Rented/rental/on_demand_price", "not ranked"),
        (
            with_option(RENTED, {"rental": {"committed_share": 1}}),
            "option/Rented/rental/committed_price",
            "not ranked",
        ),
        (with_row(OWN, "capex", 0, amount=None), "option/Own/capex/Servers/amount", "not ranked"),
        (with_row(OWN, "opex", 0, amount=None), "option/Own/opex/Team/amount", "counted as zero"),
        (
            with_option(OWN, {"electricity_price": None, "tariff": [band(1, None)]}),
            "option/Own/tariff/band/price",
            "counted as zero",
        ),
        (with_row(OWN, "opex", 0, category="stafff"), "option/Own/opex/Team/category", 'did you mean "staff"'),
        (with_row(OWN, "opex", 0, from_year=5), "option/Own/opex/Team/from_year", "never paid"),
        (with_option(RENTED, {"max_utilisation": 0.3}), "option/Rented/utilisation", "above max_utilisation (0.3)"),
        (
            blended(measured_input_tokens=300, measured_output_tokens=300),
            "option/Own/serving/chat/decode_rate",
            "another shape",
        ),
        (
            blended(measured_input_tokens=900, measured_output_tokens=0),
            "option/Own/serving/chat/decode_rate",
            "another shape",
        ),
        (
            blended(measured_input_tokens=900, measured_output_tokens=300, cached_input_share=0.2),
            "option/Own/serving/chat/decode_rate",
            "no effect on capacity",
        ),
        (
            with_row(OWN, "serving", 0, quality=0.7, quality_target=0.8),
            "option/Own/serving/chat/quality",
            "quality_target (0.8)",
        ),
        (
            with_row(OWN, "serving", 0, ttft_ms=900, ttft_target_ms=500),
            "option/Own/serving/chat/ttft_ms",
            "throughput, not goodput",
        ),
        (
            with_row(OWN, "serving", 0, tpot_ms=90, tpot_target_ms=50),
            "option/Own/serving/chat/tpot_ms",
            "tpot_target_ms (50)",
        ),
        (
            of_its_own(price_input=0.001, price_cached_input=0.001),
            "option/Tokens/serving/chat/price_input",
            "0.035 to 10",
        ),
        (
            of_its_own(price_output=0.001) | {"study": SOUND["study"] | {"currency": "EUR"}},
            "option/Tokens/serving/chat/price_output",
            "far from the typical range in dollars, 0.08 to 50",
        ),
        (with_study(currency="$"), "study/currency", "no code of a currency"),
        (with_study(currency="Euros"), "study/currency", "no code of a currency"),
        (cached(price_cached_input=0.6), "option/Tokens/api/price_cached_input", "above price_input (0.5)"),
        (
            of_its_own(price_cached_input=0.6),
            "option/Tokens/serving/chat/price_cached_input",
            "would cost more than input read anew",
        ),
        (
            of_its_own(price_input=1.0, price_output=4.0),
            "option/Tokens/serving/chat/price_cached_input",
            "its cached input costs the option's, 0.05",
        ),
        (
            with_study(currency="EUR") | {"option": with_option(OWN, {"electricity_price": 12})["option"]},
            "option/Own/electricity_price",
            "far from the typical range in dollars, 0.0575 to 0.39",
        ),
        (with_option(OWN, {"pue": 2}), "option/Own/pue", "typical range, 1.04 to 1.65 (AWS best site"),
        (with_option(OWN, {"pue": {"value": 2, "low": 1.1}}), "option/Own/pue", "the entered range, 1.1 to 1.65"),
        (with_option(OWN, {"pue": {"value": 1.2, "high": 1.1}}), "option/Own/pue", "the entered range, 1.04 to 1.1"),
        (with_option(OWN, {"serving_gain": {"value": 0.5, "low": 0.6}}), "option/Own/serving_gain", "0.6 to open"),
        (with_option(OWN, {"serving_gain": {"value": 0.5, "high": 0.2}}), "option/Own/serving_gain", "open to 0.2"),
        (with_option(OWN, {"serving_gain": 20}), "option/Own/serving_gain", "means 2000 % a year"),
    ],
)
def test_what_is_doubtful_is_flagged(tables: Plain, path: str, message: str):
    errors, warnings = found(tables)
    assert errors == {}
    assert path in warnings, warnings
    assert message in warnings[path]
    assert warnings == {problem.path: problem.message for problem in load.from_dict(tables).warnings}


def test_every_rule_names_kind_place_and_remedy_in_both_wordings():
    """Over every study in this file that a rule speaks of: each rule speaks, and each says all three."""
    refusals, flags = (
        next(mark.args[1] for mark in vars(test)["pytestmark"] if mark.name == "parametrize")
        for test in (test_what_cannot_be_computed_is_refused, test_what_is_doubtful_is_flagged)
    )
    asleep = [workload | {"requests_per_day": 0, "processing_tokens": 5} for workload in SOUND["workload"]]
    silent = [workload | {"input_tokens": 0, "output_tokens": 0} for workload in SOUND["workload"]]
    further = [sound() | {"workload": asleep}, sound() | {"workload": silent}]
    further.append(with_option(TOKENS, {"tier": [{"name": name, "further_discount": 0.7} for name in "ab"]}))
    studies = [*(case[0] for case in (*refusals, *flags)), *further]
    told = [problem for tables in studies for each in load.problems(tables) for problem in each]
    assert {rule.kind.name for rule in rules.RULES} <= {problem.kind for problem in told}
    for problem in told:
        assert problem.kind and problem.path and problem.remedy.strip("; "), problem
        assert problem.message.endswith(problem.remedy) and "{" not in problem.message, problem
        page = wording.problem(problem)
        assert page.startswith(escaped(wording.place(problem.path))) and "{" not in page, page
        assert not NAMES_OF_A_FILE.search(page.replace("\\", "")), page


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"requests_per_day": 0}, "requests_per_day"),
        ({"input_tokens": 0, "output_tokens": 0}, "output_tokens"),
        ({"processing_tokens": 5}, "processing_price"),
    ],
)
def test_workloads_that_ask_for_nothing_are_flagged(changes: Plain, name: str):
    tables = sound()
    tables["workload"][1] |= changes
    assert list(found(tables)[1]) == [f"workload/search/{name}"]


@pytest.mark.parametrize(
    "tables",
    [
        with_option(OWN, {"power_method": "gpu", "system_power_other_w": 1000}),
        with_option(OWN, {"power_method": "external", "pue": {"value": 1.0, "low": 1.0}}),
        with_option(OWN, LEASED),
        with_option(OWN, {"acquisition": "loan", "loan": {"term_years": 3}}),
        with_row(OWN, "opex", 0, category="insurance"),
        with_row(OWN, "opex", 0, from_year=4, to_year=9),
        blended(),
        blended(measured_input_tokens=600, measured_output_tokens=300),
        blended(measured_input_tokens=1350, measured_output_tokens=300),
        with_row(OWN, "serving", 0, quality=0.8, quality_target=0.8, ttft_ms=500, ttft_target_ms=500),
        with_row(OWN, "serving", 0, quality_target=0.8, ttft_target_ms=500),
        with_option(OWN, {"pue": {"value": 2, "low": 1.1, "high": 2.5}}),
        with_option(OWN, {"pue": {"value": 2, "low": 1.8}}),
        with_option(OWN, {"serving_gain": {"value": 2, "high": 3}}),
        with_option(RENTED, {"equipment_life": 15, "electricity_price": 9}),
        with_option(RENTED, {"rental": {"committed_share": 1, "committed_price": 2, "on_demand_price": 0}}),
        with_option(TOKENS, {"pue": 3, "wue": 50}),
        sound() | {"study": SOUND["study"] | {"currency": "JPY"}, "option": SOUND["option"][TOKENS:]},
        with_study(currency="EUR"),
        with_study(currency="EUR") | {"option": with_option(OWN, {"electricity_price": 0.5})["option"]},
        cached(),
        of_its_own(price_input=1.0, price_cached_input=0.1),
        of_its_own(price_output=4.0),
    ],
)
def test_what_is_sound_is_not_flagged(tables: Plain):
    assert found(tables) == ({}, {})


def test_prices_in_another_currency_are_not_measured_in_dollars():
    tables = with_option(OWN, {"electricity_price": 15})
    assert "option/Own/electricity_price" in found(tables)[1]
    tables["study"]["currency"] = "JPY"
    assert found(tables)[1] == {}


def test_what_an_acquisition_does_not_read():
    assert rules.unread_inputs("purchase") == frozenset()
    assert "pue" in rules.unread_inputs("api") and "pue" not in rules.unread_inputs("rental")
    assert rules.unread_inputs("rental") < rules.unread_inputs("api") < set(schema.named("option"))
