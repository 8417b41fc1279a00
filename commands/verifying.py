"""Whether an exported workbook is as it was."""

from __future__ import annotations

import argparse
import json
from typing import Any

from commands.given import complain, unreadable
from models.notation import writer
from models.studies.problem import StudyError


def add(jobs: Any) -> None:
    """Declare `verify`: exit code 0 as exported, 1 it differs, 2 bad input."""
    verify = jobs.add_parser("verify", help="whether a workbook is as exported; names each cell that differs")
    verify.add_argument("workbook", metavar="FILE.xlsx")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(job=_verify)


def _verify(options: argparse.Namespace) -> int:
    from models.analysis.reporting.seal import seal
    from models.run.model import MODEL
    from workbook.read import WorkbookError
    from workbook.verify import verify_file

    try:
        found = verify_file(options.workbook)
    except WorkbookError as error:
        return complain(options.workbook, error)
    except OSError as error:
        return unreadable(options.workbook, error)
    try:
        same = seal(MODEL.run(found.study)) == found.seal
    except StudyError as error:
        return complain(options.workbook, error)
    if options.json:
        told = {
            "as_exported": found.as_exported,
            "seal": found.seal,
            "seal_recomputed": same,
            "inputs": [vars(change) for change in found.changes],
            "formulas": [vars(each) for each in found.formulas],
            "problems": list(found.problems),
        }
        print(json.dumps(told, allow_nan=False))
        return 0 if found.as_exported else 1
    for change in found.changes:
        what = "" if change.what == "value" else f" ({change.what})"
        print(f"input {change.path}{what}: {change.old!r} became {change.new!r}  [{change.cell}]")
    for line in (*found.formulas, *found.problems):
        print(line)
    number = len(found.changes) + len(found.formulas) + len(found.problems)
    print("as exported" if found.as_exported else f"different from the export: {writer.number_of(number, 'cell')}")
    again = "this version computes the same" if same else "this version of the model computes another"
    print(f"seal {found.seal}: {again}")
    return 0 if found.as_exported else 1
