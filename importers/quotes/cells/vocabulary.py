"""The words that quotes use, as `vocabulary.toml` lists them: a word more is a word there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

Words = Mapping[str, tuple[str, ...]]

_FILE = Path(__file__).with_suffix(".toml")
_SECTIONS: Mapping[str, Words] = {
    section: {name: tuple(words) for name, words in lists.items()}
    for section, lists in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
}
COLUMNS, LABELS = _SECTIONS["columns"], _SECTIONS["labels"]
SERVICES, EQUIPMENT = _SECTIONS["services"], _SECTIONS["equipment"]
FURTHER = _SECTIONS["further"]
