"""The history of a study that goes with its figures: the versions that were kept, and who reviewed and approved one.

A workbook bears it (its change log, its sign-off block), and the library keeps it. What a version is of is its seal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.analysis.decision.decision import recommendation
from models.analysis.metrics.measures import RANKED_BY
from models.run.model import Result

# How many digits of a seal tell one export from another where no history numbers them.
SHORT = 8


@dataclass(frozen=True)
class Version:
    """A version of a study but for its content. Moments are seconds since 1970; `approved` is None until then.

    `headline` is what `headline` found when it was kept.
    """

    number: int
    name: str
    note: str
    author: str
    at: float
    headline: Mapping[str, Any]
    seal: str
    reviewer: str
    approver: str
    approved: float | None


def approval(study: str, version: Version, when: str) -> str:
    """What says of an approved version which one it is, `when` being the moment as it is written where it is read."""
    return f"version {version.number}, {version.name}, of {study}, approved by {version.approver}, {when}"


@dataclass(frozen=True)
class Record:
    """The versions kept of a study, the oldest first, and how often it was saved.

    `changed` are, by a version's number, the paths of the inputs that are others than in the version before it; `since`
    those that are others now than in the last.
    """

    versions: tuple[Version, ...]
    revision: int
    changed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    since: tuple[str, ...] = ()

    def standing(self, seal: str) -> Version | None:
        """The version that a study of this seal is, an approved one first, else the newest; None where it is none."""
        found = [each for each in self.versions if each.seal == seal]
        return max(found, key=lambda each: (each.approved is not None, each.number), default=None)


def headline(result: Result) -> dict[str, Any]:
    """What a result comes to: `answer` in a sentence, `figure` what ranks the option that is recommended, in the
    study's money (None where none is)."""
    found = recommendation(result)
    figure = result.options[found.winner].number(RANKED_BY) if found.winner else None
    return {"answer": found.sentence, "figure": figure}


def version_of(seal: str, record: Record | None) -> str:
    """What the study of a seal is called: the number of its version, "2"; after that version's 14th save, "2.14";
    without a history the first digits of its seal. A study that was changed is never called as it was before."""
    if record is None:
        return seal[:SHORT]
    if (standing := record.standing(seal)) is not None:
        return str(standing.number)
    last = record.versions[-1].number if record.versions else 0
    return f"{last}.{record.revision}"
