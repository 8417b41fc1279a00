"""One option against another: what may be compared, the dated differences, and what an investor asks of them."""

from __future__ import annotations

from dataclasses import dataclass

from models.analysis.metrics.measures import beyond_rounding
from models.finance import flows as measures
from models.notation import writer
from models.run.model import OptionResult

RESIDUE = 1e-12
# When nothing comes back, and when nothing has to.
NEVER, IMMEDIATE = "never", "immediate"
# How far beside a rate the value is looked at to tell which way it crosses 0.
BESIDE = 1e-4


@dataclass(frozen=True)
class Payments:
    """What an option costs, by date: positive amounts are paid, and unmet work counts at its interim price.

    `starts` and `running` are by year, at its start and at its flow date; `final` falls at the horizon's end and is
    negative where something is resold.
    """

    starts: tuple[float, ...]
    running: tuple[float, ...]
    final: float


def payments(option: OptionResult, *, after_tax: bool = False) -> Payments:
    """An option's payments before tax, or after it: running costs and depreciation deducted, gains on resale taxed."""
    raw, tax = option.values, option.study.tax_rate if after_tax else 0.0
    running = raw["taxed_running"] if after_tax else raw["operating"]
    bought = zip(raw["capex"], raw["early_disposals"], raw["early_taxable_gain"], strict=True)
    return Payments(
        starts=tuple(paid - (early - tax * gain) for paid, early, gain in bought),
        running=tuple(paid + (1 - tax) * unmet for paid, unmet in zip(running, raw["interim_cost"], strict=True)),
        final=tax * raw["final_taxable_gain"] - raw["final_disposal"],
    )


def dated(option: OptionResult, *, after_tax: bool = False) -> list[measures.Flow]:
    """An option's payments as flows, outflow negative, dated as the model dates them."""
    paid, mid_year = payments(option, after_tax=after_tax), option.study.fields.flag("mid_year")
    starts, running = ([-amount for amount in amounts] for amounts in (paid.starts, paid.running))
    return measures.dated_flows(starts, running, -paid.final, mid_year=mid_year)


@dataclass(frozen=True)
class Difference:
    """What choosing ``option`` instead of ``against`` brings: savings positive, dated in years from the start.

    ``starts`` and ``running`` are by year, ``final`` falls at the end of the horizon; interim cost is a running flow.
    ``whole`` is the present value of what ``against`` costs. All of it before tax, or all of it after.
    """

    option: str
    against: str
    after_tax: bool
    starts: tuple[float, ...]
    running: tuple[float, ...]
    final: float
    flows: tuple[measures.Flow, ...]
    npv: float
    whole: float
    irr: tuple[float, ...]
    mirr: float | None
    payback: measures.Payback
    discounted_payback: measures.Payback

    @property
    def share(self) -> float | None:
        """What is saved as a share of what the other costs; None where that costs nothing."""
        return self.npv / self.whole if self.whole > 0 else None

    @property
    def is_nothing(self) -> bool:
        """Whether the two are paid alike, so that nothing is laid out and nothing has to come back."""
        return not any(amount for _, amount in self.flows)

    @property
    def saves_first(self) -> bool:
        """Whether it saves first and pays later, as a loan does: its one internal rate is what that costs, no return.

        It is worth it where money costs more than that rate.
        """
        return len(self.irr) == 1 and measures.npv(self.irr[0] + BESIDE, self.flows) > 0

    def rests_on_resale(self, paid: measures.Payback) -> bool:
        """Whether a payback comes with the resale at the end alone, so that it says nothing of the years before."""
        return paid.years == len(self.starts) and self.final > 0

    def paid_back(self, paid: measures.Payback) -> str:
        """When one of its paybacks comes, as it is written: in years with one decimal, or the word for it."""
        if self.is_nothing:
            return writer.ZERO
        if self.rests_on_resale(paid):
            return writer.NOT_MEANINGFUL
        return writer.fixed(paid.years, 1) if paid.years else after(paid.years)


def after(years: float | None, *, rests_on_resale: bool = False) -> str:
    """When a payback comes, in a sentence: "after five years", "immediate", "never", or why that would say nothing."""
    if rests_on_resale:
        return "not meaningful, it rests on the resale at the end"
    if years is None:
        return NEVER
    return f"after {writer.years(years)}" if years else IMMEDIATE


def difference(option: OptionResult, against: OptionResult, *, after_tax: bool = False) -> Difference:
    """Dated differences of two options of one study, before or after tax, and their measures.

    Purchases and mid-life resale at a year's start, running costs at mid-year or its end, the last resale at the end.
    """
    ours, theirs = (payments(o, after_tax=after_tax) for o in (option, against))
    starts = tuple(_saved(o, t) for o, t in zip(ours.starts, theirs.starts, strict=True))
    running = tuple(_saved(o, t) for o, t in zip(ours.running, theirs.running, strict=True))
    final = _saved(ours.final, theirs.final)
    mid_year, rate = option.study.fields.flag("mid_year"), option.study.discount_rate
    flows = measures.dated_flows(starts, running, final, mid_year=mid_year)
    npv, whole = measures.npv(rate, flows), -measures.npv(rate, dated(against, after_tax=after_tax))
    return Difference(
        option=option.name,
        against=against.name,
        after_tax=after_tax,
        starts=starts,
        running=running,
        final=final,
        flows=tuple(flows),
        npv=beyond_rounding(npv, whole),
        whole=whole,
        irr=tuple(measures.irr_roots(flows)),
        mirr=measures.mirr(flows, rate, rate),
        payback=measures.payback(starts, running, final),
        discounted_payback=measures.discounted_payback(rate, starts, running, final, mid_year=mid_year),
    )


def _saved(ours: float, theirs: float) -> float:
    """What is saved; equal payments computed along different ways leave a residue, which is no payment."""
    gap = theirs - ours
    return 0.0 if abs(gap) <= RESIDUE * max(abs(ours), abs(theirs)) else gap


@dataclass(frozen=True)
class UnitSaving:
    """What an option saves per unit of work: ``amount`` in the line's unit, ``share`` of what the other costs."""

    amount: float
    share: float | None


def unit_saving(option: OptionResult, against: OptionResult, line: str) -> UnitSaving | None:
    """The saving in a unit cost, such as money per response; None where one of the two has no such figure.

    Unit costs compare where totals do not, since each is over its own work.
    """
    ours, theirs = option.number(line), against.number(line)
    if ours is None or theirs is None:
        return None
    amount = _saved(ours, theirs)
    return UnitSaving(amount, amount / theirs if theirs > 0 else None)
