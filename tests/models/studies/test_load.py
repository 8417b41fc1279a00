"""A study is read, checked, changed and written without a number becoming another one."""

import copy
import datetime
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from files.limits import STUDY
from models.studies.change import replace, replace_all
from models.studies.file import load
from models.studies.inputs import schema
from models.studies.inputs.paths import address
from models.studies.inputs.problem import Problem, StudyError
from models.studies.inputs.value import Value
from models.studies.study import Study, get
from tests.cpu import cpu_below, least_cpu
from tests.soak import thorough
from tests.strategies import BLOCK_BYTES, studies, study_from

CASES = sorted((Path(__file__).parents[2] / "cases" / "studies").glob("*.toml"))
SMALL = """
[study]
title = "Small"
currency = "USD"
horizon_years = 3
discount_rate = 0.08

[[workload]]
name = "chat"
requests_per_day = 1000
input_tokens = 800
output_tokens = 200

[[option]]
name = "Own"
acquisition = "purchase"
sizing = "demand"
equipment_life = 4
pue = { value = 1.3, low = 1.15, high = 1.5, source = "Uptime 2025", as_of = "2025-07", confidence = "assumed" }

[[option.serving]]
workload = "chat"
prefill_rate = 5000
decode_rate = 1000

[[option.capex]]
name = "Servers"
asset = "equipment"
basis = "per_system"
amount = 250000

[[option]]
name = "Bought in"
acquisition = "api"

[option.api]
price_input = 0.5
price_output = 2
"""


@pytest.fixture
def small() -> Study:
    return load.loads(SMALL)


def plain() -> dict[str, Any]:
    """The tables of the small study, to be changed at will."""
    return load.to_dict(load.loads(SMALL))


def refusal(tables: dict[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(StudyError) as caught:
        load.from_dict(tables)
    return caught.value.problems


def only_refusal(tables: dict[str, Any]) -> Problem:
    found = refusal(tables)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


# ------------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_published_case_loads_and_comes_back(path: Path):
    case = load.load(path)
    assert load.loads(load.dumps(case)) == case


def test_there_are_cases():
    assert len(CASES) >= 12


def test_a_study_is_read_into_rows(small: Study):
    assert [option.name for option in small.options] == ["Own", "Bought in"]
    own = small.option("Own")
    assert (own.acquisition, own.sizing) == ("purchase", "demand")
    assert own.fields.number("pue") == 1.3
    assert own.fields["pue"].source == "Uptime 2025"
    assert own.capex[0].text("name") == "Servers"
    assert own.rental is None and small.option("Bought in").api is not None
    serving = own.serving_for("chat")
    assert serving is not None and serving.number("decode_rate") == 1000
    assert own.serving_for("other") is None and own.asset("equipment") is None
    assert small.workload("chat").number("input_tokens") == 800
    assert small.currency == "USD"


def test_blanks_and_defaults_stand_in_every_row(small: Study):
    for row in (place.row for place in small.places.values()):
        assert list(row) == [entry.name for entry in schema.fields(row.table)]
    fields = small.option("Own").fields
    assert fields.number("availability") == 1 and fields["availability"].set_by == "default"
    assert np.isnan(fields.number("electricity_price")) and fields["electricity_price"].blank
    assert fields.flag("refresh") is True
    assert fields.text("vendor") == "" and not fields.given("vendor")
    assert fields["pue"].set_by == "file" and fields.given("pue")


def test_whole_numbers_may_be_written_either_way():
    tables = plain()
    tables["study"]["horizon_years"] = 3.0
    horizon = load.from_dict(tables).fields["horizon_years"].value
    assert horizon == 3 and type(horizon) is int


def test_numbers_of_other_libraries_are_numbers():
    tables = plain()
    tables["study"] |= {"discount_rate": np.float64(0.07), "horizon_years": np.int64(4), "inflation": np.float32(0.5)}
    fields = load.from_dict(tables).fields
    assert [type(fields[name].value) for name in ("discount_rate", "horizon_years", "inflation")] == [float, int, float]


def test_none_is_a_blank():
    tables = plain()
    tables["option"][0]["electricity_price"] = None
    tables["option"][0]["tariff"] = None
    assert load.from_dict(tables).option("Own").fields["electricity_price"].blank


def test_a_date_may_be_a_date():
    tables = plain()
    tables["option"][0]["pue"]["as_of"] = datetime.date(2025, 7, 1)
    assert load.from_dict(tables).option("Own").fields["pue"].as_of == "2025-07-01"


def test_rows_are_immutable_hashable_and_can_be_pickled(small: Study):
    with pytest.raises(AttributeError, match="cannot be changed"):
        small.fields.table = "option"
    with pytest.raises(TypeError):
        small.fields["title"] = Value("x")  # type: ignore[index]
    assert hash(small) == hash(load.loads(SMALL))
    assert pickle.loads(pickle.dumps(small)) == small == copy.deepcopy(small)
    assert "horizon_years=3" in repr(small.fields)
    assert small.fields != small.option("Own").fields


def test_an_error_can_be_pickled():
    error = StudyError([Problem("a/b", 1, "no")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


# ----------------------------------------------------------------------------------------------------- refused: values


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("success_rate", 0, "at least 0.000001 and at most 1"),
        ("success_rate", 1.01, "at least 0.000001 and at most 1; write 1.01 % as 0.0101"),
        ("success_rate", 95, "write 95 % as 0.95"),
        ("success_rate", float("nan"), "finite"),
        ("success_rate", float("inf"), "at most 1"),
        ("requests_per_day", float("inf"), "at most 1000000000000000"),
        ("requests_per_day", -float("inf"), "at least 0"),
        ("requests_per_day", 10**400, "at most 1000000000000000"),
        ("requests_per_day", -(10**400), "at least 0"),
        ("requests_per_day", -1, "at least 0"),
        ("requests_per_day", "1000", "write 1000 without quotes"),
        ("requests_per_day", " 12 % ", "write 0.12 without quotes"),
        ("requests_per_day", "1,5", "write 1.5 without quotes"),
        ("requests_per_day", "1,234", "not text"),
        ("requests_per_day", "nan", "not text"),
        ("requests_per_day", True, "not true or false"),
        ("input_tokens", [1], "must be a number"),
        ("requests_per_day", datetime.date(2026, 1, 1), "must be a number"),
        ("cached_input_share", -0.1, "at least 0 and at most 1"),
        ("demand_growth", -1, "above -1; write -1 % as -0.01"),
        ("demand_growth", -25, "write -25 % as -0.25"),
        ("peak_to_average", 0.9, "at least 1"),
        ("max_attempts", 0, "at least 1"),
        ("max_attempts", 1.5, "must be a whole number, such as 1"),
        ("name", "", "must not be empty"),
        ("name", "  ", "must not be empty"),
        ("name", 5, "put it in quotes"),
        ("name", "half \ud800", "not valid Unicode"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_its_remedy(name: str, value: Any, message: str):
    tables = plain()
    del tables["option"][0]  # whose serving rates would miss a workload whose name is refused
    tables["workload"][0][name] = value
    problem = only_refusal(tables)
    assert problem.path.endswith(f"/{name}")
    assert message in problem.message


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"horizon_years": 16}, "study/horizon_years", "at least 1 and at most 15"),
        ({"horizon_years": 0}, "study/horizon_years", "at least 1 and at most 15"),
        ({"horizon_years": 2.5}, "study/horizon_years", "whole number, such as 2"),
        ({"horizon_years": None}, "study/horizon_years", "is missing"),
        ({"tax_rate": 1}, "study/tax_rate", "at least 0 and below 1"),
        ({"tax_rate": 21}, "study/tax_rate", "write 21 % as 0.21"),
        ({"discount_rate": -0.01}, "study/discount_rate", "at least 0"),
        ({"discount_rate": 101}, "study/discount_rate", "at most 100"),
        ({"mid_year": "yes"}, "study/mid_year", "true or false, without quotes"),
        ({"mid_year": 1}, "study/mid_year", "true or false"),
        ({"title": 2026}, "study/title", "put it in quotes"),
        ({"reference_option": "Owm"}, "study/reference_option", 'did you mean "Own"'),
        ({"interim_price": -1}, "study/interim_price", "at least 0"),
    ],
)
def test_study_inputs_that_are_refused(changes: dict[str, Any], path: str, message: str):
    tables = plain()
    tables["study"] |= changes
    problem = only_refusal(tables)
    assert problem.path == path
    assert message in problem.message


@pytest.mark.parametrize(
    ("pue", "message"),
    [
        ({"low": 1.1}, "needs value = ..."),
        ({"value": 1.3, "valeu": 1}, 'did you mean "value"'),
        ({"value": 1.3, "low": 1.5, "high": 1.4}, "low is above high (1.4)"),
        ({"value": 1.3, "low": 0.5}, "low must be at least 1"),
        ({"value": 1.3, "high": "1.5"}, "high must be a number: write 1.5 without quotes"),
        ({"value": 1.3, "confidence": "asumed"}, 'did you mean "assumed"'),
        ({"value": 1.3, "confidence": "high"}, "assumed, published, measured, quoted, contracted"),
        ({"value": 1.3, "source": 5}, "source must be text"),
        ({"value": 1.3, "as_of": 2025}, "as_of must be text"),
        ({"value": 1.3, "note": "\udfff"}, "not valid Unicode"),
        ({"value": 0.9}, "at least 1"),
        ({"value": {"value": 1.3}}, "must be a number"),
    ],
)
def test_faulty_provenance_is_refused(pue: dict[str, Any], message: str):
    tables = plain()
    tables["option"][0]["pue"] = pue
    problem = only_refusal(tables)
    assert problem.path == "option/Own/pue"
    assert message in problem.message


def test_a_range_is_only_for_numbers():
    tables = plain()
    tables["option"][0]["refresh"] = {"value": True, "low": 0}
    assert "low is for numbers" in only_refusal(tables).message


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("macrs5", 'did you mean "macrs_5"'),
        ([], 'write "none"'),
        ([0.5, 0.6], "add up to 1.1"),
        ([0.5, -0.1], "-0.1 is not"),
        ([0.5, "0.5"], "'0.5' is not"),
        ([True], "true is not"),
        ([float("nan")], "nan is not"),
        (5, "or a list of yearly shares"),
    ],
)
def test_faulty_schedules_are_refused(schedule: Any, message: str):
    tables = plain()
    tables["option"][0]["asset"] = [{"name": "equipment", "tax_schedule": schedule}]
    problem = only_refusal(tables)
    assert problem.path == "option/Own/asset/equipment/tax_schedule"
    assert message in problem.message


def test_a_schedule_may_add_up_to_one_in_floats():
    tables = plain()
    tables["option"][0]["asset"] = [{"name": "equipment", "tax_schedule": [0.1] * 10}]
    asset = load.from_dict(tables).option("Own").asset("equipment")
    assert asset is not None and asset["tax_schedule"].value == (0.1,) * 10


# ------------------------------------------------------------------------------------------------------- refused: form


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        (SMALL.replace("[study]", "[[study]]"), "study", "one table, headed [study]"),
        (SMALL.replace("[[workload]]", "[workload]"), "workload", "headed [[workload]], in double brackets"),
        (SMALL.replace("[[option.capex]]", "[option.capex]"), "option/Own/capex", "headed [[option.capex]]"),
        (SMALL.replace("[option.api]", "[[option.api]]"), "option/Bought in/api", "one table, headed [option.api]"),
        (SMALL.replace("[option.api]", "[option.apis]"), "option/Bought in/apis", 'did you mean "api"'),
        (SMALL + "[tariff]\nprice = 1\n", "tariff", "write [[option.tariff]] below the [[option]]"),
        (SMALL + "[optoin]\n", "optoin", 'did you mean "option"'),
        ("pue = 1.2\n" + SMALL, "pue", "belongs in [[option]]"),
        ("colour = 1\n" + SMALL, "colour", 'valid: "study", "load_shape", "workload", "option"'),
        (SMALL.replace("discount_rate =", "discount ="), "study/discount", 'did you mean "discount_rate"'),
        (
            SMALL.replace("equipment_life = 4", "equipment_life = 4\nhorizon_years = 3"),
            "option/Own/horizon_years",
            "it belongs in [study]",
        ),
        (SMALL.replace('name = "chat"\n', "", 1), "workload/#1/name", "is missing"),
        (SMALL.replace('basis = "per_system"\n', ""), "option/Own/capex/Servers/basis", "one of per_system"),
        (
            SMALL.replace('acquisition = "api"', 'acquisition = "apy"'),
            "option/Bought in/acquisition",
            'did you mean "api"',
        ),
    ],
)
def test_faulty_forms_are_refused(text: str, path: str, message: str):
    with pytest.raises(StudyError) as caught:
        load.loads(text)
    found = {problem.path: problem.message for problem in caught.value.problems}
    assert path in found, found
    assert message in found[path]


def test_everything_wrong_is_told_at_once():
    tables = plain()
    tables["study"] |= {"discount_rate": -2, "horizons": 3}
    tables["workload"][0] |= {"success_rate": 2, "input_tokens": "many"}
    tables["option"][0] |= {"pue": 0.5, "acquisition": "by", "facility_power": 5}
    tables["option"][1]["api"] |= {"price_input": -1}
    paths = [problem.path for problem in refusal(tables)]
    assert sorted(paths) == [
        "option/Bought in/api/price_input",
        "option/Own/acquisition",
        "option/Own/facility_power",
        "option/Own/pue",
        "study/discount_rate",
        "study/horizons",
        "workload/chat/input_tokens",
        "workload/chat/success_rate",
    ]


def test_one_fault_is_told_once():
    """Rules on several inputs say nothing more of an input that could not be read."""
    tables = plain()
    tables["option"][0] |= {
        "sizing": "fixd",
        "system_power_load_w": "ten",
        "system_power_idle_w": 5,
        "equipment_life": 0,
        "months_to_production": -1,
        "tariff": [{"name": "all", "share": 2, "price": 1}],
    }
    assert len(refusal(tables)) == 5


def test_the_text_of_an_error_names_place_value_and_remedy():
    tables = plain()
    tables["study"]["horizon_years"] = 0
    with pytest.raises(StudyError, match=r"^study/horizon_years = 0: must be at least 1 and at most 15$"):
        load.from_dict(tables)
    tables["study"]["tax_rate"] = 2
    with pytest.raises(StudyError, match=r"^2 problems:\n- study/.*\n- study/"):
        load.from_dict(tables)


def test_long_values_are_cut_in_messages():
    tables = plain()
    tables["study"]["tax_rate"] = "x\n" * 1000
    problem = only_refusal(tables)
    assert len(str(problem)) < 200 and "\n" not in str(problem)


def test_anything_but_tables_is_refused():
    with pytest.raises(StudyError, match="a study is a set of tables"):
        load.from_dict([])  # type: ignore[arg-type]
    assert len(load.problems("study")[0]) == 1  # type: ignore[arg-type]
    assert len(refusal({})) >= 3
    assert len(refusal({"study": 5, "workload": [1], "option": "x"})) >= 3


def test_problems_tells_errors_and_warnings():
    errors, warnings = load.problems(plain())
    assert errors == ()
    assert "option/Own/system_power_load_w" in [problem.path for problem in warnings]
    tables = plain()
    tables["study"]["horizon_years"] = 99
    errors, _ = load.problems(tables)
    assert [problem.path for problem in errors] == ["study/horizon_years"]


# --------------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[study\n", "line 1"),
        (SMALL + "\npue = = 2\n", f"line {SMALL.count(chr(10)) + 2}, column 7"),
        ("[study]\ntitle = 'a\n", "3 lines: a quote or bracket is not closed"),
        ("[study]\ntitle = a b\n", '"title = a b"'),
        ("[study]\nx = 1\nx = 2\n", "line 3"),
        ("x = " + "[" * 5000, "deeper than a study"),
        ("x = " + "{x = " * 5000, "deeper than a study"),
        (".".join("a" * 5000) + " = 1", "deeper than a study"),
        ("[study]\ntitle." + '."\\""' * 50 + " = 1", "deeper than a study"),
        ("[study]\nhorizon_years = " + "9" * 5000, "cannot be read"),
        ("", "[study] is missing"),
    ],
)
def test_text_that_is_not_a_study_is_refused(text: str, message: str):
    with pytest.raises(StudyError) as caught:
        load.loads(text)
    assert message in str(caught.value)


def test_dots_in_text_are_no_deep_keys():
    dotted = "www." * 40 + "."
    assert load.loads(SMALL.replace('"Small"', f'"{dotted}"')).fields.text("title") == dotted


def test_a_file_over_a_megabyte_is_refused_before_it_is_parsed(tmp_path: Path):
    large = tmp_path / "large.toml"
    large.write_text(SMALL + "#" + "x" * STUDY.bytes)
    for attempt in (
        lambda: load.load(large),
        lambda: load.loads(large.read_text()),
        lambda: load.loads("é" * 600_000),
    ):
        with cpu_below(1), pytest.raises(StudyError, match="larger than 1 MB"):
            attempt()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04\x00\x00", "not text"),
        (SMALL.encode("utf-16"), "not text"),
        (SMALL.replace("Small", "Größe").encode("latin-1"), "not UTF-8 text (line 3)"),
    ],
)
def test_bytes_that_are_not_text_are_refused(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    for attempt in (lambda: load.load(path), lambda: load.loads(content)):
        with pytest.raises(StudyError) as caught:
            attempt()
        assert message in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + SMALL.encode(), SMALL.replace("\n", "\r\n").encode()], ids=["marked", "windows"]
)
def test_files_from_windows_are_read(content: bytes, small: Study):
    assert load.loads(content) == small


def test_a_missing_file_is_told_by_its_name(tmp_path: Path):
    with pytest.raises(StudyError, match=r"^gone\.toml cannot be read: No such file"):
        load.load(tmp_path / "gone.toml")
    with pytest.raises(StudyError, match="cannot be read"):
        load.load(tmp_path)


def test_hostile_files_are_refused_quickly():
    texts = [
        "[[workload]]\n" * 70_000,
        "\n".join(f'[[option]]\nname = "n{index}"' for index in range(30_000)),
        "[study]\n" + "\n".join(f"k{index} = 1" for index in range(80_000)),
        "\n".join(f"k{index} = 1" for index in range(80_000)),
    ]
    for text in texts:
        with cpu_below(5), pytest.raises(StudyError) as caught:
            load.loads(text)
        assert len(str(caught.value)) < 20_000


def test_saved_files_read_back(tmp_path: Path, small: Study):
    path = tmp_path / "a study.toml"
    load.save(small, path)
    load.save(replace(small, "study/title", "Second"), path)
    assert load.load(path).fields.text("title") == "Second"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a study.toml"]


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, small: Study, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "study.toml"
    path.write_text("old")

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        load.save(small, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_readable(small: Study):
    text = load.dumps(small)
    assert 'pue = { value = 1.3, low = 1.15, high = 1.5, source = "Uptime 2025"' in text
    assert "\n\n[[option.capex]]\nname = " in text
    assert text.startswith("[study]\n") and text.endswith("\n") and "\n\n\n" not in text
    assert "availability" not in text, "defaults are not written"


def test_only_what_somebody_set_is_written(small: Study):
    tables = load.to_dict(replace(small, "option/Own/availability", 1.0))
    assert tables["option"][0]["availability"] == 1.0, "a default that somebody chose is a choice"
    assert "max_utilisation" not in tables["option"][0]
    assert "rental" not in tables["option"][0]


@thorough(60, soak=250)
@given(studies(wild_text=True))
def test_every_study_comes_back_from_its_file(tables: dict[str, Any]):
    written = load.from_dict(tables)
    read = load.loads(load.dumps(written))
    assert read == written
    assert hash(read) == hash(written)
    for place, other in zip(written.places.values(), read.places.values(), strict=True):
        assert place.path == other.path
        given_in = [{name for name in row if row.given(name)} for row in (place.row, other.row)]
        assert given_in[0] == given_in[1]


@settings(max_examples=50)
@given(studies(wild_text=True))
def test_plain_tables_come_back(tables: dict[str, Any]):
    first = load.to_dict(load.from_dict(tables))
    assert load.to_dict(load.from_dict(first)) == first


# ------------------------------------------------------------------------------------------------------ paths, changes


@settings(max_examples=50)
@given(studies(wild_text=True))
def test_every_input_has_one_path(tables: dict[str, Any]):
    drawn = load.from_dict(tables)
    rows = [drawn.fields, *drawn.load_shapes, *drawn.workloads]
    for option in drawn.options:
        rows += [option.fields, *(row for table in schema.children("option") for row in option.rows(table.name))]
    rows += [drawn.risk, *drawn.correlations, *drawn.criteria]
    assert [place.row for place in drawn.places.values()] == rows
    for path, place in drawn.places.items():
        for name in place.row:
            found = drawn.input(f"{path}/{name}")
            assert (found.place, found.value, found.path) == (place, place.row[name], f"{path}/{name}")
            assert found.entry == schema.field(place.row.table, name)


@settings(max_examples=50)
@given(studies(wild_text=True))
def test_a_path_says_by_itself_what_the_study_says_of_it(tables: dict[str, Any]):
    drawn = load.from_dict(tables)
    for place in drawn.places.values():
        name = next(iter(place.row))
        at = address(place.of(name))
        assert at.path == place.of(name) and at.entry == schema.field(place.row.table, name)
        assert at.option == ("" if place.option is None else drawn.options[place.option].name)
        assert address(place.path).path == place.path and not address(place.path).name


@settings(max_examples=30)
@given(studies(wild_text=True))
def test_a_row_exchanged_at_its_place_is_the_only_change(tables: dict[str, Any]):
    drawn = load.from_dict(tables)
    for path, place in drawn.places.items():
        name = next(entry.name for entry in reversed(schema.fields(place.row.table)))
        changed = drawn.with_row(place, place.row.replaced(name, Value("other")))
        assert {p for p, each in changed.places.items() if each != drawn.places[p]} == {path}
        assert get(changed, place.of(name)).value == "other"
        assert changed.with_row(changed.places[path], place.row) == drawn


def test_items_of_one_name_are_numbered():
    tables = plain()
    item = tables["option"][0]["capex"][0]
    names = ["Servers", "Servers", "Servers#2", "a/b~c", "Servers"]
    tables["option"][0]["capex"] = [item | {"name": name, "amount": i} for i, name in enumerate(names)]
    drawn = load.from_dict(tables)
    items = [place.path.removeprefix("option/Own/capex/") for place in drawn.rows("capex")]
    assert items == ["Servers", "Servers#3", "Servers#2", "a~1b~0c", "Servers#4"]
    assert get(drawn, "option/Own/capex/a~1b~0c/amount").value == 3
    changed = replace(drawn, "option/Own/capex/Servers#3/amount", 7)
    assert [row.number("amount") for row in changed.option("Own").capex] == [0, 7, 2, 3, 4]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("option/Own/peu", 'did you mean "pue"'),
        ("option/Owm/pue", 'did you mean "option/Own"'),
        ("study/discount", 'did you mean "discount_rate"'),
        ("option/Own/rental/committed_price", "leads to no input"),
        ("pue", "leads to no input"),
        ("", "leads to no input"),
        ("option/Own/serving/chat", "add the name of one"),
    ],
)
def test_a_path_that_leads_nowhere_names_the_nearest(small: Study, path: str, message: str):
    with pytest.raises(StudyError) as caught:
        get(small, path)
    assert message in str(caught.value)


def test_an_unknown_option_or_workload_names_the_nearest(small: Study):
    with pytest.raises(StudyError, match='did you mean "Own"'):
        small.option("own")
    with pytest.raises(StudyError, match='did you mean "chat"'):
        small.workload("chatt")


def test_a_change_makes_another_study(small: Study):
    changed = replace(small, "option/Own/pue", 1.2)
    value = changed.option("Own").fields["pue"]
    assert (value.value, value.set_by) == (1.2, "you")
    assert (value.low, value.high, value.source, value.confidence) == (None, None, None, "own")
    assert small.option("Own").fields.number("pue") == 1.3
    assert changed.workloads is small.workloads


def test_a_change_may_carry_its_own_source(small: Study):
    changed = replace(
        small, "option/Own/pue", 1.09, source="Site meter", confidence="measured", low=None, high=None, as_of=None
    )
    assert get(changed, "option/Own/pue") == Value(1.09, source="Site meter", confidence="measured")
    catalogue = replace(small, "option/Own/pue", 1.1, set_by="catalogue")
    assert get(catalogue, "option/Own/pue").set_by == "catalogue"


def test_a_value_taken_out_is_its_default_again(small: Study):
    changed = replace(small, "option/Own/pue", None)
    assert get(changed, "option/Own/pue") == Value()
    assert not changed.option("Own").fields.given("pue")
    assert get(replace(small, "study/discount_rate", None), "study/discount_rate").value == 0


@pytest.mark.parametrize(
    ("path", "value", "rest", "message"),
    [
        ("option/Own/pue", 0.9, {}, "at least 1"),
        ("option/Own/pue", "1,2", {}, "must be a number"),
        ("option/Own/pue", 1.2, {"confidence": "sure"}, "confidence must be one of"),
        ("option/Own/pue", 1.2, {"sorce": "x"}, 'did you mean "source"'),
        ("option/Own/pue", 1.2, {"set_by": "me"}, "set_by"),
        ("option/Own/pue", 1.2, {"low": 2, "high": 1.5}, "low is above high"),
        ("option/Own/sizing", None, {}, "is missing"),
        ("option/Own/name", None, {}, "cannot be blank"),
        ("option/Own/name", "Bought in", {}, "another option"),
        ("option/Own/ups_efficiency", 0.9, {}, "together with its parts"),
        ("study/horizon_years", 99, {}, "at most 15"),
    ],
)
def test_a_refused_change_is_told(small: Study, path: str, value: Any, rest: dict[str, Any], message: str):
    with pytest.raises(StudyError) as caught:
        replace(small, path, value, **rest)
    assert message in str(caught.value)


def test_what_must_change_together_changes_together(small: Study):
    with pytest.raises(StudyError, match="needs systems and utilisation"):
        replace(small, "option/Own/sizing", "fixed")
    changed = replace_all(
        small,
        {
            "option/Own/sizing": "fixed",
            "option/Own/systems": 4,
            "option/Own/utilisation": {"value": 0.5, "source": "Trace"},
        },
    )
    assert changed.option("Own").fields["utilisation"].source == "Trace"


def test_all_refused_changes_are_told(small: Study):
    with pytest.raises(StudyError) as caught:
        replace_all(small, {"option/Own/pue": 0.5, "study/tax_rate": 3, "study/title": "fine"})
    assert [problem.path for problem in caught.value.problems] == ["option/Own/pue", "study/tax_rate"]


def test_terms_are_added_where_one_of_their_inputs_is_set(small: Study):
    changed = replace_all(
        small,
        {"option/Own/acquisition": "rental", "option/Own/rental/on_demand_price": 3.5},
    )
    rental = changed.option("Own").rental
    assert rental is not None and rental.number("on_demand_price") == 3.5 and rental.number("committed_share") == 0


def test_a_new_name_is_followed_by_what_refers_to_it():
    tables = plain()
    tables["study"]["reference_option"] = "Own"
    tables["option"][0]["asset"] = [{"name": "room", "life": 10}]
    tables["option"][0]["capex"].append({"name": "Room", "asset": "room", "basis": "fixed", "amount": 1})
    drawn = load.from_dict(tables)
    changed = replace(drawn, "workload/chat/name", "assistant")
    assert changed.option("Own").serving_for("assistant") is not None
    changed = replace(changed, "option/Own/asset/room/name", "data hall")
    assert [row.text("asset") for row in changed.option("Own").capex] == ["equipment", "data hall"]
    changed = replace(changed, "option/Own/name", "Ours/2")
    assert changed.fields.text("reference_option") == "Ours/2"
    assert get(changed, "option/Ours~12/pue").value == 1.3


def test_warnings_follow_a_change(small: Study):
    assert "option/Own/pue" not in [problem.path for problem in small.warnings]
    changed = replace(small, "option/Own/pue", 1.9)
    message = next(problem.message for problem in changed.warnings if problem.path == "option/Own/pue")
    entry = schema.field("option", "pue")
    assert message.startswith("is outside the typical range, ") and entry.usual_source in message


@settings(max_examples=30)
@given(studies(wild_text=True))
def test_setting_an_input_to_what_it_is_changes_nothing(tables: dict[str, Any]):
    drawn = load.from_dict(tables)
    for path, place in drawn.places.items():
        row = place.row
        name = next(name for name in row if row.given(name)) if any(map(row.given, row)) else None
        if name is not None:
            assert replace(drawn, f"{path}/{name}", row[name].value) == drawn


def test_reading_and_changing_are_quick():
    tables = plain()
    own = tables["option"][0]
    tables["option"] = [own | {"name": f"Own {index}"} for index in range(4)]
    text = load.dumps(load.from_dict(tables))
    drawn = load.loads(text)
    assert least_cpu(lambda: load.loads(text)) < 0.03
    assert least_cpu(lambda: replace(drawn, "option/Own 3/pue", 1.25)) < 0.01


# -------------------------------------------------------------------------------------------------------- the strategy


def test_random_studies_cover_every_input_and_choice():
    draw = random.Random(1)
    given_inputs: set[tuple[str, str]] = set()
    chosen: set[tuple[str, str, Any]] = set()
    for _ in range(400):
        drawn = load.from_dict(study_from(draw.randbytes(BLOCK_BYTES)))
        for row in (place.row for place in drawn.places.values()):
            given_inputs |= {(row.table, name) for name in row if row.given(name)}
            chosen |= {(row.table, name, row[name].value) for name in row if schema.field(row.table, name).choices}
    assert {(entry.table, entry.name) for entry in schema.FIELDS} - given_inputs == set()
    choices = {(entry.table, entry.name, choice) for entry in schema.FIELDS for choice in entry.choices}
    assert choices - chosen == set()


def test_a_block_always_gives_the_same_study():
    block = random.Random(2).randbytes(BLOCK_BYTES)
    assert study_from(block) == study_from(block)
    simplest = load.from_dict(study_from(b""))
    assert len(simplest.options) == 1


@settings(max_examples=30)
@given(studies(acquisitions=("api",), max_options=1, max_workloads=1, horizons=(4,), provenance=False))
def test_random_studies_can_be_narrowed_down(tables: dict[str, Any]):
    assert [option["acquisition"] for option in tables["option"]] == ["api"]
    assert tables["study"]["horizon_years"] == 4 and len(tables["workload"]) == 1
