"""Wait or buy now: every start does the same work over the same years, built from full runs, checked by hand."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from models.analysis.levers.waiting import Trends, history, later, trends, wait_or_buy
from models.catalogue.fill import load
from models.notation import writer
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file import load as studies
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

TEMPLATES = Path(__file__).parents[4] / "templates"
# With a price of its own for what is not served, in place of the API option that it goes to.
SERVICE = replace_all(
    studies.load(TEMPLATES / "customer_service.toml"), {"study/interim_from": None, "study/interim_price": 0.00125}
)
BUY = "Buy, colocation"
INDEX = trends(load())
FLAT = Trends(0.0, 0.0)
REQUESTS = 86_400 * 365


def small(**fields: Any) -> Study:
    """One request a second that keeps one accelerator busy: one system of 1,000, 1 kW, 100 a year of staff."""
    option = {
        "name": "Own",
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 4,
        "system_power_load_w": 1000.0,
        "system_power_idle_w": 0.0,
        "electricity_price": 0.1,
        "serving": [{"workload": "Work", "decode_rate": 100.0}],
        "asset": [{"name": "equipment", "residual_share": 0.2}],
        "capex": [{"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 1000.0}],
        "opex": [{"name": "Staff", "category": "staff", "basis": "per_year", "amount": 100.0}],
    }
    head = {"horizon_years": 4, "discount_rate": 0.1, "inflation": 0.02, "mid_year": False, "interim_price": 1e-5}
    work = {"name": "Work", "requests_per_day": 86_400, "output_tokens": 100}
    tables = {"study": {"currency": "USD", **head, **fields}, "workload": [work], "option": [option]}
    return studies.from_dict(tables)


def cost(study: Study, option: str) -> float:
    return MODEL.run_option(study, study.option(option)).values["comparison_pv_cost"]


def test_the_trends_are_the_index_and_history_is_not_one():
    assert Trends(-0.3, 0.4) == INDEX
    names = {row.text("trend") for row in history(load())}
    assert {"token_price", "open_closed_gap", "rent_h100_contract"} <= names
    assert not names & {"hardware_price", "energy_efficiency"}
    assert INDEX.price_factor(2) == pytest.approx(0.49)
    assert INDEX.power_factor(2) == pytest.approx(1 / 1.96)


def test_a_year_of_waiting_worked_out_by_hand():
    found = wait_or_buy(small(), "Own", INDEX).starts[1]
    interim = REQUESTS * 1e-5 / 1.1
    energy = 8760 * 0.1 / 1.4
    running = sum((energy + 100) * 1.02**year / 1.1**year for year in (1, 2, 3))
    bought = 700 - 700 * (1 - 0.8 * 3 / 4) / 1.1**3
    assert found.interim == pytest.approx(interim)
    assert found.own == pytest.approx((bought + running) / 1.1)
    assert found.total == pytest.approx(found.own + found.interim)


def test_buying_now_is_the_study_as_it_stands():
    found = wait_or_buy(SERVICE, BUY, INDEX)
    assert [start.years for start in found.starts] == [0, 1, 2]
    assert found.starts[0].total == pytest.approx(cost(SERVICE, BUY), rel=1e-12)
    assert found.starts[0].interim == 0 and found.starts[0].break_even is None


def test_without_any_change_a_later_start_is_a_shorter_study_put_off():
    """No inflation, growth or trend: k years elsewhere, then the study over the years that are left."""
    flat = small(inflation=0.0)
    short = replace(flat, "study/horizon_years", 2)
    found = wait_or_buy(flat, "Own", FLAT).starts[2]
    assert found.own == pytest.approx(cost(short, "Own") / 1.1**2, rel=1e-12)
    assert found.interim == pytest.approx(REQUESTS * 1e-5 * (1 / 1.1 + 1 / 1.21))


def test_the_later_study_stands_at_the_later_years_demand_and_prices():
    """Run for the years that are left, its first year asks and pays what model year k + 1 of the study does."""
    years = 2
    now = MODEL.run_option(SERVICE, SERVICE.option(BUY))
    moved = later(SERVICE, BUY, years)
    then = MODEL.run_option(moved, moved.option(BUY))
    assert moved.fields.number("horizon_years") == 3 and moved.fields.number("start_year") == 2029
    assert then.values["asked_requests"] == pytest.approx(now.values["asked_requests"][years:])
    level = then.values["electricity_price"][0] / now.values["electricity_price"][0]
    assert level == pytest.approx(now.values["electricity_index"][years])
    ratio = moved.option(BUY).opex[0].number("amount") / SERVICE.option(BUY).opex[0].number("amount")
    assert ratio == pytest.approx(now.values["inflation_index"][years])
    support = next(row for row in moved.option(BUY).opex if row.text("basis") == "pct_equipment")
    assert support.number("amount") == 0.06
    inflation = 1 + SERVICE.fields.number("inflation")
    assert moved.fields.number("interim_price") / SERVICE.fields.number("interim_price") == pytest.approx(inflation**2)


def test_every_running_cost_of_the_later_study_is_that_of_the_same_calendar_year():
    """Every yearly change is on, the fleet is the same: what is paid each year must not depend on when one asks."""
    drifting = replace_all(
        SERVICE,
        {
            f"option/{BUY}/months_to_production": 0,
            f"option/{BUY}/serving_gain": 0.05,
            f"option/{BUY}/electricity_escalation": 0.04,
            f"option/{BUY}/demand_charge": 10.0,
            f"option/{BUY}/carbon_intensity_change": -0.05,
            f"option/{BUY}/carbon_price": 50.0,
            f"option/{BUY}/carbon_price_change": 0.08,
            f"option/{BUY}/water_price": 3.0,
            f"option/{BUY}/opex/Colocation/escalation": 0.06,
            "workload/Live chat/max_attempts": 2,
            "workload/Live chat/escalation_cost": 0.5,
        },
    )
    years = 2
    now = MODEL.run_option(drifting, drifting.option(BUY)).values
    moved = later(drifting, BUY, years)
    then = MODEL.run_option(moved, moved.option(BUY)).values
    paid = ("energy_charge", "demand_charge_cost", "carbon_cost", "water_cost", "processing", "escalation")
    for line in ("served_requests", "installed", *paid, "staff", "colocation", "software", "facility_energy_kwh"):
        assert min(now[line]) > 0, line
        assert then[line] == pytest.approx(now[line][years:], rel=1e-12), line


def test_the_trend_moves_equipment_and_its_lease_and_nothing_else_is_bought_for_less():
    moved = later(SERVICE, BUY, 1, price=0.7, power=0.5).option(BUY)
    before = {row.text("name"): row for row in SERVICE.option(BUY).capex}
    for row in moved.capex:
        factor = row.number("amount") / before[row.text("name")].number("amount")
        is_trend = row.text("asset") == "equipment" and row.text("basis") != "pct_equipment"
        assert factor == pytest.approx(0.7 if is_trend else 1.0), row.text("name")
    assert moved.fields.number("system_power_load_w") == 7752 / 2
    lease = later(SERVICE, "Lease, colocation", 1, price=0.7).option("Lease, colocation").lease
    assert lease is not None and lease.number("payment_per_system_month") == pytest.approx(5805 * 0.7)


def test_the_later_study_is_sound():
    moved = later(SERVICE, BUY, 2, 0.49, 0.5)
    assert studies.from_dict(studies.to_dict(moved)) == moved
    assert all(check.holds for check in MODEL.run(moved).checks)


def test_better_efficiency_alone_saves_energy_alone():
    kept = wait_or_buy(small(), "Own", Trends(-0.3, 0.0)).starts[1]
    better = wait_or_buy(small(), "Own", INDEX).starts[1]
    assert kept.joules is not None and better.joules == pytest.approx(kept.joules / 1.4)
    bills = sum(8760 * 0.1 * 1.02**year / 1.1 ** (year + 1) for year in (1, 2, 3))
    assert kept.total - better.total == pytest.approx(bills * (1 - 1 / 1.4))


@pytest.mark.parametrize("years", [1, 2])
def test_at_the_break_even_waiting_costs_as_much_as_buying_now(years: int):
    tie = wait_or_buy(SERVICE, BUY, INDEX).starts[years].break_even
    assert tie is not None
    found = wait_or_buy(SERVICE, BUY, Trends(tie, INDEX.efficiency))
    assert found.starts[years].total == pytest.approx(found.starts[0].total, rel=1e-9)
    slower = wait_or_buy(SERVICE, BUY, Trends(tie + 0.01, INDEX.efficiency))
    assert slower.starts[years].total > slower.starts[0].total


def test_where_elsewhere_is_dear_no_price_makes_waiting_pay():
    dear = replace(SERVICE, "study/interim_price", 0.01)
    found = wait_or_buy(dear, BUY, INDEX)
    assert found.best == 0 and found.starts[2].break_even is None
    assert found.never > found.starts[0].total


def test_where_elsewhere_is_cheaper_than_owning_that_is_said():
    cheap = replace(SERVICE, "study/interim_price", 1e-5)
    found = wait_or_buy(cheap, BUY, INDEX)
    assert found.best == 2 and found.never < found.starts[2].total
    assert any("Never buying" in note for note in found.notes)


def test_a_wait_that_leaves_no_time_is_left_out():
    late = replace(SERVICE, f"option/{BUY}/months_to_production", 40)
    found = wait_or_buy(late, BUY, INDEX)
    assert [start.years for start in found.starts] == [0, 1]
    assert any("A wait of 2 years leaves no time" in note for note in found.notes)


def test_an_option_whose_own_price_change_differs_from_the_trend_is_told():
    own = replace(SERVICE, f"option/{BUY}/asset/equipment/price_change", -0.15)
    assert any(
        f"{writer.MINUS}15%" in note and f"{writer.MINUS}30%" in note for note in wait_or_buy(own, BUY, INDEX).notes
    )
    same = replace(SERVICE, f"option/{BUY}/asset/equipment/price_change", -0.3)
    assert not any(f"{writer.MINUS}15%" in note for note in wait_or_buy(same, BUY, INDEX).notes)


@pytest.mark.parametrize(
    ("option", "change", "expected", "told"),
    [
        ("Rented fleet", {}, INDEX, "nothing is bought or leased"),
        ("API, same model", {}, INDEX, "nothing is bought or leased"),
        (BUY, {"study/interim_price": None}, INDEX, "is missing: until the purchase"),
        (BUY, {}, dataclasses.replace(INDEX, price=-1.0), "above -1"),
        (BUY, {}, dataclasses.replace(INDEX, efficiency=-2.0), "above -1"),
        ("Buy", {}, INDEX, "there is no option of this name"),
    ],
)
def test_what_cannot_wait_is_refused(option: str, change: dict[str, Any], expected: Trends, told: str):
    with pytest.raises(StudyError, match=told):
        wait_or_buy(replace_all(SERVICE, change), option, expected)


def test_a_fixed_fleet_is_refused():
    site = studies.load(TEMPLATES / "power_limited_site.toml")
    priced = replace(site, "study/interim_price", 0.001)
    with pytest.raises(StudyError, match="size it for the demand"):
        wait_or_buy(priced, "H200, air", INDEX)


def test_lists_by_year_begin_later_and_the_api_that_takes_work_costs_what_it_does_then():
    """Two years later the study asks and pays what its third year does, with requests and price paths as lists."""
    years = 2
    tables = studies.to_dict(SERVICE)
    tables["study"].pop("interim_price", None)
    api = next(option for option in tables["option"] if option["acquisition"] == "api")
    tables["study"]["interim_from"] = api["name"]
    api["api"]["price_change"] = [1.0, 0.9, 0.7, 0.6]
    tables["workload"][0]["requests_per_day"] = [1000.0, 2000.0, 4000.0, 5000.0]
    tables["workload"][1]["requests_per_day"] = [100.0]
    study = studies.from_dict(tables)
    now = MODEL.run_option(study, study.option(BUY))
    moved = later(study, BUY, years)
    then = MODEL.run_option(moved, moved.option(BUY))
    assert then.values["asked_requests"] == pytest.approx(now.values["asked_requests"][years:])
    offered = [row[years:] for row in now.gathered.values["interim_offer"]]
    assert then.gathered.values["interim_offer"] == [pytest.approx(row) for row in offered]
