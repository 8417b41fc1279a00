"""Writes the workbook of a run: the model as live formulas, with the value that the engine found in every cell."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from xlsxwriter import Workbook

from models.analysis.reporting.record import Record
from models.run.model import Result
from models.studies.file import load
from models.studies.inputs.paths import joined
from models.studies.inputs.problem import Problem, StudyError
from workbook.read import FORMAT, FORMAT_PROPERTY
from workbook.sheets.front import change_log
from workbook.tabs import ORDER, SHEETS, colour, tabs
from workbook.writing import sealed
from workbook.writing.book import Book
from workbook.writing.cases import case_rows
from workbook.writing.styles import FONT, SIZE

if TYPE_CHECKING:
    from models.analysis.reporting.findings import Findings

PROGRAM = "Inference TCO"
ALIKE = "differs from another asset's name in capitals only, and a spreadsheet takes them for one; rename it"
# Without a password: against slips, not against people. Blue cells are open.
PROTECTION = {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True}
# Text from people stays text: nothing they type becomes a formula, a link or a number.
_OPTIONS = {
    **{"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
    **{"default_format_properties": {"font_name": FONT, "font_size": SIZE}, "default_row_height": 17},
}


def write(
    result: Result,
    target: Path | BinaryIO,
    today: date | None = None,
    *,
    findings: Findings | None = None,
    record: Record | None = None,
    paper: str | None = None,
) -> None:
    """Write the workbook of a run to a path or an open binary file; `today` is the date it bears, `paper` one of
    `page.PAPERS` that it prints on (by default Letter where the currency is North American, else A4).

    With a `record`, the versions of its study and who approved stand in it. With `findings`, what the analyses found in
    this run stands on sheets of its own. Raises FormulaError for a line that Excel could not hold, StudyError for names
    that a spreadsheet cannot tell apart, ValueError for findings of another run, and OSError where the file cannot be
    written.
    """
    _check_names(result)
    if findings is not None:
        _check_run(result, findings)
    file = Workbook(str(target) if isinstance(target, Path) else target, _OPTIONS)
    by_the_hour = any(option.gathered.sizes["hour"] for option in result.options.values())
    cased = case_rows(result.study, findings.ends if findings else ())
    titles = tabs(findings, by_the_hour, bool(cased.entries))
    book = Book(result, file, titles, today or date.today(), findings, record, paper)
    _properties(book)
    for title in ORDER:
        if title in titles:
            SHEETS[title](book)
    for title, sheet in book.sheets.items():
        sheet.set_tab_color(colour(title))
        if title != change_log.TITLE:
            sheet.protect("", PROTECTION)
    sealed.write(book, load.dumps(result.study))
    file.close()


def _check_run(result: Result, findings: Findings) -> None:
    from models.analysis.reporting.findings import run_of

    if findings.run != run_of(result.study):
        raise ValueError(f"the findings are of run {findings.run}, not of this study; find them anew")


def _check_names(result: Result) -> None:
    """An item finds its asset by name, and a spreadsheet takes Racks and racks for one."""
    problems: list[Problem] = []
    for option in result.study.options:
        seen: set[str] = set()
        for asset in option.assets:
            name = asset.text("name")
            if name.casefold() in seen:
                problems.append(Problem(joined("option", option.name, "asset", name), name, ALIKE))
            seen.add(name.casefold())
    if problems:
        raise StudyError(problems)


def _properties(book: Book) -> None:
    fields = book.study.fields
    analysed = f", but for what is marked as found in run {book.findings.run}" if book.findings else ""
    book.file.set_properties(
        {
            "title": fields.text("title") or PROGRAM,
            "subject": "Total cost of ownership of AI inference",
            "author": fields.text("prepared_by") or PROGRAM,
            "comments": f"Written by {PROGRAM}; every figure is a live formula{analysed}.",
            "created": datetime.combine(book.today, time()),
        }
    )
    book.file.set_custom_property(FORMAT_PROPERTY, FORMAT)
    book.file.set_custom_property("Version", book.version)
