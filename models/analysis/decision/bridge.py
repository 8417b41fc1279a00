"""Bridge: why one option costs more than another, in bars that add up exactly and do not depend on their order.

Between options of the same kind each bar is a group of inputs: every order of exchanging the groups is averaged, which
is the Shapley value, computed exactly from all combinations. Between different kinds the inputs do not correspond, so
the bars are those of the cost tree, unmet work included. The two may be of two studies, which are then exchanged in
parts as well: what the study asks, what holds for all its options, and the options that work is sent to.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.analysis.decision.shapley import shapley
from models.analysis.metrics.measures import METRIC, beyond_rounding, gap
from models.chapters.money.costs import COSTS, FALLBACK, FAMILIES
from models.run.model import MODEL, OptionResult
from models.studies.inputs import schema
from models.studies.inputs.value import Value
from models.studies.study import ATTRIBUTES, Option, Row, Study

INTERIM = "interim_cost"


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, and how much of the gap it explains, in the metric's unit."""

    name: str
    label: str
    amount: float


@dataclass(frozen=True)
class Bridge:
    """From ``start`` (the option compared against) by the bars to ``end`` (the option)."""

    option: str
    against: str
    metric: str
    start: float
    end: float
    bars: tuple[Bar, ...]
    by_inputs: bool


# Steps below this share of where a bridge begins are told as one.
SMALL_STEP = 0.01
OTHER = "other"


def by_family(option: OptionResult, against: OptionResult) -> Bridge:
    """From one present value of cost to another by families of cost, savings first; steps too small to see are one."""
    ours, theirs = (families(each) for each in (option, against))
    start, end = (each.values[METRIC] for each in (against, option))
    steps = [Bar(family.name, family.label, ours[family.name] - theirs[family.name]) for family in FAMILIES]
    shown = [step for step in steps if abs(step.amount) >= SMALL_STEP * abs(start)]
    rest = sum(step.amount for step in steps if step not in shown)
    bars = [*sorted(shown, key=lambda step: step.amount), *([Bar(OTHER, "Other", rest)] if rest else [])]
    return Bridge(option.name, against.name, METRIC, start, end, tuple(bars), False)


def families(option: OptionResult) -> dict[str, float]:
    """The present value of cost by family, in the money of the study; fallback counts where it has a price."""
    amounts = option.table("pv_cost_tree")
    found = {family.name: sum((amounts.get(kind, 0.0) for kind in family.kinds), 0.0) for family in FAMILIES}
    found[FALLBACK.name] = option.values["pv_interim_cost"]
    return found


@dataclass(frozen=True)
class Group:
    """A driver: the inputs and tables that name it, and the rows of items and assets that belong to it."""

    name: str
    label: str
    rows: Callable[[Option, Option], Option] = lambda base, other: base
    items: Callable[[Option], Sequence[Row]] = lambda option: ()

    def take(self, base: Option, other: Option) -> Option:
        """``base`` with the driver's inputs as ``other`` has them."""
        return self.rows(_exchanged(self.name, base, other), other)


# Of more lines than these the group's own label says what they are together.
MOST_NAMED = 3


def _label(driver: Group | Part, option: OptionResult, against: OptionResult) -> str:
    """What a bar stands for: the purchases and running costs that differ, by what they are, where they are few."""
    ours, theirs = (driver.items(each.option) if isinstance(driver, Group) else () for each in (option, against))
    held = [list(map(_figures, rows)) for rows in (ours, theirs)]
    apart = [row for row in (*ours, *theirs) if not all(_figures(row) in each for each in held)]
    names = list(dict.fromkeys(map(_what, apart)))
    if not 0 < len(names) <= MOST_NAMED:
        return driver.label
    told = ", ".join(names)
    return f"{told[:1].upper()}{told[1:]}"


def _figures(item: Row) -> dict[str, Any]:
    """What a row says, without where that comes from."""
    return {name: value.value for name, value in item.items()}


def _what(item: Row) -> str:
    """What a purchase or running cost is: its category, else its name."""
    category = item.text("category") if item.table == "opex" else "other"
    return item.text("name") if category == "other" else category


@dataclass(frozen=True)
class Part:
    """A part of the study that an option stands in: what it is called, and a study with it as another has it."""

    name: str
    label: str
    take: Callable[[Study, Study], Study]


def bridge(option: OptionResult, against: OptionResult, metric: str = METRIC) -> Bridge:
    """Why ``option`` differs from ``against`` in a single figure of the model (by the tree: in present value)."""
    if _family(option.option) == _family(against.option):
        return _by_inputs(option, against, metric)
    return by_tree(option, against)


def _family(option: Option) -> str:
    return "owned" if option.acquisition in schema.OWNED else option.acquisition


def by_tree(option: OptionResult, against: OptionResult) -> Bridge:
    """From one present value of cost to another by kinds of cost, unmet work included."""
    ours, theirs = (dict(zip(o.keys("cost"), o.values["pv_cost_tree"], strict=True)) for o in (option, against))
    bars = [Bar(key, COSTS[key].label, gap(ours[key], theirs[key])) for key in ours]
    interim = gap(option.values["pv_interim_cost"], against.values["pv_interim_cost"])
    bars.append(Bar(INTERIM, "unserved requests", interim))
    start, end = (o.values[METRIC] for o in (against, option))
    return Bridge(option.name, against.name, METRIC, start, end, tuple(bars), False)


def _by_inputs(option: OptionResult, against: OptionResult, metric: str) -> Bridge:
    """Drivers that hold the same in both options explain nothing, and leave the shares of the others as they are."""
    parts = () if option.study is against.study else PARTS
    moving = [each for each in (*parts, *GROUPS) if _differs(each, option, against)]
    values = [_mixed(option, against, moving, chosen, metric) for chosen in range(1 << len(moving))]
    if not all(map(math.isfinite, values)):  # a mix of the two that accepts no response has no unit cost
        return by_tree(option, against)
    shares = dict(zip((each.name for each in moving), shapley(values), strict=True))
    bars = (
        Bar(g.name, _label(g, option, against), beyond_rounding(shares.get(g.name, 0.0), values[0], values[-1]))
        for g in (*parts, *GROUPS)
    )
    return Bridge(option.name, against.name, metric, values[0], values[-1], tuple(bars), True)


def _take(driver: Group | Part, base: tuple[Study, Option], other: OptionResult) -> tuple[Study, Option]:
    study, option = base
    if isinstance(driver, Part):
        return driver.take(study, other.study), option
    return study, driver.take(option, other.option)


def _differs(driver: Group | Part, option: OptionResult, against: OptionResult) -> bool:
    """Whether exchanging the driver changes an input, taken first into one option or given back last by the other."""
    for base, other in ((against, option), (option, against)):
        taken = MODEL.gather(*_take(driver, (base.study, base.option), other))
        if (taken.values, taken.sizes) != (base.gathered.values, base.gathered.sizes):
            return True
    return False


def _mixed(
    option: OptionResult, against: OptionResult, drivers: Sequence[Group | Part], chosen: int, metric: str
) -> float:
    mixed = against.study, against.option
    for position, driver in enumerate(drivers):
        if chosen >> position & 1:
            mixed = _take(driver, mixed, option)
    return float(option.model.figures(*mixed, [metric])[metric])


def _exchanged(driver: str, base: Option, other: Option) -> Option:
    """The option with the inputs and the tables of a driver taken from the other."""
    tables = (ATTRIBUTES[table.name] for table in schema.children("option") if table.driver == driver)
    found: dict[str, Any] = {attribute: getattr(other, attribute) for attribute in tables}
    if _names("serving", driver):
        found["serving"] = _serving(base, other, _names("serving", driver))
    return dataclasses.replace(base, fields=_taken(base.fields, other.fields, _names("option", driver)), **found)


@cache
def _names(table: str, driver: str) -> tuple[str, ...]:
    """The inputs of a table that belong to a driver, but not the one that names its rows."""
    key = schema.table(table).key
    return tuple(entry.name for entry in schema.fields(table) if entry.driver == driver and entry.name != key)


def _taken(base: Row, other: Row, names: tuple[str, ...]) -> Row:
    return Row(base.table, {**base, **{n: other[n] for n in names}})


def _is_equipment(item: Row) -> bool:
    return item.text("asset") == "equipment"


def _assets(base: Option, other: Option, equipment: bool, but: tuple[str, ...]) -> tuple[Row, ...]:
    """The asset classes with one side's rows exchanged, except for the fields ``but``, which stay as they are."""
    kept = [a for a in base.assets if (a.text("name") == "equipment") != equipment]
    held = {a.text("name"): a for a in base.assets}
    new = [a for a in other.assets if (a.text("name") == "equipment") == equipment]
    return (*kept, *(_taken(a, held[a.text("name")], but) if a.text("name") in held else a for a in new))


def _equipment(base: Option, other: Option) -> Option:
    capex = [c for c in base.capex if not _is_equipment(c)] + [c for c in other.capex if _is_equipment(c)]
    assets = _assets(base, other, True, _names("asset", "finance"))
    return dataclasses.replace(base, capex=tuple(capex), assets=assets)


def _serving(base: Option, other: Option, taken: tuple[str, ...]) -> tuple[Row, ...]:
    """Serving rows by workload with some inputs of the other option."""
    names = dict.fromkeys(r.text("workload") for r in (*base.serving, *other.serving))
    found = []
    for name in names:
        ours, theirs = (option.serving_for(name) or _as_the_workload(name) for option in (base, other))
        found.append(_taken(ours, theirs, taken))
    return tuple(found)


def _as_the_workload(name: str) -> Row:
    """What an option without serving rates of its own for a workload stands for: all of it as the workload says."""
    return Row("serving").replaced("workload", Value(name, set_by="default"))


def _site(option: Option) -> Sequence[Row]:
    return [*(c for c in option.capex if not _is_equipment(c)), *(o for o in option.opex if _is_place(o))]


def _facility(base: Option, other: Option) -> Option:
    capex = [c for c in base.capex if _is_equipment(c)] + [c for c in other.capex if not _is_equipment(c)]
    opex = [o for o in base.opex if not _is_place(o)] + [o for o in other.opex if _is_place(o)]
    assets = _assets(base, other, False, _names("asset", "finance"))
    needed = {c.text("asset") for c in capex}
    assets = (
        *assets,
        *(a for a in base.assets if a.text("name") in needed and a not in assets and not _named(assets, a)),
    )
    return dataclasses.replace(base, capex=tuple(capex), opex=tuple(opex), assets=assets)


def _named(assets: tuple[Row, ...], row: Row) -> bool:
    return any(a.text("name") == row.text("name") for a in assets)


def _is_place(item: Row) -> bool:
    return item.text("category") == "colocation"


def _running(option: Option) -> Sequence[Row]:
    return [o for o in option.opex if not _is_place(o)]


def _other_opex(base: Option, other: Option) -> Option:
    opex = [o for o in base.opex if _is_place(o)] + [o for o in other.opex if not _is_place(o)]
    return dataclasses.replace(base, opex=tuple(opex))


def _tax_terms(base: Option, other: Option) -> Option:
    """The asset classes that both have, with the terms of the other."""
    theirs = {a.text("name"): a for a in other.assets}
    names = _names("asset", "finance")
    assets = tuple(_taken(a, theirs[a.text("name")], names) if a.text("name") in theirs else a for a in base.assets)
    return dataclasses.replace(base, assets=assets)


GROUPS: tuple[Group, ...] = (
    Group("hardware_price", "Hardware and token prices", _equipment),
    Group("quantity", "Quantity"),
    Group("serving_rate", "Serving rate"),
    Group("energy_price", "Energy price"),
    Group("power", "PUE and power"),
    Group("facility", "Site, installation and other purchases", _facility, _site),
    Group("other_opex", "Staff and other running costs", _other_opex, _running),
    Group("quality", "Quality and retries"),
    Group("finance", "Finance terms", _tax_terms),
)


def _demand(base: Study, other: Study) -> Study:
    return dataclasses.replace(base, workloads=other.workloads, load_shapes=other.load_shapes)


def _terms(base: Study, other: Study) -> Study:
    return dataclasses.replace(base, fields=other.fields)


def _others(base: Study, other: Study) -> Study:
    return dataclasses.replace(base, options=other.options)


PARTS: tuple[Part, ...] = (
    Part("demand", "Demand and its shape", _demand),
    Part("terms", "Terms of the study", _terms),
    Part("others", "Options that work is sent to", _others),
)
