"""Two options against each other: the model's figures, no totals that do not compare, ties that hold."""

import re
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.decision.decision import recommendation
from models.analysis.decision.difference import difference
from models.analysis.decision.side_by_side import reference
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import comparability
from models.analysis.reporting.brief import as_markdown, brief, explained, pair
from models.analysis.reporting.findings import simulated
from models.analysis.sensitivity.candidates import candidates
from models.analysis.sensitivity.map import win_map
from models.analysis.sensitivity.named_input import subject
from models.analysis.sensitivity.targets import target
from models.analysis.sensitivity.tornado import tornado
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.file.load import load
from models.studies.inputs.problem import StudyError
from models.studies.study import get
from tests.soak import long
from tests.views.reading import TEMPLATES, bought_twice, frames, printed, run, table, texts
from views.decision.brief import RECOMMENDED, THESE
from views.decision.case import AGAINST, OPTION, Case, inputs
from views.decision.head_to_head import DETAIL
from views.decision.risk import PARTS
from views.decision.swings import usual_span
from views.decision.ties import ALONE, INPUT

NAMES = sorted(path.stem for path in TEMPLATES.glob("*.toml"))
SIMULATION, ONE, SEVERAL, TORNADO, MAP = PARTS
VENDORS = ("Vendor A, expensed", "Vendor B, expensed")
SERVICE = ("Buy, colocation", "API, same model")
MEASURES = "Measures of the saving"


@cache
def result(name: str = "customer_service") -> Result:
    return MODEL.run(load(TEMPLATES / f"{name}.toml"))


def case(name: str = "customer_service", names: tuple[str, str] = SERVICE) -> Case:
    ours, theirs = (result(name).options[each] for each in names)
    return Case(result(name), ours, theirs, comparability(ours, theirs), RANKED_BY)


def chosen(app: AppTest, entry: str, value: Any) -> AppTest:
    """Chooses in the list that remembers under this name."""
    box = next(box for box in app.selectbox if box.key and box.key.startswith(f"{entry} "))
    app = box.set_value(value).run()
    assert not app.exception, app.exception
    return app


def pair_of(study: str = "customer_service", **more: Any) -> AppTest:
    return run("decision", study, view="Head to head", **more)


def risk(study: str = "customer_service") -> AppTest:
    app = run("decision", study, view="Risk")
    return chosen(app, AGAINST, SERVICE[1]) if study == "customer_service" else app


def opened(app: AppTest, part: str) -> AppTest:
    next(each for each in app.segmented_control if each.label == "Show").set_value(part).run()
    assert not app.exception, app.exception
    return app


def service(**more: Any) -> AppTest:
    """The pair that most tests look at."""
    return chosen(pair_of(**more), AGAINST, SERVICE[1])


def cells(app: AppTest, measure: str) -> list[str]:
    """A measure of the saving: before tax and after it."""
    return printed(app, MEASURES)[measure][1:]


# ------------------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("study", NAMES)
def test_it_shows_every_template(study: str):
    app = pair_of(study)
    assert not app.error and app.get("vega_lite_chart")
    holds = MEASURES in "".join(each.proto.body for each in app.get("html"))
    assert holds != ("Totals not comparable:" in texts(app))


def test_it_begins_with_the_recommended_option_against_the_next_best():
    app = pair_of()
    found = recommendation(result())
    assert [box.value for box in app.selectbox[:2]] == [found.winner, found.runner_up]
    assert app.selectbox[0].options[0] == f"{found.winner} (recommended)"
    assert found.winner not in app.selectbox[1].options
    told = [f"{found.runner_up} (next best)", f"{reference(result()).name} (reference)"]
    assert set(told) <= set(app.selectbox[1].options)


def test_the_two_change_places():
    app = pair_of()
    before = [box.value for box in app.selectbox[:2]]
    next(button for button in app.button if button.label == "Swap").click().run()
    assert not app.exception and [box.value for box in app.selectbox[:2]] == before[::-1]


def test_money_is_the_models():
    app = service()
    both = [difference(*(result().options[name] for name in SERVICE), after_tax=taxed) for taxed in (False, True)]
    scale = writer.chart_scale([each.npv for each in both])
    assert cells(app, "Saving, present value") == [scale.text(each.npv) for each in both]
    assert cells(app, "Share of the cost of API, same model") == [writer.share(each.share) for each in both]
    assert both[0].payback.years is not None
    assert cells(app, "Payback")[0] == writer.fixed(both[0].payback.years, 1)
    total = printed(app, "Savings by year")["Cumulative"][-1]
    saved = sum((*both[0].starts, *both[0].running, both[0].final))
    assert "USD thousand, before tax" in texts(app) and abs(1000 * float(total.replace(",", "")) - saved) < 500


def test_both_sides_of_tax_stand_there_and_the_bars_in_bold():
    before, after = pair_of(), pair_of(after_tax=True)
    assert printed(before, MEASURES) == printed(after, MEASURES)
    for app, tax in ((before, "before tax"), (after, "after tax")):
        assert f"Cumulative saving, {tax}" in texts(app)
        body = next(each.proto.body for each in app.get("html") if MEASURES in each.proto.body)
        assert re.findall(r'<th scope="col" class="figure ?(\w*)"', body) == (
            ["chosen", ""] if tax == "before tax" else ["", "chosen"]
        )


def test_without_a_tax_rate_one_side_stands_there():
    toml = (TEMPLATES / "customer_service.toml").read_text(encoding="utf-8")
    app = pair_of(re.sub(r"(?m)^tax_rate = .*", "tax_rate = 0.0", toml), after_tax=True)
    assert len(cells(app, "Payback")) == 1 and "after tax" not in texts(app)


def test_never_and_again_are_answers():
    app = pair_of("two_vendors")
    assert "turns negative again" in texts(app)
    app = chosen(app, OPTION, "Vendor B, expensed")
    app = chosen(app, AGAINST, "Vendor A, expensed")
    assert cells(app, "Saving, present value")[0].startswith(writer.MINUS)
    app = chosen(app, OPTION, "API, Llama 70B")
    assert cells(app, "Payback")[0] in ("never", "immediate")


def test_a_rate_that_is_no_return_is_not_meaningful_and_says_why():
    app = pair_of()
    app = chosen(app, OPTION, "Rented fleet")
    app = chosen(app, AGAINST, "Buy, colocation")
    assert "saves first and pays later" in texts(app) and cells(app, "IRR")[0] == "n/m"
    alike = chosen(chosen(pair_of(bought_twice()), OPTION, "Buy again"), AGAINST, "Buy, colocation")
    assert cells(alike, "IRR") == ["–", "–"] and "identical cash flows" in texts(alike)


def test_totals_that_do_not_compare_are_not_shown():
    app = pair_of("power_limited_site")
    said = texts(app)
    assert MEASURES not in said and "Totals not comparable: B200, air serves" in said
    assert "saving" not in said.lower() and "Measure" not in [s.label for s in app.segmented_control]
    assert "Totals are not comparable, so costs are per response" in said


def test_an_option_that_costs_nothing_is_no_option_without_a_cost():
    head = '[study]\nhorizon_years = 2\n[[workload]]\nname = "chat"\nrequests_per_day = 9\noutput_tokens = 9\n'
    offer = '[[option]]\nname = "{}, a"\nacquisition = "api"\n[option.api]\nprice_output = {}\n'
    app = pair_of(head + offer.format("Free", 0.0) + offer.format("Paid", 2.0))
    told = "Free, a costs 100% less than Paid, a: 0 per 1,000 responses against"
    assert told in texts(app).replace("**", "")
    app = chosen(app, OPTION, "Paid, a")
    said = texts(app).replace("**", "")
    assert "Paid, a costs more than Free, a" in said and "no accepted response" not in said
    app = pair_of(head + offer.format("One", 2.0) + offer.format("Two", 2.0))
    assert cells(app, "Payback") == ["–"] and "identical cash flows" in texts(app)


def test_the_waterfall_stands_beside_its_table_and_says_its_kind():
    app = pair_of("two_vendors")
    switch = next(each for each in app.segmented_control if each.label == "Bridge by")
    assert switch.options == ["Family of cost", "Group of inputs"]
    app = switch.set_value(DETAIL).run()
    bars = next(frame for frame in frames(app) if "Part" in frame)
    found = explained(*(result("two_vendors").options[name] for name in VENDORS))
    amounts = [float(text.replace(",", "").replace("\u2212", "-")) for text in bars["USD thousand"]]
    assert amounts[0] == round(found.start / 1e3) and amounts[-1] == round(found.end / 1e3)
    assert amounts[0] + sum(amounts[1:-1]) == pytest.approx(amounts[-1], abs=len(amounts))
    assert "each bar is a group of inputs" in texts(app)
    tree = service()
    assert table_of_parts(tree)["Rental, lease and API"].startswith(writer.MINUS)
    tree = next(each for each in tree.segmented_control if each.label == "Bridge by").set_value(DETAIL).run()
    assert "each bar is one kind of cost" in texts(tree)
    assert table(tree, "Equipment")["USD thousand"].startswith("+")


def table_of_parts(app: AppTest) -> dict[str, str]:
    frame = next(frame for frame in frames(app) if "Part" in frame)
    labels, amounts = frame.values()
    return dict(zip(labels, amounts, strict=True))


def test_one_option_is_told_to_add_another():
    text = (TEMPLATES / "customer_service.toml").read_text(encoding="utf-8")
    alone = re.sub(r"(?m)^(reference_option|interim_from) = .*\n", "", text.split("[[option]]")[0])
    alone += '[[option]]\nname = "Only"\nacquisition = "api"\n[option.api]\nprice_output = 1.0\n'
    app = pair_of(alone)
    assert "This study has one option" in texts(app) and not app.selectbox


def test_it_leaves_engineering_time_out_where_asked():
    with_staff, without = pair_of(), pair_of(without_staff=True)
    assert cells(with_staff, "Share of the cost of Lease, colocation") != cells(
        without, "Share of the cost of Lease, colocation"
    )


@long
def test_a_currency_with_a_mark_and_names_with_marks_are_shown_as_typed():
    text = (TEMPLATES / "customer_service.toml").read_text(encoding="utf-8")
    app = pair_of(text.replace('"Buy, colocation"', '"$R*nted* :red[x] [a](b)"').replace('"USD"', '"A$"'))
    app = chosen(app, AGAINST, SERVICE[1])
    assert "$R*nted* :red[x] [a](b) costs 15% less" in texts(app).replace("**", "")
    for element in (*app.markdown, *app.caption):
        assert not re.search(r"(?<!\\)\$|(?<!\\)\*nted", element.value)
    told = text.replace('"Buy, colocation"', '"$R*nted* :red[x] [a](b)"').replace('"USD"', '"A$"')
    opened(risk(told), MAP)
    assert not run("decision", told, view="Brief and sign-off").exception


# ---------------------------------------------------------------------------------------------- what changes the answer


def test_any_input_may_be_chosen_prices_first():
    offered = inputs(case())
    assert offered[0].words.startswith("Prices and terms: ") and len({each.path for each in offered}) == len(offered)
    assert {"study/discount_rate", "workload/Live chat/success_rate"} <= {each.path for each in offered}
    assert not any("Rented fleet" in each.words for each in offered), "of the two options only"
    for each in offered:
        assert isinstance(get(result().study, each.path).value, int | float)


@long
def test_the_break_even_of_a_chosen_input_is_the_models():
    app = opened(risk(), ONE)
    found = target(result().study, "study/discount_rate", *SERVICE)
    app = chosen(app, INPUT, "study/discount_rate")
    said = texts(app)
    assert "Discount rate: plan **7.23% p.a.**" in said
    assert isinstance(found.value, float) and f"Break-even at {found.value:.1%}"[:16] in said
    app = chosen(app, INPUT, "option/API, same model/api/price_input")
    found = target(result().study, "option/API, same model/api/price_input", *SERVICE)
    assert found.value is not None and f"Break-even at USD {found.subject.number(found.value)} per million" in texts(
        app
    )
    assert "Looked at from 0 to USD 1,000" in texts(app)


@long
def test_what_both_hold_alike_moves_in_both_or_in_one():
    path = "option/Vendor A, expensed/electricity_price"
    app = chosen(opened(risk("two_vendors"), ONE), INPUT, path)
    assert "Electricity price (both): plan" in texts(app)
    switch = next(each for each in app.segmented_control if each.label == "Moves")
    app = switch.set_value(ALONE).run()
    found = target(result("two_vendors").study, path, *VENDORS, together=False)
    assert found.value is not None and f"Break-even at USD {found.subject.number(found.value)}" in texts(app)
    assert "Electricity price (Vendor A, expensed): plan" in texts(app)


@long
def test_present_value_ties_elsewhere():
    app = opened(risk(), ONE)
    before = texts(app)
    switch = next(each for each in app.segmented_control if each.label == "Measure")
    app = switch.set_value("comparison_pv_cost").run()
    assert not app.exception
    assert "Compared by present value" in texts(app) and "Compared by cost per meaningful response" in before


@long
def test_what_would_have_to_change_is_nearest_first():
    app = opened(risk("two_vendors"), SEVERAL)
    held = next(frame for frame in frames(app) if "Target" in frame)
    options = [result("two_vendors").options[name] for name in VENDORS]
    assert len(held["Input"]) == len(candidates(*options))
    place = held["Input"].index("H200 SXM accelerators (Vendor A, expensed)")
    assert (held["Target"][place], held["Unit"][place]) == ("33,281", "USD per accelerator")
    assert held["Change"][place] == "+4.0%"
    assert held["Then cheapest"][place] == "Vendor B, expensed" and held["Within range"][place] == "yes"
    assert held["Target"][-1] == "no value does"
    assert "target price: USD 33,281 per accelerator, 4.0% above plan" in texts(app)


@long
def test_the_tornado_is_the_models_and_marks_what_changes_the_order():
    app = opened(risk("two_vendors"), TORNADO)
    found = tornado(result("two_vendors").study, VENDORS[0], RANKED_BY, VENDORS[1])
    turning = sum(bar.changes_winner for bar in found.bars)
    assert f"{turning} of {len(found.bars)} inputs" in texts(app)
    next(each for each in app.toggle if each.label == "Show all as a table").set_value(True).run()
    held = next(frame for frame in frames(app) if "Swing" in frame)
    assert len(held["Input"]) == len(found.bars)
    assert held["Changes the order"].count("yes") == turning
    app = chosen(app, "decide tornado of", "pv_cost")
    assert not app.error


@long
def test_the_map_says_who_wins_where():
    app = opened(risk(), MAP)
    assert "In the base case “Buy, colocation” is cheapest." in texts(app)
    held = frames(app)[-1]
    assert len(held) == 8 and all(len(cells) == 7 for cells in held.values())
    app = chosen(app, "decide map table", "Buy, colocation")
    figures = [float(cell) for cells in list(frames(app)[-1].values())[1:] for cell in cells]
    assert len(figures) == 49 and min(figures) > 0 and min(figures) < max(figures)
    app = chosen(app, "decide map across", "study/horizon_years")
    assert not app.error


@long
def test_a_range_that_is_no_number_is_told_and_nothing_guessed():
    app = opened(risk(), MAP)
    end = next(each for each in app.text_input if each.label.startswith("To "))
    app = end.set_value("abc").run()
    assert not app.exception
    assert "is not a number" in texts(app) and "Enter a valid range" in texts(app)
    end = next(each for each in app.text_input if each.label.startswith("To "))
    app = end.set_value("100000").run()
    assert "From (200,000) must be below To (100,000)" in texts(app)
    end = next(each for each in app.text_input if each.label.startswith("To "))
    app = end.set_value("2 million").run()
    assert "Enter a valid range" not in texts(app) and "of the map" in texts(app)


@long
def test_the_brief_on_the_page_is_the_one_of_the_model():
    app = run("decision", view="Brief and sign-off")
    found = brief(result(), simulated=simulated(result().study))
    said = texts(app)
    for sentence in (*found.recommendation, *found.why, *found.flips, *found.assumptions, *found.caveats):
        assert sentence in said
    app = chosen(app, AGAINST, SERVICE[1])
    switch = next(each for each in app.segmented_control if each.label == "Brief on")
    assert switch.value == RECOMMENDED
    app = switch.set_value(THESE).run()
    assert not app.exception and "This brief compares “Buy, colocation” with “API, same model”" in texts(app)
    assert as_markdown(found).startswith("# Customer-service assistant")
    assert pair(result()) == ("Buy, colocation", "Lease, colocation")


def test_what_is_slow_waits_until_it_is_opened(monkeypatch: pytest.MonkeyPatch):
    searched: list[str] = []

    def counted(study: Any, path: str, *rest: Any, **kept: Any) -> Any:
        searched.append(path)
        return target(study, path, *rest, **kept)

    monkeypatch.setattr("views.decision.case.target", counted)
    monkeypatch.setattr("views.decision.swings.tornados.tornado", lambda *_: pytest.fail("too early"))
    monkeypatch.setattr("views.decision.swings.computed_map", lambda *_, **__: pytest.fail("too early"))
    monkeypatch.setattr("views.decision.brief.brief", lambda *_, **__: pytest.fail("too early"))
    app = risk()
    assert not searched
    app = opened(app, ONE)
    assert len(searched) == 1, "the one input that is shown"
    opened(app, SEVERAL)
    assert len(searched) == len(set(searched)) > 10


@long
def test_everything_is_searched_once_for_a_study(monkeypatch: pytest.MonkeyPatch):
    app = opened(risk(), SEVERAL)
    monkeypatch.setattr("views.decision.case.target", lambda *_: pytest.fail("searched again"))
    app.run()
    assert not app.exception


# ------------------------------------------------------------------------------------------------- ranges of the map


@long
def test_every_input_has_a_range_to_be_mapped_over():
    for name in ("customer_service", "power_limited_site"):
        study = result(name).study
        names = tuple(result(name).options)[:2]
        for each in inputs(case(name, (names[0], names[1]))):
            low, high = usual_span(subject(study, each.path))
            assert low < high
    with pytest.raises(StudyError):
        win_map(study, "study/inflation", "study/inflation")
