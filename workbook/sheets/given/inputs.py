"""Inputs: those of the study with unit, range, source, date and confidence; what is blue may be changed.

Workloads have a sheet of their own in the same form; both are written here, row by row. The options' inputs stand side
by side on a third.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from models.engine.constants import CONSTANTS
from models.notation import writer
from models.studies.inputs import schema
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Value
from models.studies.prices import NEEDED
from workbook.writing import entries, sealed
from workbook.writing.book import Book, Told
from workbook.writing.entries import Entry, Section
from workbook.writing.page import BACK_ROW, Page, rows_a_page
from workbook.writing.side_by_side import BLANK
from workbook.writing.styles import INDENTED, INPUT, INPUT_FILL, SMALL, STRUCTURAL, Styles, input_format, number_format

TITLE = "Inputs"
COLUMNS = (
    *("Input", "Unit", "Value", "Low", "High", "Source", "Date", "Confidence", "Note", "Name in formulas"),
    "Holds (1)",
)
LABEL, UNIT, VALUE, LOW, HIGH, SOURCE, DATE, CONFIDENCE, NOTE, NAME, HOLDS = range(len(COLUMNS))
# The columns that describe a value, by what they say.
DESCRIPTION = {"low": LOW, "high": HIGH, "source": SOURCE, "as_of": DATE, "confidence": CONFIDENCE, "note": NOTE}
WIDTHS = (40, 17, 16, 10, 10, 36, 9, 11, 42, 30, 8)
HEAD_ROW = 4
LARGEST_NATURAL_BOUND = 1e6
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
# How a long text is written.
LONG = {"text_wrap": True, "font_size": SMALL}
APP_ONLY = "Grey cells are structural: change them in the app."


def write(book: Book) -> None:
    """The study's inputs, and the constants."""
    rows = Rows(book, TITLE, "Inputs: the study; the options' stand on Options")
    for section in (entries.study_section(book.study), *entries.criterion_sections(book.study)):
        rows.section(section)
    rows.constants()
    rows.close()


class Rows:
    """A sheet of inputs, written from the top down."""

    def __init__(self, book: Book, title: str, heading: str) -> None:
        self.book, self.title, self.styles = book, title, book.styles
        self.page = Page(book, title, heading, head=HEAD_ROW)
        self.sheet = self.page.sheet
        self.page.text(BACK_ROW, SOURCE, "Blue on yellow may be changed. " + APP_ONLY, self.styles.quiet)
        self.page.columns(WIDTHS)
        self.page.heads(HEAD_ROW, COLUMNS, (VALUE, LOW, HIGH))
        self.row = HEAD_ROW + 1
        self.written: dict[int, float | str] = {}

    def close(self) -> None:
        """Leave the address of the column of checks, and of what the cells hold now, row by row."""
        self.sheet.conditional_format(HEAD_ROW, CONFIDENCE, self.row - 1, CONFIDENCE, self.page.marking("assumed"))
        self.sheet.print_area(0, 0, self.row - 1, NOTE)
        sealed.keep(self.book, self.title, {VALUE: self.written}, (HEAD_ROW + 1, self.row), HOLDS)

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
        first = self.row
        self.heading(section.heading)
        for entry in section.entries:
            self._entry(entry)
        for each in entries.listed(section):
            self._listed(each)
        self.page.paged(first, self.row, rows_a_page(sum(WIDTHS[: NOTE + 1]), self.page.paper))
        self.row += 1

    def _listed(self, each: entries.Listed) -> None:
        """The numbers of an input that is a list, a row each."""
        first = self.row
        style = typed_style(self.styles, False, input_format(each.entry.field, each.entry.unit, each.numbers))
        for label, number in zip(each.labels, each.numbers, strict=True):
            self._labels(label, self.book.unit_of(each.entry.field, each.entry.unit), each.name)
            self._write(self.row, number, style)
            self._holds_number(each.entry.field, self.row)
            self.row += 1
        self.book.define(entries.checked(each.name), self.title, f"$C${first}:$C${self.row - 1}")

    def _entry(self, entry: Entry) -> None:
        value, row = entry.value, self.row
        self._labels(entry.field.label, self.book.unit_of(entry.field, entry.unit), entry.name)
        numbers = [v for v in (value.value, value.low, value.high) if isinstance(v, int | float)]
        shown = input_format(entry.field, entry.unit, numbers)
        side = "left" if isinstance(value.value, str | tuple) else "right"
        if isinstance(value.value, str) and len(value.value) > WIDTHS[VALUE]:
            self._long(row, value.value, typed_style(self.styles, entry.structural, shown, side, **LONG))
        else:
            self._value(row, entries.shown(entry), typed_style(self.styles, entry.structural, shown, side))
        self._describe(row, value, shown)
        self._validate(entry, row)
        self._holds(entry, row)
        cells = {what: f"'{self.title}'!${xl_col_to_name(column)}${row}" for what, column in DESCRIPTION.items()}
        self.book.told[entry.path] = Told(cells)
        self._define(entry.name, row)

    def _long(self, row: int, text: str, style: Format) -> None:
        """A long text, across the columns of a range, which no text has, so that all of it is printed."""
        self.sheet.merge_range(row - 1, VALUE, row - 1, HIGH, "", style)
        self._write(row, text, style)
        self.page.fit(row, [(text, sum(WIDTHS[VALUE : HIGH + 1]))], SMALL)

    def _describe(self, row: int, value: Value, shown: str) -> None:
        """The range, source, date, confidence and note of a value."""
        for column, bound in ((LOW, value.low), (HIGH, value.high)):
            self.sheet.write(row - 1, column, bound, described_style(self.styles, shown))
        source = entries.shown_source(value)
        confidence = schema.confidence_label(value.confidence)
        texts = ((SOURCE, source), (DATE, value.as_of), (CONFIDENCE, confidence), (NOTE, value.note))
        for column, text in texts:
            if text:
                self.page.text(row, column, text, described_style(self.styles, "@"))
            else:
                self.sheet.write_blank(row - 1, column, None, described_style(self.styles, "@"))
        self.page.fit(row, [(source, WIDTHS[SOURCE]), (value.note, WIDTHS[NOTE])], SMALL)

    def _value(self, row: int, content: Any, style: Any) -> None:
        if content is None or content == "":
            self.sheet.write_blank(row - 1, VALUE, None, style)
        elif isinstance(content, str):
            self._write(row, content, style)
        else:
            self._write(row, float(content), style)

    def _validate(self, entry: Entry, row: int) -> None:
        guard(self.sheet, row, VALUE, entry.field, entry.structural)

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
            style = typed_style(self.styles, True, number_format(constant.unit, [float(constant)]))
            self._write(self.row, float(constant), style)
            self.page.text(self.row, SOURCE, "Definition", self.styles.get(valign="top", **INDENTED))
            self._define(typed, self.row)
        self.row += 1


def typed_style(styles: Styles, structural: bool, shown: str, align: str = "right", **more: Any) -> Format:
    """How what is typed looks: blue on yellow and open, or grey where it is changed in the app only."""
    blue = {"font_color": INPUT, "bg_color": INPUT_FILL, "locked": False}
    colour = {"font_color": STRUCTURAL} if structural else blue
    return styles.get(**{"num_format": shown, "align": align, "valign": "top", **colour, **more})


def described_style(styles: Styles, shown: str) -> Format:
    """How what describes a value looks; "@" for texts."""
    small = {**LONG, **INDENTED} if shown == "@" else {}
    return styles.get(font_color=INPUT, num_format=shown, locked=False, valign="top", **small)


def guard(sheet: Worksheet, row: int, column: int, field: Field, structural: bool) -> None:
    """Let no more be typed into the cell of a field than it takes, and say there what it is."""
    rule = {"validate": "any"} if structural else validation(field, f"${xl_col_to_name(column)}${row}")
    message = APP_ONLY if structural else field.help.replace("`", "")
    rule |= {"input_title": field.label[:LONGEST_TITLE], "input_message": message[:LONGEST_MESSAGE]}
    sheet.data_validation(row - 1, column, row - 1, column, rule)


def may_be_blank(field: Field) -> bool:
    """Whether the model gives a blank of this input a meaning."""
    return (field.default is None and not field.required) or (field.table, field.name) in NEEDED


def _bounds(field: Field) -> list[str]:
    """What a number of a field must be, as spreadsheets write it: ">=0"."""
    bounds = (
        (field.minimum, field.exclusive_minimum, (">=", ">")),
        (field.maximum, field.exclusive_maximum, ("<=", "<")),
    )
    return [
        f"{signs[excluded]}{bound:g}"
        for bound, excluded, signs in bounds
        if bound is not None and abs(bound) <= LARGEST_NATURAL_BOUND
    ]


def holds(field: Field, cell: str) -> str:
    """The formula, without its equals sign, that is 1 where a cell holds a number that the field may be, else 0."""
    found = [f"ISNUMBER({cell})", *([f"(({cell}=0)+({cell}=1))"] if field.kind == "boolean" else [])]
    found += [f"({cell}{bound})" for bound in _bounds(field)]
    text = "*".join(found) if len(found) > 1 else f"{found[0]}*1"
    return f"ISBLANK({cell})+{text}" if may_be_blank(field) else text


def counted(field: Field, cells: str) -> str:
    """The formula, without its equals sign, of how many cells hold what `holds` asks of one."""
    bounds = _bounds(field)
    if field.kind == "choice":
        words = ";".join(f'"{word}"' for word in schema.choice_words(field).values())
        text = f"SUMPRODUCT(({cells}={{{words}}})*1)"
    elif field.kind == "boolean":
        text = f"COUNTIF({cells},0)+COUNTIF({cells},1)"
    elif bounds:
        text = "COUNTIFS({})".format(",".join(f'{cells},"{bound}"' for bound in bounds))
    else:
        text = f"COUNT({cells})"
    return f'{text}+COUNTBLANK({cells})+COUNTIF({cells},"{BLANK}")' if may_be_blank(field) else text


def validation(field: Field, cell: str) -> dict[str, Any]:
    """What Excel lets a person type into the cell of a field, and what it says otherwise."""
    rule: dict[str, Any] = {"ignore_blank": may_be_blank(field), "error_title": "Not taken"}
    if field.kind == "boolean":
        return rule | {"validate": "list", "source": [0, 1], "error_message": "Type 1 for yes or 0 for no."}
    if field.kind == "choice" or (field.choices and field.kind == "text"):
        kind = "stop" if field.kind == "choice" else "information"
        words = list(schema.choice_words(field).values())
        message = f"One of: {', '.join(words)}"[:LONGEST_MESSAGE]
        return rule | {"validate": "list", "source": words, "error_message": message, "error_type": kind}
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
