"""Questions asked of a study: two options compared, break-evens, the brief."""

from __future__ import annotations

import argparse
import json
from typing import Any

from commands.given import answering, bound, check_pair
from models.studies.study import Study


def add(jobs: Any) -> None:
    """Declare `compare`, `breakeven` and `brief`."""
    compare = jobs.add_parser(
        "compare", help="one option against another: NPV, IRR, payback and the bridge between them"
    )
    tie = jobs.add_parser("breakeven", help="break-even values of an input")
    for each in (compare, tie):
        each.add_argument("study", metavar="STUDY.toml")
        each.add_argument("--option", required=True, metavar="A", help="the option looked at")
        each.add_argument("--against", required=True, metavar="B", help="the option it is compared with")
        each.add_argument("--json", action="store_true", help="print one JSON object")
    compare.set_defaults(job=_compare)
    words = jobs.add_parser("brief", help="the decision in words, as Markdown")
    words.add_argument("study", metavar="STUDY.toml")
    words.add_argument("--option", metavar="A", help="the option looked at, the recommended one unless named")
    words.add_argument("--against", metavar="B", help="the option it is compared with, the next best unless named")
    words.set_defaults(job=_brief)
    tie.add_argument("--input", required=True, metavar="PATH", help="such as option/NAME/pue or study/discount_rate")
    tie.add_argument("--metric", default="comparison_pv_cost", metavar="NAME", help="the result that should be equal")
    tie.add_argument(
        "--together", action="store_true", help="move it in every option that holds the same value from the same source"
    )
    tie.add_argument("--low", type=bound, help="least value to look at")
    tie.add_argument("--high", type=bound, help="greatest value to look at")
    tie.set_defaults(job=_break_even)


@answering
def _compare(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.reporting.report import comparison, comparison_text
    from models.run.model import MODEL

    check_pair(options)
    option, against = (MODEL.run_option(study, study.option(n)) for n in (options.option, options.against))
    found = comparison(option, against)
    print(json.dumps(found, allow_nan=False) if options.json else comparison_text(found))
    return 0


@answering
def _break_even(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.metrics.measures import comparable_by
    from models.analysis.reporting.report import break_even_json, break_even_text
    from models.analysis.sensitivity.breakeven import break_even
    from models.analysis.sensitivity.vary import variation
    from models.run.model import MODEL

    check_pair(options)
    varied = variation(study, options.input, options.low, options.high, together=options.together)
    found = break_even(varied, options.option, options.against, options.metric)
    one, two = (MODEL.run_option(study, study.option(name)) for name in (options.option, options.against))
    stand = comparable_by(options.metric, one, two)
    told = (
        json.dumps(break_even_json(found, stand), allow_nan=False)
        if options.json
        else break_even_text(found, varied, stand)
    )
    print(told)
    return 0


@answering
def _brief(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.reporting.brief import as_markdown, brief
    from models.analysis.reporting.findings import simulated
    from models.run.model import MODEL

    check_pair(options)
    found = brief(MODEL.run(study), options.option, options.against, simulated=simulated(study))
    print(as_markdown(found), end="")
    return 0
