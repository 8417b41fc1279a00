"""Where the accelerator time that is paid for goes: serving, waiting, headroom, rounding, downtime, delivery,
commitments.

The parts of each year add up to the time paid for, so that the cost of idle capacity can be shared out by them as the
model shares it out: standing cost by time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from models.analysis.words import listing
from models.engine.constants import HOURS_PER_YEAR, SECONDS_PER_HOUR
from models.notation import writer
from models.run.model import OptionResult

BARELY_USED = 0.1
RESIDUE = 1e-9  # a share that small is what rounding leaves of a fleet that is always busy
# The parts in the order of a stack; all but the first stand by.
PARTS: Mapping[str, str] = {
    "used": "serving",
    "planned": "planned headroom (average)",
    "waiting": "off-peak idle time",
    "headroom": "peak headroom",
    "rounding": "whole-server rounding",
    "downtime": "downtime",
    "power": "power or cooling limit",
    "delivery": "before go-live",
    "committed": "commitment not needed",
}


@dataclass(frozen=True)
class Part:
    """One use of the time paid for: accelerator-hours over the life, their share, and what the idle ones cost."""

    name: str
    label: str
    hours: float
    share: float
    cost: float


@dataclass(frozen=True)
class Idle:
    """Time paid for and what becomes of it. `cost` is the model's idle cost, `parts` add up to all hours paid for."""

    used_share: float
    cost: float
    cost_share: float | None
    parts: tuple[Part, ...]
    smallest: bool


def hours_by_year(option: OptionResult) -> list[dict[str, float]]:
    """Accelerator-hours of each part, year by year; they add up to `held_hours`. Empty without a fleet."""
    if not option.values["has_fleet"]:
        return []
    return [_year(option, y) for y in range(len(option.values["held_hours"]))]


def _year(option: OptionResult, y: int) -> dict[str, float]:
    raw = option.values
    availability = option.gathered.values["option_availability"]
    most = option.gathered.values["option_max_utilisation"]
    in_production, share = raw["production_hours"][y], raw["power_share"][y]
    used = raw["used_seconds"][y] / SECONDS_PER_HOUR
    capacity = raw["capacity_seconds"][y] / SECONDS_PER_HOUR
    parts = dict.fromkeys(PARTS, 0.0)
    parts |= {
        "used": used,
        # A rental is paid for from the first month in production, and for as long as it is committed.
        "committed" if raw["is_rental"] else "delivery": raw["held_hours"][y] - in_production,
        "power": in_production * (1 - share),
        "downtime": in_production * share * (1 - availability),
    }
    if raw["is_hourly"]:  # what is started follows the load: the rest is headroom, downtime and whole units
        return dict.fromkeys(PARTS, 0.0) | {"used": used, "planned": raw["held_hours"][y] - used}
    if raw["is_fixed"]:
        return parts | {"planned": capacity - used}
    # Accelerators that can work at once; what the peak takes of them; what is planned around that.
    at_once = raw["installed_accelerators"][y] * availability * share
    peak = min(at_once * most, raw["peak_accelerators"][y])
    planned = min(at_once, raw["peak_accelerators"][y] / most)
    hours = HOURS_PER_YEAR * raw["production_share"][y]
    return parts | {
        "waiting": peak * hours - used,
        "headroom": (planned - peak) * hours,
        "rounding": (at_once - planned) * hours,
    }


def idle(option: OptionResult) -> Idle | None:
    """What becomes of the time paid for over the life; None for an API and where nothing is paid for."""
    years = hours_by_year(option)
    paid = option.values["lifetime_held_hours"]
    if not years or not paid:
        return None
    raw = option.values
    standing = raw["lifetime_standing_cost"]
    hours = {name: sum(year[name] for year in years) for name in PARTS}
    parts = tuple(
        Part(name, PARTS[name], amount, amount / paid, 0.0 if name == "used" else standing * amount / paid)
        for name, amount in hours.items()
    )
    cost_share = raw["idle_cost"] / raw["infrastructure_cost"] if raw["infrastructure_cost"] else None
    return Idle(raw["used_share"], raw["idle_cost"], cost_share, parts, max(raw["installed"]) <= 1)


def barely_used_in_words(option: OptionResult) -> str:
    """Below a tenth of use, how little: "The smallest server is 3.0% utilised."; "" above it and without a fleet."""
    found = idle(option)
    if found is None or found.used_share >= BARELY_USED:
        return ""
    return f"{'The smallest server' if found.smallest else 'The fleet'} is {writer.share(found.used_share)} utilised."


def idle_in_words(option: OptionResult) -> str:
    """Idle capacity in a sentence or two; for an API what its minimum commitment adds."""
    found = idle(option)
    if found is None:
        if option.values["has_fleet"]:
            return "No accelerator time is paid for."
        if option.values["lifetime_top_up"] > 0:
            return "An API has no idle capacity; its minimum commitment adds to what is used."
        return "An API has no idle capacity: it is billed per token."
    reasons = sorted(
        (p for p in found.parts if p.name != "used" and p.share >= 0.005), key=attrgetter("share"), reverse=True
    )
    time = "in production" if option.values["is_rental"] else "paid for"
    used = f"{writer.share(found.used_share)} of the accelerator time {time} is used."
    sentences = [barely_used_in_words(option) or used]
    if reasons:
        sentences.append(f"The rest: {_shares(reasons)}.")
    if found.cost_share is not None and found.cost_share > RESIDUE:
        sentences.append(f"Idle capacity is {writer.share(found.cost_share)} of infrastructure cost.")
    return " ".join(sentences)


def _shares(parts: Sequence[Part]) -> str:
    return listing([f"{part.label} {writer.share(part.share)}" for part in parts])
