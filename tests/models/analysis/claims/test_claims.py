"""Published comparisons: the printed figure comes out, each step is a full run, every number has its source."""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Any

import pytest

from models.analysis.claims import claims
from models.analysis.claims.claims import Claim, Row
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file import load as studies
from models.studies.inputs.problem import StudyError

NAMES = ("lenovo_on_premise", "nvidia_cost_per_token")
each_claim = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def loaded() -> dict[str, tuple[Claim, tuple[Row, ...]]]:
    found = {name: claims.load(name) for name in NAMES}
    return {name: (claim, claims.table(claim)) for name, claim in found.items()}


def after(rows: tuple[Row, ...], title: str) -> tuple[float | None, ...]:
    return next(row.after for row in rows if row.step.title == title)


def test_the_claims_are_listed():
    assert claims.names() == NAMES


@each_claim
def test_printed_figures_come_out_of_the_model(name: str):
    claim = claims.load(name)
    found = claims.reproduces(claim)
    assert True in found and False not in found
    assert claim.study.warnings == ()


def test_lenovo_by_hand():
    on_demand, one_year, three_years, share = claims.figures(claims.load("lenovo_on_premise"))
    assert on_demand == pytest.approx(833_806 / (98.32 - 0.87))
    assert one_year == pytest.approx(833_806 / (77.43 - 0.87))
    assert three_years == pytest.approx(833_806 / (53.95 - 0.87))
    assert share == pytest.approx((833_806 + 0.87 * 43_800) / (98.32 * 43_800))


def test_nvidia_by_hand():
    older, newer, times = claims.figures(claims.load("nvidia_cost_per_token"))
    assert older == pytest.approx(1.41 / (93.2539682539 * 3600) * 1e6)
    assert newer == pytest.approx(2.65 / (65 * 93.2539682539 * 3600) * 1e6, rel=1e-6)
    assert times == pytest.approx(65 * 1.41 / 2.65, rel=1e-6)


def test_the_rates_as_printed_do_not_give_the_printed_cost():
    claim = claims.load("nvidia_cost_per_token")
    rate = "option/HGX H200/serving/DeepSeek-R1/decode_rate"
    assert claims.figures(claim, replace(claim.study, rate, 90.0))[0] == pytest.approx(4.352, abs=5e-4)


@each_claim
def test_each_step_is_a_full_run_on_top_of_those_before(name: str, loaded: dict[str, tuple[Claim, tuple[Row, ...]]]):
    claim, rows = loaded[name]
    held = studies.to_dict(claim.study)
    figures = claims.figures(claim)
    for row in rows:
        assert row.before == figures
        held = with_changes(held, row)
        figures = claims.figures(claim, studies.from_dict(held))
        assert row.after == pytest.approx(figures, rel=1e-12)
        assert all(check.holds for check in MODEL.run(row.study).checks)
        figures = row.after


def with_changes(tables: dict[str, Any], row: Row) -> dict[str, Any]:
    """The plain tables with a step written into them by hand, so that nothing rests on `replace`."""
    made = copy.deepcopy(tables)
    for path, change in row.step.changes.items():
        table, *rest, name = path.split("/")
        place: Any = made[table]
        while isinstance(place, list) or rest:
            if isinstance(place, list):
                wanted = rest.pop(0)
                place = next(entry for entry in place if wanted in (entry.get("name"), entry.get("workload")))
            else:
                place = place[rest.pop(0)]
        place[name] = {key: part for key, part in change.items() if part is not None}
    return made


@each_claim
def test_every_step_says_where_its_numbers_are_from(name: str, loaded: dict[str, tuple[Claim, tuple[Row, ...]]]):
    claim, rows = loaded[name]
    assert claim.url.startswith("https://") and claim.inside
    for row in rows:
        assert row.step.why and row.changes
        for change in row.changes:
            assert change.after.confidence, change.path
            assert change.source.startswith("assumed") == (change.after.confidence == "assumed")
            assert (change.after.source and change.after.url) or change.after.confidence == "assumed", change.path
            assert change.after.note, change.path
            assert change.before.value != change.after.value, change.path


@each_claim
def test_every_number_of_the_study_says_where_it_is_from(name: str):
    text = (claims.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    steps = (claims.FOLDER / claims.STEPS / f"{name}.toml").read_text(encoding="utf-8")
    assert "unverified" not in text + steps
    for url in re.findall(r'url = "([^"]*)"', text + steps):
        assert url.startswith("https://")
    bare = {"start_year", "horizon_years"}
    for table in (tables := tomllib.loads(text))["option"] + tables["workload"] + [tables["study"]]:
        numbers = {key for key, value in table.items() if type(value) in (int, float)}
        assert numbers <= bare, f"without provenance: {numbers - bare}"


def test_a_step_says_nothing_of_what_stood_there_before(loaded: dict[str, tuple[Claim, tuple[Row, ...]]]):
    support = next(row for row in loaded["lenovo_on_premise"][1] if row.step.title == "Hardware support").changes[0]
    assert support.before.source == "Lenovo Press LP2225" and support.after.source is None
    assert support.source.startswith("assumed: ")


def test_what_lenovo_left_out_doubles_the_hours_and_what_followed_takes_them_to_four_years(
    loaded: dict[str, tuple[Claim, tuple[Row, ...]]],
):
    _, rows = loaded["lenovo_on_premise"]
    resale = after(rows, "Resale")[0]
    assert resale is not None and 14_500 < resale < 15_500
    cut = after(rows, "The cloud's price a month later")[0]
    assert cut is not None and 4 < cut / 8760 < 4.1
    assert not next(row for row in rows if row.step.title == "Rejected attempts").moves
    share = [row.after[3] for row in rows]
    before, resold = share[7], share[8]
    assert before is not None and resold is not None and resold < before


def test_reservations_do_not_profit_from_idle_hours(loaded: dict[str, tuple[Claim, tuple[Row, ...]]]):
    idle = next(row for row in loaded["lenovo_on_premise"][1] if row.step.title == "Not busy every hour")
    demand, year = ((idle.before[i], idle.after[i]) for i in (0, 1))
    assert demand[0] is not None and demand[1] is not None and demand[1] > 1.2 * demand[0]
    assert year[0] is not None and year[1] is not None and year[1] < year[0]


def test_without_the_technique_most_of_the_35_times_is_gone(loaded: dict[str, tuple[Claim, tuple[Row, ...]]]):
    _, rows = loaded["nvidia_cost_per_token"]
    assert not next(row for row in rows if row.step.title == "Later money counts less").moves
    last = after(rows, "Without multi-token prediction")[2]
    assert last is not None and 1.4 < last < 1.6


def test_a_break_even_never_reached_is_no_figure():
    claim = claims.load("lenovo_on_premise")
    cheap = replace(claim.study, "option/Cloud, on demand/rental/on_demand_price", 1.0)
    assert claims.figures(claim, cheap)[0] is None
    unlike = replace(claim.study, "option/Own server/utilisation", 0.5)
    assert claims.figures(claim, unlike)[0] is None and claims.figures(claim, unlike)[3] is None


def test_a_cost_per_accepted_token_needs_one_workload_and_an_answer():
    claim = claims.load("nvidia_cost_per_token")
    tables = studies.to_dict(claim.study)
    tables["workload"].append(tables["workload"][0] | {"name": "More"})
    for option in tables["option"]:
        option["serving"].append(option["serving"][0] | {"workload": "More"})
    assert claims.figures(claim, studies.from_dict(tables)) == (None, None, None)


def steps_of(name: str) -> dict[str, Any]:
    return tomllib.loads((claims.FOLDER / claims.STEPS / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"claim": ""}, "a claim says its claim"),
        ({"figure": [{"label": "x", "kind": "break_evn_hours", "option": "Own server", "unit": "h"}]}, "did you mean"),
        ({"figure": [{"label": "x", "kind": "cost_share", "option": "Own servr", "unit": "1"}]}, "Own server"),
        ({"step": [{"title": "x", "why": "y", "set": {"option/Own server/puee": {"value": 1.2}}}]}, "pue"),
        ({"step": [{"title": "x", "why": "y", "set": {"option/Own server/pue": {"value": 0.2}}}]}, "at least 1"),
        ({"step": [{"title": "x"}]}, "why"),
    ],
)
def test_faulty_steps_are_refused_with_the_remedy(change: dict[str, Any], words: str):
    claim = claims.load("lenovo_on_premise")
    with pytest.raises(StudyError, match=words):
        claims.read("x", claim.study, steps_of("lenovo_on_premise") | change)


def test_an_unknown_claim_is_refused_by_name():
    with pytest.raises(StudyError, match="nvidia_cost_per_token"):
        claims.load("nvidia_cost_per_tokens")


def test_the_templates_are_not_disturbed():
    templates = claims.FOLDER.parent.glob("*.toml")
    assert not {path.stem for path in templates} & set(NAMES)
