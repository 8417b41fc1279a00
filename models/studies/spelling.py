"""The valid name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST_LISTED = 8


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name most like `name` (case and small slips ignored), or None if nothing is close."""
    by_folded = {entry.casefold(): entry for entry in valid}
    close = difflib.get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def nearest_hint(name: str, valid: Iterable[str]) -> str:
    """`; did you mean "x"?` if a valid name is close, else nothing: the end of an error message."""
    close = nearest(name, valid)
    return "" if close is None else f'; did you mean "{close}"?'


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """As `nearest_hint`, and where nothing is close the valid names themselves, if they are few."""
    names = list(valid)
    listed = ", ".join(f'"{each}"' for each in names)
    few = f"; valid: {listed}" if 0 < len(names) <= LONGEST_LISTED else ""
    return nearest_hint(name, names) or few
