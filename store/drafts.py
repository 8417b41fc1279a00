"""Drafts: what a person is working on, kept in a local file after each edit, so that a reload of the page loses nothing.

One file a session, in a folder of its own for each browser; nothing leaves the machine.
"""

from __future__ import annotations

import secrets

from models.study import Study


def new_name() -> str:
    """A name for the draft of a new session."""
    return secrets.token_hex(8)


def keep(name: str, study: Study) -> None:
    """Write the draft."""
