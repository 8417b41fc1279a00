"""What a line probably is part of, by its words: to be shown and corrected, never used unasked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from importers.quotes.lines import PREPAID, Line

# The first part of which a word begins one of the item's words counts. English and German, as quotes come.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "training": ("training", "workshop", "schulung"),
    "migration": ("migration", "integration", "onboarding"),
    "warranty": ("warranty", "garantie", "gewährleistung"),
    "support": ("support", "maintenance", "care", "wartung", "service level"),
    "software": ("software", "licen", "lizenz", "subscription"),
    "installation": ("install", "acceptance", "commissioning", "inbetriebnahme", "abnahme", "racking"),
    "delivery": ("deliver", "freight", "shipping", "duties", "lieferung", "fracht", "transport", "versand"),
    "egress": ("egress", "data out", "outbound"),
    "hosting": ("colocation", "hosting", "rack space", "cooling"),
    "spares": ("spare", "ersatzteil"),
    "storage": ("storage", "ssd", "nvme", "disk", "speicher"),
    "network": ("network", "switch", "cabl", "kabel", "transceiver", "optic", "netzwerk", "infiniband", "ethernet"),
    "systems": ("server", "gpu", "node", "accelerator", "beschleuniger", "hgx", "dgx", "system"),
}
_USE: Mapping[str, str] = {
    "systems": "per system",
    "network": "per system",
    "storage": "per system",
    "spares": "per system",
    "installation": "once",
    "delivery": "once",
    "training": "once",
    "migration": "once",
}
_YEARS = re.compile(r"\b(\d{1,2})[\s-]*(?:years?|yrs?|y|jahre?n?)\b", re.IGNORECASE)
_EACH_YEAR = re.compile(
    r"\b(per year|each year|a year|annual\w*|yearly|p\.?\s?a\b|pro jahr|jährlich\w*)", re.IGNORECASE
)
_EACH_MONTH = re.compile(r"\b(per month|a month|monthly|pro monat|monatlich\w*)", re.IGNORECASE)


def proposal(line: Line) -> dict[str, str]:
    """Part, use of the price and scope that the item's words point to; empty where they say nothing.

    What a price of support or licences is for is proposed only where the words say it: each year, each month, or once
    for a number of years.
    """
    words = line.item.casefold()
    part = next((part for part, starts in _WORDS.items() if any(re.search(rf"\b{s}", words) for s in starts)), None)
    if part is None or line.aside:
        return {}
    found = {"part": part, "scope": "in"}
    if part in (*PREPAID, "hosting", "egress"):
        return found | _for_how_long(words, part)
    return found | {"charged": _USE[part]}


def _for_how_long(words: str, part: str) -> dict[str, str]:
    if _EACH_MONTH.search(words):
        return {"charged": "per month" if part == "egress" else "per system and month"}
    if _EACH_YEAR.search(words):
        return {"charged": "per year" if part == "egress" else "per system and year"}
    years = _YEARS.search(words)
    return {"charged": "per system", "years_covered": years[1]} if years and part in PREPAID else {}
