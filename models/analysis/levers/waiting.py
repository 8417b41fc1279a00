"""Wait or buy now: the same demand on hardware bought now, in one year, in two; and the trends that waiting bets on.

Owned and leased hardware is paid from the start of the horizon (months to production delay the work, not the payment),
so a purchase k years later is not an input of the model. It is a run of another study, the one that somebody would set
up k years from now (`later`): its horizon is the N - k years that are left, its demand, prices and price levels are
those of model year k + 1, its hardware costs (1 + price trend)^k of today's price and draws 1/(1 + energy trend)^k of
the power for the same work. What that study costs lies k years ahead:

    cost(k) = sum over y = 1..k of requests asked[y] x interim price x (1 + inflation)^(y-1) x running-flow factor[y]
              + (1 + r)^-k x comparison_pv_cost(study later by k years)

Years 1 to k go to the fallback, at its price; so are the months before production of the later study, in its
own comparison_pv_cost. cost(0) is the comparison_pv_cost of the study itself. Every k covers the same N years and the
same requests. Hardware bought later is younger at the end of the horizon, and its resale counts.

Before tax. The trend is the price of hardware of equal performance, new generations included; growth of the fleet and
resale keep the option's own `price_change`. A longer life, a better model or cheaper requests elsewhere are not in it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.catalogue.fill import Catalogue
from models.catalogue.rows import Entry
from models.engine.constants import MONTHS_PER_YEAR
from models.notation import writer
from models.run.gather import links
from models.run.model import MODEL, OptionResult
from models.studies.inputs import schema
from models.studies.inputs.field import ENERGY_EFFICIENCY, HARDWARE_PRICE
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.prices import unmet_is_priced
from models.studies.study import Option, Row, Study

LONGEST_WAIT = 2
# A gap this small against the costs compared is a tie.
TIE = 1e-9


@dataclass(frozen=True)
class Trends:
    """Yearly changes that waiting bets on: of the price of hardware for the same work, and of work per joule."""

    price: float
    efficiency: float

    def price_factor(self, years: float) -> float:
        """The price of the same performance after so many years, as a multiple of today's."""
        return (1 + self.price) ** years

    def power_factor(self, years: float) -> float:
        """The power for the same work after so many years, as a multiple of today's."""
        return (1 + self.efficiency) ** -years


@dataclass(frozen=True)
class Start:
    """The hardware bought after `years`: its factors on price and power, and what the whole horizon then costs.

    `own` and `interim` are present values in money and add up to `total`; `joules` is energy per meaningful response
    of the hardware, at the meter. `break_even` is the yearly price trend at which it ties with buying now (-0.12:
    prices falling 12% a year); None where it is bought at once, or where no price, not even nothing, makes it tie.
    """

    years: int
    price_factor: float
    power_factor: float
    own: float
    interim: float
    total: float
    joules: float | None
    break_even: float | None


@dataclass(frozen=True)
class Waiting:
    """Buying now and later, by years waited; the cheapest (ties go to the earlier); and what to know about it.

    `never` is the present value of serving every request of the horizon elsewhere: where it is lower still, waiting
    wins because elsewhere is cheap, not because hardware gets cheaper.
    """

    option: str
    starts: tuple[Start, ...]
    best: int
    never: float
    notes: tuple[str, ...]


def trends(catalogue: Catalogue) -> Trends:
    """The catalogue's trends that may be assumed; history (what tokens of one quality cost) never is one of them."""
    usable = {row.text("trend"): row for row in catalogue.find("trends", use="default")}
    return Trends(usable[HARDWARE_PRICE].needed("yearly_change"), usable[ENERGY_EFFICIENCY].needed("yearly_change"))


def history(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Trends to know of, and not to extrapolate."""
    return tuple(catalogue.find("trends", use="history"))


def wait_or_buy(study: Study, option: str, expected: Trends) -> Waiting:
    """What buying the option's hardware now, in one year, ... in `LONGEST_WAIT` years costs over the same horizon.

    Waits that leave no time to produce are left out. Raises StudyError for an unknown option, for one that buys and
    leases nothing, for a fixed fleet (it would not do the same work), without an interim price, and for a trend at
    which prices or power vanish.
    """
    base = study.option(option)
    _check(study, base, expected)
    now = MODEL.run_option(study, base)
    starts = [_start(now, 0, expected)]
    for years in range(1, LONGEST_WAIT + 1):
        if _leaves_time(study, base, years):
            starts.append(_start(now, years, expected, starts[0].total))
    best = min(starts, key=lambda start: (round(start.total / abs(starts[0].total or 1), 9), start.years))
    never = _interim(now, len(now.values["flow_factor"]))
    notes = [*_notes(study, base, expected)]
    if len(starts) <= LONGEST_WAIT:
        notes.append(f"A wait of {len(starts)} years leaves no time to produce inside the horizon.")
    if never < best.total:
        notes.append("Never buying, with the fallback for the whole period, costs less than any of these.")
    return Waiting(option, tuple(starts), best.years, never, tuple(notes))


def _check(study: Study, option: Option, expected: Trends) -> None:
    def refuse(place: str, message: str) -> None:
        raise StudyError([Problem(place, None, message)])

    place = joined("option", option.name)
    if option.acquisition not in schema.HELD:
        refuse(f"{place}/acquisition", f'is "{option.acquisition}": nothing is bought or leased that could wait')
    if option.sizing == "fixed":
        refuse(f"{place}/sizing", "is fixed: systems bought later would do other work; size it for the demand")
    if not unmet_is_priced(study):
        message = (
            "is missing: until the purchase, requests go to a fallback; give its price, or the API option that it is"
        )
        refuse("study/interim_price", message)
    for name, trend in (("price", expected.price), ("efficiency", expected.efficiency)):
        if not (math.isfinite(trend) and trend > -1):
            refuse(
                f"trend of {name}",
                f"is {writer.as_typed(trend)}: give a yearly change above -1, such as -0.3 for 30% less",
            )


def _leaves_time(study: Study, option: Option, years: int) -> bool:
    left = study.horizon - years
    return left >= 1 and option.fields.number("months_to_production") < MONTHS_PER_YEAR * left


def _start(now: OptionResult, years: int, expected: Trends, against: float | None = None) -> Start:
    """One start; `against` is the cost of buying now, for the break-even."""
    price, power = expected.price_factor(years), expected.power_factor(years)
    own, joules = _own(now, years, price, power)
    interim = _interim(now, years)
    tie = None if against is None else _break_even(now, years, power, interim, against, (price, own))
    return Start(years, price, power, own, interim, own + interim, joules, tie)


def _own(now: OptionResult, years: int, price: float, power: float) -> tuple[float, float | None]:
    """Present value, today, of the study later by so many years, and its energy per meaningful response."""
    moved = later(now.study, now.name, years, price, power)
    result = MODEL.run_option(moved, moved.option(now.name))
    factor = (1 + now.study.discount_rate) ** -years
    return factor * result.values["comparison_pv_cost"], result.number("joules_per_meaningful_response")


def _interim(now: OptionResult, years: int) -> float:
    """Present value of serving the first years' requests elsewhere."""
    raw = now.values
    workloads = zip(raw["requests_asked"], raw["interim_unit_price"], strict=True)
    return math.fsum(asked[y] * price[y] * raw["flow_factor"][y] for asked, price in workloads for y in range(years))


def _break_even(
    now: OptionResult, years: int, power: float, interim: float, against: float, known: tuple[float, float]
) -> float | None:
    """The yearly price trend at which waiting costs as much as buying now.

    Purchases, their shares and their resale are proportional to the price, and no decision depends on it: the cost is
    a straight line in the price factor, and two points of it are enough.
    """
    price, own = known
    other = price / 2
    slope = (own - _own(now, years, other, power)[0]) / (price - other)
    if abs(slope) <= TIE * abs(against):
        return None
    factor = price + (against - interim - own) / slope
    return factor ** (1 / years) - 1 if factor > 0 else None


# ------------------------------------------------------------------------------------------------ the study, later


def later(study: Study, option: str, years: int, price: float = 1.0, power: float = 1.0) -> Study:
    """The study as it would be set up so many years from now, with one option, on hardware of that price and power.

    Demand and price levels are those of that year; `price` multiplies what equipment and its lease cost, `power` what a
    system draws. Its results are in money of that date. Years of an opex item (from_year, to_year) count from the
    purchase. Raises StudyError for an unknown option.
    """
    base = study.option(option)
    fields = study.fields
    moved = fields.replaced("horizon_years", _with(fields["horizon_years"], fields.number("horizon_years") - years))
    if not fields["start_year"].blank:
        moved = moved.replaced("start_year", _with(fields["start_year"], fields.number("start_year") + years))
    moved = moved.replaced("reference_option", Value(None, set_by="default"))
    inflation = fields.number("inflation")
    levels = {**_levels(fields, inflation, years), HARDWARE_PRICE: price, ENERGY_EFFICIENCY: power}
    return dataclasses.replace(
        study,
        fields=_moved(moved, levels),
        workloads=tuple(
            _moved(_shifted(row, years), levels | _levels(row, inflation, years)) for row in study.workloads
        ),
        options=(
            _later_option(base, inflation, years, levels | _levels(base.fields, inflation, years)),
            *(_later_api(study.option(name), years) for name in sorted({*links(study, base).values()} - {option})),
        ),
    )


def _later_api(option: Option, years: int) -> Option:
    """An API that takes work, at its prices of then."""
    if option.api is None:
        return option
    prices = [entry.name for entry in schema.fields("api") if entry.name.startswith("price_") and entry.unit != "1/yr"]
    level = _levels(option.api, 0.0, years)["price_change"]
    serving = tuple(_all_scaled(row, prices, level) for row in option.serving)
    return dataclasses.replace(option, api=_all_scaled(_shifted(option.api, years), prices, level), serving=serving)


def _all_scaled(row: Row, names: Iterable[str], factor: float) -> Row:
    for name in names:
        row = _scaled(row, name, factor)
    return row


def _shifted(row: Row, years: int) -> Row:
    """The row with its lists by year begun so many years later: multipliers count from then, requests grow on."""
    for entry in schema.fields(row.table):
        listed = row.listed(entry.name)
        if not listed or entry.said_as == "tries":
            continue
        rest = listed[years:] or listed[-1:]
        if entry.unit == "1/yr":
            rest = tuple(each / rest[0] for each in rest)
        elif years >= len(listed):
            rest = (listed[-1] * (1 + row.number("demand_growth")) ** (years - len(listed) + 1),)
        row = row.replaced(entry.name, dataclasses.replace(row[entry.name], value=rest, low=None, high=None))
    return row


def _with(old: Value, number: float) -> Value:
    return dataclasses.replace(old, value=int(number))


def _scaled(row: Row, name: str, factor: float) -> Row:
    """The row with one number multiplied; a blank stays blank."""
    old = row[name]
    if old.blank or factor == 1 or row.listed(name):
        return row
    return row.replaced(name, dataclasses.replace(old, value=row.number(name) * factor, low=None, high=None))


def _levels(row: Row, inflation: float, years: int) -> dict[str, float]:
    """What each yearly change of a row comes to after the wait, by its name; inflation where it is blank."""
    changes = [entry.name for entry in schema.fields(row.table) if entry.unit == "1/yr"]
    listed = {name: row.listed(name) for name in changes}
    return {
        name: listed[name][min(years, len(listed[name]) - 1)]
        if listed[name]
        else (1 + (inflation if row[name].blank else row.number(name))) ** years
        for name in changes
    }


def _moved(row: Row, levels: Mapping[str, float]) -> Row:
    """The row with every input at the level of what it moves by."""
    for entry in schema.fields(row.table):
        if entry.moved_by:
            row = _scaled(row, entry.name, levels[entry.moved_by])
    return row


def _later_option(option: Option, inflation: float, years: int, levels: Mapping[str, float]) -> Option:
    """Amounts of items move by their own rules, everything else by what its field names."""
    price = levels[HARDWARE_PRICE]
    return dataclasses.replace(
        option,
        fields=_moved(_shifted(option.fields, years), levels),
        serving=tuple(_moved(row, levels) for row in option.serving),
        capex=tuple(_scaled(row, "amount", _capex_factor(option, row, years, price)) for row in option.capex),
        opex=tuple(_scaled(row, "amount", _opex_factor(row, inflation, years)) for row in option.opex),
        tariffs=tuple(_moved(row, levels) for row in option.tariffs),
        lease=option.lease and _moved(option.lease, levels),
    )


def _capex_factor(option: Option, item: Row, years: int, price: float) -> float:
    """Equipment follows the trend, other assets their own price change; a share of the equipment price, its price."""
    if item.text("basis") == "pct_equipment":
        return 1.0
    if item.text("asset") == "equipment":
        return price
    asset = option.asset(item.text("asset"))
    return 1.0 if asset is None else (1 + asset.number("price_change")) ** years


def _opex_factor(item: Row, inflation: float, years: int) -> float:
    if not item["escalation"].blank:
        return (1 + item.number("escalation")) ** years
    return 1.0 if item.text("basis") == "pct_equipment" else (1 + inflation) ** years


# ------------------------------------------------------------------------------------------------- what to know of it


def _notes(study: Study, option: Option, expected: Trends) -> Iterator[str]:
    asset = option.asset("equipment")
    change = 0.0 if asset is None else asset.number("price_change")
    if change != expected.price:
        yield (
            f"The option lets the price of the same system change by {writer.change(change)} p.a., the trend by "
            f"{writer.change(expected.price)} for the same work: growth of the fleet and resale keep the first."
        )
    if option.fields["system_power_load_w"].blank:
        yield "The option gives no power, so better energy efficiency saves nothing here."
    if study.fields.text("interim_from"):
        yield f"Until the purchase requests go to “{study.fields.text('interim_from')}” at its prices."
        return
    price = study.fields.number("interim_price")
    yield (
        "Until the purchase 1,000 requests cost the fallback price, "
        f"{writer.money(1000 * price, study.currency)}, rising with inflation."
    )
