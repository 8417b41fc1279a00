"""Every input is declared once, completely, and in a way the rest can rely on."""

import re
from collections import Counter

import pytest

from models.analysis.decision.bridge import GROUPS
from models.engine.units import unit as parsed_unit
from models.studies.inputs import schema
from models.studies.inputs.field import ENERGY_EFFICIENCY, HARDWARE_PRICE
from models.studies.inputs.schema import FIELDS, SYMBOLS, Field
from models.studies.inputs.spelling import did_you_mean, nearest
from models.studies.inputs.value import read

NUMERIC = [entry for entry in FIELDS if entry.kind in ("number", "whole")]


def name_of(entry: Field) -> str:
    return f"{entry.table}.{entry.name}"


def in_bounds(entry: Field, number: float) -> bool:
    return read(entry, number, "", []) is not None


def test_names_are_unique_in_their_table():
    counts = Counter((entry.table, entry.name) for entry in FIELDS)
    assert not [name for name, count in counts.items() if count > 1]


def test_labels_are_unique_in_their_table():
    counts = Counter((entry.table, entry.label) for entry in FIELDS)
    assert not [label for label, count in counts.items() if count > 1]


@pytest.mark.parametrize("entry", FIELDS, ids=name_of)
def test_an_input_is_described_in_words(entry: Field):
    assert entry.label and entry.help.endswith((".", ")"))
    assert entry.label[0].isupper()


@pytest.mark.parametrize("entry", FIELDS, ids=name_of)
def test_units_follow_the_grammar(entry: Field):
    units = [entry.unit]
    if entry.unit == "@basis":
        units = list(schema.BASIS_UNITS[entry.table].values())
    for text in units:
        assert not text or set(re.split(r"[*/]", text)) <= set(SYMBOLS)
        parsed_unit(text)
    assert (entry.unit == "") == (
        entry.kind in ("text", "choice", "boolean", "day", "hours")
        or name_of(entry) == "study.start_year"
        or entry.table in ("criterion", "score")
    )


@pytest.mark.parametrize("entry", NUMERIC, ids=name_of)
def test_a_default_and_the_usual_range_lie_within_the_bounds(entry: Field):
    numbers = [number for number in (entry.default, *(entry.usual or ())) if isinstance(number, (int, float))]
    assert all(in_bounds(entry, number) for number in numbers)


@pytest.mark.parametrize("entry", FIELDS, ids=name_of)
def test_a_usual_range_has_a_source_and_an_order(entry: Field):
    assert bool(entry.usual) == bool(entry.usual_source)
    assert entry.usual is None or entry.usual[0] < entry.usual[1]


@pytest.mark.parametrize("entry", NUMERIC, ids=name_of)
def test_every_number_is_bounded_so_that_results_stay_finite(entry: Field):
    assert entry.minimum is not None
    assert entry.maximum is not None or entry.name == "months_to_production"  # the horizon bounds it


def test_a_required_input_has_no_default():
    assert not [name_of(entry) for entry in FIELDS if entry.required and entry.default is not None]


@pytest.mark.parametrize("acquisition", schema.ACQUISITIONS)
def test_each_section_shows_six_to_eleven_inputs_first(acquisition: str):
    """Contracts of other acquisitions are not shown, and load shapes are a form of their own."""
    unread = {table.name for table in schema.TABLES if table.read_by and acquisition not in table.read_by}
    shown = [entry for entry in FIELDS if entry.table not in unread | {"load_shape"}]
    counts = Counter(entry.section for entry in shown if entry.basic)
    assert set(counts) == {entry.section for entry in shown}
    assert {section for section, count in counts.items() if not (6 if section != "opex" else 4) <= count <= 11} == set()


def test_blanks_are_those_of_the_contract():
    assert schema.field("workload", "success_rate").default == 1.0
    # Blank it is 1, or what a load shape has.
    assert schema.field("workload", "peak_to_average").default is None
    one = ["availability", "max_utilisation", "accelerators_per_system", "accelerators_per_replica"]
    one += ["grid_efficiency", "psu_efficiency"]
    assert [schema.field("option", name).default for name in one] == [1] * 6
    assert schema.field("option", "refresh").default is True
    assert schema.field("option", "carbon_price_is_paid").default is True
    assert schema.field("study", "mid_year").default is True
    assert schema.field("asset", "tax_schedule").default == "straight_line"
    assert schema.field("rental", "commitment_years").default == 1


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("workload", "max_attempts"),
        ("serving", "prefill_rate"),
        ("serving", "input_tokens"),
        ("option", "electricity_escalation"),
        ("option", "carbon_price_change"),
        ("option", "electricity_price"),
        ("option", "system_power_load_w"),
        ("option", "pue"),
        ("option", "ups_efficiency"),
        ("option", "cooling_overhead"),
        ("option", "facility_power_kw"),
        ("opex", "escalation"),
        ("opex", "from_year"),
        ("api", "price_cached_input"),
        ("api", "batch_share"),
        ("study", "interim_price"),
        ("workload", "value_per_response"),
    ],
)
def test_blanks_that_the_model_resolves_have_no_default(table: str, name: str):
    assert schema.field(table, name).default is None


def test_other_numbers_default_to_zero():
    blank_or_one = {None, 1}
    modelled = [entry for entry in NUMERIC if schema.table(entry.table).modelled]
    found = [name_of(entry) for entry in modelled if entry.default not in blank_or_one and entry.default != 0]
    assert not found


def test_every_choice_that_needs_words_has_them():
    for name, labels in schema.CHOICE_LABELS.items():
        choices = {choice for entry in FIELDS if entry.name == name for choice in entry.choices}
        assert set(labels) == choices, name
    assert schema.choice_label("sizing", "demand") == "Sized to demand"
    assert schema.choice_label("category", "insurance") == "insurance"


def test_choices_are_offered_in_words_that_a_spreadsheet_can_list():
    for entry in (each for each in FIELDS if each.kind in ("choice", "schedule")):
        words = list(schema.choice_words(entry).values())
        assert not [word for word in words if "_" in word], name_of(entry)
        assert entry.kind == "schedule" or (len(",".join(words)) <= 255 and not any("," in word for word in words))
        for choice, word in schema.choice_words(entry).items():
            assert schema.chosen(entry, word.upper()) == schema.chosen(entry, choice) == choice
        assert schema.chosen(entry, "per sytem") is None


def test_every_table_has_inputs_and_the_key_that_names_its_rows():
    for table in schema.TABLES:
        assert schema.fields(table.name)
        assert not table.key or schema.field(table.name, table.key).required


def test_an_unknown_input_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match='did you mean "pue"'):
        schema.field("option", "peu")
    with pytest.raises(KeyError, match='did you mean "rental"'):
        schema.field("rentals", "price")


@pytest.mark.parametrize(
    ("name", "valid", "close"),
    [
        ("Owned", ["owned", "api"], "owned"),
        ("pruchase", ["purchase", "lease"], "purchase"),
        ("zzz", ["purchase", "lease"], None),
        ("price_cache_write", ["price_input", "price_cached_input", "price_output"], None),
        ("price_cached_imput", ["price_input", "price_cached_input"], "price_cached_input"),
        ("elec_price", ["electricity_price", "water_price"], "electricity_price"),
        ("system_power", ["system_power_load_w", "system_price"], "system_power_load_w"),
        ("years", ["mid_year", "horizon_years"], "horizon_years"),
        ("tokens", ["input_tokens", "output_tokens"], None),
        ("in", ["input_tokens"], None),
        ("decode_rat", ["decode_rate", "decode_rate_of_chat"], "decode_rate"),
        ("", ["purchase"], None),
        ("x", [], None),
    ],
)
def test_the_nearest_name(name: str, valid: list[str], close: str | None):
    assert nearest(name, valid) == close


def test_of_several_quantities_none_is_picked():
    """The key of a cache's price may be that of reading or of writing: another quantity is no spelling of it."""
    valid = ["price_input", "price_cached_input", "price_cache_write"]
    assert did_you_mean("cache_price", valid) == '; did you mean "price_cached_input" or "price_cache_write"?'


def test_a_valid_name_is_named_once():
    assert did_you_mean("zzz", ["chat", "chat", "batch"]) == '; valid: "chat", "batch"'


def test_a_unit_may_depend_on_the_basis():
    amount = schema.field("opex", "amount")
    assert schema.unit(amount, "per_kw_month") == "money/kW/month"
    assert schema.unit(amount, None) == ""
    assert schema.unit(schema.field("option", "pue")) == "1"


def test_usual_prices_are_in_dollars_only():
    price = schema.field("option", "electricity_price")
    assert schema.usual_range(price, "usd ") == price.usual
    assert schema.usual_range(price, "JPY") is None
    assert schema.usual_range(price, None) is None
    assert schema.usual_range(schema.field("option", "pue"), "JPY") is not None


def test_headings():
    assert [schema.heading(name) for name in ("study", "workload", "capex", "api")] == [
        "[study]",
        "[[workload]]",
        "[[option.capex]]",
        "[option.api]",
    ]


def test_what_moves_an_input_is_a_yearly_change_or_a_trend_of_hardware():
    changes = {entry.name for entry in FIELDS if entry.unit == "1/yr"} | {HARDWARE_PRICE, ENERGY_EFFICIENCY}
    assert {entry.moved_by for entry in FIELDS} - {""} <= changes


def test_every_input_of_an_option_belongs_to_a_bar_of_the_bridge():
    names = {group.name for group in GROUPS}
    assert {entry.driver for entry in FIELDS} | {table.driver for table in schema.TABLES} <= names | {""}
    left = {entry.name for entry in schema.fields("option") if not entry.driver}
    assert left == {"name", "vendor"}
    assert all(entry.driver for entry in schema.fields("serving"))


def test_what_a_blank_means_ends_the_help():
    told = {f"{entry.table}/{entry.name}" for entry in FIELDS if entry.blank}
    assert {"opex/from_year", "serving/prefill_rate", "study/interim_price"} <= told
    for entry in FIELDS:
        assert (entry.blank != "") == ("lank: " in entry.help or "blank leaves" in entry.help), entry.name
        assert entry.default is None or not entry.blank
