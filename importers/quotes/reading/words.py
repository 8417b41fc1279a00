"""What words beside a price say of it: for how long, for what one of, how often, and under which commitment.

English, German and French, as quotes come; Japanese quotes name most things in English too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from importers.quotes.cells.columns import bare, period_named, without_accents
from models.engine.constants import MONTHS_PER_YEAR

Each = Literal["accelerator", "system"]

MONTHS_A_YEAR = int(MONTHS_PER_YEAR)
_ACCELERATOR = r"(?:gpus?|accelerators?|beschleuniger|accelerateurs?|gcds?)"
_SYSTEM = (
    r"(?:servers?|serveurs?|nodes?|knoten|noeuds?|systems?|systeme?|racks?|instances?|instanz\w*|machines?|hosts?"
    r"|chassis)"
)
# "Option A: GPU server" is of no GPU each.
_A = "".join(rf"(?<!\b{word} )" for word in ("option", "lot", "variant", "variante", "alternative", "position")) + "a"
_PER_ACCELERATOR = re.compile(rf"\b(?:per|each|je|pro|par|{_A}) {_ACCELERATOR}\b(?! {_SYSTEM}\b)|^{_ACCELERATOR}$")
_PER_SYSTEM = re.compile(
    rf"\b(?:per|each|je|pro|par|{_A})(?: (?:year|jahr|an|month|monat|mois) (?:und|and|et))?"
    rf" (?:{_ACCELERATOR} )?{_SYSTEM}\b"
    rf"|^(?:{_ACCELERATOR} )?{_SYSTEM}$"
)
_HOUR = r"(?:h|hrs?|hours?|std|stunden?|heures?)"
# What an hour is of stands beside it: "per node-hour (8 GPUs)" is of nodes, "per GPU and hour, servers of 8" of GPUs.
_OF_AN_HOUR = re.compile(
    rf"\b(?:{_ACCELERATOR}|{_SYSTEM})(?: (?:und|and|et|per|pro|je|par|a))? {_HOUR}\b"
    rf"|\b{_HOUR} (?:und|and|et|per|pro|je|par|a) (?:{_ACCELERATOR}|{_SYSTEM})\b|\bgpuh\b"
)
_HOURLY = {
    "per accelerator-hour": re.compile(rf"\b{_ACCELERATOR}\b|\bgpuh\b"),
    "per system-hour": re.compile(rf"\b{_SYSTEM}\b"),
}
_YEARS = re.compile(r"\b(\d{1,2}) ?(?:years?|yrs?|y|jahre?n?|j|ans?|annees?|年間?)(?![^\W\d_])")
_MONTHS = re.compile(r"\b(\d{1,3}) ?(?:months?|mths?|mos?|monate?n?|mon|mois|m|か月|ヶ月|カ月)(?![^\W\d_])")
_MONTHLY = re.compile(
    r"\b(?:per|a|each|pro|je|par|im) (?:calendar )?(?:month|monat|mois)\b|\bmonth(?:ly)\b|\bmonatlich\w*"
    r"|\bmensuel\w*|\bmensualites?\b|\bmonats(?:rate|raten|miete|preis|pauschale|gebuhr|zahlung)\b|月額"
)
_YEARLY = re.compile(
    r"\b(?:per|a|each|every|pro|je|par|im) (?:year|annum|jahr|an|annee)\b|\byearly\b|\bannual\w*|\bp a\b"
    r"|\bjahrlich\w*|\bannuel\w*|年額"
)
# "USD/month", "EUR / Jahr".
_OVER = re.compile(r"\s*/\s*(?=(?:month|monat|mois|year|jahr|an(?:n[eé]e)?)\b)", re.IGNORECASE)
# Of one year among several, and of a price that is of one year whatever the term.
_ONE_YEAR = re.compile(
    r"\b(?:year|jahr|annee|an) ?\d\b|\b(?:first|second|third|fourth|fifth|\d(?:st|nd|rd|th)) year\b|\b\d\.? jahr\b"
    r"|\b(?:erstes|zweites|drittes|viertes|funftes) jahr\b|\b(?:1re|\de|premiere|deuxieme|troisieme) annee\b"
)
_EACH_YEAR = re.compile(r"\b(?:per|a|each|every|pro|je|par) (?:year|annum|jahr|an|annee)\b|\bp a\b|年額")
_ONCE = re.compile(
    r"\bonce\b|\bone (?:off|time)\b|\beinmal\w*|\blump sum\b|\bpauschal\w*|\bforfait\w*|\bunique\b"
    r"|\bune fois\b|一式|一括"
)
_PREPAID = re.compile(
    r"\bprepaid\b|\bpre paid\b|\bup ?front\b|\bim voraus\b|\bvoraus\w*|\bpaye d avance\b|\bprepaye\w*|\bin advance\b"
)
_PERPETUAL = re.compile(r"\bperpetual\b|\bunbefristet\w*|\bdauerlizenz\b|\bperpetuel\w*|\bkauflizenz\b|永久")
_ON_DEMAND = re.compile(
    r"\bon ?demand\b|\bpay as you go\b|\bpayg\b|\bpay per use\b|\bohne (?:vertrags)?bindung\b"
    r"|\bsans engagement\b|\ba la demande\b"
    r"|\bno commitment\b|\buncommitted\b|\bauf abruf\b|\bnone\b|\bkeine?\b|オンデマンド"
)
_SPOT = re.compile(r"\bspot\b|\bpreemptible\b|\binterruptible\b|\bunterbrechbar\w*")
_AT_LIST = re.compile(r"\b(?:list\w*|catalog\w*|uvp|msrp|public)\b")
_RESERVED = re.compile(
    r"\breserv\w*|\bcommit\w*|\bengage\w*|\bbindung\b|\bterm\b|\blaufzeit\b|\bvertrag\w*|\bcontract\w*"
)


_TOKENS = r"(?:tok(?:en)?s?|jetons?)"
_A_MILLION = re.compile(
    rf"\b(?:1 ?m|1 ?mio|million|mio|1 000 000|1000000)\w* (?:\w+ )?{_TOKENS}\b|\bmtoks?\w*|\bm {_TOKENS}\b"
)
_A_THOUSAND = re.compile(
    rf"\b(?:1 ?k|1 000(?! 000)|1000|thousand|tausend|mille|millier)\b (?:\w+ )?{_TOKENS}\b|\bktoks?\w*|\bk {_TOKENS}\b"
)
# Under a heading that is of tokens it need not be said again: "Input, per 1K".
_ALONE = {1_000: re.compile(r"\b(?:1 ?k|1 000(?! 000)|1000|thousand|tausend|millier)\b"), 1_000_000: _A_MILLION}
_PER = re.compile(r"\b(?:per|je|pro|par|pour|for|fur|a|each)\b|/")


@dataclass(frozen=True)
class Tier:
    """One of several prices of the same thing: its name, and for how many months it is committed to.

    `months` is 0 on demand, None where a commitment does not say how long.
    """

    label: str
    months: int | None


def each_named(text: str) -> Each | None:
    """What a price is for one of, by its words: an accelerator, a system, or None where they do not say."""
    held = bare(text)
    if _PER_ACCELERATOR.search(held):
        return "accelerator"
    return "system" if _PER_SYSTEM.search(held) else None


def months_named(text: str) -> int | None:
    """The one length of time that words name, in months; None where they name none, or several."""
    found = _lengths(text)
    return found.pop() if len(found) == 1 else None


def several_lengths(text: str) -> bool:
    """Whether words name more than one length of time."""
    return len(_lengths(text)) > 1


def _lengths(text: str) -> set[int]:
    """The lengths of time that words name, in months."""
    held = bare(text)
    return {MONTHS_A_YEAR * int(n) for n in _YEARS.findall(held)} | {int(n) for n in _MONTHS.findall(held)}


def period(text: str) -> str | None:
    """How often a price is paid by the words of its line: "once", "month", "year", or None."""
    held = bare(_OVER.sub(" per ", text))
    if _ONCE.search(held):
        return "once"
    return "month" if _MONTHLY.search(held) else "year" if _YEARLY.search(held) else None


def is_of_one_year(text: str) -> bool:
    """Whether words name one year of several, as "year 2" does."""
    return bool(_ONE_YEAR.search(bare(text)))


def is_by_the_year(text: str) -> bool:
    """Whether words say outright that a price is of a year, not only that it is billed so."""
    return bool(_EACH_YEAR.search(bare(text)))


def is_prepaid(text: str) -> bool:
    """Whether words say that the whole time is paid in advance."""
    return bool(_PREPAID.search(bare(text)))


def is_perpetual(text: str) -> bool:
    """Whether a licence holds for good."""
    return bool(_PERPETUAL.search(bare(text)))


def hourly_of(text: str) -> str:
    """What an hourly price is for by the words of its heading: a way of charging, "" where they do not say."""
    held = bare(text)
    if period_named(text) != "hour" and "gpuh" not in held:
        return ""
    bound = _OF_AN_HOUR.search(held)
    named = bound[0] if bound else held
    of = [charged for charged, unit in _HOURLY.items() if unit.search(named)]
    return of[0] if len(of) == 1 else ""


def tokens_counted(text: str, *, of_tokens: bool = False) -> frozenset[int]:
    """Of how many tokens a price is by its words: a thousand, a million, both, or none where they do not say.

    `of_tokens` tells that the words are known to be of tokens.
    """
    held = bare(text)
    of = _ALONE if of_tokens else {1_000: _A_THOUSAND, 1_000_000: _A_MILLION}
    return frozenset(many for many, pattern in of.items() if pattern.search(held))


def is_price_of(text: str) -> bool:
    """Whether words say for how many of something prices are, rather than name them."""
    return _PER.search(without_accents(text).casefold()) is not None


def is_plain_hour(text: str) -> bool:
    """Whether a heading is of an hour's price that is neither committed to, nor interruptible, nor of a list."""
    held = bare(text)
    return hourly_of(text) != "" and tier_named(text) is None and not _SPOT.search(held) and not _AT_LIST.search(held)


def tier_named(text: str) -> Tier | None:
    """The commitment that a heading or cell names, None where it names none. Interruptible prices are no commitment."""
    held, label = bare(text), re.split(r"[(\n]", text)[0].strip(" -–:|") or text.strip()
    if _SPOT.search(held):
        return None
    months = months_named(text)
    if months is not None and months > 0:
        return Tier(label, months)
    if _ON_DEMAND.search(held) or months == 0:
        return Tier(label, 0)
    return Tier(label, None) if _RESERVED.search(held) else None
