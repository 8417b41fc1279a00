"""The valid name that was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

LONGEST_LISTED = 8
# How alike two names must be, from 0 to 1, and how many that are so are looked at.
CLOSE, CANDIDATES = 0.6, 5
# How alike two words of a name are that mean the same: "write" and "price" are at 0.6.
SAME_WORD = 0.65
_WORD = re.compile(r"[^\W_]+")


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name most like `name` (case and small slips ignored), or None if nothing is close.

    A slip is within a word. A name of several words whose other words are quite unlike is another quantity, and none
    is better than that: price_input is not what price_cache_write meant.
    """
    by_folded = {entry.casefold(): entry for entry in valid}
    meant = str(name).casefold()
    close = difflib.get_close_matches(meant, by_folded, n=CANDIDATES, cutoff=CLOSE)
    return next((by_folded[found] for found in close if _same_quantity(meant, found)), None)


def _same_quantity(name: str, valid: str) -> bool:
    """Whether each word of the shorter name has one of its own like it in the other; of single words any do."""
    fewer, more = sorted((_words(name), _words(valid)), key=len)
    if len(fewer) == len(more) == 1:
        return True
    for word in fewer:
        near = [each for each in more if each.startswith(word) or word.startswith(each)]
        near = near or difflib.get_close_matches(word, more, n=1, cutoff=SAME_WORD)
        if not near:
            return False
        more.remove(near[0])
    return True


def _words(name: str) -> list[str]:
    return _WORD.findall(name)


def nearest_hint(name: str, valid: Iterable[str]) -> str:
    """`; did you mean "x"?` if a valid name is close, else nothing: the end of an error message."""
    close = nearest(name, valid)
    return "" if close is None else f'; did you mean "{close}"?'


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """As `nearest_hint`, and where nothing is close the valid names themselves, if they are few."""
    names = list(dict.fromkeys(valid))
    listed = ", ".join(f'"{each}"' for each in names)
    few = f"; valid: {listed}" if 0 < len(names) <= LONGEST_LISTED else ""
    return nearest_hint(name, names) or few
