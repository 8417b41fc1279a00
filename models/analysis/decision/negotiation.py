"""What to ask a vendor for: the prices of a bid at which it costs as much as its best rival, and those that lapsed.

The figure is the one that ranks: the cost of a thousand responses. It is linear in a price, but for a least
spend, so that the tie follows from the figure at no price and at the quoted one, and is proved by feeding it back.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.analysis.decision.decision import ranking
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import named
from models.notation import writer
from models.run.model import MODEL, OptionResult, Result
from models.studies.change import replace_all
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import StudyError
from models.studies.inputs.value import Value, holds_until
from models.studies.study import Option, Row, Study

QUOTED = "quoted"
# The inputs of an option that hold prices, by table; an item's is its amount.
PRICES: Mapping[str, tuple[str, ...]] = {
    "lease": ("payment_per_system_month",),
    "rental": ("committed_price", "on_demand_price"),
    "api": ("price_input", "price_cached_input", "price_output", "price_cache_write", "minimum_commitment"),
}
WHOLE = "All quoted prices by one share"
# The tie is as near to the rival as its figure can be told.
NEAR = 1e-9
HALVINGS = 60


@dataclass(frozen=True)
class Line:
    """A quoted price of an option: the path of its input, what it is for, its value with its source."""

    path: str
    label: str
    value: Value

    @property
    def amount(self) -> float:
        """The price, in the study's money."""
        assert isinstance(self.value.value, (int, float))
        return float(self.value.value)


@dataclass(frozen=True)
class Target:
    """The share of the quoted price at which a bid ties with its rival, alone or all lines by one share.

    `share` is None where no price of 0 or more ties: even at 0 the bid does not win (`wins_at_zero` False), or its
    figure does not depend on the price. Above 1 the bid leads, and may rise to it. `amount` is the price asked for,
    None for the whole.
    """

    label: str
    quoted: float | None
    share: float | None
    wins_at_zero: bool

    @property
    def amount(self) -> float | None:
        """The price at which it ties, in the study's money."""
        return None if self.quoted is None or self.share is None else self.quoted * self.share


@dataclass(frozen=True)
class Negotiation:
    """A bid beside the best of the others: both figures (money per thousand responses), and what to ask for."""

    option: str
    vendor: str
    figure: float
    rival: str
    rival_figure: float
    whole: Target
    lines: tuple[Target, ...]

    @property
    def leads(self) -> bool:
        """Whether it costs less than all others already."""
        return self.figure < self.rival_figure


def quoted_lines(option: Option) -> Iterator[Line]:
    """The prices of an option that a quote gave."""
    for table, rows in (("capex", option.capex), ("opex", option.opex)):
        for row in rows:
            if _is_quoted(row, "amount"):
                name = row.text("name")
                yield Line(joined("option", option.name, table, name, "amount"), name, row["amount"])
    for table, names in PRICES.items():
        for row in option.rows(table):
            for name in (each for each in names if each in row and _is_quoted(row, each)):
                yield Line(joined("option", option.name, table, name), schema.field(table, name).label, row[name])


def _is_quoted(row: Row, name: str) -> bool:
    return row[name].confidence == QUOTED and row.number(name) > 0


def negotiations(result: Result) -> tuple[Negotiation, ...]:
    """Every option with quoted prices beside the cheapest of the others that may be recommended, in the study's order.

    Left out is an option without a cost per response, or without a rival that has one.
    """
    ranked = [each for each in ranking(result) if each.figure is not None]
    found = (_negotiation(result, name, [each.name for each in ranked if each.qualifies]) for name in result.options)
    return tuple(each for each in found if each is not None)


def _negotiation(result: Result, name: str, qualified: Sequence[str]) -> Negotiation | None:
    option = result.options[name]
    lines, rivals = list(quoted_lines(option.option)), [each for each in qualified if each != name]
    figure = option.number(RANKED_BY)
    if not lines or not rivals or figure is None:
        return None
    rival = result.options[rivals[0]]
    other = rival.number(RANKED_BY)
    assert other is not None
    at = _figure_at(result.study, option)
    return Negotiation(
        option=name,
        vendor=option.option.fields.text("vendor") if "vendor" in option.option.fields else name,
        figure=figure,
        rival=rival.option.name,
        rival_figure=other,
        whole=_target(WHOLE, None, lambda share: at(lines, share), figure, other),
        lines=tuple(
            _target(line.label, line.amount, lambda share, line=line: at([line], share), figure, other)
            for line in lines
        ),
    )


def _figure_at(study: Study, option: OptionResult) -> Callable[[Sequence[Line], float], float | None]:
    """What a thousand responses cost with some prices at a share of what is quoted; None where the study refuses it."""

    def figure(lines: Sequence[Line], share: float) -> float | None:
        try:
            changed = replace_all(study, {line.path: line.amount * share for line in lines})
        except StudyError:
            return None
        return MODEL.run_option(changed, changed.option(option.option.name)).number(RANKED_BY)

    return figure


def _target(
    label: str, quoted: float | None, at: Callable[[float], float | None], figure: float, other: float
) -> Target:
    free = at(0.0)
    if free is None or abs(figure - free) <= NEAR * abs(figure):
        return Target(label, quoted, None, free is not None and free < other)
    if free >= other:
        return Target(label, quoted, None, False)
    share = (other - free) / (figure - free)
    reached = at(share)
    if reached is None or abs(reached - other) > NEAR * abs(other):
        share = _halved(at, other, max(share, 1.0))
    return Target(label, quoted, share, True)


def _halved(at: Callable[[float], float | None], other: float, high: float) -> float | None:
    """The share at which a figure that rises with it, but not in a line, reaches the other's."""
    low = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = at(middle)
        if reached is None:
            return None
        low, high = (middle, high) if reached < other else (low, middle)
    return low


# ------------------------------------------------------------------------------------------- prices that hold no longer


@dataclass(frozen=True)
class Expired:
    """Prices of one option from one source that held until a day now past; `count` says how many."""

    option: str
    source: str
    until: datetime.date
    count: int

    def __str__(self) -> str:
        prices = writer.number_of(self.count, "price")
        source = f" from {self.source}" if self.source else ""
        return f"{named([self.option])}: {prices}{source} expired on {writer.date(self.until)}. Ask for an extension."


def expired(study: Study, today: datetime.date) -> tuple[Expired, ...]:
    """What has expired by `today`, in the order of the options, by source and day."""
    found: dict[tuple[str, str, datetime.date], int] = {}
    for option, value in _quoted(study):
        until = holds_until(value)
        if until is not None and until < today:
            key = option, value.source or "", until
            found[key] = found.get(key, 0) + 1
    return tuple(Expired(*key, count) for key, count in found.items())


def _quoted(study: Study) -> Iterator[tuple[str, Value]]:
    """The numbers of every option, with the option's name."""
    for place in study.places.values():
        if place.option is not None:
            owner, numbers = study.options[place.option].name, (int, float)
            yield from ((owner, value) for value in place.row.values() if isinstance(value.value, numbers))


def lapsed(option: Option, today: datetime.date) -> list[tuple[Line, datetime.date]]:
    """The quoted prices that no longer hold on a day, each with the day until which it held."""
    held = ((line, holds_until(line.value)) for line in quoted_lines(option))
    return [(line, day) for line, day in held if day is not None and day < today]
