"""Ceilings: what limits an option's tokens each year, what relieves the limit, and what that is worth.

The token production function: tokens per second are the lesser of a compute ceiling (every accelerator fed and busy)
and an energy ceiling (what the deliverable IT power can make), times availability and utilisation. PUE enters once,
between meter and IT power; rates and energy per token are measured on the tuned system, so no further multiplier
applies. Source of the form: "LLM Inference Should Be Evaluated as Energy-to-Token Production", arXiv 2605.11733.

A relief is worth the difference of two full runs: what the option costs with it and without, unserved requests at the
interim price. That is the most one should pay for it: what the next megawatt or a better site costs is not in it, only
what the option's own items charge (systems to fill a megawatt are bought at their price).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from models.analysis.metrics.headlines import BINDING
from models.analysis.metrics.measures import RANKED_BY, gap
from models.analysis.metrics.same_work import WHOLE_DEMAND, same_work
from models.catalogue.fill import Catalogue
from models.engine.constants import KW_PER_MW
from models.notation import writer
from models.run.model import OptionResult
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from models.studies.study import Option, Row


@dataclass(frozen=True)
class Year:
    """One year's production. Rates in generated tokens per second while in production.

    `energy_ceiling` is None without a limit of power or cooling; `possible` is the lesser ceiling. `output` is what is
    generated: possible x availability x utilisation. `delivered_kw` is IT power at load after PUE and limits, None
    where the option gives no power.
    """

    year: int
    compute_ceiling: float
    energy_ceiling: float | None
    possible: float
    availability: float
    utilisation: float | None
    output: float | None
    binding: str
    joules_per_token: float | None
    delivered_kw: float | None


@dataclass(frozen=True)
class Relief:
    """One way out of a limit, over the whole life: what changes, and what two full runs differ by.

    `tokens` and `responses` are extra generated tokens and accepted responses; `cost` is the change of pv_cost, `worth`
    what it saves in comparison_pv_cost (None, with the reason in `note`, where that says nothing). `binding` is what
    limits each year with it.
    """

    name: str
    label: str
    tokens: float
    responses: float
    cost: float
    worth: float | None
    cost_per_response: float | None
    binding: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Ceilings:
    """An option's years, what binds them in words, and the reliefs that were tried."""

    option: str
    years: tuple[Year, ...]
    in_words: str
    reliefs: tuple[Relief, ...]


@dataclass(frozen=True)
class Disclosed:
    """One line of the disclosure block: its figure or text (None: not known), unit and boundary."""

    name: str
    label: str
    value: float | str | None
    unit: str
    boundary: str


def ceilings(result: OptionResult, catalogue: Catalogue, extra_kw: float = float(KW_PER_MW)) -> Ceilings | None:
    """The production view of an option; None for an API, whose hardware is not known.

    `extra_kw` is how much more power or cooling the reliefs try, at the meter and of IT heat.
    """
    if result.option.acquisition not in schema.HARDWARE:
        return None
    years = tuple(_years(result))
    tried = tuple(_relief(result, step) for step in _steps(result, catalogue, extra_kw))
    return Ceilings(result.name, years, _in_words(years), tried)


def _years(result: OptionResult) -> Iterator[Year]:
    raw, availability = result.values, result.option.fields.number("availability")
    energy, joules = result.years("energy_ceiling"), result.years("joules_per_token_at_load")
    output = result.years("tokens_per_second")
    used, binding = result.years("utilisation"), result.figure("binding")
    powered = not result.option.fields["system_power_load_w"].blank
    for at, compute in enumerate(raw["compute_ceiling"]):
        limit = energy[at]
        yield Year(
            year=at + 1,
            compute_ceiling=compute,
            energy_ceiling=limit,
            possible=compute if limit is None else min(compute, limit),
            availability=availability,
            utilisation=used[at],
            output=output[at] if raw["production_share"][at] else None,
            binding=str(binding[at]),
            joules_per_token=joules[at],
            delivered_kw=raw["delivered_it_kw"][at] if powered else None,
        )


_RELIEVED_BY: Mapping[str, str] = {
    "demand": "Demand: the fleet covers its peak; more power or compute adds no output.",
    "compute": "Computing: more or faster accelerators make more tokens, more power does not.",
    "power": "Power at the meter: more of it, a better PUE, or less energy per token makes more tokens.",
    "cooling": "Cooling: more of it, or less energy per token, makes more tokens; more power alone does not.",
}


def _in_words(years: tuple[Year, ...]) -> str:
    """What binds, each limit once in the order of its first year, and what would relieve it."""
    return " ".join(_RELIEVED_BY[name] for name in dict.fromkeys(year.binding for year in years))


# ------------------------------------------------------------------------------------------------------------ reliefs


Change = Callable[[Row], Row]


@dataclass(frozen=True)
class _Step:
    name: str
    label: str
    changes: tuple[Change, ...]

    def taken(self, fields: Row) -> Row:
        for change in self.changes:
            fields = change(fields)
        return fields


def _steps(result: OptionResult, catalogue: Catalogue, extra_kw: float) -> Iterator[_Step]:
    """What can be tried on this option; a limit it does not have cannot be raised."""
    limited = [
        _Step(name, f"{writer.count(extra_kw)} kW more {_WHERE[name]}", (_plus(limit, extra_kw),))
        for name, limit in _LIMITS.items()
        if not result.option.fields[limit].blank
    ]
    yield from limited
    if limited and result.option.sizing == "fixed" and (step := _filled(result, limited, extra_kw)):
        yield step
    yield from _better(result, catalogue)


_LIMITS: Mapping[str, str] = {"power": "facility_power_kw", "cooling": "cooling_capacity_kw"}
_WHERE: Mapping[str, str] = {"power": "at the meter", "cooling": "of cooling"}


def _filled(result: OptionResult, limited: list[_Step], extra_kw: float) -> _Step | None:
    """More power (with the cooling it needs) and as many whole systems as it feeds, for a fixed fleet."""
    needed = result.values["load_kw"] * result.values["pue"]
    count = int(extra_kw / needed) if needed else 0
    if not count:
        return None
    raised = {"power": extra_kw, "cooling": extra_kw / result.values["pue"]}
    changes = [_plus(_LIMITS[step.name], raised[step.name]) for step in limited]
    more = " and ".join(f"{writer.count(raised[step.name])} kW more {_WHERE[step.name]}" for step in limited)
    label = f"{more}, filled with {count} systems"
    return _Step("filled", label, (*changes, _plus("systems", count)))


def _better(result: OptionResult, catalogue: Catalogue) -> Iterator[_Step]:
    """A better site, hardware that takes less energy, and for a fixed fleet one more system."""
    fields = result.option.fields
    best = next(entry for entry in catalogue.find("facility", category="pue") if entry.number("value") is not None)
    if result.option.acquisition in schema.HELD and result.values["pue"] > best.needed("value"):
        pue = best.value(best.needed("value"))
        yield _Step(
            "pue",
            f"PUE of {writer.as_typed(best.needed('value'))}, not {writer.digits(result.values['pue'], 3)}",
            (_to_pue(pue),),
        )
    if not fields["system_power_load_w"].blank and result.option.acquisition in schema.HELD:
        gain = next(catalogue.find("trends", trend="energy_efficiency")).needed("yearly_change")
        label = f"{writer.share(gain / (1 + gain))} less energy per token (a year of the trend)"
        yield _Step("energy", label, (_powers_times(1 / (1 + gain)),))
    if result.option.sizing == "fixed":
        yield _Step("system", "one more system", (_plus("systems", 1),))


def _plus(name: str, extra: float) -> Change:
    def change(fields: Row) -> Row:
        total = fields.number(name) + extra
        whole = schema.field("option", name).kind == "whole"
        return fields.replaced(name, dataclasses.replace(fields[name], value=int(total) if whole else total))

    return change


def _to_pue(pue: Value) -> Change:
    def change(fields: Row) -> Row:
        for part in schema.PUE_PARTS:
            fields = fields.replaced(part, Value(None, set_by="default"))
        return fields.replaced("pue", pue)

    return change


def _powers_times(factor: float) -> Change:
    def change(fields: Row) -> Row:
        for name in ("system_power_load_w", "system_power_idle_w", "system_power_other_w"):
            if not fields[name].blank:
                new = dataclasses.replace(fields[name], value=fields.number(name) * factor, low=None, high=None)
                fields = fields.replaced(name, new)
        return fields

    return change


def _relief(before: OptionResult, step: _Step) -> Relief:
    option: Option = dataclasses.replace(before.option, fields=step.taken(before.option.fields))
    after = before.model.run_option(before.study, option)
    old, new = before.values, after.values
    worth, note = _worth(before, after)
    return Relief(
        name=step.name,
        label=step.label,
        tokens=gap(new["lifetime_output_tokens"], old["lifetime_output_tokens"]),
        responses=gap(new["meaningful_responses"], old["meaningful_responses"]),
        cost=gap(new["pv_cost"], old["pv_cost"]),
        worth=worth,
        cost_per_response=after.number(RANKED_BY),
        binding=tuple(str(name) for name in after.figure("binding")),
        note=note,
    )


def _worth(before: OptionResult, after: OptionResult) -> tuple[float | None, str]:
    """What the relief saves at equal work, unserved requests at the interim price; else what it adds to the margin."""
    shares = [result.number("served_share") for result in (before, after)]
    served = [0.0 if share is None else share for share in shares]
    priced = before.values["interim_priced"] or same_work(served[0], served[1])
    if max(served) <= WHOLE_DEMAND and priced:
        return gap(before.values["comparison_pv_cost"], after.values["comparison_pv_cost"]), ""
    margins = [result.number("margin_npv") for result in (after, before)]
    if margins[0] is not None and margins[1] is not None:
        return gap(margins[0], margins[1]), "more margin, at the value per response"
    if max(served) > WHOLE_DEMAND:
        return None, "it can do more than is asked for: set the value per response to price the rest"
    return None, "unserved requests have no price: set a fallback price, or the value per response"


# --------------------------------------------------------------------------------------------------------- disclosure


def disclosure(result: OptionResult, year: int = 1) -> tuple[Disclosed, ...]:
    """What a figure in tokens should be published with: energy per token, what binds, delivered power, output, quality.

    Figures of one model year; empty for an API. Raises IndexError for a year outside the horizon.
    """
    if result.option.acquisition not in schema.HARDWARE:
        return ()
    if not 1 <= year <= len(result.values["flow_factor"]):
        raise IndexError(f"year {year} is outside the {len(result.values['flow_factor'])} years of the study")
    of = next(found for found in _years(result) if found.year == year)
    physical = (
        Disclosed("joules_at_load", "Energy per token at load", of.joules_per_token, "J/token", "IT, busy"),
        Disclosed(
            "joules_over_life",
            "Energy per token, idle included",
            result.number("joules_per_output_token_facility"),
            "J/token",
            "facility, whole life",
        ),
        Disclosed("binding", "Limiting factor", BINDING[of.binding], "", f"year {year}"),
        Disclosed("delivered", "PUE-adjusted delivered power", of.delivered_kw, "kW", "IT, at load"),
        Disclosed("pue", "PUE", _pue(result), "1", "facility over IT"),
        Disclosed("utilisation", "Utilisation", of.utilisation, "1", "of the time to offer"),
        Disclosed("output", "Utilisation-adjusted output", of.output, "token/s", "generated, in production"),
    )
    return (*physical, *_service(result))


def _pue(result: OptionResult) -> float | None:
    stated = any(not result.option.fields[name].blank for name in ("pue", *schema.PUE_PARTS))
    return result.values["pue"] if stated else None


def _service(result: OptionResult) -> Iterator[Disclosed]:
    """The stated quality and latency, by workload; what is not stated says so by having no value."""
    for row in result.option.serving:
        name = row.text("workload")
        made = " ".join(filter(None, (row.text(part) for part in ("model", "precision", "engine"))))
        yield Disclosed("model", f"Model, {name}", made or None, "", "")
        for entry in stated():
            number = None if row[entry.name].blank else row.number(entry.name)
            yield Disclosed(entry.name, f"{entry.label}, {name}", number, entry.unit, "")


def stated() -> tuple[schema.Field, ...]:
    """The quality and the latencies that rates hold at, each with its target behind it."""
    held = [entry for entry in schema.fields("serving") if entry.target]
    return tuple(each for entry in held for each in (entry, schema.field("serving", entry.target)))
