"""A result of both options over two inputs at once: values of the run, as `grid` on the command line gives them."""

from __future__ import annotations

import math

from models.analysis.reporting.findings import Findings
from models.analysis.sensitivity.map import WinMap
from models.analysis.sensitivity.named_input import Subject, subject
from models.engine.constants import REQUESTS_PER_THOUSAND
from workbook.writing.page import Page
from workbook.writing.styles import STRUCTURAL, input_format, number_format

NAME, UP, FIRST = 0, 1, 2


def write(page: Page, row: int, span: int, found: Findings, grid: WinMap) -> int:
    """Write the heading and a table for each of the two options; the last row."""
    study = page.book.study
    across, up = (subject(study, axis.path, together=True) for axis in (grid.x, grid.y))
    page.heading(row, f"Two inputs at once: cost per 1,000 responses, {page.book.unit('money')}, discounted", span)
    said = f"Across: {across.name}. Down: {up.name}. The two inputs that move the gap most, over their ranges."
    page.words(row + 1, span, said, None, font_color=STRUCTURAL)
    row += 3
    for name in dict.fromkeys((found.option, found.against)):
        row = _table(page, row, name, grid, across, up) + 2
    return row - 1


def _table(page: Page, row: int, name: str, grid: WinMap, across: Subject, up: Subject) -> int:
    page.text(row, NAME, name, page.styles.get(bold=True))
    heads = input_format(across.entry, across.unit, grid.x.values)
    sides = input_format(up.entry, up.unit, grid.y.values)
    for column, x in enumerate(grid.x.values, start=FIRST):
        page.value(row, column, x, num_format=heads, bold=True)
    figures = REQUESTS_PER_THOUSAND * grid.figures[name]
    shown = number_format("money/response", [float(each) for each in figures.flat if math.isfinite(each)])
    for y, line in zip(grid.y.values, figures.tolist(), strict=True):
        row += 1
        page.value(row, UP, y, num_format=sides, bold=True)
        for column, figure in enumerate(line, start=FIRST):
            page.value(row, column, figure if math.isfinite(figure) else None, num_format=shown)
    return row
