"""The columns of a quote, declared once: the template, the reading of a file and the mapping of columns use this list.

A column of the level "quote" says something of the whole offer: it may stand on each line or on one. A column of the
level "line" says something of its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from importers.quotes.cells import vocabulary
from models.notation.reader import CODES
from models.studies.inputs.spelling import did_you_mean

Kind = Literal["text", "number", "whole", "share", "date", "choice", "currency"]
Level = Literal["quote", "line"]

ACQUISITIONS = ("purchase", "lease", "rental", "api")
PERFORMANCE_SOURCES = ("benchmark", "catalogue", "vendor claim")
SCOPES = ("in", "out", "optional")
PARTS: Mapping[str, str] = {
    "systems": "Systems (servers, racks of accelerators)",
    "network": "Network and cabling",
    "storage": "Storage",
    "spares": "Spare parts",
    "installation": "Installation and acceptance",
    "delivery": "Freight, duties and transit insurance",
    "training": "Training",
    "migration": "Migration and integration",
    "support": "Support and maintenance",
    "warranty": "Warranty beyond the standard one",
    "software": "Software licences",
    "hosting": "Space, power and cooling",
    "egress": "Data egress",
    "lease": "Lease payments",
    "rental committed": "Committed rental",
    "rental on demand": "On-demand rental",
    "api input": "API, input tokens",
    "api cached input": "API, cached input tokens",
    "api output": "API, output tokens",
    "api cache write": "API, tokens written to the cache",
    "api batch input": "API, input tokens sent as batch",
    "api batch output": "API, output tokens sent as batch",
    "api minimum": "API, minimum spend",
    "tax": "Sales tax that is not refunded",
    "discount": "Discount on other lines",
    "other": "Anything else",
}
CHARGED: Mapping[str, str] = {
    "once": "one-off, whole offer",
    "per system": "once for each system",
    "per accelerator": "once for each accelerator",
    "per year": "each year, for the whole offer",
    "per system and year": "each year, for each system",
    "per accelerator and year": "each year, for each accelerator",
    "per month": "each month, for the whole offer",
    "per system and month": "each month, for each system",
    "per kW and month": "each month, for each kW of IT load",
    "share of hardware and year": "each year, as a share of the hardware price (0.08 for 8%)",
    "per accelerator-hour": "for each accelerator-hour",
    "per system-hour": "for each hour of a system",
    "per million tokens": "for each million tokens",
    "per thousand requests": "for each thousand requests",
}


@dataclass(frozen=True)
class Column:
    """One column: what it is called in a file (`label`, or its name), and what it may hold.

    Those without `template` are read, where a file has them, but not asked for.
    """

    name: str
    label: str
    kind: Kind
    help: str
    level: Level
    required: bool = False
    choices: tuple[str, ...] = ()
    template: bool = True

    @property
    def also(self) -> tuple[str, ...]:
        """Other headings that it goes by, the closest to its meaning first."""
        return vocabulary.COLUMNS.get(self.name, ())


# What a column says is of the whole offer, or of its line.
_quote, _line = partial(Column, level="quote"), partial(Column, level="line")
_tokens = partial(_line, kind="number", template=False)

COLUMNS: tuple[Column, ...] = (
    _quote("vendor", "Vendor", "text", "Who offers it.", required=True),
    _quote("quote_number", "Quote number", "text", "The vendor's number of the offer.", required=True),
    _quote("quote_date", "Quote date", "date", "Date of the offer, as 2026-01-31.", required=True),
    _quote("valid_until", "Valid until", "date", "Last day on which the price holds."),
    _quote("currency", "Currency", "currency", "Three-letter code; one for the whole offer.", required=True),
    _quote("fx_rate", "Exchange rate", "number", "Money of the study for 1 unit of the offer's currency."),
    _quote("fx_date", "Exchange rate date", "date", "Day of that rate."),
    _quote(
        "acquisition",
        "Acquisition",
        "choice",
        "How it is paid for: purchase, lease, rental or API.",
        required=True,
        choices=ACQUISITIONS,
    ),
    _quote("delivery_weeks", "Delivery, weeks", "number", "Weeks from the order until it works; or give months."),
    _quote("delivery_months", "Delivery, months", "number", "Months from the order until it works; or give weeks."),
    _quote("warranty_years", "Warranty, years", "number", "Years of warranty inside the price."),
    _quote("support_years", "Support, years", "number", "Years of support inside the price or offered below."),
    _quote("systems_quoted", "Systems quoted", "whole", "How many systems the offer covers."),
    _quote("accelerators_per_system", "Accelerators per system", "whole", "Accelerators in one system."),
    _quote("term_years", "Term, years", "whole", "Length of the lease or of the rental commitment."),
    _quote(
        "chosen_commitment",
        "Chosen commitment",
        "text",
        "Which of several commitments of a price list is taken, or none.",
        template=False,
    ),
    _quote("committed_share", "Committed share", "share", "Share of the rented hours that is committed to."),
    _quote("prepayment_share", "Prepayment", "share", "Share of the price to be paid with the order."),
    _quote(
        "performance_source",
        "Performance from",
        "choice",
        "Where its speed is known from.",
        required=True,
        choices=PERFORMANCE_SOURCES,
    ),
    _quote("performance_reference", "Performance reference", "text", "Which benchmark, catalogue row or data sheet."),
    _quote("claimed_decode_rate", "Claimed output speed", "number", "Vendor's claim, tokens/s for each accelerator."),
    _quote("claimed_prefill_rate", "Claimed input speed", "number", "Vendor's claim, tokens/s for each accelerator."),
    _line("item", "Item", "text", "What is offered.", required=True),
    _line("part", "Part", "choice", "What it is part of.", required=True, choices=tuple(PARTS)),
    _line("charged", "Charged", "choice", "What the price is for.", required=True, choices=tuple(CHARGED)),
    _line(
        "scope",
        "Scope",
        "choice",
        "in: part of the offer. out: left out on purpose. optional: priced, not counted.",
        required=True,
        choices=SCOPES,
    ),
    _line("quantity", "Quantity", "number", "How many the net price is multiplied by."),
    _line("list_price", "List price", "number", "Price of one before discount."),
    _line(
        "discount", "Discount", "share", "What is taken off the list price: 0.1 or 10%. May stand for the net price."
    ),
    _line("net_price", "Net price", "number", "Price of one after discount.", required=True),
    _line("line_total", "Line total", "number", "Quantity x net price, to check them; may stand for the net price."),
    _line("years_covered", "Years covered", "whole", "Years that a price paid once covers (support, licences)."),
    _line(
        "months_covered",
        "Months covered",
        "whole",
        "Months that a price covers, or for which it is committed to.",
        template=False,
    ),
    _line(
        "commitment",
        "Commitment",
        "text",
        "For how long the price is committed to, of several beside each other.",
        template=False,
    ),
    _line("upfront", "Paid up front", "share", "Share of a committed price that is paid in advance.", template=False),
    _line("unit", "Unit", "text", "What one of the quantity is: a server, an accelerator, a lot.", template=False),
    _tokens("input_price", "Price of input tokens", help="For a million input tokens; a line of its own."),
    _tokens("cached_input_price", "Price of cached input tokens", help="For a million of them; a line of its own."),
    _tokens(
        "cache_write_price", "Price of tokens written to the cache", help="For a million of them; a line of its own."
    ),
    _tokens("output_price", "Price of output tokens", help="For a million output tokens; a line of its own."),
    _tokens(
        "batch_input_price", "Price of input tokens sent as batch", help="For a million of them; a line of its own."
    ),
    _tokens(
        "batch_output_price", "Price of output tokens sent as batch", help="For a million of them; a line of its own."
    ),
    _line(
        "batch_discount",
        "Batch discount",
        "share",
        "What is taken off the prices of what is sent as batch.",
        template=False,
    ),
    _line(
        "minimum_spend",
        "Minimum spend, a month",
        "number",
        "Least that is paid each month, whatever is used.",
        template=False,
    ),
)
# Price lists of an API have a column for each of these: the part that each is the price of.
TOKEN_PRICES: Mapping[str, str] = {
    "input_price": "api input",
    "cached_input_price": "api cached input",
    "cache_write_price": "api cache write",
    "output_price": "api output",
    "batch_input_price": "api batch input",
    "batch_output_price": "api batch output",
}
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}


def folded(heading: object) -> str:
    """A heading without case, punctuation and doubled blanks, so that "Unit-Price " is "unit price"."""
    return " ".join(re.findall(r"[^\W_]+", str(heading).casefold()))


def without_accents(text: str) -> str:
    """A text with each Latin letter without its accent, as long as before: "Zürich" is "Zurich"."""
    if text.isascii():
        return text
    apart = ((each, unicodedata.normalize("NFD", each)[:1]) for each in text)
    return "".join(base if base.isascii() and base else each for each, base in apart)


def bare(text: object) -> str:
    """A text folded, and without accents: "Désignation" is "designation", "Stück" is "stuck"."""
    return folded(without_accents(str(text)))


_EXACT: Mapping[str, str] = {bare(text): column.name for column in COLUMNS for text in (column.name, column.label)}
_ALSO: Mapping[str, str] = {bare(text): column.name for column in COLUMNS for text in column.also}
# Words beside a heading's own that say how its numbers are written: "Netto EUR" is "netto".
_BESIDE = frozenset(
    "in ht hors taxes tax ex excl exkl excluding exclusive ohne mwst ust vat gst tva the de of per pro par prices "
    "preise 1m 1k 1 m k mtok mtoken million mio millionen thousand tokens token tok jetons base 5m 5min".split()
)
# What is in brackets after a heading, and what stands on both sides of a slash, are headings of their own.
_SEGMENTS = re.compile(r"[/|()\n\[\]:]+")
_PERIODS: Mapping[str, re.Pattern[str]] = {
    "hour": re.compile(r"\b(hour\w*|hr|hrs|h|stunde\w*|std|heures?|horaire)\b|時間"),
    "month": re.compile(r"\b(month\w*|monat\w*|mois|mensuel\w*|mensualite\w*|mo|mtl)\b|月額"),
    "year": re.compile(r"\b(year|yearly|annual\w*|annum|jahr|jahrlich\w*|annuel\w*|an|p ?a)\b|年額"),
}
_OF_LINE = re.compile(r"\b(total\w*|gesamt\w*|extended|summe|amount|betrag|montant)\b")
_PRICED = re.compile(
    r"\b(\w*preis|price\w*|prix|\w*rate|tarif|rental|rent|fee|payment|charge|cost|lease|loyer|mensualite"
    r"|\w*miete|unitaire)\b"
)
# What is offered where it is the whole heading; in another it is what a price is for.
_ITEM_ALONE = frozenset(("gpu", "accelerator"))
_ONLY_WITH_MONEY = {"unit": "net_price", "line": "line_total", "ext": "line_total"}
_OF_ONE = re.compile(
    r"\b(?:per|je|pro|par|a) (?:gpus?|accelerators?|beschleuniger|racks?|servers?|serveurs?|nodes?|knoten"
    r"|noeuds?|systems?|systeme?"
    r"|units?|unite|pieces?|stk|stuck)\b"
)
# "$/GPU-hr" says nothing but whose money it is and for what; one that names a commitment is of several beside it.
_OF_AN_HOUR = re.compile(
    r"(?:(?:per|je|pro|par) )?(?:(?:gpu|accelerator|server|node|system|instance|knoten|noeud)s? )?"
    r"(?:(?:per|je|pro|par|and|und|et) )?(?:h|hrs?|hours?|std|stunden?|heures?)"
)
_AT_LIST = re.compile(r"\b(list\w*|capital|catalog\w*|catalogue|katalog\w*|minimum|min|term|laufzeit|duree)\b")


def exact(heading: object) -> str | None:
    """The column that a heading of the template names, or None."""
    return _EXACT.get(bare(heading))


def _known(text: str) -> str | None:
    return _EXACT.get(text) or _ALSO.get(text)


def _spelled(heading: object) -> tuple[str, ...]:
    """What a heading may be known by: the whole of it, and each of its parts, with and without words that only say how
    its numbers are written and of what time they are."""
    whole = [str(heading), *(part for part in _SEGMENTS.split(str(heading)) if part.strip())]
    found = [bare(part) for part in whole]
    plain = [" ".join(w for w in text.split() if w.upper() not in CODES and w not in _BESIDE) for text in found]
    return tuple(dict.fromkeys(text for text in (*found, *plain) if text))


def suggested(heading: object) -> str | None:
    """The column that a heading probably means, or None: to be proposed, never to be used unasked."""
    beside = "item" if bare(heading) in _ITEM_ALONE else _beside_money(heading)
    known = beside or next((name for text in _spelled(heading) if (name := _known(text))), None)
    return known or _timed(heading) or _of_one(heading)


def _names_money(heading: object) -> bool:
    words = bare(heading).upper().split()
    return any(word in CODES for word in words) or re.search(r"[€£$¥₹₩円]", str(heading)) is not None


def _beside_money(heading: object) -> str | None:
    """The column of a word that is of a price only beside a currency: "Unit USD", "Line (EUR)"."""
    plain = " ".join(word for word in bare(heading).split() if word.upper() not in CODES)
    return _ONLY_WITH_MONEY.get(plain) if _names_money(heading) else None


def _of_one(heading: object) -> str | None:
    """The column of prices that says of what one they are: "USD per rack", "Price per GPU"."""
    text = bare(heading)
    if not _OF_ONE.search(text) or period_named(heading) == "hour" or _OF_LINE.search(text):
        return None
    if not (_names_money(heading) or _PRICED.search(text)):
        return None
    return "list_price" if _AT_LIST.search(text) else "net_price"


def _timed(heading: object) -> str | None:
    """The column of prices by the hour, the month or the year: the total of a line, or the price of one."""
    text = bare(heading)
    if period_named(heading) is None or _AT_LIST.search(text):
        return None
    if _OF_LINE.search(text):
        return "line_total"
    by_hour = _names_money(heading) and _OF_AN_HOUR.fullmatch(
        " ".join(w for w in text.split() if w.upper() not in CODES)
    )
    return "net_price" if by_hour or _PRICED.search(text) else None


def period_named(text: object) -> str | None:
    """The time that a price is for by its words ("hour", "month", "year"), or None."""
    return next((name for name, words in _PERIODS.items() if words.search(bare(text))), None)


def rank(heading: object) -> int:
    """How close a heading is to the column suggested for it: 0 for the template's own, then in the order of `also`."""
    name = suggested(heading)
    if name is None or exact(heading):
        return 0
    words = [bare(text) for text in named(name).also]
    spelled = _spelled(heading)
    return 1 + next((at for at, each in enumerate(words) if each in spelled), len(words))


def named(name: str) -> Column:
    """The column of that name. Raises KeyError, naming the nearest, for an unknown one."""
    if name not in BY_NAME:
        raise KeyError(f"there is no column {name!r}{did_you_mean(name, BY_NAME)}")
    return BY_NAME[name]


def nearest_choice(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a text spells, case and punctuation apart; None if it spells none."""
    return next((choice for choice in choices if folded(choice) == folded(text)), None)
