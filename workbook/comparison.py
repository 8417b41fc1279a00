"""Comparison: who may be chosen and who is, then every figure of the options side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.analysis import decision
from models.analysis.compare import SAME_WORK
from models.analysis.decision import NOTHING
from models.analysis.side_by_side import RANKED_BY, Met, latency_met, quality_met
from models.palette import COSTS, INTERIM
from models.schema import choice_label
from workbook import choice, entries
from workbook.book import Book, OptionSheet, shown
from workbook.choice import THOUSAND
from workbook.option_table import FIRST, LABEL, OptionTable
from workbook.styles import INPUT, INPUT_FILL

TITLE = "Comparison"
HEAD_ROW, TOLERANCE_ROW = 4, 5
MET: tuple[Met, ...] = ("no target", "yes", "not measured", "no")
MEASURES = {"quality": "Quality", "ttft": "Time to the first token", "tpot": "Time per token"}
GROUPS: dict[str, tuple[str, ...]] = {
    "Unit costs": (
        *("levelised_cost_per_meaningful_response", "cost_per_meaningful_response", "cost_per_request"),
        *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens", "levelised_real"),
        *("levelised_after_tax", "lifetime_cost_per_million_tokens", "cost_per_million_input_tokens"),
        *("cost_per_million_generated_tokens", "tokens_per_dollar", "cost_per_accelerator_hour"),
    ),
    "Totals": (
        *("lifetime_cost", "pv_cost", "pv_after_tax_cost", "equivalent_annual_cost", "infrastructure_cost"),
        *("idle_cost", "commitment_beyond_horizon"),
    ),
    "Work": (
        *("lifetime_asked_requests", "lifetime_served_requests", "meaningful_responses", "lifetime_output_tokens"),
        *("lifetime_input_tokens", "used_share"),
    ),
    "Energy, carbon and water": (
        *("joules_per_output_token_it", "joules_per_output_token_facility", "joules_per_meaningful_response"),
        *("output_tokens_per_kwh", "tokens_per_second_per_mw", "energy_cost_per_million_output_tokens"),
        *("lifetime_facility_energy", "lifetime_carbon", "carbon_g_per_thousand_output_tokens"),
        *("lifetime_water", "water_l_per_thousand_output_tokens"),
    ),
    "Margin": ("margin", "margin_on_revenue", "margin_on_cost", "margin_npv", "margin_npv_after_tax"),
}


def write(book: Book) -> None:
    """Write the sheet, from the top down."""
    table = OptionTable(book, TITLE, "Comparison: the options side by side", HEAD_ROW)
    figures = _Figures(table)
    figures.head()
    figures.targets()
    figures.qualifying()
    figures.groups()
    figures.costs()
    figures.workloads()
    figures.cumulative()
    choice.write(table)


class _Figures:
    """What is known of each option, row by row."""

    def __init__(self, table: OptionTable) -> None:
        self.table, self.book, self.options = table, table.book, table.options

    def head(self) -> None:
        """Names of the options, and from which gap on they do not do the same work."""
        table = self.table
        table.names()
        table.page.text(
            TOLERANCE_ROW, LABEL, "Counts as the same work: shares of the demand served no further apart than"
        )
        style = table.page.styles.get(font_color=INPUT, bg_color=INPUT_FILL, num_format="0.0%", locked=False)
        table.page.sheet.write_number(TOLERANCE_ROW - 1, FIRST, SAME_WORK, style)

    def targets(self) -> None:
        """A code a workload and measure: 0 no target, 1 met, 2 not measured, 3 missed."""
        self.table.heading("Targets by workload: 0 none, 1 met, 2 not measured, 3 missed")
        for measure, label in MEASURES.items():
            for w, workload in enumerate(self.book.study.workloads):
                codes = [self._target(option, w, measure) for option in self.options]
                texts = [text for text, _ in codes]
                name = f"{measure} {w}"
                self.table.add(
                    name, f"{label}: {workload.text('name')}", "-", texts.__getitem__, [v for _, v in codes], "0"
                )

    def _target(self, option: OptionSheet, workload: int, measure: str) -> tuple[str, float]:
        prefix = entries.base("serving", option.number, workload + 1)
        is_quality = measure == "quality"
        got = prefix + (measure if is_quality else f"{measure}_ms")
        wanted = prefix + (f"{measure}_target" if is_quality else f"{measure}_target_ms")
        if wanted not in option.layout.held:
            return "0", 0.0
        row = option.result.gathered.rows["serving"][workload]
        sign = "<" if is_quality else ">"
        text = f"(1-ISBLANK({wanted}))*(1+ISBLANK({got})+2*(1-ISBLANK({got}))*({got}{sign}{wanted}))"
        names = ("quality", "quality_target") if is_quality else (f"{measure}_ms", f"{measure}_target_ms")
        figure, target = (row.number(name) for name in names)
        if row[names[1]].blank:
            return text, 0.0
        missed = figure < target if is_quality else figure > target
        return text, 2.0 if row[names[0]].blank else 1.0 + 2.0 * missed

    def qualifying(self) -> None:
        """Which options do the reference's work and meet their targets."""
        self.table.heading("Who may be chosen")
        self._offers()
        self.table.line("served_share")
        self._comparable()
        self._met("quality", "Quality target met", ("quality",), quality_met)
        self._met("latency", "Latency targets met", ("ttft", "tpot"), latency_met)
        self.table.line(RANKED_BY)
        ranked = {r.name: r for r in decision.ranking(self.book.result)}
        found = [ranked[option.result.name] for option in self.options]

        def qualifies(i: int) -> str:
            quality, latency = (f"({self.table.cell(f'{m} code', i)}<3)" for m in ("quality", "latency"))
            return f"{self.table.cell('comparable', i)}*{quality}*{latency}*ISNUMBER({self.table.cell(RANKED_BY, i)})"

        self.table.add("qualifies", "May be chosen (1)", "-", qualifies, [float(r.qualifies) for r in found], "0")
        self.table.add(
            "candidates",
            "Cost per response of those that may be chosen",
            self.book.unit("money/response"),
            lambda i: f'IF({self.table.cell("qualifies", i)}=1,{self.table.cell(RANKED_BY, i)},"{NOTHING}")',
            [r.figure if r.qualifies else NOTHING for r in found],
        )

    def _offers(self) -> None:
        ways = [choice_label("acquisition", option.result.option.acquisition) for option in self.options]
        self.table.page.text(self.table.row, LABEL, "Way to get it")
        for i, way in enumerate(ways):
            self.table.page.text(self.table.row, FIRST + i, way, self.table.page.styles.get(align="right"))
        self.table.row += 1
        months = [option.result.option.fields.number("months_to_production") for option in self.options]
        texts = [f"{entries.base('option', option.number)}months_to_production" for option in self.options]
        self.table.add("months", "Months to production", "month", texts.__getitem__, months)
        fleet = [max(option.result.values["installed"]) for option in self.options]
        series = [f"MAX({option.series('installed')})" for option in self.options]
        self.table.add("systems", "Systems, at most", "system", series.__getitem__, fleet)

    def _comparable(self) -> None:
        """The same work as the reference, sized the same way: models.analysis.compare in formulas."""
        against = self.options[self.table.against]
        found = decision.comparable(self.book.result)
        sized = [self._same_sizing(option, against) for option in self.options]
        self.table.add(
            "sized", "Sized the same way as the reference (1)", "-", sized.__getitem__, self._sized_values(), "0"
        )
        shares = [option.result.number("served_share") for option in self.options]
        own = shares[self.table.against]
        numbers = [s is not None and own is not None for s in shares]
        same = [bool(n) and abs((s or 0.0) - (own or 0.0)) <= SAME_WORK for n, s in zip(numbers, shares, strict=True)]
        priced = bool(against.result.values["interim_priced"])
        filled = [
            bool(n) and priced and max(s or 0.0, own or 0.0) <= 1 + SAME_WORK
            for n, s in zip(numbers, shares, strict=True)
        ]
        limit, theirs = f"$C${TOLERANCE_ROW}", self.table.cell("served_share", self.table.against, True)

        def both(i: int) -> str:
            return f"ISNUMBER({self.table.cell('served_share', i)})*ISNUMBER({theirs})"

        def near(i: int) -> str:
            return f"{both(i)}*(ABS(N({self.table.cell('served_share', i)})-N({theirs}))<={limit})"

        def elsewhere(i: int) -> str:
            return f"(1-ISBLANK(in_interim_price))*{both(i)}*(MAX({self.table.cell('served_share', i)},{theirs})<=1+{limit})"

        def compares(i: int) -> str:
            return f"{self.table.cell('sized', i)}*MAX({self.table.cell('same', i)},{self.table.cell('priced', i)})"

        name = against.result.name
        self.table.add("same", f"Same work as {name} (1)", "-", near, [float(s) for s in same], "0")
        self.table.add(
            "priced", "Unmet work has a price elsewhere (1)", "-", elsewhere, [float(f) for f in filled], "0"
        )
        holds = [float(found[option.result.name].holds and n) for option, n in zip(self.options, numbers, strict=True)]
        self.table.add("comparable", "Totals compare with the reference's (1)", "-", compares, holds, "0")

    def _sized_values(self) -> list[float]:
        own = self.options[self.table.against].result.option.sizing
        kinds = [option.result.option.sizing for option in self.options]
        return [float(not kind or not own or kind == own) for kind in kinds]

    def _same_sizing(self, option: OptionSheet, against: OptionSheet) -> str:
        names = [f"{entries.base('option', o.number)}sizing" for o in (option, against)]
        if any(name not in o.layout.held for name, o in zip(names, (option, against), strict=True)):
            return "1"
        one, two = names
        return f"1-(1-ISBLANK({one}))*(1-ISBLANK({two}))*(1-EXACT({one},{two}))"

    def _met(self, name: str, label: str, measures: tuple[str, ...], tell: Callable[[Any], Met]) -> None:
        found = [tell(option.result) for option in self.options]
        size = len(self.book.study.workloads)
        if not size:
            codes: Callable[[int], str] = lambda i: "0"  # noqa: E731  a row of formulas without anything to read
        else:
            first, last = f"{measures[0]} 0", f"{measures[-1]} {size - 1}"
            codes = lambda i: f"MAX({self.table.cell(first, i)}:{self.table.cell(last, i)})"  # noqa: E731
        self.table.add(f"{name} code", f"{label}: code", "-", codes, [float(MET.index(m)) for m in found], "0")
        texts = ",".join(f'"{m}"' for m in MET)
        self.table.add(name, label, "-", lambda i: f"CHOOSE(1+{self.table.cell(f'{name} code', i)},{texts})", found)

    def groups(self) -> None:
        """The single figures of the model, by subject."""
        for heading, names in GROUPS.items():
            self.table.heading(heading)
            for name in names:
                self.table.line(name)
            if heading == "Totals":
                self._interim()
        self.table.heading("Cash")
        first = [option.result.values["cash_cost"][0] for option in self.options]
        texts = [option.at("cash_cost", year=1) for option in self.options]
        self.table.add("cash", "Cash cost of year 1", self.book.unit("money"), texts.__getitem__, first, "#,##0")

    def _interim(self) -> None:
        """Unmet work at its price elsewhere, and the difference to the reference where totals compare."""
        money = self.book.unit("money")
        self.table.line("pv_interim_cost")
        self.table.line("comparison_pv_cost")
        totals = self.table.values["comparison_pv_cost"]
        holds = self.table.values["comparable"]
        gaps = [totals[self.table.against] - t if h else "not compared" for t, h in zip(totals, holds, strict=True)]
        theirs = self.table.cell("comparison_pv_cost", self.table.against, True)
        self.table.add(
            "saving",
            f"Less than {self.options[self.table.against].result.name}, present value for comparison",
            money,
            lambda i: (
                f'IF({self.table.cell("comparable", i)}=1,{theirs}-{self.table.cell("comparison_pv_cost", i)},"not compared")'
            ),
            gaps,
            "#,##0",
        )

    def costs(self) -> None:
        """The cost tree, undiscounted and discounted; the latter finds each option's largest kind."""
        money = self.book.unit("money")
        for line, heading in (("cost_tree", "Lifetime cost by kind"), ("pv_cost_tree", "Present value by kind")):
            self.table.heading(heading)
            for r, kind in enumerate(self.options[0].result.keys("cost")):
                texts = [option.at(line, r) for option in self.options]
                values = [option.result.values[line][r] for option in self.options]
                self.table.add(f"{line} {kind}", COSTS[kind].label, money, texts.__getitem__, values, "#,##0")
        values = [option.result.figure("pv_interim_cost") or 0.0 for option in self.options]
        texts = [f"N({shown(option, 'pv_interim_cost').removeprefix('=')})" for option in self.options]
        self.table.add("interim", f"{INTERIM.label} (beside the cost)", money, texts.__getitem__, values, "#,##0")

    def workloads(self) -> None:
        """What a response of each workload costs, and a thousand of them."""
        line, money = "workload_cost_per_meaningful_response", self.book.unit("money")
        names = [workload.text("name") for workload in self.book.study.workloads]
        figures = [[option.result.figure(line)[w] for option in self.options] for w in range(len(names))]
        self.table.heading("Cost per meaningful response, lifetime, by workload")
        for w, name in enumerate(names):
            texts = [shown(option, line, w).removeprefix("=") for option in self.options]
            self.table.add(f"single {w}", name, self.book.unit("money/response"), texts.__getitem__, figures[w])
        self.table.heading("The same per thousand")
        for w, name in enumerate(names):
            values = [NOTHING if f is None else f * 1000 for f in figures[w]]

            def text(i: int, row: str = f"single {w}") -> str:
                cell = self.table.cell(row, i)
                return f'IF(ISNUMBER({cell}),{cell}*{THOUSAND},"{NOTHING}")'

            self.table.add(f"workload {w}", name, f"{money} per thousand", text, values)

    def cumulative(self) -> None:
        """Cash paid so far, year by year: purchases less resale, and running costs."""
        self.table.heading("Cash paid so far, end of each model year")
        paid = [0.0] * len(self.options)
        for year in range(1, self.options[0].layout.years + 1):
            paid = [p + o.result.values["cash_cost"][year - 1] for p, o in zip(paid, self.options, strict=True)]
            above = f"paid {year - 1}"

            def text(i: int, above: str = above, year: int = year) -> str:
                now = self.options[i].at("cash_cost", year=year)
                return now if year == 1 else f"{self.table.cell(above, i)}+{now}"

            self.table.add(f"paid {year}", f"Year {year}", self.book.unit("money"), text, paid, "#,##0")
