"""One quote of a file as a person wants it in the study: like which option, under which name, with which estimates."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from importers.quotes import Estimate, Explained, PartScope, Prepared, Quote, estimates_from, prepare
from importers.quotes.cells.columns import PARTS
from importers.quotes.option.scope import NEEDED, scope
from models.analysis.decision.side_by_side import reference
from models.notation import reader
from models.run.model import Result
from models.studies.study import Study
from views import session
from views.fields.remembered import kept
from views.inputs.quotes.file import Upload

LEAVE_OUT, AS_LIKE, ONCE, YEARLY = "", "like", "once", "yearly"
OWN = (ONCE, YEARLY)
# What explains figures that look wrong, by the name under which it is remembered.
WHY_TOTAL, WHY_PRICE = "why total", "why price"


@dataclass(frozen=True)
class Asked:
    """A quote of a file, and the names under which all that is said of it is remembered."""

    file: Upload
    quote: Quote

    def entry(self, *parts: str) -> str:
        terms = self.quote.terms
        return self.file.entry("offer", terms.vendor, terms.quote_number, terms.product, *parts)

    def like(self, result: Result) -> str:
        """The option that it starts from: as chosen, else one that is paid for in the same way, else the reference."""
        options = result.study.options
        alike = [option.name for option in options if option.acquisition == self.quote.terms.acquisition]
        default = (alike or [reference(result).name])[0]
        return kept(self.entry("like"), [option.name for option in options], default)

    @property
    def name(self) -> str:
        """What the option is to be called."""
        return str(session.kept(self.entry("name"), "")).strip() or self.quote.terms.source

    @property
    def leaves_out_refused(self) -> bool:
        """Whether to go on without the rows that are refused."""
        return bool(session.kept(self.entry("leave out"), False))

    @property
    def explained(self) -> Explained:
        """What was said of figures that look wrong."""
        return Explained(*(str(session.kept(self.entry(name), "")).strip() for name in (WHY_TOTAL, WHY_PRICE)))


@dataclass(frozen=True)
class Offer:
    """A quote prepared for the study as asked. `faults` are estimates that cannot be read, by part."""

    asked: Asked
    prepared: Prepared
    faults: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether it may be confirmed: nothing refused, and no estimate left half said."""
        return self.prepared.ready and not self.faults


def offer(asked: Asked, study: Study, result: Result, today: datetime.date) -> Offer:
    """The quote as it would stand in the study now."""
    like = asked.like(result)
    estimates, faults = _estimates(asked, study, like, today)
    found = prepare(
        study,
        asked.quote,
        like,
        today=today,
        name=asked.name,
        estimates=estimates,
        leave_out_refused=asked.leaves_out_refused,
        explained=asked.explained,
    )
    return Offer(asked, found, faults)


# ---------------------------------------------------------------------------------------------------------- estimates


def gaps(quote: Quote) -> list[PartScope]:
    """What the bid leaves out and an estimate may stand in for: not the price of what is offered itself."""
    its_price = {part for groups in NEEDED.values() for group in groups for part in group}
    return [each for each in scope(quote) if each.missing and each.part not in its_price]


def ways(study: Study, like: str, part: str) -> list[str]:
    """How a gap may be filled; as the other option has it only where that one has it."""
    return [LEAVE_OUT, *([AS_LIKE] if estimates_from(study, like, [part]) else []), *OWN]


def way(asked: Asked, study: Study, like: str, part: str) -> str:
    """How this gap is to be filled."""
    return kept(asked.entry("fill", part), ways(study, like, part), LEAVE_OUT)


def fill_all(asked: Asked, study: Study, like: str) -> None:
    """Fill every gap that the other option fills, as it does."""
    for gap in gaps(asked.quote):
        if AS_LIKE in ways(study, like, gap.part):
            session.keep(asked.entry("fill", gap.part), AS_LIKE)


def _estimates(
    asked: Asked, study: Study, like: str, today: datetime.date
) -> tuple[Sequence[Estimate], dict[str, str]]:
    found: list[Estimate] = []
    faults: dict[str, str] = {}
    for gap in gaps(asked.quote):
        how = way(asked, study, like, gap.part)
        if how == AS_LIKE:
            found += estimates_from(study, like, [gap.part])
        elif how in OWN:
            reading = reader.amount(
                str(session.kept(asked.entry("amount", gap.part), "")), session.policy(), what="the amount"
            )
            if reading.fault or reading.value is None:
                faults[gap.part] = reading.fault or f"type an amount for {PARTS[gap.part]}, or exclude it"
            else:
                found.append(_own(asked, gap.part, how, float(reading.value), today))
    return found, faults


def _own(asked: Asked, part: str, how: str, amount: float, today: datetime.date) -> Estimate:
    rests = str(session.kept(asked.entry("rests", part), "")).strip() or "own estimate, basis not stated"
    item = f"{PARTS[part]}, estimated"
    table, basis = ("capex", "fixed") if how == ONCE else ("opex", "per_year")
    return Estimate(part, item, table, basis, amount, f"{rests} (typed {today})")
