"""Comparison: every figure of the options side by side."""

from __future__ import annotations

from models.analysis.decision.decision import NOTHING
from models.analysis.decision.side_by_side import NOT_COMPARED
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import RANKED_BY, UNDISCOUNTED
from models.analysis.metrics.palette import COSTS, INTERIM
from models.chapters.money.costs import FALLBACK, FAMILIES
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.run.model import MODEL
from models.studies.inputs.schema import choice_label
from workbook.decision import choice
from workbook.decision.choice import THOUSAND
from workbook.decision.option_table import FIRST, LABEL, OptionTable
from workbook.writing import entries
from workbook.writing.book import Book
from workbook.writing.styles import STATEMENT, costs_format, in_brackets, number_format

TITLE = "Comparison"
HEAD_ROW = 4
LABEL_WIDTH = 62
# Units too small to be read, and how they are told.
PER_THOUSAND = {"money/response": "per 1,000 responses", "money/request": "per 1,000 requests"}
# A page so full is full enough for the next subject to begin another.
FULL = 0.65
# Whether totals compare: by no means, as they are, or only with unmet work priced, as in the figure for comparison.
COMPARES = ("unit costs only", "yes", "yes, incl. fallback")
GROUPS: dict[str, tuple[str, ...]] = {
    "Unit costs": (
        *(RANKED_BY, "cost_per_meaningful_response", "cost_per_request"),
        *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens", "levelised_real"),
        *("levelised_after_tax", "lifetime_cost_per_million_tokens", "cost_per_million_input_tokens"),
        *("cost_per_million_generated_tokens", "tokens_per_dollar", "cost_per_accelerator_hour"),
    ),
    "Totals": (
        *("comparison_pv_cost", "pv_cost", "pv_interim_cost", "pv_after_tax_cost", "lifetime_cost"),
        *("equivalent_annual_cost", "infrastructure_cost"),
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
# On which footing a figure stands, where its name alone could be misread.
NOMINAL, PLAIN = "nominal, before tax", "not discounted, before tax"
BASES: dict[str, str] = {
    RANKED_BY: NOMINAL,
    "cost_per_meaningful_response": PLAIN,
    "cost_per_request": PLAIN,
    "lifetime_cost_per_million_output_tokens": PLAIN,
    "levelised_cost_per_million_output_tokens": NOMINAL,
    "levelised_real": "real, before tax",
    "levelised_after_tax": "nominal",
    "lifetime_cost_per_million_tokens": PLAIN,
    "cost_per_million_input_tokens": PLAIN,
    "cost_per_million_generated_tokens": PLAIN,
    "cost_per_accelerator_hour": PLAIN,
    "lifetime_cost": PLAIN,
    "pv_cost": "the option's own part of it, before tax",
    "pv_interim_cost": "the other part, where a price is set",
    "equivalent_annual_cost": NOMINAL,
    "infrastructure_cost": PLAIN,
    "idle_cost": PLAIN,
    "comparison_pv_cost": "before tax, the total that decides",
    "margin": PLAIN,
    "margin_npv": "before tax",
}
# What is saved for each unit of work, which compares at any volume.
SAVED: dict[str, str] = {
    RANKED_BY: "Per 1,000 responses, discounted",
    UNDISCOUNTED: "Per 1,000 responses, not discounted",
    "levelised_cost_per_million_output_tokens": "Per million generated tokens, levelised",
    "lifetime_cost_per_million_output_tokens": "Per million generated tokens, not discounted",
}


def write(book: Book) -> None:
    """Write the sheet, from the top down."""
    table = OptionTable(book, TITLE, "Comparison: the options side by side", HEAD_ROW, LABEL_WIDTH)
    table.names()
    figures = _Figures(table)
    figures.offers()
    figures.groups()
    figures.costs()
    figures.workloads()
    figures.cumulative()
    table.page.sheet.set_h_pagebreaks(figures.breaks)


def _row_of(line: str) -> str:
    """The name of the row that shows a line of the model; as it is told, not as the model has it."""
    return f"1,000 {line}" if MODEL.lines[line].unit in PER_THOUSAND else line


class _Figures:
    """What is known of each option, row by row."""

    def __init__(self, table: OptionTable) -> None:
        self.table, self.book, self.options = table, table.book, table.options
        self.breaks: list[int] = []

    def _next_page(self) -> None:
        """Print what follows on a new page if this one is full enough: a subject is not torn apart."""
        if self.table.row - (self.breaks[-1] if self.breaks else 0) > self.table.rows_a_page * FULL:
            self.breaks.append(self.table.row)

    def offers(self) -> None:
        """How each option is come by, when it serves, how large it gets, and whether it may be chosen."""
        self.table.heading("What is offered")
        ways = [choice_label("acquisition", option.result.option.acquisition) for option in self.options]
        self.table.page.text(self.table.row, LABEL, "Acquisition")
        for i, way in enumerate(ways):
            self.table.page.text(self.table.row, FIRST + i, way, self.table.page.styles.get(align="right"))
        self.table.row += 1
        months = [option.result.option.fields.number("months_to_production") for option in self.options]
        texts = [f"{entries.base('option', option.number)}months_to_production" for option in self.options]
        self.table.add("months", "Months to go-live", "month", texts.__getitem__, months)
        fleet = [max(option.result.values["installed"]) for option in self.options]
        series = [f"MAX({option.series('installed')})" for option in self.options]
        self.table.add("systems", "Peak servers", "system", series.__getitem__, fleet)

    def groups(self) -> None:
        """The single figures of the model, by subject."""
        for heading, names in GROUPS.items():
            if heading == "Margin":
                self._next_page()
            self.table.heading(heading)
            if heading == "Totals":
                self._compares()
            for name in names:
                self._line(name)
            if heading == "Totals":
                self._against()
        self.table.heading("Cash")
        first = [cash_needed(option.result) for option in self.options]
        texts = [choice.cash_in_year_1(option) for option in self.options]
        self.table.add("cash", choice.CASH, self.book.unit("money"), texts.__getitem__, first, STATEMENT)

    def _compares(self) -> None:
        """Whether the totals beneath may be held against the reference's, as Decision finds."""
        holds, same = (self.book.figures[name] for name in ("comparable", "same"))
        values = [COMPARES[int(h * (2 - s))] for h, s in zip(holds, same, strict=True)]
        words = ",".join(f'"{word}"' for word in COMPARES)

        def text(i: int) -> str:
            found, equal = (self.book.cell(f"{choice.TITLE} {name}", i) for name in ("comparable", "same"))
            return f"CHOOSE(1+{found}*(2-{equal}),{words})"

        name = self.options[self.table.against].result.name
        self.table.add("compares", f"Totals comparable with {name}", "-", text, values)

    def _against(self) -> None:
        """What each option saves against the reference: in total where totals compare, by unit of work always."""
        table, name = self.table, self.options[self.table.against].result.name
        self._next_page()
        table.heading(f"Saving against {name}, before tax (negative: costs more)")
        saved = self.book.figures["saving"]
        texts = [self.book.cell(f"{choice.TITLE} saving", i) for i in range(len(self.options))]
        label, money = "In total, present value of cost", self.book.unit("money")
        table.add("less", label, money, texts.__getitem__, saved, STATEMENT)
        self._share("less", label, "comparison_pv_cost", NOT_COMPARED)
        for line, label in SAVED.items():
            self._saved(line, label)
            self._share(f"less {line}", label, line, NOTHING)

    def _saved(self, line: str, label: str) -> None:
        """A unit cost taken off the reference's; n/a where one of the two has none."""
        table, against = self.table, self.table.against
        figures = [NOTHING if f is None else f for f in table.values[_row_of(line)]]
        theirs = figures[against]
        values = [NOTHING if isinstance(f, str) or isinstance(theirs, str) else theirs - f for f in figures]
        cell = table.cell(_row_of(line), against, True)

        def text(i: int) -> str:
            own = table.cell(_row_of(line), i)
            return f'IF(ISNUMBER({own})*ISNUMBER({cell})=1,{cell}-{own},"{NOTHING}")'

        unit, per = self.book.unit(MODEL.lines[line].unit), PER_THOUSAND.get(MODEL.lines[line].unit)
        unit = f"{self.book.unit('money')} {per}" if per else unit
        style = in_brackets(number_format("", [f for f in figures if not isinstance(f, str)]))
        table.add(f"less {line}", label, unit, text, values, style)

    def _share(self, row: str, label: str, line: str, otherwise: str) -> None:
        """What a row saves as a share of what the reference costs; none of a cost that is not above 0."""
        table, against = self.table, self.table.against
        cell, whole = table.cell(_row_of(line), against, True), table.values[_row_of(line)][against]
        costs = whole is not None and not isinstance(whole, str) and whole > 0
        values = [v / whole if costs and not isinstance(v, str) else otherwise for v in table.values[row]]

        def text(i: int) -> str:
            own = table.cell(row, i)
            return f'IF(ISNUMBER({own})*ISNUMBER({cell})*({cell}>0)=1,{own}/{cell},"{otherwise}")'

        table.add(f"{row} share", f"{label}, as a share", "-", text, values, "0.0%")

    def costs(self) -> None:
        """The cost tree, undiscounted and discounted; the latter finds each option's largest kind."""
        money = self.book.unit("money")
        self.families(money)
        for line, heading in (
            ("cost_tree", "Total cost by kind, undiscounted"),
            ("pv_cost_tree", "Present value by kind"),
        ):
            self._next_page()
            self.table.heading(heading)
            for r, kind in enumerate(self.options[0].result.keys("cost")):
                texts = [option.at(line, r) for option in self.options]
                values = [option.result.values[line][r] for option in self.options]
                self.table.add(f"{line} {kind}", COSTS[kind].label, money, texts.__getitem__, values, STATEMENT)
        values = [option.result.figure("pv_interim_cost") or 0.0 for option in self.options]
        texts = [option.at("pv_interim_cost") for option in self.options]
        self.table.add("interim", f"{INTERIM.label} (beside the cost)", money, texts.__getitem__, values, STATEMENT)

    def families(self, money: str) -> None:
        """What each family of cost takes of the total, undiscounted: what the chart stacks."""
        self.table.heading("Total cost by family, not discounted")
        keys = list(self.options[0].result.keys("cost"))
        for family in FAMILIES:
            rows = [keys.index(kind) for kind in family.kinds if kind in keys]
            texts = ["+".join(option.at("cost_tree", r) for r in rows) for option in self.options]
            values = [sum(option.result.values["cost_tree"][r] for r in rows) for option in self.options]
            if family is FALLBACK:
                texts = [option.total("interim_cost") for option in self.options]
                values = [sum(option.result.values["interim_cost"]) for option in self.options]
            self.table.add(f"family {family.name}", family.label, money, texts.__getitem__, values, STATEMENT)

    def workloads(self) -> None:
        """What the responses of each workload cost."""
        self._next_page()
        line = "workload_cost_per_meaningful_response"
        self.table.heading("Cost per 1,000 responses, by workload, not discounted")
        for w, workload in enumerate(self.book.study.workloads):
            self._per_thousand(line, f"workload {w}", workload.text("name"), w)

    def _line(self, name: str) -> None:
        line, basis = MODEL.lines[name], BASES.get(name, "")
        if line.unit in PER_THOUSAND:
            self._per_thousand(name, _row_of(name), f"{line.label} ({basis})")
        else:
            self.table.line(name, basis)

    def _per_thousand(self, name: str, row: str, label: str, workload: int | None = None) -> None:
        """A unit cost of a response or a request, in the size in which it is told."""
        line = MODEL.lines[name]
        figures = [option.result.figure(name) for option in self.options]
        figures = figures if workload is None else [figure[workload] for figure in figures]
        known = [option.at(line.known) + "*" if line.known else "" for option in self.options]
        cells = [option.at(name, workload or 0) for option in self.options]
        texts = [
            f'IF({k}ISNUMBER({cell}){"=1" if k else ""},{cell}*{THOUSAND},"{NOTHING}")'
            for k, cell in zip(known, cells, strict=True)
        ]
        values = [NOTHING if f is None else f * REQUESTS_PER_THOUSAND for f in figures]
        unit = f"{self.book.unit('money')} {PER_THOUSAND[line.unit]}"
        numbers = [value for value in values if not isinstance(value, str)]
        self.table.add(row, label, unit, texts.__getitem__, values, costs_format(numbers))

    def cumulative(self) -> None:
        """Cash paid so far, year by year: purchases less resale, and running costs."""
        self.table.heading("Cumulative cash, year end")
        paid = [0.0] * len(self.options)
        for year in range(1, self.options[0].layout.years + 1):
            paid = [p + o.result.values["cash_cost"][year - 1] for p, o in zip(paid, self.options, strict=True)]
            above = f"paid {year - 1}"

            def text(i: int, above: str = above, year: int = year) -> str:
                now = self.options[i].at("cash_cost", year=year)
                return now if year == 1 else f"{self.table.cell(above, i)}+{now}"

            self.table.add(f"paid {year}", f"Year {year}", self.book.unit("money"), text, paid, STATEMENT)
