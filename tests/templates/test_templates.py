"""The templates are studies to defend: they load, each figure says where it is from, and published ones come out."""

import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.run.model import MODEL, OptionResult
from models.studies.change import replace
from models.studies.file import load as studies

FOLDER = Path(__file__).parent.parent.parent / "templates"
PATHS = sorted(FOLDER.glob("*.toml"))
each_template = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

# What a person reading a template chooses rather than measures: only names the columns.
BARE_NUMBERS = {("study", "start_year"), ("study", "horizon_years")}
# Warnings that a template means to show, by the input they are about.
MEANT_WARNINGS = {"power_method", "price_input", "price_output"}
LONGEST_OPTION_NAME = 27
TOKENS_PER_MILLION = 1e6


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def inputs(table: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every input of a file with the keys that lead to it; one with provenance is a table that has `value`."""
    if isinstance(table, dict) and "value" not in table:
        for key, part in table.items():
            yield from inputs(part, (*where, key))
    elif isinstance(table, list) and table and isinstance(table[0], dict):
        for position, part in enumerate(table):
            yield from inputs(part, (*where, str(position)))
    else:
        yield where, table


def described(path: Path) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The inputs that carry provenance."""
    return ((where, entry) for where, entry in inputs(raw(path.stem)) if isinstance(entry, dict))


def content(entry: Any) -> Any:
    return entry["value"] if isinstance(entry, dict) and "value" in entry else entry


def options(name: str) -> dict[str, OptionResult]:
    return dict(MODEL.run(studies.load(FOLDER / f"{name}.toml")).options)


def years(option: OptionResult, line: str) -> list[float]:
    """A line by year that has a figure in every year."""
    found = option.years(line)
    assert all(figure is not None for figure in found), line
    return [figure for figure in found if figure is not None]


def figure(option: OptionResult, line: str) -> float:
    found = option.number(line)
    assert found is not None, line
    return found


def number_is_written(number: float, text: str) -> bool:
    """Whether text contains the number, thousands separators and trailing zeros apart."""
    spelt = {float(word.replace(",", "")) for word in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
    return any(math.isclose(number, found) for found in spelt)


# ---------------------------------------------------------------------------------------------------------- the files


def test_there_are_at_least_six_templates_and_three_of_them_have_a_mix():
    assert len(PATHS) >= 6
    assert sum(len(raw(path.stem)["workload"]) >= 2 for path in PATHS) >= 3


@each_template
def test_a_template_loads_and_warns_only_of_what_it_means_to_show(path: Path):
    study = studies.load(path)
    assert {warning.path.rsplit("/", 1)[-1] for warning in study.warnings} <= MEANT_WARNINGS


@each_template
def test_a_template_says_what_it_decides_and_for_how_long(path: Path):
    fields = studies.load(path).fields
    for name in ("title", "decision", "prepared_for", "status", "note", "reference_option", "currency"):
        assert fields.text(name), name
    assert 3 <= fields.number("horizon_years") <= 7


@each_template
def test_every_number_has_a_source_or_says_that_it_is_assumed(path: Path):
    for where, entry in inputs(raw(path.stem)):
        if isinstance(entry, dict):
            assert entry.get("confidence"), where
            sourced = bool(entry.get("source") and entry.get("url"))
            assert sourced or entry["confidence"] == "assumed", where
            assert sourced or entry.get("note"), f"{where}: an assumption says what it rests on"
        elif not isinstance(entry, str | bool):
            assert where in BARE_NUMBERS, f"{where} = {entry}: without provenance"


@each_template
def test_sources_can_be_followed_and_none_is_from_memory(path: Path):
    assert "unverified" not in path.read_text(encoding="utf-8")
    for where, entry in described(path):
        assert entry.get("url", "https://").startswith("https://"), where
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", entry.get("as_of", "2026")), where


@each_template
def test_a_value_lies_in_its_own_range(path: Path):
    for where, entry in described(path):
        assert entry.get("low", entry["value"]) <= entry["value"] <= entry.get("high", entry["value"]), where


@each_template
def test_option_names_fit_a_sheet_tab_and_a_chart(path: Path):
    for option in raw(path.stem)["option"]:
        assert len(option["name"]) <= LONGEST_OPTION_NAME
        assert not re.search(r"[\[\]:*?/\\]", option["name"]), option["name"]


@each_template
def test_whoever_runs_hardware_pays_people_to_keep_it_up(path: Path):
    for option in raw(path.stem)["option"]:
        staff = [item["amount"] for item in option.get("opex", []) if item["category"] == "staff"]
        if option["acquisition"] != "api":
            assert staff, option["name"]
        for amount in staff:
            assert amount["value"] > 0 or "leaves engineering time out" in amount["note"], option["name"]


@each_template
def test_options_of_one_template_are_sized_alike(path: Path):
    sizings = {option["sizing"] for option in raw(path.stem)["option"] if option["acquisition"] != "api"}
    assert len(sizings) == 1


@each_template
def test_all_options_run_and_serve(path: Path):
    for option in MODEL.run(studies.load(path)).options.values():
        assert figure(option, "pv_cost") > 0
        assert figure(option, "cost_per_meaningful_response") > 0
        assert figure(option, "served_share") > 0.3


# ------------------------------------------------------------------------------------- from measurements to rates

# Input tokens, output tokens, output tokens/s per accelerator of the two runs; then what is left of it inside the
# latency limits (numerator, denominator). Total tokens/s are turned into output by their share.
H200_RUNS = ((1000, 1000, 2909), (2048, 128, 442))
B200_RUNS = ((1000, 1000, 7007), (2048, 128, 1339))
GB200_RUNS = ((1000, 1000, 7326), (2048, 128, 1450))
R1_TOTALS = (4791.6, 5219.6)
R1_RUNS = ((1024, 1024, R1_TOTALS[0] / 2), (8192, 1024, R1_TOTALS[1] / 9))
INTERACTIVE = {"H200": (23079.9, 35316.7), "B200": (59545.4, 101527.0), "GB200": (29745.6, 51736.9)}
WITHOUT_LIMIT = (1.0, 1.0)
FITS = [
    ("customer_service", "Buy, colocation", "Live chat", H200_RUNS, INTERACTIVE["H200"]),
    ("customer_service", "Rented fleet", "Live chat", H200_RUNS, INTERACTIVE["H200"]),
    ("customer_service", "Buy, colocation", "Nightly summaries", H200_RUNS, WITHOUT_LIMIT),
    ("power_limited_site", "H200, air", "Drafting", H200_RUNS, INTERACTIVE["H200"]),
    ("power_limited_site", "B200, air", "Document questions", B200_RUNS, INTERACTIVE["B200"]),
    ("power_limited_site", "B200, liquid", "Drafting", B200_RUNS, INTERACTIVE["B200"]),
    ("power_limited_site", "GB200 NVL72, liquid", "Drafting", GB200_RUNS, INTERACTIVE["GB200"]),
    ("long_document_rag", "B200, prefix cache", "Document chat", R1_RUNS, WITHOUT_LIMIT),
    ("long_document_rag", "B200 rented, cache", "Contract review", R1_RUNS, WITHOUT_LIMIT),
]


def two_rates(runs: tuple[tuple[float, float, float], ...]) -> tuple[float, float]:
    """Reading and writing rate of two runs: I/r_p + O/r_d = O/X for each, two equations in 1/r_p and 1/r_d."""
    (in_1, out_1, rate_1), (in_2, out_2, rate_2) = runs
    seconds_1, seconds_2 = out_1 / rate_1, out_2 / rate_2
    determinant = in_1 * out_2 - in_2 * out_1
    read = (seconds_1 * out_2 - seconds_2 * out_1) / determinant
    write = (in_1 * seconds_2 - in_2 * seconds_1) / determinant
    return 1 / read, 1 / write


@pytest.mark.parametrize(("name", "option", "workload", "runs", "kept"), FITS)
def test_rates_follow_from_the_runs_that_their_note_names(
    name: str,
    option: str,
    workload: str,
    runs: tuple[tuple[float, float, float], ...],
    kept: tuple[float, float],
):
    serving = studies.load(FOLDER / f"{name}.toml").option(option).serving_for(workload)
    assert serving is not None
    prefill, decode = two_rates(runs)
    share = kept[0] / kept[1]
    assert serving.number("prefill_rate") == pytest.approx(prefill * share, abs=0.5)
    assert serving.number("decode_rate") == pytest.approx(decode * share, abs=0.5)
    assert serving["prefill_rate"].confidence == serving["decode_rate"].confidence == "assumed"
    note = str(serving["prefill_rate"].note)
    printed = R1_TOTALS if runs is R1_RUNS else tuple(rate for _, _, rate in runs)
    for number in (*printed, round(prefill), round(decode), *(kept if kept != WITHOUT_LIMIT else ())):
        assert number_is_written(number, note), number


# Total tokens/s per accelerator at 8k in / 1k out, and output tokens/s of a whole system with its accelerators.
BLENDED = [
    ("GB200 NVL72, owned", "Agent steps", 5789.6 * 1024 / 9216),
    ("B200 servers, owned", "Agent steps", 2557.7 * 1024 / 9216),
    ("GB200 NVL72, owned", "Deep questions", 167578 / 72),
    ("B200 servers, owned", "Deep questions", 18592.2 / 8),
]


@pytest.mark.parametrize(("option", "workload", "rate"), BLENDED)
def test_blended_rates_leave_the_reading_rate_blank_and_name_their_shape(option: str, workload: str, rate: float):
    study = studies.load(FOLDER / "reasoning_agent.toml")
    serving, demand = study.option(option).serving_for(workload), study.workload(workload)
    assert serving is not None and serving["prefill_rate"].blank
    assert serving.number("decode_rate") == pytest.approx(rate, abs=0.1)
    measured = serving.number("measured_input_tokens") / serving.number("measured_output_tokens")
    used = demand.number("input_tokens") / (demand.number("output_tokens") + demand.number("reasoning_tokens"))
    assert used == pytest.approx(measured, rel=0.01)


# --------------------------------------------------------------------------------------------- figures worked out here


def request_price(workload: dict[str, Any], option: dict[str, Any]) -> float:
    """What a request of the workload costs at the API option, by hand: tries x tokens x price."""
    row = next((row for row in option.get("serving", []) if row["workload"] == workload["name"]), {})
    of = {key: content(entry) for key, entry in {**workload, **row}.items()}
    prices = {key: content(entry) for key, entry in option["api"].items()}
    success, cached = of.get("success_rate", 1.0), of.get("cached_input_share", 0.0)
    attempts = (1 - (1 - success) ** of["max_attempts"]) / success if "max_attempts" in of else 1 / success
    read = cached * prices.get("price_cached_input", prices["price_input"]) + (1 - cached) * prices["price_input"]
    spend = of["input_tokens"] * read
    spend += (of["output_tokens"] + of.get("reasoning_tokens", 0)) * prices["price_output"]
    discount = of.get("deferrable_share", 0.0) * prices.get("batch_discount", 0.0)
    return attempts * spend * (1 - discount) / TOKENS_PER_MILLION


@pytest.mark.parametrize(
    ("name", "api"),
    [
        ("customer_service", "API, same model"),
        ("reasoning_agent", "API, maker"),
        ("deepseek_fleet", "API at list prices"),
        ("long_document_rag", "API, cached prompts"),
        ("ecommerce_bot", "API at list price"),
        ("two_vendors", "API, Llama 70B"),
    ],
)
def test_what_is_not_served_goes_to_the_api_option_at_its_price_worked_out_by_hand(name: str, api: str):
    tables = raw(name)
    assert tables["study"]["interim_from"] == api and "interim_price" not in tables["study"]
    option = next(option for option in tables["option"] if option["name"] == api)
    requests = [content(workload["requests_per_day"]) for workload in tables["workload"]]
    prices = [request_price(workload, option) for workload in tables["workload"]]
    spent = math.fsum(r * p for r, p in zip(requests, prices, strict=True)) * 365
    bought = options(name)[api]
    whole = bought.values["production_share"][0]
    terms = bought.option.api
    assert terms is not None
    minimum = terms.number("minimum_commitment")
    assert years(bought, "api")[0] == pytest.approx(max(spent * whole, minimum * whole), rel=1e-4)


def at_an_end(entry: dict[str, Any]) -> bool:
    """Whether a value stands at an end of its own range that is not one by nature (none, all, one)."""
    return entry["value"] not in (0, 1) and entry["value"] in (entry.get("low"), entry.get("high"))


@each_template
def test_no_default_stands_at_the_end_of_its_range(path: Path):
    assert not [where for where, entry in described(path) if at_an_end(entry)]


@each_template
def test_nobody_is_given_machines_that_cost_nothing_at_night(path: Path):
    """Hours that follow the load decide an answer: they are chosen, not a default that nobody sees."""
    assert not [option["name"] for option in raw(path.stem)["option"] if "scaling" in option.get("rental", {})]


def test_what_stands_at_an_end_is_found():
    assert at_an_end({"value": 1.6, "low": 1.6, "high": 3.29})
    assert not at_an_end({"value": 0.0, "low": 0.0, "high": 0.5})


@each_template
def test_only_hardware_is_resold_and_supported(path: Path):
    """Cabling, insurance and putting up are gone at the end, and no maintenance contract is asked for them."""
    for option in raw(path.stem)["option"]:
        resold = {asset["name"] for asset in option.get("asset", []) if content(asset.get("residual_share", 0))}
        assert resold <= {"equipment", "facility"}
        for item in option.get("capex", []):
            moves_nothing = any(word in item["name"].casefold() for word in ("cabling", "installation", "integration"))
            assert not (moves_nothing and item["asset"] in resold), item["name"]


@pytest.mark.parametrize(
    ("name", "lease", "bought", "months"),
    [("customer_service", "Lease, colocation", 316_000, 60), ("two_vendors", "Vendor B, leased", 220_000, 48)],
)
def test_the_lease_repays_the_price_less_its_residual_at_eight_percent(
    name: str, lease: str, bought: float, months: int
):
    option = studies.load(FOLDER / f"{name}.toml").option(lease)
    asset = option.asset("equipment")
    assert option.lease is not None and asset is not None
    monthly = 0.08 / 12
    residual = asset.number("residual_share") * bought
    payment = (bought - residual * (1 + monthly) ** -months) * monthly / (1 - (1 + monthly) ** -months)
    assert option.lease.number("payment_per_system_month") == pytest.approx(payment, abs=0.5)
    assert number_is_written(bought, str(option.lease["payment_per_system_month"].note))


def test_a_loan_is_the_financing_of_a_purchase_and_moves_no_cost():
    tables = raw("customer_service")
    bought = tables["option"][0]
    loan = bought.pop("loan")
    without = MODEL.run(studies.from_dict(tables)).options[bought["name"]]
    with_loan = options("customer_service")[bought["name"]]
    assert figure(without, "pv_cost") == figure(with_loan, "pv_cost")
    draw = figure(with_loan, "loan_draw")
    assert draw == pytest.approx(content(loan["debt_share"]) * years(with_loan, "capex")[0])


def test_the_tax_schedule_changes_only_after_tax_figures():
    of = options("two_vendors")
    expensed, spread = of["Vendor A, expensed"], of["Vendor A, straight line"]
    assert figure(expensed, "pv_cost") == figure(spread, "pv_cost")
    assert figure(expensed, "pv_after_tax_cost") < figure(spread, "pv_after_tax_cost")


def test_cooling_or_power_limits_the_site_as_its_note_says():
    of = options("power_limited_site")
    assert set(of["H200, air"].years("binding")) == set(of["B200, air"].years("binding")) == {"cooling"}
    assert set(of["B200, liquid"].years("binding")) == set(of["GB200 NVL72, liquid"].years("binding")) == {"power"}
    for option in of.values():
        assert 0.95 < min(years(option, "power_share")) < 1.0
        assert max(years(option, "peak_kw")) <= 1000.0 + 1e-6


# ------------------------------------------------------------------------------------------------- published figures


def test_deepseek_fleet_costs_what_was_disclosed():
    """226.75 nodes of 8 at 2 USD an hour: 87,072 USD a day; 562,027 at list prices; 545 % on cost."""
    disclosed = options("deepseek_fleet")["As disclosed"]
    assert years(disclosed, "rental")[0] / 365 == pytest.approx(87_072, abs=0.01)
    assert years(disclosed, "revenue")[0] / 365 == pytest.approx(562_027, rel=6e-4)
    assert figure(disclosed, "margin_on_cost") == pytest.approx(5.45, abs=0.01)
    assert figure(disclosed, "margin_on_revenue") == pytest.approx(0.845, abs=0.001)
    assert figure(disclosed, "idle_cost") == 0  # always busy, and what rounding leaves is not printed as money


def test_deepseek_fleet_serves_the_disclosed_tokens():
    """608 billion tokens read and 168 billion written a day, at about 0.06 and 0.30 USD per million."""
    disclosed = options("deepseek_fleet")["As disclosed"]
    assert years(disclosed, "input_tokens")[0] / 365 == pytest.approx(608e9, rel=6e-4)
    assert years(disclosed, "output_tokens")[0] / 365 == pytest.approx(168e9, rel=6e-4)
    assert figure(disclosed, "cost_per_million_input_tokens") == pytest.approx(0.06, abs=0.005)
    assert figure(disclosed, "cost_per_million_generated_tokens") == pytest.approx(0.30, abs=0.005)


def test_deepseek_list_prices_give_the_disclosed_worth_of_a_day():
    """From token counts rounded to the billion 562,100 USD; from unrounded ones the source has 562,027."""
    api = options("deepseek_fleet")["API at list prices"]
    assert years(api, "api")[0] / 365 == pytest.approx(562_100, abs=0.5)


def test_ecommerce_bot_costs_what_the_formula_gives():
    """150 x 1.2 x 1.5e-4 + 150 x 2e-6 = 0.0273 per useful answer (the article prints 0.0314)."""
    flat = replace(studies.load(FOLDER / "ecommerce_bot.toml"), "study/inflation", 0.0)
    published = MODEL.run(flat).options["Published token price"]
    assert figure(published, "cost_per_meaningful_response") == pytest.approx(0.0273, rel=1e-9)
    assert figure(published, "lifetime_cost_per_million_output_tokens") == pytest.approx(150.0)


def test_ecommerce_bot_node_gives_three_tokens_per_joule():
    """3,000 tokens/s at 1,000 W, with the site's overhead in front of the meter."""
    option = studies.load(FOLDER / "ecommerce_bot.toml").option("Own server, colocation")
    own = options("ecommerce_bot")["Own server, colocation"]
    per_megawatt = 3.0 * TOKENS_PER_MILLION / option.fields.number("pue")
    assert figure(own, "tokens_per_second_per_mw") == pytest.approx(per_megawatt)


@pytest.mark.parametrize(
    ("name", "option", "low", "high"),
    [
        # Published cost of ownership, hyperscaler to young GPU cloud: H200 1.41-1.74, B200 1.95-2.34, GB200 2.21-2.75.
        ("power_limited_site", "H200, air", 1.41, 1.74),
        ("power_limited_site", "B200, air", 1.95, 2.34),
        ("power_limited_site", "B200, liquid", 1.95, 2.34),
        ("reasoning_agent", "B200 servers, owned", 1.95, 2.34),
        ("reasoning_agent", "GB200 NVL72, owned", 2.21, 2.75),
    ],
)
def test_an_accelerator_hour_costs_what_analysts_find(name: str, option: str, low: float, high: float):
    assert low <= figure(options(name)[option], "cost_per_accelerator_hour") <= high
