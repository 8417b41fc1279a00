"""The ten headlines and what stands around them: nothing computed twice, nothing lost, every unit right."""

import dataclasses
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from models.analysis.claims.quoted import ladder, quotes
from models.analysis.decision.decision import recommendation
from models.analysis.decision.side_by_side import (
    cautions,
    footing,
    latency_met,
    order,
    quality_met,
    reference,
)
from models.analysis.metrics.chain import energy_chain
from models.analysis.metrics.contract import ONCE
from models.analysis.metrics.coverage import by_confidence, rests
from models.analysis.metrics.flags import doubts
from models.analysis.metrics.headlines import (
    PER,
    cash_needed,
    cost_rows,
    drivers_in_words,
    has_staff,
    headlines,
    limit_in_words,
    without_staff,
)
from models.analysis.metrics.idle import barely_used_in_words, hours_by_year, idle, idle_in_words
from models.analysis.metrics.measures import UNDISCOUNTED
from models.analysis.metrics.palette import TIME
from models.analysis.words import by_years, listing, named
from models.chapters.money.costs import COSTS
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.engine.expression import Call, Name, Negative
from models.notation import writer
from models.run.model import MODEL, OptionResult, Result
from models.studies.change import replace, replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs.paths import joined
from models.studies.inputs.schema import CONFIDENCES
from models.studies.study import get
from tests.strategies import studies

ROOT = Path(__file__).parents[4]
TEMPLATES = sorted((ROOT / "templates").glob("*.toml"))
NEAR = 1e-9


@cache
def template(name: str) -> Result:
    return MODEL.run(load(ROOT / "templates" / f"{name}.toml"))


def every_option() -> list[tuple[str, str]]:
    return [(path.stem, option.name) for path in TEMPLATES for option in load(path).options]


@pytest.fixture(params=every_option(), ids=" / ".join)
def option(request: pytest.FixtureRequest) -> OptionResult:
    study, name = request.param
    return template(study).options[name]


# The ten headlines


def test_there_are_ten_in_order_each_from_a_line(option: OptionResult):
    found = headlines(option)
    assert [h.number for h in found] == list(range(1, 11))
    for headline in found:
        assert headline.line in MODEL.lines
        assert headline.basis and headline.boundary
        for figure in (headline.figure, *headline.beneath):
            assert figure.line in MODEL.lines
            assert figure.unit or figure.kind == "text"
            assert not math.isnan(figure.value) if isinstance(figure.value, float) else True


def test_a_headline_without_figure_says_why(option: OptionResult):
    for headline in headlines(option):
        assert bool(headline.missing) == (headline.figure.value is None), headline


def test_headlines_are_the_lines_they_name():
    own = template("customer_service").options["Buy, colocation"]
    found = {h.number: h.figure.value for h in headlines(own)}
    for number, line in {
        1: "cost_per_meaningful_response",
        2: "comparison_cost_per_meaningful_response",
        3: "lifetime_cost_per_million_output_tokens",
        4: "levelised_cost_per_million_output_tokens",
        5: "pv_cost",
        6: "cost_per_million_input_tokens",
        7: "used_share",
        9: "output_tokens_per_kwh",
    }.items():
        assert found[number] == own.values[line] * (REQUESTS_PER_THOUSAND if number in (1, 2) else 1)
    assert found[8] == own.values["joules_per_meaningful_response"] / 3600
    assert found[10] == "demand"


def test_what_stands_beneath_is_the_same_figure_in_another_scale():
    own = template("customer_service").options["Buy, colocation"]
    beneath = {h.number: h.beneath for h in headlines(own)}
    assert beneath[3][0].value == pytest.approx(1e6 / own.values["lifetime_cost_per_million_output_tokens"])
    assert [f.value for f in beneath[5]] == [own.values["lifetime_cost"], cash_needed(own)]
    assert beneath[8][0].value == own.values["joules_per_meaningful_response"]
    assert beneath[9][0].value == pytest.approx(1 / own.values["joules_per_output_token_facility"])


def test_what_a_loan_gives_is_no_cash_of_ones_own_and_its_payments_are():
    study = load(ROOT / "templates" / "customer_service.toml")
    name = "Buy, colocation"
    own = study.option(name)
    assert own.loan is not None
    financed, paid = (MODEL.run_option(study, option) for option in (own, dataclasses.replace(own, loan=None)))
    whole, share = paid.values["capex"][0], own.loan.number("debt_share")
    assert cash_needed(paid) == whole + paid.values["operating"][0]
    rate, years = own.loan.number("rate"), own.loan.number("term_years")
    payment = share * whole * rate / (1 - (1 + rate) ** -years)
    assert own.loan.number("payments_per_year") == 1
    assert cash_needed(financed) == pytest.approx(cash_needed(paid) - share * whole + payment)


def test_reading_and_writing_add_up_to_the_infrastructure_cost():
    own = template("customer_service").options["Buy, colocation"]
    six = headlines(own)[5]
    reading, writing = six.figure.value, six.beneath[0].value
    assert isinstance(reading, float) and isinstance(writing, float)
    raw = own.values
    both = reading * raw["lifetime_input_tokens"] / 1e6 + writing * raw["lifetime_output_tokens"] / 1e6
    assert both == pytest.approx(raw["infrastructure_cost"], rel=NEAR)


def test_units_carry_the_currency_of_the_study():
    study = replace(template("customer_service").study, "study/currency", "EUR")
    one, *_ = headlines(MODEL.run(study).options["Buy, colocation"])
    assert one.figure.unit == "EUR per 1,000 responses"


@pytest.mark.parametrize(
    ("study", "name", "number", "reason"),
    [
        ("reasoning_agent", "B200 servers, owned", 6, "blended"),
        ("ecommerce_bot", "Published token price", 6, "there is no input"),
        ("customer_service", "API, same model", 7, "no fleet"),
        ("customer_service", "API, same model", 8, "does not state"),
        ("customer_service", "Rented fleet", 9, "power is not given"),
        ("customer_service", "API, same model", 10, "all that is asked for"),
    ],
)
def test_the_reason_is_the_right_one(study: str, name: str, number: int, reason: str):
    assert reason in headlines(template(study).options[name])[number - 1].missing


@settings(max_examples=40)
@given(studies())
def test_any_study_has_its_headlines_in_words(tables: dict[str, Any]):
    for option in MODEL.run(from_dict(tables)).options.values():
        assert len(headlines(option)) == 10
        assert drivers_in_words(option).endswith(".")
        assert idle_in_words(option).endswith(".")


# Without engineering time


def test_without_staff_is_a_run_of_a_study_without_those_items():
    study = template("customer_service").study
    bare = without_staff(study)
    assert has_staff(study) and not has_staff(bare)
    for with_, without in zip(study.options, bare.options, strict=True):
        assert set(without.opex) == {row for row in with_.opex if row.text("category") != "staff"}
        assert dataclasses.replace(without, opex=with_.opex) == with_
    lower, upper = MODEL.run(bare), MODEL.run(study)
    for name, option in upper.options.items():
        staff = sum(option.values["staff"])
        assert lower.options[name].values["lifetime_cost"] == pytest.approx(option.values["lifetime_cost"] - staff)
        assert sum(lower.options[name].values["staff"]) == 0


def test_without_staff_leaves_the_study_alone():
    study = template("customer_service").study
    before = study.options
    without_staff(study)
    assert study.options is before


# What drives the cost


@pytest.mark.parametrize("per", list(PER))
def test_the_rows_add_up_to_the_figure(option: OptionResult, per: str):
    figure, times = option.number(PER[per]), REQUESTS_PER_THOUSAND if per == "response" else 1
    assert figure is not None
    assert sum(row.amount for row in cost_rows(option, per)) == pytest.approx(times * figure, rel=NEAR)


def test_each_row_names_the_line_behind_it():
    stack = MODEL.lines["cost_flows"].formula
    assert isinstance(stack, Call)
    behind = {}
    for key, argument in zip(stack.keys, stack.args, strict=True):
        inner = argument.operand if isinstance(argument, Negative) else argument
        assert isinstance(inner, Name)
        behind[key] = inner.name
    assert {name: cost.line for name, cost in COSTS.items()} == behind


def test_the_sentence_names_the_largest_kinds():
    own = template("customer_service").options["Buy, colocation"]
    rows = sorted(cost_rows(own), key=lambda row: row.amount, reverse=True)
    said = drivers_in_words(own)
    assert rows[0].label.lower() in said and rows[1].label.lower() in said
    whole = sum(row.amount for row in rows if row.amount > 0)
    assert writer.share(rows[0].amount / whole) in said
    assert "before resale" in said
    assert "API" in drivers_in_words(template("customer_service").options["API, same model"])


# Idle capacity


def test_the_parts_of_the_time_add_up(option: OptionResult):
    for parts, paid in zip(hours_by_year(option), option.values["held_hours"], strict=False):
        assert list(parts) == list(TIME)
        assert all(hours >= -1e-6 * paid for hours in parts.values())
        assert sum(parts.values()) == pytest.approx(paid, rel=NEAR)


@settings(max_examples=60)
@given(studies())
def test_the_parts_of_the_time_add_up_in_any_study(tables: dict[str, Any]):
    for option in MODEL.run(from_dict(tables)).options.values():
        for parts, paid in zip(hours_by_year(option), option.values["held_hours"], strict=False):
            assert min(parts.values()) >= -1e-6 * max(paid, 1)
            assert sum(parts.values()) == pytest.approx(paid, rel=1e-6, abs=1e-6)


def test_idle_parts_share_out_the_idle_cost(option: OptionResult):
    found = idle(option)
    if found is None:
        assert not option.values["has_fleet"]
        return
    assert sum(part.share for part in found.parts) == pytest.approx(1)
    assert sum(part.cost for part in found.parts) == pytest.approx(found.cost, rel=1e-9, abs=1e-3)
    assert found.parts[0].share == pytest.approx(option.values["used_share"])


def test_a_commitment_that_outlives_its_need_is_no_delivery_time():
    study = template("customer_service").study
    name = next(each.name for each in study.options if each.acquisition == "rental")
    shrinking = {f"{joined('workload', row.text('name'))}/demand_growth": -0.6 for row in study.workloads}
    terms = {"committed_share": 1, "commitment_years": 3, "scaling": "always_on"}
    rental = {f"{joined('option', name, 'rental')}/{key}": value for key, value in terms.items()}
    years = hours_by_year(MODEL.run(replace_all(study, shrinking | rental)).options[name])
    assert years[1]["committed"] > 0
    assert all(year["delivery"] == 0 for year in years)


def test_a_fallback_price_far_from_what_the_apis_charge_is_asked_about():
    study = template("customer_service").study
    prices = [each[0] for each in MODEL.run(study).options["API, same model"].values["offered_price"]]
    requests = [row.number("requests_per_day") for row in study.workloads]
    offered = sum(price * asked for price, asked in zip(prices, requests, strict=True)) / sum(requests)

    def asked(price: float) -> list[str]:
        typed = replace_all(study, {"study/interim_from": None, "study/interim_price": price})
        return [str(each) for each in doubts(MODEL.run(typed))]

    assert doubts(MODEL.run(study)) == () and asked(offered * 2.9) == [] and asked(offered / 2.9) == []
    for price in (offered * 3.1, offered / 3.1):
        (said,) = asked(price)
        assert said.startswith("study/interim_price") and "name one as the fallback" in said


@pytest.mark.parametrize(("watts", "asked"), [(7752, False), (3000, False), (700, True), (7.752, True), (77520, True)])
def test_a_power_far_from_what_the_accelerators_are_rated_at_is_asked_about(watts: float, asked: bool):
    """Eight H200 are rated at 5,600 W: 7.752 is in kW, 700 of one of them."""
    path = "option/Buy, colocation/system_power_{}_w"
    changes = {path.format("load"): watts, path.format("idle"): min(watts, 1000)}
    told = [str(each) for each in doubts(MODEL.run(replace_all(template("customer_service").study, changes)))]
    assert bool(told) == asked and all("H200 is rated at 700 W: is it in W" in each for each in told)


@pytest.mark.parametrize(
    ("tokens", "price", "asked"), [(150_000, 1.25, False), (300_000, 1.25, True), (300_000, 2.5, False)]
)
def test_a_short_price_for_long_requests_is_asked_about(tokens: int, price: float, asked: bool):
    """Beyond 200,000 input tokens gemini-2.5-pro costs 2.50, not 1.25."""
    api: dict[str, Any] = {"name": "API", "acquisition": "api", "api": {"price_input": price, "price_output": 15}}
    api |= {"serving": [{"workload": "long", "model": "Gemini 2.5 Pro"}]}
    work = {"name": "long", "requests_per_day": 100, "input_tokens": tokens, "output_tokens": 2000}
    study = {"currency": "USD", "horizon_years": 1}
    told = [str(each) for each in doubts(MODEL.run(from_dict({"study": study, "workload": [work], "option": [api]})))]
    assert bool(told) == asked
    assert all(
        "beyond 200,000 Gemini 2.5 Pro costs USD 2.5 per million: give the prices of long" in each for each in told
    )


def test_below_a_tenth_it_says_so_in_words():
    study = replace_all(
        template("ecommerce_bot").study,
        {"workload/Shop assistant/requests_per_day": 2000, "workload/Shop assistant/demand_growth": 0},
    )
    own = MODEL.run(study).options["Own server, colocation"]
    assert own.values["used_share"] < 0.1
    assert max(own.values["installed"]) == 1
    assert barely_used_in_words(own).startswith("The smallest server is ")
    assert idle_in_words(own).startswith("The smallest server is ")
    assert "utilised" in idle_in_words(own)
    assert barely_used_in_words(template("customer_service").options["Buy, colocation"]) == ""


def test_idle_words_say_what_an_api_is():
    assert "API" in idle_in_words(template("customer_service").options["API, same model"])


# From the quote to the all-in figure


@pytest.mark.parametrize("per", ["Mtoken", "response"])
def test_the_ladder_adds_up_exactly(option: OptionResult, per):
    found = ladder(option, per)
    assert found is not None
    assert found.total == math.fsum(step.amount for step in found.steps)
    assert found.total == pytest.approx(option.number(found.line), rel=1e-12)
    assert len({step.name for step in found.steps}) == len(found.steps)


@settings(max_examples=60)
@given(studies())
def test_the_ladder_adds_up_in_any_study(tables: dict[str, Any]):
    for option in MODEL.run(from_dict(tables)).options.values():
        for per in ("Mtoken", "response"):
            found = ladder(option, per)
            if found is None:
                continue
            steps = [abs(step.amount) for step in found.steps]
            assert found.total == pytest.approx(option.values[found.line], rel=1e-9, abs=1e-9 * max([*steps, 1e-12]))


def test_quotes_stand_in_their_own_unit():
    result = template("customer_service")
    units = {name: [(q.value, q.unit) for q in quotes(o)] for name, o in result.options.items()}
    study, price = result.study, result.options["Buy, colocation"].values["system_price"]

    def given(path: str) -> Any:
        return get(study, f"option/{path}").value

    assert units == {
        "Buy, colocation": [(price, "money/system")],
        "Lease, colocation": [(given("Lease, colocation/lease/payment_per_system_month"), "money/system/month")],
        "Rented fleet": [
            (given("Rented fleet/rental/committed_price"), "money/accelerator/h"),
            (given("Rented fleet/rental/on_demand_price"), "money/accelerator/h"),
        ],
        "API, same model": [
            (given("API, same model/api/price_input"), "money/Mtoken"),
            (given("API, same model/api/price_output"), "money/Mtoken"),
        ],
    }


def test_the_first_step_of_a_purchase_is_its_price_over_all_it_could_generate():
    own = template("customer_service").options["Buy, colocation"]
    raw, found = own.values, ladder(own)
    assert found is not None
    at_full_use = raw["lifetime_output_tokens"] / raw["used_share"] / 1e6
    price = raw["system_price"] * sum(raw["purchases"])
    assert found.steps[0].amount == pytest.approx(price / at_full_use)


def test_an_api_starts_at_the_list_price_of_its_output():
    api = template("customer_service").options["API, same model"]
    found = ladder(api)
    assert found is not None
    steps = {step.name: step.amount for step in found.steps}
    price_in, price_out = (quote.value for quote in quotes(api))
    assert steps["quote"] == pytest.approx(price_out)
    read = api.values["lifetime_input_tokens"] / api.values["lifetime_output_tokens"]
    assert steps["input"] == pytest.approx(price_in * read)


# Energy


def test_the_chain_loses_at_every_step(option: OptionResult):
    stages = energy_chain(option)
    assert bool(stages) == bool(option.values["energy_known"])
    if not stages:
        return
    assert [stage.label for stage in stages] == ["Generation", "Meter", "Servers", "Chips"]
    assert all(a.kwh >= b.kwh for a, b in pairwise(stages))
    fields = option.option.fields
    assert stages[1].kept == pytest.approx(fields.number("grid_efficiency"))
    assert stages[2].kept == pytest.approx(1 / option.values["pue"])
    assert stages[3].kept == pytest.approx(fields.number("psu_efficiency"))
    assert stages[1].joules_per_token == pytest.approx(option.values["joules_per_output_token_facility"])
    assert stages[2].joules_per_token == pytest.approx(option.values["joules_per_output_token_it"])


def test_limits_are_told_by_year():
    assert limit_in_words(template("power_limited_site").options["B200, liquid"]) == "power"
    assert limit_in_words(template("customer_service").options["API, same model"]) == ""
    assert by_years(["a", "a", "b"]) == "a in years 1 to 2, b in year 3"


# What the cost rests on


def test_every_cost_rests_on_one_price(option: OptionResult):
    tree = option.table("cost_tree")
    before_resale = sum(amount for kind, amount in tree.items() if kind != "disposals")
    assert sum(each.amount for each in rests(option)) == pytest.approx(before_resale, rel=NEAR)
    shares = by_confidence(option)
    assert list(shares) == [*CONFIDENCES, ""]
    assert sum(shares.values()) == pytest.approx(1)


@settings(max_examples=60)
@given(studies())
def test_every_cost_rests_on_one_price_in_any_study(tables: dict[str, Any]):
    for option in MODEL.run(from_dict(tables)).options.values():
        tree = option.table("cost_tree")
        before_resale = sum(amount for kind, amount in tree.items() if kind != "disposals")
        assert sum(each.amount for each in rests(option)) == pytest.approx(before_resale, rel=1e-9, abs=1e-6)


def test_a_quote_moves_its_cost_to_another_confidence():
    study = template("customer_service").study
    path = "option/Buy, colocation/opex/On-call and platform staff/amount"
    before = by_confidence(MODEL.run(study).options["Buy, colocation"])
    study = replace(study, path, 200000, confidence="contracted")
    after = by_confidence(MODEL.run(study).options["Buy, colocation"])
    staff = next(each.amount for each in rests(MODEL.run(study).options["Buy, colocation"]) if each.path == path)
    whole = sum(each.amount for each in rests(MODEL.run(study).options["Buy, colocation"]))
    assert after["contracted"] - before["contracted"] == pytest.approx(staff / whole)


# Side by side


def test_the_reference_is_the_studys_or_the_first():
    result = template("customer_service")
    assert reference(result).name == "API, same model"
    without = MODEL.run(replace(result.study, "study/reference_option", None))
    assert reference(without).name == "Buy, colocation"


def test_totals_compare_only_on_one_footing():
    together = footing(template("customer_service"))
    assert together.comparable == tuple(template("customer_service").options)
    apart = footing(template("power_limited_site"))
    assert apart.comparable == (apart.against,)
    assert all("are not comparable: " in sentence for sentence in apart.sentences())


def test_where_discounting_changes_the_order_it_is_said():
    """A lease spreads what a purchase pays at once: the more is discounted, the better it looks."""
    result = MODEL.run(replace(template("customer_service").study, "study/discount_rate", 0.2))
    assert [name for name, _ in order(result)] != [name for name, _ in order(result, UNDISCOUNTED)]
    said = [each for each in recommendation(result).caveats if each.startswith("Undiscounted, ")]
    assert len(said) == 1 and "“Buy, colocation”, “Lease, colocation”" in said[0]
    assert "Undiscounted" not in " ".join(recommendation(template("deepseek_fleet")).caveats)


def served(**rates: float | None) -> OptionResult:
    serving = {"workload": "w", "decode_rate": 1000.0, **{k: v for k, v in rates.items() if v is not None}}
    tables = {
        "study": {"title": "t", "currency": "USD", "horizon_years": 1},
        "workload": [{"name": "w", "requests_per_day": 10, "output_tokens": 5}],
        "option": [
            {"name": "o", "acquisition": "rental", "sizing": "demand", "serving": [serving], "rental": {}},
        ],
    }
    return MODEL.run(from_dict(tables)).options["o"]


@pytest.mark.parametrize(
    ("rates", "quality", "latency"),
    [
        ({}, "no target", "no target"),
        ({"quality": 0.8, "quality_target": 0.8}, "yes", "no target"),
        ({"quality": 0.7, "quality_target": 0.8}, "no", "no target"),
        ({"quality_target": 0.8}, "not measured", "no target"),
        ({"ttft_ms": 400, "ttft_target_ms": 450}, "no target", "yes"),
        ({"ttft_ms": 400, "ttft_target_ms": 450, "tpot_target_ms": 40}, "no target", "not measured"),
        ({"ttft_ms": 400, "ttft_target_ms": 450, "tpot_ms": 41, "tpot_target_ms": 40}, "no target", "no"),
    ],
)
def test_targets_are_met_missed_or_not_measured(rates: dict[str, float], quality: str, latency: str):
    option = served(**rates)
    assert (quality_met(option), latency_met(option)) == (quality, latency)
    said = " ".join(cautions(Result(option.study, {"o": option})))
    assert ("misses its quality target" in said) == (quality == "no")
    assert ("misses its latency target" in said) == (latency == "no")
    assert ("no measurement" in said) == ("not measured" in (quality, latency))


# Words


def test_names_with_commas_are_kept_together():
    assert named(["Buy, colocation", "API"]) == "“Buy, colocation” and API"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing([]) == ""


def test_lines_named_by_headlines_are_results_of_the_contract():
    own = template("customer_service").options["Buy, colocation"]
    shown = {h.line for h in headlines(own)} - {"used_share", "binding"}
    assert shown <= set(ONCE)
