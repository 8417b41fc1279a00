"""The valid name that was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

LONGEST_LISTED = 8
# So many names are offered as the one meant.
MOST_MEANT = 3
# Up to so many letters begin too many names.
SHORT = 2
# How alike two names must be, from 0 to 1, and how many that are so are looked at.
CLOSE, CANDIDATES = 0.6, 5
# How alike two words of a name are that mean the same: "write" and "price" are at 0.6.
SAME_WORD = 0.65
_WORD = re.compile(r"[^\W_]+")


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that `name` probably means (case and small slips ignored), or None if no single one is close."""
    found = _likely(name, valid)
    return found[0] if len(found) == 1 else None


def _likely(name: str, valid: Iterable[str]) -> list[str]:
    """The valid names that `name` may mean, in order; several only where its words begin those of each.

    "years" begins a word of horizon_years; "tokens" one of three names. Otherwise a slip is within a word. A name of
    several words whose other words are quite unlike is another quantity, and none is better than that: price_input is
    not what price_cache_write meant.
    """
    by_folded = {entry.casefold(): entry for entry in valid}
    meant = str(name).casefold()
    if meant not in by_folded and (begun := [each for each in by_folded if _begins(meant, each)]):
        cut_short = [each for each in begun if len(_words(each)) == len(_words(meant))]
        return [by_folded[each] for each in cut_short or begun]
    close = difflib.get_close_matches(meant, by_folded, n=CANDIDATES, cutoff=CLOSE)
    return [by_folded[found] for found in close if _same_quantity(meant, found)][:1]


def _begins(name: str, valid: str) -> bool:
    """Whether each word of a name begins one of a valid name; of one or two letters nothing is said."""
    words = _words(name) if len(name) > SHORT else []
    return bool(words) and all(any(each.startswith(word) for each in _words(valid)) for word in words)


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
    """`; did you mean "x"?` if a valid name is close, or a few are, else nothing: the end of an error message."""
    close = [f'"{each}"' for each in _likely(name, valid)]
    return f"; did you mean {' or '.join(close)}?" if 0 < len(close) <= MOST_MEANT else ""


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """As `nearest_hint`, and where nothing is close the valid names themselves, if they are few."""
    names = list(dict.fromkeys(valid))
    listed = ", ".join(f'"{each}"' for each in names)
    few = f"; valid: {listed}" if 0 < len(names) <= LONGEST_LISTED else ""
    return nearest_hint(name, names) or few
