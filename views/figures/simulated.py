"""What the simulation of the study as shown says, on every place that has it at hand; it is run in Decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.analysis.metrics.measures import RANKED_BY
from models.analysis.risk import summary
from models.analysis.risk.simulation import Simulation
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from views import session

NAME = "simulation"


@dataclass(frozen=True)
class Range:
    """A cost per 1,000 responses over the draws: what it is above with 90 % probability, and not above with 90 %."""

    low: float
    high: float
    cheapest: float | None

    @property
    def span(self) -> str:
        """Both ends as a sentence has them: "0.26 to 1.80"."""
        return writer.cost_span(self.low, self.high, sentence=True)


def name(what: str = "") -> str:
    """Under what is kept what is found of the simulation."""
    return f"{NAME} {what}"


def known() -> Simulation | None:
    """The simulation of the study as shown, where one was run; None until then."""
    return session.found(name())


def ranges() -> Mapping[str, Range]:
    """What each option may cost per 1,000 responses, and with what probability it is cheapest (None where it does not
    compete, or no other does); empty until a simulation was run."""
    made = known()
    if made is None:
        return {}
    first = summary.cheapest(made) if len(made.competing) > 1 else {}
    found = {option: summary.summary(made.figures[option][RANKED_BY]) for option in made.base.options}
    return {
        option: Range(
            REQUESTS_PER_THOUSAND * each.percentiles[10],
            REQUESTS_PER_THOUSAND * each.percentiles[90],
            sum(first[other] for other in summary.tied(made, option)) if option in first else None,
        )
        for option, each in found.items()
        if each is not None
    }
