"""What a committee reads on Summary and Comparison is what another program finds there, and what `decision` says."""

from __future__ import annotations

import dataclasses
import functools
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from models.analysis.decision.decision import NOTHING, WORDS, recommendation, slots
from models.analysis.decision.difference import unit_saving
from models.analysis.decision.side_by_side import reference
from models.analysis.metrics.coverage import by_confidence, rests
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import comparability
from models.notation import writer
from models.run.model import MODEL, Result
from models.studies.change import replace_all
from models.studies.file.load import from_dict, load
from models.studies.inputs.schema import confidence_label
from models.studies.study import Study
from tests.models.analysis.decision.test_unpriced import fleet
from tests.soak import long
from tests.workbook import judge
from workbook.decision import choice
from workbook.sheets.front import comparison, summary
from workbook.sheets.given import evidence

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
PRICED, UNPRICED = "customer_service", "power_limited_site"


def template(name: str, **changes: Any) -> Study:
    return replace_all(load(TEMPLATES / f"{name}.toml"), {f"study/{field}": v for field, v in changes.items()})


def api(name: str, factor: float, **fields: Any) -> dict[str, Any]:
    prices = {"price_input": factor, "price_output": 4 * factor}
    return {"name": name, "acquisition": "api", "api": prices, **fields}


def study(*options: dict[str, Any], **fields: Any) -> Study:
    workload = {"name": "chat", "requests_per_day": 1000, "input_tokens": 500, "output_tokens": 200}
    held = {"horizon_years": 3, "discount_rate": 0.08, "currency": "USD", **fields}
    return from_dict({"study": held, "workload": [workload], "option": list(options)})


@functools.cache
def exported(name: str) -> judge.File:
    """The workbook of a template."""
    return judge.written(template(name))


@functools.cache
def as_exported(name: str) -> Read:
    """What another program finds in it."""
    return Read(exported(name))


class Read:
    """A workbook as another program recalculated it, found by the labels in its first column."""

    def __init__(self, of: Study | judge.File, changed: dict[str, Any] | None = None) -> None:
        self.file = of if isinstance(of, judge.File) else judge.written(of)
        self.cells = judge.recalculated(judge.with_inputs(self.file, changed) if changed else self.file.content)
        self.book = load_workbook(io.BytesIO(self.file.content), data_only=True)

    def row(self, sheet: str, label: str) -> list[Any]:
        """The figures of the first row whose label begins so."""
        rows = self.book[sheet].iter_rows(max_col=1, values_only=True)
        at = next(i for i, (text,) in enumerate(rows, start=1) if str(text).startswith(label))
        found = [(column, value) for (s, column, row), value in self.cells.items() if (s, row) == (sheet, at)]
        return [value for column, value in sorted(found) if column != "A"]

    def said(self, sheet: str = summary.TITLE) -> list[str]:
        """The sentences of a sheet, in no order."""
        return [str(v) for (s, column, _), v in self.cells.items() if s == sheet and column == "A"]


@functools.cache
def with_a_price() -> Read:
    """The workbook without a price for unmet work, in which one was typed."""
    return Read(exported(UNPRICED), {"in_interim_price": 0.002})


# ---------------------------------------------------------------------------------------------------- shares of a cost


def a_credit_outweighs() -> Study:
    """A credit that outweighs the price: what A costs is below 0."""
    credit = {"name": "credit", "category": "credit", "basis": "per_year", "amount": -10_000.0}
    first = api("A", 1e-6, opex=[credit])
    return study(first, api("B", 1.0), horizon_years=1, reference_option="A")


@long
@pytest.mark.parametrize("held", (template(PRICED), a_credit_outweighs()), ids=(PRICED, "a cost below 0"))
def test_a_saving_is_a_share_of_a_cost_above_0_only(held: Study) -> None:
    result = MODEL.run(held)
    against = reference(result)
    found = Read(held).row(comparison.TITLE, "Per 1,000 responses, discounted, as a share")
    wanted = [unit_saving(option, against, RANKED_BY) for option in result.options.values()]
    shares = [NOTHING if saving is None or saving.share is None else saving.share for saving in wanted]
    assert [value for value in found if value != "-"] == [
        share if share == NOTHING else pytest.approx(share, abs=1e-12) for share in shares
    ]


# ------------------------------------------------------------------------------------------------------ cash in year 1


def resold(years: int) -> Study:
    """A server for 10,000 that brings half of that when its life of a year is over."""
    asset = {"name": "server", "life": 1, "residual_share": 0.5}
    item = {"name": "server", "asset": "server", "basis": "fixed", "amount": 10_000.0}
    return study(api("A", 1.0, asset=[asset], capex=[item]), api("B", 900.0), horizon_years=years)


@long
@pytest.mark.parametrize("years", [1, 2])
def test_the_cash_needed_in_year_1_does_not_wait_for_the_resale(years: int) -> None:
    result = MODEL.run(resold(years))
    values = result.options["A"].values
    needed = [cash_needed(option) for option in result.options.values()]
    assert needed[0] == values["capex"][0] + values["operating"][0] >= 10_000
    assert needed[0] - values["cash_cost"][0] == pytest.approx(5_000 if years == 1 else 0)
    read = Read(resold(years))
    for sheet in (summary.TITLE, comparison.TITLE, choice.TITLE):
        assert read.row(sheet, choice.CASH) == pytest.approx(needed)
    assert recommendation(result).winner == "A"
    assert slots(result)["cash"] == writer.amounts([needed[0], values["comparison_pv_cost"]], "USD")[0]
    assert WORDS["amount"].format(**slots(result)) in read.said()


@long
def test_the_cash_needed_of_a_loan_is_that_of_the_page() -> None:
    result = MODEL.run(template(PRICED))
    assert any(option.figure("loan_draw") for option in result.options.values())
    needed = [cash_needed(option) for option in result.options.values()]
    for sheet in (summary.TITLE, comparison.TITLE, choice.TITLE):
        assert as_exported(PRICED).row(sheet, choice.CASH) == pytest.approx(needed)


# ------------------------------------------------------------------------------------------------------------- nothing


@long
def test_a_cost_of_nothing_reads_0_and_no_sentence_has_a_gap() -> None:
    free = study(api("Free", 0.0), api("Paid", 1.0))
    assert judge.verdict(free) == []
    read, found = Read(free), recommendation(MODEL.run(free))
    assert "Choose Free: USD 0 per 1,000 responses." in read.said()
    assert set(found.reasons) <= set(read.said())
    assert not [text for text in read.said() if "n/a" in text]


@long
def test_a_price_that_falls_to_nothing_in_the_workbook_reads_0() -> None:
    file = judge.written(study(api("Free", 0.5), api("Paid", 1.0)))
    read = Read(file, {"in_o1_api_price_input": 0.0, "in_o1_api_price_output": 0.0})
    assert "Choose Free: USD 0 per 1,000 responses." in read.said()
    assert not [text for text in read.said() if "n/a" in text]


# ----------------------------------------------------------------------------------------------- what the cost rests on


@long
def test_prices_of_unstated_confidence_count_as_those_assumed() -> None:
    known = {"price_input": {"value": 1.0, "confidence": "published"}}
    guessed = {"price_output": {"value": 4.0, "confidence": "assumed"}}
    item = {"name": "set-up", "asset": "work", "basis": "fixed", "amount": 300.0}
    mixed = api("A", 1.0, asset=[{"name": "work", "life": 3}], capex=[item])
    mixed["api"] = known | guessed
    result = MODEL.run(study(mixed, api("B", 9.0)))
    read, found = Read(result.study), rests(result.options["A"])
    assert [each.confidence for each in found] == ["", "published", "assumed"]
    shares = [1 - found[1].amount / sum(each.amount for each in found), 1.0]
    assert read.row(evidence.TITLE, evidence.WEAK_LABEL) == pytest.approx(shares)
    sentence = WORDS["assumed"].format(**slots(result))
    assert sentence in read.said() and "rests on assumptions" in sentence


def test_a_price_typed_for_one_workload_moves_what_the_cost_rests_on() -> None:
    """As the engine finds once the workbook is read back, where what was typed is the reader's figure."""
    held = template(PRICED)
    option = list(held.options)[-1].name
    typed = replace_all(held, {f"option/{option}/serving/Live chat/price_output": 2.0})
    number = len(held.options)
    read = Read(exported(PRICED), {f"in_o{number}_w1_price_output": 2.0})
    found = by_confidence(MODEL.run(typed).options[option])
    for confidence in ("assumed", "published", "own"):
        shares = read.row(evidence.TITLE, confidence_label(confidence))
        assert shares[-1] == pytest.approx(found[confidence]) and found[confidence] > 0


# ---------------------------------------------------------------------------------------------------------- unmet work


WHOLE, OWN, FALLBACK = "Present value of cost,", "of which the option's own", "of which fallback"


@long
def test_the_present_value_that_decides_stands_above_its_parts() -> None:
    result, read = MODEL.run(template(PRICED)), as_exported(PRICED)
    rows = [read.row(summary.TITLE, label) for label in (WHOLE, OWN, FALLBACK)]
    assert rows[0] == pytest.approx([option.values["comparison_pv_cost"] for option in result.options.values()])
    assert rows[0] == pytest.approx([own + fallback for own, fallback in zip(*rows[1:], strict=True)])
    assert rows[0] != pytest.approx(rows[1])


@long
def test_without_a_price_for_unmet_work_the_summary_says_so_until_one_is_typed_in() -> None:
    assert set(as_exported(UNPRICED).row(summary.TITLE, FALLBACK)) == {summary.NO_PRICE}
    result = MODEL.run(template(UNPRICED, interim_price=0.002))
    wanted = [option.values["comparison_pv_cost"] for option in result.options.values()]
    assert with_a_price().row(summary.TITLE, WHOLE) == pytest.approx(wanted)


@long
def test_an_option_without_a_price_is_said_first_until_one_is_typed_in() -> None:
    file = judge.written(load(Path(__file__).parents[1] / "cases/reported/c52_price_left_blank.toml"))
    first = "in only is not ranked, price missing. "
    told = {str(value) for value in file.values.values() if str(value).startswith(first)}
    assert told == {f"{first}none is not ranked, price missing. Choose both: USD 3.00 per 1,000 responses."}
    [told] = [each for each in Read(file, {"in_o1_api_price_output": 9.0}).said() if "is not ranked" in each]
    assert told.startswith("none is not ranked, price missing. Choose both")


@pytest.mark.parametrize(
    "held", [{"interim_from": "Unpriced"}, {"own": {"overflow_to": "Unpriced"}}], ids=["fallback", "overflow"]
)
def test_what_goes_to_an_api_without_a_price_withholds_the_option_until_it_is_typed_in(held: dict[str, Any]) -> None:
    file = judge.written(fleet(**held))
    said = "Own is not ranked, price missing. Unpriced is not ranked, price missing. Choose One: "
    assert any(str(value).startswith(said) for value in file.values.values())
    assert any(each.startswith(said) for each in Read(file, {}).said())
    typed = Read(file, {"in_o2_api_price_output": 2.0}).said()
    assert not any("is not ranked" in each for each in typed)


# ----------------------------------------------------------------------------------------------------- what may compare


def compares(result: Result) -> list[str]:
    """What Comparison has to say of each option's totals."""
    against = reference(result)
    found = [comparability(option, against) for option in result.options.values()]
    unequal = "unserved requests are priced at the fallback price"
    no, plain, priced = comparison.COMPARES
    return [(priced if f.reason == unequal else plain) if f.holds else no for f in found]


LABEL = "Totals comparable with"


@long
@pytest.mark.parametrize(("name", "told"), [(PRICED, comparison.COMPARES[1:]), (UNPRICED, comparison.COMPARES[:2])])
def test_totals_stand_beneath_the_word_whether_they_compare(name: str, told: tuple[str, ...]) -> None:
    result = MODEL.run(template(name))
    assert set(compares(result)) == set(told)
    assert as_exported(name).row(comparison.TITLE, LABEL) == compares(result)


@long
def test_a_price_typed_in_for_unmet_work_makes_totals_compare() -> None:
    result = MODEL.run(template(UNPRICED, interim_price=0.002))
    assert comparison.COMPARES[2] in compares(result)
    assert with_a_price().row(comparison.TITLE, LABEL) == compares(result)


@long
def test_small_fleets_of_unequal_size_do_not_do_the_same_work() -> None:
    held = template(UNPRICED)
    crowd = {
        place.of("requests_per_day"): 3000 * place.row.number("requests_per_day") for place in held.rows("workload")
    }
    result = MODEL.run(replace_all(held, crowd))
    shares = [option.number("served_share") or 0.0 for option in result.options.values()]
    assert 0 < max(shares) - min(shares) < 1e-3
    names = [f"in_w{w}_requests_per_day" for w in range(1, 1 + len(crowd))]
    read = Read(exported(UNPRICED), dict(zip(names, crowd.values(), strict=True)))
    against = list(result.options).index(reference(result).name)
    assert read.row(choice.TITLE, "Same work as") == [float(i == against) for i in range(len(shares))]


# ---------------------------------------------------------------------------------------- nothing that contradicts it


@functools.cache
def two_apis() -> judge.File:
    """Two APIs with a quality target, which the first has not been measured against."""
    served = {"workload": "chat", "quality_target": 0.7}
    first, second = [served], [served | {"quality": 0.9}]
    options = api("A", 1.0, serving=first), api("B", 2.0, serving=second)
    return judge.written(study(*options, reference_option="B", strict_targets=False))


@long
@pytest.mark.parametrize(("strict", "told"), [(0.0, summary.UNMEASURED), (1.0, "no")])
def test_what_is_not_measured_is_not_told_as_met(strict: float, told: str) -> None:
    read = Read(two_apis(), {"in_strict_targets": strict})
    assert read.row(summary.TITLE, "Quality target met") == ["not measured", "yes"]
    assert read.row(summary.TITLE, "Eligible") == [told, summary.YES]


@long
@pytest.mark.parametrize(("times", "told"), [(1.01, summary.BY_LITTLE), (2.0, summary.YES)])
def test_the_cost_does_not_recommend_what_is_lowest_by_little(times: float, told: str) -> None:
    read = Read(two_apis(), {"in_o2_api_price_input": times, "in_o2_api_price_output": 4 * times})
    assert read.row(summary.TITLE, "Recommended") == [told, "-"]


BLUE = ("in_o1_api_price_input", "in_discount_rate", "in_w1_requests_per_day", "in_interim_price")


@pytest.mark.parametrize("name", BLUE)
def test_a_text_in_a_blue_cell_withholds_the_recommendation(name: str) -> None:
    read = Read(two_apis(), {name: "two"})
    first = {cell: value for cell, value in read.cells.items() if cell[0] in ("Cover", summary.TITLE)}
    assert [cell for cell, value in first.items() if str(value).startswith("#")] == []
    assert read.cells["Checks", "C", 4] == 0
    said = list(map(str, first.values()))
    assert said.count(choice.WITHHELD) == 2 and "A CHECK FAILS: see Checks" in said
    assert [text for text in said if text.startswith("Choose") or "next best" in text] == []
    assert set(read.row(summary.TITLE, "Recommended")) == {"-"}


def test_a_text_for_the_gap_of_the_same_work_is_a_check_that_fails() -> None:
    file = two_apis()
    place = {"same_work": f"'{choice.TITLE}'!$C$5"}
    read = Read(dataclasses.replace(file, names={**file.names, **place}), {"same_work": "little"})
    assert choice.WITHHELD in read.said() and read.cells["Checks", "C", 4] == 0
    assert [value for cell, value in read.cells.items() if cell[0] == summary.TITLE and str(value)[0] == "#"] == []


@long
@pytest.mark.parametrize(
    ("name", "word"),
    [("power_method", "servr"), ("power_method", 1.0), ("capex1_basis", "per servr"), ("opex1_basis", "per servr")],
)
def test_a_wrong_word_in_a_cell_of_choices_fails_a_check_and_nothing_is_recommended(name: str, word: Any):
    file = exported(PRICED)
    found = judge.recalculated(judge.with_inputs(file, {f"in_o1_{name}": word}))
    assert found["Checks", "C", 4] == 0
    assert found["Cover", "B", 5] == "No recommendation: a check fails, see Checks."
    front = {cell: value for cell, value in found.items() if cell[0] in ("Cover", summary.TITLE, "Comparison")}
    assert [cell for cell, value in front.items() if str(value).startswith("#")] == []
