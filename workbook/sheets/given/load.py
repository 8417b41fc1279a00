"""Load: the shape of the day by workload, live: 48 kinds of hour as columns, and again as rows for the options."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.run.gather import INPUTS
from models.run.model import MODEL
from models.studies.inputs import week
from workbook.writing import entries
from workbook.writing.book import Book, OptionSheet
from workbook.writing.formula import HERE, formula
from workbook.writing.layout import LOAD_SHEET, LoadAddress, LoadLayout
from workbook.writing.page import Page, colour
from workbook.writing.styles import line_format, number_format

TITLE = LOAD_SHEET
HEAD_ROW = 4
LABEL, UNIT, KEY, FIGURE = range(4)
# On one page, 48 hours side by side could not be read.
PAGES_WIDE = 4


def write(book: Book) -> None:
    """The hours of the week, the load of each workload in them, and the hours as rows."""
    assert book.load is not None
    option = next(option for option in book.options if option.layout.size("hour"))
    sheet = _Sheet(book, book.load, option)
    sheet.hours()
    for name in book.load.lines:
        sheet.line(name)
    sheet.rows()


class _Sheet:
    """The sheet under way; figures are those of an option that goes by the hour, alike in all of them."""

    def __init__(self, book: Book, load: LoadLayout, option: OptionSheet) -> None:
        self.load, self.option = load, option
        self.page = Page(book, TITLE, "Load over the hours of the week", head=HEAD_ROW)
        self.page.columns([40, 8, 24, 14, *(13,) * week.HOURS])
        self.page.sheet.fit_to_pages(PAGES_WIDE, 0)
        self.page.sheet.repeat_columns(LABEL, KEY)
        hours = [week.spoken(hour) for hour in range(week.HOURS)]
        self.page.heads(
            HEAD_ROW, ("Line", "Unit", "Workload", "Figure", *hours), range(FIGURE, FIGURE + 1 + week.HOURS)
        )

    def _value(self, name: str) -> Any:
        raw = self.option.result.raw(name) if name in MODEL.lines else self.option.result.gathered.values[name]
        return raw

    def hours(self) -> None:
        """What each kind of hour is, by definition."""
        for name in self.load.columns:
            row = self.load.first[name]
            self.page.text(row, LABEL, INPUTS[name].label)
            self.page.text(row, UNIT, "-", self.page.styles.quiet)
            values = self._value(name)
            for column, value in enumerate(values, start=self.load.FIRST_HOUR):
                self.page.value(row, column, value, num_format=line_format(INPUTS[name].label, "1", values))

    def line(self, name: str) -> None:
        """A line, a row for each workload."""
        each = MODEL.lines[name] if name in MODEL.lines else INPUTS[name]
        for row, key in enumerate(self.option.result.keys("workload")):
            at = self.load.first[name] + row
            self.page.text(at, LABEL, each.label)
            self.page.text(at, UNIT, "-", self.page.styles.quiet)
            self.page.formula(at, KEY, f"={entries.base('workload', row=row + 1)}name", key)
            value, text = self._value(name)[row], self._formula(name, row)
            if each.shape.column is None:
                self.page.formula(at, FIGURE, text, value, num_format=number_format("1", [value]), align="right")
                continue
            style = {"num_format": number_format("1", value), "align": "right", "font_color": colour(text)}
            for column, figure in enumerate(value, start=self.load.FIRST_HOUR):
                self.page.formula(at, column, text.replace(HERE, xl_col_to_name(column)), figure, **style)

    def _formula(self, name: str, row: int) -> str:
        shape = f"{entries.base('workload', row=row + 1)}load_shape"
        if name == "workload_has_shape":
            return f"=1-ISBLANK({shape})"
        if name == "workload_shape_at":
            return self._shape(row)
        line = MODEL.lines[name]
        return formula(line.formula, LoadAddress(self.option.layout, self.load, row), line.where)

    def _shape(self, row: int) -> str:
        """The hour of the workload's load shape, as typed among the inputs; the weekend as weekdays where blank."""
        study = self.option.result.study
        named = study.workloads[row].text("load_shape")
        number = next((n for n, s in enumerate(study.load_shapes, start=1) if s.text("name") == named), 0)
        if not number:
            return "=0"
        prefix = entries.base("load_shape", row=number)
        weekday, hour = entries.list_name(f"{prefix}weekday"), f"{HERE}${self.load.HOUR_ROW}"
        weekend = weekday if study.load_shapes[number - 1]["weekend"].blank else entries.list_name(f"{prefix}weekend")
        day = f"ROWS({weekday})"
        return f"=IF({hour}<={day},INDEX({weekday},MIN({hour},{day})),INDEX({weekend},MAX(1,{hour}-{day})))"

    def rows(self) -> None:
        """The hours as rows: number, kind of day (1 weekday, 2 weekend), share of the year."""
        self.page.text(self.load.hours_heading, LABEL, "The hours as rows", self.page.styles.column)
        for column, text in enumerate(("Number", "Kind of day", "Share of year"), start=FIGURE):
            self.page.text(self.load.hours_heading, column, text, self.page.styles.column_of_figures)
        self.page.sheet.print_area(0, 0, self.load.hours_heading - 2, FIGURE + week.HOURS)  # formulas alone read it
        names = ("hour_number", "hour_day", "hour_share")
        for hour in range(week.HOURS):
            at = self.load.first_hour_row + hour
            self.page.text(at, LABEL, week.spoken(hour))
            for column, name in enumerate(names, start=FIGURE):
                self.page.value(at, column, self._value(name)[hour], num_format=number_format("1", self._value(name)))
