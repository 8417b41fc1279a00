"""Charts saved as pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from commands.given import BAD_INPUT, answering, count, unwritable
from models.studies.study import Study


def add(jobs: Any) -> None:
    """Declare `chart`."""
    chart = jobs.add_parser("chart", help="save a chart of a study as a picture, SVG or PNG")
    chart.add_argument("study", metavar="STUDY.toml")
    chart.add_argument("name", metavar="NAME", help="such as cost, cash or options; an unknown name lists them all")
    chart.add_argument("--out", required=True, metavar="FILE", help="where to write it: FILE.svg or FILE.png")
    chart.add_argument("--width", type=count, metavar="N", help="pixels across, of an SVG; a PNG has twice as many")
    chart.add_argument("--theme", default="light", metavar="THEME", help="light or dark")
    chart.add_argument("--option", metavar="NAME", help="whose chart, the recommended option's unless named")
    chart.set_defaults(job=_chart)


@answering
def _chart(options: argparse.Namespace, study: Study) -> int:
    from charts import named, saved
    from models.studies.file.toml import replaced
    from models.studies.inputs.spelling import nearest_hint

    form, width = Path(options.out).suffix.removeprefix(".").lower(), options.width or saved.WIDTH
    for what, given, valid in (
        ("chart", options.name, named.CHARTS),
        ("ending of --out", form, saved.FORMATS),
        ("--theme", options.theme, saved.THEMES),
    ):
        if given not in valid:
            print(f"{what} {given!r} is not known{nearest_hint(given, valid)}; use {', '.join(valid)}", file=sys.stderr)
            return BAD_INPUT
    if not saved.NARROWEST <= width <= saved.WIDEST:
        print(f"--width {width} must be from {saved.NARROWEST} to {saved.WIDEST} pixels", file=sys.stderr)
        return BAD_INPUT
    found = named.chart(study, options.name, options.option)
    if found is None:
        print(f"{options.study}: the chart {options.name} has nothing to show here; try another", file=sys.stderr)
        return BAD_INPUT
    try:
        replaced(Path(options.out), saved.saved(found, form, width, options.theme))
    except OSError as error:
        return unwritable(options.out, error)
    return 0
