"""A quote looked at before it enters the study: findings, lines, terms, totals, gaps and their estimates."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st

from importers.quotes import Finding, estimates_from
from importers.quotes.cells.columns import BY_NAME, PARTS
from importers.quotes.cells.findings import refused
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.side_by_side import reference
from models.analysis.metrics import headlines
from models.analysis.metrics.measures import RANKED_BY
from models.run.model import MODEL, Result
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from views import session
from views.fields import remembered as fields
from views.figures import drawing, wording, written
from views.inputs.quotes import offer as quotes_offer
from views.inputs.quotes import words as quotes_words
from views.inputs.quotes.offer import AS_LIKE, LEAVE_OUT, ONCE, OWN, WHY_PRICE, WHY_TOTAL, YEARLY, Asked, Offer

MOST_SHOWN = 12
# Figures of the offer as a whole that a person may explain: the column of the finding, and what is asked.
EXPLAINABLE = {
    "line_total": (WHY_TOTAL, "Why the counted lines differ from the total of the file"),
    "net_price": (WHY_PRICE, "Why the price is so far from that of the option it is like"),
}


def draw(offer: Offer, study: Study, result: Result, today: datetime.date) -> None:
    """The whole preview; nothing of it changes the study."""
    _choices(offer.asked, study, result)
    _findings(offer, today)
    _lines(offer, study)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Offer compared with requirements**")
        drawing.table(quotes_words.term_rows(offer.prepared, study, today), "The offer against what the study needs")
    with right:
        _totals(offer, study)
    _gaps(offer, study)
    _cost(offer, result)


def _choices(asked: Asked, study: Study, result: Result) -> None:
    """Like which option, and under which name."""
    names = [option.name for option in study.options]
    left, right = st.columns(2)
    with left:
        fields.choice(
            asked.entry("like"),
            "Based on option",
            names,
            asked.like(result),
            help="Speed, power, site and staff are copied from it. The original is unchanged.",
        )
    with right:
        fields.text(asked.entry("name"), "Name of the new option", asked.quote.terms.source)


# ------------------------------------------------------------------------------------------------------------ findings


def _findings(offer: Offer, today: datetime.date) -> None:
    """Everything that is wrong or doubtful, by row; what stands in the way comes first and is never folded away."""
    found = offer.prepared.findings
    stops = refused(found)
    notes = [finding for finding in found if finding.severity != "refused"]
    expired = offer.prepared.quote.terms.valid_until
    if expired and expired < today:
        st.warning(f"This offer expired on {quotes_words.day(expired)}.", icon=":material/event_busy:")
    if stops:
        count = f"{len(stops)} thing{'' if len(stops) == 1 else 's'}"
        verb = "stands" if len(stops) == 1 else "stand"
        st.error(f"{count} {verb} in the way. Mend the file, or say above what it does not.", icon=":material/error:")
        _list(stops)
    _explanations(offer)
    rows = {finding.row for finding in offer.asked.quote.about_lines if finding.severity == "refused"}
    if rows:
        label = f"Continue without {len(rows)} rejected row{'' if len(rows) == 1 else 's'}"
        fields.tick(offer.asked.entry("leave out"), label, help="They are then not part of any cost.")
    if notes:
        st.markdown(f"**Points to check** ({len(notes)})")
        _list(notes)


def _explanations(offer: Offer) -> None:
    """A field for each figure that looks wrong: what explains it stays with the option."""
    asked = {finding.column for finding in offer.prepared.findings if finding.row is None}
    for column, (name, label) in EXPLAINABLE.items():
        if BY_NAME[column].label in asked:
            fields.text(offer.asked.entry(name), label, help="It stays with the option, in the note on its vendor.")


def _list(findings: Sequence[Finding]) -> None:
    """What was found, the same thing of several rows told once; the end of a long list is folded."""
    told = quotes_words.by_message(findings)
    lines = [f"- **{wording.escaped(place)}**: {wording.escaped(message)}" for place, message in told]
    st.markdown("\n".join(lines[:MOST_SHOWN]))
    if len(lines) > MOST_SHOWN:
        with st.expander(f"{len(lines) - MOST_SHOWN} more"):
            st.markdown("\n".join(lines[MOST_SHOWN:]))


# --------------------------------------------------------------------------------------------------- lines and totals


def _lines(offer: Offer, study: Study) -> None:
    st.markdown("**Lines: file and interpretation**")
    columns = quotes_words.line_rows(offer.prepared, study.currency)
    widths = {"Item": 220, "In the file": 320, "Interpreted as": 300, "In the study": 230, "Calculation": 420}
    configured = {name: st.column_config.TextColumn(name, width=width) for name, width in widths.items()}
    drawing.grid(columns, "Each line as read beside what was understood", configured=configured, right=["Row"])
    dropped, kept = offer.prepared.dropped, offer.prepared.taken_over
    if dropped:
        st.caption(wording.escaped(f"Replaced, of {offer.prepared.like}: {', '.join(dropped)}."))
    if kept:
        st.caption(wording.escaped(f"Taken over from {offer.prepared.like}: {', '.join(kept)}."))


def _totals(offer: Offer, study: Study) -> None:
    rows = quotes_words.total_rows(offer.prepared, study)
    notes = quotes_words.total_notes(offer.prepared, study)
    if rows:
        st.markdown("**List price to net price**")
        drawing.table(rows, "Totals of the counted lines", right=list(rows)[1:])
    for note in notes:
        st.caption(wording.escaped(note))


# ---------------------------------------------------------------------------------------------------------- the gaps


def _gaps(offer: Offer, study: Study) -> None:
    """What belongs to a complete offer, what this one leaves out, and estimates to stand in."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Completeness**")
        drawing.table(quotes_words.scope_rows(offer.prepared.scope), "Parts of a complete offer")
    missing, asked, like = quotes_offer.gaps(offer.asked.quote), offer.asked, offer.prepared.like
    if not missing:
        return
    with right:
        st.markdown("**Estimates for what is missing**")
        st.caption("With them it compares with complete offers. Each is marked assumed in the study.")
        fillable = [gap for gap in missing if AS_LIKE in quotes_offer.ways(study, like, gap.part)]
        if fillable:
            label = wording.escaped(f"Fill {len(fillable)} as in {like}")
            st.button(label, on_click=quotes_offer.fill_all, args=(asked, study, like), key="fill all gaps")
        grid = st.grid(2, min_column_width=230, gap="medium")
        for gap in missing:
            with grid.cell():
                _gap(offer, study, gap.part)


def _gap(offer: Offer, study: Study, part: str) -> None:
    """One gap: left as it is, filled as the other option has it, or with an amount of one's own."""
    asked, like = offer.asked, offer.prepared.like
    words = {
        LEAVE_OUT: "exclude",
        AS_LIKE: f"as in {like}",
        ONCE: "own estimate, one-off",
        YEARLY: "own estimate, yearly",
    }
    ways = quotes_offer.ways(study, like, part)
    how = fields.choice(asked.entry("fill", part), PARTS[part], ways, LEAVE_OUT, words=lambda each: words[each])
    if how == AS_LIKE:
        found = quotes_words.estimate_words(estimates_from(study, like, [part]), study.currency)
        st.caption(wording.escaped(found))
    if how in OWN:
        unit = f"{study.currency} {'once' if how == ONCE else 'a year'}"
        fields.text(asked.entry("amount", part), wording.escaped(f"Amount, {unit}: {PARTS[part]}"))
        if fault := offer.faults.get(part):
            drawing.error(wording.escaped(fault))
        fields.text(asked.entry("rests", part), wording.escaped(f"Basis of the estimate: {PARTS[part]}"))


# --------------------------------------------------------------------------------------------------- what it would cost


def _cost(offer: Offer, result: Result) -> None:
    """What a response would cost by the offer as it is prepared now, beside the reference."""
    made, name = offer.prepared.study, offer.prepared.name
    if made is None or not offer.ready:
        return
    try:
        shown = headlines.without_staff(made) if session.without_staff() else made
        cost = MODEL.run_option(shown, shown.option(name)).number(RANKED_BY)
    except StudyError as error:
        st.warning(wording.problem(error.problems[0]))
        return
    base = reference(result)
    shown = f"{per_thousand(cost, made.currency)} per 1,000 responses, discounted"
    st.markdown(
        f"As it stands: **{written.plain(shown)}**; "
        + written.plain(f"{base.name}, the reference: {per_thousand(base.number(RANKED_BY), made.currency)}.")
    )
