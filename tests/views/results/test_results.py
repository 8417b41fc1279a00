"""Results: figures with unit and basis, each of which opens to where it comes from."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.analysis.decision.decision import after_tax
from models.analysis.metrics.headlines import drivers_in_words, without_staff
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.statement import statement
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run import opened as explain
from models.run.model import MODEL, OptionResult
from models.studies.file.load import load
from models.studies.study import get
from tests.cpu import least_cpu
from tests.soak import sampled
from tests.views.reading import TEMPLATES, at, frames, ran, run, table, texts
from views import session
from views.figures import opened, simulated, written
from views.pages import RESULTS
from views.results import lines

ALL = [(path.stem, option.name) for path in sorted(TEMPLATES.glob("*.toml")) for option in load(path).options]
LIMIT_S = 0.3
# Letters of a name that stand whole beside one figure at 390 pixels.
LONGEST_LABEL = 29
LOAN, QUOTE = "Financing and tax", "Quote to all-in"


def options(app: AppTest) -> Any:
    """The choice of an option; Streamlit's own types know no group of buttons."""
    groups: Any = app.get("button_group")
    return next(group for group in groups if group.label == "Option")


def of_thousand(cost: float) -> str:
    return writer.unit_cost(REQUESTS_PER_THOUSAND * cost)


def computed(option: str = "Buy, colocation") -> Mapping[str, Any]:
    return run_of(option).values


def run_of(option: str = "Buy, colocation") -> OptionResult:
    return MODEL.run(load(TEMPLATES / "customer_service.toml")).options[option]


@sampled(("study", "option"), ALL, lambda pair: pair[0] == "customer_service")
def test_it_shows_every_option_of_every_template(study: str, option: str):
    app = run("results", study, option=option)
    assert len(strip(app)) == 5
    for view in RESULTS.views:
        app = ran(at(app, "results", view))
        assert not app.error
    assert "model checks pass" in texts(app)


def strip(app: AppTest) -> dict[str, tuple[str, str]]:
    """The main figures by what they are: the text, and unit and basis beneath."""
    found = next(each.proto.body for each in app.get("html") if 'class="figures"' in each.proto.body)
    cells = re.findall(r"<div><span>(.*?)</span><b>(.*?)</b><small>(.*?)</small></div>", found)
    return {label: (text, beneath) for label, text, beneath in cells}


def cost(app: AppTest) -> str:
    return strip(app)["Cost per 1,000 responses"][0]


def test_main_figures_have_unit_and_basis():
    own, found = computed(), strip(run("results"))
    costs = [each.number(RANKED_BY) for each in MODEL.run(load(TEMPLATES / "customer_service.toml")).options.values()]
    ranked = writer.unit_costs([cost and REQUESTS_PER_THOUSAND * cost for cost in costs])[0]
    assert found["Cost per 1,000 responses"] == (ranked, "USD, present value basis, before tax")
    tokens = writer.unit_cost(own["levelised_cost_per_million_output_tokens"])
    assert found["Per million generated tokens"] == (tokens, "USD, levelised, before tax")
    fallback = f"incl. {writer.money(own['pv_interim_cost'])} fallback"
    assert found["PV of cost"] == (writer.money(own["comparison_pv_cost"]), f"USD, before tax, {fallback}")
    paid = [a + b for a, b in zip(own["cash_cost"], own["interim_cost"], strict=True)]
    peak = max(sum(paid[: y + 1]) for y in range(len(paid)))
    assert found["Peak funding"] == (writer.money(peak), "USD, end of 2031")
    idle = f"idle capacity costs {writer.money(own['idle_cost'], 'USD')}"
    assert found["Utilisation of paid capacity"] == (writer.share(own["used_share"]), idle)


def test_the_cost_has_its_range_once_it_was_simulated(monkeypatch: pytest.MonkeyPatch):
    spread = simulated.Range(0.5, 2.0, None)
    monkeypatch.setattr(simulated, "ranges", lambda: {"Buy, colocation": spread})
    assert "USD, 80% range 0.50 to 2.00, before tax" in texts(run("results", option="Buy, colocation"))
    assert "80% range" not in texts(run("results", option="Rented fleet"))


def test_the_present_value_follows_the_basis_of_the_bar():
    after = strip(run("results", after_tax=True))["PV of cost"]
    assert after[0] == writer.money(after_tax(run_of())) and "after tax" in after[1]


def statement_of(app: AppTest) -> dict[str, list[str]]:
    """The rows of the cash-flow statement by their labels."""
    found = next(each.proto.body for each in app.get("html") if 'class="printed statement"' in each.proto.body)
    rows = re.findall(r"<tr.*?>(.*?)</tr>", found)
    told = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return {re.sub(r"<.*?>", "", cells[0]): cells[1:] for cells in told}


def test_the_statement_is_that_of_the_model_by_year_by_quarter_and_against_another():
    app = run("results")
    found = statement_of(app)
    assert found["Cost"] == ["2027", "2028", "2029", "2030", "2031", "Total"]
    whole = statement(run_of())
    scale = writer.table_scale([amount for line in (*whole.families, whole.net) for amount in line.amounts])
    assert found["Net cash paid"] == [*map(scale.statement, whole.net.amounts), scale.statement(whole.net.total)]
    assert {"Net cash paid after tax", "Cash after financing"} <= set(found)
    next(each for each in app.segmented_control if each.label == "Periods").set_value("quarter").run()
    assert statement_of(app)["Cost"][:2] == ["2027 Q1", "2027 Q2"]
    box = next(each for each in app.selectbox if each.label == "Show")
    box.set_value("Rented fleet").run()
    assert not app.exception and "Net saving" in statement_of(app)


def test_all_of_them_stand_in_a_table():
    app = run("results", view="Checks")
    own = computed()
    assert table(app, "Cost of input tokens")["Whole period"] == writer.unit_cost(own["cost_per_million_input_tokens"])
    assert table(app, "Cost of input tokens")["Unit"] == "USD per million input tokens"
    assert table(app, "Cost of generated tokens")["Unit"] == "USD per million generated tokens"
    assert table(app, "Utilisation of paid capacity")["Whole period"] == writer.share(own["used_share"])
    assert table(app, "Energy per response")["Unit"] == "Wh per response"
    assert table(app, "In joules")["Whole period"] == writer.physical(own["joules_per_meaningful_response"])
    assert table(app, "Limiting factor of output")["Whole period"] == "demand"


def test_what_drives_the_cost_is_said():
    own = MODEL.run(load(TEMPLATES / "customer_service.toml")).options["Buy, colocation"]
    assert drivers_in_words(own) in texts(run("results"))


def test_another_option_is_shown_when_chosen():
    app = run("results")
    choice = options(app)
    choice.set_value("Rented fleet").run()
    assert not app.exception
    assert cost(app) == of_thousand(computed("Rented fleet")["comparison_cost_per_meaningful_response"])
    assert "the rented systems' power is not given" in texts(ran(at(app, "results", "Checks")))


def test_without_staff_the_study_is_run_again():
    study = without_staff(load(TEMPLATES / "customer_service.toml"))
    bare = MODEL.run(study).options["Buy, colocation"].values["comparison_cost_per_meaningful_response"]
    assert cost(run("results", without_staff=True)) == of_thousand(bare)


def test_an_api_has_no_figures_for_a_fleet_and_says_so():
    app = run("results", option="API, same model", view="Checks")
    assert "an API has no fleet of its own" in texts(app)
    assert table(app, "Utilisation of paid capacity")["Whole period"] == "n/a"
    said = texts(ran(at(app, "results", "Capacity and energy")))
    assert "The provider does not disclose energy or capacity" in said
    assert "Idle capacity" not in said


def test_a_loan_is_shown_where_there_is_one():
    assert "Loan" not in [heading.value for heading in run("results", option="Lease, colocation", view=LOAN).header]
    app = run("results", option="Buy, colocation", view=LOAN)
    assert "Loan" in [heading.value for heading in app.header]
    assert table(app, "Owed at the end")["2031"] == writer.ZERO


def test_money_of_a_table_has_one_scale_and_adds_up():
    app = run("results")
    rows = {name: table(app, name) for name in ("Capex", "Operating cost", "Resale", "Cash cost")}
    assert {row["Unit"] for row in rows.values()} == {"USD thousand"}
    year = {name: float(row["2031"].replace(",", "").replace(writer.ZERO, "0")) for name, row in rows.items()}
    assert year["Cash cost"] == pytest.approx(year["Capex"] + year["Operating cost"] - year["Resale"], abs=1.5)


def test_the_quote_stands_in_its_own_unit():
    bought = texts(run("results", view=QUOTE)).replace("**", "")
    assert f"Price of one system: USD {computed()['system_price']:,.0f} per system" in bought
    rented = texts(run("results", option="Rented fleet", view=QUOTE)).replace("**", "")
    assert re.search(r"Committed rental: USD [\d.]+ per accelerator-hour", rented)
    api = texts(run("results", option="API, same model", view=QUOTE)).replace("**", "")
    assert re.search(r"List price, output: USD [\d.]+ per million tokens", api)


def test_the_quote_per_response_climbs_to_the_cost_of_1_000():
    app = run("results", view=QUOTE)
    next(each for each in app.segmented_control if each.label == "The quote, per").set_value("response").run()
    assert not app.exception
    spec = next(
        each
        for each in (str(chart.proto) for chart in app.get("vega_lite_chart"))
        if "What the quote leaves out" in each
    )
    assert "USD per 1,000 responses" in spec
    total = REQUESTS_PER_THOUSAND * computed()["cost_per_meaningful_response"]
    assert f"Total cost {writer.even_costs([total])[0]}" in spec


def test_names_from_people_are_not_marks():
    toml = Path(TEMPLATES / "ecommerce_bot.toml").read_text(encoding="utf-8")
    rude = "Own $x$ <b>*y*</b> :tada:"
    app = run("results", toml.replace("Own server, colocation", rude), option=rude)
    choice = options(app)
    assert choice.options[1] == written.plain(rude)
    assert "$x$" not in "".join(element.value for element in (*app.markdown, *app.caption))


def test_a_page_takes_no_time():
    assert least_cpu(run("results").run, attempts=5) < LIMIT_S


# Figures opened


def body(line: str, option: str, trail_more: str) -> None:
    from pathlib import Path

    import streamlit as st

    from models.run.model import MODEL
    from models.studies.file.load import load
    from views.figures import opened

    study = load(Path(st.session_state["file"]))
    trail = st.session_state.setdefault("trail", [line, *trail_more.split()])
    opened.body(MODEL.run(study), option, trail)


def drawer(line: str, option: str = "Buy, colocation", more: str = "", study: str = "customer_service"):
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_function(body, args=(line, option, more), default_timeout=30)
    app.session_state["file"] = str(TEMPLATES / f"{study}.toml")
    app.run()
    assert not app.exception
    return app


def test_a_figure_opens_to_formula_values_and_parts():
    said = texts(drawer("cost_per_meaningful_response"))
    assert "Total cost, undiscounted, guardrails and escalation included, over accepted responses." in said
    assert "= Total cost, undiscounted / Accepted responses, life" in said
    own = computed()
    assert f"= {own['lifetime_cost']:,.0f} / {own['meaningful_responses']:,.0f}" in said
    assert f"**USD {writer.exact(own['cost_per_meaningful_response'])} per response**" in said


def test_parts_open_in_turn_and_lead_back():
    app = drawer("cost_per_meaningful_response")
    app.button(key="part 1 lifetime_cost").click().run()
    assert "= the sum over the years of Cash cost" in texts(app)
    app.button(key="part 2 cash_cost").click().run()
    assert [button.label for button in app.button[:2]] == [
        "Cost per meaningful response, undiscounted",
        "Total cost, undiscounted",
    ]
    app.button(key="back 0").click().run()
    assert app.session_state["trail"] == ["cost_per_meaningful_response"]


def test_an_input_shows_its_source_range_date_and_note():
    said = texts(drawer("pue"))
    value = get(load(TEMPLATES / "customer_service.toml"), "option/Buy, colocation/pue")
    assert f"{value.value}, range {value.low} to {value.high}, {value.confidence}, {value.as_of}" in said
    assert f"[{value.source}](<{value.url}>)" in said
    assert str(value.note) in said


def test_inputs_by_row_name_their_row_and_the_unit_of_their_basis():
    said = texts(drawer("opex_cost"))
    assert re.search(r"On-call and platform staff: USD [\d,]+[,;]", said)
    assert re.search(r"Colocation: USD [\d.]+ per kW and month", said)
    assert re.search(r"Hardware support: [\d.]+%", said)


def test_a_line_by_year_opens_to_its_years():
    app = drawer("capex")
    assert frames(app)[0]["2027"] == [writer.exact(computed()["capex"][0])]


def test_a_missing_figure_says_what_does_not_hold():
    assert "“Energy is known” does not hold" in texts(drawer("joules_per_output_token_it", "API, same model"))


def test_the_drawer_shows_another_option_when_chosen():
    app = drawer("cost_per_meaningful_response")
    app.selectbox[0].set_value("Rented fleet").run()
    figure = writer.exact(computed("Rented fleet")["cost_per_meaningful_response"])
    assert f"**USD {figure} per response**" in texts(app)


def test_every_line_of_every_option_opens():
    result = MODEL.run(load(TEMPLATES / "customer_service.toml"))
    for option in result.options.values():
        for name in MODEL.lines:
            assert "nan" not in opened.in_figures(option, name)
            for part in explain.opened(option, name).parts:
                assert part.kind == "index" or opened.brief(part.figure)
                for path, value in part.sources:
                    assert opened.source_line(option, path, value).startswith("- ")


def test_every_formula_of_single_figures_can_be_read_in_figures():
    option = MODEL.run(load(TEMPLATES / "customer_service.toml")).options["Buy, colocation"]
    parts = [writer.exact(option.values[name]) for name in ("pv_capex", "pv_operating", "pv_disposals")]
    assert opened.in_figures(option, "pv_cost") == f"{parts[0]} + {parts[1]} - {parts[2]}"
    assert opened.in_figures(option, "lifetime_cost") == "", "it reads years"


def test_any_line_can_be_opened_by_its_name(monkeypatch: pytest.MonkeyPatch):
    shown = []
    monkeypatch.setattr(opened, "show", lambda result, option, line: shown.append((option, line)))
    app = run("results", view="Checks")
    app.selectbox(key="results finder").set_value("flow_factor")
    app.button(key="results finder open").click().run()
    assert shown == [("Buy, colocation", "flow_factor")]
    app.run()
    assert len(shown) == 1, "it opens once"


def test_a_click_on_a_label_opens_its_line(monkeypatch: pytest.MonkeyPatch):
    shown = []
    monkeypatch.setattr(opened, "show", lambda result, option, line: shown.append((option, line)))
    real = session.entered
    clicked = {"cash table clicked": {"row": 3, "label": "Cash cost"}}
    monkeypatch.setattr(session, "entered", lambda key: clicked.get(key) or real(key))
    run("results")
    assert shown == [("Buy, colocation", "cash_cost")]


def test_names_of_lines_in_tables_fit_a_telephone(monkeypatch: pytest.MonkeyPatch):
    assert set(lines.SHORT) <= set(MODEL.lines)
    shown: set[str] = set()
    drawn = opened.table
    monkeypatch.setattr(opened, "table", lambda *a, **k: (shown.update(row.label for row in a[4]), drawn(*a, **k)))
    for view in RESULTS.views:
        run("results", view=view)
    assert shown and not {label for label in shown if len(label) > LONGEST_LABEL}
