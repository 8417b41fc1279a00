"""An input is added in one place and a cost in its chapter and one row: both are then found everywhere.

The additions are made, as a person would make them, to a copy of the product, which then runs by itself.
"""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.soak import later

ROOT = Path(__file__).parents[1]
COPIED = ("models", "store", "templates", "tests", "views", "workbook", "importers", "charts", "documents", "files")
INPUT = """
    _energy.amount(
        "insurance_premium",
        "Insurance premium",
        "money/yr",
        "What cover of the hardware costs in a year.",
        driver="facility",
        moved_by="inflation",
        basic=True,
    ),
    _energy.text("insurer", "Insurer", "Who covers the hardware.", who="procurement"),"""
COLUMN = """
    _opex.text("contract", "Contract", "The contract that it is paid under."),"""
LINE = '''

@line("Insurance", "money", by="year")
def insurance(option_insurance_premium, is_held, inflation_index):
    """The premium, rising with inflation."""
    return is_held * option_insurance_premium * inflation_index
'''
ROW = """    Cost(
        *("insurance", "Insurance", "support", "insurance", RUNNING),
        prices={"option/insurance_premium": "insurance"},
    ),
"""
ADDITIONS = (
    ("models/studies/inputs/schema.py", "_ENERGY: tuple[Field, ...] = (", "_ENERGY: tuple[Field, ...] = (" + INPUT),
    ("models/studies/inputs/schema.py", "_OPEX: tuple[Field, ...] = (", "_OPEX: tuple[Field, ...] = (" + COLUMN),
    ("models/chapters/money/running.py", "lease, api, overflow):", "lease, api, overflow, insurance):"),
    (
        "models/chapters/money/running.py",
        "+ opex + rental + lease + api + overflow\n",
        "+ opex + rental + lease + api + overflow + insurance\n" + LINE,
    ),
    ("models/chapters/money/costs.py", '    Cost("disposals"', ROW + '    Cost("disposals"'),
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product with an input, a column of a table, a line and a row of the costs more."""
    place = tmp_path_factory.mktemp("product")
    for name in COPIED:
        if (ROOT / name).exists():
            copytree(ROOT / name, place / name, ignore=ignore_patterns("__pycache__", "*.png"))
    for name, old, new in ADDITIONS:
        text = (place / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (place / name).write_text(text.replace(old, new), encoding="utf-8")
    return place


def looked(product: Path, *where: str) -> str:
    """What went wrong where a product was searched for the additions; "" if they were found."""
    search = [sys.executable, "-m", "tests.found", *where]
    run = subprocess.run(search, cwd=product, capture_output=True, text=True, timeout=300)
    return run.stderr if run.returncode else ""


WHERE = [("figures", "study_file", "evidence", "bridge", "method"), ("workbook",), ("form", "grid")]


@pytest.mark.parametrize("where", later([(each,) for each in WHERE], lambda at: at == 0), ids=map(" ".join, WHERE))
def test_what_is_added_is_found(product: Path, where: tuple[str, ...]):
    assert not looked(product, *where)


def test_what_is_not_added_is_not_found():
    assert "AssertionError" in looked(ROOT, "method")
