"""The decision in formulas: `models.analysis.decision` on the rows of the comparison, and its sentences.

Whoever changes an input in the workbook sees another option chosen, and other words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.analysis.decision import decision
from models.analysis.decision.decision import NOTHING, WORDS
from models.analysis.metrics.headlines import cash_needed
from models.analysis.metrics.measures import RANKED_BY, SAME_WORK_UNDISCOUNTED, TIE
from models.analysis.metrics.palette import COSTS
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import MODEL
from workbook.decision import eligibility, rows, sentences
from workbook.decision.option_table import OptionTable
from workbook.decision.sentences import SILENT, sentence
from workbook.writing import entries
from workbook.writing.book import Book, OptionSheet
from workbook.writing.formula import literal
from workbook.writing.page import CHECKS, MASTER_CELL, address
from workbook.writing.styles import STATEMENT, STRUCTURAL

TITLE = "Decision"
HEAD_ROW = 4
LABEL_WIDTH, WHY_WIDTH = 50, 42
SLACK = entries.constant_name("ROUNDING_SLACK")
THOUSAND = entries.constant_name("REQUESTS_PER_THOUSAND")
HOLDS = address(CHECKS, MASTER_CELL)
WITHHELD = "No recommendation: a check fails, see Checks."
# The costs that a sentence holds against each other, by the rows that have them for one response.
_ROWS = {"cost": "best", "next_cost": "second"}
CASH = "Cash needed in year 1, resale not taken off"


def cash_in_year_1(option: OptionSheet) -> str:
    """The formula, without its equals sign, of what has to be paid in year 1; models.analysis.headlines has it too."""
    loan = f"IF({option.at('is_loan')}=1,{option.at('loan_payment', year=1)}-{option.at('loan_draw')},0)"
    return f"{option.at('capex', year=1)}+{option.at('operating', year=1)}+{loan}"


def write(book: Book) -> None:
    """Eligibility, the largest cost of each option, the choice, and the sentences that tell it."""
    table = OptionTable(book, TITLE, "Decision: how the choice is made", HEAD_ROW, LABEL_WIDTH, WHY_WIDTH)
    table.page.words(HEAD_ROW - 1, table.span, decision.RULE, None, lines=3, font_color=STRUCTURAL)
    eligibility.write(table)
    choice = _Choice(table)
    choice.totals()
    choice.largest()
    choice.choice()
    _called(table)
    found = decision.slots(book.result)
    cells = _Slots(table, found).write()
    table.heading("Sentences, each as if it applied")
    say = _worded(table, cells, found)
    table.heading("Sentences shown on Cover and Summary")
    _sentences(table, cells, found, say)
    table.end()


def _called(table: OptionTable) -> None:
    """What each option is called in a sentence, and what one does by choosing it, as `decision.called` and `phrase`."""
    study, names = table.book.study, [option.result.name for option in table.options]
    verbs = [decision.verb_of(study, option.result.option) for option in table.options]

    def called(i: int) -> str:
        name = table.cell("names", i)
        tears = f'ISNUMBER(FIND(",",{name}))+ISNUMBER(FIND(" and ",{name}))'
        return f'IF({tears}>0,"\u201c"&{name}&"\u201d",{name})'

    table.heading("Options in sentences")
    why = "In quotation marks where a comma or an “and” would tear the sentence."
    table.add("called", "Name in sentences", rows.TEXT, called, [decision.called(name) for name in names], why=why)
    table.add(
        "phrase",
        "Action in sentences",
        rows.TEXT,
        lambda i: literal(verbs[i]) if verbs[i] else f'"Choose "&{table.cell("called", i)}',
        [decision.phrase(study, name) for name in names],
        why="How the recommendation begins if this option is recommended.",
    )


class _Choice:
    """The option chosen and the runner-up, as 1 in their columns."""

    def __init__(self, table: OptionTable) -> None:
        self.table, self.book, self.options = table, table.book, table.options

    def totals(self) -> None:
        """What the choice and its sentences read besides the figure that ranks."""
        table, money = self.table, self.book.unit("money")
        table.heading("Totals")
        for name in (SAME_WORK_UNDISCOUNTED, "comparison_pv_cost", "pv_after_tax_cost"):
            table.line(name)
        cash = [cash_needed(option.result) for option in self.options]
        texts = [cash_in_year_1(option) for option in self.options]
        why = "The amount asked for: purchases and running costs of the first year, a loan taken off."
        table.add("cash", CASH, money, texts.__getitem__, cash, STATEMENT, why)
        totals, holds = table.values["comparison_pv_cost"], table.values["comparable"]
        gaps = [totals[table.against] - t if h else "not compared" for t, h in zip(totals, holds, strict=True)]
        theirs = table.cell("comparison_pv_cost", table.against, True)

        def saving(i: int) -> str:
            ours = table.cell("comparison_pv_cost", i)
            return f'IF({table.cell("comparable", i)}=1,{theirs}-{ours},"not compared")'

        label = f"Saving against {self.options[table.against].result.name}, present value of cost"
        why = "Negative: costs more. Only where totals are comparable."
        table.add("saving", label, money, saving, gaps, STATEMENT, why)

    def largest(self) -> None:
        """Each option's largest kind of cost, by present value, and its responses."""
        self.table.heading("Present value by kind of cost")
        kinds, money = self.options[0].result.keys("cost"), self.book.unit("money")
        for r, kind in enumerate(kinds):
            texts = [option.at("pv_cost_tree", r) for option in self.options]
            values = [option.result.values["pv_cost_tree"][r] for option in self.options]
            why = "One of these is the option's largest kind of cost."
            self.table.add(f"pv_cost_tree {kind}", COSTS[kind].label, money, texts.__getitem__, values, STATEMENT, why)
        self.table.heading("Largest kind of cost")
        first, last = (f"pv_cost_tree {kind}" for kind in (kinds[0], kinds[-1]))
        labels = f"$A${self.table.rows[first]}:$A${self.table.rows[last]}"
        found = [decision.driver(option.result) for option in self.options]

        def kinds_of(i: int) -> str:
            return f"{self.table.cell(first, i)}:{self.table.cell(last, i)}"

        self.table.add(
            "largest",
            "Largest kind of cost, amount",
            money,
            lambda i: f"MAX({kinds_of(i)})",
            [amount for _, amount in found],
            STATEMENT,
            "The cost on which most depends.",
        )
        self.table.add(
            "driver",
            "Largest kind of cost, name",
            rows.TEXT,
            lambda i: f"INDEX({labels},MATCH({self.table.cell('largest', i)},{kinds_of(i)},0))",
            [label for label, _ in found],
            why="Named in the first condition of the recommendation.",
        )
        responses = [option.result.values["pv_all_responses"] for option in self.options]
        texts = [option.at("pv_all_responses") for option in self.options]
        self.table.add(
            "pv_all_responses",
            "Responses of the whole demand, discounted",
            self.book.unit("response"),
            texts.__getitem__,
            responses,
            why="Turns a margin per response into an amount of money.",
        )

    def choice(self) -> None:
        """The option chosen and the runner-up, as 1 in their columns."""
        self.table.heading("Choice")
        best, _ = decision.contenders(self.book.result)
        figures = [v for v in self.table.values["candidates"] if not isinstance(v, str)]
        alone = f"(SUM({self.table.across('comparable')})=1)*(COLUMNS({self.table.across('comparable')})>1)"
        row = self.table.across("candidates")
        least = self.table.single(
            "best", f'IF((COUNT({row})=0)+{alone}>0,"{NOTHING}",MIN({row}))',
            min(figures) if best else NOTHING,
        )  # fmt: skip
        limit = best and min(figures) + TIE * abs(min(figures))
        tied = [limit is not None and not isinstance(v, str) and v <= limit for v in self.table.values["candidates"]]

        def as_low(i: int, cell: str) -> str:
            own = self.table.cell("candidates", i)
            return f"ISNUMBER({own})*ISNUMBER({cell})*({own}<=SUM({cell})+{SLACK}*ABS(SUM({cell})))"

        equal = [float(t) for t in tied]
        why = "Costs that differ by rounding alone are equal."
        self.table.add("tied", "Equal lowest", rows.YES, lambda i: as_low(i, least), equal, "0", why)
        taxed = [
            o.result.values["pv_after_tax_cost"] if t else NOTHING for o, t in zip(self.options, tied, strict=True)
        ]
        self.table.add(
            "taxed",
            "Present value of cost after tax, equal lowest",
            self.book.unit("money"),
            lambda i: f'IF({self.table.cell("tied", i)}=1,{self.table.cell("pv_after_tax_cost", i)},"{NOTHING}")',
            taxed,
            STATEMENT,
            "Decides between options of equal cost.",
        )
        lowest = f"MIN({self.table.across('taxed')})"
        chosen_values = self._chosen_values(taxed)
        self.table.add(
            "chosen",
            "Recommended: lowest of them after tax",
            rows.YES,
            lambda i: f"{self.table.cell('tied', i)}*({self.table.cell('taxed', i)}<={lowest}+{SLACK}*ABS({lowest}))",
            chosen_values,
            "0",
            "The first of them is recommended if several are marked.",
        )
        self._runner_up(tied, row, as_low)

    def _runner_up(self, tied: Sequence[bool], row: str, as_low: Callable[[int, str], str]) -> None:
        """The option that costs least of those that are not tied for the choice."""
        best, second = decision.contenders(self.book.result)
        names = [option.result.name for option in self.options]
        count = f"SUM({self.table.across('tied')})"
        others = sorted(
            v for v, t in zip(self.table.values["candidates"], tied, strict=True) if not t and not isinstance(v, str)
        )
        after = self.table.single(
            "second",
            f'IF((COUNT({row})>{count})*({count}>0)>0,SMALL({row},1+{count}),"{NOTHING}")',
            others[0] if best and others else NOTHING,
        )
        nexts = [float(bool(second) and not t and name == second.name) for name, t in zip(names, tied, strict=True)]
        near = [
            float(bool(second) and not t and not isinstance(v, str) and v <= others[0] + TIE * abs(others[0]))
            for v, t in zip(self.table.values["candidates"], tied, strict=True)
        ]
        assert not second or near.index(1.0) == nexts.index(1.0)
        self.table.add(
            "next",
            "Next best",
            rows.YES,
            lambda i: f"(1-{self.table.cell('tied', i)})*{as_low(i, after)}",
            near,
            "0",
            "Has the second-lowest cost.",
        )

    def _chosen_values(self, taxed: Sequence[Any]) -> list[float]:
        known = [t for t in taxed if not isinstance(t, str)]
        least = min(known, default=0.0)
        return [float(not isinstance(t, str) and t <= least + TIE * abs(least)) for t in taxed]


class _Slots:
    """The cells that fill the slots of the sentences."""

    def __init__(self, table: OptionTable, found: dict[str, str]) -> None:
        self.table, self.found = table, found
        self.cells: dict[str, str] = {}

    def write(self) -> dict[str, str]:
        """Every slot's cell by name."""
        self.table.heading("Options that the sentences name")
        self._study()
        for slot, row in (("winner", "chosen"), ("runner_up", "next")):
            self._option(slot, row)
        self.text("phrase", self._at(self.cells["place winner"], "phrase"))
        self.table.heading("Costs in the sentences")
        self._costs()
        self.table.heading("Margins in the sentences")
        self._margins()
        self.table.heading("Amounts in the sentences")
        self._winners()
        return self.cells

    def text(self, slot: str, formula: str) -> None:
        """A slot that is a text."""
        self.cells[slot] = self.table.single(f"slot {slot}", formula, self.found[slot])

    def _study(self) -> None:
        self.found["money"] = decision.money(self.table.book.result)
        self.text("money", 'IF(ISBLANK(in_currency),"money",in_currency)')
        self.text("years", sentences.years("in_horizon_years"))
        self.text("reference", self.table.cell("called", self.table.against))

    def _option(self, slot: str, row: str) -> None:
        cells = self.table.across(row)
        values = self.table.values[row]
        place: Any = values.index(1.0) + 1.0 if 1.0 in values else NOTHING
        text = f'IF(COUNTIF({cells},1)*{HOLDS}=0,"{NOTHING}",MATCH(1,{cells},0))'  # nobody where a check fails
        at = self.table.single(f"place {slot}", text, place)
        self.cells[f"place {slot}"] = at
        self.text(slot, self._at(at, "called"))

    def _at(self, place: str, row: str) -> str:
        """What a row holds for the option at a place."""
        return f'IF(ISNUMBER({place}),INDEX({self.table.across(row)},{place}),"{NOTHING}")'

    def _figure(self, slot: str, formula: str, value: float | None) -> tuple[str, str]:
        """A cost per 1,000 responses, and how many decimals it has alone."""
        number = self.table.single(f"figure {slot}", formula, value)
        kept: Any = NOTHING if value is None else float(writer.cost_decimals(value))
        text = f'IF(ISNUMBER({number}),{sentences.cost_decimals(number)},"{NOTHING}")'
        return number, self.table.single(f"decimals {slot}", text, kept)

    def _written(self, slot: str, number: str, decimals: str) -> None:
        self.text(slot, f'IF(ISNUMBER({number}),{sentences.unit_cost(number, decimals)},"{NOTHING}")')

    def _pair(self, slots: Sequence[str], figures: Sequence[float | None]) -> None:
        """Two costs that a sentence holds against each other: with a decimal or two more where they would look alike,
        as `writer.unit_costs`."""
        found = [self._figure(slot, self._thousand(slot), figure) for slot, figure in zip(slots, figures, strict=True)]
        more = writer.costs_decimals(figures)[0] - writer.cost_decimals(figures[0] or 0.0)
        text = sentences.decimals_more(*found[0], *found[1])
        at = self.table.single("decimals more", text, float(more))
        for slot, (number, decimals) in zip(slots, found, strict=True):
            self._written(slot, number, f"({decimals}+{at})")

    def _thousand(self, slot: str) -> str:
        cell = f"$C${self.table.rows[_ROWS[slot]]}"
        return f'IF(ISNUMBER({cell}),{cell}*{THOUSAND},"{NOTHING}")'

    def _costs(self) -> None:
        values = [self.table.values[row][0] for row in _ROWS.values()]
        figures = [None if isinstance(value, str) else value * REQUESTS_PER_THOUSAND for value in values]
        self._pair(tuple(_ROWS), figures)
        priced = [value == 1 for value in self.table.values["priced_in_full"]]
        cells, _ = self._of(
            RANKED_BY, "options with all prices", lambda i: f"{self.table.cell('priced_in_full', i)}=1", priced
        )
        self._first_of("lowest", cells, f"COUNT({cells})*{HOLDS}")
        eligible = [not isinstance(value, str) for value in self.table.values["candidates"]]
        cells, values = self._of(
            SAME_WORK_UNDISCOUNTED,
            "eligible options",
            lambda i: f"ISNUMBER({self.table.cell('candidates', i)})",
            eligible,
        )
        chosen = f"ISNUMBER($C${self.table.rows['best']})*COUNT({cells})*{HOLDS}"
        figure = min(values) * REQUESTS_PER_THOUSAND if values and self.found["cheapest"] != NOTHING else None
        text = f'IF({chosen}=0,"{NOTHING}",MIN({cells})*{THOUSAND})'
        self._written("cheapest_cost", *self._figure("cheapest_cost", text, figure))
        self._first_of("cheapest", cells, chosen)

    def _first_of(self, slot: str, cells: str, some: str) -> None:
        """The name of the option with the least of the figures, where there are some."""
        name = f"INDEX({self.table.across('called')},MATCH(MIN({cells}),{cells},0))"
        self.text(slot, f'IF({some}=0,"{NOTHING}",{name})')

    def _of(self, row: str, which: str, test: Callable[[int], str], counts: Sequence[bool]) -> tuple[str, list[float]]:
        """The figures of a row of the options that count: their cells, and those that are there."""
        kept: list[float | str] = [
            NOTHING if value is None or not counted else float(value)
            for value, counted in zip(self.table.values[row], counts, strict=True)
        ]

        def text(i: int) -> str:
            return f'IF({test(i)},{self.table.cell(row, i)},"{NOTHING}")'

        label = f"{MODEL.lines[row].label}, {which}"
        why = f"The lowest is sought among {which} only."
        self.table.add(f"{row} kept", label, self.table.book.unit(MODEL.lines[row].unit), text, kept, why=why)
        return self.table.across(f"{row} kept"), [value for value in kept if isinstance(value, float)]

    def _percent(self, slot: str, formula: str) -> None:
        result = self.table.book.result
        best, second = decision.contenders(result)
        gap, fall = decision.margins(best.figure if best else None, second.figure if second else None)
        rise = decision.room(result.options[best.name], second.figure) if best and second else None
        share = decision.assumption_share(result.options[best.name]) if best else None
        value = {"gap": gap, "fall": fall, "rise": rise, "assumed": share}[slot]
        number = self.table.single(f"share {slot}", formula, NOTHING if value is None else value, "0.0%")
        self.text(slot, f'IF(ISNUMBER({number}),{sentences.share(number)},"{NOTHING}")')

    def _margins(self) -> None:
        best, second = (f"$C${self.table.rows[row]}" for row in ("best", "second"))
        both = f"ISNUMBER({best})*ISNUMBER({second})*({best}>0)"
        self._percent("gap", f'IF({both}>0,{second}/{best}-1,"{NOTHING}")')
        self._percent("fall", f'IF({both}>0,1-{best}/{second},"{NOTHING}")')
        place, table, result = self.cells["place winner"], self.table, self.table.book.result
        winner = decision.contenders(result)[0]
        option = result.options[winner.name] if winner else None
        amount: Any = decision.driver(option)[1] if option else NOTHING
        largest = table.single("winner's largest", self._at(place, "largest"), amount, STATEMENT)
        count: Any = option.values["pv_all_responses"] if option else NOTHING
        responses = table.single("winner's responses", self._at(place, "pv_all_responses"), count)
        known = f"ISNUMBER({second})*ISNUMBER({largest})*({largest}>0)"
        text = f'IF({known}=1,({second}-{best})*{responses}/{largest},"{NOTHING}")'
        self._percent("rise", text)

    def _winners(self) -> None:
        place, table = self.cells["place winner"], self.table
        for slot, row in (("driver", "driver"), ("quality", "quality"), ("latency", "latency")):
            self.text(slot, self._at(place, row))
        self._amounts(place)
        shares = table.book.places["Evidence weak"]
        self._percent("assumed", f'IF(ISNUMBER({place}),INDEX({shares},{place}),"{NOTHING}")')
        self._saving(place)

    def _scale(self, name: str, amounts: Sequence[tuple[str, Any]]) -> list[str]:
        """The cells that hold a sentence's scale, by the largest of its amounts: divisor, mark, decimals."""
        values = [abs(value) for _, value in amounts if not isinstance(value, str)]
        cells = ",".join(f"ABS(SUM({cell}))" for cell, _ in amounts)
        largest = self.table.single(f"largest {name}", f"MAX({cells})", max(values, default=0.0), STATEMENT)
        found = writer.sentence_scale(values)
        parts = (("divisor", found.divisor), ("mark", found.mark or SILENT), ("decimals", float(found.decimals)))
        return [self.table.single(f"{part} {name}", sentences.scale(largest, part), value) for part, value in parts]

    def _amounts(self, place: str) -> None:
        """What the winner takes in year 1 and over the years, in one scale."""
        table, best = self.table, decision.contenders(self.table.book.result)[0]
        at = list(table.book.result.options).index(best.name) if best else None
        kept: list[tuple[str, Any]] = []
        for slot, row in (("cash", "cash"), ("pv", "comparison_pv_cost")):
            value: Any = NOTHING if at is None else table.values[row][at]
            kept.append((table.single(f"figure {slot}", self._at(place, row), value, STATEMENT), value))
        scale = self._scale("the winner's amounts", kept)
        for slot, (cell, _) in zip(("cash", "pv"), kept, strict=True):
            text = f'IF(ISNUMBER({cell}),{sentences.amount(cell, *scale)},"{NOTHING}")'
            self.text(slot, text)

    def _saving(self, place: str) -> None:
        """How much less than the reference, if the study names one and it is not the winner itself."""
        table, result = self.table, self.table.book.result
        best, _ = decision.contenders(result)
        saved = decision.saving(result, best.name) if best else None
        text = f'IF(ISNUMBER({place}),INDEX({table.across("saving")},{place}),"{NOTHING}")'
        value: Any = NOTHING
        if best:
            value = table.values["saving"][list(result.options).index(best.name)]
        number = table.single("figure saving", text, value, STATEMENT)
        counts = f"ISNUMBER({number})*(1-ISBLANK(in_reference_option))*({place}<>{table.against + 1})"
        flag = self.cells["saving counts"] = table.single("saving counts", counts, float(saved is not None))
        scale = self._scale("the saving", [(number, value)])
        text = f'IF({flag}=1,{sentences.amount(f"ABS(SUM({number}))", *scale)},"{NOTHING}")'
        self.text("saving", text)
        words = f'CHOOSE(1+(SUM({number})>=0),"{decision.MORE}","{decision.LESS}")'
        self.text("direction", f'IF({flag}=1,{words},"{NOTHING}")')


def _unpriced(table: OptionTable) -> tuple[str, str]:
    """What is said first, of each option that lacks a price: the beginning of a formula, and its value. Not where a
    check fails: then nothing is known."""
    words = f" {decision.NOT_RANKED}. "
    flags, names = table.values["priced_in_full"], table.values["called"]
    each = [
        f'IF({HOLDS}*({table.cell("priced_in_full", i)}<>1)=1,{table.cell("called", i)}&"{words}","")&'
        for i in range(len(flags))
    ]
    return "".join(each), "".join(f"{name}{words}" for name, flag in zip(names, flags, strict=True) if flag != 1)


def _worded(table: OptionTable, cells: dict[str, str], found: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Every sentence as if it held: its cell and what it says."""
    say: dict[str, tuple[str, str]] = {}
    for key, words in WORDS.items():
        value = words.format(**found)
        say[key] = table.single(f"words {key}", sentence(key, cells), value), value
    return say


def _otherwise(
    table: OptionTable, cells: dict[str, str], found: dict[str, str], say: dict[str, tuple[str, str]]
) -> tuple[str, str]:
    """What is said where none is chosen: its cell and its words."""
    nobody = say["nobody" if found["lowest"] != NOTHING else "nothing"][1]
    table.single(
        "say otherwise",
        f'CHOOSE(1+{HOLDS}*(1+({cells["lowest"]}<>"{NOTHING}")),"{WITHHELD}",{say["nothing"][0]},{say["nobody"][0]})',
        nobody,
    )  # fmt: skip
    return f"$C${table.rows['say otherwise']}", nobody


def _sentences(
    table: OptionTable, cells: dict[str, str], found: dict[str, str], say: dict[str, tuple[str, str]]
) -> None:
    """The sentences that hold: what is said where there is no winner, no runner-up, no reference."""
    winner, second = (f"ISNUMBER({cells[f'place {slot}']})" for slot in ("winner", "runner_up"))
    chosen, follows = (found[slot] != NOTHING for slot in ("winner", "runner_up"))
    otherwise = _otherwise(table, cells, found, say)
    silent = f'"{SILENT}"', SILENT
    fall = f"$C${table.rows['share fall']}"
    behind = table.values["share fall"][0]
    # No runner-up, one that nothing can be a share of, one that is behind, one that is close.
    near = not isinstance(behind, str) and behind < decision.CLOSE
    close = table.single("close", f"ISNUMBER({fall})*({fall}<{decision.CLOSE})", float(near))
    state = f"{second}*(1+ISNUMBER({fall})+{close})"
    at = 0 if not follows else 1 if isinstance(behind, str) else 2 + near

    def opening(
        name: str, said: Sequence[tuple[str, str]], else_: tuple[str, str], before: tuple[str, str] = ("", "")
    ) -> None:
        text = f"{before[0]}IF({winner},CHOOSE(1+{state},{','.join(cell for cell, _ in said)}),{else_[0]})"
        table.single(f"say {name}", text, before[1] + (said[at][1] if chosen else else_[1]))

    first = (say["only"], say["only"], say["chosen"], say["close"])
    opening("recommended", first, otherwise, _unpriced(table))
    after = (say["alone"], say["next_only"], say["next"], say["next_close"])
    opening("runner_up", after, silent)

    def which(name: str, slot: str, said: Sequence[tuple[str, str]]) -> None:
        """Said of no winner, of no runner-up, of a runner-up without the figure of the slot, and of one with it."""
        text = f'1+{winner}+{second}*(1+({cells[slot]}<>"{NOTHING}"))'
        place = chosen + follows * (1 + (found[slot] != NOTHING))
        table.single(f"say {name}", f"CHOOSE({text},{','.join(cell for cell, _ in said)})", said[place][1])

    def where(name: str, key: str, test: str, holds: bool) -> None:
        table.single(f"say {name}", f'IF({test},{say[key][0]},"{SILENT}")', say[key][1] if holds else SILENT)

    where("amount", "amount", winner, chosen)
    where("against", "against", f"{cells['saving counts']}=1", found["saving"] != NOTHING)
    which("first", "rise", (say["no_choice"], say["no_turn"], silent, say["driver"]))
    behind_by = f'{second}*({cells["fall"]}<>"{NOTHING}")=1'
    where("second", "cut", behind_by, found["fall"] != NOTHING)
    where("third", "targets", winner, chosen)
    rests = f'{cells["assumed"]}<>"{NOTHING}"'
    where("assumed", "assumed", rests, found["assumed"] != NOTHING)
    where("undiscounted", "undiscounted", f'{cells["cheapest"]}<>"{NOTHING}"', found["cheapest"] != NOTHING)
