"""Whether a workbook is as it was exported: every input that was changed, every formula that is another."""

from __future__ import annotations

import os
from dataclasses import dataclass

from files.limits import WORKBOOK, Refused, loaded
from models.studies import load
from models.studies.problem import StudyError
from models.studies.study import Study
from workbook.overwritten import Overwritten, of, overwritten
from workbook.read import WORDS, Change, WorkbookError, opened, read_archive

UNSEALED = "the workbook bears no seal: it was exported by an earlier version, or its last sheet was removed"


@dataclass(frozen=True)
class Verdict:
    """What differs from the export; nothing where it is as it was. `problems` are inputs that cannot be read."""

    seal: str
    study: Study
    changes: tuple[Change, ...]
    formulas: tuple[Overwritten, ...]
    problems: tuple[str, ...]

    @property
    def as_exported(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.formulas or self.problems)


def verify_file(path: str | os.PathLike[str]) -> Verdict:
    """`verify` for a file on disk. Raises OSError for one that cannot be read."""
    try:
        return verify(loaded(path, WORKBOOK))
    except Refused as refused:
        raise WorkbookError([refused.told(WORDS)]) from None


def verify(content: bytes) -> Verdict:
    """Compare a workbook with what it was when it was exported, by what it says of itself.

    Raises WorkbookError for what is no workbook of this app, or bears no seal.
    """
    try:
        archive = opened(content)
        held = of(archive)
        if held is None:
            raise WorkbookError([UNSEALED])
        formulas = tuple(overwritten(archive, held))
    except Refused as refused:
        raise WorkbookError([refused.told(WORDS)]) from None
    try:
        study = load.loads(held.study)
    except StudyError:
        raise WorkbookError(["the study that the workbook holds of itself is damaged; export it anew"]) from None
    try:
        return Verdict(held.seal, study, read_archive(archive, study).changes, formulas, ())
    except Refused as refused:
        raise WorkbookError([refused.told(WORDS)]) from None
    except WorkbookError as error:
        return Verdict(held.seal, study, (), formulas, error.problems)
