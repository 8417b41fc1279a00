"""The reading of `models.analysis.decision.WORDS` that writes Excel: its slots become cells."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from models.analysis.decision.decision import WORDS
from workbook.writing.formula import literal


def sentence(key: str, cells: Mapping[str, str]) -> str:
    """The expression, without an equals sign, that says the sentence with what stands in the cells of its slots."""
    parts: list[str] = []
    for text, slot, _, _ in Formatter().parse(WORDS[key]):
        if text:
            parts.append(literal(text))
        if slot:
            parts.append(cells[slot])
    return "&".join(parts)
