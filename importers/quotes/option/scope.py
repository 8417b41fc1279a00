"""What belongs to a complete offer, what a quote leaves out of it, and estimates that stand in for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from importers.quotes.cells.columns import PARTS
from importers.quotes.reading.quote import Quote
from models.studies.study import Row, Study

Status = Literal["included", "estimated", "out", "optional", "refused", "not mentioned"]

# What an offer needs at the least to be priced at all: one of each group.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "purchase": (("systems",),),
    "lease": (("lease",),),
    "rental": (("rental committed", "rental on demand"),),
    "api": (("api input",), ("api output",)),
}
# What offers of one kind must all contain before they compare.
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "purchase": ("systems", "network", "storage", "spares", "installation", "delivery", "support", "software"),
    "lease": ("lease", "network", "installation", "delivery", "support", "software"),
    "rental": ("rental committed", "rental on demand", "storage", "egress", "support", "software"),
    "api": ("api input", "api output"),
}
# What the price of an hour or a token contains, so that nothing of it is taken over from hardware of one's own.
CONTAINED: Mapping[str, tuple[str, ...]] = {
    "rental": ("network", "spares", "installation", "delivery", "warranty", "hosting"),
    "api": ("network", "storage", "spares", "installation", "delivery", "warranty", "support", "hosting", "egress"),
}
# Words by which an option's own items are told apart; the first that fits counts.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "network": ("network", "cabl", "switch"),
    "storage": ("storage",),
    "spares": ("spare",),
    "installation": ("install", "acceptance"),
    "delivery": ("deliver", "freight", "shipping", "duties"),
    "training": ("training",),
    "migration": ("migration", "integration"),
    "warranty": ("warranty",),
    "support": ("support", "maintenance"),
    "software": ("software", "licen"),
    "egress": ("egress",),
}
_CATEGORIES: Mapping[str, str] = {"support": "support", "software": "software", "colocation": "hosting"}


@dataclass(frozen=True)
class PartScope:
    """How one part of a complete offer stands: its lines by row, or that something stands in for it."""

    part: str
    label: str
    status: Status
    rows: tuple[int, ...]

    @property
    def missing(self) -> bool:
        """Whether nothing at all is counted for it."""
        return self.status not in ("included", "estimated")


@dataclass(frozen=True)
class Estimate:
    """Something a bid leaves out, at an estimated price in the study's money. It is marked as assumed, always.

    `table` is "capex" or "opex", `basis` one of the study's for it. `note` says what the estimate rests on.
    """

    part: str
    item: str
    table: Literal["capex", "opex"]
    basis: str
    amount: float
    note: str
    low: float | None = None
    high: float | None = None


def scope(quote: Quote, estimates: Sequence[Estimate] = ()) -> tuple[PartScope, ...]:
    """Every part that offers of this kind need, then whatever else the quote names."""
    expected = EXPECTED.get(quote.terms.acquisition or "", ())
    needed = NEEDED.get(quote.terms.acquisition or "", ())
    named = (*(line.part for line in quote.lines if line.part), *(estimate.part for estimate in estimates))
    found = [_part(quote, part, estimates) for part in dict.fromkeys((*expected, *named))]
    # Committed or on demand: one of them is enough.
    either = {part for group in needed if len(group) > 1 for part in group}
    priced = any(entry.part in either and not entry.missing for entry in found)
    return tuple(e for e in found if not (priced and e.part in either and e.status == "not mentioned"))


def _part(quote: Quote, part: str, estimates: Sequence[Estimate]) -> PartScope:
    lines = [line for line in quote.lines if line.part == part]
    statuses: list[tuple[Status, bool]] = [
        ("included", any(line.counts for line in lines)),
        ("estimated", any(estimate.part == part for estimate in estimates)),
        ("refused", any(line.refused for line in lines)),
        ("optional", any(line.scope == "optional" for line in lines)),
        ("out", bool(lines)),
    ]
    holding: list[Status] = [name for name, holds in statuses if holds]
    return PartScope(part, PARTS.get(part, part), (holding or ["not mentioned"])[0], tuple(line.row for line in lines))


def part_of(row: Row) -> str | None:
    """Which part an option's own purchase or running cost belongs to; None for what no vendor offers (staff, site)."""
    name = row.text("name").casefold()
    if row.table == "opex":
        category = row.text("category")
        if category == "staff":
            return None
        return _CATEGORIES.get(category) or _by_words(name)
    if row.text("asset") == "facility":
        return None
    return _by_words(name) or ("systems" if row.text("asset") == "equipment" else None)


def _by_words(name: str) -> str | None:
    return next((part for part, words in _WORDS.items() if any(word in name for word in words)), None)


def estimates_from(study: Study, like: str, parts: Sequence[str]) -> tuple[Estimate, ...]:
    """For parts that a bid leaves out: what the option `like` of the study has for them, to be used as estimates.

    Raises StudyError where there is no such option.
    """
    option = study.option(like)
    rows = [row for row in (*option.capex, *option.opex) if part_of(row) in parts]
    return tuple(_estimate(row, like) for row in rows)


def _estimate(row: Row, like: str) -> Estimate:
    amount = row["amount"]
    rests = ", ".join(text for text in (amount.source, amount.as_of, amount.note) if text)
    return Estimate(
        part=part_of(row) or "other",
        item=row.text("name"),
        table="capex" if row.table == "capex" else "opex",
        basis=row.text("basis"),
        amount=row.number("amount"),
        note=f"as in {like}" + (f" ({rests})" if rests else ""),
        low=amount.low,
        high=amount.high,
    )
