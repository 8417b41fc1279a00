"""Colours stay apart for everybody: for each kind of colour blindness, and beside each other in grey."""

import math
from itertools import combinations

import pytest

from models.analysis.metrics import palette

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "without blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
APART = 12.5  # CIE 1976 colour difference; 2.3 is just noticeable side by side
GREY_APART = 4.0
WHITE, DARK = "#ffffff", "#11181d"


def linear(colour: str) -> list[float]:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    """The colour as these eyes see it, in CIE Lab under D65."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, light, strict=True)))) for row in SEEN[eyes]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


LISTS = {
    "costs": [tone.colour for tone in palette.FAMILIES.values()],
    "options": list(palette.OPTIONS),
    "time": [tone.colour for tone in palette.TIME.values()],
    "confidence": [tone.colour for tone in palette.CONFIDENCES.values()],
    "energy": [tone.colour for tone in palette.ENERGY.values()],
    "reading and writing": [palette.READING.colour, palette.WRITING.colour],
}


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("name", LISTS)
def test_no_two_colours_look_alike(name: str, eyes: str):
    near = [
        (one, other, round(math.dist(lab(one, eyes), lab(other, eyes)), 1))
        for one, other in combinations(LISTS[name], 2)
        if math.dist(lab(one, eyes), lab(other, eyes)) < APART
    ]
    assert not near


@pytest.mark.parametrize("name", ["costs", "time", "confidence", "energy", "reading and writing"])
def test_neighbours_in_a_stack_differ_in_a_grey_print(name: str):
    greys = [lab(colour, "all colours")[0] for colour in LISTS[name]]
    near = [
        (one, other)
        for one, other, a, b in zip(LISTS[name], LISTS[name][1:], greys, greys[1:], strict=False)
        if abs(a - b) < GREY_APART
    ]
    assert not near


@pytest.mark.parametrize("ground", [WHITE, DARK])
def test_edges_and_lines_can_be_seen(ground: str):
    assert contrast(palette.OUTLINE, ground) >= 3
    for colour in palette.OPTIONS:
        assert contrast(colour, ground) >= 2.2, colour


def test_the_measure_finds_a_pair_that_red_blind_eyes_confuse():
    assert math.dist(lab("#c24a4a", "without red"), lab("#696249", "without red")) < APART
    assert math.dist(lab("#c24a4a", "all colours"), lab("#696249", "all colours")) > 2 * APART


def test_every_option_has_a_colour_and_a_dash_of_its_own():
    looks = [(palette.option_colour(place), palette.option_dash(place)) for place in range(16)]
    assert len(set(looks)) == 16


def test_labels_are_unlike():
    for tones in (palette.COSTS, palette.FAMILIES, palette.TIME, palette.CONFIDENCES, palette.ENERGY):
        assert len({tone.label for tone in tones.values()}) == len(tones)
