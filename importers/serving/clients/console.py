"""The table that GenAI-Perf and AIPerf print at the end of a run, as people paste it or keep it in a log.

A metric a row between box-drawing lines, its unit in brackets, at times on a line of its own; two decimals, and neither
model nor load: the JSON is better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from importers.records import metric_table
from importers.records.document import PRINTED_METRICS
from importers.records.format import Draft, Format, Table
from importers.serving.clients import aiperf, genai_perf

_LINE = re.compile(r"^[^│┃\n]*[│┃](.*)[│┃][^│┃\n]*$", re.MULTILINE)
_HEADS = ("statistic", "metric")


def recognises(text: str) -> bool:
    """The title of the table."""
    return PRINTED_METRICS in text


def read(text: str, run: str) -> Iterator[Draft]:
    """Every table of the text."""
    titled = [(before, table) for before, table in _tables(text) if len(table) > 1]
    for number, (title, table) in enumerate(titled, start=1):
        metrics = metric_table.from_table(table)
        metrics.findings.warn("a printed table: two decimals, and neither model nor load; the JSON is better")
        tool = aiperf.TOOL if aiperf.TOOL in title else genai_perf.TOOL
        values = genai_perf.run_values(metrics) | {"tool": tool}
        yield Draft(f"table {number}" if len(titled) > 1 else "", metrics.findings, values)


def _tables(text: str) -> Iterator[tuple[str, Table]]:
    """What is said from one title on, and the cells of the table under it."""
    starts = [found.start() for found in re.finditer(re.escape(PRINTED_METRICS), text)]
    for start, end in pairwise([*starts, len(text)]):
        title = text[text.rfind("\n", 0, start) + 1 : start]
        rows: Table = []
        for found in _LINE.finditer(text, start, end):
            cells = [cell.strip() for cell in re.split("[│┃]", found[1])]
            if cells[0].casefold() in _HEADS:
                rows = [["Metric", *cells[1:]]]
            elif rows and not any(cells[1:]) and len(rows) > 1:
                rows[-1][0] += f" {cells[0]}"  # the unit on a line of its own
            elif rows:
                rows.append(cells)
        yield title, rows


FORMAT = Format("printed result of GenAI-Perf or AIPerf", "the table that the tool prints", "text", recognises, read)
