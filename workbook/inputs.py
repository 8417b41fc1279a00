"""Inputs and Workloads: every input with unit, range, source, date and confidence; what is blue may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from models.constants import CONSTANTS
from workbook import entries
from workbook.book import Book
from workbook.entries import Entry, Section
from workbook.styles import INPUT, INPUT_FILL, STRUCTURAL, number_format

TITLE = "Inputs"
WORKLOADS_TITLE = "Workloads"
COLUMNS = ("Input", "Unit", "Value", "Low", "High", "Source", "Date", "Confidence", "Note", "Name in formulas")
LABEL, UNIT, VALUE, LOW, HIGH, SOURCE, DATE, CONFIDENCE, NOTE, NAME = range(len(COLUMNS))
WIDTHS = (46, 18, 16, 12, 12, 44, 12, 12, 44, 34)
HEAD_ROW = 3


def write_inputs(book: Book) -> None:
    """The study's inputs, the constants, and each option's."""
    sheet = _Sheet(book, TITLE)
    sheet.section(entries.study_section(book.study))
    sheet.constants()
    for option in book.options:
        for section in entries.option_sections(book.study, option.number):
            sheet.section(section)
        sheet.schedules(option.number)


def write_workloads(book: Book) -> None:
    """The inputs of each workload."""
    sheet = _Sheet(book, WORKLOADS_TITLE)
    for section in entries.workload_sections(book.study):
        sheet.section(section)


class _Sheet:
    """A sheet of inputs, written from the top down."""

    def __init__(self, book: Book, title: str) -> None:
        self.book, self.title, self.styles = book, title, book.styles
        self.sheet: Worksheet = book.sheet(title)
        self.sheet.write_string(0, 0, title, self.styles.title)
        for column, (text, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            self.sheet.write_string(HEAD_ROW - 1, column, text, self.styles.column)
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(HEAD_ROW, 1)
        self.row = HEAD_ROW + 1

    def heading(self, text: str) -> None:
        for column in range(len(COLUMNS)):
            self.sheet.write_blank(self.row - 1, column, None, self.styles.heading)
        self.sheet.write_string(self.row - 1, LABEL, text, self.styles.heading)
        self.row += 1

    def section(self, section: Section) -> None:
        self.heading(section.heading)
        for entry in section.entries:
            self._entry(entry)
        self.row += 1

    def _entry(self, entry: Entry) -> None:
        value, at = entry.value, self.row - 1
        self._labels(entry.field.label, self.book.unit(entry.unit), entry.name)
        content = value.value
        bounds = [v for v in (value.low, value.high) if v is not None]
        shown = number_format(entry.unit, [content, *bounds] if isinstance(content, int | float) else bounds)
        style = self._style(entry.structural, shown)
        self._value(at, content, style)
        for column, bound in ((LOW, value.low), (HIGH, value.high)):
            if bound is not None:
                self.sheet.write_number(at, column, bound, self.styles.get(font_color=INPUT, num_format=shown))
        source = value.source or ("Default of the model" if value.set_by == "default" and not value.blank else None)
        texts = ((SOURCE, source), (DATE, value.as_of), (CONFIDENCE, value.confidence), (NOTE, value.note))
        for column, text in texts:
            if text:
                self.sheet.write_string(at, column, text, self.styles.text)
        self._define(entry.name, at)

    def _style(self, structural: bool, shown: str) -> Any:
        if structural:
            return self.styles.get(font_color=STRUCTURAL, num_format=shown, align="right")
        return self.styles.get(font_color=INPUT, bg_color=INPUT_FILL, num_format=shown, align="right", locked=False)

    def _value(self, at: int, content: Any, style: Any) -> None:
        if content is None or content == "":
            self.sheet.write_blank(at, VALUE, None, style)
        elif isinstance(content, str):
            self.sheet.write_string(at, VALUE, content, style)
        elif isinstance(content, tuple):
            self.sheet.write_string(at, VALUE, ", ".join(f"{share:g}" for share in content), style)
        else:
            self.sheet.write_number(at, VALUE, float(content), style)

    def _labels(self, label: str, unit: str, name: str) -> None:
        self.sheet.write_string(self.row - 1, LABEL, label, self.styles.text)
        self.sheet.write_string(self.row - 1, UNIT, unit, self.styles.quiet)
        self.sheet.write_string(self.row - 1, NAME, name, self.styles.quiet)

    def _define(self, name: str, at: int) -> None:
        self.book.define(entries.checked(name), self.title, f"$C${at + 1}")
        self.row = at + 2

    def constants(self) -> None:
        """Numbers fixed by definition or convention, so that no formula has to type them."""
        self.heading("Constants")
        for name, constant in CONSTANTS.items():
            typed = entries.constant_name(name)
            self._labels(constant.label, self.book.unit(constant.unit), typed)
            style = self._style(True, number_format(constant.unit, [float(constant)]))
            self.sheet.write_number(self.row - 1, VALUE, float(constant), style)
            self.sheet.write_string(self.row - 1, SOURCE, "Definition", self.styles.text)
            self._define(typed, self.row - 1)
        self.row += 1

    def schedules(self, number: int) -> None:
        """The tax schedules of an option's assets, a row an age."""
        for schedule in entries.schedules(self.book.study, number):
            self.heading(f"Tax depreciation: {schedule.asset}")
            first = self.row - 1
            self._ages(schedule.name, schedule.shares)
            # A range even of one age: INDEX of a name for a single cell is an error to some programs.
            self.book.define(entries.checked(schedule.name), self.title, f"$C${first + 1}:$C${self.row - 1}")
            self.row += 1

    def _ages(self, name: str, shares: Sequence[float]) -> None:
        style = self._style(True, "0.00%")
        for age, share in enumerate(shares, start=1):
            self._labels(f"Deducted at age {age}", "-", name)
            self.sheet.write_number(self.row - 1, VALUE, share, style)
            self.row += 1
