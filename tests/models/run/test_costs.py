"""Every kind of cost is one row: its line, its prices and its place in the tree agree with the model."""

import pytest

from models.chapters.money.costs import COSTS, RESALE
from models.engine.expression import FormulaError, names
from models.engine.line import stacked
from models.run.model import MODEL
from models.studies.inputs import schema


@pytest.mark.parametrize("cost", COSTS.values(), ids=list(COSTS))
def test_a_cost_has_a_line_of_money_by_year_that_the_trees_read(cost):
    line = MODEL.lines[cost.line]
    assert (line.unit, line.shape.row, line.shape.column, line.adds) == ("money", None, "year", "sum")
    assert cost.line in names(MODEL.lines["cost_flows"].formula)
    dated = names(MODEL.lines["discounted_flows"].formula)
    assert (cost.line in dated) != (cost.dated == RESALE)


@pytest.mark.parametrize("cost", COSTS.values(), ids=list(COSTS))
def test_the_money_of_a_price_is_a_line_in_money(cost):
    for place, line in cost.prices.items():
        table, name = place.split("/")
        assert schema.field(table, name).kind == "number"
        assert MODEL.lines[line].unit == "money"


def test_every_cost_rests_on_items_or_prices_and_resale_on_none():
    # What overflows is paid at the prices of another option.
    assert [cost.name for cost in COSTS.values() if not (cost.items or cost.prices)] == ["overflow", "disposals"]
    assert {cost.items for cost in COSTS.values()} == {"", "capex", "opex"}


def test_every_way_to_get_an_option_is_quoted_as_one_cost():
    assert sorted(way for cost in COSTS.values() for way in cost.offers) == sorted(schema.ACQUISITIONS)


def test_both_trees_hold_the_costs_in_the_order_of_the_table():
    assert {MODEL.plan.stacks[name] for name in ("cost_flows", "discounted_flows")} == {tuple(COSTS)}


@pytest.mark.parametrize("text", ["water_cost if water_cost else 0", "water_cost // 2", "'text' + water_cost.real"])
def test_a_row_outside_the_language_is_refused_by_the_name_of_its_table(text: str):
    with pytest.raises(FormulaError, match="the table of trees"):
        stacked("trees", "Trees", "money", by="cost year", meaning="Rows.", rows={"water": text})
