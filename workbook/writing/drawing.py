"""How native charts are drawn: in the app's palette, hues for families of cost, an accent for what is recommended."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from xlsxwriter.chart import Chart

from models.analysis.decision.decision import contenders
from models.analysis.metrics.palette import ACCENT, GREYS, INK, OUTLINE
from models.notation.writer import MINUS, chart_scale
from workbook.writing.book import Book
from workbook.writing.styles import FONT, STRUCTURAL

_DASH_NAMES = {1: "round_dot", 2: "dash", 3: "long_dash_dot"}
_MILLION, _MILLIONS = 1e6, "#,##0.0,,"


def chart(book: Book, kind: str, title: str, axis: str, *, subtype: str = "", shown: str = "") -> Chart:
    """An empty chart with a title that says what it shows, its unit on the axis and quiet lines."""
    made = book.file.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    assert made is not None
    font = {"name": FONT, "size": 9, "color": "#404040"}
    made.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    values = {
        "name": axis,
        "name_font": {**font, "bold": False},
        "num_font": font,
        "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0", "width": 0.5}},
        "line": {"none": True},
        **({"num_format": f'{shown};"{MINUS}"{shown}'} if shown else {}),
        **({"min": 0, "max": 1} if shown.endswith("%") else {}),
    }
    categories = {"num_font": font, "line": {"color": STRUCTURAL}, "label_position": "low"}
    if kind == "bar":  # lies on its side, the first row on top; its values would else be written above the chart
        made.set_x_axis({**values, "label_position": "high"})
        made.set_y_axis({**categories, "reverse": True})
    else:
        made.set_x_axis(categories)
        made.set_y_axis(values)
    made.set_legend({"position": "bottom", "font": font})
    made.set_chartarea({"border": {"none": True}})
    return made


def filled(made: Chart, name: Any, categories: str, values: str, colour: str, **more: Any) -> None:
    """Add a series of bars in a colour, outlined so that a pale one is seen on white."""
    fill, border = {"color": colour}, {"color": OUTLINE, "width": 0.5}
    made.add_series(
        {"name": name, "categories": f"={categories}", "values": f"={values}", "fill": fill, "border": border, **more}
    )


def money_axis(book: Book, values: Sequence[float]) -> tuple[str, str]:
    """The unit of an axis of money and the format of its figures, which stay short."""
    unit = book.unit("money")
    millions = chart_scale(values).divisor == _MILLION
    return (f"{unit} million", _MILLIONS) if millions else (unit, "#,##0")


def colours_told(book: Book) -> str:
    """What the colours of options say; they are those of the export, whatever changed inputs recommend."""
    best, second = contenders(book.result)
    if best is None:
        return "Options in grey: none was recommended at export."
    black = "next best in black, " if second else ""
    return f"Options: recommended at export in blue, {black}others in grey."


def option_colours(book: Book) -> list[str]:
    """The colours of the options: the accent for the one recommended, ink for the next best, greys for the others."""
    best, second = contenders(book.result)
    roles = {each.name: colour for each, colour in ((best, ACCENT), (second, INK)) if each}
    greys = itertools.cycle(GREYS)
    return [roles.get(option.result.name) or next(greys) for option in book.options]


def drawn(made: Chart, name: str, categories: str, values: str, colour: str, position: int) -> None:
    """Add a line for the option at a place of the study; a grey one is told from others by its dashes."""
    dash = _DASH_NAMES[1 + position % 3] if colour in GREYS else "solid"
    line = {"color": colour, "width": 2.75 if colour == ACCENT else 2.0, "dash_type": dash}
    made.add_series({"name": name, "categories": f"={categories}", "values": f"={values}", "line": line})


def place(book: Book, title: str, row: int, column: int, made: Chart, size: Sequence[int]) -> None:
    """Put a chart on a sheet at a cell (the row counted from 1), `size` in pixels; one without a series is left out."""
    if made.series:
        made.set_size({"width": size[0], "height": size[1]})
        book.sheets[title].insert_chart(row - 1, column, made, {"object_position": 2, "x_offset": 2, "y_offset": 2})
