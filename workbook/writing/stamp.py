"""The stamp on a sheet whose figures are values of a run: which run, and, live, whether the workbook still shows it."""

from __future__ import annotations

from models.notation import writer
from workbook.writing.book import Book
from workbook.writing.page import Page, colour
from workbook.writing.styles import FAILS, FAILS_FILL, STRUCTURAL

# The sheets that bear it.
BRIEF, BRIDGE, SENSITIVITY, RISK = "Brief", "Bridge", "Sensitivity", "Risk"
ROW = 3
SAME = "Current."
CHANGED = "Out of date: export again for"


def run_in_words(book: Book) -> str:
    """Which run values are from: "run 3fa9c1d2, version 1.0, 12 March 2027"."""
    assert book.findings is not None
    return f"run {book.findings.run}, version {book.version}, {writer.date(book.today)}"


def stamp(page: Page, span: int, contents: str, what: str) -> int:
    """Write the two lines beneath the way back; returns the next free row.

    `contents` says what is from the run ("Values of"), `what` what a new export brings ("a new brief"). Checks holds
    every option's headline figures as the program found them, so the live line needs no stored figures of its own.
    """
    told = f"{contents} {run_in_words(page.book)}."
    page.words(ROW, span, told, None, font_color=STRUCTURAL)
    same = page.book.places["same as program"]
    text = f'=IF({same}=1,"{SAME}","{CHANGED} {what}.")'
    page.words(ROW + 1, span, text, SAME, bold=True, font_color=colour(text))
    warned = page.book.file.add_format({"bg_color": FAILS_FILL, "font_color": FAILS})
    rule = {"type": "text", "criteria": "begins with", "value": CHANGED, "format": warned}
    page.sheet.conditional_format(ROW, 0, ROW, 0, rule)
    return ROW + 3
