"""What was typed into an exported workbook, taken back into its study."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from commands.given import BAD_INPUT, answering, complain, unreadable, unwritable
from models.studies.study import Study


def add(jobs: Any) -> None:
    """Declare `import-workbook`."""
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


def _question(asked: Sequence[str]) -> str:
    """What a person must say of changed values whose source stands in the workbook as it was."""
    return (
        f"changed, with the source left as it was: {', '.join(asked)}; "
        "give --changed own if these are your figures, --changed sourced if they are still from that source"
    )


@answering
def _import_workbook(options: argparse.Namespace, study: Study) -> int:
    from models.studies.file.load import save
    from workbook.read import WorkbookError, read_file

    try:
        found = read_file(options.workbook, study)
    except WorkbookError as error:
        return complain(options.workbook, error)
    except OSError as error:
        return unreadable(options.workbook, error)
    if options.out and found.asked and not options.changed:
        print(f"{options.workbook}: {_question(found.asked)}", file=sys.stderr)
        return BAD_INPUT
    try:
        if options.out:
            save(found.sourced if options.changed == "sourced" else found.study, options.out)
    except OSError as error:
        return unwritable(options.out, error)
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
