"""Results that the tests of charts look at, each computed once."""

from functools import cache
from pathlib import Path

from models.run.model import MODEL, OptionResult, Result
from models.studies.file.load import load
from models.studies.study import Study

TEMPLATES = Path(__file__).parents[2] / "templates"
VENDORS = ("Vendor A, expensed", "Vendor B, expensed")
SERVICE = ("Rented fleet", "API, same model")


@cache
def result(name: str = "customer_service") -> Result:
    return MODEL.run(load(TEMPLATES / f"{name}.toml"))


def study(name: str = "customer_service") -> Study:
    return result(name).study


def option(name: str, of: str = "customer_service") -> OptionResult:
    return result(of).options[name]
