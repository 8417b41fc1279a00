"""Where this person's data is kept on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER_SETTING = "INFERENCE_TCO_DATA"


def folder() -> Path:
    """The folder of this person's studies; the setting INFERENCE_TCO_DATA names another. Raises OSError without one."""
    if chosen := os.environ.get(FOLDER_SETTING):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:
        raise OSError(f"this account has no home folder; name one in {FOLDER_SETTING}") from None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "inference-tco"
