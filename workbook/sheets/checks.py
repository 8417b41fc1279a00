"""Checks: the identities of the model as live formulas, each with its tolerance, and one master check."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.run.model import MODEL
from workbook.writing import entries
from workbook.writing.book import NO_FIGURE, Book, OptionSheet, quoted
from workbook.writing.book import shown as figure_of
from workbook.writing.layout import FIRST_YEAR
from workbook.writing.page import Page
from workbook.writing.styles import FAILS, FAILS_FILL, INPUT, INPUT_FILL, STRUCTURAL, number_format

TITLE = "Checks"
TOLERANCE_CELL = "$C$3"
HEAD_ROW, FIRST_ROW = 6, 7
CHECK, OPTION, LEFT, RELATION, RIGHT, SCALE, HOLDS = range(7)
WIDTHS = (58, 26, 20, 5, 20, 18, 10)
TOLERANCE = 1e-9
# The figures that the engine's own results are kept of.
HEADLINES = (
    *("levelised_cost_per_meaningful_response", "cost_per_meaningful_response", "pv_cost", "lifetime_cost"),
    *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens", "pv_after_tax_cost"),
    *("equivalent_annual_cost", "served_share", "joules_per_meaningful_response", "idle_cost", "comparison_pv_cost"),
)


@dataclass(frozen=True)
class Pair:
    """Two sides that must agree within the tolerance times the largest of them and `scale`; formulas without "="."""

    left: str
    right: str
    values: tuple[float, float]
    scale: str = "0"
    scale_value: float = 0.0
    relation: str = "="


Pairs = Iterator[Pair]
Check = Callable[[OptionSheet], Pairs]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register the live form of an identity of the model."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def _v(o: OptionSheet, name: str) -> Any:
    return o.result.values[name]


def _money(o: OptionSheet, left: str, right: str, *values: float) -> Pair:
    """Two sums of money, compared on the scale of everything spent."""
    spent = sum(_v(o, "capex")) + sum(_v(o, "operating"))
    return Pair(left, right, (values[0], values[1]), f"{o.total('capex')}+{o.total('operating')}", spent)


def _none(left: str, value: float) -> Pair:
    """A count of cases that must be 0."""
    return Pair(left, "0", (value, 0.0))


@check("cost tree = lifetime cost")
def _tree(o: OptionSheet) -> Pairs:
    yield _money(
        o, f"SUM({o.rows('cost_tree')})", o.at("lifetime_cost"), sum(_v(o, "cost_tree")), _v(o, "lifetime_cost")
    )


@check("sum over years = lifetime cost")
def _years(o: OptionSheet) -> Pairs:
    parts = f"{o.total('capex')}+{o.total('operating')}-{o.total('early_disposals')}-{o.at('final_disposal')}"
    yield _money(o, parts, o.at("lifetime_cost"), sum(_v(o, "cash_cost")), _v(o, "lifetime_cost"))


@check("present value by kind of cost = present value")
def _pv_tree(o: OptionSheet) -> Pairs:
    yield _money(o, f"SUM({o.rows('pv_cost_tree')})", o.at("pv_cost"), sum(_v(o, "pv_cost_tree")), _v(o, "pv_cost"))


@check("costs of the workloads = infrastructure cost")
def _workloads(o: OptionSheet) -> Pairs:
    known, value = o.at("shares_known"), _v(o, "shares_known")
    yield _money(
        o,
        f"{known}*SUM({o.rows('workload_infrastructure_cost')})",
        f"{known}*{o.at('infrastructure_cost')}",
        value * sum(_v(o, "workload_infrastructure_cost")),
        value * _v(o, "infrastructure_cost"),
    )


@check("shares of the workloads add up to 1")
def _shares(o: OptionSheet) -> Pairs:
    value = _v(o, "shares_known")
    left = f"{o.at('shares_known')}*SUM({o.rows('cost_share')})"
    yield Pair(left, o.at("shares_known"), (value * sum(_v(o, "cost_share")), value))


@check("reading + writing = infrastructure cost")
def _split(o: OptionSheet) -> Pairs:
    known, value = o.at("split_known"), _v(o, "split_known")
    both = value * (_v(o, "reading_cost") + _v(o, "writing_cost"))
    left = f"{known}*({o.at('reading_cost')}+{o.at('writing_cost')})"
    right = f"{known}*{o.at('infrastructure_cost')}"
    yield _money(o, left, right, both, value * _v(o, "infrastructure_cost"))


@check("tokens by workload = tokens by year")
def _tokens(o: OptionSheet) -> Pairs:
    pairs = (("workload_generated", "lifetime_output_tokens"), ("workload_read", "lifetime_input_tokens"))
    for by_workload, once in pairs:
        yield Pair(f"SUM({o.rows(by_workload)})", o.at(once), (sum(_v(o, by_workload)), _v(o, once)))


@check("opening + bought - retired = closing fleet")
def _fleet(o: OptionSheet) -> Pairs:
    installed, last = _v(o, "installed"), max(_v(o, "installed"))
    before = [0.0, *installed[:-1]]
    moves = zip(before, _v(o, "purchases"), _v(o, "retired"), installed, strict=True)
    gap = _v(o, "is_held") * sum(abs(b + p - r - i) for b, p, r, i in moves)
    opening = _shifted(o, "installed")
    parts = f"{opening}+{o.series('purchases')}-{o.series('retired')}-{o.series('installed')}"
    left = f"{o.at('is_held')}*SUMPRODUCT(ABS({parts}))"
    yield Pair(left, "0", (gap, 0.0), f"MAX({o.series('installed')})", last)


def _shifted(o: OptionSheet, name: str) -> str:
    """A line's years, each replaced by the one before."""
    row = o.layout.blocks[name].first
    return f"{quoted(o.sheet)}!$F{row}:${xl_col_to_name(FIRST_YEAR + o.layout.years - 2)}{row}"


@check("depreciation + basis left = capex")
def _basis(o: OptionSheet) -> Pairs:
    left = f"{o.total('depreciation')}+SUM({o.rows('end_basis_by_asset')})+SUM({o.block('retired_basis')})"
    basis = sum(_v(o, "end_basis_by_asset")) + sum(sum(row) for row in _v(o, "retired_basis"))
    yield _money(o, left, o.total("capex"), sum(_v(o, "depreciation")) + basis, sum(_v(o, "capex")))


@check("served + unmet = asked")
def _served(o: OptionSheet) -> Pairs:
    columns = zip(*(_v(o, n) for n in ("served_requests", "unmet_requests", "asked_requests")), strict=True)
    gap = (1 - _v(o, "is_fixed")) * sum(abs(s + u - a) for s, u, a in columns)
    parts = f"{o.series('served_requests')}+{o.series('unmet_requests')}-{o.series('asked_requests')}"
    left = f"(1-{o.at('is_fixed')})*SUMPRODUCT(ABS({parts}))"
    yield Pair(left, "0", (gap, 0.0), o.total("asked_requests"), sum(_v(o, "asked_requests")))


@check("capacity in use lies between 0 and 1")
def _utilisation(o: OptionSheet) -> Pairs:
    for name in ("utilisation", "power_share", "peak_served_share"):
        numbers = [v for v in _v(o, name) if v == v] or [0.0]
        yield Pair("0", f"MIN({o.series(name)})", (0.0, min(numbers)), relation="<=")
        yield Pair(f"MAX({o.series(name)})", "1", (max(numbers), 1.0), relation="<=")


@check("mean power <= peak <= limits of the site")
def _power(o: OptionSheet) -> Pairs:
    known, pue, share = _v(o, "energy_known"), _v(o, "pue"), TOLERANCE
    mean, peak = _v(o, "average_it_kw"), _v(o, "peak_kw")
    over = sum(m * pue - p > share * p for m, p in zip(mean, peak, strict=True))
    gap = f"{o.series('average_it_kw')}*{o.at('pue')}-{o.series('peak_kw')}>{TOLERANCE_CELL}*{o.series('peak_kw')}"
    yield _none(f"{o.at('energy_known')}*SUMPRODUCT(({gap})*1)", known * over)
    limits = (("facility_power_kw", "peak_kw"), ("cooling_capacity_kw", "delivered_it_kw"))
    for field, line in (*limits, ("cooling_capacity_kw", "average_it_kw")):
        limit = entries.base("option", o.number) + field
        if limit in o.layout.held:
            given = not o.result.option.fields[field].blank
            value = o.result.option.fields.number(field) if given else 0.0
            left = f"(1-ISBLANK({limit}))*{o.at('energy_known')}*MAX({o.series(line)})"
            yield Pair(left, f"0+{limit}", (given * known * max(_v(o, line)), value), relation="<=")


@check("source >= facility >= IT >= chip energy")
def _chain(o: OptionSheet) -> Pairs:
    names = ("chip_energy_kwh", "it_energy_kwh", "facility_energy_kwh", "source_energy_kwh")
    tests: list[str] = []
    over = 0
    for lower, upper in itertools.pairwise(names):
        tests.append(f"({o.series(lower)}-{o.series(upper)}>{TOLERANCE_CELL}*{o.series(upper)})")
        over += sum(a - b > TOLERANCE * b for a, b in zip(_v(o, lower), _v(o, upper), strict=True))
    yield _none(f"SUMPRODUCT({'+'.join(tests)})", over)


@check("without discounting present value = sum")
def _undiscounted(o: OptionSheet) -> Pairs:
    flag = float(o.result.study.fields.number("discount_rate") == 0)
    yield _switched(o, "in_discount_rate", flag, "pv_cost", "lifetime_cost")


@check("without tax after-tax = pre-tax")
def _untaxed(o: OptionSheet) -> Pairs:
    flag = float(o.result.study.fields.number("tax_rate") == 0)
    yield _switched(o, "in_tax_rate", flag, "pv_after_tax_cost", "pv_cost")


def _switched(o: OptionSheet, rate: str, flag: float, left: str, right: str) -> Pair:
    sides = (f"({rate}=0)*{o.at(name)}" for name in (left, right))
    return _money(o, *sides, flag * _v(o, left), flag * _v(o, right))  # type: ignore[arg-type]


@check("an API without capex has the same levelised cost after tax")
def _api_tax(o: OptionSheet) -> Pairs:
    names = ("levelised_after_tax", "levelised_cost_per_million_output_tokens")
    after, before = (o.result.figure(n) for n in names)
    counts = bool(_v(o, "is_api") and not sum(_v(o, "capex")) and after is not None and before is not None)
    test = f"{o.at('is_api')}*({o.total('capex')}=0)*ISNUMBER({o.at(names[1])})"
    values = (float(after), float(before)) if counts and after is not None and before is not None else (0.0, 0.0)
    left, right = (f"IF({test},{o.at(name)},0)" for name in names)
    yield Pair(left, right, values)


@check("NPV function = sum of discounted flows")
def _npv(o: OptionSheet) -> Pairs:
    r, value = "in_discount_rate", _v(o, "pv_cost")
    starts = f"(NPV({r},{o.series('capex')})-NPV({r},{o.series('early_disposals')}))*(1+{r})"
    running = f"NPV({r},{o.series('operating')})*(1+{r})^(in_mid_year/2)"
    left = f"{starts}+{running}-{o.at('final_disposal')}*(1+{r})^-in_horizon_years"
    yield _money(o, left, o.at("pv_cost"), value, value)


@check("the loan closes at 0")
def _loan(o: OptionSheet) -> Pairs:
    last, draw, flag = _v(o, "loan_closing")[-1], _v(o, "loan_draw"), _v(o, "is_loan")
    closing = f"{o.at('is_loan')}*{o.at('loan_closing', year=o.layout.years)}"
    yield Pair(closing, "0", (flag * last, 0.0), o.at("loan_draw"), draw)
    yield Pair(o.total("loan_principal"), o.at("loan_draw"), (sum(_v(o, "loan_principal")), draw))


@check("idle cost lies between 0 and infrastructure cost")
def _idle(o: OptionSheet) -> Pairs:
    idle, all_of_it = _v(o, "idle_cost"), _v(o, "infrastructure_cost")
    for pair in (
        _money(o, "0", o.at("idle_cost"), 0.0, idle),
        _money(o, o.at("idle_cost"), o.at("infrastructure_cost"), idle, all_of_it),
    ):
        yield Pair(pair.left, pair.right, pair.values, pair.scale, pair.scale_value, "<=")


@check("every purchase belongs to an asset class")
def _classes(o: OptionSheet) -> Pairs:
    if o.layout.blocks["capex_asset_number"].rows:
        yield _none(f"COUNTIF({o.rows('capex_asset_number')},0)", 0.0)


def write(book: Book) -> None:
    """Write the sheet: a row a pair, the master check over all of them, and the figures that the engine found."""
    page = Page(book, TITLE, "Checks: what must always agree", head=HEAD_ROW)
    page.columns(WIDTHS)
    page.text(3, CHECK, "Tolerance, as a share of the larger side or of the scale")
    style = page.styles.get(font_color=INPUT, bg_color=INPUT_FILL, num_format="0E+00", locked=False)
    page.sheet.write_number(2, LEFT, TOLERANCE, style)
    page.heads(HEAD_ROW, ("Check", "Option", "Left", "", "Right", "Scale", "Holds (1)"))
    row = _inputs(page, FIRST_ROW)
    for name, each in CHECKS.items():
        for option in book.options:
            for pair in each(option):
                _pair(page, row, name, option.result.name, pair)
                row += 1
    page.text(4, CHECK, "Master check: 1 if every check holds", page.styles.get(bold=True))
    page.formula(4, LEFT, f"=MIN($G${FIRST_ROW}:$G${row - 1})", 1.0, bold=True, num_format="0")
    page.sheet.conditional_format(FIRST_ROW - 1, HOLDS, row - 2, HOLDS, _failing(page))
    page.sheet.conditional_format(3, LEFT, 3, LEFT, _failing(page))
    _engine(page, row + 1)


def _failing(page: Page) -> dict[str, Any]:
    red = page.book.file.add_format({"bg_color": FAILS_FILL, "font_color": FAILS})
    return {"type": "cell", "criteria": "<", "value": 1, "format": red}


def _inputs(page: Page, row: int) -> int:
    """Whether every number that the model needs stands on the input sheets, within its bounds."""
    for title in ("Inputs", "Workloads"):
        cells = page.book.places[f"{title} hold"]
        pair = Pair(f"COUNTIF({cells},0)", "0", (0.0, 0.0))
        _pair(page, row, f"{title}: every number is there and within its bounds", "all", pair)
        row += 1
    return row


def _pair(page: Page, row: int, name: str, option: str, pair: Pair) -> None:
    shown = {"num_format": "#,##0.0000"}
    page.text(row, CHECK, name)
    page.text(row, OPTION, option)
    page.formula(row, LEFT, f"={pair.left}", pair.values[0], **shown)
    page.text(row, RELATION, pair.relation, page.styles.get(align="center"))
    page.formula(row, RIGHT, f"={pair.right}", pair.values[1], **shown)
    page.formula(row, SCALE, f"={pair.scale}", pair.scale_value, **shown)
    gap = f"ABS($C{row}-$E{row})" if pair.relation == "=" else f"$C{row}-$E{row}"
    text = f"=({gap}<={TOLERANCE_CELL}*MAX(ABS($C{row}),ABS($E{row}),$F{row}))*1"
    page.formula(row, HOLDS, text, 1.0, num_format="0")


def _engine(page: Page, row: int) -> None:
    """The headline figures as the engine found them, typed in, beside the workbook's own."""
    page.heading(
        row, f"The program's own results at export, {page.book.today:%d %B %Y} (typed in, not formulas)", HOLDS + 1
    )
    page.heads(row + 1, ("Figure", "Option", "This workbook", "", "Program", "Scale", "Same (1)"))
    row += 2
    first = row
    for name in HEADLINES:
        for option in page.book.options:
            _imported(page, row, name, option)
            row += 1
    page.text(row, CHECK, "Same as the program's; 0 once inputs are changed here, which is no fault")
    page.formula(row, HOLDS, f"=MIN($G${first}:$G${row - 1})", 1.0, bold=True, num_format="0")
    page.book.places["same as program"] = f"'{TITLE}'!$G${row}"


def _imported(page: Page, row: int, name: str, option: OptionSheet) -> None:
    line, value = MODEL.lines[name], option.result.number(name)
    shown = number_format(line.unit, [value])
    page.text(row, CHECK, f"{line.label} ({page.book.unit(line.unit)})")
    page.text(row, OPTION, option.result.name)
    page.formula(row, LEFT, figure_of(option, name), value, num_format=shown, align="right")
    page.text(row, RELATION, "=", page.styles.get(align="center"))
    typed = page.styles.get(font_color=STRUCTURAL, num_format=shown, align="right")
    spent = sum(option.result.values["capex"]) + sum(option.result.values["operating"])
    scale = f"={option.total('capex')}+{option.total('operating')}" if line.unit == "money" else "=0"
    page.formula(row, SCALE, scale, spent if line.unit == "money" else 0.0, num_format="#,##0")
    if value is None:
        page.text(row, RIGHT, NO_FIGURE, typed)
        page.formula(row, HOLDS, f"=1-ISNUMBER($C{row})", 1.0, num_format="0")
        return
    page.sheet.write_number(row - 1, RIGHT, value, typed)
    near = f"ABS(N($C{row})-$E{row})<={TOLERANCE_CELL}*MAX(ABS($E{row}),$F{row})"
    page.formula(row, HOLDS, f"=IF(ISNUMBER($C{row}),{near},0)*1", 1.0, num_format="0")
