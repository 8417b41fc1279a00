"""Whether two checkouts compute the same: `run --json` of every template and of random studies, compared to the bit.

    python -m bench.same_results OTHER_CHECKOUT [STUDIES]

Studies are drawn by this checkout's own strategies, written as TOML, and run by each checkout's command line in a
process of its own. Prints the first differences by path; the exit code is 1 where there are any.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.studies.file import toml
from tests.strategies import BLOCK_BYTES, study_from

ROOT = Path(__file__).parents[1]
STUDIES, SHOWN = 500, 20
# What is told in words may become better; a figure may not.
WORDS = re.compile(r"/warnings\b|/checks\[\d+\]/detail")
# Runs in the checkout that is its working directory: every study's results as one line of JSON.
WORKER = """
import contextlib, io, sys
sys.path.insert(0, ".")
import cli
for path in sys.stdin.read().split():
    told, failed = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(failed):
        code = cli.main(["run", path, "--json"])
    print((told.getvalue() if code == 0 else '"' + str(code) + '"').replace("\\n", " "))
"""


def drawn(number: int, folder: Path) -> list[Path]:
    """So many random studies as files; the same ones at every call."""
    chance = random.Random(20261129)
    paths = [folder / f"{index:04}.toml" for index in range(number)]
    for path in paths:
        path.write_text(toml.written(study_from(chance.randbytes(BLOCK_BYTES))), encoding="utf-8")
    return paths


def results(checkout: Path, paths: list[Path]) -> list[str]:
    """Every study's results as that checkout prints them."""
    names = "\n".join(str(path) for path in paths)
    run = subprocess.run([sys.executable, "-c", WORKER], cwd=checkout, input=names, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{checkout}: {run.stderr[-2000:]}")
    return run.stdout.splitlines()


def differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:
    """Where two results differ, as path and both figures."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(ours.get(key, "absent"), theirs.get(key, "absent"), f"{place}/{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (one, two) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, two, f"{place}[{index}]")
    elif ours != theirs:
        yield f"{place}: {ours!r} here, {theirs!r} there"


def main() -> None:
    """Compare this checkout with the one named."""
    other = Path(sys.argv[1]).resolve()
    number = int(sys.argv[2]) if len(sys.argv) > 2 else STUDIES
    with tempfile.TemporaryDirectory() as folder:
        paths = [*sorted((ROOT / "templates").glob("*.toml")), *drawn(number, Path(folder))]
        ours, theirs = results(ROOT, paths), results(other, paths)
        assert len(ours) == len(theirs) == len(paths)
        told = [
            f"{path.name}{each}"
            for path, one, two in zip(paths, ours, theirs, strict=True)
            if one != two
            for each in differences(json.loads(one), json.loads(two))
        ]
    found = [each for each in told if not WORDS.search(each)]
    said = (
        f"{len(paths)} studies: {len(found)} figures differ, {len(told) - len(found)} sentences of warnings or checks"
    )
    sys.stdout.write("\n".join([said, *found[:SHOWN]]) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
