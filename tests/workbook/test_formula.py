"""The formula writer: every operation has a template, and what it writes means to a spreadsheet what it means here."""

from __future__ import annotations

import math

import ironcalc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engine.check import Input, Plan
from models.engine.compute import Compiler
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
    names,
    walk,
)
from models.engine.line import Line, Shape
from models.engine.ops import OPS
from tests.soak import thorough
from workbook.writing.entries import checked, constant_name
from workbook.writing.formula import EXCEL, LONGEST_FORMULA, Absent, Place, check, formula, literal, nests_if

# Values that binary numbers hold exactly, so that only real mistakes make a comparison come out differently.
FIGURES = {"a": 0.5, "b": 3.0, "c": 2.0, "d": 0.25, "e": 7.0, "z": 0.0, "blank": math.nan}
CELLS = {name: f"$A${i}" for i, name in enumerate(FIGURES, start=1)}
ABSENT = {"missing": None, "one": 1.0, "many": 5.0, "loan": "loan"}
WAYS = {"rental": "Rent by the hour", "loan": "Buy"}
TOO_LARGE = 1e100


class Cells:
    """Every name is a cell of column A."""

    years = Place("$A$1")

    def place(self, name: str) -> Place | Absent:
        if name.isupper():
            return Place(constant_name(name))
        if name in ABSENT:
            return Absent(ABSENT[name])
        if name == "way":
            return Place("$A$8", words=WAYS)
        return Place(CELLS[name])


def text_of(node: Node) -> str:
    return formula(node, Cells(), "here")


a, b, c = Name("a"), Name("b"), Name("c")


def minus(left: Node, right: Node) -> Binary:
    return Binary("-", left, right)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (minus(a, minus(b, c)), "=$A$1-($A$2-$A$3)"),
        (minus(minus(a, b), c), "=$A$1-$A$2-$A$3"),
        (Binary("/", a, Binary("*", b, c)), "=$A$1/($A$2*$A$3)"),
        (Binary("**", Binary("**", a, b), c), "=($A$1^$A$2)^$A$3"),
        (Binary("**", a, Binary("**", b, c)), "=$A$1^($A$2^$A$3)"),
        (Binary("**", Negative(c), b), "=(-$A$3)^$A$2"),
        (Negative(Binary("**", c, b)), "=-($A$3^$A$2)"),
        (Negative(minus(a, b)), "=-($A$1-$A$2)"),
        (minus(a, Negative(b)), "=$A$1-(-$A$2)"),
        (Comparison(">=", a, b), "=($A$1>=$A$2)*1"),
        (Binary("*", a, Comparison("==", b, c)), "=$A$1*($A$2=$A$3)"),
        (Comparison("==", Comparison(">", a, b), c), "=(($A$1>$A$2)*1=$A$3)*1"),
        (Call("default", (Name("blank"), Number(0.0))), "=MAX($A$7)"),
        (Call("default", (Name("blank"), b)), "=IF(ISNUMBER($A$7),$A$7,$A$2)"),
        (Call("default", (Name("blank"), Number(1.0))), "=MAX($A$7)+1-COUNT($A$7)"),
        (Binary("*", a, Call("default", (Name("blank"), Number(1.0)))), "=$A$1*(MAX($A$7)+1-COUNT($A$7))"),
        (Call("default", (Name("missing"), b)), "=$A$2"),
        (Call("given", (Name("missing"),)), "=0"),
        (Call("given", (Name("one"),)), "=1"),
        (Call("over_given", (a, Name("missing"))), "=0"),
        (Binary("*", a, Name("one")), "=$A$1*1"),
        (Call("text_is", (Name("loan"), Text("loan"), Text("lease"))), "=1"),
        (Call("text_is", (Name("loan"), Text("lease"))), "=0"),
        (Call("text_is", (a, Text('5" rack'))), '=EXACT($A$1,"5"" rack")*1'),
        (Call("text_is", (a, Text("x"), Text("y"))), '=EXACT($A$1,"x")+EXACT($A$1,"y")'),
        (Call("text_is", (Name("way"), Text("rental"))), '=($A$8="Rent by the hour")*1'),
        (Call("text_is", (Name("way"), Text("rental"), Text("loan"))), '=($A$8="Rent by the hour")+($A$8="Buy")'),
        (Call("where", (Comparison(">", a, b), c, b)), "=IF($A$1>$A$2,$A$3,$A$2)"),
        (Call("fraction", (Binary("+", a, b), Binary("*", b, c))), "=IF($A$2*$A$3=0,0,($A$1+$A$2)/($A$2*$A$3))"),
        (Call("ratio", (a, Comparison(">", b, c))), '=IF(($A$2>$A$3)*1=0,"n/a",$A$1/($A$2>$A$3))'),
        (Call("ceiling", (minus(a, b),)), "=-INT(-($A$1-$A$2-in_rounding_slack))"),
        (Call("discount", (a, minus(b, c))), "=(1+$A$1)^-($A$2-$A$3)"),
    ],
)
def test_texts(node: Node, text: str) -> None:
    assert text_of(node) == text


def test_every_operation_is_written() -> None:
    assert EXCEL.keys() == OPS.keys()


def test_a_missing_number_is_not_typed_into_a_formula() -> None:
    with pytest.raises(FormulaError, match=r"here: many is not on the sheets"):
        text_of(Binary("*", a, Name("many")))


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("=IF(A1,IF(A2,1,0),0)", True),
        ("=IF(A1,MAX(0,IF(A2,1,0)),0)", True),
        ("=IF(A1,1,0)+IF(A2,1,0)", False),
        ('=IF(A1,"IF(",0)', False),
        ("=SUMIF(A1:A3,IF(A2,1,0),B1:B3)", False),
        ("=IF(A1,SUMIF(A1:A3,1,B1:B3),0)", False),
    ],
)
def test_nested_ifs_are_found(text: str, nested: bool) -> None:
    assert nests_if(text) is nested


def test_what_excel_could_not_hold_is_refused() -> None:
    check("=" + "1" * (LONGEST_FORMULA - 1), "here")
    with pytest.raises(FormulaError, match="here: the formula has 8193 characters"):
        check("=" + "1" * LONGEST_FORMULA, "here")
    check("=" + literal("x" * 255), "here")
    with pytest.raises(FormulaError, match="here: a text in the formula"):
        check("=" + literal("x" * 256), "here")
    with pytest.raises(FormulaError, match="here: an IF inside another"):
        check("=IF(A1,IF(A2,1,0),0)", "here")


@pytest.mark.parametrize("name", ["h100", "gpu1", "in_", "in_A", "in_x y", "in_1", "in_" + "x" * 260])
def test_names_that_could_be_cells_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a cell"):
        checked(name)


# ------------------------------------------------------------------------------------------------------------ fuzzing


LEAVES = st.sampled_from([*map(Name, "abcdez"), Number(0.0), Number(1.0), Number(2.0)])
GUARDED = Name("blank")
SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "-", "/"])


def _deeper(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def call(op: str, *args: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return st.tuples(*args).map(lambda found: Call(op, found))

    return st.one_of(
        st.builds(Binary, SIGNS, node, node),
        st.builds(Binary, SIGNS, node, st.builds(Binary, SIGNS, node, node)),
        st.builds(Binary, SIGNS, st.builds(Negative, node), node),
        st.builds(Comparison, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), node, node),
        call("minimum", node, node),
        call("maximum", node, node, node),
        call("where", node, node, node),
        call("fraction", node, node),
        call("over_given", node, st.sampled_from([Name("a"), GUARDED])),
        call("ceiling", node),
        call("escalate", node, node),
        call("discount", node, node),
        call("given", st.sampled_from([Name("a"), GUARDED])),
        call("default", st.sampled_from([Name("a"), GUARDED]), node),
        call("minimum", node, st.just(Call("default", (GUARDED, Number(0.0))))),
        call("maximum", node, st.just(Call("default", (GUARDED, Number(1.0))))),
        call("level_payment", st.sampled_from([Name("a"), Name("z")]), st.just(Name("b")), node),
    )


TREES = st.recursive(LEAVES, _deeper, max_leaves=12)


def engine_value(node: Node) -> float | None:
    """What the engine computes, or None where that is no finite real number."""
    shape = Shape()
    line = Line("x", "x", "1", shape, "none", None, "", tuple(names(node)), node, "here")
    inputs = {n: Input(n, n, "1", shape, n == "blank", False) for n in FIGURES}
    plan = Plan({"x": line}, inputs, (("x",),), frozenset(), {})
    try:
        value = Compiler(plan, ["x"], False).program()(FIGURES, {"year": 1})["x"]
    except (ZeroDivisionError, OverflowError, TypeError, ValueError):  # TypeError: a complex number compared
        return None
    if isinstance(value, complex) or not math.isfinite(value) or abs(value) > TOO_LARGE:
        return None
    return float(value)


def spreadsheet_values(texts: list[str]) -> list[object]:
    """What another program makes of the formulas."""
    model = ironcalc.create("fuzz")
    for i, value in enumerate(FIGURES.values(), start=1):
        if value == value:
            model.update_cell_with_number(0, i, 1, value)
    model.update_cell_with_number(0, 20, 1, 1e-9)
    model.new_defined_name(constant_name("ROUNDING_SLACK"), None, "Sheet1!$A$20")
    for i, text in enumerate(texts, start=1):
        model.update_cell_with_formula(0, i, 3, text)
    model.evaluate()
    return [model.get_cell_value(0, i, 3) for i in range(1, len(texts) + 1)]


@thorough(12, soak=100)
@given(st.lists(TREES, min_size=40, max_size=60))
def test_random_expressions_mean_the_same(trees: list[Node]) -> None:
    wanted: list[tuple[str, float]] = []
    for tree in trees:
        try:
            text = text_of(tree)
        except FormulaError:  # an IF inside another, which the model refuses as well
            continue
        value = engine_value(tree)
        if value is not None and not touchy(tree):
            wanted.append((text, value))
    for (text, value), found in zip(wanted, spreadsheet_values([t for t, _ in wanted]), strict=True):
        assert isinstance(found, float) and math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-9), (text, value, found)


def touchy(node: Node) -> bool:
    """Whether a part of the expression is not a number in one of the programs, or compares what differs by a hair."""
    for part in walk(node):
        value = engine_value(part)
        if value is None or 0 < abs(value) < 1e-6:
            return True
        if (
            isinstance(part, Binary)
            and part.operator == "**"
            and engine_value(part.left) == engine_value(part.right) == 0
        ):
            return True  # 0^0 is 1 here, an error there
        if isinstance(part, Call) and part.op in ("discount", "escalate") and engine_value(part.args[0]) == -1:
            return True  # the same: a rate of -1, which a study refuses, makes the base 0
        if isinstance(part, Call) and part.op == "ceiling" and value != int(value * 8) / 8:
            return True
        if isinstance(part, Comparison) and close_sides(part):
            return True
    return False


def close_sides(part: Comparison) -> bool:
    left, right = engine_value(part.left), engine_value(part.right)
    return left is not None and right is not None and left != right and math.isclose(left, right, rel_tol=1e-9)
