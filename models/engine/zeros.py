"""When a line is nothing: the switches, single figures, at whose 0 every figure of it is 0.

A rental's lines are nothing in an option that is bought. The reading that computes need not go through them then; it
asks here, and the formulas say nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.engine.check import INDICES, Plan
from models.engine.expression import Binary, Call, Name, Negative, Node, Number, children
from models.engine.line import Shape

Switches = frozenset[str]
NONE: Switches = frozenset()
# Operations that give 0 wherever their first argument is 0 throughout.
FOLLOW_FIRST = frozenset(
    (
        *("fraction", "over_given", "ceiling", "previous", "lagged", "within_life", "highest", "cumulative", "total"),
        *("first", "across", "collect", "pick", "by_vintage", "at_age", "npv", "crest", "capped", "capped_by"),
    )
)
# Operations that give 0 wherever any of their first two arguments is.
PRODUCTS = frozenset(("present_value", "by_hour", "topmost"))
# Operations that give 0 wherever all of their arguments are.
ALL_OF = frozenset(("minimum", "maximum", "stack"))


def switches(plan: Plan) -> Mapping[str, Switches]:
    """For each line the switches at whose 0 it is 0 throughout: single figures that it is a multiple of."""
    found: dict[str, Switches] = {}
    for group in plan.groups:
        if group[0] not in plan.recurrent:
            found[group[0]] = _of(plan.lines[group[0]].formula, plan, found, NONE)
            continue
        # A recurrence is 0 where its members, taken as 0 the year before, stay 0: the largest set that holds.
        every = frozenset().union(*(_read(plan.lines[name].formula, plan, found) for name in group))
        found.update(dict.fromkeys(group, every))
        while True:
            again = {name: _of(plan.lines[name].formula, plan, found, every) for name in group}
            if all(again[name] == found[name] for name in group):
                break
            found.update(again)
    return found


def _read(node: Node, plan: Plan, found: Mapping[str, Switches]) -> Switches:
    """Every switch that an expression rests on, directly or through a line."""
    if isinstance(node, Name):
        return _name(node.name, plan, found)
    parts = children(node)
    return frozenset().union(*(_read(part, plan, found) for part in parts)) if parts else NONE


def _name(name: str, plan: Plan, found: Mapping[str, Switches]) -> Switches:
    own = frozenset((name,)) if name not in INDICES and plan.shape(name) == Shape() and _is_plain(name, plan) else NONE
    return found.get(name, NONE) | own


def _is_plain(name: str, plan: Plan) -> bool:
    """A line or an input that is a number and never blank: its 0 is a 0."""
    return name in plan.lines or (name in plan.inputs and not plan.inputs[name].text and not plan.inputs[name].blank)


def _of(node: Node, plan: Plan, found: Mapping[str, Switches], every: Switches) -> Switches:
    def of(part: Node) -> Switches:
        return _of(part, plan, found, every)

    if isinstance(node, Name):
        return _name(node.name, plan, found)
    if isinstance(node, Negative):
        return of(node.operand)
    if isinstance(node, Binary):
        return _binary(node, of(node.left), of(node.right))
    if isinstance(node, Call):
        return _call(node, [_ANY if _is_zero(arg) else of(arg) for arg in node.args])
    return NONE


# Stands for the literal 0, which is 0 at every switch.
_ANY: Switches = frozenset(("*",))


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 0


def _both(one: Switches, two: Switches) -> Switches:
    if one == _ANY:
        return two
    return one if two == _ANY else one & two


def _binary(node: Binary, left: Switches, right: Switches) -> Switches:
    if node.operator == "*":
        return left | right
    if node.operator == "/":
        return left
    if node.operator == "**":
        return NONE
    return _both(_ANY if _is_zero(node.left) else left, _ANY if _is_zero(node.right) else right)


def _call(node: Call, args: list[Switches]) -> Switches:
    if node.op in FOLLOW_FIRST:
        return _plain(args[0])
    if node.op in PRODUCTS:
        return _plain(args[0] | args[1])
    if node.op == "level_payment":
        return _plain(args[2])
    if node.op == "where":
        then = _ANY if args[1] == _ANY else args[1] | _plain(args[0])
        return _plain(_both(args[2], then))
    if node.op in ALL_OF:
        both = args[0]
        for each in args[1:]:
            both = _both(both, each)
        return _plain(both)
    return NONE


def _plain(switches: Switches) -> Switches:
    return switches - _ANY
