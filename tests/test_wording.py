"""One term for each thing: the words that people are not shown, looked for in every text of the product."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from models.run.model import MODEL

ROOT = Path(__file__).parent.parent
SHOWN = ("views", "models", "workbook", "charts", "commands", "documents")
# Words of earlier versions that are still read where somebody pastes them, and never shown, stand under this keyword.
READ_ONLY = "formerly"
# What each thing is called, and the words for it that are not used: the glossary of the design, row by row.
TERMS: dict[str, tuple[str, ...]] = {
    "response": ("answer", "meaningful response", "accepted answer", "good answer"),
    "cost per meaningful response, printed per 1,000 responses": ("cost per response", "discounted; ranks the options"),
    "undiscounted, over the study period": ("lifetime",),
    "generated tokens": ("tokens written",),
    "input tokens": ("tokens read",),
    "reasoning tokens": ("thinking tokens",),
    "input speed, output speed": ("reading speed", "writing speed"),
    "cached share of input": ("share of input read from cache",),
    "success rate": ("chance that one attempt gives",),
    "maximum attempts": ("most attempts", "tries"),
    "escalation to staff": ("hand-over", "handover"),
    "guardrails and retrieval": ("processing",),
    "fallback": (
        *("interim", "price elsewhere", "served elsewhere", "bought elsewhere", "cost elsewhere", "costs elsewhere"),
        *("requests not served, valued", "unmet work", "unmet request"),
    ),
    "unserved requests": ("not served", "unmet requests"),
    "cost of idle capacity": ("standing by", "standing cost", "what stands by"),
    "utilisation of paid capacity": ("share in use", "capacity in use", "% busy"),
    "planned peak utilisation": ("planned load at the peak",),
    "peak-to-average load": ("busiest hour over average",),
    "deferrable share": ("share that can wait",),
    "acquisition": ("way to get it",),
    "resale": ("disposals", "what the equipment is sold for"),
    "take-or-pay share": ("unused commitment that is paid",),
    "early-termination fee": ("fee for leaving the commitment",),
    "prepayment": ("with the order",),
    "mid-year discounting": ("running costs fall mid-year",),
    "present value of cost": ("present value to compare", "present value for comparison"),
    "total cost, undiscounted": ("lifetime cost",),
    "cash needed in year 1": ("it takes",),
    "levelised cost, total cost": ("all-in cost",),
    "saving": ("net present value of choosing", "more spent"),
    "break-even": ("tie", "they tie", "change places"),
    "cheapest-option map": ("which wins where",),
    "sensitivity": ("what moves", "how far this moves"),
    "bridge": ("what leads from",),
    "next best": ("comes next", "ahead"),
    "eligible": ("stand for choice", "stands for choice", "may be chosen"),
    "comparable": ("stands side by side", "totals compare"),
    "your figure": ("no source yet", "yours", "has a source"),
    "warnings, errors": ("remarks",),
    "at the server": ("at the servers' inlet",),
    "limiting factor": ("what limits output", "active binding constraint"),
    "version": ("since the last edit",),
    "base case, plan": ("as the study stands", "today"),
    "workload": ("kind of work",),
    "model replica": ("copy of the model", "copies of the model", "per model copy"),
    "server, GPU or accelerator": ("box",),
    "owner": ("who can answer",),
    # Words that came after the glossary.
    "resume": ("you were working on",),
    "on-demand rental": ("rental on demand",),
    "current, out of date": ("figures are those of this run", "inputs were changed since"),
    "invested, in total": ("laid out", "added up"),
    "go-live": ("months to production", "order to production"),
}
# Words of the glossary's "not" column that are looked for nowhere, since they are plain English in another meaning, and
# what that is here.
PLAIN: dict[str, str] = {
    "reading": "what the model does with its input, as in the split of the cost by reading and writing",
    "writing": "what the model does for its output, likewise",
    "output tokens": "of a measurement, which is read and told as benchmarks print it",
    "counted": "taken into account; what a cost is charged by is its basis",
    "why": "a reason; the bridge's own title is the design's \"Why renting beats buying\"",
    "compared with": "what the reference option is for, and one of two that are picked",
    "cheapest": 'least in cost, eligible or not; the design\'s own in "probability cheapest"',
    "now": "in time: before and after a change, or against later",
    "part": "a portion of something",
}
# The phrases in which a word that is looked for stands for something else.
MEANT: dict[str, tuple[str, ...]] = {
    # What the user sees of a response is its answer, and so are its tokens; the verb; a question of the app itself.
    "answer": (
        *("answer tokens", "answer and reasoning tokens", "the answer that the user sees", "before the answer"),
        *("tries per answer", "four answers", "quick answers", "answer the question"),
        *("--answers", "answers.json", "answers to what is asked", "write names and answers"),
    ),
    # The metric keeps the product's name, and the glossary of the workbook explains it.
    "meaningful response": ("cost per meaningful response",),
    "cost per response": ("cost-per-response formula",),
    # People type it; it is read.
    "tries": ("tries per answer",),
    # Two people who saved the same study have one save each.
    "yours": ("yours stands", "yours takes the place", "yours becomes a study"),
    # Of a price that falls from the day of purchase on.
    "today": ("as multiples of today's", "days from today", "ask for today's", "today is", "--today"),
    # The question of a new study.
    "kind of work": ("kind of work",),
    # Names under which the app keeps what it shows.
    "remarks": ("study remarks", "measure remarks"),
    "tie": ("tie by",),
}


def texts(source: str) -> list[tuple[int, str]]:
    """Every text of a program that is no docstring and not only read, with the line where it begins."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    docs |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == READ_ONLY}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def plain(text: str) -> str:
    """A text in small letters with single spaces; "" for one word in small letters, which is a name of the code."""
    return "" if re.fullmatch("[a-z_]+", text.strip()) else " ".join(text.split()).casefold()


def holds(text: str, term: str) -> bool:
    """Whether a plain text holds a term, or its plural, as whole words that mean what they say."""
    if term not in text:  # far quicker than to look for words
        return False
    for phrase in MEANT.get(term, ()):
        text = text.replace(phrase, "")
    return re.search(rf"(?<!\w){re.escape(term)}s?(?!\w)", text) is not None


@cache
def shown() -> list[tuple[str, str]]:
    """What people are shown, and where it stands: the texts of the product, and what the lines of the model are called
    and said to be, in METHOD.md, the workbook and the app."""
    files = [path for room in SHOWN for path in sorted((ROOT / room).rglob("*.py"))]
    said = [
        (f"{path.relative_to(ROOT)}:{line}", plain(text))
        for path in files
        for line, text in texts(path.read_text(encoding="utf-8"))
    ]
    return said + [(f"line {name}", plain(f"{line.label}: {line.meaning}")) for name, line in MODEL.lines.items()]


@pytest.mark.parametrize("term", TERMS)
def test_a_thing_has_one_name(term: str):
    told = {f"{where} {other!r}" for where, text in shown() for other in TERMS[term] if holds(text, other)}
    assert not told, f"say {term!r}: {sorted(told)}"


def test_every_exception_is_needed():
    said = [text for _, text in shown()]
    assert not {phrase for phrases in MEANT.values() for phrase in phrases if not any(phrase in text for text in said)}
    assert not {word for word in PLAIN if not any(holds(text, word) for text in said)}
    assert not PLAIN.keys() & {other for others in TERMS.values() for other in others}


def test_another_name_is_found_in_texts_and_not_in_what_explains_the_code():
    source = '"""Most attempts of a study."""\nx = f"Most  attempts: {1}"  # most attempts\n'
    source += 'y = f(formerly="Most attempts")\n'
    assert [(line, holds(plain(text), "most attempts")) for line, text in texts(source)] == [(2, True)]
    assert not holds("most attempts", "most attemp") and holds("lifetime costs", "lifetime cost")
    assert plain("interim ") == "" and not holds("answer tokens", "answer")
