"""The reading that writes Excel: an expression of the model becomes the text of a formula.

One template an operation, `EXCEL`; where a name stands in the sheet is answered by an `Address`. Brackets are set by
rank, as Excel binds: a minus sign binds tighter than a power there, `^` groups from the left, and TRUE is not 1 until
it is calculated with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models.engine.expression import Binary, Call, Comparison, FormulaError, Name, Negative, Node, Number, Text
from workbook.writing.entries import constant_name

COMPARED, SUM, PRODUCT, POWER, ATOM = 0, 1, 2, 3, 5
_RANK = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_SIGN = {"**": "^", "==": "=", "!=": "<>"}
LONGEST_FORMULA = 8192
LONGEST_LITERAL = 255

# Stand for the letters of the cell's own column and of the one before it, until the cell is written.
HERE, BEFORE = "\x01", "\x02"


@dataclass(frozen=True, slots=True)
class Piece:
    """Formula text with how tightly it binds. Formats with the rank its place needs; "" is an argument, "test" a
    condition, "side" a side of a comparison (TRUE equals no number)."""

    text: str
    rank: int = ATOM
    boolean: bool = False

    def __format__(self, spec: str) -> str:
        if spec == "test":
            return self.text
        if spec.isdigit():
            return self.text if self.rank >= int(spec) else f"({self.text})"
        if self.boolean:
            return f"{self:{SUM}}*1"
        return f"{self:{SUM}}" if spec == "side" else self.text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line or input stands, seen from one cell: its figure here, and its ranges along years and rows; of a
    load `days` are each workload's hours of a weekday and of the weekend. `words` are what its cell holds for each
    choice of the model."""

    cell: str
    left: str = ""
    series: str = ""
    so_far: str = ""
    before: str = ""
    first: str = ""
    total: str = ""
    rows: str = ""
    keys: str = ""
    matrix: str = ""
    cells: tuple[str, ...] = ()
    days: tuple[tuple[str, ...], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def __format__(self, spec: str) -> str:
        return format(Piece(self.cell), spec)


@dataclass(frozen=True, slots=True)
class Absent:
    """An input that this workbook does not hold, and what it counts as: None where it is blank."""

    value: float | str | None


class Address(Protocol):
    """Answers, for one cell, where a name stands."""

    @property
    def years(self) -> Place:
        """The row of model years, which is also the row of ages."""
        ...

    def place(self, name: str) -> Place | Absent:
        """Where the line, input, constant or index stands."""
        ...


@dataclass(frozen=True, slots=True)
class Template:
    """How an operation is written; arguments by number, `{all}` and `{rest}` joined by commas."""

    text: str
    rank: int = ATOM
    boolean: bool = False


EXCEL: dict[str, Template] = {
    "minimum": Template("MIN({all})"),
    "maximum": Template("MAX({all})"),
    "where": Template("IF({0:test},{1},{2})"),
    "fraction": Template("IF({1:side}=0,0,{0:2}/{1:3})"),
    "ratio": Template('IF({1:side}=0,"n/a",{0:2}/{1:3})'),
    "ceiling": Template(f"-INT(-({{0:1}}-{constant_name('ROUNDING_SLACK')}))", SUM),
    "escalate": Template("(1+{0:2})^({1:1}-1)", POWER),
    "discount": Template("(1+{0:2})^-{1:5}", POWER),
    "text_is": Template("EXACT({0},{1})", boolean=True),
    # A cell that follows a blank one is not blank itself, but no number either: MAX of it is 0, and COUNT too.
    "given": Template("COUNT({0})"),
    "default": Template("IF(ISNUMBER({0}),{0},{1})"),
    "over_given": Template("IF(ISNUMBER({1}),{0:2}/{1:3},0)"),
    "level_payment": Template("-PMT({0},{1},{2})", SUM),
    "choose": Template("CHOOSE({0:1}+1,{rest})"),
    "previous": Template("{0.left}"),
    "lagged": Template("SUMIF({years.before},{years}-{1},{0.before})"),
    "within_life": Template("SUMPRODUCT({0.so_far}*({years.so_far}>{years}-{1}))"),
    "highest": Template("MAX({0.so_far})"),
    "cumulative": Template("SUM({0.so_far})"),
    "total": Template("{0.total}"),
    "first": Template("{0.first}"),
    "across": Template("SUMPRODUCT({0})"),
    "present_value": Template("SUMPRODUCT({0.series},{1.series})"),
    "npv": Template("NPV({1},{0.series})"),
    "by_vintage": Template("SUMPRODUCT({0.so_far}*SUMIF({years.series},{years}-{years.so_far}+1,{1.series}))"),
    "at_age": Template("SUMIF({years.series},{1},{0.series})"),
    "collect": Template("SUMPRODUCT(({1.rows}={2})*{0.rows})"),
    "stack": Template("{all}"),
    "pick": Template("INDEX({0.rows},{1})"),
    "by_hour": Template("SUMPRODUCT({0.rows},INDEX({1.matrix},0,{2}))"),
    "topmost": Template("SUMPRODUCT(MAX({all}))"),
    "crest": Template("MAX({0.rows})"),
    "busiest": Template("MAX({0.series})"),
    "capped": Template("SUMPRODUCT({2.rows}*(({0.rows}<={1})*{0.rows}+({0.rows}>{1})*{1}))"),
    "capped_by": Template("SUMPRODUCT(({3.rows}={4})*{2.rows}*(({0.rows}<={1})*{0.rows}+({0.rows}>{1})*{1}))"),
    # What is none of the keys counts as the first of them; that the cell holds no choice is for the checks to say.
    "position": Template("IF(SUMPRODUCT(({1.keys}={0})*1)=0,1,MATCH({0},{1.keys},0))"),
}


def formula(node: Node, address: Address, where: str) -> str:
    """The formula of a cell, from its equals sign on; `HERE` and `BEFORE` stand for column letters.

    Raises FormulaError, beginning with `where`, for what Excel could not hold or nobody could read.
    """
    text = f"={_Writer(address, where).piece(node)}"
    check(text, where)
    return text


def check(text: str, where: str) -> None:
    """Raises FormulaError for a formula or literal that is too long for Excel, or an IF inside another."""
    if len(text) > LONGEST_FORMULA:
        raise FormulaError(f"{where}: the formula has {len(text)} characters, Excel takes {LONGEST_FORMULA}; split it")
    if any(len(literal) > LONGEST_LITERAL + 2 for literal in re.findall(r'"(?:[^"]|"")*"', text)):
        raise FormulaError(f"{where}: a text in the formula is longer than {LONGEST_LITERAL} characters; shorten it")
    if nests_if(text):
        raise FormulaError(f"{where}: an IF inside another cannot be explained; give it a line of its own: {text}")


def nests_if(text: str) -> bool:
    """Whether an IF stands inside the brackets of another."""
    bare = re.sub(r'"(?:[^"]|"")*"', '""', text)
    open_ifs: list[bool] = []
    for found in re.finditer(r"(\bIF)?\(|\)", bare):
        if found[0] == ")":
            open_ifs.pop()
            continue
        if found[1] and any(open_ifs):
            return True
        open_ifs.append(bool(found[1]))
    return False


def literal(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


class _Writer:
    """Writes the pieces of one formula."""

    def __init__(self, address: Address, where: str) -> None:
        self.address, self.where = address, where

    def piece(self, node: Node) -> Piece:
        if isinstance(node, Number):
            return Piece(f"{node.value:g}")
        if isinstance(node, Text):
            return Piece(literal(node.value))
        if isinstance(node, Name):
            return self._name(node.name)
        if isinstance(node, Negative):
            return Piece(f"-{self.piece(node.operand):{ATOM}}", SUM)
        if isinstance(node, Binary):
            return self._binary(node)
        if isinstance(node, Comparison):
            sign = _SIGN.get(node.operator, node.operator)
            return Piece(f"{self.piece(node.left):side}{sign}{self.piece(node.right):side}", COMPARED, boolean=True)
        return self._call(node)

    def _name(self, name: str) -> Piece:
        place = self.address.place(name)
        if isinstance(place, Place):
            return Piece(place.cell)
        if place.value not in (0, 1):
            raise FormulaError(
                f"{self.where}: {name} is not on the sheets, and {place.value!r} may not be typed instead"
            )
        return Piece(f"{place.value:g}")

    def _binary(self, node: Binary) -> Piece:
        rank = _RANK[node.operator]
        # Equal ranks are bracketed on the right (a-(b-c)), and on both sides of a power, which readers group otherwise.
        left, right = rank + (rank == POWER), rank + 1
        sign = _SIGN.get(node.operator, node.operator)
        return Piece(f"{self.piece(node.left):{left}}{sign}{self.piece(node.right):{right}}", rank)

    def _call(self, node: Call) -> Piece:
        guarded = node.args[-1] if node.op == "over_given" else node.args[0]
        place = self.address.place(guarded.name) if isinstance(guarded, Name) else None
        if isinstance(place, Absent) and node.op in ("default", "given", "over_given", "text_is"):
            return self._folded(node, place)
        if node.op == "text_is":
            return self._text_is(node)
        if node.op == "across":
            return self._across(node.args[0])
        if node.op == "topmost":
            return self._topmost(node)
        if node.op in ("collect", "crest", "capped") and not self._place(node.args[0]).rows:
            return Piece("0")
        if node.op == "capped_by" and not self._place(node.args[3]).rows:
            return Piece("0")
        if node.op == "default" and isinstance(guarded, Name) and isinstance(node.args[1], Number):
            return self._default(guarded.name, node.args[1].value)
        template = EXCEL[node.op]
        args = [self._argument(a) for a in node.args]
        every = [format(a, "") for a in args]
        text = template.text.format(*args, years=self.address.years, all=",".join(every), rest=",".join(every[1:]))
        return Piece(text, template.rank, template.boolean)

    def _topmost(self, node: Call) -> Piece:
        """Added up along the hours of the kind of day, whose greatest is taken: SUMPRODUCT reads what is in it as
        ranges in every program."""
        figures, load, _, kind = map(self._place, node.args)
        day = (constant_name("WEEKDAY"), constant_name("WEEKEND")).index(kind.cell)
        if not load.days:
            return Piece("0")
        terms = "+".join(f"{cell}*{hours}" for cell, hours in zip(figures.cells, load.days[day], strict=True))
        return Piece(EXCEL["topmost"].text.format(all=terms))

    def _default(self, name: str, value: float) -> Piece:
        """What is no number counts as 0, and as 1 with its being none added."""
        piece = self._name(name)
        if value == 0:
            return Piece(f"MAX({piece.text})")
        if value == 1:
            return Piece(f"MAX({piece.text})+1-COUNT({piece.text})", SUM)
        return Piece(EXCEL["default"].text.format(piece, f"{value:g}"))

    def _argument(self, node: Node) -> Piece | Place:
        if isinstance(node, Name):
            place = self.address.place(node.name)
            if isinstance(place, Place):
                return place
        return self.piece(node)

    def _place(self, node: Node) -> Place:
        place = self.address.place(node.name) if isinstance(node, Name) else None
        if not isinstance(place, Place):
            raise FormulaError(f"{self.where}: {node} has no rows on the sheet; give it a line of its own")
        return place

    def _folded(self, node: Call, absent: Absent) -> Piece:
        """An operation on an input that is not on the sheets, whose outcome is therefore known."""
        if node.op == "text_is":
            return Piece("1" if any(isinstance(a, Text) and a.value == absent.value for a in node.args[1:]) else "0")
        if node.op == "default" and absent.value is None:
            return self.piece(node.args[1])
        if absent.value is None:
            return Piece("0")
        return Piece("1") if node.op == "given" else self.piece(node.args[0])

    def _text_is(self, node: Call) -> Piece:
        text = self._argument(node.args[0])
        words = text.words if isinstance(text, Place) else {}
        wanted = [a.value for a in node.args[1:] if isinstance(a, Text)]
        # Choices are told apart in any case, as Excel does; of names EXACT tells Server from server, as the model does.
        tests = [
            f"({text}={literal(words[each])})" if each in words else EXCEL["text_is"].text.format(text, literal(each))
            for each in wanted
        ]
        return Piece(tests[0], boolean=True) if len(tests) == 1 else Piece("+".join(tests), SUM)

    def _across(self, node: Node) -> Piece:
        factors = _factors(node)
        ranges = [self._place(f).rows for f in factors]
        if not all(ranges):
            return Piece("0")
        if len(ranges) == 1:
            return Piece(f"SUM({ranges[0]})")
        return Piece(EXCEL["across"].text.format("*".join(ranges)))


def _factors(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Binary) and node.operator == "*":
        return (*_factors(node.left), *_factors(node.right))
    return (node,)
