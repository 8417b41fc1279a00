"""Where the product quotes the names of its inputs: how far what is known of one input is spread.

    python -m bench.input_names            the average over the inputs, and the files that quote the most of them
    python -m bench.input_names NAME ...   the places that quote these inputs

An input is quoted where a text in the program is its name or the name that formulas give it (`option_pue`). Only names
of more than one word count: `name`, `asset` or `model` stand in programs for much else.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.studies.inputs import schema

ROOT = Path(__file__).resolve().parents[1]
NOT_PRODUCT = frozenset(("tests", "bench", ".venv"))
MOST_FILES = 25

Places = Mapping[str, Mapping[str, Sequence[int]]]


def places() -> Places:
    """By input name the files that quote it, each with the lines at which it does."""
    told = {spelled: e.name for e in schema.FIELDS if "_" in e.name for spelled in (e.name, f"{e.table}_{e.name}")}
    found: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in told.values()}
    for path in sorted(ROOT.rglob("*.py")):
        file = path.relative_to(ROOT)
        if file.parts[0] in NOT_PRODUCT:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in told:
                found[told[str(node.value)]][str(file)].append(node.lineno)
    return found


def report(wanted: Sequence[str]) -> Iterator[str]:
    """The lines to print: the places of the inputs wanted, or without any the average and the files that quote most."""
    found = places()
    for name in wanted:
        yield from (f"{name}: {path}:{','.join(map(str, lines))}" for path, lines in sorted(found[name].items()))
    if wanted:
        return
    counts = [len(files) for files in found.values()]
    yield f"{sum(counts) / len(counts):.2f} files quote an input's name (mean of {len(counts)} inputs)"
    files = Counter(path for each in found.values() for path in each)
    yield from (f"{count:4d} inputs  {path}" for path, count in files.most_common(MOST_FILES))


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in report(sys.argv[1:])))
