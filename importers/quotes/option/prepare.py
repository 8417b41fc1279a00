"""From a quote to an option of a study: prepared and shown first, added only when confirmed.

The new option takes over from an option of the study what no vendor quotes (speed, power, site, people), and from the
quote what it offers, each amount with the quote as its source. What the bid leaves out is listed; it stays out unless
an estimate is given for it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importers.quotes.cells.findings import Finding, QuoteError, refused
from importers.quotes.option.checks import (
    about,
    check_dates,
    check_exchange,
    check_needed,
    check_terms,
    measure_of,
    standing,
)
from importers.quotes.option.draft import Draft
from importers.quotes.option.placing import MONTHLY, Measure, Placed, placed_estimate, placed_lines
from importers.quotes.option.questions import Explained, check_price, check_term, check_totals
from importers.quotes.option.scope import Estimate, PartScope, scope
from importers.quotes.reading.lines import ONE_OFF, Line
from importers.quotes.reading.quote import Quote
from models.engine.constants import MONTHS_PER_YEAR
from models.notation.writer import as_typed
from models.run.model import MODEL
from models.studies.change import replace, replace_all
from models.studies.file import load as studies
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

NOTHING_EXPLAINED = Explained()


@dataclass(frozen=True)
class Need:
    """Systems the offer covers against those a run of the study needs for its demand: at the start and at the most."""

    quoted: float | None
    first_year: float
    most: float

    @property
    def short(self) -> bool:
        """Whether the offer covers less than is needed at some time."""
        return self.quoted is not None and self.quoted < self.most


@dataclass(frozen=True)
class Totals:
    """The counted lines in the study's money: paid once, before and after discount, and paid every year."""

    list_once: float
    net_once: float
    yearly: float


@dataclass(frozen=True)
class Prepared:
    """A quote as it would stand in the study. Nothing is changed until `confirm`.

    `option` are its plain tables; `placed` says where each amount comes from; `taken_over` and `dropped` name items of
    the option it starts from; `left_out` are lines that are not counted. `study` holds it already, None where it is
    refused.
    """

    quote: Quote
    like: str
    name: str
    option: Mapping[str, Any]
    placed: tuple[Placed, ...]
    scope: tuple[PartScope, ...]
    taken_over: tuple[str, ...]
    dropped: tuple[str, ...]
    left_out: tuple[Line, ...]
    totals: Totals
    need: Need | None
    findings: tuple[Finding, ...]
    study: Study | None

    @property
    def ready(self) -> bool:
        """Whether it may be confirmed."""
        return self.study is not None and not refused(self.findings)


def prepare(
    study: Study,
    quote: Quote,
    like: str,
    *,
    today: datetime.date,
    name: str | None = None,
    estimates: Sequence[Estimate] = (),
    leave_out_refused: bool = False,
    explained: Explained = NOTHING_EXPLAINED,
) -> Prepared:
    """The quote as an option of the study, starting from its option `like`; the study itself is not touched.

    `leave_out_refused` goes on without the rows that are refused, which is then said; `explained` is what a person
    says of figures that look wrong. Raises StudyError where the study has no option `like`.
    """
    base = study.option(like)
    findings = list(standing(quote, leave_out_refused))
    check_dates(quote, today, findings)
    check_exchange(quote, study.currency, today, findings)
    check_totals(quote, explained, findings)
    measure = measure_of(study, base, quote, findings)
    label = name or quote.terms.source
    if any(option.name == label for option in study.options):
        findings.append(about(f"the study has an option {label!r} already: give this one another name"))
    placed = [*placed_lines(quote.counted, measure, findings), *map(placed_estimate, estimates)]
    check_price(base, placed, measure, explained, findings)
    check_term(base, quote, measure.horizon, findings)
    check_needed(quote, findings)
    draft = Draft(study, base, quote, measure, estimates, explained)
    option = draft.option(label, placed, findings)
    made = _candidate(study, option, findings)
    need = None if made is None else _need(made, label, measure.systems, findings)
    check_terms(quote, measure, like, findings)
    return Prepared(
        quote=quote,
        like=like,
        name=label,
        option=option,
        placed=tuple(placed),
        scope=scope(quote, estimates),
        taken_over=tuple(row.text("name") for row in draft.kept),
        dropped=tuple(row.text("name") for row in draft.dropped),
        left_out=tuple(line for line in quote.lines if not line.counts and not line.aside),
        totals=_totals(quote.counted, measure),
        need=need,
        findings=tuple(findings),
        study=made,
    )


def confirm(study: Study, prepared: Prepared) -> Study:
    """The study with the prepared option added. Raises QuoteError while something stands in the way.

    The study may have changed since; StudyError tells if the option no longer fits it.
    """
    if not prepared.ready:
        raise QuoteError(refused(prepared.findings) or [about("the option does not fit the study")])
    return with_option(study, prepared.option)


def with_option(study: Study, option: Mapping[str, Any]) -> Study:
    """The study with one more option, given as plain tables. Raises StudyError where it is refused."""
    alone: dict[str, Any] = {**studies.to_dict(study), "option": [option]}
    alone["study"] = {key: part for key, part in alone["study"].items() if key not in schema.NAMES_OPTION}
    added = studies.from_dict(alone).options[0]
    # The other options stay as they are, with who set each of their inputs.
    return replace_all(dataclasses.replace(study, options=(*study.options, added)), {})


def _totals(lines: Sequence[Line], measure: Measure) -> Totals:
    once = listed = yearly = 0.0
    for line in lines:
        assert line.net_price is not None
        quantity = 1.0 if line.quantity is None else line.quantity
        net = quantity * line.net_price * measure.rate
        if line.charged in ONE_OFF:
            once += net
            listed += net if line.list_price is None else quantity * line.list_price * measure.rate
        elif line.charged in ("per year", "per system and year", "per accelerator and year"):
            yearly += net
        elif line.charged in MONTHLY:
            yearly += net * float(MONTHS_PER_YEAR)
    return Totals(listed, once, yearly)


def _need(study: Study, name: str, systems: float | None, findings: list[Finding]) -> Need | None:
    """Systems needed by a run in which the option is sized for the demand."""
    option = study.option(name)
    if option.acquisition == "api":
        return None
    path = joined("option", option.name)
    try:
        sized = replace(study, f"{path}/sizing", "demand")
        installed = MODEL.run_option(sized, sized.option(name)).values["installed"]
    except StudyError as error:
        findings.append(about(f"how many systems are needed cannot be computed: {error.problems[0]}", "", "warning"))
        return None
    found = Need(systems, installed[0], max(installed))
    if systems is not None and found.short:
        message = f"the offer covers {as_typed(systems)} systems, the study needs {as_typed(found.first_year)}"
        message += (
            f" in year 1 and {as_typed(found.most)} at the most: the rest is counted at the same price; ask for it"
        )
        findings.append(about(message, "systems_quoted", "warning"))
    return found


def _candidate(study: Study, option: Mapping[str, Any], findings: list[Finding]) -> Study | None:
    """The study with the option, None with the reasons told where it is refused."""
    if refused(findings):
        return None
    try:
        return with_option(study, option)
    except StudyError as error:
        findings += [about(f"in the study: {problem}") for problem in error.problems]
        return None
