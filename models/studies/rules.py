"""What a study may not combine (refused) and what is doubtful (flagged), beyond the bounds of a single input.

Each rule is one small function that yields what it finds; declaring it registers it. Inputs within their own bounds are
taken as given here; a number that could not be read is a nan, about which no rule finds anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.studies import schema
from models.studies import study as tables
from models.studies.paths import keys, segment
from models.studies.problem import Problem
from models.studies.schema import HARDWARE, HELD, OWNED
from models.studies.spelling import did_you_mean, nearest
from models.studies.study import Option, Row, Study
from models.studies.value import Value, defensible_range

SHARE_TOLERANCE = 1e-9
SHAPE_TOLERANCE = 1.5


@dataclass(frozen=True)
class Case:
    """An option in its study, and the path that leads to it."""

    study: Study
    option: Option
    path: str

    @property
    def horizon(self) -> float:
        return self.study.fields.number("horizon_years")

    def problem(self, place: str, value: Any, message: str) -> Problem:
        return Problem(f"{self.path}/{place}" if place else self.path, value, message)

    def keyed(self, table: str) -> Iterator[tuple[str, Row]]:
        """The rows of one of the option's repeated tables, each with its place below the option."""
        return tables.keyed(table, self.option.rows(table))

    def served(self) -> Iterator[tuple[str, Row, Row | None]]:
        """Each workload with the option's serving rates for it, and the place those rates have or should have."""
        for workload in self.study.workloads:
            name = workload.text("name")
            yield f"serving/{segment(name)}", workload, self.option.serving_for(name)


StudyRule = Callable[[Study], Iterator[Problem]]
OptionRule = Callable[[Case], Iterator[Problem]]
STUDY_REFUSALS: list[StudyRule] = []
STUDY_FLAGS: list[StudyRule] = []
REFUSALS: list[OptionRule] = []
FLAGS: list[OptionRule] = []


def study_refused(rule: StudyRule) -> StudyRule:
    """Registers a rule on the study as a whole; what it yields cannot be computed."""
    STUDY_REFUSALS.append(rule)
    return rule


def study_flagged(rule: StudyRule) -> StudyRule:
    """Registers a rule on the study as a whole; what it yields is doubtful."""
    STUDY_FLAGS.append(rule)
    return rule


def refused(rule: OptionRule) -> OptionRule:
    """Registers a rule on one option; what it yields cannot be computed."""
    REFUSALS.append(rule)
    return rule


def flagged(rule: OptionRule) -> OptionRule:
    """Registers a rule on one option; what it yields is doubtful."""
    FLAGS.append(rule)
    return rule


def examine(study: Study, told: Sequence[Problem] = ()) -> tuple[list[Problem], list[Problem]]:
    """Every refusal and every flag of a study, but none at or above the place of what is `told` already.

    What could not be read stands as blank, or a table lacks it: a rule that speaks of it would only repeat the fault.
    """
    places = tables.option_paths(study.options)
    cases = [Case(study, option, path) for path, option in zip(places, study.options, strict=True)]
    errors = [problem for rule in STUDY_REFUSALS for problem in rule(study)]
    errors += [problem for case in cases for rule in REFUSALS for problem in rule(case)]
    flags = [problem for rule in STUDY_FLAGS for problem in rule(study)]
    flags += [problem for case in cases for rule in FLAGS for problem in rule(case)]
    return _untold(errors, told), _untold(flags, told)


def _untold(found: list[Problem], told: Sequence[Problem]) -> list[Problem]:
    places = [problem.path for problem in told]
    return [each for each in found if not any(p == each.path or p.startswith(f"{each.path}/") for p in places)]


def number_or(row: Row, name: str, blank: float) -> float:
    """A number, or what stands for its blank."""
    return blank if row[name].blank else row.number(name)


def effective(workload: Row, serving: Row | None, name: str) -> float:
    """An input of a workload as an option serves it: its override if it has one."""
    if serving is not None and not serving[name].blank:
        return serving.number(name)
    return workload.number(name)


def generated_tokens(workload: Row, serving: Row | None) -> float:
    """Tokens written per request and attempt: answer and thinking."""
    return effective(workload, serving, "output_tokens") + effective(workload, serving, "reasoning_tokens")


# ------------------------------------------------------------------------------------------------------ refused: study


@study_refused
def something_to_compute(study: Study) -> Iterator[Problem]:
    if not study.workloads:
        yield Problem("workload", None, "a study needs at least one [[workload]]")
    if not study.options:
        yield Problem("option", None, "a study needs at least one [[option]]")


@study_refused
def names_are_unique(study: Study) -> Iterator[Problem]:
    yield from _repeated("", "workload", [row.text("name") for row in study.workloads])
    yield from _repeated("", "option", [option.name for option in study.options])


@study_refused
def reference_is_an_option(study: Study) -> Iterator[Problem]:
    name, options = study.fields.text("reference_option"), [option.name for option in study.options]
    if name and name not in options:
        hint = did_you_mean(name, options)
        yield Problem("study/reference_option", name, f"must be the name of one of the options, or left out{hint}")


def _repeated(base: str, table: str, names: Sequence[str]) -> Iterator[Problem]:
    entry, seen = schema.table(table), set()
    for key, name in zip(keys(names), names, strict=True):
        if name and name in seen:
            message = f"is the {entry.key} of another {entry.label} too; each must have its own"
            yield Problem(f"{base}{table}/{key}/{entry.key}", name, message)
        seen.add(name)


# ----------------------------------------------------------------------------------------------------- refused: option


@refused
def tables_are_distinct(case: Case) -> Iterator[Problem]:
    for table in ("asset", "serving"):
        key = schema.table(table).key
        yield from _repeated(f"{case.path}/", table, [row.text(key) for row in case.option.rows(table)])


@refused
def acquisition_has_its_terms(case: Case) -> Iterator[Problem]:
    table = case.option.acquisition
    if table in ("rental", "lease", "loan", "api") and not case.option.rows(table):
        yield case.problem(
            table, None, f'acquisition "{table}" needs the table [option.{table}]; add it, or change the acquisition'
        )


@refused
def serving_names_a_workload(case: Case) -> Iterator[Problem]:
    known = [row.text("name") for row in case.study.workloads]
    for place, row in case.keyed("serving"):
        name = row.text("workload")
        if name and name not in known:
            hint = did_you_mean(name, known)
            yield case.problem(f"{place}/workload", name, f"is not a workload of this study{hint}")


@refused
def hardware_serves_every_workload(case: Case) -> Iterator[Problem]:
    if case.option.acquisition not in HARDWARE:
        return
    for place, workload, serving in case.served():
        name = workload.text("name")
        if serving is None:
            if name:
                message = f'has no serving rates for "{name}": add [[option.serving]] with workload = "{name}"'
                yield case.problem(place, None, message)
        elif generated_tokens(workload, serving) > 0 and serving["decode_rate"].blank:
            yield case.problem(
                f"{place}/decode_rate", None, f'is missing, and "{name}" generates tokens: give the writing speed'
            )
        elif _only_reads(workload, serving) and serving["prefill_rate"].blank:
            message = f'is missing, and "{name}" only reads: its work would not be counted; give the reading speed'
            yield case.problem(f"{place}/prefill_rate", None, message)


def _only_reads(workload: Row, serving: Row) -> bool:
    return generated_tokens(workload, serving) == 0 and effective(workload, serving, "input_tokens") > 0


@refused
def sizing_is_complete(case: Case) -> Iterator[Problem]:
    if case.option.acquisition not in HARDWARE:
        return
    fields = case.option.fields
    if fields["sizing"].blank:
        yield case.problem("sizing", None, 'is missing: "demand" sizes for the peak, "fixed" takes the given systems')
    if case.option.sizing == "fixed":
        for name in ("systems", "utilisation"):
            if fields[name].blank:
                yield case.problem(name, None, 'is missing: sizing "fixed" needs systems and utilisation')


@refused
def fixed_sizing_has_a_mix(case: Case) -> Iterator[Problem]:
    """Fixed sizing splits the capacity in the proportions of the mix; a mix that needs no accelerator has none."""
    if case.option.acquisition not in HARDWARE or case.option.sizing != "fixed" or not case.study.workloads:
        return
    if any(_needs_accelerators(case, workload, serving) for _, workload, serving in case.served()):
        return
    message = (
        "fixed sizing shares the capacity out as the workloads need it, and none needs any: give requests and tokens"
    )
    yield case.problem("sizing", "fixed", message)


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


@refused
def lives_are_known(case: Case) -> Iterator[Problem]:
    if case.option.acquisition in HELD and case.option.fields["equipment_life"].blank:
        yield case.problem("equipment_life", None, "is missing: give the years that a system is kept")
    for place, row in case.keyed("asset"):
        if row.text("name") == "equipment" and not row["life"].blank:
            message = "is not for equipment, which lives as long as equipment_life says; take it out"
            yield case.problem(f"{place}/life", row["life"].value, message)


@refused
def items_name_an_asset_with_a_life(case: Case) -> Iterator[Problem]:
    assets = {row.text("name"): (place, row) for place, row in case.keyed("asset")}
    without_life = set()
    for place, row in case.keyed("capex"):
        name = row.text("asset")
        if not name or name == "equipment":
            continue
        if name not in assets:
            hint = did_you_mean(name, ["equipment", *assets])
            message = f'add [[option.asset]] with name = "{name}" and its life in years{hint}'
            yield case.problem(f"{place}/asset", name, f"is not an asset of this option: {message}")
        elif assets[name][1]["life"].blank:
            without_life.add(name)
    for name in sorted(without_life):
        yield case.problem(
            f"{assets[name][0]}/life", None, f'is missing: items of "{name}" are bought again at its end'
        )


@refused
def api_items_are_bought_once(case: Case) -> Iterator[Problem]:
    if case.option.acquisition != "api":
        return
    for place, row in case.keyed("capex"):
        basis = row.text("basis")
        if basis and basis != "fixed" and row.text("asset") != "equipment":
            yield case.problem(
                f"{place}/basis", basis, 'an API has no systems to count: with an API only "fixed" is possible'
            )


@refused
def one_pue(case: Case) -> Iterator[Problem]:
    fields = case.option.fields
    parts = [name for name in schema.PUE_PARTS if not fields[name].blank]
    if parts and not fields["pue"].blank:
        message = f"is given together with its parts ({', '.join(parts)}); take out one or the other"
        yield case.problem("pue", fields["pue"].value, message)


@refused
def one_electricity_price(case: Case) -> Iterator[Problem]:
    option = case.option
    if not option.tariffs:
        return
    price = option.fields["electricity_price"]
    if not price.blank:
        yield case.problem(
            "electricity_price", price.value, "is given together with tariff bands; take out one or the other"
        )
    total = math.fsum(row.number("share") for row in option.tariffs)
    if abs(total - 1) > SHARE_TOLERANCE:
        yield case.problem(
            "tariff", None, f"the shares of the tariff bands add up to {total:.10g}; they must add up to 1"
        )


@refused
def idle_below_load(case: Case) -> Iterator[Problem]:
    fields = case.option.fields
    idle = fields["system_power_idle_w"]
    load = number_or(fields, "system_power_load_w", 0.0)
    if not idle.blank and fields.number("system_power_idle_w") > load:
        said = "blank" if fields["system_power_load_w"].blank else f"{load:g} W"
        yield case.problem("system_power_idle_w", idle.value, f"must not exceed system_power_load_w ({said})")


@refused
def limits_are_for_own_sites(case: Case) -> Iterator[Problem]:
    if case.option.acquisition not in ("rental", "api"):
        return
    for name in ("facility_power_kw", "cooling_capacity_kw"):
        limit = case.option.fields[name]
        if not limit.blank:
            message = f'is a limit of your own site, and the acquisition is "{case.option.acquisition}"; take it out'
            yield case.problem(name, limit.value, message)


@refused
def production_starts_inside_the_horizon(case: Case) -> Iterator[Problem]:
    months = case.option.fields["months_to_production"]
    if case.option.fields.number("months_to_production") >= 12 * case.horizon:
        message = f"must be below the {12 * case.horizon:g} months of the horizon, or nothing is ever served"
        yield case.problem("months_to_production", months.value, message)


@refused
def years_are_in_order(case: Case) -> Iterator[Problem]:
    for place, row in case.keyed("opex"):
        if row.number("from_year") > row.number("to_year"):
            message = f"must not come after to_year ({row.number('to_year'):g})"
            yield case.problem(f"{place}/from_year", row["from_year"].value, message)


# ------------------------------------------------------------------------------------------------------------- flagged


@study_flagged
def study_says_its_currency(study: Study) -> Iterator[Problem]:
    if not study.currency.strip():
        yield Problem("study/currency", None, "is not given: figures carry no currency; give its code, such as USD")


@study_flagged
def workloads_ask_for_something(study: Study) -> Iterator[Problem]:
    for path, workload in tables.keyed("workload", study.workloads):
        if workload.number("requests_per_day") == 0:
            message = "is zero or blank: this workload asks for nothing"
            yield Problem(f"{path}/requests_per_day", None, message)
        if generated_tokens(workload, None) + workload.number("input_tokens") == 0:
            yield Problem(f"{path}/output_tokens", None, "is zero or blank, and so are input_tokens: nothing is served")
        if workload.number("processing_tokens") > 0 and not workload.given("processing_price"):
            yield Problem(f"{path}/processing_price", None, "is missing: processing_tokens are counted as free")


@study_flagged
def values_lie_in_their_range(study: Study) -> Iterator[Problem]:
    """Outside its own low..high, or outside the usual range if it states none; what nobody reads is passed over."""
    acquisition = ""
    for path, row in tables.paths(study):
        if row.table == "option":
            acquisition = row.text("acquisition")
        unread = _unread(row, acquisition)
        for entry in _ranged(row.table):
            value = row[entry.name]
            if value.set_by != "default" and not value.blank and entry.name not in unread:
                yield from _outside(entry, value, f"{path}/{entry.name}", study.currency)


@cache
def _ranged(table: str) -> tuple[schema.Field, ...]:
    return tuple(entry for entry in schema.fields(table) if entry.kind in ("number", "whole"))


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


def _outside(entry: schema.Field, value: Value, path: str, currency: str) -> Iterator[Problem]:
    number = float(value.value)  # type: ignore[arg-type]
    low, high = defensible_range(entry, value, currency)
    if (low is not None and number < low) or (high is not None and number > high):
        span = f"{_bound_text(low)} to {_bound_text(high)}"
        if value.low is None and value.high is None:
            yield Problem(path, value.value, f"is outside the usual range, {span} ({entry.usual_source})")
        else:
            yield Problem(path, value.value, f"is outside its own range, {span}")
    elif entry.unit == "1/yr" and number > 1 and high is None:
        yield Problem(path, value.value, f"means {number * 100:g} % a year; write 0.25 for 25 %")


def _bound_text(bound: float | None) -> str:
    return "open" if bound is None else f"{bound:g}"


@refused
def tiers_leave_a_price(case: Case) -> Iterator[Problem]:
    total = math.fsum(row.number("further_discount") for row in case.option.tiers)
    if total > 1:
        yield case.problem(
            "tier", None, f"the discounts of the tiers add up to {total:.10g}; at most 1, or spend turns negative"
        )


@flagged
def terms_that_are_not_read(case: Case) -> Iterator[Problem]:
    acquisition = case.option.acquisition
    if not acquisition:
        return
    for table in ("rental", "lease", "loan", "api"):
        if case.option.rows(table) and table != acquisition:
            yield case.problem(table, None, f'is not read: the acquisition is "{acquisition}"')
    if case.option.tiers and acquisition != "api":
        yield case.problem("tier", None, f'is not read: the acquisition is "{acquisition}"')
    if case.option.tariffs and acquisition not in HELD:
        yield case.problem("tariff", None, f'is not read: with "{acquisition}" the price contains the electricity')


@flagged
def power_measurement(case: Case) -> Iterator[Problem]:
    fields = case.option.fields
    method, other = fields.text("power_method"), number_or(fields, "system_power_other_w", 0.0)
    if method == "tdp":
        yield case.problem(
            "power_method", method, "is a rating, not a measurement: measure near the 90th percentile of the load"
        )
    elif method == "gpu" and other == 0:
        message = "leaves out host, network and fans: the power is too low; give the rest as system_power_other_w"
        yield case.problem("power_method", method, message)
    elif method == "external" and _has_overhead(fields):
        message = "may already contain cooling and losses: give IT power only, or set pue to 1"
        yield case.problem("power_method", method, message)


def _has_overhead(fields: Row) -> bool:
    """Whether the PUE, given or from its parts, is above 1."""
    if any(0 < fields.number(name) < 1 for name in schema.PUE_PARTS[:3]):
        return True
    return number_or(fields, "pue", 1.0) > 1 or any(fields.number(name) > 0 for name in schema.PUE_PARTS[3:])


@flagged
def energy_counted_as_zero(case: Case) -> Iterator[Problem]:
    option, fields = case.option, case.option.fields
    if option.acquisition not in HELD:
        return
    if fields["system_power_load_w"].blank:
        yield case.problem(
            "system_power_load_w", None, "is missing: its power is counted as zero; give what was measured"
        )
    elif fields["system_power_idle_w"].blank and fields.number("system_power_load_w") > 0:
        yield case.problem("system_power_idle_w", None, "is missing: a waiting system is counted as drawing nothing")
    if fields["pue"].blank and all(fields[name].blank for name in schema.PUE_PARTS):
        yield case.problem("pue", None, "is missing: counted as 1, without cooling or losses")
    if fields["electricity_price"].blank and not option.tariffs:
        yield case.problem(
            "electricity_price", None, "is missing: electricity is counted as free; give a price or tariff bands"
        )


@flagged
def power_that_items_or_limits_need(case: Case) -> Iterator[Problem]:
    fields = case.option.fields
    power = number_or(fields, "system_power_load_w", 0.0) + number_or(fields, "system_power_other_w", 0.0)
    if power > 0:
        return
    for table, basis in (("capex", "per_kw"), ("opex", "per_kw_month")):
        for place, row in case.keyed(table):
            if row.text("basis") == basis:
                yield case.problem(
                    f"{place}/basis", basis, "counts kW, and the option gives no power: it costs nothing"
                )
    for name in ("facility_power_kw", "cooling_capacity_kw"):
        if not fields[name].blank:
            yield case.problem(name, fields[name].value, "limits nothing: the option gives no power")


@flagged
def share_of_no_equipment(case: Case) -> Iterator[Problem]:
    """`pct_equipment` reads equipment items per system and accelerator; without one it is a share of nothing."""
    unit_bases = ("per_system", "per_accelerator")
    if any(row.text("asset") == "equipment" and row.text("basis") in unit_bases for row in case.option.capex):
        return
    for table in ("capex", "opex"):
        for place, row in case.keyed(table):
            if row.text("basis") == "pct_equipment":
                message = "is a share of the equipment price, and no equipment item gives one per system or accelerator"
                yield case.problem(f"{place}/basis", "pct_equipment", message)


@flagged
def shares_written_as_percentages(case: Case) -> Iterator[Problem]:
    for table in ("capex", "opex"):
        for place, row in case.keyed(table):
            amount = row.number("amount")
            if row.text("basis") == "pct_equipment" and amount > 1:
                message = f"is {amount * 100:g} % of the equipment price; write 0.05 for 5 %"
                yield case.problem(f"{place}/amount", row["amount"].value, message)


@flagged
def hardware_that_costs_nothing(case: Case) -> Iterator[Problem]:
    option = case.option
    if option.acquisition in OWNED and not any(row.text("asset") == "equipment" for row in option.capex):
        yield case.problem("capex", None, "no item buys equipment: the hardware is counted as free")


@flagged
def items_an_api_does_not_count(case: Case) -> Iterator[Problem]:
    if case.option.acquisition != "api":
        return
    for place, row in case.keyed("capex"):
        if row.text("asset") == "equipment":
            yield case.problem(place, None, "is not charged: an API has no equipment")
    for place, row in case.keyed("opex"):
        if row.text("basis") in ("per_system", "per_accelerator", "per_kw_month", "pct_equipment"):
            yield case.problem(
                f"{place}/basis", row.text("basis"), "counts hardware, and an API has none: it costs nothing"
            )


@flagged
def prices_counted_as_zero(case: Case) -> Iterator[Problem]:
    option = case.option
    for table, names in _PRICES_READ.get(option.acquisition, {}).items():
        for row in option.rows(table):
            for name in names:
                if not row.given(name):
                    yield case.problem(f"{table}/{name}", None, "is missing: counted as zero")
    if option.acquisition == "rental" and option.rental is not None:
        yield from _unpriced_hours(case, option.rental)
    for table, names in _ITEM_PRICES.items():
        for place, row in case.keyed(table):
            for name in names:
                if not row.given(name):
                    yield case.problem(f"{place}/{name}", None, "is missing: counted as zero")


_PRICES_READ: dict[str, dict[str, tuple[str, ...]]] = {
    "api": {"api": ("price_input", "price_output")},
    "lease": {"lease": ("payment_per_system_month",)},
}
_ITEM_PRICES: dict[str, tuple[str, ...]] = {
    "capex": ("amount",),
    "opex": ("amount",),
    "tariff": ("share", "price"),
    "tier": ("further_discount",),
}


def _unpriced_hours(case: Case, rental: Row) -> Iterator[Problem]:
    committed = rental.number("committed_share")
    if committed > 0 and not rental.given("committed_price"):
        yield case.problem("rental/committed_price", None, "is missing: committed hours are counted as free")
    if committed < 1 and not rental.given("on_demand_price"):
        yield case.problem(
            "rental/on_demand_price", None, "is missing: hours beyond the commitment are counted as free"
        )


@flagged
def opex_is_understood(case: Case) -> Iterator[Problem]:
    for place, row in case.keyed("opex"):
        category = row.text("category")
        close = nearest(category, schema.OPEX_CATEGORIES) if category not in schema.OPEX_CATEGORIES else None
        if close is not None and close != "other":
            yield case.problem(f"{place}/category", category, f'counts as other; did you mean "{close}"?')
        if row.number("from_year") > case.horizon:
            message = f"lies beyond the {case.horizon:g} years of the horizon: it is never paid"
            yield case.problem(f"{place}/from_year", row["from_year"].value, message)


@flagged
def use_leaves_headroom(case: Case) -> Iterator[Problem]:
    fields = case.option.fields
    if case.option.sizing != "fixed" or case.option.acquisition not in HARDWARE:
        return
    if fields.number("utilisation") > fields.number("max_utilisation"):
        message = f"is above max_utilisation ({fields.number('max_utilisation'):g}), the load planned for the peak"
        yield case.problem("utilisation", fields["utilisation"].value, message)


@flagged
def blended_rates(case: Case) -> Iterator[Problem]:
    """A blended rate holds for the shape it was measured at, and knows nothing of cached input."""
    if case.option.acquisition not in HARDWARE:
        return
    for place, workload, serving in case.served():
        if serving is None or serving["decode_rate"].blank or not serving["prefill_rate"].blank:
            continue
        if generated_tokens(workload, serving) == 0:
            continue
        rate = serving["decode_rate"].value
        if effective(workload, serving, "cached_input_share") > 0:
            message = "is a blended rate (no reading speed): the cached share of the input has no effect on capacity"
            yield case.problem(f"{place}/decode_rate", rate, message)
        if _far_from_measured(workload, serving):
            message = (
                "is a blended rate measured at another shape: its input to output ratio differs by more than 1.5 times"
            )
            yield case.problem(f"{place}/decode_rate", rate, message)


def _far_from_measured(workload: Row, serving: Row) -> bool:
    measured_in, measured_out = serving.number("measured_input_tokens"), serving.number("measured_output_tokens")
    if math.isnan(measured_in) or math.isnan(measured_out):
        return False
    # Ratios compared by cross-multiplying: a length of zero is a shape like any other.
    used = effective(workload, serving, "input_tokens") * measured_out
    measured = measured_in * generated_tokens(workload, serving)
    return used > SHAPE_TOLERANCE * measured or measured > SHAPE_TOLERANCE * used


@flagged
def targets_are_met(case: Case) -> Iterator[Problem]:
    for place, row in case.keyed("serving"):
        if row.number("quality") < row.number("quality_target"):
            message = f"is below quality_target ({row.number('quality_target'):g}): not comparable at equal quality"
            yield case.problem(f"{place}/quality", row["quality"].value, message)
        for name in ("ttft", "tpot"):
            if row.number(f"{name}_ms") > row.number(f"{name}_target_ms"):
                message = (
                    f"is above {name}_target_ms ({row.number(f'{name}_target_ms'):g}): it is throughput, not goodput"
                )
                yield case.problem(f"{place}/{name}_ms", row[f"{name}_ms"].value, message)
