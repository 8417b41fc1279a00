"""What every chart is made of: a declaration in altair, made once, and the words, marks, axes and colours it may use.

A declaration is kept as a dict. Its rows are named data, and what differs from one result to the next (names, units,
colours of what is present) are slots; binding fills both in a copy and touches nothing else. So altair is called, and
imported, only when the first chart of a kind is drawn: its import takes longer than a whole page.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from models.analysis.metrics.palette import OUTLINE, Tone
from models.run.model import OptionResult

if TYPE_CHECKING:
    import altair as alt

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
Write = Callable[[float | None], str]

HEIGHT, LABEL_WIDTH, NAME_LENGTH, TITLE_LENGTH = 330, 220, 28, 46
# How far the first of two lines may fall short of its half, since words are not broken.
LONG_WORD = 6
# Vega-Lite's number format for amounts: thousands apart, all along an axis with the decimals that its steps need.
AMOUNT = ",f"
# Words inside a chart are dark on a light page and light on a dark one; so is what surrounds a dot.
DARK, LIGHT = "#0c171e", "#e6edf1"
INK = f"luminance(background) > 0.4 ? '{DARK}' : '{LIGHT}'"
SOFT = "luminance(background) > 0.4 ? '#5b6a74' : '#9fb0ba'"
ACCENT = "luminance(background) > 0.4 ? '#0b6478' : '#4fb3c8'"
PAPER = f"luminance(background) > 0.4 ? 'white' : '{DARK}'"
EDGE: Mapping[str, Any] = {"stroke": OUTLINE, "strokeWidth": 0.6}
# What stands beside the one that a chart is about has no hue: hues are of families of cost.
BESIDE = "#a9b6be"
_BAR_STEP, _LINE = 24, 8
# A character of the private use area: nothing that is declared contains it otherwise.
_SLOT = "\ue000"


@dataclass(frozen=True)
class Chart:
    """A chart with its rows: what it shows, its unit and basis, the Vega-Lite without a title, and its words unseen."""

    title: str
    unit: str
    spec: Spec
    alt: str


# -------------------------------------------------------------------------------------------------- declared and bound


@dataclass(frozen=True)
class Declared:
    """A chart without rows, and the way to each of its slots: keys and positions, the slot's name at the end."""

    spec: Spec
    slots: Mapping[Any, Any]

    def bound(self, rows: Mapping[str, Rows], **words: Any) -> Spec:
        """The chart with rows for its named data and words for its slots, each of which must be given."""
        return {**_filled(self.spec, self.slots, words), "datasets": dict(rows)}


def declared(chart: alt.TopLevelMixin) -> Declared:
    """A chart of altair as it is kept; colours and fonts are left to where it is shown."""
    spec = chart.to_dict()
    spec.pop("config", None)
    return Declared(spec, _slots(spec) or {})


def slot(name: str) -> str:
    """What stands in a declaration for a word that binding fills; alone in a list, it stands for the whole list."""
    return _SLOT + name


def _slots(node: Any) -> Any:
    """The slot that a part of a declaration is, or the way to those that it holds; None without any."""
    if isinstance(node, str):
        return node[1:] if node.startswith(_SLOT) else None
    if isinstance(node, list) and len(node) == 1 and isinstance(node[0], str):
        return _slots(node[0])
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return {key: way for key, part in parts if (way := _slots(part))} or None


def _filled(node: Any, slots: Mapping[Any, Any], words: Mapping[str, Any]) -> Any:
    copy = node.copy()
    for key, way in slots.items():
        copy[key] = words[way] if isinstance(way, str) else _filled(node[key], way, words)
    return copy


# --------------------------------------------------------------------------------------------------------------- words


def money(option: OptionResult) -> str:
    """The currency, or the word where the study gives none."""
    return option.study.currency or "money"


def of(option: OptionResult, unit: str) -> str:
    """A unit with whose figures are shown before it: a chart may be copied out of its page."""
    return f"{option.name}: {unit}"


def wrapped(label: str) -> str:
    """A name in one line or two that stand beside a bar: longer ones where the name needs them."""
    halves = textwrap.wrap(label, max(NAME_LENGTH, len(label) // 2 + LONG_WORD))
    return "\n".join(halves) or label


def lines(title: str, length: int = TITLE_LENGTH) -> list[str]:
    """A title of an axis or a picture, broken where a telephone needs it."""
    return textwrap.wrap(title, length, break_on_hyphens=False)


def in_words(title: str, unit: str, rows: Rows, name: str = "part") -> str:
    """What the rows show, for those who do not see it."""
    listed = "; ".join(f"{row[name]} {row['shown']}" for row in rows)
    return f"{title}, {unit}: {listed}" if unit else f"{title}: {listed}"


def present(tones: Sequence[Tone], rows: Rows) -> list[Tone]:
    """The tones whose label some row holds, in their own order."""
    labels = {row["part"] for row in rows}
    return [tone for tone in tones if tone.label in labels]


# -------------------------------------------------------------------------------------------------- axes, colours, tips


def ink() -> alt.ExprRef:
    """The colour of words and lines inside a chart, by the theme."""
    import altair as alt

    return alt.ExprRef(INK)


def paper() -> alt.ExprRef:
    """The colour around a dot, by the theme."""
    import altair as alt

    return alt.ExprRef(PAPER)


def years() -> alt.X:
    """Years across, in the order of the slot `years`."""
    import altair as alt

    return alt.X("year:O", sort=[slot("years")], axis=alt.Axis(title=None, labelAngle=0, ticks=False))


def amounts(channel: type[alt.X] | type[alt.Y], field: str = "amount", form: str = AMOUNT, **more: Any) -> Any:
    """An axis of amounts: few lines across, none along it; its unit stands above the chart."""
    import altair as alt

    axis = alt.Axis(title=None, tickCount=5, format=form, domain=False, ticks=False)
    return channel(f"{field}:Q", axis=axis, **more)


def tips(**titles: str) -> list[alt.Tooltip]:
    """What shows at the pointer: fields with their titles."""
    import altair as alt

    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def legend(width: int = 170, **more: Any) -> alt.Legend:
    """Keys beneath the chart, as many a row as fit with this width each."""
    import altair as alt

    columns = alt.ExprRef(f"max(1, floor((width + 60) / {width}))")
    return alt.Legend(title=None, orient="bottom", columns=columns, labelLimit=280, **more)


def key(field: str = "part", **more: Any) -> alt.Color:
    """The colour of a part by its label, with a legend; `colours` fills its slots."""
    import altair as alt

    scale = alt.Scale(domain=[slot("part labels")], range=[slot("part colours")])
    return alt.Color(f"{field}:N", scale=scale, legend=legend(**{"symbolStrokeWidth": 0, **more}))


def colours(tones: Sequence[Tone]) -> dict[str, list[str]]:
    """What fills the slots of `key`."""
    return {"part labels": [t.label for t in tones], "part colours": [t.colour for t in tones]}


def rule(data: str, **mark: Any) -> alt.Chart:
    """Lines at the values in these named data, none without any: encode `x` to draw them upright, `y` across."""
    import altair as alt

    quiet: dict[str, Any] = {"color": OUTLINE, "strokeWidth": 1.2, "aria": False, **mark}
    return alt.Chart(alt.NamedData(data)).mark_rule(**quiet)


def zero() -> alt.Chart:
    """The line across the chart at nothing."""
    import altair as alt

    return alt.Chart(alt.sequence(0, 1)).mark_rule(color=OUTLINE, strokeWidth=1.2, aria=False).encode(y=alt.YDatum(0))


def numbered(side: str, labels: str) -> alt.Y:
    """Rows told apart by number, since names may be alike; the parameter `labels` holds what is written at a side."""
    import altair as alt

    # Vega puts the first line of a name where a single one would be: two lines stand around it.
    lines_of = f"split({labels}[datum.value], '\\n')"
    both = {"condition": {"test": f"length({lines_of}) === 2", "value": "bottom"}, "value": "middle"}
    axis = alt.Axis(
        title=None,
        orient=side,  # type: ignore[arg-type]
        labelExpr=lines_of,
        labelBaseline=both,
        labelLimit=LABEL_WIDTH,
        labelPadding=6,
        labelOverlap=False,
        ticks=False,
        domain=False,
    )
    return alt.Y("row:O", axis=axis)


# --------------------------------------------------------------------------------------------------------------- lines

# How a line is drawn by its role: what it is about, what that is compared with, and all others.
BEST, NEXT, OTHER = "best", "next", "other"
_ROLES = ((OTHER, 1.5, (4, 3), SOFT), (NEXT, 2, (1, 0), INK), (BEST, 3, (1, 0), ACCENT))


def ended(x: alt.X, y: alt.Y, points: bool = False, label: Mapping[str, Any] | None = None, **line: Any) -> list[Any]:
    """Lines of the data `rows` (`part`, `role`, `order`), each with the `text` of the data `ends` where it ends.

    `points` puts a dot on the line that it is about; `label` moves the texts, which stand right of the end.
    """
    import altair as alt

    layers: list[Any] = []
    for role, width, dash, colour in _ROLES:
        tone, is_role = alt.ExprRef(colour), f"datum.role === '{role}'"
        dots = alt.OverlayMarkDef(filled=True, size=26, color=tone, aria=False) if points and role == BEST else False
        drawn = alt.Chart(alt.NamedData("rows")).mark_line(
            strokeWidth=width, strokeDash=list(dash), color=tone, point=dots, **line
        )
        weight = 400 if role == OTHER else 600
        placed: dict[str, Any] = {"align": "left", "dx": 7, **(label or {})}
        text = alt.Chart(alt.NamedData("ends")).mark_text(
            fontSize=12, fontWeight=weight, color=tone, limit=190, **placed
        )
        layers += [
            drawn.transform_filter(is_role).encode(
                x=x, y=y, detail="part:N", order="order:Q", tooltip=tips(part=slot("lines"), shown=slot("unit"))
            ),
            text.transform_filter(is_role).encode(x=x, y=y, text="text:N"),
        ]
    return layers


# Labels of lines stand at least this part of the height apart.
_APART = 0.075


def spread(ends: Rows, rows: Rows) -> None:
    """Moves the labels at the ends of lines upwards until none covers another."""
    amounts_of = [row["amount"] for row in rows]
    height = max(0.0, *amounts_of) - min(0.0, *amounts_of)
    ends.sort(key=lambda end: end["amount"])
    for below, above in itertools.pairwise(ends):
        above["amount"] = max(above["amount"], below["amount"] + _APART * height)


# ---------------------------------------------------------------------------------------------------------------- bars


@dataclass(frozen=True)
class Bar:
    """A bar from `start` to `end` with what is written at its right; the tone is what it counts as."""

    name: str
    end: float
    shown: str
    tone: Tone
    start: float = 0.0


def bars(title: str, unit: str, drawn: Sequence[Bar], what: str, keys: Sequence[Tone] = ()) -> Chart:
    """Bars on their side, one beneath the other, each with its name at the left and its figure at the right.

    `what` heads the names at the pointer. With `keys` a legend tells what their colours mean.
    """
    rows: Rows = [
        {
            "row": position,
            "name": bar.name,
            "part": bar.tone.label,
            "colour": bar.tone.colour,
            "from": bar.start,
            "to": bar.end,
            "shown": bar.shown,
        }
        for position, bar in enumerate(drawn)
    ]
    names = [wrapped(bar.name) for bar in drawn]
    tallest = max((name.count("\n") for name in names), default=0)
    spec = _bars(tallest, bool(keys)).bound(
        {"rows": rows},
        names=names,
        shown=[bar.shown for bar in drawn],
        what=what,
        unit=unit or title,
        **colours(present(keys, rows)),
    )
    return Chart(title, unit, spec, in_words(title, unit, rows, "name"))


@cache
def _bars(tallest: int, keyed: bool) -> Declared:
    import altair as alt

    base = alt.Chart(alt.NamedData("rows"))
    bar = base.mark_bar(height={"band": 0.72}, **EDGE).encode(
        y=numbered("left", "names"),
        x=alt.X("to:Q", axis=None),
        x2="from:Q",
        color=key() if keyed else alt.Color("colour:N", scale=None),
        tooltip=tips(name=slot("what"), shown=slot("unit")),
    )
    # A mark that is not seen carries the second axis, which writes the figures.
    figures = base.mark_tick(opacity=0).encode(y=numbered("right", "shown"))
    params = [alt.param(name=name, value=[slot(name)]) for name in ("names", "shown")]
    layers = alt.layer(bar, figures).resolve_axis(y="independent").add_params(*params)
    return declared(layers.properties(height=alt.Step(_BAR_STEP + _LINE * tallest)))
