"""The compare page: what was offered, what it comes to, which option, and no totals that do not compare."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.decision.decision import after_tax, ranking, recommendation
from models.analysis.decision.difference import difference
from models.analysis.decision.leasing import leasing
from models.analysis.decision.side_by_side import footing
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.words import line_text
from models.notation import writer
from models.run.model import MODEL
from models.studies.change import replace
from models.studies.file.load import dumps, load
from tests.views.reading import TEMPLATES, bought_twice, frames, run, table, texts
from views import session
from views.decision import all_options, finance
from views.figures import opened, written

NAMES = sorted(path.stem for path in TEMPLATES.glob("*.toml"))


def shown(study: str = "customer_service", *, after_tax: bool = False) -> AppTest:
    return run("decision", study, view="All options", after_tax=after_tax)


@pytest.mark.parametrize("study", NAMES)
def test_it_shows_every_template(study: str):
    app = shown(study)
    options = [each.name for each in ranking(MODEL.run(load(TEMPLATES / f"{study}.toml")))]
    assert [column for column in frames(app)[0] if column in options] == options
    assert not app.error


def test_the_recommendation_is_the_models():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    said = texts(run("decision"))
    found = recommendation(result)
    told = [each for each in found.conditions if each not in found.margins]
    assert found.winner and all(sentence in said for sentence in (found.sentence, *told, *found.caveats))
    assert found.rise is not None and f"over {writer.share(found.rise)} more than planned" in re.sub(r"\s+", " ", said)


def test_offers_stand_in_their_own_units():
    app = shown()
    price = table(app, "Price of one system")
    assert price["Unit"] == "USD per system"
    assert price["API, same model"] == all_options.NOT_QUOTED
    assert table(app, "Committed rental")["Unit"] == "USD per accelerator-hour"
    assert table(app, "List price, output")["Unit"] == "USD per million tokens"
    assert table(app, "Lease of one system")["Unit"] == "USD per system and month"


def test_figures_are_the_models():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    app = shown()
    for label, line in {
        "Response, undiscounted": "cost_per_meaningful_response",
        "Tokens, undiscounted": "lifetime_cost_per_million_output_tokens",
        "Present value of cost": "comparison_pv_cost",
        "Demand served": "served_share",
    }.items():
        row = table(app, label)
        values = [option.number(line) for option in result.options.values()]
        texts, unit = written.across(line, values, MODEL.lines[line].unit, "USD")
        assert [row[name] for name in result.options] == texts and row["Unit"] == unit


def test_targets_delivery_and_quantity_are_told():
    app = shown()
    assert table(app, "Latency target met")["API, same model"] == "not measured"
    assert table(app, "Latency target met")["Buy, colocation"] == "yes"
    assert table(app, "Order to go-live")["API, same model"] == "at once"
    assert table(app, "Peak servers")["API, same model"] == "n/a"
    assert table(app, "Eligible")["API, same model"] == "no"
    assert "Not eligible: “API, same model”, its latency is not measured." in texts(app)
    assert "but no measurement" in texts(run("decision"))


def test_what_ranks_is_told_so_that_options_of_unlike_cost_look_unlike():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    costs = [1000 * result.options[each.name].values[RANKED_BY] for each in ranking(result)]
    row = table(shown(), "Response")
    assert [row[each.name] for each in ranking(result)] == writer.unit_costs(costs)
    assert (row["Buy, colocation"], row["Lease, colocation"]) == ("0.987", "0.992")


def test_above_three_options_only_what_differs_is_shown_at_first():
    app = shown()
    with pytest.raises(AssertionError, match="no table has a row 'Quality target met'"):
        table(app, "Quality target met")
    switch = next(each for each in app.segmented_control if each.label == "Show")
    app = switch.set_value(all_options.ALL).run()
    assert not app.exception and table(app, "Quality target met")["Buy, colocation"] == "no target"


def test_after_tax_its_present_value_stands_first():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    row = table(shown(after_tax=True), "Present value, after tax")
    option = result.options["Rented fleet"]
    assert row["Rented fleet"] == writer.fixed(after_tax(option) / 1000, 0) and row["Unit"] == "USD thousand"


def test_totals_that_do_not_compare_are_not_shown():
    app = shown("power_limited_site")
    row = table(app, "Present value of cost")
    assert row["B200, air"] != all_options.NOT_COMPARED, "the reference itself"
    assert {row[name] for name in ("H200, air", "B200, liquid")} == {all_options.NOT_COMPARED}
    said = texts(app)
    assert "and “B200, air” are not comparable" in said
    assert "only unit costs are" in said
    assert len(app.get("vega_lite_chart")) == 1, "cost per response only"


def test_fixed_and_demand_sizing_never_share_a_total():
    toml = (TEMPLATES / "customer_service.toml").read_text(encoding="utf-8")
    head, tail = toml.split('name = "Rented fleet"')
    tail = tail.replace('sizing = "demand"', 'sizing = "fixed"\nsystems = 4\nutilisation = 0.3', 1)
    app = shown(head + 'name = "Rented fleet"' + tail)
    # An API has no sizing, so the reference compares with both; here the reference is one of them.
    changed = (head + 'name = "Rented fleet"' + tail).replace(
        'reference_option = "API, same model"', 'reference_option = "Buy, colocation"'
    )
    app = shown(changed)
    assert table(app, "Present value of cost")["Rented fleet"] == all_options.NOT_COMPARED
    assert "one fleet is fixed, the other sized to demand" in texts(app)


def test_against_the_reference_savings_are_positive():
    app = shown()
    saved = table(app, "Present value")
    assert "API, same model" not in saved
    assert saved["Buy, colocation"][0].isdigit()
    assert table(app, "Payback")["Unit"] == "years from the start"
    assert table(app, "Internal rate of return")["Buy, colocation"].endswith("% p.a.")


@pytest.mark.parametrize(
    ("label", "line"),
    (
        ("Per response", "comparison_cost_per_meaningful_response"),
        ("Per million, undiscounted", "lifetime_cost_per_million_output_tokens"),
    ),
)
def test_unit_costs_differ_in_money_and_per_cent(label: str, line: str):
    options = MODEL.run(load(TEMPLATES / "customer_service.toml")).options
    ours, theirs = (options[name].values[line] for name in ("Buy, colocation", "API, same model"))
    told, unit = line_text(line, theirs - ours, MODEL.lines[line].unit, "USD")
    expected = f"{told} ({writer.share((theirs - ours) / theirs)})"
    row = table(shown(), label)
    assert row["Buy, colocation"] == expected and row["Unit"].startswith(f"{unit}, ")


def test_any_option_may_be_the_reference():
    app = shown()
    next(box for box in app.selectbox if box.label == "Against").set_value("Buy, colocation").run()
    assert not app.exception
    saved = table(app, "Present value")
    assert "Buy, colocation" not in saved and saved["API, same model"].startswith(writer.MINUS)


def test_after_tax_stands_apart_from_before():
    before = table(shown(), "Present value")
    after = table(shown(after_tax=True), "Present value")
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    found = difference(result.options["Buy, colocation"], result.options["API, same model"], after_tax=True)
    assert after["Buy, colocation"].startswith(f"{writer.fixed(found.npv, 0)} (")
    assert after["Unit"] == "USD, after tax"
    assert "before tax" in before["Unit"] and "after tax" in after["Unit"] and before != after


def test_unit_costs_are_told_where_totals_do_not_compare():
    app = shown("power_limited_site")
    assert table(app, "Per response")["H200, air"].endswith("%)")
    assert not any("Internal rate of return" in str(frame.get("Figure")) for frame in frames(app))


def depth(app: AppTest) -> list[dict[str, str]]:
    """The rows of the table of finance figures."""
    frame = next(frame for frame in frames(app) if finance.OWN_ANNUAL in str(frame))
    return [dict(zip(frame, cells, strict=True)) for cells in zip(*frame.values(), strict=True)]


def test_finance_figures_say_their_basis():
    app = shown()
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    for line, (label, basis) in finance.LINES.items():
        values = [option.number(line) for option in result.options.values()]
        texts, unit = written.across(line, values, MODEL.lines[line].unit, "USD")
        row = next(row for row in depth(app) if row["Figure"].endswith(f" {label}"))
        assert [row[name] for name in result.options] == texts
        assert row["Unit"] == f"{unit}, {basis}" and "tax" in basis
    own = table(app, finance.OWN_ANNUAL)
    assert own["Buy, colocation"].endswith("years)") and own["API, same model"] == writer.NONE


def test_a_lease_is_held_against_every_purchase():
    app = shown()
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    found = leasing(result.options["Lease, colocation"], result.options["Buy, colocation"])
    assert found is not None
    advantage = table(app, "Net advantage to leasing")
    assert advantage["Lease, colocation against Buy, colocation"] == writer.money(found.advantage)
    assert "loan's rate after tax" in texts(app)


def test_one_option_has_nothing_to_compare():
    toml = (TEMPLATES / "ecommerce_bot.toml").read_text(encoding="utf-8")
    parts = toml.split("\n[[option]]\n")
    head = re.sub(r"(?m)^(reference_option|interim_from) = .*\n", "", parts[0])
    alone = head + "\n[[option]]\n" + parts[1]
    app = shown(alone)
    assert "This study has one option" in texts(app)
    assert not app.dataframe


def test_a_click_opens_the_line_of_the_reference(monkeypatch: pytest.MonkeyPatch):
    opens = []
    monkeypatch.setattr(opened, "show", lambda result, option, line: opens.append((option, line)))
    real = session.entered
    monkeypatch.setattr(
        session, "entered", lambda key: {"row": 0, "label": ""} if key == "compare Cost clicked" else real(key)
    )
    shown()
    assert opens == [("API, same model", "comparison_cost_per_meaningful_response")]


@pytest.mark.parametrize(("place", "view"), (("decision", "Summary"), ("inputs", "Evidence")))
def test_prices_that_hold_no_longer_are_flagged(place: str, view: str):
    study = load(TEMPLATES / "customer_service.toml")
    price = "option/Buy, colocation/capex/H200 SXM accelerators/amount"
    past = replace(study, price, 30_000.0, source="Offer 7", note="Net; holds until 2026-01-31")
    assert "1 price from Offer 7 expired on 31 Jan 2026" in texts(run(place, dumps(past), view=view))
    assert "expired on" not in texts(run(place, dumps(study), view=view))


def test_totals_that_do_not_compare_stand_in_no_table():
    result = MODEL.run(load(TEMPLATES / "power_limited_site.toml"))
    apart = [name for name, found in footing(result).by_option.items() if not found.holds]
    app = shown("power_limited_site")
    assert apart
    for name in apart:
        assert table(app, finance.LINES["pv_after_tax_cost"][0])[name] == all_options.NOT_COMPARED
        assert table(app, finance.OWN_ANNUAL)[name] == all_options.NOT_COMPARED
        assert table(app, finance.LINES["levelised_real"][0])[name] != all_options.NOT_COMPARED


def test_a_lease_stands_as_a_debt_by_year_too():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    found = leasing(result.options["Lease, colocation"], result.options["Buy, colocation"])
    assert found is not None and found.as_debt is not None
    debt = next(frame for frame in frames(shown()) if "Principal" in frame)
    assert debt["Year"] == ["1", "2", "3", "4", "5"]
    assert debt["Interest"] == [writer.fixed(each, 0) for each in found.as_debt.interest]
    assert debt["Owed at its end"][-1] == writer.fixed(found.as_debt.owed[-1], 0)


def test_a_lease_is_not_held_against_a_purchase_that_does_less():
    late = replace(load(TEMPLATES / "customer_service.toml"), "study/interim_from", None)
    app = shown(dumps(replace(late, "option/Buy, colocation/months_to_production", 12)))
    assert "“Lease, colocation” and “Buy, colocation” are not comparable: " in texts(app)
    assert "Net advantage to leasing" not in str(frames(app))
    assert "fallback price." not in table_notes(app)


def table_notes(app: AppTest) -> str:
    """What is said below the tables on how their figures count."""
    return "\n".join(line for line in texts(app).splitlines() if line.startswith(("Nominal", "Saving and share")))


def test_the_rate_of_a_lease_is_told_as_a_cost():
    app = shown(bought_twice())
    next(box for box in app.selectbox if box.label == "Against").set_value("Buy, colocation").run()
    said = table_notes(app)
    assert "“Lease, colocation”" in said and "the rate is a cost of finance" in said
    assert "at a later purchase" not in said and "All of it before tax." in said
    assert table(app, "Payback")["Lease, colocation"] == "immediate"
    assert table(app, "Payback")["Buy again"] == "–", "paid alike"


def test_unit_costs_stand_on_the_tax_basis_of_their_table():
    app = shown()
    assert table(app, "Per response")["Unit"].endswith(", before tax")
    rows = next(
        frame for frame in frames(shown(after_tax=True)) if "before tax" not in str(frame) and "Payback" in str(frame)
    )
    assert "pre-tax equivalent" in str(rows) and "after tax" in str(rows)
