"""What a reader is told before trusting an order: electricity left out, answers that are accepted unequally."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.decision.side_by_side import cautions
from models.run.model import MODEL
from models.studies.file.load import from_dict

SYSTEM = {"name": "system", "asset": "equipment", "basis": "per_system", "amount": 1e5}
POWER = {"system_power_load_w": 1000.0, "system_power_idle_w": 300.0}


def told(own: dict[str, Any] | None = None, api: dict[str, Any] | None = None, **workload: Any) -> str:
    """The cautions of a bought system beside an API, as one text."""
    serving = [{"workload": "chat", "prefill_rate": 1e4, "decode_rate": 1e3}]
    buy = {"name": "Buy", "acquisition": "purchase", "sizing": "demand", "equipment_life": 3, "capex": [SYSTEM]}
    bought = {"name": "API", "acquisition": "api", "api": {"price_input": 1.0, "price_output": 5.0}} | (api or {})
    chat = {"name": "chat", "requests_per_day": 1e5, "input_tokens": 500, "output_tokens": 100} | workload
    study = {
        "study": {"horizon_years": 3},
        "workload": [chat],
        "option": [buy | {"serving": serving} | (own or {}), bought],
    }
    return " ".join(cautions(MODEL.run(from_dict(study))))


def test_own_hardware_without_power_or_a_price_of_electricity_is_told():
    assert "Buy gives no power of its systems" in told()
    assert "Buy gives no electricity price" in told(POWER)
    assert "electricity" not in told(POWER | {"electricity_price": 0.1})
    bands = [{"name": "peak", "hours": "daily 8-20", "price": 0.2}, {"name": "off", "hours": "daily 20-8"}]
    assert "Buy gives no price of off: electricity in these hours counts as nothing" in told(POWER | {"tariff": bands})
    priced = [band | {"price": 0.1} for band in bands]
    assert "electricity" not in told(POWER | {"tariff": priced})


def test_an_option_without_staff_is_told_beside_one_that_has_some():
    staff = {"opex": [{"name": "Team", "category": "staff", "basis": "per_year", "amount": 1e5}]}
    assert "API has no staff cost, unlike the others" in told(staff)
    assert "Buy has no staff cost, unlike the others" in told(api=staff)
    assert "staff" not in told() and "staff" not in told(staff, api=staff)


def test_an_item_without_an_amount_is_told():
    """A colocation that nobody priced is free in the ranking."""
    room = {"name": "Colocation", "category": "colocation", "basis": "per_kw_month"}
    wired = POWER | {"electricity_price": 0.1}
    assert "Buy gives no amount of Colocation: it counts as nothing" in told(wired | {"opex": [room]})
    assert "amount" not in told(wired | {"opex": [room | {"amount": 0.0}]})
    assert "amount" not in told(wired | {"capex": [SYSTEM | {"amount": None}]})


@pytest.mark.parametrize(("chance", "speaks"), [(0.90, True), (0.955, False)])
def test_answers_that_are_accepted_unequally_are_told_where_the_rest_costs_nothing(chance: float, speaks: bool):
    other = {"serving": [{"workload": "chat", "success_rate": chance, "max_attempts": 1}]}
    common = {"success_rate": 0.95, "max_attempts": 1}
    assert ("what is not accepted costs nothing" in told(api=other, **common)) == speaks
    assert "what is not accepted" not in told(api=other, escalation_cost=2.0, **common)
