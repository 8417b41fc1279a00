"""Charts of the page Improve: what levers bring, what limits output, what waiting costs."""

from __future__ import annotations

from collections.abc import Sequence

from models.analysis.levers.levers import Waterfall
from models.analysis.metrics import palette
from models.analysis.metrics.ceilings import Year
from models.analysis.metrics.palette import Tone
from models.notation import writer
from views.figures import charts
from views.figures.charts import Chart, Rows, Spec, Write

STANDS, ALL = "As it stands", "With all of them"
WHOLE = Tone("Before and after", palette.OUTLINE)
LOWERS = Tone("Lowers it", palette.ACCENT)
ASSUMED = Tone("Lowers it, gain assumed", "#8cbcbc")
RAISES = Tone("Raises it", "#d1700b")
OUTPUT = Tone("Output", palette.ACCENT)
COMPUTE = Tone("Compute ceiling", "#d1700b")
ENERGY = Tone("Energy ceiling", "#85469f")
OWN = Tone("Bought hardware: buying and running it", palette.ACCENT)
WAITING = {"own": OWN, "interim": palette.INTERIM}


def waterfall(found: Waterfall, title: str, unit: str, write: Write) -> Chart:
    """Floating bars from the figure as it stands to the one with all levers; levers that bring nothing are left out."""
    rows: Rows = [_bar(STANDS, WHOLE, 0.0, found.start, write(found.start))]
    reached = found.start
    for bar in (each for each in found.bars if each.amount):
        tone = RAISES if bar.amount > 0 else ASSUMED if bar.assumed else LOWERS
        sign = "+" if bar.amount > 0 else ""
        part = f"  ({percent(bar.amount, found.start)})"
        rows.append(_bar(bar.label, tone, reached, reached + bar.amount, f"{sign}{write(bar.amount)}{part}"))
        reached += bar.amount
    part = f"  ({percent(found.end - found.start, found.start)})"
    rows.append(_bar(ALL, WHOLE, 0.0, found.end, f"{write(found.end)}{part}"))
    alt = charts._in_words(title, unit, rows, "name")
    tones = [tone for tone in (WHOLE, LOWERS, ASSUMED, RAISES) if any(row["way"] == tone.label for row in rows)]
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.72}, **charts._EDGE},
        "encoding": {
            "y": charts._names("part", [row["part"] for row in rows]),
            "x": charts._amount(axis=None),
            "x2": {"field": "from"},
            "color": {**charts._colours(tones), "field": "way"},
            "tooltip": charts._tips(name="Lever", shown=unit),
        },
    }
    lines = max(row["part"].count("\n") for row in rows)
    body: Spec = {
        "height": {"step": 24 + 8 * lines},
        "layer": [bars, charts._figures("part", rows)],
        "resolve": {"axis": {"y": "independent"}},
    }
    return charts._chart(title, unit, rows, body, alt)


def _bar(label: str, tone: Tone, start: float, end: float, shown: str) -> dict[str, object]:
    name = charts._wrapped(label)
    return {"name": label, "part": name, "way": tone.label, "from": start, "amount": end, "shown": shown}


def percent(amount: float, whole: float) -> str:
    """A change as a part of the whole, with its sign: "−6.5%"."""
    return writer.change(amount / whole) if whole else writer.NONE


def ceilings(years: Sequence[Year], names: Sequence[str], title: str, of: str) -> Chart:
    """Columns of what is generated each year, under the lines of what computing and energy would allow."""
    rows: Rows = []
    for year, name in zip(years, names, strict=True):
        for tone, rate in ((OUTPUT, year.output), (COMPUTE, year.compute_ceiling), (ENERGY, year.energy_ceiling)):
            if rate is not None:
                shown = f"{writer.physical(rate)} tokens/s"
                rows.append({"year": name, "part": tone.label, "amount": rate, "shown": shown})
    tones = [tone for tone in (OUTPUT, COMPUTE, ENERGY) if any(row["part"] == tone.label for row in rows)]
    x, y, colour = charts._years(names), charts._amount(), charts._colours(tones)
    y["axis"] = {**y["axis"], "format": "~s"}
    tips = charts._tips(year="Year", part="What", shown="Rate")
    shared: Spec = {"x": x, "y": y, "color": colour, "tooltip": tips}
    lines = [tone.label for tone in tones if tone is not OUTPUT]
    dashes = {"domain": lines, "range": [[1, 0], [6, 3]][: len(lines)]}
    line: Spec = {
        "transform": [{"filter": f"datum.part !== '{OUTPUT.label}'"}],
        "mark": {"type": "line", "point": True, "strokeWidth": 2.5},
        "encoding": {
            **shared,
            "strokeDash": {"field": "part", "type": "nominal", "scale": dashes, "legend": None},
        },
    }
    column: Spec = {
        "transform": [{"filter": f"datum.part === '{OUTPUT.label}'"}],
        "mark": {"type": "bar", "width": {"band": 0.6}, **charts._EDGE},
        "encoding": shared,
    }
    unit = f"{of}generated tokens per second, while in production"
    outputs: Rows = [row for row in rows if row["part"] == OUTPUT.label]
    alt = charts._in_words(f"{title}, output", unit, outputs, "year")
    return charts._chart(title, unit, rows, {"height": charts._COLUMN_HEIGHT, "layer": [column, line]}, alt)
