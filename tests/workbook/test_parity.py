"""The workbook is the model: another program, given only the formulas, finds in every cell what the engine found.

On every template and worked case, on random studies, and after inputs were changed in the file. And the judge can fail.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from models.run.gather import Hours
from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs import schema, week
from models.studies.inputs.problem import StudyError
from models.studies.inputs.schema import Field
from models.studies.inputs.value import Content
from models.studies.study import Study
from tests.drawn import study_table
from tests.soak import long, named, sampled, thorough
from tests.strategies import studies
from tests.workbook import judge
from workbook.writing import entries, formula
from workbook.writing.entries import Entry
from workbook.writing.formula import EXCEL
from workbook.writing.layout import Layout
from workbook.writing.page import CHECKS, MASTER_CELL

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").glob("*.toml"))
BY_THE_HOUR = Path(__file__).parent / "by_the_hour.toml"
CASES = [*sorted((ROOT / "tests" / "cases" / "studies").glob("*.toml")), BY_THE_HOUR]
RICH = ROOT / "tests" / "cases" / "studies" / "tax_year_end.toml"
FLAT = ROOT / "templates" / "two_vendors.toml"
OPTION = "macrs 5"
Found = dict[judge.Cell, float | str | bool | None]
Changes = dict[Entry, Content]


def name_of(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="module")
def rich() -> Study:
    """A study in which every kind of line is at work."""
    return load(RICH)


@pytest.fixture(scope="module")
def file(rich: Study) -> judge.File:
    """Its workbook."""
    return judge.written(rich)


@pytest.fixture(scope="module")
def found(file: judge.File) -> Found:
    """What another program finds in it."""
    return judge.recalculated(file.content)


@sampled(
    "path",
    [*TEMPLATES, *CASES],
    named("api_tiers_commitment", "by_the_hour"),
    ids=name_of,
)
def test_another_program_finds_the_same(path: Path) -> None:
    file = judge.written(load(path), analysed=True)
    assert judge.differences(judge.recalculated(file.content), file) == []
    assert {file.values[cell] for cell in file.formulas if cell[:2] == ("Checks", "G")} == {1.0}


@thorough(2, soak=12, night=True)
@given(studies())
def test_another_program_finds_the_same_in_any_study(tables: dict) -> None:
    assert judge.verdict(from_dict(tables)) == []


@long
@thorough(2, soak=3, night=True)
@given(studies())
def test_another_program_finds_the_same_in_what_was_analysed(tables: dict) -> None:
    assert judge.verdict(from_dict(tables), analysed=True) == []


# Random studies; those of a quick run show between them all that `at_work` names.
COVERING = (77, 89)
SEEDS = (*range(4), *COVERING)


def at_work(study: Study) -> Iterator[str]:
    """What of the hours, of lists and of money that is given back is at work in a study."""
    given = {(place.row.table, name) for place in study.places.values() for name in place.row if place.row.given(name)}
    yield from ("shape" for _ in study.load_shapes if ("workload", "load_shape") in given)
    yield from ("bands" for each in given if each == ("tariff", "hours"))
    yield from (
        field for field in ("requests_per_day", "success_rate") if any(w.listed(field) for w in study.workloads)
    )
    yield from (
        "path" for place in study.places.values() for name in place.row if "change" in name and place.row.listed(name)
    )
    for option in study.options:
        if option.rental and option.sizing == "demand" and option.rental.text("scaling") == "hourly":
            yield "hourly"
        if option.fields.text("overflow_to") and option.fields.number("base_share") < 1:
            yield "overflow"
        if option.loan and option.loan.number("payments_per_year") == 12:
            yield "monthly"
        yield from ("grant" for row in option.capex if row.text("asset") == "grant")
        yield from ("credit" for row in option.opex if row.text("category") == "credit")


def test_a_quick_run_covers_what_goes_by_the_hour() -> None:
    found = {each for seed in COVERING for each in at_work(from_dict(study_table(random.Random(seed))))}
    names = "shape bands requests_per_day success_rate path hourly overflow monthly grant credit"
    assert found == set(names.split())


@long
@sampled("seed", SEEDS, lambda seed: seed in COVERING)
def test_another_program_finds_the_same_in_a_study_by_the_hour(seed: int) -> None:
    assert judge.verdict(from_dict(study_table(random.Random(seed)))) == []


@long
@sampled("seed", SEEDS, lambda seed: seed == COVERING[0])
def test_changed_inputs_move_a_workbook_by_the_hour(seed: int) -> None:
    study = from_dict(study_table(random.Random(seed)))
    follows(study, changes(study, random.Random(seed), 8))


# -------------------------------------------------------------------------------------------------- changed in the file


def changed_value(entry: Entry, rng: random.Random) -> Content:
    """Another value that the field may take."""
    field, old = entry.field, entry.value.value
    if isinstance(old, tuple):
        return tuple(min(number * rng.uniform(0.6, 1.7), most_of(field)) for number in old)
    if field.kind == "boolean":
        return not old
    if field.kind == "choice":
        return rng.choice(field.choices)
    if field.default is None and not field.required and rng.random() < 0.15:
        return None
    if isinstance(old, bool) or not isinstance(old, int | float) or old == 0:
        low, high = field.minimum or 0.0, min(field.maximum or 10.0, 10.0)
        value = low + (high - low) * rng.uniform(0.05, 0.95)
    else:
        value = old * rng.uniform(0.6, 1.7)
    return round(value) if field.kind == "whole" else value


def most_of(field: Field) -> float:
    return field.maximum or math.inf


OWN_PRICES = {field.name for field in schema.fields("serving") if field.name.startswith("price_")}


def changes(study: Study, rng: random.Random, count: int) -> Changes:
    """Some inputs that Excel may change, with other values; only changes that the study accepts together.

    Those that need fewer hours on the sheets leave the file with rows that an export would not have. And
    what is paid at a price of a workload's own that was blank rests on the API's in Evidence until it is exported anew.
    """
    kinds = ("number", "whole", "boolean", "choice", "path")
    sections = entries.sections(study)
    every = [
        e
        for s in sections
        for e in s.entries
        if not e.structural and e.field.kind in kinds and not (e.field.name in OWN_PRICES and e.value.blank)
    ]
    every += [dataclasses.replace(each.entry, name=each.name) for s in sections for each in entries.listed(s)]
    found: Changes = {}
    for entry in rng.sample(every, min(count * 3, len(every))):
        trial = {**found, entry: changed_value(entry, rng)}
        try:
            changed = replace_all(study, {e.path: v for e, v in trial.items()})
            MODEL.run(changed)
        except StudyError:
            continue
        if hours(changed) != hours(study):
            continue
        found = trial
        if len(found) == count:
            break
    return found


LISTS = {
    "in_shape1_weekday_list": ("load_shape/office/weekday", tuple(float(hour % 7) for hour in range(24))),
    "in_w1_requests_per_day_list": ("workload/chat/requests_per_day", (90_000.0, 10_000.0, 700_000.0)),
    "in_w1_success_rate_list": ("workload/chat/success_rate", (0.4, 0.9, 0.2)),
    "in_o1_electricity_escalation_list": ("option/Own/electricity_escalation", (1.0, 1.4, 1.2)),
    "in_o2_rental_price_change_list": ("option/Rented/rental/price_change", (1.0, 1.1, 0.4)),
    "in_o3_api_price_change_list": ("option/API/api/price_change", (1.0, 0.5)),
}
BY_HOUR = {
    **LISTS,
    "in_o1_tariff1_price": ("option/Own/tariff/day/price", 0.4),
    "in_o3_api_price_output": ("option/API/api/price_output", 5.0),
    "in_o1_base_share": ("option/Own/base_share", 0.5),
    "in_o2_rental_minimum_replicas": ("option/Rented/rental/minimum_replicas", 0),
    "in_o1_loan_rate": ("option/Own/loan/rate", 0.0),
}


def departures_of_figures(edited: bytes, expected: judge.File) -> list[str]:
    """What departs but for the sentences of the Summary: how many conditions it lists is settled at export."""

    def kept(cells: Mapping[judge.Cell, Any]) -> dict[judge.Cell, Any]:
        return {cell: value for cell, value in cells.items() if cell[:2] != ("Summary", "A")}

    return judge.departures(
        kept(judge.recalculated(edited)), dataclasses.replace(expected, values=kept(expected.values))
    )


@long
def test_a_workbook_by_the_hour_follows_its_shapes_bands_lists_and_overflow_prices() -> None:
    study = load(BY_THE_HOUR)
    edited = judge.with_inputs(judge.written(study), {name: value for name, (_, value) in BY_HOUR.items()})
    expected = judge.written(replace_all(study, dict(BY_HOUR.values())))
    assert departures_of_figures(edited, expected) == []


@long
@sampled(
    "typed_in",
    [
        {"in_o2_w1_max_attempts": 1},
        {"in_w1_max_attempts": 2},
        {"in_w1_max_attempts": None},
        {"in_o1_w1_success_rate": 0.9, "in_o1_w1_max_attempts": 2},
    ],
    lambda typed_in: len(typed_in) == 2,
    ids=str,
)
def test_a_list_of_tries_follows_the_limit_and_an_options_own_rate(typed_in: dict[str, float | None]) -> None:
    study = load(BY_THE_HOUR)
    paths = {entry.name: entry.path for section in entries.sections(study) for entry in section.entries}
    edited = judge.with_inputs(judge.written(study), typed_in)
    expected = judge.written(replace_all(study, {paths[name]: value for name, value in typed_in.items()}))
    assert departures_of_figures(edited, expected) == []


def test_what_would_need_hours_that_the_sheets_do_not_hold_is_changed_in_the_app_only() -> None:
    flat = {e.name: e.structural for s in entries.sections(load(FLAT)) for e in s.entries}
    by_hour = {e.name: e.structural for s in entries.sections(load(BY_THE_HOUR)) for e in s.entries}
    names = ("in_o1_base_share", "in_o1_facility_power_kw", "in_o1_cooling_capacity_kw")
    assert [flat[name] for name in names] == [True] * 3
    assert [by_hour[name] for name in names] == [False] * 3


def test_at_most_two_blocks_of_hours_an_option_and_none_where_no_cost_bends() -> None:
    options = MODEL.run(load(BY_THE_HOUR)).options
    own, rented = options["Own"].raw("overflow"), options["Rented"].raw("swell")
    assert max(own) > 0 and min(rented) > 1, "peaks overflow, and bursts stand above the busiest hour"
    assert {
        name: [line for line, block in Layout(option, number).blocks.items() if block.rows == week.HOURS]
        for number, (name, option) in enumerate(options.items(), start=1)
    } == {"Own": ["band_tariff", "busy_at"], "Rented": ["busy_at", "online_at"], "API": []}


@long
@pytest.mark.parametrize("before, after", [(4.0, None), (None, 5.0)], ids=str)
def test_a_peak_above_the_load_shapes_own_may_come_and_go(before: float | None, after: float | None) -> None:
    study = replace_all(load(BY_THE_HOUR), {"workload/chat/peak_to_average": before})
    edited = judge.with_inputs(judge.written(study), {"in_w1_peak_to_average": after})
    expected = judge.written(replace_all(study, {"workload/chat/peak_to_average": after}))
    assert departures_of_figures(edited, expected) == []


def hours(study: Study) -> list[Hours]:
    """What goes by the hour in each option."""
    return [Hours.of(study, option) for option in study.options]


def typed(value: Content) -> judge.Typed:
    return float(value) if isinstance(value, bool | int) else value


@sampled(
    "path",
    [*TEMPLATES, *CASES],
    named("growth_refresh", "rental_mixed"),
    ids=name_of,
)
def test_changed_inputs_move_the_workbook_to_the_engines_answer(path: Path) -> None:
    study = load(path)
    found = changes(study, random.Random(path.stem), 8)
    assert found, "nothing could be changed"
    follows(study, found)


@long
@thorough(1, soak=5, night=True)
@given(studies())
def test_changed_inputs_move_any_workbook(tables: dict) -> None:
    study = from_dict(tables)
    found = changes(study, random.Random(0), 6)
    if found:
        follows(study, found)


def follows(study: Study, found: Changes) -> None:
    file = judge.written(study)
    words = {entry: schema.choice_words(entry.field).get(str(value), value) for entry, value in found.items()}
    edited = judge.with_inputs(file, {entry.name: typed(value) for entry, value in words.items()})
    expected = judge.written(replace_all(study, {entry.path: value for entry, value in found.items()}))
    moved = sum(file.values.get(cell) != value for cell, value in expected.values.items())
    assert moved or len(found) < 3
    recalculated = judge.recalculated(edited)
    assert judge.departures(recalculated, expected) == []
    assert recalculated[CHECKS, "C", 4] == 1, f"the master check at {MASTER_CELL} fails after a change"


@long
def test_the_workbook_tells_that_inputs_were_changed_in_it(file: judge.File) -> None:
    told = next(cell for cell, text in file.formulas.items() if "As exported" in text)
    master = ("Checks", "C", 4)
    assert (file.values[told], file.values[master]) == ("As exported", 1.0)
    found = judge.recalculated(judge.with_inputs(file, {"in_discount_rate": 0.2}))
    assert (found[told], found[master]) == ("Inputs were changed here", 1.0)


@long
@pytest.mark.parametrize(("name", "value"), [("in_w1_requests_per_day", "many"), ("in_discount_rate", -2.0)])
def test_an_input_that_cannot_be_fails_the_master_check(name: str, value: float | str, file: judge.File) -> None:
    found = judge.recalculated(judge.with_inputs(file, {name: value}))
    assert found["Checks", "C", 4] != 1.0


# --------------------------------------------------------------------------------------------------- the judge can fail


def test_a_stored_value_is_never_believed(file: judge.File, found: Found) -> None:
    assert set(found.values()).isdisjoint({float(judge.POISON)})
    assert set(judge.opened(judge.poisoned(file.content)).values.values()) <= {judge.POISON, str(judge.POISON)}


def test_a_wrong_stored_value_is_found(file: judge.File, found: Found) -> None:
    cell = next(c for c in file.values if c[0] == OPTION and isinstance(file.values[c], float) and file.values[c])
    value = file.values[cell]
    assert isinstance(value, float)
    wrong = dataclasses.replace(file, values={**file.values, cell: value * (1 + 1e-6)})
    assert len(judge.differences(found, wrong)) == 1


def test_a_wrong_formula_is_found(file: judge.File) -> None:
    def lose_a_year(sheet: str, xml: str) -> str:
        return xml.replace("<f>SUM($G", "<f>SUM($H", 1) if sheet == OPTION else xml

    assert judge.differences(judge.recalculated(judge.rewritten(file.content, lose_a_year)), file)


@long
def test_an_input_that_was_not_changed_is_found(rich: Study, found: Found) -> None:
    expected = judge.written(replace_all(rich, {"study/discount_rate": 0.2}))
    assert judge.differences(found, expected)


MUTANTS = {
    "minimum": "MAX({all})",
    "maximum": "MIN({all})",
    "where": "IF({0:test},{2},{1})",
    "fraction": "IF({1:side}=0,0,{1:2}/{0:3})",
    "ratio": 'IF({1:side}=0,"n/a",{0:2}*{1:3})',
    "ceiling": "INT({0})",
    "escalate": "(1+{0:2})^{1:5}",
    "discount": "(1+{0:2})^{1:5}",
    "given": "1-COUNT({0})",
    "default": "{1:2}+0*{0:5}",
    "over_given": "0*{0:2}",
    "text_is": "(0=LEN({0}))",
    "level_payment": "PMT({0},{1},{2})",
    "choose": "CHOOSE({0:1}+2,{rest})",
    "previous": "0*{0.left}",
    "lagged": "SUMIF({years.before},{years}-{1}-1,{0.before})",
    "within_life": "SUMPRODUCT({0.so_far}*({years.so_far}>={years}-{1}))",
    "highest": "SUM({0.so_far})",
    "cumulative": "MAX({0.so_far})",
    "total": "{0.total}*2",
    "first": "SUM({0.series})",
    "across": "2*SUMPRODUCT({0})",
    "present_value": "SUM({0.series})+0*SUM({1.series})",
    "npv": "SUM({0.series})+0*{1}",
    "by_vintage": "SUMPRODUCT({0.so_far}*SUMIF({years.series},{years}-{years.so_far},{1.series}))",
    "at_age": "SUMIF({years.series},{1}+1,{0.series})",
    "collect": "SUM({0.rows})+0*SUM({1.rows})+0*{2}",
    "pick": "INDEX({0.rows},1)+0*{1}",
    "position": "0*MATCH({0},{1.keys},0)+1",
    "by_hour": "SUMPRODUCT({0.rows},INDEX({1.matrix},0,1))+0*{2}",
    "topmost": "SUMPRODUCT(MIN({all}))",
    "crest": "MIN({0.rows})",
    "busiest": "SUM({0.series})",
    "capped": "SUMPRODUCT({2.rows}*{0.rows})+0*{1}",
    "capped_by": "SUMPRODUCT(({3.rows}={4})*{2.rows}*{0.rows})+0*{1}",
}
# The smallest study in which each operation is at work.
SHOWN_ON = {
    **dict.fromkeys(("across", "at_age", "choose", "default", "fraction", "given", "maximum"), "oreilly_energy"),
    **dict.fromkeys(("minimum", "over_given", "ratio", "total", "where"), "oreilly_energy"),
    "text_is": "llmtco_owned",  # names and categories: choices are compared in any case, by an equals sign
    **dict.fromkeys(("cumulative", "discount", "escalate", "present_value"), "retries_escalation"),
    **dict.fromkeys(("ceiling", "first", "highest", "previous"), "energy_bill"),
    **dict.fromkeys(("pick", "position"), "oreilly_cost_per_response"),
    **dict.fromkeys(("lagged", "within_life"), "lease_two_terms"),
    **{"by_vintage": "growth_refresh", "collect": "customer_service", "npv": "customer_service"},
    "level_payment": "customer_service",
    **dict.fromkeys(("by_hour", "topmost", "crest", "busiest", "capped", "capped_by"), "by_the_hour"),
}


# In a quick run those for which a small study does.
@long
@sampled("op", sorted(EXCEL.keys() - {"stack"}), lambda op: SHOWN_ON[op].startswith(("oreilly", "llmtco")))
def test_a_wrong_template_is_found(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXCEL, op, formula.Template(MUTANTS[op], formula.SUM, EXCEL[op].boolean))
    path = next(p for p in (*CASES, *TEMPLATES) if p.stem == SHOWN_ON[op])
    assert judge.verdict(load(path))
