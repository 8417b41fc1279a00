"""An option that lacks a price is told against no other, and is ahead on no map: what is missing counts as 0."""

from __future__ import annotations

from typing import Any

import pytest

from models.analysis.decision.decision import ranking, recommendation
from models.analysis.metrics.measures import comparable_by
from models.analysis.reporting.brief import as_markdown, brief
from models.analysis.reporting.cases import cases, text
from models.analysis.reporting.report import comparison, comparison_text
from models.analysis.sensitivity.map import win_map
from models.analysis.sensitivity.tornado import tornado
from models.run.model import MODEL
from models.studies.file.load import from_dict
from models.studies.inputs.problem import StudyError
from models.studies.study import Study

TOKENS = {"input_tokens": 1000, "output_tokens": 500}
PRICES = {"Unpriced": {"price_input": 1.0}, "One": {"price_input": 1.0, "price_output": 2.0}}
PRICES |= {"Two": {"price_input": 1.5, "price_output": 2.5}}
STUDY = from_dict({
    "study": {"horizon_years": 2, "discount_rate": 0.08},
    "workload": [{"name": "chat", "requests_per_day": 1e5} | TOKENS],
    "option": [{"name": name, "acquisition": "api", "api": prices} for name, prices in PRICES.items()],
})  # fmt: skip
RESULT = MODEL.run(STUDY)
REASON = "Unpriced is not ranked, price missing: price of output"
ROWS, RATE = "workload/chat/requests_per_day", "study/discount_rate"
SPANS = {"x_range": (0.04, 0.12), "y_range": (1e3, 1e5)}


@pytest.mark.parametrize("names", [("Unpriced", "One"), ("One", "Unpriced")])
def test_it_saves_nothing_against_another_nor_another_against_it(names: tuple[str, str]):
    found = comparison(*(RESULT.options[name] for name in names))
    assert found["comparable"] == {"holds": False, "reason": REASON}
    assert found["npv"] is None and set(found["unit_costs"].values()) == {None}
    assert comparison_text(found) == f"{names[0]} against {names[1]}: {REASON}"
    assert "saved" in comparison_text(comparison(RESULT.options["One"], RESULT.options["Two"]))


def test_a_brief_on_it_tells_no_saving_and_searches_nothing():
    written = as_markdown(brief(RESULT, "Unpriced", "One"))
    assert f"compares “Unpriced” with “One”, but not their costs: {REASON}." in written
    assert f"Not searched: {REASON}." in written and "saves" not in written and "is cheaper" not in written


def test_it_is_ahead_at_no_point_of_a_map_unless_an_axis_gives_its_price():
    found = win_map(STUDY, RATE, ROWS, points=3, borders=False, **SPANS)
    assert found.options == ("One", "Two") and set(found.winner.ravel()) == {0}
    price = "option/Unpriced/api/price_output"
    given = win_map(STUDY, RATE, price, points=3, borders=False, x_range=(0.04, 0.12), y_range=(1.0, 9.0))
    assert given.options == ("Unpriced", "One", "Two") and given.options[given.winner[-1, 0]] == "One"
    served = win_map(STUDY, RATE, ROWS, metric="served_share", points=3, borders=False, **SPANS)
    assert served.options == ("Unpriced", "One", "Two")
    with pytest.raises(StudyError, match="every option lacks a price"):
        win_map(STUDY, RATE, ROWS, points=3, options=("Unpriced",), **SPANS)


def test_a_swing_of_another_option_names_who_is_ahead_without_it():
    found = tornado(STUDY, "One", "pv_cost")
    ends = [end for bar in found.bars for end in (bar.low, bar.high) if end is not None]
    assert ends and all("Unpriced" not in end.winners for end in ends)


def test_its_costs_do_not_compare_and_its_work_does():
    pair = RESULT.options["Unpriced"], RESULT.options["One"]
    assert comparable_by("pv_cost", *pair).reason == REASON == comparable_by("cost_per_request", *pair).reason
    assert comparable_by("served_share", *pair).holds


def test_the_table_of_cases_has_the_word_in_place_of_a_cost():
    (row,) = (line for line in text(cases(STUDY)).splitlines() if line.startswith("Unpriced"))
    assert row.split() == ["Unpriced", "price", "missing"]


def fleet(**study: Any) -> Study:
    """A bought system sized for half of its peak, beside an API without a price of output, and one with both."""
    half = {"name": "half", "weekday": [1] * 12 + [3] * 12}
    chat = {"name": "chat", "requests_per_day": 1e6, "load_shape": "half"} | TOKENS
    server = {"name": "Server", "asset": "equipment", "basis": "per_system", "amount": 3e5}
    own = {"name": "Own", "acquisition": "purchase", "sizing": "demand", "equipment_life": 3, "base_share": 0.5}
    own |= {"accelerators_per_system": 8, "serving": [{"workload": "chat", "decode_rate": 1000}], "capex": [server]}
    apis = [{"name": name, "acquisition": "api", "api": PRICES[name]} for name in ("Unpriced", "One")]
    options = [own | study.pop("own", {}), *apis]
    about = {"horizon_years": 2, "discount_rate": 0.08} | study
    return from_dict({"study": about, "load_shape": [half], "workload": [chat], "option": options})


@pytest.mark.parametrize(
    ("held", "lacking"),
    [
        ({"own": {"overflow_to": "Unpriced"}}, True),
        ({"own": {"overflow_to": "One"}}, False),
        ({"interim_from": "Unpriced"}, True),
        ({"interim_from": "One"}, False),
        ({"interim_from": "Unpriced", "own": {"base_share": 1.0}}, False),
    ],
)
def test_what_goes_to_an_api_without_a_price_is_not_free(held: dict[str, Any], lacking: bool):
    """What a fleet cannot take went to the API at half its price, and the fleet was recommended for it."""
    result = MODEL.run(fleet(**held))
    found = {ranked.name: ranked.missing for ranked in ranking(result)}
    assert found == {"Own": ("price of output of Unpriced",) * lacking, "Unpriced": ("price of output",), "One": ()}
    assert (recommendation(result).winner == "Own") == (not lacking)
    assert sum("is missing: the option is not ranked" in str(each) for each in result.study.warnings) == 1


def test_apis_that_name_each_other_for_their_overflow_are_refused():
    """Prices were looked for from one to the other without an end."""
    chat = {"name": "chat", "requests_per_day": 1000, "output_tokens": 10}
    pairs = (("A", "B"), ("B", "A"))
    options = [{"name": n, "acquisition": "api", "api": {}, "overflow_to": other} for n, other in pairs]
    with pytest.raises(StudyError, match=r"option/A/overflow_to = 'B': is for a fleet that is sized for the demand"):
        from_dict({"study": {"horizon_years": 2, "discount_rate": 0.08}, "workload": [chat], "option": options})
