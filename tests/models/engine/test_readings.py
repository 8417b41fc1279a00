"""One formula, several readings: plain floats, arrays of draws, words. They must say the same.

Floats and arrays are compared on every line of random studies and on many draws at once (lives, terms and blanks among
what is drawn); on random expressions both are compared with Python itself, and the words are read back; and every
operation has a case worked by hand for each reading.
"""

from __future__ import annotations

import ast
import dataclasses
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.engine import arrays, floats, ops
from models.engine.check import Input, plan
from models.engine.compute import ARRAY, SCALAR, Compiler
from models.engine.constants import CONSTANTS
from models.engine.expression import names as names_in
from models.engine.expression import parse
from models.engine.line import Line, Shape, line
from models.engine.ops import OPS
from models.run import draws, opened
from models.run.draws import as_array
from models.run.gather import ELSEWHERE, gather, links
from models.run.model import MODEL, OptionResult
from models.studies.change import replace, replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.study import Option, Study, get
from tests.soak import long, thorough
from tests.strategies import studies

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").glob("*.toml"))
RELATIVE = 1e-9
# What subtracting equal sums leaves, beside the largest figure in the same unit.
RESIDUE = 1e-12
# Ratios over a difference of sums, which may be nothing but residue.
OVER_A_DIFFERENCE = ("tokens_per_dollar", "margin_on_cost", "swing_left")


def full(value: Any, shape: Shape, sizes: Mapping[str, int]) -> Any:
    """An array as (row, year, draw), constant dimensions spelt out."""
    value = np.asarray(value) if np.ndim(value) else np.reshape(value, (1, 1, 1))
    rows = sizes.get(shape.row, value.shape[0]) if shape.row else 1
    years = value.shape[1] if shape.column == "hour" else sizes["year"] if shape.column else 1
    return np.broadcast_to(value, (rows, years, value.shape[2]))


def of_draw(value: Any, shape: Shape, draw: int) -> Any:
    """One draw of a full array, in the form that plain floats have."""
    found = value[:, :, min(draw, value.shape[2] - 1)].tolist()
    found = found if shape.column else [row[0] for row in found]
    return found if shape.row else found[0]


def figures(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for part in value:
            yield from figures(part)
    else:
        yield value


def scales(values: Mapping[str, Any]) -> dict[str, float]:
    """The largest figure in each unit."""
    largest: dict[str, float] = {}
    for name, value in values.items():
        sizes = [abs(f) for f in figures(value) if isinstance(f, float | int) and math.isfinite(f)]
        unit = MODEL.lines[name].unit
        largest[unit] = max([largest.get(unit, 0.0), *sizes])
    return largest


def same(one: Any, other: Any, scale: float) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    gap = abs(one - other)
    return gap <= RELATIVE * max(abs(one), abs(other)) or gap <= RESIDUE * scale


def disagreements(single: Mapping[str, Any], many: Mapping[str, Any], sizes: Mapping[str, int], draw: int) -> list[str]:
    """Lines on which the plain floats and one draw of the arrays differ."""
    largest, found = scales(single), []
    for name, value in single.items():
        shape = MODEL.lines[name].shape
        other = of_draw(full(many[name], shape, sizes), shape, draw)
        scale = largest.get(MODEL.lines[name].unit, 0.0)
        pairs = zip(figures(value), figures(other), strict=True)
        if name not in OVER_A_DIFFERENCE and not all(same(a, b, scale) for a, b in pairs):
            found.append(f"{name}: {value} with floats, {other} with arrays")
    return found


# ---------------------------------------------------------------------------------------------- floats and arrays agree


@thorough(30, soak=150)
@given(studies())
def test_floats_and_arrays_agree_on_every_line(tables: dict[str, Any]) -> None:
    study = from_dict(tables)
    for option in study.options:
        gathered = gather(study, option)
        single = MODEL.program(MODEL.lines)(gathered.values, gathered.sizes)
        with np.errstate(all="ignore"):
            many = MODEL.program(MODEL.lines, arrays=True)(
                {k: as_array(k, v) for k, v in gathered.values.items()}, gathered.sizes
            )
        assert single.keys() == many.keys() == MODEL.lines.keys()
        assert disagreements(single, many, gathered.sizes, 0) == []


LIVES = (1, 2, 3, 4, 7, 20)


def drawn(field: schema.Field, value: float, chance: random.Random, may_be_blank: bool) -> float:
    """Another admissible value of an input; now and then a blank where it may be blank, or an edge."""
    if may_be_blank and chance.random() < 0.1:
        return math.nan
    if field.kind == "boolean":
        return float(chance.random() < 0.5)
    if field.kind == "whole":
        return float(chance.choice(LIVES))
    low = 0.0 if field.minimum is None else field.minimum
    start = value if math.isfinite(value) else low + 1.0
    moved = start * chance.choice((1.0, 0.5, 1.5, chance.uniform(0.2, 3.0))) + chance.choice((0.0, 0.0, 0.01))
    inside = max(moved, low + (1e-3 if field.exclusive_minimum else 0.0))
    return inside if field.maximum is None else min(inside, field.maximum - (1e-3 if field.exclusive_maximum else 0.0))


def random_draws(study: Study, position: int, count: int, chance: random.Random) -> dict[str, Any]:
    """Every number that the option reads, about half of them drawn anew for each draw; by row an array (row, draw)."""
    gathered = gather(study, study.options[position])
    found = {}
    for table in (each for each in schema.TABLES if each.modelled):
        for field in schema.fields(table.name):
            name = f"{table.name}_{field.name}"
            entry = MODEL.plan.inputs[name]
            # A limit of attempts also says how many of a list of success rates are gathered.
            kept = name == "study_horizon_years" or field.name == "max_attempts"
            if entry.text or kept or chance.random() < 0.5:
                continue
            value = gathered.values[name]
            rows = value if entry.shape.row else [value]
            numbers = [[drawn(field, v, chance, entry.blank) for _ in range(count)] for v in rows]
            found[name] = np.array(numbers).reshape(len(rows), count) if entry.shape.row else np.array(numbers[0])
    # An idle system draws no more than a busy one.
    load = found.get("option_system_power_load_w", gathered.values["option_system_power_load_w"])
    found["option_system_power_idle_w"] = np.array([chance.random() for _ in range(count)]) * load
    return found


def of_one(values: Mapping[str, Any], varied: Mapping[str, Any], draw: int) -> dict[str, Any]:
    """The inputs of one draw, as plain floats and lists."""
    return {**values, **{name: array[..., draw].tolist() for name, array in varied.items()}}


@long
@thorough(15, soak=50)
@given(studies(max_options=1, provenance=False), st.randoms(use_true_random=False))
def test_a_batch_is_its_single_runs(tables: dict[str, Any], chance: random.Random) -> None:
    study, count = from_dict(tables), 5
    gathered = gather(study, study.options[0])
    varied = random_draws(study, 0, count, chance)
    base = {name: as_array(name, value) for name, value in gathered.values.items()}
    batch = {name: a.reshape(1, 1, -1) if a.ndim == 1 else a[:, None, :] for name, a in varied.items()}
    with np.errstate(all="ignore"):
        many = MODEL.program(arrays=True)({**base, **batch}, gathered.sizes)
    for draw in range(count):
        single = MODEL.program()(of_one(gathered.values, varied, draw), gathered.sizes)
        assert disagreements(single, many, gathered.sizes, draw) == []


def elsewhere(study: Study, option: Option, varied: dict[str, Any], draw: int) -> dict[str, Any]:
    """What an option takes from others, under one draw of what all options share."""
    found: dict[str, Any] = {}
    shared = {name: values for name, values in varied.items() if name.startswith(("study_", "workload_"))}
    for link, name in links(study, option).items():
        names = {line: each.name for to, line, each in ELSEWHERE if to == link}
        other = gather(study, study.option(name))
        values = MODEL.program(names)(of_one(other.values, shared, draw), other.sizes)
        found |= {own: values[line] for line, own in names.items()}
    return found


@long
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_draws_in_chunks_are_single_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "CHUNK", 3)
    study, count, chance = load(path), 8, random.Random(7)
    wanted = [n for n, each in MODEL.lines.items() if each.shape.row is None and each.unit != "text"]
    for position, option in enumerate(study.options):
        varied = random_draws(study, position, count, chance)
        gathered = MODEL.gather(study, option)
        found = draws.run_draws(study, option, varied, wanted)
        for draw in range(count):
            own = of_one(gathered.values, varied, draw) | elsewhere(study, option, varied, draw)
            drawn = dataclasses.replace(gathered, values=own)
            values = MODEL.program()(drawn.values, drawn.sizes)
            single = OptionResult(MODEL, study, option, drawn, values)
            largest = scales(values)
            for name in wanted:
                if name in OVER_A_DIFFERENCE:
                    continue
                expected = [math.nan if f is None else f for f in figures(single.figure(name))]
                assert np.shape(found[name])[0] == count
                pairs = zip(expected, figures(found[name][draw].tolist()), strict=True)
                assert all(same(a, b, largest[MODEL.lines[name].unit]) for a, b in pairs), name


@pytest.mark.parametrize("own", [None, [0.5, 0.45, 0.4, 0.3]])
@pytest.mark.parametrize("kept", [None, 2])
@pytest.mark.parametrize("table", ["workload", "serving"])
def test_a_drawn_limit_of_tries_says_how_many_of_a_list_count(table: str, kept: int | None, own: list[float] | None):
    """Below the list, at its end and beyond it, also where the study's own limit cuts the list: a study of its own."""
    study = load(TEMPLATES[0])
    option, chat, drawn = study.options[0].name, study.workloads[0].text("name"), [1, 2, 3, 6, 1]
    of = {"workload": f"workload/{chat}", "serving": f"option/{option}/serving/{chat}"}
    study = replace(study, f"{of['workload']}/success_rate", [0.9, 0.6, 0.5])
    study = replace_all(study, {f"{of['serving']}/success_rate": own, f"{of[table]}/max_attempts": kept})
    name, wanted = f"{table}_max_attempts", ["pv_cost", "comparison_pv_cost", "cost_per_meaningful_response"]
    held = np.array(gather(study, study.options[0]).values[name], dtype=float)
    varied = np.repeat(held[:, None], len(drawn), axis=1)
    varied[0] = drawn
    found = draws.run_draws(study, study.options[0], {name: varied}, wanted)
    for at, limit in enumerate(drawn):
        single = MODEL.run(replace(study, f"{of[table]}/max_attempts", limit)).options[option]
        for each in wanted:
            assert found[each][at] == pytest.approx(single.number(each), rel=RELATIVE, nan_ok=True), (each, limit)


def test_draws_refuse_what_they_cannot_vary() -> None:
    study = load(TEMPLATES[0])
    option, three = study.options[0], np.ones(3)
    refusals: list[tuple[dict[str, Any], list[str], str]] = [
        ({"option_puee": three}, ["pv_cost"], 'no input of the model; did you mean "option_pue"'),
        ({"study_horizon_years": three}, ["pv_cost"], "run a study of its own"),
        ({"option_acquisition": three}, ["pv_cost"], "cannot vary by draw"),
        ({"asset_schedule_share": three}, ["pv_cost"], "cannot vary by draw"),
        ({"option_pue": np.ones((2, 3))}, ["pv_cost"], "one figure a draw"),
        ({"workload_requests_per_day": np.ones((9, 3))}, ["pv_cost"], "workloads by draws"),
        ({"option_pue": three, "study_inflation": np.ones(4)}, ["pv_cost"], "the same number of draws"),
        ({"option_pue": np.ones(0)}, ["pv_cost"], "at least one"),
        ({}, ["pv_cost"], "at least one"),
        ({"option_pue": three}, ["pv_kost"], 'there is no line pv_kost; did you mean "pv_cost"'),
        ({"option_pue": three}, ["cost_tree"], "goes by cost"),
    ]
    for varied, wanted, words in refusals:
        with pytest.raises(ValueError, match=words):
            draws.run_draws(study, option, varied, wanted)


# --------------------------------------------------------------------- random expressions, with Python itself as judge

# Names by their dimensions, each with values that keep powers and quotients tame.
SINGLE, BY_YEAR, BY_ROW, BOTH = ("a", "b", "c"), ("u", "v"), ("w",), ("z",)
YEARS, ROWS = 3, 2
SHAPES = {
    **{name: Shape() for name in SINGLE},
    **{name: Shape(None, "year") for name in BY_YEAR},
    **{name: Shape("workload") for name in BY_ROW},
    **{name: Shape("workload", "year") for name in BOTH},
}
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
CALLS = {"minimum": 2, "maximum": 3, "fraction": 2, "escalate": 2, "discount": 2, "where": 3, "ceiling": 1}

names = st.sampled_from(list(SHAPES)).map(lambda name: ast.Name(name))
numbers = st.sampled_from((0, 1, 2)).map(lambda value: ast.Constant(value))


def call(op: str, args: Sequence[ast.expr]) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("ops"), op), list(args), [])


def larger(parts: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    binary = st.builds(lambda left, op, right: ast.BinOp(left, op(), right), parts, st.sampled_from(OPERATORS), parts)
    minus = parts.map(lambda part: ast.UnaryOp(ast.USub(), part))
    compared = st.builds(
        lambda left, op, right: ast.Compare(left, [op()], [right]), parts, st.sampled_from(COMPARISONS), parts
    )
    called = st.sampled_from(list(CALLS)).flatmap(
        lambda op: st.lists(parts, min_size=CALLS[op], max_size=CALLS[op]).map(lambda args: call(op, args))
    )
    return st.one_of(binary, binary, minus, compared, called)


expressions = st.recursive(names | names | numbers, larger, max_leaves=12).map(ast.unparse)
arithmetic = st.recursive(
    names | names | numbers,
    lambda parts: st.one_of(
        st.builds(lambda left, op, right: ast.BinOp(left, op(), right), parts, st.sampled_from(OPERATORS), parts),
        parts.map(lambda part: ast.UnaryOp(ast.USub(), part)),
        st.tuples(parts, parts).map(lambda pair: call("escalate", pair)),
    ),
    max_leaves=10,
).map(ast.unparse)

# What the operations mean, one figure at a time, in Python's own words.
BY_PYTHON = SimpleNamespace(
    minimum=min,
    maximum=max,
    fraction=lambda top, bottom: top / bottom if bottom else 0.0,
    escalate=lambda rate, year: (1 + rate) ** (year - 1),
    discount=lambda rate, time: (1 + rate) ** -time,
    where=lambda condition, yes, no: yes if condition else no,
    ceiling=lambda value: math.ceil(value - 1e-9),
)


class Undefined(Exception):
    """Python has no real, finite answer: the expression is no test."""


def values_from(chance: random.Random) -> dict[str, Any]:
    """A value for every name: now and then whole, so that comparisons hold and ceilings stand at their edge."""

    def one() -> float:
        return chance.choice((float(chance.randint(1, 3)), round(chance.uniform(0.1, 3.0), 3)))

    def years() -> list[float]:
        return [one() for _ in range(YEARS)]

    return (
        {name: one() for name in SINGLE}
        | {name: years() for name in BY_YEAR}
        | {name: [one() for _ in range(ROWS)] for name in BY_ROW}
        | {name: [years() for _ in range(ROWS)] for name in BOTH}
    )


def by_python(source: str, values: Mapping[str, Any], row: int, year: int) -> float:
    """One figure of the expression as Python computes it."""

    def at(name: str) -> float:
        found = values[name]
        found = found[row] if SHAPES[name].row else found
        return found[year] if SHAPES[name].column else found

    try:
        figure = eval(source, {"ops": BY_PYTHON, **{name: float(at(name)) for name in SHAPES}})
    except (ZeroDivisionError, OverflowError, TypeError) as error:  # TypeError: a complex number is not ordered
        raise Undefined from error
    if isinstance(figure, complex) or not math.isfinite(figure) or abs(figure) > 1e60:
        raise Undefined
    return float(figure)


def line_of(source: str) -> Line:
    """A line by workload and year whose formula this is (and a term that gives it both dimensions)."""
    formula = parse(ast.parse(f"({source}) + 0 * z", mode="eval").body, "here")
    return Line("line", "Line", "1", SHAPES["z"], "none", None, "By chance.", names_in(formula), formula, "here")


def readings(source: str, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """The expression computed with floats and with arrays, by row and year."""
    inputs = {name: Input(name, name, "1", shape, False, False) for name, shape in SHAPES.items()}
    made = plan([line_of(source)], inputs)
    sizes = {"year": YEARS, "workload": ROWS}
    single = Compiler(made, ["line"], arrays=False).program()(values, sizes)["line"]
    wide = {
        name: np.array(value, dtype=float).reshape(
            ROWS if SHAPES[name].row else 1, YEARS if SHAPES[name].column else 1, 1
        )
        for name, value in values.items()
    }
    with np.errstate(all="ignore"):
        many = Compiler(made, ["line"], arrays=True).program()(wide, sizes)["line"]
    return single, np.broadcast_to(many, (ROWS, YEARS, 1))[:, :, 0].tolist()


def close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other)) or abs(one - other) < 1e-12


def has_a_step(source: str) -> bool:
    """Whether a hair's difference in a power may move the result by a whole step."""
    return "**" in source and any(word in source for word in ("<", ">", "=", "ceiling", "where"))


def nested_where(source: str) -> bool:
    """Whether a choice stands inside another, which a line may not have."""
    wheres = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Attribute) and n.attr == "where"]
    return len(wheres) > 1


@thorough(150, soak=750)
@given(expressions, st.randoms(use_true_random=False))
def test_random_expressions_compute_as_python_does(source: str, chance: random.Random) -> None:
    assume(not nested_where(source) and not has_a_step(source))
    values = values_from(chance)
    try:
        expected = [[by_python(source, values, row, year) for year in range(YEARS)] for row in range(ROWS)]
    except Undefined:
        assume(False)
        raise
    single, many = readings(source, values)
    for row in range(ROWS):
        for year in range(YEARS):
            assert close(single[row][year], expected[row][year]), (source, row, year)
            assert close(many[row][year], expected[row][year]), (source, row, year)


@thorough(150, soak=750)
@given(arithmetic, st.randoms(use_true_random=False))
def test_words_keep_the_order_of_operations(source: str, chance: random.Random) -> None:
    """In words a formula reads a x b^c: read back as Python, it must give the same."""
    values = values_from(chance)
    words = opened.in_words(parse(ast.parse(source, mode="eval").body, "here"), lambda name: name)
    back = words.replace(" x ", " * ").replace(" ^ ", " ** ").replace("^", " ** ")
    try:
        expected = by_python(source, values, 0, 0)
    except Undefined:
        assume(False)
        raise
    assert close(by_python(back, values, 0, 0), expected), words


def test_a_wrong_order_of_operations_would_be_noticed() -> None:
    values = values_from(random.Random(3))
    assert not close(by_python("a - (b - c)", values, 0, 0), by_python("a - b - c", values, 0, 0))
    single, many = readings("u - (v - z)", values)
    assert close(single[1][2], by_python("u - (v - z)", values, 1, 2))
    assert close(many[1][2], by_python("u - (v - z)", values, 1, 2))
    assert not close(single[1][2], by_python("u - v - z", values, 1, 2))


# ------------------------------------------------------------------------------ every operation, worked by hand

# Inputs of the cases: three years, two workloads, three items of two classes (numbers 1 and 2).
GIVEN: dict[str, tuple[str, Any]] = {
    "x": ("", 3.0),
    "zero": ("", 0.0),
    "blank": ("", math.nan),
    "filled": ("", 4.0),
    "kind": ("", "lease"),
    "life": ("", 2.0),
    "flow": ("year", [5.0, 1.0, 4.0]),
    "factor": ("year", [1.0, 0.5, 0.25]),
    "profile": ("age", [0.6, 0.3, 0.1]),
    "rows": ("workload", [2.0, 10.0]),
    "lives": ("workload", [1.0, 2.0]),
    "grid": ("workload year", [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]),
    "loads": ("workload hour", [[1.0, 0.5, 0.5], [2.0, 1.0, 0.0]]),
    "hours": ("paid", [3.0, 1.0]),
    "items": ("capex", [7.0, 8.0, 9.0]),
    "classes": ("capex", [1.0, 2.0, 1.0]),
    "own": ("asset", [1.0, 2.0]),
    "bases": ("capex", ["fixed", "per_kw", "fixed"]),
}
BLANKS, TEXTS = {"blank", "filled"}, {"kind", "bases"}
SIZES = {"year": 3, "hour": 3, "paid": 2, "workload": 2, "capex": 3, "asset": 2, "capex_driver": 2}
# Formula, dimensions, result. A block of two rows, `block`, and by year, `blocks`, can be read too.
WORKED: tuple[tuple[str, str, Any], ...] = (
    ("ops.minimum(x, 2)", "", 2.0),
    ("ops.minimum(flow, x, 2)", "year", [2.0, 1.0, 2.0]),
    ("ops.maximum(x, 2)", "", 3.0),
    ("ops.maximum(flow, 2)", "year", [5.0, 2.0, 4.0]),
    ("ops.where(flow > 2, x, zero)", "year", [3.0, 0.0, 3.0]),
    ("ops.fraction(x, zero)", "", 0.0),
    ("ops.fraction(x, 2)", "", 1.5),
    ("ops.ratio(x, zero)", "", math.nan),
    ("ops.ratio(x, 2)", "", 1.5),
    ("ops.ceiling(x)", "", 3.0),
    ("ops.ceiling(flow / 2)", "year", [3.0, 1.0, 2.0]),
    ("ops.escalate(x, year)", "year", [1.0, 4.0, 16.0]),
    ("ops.discount(x, year)", "year", [0.25, 0.0625, 0.015625]),
    ("ops.text_is(kind, 'loan', 'lease')", "", 1.0),
    ("ops.text_is(bases, 'fixed')", "capex", [1.0, 0.0, 1.0]),
    ("ops.given(blank)", "", 0.0),
    ("ops.given(filled)", "", 1.0),
    ("ops.default(blank, x)", "", 3.0),
    ("ops.default(filled, 2)", "", 4.0),
    ("ops.over_given(x, blank)", "", 0.0),
    ("ops.over_given(flow, filled)", "year", [1.25, 0.25, 1.0]),
    ("ops.level_payment(zero, x, x * 2)", "", 2.0),
    ("ops.level_payment(x, 1, 2)", "", 8.0),
    ("ops.choose(flow > 2, 'no', 'yes')", "year", ["yes", "no", "yes"]),
    ("ops.previous(flow)", "year", [0.0, 5.0, 1.0]),
    ("ops.previous(grid)", "workload year", [[0.0, 1.0, 2.0], [0.0, 10.0, 20.0]]),
    ("ops.lagged(flow, life)", "year", [0.0, 0.0, 5.0]),
    ("ops.lagged(grid, lives)", "workload year", [[0.0, 1.0, 2.0], [0.0, 0.0, 10.0]]),
    ("ops.within_life(flow, life)", "year", [5.0, 6.0, 5.0]),
    ("ops.within_life(grid, lives)", "workload year", [[1.0, 2.0, 3.0], [10.0, 30.0, 50.0]]),
    ("ops.highest(flow)", "year", [5.0, 5.0, 5.0]),
    ("ops.cumulative(flow)", "year", [5.0, 6.0, 10.0]),
    ("ops.total(flow)", "", 10.0),
    ("ops.total(grid)", "workload", [6.0, 60.0]),
    ("ops.first(flow)", "", 5.0),
    ("ops.by_hour(grid, loads, hours)", "paid year", [[0.5, 1.0, 1.5], [21.0, 42.0, 63.0]]),
    ("ops.topmost(grid, loads, lives, WEEKEND)", "year", [10.5, 21.0, 31.5]),
    ("ops.crest(grid)", "year", [10.0, 20.0, 30.0]),
    ("ops.busiest(loads)", "workload", [1.0, 2.0]),
    ("ops.capped(grid, flow, rows)", "year", [52.0, 12.0, 46.0]),
    ("ops.capped_by(grid, flow, rows, lives, own)", "asset year", [[2.0, 2.0, 6.0], [50.0, 10.0, 40.0]]),
    ("ops.across(rows)", "", 12.0),
    ("ops.across(grid * rows)", "year", [102.0, 204.0, 306.0]),
    ("ops.present_value(flow, factor)", "", 6.5),
    ("ops.present_value(grid, factor)", "workload", [2.75, 27.5]),
    ("ops.npv(flow, x)", "", 1.375),
    ("ops.npv(grid, x)", "workload", [0.421875, 4.21875]),
    ("ops.by_vintage(flow, profile)", "year", [3.0, 2.1, 3.2]),
    ("ops.at_age(profile, life)", "", 0.3),
    ("ops.at_age(profile, year)", "year", [0.6, 0.3, 0.1]),
    ("ops.collect(items, classes, own)", "asset", [16.0, 8.0]),
    ("ops.stack(fixed=x, per_kw=zero)", "capex_driver", [3.0, 0.0]),
    ("ops.pick(block, classes)", "capex", [3.0, 0.0, 3.0]),
    ("ops.pick(blocks, classes)", "capex year", [[5.0, 1.0, 4.0], [1.0, 2.0, 3.0], [5.0, 1.0, 4.0]]),
    ("ops.position(bases, block)", "capex", [1.0, 2.0, 1.0]),
)


def shape(by: str) -> Shape:
    words, columns = by.split(), ("year", "age", "hour")
    row = next((w for w in words if w not in columns), None)
    return Shape(row, next((w for w in words if w in columns), None))


def case_line(name: str, source: str, by: str) -> Line:
    formula = parse(ast.parse(source, mode="eval").body, "here")
    found = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)} - {"ops"}
    unit = "text" if "ops.choose" in source else "1"
    return Line(name, name, unit, shape(by), "none", None, "A case.", tuple(sorted(found)), formula, "here")


def worked(source: str, by: str, arrays: bool) -> Any:
    """A case computed with floats or with arrays, in the form that floats have."""
    inputs = {n: Input(n, n, "1", shape(b), n in BLANKS, n in TEXTS) for n, (b, _) in GIVEN.items()}
    lines = [
        case_line("block", "ops.stack(fixed=a_three, per_kw=zero)", "capex_driver"),
        case_line("blocks", "ops.stack(fixed=flow, per_kw=year)", "capex_driver year"),
        case_line("a_three", "1 + 2", ""),
        case_line("line", source, by),
    ]
    program = Compiler(plan(lines, inputs), ["line"], arrays).program()
    if not arrays:
        return program({n: value for n, (_, value) in GIVEN.items()}, SIZES)["line"]
    wide = {n: widened(value, shape(b)) for n, (b, value) in GIVEN.items()}
    with np.errstate(all="ignore"):
        found = program(wide, SIZES)["line"]
    return of_draw(full(found, shape(by), SIZES), shape(by), 0)


def widened(value: Any, dimensions: Shape) -> Any:
    if isinstance(value, str):
        return value
    found = np.array(value)
    return found.reshape(found.shape[0] if dimensions.row else 1, found.shape[-1] if dimensions.column else 1, 1)


@pytest.mark.parametrize("reading", ["floats", "arrays"])
@pytest.mark.parametrize(
    ("source", "by", "expected"),
    WORKED,
    ids=[source for source, _, _ in WORKED],
)
def test_an_operation_computes_what_it_means(source: str, by: str, expected: Any, reading: str) -> None:
    found = worked(source, by, reading == "arrays")
    pairs = zip(figures(found), figures(expected), strict=True)
    assert all(same(a, b, 0.0) for a, b in pairs), found


def test_every_operation_has_every_reading() -> None:
    structural = {name for name, op in OPS.items() if op.structural}
    assert {source.split("(")[0] for source, _, _ in WORKED} == {f"ops.{name}" for name in OPS}
    assert SCALAR.keys() == ARRAY.keys() == OPS.keys() - structural
    assert opened.WORDS.keys() == OPS.keys()
    # Sums over rows, blocks and their positions are written out by the compiler, not called.
    for name in structural - {"across", "stack", "position"}:
        assert callable(vars(floats)[name])
    for name in structural:
        assert callable(vars(arrays)[name])
    for op in OPS.values():
        assert op.meaning
        assert vars(ops)[op.name] is op


def test_a_hair_above_a_whole_number_is_not_rounded_up() -> None:
    for ceiling in (floats.ceiling, lambda value: float(arrays.ceiling(np.array(value)))):
        assert ceiling(3.0 + 9e-10) == 3
        assert ceiling(3.0 + 2e-9) == 4
        assert ceiling(0.0) == 0
        assert ceiling(1e-10) == 0


@pytest.mark.parametrize("rate", [1e-12, 1e-6, 0.08, -0.02, 3.0])
def test_a_level_payment_repays(rate: float) -> None:
    for payment in (
        floats.level_payment(rate, 7, 100.0),
        float(arrays.level_payment(np.array(rate), np.array(7.0), np.array(100.0))),
    ):
        assert sum(payment * (1 + rate) ** -year for year in range(1, 8)) == pytest.approx(100, rel=1e-9)


# ----------------------------------------------------------------------------------------------------- recurrences


@line("Owed", "1", by="workload year", adds="none")
def owed(owed, paid, rows, year):
    """What was owed a year before, with interest, less what is paid; drawn in year 1."""
    return ops.previous(owed) * 2 - ops.previous(paid) + rows * (year == 1)


@line("Paid", "1", by="workload year", adds="none")
def paid(owed, lives):
    """A part of what is owed now, and of what was owed a life before."""
    return owed / 2 + ops.lagged(owed, lives)


def owed_by_hand(draw: float, life: int) -> tuple[list[float], list[float]]:
    owing: list[float] = []
    paying: list[float] = []
    for y in range(3):
        owing.append(draw if y == 0 else owing[y - 1] * 2 - paying[y - 1])
        paying.append(owing[y] / 2 + (owing[y - life] if y >= life else 0.0))
    return owing, paying


@pytest.mark.parametrize("reading", ["floats", "arrays"])
def test_two_lines_that_look_back_at_each_other(reading: str) -> None:
    inputs = {n: Input(n, n, "1", shape(b), False, n in TEXTS) for n, (b, _) in GIVEN.items()}
    lines = [owed, paid]
    program = Compiler(plan(lines, inputs), ["paid"], reading == "arrays").program()
    if reading == "floats":
        found = program({n: value for n, (_, value) in GIVEN.items()}, SIZES)
    else:
        wide = program({n: widened(value, shape(b)) for n, (b, value) in GIVEN.items()}, SIZES)
        found = {n: of_draw(full(v, paid.shape, SIZES), paid.shape, 0) for n, v in wide.items()}
    for row, (draw, life) in enumerate([(2.0, 1), (10.0, 2)]):
        assert (found["owed"][row], found["paid"][row]) == owed_by_hand(draw, life)


# ------------------------------------------------------------------------------------------------- words for every line


# What a line only looks rows up by; its words name what is found.
LOOKED_UP = {
    "list_driver",
    "capex_basis_number",
    "opex_basis_number",
    "opex_driver",
    "capex_asset_number",
    "asset_number",
    *("hour_number", "paid_number", "hour_day", "WEEKDAY", "WEEKEND"),
    *("band_tariff", "tariff_number"),
}


@pytest.fixture(scope="module")
def runs() -> list[OptionResult]:
    return [option for path in TEMPLATES for option in MODEL.run(load(path)).options.values()]


def test_every_line_is_explained(runs: list[OptionResult]) -> None:
    for option in runs:
        for name, each in MODEL.lines.items():
            found = opened.opened(option, name)
            assert found.meaning and found.label and found.formula and found.chapter
            assert [part.name for part in found.parts] == list(names_in(each.formula))
            text = opened.explanation(option, name)
            assert each.label in text and each.meaning in text
            for part in found.parts:
                assert f"[{part.name}]" in text
                assert part.label in found.formula or part.name in LOOKED_UP, f"{name} does not mention {part.label}"


def test_every_input_that_is_read_tells_its_source(runs: list[OptionResult]) -> None:
    for option in runs:
        for name in MODEL.lines:
            for part in opened.opened(option, name).parts:
                for path, value in part.sources:
                    assert get(option.study, path) == value
                    assert opened.provenance_text(value)


def test_labels_and_meanings_stand_on_their_own() -> None:
    for name, each in MODEL.lines.items():
        assert each.label[0] == each.label[0].upper() or each.label.startswith("p") or each.equality, name
        assert each.meaning.endswith((".", ")")), f"{name} ends without a full stop"
        assert "_" not in each.label, name
    for constant in CONSTANTS.values():
        assert constant.label and constant.unit


def test_an_unknown_line_is_told_with_its_nearest(runs: list[OptionResult]) -> None:
    with pytest.raises(StudyError, match="did you mean"):
        opened.opened(runs[0], "lifetime_kost")
