"""Where a table stands in a file: its sheet, its rows of headings, and which of its columns is which of ours.

A column is known by its heading and by what stands below it: the item's column holds words, and the price of one is
what makes the total of its line. Prices of several commitments stand side by side under headings of their own.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openpyxl.utils import column_index_from_string, get_column_letter

from importers.quotes.cells import columns, values
from importers.quotes.cells.columns import BY_NAME, TOKEN_PRICES, bare, exact, folded, rank, suggested
from importers.quotes.cells.findings import QuoteError, refusal, shown
from importers.quotes.cells.sheet import EMPTY, Cell, Sheet, SheetRow, open_sheet
from importers.quotes.reading import words
from importers.quotes.reading.head import Said
from importers.quotes.reading.words import Tier
from models.notation import reader
from models.notation.reader import Marks, Policy

HEADER_SEARCHED_ROWS = 40
LEAST_HEADINGS = 3
# A workbook with more sheets than this is asked which one it is.
MOST_SHEETS_SEARCHED = 8
# A price may be said by others: the first of ours that stand for the second.
STANDS_FOR_PRICE = (("line_total",), ("list_price", "discount"), ("input_price",), ("output_price",))
# Without these nothing can be read. All else that is missing is told of what was read.
ESSENTIAL = ("item", "net_price")
# A column without a heading of its own that is known holds names if its cells have as many letters.
LEAST_LETTERS = 4
# How many lines of a column are looked at to know what it holds.
LOOKED_AT = 60


@dataclass(frozen=True)
class TierColumn:
    """A column of prices under one commitment; `charged` is what the price is for, "" where it does not say."""

    at: int
    tier: Tier
    charged: str


@dataclass(frozen=True)
class Pairs:
    """What an offer in pairs says besides its amounts: the kind of the offer, "" where it does not tell, its machines.

    `said` is what it says of them, by column, `unclear` are the rows of rates of which it is not said whether they are
    of one machine or of all, and `marks` is the decimal mark of its amounts.
    """

    kind: str
    marks: Marks
    said: Mapping[str, Said]
    unclear: frozenset[int]


@dataclass(frozen=True)
class Found:
    """A table of a sheet: `headings` by position, `first_row` the row of the first line below them.

    `last_row` is its last row, None for that of the sheet, `position` 0 for the first sheet that is read. `pairs` is
    what pairs of a label and a value say that stand in for a table; their `header_row` is 0.
    """

    sheet: Sheet
    header_row: int
    first_row: int
    headings: tuple[str, ...]
    last_row: int | None = None
    position: int = 0
    pairs: Pairs | None = None

    @property
    def above(self) -> Iterator[str]:
        """The words that stand above the headings."""
        rows = self.sheet.rows[: max(self.header_row - 1, 0)]
        return (cell.value for row in rows for cell in row if isinstance(cell.value, str))

    @property
    def below(self) -> Sequence[Sequence[Cell]]:
        """The rows below the headings."""
        return self.sheet.rows[self.first_row - 1 : self.last_row]

    def number(self, row: int) -> int:
        """How a row of the sheet is known among those of all sheets that are read."""
        return SheetRow(row, self.position, self.sheet.name) if self.position else row

    def column(self, at: int) -> list[Cell]:
        """The filled cells of a column."""
        return [row[at] for row in self.below if at < len(row) and row[at].value is not None]


def find_table(content: bytes, name: str, sheet: str | None, header_row: int | None) -> tuple[Sheet, int | None]:
    """The sheet and its row of headings, None if none is found.

    Unless a sheet is named, it is the visible one with the most headings that are known, the first of those alike.
    """
    held = open_sheet(content, name, sheet)
    if sheet is None and len(held.visible) > 1:
        held = max(visible_sheets(content, name, held), key=lambda each: max(_known_headings(each), default=0))
    return held, header_row or _header_row(held)


def visible_sheets(content: bytes, name: str, held: Sheet) -> list[Sheet]:
    """The sheet that is held, and the other visible ones that can be read."""
    others = [each for each in held.visible if each != held.name][: MOST_SHEETS_SEARCHED - 1]
    return [held, *_opened(content, name, others)]


def _opened(content: bytes, name: str, sheets: Sequence[str]) -> Iterator[Sheet]:
    """Those of the sheets that can be read; what is wrong with another sheet is not in the way of this one."""
    for each in sheets:
        with contextlib.suppress(QuoteError):
            yield open_sheet(content, name, each)


def _header_row(sheet: Sheet) -> int | None:
    """The row with the most headings that are known, if there are a few."""
    known = _known_headings(sheet)
    best = max(known, default=0)
    if best >= LEAST_HEADINGS:
        return known.index(best) + 1
    # Two are enough where they name what is offered and its price or number, and figures stand below.
    return next((at for at, count in enumerate(known, start=1) if count == 2 and _heads_figures(sheet, at)), None)


def _heads_figures(sheet: Sheet, row: int) -> bool:
    found = table_at(sheet, row)
    named = {suggested(text): at for at, text in enumerate(found.headings) if text}
    figures = [at for name, at in named.items() if name in ("quantity", "net_price", "line_total", "list_price")]
    return "item" in named and any(_holds_numbers(found, at) for at in figures)


def _known_headings(sheet: Sheet) -> list[int]:
    """How many headings that are known stand in each of the first rows.

    A label of the offer ("Date", "Currency") with its value beside it is no heading, so that those count only among
    headings of lines.
    """
    return [_weight(row) for row in sheet.rows[:HEADER_SEARCHED_ROWS]]


def _weight(row: Sequence[Cell]) -> int:
    texts = [cell.value[: values.LONGEST_TEXT] for cell in row if isinstance(cell.value, str)]
    known = {name for text in texts if (name := suggested(text))}
    of_lines = {name for name in known if BY_NAME[name].level == "line"}
    tiers = sum(words.tier_named(text) is not None and suggested(text) in (None, "commitment") for text in texts)
    if len(of_lines) + (tiers if len(texts) > 2 else 0) < 2 or len(texts) < sum(c.value is not None for c in row):
        return 0
    return len(known) + tiers


def table_at(sheet: Sheet, row: int) -> Found:
    """The table whose headings stand in a row; a second row of headings below it is taken with it."""
    if row > len(sheet.rows):
        raise refusal(f"{sheet.file} has no row {row}: it ends in row {len(sheet.rows)}")
    heads, below = sheet.rows[row - 1], sheet.rows[row] if row < len(sheet.rows) else ()
    texts = ["" if cell.value is None else str(cell.value) for cell in heads]
    if not _continues_headings(texts, below):
        return Found(sheet, row, row + 1, tuple(texts))
    for merge in sheet.merged:
        if merge.rows[0] <= row <= merge.rows[1]:
            for at in range(merge.columns[0], min(merge.columns[1], len(texts))):
                texts[at] = texts[merge.columns[0] - 1]
    width = max(len(texts), len(below))
    above = [texts[at] if at < len(texts) else "" for at in range(width)]
    second = [str(below[at].value) if at < len(below) and below[at].value is not None else "" for at in range(width)]
    # What stands over several columns is written over the first.
    for at in range(1, width):
        if second[at] and not above[at] and second[at - 1]:
            above[at] = above[at - 1]
    joined = tuple("\n".join(part for part in (two, one) if part) for one, two in zip(above, second, strict=True))
    return Found(sheet, row, row + 2, joined)


def tables_beside(first: Found, sheets: Sequence[Sheet]) -> tuple[Found, list[Found]]:
    """The table up to the next headings of other columns, and the tables that follow it, in its sheet and in others.

    A table further down has headings of its own; the same headings again are those of the next page.
    """
    own = [first.header_row, *_further_headings(first)]
    in_own = [_bounded(first.sheet, row, following, 0) for row, following in pairwise([*own, None]) if row is not None]
    others = []
    for position, sheet in enumerate((each for each in sheets if each.name != first.sheet.name), start=1):
        if (row := _header_row(sheet)) is not None and _prices_lines(found := table_at(sheet, row)):
            rows = [row, *_further_headings(found)]
            others += [_bounded(sheet, at, after, position) for at, after in pairwise([*rows, None]) if at is not None]
    return dataclasses.replace(first, last_row=in_own[0].last_row), [*in_own[1:], *others]


def _bounded(sheet: Sheet, row: int, following: int | None, position: int) -> Found:
    last = None if following is None else following - 1
    return dataclasses.replace(table_at(sheet, row), last_row=last, position=position)


def _further_headings(first: Found) -> list[int]:
    """The rows below a table's headings that are headings of another table."""
    found, known = [], {bare(text) for text in first.headings if text}
    for row in range(first.first_row, len(first.sheet.rows) + 1):
        cells = first.sheet.rows[row - 1]
        texts = {bare(cell.value) for cell in cells if isinstance(cell.value, str)}
        if (
            _weight(cells) >= LEAST_HEADINGS
            and len(texts & known) < 0.7 * len(texts)
            and _prices_lines(table_at(first.sheet, row))
        ):
            found.append(row)
            known = texts
    return found


def _prices_lines(found: Found) -> bool:
    """Whether a table has what lines of an offer need: an item, and a price of any kind."""
    places = proposed(found)
    return "item" in places and bool({"net_price", "line_total"} & places.keys())


def _continues_headings(heads: Sequence[str], below: Sequence[Cell]) -> bool:
    """Whether a row goes on with the headings: words only, under a heading or beside one, and no name of an item."""
    filled = [(at, cell.value) for at, cell in enumerate(below) if cell.value is not None]
    if not filled or not all(isinstance(value, str) for _, value in filled):
        return False
    item = next((at for at, text in enumerate(heads) if suggested(text) == "item"), None)
    if item is not None and any(at == item for at, _ in filled):
        return False
    known = [text for _, text in filled if suggested(text) or words.tier_named(str(text)) or words.hourly_of(str(text))]
    return len(known) >= 2 or (
        len(known) == len(filled) and len(filled) > 0 and any(not heads[at] for at, _ in filled if at < len(heads))
    )


# ----------------------------------------------------------------------------------------------- which column is which


def proposed(found: Found) -> dict[str, int]:
    """The position of each of our columns that is probably there: by its heading, of several by what stands below."""
    several: dict[str, list[int]] = {}
    tiers = {each.at for each in tiers_of(found)}
    for at in sorted(range(len(found.headings)), key=lambda each: rank(found.headings[each])):
        name = suggested(found.headings[at]) if found.headings[at] else None
        if name and at not in tiers:
            several.setdefault(name, []).append(at)
    chosen = {name: places[0] for name, places in several.items()}
    policy = Policy(reader.marks_of(_texts(found, [at for places in several.values() for at in places])))
    others = {at for name, at in chosen.items() if name != "item"} | tiers
    if item := _item_column(found, several.get("item", []), others):
        chosen["item"] = item[0]
    _choose_prices(found, several, chosen, policy)
    if "quantity" not in chosen and (many := _multiplied(found, chosen, policy)) is not None:
        chosen["quantity"] = many
        chosen = {name: at for name, at in chosen.items() if at != many or name == "quantity"}
    if "line_total" not in chosen and (whole := _product(found, chosen, policy)) is not None:
        chosen["line_total"] = whole
    return chosen


def _product(found: Found, chosen: Mapping[str, int], policy: Policy) -> int | None:
    """The column that no heading names as the total, and that holds quantity times price on each line with both."""
    many, price = chosen.get("quantity"), chosen.get("net_price")
    if many is None or price is None:
        return None
    look = _lookup(policy)
    lines = [(row, product) for row in found.below if (product := (look(row, many) or 0.0) * (look(row, price) or 0.0))]
    if len(lines) < 2 or all(look(row, many) == 1 for row, _ in lines):
        return None
    for at in (each for each in range(len(found.headings)) if each not in chosen.values()):
        if all(abs((look(row, at) or 0.0) - product) <= 0.01 * abs(product) for row, product in lines):
            return at
    return None


def _multiplied(found: Found, chosen: Mapping[str, int], policy: Policy) -> int | None:
    """The column that no heading names as the quantity, and that makes each total from the price of one."""
    price, total = chosen.get("net_price"), chosen.get("line_total")
    if price is None or total is None:
        return None
    look, free = _lookup(policy), {"accelerators_per_system", "systems_quoted"}
    taken = {at for name, at in chosen.items() if name not in free}
    lines = [row for row in found.below if look(row, price) and look(row, total)]
    for at in (each for each in range(len(found.headings)) if each not in taken):
        product = [(look(row, at) or 0.0) * (look(row, price) or 0.0) for row in lines]
        held = [
            abs(made - (look(row, total) or 0.0)) <= 0.01 * abs(made) for made, row in zip(product, lines, strict=True)
        ]
        if held and all(held) and any((look(row, at) or 0.0) != 1 for row in lines):
            return at
    return None


def not_read(found: Found, places: Mapping[str, int]) -> Iterator[str]:
    """The headings of columns of prices that are not read: they look like one of ours which another column holds
    already, or stand in a list of prices of tokens and are not known."""
    priced = (*TOKEN_PRICES, "net_price", "line_total")
    tiers, lists = {tier.at for tier in tiers_of(found)}, any(name in places for name in TOKEN_PRICES)
    for at, text in enumerate(found.headings):
        name = suggested(text) if text else None
        meant = name in priced or (lists and name is None)
        if text and meant and at not in places.values() and at not in tiers and _holds_numbers(found, at):
            yield f"{get_column_letter(at + 1)} {shown(text)}"


def _texts(found: Found, places: Sequence[int]) -> Iterator[str]:
    for at in places:
        yield from (cell.value for cell in found.column(at) if isinstance(cell.value, str))


def _item_column(found: Found, headed: Sequence[int], others: set[int]) -> list[int]:
    """The column of what is offered: of those headed so, else of all not known, the one with the most words."""
    lines = [row for row in found.below if any(at < len(row) and row[at].value is not None for at in others)]
    places = headed or [at for at in range(len(found.headings)) if at not in others]
    wordy = {at: _wordiness(lines, at) for at in places}
    best = max(wordy, key=lambda at: wordy[at], default=None)
    if best is None:
        return []
    if headed:
        # The first headed so stays unless it holds mere numbers of articles and another holds names.
        first = headed[0]
        return [first if wordy[first] >= 8 or wordy[best] < 2 * wordy[first] + 2 else best]
    return [best] if wordy[best] >= LEAST_LETTERS else []


def _wordiness(lines: Sequence[Sequence[Cell]], at: int) -> float:
    """Letters in a cell of a column, on average."""
    cells = [row[at] for row in lines if at < len(row) and row[at].value is not None][:LOOKED_AT]
    letters = [sum(letter.isalpha() for letter in str(cell.value)) for cell in cells if isinstance(cell.value, str)]
    return sum(letters) / len(cells) if cells else 0.0


def _choose_prices(found: Found, several: Mapping[str, list[int]], chosen: dict[str, int], policy: Policy) -> None:
    """Of several columns of a price of one, the one that makes the totals of the lines; the other is the list price."""
    prices, totals, quantity = several.get("net_price", []), several.get("line_total", []), chosen.get("quantity")
    look = _lookup(policy)
    if len(prices) == len(totals) == 1 and "discount" in chosen and "list_price" not in chosen:
        # "Unit price, discount, total": the price before the discount.
        if _agreeing(found, look, quantity, prices[0], totals[0], chosen["discount"]) > 1:
            chosen["list_price"] = chosen.pop("net_price")
        return
    if len(prices) < 2 and len(totals) < 2:
        return
    pairs = [(price, total) for price in prices for total in totals or [-1]]
    best = max(pairs, key=lambda pair: _agreeing(found, look, quantity, *pair), default=None)
    if best is None:
        return
    if _agreeing(found, look, quantity, *best):
        chosen["net_price"] = best[0]
        if best[1] >= 0:
            chosen["line_total"] = best[1]
    rest = [at for at in prices if at != chosen["net_price"]]
    if len(rest) == 1 and "list_price" not in chosen and "discount" in chosen:
        chosen["list_price"] = rest[0]


def _lookup(policy: Policy) -> Callable[[Sequence[Cell], int], float | None]:
    def look(row: Sequence[Cell], at: int) -> float | None:
        cell = row[at] if 0 <= at < len(row) else EMPTY
        return None if cell.value is None else values.number(values.of_pieces(cell), policy)[0]

    return look


def _agreeing(
    found: Found,
    look: Callable[[Sequence[Cell], int], float | None],
    quantity: int | None,
    price: int,
    total: int,
    discount: int | None = None,
) -> int:
    """In how many lines quantity times this price is this total; with a discount, only where it takes something off."""
    count = 0
    for row in found.below:
        many, one, whole = look(row, -1 if quantity is None else quantity), look(row, price), look(row, total)
        off = 0.0 if discount is None else _share_off(row[discount] if discount < len(row) else EMPTY)
        if one and whole and (discount is None or off):
            product = (1.0 if many is None else many) * one * (1 - off)
            count += abs(product - whole) <= 0.01 * abs(whole)
    return count


def _share_off(cell: Cell) -> float:
    """The share that a cell of discounts takes off: "12 %", 12 or 0.12; 0 for none."""
    if cell.value is None:
        return 0.0
    found = values.number(
        Cell(str(cell.value).replace("%", "")), Policy("comma" if "," in str(cell.value) else "point")
    )[0]
    size = abs(found or 0.0)
    return size / 100 if "%" in str(cell.value) or size >= 1 else size


def tiers_of(found: Found) -> list[TierColumn]:
    """The columns of prices by the hour under different commitments, if there are several side by side."""
    made = []
    for at, text in enumerate(found.headings):
        own = text.split("\n")[0]
        tier = words.tier_named(own) or words.tier_named(text)
        if (
            tier is None
            or not _holds_numbers(found, at)
            or suggested(text) in ("months_covered", "years_covered", *TOKEN_PRICES)
        ):
            continue
        made.append(TierColumn(at, tier, words.hourly_of(text)))
    made += _without_commitment(found, made)
    hourly = [each.charged for each in made if each.charged] or [said for said in [_unit_above(found)] if said]
    if len(made) < 2 or not hourly:
        return []
    return [TierColumn(each.at, each.tier, each.charged or hourly[0]) for each in made]


def _without_commitment(found: Found, made: Sequence[TierColumn]) -> list[TierColumn]:
    """The one column of prices by the hour beside committed ones that names no commitment: what is on demand."""
    if not made or any(each.tier.months == 0 for each in made):
        return []
    hourly = [
        TierColumn(at, Tier(text.split("(")[0].strip() or text, 0), words.hourly_of(text))
        for at, text in enumerate(found.headings)
        if words.is_plain_hour(text) and suggested(text) in (None, "net_price") and _holds_numbers(found, at)
    ]
    return hourly if len(hourly) == 1 and hourly[0].at not in {each.at for each in made} else []


def _unit_above(found: Found) -> str:
    """What hourly prices are for by the words above the table: "All prices in USD per GPU-hour"."""
    return next((said for text in found.above if (said := words.hourly_of(text))), "")


def _holds_numbers(found: Found, at: int) -> bool:
    cells = [values.of_a_million(cell) for cell in found.column(at)[:LOOKED_AT]]
    numbers = sum(
        values.number(cell, reader.POINT)[0] is not None or values.number(cell, Policy("comma"))[0] is not None
        for cell in cells
    )
    return bool(cells) and 2 * numbers >= len(cells)


def hourly_unit(found: Found, at: int | None) -> str:
    """What the prices of a column are for if they are by the hour: as its heading says, else as stands above."""
    heading = found.headings[at] if at is not None and at < len(found.headings) else ""
    if words.hourly_of(heading):
        return words.hourly_of(heading)
    return _unit_above(found) if columns.period_named(heading) in (None, "hour") else ""


# -------------------------------------------------------------------------------------------------------- as it is said


def places(found: Found, mapping: Mapping[str, str] | None) -> dict[str, int]:
    """The position of each of our columns in the file: as was said, else as is proposed."""
    if mapping is None:
        doubled = [bare(text) for text in found.headings if exact(text)]
        twice = next((text for text in found.headings if exact(text) and doubled.count(bare(text)) > 1), None)
        if twice is not None:
            raise refusal(f"{found.sheet.file} has two columns {shown(twice)} (row {found.header_row}): rename one")
        return proposed(found)
    return {columns.named(name).name: _position(found, place) for name, place in mapping.items() if place}


def _position(found: Found, place: str) -> int:
    """Where a heading, or else a letter, stands."""
    file = found.sheet.file
    matching = [at for at, text in enumerate(found.headings) if text and folded(text) == folded(place)]
    if len(matching) > 1:
        raise refusal(f"{file} has {len(matching)} columns headed {shown(place)}: name the one by its letter")
    if matching:
        return matching[0]
    if place.isascii() and place.isalpha() and len(place) <= 2:
        return column_index_from_string(place.upper()) - 1
    known = ", ".join(shown(text) for text in found.headings if text)
    raise refusal(f"{file} has no column {shown(place)}; it has {known}")


def check_columns(found: Found, known: set[str], tiers: Sequence[TierColumn]) -> None:
    """Refuses a file that lacks what its rows cannot be read without."""
    priced = bool(tiers) or any(known.issuperset(names) for names in STANDS_FOR_PRICE)
    needed = [name for name in ESSENTIAL if name not in known and (name != "net_price" or not priced)]
    missing = [BY_NAME[name] for name in needed]
    if not missing:
        return
    proposals = [
        f"{shown(text)} may be {BY_NAME[name].label}"
        for text in found.headings
        if text and (name := suggested(text)) and name in {c.name for c in missing}
    ]
    hint = f" ({'; '.join(proposals)})" if proposals else ""
    labels = ", ".join(column.label for column in missing)
    raise refusal(f"{found.sheet.file} lacks {labels}: map a column to each, or say what holds for all lines{hint}")
