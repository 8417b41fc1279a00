"""Which part of an offer words name: what a line is, by the words of its item, its section and what stands beside it.

Words of work and licences outrank those of equipment, for "server support" is support; words behind "incl.", "with" or
"for" say what a thing contains or belongs to, not what it is. English, German and French.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from importers.quotes.cells.columns import without_accents
from importers.quotes.cells.vocabulary import EQUIPMENT, FURTHER, SERVICES

_EQUIPMENT = {**EQUIPMENT, "storage": (*EQUIPMENT["storage"], *FURTHER["drives"])}
_MODELS = re.compile(
    r"\b(?:[hbal]\d{2,3}s?|gb\d{3}|gh\d{3}|mi\d{3}x?|rtx ?\w*|hgx|dgx|nvl ?\d+|gaudi ?\d?|instinct|tpu\w*"
    r"|trainium\d?|inferentia\d?"
    r"|ironwood|grace|blackwell|hopper|rubin|vera)\b|\bgpus?\b|gpu|\baccelerators?\b|beschleuniger|accelerateur"
)
_BOARD = re.compile(
    r"\b(?:server|serveur|node|knoten|noeud|chassis|rack|baseboard|system|hgx|dgx|nvl\w*|instance|cluster"
    r"|pod|tray)|\b\d+ ?x |\b\d+-?gpu|サーバ|ラック|ノード"
)
_COMPONENT = re.compile(
    r"^\W*(?:\d+ ?x? )?.{0,40}?\b(?:cpu|prozessor|processor|processeur|epyc|xeon|memory|arbeitsspeicher"
    r"|ram|ddr\d|dimm|ssd|nvme|hdd|drive"
    r"|power supply|netzteil|psu|alimentation|rail|riser|heatsink|fan|lufter|bezel|tpm|nic)\b"
)
_MARKERS = re.compile(
    r"^\W*(?:option(?:al|ally|nel|nelle)?|alternativ\w*|variante?|eventualposition|bedarfsposition|en option)\W+"
)
_RACKING = re.compile(r"\brack(?:ing)?\W{1,3}(?:and )?stack(?:ing)?\b")
_CONTAINED = re.compile(
    r"\b(?:incl\w*|inkl\w*|including|comprising|consisting|bestehend|enthalt\w*|with|mit|avec|y compris"
    r"|compris\w*|w/)(?![\w])|\bw/|(?<!\w)plus(?!\w)"
)
_BELONGS = re.compile(r"[,;:(–]| - |\b(?:for|fur|pour|on|of|der|des|du|per|je|pro|par|instead|zu|zum|zur|and up to)\b")
_SAME_KIND = (
    frozenset({"support", "warranty"}),
    frozenset({"installation", "delivery"}),
    frozenset({"installation", "migration"}),
)


@dataclass(frozen=True)
class Named:
    """What words name: the part, how sure that is, and why, in words; `others` are further parts that they name."""

    part: str
    sure: bool
    why: str
    others: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A text in small letters without accents, its marks kept."""
    return " ".join(without_accents(text).casefold().replace("×", "x").split())


def _at(starts: tuple[str, ...], text: str) -> tuple[int, str] | None:
    """Where the first word that begins like one of these stands, and the word."""
    best: tuple[int, str] | None = None
    for start in starts:
        inside = start in FURTHER["compound"] or not start.isascii()
        edge = r"\b" if len(start) <= 4 and not inside else ""
        found = re.search(("" if inside else r"(?<![^\W_])") + re.escape(start) + edge, text)
        if found and (best is None or found.start() < best[0]):
            best = found.start(), start
    return best


def _named(table: Mapping[str, tuple[str, ...]], text: str) -> dict[str, int]:
    found = {part: hit[0] for part, starts in table.items() if (hit := _at(starts, text))}
    return dict(sorted(found.items(), key=lambda each: each[1]))


def parts_named(item: str) -> list[str]:
    """The parts that an item's words name, the likeliest first."""
    text = plain(item)
    services, equipment = _named(SERVICES, text), _named(_EQUIPMENT, text)
    others = ["other"] if not services and _at(FURTHER["other"], text) else []
    return [*services, *others, *equipment]


def names_accelerators(text: str) -> bool:
    """Whether words name accelerators: by a model, or as such."""
    return _MODELS.search(plain(text)) is not None


def is_bare_accelerator(item: str) -> bool:
    """Whether an item is an accelerator alone, no machine that holds some."""
    head = _BELONGS.split(_CONTAINED.split(plain(item))[0])[0]
    return names_accelerators(head) and _BOARD.search(head) is None


_COUNTED = re.compile(
    r"\b(\d{1,3})(?: ?x (?:nvidia |amd |intel )?(?:instinct )?(?=[a-z]{1,2}\d{2})"
    r"|[ -]?gpus?\b)"
)
MOST_ACCELERATORS = 576


def accelerators_named(text: str) -> int | None:
    """How many accelerators words say that a machine has ("8x H200", "72 GPU"); None for none, or several numbers."""
    found = {int(number) for number in _COUNTED.findall(plain(text)) if 0 < int(number) <= MOST_ACCELERATORS}
    return found.pop() if len(found) == 1 else None


_MACHINES = r"(?:servers?|serveurs?|nodes?|knoten|noeuds?|systems?|systeme?|racks?)"
_MANY_MACHINES = re.compile(
    r"\W*(?P<many>\d{1,4})(?:(?P<pieces> ?(?:units?(?: of)?|pcs\.?|stuck|stk\.?|unites?|台)(?![^\W\d_]))"
    r"|(?: ?x(?![^\W\d_]))"
    r"|(?= (?!(?:sockets?|way|cpus?|cores?|kw|years?|jahre|ans|inch|zoll|he|r?u)\b)"
    rf"(?:[^\W\d_][\w-]* ){{0,2}}(?:[\w-]*-)?{_MACHINES}\b)) ?(?P<what>.+)"
)
_CHIP = re.compile(
    r"(?:nvidia |amd |intel )?(?:instinct |gaudi )?(?:[a-z]{1,3}\d{2,3}[a-z]?\b|gpus?\b(?!-)|accelerat|beschleuniger)"
)


def machines_named(text: str) -> tuple[int, str] | None:
    """How many machines words begin with ("4 x XE9680 with 8 x H200"), and the machine; None where they count none.

    What is counted first in "8x H200 server" are its accelerators.
    """
    found = _MANY_MACHINES.match(plain(text))
    if found is None or not int(found["many"]) or (not found["pieces"] and _CHIP.match(found["what"])):
        return None
    return int(found["many"]), found["what"]


def is_component(item: str) -> bool:
    """Whether an item is a component of a machine (processor, memory, drive)."""
    return _COMPONENT.match(plain(item)) is not None


def part_named(item: str, *, dearest: bool, share: float, section: str = "") -> Named | None:
    """The part that a line is of, or None where nothing tells.

    `dearest` tells that its total is the largest of the offer, `share` its total over the largest.
    """
    text = _RACKING.sub("racking", _MARKERS.sub("", plain(item)))
    own = _CONTAINED.split(text)[0].strip() or text
    head = _BELONGS.split(own)[0].strip() or own
    found = _by_work(head, own, dearest) or _by_equipment(head, own, text, share)
    hints = [part for part in parts_named(section) if part != "systems"] if section else []
    if found is None:
        if len(hints) == 1:
            return Named(hints[0], False, f'its section is "{section}"')
        return Named("systems", False, "it is the dearest line") if dearest else None
    if not found.sure and found.part in hints and len(hints) == 1:
        return Named(found.part, True, f'{found.why}, and its section is "{section}"', found.others)
    return found


def _by_work(head: str, own: str, dearest: bool) -> Named | None:
    """Work, licences and the like, by the words of what a line is."""
    first, all_ = _named(SERVICES, head), _named(SERVICES, own)
    equipment = _named(_EQUIPMENT, head)
    if not first and _at(FURTHER["other"], head):
        return Named("other", not all_ or not equipment, "its words name a fee, insurance or cooling", tuple(all_))
    named = first or ({} if equipment else all_)
    if not named:
        return (
            Named("other", True, "its words name a fee, insurance or cooling")
            if not equipment and _at(FURTHER["other"], own)
            else None
        )
    part, *others = named
    alike = any(set(named) <= kind for kind in _SAME_KIND)
    return Named(part, (not others or alike) and not dearest, f"its words name {part}", tuple(others))


def _by_equipment(head: str, own: str, text: str, share: float) -> Named | None:
    """Equipment: a storage node is storage, a server with NVMe disks a system."""
    named = _named(_EQUIPMENT, head) or _named(_EQUIPMENT, own)
    if not named:
        return None
    special = [part for part in named if part != "systems"]
    if "systems" in named and _is_machine(head, named, special):
        sure = names_accelerators(text) and share >= LEAST_SHARE_OF_DEAREST and not _BUNDLE.search(text)
        why = "its words name a machine with accelerators" if names_accelerators(text) else "its words name a machine"
        return Named("systems", sure, why, tuple(special))
    sure = len(special) == 1 and share < 1 and not is_drive(head)
    return Named(special[0], sure, f"its words name {special[0]}", tuple(special[1:]))


# Several machines, with what goes with them, at one price.
_BUNDLE = re.compile(
    r"\b(?:(?:set|lot|pack|kit|satz|lots?) (?:of|de|von|a) ?\d+|\d+er-?(?:set|pack|satz)|bundle|turnkey"
    r"|turn-key|all-in|package|paket\w*|komplett\w*|solution|losung|cluster|superpod|cle en main)\b"
)
# Machines of one offer cost alike: what costs less than this share of the dearest line is hardly one of them.
LEAST_SHARE_OF_DEAREST = 0.25


def _is_machine(head: str, named: Mapping[str, int], special: list[str]) -> bool:
    """Whether a head that names a machine is one, though it names storage or network too: a storage node is none."""
    return not special or (names_accelerators(head) and named["systems"] > max(named[part] for part in special))


def is_drive(head: str) -> bool:
    """Whether storage is named by its drives alone, which may be parts of a machine as well."""
    return _at(EQUIPMENT["storage"], head) is None and _at(FURTHER["drives"], head) is not None
