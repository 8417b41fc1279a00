"""Decision: what would change the recommendation. For each other option the input nearest to making it cheaper, then
how far the largest cost, the next best and the responses may move."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.analysis.decision.decision import Recommendation, called, driver
from models.analysis.metrics.measures import METRIC, RANKED_BY
from models.analysis.metrics.same_work import beside
from models.analysis.sensitivity.target_words import condition
from models.analysis.sensitivity.targets import Target
from models.analysis.sensitivity.turning import Rivals, nearest, rivals
from models.analysis.words import named
from models.notation import writer
from models.run.model import Result
from views import pages, session
from views.decision.case import Case
from views.decision.ties import searched
from views.figures import printed, written
from views.figures.printed import Column, Markup, Row, escaped

_UNIT = "One at a time, all else as planned: the nearest break-even of each option"
# What is kept of the search between two options: the break-evens found.
SEARCHED = "turning"


def show(result: Result, found: Recommendation) -> DeltaGenerator:
    """Draw the table as far as break-evens are at hand, and give its place, where `unasked` draws it again."""
    place = st.empty()
    others = rivals(result)
    if others is not None:
        with place.container():
            _table(result, found, others)
    return place


def unasked(result: Result, found: Recommendation, place: DeltaGenerator) -> None:
    """Search the break-evens of every other option once all else on the page stands, and draw each when it is found.

    Not while the Export dialog is open, which waits for no search.
    """
    others = rivals(result)
    if others is None or session.kept(pages.EXPORT, False):
        return
    for name in others.dearer:
        case = _against(result, others.winner, name)
        if case.found(SEARCHED) is not None:
            continue
        with place.container():
            _table(result, found, others)
            case.once(SEARCHED, lambda pair=case: searched(pair, RANKED_BY))
        with place.container():
            _table(result, found, others)


def _against(result: Result, winner: str, other: str) -> Case:
    ours, theirs = result.options[winner], result.options[other]
    return Case(result, ours, theirs, beside(ours, theirs), RANKED_BY)


def _table(result: Result, found: Recommendation, others: Rivals) -> None:
    rows = [*_of_rivals(result, others), *_of_the_whole(result, found)]
    if not rows:
        return
    printed.heading("The recommendation changes if \u2026", _UNIT)
    columns = (Column("Plan", kind="wide"), Column("Headroom", kind="headroom"))
    printed.table("What would change the recommendation", "Condition", columns, rows)
    if others.barred:
        st.caption(written.plain(f"Not eligible, so not searched: {named(others.barred)}."))


# ---------------------------------------------------------------------------------------------------- each other option


def _of_rivals(result: Result, others: Rivals) -> Iterator[Row]:
    """What makes each other option cheaper: none is left unsaid."""
    for name in others.alike:
        said = "whatever changes one of the two alone decides"
        yield Row(f"{called(name)} costs the same", (writer.ZERO, writer.ZERO), said)
    for name, why_not in others.dearer.items():
        case = _against(result, others.winner, name)
        targets: list[Target] | None = case.found(SEARCHED)
        if targets is None:
            yield Row(f"{called(name)} becomes cheaper", (writer.ZERO, writer.ZERO), "break-even not searched yet")
        elif (best := nearest(targets)) is None:
            said = f"{writer.number_of(len(targets), 'input')} searched over all that it may be"
            yield Row(f"No single input makes {called(name)} cheaper", (writer.ZERO, writer.ZERO), said)
        else:
            yield _turned(best, name, why_not, case.currency)


def _turned(found: Target, rival: str, why_not: str, currency: str) -> Row:
    varied, value = found.subject, found.value
    before, to = condition(found, currency)
    plan = writer.ZERO if varied.base is None else varied.number(varied.base)
    distance = "" if value is None else varied.distance(value)
    return Row(
        Markup(f"{escaped(before)} <b>{escaped(to)}</b>"),
        (plan, Markup(f"{_bar(found.reach)}{escaped(distance)}")),
        f"then {called(rival)} is cheaper{_beyond_its_range(found)}{f'; not eligible: {why_not}' if why_not else ''}",
    )


def _beyond_its_range(found: Target) -> str:
    if found.within_range:
        return ""
    if found.subject.range is None:
        return "; no range is given for it"
    return "; outside its range"


# ------------------------------------------------------------------------------------------------------------ the whole


def _of_the_whole(result: Result, found: Recommendation) -> Iterator[Row]:
    """How far the largest cost of the choice, the whole cost of the next best and the responses may move."""
    if found.winner is None or found.runner_up is None:
        return
    winner, other = called(found.winner), called(found.runner_up)
    largest, theirs = driver(result.options[found.winner])[1], result.options[found.runner_up].values[METRIC]
    of_largest, of_theirs = writer.amounts([largest, theirs], result.study.currency)
    conditions = (
        (f"{found.driver} of {winner} costs over", "more than planned", of_largest, found.rise, "+"),
        (f"{other} becomes cheaper by over", "", of_theirs, found.fall, writer.MINUS),
        (f"{winner} loses over", "of its responses", writer.ZERO, found.fall, writer.MINUS),
    )
    for before, behind, plan, share, sign in conditions:
        if share is not None:
            said = writer.share(share)
            words = Markup(f"{escaped(before)} <b>{said} {behind}</b>".replace(" </b>", "</b>"))
            yield Row(words, (plan, Markup(f"{_bar(share)}{sign}{said}")))


def _bar(share: float) -> Markup:
    """A bar as long as the headroom, up to all of the plan; the figure stands beside it."""
    return Markup(f'<i class="bar" style="--part:{round(min(share, 1.0), 3)}"></i>')
