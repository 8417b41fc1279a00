"""The first lines of a decision: the sentence, what it saves and needs, and what to be careful about, gravest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from models.analysis.decision.decision import (
    Recommendation,
    assumption_share,
    called,
    comparable,
    recommendation,
)
from models.analysis.decision.difference import difference
from models.analysis.decision.negotiation import expired
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.idle import barely_used_in_words
from models.notation import writer
from models.run.model import Result

# From this share of the cost on it is said that it rests on assumptions.
MUCH_ASSUMED = 0.4


@dataclass(frozen=True)
class Verdict:
    """What stands above everything else: `money` may be empty; `amounts` are those of its figures that decide."""

    sentence: str
    money: str
    amounts: tuple[str, ...]
    flags: tuple[str, ...]


def verdict(result: Result, today: datetime.date, *, after_tax: bool = False) -> Verdict:
    """The verdict on a run; savings before tax or after it, the ranking before tax."""
    found = recommendation(result)
    money, amounts = _money(result, found, after_tax)
    return Verdict(found.sentence, money, amounts, tuple(_flags(result, found, today)))


def _money(result: Result, found: Recommendation, after_tax: bool) -> tuple[str, tuple[str, ...]]:
    """What the choice saves against the runner-up and takes in year 1; nothing where nothing is chosen."""
    currency = result.study.currency
    if found.winner is None:
        return "", ()
    winner = result.options[found.winner]
    cash = cash_needed(winner)
    if found.runner_up is None:
        needed = writer.money(cash, currency)
        return f"Needs {needed} of cash in year 1.", (needed,)
    other = result.options[found.runner_up]
    theirs = cash_needed(other)
    held = comparable(result)
    if not (held[winner.name].holds and held[other.name].holds):
        needed, against = writer.amounts([cash, theirs], currency)
        return f"Needs {needed} of cash in year 1, against {against}.", (needed,)
    saved = difference(winner, other, after_tax=after_tax).npv
    amount, needed, against = writer.amounts([abs(saved), cash, theirs], currency)
    verb = "saves" if saved >= 0 else "costs"
    # Where the sentence names both, it must be said which of them.
    verb = f"{called(winner.name)} {verb}" if found.is_close else verb.capitalize()
    more = "" if saved >= 0 else " more"
    tax = " after tax" if after_tax else ""
    over = writer.years(result.study.horizon)
    line = f"{verb} {amount}{more} in present value{tax} over {over} and needs {needed} of cash in year 1"
    return f"{line}; {called(other.name)} needs {against}.", (amount, needed)


def _flags(result: Result, found: Recommendation, today: datetime.date) -> Iterator[str]:
    yield from (f"A model check fails: {check.name}." for check in result.checks if not check.holds)
    yield from found.unpriced
    yield from found.caveats
    if found.winner:
        winner = result.options[found.winner]
        share = assumption_share(winner)
        if share is not None and share > MUCH_ASSUMED:
            yield f"{writer.share(share)} of the cost of {called(winner.name)} rests on assumptions."
        barely = barely_used_in_words(winner)
        if barely:
            yield barely
    yield from map(str, expired(result.study, today))
