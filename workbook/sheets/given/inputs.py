"""Inputs: every input with unit, range, source, date and confidence; what is blue may be changed.

Workloads have a sheet of their own in the same form; both are written here, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.engine.constants import CONSTANTS
from models.notation import writer
from models.studies import schema
from models.studies.prices import NEEDED
from models.studies.schema import Field
from models.studies.value import Value
from workbook.writing import entries, sealed
from workbook.writing.book import Book
from workbook.writing.entries import Entry, Section
from workbook.writing.page import BACK_ROW, Page
from workbook.writing.styles import INPUT, INPUT_FILL, SMALL, STRUCTURAL, number_format

TITLE = "Inputs"
COLUMNS = (
    *("Input", "Unit", "Value", "Low", "High", "Source", "Date", "Confidence", "Note", "Name in formulas"),
    "Holds (1)",
)
LABEL, UNIT, VALUE, LOW, HIGH, SOURCE, DATE, CONFIDENCE, NOTE, NAME, HOLDS = range(len(COLUMNS))
WIDTHS = (40, 17, 16, 10, 10, 36, 9, 11, 42, 30, 8)
HEAD_ROW = 4
LARGEST_NATURAL_BOUND = 1e6
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
APP_ONLY = "Grey cells are structural: change them in the app."


def write(book: Book) -> None:
    """The study's inputs, the constants, and each option's."""
    rows = Rows(book, TITLE, "Inputs")
    rows.section(entries.study_section(book.study))
    rows.constants()
    for option in book.options:
        for section in entries.option_sections(book.study, option.number):
            rows.section(section)
        rows.schedules(option.number)
    rows.close()


class Rows:
    """A sheet of inputs, written from the top down."""

    def __init__(self, book: Book, title: str, heading: str) -> None:
        self.book, self.title, self.styles = book, title, book.styles
        self.page = Page(book, title, heading, head=HEAD_ROW)
        self.sheet = self.page.sheet
        self.page.text(BACK_ROW, SOURCE, "Blue on yellow may be changed. " + APP_ONLY, self.styles.quiet)
        self.page.heads(HEAD_ROW, COLUMNS, (VALUE, LOW, HIGH))
        self.page.columns(WIDTHS)
        self.row = HEAD_ROW + 1
        self.written: dict[int, float | str] = {}

    def close(self) -> None:
        """Leave the address of the column of checks, and of what the cells hold now, row by row."""
        self.sheet.conditional_format(HEAD_ROW, CONFIDENCE, self.row - 1, CONFIDENCE, self.page.marking("assumed"))
        self.sheet.print_area(0, 0, self.row - 1, NOTE)
        self.book.places[f"{self.title} hold"] = f"'{self.title}'!$K${HEAD_ROW + 1}:$K${self.row}"
        self.book.written[self.title] = self.written
        column = sealed.column_of(self.book, self.title)
        pair = (
            f"{sheet}!${letter}${HEAD_ROW + 1}:${letter}${self.row}" for sheet, letter in ((self.title, "C"), column)
        )
        self.book.places[f"{self.title} changed"] = "SUMPRODUCT(--({}<>{}))".format(*pair)

    def _write(self, row: int, content: float | str, style: Any) -> None:
        """A value in its cell, kept beside as it is exported."""
        self.written[row] = content
        if isinstance(content, str):
            self.sheet.write_string(row - 1, VALUE, content, style)
        else:
            self.sheet.write_number(row - 1, VALUE, content, style)

    def heading(self, text: str) -> None:
        self.page.heading(self.row, text, len(COLUMNS))
        self.row += 1

    def section(self, section: Section) -> None:
        """A heading and a row for each input."""
        self.heading(section.heading)
        for entry in section.entries:
            self._entry(entry)
        for each in entries.listed(section):
            self._listed(each)
        self.row += 1

    def _listed(self, each: entries.Listed) -> None:
        """The numbers of an input that is a list, a row each."""
        first = self.row
        style = self._style(False, number_format(each.entry.unit, list(each.numbers)))
        for label, number in zip(each.labels, each.numbers, strict=True):
            self._labels(label, self.book.unit(each.entry.unit) if each.entry.unit else "-", each.name)
            self._write(self.row, number, style)
            self._holds_number(each.entry.field, self.row)
            self.row += 1
        self.book.define(entries.checked(each.name), self.title, f"$C${first}:$C${self.row - 1}")

    def _entry(self, entry: Entry) -> None:
        value, row = entry.value, self.row
        self._labels(entry.field.label, self.book.unit(entry.unit) if entry.unit else "-", entry.name)
        numbers = [v for v in (value.value, value.low, value.high) if isinstance(v, int | float)]
        shown = "0" if entry.field.is_year else number_format(entry.unit, numbers)
        side = "left" if isinstance(value.value, str | tuple) else "right"
        if follows := self.book.cases.formula(entry.path):
            self.page.formula(row, VALUE, follows, value.value, num_format=shown, align=side, valign="top")
        else:
            self._value(row, entries.held(entry), self._style(entry.structural, shown, side))
        for column, bound in ((LOW, value.low), (HIGH, value.high)):
            self.sheet.write(row - 1, column, bound, self._described(shown))
        source = shown_source(value)
        confidence = schema.confidence_label(value.confidence)
        texts = ((SOURCE, source), (DATE, value.as_of), (CONFIDENCE, confidence), (NOTE, value.note))
        for column, text in texts:
            if text:
                self.page.text(row, column, text, self._described("@"))
            else:
                self.sheet.write_blank(row - 1, column, None, self._described("@"))
        self.page.fit(row, [(source, WIDTHS[SOURCE]), (value.note, WIDTHS[NOTE])], SMALL)
        self._validate(entry, row)
        self._holds(entry, row)
        self.book.places[entry.path] = f"'{self.title}'!${{column}}${row}"
        self._define(entry.name, row)

    def _described(self, shown: str) -> Any:
        small = {"text_wrap": True, "font_size": SMALL, "indent": 1} if shown == "@" else {}
        return self.styles.get(font_color=INPUT, num_format=shown, locked=False, valign="top", **small)

    def _style(self, structural: bool, shown: str, side: str = "right") -> Any:
        if structural:
            return self.styles.get(font_color=STRUCTURAL, num_format=shown, align=side, valign="top")
        blue = {"font_color": INPUT, "bg_color": INPUT_FILL, "locked": False}
        return self.styles.get(num_format=shown, align=side, valign="top", **blue)

    def _value(self, row: int, content: Any, style: Any) -> None:
        if content is None or content == "":
            self.sheet.write_blank(row - 1, VALUE, None, style)
        elif isinstance(content, str):
            self._write(row, content, style)
        else:
            self._write(row, entries.list_text(content) if isinstance(content, tuple) else float(content), style)

    def _validate(self, entry: Entry, row: int) -> None:
        rule = {"validate": "any"} if entry.structural else validation(entry.field, f"$C${row}")
        message = APP_ONLY if entry.structural else entry.field.help.replace("`", "")
        rule |= {"input_title": entry.field.label[:LONGEST_TITLE], "input_message": message[:LONGEST_MESSAGE]}
        self.sheet.data_validation(row - 1, VALUE, row - 1, VALUE, rule)

    def _holds(self, entry: Entry, row: int) -> None:
        """Whether the cell holds what it may: 1 or 0, gathered on Checks."""
        if not (entry.field.is_number or entry.field.kind == "boolean") or isinstance(entry.value.value, tuple):
            return
        self._holds_number(entry.field, row)

    def _holds_number(self, field: Field, row: int) -> None:
        self.page.formula(row, HOLDS, f"={holds(field, f'$C{row}')}", 1.0, font_color=STRUCTURAL)

    def _labels(self, label: str, unit: str, name: str) -> None:
        quiet = self.styles.get(font_color=STRUCTURAL, valign="top")
        self.page.text(self.row, LABEL, label, self.styles.wrapped)
        self.page.fit(self.row, [(label, WIDTHS[LABEL])])
        self.page.text(self.row, UNIT, unit, quiet)
        self.page.text(self.row, NAME, name, quiet)

    def _define(self, name: str, row: int) -> None:
        self.book.define(entries.checked(name), self.title, f"$C${row}")
        self.row = row + 1

    def constants(self) -> None:
        """Numbers fixed by definition or convention, so that no formula has to type them."""
        self.heading("Constants")
        for name, constant in CONSTANTS.items():
            typed = entries.constant_name(name)
            self._labels(constant.label, self.book.unit(constant.unit), typed)
            style = self._style(True, number_format(constant.unit, [float(constant)]))
            self._write(self.row, float(constant), style)
            self.page.text(self.row, SOURCE, "Definition")
            self._define(typed, self.row)
        self.row += 1

    def schedules(self, number: int) -> None:
        """The tax schedules of an option's assets, a row an age."""
        for schedule in entries.schedules(self.book.study, number):
            self.heading(f"Tax depreciation: {schedule.asset}")
            first = self.row
            self._ages(schedule.name, schedule.shares)
            # A range even of one age: INDEX of a name for a single cell is an error to some programs.
            self.book.define(entries.checked(schedule.name), self.title, f"$C${first}:$C${self.row - 1}")
            self.row += 1

    def _ages(self, name: str, shares: Sequence[float]) -> None:
        style = self._style(True, "0.00%")
        for age, share in enumerate(shares, start=1):
            self._labels(f"Deducted at age {age}", "-", name)
            self._write(self.row, share, style)
            self.row += 1


def shown_source(value: Value) -> str | None:
    """What stands in the source column: the source, or whose figure it is; None where neither is known."""
    is_default = value.set_by == "default" and not value.blank
    return value.source or value.by or ("Default of the model" if is_default else None)


def may_be_blank(field: Field) -> bool:
    """Whether the model gives a blank of this input a meaning."""
    return (field.default is None and not field.required) or (field.table, field.name) in NEEDED


def holds(field: Field, cell: str) -> str:
    """The formula, without its equals sign, that is 1 where a cell holds a number that the field may be, else 0."""
    tests = [f"ISNUMBER({cell})"]
    if field.kind == "boolean":
        tests.append(f"(({cell}=0)+({cell}=1))")
    for bound, excluded, signs in (
        (field.minimum, field.exclusive_minimum, (">", ">=")),
        (field.maximum, field.exclusive_maximum, ("<", "<=")),
    ):
        if bound is not None and abs(bound) <= LARGEST_NATURAL_BOUND:
            tests.append(f"({cell}{signs[0] if excluded else signs[1]}{bound:g})")
    text = "*".join(tests) if len(tests) > 1 else f"{tests[0]}*1"
    return f"ISBLANK({cell})+{text}" if may_be_blank(field) else text


def validation(field: Field, cell: str) -> dict[str, Any]:
    """What Excel lets a person type into the cell of a field, and what it says otherwise."""
    rule: dict[str, Any] = {"ignore_blank": may_be_blank(field), "error_title": "Not taken"}
    if field.kind == "boolean":
        return rule | {"validate": "list", "source": [0, 1], "error_message": "Type 1 for yes or 0 for no."}
    if field.kind == "choice" or (field.choices and field.kind == "text"):
        kind = "stop" if field.kind == "choice" else "information"
        message = f"One of: {', '.join(field.choices)}"[:LONGEST_MESSAGE]
        return rule | {"validate": "list", "source": list(field.choices), "error_message": message, "error_type": kind}
    if not field.is_number:
        return rule | {"validate": "any"}
    whole = f"*({cell}=INT({cell}))" if field.kind == "whole" else ""
    message = f"{field.label}: {bounds_in_words(field)}."[:LONGEST_MESSAGE]
    return rule | {"validate": "custom", "value": f"={holds(field, cell)}{whole}>0", "error_message": message}


def bounds_in_words(field: Field) -> str:
    """What a number may be, for the message beside its cell."""
    parts = ["a whole number" if field.kind == "whole" else "a number"]
    if field.minimum is not None:
        parts.append(f"{'above' if field.exclusive_minimum else 'at least'} {writer.exact(field.minimum)}")
    if field.maximum is not None and abs(field.maximum) <= LARGEST_NATURAL_BOUND:
        parts.append(f"{'below' if field.exclusive_maximum else 'at most'} {writer.exact(field.maximum)}")
    return ", ".join(parts)
