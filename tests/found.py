"""Looks for what tests/test_recipes.py adds to a copy of the product: `python -m tests.found WHERE ...` in the copy."""

import math
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PREMIUM = 12_000.0
OPTION = "Buy, colocation"


def covered():
    """A template's study in which one owned option is insured."""
    from models.studies.change import replace
    from models.studies.file.load import load

    study = load(Path("templates/customer_service.toml"))
    return replace(study, f"option/{OPTION}/insurance_premium", PREMIUM, confidence="quoted", source="An offer")


def figures() -> None:
    """Both trees, the totals and every identity."""
    from models.analysis.metrics.headlines import cost_rows
    from models.analysis.metrics.palette import COSTS
    from models.run.model import MODEL
    from models.studies.file.load import load

    result = MODEL.run(covered())
    option = result.options[OPTION]
    without = MODEL.run(load(Path("templates/customer_service.toml"))).options[OPTION]
    paid = option.table("cost_tree")["insurance"]
    assert paid >= 3 * PREMIUM and 0 < option.table("pv_cost_tree")["insurance"] < paid
    assert math.isclose(option.values["lifetime_cost"] - without.values["lifetime_cost"], paid, rel_tol=1e-9)
    assert all(check.holds for check in result.checks)
    assert "Insurance" in [row.label for row in cost_rows(option)]
    assert COSTS["insurance"].colour == COSTS["support"].colour, "a kind has the colour of its family"


def study_file() -> None:
    """The study written and read again."""
    from models.studies.file.load import dumps, loads

    text = dumps(covered())
    assert "insurance_premium" in text
    assert loads(text).option(OPTION).fields["insurance_premium"].value == PREMIUM


def evidence() -> None:
    """The money that rests on the price, and its confidence."""
    from models.analysis.metrics.coverage import rests
    from models.run.model import MODEL

    option = MODEL.run(covered()).options[OPTION]
    found = {each.path: each for each in rests(option)}[f"option/{OPTION}/insurance_premium"]
    assert (found.confidence, found.amount) == ("quoted", option.table("cost_tree")["insurance"])


def bridge() -> None:
    """The bar of the cost between unlike options, and of its driver between the same option with and without it."""
    from models.analysis.decision.bridge import bridge
    from models.run.model import MODEL
    from models.studies.file.load import load

    result = MODEL.run(covered())
    option = result.options[OPTION]
    other = next(o for name, o in result.options.items() if o.option.acquisition not in ("purchase", "loan"))
    unlike = {bar.label: bar.amount for bar in bridge(option, other).bars}
    assert unlike["Insurance"] == option.table("pv_cost_tree")["insurance"]
    without = MODEL.run(load(Path("templates/customer_service.toml"))).options[OPTION]
    bars = {bar.name: bar.amount for bar in bridge(option, without).bars}
    assert math.isclose(bars["facility"], unlike["Insurance"], rel_tol=1e-9)


def method() -> None:
    """METHOD.md as it would be written."""
    from models.analysis.reporting.document import method

    assert "`insurance`" in method() and "Insurance premium" in method()


def workbook() -> None:
    """The input on its sheet, the cost in the comparison and on the calculation, and both in the evidence."""
    from openpyxl import load_workbook

    from models.run.model import MODEL
    from workbook.write import write

    with TemporaryDirectory() as place:
        target = Path(place) / "study.xlsx"
        write(MODEL.run(covered()), target)
        sheets = load_workbook(target)
    said = {
        name: {str(cell.value) for row in sheets[name].iter_rows() for cell in row if cell.value is not None}
        for name in ("Options", "Comparison", "Evidence")
    }
    assert {"Insurance premium", "Insurer"} <= said["Options"]
    assert "Insurance" in said["Comparison"] and "Insurance premium" in said["Evidence"]


def page(section: str):
    """The page of the inputs at a section."""
    from streamlit.testing.v1 import AppTest

    from tests.views.reading import ran

    def shown() -> None:
        from views.inputs import page as inputs

        inputs.show()

    app = ran(AppTest.from_function(shown, default_timeout=60))
    next(each for each in app.radio if each.label == "Section").set_value(section)
    next(each for each in ran(app).selectbox if each.label == "Show").set_value(0)
    return ran(app)


def form() -> None:
    """The field of the input on the page."""
    labels = [each.label for each in page("energy").text_input]
    assert any(label.startswith("Insurance premium") for label in labels), labels


def grid() -> None:
    """The column of the table on the page."""
    columns = [column for frame in page("opex").dataframe for column in frame.value.columns]
    assert "contract" in columns, columns


if __name__ == "__main__":
    for where in sys.argv[1:]:
        globals()[where]()
