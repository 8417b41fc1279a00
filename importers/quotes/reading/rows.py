"""The rows of a table as its author meant them: what is a line of the offer, and what stands between the lines.

Titles, notes, totals, taxes, headings repeated on the next page and carried-forward sums are no lines; a line that a
PDF export broke in two is one. A section's heading says of the lines below it what they are, or that they are options.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from importers.quotes.cells import values
from importers.quotes.cells.columns import BY_NAME, bare, folded
from importers.quotes.cells.sheet import EMPTY, Cell
from importers.quotes.cells.vocabulary import FURTHER
from importers.quotes.reading import head
from importers.quotes.reading.parts import is_component, plain
from importers.records.fields import one_line

IS_TOTAL, IS_TAX, IS_TEXT = "a total", "a tax", "a heading or note"
IS_JOINED, IS_HEADINGS, IS_COMPONENT = "part of the line above it", "the headings again", "a component without a price"
IS_RESIDUAL, IS_BESIDE = "a value at the end of the term", "what the equipment costs to buy, beside its rate"
AMOUNTS = ("list_price", "net_price", "line_total")
_TOTAL = re.compile(
    r"(sub|grand|zwischen|gesamt|end|rechnungs|netto|brutto|angebots|auftrags)[\s-]*(total|sum|summe|betrag|preis)\b.*"
    r"|(total|totale|totaux|sum|summe|gesamt|montant total|sous[\s-]total|report|a reporter|ubertrag"
    r"|carried forward|brought forward"
    r"|net amount|amount due|balance|total due|net a payer)"
    r"(\W+(net|netto|gross|brutto|price|preis|amount|betrag|value|excl?|incl?|inkl|exkl|before|after|ht|ttc|usd"
    r"|eur|gbp|chf|jpy)\b.*)?\W*",
    re.IGNORECASE,
)
# Beside no quantity, any words with the total; in a language of its own signs, anywhere.
_TOTAL_OF = re.compile(
    rf"{_TOTAL.pattern}|(.*\W)?(total|totale|summe|gesamtsumme)(\W.*)?|.*(合計|小計|総額).*", re.IGNORECASE
)
_CARRIED = re.compile(r"\b(ubertrag|carried forward|brought forward|report|a reporter|c f)\b")
# Taxes that a business pays itself.
_PAID = re.compile(r"\b(sales (and use )?tax|use tax|state tax|local tax|sales tax)\b")
_WITH_TAX = re.compile(
    r"\b(?:incl\w*|inkl\w*|including|with|mit|avec)\W+(?:\d+ ?%?\W*)?(?:vat|mwst|ust|tva|gst|sales tax"
    r"|tax(?:es)?|steuern?)\b"
    r"|\b(?:ttc|brutto\w*|tax inclusive)\b|税込"
)
_BEFORE_TAXES = frozenset(
    "import einfuhr plus zzgl incl inkl excl exkl gesetzl gesetzliche gesetzlicher statutory add less of the la".split()
)
_PAGE = re.compile(r"\W*(?:page|seite|blatt|feuille|pagina)\s*\d+(?:\s*(?:of|von|sur|/|de)\s*\d+)?\W*", re.IGNORECASE)
_RESIDUAL = re.compile(
    r"\b(residual|restwert|valeur residuelle|balloon|buy ?-?out|purchase option|kaufoption|option d'achat"
    r"|(?:value|option|price) at (?:the )?end|fair market value|fmv)\b"
)
_TO_BUY = re.compile(
    r"(?!.*\b(?:month\w*|monat\w*|mois|mensuel\w*))(?:.*\b(?:"
    r"(?:equipment|assets?|hardware|purchase|acquisition|capital|capitali[sz]ed|financed?|invoice|original|list|system)"
    r" (?:value|cost|price|amount)|(?:amount|value|cost) (?:to be )?(?:financed|of (?:the )?(?:equipment"
    r"|assets?|hardware|goods))"
    r"|(?:anschaffungs|objekt|gerate|waren|hardware|finanzierungs|kauf|listen)(?:wert|preis|betrag|kosten|summe"
    r"|volumen)"
    r"|wert (?:der|des) \w+|(?:valeur|prix|cout|montant) (?:\w+ ){0,2}(?:du materiel|materiel|(?:des? "
    r"|d'? ?)?equipements?"
    r"|d'? ?achat|d'? ?acquisition|finance|du bien))\b)"
)
_OPTIONS = re.compile(
    r"^\W*(?:[\d.]+\W*|[a-z]\W+)?(?:option\w*|alternativ\w*|variante\w*|eventual\w*|bedarfsposition\w*"
    r"|on request|en option)\b"
)
_OUTSIDE = re.compile(
    r"\b(?:not (?:included|in(?: the)? (?:scope|total|price))|excluded|exclusions?|out of scope"
    r"|by customer|by others|nicht (?:enthalten|im (?:preis|umfang))"
    r"|bauseits|non compris\w*|non inclus\w*|hors perimetre|a la charge du client)\b"
)
_AS_OPTION = re.compile(
    r"^\W*(?:option\w*|alternativ\w*|variante?|eventualposition|bedarfsposition|en option)\b"
    r"|[(\[](?:option\w*|alternativ\w*|en option)[)\]]|\W(?:optional|optionnel\w*)\W*$"
)
_SOME_OPTION = re.compile(
    r"\b(?:optional\w*|optionnel\w*|on request|auf wunsch|sur demande|if required|bei bedarf"
    r"|if|falls|im fall\w*|en cas|cancell?\w*|storno\w*|restocking|penalt\w*|vertragsstrafe)\b"
)
_GOES_ON = re.compile(r"^(?:[a-zß-ÿ(\[+•&/]|-\s?[a-z]|incl|inkl|mit |with |avec |und |and |et )")
_EXPECTS_MORE = re.compile(
    r"(?:[,/&+–-]|\b(?:je|pro|per|par|und|and|et|inkl|incl|mit|with|avec|de|fur|for|pour|der|des|of|im|in))\W*$"
)
_MARKS_OPTION = re.compile(r"(?:is |as )?(?:option\w*|alternativ\w*)\b")
_TICKED = frozenset(("y", "yes", "ja", "j", "oui", "o", "x", "true", "1", "1 0"))
# A number is torn from what it counts: "36" and "months".
_COUNTS = re.compile(r"(?:months?|monate?|mois|years?|jahre?|ans?|tb|gb|gpus?|stunden|hours?)\b", re.IGNORECASE)
LONGEST_SECTION, LONGEST_LABEL = 70, 400
MOST_JOINED = 5
# A cell of more words says something of the line, and not what it is to the offer.
MOST_WORDS = 2


@dataclass(frozen=True)
class Row:
    """One line, or what stands between: its cells by column, the whole row, and what it is if it is no line.

    `section` is the heading above it, `also` are the rows that were joined to it, `scope` is "optional" or "out" where
    its words or its section say so.
    """

    number: int
    cells: Mapping[str, Cell]
    line: Sequence[Cell]
    aside: str = ""
    section: str = ""
    also: tuple[int, ...] = ()
    scope: str = ""


@dataclass
class _Walk:
    """Where the walk over the rows stands."""

    section: str = ""
    scope: str = ""
    held: Row | None = None
    near: int = 0
    options: Sequence[int] = ()
    out: list[Row] = field(default_factory=list)


def is_filled(cell: Cell) -> bool:
    """Whether a cell holds anything."""
    return cell.value is not None or cell.formula


def rows_of(
    lines: Sequence[tuple[int, Sequence[Cell]]],
    places: Mapping[str, int],
    heads: Sequence[str],
    prices: Sequence[int],
    said: Collection[int],
) -> list[Row]:
    """The rows of a table in their order. `heads` are its headings, `prices` further columns of prices, `said` the rows
    of which a person said that they are lines."""
    rows = [
        Row(number, {name: line[at] if at < len(line) else EMPTY for name, at in places.items()}, line)
        for number, line in lines
        if any(is_filled(cell) for cell in line)
    ]
    marks = [at for at, text in enumerate(heads) if _MARKS_OPTION.match(bare(text)) and at not in places.values()]
    walk, has_parts = _Walk(options=marks), "part" in places
    for row, following in pairwise([*rows, None]):
        assert row is not None
        if row.number in said:
            _take(walk, replace(row, section=walk.section))
            continue
        kind = _aside(row, heads, prices, has_parts)
        broken = (
            kind in ("", IS_TEXT) and following is not None and not has_parts and _completes(row, following, places)
        )
        if broken:
            _take(walk, _in_section(walk, row))
        else:
            _walk(walk, row, kind, places, has_parts)
    if walk.held is not None:
        walk.out.append(walk.held)
    return sorted(walk.out, key=lambda row: row.number)


def _in_section(walk: _Walk, row: Row) -> Row:
    return replace(
        row, section=walk.section, scope=scope_of(label_of(row)) or _scope_beside(row, walk.options) or walk.scope
    )


def _take(walk: _Walk, row: Row) -> None:
    """The next line; the one before it is finished."""
    if walk.held is not None:
        walk.out.append(walk.held)
    walk.held, walk.near = row, row.number


def _walk(walk: _Walk, row: Row, kind: str, places: Mapping[str, int], has_parts: bool) -> None:
    if kind == IS_TEXT:
        _text(walk, row)
    elif kind:
        if kind == IS_TOTAL and not _CARRIED.search(plain(label_of(row))):
            walk.section, walk.scope = "", ""
        walk.out.append(replace(row, aside=kind))
    elif walk.held is not None and not has_parts and _completes(walk.held, row, places):
        walk.held, walk.near = _joined(walk.held, row), row.number
        walk.out.append(replace(row, aside=IS_JOINED))
    elif walk.held is not None and _is_component_of(walk.held, row, has_parts):
        walk.out.append(replace(row, aside=IS_COMPONENT))
    else:
        _take(walk, _in_section(walk, row))


def _text(walk: _Walk, row: Row) -> None:
    """A row of words only: the rest of the line above it, the heading of a section, or a note."""
    words = label_of(row)
    if walk.held is not None and walk.near == row.number - 1 and _continues(walk.held, row, words):
        walk.held, walk.near = _joined(walk.held, row), row.number
        walk.out.append(replace(row, aside=IS_JOINED))
        return
    if _PAGE.fullmatch(words) is None and len(words) <= LONGEST_SECTION:
        walk.section, walk.scope = words, section_scope(words)
    walk.out.append(replace(row, aside=IS_TEXT))


def _continues(held: Row, row: Row, words: str) -> bool:
    """Whether words go on with the item above: they begin in the middle of a sentence, or it breaks off in one."""
    if len(held.also) >= MOST_JOINED or section_scope(words) or not is_filled(row.cells.get("item", EMPTY)):
        return False
    before = str(held.cells.get("item", EMPTY).value or "")
    torn = before.rstrip()[-1:].isdigit() and _COUNTS.match(words) is not None
    return torn or _GOES_ON.match(words) is not None or _EXPECTS_MORE.search(plain(before)) is not None


def _completes(held: Row, row: Row, places: Mapping[str, int]) -> bool:
    """Whether a row holds the prices of the line above it, which has none: a PDF export breaks long lines so."""
    if row.number != held.number + len(held.also) + 1 or _amounts(held) or not _amounts(row):
        return False
    counted, again = (is_filled(each.cells.get("quantity", EMPTY)) for each in (held, row))
    numbered = _position(held, places) and not _position(row, places)
    return not (counted and again) and (counted or numbered) and not _TOTAL_OF.fullmatch(plain(label_of(row)))


def _amounts(row: Row) -> bool:
    return any(is_filled(row.cells.get(name, EMPTY)) for name in AMOUNTS)


def _position(row: Row, places: Mapping[str, int]) -> bool:
    """Whether a row has a number of its own left of the item, as positions of an offer have."""
    left = range(places.get("item", 0))
    return any(at < len(row.line) and is_filled(row.line[at]) for at in left if at not in places.values())


def _joined(held: Row, row: Row) -> Row:
    """Two rows as the one line that they were."""
    texts = [
        str(cell.value)
        for cell in (held.cells.get("item", EMPTY), row.cells.get("item", EMPTY))
        if cell.value is not None
    ]
    cells = {name: cell if is_filled(cell) else row.cells.get(name, EMPTY) for name, cell in held.cells.items()}
    cells["item"] = Cell(" ".join(texts))
    return replace(held, cells=cells, also=(*held.also, row.number))


def _is_component_of(held: Row, row: Row, has_parts: bool) -> bool:
    """Whether a row names a component of the line above it, with a quantity and no price of its own."""
    words = label_of(row)
    indented = words.startswith(("-", "•", "–", "*", ">", "·"))
    return not has_parts and not _amounts(row) and (indented or is_component(words)) and _amounts(held)


# ---------------------------------------------------------------------------------------------------------- what it is


def _aside(row: Row, heads: Sequence[str], prices: Sequence[int], has_parts: bool) -> str:
    """What a row is that is no line of the offer, "" for a line."""
    label = label_of(row)[: values.LONGEST_TEXT]
    words = plain(label)
    if _is_headings(row.line, heads):
        return IS_HEADINGS
    counted = row.cells.get("quantity", EMPTY).value is not None
    alone = sum(map(is_filled, row.line)) < 2
    figures = {name for name, cell in row.cells.items() if is_filled(cell)} - {"item", "unit"}
    beside = "" if figures & {"net_price", "line_total"} else beside_price(words)
    if beside == IS_RESIDUAL or (beside and not figures and not alone):
        return beside
    if not alone and (_TOTAL if counted else _TOTAL_OF).fullmatch(words.strip()):
        return IS_TOTAL
    if tax_named(label):
        return IS_TAX
    priced = any(at < len(row.line) and is_filled(row.line[at]) for at in prices)
    if _says_of_offer(row.line):
        return IS_TEXT
    if has_parts:
        return ""
    figures -= {name for name in figures if BY_NAME[name].level == "quote"}
    numeric = any(isinstance(cell.value, float) for cell in row.line)
    return "" if figures or priced or (numeric and is_filled(row.cells.get("item", EMPTY))) else IS_TEXT


def beside_price(words: str) -> str:
    """What words name that is money and no price of the offer: a value in the end, or what equipment costs to buy."""
    if _RESIDUAL.search(words):
        return IS_RESIDUAL
    return IS_BESIDE if _TO_BUY.match(words) else ""


def is_total(words: str) -> bool:
    """Whether words, without accents and in small letters, name a total."""
    return _TOTAL_OF.fullmatch(words.strip()) is not None


def _is_headings(line: Sequence[Cell], heads: Sequence[str]) -> bool:
    """Whether a row repeats the headings, as each page of a PDF does."""
    again = [bare(cell.value) for cell in line if isinstance(cell.value, str)]
    known = {bare(part) for head in heads for part in (head, *head.split("\n")) if part}
    return (
        len(again) >= 2
        and sum(text in known for text in again) >= 0.7 * len(again)
        and len(again) >= 0.5 * len([h for h in heads if h])
    )


def _says_of_offer(line: Sequence[Cell]) -> bool:
    """Whether a row says something of the offer as a whole, as "Valid until" does: a label, its value, no more."""
    filled = [cell for cell in line if is_filled(cell)]
    return len(filled) == 2 and head.is_pair(*filled)


def tax_named(label: str) -> str:
    """Whether a row is a tax on the price: "refunded" to a business, "paid" by it, "" for none."""
    text = " ".join(word for word in folded(plain(label)).split() if not word.isdigit())
    if _PAID.search(text) and not re.search(r"\b(total|excl\w*|before|without)\b", text):
        return "paid"
    words = text.split()
    while words and words[0] in _BEFORE_TAXES:
        words.pop(0)
    text = " ".join(words)
    if "消費税" in label and "合計" not in label:
        return "refunded"
    return "refunded" if any(text == tax or text.startswith(f"{tax} ") for tax in FURTHER["refunded"]) else ""


def names_tax_inside(item: str) -> bool:
    """Whether the words of an item say that its price has tax in it ("brutto", "TTC", "incl. VAT")."""
    return _WITH_TAX.search(plain(item)) is not None


def label_of(row: Row) -> str:
    """What a row is called: its item, else the first text in it."""
    item = row.cells.get("item", EMPTY).value
    texts = (cell.value for cell in row.line if isinstance(cell.value, str))
    found = item if isinstance(item, str) else next(texts, "" if item is None else str(item))
    return one_line(found[:LONGEST_LABEL])


def scope_of(item: str) -> str:
    """ "optional" or "out" where the words of an item say so, "" for a part of the offer."""
    words = plain(item)
    return "out" if _OUTSIDE.search(words) else "optional" if _AS_OPTION.search(words) else ""


def _scope_beside(row: Row, options: Sequence[int]) -> str:
    """What a cell of its own says of a row's scope, as in a column of sections: "Not included", "Alternative 1"; or a
    yes in a column of options."""
    if any(at < len(row.line) and bare(row.line[at].value or "") in _TICKED for at in options):
        return "optional"
    for cell in row.line:
        if not isinstance(cell.value, str) or len(cell.value) > LONGEST_SECTION or values.is_no_price(cell):
            continue
        words = plain(cell.value)
        if _OUTSIDE.fullmatch(words.strip()):
            return "out"
        if len(words.split()) <= MOST_WORDS and _OPTIONS.search(words):
            return "optional"
    return ""


def names_option(item: str) -> bool:
    """Whether the words of an item name an option without saying that it is one ("rails, optional extra"), or a price
    that is paid only in some case ("fee if cancelled")."""
    return _SOME_OPTION.search(plain(item)) is not None


def section_scope(words: str) -> str:
    """What the heading of a section says of the lines below it; priced options are no less options for being left out
    of a total."""
    text = plain(words)
    return "optional" if _OPTIONS.search(text) else "out" if _OUTSIDE.search(text) else ""


def figures_of(line: Sequence[Cell]) -> Iterator[Cell]:
    """The filled cells of a row, from its end."""
    return (cell for cell in reversed(line) if cell.value is not None)
