"""One colour for each family of cost, option, confidence and use of time, the same on every page, chart and sheet.

Every list was searched for colours that stay apart for people who see red, green or blue poorly (Machado, Oliveira and
Fernandes 2009, full severity) and neighbours in a stack that differ in lightness too, so that a grey print can be read;
tests/models/test_palette.py measures it. Marks carry `OUTLINE`, which is visible on white and on the dark background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.chapters.money import costs
from models.studies.inputs import schema


@dataclass(frozen=True)
class Tone:
    """What a colour stands for, in plain words, and the colour as #rrggbb."""

    label: str
    colour: str


OUTLINE = "#78858d"
ACCENT = "#0b6478"
# Options have no hues: the recommended one has the accent, the next best ink, all others greys.
INK = "#0c171e"
GREYS: Sequence[str] = ("#8a979f", "#c6ced3", "#5b6a74", "#a8b3b9", "#dde2e5", "#737f87")
DEARER, CHEAPER = Tone("Costs more", "#c9843e"), Tone("Costs less", "#7fb6a0")

FAMILIES: Mapping[str, Tone] = {each.name: Tone(each.label, each.colour) for each in costs.FAMILIES}
# A kind of cost has the colour of its family: words tell kinds apart, colours families.
COSTS: Mapping[str, Tone] = {name: Tone(cost.label, FAMILIES[cost.family].colour) for name, cost in costs.COSTS.items()}
# What unserved requests cost elsewhere: beside the cost tree, in comparisons only.
INTERIM = FAMILIES[costs.FALLBACK.name]

# By the option's place in the study; the ninth begins anew, told apart by its dashes.
OPTIONS: Sequence[str] = (
    *("#7a8ef1", "#d1700b", "#40a784", "#af89b6"),
    *("#85469f", "#ba8c51", "#49666f", "#995043"),
)
DASHES: Sequence[tuple[int, ...]] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (10, 4), (4, 4), (1, 3), (12, 3, 3, 3))

# What accelerator time that is paid for goes into, in the order of `models.analysis.idle`.
TIME: Mapping[str, Tone] = {
    "used": Tone("Serving", "#0b6478"),
    "planned": Tone("Planned headroom (average)", "#eeaf46"),
    "waiting": Tone("Off-peak idle time", "#f3d489"),
    "headroom": Tone("Peak headroom", "#c07f9c"),
    "rounding": Tone("Whole-server rounding", "#8fa6e8"),
    "downtime": Tone("Downtime", "#5c3a1e"),
    "power": Tone("Power or cooling limit", "#953e00"),
    "delivery": Tone("Before go-live", "#c9d3da"),
    "committed": Tone("Commitment not needed", "#4b3a86"),
}


def _confidence(name: str, colour: str) -> Tone:
    return Tone(schema.confidence_label(name).capitalize(), colour)


CONFIDENCES: Mapping[str, Tone] = {
    "assumed": _confidence("assumed", "#e2a24a"),
    "published": _confidence("published", "#f3d489"),
    "measured": _confidence("measured", "#7fb5a4"),
    "quoted": _confidence("quoted", "#3f7fb8"),
    "contracted": _confidence("contracted", "#1d3a66"),
    schema.OWN: _confidence(schema.OWN, "#0b6478"),
    "": Tone("Not stated", "#e3e7ea"),
}

READING = Tone("Input", "#8cbcbc")
WRITING = Tone("Output (generated)", "#204971")

# From the power station to the chip, warm to cool.
ENERGY: Mapping[str, Tone] = {
    "source_energy_kwh": Tone("Generation", "#953e00"),
    "facility_energy_kwh": Tone("Meter", "#eeaf46"),
    "it_energy_kwh": Tone("Servers (IT)", "#459cf4"),
    "chip_energy_kwh": Tone("Chips", "#204971"),
}


def option_colour(position: int) -> str:
    """The colour of the option at a place of the study, from 0."""
    return OPTIONS[position % len(OPTIONS)]


def option_dash(position: int) -> tuple[int, ...]:
    """The dash pattern that tells the option's line apart without its colour."""
    return DASHES[(position + position // len(OPTIONS)) % len(DASHES)]
