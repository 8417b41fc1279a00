"""The operations a formula may call, besides arithmetic and comparisons.

Here stands what an operation means and how it treats units; how it computes, reads in words and is written in a
spreadsheet stands with those readings (compute.py, explain.py, workbook/formula.py), and a test names the one that is
missing. Operations are read from a line's source, never run: calling one says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.engine.units import ONE, Unit, UnitError

Units = Sequence[Unit | None]  # None: the literal 0, which fits any unit
UnitRule = Callable[[Units], Unit | None]


@dataclass(frozen=True)
class Op:
    """One operation.

    ``arity`` is (fewest, most) arguments, most None for any number. ``structural`` operations look along years or
    across rows, so their arguments are lines by name; the others work figure by figure. ``nullable`` ones may give no
    figure.
    """

    name: str
    meaning: str
    arity: tuple[int, int | None]
    unit: UnitRule
    structural: bool = False
    nullable: bool = False

    def __call__(self, *args: object, **kwargs: object) -> float:
        raise TypeError(f"ops.{self.name} is read from a line's source, not run; evaluate the line through MODEL.run")


def same(units: Units) -> Unit | None:
    """The unit all of them share.

    Raises UnitError where two differ.
    """
    known = [u for u in units if u is not None]
    for other in known[1:]:
        if other != known[0]:
            raise UnitError(f"{known[0]} and {other} do not agree")
    return known[0] if known else None


def _plain(units: Units) -> Unit:
    for u in units:
        if u is not None and u != ONE:
            raise UnitError(f"needs a plain number, not {u}")
    return ONE


def _first(units: Units) -> Unit | None:
    return units[0]


def _quotient(units: Units) -> Unit | None:
    top, bottom = units
    return None if top is None else top / (bottom or ONE)


def _product(units: Units) -> Unit:
    total = ONE
    for u in units:
        total = total * (u or ONE)
    return total


def _chosen(units: Units) -> Unit | None:
    return same(units[1:])


def _first_then_plain(units: Units) -> Unit | None:
    _plain(units[1:])
    return units[0]


def _payment(units: Units) -> Unit | None:
    _plain(units[:2])
    return units[2]


def _weighed(units: Units) -> Unit | None:
    _plain(units[2:])
    return same(units[:2])


def _by_hour(units: Units) -> Unit:
    _plain(units[2:])
    return _product(units[:2])


def _none(units: Units) -> Unit:
    return ONE


minimum = Op("minimum", "the least of its arguments", (2, None), same)
maximum = Op("maximum", "the greatest of its arguments", (2, None), same)
where = Op("where", "the second argument where the first is not 0, else the third", (3, 3), _chosen)
fraction = Op("fraction", "first over second; 0 where the second is 0", (2, 2), _quotient)
ratio = Op("ratio", "first over second; no figure where the second is 0", (2, 2), _quotient, nullable=True)
ceiling = Op("ceiling", "the next whole number, a hair taken off first", (1, 1), _first)
escalate = Op("escalate", "growth at a yearly rate, 1 in model year 1", (2, 2), _plain)
discount = Op("discount", "the present value of 1 due so many years from the start", (2, 2), _plain)
text_is = Op("text_is", "1 where the text is one of those named", (2, None), _none)
given = Op("given", "1 where the input is filled in, 0 where it is blank", (1, 1), _none)
default = Op("default", "the input, or the second argument where it is blank", (2, 2), same)
over_given = Op("over_given", "first over second; 0 where the second is left blank", (2, 2), _quotient)
level_payment = Op("level_payment", "the equal yearly payment that repays a loan", (3, 3), _payment)
choose = Op("choose", "the text that belongs to a code counted from 0", (3, None), _none, nullable=True)

previous = Op("previous", "the year before; 0 in year 1", (1, 1), _first, structural=True)
lagged = Op("lagged", "what it was a given number of years before; 0 before the start", (2, 2), _first_then_plain, True)
within_life = Op("within_life", "the sum of the last years, as many as the life", (2, 2), _first_then_plain, True)
highest = Op("highest", "the highest so far", (1, 1), _first, structural=True)
cumulative = Op("cumulative", "the sum so far", (1, 1), _first, structural=True)
total = Op("total", "the sum over the years", (1, 1), _first, structural=True)
first = Op("first", "the figure of year 1", (1, 1), _first, structural=True)
across = Op("across", "the sum over the rows", (1, 1), _first, structural=True)
present_value = Op("present_value", "the sum over the years, each times its factor", (2, 2), _product, structural=True)
npv = Op("npv", "what flows at the years' ends are worth at the start", (2, 2), _first_then_plain, structural=True)
by_vintage = Op("by_vintage", "what each year's purchases give at their age, summed", (2, 2), _product, structural=True)
at_age = Op("at_age", "the figure of a by-age row at the age asked for", (2, 2), _first_then_plain, structural=True)
collect = Op("collect", "the sum of the rows whose number is this row's", (3, 3), _first, structural=True)
stack = Op("stack", "several lines as the rows of one", (1, None), same, structural=True)
pick = Op("pick", "the row of the block with the item's number", (2, 2), _first, structural=True)
by_hour = Op(
    "by_hour", "the sum over the workloads, each times its load in the hour", (3, 3), _by_hour, structural=True
)
topmost = Op(
    "topmost",
    "the greatest, in the hours whose number is the one named, of the sum over the workloads, each times its load",
    (4, 4),
    _by_hour,
    structural=True,
)
crest = Op("crest", "the greatest of the rows", (1, 1), _first, structural=True)
busiest = Op("busiest", "the greatest over the hours", (1, 1), _first, structural=True)
capped = Op(
    "capped",
    "the sum over the hours of the lesser of figure and limit, times weight",
    (3, 3),
    _weighed,
    structural=True,
)
capped_by = Op(
    "capped_by",
    "as capped, over the hours whose number is this row's",
    (5, 5),
    _weighed,
    structural=True,
)
position = Op("position", "the number of the row whose key is the text", (2, 2), _none, structural=True)

OPS: dict[str, Op] = {value.name: value for value in list(globals().values()) if isinstance(value, Op)}
