"""Drafts of an earlier version, a file each in a folder of every browser: taken into the library once."""

from __future__ import annotations

from pathlib import Path

from models.studies.file import load
from models.studies.inputs.problem import StudyError
from store.database import StoreError
from store.folder import folder
from store.shelf import Shelf

FOLDER, TAKEN = "drafts", "drafts taken into the library"


def take_over(shelf: Shelf, owner: str, browser: str = "") -> int:
    """Put the drafts of a browser, or of all, into the library; how many. What cannot be read stays where it is.

    Raises StoreError where the library does not take them; then they stay too.
    """
    taken = 0
    try:
        place = folder() / FOLDER
        found = sorted(place.glob(f"{browser or '*'}/*.toml"), key=lambda path: path.stat().st_mtime)
    except OSError:
        return 0
    for path in found:
        try:
            study = load.load(path)
        except (OSError, StudyError):
            continue
        shelf.add(study, owner=owner, author=study.author, origin="Draft of an earlier version")
        _aside(path)
        taken += 1
    return taken


def _aside(path: Path) -> None:
    """The file, moved where it is not taken again; it is never deleted."""
    target = folder() / TAKEN / path.parent.name
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target / path.name)
    except OSError as error:
        raise StoreError(f"a draft could not be moved ({error.strerror})", f"allow writing to {folder()}") from None
