"""Quotes: vendors' offers read, looked at and added as options."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st

from files.limits import QUOTE
from importers.quotes import Quote, QuoteError, Reading, Survey, template_csv, template_xlsx
from importers.quotes.cells.columns import PARTS
from importers.quotes.cells.findings import refused
from importers.quotes.option.scope import EXPECTED
from models.analysis.words import named
from models.run.model import Result
from models.studies.inputs.schema import choice_label
from models.studies.study import Study
from views import session
from views.fields import remembered as fields
from views.figures import drawing, printed, wording
from views.inputs.quotes import added, preview
from views.inputs.quotes import file as quotes_file
from views.inputs.quotes import offer as quotes_offer
from views.inputs.quotes import reading as quotes_reading
from views.inputs.quotes import rows as quotes_rows
from views.inputs.quotes.file import Upload
from views.inputs.quotes.offer import Asked, Offer
from views.inputs.quotes.rows import Rows

# The way of a quote into the study; what is open of a step stands on the page with its remedy.
FILE, COLUMNS, LINES, COMPARE, ADD, DONE = STEPS = ("File", "Columns", "Lines", "Compare", "Add", "In the study")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show() -> None:
    """Draw a quote from its file to the study."""
    result = session.shown_result()
    added.draw(result)
    steps = st.empty()
    file = quotes_file.held()
    if file is None:
        _start()
        reached = FILE
    else:
        reached = _held(file, result)
    with steps:
        printed.steps("Steps of a quote", STEPS[:-1], STEPS.index(reached))


def _held(file: Upload, result: Result) -> str:
    """The file and the quote in it; the step that it has reached."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{wording.escaped(file.name)}**")
        st.button("Another file", icon=":material/close:", on_click=quotes_file.hold, args=(None,), key="another file")
    return _file(file, session.study(), result)


# --------------------------------------------------------------------------------------------------- before an upload


def _start() -> None:
    """What to do, the blank template, and the upload."""
    st.markdown(
        "1. Send vendors the template, or upload their price table as it is.\n"
        "2. Upload it: you see what was understood, row by row, and nothing enters the study before you confirm."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Blank template (Excel)",
            data=template_xlsx,
            file_name="quote-template.xlsx",
            mime=XLSX,
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Blank template (CSV)",
            data=template_csv,
            file_name="quote-template.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    key = session.seed(quotes_file.FIELD, None)
    st.file_uploader(
        f"Quote (Excel .xlsx or .csv, up to {QUOTE.megabytes} MB)",
        key=key,
        max_upload_size=QUOTE.megabytes,
        on_change=_uploaded,
        args=(key,),
        help="A file may hold several quotes (by vendor and quote number).",
    )
    st.markdown("**Complete offer: what to ask for**")
    drawing.table(
        {
            "Kind of offer": [choice_label("acquisition", kind) for kind in EXPECTED],
            "Ask for": ["; ".join(PARTS[part].split(" (")[0] for part in parts) for parts in EXPECTED.values()],
        },
        "Parts to ask for by kind of offer",
    )


def _uploaded(key: str) -> None:
    given = session.entered(key)
    if given is not None:
        quotes_file.hold(quotes_file.upload(given.name, given.getvalue()))


# ------------------------------------------------------------------------------------------------------------ the file


def _file(file: Upload, study: Study, result: Result) -> str:
    """How the file is read, then the quote that is chosen in it; the step that is reached."""
    survey = quotes_file.surveyed(file)
    if isinstance(survey, QuoteError):
        quotes_reading.draw_refusal(survey)
        return FILE
    if survey.header_row is None:
        st.error("No header row found. Choose it.", icon=":material/error:")
        quotes_reading.draw(file, survey, opened=True)
        return COLUMNS
    quotes_reading.draw(file, survey, opened=not quotes_file.is_template(survey))
    reading = quotes_file.was_read(file, survey)
    if isinstance(reading, QuoteError):
        quotes_reading.draw_unsaid(file, survey, (), {})
        quotes_reading.draw_refusal(reading)
        return COLUMNS
    quotes_reading.draw_unread(survey, reading.unread)
    _strays(reading)
    quote = _chosen(file, reading.quotes)
    if quote is None:
        quotes_reading.draw_unsaid(file, survey, [found.column for found in refused(reading.findings)], reading.head)
        return COLUMNS
    return _quote(Asked(file, quote), survey, reading, study, result)


def _strays(reading: Reading) -> None:
    """What concerns the file as a whole, and rows that belong to no quote: they are in none of what follows."""
    strays = refused(reading.findings)
    for found in reading.findings:
        if found not in strays:
            told = str(found)
            st.info(wording.escaped(f"{told[:1].upper()}{told[1:]}."))
    if strays:
        st.error("Some rows could not be assigned and are not counted.", icon=":material/error:")
        st.markdown("\n".join(f"- {wording.escaped(str(found))}" for found in strays))


def _chosen(file: Upload, quotes: Sequence[Quote]) -> Quote | None:
    """The quote of the file that is looked at."""
    if len(quotes) < 2:
        return quotes[0] if quotes else None
    labels = [f"{position}. {quote.terms.source}" for position, quote in enumerate(quotes, start=1)]
    chosen = fields.choice(file.entry("which"), f"Quote in the file ({len(quotes)})", labels, labels[0])
    return quotes[labels.index(chosen)]


def _quote(asked: Asked, survey: Survey, reading: Reading, study: Study, result: Result) -> str:
    terms = asked.quote.terms
    st.header(wording.escaped(terms.source), anchor=False)
    if name := added.is_added(asked, result):
        st.success(wording.escaped(f"It is in the study as {name}."), icon=":material/check:")
        return DONE
    today = datetime.date.today()
    offer = quotes_offer.offer(asked, study, result, today)
    wanted = [found.column for found in offer.prepared.findings if found.row is None or found.severity == "refused"]
    quotes_reading.draw_unsaid(asked.file, survey, wanted, reading.head, asked.quote.commitments)
    rows = Rows(asked.file, survey, asked.quote.lines)
    quotes_rows.draw(rows, opened=quotes_rows.wants_rows(rows))
    preview.draw(offer, study, result, today)
    others = [quotes_offer.offer(each, study, result, today) for each in _with_it(asked, reading.quotes, result)]
    _confirm([offer, *others])
    return LINES if refused(offer.prepared.findings) else ADD if offer.ready else COMPARE


def _with_it(asked: Asked, quotes: Sequence[Quote], result: Result) -> list[Asked]:
    """Further quotes of the file to be added in one step, as the models of a price list."""
    others = [Asked(asked.file, quote) for quote in quotes if quote is not asked.quote]
    offered = {each.quote.terms.source: each for each in others if not added.is_added(each, result)}
    if not offered:
        return []
    help = "Each becomes an option of its own. What is asked of one is answered where it is chosen above."
    chosen = fields.several(asked.entry("with it"), "Add with it", list(offered), (), help)
    return [offered[name] for name in chosen]


def _confirm(offers: Sequence[Offer]) -> None:
    """The only thing here that changes the study."""
    waiting = [each.asked.name for each in offers if not each.ready]
    st.button(
        "Add it to the study" if len(offers) == 1 else f"Add all {len(offers)} to the study",
        type="primary",
        icon=":material/playlist_add:",
        disabled=bool(waiting),
        on_click=added.take,
        args=(offers,),
        key="confirm quote",
    )
    if waiting and len(offers) == 1:
        st.caption("Resolve the open points to add it.")
    elif waiting:
        st.caption(wording.escaped(f"Resolve the open points of {named(waiting)} to add them."))
    for problem in added.refusals(offers[0].asked):
        drawing.error(problem)
