"""Change log: which version this is, who made it, what changed and what that did to the headline."""

from __future__ import annotations

from models.analysis.metrics.measures import RANKED_BY
from workbook.writing.book import Book
from workbook.writing.page import Page
from workbook.writing.styles import INPUT, STRUCTURAL, number_format

TITLE = "Change log"
HEAD_ROW, FIRST_ROW = 4, 5
COLUMNS = ("Version", "Date", "Who", "What", "Why", "Headline before", "Headline after", "Headline")
WIDTHS = (10, 12, 24, 44, 34, 16, 16, 60)
FREE_ROWS = 12


def write(book: Book) -> None:
    """The export as the first version, and rows for those who change the workbook."""
    page = Page(book, TITLE, "Change log", head=HEAD_ROW)
    page.columns(WIDTHS)
    page.heads(HEAD_ROW, COLUMNS)
    style, date = page.styles.wrapped, page.styles.get(num_format="d mmm yyyy", valign="top", align="left")
    page.text(FIRST_ROW, 0, book.version, style)
    page.sheet.write_datetime(FIRST_ROW - 1, 1, _midnight(book), date)
    page.text(FIRST_ROW, 2, book.study.fields.text("prepared_by") or "not stated", style)
    analysis = f", with what was found in run {book.findings.run}" if book.findings else ""
    page.text(FIRST_ROW, 3, f"Exported from the study{analysis}", style)
    page.text(FIRST_ROW, 4, "First version of this workbook", style)
    page.text(FIRST_ROW, 5, "-", style)
    figure = _headline(book)
    shown = page.styles.get(num_format=number_format("", [figure or 0.0]), font_color=STRUCTURAL, align="left")
    if figure is None:
        page.text(FIRST_ROW, 6, "n/a", style)
    else:
        page.sheet.write_number(FIRST_ROW - 1, 6, figure, shown)
    page.text(FIRST_ROW, 7, "Least cost per meaningful response, discounted, of all options, at export", style)
    page.sheet.set_row(FIRST_ROW - 1, 28)
    free = page.styles.get(text_wrap=True, valign="top", font_color=INPUT, bottom=4, border_color=STRUCTURAL)
    for row in range(FIRST_ROW + 1, FIRST_ROW + 1 + FREE_ROWS):
        for column in range(len(COLUMNS)):
            page.sheet.write_blank(row - 1, column, None, free)
    book.places["version"] = f"'{TITLE}'!$A${FIRST_ROW}"


def _midnight(book: Book):
    from datetime import datetime, time

    return datetime.combine(book.today, time())


def _headline(book: Book) -> float | None:
    figures = [option.result.number(RANKED_BY) for option in book.options]
    return min((f for f in figures if f is not None), default=None)
