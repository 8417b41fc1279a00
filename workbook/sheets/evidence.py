"""Evidence: every input with its source and confidence, and the money that rests on each price.

The money stands as live formulas, so the share of the cost that rests on assumptions moves with the inputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from models.analysis.decision.decision import NOTHING, WEAK, assumption_share
from models.analysis.metrics.coverage import by_confidence, prices, rests
from models.run.model import MODEL
from models.studies import schema
from models.studies.paths import joined
from workbook.sheets.inputs import CONFIDENCE, DATE, SOURCE, shown_source
from workbook.writing import entries
from workbook.writing.book import Book, OptionSheet
from workbook.writing.entries import Entry
from workbook.writing.page import Page
from workbook.writing.styles import SMALL, STATEMENT, number_format

TITLE = "Evidence"
NOT_STATED = "not stated"
WEAK_LABEL = "assumed or not stated"
WHERE, UNIT, INPUT, VALUE, TRUST, ORIGIN, AS_OF, MONEY = range(8)
WIDTHS = (46, 17, 38, 15, 13, 44, 10)
MONEY_WIDTH = 15
SHARES_ROW = 5


@dataclass(frozen=True)
class Helpers:
    """Formulas, without equals signs: what is paid for cached input at list prices, and what price tiers leave."""

    cached: str
    kept: str


def write(book: Book) -> None:
    """Shares of the cost by confidence, then a row for each input."""
    head = SHARES_ROW + len(schema.CONFIDENCES) + 5
    page = Page(book, TITLE, "Evidence: what each figure is based on", head=0)
    page.columns([*WIDTHS, *(MONEY_WIDTH,) * len(book.options)])
    found = list(_entries(book))
    first, last = head + 1, head + max(len(found), 1)
    helpers = _helpers(page, last + 3)
    amounts = [_amounts(option) for option in book.options]
    formulas = [dict(_resting(option, helpers[i])) for i, option in enumerate(book.options)]
    _shares(page, first, last)
    page.heads(head, ("Where", "Unit", "Input", "Value", "Confidence", "Source", "Date"))
    for column, option in enumerate(book.options, start=MONEY):
        page.formula(
            head, column, f"={option.name}", option.result.name, bold=True, bottom=1, text_wrap=True, align="right"
        )
    for row, (where, entry) in enumerate(found, start=first):
        _entry(page, row, where, entry)
        for i, texts in enumerate(formulas):
            if entry.path in texts:
                amount = amounts[i].get(entry.path, 0.0)
                page.formula(row, MONEY + i, f"={texts[entry.path]}", amount, num_format=STATEMENT)
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


def _entries(book: Book) -> Iterator[tuple[str, Entry]]:
    """Inputs that somebody gave, and every price that money rests on."""
    priced = {path for option in book.options for path, _ in _resting(option, Helpers("0", "0"))}
    for section in entries.sections(book.study):
        for entry in section.entries:
            if entry.path in priced or (not entry.structural and _is_evidence(entry)):
                yield section.where, entry


def _is_evidence(entry: Entry) -> bool:
    """Whether somebody gave a figure, or anything with a source or a confidence."""
    value = entry.value
    if value.set_by == "default" or value.blank:
        return False
    return entry.field.kind in ("number", "whole", "schedule") or bool(value.source or value.confidence)


def _entry(page: Page, row: int, where: str, entry: Entry) -> None:
    page.text(row, WHERE, where)
    page.text(row, UNIT, page.book.unit(entry.unit) if entry.unit else "-", page.styles.quiet)
    page.text(row, INPUT, entry.field.label)
    value = entry.value.value
    number = isinstance(value, int | float)
    shown = number_format(entry.unit, [value])
    if number:
        page.formula(row, VALUE, f"={entry.name}", float(value), num_format=shown, align="right")
    else:
        text = ", ".join(f"{s:g}" for s in value) if isinstance(value, tuple) else value or "blank"
        page.formula(
            row, VALUE, f'=IF(ISBLANK({entry.name}),"blank",{entry.name})', text, num_format=shown, align="right"
        )
    place = page.book.places[entry.path]
    for column, source, kept, blank in (
        (TRUST, CONFIDENCE, schema.confidence_label(entry.value.confidence), NOT_STATED),
        (ORIGIN, SOURCE, shown_source(entry.value), "no source"),
        (AS_OF, DATE, entry.value.as_of, "-"),
    ):
        cell = place.format(column="ABCDEFGHI"[source])
        style = {"font_size": SMALL} if column == ORIGIN else {}
        page.formula(row, column, f'=IF(ISBLANK({cell}),"{blank}",{cell})', kept or blank, indent=1, **style)


def _shares(page: Page, first: int, last: int) -> None:
    """The share of the lifetime cost before resale on each confidence, by option."""
    book = page.book
    page.heading(
        SHARES_ROW - 1, "Share of the lifetime cost, before resale, by confidence of the price behind it", MONEY
    )
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
        text = f'=IF(ISNUMBER({one}),N({one})+N({two}),"{NOTHING}")'
        page.formula(row, MONEY + i, text, NOTHING if share is None else share, num_format="0.0%", bold=True)


# ----------------------------------------------------------------------------------------- the money behind each price


def _helpers(page: Page, row: int) -> list[Helpers]:
    """Rows below the list that the money behind API prices needs, and per option the formulas that read them."""
    book = page.book
    page.heading(
        row, "Part of the spend on reading that is paid at the price of cached input", MONEY + len(book.options)
    )
    size = len(book.study.workloads)
    for w, workload in enumerate(book.study.workloads):
        _helper(page, row + 1 + w, workload.text("name"))
        for i, option in enumerate(book.options):
            share, price, cached = (option.at(n, w) for n in ("cached_share", "input_price", "cached_input_price"))
            whole = f"(1-{share})*{price}+{share}*{cached}"
            text = f"=IF({whole}=0,0,{share}*{cached}/({whole}))"
            page.formula(row + 1 + w, MONEY + i, text, _part(option, w), num_format="0.0%")
    last = row + 1 + size
    _helper(page, last, "Part of the list spend that price tiers leave")
    found = []
    for i, option in enumerate(book.options):
        tiered, spend = option.total("tiered_spend"), option.total("api_spend")
        raw = option.result.values
        kept = sum(raw["tiered_spend"]) / sum(raw["api_spend"]) if sum(raw["api_spend"]) else 0.0
        page.formula(last, MONEY + i, f"=IF({spend}=0,0,{tiered}/{spend})", kept, num_format="0.0%")
        column = xl_col_to_name(MONEY + i)
        rows = f"'{TITLE}'!${column}${row + 1}:${column}${row + size}"
        cached = f"SUMPRODUCT({rows}*{option.totals('reading_spend')})" if size else "0"
        found.append(Helpers(cached, f"'{TITLE}'!${column}${last}"))
    return found


def _helper(page: Page, row: int, label: str) -> None:
    page.text(row, WHERE, label)
    page.text(row, UNIT, "-", page.styles.quiet)


def _part(option: OptionSheet, workload: int) -> float:
    raw = option.result.values
    share, price, cached = raw["cached_share"][workload], raw["input_price"], raw["cached_input_price"]
    whole = (1 - share) * price + share * cached
    return share * cached / whole if whole else 0.0


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
    counts = f"({option.rows('asset_number')}={own})*{option.rows('asset_is_bought')}"
    return f"SUMPRODUCT({counts}*({unit}*{units}+{once}*{fixed})*{index})"


def _terms(option: OptionSheet, base: str) -> Iterator[tuple[str, str]]:
    """Tariffs and single prices, of what the option holds."""
    charge, average = option.total("energy_charge"), option.at("tariff_average")
    tariffs = option.result.study.rows("tariff", option.number - 1)
    for i, place in enumerate(tariffs):
        yield place.of("price"), f"IF({average}=0,0,{charge}*{option.at('tariff_part', i)}/{average})"
    for table, name, line in prices(of_workloads=False):
        if entries.base(table, option.number) + name not in option.layout.held:
            continue
        path = f"{base}/{name}" if table == "option" else f"{base}/{table}/{name}"
        if not (tariffs and line == "energy_charge"):
            by_year = MODEL.lines[line].shape.column
            yield path, option.total(line) if by_year else option.at(line)


def _tokens(option: OptionSheet, base: str, helpers: Helpers) -> Iterator[tuple[str, str]]:
    """List prices of an API's tokens."""
    if option.result.option.api is None:
        return
    reading, writing = (f"SUM({option.totals(f'{kind}_spend')})" for kind in ("reading", "writing"))
    own_price = f"1-ISBLANK({entries.base('api', option.number)}price_cached_input)"
    yield f"{base}/api/price_input", f"{helpers.kept}*({reading}-({own_price})*{helpers.cached})"
    yield f"{base}/api/price_cached_input", f"{helpers.kept}*({own_price})*{helpers.cached}"
    yield f"{base}/api/price_output", f"{helpers.kept}*{writing}"
