"""One study or several: computed, opened, checked, written as a workbook."""

from __future__ import annotations

import argparse
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from commands.given import BAD_INPUT, answering, complain, loaded, unwritable
from models.studies.inputs.problem import StudyError
from models.studies.study import Study


def add(jobs: Any) -> None:
    """Declare `run`, `explain`, `check` and `export`."""
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
    export.add_argument(
        "--paper",
        type=str.casefold,
        choices=("a4", "letter"),
        help="what it prints on; by default as the currency tells",
    )
    export.set_defaults(job=_export)


def _run(options: argparse.Namespace) -> int:
    from models.analysis.decision.decision import told
    from models.analysis.metrics.contract import study_results
    from models.run.model import MODEL

    found: dict[str, Any] = {}
    bad = False
    for path in options.studies:
        study = loaded(path)
        if study is None:
            bad = True
            continue
        try:
            result = MODEL.run(study)
        except StudyError as error:
            complain(path, error)
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


@answering
def _explain(options: argparse.Namespace, study: Study) -> int:
    from models.run.model import MODEL
    from models.run.opened import explanation

    print(explanation(MODEL.run_option(study, study.option(options.option)), options.line))
    return 0


@answering
def _check(options: argparse.Namespace, study: Study) -> int:
    from models.analysis.decision.negotiation import expired
    from models.analysis.metrics.flags import flags
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


@answering
def _export(options: argparse.Namespace, study: Study) -> int:
    from models.run.model import MODEL
    from models.studies.file.toml import replaced
    from workbook.write import write
    from workbook.writing.page import PAPERS

    content, result, found = io.BytesIO(), MODEL.run(study), None
    if not options.without_analysis:
        from models.analysis.reporting.findings import findings

        found = findings(result)
    chosen = next((each for each in PAPERS if each.casefold() == options.paper), None)
    write(result, content, findings=found, paper=chosen)
    try:
        replaced(Path(options.target), content.getvalue())
    except OSError as error:
        return unwritable(options.target, error)
    return 0
