"""Decision, Summary: the axis above the ranges, and what stands where options do not compare or lack a price."""

import html
import re

import pytest

from models.analysis.decision.decision import ranking
from models.run.model import MODEL
from models.studies.file.load import dumps, from_dict, load, loads, to_dict
from tests.views.reading import TEMPLATES, printed, run, texts
from views.decision.summary import _TICK_LETTERS, _Axis


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.5, 3.3, ["1", "2", "3"]),
        (0.08, 0.29, ["0.1", "0.2"]),
        (0.19, 0.93, ["0.2", "0.4", "0.6", "0.8"]),
        (0.0004, 0.0009, ["0.0005"]),
    ],
)
def test_the_axis_has_round_costs_that_fit(low: float, high: float, shown: list[str]):
    found = re.findall(r">([^<]+)</span>", _Axis(low, high).ticks())
    assert found == shown and len("  ".join(found)) <= _TICK_LETTERS


@pytest.mark.parametrize("name", ["B200, air", "B200: air"])
def test_why_options_do_not_compare_is_short_and_its_remedy_stands_once(name: str):
    """Whatever an option is called."""
    text = (TEMPLATES / "power_limited_site.toml").read_text().replace('"B200, air"', f'"{name}"')
    app = run("decision", text)
    barred = [each for each in ranking(MODEL.run(loads(text))) if each.why_not]
    assert any(name in each.why_not for each in barred)
    rows = " ".join(printed(app, "Options"))
    for each in barred:
        why, remedy = each.comparability.found, each.comparability.remedy
        assert each.why_not == f"{why}: {remedy}"
        assert f"<small>{html.escape(why.removeprefix(f'{each.name} '))}</small>" in rows
        assert texts(app).count(f"{remedy[:1].upper()}{remedy[1:]}.") == 1


def test_an_option_without_its_price_shows_no_cost():
    tables = to_dict(load(TEMPLATES / "customer_service.toml"))
    api = next(option for option in tables["option"] if option["name"] == "API, same model")
    # What the others cannot serve before they are in production is counted at the prices of an API that has them.
    tables["option"].append({**api, "name": "Priced API", "api": dict(api["api"])})
    tables["study"]["interim_from"] = "Priced API"
    del api["api"]["price_input"], api["api"]["price_output"]
    app = run("decision", dumps(from_dict(tables)))
    rows = printed(app, "Options")
    cells = next(cells for label, cells in rows.items() if label.startswith("API, same model"))
    assert set(cells) == {"n/a"}
    assert "API, same model" not in str(app.get("vega_lite_chart")[0].proto)
