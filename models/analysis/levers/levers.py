"""Levers: what quantisation, caching, cooling and the like do to the cost and energy of a meaningful response.

A lever is a named set of changes to inputs, each a row of `levers.csv` with its source; where a source says "up to",
half of the gain is taken, and the row says so. Levers stack: on one input a floor ("at least") comes first, then what
multiplies. So the outcome depends on which levers are chosen, never on the order in which they were.

How much of the whole change each lever brings is its Shapley value: what it adds, averaged over every order of pulling
the levers, from full runs of all combinations. The bars therefore add up, and no lever owes its bar to coming first.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from models.analysis.decision.shapley import shapley
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import listing
from models.catalogue.fill import Catalogue
from models.catalogue.rows import Entry
from models.notation import writer
from models.run.model import MODEL
from models.studies.file.load import from_dict, to_dict
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.rules import unread_inputs
from models.studies.study import ATTRIBUTES, Option, Row, Study, effective

METRICS: tuple[str, ...] = (RANKED_BY, "joules_per_meaningful_response")
MOST_LEVERS = 10
# The order in which changes of one input are made; within each, order makes no difference.
OPERATIONS: tuple[str, ...] = ("at_least", "overhead", "multiply")


@dataclass(frozen=True)
class Effect:
    """One change of one input: `table` and `field`, which rows of the table, how, by what, and where that is from.

    `multiply` times the input; `overhead` times what is above 1 of it (a PUE); `at_least` raises it to the value. It
    applies above `above_input_tokens`, and to `precisions` if any are named (a rate measured at 8 bits gains nothing
    from being brought to 8 bits).
    """

    table: str
    field: str
    rows: str
    operation: str
    value: float
    low: float | None
    high: float | None
    above_input_tokens: float
    precisions: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True)
class Lever:
    """A named set of effects; `assumed` if any of them rests on no source of its own.

    It does nothing on hardware whose vendor, or the option's name, contains a word of `not_on` (no 4-bit arithmetic,
    liquid-cooled already), and is never pulled together with the levers `not_with` (both replace the model).
    """

    name: str
    label: str
    kind: str
    effects: tuple[Effect, ...]
    not_on: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()

    @property
    def assumed(self) -> bool:
        return any(effect.entry.text("confidence") == "assumed" for effect in self.effects)


@dataclass(frozen=True)
class Bar:
    """What one lever brings, in the metric's unit: negative lowers it. `note` says why it brings nothing, if so."""

    name: str
    label: str
    amount: float
    assumed: bool
    note: str


@dataclass(frozen=True)
class Waterfall:
    """One metric from `start` (as the study stands) by the bars to `end` (all chosen levers pulled)."""

    metric: str
    label: str
    start: float
    end: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Stack:
    """The chosen levers on one option: a waterfall a metric (None where it has no figure), and the option that results.

    `study` is the whole study with that option changed, ready to be kept; what each input rests on is in its note.
    """

    option: str
    levers: tuple[Lever, ...]
    waterfalls: dict[str, Waterfall | None]
    study: Study


def levers(catalogue: Catalogue) -> tuple[Lever, ...]:
    """Every lever of the catalogue, in its order."""
    rows = catalogue.table("levers")
    names = dict.fromkeys(row.text("lever") for row in rows)
    return tuple(_lever(name, [row for row in rows if row.text("lever") == name]) for name in names)


def _lever(name: str, rows: Sequence[Entry]) -> Lever:
    effects = tuple(
        Effect(
            table=row.text("table"),
            field=row.text("field"),
            rows=row.text("rows"),
            operation=row.text("operation"),
            value=row.needed("value"),
            low=row.number("low"),
            high=row.number("high"),
            above_input_tokens=row.number("above_input_tokens") or 0.0,
            precisions=_words(row, "only_precision"),
            entry=row,
        )
        for row in rows
    )
    first = rows[0]
    barred = (_words(first, "not_on"), _words(first, "not_with"))
    return Lever(name, first.text("label"), first.text("kind"), effects, *barred)


def _words(row: Entry, column: str) -> tuple[str, ...]:
    return tuple(filter(None, row.text(column).split(";")))


def with_value(lever: Lever, field: str, value: float) -> Lever:
    """The lever with another value for every effect on an input; its range and source stay for comparison."""
    effects = (dataclasses.replace(e, value=value) if e.field == field else e for e in lever.effects)
    return dataclasses.replace(lever, effects=tuple(effects))


def stack(study: Study, option: str, chosen: Iterable[Lever]) -> Stack:
    """What the chosen levers do to an option, together and each.

    Raises StudyError for an unknown option, for levers that exclude each other, for more than ten that change
    something, and where they lead to an option that is refused.
    """
    base = study.option(option)
    all_chosen = _in_order(chosen)
    _check_together(all_chosen)
    changed = {lever.name: applied(study, base, (lever,)) for lever in all_chosen}
    working = tuple(lever for lever in all_chosen if changed[lever.name] != base)
    if len(working) > MOST_LEVERS:
        message = f"{len(working)} levers are chosen; shares are exact up to {MOST_LEVERS}: take some out"
        raise StudyError([Problem("levers", len(working), message)])
    figures = _figures(study, base, working)
    waterfalls = {
        metric: _waterfall(metric, all_chosen, working, [figure[metric] for figure in figures], study, base)
        for metric in METRICS
    }
    return Stack(option, all_chosen, waterfalls, adopted(study, option, working))


def _in_order(chosen: Iterable[Lever]) -> tuple[Lever, ...]:
    """Each lever once, in the order of the catalogue: the order of choosing leaves no trace."""
    once = {lever.name: lever for lever in chosen}.values()
    return tuple(sorted(once, key=lambda lever: (lever.effects[0].entry.row, lever.name)))


def _check_together(chosen: Sequence[Lever]) -> None:
    names = {lever.name: lever.label for lever in chosen}
    for lever in chosen:
        for other in lever.not_with:
            if other in names:
                message = f'replaces the model, and so does "{names[other]}": choose one of the two'
                raise StudyError([Problem(f"levers/{lever.name}", None, message)])


def _figures(study: Study, base: Option, working: Sequence[Lever]) -> list[dict[str, float | None]]:
    """The metrics with every combination of the levers: at position n those whose bits are set in n."""
    lines = MODEL.lines
    known = {metric: lines[metric].known for metric in METRICS}
    program = MODEL.program([*METRICS, *(name for name in known.values() if name)])
    found = []
    for bits in range(1 << len(working)):
        pulled = [lever for place, lever in enumerate(working) if bits >> place & 1]
        gathered = MODEL.gather(study, applied(study, base, pulled))
        values = program(gathered.values, gathered.sizes)
        found.append({metric: _figure(values[metric], values[of] if of else 1.0) for metric, of in known.items()})
    return found


def _figure(value: float, known: float) -> float | None:
    return float(value) if known and not math.isnan(value) else None


def _waterfall(
    metric: str,
    chosen: Sequence[Lever],
    working: Sequence[Lever],
    figures: Sequence[float | None],
    study: Study,
    base: Option,
) -> Waterfall | None:
    values = [figure for figure in figures if figure is not None]
    if len(values) < len(figures):
        return None
    amounts = dict(zip((lever.name for lever in working), shapley(values), strict=True))
    bars = tuple(
        Bar(
            lever.name,
            lever.label,
            amounts.get(lever.name, 0.0),
            lever.assumed,
            _caveat(lever, base, amounts[lever.name]) if lever.name in amounts else _why_nothing(lever, study, base),
        )
        for lever in chosen
    )
    return Waterfall(metric, MODEL.lines[metric].label, values[0], values[-1], bars)


# ------------------------------------------------------------------------------------------- levers on an option


def adopted(study: Study, option: str, chosen: Iterable[Lever]) -> Study:
    """The study with the levers pulled on one option. Raises StudyError if the outcome is refused."""
    base = study.option(option)
    changed = applied(study, base, chosen)
    options = tuple(changed if each is base else each for each in study.options)
    result = dataclasses.replace(study, options=options)
    warnings = from_dict(to_dict(result)).warnings
    return dataclasses.replace(result, warnings=warnings)


def applied(study: Study, option: Option, chosen: Iterable[Lever]) -> Option:
    """The option with the levers pulled, whatever their order; inputs that a lever does not find stay blank."""
    pulled = [lever for lever in _in_order(chosen) if not _barred(lever, option)]
    effects = [(lever, effect) for lever in pulled for effect in lever.effects]
    effects.sort(key=lambda pair: OPERATIONS.index(pair[1].operation))
    precisions = _precisions(option)
    for lever, effect in effects:
        if effect.table == "serving":
            option = _on_serving(study, option, lever, effect)
        elif not effect.precisions or not precisions or precisions & set(effect.precisions):
            option = _on_rows(option, lever, effect)
    return option


def _barred(lever: Lever, option: Option) -> str:
    """The word of the option's hardware that bars a lever, or ""."""
    of = f"{option.fields.text('vendor')} {option.name}".casefold()
    return next((word for word in lever.not_on if word.casefold() in of), "")


def _precisions(option: Option) -> set[str]:
    return {row.text("precision").upper() for row in option.serving if row.text("precision")}


def _on_serving(study: Study, option: Option, lever: Lever, effect: Effect) -> Option:
    """The option with the effect on each workload it serves; a row is added where an override needs one."""
    held = {row.text("workload"): row for row in option.serving}
    for workload in study.workloads:
        name = workload.text("name")
        row = held.get(name) or Row("serving").replaced("workload", Value(name, set_by="catalogue"))
        if effect.above_input_tokens and effective(workload, row, "input_tokens") <= effect.above_input_tokens:
            continue
        if effect.precisions and row.text("precision").upper() not in ("", *effect.precisions):
            continue
        stands = row[effect.field].blank and schema.field("serving", effect.field).replaces == "workload"
        old = workload[effect.field] if stands else row[effect.field]
        new = _changed(old, lever, effect)
        if new is not old:
            held[name] = row.replaced(effect.field, new)
    rows = tuple(held[name] for name in held)
    return option if rows == option.serving else dataclasses.replace(option, serving=rows)


def _on_rows(option: Option, lever: Lever, effect: Effect) -> Option:
    """The option with the effect on its own fields, or on the rows of a table that the effect is about."""
    if effect.table == "option":
        if effect.field in _unused(option):
            return option
        return dataclasses.replace(option, fields=_row_changed(option.fields, lever, effect))
    rows = tuple(
        _row_changed(row, lever, effect) if _is_about(row, effect) else row for row in option.rows(effect.table)
    )
    many = schema.table(effect.table).many
    parts: dict[str, Any] = {ATTRIBUTES[effect.table]: rows if many else next(iter(rows), None)}
    return dataclasses.replace(option, **parts)


def _unused(option: Option) -> tuple[str, ...]:
    """Inputs that this option does not read: raising them would only look like a change."""
    by_sizing = "max_utilisation" if option.sizing == "fixed" else "utilisation"
    return (by_sizing, *unread_inputs(option.acquisition))


_SELECTORS: dict[str, str] = {"capex": "asset", "opex": "category"}


def _is_about(row: Row, effect: Effect) -> bool:
    return not effect.rows or row.text(_SELECTORS[effect.table]) == effect.rows


def _row_changed(row: Row, lever: Lever, effect: Effect) -> Row:
    new = _changed(row[effect.field], lever, effect)
    return row if new is row[effect.field] else row.replaced(effect.field, new)


_MADE: dict[str, Callable[[float, float], float]] = {
    "multiply": lambda old, by: old * by,
    "overhead": lambda old, by: 1 + (old - 1) * by,
    "at_least": max,
}


def _changed(old: Value, lever: Lever, effect: Effect) -> Value:
    """The value after the effect, with its story; the same object where nothing changes (a blank stays blank)."""
    if old.value is None:
        return old
    number = float(old.value)  # type: ignore[arg-type]
    new = _MADE[effect.operation](number, effect.value)
    if new == number:
        return old
    how = {"multiply": "times", "overhead": "what is above 1 times", "at_least": "raised to"}[effect.operation]
    note = (
        f"{lever.label}: {writer.as_typed(number)} {how} {writer.as_typed(effect.value)} "
        f"({effect.entry.text('source') or 'assumed'})"
    )
    return Value(
        new,
        source=old.source,
        url=old.url,
        as_of=old.as_of,
        confidence="assumed",
        note=f"{old.note} {note}." if old.note else f"{note}.",
        set_by="catalogue",
    )


def _caveat(lever: Lever, option: Option, amount: float) -> str:
    """What to know about the bar of a lever that changes inputs."""
    blended = option.acquisition != "api" and any(
        row["prefill_rate"].blank and not row["decode_rate"].blank for row in option.serving
    )
    fields = {effect.field for effect in lever.effects}
    if blended and "cached_input_share" in fields:
        return "the speed is a blended rate, which knows nothing of cached input: give an input speed"
    if blended and "decode_rate" in fields and "prefill_rate" not in fields:
        return "the speed is a blended rate: the gain in writing is counted on reading too, so it is too large"
    if amount == 0 and "cached_input_share" in fields and option.acquisition == "api":
        return "the API lists no lower price for cached input"
    return "changes inputs, but not this figure" if amount == 0 else ""


def _why_nothing(lever: Lever, study: Study, option: Option) -> str:
    """In words why a lever changes nothing on this option."""
    limits = [effect.above_input_tokens for effect in lever.effects]
    read = max(effective(w, option.serving_for(w.text("name")), "input_tokens") for w in study.workloads)
    wanted = [precision for effect in lever.effects for precision in effect.precisions]
    found = _precisions(option)
    rows = sorted({effect.rows for effect in lever.effects if effect.rows})
    if word := _barred(lever, option):
        return f"does not apply to {word}"
    if option.acquisition == "api" and not any(effect.table in ("api", "serving") for effect in lever.effects):
        return "an API's price contains it"
    if min(limits) and read <= min(limits):
        return f"requests read {writer.count(read)} tokens at most, and it works above {writer.count(min(limits))}"
    if wanted and found and not found & set(wanted):
        starts = " or ".join(sorted(set(wanted)))
        return f"the rates are measured at {listing(sorted(found))}, and it starts from {starts}"
    if rows and not any(_is_about(row, e) for e in lever.effects if e.rows for row in option.rows(e.table)):
        return f"this option has no {listing(rows)} cost"
    if option.acquisition == "api":
        return "an API's price contains it"
    return "what it would change is blank, 0 or there already"
