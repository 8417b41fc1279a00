"""The language of formulas: a handful of node types, parsed from the one ``return`` of a line's function.

Only what every reading can follow is allowed: numbers, names, ``+ - * / **``, comparisons and calls of ``ops``.
Everything else Python could say (branches, loops, attributes) is refused with the place and the remedy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


class FormulaError(ValueError):
    """A line that cannot be read; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; anything but 0, 1, -1 and 2 belongs into constants.py, with its unit."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A literal text, allowed only as an argument of an operation that compares or chooses texts."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A line, an input, a constant, or one of the indices ``year`` and ``age``."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right`` with operator one of ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """1 where it holds, else 0; operator one of ``== != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of ops.py; ``keys`` name the arguments of ``ops.stack``."""

    op: str
    args: tuple[Node, ...]
    keys: tuple[str, ...] = ()


Node = Number | Text | Name | Negative | Binary | Comparison | Call

_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in reading order."""
    if isinstance(node, Binary | Comparison):
        return (node.left, node.right)
    if isinstance(node, Negative):
        return (node.operand,)
    return node.args if isinstance(node, Call) else ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """Every name the expression reads, once each, in reading order."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))


def parse(node: ast.expr, where: str) -> Node:
    """The expression a Python syntax tree writes.

    Raises FormulaError naming ``where`` (file:line) for anything outside the language.
    """
    if isinstance(node, ast.Constant):
        return _literal(node, where)
    if isinstance(node, ast.Name):
        return Name(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Negative(parse(node.operand, where))
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return Binary(_BINARY[type(node.op)], parse(node.left, where), parse(node.right, where))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        return Comparison(_COMPARE[type(node.ops[0])], parse(node.left, where), parse(node.comparators[0], where))
    if isinstance(node, ast.Call):
        return _call(node, where)
    raise FormulaError(f"{where}: {_remedy(node)}")


def _literal(node: ast.Constant, where: str) -> Node:
    if isinstance(node.value, str):
        return Text(node.value)
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FormulaError(f"{where}: {node.value!r} is not a number; write 0 or 1")
    if node.value not in (0, 1, 2):
        raise FormulaError(f"{where}: the number {node.value!r} has no unit; name it in constants.py and use its name")
    return Number(float(node.value))


def _call(node: ast.Call, where: str) -> Node:
    func = node.func
    if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "ops"):
        raise FormulaError(f"{where}: a formula may only call operations of ops, such as ops.minimum(a, b)")
    keys = tuple(k.arg for k in node.keywords if k.arg is not None)
    if len(keys) != len(node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
        raise FormulaError(f"{where}: ops.{func.attr} cannot take * or **; write the arguments out")
    args = [parse(a, where) for a in node.args] + [parse(k.value, where) for k in node.keywords]
    return Call(func.attr, tuple(args), keys)


def _remedy(node: ast.expr) -> str:
    if isinstance(node, ast.IfExp | ast.BoolOp):
        return (
            "a Python branch (if, and, or) cannot be read as a formula; use ops.where, products of 0/1 and ops.maximum"
        )
    if isinstance(node, ast.Compare):
        return "chained comparisons cannot be read; write (a < b) * (b < c), with one of == != < <= > >="
    if isinstance(node, ast.Attribute | ast.Subscript):
        return "a formula reads whole lines; use a dimension of the line instead of an attribute or an index"
    if isinstance(node, ast.UnaryOp):
        return "only unary minus can be read; for 'not x' write 1 - x"
    return f"{type(node).__name__} cannot be read as a formula; use + - * / **, comparisons and ops"
