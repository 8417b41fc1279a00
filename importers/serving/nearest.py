"""Of a file of no known format: which known one is nearest, by the words in its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from importers.records.document import Document
from importers.records.format import Format

_WORD = re.compile(r"[a-z_/]{2,}")
# Fewer words than this in common are chance.
FEWEST = 2


def nearest(document: Document, formats: Iterable[Format]) -> Format | None:
    """The format whose fields have most words in common with the file's; None where it is near none."""
    seen = {word for name in _names(document) for word in _WORD.findall(name.lower())}
    counts = {form: len(seen.intersection(form.words.split())) for form in formats}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= FEWEST else None


def _names(document: Document) -> list[str]:
    if document.table:
        return [cell for line in document.table[:3] for cell in line]
    return [name for row in document.rows[:1] for name in _keys(row, 3)] or document.text[:20_000].split()


def _keys(found: Any, deep: int) -> list[str]:
    if not isinstance(found, Mapping) or not deep:
        return []
    return [str(name) for name in found] + [each for inner in found.values() for each in _keys(inner, deep - 1)]
