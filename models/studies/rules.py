"""What a study may not combine (refused) and what is doubtful (flagged), beyond the bounds of a single input.

Each rule is one small function that yields the places of what it finds; declaring it gives the kind of problem, what
is wrong and what to do about it, and registers it. Inputs within their own bounds are taken as given here; a number
that could not be read is a nan, about which no rule finds anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from models.notation import writer
from models.studies.inputs import schema, week
from models.studies.inputs.paths import is_within, joined, keys, parted
from models.studies.inputs.problem import Amount, Inputs, Problem, ProblemKind
from models.studies.inputs.schema import HARDWARE, HELD
from models.studies.inputs.spelling import did_you_mean, nearest, nearest_hint
from models.studies.inputs.value import Value
from models.studies.prices import missing_prices
from models.studies.ranges import defensible_range, has_stated_range
from models.studies.study import EQUIPMENT, Option, Place, Row, Study, effective, generated_tokens, option_paths

SHARE_TOLERANCE = 1e-9
SHAPE_TOLERANCE = 1.5


@dataclass(frozen=True)
class Case:
    """An option in its study, the path that leads to it, and its position."""

    study: Study
    option: Option
    path: str
    position: int

    @property
    def horizon(self) -> float:
        return self.study.horizon

    @property
    def has_hardware(self) -> bool:
        return self.option.acquisition in HARDWARE

    def at(self, name: str) -> str:
        """The path of one of the option's own inputs or tables."""
        return f"{self.path}/{name}"

    def rows(self, table: str) -> tuple[Place, ...]:
        """The rows of one of the option's tables."""
        return self.study.rows(table, self.position)

    def served(self) -> Iterator[tuple[str, Row, Row | None]]:
        """Each workload with the option's serving rates for it, and the path those rates have or should have."""
        for workload in self.study.workloads:
            name = workload.text("name")
            yield f"{self.path}/{joined('serving', name)}", workload, self.option.serving_for(name)


class Found(NamedTuple):
    """Where a rule finds something, the value that stands there, and what the words for it need."""

    path: str
    value: Any
    fields: Mapping[str, Any]


def found(path: str, value: Any = None, /, **fields: Any) -> Found:
    return Found(path, value, fields)


@dataclass(frozen=True)
class Rule:
    """One rule: the kind of problem, what finds it in a study or an option, and whether it is refused or flagged."""

    kind: ProblemKind
    find: Callable[[Any], Iterator[Found]]
    of_option: bool
    refuses: bool

    def problems(self, subject: Study | Case) -> Iterator[Problem]:
        return (Problem(each.path, each.value, self.kind, each.fields) for each in self.find(subject))


RULES: list[Rule] = []
Find = Callable[[Any], Iterator[Found]]


def _declares(*, of_option: bool, refuses: bool) -> Callable[..., Callable[[Find], Find]]:
    def declared(fault: str, remedy: str, **rest: str) -> Callable[[Find], Find]:
        def registered(find: Find) -> Find:
            RULES.append(Rule(ProblemKind(find.__name__, fault, remedy, **rest), find, of_option, refuses))
            return find

        return registered

    return declared


# Each registers a rule with what is wrong and what to do about it: refused cannot be computed, flagged is doubtful.
study_refused = _declares(of_option=False, refuses=True)
study_flagged = _declares(of_option=False, refuses=False)
refused = _declares(of_option=True, refuses=True)
flagged = _declares(of_option=True, refuses=False)


def refusals(study: Study) -> list[Problem]:
    """Every refusal of a study."""
    return [problem for rule, subject in _asked(study) if rule.refuses for problem in rule.problems(subject)]


def refusing(study: Study, asked: Sequence[Rule] = RULES) -> Iterator[Rule]:
    """The rules, of those `asked`, that refuse a study; one that refuses several of its options comes as often."""
    return (rule for rule, subject in _asked(study, asked) if rule.refuses and any(True for _ in rule.find(subject)))


def examine(study: Study, told: Sequence[Problem] = ()) -> tuple[list[Problem], list[Problem]]:
    """Every refusal and every flag of a study, but none at or above the place of what is `told` already.

    What could not be read stands as blank, or a table lacks it: a rule that speaks of it would only repeat the fault.
    """
    every: dict[bool, list[Problem]] = {True: [], False: []}
    for rule, subject in _asked(study):
        every[rule.refuses] += rule.problems(subject)
    return _untold(every[True], told), _untold(every[False], told)


def _asked(study: Study, asked: Sequence[Rule] = RULES) -> Iterator[tuple[Rule, Study | Case]]:
    """Each rule with what it looks at: the study, then its options in turn."""
    yield from ((rule, study) for rule in asked if not rule.of_option)
    yield from ((rule, case) for case in _cases(study) for rule in asked if rule.of_option)


def _cases(study: Study) -> Iterator[Case]:
    for position, each in enumerate(zip(study.options, option_paths(study.options), strict=True)):
        yield Case(study, *each, position)


@dataclass(frozen=True)
class Limit:
    """A limit that several inputs keep together: the sum of `parts` is not above `most`, each by path with its number.

    `most` without a path is a fixed limit. Two inputs may break it together although each is allowed alone.
    """

    parts: tuple[tuple[str, float], ...]
    most: tuple[str, float]

    @property
    def total(self) -> float:
        """What the parts add up to."""
        return math.fsum(number for _, number in self.parts)

    @property
    def is_broken(self) -> bool:
        """Whether the study as it stands breaks it."""
        return beyond(self.total, self.most[1])


def beyond(total: Any, most: Any) -> Any:
    """Whether a total is above a limit by more than rounding; for arrays, where it is."""
    return total > most + SHARE_TOLERANCE * abs(most)


def limits(study: Study) -> Iterator[Limit]:
    """Every limit that inputs of the study keep together and that a change of two of them may break."""
    for case in _cases(study):
        yield idle_limit(case)
        yield from cache_limits(case)


def _untold(problems: list[Problem], told: Sequence[Problem]) -> list[Problem]:
    places = [problem.path for problem in told]
    return [each for each in problems if not any(is_within(place, each.path) for place in places)]


def number_or(row: Row, name: str, blank: float) -> float:
    """A number, or what stands for its blank."""
    return blank if row[name].blank else row.number(name)


# ------------------------------------------------------------------------------------------------------ refused: study


@study_refused("a study needs at least one {table:{which}}", "add one")
def something_to_compute(study: Study) -> Iterator[Found]:
    for which, rows in (("workload", study.workloads), ("option", study.options)):
        if not rows:
            yield found(which, which=which)


_REPEATED = ("is the {key} of another {label} too", "each must have its own")


@study_refused(*_REPEATED)
def names_are_unique(study: Study) -> Iterator[Found]:
    for table, rows in (("workload", study.workloads), ("criterion", study.criteria)):
        yield from _repeated(table, table, [row.text("name") for row in rows])
    yield from _repeated("option", "option", [option.name for option in study.options])


@study_refused("must be the name of one of the options", "or left out{hint}", joint=", ")
def reference_is_an_option(study: Study) -> Iterator[Found]:
    name, options = study.fields.text("reference_option"), [option.name for option in study.options]
    if name and name not in options:
        yield found("study/reference_option", name, hint=did_you_mean(name, options))


@study_refused(*_REPEATED)
def shapes_are_distinct(study: Study) -> Iterator[Found]:
    yield from _repeated("load_shape", "load_shape", [row.text("name") for row in study.load_shapes])


@study_refused("is no load shape of this study", "add {table:load_shape} with this name, or name another{hint}")
def shapes_exist(study: Study) -> Iterator[Found]:
    yield from _naming_none(study.rows("workload"), "load_shape", study.load_shapes)


def _naming_none(places: Iterable[Place], field: str, rows: Iterable[Row]) -> Iterator[Found]:
    """The places whose field names none of the rows that it may name."""
    known = [row.text("name") for row in rows]
    for place in places:
        name = place.row.text(field)
        if name and name not in known:
            yield found(place.of(field), name, hint=did_you_mean(name, known))


@study_refused("has no load in any hour", "give the hours of {weekday} or {weekend} a load")
def shapes_have_a_load(study: Study) -> Iterator[Found]:
    for place in study.rows("load_shape"):
        if not any((*place.row.listed("weekday"), *place.row.listed("weekend"))):
            yield found(place.of("weekday"))


@study_refused("is below {peak:.6g}, the busiest hour of the load shape itself", "leave it blank, or give more")
def bursts_exceed_the_shape(study: Study) -> Iterator[Found]:
    for place in study.rows("workload"):
        shape = study.load_shape(place.row.text("load_shape"))
        by_hour, mean = week.loads(shape.listed("weekday"), shape.listed("weekend")) if shape else ((0.0,), 0.0)
        peak = max(by_hour) / mean if mean else 0.0
        if place.row.number("peak_to_average") < peak * (1 - SHARE_TOLERANCE):
            yield found(place.of("peak_to_average"), place.row["peak_to_average"].value, peak=peak)


STEEPEST_DEFAULT_DAY = 20.0


@study_refused("is more than the default day can show, {most:g}", "give the workload a load shape")
def smooth_days_have_a_limit(study: Study) -> Iterator[Found]:
    for place in study.rows("workload"):
        if not place.row.text("load_shape") and place.row.number("peak_to_average") > STEEPEST_DEFAULT_DAY:
            yield found(place.of("peak_to_average"), place.row["peak_to_average"].value, most=STEEPEST_DEFAULT_DAY)


@study_refused("is not an API option of this study", "name one{hint}, or leave it out")
def unmet_requests_go_to_an_api(study: Study) -> Iterator[Found]:
    name, known = study.fields.text("interim_from"), _apis(study)
    if name and name not in known:
        yield found("study/interim_from", name, hint=did_you_mean(name, known))


@study_refused("is given together with {interim_from}", "take out one or the other")
def one_price_for_unmet_requests(study: Study) -> Iterator[Found]:
    if study.fields.text("interim_from") and not study.fields["interim_price"].blank:
        yield found("study/interim_price", study.fields["interim_price"].value)


@study_refused("is no number of this study", "{hint}", joint="")
def correlations_lead_to_inputs(study: Study) -> Iterator[Found]:
    for place in study.rows("correlation"):
        for end in schema.CORRELATED:
            path = place.row.text(end)
            row, name = parted(path)
            known = study.places.get(row)
            if known is None or name not in known.row or not schema.field(known.row.table, name).is_number:
                rows = [] if known else study.places
                hint = nearest_hint(row, rows) if known is None else did_you_mean(name, known.row)
                yield found(place.of(end), path, hint=hint)


@study_refused("correlates an input with itself", "name two inputs")
def correlations_have_two_ends(study: Study) -> Iterator[Found]:
    for place in study.rows("correlation"):
        if place.row.text("a") == place.row.text("b"):
            yield found(place.of("b"), place.row.text("b"))


@study_refused("stands twice, with {earlier} before", "keep one of them")
def correlations_are_said_once(study: Study) -> Iterator[Found]:
    said: dict[frozenset[str], float] = {}
    for place in study.rows("correlation"):
        pair = frozenset(place.row.text(end) for end in schema.CORRELATED)
        if pair in said:
            yield found(place.of("rho"), place.row.number("rho"), earlier=said[pair])
        said.setdefault(pair, place.row.number("rho"))


def _apis(study: Study) -> list[str]:
    return [option.name for option in study.options if option.acquisition == "api"]


def _repeated(base: str, table: str, names: Sequence[str]) -> Iterator[Found]:
    entry, seen = schema.table(table), set()
    for key, name in zip(keys(names), names, strict=True):
        if name and name in seen:
            yield found(f"{base}/{key}/{entry.key}", name, key=entry.key, label=entry.label)
        seen.add(name)


# ----------------------------------------------------------------------------------------------------- refused: option


@refused(*_REPEATED)
def tables_are_distinct(case: Case) -> Iterator[Found]:
    for table in ("asset", "serving", "score"):
        key = schema.table(table).key
        yield from _repeated(case.at(table), table, [row.text(key) for row in case.option.rows(table)])


@refused(
    'acquisition "{way}" needs the table {table:{way}}',
    "add it, or change the acquisition",
    page="are missing: fill in at least one of them",
)
def acquisition_has_its_terms(case: Case) -> Iterator[Found]:
    way = case.option.acquisition
    if way in schema.TERMS and not case.option.rows(way):
        yield found(case.at(way), way=way)


@refused("is not a workload of this study", "name one of its workloads{hint}")
def serving_names_a_workload(case: Case) -> Iterator[Found]:
    yield from _naming_none(case.rows("serving"), "workload", case.study.workloads)


@refused("is not a criterion of this study", "name one of its criteria{hint}")
def scores_name_a_criterion(case: Case) -> Iterator[Found]:
    yield from _naming_none(case.rows("score"), "criterion", case.study.criteria)


@refused('has no serving rates for "{name}"', 'add {table:serving} with workload = "{name}"', joint=": ")
def hardware_serves_every_workload(case: Case) -> Iterator[Found]:
    for path, workload, serving in case.served():
        if case.has_hardware and serving is None and workload.text("name"):
            yield found(path, name=workload.text("name"))


@refused('is missing, and "{name}" generates tokens', "give the output speed", joint=": ")
def writing_has_a_speed(case: Case) -> Iterator[Found]:
    for path, workload, serving in case.served():
        if case.has_hardware and serving and generated_tokens(workload, serving) > 0 and serving["decode_rate"].blank:
            yield found(f"{path}/decode_rate", name=workload.text("name"))


@refused('is missing, and "{name}" only reads: its work would not be counted', "give the input speed")
def reading_has_a_speed(case: Case) -> Iterator[Found]:
    for path, workload, serving in case.served():
        if case.has_hardware and serving and _only_reads(workload, serving) and serving["prefill_rate"].blank:
            yield found(f"{path}/prefill_rate", name=workload.text("name"))


def _only_reads(workload: Row, serving: Row) -> bool:
    return generated_tokens(workload, serving) == 0 and effective(workload, serving, "input_tokens") > 0


@refused("is missing", '"demand" sizes for the peak, "fixed" takes the given systems', joint=": ")
def sizing_is_chosen(case: Case) -> Iterator[Found]:
    if case.has_hardware and case.option.fields["sizing"].blank:
        yield found(case.at("sizing"))


@refused("is missing", 'sizing "fixed" needs {systems} and {utilisation}', joint=": ")
def fixed_sizing_is_complete(case: Case) -> Iterator[Found]:
    for name in ("systems", "utilisation"):
        if case.has_hardware and case.option.sizing == "fixed" and case.option.fields[name].blank:
            yield found(case.at(name))


@refused(
    "fixed sizing shares the capacity out as the workloads need it, and none needs any",
    "give requests and tokens",
    joint=": ",
)
def fixed_sizing_has_a_mix(case: Case) -> Iterator[Found]:
    """Fixed sizing splits the capacity in the proportions of the mix; a mix that needs no accelerator has none."""
    if not case.has_hardware or case.option.sizing != "fixed" or not case.study.workloads:
        return
    if not any(_needs_accelerators(case, workload, serving) for _, workload, serving in case.served()):
        yield found(case.at("sizing"), "fixed")


def _needs_accelerators(case: Case, workload: Row, serving: Row | None) -> bool:
    """Whether a workload takes accelerator time. One whose rates are missing is missed elsewhere: taken as yes."""
    if serving is None:
        return True
    if workload.number("requests_per_day") == 0:
        return False
    cached = effective(workload, serving, "cached_input_share")
    uncached = 1 - cached * (1 - case.option.fields.number("cache_hit_effort"))
    read = effective(workload, serving, "input_tokens") * uncached
    return generated_tokens(workload, serving) != 0 or read != 0


@refused("is missing", "give the years that a system is kept", joint=": ")
def equipment_has_a_life(case: Case) -> Iterator[Found]:
    if case.option.acquisition in HELD and case.option.fields["equipment_life"].blank:
        yield found(case.at("equipment_life"))


@refused("is not for equipment, which lives as long as {equipment_life} says", "take it out")
def equipment_has_one_life(case: Case) -> Iterator[Found]:
    for place in case.rows("asset"):
        if place.row.text("name") == EQUIPMENT and not place.row["life"].blank:
            yield found(place.of("life"), place.row["life"].value)


@refused(
    "is not an asset of this option",
    'add {table:asset} with name = "{name}" and its life in years{hint}',
    joint=": ",
)
def items_name_an_asset(case: Case) -> Iterator[Found]:
    assets = [EQUIPMENT, schema.GRANT, *(row.text("name") for row in case.option.assets)]
    for place in case.rows("capex"):
        name = place.row.text("asset")
        if name and name not in assets:
            yield found(place.of("asset"), name, name=name, hint=did_you_mean(name, assets))


@refused("is missing", 'items of "{name}" are bought again at its end', joint=": ")
def assets_of_items_have_a_life(case: Case) -> Iterator[Found]:
    bought = {row.text("asset") for row in case.option.capex} - {EQUIPMENT, schema.GRANT, ""}
    assets = {place.row.text("name"): place for place in case.rows("asset")}
    for name in sorted(bought & set(assets)):
        if assets[name].row["life"].blank:
            yield found(assets[name].of("life"), name=name)


@refused("an API has no systems to count", 'with an API only "fixed" is possible', joint=": ")
def api_items_are_bought_once(case: Case) -> Iterator[Found]:
    for place in case.rows("capex") if case.option.acquisition == "api" else ():
        basis = place.row.basis
        if basis and basis != "fixed" and place.row.text("asset") != EQUIPMENT:
            yield found(place.of("basis"), basis)


@refused("is given together with its parts ({parts})", "take out one or the other")
def one_pue(case: Case) -> Iterator[Found]:
    fields = case.option.fields
    parts = [name for name in schema.PUE_PARTS if not fields[name].blank]
    if parts and not fields["pue"].blank:
        yield found(case.at("pue"), fields["pue"].value, parts=Inputs(parts))


@refused("is given together with tariff bands", "take out one or the other")
def one_electricity_price(case: Case) -> Iterator[Found]:
    price = case.option.fields["electricity_price"]
    if case.option.tariffs and not price.blank:
        yield found(case.at("electricity_price"), price.value)


@refused("has no {hours}, and another band has", "give every band its hours, or give shares to all")
def bands_all_have_hours(case: Case) -> Iterator[Found]:
    if any(row.given("hours") for row in case.option.tariffs):
        for place in case.rows("tariff"):
            if not place.row.given("hours"):
                yield found(place.of("hours"))


@refused("is given together with {hours}", "take out one or the other")
def bands_go_by_share_or_hours(case: Case) -> Iterator[Found]:
    for place in case.rows("tariff"):
        if place.row.given("hours") and place.row.given("share"):
            yield found(place.of("share"), place.row["share"].value)


@refused("the hours of the tariff bands leave out {missing}", "every hour of the week must be in one band")
def bands_cover_the_week(case: Case) -> Iterator[Found]:
    named = _hours_named(case.option)
    if named and (missing := [hour for hour in range(week.HOURS) if hour not in named]):
        yield found(case.at("tariff"), missing=_few(missing))


@refused("the hours of the tariff bands name {twice} more than once", "every hour of the week must be in one band")
def bands_do_not_overlap(case: Case) -> Iterator[Found]:
    named = _hours_named(case.option)
    if twice := [hour for hour in range(week.HOURS) if named.count(hour) > 1]:
        yield found(case.at("tariff"), twice=_few(twice))


def _hours_named(option: Option) -> list[int]:
    """Windows that are refused name none."""
    return [hour for row in option.tariffs if not row["hours"].blank for hour in week.hours(row.text("hours"))]


def _few(hours: Sequence[int]) -> str:
    shown = ", ".join(week.spoken(hour) for hour in hours[:3])
    return f"{shown} and {len(hours) - 3} more" if len(hours) > 3 else shown


@refused("the shares of the tariff bands add up to {total:.10g}", "they must add up to 1")
def tariff_shares_are_whole(case: Case) -> Iterator[Found]:
    if any(row.given("hours") for row in case.option.tariffs):
        return
    total = math.fsum(row.number("share") for row in case.option.tariffs)
    if case.option.tariffs and abs(total - 1) > SHARE_TOLERANCE:
        yield found(case.at("tariff"), total=total)


@refused("must not exceed {system_power_load_w} ({limit})", "lower it, or give the power under load")
def idle_below_load(case: Case) -> Iterator[Found]:
    held = idle_limit(case)
    if held.is_broken:
        blank = case.option.fields["system_power_load_w"].blank
        limit = "blank" if blank else f"{writer.exact(held.most[1])} W"
        yield found(held.parts[0][0], case.option.fields["system_power_idle_w"].value, limit=limit)


def idle_limit(case: Case) -> Limit:
    """Waiting draws no more than serving."""
    idle, load = (
        (case.at(name), number_or(case.option.fields, name, 0.0))
        for name in ("system_power_idle_w", "system_power_load_w")
    )
    return Limit((idle,), load)


@refused('is a limit of your own site, and the acquisition is "{way}"', "take it out")
def limits_are_for_own_sites(case: Case) -> Iterator[Found]:
    for name in schema.SITE_LIMITS:
        limit = case.option.fields[name]
        if case.option.acquisition in ("rental", "api") and not limit.blank:
            yield found(case.at(name), limit.value, way=case.option.acquisition)


@refused("is not an API option of this study", "name one{hint}, or leave it out")
def overflow_goes_to_an_api(case: Case) -> Iterator[Found]:
    name, known = case.option.fields.text("overflow_to"), _apis(case.study)
    if name and name not in known:
        yield found(case.at("overflow_to"), name, hint=did_you_mean(name, known))


@refused("is for a fleet that is sized for the demand", "take it out, or change the sizing")
def a_share_of_the_peak_needs_a_peak(case: Case) -> Iterator[Found]:
    for name in ("base_share", "overflow_to"):
        if case.option.fields.given(name) and (case.option.acquisition == "api" or case.option.sizing == "fixed"):
            yield found(case.at(name), case.option.fields[name].value)


@refused("together with {cached_input_share} is more than the whole input ({total:.6g})", "lower one of them")
def cache_shares_fit_the_input(case: Case) -> Iterator[Found]:
    for limit in cache_limits(case):
        if limit.is_broken:
            path, number = limit.parts[0]
            yield found(path, number, total=limit.total)


def cache_limits(case: Case) -> Iterator[Limit]:
    """What is read from a cache and what is written to it are parts of one input."""
    for path, workload, serving in case.served():
        if serving is None or case.option.acquisition != "api":
            continue
        own = f"{path}/cached_input_share"
        cached = (
            joined("workload", workload.text("name"), "cached_input_share")
            if serving["cached_input_share"].blank
            else own
        )
        parts = (
            (f"{path}/cache_write_share", serving.number("cache_write_share")),
            (cached, effective(workload, serving, "cached_input_share")),
        )
        yield Limit(parts, ("", 1.0))


@refused("is negative", 'only running costs of the category "credit" and purchases of the asset "grant" may be')
def only_credits_are_negative(case: Case) -> Iterator[Found]:
    for table, (name, word) in schema.RECEIVED.items():
        for place in case.rows(table):
            if place.row.number("amount") < 0 and place.row.text(name) != word:
                yield found(place.of("amount"), place.row["amount"].value)


@refused("is not for a credit, which would follow the price of the equipment", "count it another way")
def credits_are_no_share_of_equipment(case: Case) -> Iterator[Found]:
    for place in case.rows("opex"):
        if place.row.text("category") == schema.CREDIT and place.row.basis == "pct_equipment":
            yield found(place.of("basis"), place.row.basis)


@refused('must be "fixed", and its amount negative: a grant is money received at the start', "correct it")
def grants_are_received_once(case: Case) -> Iterator[Found]:
    for place in case.rows("capex"):
        if place.row.text("asset") == schema.GRANT and (place.row.basis != "fixed" or place.row.number("amount") > 0):
            yield found(place.of("basis"), place.row.basis)


@refused("must be 1 or 12", "payments are made by the year or by the month")
def loans_are_paid_by_year_or_month(case: Case) -> Iterator[Found]:
    for place in case.rows("loan"):
        if place.row.number("payments_per_year") not in (1, 12):
            yield found(place.of("payments_per_year"), place.row["payments_per_year"].value)


@refused("must be below the {months} months of the horizon, or nothing is ever served", "start earlier")
def production_starts_inside_the_horizon(case: Case) -> Iterator[Found]:
    months = case.option.fields["months_to_production"]
    if case.option.fields.number("months_to_production") >= 12 * case.horizon:
        yield found(case.at("months_to_production"), months.value, months=12 * case.horizon)


@refused("must not come after {to_year} ({last})", "exchange them")
def years_are_in_order(case: Case) -> Iterator[Found]:
    for place in case.rows("opex"):
        if place.row.number("from_year") > place.row.number("to_year"):
            yield found(place.of("from_year"), place.row["from_year"].value, last=place.row.number("to_year"))


@refused("the discounts of the tiers add up to {total:.10g}", "at most 1, or spend turns negative")
def tiers_leave_a_price(case: Case) -> Iterator[Found]:
    total = math.fsum(row.number("further_discount") for row in case.option.tiers)
    if total > 1:
        yield found(case.at("tier"), total=total)


# ------------------------------------------------------------------------------------------------------------- flagged


@study_flagged("is not given: figures carry no currency", "give its code, such as USD")
def study_says_its_currency(study: Study) -> Iterator[Found]:
    if not study.currency.strip():
        yield found("study/currency")


@study_flagged(
    "is no code of a currency: prices are not held against the usual ones", "write three letters, such as USD"
)
def currency_is_a_code(study: Study) -> Iterator[Found]:
    """Under "$" or "euros" no price was held against its usual range, in silence."""
    said = study.currency.strip()
    if said and not (len(said) == 3 and said.isascii() and said.isalpha()):
        yield found("study/currency", study.currency)


@study_flagged("is zero or blank: this workload has no demand", "give its requests, or take it out")
def workloads_ask_for_something(study: Study) -> Iterator[Found]:
    for place in study.rows("workload"):
        if place.row.number("requests_per_day") == 0:
            yield found(place.of("requests_per_day"))


@study_flagged("is zero or blank, and so are {input_tokens}: nothing is served", "give the tokens of a request")
def workloads_have_tokens(study: Study) -> Iterator[Found]:
    for place in study.rows("workload"):
        if generated_tokens(place.row, None) + place.row.number("input_tokens") == 0:
            yield found(place.of("output_tokens"))


@study_flagged("is missing: {processing_tokens} are counted as free", "give their price")
def processing_has_a_price(study: Study) -> Iterator[Found]:
    for place in study.rows("workload"):
        if place.row.number("processing_tokens") > 0 and not place.row.given("processing_price"):
            yield found(place.of("processing_price"))


def _read_numbers(study: Study) -> Iterator[tuple[Place, schema.Field, Value, float]]:
    """Every number that somebody gave and the study reads."""
    acquisition = ""
    for place in study.places.values():
        if place.row.table == "option":
            acquisition = place.row.text("acquisition")
        unread = _unread(place.row, acquisition)
        for entry in _ranged(place.row.table):
            value = place.row[entry.name]
            if value.set_by != "default" and not value.blank and entry.name not in unread:
                yield place, entry, value, place.row.number(entry.name)


def _beyond(study: Study) -> Iterator[tuple[str, schema.Field, Value, Amount, Amount]]:
    """What lies outside its own low..high, or the usual range if it states none; what nobody reads is passed over."""
    for place, entry, value, number in _read_numbers(study):
        low, high = defensible_range(entry, value, study.currency)
        if (low is not None and number < low) or (high is not None and number > high):
            yield place.of(entry.name), entry, value, Amount(entry, low), Amount(entry, high)


@study_flagged("is outside the typical range, {low} to {high} ({source})", "check its unit, or give its own range")
def values_lie_in_their_usual_range(study: Study) -> Iterator[Found]:
    for path, entry, value, low, high in _beyond(study):
        if not has_stated_range(value):
            yield found(path, value.value, low=low, high=high, source=entry.usual_source)


# Money of which one is worth half a dollar to two: what is far from usual in dollars is far from usual in it too.
LIKE_DOLLARS, LIKE_FACTOR = frozenset("EUR GBP CHF CAD AUD NZD SGD".split()), 2.0


@study_flagged("is far from the typical range in dollars, {low} to {high} ({source})", "check its unit")
def prices_are_of_the_order_of_dollars(study: Study) -> Iterator[Found]:
    """A price of a thousand tokens for one of a million, or of cents, is as wrong in euros as in dollars."""
    if (study.currency or "").strip().upper() not in LIKE_DOLLARS:
        return
    for place, entry, value, number in _read_numbers(study):
        usual = schema.usual_range(_of_api(entry), "USD")
        if usual is None or "money" not in entry.unit.split("/")[0] or has_stated_range(value):
            continue
        low, high = usual
        if not low / LIKE_FACTOR <= number <= high * LIKE_FACTOR:
            ends = {"low": Amount(entry, low), "high": Amount(entry, high)}
            yield found(place.of(entry.name), value.value, **ends, source=_of_api(entry).usual_source)


def _of_api(entry: schema.Field) -> schema.Field:
    """The price of an API for which one of a workload's own stands: it has the same usual range."""
    named = entry.table == "serving" and entry.name in schema.named("api")
    return schema.field("api", entry.name) if named else entry


@study_flagged("is outside the typical range, {low} to {high} ({source})", "check its unit, or give its own range")
def own_prices_lie_in_the_usual_range(study: Study) -> Iterator[Found]:
    for place, entry, value, number in _read_numbers(study):
        usual = None if _of_api(entry) is entry else schema.usual_range(_of_api(entry), study.currency)
        if usual is not None and not has_stated_range(value) and not usual[0] <= number <= usual[1]:
            ends = {"low": Amount(entry, usual[0]), "high": Amount(entry, usual[1])}
            yield found(place.of(entry.name), value.value, **ends, source=_of_api(entry).usual_source)


@study_flagged("is outside the entered range, {low} to {high}", "correct one of them")
def values_lie_in_their_own_range(study: Study) -> Iterator[Found]:
    for path, _, value, low, high in _beyond(study):
        if has_stated_range(value):
            yield found(path, value.value, low=low, high=high)


@study_flagged("means {percent} % a year", "write 0.25 for 25 %")
def changes_are_written_as_shares(study: Study) -> Iterator[Found]:
    for place in study.places.values():
        acquisition = study.options[place.option].acquisition if place.option is not None else ""
        unread = _unread(place.row, acquisition)
        for entry in _ranged(place.row.table):
            value, number = place.row[entry.name], place.row.number(entry.name)
            if entry.unit != "1/yr" or not number > 1 or value.set_by == "default" or entry.name in unread:
                continue
            low, high = defensible_range(entry, value, study.currency)
            if high is None and not (low is not None and number < low):
                yield found(place.of(entry.name), value.value, percent=100 * number)


@cache
def _ranged(table: str) -> tuple[schema.Field, ...]:
    return tuple(entry for entry in schema.fields(table) if entry.is_number)


def _unread(row: Row, acquisition: str) -> frozenset[str]:
    if row.table == "option":
        return unread_inputs(acquisition)
    if row.table == "rental" and row.number("committed_share") in (0, 1):
        return frozenset(("on_demand_price",) if row.number("committed_share") else ("committed_price",))
    return frozenset()


@cache
def unread_inputs(acquisition: str) -> frozenset[str]:
    """The inputs of [[option]] that an acquisition does not read: an API has no hardware, a rental no power bill."""
    return frozenset(entry.name for entry in schema.fields("option") if not entry.is_read_by(acquisition))


@flagged('is not used with acquisition "{way}"', "take it out, or change the acquisition")
def terms_that_are_not_read(case: Case) -> Iterator[Found]:
    way = case.option.acquisition
    for table in (*schema.TERMS, "tier") if way else ():
        if case.option.rows(table) and not schema.table(table).is_read_by(way):
            yield found(case.at(table), way=way)


@flagged('is not read: with "{way}" the price contains the electricity', "take it out")
def tariffs_that_are_not_read(case: Case) -> Iterator[Found]:
    way = case.option.acquisition
    if way and case.option.tariffs and way not in HELD:
        yield found(case.at("tariff"), way=way)


@flagged("is a rating, not a measurement", "measure near the 90th percentile of the load", joint=": ")
def power_is_measured(case: Case) -> Iterator[Found]:
    if case.option.fields.text("power_method") == "tdp":
        yield found(case.at("power_method"), "tdp")


@flagged("leaves out host, network and fans: the power is too low", "give the rest as {system_power_other_w}")
def power_is_whole(case: Case) -> Iterator[Found]:
    fields = case.option.fields
    if fields.text("power_method") == "gpu" and number_or(fields, "system_power_other_w", 0.0) == 0:
        yield found(case.at("power_method"), "gpu")


@flagged("may already contain cooling and losses", "give IT power only, or set {pue} to 1", joint=": ")
def power_is_counted_once(case: Case) -> Iterator[Found]:
    if case.option.fields.text("power_method") == "external" and _has_overhead(case.option.fields):
        yield found(case.at("power_method"), "external")


def _has_overhead(fields: Row) -> bool:
    """Whether the PUE, given or from its parts, is above 1."""
    if any(0 < fields.number(name) < 1 for name in schema.PUE_PARTS[:3]):
        return True
    return number_or(fields, "pue", 1.0) > 1 or any(fields.number(name) > 0 for name in schema.PUE_PARTS[3:])


@flagged("is missing: its power is counted as zero", "give what was measured")
def load_draws_power(case: Case) -> Iterator[Found]:
    if case.option.acquisition in HELD and case.option.fields["system_power_load_w"].blank:
        yield found(case.at("system_power_load_w"))


@flagged("is missing: idle servers are counted at 0 W", "give what was measured")
def waiting_draws_power(case: Case) -> Iterator[Found]:
    fields = case.option.fields
    waits = fields["system_power_idle_w"].blank and fields.number("system_power_load_w") > 0
    if case.option.acquisition in HELD and waits:
        yield found(case.at("system_power_idle_w"))


@flagged("is missing: counted as 1, without cooling or losses", "give it, or its parts")
def site_has_a_pue(case: Case) -> Iterator[Found]:
    if case.option.acquisition in HELD and all(case.option.fields[name].blank for name in ("pue", *schema.PUE_PARTS)):
        yield found(case.at("pue"))


@flagged("is missing: electricity is counted as free", "give a price or tariff bands")
def electricity_has_a_price(case: Case) -> Iterator[Found]:
    free = case.option.fields["electricity_price"].blank and not case.option.tariffs
    if case.option.acquisition in HELD and free:
        yield found(case.at("electricity_price"))


def _gives_power(option: Option) -> bool:
    return sum(number_or(option.fields, name, 0.0) for name in ("system_power_load_w", "system_power_other_w")) > 0


@flagged("counts kW, and the option gives no power: it costs nothing", "give the power of a system")
def items_by_power_have_power(case: Case) -> Iterator[Found]:
    for place in () if _gives_power(case.option) else (*case.rows("capex"), *case.rows("opex")):
        if place.row.basis in ("per_kw", "per_kw_month"):
            yield found(place.of("basis"), place.row.basis)


@flagged("limits nothing: the option gives no power", "give the power of a system")
def limits_have_power(case: Case) -> Iterator[Found]:
    for name in () if _gives_power(case.option) else schema.SITE_LIMITS:
        if not case.option.fields[name].blank:
            yield found(case.at(name), case.option.fields[name].value)


@flagged(
    "is a share of the equipment price, and no equipment item gives one per system or accelerator",
    "add such an item, or give an amount",
)
def share_of_no_equipment(case: Case) -> Iterator[Found]:
    """`pct_equipment` reads equipment items per system and accelerator; without one it is a share of nothing."""
    unit_bases = ("per_system", "per_accelerator")
    if any(row.text("asset") == EQUIPMENT and row.basis in unit_bases for row in case.option.capex):
        return
    for place in (*case.rows("capex"), *case.rows("opex")):
        if place.row.basis == "pct_equipment":
            yield found(place.of("basis"), "pct_equipment")


@flagged("is {percent} % of the equipment price", "write 0.05 for 5 %")
def shares_written_as_percentages(case: Case) -> Iterator[Found]:
    for place in (*case.rows("capex"), *case.rows("opex")):
        amount = place.row.number("amount")
        if place.row.basis == "pct_equipment" and amount > 1:
            yield found(place.of("amount"), place.row["amount"].value, percent=100 * amount)


@flagged("is not charged: an API has no equipment", "take it out")
def equipment_of_an_api(case: Case) -> Iterator[Found]:
    for place in case.rows("capex") if case.option.acquisition == "api" else ():
        if place.row.text("asset") == EQUIPMENT:
            yield found(place.path)


@flagged("counts hardware, and an API has none: it costs nothing", "count it another way")
def hardware_costs_of_an_api(case: Case) -> Iterator[Found]:
    for place in case.rows("opex") if case.option.acquisition == "api" else ():
        if place.row.basis in ("per_system", "per_accelerator", "per_kw_month", "pct_equipment"):
            yield found(place.of("basis"), place.row.basis)


@flagged("is missing: the option is not ranked", "give it; a price of 0 is typed as 0")
def prices_are_given(case: Case) -> Iterator[Found]:
    for path in missing_prices(case.study, case.option) if case.option.name else ():
        if is_within(path, case.path):  # another's is told of the other
            yield found(path)


@flagged(
    "is above {price_input} ({limit}): input from the cache would cost more than input read anew",
    "check which is which, and their units",
)
def cached_input_is_no_dearer(case: Case) -> Iterator[Found]:
    told: dict[str, Found] = {}
    for path, _, serving in _cached(case):
        held, anew = (_token_price(case, path, serving, name) for name in ("price_cached_input", "price_input"))
        if held is not None and anew is not None and held[1] > anew[1]:
            limit = Amount(schema.field("api", "price_input"), anew[1])
            told.setdefault(held[0], found(*held, limit=limit))
    yield from told.values()


@flagged(
    "is missing, and this workload has a {price_input} of its own: its cached input costs the option's, {price}",
    "give the price of this model or context",
)
def cached_input_is_of_the_same_model(case: Case) -> Iterator[Found]:
    for path, _, serving in _cached(case):
        if serving is None or case.option.api is None or serving["price_input"].blank:
            continue
        held = case.option.api["price_cached_input"]
        other = serving.number("price_input") != case.option.api.number("price_input")
        if other and serving["price_cached_input"].blank and not held.blank:
            price = Amount(schema.field("api", "price_cached_input"), case.option.api.number("price_cached_input"))
            yield found(f"{path}/price_cached_input", price=price)


def _cached(case: Case) -> Iterator[tuple[str, Row, Row | None]]:
    """The workloads of an API of which the provider's cache holds a part of the input."""
    for path, workload, serving in case.served() if case.option.acquisition == "api" else ():
        if effective(workload, serving, "cached_input_share") > 0:
            yield path, workload, serving


def _token_price(case: Case, path: str, serving: Row | None, name: str) -> tuple[str, float] | None:
    """A price that an API is paid for a workload, and where it stands; None where nobody gives one."""
    rows = ((path, serving), (case.at("api"), case.option.api))
    given = ((f"{at}/{name}", row.number(name)) for at, row in rows if row is not None and not row[name].blank)
    return next(given, None)


@flagged("is missing: counted as zero", "give it, or 0")
def amounts_counted_as_zero(case: Case) -> Iterator[Found]:
    missing = missing_prices(case.study, case.option) if case.option.name else ()
    for table, name in (("capex", "amount"), ("opex", "amount"), ("tariff", "price"), ("tier", "further_discount")):
        for place in case.rows(table):
            if not place.row.given(name) and place.of(name) not in missing:
                yield found(place.of(name))


@flagged("counts as other", 'did you mean "{close}"?')
def categories_are_known(case: Case) -> Iterator[Found]:
    for place in case.rows("opex"):
        category = place.row.text("category")
        close = nearest(category, schema.OPEX_CATEGORIES) if category not in schema.OPEX_CATEGORIES else None
        if close is not None and close != "other":
            yield found(place.of("category"), category, close=close)


@flagged("is after the {years} years of the study, so the cost is never paid", "correct it, or take it out")
def costs_begin_inside_the_horizon(case: Case) -> Iterator[Found]:
    for place in case.rows("opex"):
        if place.row.number("from_year") > case.horizon:
            yield found(place.of("from_year"), place.row["from_year"].value, years=case.horizon)


@flagged(
    "is above {max_utilisation} ({limit}), the load planned for the peak", "give more systems, or plan a higher load"
)
def use_leaves_headroom(case: Case) -> Iterator[Found]:
    fields = case.option.fields
    limit = fields.number("max_utilisation")
    if case.option.sizing == "fixed" and case.has_hardware and fields.number("utilisation") > limit:
        limit = Amount(schema.field("option", "max_utilisation"), limit)
        yield found(case.at("utilisation"), fields["utilisation"].value, limit=limit)


def _blended(case: Case) -> Iterator[tuple[str, Row, Row]]:
    """Serving rates that hold for one shape only: a speed of writing that contains the reading."""
    for path, workload, serving in case.served() if case.has_hardware else ():
        if serving is None or serving["decode_rate"].blank or not serving["prefill_rate"].blank:
            continue
        if generated_tokens(workload, serving) != 0:
            yield f"{path}/decode_rate", workload, serving


@flagged(
    "is a blended rate (no input speed): the cached share of the input has no effect on capacity",
    "give the input speed",
)
def blended_rates_know_no_cache(case: Case) -> Iterator[Found]:
    for path, workload, serving in _blended(case):
        if effective(workload, serving, "cached_input_share") > 0:
            yield found(path, serving["decode_rate"].value)


@flagged(
    "is a blended rate measured at another shape: its input to output ratio differs by more than 1.5 times",
    "measure at this shape, or give the input speed",
)
def blended_rates_hold_for_their_shape(case: Case) -> Iterator[Found]:
    for path, workload, serving in _blended(case):
        if _far_from_measured(workload, serving):
            yield found(path, serving["decode_rate"].value)


def _far_from_measured(workload: Row, serving: Row) -> bool:
    measured_in, measured_out = serving.number("measured_input_tokens"), serving.number("measured_output_tokens")
    if math.isnan(measured_in) or math.isnan(measured_out):
        return False
    # Ratios compared by cross-multiplying: a length of zero is a shape like any other.
    used = effective(workload, serving, "input_tokens") * measured_out
    measured = measured_in * generated_tokens(workload, serving)
    return used > SHAPE_TOLERANCE * measured or measured > SHAPE_TOLERANCE * used


@flagged("is below {quality_target} ({limit}): not comparable at equal quality", "correct one of them")
def quality_is_reached(case: Case) -> Iterator[Found]:
    for place in case.rows("serving"):
        limit = place.row.number("quality_target")
        if place.row.number("quality") < limit:
            yield found(place.of("quality"), place.row["quality"].value, limit=limit)


_LATE = ("({limit}): it is throughput, not goodput", "take the rates at a lower load")


@flagged(f"is above {{ttft_target_ms}} {_LATE[0]}", _LATE[1])
def first_tokens_are_in_time(case: Case) -> Iterator[Found]:
    yield from _late(case, "ttft_ms")


@flagged(f"is above {{tpot_target_ms}} {_LATE[0]}", _LATE[1])
def further_tokens_are_in_time(case: Case) -> Iterator[Found]:
    yield from _late(case, "tpot_ms")


def _late(case: Case, name: str) -> Iterator[Found]:
    for place in case.rows("serving"):
        limit = place.row.number(schema.field("serving", name).target)
        if place.row.number(name) > limit:
            yield found(place.of(name), place.row[name].value, limit=limit)
