"""One option against another: what may be compared, the dated differences, and what an investor asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import measures
from models.model import OptionResult

SAME_WORK = 1e-3
RESIDUE = 1e-12


@dataclass(frozen=True)
class Comparability:
    """Whether totals may stand side by side, and in words why not, or on which footing."""

    holds: bool
    reason: str


def comparability(a: OptionResult, b: OptionResult) -> Comparability:
    """Whether two options' totals compare: the same work, or unmet work priced at the interim price.

    Never between a fixed fleet and one sized for the demand; see MODEL's section on demand.
    """
    kinds = {o.option.sizing for o in (a, b) if o.option.sizing}
    if len(kinds) > 1:
        return Comparability(False, "one has fixed systems, the other is sized for the demand: compare unit costs only")
    shares = [o.number("served_share") for o in (a, b)]
    if None in shares:
        return Comparability(False, "nothing is asked for, so there is no common work: compare unit costs only")
    one, two = (s for s in shares if s is not None)
    if abs(one - two) <= SAME_WORK:
        return Comparability(True, "both serve the same share of the demand")
    if a.values["interim_priced"] and max(one, two) <= 1 + SAME_WORK:
        return Comparability(True, "requests not served are counted at the interim price")
    served = f"{a.name} serves {one:.1%} of the demand, {b.name} {two:.1%}"
    remedy = (
        "compare unit costs only" if a.values["interim_priced"] else "set an interim price or compare unit costs only"
    )
    return Comparability(False, f"{served}: {remedy}")


@dataclass(frozen=True)
class Difference:
    """What choosing ``option`` instead of ``against`` brings: savings positive, dated in years from the start.

    ``starts`` and ``running`` are by year, ``final`` falls at the end of the horizon; interim cost is a running flow.
    """

    option: str
    against: str
    starts: tuple[float, ...]
    running: tuple[float, ...]
    final: float
    flows: tuple[measures.Flow, ...]
    npv: float
    irr: tuple[float, ...]
    mirr: float | None
    payback: measures.Payback
    discounted_payback: measures.Payback


def difference(option: OptionResult, against: OptionResult) -> Difference:
    """Dated differences of two options of one study, before tax, and their measures.

    Purchases and mid-life resale at a year's start, running costs at mid-year or its end, the last resale at the end.
    """
    ours, theirs = _parts(option), _parts(against)
    starts = tuple(_saved(o, t) for o, t in zip(ours[0], theirs[0], strict=True))
    running = tuple(_saved(o, t) for o, t in zip(ours[1], theirs[1], strict=True))
    final = _saved(ours[2], theirs[2])
    fields = option.study.fields
    mid_year, rate = fields.flag("mid_year"), fields.number("discount_rate")
    flows = measures.dated_flows(starts, running, final, mid_year=mid_year)
    return Difference(
        option=option.name,
        against=against.name,
        starts=starts,
        running=running,
        final=final,
        flows=tuple(flows),
        npv=measures.npv(rate, flows),
        irr=tuple(measures.irr_roots(flows)),
        mirr=measures.mirr(flows, rate, rate),
        payback=measures.payback(starts, running, final),
        discounted_payback=measures.discounted_payback(rate, starts, running, final, mid_year=mid_year),
    )


def _saved(ours: float, theirs: float) -> float:
    """What is saved; equal payments computed along different ways leave a residue, which is no payment."""
    gap = theirs - ours
    return 0.0 if abs(gap) <= RESIDUE * max(abs(ours), abs(theirs)) else gap


def _parts(o: OptionResult) -> tuple[Sequence[float], Sequence[float], float]:
    """Costs at a year's start, running costs with unmet work, and cost (negative) at the horizon's end."""
    raw = o.values
    starts = [c - e for c, e in zip(raw["capex"], raw["early_disposals"], strict=True)]
    running = [a + b for a, b in zip(raw["operating"], raw["interim_cost"], strict=True)]
    return starts, running, -raw["final_disposal"]
