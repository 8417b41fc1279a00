"""The command line: run, explain, check, compare and export studies without a browser.

Exit codes: 0 done, 1 an identity fails (check), 2 bad input (the messages are on standard error).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from models.notation import reader
from models.studies.load import load
from models.studies.problem import Problem, StudyError
from models.studies.study import Study

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return options.job(options)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"cannot write the output ({error.strerror or error}); make room or send it elsewhere", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cli.py", description="Lifetime cost of AI inference, from study files.")
    jobs = parser.add_subparsers(required=True, metavar="command")
    run = jobs.add_parser("run", help="compute studies")
    run.add_argument("studies", nargs="+", metavar="STUDY.toml")
    run.add_argument("--json", action="store_true", help="print one JSON object keyed by path")
    run.set_defaults(job=_run)
    explain = jobs.add_parser("explain", help="open a figure: its formula, values and sources")
    explain.add_argument("study", metavar="STUDY.toml")
    explain.add_argument("option", metavar="OPTION")
    explain.add_argument("line", metavar="LINE")
    explain.set_defaults(job=_explain)
    check = jobs.add_parser("check", help="validate a study and test its identities")
    check.add_argument("study", metavar="STUDY.toml")
    check.set_defaults(job=_check)
    export = jobs.add_parser("export", help="write the workbook of live formulas")
    export.add_argument("study", metavar="STUDY.toml")
    export.add_argument("target", metavar="OUT.xlsx")
    export.add_argument(
        "--without-analysis",
        action="store_true",
        help="leave out the brief, the bridge and the sensitivities, which take a second or two",
    )
    export.set_defaults(job=_export)
    back = jobs.add_parser("import-workbook", help="take the changes typed into an exported workbook")
    back.add_argument("workbook", metavar="FILE.xlsx")
    back.add_argument(
        "--against", required=True, dest="study", metavar="STUDY.toml", help="the study it was exported from"
    )
    how = back.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print the changes as one JSON object")
    how.add_argument("--out", metavar="NEW.toml", help="write the study with every change applied")
    back.add_argument(
        "--changed",
        choices=("own", "sourced"),
        help="what changed values are beside which the source stands: your own figures, or still from that source",
    )
    back.set_defaults(job=_import_workbook)
    bench = jobs.add_parser("import-benchmark", help="read result files of serving benchmarks in one set of units")
    bench.add_argument("files", nargs="+", metavar="FILE")
    bench.add_argument("--accelerators", type=_count, metavar="N", help="how many served, for files that do not say")
    bench.add_argument("--json", action="store_true", help="print one JSON object keyed by path")
    bench.set_defaults(job=_import_benchmark)
    _add_analysis(jobs)
    _add_chart(jobs)
    return parser


def _count(text: str) -> int:
    count = reader.amount(text, reader.POINT).value
    if not isinstance(count, int) or count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of accelerators; give 1 or more")
    return count


def _bound(text: str) -> float:
    """A number as command lines write it, with a decimal point; thousands may be grouped."""
    found = reader.number(text, reader.POINT)
    if found.value is None:
        raise argparse.ArgumentTypeError(f"{text!r}: {found.fault or 'is blank; leave the option out'}")
    return float(found.value)


def _add_analysis(jobs: Any) -> None:
    compare = jobs.add_parser("compare", help="one option against another: NPV, IRR, payback and why they differ")
    tie = jobs.add_parser("breakeven", help="the values of an input at which two options tie")
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
    tie.add_argument("--metric", default="comparison_pv_cost", metavar="NAME", help="the result that should tie")
    tie.add_argument(
        "--together", action="store_true", help="move it in every option that holds the same value from the same source"
    )
    tie.add_argument("--low", type=_bound, help="least value to look at")
    tie.add_argument("--high", type=_bound, help="greatest value to look at")
    tie.set_defaults(job=_break_even)


def _add_chart(jobs: Any) -> None:
    chart = jobs.add_parser("chart", help="save a chart of a study as a picture, SVG or PNG")
    chart.add_argument("study", metavar="STUDY.toml")
    chart.add_argument("name", metavar="NAME", help="such as cost, cash or options; an unknown name lists them all")
    chart.add_argument("--out", required=True, metavar="FILE", help="where to write it: FILE.svg or FILE.png")
    chart.add_argument("--width", type=int, metavar="N", help="pixels across, of an SVG; a PNG has twice as many")
    chart.add_argument("--theme", default="light", metavar="THEME", help="light or dark")
    chart.add_argument("--option", metavar="NAME", help="whose chart, the recommended option's unless named")
    chart.set_defaults(job=_chart)


def _complain(path: str, error: StudyError) -> None:
    for problem in error.problems:
        print(f"{path}: {problem}", file=sys.stderr)


def _loaded(path: str) -> Study | None:
    try:
        return load(path)
    except StudyError as error:
        _complain(path, error)
    except OSError as error:
        print(f"{path}: cannot be read ({error.strerror or error}); check the name and its folder", file=sys.stderr)
    return None


def _answering(job: Callable[[argparse.Namespace, Study], int]) -> Callable[[argparse.Namespace], int]:
    """A job on one study, with bad input answered by messages and its exit code."""

    def answer(options: argparse.Namespace) -> int:
        study = _loaded(options.study)
        if study is None:
            return BAD_INPUT
        try:
            return job(options, study)
        except StudyError as error:
            _complain(options.study, error)
            return BAD_INPUT

    return answer


def _run(options: argparse.Namespace) -> int:
    from models.analysis.decision.decision import told
    from models.analysis.metrics.contract import study_results
    from models.run.model import MODEL

    found: dict[str, Any] = {}
    bad = False
    for path in options.studies:
        study = _loaded(path)
        if study is None:
            bad = True
            continue
        try:
            result = MODEL.run(study)
        except StudyError as error:
            _complain(path, error)
            bad = True
            continue
        if options.json:
            found[path] = study_results(result) | {"recommendation": told(result)}
        else:
            from models.analysis.reporting.run_table import table

            print(table(result))
    if options.json:
        print(json.dumps(found, allow_nan=False))
    return BAD_INPUT if bad else 0


@_answering
def _explain(options: argparse.Namespace, study: Study) -> int:
    from models.run.model import MODEL
    from models.run.opened import explanation

    print(explanation(MODEL.run_option(study, study.option(options.option)), options.line))
    return 0


@_answering
def _check(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.metrics.flags import flags
    from models.analysis.metrics.validity import expired
    from models.run.model import MODEL

    result = MODEL.run(study)
    notes = (*study.warnings, *flags(result), *expired(study, date.today()))
    for note in notes:
        print(f"note: {note}")
    for check in result.checks:
        print(f"{'holds' if check.holds else 'FAILS'}: {check.name} ({check.detail})")
    failed = sum(not c.holds for c in result.checks)
    print(f"{len(result.checks)} checks, {failed} failed, {len(notes)} notes")
    return 0 if not failed else 1


@_answering
def _export(options: argparse.Namespace, study: Study) -> int:
    from models.run.model import MODEL
    from models.studies.toml import replaced
    from workbook.write import write

    content, result, found = io.BytesIO(), MODEL.run(study), None
    if not options.without_analysis:
        from models.analysis.reporting.findings import findings

        found = findings(result)
    write(result, content, findings=found)
    try:
        replaced(Path(options.target), content.getvalue())
    except OSError as error:
        print(f"{options.target}: cannot be written ({error.strerror or error}); choose another place", file=sys.stderr)
        return BAD_INPUT
    return 0


def _question(asked: Sequence[str]) -> str:
    """What a person must say of changed values whose source stands in the workbook as it was."""
    return (
        f"changed, with the source left as it was: {', '.join(asked)}; "
        "give --changed own if these are your figures, --changed sourced if they are still from that source"
    )


@_answering
def _import_workbook(options: argparse.Namespace, study: Study) -> int:
    from models.studies.load import save
    from workbook.read import WorkbookError, read_file

    try:
        found = read_file(options.workbook, study)
        if options.out and found.asked and not options.changed:
            print(f"{options.workbook}: {_question(found.asked)}", file=sys.stderr)
            return BAD_INPUT
        if options.out:
            save(found.sourced if options.changed == "sourced" else found.study, options.out)
    except WorkbookError as error:
        for problem in error.problems:
            print(f"{options.workbook}: {problem}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"{error.filename}: {error.strerror or error}; check the name and its folder", file=sys.stderr)
        return BAD_INPUT
    changes = [vars(change) for change in found.changes]
    if options.json:
        told = {"changes": changes, "warnings": list(found.warnings), "asked": list(found.asked)}
        print(json.dumps(told, allow_nan=False))
        return 0
    for change in found.changes:
        what = "" if change.what == "value" else f" ({change.what})"
        print(f"{change.path}{what}: {change.old!r} becomes {change.new!r}  [{change.name}, {change.cell}]")
    notes = [*found.warnings, *([_question(found.asked)] if found.asked and not options.out else [])]
    for note in notes:
        print(f"note: {note}")
    print(f"{len(changes)} changes" + (f", written to {options.out}" if options.out else ""))
    return 0


def _import_benchmark(options: argparse.Namespace) -> int:
    from importers.records.listing import listing
    from importers.serving import BenchmarkError, read_file, records_as_json

    found: dict[str, Any] = {}
    bad = False
    for path in options.files:
        try:
            records = read_file(path, options.accelerators)
        except BenchmarkError as error:
            for problem in error.problems:
                print(f"{path}: {problem}", file=sys.stderr)
            bad = True
            continue
        except OSError as error:
            print(f"{path}: cannot be read ({error.strerror or error}); check the name", file=sys.stderr)
            bad = True
            continue
        found[path] = records_as_json(records)
        if not options.json:
            print(listing(records))
    if options.json:
        print(json.dumps(found, allow_nan=False))
    return BAD_INPUT if bad else 0


def _check_pair(options: argparse.Namespace) -> None:
    """Raises StudyError where one option is named as both."""
    if options.option is not None and options.option == options.against:
        raise StudyError([Problem("--against", options.against, "is the same option; name another")])


@_answering
def _compare(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.reporting.report import comparison, comparison_text
    from models.run.model import MODEL

    _check_pair(options)
    option, against = (MODEL.run_option(study, study.option(n)) for n in (options.option, options.against))
    found = comparison(option, against)
    print(json.dumps(found, allow_nan=False) if options.json else comparison_text(found))
    return 0


@_answering
def _break_even(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.metrics.measures import footing
    from models.analysis.reporting.report import break_even_json, break_even_text
    from models.analysis.sensitivity.breakeven import break_even
    from models.analysis.sensitivity.vary import variation
    from models.run.model import MODEL

    _check_pair(options)
    varied = variation(study, options.input, options.low, options.high, together=options.together)
    found = break_even(varied, options.option, options.against, options.metric)
    one, two = (MODEL.run_option(study, study.option(name)) for name in (options.option, options.against))
    stand = footing(options.metric, one, two)
    told = (
        json.dumps(break_even_json(found, stand), allow_nan=False)
        if options.json
        else break_even_text(found, varied, stand)
    )
    print(told)
    return 0


@_answering
def _chart(options: argparse.Namespace, study: Study) -> int:
    from charts import named, saved
    from models.studies.spelling import nearest_hint
    from models.studies.toml import replaced

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
        print(f"{options.out}: cannot be written ({error.strerror or error}); choose another place", file=sys.stderr)
        return BAD_INPUT
    return 0


@_answering
def _brief(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.reporting.brief import as_markdown, brief
    from models.run.model import MODEL

    _check_pair(options)
    print(as_markdown(brief(MODEL.run(study), options.option, options.against)), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
