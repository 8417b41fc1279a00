"""Summary: the one page that a committee reads. Its sentences are live; Decision says how they come about."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision import decision
from models.analysis.decision.decision import NOTHING, RULE
from models.analysis.decision.favourable import favourable
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.palette import ACCENT, OUTLINE
from models.analysis.words import of_thousand
from models.notation import writer
from models.run.model import MODEL
from workbook.decision import choice, sentences
from workbook.decision.eligibility import MET
from workbook.sheets.front import comparison
from workbook.writing import drawing
from workbook.writing.book import Book
from workbook.writing.entries import constant_name
from workbook.writing.formula import LONGEST_LITERAL, literal
from workbook.writing.page import BOLD, CHECKS, MASTER_CELL, Page, address
from workbook.writing.styles import (
    CHOSEN_FILL,
    FONT,
    INDENTED,
    SIZE,
    SMALL,
    STATEMENT,
    STRUCTURAL,
    costs_format,
    line_format,
)

TITLE = "Summary"
# Pixels across the page, upright up to so many options; it is fitted to one sheet of paper.
UPRIGHT, WIDE, UPRIGHT_OPTIONS = 720, 1040, 4
LABEL_SHARE, LARGEST_COLUMN = 0.36, 150
PIXELS_A_CHARACTER, CHARACTERS_A_PIXEL = 7.0, 0.165
# How many letters of words stand in a column for each of its digits, where no letter may be cut.
WORDS_A_COLUMN = 0.9
ROW_PIXELS, CHART_HEIGHT = 17, 250
YES = "yes"
# A share of the demand; what is beyond all of it is told in times.
OF_DEMAND = '[>1.000000001]0.0" times the demand";0.0%'
NO_PRICE = "no price set"
PART = "of which"
UNMEASURED = "yes, not all measured"
BY_LITTLE = "narrowly lowest"
# A formula of Excel has 8,192 characters, and quotation marks count twice.
LONGEST_SAID = 4_000
NOT_FAVOURABLE = "4. No other assumption favours it."
# Characters of a text in one literal: every one of them may be a quotation mark, which is written twice.
PIECE = LONGEST_LITERAL // 2
QUIET = {"font_color": STRUCTURAL}


def write(book: Book) -> None:
    """Write the page."""
    summary = _Summary(book)
    summary.opening()
    summary.recommendation()
    summary.figures()
    summary.conditions()
    summary.basis()
    summary.chart()


class _Summary:
    """The sheet, written from the top down."""

    def __init__(self, book: Book) -> None:
        self.book, self.options = book, book.options
        wide = len(book.options) > UPRIGHT_OPTIONS
        self.width = WIDE if wide else UPRIGHT
        self.page = Page(book, TITLE, book.study.fields.text("title") or "Summary", landscape=wide)
        self.page.sheet.fit_to_pages(1, 1)
        self.span = 1 + len(book.options)
        label = max(int(LABEL_SHARE * self.width), self.width - LARGEST_COLUMN * len(book.options))
        each = (self.width - label) // len(book.options)
        self.each = each / PIXELS_A_CHARACTER
        self.page.columns([w / PIXELS_A_CHARACTER - 0.72 for w in (label, *(each,) * len(book.options))])
        self.row = 3

    def _words(self, text: str, value: str | None = None, **style: Any) -> None:
        length = len(value or text) * (1.1 if style.get("bold") else 1.0) * style.get("font_size", SIZE) / SIZE
        lines = max(1, -(-int(length) // int(self.width * CHARACTERS_A_PIXEL)))
        self.page.words(self.row, self.span, text, value, lines, **style)
        self.row += 1

    def _said(self, name: str, **style: Any) -> None:
        """A sentence that Decision holds."""
        self._words(f"={self.book.places[f'say {name}']}", self.book.said[f"say {name}"], **style)

    def _heading(self, text: str) -> None:
        self.page.heading(self.row, text, self.span)
        self.row += 1

    def opening(self) -> None:
        """Who made it for whom, and the decision asked for."""
        fields = self.book.study.fields
        by, to, status = (fields.text(name) for name in ("prepared_by", "prepared_for", "status"))
        whom = f"{'for' if by else 'Prepared for'} {to}" if to else ""
        parts = [f"Prepared by {by}" if by else "", whom, status, writer.date(self.book.today)]
        self._words(" · ".join(part for part in parts if part), **QUIET)
        self._heading("Decision required")
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
        """The figures for each option that a committee asks for, and whether it may be chosen."""
        self._heading("Figures for each option")
        years, money = writer.years(self.book.study.horizon), self.book.unit("money")
        self.page.text(self.row, 0, "", self.page.styles.column)
        for i, option in enumerate(self.options):
            style = {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "top"}
            self.page.formula(self.row, 1 + i, f"={option.name}", option.result.name, **style)
        self.page.fit(self.row, [(option.result.name, self.each * BOLD) for option in self.options])
        self.row += 1
        self.unit_cost = self.row
        self._row(f"Cost per 1,000 responses, discounted ({money})", *self._per_thousand())
        self._line(f"Cost per million generated tokens, all-in ({money})", "lifetime_cost_per_million_output_tokens")
        self._line(f"Present value of cost, {years}, incl. fallback ({money})", "comparison_pv_cost", STATEMENT)
        self._line(f"{PART} the option's own ({money})", "pv_cost", STATEMENT)
        self._line(f"{PART} fallback for unserved requests ({money})", "pv_interim_cost", STATEMENT, NO_PRICE)
        self._line(f"{choice.CASH} ({money})", "cash", STATEMENT)
        self._line("Share of the demand served", "served_share", OF_DEMAND, of=choice.TITLE)
        for name, label in (("quality", "Quality target met"), ("latency", "Latency targets met")):
            self._told(label, name)
        self._eligible()
        self._recommended()
        fill = self.book.file.add_format({"bg_color": CHOSEN_FILL})
        rule = {"type": "formula", "criteria": f'=B${self.row - 1}="{YES}"', "format": fill}
        self.page.sheet.conditional_format(self.unit_cost - 2, 1, self.row - 2, len(self.options), rule)
        self.row += 1

    def _eligible(self) -> None:
        """Who may be chosen; a target that nobody measured is not met, where the study lets it pass."""
        unmeasured = MET.index("not measured")
        cells = [
            [self._decided(f"{name} code", i) for name in ("quality", "latency")] for i in range(len(self.options))
        ]
        passed = [f"(({one}={unmeasured})+({two}={unmeasured})>0)" for one, two in cells]
        texts = [
            f'CHOOSE(1+{self._decided("qualifies", i)}*(1+{each}),"no","{YES}","{UNMEASURED}")'
            for i, each in enumerate(passed)
        ]
        codes = zip(*(self.book.figures[f"{name} code"] for name in ("quality", "latency")), strict=True)
        values = [
            (UNMEASURED if unmeasured in pair else YES) if may else "no"
            for may, pair in zip(self.book.figures["qualifies"], codes, strict=True)
        ]
        self._row("Eligible (same work, no target missed)", texts, values, longest=len(UNMEASURED))

    def _recommended(self) -> None:
        """The option chosen; where the runner-up is as good within the margin, the cost does not recommend it."""
        place, close = (self.book.places[name] for name in ("place winner", "close"))
        texts = [f'IF(SUM({place})={i},CHOOSE(1+{close},"{YES}","{BY_LITTLE}"),"-")' for i in self._counted()]
        said = BY_LITTLE if self.book.said["close"] == "1.0" else YES
        values = [said if self.book.said["place winner"] == str(float(i)) else "-" for i in self._counted()]
        self._row("Recommended", texts, values, longest=len(BY_LITTLE))

    def _counted(self) -> range:
        return range(1, len(self.options) + 1)

    def _decided(self, name: str, option: int) -> str:
        return self.book.cell(f"{choice.TITLE} {name}", option)

    def _row(self, label: str, texts: list[str], values: list[Any], style: str = "General", longest: int = 0) -> None:
        """A row of figures, or of words that may come to have so many characters and then take a second line."""
        part = INDENTED if label.startswith(PART) else {}
        self.page.text(self.row, 0, label, self.page.styles.get(text_wrap=True, valign="top", **part))
        wrapped = {"text_wrap": True} if longest > WORDS_A_COLUMN * self.each else {}
        for i, (text, value) in enumerate(zip(texts, values, strict=True)):
            self.page.formula(
                self.row, 1 + i, f"={text}", value, num_format=style, align="right", valign="top", **wrapped
            )
        long = len(label) * PIXELS_A_CHARACTER > self.width * LABEL_SHARE * 1.1
        self.page.sheet.set_row(self.row - 1, 26 if long or wrapped else 13.5)
        self.row += 1

    def _line(self, label: str, name: str, style: str = "", lacking: str = NOTHING, of: str = "") -> None:
        """A row of another sheet, Comparison if not said otherwise; `lacking` is said where there is no figure, and
        that there is none where the other cell is an error."""
        cells = [self.book.cell(f"{of or comparison.TITLE} {name}", i) for i in range(len(self.options))]
        values = [lacking if v is None else v for v in self.book.figures[name]]
        texts = [f'CHOOSE(1+ISNUMBER({c})+2*ISTEXT({c}),"{NOTHING}",{c},"{lacking}")' for c in cells]
        self._row(label, texts, values, style or line_format(MODEL.lines[name].label, MODEL.lines[name].unit, values))

    def _per_thousand(self) -> tuple[list[str], list[Any], str]:
        """The figure that ranks, of 1,000 responses: formulas, values, a number format that tells those apart that
        differ."""
        costs = [*map(of_thousand, self.book.figures[RANKED_BY])]
        values = [NOTHING if cost is None else cost for cost in costs]
        cells = [self._decided(RANKED_BY, i) for i in range(len(self.options))]
        thousand = constant_name("REQUESTS_PER_THOUSAND")
        texts = [f'IF(ISNUMBER({c}),{c}*{thousand},"{NOTHING}")' for c in cells]
        return texts, values, costs_format(costs)

    def _told(self, label: str, name: str) -> None:
        cells = [self._decided(name, i) for i in range(len(self.options))]
        self._row(label, cells, list(self.book.figures[name]))

    def conditions(self) -> None:
        """What must hold for the recommendation to stand, and on what the cost rests."""
        self._heading("What must hold")
        for number, name in enumerate(("first", "second", "third"), start=1):
            cell, said = self.book.places[f"say {name}"], self.book.said[f"say {name}"]
            text = f'=IF({cell}="{sentences.SILENT}",{cell},"{number}. "&{cell})'
            self._words(text, said if said == sentences.SILENT else f"{number}. {said}")
        self._favourable()
        self._said("assumed")
        self._said("undiscounted")
        self._turning()
        self._sure()

    def _favourable(self) -> None:
        """What is favourable to the option that was recommended, as long as the figures are those of this run.

        One cell for all of it: how much there is to say follows the figures, and rows do not.
        """
        best, _ = decision.contenders(self.book.result)
        found = favourable(self.book.result.options[best.name]) if best else ()
        numbered = [f"{number}. {each}" for number, each in enumerate(found, start=4)]
        while sum(map(len, numbered)) > LONGEST_SAID:
            numbered[-2:] = ["More is in the brief."]
        said = " ".join(numbered) or (NOT_FAVOURABLE if best else sentences.SILENT)
        self._of_run(said, "4. Inputs were changed: export again to see what else must hold.")

    def _turning(self) -> None:
        """The nearest break-even that was found, as long as the figures are those of the run that found it."""
        found = self.book.findings
        if found is None or not found.brief.flips:
            return
        what = found.brief.turning
        said = f"{what}, nearest first: {found.brief.flips[0]}"
        self._of_run(said, f"{what}: inputs were changed; export again to search anew.")

    def _sure(self) -> None:
        """How sure the recommendation is and what it may cost, as long as the figures are those of the run."""
        found = self.book.findings
        if found is None or not found.brief.sure:
            return
        said = f"How sure it is: {' '.join(found.brief.sure[:2])}"
        self._of_run(said, "How sure it is: inputs were changed; export again to simulate anew.")

    def _of_run(self, said: str, silent: str) -> None:
        """A sentence of the run, and what stands there once inputs were changed."""
        words = "&".join(literal(said[i : i + PIECE]) for i in range(0, len(said), PIECE))
        self._words(f"=IF({self.book.places['same as program']}=1,{words},{literal(silent)})", said)

    def basis(self) -> None:
        """On which footing the figures stand, and the state of the model."""
        fields, places = self.book.study.fields, self.book.places
        self._heading("Basis")
        rate = writer.rate(self.book.study.discount_rate)
        value = f"{self.book.said['slot money']}, nominal, before tax; discounted at {rate} Rule: {RULE}"
        parts = [
            f"={places['slot money']}",
            '", nominal, before tax; discounted at "',
            f'IF(ISNUMBER(in_discount_rate),{sentences.rate("in_discount_rate")},"{NOTHING}")',
        ]
        rule = [literal(RULE[i : i + LONGEST_LITERAL]) for i in range(0, len(RULE), LONGEST_LITERAL)]
        self._words("&".join([*parts, '" Rule: "', *rule]), value, font_size=SMALL)
        status = fields.text("status") or "no status stated"
        said = f"Model: version {self.book.version}, {status}; all checks hold."
        stated = 'IF(ISBLANK(in_status),"no status stated",in_status)'
        held = f'IF({address(CHECKS, MASTER_CELL)}=1,"; all checks hold.","; A CHECK FAILS.")'
        self._words(f'="Model: version "&{places["version"]}&", "&{stated}&{held}', said, font_size=SMALL)

    def chart(self) -> None:
        """The figure that ranks the options, as bars in their colours."""
        title = "Cost per 1,000 responses, discounted"
        made = drawing.chart(self.book, "column", title, self.book.unit("money"))
        names = self.book.places[f"{comparison.TITLE} names"]
        costs = f"'{TITLE}'!$B${self.unit_cost}:${xl_col_to_name(len(self.options))}${self.unit_cost}"
        labels = {"value": True, "font": {"name": FONT, "size": 9}}
        edge = {"color": OUTLINE, "width": 0.5}
        points = [{"fill": {"color": colour}, "border": edge} for colour in drawing.option_colours(self.book)]
        drawing.filled(made, title, names, costs, ACCENT, gap=80, data_labels=labels, points=points)
        made.set_legend({"none": True})
        self._words(drawing.colours_told(self.book), font_size=SMALL, **QUIET)
        drawing.place(self.book, TITLE, self.row + 1, 0, made, (self.width, CHART_HEIGHT))
        self.row += -(-CHART_HEIGHT // ROW_PIXELS) + 1
        self.page.sheet.print_area(0, 0, self.row, self.span - 1)
