"""Small studies whose costs are sums that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from models.studies.file.load import from_dict
from models.studies.study import Study

Plain = dict[str, Any]
# In each year so many requests are served, every one with a response.
REQUESTS = 365_000.0


def api(name: str, *amounts: Any, **rest: Any) -> Plain:
    """An API option that costs nothing but the given amounts, each in a year of a one-year study."""
    costs = [
        {"name": f"cost {n}", "category": "other", "basis": "per_year", "amount": amount}
        for n, amount in enumerate(amounts, start=1)
    ]
    prices = {"price_input": 0.0, "price_output": 0.0}
    return {"name": name, "acquisition": "api", "api": prices, "opex": costs, **rest}


def study(*options: Plain, **rest: Any) -> Study:
    """A study of one year, undiscounted, of 1,000 requests a day."""
    workload = {"name": "chat", "requests_per_day": 1000, "input_tokens": 100, "output_tokens": 100}
    return from_dict(
        {"study": {"horizon_years": 1, "currency": "USD"}, "workload": [workload], "option": list(options), **rest}
    )


def amount(value: float, low: float, high: float, distribution: str = "triangular", **rest: Any) -> Plain:
    return {"value": value, "low": low, "high": high, "distribution": distribution, **rest}


def owned(name: str, **rest: Any) -> Plain:
    """A fleet of its own, bought by the system: one serves about 4,300 requests a day at 1 kW."""
    return {
        "name": name,
        "acquisition": "purchase",
        "sizing": "demand",
        "equipment_life": 5,
        "system_power_load_w": 1000,
        "pue": 1.0,
        "serving": [{"workload": "chat", "decode_rate": 5.0}],
        "capex": [{"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 1000}],
        **rest,
    }
