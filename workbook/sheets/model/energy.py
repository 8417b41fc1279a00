"""Energy: the chain from generation to chip, what each ceiling allows, what binds, and what must be disclosed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.decision import NOTHING
from models.analysis.metrics.ceilings import stated
from models.analysis.metrics.chain import STAGES, energy_chain
from models.analysis.metrics.palette import ENERGY
from models.run.model import MODEL
from workbook.writing import drawing, entries
from workbook.writing.book import Book, OptionSheet, shown
from workbook.writing.layout import HERE
from workbook.writing.page import BOLD, Page, rows_a_page
from workbook.writing.styles import line_format, number_format

TITLE = "Energy"
LABEL, UNIT, FIRST = range(3)
HEAD_ROW = 2
WIDTH = 15
CHART, CHART_ROWS = (900, 300), 20
BY_YEAR = (
    *("compute_ceiling", "energy_ceiling", "binding", "utilisation", "power_share", "delivered_it_kw", "peak_kw"),
    *("joules_per_token_at_load",),
)
# What is disclosed: lines of the model, and four more that are made of several.
DISCLOSED = (
    *("joules_per_output_token_it", "joules_per_output_token_facility", "joules_per_meaningful_response"),
    *("output_tokens_per_kwh", "tokens_per_second_per_mw", "deliverable_it_kw"),
)
DISCLOSED_BESIDE = 4


def write(book: Book) -> None:
    """Write the sheet: options side by side, then year by year, then the quality and latency they hold at."""
    sheet = _Energy(book)
    sheet.chain()
    sheet.disclosure()
    sheet.years()
    sheet.stated()


class _Energy:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.options = book, book.options
        self.page = Page(book, TITLE, "Energy: from generation to the chip, and the limiting factor", head=HEAD_ROW)
        self.span = FIRST + max(len(book.options), book.options[0].layout.years)
        widths = [46, 26, *(WIDTH,) * (self.span - FIRST)]
        self.page.columns(widths)
        self.rows_a_page = rows_a_page(sum(widths), self.page.paper)
        self.row = HEAD_ROW + 2

    def names(self) -> int:
        """A row of the options' names; returns the row."""
        style = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "bottom"}
        self.page.fit(self.row, [(option.result.name, WIDTH * BOLD) for option in self.options])
        for i, option in enumerate(self.options):
            self.page.formula(self.row, FIRST + i, f"={option.name}", option.result.name, **style)
        self.row += 1
        return self.row - 1

    def add(self, label: str, unit: str, texts: Sequence[str], values: Sequence[Any], style: str = "") -> None:
        self.page.named(self.row, label, unit)
        found = style or number_format("", [v for v in values if not isinstance(v, str)])
        for i, (text, value) in enumerate(zip(texts, values, strict=True)):
            self.page.formula(self.row, FIRST + i, f"={text}", value, num_format=found, align="right", valign="top")
        self.row += 1

    def heading(self, text: str, lines: int) -> None:
        """What heads a part of so many lines, which are not torn apart in print."""
        self.page.together(self.row, 1 + lines, self.rows_a_page)
        self.page.heading(self.row, text, self.span)
        self.row += 1

    def line(self, name: str) -> None:
        line = MODEL.lines[name]
        texts = [shown(option, name).removeprefix("=") for option in self.options]
        values = [option.result.figure(name) for option in self.options]
        self.add(line.label, self.book.unit(line.unit), texts, values, line_format(line.label, line.unit, values))

    def chain(self) -> None:
        """Energy over the life at four places, and per generated token."""
        self.heading("Energy chain, whole period, incl. idle", 1 + 2 * len(STAGES) + CHART_ROWS)
        heads = self.names()
        first = self.row
        for stage in STAGES:
            texts = [self._known(option, option.total(stage)) for option in self.options]
            known = [energy_chain(option.result) for option in self.options]
            values = [c[STAGES.index(stage)].kwh if c else NOTHING for c in known]
            self.add(f"{ENERGY[stage].label}, energy", "kWh", texts, values, "#,##0")
        tokens = [option.at("lifetime_output_tokens") for option in self.options]
        start = self.row
        for place, stage in enumerate(STAGES):
            cells = [f"{xl_col_to_name(FIRST + i)}{first + place}" for i in range(len(self.options))]
            texts = [
                f'IF(ISNUMBER({c})*({t}>0)=1,SUM({c})*in_joules_per_kwh/({t}+({t}=0)),"{NOTHING}")'
                for c, t in zip(cells, tokens, strict=True)
            ]
            known = [energy_chain(option.result) for option in self.options]
            values = [_joules(c[place].joules_per_token) if c else NOTHING for c in known]
            self.add(f"{ENERGY[stage].label}, per generated token", self.book.unit("J/token"), texts, values)
        self._chart(start, heads)

    def _known(self, option: OptionSheet, cell: str) -> str:
        return f'IF({option.at("energy_known")}=0,"{NOTHING}",{cell})'

    def _chart(self, first: int, heads: int) -> None:
        title = "Energy of a generated token, from generation to chip"
        made = drawing.chart(self.book, "column", title, "joules per generated token")
        last = xl_col_to_name(FIRST + len(self.options) - 1)
        names = f"'{TITLE}'!$C${heads}:${last}${heads}"
        for place, stage in enumerate(STAGES):
            row = first + place
            cells = self.book.places[f"{TITLE} {stage}"] = f"'{TITLE}'!$C${row}:${last}${row}"
            drawing.filled(made, ENERGY[stage].label, names, cells, ENERGY[stage].colour)
        drawing.place(self.book, TITLE, self.row + 1, 0, made, CHART)
        self.row += CHART_ROWS

    def disclosure(self) -> None:
        """Joules per token, delivered power, output and what binds, as a reader of an efficiency claim needs them."""
        self.heading("Disclosure: at the quality and latency stated below", 1 + len(DISCLOSED) + DISCLOSED_BESIDE)
        self.names()
        for name in DISCLOSED:
            self.line(name)
        known = [bool(option.result.values["energy_known"]) for option in self.options]
        texts = [self._known(option, option.at("pue")) for option in self.options]
        values = [o.result.values["pue"] if k else NOTHING for o, k in zip(self.options, known, strict=True)]
        self.add("PUE", "-", texts, values)
        texts = [self._known(option, option.at("delivered_it_kw", year=1)) for option in self.options]
        first = [option.result.values["delivered_it_kw"][0] for option in self.options]
        values = [f if k else NOTHING for f, k in zip(first, known, strict=True)]
        self.add("PUE-adjusted delivered power in year 1", "kW", texts, values)
        self._output()
        texts = [self._first(option, "binding") for option in self.options]
        values = [option.result.years("binding")[0] for option in self.options]
        self.add("Limiting factor in year 1", "-", texts, values)
        self.row += 1

    def _first(self, option: OptionSheet, name: str) -> str:
        known = MODEL.lines[name].known
        assert known is not None
        return f'IF({option.at(known)}=0,"{NOTHING}",{option.at(name, year=1)})'

    def _output(self) -> None:
        """Generated tokens per second in production, over the life: what utilisation leaves of the ceiling."""
        texts, values = [], []
        for option in self.options:
            tokens, share = option.at("lifetime_output_tokens"), f"SUM({option.series('production_share')})"
            seconds = f"{share}*in_hours_per_year*in_seconds_per_hour"
            texts.append(f'IF({share}=0,"{NOTHING}",{tokens}/({seconds}))')
            years = sum(option.result.values["production_share"])
            tokens_made = option.result.values["lifetime_output_tokens"]
            values.append(tokens_made / (years * 8760 * 3600) if years else NOTHING)
        self.add("Utilisation-adjusted output, mean while in production", self.book.unit("token/s"), texts, values)

    def years(self) -> None:
        """The two ceilings and what binds, year by year, for each option with a fleet."""
        for option in self.options:
            if not option.result.values["has_fleet"]:
                continue
            self.heading(f"Year by year: {option.result.name}", 1 + len(BY_YEAR))
            self._calendar(option)
            for name in BY_YEAR:
                self._by_year(option, name)
            self.row += 1

    def _calendar(self, option: OptionSheet) -> None:
        texts = [option.at("calendar_year", year=y) for y in range(1, option.layout.years + 1)]
        self.add("Calendar year", "-", texts, option.result.values["calendar_year"], "0")

    def _by_year(self, option: OptionSheet, name: str) -> None:
        line, block = MODEL.lines[name], option.layout.blocks[name]
        values = option.result.figure(name)
        texts = []
        for year in range(1, option.layout.years + 1):
            cell = option.at(name, year=year)
            if line.known is None:
                texts.append(cell)
                continue
            flag = (
                option.at(line.known, year=year)
                if HERE in option.layout.line(line.known).cell
                else option.at(line.known)
            )
            texts.append(f'IF({flag}=0,"{NOTHING}",{cell})')
        assert block.by_year
        self.add(line.label, self.book.unit(line.unit), texts, values, line_format(line.label, line.unit, values))

    def stated(self) -> None:
        """The quality and latency at which the rates hold, as measured and as wanted."""
        self.heading("Quality and latency at which the rates hold", 1 + len(stated()) * len(self.book.study.workloads))
        self.names()
        for w, workload in enumerate(self.book.study.workloads):
            for entry in stated():
                texts, values = [], []
                for option in self.options:
                    name = f"{entries.base('serving', option.number, w + 1)}{entry.name}"
                    row = option.result.gathered.rows["serving"][w]
                    held = name in option.layout.held
                    texts.append(f'IF(ISNUMBER({name}),{name},"not stated")' if held else '"not stated"')
                    values.append("not stated" if row[entry.name].blank else row.number(entry.name))
                measured = "" if entry.unit == "1" else f" ({entry.unit})"
                self.add(f"{workload.text('name')}: {entry.label}{measured}", "-", texts, values)


def _joules(value: float | None) -> float | str:
    return NOTHING if value is None else value
