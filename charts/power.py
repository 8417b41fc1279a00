"""The chart of a power log: what was drawn moment by moment, the run set off from the waiting around it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from charts.vocabulary import BESIDE, Chart, Declared, Rows, amounts, colours, declared, in_words, key, tips
from models.analysis.metrics import palette
from models.analysis.metrics.palette import Tone
from models.notation import writer

RUN, OUTSIDE = Tone("The run", palette.ACCENT), Tone("Before and after", BESIDE)
MOST_POINTS = 600


def trace(points: Sequence[tuple[float, float]], start: float, end: float) -> Chart:
    """Power of all meters over the seconds of a log, in W; the run lies between `start` and `end`.

    Of many readings evenly spaced ones are drawn.
    """
    step = max(len(points) // MOST_POINTS, 1)
    rows: Rows = [
        {
            "part": (RUN if start <= at <= end else OUTSIDE).label,
            # What lies before the run is not joined to what lies after it.
            "stretch": (at > end) - (at < start),
            "second": at,
            "amount": watts,
            "shown": f"{writer.exact(round(watts))} W at {writer.exact(round(at))} s",
        }
        for at, watts in points[::step]
    ]
    title, unit = "Power over the time of the log", "W"
    ends = [rows[0], max(rows, key=lambda row: row["amount"]), rows[-1]]
    spec = _trace().bound({"rows": rows}, **colours([RUN, OUTSIDE]))
    return Chart(title, unit, spec, in_words(f"{title}, first, highest and last", unit, ends))


@cache
def _trace() -> Declared:
    import altair as alt

    axis = alt.Axis(title=None, labelExpr="datum.label + ' s'", grid=False)
    found = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("second:Q", axis=axis),
        y=amounts(alt.Y),
        detail="stretch:N",
        color=key(symbolStrokeWidth=2.5),
        tooltip=tips(part="Part", shown="Power"),
    )
    return declared(found.mark_line(strokeWidth=2, interpolate="step-after").properties(height=220))
