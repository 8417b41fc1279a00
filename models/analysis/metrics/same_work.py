"""Whether options do the same work, so that their totals may stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from models.analysis.words import listing
from models.notation import writer
from models.run.model import OptionResult
from models.studies.prices import price_labels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# How far apart shares of the demand served may lie and still be the same work: a share of the larger one.
SAME_WORK = 1e-3
# The share up to which an option does no more than is asked for.
WHOLE_DEMAND = 1 + SAME_WORK


# What of the demand may be left unserved by rounding alone.
SERVED_ALL = 1e-9
# What is said of an option that lacks a price it cannot do without.
NOT_RANKED = "is not ranked, price missing"


@overload
def same_work(one: float, two: float) -> bool: ...


@overload
def same_work(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.bool_]: ...


def same_work(one, two):
    """Whether two shares of the demand served, 0 or more, are the same work; arrays are compared point by point.

    The gap is held against the larger share: fleets that serve 0.02 % and 0.06 % of the demand do unequal work.
    """
    gap = abs(one - two)
    return (gap <= SAME_WORK * one) | (gap <= SAME_WORK * two)


@dataclass(frozen=True)
class Comparability:
    """Whether totals may stand side by side, on which footing or why not (`found`), and what to do about it."""

    holds: bool
    found: str
    remedy: str = ""

    @property
    def reason(self) -> str:
        """All of it as one clause."""
        return f"{self.found}: {self.remedy}" if self.remedy else self.found


def comparability(a: OptionResult, b: OptionResult) -> Comparability:
    """Whether two options' totals compare: the same work, or unmet work priced at the interim price.

    Never between a fixed fleet and one sized for the demand; see MODEL's section on demand.
    """
    kinds = {o.option.sizing for o in (a, b) if o.option.sizing}
    if len(kinds) > 1:
        return Comparability(False, "one fleet is fixed, the other sized to demand", "only unit costs are comparable")
    shares = [o.number("served_share") for o in (a, b)]
    if None in shares:
        return Comparability(False, "nothing is asked for, so there is no common work", "compare unit costs only")
    one, two = (s for s in shares if s is not None)
    if same_work(one, two):
        return Comparability(True, "both serve the same demand")
    if a.values["interim_priced"] and max(one, two) <= WHOLE_DEMAND:
        return Comparability(True, "unserved requests are priced at the fallback price")
    served = f"{a.name} serves {_of_demand(one)}, {b.name} {_of_demand(two)}"
    remedy = (
        "compare unit costs only"
        if a.values["interim_priced"]
        else "give unserved requests a fallback price or compare unit costs only"
    )
    return Comparability(False, served, remedy)


def beside(a: OptionResult, b: OptionResult) -> Comparability:
    """Whether the costs of two options may be told as one against the other: as `comparability`, and not while a price
    is missing, which counts as 0."""
    return comparability(a, b) if not (lacking := without_price(a, b)) else Comparability(False, lacking)


def lacks(option: OptionResult) -> tuple[str, ...]:
    """What the prices are called that keep an option from being ranked: its own, that of the API that takes what it
    cannot, and, where it leaves requests unserved, that of the API option at whose prices those are counted."""
    study, served = option.study, option.number("served_share")
    found = price_labels(study, option.option)
    name = study.fields.text("interim_from")
    if not name or name == option.name or served is None or served >= 1 - SERVED_ALL:
        return found
    further = (f"{label} of {name}" for label in price_labels(study, study.option(name)))
    return tuple(dict.fromkeys((*found, *further)))


def without_price(*options: OptionResult) -> str:
    """Which of the options lack a price that they cannot do without, in words; "" where none does."""
    lacking = ((option.name, lacks(option)) for option in options)
    return "; ".join(f"{name} {NOT_RANKED}: {listing(found)}" for name, found in lacking if found)


def _of_demand(share: float) -> str:
    """A share with one decimal; more below 1 %, so that unequal shares do not read alike; what is beyond in times."""
    return writer.of_demand(share) if share > 1 + writer.SMALLEST else f"{_percent(share)} of the demand"


def _percent(share: float) -> str:
    if not share or share > 0.999:
        return writer.share(share)
    return f"{writer.fixed(100 * share, 1) if share >= 0.01 else writer.digits(100 * share, 2)}%"
