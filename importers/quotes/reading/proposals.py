"""What the lines of a file of no template are, by all that is known of them: proposed, and taken where it is sure.

Words, section, unit, heading and amount are looked at together. What they do not settle is a guess: it is asked about,
and counts nowhere until a person says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importers.quotes.cells.columns import BY_NAME, TOKEN_PRICES, bare, period_named
from importers.quotes.cells.findings import shown
from importers.quotes.cells.sheet import EMPTY, Cell
from importers.quotes.cells.values import GUESS
from importers.quotes.reading import words
from importers.quotes.reading.entries import Choice, Entry, Table, content
from importers.quotes.reading.headings import hourly_unit
from importers.quotes.reading.lines import PREPAID
from importers.quotes.reading.pairs import is_rate
from importers.quotes.reading.parts import (
    Named,
    accelerators_named,
    is_bare_accelerator,
    machines_named,
    names_accelerators,
    part_named,
    parts_named,
    plain,
)
from importers.quotes.reading.rows import IS_TOTAL, names_option
from models.notation.reader import CODES
from models.notation.writer import as_typed, in_cell

# What is paid once for the whole offer, and what is bought for each system.
_ONCE_FOR_ALL = ("installation", "delivery", "training", "migration", "other", "tax", "discount")
_RENTS = ("rental committed", "rental on demand")
_LEASES = re.compile(
    r"\bleas\w*|\bmietkauf\b|\bcredit-?bail\b|\blocation financiere\b|\brestwert\b|\bresidual\b"
    r"|\bcapital cost\b|\blessor\b|\bend of (?:the )?(?:term|lease)\b"
)
_DISCOUNT = re.compile(
    r"\b(?:discount|rebate|\w*rabatt|\w*nachlass|remise|ristourne|skonto|credit|gutschrift|reduction)\b|値引"
)
LONGEST_LOOKED_AT = 400


@dataclass(frozen=True)
class _Offer:
    """What a line is looked at beside: the kind of the offer, how its price column is charged, and its dearest line."""

    kind: str
    by_heading: str | None
    hourly: str
    dearest: Mapping[str, float]


def kind_of(table: Table) -> str:
    """How the offer is paid for, by its columns and words: an acquisition, or "" where they do not tell."""
    if table.has_parts:
        return ""
    if any(name in table.places for name in TOKEN_PRICES) or _prices_tokens(table):
        return "api"
    if table.found.pairs is not None:
        return table.found.pairs.kind
    if table.tiers or hourly_unit(table.found, table.places.get("net_price")) or _by_heading(table) == "hour":
        return "rental"
    if _by_heading(table) == "month" and "months_covered" not in table.places:
        texts = (str(cell.value) for row in table.sheet.rows for cell in row if isinstance(cell.value, str))
        return "lease" if any(_LEASES.search(plain(text)) for text in texts) else ""
    return "purchase" if table.places.keys() & {"net_price", "line_total", "list_price"} else ""


_TOKEN_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("api batch input", re.compile(r"\bbatch\b.*\b(?:input|eingabe|entree)\b|\b(?:input|eingabe|entree)\b.*\bbatch\b")),
    (
        "api batch output",
        re.compile(r"\bbatch\b.*\b(?:output|ausgabe|sortie)\b|\b(?:output|ausgabe|sortie)\b.*\bbatch\b"),
    ),
    ("api cache write", re.compile(r"\bcache (?:writ\w*|creation)\b|\becriture\b.*\bcache\b")),
    ("api cached input", re.compile(r"\bcached?\b.*\b(?:input|read|hit)\w*|\bcached\b|\bcache\b")),
    ("api input", re.compile(r"\b(?:input|prompt|eingabe|entree)\b")),
    ("api output", re.compile(r"\b(?:output|completion|ausgabe|sortie)\b")),
)


def _prices_tokens(table: Table) -> bool:
    """Whether a price list has a row for each kind of token: its heading or its unit counts them."""
    texts = [table.heading("net_price")]
    if "unit" in table.places:
        texts += [str(cell.value) for cell in table.found.column(table.places["unit"])]
    return any(words.tokens_counted(text) for text in texts)


def _by_heading(table: Table) -> str | None:
    """How often the prices are paid by the heading of their column."""
    heads = (table.heading(name) for name in ("net_price", "line_total") if name in table.places)
    return next((found for text in heads if (found := period_named(text))), None)


def propose(found: Sequence[tuple[Table, Sequence[Entry]]], kind: str) -> None:
    """Say of each line what its words and figures point to, where neither the file nor a person says it."""
    every = [entry for _, part in found for entry in part]
    for table, part in found:
        totals = [each.row for each in part if each.aside == IS_TOTAL]
        for entry in (each for each in part if not each.aside):
            entry.after_total = any(row < entry.row for row in totals)
            _complete(table, entry, kind)
        _settle_lots(table, part)
        _sums_of_sections(part)
    dearest = _dearest([entry for entry in every if not entry.aside], kind)
    for table, part in found:
        hourly = hourly_unit(table.found, table.places.get("net_price"))
        offer = _Offer(kind, _by_heading(table), hourly, dearest)
        for entry in (each for each in part if not each.aside):
            _say(table, entry, _proposal(table, entry, offer))
    _options(every)


def _complete(table: Table, entry: Entry, kind: str) -> None:
    """A quantity of 1 where the price of one is the total, and prices that stand in another column of a lease."""
    cells, found = entry.cells, entry.found
    counted = table.found.pairs is None or words.each_named(str(cells.get("unit", EMPTY).value or "")) is None
    if counted and _empty(entry, "quantity") and "quantity" in table.places:
        net, total = found.get("net_price"), found.get("line_total")
        if (net if total is None else total) is not None and (net is None or total is None or abs(net - total) < 0.01):
            _put(table, entry, "quantity", "1")
    once = words.period(entry_text(entry)) == "once"
    if kind == "lease" and not _empty(entry, "net_price"):
        # What equipment would cost to buy stands beside its rate, and is no price before discount.
        entry.found.pop("list_price", None)
    if (
        kind == "lease"
        and once
        and _empty(entry, "net_price")
        and _empty(entry, "line_total")
        and not _empty(entry, "list_price")
    ):
        cells["net_price"] = cells["list_price"]
        found["net_price"] = found.pop("list_price", None)
        cells["list_price"] = EMPTY
    _by_the_month(table, entry)


def _sums_of_sections(found: Sequence[Entry]) -> None:
    """A row with an amount alone that is the sum of the lines right below it is their heading, and no line."""
    for at, entry in enumerate(found):
        if entry.aside or not _is_amount_alone(entry):
            continue
        whole, passed = entry.found["line_total"], 0.0
        for below in found[at + 1 :]:
            if below.aside or _is_amount_alone(below):
                break
            passed += _total(below) or 0.0
            if abs(passed - whole) <= 0.01 + 1e-6 * abs(whole):
                entry.aside, entry.findings = IS_TOTAL, []
                entry.tell("item", "is the sum of the lines below it: set aside, or they would count twice", "warning")
                break


def _is_amount_alone(entry: Entry) -> bool:
    """Whether a row has a total, and neither a quantity nor a price of one of its own."""
    alone = entry.found.get("net_price") is None and entry.found.get("list_price") is None
    return (
        alone
        and entry.found.get("line_total") is not None
        and ("quantity" in entry.inferred or _empty(entry, "quantity"))
    )


# Headings that do not say whether a price is of one or of all.
_OF_ONE_OR_ALL = frozenset("price preis prix cost kosten charge rate net netto".split())


def _settle_lots(table: Table, found: Sequence[Entry]) -> None:
    """Under "Price" alone may stand the price of one or of all: as the stated total says, else it is asked."""
    heading = " ".join(word for word in bare(table.heading("net_price")).split() if word.upper() not in CODES)
    lines = [entry for entry in found if not entry.aside and not entry.scope]
    if "line_total" in table.places or heading not in _OF_ONE_OR_ALL or "quantity" not in table.places:
        return
    prices = [(entry.found.get("quantity") or 1.0, entry.found.get("net_price") or 0.0) for entry in lines]
    of_one, of_all = sum(many * price for many, price in prices), sum(price for _, price in prices)
    stated = [entry.total for entry in found if entry.total is not None]
    by_one, by_all = (any(abs(size - total) <= 1e-6 * abs(total) + 1 for total in stated) for size in (of_one, of_all))
    if by_one or of_one == of_all:
        return
    for entry in lines:
        if (entry.found.get("quantity") or 1.0) == 1 or entry.found.get("net_price") is None:
            continue
        if by_all:
            entry.found["line_total"] = entry.found.pop("net_price")
        elif "net_price" not in entry.said:
            entry.tell("net_price", f"stands under {shown(heading)}, and may be of one or of all: say the price of one")


def _by_the_month(table: Table, entry: Entry) -> None:
    """A price of a month times the months of its column is a price paid once, where the line's total says so."""
    found, by_month = entry.found, period_named(table.heading("net_price")) == "month"
    many, price, months, total = (found.get(name) for name in ("quantity", "net_price", "months_covered", "line_total"))
    if (
        months
        and total
        and many
        and price is not None
        and by_month
        and abs(many * price * months - total) <= 0.01 * many + 1e-9 * total
    ):
        found["net_price"], entry.why = (
            None,
            f"{as_typed(months)} months of {as_typed(price)} each, paid at once",
        )
        entry.cells["net_price"] = EMPTY


def _empty(entry: Entry, name: str) -> bool:
    return entry.cells.get(name, EMPTY).value is None


def _dearest(lines: Sequence[Entry], kind: str) -> Mapping[str, float]:
    """The largest total of the lines that are part of the offer, by how often they are paid."""
    best: dict[str, float] = {}
    for entry in lines:
        period = words.period(entry_text(entry)) or ""
        if not entry.scope and entry.choice is None and (total := _total(entry)):
            key = period if period in ("month", "year") or (kind == "lease" and period == "once") else ""
            best[key] = max(best.get(key, 0.0), total)
    return best


def _total(entry: Entry) -> float | None:
    """What a line comes to as it is written."""
    found = entry.found
    if found.get("line_total") is not None:
        return found["line_total"]
    price = found.get("net_price") if found.get("net_price") is not None else found.get("list_price")
    return None if price is None else price * (found.get("quantity") or 1.0)


def entry_text(entry: Entry) -> str:
    """What a line is called, as far as it is looked at."""
    return str(entry.cells.get("item", EMPTY).value or "")[:LONGEST_LOOKED_AT]


# -------------------------------------------------------------------------------------------------------- one proposal


@dataclass(frozen=True)
class Proposal:
    """What is proposed of a line: texts by column, whether they are sure, and why."""

    texts: Mapping[str, str]
    sure: bool
    why: str


def _proposal(table: Table, entry: Entry, offer: _Offer) -> Proposal | None:
    if entry.guess:  # a sales tax, of which only a person knows
        charged = "per month" if offer.by_heading == "month" else "once"
        return Proposal({"scope": "in", **entry.guess, "charged": charged}, False, entry.why)
    if "part" in entry.cells and entry.choice is not None:
        return Proposal({"scope": "in"}, True, "its column says so")
    if offer.kind == "api":
        return _token_row(table, entry)
    if _is_discount(entry):
        return _discount(entry, offer)
    if offer.kind == "rental" and (rental := _rental(table, entry, offer)):
        return rental
    return _bought(table, entry, offer)


def _token_row(table: Table, entry: Entry) -> Proposal | None:
    """A row of a price list for one kind of token, by its words; its model is what they leave."""
    text = bare(entry_text(entry))
    unit = f"{table.heading('net_price')} {entry.cells.get('unit', EMPTY).value or ''}"
    found = next(((part, words_of) for part, words_of in _TOKEN_WORDS if words_of.search(text)), None)
    if found is None or not words.tokens_counted(unit):
        return None
    rest = re.sub(
        r"\b(?:input|output|prompt|completion|cached?|writes?|reads?|hits?|batch|tokens?|price|creation)\b", " ", text
    )
    entry.choice = Choice(" ".join(rest.split()), "", None)
    return Proposal(
        {"part": found[0], "charged": "per million tokens", "scope": "in"}, True, "its words name its tokens"
    )


def _is_discount(entry: Entry) -> bool:
    total = _total(entry)
    return (
        _DISCOUNT.search(plain(entry_text(entry))) is not None and total is not None and not entry.found.get("discount")
    )


def _discount(entry: Entry, offer: _Offer) -> Proposal:
    """What is taken off other lines; a discount written without a minus sign is asked about."""
    total = _total(entry) or 0.0
    period = words.period(entry_text(entry)) or offer.by_heading
    charged = {"month": "per month", "year": "per year"}.get(period or "", "once")
    why = "its words name a discount" + ("" if total < 0 else ", but its amount is not negative")
    return Proposal({"part": "discount", "charged": charged, "scope": "in"}, total < 0, why)


def _rent(choice: Choice | None) -> str:
    """On demand, or committed where a commitment is named."""
    return _RENTS[1] if choice is None or choice.months == 0 else _RENTS[0]


def _hour_of(beside: str) -> str:
    """What an hour is probably of where neither heading nor row says it: a machine that names several accelerators."""
    return "per system-hour" if (accelerators_named(beside) or 1) > 1 else "per accelerator-hour"


def _rental(table: Table, entry: Entry, offer: _Offer) -> Proposal | None:
    """The price of an hour: on demand, or under the commitment that its column or cell names."""
    beside = " ".join(str(cell.value) for cell in entry.line if isinstance(cell.value, str))
    if not names_accelerators(beside):
        return _side_price(entry, table)
    charged = (
        next((t.charged for t in table.tiers if entry.choice and t.tier.label == entry.choice.tier), "") or offer.hourly
    )
    each = words.each_named(beside)
    own = f"per {each}-hour" if each else charged
    if entry.choice is None:
        entry.choice = _choice(entry)
    if entry.choice is None or not charged:
        return Proposal(
            {"part": _rent(entry.choice), "charged": own or _hour_of(beside), "scope": "in"},
            False,
            "it is a price by the hour",
        )
    part = _rent(entry.choice)
    why = f"it is a price by the hour, {entry.choice.tier or 'on demand'}"
    _count_accelerators(table, entry, beside)
    entry.cells["item"] = Cell(_named_with_tier(entry))
    entry.found["item"] = str(entry.cells["item"].value)
    # What is paid by the hour is not multiplied by how many are offered.
    why += "" if own == charged else f", and its row says {own} where its heading says {charged}"
    sure = entry.choice.months is not None and own == charged
    return Proposal({"part": part, "charged": own, "scope": "in"}, sure, why)


def _named_with_tier(entry: Entry) -> str:
    text, choice = entry_text(entry), entry.choice
    return text if choice is None or not choice.tier or choice.tier in text else f"{text}, {choice.tier}"


def _choice(entry: Entry) -> Choice | None:
    """Which of several prices a row of its own is: by its commitment, its months, or the words of its item."""
    cells = entry.cells
    said = str(cells["commitment"].value) if not _empty(entry, "commitment") else ""
    months, label = entry.found.get("months_covered"), said
    if not said and not _empty(entry, "months_covered"):
        text = str(cells["months_covered"].value).removesuffix(".0")
        months, label = (0 if text in ("0", "-") else months), f"{text} months"
    if not label and (tier := words.tier_named(entry_text(entry))):
        months, label = tier.months, tier.label if tier.label != entry_text(entry) else ""
        return Choice(entry_text(entry), label, months)
    if not label:
        return None
    tier = words.tier_named(said) if said else None
    months = tier.months if tier else months
    if not _empty(entry, "upfront"):
        text = str(cells["upfront"].value)
        share = entry.found.get("upfront")
        label += f", {as_typed(share, percent=True)} up front" if share is not None else f", {text} up front"
    return Choice(entry_text(entry), label, months) if months is not None or said else None


def _count_accelerators(table: Table, entry: Entry, beside: str) -> None:
    """How many accelerators a rented machine has, where a price of the whole machine needs it."""
    if "accelerators_per_system" in entry.found:
        return
    if (number := accelerators_named(beside)) is not None:
        _put(table, entry, "accelerators_per_system", str(number))


def _side_price(entry: Entry, table: Table) -> Proposal | None:
    """What a list of rented machines offers beside them (storage, data sent out, support): priced, not counted.

    What is paid once, or by the month or year, is no price of use.
    """
    parts = parts_named(entry_text(entry))
    if not parts or table.found.pairs is not None or words.period(entry_text(entry)):
        return None
    return Proposal({"part": parts[0], "scope": "optional"}, True, "it is priced by its use beside the machines")


def _bought(table: Table, entry: Entry, offer: _Offer) -> Proposal | None:
    item, total = entry_text(entry), _total(entry)
    period = words.period(item)
    key = period if period in ("month", "year") or (offer.kind == "lease" and period == "once") else ""
    best = offer.dearest.get(key, 0.0)
    share = abs(total) / best if total and best else 0.0
    named = part_named(
        item, dearest=share >= 1 and len(offer.dearest) > 0 and key == "", share=share, section=entry.section
    )
    if offer.kind == "lease" and is_rate(item) and (named is None or named.part == "systems"):
        named = Named("systems", True, "its words name the rate of the lease")
    if named is None:
        return None
    named = _bare_accelerator(table, entry, _several(entry, named))
    texts, settled = _charged(table, entry, named.part, offer)
    why = named.why + (f"; they also name {', '.join(named.others)}" if named.others and not named.sure else "")
    scope = entry.scope or "in"
    if names_option(item) and not entry.scope:
        why, settled = f"{why}; they also name an option or a condition", False
    if entry.after_total and _is_amount_alone(entry) and table.found.pairs is None:
        why, settled = f"{why}; it stands below a total, with an amount alone", False
    return Proposal({"part": texts.pop("part", named.part), "scope": scope, **texts}, named.sure and settled, why)


def _several(entry: Entry, named: Named) -> Named:
    """Machines that the words count otherwise than the quantity does are asked."""
    counted, many = machines_named(entry_text(entry)), entry.found.get("quantity")
    if named.part != "systems" or counted is None or many is None or many == counted[0]:
        return named
    why = f"{named.why}; they count {counted[0]}, and its quantity is {as_typed(many)}"
    return Named(named.part, False, why, named.others)


def _bare_accelerator(table: Table, entry: Entry, named: Named) -> Named:
    """An accelerator alone may be meant by the piece or for a machine of several; the file must say which."""
    unit = _each(table, entry, named.part)
    if named.part == "systems" and unit is None and is_bare_accelerator(entry_text(entry)):
        return Named(
            "systems", False, "its words name an accelerator, and not whether one or a machine of several", named.others
        )
    return named


def _charged(table: Table, entry: Entry, part: str, offer: _Offer) -> tuple[dict[str, str], bool]:
    """What the price of a line is for, and whether that is settled by words, unit, headings and total."""
    item = entry_text(entry)
    unit = _each(table, entry, part)
    each = "per accelerator" if unit == "accelerator" else "per system"
    by_unit = period_named(str(entry.cells.get("unit", EMPTY).value or ""))
    if by_unit == "hour":  # of what is no machine: how many hours is open
        return {}, False
    period = entry.billed or words.period(item) or by_unit
    if entry.found.get("net_price") is None and entry.why:  # months of a price, paid at once
        period = "once"
    period = period or (offer.by_heading if offer.by_heading in ("month", "year") else None)
    if offer.kind == "lease" and part == "systems":
        return _rate(table, entry, period, unit)
    if period == "month":
        # What is billed by the month for years may be the price of a month or of all, but for the rates of a lease.
        settled = offer.kind == "lease" or (part in PREPAID and words.months_named(item) is None)
        whole = part in (*_ONCE_FOR_ALL, "egress")
        return {"charged": "per month" if whole else "per system and month"}, settled
    if part in PREPAID:
        return _for_years(entry, period, each)
    if period == "year":
        return {"charged": "per year" if part in _ONCE_FOR_ALL else f"{each} and year"}, part in (
            "other",
            "training",
            "storage",
        )
    if part in ("hosting", "egress"):
        return {}, False
    # Beside a rate, an amount without a time of its own is paid once only if that is what such amounts are.
    once = offer.kind != "lease" or offer.by_heading == "month" or period == "once" or _PAID_ONCE.search(plain(item))
    return {
        "charged": "once"
        if (part in _ONCE_FOR_ALL and unit is None) or part in ("migration", "tax", "discount", "training")
        else each
    }, bool(once)


# What is paid once by its nature.
_PAID_ONCE = re.compile(
    r"\b(?:document\w*|arrangement|origination|processing|administration|set-?up|upfront|closing|legal|delivery"
    r"|freight|shipping"
    r"|install\w*|training|bearbeitung\w*|abschluss\w*|vertrags\w*|dokument\w*|einrichtung\w*|liefer\w*"
    r"|transport\w*|schulung\w*"
    r"|frais de dossier|frais de mise en|mise en service|livraison|formation|frais d'installation)\b"
)


def _each(table: Table, entry: Entry, part: str) -> words.Each | None:
    """What the price of a line is for one of: by its unit, its words, and of machines by the heading."""
    texts = [str(entry.cells.get("unit", EMPTY).value or ""), entry_text(entry)]
    texts += [table.heading("net_price")] if part == "systems" else []
    return next((each for text in texts if (each := words.each_named(text))), None)


def _rate(table: Table, entry: Entry, period: str | None, each: words.Each | None) -> tuple[dict[str, str], bool]:
    """The rate of leased machines: in a table of each, in pairs of all unless they say otherwise."""
    pairs = table.found.pairs
    of_each = pairs is None or words.each_named(str(entry.cells.get("unit", EMPTY).value or "")) is not None
    if pairs is not None and entry.row in pairs.unclear:
        entry.why = "of several machines, and not whether its price is of one or of all"
    settled = period == "month" and each != "accelerator" and (pairs is None or entry.row not in pairs.unclear)
    return {"part": "lease", "charged": "per system and month" if of_each else "per month"}, settled


def _for_years(entry: Entry, period: str | None, each: str) -> tuple[dict[str, str], bool]:
    """Support and licences: by the year, or paid once for the years that words or columns say."""
    item, found = entry_text(entry), entry.found
    beside = str(entry.cells.get("commitment", EMPTY).value or "")
    named = _years(words.months_named(beside)) or _years(words.months_named(item))
    years = found.get("years_covered") or _years(found.get("months_covered")) or named
    if period == "year" or (words.is_of_one_year(item) and found.get("net_price")):
        # "Annual support, 3 years prepaid" may be the price of one year or of all; "year 2" is that of one year alone.
        told = words.is_by_the_year(item) and not words.is_prepaid(item)
        return {"charged": f"{each} and year"}, ((years or 1) <= 1 or told) and not words.is_of_one_year(item)
    if found.get("net_price") == 0:
        return {"charged": each}, True
    if words.is_perpetual(item):
        return {"charged": "once"}, True
    if years is None:
        return {"charged": each}, False
    return {"charged": each, "years_covered": in_cell(years)}, not (
        words.several_lengths(item) and not found.get("years_covered")
    )


def _years(months: float | None) -> float | None:
    return months / words.MONTHS_A_YEAR if months and months % words.MONTHS_A_YEAR == 0 else None


# --------------------------------------------------------------------------------------------------------- what is said


def _say(table: Table, entry: Entry, made: Proposal | None) -> None:
    """Put a sure proposal in the place of what the file does not say; keep an unsure one as a guess, which is asked."""
    if made is None:
        if _empty(entry, "scope"):
            _put(table, entry, "scope", entry.scope or "in")
        return
    open_ = {name: text for name, text in made.texts.items() if _empty(entry, name)}
    if "part" in entry.said or "part" in entry.constant:
        open_ = {name: text for name, text in open_.items() if name == "scope" or _fits(entry, made)}
    entry.why = "; ".join(dict.fromkeys(part for part in (made.why, entry.why) if part))
    sure = made.sure or (entry.found.get("scope") or entry.scope) in ("optional", "out")
    for name, text in open_.items():
        asked = not sure and name in ("part", "charged")
        if asked:
            entry.guess[name] = text
        _put(table, entry, name, text + (GUESS if asked else ""))
    if sure:
        entry.guess = {}


def _fits(entry: Entry, made: Proposal) -> bool:
    """Whether what is proposed is of the part that a person said."""
    return str(entry.cells["part"].value) == made.texts.get("part")


def _put(table: Table, entry: Entry, name: str, text: str) -> None:
    """A cell that the words of a line fill, read as any other."""
    entry.cells[name] = Cell(text)
    found, fault = content(table, BY_NAME[name], entry.cells[name], table.typed, True)
    entry.inferred.add(name)
    if fault and not (name == "charged" and "part" in entry.guess):  # one question a line
        entry.tell(name, f"{fault} ({entry.why})" if entry.why and name == "part" else fault)
    elif not fault:
        entry.found[name] = found


def _options(found: Sequence[Entry]) -> None:
    """Options that the stated total of the file has in it are no options: asked."""
    stated = [entry.total for entry in found if entry.total is not None]
    lines = [e for e in found if not e.aside and e.choice is None]
    options = [e for e in lines if e.found.get("scope") == "optional" and e.scope == "optional"]
    if not stated or not options:
        return
    inside = sum(_total(e) or 0.0 for e in lines if e.found.get("scope") == "in")
    everything = inside + sum(_total(e) or 0.0 for e in options)
    matches = [
        any(abs(size - total) <= max(1.0, 1e-6 * abs(total)) for total in stated) for size in (inside, everything)
    ]
    if matches == [False, True]:
        for entry in options:
            entry.tell("scope", "looks like an option, and the total of the file has it in it: say whether it counts")
