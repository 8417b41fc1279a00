"""The workbook is the model: another program, given only the formulas, finds in every cell what the engine found.

On every template and worked case, on random studies, and after inputs were changed in the file. And the judge can fail.
"""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
from hypothesis import given

from models.run.model import MODEL
from models.studies.change import replace_all
from models.studies.load import from_dict, load
from models.studies.problem import StudyError
from models.studies.study import Study
from tests.soak import named, sampled, thorough
from tests.strategies import studies
from tests.workbook import judge
from workbook.writing import entries, formula
from workbook.writing.entries import Entry
from workbook.writing.formula import EXCEL
from workbook.writing.page import CHECKS, MASTER_CELL

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").glob("*.toml"))
BY_THE_HOUR = Path(__file__).parent / "by_the_hour.toml"
CASES = [*sorted((ROOT / "tests" / "cases" / "studies").glob("*.toml")), BY_THE_HOUR]
RICH = ROOT / "tests" / "cases" / "studies" / "tax_year_end.toml"
OPTION = "macrs 5"
Found = dict[judge.Cell, float | str | bool | None]


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


@sampled("path", [*TEMPLATES, *CASES], named("two_vendors", "tax_year_end", "api_tiers_commitment", "by_the_hour"), ids=name_of)
def test_another_program_finds_the_same(path: Path) -> None:
    file = judge.written(load(path), analysed=True)
    assert judge.differences(judge.recalculated(file.content), file) == []
    assert {file.values[cell] for cell in file.formulas if cell[:2] == ("Checks", "G")} == {1.0}


@thorough(4, soak=150)
@given(studies())
def test_another_program_finds_the_same_in_any_study(tables: dict) -> None:
    assert judge.verdict(from_dict(tables)) == []


@thorough(2, soak=50)
@given(studies())
def test_another_program_finds_the_same_in_what_was_analysed(tables: dict) -> None:
    assert judge.verdict(from_dict(tables), analysed=True) == []


# -------------------------------------------------------------------------------------------------- changed in the file


def changed_value(entry: Entry, rng: random.Random) -> float | str | bool | None:
    """Another value that the field may take."""
    field, old = entry.field, entry.value.value
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


def changes(study: Study, rng: random.Random, count: int) -> dict[Entry, float | str | bool | None]:
    """Some inputs that Excel may change, with other values; only changes that the study accepts together."""
    kinds = ("number", "whole", "boolean", "choice")
    every = [e for s in entries.sections(study) for e in s.entries if not e.structural and e.field.kind in kinds]
    found: dict[Entry, float | str | bool | None] = {}
    for entry in rng.sample(every, min(count * 3, len(every))):
        trial = {**found, entry: changed_value(entry, rng)}
        try:
            MODEL.run(replace_all(study, {e.path: v for e, v in trial.items()}))
        except StudyError:
            continue
        found = trial
        if len(found) == count:
            break
    return found


def typed(value: float | str | bool | None) -> float | str | None:
    return float(value) if isinstance(value, bool | int) else value


@sampled("path", [*TEMPLATES, *CASES], named("customer_service", "growth_refresh", "rental_mixed", "by_the_hour"), ids=name_of)
def test_changed_inputs_move_the_workbook_to_the_engines_answer(path: Path) -> None:
    study = load(path)
    found = changes(study, random.Random(path.stem), 8)
    assert found, "nothing could be changed"
    follows(study, found)


@thorough(2, soak=50)
@given(studies())
def test_changed_inputs_move_any_workbook(tables: dict) -> None:
    study = from_dict(tables)
    found = changes(study, random.Random(0), 6)
    if found:
        follows(study, found)


def follows(study: Study, found: dict[Entry, float | str | bool | None]) -> None:
    file = judge.written(study)
    edited = judge.with_inputs(file, {entry.name: typed(value) for entry, value in found.items()})
    expected = judge.written(replace_all(study, {entry.path: value for entry, value in found.items()}))
    moved = sum(file.values.get(cell) != value for cell, value in expected.values.items())
    assert moved or len(found) < 3
    recalculated = judge.recalculated(edited)
    assert judge.departures(recalculated, expected) == []
    assert recalculated[CHECKS, "C", 4] == 1, f"the master check at {MASTER_CELL} fails after a change"


def test_the_workbook_tells_that_inputs_were_changed_in_it(file: judge.File) -> None:
    told = next(cell for cell, text in file.formulas.items() if "As exported" in text)
    master = ("Checks", "C", 4)
    assert (file.values[told], file.values[master]) == ("As exported", 1.0)
    found = judge.recalculated(judge.with_inputs(file, {"in_discount_rate": 0.2}))
    assert (found[told], found[master]) == ("Inputs were changed here", 1.0)


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
    "modulo": "0*({0}+{1})",
    "escalate": "(1+{0:2})^{1:5}",
    "discount": "(1+{0:2})^{1:5}",
    "given": "1*ISBLANK({0})",
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
    "topmost": "MIN({0})",
    "crest": "MIN({0.rows})",
    "busiest": "SUM({0.series})",
    "capped": "SUMPRODUCT({2.rows}*{0.rows})+0*{1}",
}
# The smallest study in which each operation is at work.
SHOWN_ON = {
    **dict.fromkeys(("across", "at_age", "choose", "default", "fraction", "given", "maximum"), "oreilly_energy"),
    **dict.fromkeys(("minimum", "over_given", "ratio", "text_is", "total", "where"), "oreilly_energy"),
    **dict.fromkeys(("cumulative", "discount", "escalate", "present_value"), "retries_escalation"),
    **dict.fromkeys(("ceiling", "first", "highest", "previous"), "energy_bill"),
    **dict.fromkeys(("pick", "position"), "oreilly_cost_per_response"),
    **dict.fromkeys(("lagged", "within_life"), "lease_two_terms"),
    **{"by_vintage": "growth_refresh", "collect": "customer_service", "npv": "customer_service"},
    **{"level_payment": "customer_service", "modulo": "customer_service"},
    **dict.fromkeys(("by_hour", "topmost", "crest", "busiest", "capped"), "by_the_hour"),
}


# In a quick run those for which a small study does.
@sampled("op", sorted(EXCEL.keys() - {"stack"}), lambda op: SHOWN_ON[op].startswith("oreilly"))
def test_a_wrong_template_is_found(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXCEL, op, formula.Template(MUTANTS[op], formula.SUM, EXCEL[op].boolean))
    path = next(p for p in (*CASES, *TEMPLATES) if p.stem == SHOWN_ON[op])
    assert judge.verdict(load(path))
