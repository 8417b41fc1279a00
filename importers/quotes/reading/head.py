"""What a file says of the offer as a whole outside its table: pairs of a label and a value, wherever they stand.

A label and its value stand in two cells beside each other, or in one ("Valid until: 31 Dec 2026"). A vendor without a
label is the first company that the page names. What two places say differently is asked, with both.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from importers.quotes.cells import values, vocabulary
from importers.quotes.cells.columns import BY_NAME, bare, without_accents
from importers.quotes.cells.findings import Finding, shown
from importers.quotes.cells.sheet import Cell, Sheet
from importers.quotes.reading.words import MONTHS_A_YEAR
from importers.records.fields import one_line
from models.notation import reader
from models.notation.reader import CODES, SIGNS, Policy
from models.notation.writer import in_cell, rounded

# What names somebody else than who offers.
_OTHERS = re.compile(
    r"^(customer|client|bill to|ship to|sold to|buyer|end user|attention|attn|prepared for|reseller|kunde|auftraggeber"
    r"|leasingnehmer|mieter|empfanger|an|rechnungsempfanger|destinataire|acheteur|locataire|お客様|御中)\b"
)
_FORMS = (
    r"GmbH & Co\. ?KG|GmbH|AG|SE|KG|UG|Inc\.?|Corp\.?|Corporation|LLC|L\.L\.C\.|LLP|Ltd\.?|Limited|PLC|plc"
    r"|Pvt\.? Ltd\.?|Pte\.? Ltd\.?"
    r"|SAS|S\.A\.S\.|SARL|S\.A\.R\.L\.|S\.A\.|SA|S\.p\.A\.|S\.r\.l\.|SpA|Srl|SRL|Sàrl|S\.L\.|B\.V\.|N\.V\."
    r"|BV|NV|ApS|KGaA|Pty\.? Ltd\.?|K\.K\.|Co\., Ltd\.?|A/S"
    r"|AB|Oy|AS|株式会社"
)
_COMPANY = re.compile(rf"(?P<name>[^\W\d_][\w&.,'’ -]{{0,80}}?[ ,](?:{_FORMS})(?![\w]))", re.IGNORECASE)
_COMPANY_EXACT = re.compile(rf"[ ,](?:{_FORMS})$")
_WHOSE = re.compile(r"^.*\b(?:from|by|von|durch|par)\s+", re.IGNORECASE)
_SMALL_FORMS = {"inc": "Inc.", "corp": "Corp.", "ltd": "Ltd", "limited": "Limited", "gmbh": "GmbH"}
_NUMBER = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9][\w./#-]{1,30}")
_DATE = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)?[ -]?[^\W\d_]{3,9}\.?[ ,-]+\d{4}|[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_LENGTH = re.compile(
    r"(?P<least>\d{1,3})(?: ?(?:-|–|to|bis|a|à) ?(?P<most>\d{1,3}))? ?"
    r"(?:(?P<weeks>weeks?|wks?|wochen?|kw|semaines?|週間?)|(?P<months>months?|monate?n?|mois|か月|ヶ月)"
    r"|(?P<years>years?|yrs?|jahre?n?|ans?|年)"
    r"|(?P<days>days?|tage?n?|jours?|日))(?![^\W\d_])",
    re.IGNORECASE,
)
_ADVANCE = re.compile(
    r"(?P<share>\d{1,3}(?:[.,]\d+)?) ?% ?(?:advance|up ?front|down|prepayment|deposit|with (?:the )?order"
    r"|on order|bei (?:auftrag|bestellung)\w*"
    r"|anzahlung|vorauszahlung|a la commande|d'acompte|acompte)",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\bin advance\b|\bvorkasse\b|\bprepaid in full\b", re.IGNORECASE)
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Said:
    """What the file says of the offer as a whole in one place: the text to read, and where it stands."""

    cell: Cell
    place: str


def said_of_offer(
    sheets: Sequence[Sheet], tables: Mapping[str, Collection[int]]
) -> tuple[dict[str, Said], list[Finding]]:
    """What the cells outside the tables say, by column, and what they say differently.

    `tables` are the rows of each sheet's table, by the sheet's name, which are not looked at.
    """
    found: dict[str, list[Said]] = {}
    for sheet in sheets:
        for name, said in _pairs(sheet, tables.get(sheet.name, ())):
            found.setdefault(name, []).append(said)
    _without_label(sheets, tables, found)
    told: list[Finding] = []
    chosen = {name: said for name, places in found.items() if (said := _one(name, places, told))}
    return chosen, told


def _one(name: str, places: Sequence[Said], told: list[Finding]) -> Said | None:
    """The one thing that all places say; None, and asked, where they differ."""
    different = list({str(each.cell.value).casefold(): each for each in places}.values())
    if len(different) == 1:
        return different[0]
    if name == "quote_number":  # numbers of projects and customers stand beside: the first named for the offer counts
        return different[0]
    words = ", ".join(f"{shown(each.cell.value)} ({each.place})" for each in different)
    told.append(Finding(None, BY_NAME[name].label, "refused", f"is said differently: {words}; say which holds"))
    return None


def _pairs(sheet: Sheet, table: Collection[int]) -> Iterator[tuple[str, Said]]:
    """Every pair of a label and a value outside the table of a sheet."""
    for number, row in enumerate(sheet.rows, start=1):
        if number in table:
            continue
        filled = [(at, cell) for at, cell in enumerate(row) if cell.value is not None]
        taken: set[int] = set()
        for position, (at, cell) in enumerate(filled):
            if at in taken or not isinstance(cell.value, str):
                continue
            place = _place(sheet, number, at)
            beside = filled[position + 1] if position + 1 < len(filled) else None
            yield from _in_one(cell.value, place)
            name = labelled(cell.value)
            if name is None or beside is None:
                continue
            value = _value(name, beside[1])
            if value is not None:
                taken.add(beside[0])
                yield (
                    name if name != "delivery_weeks" else _unit_of_time(beside[1]),
                    Said(value, _place(sheet, number, beside[0])),
                )


_GROSS = re.compile(
    r"\b(?:prices?|preise?|prix|amounts?|betrage|montants?)\b.{0,40}\b(?:incl\w*|inkl\w*|including|ttc|brutto"
    r"|gross)\b.{0,12}"
    r"\b(?:vat|mwst|ust|mehrwertsteuer|tva|gst|taxe?s?)\b|\b(?:prices?|preise?|prix)\b.{0,20}\b(?:ttc|brutto)\b"
)


# Money by the thousand, or more, in a heading or a note.
_THOUSANDS = re.compile(
    r"\bk ?(?:eur|usd|gbp|chf|€|\$|£)|\bt(?:eur|€|usd|chf)\b|\btsd\b|(?:€|\$|£|eur|usd|gbp|chf) ?k\b|(?<!\d)['’]000\b"
    r"|\b(?:in|en) (?:thousands?|tausend|milliers)\b|\b(?:thousands?|tausend|milliers) (?:of|de|d'|usd|eur"
    r"|gbp|chf|dollars?|euros?)"
    r"|\b(?:usd|eur|gbp|chf|inr|dollars?|euros?|pounds|francs)(?: in)? (?:thousands?|tausend|milliers|millions?|mio"
    r"|lakhs?|crores?)\b(?!\.? (?:of )?tok)|\bin (?:lakhs?|crores?)\b"
)
# What tells that prices are not what they look like, and what to do about it.
_NOT_AS_THEY_LOOK: tuple[tuple[re.Pattern[str], str], ...] = (
    (_GROSS, "may have tax in it, as the file says ({said}): say the price without it"),
    (_THOUSANDS, "may be of thousands or more, as the file says ({said}): say the price in full"),
)


def doubts_of_prices(sheets: Sequence[Sheet]) -> list[str]:
    """What a file says that makes its prices other than they look: tax in them, or thousands left off."""
    found = []
    for pattern, words in _NOT_AS_THEY_LOOK:
        places = (
            (cell, _place(sheet, number, at))
            for sheet in sheets
            for number, row in enumerate(sheet.rows, start=1)
            for at, cell in enumerate(row)
            if isinstance(cell.value, str) and pattern.search(without_accents(cell.value[:LONGEST_NOTE]).casefold())
        )
        if (first := next(places, None)) is not None:
            found.append(words.format(said=f"{shown(first[0].value)}, {first[1]}"))
    return found


def totals_of(sheets: Sequence[Sheet], tables: Collection[str]) -> Iterator[tuple[str, float]]:
    """Totals that stand outside the tables, as on a cover sheet: what they are called and where, and their figure."""
    for sheet in sheets:
        if sheet.name in tables:
            continue
        policy = Policy(
            reader.marks_of(str(cell.value) for row in sheet.rows for cell in row if isinstance(cell.value, str))
        )
        for number, row in enumerate(sheet.rows, start=1):
            filled = [(at, cell) for at, cell in enumerate(row) if cell.value is not None]
            if len(filled) < 2 or not isinstance(filled[0][1].value, str) or not _TOTAL.match(bare(filled[0][1].value)):
                continue
            amount = values.number(filled[-1][1], policy)[0]
            if amount is not None:
                yield f"{one_line(filled[0][1].value)} ({_place(sheet, number, filled[-1][0])})", amount


_TOTAL = re.compile(r"(grand |net )?(total|totale|gesamt\w*|summe|angebotssumme|montant total|netto\w*)\b")


def _place(sheet: Sheet, row: int, at: int) -> str:
    cell = f"{get_column_letter(at + 1)}{row}"
    return f"{sheet.name} {cell}" if len(sheet.names) > 1 else cell


def _unit_of_time(cell: Cell) -> str:
    """Delivery is kept in weeks or in months, as it is said."""
    found = _LENGTH.search(str(cell.value))
    return "delivery_months" if found and found["months"] else "delivery_weeks"


def _labels_of(text: str) -> Iterator[str]:
    """The parts of a label that may be known: the whole, and each of two languages."""
    yield bare(text)
    yield from (bare(part) for part in re.split(r"[/|(:]", text) if part.strip())


_KNOWN: Mapping[str, str] = {bare(label): name for name, labels in vocabulary.LABELS.items() for label in labels}
# Labels that no sentence ends in by chance, the longest first.
_LONG = sorted(
    ((label, name) for label, name in _KNOWN.items() if " " in label and name in ("valid_until", "quote_date")),
    reverse=True,
)


def labelled(text: str) -> str | None:
    """The column that a cell is the label of; a long one where a sentence ends in it: "Prices in EUR, valid until"."""
    if len(text) > values.LONGEST_TEXT:
        return None
    folded = list(_labels_of(text))
    if any(_NUMBERED.fullmatch(label) for label in folded):
        return "quote_number"
    known = next(
        (_KNOWN[label] for each in folded for label in (each, each.removesuffix(" of offer")) if label in _KNOWN), None
    )
    ends = (name for label, name in _LONG if folded[0].endswith(f" {label}"))
    return known or next(ends, None)


_OFFER = r"(?:quote|quotation|offer|proposal|estimate|angebot|offerte|devis|offre|\w*angebot)"
_NUMBERED = re.compile(
    rf"(?:\w+ ){{0,3}}{_OFFER}(?: \w+){{0,3}} (?:no|nr|n|number|ref|reference|id|nummer|numero)|(?:\w+ ){{0,2}}{_OFFER}"
)


def is_pair(label: Cell, value: Cell) -> bool:
    """Whether two cells beside each other are the label and the value of something said of the whole offer."""
    name = labelled(label.value) if isinstance(label.value, str) else None
    return name is not None and name != "vendor" and _value(name, value) is not None


def _in_one(text: str, place: str) -> Iterator[tuple[str, Said]]:
    """Pairs within a text: "Date: 14 Nov 2026", "Lieferzeit 11 Wochen", "Angebot Nr. 493852 vom 07.11.2026"."""
    if len(text) > 3 * values.LONGEST_TEXT:
        return
    seen: set[str] = set()
    for part in re.split(r"\s{2,}|\t| \| |;", text):
        before, colon, after = part.partition(":")
        name = labelled(before) if colon else None
        if name and (value := _value(name, Cell(after.strip()))) is not None:
            seen.add(name)
            yield (_unit_of_time(Cell(after)) if name == "delivery_weeks" else name), Said(value, place)
    for name, label, rest in _labels_within(text):
        if name in seen or (name in _ONLY_BEFORE_COLON and not _COLON.match(rest)):
            continue
        value = _value(name, Cell(rest[:80].lstrip(" :.#°º-–\t")), begins=True, label=label)
        if value is not None:
            seen.add(name)
            yield (_unit_of_time(Cell(rest[:80])) if name == "delivery_weeks" else name), Said(value, place)


# Words that stand in sentences too: labels only with a colon behind them, at the beginning of what they say.
_ONLY_BEFORE_COLON = ("vendor", "prepayment_share", "warranty_years", "term_years", "currency")
_COLON = re.compile(r"\s*[:：]")
_WITHIN = {
    name: re.compile(
        r"(?<![^\W_])(?:"
        + "|".join(
            re.escape(each).replace(r"\ ", r"[\W_]{1,3}") for each in sorted(map(bare, labels), key=len, reverse=True)
        )
        + r")(?![^\W_])",
    )
    for name, labels in vocabulary.LABELS.items()
}


def _labels_within(text: str) -> Iterator[tuple[str, str, str]]:
    """Labels inside a text, each with what follows it."""
    plain = without_accents(text).casefold()
    if len(plain) != len(text):
        return
    for name, pattern in _WITHIN.items():
        for hit in pattern.finditer(plain):
            begins = (
                name not in _ONLY_BEFORE_COLON or not plain[: hit.start()].strip() or plain[hit.start() - 1] in "|;,\t"
            )
            if begins:
                yield name, hit[0], text[hit.end() :]


def _value(name: str, cell: Cell, *, begins: bool = False, label: str = "") -> Cell | None:
    """What a cell says as the value of a label, ready to be read as our column; None where it is no such value."""
    if cell.value is None:
        return None
    return _READERS[name](cell, begins, label)


# Labels that mean a number of the offer only where they stand alone in a cell.
_WEAK = frozenset(map(bare, ("n", "no", "nr", "number", "nummer", "numero", "reference", "ref", "offre", "price list")))
_REVISION = re.compile(r"\s*(?:rev(?:ision)?\.? ?\w{1,4}|v\.? ?\d+(?:\.\d+)?)(?!\w)", re.IGNORECASE)


def _as_number(cell: Cell, begins: bool, label: str) -> Cell | None:
    """The number of the offer, with its revision; it has a digit and no blanks."""
    text = in_cell(cell.value) if isinstance(cell.value, float) else one_line(str(cell.value))
    found = _NUMBER.match(text)
    if found is None or _DATE.match(text) or isinstance(cell.value, datetime.date) or (begins and bare(label) in _WEAK):
        return None
    revision = _REVISION.match(text, found.end())
    end = revision.end() if revision else found.end()
    return Cell(text[:end].rstrip(".,;:")) if begins or end == len(text) else None


def _as_date(cell: Cell, begins: bool, label: str) -> Cell | None:
    if isinstance(cell.value, datetime.date):
        return cell
    text = one_line(str(cell.value))
    found = _DATE.search(text[:40])
    if found is None or (
        begins
        and not re.fullmatch(
            r"\W*(until|bis|to|till|through|the|am|le|au|zum|on)?\W*", text[: found.start()], re.IGNORECASE
        )
    ):
        return None
    return Cell(found[0])


def _as_currency(cell: Cell, begins: bool, label: str) -> Cell | None:
    words = set(re.findall(r"\b[A-Z]{3}\b|[€£¥₹₩円]", str(cell.value)))
    found = {word for word in words if word in CODES or word in SIGNS}
    return Cell(found.pop()) if len(found) == 1 else None


def _as_delivery(cell: Cell, begins: bool, label: str) -> Cell | None:
    """Weeks or months from the order; of a span the later end, for a plan must hold."""
    found = _LENGTH.search(str(cell.value)[:60])
    if found is None or found["years"] or (begins and found.start() > 12):
        return None
    size = int(found["most"] or found["least"])
    if found["days"]:
        return Cell(in_cell(rounded(size / 7, 4))) if size else None
    return Cell(str(size))


def _as_term(cell: Cell, begins: bool, label: str) -> Cell | None:
    found = _LENGTH.match(str(cell.value).strip())
    if found is None or not (found["months"] or found["years"]):
        return None
    months = int(found["least"]) * (MONTHS_A_YEAR if found["years"] else 1)
    return Cell(str(months // MONTHS_A_YEAR)) if months % MONTHS_A_YEAR == 0 and months else None


def _as_whole(cell: Cell, begins: bool, label: str) -> Cell | None:
    """A whole number above 0, alone or at the end of a sentence."""
    found = re.fullmatch(r"(\d{1,4})(?:\.0)?\W*", str(cell.value).strip())
    return Cell(found[1]) if found and int(found[1]) else None


def _as_warranty(cell: Cell, begins: bool, label: str) -> Cell | None:
    return _as_term(cell, begins, label)


def _as_prepayment(cell: Cell, begins: bool, label: str) -> Cell | None:
    found = _ADVANCE.search(str(cell.value))
    if found:
        return Cell(f"{found['share'].replace(',', '.')} %")
    return Cell("100 %") if _IN_ALL.search(str(cell.value)) else None


def _as_vendor(cell: Cell, begins: bool, label: str) -> Cell | None:
    if not isinstance(cell.value, str) or not re.search(r"[^\W\d_]{2}", cell.value):
        return None
    return Cell(company(cell.value) or _spelled(one_line(cell.value)))


_READERS: Mapping[str, Callable[[Cell, bool, str], Cell | None]] = {
    "quote_number": _as_number,
    "quote_date": _as_date,
    "valid_until": _as_date,
    "currency": _as_currency,
    "delivery_weeks": _as_delivery,
    "term_years": _as_term,
    "prepayment_share": _as_prepayment,
    "systems_quoted": _as_whole,
    "accelerators_per_system": _as_whole,
    "warranty_years": _as_warranty,
    "vendor": _as_vendor,
}


# ------------------------------------------------------------------------------------------------- what has no label


def company(text: str) -> str:
    """The company that a text names by its legal form, "" for none."""
    words = one_line(re.split(r"\s{2,}|\t| \| ", text.strip()[:LONGEST_NOTE])[0])
    if words.endswith("株式会社") or words.startswith("株式会社"):
        return words
    found = _COMPANY.search(words)
    if found is None:
        return ""
    name = _WHOSE.sub("", found["name"]).strip(" ,-")
    exact = _COMPANY_EXACT.search(name) is not None
    return _spelled(name) if exact or name.isupper() else ""


def _spelled(name: str) -> str:
    """A letterhead in capitals as a name is written."""
    if not name.isupper() or len(name) < 8:
        return name
    words = [
        _SMALL_FORMS.get(word.rstrip(".").casefold(), word.capitalize() if len(word) > 3 else word)
        for word in name.split()
    ]
    return " ".join(words)


def _without_label(
    sheets: Sequence[Sheet], tables: Mapping[str, Collection[int]], found: dict[str, list[Said]]
) -> None:
    """Vendor by its legal form, where no label names it; the currency that all signs and codes agree on."""
    if "vendor" not in found or len({str(each.cell.value) for each in found["vendor"]}) > 1:
        named = _companies(sheets, tables)
        legal = [each for each in found.get("vendor", []) if company(str(each.cell.value))]
        if len(legal) == 1:
            found["vendor"] = legal
        elif named and "vendor" not in found:
            found["vendor"] = [named[0]]
    if "currency" not in found:
        marks = list(_currencies(sheets))
        if len({str(each.cell.value) for each in marks}) == 1:
            found["currency"] = [marks[0]]


def _companies(sheets: Sequence[Sheet], tables: Mapping[str, Collection[int]]) -> list[Said]:
    """The companies that stand outside the tables, but for who is offered to."""
    found = []
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, start=1):
            before = ""
            for at, cell in enumerate(row):
                if number in tables.get(sheet.name, ()) or not isinstance(cell.value, str):
                    continue
                name = company(cell.value)
                if name and not _OTHERS.match(bare(before)) and not _OTHERS.match(bare(cell.value)):
                    found.append(Said(Cell(name), _place(sheet, number, at)))
                before = cell.value
    return found


def _currencies(sheets: Sequence[Sheet]) -> Iterator[Said]:
    """Codes and signs of a currency anywhere in the file; a $ alone may be of several."""
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, start=1):
            for at, cell in enumerate(row):
                if (code := _money_in(cell)) is not None:
                    yield Said(Cell(code), _place(sheet, number, at))


def _money_in(cell: Cell) -> str | None:
    mark = values.money_of(cell)
    if not mark and isinstance(cell.value, str):
        mark = values.money_in(cell.value)
    only = SIGNS.get(mark, (mark,)) if mark else ()
    return only[0] if len(only) == 1 else None
