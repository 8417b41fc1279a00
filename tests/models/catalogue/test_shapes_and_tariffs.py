"""Shapes of the day and tariffs by the hour: what the catalogue offers goes into a study as its source has it."""

import math

import pytest

from models.analysis.quickstart.quick_start import quick_start
from models.catalogue.shapes import OFFICE_DAY, load_shapes, shape_row, shape_table
from models.catalogue.tariffs import tariff, tariffs
from models.run.model import MODEL
from models.studies.file import load as studies
from models.studies.file.load import to_dict
from models.studies.inputs import week
from models.studies.study import Study

BASE = quick_start(20_000, "Llama-3.3-70B", "Chat").study


def with_shape(name: str) -> Study:
    tables = to_dict(BASE)
    tables["load_shape"] = [shape_table(name)]
    tables["workload"][0] |= {"load_shape": name}
    tables["workload"][0].pop("peak_to_average", None)
    return studies.from_dict(tables)


@pytest.mark.parametrize("shape", load_shapes(), ids=lambda shape: shape.name)
def test_every_shape_makes_a_study_that_runs_and_says_where_it_is_from(shape):
    study = with_shape(shape.name)
    assert all(check.holds for check in MODEL.run(study).checks)
    weekday = study.load_shapes[0]["weekday"]
    assert weekday.confidence == "assumed" or (weekday.source and weekday.url)
    assert weekday.note


def test_no_peak_is_told_of_a_fleet_that_no_peak_sizes():
    tables = to_dict(with_shape(OFFICE_DAY))
    owned = next(option for option in tables["option"] if option["acquisition"] == "purchase")
    owned |= {"sizing": "fixed", "systems": 3, "utilisation": 0.5}
    found = MODEL.run(studies.from_dict(tables)).options[owned["name"]]
    for name in ("peak_accelerators", "replicas", "systems_for_demand"):
        assert set(found.years(name)) == {None}, name


def test_an_office_day_peaks_at_four_point_two_times_the_mean_of_the_year_and_is_assumed():
    """24 hours over 8, 7 days over 5."""
    office = next(shape for shape in load_shapes() if shape.name == OFFICE_DAY)
    assert office.peak_to_average == pytest.approx(24 / 8 * 7 / 5)
    assert shape_table(OFFICE_DAY)["weekday"]["confidence"] == "assumed"
    row = shape_row(OFFICE_DAY)
    peak, within, outside = week.standing(*week.loads(row.listed("weekday"), row.listed("weekend")))
    assert (peak, within, outside) == pytest.approx((4.2, 4.2, 0.0)), "its hours are the office hours that are told"
    result = MODEL.run(with_shape(OFFICE_DAY)).options["Buy"].values
    flat = MODEL.run(with_shape("Round the clock")).options["Buy"].values
    assert result["peak_accelerators"][0] == pytest.approx(4.2 * flat["peak_accelerators"][0])


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("Chat and assistants, users worldwide", 1.53),
        ("Coding assistant, office hours", 2.76),
        ("Chat at one site, sittings", 2.88),
        ("Chat at one site, requests", 2.60),
        ("Consumer chat, one country", 1.33),
        ("Capacity that follows a consumer chat", 1.23),
        ("Round the clock", 1.0),
    ],
)
def test_the_busiest_hour_is_the_published_one(name: str, peak: float):
    shapes = {shape.name: shape for shape in load_shapes()}
    assert shapes[name].peak_to_average == pytest.approx(peak, abs=0.006)


def test_an_unknown_shape_or_tariff_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match="Office day"):
        shape_table("Office days")
    with pytest.raises(KeyError, match="LADWP A-3A"):
        tariff("LADWP A-3")


@pytest.mark.parametrize("name", tariffs())
def test_every_tariff_names_each_hour_once_and_makes_a_study_that_runs(name: str):
    found = tariff(name)
    hours = [hour for band in found.bands for hour in week.hours(band["hours"])]
    assert sorted(hours) == list(range(week.HOURS))
    tables = to_dict(BASE)
    buy = tables["option"][0]
    buy.pop("electricity_price")
    buy["tariff"] = list(found.bands)
    buy |= {key: {"value": value.value, "source": value.source} for key, value in found.inputs.items()}
    option = MODEL.run(studies.from_dict(tables)).options["Buy"].values
    assert option["electricity"][0] > 0 and option["demand_charge_cost"][0] > 0


def band(name: str, hour: int) -> float:
    return next(each["price"]["value"] for each in tariff(name).bands if hour in week.hours(each["hours"]))


def test_seasons_are_averaged_hour_by_hour_over_their_months():
    """PG&E B-20: the evening peak 4 months at 0.17702 and 8 at 0.15632; noon has a cheap spring of 3 months."""
    assert band("PG&E B-20", 17) == pytest.approx((4 * 0.17702 + 8 * 0.15632) / 12, abs=1e-6)
    assert band("PG&E B-20", 12) == pytest.approx((4 * 0.11482 + 5 * 0.1146 + 3 * 0.05872) / 12, abs=1e-6)
    assert band("SCE TOU-8 option D", 24 + 17) == pytest.approx((4 * 0.14254 + 8 * 0.12403) / 12, abs=1e-6)
    assert len(tariff("Columbia MO industrial").bands) == 1


def test_demand_in_a_period_is_added_and_said():
    found = tariff("PG&E B-20")
    expected = 39.08 + (4 * (41.35 + 9.27) + 8 * 2.32) / 12
    assert found.inputs["demand_charge"].value == pytest.approx(expected, abs=1e-6)
    assert "inside certain hours" in found.notes[0]
    assert not tariff("Columbia MO industrial").notes


def test_a_ratchet_and_a_minimum_come_along():
    angeles, columbia = tariff("LADWP A-3A").inputs, tariff("Columbia MO industrial").inputs
    assert (angeles["demand_ratchet"].value, angeles["demand_minimum_kw"].value) == (1, 30)
    assert (columbia["demand_ratchet"].value, columbia["demand_minimum_kw"].value) == (0.75, 750)
    assert columbia["demand_charge"].value == pytest.approx(math.fsum((4 * 19.85, 8 * 15.88)) / 12, abs=1e-6)
    assert tariff("MEA 5.2.2").currency == "THB"
