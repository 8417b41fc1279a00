"""Charts as pictures, SVG and PNG, drawn by vl-convert without a browser and without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from charts.vocabulary import DARK, LIGHT, Chart, Spec, lines

THEMES, FORMATS = ("light", "dark"), ("svg", "png")
WIDTH, NARROWEST, WIDEST = 720, 240, 4000
# Pixels of a PNG for each of the chart's: sharp on paper and on dense screens.
PIXELS = 2
# Of Arial's widths: vl-convert brings a font of the same widths, so that words are measured alike on every machine.
FONT = "Arial, Helvetica, sans-serif"
_PADDING, _TITLE_SIZE, _LETTER = 16, 15, 7.5
# (ground, words, quiet words, lines)
_COLOURS: Mapping[str, tuple[str, str, str, str]] = {
    "light": ("#ffffff", DARK, "#5b6a74", "#e3e9ed"),
    "dark": ("#11181d", LIGHT, "#9fb0ba", "#263239"),
}


def saved(chart: Chart, form: str, width: int = WIDTH, theme: str = "light") -> bytes:
    """The chart as the bytes of a file, `width` pixels wide in all, its title and unit above it.

    `form` is one of `FORMATS` and `theme` one of `THEMES`.
    """
    import vl_convert

    spec, config = picture(chart, width, theme), _config(theme)
    quiet: dict[str, Any] = {"vl_version": _version(spec), "config": config, "allowed_base_urls": []}
    if form == "svg":
        return vl_convert.vegalite_to_svg(spec, **quiet).encode()
    return vl_convert.vegalite_to_png(spec, scale=PIXELS, **quiet)


def picture(chart: Chart, width: int, theme: str) -> Spec:
    """The specification of the picture: the chart with its title, on a ground, as wide as told."""
    letters = int((width - 2 * _PADDING) / _LETTER)
    title = {"text": lines(chart.title, letters), "subtitle": lines(chart.unit, letters)}
    return {
        **chart.spec,
        "title": {**title, "anchor": "start", "frame": "bounds", "offset": 12},
        "description": chart.alt,
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": _PADDING,
        "background": _COLOURS[theme][0],
    }


def _version(spec: Spec) -> str:
    """The version that altair declared the chart in, without its last part: vl-convert knows it by two."""
    return spec["$schema"].rpartition("/v")[2].removesuffix(".json").rpartition(".")[0]


def _config(theme: str) -> dict[str, Any]:
    """Fonts and colours as the app's theme gives them."""
    _, words, quiet, line = _COLOURS[theme]
    axis = {"labelColor": quiet, "titleColor": quiet, "gridColor": line, "domainColor": line, "tickColor": line}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
        "legend": {"labelColor": quiet, "titleColor": quiet, "labelFontSize": 12},
        "title": {
            "color": words,
            "fontSize": _TITLE_SIZE,
            "fontWeight": 600,
            "subtitleColor": quiet,
            "subtitleFontSize": 13,
            "subtitlePadding": 6,
        },
    }
