"""Summary: the one page that a committee reads, and charts behind it. Its sentences are live; see Comparison."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision import NOTHING, RULE
from models.analysis.side_by_side import RANKED_BY
from models.model import MODEL
from models.palette import COSTS, INTERIM
from workbook import charts, comparison
from workbook.book import Book, shown
from workbook.entries import constant_name
from workbook.page import CHECKS, MASTER_CELL, Page, address
from workbook.styles import STRUCTURAL, number_format

TITLE = "Summary"
# Pixels of a printed page at full size between its margins; upright up to so many options.
UPRIGHT, WIDE, UPRIGHT_OPTIONS = 700, 1010, 4
UPRIGHT_CHARTS, WIDE_CHARTS = (696, 225), (1004, 300)
LABEL_SHARE, LARGEST_COLUMN = 0.34, 150
PIXELS_A_CHARACTER, CHARACTERS_A_PIXEL = 7.0, 0.16
ROW_PIXELS = 20
QUIET = {"font_color": STRUCTURAL}


def write(book: Book) -> None:
    """Write the page and its charts."""
    summary = _Summary(book)
    summary.opening()
    summary.recommendation()
    summary.figures()
    summary.conditions()
    summary.basis()
    summary.charts()


class _Summary:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.options = book, book.options
        wide = len(book.options) > UPRIGHT_OPTIONS
        self.width, self.chart_size = (WIDE, WIDE_CHARTS) if wide else (UPRIGHT, UPRIGHT_CHARTS)
        self.page = Page(book, TITLE, book.study.fields.text("title") or "Summary", landscape=wide)
        # Full size, not fitted: a fitted sheet would ignore the break between the page and its charts.
        self.page.sheet.set_print_scale(100)
        self.span = 1 + len(book.options)
        label = max(int(LABEL_SHARE * self.width), self.width - LARGEST_COLUMN * len(book.options))
        each = (self.width - label) // len(book.options)
        self.page.columns([w / PIXELS_A_CHARACTER - 0.72 for w in (label, *(each,) * len(book.options))])
        self.row = 3

    def _words(self, text: str, value: str | None = None, **style: Any) -> None:
        length = len(value or text) * (1.1 if style.get("bold") else 1.0)
        lines = max(1, -(-int(length) // int(self.width * CHARACTERS_A_PIXEL)))
        self.page.words(self.row, self.span, text, value, lines, **style)
        self.row += 1

    def _said(self, name: str, **style: Any) -> None:
        """A sentence that Comparison holds."""
        self._words(f"={self.book.places[f'say {name}']}", self.book.said[f"say {name}"], **style)

    def _heading(self, text: str) -> None:
        self.page.heading(self.row, text, self.span)
        self.row += 1

    def opening(self) -> None:
        """Who made it for whom, and the decision asked for."""
        fields = self.book.study.fields
        by, to, status = (fields.text(name) for name in ("prepared_by", "prepared_for", "status"))
        parts = [f"Prepared by {by}" if by else "", f"for {to}" if to else "", status, f"{self.book.today:%d %B %Y}"]
        self._words(" · ".join(part for part in parts if part), **QUIET)
        self._heading("Decision asked for")
        self._words(fields.text("decision") or "The study states no decision.")

    def recommendation(self) -> None:
        """The option to choose, the runner-up, the amount, and what is saved against the reference."""
        self._heading("Recommendation")
        self._said("recommended", bold=True)
        for name in ("runner_up", "amount"):
            self._said(name)
        if self.book.study.fields.text("reference_option"):
            self._said("against")

    def figures(self) -> None:
        """Five figures for each option, and whether it may be chosen."""
        self._heading("Five figures for each option")
        years, money = int(self.book.study.fields.number("horizon_years")), self.book.unit("money")
        self.page.text(self.row, 0, "", self.page.styles.column)
        for i, option in enumerate(self.options):
            style = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "top"}
            self.page.formula(self.row, 1 + i, f"={option.name}", option.result.name, **style)
        self.page.sheet.set_row(self.row - 1, 30)
        self.row += 1
        self.unit_cost = self.row
        self._scaled(f"Cost per thousand meaningful responses, discounted ({money})", RANKED_BY)
        self._line(f"Cost per million generated tokens, all-in ({money})", "lifetime_cost_per_million_output_tokens")
        self._line(f"Total cost over {years} years, present value ({money})", "pv_cost")
        cash = [option.result.values["cash_cost"][0] for option in self.options]
        self._row(f"Cash in year 1 ({money})", [o.at("cash_cost", year=1) for o in self.options], cash, "#,##0")
        self._line("Share of the demand served", "served_share", "0.0%")
        for name, label in (("quality", "Quality target met"), ("latency", "Latency targets met")):
            self._told(label, name)
        cells = [self._comparison("qualifies", i) for i in range(len(self.options))]
        values = ["yes" if v else "no" for v in self.book.figures["qualifies"]]
        self._row("May be chosen (same work, targets met)", [f'IF({c}=1,"yes","no")' for c in cells], values)
        self.row += 1

    def _comparison(self, name: str, option: int) -> str:
        row = self.book.places[f"{comparison.TITLE} {name}"].split(":")[0].rpartition("$")[2]
        return address(comparison.TITLE, f"${xl_col_to_name(2 + option)}${row}")

    def _row(self, label: str, texts: list[str], values: list[Any], style: str = "General") -> None:
        self.page.text(self.row, 0, label, self.page.styles.wrapped)
        for i, (text, value) in enumerate(zip(texts, values, strict=True)):
            self.page.formula(self.row, 1 + i, f"={text}", value, num_format=style, align="right", valign="top")
        narrow = len(label) * PIXELS_A_CHARACTER > self.width * LABEL_SHARE * 1.1
        self.page.sheet.set_row(self.row - 1, 28 if narrow else 15)
        self.row += 1

    def _line(self, label: str, name: str, style: str = "") -> None:
        values = [option.result.figure(name) for option in self.options]
        texts = [shown(option, name).removeprefix("=") for option in self.options]
        self._row(label, texts, values, style or number_format(MODEL.lines[name].unit, values))

    def _scaled(self, label: str, name: str) -> None:
        figures = [option.result.number(name) for option in self.options]
        values = [NOTHING if f is None else f * 1000 for f in figures]
        cells = [option.at(name) for option in self.options]
        thousand = constant_name("REQUESTS_PER_THOUSAND")
        texts = [f'IF(ISNUMBER({c}),{c}*{thousand},"{NOTHING}")' for c in cells]
        self._row(label, texts, values, number_format("", [v for v in values if not isinstance(v, str)]))

    def _told(self, label: str, name: str) -> None:
        cells = [self._comparison(name, i) for i in range(len(self.options))]
        self._row(label, cells, list(self.book.figures[name]))

    def conditions(self) -> None:
        """What must hold for the recommendation to stand, and on what the cost rests."""
        self._heading("What must hold")
        for number, name in enumerate(("first", "second", "third"), start=1):
            text = f'="{number}. "&{self.book.places[f"say {name}"]}'
            self._words(text, f"{number}. {self.book.said[f'say {name}']}")
        self._said("assumed")
        self._said("undiscounted")

    def basis(self) -> None:
        """On which footing the figures stand, and the state of the model."""
        fields, money = self.book.study.fields, self.book.unit("money")
        self._heading("Basis")
        value = f"{money}, nominal, before tax; discounted at {_percent(fields.number('discount_rate'))}. Rule: {RULE}"
        text = f'="{money}, nominal, before tax; discounted at "&FIXED(100*in_discount_rate,1)&" %. Rule: "'
        literals = [RULE[i : i + 200] for i in range(0, len(RULE), 200)]
        self._words(text + "".join(f'&"{part}"' for part in literals), value, font_size=8)
        master = f"{address(CHECKS, MASTER_CELL)}=1"
        said = f"Model: version {self.book.version}, {fields.text('status') or 'no status stated'}"
        state = f'=IF({master},"{_doubled(said)}; all checks hold.","{_doubled(said)}; A CHECK FAILS.")'
        self._words(state, f"{said}; all checks hold.", font_size=8)

    # ------------------------------------------------------------------------------------------------------- charts

    def charts(self) -> None:
        """Cost per response on the page itself; stacks, workloads, cash and use on the next."""
        self._put(self._unit_costs())
        self.page.sheet.set_h_pagebreaks([self.row - 1])
        for made in (self._stack(), self._workloads(), self._cash()):
            self._put(made)
        fleets = [option for option in self.options if option.result.values["has_fleet"]]
        if fleets:
            self.page.sheet.set_h_pagebreaks([self.break_at, self.row - 1])
            self._put(self._by_year("installed", "Systems installed", "systems", "#,##0"))
            self._put(self._by_year("utilisation", "Share of capacity in use", "", "0%"))
        self.page.sheet.print_area(0, 0, self.row - 1, self.span - 1)

    def _put(self, made: Any) -> None:
        if not made.series:
            return  # nothing costs anything, or nobody has a fleet: a chart without a series is no chart
        charts.place(self.book, TITLE, self.row, made, self.chart_size)
        self.row += -(-self.chart_size[1] // ROW_PIXELS) + 1
        self.break_at = getattr(self, "break_at", self.row - 1)

    def _names(self) -> str:
        return self.book.places[f"{comparison.TITLE} names"]

    def _unit_costs(self) -> Any:
        money = self.book.unit("money")
        title = "Cost per thousand meaningful responses, discounted"
        made = charts.chart(self.book, "bar", title, money)
        last = xl_col_to_name(len(self.options))
        cells = f"'{TITLE}'!$B${self.unit_cost}:${last}${self.unit_cost}"
        made.add_series(
            {
                "name": title,
                "categories": f"={self._names()}",
                "values": f"={cells}",
                "points": charts.points(self.book),
                "gap": 60,
                "data_labels": {"value": True, "font": {"size": 9}},
            }
        )
        made.set_legend({"none": True})
        return made

    def _stack(self) -> Any:
        """Only kinds that cost something at export; the others stand in Comparison."""
        title = f"Lifetime cost by kind, not discounted ({self.book.unit('money')})"
        made = charts.chart(self.book, "column", title, "", subtype="stacked", shown="#,##0")
        for kind, tone in (*COSTS.items(), ("interim", INTERIM)):
            name = "interim" if kind == "interim" else f"cost_tree {kind}"
            if any(self.book.figures[name]):
                cells = self.book.places[f"{comparison.TITLE} {name}"]
                charts.filled(made, tone.label, self._names(), cells, tone.colour, gap=60)
        made.set_legend({"position": "right", "font": {"size": 9}})
        return made

    def _workloads(self) -> Any:
        title = f"Cost per thousand meaningful responses, lifetime, by workload ({self.book.unit('money')})"
        made = charts.chart(self.book, "column", title, "")
        places = self.book.places
        size = len(self.book.study.workloads)
        first, last = (places[f"{comparison.TITLE} workload {w}"] for w in (0, size - 1))
        top, bottom = (text.split(":")[0].rpartition("$")[2] for text in (first, last))
        for i in range(len(self.options)):
            column = xl_col_to_name(2 + i)
            cells = address(comparison.TITLE, f"${column}${top}:${column}${bottom}")
            names = address(comparison.TITLE, f"$A${top}:$A${bottom}")
            charts.filled(made, f"={self._name(i)}", names, cells, charts.option_colour(i))
        return made

    def _name(self, option: int) -> str:
        return address(comparison.TITLE, f"${xl_col_to_name(2 + option)}${comparison.HEAD_ROW}")

    def _cash(self) -> Any:
        title = f"Cash paid so far, resale taken off ({self.book.unit('money')})"
        made = charts.chart(self.book, "line", title, "", shown="#,##0")
        years = self.options[0].layout.years
        first, last = (self.book.places[f"{comparison.TITLE} paid {y}"] for y in (1, years))
        top, bottom = (text.split(":")[0].rpartition("$")[2] for text in (first, last))
        names = address(comparison.TITLE, f"$A${top}:$A${bottom}")
        for i in range(len(self.options)):
            column = xl_col_to_name(2 + i)
            cells = address(comparison.TITLE, f"${column}${top}:${column}${bottom}")
            charts.drawn(made, f"={self._name(i)}", names, cells, i)
        return made

    def _by_year(self, name: str, title: str, axis: str, style: str) -> Any:
        made = charts.chart(self.book, "line", title, axis, shown=style)
        for i, option in enumerate(self.options):
            if option.result.values["has_fleet"]:
                names = option.series("calendar_year")
                charts.drawn(made, f"={self._name(i)}", names, option.series(name), i)
        return made


def _percent(share: float) -> str:
    from models.analysis.decision import percent

    return percent(share)


def _doubled(text: str) -> str:
    return text.replace('"', '""')
