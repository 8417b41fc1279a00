"""From a study's option to the inputs that formulas read: one name a field, blanks as nan, rows in file order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from typing import Any

from models.engine.check import Input
from models.engine.line import Shape
from models.finance import tax
from models.studies.inputs import schema, week
from models.studies.inputs.value import Value
from models.studies.study import EQUIPMENT, Option, Row, Study, equipment

ROW_TABLES = {"workload": "workload", "serving": "workload", "asset": "asset"} | {
    t: t for t in ("capex", "opex", "tariff", "tier")
}
# Inputs that are a yearly change, or price levels listed by year; and of what.
PATHS = {
    ("option", "electricity_escalation"): "electricity",
    ("rental", "price_change"): "rental",
    ("api", "price_change"): "the API",
}


def _given(name: str, label: str, unit: str = "1", *, row: str | None = None, column: str | None = None) -> Input:
    return Input(name, label, unit, Shape(row, column), False, False)


def _elsewhere(name: str, label: str, unit: str, column: str | None = "year") -> Input:
    return _given(name, label, unit, row="workload", column=column)


# Inputs that follow from the study's structure: numbers of asset classes, tax schedules by age.
STRUCTURE: tuple[Input, ...] = (
    Input("asset_number", "Number of the asset class", "1", Shape("asset"), False, False),
    Input("capex_asset_number", "Number of the item's asset class", "1", Shape("capex"), False, False),
    Input("asset_straight_line", "Straight-line depreciation", "1", Shape("asset"), False, False),
    Input("asset_schedule_share", "Depreciated at this age, by schedule", "1", Shape("asset", "age"), False, False),
    _given("by_the_hour", "The load is followed hour by hour"),
    _given("hour_number", "Number of the hour", row="hour"),
    _given("hour_day", "Kind of day of the hour", row="hour"),
    _given("hour_share", "Share of the year", row="hour"),
    _given("paid_number", "Number of the hour", row="paid"),
    _given("paid_share", "Share of the year", row="paid"),
    _given("band_tariff", "Number of the hour's tariff band", row="band"),
    _given("tariff_number", "Number of the tariff band", row="tariff"),
    _given("tariff_hours_share", "Hours of the band, share of the year", row="tariff"),
    _given("hour_weight", "Share of the year", column="hour"),
    _given("weekday_weight", "Share of a weekday", column="hour"),
    _given("weekend_weight", "Share of a day of the weekend", column="hour"),
    _given("day_base", "Smooth day, before its peak", column="hour"),
    _given("workload_has_shape", "Follows a load shape", row="workload"),
    _given("workload_shape_at", "Load shape, as given", row="workload", column="hour"),
    _given("workload_requests_listed", "Requests are given by year", row="workload"),
    _given("workload_requests_by_year", "Requests per day, as listed", "request/day", row="workload", column="year"),
    _given("workload_years_beyond", "Years after the list ends", row="workload", column="year"),
    _given("mix_success_rate", "Success rate, as the workload says it", row="workload"),
    _given("mix_tries_before", "Attempts with a success rate of their own, as the workload says it", row="workload"),
    _given("mix_missed_before", "Chance that none of those succeeds", row="workload"),
    _given("tries_before", "Attempts with a success rate of their own", row="workload"),
    _given("attempts_before", "Mean number of those attempts", row="workload"),
    _given("missed_before", "Chance that none of them succeeds", row="workload"),
    *(
        _given(f"{table}_{name}_{what}", label.format(of), column=column)
        for (table, name), of in PATHS.items()
        for what, label, column in (
            ("listed", "Price level of {} is given by year", None),
            ("path", "Price level of {}, as listed", "year"),
        )
    ),
)
# Those of the hours of the week and of the load shapes, the same for every option.
HOURLY = frozenset(
    (
        *("hour_number", "hour_day", "hour_share", "paid_number", "paid_share"),
        *("hour_weight", "weekday_weight", "weekend_weight", "day_base", "workload_has_shape", "workload_shape_at"),
    )
)
# What an option takes from another: the prices of where its work goes. `link` leads to the other, `line` is its figure.
ELSEWHERE: tuple[tuple[str, str, Input], ...] = (
    (
        "overflow_to",
        "plain_reading_price",
        _elsewhere("overflow_reading_price", "API price of input", "money/request"),
    ),
    (
        "overflow_to",
        "plain_writing_price",
        _elsewhere("overflow_writing_price", "API price of output", "money/request"),
    ),
    (
        "overflow_to",
        "accepted_share",
        _elsewhere("overflow_accepted", "Share accepted there", "response/request", None),
    ),
    ("overflow_to", "failed_share", _elsewhere("overflow_failed", "Share that fails there", "response/request", None)),
    (
        "overflow_to",
        "generated_per_request",
        _elsewhere("overflow_generated", "Tokens generated there", "token/request", None),
    ),
    ("overflow_to", "read_per_request", _elsewhere("overflow_read", "Input tokens there", "token/request", None)),
    ("interim_from", "offered_price", _elsewhere("interim_offer", "Price of a request there", "money/request")),
    (
        "interim_from",
        "accepted_share",
        _elsewhere("interim_accepted", "Share accepted there", "response/request", None),
    ),
)
LINKED: tuple[Input, ...] = (
    _given("has_overflow", "Overflow goes to an API"),
    _given("has_interim_option", "Unserved requests go to an API option"),
)


def _inputs() -> dict[str, Input]:
    found = {i.name: i for i in (*STRUCTURE, *LINKED, *(each for _, _, each in ELSEWHERE))}
    for each in schema.FIELDS:
        if not schema.table(each.table).modelled:
            continue
        text = each.kind in ("text", "choice", "schedule", "day", "hours")
        unit = f"@{each.table}" if each.unit == "@basis" else each.unit
        shape = Shape(ROW_TABLES.get(each.table))
        blank = (
            each.default is None and not text and not (each.required and each.table in ("study", "option", "workload"))
        )
        name = f"{each.table}_{each.name}"
        found[name] = Input(name, each.label, unit, shape, blank, text, schema.BASIS_UNITS.get(each.table))
    return found


INPUTS: Mapping[str, Input] = _inputs()


@dataclass(frozen=True)
class Gathered:
    """The inputs of one option by name (a figure, a text, or a list by row) and the sizes of its dimensions."""

    values: dict[str, Any]
    sizes: Mapping[str, int]
    rows: Mapping[str, Sequence[Row]]


def asset_rows(option: Option) -> tuple[Row, ...]:
    """The option's asset classes, the equipment always first."""
    others = (a for a in option.assets if a.text("name") != EQUIPMENT)
    named = {item.text("asset") for item in option.capex}
    grant = (
        (Row("asset", {"name": Value(schema.GRANT)}),)
        if schema.GRANT in named and not option.asset(schema.GRANT)
        else ()
    )
    return (option.asset(EQUIPMENT) or equipment(), *others, *grant)


def rows_of(study: Study, option: Option) -> dict[str, tuple[Row, ...]]:
    """The rows of every table that has a dimension, in the order of that dimension."""
    serving = tuple(option.serving_for(w.text("name")) or Row("serving") for w in study.workloads)
    return {
        "workload": study.workloads,
        "serving": serving,
        "asset": asset_rows(option),
        "capex": option.capex,
        "opex": option.opex,
        "tariff": option.tariffs,
        "tier": option.tiers,
    }


# What formulas call an input of a table, and its name there.
NAMES = {t.name: [(f"{t.name}_{name}", name) for name in schema.named(t.name)] for t in schema.TABLES}


def gather(study: Study, option: Option) -> Gathered:
    """The inputs of ``option``, defaults filled in, blanks as nan."""
    rows = rows_of(study, option)
    values: dict[str, Any] = {}
    single = {"study": study.fields, "option": option.fields}
    single |= {t: option.rows(t)[0] if option.rows(t) else Row(t) for t in ("rental", "lease", "loan", "api")}
    for table, row in single.items():
        for name, entry in NAMES[table]:
            values[name] = plain(row[entry].value)
    for table, held in rows.items():
        for name, entry in NAMES[table]:
            values[name] = [plain(row[entry].value) for row in held]
    years = int(values["study_horizon_years"])
    values.update(_structure(rows, years))
    hours = Hours.of(study, option)
    values.update(hours.inputs(study, option))
    values.update(_tries(study, option))
    values.update(_by_year(study, single, years))
    values.update(_linked(study, option, years))
    sizes = {t: len(r) for t, r in rows.items() if t != "serving"} | {"year": years} | hours.sizes
    return Gathered(values, sizes, rows)


def plain(value: Any) -> float | str:
    """A field's value as formulas read it: nan for blank, 1 and 0 for yes and no."""
    kind = value.__class__
    if kind is float or kind is str:
        return value
    if value is None:
        return math.nan
    return float(value[0]) if kind is tuple else float(value) if isinstance(value, int | float) else ""


def _structure(rows: Mapping[str, Sequence[Row]], years: int) -> dict[str, Any]:
    names = [a.text("name") for a in rows["asset"]]
    shares = [tax.schedule_shares(_schedule(a), years) for a in rows["asset"]]
    return {
        "asset_number": [float(n) for n in range(1, len(names) + 1)],
        "capex_asset_number": [float(names.index(c.text("asset")) + 1) for c in rows["capex"]],
        "asset_straight_line": [1.0 if s is None else 0.0 for s in shares],
        "asset_schedule_share": [list(s) if s is not None else [0.0] * years for s in shares],
    }


def _schedule(asset: Row) -> Any:
    value = asset["tax_schedule"].value
    return value if value is not None else "straight_line"


# The limits of a site, and the share of the peak: an option that has one is followed by the hour.
SITE_LIMITS = ("facility_power_kw", "cooling_capacity_kw")
BENDING = (*SITE_LIMITS, "base_share")


@dataclass(frozen=True)
class Hours:
    """Which of an option's figures bend with the load, so that they are taken by the hour: only these have rows for
    the hours. `load` where anything does, `paid` where hours are paid as they are used, `bands` where electricity has a
    price by the hour."""

    load: bool = False
    paid: bool = False
    bands: bool = False

    @classmethod
    def of(cls, study: Study, option: Option) -> Hours:
        """What bends in an option: nothing in an API or a given number of systems, and else what the load decides."""
        if option.acquisition not in schema.HARDWARE or option.sizing != "demand":
            return cls()
        shaped = any(workload.text("load_shape") for workload in study.workloads)
        paid = (
            option.rental is not None and option.acquisition == "rental" and option.rental.text("scaling") == "hourly"
        )
        bands = option.acquisition in schema.HELD and any(row.given("hours") for row in option.tariffs)
        limited = any(not option.fields[name].blank for name in SITE_LIMITS)
        bends = shaped or paid or bands or limited or option.fields.number("base_share") < 1
        return cls(bends, paid, bands)

    @property
    def sizes(self) -> dict[str, int]:
        """The rows of each dimension of hours."""
        wanted = {"hour": self.load, "paid": self.paid, "band": self.bands}
        return {name: week.HOURS if given else 0 for name, given in wanted.items()}

    def inputs(self, study: Study, option: Option) -> dict[str, Any]:
        """What formulas read of the hours of the week and of the load shapes."""
        found: dict[str, Any] = {"by_the_hour": float(self.load)}
        for name, given in {"hour": self.load, "paid": self.paid}.items():
            found[f"{name}_number"] = WEEK["hour_number"] if given else []
            found[f"{name}_share"] = WEEK["hour_weight"] if given else []
        for name in ("hour_day", "hour_weight", "weekday_weight", "weekend_weight", "day_base"):
            found[name] = WEEK[name] if self.load else []
        shapes = [study.load_shape(workload.text("load_shape")) if self.load else None for workload in study.workloads]
        return found | {
            "band_tariff": _bands(option) if self.bands else [],
            "tariff_number": [float(n) for n in range(1, len(option.tariffs) + 1)],
            "tariff_hours_share": [_hours_share(row) for row in option.tariffs],
            "workload_has_shape": [float(shape is not None) for shape in shapes],
            "workload_shape_at": [_by_hour(shape) if self.load else [] for shape in shapes],
        }


# The hour of the default day with the most load.
BUSIEST_HOUR = 14


# The hours of the week: number, kind of day, share of the year and of their day, and the default day before its peak.
_SHARES = [week.share(hour) for hour in range(week.HOURS)]
_ON_WEEKDAY = [1.0 if hour < week.HOURS_PER_DAY else 0.0 for hour in range(week.HOURS)]
WEEK: Mapping[str, list[float]] = {
    "hour_number": [float(n) for n in range(1, week.HOURS + 1)],
    "hour_day": [2.0 - on_weekday for on_weekday in _ON_WEEKDAY],
    "hour_weight": _SHARES,
    "weekday_weight": [on_weekday / week.HOURS_PER_DAY for on_weekday in _ON_WEEKDAY],
    "weekend_weight": [(1 - on_weekday) / week.HOURS_PER_DAY for on_weekday in _ON_WEEKDAY],
    "day_base": [(1 + math.cos(math.tau * (hour - BUSIEST_HOUR) / 24)) / 2 for hour in range(week.HOURS)],
}


def _by_hour(shape: Row | None) -> list[float]:
    if shape is None:
        return [0.0] * week.HOURS
    return list(week.loads(shape.listed("weekday"), shape.listed("weekend"))[0])


def _hours_share(tariff: Row) -> float:
    """The share of the year in a band's hours; 0 for a band without hours."""
    return math.fsum(map(week.share, week.hours(tariff.text("hours")))) if tariff.given("hours") else 0.0


def _bands(option: Option) -> list[float]:
    """The number of the tariff band of each kind of hour."""
    named = {hour: float(n) for n, row in enumerate(option.tariffs, start=1) for hour in week.hours(row.text("hours"))}
    return [named[hour] for hour in range(week.HOURS)]


def _tries(study: Study, option: Option) -> dict[str, list[float]]:
    """What stands before the last try that has a success rate of its own: tries, their mean number, none succeeding.

    That last rate is then the input; with a single rate nothing stands before it. The mix's own is what a workload
    says without the option.
    """
    rows = []
    for workload in study.workloads:
        serving = option.serving_for(workload.text("name")) or Row("serving")
        rows.append(tries(workload, serving, *map(_limit, (serving, workload))))
    return {name: [row[at] for row in rows] for at, name in enumerate(TRIES)}


def _limit(row: Row) -> float:
    return math.nan if row["max_attempts"].blank else row.number("max_attempts")


def tries(workload: Row, serving: Row, serving_limit: float, mix_limit: float) -> tuple[float, ...]:
    """The figures of `TRIES` of one workload under the limits of the option and of the workload; nan is no limit."""
    own = workload if serving["success_rate"].blank else serving
    unlimited = [math.inf if math.isnan(limit) else limit for limit in (serving_limit, mix_limit)]
    limit = unlimited[1] if math.isnan(serving_limit) else unlimited[0]
    rate, *before = _before_the_last(own, limit)
    mix_rate, *mix = _before_the_last(workload, unlimited[1])
    rates = (rate if own is workload else mix_rate, math.nan if own is workload else rate)
    return (*rates, *before, mix_rate, mix[0], mix[2])


TRIES = (
    *("workload_success_rate", "serving_success_rate", "tries_before", "attempts_before", "missed_before"),
    *("mix_success_rate", "mix_tries_before", "mix_missed_before"),
)


def _before_the_last(row: Row, limit: float) -> tuple[float, float, float, float]:
    """The last success rate that counts, and before it: tries, their mean number, the chance that none succeeds."""
    listed = row.listed("success_rate") or (row.number("success_rate"),)
    listed = listed[: int(min(len(listed), limit))]
    missed: list[float] = [1.0, *accumulate((1 - chance for chance in listed[:-1]), mul)]
    return listed[-1], len(listed) - 1.0, math.fsum(missed[:-1]), missed[-1]


def _by_year(study: Study, single: Mapping[str, Row], years: int) -> dict[str, Any]:
    """Inputs that are listed by year: the entry of each year, the last for later ones."""
    found: dict[str, Any] = {}
    requests = [workload.listed("requests_per_day") for workload in study.workloads]
    found["workload_requests_listed"] = [float(bool(listed)) for listed in requests]
    found["workload_requests_by_year"] = [_held(listed, years) for listed in requests]
    found["workload_years_beyond"] = [
        [float(max(0, y - len(listed))) if listed else 0.0 for y in range(1, years + 1)] for listed in requests
    ]
    for table, name in PATHS:
        listed = single[table].listed(name)
        found[f"{table}_{name}_listed"] = float(bool(listed))
        found[f"{table}_{name}_path"] = _held(listed, years)
        if listed:
            found[f"{table}_{name}"] = 0.0
    return found


def _held(listed: Sequence[float], years: int) -> list[float]:
    return [listed[min(y, len(listed) - 1)] if listed else 0.0 for y in range(years)]


def links(study: Study, option: Option) -> dict[str, str]:
    """The other options whose prices an option takes, by the input that names them; none where it names none."""
    named = {"overflow_to": option.fields.text("overflow_to"), "interim_from": study.fields.text("interim_from")}
    return {link: name for link, name in named.items() if name}


def _linked(study: Study, option: Option, years: int) -> dict[str, Any]:
    """The prices of other options, still blank: the model fills in what those options give."""
    to = links(study, option)
    count = len(study.workloads)
    blank: dict[str, Any] = {
        "has_overflow": float("overflow_to" in to),
        "has_interim_option": float("interim_from" in to),
    }
    for _, _, each in ELSEWHERE:
        blank[each.name] = [[0.0] * years for _ in range(count)] if each.shape.column else [0.0] * count
    return blank
