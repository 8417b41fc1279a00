"""Whether an exported workbook is as it was, and whether it is one that was approved."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.given import complain, unreadable
from models.analysis.reporting import record
from models.notation import writer
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

ANEW = "held against the workbook that this version writes of the same study anew"
AS_MARKED = (
    "another version of this app wrote it: its formulas were held against the marks that it bears, so that one "
    "rewritten together with its mark is not found"
)


def add(jobs: Any) -> None:
    """Declare `verify`: exit code 0 as exported, 1 it differs, 2 bad input."""
    verify = jobs.add_parser(
        "verify", help="whether a workbook is as exported or approved; names each cell that differs"
    )
    verify.add_argument("workbook", metavar="FILE.xlsx")
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(job=_verify)


@dataclass(frozen=True)
class _Standing:
    """What the library says of a workbook: where it is, and the approved version that this one is, if it is one.

    `unknown` is why that cannot be told; None where it can.
    """

    library: str | None = None
    study: str = ""
    version: record.Version | None = None
    unknown: str | None = None

    def __str__(self) -> str:
        if self.unknown:
            return f"whether it was approved cannot be told: {self.unknown}"
        if self.version is None:
            return f"not an approved version: the library at {self.library} has no approval of this study and seal"
        assert self.version.approved is not None
        when = writer.moment(datetime.fromtimestamp(self.version.approved))
        return f"exported from {record.approval(self.study, self.version, when)}"

    def as_json(self) -> dict[str, object]:
        """The same for a program; `approved` is null where it is none."""
        version = self.version
        told = version and {
            **{"study": self.study, "version": version.number, "name": version.name, "approver": version.approver},
            **{"reviewer": version.reviewer or None, "moment": version.approved},
        }
        return {"library": self.library, "approved": told, "unknown": self.unknown}


def _standing(seal: str, study: Study) -> _Standing:
    from store import database, desk, versions
    from store.database import StoreError

    try:
        if not database.exists():
            return _Standing(unknown=f"there is no library at {database.place()}")
        name, version = versions.approved(desk.shelf(), seal, study) or ("", None)
        return _Standing(database.place(), name, version)
    except StoreError as error:
        return _Standing(unknown=str(error))


def _verify(options: argparse.Namespace) -> int:
    from workbook.read import WorkbookError
    from workbook.verify import verify_file

    try:
        found = verify_file(options.workbook)
        same = found.computes_the_same
    except (WorkbookError, StudyError) as error:
        return complain(options.workbook, error)
    except OSError as error:
        return unreadable(options.workbook, error)
    standing = _standing(found.seal, found.study)
    if options.json:
        told = {
            "as_exported": found.as_exported,
            "seal": found.seal,
            "seal_recomputed": same,
            "held_against_anew": found.anew,
            "inputs": [vars(change) for change in found.changes],
            "formulas": [vars(each) for each in found.formulas],
            "problems": list(found.problems),
            **standing.as_json(),
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
    print(ANEW if found.anew else AS_MARKED)
    print(standing)
    return 0 if found.as_exported else 1
