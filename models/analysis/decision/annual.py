"""Options whose equipment lives differ: what each costs a year over its own life, as if replaced alike for ever.

The study's own figures compare options over the same years, with replacement and resale inside them; this is the other
view that finance asks for. Source: equivalent annual cost of a replacement chain (Brealey, Myers and Allen, Principles
of Corporate Finance).
"""

from __future__ import annotations

from dataclasses import dataclass

from models.analysis.metrics.measures import RANKED_BY
from models.run.model import MODEL, OptionResult
from models.studies.change import replace
from models.studies.inputs.problem import StudyError

HORIZON = "study/horizon_years"


@dataclass(frozen=True)
class OwnLife:
    """One life of the equipment: `years`, the equivalent annual cost (money a year), the discounted cost per response.

    `annual_cost` and `per_response` are None where the study cannot cover so many years, which `fault` then tells.
    """

    years: int
    annual_cost: float | None
    per_response: float | None
    fault: str = ""


def own_life(option: OptionResult) -> OwnLife | None:
    """An option over one life of its equipment; None where it has none of its own."""
    if not (option.values["is_owned"] or option.values["is_lease"]):
        return None
    years = int(option.option.fields.number("equipment_life"))
    try:
        study = replace(option.study, HORIZON, years)
        found = MODEL.run_option(study, study.option(option.name))
    except StudyError as error:
        return OwnLife(years, None, None, error.problems[0].message)
    return OwnLife(years, found.number("equivalent_annual_cost"), found.number(RANKED_BY))
