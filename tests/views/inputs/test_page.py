"""The page of inputs, run as Streamlit runs it: fields, errors beside them, grids, sources, options, undo."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from models.studies import sections
from models.studies.change import replace, replace_all
from models.studies.inputs.problem import StudyError
from models.studies.study import get
from store import library
from tests.soak import sampled
from tests.views.reading import field, press, put, ran, unfolded, work
from views import session
from views.inputs.tables import grids, sheets

OWN = "Buy, colocation"
TOKENS, GROWTH, SUCCESS = "Input tokens per request", "Demand growth, % p.a.", "Success rate, %"
PUE = f"option/{OWN}/pue"


def page() -> None:
    import streamlit as st

    from views import bar, frame
    from views.inputs import page as inputs

    # Streamlit calls this itself when a browser sends a grid's edits; a test can only put them into the session.
    called = st.session_state.pop("grid edited", None)
    if called:
        on_change, args = getattr(st.data_editor, "calls")[called]  # noqa: B009
        on_change(*args)
    frame.head()
    bar.draw()
    inputs.show()
    frame.foot()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "marks", lambda: session.kept(session.DECIMAL_MARK) or "english")


@pytest.fixture(autouse=True)
def grid_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes down what each grid calls when it is edited."""
    editor = streamlit.data_editor
    calls: dict[str, Any] = {}

    def noted(*args: Any, **settings: Any) -> Any:
        calls[settings["key"]] = (settings["on_change"], settings["args"])
        return editor(*args, **settings)

    vars(noted)["calls"] = calls
    monkeypatch.setattr(streamlit, "data_editor", noted)


@pytest.fixture
def app() -> AppTest:
    return ran(AppTest.from_function(page, default_timeout=30))


def value(at: AppTest, path: str) -> Any:
    return get(work(at).step.study, path).value


def scope(at: AppTest, option: str | None) -> AppTest:
    names = [each.name for each in work(at).step.study.options]
    return put(at, "Show", -1 if option is None else names.index(option))


def told(at: AppTest) -> list[str]:
    """Errors and warnings on the page."""
    return [
        each.value for each in at.markdown if ":material/error:" in each.value or ":material/warning:" in each.value
    ]


# --------------------------------------------------------------------------------------------------------------- fields


@pytest.mark.parametrize("name", [each.name for each in sections.SECTIONS])
@sampled("option", [None, OWN, "Rented fleet", "API, same model"], lambda option: option in (None, OWN))
def test_every_section_draws_for_every_kind_of_option(app: AppTest, name: str, option: str | None):
    put(app, "Section", name)
    if sections.section(name).of_options:
        scope(app, option)
    for each in [*app.text_input, *app.selectbox]:
        assert each.label, "everything has a label"


@sampled("template", library.names(), lambda name: name in ("reasoning_agent", "two_vendors"))
def test_every_template_can_be_entered(app: AppTest, template: str):
    work(app).step = session._computed(library.template(template).study, "")
    for each in sections.SECTIONS:
        put(app, "Section", each.name)


def test_an_edit_is_taken_and_said_where_it_is_not_what_was_typed(app: AppTest):
    put(app, TOKENS, "2k")
    assert value(app, "workload/Live chat/input_tokens") == 2000
    assert field(app, TOKENS).value == "2k", "the field stays as it was typed"
    assert any("read as 2,000" in each.value for each in app.caption)


@pytest.mark.parametrize(
    ("label", "text", "reason"),
    [
        *[(TOKENS, "abc", "not a number"), (TOKENS, "-5", "at least 0"), (TOKENS, "1.500", "1500 or 1.5; write")],
        *[(TOKENS, "12%", "not a percentage"), (GROWTH, "0.5", "write the % sign"), (SUCCESS, "150%", "at most 100%")],
    ],
)
def test_what_cannot_be_taken_stays_with_its_reason_beside_the_last_good_result(
    app: AppTest, label: str, text: str, reason: str
):
    before = work(app).step
    put(app, label, text)
    assert work(app).step is before
    assert field(app, label).value == text
    errors = [each.replace("\\", "") for each in told(app)]
    assert any(reason in each for each in errors)
    assert any("last valid state" in each for each in errors)


def test_a_decimal_mark_is_asked_for_once_and_then_known(app: AppTest):
    put(app, TOKENS, "1.500")
    [thousands] = [each for each in app.button if each.label == "It is 1500"]
    thousands.click()
    ran(app)
    assert value(app, "workload/Live chat/input_tokens") == 1500
    put(app, TOKENS, "2.125")
    assert value(app, "workload/Live chat/input_tokens") == 2125


def test_an_error_survives_a_change_of_section_and_goes_with_its_correction(app: AppTest):
    put(app, TOKENS, "abc")
    put(app, "Section", "finance")
    assert any("last valid state" in each for each in told(app))
    put(app, "Section", "workload")
    assert field(app, TOKENS).value == "abc"
    put(app, TOKENS, "2000")
    assert not told(app)


def test_a_value_far_from_the_one_before_is_taken_and_remarked_on(app: AppTest):
    put(app, TOKENS, "5")
    assert value(app, "workload/Live chat/input_tokens") == 5
    assert not any("outside the entered range" in each for each in told(app)), "that range was the old value's"
    assert any("of the value before" in each.value for each in app.caption)


def test_a_new_value_loses_the_old_source(app: AppTest):
    put(app, TOKENS, "1500")
    found = get(work(app).step.study, "workload/Live chat/input_tokens")
    assert (found.source, found.confidence, found.low) == (None, "own", None)
    assert any("proposed range 1,050 to 1,950" in each.value for each in app.caption)


def test_a_cleared_field_shows_the_default_that_stands(app: AppTest):
    put(app, SUCCESS, "")
    assert field(app, SUCCESS).value == "100%"
    assert any("Blank: " in each.value for each in app.caption)


def test_the_same_value_typed_otherwise_changes_nothing(app: AppTest):
    before = work(app).step
    put(app, GROWTH, "20%")
    assert work(app).step is before


def test_undo_and_redo_reach_the_fields(app: AppTest):
    put(app, TOKENS, "2k")
    press(app, "undo")
    assert field(app, TOKENS).value == "1,154.7"
    press(app, "redo")
    assert field(app, TOKENS).value == "2,000"


def test_only_what_the_chosen_people_can_answer_is_shown(app: AppTest):
    app.button_group[0].set_value(["finance"])
    ran(app)
    labels = [each.label for each in app.text_input]
    assert TOKENS not in labels
    assert GROWTH in labels


def test_the_advanced_inputs_are_drawn_when_they_are_opened(app: AppTest):
    label = "Deferrable share, %"
    assert label not in [each.label for each in app.text_input]
    unfolded(app, "advanced workload")
    put(app, label, "30 %")
    assert value(app, "workload/Live chat/deferrable_share") == 0.3


# -------------------------------------------------------------------------------------------------------------- options


def test_a_shared_value_is_set_once_for_all_that_read_it(app: AppTest):
    put(app, "Section", "energy")
    scope(app, None)
    put(app, "PUE", "1.2")
    held = {each.name: each.fields["pue"].value for each in work(app).step.study.options}
    assert held == {
        OWN: 1.2,
        "Lease, colocation": 1.2,
        "Rented fleet": None,
        "API, same model": None,
    }


def test_an_option_shows_where_it_departs(app: AppTest):
    put(app, "Section", "energy")
    scope(app, OWN)
    put(app, "PUE", "1.2")
    assert any("elsewhere" in each.value and "1\\.54" in each.value for each in app.caption)
    scope(app, None)
    assert field(app, "PUE").value == ""
    assert field(app, "PUE").placeholder == "varies by option"
    put(app, "PUE", "  ")
    assert value(app, PUE) == 1.2, "an empty field of differing options changes none"


def test_another_way_to_buy_waits_for_its_terms(app: AppTest):
    put(app, "Section", "capex")
    scope(app, OWN)
    put(app, "Acquisition", "rental")
    assert value(app, f"option/{OWN}/acquisition") == "purchase"
    assert any("Rental terms are missing" in each for each in told(app))
    put(app, "On-demand price, USD per accelerator-hour", "2.5")
    assert value(app, f"option/{OWN}/acquisition") == "rental"
    assert not any(":material/error:" in each for each in told(app))


def test_options_are_copied_renamed_added_and_removed(app: AppTest):
    put(app, "Section", "capex")
    scope(app, OWN)
    unfolded(app, "manage option")
    press(app, "copy option")
    put(app, "Name", "Vendor Z/2")
    names = [each.name for each in work(app).step.study.options]
    assert names[-1] == "Vendor Z/2"
    put(app, "Name", OWN)
    assert any("must have its own" in each for each in told(app))
    put(
        app,
        "Add an option from a template",
        next(each for each in field(app, "Add an option from a template").options if "As disclosed" in each),
    )
    press(app, "add option")
    assert work(app).step.study.options[-1].name == "As disclosed"
    press(app, "remove option")
    assert [each.name for each in work(app).step.study.options] == names


def test_workloads_are_copied_and_removed_with_their_rates(app: AppTest):
    unfolded(app, "manage workload")
    press(app, "copy workload")
    assert work(app).step.study.option(OWN).serving_for("Live chat, copy") is not None
    press(app, "remove workload")
    assert [each.text("name") for each in work(app).step.study.workloads] == ["Live chat", "Nightly summaries"]


def test_an_api_may_be_given_figures_of_its_own(app: AppTest):
    study = work(app).step.study
    bare = dataclasses.replace(study.option("API, same model"), serving=())
    options = (*study.options[:-1], bare)
    work(app).step = session._computed(dataclasses.replace(study, options=options), "")
    put(app, "Section", "serving")
    scope(app, "API, same model")
    press(app, "own figures")
    assert work(app).step.study.option("API, same model").serving_for("Live chat") is not None


def test_a_section_without_inputs_says_why(app: AppTest):
    put(app, "Section", "energy")
    scope(app, "API, same model")
    assert any("Included in this option's price" in each.value for each in app.caption)


# -------------------------------------------------------------------------------------------------------------- sources


def test_a_source_is_edited_in_its_popover(app: AppTest):
    unfolded(app, "source workload/Live chat/demand_growth")
    put(app, "Source", "Board plan")
    put(app, "Confidence", "contracted")
    put(app, "High", "40 %")
    found = get(work(app).step.study, "workload/Live chat/demand_growth")
    assert (found.value, found.source, found.confidence, found.high) == (0.2, "Board plan", "contracted", 0.4)
    put(app, "High", "abc")
    assert any("not a number" in each for each in told(app))


def test_a_volume_by_the_month_is_taken_with_its_sum(app: AppTest):
    path = "workload/Live chat/requests_per_day"
    unfolded(app, f"convert {path}")
    put(app, "Requests per month", "3M")
    press(app, f"convert {path} take")
    found = get(work(app).step.study, path)
    assert found.value == pytest.approx(36e6 / 365)
    assert found.note == "3,000,000 a month x 12 / 365"


def test_a_benchmark_sets_a_blended_rate_with_its_lengths(app: AppTest):
    put(app, "Section", "serving")
    scope(app, OWN)
    path = f"option/{OWN}/serving/Live chat"
    unfolded(app, f"convert {path}/decode_rate")
    for label, text in (("Tokens/s", "24,000"), ("Input tokens", "1000"), ("Output tokens", "200")):
        put(app, label, text)
    assert any("24,000 per system of 8" in each.value.replace("\\", "") for each in app.markdown)
    press(app, f"convert {path}/decode_rate take")
    row = work(app).step.study.option(OWN).serving_for("Live chat")
    assert row is not None
    assert (row.number("decode_rate"), row["prefill_rate"].value, row.number("measured_output_tokens")) == (
        3000,
        None,
        200,
    )


# ---------------------------------------------------------------------------------------------------------------- grids


def grid_key(at: AppTest, name: str) -> str:
    return work(at).grids[name][0]


def typed_in_grid(at: AppTest, name: str, **edits: Any) -> AppTest:
    empty: dict[str, Any] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    at.session_state[grid_key(at, name)] = {**empty, **edits}
    at.session_state["grid edited"] = grid_key(at, name)
    return ran(at)


@pytest.fixture
def purchases(app: AppTest) -> AppTest:
    put(app, "Section", "capex")
    return scope(app, OWN)


GRID = f"option/{OWN}/capex"


def test_a_cell_is_taken_and_the_grid_stays(purchases: AppTest):
    key = grid_key(purchases, GRID)
    typed_in_grid(purchases, GRID, edited_rows={0: {"amount": "33k"}})
    assert value(purchases, f"{GRID}/H200 SXM accelerators/amount") == 33_000
    assert grid_key(purchases, GRID) == key


def test_a_faulty_cell_changes_nothing_and_is_told(purchases: AppTest):
    before = work(purchases).step
    typed_in_grid(purchases, GRID, edited_rows={0: {"amount": "33k"}, 1: {"amount": "1,2,3"}})
    assert work(purchases).step is before
    assert any("row 2, Server chassis, excluding GPUs: Amount" in each.replace("\\", "") for each in told(purchases))
    put(purchases, "Section", "finance")
    put(purchases, "Section", "capex")
    frame = purchases.dataframe[0].value
    assert list(frame["amount"])[:2] == ["33k", "1,2,3"], "what was typed is still there"
    press(purchases, "undo")
    assert not told(purchases)


def test_rows_are_added_and_deleted(purchases: AppTest):
    added = {"name": "Spare parts", "asset": "equipment", "basis": "per system", "amount": "1,500"}
    typed_in_grid(purchases, GRID, added_rows=[added, {}], deleted_rows=[1])
    held = {row.text("name"): row["amount"].value for row in work(purchases).step.study.option(OWN).capex}
    assert held["Spare parts"] == 1500
    assert "Server chassis, excluding GPUs" not in held


def test_a_field_changed_elsewhere_makes_the_grid_anew(purchases: AppTest):
    key = grid_key(purchases, GRID)
    put(purchases, "Amount, USD per accelerator", "30000")
    assert grid_key(purchases, GRID) != key
    assert list(purchases.dataframe[0].value["amount"])[0] == "30,000"  # noqa: RUF015


def test_quotes_side_by_side_take_one_cell(app: AppTest):
    put(app, "Section", "opex")
    scope(app, None)
    typed_in_grid(app, "option/*/opex", edited_rows={0: {"0": "250k"}})
    assert work(app).step.study.option(OWN).opex[0].number("amount") == 250_000
    typed_in_grid(app, "option/*/opex", edited_rows={0: {"0": "250k", "1": "x"}})
    assert any("Lease, colocation" in each for each in told(app))


def test_an_item_is_set_for_all_options_at_once(app: AppTest):
    put(app, "Section", "opex")
    scope(app, None)
    put(app, "Edit for all options", "Hardware support")
    put(app, "Amount, % p.a.", "7 %")
    amounts = [
        row.number("amount")
        for option in work(app).step.study.options
        for row in option.opex
        if row.text("name") == "Hardware support"
    ]
    assert set(amounts) == {0.07}


def test_a_workload_added_in_the_grid_gets_rates_and_a_remark(app: AppTest):
    unfolded(app, "mix")
    typed_in_grid(app, "workload", added_rows=[{"name": "Search", "requests_per_day": "5k", "output_tokens": "100"}])
    assert work(app).step.study.option(OWN).serving_for("Search") is not None
    assert any("Search uses the first workload's speeds" in each.value for each in app.caption)


def test_a_pasted_table_is_previewed_then_taken(purchases: AppTest):
    unfolded(purchases, f"paste {GRID}")
    box = next(each for each in purchases.text_area)
    box.set_value("Item\tAmount\nH200 SXM accelerators\t31.000,5")
    ran(purchases)
    assert any("decimal separator" in each.value for each in purchases.markdown)
    next(each for each in purchases.radio if each.label == "Decimal separator").set_value("comma")
    ran(purchases)
    press(purchases, f"paste {GRID} take")
    assert value(purchases, f"{GRID}/H200 SXM accelerators/amount") == 31000.5


# ------------------------------------------------------------------------------------------------------------- currency


def test_another_currency_asks_what_becomes_of_the_amounts(app: AppTest):
    put(app, "Section", "about")
    price = value(app, f"option/{OWN}/electricity_price")
    put(app, "Currency", "EUR")
    assert work(app).step.study.currency == "USD"
    put(app, "Exchange rate (EUR per USD)", "0.5")
    press(app, "convert currency")
    assert work(app).step.study.currency == "EUR"
    assert value(app, f"option/{OWN}/electricity_price") == price / 2
    put(app, "Currency", "CHF")
    press(app, "relabel currency")
    assert value(app, f"option/{OWN}/electricity_price") == price / 2
    put(app, "Currency", "GBP")
    press(app, "keep currency")
    assert work(app).step.study.currency == "CHF"
    assert field(app, "Currency").value == "CHF"


# ------------------------------------------------------------------------------------------------------------- headline


def test_the_headline_names_each_option_and_the_change(app: AppTest):
    put(app, TOKENS, "3000")
    panel = next(
        each.proto.body for each in app.get("html") if "headline" in each.proto.body and "<table" in each.proto.body
    )
    assert all(option.name in panel for option in work(app).step.study.options)
    assert "%</span>" in panel


def test_names_are_shown_as_text(app: AppTest):
    name = "<b>x</b> **y** [z](https://example.org)"
    work(app).step = session._computed(replace(work(app).step.study, f"option/{OWN}/name", name), "")
    ran(app)
    panels = "".join(each.proto.body for each in app.get("html") if "<table" in each.proto.body)
    assert "<b>x</b>" not in panels
    assert "&lt;b&gt;" in panels


# ------------------------------------------------------------------------------------------------------------- sections


def test_what_is_assumed_and_missing_is_counted():
    study = library.first().study
    found = sections.tallies(study)
    assert all(each.missing == 0 for each in found.values()), "a template is complete"
    assert found["capex"].assumed > 0
    blank = replace_all(study, {f"option/{OWN}/pue": None, f"option/{OWN}/electricity_price": None})
    assert sections.tallies(blank)["energy"].missing == 2


def test_every_input_stands_in_a_field_or_a_grid_and_nowhere_twice():
    from models.studies.inputs import schema
    from views.inputs import page as inputs
    from views.inputs import places
    from views.inputs.tables import sheets

    gridded = {table for tables in inputs.GRIDS.values() for table in tables}
    # What the model does not read, how the simulation is run and the cases, stands in Cases and ranges.
    for entry in (each for each in schema.FIELDS if schema.table(each.table).modelled):
        key = schema.table(entry.table).key
        shown = [
            name
            for name, tables in places.FIELD_TABLES.items()
            if entry.table in tables and entry in sections.fields(name, entry.table)
        ]
        if entry.table in gridded:
            assert entry in sheets.columns(entry.table), f"{entry.table}.{entry.name}"
        elif entry.name != key:
            assert len(shown) == (not entry.in_bar), f"{entry.table}.{entry.name} stands in {shown}"


# ----------------------------------------------------------------------------------------------- hours, lists and names

WEEKDAY, SHAPE = "Load on a weekday", "Shape of the day"
OFFICE = [0] * 8 + [1] * 10 + [0] * 6


def area(at: AppTest, label: str) -> Any:
    return next(each for each in at.text_area if each.label == label)


def typed_in(at: AppTest, label: str, text: str) -> AppTest:
    area(at, label).set_value(text)
    return ran(at)


@pytest.fixture
def shaped(app: AppTest) -> AppTest:
    """The first workload follows a load shape of the catalogue."""
    unfolded(app, "manage load_shape")
    put(app, "Add a load shape of the catalogue", "Office day")
    return press(app, "add shape")


def test_a_list_by_year_is_typed_with_semicolons(app: AppTest):
    put(app, "Requests per day", "1000; 2000; 3000")
    assert value(app, "workload/Live chat/requests_per_day") == (1000.0, 2000.0, 3000.0)
    put(app, SUCCESS, "80 %; 50 %")
    assert value(app, "workload/Live chat/success_rate") == (0.8, 0.5)
    put(app, "Section", "finance")
    put(app, "Section", "workload")
    assert (field(app, "Requests per day").value, field(app, SUCCESS).value) == ("1,000; 2,000; 3,000", "80%; 50%")


def test_a_shape_of_the_catalogue_is_followed_and_drawn(shaped: AppTest):
    assert value(shaped, "workload/Live chat/load_shape") == "Office day"
    assert value(shaped, "load_shape/Office day/weekday") is not None
    assert field(shaped, SHAPE).value == "Office day"
    assert any("Load of “Office day” by the hour" in each.proto.body for each in shaped.get("html"))


def test_users_in_working_hours_bring_the_office_day(app: AppTest):
    path = "workload/Live chat/requests_per_day"
    unfolded(app, f"convert {path}")
    next(each for each in app.button_group if each.label == "Enter as").set_value("Users x prompts")
    put(ran(app), "Per", "working day")
    put(put(app, "Users", "1000"), "Prompts per user per working day", "20")
    offered = next(each for each in app.checkbox if "Office day" in each.label)
    assert "4.2 times the mean" in offered.label
    assert any("Assumed, not measured" in each.value for each in app.caption)
    press(app, f"convert {path} take")
    assert value(app, path) == pytest.approx(1000 * 20 * 250 / 365)
    assert value(app, "workload/Live chat/load_shape") == "Office day"
    assert [row.text("name") for row in work(app).step.study.load_shapes][1:] == ["Office day"]

    unfolded(app, f"convert {path}")
    next(each for each in app.checkbox if "Office day" in each.label).uncheck()
    put(app, "Users", "2000")
    press(app, f"convert {path} take")
    assert value(app, path) == pytest.approx(2000 * 20 * 250 / 365)
    assert len(work(app).step.study.load_shapes) == 2


def test_a_tariff_by_the_hour_is_taken_by_all_that_pay_for_power(app: AppTest):
    put(app, "Section", "energy")
    unfolded(app, "manage tariff")
    put(app, "Tariff of the catalogue", "PG&E B-20")
    assert any("peak inside certain hours" in each for each in told(app))
    press(app, "take tariff")
    study = work(app).step.study
    held = [option for option in study.options if option.acquisition in ("purchase", "loan", "lease")]
    assert held
    for option in study.options:
        assert bool(option.tariffs) == (option in held)
    assert all(
        option.fields["electricity_price"].blank and option.fields.number("demand_charge") > 39 for option in held
    )
    assert not work(app).aside


def test_speeds_nobody_measured_are_estimated_as_an_assumption(app: AppTest):
    put(app, "Section", "serving")
    assert not any(each.key == "take estimate" for each in app.button)
    scope(app, OWN)
    unfolded(app, "manage estimate")
    put(app, "Model", "Llama-3.1-70B")
    put(app, "Accelerator", "H200")
    press(app, "take estimate")
    held = work(app).step.study.option(OWN).serving_for("Live chat")
    assert held is not None
    for name in ("prefill_rate", "decode_rate"):
        speed = held[name]
        assert speed.confidence == "assumed"
        assert speed.low is not None and speed.high is not None and speed.low < held.number(name) < speed.high
    assert (held.text("model"), held.text("accelerator")) == ("Llama-3.1-70B", "H200")
    assert held["ttft_ms"].blank, "what was measured of another model does not stay"
    assert not any("impossible" in each for each in told(app))


def test_a_model_too_large_for_its_accelerators_gets_no_estimate(app: AppTest):
    put(app, "Section", "serving")
    scope(app, OWN)
    unfolded(app, "manage estimate")
    put(app, "Model", "DeepSeek-V3")
    put(app, "Accelerator", "L40S")
    assert any("give a copy more accelerators" in each for each in told(app))
    assert not any(each.key == "take estimate" for each in app.button)


def test_a_tariff_in_other_money_is_not_taken(app: AppTest):
    put(app, "Section", "energy")
    unfolded(app, "manage tariff")
    put(app, "Tariff of the catalogue", "MEA 5.2.2")
    assert any("MEA 5.2.2 is in THB, this study in USD" in each.replace("\\", "") for each in told(app))
    assert next(each for each in app.button if each.key == "take tariff").disabled


@pytest.mark.parametrize("mark", ["\t", "\n", "; ", ", "], ids=["a row", "a column", "typed", "commas"])
def test_the_hours_of_a_day_are_pasted(shaped: AppTest, mark: str):
    typed_in(shaped, WEEKDAY, mark.join(map(str, OFFICE)))
    assert value(shaped, "load_shape/Office day/weekday") == tuple(map(float, OFFICE))
    assert get(work(shaped).step.study, "load_shape/Office day/weekday").confidence == "own"
    assert told(shaped) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 " * 23, "ust be 24 numbers, the load in each hour from 0"),
        ("1 " * 25, "there are 25"),
        ("-1 " + "1 " * 23, "at least 0"),
        ("many " + "1 " * 23, "many"),
        ("0 " * 24, "as no load in any hour; give the hours of"),
    ],
    ids=["23", "25", "negative", "text", "zero"],
)
def test_hours_that_make_no_day_are_told_with_the_remedy(shaped: AppTest, text: str, words: str):
    before = value(shaped, "load_shape/Office day/weekday")
    if text.startswith("0 "):
        typed_in(shaped, "Load at the weekend", text)
        assert told(shaped) == [], "a day without load may stand beside one that has some"
    typed_in(shaped, WEEKDAY, text)
    assert any(words in each.replace("\\", "") for each in told(shaped)), told(shaped)
    assert value(shaped, "load_shape/Office day/weekday") == before
    assert area(shaped, WEEKDAY).value == text


def test_a_shape_is_renamed_copied_and_removed(shaped: AppTest):
    unfolded(shaped, "manage load_shape")
    put(shaped, "Name", "Our office")
    assert value(shaped, "workload/Live chat/load_shape") == "Our office"
    press(shaped, "copy shape")
    assert [row.text("name") for row in work(shaped).step.study.load_shapes][-2:] == ["Our office", "Our office, copy"]
    put(shaped, SHAPE, "Our office")
    press(shaped, "remove shape")
    assert value(shaped, "workload/Live chat/load_shape") is None
    put(shaped, SHAPE, "Our office, copy")
    put(shaped, SHAPE, "")
    assert value(shaped, "workload/Live chat/load_shape") is None
    assert any("A smooth day with its busiest hour at 14:00" in each.value for each in shaped.caption)


def test_where_work_goes_is_chosen_from_the_apis_of_the_study(app: AppTest):
    put(app, "Section", "finance")
    unfolded(app, "advanced finance")
    choice = field(app, "Fallback option for unserved requests")
    assert choice.options == ["none", "API, same model"]
    put(app, "Section", "serving")
    scope(app, "Rented fleet")
    unfolded(app, "advanced serving")
    label = "Overflow goes to"
    assert field(app, label).options == ["none", "API, same model"]
    put(app, label, "API, same model")
    put(app, "Share of the peak it is sized for, %", "60")
    fields = work(app).step.study.option("Rented fleet").fields
    assert (fields.text("overflow_to"), fields.number("base_share")) == ("API, same model", 0.6)
    put(app, label, "")
    assert value(app, "option/Rented fleet/overflow_to") is None


def test_how_a_rental_is_paid_is_chosen(app: AppTest):
    put(app, "Section", "opex")
    scope(app, "Rented fleet")
    put(app, "Hours that are paid", "hourly")
    assert value(app, "option/Rented fleet/rental/scaling") == "hourly"
    unfolded(app, "advanced opex")
    put(app, "Started and stopped by", "system")
    assert value(app, "option/Rented fleet/rental/unit") == "system"


BANDS = [("day", "weekday 8-20", 0.2), ("night", "weekday 20-8, weekend 0-24", 0.1)]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("weekday 20-8, weekend 0-24", ""),
        ("weekday 20-8", "leave out weekend 0-1, weekend 1-2, weekend 2-3 and 21 more; every hour of the week must be"),
        ("weekday 19-8, weekend 0-24", "name weekday 19-20 more than once; every hour of the week must be"),
        ("nightly", "must be windows of the week, such as"),
        ("", "has no hours, and another band has"),
    ],
    ids=["whole", "an hour left out", "overlap", "no window", "blank"],
)
def test_the_hours_of_bands_are_taken_or_told_with_the_remedy(app: AppTest, hours: str, words: str):
    put(app, "Section", "energy")
    scope(app, OWN)
    held = replace_all(work(app).step.study, {f"option/{OWN}/electricity_price": None})
    target = grids.of_option("tariff", f"option/{OWN}", OWN, ())
    lines = [
        sheets.Line(None, {"name": name, "share": "", "hours": hours if name == "night" else when, "price": str(price)})
        for name, when, price in BANDS
    ]
    read = sheets.read("tariff", lines, target.name, "english", held)
    faults = [str(each) for each in read.problems]
    if not faults:
        faults = refusals(lambda: replace_all(target.taken(read.pairs)(held), {}))
    assert any(words in fault for fault in faults) if words else not faults, faults


def refusals(job: Callable[[], object]) -> list[str]:
    """What a study is refused for."""
    try:
        job()
    except StudyError as error:
        return [str(each) for each in error.problems]
    return []
