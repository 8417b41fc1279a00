"""The reading that computes: lines become one Python function, for plain floats or for NumPy arrays of draws.

Plain floats serve a single scenario, several times faster than small arrays. With arrays every figure is indexed
(row, year, draw), sized 1 where it does not vary, so that only what the draws touch is computed many times.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from models.engine import floats
from models.engine.check import Plan
from models.engine.constants import CONSTANTS
from models.engine.expression import Binary, Call, Comparison, Name, Negative, Node, Number, Text, children, names
from models.engine.line import Shape
from models.engine.ops import OPS
from models.engine.zeros import switches

Values = dict[str, Any]
Program = Callable[[Mapping[str, Any], Mapping[str, int]], Values]

# Written alike for numbers and for arrays.
BOTH: dict[str, str] = {
    "fraction": "fraction({0}, {1})",
    "ratio": "ratio({0}, {1})",
    "ceiling": "ceiling({0})",
    "escalate": "(1.0 + {0}) ** ({1} - 1.0)",
    "discount": "(1.0 + {0}) ** -({1})",
    "level_payment": "level_payment({0}, {1}, {2})",
}
SCALAR: dict[str, str] = {
    **BOTH,
    "minimum": "min({all})",
    "maximum": "max({all})",
    "where": "({1} if {0} else {2})",
    "text_is": "(1.0 if {0} in ({rest},) else 0.0)",
    "given": "(0.0 if {0} != {0} else 1.0)",
    "default": "({1} if {0} != {0} else {0})",
    "over_given": "(0.0 if {1} != {1} else ({0}) / {1})",
    "choose": "({rest},)[int({0})]",
}
ARRAY: dict[str, str] = {
    **BOTH,
    "minimum": "least({all})",
    "maximum": "greatest({all})",
    "where": "np.where({0}, {1}, {2})",
    "text_is": "np.isin({0}, ({rest},)) * 1.0",
    "given": "np.where(np.isnan({0}), 0.0, 1.0)",
    "default": "np.where(np.isnan({0}), {1}, {0})",
    "over_given": "over_given({0}, {1})",
    "choose": "np.array(({rest},))[np.asarray({0}).astype(int)]",
}
# Operations that look along years or across rows: functions of the same name in floats.py and arrays.py.
STRUCTURAL = frozenset(op.name for op in OPS.values() if op.structural)
# Those that take all rows at once.
OVER_ROWS = frozenset(("by_hour", "topmost", "crest", "capped", "capped_by"))


class _Writer:
    """Python text of an expression, every operation in parentheses so that precedence cannot go wrong."""

    def __init__(self, templates: Mapping[str, str], compare: str) -> None:
        self.templates, self.compare = templates, compare

    def write(self, node: Node, leaf: Callable[[Node], str | None]) -> str:
        """``leaf`` answers for names and structural calls; None lets the writer go on."""
        ready = leaf(node)
        if ready is not None:
            return ready
        if isinstance(node, Number):
            return repr(node.value)
        if isinstance(node, Text):
            return repr(node.value)
        if isinstance(node, Negative):
            return f"(-({self.write(node.operand, leaf)}))"
        if isinstance(node, Binary):
            return f"({self.write(node.left, leaf)} {node.operator} {self.write(node.right, leaf)})"
        if isinstance(node, Comparison):
            return self.compare.format(self.write(node.left, leaf), node.operator, self.write(node.right, leaf))
        assert isinstance(node, Call)
        args = [self.write(a, leaf) for a in node.args]
        text = self.templates[node.op].format(*args, all=", ".join(args), rest=", ".join(args[1:]))
        return f"({text})"


def _is_structural(node: Node) -> bool:
    return isinstance(node, Call) and node.op in STRUCTURAL


def _leaves(node: Node) -> list[Node]:
    """Names and structural calls that an expression is made of, outermost first, once each."""
    if isinstance(node, Name) or _is_structural(node):
        return [node]
    found: dict[Node, None] = {}
    for child in children(node):
        for leaf in _leaves(child):
            found[leaf] = None
    return list(found)


class Compiler:
    """Writes the program of a plan's lines; ``arrays`` chooses NumPy, else plain floats. Lines ``given`` are computed
    already: the program finds them among its inputs."""

    def __init__(self, plan: Plan, wanted: Iterable[str], arrays: bool, given: Container[str] = ()) -> None:
        self.plan, self.arrays = plan, arrays
        self.writer = (
            _Writer(ARRAY, "(({0} {1} {2}) * 1.0)") if arrays else _Writer(SCALAR, "(1.0 if {0} {1} {2} else 0.0)")
        )
        self.text: list[str] = []
        self.temporaries = 0
        self.asked: set[str] = set()
        self.groups = [group for group in plan.needed(wanted) if group[0] not in given]
        self.zeros = {} if arrays else switches(plan)
        self.rows_of_stacks = {plan.lines[name].shape.row: len(keys) for name, keys in plan.stacks.items()}

    def program(self) -> Program:
        """The compiled function: (inputs by name, sizes by dimension) -> every line needed, by name."""
        computed = {n for g in self.groups for n in g}
        read = {n for g in self.groups for line in g for n in names(self.plan.lines[line].formula)}
        for name in sorted(read & (self.plan.inputs.keys() | self.plan.lines.keys()) - computed):
            self.text.append(f"{_var(name)} = inputs[{name!r}]")
        for name in sorted(read & CONSTANTS.keys()):
            self.text.append(f"{_var(name)} = {float(CONSTANTS[name])!r}")
        for group in self.groups:
            self._group(group)
        self.text[:0] = [f"{_var(name)} = inputs[{name!r}]" for name in sorted(self.asked - computed - read)]
        body = "\n    ".join(
            [self._opening(), *self.text, "return {" + ", ".join(f"{n!r}: {_var(n)}" for n in computed) + "}"]
        )
        scope: dict[str, Any] = {}
        if self.arrays:
            from models.engine import arrays

            scope.update(vars(arrays))
        else:
            scope.update(vars(floats))
        exec(compile(f"def program(inputs, sizes):\n    {body}\n", "<lines>", "exec"), scope)
        return scope["program"]

    def _group(self, group: tuple[str, ...]) -> None:
        """The statements of a group; where a switch makes it nothing, it is not gone through."""
        start = len(self.text)
        if group[0] in self.plan.recurrent:
            self._recurrence(group)
        else:
            self._line(group[0])
        off = None if self.arrays or self.plan.shape(group[0]) == Shape() else self._switch(group)
        if off is not None:
            self.asked.add(off)
            inner = [f"    {each}" for each in self.text[start:]]
            empty = [f"    {_var(name)} = {self._nothing(self.plan.shape(name))}" for name in group]
            self.text[start:] = [f"if {_var(off)}:", *inner, "else:", *empty]

    def _switch(self, group: tuple[str, ...]) -> str | None:
        """Of the switches at whose 0 a group is nothing the last: it is off more often than those it rests on."""
        held = frozenset.intersection(*(self.zeros[name] for name in group))
        computed = [name for each in self.groups for name in each if name in held]
        return computed[-1] if computed else next(iter(sorted(held)), None)

    def _nothing(self, shape: Shape) -> str:
        years = "NOTHING" if shape.column in ("year", "age", None) else f"[0.0] * sizes[{shape.column!r}]"
        if shape.row is None:
            return years
        count = f"sizes[{shape.row!r}]" if shape.row not in self.rows_of_stacks else str(self.rows_of_stacks[shape.row])
        return f"[{years if shape.column else '0.0'}] * {count}"

    def _opening(self) -> str:
        if self.arrays:
            return "N = sizes['year']; v_year = v_age = np.arange(1.0, N + 1.0).reshape(1, N, 1)"
        # One list of zeros stands for every series that is nothing: a result is read, never written into.
        return "N = sizes['year']; NOTHING = [0.0] * N; v_year = v_age = [float(y) for y in range(1, N + 1)]"

    def _hoist(self, node: Node) -> str:
        """A structural call computed into a name of its own."""
        assert isinstance(node, Call)
        self.temporaries += 1
        name = f"t_{self.temporaries}"
        if node.op == "across":
            self._across(node, name)
            return name
        args = [a.name for a in node.args if isinstance(a, Name)]
        variables = [_var(a) for a in args]
        if self.arrays:
            given = [variables[0], repr(self._keys(node))] if node.op == "position" else variables
            call = f"{node.op}({', '.join(given)})"
        else:
            call = self._by_rows(node, args)
        self.text.append(f"{name} = {call}")
        return name

    def _keys(self, node: Call) -> tuple[str, ...]:
        block = node.args[1]
        assert isinstance(block, Name)
        return self.plan.stacks[block.name]

    def _by_rows(self, node: Call, args: list[str]) -> str:
        """The float reading of a structural call: the function per row where its arguments have rows."""
        if node.op == "position":
            return f"[{self._keys(node)!r}.index(k) + 1.0 for k in {_var(args[0])}]"
        shapes = [self.plan.shape(a) for a in args]
        variables = [_var(a) for a in args]
        if node.op in OVER_ROWS:
            call = f"{node.op}({', '.join(variables)})"
            return call if node.op in ("by_hour", "capped_by") else f"({call} or [0.0] * N)"
        if node.op == "pick":
            return f"pick({', '.join(variables)})"
        if node.op == "collect":
            return (
                f"collect_years({', '.join(variables)}, N)" if shapes[0].column else f"collect({', '.join(variables)})"
            )
        looped = [v for v, s in zip(variables, shapes, strict=True) if s.row]
        if not looped:
            return f"{node.op}({', '.join(variables)})"
        inner = ", ".join(f"r_{v}" if v in looped else v for v in variables)
        return _comprehension(f"{node.op}({inner})", [f"r_{v}" for v in looped], looped)

    def _across(self, node: Call, name: str) -> None:
        product = node.args[0]
        shape = self._shape_of(product)
        if self.arrays:
            text = self.writer.write(product, self._direct)
            self.text.append(f"{name} = across({text})")
        elif shape.column:
            self.text.append(f"{name} = list(map(sum, zip(*{self._nested(product, shape)}))) or [0.0] * N")
        else:
            self.text.append(f"{name} = float(sum({self._nested(product, shape)}))")

    def _shape_of(self, node: Node) -> Shape:
        shapes = [self.plan.shape(n) for n in names(node)]
        return Shape(next((s.row for s in shapes if s.row), None), next((s.column for s in shapes if s.column), None))

    def _direct(self, node: Node) -> str | None:
        return _var(node.name) if isinstance(node, Name) else None

    def _line(self, name: str) -> None:
        each = self.plan.lines[name]
        formula = each.formula
        if isinstance(formula, Call) and formula.op == "stack":
            self._stack(name, formula)
            return
        hoisted = {leaf: self._hoist(leaf) for leaf in _leaves(formula) if _is_structural(leaf)}

        def leaf(node: Node) -> str | None:
            return hoisted.get(node) or self._direct(node)

        if self.arrays:
            self.text.append(f"{_var(name)} = {self.writer.write(formula, leaf)}")
        else:
            self.text.append(f"{_var(name)} = {self._nested(formula, each.shape, hoisted)}")

    def _stack(self, name: str, formula: Call) -> None:
        shape = self.plan.lines[name].shape
        hoisted = {leaf: self._hoist(leaf) for row in formula.args for leaf in _leaves(row) if _is_structural(leaf)}
        if self.arrays:
            rows = ", ".join(self.writer.write(a, lambda n: hoisted.get(n) or self._direct(n)) for a in formula.args)
            self.text.append(f"{_var(name)} = stack({rows})")
        else:
            rows = ", ".join(self._nested(a, Shape(None, shape.column), hoisted) for a in formula.args)
            self.text.append(f"{_var(name)} = [{rows}]")

    def _nested(self, node: Node, shape: Shape, hoisted: Mapping[Node, str] | None = None) -> str:
        """A float expression over its dimensions, as nested list comprehensions."""
        hoisted = hoisted or {}
        if isinstance(node, Name) or node in hoisted:
            ready = hoisted.get(node) or self._direct(node)
            if ready is not None and self._leaf_shape(node) == shape:
                return ready  # as it is: a result is read, never written into
        leaves = {lf: hoisted.get(lf) or self._direct(lf) or "" for lf in _leaves(node)}
        shapes = {n: self._leaf_shape(lf) for lf, n in leaves.items()}
        rows = [n for n, s in shapes.items() if s.row]
        columns = [n for n, s in shapes.items() if s.column]
        access = {n: f"c_{n}" if n in columns else f"r_{n}" if n in rows else n for n in shapes}
        text = self.writer.write(node, lambda nd: access[leaves[nd]] if nd in leaves else None)
        if shape.column:
            sources = [f"r_{n}" if n in rows else n for n in columns]
            text = _comprehension(text, [f"c_{n}" for n in columns], sources) if columns else f"[{text}] * N"
        return _comprehension(text, [f"r_{n}" for n in rows], rows) if shape.row else text

    def _leaf_shape(self, leaf: Node) -> Shape:
        if isinstance(leaf, Name):
            return self.plan.shape(leaf.name)
        from models.engine.check import shape_of

        return shape_of(leaf, self.plan, "")

    def _recurrence(self, group: tuple[str, ...]) -> None:
        outside = {
            leaf: self._hoist(leaf)
            for name in group
            for leaf in _leaves(self.plan.lines[name].formula)
            if _is_structural(leaf) and not self._looks_back(leaf, group)
        }
        shape = self.plan.lines[group[0]].shape
        if self.arrays:
            self._array_recurrence(group, outside)
            return
        for name in group:
            empty = "[0.0] * N"
            self.text.append(
                f"{_var(name)} = " + (f"[{empty} for _ in range(sizes[{shape.row!r}])]" if shape.row else empty)
            )
        indent = ""
        if shape.row:
            self.text.append(f"for r in range(sizes[{shape.row!r}]):")
            indent = "    "
        self.text.append(f"{indent}for y in range(N):")
        for name in group:
            text = self.writer.write(self.plan.lines[name].formula, lambda nd: self._at_year(nd, outside))
            self.text.append(f"{indent}    {_var(name)}{'[r]' if shape.row else ''}[y] = {text}")

    def _looks_back(self, leaf: Node, group: tuple[str, ...]) -> bool:
        return isinstance(leaf, Call) and isinstance(leaf.args[0], Name) and leaf.args[0].name in group

    def _at_year(self, node: Node, outside: Mapping[Node, str]) -> str | None:
        if node in outside:
            return self._indexed(outside[node], self._leaf_shape(node))
        if isinstance(node, Name):
            return self._indexed(_var(node.name), self.plan.shape(node.name))
        if _is_structural(node):
            assert isinstance(node, Call) and isinstance(node.args[0], Name)
            series = f"{_var(node.args[0].name)}{'[r]' if self.plan.shape(node.args[0].name).row else ''}"
            if node.op == "previous":
                return f"({series}[y - 1] if y else 0.0)"
            assert isinstance(node.args[1], Name)
            life = self._indexed(_var(node.args[1].name), self.plan.shape(node.args[1].name))
            return f"({series}[y - int({life})] if y >= {life} else 0.0)"
        return None

    def _indexed(self, name: str, shape: Shape) -> str:
        return name + ("[r]" if shape.row else "") + ("[y]" if shape.column else "")

    def _array_recurrence(self, group: tuple[str, ...], outside: Mapping[Node, str]) -> None:
        for name in group:
            self.text.append(f"{_var(name)} = []")
        self.text.append("for y in range(N):")

        def leaf(node: Node) -> str | None:
            if node in outside:
                return f"at_year({outside[node]}, y)"
            if isinstance(node, Name):
                return f"{_var(node.name)}[y]" if node.name in group else self._array_at_year(node.name)
            if _is_structural(node):
                assert isinstance(node, Call)
                args = [_var(a.name) for a in node.args if isinstance(a, Name)]
                return f"{node.op}_in_loop({args[0]}, y{', ' + args[1] if len(args) > 1 else ''})"
            return None

        for name in group:
            self.text.append(f"    {_var(name)}.append({self.writer.write(self.plan.lines[name].formula, leaf)})")
        for name in group:
            self.text.append(f"{_var(name)} = joined({_var(name)})")

    def _array_at_year(self, name: str) -> str:
        return f"at_year({_var(name)}, y)" if self.plan.shape(name).column else _var(name)


def _var(name: str) -> str:
    """A line's name in the program, kept apart from Python's own and from the operations'."""
    return f"v_{name}"


def _comprehension(text: str, loop: list[str], sources: list[str]) -> str:
    many = f"zip({', '.join(sources)})" if len(sources) > 1 else sources[0]
    return f"[{text} for {', '.join(loop)} in {many}]"
