"""A second, independent account of the model: plain floats and loops, no engine, read off the contract alone.

`solve` takes a study as `tomllib` loads it and gives every option's results under the names that the command line
prints. It knows nothing of how the engine computes: where both agree on a study, neither has slipped; where they do
not, one of them has, or the contract can be read in two ways. Every such place carries a comment that starts with
"Reading:" and says which way was taken. It checks nothing: it takes a study that is valid.

Years are numbered from 1; a list by year holds year y at place y - 1. The hours of a week are 48 kinds: places 0-23
are the hours of a weekday, 24-47 those of a day of the weekend.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Table = Mapping[str, Any]
Hours = list[float]

HOURS_A_YEAR = 8760.0
SECONDS_A_YEAR = HOURS_A_YEAR * 3600
JOULES_A_KWH = 3.6e6
HOUR_SHARE: tuple[float, ...] = (5 / 7 / 24,) * 24 + (2 / 7 / 24,) * 24
KINDS_OF_DAY: dict[str, range] = {"weekday": range(24), "weekend": range(24, 48)}
OWNED = ("purchase", "loan")
HELD = (*OWNED, "lease")
STANDING_BASES = ("per_year", "per_system", "per_accelerator", "per_kw_month", "pct_equipment")
OPEX_KEYS = ("staff", "colocation", "support", "software", "credit")
# Yearly shares of the US tables (IRS publication 946, half-year convention).
SCHEDULES: dict[str, tuple[float, ...]] = {
    "macrs_3": (0.3333, 0.4445, 0.1481, 0.0741),
    "macrs_5": (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576),
    "macrs_7": (0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446),
    "macrs_15": (
        *(0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059),
        *(0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295),
    ),
    "bonus_100": (1.0,),
    "none": (),
}


def solve(study: Table) -> dict[str, dict[str, Any]]:
    """Every option of a study by name, each with its results."""
    study = bare(study)
    terms = Terms.of(study["study"])
    options = {each["name"]: each for each in study.get("option", [])}
    return {name: Case(study, terms, option, options).results() for name, option in options.items()}


def bare(content: Any) -> Any:
    """A study file's content with each `{ value = ... }` replaced by the value."""
    if isinstance(content, Mapping):
        return content["value"] if "value" in content else {key: bare(each) for key, each in content.items()}
    return [bare(each) for each in content] if isinstance(content, list) else content


def given(table: Table, name: str, blank: Any = 0.0) -> Any:
    """An input of a table, or what its blank stands for."""
    return table[name] if table.get(name) is not None else blank


def esc(change: float | Sequence[float], year: int) -> float:
    """What a price of year 1 has become: by a yearly rate, or a list of multipliers whose last one holds."""
    if isinstance(change, Sequence):
        return change[min(year, len(change)) - 1]
    return (1 + change) ** (year - 1)


def whole_up(number: float) -> int:
    """The next whole number, with 1e-9 taken off first; never below 0."""
    return max(0, math.ceil(number - 1e-9))


def ratio(above: float | None, below: float | None, scale: float = 1.0) -> float | None:
    """`above / below x scale`; None where either is missing or there is nothing to divide by."""
    return None if above is None or not below else above / below * scale


def annuity(rate: float, count: int) -> float:
    """Worth of one unit of money at the end of each of `count` periods; exact for the smallest rates too."""
    return -math.expm1(-count * math.log1p(rate)) / rate if rate else float(count)


def over_hours(of: Callable[[int], float]) -> float:
    """The mean over the year of what differs from hour to hour."""
    return sum(HOUR_SHARE[t] * of(t) for t in range(48))


@dataclass(frozen=True)
class Terms:
    """The finance assumptions, and what a flow of each date is worth today."""

    years: int
    rate: float
    inflation: float
    tax: float
    mid_year: bool

    @classmethod
    def of(cls, head: Table) -> Terms:
        """The terms of a `[study]` table."""
        return cls(
            years=int(head["horizon_years"]),
            rate=given(head, "discount_rate"),
            inflation=given(head, "inflation"),
            tax=given(head, "tax_rate"),
            mid_year=given(head, "mid_year", True),
        )

    @property
    def all(self) -> range:
        """The model years."""
        return range(1, self.years + 1)

    def moment(self, year: int) -> float:
        """When the running flows of a year fall."""
        return year - 0.5 if self.mid_year else float(year)

    def worth(self, moment: float) -> float:
        """What one unit of money at a moment is worth today."""
        return (1 + self.rate) ** -moment

    def pv(self, flows: Sequence[float]) -> float:
        """Present value of running flows by year."""
        return sum(flows[y - 1] * self.worth(self.moment(y)) for y in self.all)

    def pv_starts(self, flows: Sequence[float]) -> float:
        """Present value of flows at the starts of years; the entry after the last year is the end of the horizon."""
        return sum(flow * self.worth(start) for start, flow in enumerate(flows))


# --- A response: tokens, tries, prices of one request ---------------------------------------------------------------


def tries(success: float | Sequence[float], most: int | None) -> tuple[float, float]:
    """Mean number of attempts and share never accepted, when a request is tried until it succeeds or `most` times.

    `success` is the chance of a try, or a list by try whose last entry holds for all further tries.
    """
    chances = list(success) if isinstance(success, Sequence) else [success]
    attempts, still_failing = 0.0, 1.0
    for number in range(1, len(chances) if most is None else int(most) + 1):
        attempts += still_failing
        still_failing *= 1 - chances[min(number, len(chances)) - 1]
    if most is not None:
        return attempts, still_failing
    # Without a limit, the last chance is tried until it succeeds: 1/p more tries for whoever gets there.
    return attempts + still_failing / chances[-1], 0.0


@dataclass(frozen=True)
class Response:
    """One request of a workload as an option serves it."""

    input: float
    generated: float
    cached: float
    written: float
    attempts: float
    failed: float
    prefill_rate: float | None
    decode_rate: float | None
    prices: Table

    @classmethod
    def of(cls, workload: Table, option: Table) -> Response:
        """The workload's own figures with the option's overrides on them."""
        rows = (row for row in option.get("serving", []) if row["workload"] == workload["name"])
        serving: Table = next(rows, {})

        def own(name: str, blank: Any = 0.0) -> Any:
            return given(serving, name, given(workload, name, blank))

        attempts, failed = tries(own("success_rate", 1.0), own("max_attempts", None))
        # Reading: a price in the serving table stands in for that price of [option.api] alone; what the serving
        # table leaves blank is the API's, and only what both leave blank is the price of input.
        api: Table = option.get("api", {})
        price = {
            name: given(serving, name, api.get(name))
            for name in ("price_input", "price_cached_input", "price_cache_write", "price_output")
        }
        return cls(
            input=own("input_tokens"),
            generated=own("output_tokens") + own("reasoning_tokens"),
            cached=own("cached_input_share"),
            written=given(serving, "cache_write_share"),
            attempts=attempts,
            failed=failed,
            prefill_rate=serving.get("prefill_rate"),
            decode_rate=serving.get("decode_rate"),
            prices=price,
        )

    @property
    def accepted(self) -> float:
        """Share of the requests that end in an accepted response."""
        return 1 - self.failed

    @property
    def blended(self) -> bool:
        """Whether reading is inside the output speed."""
        return self.prefill_rate is None

    @property
    def read(self) -> float:
        """Tokens read for a request, all attempts."""
        return self.attempts * self.input

    @property
    def wrote(self) -> float:
        """Tokens generated for a request, all attempts."""
        return self.attempts * self.generated

    def prefill_seconds(self, cache_hit_effort: float) -> float:
        """Accelerator-seconds of reading a request in year 1."""
        if self.prefill_rate is None:
            return 0.0
        return self.read * (1 - self.cached * (1 - cache_hit_effort)) / self.prefill_rate

    def decode_seconds(self) -> float:
        """Accelerator-seconds of writing a request in year 1."""
        return self.wrote / self.decode_rate if self.decode_rate is not None else 0.0

    def api_prices(self) -> tuple[float, float]:
        """What reading and writing a request cost at the list prices of year 1."""
        fresh = given(self.prices, "price_input")
        cached = given(self.prices, "price_cached_input", fresh)
        written = given(self.prices, "price_cache_write", fresh)
        mix = (1 - self.cached - self.written) * fresh + self.cached * cached + self.written * written
        return self.read * mix / 1e6, self.wrote * given(self.prices, "price_output") / 1e6


# --- The day ---------------------------------------------------------------------------------------------------------


def load_of(workload: Table, shapes: Mapping[str, Table]) -> tuple[Hours, float]:
    """Load of a workload in each of the 48 hours, its mean over the year 1; and how far bursts exceed an hour."""
    name = given(workload, "load_shape", "")
    if name:
        weekday = list(shapes[name]["weekday"])
        values = weekday + list(given(shapes[name], "weekend", weekday))
        mean = over_hours(lambda t: values[t])
        load = [value / mean for value in values]
        return load, max(1.0, given(workload, "peak_to_average", 1.0) / max(load))
    peak = given(workload, "peak_to_average", 1.0)
    bell = [((1 + math.cos(2 * math.pi * (t - 14) / 24)) / 2) ** (peak**2 / 2) for t in range(24)]
    mean = sum(bell) / 24
    return [1 + (peak - 1) * (g - mean) / (1 - mean) for g in bell] * 2, 1.0


@dataclass(frozen=True)
class Day:
    """Accelerators busy in each hour of a year, and at its peak."""

    busy_at: Hours
    peak: float

    @property
    def mean(self) -> float:
        """Accelerators busy, mean of the year."""
        return over_hours(lambda t: self.busy_at[t])

    @property
    def swell(self) -> float:
        """How far bursts carry the peak above the busiest hour."""
        return self.peak / max(self.busy_at) if max(self.busy_at) > 0 else 1.0


def day_of(work: Sequence[tuple[float, float, Hours, float]]) -> Day:
    """The day of a year: of each workload the mean accelerators, the share that can wait, its load and its bursts."""
    busy_at: Hours = [0.0] * 48
    peak = 0.0
    for hours in KINDS_OF_DAY.values():
        firm = {t: sum(mean * (1 - wait) * load[t] for mean, wait, load, _ in work) for t in hours}
        bursts = {t: sum(mean * (1 - wait) * load[t] * burst for mean, wait, load, burst in work) for t in hours}
        waiting = sum(mean * wait * sum(load[t] for t in hours) / 24 for mean, wait, load, _ in work)
        level, top = sum(firm.values()) / 24, max(firm.values())
        # Work that waits first fills the valleys; when they are full the day is flat.
        slope = max(0.0, 1 - waiting / (top - level)) if top > level else 0.0
        for t in hours:
            busy_at[t] = level + waiting + slope * (firm[t] - level)
        peak = max(peak, level + waiting, *bursts.values())
    return Day(busy_at, peak)


def window(text: str) -> set[int]:
    """The hours of a tariff window such as "weekday 8-20"; one that wraps midnight stays in its kind of day."""
    kind, span = text.split()
    first, last = (int(hour) for hour in span.split("-"))
    within = [hour for hour in range(24) if (first <= hour < last if first < last else hour >= first or hour < last)]
    starts = [hours[0] for name, hours in KINDS_OF_DAY.items() if kind in (name, "daily")]
    return {start + hour for start in starts for hour in within}


# --- What is bought, worn out and sold -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vintage:
    """What was bought of an asset at the start of a year."""

    asset: str
    year: int
    cost: float
    life: int
    residual_share: float
    price_change: float
    schedule: Any

    def sold(self, years: int) -> int:
        """The year at whose start it is sold; the one after the last is the end of the horizon."""
        return min(self.year + self.life, years + 1)

    def proceeds(self, years: int) -> float:
        """What it is sold for: its straight-line worth, or less where new ones have become cheaper than that."""
        age = self.sold(years) - self.year
        return self.cost * min(1 - (1 - self.residual_share) * age / self.life, (1 + self.price_change) ** age)

    def depreciation(self, year: int, years: int) -> float:
        """What tax depreciates of it in a year."""
        age = year - self.year
        if not 0 <= age < self.sold(years) - self.year:
            return 0.0
        if self.schedule == "straight_line":
            return self.cost / self.life
        shares = SCHEDULES[self.schedule] if isinstance(self.schedule, str) else self.schedule
        return self.cost * shares[age] if age < len(shares) else 0.0


def loan_of(table: Table, first_purchases: float, years: int) -> dict[str, Any]:
    """The loan beside the project: level payments at the ends of years or months, the rest repaid at the horizon."""
    draw = given(table, "debt_share") * max(0.0, first_purchases)
    a_year = int(given(table, "payments_per_year", 1))
    rate, count = given(table, "rate") / a_year, a_year * int(table["term_years"])
    level = draw / annuity(rate, count)
    owed, paid = draw, 0
    rows: dict[str, list[float]] = {name: [] for name in ("payment", "interest", "principal", "closing")}
    for year in range(1, years + 1):
        interest = principal = 0.0
        for _ in range(a_year):
            if paid < count:
                interest += owed * rate
                principal += level - owed * rate
                owed -= level - owed * rate
                paid += 1
        if year == years or paid == count:
            # At the horizon what is owed is repaid; after the last payment only rounding is left of it.
            principal, owed = principal + owed, 0.0
        for name, figure in zip(rows, (interest + principal, interest, principal, owed), strict=True):
            rows[name].append(figure)
    return {"draw": draw, **rows}


# --- One option ------------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """One option of a study, computed from the demand to the cost of a response."""

    study: Table
    terms: Terms
    option: Table
    options: Mapping[str, Table]
    out: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.way: str = self.option["acquisition"]
        self.is_api = self.way == "api"
        self.is_fixed = not self.is_api and self.option.get("sizing") == "fixed"
        self.workloads: list[Table] = list(self.study.get("workload", []))
        self.responses = [Response.of(each, self.option) for each in self.workloads]
        self.per_system = int(given(self.option, "accelerators_per_system", 1))
        self.per_replica = int(given(self.option, "accelerators_per_replica", 1))
        self.max_utilisation = given(self.option, "max_utilisation", 1.0)
        self.availability = given(self.option, "availability", 1.0)
        self.rental: Table = self.option.get("rental", {})
        self.hourly = self.way == "rental" and given(self.rental, "scaling", "always_on") == "hourly"
        other = self.options.get(given(self.option, "overflow_to", ""))
        self.overflow = [Response.of(each, other) for each in self.workloads] if other else None
        self.overflow_change = given(other.get("api", {}), "price_change") if other else 0.0
        other_w = given(self.option, "system_power_other_w")
        self.load_kw = (given(self.option, "system_power_load_w") + other_w) / 1000
        self.idle_kw = (given(self.option, "system_power_idle_w") + other_w) / 1000
        # Reading: a rental's power is given when its power under load is; owned hardware without one draws nothing.
        self.has_energy = self.way in HELD or (
            self.way == "rental" and self.option.get("system_power_load_w") is not None
        )
        self.pue = self.pue_of()

    def results(self) -> dict[str, Any]:
        """Everything that is told of the option."""
        self.demand()
        self.fleet()
        self.production()
        self.rented()
        self.energy()
        self.purchases_and_sales()
        self.running()
        self.finance()
        self.split()
        self.unit_costs()
        self.idle()
        self.margin()
        return self.out

    # Small helpers

    @property
    def each(self) -> range:
        """The places of the workloads."""
        return range(len(self.workloads))

    def by_year(self, of: Callable[[int], Any]) -> list[Any]:
        """A list by year."""
        return [of(y) for y in self.terms.all]

    def asset(self, name: str) -> Table:
        """The asset class of that name; an empty one where the option does not describe it."""
        return next((row for row in self.option.get("asset", []) if row["name"] == name), {})

    def pue_of(self) -> float:
        """Energy at the meter over IT energy, given or from its parts."""
        if self.option.get("pue") is not None:
            return self.option["pue"]
        through = 1.0
        for part in ("transformer_efficiency", "ups_efficiency", "distribution_efficiency"):
            through *= given(self.option, part, 1.0)
        return 1 / through + given(self.option, "cooling_overhead") + given(self.option, "other_overhead")

    def seconds(self, w: int, y: int) -> tuple[float, float]:
        """Accelerator-seconds of a request, reading and writing."""
        gain = esc(given(self.option, "serving_gain"), y)
        effort = given(self.option, "cache_hit_effort")
        return self.responses[w].prefill_seconds(effort) / gain, self.responses[w].decode_seconds() / gain

    # Demand

    def requests_a_day(self, w: int, y: int) -> float:
        """Requests of a workload on the mean day of a year."""
        asked, growth = given(self.workloads[w], "requests_per_day"), given(self.workloads[w], "demand_growth")
        if not isinstance(asked, Sequence):
            return asked * (1 + growth) ** (y - 1)
        return asked[y - 1] if y <= len(asked) else asked[-1] * (1 + growth) ** (y - len(asked))

    def demand(self) -> None:
        """What is asked, how much of it once in production, and the day it makes."""
        months = given(self.option, "months_to_production")
        self.share = self.by_year(lambda y: min(1.0, max(0.0, (12 * y - months) / 12)))
        self.asked = [self.by_year(lambda y, w=w: self.requests_a_day(w, y) * 365) for w in self.each]
        shapes = {each["name"]: each for each in self.study.get("load_shape", [])}
        loads = [load_of(each, shapes) for each in self.workloads]

        def day(y: int) -> Day:
            return day_of(
                [
                    (
                        self.requests_a_day(w, y) / 86400 * sum(self.seconds(w, y)),
                        given(self.workloads[w], "deferrable_share"),
                        *loads[w],
                    )
                    for w in self.each
                ]
            )

        self.days: list[Day] = [] if self.is_api else self.by_year(day)

    # Fleet

    def required(self, y: int) -> int:
        """Systems wanted in a year."""
        if self.is_fixed:
            return int(self.option["systems"])
        able = self.max_utilisation * self.availability * self.per_replica
        replicas = whole_up(given(self.option, "base_share", 1.0) * self.days[y - 1].peak / able)
        return whole_up(replicas * self.per_replica / self.per_system)

    def fleet(self) -> None:
        """Systems bought, retired and installed."""
        years = self.terms.years
        self.installed, self.bought, self.retired = [0] * years, [0] * years, [0] * years
        if self.way == "rental":
            self.installed = self.by_year(self.required)
        elif not self.is_api:
            self.life = int(self.option["equipment_life"])
            for y in self.terms.all:
                self.retired[y - 1] = self.bought[y - 1 - self.life] if y > self.life else 0
                surviving = (self.installed[y - 2] if y > 1 else 0) - self.retired[y - 1]
                buys = y == 1 or not self.is_fixed or given(self.option, "refresh", True)
                self.bought[y - 1] = max(0, self.required(y) - surviving) if buys else 0
                self.installed[y - 1] = surviving + self.bought[y - 1]
        self.out |= {"installed": self.installed, "purchases": self.bought, "retired": self.retired}

    def accelerators(self, y: int) -> int:
        """Accelerators installed."""
        return self.installed[y - 1] * self.per_system

    def in_life(self, y: int) -> Iterable[tuple[int, int]]:
        """The years in which the systems of a year were bought, and how many then."""
        return ((v, self.bought[v - 1]) for v in range(max(1, y - self.life + 1), min(y, self.terms.years) + 1))

    # Token production

    def deliverable(self) -> tuple[float, float]:
        """IT power that the site can feed, and that it can cool."""
        limits = (self.option.get(name) for name in ("facility_power_kw", "cooling_capacity_kw"))
        feed, cool = (math.inf if limit is None else limit for limit in limits)
        return feed / self.pue, cool

    def production(self) -> None:
        """What is served, where, and what limits it."""
        if self.is_api:
            self.served_by_api()
        else:
            self.served_by_fleet()
        self.total_served = [self.by_year(lambda y, w=w: self.own[w][y - 1] + self.over[w][y - 1]) for w in self.each]
        self.unmet = [
            self.by_year(lambda y, w=w: max(0.0, self.asked[w][y - 1] - self.total_served[w][y - 1])) for w in self.each
        ]
        self.out["served_requests"] = self.by_year(lambda y: sum(row[y - 1] for row in self.total_served))
        self.out["unmet_requests"] = self.by_year(lambda y: sum(row[y - 1] for row in self.unmet))
        self.out["overflow_requests"] = self.by_year(lambda y: sum(row[y - 1] for row in self.over))
        self.out["served_share"] = ratio(sum(self.out["served_requests"]), sum(sum(row) for row in self.asked))
        self.own_out = self.by_year(lambda y: sum(self.own[w][y - 1] * self.responses[w].wrote for w in self.each))
        self.own_in = self.by_year(lambda y: sum(self.own[w][y - 1] * self.responses[w].read for w in self.each))
        self.out["output_tokens"] = self.by_year(lambda y: sum(self.tokens(w, y)[1] for w in self.each))
        self.out["input_tokens"] = self.by_year(lambda y: sum(self.tokens(w, y)[0] for w in self.each))

    def tokens(self, w: int, y: int) -> tuple[float, float]:
        """Tokens of a workload in a year, read and generated, here and where the overflow goes."""
        own, over = self.own[w][y - 1], self.over[w][y - 1]
        there = self.overflow[w] if self.overflow else self.responses[w]
        return own * self.responses[w].read + over * there.read, own * self.responses[w].wrote + over * there.wrote

    def accepted(self, w: int, y: int) -> float:
        """Accepted responses of a workload in a year."""
        there = self.overflow[w] if self.overflow else self.responses[w]
        return self.own[w][y - 1] * self.responses[w].accepted + self.over[w][y - 1] * there.accepted

    def served_by_api(self) -> None:
        """An API serves all that is asked once it is in production."""
        self.own = [self.by_year(lambda y, w=w: self.asked[w][y - 1] * self.share[y - 1]) for w in self.each]
        self.over = [[0.0] * self.terms.years for _ in self.each]
        self.used = [0.0] * self.terms.years
        for name in ("utilisation", "power_share", "peak_served_share", "binding"):
            self.out[name] = [None] * self.terms.years

    def served_by_fleet(self) -> None:
        """A fleet serves hour by hour what it can take; fixed systems all that they can produce."""
        feed, cool = self.deliverable()
        self.power_share = self.by_year(lambda y: self.power_share_of(y, min(feed, cool)))
        capacity = self.by_year(
            lambda y: (
                self.accelerators(y) * self.availability * self.power_share[y - 1] * SECONDS_A_YEAR * self.share[y - 1]
            )
        )
        self.own = [[0.0] * self.terms.years for _ in self.each]
        self.over = [[0.0] * self.terms.years for _ in self.each]
        for y in self.terms.all:
            wanted = sum(self.asked[w][y - 1] * sum(self.seconds(w, y)) for w in self.each)
            if self.is_fixed:
                # Reading: fixed systems serve nothing in a year that asks for nothing: there is no mix to share.
                part = capacity[y - 1] * self.option["utilisation"] / wanted if wanted else 0.0
            else:
                part = self.share[y - 1] * self.taken_share(y)
            for w in self.each:
                self.own[w][y - 1] = self.asked[w][y - 1] * part
                if self.overflow:
                    self.over[w][y - 1] = self.asked[w][y - 1] * (self.share[y - 1] - part)
        self.used = self.by_year(lambda y: sum(self.own[w][y - 1] * sum(self.seconds(w, y)) for w in self.each))
        self.out["utilisation"] = self.by_year(lambda y: ratio(self.used[y - 1], capacity[y - 1]))
        self.out["power_share"] = self.power_share
        self.out["peak_served_share"] = self.by_year(self.peak_served_share)
        self.out["binding"] = self.by_year(lambda y: self.binding(y, feed, cool))
        self.out["taken_share"] = self.by_year(self.taken_share)
        self.out["peak_accelerators"] = self.by_year(lambda y: self.days[y - 1].peak)
        self.out["swell"] = self.by_year(lambda y: self.days[y - 1].swell)

    def power_share_of(self, y: int, deliverable: float) -> float:
        """The share of the fleet's power that the site can deliver."""
        wanted = self.installed[y - 1] * self.load_kw
        return min(1.0, deliverable / wanted) if wanted else 1.0

    def able(self, y: int) -> float:
        """Accelerators that the fleet can keep busy in an hour."""
        return self.accelerators(y) * self.availability * self.power_share[y - 1] * self.max_utilisation

    def taken_share(self, y: int) -> float:
        """Share of the work that finds room in its own hour."""
        day = self.days[y - 1]
        if self.is_fixed or not day.mean:
            return 1.0
        return over_hours(lambda t: min(day.busy_at[t], self.able(y))) / day.mean

    def peak_served_share(self, y: int) -> float:
        """Share of the peak that the fleet can take."""
        meant = given(self.option, "base_share", 1.0) if self.overflow else 1.0
        peak = self.days[y - 1].peak * meant
        return 1.0 if self.is_fixed or not peak else min(1.0, self.able(y) / peak)

    def binding(self, y: int, feed: float, cool: float) -> str:
        """What limits the year's production."""
        if not self.is_fixed and self.peak_served_share(y) >= 1 - 1e-9:
            return "demand"
        if self.power_share[y - 1] < 1 - 1e-9:
            return "power" if feed <= cool else "cooling"
        return "compute"

    # Rental: what is switched on, and what is paid for it

    def online(self, y: int) -> Hours:
        """Accelerators switched on in each hour in production."""
        everything = self.accelerators(y)
        if not self.hourly:
            return [float(everything)] * 48
        full = self.max_utilisation * self.availability
        if self.is_fixed:
            hours = HOURS_A_YEAR * self.share[y - 1]
            return [min(everything, self.used[y - 1] / 3600 / full / hours) if hours else 0.0] * 48
        unit = self.per_system if given(self.rental, "unit", "replica") == "system" else self.per_replica
        day, least = self.days[y - 1], given(self.rental, "minimum_replicas", 1) * self.per_replica
        return [
            float(min(everything, unit * whole_up(max(busy * day.swell / full, least) / unit))) for busy in day.busy_at
        ]

    def rented(self) -> None:
        """Hours paid for and what they cost: commitments by the year they were made, the rest on demand."""
        years = self.terms.years
        self.on: list[Hours] = [] if self.is_api else self.by_year(self.online)
        self.rental_cost, self.paid_hours = [0.0] * years, [0.0] * years
        if self.way != "rental":
            return
        change, term = given(self.rental, "price_change"), int(given(self.rental, "commitment_years", 1))
        made: list[tuple[int, int, float]] = []
        for y in self.terms.all:
            running = [each for each in made if y < each[0] + term]
            wanted = whole_up(given(self.rental, "committed_share") * self.accelerators(y))
            new = max(0, wanted - sum(count for _, count, _ in running))
            commitment = (y, new, given(self.rental, "committed_price") * esc(change, y))
            made.append(commitment)
            self.pay_rental(y, [*running, commitment], change)
        for v, count, price in made:
            left = max(0, v + term - 1 - years)
            self.rental_cost[-1] += given(self.rental, "exit_fee_share") * count * price * HOURS_A_YEAR * left

    def pay_rental(self, y: int, running: Sequence[tuple[int, int, float]], change: Any) -> None:
        """The rent of a year, given the commitments in term (year made, accelerators, price)."""
        hours = HOURS_A_YEAR * self.share[y - 1]
        committed = sum(count for _, count, _ in running)
        rent_an_hour = sum(count * price for _, count, price in running)
        beyond = hours * over_hours(lambda t: max(0.0, self.on[y - 1][t] - committed))
        unused = hours * over_hours(lambda t: max(0.0, committed - self.on[y - 1][t]))
        forgiven = unused * (1 - given(self.rental, "true_up", 1.0)) * (ratio(rent_an_hour, committed) or 0.0)
        on_demand = beyond * given(self.rental, "on_demand_price") * esc(change, y)
        self.rental_cost[y - 1] += hours * rent_an_hour - forgiven + on_demand
        self.paid_hours[y - 1] = hours * committed + beyond

    # Energy

    def it_kw(self, y: int, t: int, times: float = 1.0) -> float:
        """IT power drawn in an hour, at `times` the load."""
        busy = min(self.days[y - 1].busy_at[t] * times, self.able(y))
        idle = self.on[y - 1][t] * self.power_share[y - 1] * self.idle_kw
        return (idle + (self.load_kw - self.idle_kw) * busy) / self.per_system

    def mean_it_kw(self, y: int) -> float | None:
        """IT power drawn, mean of the hours in production; None in a year without."""
        if not self.share[y - 1]:
            return None
        systems_on = over_hours(lambda t: self.on[y - 1][t]) / self.per_system
        busy_systems = self.used[y - 1] / (self.per_system * SECONDS_A_YEAR * self.share[y - 1])
        return systems_on * self.power_share[y - 1] * self.idle_kw + (self.load_kw - self.idle_kw) * busy_systems

    def peak_kw_of(self, y: int) -> float:
        """Highest power at the meter. Reading: also in a year before production, when nothing is drawn yet."""
        if self.is_fixed:
            return self.installed[y - 1] * self.load_kw * self.power_share[y - 1] * self.pue
        return self.pue * max(self.it_kw(y, t, self.days[y - 1].swell) for t in range(48))

    def electricity_price(self, y: int) -> float:
        """Price of a kWh before its escalation: one price, or bands by share or by the hours they cover."""
        bands = self.option.get("tariff", [])
        if not bands:
            return given(self.option, "electricity_price")
        if not any("hours" in band for band in bands):
            return sum(given(band, "share") * given(band, "price") for band in bands)
        drawn = [HOUR_SHARE[t] * (1.0 if self.is_fixed else self.it_kw(y, t)) for t in range(48)]
        covered = [set().union(*(window(text) for text in band["hours"])) for band in bands]
        spent = sum(
            given(band, "price") * sum(drawn[t] for t in hours) for band, hours in zip(bands, covered, strict=True)
        )
        # Where nothing is drawn no price is paid either, whatever it is.
        return spent / sum(drawn) if sum(drawn) else 0.0

    def energy(self) -> None:
        """Physical flows, and what they cost."""
        names = ("it_energy_kwh", "facility_energy_kwh", "source_energy_kwh", "chip_energy_kwh", "average_it_kw")
        names += ("peak_kw", "carbon_t", "water_m3", "carbon_cost")
        money = ("energy_charge", "demand_charge_cost", "electricity", "water_cost")
        self.out |= {name: [None] * self.terms.years for name in names}
        # Reading: what a rental or API price contains is a cost of 0, not a missing one; so are its water and power.
        self.out |= {name: [0.0] * self.terms.years for name in money}
        if not self.has_energy:
            return
        self.physical()
        change = given(self.option, "carbon_price_change", self.terms.inflation)
        price = given(self.option, "carbon_price")
        self.out["carbon_cost"] = self.by_year(lambda y: self.out["carbon_t"][y - 1] * price * esc(change, y))
        if self.way in HELD:
            self.energy_bill()

    def physical(self) -> None:
        """Energy, carbon and water."""
        out = self.out
        out["average_it_kw"] = self.by_year(self.mean_it_kw)
        it = self.by_year(lambda y: (out["average_it_kw"][y - 1] or 0.0) * HOURS_A_YEAR * self.share[y - 1])
        out["it_energy_kwh"] = it
        out["facility_energy_kwh"] = [kwh * self.pue for kwh in it]
        out["source_energy_kwh"] = [kwh * self.pue / given(self.option, "grid_efficiency", 1.0) for kwh in it]
        out["chip_energy_kwh"] = [kwh * given(self.option, "psu_efficiency", 1.0) for kwh in it]
        out["peak_kw"] = self.by_year(self.peak_kw_of)
        intensity, change = given(self.option, "carbon_intensity"), given(self.option, "carbon_intensity_change")
        out["carbon_t"] = self.by_year(lambda y: out["facility_energy_kwh"][y - 1] * intensity / 1000 * esc(change, y))
        out["water_m3"] = [kwh * given(self.option, "wue") / 1000 for kwh in it]

    def energy_bill(self) -> None:
        """Energy, the demand charge and water as they are charged."""
        rise = given(self.option, "electricity_escalation", self.terms.inflation)
        charge = given(self.option, "demand_charge")
        for y in self.terms.all:
            kwh = self.out["facility_energy_kwh"][y - 1]
            self.out["energy_charge"][y - 1] = kwh * self.electricity_price(y) * esc(rise, y)
            months = 12 * self.share[y - 1]
            self.out["demand_charge_cost"][y - 1] = charge * months * self.billed_kw(y) * esc(rise, y)
            self.out["electricity"][y - 1] = self.out["energy_charge"][y - 1] + self.out["demand_charge_cost"][y - 1]
            cubic_metres = self.out["water_m3"][y - 1] * esc(self.terms.inflation, y)
            self.out["water_cost"][y - 1] = cubic_metres * given(self.option, "water_price")

    def billed_kw(self, y: int) -> float:
        """Power that the demand charge counts. Reading: a ratchet remembers only peaks that were drawn, hence of
        years with some production."""
        peaks = self.out["peak_kw"]
        so_far = max((peaks[v - 1] for v in range(1, y + 1) if self.share[v - 1]), default=0.0)
        ratchet, least = given(self.option, "demand_ratchet"), given(self.option, "demand_minimum_kw")
        return max(peaks[y - 1], least, ratchet * so_far)

    # Purchases and sales

    def reference_price(self) -> float:
        """Equipment items of one system by system and by accelerator, in year 1: what a share is taken of."""
        counts = {"per_system": 1, "per_accelerator": self.per_system}
        return sum(given(i, "amount") * counts.get(i["basis"], 0) for i in self.items("equipment"))

    def items(self, asset: str) -> list[Table]:
        """The purchase items of an asset class."""
        return [item for item in self.option.get("capex", []) if item["asset"] == asset]

    def unit_price(self, item: Table) -> float:
        """What an item costs with each system, in year 1; 0 for one that is bought once."""
        counts = {
            "per_system": 1.0,
            "per_accelerator": float(self.per_system),
            "per_kw": self.load_kw,
            "pct_equipment": self.reference_price(),
            "fixed": 0.0,
        }
        return given(item, "amount") * counts[item["basis"]]

    def system_price(self) -> float:
        """All equipment items of one system in year 1."""
        return sum(self.unit_price(item) for item in self.items("equipment"))

    def vintages(self) -> list[Vintage]:
        """Everything that is bought, in the order of the items."""
        found: list[Vintage] = []
        for item in self.option.get("capex", []):
            name = item["asset"]
            if name == "grant" or (name == "equipment" and self.way not in OWNED):
                continue
            asset = self.asset(name)
            change = given(asset, "price_change")
            life = self.life if name == "equipment" else int(asset["life"])
            for y, cost in self.bought_of(item, name, life).items():
                rest = (given(asset, "residual_share"), change, given(asset, "tax_schedule", "straight_line"))
                found.append(Vintage(name, y, cost * esc(change, y), life, *rest))
        return found

    def bought_of(self, item: Table, asset: str, life: int) -> dict[int, float]:
        """What is bought of an item by year, at the prices of year 1, with what replaces it at its life's end."""
        once = given(item, "amount") if item["basis"] == "fixed" else 0.0
        if asset == "equipment" and not once:
            # Systems are replaced as the fleet says, not as an item does.
            return {y: self.bought[y - 1] * self.unit_price(item) for y in self.terms.all}
        rises = self.by_year(lambda y: max(0, self.installed[y - 1] - max(self.installed[: y - 1], default=0)))
        # Reading: a purchase at a share of the equipment price follows its own asset's price change.
        bought = {y: rises[y - 1] * self.unit_price(item) + (once if y == 1 else 0.0) for y in self.terms.all}
        for y in self.terms.all:
            # Reading: what is not replaced when its life ends, for want of service then, is not replaced later.
            if y > life and (self.is_api or self.installed[y - 1] > 0):
                bought[y] += bought[y - life]
        return bought

    def purchases_and_sales(self) -> None:
        """Capex, disposals, and what tax makes of them."""
        years = self.terms.years
        self.vintage_list = self.vintages()
        self.grant = sum(given(item, "amount") for item in self.items("grant"))
        self.capex_by_asset: dict[str, float] = {"equipment": 0.0, "facility": 0.0, "other_assets": 0.0}
        capex, disposals, gain = [0.0] * years, [0.0] * (years + 1), [0.0] * (years + 1)
        capex[0] += self.grant
        for each in self.vintage_list:
            capex[each.year - 1] += each.cost
            key = each.asset if each.asset in self.capex_by_asset else "other_assets"
            self.capex_by_asset[key] += each.cost
            basis_left = each.cost - sum(each.depreciation(y, years) for y in self.terms.all)
            disposals[each.sold(years) - 1] += each.proceeds(years)
            gain[each.sold(years) - 1] += each.proceeds(years) - basis_left
        depreciation = self.by_year(lambda y: sum(each.depreciation(y, years) for each in self.vintage_list))
        self.out |= {"capex": capex, "disposals": disposals, "depreciation": depreciation, "taxable_gain": gain}

    # Running costs

    def installed_value(self, y: int) -> float:
        """Price of the systems installed, each as it was bought: what a yearly share of the equipment price takes."""
        if self.way == "rental":
            return self.installed[y - 1] * self.system_price()
        if self.is_api:
            return 0.0
        change = given(self.asset("equipment"), "price_change")
        return sum(count * esc(change, v) for v, count in self.in_life(y)) * self.system_price()

    def opex_of(self, item: Table, y: int) -> float:
        """An item of running cost in a year."""
        if not given(item, "from_year", 1) <= y <= given(item, "to_year", self.terms.years):
            return 0.0
        systems = self.installed[y - 1]
        counts = {
            "per_year": 1.0,
            "per_system": float(systems),
            "per_accelerator": float(self.accelerators(y)),
            "per_kw_month": systems * self.load_kw * 12,
            "pct_equipment": self.installed_value(y),
            "per_million_tokens": (self.own_in[y - 1] + self.own_out[y - 1]) / 1e6,
            "per_thousand_requests": sum(row[y - 1] for row in self.own) / 1e3,
        }
        flat = item["basis"] == "pct_equipment"
        rise = given(item, "escalation", 0.0 if flat else self.terms.inflation)
        return given(item, "amount") * counts[item["basis"]] * esc(rise, y)

    def running(self) -> None:
        """Every running cost by year, and their sum."""
        out = self.out
        self.opex_rows = [
            (item, self.by_year(lambda y, i=item: self.opex_of(i, y))) for item in self.option.get("opex", [])
        ]
        out["opex"] = self.by_year(lambda y: sum(row[y - 1] for _, row in self.opex_rows))
        out["rental"], out["paid_hours"] = self.rental_cost, self.paid_hours
        self.lease()
        self.api()
        self.overflow_bill()
        self.handling()
        paid_carbon = self.way in HELD and given(self.option, "carbon_price_is_paid", True)
        self.carbon_paid = list(out["carbon_cost"]) if paid_carbon else [0.0] * self.terms.years
        lines = ("electricity", "water_cost", "opex", "rental", "lease", "api", "overflow", "processing", "escalation")
        out["operating"] = self.by_year(lambda y: sum(out[name][y - 1] for name in lines) + self.carbon_paid[y - 1])

    def lease(self) -> None:
        """Lease payments inside the horizon and after it. Reading: only a lease counts as a commitment beyond."""
        out = self.out
        out["lease"], out["commitment_beyond_horizon"] = [0.0] * self.terms.years, 0.0
        if self.way != "lease":
            return
        payment = given(self.option.get("lease", {}), "payment_per_system_month") * 12
        change = given(self.asset("equipment"), "price_change")

        def due(y: int) -> float:
            return sum(count * payment * esc(change, v) for v, count in self.in_life(y))

        out["lease"] = self.by_year(due)
        after = range(self.terms.years + 1, self.terms.years + self.life + 1)
        out["commitment_beyond_horizon"] = sum(due(y) for y in after)

    def api(self) -> None:
        """The API's bill: spend by workload, less what tiers take off, and at least the minimum."""
        table: Table = self.option.get("api", {}) if self.is_api else {}
        self.spend = [(0.0, 0.0) for _ in self.each]
        self.out["api"], self.minimum_adds = [0.0] * self.terms.years, 0.0
        if not self.is_api:
            return
        for y in self.terms.all:
            spend = 0.0
            for w in self.each:
                bill = [
                    self.own[w][y - 1] * each for each in api_request(self.option, self.workloads[w], y, batch=True)
                ]
                spend += sum(bill)
                self.spend[w] = (self.spend[w][0] + bill[0], self.spend[w][1] + bill[1])
            # Reading: the spend that tiers read is what the year would cost without them, batch discount taken off;
            # the minimum is compared with what is left after the tiers.
            off = sum(
                given(tier, "further_discount") * max(0.0, spend - given(tier, "from_spend"))
                for tier in self.option.get("tier", [])
            )
            least = given(table, "minimum_commitment") * self.share[y - 1]
            self.out["api"][y - 1] = max(spend - off, least)
            self.minimum_adds += max(0.0, least - (spend - off))

    def overflow_bill(self) -> None:
        """What the overflow costs where it goes, by workload and year, reading and writing."""
        self.over_bill = [[(0.0, 0.0)] * self.terms.years for _ in self.each]
        if self.overflow:
            for w in self.each:
                reading, writing = self.overflow[w].api_prices()
                for y in self.terms.all:
                    count = self.over[w][y - 1] * esc(self.overflow_change, y)
                    self.over_bill[w][y - 1] = (count * reading, count * writing)
        self.out["overflow"] = self.by_year(lambda y: sum(sum(row[y - 1]) for row in self.over_bill))

    def handling(self) -> None:
        """Processing, and what people handle, by workload."""

        def processing(w: int, y: int) -> float:
            return self.total_served[w][y - 1] * processing_price(self.workloads[w], self.terms.inflation, y)

        def escalation(w: int, y: int) -> float:
            there = self.overflow[w] if self.overflow else self.responses[w]
            failed = self.own[w][y - 1] * self.responses[w].failed + self.over[w][y - 1] * there.failed
            return failed * given(self.workloads[w], "escalation_cost") * esc(self.terms.inflation, y)

        self.processing = [self.by_year(lambda y, w=w: processing(w, y)) for w in self.each]
        self.escalation = [self.by_year(lambda y, w=w: escalation(w, y)) for w in self.each]
        self.out["processing"] = self.by_year(lambda y: sum(row[y - 1] for row in self.processing))
        self.out["escalation"] = self.by_year(lambda y: sum(row[y - 1] for row in self.escalation))

    # Finance

    def finance(self) -> None:
        """Costs over the life, today's worth, tax, the loan, the cost tree."""
        out, terms = self.out, self.terms
        sold = [*out["disposals"][:-2], out["disposals"][-2] + out["disposals"][-1]]
        out["cash_cost"] = self.by_year(lambda y: out["capex"][y - 1] + out["operating"][y - 1] - sold[y - 1])
        out["lifetime_cost"] = sum(out["cash_cost"])
        out["pv_cost"] = terms.pv_starts(out["capex"]) + terms.pv(out["operating"]) - terms.pv_starts(out["disposals"])
        out["equivalent_annual_cost"] = out["pv_cost"] / annuity(terms.rate, terms.years)
        out["pv_after_tax_cost"] = self.pv_after_tax()
        out["loan"] = None
        if self.way in OWNED and "loan" in self.option:
            out["loan"] = loan_of(self.option["loan"], out["capex"][0], terms.years)
        out["cost_tree"] = self.cost_tree()
        # Added up without them: taken from the whole, what is small beside them would be lost.
        beside = ("processing", "escalation")
        out["infrastructure_cost"] = sum(part for kind, part in out["cost_tree"].items() if kind not in beside)
        self.interim()

    def pv_after_tax(self) -> float:
        """Today's worth of the flows after tax: a grant is income of year 1, depreciation falls with running flows."""
        out, terms, tax = self.out, self.terms, self.terms.tax
        grant_taxed = [-self.grant] + [0.0] * (terms.years - 1)
        running = self.by_year(
            lambda y: out["operating"][y - 1] * (1 - tax) - tax * out["depreciation"][y - 1] + tax * grant_taxed[y - 1]
        )
        sales = [sold - tax * gain for sold, gain in zip(out["disposals"], out["taxable_gain"], strict=True)]
        return terms.pv_starts(out["capex"]) + terms.pv(running) - terms.pv_starts(sales)

    def cost_tree(self) -> dict[str, float]:
        """The lifetime cost by what it is for."""
        out = self.out
        tree = {**self.capex_by_asset, "grant": self.grant, "carbon": sum(self.carbon_paid)}
        tree |= {"energy_charge": sum(out["energy_charge"]), "demand_charge": sum(out["demand_charge_cost"])}
        tree |= {"water": sum(out["water_cost"]), "disposals": -sum(out["disposals"]), "other_opex": 0.0}
        tree |= {name: sum(out[name]) for name in ("rental", "lease", "api", "overflow", "processing", "escalation")}
        tree |= dict.fromkeys(OPEX_KEYS, 0.0)
        for item, row in self.opex_rows:
            category = given(item, "category", "other")
            tree[category if category in OPEX_KEYS else "other_opex"] += sum(row)
        return tree

    def interim(self) -> None:
        """What the unmet work costs elsewhere, and the figures that compare options doing the same work."""
        out, terms, head = self.out, self.terms, self.study["study"]
        source = self.options.get(given(head, "interim_from", ""))
        there = [Response.of(each, source or {}) for each in self.workloads]
        has_price = source is not None or head.get("interim_price") is not None

        def price(w: int, y: int) -> float:
            if source is None:
                return given(head, "interim_price") * esc(terms.inflation, y)
            failed = there[w].failed * given(self.workloads[w], "escalation_cost")
            request = sum(api_request(source, self.workloads[w], y, batch=True))
            return request + processing_price(self.workloads[w], terms.inflation, y) + failed * esc(terms.inflation, y)

        elsewhere = self.by_year(lambda y: sum(self.unmet[w][y - 1] * price(w, y) for w in self.each))
        # Reading: without a price for unmet work its cost is not known, and what is compared is pv_cost alone.
        out["interim_cost"] = elsewhere if has_price else [None] * terms.years
        out["comparison_pv_cost"] = out["pv_cost"] + (terms.pv(elsewhere) if has_price else 0.0)
        own = self.by_year(lambda y: sum(self.accepted(w, y) for w in self.each))
        theirs = self.by_year(lambda y: sum(self.unmet[w][y - 1] * there[w].accepted for w in self.each))
        same_work = [a + b for a, b in zip(own, theirs, strict=True)] if has_price else own
        out["levelised_cost_per_meaningful_response"] = ratio(out["pv_cost"], terms.pv(own))
        out["comparison_cost_per_meaningful_response"] = ratio(out["comparison_pv_cost"], terms.pv(same_work))
        plain = out["lifetime_cost"] + (sum(elsewhere) if has_price else 0.0)
        out["comparison_undiscounted_cost"] = ratio(plain, sum(same_work))

    # Who the cost belongs to

    def split(self) -> None:
        """The infrastructure cost by workload, and between reading and writing."""
        years = self.terms.all
        if self.is_api:
            weights = self.spend
        else:
            weights = [
                (
                    sum(self.own[w][y - 1] * self.seconds(w, y)[0] for y in years),
                    sum(self.own[w][y - 1] * self.seconds(w, y)[1] for y in years),
                )
                for w in self.each
            ]
        all_weight = sum(sum(each) for each in weights)
        own_cost = self.out["infrastructure_cost"] - sum(self.out["overflow"])
        self.work_share = [ratio(sum(each), all_weight) for each in weights]
        self.out["workloads"] = {}
        for w in self.each:
            share = self.work_share[w]
            over = sum(sum(pair) for pair in self.over_bill[w])
            cost = None if share is None else own_cost * share + over
            self.out["workloads"][self.workloads[w]["name"]] = self.workload_results(w, share, cost)
        # Reading: a workload reads tokens if it reads any here over the life.
        blended = any(r.blended and r.read * sum(self.own[w]) > 0 for w, r in enumerate(self.responses))
        for name, side, tokens in (("input", 0, "input_tokens"), ("generated", 1, "output_tokens")):
            part = ratio(sum(each[side] for each in weights), all_weight)
            over = sum(pair[side] for row in self.over_bill for pair in row)
            cost = None if part is None or (blended and not self.is_api) else own_cost * part + over
            self.out[f"cost_per_million_{name}_tokens"] = ratio(cost, sum(self.out[tokens]), 1e6)

    def workload_results(self, w: int, share: float | None, cost: float | None) -> dict[str, Any]:
        """One row of the table of workloads. Reading: attempts and acceptance are the option's own, and the cost share
        is the one that its own cost is allocated by, overflow aside."""
        years = self.terms.all
        accepted, served = sum(self.accepted(w, y) for y in years), sum(self.total_served[w])
        read, wrote = (sum(self.tokens(w, y)[side] for y in years) for side in (0, 1))
        full = None if cost is None else cost + sum(self.processing[w]) + sum(self.escalation[w])
        return {
            "attempts": self.responses[w].attempts,
            "accepted_share": self.responses[w].accepted,
            "cost_share": share,
            "infrastructure_cost": cost,
            "served_requests": served,
            "meaningful_responses": accepted,
            "output_tokens": wrote,
            "input_tokens": read,
            "cost_per_million_output_tokens": ratio(cost, wrote, 1e6),
            "cost_per_meaningful_response": ratio(full, accepted),
            "cost_per_request": ratio(full, served),
            "joules_per_meaningful_response": self.joules(w, share),
        }

    def joules(self, w: int, share: float | None) -> float | None:
        """Energy at the meter of an accepted response of a workload, its processing included."""
        if not self.has_energy or share is None:
            return None
        own_accepted = sum(self.own[w]) * self.responses[w].accepted
        return ratio(
            sum(self.out["facility_energy_kwh"]) * JOULES_A_KWH * share + self.processing_joules(w), own_accepted
        )

    def processing_joules(self, w: int) -> float:
        """Energy of processing the requests of a workload that are served here."""
        each = self.workloads[w]
        return sum(self.own[w]) * given(each, "processing_tokens") * given(each, "processing_joules_per_token")

    # Unit costs

    def unit_costs(self) -> None:
        """Cost per token, per response, per hour, and the energy ratios."""
        out, terms = self.out, self.terms
        infrastructure = out["infrastructure_cost"]
        wrote, read = sum(out["output_tokens"]), sum(out["input_tokens"])
        accepted = sum(each["meaningful_responses"] for each in out["workloads"].values())
        out |= {"lifetime_output_tokens": wrote, "lifetime_input_tokens": read, "meaningful_responses": accepted}
        out["lifetime_cost_per_million_output_tokens"] = ratio(infrastructure, wrote, 1e6)
        out["lifetime_cost_per_million_tokens"] = ratio(infrastructure, wrote + read, 1e6)
        out["cost_per_meaningful_response"] = ratio(out["lifetime_cost"], accepted)
        out["cost_per_request"] = ratio(out["lifetime_cost"], sum(out["served_requests"]))
        out["tokens_per_dollar"] = ratio(wrote, infrastructure)
        installed_hours = sum(self.accelerators(y) * HOURS_A_YEAR * self.share[y - 1] for y in terms.all)
        hours = sum(self.paid_hours) if self.way == "rental" else installed_hours
        out["cost_per_accelerator_hour"] = ratio(infrastructure - sum(out["overflow"]), hours)
        self.levelised()
        self.energy_ratios()

    def levelised(self) -> None:
        """Today's cost over today's worth of the tokens."""
        out, terms = self.out, self.terms
        handling = terms.pv(out["processing"]) + terms.pv(out["escalation"])
        tokens = terms.pv(out["output_tokens"])
        before_tax = out["pv_cost"] - handling
        after_tax = out["pv_after_tax_cost"] - handling * (1 - terms.tax)
        growth = (1 + terms.rate) / (1 + terms.inflation)
        real = sum(out["output_tokens"][y - 1] * growth ** -terms.moment(y) for y in terms.all)
        out["levelised_cost_per_million_output_tokens"] = ratio(before_tax, tokens, 1e6)
        out["levelised_after_tax"] = ratio(after_tax / (1 - terms.tax), tokens, 1e6)
        out["levelised_real"] = ratio(before_tax, real, 1e6)

    def energy_ratios(self) -> None:
        """Energy, carbon and water per token made here and per accepted response of it."""
        out, tokens = self.out, sum(self.own_out)

        def life(name: str) -> float | None:
            return sum(out[name]) if self.has_energy else None

        facility = life("facility_energy_kwh")
        out["joules_per_output_token_it"] = ratio(life("it_energy_kwh"), tokens, JOULES_A_KWH)
        out["joules_per_output_token_facility"] = ratio(facility, tokens, JOULES_A_KWH)
        out["output_tokens_per_kwh"] = ratio(tokens, facility)
        # Reading: a rental has no energy bill, so no energy cost of a token either.
        bill = sum(out["electricity"]) if self.way in HELD else None
        out["energy_cost_per_million_output_tokens"] = ratio(bill, tokens, 1e6)
        out["carbon_g_per_thousand_output_tokens"] = ratio(life("carbon_t"), tokens, 1e6 * 1e3)
        out["water_l_per_thousand_output_tokens"] = ratio(life("water_m3"), tokens, 1e3 * 1e3)
        accepted = sum(sum(self.own[w]) * self.responses[w].accepted for w in self.each)
        processing = sum(self.processing_joules(w) for w in self.each)
        joules = None if facility is None else facility * JOULES_A_KWH + processing
        out["joules_per_meaningful_response"] = ratio(joules, accepted)
        out["tokens_per_second_per_mw"] = self.tokens_per_second_per_mw()

    def tokens_per_second_per_mw(self) -> float | None:
        """Tokens per second of one system at full load with the mix of year 1, over its power at the meter."""
        if not self.has_energy:
            return None
        made = sum(self.asked[w][0] * self.responses[w].wrote for w in self.each)
        taken = sum(self.asked[w][0] * sum(self.seconds(w, 1)) for w in self.each)
        return ratio(ratio(made, taken, self.per_system), self.load_kw * self.pue / 1000)

    # What stands idle, and what is earned

    def idle(self) -> None:
        """What is paid for capacity that does no work."""
        out = self.out
        if self.is_api:
            out["idle_cost"] = self.minimum_adds
            return
        standing = sum(out["capex"]) - self.grant - sum(out["disposals"]) + sum(out["lease"])
        standing += sum(out["demand_charge_cost"])
        for item, row in self.opex_rows:
            if item["basis"] in STANDING_BASES and given(item, "category", "other") != "credit":
                standing += sum(row)
        if self.way == "rental":
            standing += sum(out["rental"])
            working = ratio(sum(self.used) / 3600, sum(self.paid_hours))
        else:
            working = ratio(sum(self.used), sum(self.accelerators(y) * SECONDS_A_YEAR for y in self.terms.all))
        out["idle_cost"] = None if working is None else max(0.0, standing * (1 - working))

    def margin(self) -> None:
        """What accepted responses earn beyond what they cost, where any is worth something."""
        out, terms = self.out, self.terms
        names = ("margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax", "margin_irr")
        out |= dict.fromkeys(names) | {"revenue": [None] * terms.years}
        if not any(each.get("value_per_response") is not None for each in self.workloads):
            return
        values = [given(each, "value_per_response") for each in self.workloads]
        revenue = self.by_year(lambda y: sum(self.accepted(w, y) * values[w] for w in self.each))
        out["revenue"] = revenue
        out["margin"] = sum(revenue) - out["lifetime_cost"]
        out["margin_on_revenue"] = ratio(out["margin"], sum(revenue))
        out["margin_on_cost"] = ratio(out["margin"], out["lifetime_cost"])
        out["margin_npv"] = terms.pv(revenue) - out["pv_cost"]
        out["margin_npv_after_tax"] = terms.pv(revenue) * (1 - terms.tax) - out["pv_after_tax_cost"]
        flows = [(start, -flow) for start, flow in enumerate(out["capex"])]
        flows += list(enumerate(out["disposals"]))
        flows += [(terms.moment(y), revenue[y - 1] - out["operating"][y - 1]) for y in terms.all]
        out["margin_irr"] = rates_of_return(flows)


def api_request(option: Table, workload: Table, y: int, *, batch: bool) -> tuple[float, float]:
    """What reading and writing a request cost at an API in a year, tries included, with or without its batch price."""
    api: Table = option.get("api", {})
    share = given(api, "batch_share", given(workload, "deferrable_share")) if batch else 0.0
    factor = (1 - share * given(api, "batch_discount")) * esc(given(api, "price_change"), y)
    reading, writing = Response.of(workload, option).api_prices()
    return reading * factor, writing * factor


def processing_price(workload: Table, inflation: float, y: int) -> float:
    """What pre- and post-processing of a request costs in a year."""
    return given(workload, "processing_tokens") * given(workload, "processing_price") / 1e6 * esc(inflation, y)


def rates_of_return(flows: Iterable[tuple[float, float]]) -> list[float]:
    """Every rate between -0.99 and 100 at which dated flows are worth nothing today, found by scanning for changes of
    sign and halving; two roots closer than a step of the scan are missed."""
    halves: dict[int, float] = {}
    for moment, flow in flows:
        halves[round(2 * moment)] = halves.get(round(2 * moment), 0.0) + flow
    amounts = [halves.get(n, 0.0) for n in range(max(halves) + 1)]

    def worth(log_growth: float) -> float:
        discount, total = math.exp(-log_growth / 2), 0.0
        for amount in reversed(amounts):
            total = total * discount + amount
        return total

    first, last, steps = math.log(0.01), math.log(101), 400
    places = [first + (last - first) * n / steps for n in range(steps + 1)]
    found: list[float] = []
    for low, high in itertools.pairwise(places):
        if worth(low) * worth(high) < 0:
            rising = worth(high) > 0
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (low, middle) if (worth(middle) > 0) == rising else (middle, high)
            found.append(math.expm1(low))
    return found
