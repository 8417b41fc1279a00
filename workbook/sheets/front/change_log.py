"""Change log: the versions kept of the study and this export, what changed in each and what it did to the headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.record import Record, Version, headline
from models.analysis.words import named, of_thousand
from models.notation import writer
from workbook.writing.book import Book
from workbook.writing.page import Page
from workbook.writing.styles import INPUT, STRUCTURAL, costs_format

TITLE = "Change log"
OWN_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 5
COLUMNS = ("Version", "Date", "Who", "What", "Why", "Headline before", "Headline after", "Headline")
WIDTHS = (10, 12, 24, 44, 34, 16, 16, 60)
FREE_ROWS = 12
# So many changed inputs are named; the others are counted.
MOST_NAMED = 5
HEADLINE = "Cost per 1,000 responses, discounted, of the option recommended, at export"


@dataclass(frozen=True)
class _Entry:
    version: str
    day: date
    who: str
    what: str
    why: str
    before: float | None
    after: float | None
    headline: str


def write(book: Book) -> None:
    """The versions, the oldest first; this export, where it is none of them; rows for those who change the workbook."""
    page = Page(book, TITLE, "Change log", head=HEAD_ROW)
    page.columns(WIDTHS)
    page.text(OWN_ROW, 0, book.version, page.styles.get(bold=True))
    page.text(OWN_ROW, 1, "is the version that this workbook is", page.styles.quiet)
    book.places["version"] = f"'{TITLE}'!$A${OWN_ROW}"  # the same, however many versions there are
    page.heads(HEAD_ROW, COLUMNS)
    row = FIRST_ROW
    beside = [of_thousand(option.number(RANKED_BY)) for option in book.result.options.values()]
    for row, entry in enumerate(_entries(book), start=FIRST_ROW):
        _write(page, row, entry, costs_format([*beside, entry.before, entry.after]))
    free = page.styles.get(text_wrap=True, valign="top", font_color=INPUT, bottom=4, border_color=STRUCTURAL)
    for below in range(row + 1, row + 1 + FREE_ROWS):
        for column in range(len(COLUMNS)):
            page.sheet.write_blank(below - 1, column, None, free)


def _entries(book: Book) -> Iterator[_Entry]:
    record = book.record or Record((), 0)
    before = None
    for version in record.versions:
        after = of_thousand(version.headline.get("figure"))
        day = datetime.fromtimestamp(version.at, UTC).date()
        what = f"Kept as {version.name}{_signed(version)}{_changed(record.changed.get(version.number, ()))}"
        answer = str(version.headline.get("answer") or "-")
        yield _Entry(
            str(version.number), day, version.author or "not stated", what, version.note or "-", before, after, answer
        )
        before = after
    if book.signed is None:
        analysis = f", with what was found in run {book.findings.run}" if book.findings else ""
        why = "Exported without a history of the study"
        if book.record:
            why = (
                f"Not kept as a version; the last is {record.versions[-1].name}"
                if record.versions
                else "No version yet"
            )
        who = book.study.fields.text("prepared_by") or "not stated"
        what = f"Exported from the study{analysis}{_changed(record.since)}"
        after = of_thousand(headline(book.result)["figure"])
        yield _Entry(book.version, book.today, who, what, why, before, after, HEADLINE)


def _signed(version: Version) -> str:
    reviewed = f", reviewed by {version.reviewer}" if version.reviewer else ""
    return f"{reviewed}, approved by {version.approver}" if version.approved is not None else reviewed


def _changed(paths: Sequence[str]) -> str:
    if not paths:
        return ""
    more = [writer.number_of(len(paths) - MOST_NAMED, "other")] if len(paths) > MOST_NAMED else []
    return f". Inputs changed: {named([*paths[:MOST_NAMED], *more])}"


def _write(page: Page, row: int, entry: _Entry, shown: str) -> None:
    style, day = page.styles.wrapped, page.styles.get(num_format="d mmm yyyy", valign="top", align="left")
    page.text(row, 0, entry.version, style)
    page.sheet.write_datetime(row - 1, 1, datetime.combine(entry.day, time()), day)
    for column, text in ((2, entry.who), (3, entry.what), (4, entry.why), (7, entry.headline)):
        page.text(row, column, text, style)
    for column, figure in ((5, entry.before), (6, entry.after)):
        if figure is None:
            page.text(row, column, "n/a", style)
            continue
        format = page.styles.get(num_format=shown, font_color=STRUCTURAL, align="left", valign="top")
        page.sheet.write_number(row - 1, column, figure, format)
    lines = max(
        -(-len(text) // width)
        for text, width in zip((entry.what, entry.why, entry.headline), (44, 34, 60), strict=True)
    )
    page.sheet.set_row(row - 1, 14 * max(lines, 2))
