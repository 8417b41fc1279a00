"""Scenarios: the cases of the study, one of them chosen in a cell; every figure of the workbook follows."""

from __future__ import annotations

from models.studies.scenarios import BASE
from workbook.writing.book import Book
from workbook.writing.cases import (
    BASE_COLUMN,
    CHOSEN,
    CHOSEN_COLUMN,
    CHOSEN_ROW,
    FIRST_ROW,
    HEAD_ROW,
    NUMBER_ROW,
    PREFIX,
    TITLE,
)
from workbook.writing.page import BACK_ROW, Page
from workbook.writing.styles import INPUT, INPUT_FILL, STRUCTURAL, number_format

WIDTHS = (46, 17, 18)
CASE_WIDTH = 16


def write(book: Book) -> None:
    """Write the selector, then a row for each input that a case changes, a column for each case."""
    cases = book.cases
    page = Page(book, TITLE, "Scenarios: the cases of this study")
    page.columns((*WIDTHS, *[CASE_WIDTH] * len(cases.names)))
    page.text(BACK_ROW, BASE_COLUMN, "Choose a case in the blue cell: every sheet follows.", page.styles.quiet)
    blue = {"font_color": INPUT, "bg_color": INPUT_FILL, "locked": False}
    last = cases.last_column
    _selector(page, book, blue)
    page.heads(HEAD_ROW, ("Input", "Unit", "", *cases.names), range(BASE_COLUMN, last + 1))
    for row, entry in enumerate(cases.entries, start=FIRST_ROW):
        page.text(
            row, 0, f"{entry.field.label} ({entry.path.split('/')[1]})" if "/" in entry.path else entry.field.label
        )
        page.text(row, 1, book.unit(entry.unit) if entry.unit else "-", page.styles.quiet)
        held = [dict(each.changes).get(entry.path) for each in cases.cases]
        numbers = [float(v) for v in (entry.value.value, *held) if isinstance(v, int | float)]
        shown = number_format(entry.unit, numbers)
        style = page.styles.get(num_format=shown, align="right", **blue)
        base = numbers[0]
        page.sheet.write_number(row - 1, BASE_COLUMN, base, style)
        for column, content in enumerate(held, start=BASE_COLUMN + 1):
            if content is None:
                page.formula(row, column, f"=$D${row}", base, num_format=shown, align="right", locked=False)
            else:
                page.sheet.write_number(row - 1, column, float(content), style)
        book.define(f"{PREFIX}{entry.name}", TITLE, cases.cells(row))
    row = FIRST_ROW + len(cases.entries) + 1
    for told in cases.elsewhere:
        page.words(row, last + 1, f"Changed in the app only, and not here: {told}.", None, font_color=STRUCTURAL)
        row += 1
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
    page.sheet.print_area(0, 0, row - 1, last)


def _selector(page: Page, book: Book, blue: dict[str, object]) -> None:
    """The cell that chooses, and the number of the case in it."""
    cases = book.cases
    page.text(CHOSEN_ROW, 0, "Case shown", page.styles.get(bold=True))
    page.text(CHOSEN_ROW, CHOSEN_COLUMN, BASE, page.styles.get(bold=True, **blue))
    book.define(CHOSEN, TITLE, f"$C${CHOSEN_ROW}")
    heads = f"$D${HEAD_ROW}:{cases.cells(HEAD_ROW).split(':')[1]}"
    rule = {"validate": "list", "source": f"={heads}", "error_title": "Not taken", "error_message": "Choose a case."}
    page.sheet.data_validation(CHOSEN_ROW - 1, CHOSEN_COLUMN, CHOSEN_ROW - 1, CHOSEN_COLUMN, rule)
    page.text(NUMBER_ROW, 0, "Number of the case, counted from the base case", page.styles.quiet)
    page.formula(NUMBER_ROW, CHOSEN_COLUMN, f"=MATCH($C${CHOSEN_ROW},{heads},0)", 1.0, align="right")
