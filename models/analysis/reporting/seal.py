"""The seal of a study as it was computed: one text for its inputs, the formulas and the headline figures.

Two results have one seal where all three agree; who approved a figure approved all three.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from models.analysis.metrics.measures import RANKED_BY
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.file import load

# Beyond these digits two machines may differ in a figure.
DIGITS = 12
HEADLINES = (
    *(RANKED_BY, "cost_per_meaningful_response", "lifetime_cost_per_million_output_tokens"),
    *("pv_cost", "comparison_pv_cost"),
)


def seal(result: Result) -> str:
    """64 hexadecimal digits (SHA-256) over the study file, the formulas' text and the headline figures."""
    figures = {
        name: {each: _rounded(option.number(each)) for each in HEADLINES} for name, option in result.options.items()
    }
    parts = {"inputs": load.dumps(result.study), "formulas": formulas(), "figures": figures}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def formulas() -> str:
    """The digest of every line's formula, by name: another model has another."""
    text = "\n".join(f"{name} = {line.formula!r}" for name, line in sorted(MODEL.lines.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else writer.rounded(figure, DIGITS)
