"""Charts: one page of pictures behind the summary, all of them live."""

from __future__ import annotations

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_col_to_name

from models.analysis.metrics.chain import STAGES
from models.analysis.metrics.palette import ENERGY
from models.chapters.money.costs import FAMILIES
from workbook.decision.option_table import FIRST
from workbook.sheets.front import comparison
from workbook.sheets.model import energy
from workbook.writing import drawing
from workbook.writing.book import Book
from workbook.writing.page import FEW_OPTIONS, Page, address

TITLE = "Charts"
# The stack has a long legend, so it takes more of its row: (column, size in pixels) by place.
WIDE, NARROW, HALF, HEIGHT = 566, 416, 508, 228
PLACES = ((0, WIDE), (9, NARROW), (0, HALF), (8, HALF), (0, HALF), (8, HALF))
COLUMNS, ROWS_A_CHART, FIRST_ROW, ACROSS = 16, 14, 4, 2
# Of many options the charts are higher and the page stands upright.
HIGH, ROWS_A_HIGH_CHART = 390, 24


def write(book: Book) -> None:
    """Six charts, two a row; one that would be empty leaves its place free."""
    many = _many(book)
    page = Page(book, TITLE, "Charts", landscape=not many)
    page.text(FIRST_ROW - 1, 0, drawing.colours_told(book), page.styles.quiet)
    rows, height = (ROWS_A_HIGH_CHART, HIGH) if many else (ROWS_A_CHART, HEIGHT)
    page.sheet.fit_to_pages(1, 1)
    made = (_stack(book), _chain(book), _workloads(book), _cash(book), *_fleet(book))
    for place, (each, (column, width)) in enumerate(zip(made, PLACES, strict=True)):
        drawing.place(book, TITLE, FIRST_ROW + place // ACROSS * rows, column, each, (width, height))
    page.sheet.print_area(0, 0, FIRST_ROW + len(made) // ACROSS * rows, COLUMNS - 1)


def _many(book: Book) -> bool:
    return len(book.options) > FEW_OPTIONS


def _names(book: Book) -> str:
    return book.places[f"{comparison.TITLE} names"]


def _name(option: int) -> str:
    return "=" + address(comparison.TITLE, f"${xl_col_to_name(FIRST + option)}${comparison.HEAD_ROW}")


def _down(book: Book, first: str, last: str, column: str) -> str:
    """The cells of a column of the comparison from one row to another."""
    rows = (book.places[f"{comparison.TITLE} {name}"].split(":")[0].rpartition("$")[2] for name in (first, last))
    return address(comparison.TITLE, ":".join(f"${column}${row}" for row in rows))


def _stack(book: Book) -> Chart:
    """By family of cost; the kinds stand in the comparison."""
    largest = [value for family in FAMILIES for value in book.figures[f"family {family.name}"]]
    unit, shown = drawing.money_axis(book, largest)
    made = _by_option(book, f"Total cost, not discounted ({unit})", subtype="stacked", shown=shown)
    for family in FAMILIES:
        name = f"family {family.name}"
        if any(book.figures[name]):
            cells = book.places[f"{comparison.TITLE} {name}"]
            drawing.filled(made, family.label, _names(book), cells, family.colour, gap=60)
    return made


def _by_option(book: Book, title: str, **how: str) -> Chart:
    """A chart with a place for each option; the bars of many lie on their side, so that the names can be read."""
    return drawing.chart(book, "bar" if _many(book) else "column", title, "", **how)


def _workloads(book: Book) -> Chart:
    title = f"Cost per 1,000 responses, undiscounted ({book.unit('money')})"
    made = drawing.chart(book, "column", title, "")
    size = len(book.study.workloads)
    for i, colour in enumerate(drawing.option_colours(book) if size else ()):
        first, last = "workload 0", f"workload {size - 1}"
        cells = _down(book, first, last, xl_col_to_name(FIRST + i))
        drawing.filled(made, _name(i), _down(book, first, last, "A"), cells, colour)
    return made


def _cash(book: Book) -> Chart:
    years = range(1, book.options[0].layout.years + 1)
    unit, shown = drawing.money_axis(book, [value for year in years for value in book.figures[f"paid {year}"]])
    made = drawing.chart(book, "line", f"Cash paid so far, resale taken off ({unit})", "", shown=shown)
    first, last = "paid 1", f"paid {book.options[0].layout.years}"
    for i, colour in enumerate(drawing.option_colours(book)):
        cells = _down(book, first, last, xl_col_to_name(FIRST + i))
        drawing.drawn(made, _name(i), book.options[i].series("calendar_year"), cells, colour, i)
    return made


def _fleet(book: Book) -> list[Chart]:
    found = []
    for name, title, style in (
        ("installed", "Systems installed", "#,##0"),
        ("utilisation", "Average utilisation", "0%"),
    ):
        # Bars, since fleets of the same size would lie on top of each other as lines.
        made = drawing.chart(book, "column", title, "", shown=style)
        for i, colour in enumerate(drawing.option_colours(book)):
            option = book.options[i]
            if option.result.values["has_fleet"]:
                years, cells = option.series("calendar_year"), option.series(name)
                drawing.filled(made, _name(i), years, cells, colour)
        found.append(made)
    return found


def _chain(book: Book) -> Chart:
    made = _by_option(book, "Energy of a generated token, from generation to chip (J)")
    if any(option.result.values["energy_known"] for option in book.options):
        for stage in STAGES:
            tone = ENERGY[stage]
            drawing.filled(made, tone.label, _names(book), book.places[f"{energy.TITLE} {stage}"], tone.colour)
    return made
