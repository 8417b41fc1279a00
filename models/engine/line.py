"""What a line of the model is: a noun-named function whose one ``return`` is read, never run.

The function's name is the line, its parameters are what it needs, its docstring its meaning; the decorator adds what
Python lacks: label, unit, dimensions, and how years add up.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, Literal

from models.engine.expression import Call, Comparison, FormulaError, Node, names, parse

Adds = Literal["sum", "none"]
# The kinds of hour, and those of them that a line needs: paid for by the hour, in tariff bands.
HOURS = ("hour", "paid", "band")
ROWS = (
    *("workload", "asset", "capex", "opex", "tariff", "tier", "cost", "capex_driver", "opex_driver", "day"),
    *HOURS,
)
COLUMNS = ("year", "age", "hour")
SIDE, SIDES = "side", ("left", "right")
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Shape:
    """The dimensions of a line: rows (workload, asset, item ...) and columns (years, or ages of a vintage)."""

    row: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        return " and ".join(d for d in (self.row, self.column) if d) or "nothing (one figure)"


@dataclass(frozen=True)
class Equality:
    """What the two rows of a line must be to each other: the left equal to the right, or (``<=``) at most the right.

    They may differ by ``tolerance`` times the line ``scale`` (blank: the right side), which is of the size of what was
    summed, since a difference may cancel to nothing. Lines of one ``check`` are told as one.
    """

    check: str
    relation: Literal["=", "<="]
    scale: str
    tolerance: float


@dataclass(frozen=True)
class Line:
    """One line: what it is called, means and computes. Where the line ``known`` is 0 there is no figure to show."""

    name: str
    label: str
    unit: str
    shape: Shape
    adds: Adds
    known: str | None
    meaning: str
    parameters: tuple[str, ...]
    formula: Node
    where: str
    equality: Equality | None = None

    @property
    def beside(self) -> tuple[str, ...]:
        """Lines that the formula does not read, but that say when and how nearly it holds."""
        return tuple(name for name in (self.known, self.equality and self.equality.scale) if name)


def line(
    label: str, unit: str, *, by: str = "", adds: Adds = "sum", known: str | None = None
) -> Callable[[Callable[..., Any]], Line]:
    """Declare the decorated function as a line of the model.

    ``unit`` follows units.unit; ``by`` names its dimensions ("", "year", "workload", "workload year", "asset age" ...);
    ``adds`` says whether its years may be summed (lines without years have none).
    Raises FormulaError where the function is not one documented formula.
    """

    def read(function: Callable[..., Any]) -> Line:
        if not isinstance(function, FunctionType):
            raise FormulaError(f"{function!r}: a line is a plain function, declared with def")
        code = function.__code__
        where = f"{Path(code.co_filename).name}:{code.co_firstlineno} {function.__name__}"
        tree = _source(code.co_filename).get(code.co_firstlineno)
        if tree is None:
            raise FormulaError(f"{where}: its source cannot be found; define lines in a module file")
        if not function.__doc__:
            raise FormulaError(f"{where}: a line needs a docstring that says what it means")
        formula = _formula(tree, where)
        parameters = tuple(a.arg for a in tree.args.args)
        meaning = " ".join(function.__doc__.split())
        shape = _shape(by, where)
        summed: Adds = adds if shape.column else "none"
        return Line(function.__name__, label, unit, shape, summed, known, meaning, parameters, formula, where)

    return read


def stacked(name: str, label: str, unit: str, *, by: str, meaning: str, rows: Mapping[str, str]) -> Line:
    """The line that a table declares: its rows' formulas, by the rows' names, one upon the other.

    Raises FormulaError where one of them is outside the language of formulas.
    """
    where = f"the table of {name}"
    formula = Call(
        "stack", tuple(parse(ast.parse(text, mode="eval").body, where) for text in rows.values()), tuple(rows)
    )
    shape = _shape(by, where)
    adds: Adds = "sum" if shape.column else "none"
    return Line(name, label, unit, shape, adds, None, meaning, names(formula), formula, where)


def equality(
    check: str,
    unit: str,
    *,
    of: str = "",
    by: str = "",
    known: str | None = None,
    scale: str = "",
    tolerance: float = TOLERANCE,
) -> Callable[[Callable[..., Any]], Line]:
    """Declare the decorated function, which returns ``left == right`` or ``lower <= upper`` (or ``upper >= lower``), as
    an identity: a line of two rows, its sides.

    ``of`` tells the lines of one ``check`` apart; where ``known`` is 0 there is nothing to compare.

    Raises FormulaError as ``line`` does, and where the formula compares nothing.
    """

    def read(function: Callable[..., Any]) -> Line:
        each = line(f"{check}: {of}" if of else check, unit, by=by, adds="none", known=known)(function)
        compared = each.formula
        if not (isinstance(compared, Comparison) and compared.operator in ("==", "<=", ">=")):
            raise FormulaError(f"{each.where}: an identity returns left == right or lower <= upper")
        parts = (compared.left, compared.right)
        sides = Call("stack", parts[::-1] if compared.operator == ">=" else parts, SIDES)
        held = Equality(check, "=" if compared.operator == "==" else "<=", scale, tolerance)
        return replace(each, shape=Shape(SIDE, each.shape.column), formula=sides, equality=held)

    return read


def _shape(by: str, where: str) -> Shape:
    row = column = None
    for word in by.split():
        if word in ROWS and row is None:
            row = word
        elif word in COLUMNS and column is None:
            column = word
        else:
            raise FormulaError(f"{where}: by={by!r}; name at most one of {ROWS} and one of {COLUMNS}")
    return Shape(row, column)


@cache
def _source(filename: str) -> dict[int, ast.FunctionDef]:
    """Function definitions of a file by the line of their first decorator, as code objects count them."""
    tree = ast.parse(Path(filename).read_text(encoding="utf-8"))
    found = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return {(n.decorator_list[0].lineno if n.decorator_list else n.lineno): n for n in found}


def _formula(tree: ast.FunctionDef, where: str) -> Node:
    body = tree.body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        branch = any(isinstance(s, ast.If | ast.For | ast.While) for s in body)
        remedy = "use ops.where instead of a Python branch or loop" if branch else "give each intermediate its own line"
        raise FormulaError(f"{where}: a line is a docstring and one return; {remedy}")
    extra = tree.args
    if extra.vararg or extra.kwarg or extra.kwonlyargs or extra.defaults or extra.posonlyargs:
        raise FormulaError(f"{where}: parameters are plain names of lines and inputs, without defaults or *")
    return parse(body[0].value, where)
