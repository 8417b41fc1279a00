"""Cost a year over an option's own life: the model's own figure where lives and years agree, a fair one where not."""

from __future__ import annotations

import pytest

from models.analysis.decision.annual import own_life
from models.finance.payments import level_payment
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import load

BUY, RENT = "Buy, colocation", "Rented fleet"


@pytest.fixture(scope="module")
def study():
    return load("templates/customer_service.toml")


def test_it_is_the_models_figure_where_the_life_is_the_horizon(study):
    years = int(study.fields.number("horizon_years"))
    option = MODEL.run(replace_all(study, {f"option/{BUY}/equipment_life": years})).options[BUY]
    found = own_life(option)
    assert found is not None and found.years == years
    assert found.annual_cost == option.number("equivalent_annual_cost")
    assert found.per_response == option.number("comparison_cost_per_meaningful_response")


def test_it_is_the_annuity_of_one_life(study):
    option = MODEL.run(replace_all(study, {f"option/{BUY}/equipment_life": 3})).options[BUY]
    found = own_life(option)
    short = replace_all(option.study, {"study/horizon_years": 3})
    expected = MODEL.run(short).options[BUY].number("pv_cost")
    assert found is not None and expected is not None
    rate = study.fields.number("discount_rate")
    assert found.annual_cost == pytest.approx(float(level_payment(rate, 3, expected)), rel=1e-12)


def test_what_has_no_equipment_of_its_own_has_no_life(study):
    result = MODEL.run(study)
    assert own_life(result.options[RENT]) is None
    assert own_life(result.options["API, same model"]) is None


def test_a_study_that_cannot_cover_the_life_says_so(study):
    changes = {f"option/{BUY}/equipment_life": 2, f"option/{BUY}/months_to_production": 30}
    found = own_life(MODEL.run(replace_all(study, changes)).options[BUY])
    assert found is not None and found.annual_cost is None and "horizon" in found.fault
