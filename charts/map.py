"""The map of winners as a chart: fields in the options' colours, each with its name, the lines between them, today.

The fields are drawn finer than the grid that was computed: between its points every option's figure is taken to run
straight, and the least one has the field. Nothing else is guessed, and the table beneath shows computed points only.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from charts.decision import TODAY, Along, along, marked, marked_words
from charts.vocabulary import DARK, Chart, Declared, Rows, colours, declared, key, tips
from models.analysis.metrics import palette
from models.analysis.metrics.measures import sign
from models.analysis.metrics.palette import Tone
from models.analysis.sensitivity.map import NO_FIGURE, NOT_COMPARABLE, WinMap
from models.engine.arrays import Array
from models.notation import writer

Numbers = NDArray[np.int64]
FINER, OVERLAP = 4, 1.0
HEIGHT = 520
LABEL_LENGTH = 16
# A field smaller than this share of the map has no room for its name; the legend has it.
ROOM = 0.05
NO_FIELD: dict[int, Tone] = {
    NO_FIGURE: Tone("No figure", "#c9d3da"),
    NOT_COMPARABLE: Tone("Not comparable", "#e3e7ea"),
}


def win_map(found: WinMap, across: Along, up: Along, places: Sequence[int], title: str) -> Chart:
    """The map; `places` are the options' places in the study, which choose their colours."""
    tones = [Tone(name, palette.option_colour(place)) for name, place in zip(found.options, places, strict=True)]
    by_number = {**dict(enumerate(tones)), **NO_FIELD}
    xs, ys = np.array(found.x.values) / across.divisor, np.array(found.y.values) / up.divisor
    wide, high = _edges(xs, found.x.whole), _edges(ys, found.y.whole)
    today: Rows = list(_today(found, across, up))
    spec = _win_map().bound(
        {
            "rows": list(fields(found, xs, ys, by_number)),
            "borders": list(lines(found, xs, ys)),
            "names": list(names(found, xs, ys, tones)),
            "marks": today,
        },
        **across.words("x", wide[0] * across.divisor, wide[-1] * across.divisor),
        **up.words("y", high[0] * up.divisor, high[-1] * up.divisor),
        **colours([tone for number, tone in by_number.items() if np.any(found.winner == number)]),
        **marked_words(today),
    )
    unit = f"Y axis: {up.title}"
    shares = "; ".join(f"{name} on {writer.share(found.share(name))}" for name in found.options)
    return Chart(title, unit, spec, f"{title}, {unit}; X axis: {across.title}. {shares} of the map.")


@cache
def _win_map() -> Declared:
    import altair as alt

    x, y = along(alt.X, "x"), along(alt.Y, "y", titled=False)
    field = alt.Chart(alt.NamedData("rows")).mark_rect(strokeWidth=0)
    border = alt.Chart(alt.NamedData("borders")).mark_rule(color=DARK, strokeWidth=1.8, strokeCap="round", aria=False)
    name = alt.Chart(alt.NamedData("names")).mark_text(fontSize=13, fontWeight=600, lineHeight=15, lineBreak="\n")
    layers = (
        field.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=key(width=230), tooltip=tips(part="Cheapest")),
        border.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        name.encode(x=x, y=y, text="text:N", color=alt.Color("colour:N", scale=None)),
        marked(x, y),
    )
    return declared(alt.layer(*layers).properties(height=HEIGHT))


def _today(found: WinMap, across: Along, up: Along) -> Iterator[dict[str, object]]:
    x, y = found.x, found.y
    if x.values[0] <= x.base <= x.values[-1] and y.values[0] <= y.base <= y.values[-1]:
        yield {"kind": TODAY, "x": x.base / across.divisor, "y": y.base / up.divisor, "shown": "base case"}


# -------------------------------------------------------------------------------------------------------------- fields


def _edges(values: Array, whole: bool) -> Array:
    """The ends of the cells along an axis: half a step around whole numbers, else the values themselves end it."""
    if not whole:
        return np.array([values[0], values[-1]])
    half = np.diff(values) / 2
    return np.concatenate([[values[0] - half[0]], values[:-1] + half, [values[-1] + half[-1]]])


def fields(found: WinMap, xs: Array, ys: Array, tones: dict[int, Tone]) -> Iterator[dict[str, object]]:
    """Rectangles that together cover the map: runs of one winner along each fine row."""
    winner, right, top = _fine(found, xs, ys)
    for row in range(winner.shape[0]):
        ends = np.nonzero(np.diff(winner[row]))[0]
        starts = [0, *(int(end) + 1 for end in ends)]
        # Each row reaches a little under the next one, so that no seam shows between them.
        height = min(float(top[-1]), float(top[row + 1]) + OVERLAP * float(top[row + 1] - top[row]))
        for first, last in zip(starts, [*(int(end) for end in ends), winner.shape[1] - 1], strict=True):
            yield {
                "part": tones[int(winner[row, first])].label,
                "x": float(right[first]),
                "x2": float(right[last + 1]),
                "y": float(top[row]),
                "y2": height,
            }


def _fine(found: WinMap, xs: Array, ys: Array) -> tuple[Numbers, Array, Array]:
    """The winner in each fine cell, and the cells' ends along both axes."""
    right, middle_x = _cells(xs, found.x.whole)
    top, middle_y = _cells(ys, found.y.whole)
    nearest = found.winner[np.ix_(_nearest(ys, middle_y), _nearest(xs, middle_x))]
    figures = np.array(
        [_between(sign(found.metric) * found.figures[n], xs, ys, middle_x, middle_y) for n in found.options]
    )
    least = np.where(np.isnan(figures), np.inf, figures).argmin(axis=0)
    usable = (nearest >= 0) & np.isfinite(figures).any(axis=0)
    return np.where(usable, least, nearest), right, top


def _cells(values: Array, whole: bool) -> tuple[Array, Array]:
    ends = _edges(values, True) if whole else np.linspace(values[0], values[-1], FINER * (len(values) - 1) + 1)
    return ends, (ends[:-1] + ends[1:]) / 2


def _nearest(values: Array, at: Array) -> Numbers:
    return np.abs(values[:, None] - at[None, :]).argmin(axis=0)


def _between(figures: Array, xs: Array, ys: Array, at_x: Array, at_y: Array) -> Array:
    """Figures between the points of the grid, straight along either axis."""
    rows = np.array([np.interp(at_x, xs, row) for row in figures])
    return np.array([np.interp(at_y, ys, column) for column in rows.T]).T


# --------------------------------------------------------------------------------------------------------------- lines


def lines(found: WinMap, xs: Array, ys: Array) -> Iterator[dict[str, float]]:
    """The pieces of the lines along which the winner changes, cell by cell of the grid."""
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            if len({int(found.winner[corner]) for corner in corners}) == 1:
                continue
            met = [
                _met(found, xs, ys, one, two)
                for one, two in zip(corners, [*corners[1:], corners[0]], strict=True)
                if found.winner[one] != found.winner[two]
            ]
            middle = (sum(x for x, _ in met) / len(met), sum(y for _, y in met) / len(met))
            pairs = [(met[0], met[1])] if len(met) == 2 else [(point, middle) for point in met]
            for (x, y), (x2, y2) in pairs:
                yield {"x": x, "y": y, "x2": x2, "y2": y2}


def _met(found: WinMap, xs: Array, ys: Array, one: tuple[int, int], two: tuple[int, int]) -> tuple[float, float]:
    """Where the winners at two neighbours cost the same; half-way where an axis counts or one has no figure."""
    part = 0.5
    first, second = int(found.winner[one]), int(found.winner[two])
    axis = found.x if one[0] == two[0] else found.y
    if first >= 0 and second >= 0 and not axis.whole:
        a, b = (found.figures[found.options[number]] for number in (first, second))
        before, after = float(a[one] - b[one]), float(a[two] - b[two])
        if np.isfinite(before) and np.isfinite(after) and before != after:
            part = min(max(before / (before - after), 0.0), 1.0)
    start, end = (np.array([xs[column], ys[row]]) for row, column in (one, two))
    point = start + part * (end - start)
    return float(point[0]), float(point[1])


# --------------------------------------------------------------------------------------------------------------- names


def names(found: WinMap, xs: Array, ys: Array, tones: Sequence[Tone]) -> Iterator[dict[str, object]]:
    """The name of each option, in the widest part of its field, where there is room."""
    for number, tone in enumerate(tones):
        inside = found.winner == number
        if inside.mean() < ROOM:
            continue
        row, column = _widest(inside)
        label = "\n".join(textwrap.wrap(tone.label, LABEL_LENGTH)) or tone.label
        colour = "white" if _is_dark(tone.colour) else DARK
        yield {"x": float(xs[column]), "y": float(ys[row]), "text": label, "colour": colour}


def _widest(inside: NDArray[np.bool_]) -> tuple[int, int]:
    """The point furthest from the edge of a field and of the map, of several the one in the middle of its width."""
    left = np.pad(inside, 1)
    depth = np.zeros(left.shape)
    while left.any():
        depth += left
        shrunk = left.copy()
        shrunk[1:-1, 1:-1] &= left[1:-1, :-2] & left[1:-1, 2:] & left[:-2, 1:-1] & left[2:, 1:-1]
        shrunk[0] = shrunk[-1] = False
        shrunk[:, 0] = shrunk[:, -1] = False
        left = shrunk
    rows, columns = np.nonzero(depth == depth.max())
    middle = np.nonzero(np.pad(inside, 1))[1].mean()
    nearest = int(np.abs(columns - middle).argmin())
    return int(rows[nearest]) - 1, int(columns[nearest]) - 1


def _is_dark(colour: str) -> bool:
    """Whether white words on a colour read better than black ones (relative luminance, WCAG)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179
