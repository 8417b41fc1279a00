"""Summary: the figures that matter, option by option."""

from __future__ import annotations

from models.model import MODEL
from workbook.book import Book, shown
from workbook.styles import number_format

TITLE = "Summary"
FIGURES = (
    *("levelised_cost_per_meaningful_response", "cost_per_meaningful_response", "pv_cost", "lifetime_cost"),
    *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens", "served_share"),
)


def write(book: Book) -> None:
    """Write the sheet."""
    table(book, TITLE, FIGURES)


def table(book: Book, title: str, figures: tuple[str, ...]) -> None:
    """A sheet with a row a figure and a column an option."""
    sheet = book.sheet(title)
    sheet.write_string(0, 0, book.study.fields.text("title") or title, book.styles.title)
    for column, option in enumerate(book.options, start=2):
        sheet.write_string(2, column, option.result.name, book.styles.column)
    for row, name in enumerate(figures, start=4):
        line = MODEL.lines[name]
        sheet.write_string(row - 1, 0, line.label, book.styles.text)
        sheet.write_string(row - 1, 1, book.unit(line.unit), book.styles.quiet)
        figures_found = [option.result.figure(name) for option in book.options]
        style = book.styles.get(num_format=number_format(line.unit, figures_found), font_color="#008000")
        for column, (option, figure) in enumerate(zip(book.options, figures_found, strict=True), start=2):
            book.formula(sheet, row, column, shown(option, name), style, figure)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 1 + len(book.options), 20)
