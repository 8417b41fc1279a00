"""A table with a column an option: rows of live figures, found again by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.side_by_side import reference
from models.run.model import MODEL
from workbook.decision.rows import ROWS
from workbook.writing.book import Book, shown
from workbook.writing.page import BOLD, Page, rows_a_page
from workbook.writing.styles import INDENTED, SMALL, STRUCTURAL, line_format, number_format

LABEL, UNIT, FIRST = range(3)
FEWEST_COLUMNS = 3
WIDTH, UNIT_WIDTH = 18, 24
WHY = "Why it is here"
# Rows that hold a sentence begin so.
SENTENCES = ("words ", "say ")
AT_THE_TOP = {"align": "right", "valign": "top"}
Texts = Callable[[int], str]


class OptionTable:
    """A sheet with a row a figure and a column an option, written from the top down; its blocks are not torn apart."""

    def __init__(
        self, book: Book, title: str, heading: str, head: int, label_width: float = 52, why_width: float = 0.0
    ) -> None:
        """`head` is the row of the options' names; with a `why_width` a last column says why a row is there."""
        self.book, self.options, self.title = book, book.options, title
        self.page = Page(book, title, heading, head=head)
        self.span = FIRST + max(len(book.options), FEWEST_COLUMNS)
        self.why_width = why_width
        whys = [why_width] if why_width else []
        widths = [label_width, UNIT_WIDTH, *(WIDTH,) * (self.span - FIRST), *whys]
        self.whole = len(widths)
        self.page.columns(widths)
        self.rows_a_page = rows_a_page(sum(widths), self.page.paper)
        self.row, self.rows = head + 2, {"names": head}
        self._block = head + 1
        self.values: dict[str, list[Any]] = {}
        self.against = list(book.result.options).index(reference(book.result).name)
        self.last = xl_col_to_name(FIRST + len(self.options) - 1)

    def names(self) -> None:
        """The heads of the columns: the options' names."""
        row = self.rows["names"]
        self.page.heads(row, ("", "Unit"))
        style = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "top"}
        if self.why_width:
            self.page.text(row, self.span, WHY, self.page.styles.column_beside)
        self.page.fit(row, [(option.result.name, WIDTH * BOLD) for option in self.options])
        for i, option in enumerate(self.options):
            self.page.formula(row, FIRST + i, f"={option.name}", option.result.name, **style)
        self.book.places[f"{self.title} names"] = f"'{self.title}'!$C${row}:${self.last}${row}"

    def cell(self, name: str, option: int, absolute: bool = False) -> str:
        """The cell of a row for an option, counted from 0."""
        return f"{'$' if absolute else ''}{xl_col_to_name(FIRST + option)}${self.rows[name]}"

    def across(self, name: str) -> str:
        """The cells of a row for all options."""
        return f"$C${self.rows[name]}:${self.last}${self.rows[name]}"

    def heading(self, text: str) -> None:
        """A heading, after a free row."""
        self.end()
        self.row += 1
        self._block = self.row
        self.page.heading(self.row, text, self.whole)
        self.row += 1

    def end(self) -> None:
        """What is written since the last heading stays on one page, as far as it fits on one."""
        lines = self.row - self._block
        if lines < self.rows_a_page:
            self.page.together(self._block, lines, self.rows_a_page)

    def why(self, text: str, row: int = 0) -> None:
        """Why a row, by default the one being written, is there, where the sheet says so."""
        row = row or self.row
        if self.why_width and text:
            style = self.page.styles.get(
                text_wrap=True, valign="top", font_size=SMALL, font_color=STRUCTURAL, **INDENTED
            )
            self.page.text(row, self.span, text, style)
            self.page.fit(row, [(text, self.why_width - 2)], SMALL)

    def add(
        self, name: str, label: str, unit: str, text: Texts, values: Sequence[Any], shown: str = "", why: str = ""
    ) -> None:
        """A row of formulas, without their equals signs, and the values they have."""
        self.page.named(self.row, label, unit)
        self.why(why)
        self.rows[name], self.values[name] = self.row, list(values)
        self.book.figures[name] = list(values)
        style = {"num_format": shown or number_format("", [v for v in values if not isinstance(v, str)])}
        words = [value for value in values if isinstance(value, str)]
        self.page.fit(self.row, [(word, WIDTH) for word in words])
        for i, value in enumerate(values):
            wrapped = {"text_wrap": True} if isinstance(value, str) else {}
            self.page.formula(self.row, FIRST + i, f"={text(i)}", value, **AT_THE_TOP, **wrapped, **style)
        self.book.places[f"{self.title} {name}"] = f"'{self.title}'!$C${self.row}:${self.last}${self.row}"
        self.row += 1

    def line(self, name: str, basis: str = "") -> None:
        """A row for a line of the model; `basis` says beside its label on which footing the figure stands."""
        line = MODEL.lines[name]
        values = [option.result.figure(name) for option in self.options]
        style = line_format(line.label, line.unit, values)
        texts = [shown(option, name).removeprefix("=") for option in self.options]
        label = f"{line.label} ({basis})" if basis else line.label
        self.add(name, label, self.book.unit(line.unit), texts.__getitem__, values, style, line.meaning)

    def single(self, name: str, text: str, value: Any, shown: str = "General") -> str:
        """One figure or text of the decision, named in `rows`; returns its cell. A figure is shown as its size needs,
        a sentence across all options."""
        if shown == "General" and not isinstance(value, str):
            shown = number_format("", [value])
        row = ROWS[name]
        self.page.named(self.row, row.label, row.unit.replace("money", self.book.unit("money")))
        self.why(row.why)
        style: dict[str, Any] = {"num_format": shown, "align": "left", "valign": "top"}
        if name.startswith(SENTENCES):
            style["text_wrap"] = True
            across = self.span - 1
            self.page.sheet.merge_range(self.row - 1, FIRST, self.row - 1, across, "", self.page.styles.get(**style))
            self.page.fit(self.row, [(value, WIDTH * (self.span - FIRST))])
        self.page.formula(self.row, FIRST, f"={text}", value, **style)
        self.rows[name], self.values[name] = self.row, [value]
        self.book.said[name] = str(value)
        self.book.places[name] = f"'{self.title}'!$C${self.row}"
        self.row += 1
        return f"$C${self.row - 1}"
