"""The columns of a quote, declared once: the template, the reading of a file and the mapping of columns use this list.

A column of the level "quote" says something of the whole offer: it may stand on each line or on one. A column of the
level "line" says something of its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from models.notation.reader import CODES
from models.studies.spelling import did_you_mean

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
    "delivery": "Delivery, duties, insurance on the way",
    "training": "Training",
    "migration": "Migration and integration",
    "support": "Support and maintenance",
    "warranty": "Warranty beyond the standard one",
    "software": "Software licences",
    "hosting": "Space, power and cooling",
    "egress": "Data sent out (egress)",
    "lease": "Lease payments",
    "rental committed": "Committed rental",
    "rental on demand": "Rental on demand",
    "api input": "API, input tokens",
    "api cached input": "API, cached input tokens",
    "api output": "API, output tokens",
    "api minimum": "API, minimum spend",
    "other": "Anything else",
}
CHARGED: Mapping[str, str] = {
    "once": "once, for the whole offer",
    "per system": "once for each system",
    "per accelerator": "once for each accelerator",
    "per year": "each year, for the whole offer",
    "per system and year": "each year, for each system",
    "per accelerator and year": "each year, for each accelerator",
    "per month": "each month, for the whole offer",
    "per system and month": "each month, for each system",
    "per kW and month": "each month, for each kW of IT load",
    "share of hardware and year": "each year, as a share of the hardware price (0.08 for 8 %)",
    "per accelerator-hour": "for each accelerator-hour",
    "per system-hour": "for each hour of a system",
    "per million tokens": "for each million tokens",
    "per thousand requests": "for each thousand requests",
}


@dataclass(frozen=True)
class Column:
    """One column: what it is called in a file (`label`, or its name), what it may hold, and other names it goes by.

    Those without `template` are read, where a file has them, but not asked for.
    """

    name: str
    label: str
    kind: Kind
    level: Level
    required: bool
    help: str
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    template: bool = True


def _quote(name: str, label: str, kind: Kind, help: str, **rest: object) -> Column:
    return Column(name, label, kind, "quote", bool(rest.pop("required", False)), help, **rest)  # type: ignore[arg-type]


def _line(name: str, label: str, kind: Kind, help: str, **rest: object) -> Column:
    return Column(name, label, kind, "line", bool(rest.pop("required", False)), help, **rest)  # type: ignore[arg-type]


COLUMNS: tuple[Column, ...] = (
    _quote(
        *("vendor", "Vendor", "text", "Who offers it."),
        required=True,
        also=("supplier", "bidder", "company", "lieferant", "anbieter"),
    ),
    _quote(
        *("quote_number", "Quote number", "text", "The vendor's number of the offer."),
        required=True,
        also=("quotation no", "quotation number", "quote no", "offer number", "offer no", "quote id", "angebotsnummer"),
    ),
    _quote(
        *("quote_date", "Quote date", "date", "Date of the offer, as 2026-01-31."),
        required=True,
        also=("date", "offer date", "quotation date", "issued", "angebotsdatum"),
    ),
    _quote(
        *("valid_until", "Valid until", "date", "Last day on which the price holds."),
        also=("validity", "expires", "expiry date", "valid to", "gültig bis"),
    ),
    _quote(
        *("currency", "Currency", "currency", "Three-letter code; one for the whole offer."),
        required=True,
        also=("curr", "ccy", "price currency", "währung"),
    ),
    _quote(
        *("fx_rate", "Exchange rate", "number", "Money of the study for 1 unit of the offer's currency."),
        also=("fx", "rate of exchange", "conversion rate"),
    ),
    _quote("fx_date", "Exchange rate date", "date", "Day of that rate.", also=("fx date",)),
    _quote(
        *("acquisition", "Acquisition", "choice", "How it is paid for: purchase, lease, rental or API."),
        required=True,
        choices=ACQUISITIONS,
        also=("purchase type", "commercial model"),
    ),
    _quote(
        *("delivery_weeks", "Delivery, weeks", "number", "Weeks from the order until it works; or give months."),
        also=("lead time weeks", "lead time", "delivery time", "lieferzeit wochen"),
    ),
    _quote("delivery_months", "Delivery, months", "number", "Months from the order until it works; or give weeks."),
    _quote("warranty_years", "Warranty, years", "number", "Years of warranty inside the price.", also=("warranty",)),
    _quote(
        *("support_years", "Support, years", "number", "Years of support inside the price or offered below."),
        also=("support term", "maintenance years"),
    ),
    _quote("systems_quoted", "Systems quoted", "whole", "How many systems the offer covers.", also=("systems",)),
    _quote(
        *("accelerators_per_system", "Accelerators per system", "whole", "Accelerators in one system."),
        also=("gpus per server", "gpus per system", "gpus per node"),
    ),
    _quote(
        *("term_years", "Term, years", "whole", "Length of the lease or of the rental commitment."),
        also=("contract term", "lease term", "commitment"),
    ),
    _quote(
        *("committed_share", "Committed share", "share", "Share of the rented hours that is committed to."),
        also=("commitment share",),
    ),
    _quote(
        *("prepayment_share", "Prepayment", "share", "Share of the price to be paid with the order."),
        also=("advance payment", "down payment", "upfront"),
    ),
    _quote(
        *("performance_source", "Performance from", "choice", "Where its speed is known from."),
        required=True,
        choices=PERFORMANCE_SOURCES,
        also=("performance source",),
    ),
    _quote("performance_reference", "Performance reference", "text", "Which benchmark, catalogue row or data sheet."),
    _quote(
        *("claimed_decode_rate", "Claimed writing speed", "number", "Vendor's claim, tokens/s for each accelerator."),
        also=("tokens per second per gpu",),
    ),
    _quote("claimed_prefill_rate", "Claimed reading speed", "number", "Vendor's claim, tokens/s for each accelerator."),
    _line(
        *("item", "Item", "text", "What is offered."),
        required=True,
        also=(
            *(
                "description",
                "product",
                "model",
                "model name",
                "product description",
                "line item",
                "item description",
                "position text",
            ),
            *("beschreibung", "bezeichnung", "leistung", "artikelbezeichnung", "article", "artikel"),
        ),
    ),
    _line(
        *("part", "Part", "choice", "What it is part of."),
        required=True,
        choices=tuple(PARTS),
        also=("category", "type"),
    ),
    _line(
        *("charged", "Charged", "choice", "What the price is for."),
        required=True,
        choices=tuple(CHARGED),
        also=("basis", "charge basis", "billing"),
    ),
    _line(
        *(
            "scope",
            "Scope",
            "choice",
            "in: part of the offer. out: left out on purpose. optional: priced, not counted.",
        ),
        required=True,
        choices=SCOPES,
        also=("in scope", "included"),
    ),
    _line(
        *("quantity", "Quantity", "number", "How many the net price is multiplied by."),
        also=("qty", "pcs", "units", "no of units", "menge", "anzahl", "stück", "stk"),
    ),
    _line(
        *("list_price", "List price", "number", "Price of one before discount."),
        also=("list", "catalog price", "msrp", "list unit price", "unit list price", "listenpreis"),
    ),
    _line(
        *("discount", "Discount", "share"),
        "What is taken off the list price: 0.1 or 10 %. May stand for the net price.",
        also=("disc", "discount rate", "rabatt", "nachlass"),
    ),
    _line(
        *("net_price", "Net price", "number", "Price of one after discount."),
        required=True,
        also=(
            *("unit price", "price", "net", "net unit price", "unit net price", "offer price", "price per unit"),
            *("price each", "einzelpreis", "stückpreis", "nettopreis", "netto", "netto einzelpreis", "preis"),
        ),
    ),
    _line(
        *("line_total", "Line total", "number", "Quantity x net price, to check them; may stand for the net price."),
        also=(
            *("total", "amount", "extended", "extended price", "ext price", "total price", "net total"),
            *("line amount", "subtotal", "gesamtpreis", "gesamt", "summe", "betrag", "netto gesamt"),
        ),
    ),
    _line("years_covered", "Years covered", "whole", "Years that a price paid once covers (support, licences)."),
    _line(
        *("input_price", "Price of input tokens", "number", "For a million input tokens; a line of its own."),
        also=("input", "input tokens", "input 1m tokens", "input per 1m tokens", "input mtok", "prompt"),
        template=False,
    ),
    _line(
        *("cached_input_price", "Price of cached input tokens", "number", "For a million of them; a line of its own."),
        also=("cached input", "cached", "cached input 1m tokens", "cached input per 1m tokens", "cache read"),
        template=False,
    ),
    _line(
        *("output_price", "Price of output tokens", "number", "For a million output tokens; a line of its own."),
        also=("output", "output tokens", "output 1m tokens", "output per 1m tokens", "output mtok", "completion"),
        template=False,
    ),
)
# Price lists of an API have a column for each of these: the part that each is the price of.
TOKEN_PRICES: Mapping[str, str] = {
    "input_price": "api input",
    "cached_input_price": "api cached input",
    "output_price": "api output",
}
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}


def folded(heading: object) -> str:
    """A heading without case, punctuation and doubled blanks, so that "Unit-Price " is "unit price"."""
    return " ".join(re.findall(r"[^\W_]+", str(heading).casefold()))


_EXACT: Mapping[str, str] = {folded(text): column.name for column in COLUMNS for text in (column.name, column.label)}
_ALSO: Mapping[str, str] = {folded(text): column.name for column in COLUMNS for text in column.also}


def exact(heading: object) -> str | None:
    """The column that a heading of the template names, or None."""
    return _EXACT.get(folded(heading))


def suggested(heading: object) -> str | None:
    """The column that a heading probably means, or None: to be proposed, never to be used unasked.

    A currency or "%" in the heading says how its numbers are written, not what they are: "Netto EUR" is "netto".
    """
    bare = " ".join(word for word in folded(heading).split() if word.upper() not in CODES and word != "in")
    return exact(heading) or _ALSO.get(folded(heading)) or _EXACT.get(bare) or _ALSO.get(bare)


def rank(heading: object) -> int:
    """How close a heading is to the column suggested for it: 0 for the template's own, then in the order of `also`."""
    name = suggested(heading)
    if name is None or exact(heading):
        return 0
    words = [folded(text) for text in named(name).also]
    text = folded(heading)
    return 1 + next((at for at, each in enumerate(words) if each == text or text.startswith(f"{each} ")), len(words))


def named(name: str) -> Column:
    """The column of that name. Raises KeyError, naming the nearest, for an unknown one."""
    if name not in BY_NAME:
        raise KeyError(f"there is no column {name!r}{did_you_mean(name, BY_NAME)}")
    return BY_NAME[name]


def nearest_choice(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a text spells, case and punctuation apart; None if it spells none."""
    return next((choice for choice in choices if folded(choice) == folded(text)), None)
