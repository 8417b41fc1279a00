"""The reading in words: a line's formula with labels, the figures in it, and where its inputs come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.chapters.money.costs import COSTS
from models.engine.constants import CONSTANTS
from models.engine.expression import Binary, Call, Comparison, Name, Negative, Node, Number, Text, children, names
from models.engine.line import Line
from models.engine.ops import OPS
from models.notation import writer
from models.run.gather import PATHS
from models.run.model import OptionResult
from models.studies.inputs import schema
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.schema import CHOICE_LABELS
from models.studies.inputs.spelling import nearest
from models.studies.inputs.value import Value

WORDS: Mapping[str, str] = {
    "minimum": "the least of ({all})",
    "maximum": "the greatest of ({all})",
    "where": "({1} where {0}, else {2})",
    "fraction": "{0} / {1} (0 where that is 0)",
    "ratio": "{0} / {1}",
    "ceiling": "{0}, rounded up",
    "escalate": "(1 + {0})^({1} - 1)",
    "discount": "(1 + {0})^-({1})",
    "text_is": "({0} is {rest})",
    "given": "({0} is given)",
    "default": "{0} (where blank: {1})",
    "over_given": "{0} / {1} (0 where blank)",
    "level_payment": "the level payment at {0} over {1} years on {2}",
    "choose": "the text numbered {0} of: {rest}",
    "previous": "last year's {0}",
    "lagged": "{0} of {1} years before",
    "within_life": "the sum of {0} over the last {1} years",
    "highest": "the highest {0} so far",
    "cumulative": "the sum of {0} so far",
    "total": "the sum over the years of {0}",
    "first": "{0} in year 1",
    "across": "the sum over rows of {0}",
    "present_value": "the sum over the years of {0} x {1}",
    "npv": "the net present value of {0} at {1}, due at the years' ends",
    "by_vintage": "the sum over years of purchase of {0} x {1}",
    "at_age": "{0} at {1}",
    "collect": "the sum of {0} of the items of this class",
    "stack": "{all}",
    "pick": "{0} for the item's basis",
    "by_hour": "the sum over the workloads of {0} x {1} in the hour",
    "topmost": "the greatest, over the hours of the kind of day, of the sum over the workloads of {0} x {1}",
    "crest": "the greatest {0} of the hours",
    "busiest": "the greatest {0} of the hours",
    "capped": "the sum over the hours of {0}, at most {1}, x {2}",
    "capped_by": "the sum over the hours of the band of {0}, at most {1}, x {2}",
    "position": "the number of {0} among its choices",
}
_SIGNS = {"*": "x", "**": "^", "==": "=", "!=": "is not", "<=": "<=", ">=": ">="}
# The rows of a stack go by what an item is charged per, or by kind of cost.
_KEYS = {**CHOICE_LABELS["basis"], **{name: kind.label for name, kind in COSTS.items()}}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}


@dataclass(frozen=True)
class Part:
    """One thing a formula reads: name, label, unit, figure, and for an input its provenance by path of the study."""

    name: str
    label: str
    unit: str
    figure: Any
    kind: str  # line, input, constant or index
    sources: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Opened:
    """A figure opened: what it means, its formula in words, what it reads and its own figure."""

    name: str
    label: str
    unit: str
    meaning: str
    formula: str
    figure: Any
    parts: tuple[Part, ...]
    chapter: str


def label_of(name: str, model: Any) -> str:
    """The plain words for a line, input, constant or index."""
    if name in model.lines:
        return model.lines[name].label
    if name in model.plan.inputs:
        return model.plan.inputs[name].label
    return CONSTANTS[name].label if name in CONSTANTS else name


def unit_text(unit: str, currency: str) -> str:
    """A unit as people read it: the study's currency for money, the basis spelt out, nothing for plain numbers."""
    shown = unit.replace("money", currency or "money")
    for owner in ("@capex", "@opex", "@basis"):
        shown = shown.replace(owner, "unit of its basis")
    return {"1": "", "text": ""}.get(shown, shown)


def in_words(node: Node, label: Any) -> str:
    """A formula with ``label(name)`` in place of names, brackets only where they matter."""
    if isinstance(node, Number):
        return writer.as_typed(node.value)
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Name):
        return label(node.name)
    if isinstance(node, Negative):
        return f"-{_bracketed(node.operand, 3, label)}"
    if isinstance(node, Comparison):
        sign = _SIGNS.get(node.operator, node.operator)
        left, right = _args((node.left, node.right), label)
        return f"({left} {sign} {right})"
    if isinstance(node, Binary):
        rank = _RANK[node.operator]
        right = _bracketed(node.right, rank + (node.operator in "-/" or node.operator == "**"), label)
        left = _bracketed(node.left, rank + (node.operator == "**"), label)
        if node.operator == "**" and isinstance(node.left, Call):
            left = f"({in_words(node.left, label)})"
        return f"{left} {_SIGNS.get(node.operator, node.operator)} {right}"
    return _call(node, label)


def _bracketed(node: Node, rank: int, label: Any) -> str:
    text = in_words(node, label)
    needs = (isinstance(node, Binary) and _RANK[node.operator] < rank) or isinstance(node, Negative)
    needs = needs or (isinstance(node, Call) and OPS[node.op].structural)
    return f"({text})" if needs else text


def _args(nodes: Sequence[Node], label: Any) -> list[str]:
    """What an operation works on in words; choices of an input that stands first as they are offered."""
    first = nodes[0].name if nodes and isinstance(nodes[0], Name) else ""
    choices = next((c for name, c in CHOICE_LABELS.items() if first == name or first.endswith(f"_{name}")), {})
    return [choices.get(n.value, n.value) if isinstance(n, Text) else in_words(n, label) for n in nodes]


def _call(node: Call, label: Any) -> str:
    args = _args(node.args, label)
    if node.op == "stack":
        return "; ".join(f"{_KEYS.get(key, key)}: {text}" for key, text in zip(node.keys, args, strict=True))
    bare = [
        f"({a})" if isinstance(n, Binary) and node.op not in ("minimum", "maximum") else a
        for n, a in zip(node.args, args, strict=True)
    ]
    return WORDS[node.op].format(*bare, all=", ".join(args), rest=", ".join(args[1:]))


def line_in_words(each: Line, label: Any) -> str:
    """A line's formula as ``in_words`` tells it; of an identity, what its sides must be to each other."""
    if each.equality is None:
        return in_words(each.formula, label)
    left, right = (in_words(side, label) for side in children(each.formula))
    return f"{left} {each.equality.relation} {right}"


def method_of(each: Line, label: Any) -> str:
    """A line's formula with ``label(name)`` in place of names, and how nearly an identity must hold."""
    words = line_in_words(each, label)
    if each.equality is None:
        return words
    scale = label(each.equality.scale) if each.equality.scale else "the right side"
    return f"{words}, within {writer.exact(each.equality.tolerance)} of {scale}"


def opened(option: OptionResult, name: str) -> Opened:
    """A line of an option, opened.

    Raises StudyError naming the nearest line where there is none of that name.
    """
    model = option.model
    if name not in model.lines:
        near = nearest(name, model.lines)
        hint = f"; did you mean {near}?" if near else ""
        raise StudyError([Problem(name, None, f"there is no line of this name{hint}")])
    each = model.lines[name]
    currency = option.study.currency
    formula = method_of(each, lambda n: label_of(n, model))
    parts = tuple(_part(option, n) for n in names(each.formula))
    unit = unit_text(each.unit, currency)
    return Opened(name, each.label, unit, each.meaning, formula, option.figure(name), parts, model.chapter_of[name])


def _part(option: OptionResult, name: str) -> Part:
    model, currency = option.model, option.study.currency
    if name in model.lines:
        each = model.lines[name]
        return Part(name, each.label, unit_text(each.unit, currency), option.figure(name), "line")
    if name in CONSTANTS:
        constant = CONSTANTS[name]
        return Part(name, constant.label, unit_text(constant.unit, currency), float(constant), "constant")
    if name in model.plan.inputs:
        each = model.plan.inputs[name]
        value = option.gathered.values[name]
        return Part(name, each.label, unit_text(each.unit, currency), value, "input", sources(option, name))
    return Part(name, name, "", None, "index")


# What the study's structure is gathered from: engine inputs that are no field of their own.
_STRUCTURE = {
    "asset_straight_line": ("asset", "tax_schedule"),
    "asset_schedule_share": ("asset", "tax_schedule"),
    "asset_number": ("asset", "name"),
    "capex_asset_number": ("capex", "asset"),
    "tariff_number": ("tariff", "name"),
    "tariff_hours_share": ("tariff", "hours"),
    "band_tariff": ("tariff", "hours"),
    "workload_has_shape": ("workload", "load_shape"),
    "workload_shape_at": ("load_shape", "weekday"),
    **{f"workload_{name}": ("workload", "requests_per_day") for name in ("requests_listed", "requests_by_year")},
    "workload_years_beyond": ("workload", "requests_per_day"),
    **dict.fromkeys(("tries_before", "attempts_before", "missed_before"), ("workload", "success_rate")),
    **{f"mix_{name}": ("workload", "success_rate") for name in ("success_rate", "tries_before", "missed_before")},
    **{f"{table}_{name}_{what}": (table, name) for table, name in PATHS for what in ("listed", "path")},
}


def sources(option: OptionResult, name: str) -> tuple[tuple[str, Value], ...]:
    """The study's values behind an engine input, each with its path in the study: one, or one a row.

    A row that the study does not write (the equipment class where no table describes it) has none.
    """
    table, field = _STRUCTURE.get(name) or _field_of(name)
    study = option.study
    owner = None if table in ("study", "workload", "load_shape") else study.position(option.name)
    return tuple((place.of(field), place.row[field]) for place in study.rows(table, owner))


def _field_of(name: str) -> tuple[str, str]:
    table, _, field = name.partition("_")
    return table, field


def explanation(option: OptionResult, name: str) -> str:
    """A line opened as text: meaning, formula, figure, and what goes in with its sources.

    Raises StudyError as opened does.
    """
    found = opened(option, name)
    lines = [
        f"{found.label} [{found.name}]" + (f", {found.unit}" if found.unit else ""),
        f"  {found.meaning}",
        f"  = {found.formula}",
        f"  = {figure_text(found.figure)}",
        "  from",
    ]
    for part in found.parts:
        unit = f" {part.unit}" if part.unit else ""
        lines.append(f"    {part.label} [{part.name}] = {figure_text(part.figure)}{unit}")
        lines.extend(f"      {path}: {provenance_text(value)}" for path, value in part.sources)
    return "\n".join(lines)


def provenance_text(value: Value) -> str:
    """Where a value comes from, in one line."""
    if value.blank:
        return "blank"
    if value.source is None and value.confidence is None:
        yours = schema.confidence_label(schema.OWN)
        return {"default": "default", "you": yours}.get(value.set_by, "no source")
    parts = [value.source, value.as_of, value.by, schema.confidence_label(value.confidence), value.url]
    return ", ".join(p for p in parts if p)


def figure_text(figure: Any) -> str:
    """A figure of any shape as text, seven digits; n/a where there is none."""
    if isinstance(figure, list):
        return "[" + ", ".join(figure_text(f) for f in figure) + "]"
    return writer.exact(figure)
