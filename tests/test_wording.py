"""One term for each thing: the words that people are not shown, looked for in every text of the product."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHOWN = ("views", "models", "workbook", "charts", "commands", "documents")
# Words of earlier versions that are still read where somebody pastes them, and never shown.
READ_ONLY = "views/inputs/tables/former.py"
# What each thing is called, and the words for it that are not used.
TERMS: dict[str, tuple[str, ...]] = {
    "generated tokens": ("tokens written",),
    "input tokens": ("tokens read per request",),
    "reasoning tokens": ("thinking tokens",),
    "input speed, output speed": ("reading speed", "writing speed"),
    "cached share of input": ("share of input read from cache",),
    "maximum attempts": ("most attempts",),
    "escalation to staff": ("hand-over to a person",),
    "fallback": ("bought elsewhere", "requests not served, valued", "price elsewhere", "unmet work"),
    "unserved requests": ("not served", "unmet requests"),
    "version": ("since the last edit",),
    "resume": ("you were working on",),
    "on-demand rental": ("rental on demand",),
    "current, out of date": ("figures are those of this run", "inputs were changed since"),
    "prepayment": ("with the order",),
    "bridge": ("what leads from",),
    "saving": ("net present value of choosing",),
    "break-even": ("they tie", "change places"),
    "sensitivity": ("what moves",),
    "at the server": ("at the servers' inlet",),
    "cost of idle capacity": ("standing by costs", "standing cost", "what stands by"),
    "utilisation of paid capacity": ("capacity in use",),
    "planned peak utilisation": ("planned load at the peak",),
    "peak-to-average load": ("busiest hour over average",),
    "deferrable share": ("share that can wait",),
    "take-or-pay share": ("unused commitment that is paid",),
    "early-termination fee": ("fee for leaving the commitment",),
    "present value of cost": ("present value to compare", "present value for comparison"),
    "limiting factor": ("what limits output", "active binding constraint"),
    "eligible": ("stand for choice", "stands for choice", "may be chosen"),
    "next best": ("comes next at",),
    "base case": ("as the study stands today",),
    "owner": ("who can answer",),
    "model replica": ("copy of the model", "per model copy"),
    "go-live": ("months to production", "order to production"),
    "responses": ("meaningful responses, discounted.",),
}


def texts(source: str) -> list[tuple[int, str]]:
    """Every text of a program that is no docstring, with the line where it begins."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def found(term: str, said: Iterable[tuple[int, str]]) -> list[int]:
    """The lines whose texts hold a term, in any case, as whole words."""
    wanted = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
    return [line for line, text in said if wanted.search(" ".join(text.split()))]


@cache
def product() -> dict[str, list[tuple[int, str]]]:
    """The texts of every file of the product, by its path."""
    files = [path for room in SHOWN for path in sorted((ROOT / room).rglob("*.py")) if path != ROOT / READ_ONLY]
    return {str(path.relative_to(ROOT)): texts(path.read_text(encoding="utf-8")) for path in files}


@pytest.mark.parametrize("term", TERMS)
def test_a_thing_has_one_name(term: str):
    told = {
        f"{path}:{line} {other!r}"
        for path, said in product().items()
        for other in TERMS[term]
        for line in found(other, said)
    }
    assert not told, f"say {term!r}: {sorted(told)}"


def test_another_name_is_found_in_texts_and_not_in_what_explains_the_code():
    source = '"""Most attempts of a study."""\nx = f"Most attempts: {1}"  # most attempts\n'
    assert found("most attempts", texts(source)) == [2]
    assert not found("most attempt", texts(source))
