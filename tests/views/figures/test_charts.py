"""Charts are right by construction: valid Vega-Lite, labelled with units, in the palette's colours, told in words."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair
import pytest
from jsonschema import ValidationError

from models.analysis.claims.quoted import ladder
from models.analysis.metrics import palette
from models.analysis.metrics.chain import energy_chain
from models.analysis.metrics.coverage import by_confidence
from models.analysis.metrics.headlines import cost_rows
from models.analysis.metrics.idle import hours_by_year
from models.notation import writer
from models.run.model import MODEL, OptionResult, Result
from models.studies.load import load
from views.figures import charts, opened
from views.figures.charts import Chart

ROOT = Path(__file__).parents[3]


@cache
def result(name: str = "customer_service") -> Result:
    return MODEL.run(load(ROOT / "templates" / f"{name}.toml"))


def of_option(option: OptionResult) -> Iterator[tuple[str, Chart]]:
    """Every chart of the results page."""
    years = opened.year_names(option)
    rows = cost_rows(option, "response")
    yield "cost tree", charts.cost_tree(rows, "What the cost is made of", "USD per 1,000 responses", writer.unit_cost)
    yield "cash", charts.cash(option.table("cost_flows"), years, "Payments", "USD", "Own: ")
    found = ladder(option)
    assert found is not None
    yield "ladder", charts.ladder(found.steps, "From the quote", "USD per Mtoken", "All-in", writer.unit_cost)
    costs = option.table("workload_cost_per_meaningful_response")
    yield "workloads", charts.by_workload(costs, "By workload", "USD per response", writer.unit_cost)
    parts = [(palette.READING, 3.0), (palette.WRITING, 1.0)]
    yield "split", charts.split(parts, "Reading and writing", "USD", writer.money)
    if option.values["has_fleet"]:
        yield "time", charts.time_use(hours_by_year(option), years, "Where time goes", "Own: ")
    if option.values["energy_known"]:
        yield "energy", charts.energy_chain(energy_chain(option), "Energy", "Own: ")


def of_study(whole: Result) -> Iterator[tuple[str, Chart]]:
    """Every chart of the pages that show all options."""
    parts = {n: [(r.kind, r.amount) for r in cost_rows(o, "response")] for n, o in whole.options.items()}
    yield (
        "stacks",
        charts.stacks(parts, palette.COSTS, "Cost per response", "USD per 1,000 responses", writer.unit_cost),
    )
    flows = {name: option.values["cash_cost"] for name, option in whole.options.items()}
    places = {name: place for place, name in enumerate(whole.options)}
    first = next(iter(whole.options.values()))
    yield "cumulative", charts.cumulative(flows, opened.year_names(first), "Paid by then", "USD", places)
    shares = {name: by_confidence(option) for name, option in whole.options.items()}
    yield "confidence", charts.confidence(shares, "What the cost rests on")


def every_chart() -> list[tuple[str, Chart]]:
    """Charts of an owned fleet, a rental, an API and a site with limits."""
    whole, limited = result(), result("power_limited_site")
    own = [whole.options[name] for name in ("Buy, colocation", "Rented fleet", "API, same model")]
    site = limited.options["B200, liquid"]
    found = [(f"{o.name}: {n}", chart) for o in (*own, site) for n, chart in of_option(o)]
    return [*found, *of_study(whole), *of_study(limited)]


CHARTS = every_chart()


@pytest.fixture(params=[chart for _, chart in CHARTS], ids=[name for name, _ in CHARTS])
def chart(request: pytest.FixtureRequest) -> Chart:
    return request.param


def views(spec: Any) -> Iterator[dict[str, Any]]:
    """Every view of a specification that has marks."""
    if "mark" in spec:
        yield spec
    for layer in spec.get("layer", []):
        yield from views(layer)


def test_vega_lite_knows_every_word(chart: Chart):
    altair.Chart.from_dict(copy.deepcopy(chart.spec), validate=True)


def test_a_mistake_would_be_found():
    spec = copy.deepcopy(CHARTS[0][1].spec)
    spec["layer"][0]["encoding"]["x"]["tipe"] = "quantitative"
    with pytest.raises(ValidationError):
        altair.Chart.from_dict(spec, validate=True)


def test_it_says_what_it_shows_and_in_which_unit(chart: Chart):
    lines = chart.spec["title"]["text"]
    assert len(lines) >= 2, "a title and a unit"
    assert all(len(line) <= 46 for line in lines), "as wide as a telephone"
    assert chart.spec["title"]["anchor"] == "start"


def test_every_field_it_names_is_in_its_rows(chart: Chart):
    for view in views(chart.spec):
        rows = view.get("data", chart.spec["data"])["values"]
        assert rows
        for channel in view["encoding"].values():
            for each in channel if isinstance(channel, list) else [channel]:
                assert all(each["field"] in row for row in rows), each


def test_all_rows_have_the_same_fields(chart: Chart):
    """They become one table, whose columns the first row decides."""
    rows = chart.spec["data"]["values"]
    assert all(row.keys() == rows[0].keys() for row in rows)


def test_it_is_told_in_words(chart: Chart):
    """What is written beside bars and at the sums of years; of shares and lines the most telling series."""
    first = chart.spec["title"]["text"][0]
    assert chart.alt.startswith(first[:10]) and len(chart.alt) > len(first)
    layers = [layer for layer in chart.spec.get("layer", []) if "data" in layer]
    beside = [row["shown"] for layer in layers for row in layer["data"]["values"]]
    own = {row["shown"] for row in chart.spec["data"]["values"]}
    assert all(text in chart.alt for text in beside) if beside else any(text in chart.alt for text in own)


def test_it_is_plain_data(chart: Chart):
    json.dumps(chart.spec, allow_nan=False)


def test_the_same_thing_has_the_same_colour_everywhere():
    known = {
        tone.label: tone.colour for tones in (palette.COSTS, palette.TIME, palette.ENERGY) for tone in tones.values()
    }
    seen: dict[str, str] = {}
    for _, chart in CHARTS:
        for view in views(chart.spec):
            scale = view["encoding"].get("color", {}).get("scale", {"domain": [], "range": []})
            for label, colour in zip(scale["domain"], scale["range"], strict=True):
                if label in known:
                    seen[label] = colour
    assert {"Equipment", "Staff", "Rental", "API", "Serving", "Meter"} <= seen.keys()
    assert seen == {label: known[label] for label in seen}


def test_marks_have_an_edge_that_shows_on_both_grounds(chart: Chart):
    for view in views(chart.spec):
        if view["mark"]["type"] == "bar":
            assert view["mark"]["stroke"] == palette.OUTLINE


# What the bars say


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    return chart.spec["data"]["values"]


def test_the_cost_tree_shows_every_row_largest_first():
    rows = cost_rows(result().options["Buy, colocation"], "response")
    shown = rows_of(charts.cost_tree(rows, "t", "USD", writer.unit_cost))
    assert [row["amount"] for row in shown] == sorted((row.amount for row in rows), reverse=True)
    assert shown[0]["shown"].startswith(f"{writer.unit_cost(max(r.amount for r in rows))}  (37%)")
    assert "%" not in shown[-1]["shown"], "resale has no share of what is paid"


def test_the_ladder_climbs_without_gaps_to_the_all_in_figure():
    option = result().options["Buy, colocation"]
    found = ladder(option)
    assert found is not None
    shown = rows_of(charts.ladder(found.steps, "t", "USD", "All-in", writer.unit_cost))
    for below, above in pairwise(shown[:-1]):
        assert above["from"] == below["amount"]
    assert shown[-1]["from"] == 0
    assert shown[-1]["amount"] == pytest.approx(option.number("lifetime_cost_per_million_output_tokens"))
    assert shown[1]["shown"].startswith("+") and shown[0]["shown"][0] != "+"


def test_the_years_of_the_cash_chart_add_up():
    option = result().options["Buy, colocation"]
    chart = charts.cash(option.table("cost_flows"), opened.year_names(option), "t", "USD")
    sums = chart.spec["layer"][1]["data"]["values"]
    assert "USD thousand" in " ".join(chart.spec["title"]["text"])
    assert [row["sum"] * 1e3 for row in sums] == pytest.approx(option.values["cash_cost"])
    for row in sums:
        stacked = sum(each["amount"] for each in rows_of(chart) if each["year"] == row["year"])
        assert stacked == pytest.approx(row["sum"])


def test_shares_of_the_time_fill_each_year():
    option = result().options["Buy, colocation"]
    chart = charts.time_use(hours_by_year(option), opened.year_names(option), "t")
    for year in opened.year_names(option):
        assert sum(row["amount"] for row in rows_of(chart) if row["year"] == year) == pytest.approx(1)


def test_names_from_people_are_only_text():
    rude = "'}[0] + alert(1) + \"\\u2028{{x}}\n</script>"
    chart = charts.stacks({rude: [("staff", 1.0)]}, palette.COSTS, "t", "USD", writer.money)
    altair.Chart.from_dict(copy.deepcopy(chart.spec), validate=True)
    written = chart.spec["layer"][1]["encoding"]["y"]["axis"]["labelExpr"]
    assert json.loads(written.removeprefix("(").removesuffix(")[datum.value]")) == {rude: "1.00"}


def test_an_option_keeps_its_colour_when_others_are_left_out():
    chart = charts.cumulative({"c": [1.0, 2.0]}, ["1", "2"], "t", "USD", {"a": 0, "b": 1, "c": 2})
    assert chart.spec["encoding"]["color"]["scale"]["range"] == [palette.option_colour(2)]
