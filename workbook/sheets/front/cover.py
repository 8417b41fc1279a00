"""Cover: what this is, what is asked and recommended, on which basis, and the way to every sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from models.notation import writer
from workbook.decision import choice
from workbook.sheets.front import change_log, charts, comparison, glossary, statement, summary
from workbook.sheets.given import evidence, inputs, options, workloads
from workbook.sheets.model import checks, energy
from workbook.writing import cases, sealed, stamp
from workbook.writing.book import Book, quoted
from workbook.writing.layout import LOAD_SHEET
from workbook.writing.page import ALL_HOLD, CHECKED, CONTENTS, Page
from workbook.writing.styles import BLACK, DIFFERS_FILL, INPUT, INPUT_FILL, LINK, STRUCTURAL

TITLE = CONTENTS
WIDTHS = (26, 74)
# What a sheet is for, beside its link in the contents.
PURPOSES: dict[str, str] = {
    summary.TITLE: "One page for the decision",
    stamp.BRIEF: "The recommendation in words, as of export",
    charts.TITLE: "One page of charts",
    comparison.TITLE: "The options side by side",
    statement.TITLE: "The cash-flow statement by year: each option, tax, the loan, and what each saves",
    statement.QUARTERLY: "The same by quarter, for the budget",
    stamp.BRIDGE: "Bridge from the next best to the recommended option",
    choice.TITLE: "Which options are eligible, which is recommended, and how the sentences are made",
    inputs.TITLE: "The inputs of the study, with source; change the blue cells",
    cases.TITLE: "Base, low, high and the cases of the study: choose one, and every sheet follows",
    workloads.TITLE: "The work that every option serves",
    options.TITLE: "Every input of the options side by side; what they share is typed once",
    LOAD_SHEET: "The shape of the day: how the work is spread over the hours of the week",
    energy.TITLE: "From generation to chip, limiting factor, disclosure",
    stamp.SENSITIVITY: "Break-evens and the tornado, as found when this was exported",
    stamp.RISK: "How sure the recommendation is: the simulation, with its seed and the list of ranges",
    evidence.TITLE: "Where each input comes from, and how much of the cost rests on it",
    checks.TITLE: "Identities that always hold, live, and the app's own results",
    change_log.TITLE: "Versions of this workbook",
    glossary.TITLE: "Words, and the meaning of every line",
}
SIGNS = (
    "Costs positive, resale and credits negative; savings positive where an option costs less; in margins, income "
    "positive"
)
TO_SIGN = "Name, date, signature"
SIGNED, LAPSED = "These are the figures of that version", "NOT THESE FIGURES: inputs were changed here"
SHOWN = {"Discount rate": "0.00%", "Study period": '0" years"'}
LEGEND = (
    ("Input (editable)", {"font_color": INPUT, "bg_color": INPUT_FILL}),
    ("Input that follows another; may be typed over", {"font_color": BLACK, "bg_color": INPUT_FILL}),
    ("Input that departs from what is shared", {"font_color": INPUT, "bg_color": DIFFERS_FILL}),
    ("Formula on its own sheet", {"font_color": BLACK}),
    ("Figure from another sheet", {"font_color": LINK}),
    ("Structure or pasted result (app only)", {"font_color": STRUCTURAL}),
)


def write(book: Book) -> None:
    """Write the sheet."""
    fields = book.study.fields
    page = Page(book, TITLE, fields.text("title") or "Total cost of AI inference", landscape=False)
    page.sheet.fit_to_pages(1, 1)
    page.columns(WIDTHS)
    page.text(2, 0, "Total cost of ownership of AI inference", page.styles.quiet)
    row = _facts(page, 4)
    row = _sign_off(page, row + 1)
    row = _contents(page, row + 1)
    page.heading(row + 1, "Colours", 2)
    for at, (text, style) in enumerate(LEGEND, start=row + 2):
        page.text(at, 0, "1,234", page.styles.get(align="center", **style))
        page.text(at, 1, text)


def _facts(page: Page, row: int) -> int:
    book, fields = page.book, page.book.study.fields
    places = book.places
    year = "prices of model year 1" if fields["start_year"].blank else f"prices of {fields.text('start_year')}"
    tax = "Before tax; after-tax figures are shown beside, grossed up where compared with prices before tax"
    facts: list[tuple[str, str, Any]] = [
        ("Decision required", "", fields.text("decision") or "The study states no decision"),
        ("Recommendation", f"={places['say recommended']}", book.said["say recommended"]),
        ("Master check", f"={CHECKED}{book.cases.told}", ALL_HOLD),
        ("Figures", f'=IF({places["same as program"]}=1,"As exported","Inputs were changed here")', "As exported"),
        ("Version", f"={places['version']}", book.version),
        ("Date", "", writer.date(book.today)),
        ("Status", "", fields.text("status") or "not stated"),
        ("Seal", "", f"{book.seal}. A mark for every formula stands on the last sheet, {sealed.TITLE}."),
        ("Prepared for", "", fields.text("prepared_for") or "not stated"),
        ("Currency", "", book.study.currency or "not stated"),
        ("Price base", "", f"Nominal: {year}, with the increases of the inputs"),
        ("Tax basis", "", tax),
        ("Discount rate", "=in_discount_rate", book.study.discount_rate),
        ("Study period", "=in_horizon_years", book.study.horizon),
        ("Signs", "", SIGNS),
        ("Note", "", fields.text("note") or "-"),
    ]
    for label, text, value in facts:
        page.text(row, 0, label, page.styles.get(bold=True, valign="top"))
        if not text:
            page.text(row, 1, str(value), page.styles.wrapped)
        else:
            shown = SHOWN.get(label, "General")
            page.formula(row, 1, text, value, text_wrap=True, valign="top", align="left", num_format=shown)
        page.fit(row, [(str(value), WIDTHS[1])])
        row += 1
    return row


def _sign_off(page: Page, row: int) -> int:
    """Who prepared, reviewed and approved the version that this is, and when; a line to sign where nobody has."""
    book, signed = page.book, page.book.signed
    prepared = book.study.fields.text("prepared_by") or (signed.author if signed else "")
    people = (
        ("Prepared by", prepared, signed.at if signed else None),
        ("Reviewed by", signed.reviewer if signed else "", None),
        ("Approved by", signed.approver if signed and signed.approved is not None else "", signed and signed.approved),
    )
    page.heading(row, "Sign-off", 2)
    for at, (label, name, moment) in enumerate(people, start=row + 1):
        page.text(at, 0, label, page.styles.get(bold=True, valign="bottom"))
        page.sheet.set_row(at - 1, 24)
        day = f", {writer.date(datetime.fromtimestamp(moment, UTC).date())}" if moment else ""
        style = {"valign": "bottom", "bottom": 4, "border_color": STRUCTURAL, "text_wrap": True}
        page.text(
            at,
            1,
            f"{name}{day}" if name else TO_SIGN,
            page.styles.get(font_color=BLACK if name else STRUCTURAL, **style),
        )
    row += len(people) + 1
    if signed is not None:
        text = f'=IF({book.places["same as program"]}=1,"{SIGNED}","{LAPSED}")'
        page.text(row, 0, "Signed for", page.styles.get(bold=True))
        page.formula(row, 1, text, SIGNED)
        row += 1
    return row


def _contents(page: Page, row: int) -> int:
    page.heading(row, "Contents", 2)
    names = {option.sheet: option.result.name for option in page.book.options}
    for title in page.book.sheets:
        if title == TITLE:
            continue
        row += 1
        page.sheet.write_url(row - 1, 0, f"internal:{quoted(title)}!A1", page.styles.link, title)
        page.text(row, 1, PURPOSES.get(title) or f"Every line of the option {names[title]}, year by year")
    return row + 1
