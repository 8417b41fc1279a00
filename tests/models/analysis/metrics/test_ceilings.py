"""Ceilings: what limits tokens, what relieves it, and what that is worth as the difference of two full runs."""

from pathlib import Path
from typing import Any

import pytest

from models.analysis.metrics.ceilings import Ceilings, ceilings, disclosure
from models.catalogue.fill import load
from models.notation import writer
from models.run.model import MODEL, OptionResult
from models.studies.change import replace_all
from models.studies.file import load as studies
from models.studies.inputs.paths import segment
from models.studies.study import Study

TEMPLATES = Path(__file__).parents[4] / "templates"
CATALOGUE = load()
SITE = studies.load(TEMPLATES / "power_limited_site.toml")
SERVICE = studies.load(TEMPLATES / "customer_service.toml")
FLEET = studies.load(TEMPLATES / "deepseek_fleet.toml")
BUY = "Buy, colocation"


def run(study: Study, option: str, **fields: Any) -> OptionResult:
    changed = replace_all(study, {f"option/{option}/{name}": value for name, value in fields.items()})
    return MODEL.run_option(changed, changed.option(option))


def view(result: OptionResult) -> Ceilings:
    found = ceilings(result, CATALOGUE)
    assert found is not None
    return found


def relief(result: OptionResult, name: str):
    return next(each for each in view(result).reliefs if each.name == name)


LIMITED = run(SERVICE, BUY, facility_power_kw=12.0)


# ---------------------------------------------------------------------------------------------------------- ceilings


@pytest.mark.parametrize(
    ("study", "option"),
    [(SITE, "H200, air"), (SITE, "B200, liquid"), (SERVICE, BUY), (SERVICE, "Rented fleet"), (FLEET, "As disclosed")],
)
def test_output_is_the_lesser_ceiling_times_availability_and_utilisation(study: Study, option: str):
    for year in view(run(study, option)).years:
        assert year.utilisation is not None
        assert year.output == pytest.approx(year.possible * year.availability * year.utilisation, rel=1e-12)
        assert year.output == run(study, option).years("tokens_per_second")[year.year - 1]
        assert year.possible <= year.compute_ceiling


def test_the_energy_ceiling_is_deliverable_watts_over_joules_per_token():
    """PUE enters once: the meter's power over PUE, or the cooling if it is less."""
    result = run(SITE, "B200, liquid")
    year, fields = view(result).years[0], result.option.fields
    it_kw = min(fields.number("facility_power_kw") / fields.number("pue"), fields.number("cooling_capacity_kw"))
    assert year.joules_per_token is not None
    assert year.energy_ceiling == pytest.approx(it_kw * 1000 / year.joules_per_token)
    per_system = year.compute_ceiling / result.values["installed"][0]
    assert year.joules_per_token == pytest.approx(fields.number("system_power_load_w") / per_system)


def test_without_a_limit_there_is_no_energy_ceiling():
    year = view(run(SERVICE, BUY)).years[0]
    assert year.energy_ceiling is None and year.possible == year.compute_ceiling


def test_what_binds_and_what_would_relieve_it_is_said_in_words():
    assert view(run(SITE, "H200, air")).in_words.startswith("Cooling:")
    assert view(run(SITE, "B200, liquid")).in_words.startswith("Power at the meter:")
    assert view(run(SERVICE, BUY)).in_words.startswith("Demand:")
    assert view(run(FLEET, "As disclosed")).in_words.startswith("Computing:")


def test_an_api_has_no_ceilings():
    api = run(SERVICE, "API, same model")
    assert ceilings(api, CATALOGUE) is None and disclosure(api) == ()


# ----------------------------------------------------------------------------------------------------------- reliefs


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("power", {"facility_power_kw": 1012.0}),
        ("pue", {"pue": 1.10}),
        ("energy", {"system_power_load_w": 7752 / 1.4, "system_power_idle_w": 2568 / 1.4}),
    ],
)
def test_a_relief_is_worth_the_difference_of_two_full_runs(name: str, fields: dict[str, float]):
    after = run(SERVICE, BUY, **({"facility_power_kw": 12.0} | fields))
    found = relief(LIMITED, name)
    for line, gap in (("comparison_pv_cost", -(found.worth or 0.0)), ("pv_cost", found.cost)):
        assert after.values[line] - LIMITED.values[line] == pytest.approx(gap, rel=1e-6)
    tokens = after.values["lifetime_output_tokens"] - LIMITED.values["lifetime_output_tokens"]
    assert found.tokens == pytest.approx(tokens, rel=1e-6) and tokens > 0
    responses = after.values["meaningful_responses"] - LIMITED.values["meaningful_responses"]
    assert found.responses == pytest.approx(responses, rel=1e-6)
    ranked = after.number("comparison_cost_per_meaningful_response")
    assert found.cost_per_response == pytest.approx(ranked, rel=1e-12)


def test_more_power_is_worth_something_only_where_power_binds():
    assert set(LIMITED.years("binding")) == {"power"}
    assert (relief(LIMITED, "power").worth or 0) > 0
    assert set(relief(LIMITED, "power").binding) == {"demand"}
    cooled = relief(run(SITE, "H200, air"), "power")
    assert cooled.tokens == 0 and set(cooled.binding) == {"cooling"}
    assert relief(run(SITE, "H200, air"), "cooling").tokens > 0


def test_the_next_megawatt_of_a_fixed_fleet_is_filled_with_whole_systems():
    result = run(SITE, "H200, air")
    found = relief(result, "filled")
    per_system = result.values["load_kw"] * result.values["pue"]
    count = int(1000 / per_system)
    cooling = writer.count(1000 / result.values["pue"])
    assert found.label == f"1,000 kW more at the meter and {cooling} kW more of cooling, filled with {count} systems"
    fields = result.option.fields
    after = run(
        SITE,
        "H200, air",
        systems=int(fields.number("systems")) + count,
        facility_power_kw=fields.number("facility_power_kw") + 1000,
        cooling_capacity_kw=fields.number("cooling_capacity_kw") + 1000 / result.values["pue"],
    )
    tokens = after.values["lifetime_output_tokens"] - result.values["lifetime_output_tokens"]
    assert found.tokens == pytest.approx(tokens)


def test_what_cannot_be_raised_or_bettered_is_not_offered():
    assert {each.name for each in view(run(SERVICE, BUY)).reliefs} == {"pue", "energy"}
    assert {each.name for each in view(run(SERVICE, BUY, pue=1.05)).reliefs} == {"energy"}
    assert view(run(SERVICE, "Rented fleet")).reliefs == ()


def test_a_pue_by_its_parts_is_exchanged_whole():
    parts = {"pue": None, "ups_efficiency": 0.9, "cooling_overhead": 0.4, "facility_power_kw": 12.0}
    result = run(SERVICE, BUY, **parts)
    whole = run(SERVICE, BUY, facility_power_kw=12.0, pue=1.10)
    assert relief(result, "pue").cost_per_response == whole.number("comparison_cost_per_meaningful_response")


def test_unpriced_work_has_no_worth_and_says_what_to_set():
    names = [segment(row.text("name")) for row in SITE.workloads]
    worthless = replace_all(SITE, {f"workload/{name}/value_per_response": None for name in names})
    short = relief(run(worthless, "H200, air"), "cooling")
    assert short.worth is None and "set a fallback price" in short.note
    beyond = relief(run(worthless, "B200, liquid"), "filled")
    assert beyond.worth is None and "more than is asked for" in beyond.note


def test_more_than_is_asked_for_is_worth_the_margin_it_earns():
    before = run(FLEET, "Peak fleet with staff")
    found = relief(before, "system")
    after = run(FLEET, "Peak fleet with staff", systems=int(before.option.fields.number("systems")) + 1)
    earned, more = before.number("margin_npv"), after.number("margin_npv")
    assert earned is not None and more is not None
    assert found.worth == pytest.approx(more - earned) and "margin" in found.note


# -------------------------------------------------------------------------------------------------------- disclosure


def test_the_disclosure_block_has_energy_limit_power_output_quality_and_latency():
    result = run(SITE, "B200, liquid")
    block = {each.name: each for each in disclosure(result)}
    year = view(result).years[0]
    assert block["joules_at_load"].value == year.joules_per_token
    assert block["joules_over_life"].value == result.number("joules_per_output_token_facility")
    assert block["binding"].value == "power"
    assert block["delivered"].value == year.delivered_kw == pytest.approx(1000 / 1.2)
    assert block["output"].value == year.output
    assert {"quality", "ttft_ms", "tpot_ms", "tpot_target_ms", "model"} <= set(block)
    assert all(each.unit for each in block.values() if isinstance(each.value, float))


def test_what_is_not_known_has_no_value_rather_than_zero():
    block = {each.name: each.value for each in disclosure(run(SERVICE, "Rented fleet"))}
    assert block["delivered"] is None and block["joules_at_load"] is None and block["pue"] is None
    assert block["quality"] is None


def test_a_year_outside_the_study_is_refused():
    with pytest.raises(IndexError, match="year 6"):
        disclosure(run(SERVICE, BUY), 6)
