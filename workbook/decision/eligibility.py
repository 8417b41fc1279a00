"""Eligibility, in formulas: targets met, the same work as the reference, sized the same way.

The live form of `models.analysis.compare` and of the targets in `models.analysis.side_by_side`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.analysis.decision import decision
from models.analysis.decision.decision import NOTHING
from models.analysis.decision.side_by_side import Met, latency_met, quality_met
from models.analysis.metrics.measures import RANKED_BY
from models.analysis.metrics.same_work import SAME_WORK, SERVED_ALL, WHOLE_DEMAND, lacks, same_work
from models.studies.inputs import schema
from models.studies.inputs.schema import OWNED
from models.studies.prices import TOKENS_OF
from models.studies.study import EQUIPMENT
from workbook.decision import rows
from workbook.decision.option_table import FIRST, LABEL, UNIT, OptionTable
from workbook.writing import entries
from workbook.writing.book import OptionSheet
from workbook.writing.styles import INPUT, INPUT_FILL

TOLERANCE_ROW = 5
TOLERANCE = f"SUM($C${TOLERANCE_ROW})"  # a text typed there is no gap at all, and Checks says so
MET: tuple[Met, ...] = ("no target", "yes", "not measured", "no")
CODE = "code"
TARGETS = "A target that is missed bars the option; one not measured does where the study says so."
MEASURES = tuple(entry for entry in schema.fields("serving") if entry.target)


def write(table: OptionTable) -> None:
    """The rows from the names of the options to the cost of those that may be chosen."""
    found = _Eligibility(table)
    found.head()
    found.targets()
    found.qualifying()


class _Eligibility:
    """What keeps an option from being chosen, row by row."""

    def __init__(self, table: OptionTable) -> None:
        self.table, self.book, self.options = table, table.book, table.options

    def head(self) -> None:
        """Names of the options, and from which gap on they do not do the same work."""
        table = self.table
        table.names()
        table.page.text(TOLERANCE_ROW, LABEL, "Same work: largest gap between the shares served")
        table.page.text(TOLERANCE_ROW, UNIT, f"{rows.SHARE} of the larger", table.page.styles.quiet)
        style = table.page.styles.get(font_color=INPUT, bg_color=INPUT_FILL, num_format="0.0%", locked=False)
        table.page.sheet.write_number(TOLERANCE_ROW - 1, FIRST, SAME_WORK, style)
        table.why("Options whose shares of the demand served are further apart do not do the same work.", TOLERANCE_ROW)

    def targets(self) -> None:
        """A code a workload and measure: 0 no target, 1 met, 2 not measured, 3 missed."""
        self.table.heading("Targets by workload: 0 none, 1 met, 2 not measured, 3 missed")
        for entry in MEASURES:
            for w, workload in enumerate(self.book.study.workloads):
                codes = [self._target(option, w, entry) for option in self.options]
                texts = [text for text, _ in codes]
                name = f"{entry.name} {w}"
                values = [v for _, v in codes]
                label = f"{entry.label}: {workload.text('name')}"
                self.table.add(name, label, CODE, texts.__getitem__, values, "0", TARGETS)

    def _target(self, option: OptionSheet, workload: int, entry: schema.Field) -> tuple[str, float]:
        prefix = entries.base("serving", option.number, workload + 1)
        is_quality = entry.name == "quality"
        got, wanted = prefix + entry.name, prefix + entry.target
        if wanted not in option.layout.held:
            return "0", 0.0
        row = option.result.gathered.rows["serving"][workload]
        sign = "<" if is_quality else ">"
        text = f"ISNUMBER({wanted})*(2-ISNUMBER({got})*(1-2*({got}{sign}{wanted})))"
        figure, target = row.number(entry.name), row.number(entry.target)
        if row[entry.target].blank:
            return text, 0.0
        missed = figure < target if is_quality else figure > target
        return text, 2.0 if row[entry.name].blank else 1.0 + 2.0 * missed

    def qualifying(self) -> None:
        """Which options do the reference's work and meet their targets."""
        self.table.heading("Eligibility")
        self.table.line("served_share")
        self._comparable()
        self._prices()
        self._views()
        self._met("quality", "Quality target met", ("quality",), quality_met)
        self._met("latency", "Latency targets met", ("ttft_ms", "tpot_ms"), latency_met)
        self.table.line(RANKED_BY)
        ranked = {r.name: r for r in decision.ranking(self.book.result)}
        found = [ranked[option.result.name] for option in self.options]

        def met(measure: str, i: int) -> str:
            code = self.table.cell(f"{measure} code", i)
            return f"({code}<3)*(1-in_strict_targets*({code}=2))"

        def qualifies(i: int) -> str:
            own = "*".join(self.table.cell(name, i) for name in ("comparable", "priced_in_full", "not_a_view"))
            return f"IF(ISNUMBER({self.table.cell(RANKED_BY, i)}),{own}*{met('quality', i)}*{met('latency', i)},0)"

        may = [float(r.qualifies) for r in found]
        why = "Comparable, with all prices, counting only the demand, and no target missed."
        self.table.add("qualifies", "Eligible", rows.YES, qualifies, may, "0", why)
        self.table.add(
            "candidates",
            "Cost per meaningful response of the eligible options",
            self.book.unit("money/response"),
            lambda i: f'IF({self.table.cell("qualifies", i)}=1,{self.table.cell(RANKED_BY, i)},"{NOTHING}")',
            [r.figure if r.qualifies else NOTHING for r in found],
            why="The lowest of these is recommended.",
        )

    def _prices(self) -> None:
        """Whether all prices are there that an option cannot do without; a typed 0 is a price."""
        held = [not lacks(option.result) for option in self.options]
        texts = [self._all_given(i) for i in range(len(self.options))]
        values = [float(h) for h in held]
        why = "An option that lacks a price is not ranked; a typed 0 is a price."
        self.table.add("priced_in_full", "All prices given", rows.YES, texts.__getitem__, values, "0", why)

    def _all_given(self, i: int) -> str:
        """The formula, without its equals sign, that is 1 where no price is missing: `lacks` on the sheets."""
        option, by_name = self.options[i], {each.result.name: each for each in self.options}
        text = _own_given(option)
        if taken := by_name.get(option.result.option.fields.text("overflow_to")):
            text += f"*{_tokens_priced(taken)}"
        elsewhere = by_name.get(self.book.study.fields.text("interim_from"))
        if elsewhere is not None and elsewhere is not option:
            share = self.table.cell("served_share", i)
            short = f"IF(ISNUMBER({share}),({share}<1-{SERVED_ALL})*1,0)"
            text += f"*(1-{short}*(1-{_tokens_priced(elsewhere)}))"
        return text

    def _views(self) -> None:
        """Whether an option counts only what is asked for: given systems do not where others are sized for it."""
        views = decision.capacity_views(self.book.result)
        sized = any(option.result.values["is_sized"] for option in self.options)

        def counts(i: int) -> str:
            if not self.options[i].result.values["is_fixed"] or len(self.options) == 1:
                return "1"
            share = self.table.cell("served_share", i)
            return "0" if sized else f"IF(ISNUMBER({share}),({share}<=1+{TOLERANCE})*1,1)"

        values = [float(option.result.name not in views) for option in self.options]
        why = (
            "Systems given in number that count all they can produce are not held against options sized for the demand."
        )
        self.table.add("not_a_view", "Counts only the demand", rows.YES, counts, values, "0", why)

    def _comparable(self) -> None:
        """The same work as the reference, sized the same way: models.analysis.compare in formulas."""
        basis = list(self.book.result.options).index(decision.basis(self.book.result).name)
        against = self.options[basis]
        found = decision.comparable(self.book.result)
        sized = [self._same_sizing(option, against) for option in self.options]
        why = "Options sized for the demand and options of given systems do not compare in total."
        label = "Sized the same way as the reference"
        self.table.add("sized", label, rows.YES, sized.__getitem__, self._sized_values(), "0", why)
        shares = [option.result.number("served_share") for option in self.options]
        own = shares[basis]
        numbers = [s is not None and own is not None for s in shares]
        same = [bool(n) and same_work(s or 0.0, own or 0.0) for n, s in zip(numbers, shares, strict=True)]
        priced = bool(against.result.values["interim_priced"])
        filled = [
            bool(n) and priced and max(s or 0.0, own or 0.0) <= WHOLE_DEMAND
            for n, s in zip(numbers, shares, strict=True)
        ]
        limit, theirs = TOLERANCE, self.table.cell("served_share", basis, True)

        def both(i: int) -> str:
            return f"ISNUMBER({self.table.cell('served_share', i)})*ISNUMBER({theirs})"

        def near(i: int) -> str:
            ours = self.table.cell("served_share", i)
            return f"IF({both(i)}=1,(ABS({ours}-{theirs})<={limit}*MAX({ours},{theirs}))*1,0)"

        def elsewhere(i: int) -> str:
            ours = self.table.cell("served_share", i)
            return f"IF({both(i)}=1,{against.at('interim_priced')}*(MAX({ours},{theirs})<=1+{limit}),0)"

        def compares(i: int) -> str:
            return f"{self.table.cell('sized', i)}*MAX({self.table.cell('same', i)},{self.table.cell('priced', i)})"

        name = against.result.name
        why = "The shares of the demand served differ by no more than the gap above."
        self.table.add("same", f"Same work as {name}", rows.YES, near, [float(s) for s in same], "0", why)
        why = "With the fallback price, options that serve different shares do the same work."
        values = [float(f) for f in filled]
        self.table.add("priced", "Unserved requests have a fallback price", rows.YES, elsewhere, values, "0", why)
        holds = [float(found[option.result.name].holds and n) for option, n in zip(self.options, numbers, strict=True)]
        why = "Sized the same way, and the same work or a fallback price for the rest."
        self.table.add("comparable", "Totals comparable with the reference", rows.YES, compares, holds, "0", why)

    def _sized_values(self) -> list[float]:
        own = decision.basis(self.book.result).option.sizing
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
        values, why = [float(MET.index(m)) for m in found], "The highest code of the workloads."
        self.table.add(f"{name} code", f"{label}, {CODE}", CODE, codes, values, "0", why)
        texts = ",".join(f'"{m}"' for m in MET)
        words = "The code above in words."
        self.table.add(
            name,
            label,
            rows.TEXT,
            lambda i: f"CHOOSE(1+{self.table.cell(f'{name} code', i)},{texts})",
            found,
            why=words,
        )


def _own_given(option: OptionSheet) -> str:
    """The formula, without its equals sign, that is 1 where no price of an option's own is missing."""
    base, kept = entries.base, option.layout.held
    way = option.result.option.acquisition
    if way in OWNED:
        bought = [r for r, item in enumerate(option.result.option.capex, start=1) if item.text("asset") == EQUIPMENT]
        return "*".join(f"ISNUMBER({base('capex', option.number, r)}amount)" for r in bought) + "*1" if bought else "0"
    if way == "lease":
        name = f"{base('lease', option.number)}payment_per_system_month"
        return f"ISNUMBER({name})*1" if name in kept else "0"
    if way == "rental":
        terms = base("rental", option.number)
        share = f"{terms}committed_share"
        blank = [f"({share}{sign})*(1-ISNUMBER({terms}{name}))" for sign, name in RENTED]
        return f"(1-{blank[0]})*(1-{blank[1]})" if share in kept else "0"
    return _tokens_priced(option)


RENTED = ((">0", "committed_price"), ("<1", "on_demand_price"))


def _tokens_priced(option: OptionSheet) -> str:
    """As `_own_given`, for the prices of what an API reads and writes."""
    lines = {"price_input": "request_input_tokens", "price_output": "generated_tokens"}
    tests = []
    for w in range(len(option.result.keys("workload"))):
        for price in TOKENS_OF:
            names = (entries.base("api", option.number) + price, entries.base("serving", option.number, w + 1) + price)
            blank = "*".join(f"(1-ISNUMBER({name}))" for name in names if name in option.layout.held) or "1"
            tests.append(f"(1-({option.at(lines[price], w)}>0)*{blank})")
    return "*".join(tests) if tests else "1"
