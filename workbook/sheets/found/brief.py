"""Brief: the decision brief of a run on one printed page, and whether the workbook still shows that run."""

from __future__ import annotations

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.reporting.findings import Findings
from models.analysis.words import of_thousand
from workbook.writing import stamp
from workbook.writing.book import NO_FIGURE, Book
from workbook.writing.entries import constant_name
from workbook.writing.page import Page
from workbook.writing.styles import costs_format

TITLE = stamp.BRIEF
WIDTHS = (84, 18, 18)
# Words hold fewer wide characters than figures, so that a line across the page takes more of them.
FULLNESS = 1.15
BULLET = "\u2022 "


def write(book: Book) -> None:
    """Write the page: what the brief says, then the two figures that it goes by, as they were and as they are."""
    found = book.findings
    assert found is not None
    page = Page(book, TITLE, "Decision brief", landscape=False)
    page.sheet.fit_to_pages(1, 1)
    page.columns(WIDTHS)
    row = stamp.stamp(page, len(WIDTHS), "Words of", "a new brief")
    row = _words(page, row, found)
    row = _figures(page, row + 1, found)
    page.sheet.print_area(0, 0, row - 2, len(WIDTHS) - 1)


def _words(page: Page, row: int, found: Findings) -> int:
    page.heading(row, "Decision required", len(WIDTHS))
    row = _paragraph(page, row + 1, found.brief.decision or "The study states no decision.")
    for heading, sentences in found.brief.sections():
        page.heading(row, heading, len(WIDTHS))
        row += 1
        for sentence in sentences:
            row = _paragraph(page, row, BULLET + sentence)
    return row


def _paragraph(page: Page, row: int, text: str) -> int:
    lines = -(-len(text) // int(sum(WIDTHS) * FULLNESS))
    page.words(row, len(WIDTHS), text, None, lines)
    return row + 1


def _figures(page: Page, row: int, found: Findings) -> int:
    """The figure that ranks the two options, of the run and live."""
    book = page.book
    label = f"Cost per 1,000 responses, discounted ({book.unit('money')})"
    page.heads(row, (label, "Of the run", "In this workbook"), (1, 2))
    pair = [book.option(name) for name in (found.option, found.against)]
    costs = [of_thousand(option.result.number(RANKED_BY)) for option in pair]
    style = {"num_format": costs_format(costs), "align": "right", "valign": "top"}
    for option, cost in zip(pair, costs, strict=True):
        row += 1
        name, value = option.result.name, NO_FIGURE if cost is None else cost
        page.formula(row, 0, f"={option.name}", name, text_wrap=True, valign="top")
        page.fit(row, [(name, WIDTHS[0])])
        page.value(row, 1, cost, **style)
        cell = option.at(RANKED_BY)
        text = f'=IF(ISNUMBER({cell}),{cell}*{constant_name("REQUESTS_PER_THOUSAND")},"{NO_FIGURE}")'
        page.formula(row, 2, text, value, **style)
    return row + 1
