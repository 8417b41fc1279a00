"""The cash-flow statement of every option, live: by family, tax, the loan; then what each saves against the reference.

The figures are the option sheets', pooled as `models.analysis.metrics.statement` pools the model's lines, which the app
shows. All families stand in every part, so that what a changed input brings is in the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.decision import basis, comparable
from models.analysis.metrics.statement import QUARTERS, Line, Statement, difference_of, statement
from models.chapters.money.costs import AT_START, COSTS, FALLBACK, FAMILIES, RESALE, Family
from models.notation import writer
from workbook.decision import choice
from workbook.writing.book import Book, OptionSheet
from workbook.writing.layout import STATEMENTS
from workbook.writing.page import FEW_OPTIONS, Page, print_scale, rows_a_page, rows_at
from workbook.writing.styles import HEADING_FILL, STATEMENT

TITLE, QUARTERLY = STATEMENTS
HEAD_ROW = 4
LABEL, FIRST = 0, 1
LABEL_WIDTH, LEAST_WIDTH, AROUND = 44, 11, 3
# Characters that a page may be wide and still be read.
LEGIBLE = 215
TAX_RATE = "in_tax_rate"
WHOLE = 0.499  # what is less is 0 as a whole amount
NET, AFTER = "net", "after tax"
TAXED = ("depreciation", "relief", "gains")
SAVED, UNLIKE = "; positive: saved", "; not comparable: see Decision"
SUM = {"bold": True, "top": 1}


def write(book: Book) -> None:
    """The statement by year."""
    _Sheet(book, TITLE, 1).write()


def write_quarters(book: Book) -> None:
    """The statement by quarter, for a budget."""
    _Sheet(book, QUARTERLY, QUARTERS).write()


@dataclass(frozen=True)
class _Flows:
    """An option's payments in one period of its sheet, as formulas without "="; a year has `parts` periods."""

    option: OptionSheet
    year: int
    part: int
    parts: int

    @property
    def starts(self) -> bool:
        """Whether the year begins with this period."""
        return self.part == 0

    @property
    def ends(self) -> bool:
        """Whether the year ends with this period."""
        return self.part == self.parts - 1

    def at(self, name: str, row: int = 0) -> str:
        """A line's amount of the year."""
        return self.option.at(name, row, self.year)

    def spread(self, text: str) -> str:
        """What is paid evenly over the year."""
        return text if self.parts == 1 else f"({text})/{self.parts}"

    def family(self, family: Family) -> str:
        """The payments of a family, each at its date."""
        if family is FALLBACK:
            return self.spread(self.at("interim_cost"))
        keys = list(self.option.result.keys("cost"))
        rows = {kind: self.at("cost_flows", keys.index(kind)) for kind in family.kinds if kind in keys}
        starts = "+".join(rows[kind] for kind in rows if COSTS[kind].dated == AT_START) if self.starts else ""
        running = "+".join(rows[kind] for kind in rows if COSTS[kind].dated not in (AT_START, RESALE))
        early = self.at("early_disposals") if self.starts else ""
        final = self.at("final_disposal_in_year") if self.ends else ""
        sold = [text for text in (early, final) if text] if any(COSTS[k].dated == RESALE for k in rows) else []
        paid = "+".join(text for text in (starts, self.spread(running) if running else "") if text)
        return (paid + "".join(f"-{text}" for text in sold)) or "0"

    def tax(self) -> tuple[str, str, str]:
        """Depreciation, the relief on it and on costs, and the tax on gains from resale."""
        relief = f"{self.at('taxed_running')}-{self.at('operating')}-{TAX_RATE}*{self.at('interim_cost')}"
        last = self.ends and self.year == self.option.layout.years
        gains = [self.at("early_taxable_gain")] if self.starts else []
        gains += [self.option.at("final_taxable_gain")] if last else []
        taxed = f"{TAX_RATE}*({'+'.join(gains)})" if gains else "0"
        return self.spread(self.at("depreciation")), self.spread(relief), taxed

    def loan(self) -> tuple[str, str, str]:
        """What is drawn, the interest and the repayment."""
        drawn = f"-{self.option.at('loan_draw')}" if self.year == 1 else "0"
        return drawn, self.at("loan_interest"), self.at("loan_principal")


class _Sheet:
    """The sheet, written from the top down."""

    def __init__(self, book: Book, title: str, parts: int) -> None:
        self.book, self.parts, self.title = book, parts, title
        # The column of the labels, which stands on every page of the quarters, holds their heading.
        heading = "Cash-flow statement by year" if parts == 1 else "Cash flow by quarter"
        # The years of many options go on fewer pages upright; quarters need the width.
        self.lies = parts > 1 or len(book.options) <= FEW_OPTIONS
        self.page = Page(book, title, heading, head=HEAD_ROW, landscape=self.lies)
        self.years = book.options[0].layout.years
        self.periods = [(year, part) for year in range(1, self.years + 1) for part in range(parts)]
        self.total = FIRST + len(self.periods)
        self.row = HEAD_ROW + 2
        self.rows: dict[str, dict[str, int]] = {}
        self.rows_a_page = 0

    def write(self) -> None:
        """Every option, then what each saves against the reference."""
        found = {o.result.name: statement(o.result, quarterly=self.parts > 1, taxed=True) for o in self.book.options}
        self._heads(max(abs(amount) for each in found.values() for amount in each.cumulative.amounts))
        for option in self.book.options:
            self._option(option, found[option.result.name])
        if self.parts > 1:  # what each saves would double the pages
            self.page.sheet.print_area(0, 0, self.row - 2, self.total)
        against = self.book.option(basis(self.book.result).name)
        for option in self.book.options:
            if option is not against:
                self._difference(option, against, difference_of(found[option.result.name], found[against.result.name]))
        self._residue()

    def _residue(self) -> None:
        """What is left of sums that cancel is shown as nothing, not as (0)."""
        nothing = self.book.file.add_format({"num_format": f'"{writer.ZERO}"_)'})
        rule = {"type": "cell", "criteria": "between", "minimum": -WHOLE, "maximum": WHOLE, "format": nothing}
        self.page.sheet.conditional_format(HEAD_ROW, FIRST, self.row - 1, self.total, rule)

    def _heads(self, largest: float) -> None:
        width = max(LEAST_WIDTH, len(writer.count(largest)) + AROUND)
        self.page.columns([LABEL_WIDTH, *(width,) * (len(self.periods) + 1)])
        self.rows_a_page = self._pages(width)
        unit = f"{self.book.unit('money')}, nominal; fallback included; costs positive, receipts negative"
        unit += "; savings are not printed" if self.parts > 1 else ""
        self.page.text(HEAD_ROW - 1, FIRST, unit, self.page.styles.quiet)
        self.page.text(HEAD_ROW, LABEL, "", self.page.styles.column)
        style = {"bold": True, "bottom": 1, "align": "right"}
        for column, (year, part) in enumerate(self.periods, start=FIRST):
            cell = self.book.options[0].at("calendar_year", year=year)
            number = self.book.options[0].result.values["calendar_year"][year - 1]
            if self.parts == 1:
                self.page.formula(HEAD_ROW, column, f"={cell}", number, num_format="0", **style)
            else:
                text = f"{int(number)} Q{part + 1}"
                self.page.formula(HEAD_ROW, column, f'={cell}&" Q{part + 1}"', text, **style)
        self.page.text(HEAD_ROW, self.total, "Total", self.page.styles.column_of_figures)

    def _pages(self, width: float) -> int:
        """How many rows a page has: many quarters go over pages side by side, each with whole years."""
        most = max(1, int((LEGIBLE - LABEL_WIDTH) / (width * self.parts)))
        pages = -(-self.years // most)
        years = -(-self.years // pages)
        across = LABEL_WIDTH + width * (years * self.parts + 1)
        if pages == 1:
            return rows_a_page(across, self.page.paper, landscape=self.lies)
        scale = print_scale(across, self.page.paper)  # pages fitted to the paper would break wherever they are full
        self.page.sheet.set_print_scale(scale)
        self.page.sheet.set_v_pagebreaks([FIRST + page * years * self.parts for page in range(1, pages)])
        self.page.sheet.repeat_columns(LABEL, LABEL)
        self.page.sheet.print_across()
        return rows_at(scale, self.page.paper)

    def _option(self, option: OptionSheet, found: Statement) -> None:
        self._title(f"={option.name}", option.result.name, found)
        rows = self.rows[option.result.name] = {}
        flows = [_Flows(option, year, part, self.parts) for year, part in self.periods]
        for family in FAMILIES:
            rows[family.name] = self.row
            self._line(_of(found, family), [each.family(family) for each in flows])
        self._sums(found, rows)
        self.book.places[f"{self.title} {option.number}"] = f"'{self.title}'!${xl_col_to_name(self.total)}${rows[NET]}"
        self._part("After tax")
        for name, line, texts in zip(TAXED, found.tax, zip(*(each.tax() for each in flows), strict=True), strict=False):
            rows[name] = self.row
            self._line(line, texts)
        rows[AFTER] = self.row
        parts = [[f"{c}{rows[part]}" for part in (NET, *TAXED[1:])] for c in self._letters()]
        self._line(found.tax[-1], ["+".join(cells) for cells in parts], **SUM)
        if found.financing:
            self._part("Financing by the loan")
            first = self.row
            for line, texts in zip(found.financing, zip(*(e.loan() for e in flows), strict=True), strict=False):
                self._line(line, texts)
            cells = [f"{c}{rows[NET]}+SUM({c}{first}:{c}{self.row - 1})" for c in self._letters()]
            self._line(found.financing[-1], cells, **SUM)
        self.row += 1

    def _difference(self, ours: OptionSheet, theirs: OptionSheet, found: Statement) -> None:
        """What one option pays less than another: each of its rows, taken from the other's."""
        known = None not in (ours.result.number("served_share"), theirs.result.number("served_share"))
        holds = known and comparable(self.book.result)[ours.result.name].holds
        cell = self.book.cell(f"{choice.TITLE} comparable", ours.number - 1)
        title = f'="Saving of "&{ours.name}&" against "&{theirs.name}&IF({cell}=1,"{SAVED}","{UNLIKE}")'
        name = f"Saving of {ours.result.name} against {theirs.result.name}{SAVED if holds else UNLIKE}"
        self._title(title, name, found)
        one, other = self.rows[ours.result.name], self.rows[theirs.result.name]

        def less(key: str) -> list[str]:
            return [f"{c}{other[key]}-{c}{one[key]}" for c in self._letters()]

        rows: dict[str, int] = {}
        for family in FAMILIES:
            rows[family.name] = self.row
            self._line(_of(found, family), less(family.name))
        self._sums(found, rows)
        self._part("After tax")
        for name, line in zip(TAXED, found.tax, strict=False):
            self._line(line, less(name))
        self._line(found.tax[-1], less(AFTER), **SUM)
        self.row += 1

    def _sums(self, found: Statement, rows: dict[str, int]) -> None:
        """The net of the families, and its cumulative sum."""
        first, last = rows[FAMILIES[0].name], self.row - 1
        rows[NET] = self.row
        self._line(found.net, [f"SUM({c}{first}:{c}{last})" for c in self._letters()], **SUM)
        texts = [f"{c}{rows[NET]}" for c in self._letters()]
        before = ["", *(f"{c}{self.row}+" for c in self._letters()[:-1])]
        self._line(found.cumulative, [b + t for b, t in zip(before, texts, strict=True)], summed=False)

    def _letters(self) -> list[str]:
        return [xl_col_to_name(column) for column in range(FIRST, self.total)]

    def _title(self, text: str, value: str, found: Statement) -> None:
        """The name of a part, which is not torn apart in print: a line for each family and sum, and what heads them."""
        lines = 1 + len(FAMILIES) + len((found.net, found.cumulative)) + 1 + len(found.tax)
        lines += 1 + len(found.financing) if found.financing else 0
        self.page.together(self.row, lines, self.rows_a_page)
        for column in range(self.total + 1):
            self.page.sheet.write_blank(self.row - 1, column, None, self.page.styles.heading)
        self.page.formula(self.row, LABEL, text, value, bold=True, bg_color=HEADING_FILL)
        self.row += 1

    def _part(self, text: str) -> None:
        self.page.text(self.row, LABEL, text, self.page.styles.get(italic=True))
        self.row += 1

    def _line(self, line: Line, texts: Sequence[str], *, summed: bool = True, **style: object) -> None:
        self.page.text(self.row, LABEL, line.label, self.page.styles.get(**style))
        for column, (text, value) in enumerate(zip(texts, line.amounts, strict=True), start=FIRST):
            self.page.formula(self.row, column, f"={text}", value, num_format=STATEMENT, align="right", **style)
        if summed:
            text = f"=SUM({xl_col_to_name(FIRST)}{self.row}:{xl_col_to_name(self.total - 1)}{self.row})"
            self.page.formula(self.row, self.total, text, line.total, num_format=STATEMENT, align="right", **style)
        elif style:
            self.page.sheet.write_blank(self.row - 1, self.total, None, self.page.styles.get(**style))
        self.row += 1


def _of(found: Statement, family: Family) -> Line:
    """A family's line; noughts where the statement leaves it out."""
    held = next((line for line in found.families if line.family is family), None)
    return held or Line(family.label, (0.0,) * len(found.periods), family)
