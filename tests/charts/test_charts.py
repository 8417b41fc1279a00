"""Charts are right by construction: valid Vega-Lite, labelled with units, in the palette's colours, told in words."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import altair
import numpy as np
import pytest
from jsonschema import ValidationError

from charts import benchmark, capacity, costs, decision, map, power, risk
from charts.decision import TIE, TODAY, Along, Dot, Savings, Swing
from charts.vocabulary import Chart
from models.analysis.claims.quoted import ladder
from models.analysis.decision.difference import difference
from models.analysis.levers import levers, waiting
from models.analysis.levers.levers import Waterfall
from models.analysis.metrics import ceilings, palette
from models.analysis.metrics.coverage import by_confidence
from models.analysis.metrics.headlines import cost_rows
from models.analysis.metrics.palette import Tone
from models.analysis.reporting.brief import explained
from models.analysis.risk.simulation import simulate
from models.analysis.risk.summary import saved
from models.analysis.sensitivity.map import NO_FIGURE, WinMap, win_map
from models.analysis.sensitivity.named_input import subject
from models.analysis.sensitivity.targets import around, saved_along, target
from models.catalogue import fill
from models.notation import writer
from models.run.model import MODEL
from models.studies.file.load import loads
from tests.charts.results import SERVICE, VENDORS, option, result, study
from tests.soak import SOAKING, long
from tests.views.reading import bought_twice

PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def of_option(name: str, of: str = "customer_service") -> Iterator[tuple[str, Chart]]:
    """Every chart of one option that has something to show."""
    found = option(name, of)
    steps = ladder(found)
    assert steps is not None
    drawn = {
        "cost tree": costs.cost_tree(found),
        "cash": costs.cash(found),
        "ladder": costs.ladder(found, steps),
        "workloads": costs.by_workload(found),
        "split": costs.reading_and_writing(found),
        "time": capacity.time_use(found),
        "energy": capacity.energy(found),
    }
    yield from ((f"{name}: {what}", chart) for what, chart in drawn.items() if chart is not None)


def of_study(name: str) -> Iterator[tuple[str, Chart]]:
    """Every chart of all options."""
    whole = result(name)
    yield f"{name}: per response", costs.per_response(whole)
    yield f"{name}: present value", costs.present_value(whole, tuple(whole.options))
    yield f"{name}: paid by", costs.paid_by(whole, tuple(whole.options))
    yield f"{name}: confidence", costs.confidence({n: by_confidence(o) for n, o in whole.options.items()})


def of_pair() -> Iterator[tuple[str, Chart]]:
    """Every chart of a decision."""
    saved, paybacks = savings()
    yield "balance", decision.balance(saved, paybacks, 2027, "Saved by now", "USD")
    yield "balance without years", decision.balance(saved, paybacks, None, "Saved by now", "USD")
    for name, names in (("customer_service", SERVICE), ("two_vendors", VENDORS)):
        bridge = explained(*(option(each, name) for each in names))
        yield f"waterfall {name}", decision.waterfall(bridge, "From a to b", "USD", writer.money)
    price = target(study(), "option/API, same model/api/price_input", *SERVICE)
    points = saved_along(study(), price, *around(price))
    along = Along.of(price.subject, [at for at, _ in points], "USD")
    dots = [Dot(TODAY, 0.72, dict(points)[0.72], "0.72"), Dot(TIE, price.crossings[0].low, 0.0, "0.27")]
    yield "gap", decision.gap(points, dots, along, SERVICE, "Saved by price", "USD per response")
    swings = [Swing("Price", (-2.0, "0.13"), (3.0, "0.88"), True), Swing("PUE", None, (1.5, "1.6"), False)]
    yield "tornado", decision.tornado(swings, 1.0, "What moves it", "USD", tie=True)
    yield "map", drawn_map(a_map())


def of_draws() -> Iterator[tuple[str, Chart]]:
    """The charts of a simulation."""
    made = simulate(study(), draws=500)
    figures = {name: 1000 * made.figures[name]["comparison_cost_per_meaningful_response"] for name in made.competing}
    one, two = made.competing[:2]
    spreads = [risk.Spread(name, each, 1.0, "a note") for name, each in figures.items()]
    yield "what each may cost", risk.costs(spreads, one, "What each option may cost", "USD per 1,000 responses")
    yield "saving", risk.saving(saved(made, one, two), 5000.0, f"What {one} may save", "USD", two)
    yield "drivers", risk.drivers([("PUE", 0.4), ("Discount rate", 0.1)], "What drives it")
    yield "worth of knowing", risk.worths([("PUE", 40_000.0), ("Discount rate", 10.0)], "Worth", "USD")


def others() -> Iterator[tuple[str, Chart]]:
    """Levers, limits, the time of purchase, published claims and measured sweeps."""
    site = option("B200, liquid", "power_limited_site")
    limits = ceilings.ceilings(site, fill.load())
    assert limits is not None
    yield "ceilings", capacity.ceilings(site, limits.years)
    yield "power", power.trace([(float(at), 600.0 if 10 <= at < 30 else 100.0) for at in range(40)], 10.0, 29.0)
    yield "day", capacity.day("Office", [*[0.0] * 8, *[3.0] * 10, *[0.0] * 6, *[0.5] * 24], 1.0)
    chosen = [each for each in levers.levers(fill.load()) if each.name == "liquid_cooling"]
    for metric, found in levers.stack(study(), "Buy, colocation", chosen).waterfalls.items():
        assert isinstance(found, Waterfall)
        yield f"levers {metric}", costs.levers(found, "Lower it", "USD per response", writer.unit_cost)
    start = waiting.wait_or_buy(study(), "Buy, colocation", waiting.trends(fill.load()))
    names = {each.years: f"In {each.years} years" for each in start.starts}
    yield "waiting", costs.waiting(start, names, "USD", "present value")
    reached = [("as published", 2.0, False), ("one", 3.0, True), ("two", None, True)]
    yield "claim", costs.claim_steps(reached, "Hours", "hours", str, "never")
    yield "curve", benchmark.curve(sweep(40.0), "TTFT", "p99", "total", 90.0)
    yield "wide curve", benchmark.curve(sweep(4000.0), "TPOT", "p95", "output", None)


def sweep(slowest: float) -> list[benchmark.Level]:
    """Levels up to a latency, one of them the operating point, and one between two."""
    return [
        benchmark.Level("4 users", 20.0, 900.0),
        benchmark.Level("8 users", 30.0, 1500.0, benchmark.POINT),
        benchmark.Level("16 users", slowest, 2000.0),
        benchmark.Level("TPOT at its target", 35.0, 1700.0, benchmark.BETWEEN),
    ]


@cache
def savings() -> tuple[Savings, Any]:
    gap = difference(*map_to(SERVICE))
    return Savings(gap.starts, gap.running, gap.final, 0.0723, True), (gap.payback, gap.discounted_payback)


def map_to(names: tuple[str, str]) -> tuple[Any, Any]:
    one, two = (option(name) for name in names)
    return one, two


def a_map(name: str = "customer_service") -> WinMap:
    x = f"workload/{study(name).workloads[0].text('name')}/requests_per_day"
    y = "option/Rented fleet/rental/committed_price"
    return win_map(study(name), x, y, x_range=(1e5, 3e6), y_range=(1.0, 4.0), points=12, borders=False)


def drawn_map(found: WinMap) -> Chart:
    across, up = (Along.of(subject(study(), axis.path), axis.values, "USD") for axis in (found.x, found.y))
    return map.win_map(found, across, up, list(range(len(found.options))), "Cheapest option")


@cache
def charts() -> dict[str, Chart]:
    """Every chart, by what it shows of which option or study."""
    return dict(
        (
            *(each for name in ("Buy, colocation", "Rented fleet", "API, same model") for each in of_option(name)),
            *of_option("B200, liquid", "power_limited_site"),
            *of_study("customer_service"),
            *of_study("power_limited_site"),
            *of_pair(),
            *of_draws(),
            *others(),
        )
    )


def every_chart(check: Callable[[Chart], None]) -> Callable[[], None]:
    """A test that looks at all charts and names those that fail."""

    def test() -> None:
        failed: list[AssertionError] = []
        for name, chart in charts().items():
            try:
                check(chart)
            except AssertionError as error:
                error.add_note(f"in the chart {name!r}")
                failed.append(error)
        if failed:
            raise ExceptionGroup(f"{len(failed)} of {len(charts())} charts", failed)

    return test


def views(spec: Any) -> Iterator[dict[str, Any]]:
    """Every view of a specification that has marks."""
    if "mark" in spec:
        yield spec
    for layer in spec.get("layer", []):
        yield from views(layer)


def rows_of(chart: Chart, view: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a view, by default those of the whole chart; a line that always stands there has none."""
    data = (view or {}).get("data") or chart.spec.get("data") or {"name": "rows"}
    return chart.spec["datasets"][data["name"]] if "name" in data else [{}]


def words(spec: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every property that a specification sets, by where it stands, with the kind of its value."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            yield from words(value, (*at, name)) if name not in ("datasets", "params") else ()
    elif isinstance(spec, list):
        for value in spec:
            yield from words(value, at)
    else:
        yield (*at[-3:], type(spec))


@long
def test_vega_lite_knows_every_word():
    """One chart's validation takes a third of a second: those that say nothing new are left to a soak."""
    known: set[tuple[Any, ...]] = set()
    for chart in charts().values():
        said = set(words(chart.spec))
        if SOAKING or not said <= known:
            altair.Chart.from_dict(copy.deepcopy(chart.spec), validate=True)
        known |= said


@long
def test_a_mistake_would_be_found():
    spec = copy.deepcopy(charts()["Buy, colocation: cost tree"].spec)
    spec["layer"][0]["encoding"]["x"]["tipe"] = "quantitative"
    with pytest.raises(ValidationError):
        altair.Chart.from_dict(spec, validate=True)


@every_chart
def test_no_slot_is_left_open(chart: Chart) -> None:
    assert not PRIVATE_USE.search(json.dumps(chart.spec, ensure_ascii=False))


@every_chart
def test_it_says_what_it_shows_and_in_which_unit(chart: Chart) -> None:
    assert chart.title and chart.unit
    assert "title" not in chart.spec, "the page or the picture writes it"


@every_chart
def test_every_field_it_names_is_in_its_rows(chart: Chart) -> None:
    for view in views(chart.spec):
        rows = rows_of(chart, view)
        for channel in view["encoding"].values():
            for each in channel if isinstance(channel, list) else [channel]:
                assert "field" not in each or all(each["field"] in row for row in rows), each


@every_chart
def test_all_rows_have_the_same_fields(chart: Chart) -> None:
    """They become one table, whose columns the first row decides."""
    assert rows_of(chart)
    for rows in chart.spec["datasets"].values():
        assert all(row.keys() == rows[0].keys() for row in rows)


@every_chart
def test_it_is_told_in_words(chart: Chart) -> None:
    """What is written beside bars and at the sums of years; of shares and lines the most telling series."""
    assert chart.alt.startswith(chart.title) and len(chart.alt) > len(chart.title) + 10
    beside = next((p["value"] for p in chart.spec.get("params", []) if p["name"] == "shown"), [])
    assert all(text in chart.alt for text in beside)


@every_chart
def test_it_is_plain_data(chart: Chart) -> None:
    json.dumps(chart.spec, allow_nan=False)


def test_a_declaration_is_made_once_and_never_changed():
    first, again = (costs.cash(option("Buy, colocation")) for _ in range(2))
    before = json.dumps(first.spec)
    costs.cash(option("Rented fleet"))
    assert json.dumps(first.spec) == json.dumps(again.spec) == before
    assert first.spec["layer"][0]["mark"] is again.spec["layer"][0]["mark"], "shared, not copied"


def test_the_same_thing_has_the_same_colour_everywhere():
    known = {tone.label: tone.colour for tones in (palette.FAMILIES, palette.TIME) for tone in tones.values()}
    seen: dict[str, str] = {}
    for chart in charts().values():
        found = [(row["part"], row["colour"]) for row in rows_of(chart) if "part" in row and "colour" in row]
        for view in views(chart.spec):
            scale = view["encoding"].get("color", {}).get("scale") or {"domain": [], "range": []}
            found += zip(scale["domain"], scale["range"], strict=True)
        seen |= {label: colour for label, colour in found if label in known}
    assert {"Hardware", "Staff", "Rental, lease and API", "Serving"} <= seen.keys()
    assert seen == {label: known[label] for label in seen}


@every_chart
def test_marks_have_an_edge_that_shows_on_both_grounds(chart: Chart) -> None:
    for view in views(chart.spec):
        if view["mark"]["type"] == "bar":
            assert view["mark"]["stroke"] == palette.OUTLINE


# What the bars say


def test_the_cost_tree_shows_every_row_largest_first():
    rows = cost_rows(option("Buy, colocation"), "response")
    shown = rows_of(charts()["Buy, colocation: cost tree"])
    assert [row["to"] for row in shown] == sorted((row.amount for row in rows), reverse=True)
    whole = sum(row.amount for row in rows if row.amount > 0)
    assert f"({writer.share(max(row.amount for row in rows) / whole)})" in shown[0]["shown"]
    assert "%" not in shown[-1]["shown"], "resale has no share of what is paid"


def test_the_ladder_climbs_without_gaps_to_the_all_in_figure():
    shown = rows_of(charts()["Buy, colocation: ladder"])
    for below, above in pairwise(shown[:-1]):
        assert above["from"] == below["to"]
    assert shown[-1]["from"] == 0
    all_in = option("Buy, colocation").number("lifetime_cost_per_million_output_tokens")
    assert shown[-1]["to"] == pytest.approx(all_in)
    assert shown[1]["shown"].startswith("+") and shown[0]["shown"][0] != "+"


def test_the_years_of_the_cash_chart_add_up():
    chart = charts()["Buy, colocation: cash"]
    sums = chart.spec["datasets"]["sums"]
    assert "USD thousand" in chart.unit
    values = option("Buy, colocation").values
    paid = [cash + unmet for cash, unmet in zip(values["cash_cost"], values["interim_cost"], strict=True)]
    assert [row["amount"] * 1e3 for row in sums] == pytest.approx(paid)
    for row in sums:
        parts = chart.spec["datasets"]["rows"]
        assert sum(each["amount"] for each in parts if each["year"] == row["year"]) == pytest.approx(row["amount"])


def test_shares_of_the_time_fill_each_year():
    rows = rows_of(charts()["Buy, colocation: time"])
    for year in option("Buy, colocation").year_names:
        assert sum(row["amount"] for row in rows if row["year"] == year) == pytest.approx(1)


def test_names_from_people_are_only_text():
    rude = "'}[0] + alert(1) + \"\\u2028{{x}}\n</script>"
    chart = costs.stacks({rude: [("staff", 1.0)]}, palette.COSTS, "t", "USD", str)
    altair.Chart.from_dict(copy.deepcopy(chart.spec), validate=True)
    assert chart.spec["params"][0] == {"name": "names", "value": [rude]}
    said = [view["encoding"]["y"]["axis"]["labelExpr"] for view in views(chart.spec)]
    assert said and not any("alert" in text for text in said)


def test_options_that_pay_alike_share_a_line_and_labels_stand_apart():
    names = tuple(result().options)
    chart = costs.paid_by(result(), names, names[0], names[1])
    rows, ends = (chart.spec["datasets"][name] for name in ("rows", "ends"))
    assert {row["part"]: row["role"] for row in rows} == dict(
        zip(names, ("best", "next", "other", "other"), strict=True)
    )
    heights = sorted(end["amount"] for end in ends)
    tallest = max(row["amount"] for row in rows)
    assert all(above - below >= 0.07 * tallest for below, above in pairwise(heights))
    twice = MODEL.run(loads(bought_twice()))
    drawn = costs.paid_by(twice, tuple(twice.options), "Buy again", None).spec["datasets"]["ends"]
    assert "Buy again (+1)" in [end["part"] for end in drawn]


def test_where_one_overtakes_the_other_is_ringed_and_named():
    whole = result()
    names = tuple(whole.options)
    chart = costs.paid_by(whole, names, "Buy, colocation", "API, same model")
    (ring,) = chart.spec["datasets"]["crossings"]
    paid = {
        name: dict.fromkeys([0], 0.0) | {row["at"]: row["amount"] for row in rows_of(chart) if row["part"] == name}
        for name in ("Buy, colocation", "API, same model")
    }
    year = int(ring["at"])
    for line in paid.values():
        assert ring["amount"] == pytest.approx(line[year] + (ring["at"] - year) * (line[year + 1] - line[year]))
    assert ring["text"] == f"API, same model overtakes, {2027 + year}"
    assert costs.paid_by(whole, names).spec["datasets"]["crossings"] == []


def test_levers_end_where_their_waterfall_does():
    for name, chart in charts().items():
        if name.startswith("levers"):
            rows = rows_of(chart)
            assert rows[-2]["to"] == pytest.approx(rows[-1]["to"]) and rows[-1]["from"] == 0.0
            assert "Liquid cooling" in chart.alt


def test_a_claim_shows_each_step_and_where_there_is_no_figure():
    found = charts()["claim"]
    assert found.alt == "Hours, hours: as published 2.0; 1. one 3.0; 2. two never"
    assert [row["to"] for row in rows_of(found)] == [2.0, 3.0, 0.0]


# Measured sweeps


def test_the_curve_shows_levels_target_and_point_with_units_and_words():
    chart = charts()["curve"]
    assert [row["part"] for row in chart.spec["datasets"]["rows"]] == [
        *("Measured level", "Operating point", "Measured level", "Interpolated")
    ]
    assert chart.spec["datasets"]["target"] == [{"x": 90.0}]
    assert "target TTFT 90 ms" in chart.alt and "tokens/s per accelerator" in chart.alt


def test_latencies_far_apart_stand_on_a_log_scale_that_says_so():
    across = next(
        view["encoding"]["x"] for view in views(charts()["wide curve"].spec) if "axis" in view["encoding"]["x"]
    )
    assert across["scale"]["type"] == "log" and "log scale" in across["axis"]["title"]


# Decisions


def test_the_waterfall_has_no_gaps_and_ends_at_the_option():
    rows = rows_of(charts()["waterfall customer_service"])
    found = explained(*map_to(SERVICE))
    steps = rows[1:-1]
    assert rows[0]["to"] == found.start and rows[-1]["to"] == found.end
    for below, above in zip([rows[0], *steps], steps, strict=False):
        assert above["from"] == pytest.approx(below["to"])
    assert steps[-1]["to"] == pytest.approx(found.end)
    assert {row["shown"][0] for row in steps} <= {"+", writer.MINUS}


def test_names_that_are_alike_stay_apart_in_a_waterfall():
    found = explained(*map_to(SERVICE))
    alike = decision.waterfall(
        type(found)(found.option, "API", found.metric, found.start, found.end, found.bars, False),
        *("t", "USD", writer.money),
    )
    assert [row["row"] for row in rows_of(alike)] == list(range(len(rows_of(alike))))
    assert [row["name"] for row in rows_of(alike)].count("API") == 2


def test_the_balance_ends_where_the_money_does():
    gap = difference(*map_to(SERVICE))
    saved, _ = savings()
    assert list(saved.balance())[-1][1] == pytest.approx(sum((*gap.starts, *gap.running, gap.final)))
    assert list(saved.discounted().balance())[-1][1] == pytest.approx(gap.npv)


# The map of winners


def test_the_map_is_covered_once_in_the_winners_colours():
    found = a_map()
    xs, ys = np.array(found.x.values), np.array(found.y.values)
    tones = {n: Tone(name, "#000000") for n, name in enumerate(found.options)} | map.NO_FIELD
    cells = list(map.fields(found, xs, ys, tones))
    by_row: dict[Any, list[Any]] = {}
    for cell in cells:
        by_row.setdefault(cell["y"], []).append((cell["x"], cell["x2"]))
    for spans in by_row.values():
        assert spans[0][0] == xs[0] and spans[-1][1] == xs[-1]
        assert all(left[1] == right[0] for left, right in pairwise(spans))
    for row, y in enumerate(ys[:-1]):
        for column, x in enumerate(xs[:-1]):
            near = [c for c in cells if c["x"] <= x + 1 < c["x2"] and c["y"] <= y + 1e-6 < c["y2"]]
            assert found.options[int(found.winner[row, column])] in {c["part"] for c in near}


def test_lines_run_where_two_options_cost_the_same():
    found = a_map()
    xs, ys = np.array(found.x.values), np.array(found.y.values)
    pieces = list(map.lines(found, xs, ys))
    assert pieces
    for piece in pieces:
        assert xs[0] <= min(piece["x"], piece["x2"]) and max(piece["x"], piece["x2"]) <= xs[-1]
        assert ys[0] <= min(piece["y"], piece["y2"]) and max(piece["y"], piece["y2"]) <= ys[-1]


def test_a_map_without_figures_is_grey_and_named():
    found = a_map()
    blank = np.full_like(found.winner, NO_FIGURE)
    empty = {name: np.full(blank.shape, np.nan) for name in found.options}
    none = type(found)(
        *(found.metric, found.x, found.y, found.options, empty, blank, np.zeros_like(found.tied), (), ())
    )
    rows = drawn_map(none).spec["datasets"]["rows"]
    assert {row["part"] for row in rows} == {"No figure"}


def test_the_waiting_before_a_run_is_not_joined_to_that_after_it():
    spec = power.trace([(float(at), 4600.0 if 10 <= at < 30 else 760.0) for at in range(40)], 10.0, 29.0).spec
    stretches = [row["stretch"] for row in spec["datasets"]["rows"]]
    assert stretches == [-1] * 10 + [0] * 20 + [1] * 10 and spec["encoding"]["detail"]["field"] == "stretch"
