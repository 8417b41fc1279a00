"""Electricity by the hour: a published tariff as the `[[option.tariff]]` bands and the demand charge of an option.

A study knows one week for the whole year. Prices of the seasons are therefore averaged hour by hour, each by its
months, and hours of one price become one band. What a tariff charges for the peak inside a period (16-21, say) is added
to the demand charge, each season by its months: right for a load as high in that period as ever, too much for another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.catalogue.fill import load
from models.catalogue.rows import CURRENCY, Entry
from models.engine.constants import MONTHS_PER_YEAR
from models.notation import writer
from models.studies.file.reading import plain_value, row
from models.studies.inputs import week
from models.studies.inputs.spelling import did_you_mean
from models.studies.inputs.value import Value
from models.studies.study import Study

# Prices are averaged and compared to a ten-thousandth of a cent.
PRICE_DIGITS = 6
DAY_NAMES = ("weekday", "weekend")
# What a tariff says of the demand, by the option's input, and the column that says it; the charge itself is summed up.
DEMAND_COLUMNS = {"demand_ratchet": "ratchet", "demand_minimum_kw": "minimum_kw"}
DEMAND_INPUTS = ("demand_charge", *DEMAND_COLUMNS)


@dataclass(frozen=True)
class Tariff:
    """A tariff as an option takes it: the bands spelt as in a study file, and what stands on the option itself.

    `inputs` are values by the option's input: `demand_charge`, `demand_ratchet`, `demand_minimum_kw`. `notes` says what
    the tariff has that a study cannot hold.
    """

    name: str
    currency: str
    bands: tuple[dict[str, Any], ...]
    inputs: dict[str, Value]
    notes: tuple[str, ...]


def tariffs() -> tuple[str, ...]:
    """The names of the tariffs of the catalogue, in its order."""
    return tuple(dict.fromkeys(each.text("tariff") for each in load().table("tariffs")))


def tariff(name: str) -> Tariff:
    """A tariff of the catalogue. Raises KeyError, naming the nearest, for an unknown one."""
    rows = tuple(load().find("tariffs", tariff=name))
    if not rows:
        raise KeyError(f"the catalogue has no tariff {name!r}{did_you_mean(name, tariffs())}")
    prices = _prices(rows)
    in_period = _in_period(rows)
    notes = ()
    if in_period:
        notes = (
            f"{writer.exact(in_period)} of the demand charge is for the peak inside certain hours: too much for "
            "a load that is "
            "lower in them",
        )
    currency = CURRENCY.match(rows[0].text("unit"))
    return Tariff(name, currency[0] if currency else "", _bands(rows[0], prices), _inputs(rows, in_period), notes)


def charged(study: Study, option: str, by: Tariff) -> Study:
    """The study in which an option pays by a tariff: its bands for one price, its demand charge and what goes with it.

    What another tariff said of the demand and this one does not falls away.
    """
    position = study.position(option)
    fields = study.options[position].fields.replaced("electricity_price", Value(set_by="default"))
    for name in DEMAND_INPUTS:
        fields = fields.replaced(name, by.inputs.get(name, Value(set_by="default")))
    bands = tuple(row("tariff", band, "catalogue") for band in by.bands)
    return study.with_option(position, fields=fields, tariffs=bands)


def _prices(rows: Sequence[Entry]) -> tuple[float, ...]:
    """The price of each of the 48 kinds of hour, the seasons averaged by their months."""
    sums = [0.0] * week.HOURS
    for entry in rows:
        for hour in week.hours(entry.text("hours")):
            sums[hour] += entry.needed("months") / MONTHS_PER_YEAR * entry.needed("price")
    return tuple(round(price, PRICE_DIGITS) for price in sums)


def _bands(entry: Entry, prices: Sequence[float]) -> tuple[dict[str, Any], ...]:
    """One band for each price, the dearest first, named after its hours."""
    bands = []
    for price in sorted(set(prices), reverse=True):
        windows = ", ".join(_windows([hour for hour, each in enumerate(prices) if each == price]))
        bands.append({"name": windows, "hours": windows, "price": plain_value(entry.value(price))})
    return tuple(bands)


def _windows(hours: Sequence[int]) -> list[str]:
    """The fewest windows that name these kinds of hour: daily where both kinds of day agree."""
    days = [{hour % week.HOURS_PER_DAY for hour in hours if hour // week.HOURS_PER_DAY == day} for day in (0, 1)]
    if days[0] == days[1]:
        return [f"daily {run}" for run in _runs(days[0])]
    return [f"{name} {run}" for name, day in zip(DAY_NAMES, days, strict=True) for run in _runs(day)]


def _runs(hours: set[int]) -> list[str]:
    """Unbroken runs of the hours of a day, midnight not a break: "21-9"."""
    if len(hours) == week.HOURS_PER_DAY:
        return [f"0-{week.HOURS_PER_DAY}"]
    starts = sorted(hour for hour in hours if (hour - 1) % week.HOURS_PER_DAY not in hours)
    runs = []
    for start in starts:
        length = next(step for step in range(week.HOURS_PER_DAY) if (start + step) % week.HOURS_PER_DAY not in hours)
        end = (start + length) % week.HOURS_PER_DAY or week.HOURS_PER_DAY
        runs.append(f"{start}-{end}")
    return runs


def _in_period(rows: Sequence[Entry]) -> float:
    """What the peaks inside periods are charged, per kW and month, mean of the year."""
    return math.fsum(each.needed("months") / MONTHS_PER_YEAR * each.needed("in_period_demand_charge") for each in rows)


def _inputs(rows: Sequence[Entry], in_period: float) -> dict[str, Value]:
    seasons = {each.text("season"): each for each in rows}.values()
    any_hour = math.fsum(each.needed("months") / MONTHS_PER_YEAR * each.needed("demand_charge") for each in seasons)
    first = rows[0]
    inputs = {"demand_charge": first.value(round(any_hour + in_period, PRICE_DIGITS))}
    for name, column in DEMAND_COLUMNS.items():
        if (number := first.number(column)) is not None:
            inputs[name] = first.value(number)
    return inputs
