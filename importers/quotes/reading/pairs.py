"""Offers given as pairs of a label and a value, without a table of lines: a term sheet, one thing a row.

A pair with an amount becomes a line, in columns of ours; all else is read as what stands beside any table. What the
equipment costs to buy, and what it is worth in the end, stand beside the price and are no part of it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from importers.quotes.cells import values
from importers.quotes.cells.columns import BY_NAME, suggested
from importers.quotes.cells.sheet import EMPTY, Cell, Sheet
from importers.quotes.reading import head, words
from importers.quotes.reading.head import Said
from importers.quotes.reading.headings import Found, Pairs, proposed
from importers.quotes.reading.parts import accelerators_named, is_bare_accelerator, machines_named, parts_named, plain
from importers.quotes.reading.rows import IS_BESIDE, IS_RESIDUAL, beside_price, is_total
from importers.records.fields import one_line
from models.notation import reader
from models.notation.reader import CODES, Policy, Unreadable
from models.notation.writer import in_cell

# Fewer pairs than these are no offer, and fewer of them with an amount are a table that was not known.
LEAST_PAIRS, LEAST_HEADS, LEAST_SHARE = 3, 2, 0.6
# The columns that pairs are put into; the last, without a heading, is for amounts that are no price.
ITEM, QUANTITY, NET, TOTAL, UNIT, COMMITMENT, BESIDE = range(7)
HEADINGS = tuple(BY_NAME[name].label for name in ("item", "quantity", "net_price", "line_total", "unit", "commitment"))
LONGEST_NOTE = 120
# What a machine is worth over a lease, as a share of what its rates come to.
LIKELY_VALUE = (0.5, 2.0)

_IS_OF = re.compile(
    r"(?:/|per\b|a (?:month|year)|each\b|p\.? ?[am]\b|je\b|pro\b|par\b|im (?:monat|jahr)|month|year|monat|jahr"
    r"|mensuel|annuel"
    r"|one|once|einmal|unique|net|ht\b|hors|excl|exkl|zzgl|plus|\(|,|total|for\b|fur\b|pour\b)"
)
_PRICED = re.compile(
    r"preis|price|prix|\w*raten?\b|tarif|\brent|\bfees?\b|payment|charge|\bcosts?\b|lease|loyer|mensualite"
    r"|miete|gebuhr|frais"
    r"|kosten|betrag|montant|amount|premium|pramie|deposit|kaution|caution|zahlung|redevance|entgelt"
)
_NO_AMOUNT = re.compile(
    r"\b(?:tel\w*|phone|fax|mobile|iban|bic|swift|account|konto\w*|compte|customer|client|kunde\w*|version|page"
    r"|seite|project"
    r"|projekt|projet|p\.?o\.?|box|zip|plz|postcode|siret|siren|registration|factor|faktor|facteur|index"
    r"|interest|zins\w*"
    r"|taux|number of|no\.? of|anzahl|nombre|quantity|qty|menge|quantite|units?|stuck\w*|count|gpus?"
    r"|accelerators?|servers?"
    r"|systems?|nodes?|knoten|noeuds?|term|laufzeit|duree|days?|weeks?|months?|years?|tage?|wochen|monate|jahre|article"
    r"|reference|contract|vertrag\w*|vat (?:id|no|number)|tax (?:id|no|number)|ust\W*id\w*|steuer\w*nummer|duns)\b"
)
_MANY = re.compile(
    r"(?:quantity|qty|menge|anzahl|stuckzahl|stuck|quantite|nombre|number of (?:units|machines)"
    r"|units)(?: quoted| offered)?"
)
_EQUIPMENT = re.compile(
    r"(?:leased |quoted |offered |rented )?(?:products?|produkt|produit|description|bezeichnung|designation"
    r"|equipment|assets?|hardware|configuration|systems?|servers?|goods"
    r"|object|subject"
    r"|instance|machine|leasing ?(?:gegenstand|objekt|gut)|miet(?:objekt|gegenstand)|gerate?|ausstattung"
    r"|gegenstand|objekt"
    r"|konfiguration|systeme?|instanz|maschine|materiel|equipements?|bien|objet|serveurs?|objet du (?:contrat|leasing)"
    r"|設備|機器|物件)(?: description| details| leased| loues?| type| model| proposes?)?"
)
# "8 x H200 servers" are eight accelerators in each, or eight machines.
_EITHER = re.compile(r"\W*\d+ ?x (?:[\w-]+ ){1,3}(?:servers|serveurs|nodes|systems|systeme|knoten|noeuds)\b")
_VALUE_ALONE = re.compile(
    r"(?:(?:total|unit|net|system|server|equipment|hardware|purchase|offer|quoted|gesamt|netto|angebots|kauf"
    r"|einzel|stuck"
    r"|system|server|hardware) ?)*(?:price|cost|preis|prix(?: (?:unitaire|total|net|d'achat|du materiel))?)"
    r"(?: (?:per|each|je|pro|par|a) ?(?:system|server|serveur|unit|unite|node|knoten|stuck)?)?"
)
_EACH = re.compile(r"\b(?:unit price|unit cost|each|einzelpreis|stuckpreis|prix unitaire)\b")
_ALL = re.compile(
    r"\b(?:total\w*|gesamt\w*|for all|all systems|all servers|fur alle\w*|insgesamt|pour (?:tous|l'ensemble)"
    r"|global\w*)\b"
)
_LEASES = re.compile(
    r"leas|mietkauf|credit-?bail|\blocation financiere\b|\bloyers?\b|restwert|\bresidual\b|valeur residuelle|\blessor\b"
)
_PER_USE = re.compile(r"\btok(?:en)?s?\b|\bmtoks?\b|\bjetons?\b")


@dataclass(frozen=True)
class Pair:
    """A label and what stands beside it in a row: `value`, and the words behind that."""

    row: int
    label: str
    value: Cell
    note: str = ""


@dataclass(frozen=True)
class Amount:
    """A pair with an amount of money, and what the amount is called: the label, and the words beside the amount."""

    row: int
    label: str
    cell: Cell
    beside: str

    @property
    def item(self) -> str:
        """What the line is called."""
        return ", ".join(part for part in (self.label, self.beside.strip(" ,;()/") and self.beside) if part)

    @property
    def words(self) -> str:
        """The same as its words are looked at."""
        return plain(self.item)


def is_of_pairs(found: Found) -> bool:
    """Whether what looks like a table of two columns is a list of pairs: rows in it say something of the offer."""
    if len(proposed(found)) > 2 or "quantity" in proposed(found):
        return False
    rows = ([cell for cell in row if cell.value is not None] for row in found.below)
    return sum(len(row) == 2 and head.is_pair(*row) for row in rows) >= LEAST_HEADS


def table_of_pairs(sheets: Sequence[Sheet]) -> Found | None:
    """The sheet with the most amounts in pairs as a table of ours, None where no sheet is of pairs."""
    made = [found for sheet in sheets if (found := _table(sheet)) is not None]
    return max(made, key=lambda found: sum(map(bool, found.below)), default=None)


def _table(sheet: Sheet) -> Found | None:
    pairs = [pair for number, row in enumerate(sheet.rows, start=1) for pair in _pairs(number, row)]
    wide = sum(sum(cell.value is not None for cell in row) > 1 for row in sheet.rows)
    amounts = [found for pair in pairs if (found := _amount(pair)) is not None]
    sure = [each for each in amounts if values.money_of(each.cell) or _PRICED.search(each.words)]
    rows = {pair.row for pair in pairs}
    if (
        len(pairs) < LEAST_PAIRS
        or not sure
        or len(pairs) - len(amounts) < LEAST_HEADS
        or len(rows) < LEAST_SHARE * wide
    ):
        return None
    policy = Policy(reader.marks_of(str(each.cell.value) for each in amounts if isinstance(each.cell.value, str)))
    offer = _Offer(sheet, tuple(pairs), tuple(amounts), policy)
    headings = list(HEADINGS)
    hourly = {of for each in amounts if (of := words.hourly_of(each.item))}
    if len(hourly) == 1:
        headings[NET] = f"{headings[NET]} {hourly.pop()}"
    lines = {each.row: offer.line(each) for each in amounts}
    if len(lines) < len(amounts):  # two amounts in a row are no pairs that a row of ours can hold
        return None
    made = (
        lines.get(number) or _heading_alone(row, number not in rows) for number, row in enumerate(sheet.rows, start=1)
    )
    bare = dataclasses.replace(sheet, rows=tuple(made), merged=())
    return Found(
        bare, 0, 1, tuple(headings), pairs=Pairs(offer.kind, offer.policy.marks, offer.machines, offer.unclear)
    )


def _heading_alone(row: Sequence[Cell], may_be: bool) -> tuple[Cell, ...]:
    """A row that holds one text is the heading of what follows."""
    filled = [cell for cell in row if cell.value is not None]
    return (filled[0],) if may_be and len(filled) == 1 and isinstance(filled[0].value, str) else ()


# ------------------------------------------------------------------------------------------------------- pair by pair


def _pairs(number: int, row: Sequence[Cell]) -> Iterator[Pair]:
    """The pairs of a row: a label, its value, and a note; or two of them; or one in one cell, parted by a colon."""
    filled = [cell for cell in row if cell.value is not None]
    if len(filled) > 2 and not _is_label(filled[0]):  # the number of a clause
        filled = filled[1:]
    if len(filled) == 1 and isinstance(filled[0].value, str):
        label, colon, value = filled[0].value.partition(":")
        if colon and value.strip() and _is_label(Cell(label)):
            yield Pair(number, label.strip(), Cell(value.strip()))
        return
    if len(filled) < 2 or not _is_label(filled[0]):
        return
    label = one_line(str(filled[0].value)).rstrip(" :")
    value, *rest = _with_currency(filled[1:])
    if len(rest) == 2 and _is_label(rest[0]) and (head.is_pair(*rest) or _figure(rest[1]) is not None):
        yield Pair(number, label, value)
        yield Pair(number, one_line(str(rest[0].value)).rstrip(" :"), rest[1])
        return
    if sum(_figure(cell) is not None for cell in rest):
        return  # several figures: a row of a table
    yield Pair(number, label, value, " ".join(one_line(str(cell.value)) for cell in rest)[:LONGEST_NOTE])


def _is_label(cell: Cell) -> bool:
    text = cell.value
    return isinstance(text, str) and len(text) <= values.LONGEST_TEXT and re.search(r"[^\W\d_]{2}", text) is not None


def _with_currency(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with the code of a currency beside an amount joined to it."""
    if len(cells) > 1:
        codes = [isinstance(cell.value, str) and cell.value.strip() in CODES for cell in cells[:2]]
        if sum(codes) == 1:
            amount, code = cells[codes.index(False)], str(cells[codes.index(True)].value).strip()
            joined = (
                dataclasses.replace(amount, number_format=f"[${code}]")
                if isinstance(amount.value, float)
                else Cell(f"{amount.value} {code}")
            )
            return [joined, *cells[2:]]
    return list(cells)


def _figure(cell: Cell) -> tuple[Cell, str, str] | None:
    """The figure that a cell begins with, the money beside it, and the words behind it; None where it has no figure."""
    if isinstance(cell.value, float):
        return cell, values.money_of(cell), ""
    if not isinstance(cell.value, str):
        return None
    text = reader.tidy(cell.value)
    try:
        parts = reader.figure(text)
    except Unreadable:
        return None
    if parts.rest in reader.PERCENT:
        return None
    number = text.removesuffix(parts.rest) if parts.rest else text
    if parts.rest and number == text:  # its currency stands behind the words
        return None
    return Cell(number.strip(" ,;(")), parts.money, parts.rest


def _amount(pair: Pair) -> Amount | None:
    """The amount of money of a pair; None where it says something else. What cannot be read stays as it is: asked."""
    label = plain(pair.label)
    if isinstance(pair.value.value, str) and values.is_contained(pair.value) and parts_named(pair.label):
        return Amount(pair.row, pair.label, pair.value, pair.note)
    if label in _KNOWN_TEXTS or head.is_pair(Cell(pair.label), pair.value):
        return None
    found = _figure(pair.value)
    if found is None:
        text = str(pair.value.value)
        looks = values.money_in(text) and re.search(r"\d", text) and _PRICED.search(label) and "%" not in text
        return Amount(pair.row, pair.label, Cell(one_line(text)), pair.note) if looks else None
    cell, money, rest = found
    beside = " ".join(part for part in (rest, pair.note) if part)
    if money or (_IS_OF.match(plain(rest)) and not rest.startswith("(")):
        return Amount(pair.row, pair.label, cell, beside)
    if rest or pair.value.number_format.endswith("%"):
        return None
    column = suggested(pair.label) or head.labelled(pair.label)
    of_offer = column is not None and BY_NAME[column].level == "quote"
    if of_offer or column == "quantity" or (_NO_AMOUNT.search(label) and not _PRICED.search(label)):
        return None
    return Amount(pair.row, pair.label, cell, beside) if not _RATES.search(label) else None


_KNOWN_TEXTS = frozenset(("fx rate", "exchange rate", "wechselkurs", "taux de change"))
# Figures that are called rates and are no money.
_RATES = re.compile(r"\b(?:rate factor|interest|zins\w*|leasingfaktor|taux|exchange rate|discount rate)\b")


# ----------------------------------------------------------------------------------------------------- the whole offer


@dataclass(frozen=True)
class _Offer:
    """The pairs of a sheet and the amounts among them, looked at together."""

    sheet: Sheet
    pairs: Sequence[Pair]
    amounts: Sequence[Amount]
    policy: Policy

    @property
    def kind(self) -> str:
        """How it is paid for, "" where its words do not tell."""
        texts = [plain(str(cell.value)) for row in self.sheet.rows for cell in row if isinstance(cell.value, str)]
        if any(_PER_USE.search(each.words) for each in self.amounts):
            return "api"
        if any(words.hourly_of(each.item) for each in self.amounts):
            return "rental"
        if any(_LEASES.search(text) for text in texts):
            return "lease"
        return (
            ""
            if any(words.period(each.item) == "month" and is_rate(each.item) for each in self.amounts)
            else "purchase"
        )

    @property
    def machines(self) -> dict[str, Said]:
        """What the pairs say of the machines: how many, and of how many accelerators."""
        found: dict[str, Said] = {}
        for pair in self.pairs:
            label, text = plain(pair.label), str(pair.value.value)
            place = f"row {pair.row}"
            if _MANY.fullmatch(label) and (many := _whole(pair.value)):
                found.setdefault("systems_quoted", Said(Cell(in_cell(many)), place))
            if not _EQUIPMENT.fullmatch(label) or not isinstance(pair.value.value, str):
                continue
            counted = machines_named(text)
            if counted is not None:
                found.setdefault("systems_quoted", Said(Cell(str(counted[0])), place))
            what = text if counted is None else counted[1]
            unclear = is_bare_accelerator(what) or (counted is None and _EITHER.match(plain(text)))
            if not unclear and (each := accelerators_named(what)):
                found.setdefault("accelerators_per_system", Said(Cell(str(each)), place))
        return found

    @property
    def systems(self) -> int | None:
        """How many machines are offered, None where the pairs do not say."""
        said = self.machines.get("systems_quoted")
        other = (_whole(p.value) for p in self.pairs if head.labelled(p.label) == "systems_quoted")
        return int(str(said.cell.value)) if said else next((many for many in other if many), None)

    @property
    def equipment(self) -> str:
        """What the machines are called."""
        texts = (str(p.value.value) for p in self.pairs if _EQUIPMENT.fullmatch(plain(p.label)))
        return next((one_line(text) for text in texts if re.search(r"[^\W\d_]{2}", text)), "")

    @property
    def unclear(self) -> frozenset[int]:
        """The rows of the rates of several machines of which neither words nor value say whether they are of one."""
        if self.kind != "lease" or self.systems == 1:
            return frozenset()
        rates = [each for each in self.amounts if is_rate(each.item)]
        return frozenset(each.row for each in rates if self._is_of_each(each) is None)

    def _is_of_each(self, rate: Amount) -> bool | None:
        """Whether a rate is of each machine, by its words, or by what the machines cost beside what it comes to."""
        if words.each_named(rate.item) == "system" or _EACH.search(rate.words):
            return True
        if _ALL.search(rate.words):
            return False
        value, many = self._value(), self.systems
        months = next((length for pair in self.pairs if (length := _months(pair))), None)
        size = values.number(rate.cell, self.policy)[0]
        if not (value and many and months and size):
            return None
        least, most = LIKELY_VALUE
        fits = [least <= value / (times * size * months) <= most for times in (1, many)]
        return fits[1] if fits[0] != fits[1] else None

    def _value(self) -> float | None:
        """What the machines cost to buy, where the pairs say it once."""
        found = [each for each in self.amounts if beside_price(each.words) == IS_BESIDE]
        return values.number(found[0].cell, self.policy)[0] if len(found) == 1 else None

    def line(self, each: Amount) -> tuple[Cell, ...]:
        """The cells of an amount in columns of ours."""
        cells = [EMPTY] * (BESIDE + 1)
        cells[ITEM] = Cell(each.item)
        aside = beside_price(each.words)
        if aside == IS_RESIDUAL or (aside and self.kind == "lease"):
            cells[BESIDE] = each.cell
            return tuple(cells)
        if self.kind == "lease" and self._is_the_only_rate(each):
            cells[ITEM] = Cell(_TOTAL.sub("", each.item).strip(" ,").capitalize() + ", for all")
        if self.kind in ("purchase", "") and self._is_price_of_machines(each):
            cells[ITEM] = Cell(f"{self.equipment or each.item}")
        many = self.systems
        if values.is_contained(each.cell) or _PER_USE.search(each.words) or words.hourly_of(each.item):
            cells[NET], cells[UNIT] = each.cell, Cell(each.beside) if each.beside else EMPTY
            if self.kind == "rental" and self.equipment and words.tier_named(each.label):
                cells[ITEM], cells[COMMITMENT] = Cell(self.equipment), Cell(each.label)
        elif self._is_of_machines(each):
            cells[NET], cells[UNIT] = each.cell, Cell("per system")
            cells[QUANTITY] = Cell(float(many)) if many else EMPTY
        else:
            cells[TOTAL] = each.cell
            if self._is_price_of_machines(each):
                cells[QUANTITY] = Cell(float(many)) if many else EMPTY
        return tuple(cells)

    def _is_the_only_rate(self, each: Amount) -> bool:
        """Whether a total by the month is the rate itself, for nothing else is paid by the month."""
        others = (other for other in self.amounts if other is not each and words.period(other.item) == "month")
        return is_total(each.words) and _RATE.search(each.words) is not None and next(others, None) is None

    def _is_of_machines(self, each: Amount) -> bool:
        """Whether an amount is of each of the machines."""
        named = words.each_named(each.item) == "system" or _EACH.search(each.words) is not None
        return named or (self.kind == "lease" and is_rate(each.item) and self._is_of_each(each) is True)

    def _is_price_of_machines(self, each: Amount) -> bool:
        """Whether an amount is called nothing but the price; a total is one where no other amount is."""
        alone = _VALUE_ALONE.fullmatch(plain(each.label).strip())
        others = [other for other in self.amounts if other is not each and not is_total(other.words)]
        return alone is not None and (not is_total(each.words) or not others)


_TOTAL = re.compile(r"\b(?:total|totale|gesamt|gesamte)\b", re.IGNORECASE)
# A price that is called a rate, and nothing else: that of the machines.
_RATE = re.compile(
    r"\b(?:leas\w*|rental|rent|monthly|equipment|hire|finance) (?:lease )?(?:payments?|rates?|rentals?"
    r"|instal?ments?|charges?"
    r"|rents?|cost|price|amount)\b|\b(?:equipment|server|hardware|gpu|monthly) (?:lease|rental)\b"
    r"|\b(?:monats|leasing|miet|mietkauf|finanzierungs)\w*(?:raten?|miete|preis|zahlung)\b|\bmonatliche (?:rate"
    r"|miete|zahlung)\b"
    r"|^(?:payment|rent|rental|rate|instal?ment)s?\b.*\b(?:per|a|each) month\b"
    r"|\bloyers?\b|\bmensualites?\b|\bredevances?\b|\bleasing\b"
)


def is_rate(item: str) -> bool:
    """Whether words name the rate of a lease, and no part of its own beside the machines."""
    named = [part for part in parts_named(item.split(",")[0]) if part != "systems"]
    return _RATE.search(plain(item)) is not None and not named and beside_price(plain(item)) == ""


def _whole(cell: Cell) -> int | None:
    """The whole number above 0 that a cell holds alone or before words."""
    found = re.match(r"\s*(\d{1,4})(?:\.0)?(?![\d.,])", str(cell.value))
    return int(found[1]) if found and int(found[1]) else None


def _months(pair: Pair) -> int | None:
    """The months of a term, where a pair is of one."""
    return words.months_named(str(pair.value.value)) if head.labelled(pair.label) == "term_years" else None
