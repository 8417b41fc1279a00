"""Evidence: every input with its source and confidence, and the money that rests on each price.

The money stands as live formulas, so the share of the cost that rests on assumptions moves with the inputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.decision import NOTHING, WEAK, assumption_share
from models.analysis.metrics.coverage import by_confidence, price_path, prices, reading_parts, rests
from models.run.model import MODEL
from models.studies.inputs import schema
from models.studies.inputs.paths import joined
from workbook.writing import entries
from workbook.writing.book import Book, OptionSheet
from workbook.writing.entries import Entry
from workbook.writing.page import Page
from workbook.writing.side_by_side import BLANK
from workbook.writing.styles import INDENTED, SMALL, STATEMENT, STRUCTURAL, input_format

TITLE = "Evidence"
NOT_STATED = "not stated"
TYPED = "Prices of workloads that were blank, typed here"
WEAK_LABEL = "assumed or not stated"
WHERE, INPUT, UNIT, VALUE, TRUST, ORIGIN, AS_OF, MONEY = range(8)
WIDTHS = (46, 38, 20, 15, 13, 44, 10)
MONEY_WIDTH = 15
SHARES_ROW = 5


@dataclass(frozen=True)
class Helpers:
    """Addresses: the part of the spend on reading paid at each price of the cache, a cell a workload, and the part of
    the spend that price tiers leave."""

    cached: Mapping[str, Sequence[str]]
    kept: str


def write(book: Book) -> None:
    """Shares of the cost by confidence, then a row for each input."""
    head = SHARES_ROW + len(schema.CONFIDENCES) + 5
    page = Page(book, TITLE, "Evidence: what each figure is based on", head=0)
    page.columns([*WIDTHS, *(MONEY_WIDTH,) * len(book.options)])
    nothing = Helpers({name: ("0",) * len(book.study.workloads) for name in CACHE_PRICES}, "0")
    priced = {path for option in book.options for path, _ in _resting(option, nothing)}
    found = list(_entries(book, priced))
    first, last = head + 1, head + max(len(found) + (TYPED in priced), 1)
    helpers = _helpers(page, last + 3)
    amounts = [_amounts(option) for option in book.options]
    formulas = [_by_path(_resting(option, helpers[i])) for i, option in enumerate(book.options)]
    _shares(page, first, last)
    page.heads(head, ("Where", "Input", "Unit", "Value", "Confidence", "Source", "Date"))
    for column, option in enumerate(book.options, start=MONEY):
        page.formula(
            head, column, f"={option.name}", option.result.name, bold=True, bottom=1, text_wrap=True, align="right"
        )
    for row, (where, entry) in enumerate(found, start=first):
        _entry(page, row, where, entry)
        for i, texts in enumerate(formulas):
            if entry.path in texts:
                amount = amounts[i].get(entry.path, 0.0)
                page.formula(row, MONEY + i, f"={texts[entry.path]}", amount, num_format=STATEMENT, valign="top")
    if TYPED in priced:
        _typed(page, last, [texts.get(TYPED, "0") for texts in formulas])
    page.sheet.conditional_format(first - 1, TRUST, last - 1, TRUST, page.marking("assumed"))
    page.sheet.autofilter(head - 1, 0, last - 1, MONEY + len(book.options) - 1)
    page.sheet.repeat_rows(head - 1)
    page.sheet.freeze_panes(head, 0)


def _amounts(option: OptionSheet) -> dict[str, float]:
    """The money on each price; where cached input has no price of its own, both parts rest on the price of input."""
    found: dict[str, float] = defaultdict(float)
    for each in rests(option.result):
        found[each.path] += each.amount
    return found


def _typed(page: Page, row: int, texts: Sequence[str]) -> None:
    """What rests on prices of workloads that were blank and have been typed in the workbook: the reader's figures, as
    which they are read back."""
    page.text(row, WHERE, TYPED, page.styles.wrapped)
    page.text(row, UNIT, "-", page.styles.quiet)
    page.text(row, TRUST, schema.confidence_label(schema.OWN), page.styles.get(valign="top", **INDENTED))
    for column, text in enumerate(texts, start=MONEY):
        page.formula(row, column, f"={text}", 0.0, num_format=STATEMENT, valign="top")


def _entries(book: Book, priced: Container[str]) -> Iterator[tuple[str, Entry]]:
    """Inputs that somebody gave, and every price that money rests on."""
    for section in entries.sections(book.study):
        for entry in section.entries:
            if entry.path in priced or (not entry.structural and _is_evidence(entry)):
                yield section.where, entry


def _is_evidence(entry: Entry) -> bool:
    """Whether somebody gave a figure, or anything with a source or a confidence."""
    value = entry.value
    if value.set_by == "default" or value.blank:
        return False
    return entry.field.is_figure or bool(value.source or value.confidence)


def _entry(page: Page, row: int, where: str, entry: Entry) -> None:
    unit, source = page.book.unit_of(entry.field, entry.unit), entries.shown_source(entry.value)
    page.text(row, WHERE, where, page.styles.wrapped)
    page.text(row, UNIT, unit, page.styles.get(font_color=STRUCTURAL, valign="top", text_wrap=True))
    page.text(row, INPUT, entry.field.label, page.styles.wrapped)
    page.fit(row, [(where, WIDTHS[WHERE]), (entry.field.label, WIDTHS[INPUT]), (unit, WIDTHS[UNIT])])
    page.fit(row, [(source, WIDTHS[ORIGIN] - 2)], SMALL)
    value = entry.value.value
    number = isinstance(value, int | float)
    shown = input_format(entry.field, entry.unit, [value])
    if number:
        page.formula(row, VALUE, f"={entry.name}", float(value), num_format=shown, align="right", valign="top")
    else:
        text = entries.shown(entry) or "blank"
        page.formula(
            row,
            VALUE,
            f'=IF(ISBLANK({entry.name})+({entry.name}="{BLANK}")>0,"blank",{entry.name})',
            text,
            num_format=shown,
            align="right",
            valign="top",
        )
    told = page.book.told[entry.path]
    for column, what, kept, blank in (
        (TRUST, "confidence", schema.confidence_label(entry.value.confidence), NOT_STATED),
        (ORIGIN, "source", source, "no source"),
        (AS_OF, "as_of", entry.value.as_of, "-"),
    ):
        style = {"font_size": SMALL, "text_wrap": True} if column == ORIGIN else {}
        page.formula(row, column, told.formula(what, blank), kept or blank, valign="top", **INDENTED, **style)


def _shares(page: Page, first: int, last: int) -> None:
    """The share of the lifetime cost before resale on each confidence, by option."""
    book = page.book
    page.heading(SHARES_ROW - 1, "Share of total cost before resale, by evidence", MONEY)
    for column, option in enumerate(book.options, start=MONEY):
        page.formula(
            SHARES_ROW - 1, column, f"={option.name}", option.result.name, bold=True, text_wrap=True, align="right"
        )
    found = [by_confidence(option.result) for option in book.options]
    for row, confidence in enumerate((*schema.CONFIDENCES, ""), start=SHARES_ROW):
        label = schema.confidence_label(confidence) or NOT_STATED
        page.text(row, WHERE, label)
        page.text(row, UNIT, "-", page.styles.quiet)
        ends = [f"${xl_col_to_name(MONEY + i)}${row}" for i in (0, len(found) - 1)]
        book.places[f"{TITLE} {label}"] = f"'{TITLE}'!{ends[0]}:{ends[1]}"
        for i, shares in enumerate(found):
            column = xl_col_to_name(MONEY + i)
            money = f"{column}${first}:{column}${last}"
            text = f'=IF(SUM({money})=0,"{NOTHING}",SUMIF($E${first}:$E${last},$A{row},{money})/SUM({money}))'
            page.formula(row, MONEY + i, text, shares.get(confidence, NOTHING), num_format="0.0%")
    _weak(page, SHARES_ROW + len(schema.CONFIDENCES) + 1)


def _weak(page: Page, row: int) -> None:
    """The share on prices that nothing stands behind: the row of each such confidence, added."""
    book = page.book
    page.text(row, WHERE, WEAK_LABEL, page.styles.get(bold=True))
    page.text(row, UNIT, "-", page.styles.quiet)
    ends = [f"${xl_col_to_name(MONEY + i)}${row}" for i in (0, len(book.options) - 1)]
    book.places[f"{TITLE} weak"] = f"'{TITLE}'!{':'.join(ends)}"
    rows = [SHARES_ROW + (*schema.CONFIDENCES, "").index(confidence) for confidence in WEAK]
    for i, option in enumerate(book.options):
        one, two = (f"{xl_col_to_name(MONEY + i)}{at}" for at in rows)
        share = assumption_share(option.result)
        text = f'=IF(ISNUMBER({one}),SUM({one},{two}),"{NOTHING}")'
        page.formula(row, MONEY + i, text, NOTHING if share is None else share, num_format="0.0%", bold=True)


# ----------------------------------------------------------------------------------------- the money behind each price


def _helpers(page: Page, row: int) -> list[Helpers]:
    """Rows below the list that the money behind API prices needs, and per option the formulas that read them."""
    book, size = page.book, len(page.book.study.workloads)
    cached = {name: [[""] * size for _ in book.options] for name in CACHE_PRICES}
    for name, (share_of, price_of, what) in CACHE_PRICES.items():
        page.heading(row, f"Share of input spend paid at the price of {what}", MONEY + len(book.options))
        for w, workload in enumerate(book.study.workloads):
            at = row + 1 + w
            _helper(page, at, workload.text("name"))
            for i, option in enumerate(book.options):
                part = f"{_cache_share(option, share_of, w)}*{option.at(price_of, w)}"
                whole = f"{option.at('list_reading', w)}*in_tokens_per_million/{option.at('read_per_request', w)}"
                text = f"=IF({option.at('list_reading', w)}=0,0,{part}/({whole}))"
                figure = reading_parts(option.result, w)[name]
                page.formula(at, MONEY + i, text, figure, num_format="0.0%")
                cached[name][i][w] = f"'{TITLE}'!${xl_col_to_name(MONEY + i)}${at}"
        row += 2 + size
    _helper(page, row, "Share of list spend left after price tiers")
    found = []
    for i, option in enumerate(book.options):
        tiered, spend = option.total("tiered_spend"), option.total("api_spend")
        raw = option.result.values
        kept = sum(raw["tiered_spend"]) / sum(raw["api_spend"]) if sum(raw["api_spend"]) else 0.0
        page.formula(row, MONEY + i, f"=IF({spend}=0,0,{tiered}/{spend})", kept, num_format="0.0%")
        column = xl_col_to_name(MONEY + i)
        found.append(Helpers({n: tuple(cached[n][i]) for n in CACHE_PRICES}, f"'{TITLE}'!${column}${row}"))
    return found


# The prices of the cache: the share of the input paid at each, the line of the price, and what it is for.
CACHE_PRICES: dict[str, tuple[str, str, str]] = {
    "price_cached_input": ("cached_share", "cached_input_price", "cached input"),
    "price_cache_write": ("serving_cache_write_share", "cache_write_price", "writing to the cache"),
}


def _cache_share(option: OptionSheet, name: str, workload: int) -> str:
    if name in option.layout.blocks:
        return option.at(name, workload)
    typed = f"{entries.base('serving', option.number, workload + 1)}cache_write_share"
    return typed if typed in option.layout.held else "0"


def _helper(page: Page, row: int, label: str) -> None:
    page.text(row, WHERE, label)
    page.text(row, UNIT, "-", page.styles.quiet)


def _by_path(found: Iterator[tuple[str, str]]) -> dict[str, str]:
    """One formula for each price: the sum of the money that rests on it."""
    formulas: dict[str, str] = {}
    for path, text in found:
        formulas[path] = f"{formulas[path]}+{text}" if path in formulas else text
    return formulas


def _resting(option: OptionSheet, helpers: Helpers) -> Iterator[tuple[str, str]]:
    """For each price of an option the formula, without its equals sign, of the money that rests on it.

    The live form of models.analysis.coverage.
    """
    study = option.result.study
    base = joined("option", option.result.name)
    for i, place in enumerate(study.rows("capex", option.number - 1)):
        yield place.of("amount"), _purchase(option, i)
    for i, place in enumerate(study.rows("opex", option.number - 1)):
        yield place.of("amount"), option.total("opex_cost", i)
    yield from _terms(option, base)
    yield from _tokens(option, base, helpers)
    for w, place in enumerate(study.rows("workload")):
        for _, name, line in prices(of_workloads=True):
            yield place.of(name), option.at(line, w)


def _purchase(option: OptionSheet, item: int) -> str:
    unit, once, own = (option.at(n, item) for n in ("item_unit_price", "item_fixed_price", "capex_asset_number"))
    units, fixed, index = (option.block(n) for n in ("units_bought", "fixed_bought", "asset_price_index"))
    grants = option.rows("is_grant")
    counts = f"({option.rows('asset_number')}={own})*{option.rows('asset_is_bought')}*(1-{grants})"
    bought = f"SUMPRODUCT({counts}*({unit}*{units}+{once}*{fixed})*{index})"
    return f"{bought}+{once}*INDEX({grants},{own})"


def _terms(option: OptionSheet, base: str) -> Iterator[tuple[str, str]]:
    """Tariffs and single prices, of what the option holds."""
    charge, average = option.series("energy_charge"), option.series("tariff_average")
    tariffs = option.result.study.rows("tariff", option.number - 1)
    for i, place in enumerate(tariffs):
        yield place.of("price"), f"SUMPRODUCT({charge}*{option.series('tariff_part', i)}/({average}+({average}=0)))"
    for table, name, line in prices(of_workloads=False):
        if entries.base(table, option.number) + name not in option.layout.held:
            continue
        path = f"{base}/{name}" if table == "option" else f"{base}/{table}/{name}"
        if not (tariffs and line == "energy_charge"):
            by_year = MODEL.lines[line].shape.column
            yield path, option.total(line) if by_year else option.at(line)


def _paid(option: OptionSheet, workload: int, name: str, money: str) -> Iterator[tuple[str, str]]:
    """The money of a workload's tokens by the price that it is paid at: the option's, until one of the workload's own
    that was blank is typed."""
    path = price_path(option.result, workload, name)
    prefix = entries.base("serving", option.number, workload + 1)
    own = [prefix + each for each in dict.fromkeys((name, path.rpartition("/")[2]))]
    blank = [each for each in own if each in option.layout.held]
    if path != joined("option", option.result.name, "api", path.rpartition("/")[2]) or not blank:
        yield path, money
        return
    given = f"COUNT({','.join(blank)})"
    yield path, f"{money}*({given}=0)"
    yield TYPED, f"{money}*({given}>0)"


def _tokens(option: OptionSheet, base: str, helpers: Helpers) -> Iterator[tuple[str, str]]:
    """List prices of an API's tokens, each workload's money at the price that it is paid at."""
    result = option.result
    if result.option.api is not None:
        for w in range(len(result.keys("workload"))):
            reading, writing = (f"{helpers.kept}*{option.total(f'{kind}_spend', w)}" for kind in ("reading", "writing"))
            parts = {name: cells[w] for name, cells in helpers.cached.items()}
            yield from _paid(option, w, "price_input", f"{reading}*(1-{'-'.join(parts.values())})")
            for name, cell in parts.items():
                yield from _paid(option, w, name, f"{reading}*{cell}")
            yield from _paid(option, w, "price_output", writing)
    if other := result.option.fields.text("overflow_to"):
        for name, line in (("price_input", "overflow_reading"), ("price_output", "overflow_writing")):
            yield joined("option", other, "api", name), f"SUM({option.totals(line)})"
