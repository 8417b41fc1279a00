"""What a line probably is part of, by its words: a guess that is asked about, and counts once it is confirmed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from importers.quotes.cells.values import GUESS
from importers.quotes.reading.lines import PREPAID, Line

# The first part of which a word begins one of the item's words counts; of equipment the one that is named first, for a
# server with NVMe disks is no storage. English and German, as quotes come.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "training": ("training", "workshop", "schulung"),
    "migration": ("migration", "integration", "onboarding"),
    "warranty": ("warranty", "garantie", "gewährleistung"),
    "support": ("support", "maintenance", "care", "wartung", "service level"),
    "software": ("software", "licen", "lizenz", "subscription"),
    "installation": ("install", "acceptance", "commissioning", "inbetriebnahme", "abnahme", "racking"),
    "delivery": (
        "deliver",
        "freight",
        "shipping",
        "duties",
        "lieferung",
        "fracht",
        "transport",
        "versand",
        "import dut",
        "customs",
        "zoll",
    ),
    "egress": ("egress", "data out", "outbound"),
    "hosting": ("colocation", "hosting", "rack space", "cooling"),
    "spares": ("spare", "ersatzteil"),
    "storage": ("storage", "ssd", "nvme", "disk", "speicher"),
    "network": (
        "network",
        "switch",
        "cabl",
        "kabel",
        "transceiver",
        "optic",
        "netzwerk",
        "infiniband",
        "ethernet",
        "adapter",
    ),
    "systems": ("server", "gpu", "node", "accelerator", "beschleuniger", "hgx", "dgx", "system"),
}
_EQUIPMENT = ("storage", "network", "systems")
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
_EACH_ACCELERATOR = re.compile(r"\b(per|each|je|pro|par) (gpu|accelerator|beschleuniger)\b", re.IGNORECASE)
_OPTIONAL = re.compile(r"^\W*(option(al|ally)?|alternativ(e|ely)?)\b", re.IGNORECASE)
_EACH_MONTH = re.compile(r"\b(per month|a month|monthly|pro monat|monatlich\w*)", re.IGNORECASE)


def proposal(line: Line) -> dict[str, str]:
    """Part, use of the price and scope that the item's words point to; empty where they say nothing.

    Part and use are guesses, marked as such: reading asks about them. What a price of support or licences is for is
    proposed only where the words say it: each year, each month, or once for a number of years.
    """
    words = line.item.casefold()
    parts = parts_named(line.item)
    if not parts or line.aside:
        return {}
    part = parts[0]
    found = {"part": part + GUESS, "scope": "optional" if _OPTIONAL.search(words) else "in"}
    use = _for_how_long(words, part) if part in (*PREPAID, "hosting", "egress") else {"charged": _use(words, part)}
    return found | {name: text + GUESS if name == "charged" else text for name, text in use.items()}


def parts_named(item: str) -> list[str]:
    """The parts that an item's words name, the likeliest first."""
    words = item.casefold()
    starts = {part: re.search("|".join(rf"\b{s}" for s in names), words) for part, names in _WORDS.items()}
    named = {part: hit.start() for part, hit in starts.items() if hit}
    equipment = sorted(set(_EQUIPMENT) & named.keys(), key=named.__getitem__)
    return [*(part for part in named if part not in _EQUIPMENT), *equipment]


def is_guess(texts: Mapping[str, str]) -> bool:
    """Whether what is said of a row is still a guess in any of its columns."""
    return any(text.endswith(GUESS) for text in texts.values())


def confirmed(texts: Mapping[str, str]) -> dict[str, str]:
    """What is said of a row, its guesses taken as said."""
    return {name: text.removesuffix(GUESS) for name, text in texts.items()}


def _use(words: str, part: str) -> str:
    """What the price of something paid once is for."""
    each = _USE[part] == "per system" and _EACH_ACCELERATOR.search(words)
    return "per accelerator" if each else _USE[part]


def _for_how_long(words: str, part: str) -> dict[str, str]:
    if _EACH_MONTH.search(words):
        return {"charged": "per month" if part == "egress" else "per system and month"}
    if _EACH_YEAR.search(words):
        return {"charged": "per year" if part == "egress" else "per system and year"}
    years = _YEARS.search(words)
    return {"charged": "per system", "years_covered": years[1]} if years and part in PREPAID else {}
