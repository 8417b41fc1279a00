"""What to ask each vendor: a page of Markdown with the prices that would win and what the bid leaves open."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from importers.quotes.cells.columns import PARTS
from importers.quotes.option.scope import EXPECTED, part_of
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.negotiation import Negotiation, Target, lapsed, quoted_lines
from models.notation import writer
from models.notation.writer import exact, rounded
from models.run.model import Result
from models.studies.study import Option

CLAIM = "vendor's claim"
ABOUT = "Questions to a vendor"


Section = tuple[str, tuple[str, ...]]


def page(result: Result, found: Negotiation, today: datetime.date) -> str:
    """What to ask the vendor of a bid, as Markdown."""
    texts = (
        f"{'#' if at == 0 else '##'} {title}\n\n" + "\n".join(lines)
        for at, (title, lines) in enumerate(sections(result, found, today))
    )
    return "\n\n".join(texts) + "\n"


def sections(result: Result, found: Negotiation, today: datetime.date) -> tuple[Section, ...]:
    """What to ask, by heading, the first that of the page: price, missing parts, expired prices, unmeasured claims.

    A line that begins with a dash is an item of a list.
    """
    study, option = result.study, result.options[found.option].option
    parts = (
        (f"Questions to {found.vendor}", [f"{study.fields.text('title')}, {writer.date(today)}. Bid: {found.option}."]),
        ("Price", list(_prices(found, study.currency))),
        ("Not in the bid", [f"- {PARTS[part]}: included, or at which price?" for part in missing(option)]),
        ("No longer held", [f"- {line.label}: held until {writer.date(day)}" for line, day in lapsed(option, today)]),
        ("Claimed, not measured", list(_claims(option))),
    )
    return tuple((title, tuple(lines)) for title, lines in parts if lines)


def _prices(found: Negotiation, currency: str) -> Iterator[str]:
    """What would win, without the rival's name or figure: the page goes to the vendor."""
    if found.leads:
        return
    wishes = [target for target in (found.whole, *found.lines) if target.share is not None and target.share < 1]
    yield "What the bid would have to cost to be chosen on cost, by any one of these:"
    yield ""
    yield from (f"- {wish(target, currency)}" for target in wishes)
    if not wishes:
        yield "- no price alone is enough: all of them, and what the bid needs in power and machines"


def standing(found: Negotiation, currency: str) -> str:
    """How a bid stands beside its best rival, in a sentence."""
    ours, theirs = (per_thousand(figure, currency) for figure in (found.figure, found.rival_figure))
    return f"{found.option}: {ours} per 1,000 responses, and {theirs} with {found.rival}, the best of the others."


def table(found: Negotiation, currency: str) -> dict[str, list[str]]:
    """The prices of a bid, each with what ties with the rival: all by one share first, then each alone."""
    targets = (found.whole, *found.lines)
    return {
        "Price": [each.label for each in targets],
        "Quoted": ["" if each.quoted is None else f"{currency} {exact(each.quoted)}" for each in targets],
        "To cost as much as the rival": [wish(each, currency).removeprefix(f"{each.label}: ") for each in targets],
    }


def wish(target: Target, currency: str) -> str:
    """What to ask for one price, or for all, in words."""
    if not target.wins_at_zero:
        return f"{target.label}: even at 0 the bid does not win"
    if target.share is None:
        return f"{target.label}: its price changes nothing"
    way = "lower" if target.share < 1 else "higher, and it still wins"
    by = writer.share(abs(1 - target.share))
    price = "" if target.amount is None else f" ({currency} {exact(rounded(target.amount, 6))})"
    return f"{target.label}: {by} {way}{price}"


def missing(option: Option) -> list[str]:
    """The parts that offers of this kind have, and that no quoted price of the option is for."""
    quoted = {line.path for line in quoted_lines(option)}
    rows = [row for row in (*option.capex, *option.opex) if any(f"/{row.text('name')}/" in path for path in quoted)]
    held = {part_of(row) for row in rows} | {"systems", "lease", "rental committed", "rental on demand"}
    held |= {part for part in EXPECTED.get(option.acquisition, ()) if part.startswith("api")}
    return [part for part in EXPECTED.get(option.acquisition, ()) if part not in held]


def _claims(option: Option) -> Iterator[str]:
    for row in option.serving:
        value = row["decode_rate"]
        if value.note and value.note.startswith(CLAIM):
            speed = f"{exact(value.value)} tokens/s an accelerator"
            yield f"- output speed for {row.text('workload')}: {speed}; how was it measured?"


def file_stem(found: Negotiation) -> str:
    """A name for the page of a bid that any file system takes."""
    return re.sub(r"[^\w .,-]+", "-", f"Questions, {found.option}").strip(" .")
