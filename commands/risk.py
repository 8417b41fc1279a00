"""How sure a study is: simulated outcomes, and results over a grid of two inputs."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import Any

from commands.given import answering, bound, check_pair, whole
from models.studies.scenarios import BASE, applied
from models.studies.study import Study


def add(jobs: Any) -> None:
    """Declare `risk`, `grid` and `cases`."""
    risk = jobs.add_parser("risk", help="simulate the uncertain inputs: percentiles, who is cheapest, what drives it")
    risk.add_argument("study", metavar="STUDY.toml")
    risk.add_argument("--draws", type=whole, metavar="N", help="how many outcomes, the study's unless given")
    risk.add_argument(
        "--seed", type=whole, metavar="S", help="where the random numbers start, the study's unless given"
    )
    risk.add_argument("--option", metavar="A", help="whose drivers, the recommended option's unless named")
    risk.add_argument("--against", metavar="B", help="drivers of the gap to this option")
    risk.add_argument(
        "--know",
        nargs="+",
        action="append",
        default=[],
        metavar="INPUT",
        help="what it is worth to know these inputs together before choosing: paths, or a name such as decode_rate",
    )
    risk.add_argument("--json", action="store_true", help="print one JSON object")
    risk.set_defaults(job=_risk)
    grid = jobs.add_parser("grid", help="a result of every option over a grid of two inputs")
    grid.add_argument("study", metavar="STUDY.toml")
    for axis in ("--x", "--y"):
        grid.add_argument(axis, required=True, type=_axis, metavar="PATH=a:b:n", help="from a to b in n steps")
    grid.add_argument("--metric", metavar="M", help="the result, the one that ranks unless named")
    grid.add_argument(
        "--together",
        action="store_true",
        help="move them in every option that holds the same value from the same source",
    )
    grid.add_argument("--json", action="store_true", help="print one JSON object")
    grid.set_defaults(job=_grid)
    cases = jobs.add_parser("cases", help="the scenarios of a study side by side")
    cases.add_argument("study", metavar="STUDY.toml")
    cases.add_argument("--ranges", action="store_true", help="with Low and High: every input at that end of its range")
    cases.add_argument("--json", action="store_true", help="print one JSON object")
    cases.set_defaults(job=_cases)
    for each in (risk, grid):
        each.add_argument("--case", metavar="NAME", help="in one of the study's scenarios, not as it stands")


@dataclass(frozen=True)
class _Axis:
    path: str
    low: float
    high: float
    points: int


def _axis(text: str) -> _Axis:
    path, _, span = text.rpartition("=")
    parts = span.split(":")
    if not path or len(parts) != 3:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no axis; write PATH=a:b:n, such as study/discount_rate=0.04:0.12:9"
        )
    return _Axis(path, bound(parts[0]), bound(parts[1]), whole(parts[2]))


@answering
def _risk(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.risk import told, worth
    from models.analysis.risk.simulation import simulate

    study = applied(study, options.case or BASE)
    check_pair(options)
    for name in (options.option, options.against):
        study.option(name) if name else None
    made = simulate(study, options.draws, options.seed)
    option = options.option or told.chosen(made)
    groups = [worth.together(made, wanted) for wanted in options.know]
    if not options.json:
        print(told.text(made, option, options.against, groups))
        return 0
    print(json.dumps(told.as_json(made, option, options.against, groups), allow_nan=False))
    for notice in made.notices:
        print(f"{options.study}: {notice}", file=sys.stderr)
    return 0


@answering
def _grid(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.metrics.same_work import NOT_RANKED
    from models.analysis.reporting.grid import as_json, text
    from models.analysis.sensitivity.map import win_map
    from models.analysis.words import listing
    from models.studies.prices import price_labels

    study = applied(study, options.case or BASE)
    x, y = options.x, options.y
    found = win_map(
        study,
        x.path,
        y.path,
        **({"metric": options.metric} if options.metric else {}),
        x_range=(x.low, x.high),
        y_range=(y.low, y.high),
        points=(x.points, y.points),
        borders=False,
        together=options.together,
    )
    print(json.dumps(as_json(found), allow_nan=False) if options.json else text(found))
    left = [option for option in study.options if option.name not in found.options]
    for option in () if options.json else left:
        print(f"\n{option.name} {NOT_RANKED}: {listing(price_labels(study, option))}.")
    return 0


@answering
def _cases(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.reporting.cases import as_json, cases, text
    from models.analysis.risk.ends import with_ends

    study = with_ends(study) if options.ranges else study
    found = cases(study)
    print(json.dumps(as_json(found), allow_nan=False) if options.json else text(found))
    return 0
