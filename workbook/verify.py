"""Whether a workbook is as it was exported: every input that was changed, every formula that is another."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, replace

from files.limits import WORKBOOK, Refused, loaded
from models.analysis.reporting.findings import findings
from models.analysis.reporting.record import Record, Version
from models.analysis.reporting.seal import seal
from models.run.model import MODEL
from models.studies.file import load
from models.studies.inputs.problem import StudyError
from models.studies.study import Study
from workbook.overwritten import Overwritten, of, overwritten
from workbook.read import WORDS, Change, WorkbookError, opened, read_archive
from workbook.sheets.front import cover
from workbook.write import write
from workbook.writing import sealed, stamp

UNSEALED = "the workbook bears no seal: it was exported by an earlier version, or its last sheet was removed"
RESEALED = f"{sealed.TITLE}: the seal is not that of the study it stands beside; one of the two was changed"


@dataclass(frozen=True)
class Verdict:
    """What differs from the export; nothing where it is as it was. `problems` are inputs that cannot be read.

    `anew` tells that the formulas were held against those that this app writes, not against the marks in the file.
    """

    seal: str
    study: Study
    changes: tuple[Change, ...]
    formulas: tuple[Overwritten, ...]
    problems: tuple[str, ...]
    anew: bool = False

    @property
    def as_exported(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.formulas or self.problems)

    @property
    def computes_the_same(self) -> bool:
        """Whether this version of the model comes to the seal. Raises StudyError where the study cannot be run."""
        return RESEALED not in self.problems if self.anew else seal(MODEL.run(self.study)) == self.seal


def verify_file(path: str | os.PathLike[str]) -> Verdict:
    """`verify`, then `held_against_anew` for a file on disk. Raises OSError for one that cannot be read."""
    try:
        content = loaded(path, WORKBOOK)
        return held_against_anew(content, verify(content))
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


def held_against_anew(content: bytes, found: Verdict) -> Verdict:
    """The verdict on a workbook, its formulas held against those that this app writes for its study anew.

    So a formula that was changed together with its mark is named as well. The verdict stays as it is where another
    version of the app wrote the workbook, which alone could write it anew. Takes as long as an export. Raises
    StudyError for a study that can no longer be computed.
    """
    archive = opened(content)
    held = of(archive)
    if held is None or held.program != sealed.program():
        return found
    result = MODEL.run(found.study)
    if seal(result) != held.seal:
        return replace(found, problems=(*found.problems, RESEALED), anew=True)
    signed = any(cover.SIGNED in text for text in archive.formulas(cover.TITLE).values())
    made = io.BytesIO()
    analysed = findings(result) if stamp.BRIEF in held.marks else None
    write(result, made, findings=analysed, record=_signed(held.seal) if signed else None)
    anew = of(opened(made.getvalue()))
    assert anew is not None
    return replace(found, formulas=tuple(overwritten(archive, anew)), anew=True)


def _signed(seal: str) -> Record:
    """A history in which the study of a seal is a version: where it is one, the cover has a formula more."""
    return Record((Version(1, "", "", "", 0.0, {}, seal, "", "", None),), 1)
