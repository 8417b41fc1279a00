"""What is refused when the model is built: unknown names, wrong units and dimensions, cycles, missing figures.

The outcome is a Plan: the lines in an order in which each can be computed, recurrences grouped.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from models.engine.constants import CONSTANTS
from models.engine.expression import (
    Binary,
    Call,
    Comparison,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    Text,
    children,
    names,
    walk,
)
from models.engine.line import Line, Shape
from models.engine.ops import OPS, Units
from models.engine.units import ONE, Unit, UnitError, unit

INDICES = {"year": Shape(None, "year"), "age": Shape(None, "age")}
LAGS = ("previous", "lagged")
# Dimensions whose rows are known by their number, beside those of a stack.
NUMBERED = ("hour", "day")
STACK_UNITS = {"@capex": "money/system/@capex", "@opex": "money/@opex"}


@dataclass(frozen=True)
class Input:
    """An input as formulas see it; ``blank`` says that it may be left empty, ``text`` that it is not a number."""

    name: str
    label: str
    unit: str
    shape: Shape
    blank: bool
    text: bool
    basis_units: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Plan:
    """Lines in computing order. A group of more than one line, or of one that looks back at itself, is a recurrence."""

    lines: Mapping[str, Line]
    inputs: Mapping[str, Input]
    groups: tuple[tuple[str, ...], ...]
    recurrent: frozenset[str]
    stacks: Mapping[str, tuple[str, ...]]

    def shape(self, name: str) -> Shape:
        """The dimensions of a line, input, index or constant."""
        if name in self.lines:
            return self.lines[name].shape
        if name in self.inputs:
            return self.inputs[name].shape
        return INDICES.get(name, Shape())

    def needed(self, wanted: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """The groups that the wanted lines rest on, in computing order."""
        keep: set[str] = set(wanted)
        kept: list[tuple[str, ...]] = []
        for group in reversed(self.groups):
            if keep.intersection(group):
                kept.append(group)
                keep |= self.read(group)
        return tuple(reversed(kept))

    def read(self, lines: Iterable[str]) -> set[str]:
        """What lines read: lines, inputs, indices and constants."""
        return set[str]().union(*map(self._reads.__getitem__, lines))

    @cached_property
    def _reads(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset((*names(line.formula), *line.beside)) for name, line in self.lines.items()}

    def moved(self, varied: Iterable[str]) -> set[str]:
        """The lines that may move with some inputs."""
        moving = set(varied)
        for group in self.groups:
            if not moving.isdisjoint(self.read(group)):
                moving.update(group)
        return moving & self.lines.keys()


def plan(lines: Iterable[Line], inputs: Mapping[str, Input]) -> Plan:
    """Check every line and put them in order.

    Raises FormulaError with file, line and remedy for the first line that is refused.
    """
    table: dict[str, Line] = {}
    for each in lines:
        if each.name in table or each.name in inputs or each.name in INDICES or each.name in CONSTANTS:
            raise FormulaError(f"{each.where}: the name {each.name} is taken; give the line another")
        table[each.name] = each
    for each in table.values():
        _check_names(each, table, inputs)
        _check_calls(each, table, inputs)
    groups, recurrent = _order(table)
    _check_stacks(table)
    stacks = {n: each.formula.keys for n, each in table.items() if isinstance(each.formula, Call) and _is_stack(each)}
    result = Plan(table, inputs, groups, recurrent, stacks)
    for group in groups:
        if group[0] in recurrent:
            _check_recurrence(group, table)
    for each in table.values():
        _check_shape(each, result)
        _check_unit(each, result)
        if each.equality and each.equality.scale:
            _check_scale(each, each.equality.scale, result)
    return result


def _check_stacks(table: Mapping[str, Line]) -> None:
    """Stacks of one dimension name the same rows in the same order: rows are found by number."""
    keys: dict[str | None, Line] = {}
    for each in table.values():
        if isinstance(each.formula, Call) and _is_stack(each):
            other = keys.setdefault(each.shape.row, each)
            assert isinstance(other.formula, Call)
            if other.formula.keys != each.formula.keys:
                raise FormulaError(f"{each.where}: its rows differ from those of {other.name}; name the same, in order")


def _is_stack(each: Line) -> bool:
    return isinstance(each.formula, Call) and each.formula.op == "stack"


def _known_names(table: Mapping[str, Line], inputs: Mapping[str, Input]) -> set[str]:
    return {*table, *inputs, *INDICES, *CONSTANTS}


def _check_names(each: Line, table: Mapping[str, Line], inputs: Mapping[str, Input]) -> None:
    read, valid = names(each.formula), _known_names(table, inputs)
    for name in [*read, *each.beside]:
        if name not in valid:
            near = difflib.get_close_matches(name, valid, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise FormulaError(f"{each.where}: {name} is no line, input or constant{hint}")
    free = [n for n in read if n not in each.parameters and n not in CONSTANTS]
    if free:
        raise FormulaError(f"{each.where}: reads {free[0]} without naming it as a parameter; add it")
    unused = [p for p in each.parameters if p not in read]
    if unused:
        raise FormulaError(f"{each.where}: the parameter {unused[0]} is not used; take it out")


def _check_calls(each: Line, table: Mapping[str, Line], inputs: Mapping[str, Input]) -> None:
    for node in walk(each.formula):
        if isinstance(node, Call):
            _check_call(node, each, inputs)
    placed = _texts_in_place(each.formula)
    for node in walk(each.formula):
        text = isinstance(node, Text) or (isinstance(node, Name) and node.name in inputs and inputs[node.name].text)
        if text and id(node) not in placed:
            raise FormulaError(f"{each.where}: a text cannot be computed with; compare it with ops.text_is")
    guarded: set[int] = set()
    for node in walk(each.formula):
        if isinstance(node, Call) and node.op in ("default", "given", "over_given"):
            guarded.add(id(node.args[-1] if node.op == "over_given" else node.args[0]))
        if not isinstance(node, Name) or id(node) in guarded:
            continue
        if node.name in inputs and inputs[node.name].blank and not inputs[node.name].text:
            raise FormulaError(f"{each.where}: {node.name} may be blank; read it through ops.default or ops.given")
        # An identity only compares, and only where ``known`` says that both sides have a figure.
        if node.name in table and _nullable(table[node.name]) and not (each.equality and each.known):
            raise FormulaError(f"{each.where}: {node.name} may have no figure, so nothing may be computed from it")


def _nullable(each: Line) -> bool:
    formula = each.formula
    return isinstance(formula, Call) and formula.op in OPS and OPS[formula.op].nullable


def _check_call(node: Call, each: Line, inputs: Mapping[str, Input]) -> None:
    if node.op not in OPS:
        near = difflib.get_close_matches(node.op, OPS, n=1)
        raise FormulaError(
            f"{each.where}: ops.{node.op} does not exist" + (f"; did you mean {near[0]}?" if near else "")
        )
    op = OPS[node.op]
    if bool(node.keys) != (op.name == "stack") or (node.keys and len(node.keys) != len(node.args)):
        raise FormulaError(f"{each.where}: ops.stack names every argument, and only ops.stack does")
    fewest, most = op.arity
    if len(node.args) < fewest or (most is not None and len(node.args) > most):
        raise FormulaError(f"{each.where}: ops.{op.name} takes {fewest} to {most or 'many'} arguments")
    if (op.nullable or op.name == "stack") and each.formula is not node:
        raise FormulaError(f"{each.where}: ops.{op.name} must be the whole formula; give its result a line of its own")
    if op.name in ("default", "given", "over_given"):
        asked = node.args[-1 if op.name == "over_given" else 0]
        if not (isinstance(asked, Name) and asked.name in inputs and not inputs[asked.name].text):
            raise FormulaError(f"{each.where}: ops.{op.name} asks whether an input is blank; name an input, no text")
    _check_texts(node, each, inputs)
    if op.structural and op.name != "stack":
        _check_structural(node, each)
    nested = [n for a in node.args for n in walk(a) if isinstance(n, Call) and n.op == "where"]
    if op.name == "where" and nested:
        raise FormulaError(f"{each.where}: an ops.where inside another cannot be explained; give it a line of its own")


def _check_texts(node: Call, each: Line, inputs: Mapping[str, Input]) -> None:
    """Texts are only compared, chosen and looked up."""
    first = node.args[0]
    if node.op in ("text_is", "position") and not (
        isinstance(first, Name) and first.name in inputs and inputs[first.name].text
    ):
        raise FormulaError(f"{each.where}: ops.{node.op} looks at a text input; name one first")


def _texts_in_place(node: Node) -> set[int]:
    """The texts and text inputs that stand where a text belongs, by identity."""
    found: set[int] = set()
    for call in walk(node):
        if isinstance(call, Call) and call.op in ("text_is", "choose"):
            found.update(id(a) for a in call.args[1:] if isinstance(a, Text))
        if isinstance(call, Call) and call.op in ("text_is", "position"):
            found.add(id(call.args[0]))
    return found


def _check_structural(node: Call, each: Line) -> None:
    for arg in node.args:
        factors = [arg.left, arg.right] if isinstance(arg, Binary) and arg.operator == "*" else [arg]
        if isinstance(factors[0], Binary) and factors[0].operator == "*":
            factors = [factors[0].left, factors[0].right, *factors[1:]]
        if not all(isinstance(f, Name) for f in factors) or (len(factors) > 1 and node.op != "across"):
            raise FormulaError(
                f"{each.where}: ops.{node.op} reads lines by name; give the expression a line of its own"
            )


def _order(table: Mapping[str, Line]) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    reads = {n: [m for m in names(ln.formula) if m in table] for n, ln in table.items()}
    group_of: dict[str, tuple[str, ...]] = {}
    for component in _components(reads):
        members = tuple(n for n in table if n in component)
        group_of.update(dict.fromkeys(members, members))
    recurrent: set[str] = set()
    for name, group in group_of.items():
        if len(group) > 1 or name in reads[name]:
            recurrent.add(name)
    inner = {n: _inner_order(g, table) for n, g in group_of.items() if n in recurrent}
    graph = {g: {group_of[m] for n in g for m in reads[n] if group_of[m] != g} for g in group_of.values()}
    order = TopologicalSorter(graph).static_order()
    return tuple(inner.get(g[0], g) for g in order), frozenset(recurrent)


def _inner_order(group: tuple[str, ...], table: Mapping[str, Line]) -> tuple[str, ...]:
    """Order inside one year of a recurrence: only reads of the same year bind."""
    graph = {n: {m for m in _same_year(table[n].formula) if m in group} for n in group}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        loop = " -> ".join(error.args[1])
        raise FormulaError(
            f"{table[group[0]].where}: the lines {loop} need each other in the same year; "
            "break the circle with ops.previous or ops.lagged"
        ) from None


def _check_recurrence(group: tuple[str, ...], table: Mapping[str, Line]) -> None:
    """Lines that need each other go by the same rows and by year, and read each other only as they are or were."""
    first = table[group[0]]
    for each in (table[n] for n in group):
        if each.shape != first.shape or each.shape.column != "year":
            raise FormulaError(
                f"{each.where}: {each.name} (by {each.shape}) and {first.name} (by {first.shape}) need each other; "
                "both must go by the same rows and by year"
            )
        for node in walk(each.formula):
            if isinstance(node, Call) and node.op in OPS and OPS[node.op].structural and node.op not in LAGS:
                inside = sorted(set(names(node)) & set(group))
                if inside:
                    raise FormulaError(f"{each.where}: ops.{node.op} cannot read {inside[0]}, which needs {each.name}")


def _same_year(node: Node) -> set[str]:
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Call) and node.op in LAGS:
        return set().union(*(_same_year(a) for a in node.args[1:])) if node.args[1:] else set()
    parts = children(node)
    return set().union(*(_same_year(p) for p in parts)) if parts else set()


def _components(reads: Mapping[str, list[str]]) -> list[set[str]]:
    """Strongly connected components (Tarjan), without recursion on the caller's side."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in reads[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            at = stack.index(name)
            found.append(set(stack[at:]))
            del stack[at:]

    for name in reads:
        if name not in index:
            visit(name)
    return found


def _check_shape(each: Line, model: Plan) -> None:
    _check_blocks(each, model)
    if each.known:
        if each.known in model.lines and _nullable(model.lines[each.known]):
            raise FormulaError(f"{each.where}: known={each.known} may have no figure itself; name a line of 0 and 1")
        known, own = model.shape(each.known), each.shape
        if known.row not in (None, own.row) or known.column not in (None, own.column):
            raise FormulaError(f"{each.where}: known={each.known} goes by {known}, the line by {own}; they must agree")
    found = shape_of(each.formula, model, each.where)
    declared = each.shape
    if _is_stack(each):
        found = Shape(declared.row, found.column)
    if (found.row or declared.row) != declared.row or (found.column or declared.column) != declared.column:
        raise FormulaError(
            f"{each.where}: the formula goes by {found}, the line is declared by {declared}; make them agree"
        )
    for dimension in (declared.row, declared.column):
        if dimension not in (None, found.row, found.column):
            raise FormulaError(f"{each.where}: declared by {declared}, but nothing in the formula goes by {dimension}")


def _check_blocks(each: Line, model: Plan) -> None:
    for node in walk(each.formula):
        if isinstance(node, Call) and node.op in ("pick", "position"):
            block = node.args[0 if node.op == "pick" else 1]
            if node.op == "pick" and isinstance(block, Name) and model.shape(block.name).row in NUMBERED:
                continue
            if not (isinstance(block, Name) and block.name in model.stacks):
                raise FormulaError(
                    f"{each.where}: ops.{node.op} looks rows up in a block; name a line made by ops.stack"
                )


def shape_of(node: Node, model: Plan, where: str) -> Shape:
    """The dimensions an expression has.

    Raises FormulaError where two operands go by different rows (workload and asset) or columns (year and age).
    """
    if isinstance(node, Name):
        return model.shape(node.name)
    if isinstance(node, Number | Text):
        return Shape()
    if isinstance(node, Call) and OPS[node.op].structural:
        return _structural_shape(node, [shape_of(a, model, where) for a in node.args], where)
    return _joined([shape_of(p, model, where) for p in children(node)], where)


def _joined(shapes: list[Shape], where: str) -> Shape:
    rows = {s.row for s in shapes if s.row}
    columns = {s.column for s in shapes if s.column}
    for kind in (rows, columns):
        if len(kind) > 1:
            raise FormulaError(
                f"{where}: {' and '.join(sorted(kind))} cannot be combined figure by figure; use ops.across"
            )
    return Shape(next(iter(rows), None), next(iter(columns), None))


def _structural_shape(node: Call, shapes: list[Shape], where: str) -> Shape:
    first_row, first_column = shapes[0].row, shapes[0].column
    if node.op in ("previous", "lagged", "within_life", "highest"):
        _needs(first_column == "year", where, node.op, "a line by year")
        _needs(all(s.column is None for s in shapes[1:]), where, node.op, "a life that is the same in all years")
        return Shape(_joined([Shape(s.row) for s in shapes], where).row, "year")
    if node.op == "present_value" and first_column == "hour":
        _needs(shapes[1].column == "hour", where, node.op, "weights by hour")
        return Shape(first_row)
    if node.op == "busiest":
        _needs(first_column == "hour", where, node.op, "a line by hour")
        return Shape(first_row)
    if node.op in ("by_hour", "topmost"):
        _needs(
            shapes[1].column == "hour" and shapes[1].row == first_row,
            where,
            node.op,
            "a load by the same rows and hour",
        )
        return Shape(shapes[2].row if node.op == "by_hour" else None, first_column)
    if node.op == "capped_by":
        return Shape(shapes[4].row, first_column)
    if node.op in ("crest", "capped"):
        _needs(first_row is not None, where, node.op, "a line by rows")
        return Shape(None, first_column)
    if node.op in ("total", "first", "present_value", "npv"):
        _needs(first_column == "year", where, node.op, "a line by year")
        return Shape(_joined([Shape(s.row) for s in shapes], where).row)
    if node.op == "across":
        _needs(first_row is not None, where, node.op, "a line by rows")
        return Shape(None, first_column)
    if node.op == "by_vintage":
        _needs(first_column == "year" and shapes[1].column == "age", where, node.op, "a line by year and one by age")
        return Shape(_joined([Shape(s.row) for s in shapes], where).row, "year")
    if node.op == "cumulative":
        _needs(first_column is not None, where, node.op, "a line by year or by age")
    if node.op == "at_age":
        _needs(first_column == "age", where, node.op, "a line by age")
        return Shape(_joined([Shape(s.row) for s in shapes], where).row, shapes[1].column)
    if node.op == "collect":
        return Shape(shapes[2].row, first_column)
    if node.op == "pick":
        return Shape(shapes[1].row, first_column)
    if node.op == "position":
        return Shape(first_row)
    if node.op == "stack":
        _needs(all(s.row is None for s in shapes), where, node.op, "lines without rows")
        return Shape(None, _joined(shapes, where).column)
    return _joined(shapes, where)


def _needs(holds: bool, where: str, op: str, what: str) -> None:
    if not holds:
        raise FormulaError(f"{where}: ops.{op} needs {what}")


def _check_unit(each: Line, model: Plan) -> None:
    try:
        declared = unit(each.unit)
        if _is_stack(each) and (owner := next((k for k in STACK_UNITS if k in each.unit), None)):
            _check_drivers(each, owner, model)
            return
        found = unit_of(each.formula, model)
    except UnitError as error:
        raise FormulaError(
            f"{each.where}: {error}; multiply by the constant that converts, or mend the formula"
        ) from None
    if found is not None and found != declared:
        raise FormulaError(
            f"{each.where}: the formula gives {found}, the line is declared in {declared}; make them agree"
        )


def _check_scale(each: Line, scale: str, model: Plan) -> None:
    """The scale of an identity is a line of the unit of its sides, by year at most where they are."""
    shape = model.shape(scale)
    if _unit_of_name(scale, model) != unit(each.unit):
        raise FormulaError(f"{each.where}: the scale {scale} is not in {each.unit}; name a line that is")
    if shape.row or shape.column not in (None, each.shape.column):
        raise FormulaError(f"{each.where}: the scale {scale} goes by {shape}, the sides by {each.shape.column}")


def _check_drivers(each: Line, owner: str, model: Plan) -> None:
    """A driver block: each row's unit times the unit of an amount on that basis must give the block's money."""
    assert isinstance(each.formula, Call)
    amount = next(i for i in model.inputs.values() if i.unit == owner)
    assert amount.basis_units is not None
    wanted = unit(each.unit) * unit(owner)
    for key, node in zip(each.formula.keys, each.formula.args, strict=True):
        if key not in amount.basis_units:
            raise FormulaError(f"{each.where}: {key} is no basis of {amount.name}")
        found = unit_of(node, model)
        if found is not None and found * unit(amount.basis_units[key]) != wanted:
            raise FormulaError(f"{each.where}: {key} gives {found * unit(amount.basis_units[key])}, not {wanted}")


def unit_of(node: Node, model: Plan) -> Unit | None:
    """The unit an expression has; None for the literal 0, which fits any.

    Raises UnitError where quantities of different units are added or compared.
    """
    if isinstance(node, Number):
        return None if node.value == 0 else ONE
    if isinstance(node, Text):
        return ONE
    if isinstance(node, Name):
        return _unit_of_name(node.name, model)
    if isinstance(node, Negative):
        return unit_of(node.operand, model)
    if isinstance(node, Comparison):
        _agree(node.left, node.right, model)
        return ONE
    if isinstance(node, Call):
        return OPS[node.op].unit([unit_of(a, model) for a in node.args])
    if node.operator in "+-":
        return _agree(node.left, node.right, model)
    left, right = unit_of(node.left, model) or ONE, unit_of(node.right, model) or ONE
    if node.operator == "**":
        if left != ONE or right != ONE:
            raise UnitError(f"{left} to the power of {right}: both must be plain numbers")
        return ONE
    return left * right if node.operator == "*" else left / right


def _agree(left: Node, right: Node, model: Plan) -> Unit | None:
    units: Units = [unit_of(left, model), unit_of(right, model)]
    known = [u for u in units if u is not None]
    if len(known) == 2 and known[0] != known[1]:
        raise UnitError(f"{known[0]} and {known[1]} cannot be added or compared")
    return known[0] if known else None


def _unit_of_name(name: str, model: Plan) -> Unit:
    if name in INDICES:
        return ONE
    if name in CONSTANTS:
        return unit(CONSTANTS[name].unit)
    return unit(model.lines[name].unit if name in model.lines else model.inputs[name].unit)
