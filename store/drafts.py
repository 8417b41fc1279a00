"""Drafts: what a person is working on, kept in a local file after each edit, so that a reload loses nothing.

One file a session, in a folder of its own for each browser. Nothing leaves the machine, and nobody is offered what was
typed in another browser: the folder's name follows from a secret that only that browser knows.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from models.studies import load
from models.studies.problem import StudyError
from models.studies.study import Study

FOLDER_SETTING = "INFERENCE_TCO_DATA"
KEPT_DRAFTS = 10
KEPT_DAYS = 30
_SECONDS_PER_DAY = 86_400
# "2|mask|masked token|time": the same token is masked anew in every cookie.
_MASKED = re.compile(r"2\|([0-9a-f]{8})\|([0-9a-f]+)\|\d+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """A draft on disk: its file, its study's title, and when it was written (seconds since 1970)."""

    path: Path
    title: str
    written: float


def folder() -> Path:
    """Where this person's data is kept on this machine."""
    if chosen := os.environ.get(FOLDER_SETTING):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "inference-tco"


def new_name() -> str:
    """A name for the draft of a new session."""
    return secrets.token_hex(8)


def browser(cookie: str) -> str:
    """The folder name for the browser that sends this cookie, the same at every visit; "" for none."""
    if not cookie:
        return ""
    masked = _MASKED.fullmatch(cookie)
    token = _unmasked(bytes.fromhex(masked[1]), masked[2]) if masked else cookie.encode()
    return hashlib.sha256(b"draft folder of " + token).hexdigest()[:32]


def _unmasked(mask: bytes, masked: str) -> bytes:
    hidden = bytes.fromhex(masked[: len(masked) // 2 * 2])
    return bytes(byte ^ mask[index % len(mask)] for index, byte in enumerate(hidden))


def keep(browser: str, name: str, kept: Study) -> None:
    """Write the draft of a session. A disk that refuses is logged and does not stop the work."""
    if not browser:
        return
    place = folder() / "drafts" / browser
    try:
        if not place.is_dir():
            place.mkdir(parents=True, mode=0o700)
        target = place / f"{name}.toml"
        is_new = not target.exists()
        load.save(kept, target)
        if is_new:
            _prune(place)
    except OSError as error:
        _log.warning("the draft could not be kept: %s", error)


def newest(browser: str, besides: str) -> Draft | None:
    """The draft of this browser that was written last, but not the one named `besides`; None if there is none."""
    if not browser:
        return None
    place = folder() / "drafts" / browser
    try:
        found = [path for path in place.glob("*.toml") if path.stem != besides]
        latest = max(found, key=lambda path: path.stat().st_mtime, default=None)
        if latest is None or _is_old(latest):
            return None
        title = load.load(latest).fields.text("title")
        return Draft(latest, title, latest.stat().st_mtime)
    except (OSError, StudyError) as error:
        _log.warning("the draft could not be read: %s", error)
        return None


def read(draft: Draft) -> Study:
    """The study in a draft. Raises StudyError if it can no longer be read."""
    return load.load(draft.path)


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > KEPT_DAYS * _SECONDS_PER_DAY


def _prune(place: Path) -> None:
    """Drop the oldest drafts of a browser beyond the number kept, and all that are too old."""
    newest_first = sorted(place.glob("*.toml"), key=lambda path: path.stat().st_mtime, reverse=True)
    for index, path in enumerate(newest_first):
        if index >= KEPT_DRAFTS or _is_old(path):
            path.unlink(missing_ok=True)
