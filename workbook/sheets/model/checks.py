"""Checks: the identities of the model as live formulas, each with its tolerance, and one master check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.analysis.metrics.measures import RANKED_BY
from models.engine.line import SIDES, Line
from models.notation import writer
from models.run.model import MODEL
from workbook.decision import choice
from workbook.decision.eligibility import TOLERANCE_ROW
from workbook.writing import cases
from workbook.writing.book import NO_FIGURE, Book, OptionSheet
from workbook.writing.book import shown as figure_of
from workbook.writing.layout import STATEMENTS
from workbook.writing.page import Page, address
from workbook.writing.styles import (
    FAILS,
    FAILS_FILL,
    INDENTED,
    INPUT,
    INPUT_FILL,
    SMALL,
    STRUCTURAL,
    line_format,
    number_format,
)

TITLE = "Checks"
ALL = "all"
RELATIONS = {"=": "=", "<=": "\u2264"}
TOLERANCE_CELL = "$C$3"
HEAD_ROW, FIRST_ROW = 6, 7
CHECK, OPTION, LEFT, RELATION, RIGHT, SCALE, HOLDS, WHY = range(8)
FIGURES = (LEFT, RIGHT, SCALE, HOLDS)
WIDTHS = (70, 36, 17, 5, 17, 17, 10, 46)
HEADS = ("Check", "Option", "Left", "", "Right", "Scale", "Holds (1)", "What it says")
FAILING = "years failing"
(TOLERANCE,) = {each.equality.tolerance for each in MODEL.lines.values() if each.equality}  # one cell holds it
RIGHT_ROW = SIDES.index("right")
# The figures that the engine's own results are kept of.
HEADLINES = (
    *(RANKED_BY, "cost_per_meaningful_response", "pv_cost", "lifetime_cost"),
    *("lifetime_cost_per_million_output_tokens", "levelised_cost_per_million_output_tokens", "pv_after_tax_cost"),
    *("equivalent_annual_cost", "served_share", "joules_per_meaningful_response", "idle_cost", "comparison_pv_cost"),
)


@dataclass(frozen=True)
class Pair:
    """Two sides that must agree within the tolerance times `scale` (blank: the right one); formulas without "=", and
    their values."""

    left: str
    right: str
    values: tuple[float, float]
    scale: str = "0"
    scale_value: float = 0.0
    relation: str = "="


def _compared(o: OptionSheet, each: Line) -> Pair:
    """An identity as its line has it: both sides where there is something to compare, or, of a line by year, in how
    many years it fails."""
    assert each.equality is not None
    scale, known, ordered = each.equality.scale, each.known, each.equality.relation == "<="
    if each.shape.column:
        place = (
            (o.series if MODEL.lines[scale].shape.column else o.at)(scale) if scale else o.series(each.name, RIGHT_ROW)
        )
        gap = f"{o.series(each.name)}-{o.series(each.name, RIGHT_ROW)}"
        counts = o.at(known) if known else "1"
        over = f"({gap if ordered else f'ABS({gap})'}>{TOLERANCE_CELL}*{place})"
        return Pair(f"SUMPRODUCT({over}*{counts})", "0", (0.0, 0.0))
    counted = bool(o.result.raw(known)) if known else True
    left, right = (value if counted else 0.0 for value in o.result.raw(each.name))
    sides = (o.at(each.name, row) for row in range(len(SIDES)))
    texts = [f"IF({o.at(known)}=0,0,{side})" if known else side for side in sides]
    size = (o.at(scale), o.result.raw(scale)) if scale else ("", abs(right))
    return Pair(texts[0], texts[1], (left, right), *size, each.equality.relation)


def _classes(o: OptionSheet) -> Pair:
    cells = o.rows("capex_asset_number") if o.layout.blocks["capex_asset_number"].rows else ""
    return Pair(f"COUNTIF({cells},0)" if cells else "0", "0", (0.0, 0.0))


def _statement(book: Book, o: OptionSheet, title: str) -> Pair:
    """All payments of a statement are the total cost and the fallback."""
    value = o.result.values["lifetime_cost"] + sum(o.result.values["interim_cost"])
    total = f"{o.at('lifetime_cost')}+{o.total('interim_cost')}"
    scale, spent = _spent(o)
    size = (f"{scale}+{o.total('interim_cost')}", spent + sum(o.result.values["interim_cost"]))
    return Pair(book.places[f"{title} {o.number}"], total, (value, value), *size)


def _spent(o: OptionSheet) -> tuple[str, float]:
    """What an option pays and receives before resale, as the scale of sums that may cancel."""
    return o.at("gross_spent"), o.result.raw("gross_spent")


def write(book: Book) -> None:
    """Write the sheet: a row a pair, the master check over all of them, and the figures that the engine found."""
    page = Page(book, TITLE, "Model checks", head=HEAD_ROW)
    page.columns(WIDTHS)
    page.text(3, CHECK, "Tolerance, as a share of the scale: left and right may differ by so much")
    style = page.styles.get(font_color=INPUT, bg_color=INPUT_FILL, num_format="0.0########", locked=False)
    page.sheet.write_number(2, LEFT, TOLERANCE, style)
    page.heads(HEAD_ROW, HEADS, FIGURES)
    row = _inputs(page, FIRST_ROW)
    for each in (line for line in MODEL.lines.values() if line.equality):
        name = f"{each.label}, {FAILING}" if each.shape.column else each.label
        row = _pairs(page, row, name, each.meaning, lambda option, each=each: _compared(option, each))
    row = _pairs(page, row, "Purchases outside any asset", "Every purchase belongs to an asset.", _classes)
    for title in STATEMENTS:
        name, why = f"{title}: payments add up", "All payments are the total cost, undiscounted, and the fallback."
        row = _pairs(page, row, name, why, lambda option, title=title: _statement(book, option, title))
    _unlike(page, row)
    row += 1
    page.text(4, CHECK, "Master check: 1 if every check below holds", page.styles.get(bold=True))
    page.formula(4, LEFT, f"={_every(FIRST_ROW, row - 1)}", 1.0, bold=True, num_format="0")
    page.sheet.conditional_format(FIRST_ROW - 1, HOLDS, row - 2, HOLDS, _failing(page))
    page.sheet.conditional_format(3, LEFT, 3, LEFT, _failing(page))
    _engine(page, row + 1)


def _every(first: int, last: int) -> str:
    """1 where every check of these rows holds, else 0: one that is an error itself does not hold either."""
    return f"(COUNTIF($G${first}:$G${last},1)=ROWS($G${first}:$G${last}))*1"


def _failing(page: Page) -> dict[str, Any]:
    red = page.book.file.add_format({"bg_color": FAILS_FILL, "font_color": FAILS})
    return {"type": "cell", "criteria": "<", "value": 1, "format": red}


def _inputs(page: Page, row: int) -> int:
    """Whether every number that the model needs stands on the input sheets, within its bounds: a count of what does not
    hold, errors too."""
    cased = (cases.TITLE,) if page.book.cases.entries else ()
    for title in dict.fromkeys((*(title for title, _ in page.book.written), *cased)):
        cells = page.book.places[f"{title} hold"]
        pair = Pair(f"COUNTA({cells})-COUNTIF({cells},1)", "0", (0.0, 0.0))
        _pair(page, row, f"{title}: inputs missing or out of bounds", ALL, pair)
        _why(page, row, "Every number that the model needs is typed and within its bounds.")
        row += 1
    if cased:
        chosen = Pair(f"ISNUMBER({cases.NUMBER})*ISNUMBER({cases.ALONE_NUMBER})", "1", (1.0, 1.0))
        _pair(page, row, "Scenarios: choices are from the lists", ALL, chosen)
        _why(page, row, "The case shown, and the inputs that move in it.")
        row += 1
    gap = Pair(f"1-ISNUMBER({address(choice.TITLE, f'$C${TOLERANCE_ROW}')})", "0", (0.0, 0.0))
    _pair(page, row, "Decision: largest gap for the same work is missing", ALL, gap)
    _why(page, row, "The blue cell of Decision holds a number.")
    return row + 1


def _pair(page: Page, row: int, name: str, option: str, pair: Pair) -> None:
    shown = {"num_format": number_format("", (*pair.values, pair.scale_value)), "align": "right", "valign": "top"}
    page.named(row, name, option)
    page.formula(row, LEFT, f"={pair.left}", pair.values[0], **shown)
    page.text(row, RELATION, RELATIONS[pair.relation], page.styles.get(align="center", valign="top"))
    page.formula(row, RIGHT, f"={pair.right}", pair.values[1], **shown)
    page.formula(row, SCALE, f"={pair.scale or f'ABS($E{row})'}", pair.scale_value, **shown)
    gap = f"ABS($C{row}-$E{row})" if pair.relation == "=" else f"$C{row}-$E{row}"
    text = f"=({gap}<={TOLERANCE_CELL}*$F{row})*1"
    page.formula(row, HOLDS, text, 1.0, num_format="0", valign="top")


def _pairs(page: Page, row: int, name: str, why: str, pair: Callable[[OptionSheet], Pair]) -> int:
    """One check of every option, what it says beside the first; returns the row after them."""
    _why(page, row, why)
    for option in page.book.options:
        _pair(page, row, name, option.result.name, pair(option))
        row += 1
    return row


def _why(page: Page, row: int, text: str) -> None:
    style = page.styles.get(font_size=SMALL, font_color=STRUCTURAL, valign="top", text_wrap=True, **INDENTED)
    page.text(row, WHY, text, style)
    page.fit(row, [(text, WIDTHS[WHY] - 2)], SMALL)


def _unlike(page: Page, row: int) -> None:
    """Figures that are not the program's although no input is another: a formula was overwritten."""
    changed = "+".join(
        page.book.places[f"{title} changed"] for title in dict.fromkeys(title for title, _ in page.book.written)
    )
    if page.book.cases.entries:
        changed += f"+({cases.NUMBER}<>1)"
    same = row + 4 + len(HEADLINES) * len(page.book.options)
    pair = Pair(f"({changed}=0)*(1-$G${same})", "0", (0.0, 0.0))
    _pair(page, row, "Formulas overwritten", ALL, pair)
    _why(page, row, "Without a changed input, the figures are the app's; if not, a formula was typed over.")
    page.book.places["same as program"] = f"'{TITLE}'!$G${same}"


def _engine(page: Page, row: int) -> None:
    """The headline figures as the engine found them, typed in, beside the workbook's own."""
    page.heading(
        row, f"The app's results at export, {writer.date(page.book.today)} (typed in, not formulas)", len(HEADS)
    )
    page.heads(row + 1, ("Figure", "Option", "This workbook", "", "The app", "Scale", "Same (1)"), FIGURES)
    row += 2
    first = row
    for name in HEADLINES:
        for option in page.book.options:
            _imported(page, row, name, option)
            row += 1
    page.text(row, CHECK, "Matches the app's results (1 = yes; 0 after you change inputs)")
    page.formula(row, HOLDS, f"={_every(first, row - 1)}", 1.0, bold=True, num_format="0")
    assert page.book.places["same as program"].endswith(f"${row}"), "the check above reads this row"


def _imported(page: Page, row: int, name: str, option: OptionSheet) -> None:
    line, value = MODEL.lines[name], option.result.number(name)
    shown = line_format(line.label, line.unit, [value])
    page.named(row, f"{line.label} ({page.book.unit(line.unit)})", option.result.name)
    page.formula(row, LEFT, figure_of(option, name), value, num_format=shown, align="right", valign="top")
    page.text(row, RELATION, "=", page.styles.get(align="center", valign="top"))
    typed = page.styles.get(font_color=STRUCTURAL, num_format=shown, align="right", valign="top")
    scale, spent = _spent(option) if line.unit == "money" else ("0", 0.0)
    page.formula(row, SCALE, f"={scale}", spent, num_format="#,##0", valign="top")
    if value is None:
        page.text(row, RIGHT, NO_FIGURE, typed)
        page.formula(row, HOLDS, f"=1-ISNUMBER($C{row})", 1.0, num_format="0", valign="top")
        return
    page.sheet.write_number(row - 1, RIGHT, value, typed)
    near = f"ABS($C{row}-$E{row})<={TOLERANCE_CELL}*MAX(ABS($E{row}),$F{row})"
    page.formula(row, HOLDS, f"=IF(ISNUMBER($C{row}),{near},0)*1", 1.0, num_format="0", valign="top")
