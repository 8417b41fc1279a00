"""The blank template for quotes, as CSV text and as a workbook: the same columns that reading understands."""

from __future__ import annotations

import csv
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from importers.quotes.cells import columns
from importers.quotes.cells.columns import CHARGED, PARTS

COLUMNS = tuple(column for column in columns.COLUMNS if column.template)
QUOTES, HELP, CHOICES = "Quotes", "How to fill it in", "Choices"
PREPARED_ROWS = 200
HEAD = PatternFill("solid", fgColor="DCE9EC")
WIDTHS = {"item": 40, "vendor": 22, "charged": 26}


def template_csv() -> str:
    """The template as CSV text: its headings (RFC 4180). Lines go below them, one item each."""
    target = io.StringIO(newline="")
    csv.writer(target).writerow([column.label for column in COLUMNS])
    return target.getvalue()


def template_xlsx() -> bytes:
    """The template as a workbook: the headings with lists to choose from, and a sheet that says what each one means."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = QUOTES
    sheet.append([column.label for column in COLUMNS])
    _dress(sheet, [WIDTHS.get(column.name, 16) for column in COLUMNS])
    lists = _choices(book)
    for index, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(index)
        if column.choices:
            rule = DataValidation("list", formula1=lists[column.name], allow_blank=True, showErrorMessage=True)
            rule.error, rule.errorTitle = "Choose one from the list.", column.label
            rule.add(f"{letter}2:{letter}{PREPARED_ROWS}")
            sheet.add_data_validation(rule)
        if column.kind == "date":
            for row in range(2, PREPARED_ROWS + 1):
                sheet[f"{letter}{row}"].number_format = "yyyy-mm-dd"
    _help(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _dress(sheet: Worksheet, widths: list[int]) -> None:
    for index, width in enumerate(widths, start=1):
        head = sheet.cell(row=1, column=index)
        head.font, head.fill, head.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"


def _choices(book: Workbook) -> dict[str, str]:
    """A sheet with the lists to choose from; gives the range of each. Lists in the cells are limited to 255 letters."""
    sheet = book.create_sheet(CHOICES)
    found = {}
    for index, column in enumerate((c for c in COLUMNS if c.choices), start=1):
        for row, text in enumerate((column.label, *column.choices), start=1):
            sheet.cell(row=row, column=index, value=text)
        letter = get_column_letter(index)
        found[column.name] = f"'{CHOICES}'!${letter}$2:${letter}${len(column.choices) + 1}"
    _dress(sheet, [28] * len(found))
    return found


def _help(book: Workbook) -> None:
    sheet = book.create_sheet(HELP, 1)
    sheet.append(["Column", "Needed", "What it means"])
    for column in COLUMNS:
        level = "once for each quote" if column.level == "quote" else "on each line"
        sheet.append([column.label, f"yes, {level}" if column.required else "", column.help])
    sheet.append([])
    for title, texts in (("Part", PARTS), ("Charged", CHARGED)):
        sheet.append([title, "", "What it means"])
        for name, meaning in texts.items():
            sheet.append([name, "", meaning])
        sheet.append([])
    _dress(sheet, [28, 24, 90])
