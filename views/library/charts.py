"""The chart of the published claims: one figure, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from models.analysis.metrics import palette
from models.analysis.metrics.palette import Tone
from views.figures import charts
from views.figures.charts import Chart, Rows, Spec, Write

PUBLISHED = Tone("As published", palette.OUTLINE)
MOVED = Tone("The step moves it", palette.ACCENT)
UNMOVED = Tone("The step leaves it", "#c9d3da")


def steps(
    reached: Sequence[tuple[str, float | None, bool]], title: str, unit: str, write: Write, nothing: str
) -> Chart:
    """A bar for the figure as published and after each step; `nothing` is written where a step leaves no figure.

    Each of `reached` is a name, the figure, and whether the step moved it; the first stands for the publication.
    """
    rows: Rows = []
    for position, (name, value, moves) in enumerate(reached):
        tone = PUBLISHED if position == 0 else MOVED if moves else UNMOVED
        part = charts._wrapped(f"{position}. {name}" if position else name)
        shown = nothing if value is None else write(value)
        rows.append({"name": name, "part": part, "way": tone.label, "amount": value or 0.0, "shown": shown})
    tones = [tone for tone in (PUBLISHED, MOVED, UNMOVED) if any(row["way"] == tone.label for row in rows)]
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, **charts._EDGE},
        "encoding": {
            "y": charts._names("part", [row["part"] for row in rows]),
            "x": charts._amount(axis=None, stack=None),
            "color": {**charts._colours(tones), "field": "way"},
            "tooltip": charts._tips(name="Step", shown=unit or title),
        },
    }
    lines = max(row["part"].count("\n") for row in rows)
    body: Spec = {
        "height": {"step": 24 + 8 * lines},
        "layer": [bars, charts._figures("part", rows)],
        "resolve": {"axis": {"y": "independent"}},
    }
    return charts._chart(title, unit, rows, body, charts._in_words(title, unit, rows, "name"))
