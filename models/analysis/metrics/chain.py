"""The energy chain: from the power station to the chip, over the life, with what each step keeps."""

from __future__ import annotations

from dataclasses import dataclass

from models.engine.constants import JOULES_PER_KWH
from models.run.model import OptionResult


@dataclass(frozen=True)
class Stage:
    """One place where energy is counted: its line, kWh over the life, share of generation, and per unit of output.

    `kept` is what reaches this place of the energy at the one before (None at the first); `by` says what decides it.
    """

    line: str
    label: str
    boundary: str
    kwh: float
    share: float | None
    kept: float | None
    by: str
    joules_per_token: float | None


_STAGES: tuple[tuple[str, str, str, str], ...] = (
    ("source_energy_kwh", "Generation", "at the power station", ""),
    ("facility_energy_kwh", "Meter", "facility, at the meter", "grid efficiency"),
    ("it_energy_kwh", "Servers", "IT, at the server", "1 / PUE"),
    ("chip_energy_kwh", "Chips", "behind the power supplies", "power supplies"),
)

# The lines of the places.
STAGES: tuple[str, ...] = tuple(line for line, *_ in _STAGES)


def energy_chain(option: OptionResult) -> tuple[Stage, ...]:
    """The four places, generation first; empty where energy is not known (an API, a rental without its power).

    Per response without processing, whose energy is known at the meter only.
    """
    if not option.values["energy_known"]:
        return ()
    tokens = option.values["lifetime_output_tokens"]
    totals = [sum(option.values[line]) for line, *_ in _STAGES]
    found = []
    for position, (line, label, boundary, by) in enumerate(_STAGES):
        kwh = totals[position]
        before = totals[position - 1] if position else 0.0
        found.append(
            Stage(
                line=line,
                label=label,
                boundary=boundary,
                kwh=kwh,
                share=kwh / totals[0] if totals[0] else None,
                kept=kwh / before if before else None,
                by=by,
                joules_per_token=kwh * JOULES_PER_KWH / tokens if tokens else None,
            )
        )
    return tuple(found)
