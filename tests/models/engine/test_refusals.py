"""What the engine refuses when the model is built: each wrong line with its place, the reason and the remedy.

Every case is a function that is no line, or one that declares a few lines and returns them; it is refused either when
the line is read or when a plan is made of it. Messages are interface, so they are tested: file, line number and name of
the culprit come first, then words that say what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.engine import ops
from models.engine.check import Plan, plan, unit_of
from models.engine.expression import Binary, Call, Comparison, FormulaError, Name, Negative, Node, Number, walk
from models.engine.line import Line, equality, line
from models.engine.ops import OPS
from models.engine.units import ONE, UnitError, unit
from models.run.gather import INPUTS
from models.run.model import MODEL
from tests.soak import sampled

HERE = Path(__file__).name
Lines = Line | tuple[Line, ...]
Case = Callable[[], Lines]
CASES: list[tuple[str, Case, tuple[str, ...]]] = []
SOURCE = Path(__file__).read_text(encoding="utf-8").splitlines()


def refused_lines(*words: str) -> Callable[[Case], Case]:
    """Register lines of which one is refused; all the words must stand in the message."""

    def register(case: Case) -> Case:
        CASES.append((case.__name__, case, words))
        return case

    return register


def refused(*words: str, unit: str = "1", **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function that is refused as a line of this unit."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        CASES.append((function.__name__, lambda: line("A line", unit, **how)(function), words))
        return function

    return register


def built(lines: Lines) -> Plan:
    return plan(lines if isinstance(lines, tuple) else (lines,), INPUTS)


# ------------------------------------------------------------------------------------- what is no documented formula


@refused("docstring", "says what it means")
def missing_docstring(pue):
    return pue


@refused("use ops.where instead of a Python branch")
def python_branch(option_pue):
    """Branches."""
    if option_pue:
        return option_pue
    return 1


@refused("ops.where instead of a Python branch or loop")
def loop(study_inflation):
    """Loops."""
    for _ in range(2):
        study_inflation = study_inflation * 2
    return study_inflation


@refused("use ops.where")
def conditional_expression(study_inflation, study_tax_rate):
    """Branches inside an expression, which would be folded silently."""
    return study_tax_rate if study_inflation else 0


@refused("use ops.where, products of 0/1")
def boolean_operator(study_inflation, study_tax_rate):
    """Branches as well: `and` looks at its left side."""
    return study_inflation and study_tax_rate


@refused("chained comparisons", "(a < b) * (b < c)")
def chained_comparison(study_inflation, study_tax_rate):
    """Python reads this as two comparisons and a branch."""
    return 0 < study_inflation < study_tax_rate


@refused("write (a < b) * (b < c)", "one of == != < <= > >=")
def unusual_comparison(study_inflation, study_tax_rate):
    """Identity is no comparison of figures."""
    return study_inflation is study_tax_rate


@refused("write 1 - x")
def negation(study_inflation):
    """Python would ask for its truth."""
    return not study_inflation


@refused("BinOp cannot be read", "use + - * / **")
def floor_division(study_inflation):
    """No reading in a spreadsheet."""
    return study_inflation // 2


@refused("reads whole lines", "instead of an attribute or an index")
def subscript(production_share):
    """Picks a year by hand."""
    return production_share[0]


@refused("instead of an attribute or an index")
def attribute(study_inflation):
    """Looks inside."""
    return study_inflation.real


@refused("may only call operations of ops")
def foreign_call(study_inflation):
    """Python's own, which no spreadsheet has."""
    return min(study_inflation, 1)


@refused("ops.minimum cannot take * or **", "write the arguments out")
def starred_arguments(study_inflation):
    """Hides what goes in."""
    return ops.minimum(*study_inflation)


@refused("3.6", "has no unit", "constants.py")
def literal_number(study_inflation):
    """A number whose meaning nobody can see."""
    return study_inflation * 3.6


@refused("True is not a number", "write 0 or 1")
def literal_truth(study_inflation):
    """Truth is not a figure."""
    return study_inflation * True


@refused("one return", "give each intermediate its own line")
def intermediate(study_inflation):
    """Keeps a figure to itself."""
    twice = study_inflation * 2
    return twice


@refused("plain names of lines and inputs, without defaults")
def default_parameter(study_inflation, study_tax_rate=0):
    """A silent default."""
    return study_inflation + study_tax_rate


@refused("by='galaxy'", "workload", by="galaxy")
def unknown_dimension(study_inflation):
    """Nothing goes by that."""
    return study_inflation


@refused("by='year year'", "at most one", by="year year")
def dimension_twice(study_inflation):
    """Twice the same."""
    return study_inflation


# --------------------------------------------------------------------------------------------------------------- names


@refused("study_inflaton is no line, input or constant", "did you mean study_inflation?")
def unknown_name(study_inflaton):
    """A slip."""
    return study_inflaton * 2


@refused("nowhere is no line, input or constant", known="nowhere")
def unknown_condition(study_inflation):
    """Known where a line says so that does not exist."""
    return study_inflation * 2


@refused_lines("reads study_tax_rate without naming it as a parameter", "add it")
def free_name() -> Lines:
    study_tax_rate = 0.0

    @line("Rate", "1")
    def culprit(study_inflation):
        """Reads what it does not name."""
        return study_inflation + study_tax_rate

    return culprit


@refused("the parameter study_tax_rate is not used", "take it out")
def unused_parameter(study_inflation, study_tax_rate):
    """Names what it does not read."""
    return study_inflation * 2


@refused_lines("the name study_inflation is taken", "give the line another")
def name_of_an_input() -> Lines:
    @line("Rate", "1")
    def study_inflation(study_tax_rate):
        """Hides an input."""
        return study_tax_rate * 2

    return study_inflation


@refused_lines("the name year is taken")
def name_of_an_index() -> Lines:
    @line("Rate", "1")
    def year(study_tax_rate):
        """Hides the years."""
        return study_tax_rate * 2

    return year


@refused_lines("the name HOURS_PER_YEAR is taken")
def name_of_a_constant() -> Lines:
    @line("Hours", "1")
    def HOURS_PER_YEAR(study_tax_rate):
        """Hides a constant."""
        return study_tax_rate * 2

    return HOURS_PER_YEAR


@refused_lines("the name culprit is taken")
def name_used_twice() -> Lines:
    @line("Rate", "1")
    def culprit(study_tax_rate):
        """The one."""
        return study_tax_rate * 2

    return culprit, culprit


# ---------------------------------------------------------------------------------------------------------- operations


@refused("ops.minimun does not exist", "did you mean minimum?")
def unknown_operation(study_inflation):
    """A slip."""
    return ops.minimun(study_inflation, 1)  # type: ignore[attr-defined]


@refused("ops.where takes 3 to 3 arguments")
def wrong_number_of_arguments(study_inflation):
    """What otherwise?"""
    return ops.where(study_inflation, 1)


@refused("only ops.stack does")
def keywords(study_inflation, study_tax_rate):
    """Would be read in the order written, upside down."""
    return ops.fraction(bottom=study_inflation, top=study_tax_rate)


@refused("ops.where inside another", "a line of its own")
def nested_where(study_inflation, study_tax_rate):
    """Nobody can follow it in words."""
    return ops.where(study_inflation, ops.where(study_tax_rate, 1, 0), 1)


@refused("ops.ratio must be the whole formula", "a line of its own")
def ratio_inside_a_formula(study_inflation, study_tax_rate):
    """Would compute with no figure."""
    return ops.ratio(study_inflation, study_tax_rate) * 2


@refused_lines("share may have no figure", "nothing may be computed from it")
def nullable_read() -> Lines:
    @line("Share", "1")
    def share(study_inflation, study_tax_rate):
        """May have no figure."""
        return ops.ratio(study_inflation, study_tax_rate)

    @line("Twice", "1")
    def culprit(share):
        """Computes with it."""
        return share * 2

    return share, culprit


@refused("option_pue may be blank", "ops.default or ops.given")
def blank_read_bare(option_pue):
    """Blank is no number."""
    return option_pue * 2


@refused("serving_decode_rate may be blank", by="workload")
def blank_read_bare_in_a_guarded_formula(serving_decode_rate):
    """Guarded once, read bare beside it."""
    return ops.over_given(serving_decode_rate, serving_decode_rate)


@refused_lines("ops.default asks whether an input is blank", "name an input")
def default_of_a_line() -> Lines:
    @line("Rate", "1")
    def rate(study_inflation):
        """Never blank."""
        return study_inflation * 2

    @line("Rate", "1")
    def culprit(rate):
        """Asks anyway."""
        return ops.default(rate, 1)

    return rate, culprit


@refused("a text cannot be computed with", "ops.text_is")
def text_in_arithmetic(option_acquisition):
    """Twice a word."""
    return option_acquisition * 2


@refused("a text cannot be computed with")
def text_literal_in_arithmetic(study_inflation):
    """A word times a rate."""
    return study_inflation * "api"


@refused("ops.text_is looks at a text input")
def number_compared_as_text(study_inflation):
    """Never equal."""
    return ops.text_is(study_inflation, "api")


@refused("ops.given asks whether an input is blank", "no text")
def text_asked_for_blank(option_vendor):
    """A text is never a blank number."""
    return ops.given(option_vendor)


@refused_lines("ops.total reads lines by name", "a line of its own")
def structural_operation_on_an_expression() -> Lines:
    @line("Sum", "1")
    def culprit(production_share, year):
        """Neither summed nor explained."""
        return ops.total(production_share * year)

    return culprit, share_of_year()


@refused("ops.previous needs", "by year", by="year")
def previous_without_years(study_inflation):
    """One figure has no year before."""
    return ops.previous(study_inflation)


@refused_lines("ops.lagged needs a life that is the same in all years")
def life_by_year() -> Lines:
    @line("Before", "1", by="year")
    def culprit(production_share, year):
        """How long before?"""
        return ops.lagged(production_share, year)

    return culprit, share_of_year()


@refused("ops.stack names every argument", by="cost")
def stack_without_names(study_inflation, study_tax_rate):
    """Rows without names."""
    return ops.stack(study_inflation, study_tax_rate)


@refused_lines("rows differ from those of block", "in order")
def stacks_in_another_order() -> Lines:
    @line("Block", "1", by="cost")
    def block(study_inflation, study_tax_rate):
        """The order."""
        return ops.stack(one=study_inflation, other=study_tax_rate)

    @line("Block", "1", by="cost")
    def culprit(study_inflation, study_tax_rate):
        """Another order: a row found by number would be the wrong one."""
        return ops.stack(other=study_tax_rate, one=study_inflation)

    return block, culprit


@refused("ops.position looks rows up in a block", "ops.stack", by="capex")
def position_in_no_block(capex_basis, capex_asset_number):
    """No rows to find it in."""
    return ops.position(capex_basis, capex_asset_number)


@refused("ops.pick looks rows up in a block", by="capex")
def pick_from_no_block(asset_number, capex_asset_number):
    """Picks from what is no block."""
    return ops.pick(asset_number, capex_asset_number)


# -------------------------------------------------------------------------------------------------- dimensions, cycles


def share_of_year() -> Line:
    @line("Share", "1", by="year")
    def production_share(year):
        """Any line by year."""
        return year / 2

    return production_share


@refused("asset and workload cannot be combined figure by figure", "ops.across", by="workload")
def two_kinds_of_rows(workload_success_rate, asset_residual_share):
    """Which asset for which workload?"""
    return workload_success_rate * asset_residual_share


@refused("age and year cannot be combined", by="year")
def two_kinds_of_columns(year, age):
    """Age is no year."""
    return year * age


@refused("the formula goes by year", "declared by nothing (one figure)", "make them agree")
def undeclared_years(year):
    """By year, and says it is one figure."""
    return year * 2


@refused("declared by workload", "nothing in the formula goes by workload", by="workload")
def rows_out_of_nowhere(study_inflation):
    """One figure, and says it is by workload."""
    return study_inflation * 2


@refused("declared by year", "nothing in the formula goes by year", by="year")
def years_out_of_nowhere(study_inflation):
    """One figure: floats would repeat it, arrays would not, and their sums would differ."""
    return study_inflation * 2


@refused("ops.across needs a line by rows")
def across_without_rows(study_inflation):
    """Nothing to add up."""
    return ops.across(study_inflation)


@refused("ops.total needs a line by year")
def total_without_years(study_inflation):
    """No years to add up."""
    return ops.total(study_inflation)


@refused_lines("known=by_workload goes by workload", "they must agree")
def condition_of_another_shape() -> Lines:
    @line("Condition", "1", by="workload")
    def by_workload(workload_success_rate):
        """By workload."""
        return workload_success_rate > 0

    @line("Rate", "1", known="by_workload")
    def culprit(study_inflation):
        """Known for which workload?"""
        return study_inflation * 2

    return by_workload, culprit


@refused_lines("share may have no figure itself", "a line of 0 and 1")
def condition_without_a_figure() -> Lines:
    @line("Share", "1")
    def share(study_inflation, study_tax_rate):
        """May have no figure."""
        return ops.ratio(study_inflation, study_tax_rate)

    @line("Rate", "1", known="share")
    def culprit(study_inflation):
        """Known where?"""
        return study_inflation * 2

    return share, culprit


@refused_lines("need each other", "the same rows")
def recurrence_of_two_shapes() -> Lines:
    @line("One", "1", by="workload year")
    def culprit(other, workload_success_rate):
        """By workload, and looks back at a sum of itself."""
        return ops.previous(other) + workload_success_rate

    @line("Other", "1", by="year")
    def other(culprit):
        """The sum."""
        return ops.across(culprit)

    return culprit, other


@refused_lines("need each other in the same year", "ops.previous or ops.lagged")
def cycle() -> Lines:
    @line("One", "1", by="year")
    def culprit(other, year):
        """Needs the other."""
        return other * year

    @line("Other", "1", by="year")
    def other(culprit):
        """Needs the one."""
        return culprit * 2

    return culprit, other


@refused("need each other in the same year", by="year")
def line_that_needs_itself(line_that_needs_itself, year):
    """Needs itself."""
    return line_that_needs_itself * year


@refused_lines("need each other in the same year")
def cycle_through_a_sum_over_years() -> Lines:
    @line("One", "1", by="year")
    def culprit(sum_of_it, year):
        """Needs a sum of itself over all years, later ones included."""
        return sum_of_it * year

    @line("Sum", "1")
    def sum_of_it(culprit):
        """All years."""
        return ops.total(culprit)

    return culprit, sum_of_it


# --------------------------------------------------------------------------------------------------------------- units


@refused_lines("the formula gives kW/system", "the line is declared in W", "make them agree")
def wrong_unit() -> Lines:
    @line("Power", "W")
    def culprit(load):
        """Kilowatts taken for watts: a factor of a thousand."""
        return load * 2

    @line("Load", "kW/system")
    def load(option_system_power_other_w):
        """As in the model."""
        return ops.default(option_system_power_other_w, 0) / W_PER_KW

    return load, culprit


W_PER_KW = 1000.0  # named as the constant that formulas read


@refused("cannot be added or compared", "the constant that converts", unit="money")
def unlike_units_added(lease_payment_per_system_month, api_minimum_commitment):
    """A monthly payment and a yearly sum."""
    return ops.default(lease_payment_per_system_month, 0) + api_minimum_commitment


@refused("cannot be added or compared", by="workload")
def unlike_units_compared(workload_input_tokens, workload_requests_per_day):
    """Tokens and requests."""
    return workload_input_tokens > workload_requests_per_day


@refused("do not agree", unit="token/request", by="workload")
def least_of_unlike_units(workload_input_tokens, workload_escalation_cost):
    """The least of tokens and money."""
    return ops.minimum(workload_input_tokens, workload_escalation_cost)


@refused("cannot be added or compared", unit="token/request", by="workload")
def number_added_to_a_quantity(workload_input_tokens):
    """One what?"""
    return workload_input_tokens + 1


@refused("to the power of", "both must be plain numbers", unit="token/request", by="workload")
def power_of_a_quantity(workload_input_tokens):
    """Tokens squared."""
    return workload_input_tokens**2


@refused("needs a plain number", by="workload year")
def growth_by_a_quantity(workload_input_tokens, year):
    """Grows by tokens a year."""
    return ops.escalate(workload_input_tokens, year)


@refused("unknown unit 'furlong'", unit="furlong")
def unknown_unit(study_inflation):
    """Not a unit here."""
    return study_inflation * 2


@refused("per_fortnight is no basis of", unit="money/@opex", by="opex_driver")
def driver_of_an_unknown_basis(study_inflation):
    """No amount is counted by that."""
    return ops.stack(per_fortnight=study_inflation)


@refused("per_system gives money/system, not money", unit="money/@opex", by="opex_driver")
def driver_in_the_wrong_unit(study_inflation):
    """An amount per system times a plain number is no money."""
    return ops.stack(per_system=study_inflation)


# ---------------------------------------------------------------------------------------------------------- identities


@refused_lines("an identity returns left == right or lower <= upper")
def identity_that_compares_nothing() -> Lines:
    @equality("a = b", "1")
    def culprit(study_inflation, study_tax_rate):
        """A difference says neither which sides nor on which scale."""
        return study_inflation - study_tax_rate

    return culprit


@refused_lines("money and 1 do not agree")
def identity_of_sides_in_two_units() -> Lines:
    @equality("a = b", "1", by="year")
    def culprit(study_inflation, capex_amount_in_all):
        """Money is no rate."""
        return capex_amount_in_all == study_inflation

    return culprit, amount_in_money("capex_amount_in_all")


@refused_lines("the scale amount is not in 1", "name a line that is")
def identity_on_a_scale_of_another_unit() -> Lines:
    @equality("a = b", "1", scale="amount")
    def culprit(study_inflation, study_tax_rate):
        """Rates are not held against money."""
        return study_inflation == study_tax_rate

    return culprit, amount_in_money("amount")


@refused_lines("the scale rate goes by workload")
def identity_on_a_scale_by_row() -> Lines:
    @equality("a = b", "1", scale="rate")
    def culprit(study_inflation, study_tax_rate):
        """One comparison has one scale."""
        return study_inflation == study_tax_rate

    @line("Rate", "1", by="workload")
    def rate(workload_success_rate):
        """By workload."""
        return workload_success_rate

    return culprit, rate


@refused_lines("may have no figure")
def identity_that_may_have_no_figure() -> Lines:
    @equality("a = b", "1")
    def culprit(over, study_tax_rate):
        """Without known, nothing says where there is something to compare."""
        return over == study_tax_rate

    @line("Over", "1")
    def over(study_inflation, study_tax_rate):
        """No figure without tax."""
        return ops.ratio(study_inflation, study_tax_rate)

    return culprit, over


def amount_in_money(name: str) -> Line:
    @line("Amount", "money", by="year")
    def by_year(study_inflation, year):
        """Stands in."""
        return study_inflation * year

    return replace(by_year, name=name, unit="money")


# ----------------------------------------------------------------------------------------------------------- the tests


def message_of(case: Case) -> str:
    with pytest.raises(FormulaError) as refusal:
        built(case())
    return str(refusal.value)


@pytest.mark.parametrize(("case", "words"), [case[1:] for case in CASES], ids=[name for name, *_ in CASES])
def test_refused_with_place_and_remedy(case: Case, words: tuple[str, ...]) -> None:
    message = message_of(case)
    place = re.match(rf"{re.escape(HERE)}:(\d+) (\w+): ", message)
    assert place, f"must begin with file, line number and name: {message}"
    first = int(place[1]) - 1
    assert SOURCE[first].strip().startswith("@"), "the line number must be that of the decorator"
    assert f"def {place[2]}(" in next(text for text in SOURCE[first:] if text.strip().startswith("def "))
    for word in words:
        assert word in message


def test_a_line_is_a_function_in_a_file() -> None:
    with pytest.raises(FormulaError, match="declared with def"):
        line("Number", "1")(1.0)  # type: ignore[arg-type]
    with pytest.raises(FormulaError, match="its source cannot be found"):
        line("Nameless", "1")(lambda study_inflation: study_inflation)


def test_operations_are_read_not_run() -> None:
    for op in OPS.values():
        with pytest.raises(TypeError, match=rf"ops\.{op.name} is read from a line's source, not run"):
            op(1, 2)


@line("Sum so far", "1", by="year")
def sum_so_far(sum_so_far, year):
    """A recurrence that looks back is no cycle."""
    return ops.previous(sum_so_far) + year


def test_looking_back_is_not_refused() -> None:
    assert built(sum_so_far).recurrent == {"sum_so_far"}


# ------------------------------------------------------------------------- the model itself, with one mistake at a time

EVERY_LINE = sorted(MODEL.lines)


def check_unit(name: str, formula: Node) -> None:
    """UnitError unless this formula has the unit that a line of the model declares."""
    each = MODEL.lines[name]
    found = unit_of(formula, MODEL.plan)
    if found is not None and found != unit(each.unit):
        raise UnitError(f"{found}, not {each.unit}")


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The expression with one node (this very one) exchanged."""
    if node is old:
        return new
    if isinstance(node, Binary | Comparison):
        return replace(node, left=replaced(node.left, old, new), right=replaced(node.right, old, new))
    if isinstance(node, Negative):
        return Negative(replaced(node.operand, old, new))
    if isinstance(node, Call):
        return replace(node, args=tuple(replaced(arg, old, new) for arg in node.args))
    return node


def is_block(name: str) -> bool:
    """Whether the line stacks amounts by basis, whose rows have units of their own."""
    return name in MODEL.plan.stacks


@pytest.mark.parametrize("name", [name for name in EVERY_LINE if not is_block(name)])
def test_every_line_has_its_unit(name: str) -> None:
    check_unit(name, MODEL.lines[name].formula)


# In a quick run every fourth: each is a plan of the whole model.
@sampled("name", EVERY_LINE, lambda name: EVERY_LINE.index(name) % 4 == 0)
def test_every_line_is_held_to_its_unit(name: str) -> None:
    each = MODEL.lines[name]
    if not is_block(name) and unit_of(each.formula, MODEL.plan) is not None:
        wrong = replace(each, unit="kg" if unit(each.unit) != unit("kg") else "t")
        with pytest.raises(FormulaError, match=r"make them agree|cannot be added|do not agree|plain number"):
            plan([wrong if line_.name == name else line_ for line_ in MODEL.lines.values()], INPUTS)


def quantities() -> Iterator[tuple[str, Binary]]:
    """Every product and quotient of the model whose right side has a unit; what is only compared with 0 has any."""
    for name in EVERY_LINE:
        formula = MODEL.lines[name].formula
        free = [id(part) for node in walk(formula) if _asks_for_more_than_zero(node) for part in walk(node)]
        for node in [] if is_block(name) else walk(formula):
            if not isinstance(node, Binary) or node.operator not in "*/" or id(node) in free:
                continue
            if (unit_of(node.right, MODEL.plan) or ONE) != ONE:
                yield name, node


def _asks_for_more_than_zero(node: Node) -> bool:
    return isinstance(node, Comparison) and node.right == Number(0)


@pytest.mark.parametrize("mistake", ["the other operator", "a forgotten factor"])
def test_a_wrong_product_is_noticed(mistake: str) -> None:
    found = list(quantities())
    assert len(found) > 100
    for name, node in found:
        other = replace(node, operator="/" if node.operator == "*" else "*")
        with pytest.raises(UnitError):
            check_unit(name, replaced(MODEL.lines[name].formula, node, node.left if "forgotten" in mistake else other))


def test_numbers_without_a_unit_are_few() -> None:
    used = {node.value for each in MODEL.lines.values() for node in walk(each.formula) if isinstance(node, Number)}
    assert used <= {0, 1, 2}


def test_every_input_is_read_or_says_why_not() -> None:
    """What the model does not read describes the study, or the row it stands in."""
    read = {node.name for each in MODEL.lines.values() for node in walk(each.formula) if isinstance(node, Name)}
    unread = set(INPUTS) - read
    descriptive = re.compile(
        r"study_(title|currency|decision|prepared_\w+|status|note|reference_option|strict_targets|after_tax)"
        r"|\w+_name|option_(vendor|power_method)"
        r"|serving_(workload|accelerator|measured_\w+|model|precision|engine|quality\w*|t[tp][fo]t_\w+)"
        # Read where the study is gathered: numbers stand for the classes, schedules, hours and options they name.
        r"|capex_asset|asset_tax_schedule|load_shape_week\w+|workload_load_shape|tariff_hours"
        r"|option_overflow_to|study_interim_from"
    )
    assert [name for name in sorted(unread) if not descriptive.fullmatch(name)] == []
