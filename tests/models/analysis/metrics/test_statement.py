"""The cash-flow statement adds up by row and column to the lines of the model: before tax, after it and financed."""

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from models.analysis.decision.difference import difference, payments
from models.analysis.metrics.statement import QUARTERS, Statement, difference_of, statement
from models.chapters.money.costs import COSTS, FAMILIES
from models.run.model import MODEL, OptionResult
from models.studies.file.load import from_dict, load
from tests.strategies import studies

TEMPLATES = sorted((Path(__file__).parents[4] / "templates").glob("*.toml"))


def near(amount: float, size: float) -> Any:
    return pytest.approx(amount, rel=1e-9, abs=1e-9 * (1 + abs(size)))


def holds(option: OptionResult, found: Statement) -> None:
    values = option.values
    whole = values["lifetime_cost"] + sum(values["interim_cost"])
    size = sum(abs(amount) for line in found.families for amount in line.amounts)
    assert found.net.total == near(whole, size)
    for period, net in enumerate(found.net.amounts):
        assert sum(line.amounts[period] for line in found.families) == near(net, size)
    assert list(found.cumulative.amounts) == list(accumulate(found.net.amounts))
    if found.tax:
        taxed = payments(option, after_tax=True)
        after = sum((*taxed.starts, *taxed.running, taxed.final))
        assert found.tax[-1].total == near(after, size)
    if found.financing:
        drawn, interest, principal, after = found.financing
        assert -drawn.total == near(values["loan_draw"], size)
        assert principal.total == near(values["loan_draw"], size), "what is drawn is repaid"
        assert after.total == near(found.net.total + interest.total, size)


@settings(max_examples=40)
@given(studies())
def test_it_adds_up_to_the_model(tables: dict[str, Any]) -> None:
    for option in MODEL.run(from_dict(tables)).options.values():
        holds(option, statement(option))
        holds(option, statement(option, quarterly=True))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_quarters_add_up_to_their_years(path: Path) -> None:
    for option in MODEL.run(load(path)).options.values():
        years, quarters = statement(option), statement(option, quarterly=True)
        assert len(quarters.periods) == QUARTERS * len(years.periods) and not quarters.financing
        for year, amount in enumerate(years.net.amounts):
            assert sum(quarters.net.amounts[QUARTERS * year :][:QUARTERS]) == near(amount, years.net.total)


def test_purchases_fall_as_a_year_begins_and_the_last_resale_as_it_ends() -> None:
    option = MODEL.run(load(TEMPLATES[0])).options["Buy, colocation"]
    found = {line.label: line.amounts for line in statement(option, quarterly=True).families}
    assert found["Hardware"][:QUARTERS] == (option.values["capex"][0], 0.0, 0.0, 0.0)
    assert found["Resale, grants and credits"][-QUARTERS:] == (0.0, 0.0, 0.0, -option.values["final_disposal"])
    assert len(set(found["Staff"][:QUARTERS])) == 1


@pytest.mark.parametrize("after_tax", [False, True])
def test_what_one_saves_against_another_is_the_difference(after_tax: bool) -> None:
    result = MODEL.run(load(TEMPLATES[0]))
    ours, theirs = (result.options[name] for name in ("Buy, colocation", "Rented fleet"))
    saved, found = difference(ours, theirs, after_tax=after_tax), difference_of(statement(ours), statement(theirs))
    whole = sum((*saved.starts, *saved.running, saved.final))
    assert (found.tax[-1] if after_tax else found.net).total == near(whole, whole)
    assert sum(line.total for line in found.families) == near(found.net.total, whole)


def test_every_kind_of_cost_is_in_one_family() -> None:
    kinds = [kind for family in FAMILIES for kind in family.kinds]
    assert sorted(kinds) == sorted(COSTS)
